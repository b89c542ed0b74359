/*
 * virtual_view.c: images and views: memory that stands for a file or a section.
 *
 * Layer: ntdll.  The loader maps images here, section.c maps views; both only say what is to be seen.
 */
#include <errno.h>
#include <sys/mman.h>
#include "error.h"
#include "object.h"
#include "region.h"

static NTSTATUS image_place(void *preferred, size_t size, const struct host_mapping *mapping, void **base)
{
    struct virtual_place place = {0};
    struct region *next = region_at(region_index(preferred));
    bool free = (uintptr_t)preferred >= ADDRESS_LOWEST && (uintptr_t)preferred + size <= ADDRESS_LIMIT &&
                (!next || (char *)preferred + size <= next->base);

    *base = NULL;
    if (free) {
        place.address = preferred;
        *base = region_place(&place, size, 0, mapping);
    }
    if (!*base) {
        place.address = NULL;
        *base = region_place(&place, size, 0, mapping);
    }
    return *base ? STATUS_SUCCESS : STATUS_NO_MEMORY;
}

NTSTATUS virtual_map_image(void *preferred, size_t size, bool populate, void **base)
{
    struct host_mapping mapping = {PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0};
    NTSTATUS status;

    size = page_up(size);
    if (!size)
        return STATUS_INVALID_PARAMETER;
    if (populate)
        mapping.flags |= MAP_POPULATE;
    else
        mapping.flags |= MAP_NORESERVE;
    region_lock();
    status = image_place(preferred, size, &mapping, base);
    if (!status && !region_add(*base, size, MEM_IMAGE, PAGE_EXECUTE_WRITECOPY, PAGE_READWRITE)) {
        munmap(*base, size);
        status = STATUS_NO_MEMORY;
    }
    region_unlock();
    return status;
}

NTSTATUS virtual_adopt_image(void *base, size_t size)
{
    struct region *region;

    region_lock();
    region = region_add(base, page_up(size), MEM_IMAGE, PAGE_EXECUTE_WRITECOPY, RUN_ASK_HOST);
    region_unlock();
    return region ? STATUS_SUCCESS : STATUS_NO_MEMORY;
}

NTSTATUS virtual_unmap_image(void *base)
{
    struct region *region;

    region_lock();
    region = region_find(base);
    if (!region || region->type != MEM_IMAGE || region->base != base) {
        region_unlock();
        return STATUS_NOT_MAPPED_VIEW;
    }
    late_forget(region->base, region->base + region->size);
    munmap(base, region->size);
    region_remove(region);
    region_unlock();
    return STATUS_SUCCESS;
}

NTSTATUS virtual_protect_image(void *address, size_t size, ULONG protect)
{
    uintptr_t start = page_down((uintptr_t)address), end = page_up((uintptr_t)address + size);
    struct region *region;
    NTSTATUS status = STATUS_CONFLICTING_ADDRESSES;

    region_lock();
    region = region_find((void *)start);
    if (region && end <= (uintptr_t)region->base + region->size) {
        int prot = protect_to_host(protect, false);
        size_t size_now = late_begin(start, end) - start;
        /* Images are mapped readable and writable, to be filled. */
        if (!size_now || prot == (PROT_READ | PROT_WRITE) || mprotect((void *)start, size_now, prot) == 0)
            status = STATUS_SUCCESS;
        else
            status = STATUS_NO_MEMORY;
        if (!status && !region_set(region, (start - (uintptr_t)region->base) / PAGE_SIZE_HOST,
                                   (end - start) / PAGE_SIZE_HOST, protect))
            status = STATUS_NO_MEMORY;
    }
    region_unlock();
    return status;
}

