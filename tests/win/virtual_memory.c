/* Does VirtualAlloc reserve, commit, protect and free as documented, error codes included? */
#include "check.h"

static void reserve_and_commit(void)
{
    MEMORY_BASIC_INFORMATION info;
    DWORD old;
    char *base = VirtualAlloc(NULL, 0x30000, MEM_RESERVE, PAGE_READWRITE);

    CHECK(base != NULL);
    CHECK_EQ((ULONG_PTR)base & 0xffff, 0);
    CHECK_EQ(VirtualQuery(base, &info, sizeof info), sizeof info);
    CHECK_EQ(info.State, MEM_RESERVE);
    CHECK_EQ(info.RegionSize, 0x30000);
    CHECK_EQ(info.AllocationProtect, PAGE_READWRITE);
    CHECK(VirtualAlloc(base + 0x1800, 0x1000, MEM_COMMIT, PAGE_READWRITE) == base + 0x1000);
    base[0x1000] = 1;
    base[0x2fff] = 2;
    VirtualQuery(base + 0x1000, &info, sizeof info);
    CHECK_EQ(info.State, MEM_COMMIT);
    CHECK_EQ(info.RegionSize, 0x2000);
    CHECK(info.AllocationBase == base);
    CHECK(VirtualProtect(base + 0x2000, 1, PAGE_READONLY, &old));
    CHECK_EQ(old, PAGE_READWRITE);
    VirtualQuery(base + 0x1000, &info, sizeof info);
    CHECK_EQ(info.RegionSize, 0x1000);
    CHECK(!VirtualProtect(base, 0x1000, PAGE_READONLY, &old));
    CHECK_EQ(GetLastError(), ERROR_INVALID_ADDRESS);
    CHECK(!VirtualFree(base + 0x1000, 0, MEM_RELEASE));
    CHECK_EQ(GetLastError(), ERROR_INVALID_ADDRESS);
    CHECK(!VirtualFree(base, 0x1000, MEM_RELEASE));
    CHECK_EQ(GetLastError(), ERROR_INVALID_PARAMETER);
    CHECK(VirtualFree(base + 0x1000, 0x1000, MEM_DECOMMIT));
    CHECK(VirtualAlloc(base + 0x1000, 0x1000, MEM_COMMIT, PAGE_READWRITE) == base + 0x1000);
    CHECK_EQ(base[0x1000], 0);
    CHECK(VirtualFree(base, 0, MEM_RELEASE));
    VirtualQuery(base, &info, sizeof info);
    CHECK_EQ(info.State, MEM_FREE);
    CHECK_EQ(info.Protect, PAGE_NOACCESS);
}

static void errors(void)
{
    char *base = VirtualAlloc(NULL, 0x10000, MEM_RESERVE, PAGE_NOACCESS);

    CHECK(!VirtualAlloc(base, 0x1000, MEM_RESERVE, PAGE_READWRITE));
    CHECK_EQ(GetLastError(), ERROR_INVALID_ADDRESS);
    CHECK(!VirtualAlloc(NULL, 0, MEM_RESERVE, PAGE_READWRITE));
    CHECK_EQ(GetLastError(), ERROR_INVALID_PARAMETER);
    CHECK(!VirtualAlloc(NULL, 0x1000, MEM_RESERVE, 0));
    CHECK_EQ(GetLastError(), ERROR_INVALID_PARAMETER);
    CHECK(!VirtualAlloc(base, 0x20000, MEM_COMMIT, PAGE_READWRITE));
    CHECK_EQ(GetLastError(), ERROR_INVALID_ADDRESS);
    CHECK(VirtualFree(base, 0, MEM_RELEASE));
    CHECK(!VirtualFree(base, 0, MEM_RELEASE));
    if (!check_under_wine()) /* Wine says ERROR_INVALID_PARAMETER */
        CHECK_EQ(GetLastError(), ERROR_INVALID_ADDRESS);
}

static void large_and_top_down(void)
{
    char *base = VirtualAlloc(NULL, 32ull << 30, MEM_RESERVE, PAGE_NOACCESS);
    char *top = VirtualAlloc(NULL, 0x10000, MEM_RESERVE | MEM_TOP_DOWN, PAGE_NOACCESS);

    CHECK(base != NULL);
    CHECK(VirtualAlloc(base + (31ull << 30), 0x10000, MEM_COMMIT, PAGE_READWRITE) != NULL);
    base[31ull << 30] = 1;
    CHECK(top > base);
    CHECK(VirtualFree(base, 0, MEM_RELEASE));
    CHECK(VirtualFree(top, 0, MEM_RELEASE));
}

static void reading_safely(void)
{
    char buffer[16];
    SIZE_T got = 99;
    char *base = VirtualAlloc(NULL, 0x10000, MEM_RESERVE, PAGE_NOACCESS);

    if (!check_under_wine()) { /* Wine reads zeros from memory that is only reserved */
        CHECK(!ReadProcessMemory(GetCurrentProcess(), base, buffer, sizeof buffer, &got));
        CHECK_EQ(got, 0);
    }
    CHECK(ReadProcessMemory(GetCurrentProcess(), "0123456789abcdef", buffer, sizeof buffer, &got));
    CHECK_EQ(got, 16);
    CHECK(!memcmp(buffer, "0123456789abcdef", 16));
    VirtualFree(base, 0, MEM_RELEASE);
}

int main(void)
{
    reserve_and_commit();
    errors();
    large_and_top_down();
    reading_safely();
    return check_done();
}
