/*
 * virtual_query.c: what is at an address (NtQueryVirtualMemory), and reading and writing memory without a fault.
 *
 * Layer: ntdll.  The table answers first; what is not in it comes from /proc/self/maps.
 */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>
#include "object.h"
#include "path.h"
#include "probe.h"
#include "region.h"
#include "remote.h"
#include "thread_block.h"

enum {
    QUERY_BASIC,
    QUERY_WORKING_SET,
    QUERY_MAPPED_FILENAME,
    QUERY_REGION,
    QUERY_WORKING_SET_EX,
    QUERY_SHARED_COMMIT,
    QUERY_IMAGE,
};

struct region_information {
    PVOID allocation_base;
    ULONG allocation_protect;
    ULONG flags; /* bit 0 private, 1 mapped file, 2 image, 3 page file */
    SIZE_T region_size;
    SIZE_T commit_size;
};

struct working_set_ex {
    PVOID address;
    ULONG_PTR attributes; /* bit 0 valid, 1-3 share count, 4-14 protection, 15 shared */
};

struct image_information {
    PVOID base;
    SIZE_T size;
    ULONG flags;
};

bool process_handle_is_self(HANDLE process)
{
    PROCESS_BASIC_INFORMATION basic;
    ULONG length;

    if (process == NtCurrentProcess())
        return true;
    return NT_SUCCESS(NtQueryInformationProcess(process, ProcessBasicInformation, &basic, sizeof basic, &length)) &&
           (HANDLE)basic.UniqueProcessId == teb_current()->ClientId.UniqueProcess;
}

/* A page's Windows protection; for pages whose protection only the host knows, `end` is cut to the host's range. */
static ULONG page_protect(const struct region *region, size_t page, uintptr_t *end)
{
    ULONG protect = region_protect_at(region, page);
    struct host_range range;

    *end = (uintptr_t)region->base + region_run_end(region, page) * PAGE_SIZE_HOST;
    if (protect != RUN_ASK_HOST)
        return protect;
    if (!host_range_at((uintptr_t)region->base + page * PAGE_SIZE_HOST, &range))
        return PAGE_READONLY;
    if (range.end < *end)
        *end = range.end;
    return protect_from_host(range.prot);
}

static void describe_region(const struct region *region, uintptr_t address, MEMORY_BASIC_INFORMATION *info)
{
    uintptr_t end;
    ULONG protect = page_protect(region, (address - (uintptr_t)region->base) / PAGE_SIZE_HOST, &end);

    info->AllocationBase = region->base;
    info->AllocationProtect = region->protect;
    info->RegionSize = end - address;
    info->State = protect == RUN_RESERVED ? MEM_RESERVE : MEM_COMMIT;
    info->Protect = protect;
    info->Type = region->type;
}

/* A thread's stack is one allocation, whatever pieces the host has made of it: reserved, guard, committed.  All above
 * the limit is committed: what the host has not mapped there yet, the first access to it maps. */
static bool describe_stack(uintptr_t address, const struct host_range *range, MEMORY_BASIC_INFORMATION *info)
{
    struct thread_stack stack;

    if (!thread_stack_find((void *)address, &stack))
        return false;
    uintptr_t low = (uintptr_t)stack.allocation, limit = (uintptr_t)stack.limit, end = (uintptr_t)stack.base;
    uintptr_t guard = limit - low < STACK_GUARD_SIZE ? limit : limit - STACK_GUARD_OPENED; /* else it was hit */
    info->AllocationBase = (PVOID)low;
    info->AllocationProtect = PAGE_READWRITE;
    info->Type = MEM_PRIVATE;
    info->State = MEM_COMMIT;
    if (address < guard) {
        bool used = range->mapped && range->prot != PROT_NONE; /* committed by the program, for guards of its own */
        info->State = used ? MEM_COMMIT : MEM_RESERVE;
        info->Protect = used ? protect_from_host(range->prot) : 0;
        end = range->end < guard ? range->end : guard;
    } else if (address < limit) {
        info->Protect = PAGE_READWRITE | PAGE_GUARD;
        end = limit;
    } else {
        info->Protect = range->mapped ? protect_from_host(range->prot) : PAGE_READWRITE;
        end = range->end < end ? range->end : end;
    }
    info->RegionSize = end - address;
    return true;
}

