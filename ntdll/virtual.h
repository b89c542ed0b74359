/*
 * virtual.h: the process's address space as Windows sees it.
 *
 * One ordered table of regions (private, mapped, image) with per-page protection; whatever
 * is not in it (the host's libraries, stacks) is described from /proc/self/maps.  All
 * mappings that Windows code can see are made here.
 */
#ifndef NTDLL_VIRTUAL_H
#define NTDLL_VIRTUAL_H

#include "win.h"

struct object;

/*
 * Reserves address space for an image of `size` bytes: at `preferred` if free, else where
 * Windows would place it (below 2 GB only if asked by `low`).  The memory is readable and
 * writable, zero, and MEM_IMAGE; populate: its pages are made present at once.
 * STATUS_NO_MEMORY.  Release with virtual_unmap_image.
 */
NTSTATUS virtual_map_image(void *preferred, size_t size, bool populate, void **base);

/*
 * Takes over a mapping made by mmap at `base` (image cache, built-in modules in our own ELF file).
 * Until virtual_protect_image says otherwise its protection is what the host's mapping has.
 */
NTSTATUS virtual_adopt_image(void *base, size_t size);
NTSTATUS virtual_unmap_image(void *base);

/*
 * The last `size` bytes of a mapped image, whole pages from `start`, are to be read from the file `fd` when they are
 * first touched: `pieces` in memory, one behind the other in the file from `offset`.  The descriptor is duplicated.
 * False: they are not, and the caller reads them now.
 */
struct iovec;
bool virtual_image_late(char *start, size_t size, const struct iovec *pieces, unsigned count, int fd, off_t offset);

/*
 * For who could not reach [start, start + size): the handler of faults at closed pages, and callers of the kernel.
 * True: some of it is in late pages, which are there now.
 */
bool virtual_late_hit(const void *start, size_t size);

/* Sets a section's Windows protection (PAGE_EXECUTE_READ ...) on whole pages, and the host's with it. */
NTSTATUS virtual_protect_image(void *address, size_t size, ULONG protect);

/* True if [address, address+size) is readable; no fault, no allocation. */
bool virtual_readable(const void *address, size_t size);

/* As above, for writing. */
bool virtual_writable(void *address, size_t size);

/* Where new address space may lie: NULL and 0 mean no wish. */
struct virtual_place {
    void *address;    /* exact place, or NULL */
    size_t alignment; /* power of two; 0: 64 KB */
    void *lowest;
    void *highest; /* last byte allowed */
};

/* The pages of a section that are committed, if it began as a reservation: virtual_commit.c's. */
struct commit_set {
    struct commit_range {
        uint64_t first, end;
    } * ranges;
    size_t count, room;
};

void commit_set_free(struct commit_set *set);

/* A file (or memory object) to be seen through a view. */
struct virtual_view {
    int fd;                     /* -1: anonymous memory, private to this process */
    uint64_t offset;            /* whole pages */
    size_t size;                /* in bytes, rounded up to pages */
    bool shared;                /* false: copy on write */
    ULONG protect;              /* PAGE_READONLY ... PAGE_EXECUTE_WRITECOPY */
    ULONG flags;                /* MEM_TOP_DOWN, MEM_RESERVE (nothing committed yet), MEM_REPLACE_PLACEHOLDER */
    struct object *section;     /* the view holds a reference of its own; NULL: none */
    struct commit_set *commits; /* the section's; NULL: all its pages are committed */
};

/* Maps a view (MEM_MAPPED).  STATUS_CONFLICTING_ADDRESSES, STATUS_NO_MEMORY, STATUS_SECTION_PROTECTION. */
NTSTATUS virtual_map_view(const struct virtual_place *place, const struct virtual_view *view, void **base);

/* Unmaps the view that holds `address`.  flags: MEM_PRESERVE_PLACEHOLDER.  STATUS_NOT_MAPPED_VIEW. */
NTSTATUS virtual_unmap_view(void *address, ULONG flags);

/* The section behind the view or image that holds `address` (referenced), its base and size; NULL if none. */
struct object *virtual_view_section(const void *address, void **base, size_t *size);

/*
 * For the handler of memory faults.  True: `address` was in a guard page; the page is an ordinary one from now
 * on, and STATUS_GUARD_PAGE_VIOLATION is to be raised.
 */
bool virtual_guard_hit(void *address);

/* Drops the contents of committed private pages, which stay committed.  STATUS_INVALID_PARAMETER. */
NTSTATUS virtual_discard(void *address, size_t size);

/* Reads extended parameters (MEM_EXTENDED_PARAMETER) into a place.  STATUS_INVALID_PARAMETER. */
NTSTATUS virtual_place_from_parameters(const MEM_EXTENDED_PARAMETER *parameters, ULONG count,
                                       struct virtual_place *place);

#ifndef MEM_REPLACE_PLACEHOLDER
#define MEM_COALESCE_PLACEHOLDERS 0x00000001
#define MEM_PRESERVE_PLACEHOLDER 0x00000002
#define MEM_REPLACE_PLACEHOLDER 0x00004000
#define MEM_RESERVE_PLACEHOLDER 0x00040000
#endif

#endif
