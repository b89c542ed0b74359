/*
 * psapi.c: modules, memory and names of processes; exported by kernel32 as K32... and by psapi.dll.
 *
 * Layer: kernel32.  The modules of other processes are read from their memory.
 */
#include "ntthread.h"
#include "ntdll/error.h"
#include "ntdll/snapshot.h"
#include <psapi.h>
#include <tlhelp32.h>

#define LAST_ERROR(code) (SetLastError(code), 0)

static bool process_is_own(HANDLE process)
{
    struct process_basic_info info;

    return !NtQueryInformationProcess(process, ProcessBasicInformation, &info, sizeof info, NULL) &&
           info.id == (ULONG_PTR)teb_current()->ClientId.UniqueProcess;
}

/* The modules of another process, to be freed; sets the last error if there are none. */
static ULONG modules_of_other(HANDLE process, struct snapshot_module **modules)
{
    struct process_basic_info info;
    ULONG count;

    *modules = NULL;
    if (!status_to_bool(NtQueryInformationProcess(process, ProcessBasicInformation, &info, sizeof info, NULL)))
        return 0;
    count = module_list_of(process, modules);
    if (!count)
        SetLastError(ERROR_PARTIAL_COPY);
    return count;
}

/* Calls for each module, the program first, until one is taken; returns it. */
static const LDR_DATA_TABLE_ENTRY *module_find(bool (*take)(const LDR_DATA_TABLE_ENTRY *, void *), void *data)
{
    const LIST_ENTRY *list = &peb_current()->Ldr->InLoadOrderModuleList;
    const LDR_DATA_TABLE_ENTRY *found = NULL;

    RtlEnterCriticalSection(peb_current()->LoaderLock);
    for (const LIST_ENTRY *at = list->Flink; at != list && !found; at = at->Flink) {
        const LDR_DATA_TABLE_ENTRY *entry = CONTAINING_RECORD(at, LDR_DATA_TABLE_ENTRY, InLoadOrderLinks);
        if (take(entry, data))
            found = entry;
    }
    RtlLeaveCriticalSection(peb_current()->LoaderLock);
    return found;
}

struct module_list {
    HMODULE *modules;
    DWORD room, count;
};

static bool list_module(const LDR_DATA_TABLE_ENTRY *entry, void *data)
{
    struct module_list *list = data;

    if (list->count < list->room)
        list->modules[list->count] = entry->DllBase;
    list->count++;
    return false;
}

BOOL WINAPI K32EnumProcessModules(HANDLE process, HMODULE *modules, DWORD size, LPDWORD needed)
{
    struct module_list list = {modules, size / sizeof *modules, 0};

    if (process_is_own(process)) {
        module_find(list_module, &list);
    } else {
        struct snapshot_module *other;
        list.count = modules_of_other(process, &other);
        for (DWORD i = 0; i < list.count && i < list.room; i++)
            modules[i] = other[i].base;
        module_list_free(other);
        if (!list.count)
            return FALSE;
    }
    *needed = list.count * sizeof *modules;
    return TRUE;
}

BOOL WINAPI K32EnumProcessModulesEx(HANDLE process, HMODULE *modules, DWORD size, LPDWORD needed, DWORD filter)
{
    (void)filter;
    return K32EnumProcessModules(process, modules, size, needed);
}

static bool is_module(const LDR_DATA_TABLE_ENTRY *entry, void *data)
{
    return !data || entry->DllBase == data;
}

/* What is asked about one module. */
struct module_view {
    void *base, *entry;
    ULONG size;
    UNICODE_STRING name, path;
    struct snapshot_module *list; /* of another process: the texts lie there */
};

static bool view_own(HMODULE module, struct module_view *view)
{
    const LDR_DATA_TABLE_ENTRY *entry = module_find(is_module, module);

    if (entry)
        *view = (struct module_view){entry->DllBase,     entry->EntryPoint,  entry->SizeOfImage,
                                     entry->BaseDllName, entry->FullDllName, NULL};
    return entry != NULL;
}

static bool view_other(struct snapshot_module *list, ULONG count, HMODULE module, struct module_view *view)
{
    for (ULONG i = 0; i < count; i++) {
        if (module && list[i].base != module)
            continue;
        *view = (struct module_view){.base = list[i].base, .entry = list[i].entry, .size = list[i].size, .list = list};
        RtlInitUnicodeString(&view->name, list[i].name);
        RtlInitUnicodeString(&view->path, list[i].path);
        return true;
    }
    module_list_free(list);
    return false;
}

