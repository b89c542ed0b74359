/*
 * virtual_misc.c: locking, prefetching, flushing and discarding memory.
 *
 * Layer: ntdll, over region.c.
 */
#include <errno.h>
#include <sys/mman.h>
#include "region.h"

/* True if [address, address+size) is committed memory of one region; its record in *found. */
static bool range_committed(char *address, size_t size, struct region **found)
{
    struct region *region = region_find(address);
    size_t page, end;

    if (!region || address + size > region->base + region->size)
        return false;
    page = (size_t)(address - region->base) / PAGE_SIZE_HOST;
    for (end = page + size / PAGE_SIZE_HOST; page < end; page = region_run_end(region, page))
        if (region_protect_at(region, page) == RUN_RESERVED)
            return false;
    *found = region;
    return true;
}

NTSTATUS virtual_discard(void *address, size_t size)
{
    struct region *region = NULL;
    NTSTATUS status = STATUS_INVALID_PARAMETER;

    if (!size || ((uintptr_t)address & (PAGE_SIZE_HOST - 1)) || (size & (PAGE_SIZE_HOST - 1)))
        return status;
    region_lock();
    if (range_committed(address, size, &region) && region->type == MEM_PRIVATE)
        status = madvise(address, size, MADV_DONTNEED) ? STATUS_INVALID_PARAMETER : STATUS_SUCCESS;
    region_unlock();
    return status;
}

static NTSTATUS range_round(HANDLE process, PVOID *base, SIZE_T *size)
{
    uintptr_t start = page_down((uintptr_t)*base), end = page_up((uintptr_t)*base + *size);

    if (!process_handle_is_self(process))
        return STATUS_NOT_SUPPORTED;
    if (end <= start || end > ADDRESS_LIMIT)
        return STATUS_INVALID_PARAMETER;
    *base = (PVOID)start;
    *size = end - start;
    return STATUS_SUCCESS;
}

NTSTATUS WINAPI NtLockVirtualMemory(HANDLE process, PVOID *base, SIZE_T *size, ULONG type)
{
    NTSTATUS status = range_round(process, base, size);

    (void)type;
    if (status)
        return status;
    if (mlock(*base, *size) == 0)
        return STATUS_SUCCESS;
    if (errno == ENOMEM && !virtual_readable(*base, *size))
        return STATUS_ACCESS_VIOLATION;
    return STATUS_WORKING_SET_QUOTA;
}

NTSTATUS WINAPI NtUnlockVirtualMemory(HANDLE process, PVOID *base, SIZE_T *size, ULONG type)
{
    NTSTATUS status = range_round(process, base, size);

    (void)type;
    if (status)
        return status;
    return munlock(*base, *size) ? STATUS_NOT_LOCKED : STATUS_SUCCESS;
}

NTSTATUS WINAPI NtFlushVirtualMemory(HANDLE process, PVOID *base, SIZE_T *size, IO_STATUS_BLOCK *io)
{
    struct region *region;
    NTSTATUS status = STATUS_SUCCESS;

    if (!process_handle_is_self(process))
        return STATUS_NOT_SUPPORTED;
    region_lock();
    region = region_find(*base);
    if (!region || region->type == MEM_PRIVATE) {
        status = STATUS_NOT_MAPPED_VIEW;
    } else {
        *base = (PVOID)page_down((uintptr_t)*base);
        if (!*size || *size > (SIZE_T)(region->base + region->size - (char *)*base))
            *size = (SIZE_T)(region->base + region->size - (char *)*base);
        if (region->flags & REGION_SHARED && msync(*base, *size, MS_ASYNC))
            status = STATUS_UNSUCCESSFUL;
    }
    region_unlock();
    if (io) {
        io->Status = status;
        io->Information = 0;
    }
    return status;
}

/* Class 0 is prefetching: a wish, so that ranges that can not be read ahead are no error. */
NTSTATUS WINAPI NtSetInformationVirtualMemory(HANDLE process, ULONG class, ULONG_PTR count,
                                              WIN32_MEMORY_RANGE_ENTRY *ranges, PVOID info, ULONG size)
{
    (void)info, (void)size;
    if (!process_handle_is_self(process))
        return STATUS_NOT_SUPPORTED;
    if (class != 0)
        return STATUS_INVALID_PARAMETER_2;
    if (!count || !ranges)
        return STATUS_INVALID_PARAMETER_3;
    for (ULONG_PTR i = 0; i < count; i++) {
        PVOID base = ranges[i].VirtualAddress;
        SIZE_T length = ranges[i].NumberOfBytes;

        if (range_round(process, &base, &length))
            return STATUS_INVALID_PARAMETER_4;
        madvise(base, length, MADV_WILLNEED);
    }
    return STATUS_SUCCESS;
}
