/*
 * register.c: messages and clipboard formats by name.
 *
 * Layer: user32, over kernel32's atoms.  Within the process: no other one could be sent such a message yet.
 */
#include "win.h"
#include "kernel32/winbase_atom.h"
#include "ntdll/nls.h"

UINT WINAPI RegisterWindowMessageW(LPCWSTR name)
{
    return atom_register(name);
}

UINT WINAPI RegisterWindowMessageA(LPCSTR name)
{
    WCHAR *wide = wide_from_ansi(name);
    UINT message = RegisterWindowMessageW(wide);

    RtlFreeHeap(peb_current()->ProcessHeap, 0, wide);
    return message;
}

int WINAPI GetClipboardFormatNameW(UINT format, LPWSTR name, int room)
{
    if (format < 0xc000) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return 0;
    }
    return (int)atom_registered_name(format, name, room);
}
