/* A DLL that needs loader_leaf, already while it attaches and detaches. link: tests/win/libloader_leaf.a */
#include "event.h"

int leaf_value(void);

static int seen;

int middle_value(void)
{
    return seen * 10;
}

BOOL WINAPI DllMain(HINSTANCE module, DWORD reason, void *reserved)
{
    (void)module, (void)reserved;
    seen = leaf_value();
    event("middle", reason);
    return TRUE;
}
