/*
 * processtopologyapi_sets.c: CPU sets: processors by number, and which of them a process or thread would like.
 *
 * Layer: kernel32.  Sets are wishes, as on Windows; they are kept and told, and the host's scheduler decides.
 */
#include <string.h>
#include "ntthread.h"
#include "ntdll/error.h"

#define FIRST_ID 0x100u
#define THREADS 64

/* SYSTEM_CPU_SET_INFORMATION, which mingw-w64's headers do not have. */
struct cpu_set {
    DWORD size;
    DWORD type; /* 0 */
    DWORD id;
    WORD group;
    BYTE processor, core, cache, node, efficiency, flags;
    DWORD scheduling;
    ULONGLONG tag;
};
_Static_assert(sizeof(struct cpu_set) == 32, "SYSTEM_CPU_SET_INFORMATION");

static RTL_SRWLOCK lock = RTL_SRWLOCK_INIT;
static ULONGLONG process_mask;
static struct {
    DWORD id;
    ULONGLONG mask;
} threads[THREADS];

static BOOL fail(DWORD error)
{
    SetLastError(error);
    return FALSE;
}

BOOL WINAPI GetSystemCpuSetInformation(struct cpu_set *info, ULONG size, PULONG returned, HANDLE process, ULONG flags)
{
    ULONG count = peb_current()->NumberOfProcessors, needed = count * (ULONG)sizeof *info;

    (void)process;
    if (flags || !returned)
        return fail(ERROR_INVALID_PARAMETER);
    *returned = needed;
    if (!info || size < needed)
        return fail(ERROR_INSUFFICIENT_BUFFER);
    memset(info, 0, needed);
    for (ULONG i = 0; i < count; i++) {
        info[i].size = sizeof *info;
        info[i].id = FIRST_ID + i;
        info[i].processor = info[i].core = (BYTE)i;
    }
    return TRUE;
}

/* Each processor is in one set; 64 of them can be named. */
static bool mask_from_ids(const ULONG *ids, ULONG count, ULONGLONG *mask)
{
    *mask = 0;
    if (count && !ids)
        return false;
    for (ULONG i = 0; i < count; i++) {
        ULONG processor = ids[i] - FIRST_ID;

        if (processor >= peb_current()->NumberOfProcessors || processor >= 64)
            return false;
        *mask |= 1ull << processor;
    }
    return true;
}

static BOOL ids_from_mask(ULONGLONG mask, ULONG *ids, ULONG room, ULONG *needed)
{
    ULONG count = 0;

    for (ULONG i = 0; i < 64; i++) {
        if (!(mask >> i & 1))
            continue;
        if (ids && count < room)
            ids[count] = FIRST_ID + i;
        count++;
    }
    if (!needed)
        return fail(ERROR_INVALID_PARAMETER);
    *needed = count;
    return count <= room ? TRUE : fail(ERROR_INSUFFICIENT_BUFFER);
}

static bool is_own_process(HANDLE process)
{
    DWORD id = GetProcessId(process);

    if (id && id != GetCurrentProcessId())
        SetLastError(ERROR_ACCESS_DENIED);
    return id == GetCurrentProcessId();
}

BOOL WINAPI SetProcessDefaultCpuSets(HANDLE process, const ULONG *ids, ULONG count)
{
    ULONGLONG mask;

    if (!is_own_process(process))
        return FALSE;
    if (!mask_from_ids(ids, count, &mask))
        return fail(ERROR_INVALID_PARAMETER);
    RtlAcquireSRWLockExclusive(&lock);
    process_mask = mask;
    RtlReleaseSRWLockExclusive(&lock);
    return TRUE;
}

BOOL WINAPI GetProcessDefaultCpuSets(HANDLE process, PULONG ids, ULONG room, PULONG needed)
{
    return is_own_process(process) && ids_from_mask(process_mask, ids, room, needed);
}

/* The thread's row; with `make` a free one if it has none. */
static int thread_row(DWORD id, bool make)
{
    int empty = -1;

    for (int i = 0; i < THREADS; i++) {
        if (threads[i].id == id)
            return i;
        if (!threads[i].id && empty < 0)
            empty = i;
    }
    return make ? empty : -1;
}

BOOL WINAPI SetThreadSelectedCpuSets(HANDLE thread, const ULONG *ids, ULONG count)
{
    DWORD id = GetThreadId(thread);
    ULONGLONG mask;
    int row;

    if (!id)
        return FALSE;
    if (!mask_from_ids(ids, count, &mask))
        return fail(ERROR_INVALID_PARAMETER);
    RtlAcquireSRWLockExclusive(&lock);
    row = thread_row(id, mask != 0);
    if (row >= 0) {
        threads[row].id = mask ? id : 0;
        threads[row].mask = mask;
    }
    RtlReleaseSRWLockExclusive(&lock);
    return row >= 0 || !mask ? TRUE : fail(ERROR_NOT_ENOUGH_MEMORY);
}

BOOL WINAPI GetThreadSelectedCpuSets(HANDLE thread, PULONG ids, ULONG room, PULONG needed)
{
    DWORD id = GetThreadId(thread);
    ULONGLONG mask = 0;
    int row;

    if (!id)
        return FALSE;
    RtlAcquireSRWLockShared(&lock);
    row = thread_row(id, false);
    if (row >= 0)
        mask = threads[row].mask;
    RtlReleaseSRWLockShared(&lock);
    return ids_from_mask(mask, ids, room, needed);
}
