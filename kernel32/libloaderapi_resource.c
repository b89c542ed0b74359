/*
 * libloaderapi_resource.c: FindResource, LoadResource and the listings of resources.
 *
 * Layer: Win32 base, on top of ntdll's Ldr functions.  An HRSRC is the address of the data entry.
 */
#include <string.h>
#include "ntdll/error.h"
#include "ntdll/gate.h"
#include "win.h"

HRSRC WINAPI FindResourceExW(HMODULE module, LPCWSTR type, LPCWSTR name, WORD language)
{
    const LDR_RESOURCE_INFO info = {{(ULONG_PTR)type, (ULONG_PTR)name, language}};
    const IMAGE_RESOURCE_DATA_ENTRY *entry = NULL;
    return status_to_bool(LdrFindResource_U(module, &info, 3, &entry)) ? (HRSRC)entry : NULL;
}

HRSRC WINAPI FindResourceW(HMODULE module, LPCWSTR name, LPCWSTR type)
{
    return FindResourceExW(module, type, name, MAKELANGID(LANG_NEUTRAL, SUBLANG_NEUTRAL));
}

/* A name that may be an integer, as UTF-16; `string` is empty if it is one.  To be freed with RtlFreeUnicodeString. */
static BOOL value_to_wide(LPCSTR value, UNICODE_STRING *string, LPCWSTR *wide)
{
    ANSI_STRING ansi;
    memset(string, 0, sizeof *string);
    *wide = (LPCWSTR)value;
    if (IS_INTRESOURCE(value))
        return TRUE;
    RtlInitAnsiString(&ansi, value);
    if (!status_to_bool(RtlAnsiStringToUnicodeString(string, &ansi, TRUE)))
        return FALSE;
    *wide = string->Buffer;
    return TRUE;
}

HRSRC WINAPI FindResourceExA(HMODULE module, LPCSTR type, LPCSTR name, WORD language)
{
    UNICODE_STRING type_string, name_string;
    LPCWSTR wide_type, wide_name;
    HRSRC found = NULL;
    if (!value_to_wide(type, &type_string, &wide_type))
        return NULL;
    if (value_to_wide(name, &name_string, &wide_name)) {
        found = FindResourceExW(module, wide_type, wide_name, language);
        RtlFreeUnicodeString(&name_string);
    }
    RtlFreeUnicodeString(&type_string);
    return found;
}

HRSRC WINAPI FindResourceA(HMODULE module, LPCSTR name, LPCSTR type)
{
    return FindResourceExA(module, type, name, MAKELANGID(LANG_NEUTRAL, SUBLANG_NEUTRAL));
}

HGLOBAL WINAPI LoadResource(HMODULE module, HRSRC resource)
{
    void *data = NULL;
    if (!resource) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return NULL;
    }
    return status_to_bool(LdrAccessResource(module, (const IMAGE_RESOURCE_DATA_ENTRY *)resource, &data, NULL)) ? data
                                                                                                               : NULL;
}

LPVOID WINAPI LockResource(HGLOBAL data)
{
    return data;
}

BOOL WINAPI FreeResource(HGLOBAL data)
{
    (void)data;
    return FALSE; /* nothing to free, as on Windows */
}

DWORD WINAPI SizeofResource(HMODULE module, HRSRC resource)
{
    (void)module;
    return resource ? ((const IMAGE_RESOURCE_DATA_ENTRY *)resource)->Size : 0;
}

/* ---- listing ---- */

/* The leaves under a path; to be freed with RtlFreeHeap. */
static LDR_ENUM_RESOURCE_INFO *list_leaves(HMODULE module, const LDR_RESOURCE_INFO *info, ULONG levels, ULONG *count)
{
    *count = 0;
    NTSTATUS status = LdrEnumResources(module, info, levels, count, NULL);
    if (status != STATUS_INFO_LENGTH_MISMATCH && !status_to_bool(status))
        return NULL;
    LDR_ENUM_RESOURCE_INFO *rows = RtlAllocateHeap(peb_current()->ProcessHeap, 0, (*count + 1) * sizeof *rows);
    if (!rows) {
        SetLastError(ERROR_NOT_ENOUGH_MEMORY);
        return NULL;
    }
    if (*count && !status_to_bool(LdrEnumResources(module, info, levels, count, rows))) {
        RtlFreeHeap(peb_current()->ProcessHeap, 0, rows);
        return NULL;
    }
    return rows;
}

