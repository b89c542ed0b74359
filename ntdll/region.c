/*
 * region.c: the table of regions and where new ones go.
 *
 * Layer: ntdll, lowest.  Calls malloc and mmap only.  See region.h for the rules.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include "lock.h"
#include "ntkuser.h"
#include "region.h"

/* Ours grow up from here: above what images and Go's heap ask for, below what the kernel hands out. */
#define PLACE_LOW ((char *)0x018000000000)
#define PLACE_HIGH ((char *)0x7c0000000000)

const struct host_mapping mapping_reserved = {PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0};

static pthread_mutex_t table_lock = PTHREAD_MUTEX_INITIALIZER;
static struct region **table;
static size_t table_count, table_room;
static char *place_cursor; /* where the next search begins; moved back when something below is freed */

void region_lock(void)
{
    host_lock(&table_lock);
}

void region_unlock(void)
{
    host_unlock(&table_lock);
}

size_t region_index(const void *address)
{
    size_t low = 0, high = table_count;

    while (low < high) {
        size_t middle = (low + high) / 2;

        if (table[middle]->base + table[middle]->size > (const char *)address)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

struct region *region_at(size_t index)
{
    return index < table_count ? table[index] : NULL;
}

struct region *region_find(const void *address)
{
    struct region *region = region_at(region_index(address));

    return region && region->base <= (const char *)address ? region : NULL;
}

static bool table_insert(struct region *region)
{
    size_t index = region_index(region->base);

    if (table_count == table_room) {
        size_t room = table_room ? 2 * table_room : 64;
        struct region **grown = realloc(table, room * sizeof *table);

        if (!grown)
            return false;
        table = grown;
        table_room = room;
    }
    memmove(table + index + 1, table + index, (table_count - index) * sizeof *table);
    table[index] = region;
    table_count++;
    return true;
}

struct region *region_add(void *base, size_t size, ULONG type, ULONG protect, ULONG run_protect)
{
    struct region *region = calloc(1, sizeof *region);

    if (!region)
        return NULL;
    region->base = base;
    region->size = size;
    region->type = type;
    region->protect = protect;
    region->runs = region->few;
    region->run_room = sizeof region->few / sizeof *region->few;
    region->run_count = 1;
    region->few[0].protect = run_protect;
    if (!table_insert(region)) {
        free(region);
        return NULL;
    }
    return region;
}

void region_remove(struct region *region)
{
    size_t index = region_index(region->base);

    memmove(table + index, table + index + 1, (table_count - index - 1) * sizeof *table);
    table_count--;
    if (region->base < place_cursor && region->base >= PLACE_LOW)
        place_cursor = region->base;
    if (region->runs != region->few)
        free(region->runs);
    free(region);
}

/* The run that holds `page`. */
static size_t run_index(const struct region *region, size_t page)
{
    size_t low = 0, high = region->run_count;

    while (high - low > 1) {
        size_t middle = (low + high) / 2;

        if (region->runs[middle].page <= page)
            low = middle;
        else
            high = middle;
    }
    return low;
}

ULONG region_protect_at(const struct region *region, size_t page)
{
    return region->runs[run_index(region, page)].protect;
}

struct region *region_holding(const char *address, size_t size)
{
    struct region *region = region_find(address);

    return region && address + size <= region->base + region->size ? region : NULL;
}

size_t region_run_end(const struct region *region, size_t page)
{
    size_t next = run_index(region, page) + 1;

    return next < region->run_count ? region->runs[next].page : region->size / PAGE_SIZE_HOST;
}

static bool runs_grow(struct region *region, size_t wanted)
{
    struct run *runs;
    size_t room = region->run_room;

    if (wanted <= room)
        return true;
    while (room < wanted)
        room *= 2;
    if (region->runs == region->few) {
        runs = malloc(room * sizeof *runs);
        if (runs)
            memcpy(runs, region->few, region->run_count * sizeof *runs);
    } else {
        runs = realloc(region->runs, room * sizeof *runs);
    }
    if (!runs)
        return false;
    region->runs = runs;
    region->run_room = room;
    return true;
}

/* Replaces runs [first, last) by the `count` given ones. */
static void runs_splice(struct region *region, size_t first, size_t last, const struct run *insert, size_t count)
{
    memmove(region->runs + first + count, region->runs + last, (region->run_count - last) * sizeof *region->runs);
    memcpy(region->runs + first, insert, count * sizeof *insert);
    region->run_count = region->run_count - (last - first) + count;
}

bool region_set(struct region *region, size_t page, size_t count, ULONG protect)
{
    size_t end = page + count, pages = region->size / PAGE_SIZE_HOST;
    size_t first = run_index(region, page), last = run_index(region, end - 1);
    struct run insert[3];
    size_t inserted = 0;
    ULONG after = region->runs[last].protect;

    if (first == last && after == protect)
        return true;
    if (!runs_grow(region, region->run_count + 2))
        return false;
    if (region->runs[first].page < page)
        insert[inserted++] = region->runs[first];
    else if (first > 0 && region->runs[first - 1].protect == protect)
        first--, insert[inserted++] = region->runs[first];
    if (!inserted || insert[inserted - 1].protect != protect)
        insert[inserted++] = (struct run){page, protect};
    last++;
    if (end < pages && end < (last < region->run_count ? region->runs[last].page : pages)) {
        if (after != protect)
            insert[inserted++] = (struct run){end, after};
    } else if (last < region->run_count && region->runs[last].protect == protect) {
        last++;
    }
    runs_splice(region, first, last, insert, inserted);
    return true;
}

struct region *region_split(struct region *region, size_t offset)
{
    size_t cut = offset / PAGE_SIZE_HOST, index = run_index(region, cut), size = region->size;
    struct region *upper;

    region->size = offset; /* first, so that the table stays ordered */
    upper =
        region_add(region->base + offset, size - offset, region->type, region->protect, region->runs[index].protect);
    if (upper && !runs_grow(upper, region->run_count - index)) {
        region_remove(upper);
        upper = NULL;
    }
    if (!upper) {
        region->size = size;
        return NULL;
    }
    upper->flags = region->flags;
    for (size_t i = index + 1; i < region->run_count; i++)
        upper->runs[upper->run_count++] = (struct run){region->runs[i].page - cut, region->runs[i].protect};
    region->run_count = region->runs[index].page == cut ? index : index + 1;
    return upper;
}

bool region_replace(void *address, size_t size, const struct host_mapping *mapping)
{
    return mmap(address, size, mapping->prot, mapping->flags | MAP_FIXED, mapping->fd, (off_t)mapping->offset) !=
           MAP_FAILED;
}

/* KUSER_SHARED_DATA is mapped when it is first read; until then nothing else may take its place. */
static bool meets_kuser(const char *address, size_t size)
{
    return (uintptr_t)address < KUSER_ADDRESS + GRANULARITY && (uintptr_t)address + size > KUSER_ADDRESS;
}

static bool place_try(char *address, size_t size, const struct host_mapping *mapping)
{
    void *got;

    if (meets_kuser(address, size))
        return false;
    got = mmap(address, size, mapping->prot, mapping->flags | MAP_FIXED_NOREPLACE, mapping->fd, (off_t)mapping->offset);
    if (got == MAP_FAILED)
        return false;
    if (got == address)
        return true;
    munmap(got, size); /* a kernel older than 4.17 takes the address as a hint */
    return false;
}

/* What of the host is in the way of [address, address+size); false if nothing is. */
static bool place_obstacle(char *address, size_t size, struct host_range *range)
{
    if (meets_kuser(address, size)) {
        range->start = KUSER_ADDRESS;
        range->end = KUSER_ADDRESS + GRANULARITY;
        return true;
    }
    if (!host_range_at((uintptr_t)address, range))
        return false;
    if (range->mapped)
        return true;
    return range->end < (uintptr_t)address + size && host_range_at(range->end, range) && range->mapped;
}

static char *place_upwards(char *low, char *high, size_t size, size_t alignment, const struct host_mapping *mapping)
{
    for (;;) {
        struct host_range range;
        struct region *region;

        low = (char *)(((uintptr_t)low + alignment - 1) & ~(alignment - 1));
        if (low >= high || (size_t)(high - low) < size)
            return NULL;
        region = region_at(region_index(low));
        if (region && region->base < low + size) {
            low = region->base + region->size;
            continue;
        }
        if (place_try(low, size, mapping))
            return low;
        if (!place_obstacle(low, size, &range))
            return NULL;
        low = (char *)range.end;
    }
}

static char *place_downwards(char *low, char *high, size_t size, size_t alignment, const struct host_mapping *mapping)
{
    for (;;) {
        struct host_range range;
        struct region *region;
        char *address;

        if (high <= low || (size_t)(high - low) < size)
            return NULL;
        address = (char *)((uintptr_t)(high - size) & ~(alignment - 1));
        if (address < low)
            return NULL;
        region = region_at(region_index(address));
        if (region && region->base < address + size) {
            high = region->base;
            continue;
        }
        if (place_try(address, size, mapping))
            return address;
        if (!place_obstacle(address, size, &range))
            return NULL;
        high = (char *)range.start;
    }
}

void *region_place(const struct virtual_place *place, size_t size, ULONG flags, const struct host_mapping *mapping)
{
    size_t alignment = place->alignment > GRANULARITY ? place->alignment : GRANULARITY;
    char *low = place->lowest, *high = place->highest ? (char *)place->highest + 1 : PLACE_HIGH, *found;
    bool anywhere = !place->lowest && !place->highest;

    if (place->address)
        return place_try(place->address, size, mapping) ? place->address : NULL;
    if (high > (char *)ADDRESS_LIMIT)
        high = (char *)ADDRESS_LIMIT;
    if (!low)
        low = high <= PLACE_LOW + size ? (char *)ADDRESS_LOWEST : PLACE_LOW;
    if (flags & MEM_TOP_DOWN)
        return place_downwards(low, high, size, alignment, mapping);
    if (anywhere && place_cursor)
        low = place_cursor;
    found = place_upwards(low, high, size, alignment, mapping);
    if (!found && anywhere)
        found = place_upwards(PLACE_LOW, PLACE_HIGH, size, alignment, mapping);
    if (found && anywhere)
        place_cursor = found + size;
    return found;
}
