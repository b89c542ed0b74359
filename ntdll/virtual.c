/*
 * virtual.c: reserving, committing and freeing memory (NtAllocateVirtualMemory and its kin).
 *
 * Layer: ntdll.  The table is in region.c, protection in virtual_protect.c, views and images in
 * virtual_view.c, questions in virtual_query.c.
 * A page costs nothing until it is touched: reserving is one mmap, committing one mprotect.
 */
#include <sys/mman.h>
#include "job.h"
#include "region.h"
#include "remote.h"

#define ALLOCATION_TYPES                                                                                               \
    (MEM_COMMIT | MEM_RESERVE | MEM_RESET | MEM_RESET_UNDO | MEM_TOP_DOWN | MEM_WRITE_WATCH | MEM_PHYSICAL |           \
     MEM_LARGE_PAGES | MEM_RESERVE_PLACEHOLDER | MEM_REPLACE_PLACEHOLDER)

static NTSTATUS reserve_placeholder_replacement(char *base, size_t size, ULONG type, ULONG protect)
{
    struct region *region = region_find(base);
    ULONG run = type & MEM_COMMIT ? protect : RUN_RESERVED;

    if (!region || !(region->flags & REGION_PLACEHOLDER) || region->base != base || region->size != size)
        return STATUS_CONFLICTING_ADDRESSES;
    if (run != RUN_RESERVED) {
        NTSTATUS status = host_protect(base, size, protect, false);

        if (status)
            return status;
    }
    region->flags = REGION_FROM_PLACEHOLDER | (type & MEM_WRITE_WATCH ? REGION_WRITE_WATCH : 0);
    region->protect = protect;
    region_set(region, 0, size / PAGE_SIZE_HOST, run);
    if (type & MEM_WRITE_WATCH)
        virtual_watch_arm(base, size);
    return STATUS_SUCCESS;
}

static NTSTATUS reserve(const struct virtual_place *place, size_t size, ULONG type, ULONG protect, void **base)
{
    struct host_mapping mapping = mapping_reserved;
    bool commit = type & MEM_COMMIT;
    struct region *region;

    if (commit)
        mapping.prot = protect_to_host(protect, false);
    if (place->address) {
        struct region *next = region_at(region_index(place->address));

        if (next && next->base < (char *)place->address + size)
            return STATUS_CONFLICTING_ADDRESSES;
    }
    *base = region_place(place, size, type, &mapping);
    if (!*base)
        return place->address ? STATUS_CONFLICTING_ADDRESSES : STATUS_NO_MEMORY;
    region = region_add(*base, size, MEM_PRIVATE, protect, commit ? protect : RUN_RESERVED);
    if (!region) {
        munmap(*base, size);
        return STATUS_NO_MEMORY;
    }
    if (type & MEM_RESERVE_PLACEHOLDER)
        region->flags |= REGION_PLACEHOLDER;
    if (type & MEM_WRITE_WATCH) {
        region->flags |= REGION_WRITE_WATCH;
        virtual_watch_arm(*base, size);
    }
    return STATUS_SUCCESS;
}

/*
 * A thread's own stack is not in the table.  What it may use of it is committed; a virtual machine commits the lowest
 * pages below that, too, and makes guards of its own there.
 */
static bool commit_own_stack(char *address, size_t size, ULONG protect, NTSTATUS *status)
{
    PTEB teb = teb_current();
    struct host_range range;

    if (!size || address < (char *)teb->DeallocationStack || address + size > (char *)teb->Tib.StackBase)
        return false;
    *status = STATUS_SUCCESS;
    if (address < (char *)teb->Tib.StackLimit && host_range_at((uintptr_t)address, &range) && range.mapped)
        *status = host_protect(address, size, protect, false);
    return true;
}

static NTSTATUS commit(char *address, size_t size, ULONG protect)
{
    struct region *region = region_holding(address, size);
    size_t page;
    NTSTATUS status;

    if (!region && commit_own_stack(address, size, protect, &status))
        return status;
    if (!region || (region->flags & REGION_PLACEHOLDER) || region->type == MEM_IMAGE)
        return STATUS_CONFLICTING_ADDRESSES;
    page = (size_t)(address - region->base) / PAGE_SIZE_HOST;
    if (region->commits)
        return commit_view(region, page, size / PAGE_SIZE_HOST, protect);
    if (region->type == MEM_MAPPED && region_protect_at(region, page) != RUN_RESERVED)
        return STATUS_ALREADY_COMMITTED;
    status = host_protect(address, size, protect, region->flags & REGION_SHARED);
    if (status)
        return status;
    return region_set(region, page, size / PAGE_SIZE_HOST, protect) ? STATUS_SUCCESS : STATUS_NO_MEMORY;
}

