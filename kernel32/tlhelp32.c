/*
 * tlhelp32.c: snapshots of the prefix's processes, threads and modules.
 *
 * Layer: kernel32, over ntdll/snapshot.h.
 */
#include "ntthread.h"
#include "ntdll/error.h"
#include "ntdll/snapshot.h"
#include <tlhelp32.h>

HANDLE WINAPI CreateToolhelp32Snapshot(DWORD flags, DWORD process)
{
    ULONG parts = 0;
    HANDLE handle;

    if (flags & TH32CS_SNAPPROCESS)
        parts |= 1 << SNAPSHOT_PROCESSES;
    if (flags & TH32CS_SNAPTHREAD)
        parts |= 1 << SNAPSHOT_THREADS;
    if (flags & (TH32CS_SNAPMODULE | TH32CS_SNAPMODULE32))
        parts |= 1 << SNAPSHOT_MODULES;
    return status_to_bool(snapshot_create(parts, process, (flags & TH32CS_INHERIT) != 0, &handle))
               ? handle
               : INVALID_HANDLE_VALUE;
}

static void process_fill(const struct snapshot_process *process, PROCESSENTRY32W *entry)
{
    memset((char *)entry + sizeof entry->dwSize, 0, sizeof *entry - sizeof entry->dwSize);
    entry->th32ProcessID = process->id;
    entry->th32ParentProcessID = process->parent;
    entry->cntThreads = process->threads;
    entry->pcPriClassBase = 8;
    memcpy(entry->szExeFile, process->name, sizeof process->name);
}

static bool size_is(DWORD size, size_t least)
{
    if (size < least)
        SetLastError(ERROR_BAD_LENGTH);
    return size >= least;
}

static BOOL process_entry(HANDLE handle, bool first, PROCESSENTRY32W *entry)
{
    struct snapshot *snapshot;
    ULONG index;

    if (!size_is(entry->dwSize, sizeof *entry) ||
        !status_to_bool(snapshot_next(handle, SNAPSHOT_PROCESSES, first, &snapshot, &index)))
        return FALSE;
    process_fill(&snapshot->processes[index], entry);
    object_release(&snapshot->object);
    return TRUE;
}

BOOL WINAPI Process32FirstW(HANDLE snapshot, LPPROCESSENTRY32W entry)
{
    return process_entry(snapshot, true, entry);
}

BOOL WINAPI Process32NextW(HANDLE snapshot, LPPROCESSENTRY32W entry)
{
    return process_entry(snapshot, false, entry);
}

/* Text in the ANSI code page, cut to `room` bytes with its zero. */
static void to_ansi(char *out, size_t room, const WCHAR *text)
{
    UNICODE_STRING wide;
    ANSI_STRING ansi = {0, (USHORT)(room - 1), out};

    RtlInitUnicodeString(&wide, text);
    memset(out, 0, room);
    RtlUnicodeStringToAnsiString(&ansi, &wide, FALSE);
}

static BOOL process_entry_ansi(HANDLE handle, bool first, PROCESSENTRY32 *entry)
{
    PROCESSENTRY32W wide = {.dwSize = sizeof wide};

    if (!size_is(entry->dwSize, sizeof *entry) || !process_entry(handle, first, &wide))
        return FALSE;
    memcpy((char *)entry + sizeof entry->dwSize, (char *)&wide + sizeof wide.dwSize,
           offsetof(PROCESSENTRY32, szExeFile) - sizeof entry->dwSize);
    to_ansi(entry->szExeFile, sizeof entry->szExeFile, wide.szExeFile);
    return TRUE;
}

BOOL WINAPI Process32First(HANDLE snapshot, LPPROCESSENTRY32 entry)
{
    return process_entry_ansi(snapshot, true, entry);
}

BOOL WINAPI Process32Next(HANDLE snapshot, LPPROCESSENTRY32 entry)
{
    return process_entry_ansi(snapshot, false, entry);
}

static BOOL thread_entry(HANDLE handle, bool first, THREADENTRY32 *entry)
{
    struct snapshot *snapshot;
    ULONG index;

    if (!size_is(entry->dwSize, sizeof *entry) ||
        !status_to_bool(snapshot_next(handle, SNAPSHOT_THREADS, first, &snapshot, &index)))
        return FALSE;
    entry->cntUsage = 0;
    entry->th32ThreadID = snapshot->threads[index].id;
    entry->th32OwnerProcessID = snapshot->threads[index].owner;
    entry->tpBasePri = 8;
    entry->tpDeltaPri = 0;
    entry->dwFlags = 0;
    object_release(&snapshot->object);
    return TRUE;
}

BOOL WINAPI Thread32First(HANDLE snapshot, LPTHREADENTRY32 entry)
{
    return thread_entry(snapshot, true, entry);
}

BOOL WINAPI Thread32Next(HANDLE snapshot, LPTHREADENTRY32 entry)
{
    return thread_entry(snapshot, false, entry);
}

static BOOL module_entry(HANDLE handle, bool first, MODULEENTRY32W *entry)
{
    struct snapshot *snapshot;
    const struct snapshot_module *module;
    ULONG index;

    if (!size_is(entry->dwSize, sizeof *entry) ||
        !status_to_bool(snapshot_next(handle, SNAPSHOT_MODULES, first, &snapshot, &index)))
        return FALSE;
    module = &snapshot->modules[index];
    entry->th32ModuleID = 1;
    entry->th32ProcessID = snapshot->module_owner;
    entry->GlblcntUsage = entry->ProccntUsage = 0xffff;
    entry->modBaseAddr = module->base;
    entry->modBaseSize = module->size;
    entry->hModule = module->base;
    memcpy(entry->szModule, module->name, sizeof entry->szModule);
    memcpy(entry->szExePath, module->path, sizeof entry->szExePath);
    object_release(&snapshot->object);
    return TRUE;
}

BOOL WINAPI Module32FirstW(HANDLE snapshot, LPMODULEENTRY32W entry)
{
    return module_entry(snapshot, true, entry);
}

BOOL WINAPI Module32NextW(HANDLE snapshot, LPMODULEENTRY32W entry)
{
    return module_entry(snapshot, false, entry);
}

static BOOL module_entry_ansi(HANDLE handle, bool first, MODULEENTRY32 *entry)
{
    MODULEENTRY32W wide = {.dwSize = sizeof wide};

    if (!size_is(entry->dwSize, sizeof *entry) || !module_entry(handle, first, &wide))
        return FALSE;
    memcpy((char *)entry + sizeof entry->dwSize, (char *)&wide + sizeof wide.dwSize,
           offsetof(MODULEENTRY32, szModule) - sizeof entry->dwSize);
    to_ansi(entry->szModule, sizeof entry->szModule, wide.szModule);
    to_ansi(entry->szExePath, sizeof entry->szExePath, wide.szExePath);
    return TRUE;
}

BOOL WINAPI Module32First(HANDLE snapshot, LPMODULEENTRY32 entry)
{
    return module_entry_ansi(snapshot, true, entry);
}

BOOL WINAPI Module32Next(HANDLE snapshot, LPMODULEENTRY32 entry)
{
    return module_entry_ansi(snapshot, false, entry);
}
