@echo off
rem COPY joins, TYPE, REN with wildcards, DIR's switches, DEL, directories; the interpreter's own command line; START.
md w & cd w
echo --- COPY
echo one>1.txt& echo two>2.txt& echo three>3.dat
copy 1.txt+2.txt both.txt
for %%f in (both.txt) do echo %%~zf
copy /b 1.txt+2.txt both2.txt >nul & for %%f in (both2.txt) do echo %%~zf
copy both.txt+3.dat again.txt /b
for %%f in (again.txt) do echo %%~zf
copy *.txt all.dat
copy 1.txt+2.txt
for %%f in (1.txt) do echo %%~zf
copy /b 2.txt+,,
copy /a 2.txt a.txt
for %%f in (a.txt) do echo %%~zf
copy 2.txt+a.txt+2.txt 2.txt 2>&1
md d & copy *.txt d >nul & copy d e
dir /b d
copy *.dat *.bak
copy 1.txt nul
copy nul empty.txt & for %%f in (empty.txt) do echo %%~zf
copy 1.txt+nothing x.txt 2>&1
copy nothing.txt x.txt 2>&1
cd .. & rd /s /q w & md w & cd w
echo one>1.txt& echo two>2.txt& echo three>3.dat& echo both>both.txt
echo --- TYPE
type 1.txt 3.dat 2>nul
type *.txt 2>nul
type 1.txt nothing 2>nul || echo failed
echo --- REN
ren *.txt *.bak & dir /b
ren 1.bak one*.* & ren 2.bak ?x.y* & ren 3.dat 3.d?? & ren both.bak *_copy.*
dir /b /on
ren one.bak 2x.yak 2>&1
echo --- DIR
md sub\deep & echo x>sub\deep\f.txt & attrib +h 3.dat
dir /b /a:d
dir /b /a:-d-h
dir /b /ah
for /f "delims=" %%f in ('dir /s /b /a-d-h') do echo %%~nxf
dir /b /o-n
for /f "delims=" %%f in ('dir /ad/b/s') do echo %%~nxf
dir nothing.* 2>&1 | find "File Not Found"
dir /b nothing.* 2>&1
for /r %%f in (*.txt) do echo %%~nxf
for /r sub %%d in (.) do echo %%~nxd
for /d %%d in (*) do echo dir %%d
for /l %%i in (5,-2,1) do echo|set /p=%%i,
echo.
for %%f in (nothing.txt *.none "a b") do echo [%%f]
echo --- DEL
del /s /q *.txt >nul & if not exist sub\deep\f.txt echo deleted
del /q nothing.x 2>nul && echo no error
del /f /q /a:h * & dir /b /ah 2>nul
rd sub 2>&1
rd /s /q sub & if not exist sub echo gone
echo --- directories
md p & pushd p & call :where & popd & call :where
pushd . & cd p & popd & call :where
md "with blank" & cd with blank & call :where & cd ..
cd /d %SystemRoot%\System32 & cd .. & call :where & cd /d %~dp0w
md a\b\c & if exist a\b\c\nul echo made
md a\b 2>&1
rd a 2>&1
cd ..
echo --- command lines
md "with space" & echo @echo space %%1 %%2> "with space\s.bat"
(echo @echo s2 %%1& echo @exit)> s2.bat
cmd /c "echo a" & cmd /c echo "a" b & cmd /s /c "echo "q" "r""
cmd /v:on /c "set x=5& echo !x!"
cmd /v:off /c "echo !x!"
cmd /u /c echo wide>u.txt & for %%f in (u.txt) do echo %%~zf
cmd /q /c "echo quiet" & cmd /d/c echo stuck
cmd /c ""with space\s.bat" "arg 1" 2"
cmd /c "with space\s.bat"
cmd /k "echo kept & exit"
echo exit 6 | cmd /q >nul & call echo %%errorlevel%%
cmd /r echo r
cmd /x /c echo x
echo --- START
start /b /wait "" cmd /c exit 8 & call echo %%errorlevel%%
start "title" /wait /b cmd /c echo started
start /wait /b s2.bat arg & echo after
start /d "%SystemRoot%" /b /wait cmd /c "if exist System32 echo there"
start nosuchprogram.exe 2>&1 & call echo %%errorlevel%%
exit /b
:where
for %%d in (.) do echo in %%~nxd
