/*
 * comctl.c: comctl32.dll's start: the classes of controls are asked for.
 *
 * Layer: user32.  No control can be made yet, so there is nothing to register; creating a window tells.
 */
#include "win.h"
#include <commctrl.h>

void WINAPI InitCommonControls(void)
{
}

BOOL WINAPI InitCommonControlsEx(const INITCOMMONCONTROLSEX *which)
{
    return which && which->dwSize == sizeof *which && which->dwICC && !(which->dwICC & ~0xffffu);
}
