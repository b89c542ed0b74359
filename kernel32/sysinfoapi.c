/*
 * sysinfoapi.c: what machine and which Windows this is.
 *
 * Layer: kernel32, over ntdll/sysinfo.c.
 */
#include <string.h>
#include "loader/actctx.h"
#include "win.h"
#include "ntdll/error.h"
#include "ntdll/nls.h"
#include "ntdll/sysinfo.h"

static BOOL fail(DWORD error)
{
    SetLastError(error);
    return FALSE;
}

void WINAPI GetSystemInfo(LPSYSTEM_INFO info)
{
    PPEB peb = peb_current();

    memset(info, 0, sizeof *info);
    info->wProcessorArchitecture = PROCESSOR_ARCHITECTURE_AMD64;
    info->dwPageSize = 0x1000;
    info->lpMinimumApplicationAddress = (LPVOID)0x10000;
    info->lpMaximumApplicationAddress = (LPVOID)0x7ffffffeffff;
    info->dwActiveProcessorMask = peb->ActiveProcessAffinityMask;
    info->dwNumberOfProcessors = peb->NumberOfProcessors;
    info->dwProcessorType = PROCESSOR_AMD_X8664;
    info->dwAllocationGranularity = 0x10000;
    info->wProcessorLevel = 6;
    info->wProcessorRevision = 0x9e0a;
}

void WINAPI GetNativeSystemInfo(LPSYSTEM_INFO info)
{
    GetSystemInfo(info);
}

BOOL WINAPI GlobalMemoryStatusEx(LPMEMORYSTATUSEX status)
{
    struct memory_status memory;

    if (status->dwLength != sizeof *status)
        return fail(ERROR_INVALID_PARAMETER);
    memory_status(&memory);
    status->dwMemoryLoad = memory.total ? (DWORD)(100 - memory.available * 100 / memory.total) : 0;
    status->ullTotalPhys = memory.total;
    status->ullAvailPhys = memory.available;
    status->ullTotalPageFile = memory.total + memory.swap_total;
    status->ullAvailPageFile = memory.available + memory.swap_free;
    status->ullTotalVirtual = 0x7ffffffe0000;
    status->ullAvailVirtual = 0x7fff00000000;
    status->ullAvailExtendedVirtual = 0;
    return TRUE;
}

void WINAPI GlobalMemoryStatus(LPMEMORYSTATUS status)
{
    MEMORYSTATUSEX wide = {.dwLength = sizeof wide};

    GlobalMemoryStatusEx(&wide);
    status->dwLength = sizeof *status;
    status->dwMemoryLoad = wide.dwMemoryLoad;
    status->dwTotalPhys = wide.ullTotalPhys;
    status->dwAvailPhys = wide.ullAvailPhys;
    status->dwTotalPageFile = wide.ullTotalPageFile;
    status->dwAvailPageFile = wide.ullAvailPageFile;
    status->dwTotalVirtual = wide.ullTotalVirtual;
    status->dwAvailVirtual = wide.ullAvailVirtual;
}

BOOL WINAPI GetPhysicallyInstalledSystemMemory(PULONGLONG kilobytes)
{
    struct memory_status memory;

    memory_status(&memory);
    *kilobytes = memory.total / 1024;
    return TRUE;
}

/*
 * Programs are told the version up to which their manifest says they know Windows: 6.2 if it says nothing.
 * (RtlGetVersion tells all the true one.)
 */
static void version_told(OSVERSIONINFOEXW *info)
{
    static const GUID windows_10 = {0x8e0f7a12, 0xbfb3, 0x4fe8, {0xb9, 0xa5, 0x48, 0xfd, 0x50, 0xa1, 0x5a, 0x9a}};
    static const GUID windows_8_1 = {0x1f676c76, 0x80e1, 0x4239, {0x95, 0xbb, 0x83, 0xd0, 0xf6, 0xd0, 0xda, 0x78}};

    RtlGetVersion(info);
    if (info->dwMajorVersion < 10 || actctx_supports(&windows_10))
        return;
    info->dwMajorVersion = 6;
    info->dwMinorVersion = actctx_supports(&windows_8_1) ? 3 : 2;
    info->dwBuildNumber = info->dwMinorVersion == 3 ? 9600 : 9200;
}

DWORD WINAPI GetVersion(void)
{
    OSVERSIONINFOEXW info = {.dwOSVersionInfoSize = sizeof info};

    version_told(&info);
    return info.dwBuildNumber << 16 | info.dwMinorVersion << 8 | info.dwMajorVersion;
}

BOOL WINAPI GetVersionExW(LPOSVERSIONINFOW info)
{
    if (info->dwOSVersionInfoSize != sizeof *info && info->dwOSVersionInfoSize != sizeof(OSVERSIONINFOEXW))
        return fail(ERROR_INSUFFICIENT_BUFFER);
    version_told((OSVERSIONINFOEXW *)info);
    return TRUE;
}

