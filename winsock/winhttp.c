/*
 * winhttp.c: winhttp.h, as far as programs ask it for proxies: none is set, and none is found.
 */
#include "winsock/ws.h"
#include <winhttp.h>

BOOL WINAPI WinHttpGetIEProxyConfigForCurrentUser(WINHTTP_CURRENT_USER_IE_PROXY_CONFIG *config)
{
    if (!config) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return FALSE;
    }
    *config = (WINHTTP_CURRENT_USER_IE_PROXY_CONFIG){.fAutoDetect = FALSE};
    return TRUE;
}

BOOL WINAPI WinHttpGetDefaultProxyConfiguration(WINHTTP_PROXY_INFO *info)
{
    if (!info) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return FALSE;
    }
    *info = (WINHTTP_PROXY_INFO){.dwAccessType = WINHTTP_ACCESS_TYPE_NO_PROXY};
    return TRUE;
}

BOOL WINAPI WinHttpDetectAutoProxyConfigUrl(DWORD flags, LPWSTR *url)
{
    if (!url || !flags || flags & ~(DWORD)(WINHTTP_AUTO_DETECT_TYPE_DHCP | WINHTTP_AUTO_DETECT_TYPE_DNS_A)) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return FALSE;
    }
    *url = NULL;
    SetLastError(ERROR_WINHTTP_AUTODETECTION_FAILED);
    return FALSE;
}
