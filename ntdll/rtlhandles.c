/*
 * rtlhandles.c: tables of entries of the program's own size that are used again (RtlInitializeHandleTable ...).
 *
 * Layer: ntdll.  The address space of a whole table is reserved at the first entry; pages come as they are needed.
 */
#include "ntapi.h"
#include "ntteb.h"

/* Fields visible from outside: do not move.  A free entry is a link; who has one sets bit 0 of its first word. */
typedef struct _RTL_HANDLE_TABLE_ENTRY {
    union {
        ULONG Flags;
        struct _RTL_HANDLE_TABLE_ENTRY *NextFree;
    };
} RTL_HANDLE_TABLE_ENTRY, *PRTL_HANDLE_TABLE_ENTRY;

typedef struct _RTL_HANDLE_TABLE {
    ULONG MaximumNumberOfHandles, SizeOfHandleTableEntry;
    ULONG Reserved[2];
    PRTL_HANDLE_TABLE_ENTRY FreeHandles, CommittedHandles, UnCommittedHandles, MaxReservedHandles;
} RTL_HANDLE_TABLE, *PRTL_HANDLE_TABLE;

#define ALLOCATED 1u
#define STEP 0x1000

void WINAPI RtlInitializeHandleTable(ULONG maximum, ULONG size, PRTL_HANDLE_TABLE table)
{
    *table = (RTL_HANDLE_TABLE){.MaximumNumberOfHandles = maximum, .SizeOfHandleTableEntry = size};
}

NTSTATUS WINAPI RtlDestroyHandleTable(PRTL_HANDLE_TABLE table)
{
    PVOID base = table->CommittedHandles;
    SIZE_T size = 0;

    if (!base)
        return STATUS_SUCCESS;
    table->CommittedHandles = NULL;
    return NtFreeVirtualMemory(NtCurrentProcess(), &base, &size, MEM_RELEASE);
}

static bool reserve(PRTL_HANDLE_TABLE table)
{
    PVOID base = NULL;
    SIZE_T size = (SIZE_T)table->MaximumNumberOfHandles * table->SizeOfHandleTableEntry;

    if (NtAllocateVirtualMemory(NtCurrentProcess(), &base, 0, &size, MEM_RESERVE, PAGE_READWRITE))
        return false;
    table->CommittedHandles = table->UnCommittedHandles = base;
    table->MaxReservedHandles =
        (PVOID)((char *)base + (SIZE_T)table->MaximumNumberOfHandles * table->SizeOfHandleTableEntry);
    return true;
}

/* A page more of entries, all of which are free. */
static bool commit(PRTL_HANDLE_TABLE table)
{
    PVOID base = table->UnCommittedHandles;
    char *at = base, *end;
    SIZE_T left = (SIZE_T)((char *)table->MaxReservedHandles - at);
    SIZE_T size = table->SizeOfHandleTableEntry > STEP ? table->SizeOfHandleTableEntry : STEP;

    if (size > left)
        size = left;
    if (!left || NtAllocateVirtualMemory(NtCurrentProcess(), &base, 0, &size, MEM_COMMIT, PAGE_READWRITE))
        return false;
    end = (char *)base + size;
    if (end > (char *)table->MaxReservedHandles)
        end = (char *)table->MaxReservedHandles;
    PRTL_HANDLE_TABLE_ENTRY *link = &table->FreeHandles;
    for (; at + table->SizeOfHandleTableEntry <= end; at += table->SizeOfHandleTableEntry) {
        *link = (PVOID)at;
        link = &(*link)->NextFree;
    }
    *link = NULL;
    table->UnCommittedHandles = (PVOID)at;
    return true;
}

/* Entries begin with bit 0 clear; the caller sets it. */
PRTL_HANDLE_TABLE_ENTRY WINAPI RtlAllocateHandle(PRTL_HANDLE_TABLE table, PULONG index)
{
    PRTL_HANDLE_TABLE_ENTRY entry;

    if (!table->CommittedHandles && !reserve(table))
        return NULL;
    if (!table->FreeHandles && !commit(table))
        return NULL;
    entry = table->FreeHandles;
    table->FreeHandles = entry->NextFree;
    entry->NextFree = NULL;
    if (index)
        *index = (ULONG)((size_t)((char *)entry - (char *)table->CommittedHandles) / table->SizeOfHandleTableEntry);
    return entry;
}

BOOLEAN WINAPI RtlIsValidHandle(PRTL_HANDLE_TABLE table, PRTL_HANDLE_TABLE_ENTRY entry)
{
    return entry && entry >= table->CommittedHandles && (char *)entry < (char *)table->UnCommittedHandles &&
           (size_t)((char *)entry - (char *)table->CommittedHandles) % table->SizeOfHandleTableEntry == 0 &&
           entry->Flags & ALLOCATED;
}

BOOLEAN WINAPI RtlIsValidIndexHandle(PRTL_HANDLE_TABLE table, ULONG index, PRTL_HANDLE_TABLE_ENTRY *found)
{
    PRTL_HANDLE_TABLE_ENTRY entry =
        (PVOID)((char *)table->CommittedHandles + (size_t)index * table->SizeOfHandleTableEntry);

    if (index >= table->MaximumNumberOfHandles || !RtlIsValidHandle(table, entry))
        return FALSE;
    *found = entry;
    return TRUE;
}

BOOLEAN WINAPI RtlFreeHandle(PRTL_HANDLE_TABLE table, PRTL_HANDLE_TABLE_ENTRY entry)
{
    if (!RtlIsValidHandle(table, entry))
        return FALSE;
    memset(entry, 0, table->SizeOfHandleTableEntry);
    entry->NextFree = table->FreeHandles;
    table->FreeHandles = entry;
    return TRUE;
}
