/*
 * A DLL that needs two others, one of which the other needs too.
 * link: tests/win/libloader_middle.a tests/win/libloader_leaf.a
 */
#include "event.h"

int leaf_value(void);
int middle_value(void);

__declspec(dllexport) int top_value(void)
{
    return middle_value() + leaf_value();
}

BOOL WINAPI DllMain(HINSTANCE module, DWORD reason, void *reserved)
{
    (void)module, (void)reserved;
    event("top", reason);
    return TRUE;
}
