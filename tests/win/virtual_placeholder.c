/* Do placeholders split, get replaced, come back and coalesce?  (Wine 8 has none: skipped there.) */
#include "check.h"

typedef PVOID(WINAPI *alloc2)(HANDLE, PVOID, SIZE_T, ULONG, ULONG, void *, ULONG);

#define PRESERVE 2
#define COALESCE 1
#define REPLACE 0x4000
#define PLACEHOLDER 0x40000

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
    return check_done();
}
