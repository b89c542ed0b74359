@echo off
rem A batch file started without CALL takes the place of the one it is started from; commands are shown with ECHO ON.
prompt $$
echo @echo b %%0 %%1> b.bat
echo @if "%%1"=="arg1" c.bat done>> b.bat
(echo @echo off& echo set /a n+=1& echo if %%n%% lss 500 c.bat %%n%%& echo echo last %%n%% %%1& echo exit /b 7)> c.bat
(echo @setlocal& echo @set inner=seen& echo @d2.bat)> d1.bat
echo @echo inner %%inner%%> d2.bat
echo --- replaced
cmd /d /c "for %%i in (1 2) do @b.bat arg%%i"
call :run
echo after %errorlevel%
call d1.bat
echo left [%inner%]
call :sub
echo back from sub
cmd /d /c "b.bat x & echo after b"
call b.bat arg2 & echo after call
echo --- shown
(
echo echo hi
echo @echo quiet ^& echo too
echo if 1==1 ^(echo yes^) else echo no
echo for %%%%i in ^(1 2^) do echo %%%%i ^^^& x
echo for %%%%i in ^(1 2^) do @echo %%%%i
echo ^(
echo echo a
echo echo b ^>nul
echo ^)
echo rem remark
echo echo piped ^| more
echo call :sub
echo set x=1 ^&^& echo set
echo @echo off
echo echo off
echo goto :eof
echo :sub
echo echo in sub
)> shown.bat
cmd /d /c shown.bat
cmd /d /q /c shown.bat
echo --- last
b.bat arg1
echo never
:run
b.bat arg1
echo never
:sub
echo sub
b.bat arg9
echo never
