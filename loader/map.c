/*
 * map.c: puts a checked PE image into memory.
 *
 * Layer: loader; the address space is ntdll/virtual.h's.  Windows maps images lazily; Linux can not, since file
 * alignment is mostly below a page.  So small images are read into populated memory, whole in one call where the file
 * is contiguous, and large ones come from the cache (map_cache.c).
 */
#include "map.h"
#include "map_private.h"
#include "pe_private.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>
#include "ntdll/virtual.h"

#define STRETCH_GAP 0x10000u
#define LATE_MIN 0x10000u /* less is not worth its bookkeeping */

bool map_next_stretch(const struct pe *pe, uint32_t *start, uint32_t *end)
{
    uint32_t from = *end;
    bool found = from == 0;

    if (found) {
        *start = 0;
        *end = pe->headers_size;
    }
    for (unsigned i = 0; i < pe->section_count; i++) {
        const struct pe_section *section = &pe->sections[i];
        if (!section->raw_size || section->rva < from || section->rva + section->raw_size <= *end)
            continue;
        if (found && section->rva > *end + STRETCH_GAP)
            break;
        if (!found)
            *start = section->rva & ~(PE_PAGE - 1);
        found = true;
        *end = section->rva + section->raw_size;
    }
    *end = (*end + PE_PAGE - 1) & ~(PE_PAGE - 1);
    return found;
}

/* preadv until all is there.  A file that has shrunk meanwhile gives fewer bytes: an error, not a crash. */
static NTSTATUS read_pieces(int fd, struct pe *pe, struct iovec *pieces, int count, uint64_t offset)
{
    while (count) {
        ssize_t got = preadv(fd, pieces, count, offset);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return pe_refuse(pe, STATUS_IN_PAGE_ERROR, "can not be read: %s", strerrordesc_np(errno));
        if (got == 0)
            return pe_refuse(pe, STATUS_INVALID_IMAGE_FORMAT, "truncated while being read");
        offset += got;
        for (; count && (size_t)got >= pieces->iov_len; pieces++, count--)
            got -= pieces->iov_len;
        if (count) {
            pieces->iov_base = (char *)pieces->iov_base + got;
            pieces->iov_len -= got;
        }
    }
    return STATUS_SUCCESS;
}

/* Nothing but debug information is at once read-only, discardable and in no directory. */
static bool section_late(const struct pe *pe, const struct pe_section *section)
{
    if (!(section->flags & IMAGE_SCN_MEM_DISCARDABLE) ||
        section->flags & (IMAGE_SCN_MEM_WRITE | IMAGE_SCN_MEM_EXECUTE | IMAGE_SCN_CNT_CODE))
        return false;
    for (unsigned i = 0; i < IMAGE_NUMBEROF_DIRECTORY_ENTRIES; i++)
        if (pe->directories[i].VirtualAddress - section->rva < section->size)
            return false;
    return true;
}

/* Leaves the debug information at the image's end to be read when it is touched.  Returns how many sections are left.
 */
static unsigned defer_end(int fd, const struct pe *pe, char *base)
{
    struct iovec pieces[PE_SECTIONS_MAX];
    unsigned first = pe->section_count, count = 0;

    while (first && section_late(pe, &pe->sections[first - 1]) &&
           (first == pe->section_count ||
            pe->sections[first - 1].raw + pe->sections[first - 1].raw_size == pe->sections[first].raw))
        first--;
    if (first == pe->section_count || pe->size - pe->sections[first].rva < LATE_MIN)
        return pe->section_count;
    for (unsigned i = first; i < pe->section_count; i++)
        pieces[count++] = (struct iovec){base + pe->sections[i].rva, pe->sections[i].raw_size};
    uint32_t start = pe->sections[first].rva;
    bool deferred = virtual_image_late(base + start, pe->size - start, pieces, count, fd, pe->sections[first].raw);
    return deferred ? first : pe->section_count;
}

/* Headers and the first sections into place, each stretch that is contiguous in the file with one call. */
static NTSTATUS read_image(int fd, struct pe *pe, char *base, unsigned section_count)
{
    struct iovec pieces[PE_SECTIONS_MAX + 1];
    uint64_t offset = 0, next = pe->headers_size;
    int count = 1;

    pieces[0] = (struct iovec){base, pe->headers_size};
    for (unsigned i = 0; i < section_count; i++) {
        const struct pe_section *section = &pe->sections[i];
        if (!section->raw_size)
            continue;
        if (section->raw != next) {
            NTSTATUS status = read_pieces(fd, pe, pieces, count, offset);
            if (!NT_SUCCESS(status))
                return status;
            offset = section->raw;
            count = 0;
        }
        pieces[count++] = (struct iovec){base + section->rva, section->raw_size};
        next = section->raw + section->raw_size;
    }
    return read_pieces(fd, pe, pieces, count, offset);
}

