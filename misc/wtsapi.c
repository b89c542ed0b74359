/*
 * wtsapi.c: wtsapi32.dll: the one session of this machine, at its console.
 *
 * Layer: above advapi32 and kernel32.
 */
#include <string.h>
#include "win.h"
#include "ntdll/nls.h"
#include <wtsapi32.h>

#define STATION L"Console"

static BOOL fail(DWORD error)
{
    SetLastError(error);
    return FALSE;
}

static HANDLE heap(void)
{
    return peb_current()->ProcessHeap;
}

void WINAPI WTSFreeMemory(PVOID memory)
{
    if (memory)
        RtlFreeHeap(heap(), 0, memory);
}

/* No other machine can be asked. */
HANDLE WINAPI WTSOpenServerW(LPWSTR name)
{
    (void)name;
    return WTS_CURRENT_SERVER_HANDLE;
}

HANDLE WINAPI WTSOpenServerA(LPSTR name)
{
    (void)name;
    return WTS_CURRENT_SERVER_HANDLE;
}

void WINAPI WTSCloseServer(HANDLE server)
{
    (void)server;
}

static DWORD session(void)
{
    return peb_current()->SessionId;
}

static bool is_session(DWORD id)
{
    return id == WTS_CURRENT_SESSION || id == session() || fail(ERROR_FILE_NOT_FOUND);
}

BOOL WINAPI WTSEnumerateSessionsW(HANDLE server, DWORD reserved, DWORD version, PWTS_SESSION_INFOW *list, DWORD *count)
{
    WTS_SESSION_INFOW *info;

    (void)server;
    if (reserved || version != 1 || !list || !count)
        return fail(ERROR_INVALID_PARAMETER);
    info = RtlAllocateHeap(heap(), 0, sizeof *info + sizeof STATION);
    if (!info)
        return fail(ERROR_NOT_ENOUGH_MEMORY);
    *info = (WTS_SESSION_INFOW){session(), memcpy(info + 1, STATION, sizeof STATION), WTSActive};
    *list = info;
    *count = 1;
    return TRUE;
}

BOOL WINAPI WTSEnumerateSessionsA(HANDLE server, DWORD reserved, DWORD version, PWTS_SESSION_INFOA *list, DWORD *count)
{
    WTS_SESSION_INFOA *info;

    (void)server;
    if (reserved || version != 1 || !list || !count)
        return fail(ERROR_INVALID_PARAMETER);
    info = RtlAllocateHeap(heap(), 0, sizeof *info + 8);
    if (!info)
        return fail(ERROR_NOT_ENOUGH_MEMORY);
    *info = (WTS_SESSION_INFOA){session(), memcpy(info + 1, "Console", 8), WTSActive};
    *list = info;
    *count = 1;
    return TRUE;
}

/* ---- about a session ---- */

struct fact {
    bool is_text;
    DWORD number, size; /* of the number */
    WCHAR text[128];
};

static bool fact_get(int class, struct fact *fact)
{
    DWORD room = sizeof fact->text / sizeof *fact->text;

    memset(fact, 0, sizeof *fact);
    fact->size = sizeof(DWORD);
    switch (class) {
    case WTSUserName:
        fact->is_text = true;
        return GetUserNameW(fact->text, &room);
    case WTSDomainName:
        fact->is_text = true;
        return GetComputerNameW(fact->text, &room);
    case WTSWinStationName:
        fact->is_text = true;
        memcpy(fact->text, STATION, sizeof STATION);
        return true;
    case WTSInitialProgram:
    case WTSApplicationName:
    case WTSWorkingDirectory:
    case WTSClientName:
    case WTSClientDirectory:
        fact->is_text = true;
        return true;
    case WTSSessionId:
        fact->number = session();
        return true;
    case WTSConnectState:
        fact->number = WTSActive;
        return true;
    case 29: /* WTSIsRemoteSession */
        fact->size = sizeof(BYTE);
        return true;
    case WTSClientProtocolType: /* 0: at the console */
    case WTSClientProductId:
        fact->size = sizeof(USHORT);
        return true;
    case WTSClientBuildNumber:
    case WTSClientHardwareId:
        return true;
    default:
        return fail(ERROR_NOT_SUPPORTED);
    }
}

static BOOL query(DWORD id, WTS_INFO_CLASS class, bool ansi, void **buffer, DWORD *size)
{
    struct fact fact;
    char narrow[sizeof fact.text * 2];
    const void *data = &fact.number;

    if (!buffer || !size)
        return fail(ERROR_INVALID_PARAMETER);
    if (!is_session(id) || !fact_get((int)class, &fact))
        return FALSE;
    *size = fact.size;
    if (fact.is_text && ansi) {
        *size = (DWORD)WideCharToMultiByte(CP_ACP, 0, fact.text, -1, narrow, sizeof narrow, NULL, NULL);
        data = narrow;
    } else if (fact.is_text) {
        *size = (DWORD)((wide_length(fact.text) + 1) * sizeof(WCHAR));
        data = fact.text;
    }
    *buffer = RtlAllocateHeap(heap(), 0, *size);
    if (!*buffer)
        return fail(ERROR_NOT_ENOUGH_MEMORY);
    memcpy(*buffer, data, *size);
    return TRUE;
}

BOOL WINAPI WTSQuerySessionInformationW(HANDLE server, DWORD id, WTS_INFO_CLASS class, LPWSTR *buffer, DWORD *size)
{
    (void)server;
    return query(id, class, false, (void **)buffer, size);
}

BOOL WINAPI WTSQuerySessionInformationA(HANDLE server, DWORD id, WTS_INFO_CLASS class, LPSTR *buffer, DWORD *size)
{
    (void)server;
    return query(id, class, true, (void **)buffer, size);
}

/* For services. */
BOOL WINAPI WTSQueryUserToken(ULONG id, PHANDLE token)
{
    (void)id, (void)token;
    return fail(ERROR_PRIVILEGE_NOT_HELD);
}

BOOL WINAPI WTSLogoffSession(HANDLE server, DWORD id, BOOL wait)
{
    (void)server, (void)wait;
    return is_session(id) && fail(ERROR_ACCESS_DENIED);
}

BOOL WINAPI WTSDisconnectSession(HANDLE server, DWORD id, BOOL wait)
{
    return WTSLogoffSession(server, id, wait);
}

/* There are no windows to be told. */
BOOL WINAPI WTSRegisterSessionNotification(HWND window, DWORD flags)
{
    (void)window, (void)flags;
    return fail(ERROR_INVALID_WINDOW_HANDLE);
}

BOOL WINAPI WTSUnRegisterSessionNotification(HWND window)
{
    (void)window;
    return fail(ERROR_INVALID_WINDOW_HANDLE);
}

DWORD WINAPI WTSGetActiveConsoleSessionId(void)
{
    return session();
}
