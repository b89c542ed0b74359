/*
 * sysinfo.c: facts about the machine (NtQuerySystemInformation), the Windows version, random bytes.
 *
 * Layer: ntdll.
 */
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/sysinfo.h>
#include <sys/utsname.h>
#include <unistd.h>
#include "path.h"
#include "peb.h"
#include "processor.h"
#include "sysinfo.h"
#include "version.h"
#include "systime.h"

#define PAGE 4096ull

enum {
    CLASS_BASIC = 0,
    CLASS_PROCESSOR = 1,
    CLASS_PERFORMANCE = 2,
    CLASS_TIME_OF_DAY = 3,
    CLASS_PROCESS = 5,
    CLASS_PROCESSOR_PERFORMANCE = 8,
    CLASS_MODULE = 11,
    CLASS_HANDLE = 16,
    CLASS_PAGE_FILE = 18,
    CLASS_TIME_ADJUSTMENT = 28,
    CLASS_KERNEL_DEBUGGER = 35,
    CLASS_EMULATION_BASIC = 62,
    CLASS_HANDLE_EX = 64,
    CLASS_CODE_INTEGRITY = 103,
    CLASS_KERNEL_DEBUGGER_EX = 149,
};

NTSTATUS random_bytes(void *buffer, size_t size)
{
    char *at = buffer;

    while (size) {
        ssize_t got = getrandom(at, size, 0);

        if (got < 0 && errno != EINTR)
            return STATUS_UNSUCCESSFUL;
        if (got > 0) {
            at += got;
            size -= (size_t)got;
        }
    }
    return STATUS_SUCCESS;
}

/* "Name:   123 kB" lines of /proc/meminfo; 0 if there is none. */
static ULONGLONG meminfo_value(const char *text, const char *name)
{
    const char *line = strstr(text, name);

    return line ? strtoull(line + strlen(name), NULL, 10) * 1024 : 0;
}

void memory_status(struct memory_status *status)
{
    char text[2048] = "";
    FILE *file = fopen("/proc/meminfo", "re");

    if (file) {
        size_t got = fread(text, 1, sizeof text - 1, file);

        text[got] = 0;
        fclose(file);
    }
    status->total = meminfo_value(text, "MemTotal:");
    status->available = meminfo_value(text, "MemAvailable:");
    status->swap_total = meminfo_value(text, "SwapTotal:");
    status->swap_free = meminfo_value(text, "SwapFree:");
}

static NTSTATUS answer(void *buffer, ULONG size, ULONG *returned, const void *value, ULONG length)
{
    if (returned)
        *returned = length;
    if (size < length)
        return STATUS_INFO_LENGTH_MISMATCH;
    memcpy(buffer, value, length);
    return STATUS_SUCCESS;
}

static NTSTATUS query_basic(void *buffer, ULONG size, ULONG *returned)
{
    struct {
        ULONG reserved, timer_resolution, page_size, physical_pages, lowest_page, highest_page, granularity;
        ULONG_PTR minimum, maximum, affinity;
        BYTE processors;
    } info = {0};
    struct memory_status memory;

    memory_status(&memory);
    info.timer_resolution = 156250;
    info.page_size = PAGE;
    info.physical_pages = (ULONG)(memory.total / PAGE);
    info.lowest_page = 1;
    info.highest_page = info.physical_pages;
    info.granularity = 0x10000;
    info.minimum = 0x10000;
    info.maximum = 0x7ffffffeffff;
    info.affinity = process_peb.ActiveProcessAffinityMask;
    info.processors = (BYTE)process_peb.NumberOfProcessors;
    return answer(buffer, size, returned, &info, sizeof info);
}

