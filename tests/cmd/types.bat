@echo off
rem ASSOC and FTYPE.
assoc .winruntest 2>&1 & call echo %%errorlevel%%
assoc .winruntest=WinrunTest.File & call echo %%errorlevel%%
assoc .winruntest
assoc | findstr /b /c:".winruntest="
ftype WinrunTest.File 2>&1 & call echo %%errorlevel%%
ftype WinrunTest.File="C:\no where\app.exe" "%%1" %%*
ftype winruntest.file
ftype | findstr /b /c:"WinrunTest.File="
reg query HKCR\.winruntest /ve | find "REG_SZ"
reg query HKCR\WinrunTest.File\shell\open\command /ve | find "REG_EXPAND_SZ"
assoc .winruntest= & call echo %%errorlevel%%
assoc .winruntest 2>&1
assoc .winruntest= 2>&1 & call echo %%errorlevel%%
ftype WinrunTest.File= & ftype WinrunTest.File 2>&1
ftype nothing= 2>&1
assoc .bat>nul && echo batch
exit /b 0
