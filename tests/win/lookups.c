/*
 * Which functions do run-time libraries find when they look them up by name (GetProcAddress)?
 *
 * What Go, Rust, V8, .NET, libuv and the MSVC runtime were seen to ask for.  The second table are names that must not
 * be found: newer than the Windows that is reported, or of another system, so that programs take the way they take
 * there. They are looked up through the DLL and through an api set.
 */
#include "check.h"

static const struct {
    const char *dll, *names;
} met[] = {
    {"advapi32.dll", "CryptAcquireContextW CryptGenRandom GetLengthSid GetTokenInformation OpenProcessToken "
                     "RegCloseKey RegGetValueW RegisterEventSourceW ReportEventW SystemFunction036 TraceEvent"},
    {"bcryptprimitives.dll", "ProcessPrng"},
    {"combase.dll", "RoInitialize RoUninitialize"},
    {"iphlpapi.dll", "GetAdaptersAddresses"},
    {"kernel32.dll",
     "AcquireSRWLockExclusive AcquireSRWLockShared AddDllDirectory AddVectoredContinueHandler "
     "AddVectoredExceptionHandler AreFileApisANSI CancelIoEx CloseHandle CloseThreadpoolWait CreateDirectoryW "
     "CreateEventExW CreateFileW CreateHardLinkW CreateSymbolicLinkW CreateThreadpoolTimer CreateThreadpoolWait "
     "CreateToolhelp32Snapshot FindFirstStreamW FindNextStreamW FlushProcessWriteBuffers "
     "FreeLibraryWhenCallbackReturns GetActiveProcessorCount GetCommandLineW GetComputerNameExW GetConsoleMode "
     "GetConsoleScreenBufferInfo GetCurrentDirectoryW GetCurrentPackageId GetCurrentProcessId "
     "GetCurrentProcessorNumberEx GetEnvironmentVariableW GetFileAttributesExW GetFileInformationByHandle "
     "GetFileInformationByHandleEx GetFileType GetFinalPathNameByHandleW GetFullPathNameW GetLargePageMinimum "
     "GetLocaleInfoEx GetLogicalProcessorInformation GetModuleFileNameW GetNumaHighestNodeNumber "
     "GetNumaNodeProcessorMask GetNumaNodeProcessorMaskEx GetNumaProcessorNode GetNumaProcessorNodeEx "
     "GetPhysicallyInstalledSystemMemory GetQueuedCompletionStatusEx GetStdHandle GetSystemDirectoryW "
     "GetSystemTimeAsFileTime GetSystemTimePreciseAsFileTime GetTempPath2W GetThreadDescription GetTickCount64 "
     "GetTimeZoneInformation GetVersionExW GetVolumeInformationByHandleW GlobalMemoryStatusEx "
     "InitializeConditionVariable InitializeContext2 InitializeSRWLock IsWow64Process2 LoadLibraryExA LoadLibraryExW "
     "OpenFile PrefetchVirtualMemory Process32FirstW Process32NextW QueryPerformanceCounter QueryPerformanceFrequency "
     "ReadFile ReleaseSRWLockExclusive ReleaseSRWLockShared RemoveVectoredExceptionHandler SetDefaultDllDirectories "
     "SetFileCompletionNotificationModes SetFilePointerEx SetHandleInformation SetThreadDescription "
     "SetThreadStackGuarantee SetThreadpoolTimer SetThreadpoolWait SleepConditionVariableCS WakeAllConditionVariable "
     "WakeConditionVariable Wow64GetThreadContext Wow64SetThreadContext WriteFile"},
    {"kernelbase.dll",
     "AppPolicyGetProcessTerminationMethod AppPolicyGetShowDeveloperDiagnostic AppPolicyGetThreadInitializationType "
     "AppPolicyGetWindowingModel CompareStringEx EnumSystemLocalesEx FlsAlloc FlsFree FlsGetValue FlsSetValue "
     "GetCurrentPackageId GetDateFormatEx GetLocaleInfoEx GetTimeFormatEx GetUserDefaultLocaleName "
     "InitializeConditionVariable InitializeCriticalSectionEx IsValidLocaleName LCIDToLocaleName LCMapStringEx "
     "LocaleNameToLCID MapViewOfFile3 SetThreadDescription SleepConditionVariableCS UnmapViewOfFile2 VirtualAlloc2 "
     "VirtualAlloc2FromApp WaitOnAddress WakeAllConditionVariable WakeByAddressSingle"},
    {"msvcrt.dll", "_putenv"},
    {"mswsock.dll", "AcceptEx GetAcceptExSockaddrs TransmitFile"},
    {"netapi32.dll", "NetApiBufferFree"},
    {"ntdll.dll", "NtAllocateVirtualMemoryEx NtAssociateWaitCompletionPacket NtCancelWaitCompletionPacket NtCreateFile "
                  "NtCreateKeyedEvent NtCreateWaitCompletionPacket NtDeviceIoControlFile NtFlushBuffersFileEx "
                  "NtQueryDirectoryFile NtQueryInformationFile NtQueryInformationProcess NtQuerySystemInformation "
                  "NtQueryVolumeInformationFile NtReleaseKeyedEvent NtSetInformationFile NtWaitForKeyedEvent "
                  "NtWaitForSingleObject RtlAddGrowableFunctionTable RtlAddressInSectionTable RtlAreLongPathsEnabled "
                  "RtlDeleteGrowableFunctionTable RtlDllShutdownInProgress RtlGetCurrentPeb RtlGetLastNtStatus "
                  "RtlGetVersion RtlImageNtHeader RtlNtStatusToDosError RtlVerifyVersionInfo RtlVirtualUnwind"},
    {"ole32.dll", "IsValidInterface"},
    {"powrprof.dll", "PowerRegisterSuspendResumeNotification"},
    {"psapi.dll",
     "EnumProcessModules EnumProcessModulesEx GetModuleFileNameExA GetModuleInformation GetProcessMemoryInfo"},
    {"rpcrt4.dll", "UuidCreate UuidCreateSequential"},
    {"ucrtbase.dll", "_putenv"},
    {"user32.dll", "CharLowerW CharUpperW GetActiveWindow GetLastActivePopup GetProcessWindowStation "
                   "GetUserObjectInformationW MessageBoxA MessageBoxW"},
    {"userenv.dll", "CreateEnvironmentBlock DestroyEnvironmentBlock"},
    {"winhttp.dll", "WinHttpGetIEProxyConfigForCurrentUser"},
    {"winmm.dll", "timeBeginPeriod timeEndPeriod"},
    {"ws2_32.dll", "FreeAddrInfoExW FreeAddrInfoW GetAddrInfoExCancel GetAddrInfoExW GetAddrInfoW GetHostNameW "
                   "WSAEnumProtocolsW WSAGetOverlappedResult WSAIoctl WSARecvFrom WSASendMsg WSASocketW WSAStartup "
                   "freeaddrinfo getaddrinfo getnameinfo"},
};

