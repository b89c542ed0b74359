/*
 * A DLL that needs one that is not there.
 * link: tests/win/libloader_middle.a tests/win/libloader_absent.a
 */
#include "event.h"

int middle_value(void);
int absent_value(void);

__declspec(dllexport) int needs_dll_value(void)
{
    return middle_value() + absent_value();
}

BOOL WINAPI DllMain(HINSTANCE module, DWORD reason, void *reserved)
{
    (void)module, (void)reserved;
    event("needs_dll", reason);
    return TRUE;
}
