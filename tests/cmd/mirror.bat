@echo off
rem ROBOCOPY: what is copied, what it says, exit bits.
set quiet=/njh /njs /ndl /nfl
md a\sub\deep a\empty & echo one>a\1.txt& echo two>a\2.log& echo sub>a\sub\s.txt& echo deep>a\sub\deep\d.txt
echo --- plain
robocopy a b /njh /njs /np /r:0 /w:0 | findstr /v /l /c:"%cd%"
robocopy a b %quiet% & call echo %%errorlevel%%
dir /b /s /a-d b | find /c "."
echo --- trees
robocopy a c /s %quiet% /mt:8 /r:1 /w:1 & call echo %%errorlevel%%
if exist c\sub\deep\d.txt echo deep
if not exist c\empty echo no empty ones
robocopy a c /e %quiet% & call echo %%errorlevel%%
if exist c\empty echo empty ones
robocopy a d /s /lev:2 %quiet% & if exist d\sub\s.txt if not exist d\sub\deep\d.txt echo two levels
robocopy a e *.txt /s %quiet% & if not exist e\2.log if exist e\sub\s.txt echo texts
robocopy a f /s /xf 1.txt *.log /xd deep %quiet% & dir /b /s /a-d f | find /c "."
echo --- mirror
echo x>c\extra.txt& md c\extradir
robocopy a c /e %quiet% & call echo %%errorlevel%%
robocopy a c /mir /njh /njs /ndl /l | findstr /r "EXTRA File"
robocopy a c /mir %quiet% & call echo %%errorlevel%%
if not exist c\extra.txt if not exist c\extradir echo gone
robocopy a c /mir %quiet% & call echo %%errorlevel%%
echo --- classes
echo longer>c\1.txt& echo changed>a\2.log
robocopy a c /njh /njs /ndl /np /xo | findstr /v /l /c:"%cd%" & call echo %%errorlevel%%
robocopy a c /njh /njs /ndl /is /l /ns | findstr "same Older"
robocopy a c /njh /njs /ndl /l /nc /fp /bytes | findstr /r /c:"1\.txt" | find /c "\a\1.txt"
echo --- sizes, attributes
robocopy a g /min:5 /max:6 %quiet% & dir /b g
robocopy a h /a+:R /copy:DT %quiet% & attrib h\1.txt | findstr /b /c:"A    R" >nul && echo read-only
robocopy a i /create /e %quiet% & for %%f in (i\1.txt) do echo %%~zf
echo --- moves
robocopy c j /mov %quiet% & if not exist c\1.txt if exist c\sub\s.txt echo files
robocopy c j /move /e %quiet% & if not exist c if exist j\sub\deep\d.txt echo all
echo --- log
robocopy a k /log:log.txt /e /np >nul & type log.txt | findstr /r /c:"ROBOCOPY" /c:"^    Files : \*\.\*" /c:"^  Options : \*\.\* /log:log.txt /e /np" /c:"^    Dirs :" /c:"^   Files :" /c:"^   Bytes :" /c:"Total    Copied"
robocopy a k /log+:log.txt /e /tee /njh 2>nul | findstr /c:"Files :"
find /c "Files :" log.txt
echo --- misuse
robocopy nothing x %quiet% >out.txt & call echo %%errorlevel%%
findstr /c:"ERROR 2 (0x00000002) Accessing Source Directory" out.txt >nul && echo no source
robocopy 2>&1 & call echo %%errorlevel%%
robocopy a 2>&1
robocopy a b /nonsense 2>&1 & call echo %%errorlevel%%
exit /b 0
