@echo off
rem CMD, START, CHOICE, and the search for programs.
mkdir p & cd p
echo --- CMD /C
cmd /c echo text
echo --- quotes around the whole
cmd /c "echo text"
echo --- several commands
cmd /c "echo a & echo b"
echo --- quotes inside
cmd /c "echo "quoted text""
echo --- a quoted program with quoted arguments
(echo @echo [%%1][%%~2])> "a program.bat"
cmd /c ""a program.bat" "one two" three"
echo --- a quoted program alone
cmd /c "a program.bat" x
echo --- quotes that stay
cmd /c echo "a" "b"
echo --- special characters after the quotes
cmd /c "echo a & echo b" & echo c
echo --- the exit code
cmd /c exit 9
echo %errorlevel%
echo --- the exit code of the last command
cmd /c "cmd /c exit 2 & cmd /c exit 3"
echo %errorlevel%
echo --- a large exit code
cmd /c exit -1073741819
echo %errorlevel%
echo --- commands from the input
echo echo from input| cmd /q | find "from"
echo --- CMD /K reads on
echo exit 8| cmd /q /k "echo first" | find "first"
echo --- CMD /V:ON
cmd /v:on /c "set x=1& set /a x+=1 >nul& echo ^!x^!"
echo --- the environment goes down
set inherited=yes
cmd /c echo %%inherited%%
echo --- and not up
cmd /c set inherited=no
echo %inherited%
echo --- the directory does not come up
cmd /c cd \
if exist "a program.bat" echo same
echo --- a batch file by CMD
echo @exit /b 11> eleven.bat
(echo @exit /b 11)> eleven.bat
cmd /c eleven
echo %errorlevel%
echo --- EXIT in a batch file ends CMD
(echo @exit 12& echo @echo never)> twelve.bat
cmd /c "twelve & echo never"
echo %errorlevel%
echo --- START /WAIT
start /wait cmd /c exit 6
echo %errorlevel%
echo --- START /B
start /b /wait cmd /c echo beside
echo --- START with a title
start "title" /b /wait cmd /c "echo titled"
echo --- START /D
mkdir sub
start /b /wait /d sub cmd /c "cd > where.txt"
if exist sub\where.txt echo there
echo --- START of a batch file
start /b /wait cmd /c eleven.bat
echo %errorlevel%
echo --- the current directory is searched first
(echo @echo mine)> find.bat
call find
del find.bat
echo --- extensions in the order of PATHEXT
(echo @echo bat)> both.bat
(echo @echo cmd)> both.cmd
call both
echo --- a program in PATH
mkdir tools
(echo @echo tool)> tools\mytool.bat
setlocal
set PATH=%cd%\tools;%PATH%
call mytool
endlocal
mytool 2>nul || echo gone
echo --- a program by a relative path
call tools\mytool
call .\tools\mytool
echo --- with slashes
call tools/mytool
echo --- a name that is not there
nothing_of_this_name 2>nul
echo %errorlevel%
echo --- a directory is no program
sub 2>nul
echo %errorlevel%
echo --- CHOICE
echo n| choice
echo %errorlevel%
echo b| choice /c abc /m "Which one"
echo %errorlevel%
echo c| choice /c abc /n
echo %errorlevel%
echo B| choice /c bB /cs
echo %errorlevel%
echo xyb| choice /c abc >nul
echo %errorlevel%
choice /t 0 /d n <nul
echo %errorlevel%
choice /c ab <nul 2>nul
echo %errorlevel%
choice /c aa 2>nul
echo %errorlevel%
choice /x 2>nul
echo %errorlevel%
echo --- a drive's letter
cd /d c:\
if /i "%cd%"=="c:\" echo there
echo --- the exit code past IF
if 1==1 cmd /c exit 21
echo %errorlevel%
exit /b 0
