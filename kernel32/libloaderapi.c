/*
 * libloaderapi.c: LoadLibrary, GetProcAddress, GetModuleHandle and the DLL directories.
 *
 * Layer: Win32 base, on top of ntdll's Ldr functions.
 */
#include <string.h>
#include "ntdll/error.h"
#include "ntthread.h"
#include "win.h"

#define LOAD_FLAGS_KNOWN                                                                                               \
    (DONT_RESOLVE_DLL_REFERENCES | LOAD_LIBRARY_AS_DATAFILE | LOAD_WITH_ALTERED_SEARCH_PATH |                          \
     LOAD_IGNORE_CODE_AUTHZ_LEVEL | LOAD_LIBRARY_AS_IMAGE_RESOURCE | LOAD_LIBRARY_AS_DATAFILE_EXCLUSIVE |              \
     LOAD_LIBRARY_REQUIRE_SIGNED_TARGET | LOAD_LIBRARY_SEARCH_DLL_LOAD_DIR | LOAD_LIBRARY_SEARCH_APPLICATION_DIR |     \
     LOAD_LIBRARY_SEARCH_USER_DIRS | LOAD_LIBRARY_SEARCH_SYSTEM32 | LOAD_LIBRARY_SEARCH_DEFAULT_DIRS |                 \
     LOAD_LIBRARY_SAFE_CURRENT_DIRS | LOAD_LIBRARY_SEARCH_SYSTEM32_NO_FORWARDER |                                      \
     LOAD_LIBRARY_OS_INTEGRITY_CONTINUITY)
#define SEARCH_MASK 0x00001f00u

#ifndef LOAD_LIBRARY_SEARCH_SYSTEM32_NO_FORWARDER
#define LOAD_LIBRARY_SEARCH_SYSTEM32_NO_FORWARDER 0x00004000
#endif
#ifndef LOAD_LIBRARY_OS_INTEGRITY_CONTINUITY
#define LOAD_LIBRARY_OS_INTEGRITY_CONTINUITY 0x00008000
#endif
#ifndef LOAD_LIBRARY_SAFE_CURRENT_DIRS
#define LOAD_LIBRARY_SAFE_CURRENT_DIRS 0x00002000
#endif

/* An ANSI name as UTF-16, to be freed with RtlFreeUnicodeString; false sets the last error. */
static BOOL name_to_wide(const char *name, UNICODE_STRING *wide)
{
    ANSI_STRING ansi;
    RtlInitAnsiString(&ansi, name);
    return status_to_bool(RtlAnsiStringToUnicodeString(wide, &ansi, TRUE));
}

static HMODULE load_library(UNICODE_STRING *name, DWORD flags)
{
    HMODULE module = NULL;
    if ((flags & ~(DWORD)LOAD_FLAGS_KNOWN) || ((flags & LOAD_WITH_ALTERED_SEARCH_PATH) && (flags & SEARCH_MASK))) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return NULL;
    }
    /* Spaces at the end do not count. */
    while (name->Length && name->Buffer[name->Length / sizeof(WCHAR) - 1] == ' ')
        name->Length -= sizeof(WCHAR);
    if (!name->Length) {
        SetLastError(ERROR_MOD_NOT_FOUND);
        return NULL;
    }
    /* ntdll takes the flags in place of a search path if bit 0 is set, which is a flag itself and goes apart. */
    ULONG characteristics = flags & DONT_RESOLVE_DLL_REFERENCES ? IMAGE_FILE_EXECUTABLE_IMAGE : 0;
    const WCHAR *search = (const WCHAR *)(ULONG_PTR)(flags | 1);
    return status_to_bool(LdrLoadDll(search, &characteristics, name, &module)) ? module : NULL;
}

HMODULE WINAPI LoadLibraryExW(LPCWSTR name, HANDLE file, DWORD flags)
{
    UNICODE_STRING string;
    if (!name || file) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return NULL;
    }
    RtlInitUnicodeString(&string, name);
    return load_library(&string, flags);
}

HMODULE WINAPI LoadLibraryExA(LPCSTR name, HANDLE file, DWORD flags)
{
    UNICODE_STRING string;
    if (!name || file) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return NULL;
    }
    if (!name_to_wide(name, &string))
        return NULL;
    HMODULE module = load_library(&string, flags);
    RtlFreeUnicodeString(&string);
    return module;
}

HMODULE WINAPI LoadLibraryW(LPCWSTR name)
{
    return LoadLibraryExW(name, NULL, 0);
}

HMODULE WINAPI LoadLibraryA(LPCSTR name)
{
    return LoadLibraryExA(name, NULL, 0);
}