/* Makes present what is about to be read in: a page fault costs more than reading the page. */
static void populate(const struct pe *pe, char *base, uint32_t limit)
{
    uint32_t start, end = 0;

    while (map_next_stretch(pe, &start, &end) && start < limit)
        madvise(base + start, (end < limit ? end : limit) - start, MADV_POPULATE_WRITE);
}

static NTSTATUS relocate(struct pe *pe, struct pe_image *image, uint64_t linked_base)
{
    if ((uint64_t)image->base == linked_base)
        return STATUS_SUCCESS;
    NTSTATUS status = pe_relocate(image, (uint64_t)image->base - linked_base);
    if (!NT_SUCCESS(status))
        return pe_refuse(pe, status, "damaged: its relocation table is wrong");
    /* As Windows does: the headers in memory say where the image is. */
    IMAGE_NT_HEADERS64 *nt = (void *)(image->base + pe->nt_offset);
    if (nt->OptionalHeader.Magic == IMAGE_NT_OPTIONAL_HDR64_MAGIC)
        nt->OptionalHeader.ImageBase = (uint64_t)image->base;
    return STATUS_SUCCESS;
}

static NTSTATUS reserve(struct pe *pe, void *wanted, struct pe_image *image)
{
    void *base;
    NTSTATUS status = virtual_map_image(wanted, pe->size, false, &base);

    if (!NT_SUCCESS(status))
        return pe_refuse(pe, status, "no room for an image of %u MiB", pe->size >> 20);
    pe_image_init(image, pe, base);
    if ((uint64_t)base == pe->base || pe_relocatable(pe) || !pe->code)
        return STATUS_SUCCESS;
    virtual_unmap_image(base);
    return pe_refuse(pe, STATUS_CONFLICTING_ADDRESSES, "must lie at 0x%llx, which is taken, and has no relocations",
                     (unsigned long long)pe->base);
}

static NTSTATUS fill(int fd, struct pe *pe, struct pe_image *image, void *cache_base)
{
    if (cache_base && map_cache_load(pe, image->base))
        return relocate(pe, image, (uint64_t)cache_base);
    unsigned count = pe->code && !cache_base ? defer_end(fd, pe, (char *)image->base) : pe->section_count;
    populate(pe, (char *)image->base, count < pe->section_count ? pe->sections[count].rva : pe->size);
    NTSTATUS status = read_image(fd, pe, (char *)image->base, count);
    if (NT_SUCCESS(status) && pe->code)
        status = relocate(pe, image, pe->base);
    if (NT_SUCCESS(status) && cache_base == image->base)
        map_cache_store(pe, image->base);
    return status;
}

NTSTATUS map_image(int fd, struct pe *pe, struct pe_image *image)
{
    void *cache_base = pe->code ? map_cache_base(pe) : NULL;
    NTSTATUS status = reserve(pe, pe->code && !cache_base ? (void *)pe->base : cache_base, image);

    if (NT_SUCCESS(status)) {
        status = fill(fd, pe, image, cache_base);
        if (!NT_SUCCESS(status))
            virtual_unmap_image(image->base);
    }
    if (!NT_SUCCESS(status))
        image->base = NULL;
    return status;
}

NTSTATUS map_protect(const struct pe *pe, const struct pe_image *image)
{
    uint32_t start = 0;            /* of a stretch of equal protection */
    ULONG protect = PAGE_READONLY; /* the headers */
    NTSTATUS status;

    /* Sections that share pages: what Windows gives such images. */
    if (pe->section_alignment < PE_PAGE)
        return virtual_protect_image(image->base, image->size, PAGE_EXECUTE_WRITECOPY);
    for (unsigned i = 0; i < pe->section_count; i++) {
        const struct pe_section *section = &pe->sections[i];
        ULONG wanted = pe_section_protect(section->flags);
        if (wanted == protect || !section->size)
            continue;
        if (section->rva > start &&
            !NT_SUCCESS(status = virtual_protect_image(image->base + start, section->rva - start, protect)))
            return status;
        start = section->rva;
        protect = wanted;
    }
    return virtual_protect_image(image->base + start, image->size - start, protect);
}
