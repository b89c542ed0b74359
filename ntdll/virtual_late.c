/*
 * virtual_late.c: the end of an image, read from its file when it is first touched.
 *
 * Layer: ntdll.  Debug information that MinGW left in a program is often most of its pages, and hardly a program reads
 * it through its own image.  Until then the pages are closed to everybody: a fault, a change of protection, or a file
 * operation that the kernel refuses for them brings the contents.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>
#include "region.h"

struct late {
    struct late *next;
    char *start;
    size_t size;
    int fd; /* -1: they have been read */
    off_t offset;
    unsigned count;
    struct iovec pieces[];
};

static struct late *all; /* guarded by region_lock */

bool virtual_image_late(char *start, size_t size, const struct iovec *pieces, unsigned count, int fd, off_t offset)
{
    struct late *late = malloc(sizeof(*late) + count * sizeof(*pieces));
    int own = late ? fcntl(fd, F_DUPFD_CLOEXEC, 0) : -1;

    if (own < 0 || mprotect(start, size, PROT_NONE) != 0) {
        if (own >= 0)
            close(own);
        free(late);
        return false;
    }
    *late = (struct late){.start = start, .size = size, .fd = own, .offset = offset, .count = count};
    memcpy(late->pieces, pieces, count * sizeof(*pieces));
    region_lock();
    late->next = all;
    all = late;
    region_unlock();
    return true;
}

/* Into memory at `distance` from where it belongs.  A file that has become shorter leaves zeros. */
static void late_read(struct late *late, ptrdiff_t distance)
{
    struct iovec *pieces = late->pieces;
    unsigned count = late->count;

    for (unsigned i = 0; i < count; i++)
        pieces[i].iov_base = (char *)pieces[i].iov_base + distance;
    while (count) {
        ssize_t got = preadv(late->fd, pieces, (int)count, late->offset);
        if (got <= 0)
            break;
        late->offset += got;
        for (; count && (size_t)got >= pieces->iov_len; pieces++, count--)
            got -= (ssize_t)pieces->iov_len;
        if (count) {
            pieces->iov_base = (char *)pieces->iov_base + got;
            pieces->iov_len -= (size_t)got;
        }
    }
    close(late->fd);
    late->fd = -1;
}

static struct late **late_find(const char *start, const char *end)
{
    struct late **link = &all;

    while (*link && !((*link)->start < end && start < (*link)->start + (*link)->size))
        link = &(*link)->next;
    return link;
}

void late_fill(struct region *region, const char *start, const char *end)
{
    struct late *late = *late_find(start, end);

    if (!late || late->fd < 0)
        return;
    /* All at once, since other threads may look at any time.  Until now the pages have one protection. */
    size_t first = (size_t)(late->start - region->base) / PAGE_SIZE_HOST;
    char *memory = mmap(NULL, late->size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED)
        return;
    late_read(late, memory - late->start);
    mprotect(memory, late->size, protect_to_host(region_protect_at(region, first), false));
    if (mremap(memory, late->size, late->size, MREMAP_MAYMOVE | MREMAP_FIXED, late->start) == MAP_FAILED)
        munmap(memory, late->size);
}

uintptr_t late_begin(uintptr_t start, uintptr_t end)
{
    struct late *late = *late_find((const char *)start, (const char *)end);

    return late && late->fd >= 0 ? (uintptr_t)late->start : end;
}

void late_forget(const char *start, const char *end)
{
    struct late **link;

    while (*(link = late_find(start, end))) {
        struct late *late = *link;
        *link = late->next;
        if (late->fd >= 0)
            close(late->fd);
        free(late);
    }
}

static bool late_touch(char *start, char *end)
{
    struct region *region;
    bool there = false;

    region_lock();
    region = region_find(start);
    if (region && *late_find(start, end)) {
        size_t page = (size_t)(start - region->base) / PAGE_SIZE_HOST;
        late_fill(region, start, end);
        /* If another thread was faster, the access succeeds now all the same. */
        there = protect_to_host(region_protect_at(region, page), false) != PROT_NONE;
    }
    region_unlock();
    return there;
}

bool virtual_late_hit(const void *start, size_t size)
{
    return all && late_touch((char *)start, (char *)start + size);
}
