/*
 * registry_hive.c: keys in files of their own: RegSaveKey, RegRestoreKey, RegLoadKey, RegUnLoadKey, RegLoadAppKey.
 *
 * Layer: advapi32, over NtSaveKey and its like.  The privileges that Windows asks for (backup, restore) are not: a
 * prefix belongs to the user who runs the program.
 */
#include <string.h>
#include "ntdll/nls.h"
#include "ntfile.h"
#include "registry.h"

NTSTATUS NTAPI NtSaveKeyEx(HANDLE handle, HANDLE to, ULONG format);
NTSTATUS NTAPI NtRestoreKey(HANDLE handle, HANDLE from, ULONG flags);
NTSTATUS NTAPI NtLoadKeyEx(const OBJECT_ATTRIBUTES *target, const OBJECT_ATTRIBUTES *source, ULONG flags, HANDLE trust,
                           HANDLE event, ACCESS_MASK access, PHANDLE root, PIO_STATUS_BLOCK io);
NTSTATUS NTAPI NtUnloadKey(const OBJECT_ATTRIBUTES *target);
NTSTATUS NTAPI NtReplaceKey(const OBJECT_ATTRIBUTES *fresh, HANDLE handle, const OBJECT_ATTRIBUTES *old);
BOOLEAN WINAPI SystemFunction036(PVOID buffer, ULONG size); /* RtlGenRandom */

static NTSTATUS open_file(LPCWSTR file, ACCESS_MASK access, const SECURITY_ATTRIBUTES *security, ULONG disposition,
                          HANDLE *handle)
{
    UNICODE_STRING path;
    IO_STATUS_BLOCK io;
    NTSTATUS status = RtlDosPathNameToNtPathName_U_WithStatus(file, &path, NULL, NULL);
    if (status)
        return status;
    OBJECT_ATTRIBUTES attributes = key_attributes(NULL, &path);
    attributes.SecurityDescriptor = security ? security->lpSecurityDescriptor : NULL;
    status = NtCreateFile(handle, access | SYNCHRONIZE, &attributes, &io, NULL, FILE_ATTRIBUTE_NORMAL, 0, disposition,
                          FILE_SYNCHRONOUS_IO_NONALERT | FILE_NON_DIRECTORY_FILE, NULL, 0);
    RtlFreeUnicodeString(&path);
    return status;
}

LSTATUS WINAPI RegSaveKeyExW(HKEY key, LPCWSTR file, LPSECURITY_ATTRIBUTES security, DWORD format)
{
    HANDLE handle, to;
    bool merged;
    IO_STATUS_BLOCK io;
    FILE_DISPOSITION_INFORMATION gone = {TRUE};
    if (!file)
        return ERROR_INVALID_PARAMETER;
    LSTATUS error = reg_handle(key, &handle, &merged);
    if (error)
        return error;
    NTSTATUS status = open_file(file, GENERIC_WRITE | DELETE, security, FILE_CREATE, &to);
    if (status)
        return reg_error(status);
    status = NtSaveKeyEx(handle, to, format);
    if (status)
        NtSetInformationFile(to, &io, &gone, sizeof gone, FileDispositionInformation);
    NtClose(to);
    return reg_error(status);
}

LSTATUS WINAPI RegSaveKeyW(HKEY key, LPCWSTR file, LPSECURITY_ATTRIBUTES security)
{
    return RegSaveKeyExW(key, file, security, REG_STANDARD_FORMAT);
}

LSTATUS WINAPI RegSaveKeyExA(HKEY key, LPCSTR file, LPSECURITY_ATTRIBUTES security, DWORD format)
{
    WCHAR *wide = wide_from_ansi(file);
    LSTATUS error = file && !wide ? ERROR_OUTOFMEMORY : RegSaveKeyExW(key, wide, security, format);
    reg_free(wide);
    return error;
}

LSTATUS WINAPI RegSaveKeyA(HKEY key, LPCSTR file, LPSECURITY_ATTRIBUTES security)
{
    return RegSaveKeyExA(key, file, security, REG_STANDARD_FORMAT);
}

LSTATUS WINAPI RegRestoreKeyW(HKEY key, LPCWSTR file, DWORD flags)
{
    HANDLE handle, from;
    bool merged;
    if (!file)
        return ERROR_INVALID_PARAMETER;
    LSTATUS error = reg_handle(key, &handle, &merged);
    if (error)
        return error;
    NTSTATUS status = open_file(file, GENERIC_READ, NULL, FILE_OPEN, &from);
    if (status)
        return reg_error(status);
    status = NtRestoreKey(handle, from, flags);
    NtClose(from);
    return reg_error(status);
}

LSTATUS WINAPI RegRestoreKeyA(HKEY key, LPCSTR file, DWORD flags)
{
    WCHAR *wide = wide_from_ansi(file);
    LSTATUS error = file && !wide ? ERROR_OUTOFMEMORY : RegRestoreKeyW(key, wide, flags);
    reg_free(wide);
    return error;
}

static NTSTATUS load(HANDLE root, const WCHAR *name, const WCHAR *file, ULONG flags, ACCESS_MASK access, HANDLE *made)
{
    UNICODE_STRING target, path;
    NTSTATUS status = RtlInitUnicodeStringEx(&target, name);
    if (!status)
        status = RtlDosPathNameToNtPathName_U_WithStatus(file, &path, NULL, NULL);
    if (status)
        return status;
    OBJECT_ATTRIBUTES to = key_attributes(root, &target), from = key_attributes(NULL, &path);
    status = NtLoadKeyEx(&to, &from, flags, NULL, NULL, access, made, NULL);
    RtlFreeUnicodeString(&path);
    return status;
}