static NTSTATUS view_place(const struct virtual_place *place, const struct virtual_view *view, size_t size,
                           const struct host_mapping *mapping, struct region **region, void **base)
{
    ULONG run = view->flags & MEM_RESERVE && view->fd < 0 ? RUN_RESERVED : view->protect;

    if (view->flags & MEM_REPLACE_PLACEHOLDER) {
        struct region *old = region_find(place->address);

        if (!old || !(old->flags & REGION_PLACEHOLDER) || old->base != place->address || old->size != size)
            return STATUS_CONFLICTING_ADDRESSES;
        if (!region_replace(old->base, size, mapping))
            return status_from_errno(errno);
        old->type = MEM_MAPPED;
        old->flags = REGION_FROM_PLACEHOLDER;
        old->protect = view->protect;
        region_set(old, 0, size / PAGE_SIZE_HOST, run);
        *region = old;
        *base = old->base;
        return STATUS_SUCCESS;
    }
    if (place->address) {
        struct region *next = region_at(region_index(place->address));

        if (next && next->base < (char *)place->address + size)
            return STATUS_CONFLICTING_ADDRESSES;
    }
    errno = 0;
    *base = region_place(place, size, view->flags, mapping);
    if (!*base)
        return errno == EACCES || errno == EPERM ? STATUS_SECTION_PROTECTION
               : place->address                  ? STATUS_CONFLICTING_ADDRESSES
                                                 : STATUS_NO_MEMORY;
    *region = region_add(*base, size, MEM_MAPPED, view->protect, run);
    if (!*region)
        munmap(*base, size);
    return *region ? STATUS_SUCCESS : STATUS_NO_MEMORY;
}

NTSTATUS virtual_map_view(const struct virtual_place *place, const struct virtual_view *view, void **base)
{
    struct host_mapping mapping = {protect_to_host(view->protect, view->shared), 0, view->fd, view->offset};
    size_t size = page_up(view->size);
    struct region *region = NULL;
    NTSTATUS status;

    mapping.flags = (view->shared ? MAP_SHARED : MAP_PRIVATE) | MAP_NORESERVE | (view->fd < 0 ? MAP_ANONYMOUS : 0);
    if (view->flags & MEM_RESERVE || view->commits)
        mapping.prot = PROT_NONE;
    region_lock();
    status = view_place(place, view, size, &mapping, &region, base);
    if (!status) {
        if (view->flags & MEM_RESERVE || view->commits)
            region_set(region, 0, size / PAGE_SIZE_HOST, RUN_RESERVED);
        region->flags |= (view->shared ? REGION_SHARED : 0) | (view->fd >= 0 ? REGION_FD : 0);
        region->section = view->section ? object_reference(view->section) : NULL;
        region->commits = view->commits;
        region->offset = view->offset;
        if (view->commits)
            status = commit_view_begin(region);
    }
    region_unlock();
    return status;
}

NTSTATUS virtual_unmap_view(void *address, ULONG flags)
{
    struct object *section;
    struct region *region;
    NTSTATUS status = STATUS_SUCCESS;

    region_lock();
    region = region_find(address);
    if (!region || region->type == MEM_PRIVATE) {
        region_unlock();
        return STATUS_NOT_MAPPED_VIEW;
    }
    section = region->section;
    if (!(flags & MEM_PRESERVE_PLACEHOLDER)) {
        munmap(region->base, region->size);
        region_remove(region);
    } else if (!(region->flags & REGION_FROM_PLACEHOLDER)) {
        status = STATUS_CONFLICTING_ADDRESSES;
        section = NULL;
    } else if (region_replace(region->base, region->size, &mapping_reserved)) {
        region->type = MEM_PRIVATE;
        region->flags = REGION_PLACEHOLDER;
        region->protect = PAGE_NOACCESS;
        region->section = NULL;
        region->commits = NULL;
        region_set(region, 0, region->size / PAGE_SIZE_HOST, RUN_RESERVED);
    } else {
        status = STATUS_NO_MEMORY;
        section = NULL;
    }
    region_unlock();
    if (section)
        object_release(section);
    return status;
}

struct object *virtual_view_section(const void *address, void **base, size_t *size)
{
    struct object *section = NULL;
    struct region *region;

    region_lock();
    region = region_find(address);
    if (region && region->section) {
        section = object_reference(region->section);
        *base = region->base;
        *size = region->size;
    }
    region_unlock();
    return section;
}
