/* Do placeholders split, get replaced, come back and coalesce?  (Wine 8 has none: skipped there.) */
#include "check.h"

typedef PVOID(WINAPI *alloc2)(HANDLE, PVOID, SIZE_T, ULONG, ULONG, void *, ULONG);

typedef PVOID(WINAPI *map3)(HANDLE, HANDLE, PVOID, ULONG64, SIZE_T, ULONG, ULONG, void *, ULONG);

#define PRESERVE 2
#define COALESCE 1
#define REPLACE 0x4000
#define PLACEHOLDER 0x40000

/* Where a view replaces a placeholder, address and offset need be no more than whole pages. */
static void test_page_aligned_view(alloc2 VirtualAlloc2)
{
    map3 MapViewOfFile3 = (map3)(void *)GetProcAddress(GetModuleHandleA("kernelbase"), "MapViewOfFile3");
    HANDLE m = CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, 0x20000, NULL);
    char *all = MapViewOfFile(m, FILE_MAP_WRITE, 0, 0, 0), *base, *view;

    CHECK(all && MapViewOfFile3);
    all[0x11000] = 'p';
    base = VirtualAlloc2(NULL, NULL, 0x10000, MEM_RESERVE | PLACEHOLDER, PAGE_NOACCESS, NULL, 0);
    CHECK(VirtualFree(base, 0x3000, MEM_RELEASE | PRESERVE));
    view = MapViewOfFile3(m, NULL, base + 0x3000, 0x11000, 0xd000, REPLACE, PAGE_READONLY, NULL, 0);
    CHECK(view == base + 0x3000);
    CHECK_EQ(view[0], 'p');
    CHECK_ERROR(MapViewOfFile3(m, NULL, NULL, 0x11000, 0x1000, 0, PAGE_READONLY, NULL, 0), ERROR_MAPPED_ALIGNMENT);
    CHECK_ERROR(MapViewOfFile3(m, NULL, base, 0x11800, 0x3000, REPLACE, PAGE_READONLY, NULL, 0),
                ERROR_MAPPED_ALIGNMENT);
    CHECK(UnmapViewOfFile(view));
    CHECK(UnmapViewOfFile(all));
    CHECK(VirtualFree(base, 0, MEM_RELEASE));
    CloseHandle(m);
}

int main(void)
{
    alloc2 VirtualAlloc2 = (alloc2)(void *)GetProcAddress(GetModuleHandleA("kernelbase"), "VirtualAlloc2");
    char *base;

    if (!VirtualAlloc2 || check_under_wine())
        return check_done();
    base = VirtualAlloc2(NULL, NULL, 0x40000, MEM_RESERVE | PLACEHOLDER, PAGE_NOACCESS, NULL, 0);
    CHECK(base != NULL);
    CHECK(VirtualFree(base, 0x10000, MEM_RELEASE | PRESERVE));
    CHECK(VirtualFree(base + 0x10000, 0x10000, MEM_RELEASE | PRESERVE));
    CHECK(VirtualAlloc2(NULL, base, 0x20000, MEM_RESERVE | MEM_COMMIT | REPLACE, PAGE_READWRITE, NULL, 0) == NULL);
    CHECK_EQ(GetLastError(), ERROR_INVALID_ADDRESS);
    CHECK(VirtualAlloc2(NULL, base, 0x10000, MEM_RESERVE | MEM_COMMIT | REPLACE, PAGE_READWRITE, NULL, 0) == base);
    base[0] = 1;
    CHECK(VirtualFree(base, 0x10000, MEM_RELEASE | PRESERVE));
    CHECK(VirtualFree(base, 0x40000, MEM_RELEASE | COALESCE));
    CHECK(!VirtualFree(base, 0x40000, MEM_RELEASE | COALESCE));
    CHECK(VirtualAlloc2(NULL, base, 0x40000, MEM_RESERVE | MEM_COMMIT | REPLACE, PAGE_READWRITE, NULL, 0) == base);
    CHECK_EQ(base[0], 0);
    CHECK(VirtualFree(base, 0, MEM_RELEASE));
    test_page_aligned_view(VirtualAlloc2);
    return check_done();
}