static NTSTATUS query_time_of_day(void *buffer, ULONG size, ULONG *returned)
{
    struct {
        LARGE_INTEGER boot, now, bias;
        ULONG zone, reserved;
        ULONGLONG boot_bias, sleep_bias;
    } info = {0};
    LARGE_INTEGER local;

    info.now.QuadPart = time_now();
    info.boot.QuadPart = info.now.QuadPart - time_interrupt();
    RtlSystemTimeToLocalTime(&info.now, &local);
    info.bias.QuadPart = info.now.QuadPart - local.QuadPart;
    if (size > sizeof info)
        return STATUS_INFO_LENGTH_MISMATCH;
    if (returned)
        *returned = size;
    memcpy(buffer, &info, size);
    return STATUS_SUCCESS;
}

/* One entry per processor from /proc/stat, in 100 ns units. */
static NTSTATUS query_processor_performance(void *buffer, ULONG size, ULONG *returned)
{
    SYSTEM_PROCESSOR_PERFORMANCE_INFORMATION *out = buffer;
    ULONG count = size / sizeof *out, found = 0;
    LONGLONG tick = 10000000 / sysconf(_SC_CLK_TCK);
    FILE *file = fopen("/proc/stat", "re");
    char line[512];

    while (file && found < process_peb.NumberOfProcessors && fgets(line, sizeof line, file)) {
        unsigned long long user, nice, system, idle;

        if (sscanf(line, "cpu%*d %llu %llu %llu %llu", &user, &nice, &system, &idle) != 4 || line[3] == ' ')
            continue;
        if (found < count) {
            memset(&out[found], 0, sizeof *out);
            out[found].IdleTime.QuadPart = (LONGLONG)idle * tick;
            out[found].KernelTime.QuadPart = (LONGLONG)(idle + system) * tick;
            out[found].UserTime.QuadPart = (LONGLONG)(user + nice) * tick;
        }
        found++;
    }
    if (file)
        fclose(file);
    if (returned)
        *returned = found * (ULONG)sizeof *out;
    return found > count ? STATUS_INFO_LENGTH_MISMATCH : STATUS_SUCCESS;
}

/* Memory in pages, idle time of all processors; what the disk did is not known. */
static NTSTATUS query_performance(void *buffer, ULONG size, ULONG *returned)
{
    SYSTEM_PERFORMANCE_INFORMATION info;
    SYSTEM_PROCESSOR_PERFORMANCE_INFORMATION processors[64];
    struct memory_status memory;
    ULONG got = 0;

    memset(&info, 0, sizeof info);
    memory_status(&memory);
    info.AvailablePages = (ULONG)(memory.available / PAGE);
    info.TotalCommitLimit = (ULONG)((memory.total + memory.swap_total) / PAGE);
    info.TotalCommittedPages = info.TotalCommitLimit - (ULONG)((memory.available + memory.swap_free) / PAGE);
    info.PeakCommitment = info.TotalCommittedPages;
    query_processor_performance(processors, sizeof processors, &got);
    for (ULONG i = 0; i < got / sizeof *processors && i < 64; i++)
        info.IdleTime.QuadPart += processors[i].IdleTime.QuadPart;
    return answer(buffer, size, returned, &info, sizeof info);
}

/* Answers that do not change. */
static NTSTATUS query_constant(int class, void *buffer, ULONG size, ULONG *returned)
{
    static const struct {
        USHORT architecture, level, revision, reserved;
        ULONG features;
    } processor = {PROCESSOR_ARCHITECTURE_AMD64, 6, 0x9e0a, 64, 0x3d193fff};
    static const UCHAR no_debugger[3] = {0, 1, 0};
    static const ULONG nothing[2] = {0};
    static const ULONG adjustment[3] = {156250, 156250, TRUE}; /* of the clock: none */
    static const ULONG integrity[2] = {8, 1};                  /* drivers are signed */

    switch (class) {
    case CLASS_PROCESSOR:
        return answer(buffer, size, returned, &processor, sizeof processor);
    case CLASS_MODULE: /* no driver is shown */
        return answer(buffer, size, returned, nothing, sizeof nothing);
    case CLASS_PAGE_FILE: /* nor a page file */
        return answer(buffer, size, returned, nothing, 0);
    case CLASS_TIME_ADJUSTMENT:
        return answer(buffer, size, returned, adjustment, sizeof adjustment);
    case CLASS_KERNEL_DEBUGGER:
        return answer(buffer, size, returned, no_debugger, 2);
    case CLASS_CODE_INTEGRITY:
        return answer(buffer, size, returned, integrity, sizeof integrity);
    case CLASS_KERNEL_DEBUGGER_EX:
        return answer(buffer, size, returned, nothing, 3);
    default:
        return STATUS_INVALID_INFO_CLASS;
    }
}

