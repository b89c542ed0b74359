/*
 * rtlbitmap.c: bit maps, and finding bits in words (RtlFindClearBits ...).
 *
 * Layer: ntdll; computes only.
 */
#include "win.h"

#define NOT_FOUND ~0ull /* cut to 32 bits, the same of a small map */

typedef struct _RTL_BITMAP {
    ULONG SizeOfBitMap;
    PULONG Buffer;
} RTL_BITMAP, *PRTL_BITMAP;

/* A small map is made into a large one (the Ex functions' own structure) for the work. */
typedef struct _RTL_BITMAP_EX {
    ULONG64 SizeOfBitMap;
    PULONG Buffer;
} RTL_BITMAP_EX, *PRTL_BITMAP_EX;
#define LARGE(map) (&(RTL_BITMAP_EX){(map)->SizeOfBitMap, (map)->Buffer})

typedef struct _RTL_BITMAP_RUN {
    ULONG StartingIndex, NumberOfBits;
} RTL_BITMAP_RUN, *PRTL_BITMAP_RUN;

void WINAPI RtlInitializeBitMapEx(PRTL_BITMAP_EX map, PULONG64 buffer, ULONG64 size)
{
    *map = (RTL_BITMAP_EX){size, (PULONG)buffer};
}

void WINAPI RtlInitializeBitMap(PRTL_BITMAP map, PULONG buffer, ULONG size)
{
    *map = (RTL_BITMAP){size, buffer};
}

static bool bit(const RTL_BITMAP_EX *map, ULONG64 at)
{
    return map->Buffer[at / 32] >> at % 32 & 1;
}

