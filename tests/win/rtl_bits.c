/*
 * Do bit maps, ordered tables, checksums and memory functions of ntdll compute what is documented?
 */
#include "check.h"

typedef struct {
    ULONG size;
    ULONG *buffer;
} BITMAP_;
typedef struct {
    ULONG start, count;
} RUN;

static HMODULE ntdll;
#define GET(result, name, ...) result(WINAPI *name)(__VA_ARGS__) = (void *)GetProcAddress(ntdll, #name)

static void test_bitmap(void)
{
    GET(void, RtlInitializeBitMap, BITMAP_ *, ULONG *, ULONG);
    GET(void, RtlSetBits, BITMAP_ *, ULONG, ULONG);
    GET(void, RtlClearBits, BITMAP_ *, ULONG, ULONG);
    GET(void, RtlClearAllBits, BITMAP_ *);
    GET(void, RtlSetAllBits, BITMAP_ *);
    GET(BOOLEAN, RtlAreBitsSet, BITMAP_ *, ULONG, ULONG);
    GET(BOOLEAN, RtlAreBitsClear, BITMAP_ *, ULONG, ULONG);
    GET(ULONG, RtlNumberOfSetBits, BITMAP_ *);
    GET(ULONG, RtlNumberOfClearBits, BITMAP_ *);
    GET(ULONG, RtlFindClearBits, BITMAP_ *, ULONG, ULONG);
    GET(ULONG, RtlFindSetBits, BITMAP_ *, ULONG, ULONG);
    GET(ULONG, RtlFindClearBitsAndSet, BITMAP_ *, ULONG, ULONG);
    GET(ULONG, RtlFindSetBitsAndClear, BITMAP_ *, ULONG, ULONG);
    GET(ULONG, RtlFindNextForwardRunClear, BITMAP_ *, ULONG, ULONG *);
    GET(ULONG, RtlFindLastBackwardRunClear, BITMAP_ *, ULONG, ULONG *);
    GET(ULONG, RtlFindClearRuns, BITMAP_ *, RUN *, ULONG, BOOLEAN);
    GET(ULONG, RtlFindLongestRunClear, BITMAP_ *, ULONG *);
    GET(CCHAR, RtlFindMostSignificantBit, ULONGLONG);
    GET(CCHAR, RtlFindLeastSignificantBit, ULONGLONG);
    ULONG bits[4] = {0}, start;
    BITMAP_ map;
    RUN runs[4];

    RtlInitializeBitMap(&map, bits, 100);
    CHECK_EQ(map.size, 100);
    CHECK(map.buffer == bits);
    RtlSetBits(&map, 10, 50);
    CHECK_EQ(bits[0], 0xfffffc00);
    CHECK_EQ(bits[1], 0x0fffffff);
    CHECK_EQ(RtlNumberOfSetBits(&map), 50);
    CHECK_EQ(RtlNumberOfClearBits(&map), 50);
    CHECK(RtlAreBitsSet(&map, 10, 50));
    CHECK(!RtlAreBitsSet(&map, 10, 51));
    CHECK(!RtlAreBitsSet(&map, 9, 2));
    CHECK(!RtlAreBitsSet(&map, 10, 0));
    CHECK(RtlAreBitsClear(&map, 0, 10));
    CHECK(!RtlAreBitsClear(&map, 0, 11));
    CHECK(RtlAreBitsClear(&map, 60, 40));
    CHECK(!RtlAreBitsClear(&map, 60, 41));
    CHECK_EQ(RtlFindClearBits(&map, 10, 0), 0);
    CHECK_EQ(RtlFindClearBits(&map, 11, 0), 60);
    CHECK_EQ(RtlFindClearBits(&map, 40, 0), 60);
    CHECK_EQ(RtlFindClearBits(&map, 41, 0), -1u);
    CHECK_EQ(RtlFindSetBits(&map, 50, 0), 10);
    CHECK_EQ(RtlFindSetBits(&map, 51, 0), -1u);
    CHECK_EQ(RtlFindSetBits(&map, 5, 20), 20);
    CHECK_EQ(RtlFindNextForwardRunClear(&map, 0, &start), 10);
    CHECK_EQ(start, 0);
    CHECK_EQ(RtlFindNextForwardRunClear(&map, 15, &start), 40);
    CHECK_EQ(start, 60);
    if (!check_under_wine()) { /* Wine 8 looks at one word too few */
        CHECK_EQ(RtlFindLastBackwardRunClear(&map, 50, &start), 10);
        CHECK_EQ(start, 0);
    }
    CHECK_EQ(RtlFindClearRuns(&map, runs, 4, FALSE), 2);
    CHECK_EQ(runs[0].start, 0);
    CHECK_EQ(runs[0].count, 10);
    CHECK_EQ(runs[1].start, 60);
    CHECK_EQ(runs[1].count, 40);
    CHECK_EQ(RtlFindClearRuns(&map, runs, 1, TRUE), 1);
    CHECK_EQ(runs[0].start, 60);
    CHECK_EQ(RtlFindLongestRunClear(&map, &start), 40);
    CHECK_EQ(start, 60);
    CHECK_EQ(RtlFindClearBitsAndSet(&map, 3, 5), 5);
    CHECK(RtlAreBitsSet(&map, 5, 3));
    CHECK_EQ(RtlFindSetBitsAndClear(&map, 3, 5), 5);
    CHECK(RtlAreBitsClear(&map, 5, 3));
    RtlClearBits(&map, 31, 2);
    CHECK_EQ(bits[0], 0x7ffffc00);
    CHECK_EQ(bits[1], 0x0ffffffe);
    RtlSetAllBits(&map);
    CHECK_EQ(RtlNumberOfSetBits(&map), 100);
    RtlClearAllBits(&map);
    CHECK_EQ(RtlNumberOfSetBits(&map), 0);
    for (int i = 0; i < 64; i++) {
        CHECK_EQ(RtlFindMostSignificantBit(1ull << i | 1), i);
        CHECK_EQ(RtlFindLeastSignificantBit(1ull << i | 1ull << 63), i);
    }
    CHECK_EQ(RtlFindMostSignificantBit(0), -1);
    CHECK_EQ(RtlFindLeastSignificantBit(0), -1);
}

