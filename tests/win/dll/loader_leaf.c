/* A DLL that needs no other test DLL: exports of all kinds. */
#include "event.h"

int leaf_data = 7;

int leaf_value(void)
{
    return leaf_data;
}

int leaf_unnamed(void)
{
    return 70;
}

BOOL WINAPI DllMain(HINSTANCE module, DWORD reason, void *reserved)
{
    (void)module, (void)reserved;
    event("leaf", reason);
    return TRUE;
}
