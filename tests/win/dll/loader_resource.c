/* A DLL of resources (loader_resource.rc). */
#include "event.h"

BOOL WINAPI DllMain(HINSTANCE module, DWORD reason, void *reserved)
{
    (void)module, (void)reserved;
    event("resource", reason);
    return TRUE;
}
