@echo off
rem CERTUTIL, FORFILES, COMP, MODE, WAITFOR.
echo abc>a.txt
echo --- CERTUTIL
certutil -hashfile a.txt & call echo %%errorlevel%%
certutil -hashfile a.txt md5
certutil -hashfile a.txt SHA256 | findstr /v ":"
certutil -hashfile a.txt SHA512 | findstr /v ":"
certutil -hashfile none MD5 & call echo %%errorlevel%%
certutil -hashfile a.txt CRC32 | find "0x80070057"
certutil -encode a.txt a.b64 & type a.b64
certutil -decode a.b64 b.txt & fc a.txt b.txt >nul && echo same
certutil -encode a.txt a.b64
certutil -f -encode a.txt a.b64 >nul && echo forced
certutil -encodehex a.txt h & type h
certutil -decodehex h c.txt >nul & type c.txt
echo ???>bad & certutil -decode bad d.txt
if not exist d.txt echo not made
certutil -urlcache -f http://localhost/ x 2>&1 & call echo %%errorlevel%%
certutil -hashfile | find "Missing"
echo --- FORFILES
del a.b64 h bad & md d & echo x>d\e.log & echo y>"d\f g.log"
forfiles /m *.txt /c "cmd /c echo @file @fsize @ext @isdir @relpath @fname"
forfiles /s /m *.log /c "cmd /c echo @relpath"
forfiles /p d /c "cmd /c if @isdir==FALSE echo 0x25@file"
forfiles /m d /c "cmd /c echo @isdir"
forfiles /p d /m e.*
forfiles /m *.none 2>&1 & call echo %%errorlevel%%
forfiles /m *.txt /d -1 2>&1
forfiles /m a.txt /d +0
forfiles /m a.txt /d -01/01/2001 2>&1
forfiles /m a.txt /d +01/01/2001 /c "cmd /c echo since"
forfiles /p nowhere 2>&1
forfiles /z 2>&1
echo --- COMP
comp a.txt b.txt /m & call echo %%errorlevel%%
echo aXc>b.txt
comp a.txt b.txt & call echo %%errorlevel%%
comp a.txt b.txt /d
comp a.txt b.txt /a /l
echo ABC>b.txt
comp a.txt b.txt /c
echo longer>b.txt
comp a.txt b.txt & call echo %%errorlevel%%
comp a.txt none 2>&1 & call echo %%errorlevel%%
comp a.txt b.txt /z 2>&1
echo --- MODE
mode con cols=0x lines=y >nul & mode con lines=99999 2>nul || echo kept
mode con | findstr "Status Code"
mode con cp select=65001 & mode con cp | find "65001"
mode con cp select=1 2>&1 & call echo %%errorlevel%%
mode con nonsense 2>&1
mode com9: 2>&1
echo --- WAITFOR
waitfor /t 1 never 2>&1 & call echo %%errorlevel%%
waitfor /si nobody 2>&1 & call echo %%errorlevel%%
start "" /b waitfor /t 20 helpers >w.txt
set tries=0
:again
set /a tries+=1
if %tries% lss 200 waitfor /si helpers >nul 2>nul || goto again
for /l %%i in (1,1,20) do find "received" w.txt >nul || ping -n 1 127.0.0.1 >nul
type w.txt
waitfor 2>&1 & waitfor a-b 2>&1 & waitfor /t 0 x 2>&1
exit /b 0
