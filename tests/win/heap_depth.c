/*
 * Do heaps stay right for every size: exact sizes, alignment, zeroed memory, growing and shrinking in place and
 * elsewhere, contents kept, blocks freed by other threads, damaged and freed blocks recognised, walking and locking?
 */
#include "check.h"

static HANDLE process;
static unsigned seed = 7;

static unsigned random_below(unsigned limit)
{
    seed = seed * 1664525u + 1013904223u;
    return (seed >> 8) % limit;
}

/* A pattern that tells blocks and places apart. */
static void fill(unsigned char *block, size_t size, unsigned number)
{
    for (size_t i = 0; i < size; i++)
        block[i] = (unsigned char)(number * 31 + i * 7);
}

static int filled(const unsigned char *block, size_t size, unsigned number)
{
    for (size_t i = 0; i < size; i++)
        if (block[i] != (unsigned char)(number * 31 + i * 7))
            return 0;
    return 1;
}

static int zeroed(const unsigned char *block, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (block[i])
            return 0;
    return 1;
}

static const size_t sizes[] = {0,    1,    2,    7,    8,     9,     15,    16,    17,     23,     24,      25,
                               31,   32,   33,   40,   47,    48,    49,    56,    63,     64,     65,      72,
                               100,  127,  128,  129,  248,   255,   256,   257,   500,    511,    512,     513,
                               1000, 1007, 1008, 1009, 1015,  1016,  1017,  1023,  1024,   1025,   2047,    2048,
                               4095, 4096, 4097, 8191, 16384, 65535, 65536, 65537, 131072, 300000, 1048576, 5000000};
#define SIZES (sizeof(sizes) / sizeof(sizes[0]))

/* rounds: a size that is asked for often may come from another place than one that is not. */
static void check_sizes(HANDLE heap, int rounds)
{
    for (unsigned i = 0; i < SIZES; i++) {
        unsigned char *kept = NULL;
        for (int round = 0; round < rounds; round++) {
            unsigned char *block = HeapAlloc(heap, round & 1 ? HEAP_ZERO_MEMORY : 0, sizes[i]);
            if (round < 2 || round == rounds - 1) {
                CHECK(block != NULL);
                CHECK_EQ((ULONG_PTR)block & 15, 0);
                CHECK_EQ(HeapSize(heap, 0, block), sizes[i]);
                CHECK(HeapValidate(heap, 0, block));
                if (round & 1)
                    CHECK(zeroed(block, sizes[i]));
            }
            fill(block, sizes[i], round);
            CHECK(block != kept);
            if (kept) {
                CHECK(filled(kept, sizes[i], round - 1));
                CHECK(HeapFree(heap, 0, kept));
            }
            kept = block;
        }
        CHECK(HeapFree(heap, 0, kept));
    }
}

static void check_realloc(HANDLE heap)
{
    for (unsigned i = 0; i < SIZES; i += 3)
        for (unsigned j = 1; j < SIZES; j += 4) {
            size_t both = sizes[i] < sizes[j] ? sizes[i] : sizes[j];
            unsigned char *block = HeapAlloc(heap, 0, sizes[i]);
            fill(block, sizes[i], 3);
            block = HeapReAlloc(heap, HEAP_ZERO_MEMORY, block, sizes[j]);
            CHECK(block != NULL);
            CHECK_EQ(HeapSize(heap, 0, block), sizes[j]);
            CHECK(filled(block, both, 3));
            if (sizes[j] > sizes[i])
                CHECK(zeroed(block + sizes[i], sizes[j] - sizes[i]));
            CHECK(HeapFree(heap, 0, block));
        }
}

static void check_in_place(HANDLE heap)
{
    for (unsigned i = 0; i < SIZES; i++) {
        unsigned char *block = HeapAlloc(heap, 0, sizes[i]);
        fill(block, sizes[i], 5);
        CHECK(HeapReAlloc(heap, HEAP_REALLOC_IN_PLACE_ONLY, block, sizes[i]) == block);
        if (sizes[i] > 1) {
            CHECK(HeapReAlloc(heap, HEAP_REALLOC_IN_PLACE_ONLY, block, sizes[i] / 2) == block);
            CHECK_EQ(HeapSize(heap, 0, block), sizes[i] / 2);
            CHECK(filled(block, sizes[i] / 2, 5));
        }
        SetLastError(0);
        CHECK(!HeapReAlloc(heap, HEAP_REALLOC_IN_PLACE_ONLY, block, (size_t)64 << 20));
        CHECK_EQ(HeapSize(heap, 0, block), sizes[i] > 1 ? sizes[i] / 2 : sizes[i]);
        CHECK(HeapFree(heap, 0, block));
    }
}

