/*
 * consoleapi_pseudo.c: pseudo consoles: terminals that a program shows itself.  On top of ntdll/pseudoconsole.h.
 */
#include "kernel32/filename.h"

#include "ntdll/pseudoconsole.h"

typedef void *HPCON; /* the headers have it for later versions than ours */

static HRESULT result_of(NTSTATUS status)
{
    return status ? HRESULT_FROM_WIN32(RtlNtStatusToDosError(status)) : S_OK;
}

HRESULT WINAPI CreatePseudoConsole(COORD size, HANDLE input, HANDLE output, DWORD flags, HPCON *console)
{
    (void)flags; /* the cursor's place is the terminal's business either way */
    if (!console || size.X <= 0 || size.Y <= 0)
        return E_INVALIDARG;
    return result_of(pseudo_console_create(size, input, output, (struct pseudo_console **)console));
}

HRESULT WINAPI ResizePseudoConsole(HPCON console, COORD size)
{
    if (!console || size.X <= 0 || size.Y <= 0)
        return E_INVALIDARG;
    return result_of(pseudo_console_resize((struct pseudo_console *)console, size));
}

void WINAPI ClosePseudoConsole(HPCON console)
{
    if (console)
        pseudo_console_close((struct pseudo_console *)console);
}