/* To be given back with module_list_free(view->list). */
static bool module_view(HANDLE process, HMODULE module, struct module_view *view)
{
    struct snapshot_module *list;
    bool found;

    if (process_is_own(process)) {
        found = view_own(module, view);
    } else {
        ULONG count = modules_of_other(process, &list);
        if (!count)
            return false;
        found = view_other(list, count, module, view);
    }
    if (!found)
        SetLastError(ERROR_INVALID_HANDLE);
    return found;
}

BOOL WINAPI K32GetModuleInformation(HANDLE process, HMODULE module, LPMODULEINFO info, DWORD size)
{
    struct module_view view;

    if (!module_view(process, module, &view))
        return FALSE;
    module_list_free(view.list);
    if (size < sizeof *info)
        return LAST_ERROR(ERROR_INSUFFICIENT_BUFFER);
    info->lpBaseOfDll = view.base;
    info->SizeOfImage = view.size;
    info->EntryPoint = view.entry;
    return TRUE;
}

/* Copies with a zero; too little room cuts and says ERROR_INSUFFICIENT_BUFFER. Returns the characters. */
static DWORD copy_wide(const UNICODE_STRING *text, WCHAR *out, DWORD room)
{
    DWORD length = text->Length / sizeof(WCHAR);

    if (!room)
        return LAST_ERROR(ERROR_INSUFFICIENT_BUFFER);
    if (length < room) {
        memcpy(out, text->Buffer, text->Length);
        out[length] = 0;
        return length;
    }
    memcpy(out, text->Buffer, (room - 1) * sizeof(WCHAR));
    out[room - 1] = 0;
    SetLastError(ERROR_INSUFFICIENT_BUFFER);
    return room;
}

static DWORD copy_ansi(const UNICODE_STRING *text, char *out, DWORD room)
{
    ANSI_STRING ansi;
    DWORD length;

    if (!room)
        return LAST_ERROR(ERROR_INSUFFICIENT_BUFFER);
    if (!status_to_bool(RtlUnicodeStringToAnsiString(&ansi, (UNICODE_STRING *)text, TRUE)))
        return 0;
    length = ansi.Length < room ? ansi.Length : room - 1;
    memcpy(out, ansi.Buffer, length);
    out[length] = 0;
    if (ansi.Length >= room) {
        SetLastError(ERROR_INSUFFICIENT_BUFFER);
        length = room;
    }
    RtlFreeAnsiString(&ansi);
    return length;
}

/* Of another process the program alone is known. */
static bool is_program_of_other(HANDLE process, HMODULE module)
{
    DWORD id = GetProcessId(process);

    return !module && id && id != GetCurrentProcessId();
}

static DWORD name_of_other(HANDLE process, bool base, LPWSTR name, DWORD size)
{
    WCHAR path[MAX_PATH];
    DWORD length = MAX_PATH, start;
    UNICODE_STRING text;

    if (!QueryFullProcessImageNameW(process, 0, path, &length))
        return 0;
    for (start = length; base && start && path[start - 1] != '\\'; start--)
        ;
    RtlInitUnicodeString(&text, path + (base ? start : 0));
    return copy_wide(&text, name, size);
}

static DWORD name_of_other_ansi(HANDLE process, bool base, LPSTR name, DWORD size)
{
    WCHAR path[MAX_PATH];
    UNICODE_STRING text;

    if (!name_of_other(process, base, path, MAX_PATH))
        return 0;
    RtlInitUnicodeString(&text, path);
    return copy_ansi(&text, name, size);
}

DWORD WINAPI K32GetModuleBaseNameW(HANDLE process, HMODULE module, LPWSTR name, DWORD size)
{
    if (is_program_of_other(process, module))
        return name_of_other(process, true, name, size);
    struct module_view view;
    if (!module_view(process, module, &view))
        return 0;
    DWORD length = copy_wide(&view.name, name, size);
    module_list_free(view.list);
    return length;
}