/* A thousand live blocks, replaced at random. */
static void check_random(HANDLE heap)
{
    static struct {
        unsigned char *block;
        size_t size;
    } live[500];

    memset(live, 0, sizeof(live));
    for (unsigned i = 0; i < 20000; i++) {
        unsigned slot = random_below(500);
        size_t size = random_below(16) ? random_below(200) : random_below(3000);
        if (live[slot].block) {
            if (!filled(live[slot].block, live[slot].size, slot) ||
                HeapSize(heap, 0, live[slot].block) != live[slot].size)
                CHECK(!"a block has changed");
            if (random_below(3) == 0) {
                live[slot].block = HeapReAlloc(heap, 0, live[slot].block, size);
                if (!filled(live[slot].block, size < live[slot].size ? size : live[slot].size, slot))
                    CHECK(!"a block was not copied");
            } else {
                if (!HeapFree(heap, 0, live[slot].block))
                    CHECK(!"a block can not be freed");
                live[slot].block = HeapAlloc(heap, 0, size);
            }
        } else {
            live[slot].block = HeapAlloc(heap, 0, size);
        }
        live[slot].size = size;
        fill(live[slot].block, size, slot);
    }
    CHECK(HeapValidate(heap, 0, NULL));
    for (unsigned i = 0; i < 500; i++)
        if (live[i].block)
            CHECK(HeapFree(heap, 0, live[i].block));
    CHECK(HeapValidate(heap, 0, NULL));
}

static void check_misuse(void)
{
    HANDLE own = HeapCreate(0, 0, 0), fixed = HeapCreate(0, 0x1000, 0x10000);
    unsigned char *block = HeapAlloc(own, 0, 100);

    CHECK(own && fixed);
    CHECK(HeapFree(own, 0, NULL));
    CHECK(!HeapReAlloc(process, 0, NULL, 10));
    CHECK(!HeapAlloc(process, 0, ~(SIZE_T)0));
    CHECK(!HeapAlloc(process, 0, (SIZE_T)1 << 60));
    CHECK(!HeapReAlloc(own, 0, block, ~(SIZE_T)0));
    CHECK_EQ(HeapSize(own, 0, block), 100);
    CHECK(!HeapAlloc(fixed, 0, 0x20000)); /* larger than the heap may grow */
    void *small = HeapAlloc(fixed, 0, 0x400);
    CHECK(small != NULL);
    unsigned count = 0;
    while (HeapAlloc(fixed, 0, 0x400))
        count++;
    CHECK(count >= 8 && count < 64);
    CHECK(HeapFree(fixed, 0, small));
    CHECK(HeapAlloc(fixed, 0, 0x400) != NULL);
    CHECK(HeapFree(own, 0, block));
    CHECK(HeapDestroy(own));
    CHECK(HeapDestroy(fixed));
}

/* Freed and damaged blocks.  Windows may end the process for them; what is told without ending it is told here. */
static void check_damage(void)
{
    unsigned char *blocks[64];

    if (check_under_wine())
        return;
    for (size_t size = 16; size < 2000; size += 60) {
        for (int i = 0; i < 64; i++)
            blocks[i] = HeapAlloc(process, 0, size);
        CHECK(HeapFree(process, 0, blocks[5]));
        CHECK(!HeapFree(process, 0, blocks[5])); /* a second time */
        CHECK(!HeapValidate(process, 0, blocks[5]));
        CHECK(!HeapValidate(process, 0, blocks[6] + 16));
        CHECK(!HeapFree(process, 0, blocks[6] + 8));
        blocks[5] = NULL;
        for (int i = 0; i < 64; i++)
            HeapFree(process, 0, blocks[i]);
    }
    for (int i = 0; i < 100; i++)
        blocks[i % 64] = HeapAlloc(process, 0, 200);
    unsigned char *end = blocks[10] + 200, old = *end;
    CHECK(HeapValidate(process, 0, NULL));
    *end ^= 0x55; /* one byte behind the block */
    CHECK(!HeapValidate(process, 0, blocks[10]));
    CHECK(!HeapValidate(process, 0, NULL));
    CHECK(!HeapFree(process, 0, blocks[10]));
    *end = old;
    CHECK(HeapValidate(process, 0, blocks[10]));
    CHECK(HeapFree(process, 0, blocks[10]));
}

/* --- threads ----------------------------------------------------------------------------------------------------- */

#define BLOCKS 3000
static unsigned char *shared_blocks[4][BLOCKS];

static DWORD WINAPI make_blocks(void *argument)
{
    unsigned number = (unsigned)(ULONG_PTR)argument;
    for (unsigned i = 0; i < BLOCKS; i++) {
        size_t size = 1 + (i * 37 + number * 11) % 300;
        shared_blocks[number][i] = HeapAlloc(process, 0, size);
        fill(shared_blocks[number][i], size, i);
    }
    return 0;
}

