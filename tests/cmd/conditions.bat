@echo off
rem IF, and the operators between commands.
set x=abc
echo --- equal texts
if %x%==abc echo yes
echo --- the case counts
if %x%==ABC (echo yes) else echo no
echo --- without regard to case
if /i %x%==ABC echo yes
echo --- not
if not %x%==other echo yes
echo --- not, without regard to case
if /i not %x%==ABC (echo yes) else echo no
echo --- an empty operand in quotes
if "%nothing%"=="" echo yes
echo --- blanks around the operator
if "a" == "a" echo yes
echo --- quotes are part of the operand
if "a"==a (echo yes) else echo no
echo --- numbers
if 10 gtr 9 echo yes
if 9 lss 10 echo yes
if 5 equ 5 echo yes
if 5 neq 6 echo yes
if 5 leq 5 echo yes
if 5 geq 6 (echo yes) else echo no
echo --- numbers below zero
if -1 lss 0 echo yes
echo --- hexadecimal and octal
if 0x10 equ 16 echo yes
if 010 equ 8 echo yes
echo --- texts in order
if abc lss abd echo yes
echo --- texts of digits in quotes
if "10" gtr "9" (echo yes) else echo no
echo --- EQU without regard to case
if /i abc equ ABC echo yes
echo --- defined
if defined x echo yes
if not defined nothing echo yes
echo --- a file
echo.> f.txt
if exist f.txt echo yes
if not exist g.txt echo yes
echo --- a pattern
if exist f.* echo yes
if exist g.* (echo yes) else echo no
echo --- a directory
mkdir dir
if exist dir echo yes
if exist dir\ echo yes
if exist dir\nul echo yes
if exist f.txt\ (echo yes) else echo no
echo --- a name with a blank
echo.> "a b.txt"
if exist "a b.txt" echo yes
echo --- ERRORLEVEL is at least
cmd /c exit 5
if errorlevel 5 echo yes
if errorlevel 6 (echo yes) else echo no
if not errorlevel 6 echo yes
echo --- an exit code below zero
cmd /c exit -1
if errorlevel 0 (echo yes) else echo no
if %errorlevel% lss 0 echo yes
echo --- CMDEXTVERSION
if cmdextversion 1 echo yes
echo --- IF in IF
if 1==1 if 2==2 echo yes
echo --- ELSE belongs to the nearest
if 1==1 (if 1==2 (echo wrong) else (echo inner)) else (echo outer)
echo --- a chain
set n=2
if %n%==1 (echo one) else if %n%==2 (echo two) else (echo more)
echo --- blocks over lines
if %n%==3 (
  echo three
) else (
  echo not three
  echo still not
)
echo --- a block without a true condition is parsed all the same
if 1==2 (
  echo never & echo never
)
echo --- everything behind IF hangs on it
if 1==2 echo never & echo never
if 1==1 echo one & echo two
echo --- a value with parentheses
set p=(x)
if "%p%"=="(x)" echo yes
echo --- sequence
echo a& echo b
echo --- and
cmd /c exit 0 && echo yes
cmd /c exit 1 && echo no
echo --- or
cmd /c exit 1 || echo yes
cmd /c exit 0 || echo no
echo --- and, or
cmd /c exit 1 && echo no || echo yes
echo --- or, and
cmd /c exit 0 || echo no && echo yes
cmd /c exit 1 || echo first && echo second
echo --- and binds more tightly than a sequence
cmd /c exit 1 && echo no & echo yes
echo --- the last command's failure counts
(echo a& cmd /c exit 1) || echo failed
echo --- a block's success
(cmd /c exit 1 & echo a) && echo good
echo --- the exit code on the right
cmd /c exit 3 || call echo %%errorlevel%%
echo --- a built-in command that fails
dir absent.file >nul 2>nul || echo failed
type absent.file 2>nul || echo failed
cd absent.directory 2>nul || echo failed
del f.txt && echo good
echo --- FIND
echo text| find "ex" >nul && echo found
echo text| find "no" >nul || echo not found
echo --- an unknown command
unknown_command_x 2>nul || echo %errorlevel%
call echo %%errorlevel%%
echo --- SET clears nothing in a batch file
cmd /c exit 4
set y=1
echo %errorlevel%
echo --- VER does
cmd /c exit 4
ver >nul
echo %errorlevel%
echo --- ECHO does not
cmd /c exit 4
echo %errorlevel%
echo --- MKDIR of what is there
mkdir dir 2>nul
echo %errorlevel%
echo --- (call ) clears it and (call) sets it
(call)
echo %errorlevel%
(call )
echo %errorlevel%
exit /b 0
