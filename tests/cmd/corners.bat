@echo off
rem Corners of FOR /F, delayed expansion, IF, operators, redirection; what command shims do.
(echo one:x& echo.& echo three)>h.txt
setlocal enabledelayedexpansion
echo --- npm shim
call :shim a "b c" & echo back %errorlevel%
echo --- for /f
for /f "usebackq tokens=1-3,5* delims=,;" %%a in ('1,2;3,4,5,6,7 8') do echo [%%a][%%b][%%c][%%d][%%e]
for /f "eol=# tokens=2 delims==" %%a in ("#a=b") do echo no
for /f "eol=# tokens=2 delims==" %%a in ("a=b=c") do echo %%a
for /f tokens^=1^,2^ delims^=^" %%a in ("x"y"z") do echo %%a-%%b
for /f "delims=" %%a in ("   keep  blanks ") do echo [%%a]
for /f "tokens=*" %%a in ("   strip  blanks ") do echo [%%a]
for /f "tokens=3,1" %%a in ("x y z") do echo %%a %%b
for /f "tokens=1,1,2" %%a in ("x y z") do echo %%a %%b %%c
for /f "skip=1 tokens=1" %%a in ('echo l1^&echo l2^&echo l3') do echo %%a
for /f usebackq %%a in (`echo back quoted`) do echo %%a
for /f "tokens=1* delims=:" %%a in ('findstr /n "^" h.txt') do if "%%b"=="" (echo empty %%a) else echo %%a=%%b
for /f "tokens=1-2 delims=.-" %%x in ("a.b-c") do echo %%x %%y
for /f "delims=0123456789" %%a in ("12abc34") do echo %%a
echo --- delayed
set v=a^&b
echo !v!
set "x=1" & echo %x%/!x!
set "s=hello world"
echo !s:~0,5! !s:~-5! !s:o=0! !s:* =! !s:~2,-3!
set "q=5^!"
echo !q! ^^!
for %%a in (one two) do (set "t=%%a" & echo !t!)
set i=2& set arr[2]=two
echo !arr[%i%]!
for %%i in (2) do echo !arr[%%i]! !s:~%%i!
echo "caret ^ in quotes" "with bang^!"
call echo %%s:~6%%
endlocal
echo --- if
if cmdextversion 2 echo ext
if not cmdextversion 3 echo not 3
if exist . echo dot
if exist h.txt\ (echo no) else echo notdir
if exist nul echo nul
if exist *.txt echo wild
if "a b"=="a b" echo quoted
if /i "A"=="a" (echo ci) else (echo cs)
if 10 gtr 9 echo num
if "10" gtr "9" (echo strnum) else echo strlss
if 0x10 equ 16 echo hex
if 010 equ 8 echo octal
if not defined nothing if defined path echo nested
if 1==1 (if 2==3 (echo a) else (echo b)) else echo c
echo --- operators
(echo a & cmd /c exit 3) && echo ok || echo failed %errorlevel%
cmd /c exit 5 || cmd /c exit 0 && echo both
echo a|| echo b & echo c
ver >nul & (call) || echo call1 & (call ) && echo call0
echo --- redirect
(echo out & echo err 1>&2) 2>&1 >nul | more
(echo out & echo err 1>&2) >x.txt 2>&1 & type x.txt
>y.txt echo first& >>y.txt echo second 2
type y.txt
echo digit 2>z.txt
type z.txt
echo 3>z.txt
echo x3>z.txt
type z.txt
<y.txt set /p line=
echo [%line%]
echo piped | (set /p l2= & call echo got %%l2%%)
<nul set /p "=no newline"
echo.
goto :eof
:shim
setlocal
set "_prog=echo"
endlocal & goto #_undefined_# 2>NUL || title x & %_prog% ran %*
echo not reached