static void describe_host(uintptr_t address, const struct host_range *range, MEMORY_BASIC_INFORMATION *info)
{
    info->RegionSize = range->end - address;
    if (describe_stack(address, range, info))
        return;
    if (!range->mapped) {
        info->State = MEM_FREE;
        info->Protect = PAGE_NOACCESS;
        return;
    }
    info->AllocationBase = (PVOID)range->start;
    info->AllocationProtect = protect_from_host(range->prot);
    info->State = range->prot == PROT_NONE ? MEM_RESERVE : MEM_COMMIT;
    info->Protect = range->prot == PROT_NONE ? 0 : protect_from_host(range->prot);
    info->Type = range->shared ? MEM_MAPPED : MEM_PRIVATE;
}

static NTSTATUS query_basic(uintptr_t address, MEMORY_BASIC_INFORMATION *info)
{
    uintptr_t next = ADDRESS_LIMIT;
    struct host_range range;
    struct region *region;

    memset(info, 0, sizeof *info);
    info->BaseAddress = (PVOID)address;
    region_lock();
    region = region_at(region_index((void *)address));
    if (region && (uintptr_t)region->base <= address)
        describe_region(region, address, info);
    else if (region)
        next = (uintptr_t)region->base;
    region_unlock();
    if (!info->RegionSize && host_range_at(address, &range)) { /* not under the lock: stacks have one of their own */
        if (range.end > next)
            range.end = next;
        describe_host(address, &range, info);
    }
    return info->RegionSize ? STATUS_SUCCESS : STATUS_UNSUCCESSFUL;
}

static NTSTATUS query_region(uintptr_t address, struct region_information *info)
{
    struct region *region;

    memset(info, 0, sizeof *info);
    region_lock();
    region = region_find((void *)address);
    if (region) {
        info->allocation_base = region->base;
        info->allocation_protect = region->protect;
        info->flags = region->type == MEM_PRIVATE ? 1
                      : region->type == MEM_IMAGE ? 4
                      : region->flags & REGION_FD ? 2
                                                  : 8;
        info->region_size = region->size;
        for (size_t page = 0, end, pages = region->size / PAGE_SIZE_HOST; page < pages; page = end) {
            end = region_run_end(region, page);
            if (region_protect_at(region, page) != RUN_RESERVED)
                info->commit_size += (end - page) * PAGE_SIZE_HOST;
        }
    }
    region_unlock();
    if (!region) {
        MEMORY_BASIC_INFORMATION basic;

        if (query_basic(address, &basic) || basic.State == MEM_FREE)
            return STATUS_INVALID_ADDRESS;
        info->allocation_base = basic.AllocationBase;
        info->allocation_protect = basic.AllocationProtect;
        info->flags = 1;
        info->region_size = (uintptr_t)basic.BaseAddress + basic.RegionSize - (uintptr_t)basic.AllocationBase;
        info->commit_size = basic.State == MEM_COMMIT ? basic.RegionSize : 0;
    }
    return STATUS_SUCCESS;
}

/* A page is valid in the working set if it is present: mincore tells. */
static NTSTATUS query_working_set_ex(struct working_set_ex *entries, SIZE_T count)
{
    for (SIZE_T i = 0; i < count; i++) {
        uintptr_t page = page_down((uintptr_t)entries[i].address);
        MEMORY_BASIC_INFORMATION info;
        unsigned char present = 0;

        entries[i].attributes = 0;
        if (page >= ADDRESS_LIMIT || query_basic(page, &info) || info.State != MEM_COMMIT)
            continue;
        if (mincore((void *)page, PAGE_SIZE_HOST, &present) || !(present & 1))
            continue;
        entries[i].attributes = 1 | (ULONG_PTR)(info.Protect & 0x7ff) << 4;
        if (info.Type != MEM_PRIVATE)
            entries[i].attributes |= 1 << 1 | 1 << 15;
    }
    return STATUS_SUCCESS;
}

