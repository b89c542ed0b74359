/* A DLL without the C runtime's start-up code, and so without a TLS directory. link: -nostartfiles -e DllMain */
#include "event.h"

__declspec(dllexport) int plain_value(void)
{
    return 5;
}

BOOL WINAPI DllMain(HINSTANCE module, DWORD reason, void *reserved)
{
    (void)module, (void)reserved;
    event("plain", reason);
    return TRUE;
}
