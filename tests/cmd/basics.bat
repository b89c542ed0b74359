@echo off
setlocal enabledelayedexpansion
set x=hello world
echo %x% !x! %x:~0,5% %x:world=there% %%x
if "%x%"=="hello world" (echo yes) else echo no
if not defined nothere (
  echo block 1
  echo block 2
) else (
  echo wrong
)
for %%i in (a b "c d") do echo [%%i] [%%~i]
for /l %%n in (1,1,3) do (
  set /a sum+=%%n
  echo !sum!
)
for /f "tokens=1,2* delims=," %%a in ("one,two,three,four") do echo %%a-%%b-%%c
call :sub first "second arg" third
echo back %errorlevel%
goto next
echo never
:sub
echo in sub %0 %1 %2 %~2 %*
shift
echo shifted %1
exit /b 7
:next
set /a y=(1+2)*3 ^<^< 1, z=0x10
echo %y% %z%
echo a^&b ^| c "q&q"
(echo redirected) > out.txt
type out.txt
echo more>> out.txt
for /f %%l in (out.txt) do echo line %%l
set "q=a b"
echo [%q%]
if exist out.txt del out.txt
if not exist out.txt echo deleted
for %%d in ("%~dp0.") do echo %~nx0 %%~nxd
false 2>nul || echo failed
ver | find "x" >nul
if 10 gtr 9 echo numeric
if /i ABC==abc echo folded
echo.
echo done
exit /b 3
