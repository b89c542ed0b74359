/*
 * virtual_commit.c: views of sections made with SEC_RESERVE: their pages are reserved until some view commits them,
 * and then they are committed in every view.
 *
 * Layer: ntdll, over region.c.  Runtimes that write code through one view and run it through another live on this.
 */
#include <stdlib.h>
#include <string.h>
#include "region.h"

void commit_set_free(struct commit_set *set)
{
    free(set->ranges);
    *set = (struct commit_set){0};
}

/* Sorted ranges that do not touch each other; what the new one meets is joined to it. */
static bool commit_set_add(struct commit_set *set, uint64_t first, uint64_t end)
{
    size_t from = 0, to;

    while (from < set->count && set->ranges[from].end < first)
        from++;
    for (to = from; to < set->count && set->ranges[to].first <= end; to++) {
        first = set->ranges[to].first < first ? set->ranges[to].first : first;
        end = set->ranges[to].end > end ? set->ranges[to].end : end;
    }
    if (from == to && set->count == set->room) {
        size_t room = set->room ? set->room * 2 : 8;
        struct commit_range *grown = realloc(set->ranges, room * sizeof *grown);

        if (!grown)
            return false;
        set->ranges = grown;
        set->room = room;
    }
    memmove(set->ranges + from + 1, set->ranges + to, (set->count - to) * sizeof *set->ranges);
    set->count = set->count + 1 - (to - from);
    set->ranges[from] = (struct commit_range){first, end};
    return true;
}

/* Pages [first, end) of the section, as far as the view shows them and has them reserved, get the view's protection. */
static NTSTATUS view_open(struct region *region, uint64_t first, uint64_t end)
{
    uint64_t start = region->offset / PAGE_SIZE_HOST, limit = start + region->size / PAGE_SIZE_HOST;

    first = first > start ? first : start;
    end = end < limit ? end : limit;
    for (uint64_t page = first, next; page < end; page = next) {
        size_t run = region_run_end(region, page - start) + start;
        NTSTATUS status;

        next = run < end ? run : end;
        if (region_protect_at(region, page - start) != RUN_RESERVED)
            continue;
        status = host_protect(region->base + (page - start) * PAGE_SIZE_HOST, (next - page) * PAGE_SIZE_HOST,
                              region->protect, true);
        if (status)
            return status;
        if (!region_set(region, page - start, next - page, region->protect))
            return STATUS_NO_MEMORY;
    }
    return STATUS_SUCCESS;
}

NTSTATUS commit_view_begin(struct region *region)
{
    NTSTATUS status = STATUS_SUCCESS;

    for (size_t i = 0; !status && i < region->commits->count; i++)
        status = view_open(region, region->commits->ranges[i].first, region->commits->ranges[i].end);
    return status;
}

NTSTATUS commit_view(struct region *region, size_t page, size_t count, ULONG protect)
{
    struct commit_set *set = region->commits;
    uint64_t first = region->offset / PAGE_SIZE_HOST + page;
    NTSTATUS status = host_protect(region->base + page * PAGE_SIZE_HOST, count * PAGE_SIZE_HOST, protect, true);
    struct region *other;

    if (status)
        return status;
    if (!region_set(region, page, count, protect) || !commit_set_add(set, first, first + count))
        return STATUS_NO_MEMORY;
    for (size_t i = 0; !status && (other = region_at(i)); i++)
        if (other->commits == set)
            status = view_open(other, first, first + count);
    return status;
}