LSTATUS WINAPI RegLoadKeyW(HKEY key, LPCWSTR name, LPCWSTR file)
{
    HANDLE handle;
    bool merged;
    if (!name || !*name || !file)
        return ERROR_INVALID_PARAMETER;
    LSTATUS error = reg_handle(key, &handle, &merged);
    return error ? error : reg_error(load(handle, name, file, 0, 0, NULL));
}

LSTATUS WINAPI RegLoadKeyA(HKEY key, LPCSTR name, LPCSTR file)
{
    WCHAR *wide = wide_from_ansi(name), *wide_file = wide_from_ansi(file);
    LSTATUS error = (name && !wide) || (file && !wide_file) ? ERROR_OUTOFMEMORY : RegLoadKeyW(key, wide, wide_file);
    reg_free(wide);
    reg_free(wide_file);
    return error;
}

LSTATUS WINAPI RegUnLoadKeyW(HKEY key, LPCWSTR name)
{
    HANDLE handle;
    bool merged;
    UNICODE_STRING string;
    LSTATUS error = reg_handle(key, &handle, &merged);
    if (error)
        return error;
    NTSTATUS status = RtlInitUnicodeStringEx(&string, name ? name : L"");
    OBJECT_ATTRIBUTES attributes = key_attributes(handle, &string);
    return reg_error(status ? status : NtUnloadKey(&attributes));
}

LSTATUS WINAPI RegUnLoadKeyA(HKEY key, LPCSTR name)
{
    WCHAR *wide = wide_from_ansi(name);
    LSTATUS error = name && !wide ? ERROR_OUTOFMEMORY : RegUnLoadKeyW(key, wide);
    reg_free(wide);
    return error;
}

LSTATUS WINAPI RegReplaceKeyW(HKEY key, LPCWSTR name, LPCWSTR fresh, LPCWSTR old)
{
    UNICODE_STRING fresh_path, old_path;
    HKEY opened;
    if (!fresh || !old)
        return ERROR_INVALID_PARAMETER;
    LSTATUS error = RegOpenKeyExW(key, name, 0, MAXIMUM_ALLOWED, &opened);
    if (error)
        return error;
    NTSTATUS status = RtlDosPathNameToNtPathName_U_WithStatus(fresh, &fresh_path, NULL, NULL);
    if (!status) {
        status = RtlDosPathNameToNtPathName_U_WithStatus(old, &old_path, NULL, NULL);
        if (!status) {
            OBJECT_ATTRIBUTES from = key_attributes(NULL, &fresh_path), to = key_attributes(NULL, &old_path);
            status = NtReplaceKey(&from, (HANDLE)((ULONG_PTR)opened & ~(ULONG_PTR)3), &to);
            RtlFreeUnicodeString(&old_path);
        }
        RtlFreeUnicodeString(&fresh_path);
    }
    RegCloseKey(opened);
    return reg_error(status);
}

LSTATUS WINAPI RegReplaceKeyA(HKEY key, LPCSTR name, LPCSTR fresh, LPCSTR old)
{
    WCHAR *wide = wide_from_ansi(name), *wide_fresh = wide_from_ansi(fresh), *wide_old = wide_from_ansi(old);
    LSTATUS error = (name && !wide) || (fresh && !wide_fresh) || (old && !wide_old)
                        ? ERROR_OUTOFMEMORY
                        : RegReplaceKeyW(key, wide, wide_fresh, wide_old);
    reg_free(wide);
    reg_free(wide_fresh);
    reg_free(wide_old);
    return error;
}

/* The tree has a name that nobody can guess; it goes with the last handle. */
LSTATUS WINAPI RegLoadAppKeyW(LPCWSTR file, PHKEY result, REGSAM access, DWORD options, DWORD reserved)
{
    WCHAR name[64] = L"\\REGISTRY\\A\\{";
    UCHAR bytes[16];
    HANDLE made;
    size_t length = 13;
    if (!file || !result || reserved || options & ~(DWORD)REG_PROCESS_APPKEY)
        return ERROR_INVALID_PARAMETER;
    if (!SystemFunction036(bytes, sizeof bytes))
        return ERROR_NOT_ENOUGH_MEMORY;
    for (unsigned i = 0; i < sizeof bytes; i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            name[length++] = '-';
        name[length++] = (WCHAR) "0123456789abcdef"[bytes[i] >> 4];
        name[length++] = (WCHAR) "0123456789abcdef"[bytes[i] & 15];
    }
    name[length] = '}';
    NTSTATUS status = load(NULL, name, file, REG_APP_HIVE, access, &made);
    if (!status)
        *result = (HKEY)made;
    return reg_error(status);
}

LSTATUS WINAPI RegLoadAppKeyA(LPCSTR file, PHKEY result, REGSAM access, DWORD options, DWORD reserved)
{
    WCHAR *wide = wide_from_ansi(file);
    LSTATUS error = file && !wide ? ERROR_OUTOFMEMORY : RegLoadAppKeyW(wide, result, access, options, reserved);
    reg_free(wide);
    return error;
}