/* MEM_RESET says the contents are not needed; keeping them is allowed, and makes MEM_RESET_UNDO always succeed. */
static NTSTATUS reset(char *address, size_t size)
{
    struct region *region = region_holding(address, size);
    size_t page, end;

    if (!region)
        return STATUS_CONFLICTING_ADDRESSES;
    page = (size_t)(address - region->base) / PAGE_SIZE_HOST;
    for (end = page + size / PAGE_SIZE_HOST; page < end; page = region_run_end(region, page))
        if (region_protect_at(region, page) == RUN_RESERVED)
            return STATUS_NOT_COMMITTED;
    return STATUS_SUCCESS;
}

static NTSTATUS allocation_check(char *base, size_t size, ULONG type, ULONG protect)
{
    ULONG access = protect & 0xff;

    if (!size)
        return STATUS_INVALID_PARAMETER_4;
    if ((type & ~ALLOCATION_TYPES) || !(type & (MEM_COMMIT | MEM_RESERVE | MEM_RESET | MEM_RESET_UNDO)))
        return STATUS_INVALID_PARAMETER_5;
    if ((type & (MEM_RESET | MEM_RESET_UNDO)) && (type != MEM_RESET && type != MEM_RESET_UNDO))
        return STATUS_INVALID_PARAMETER_5;
    if ((type & MEM_RESERVE_PLACEHOLDER) && ((type & MEM_COMMIT) || access != PAGE_NOACCESS))
        return type & MEM_COMMIT ? STATUS_INVALID_PARAMETER_5 : STATUS_INVALID_PARAMETER_6;
    if ((type & (MEM_RESERVE_PLACEHOLDER | MEM_REPLACE_PLACEHOLDER)) && !(type & MEM_RESERVE))
        return STATUS_INVALID_PARAMETER_5;
    if ((type & (MEM_WRITE_WATCH | MEM_PHYSICAL)) && !(type & MEM_RESERVE))
        return STATUS_INVALID_PARAMETER_5;
    if (type & MEM_PHYSICAL)
        return STATUS_NOT_SUPPORTED;
    if (type & MEM_LARGE_PAGES) /* the privilege is never held: GetLargePageMinimum says 2 MB, as on Windows */
        return STATUS_PRIVILEGE_NOT_HELD;
    if (!protect_valid(protect) || access == PAGE_WRITECOPY || access == PAGE_EXECUTE_WRITECOPY)
        return STATUS_INVALID_PAGE_PROTECTION;
    if ((uintptr_t)base >= ADDRESS_LIMIT)
        return STATUS_INVALID_PARAMETER_2;
    return size > ADDRESS_LIMIT - (uintptr_t)base ? STATUS_INVALID_PARAMETER_4 : STATUS_SUCCESS;
}

static NTSTATUS virtual_allocate(struct virtual_place *place, void **base, SIZE_T *size, ULONG type, ULONG protect)
{
    uintptr_t start = (uintptr_t)*base, end;
    ULONG placeholder = type & (MEM_RESERVE_PLACEHOLDER | MEM_REPLACE_PLACEHOLDER);
    NTSTATUS status = allocation_check(*base, *size, type, protect);

    if (status)
        return status;
    if (!start && !(type & (MEM_RESET | MEM_RESET_UNDO)))
        type |= MEM_RESERVE;
    end = page_up(start + *size);
    start = (type & MEM_RESERVE) && !placeholder ? start & ~(GRANULARITY - 1) : page_down(start);
    if (start && start < ADDRESS_LOWEST)
        return STATUS_INVALID_PARAMETER_2;
    *size = end - start;
    region_lock();
    if (type & (MEM_RESET | MEM_RESET_UNDO)) {
        status = reset((char *)start, *size);
    } else if (type & MEM_REPLACE_PLACEHOLDER) {
        status = reserve_placeholder_replacement((char *)start, *size, type, protect);
    } else if (type & MEM_RESERVE) {
        place->address = (void *)start;
        status = reserve(place, *size, type, protect, (void **)&start);
    } else {
        status = commit((char *)start, *size, protect);
    }
    region_unlock();
    if (!status)
        *base = (void *)start;
    return status;
}

/* Below 32, ZeroBits counts high bits of a 32-bit address that must be zero; above, it is a mask. */
static NTSTATUS place_from_zero_bits(ULONG_PTR zero_bits, struct virtual_place *place)
{
    if (!zero_bits)
        return STATUS_SUCCESS;
    if (zero_bits > 21 && zero_bits < 32)
        return STATUS_INVALID_PARAMETER_3;
    place->highest = (void *)(zero_bits < 32 ? 0xfffffffful >> zero_bits : ~0ul >> __builtin_clzl(zero_bits));
    return STATUS_SUCCESS;
}