/* ---- tables ---- */

static LONG allocated;

static int CALLBACK compare(void *table, void *a, void *b)
{
    int x = *(int *)a, y = *(int *)b;
    (void)table;
    return x < y ? 0 : x > y ? 1 : 2;
}

static void *CALLBACK allocate(void *table, ULONG size)
{
    (void)table;
    allocated++;
    return malloc(size);
}

static void CALLBACK release(void *table, void *memory)
{
    (void)table;
    allocated--;
    free(memory);
}

/* Wine 8 does not keep elements. */
static void test_table(const char *suffix)
{
    char name[80];
    void *table[16] = {0}, *restart = NULL;
    BOOLEAN new;
    int value, count = 0, last = -1, *found;
#define NAMED(base) (sprintf(name, base "%s", suffix), (void *)GetProcAddress(ntdll, name))
    void(WINAPI * initialize)(void *, void *, void *, void *, void *) = NAMED("RtlInitializeGenericTable");
    void *(WINAPI * insert)(void *, void *, ULONG, BOOLEAN *) = NAMED("RtlInsertElementGenericTable");
    BOOLEAN(WINAPI * delete)(void *, void *) = NAMED("RtlDeleteElementGenericTable");
    int *(WINAPI * lookup)(void *, void *) = NAMED("RtlLookupElementGenericTable");
    int *(WINAPI * next)(void *, void **) = NAMED("RtlEnumerateGenericTableWithoutSplaying");
    int *(WINAPI * at)(void *, ULONG) = NAMED("RtlGetElementGenericTable");
    int *(WINAPI * enumerate)(void *, BOOLEAN) = NAMED("RtlEnumerateGenericTable");
    ULONG(WINAPI * number)(void *) = NAMED("RtlNumberGenericTableElements");
    BOOLEAN(WINAPI * empty)(void *) = NAMED("RtlIsGenericTableEmpty");

    if (check_under_wine())
        return;
    initialize(table, compare, allocate, release, NULL);
    CHECK(empty(table));
    for (int i = 0; i < 1000; i++) {
        value = i * 7919 % 1000;
        found = insert(table, &value, sizeof value, &new);
        CHECK(found && *found == value && new);
    }
    CHECK_EQ(number(table), 1000);
    CHECK_EQ(allocated, 1000);
    value = 5;
    found = insert(table, &value, sizeof value, &new);
    CHECK(found && *found == 5 && !new);
    while ((found = next(table, &restart)) != NULL) {
        CHECK(*found == last + 1);
        last = *found;
        count++;
    }
    CHECK_EQ(count, 1000);
    count = 0;
    for (found = enumerate(table, TRUE); found; found = enumerate(table, FALSE))
        count += *found == count;
    CHECK_EQ(count, 1000);
    CHECK_EQ(*at(table, 0), 0);
    CHECK_EQ(*at(table, 999), 999);
    CHECK(!at(table, 1000));
    for (value = 0; value < 1000; value += 2)
        CHECK(delete (table, &value));
    value = 4;
    CHECK(!delete (table, &value));
    CHECK(!lookup(table, &value));
    value = 5;
    CHECK(lookup(table, &value) && *lookup(table, &value) == 5);
    CHECK_EQ(number(table), 500);
    for (value = 1; value < 1000; value += 2)
        CHECK(delete (table, &value));
    CHECK(empty(table));
    CHECK_EQ(allocated, 0);
}