BOOL WINAPI FreeLibrary(HMODULE module)
{
    if (!module) {
        SetLastError(ERROR_INVALID_HANDLE);
        return FALSE;
    }
    return status_to_bool(LdrUnloadDll(module));
}

VOID WINAPI FreeLibraryAndExitThread(HMODULE module, DWORD code)
{
    LdrUnloadDll(module);
    RtlExitUserThread((NTSTATUS)code);
}

BOOL WINAPI DisableThreadLibraryCalls(HMODULE module)
{
    return status_to_bool(LdrDisableThreadCalloutsForDll(module));
}

FARPROC WINAPI GetProcAddress(HMODULE module, LPCSTR name)
{
    void *address = NULL;
    ANSI_STRING string;
    NTSTATUS status;
    if (!module)
        module = peb_current()->ImageBaseAddress;
    if ((ULONG_PTR)name <= 0xffff) {
        status = LdrGetProcedureAddress(module, NULL, (ULONG)(ULONG_PTR)name, &address);
    } else {
        RtlInitAnsiString(&string, name);
        status = LdrGetProcedureAddress(module, &string, 0, &address);
    }
    if (status == STATUS_DLL_NOT_FOUND) {
        SetLastError(ERROR_MOD_NOT_FOUND);
        return NULL;
    }
    /* Programs look at this error; whatever stands behind it, the function is not there. */
    if (!NT_SUCCESS(status)) {
        SetLastError(ERROR_PROC_NOT_FOUND);
        return NULL;
    }
    return (FARPROC)address;
}

static BOOL module_handle_by_name(DWORD flags, const UNICODE_STRING *name, HMODULE *module)
{
    enum { UNCHANGED = 1, PIN = 2 };
    ULONG how = flags & GET_MODULE_HANDLE_EX_FLAG_PIN                  ? PIN
                : flags & GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT ? UNCHANGED
                                                                       : 0;
    NTSTATUS status = LdrGetDllHandleEx(how, NULL, NULL, name, module);
    if (NT_SUCCESS(status))
        return TRUE;
    SetLastError(status == STATUS_DLL_NOT_FOUND ? ERROR_MOD_NOT_FOUND : RtlNtStatusToDosError(status));
    return FALSE;
}

HMODULE WINAPI GetModuleHandleW(LPCWSTR name)
{
    HMODULE module = NULL;
    UNICODE_STRING string;
    if (!name)
        return peb_current()->ImageBaseAddress;
    RtlInitUnicodeString(&string, name);
    return module_handle_by_name(GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT, &string, &module) ? module : NULL;
}

HMODULE WINAPI GetModuleHandleA(LPCSTR name)
{
    UNICODE_STRING string;
    if (!name)
        return peb_current()->ImageBaseAddress;
    if (!name_to_wide(name, &string))
        return NULL;
    HMODULE module = GetModuleHandleW(string.Buffer);
    RtlFreeUnicodeString(&string);
    return module;
}

static BOOL check_handle_ex(DWORD flags, const void *name, HMODULE *module)
{
    const DWORD both = GET_MODULE_HANDLE_EX_FLAG_PIN | GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT;
    if (!module || (flags & ~(both | GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS)) || (flags & both) == both) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return FALSE;
    }
    *module = NULL;
    if (!name && (flags & GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS)) {
        SetLastError(ERROR_MOD_NOT_FOUND);
        return FALSE;
    }
    return TRUE;
}

/* References or pins a module known by its base. */
static BOOL keep_module(DWORD flags, HMODULE module)
{
    if (flags & GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT)
        return TRUE;
    return status_to_bool(LdrAddRefDll(flags & GET_MODULE_HANDLE_EX_FLAG_PIN ? 1 : 0, module));
}

BOOL WINAPI GetModuleHandleExW(DWORD flags, LPCWSTR name, HMODULE *module)
{
    UNICODE_STRING string;
    void *base = NULL;
    if (!check_handle_ex(flags, name, module))
        return FALSE;
    if (name && !(flags & GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS)) {
        RtlInitUnicodeString(&string, name);
        return module_handle_by_name(flags, &string, module);
    }
    *module = name ? RtlPcToFileHeader((void *)name, &base) : peb_current()->ImageBaseAddress;
    if (*module && keep_module(flags, *module))
        return TRUE;
    *module = NULL;
    SetLastError(ERROR_MOD_NOT_FOUND);
    return FALSE;
}

BOOL WINAPI GetModuleHandleExA(DWORD flags, LPCSTR name, HMODULE *module)
{
    UNICODE_STRING string;
    if (!name || (flags & GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS))
        return GetModuleHandleExW(flags, (LPCWSTR)name, module);
    if (!check_handle_ex(flags, name, module) || !name_to_wide(name, &string))
        return FALSE;
    BOOL found = GetModuleHandleExW(flags, string.Buffer, module);
    RtlFreeUnicodeString(&string);
    return found;
}

