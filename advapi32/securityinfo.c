/*
 * securityinfo.c: security descriptors of files, keys and kernel objects, by handle and by name.
 *
 * Layer: advapi32; on top of NtQuerySecurityObject and NtSetSecurityObject.
 */
#include <accctrl.h>
#include <aclapi.h>
#include <string.h>
#include "ntdll/security.h"
#include "security.h"

#define PARTS                                                                                                          \
    (OWNER_SECURITY_INFORMATION | GROUP_SECURITY_INFORMATION | DACL_SECURITY_INFORMATION | SACL_SECURITY_INFORMATION)

NTSTATUS NTAPI NtQuerySecurityObject(HANDLE handle, SECURITY_INFORMATION which, PSECURITY_DESCRIPTOR descriptor,
                                     ULONG length, PULONG needed);
NTSTATUS NTAPI NtSetSecurityObject(HANDLE handle, SECURITY_INFORMATION which, PSECURITY_DESCRIPTOR descriptor);

static BOOL result_of(NTSTATUS status)
{
    if (NT_SUCCESS(status))
        return TRUE;
    SetLastError(RtlNtStatusToDosError(status));
    return FALSE;
}

static ACCESS_MASK read_access(SECURITY_INFORMATION which)
{
    return which & SACL_SECURITY_INFORMATION ? ACCESS_SYSTEM_SECURITY | READ_CONTROL : READ_CONTROL;
}

static ACCESS_MASK write_access(SECURITY_INFORMATION which)
{
    return (which & DACL_SECURITY_INFORMATION ? WRITE_DAC : 0) |
           (which & (OWNER_SECURITY_INFORMATION | GROUP_SECURITY_INFORMATION) ? WRITE_OWNER : 0) |
           (which & SACL_SECURITY_INFORMATION ? ACCESS_SYSTEM_SECURITY : 0);
}

BOOL WINAPI GetKernelObjectSecurity(HANDLE handle, SECURITY_INFORMATION which, PSECURITY_DESCRIPTOR descriptor,
                                    DWORD length, LPDWORD needed)
{
    ULONG size = 0;
    NTSTATUS status = NtQuerySecurityObject(handle, which, descriptor, length, &size);

    if (needed)
        *needed = size;
    return result_of(status);
}

BOOL WINAPI SetKernelObjectSecurity(HANDLE handle, SECURITY_INFORMATION which, PSECURITY_DESCRIPTOR descriptor)
{
    return result_of(NtSetSecurityObject(handle, which, descriptor));
}

static HANDLE file_open(LPCWSTR name, ACCESS_MASK access)
{
    HANDLE file = CreateFileW(name, access, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL, OPEN_EXISTING,
                              FILE_FLAG_BACKUP_SEMANTICS, NULL);

    return file == INVALID_HANDLE_VALUE ? NULL : file;
}

BOOL WINAPI GetFileSecurityW(LPCWSTR name, SECURITY_INFORMATION which, PSECURITY_DESCRIPTOR descriptor, DWORD length,
                             LPDWORD needed)
{
    HANDLE file = file_open(name, read_access(which));

    if (!file)
        return FALSE;
    BOOL done = GetKernelObjectSecurity(file, which, descriptor, length, needed);
    NtClose(file);
    return done;
}

BOOL WINAPI SetFileSecurityW(LPCWSTR name, SECURITY_INFORMATION which, PSECURITY_DESCRIPTOR descriptor)
{
    HANDLE file = file_open(name, write_access(which));

    if (!file)
        return FALSE;
    BOOL done = SetKernelObjectSecurity(file, which, descriptor);
    NtClose(file);
    return done;
}

/* In LocalAlloc's memory; NULL with a last error. */
static WCHAR *widen(LPCSTR text)
{
    int length = text ? MultiByteToWideChar(CP_ACP, 0, text, -1, NULL, 0) : 0;
    WCHAR *wide = length ? LocalAlloc(0, length * sizeof *wide) : NULL;

    if (wide)
        MultiByteToWideChar(CP_ACP, 0, text, -1, wide, length);
    else
        SetLastError(text ? ERROR_NOT_ENOUGH_MEMORY : ERROR_INVALID_PARAMETER);
    return wide;
}

