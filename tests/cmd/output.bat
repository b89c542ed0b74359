@echo off
rem ECHO, quoting, redirection, pipes.
mkdir o & cd o
echo --- an empty line
echo.
echo(
echo/
echo:
echo;
echo,
echo --- what stands behind the one character counts
echo.text
echo( text
echo/text
echo --- blanks before the text
echo   text
echo --- on and off by other means
echo.on
echo(off
echo --- the state
echo
echo --- ECHO ON and OFF
echo on
@echo off
echo --- an ampersand
echo a ^& b
echo --- a pipe
echo a ^| b
echo --- redirection characters
echo ^<a^> 
echo --- a caret
echo a^^b
echo --- a caret before a plain character goes
echo a^b
echo --- within quotes all stays
echo "a & b | c > d ^ e"
echo --- an open quote
echo "a & b
echo --- an escaped quote opens nothing
echo ^"a & echo b^"
echo --- a caret at the end of a line
echo one ^
two
echo --- the character behind it is protected
echo one^
& two
echo --- parentheses
echo (a) b)
if 1==1 (
  echo a ^(b^) c
)
echo --- an exclamation mark without delayed expansion
echo wow!
echo --- quotes are shown
echo "quoted"
echo --- tabs and blanks within stay
echo a   b
echo --- redirected
echo text> f
type f
echo --- a blank before the sign is of the text
echo text > f
for /f "delims=" %%a in (f) do echo [%%a]
echo --- appended
echo more>> f
type f
echo --- the redirection first
> g echo first
>> g echo second
type g
echo --- the redirection in the middle
echo a > h b
type h
echo --- a digit directly before is a handle
echo one 2> h
type h
echo --- a digit of a word is a text
echo one2> h
type h
echo --- errors
type absent.x 2> h
type h
echo --- errors into the output
type absent.x > h 2>&1
type h
echo --- in the other order they are not in it
(type absent.x 2>&1 > h) | find /c "cannot"
echo --- the output into the errors
(echo to errors 1>&2) 2> h
type h
echo --- of a block
(
  echo line 1
  echo line 2
) > h
type h
echo --- of a block with errors
(echo good& type absent.x) > h 2>&1
type h
echo --- into NUL
echo nothing > nul
type absent.x 2>nul
echo --- from a file
sort < g
echo --- from a file, and to another
sort /r < g > h
type h
echo --- two lines of one input
(set /p a=& set /p b=) < g
echo [%a%][%b%]
echo --- a pipe
echo text| find "text"
echo --- two pipes
(echo b& echo a& echo c)| sort | find /v "b"
echo --- a block behind a pipe
echo x| (set /p v=& call echo [%%v%%])
echo --- the exit code is the last one's
echo text| cmd /c exit 4
echo %errorlevel%
echo --- a pipe's blocks run apart
set w=here
echo x| set w=there
echo %w%
echo --- names with blanks
echo text> "a b"
type "a b"
echo --- a redirection that can not be made
echo text> no\such\file 2>nul
echo %errorlevel%
(echo text> no\such\file) 2>nul || echo failed
echo --- a redirection within a loop
(for %%i in (1 2) do echo %%i) >> g
type g
echo --- a closed one before an operator
echo a>h&type h
echo --- TYPE of several files
echo 1> t1& echo 2> t2
type t1 t2 2>nul
echo --- COPY from the console's place
copy nul empty >nul
for %%f in (empty) do echo %%~zf
echo --- by a variable
set out=^> h
echo text%out%
type h
echo --- one line of three commands
echo a&echo b&&echo c
exit /b 0
