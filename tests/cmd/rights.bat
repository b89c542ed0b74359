@echo off
rem ICACLS: lists of rights shown, changed, saved, restored.  Lines of accounts that depend on who runs this are left out.
md d
echo text>d\f
echo --- show
icacls d\f | findstr /c:"Everyone" /c:"Successfully"
icacls d | findstr "Everyone"
echo --- grant
icacls d\f /grant Users:(RX)
icacls d\f | findstr "Users"
icacls d\f /grant Users:W /q
icacls d\f | findstr "Users"
icacls d\f /grant:r Users:(W,D) "*S-1-1-0:(RD,RA)" >nul
icacls d\f | findstr "Users Everyone"
icacls d\f /grant Users:F >nul
icacls d\f | findstr "Users"
echo --- deny, remove
icacls d\f /deny Everyone:(W) >nul
icacls d\f | findstr "Everyone"
icacls d\f /remove:d Everyone >nul
icacls d\f | findstr "Everyone"
icacls d\f /remove Users /remove:g Everyone >nul
icacls d\f | findstr "Users Everyone"
echo --- trees
icacls d /grant Users:(OI)(CI)M /t /c
icacls d | findstr "Users"
icacls d\f | findstr "Users"
icacls d\* /grant Users:R /q
echo --- save, restore, reset, find
icacls d /save rights.txt /t
icacls d\f /reset
icacls d\f | findstr "Users"
icacls . /restore rights.txt
icacls d\f | findstr "Users"
icacls d /findsid Users /t
icacls d\f /verify
icacls d\f /inheritance:r >nul & icacls d\f /inheritance:e >nul && echo inheritance
echo --- misuse
icacls nothing.txt 2>&1
echo %errorlevel%
icacls d\f /grant Nobody:F 2>&1
echo %errorlevel%
icacls d\f /grant Users:Z 2>&1
echo %errorlevel%
icacls d\f /foo 2>&1
echo %errorlevel%
icacls d\f /grant 2>&1
echo %errorlevel%
icacls nothing.txt d /c 2>&1
icacls | findstr "ICACLS"
echo %errorlevel%
