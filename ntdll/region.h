/*
 * region.h: the table under virtual.h.  Only virtual*.c include it.
 *
 * A region is one allocation: a reservation, a view, an image or a placeholder.  Its pages are described
 * by runs: sorted, the first at page 0, neighbours different.  All of it is guarded by region_lock; nothing
 * touches the program's memory while holding it, so that a fault handler may take it.
 */
#ifndef NTDLL_REGION_H
#define NTDLL_REGION_H

#include "virtual.h"

#define PAGE_SIZE_HOST 0x1000ul
#define GRANULARITY 0x10000ul
#define ADDRESS_LOWEST 0x10000ul

/* First address that programs can not have: 0x7FFFFFFF0000. */
#define ADDRESS_LIMIT 0x7fffffff0000ul

/* A run's protection beside the PAGE_* values. */
#define RUN_RESERVED 0u
#define RUN_ASK_HOST 0x80000000u /* never set by us: /proc/self/maps knows */

struct run {
    size_t page; /* first page, counted from the region's base */
    ULONG protect;
};

enum {
    REGION_PLACEHOLDER = 1,
    REGION_WRITE_WATCH = 2,
    REGION_FROM_PLACEHOLDER = 4, /* may become a placeholder again */
    REGION_SHARED = 8,           /* view that is not copy on write */
    REGION_FD = 16,              /* backed by a file: decommit is not possible */
};

struct region {
    char *base;
    size_t size;
    ULONG type;    /* MEM_PRIVATE, MEM_MAPPED, MEM_IMAGE */
    ULONG protect; /* given at allocation */
    ULONG flags;
    struct object *section;     /* one reference; NULL: none */
    struct commit_set *commits; /* of the section; NULL: its pages are all committed */
    uint64_t offset;            /* where in the section the view begins, with `commits` */
    struct run *runs;           /* `few` or malloc'ed */
    size_t run_count, run_room;
    struct run few[3];
};

void region_lock(void);
void region_unlock(void);

/* All of these want the lock held. */
struct region *region_find(const void *address);
size_t region_index(const void *address);                        /* of the first region that ends after address */
struct region *region_at(size_t index);                          /* NULL past the end */
struct region *region_holding(const char *address, size_t size); /* all of [address, address+size), or NULL */
struct region *region_add(void *base, size_t size, ULONG type, ULONG protect, ULONG run_protect);
void region_remove(struct region *); /* from the table; frees the record, not the mapping or section */

/* Cuts a region in two at `offset` bytes (whole pages); the section is not shared out.  Returns the upper part. */
struct region *region_split(struct region *, size_t offset);

ULONG region_protect_at(const struct region *, size_t page);
size_t region_run_end(const struct region *, size_t page); /* first page after the run that holds `page` */
bool region_set(struct region *, size_t page, size_t count, ULONG protect);

/* What the host maps there. */
struct host_mapping {
    int prot, flags, fd; /* PROT_*, MAP_* without MAP_FIXED */
    uint64_t offset;
};

/* The mapping of memory that is only reserved: no page is ever made for it. */
extern const struct host_mapping mapping_reserved;

/* Finds free address space (flags: MEM_TOP_DOWN) and maps it; NULL if there is none. */
void *region_place(const struct virtual_place *place, size_t size, ULONG flags, const struct host_mapping *mapping);

/* Puts a mapping over one that is ours already. */
bool region_replace(void *address, size_t size, const struct host_mapping *mapping);

/* One line of /proc/self/maps, or the gap between two. */
struct host_range {
    uintptr_t start, end;
    bool mapped;
    int prot; /* PROT_* */
    bool shared;
    char path[256];
};

/* The range that holds `address`.  False: the maps can not be read. */
bool host_range_at(uintptr_t address, struct host_range *range);

/* virtual_late.c, with the lock held.  Brings the late pages that meet [start, end). */
void late_fill(struct region *region, const char *start, const char *end);
uintptr_t late_begin(uintptr_t start, uintptr_t end); /* where late pages in [start, end) begin; end: none */
void late_forget(const char *start, const char *end); /* they are never to be read */

/* virtual_watch.c: from now on the kernel notes which pages are written.  To be repeated when the mapping is replaced.
 */
void virtual_watch_arm(void *base, size_t size);

/* virtual_commit.c: a view whose section is reserved shows what is committed; pages of it become committed. */
NTSTATUS commit_view_begin(struct region *region);
NTSTATUS commit_view(struct region *region, size_t page, size_t count, ULONG protect);

int protect_to_host(ULONG protect, bool shared);
ULONG protect_from_host(int prot);
bool protect_valid(ULONG protect);
NTSTATUS host_protect(void *address, size_t size, ULONG protect, bool shared);

/* True if the handle is this process.  Other processes' memory is not reachable yet. */
bool process_handle_is_self(HANDLE process);

static inline uintptr_t page_down(uintptr_t value)
{
    return value & ~(PAGE_SIZE_HOST - 1);
}

static inline uintptr_t page_up(uintptr_t value)
{
    return (value + PAGE_SIZE_HOST - 1) & ~(PAGE_SIZE_HOST - 1);
}

#endif