NTSTATUS WINAPI NtAllocateVirtualMemory(HANDLE process, PVOID *base, ULONG_PTR zero_bits, SIZE_T *size, ULONG type,
                                        ULONG protect)
{
    struct virtual_place place = {0};
    NTSTATUS status = place_from_zero_bits(zero_bits, &place);

    if (status)
        return status;
    if (!process_handle_is_self(process))
        return remote_allocate(process, base, size, type, protect);
    if (type & (MEM_RESERVE_PLACEHOLDER | MEM_REPLACE_PLACEHOLDER))
        return STATUS_INVALID_PARAMETER_5;
    status = virtual_allocate(&place, base, size, type, protect);
    return status == STATUS_NO_MEMORY && job_memory_refused() ? STATUS_COMMITMENT_LIMIT : status;
}

NTSTATUS virtual_place_from_parameters(const MEM_EXTENDED_PARAMETER *parameters, ULONG count,
                                       struct virtual_place *place)
{
    for (ULONG i = 0; i < count; i++) {
        const MEM_ADDRESS_REQUIREMENTS *wish = parameters[i].Pointer;
        uintptr_t highest;

        if (parameters[i].Type == MemExtendedParameterInvalidType || parameters[i].Type >= MemExtendedParameterMax)
            return STATUS_INVALID_PARAMETER;
        if (parameters[i].Type != MemExtendedParameterAddressRequirements)
            continue; /* NUMA node and attributes are wishes that one node fulfils anyway */
        highest = (uintptr_t)wish->HighestEndingAddress;
        if ((wish->Alignment & (wish->Alignment - 1)) || (wish->Alignment && wish->Alignment < GRANULARITY))
            return STATUS_INVALID_PARAMETER;
        if (((uintptr_t)wish->LowestStartingAddress & (GRANULARITY - 1)) ||
            (highest && ((highest + 1) & (PAGE_SIZE_HOST - 1))) || highest >= ADDRESS_LIMIT ||
            (highest && (uintptr_t)wish->LowestStartingAddress >= highest))
            return STATUS_INVALID_PARAMETER;
        place->alignment = wish->Alignment;
        place->lowest = wish->LowestStartingAddress;
        place->highest = wish->HighestEndingAddress;
    }
    return STATUS_SUCCESS;
}

NTSTATUS WINAPI NtAllocateVirtualMemoryEx(HANDLE process, PVOID *base, SIZE_T *size, ULONG type, ULONG protect,
                                          MEM_EXTENDED_PARAMETER *parameters, ULONG count)
{
    struct virtual_place place = {0};
    NTSTATUS status = virtual_place_from_parameters(parameters, count, &place);

    if (status)
        return status;
    if (*base && (place.alignment || place.lowest || place.highest))
        return STATUS_INVALID_PARAMETER;
    if (!process_handle_is_self(process))
        return remote_allocate(process, base, size, type, protect);
    status = virtual_allocate(&place, base, size, type, protect);
    return status == STATUS_NO_MEMORY && job_memory_refused() ? STATUS_COMMITMENT_LIMIT : status;
}

/* Cuts the table so that one region is exactly [start, start+size) of `region`; NULL: no memory. */
static struct region *region_isolate(struct region *region, char *start, size_t size)
{
    if (start > region->base) {
        region = region_split(region, (size_t)(start - region->base));
        if (!region)
            return NULL;
    }
    if (size < region->size && !region_split(region, size))
        return NULL;
    return region;
}

static NTSTATUS release_to_placeholder(struct region *region, char *start, size_t size)
{
    if (region->flags & REGION_PLACEHOLDER) {
        if (start == region->base && size == region->size)
            return STATUS_CONFLICTING_ADDRESSES;
        return region_isolate(region, start, size) ? STATUS_SUCCESS : STATUS_NO_MEMORY;
    }
    if (!(region->flags & REGION_FROM_PLACEHOLDER) || start != region->base || size != region->size)
        return STATUS_CONFLICTING_ADDRESSES;
    if (!region_replace(start, size, &mapping_reserved))
        return STATUS_NO_MEMORY;
    region->flags = REGION_PLACEHOLDER;
    region->protect = PAGE_NOACCESS;
    region_set(region, 0, size / PAGE_SIZE_HOST, RUN_RESERVED);
    return STATUS_SUCCESS;
}