DWORD WINAPI K32GetModuleBaseNameA(HANDLE process, HMODULE module, LPSTR name, DWORD size)
{
    if (is_program_of_other(process, module))
        return name_of_other_ansi(process, true, name, size);
    struct module_view view;
    if (!module_view(process, module, &view))
        return 0;
    DWORD length = copy_ansi(&view.name, name, size);
    module_list_free(view.list);
    return length;
}

DWORD WINAPI K32GetModuleFileNameExW(HANDLE process, HMODULE module, LPWSTR name, DWORD size)
{
    if (is_program_of_other(process, module))
        return name_of_other(process, false, name, size);
    struct module_view view;
    if (!module_view(process, module, &view))
        return 0;
    DWORD length = copy_wide(&view.path, name, size);
    module_list_free(view.list);
    return length;
}

DWORD WINAPI K32GetModuleFileNameExA(HANDLE process, HMODULE module, LPSTR name, DWORD size)
{
    if (is_program_of_other(process, module))
        return name_of_other_ansi(process, false, name, size);
    struct module_view view;
    if (!module_view(process, module, &view))
        return 0;
    DWORD length = copy_ansi(&view.path, name, size);
    module_list_free(view.list);
    return length;
}

BOOL WINAPI K32EnumProcesses(DWORD *ids, DWORD size, LPDWORD needed)
{
    PROCESSENTRY32W entry = {.dwSize = sizeof entry};
    HANDLE snapshot = CreateToolhelp32Snapshot(TH32CS_SNAPPROCESS, 0);
    DWORD count = 0;

    if (snapshot == INVALID_HANDLE_VALUE)
        return FALSE;
    for (BOOL more = Process32FirstW(snapshot, &entry); more && count < size / sizeof *ids;
         more = Process32NextW(snapshot, &entry))
        ids[count++] = entry.th32ProcessID;
    NtClose(snapshot);
    *needed = count * sizeof *ids;
    return TRUE;
}

BOOL WINAPI K32GetProcessMemoryInfo(HANDLE process, PPROCESS_MEMORY_COUNTERS counters, DWORD size)
{
    struct process_memory_info info;
    PROCESS_MEMORY_COUNTERS_EX *ex = (PROCESS_MEMORY_COUNTERS_EX *)counters;

    if (size < sizeof *counters)
        return LAST_ERROR(ERROR_INSUFFICIENT_BUFFER);
    if (!status_to_bool(
            NtQueryInformationProcess(process, (PROCESSINFOCLASS)PROCESS_MEMORY_INFO, &info, sizeof info, NULL)))
        return FALSE;
    memset(counters, 0, size);
    counters->cb = sizeof *counters;
    counters->PageFaultCount = info.page_faults;
    counters->PeakWorkingSetSize = info.peak_working_set;
    counters->WorkingSetSize = info.working_set;
    counters->QuotaPeakPagedPoolUsage = info.peak_paged_pool;
    counters->QuotaPagedPoolUsage = info.paged_pool;
    counters->QuotaPeakNonPagedPoolUsage = info.peak_nonpaged_pool;
    counters->QuotaNonPagedPoolUsage = info.nonpaged_pool;
    counters->PagefileUsage = info.pagefile;
    counters->PeakPagefileUsage = info.peak_pagefile;
    if (size >= sizeof *ex) {
        ex->cb = sizeof *ex;
        ex->PrivateUsage = info.private_bytes;
    }
    return TRUE;
}

BOOL WINAPI K32EmptyWorkingSet(HANDLE process)
{
    return GetProcessId(process) != 0; /* nothing to do */
}

/* Asks for a name of the process; `info` holds the string and its text. */
static bool query_name(HANDLE process, ULONG class, void *info, ULONG size)
{
    return status_to_bool(NtQueryInformationProcess(process, (PROCESSINFOCLASS) class, info, size, NULL));
}

struct name_buffer {
    UNICODE_STRING name;
    WCHAR text[2048];
};

DWORD WINAPI K32GetProcessImageFileNameW(HANDLE process, LPWSTR name, DWORD size)
{
    struct name_buffer buffer;

    return query_name(process, PROCESS_IMAGE_NAME_INFO, &buffer, sizeof buffer) ? copy_wide(&buffer.name, name, size)
                                                                                : 0;
}