#define NAME_SIZE 256

/* A value of a path as programs see it: the integer, or a zero-terminated copy of the name in `text`. */
static void *value_text(ULONG_PTR value, BOOL wide, WCHAR text[NAME_SIZE])
{
    if (value <= 0xffff)
        return (void *)value;
    const IMAGE_RESOURCE_DIR_STRING_U *name = (const IMAGE_RESOURCE_DIR_STRING_U *)value;
    UNICODE_STRING string = {.Buffer = (WCHAR *)name->NameString};
    ANSI_STRING ansi = {.Buffer = (char *)text, .MaximumLength = NAME_SIZE * sizeof *text};
    unsigned length = name->Length < NAME_SIZE - 1 ? name->Length : NAME_SIZE - 1;
    string.Length = string.MaximumLength = (USHORT)(length * sizeof *text);
    if (wide) {
        memcpy(text, name->NameString, string.Length);
        text[length] = 0;
    } else if (!NT_SUCCESS(RtlUnicodeStringToAnsiString(&ansi, &string, FALSE))) {
        text[0] = 0;
    }
    return text;
}

static BOOL list_types(HMODULE module, void *callback, LONG_PTR parameter, BOOL wide)
{
    ULONG count;
    LDR_RESOURCE_INFO none = {{0}};
    LDR_ENUM_RESOURCE_INFO *rows = list_leaves(module, &none, 0, &count);
    BOOL more = rows != NULL;
    WCHAR text[NAME_SIZE];
    for (ULONG i = 0; i < count && more; i++)
        if (!i || rows[i].Path[0] != rows[i - 1].Path[0])
            more = (BOOL)guest_call(callback, GUEST(module), GUEST(value_text(rows[i].Path[0], wide, text)),
                                    GUEST(parameter), 0);
    if (rows)
        RtlFreeHeap(peb_current()->ProcessHeap, 0, rows);
    return more;
}

/* type_shown is the type as the program gave it. */
static BOOL list_names(HMODULE module, LPCWSTR type, const void *type_shown, void *callback, LONG_PTR parameter,
                       BOOL wide)
{
    ULONG count;
    LDR_RESOURCE_INFO info = {{(ULONG_PTR)type}};
    LDR_ENUM_RESOURCE_INFO *rows = list_leaves(module, &info, 1, &count);
    BOOL more = rows != NULL;
    WCHAR text[NAME_SIZE];
    for (ULONG i = 0; i < count && more; i++)
        if (!i || rows[i].Path[1] != rows[i - 1].Path[1])
            more = (BOOL)guest_call(callback, GUEST(module), GUEST(type_shown),
                                    GUEST(value_text(rows[i].Path[1], wide, text)), GUEST(parameter));
    if (rows)
        RtlFreeHeap(peb_current()->ProcessHeap, 0, rows);
    return more;
}

static BOOL list_languages(HMODULE module, const LDR_RESOURCE_INFO *info, const void *type_shown,
                           const void *name_shown, void *callback, LONG_PTR parameter)
{
    ULONG count;
    LDR_ENUM_RESOURCE_INFO *rows = list_leaves(module, info, 2, &count);
    BOOL more = rows != NULL;
    for (ULONG i = 0; i < count && more; i++) {
        const ULONG_PTR arguments[] = {GUEST(module), GUEST(type_shown), GUEST(name_shown), rows[i].Path[2],
                                       GUEST(parameter)};
        more = (BOOL)guest_call_n(callback, 5, arguments);
    }
    if (rows)
        RtlFreeHeap(peb_current()->ProcessHeap, 0, rows);
    return more;
}

BOOL WINAPI EnumResourceTypesW(HMODULE module, ENUMRESTYPEPROCW callback, LONG_PTR parameter)
{
    return list_types(module, callback, parameter, TRUE);
}

BOOL WINAPI EnumResourceTypesA(HMODULE module, ENUMRESTYPEPROCA callback, LONG_PTR parameter)
{
    return list_types(module, callback, parameter, FALSE);
}