static NTSTATUS query_image(uintptr_t address, struct image_information *info)
{
    struct region *region;

    memset(info, 0, sizeof *info);
    region_lock();
    region = region_find((void *)address);
    if (region && region->type == MEM_IMAGE) {
        info->base = region->base;
        info->size = region->size;
    }
    region_unlock();
    return info->base ? STATUS_SUCCESS : STATUS_INVALID_ADDRESS;
}

static NTSTATUS query_filename(uintptr_t address, UNICODE_STRING *name, SIZE_T size, SIZE_T *returned)
{
    static const WCHAR device[] = L"\\Device\\HarddiskVolume";
    struct host_range range;
    WCHAR dos[320];
    size_t prefix = sizeof device / sizeof *device, length;
    WCHAR *text = (WCHAR *)(name + 1);

    if (!host_range_at(address, &range) || !range.mapped)
        return STATUS_INVALID_ADDRESS;
    if (range.path[0] != '/')
        return STATUS_FILE_INVALID;
    if (path_from_host(range.path, dos, sizeof dos / sizeof *dos))
        return STATUS_FILE_INVALID;
    for (length = 0; dos[2 + length];)
        length++;
    *returned = sizeof *name + (prefix + length + 1) * sizeof(WCHAR);
    if (size < *returned)
        return size < sizeof *name ? STATUS_INFO_LENGTH_MISMATCH : STATUS_BUFFER_OVERFLOW;
    memcpy(text, device, sizeof device);
    text[prefix - 1] = (WCHAR)(L'1' + (dos[0] - L'A')); /* drives are volumes 1 to 26, as QueryDosDevice says */
    if (dos[0] - L'A' >= 9)
        text[prefix - 1] = L'9';
    memcpy(text + prefix, dos + 2, (length + 1) * sizeof(WCHAR));
    name->Buffer = text;
    name->Length = (USHORT)((prefix + length) * sizeof(WCHAR));
    name->MaximumLength = (USHORT)(name->Length + sizeof(WCHAR));
    return STATUS_SUCCESS;
}

NTSTATUS WINAPI NtQueryVirtualMemory(HANDLE process, PVOID address, ULONG class, PVOID info, SIZE_T size,
                                     SIZE_T *returned)
{
    static const SIZE_T minimum[] = {
        [QUERY_BASIC] = sizeof(MEMORY_BASIC_INFORMATION),   [QUERY_MAPPED_FILENAME] = sizeof(UNICODE_STRING),
        [QUERY_REGION] = sizeof(struct region_information), [QUERY_WORKING_SET_EX] = sizeof(struct working_set_ex),
        [QUERY_IMAGE] = sizeof(struct image_information),
    };
    uintptr_t page = page_down((uintptr_t)address);
    SIZE_T used;
    NTSTATUS status;

    if (!process_handle_is_self(process)) {
        if (class != QUERY_BASIC)
            return STATUS_NOT_SUPPORTED;
        if (size < sizeof(MEMORY_BASIC_INFORMATION))
            return STATUS_INFO_LENGTH_MISMATCH;
        if (returned)
            *returned = sizeof(MEMORY_BASIC_INFORMATION);
        return remote_query(process, address, info);
    }
    if (class >= sizeof minimum / sizeof *minimum || !minimum[class])
        return STATUS_INVALID_INFO_CLASS;
    if (page >= ADDRESS_LIMIT && class != QUERY_WORKING_SET_EX)
        return STATUS_INVALID_PARAMETER;
    used = minimum[class];
    if (size < used && class != QUERY_REGION)
        return STATUS_INFO_LENGTH_MISMATCH;
    if (!probe_write(info, used))
        return STATUS_ACCESS_VIOLATION;
    switch (class) {
    case QUERY_BASIC:
        status = query_basic(page, info);
        break;
    case QUERY_MAPPED_FILENAME:
        status = query_filename(page, info, size, &used);
        break;
    case QUERY_REGION:
        status = size < used ? STATUS_INFO_LENGTH_MISMATCH : query_region(page, info);
        break;
    case QUERY_IMAGE:
        status = query_image(page, info);
        break;
    default:
        used = size;
        status = query_working_set_ex(info, size / sizeof(struct working_set_ex));
    }
    if (returned)
        *returned = used;
    return status;
}

