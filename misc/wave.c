/*
 * wave.c: winmm.dll's devices: there are none.
 *
 * Layer: above ntdll.  Counting says zero, asking about a number says that it is no device, and every handle is one
 * that was never given out.
 */
#include <string.h>
#include "win.h"
#include <mmsystem.h>

UINT WINAPI waveOutGetNumDevs(void)
{
    return 0;
}

MMRESULT WINAPI waveOutGetDevCapsW(UINT_PTR device, LPWAVEOUTCAPSW caps, UINT size)
{
    (void)device, (void)caps, (void)size;
    return MMSYSERR_BADDEVICEID;
}

MMRESULT WINAPI waveOutOpen(LPHWAVEOUT handle, UINT device, LPCWAVEFORMATEX form, DWORD_PTR callback,
                            DWORD_PTR instance, DWORD flags)
{
    (void)device, (void)form, (void)callback, (void)instance, (void)flags;
    if (handle)
        *handle = NULL;
    return MMSYSERR_BADDEVICEID;
}

MMRESULT WINAPI waveOutClose(HWAVEOUT handle)
{
    (void)handle;
    return MMSYSERR_INVALHANDLE;
}

MMRESULT WINAPI waveOutWrite(HWAVEOUT handle, LPWAVEHDR header, UINT size)
{
    (void)handle, (void)header, (void)size;
    return MMSYSERR_INVALHANDLE;
}

MMRESULT WINAPI waveOutGetErrorTextW(MMRESULT error, LPWSTR text, UINT room)
{
    static const WCHAR *const texts[] = {[MMSYSERR_NOERROR] = u"The specified command was carried out.",
                                         [MMSYSERR_ERROR] = u"Undefined external error.",
                                         [MMSYSERR_BADDEVICEID] = u"A device ID has been used that is out of range "
                                                                  u"for your system.",
                                         [MMSYSERR_INVALHANDLE] = u"The specified device handle is invalid.",
                                         [MMSYSERR_NODRIVER] = u"There is no driver installed on your system."};
    const WCHAR *found = error < sizeof texts / sizeof *texts ? texts[error] : NULL;
    UINT length = 0;

    if (!found)
        return MMSYSERR_BADERRNUM;
    if (!text || !room)
        return MMSYSERR_INVALPARAM;
    for (; found[length] && length + 1 < room; length++)
        text[length] = found[length];
    text[length] = 0;
    return MMSYSERR_NOERROR;
}

MMRESULT WINAPI joyGetPosEx(UINT device, LPJOYINFOEX info)
{
    (void)device, (void)info;
    return JOYERR_UNPLUGGED;
}

MMRESULT WINAPI joyGetDevCapsA(UINT_PTR device, LPJOYCAPSA caps, UINT size)
{
    (void)device, (void)caps, (void)size;
    return JOYERR_PARMS;
}

MMRESULT WINAPI timeGetSystemTime(LPMMTIME time, UINT size)
{
    if (!time || size < sizeof *time)
        return TIMERR_NOCANDO;
    time->wType = TIME_MS;
    time->u.ms = GetTickCount();
    return TIMERR_NOERROR;
}

MMRESULT WINAPI waveOutGetErrorTextA(MMRESULT error, LPSTR text, UINT room)
{
    WCHAR wide[MAXERRORLENGTH];
    MMRESULT result = waveOutGetErrorTextW(error, wide, MAXERRORLENGTH);
    UINT length = 0;

    if (result != MMSYSERR_NOERROR)
        return result;
    if (!text || !room)
        return MMSYSERR_INVALPARAM;
    for (; wide[length] && length + 1 < room; length++)
        text[length] = (char)wide[length];
    text[length] = 0;
    return MMSYSERR_NOERROR;
}