BOOL WINAPI GetVersionExA(LPOSVERSIONINFOA info)
{
    OSVERSIONINFOEXW wide = {.dwOSVersionInfoSize = sizeof wide};

    if (info->dwOSVersionInfoSize != sizeof *info && info->dwOSVersionInfoSize != sizeof(OSVERSIONINFOEXA))
        return fail(ERROR_INSUFFICIENT_BUFFER);
    version_told(&wide);
    info->dwMajorVersion = wide.dwMajorVersion;
    info->dwMinorVersion = wide.dwMinorVersion;
    info->dwBuildNumber = wide.dwBuildNumber;
    info->dwPlatformId = wide.dwPlatformId;
    info->szCSDVersion[0] = 0;
    if (info->dwOSVersionInfoSize == sizeof(OSVERSIONINFOEXA)) {
        OSVERSIONINFOEXA *more = (OSVERSIONINFOEXA *)info;

        more->wServicePackMajor = more->wServicePackMinor = 0;
        more->wSuiteMask = wide.wSuiteMask;
        more->wProductType = wide.wProductType;
        more->wReserved = 0;
    }
    return TRUE;
}

static BOOL verify(const OSVERSIONINFOEXW *info, DWORD types, DWORDLONG mask)
{
    OSVERSIONINFOEXW have = {.dwOSVersionInfoSize = sizeof have};

    version_told(&have);
    NTSTATUS status = version_verify(&have, info, types, mask);

    if (status == STATUS_REVISION_MISMATCH)
        return fail(ERROR_OLD_WIN_VERSION);
    return status ? fail(ERROR_BAD_ARGUMENTS) : TRUE;
}

BOOL WINAPI VerifyVersionInfoW(LPOSVERSIONINFOEXW info, DWORD types, DWORDLONG mask)
{
    return verify(info, types, mask);
}

BOOL WINAPI VerifyVersionInfoA(LPOSVERSIONINFOEXA info, DWORD types, DWORDLONG mask)
{
    OSVERSIONINFOEXW wide = {.dwOSVersionInfoSize = sizeof wide,
                             .dwMajorVersion = info->dwMajorVersion,
                             .dwMinorVersion = info->dwMinorVersion,
                             .dwBuildNumber = info->dwBuildNumber,
                             .dwPlatformId = info->dwPlatformId,
                             .wServicePackMajor = info->wServicePackMajor,
                             .wServicePackMinor = info->wServicePackMinor,
                             .wSuiteMask = info->wSuiteMask,
                             .wProductType = info->wProductType};

    return verify(&wide, types, mask);
}

BOOL WINAPI GetProductInfo(DWORD major, DWORD minor, DWORD service_major, DWORD service_minor, PDWORD product)
{
    return RtlGetProductInfo(major, minor, service_major, service_minor, product);
}

/* Copies if it fits; the result is the length, or the room needed. */
static UINT copy_wide(const WCHAR *text, LPWSTR buffer, UINT size)
{
    UINT length = (UINT)wide_length(text);

    if (length >= size)
        return length + 1;
    memcpy(buffer, text, (length + 1) * sizeof *text);
    return length;
}

static UINT copy_ansi(const char *text, LPSTR buffer, UINT size)
{
    UINT length = (UINT)strlen(text);

    if (length >= size)
        return length + 1;
    memcpy(buffer, text, length + 1);
    return length;
}

UINT WINAPI GetSystemDirectoryW(LPWSTR buffer, UINT size)
{
    return copy_wide(L"C:\\Windows\\system32", buffer, size);
}

UINT WINAPI GetSystemDirectoryA(LPSTR buffer, UINT size)
{
    return copy_ansi("C:\\Windows\\system32", buffer, size);
}

UINT WINAPI GetWindowsDirectoryW(LPWSTR buffer, UINT size)
{
    return copy_wide(L"C:\\Windows", buffer, size);
}

UINT WINAPI GetWindowsDirectoryA(LPSTR buffer, UINT size)
{
    return copy_ansi("C:\\Windows", buffer, size);
}

UINT WINAPI GetSystemWindowsDirectoryW(LPWSTR buffer, UINT size)
{
    return GetWindowsDirectoryW(buffer, size);
}

UINT WINAPI GetSystemWindowsDirectoryA(LPSTR buffer, UINT size)
{
    return GetWindowsDirectoryA(buffer, size);
}

/* There is no WOW64: no 32-bit programs. */
UINT WINAPI GetSystemWow64DirectoryW(LPWSTR buffer, UINT size)
{
    (void)buffer, (void)size;
    return (UINT)fail(ERROR_CALL_NOT_IMPLEMENTED);
}

UINT WINAPI GetSystemWow64DirectoryA(LPSTR buffer, UINT size)
{
    (void)buffer, (void)size;
    return (UINT)fail(ERROR_CALL_NOT_IMPLEMENTED);
}

