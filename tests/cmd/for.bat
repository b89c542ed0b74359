@echo off
rem FOR in all its forms.
mkdir d & cd d
echo one,two,three four;five> t.txt
echo ;a comment>> t.txt
echo.>> t.txt
echo  leading blank>> t.txt
echo last=line,of;it>> t.txt
echo --- a list
for %%i in (a b c) do echo %%i
echo --- commas, semicolons and equals signs part it
for %%i in (a,b;c=d) do echo %%i
echo --- quoted members
for %%i in ("a b" c) do echo %%i %%~i
echo --- an empty list
for %%i in () do echo never
echo --- a list over several lines
for %%i in (
  one
  two
) do echo %%i
echo --- a block
for %%i in (1 2) do (
  echo first %%i
  echo second %%i
)
echo --- names of variables have their case
for %%a in (lower) do for %%A in (upper) do echo %%a %%A
echo --- wildcards
type nul > x1.dat & type nul > x2.dat & type nul > y.dat
for %%f in (x*.dat) do echo %%f
echo --- one character
for %%f in (x?.dat y.dat) do echo %%f
echo --- a pattern that nothing matches
for %%f in (*.none) do echo never
echo --- what has no wildcard need not be there
for %%f in (absent.txt) do echo %%f
echo --- directories
mkdir s1 s2
for /d %%d in (s*) do echo %%d
echo --- a tree of directories
mkdir s1\deep
for /r %%d in (.) do echo %%~nxd
echo --- files of a tree
type nul > s1\deep\f.dat & type nul > s2\f.dat
for /r %%f in (f*.dat) do echo %%~nxf
for /r s1 %%f in (*.dat) do echo in s1: %%~nxf
echo --- names below every directory of a tree
for /r s1 %%f in (z) do echo %%~nf
echo --- counting up
for /l %%i in (1,2,7) do echo %%i
echo --- counting down
for /l %%i in (3,-1,1) do echo %%i
echo --- counting nowhere
for /l %%i in (5,1,4) do echo never
echo --- counting with blanks
for /l %%i in (1 1 2) do echo %%i
echo --- from below zero
for /l %%i in (-1,1,1) do echo %%i
echo --- lines of a file: the first word
for /f %%a in (t.txt) do echo [%%a]
echo --- whole lines
for /f "delims=" %%a in (t.txt) do echo [%%a]
echo --- all words together, without leading blanks
for /f "tokens=*" %%a in (t.txt) do echo [%%a]
echo --- words by number
for /f "tokens=1,3 delims=," %%a in (t.txt) do echo [%%a][%%b]
echo --- a range of words
for /f "tokens=2-4 delims=,; " %%a in (t.txt) do echo [%%a][%%b][%%c]
echo --- the rest of the line
for /f "tokens=1* delims=," %%a in (t.txt) do echo [%%a][%%b]
echo --- skipped lines
for /f "skip=3 delims=" %%a in (t.txt) do echo [%%a]
echo --- lines that begin with the comment character
for /f "eol=l delims=" %%a in (t.txt) do echo [%%a]
echo --- no comment character
for /f tokens^=*^ delims^=^ eol^= %%a in (t.txt) do echo [%%a]
echo --- a text
for /f "tokens=1-3" %%a in ("alpha beta gamma") do echo %%c %%b %%a
echo --- a text with usebackq
for /f "usebackq tokens=2" %%a in ('alpha beta') do echo %%a
echo --- a file whose name has a blank
echo content> "a b.txt"
for /f "usebackq" %%a in ("a b.txt") do echo %%a
echo --- a command
for /f %%a in ('echo result') do echo %%a
echo --- a command with a pipe
for /f %%a in ('type t.txt ^| find "last"') do echo %%a
echo --- a command with usebackq and quotes
for /f "usebackq delims=" %%a in (`type "a b.txt"`) do echo %%a
echo --- several lines of a command
for /f "delims=" %%a in ('^(echo 1^& echo 2^)') do echo line %%a
echo --- several files
for /f %%a in (t.txt t.txt) do if "%%a"=="last" echo %%a
for /f "delims==" %%a in (t.txt) do if "%%a"=="last" echo %%a
echo --- a file that is not there
for /f %%a in (absent.txt) do echo never
echo %errorlevel%
echo --- several delimiters in a row are one
for /f "tokens=1,2 delims=:" %%a in ("x:::y") do echo %%a %%b
echo --- fewer words than asked for
for /f "tokens=1,2,5" %%a in ("one two") do echo [%%a][%%b][%%c]
echo --- a line without the first word asked for is passed over
for /f "tokens=3" %%a in ("one two") do echo never
echo --- parts of a path
for %%f in (d1\d2\file.tar.gz) do echo %%~nf %%~xf %%~nxf
for %%f in ("%windir%\x.y") do echo %%~df %%~pf %%~dpf %%~ff
echo --- the size
for %%f in ("a b.txt") do echo %%~zf
echo --- a directory's attributes
for %%f in (s1) do set a=%%~af
echo %a:~0,1%
echo --- the search in PATH
setlocal
set PATH=%cd%\s2
for %%f in (f.dat) do if "%%~$PATH:f"=="%cd%\s2\f.dat" echo found
for %%f in (nowhere.dat) do echo [%%~$PATH:f]
endlocal
echo --- a loop within a loop
for %%i in (1 2) do for %%j in (a b) do echo %%i%%j
echo --- the value of a variable as the list
set items=p q
for %%i in (%items%) do echo %%i
echo --- GOTO leaves the loop
for %%i in (1 2 3) do (
  if %%i==2 goto out
  echo %%i
)
:out
echo --- CALL in a loop
for %%i in (x y) do call :sub %%i
echo --- a percent sign before what is no variable
for %%i in (1) do echo %%j %%i
echo --- EXIT /B in a subroutine's loop
call :first a b c
echo %errorlevel%
echo --- operators in the body
for %%i in (1 2) do echo %%i && echo and
echo --- a redirection of the whole loop
(for %%i in (1 2) do echo %%i) > loop.out
type loop.out
echo --- a redirection within
for %%i in (1 2) do echo %%i> loop.out
type loop.out
echo --- a pipe behind the loop
(for %%i in (b a) do @echo %%i) | sort
exit /b 0
:sub
echo sub %1
exit /b
:first
for %%i in (%*) do (
  echo %%i
  exit /b 9
)