static void test_memory(void)
{
    GET(SIZE_T, RtlCompareMemory, const void *, const void *, SIZE_T);
    GET(SIZE_T, RtlCompareMemoryUlong, void *, SIZE_T, ULONG);
    GET(void, RtlFillMemoryUlong, void *, SIZE_T, ULONG);
    GET(ULONG, RtlComputeCrc32, ULONG, const void *, ULONG);
    GET(ULONG, RtlUniform, ULONG *);
    ULONG data[4] = {0}, seed = 0;

    CHECK_EQ(RtlCompareMemory("abcdef", "abcxef", 6), 3);
    CHECK_EQ(RtlCompareMemory("abc", "abc", 3), 3);
    CHECK_EQ(RtlCompareMemory("abc", "xbc", 3), 0);
    RtlFillMemoryUlong(data, 14, 0x12345678);
    CHECK_EQ(data[2], 0x12345678);
    CHECK_EQ(data[3], 0);
    CHECK_EQ(RtlCompareMemoryUlong(data, 16, 0x12345678), 12);
    CHECK_EQ(RtlComputeCrc32(0, "123456789", 9), 0xcbf43926);
    CHECK_EQ(RtlComputeCrc32(RtlComputeCrc32(0, "1234", 4), "56789", 5), 0xcbf43926);
    CHECK_EQ(RtlUniform(&seed), 0x7fffffc3 % 0x7fffffff);
    CHECK_EQ(seed, 0x7fffffc3 % 0x7fffffff);
}

static void test_text(void)
{
    static const struct {
        const char *data;
        int length, asked, result, found;
    } cases[] = {
        {"\xff\xfe"
         "a\0b\0",
         6, IS_TEXT_UNICODE_SIGNATURE, 1, IS_TEXT_UNICODE_SIGNATURE},
        {"\xfe\xff\0a\0b", 6, IS_TEXT_UNICODE_REVERSE_SIGNATURE, 0, IS_TEXT_UNICODE_REVERSE_SIGNATURE},
        {"a\0b\0c\0d\0", 8, IS_TEXT_UNICODE_ASCII16, 1, IS_TEXT_UNICODE_ASCII16},
        {"abcdefgh", 8, IS_TEXT_UNICODE_ASCII16, 0, 0},
        {"a\0\r\0\n\0b\0", 8, IS_TEXT_UNICODE_CONTROLS, 1, IS_TEXT_UNICODE_CONTROLS},
        {"abc", 3, IS_TEXT_UNICODE_ODD_LENGTH, 0, IS_TEXT_UNICODE_ODD_LENGTH},
        {"a\0b\0", 4, IS_TEXT_UNICODE_NULL_BYTES, 1, IS_TEXT_UNICODE_NULL_BYTES},
        {"abcd", 4, IS_TEXT_UNICODE_NULL_BYTES, 0, 0},
        {"\0a\0b\0 \0c", 8, IS_TEXT_UNICODE_REVERSE_CONTROLS, 0, IS_TEXT_UNICODE_REVERSE_CONTROLS},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        INT flags = cases[i].asked;
        if (check_under_wine() && flags == IS_TEXT_UNICODE_ASCII16)
            continue; /* Wine 8 does not test it */
        CHECK_EQ(IsTextUnicode(cases[i].data, cases[i].length, &flags) != 0, cases[i].result);
        CHECK_EQ(flags, cases[i].found);
    }
    CHECK(!IsTextUnicode("plain text of one byte a letter", 31, NULL));
    CHECK(IsTextUnicode(L"text of two bytes a letter, with blanks", 78, NULL));
    CHECK(!IsTextUnicode("x", 1, NULL));
}

int main(void)
{
    ntdll = GetModuleHandleA("ntdll.dll");
    test_bitmap();
    test_table("Avl");
    test_table("");
    test_memory();
    test_text();
    return check_done();
}
