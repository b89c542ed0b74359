@echo off
set k=HKCU\Software\RegTest
reg add %k% /v text /d "some text" /f
reg add %k% /v number /t REG_DWORD /d 42 /f >nul
reg add %k% /v hex /t reg_dword /d 0x1F /f >nul
reg add %k% /v big /t REG_QWORD /d 4294967296 /f >nul
reg add %k% /v bytes /t REG_BINARY /d 0aFF7 /f >nul
reg add %k% /v list /t REG_MULTI_SZ /d one\0two\0three /f >nul
reg add %k% /v list2 /t REG_MULTI_SZ /s , /d a,b,c /f >nul
reg add %k% /v path /t REG_EXPAND_SZ /d ^%%windir^%%\x /f >nul
reg add %k% /v none /t REG_NONE /f >nul
reg add %k%\sub\deep /ve /d default /f >nul
reg add %k%\sub /f
echo --- query
reg query %k%
echo %errorlevel%
reg query %k% /v NUMBER
reg query %k%\sub\deep /ve
reg query %k%\sub /ve
reg query %k% /v list /z
reg query %k% /v list /se +
echo --- trees and searches
reg query %k% /s
reg query %k% /v text /s
reg query %k% /f two
reg query %k% /f dee /k /s
reg query %k% /f TEXT /c
echo %errorlevel%
reg query %k% /f *e*t /e /d /s
reg query %k% /t REG_DWORD
reg query %k% /f x /d /t REG_EXPAND_SZ
echo --- errors
reg query %k%\absent 2>&1
echo %errorlevel%
reg query %k% /v absent 2>&1
echo %errorlevel%
reg query HKXX\Software 2>&1
echo %errorlevel%
reg query HKCU\\Software 2>&1
reg query \\host\HKLM\Software 2>&1
reg 2>&1
echo %errorlevel%
reg nonsense 2>&1
reg query %k% /x 2>&1
reg query %k% /k 2>&1
reg add %k% /v bad /t REG_DWORD /d abc /f 2>&1
reg add %k% /v bad /t REG_DWORD /d 4294967296 /f 2>&1
reg add %k% /v bad /t REG_WHAT /d 1 /f 2>&1
reg add %k% /v bad /t REG_BINARY /d xy /f 2>&1
reg add %k% /v bad /t REG_MULTI_SZ /d a\0\0b /f 2>&1
reg query %k% /v bad >nul 2>&1
echo %errorlevel%
echo --- questions
echo n|reg add %k% /v text /d other
echo maybe>answers& echo yes>>answers
reg add %k% /v text /d other <answers
reg query %k% /v text | find "REG_SZ"
reg delete %k% /v text <nul
echo Y|reg delete %k% /v text
reg query %k% /v text >nul 2>&1
echo %errorlevel%
echo --- copy, compare
reg copy %k% HKCU\Software\RegCopy /s /f
reg compare %k% HKCU\Software\RegCopy /s
echo %errorlevel%
reg add HKCU\Software\RegCopy /v number /t REG_DWORD /d 43 /f >nul
reg delete HKCU\Software\RegCopy\sub\deep /f >nul
reg add HKCU\Software\RegCopy /v more /d x /f >nul
reg compare %k% HKCU\Software\RegCopy /s
echo %errorlevel%
reg compare %k% HKCU\Software\RegCopy /v hex /oa
reg compare %k% HKCU\Software\RegCopy /on
reg copy %k% %k% 2>&1
echo a|reg copy HKCU\Software\RegCopy %k%
reg compare %k% HKCU\Software\Absent 2>&1
echo %errorlevel%
echo --- export, import
reg export %k% out.reg /y
type out.reg
reg delete %k% /f
reg query %k% 2>&1
reg import out.reg 2>nul
reg compare %k% HKCU\Software\RegCopy /v number
reg export %k% again.reg /y >nul
fc out.reg again.reg >nul && echo the same
echo n|reg export %k% out.reg
reg import absent.reg 2>&1
echo %errorlevel%
echo nonsense>bad.reg
reg import bad.reg 2>&1
(echo REGEDIT4& echo.& echo [-%k%\sub]& echo [-HKEY_CURRENT_USER\Software\RegTest\sub]& echo [HKEY_CURRENT_USER\Software\RegTest]& echo "hex"=-) >part.reg
reg import part.reg 2>nul
reg query %k% /v hex >nul 2>nul || echo value gone
reg query %k%\sub >nul 2>nul || echo key gone
echo --- delete
reg delete %k% /va /f
reg query %k%
echo %errorlevel%
reg delete %k%\ /f
reg delete %k% /f 2>&1
echo %errorlevel%
reg delete HKCU\Software\RegCopy /v absent /f 2>&1
reg delete HKCU\Software\RegCopy /f >nul
reg query HKLM\Software\Classes /ve /reg:64
echo --- flags
set f=HKLM\Software\RegFlags
reg add %f% /f >nul
reg flags %f%
reg flags %f% set dont_virtualize RECURSE_FLAG
reg flags %f% query
reg flags %f% set
reg flags %f% | find "SET"
reg flags %f% set nonsense 2>&1
reg flags %f% unset 2>&1
reg flags %k% 2>&1
reg flags %f%\absent 2>&1
reg query \\%computername%\%f%
reg delete \\localhost\%f% /f
reg query %f% 2>&1
reg query \\localhost 2>&1
echo --- hives
reg add %k%\sub /v n /t REG_DWORD /d 5 /f >nul
reg save %k% k.hive
echo n|reg save %k% k.hive
reg load HKU\Loaded k.hive
reg query HKU\Loaded /s
reg add HKU\Loaded\sub /v m /d text /f >nul
reg load HKU\Loaded k.hive 2>&1
reg load HKCU\Loaded k.hive 2>&1
reg unload HKU\Loaded
reg unload HKU\Loaded 2>&1
reg restore %k% k.hive
reg query %k%\sub /v m
reg restore %k% bad.reg 2>&1
echo %errorlevel%
reg delete %k% /f >nul
reg query /? | find "REG QUERY"
exit /b