NTSTATUS WINAPI NtQuerySystemInformation(SYSTEM_INFORMATION_CLASS class, PVOID buffer, ULONG size, PULONG returned)
{
    switch ((int)class) {
    case CLASS_BASIC:
    case CLASS_EMULATION_BASIC:
        return query_basic(buffer, size, returned);
    case CLASS_PERFORMANCE:
        return query_performance(buffer, size, returned);
    case CLASS_TIME_OF_DAY:
        return query_time_of_day(buffer, size, returned);
    case CLASS_PROCESS:
        return sysinfo_processes(buffer, size, returned);
    case CLASS_PROCESSOR_PERFORMANCE:
        return query_processor_performance(buffer, size, returned);
    case CLASS_HANDLE:
    case CLASS_HANDLE_EX:
        return sysinfo_handles(buffer, size, returned, (int)class == CLASS_HANDLE_EX);
    default:
        return query_constant((int)class, buffer, size, returned);
    }
}

/* With a processor group or the like as input: there is one of each. */
NTSTATUS WINAPI NtQuerySystemInformationEx(SYSTEM_INFORMATION_CLASS class, PVOID in, ULONG in_size, PVOID buffer,
                                           ULONG size, PULONG returned)
{
    if (!in || !in_size)
        return STATUS_INVALID_PARAMETER;
    if ((int)class != CLASS_PROCESSOR_PERFORMANCE)
        return STATUS_INVALID_INFO_CLASS;
    return *(const BYTE *)in ? STATUS_INVALID_PARAMETER : query_processor_performance(buffer, size, returned);
}

/* Windows 10 22H2 unless the prefix says otherwise: current programs refuse older ones. */
NTSTATUS WINAPI RtlGetVersion(OSVERSIONINFOEXW *info)
{
    info->dwMajorVersion = process_peb.OSMajorVersion;
    info->dwMinorVersion = process_peb.OSMinorVersion;
    info->dwBuildNumber = process_peb.OSBuildNumber;
    info->dwPlatformId = process_peb.OSPlatformId;
    info->szCSDVersion[0] = 0;
    if (windows_version()->service_pack)
        memcpy(info->szCSDVersion, L"Service Pack 1", sizeof L"Service Pack 1");
    if (info->dwOSVersionInfoSize >= sizeof *info) {
        info->wServicePackMajor = windows_version()->service_pack;
        info->wServicePackMinor = 0;
        info->wSuiteMask = VER_SUITE_SINGLEUSERTS;
        info->wProductType = windows_version()->product_type;
        info->wReserved = 0;
    }
    return STATUS_SUCCESS;
}

void WINAPI RtlGetNtVersionNumbers(ULONG *major, ULONG *minor, ULONG *build)
{
    if (major)
        *major = process_peb.OSMajorVersion;
    if (minor)
        *minor = process_peb.OSMinorVersion;
    if (build)
        *build = 0xf0000000 | process_peb.OSBuildNumber;
}

BOOLEAN WINAPI RtlGetProductInfo(DWORD major, DWORD minor, DWORD service_major, DWORD service_minor, PDWORD product)
{
    (void)minor, (void)service_major, (void)service_minor;
    *product = major < 6 ? PRODUCT_UNDEFINED : PRODUCT_PROFESSIONAL;
    return major >= 6;
}

ULONGLONG WINAPI VerSetConditionMask(ULONGLONG mask, DWORD types, BYTE condition)
{
    for (int bit = 0; bit < 8; bit++)
        if (types & 1u << bit)
            mask |= (ULONGLONG)(condition & 7) << 3 * bit;
    return mask;
}