BOOL WINAPI EnumResourceNamesW(HMODULE module, LPCWSTR type, ENUMRESNAMEPROCW callback, LONG_PTR parameter)
{
    return list_names(module, type, type, callback, parameter, TRUE);
}

BOOL WINAPI EnumResourceNamesA(HMODULE module, LPCSTR type, ENUMRESNAMEPROCA callback, LONG_PTR parameter)
{
    UNICODE_STRING string;
    LPCWSTR wide;
    if (!value_to_wide(type, &string, &wide))
        return FALSE;
    BOOL more = list_names(module, wide, type, callback, parameter, FALSE);
    RtlFreeUnicodeString(&string);
    return more;
}

BOOL WINAPI EnumResourceLanguagesW(HMODULE module, LPCWSTR type, LPCWSTR name, ENUMRESLANGPROCW callback,
                                   LONG_PTR parameter)
{
    const LDR_RESOURCE_INFO info = {{(ULONG_PTR)type, (ULONG_PTR)name}};
    return list_languages(module, &info, type, name, callback, parameter);
}

BOOL WINAPI EnumResourceLanguagesA(HMODULE module, LPCSTR type, LPCSTR name, ENUMRESLANGPROCA callback,
                                   LONG_PTR parameter)
{
    UNICODE_STRING type_string, name_string;
    LPCWSTR wide_type, wide_name;
    BOOL more = FALSE;
    if (!value_to_wide(type, &type_string, &wide_type))
        return FALSE;
    if (value_to_wide(name, &name_string, &wide_name)) {
        const LDR_RESOURCE_INFO info = {{(ULONG_PTR)wide_type, (ULONG_PTR)wide_name}};
        more = list_languages(module, &info, type, name, callback, parameter);
        RtlFreeUnicodeString(&name_string);
    }
    RtlFreeUnicodeString(&type_string);
    return more;
}

/* ---- with a choice of files and languages: there are no files of a language, so that the module is all there is ----
 */

static BOOL where_is_good(DWORD flags)
{
    if (!(flags & ~(DWORD)(RESOURCE_ENUM_LN | RESOURCE_ENUM_MUI | RESOURCE_ENUM_MUI_SYSTEM | RESOURCE_ENUM_VALIDATE)))
        return TRUE;
    SetLastError(ERROR_INVALID_PARAMETER);
    return FALSE;
}

BOOL WINAPI EnumResourceTypesExW(HMODULE module, ENUMRESTYPEPROCW callback, LONG_PTR parameter, DWORD flags,
                                 LANGID language)
{
    (void)language;
    return where_is_good(flags) && EnumResourceTypesW(module, callback, parameter);
}

BOOL WINAPI EnumResourceTypesExA(HMODULE module, ENUMRESTYPEPROCA callback, LONG_PTR parameter, DWORD flags,
                                 LANGID language)
{
    (void)language;
    return where_is_good(flags) && EnumResourceTypesA(module, callback, parameter);
}

BOOL WINAPI EnumResourceNamesExW(HMODULE module, LPCWSTR type, ENUMRESNAMEPROCW callback, LONG_PTR parameter,
                                 DWORD flags, LANGID language)
{
    (void)language;
    return where_is_good(flags) && EnumResourceNamesW(module, type, callback, parameter);
}

BOOL WINAPI EnumResourceNamesExA(HMODULE module, LPCSTR type, ENUMRESNAMEPROCA callback, LONG_PTR parameter,
                                 DWORD flags, LANGID language)
{
    (void)language;
    return where_is_good(flags) && EnumResourceNamesA(module, type, callback, parameter);
}

BOOL WINAPI EnumResourceLanguagesExW(HMODULE module, LPCWSTR type, LPCWSTR name, ENUMRESLANGPROCW callback,
                                     LONG_PTR parameter, DWORD flags, LANGID language)
{
    (void)language;
    return where_is_good(flags) && EnumResourceLanguagesW(module, type, name, callback, parameter);
}

BOOL WINAPI EnumResourceLanguagesExA(HMODULE module, LPCSTR type, LPCSTR name, ENUMRESLANGPROCA callback,
                                     LONG_PTR parameter, DWORD flags, LANGID language)
{
    (void)language;
    return where_is_good(flags) && EnumResourceLanguagesA(module, type, name, callback, parameter);
}
