/*
 * sc.c: sc.exe: asks the service manager, which knows no services here.
 */
#include "wide_main.h"

static const WCHAR usage[] = L"USAGE:\r\n        sc <server> [command] [service name] <option1> <option2>...\r\n\r\n"
                             L"        query, queryex, qc, start, stop, create, delete, config\r\n";

static int fail(const WCHAR *function, DWORD error)
{
    print(L"[SC] %s FAILED %lu:\r\n\r\n%s\r\n\r\n", function, error, error_message(error));
    return (int)error;
}

static int run(int argc, WCHAR **argv)
{
    int first = argc > 1 && argv[1][0] == '\\' ? 2 : 1;
    const WCHAR *verb = argc > first ? argv[first] : NULL, *name = argc > first + 1 ? argv[first + 1] : NULL;
    bool queries = verb && (same_name(verb, L"query") || same_name(verb, L"queryex"));

    if (!verb || is_option(verb, L"?")) {
        print(L"%s", usage);
        return ERROR_INVALID_COMMAND_LINE;
    }
    /* "type= service" and the like choose among all. */
    if (queries && (!name || wcschr(name, '=')))
        return 0;
    if (!name) {
        print(L"%s", usage);
        return ERROR_INVALID_COMMAND_LINE;
    }
    SC_HANDLE manager =
        OpenSCManagerW(NULL, NULL, same_name(verb, L"create") ? SC_MANAGER_CREATE_SERVICE : SC_MANAGER_CONNECT);
    if (!manager)
        return fail(L"OpenSCManager", GetLastError());
    if (same_name(verb, L"create"))
        return fail(L"CreateService", ERROR_ACCESS_DENIED);
    SC_HANDLE service = OpenServiceW(manager, name, SERVICE_QUERY_STATUS);
    if (!service)
        return fail(queries ? L"EnumQueryServicesStatus:OpenService" : L"OpenService", GetLastError());
    SERVICE_STATUS status;
    if (!QueryServiceStatus(service, &status))
        return fail(L"QueryServiceStatus", GetLastError());
    print(L"\r\nSERVICE_NAME: %s \r\n        TYPE               : %lx  \r\n        STATE              : %lu\r\n", name,
          status.dwServiceType, status.dwCurrentState);
    return 0;
}
