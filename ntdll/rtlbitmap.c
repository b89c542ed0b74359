/*
 * rtlbitmap.c: bit maps, and finding bits in words (RtlFindClearBits ...).
 *
 * Layer: ntdll; computes only.
 */
#include "win.h"

#define NOT_FOUND 0xffffffffu

typedef struct _RTL_BITMAP {
    ULONG SizeOfBitMap;
    PULONG Buffer;
} RTL_BITMAP, *PRTL_BITMAP;

typedef struct _RTL_BITMAP_RUN {
    ULONG StartingIndex, NumberOfBits;
} RTL_BITMAP_RUN, *PRTL_BITMAP_RUN;

void WINAPI RtlInitializeBitMap(PRTL_BITMAP map, PULONG buffer, ULONG size)
{
    *map = (RTL_BITMAP){size, buffer};
}

static bool bit(const RTL_BITMAP *map, ULONG at)
{
    return map->Buffer[at / 32] >> at % 32 & 1;
}

static void fill(PRTL_BITMAP map, ULONG start, ULONG count, bool value)
{
    while (count) {
        ULONG part = 32 - start % 32;
        if (part > count)
            part = count;
        ULONG mask = (part == 32 ? ~0u : (1u << part) - 1) << start % 32;
        if (value)
            map->Buffer[start / 32] |= mask;
        else
            map->Buffer[start / 32] &= ~mask;
        start += part;
        count -= part;
    }
}

BOOLEAN WINAPI RtlTestBit(PRTL_BITMAP map, ULONG at)
{
    return bit(map, at);
}

void WINAPI RtlSetBit(PRTL_BITMAP map, ULONG at)
{
    fill(map, at, 1, true);
}

void WINAPI RtlClearBit(PRTL_BITMAP map, ULONG at)
{
    fill(map, at, 1, false);
}

void WINAPI RtlSetBits(PRTL_BITMAP map, ULONG start, ULONG count)
{
    fill(map, start, count, true);
}

void WINAPI RtlClearBits(PRTL_BITMAP map, ULONG start, ULONG count)
{
    fill(map, start, count, false);
}

/* Windows' fill whole words. */
void WINAPI RtlSetAllBits(PRTL_BITMAP map)
{
    fill(map, 0, (map->SizeOfBitMap + 31) & ~31u, true);
}

void WINAPI RtlClearAllBits(PRTL_BITMAP map)
{
    fill(map, 0, (map->SizeOfBitMap + 31) & ~31u, false);
}

/* The length of the run of equal bits at `start`, at most up to `end`. */
static ULONG run(const RTL_BITMAP *map, ULONG start, ULONG end, bool value)
{
    ULONG at = start, whole = value ? ~0u : 0;

    while (at < end && bit(map, at) == value) {
        if (at % 32 == 0 && end - at >= 32 && map->Buffer[at / 32] == whole)
            at += 32;
        else
            at++;
    }
    return at - start;
}

BOOLEAN WINAPI RtlAreBitsSet(PRTL_BITMAP map, ULONG start, ULONG count)
{
    return count && start < map->SizeOfBitMap && count <= map->SizeOfBitMap - start &&
           run(map, start, start + count, true) == count;
}

BOOLEAN WINAPI RtlAreBitsClear(PRTL_BITMAP map, ULONG start, ULONG count)
{
    return count && start < map->SizeOfBitMap && count <= map->SizeOfBitMap - start &&
           run(map, start, start + count, false) == count;
}

static ULONG count_set(const RTL_BITMAP *map, ULONG start, ULONG count)
{
    ULONG sum = 0;

    for (ULONG i = 0; i < count; i++)
        sum += bit(map, start + i);
    return sum;
}

ULONG WINAPI RtlNumberOfSetBits(PRTL_BITMAP map)
{
    return count_set(map, 0, map->SizeOfBitMap);
}

ULONG WINAPI RtlNumberOfClearBits(PRTL_BITMAP map)
{
    return map->SizeOfBitMap - RtlNumberOfSetBits(map);
}

ULONG WINAPI RtlNumberOfSetBitsInRange(PRTL_BITMAP map, ULONG start, ULONG count)
{
    if (!count || start >= map->SizeOfBitMap || count > map->SizeOfBitMap - start)
        return NOT_FOUND;
    return count_set(map, start, count);
}

