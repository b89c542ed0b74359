/*
 * werapi.c: what a program registers for the case that it crashes: restart, recovery, files and memory for the report.
 *
 * Layer: kernel32.  Registrations are kept, so that they can be asked for and taken back; as on a machine whose error
 * reporting is off, nobody collects them.
 */
#include <string.h>
#include "ntdll/error.h"
#include "ntdll/nls.h"

#define MOST_ENTRIES 512 /* WER_MAX_REGISTERED_ENTRIES */
#define MOST_MEMORY 65536
#define MOST_COMMAND 1024 /* RESTART_MAX_CMD_LINE */
#define NO_MEMORY HRESULT_FROM_WIN32(ERROR_NOT_ENOUGH_MEMORY)

static RTL_SRWLOCK lock = RTL_SRWLOCK_INIT;

/* ---- restart and recovery ---- */

static struct {
    bool registered;
    DWORD flags;
    WCHAR command[MOST_COMMAND];
} * restart;

static struct {
    APPLICATION_RECOVERY_CALLBACK callback;
    PVOID parameter;
    DWORD interval, flags;
} recovery;

static bool is_own_process(HANDLE process)
{
    return GetProcessId(process) == GetCurrentProcessId();
}

HRESULT WINAPI RegisterApplicationRestart(PCWSTR command, DWORD flags)
{
    size_t length = command ? wide_length(command) : 0;
    HRESULT result = S_OK;

    if (flags & ~15u || length >= MOST_COMMAND)
        return E_INVALIDARG;
    RtlAcquireSRWLockExclusive(&lock);
    if (!restart)
        restart = RtlAllocateHeap(peb_current()->ProcessHeap, HEAP_ZERO_MEMORY, sizeof *restart);
    if (restart) {
        restart->registered = true;
        restart->flags = flags;
        memcpy(restart->command, command ? command : u"", (length + 1) * sizeof(WCHAR));
    } else {
        result = NO_MEMORY;
    }
    RtlReleaseSRWLockExclusive(&lock);
    return result;
}

HRESULT WINAPI UnregisterApplicationRestart(void)
{
    RtlAcquireSRWLockExclusive(&lock);
    if (restart)
        restart->registered = false;
    RtlReleaseSRWLockExclusive(&lock);
    return S_OK;
}

HRESULT WINAPI GetApplicationRestartSettings(HANDLE process, PWSTR command, PDWORD size, PDWORD flags)
{
    HRESULT result = HRESULT_FROM_WIN32(ERROR_NOT_FOUND);
    DWORD needed;

    if (!process || (command && !size))
        return E_INVALIDARG;
    if (!is_own_process(process))
        return result;
    RtlAcquireSRWLockShared(&lock);
    if (restart && restart->registered) {
        needed = (DWORD)wide_length(restart->command) + 1;
        result = command && *size < needed ? HRESULT_FROM_WIN32(ERROR_INSUFFICIENT_BUFFER) : S_OK;
        if (result == S_OK && command)
            memcpy(command, restart->command, needed * sizeof *command);
        if (result == S_OK && flags)
            *flags = restart->flags;
        if (size)
            *size = needed;
    }
    RtlReleaseSRWLockShared(&lock);
    return result;
}

HRESULT WINAPI RegisterApplicationRecoveryCallback(APPLICATION_RECOVERY_CALLBACK callback, PVOID parameter,
                                                   DWORD interval, DWORD flags)
{
    if (!callback || interval > 300000 || flags)
        return E_INVALIDARG;
    RtlAcquireSRWLockExclusive(&lock);
    recovery.callback = callback;
    recovery.parameter = parameter;
    recovery.interval = interval ? interval : 5000;
    recovery.flags = flags;
    RtlReleaseSRWLockExclusive(&lock);
    return S_OK;
}

HRESULT WINAPI UnregisterApplicationRecoveryCallback(void)
{
    RtlAcquireSRWLockExclusive(&lock);
    recovery.callback = NULL;
    RtlReleaseSRWLockExclusive(&lock);
    return S_OK;
}

HRESULT WINAPI GetApplicationRecoveryCallback(HANDLE process, APPLICATION_RECOVERY_CALLBACK *callback, PVOID *parameter,
                                              PDWORD interval, PDWORD flags)
{
    HRESULT result = S_FALSE;

    if (!process || !callback || !parameter)
        return E_INVALIDARG;
    RtlAcquireSRWLockShared(&lock);
    if (is_own_process(process) && recovery.callback) {
        *callback = recovery.callback;
        *parameter = recovery.parameter;
        if (interval)
            *interval = recovery.interval;
        if (flags)
            *flags = recovery.flags;
        result = S_OK;
    }
    RtlReleaseSRWLockShared(&lock);
    return result;
}

/* Only a recovery callback may ask, and nobody calls one. */
HRESULT WINAPI ApplicationRecoveryInProgress(PBOOL cancelled)
{
    return cancelled ? E_FAIL : E_INVALIDARG;
}

void WINAPI ApplicationRecoveryFinished(BOOL success)
{
    (void)success;
}

/* ---- what goes into a report ---- */