/* Two or more placeholders, side by side, that fill the range become one. */
static NTSTATUS placeholders_coalesce(char *start, size_t size)
{
    struct region *first = region_find(start), *next;
    char *end = start + size, *at;

    if (!first || first->base != start)
        return STATUS_CONFLICTING_ADDRESSES;
    for (at = start; at < end; at = next->base + next->size) {
        next = region_find(at);
        if (!next || !(next->flags & REGION_PLACEHOLDER))
            return STATUS_CONFLICTING_ADDRESSES;
    }
    if (at != end || first->size == size)
        return STATUS_CONFLICTING_ADDRESSES;
    while (first->size < size) {
        next = region_find(first->base + first->size);
        size_t more = next->size;

        region_remove(next);
        first->size += more;
    }
    return STATUS_SUCCESS;
}

static NTSTATUS release(char *start, size_t size, ULONG type, void **base, SIZE_T *released)
{
    struct region *region = region_find(start);

    if (!region)
        return STATUS_MEMORY_NOT_ALLOCATED;
    if (region->type != MEM_PRIVATE)
        return STATUS_UNABLE_TO_DELETE_SECTION;
    if (!size) {
        if (start != region->base)
            return STATUS_FREE_VM_NOT_AT_BASE;
        size = region->size;
    }
    if (start + size > region->base + region->size)
        return STATUS_UNABLE_TO_FREE_VM;
    *base = start;
    *released = size;
    if (type & MEM_PRESERVE_PLACEHOLDER)
        return release_to_placeholder(region, start, size);
    region = region_isolate(region, start, size);
    if (!region)
        return STATUS_NO_MEMORY;
    munmap(start, size);
    region_remove(region);
    return STATUS_SUCCESS;
}

/* What commit_own_stack has committed. */
static bool decommit_own_stack(char *start, size_t size, NTSTATUS *status)
{
    PTEB teb = teb_current();

    if (!size || start < (char *)teb->DeallocationStack || start + size > (char *)teb->Tib.StackLimit)
        return false;
    *status = host_protect(start, size, PAGE_NOACCESS, false);
    return true;
}

static NTSTATUS decommit(char *start, size_t size, void **base, SIZE_T *freed)
{
    struct region *region = region_find(start);
    NTSTATUS status;

    if (!region && decommit_own_stack(start, size, &status)) {
        *base = start;
        *freed = size;
        return status;
    }
    if (!region)
        return STATUS_MEMORY_NOT_ALLOCATED;
    if (region->type != MEM_PRIVATE || (region->flags & REGION_PLACEHOLDER))
        return STATUS_UNABLE_TO_DELETE_SECTION;
    if (!size) {
        if (start != region->base)
            return STATUS_FREE_VM_NOT_AT_BASE;
        size = region->size;
    }
    if (start + size > region->base + region->size)
        return STATUS_UNABLE_TO_FREE_VM;
    if (!region_set(region, (size_t)(start - region->base) / PAGE_SIZE_HOST, size / PAGE_SIZE_HOST, RUN_RESERVED) ||
        !region_replace(start, size, &mapping_reserved))
        return STATUS_NO_MEMORY;
    if (region->flags & REGION_WRITE_WATCH)
        virtual_watch_arm(start, size);
    *base = start;
    *freed = size;
    return STATUS_SUCCESS;
}

NTSTATUS WINAPI NtFreeVirtualMemory(HANDLE process, PVOID *base, SIZE_T *size, ULONG type)
{
    uintptr_t start = page_down((uintptr_t)*base), end = page_up((uintptr_t)*base + *size);
    ULONG placeholder = type & (MEM_COALESCE_PLACEHOLDERS | MEM_PRESERVE_PLACEHOLDER);
    size_t length = *size ? end - start : 0;
    NTSTATUS status;

    if (!process_handle_is_self(process))
        return remote_free(process, base, size, type);
    if ((type & ~placeholder) != MEM_RELEASE && type != MEM_DECOMMIT)
        return STATUS_INVALID_PARAMETER_4;
    if (placeholder == (MEM_COALESCE_PLACEHOLDERS | MEM_PRESERVE_PLACEHOLDER))
        return STATUS_INVALID_PARAMETER_4;
    if (*size > ADDRESS_LIMIT || end > ADDRESS_LIMIT)
        return STATUS_INVALID_PARAMETER_3;
    region_lock();
    if (type & MEM_COALESCE_PLACEHOLDERS)
        status = placeholders_coalesce((char *)start, length);
    else if (type & MEM_RELEASE)
        status = release((char *)start, length, type, base, size);
    else
        status = decommit((char *)start, length, base, size);
    region_unlock();
    return status;
}
