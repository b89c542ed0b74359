/*
 * winsvc.c: the service control manager as an ordinary user sees it on a machine without services.
 *
 * Layer: advapi32.  The manager can be opened and asked; no service is there, and none may be made.  A program that
 * asks whether it runs as a service is told that it does not.
 */
#include "win.h"
#include <winsvc.h>

#define MANAGER ((SC_HANDLE)0x73636d)
/* What a user without special rights is given. */
#define MANAGER_ACCESS                                                                                                 \
    (SC_MANAGER_CONNECT | SC_MANAGER_ENUMERATE_SERVICE | SC_MANAGER_QUERY_LOCK_STATUS | READ_CONTROL | GENERIC_READ |  \
     MAXIMUM_ALLOWED)

static BOOL fail(DWORD error)
{
    SetLastError(error);
    return FALSE;
}

static BOOL is_manager(SC_HANDLE manager)
{
    return manager == MANAGER || fail(ERROR_INVALID_HANDLE);
}

/* ---- the manager ---- */

static bool same_name(const WCHAR *name, const char *known)
{
    while (*known && (*name | 0x20) == (*known | 0x20))
        name++, known++;
    return !*known && !*name;
}

SC_HANDLE WINAPI OpenSCManagerW(LPCWSTR machine, LPCWSTR database, DWORD access)
{
    (void)machine; /* no other machine can be asked; one's own has many names */
    if (database && *database && !same_name(database, "ServicesActive")) {
        fail(same_name(database, "ServicesFailed") ? ERROR_DATABASE_DOES_NOT_EXIST : ERROR_INVALID_NAME);
        return NULL;
    }
    if (access & ~(DWORD)MANAGER_ACCESS) {
        fail(ERROR_ACCESS_DENIED);
        return NULL;
    }
    return MANAGER;
}

SC_HANDLE WINAPI OpenSCManagerA(LPCSTR machine, LPCSTR database, DWORD access)
{
    WCHAR wide[32] = {0};

    (void)machine;
    for (size_t i = 0; database && database[i] && i < 31; i++)
        wide[i] = (BYTE)database[i];
    return OpenSCManagerW(NULL, wide, access);
}

BOOL WINAPI CloseServiceHandle(SC_HANDLE handle)
{
    return is_manager(handle);
}

static SC_HANDLE open_service(SC_HANDLE manager, const void *name)
{
    if (is_manager(manager))
        fail(name ? ERROR_SERVICE_DOES_NOT_EXIST : ERROR_INVALID_ADDRESS);
    return NULL;
}

SC_HANDLE WINAPI OpenServiceW(SC_HANDLE manager, LPCWSTR name, DWORD access)
{
    (void)access;
    return open_service(manager, name);
}

SC_HANDLE WINAPI OpenServiceA(SC_HANDLE manager, LPCSTR name, DWORD access)
{
    (void)access;
    return open_service(manager, name);
}

/* The manager was opened without the right to it. */
SC_HANDLE WINAPI CreateServiceW(SC_HANDLE manager, LPCWSTR name, LPCWSTR display, DWORD access, DWORD type, DWORD start,
                                DWORD control, LPCWSTR path, LPCWSTR group, LPDWORD tag, LPCWSTR dependencies,
                                LPCWSTR account, LPCWSTR password)
{
    (void)name, (void)display, (void)access, (void)type, (void)start, (void)control, (void)path, (void)group;
    (void)tag, (void)dependencies, (void)account, (void)password;
    if (is_manager(manager))
        fail(ERROR_ACCESS_DENIED);
    return NULL;
}

SC_HANDLE WINAPI CreateServiceA(SC_HANDLE manager, LPCSTR name, LPCSTR display, DWORD access, DWORD type, DWORD start,
                                DWORD control, LPCSTR path, LPCSTR group, LPDWORD tag, LPCSTR dependencies,
                                LPCSTR account, LPCSTR password)
{
    (void)name, (void)display, (void)path, (void)group, (void)dependencies, (void)account, (void)password;
    return CreateServiceW(manager, NULL, NULL, access, type, start, control, NULL, NULL, tag, NULL, NULL, NULL);
}

/* All of no services. */
BOOL WINAPI EnumServicesStatusExW(SC_HANDLE manager, SC_ENUM_TYPE level, DWORD type, DWORD state, LPBYTE services,
                                  DWORD size, LPDWORD needed, LPDWORD count, LPDWORD resume, LPCWSTR group)
{
    (void)services, (void)size, (void)group;
    if (!is_manager(manager))
        return FALSE;
    if (level != SC_ENUM_PROCESS_INFO)
        return fail(ERROR_INVALID_LEVEL);
    if (!type || !state || state > SERVICE_STATE_ALL || !needed || !count)
        return fail(ERROR_INVALID_PARAMETER);
    *needed = *count = 0;
    if (resume)
        *resume = 0;
    return TRUE;
}