/* The host's name as Windows shows it: NetBIOS names are upper case, at most 15 characters, without the domain. */
static void computer_name(COMPUTER_NAME_FORMAT format, char *name, size_t size)
{
    bool netbios = format == ComputerNameNetBIOS || format == ComputerNamePhysicalNetBIOS;
    bool domain = format == ComputerNameDnsDomain || format == ComputerNamePhysicalDnsDomain;
    bool whole = format == ComputerNameDnsFullyQualified || format == ComputerNamePhysicalDnsFullyQualified;
    char *dot;

    if (!host_name(name, size) || !*name)
        memcpy(name, "localhost", 10);
    dot = strchr(name, '.');
    if (domain)
        memmove(name, dot ? dot + 1 : "", dot ? strlen(dot) : 1);
    else if (dot && !whole)
        *dot = 0;
    if (!netbios)
        return;
    name[15] = 0;
    for (; *name; name++)
        *name = RtlUpperChar(*name);
}

BOOL WINAPI GetComputerNameExA(COMPUTER_NAME_FORMAT format, LPSTR buffer, LPDWORD size)
{
    char name[256] = "";
    DWORD length;

    if (!size || format >= ComputerNameMax || (*size && !buffer))
        return fail(ERROR_INVALID_PARAMETER);
    computer_name(format, name, sizeof name);
    length = (DWORD)strlen(name);
    if (*size <= length) {
        *size = length + 1;
        return fail(ERROR_MORE_DATA);
    }
    memcpy(buffer, name, length + 1);
    *size = length;
    return TRUE;
}

BOOL WINAPI GetComputerNameExW(COMPUTER_NAME_FORMAT format, LPWSTR buffer, LPDWORD size)
{
    char name[256] = "";
    DWORD length;

    if (!size || format >= ComputerNameMax || (*size && !buffer))
        return fail(ERROR_INVALID_PARAMETER);
    computer_name(format, name, sizeof name);
    length = (DWORD)strlen(name);
    if (*size <= length) {
        *size = length + 1;
        return fail(ERROR_MORE_DATA);
    }
    for (DWORD i = 0; i <= length; i++)
        buffer[i] = (WCHAR)name[i];
    *size = length;
    return TRUE;
}

BOOL WINAPI GetComputerNameW(LPWSTR buffer, LPDWORD size)
{
    return GetComputerNameExW(ComputerNameNetBIOS, buffer, size) ||
           (GetLastError() == ERROR_MORE_DATA && fail(ERROR_BUFFER_OVERFLOW));
}

BOOL WINAPI GetComputerNameA(LPSTR buffer, LPDWORD size)
{
    return GetComputerNameExA(ComputerNameNetBIOS, buffer, size) ||
           (GetLastError() == ERROR_MORE_DATA && fail(ERROR_BUFFER_OVERFLOW));
}

BOOL WINAPI GetSystemTimes(LPFILETIME idle, LPFILETIME kernel, LPFILETIME user)
{
    SYSTEM_PROCESSOR_PERFORMANCE_INFORMATION info[64];
    LONGLONG sums[3] = {0};
    FILETIME *out[] = {idle, kernel, user};
    ULONG returned = 0;

    NtQuerySystemInformation(SystemProcessorPerformanceInformation, info, sizeof info, &returned);
    for (ULONG i = 0; i < returned / sizeof *info && i < 64; i++) {
        sums[0] += info[i].IdleTime.QuadPart;
        sums[1] += info[i].KernelTime.QuadPart;
        sums[2] += info[i].UserTime.QuadPart;
    }
    for (int i = 0; i < 3; i++) {
        if (!out[i])
            continue;
        out[i]->dwLowDateTime = (DWORD)sums[i];
        out[i]->dwHighDateTime = (DWORD)(sums[i] >> 32);
    }
    return TRUE;
}

/* No firmware tables are shown to programs. */
UINT WINAPI GetSystemFirmwareTable(DWORD provider, DWORD id, PVOID buffer, DWORD size)
{
    (void)provider, (void)id, (void)buffer, (void)size;
    return (UINT)fail(ERROR_INVALID_FUNCTION);
}

UINT WINAPI EnumSystemFirmwareTables(DWORD provider, PVOID buffer, DWORD size)
{
    (void)provider, (void)buffer, (void)size;
    return (UINT)fail(ERROR_INVALID_FUNCTION);
}

BOOL WINAPI GetFirmwareType(PFIRMWARE_TYPE type)
{
    *type = FirmwareTypeUefi;
    return TRUE;
}

BOOL WINAPI GetSystemPowerStatus(LPSYSTEM_POWER_STATUS status)
{
    memset(status, 0, sizeof *status);
    status->ACLineStatus = 1;
    status->BatteryFlag = 128; /* no battery */
    status->BatteryLifePercent = 255;
    status->BatteryLifeTime = status->BatteryFullLifeTime = ~0u;
    return TRUE;
}
