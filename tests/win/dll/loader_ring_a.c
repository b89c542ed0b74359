/* One of two DLLs that need each other. link: tests/win/libloader_ring_b.a */
#include "event.h"

int ring_b(int depth);

int ring_a(int depth)
{
    return depth ? 1 + ring_b(depth - 1) : 0;
}

BOOL WINAPI DllMain(HINSTANCE module, DWORD reason, void *reserved)
{
    (void)module, (void)reserved;
    event("ring_a", reason);
    return TRUE;
}
