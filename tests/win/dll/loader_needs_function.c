/* A DLL that needs a function that another does not have. link: tests/win/libloader_wrong.a */
#include "event.h"

int no_such_function(void);

__declspec(dllexport) int needs_function_value(void)
{
    return no_such_function();
}

BOOL WINAPI DllMain(HINSTANCE module, DWORD reason, void *reserved)
{
    (void)module, (void)reserved;
    event("needs_function", reason);
    return TRUE;
}