DWORD WINAPI K32GetProcessImageFileNameA(HANDLE process, LPSTR name, DWORD size)
{
    struct name_buffer buffer;

    return query_name(process, PROCESS_IMAGE_NAME_INFO, &buffer, sizeof buffer) ? copy_ansi(&buffer.name, name, size)
                                                                                : 0;
}

BOOL WINAPI QueryFullProcessImageNameW(HANDLE process, DWORD flags, LPWSTR name, PDWORD size)
{
    struct name_buffer buffer;
    ULONG class = flags & PROCESS_NAME_NATIVE ? PROCESS_IMAGE_NAME_INFO : PROCESS_IMAGE_NAME_WIN32_INFO;

    if (!query_name(process, class, &buffer, sizeof buffer))
        return FALSE;
    if (buffer.name.Length / sizeof(WCHAR) >= *size)
        return LAST_ERROR(ERROR_INSUFFICIENT_BUFFER);
    *size = copy_wide(&buffer.name, name, *size);
    return TRUE;
}

BOOL WINAPI QueryFullProcessImageNameA(HANDLE process, DWORD flags, LPSTR name, PDWORD size)
{
    struct name_buffer buffer;
    ULONG class = flags & PROCESS_NAME_NATIVE ? PROCESS_IMAGE_NAME_INFO : PROCESS_IMAGE_NAME_WIN32_INFO;
    DWORD length;

    if (!query_name(process, class, &buffer, sizeof buffer))
        return FALSE;
    length = copy_ansi(&buffer.name, name, *size);
    if (!length || length == *size)
        return FALSE;
    *size = length;
    return TRUE;
}

/* In pages; the kernel's own pools are not known. */
BOOL WINAPI K32GetPerformanceInfo(PPERFORMANCE_INFORMATION info, DWORD size)
{
    MEMORYSTATUSEX memory = {.dwLength = sizeof memory};
    PROCESSENTRY32W entry = {.dwSize = sizeof entry};
    HANDLE snapshot;
    DWORD handles;

    if (size < sizeof *info)
        return LAST_ERROR(ERROR_BAD_LENGTH);
    GlobalMemoryStatusEx(&memory);
    GetProcessHandleCount(GetCurrentProcess(), &handles);
    *info = (PERFORMANCE_INFORMATION){
        .cb = sizeof *info,
        .CommitTotal = (memory.ullTotalPageFile - memory.ullAvailPageFile) / 4096,
        .CommitLimit = memory.ullTotalPageFile / 4096,
        .PhysicalTotal = memory.ullTotalPhys / 4096,
        .PhysicalAvailable = memory.ullAvailPhys / 4096,
        .PageSize = 4096,
        .HandleCount = handles,
    };
    info->CommitPeak = info->CommitTotal;
    snapshot = CreateToolhelp32Snapshot(TH32CS_SNAPPROCESS, 0);
    if (snapshot == INVALID_HANDLE_VALUE)
        return FALSE;
    for (BOOL more = Process32FirstW(snapshot, &entry); more; more = Process32NextW(snapshot, &entry)) {
        info->ProcessCount++;
        info->ThreadCount += entry.cntThreads;
    }
    NtClose(snapshot);
    return TRUE;
}

/* No driver is shown. */
BOOL WINAPI K32EnumDeviceDrivers(LPVOID *bases, DWORD size, LPDWORD needed)
{
    (void)bases, (void)size;
    *needed = 0;
    return TRUE;
}

DWORD WINAPI K32GetDeviceDriverBaseNameW(LPVOID base, LPWSTR name, DWORD size)
{
    (void)base, (void)name, (void)size;
    return LAST_ERROR(ERROR_INVALID_HANDLE);
}

DWORD WINAPI K32GetDeviceDriverBaseNameA(LPVOID base, LPSTR name, DWORD size)
{
    (void)base, (void)name, (void)size;
    return LAST_ERROR(ERROR_INVALID_HANDLE);
}

DWORD WINAPI K32GetDeviceDriverFileNameW(LPVOID base, LPWSTR name, DWORD size)
{
    (void)base, (void)name, (void)size;
    return LAST_ERROR(ERROR_INVALID_HANDLE);
}

DWORD WINAPI K32GetDeviceDriverFileNameA(LPVOID base, LPSTR name, DWORD size)
{
    (void)base, (void)name, (void)size;
    return LAST_ERROR(ERROR_INVALID_HANDLE);
}
