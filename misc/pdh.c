/*
 * pdh.c: pdh.dll: performance counters by their paths: those of the processors, memory, the system and this process
 * that kernel32 can answer.
 *
 * Layer: above kernel32.  A counter remembers the numbers of the last two collections, from which rates are made.
 */
#include <string.h>
#include "win.h"
#include "ntdll/nls.h"
#include <pdh.h>
#include <pdhmsg.h>
#include <psapi.h>

enum kind {
    CPU_BUSY,
    CPU_IDLE,
    CPU_KERNEL,
    CPU_USER,
    MEMORY_BYTES,
    MEMORY_KB,
    MEMORY_MB,
    MEMORY_COMMITTED,
    MEMORY_LIMIT,
    SYSTEM_PROCESSES,
    SYSTEM_UP,
    PROCESS_CPU,
    PROCESS_WORKING,
    PROCESS_PRIVATE
};

/* Objects, their counters, and which instance each may be asked for. */
static const struct {
    WCHAR object[12], counter[24];
    enum kind kind;
} counters[] = {
    {L"Processor", L"% Processor Time", CPU_BUSY},    {L"Processor", L"% Idle Time", CPU_IDLE},
    {L"Processor", L"% Privileged Time", CPU_KERNEL}, {L"Processor", L"% User Time", CPU_USER},
    {L"Memory", L"Available Bytes", MEMORY_BYTES},    {L"Memory", L"Available KBytes", MEMORY_KB},
    {L"Memory", L"Available MBytes", MEMORY_MB},      {L"Memory", L"Committed Bytes", MEMORY_COMMITTED},
    {L"Memory", L"Commit Limit", MEMORY_LIMIT},       {L"System", L"Processes", SYSTEM_PROCESSES},
    {L"System", L"System Up Time", SYSTEM_UP},        {L"Process", L"% Processor Time", PROCESS_CPU},
    {L"Process", L"Working Set", PROCESS_WORKING},    {L"Process", L"Private Bytes", PROCESS_PRIVATE},
};
#define COUNTER_COUNT (sizeof counters / sizeof *counters)

struct sample {
    ULONGLONG value, base; /* of rates: 100 ns spent, 100 ns passed */
};

struct counter {
    struct counter *next;
    struct query *query;
    enum kind kind;
    DWORD_PTR user;
    unsigned collected; /* how often, up to two */
    struct sample now, before;
};

struct query {
    DWORD magic;
    struct counter *counters;
};
#define QUERY_MAGIC 0x70646851u

static HANDLE heap(void)
{
    return peb_current()->ProcessHeap;
}

static struct query *query_get(PDH_HQUERY handle)
{
    struct query *query = handle;

    return query && query->magic == QUERY_MAGIC ? query : NULL;
}

PDH_FUNCTION PdhOpenQueryW(LPCWSTR source, DWORD_PTR user, PDH_HQUERY *handle)
{
    struct query *query;

    (void)user;
    if (!handle)
        return PDH_INVALID_ARGUMENT;
    if (source && *source) /* a log file */
        return PDH_FILE_NOT_FOUND;
    query = RtlAllocateHeap(heap(), HEAP_ZERO_MEMORY, sizeof *query);
    if (!query)
        return PDH_MEMORY_ALLOCATION_FAILURE;
    query->magic = QUERY_MAGIC;
    *handle = query;
    return ERROR_SUCCESS;
}

PDH_FUNCTION PdhOpenQueryA(LPCSTR source, DWORD_PTR user, PDH_HQUERY *handle)
{
    return PdhOpenQueryW(source && *source ? L"?" : NULL, user, handle);
}

PDH_FUNCTION PdhRemoveCounter(PDH_HCOUNTER handle)
{
    struct counter *counter = handle;

    if (!counter)
        return PDH_INVALID_HANDLE;
    for (struct counter **at = &counter->query->counters; *at; at = &(*at)->next) {
        if (*at != counter)
            continue;
        *at = counter->next;
        RtlFreeHeap(heap(), 0, counter);
        return ERROR_SUCCESS;
    }
    return PDH_INVALID_HANDLE;
}

