/* A DLL that does not want to be loaded, and needs one that does. link: tests/win/libloader_middle.a */
#include "event.h"

int middle_value(void);

__declspec(dllexport) int refuse_value(void)
{
    return middle_value();
}

BOOL WINAPI DllMain(HINSTANCE module, DWORD reason, void *reserved)
{
    (void)module, (void)reserved;
    event("refuse", reason);
    return reason != DLL_PROCESS_ATTACH;
}
