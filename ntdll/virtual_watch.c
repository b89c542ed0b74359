/*
 * virtual_watch.c: write watches: which pages of an allocation (MEM_WRITE_WATCH) were written.
 *
 * Layer: ntdll, over region.c.  The kernel keeps the books: the range is registered with a userfaultfd in the mode that
 * resolves write faults by itself (WP_ASYNC), and PAGEMAP_SCAN tells and resets in one step (Linux 6.7).  So a write
 * costs one page fault after each reset, and nobody else pays.  On an older kernel, or where a sandbox forbids it, a
 * page counts as written once it is present: collectors then look at more than they must.
 */
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <pthread.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "region.h"

/* linux/fs.h and linux/userfaultfd.h of 6.7; Debian 12's are older. */
struct scan_range {
    uint64_t start, end, categories;
};
struct scan_arguments {
    uint64_t size, flags, start, end, walk_end, vec, vec_len, max_pages;
    uint64_t category_inverted, category_mask, category_anyof_mask, return_mask;
};
#define SCAN_REQUEST _IOWR('f', 16, struct scan_arguments)
#define SCAN_RESET 1u       /* PM_SCAN_WP_MATCHING */
#define SCAN_CHECK_ASYNC 2u /* PM_SCAN_CHECK_WPASYNC */
#define CATEGORY_WRITTEN 2u /* PAGE_IS_WRITTEN */
#define CATEGORY_PRESENT 8u /* a page that is not there yet counts as written, too */
#define CATEGORY_SWAPPED 16u
#define CATEGORY_ZERO 0x20u /* PAGE_IS_PFNZERO: was only read */
#define FEATURE_UNPOPULATED (1u << 13)
#define FEATURE_ASYNC (1u << 15)
#define USER_MODE_ONLY 1
#define RANGES 64

static pthread_once_t once = PTHREAD_ONCE_INIT;
static int fault_fd = -1, pagemap_fd = -1;

static void watch_open(void)
{
    struct uffdio_api api = {.api = UFFD_API, .features = FEATURE_ASYNC | FEATURE_UNPOPULATED};
    int fd = (int)syscall(SYS_userfaultfd, O_CLOEXEC | O_NONBLOCK | USER_MODE_ONLY);

    if (fd < 0)
        return;
    if (ioctl(fd, UFFDIO_API, &api) != 0) {
        close(fd);
        return;
    }
    pagemap_fd = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
    if (pagemap_fd < 0)
        close(fd);
    else
        fault_fd = fd;
}

void virtual_watch_arm(void *base, size_t size)
{
    struct uffdio_register range = {.range = {(uintptr_t)base, size}, .mode = UFFDIO_REGISTER_MODE_WP};

    pthread_once(&once, watch_open);
    if (fault_fd >= 0)
        ioctl(fault_fd, UFFDIO_REGISTER, &range);
}

/* Up to `room` pages of [start, end), as ranges.  How many ranges, -1: the kernel can not tell.  *end: where it
 * stopped. */
static long scan(char *start, char **end, size_t room, bool reset, struct scan_range *ranges)
{
    struct scan_arguments arguments = {.size = sizeof arguments,
                                       .flags = SCAN_CHECK_ASYNC | (reset ? SCAN_RESET : 0),
                                       .start = (uintptr_t)start,
                                       .end = (uintptr_t)*end,
                                       .vec = (uintptr_t)ranges,
                                       .vec_len = RANGES,
                                       .max_pages = room,
                                       .category_mask = CATEGORY_WRITTEN | CATEGORY_ZERO,
                                       .category_inverted = CATEGORY_ZERO,
                                       .category_anyof_mask = CATEGORY_PRESENT | CATEGORY_SWAPPED,
                                       .return_mask = CATEGORY_WRITTEN};
    long count = pagemap_fd < 0 ? -1 : ioctl(pagemap_fd, SCAN_REQUEST, &arguments);

    *end = (char *)arguments.walk_end;
    return count;
}

/* Without the kernel's help: the pages that are there. */
static ULONG_PTR present_pages(char *start, char *end, PVOID *addresses, ULONG_PTR room)
{
    ULONG_PTR found = 0;

    for (char *at = start; at < end && found < room; at += PAGE_SIZE_HOST) {
        unsigned char present = 0;
        if (mincore(at, PAGE_SIZE_HOST, &present) == 0 && (present & 1))
            addresses[found++] = at;
    }
    return found;
}

static ULONG_PTR written_pages(char *start, char *end, bool reset, PVOID *addresses, ULONG_PTR room)
{
    struct scan_range ranges[RANGES];
    ULONG_PTR found = 0;

    while (start < end && found < room) {
        char *stopped = end;
        long count = scan(start, &stopped, room - found, reset, ranges);
        if (count < 0)
            return present_pages(start, end, addresses, room);
        for (long i = 0; i < count; i++)
            for (uint64_t at = ranges[i].start; at < ranges[i].end && found < room; at += PAGE_SIZE_HOST)
                addresses[found++] = (void *)at;
        start = stopped;
    }
    return found;
}

/* True if the range lies in one allocation with a write watch. */
static bool watched(char *start, char *end)
{
    region_lock();
    struct region *region = region_find(start);
    bool good = region && (region->flags & REGION_WRITE_WATCH) && end > start && end <= region->base + region->size;
    region_unlock();
    return good;
}

NTSTATUS WINAPI NtGetWriteWatch(HANDLE process, ULONG flags, PVOID base, SIZE_T size, PVOID *addresses,
                                ULONG_PTR *count, ULONG *granularity)
{
    char *start = (char *)page_down((uintptr_t)base), *end = (char *)page_up((uintptr_t)base + size);

    if (!process_handle_is_self(process))
        return STATUS_NOT_SUPPORTED;
    if (flags & ~(ULONG)WRITE_WATCH_FLAG_RESET)
        return STATUS_INVALID_PARAMETER_2;
    if (!size || !watched(start, end))
        return size ? STATUS_INVALID_PARAMETER_1 : STATUS_INVALID_PARAMETER_3;
    if (!count || !*count)
        return STATUS_INVALID_PARAMETER_5;
    *count = written_pages(start, end, flags & WRITE_WATCH_FLAG_RESET, addresses, *count);
    *granularity = PAGE_SIZE_HOST;
    return STATUS_SUCCESS;
}

NTSTATUS WINAPI NtResetWriteWatch(HANDLE process, PVOID base, SIZE_T size)
{
    char *start = (char *)page_down((uintptr_t)base), *end = (char *)page_up((uintptr_t)base + size), *stopped;
    struct scan_range ranges[RANGES];

    if (!process_handle_is_self(process))
        return STATUS_NOT_SUPPORTED;
    if (!size || !watched(start, end))
        return STATUS_INVALID_PARAMETER_1;
    for (; start < end; start = stopped) {
        stopped = end;
        if (scan(start, &stopped, 0, true, ranges) < 0)
            break;
    }
    return STATUS_SUCCESS;
}