BOOL WINAPI GetFileSecurityA(LPCSTR name, SECURITY_INFORMATION which, PSECURITY_DESCRIPTOR descriptor, DWORD length,
                             LPDWORD needed)
{
    WCHAR *wide = widen(name);
    BOOL done = wide && GetFileSecurityW(wide, which, descriptor, length, needed);

    LocalFree(wide);
    return done;
}

BOOL WINAPI SetFileSecurityA(LPCSTR name, SECURITY_INFORMATION which, PSECURITY_DESCRIPTOR descriptor)
{
    WCHAR *wide = widen(name);
    BOOL done = wide && SetFileSecurityW(wide, which, descriptor);

    LocalFree(wide);
    return done;
}

/* The descriptor in LocalAlloc's memory, and pointers to its parts. */
DWORD WINAPI GetSecurityInfo(HANDLE handle, SE_OBJECT_TYPE type, SECURITY_INFORMATION which, PSID *owner, PSID *group,
                             PACL *dacl, PACL *sacl, PSECURITY_DESCRIPTOR *descriptor)
{
    ULONG size = 0;
    BOOLEAN present, defaulted;

    if (type < SE_FILE_OBJECT || type > SE_WINDOW_OBJECT)
        return ERROR_INVALID_PARAMETER;
    if (!descriptor && !owner && !group && !dacl && !sacl)
        return ERROR_INVALID_PARAMETER;
    NTSTATUS status = NtQuerySecurityObject(handle, which & PARTS, NULL, 0, &size);
    if (status != STATUS_BUFFER_TOO_SMALL)
        return RtlNtStatusToDosError(status);
    void *space = LocalAlloc(0, size);
    if (!space)
        return ERROR_NOT_ENOUGH_MEMORY;
    status = NtQuerySecurityObject(handle, which & PARTS, space, size, &size);
    if (status) {
        LocalFree(space);
        return RtlNtStatusToDosError(status);
    }
    if (owner)
        RtlGetOwnerSecurityDescriptor(space, owner, &defaulted);
    if (group)
        RtlGetGroupSecurityDescriptor(space, group, &defaulted);
    if (dacl && (RtlGetDaclSecurityDescriptor(space, &present, dacl, &defaulted) || !present))
        *dacl = NULL;
    if (sacl && (RtlGetSaclSecurityDescriptor(space, &present, sacl, &defaulted) || !present))
        *sacl = NULL;
    if (descriptor)
        *descriptor = space;
    return ERROR_SUCCESS; /* without `descriptor` the parts stay, and nobody can free them: as on Windows */
}

DWORD WINAPI SetSecurityInfo(HANDLE handle, SE_OBJECT_TYPE type, SECURITY_INFORMATION which, PSID owner, PSID group,
                             PACL dacl, PACL sacl)
{
    SECURITY_DESCRIPTOR made;

    if (type < SE_FILE_OBJECT || type > SE_WINDOW_OBJECT)
        return ERROR_INVALID_PARAMETER;
    RtlCreateSecurityDescriptor(&made, SECURITY_DESCRIPTOR_REVISION);
    if (which & OWNER_SECURITY_INFORMATION)
        RtlSetOwnerSecurityDescriptor(&made, owner, FALSE);
    if (which & GROUP_SECURITY_INFORMATION)
        RtlSetGroupSecurityDescriptor(&made, group, FALSE);
    if (which & DACL_SECURITY_INFORMATION)
        RtlSetDaclSecurityDescriptor(&made, TRUE, dacl, FALSE);
    if (which & SACL_SECURITY_INFORMATION)
        RtlSetSaclSecurityDescriptor(&made, TRUE, sacl, FALSE);
    if (which & PROTECTED_DACL_SECURITY_INFORMATION)
        made.Control |= SE_DACL_PROTECTED;
    return RtlNtStatusToDosError(NtSetSecurityObject(handle, which & PARTS, &made));
}

