@echo off
(echo banana& echo Apple& echo cherry) > fruit.txt
sort fruit.txt
sort /r < fruit.txt
find "an" fruit.txt
type fruit.txt | find /v /n "an"
find /i /c "APPLE" fruit.txt
findstr /i "apple cherry" fruit.txt
findstr /n /r "^b.*a$" fruit.txt
findstr /c:"cherry" fruit.txt >nul && echo found
findstr /v "a" fruit.txt
echo error %errorlevel%
findstr nothere fruit.txt
echo error %errorlevel%
echo x[1]y| findstr /r "x\[[0-9]\]y"
more fruit.txt
chcp 65001
hostname >nul && echo hostname
whoami >nul && echo whoami
tasklist /nh /fo csv | find "tasklist.exe" >nul && echo tasklist
taskkill /pid 99999999 2>nul
echo taskkill %errorlevel%
timeout /t 1 <nul 2>nul
echo timeout %errorlevel%
icacls fruit.txt /grant Everyone:F