/* Frees what the next thread made. */
static DWORD WINAPI free_blocks(void *argument)
{
    unsigned number = ((unsigned)(ULONG_PTR)argument + 1) % 4;
    DWORD bad = 0;
    for (unsigned i = 0; i < BLOCKS; i++) {
        size_t size = 1 + (i * 37 + number * 11) % 300;
        bad += !filled(shared_blocks[number][i], size, i) || HeapSize(process, 0, shared_blocks[number][i]) != size;
        bad += !HeapFree(process, 0, shared_blocks[number][i]);
    }
    return bad;
}

static void run_four(LPTHREAD_START_ROUTINE start)
{
    HANDLE threads[4];
    DWORD code;

    for (ULONG_PTR i = 0; i < 4; i++)
        threads[i] = CreateThread(NULL, 0, start, (void *)i, 0, NULL);
    WaitForMultipleObjects(4, threads, TRUE, INFINITE);
    for (int i = 0; i < 4; i++) {
        CHECK(GetExitCodeThread(threads[i], &code));
        CHECK_EQ(code, 0);
        CloseHandle(threads[i]);
    }
}

static volatile LONG passed;

static DWORD WINAPI allocate_once(void *unused)
{
    (void)unused;
    void *block = HeapAlloc(process, 0, 50);
    InterlockedIncrement(&passed);
    HeapFree(process, 0, block);
    return 0;
}

/* Other threads do not get in while the heap is locked. */
static void check_lock(void)
{
    CHECK(HeapLock(process));
    CHECK(HeapLock(process));
    HANDLE thread = CreateThread(NULL, 0, allocate_once, NULL, 0, NULL);
    CHECK_EQ(WaitForSingleObject(thread, 30), WAIT_TIMEOUT);
    CHECK_EQ(passed, 0);
    void *block = HeapAlloc(process, 0, 50);
    CHECK(block != NULL);
    CHECK(HeapFree(process, 0, block));
    CHECK(HeapUnlock(process));
    CHECK(HeapUnlock(process));
    CHECK_EQ(WaitForSingleObject(thread, 5000), WAIT_OBJECT_0);
    CHECK_EQ(passed, 1);
    CloseHandle(thread);
}

static void check_walk(void)
{
    HANDLE own = HeapCreate(0, 0, 0);
    PROCESS_HEAP_ENTRY entry = {0};
    unsigned char *blocks[20];
    unsigned found = 0;

    for (unsigned i = 0; i < 20; i++)
        blocks[i] = HeapAlloc(own, 0, 100 + i);
    while (HeapWalk(own, &entry))
        if (entry.wFlags & PROCESS_HEAP_ENTRY_BUSY)
            for (unsigned i = 0; i < 20; i++)
                if (entry.lpData == blocks[i]) {
                    found |= 1u << i;
                    if (!check_under_wine())
                        CHECK_EQ(entry.cbData, 100 + i);
                }
    CHECK_EQ(GetLastError(), ERROR_NO_MORE_ITEMS);
    CHECK_EQ(found, 0xfffff);
    CHECK(HeapDestroy(own));
}

static void check_information(void)
{
    ULONG value = 2;
    SIZE_T returned = 0;
    HANDLE heaps[64];
    DWORD count = GetProcessHeaps(0, NULL);
    HANDLE own = HeapCreate(HEAP_GENERATE_EXCEPTIONS, 0, 0);

    CHECK_EQ(GetProcessHeaps(64, heaps), count + 1);
    CHECK(heaps[0] == process);
    CHECK(HeapDestroy(own));
    CHECK_EQ(GetProcessHeaps(0, NULL), count);
    CHECK(HeapSetInformation(process, HeapCompatibilityInformation, &value, sizeof(value)));
    CHECK(HeapQueryInformation(process, HeapCompatibilityInformation, &value, sizeof(value), &returned));
    CHECK_EQ(returned, sizeof(value));
    CHECK(HeapSetInformation(NULL, HeapEnableTerminationOnCorruption, NULL, 0));
}

int main(void)
{
    HANDLE own;

    process = GetProcessHeap();
    check_sizes(process, 4);
    check_sizes(process, 120);
    check_realloc(process);
    check_in_place(process);
    check_random(process);
    own = HeapCreate(0, 0, 0);
    check_sizes(own, 4);
    check_realloc(own);
    check_in_place(own);
    check_random(own);
    CHECK(HeapDestroy(own));
    own = HeapCreate(HEAP_NO_SERIALIZE | HEAP_CREATE_ENABLE_EXECUTE, 0, 0);
    check_sizes(own, 2);
    CHECK(HeapDestroy(own));
    check_misuse();
    check_damage();
    for (int round = 0; round < 3; round++) {
        run_four(make_blocks);
        run_four(free_blocks);
    }
    CHECK(HeapValidate(process, 0, NULL));
    check_lock();
    check_walk();
    check_information();
    return check_done();
}
