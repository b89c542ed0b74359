@echo off
setlocal
(echo b& echo a& echo c) | sort
for /f "delims=" %%i in ('echo from command') do echo got %%i
for /f "usebackq delims=" %%i in (`echo back ticks`) do echo got %%i
set a=1
setlocal
set a=2
echo inner %a%
endlocal
echo outer %a%
set list=
for %%f in (x y z) do call :append %%f
echo list:%list%
goto :skip
:append
set list=%list% %1
goto :eof
:skip
if 1==1 (if 2==3 (echo no) else (echo nested else)) else echo bad
echo "quoted & stays" & echo second
echo a ^
b continued
echo first line> in.txt
set /p in=Prompt: <in.txt
echo read [%in%]
set "v=a;b;c"
for %%i in (%v%) do echo item %%i
echo %v:;=,%  %v:~-1%  %v:~0,-2% %v:*b=Z%
call echo %%a%% again
set /a n=5/0
set /a m=7 %% 4, m+=1
echo %m%
set /a k=1,k^<^<=4
echo k %k%
set /a h=0x1F ^& 0x0C, o=010 + 1, neg=-7/2, not=~5, bang=!0
echo %h% %o% %neg% %not% %bang%
(
echo line1
echo line2
) > two.txt
for /f "skip=1 tokens=*" %%i in (two.txt) do echo skip %%i
for /f "tokens=1-3,5" %%a in ("1 2 3 4 5 6") do echo %%a %%b %%c %%d
for /f "eol=# delims== tokens=1,2" %%a in ("key=value") do echo %%a:%%b
cmd /c exit 5
echo exit %errorlevel%
if errorlevel 5 if not errorlevel 6 echo exactly 5
nonexistent_program_x 2>nul
echo not found %errorlevel%
cmd /c "exit 0" && echo and
cmd /c "exit 1" || echo or
if "a b"=="a b" echo equal
if not "%nothere%"=="" echo bad
echo ^<tag^> ^^ 100%%
echo (paren)
if exist nul echo nul exists
call :recurse 3
for /l %%x in (5,-2,1) do echo down %%x
for %%a in (one.txt two.txt) do echo %%~na %%~xa
setlocal enabledelayedexpansion
set e=old
(set e=new& echo %e% !e!)
echo bang ^^! !e:~0,1!
for /f "tokens=1* delims==" %%a in ('set e') do if "%%a"=="e" echo set lists %%b
endlocal
exit /b 42
:recurse
if %1==0 exit /b
echo level %1
set /a less=%1-1
call :recurse %less%
exit /b
