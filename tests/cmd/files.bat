@echo off
mkdir d1\d2\d3 && echo made
mkdir d1 2>nul || echo already there
echo hi>d1\d2\f.txt
for /r d1 %%f in (*.txt) do echo r %%~nxf
for /d %%d in (d1\*) do echo d %%d
copy d1\d2\f.txt d1\g.txt
copy /b d1\d2\f.txt+d1\g.txt d1\both.txt
type d1\both.txt
ren d1\g.txt h.txt
ren d1\*.txt *.bak
dir /b /on d1
move d1\h.bak d1\d2\i.txt
dir /b /s /a-d d1 | find /c "d1"
dir /b d1\d2
del /q d1\d2\f.txt
if not exist d1\d2\f.txt echo gone
type nothing.txt 2>nul || echo type failed
rd d1 2>nul || echo not empty
pushd d1\d2
for %%i in ("%cd%") do echo %%~nxi
popd
xcopy /s /i /q d1 copy
dir /b copy
robocopy d1 mirror /mir /njh /njs /ndl /nfl
echo robocopy %errorlevel%
if exist mirror\d2\d3 echo mirrored
attrib +r +h d1\both.bak
attrib d1\both.bak | findstr /r "R.*both" >nul && echo read-only
attrib -r -h d1\both.bak
rd /s /q d1
if not exist d1 echo tree gone
cd copy\d2
cd ..\..
for %%f in (copy\d2\i.txt) do echo %%~zf bytes
where cmd.exe | findstr /i /e "System32\\cmd.exe" >nul && echo where
