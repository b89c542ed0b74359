/* Do heaps keep exact sizes, zero what they should, and free everything when destroyed? */
#include "check.h"

int main(void)
{
    HANDLE process = GetProcessHeap(), own = HeapCreate(0, 0, 0);
    char *p = HeapAlloc(process, HEAP_ZERO_MEMORY, 101);
    HGLOBAL movable;

    CHECK_EQ((ULONG_PTR)p & 15, 0);
    CHECK_EQ(HeapSize(process, 0, p), 101);
    CHECK_EQ(p[100], 0);
    p = HeapReAlloc(process, HEAP_ZERO_MEMORY, p, 5000);
    CHECK_EQ(HeapSize(process, 0, p), 5000);
    CHECK_EQ(p[4999], 0);
    CHECK(HeapValidate(process, 0, p));
    CHECK(HeapFree(process, 0, p));
    CHECK(HeapFree(process, 0, NULL));
    CHECK(own != NULL);
    p = HeapAlloc(own, 0, 10);
    CHECK_EQ(HeapSize(own, 0, p), 10);
    CHECK(HeapAlloc(own, 0, 1000000) != NULL);
    CHECK(HeapDestroy(own));
    movable = GlobalAlloc(GMEM_MOVEABLE | GMEM_ZEROINIT, 20);
    p = GlobalLock(movable);
    CHECK(p != NULL && (void *)p != (void *)movable);
    CHECK_EQ(p[19], 0);
    CHECK_EQ(GlobalSize(movable), 20);
    CHECK(!GlobalUnlock(movable));
    CHECK_EQ(GetLastError(), NO_ERROR);
    CHECK(GlobalFree(movable) == NULL);
    p = LocalAlloc(LPTR, 8);
    CHECK(LocalLock(p) == p);
    CHECK(LocalFree(p) == NULL);
    return check_done();
}