static DWORD key_open(LPCWSTR name, REGSAM access, HANDLE *handle)
{
    static const struct {
        const WCHAR *name;
        HKEY key;
    } roots[] = {{L"MACHINE", HKEY_LOCAL_MACHINE},
                 {L"CURRENT_USER", HKEY_CURRENT_USER},
                 {L"USERS", HKEY_USERS},
                 {L"CLASSES_ROOT", HKEY_CLASSES_ROOT}};
    size_t length = 0;

    while (name[length] && name[length] != '\\')
        length++;
    for (unsigned i = 0; i < sizeof roots / sizeof *roots; i++) {
        if (CompareStringOrdinal(name, (int)length, roots[i].name, -1, TRUE) != CSTR_EQUAL)
            continue;
        HKEY key;
        DWORD error = RegOpenKeyExW(roots[i].key, name[length] ? name + length + 1 : L"", 0, access, &key);
        *handle = (HANDLE)key;
        return error;
    }
    return ERROR_INVALID_PARAMETER;
}

/* Objects of all kinds share their names: whichever there is. */
static DWORD object_open(LPCWSTR name, ACCESS_MASK access, HANDLE *handle)
{
    typedef HANDLE WINAPI opener(DWORD, WINBOOL, LPCWSTR);
    opener *const open[] = {OpenEventW,         OpenMutexW,       OpenSemaphoreW,
                            OpenWaitableTimerW, OpenFileMappingW, OpenJobObjectW};

    for (unsigned i = 0; i < sizeof open / sizeof *open; i++) {
        *handle = open[i](access, FALSE, name);
        if (*handle)
            return ERROR_SUCCESS;
    }
    return GetLastError();
}

static DWORD named_open(LPCWSTR name, SE_OBJECT_TYPE type, ACCESS_MASK access, HANDLE *handle)
{
    if (!name)
        return ERROR_INVALID_PARAMETER;
    switch (type) {
    case SE_FILE_OBJECT:
        *handle = file_open(name, access);
        return *handle ? ERROR_SUCCESS : GetLastError();
    case SE_REGISTRY_KEY:
        return key_open(name, access, handle);
    case SE_KERNEL_OBJECT:
        return object_open(name, access, handle);
    default:
        return ERROR_INVALID_PARAMETER;
    }
}

DWORD WINAPI GetNamedSecurityInfoW(LPCWSTR name, SE_OBJECT_TYPE type, SECURITY_INFORMATION which, PSID *owner,
                                   PSID *group, PACL *dacl, PACL *sacl, PSECURITY_DESCRIPTOR *descriptor)
{
    HANDLE handle;
    DWORD error = named_open(name, type, read_access(which), &handle);

    if (error)
        return error;
    error = GetSecurityInfo(handle, type, which, owner, group, dacl, sacl, descriptor);
    NtClose(handle);
    return error;
}

DWORD WINAPI GetNamedSecurityInfoA(LPCSTR name, SE_OBJECT_TYPE type, SECURITY_INFORMATION which, PSID *owner,
                                   PSID *group, PACL *dacl, PACL *sacl, PSECURITY_DESCRIPTOR *descriptor)
{
    WCHAR *wide = widen(name);
    DWORD error =
        wide ? GetNamedSecurityInfoW(wide, type, which, owner, group, dacl, sacl, descriptor) : GetLastError();

    LocalFree(wide);
    return error;
}

DWORD WINAPI SetNamedSecurityInfoW(LPWSTR name, SE_OBJECT_TYPE type, SECURITY_INFORMATION which, PSID owner, PSID group,
                                   PACL dacl, PACL sacl)
{
    HANDLE handle;
    DWORD error = named_open(name, type, write_access(which), &handle);

    if (error)
        return error;
    error = SetSecurityInfo(handle, type, which, owner, group, dacl, sacl);
    NtClose(handle);
    return error;
}

DWORD WINAPI SetNamedSecurityInfoA(LPSTR name, SE_OBJECT_TYPE type, SECURITY_INFORMATION which, PSID owner, PSID group,
                                   PACL dacl, PACL sacl)
{
    WCHAR *wide = widen(name);
    DWORD error = wide ? SetNamedSecurityInfoW(wide, type, which, owner, group, dacl, sacl) : GetLastError();

    LocalFree(wide);
    return error;
}
