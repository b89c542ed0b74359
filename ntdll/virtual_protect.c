/*
 * virtual_protect.c: protections of Windows and of the host, NtProtectVirtualMemory, guard pages.
 *
 * Layer: ntdll, over region.c.  A guard page is inaccessible to the host; the fault handler asks virtual_guard_hit.
 */
#include <errno.h>
#include <sys/mman.h>
#include "probe.h"
#include "region.h"
#include "remote.h"
#include "thread.h"

bool protect_valid(ULONG protect)
{
    ULONG access = protect & 0xff;

    if (protect & ~(0xffu | PAGE_GUARD | PAGE_NOCACHE | PAGE_WRITECOMBINE | PAGE_TARGETS_INVALID))
        return false;
    if (!access || (access & (access - 1)))
        return false;
    return !(access == PAGE_NOACCESS && (protect & (PAGE_GUARD | PAGE_NOCACHE | PAGE_WRITECOMBINE)));
}

int protect_to_host(ULONG protect, bool shared)
{
    if (protect == RUN_RESERVED || (protect & PAGE_GUARD))
        return PROT_NONE;
    switch (protect & 0xff) {
    case PAGE_READONLY:
        return PROT_READ;
    case PAGE_WRITECOPY: /* the host's mapping is private unless shared: then only reading is safe */
        return shared ? PROT_READ : PROT_READ | PROT_WRITE;
    case PAGE_READWRITE:
        return PROT_READ | PROT_WRITE;
    case PAGE_EXECUTE:
    case PAGE_EXECUTE_READ:
        return PROT_READ | PROT_EXEC;
    case PAGE_EXECUTE_WRITECOPY:
        return shared ? PROT_READ | PROT_EXEC : PROT_READ | PROT_WRITE | PROT_EXEC;
    case PAGE_EXECUTE_READWRITE:
        return PROT_READ | PROT_WRITE | PROT_EXEC;
    default:
        return PROT_NONE;
    }
}

ULONG protect_from_host(int prot)
{
    bool write = prot & PROT_WRITE, execute = prot & PROT_EXEC;

    if (!(prot & (PROT_READ | PROT_WRITE | PROT_EXEC)))
        return PAGE_NOACCESS;
    if (execute)
        return write ? PAGE_EXECUTE_READWRITE : prot & PROT_READ ? PAGE_EXECUTE_READ : PAGE_EXECUTE;
    return write ? PAGE_READWRITE : PAGE_READONLY;
}

NTSTATUS host_protect(void *address, size_t size, ULONG protect, bool shared)
{
    if (mprotect(address, size, protect_to_host(protect, shared)) == 0)
        return STATUS_SUCCESS;
    return errno == EACCES ? STATUS_SECTION_PROTECTION : errno == ENOMEM ? STATUS_NO_MEMORY : STATUS_ACCESS_DENIED;
}

/* How a program makes the guard of its stack anew after an overflow: a C runtime linked into it does so. */
static bool in_guard_zone(const char *start)
{
    PTEB teb = teb_current();

    return start >= (char *)teb->DeallocationStack && start <= (char *)teb->Tib.StackLimit;
}

/* Memory that is not in the table (stacks, built-in data): the host's mapping decides. */
static NTSTATUS protect_host_memory(char *start, size_t size, ULONG protect, ULONG *old)
{
    struct host_range range;

    if (protect & PAGE_GUARD && in_guard_zone(start)) {
        *old = PAGE_READWRITE;
        return thread_stack_rearm() ? STATUS_SUCCESS : STATUS_INVALID_PAGE_PROTECTION;
    }
    if (!host_range_at((uintptr_t)start, &range) || !range.mapped)
        return STATUS_CONFLICTING_ADDRESSES;
    *old = protect_from_host(range.prot);
    return host_protect(start, size, protect, range.shared);
}

static NTSTATUS protect_region(struct region *region, char *start, size_t size, ULONG protect, ULONG *old)
{
    size_t first = (size_t)(start - region->base) / PAGE_SIZE_HOST, end = first + size / PAGE_SIZE_HOST;
    NTSTATUS status;

    if ((region->type == MEM_PRIVATE) &&
        ((protect & 0xff) == PAGE_WRITECOPY || (protect & 0xff) == PAGE_EXECUTE_WRITECOPY))
        return STATUS_INVALID_PAGE_PROTECTION;
    for (size_t page = first; page < end; page = region_run_end(region, page))
        if (region_protect_at(region, page) == RUN_RESERVED)
            return STATUS_NOT_COMMITTED;
    *old = region_protect_at(region, first);
    if (*old == RUN_ASK_HOST) {
        struct host_range range;

        *old = host_range_at((uintptr_t)start, &range) ? protect_from_host(range.prot) : PAGE_READONLY;
    }
    late_fill(region, start, start + size);
    status = host_protect(start, size, protect, region->flags & REGION_SHARED);
    if (status)
        return status;
    return region_set(region, first, end - first, protect) ? STATUS_SUCCESS : STATUS_NO_MEMORY;
}

NTSTATUS WINAPI NtProtectVirtualMemory(HANDLE process, PVOID *base, SIZE_T *size, ULONG protect, ULONG *old)
{
    uintptr_t start = page_down((uintptr_t)*base), end = page_up((uintptr_t)*base + *size);
    struct region *region;
    NTSTATUS status;
    ULONG previous = 0;

    if (!process_handle_is_self(process))
        return remote_protect(process, base, size, protect, old);
    if (!protect_valid(protect))
        return STATUS_INVALID_PAGE_PROTECTION;
    if (!*size || end <= start || end > ADDRESS_LIMIT)
        return STATUS_INVALID_PARAMETER_3;
    if (!probe_write(old, sizeof(*old)))
        return STATUS_ACCESS_VIOLATION;
    region_lock();
    region = region_holding((char *)start, end - start);
    if (region)
        status = protect_region(region, (char *)start, end - start, protect, &previous);
    else if (region_find((char *)start))
        status = STATUS_CONFLICTING_ADDRESSES;
    else
        status = protect_host_memory((char *)start, end - start, protect, &previous);
    region_unlock();
    if (!status) {
        *base = (void *)start;
        *size = end - start;
        *old = previous;
    }
    return status;
}

bool virtual_guard_hit(void *address)
{
    struct region *region;
    bool hit = false;

    region_lock();
    region = region_find(address);
    if (region) {
        char *start = (char *)page_down((uintptr_t)address);
        size_t page = (size_t)(start - region->base) / PAGE_SIZE_HOST;
        ULONG protect = region_protect_at(region, page);

        if (protect & PAGE_GUARD && protect != RUN_ASK_HOST) {
            protect &= ~PAGE_GUARD;
            region_set(region, page, 1, protect);
            mprotect(start, PAGE_SIZE_HOST, protect_to_host(protect, region->flags & REGION_SHARED));
            hit = true;
        }
    }
    region_unlock();
    return hit;
}
