@echo off
rem CALL, GOTO, labels, arguments, EXIT.
if "%1"=="again" goto again
echo --- a subroutine
call :sub one
echo back
echo --- all arguments
call :all a "b c" d,e;f
echo --- single arguments
call :three a "b c" d
echo --- without quotes
call :plain "b c"
echo --- an argument that is missing
call :three a
echo --- commas, semicolons and equals signs part arguments
call :three a,b;c
call :three x=y z
echo --- the name of a subroutine
call :zero
echo --- the batch file's own name
call :own
echo --- SHIFT
call :shifted a b c
echo --- SHIFT leaves %%*
call :shiftall a b
echo --- SHIFT /1 keeps %%0
call :shiftone a b c
echo --- SHIFT /2 keeps %%1
call :shifttwo a b c
echo --- more than nine arguments
call :many 1 2 3 4 5 6 7 8 9 10 11
echo --- a loop with SHIFT
call :each x y z
echo --- the exit code of a subroutine
call :code 7
echo %errorlevel%
echo --- which the operators see
call :code 0 && echo good
call :code 1 || echo failed
echo --- EXIT /B without a code keeps it
cmd /c exit 6
call :keep
echo %errorlevel%
echo --- GOTO :EOF ends the subroutine
call :eof
echo back
echo --- recursion
call :factorial 5
echo %result%
echo --- variables of a subroutine
set v=outer
call :local
echo %v%
echo --- SETLOCAL in a subroutine ends with it
call :forgets
echo %v%
echo --- a result past its end
call :returns r
echo %r%
echo --- an argument with a percent sign
call :plain 50%%%%
echo --- an argument with quotes and ampersands
call :three "a & b" "c | d"
echo --- a caret in quotes is doubled
call :three "a^b"
call echo "a^b" a^^b
echo --- a label with blanks behind it
goto spaced
echo never
:spaced   
echo here
echo --- a label that is longer than the name
goto long
:longer
echo wrong
:long
echo right
echo --- a label with a colon in GOTO
goto :colon
:colon
echo here
echo --- a label before
set /a turn=0
:before
set /a turn+=1
if %turn% lss 3 goto before
echo %turn%
echo --- a computed label
set n=2
goto case%n%
:case1
echo one
:case2
echo two
echo --- out of a block
if 1==1 (
  echo in
  goto outside
  echo never
)
:outside
echo out
echo --- a label that is not there, called
call :nowhere 2>nul
echo %errorlevel%
echo --- another batch file
echo @echo called %%1 %%~2> other.bat
(echo @exit /b 5)>> other.bat
call other.bat x "y z"
echo %errorlevel%
echo --- without its extension
call other x
echo --- by a path
call "%~dp0other.bat" x
echo --- CALL of a program
call cmd /c exit 3
echo %errorlevel%
echo --- CALL of a built-in command
call echo text
echo --- parts of an argument's path
call :parts "d1\file.tar.gz"
echo --- parts of the batch file's path
echo %~n0 %~x0 %~nx0
if "%~dp0"=="%cd%\" echo the directory
if "%~f0"=="%cd%\calls.bat" echo the path
echo --- started again
call calls again
echo --- a batch file without CALL takes the place
echo @other x> chain.bat
echo @echo never>> chain.bat
call chain
echo --- CMD /C in a batch file
cmd /c other x
echo %errorlevel%
echo --- comments
:: a comment
rem another & echo never
echo text & rem behind it
echo --- an exit code of the whole
exit /b 12
:again
echo argument %1
exit /b
:sub
echo in sub %1
goto :eof
:all
echo [%*]
exit /b
:three
echo [%1][%2][%3]
exit /b
:plain
echo [%~1]
exit /b
:zero
echo %0
exit /b
:own
echo %~nx0
exit /b
:shifted
shift
echo [%0][%1][%2][%3]
exit /b
:shiftall
shift
echo [%*][%1]
exit /b
:shiftone
shift /1
echo [%0][%1][%2]
exit /b
:shifttwo
shift /2
echo [%1][%2][%3]
exit /b
:many
echo %9 %10
shift
shift
echo %9
exit /b
:each
if "%~1"=="" exit /b
echo %1
shift
goto each
:code
exit /b %1
:keep
exit /b
:eof
echo in
goto :eof
:factorial
if %1 leq 1 (
  set result=1
  exit /b
)
set /a n=%1 - 1
call :factorial %n%
set /a result*=%1
exit /b
:local
set v=changed
exit /b
:forgets
setlocal
set v=inner
exit /b
:returns
setlocal
set value=42
endlocal & set %1=%value%
exit /b
:parts
echo %~n1 %~x1 %~nx1
if "%~f1"=="%cd%\d1\file.tar.gz" echo whole
if "%~dp1"=="%cd%\d1\" echo directory
exit /b
