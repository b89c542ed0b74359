@echo off
rem Small programs: SETX, TREE.
mkdir t\one\deep t\two & echo.> t\file.txt& echo.> t\one\f1& echo.> t\two\f2
cd t
echo --- TREE
tree /a | find "---"
echo --- with files
tree /a /f | more +3
echo --- in lines
tree | find "one" >nul && echo drawn
echo --- of nothing
tree /a two | find "No"
tree /a nothing | find "Invalid"
echo --- SETX
setx WINRUN_TEST "a value"
reg query HKCU\Environment /v WINRUN_TEST
setx WINRUN_TEST ^%%WINDIR^%%\x >nul
reg query HKCU\Environment /v WINRUN_TEST | find "EXPAND"
setx WINRUN_TEST machine /M >nul
reg query "HKLM\SYSTEM\CurrentControlSet\Control\Session Manager\Environment" /v WINRUN_TEST | find "machine"
setx 2>&1
echo %errorlevel%
setx a=b c 2>nul || echo failed
exit /b 0
