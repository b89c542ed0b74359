/*
 * registry_root.c: the predefined keys: what stands behind HKEY_LOCAL_MACHINE and its like.
 *
 * Layer: advapi32.
 */
#include <string.h>
#include "registry.h"

#define USER_SID L"S-1-5-21-1000000001-1000000002-1000000003-1000"

static const struct root {
    const WCHAR *path; /* NULL: refused */
    bool merged;
} roots[] = {
    {L"\\REGISTRY\\MACHINE\\SOFTWARE\\Classes", true},
    {L"\\REGISTRY\\USER\\" USER_SID, false},
    {L"\\REGISTRY\\MACHINE", false},
    {L"\\REGISTRY\\USER", false},
    {NULL, false}, /* performance data */
    {L"\\REGISTRY\\MACHINE\\SYSTEM\\CurrentControlSet\\Hardware Profiles\\Current", false},
    {NULL, false}, /* dynamic data */
    {L"\\REGISTRY\\USER\\" USER_SID L"\\Software\\Classes\\Local Settings", false},
};
#define ROOT_COUNT (sizeof roots / sizeof *roots)

static HANDLE opened[ROOT_COUNT];
static bool overridden[ROOT_COUNT];

/* The index of a predefined key, or -1.  Programs pass them with and without the upper half. */
static int root_index(HKEY key)
{
    ULONG_PTR value = (ULONG_PTR)key;
    ULONG low = (ULONG)value;
    if (value >> 32 && value >> 32 != 0xffffffff)
        return -1;
    if (low == (ULONG)(ULONG_PTR)HKEY_PERFORMANCE_TEXT || low == (ULONG)(ULONG_PTR)HKEY_PERFORMANCE_NLSTEXT)
        return 4;
    return low >= 0x80000000 && low < 0x80000000 + ROOT_COUNT ? (int)(low - 0x80000000) : -1;
}

NTSTATUS reg_open(HANDLE root, const WCHAR *name, ULONG options, ACCESS_MASK access, HANDLE *handle)
{
    UNICODE_STRING string;
    NTSTATUS status = RtlInitUnicodeStringEx(&string, name);
    OBJECT_ATTRIBUTES attributes = key_attributes(root, &string);
    return status ? status : NtOpenKeyEx(handle, access, &attributes, options);
}

