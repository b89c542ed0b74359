/*
 * restart.c: rstrtmgr.dll: sessions of the restart manager.  Who has a file open is not known, so lists are empty.
 *
 * Layer: above advapi32.
 */
#include <string.h>
#include "win.h"
#include "ntdll/sysinfo.h"
#include <restartmanager.h>

#ifndef ERROR_MAX_SESSIONS_REACHED
#define ERROR_MAX_SESSIONS_REACHED 353
#endif
#define KEY_LENGTH ((int)CCH_RM_SESSION_KEY)
#define SESSION_COUNT 64u /* as many as Windows allows a user */

static volatile LONG open[SESSION_COUNT];

static bool is_session(DWORD session)
{
    return session < SESSION_COUNT && open[session];
}

DWORD WINAPI RmStartSession(DWORD *session, DWORD flags, WCHAR *key)
{
    static const char digits[] = "0123456789abcdef";
    BYTE random[KEY_LENGTH / 2];

    if (!session || !key)
        return ERROR_INVALID_PARAMETER;
    if (flags)
        return ERROR_INVALID_PARAMETER;
    random_bytes(random, sizeof random);
    for (DWORD i = 0; i < SESSION_COUNT; i++) {
        if (!__sync_bool_compare_and_swap(&open[i], 0, 1))
            continue;
        *session = i;
        for (int at = 0; at < KEY_LENGTH; at++)
            key[at] = (WCHAR)digits[random[at / 2] >> (at % 2 ? 0 : 4) & 15];
        key[KEY_LENGTH] = 0;
        return ERROR_SUCCESS;
    }
    return ERROR_MAX_SESSIONS_REACHED;
}

DWORD WINAPI RmEndSession(DWORD session)
{
    if (!is_session(session))
        return ERROR_INVALID_HANDLE;
    open[session] = 0;
    return ERROR_SUCCESS;
}

DWORD WINAPI RmRegisterResources(DWORD session, UINT file_count, LPCWSTR *files, UINT process_count,
                                 RM_UNIQUE_PROCESS *processes, UINT service_count, LPCWSTR *services)
{
    if (!is_session(session))
        return ERROR_INVALID_HANDLE;
    if ((file_count && !files) || (process_count && !processes) || (service_count && !services))
        return ERROR_INVALID_PARAMETER;
    return ERROR_SUCCESS;
}

DWORD WINAPI RmGetList(DWORD session, UINT *needed, UINT *count, RM_PROCESS_INFO *list, LPDWORD reasons)
{
    (void)list;
    if (!is_session(session))
        return ERROR_INVALID_HANDLE;
    if (!needed || !count || !reasons)
        return ERROR_INVALID_PARAMETER;
    *needed = *count = 0;
    *reasons = RmRebootReasonNone;
    return ERROR_SUCCESS;
}

DWORD WINAPI RmShutdown(DWORD session, ULONG flags, RM_WRITE_STATUS_CALLBACK status)
{
    (void)flags, (void)status;
    return is_session(session) ? ERROR_SUCCESS : ERROR_INVALID_HANDLE;
}

DWORD WINAPI RmRestart(DWORD session, DWORD flags, RM_WRITE_STATUS_CALLBACK status)
{
    (void)status;
    if (flags)
        return ERROR_INVALID_PARAMETER;
    return is_session(session) ? ERROR_SUCCESS : ERROR_INVALID_HANDLE;
}