static bool range_has(const void *address, size_t size, int prot)
{
    uintptr_t at = page_down((uintptr_t)address), end = (uintptr_t)address + size;

    if (end < (uintptr_t)address || end > ADDRESS_LIMIT)
        return false;
    while (at < end) {
        MEMORY_BASIC_INFORMATION info;

        if (query_basic(at, &info) || info.State != MEM_COMMIT)
            return false;
        if ((protect_to_host(info.Protect, false) & prot) != prot)
            return false;
        at += info.RegionSize;
    }
    return true;
}

bool virtual_readable(const void *address, size_t size)
{
    return range_has(address, size, PROT_READ);
}

bool virtual_writable(void *address, size_t size)
{
    return range_has(address, size, PROT_WRITE);
}

/* Copies within the process by the kernel, which stops at the first bad page instead of faulting. */
static NTSTATUS copy_safely(void *to, const void *from, SIZE_T size, bool write, SIZE_T *done)
{
    struct iovec local = {write ? (void *)from : to, size}, remote = {write ? to : (void *)from, size};
    ssize_t got;

    *done = 0;
    if (!size)
        return STATUS_SUCCESS;
    virtual_late_hit(from, size);
    got = write ? process_vm_writev(getpid(), &local, 1, &remote, 1, 0)
                : process_vm_readv(getpid(), &local, 1, &remote, 1, 0);
    if (got < 0 && errno != EFAULT) { /* a sandbox may forbid the call */
        if (!range_has(write ? to : (void *)from, size, write ? PROT_WRITE : PROT_READ))
            return STATUS_PARTIAL_COPY;
        memcpy(to, from, size);
        got = (ssize_t)size;
    }
    if (got < 0)
        return STATUS_PARTIAL_COPY;
    *done = (SIZE_T)got;
    return *done == size ? STATUS_SUCCESS : STATUS_PARTIAL_COPY;
}

NTSTATUS WINAPI NtReadVirtualMemory(HANDLE process, const void *address, void *buffer, SIZE_T size, SIZE_T *read)
{
    SIZE_T done = 0;
    NTSTATUS status;

    if (process_handle_is_self(process))
        status = copy_safely(buffer, address, size, false, &done);
    else
        status = remote_copy(process, (void *)address, buffer, size, false, &done);
    if (status == STATUS_PARTIAL_COPY && !range_has(buffer, size, PROT_WRITE))
        status = STATUS_ACCESS_VIOLATION;
    if (read)
        *read = done;
    return status;
}

/* Windows writes to pages that are only readable, too, if they are the program's own code or data. */
static NTSTATUS write_readonly(void *address, const void *buffer, SIZE_T size, SIZE_T *done)
{
    PVOID base = address;
    SIZE_T length = size;
    ULONG old, access;
    NTSTATUS status = NtProtectVirtualMemory(NtCurrentProcess(), &base, &length, PAGE_EXECUTE_READWRITE, &old);

    if (status)
        return STATUS_PARTIAL_COPY;
    access = old & 0xff;
    if (access == PAGE_EXECUTE || access == PAGE_EXECUTE_READ)
        status = copy_safely(address, buffer, size, true, done);
    else
        status = STATUS_PARTIAL_COPY;
    NtProtectVirtualMemory(NtCurrentProcess(), &base, &length, old, &access);
    return status;
}

NTSTATUS WINAPI NtWriteVirtualMemory(HANDLE process, void *address, const void *buffer, SIZE_T size, SIZE_T *written)
{
    SIZE_T done = 0;
    NTSTATUS status;

    if (process_handle_is_self(process)) {
        status = copy_safely(address, buffer, size, true, &done);
        if (status && !done && range_has(address, size, PROT_READ))
            status = write_readonly(address, buffer, size, &done);
    } else {
        status = remote_copy(process, address, (void *)buffer, size, true, &done);
    }
    if (written)
        *written = done;
    return status;
}