PDH_FUNCTION PdhCloseQuery(PDH_HQUERY handle)
{
    struct query *query = query_get(handle);

    if (!query)
        return PDH_INVALID_HANDLE;
    while (query->counters)
        PdhRemoveCounter(query->counters);
    query->magic = 0;
    RtlFreeHeap(heap(), 0, query);
    return ERROR_SUCCESS;
}

/* ---- paths: \\machine\object(instance)\counter ---- */

struct path {
    WCHAR object[64], instance[64], counter[64];
};

static bool take(const WCHAR **at, WCHAR stop, WCHAR also, WCHAR *out)
{
    size_t length = 0;

    while (**at && **at != stop && **at != also && length < 63)
        out[length++] = *(*at)++;
    out[length] = 0;
    return length != 0;
}

static bool path_parse(const WCHAR *text, struct path *path)
{
    memset(path, 0, sizeof *path);
    if (text[0] == '\\' && text[1] == '\\')
        for (text += 2; *text && *text != '\\';)
            text++;
    if (*text++ != '\\' || !take(&text, '\\', '(', path->object))
        return false;
    if (*text == '(') {
        text++;
        if (!take(&text, ')', ')', path->instance) || *text++ != ')')
            return false;
    }
    return *text++ == '\\' && take(&text, 0, 0, path->counter);
}

static bool instance_good(enum kind kind, const WCHAR *instance)
{
    WCHAR program[MAX_PATH], *name = program;

    if (kind <= CPU_USER) /* the sum of all; one processor's share is not counted apart */
        return wide_compare_nocase(instance, L"_Total") == 0;
    if (kind < PROCESS_CPU)
        return !*instance;
    GetModuleFileNameW(NULL, program, MAX_PATH);
    for (WCHAR *at = program; *at; at++)
        if (*at == '\\')
            name = at + 1;
    for (WCHAR *at = name; *at; at++)
        if (*at == '.' && wide_compare_nocase(at, L".exe") == 0) {
            *at = 0;
            break;
        }
    return wide_compare_nocase(instance, name) == 0;
}

static PDH_STATUS path_find(LPCWSTR text, enum kind *kind)
{
    PDH_STATUS status = PDH_CSTATUS_NO_OBJECT;
    struct path path;

    if (!path_parse(text, &path))
        return PDH_CSTATUS_BAD_COUNTERNAME;
    for (size_t i = 0; i < COUNTER_COUNT; i++) {
        if (wide_compare_nocase(path.object, counters[i].object) != 0)
            continue;
        status = PDH_CSTATUS_NO_COUNTER;
        if (wide_compare_nocase(path.counter, counters[i].counter) != 0)
            continue;
        *kind = counters[i].kind;
        return instance_good(*kind, path.instance) ? ERROR_SUCCESS : (PDH_STATUS)PDH_CSTATUS_NO_INSTANCE;
    }
    return status;
}

PDH_FUNCTION PdhValidatePathW(LPCWSTR path)
{
    enum kind kind;

    return path ? path_find(path, &kind) : (PDH_STATUS)PDH_INVALID_ARGUMENT;
}

PDH_FUNCTION PdhValidatePathA(LPCSTR path)
{
    WCHAR *wide = wide_from_ansi(path);
    PDH_STATUS status = PdhValidatePathW(wide);

    RtlFreeHeap(peb_current()->ProcessHeap, 0, wide);
    return status;
}