LSTATUS reg_handle(HKEY key, HANDLE *handle, bool *merged)
{
    int index = root_index(key);
    *merged = index >= 0 ? roots[index].merged && !overridden[index] : reg_is_merged(key);
    if (index < 0) {
        *handle = (HANDLE)((ULONG_PTR)key & ~(ULONG_PTR)3);
        return key ? ERROR_SUCCESS : ERROR_INVALID_HANDLE;
    }
    HANDLE made = __atomic_load_n(&opened[index], __ATOMIC_ACQUIRE), none = NULL;
    if (!made) {
        if (!roots[index].path)
            return ERROR_INVALID_HANDLE;
        NTSTATUS status = reg_open(NULL, roots[index].path, 0, MAXIMUM_ALLOWED, &made);
        if (status)
            return reg_error(status);
        if (!__atomic_compare_exchange_n(&opened[index], &none, made, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) {
            NtClose(made);
            made = none;
        }
    }
    *handle = made;
    return ERROR_SUCCESS;
}

LSTATUS WINAPI RegCloseKey(HKEY key)
{
    if (!key)
        return ERROR_INVALID_HANDLE;
    if (root_index(key) >= 0)
        return ERROR_SUCCESS;
    return reg_error(NtClose((HANDLE)((ULONG_PTR)key & ~(ULONG_PTR)3)));
}

LSTATUS WINAPI RegFlushKey(HKEY key)
{
    HANDLE handle;
    bool merged;
    LSTATUS error = reg_handle(key, &handle, &merged);
    return error ? error : reg_error(NtFlushKey(handle));
}

/* NULL puts the key's own meaning back. */
LSTATUS WINAPI RegOverridePredefKey(HKEY key, HKEY other)
{
    int index = root_index(key);
    HANDLE handle, made = NULL;
    bool merged;
    if (index < 0)
        return ERROR_INVALID_HANDLE;
    if (other) {
        LSTATUS error = reg_handle(other, &handle, &merged);
        NTSTATUS status = error ? STATUS_INVALID_HANDLE : reg_open(handle, L"", 0, MAXIMUM_ALLOWED, &made);
        if (status)
            return reg_error(status);
    }
    HANDLE old = __atomic_exchange_n(&opened[index], made, __ATOMIC_ACQ_REL);
    overridden[index] = made != NULL;
    if (old)
        NtClose(old);
    return ERROR_SUCCESS;
}

/* The cache is one handle a process, which means the same for every thread: nobody impersonates another user. */
LSTATUS WINAPI RegDisablePredefinedCache(void)
{
    return ERROR_SUCCESS;
}

LSTATUS WINAPI RegDisablePredefinedCacheEx(void)
{
    return ERROR_SUCCESS;
}

LSTATUS WINAPI RegOpenCurrentUser(REGSAM access, PHKEY result)
{
    HANDLE made;
    if (!result)
        return ERROR_INVALID_PARAMETER;
    NTSTATUS status = reg_open(NULL, roots[1].path, 0, access, &made);
    if (!status)
        *result = made;
    return reg_error(status);
}

LSTATUS WINAPI RegOpenUserClassesRoot(HANDLE token, DWORD options, REGSAM access, PHKEY result)
{
    HANDLE made;
    DWORD flags;
    if (!result || options)
        return ERROR_INVALID_PARAMETER;
    if (!GetHandleInformation(token, &flags))
        return ERROR_INVALID_HANDLE;
    NTSTATUS status = reg_open(NULL, roots[0].path, 0, access, &made);
    if (!status)
        *result = (HKEY)((ULONG_PTR)made | REG_MERGED);
    return reg_error(status);
}

static bool is_this_machine(const WCHAR *name)
{
    WCHAR own[MAX_COMPUTERNAME_LENGTH + 1];
    DWORD size = MAX_COMPUTERNAME_LENGTH + 1;
    if (!name || !*name)
        return true;
    while (*name == '\\')
        name++;
    return !lstrcmpiW(name, L"localhost") || !lstrcmpiW(name, L"127.0.0.1") || !lstrcmpiW(name, L".") ||
           (GetComputerNameW(own, &size) && !lstrcmpiW(name, own));
}

LSTATUS WINAPI RegConnectRegistryW(LPCWSTR machine, HKEY key, PHKEY result)
{
    if (!result)
        return ERROR_INVALID_PARAMETER;
    *result = NULL;
    if (!is_this_machine(machine))
        return ERROR_BAD_NETPATH;
    int index = root_index(key);
    if (index < 0)
        return ERROR_INVALID_HANDLE;
    if (!machine || !*machine) {
        *result = key;
        return ERROR_SUCCESS;
    }
    return RegOpenKeyExW(key, NULL, 0, MAXIMUM_ALLOWED, result);
}

LSTATUS WINAPI RegConnectRegistryExW(LPCWSTR machine, HKEY key, ULONG flags, PHKEY result)
{
    return flags ? ERROR_INVALID_PARAMETER : RegConnectRegistryW(machine, key, result);
}

LSTATUS WINAPI RegConnectRegistryA(LPCSTR machine, HKEY key, PHKEY result)
{
    ULONG length;
    WCHAR *wide = machine ? reg_widen(machine, (ULONG)strlen(machine) + 1, &length) : NULL;
    LSTATUS error = machine && !wide ? ERROR_OUTOFMEMORY : RegConnectRegistryW(wide, key, result);
    reg_free(wide);
    return error;
}

LSTATUS WINAPI RegConnectRegistryExA(LPCSTR machine, HKEY key, ULONG flags, PHKEY result)
{
    return flags ? ERROR_INVALID_PARAMETER : RegConnectRegistryA(machine, key, result);
}

/* Reflection belongs to Windows before 7: there is none to switch. */
LSTATUS WINAPI RegDisableReflectionKey(HKEY key)
{
    HANDLE handle;
    bool merged;
    return reg_handle(key, &handle, &merged);
}

LSTATUS WINAPI RegEnableReflectionKey(HKEY key)
{
    return RegDisableReflectionKey(key);
}

LSTATUS WINAPI RegQueryReflectionKey(HKEY key, WINBOOL *disabled)
{
    LSTATUS error = RegDisableReflectionKey(key);
    if (!error)
        *disabled = TRUE;
    return error;
}