BOOL WINAPI EnumServicesStatusExA(SC_HANDLE manager, SC_ENUM_TYPE level, DWORD type, DWORD state, LPBYTE services,
                                  DWORD size, LPDWORD needed, LPDWORD count, LPDWORD resume, LPCSTR group)
{
    (void)group;
    return EnumServicesStatusExW(manager, level, type, state, services, size, needed, count, resume, NULL);
}

BOOL WINAPI EnumServicesStatusW(SC_HANDLE manager, DWORD type, DWORD state, LPENUM_SERVICE_STATUSW services, DWORD size,
                                LPDWORD needed, LPDWORD count, LPDWORD resume)
{
    return EnumServicesStatusExW(manager, SC_ENUM_PROCESS_INFO, type, state, (LPBYTE)services, size, needed, count,
                                 resume, NULL);
}

BOOL WINAPI EnumServicesStatusA(SC_HANDLE manager, DWORD type, DWORD state, LPENUM_SERVICE_STATUSA services, DWORD size,
                                LPDWORD needed, LPDWORD count, LPDWORD resume)
{
    return EnumServicesStatusExW(manager, SC_ENUM_PROCESS_INFO, type, state, (LPBYTE)services, size, needed, count,
                                 resume, NULL);
}

static BOOL no_such_name(SC_HANDLE manager)
{
    return is_manager(manager) && fail(ERROR_SERVICE_DOES_NOT_EXIST);
}

BOOL WINAPI GetServiceDisplayNameW(SC_HANDLE manager, LPCWSTR name, LPWSTR display, LPDWORD size)
{
    (void)name, (void)display, (void)size;
    return no_such_name(manager);
}

BOOL WINAPI GetServiceDisplayNameA(SC_HANDLE manager, LPCSTR name, LPSTR display, LPDWORD size)
{
    (void)name, (void)display, (void)size;
    return no_such_name(manager);
}

BOOL WINAPI GetServiceKeyNameW(SC_HANDLE manager, LPCWSTR display, LPWSTR name, LPDWORD size)
{
    (void)name, (void)display, (void)size;
    return no_such_name(manager);
}

BOOL WINAPI GetServiceKeyNameA(SC_HANDLE manager, LPCSTR display, LPSTR name, LPDWORD size)
{
    (void)name, (void)display, (void)size;
    return no_such_name(manager);
}

SC_LOCK WINAPI LockServiceDatabase(SC_HANDLE manager)
{
    if (is_manager(manager))
        fail(ERROR_ACCESS_DENIED);
    return NULL;
}

BOOL WINAPI UnlockServiceDatabase(SC_LOCK lock)
{
    (void)lock;
    return fail(ERROR_INVALID_SERVICE_LOCK);
}

/* ---- a service: there is no handle of one ---- */

BOOL WINAPI StartServiceW(SC_HANDLE service, DWORD count, LPCWSTR *arguments)
{
    (void)service, (void)count, (void)arguments;
    return fail(ERROR_INVALID_HANDLE);
}

BOOL WINAPI StartServiceA(SC_HANDLE service, DWORD count, LPCSTR *arguments)
{
    (void)service, (void)count, (void)arguments;
    return fail(ERROR_INVALID_HANDLE);
}

BOOL WINAPI ControlService(SC_HANDLE service, DWORD control, LPSERVICE_STATUS status)
{
    (void)service, (void)control, (void)status;
    return fail(ERROR_INVALID_HANDLE);
}

BOOL WINAPI DeleteService(SC_HANDLE service)
{
    (void)service;
    return fail(ERROR_INVALID_HANDLE);
}

BOOL WINAPI QueryServiceStatus(SC_HANDLE service, LPSERVICE_STATUS status)
{
    (void)service, (void)status;
    return fail(ERROR_INVALID_HANDLE);
}

BOOL WINAPI QueryServiceStatusEx(SC_HANDLE service, SC_STATUS_TYPE level, LPBYTE buffer, DWORD size, LPDWORD needed)
{
    (void)service, (void)level, (void)buffer, (void)size, (void)needed;
    return fail(ERROR_INVALID_HANDLE);
}

BOOL WINAPI QueryServiceConfigW(SC_HANDLE service, LPQUERY_SERVICE_CONFIGW config, DWORD size, LPDWORD needed)
{
    (void)service, (void)config, (void)size, (void)needed;
    return fail(ERROR_INVALID_HANDLE);
}

BOOL WINAPI QueryServiceConfigA(SC_HANDLE service, LPQUERY_SERVICE_CONFIGA config, DWORD size, LPDWORD needed)
{
    (void)service, (void)config, (void)size, (void)needed;
    return fail(ERROR_INVALID_HANDLE);
}