ULONG WINAPI RtlNumberOfClearBitsInRange(PRTL_BITMAP map, ULONG start, ULONG count)
{
    ULONG set = RtlNumberOfSetBitsInRange(map, start, count);

    return set == NOT_FOUND ? set : count - set;
}

/* ---- searching ---- */

/* The first run of `count` equal bits that begins in [from, to). */
static ULONG find_between(const RTL_BITMAP *map, ULONG from, ULONG to, ULONG count, bool value)
{
    for (ULONG at = from; at < to && count <= map->SizeOfBitMap - at;) {
        ULONG length = run(map, at, at + count, value);

        if (length == count)
            return at;
        at += length + 1;
    }
    return NOT_FOUND;
}

/* From the hint to the end, then from the beginning; a count of zero finds the hint's byte, as Windows does. */
static ULONG find(const RTL_BITMAP *map, ULONG count, ULONG hint, bool value)
{
    ULONG found;

    if (hint >= map->SizeOfBitMap)
        hint = 0;
    if (!count)
        return hint & ~7u;
    if (count > map->SizeOfBitMap)
        return NOT_FOUND;
    found = find_between(map, hint, map->SizeOfBitMap, count, value);
    return found == NOT_FOUND ? find_between(map, 0, hint, count, value) : found;
}

ULONG WINAPI RtlFindClearBits(PRTL_BITMAP map, ULONG count, ULONG hint)
{
    return find(map, count, hint, false);
}

ULONG WINAPI RtlFindSetBits(PRTL_BITMAP map, ULONG count, ULONG hint)
{
    return find(map, count, hint, true);
}

ULONG WINAPI RtlFindClearBitsAndSet(PRTL_BITMAP map, ULONG count, ULONG hint)
{
    ULONG found = find(map, count, hint, false);

    if (found != NOT_FOUND)
        fill(map, found, count, true);
    return found;
}

ULONG WINAPI RtlFindSetBitsAndClear(PRTL_BITMAP map, ULONG count, ULONG hint)
{
    ULONG found = find(map, count, hint, true);

    if (found != NOT_FOUND)
        fill(map, found, count, false);
    return found;
}

/* The run of clear bits at or after `from`. */
ULONG WINAPI RtlFindNextForwardRunClear(PRTL_BITMAP map, ULONG from, PULONG start)
{
    *start = from;
    if (from >= map->SizeOfBitMap)
        return 0;
    *start = from + run(map, from, map->SizeOfBitMap, true);
    return run(map, *start, map->SizeOfBitMap, false);
}

/* The run of clear bits that ends at or before `from`. */
ULONG WINAPI RtlFindLastBackwardRunClear(PRTL_BITMAP map, ULONG from, PULONG start)
{
    ULONG end = from + 1;

    *start = from;
    if (from >= map->SizeOfBitMap)
        return 0;
    while (end && bit(map, end - 1))
        end--;
    *start = end;
    while (*start && !bit(map, *start - 1))
        --*start;
    return end - *start;
}

/* The first runs, or the longest ones in order of length. */
ULONG WINAPI RtlFindClearRuns(PRTL_BITMAP map, PRTL_BITMAP_RUN runs, ULONG room, BOOLEAN longest)
{
    ULONG count = 0, start, length;

    for (ULONG at = 0; (length = RtlFindNextForwardRunClear(map, at, &start)) != 0; at = start + length) {
        ULONG place = count;

        if (!longest && count == room)
            break;
        while (longest && place && runs[place - 1].NumberOfBits < length)
            place--;
        if (place == room)
            continue;
        count += count < room;
        for (ULONG i = count - 1; i > place; i--)
            runs[i] = runs[i - 1];
        runs[place] = (RTL_BITMAP_RUN){start, length};
    }
    return count;
}

ULONG WINAPI RtlFindLongestRunClear(PRTL_BITMAP map, PULONG start)
{
    RTL_BITMAP_RUN best = {0, 0};

    RtlFindClearRuns(map, &best, 1, TRUE);
    *start = best.StartingIndex;
    return best.NumberOfBits;
}

CCHAR WINAPI RtlFindMostSignificantBit(ULONGLONG set)
{
    return (CCHAR)(set ? 63 - __builtin_clzll(set) : -1);
}

CCHAR WINAPI RtlFindLeastSignificantBit(ULONGLONG set)
{
    return (CCHAR)(set ? __builtin_ctzll(set) : -1);
}