/* A name that does not fit is cut, with a zero at its end; then the result is the buffer's size. */
DWORD WINAPI GetModuleFileNameW(HMODULE module, LPWSTR name, DWORD size)
{
    UNICODE_STRING string = {.Buffer = name};
    if (!module)
        module = peb_current()->ImageBaseAddress;
    string.MaximumLength = (USHORT)(size > 0x7fff ? 0xfffe : size * sizeof(WCHAR));
    NTSTATUS status = LdrGetDllFullName(module, &string);
    if (status == STATUS_BUFFER_TOO_SMALL) {
        if (size)
            name[size - 1] = 0;
        SetLastError(ERROR_INSUFFICIENT_BUFFER);
        return size;
    }
    if (!status_to_bool(status))
        return 0;
    SetLastError(ERROR_SUCCESS);
    return string.Length / sizeof(WCHAR);
}

DWORD WINAPI GetModuleFileNameA(HMODULE module, LPSTR name, DWORD size)
{
    WCHAR *wide = RtlAllocateHeap(peb_current()->ProcessHeap, 0, 0xfffe);
    ANSI_STRING ansi = {.Buffer = name};
    DWORD length = 0;
    if (!wide) {
        SetLastError(ERROR_NOT_ENOUGH_MEMORY);
        return 0;
    }
    UNICODE_STRING string = {.Buffer = wide};
    string.Length = (USHORT)(GetModuleFileNameW(module, wide, 0x7fff) * sizeof(WCHAR));
    if (string.Length && NT_SUCCESS(RtlUnicodeStringToAnsiString(&ansi, &string, TRUE))) {
        length = ansi.Length < size ? ansi.Length : size;
        memcpy(name, ansi.Buffer, length);
        SetLastError(length < size ? ERROR_SUCCESS : ERROR_INSUFFICIENT_BUFFER);
        if (length < size)
            name[length] = 0;
        else if (size)
            name[size - 1] = 0;
        RtlFreeAnsiString(&ansi);
    }
    RtlFreeHeap(peb_current()->ProcessHeap, 0, wide);
    return length;
}

BOOL WINAPI SetDllDirectoryW(LPCWSTR path)
{
    UNICODE_STRING string = {0};
    if (path)
        RtlInitUnicodeString(&string, path);
    return status_to_bool(LdrSetDllDirectory(path ? &string : NULL));
}

BOOL WINAPI SetDllDirectoryA(LPCSTR path)
{
    UNICODE_STRING string;
    if (!path)
        return SetDllDirectoryW(NULL);
    if (!name_to_wide(path, &string))
        return FALSE;
    BOOL done = SetDllDirectoryW(string.Buffer);
    RtlFreeUnicodeString(&string);
    return done;
}

DWORD WINAPI GetDllDirectoryW(DWORD size, LPWSTR path)
{
    UNICODE_STRING string = {.Buffer = path, .MaximumLength = (USHORT)(size > 0x7fff ? 0xfffe : size * sizeof(WCHAR))};
    NTSTATUS status = LdrGetDllDirectory(&string);
    if (status == STATUS_BUFFER_TOO_SMALL)
        return string.Length / sizeof(WCHAR) + 1;
    return status_to_bool(status) ? string.Length / sizeof(WCHAR) : 0;
}

DWORD WINAPI GetDllDirectoryA(DWORD size, LPSTR path)
{
    WCHAR wide[MAX_PATH];
    ANSI_STRING ansi;
    UNICODE_STRING string;
    if (GetDllDirectoryW(MAX_PATH, wide) >= MAX_PATH)
        return 0;
    RtlInitUnicodeString(&string, wide);
    if (!status_to_bool(RtlUnicodeStringToAnsiString(&ansi, &string, TRUE)))
        return 0;
    DWORD length = ansi.Length;
    if (length < size)
        memcpy(path, ansi.Buffer, length + 1);
    RtlFreeAnsiString(&ansi);
    return length < size ? length : length + 1;
}

DLL_DIRECTORY_COOKIE WINAPI AddDllDirectory(PCWSTR path)
{
    UNICODE_STRING string;
    void *cookie = NULL;
    RtlInitUnicodeString(&string, path);
    return status_to_bool(LdrAddDllDirectory(&string, &cookie)) ? cookie : NULL;
}

BOOL WINAPI RemoveDllDirectory(DLL_DIRECTORY_COOKIE cookie)
{
    return status_to_bool(LdrRemoveDllDirectory(cookie));
}

BOOL WINAPI SetDefaultDllDirectories(DWORD flags)
{
    return status_to_bool(LdrSetDefaultDllDirectories(flags));
}