PDH_FUNCTION PdhAddEnglishCounterW(PDH_HQUERY handle, LPCWSTR path, DWORD_PTR user, PDH_HCOUNTER *result)
{
    struct query *query = query_get(handle);
    struct counter *counter;
    PDH_STATUS status;
    enum kind kind;

    if (!path || !result)
        return PDH_INVALID_ARGUMENT;
    if (!query)
        return PDH_INVALID_HANDLE;
    status = path_find(path, &kind);
    if (status)
        return status;
    counter = RtlAllocateHeap(heap(), HEAP_ZERO_MEMORY, sizeof *counter);
    if (!counter)
        return PDH_MEMORY_ALLOCATION_FAILURE;
    *counter = (struct counter){query->counters, query, kind, user, 0, {0, 0}, {0, 0}};
    query->counters = counter;
    *result = counter;
    return ERROR_SUCCESS;
}

PDH_FUNCTION PdhAddEnglishCounterA(PDH_HQUERY handle, LPCSTR path, DWORD_PTR user, PDH_HCOUNTER *result)
{
    WCHAR *wide = wide_from_ansi(path);
    PDH_STATUS status = PdhAddEnglishCounterW(handle, wide, user, result);

    RtlFreeHeap(heap(), 0, wide);
    return status;
}

/* The language is English. */
PDH_FUNCTION PdhAddCounterW(PDH_HQUERY handle, LPCWSTR path, DWORD_PTR user, PDH_HCOUNTER *result)
{
    return PdhAddEnglishCounterW(handle, path, user, result);
}

PDH_FUNCTION PdhAddCounterA(PDH_HQUERY handle, LPCSTR path, DWORD_PTR user, PDH_HCOUNTER *result)
{
    return PdhAddEnglishCounterA(handle, path, user, result);
}

/* ---- values ---- */

static ULONGLONG ticks(FILETIME time)
{
    return (ULONGLONG)time.dwHighDateTime << 32 | time.dwLowDateTime;
}

static struct sample sample_processor(enum kind kind)
{
    FILETIME idle, kernel, user; /* kernel time includes idle time */
    ULONGLONG all, spent;

    GetSystemTimes(&idle, &kernel, &user);
    all = ticks(kernel) + ticks(user);
    spent = kind == CPU_BUSY     ? all - ticks(idle)
            : kind == CPU_IDLE   ? ticks(idle)
            : kind == CPU_KERNEL ? ticks(kernel) - ticks(idle)
                                 : ticks(user);
    return (struct sample){spent, all};
}

static struct sample sample_process(void)
{
    FILETIME start, end, kernel, user, now;

    GetProcessTimes(GetCurrentProcess(), &start, &end, &kernel, &user);
    GetSystemTimeAsFileTime(&now);
    return (struct sample){ticks(kernel) + ticks(user), ticks(now)};
}

static ULONGLONG sample_number(enum kind kind)
{
    MEMORYSTATUSEX memory = {.dwLength = sizeof memory};
    PROCESS_MEMORY_COUNTERS_EX process = {.cb = sizeof process};
    PERFORMANCE_INFORMATION performance = {.cb = sizeof performance};

    switch (kind) {
    case SYSTEM_UP:
        return GetTickCount64() / 1000;
    case SYSTEM_PROCESSES:
        K32GetPerformanceInfo(&performance, sizeof performance);
        return performance.ProcessCount;
    case PROCESS_WORKING:
    case PROCESS_PRIVATE:
        K32GetProcessMemoryInfo(GetCurrentProcess(), (PROCESS_MEMORY_COUNTERS *)&process, sizeof process);
        return kind == PROCESS_WORKING ? process.WorkingSetSize : process.PrivateUsage;
    default:
        GlobalMemoryStatusEx(&memory);
        return kind == MEMORY_BYTES       ? memory.ullAvailPhys
               : kind == MEMORY_KB        ? memory.ullAvailPhys >> 10
               : kind == MEMORY_MB        ? memory.ullAvailPhys >> 20
               : kind == MEMORY_COMMITTED ? memory.ullTotalPageFile - memory.ullAvailPageFile
                                          : memory.ullTotalPageFile;
    }
}

