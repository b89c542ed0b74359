/*
 * hwprofile.c: the hardware profile, which Windows has one of since Windows 7: its id is the machine's.
 *
 * Layer: advapi32.
 */
#include <string.h>
#include "win.h"

#define NAME "Undocked Profile"

/* {guid}; all zeros if the registry has none. */
static void profile_id(WCHAR id[HW_PROFILE_GUIDLEN])
{
    WCHAR text[64] = u"00000000-0000-0000-0000-000000000000";
    DWORD size = sizeof text;

    RegGetValueW(HKEY_LOCAL_MACHINE, u"SOFTWARE\\Microsoft\\Cryptography", u"MachineGuid", RRF_RT_REG_SZ, NULL, text,
                 &size);
    id[0] = '{';
    memcpy(id + 1, text, (HW_PROFILE_GUIDLEN - 3) * sizeof *id);
    id[HW_PROFILE_GUIDLEN - 2] = '}';
    id[HW_PROFILE_GUIDLEN - 1] = 0;
}

BOOL WINAPI GetCurrentHwProfileW(LPHW_PROFILE_INFOW info)
{
    if (!info) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return FALSE;
    }
    memset(info, 0, sizeof *info);
    info->dwDockInfo = DOCKINFO_UNDOCKED | DOCKINFO_USER_SUPPLIED;
    profile_id(info->szHwProfileGuid);
    memcpy(info->szHwProfileName, u"" NAME, sizeof u"" NAME);
    return TRUE;
}

BOOL WINAPI GetCurrentHwProfileA(LPHW_PROFILE_INFOA info)
{
    HW_PROFILE_INFOW wide;

    if (!GetCurrentHwProfileW(info ? &wide : NULL))
        return FALSE;
    memset(info, 0, sizeof *info);
    info->dwDockInfo = wide.dwDockInfo;
    for (int i = 0; i < HW_PROFILE_GUIDLEN; i++) /* ASCII both of them */
        info->szHwProfileGuid[i] = (char)wide.szHwProfileGuid[i];
    memcpy(info->szHwProfileName, NAME, sizeof NAME);
    return TRUE;
}
