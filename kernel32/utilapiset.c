/*
 * utilapiset.c: the speaker.
 *
 * Layer: kernel32.
 */
#include "win.h"

/* There is no speaker to hear. */
BOOL WINAPI Beep(DWORD frequency, DWORD milliseconds)
{
    if (frequency < 37 || frequency > 32767) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return FALSE;
    }
    Sleep(milliseconds);
    return TRUE;
}
