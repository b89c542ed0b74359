@echo off
rem TASKLIST, TASKKILL, WHOAMI, SYSTEMINFO: formats, filters, exit codes.
set filter=/fi "imagename eq tasklist.exe"
echo --- TASKLIST
tasklist %filter% | findstr "Image === tasklist" | findstr /r /c:"^Image Name                     PID Session Name        Session#    Mem Usage$" /c:"^=* =* =* =* =*$" /c:"^tasklist\.exe  *[0-9]* Console  *1  *[0-9,]* K$" | find /c /v ""
tasklist %filter% /nh | findstr "Image ==="
tasklist %filter% /fo csv | findstr /r /c:"^.Image Name.,.PID.,.Session Name.,.Session#.,.Mem Usage.$" /c:"^.tasklist\.exe.,.[0-9]*.,.Console.,.1.,.[0-9,]* K.$" | find /c /v ""
tasklist %filter% /fo csv /nh | find /c /v ""
tasklist %filter% /fo list | findstr /r /c:"^$" /c:"^Image Name:   tasklist" /c:"^PID:          [0-9]*$" /c:"^Session Name: Console$" /c:"^Session#:     1$" /c:"^Mem Usage:    [0-9,]* K$" | find /c /v ""
tasklist %filter% /v /fo csv | findstr /r /c:"CPU Time.,.Window Title.$" /c:"0:00:0[0-9].,.N/A.$" | find /c /v ""
tasklist %filter% /svc /nh | findstr /r /c:"^tasklist.exe *[0-9]* N/A *$" | find /c "N/A"
tasklist %filter% /m | findstr /i "kernel32" >nul && echo modules
tasklist /m ntd* %filter% /nh | findstr /i /c:"tasklist.exe" >nul && echo by module
tasklist /m nothing.dll
echo %errorlevel%
echo --- filters
tasklist /fi "IMAGENAME eq no such.exe"
echo %errorlevel%
tasklist /nh /fi "imagename eq task*" /fi "pid gt 0" | find /c "tasklist.exe"
tasklist /nh /fi "imagename eq tasklist.exe" /fi "memusage lt 1" | find /c "tasklist.exe"
tasklist /nh /fi "imagename ne tasklist.exe" | find /c "tasklist.exe"
tasklist /nh /fi "imagename eq tasklist.exe" /fi "cputime lt 00:10:00" | find /c "tasklist.exe"
tasklist /nh /fi "imagename eq tasklist.exe" /fi "username eq %USERNAME%" | find /c "tasklist.exe"
tasklist /nh /fi "imagename eq tasklist.exe" /fi "sessionname eq console" | find /c "tasklist.exe"
tasklist /nh /fi "imagename eq tasklist.exe" /fi "session eq 1" | find /c "tasklist.exe"
tasklist /fi "imagename gt x" 2>&1
echo %errorlevel%
tasklist /fi "color eq red" 2>&1
tasklist /fo xml 2>&1
echo %errorlevel%
tasklist /nonsense 2>&1
tasklist /fo list /nh 2>&1
tasklist -nh -fo:csv -fi "imagename eq tasklist.exe" | find /c "Console"
echo --- TASKKILL
taskkill 2>&1
echo %errorlevel%
taskkill /im nothing.exe 2>&1
echo %errorlevel%
taskkill /f /pid 4194303 2>&1
echo %errorlevel%
taskkill /pid abc 2>&1
echo %errorlevel%
taskkill /f /fi "imagename eq nothing.exe" 2>&1
echo %errorlevel%
taskkill /fi "nonsense" 2>&1
taskkill /bad 2>&1
start "" /b waitfor /t 60 one
call :await waitfor.exe
taskkill /f /im waitfor.exe | findstr /r /c:"^SUCCESS: The process .waitfor\.exe. with PID [0-9]* has been terminated\.$" >nul && echo ended
start "" /b waitfor /t 60 one
call :await waitfor.exe
taskkill /im WAITFOR* | findstr /r /c:"^SUCCESS: Sent termination signal to the process .waitfor\.exe. with PID [0-9]*\.$" >nul && echo ended
start "" /b cmd /d /q /c "waitfor /t 60 two & rem"
call :await waitfor.exe
for /f "tokens=2" %%i in ('tasklist /nh /fi "imagename eq waitfor.exe"') do taskkill /f /fi "pid eq %%i" /fi "memusage gt 0" | find /c "SUCCESS"
start "" /b cmd /d /q /c "title waiting & waitfor /t 60 three & rem"
call :await waitfor.exe
wmic process where "name='waitfor.exe'" get ParentProcessId /value > parent.txt
for /f "tokens=2 delims==" %%i in ('find "=" parent.txt') do for /f %%j in ("%%i") do taskkill /t /f /pid %%j 2>nul | findstr /r /c:"^SUCCESS: The process with PID [0-9]* (child process of PID [0-9]*) has been terminated\.$" >nul && echo tree
tasklist /fi "imagename eq waitfor.exe"
echo --- WHOAMI
whoami | findstr /i /c:"%USERNAME%" >nul && echo name
whoami /user | findstr /r /c:"^USER INFORMATION$" /c:"^----------------$" /c:"^User Name *SID *$" /c:"^=* =*$" /c:"S-1-5-21-[-0-9]*$" | find /c /v ""
whoami /user /fo csv /nh | findstr /r /c:"^...*\\..*.,.S-1-5-21-[-0-9]*.$" | find /c /v ""
whoami /groups /fo csv | findstr /c:"Everyone"
whoami /groups /fo list | findstr /b /c:"Type:       Alias"
whoami /priv | findstr /r /c:"^SeChangeNotifyPrivilege *Bypass traverse checking *Enabled *$" >nul && echo privilege
whoami /priv /fo csv | findstr "Name Notify"
whoami /all /fo csv | findstr /b /c:"\"User Name" /c:"\"Group Name" /c:"\"Privilege Name"
whoami /upn 2>&1 & call echo %%errorlevel%%
whoami /fo csv 2>&1
whoami /bad 2>&1
echo --- SYSTEMINFO
systeminfo | findstr /r /c:"^OS Version:  *10\.0\.[0-9]* N/A Build [0-9]*$" /c:"^System Type:               x64-based PC$" /c:"^Virtual Memory: In Use:    [0-9,]* MB$" | find /c /v ""
systeminfo /fo csv | find /c /v ""
systeminfo /fo csv /nh | find /c "Microsoft Windows"
systeminfo /nh 2>&1

exit /b 0

:await
tasklist /nh /fo csv /fi "imagename eq %1" | find "%1" >nul || goto await
exit /b