static void fill(const RTL_BITMAP_EX *map, ULONG64 start, ULONG64 count, bool value)
{
    while (count) {
        ULONG64 part = 32 - start % 32;
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

BOOLEAN WINAPI RtlTestBitEx(PRTL_BITMAP_EX map, ULONG64 at)
{
    return bit(map, at);
}

BOOLEAN WINAPI RtlTestBit(PRTL_BITMAP map, ULONG at)
{
    return RtlTestBitEx(LARGE(map), at);
}

void WINAPI RtlSetBitEx(PRTL_BITMAP_EX map, ULONG64 at)
{
    fill(map, at, 1, true);
}

void WINAPI RtlSetBit(PRTL_BITMAP map, ULONG at)
{
    RtlSetBitEx(LARGE(map), at);
}

void WINAPI RtlClearBitEx(PRTL_BITMAP_EX map, ULONG64 at)
{
    fill(map, at, 1, false);
}

void WINAPI RtlClearBit(PRTL_BITMAP map, ULONG at)
{
    RtlClearBitEx(LARGE(map), at);
}

void WINAPI RtlSetBitsEx(PRTL_BITMAP_EX map, ULONG64 start, ULONG64 count)
{
    fill(map, start, count, true);
}

void WINAPI RtlSetBits(PRTL_BITMAP map, ULONG start, ULONG count)
{
    RtlSetBitsEx(LARGE(map), start, count);
}

void WINAPI RtlClearBitsEx(PRTL_BITMAP_EX map, ULONG64 start, ULONG64 count)
{
    fill(map, start, count, false);
}

void WINAPI RtlClearBits(PRTL_BITMAP map, ULONG start, ULONG count)
{
    RtlClearBitsEx(LARGE(map), start, count);
}

/* Windows' fill whole words. */
void WINAPI RtlSetAllBitsEx(PRTL_BITMAP_EX map)
{
    fill(map, 0, (map->SizeOfBitMap + 31) & ~31ull, true);
}

void WINAPI RtlSetAllBits(PRTL_BITMAP map)
{
    RtlSetAllBitsEx(LARGE(map));
}

void WINAPI RtlClearAllBitsEx(PRTL_BITMAP_EX map)
{
    fill(map, 0, (map->SizeOfBitMap + 31) & ~31ull, false);
}

void WINAPI RtlClearAllBits(PRTL_BITMAP map)
{
    RtlClearAllBitsEx(LARGE(map));
}

/* The length of the run of equal bits at `start`, at most up to `end`. */
static ULONG64 run(const RTL_BITMAP_EX *map, ULONG64 start, ULONG64 end, bool value)
{
    ULONG whole = value ? ~0u : 0;
    ULONG64 at = start;

    while (at < end && bit(map, at) == value) {
        if (at % 32 == 0 && end - at >= 32 && map->Buffer[at / 32] == whole)
            at += 32;
        else
            at++;
    }
    return at - start;
}

BOOLEAN WINAPI RtlAreBitsSetEx(PRTL_BITMAP_EX map, ULONG64 start, ULONG64 count)
{
    return count && start < map->SizeOfBitMap && count <= map->SizeOfBitMap - start &&
           run(map, start, start + count, true) == count;
}

BOOLEAN WINAPI RtlAreBitsSet(PRTL_BITMAP map, ULONG start, ULONG count)
{
    return RtlAreBitsSetEx(LARGE(map), start, count);
}

BOOLEAN WINAPI RtlAreBitsClearEx(PRTL_BITMAP_EX map, ULONG64 start, ULONG64 count)
{
    return count && start < map->SizeOfBitMap && count <= map->SizeOfBitMap - start &&
           run(map, start, start + count, false) == count;
}

BOOLEAN WINAPI RtlAreBitsClear(PRTL_BITMAP map, ULONG start, ULONG count)
{
    return RtlAreBitsClearEx(LARGE(map), start, count);
}

static ULONG64 count_set(const RTL_BITMAP_EX *map, ULONG64 start, ULONG64 count)
{
    ULONG64 sum = 0;

    for (ULONG64 i = 0; i < count; i++)
        sum += bit(map, start + i);
    return sum;
}

ULONG64 WINAPI RtlNumberOfSetBitsEx(PRTL_BITMAP_EX map)
{
    return count_set(map, 0, map->SizeOfBitMap);
}

ULONG WINAPI RtlNumberOfSetBits(PRTL_BITMAP map)
{
    return (ULONG)RtlNumberOfSetBitsEx(LARGE(map));
}

ULONG64 WINAPI RtlNumberOfClearBitsEx(PRTL_BITMAP_EX map)
{
    return map->SizeOfBitMap - RtlNumberOfSetBitsEx(map);
}

ULONG WINAPI RtlNumberOfClearBits(PRTL_BITMAP map)
{
    return (ULONG)RtlNumberOfClearBitsEx(LARGE(map));
}

ULONG WINAPI RtlNumberOfSetBitsInRange(PRTL_BITMAP map, ULONG start, ULONG count)
{
    if (!count || start >= map->SizeOfBitMap || count > map->SizeOfBitMap - start)
        return (ULONG)NOT_FOUND;
    return (ULONG)count_set(LARGE(map), start, count);
}

ULONG WINAPI RtlNumberOfClearBitsInRange(PRTL_BITMAP map, ULONG start, ULONG count)
{
    ULONG set = RtlNumberOfSetBitsInRange(map, start, count);

    return set == (ULONG)NOT_FOUND ? set : count - set;
}

/* ---- searching ---- */

/* The first run of `count` equal bits that begins in [from, to). */
static ULONG64 find_between(const RTL_BITMAP_EX *map, ULONG64 from, ULONG64 to, ULONG64 count, bool value)
{
    for (ULONG64 at = from; at < to && count <= map->SizeOfBitMap - at;) {
        ULONG64 length = run(map, at, at + count, value);

        if (length == count)
            return at;
        at += length + 1;
    }
    return NOT_FOUND;
}

/* From the hint to the end, then from the beginning; a count of zero finds the hint's byte, as Windows does. */
static ULONG64 find(const RTL_BITMAP_EX *map, ULONG64 count, ULONG64 hint, bool value)
{
    ULONG64 found;

    if (hint >= map->SizeOfBitMap)
        hint = 0;
    if (!count)
        return hint & ~7ull;
    if (count > map->SizeOfBitMap)
        return NOT_FOUND;
    found = find_between(map, hint, map->SizeOfBitMap, count, value);
    return found == NOT_FOUND ? find_between(map, 0, hint, count, value) : found;
}

ULONG64 WINAPI RtlFindClearBitsEx(PRTL_BITMAP_EX map, ULONG64 count, ULONG64 hint)
{
    return find(map, count, hint, false);
}

ULONG WINAPI RtlFindClearBits(PRTL_BITMAP map, ULONG count, ULONG hint)
{
    return (ULONG)RtlFindClearBitsEx(LARGE(map), count, hint);
}

ULONG64 WINAPI RtlFindSetBitsEx(PRTL_BITMAP_EX map, ULONG64 count, ULONG64 hint)
{
    return find(map, count, hint, true);
}

ULONG WINAPI RtlFindSetBits(PRTL_BITMAP map, ULONG count, ULONG hint)
{
    return (ULONG)RtlFindSetBitsEx(LARGE(map), count, hint);
}

ULONG64 WINAPI RtlFindClearBitsAndSetEx(PRTL_BITMAP_EX map, ULONG64 count, ULONG64 hint)
{
    ULONG64 found = find(map, count, hint, false);

    if (found != NOT_FOUND)
        fill(map, found, count, true);
    return found;
}

ULONG WINAPI RtlFindClearBitsAndSet(PRTL_BITMAP map, ULONG count, ULONG hint)
{
    return (ULONG)RtlFindClearBitsAndSetEx(LARGE(map), count, hint);
}

ULONG64 WINAPI RtlFindSetBitsAndClearEx(PRTL_BITMAP_EX map, ULONG64 count, ULONG64 hint)
{
    ULONG64 found = find(map, count, hint, true);

    if (found != NOT_FOUND)
        fill(map, found, count, false);
    return found;
}

ULONG WINAPI RtlFindSetBitsAndClear(PRTL_BITMAP map, ULONG count, ULONG hint)
{
    return (ULONG)RtlFindSetBitsAndClearEx(LARGE(map), count, hint);
}

/* The run of clear bits at or after `from`. */
ULONG WINAPI RtlFindNextForwardRunClear(PRTL_BITMAP map, ULONG from, PULONG start)
{
    *start = from;
    if (from >= map->SizeOfBitMap)
        return 0;
    *start = from + (ULONG)run(LARGE(map), from, map->SizeOfBitMap, true);
    return (ULONG)run(LARGE(map), *start, map->SizeOfBitMap, false);
}

/* The run of clear bits that ends at or before `from`. */
ULONG WINAPI RtlFindLastBackwardRunClear(PRTL_BITMAP map, ULONG from, PULONG start)
{
    ULONG end = from + 1;

    *start = from;
    if (from >= map->SizeOfBitMap)
        return 0;
    while (end && bit(LARGE(map), end - 1))
        end--;
    *start = end;
    while (*start && !bit(LARGE(map), *start - 1))
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

ULONG WINAPI RtlNumberOfSetBitsUlongPtr(ULONG_PTR set)
{
    return (ULONG)__builtin_popcountll(set);
}

/* Bits that other threads change, too, a bit at a time. */
void WINAPI RtlInterlockedSetBitRun(PRTL_BITMAP map, ULONG start, ULONG count)
{
    for (ULONG end = start + count; start < end; start++)
        __atomic_fetch_or(&map->Buffer[start / 32], 1u << start % 32, __ATOMIC_SEQ_CST);
}

void WINAPI RtlInterlockedClearBitRun(PRTL_BITMAP map, ULONG start, ULONG count)
{
    for (ULONG end = start + count; start < end; start++)
        __atomic_fetch_and(&map->Buffer[start / 32], ~(1u << start % 32), __ATOMIC_SEQ_CST);
}

/* `count` bits from `start` become the first ones of another map. */
void WINAPI RtlExtractBitMap(PRTL_BITMAP from, PRTL_BITMAP to, ULONG start, ULONG count)
{
    for (ULONG i = 0; i < count && i < to->SizeOfBitMap; i++)
        fill(LARGE(to), i, 1, bit(LARGE(from), start + i));
}