static bool condition_holds(ULONG have, ULONG wanted, BYTE condition)
{
    switch (condition) {
    case VER_EQUAL:
        return have == wanted;
    case VER_GREATER:
        return have > wanted;
    case VER_GREATER_EQUAL:
        return have >= wanted;
    case VER_LESS:
        return have < wanted;
    case VER_LESS_EQUAL:
        return have <= wanted;
    default:
        return false;
    }
}

/* Major, minor and service pack numbers are compared as one number, by the condition of the first that counts. */
static bool version_holds(const OSVERSIONINFOEXW *have, const OSVERSIONINFOEXW *wanted, DWORD types, ULONGLONG mask)
{
    const struct {
        DWORD type;
        int bit;
        ULONG have, wanted;
    } parts[] = {{VER_MAJORVERSION, 1, have->dwMajorVersion, wanted->dwMajorVersion},
                 {VER_MINORVERSION, 0, have->dwMinorVersion, wanted->dwMinorVersion},
                 {VER_SERVICEPACKMAJOR, 5, have->wServicePackMajor, wanted->wServicePackMajor},
                 {VER_SERVICEPACKMINOR, 4, have->wServicePackMinor, wanted->wServicePackMinor}};
    BYTE condition = 0;

    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        BYTE own = mask >> 3 * parts[i].bit & 7;

        if (!(types & parts[i].type))
            continue;
        if (!condition || (condition == VER_EQUAL && own))
            condition = own;
        if (parts[i].have != parts[i].wanted)
            return condition_holds(parts[i].have, parts[i].wanted, condition);
    }
    return !condition || condition == VER_EQUAL || condition == VER_GREATER_EQUAL || condition == VER_LESS_EQUAL;
}

/* VER_AND: all suites that are asked for; VER_OR: one of them. */
static bool suite_holds(WORD have, WORD wanted, BYTE condition)
{
    return condition == VER_OR ? (have & wanted) != 0 : (have & wanted) == wanted;
}

NTSTATUS version_verify(const OSVERSIONINFOEXW *have, const OSVERSIONINFOEXW *wanted, DWORD types, ULONGLONG mask)
{
    if (!types || !mask)
        return STATUS_INVALID_PARAMETER;
    if ((types & VER_BUILDNUMBER) && !condition_holds(have->dwBuildNumber, wanted->dwBuildNumber, mask >> 6 & 7))
        return STATUS_REVISION_MISMATCH;
    if ((types & VER_PLATFORMID) && !condition_holds(have->dwPlatformId, wanted->dwPlatformId, mask >> 9 & 7))
        return STATUS_REVISION_MISMATCH;
    if ((types & VER_PRODUCT_TYPE) && !condition_holds(have->wProductType, wanted->wProductType, mask >> 21 & 7))
        return STATUS_REVISION_MISMATCH;
    if ((types & VER_SUITENAME) && !suite_holds(have->wSuiteMask, wanted->wSuiteMask, mask >> 18 & 7))
        return STATUS_REVISION_MISMATCH;
    return version_holds(have, wanted, types, mask) ? STATUS_SUCCESS : STATUS_REVISION_MISMATCH;
}

NTSTATUS WINAPI RtlVerifyVersionInfo(const OSVERSIONINFOEXW *wanted, DWORD types, ULONGLONG mask)
{
    OSVERSIONINFOEXW have = {.dwOSVersionInfoSize = sizeof have};

    RtlGetVersion(&have);
    return version_verify(&have, wanted, types, mask);
}

bool host_name(char *name, size_t size)
{
    if (gethostname(name, size))
        return false;
    name[size - 1] = 0;
    return true;
}

bool user_name(char *name, size_t size)
{
    const char *user = path_user();
    if (strlen(user) >= size)
        return false;
    strcpy(name, user);
    return true;
}

unsigned user_id(void)
{
    return getuid();
}
