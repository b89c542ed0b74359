@echo off
rem CALL and its arguments, SET /A, error levels of built-in commands.
echo --- call
call :mods "invoke.bat" second third 4 5 6 7 8 9 10 11
call :mods2 "%~dp0invoke.bat" "C:\no such\dir.d\file.name.txt" .\x\..\invoke.bat
call:MiXed,comma;semi=eq
call :ret 7
echo returned %errorlevel%
call :tunnel
echo tunnel=%t%
call echo called %%0 & call call echo twice %%%%t%%%%
call :nolabel 2>&1
echo %errorlevel%
call nofile.bat 2>&1
echo %errorlevel%
echo --- set /a
set /a "r=1+2*3,s=(1+2)*3,t=7/2,u=-7/2,v=7%%3,w=-7%%3"
echo %r% %s% %t% %u% %v% %w%
set /a "r=5&3,s=5|3,t=5^3,u=~5,v=1<<4,w=-16>>2,x=!5,y=!0"
echo %r% %s% %t% %u% %v% %w% %x% %y%
set /a r=0x1F, s=017, t=-0x10
echo %r% %s% %t%
set /a r+=1,s-=1,t*=2,u/=2,v%%=5,w^&=3,x^|=4,y^^=1,r^<^<=1
echo %r% %s% %t% %u% %v% %w% %x% %y%
set r=text
set z=r2
set r2=5
set /a q=undefinedvar+z*2
echo %q%
set /a 1/0 2>&1 & call echo %%errorlevel%%
set /a 1+ 2>&1 & call echo %%errorlevel%%
set /a (1+2 2>&1 & call echo %%errorlevel%%
set /a 09 2>&1 & call echo %%errorlevel%%
set /a 2147483647+1
echo.
set /a 99999999999 2>&1 & call echo %%errorlevel%%
set /a a=b=3 & echo.
set /a 5 5 2>&1
echo.
set /a "x=1,(y=2)*3"
echo.
set /a -- --5
echo.
echo --- exit codes
cmd /c "exit /b 4" & call echo %%errorlevel%%
cmd /c exit -1 & call echo %%errorlevel%%
cmd /c "ver >nul & exit" & call echo %%errorlevel%%
cmd /c nosuchprogram 2>nul & call echo %%errorlevel%%
cmd /c "nosuchprogram" 2>nul || echo failed
cmd /c "dir nosuchfile >nul 2>nul" || echo dir failed
cmd /c "if 1==1 exit 9" & call echo %%errorlevel%%
nosuchprogram 2>nul & call echo %%errorlevel%%
dir nosuch >nul 2>nul & call echo dir %%errorlevel%%
cd nosuch 2>nul & call echo cd %%errorlevel%%
md . 2>nul & call echo md %%errorlevel%%
rd nosuch 2>nul & call echo rd %%errorlevel%%
del nosuch 2>nul & call echo del %%errorlevel%%
type nosuch 2>nul & call echo type %%errorlevel%%
copy nosuch x 2>nul & call echo copy %%errorlevel%%
ren nosuch x 2>nul & call echo ren %%errorlevel%%
move nosuch x 2>nul >nul & call echo move %%errorlevel%%
set nosuch 2>nul & call echo set %%errorlevel%%
popd & call echo popd %%errorlevel%%
pushd nosuch 2>nul & call echo pushd %%errorlevel%%
verify bad 2>nul & call echo verify %%errorlevel%%
path ;& set path 2>nul & call echo path %%errorlevel%%
exit /b 3
:mods
echo [%~1] [%~n1] [%~x1] [%~nx1] %9 [%*]
shift & shift /3
echo %1 %2 %3 %4 %9
echo %~a1
exit /b
:mods2
if /i "%~f1"=="%~dpnx3" echo same
echo %~d2 %~p2 %~n2 %~x2
echo %~s2
echo "%~dp$WINDIR:2" & set here=%~dp0& call :search invoke.bat
for %%i in (cmd.exe) do if not "%%~$PATH:i"=="" echo found %%~n$PATH:i
exit /b
:MIXED
echo mixed %1 %2 %3 %0
goto:eof
:ret
exit /b %1
:tunnel
setlocal
set t=inner value
endlocal & set "t=%t%"
exit /b
:search
if /i "%~dpnx$here:1"=="%~f0" echo searched
exit /b
