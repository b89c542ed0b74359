/* Do write watches (MEM_WRITE_WATCH) tell exactly the pages that were written, since when, and what is refused? */
#include "check.h"

#define PAGE 0x1000
#define PAGES 64

static char *base;
static void *found[PAGES + 1];

/* What GetWriteWatch says of `pages` pages from `first` on, as a mask. */
static ULONG64 written(DWORD flags, unsigned first, unsigned pages, ULONG_PTR room)
{
    ULONG_PTR count = room;
    DWORD granularity = 0;
    ULONG64 mask = 0;
    void *last = NULL;

    memset(found, 0xcc, sizeof(found));
    CHECK_EQ(GetWriteWatch(flags, base + first * PAGE, (SIZE_T)pages * PAGE, found, &count, &granularity), 0);
    CHECK_EQ(granularity, PAGE);
    CHECK(count <= room);
    for (ULONG_PTR i = 0; i < count; i++) {
        CHECK(found[i] > last || i == 0);
        CHECK_EQ((ULONG_PTR)found[i] & (PAGE - 1), 0);
        mask |= 1ull << (((char *)found[i] - base) / PAGE);
        last = found[i];
    }
    return mask;
}

static void touch(unsigned page)
{
    *(volatile char *)(base + page * PAGE + 17) = 1;
}

static void check_writes(void)
{
    CHECK_EQ(written(0, 0, PAGES, PAGES), 0);
    touch(3);
    touch(5);
    touch(63);
    CHECK_EQ(written(0, 0, PAGES, PAGES), 1ull << 3 | 1ull << 5 | 1ull << 63);
    CHECK_EQ(written(0, 0, PAGES, PAGES), 1ull << 3 | 1ull << 5 | 1ull << 63);
    CHECK_EQ(written(0, 4, 2, PAGES), 1ull << 5);
    CHECK_EQ(written(0, 6, 50, PAGES), 0);
    CHECK_EQ(written(WRITE_WATCH_FLAG_RESET, 4, 60, PAGES), 1ull << 5 | 1ull << 63);
    CHECK_EQ(written(0, 0, PAGES, PAGES), 1ull << 3);
    touch(5);
    CHECK_EQ(written(WRITE_WATCH_FLAG_RESET, 0, PAGES, PAGES), 1ull << 3 | 1ull << 5);
    CHECK_EQ(written(0, 0, PAGES, PAGES), 0);
    for (unsigned i = 0; i < PAGES; i++)
        CHECK_EQ(*(volatile char *)(base + i * PAGE + 17), i == 3 || i == 5 || i == 63);
    CHECK_EQ(written(0, 0, PAGES, PAGES), 0); /* reading is no writing */
    touch(7);
    CHECK_EQ(ResetWriteWatch(base, PAGES * PAGE), 0);
    CHECK_EQ(written(0, 0, PAGES, PAGES), 0);
    for (unsigned i = 0; i < PAGES; i += 2)
        touch(i);
    CHECK_EQ(written(0, 0, PAGES, PAGES), 0x5555555555555555);
    CHECK_EQ(written(WRITE_WATCH_FLAG_RESET, 0, PAGES, 4), 0x55); /* only those that fit are reset */
    CHECK_EQ(written(0, 0, PAGES, PAGES), 0x5555555555555500);
    CHECK_EQ(ResetWriteWatch(base, PAGES * PAGE), 0);
}

/* Writes by the system into the memory count, too. */
static void check_system(void)
{
    HANDLE read_end, write_end;
    DWORD done;

    CHECK(CreatePipe(&read_end, &write_end, NULL, 0));
    CHECK(WriteFile(write_end, "0123456789", 10, &done, NULL));
    CHECK(ReadFile(read_end, base + 9 * PAGE - 5, 10, &done, NULL));
    CHECK_EQ(done, 10);
    CHECK(!memcmp(base + 9 * PAGE - 5, "0123456789", 10));
    CHECK_EQ(written(WRITE_WATCH_FLAG_RESET, 0, PAGES, PAGES), 1ull << 8 | 1ull << 9);
    memcpy(base + 20 * PAGE - 4, "01234567", 8);
    CHECK_EQ(written(WRITE_WATCH_FLAG_RESET, 0, PAGES, PAGES), 1ull << 19 | 1ull << 20);
    InterlockedIncrement((LONG *)(base + 30 * PAGE));
    CHECK_EQ(written(WRITE_WATCH_FLAG_RESET, 0, PAGES, PAGES), 1ull << 30);
    CloseHandle(read_end);
    CloseHandle(write_end);
}

