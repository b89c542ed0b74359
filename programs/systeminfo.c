/*
 * systeminfo.c: systeminfo.exe: the host, the system, the memory.
 */
#include "wide_main.h"

static void registry_text(const WCHAR *value, const WCHAR *otherwise, WCHAR *text, DWORD size)
{
    if (RegGetValueW(HKEY_LOCAL_MACHINE, L"SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion", value, RRF_RT_REG_SZ, NULL,
                     text, &size))
        wcscpy(text, otherwise);
}

static int run(int argc, WCHAR **argv)
{
    WCHAR name[256] = L"", product[128], build[32], owner[128], directory[MAX_PATH];
    DWORD size = 256;
    SYSTEM_INFO system;
    MEMORYSTATUSEX memory = {.dwLength = sizeof memory};

    GetComputerNameExW(ComputerNameDnsHostname, name, &size);
    GetSystemInfo(&system);
    GlobalMemoryStatusEx(&memory);
    GetWindowsDirectoryW(directory, MAX_PATH);
    registry_text(L"ProductName", L"Windows", product, sizeof product);
    registry_text(L"CurrentBuild", L"0", build, sizeof build);
    registry_text(L"RegisteredOwner", L"N/A", owner, sizeof owner);
    print(L"\r\nHost Name:                 %s\r\n", name);
    print(L"OS Name:                   Microsoft %s\r\n", product);
    print(L"OS Version:                10.0.%s N/A Build %s\r\n", build, build);
    print(L"OS Manufacturer:           Microsoft Corporation\r\n");
    print(L"Registered Owner:          %s\r\n", owner);
    print(L"System Type:               x64-based PC\r\n");
    print(L"Processor(s):              %lu Processor(s) Installed.\r\n", system.dwNumberOfProcessors);
    print(L"Windows Directory:         %s\r\n", directory);
    print(L"Total Physical Memory:     %I64u MB\r\n", memory.ullTotalPhys >> 20);
    print(L"Available Physical Memory: %I64u MB\r\n", memory.ullAvailPhys >> 20);
    print(L"Virtual Memory: Max Size:  %I64u MB\r\n", memory.ullTotalPageFile >> 20);
    print(L"Virtual Memory: Available: %I64u MB\r\n", memory.ullAvailPageFile >> 20);
    return 0;
}