static bool is_rate(enum kind kind)
{
    return kind <= CPU_USER || kind == PROCESS_CPU;
}

PDH_FUNCTION PdhCollectQueryData(PDH_HQUERY handle)
{
    struct query *query = query_get(handle);

    if (!query)
        return PDH_INVALID_HANDLE;
    if (!query->counters)
        return PDH_NO_DATA;
    for (struct counter *counter = query->counters; counter; counter = counter->next) {
        counter->before = counter->now;
        counter->now = counter->kind <= CPU_USER      ? sample_processor(counter->kind)
                       : counter->kind == PROCESS_CPU ? sample_process()
                                                      : (struct sample){sample_number(counter->kind), 0};
        counter->collected += counter->collected < 2;
    }
    return ERROR_SUCCESS;
}

PDH_FUNCTION PdhGetFormattedCounterValue(PDH_HCOUNTER handle, DWORD format, LPDWORD type, PPDH_FMT_COUNTERVALUE value)
{
    struct counter *counter = handle;
    DWORD wanted = format & (PDH_FMT_LONG | PDH_FMT_DOUBLE | PDH_FMT_LARGE);
    double number;

    if (!counter)
        return PDH_INVALID_HANDLE;
    if (!value || !wanted || wanted & (wanted - 1))
        return PDH_INVALID_ARGUMENT;
    if (type)
        *type = is_rate(counter->kind) ? PERF_100NSEC_TIMER : PERF_COUNTER_LARGE_RAWCOUNT;
    value->CStatus = PDH_CSTATUS_INVALID_DATA;
    if (counter->collected < (is_rate(counter->kind) ? 2u : 1u))
        return PDH_INVALID_DATA;
    number = (double)counter->now.value;
    if (is_rate(counter->kind)) {
        ULONGLONG passed = counter->now.base - counter->before.base;

        number = passed ? 100.0 * (double)(counter->now.value - counter->before.value) / (double)passed : 0;
        if (number > 100 && !(format & PDH_FMT_NOCAP100))
            number = 100;
    }
    if (format & PDH_FMT_1000)
        number *= 1000;
    value->CStatus = PDH_CSTATUS_VALID_DATA;
    if (wanted == PDH_FMT_LONG)
        value->longValue = (LONG)number;
    else if (wanted == PDH_FMT_LARGE)
        value->largeValue = (LONGLONG)number;
    else
        value->doubleValue = number;
    return ERROR_SUCCESS;
}

/* ---- the objects' names, each once, as a list of strings ---- */

PDH_FUNCTION PdhEnumObjectsW(LPCWSTR source, LPCWSTR machine, LPWSTR list, LPDWORD size, DWORD detail, BOOL refresh)
{
    static const WCHAR names[] = L"Memory\0Process\0Processor\0System\0";
    DWORD needed = sizeof names / sizeof *names;

    (void)source, (void)machine, (void)detail, (void)refresh;
    if (!size || (*size && !list))
        return PDH_INVALID_ARGUMENT;
    if (*size < needed) {
        *size = needed;
        return PDH_MORE_DATA;
    }
    memcpy(list, names, sizeof names);
    *size = needed;
    return ERROR_SUCCESS;
}

PDH_FUNCTION PdhEnumObjectsA(LPCSTR source, LPCSTR machine, LPSTR list, LPDWORD size, DWORD detail, BOOL refresh)
{
    WCHAR wide[64];
    DWORD room = 64;
    PDH_STATUS status;

    (void)source, (void)machine;
    if (!size || (*size && !list))
        return PDH_INVALID_ARGUMENT;
    status = PdhEnumObjectsW(NULL, NULL, wide, &room, detail, refresh);
    if (!status && *size < room)
        status = PDH_MORE_DATA;
    for (DWORD i = 0; !status && i < room; i++)
        list[i] = (char)wide[i];
    *size = room;
    return status;
}