static const struct {
    const char *dll, *name;
} absent[] = {
    {"ntdll.dll", "wine_get_version"}, /* runtimes change their ways where it is */
    {"kernel32.dll", "QueueUserAPC2"}, /* of Windows 11, as is the next */
    {"kernelbase.dll", "GetFileInformationByName"},
    {"user32.dll", "SetWinEventHook"}, /* there are no windows whose events could be told */
};

static const char *const sets[] = {
    "api-ms-win-core-fibers-l1-1-1",         "api-ms-win-core-fibers-l1-1-2",
    "api-ms-win-core-synch-l1-2-0",          "api-ms-win-core-localization-l1-2-1",
    "api-ms-win-core-datetime-l1-1-1",       "api-ms-win-core-string-l1-1-0",
    "api-ms-win-core-sysinfo-l1-2-1",        "api-ms-win-appmodel-runtime-l1-1-2",
    "api-ms-win-core-file-l2-1-4",           "api-ms-win-core-localization-obsolete-l1-2-0",
    "api-ms-win-core-processthreads-l1-1-3", "api-ms-win-core-winrt-l1-1-0",
    "api-ms-win-core-winrt-string-l1-1-0",
};

static void check_names(HMODULE module, const char *dll, const char *names)
{
    char name[64];
    int length;

    for (; *names; names += length + (names[length] == ' ')) {
        length = (int)strcspn(names, " ");
        sprintf(name, "%.*s", length, names);
        check_count++;
        if (!GetProcAddress(module, name)) {
            check_failed++;
            printf("%s!%s is not found\n", dll, name);
        }
    }
}

int main(void)
{
    if (check_under_wine()) /* has more and fewer */
        return check_done();
    for (size_t i = 0; i < sizeof met / sizeof *met; i++) {
        HMODULE module = LoadLibraryExA(met[i].dll, NULL, LOAD_LIBRARY_SEARCH_SYSTEM32);

        CHECK(module != NULL);
        check_names(module, met[i].dll, met[i].names);
    }
    for (size_t i = 0; i < sizeof absent / sizeof *absent; i++)
        CHECK_ERROR(GetProcAddress(LoadLibraryA(absent[i].dll), absent[i].name), ERROR_PROC_NOT_FOUND);
    for (size_t i = 0; i < sizeof sets / sizeof *sets; i++)
        CHECK(LoadLibraryExA(sets[i], NULL, LOAD_LIBRARY_SEARCH_SYSTEM32) != NULL);
    CHECK(GetProcAddress(LoadLibraryA("api-ms-win-core-fibers-l1-1-1"), "FlsAlloc") != NULL);
    CHECK(GetProcAddress(LoadLibraryA("api-ms-win-core-synch-l1-2-0"), "WaitOnAddress") != NULL);
    return check_done();
}