BOOL WINAPI QueryServiceConfig2W(SC_HANDLE service, DWORD level, LPBYTE buffer, DWORD size, LPDWORD needed)
{
    (void)service, (void)level, (void)buffer, (void)size, (void)needed;
    return fail(ERROR_INVALID_HANDLE);
}

BOOL WINAPI QueryServiceConfig2A(SC_HANDLE service, DWORD level, LPBYTE buffer, DWORD size, LPDWORD needed)
{
    return QueryServiceConfig2W(service, level, buffer, size, needed);
}

BOOL WINAPI ChangeServiceConfigW(SC_HANDLE service, DWORD type, DWORD start, DWORD control, LPCWSTR path, LPCWSTR group,
                                 LPDWORD tag, LPCWSTR dependencies, LPCWSTR account, LPCWSTR password, LPCWSTR display)
{
    (void)service, (void)type, (void)start, (void)control, (void)path, (void)group, (void)tag, (void)dependencies;
    (void)account, (void)password, (void)display;
    return fail(ERROR_INVALID_HANDLE);
}

BOOL WINAPI ChangeServiceConfigA(SC_HANDLE service, DWORD type, DWORD start, DWORD control, LPCSTR path, LPCSTR group,
                                 LPDWORD tag, LPCSTR dependencies, LPCSTR account, LPCSTR password, LPCSTR display)
{
    (void)path, (void)group, (void)dependencies, (void)account, (void)password, (void)display;
    return ChangeServiceConfigW(service, type, start, control, NULL, NULL, tag, NULL, NULL, NULL, NULL);
}

BOOL WINAPI ChangeServiceConfig2W(SC_HANDLE service, DWORD level, LPVOID info)
{
    (void)service, (void)level, (void)info;
    return fail(ERROR_INVALID_HANDLE);
}

BOOL WINAPI ChangeServiceConfig2A(SC_HANDLE service, DWORD level, LPVOID info)
{
    return ChangeServiceConfig2W(service, level, info);
}

BOOL WINAPI EnumDependentServicesW(SC_HANDLE service, DWORD state, LPENUM_SERVICE_STATUSW services, DWORD size,
                                   LPDWORD needed, LPDWORD count)
{
    (void)service, (void)state, (void)services, (void)size, (void)needed, (void)count;
    return fail(ERROR_INVALID_HANDLE);
}

BOOL WINAPI EnumDependentServicesA(SC_HANDLE service, DWORD state, LPENUM_SERVICE_STATUSA services, DWORD size,
                                   LPDWORD needed, LPDWORD count)
{
    (void)services;
    return EnumDependentServicesW(service, state, NULL, size, needed, count);
}

/* ---- a program that may be a service ---- */

/* What Windows says to a program that was started from a console: many then run as an ordinary program. */
BOOL WINAPI StartServiceCtrlDispatcherW(const SERVICE_TABLE_ENTRYW *table)
{
    (void)table;
    return fail(ERROR_FAILED_SERVICE_CONTROLLER_CONNECT);
}

BOOL WINAPI StartServiceCtrlDispatcherA(const SERVICE_TABLE_ENTRYA *table)
{
    (void)table;
    return fail(ERROR_FAILED_SERVICE_CONTROLLER_CONNECT);
}

static SERVICE_STATUS_HANDLE not_a_service(void)
{
    fail(ERROR_SERVICE_NOT_IN_EXE);
    return NULL;
}

SERVICE_STATUS_HANDLE WINAPI RegisterServiceCtrlHandlerW(LPCWSTR name, LPHANDLER_FUNCTION handler)
{
    (void)name, (void)handler;
    return not_a_service();
}

SERVICE_STATUS_HANDLE WINAPI RegisterServiceCtrlHandlerA(LPCSTR name, LPHANDLER_FUNCTION handler)
{
    (void)name, (void)handler;
    return not_a_service();
}

SERVICE_STATUS_HANDLE WINAPI RegisterServiceCtrlHandlerExW(LPCWSTR name, LPHANDLER_FUNCTION_EX handler, LPVOID context)
{
    (void)name, (void)handler, (void)context;
    return not_a_service();
}

SERVICE_STATUS_HANDLE WINAPI RegisterServiceCtrlHandlerExA(LPCSTR name, LPHANDLER_FUNCTION_EX handler, LPVOID context)
{
    (void)name, (void)handler, (void)context;
    return not_a_service();
}

BOOL WINAPI SetServiceStatus(SERVICE_STATUS_HANDLE handle, LPSERVICE_STATUS status)
{
    (void)handle, (void)status;
    return fail(ERROR_INVALID_HANDLE);
}

DWORD WINAPI NotifyServiceStatusChangeW(SC_HANDLE service, DWORD mask, PSERVICE_NOTIFYW notify)
{
    (void)mask, (void)notify;
    return service == MANAGER ? ERROR_ACCESS_DENIED : ERROR_INVALID_HANDLE;
}