enum entry_kind { ENTRY_FILE, ENTRY_MEMORY, ENTRY_EXCLUDED, ENTRY_PROCESS, ENTRY_METADATA, ENTRY_DUMP };

/* Named by a text or by a number: the other is NULL or 0. */
struct entry {
    struct entry *next;
    enum entry_kind kind;
    ULONG_PTR number;
    WCHAR text[];
};

static struct entry *entries;
static unsigned entry_count;

static struct entry **entry_find(enum entry_kind kind, const WCHAR *text, ULONG_PTR number)
{
    struct entry **at = &entries;

    for (; *at; at = &(*at)->next)
        if ((*at)->kind == kind && (*at)->number == number && !wide_compare_nocase((*at)->text, text))
            return at;
    return NULL;
}

static HRESULT entry_add(enum entry_kind kind, const WCHAR *text, ULONG_PTR number)
{
    size_t size = (wide_length(text) + 1) * sizeof *text;
    HRESULT result = S_OK;
    struct entry *entry;

    RtlAcquireSRWLockExclusive(&lock);
    if (entry_find(kind, text, number)) {
        /* once is enough */
    } else if (entry_count >= MOST_ENTRIES) {
        result = HRESULT_FROM_WIN32(ERROR_INSUFFICIENT_BUFFER);
    } else if (!(entry = RtlAllocateHeap(peb_current()->ProcessHeap, 0, sizeof *entry + size))) {
        result = NO_MEMORY;
    } else {
        entry->next = entries;
        entry->kind = kind;
        entry->number = number;
        memcpy(entry->text, text, size);
        entries = entry;
        entry_count++;
    }
    RtlReleaseSRWLockExclusive(&lock);
    return result;
}

static HRESULT entry_remove(enum entry_kind kind, const WCHAR *text, ULONG_PTR number)
{
    struct entry **at, *gone = NULL;

    RtlAcquireSRWLockExclusive(&lock);
    at = entry_find(kind, text, number);
    if (at) {
        gone = *at;
        *at = gone->next;
        entry_count--;
        RtlFreeHeap(peb_current()->ProcessHeap, 0, gone);
    }
    RtlReleaseSRWLockExclusive(&lock);
    return gone ? S_OK : HRESULT_FROM_WIN32(ERROR_NOT_FOUND);
}

HRESULT WINAPI WerRegisterFile(PCWSTR file, ULONG type, DWORD flags)
{
    if (!file || !*file || type < 1 || type > 2 || flags & ~3u)
        return E_INVALIDARG;
    return entry_add(ENTRY_FILE, file, 0);
}

HRESULT WINAPI WerUnregisterFile(PCWSTR file)
{
    return file ? entry_remove(ENTRY_FILE, file, 0) : E_INVALIDARG;
}

HRESULT WINAPI WerRegisterMemoryBlock(PVOID address, DWORD size)
{
    return address && size && size <= MOST_MEMORY ? entry_add(ENTRY_MEMORY, u"", (ULONG_PTR)address) : E_INVALIDARG;
}

HRESULT WINAPI WerUnregisterMemoryBlock(PVOID address)
{
    return entry_remove(ENTRY_MEMORY, u"", (ULONG_PTR)address);
}

HRESULT WINAPI WerRegisterExcludedMemoryBlock(const void *address, DWORD size)
{
    return address && size ? entry_add(ENTRY_EXCLUDED, u"", (ULONG_PTR)address) : E_INVALIDARG;
}

HRESULT WINAPI WerUnregisterExcludedMemoryBlock(const void *address)
{
    return entry_remove(ENTRY_EXCLUDED, u"", (ULONG_PTR)address);
}

HRESULT WINAPI WerRegisterAdditionalProcess(DWORD process, DWORD thread)
{
    (void)thread;
    return process ? entry_add(ENTRY_PROCESS, u"", process) : E_INVALIDARG;
}

HRESULT WINAPI WerUnregisterAdditionalProcess(DWORD process)
{
    return entry_remove(ENTRY_PROCESS, u"", process);
}

HRESULT WINAPI WerRegisterCustomMetadata(PCWSTR key, PCWSTR value)
{
    return key && *key && value ? entry_add(ENTRY_METADATA, key, 0) : E_INVALIDARG;
}

HRESULT WINAPI WerUnregisterCustomMetadata(PCWSTR key)
{
    return key ? entry_remove(ENTRY_METADATA, key, 0) : E_INVALIDARG;
}

HRESULT WINAPI WerRegisterAppLocalDump(PCWSTR path)
{
    return path && *path ? entry_add(ENTRY_DUMP, path, 0) : E_INVALIDARG;
}

HRESULT WINAPI WerUnregisterAppLocalDump(void)
{
    RtlAcquireSRWLockExclusive(&lock);
    for (struct entry **at = &entries, *gone; *at;) {
        gone = *at;
        if (gone->kind != ENTRY_DUMP) {
            at = &gone->next;
            continue;
        }
        *at = gone->next;
        entry_count--;
        RtlFreeHeap(peb_current()->ProcessHeap, 0, gone);
    }
    RtlReleaseSRWLockExclusive(&lock);
    return S_OK;
}