static void check_protections(void)
{
    DWORD old;

    touch(1);
    CHECK(VirtualProtect(base + PAGE, PAGE, PAGE_READONLY, &old));
    CHECK_EQ(written(0, 0, PAGES, PAGES), 1ull << 1);
    CHECK(VirtualProtect(base + PAGE, PAGE, PAGE_READWRITE, &old));
    CHECK_EQ(written(WRITE_WATCH_FLAG_RESET, 0, PAGES, PAGES), 1ull << 1);
    touch(1);
    CHECK_EQ(written(WRITE_WATCH_FLAG_RESET, 0, PAGES, PAGES), 1ull << 1);
    CHECK(VirtualFree(base + 8 * PAGE, 4 * PAGE, MEM_DECOMMIT));
    CHECK(VirtualAlloc(base + 8 * PAGE, 4 * PAGE, MEM_COMMIT, PAGE_READWRITE) == base + 8 * PAGE);
    ResetWriteWatch(base, PAGES * PAGE);
    touch(10);
    CHECK_EQ(written(WRITE_WATCH_FLAG_RESET, 0, PAGES, PAGES), 1ull << 10);
    touch(10);
    touch(40);
    CHECK_EQ(written(WRITE_WATCH_FLAG_RESET, 0, PAGES, PAGES), 1ull << 10 | 1ull << 40);
}

static DWORD WINAPI writer(void *argument)
{
    for (unsigned i = 0; i < PAGES; i++)
        *(volatile char *)(base + i * PAGE + (ULONG_PTR)argument) = 2;
    return 0;
}

static void check_threads(void)
{
    HANDLE threads[4];

    for (ULONG_PTR i = 0; i < 4; i++)
        threads[i] = CreateThread(NULL, 0, writer, (void *)(i * 8), 0, NULL);
    WaitForMultipleObjects(4, threads, TRUE, INFINITE);
    for (int i = 0; i < 4; i++)
        CloseHandle(threads[i]);
    CHECK_EQ(written(WRITE_WATCH_FLAG_RESET, 0, PAGES, PAGES), ~0ull);
    CHECK_EQ(written(0, 0, PAGES, PAGES), 0);
}

static void check_refusals(void)
{
    char *plain = VirtualAlloc(NULL, PAGE, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    ULONG_PTR count = PAGES;
    DWORD granularity = 5;

    CHECK(GetWriteWatch(0, plain, PAGE, found, &count, &granularity) != 0);
    CHECK_EQ(GetLastError(), ERROR_INVALID_PARAMETER);
    CHECK(ResetWriteWatch(plain, PAGE) != 0);
    CHECK(GetWriteWatch(2, base, PAGE, found, &count, &granularity) != 0);
    CHECK(GetWriteWatch(0, base, 0, found, &count, &granularity) != 0);
    CHECK(GetWriteWatch(0, base, (PAGES + 16) * PAGE, found, &count, &granularity) != 0);
    CHECK(GetWriteWatch(0, base + PAGES * PAGE, PAGE, found, &count, &granularity) != 0);
    CHECK(ResetWriteWatch(base, 0) != 0);
    count = 0;
    CHECK(GetWriteWatch(0, base, PAGE, found, &count, &granularity) != 0);
    VirtualFree(plain, 0, MEM_RELEASE);
    SetLastError(0);
    CHECK(!VirtualAlloc(NULL, PAGE, MEM_COMMIT | MEM_WRITE_WATCH, PAGE_READWRITE) || check_under_wine());
}

/* A large reservation costs nothing, and can be watched in parts. */
static void check_large(void)
{
    SIZE_T size = (SIZE_T)64 << 30;
    char *large = VirtualAlloc(NULL, size, MEM_RESERVE | MEM_WRITE_WATCH, PAGE_READWRITE);
    ULONG_PTR count = PAGES;
    DWORD granularity;

    if (!large)
        return;
    char *part = large + ((SIZE_T)40 << 30);
    CHECK(VirtualAlloc(part, 16 * PAGE, MEM_COMMIT, PAGE_READWRITE) == part);
    part[5 * PAGE] = 1;
    CHECK_EQ(GetWriteWatch(WRITE_WATCH_FLAG_RESET, part, 16 * PAGE, found, &count, &granularity), 0);
    CHECK_EQ(count, 1);
    CHECK(found[0] == part + 5 * PAGE);
    count = PAGES;
    CHECK_EQ(GetWriteWatch(0, part, 16 * PAGE, found, &count, &granularity), 0);
    CHECK_EQ(count, 0);
    CHECK(VirtualFree(large, 0, MEM_RELEASE));
}

int main(void)
{
    base = VirtualAlloc(NULL, PAGES * PAGE, MEM_RESERVE | MEM_COMMIT | MEM_WRITE_WATCH, PAGE_READWRITE);
    CHECK(base != NULL);
    check_writes();
    check_system();
    check_protections();
    check_threads();
    check_refusals();
    check_large();
    CHECK(VirtualFree(base, 0, MEM_RELEASE));
    return check_done();
}
