@echo off
rem WMIC: classes, conditions, formats, exit codes.
echo --- lists
for /f "tokens=1,2 delims==" %%a in ('wmic os get Caption^,OSArchitecture^,SystemDrive /value') do if "%%a"=="OSArchitecture" (echo %%a %%b) else if "%%a"=="SystemDrive" echo drive %%b
wmic os get buildnumber,version /format:list | findstr /r /c:"^BuildNumber=[0-9][0-9]*" /c:"^Version=10\.0\.[0-9]" | find /c "="
wmic path Win32_OperatingSystem get LastBootUpTime,LocalDateTime /value | findstr /r /c:"=20[0-9][0-9][01][0-9][0-3][0-9][0-2][0-9][0-5][0-9][0-6][0-9]\.[0-9][0-9][0-9][0-9][0-9][0-9][-+][0-9][0-9][0-9]" | find /c "="
wmic os list brief | findstr /r /c:"^BuildNumber  RegisteredUser  *SerialNumber  *SystemDirectory" >nul && echo brief
echo --- tables
wmic logicaldisk get DriveType,DeviceID
wmic logicaldisk where "DeviceID='C:'" get DeviceID
wmic logicaldisk where DriveType=3 get Size,FreeSpace /format:csv | findstr /r /c:"^Node,FreeSpace,Size" /c:"^[^,][^,]*,[0-9][0-9]*,[0-9][0-9]*" >nul && echo disks
wmic cpu get NumberOfCores,Name,NumberOfLogicalProcessors /value | findstr /r /c:"=[0-9]" | find /c "="
wmic computersystem get TotalPhysicalMemory | findstr /r "[0-9][0-9][0-9][0-9][0-9][0-9]" >nul && echo memory
echo --- processes
wmic process where "name='wmic.exe'" get Name,CommandLine
wmic process where (name="wmic.exe" and ThreadCount ^> 0) get Name /value
wmic process where "name like 'w_ic%%' and not ProcessId = 0" get Name /format:table
wmic process where "ParentProcessId < 0 or (name='wmic.exe')" get ExecutablePath | findstr /i /r /c:"^C:.*system32.wmic.exe" >nul && echo path
wmic process where "name='wmic.exe'" get CreationDate,KernelModeTime,ParentProcessId,ProcessId,UserModeTime,WorkingSetSize | findstr /r /c:"^CreationDate  *KernelModeTime  *ParentProcessId  *ProcessId  *UserModeTime  *WorkingSetSize" /c:"^20[0-9.]*[-+]000  *[0-9]*  *[0-9]*  *[0-9]*  *[0-9]*  *[0-9]* *" | find /c " "
start "" /b waitfor /t 60 wmictest
:again
wmic process where "name='waitfor.exe'" get Name 2>nul | find "waitfor" >nul || goto again
wmic process where "name='waitfor.exe'" call terminate | find "ReturnValue"
wmic process where "name='none.exe'" get Name 2>&1
echo %errorlevel%
wmic process call create "cmd /c exit" | find "ReturnValue"
wmic process call create nothing.exe | find "ReturnValue"
echo --- files
wmic /output:w.txt os get SystemDrive
type w.txt
wmic os get SystemDrive >w2.txt
for %%f in (w2.txt) do echo %%~zf
echo --- misuse
wmic nonsense 2>&1
echo %errorlevel%
wmic path Win32_Nonsense get Name 2>&1 | findstr /v "Node"
wmic os get Nonsense 2>&1 | findstr /v "Node"
wmic process where "nonsense=1" get Name 2>nul
echo %errorlevel%
wmic process where "name=" get Name 2>nul
echo %errorlevel%
wmic os get Caption /format:nonsense 2>&1
exit /b 0
