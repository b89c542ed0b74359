/*
 * registry_notify.c: waiting for changes, and security of keys.
 *
 * Layer: advapi32.
 */
#include "registry.h"

LSTATUS WINAPI RegNotifyChangeKeyValue(HKEY key, WINBOOL tree, DWORD filter, HANDLE event, WINBOOL asynchronous)
{
    HANDLE handle;
    bool merged;
    IO_STATUS_BLOCK io;
    if (asynchronous && !event)
        return ERROR_INVALID_PARAMETER;
    LSTATUS error = reg_handle(key, &handle, &merged);
    if (error)
        return error;
    NTSTATUS status = NtNotifyChangeKey(handle, event, NULL, NULL, asynchronous ? NULL : &io, filter, tree != 0, NULL,
                                        0, asynchronous != 0);
    return status == STATUS_PENDING || status == STATUS_NOTIFY_ENUM_DIR ? ERROR_SUCCESS : reg_error(status);
}

LSTATUS WINAPI RegGetKeySecurity(HKEY key, SECURITY_INFORMATION which, PSECURITY_DESCRIPTOR descriptor, LPDWORD size)
{
    HANDLE handle;
    bool merged;
    ULONG needed = 0;
    if (!size)
        return ERROR_INVALID_PARAMETER;
    LSTATUS error = reg_handle(key, &handle, &merged);
    if (error)
        return error;
    NTSTATUS status = NtQuerySecurityObject(handle, which, descriptor, *size, &needed);
    if (needed)
        *size = needed;
    return reg_error(status);
}

LSTATUS WINAPI RegSetKeySecurity(HKEY key, SECURITY_INFORMATION which, PSECURITY_DESCRIPTOR descriptor)
{
    HANDLE handle;
    bool merged;
    if (!descriptor)
        return ERROR_INVALID_PARAMETER;
    LSTATUS error = reg_handle(key, &handle, &merged);
    return error ? error : reg_error(NtSetSecurityObject(handle, which, descriptor));
}
