@echo off
rem PING, IPCONFIG, GETMAC, NETSTAT, NET, SC: what does not depend on the host.
echo --- PING
ping -n 1 127.0.0.1 | findstr /b /c:"Pinging 127.0.0.1 with 32 bytes of data:" /c:"Ping statistics for 127.0.0.1:" /c:"    Packets: Sent = 1, Received ="  | find /c "."
ping -n 1 -l 100 localhost | findstr /b /r /c:"Pinging localhost \[.*\] with 100 bytes of data:" | find /c "Pinging"
ping -n 1 nosuchhost.invalid & call echo %%errorlevel%%
ping -n 0 127.0.0.1 & call echo %%errorlevel%%
ping -n
ping -l 65501 127.0.0.1
ping -z x | find "Bad option"
ping | find /c "Usage"
echo --- IPCONFIG, GETMAC
ipconfig | findstr /x /c:"Windows IP Configuration"
ipconfig /all | findstr /r /c:"^   Host Name . . . . . . . . . . . . : [^ ]" /c:"^   IP Routing Enabled. . . . . . . . : No" | find /c " : "
ipconfig /flushdns
ipconfig /nonsense | find "Error" & call echo %%errorlevel%%
getmac /fo csv | findstr /b /c:"\"Physical Address\",\"Transport Name\"" /c:"INFO:" | find /c ":" >nul && echo no adapters
getmac /bad 2>&1
echo --- NETSTAT
netstat -an | findstr /b /c:"Active" /c:"  Proto"
netstat -ano | findstr /b /c:"  Proto"
netstat -x | find /c "NETSTAT"
echo --- NET, SC
net session >nul 2>&1 && echo admin || echo no admin
net session 2>&1
net use
net use z: 2>&1
net start nosuch 2>&1 & call echo %%errorlevel%%
net start
net user nobody 2>&1
net helpmsg 5
net nonsense 2>&1 | find /c "NET" & net >nul & call echo %%errorlevel%%
sc query
sc query state= all & call echo %%errorlevel%%
sc query wuauserv & call echo %%errorlevel%%
sc stop wuauserv | find "1060"
sc create x binPath= y | find "FAILED 5"
exit /b 0
