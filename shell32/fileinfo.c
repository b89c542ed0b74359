/*
 * fileinfo.c: what the shell shows of a file (SHGetFileInfo), and icons in files, which are counted, not drawn.
 *
 * Layer: shell32.
 */
#include "shell.h"
#include <shlwapi.h>

/* "TXT File", or what the type's class is called. */
static void type_name(const WCHAR *path, DWORD attributes, WCHAR *name)
{
    const WCHAR *type = path_type(path);
    DWORD size = 80, length = 0;

    if (attributes & FILE_ATTRIBUTE_DIRECTORY) {
        lstrcpyW(name, L"File folder");
    } else if (!*type ||
               AssocQueryStringW(ASSOCF_NOTRUNCATE, ASSOCSTR_FRIENDLYDOCNAME, type, NULL, name, &size) != S_OK) {
        for (type += *type == '.'; *type && length < 70; type++)
            name[length++] = wide_upper(*type);
        lstrcpyW(name + length, length ? L" File" : L"File");
    }
}

static DWORD shell_attributes(DWORD attributes)
{
    return SFGAO_CANCOPY | SFGAO_CANMOVE | SFGAO_CANLINK | SFGAO_CANRENAME | SFGAO_CANDELETE | SFGAO_FILESYSTEM |
           (attributes & FILE_ATTRIBUTE_DIRECTORY ? SFGAO_FOLDER | SFGAO_FILESYSANCESTOR : 0) |
           (attributes & FILE_ATTRIBUTE_READONLY ? SFGAO_READONLY : 0) |
           (attributes & FILE_ATTRIBUTE_HIDDEN ? SFGAO_HIDDEN : 0);
}

/* "MZ", or "PE" with the version of Windows that a program with windows is for; 0: no program. */
static DWORD exe_type(const WCHAR *path)
{
    HANDLE file = CreateFileW(path, GENERIC_READ, FILE_SHARE_READ, NULL, OPEN_EXISTING, 0, NULL);
    IMAGE_DOS_HEADER dos;
    IMAGE_NT_HEADERS64 nt;
    DWORD done, type = 0;

    if (file == INVALID_HANDLE_VALUE)
        return 0;
    if (ReadFile(file, &dos, sizeof dos, &done, NULL) && done == sizeof dos && dos.e_magic == IMAGE_DOS_SIGNATURE) {
        type = IMAGE_DOS_SIGNATURE;
        if (SetFilePointer(file, dos.e_lfanew, NULL, FILE_BEGIN) != INVALID_SET_FILE_POINTER &&
            ReadFile(file, &nt, sizeof nt, &done, NULL) && done == sizeof nt && nt.Signature == IMAGE_NT_SIGNATURE) {
            type = IMAGE_NT_SIGNATURE;
            if (nt.OptionalHeader.Subsystem == IMAGE_SUBSYSTEM_WINDOWS_GUI)
                type |= (DWORD)nt.OptionalHeader.MajorSubsystemVersion << 24 |
                        (DWORD)nt.OptionalHeader.MinorSubsystemVersion << 16;
        }
    }
    CloseHandle(file);
    return type;
}

DWORD_PTR WINAPI SHGetFileInfoW(LPCWSTR path, DWORD attributes, SHFILEINFOW *info, UINT size, UINT flags)
{
    WCHAR full[MAX_PATH], *name;

    (void)size;
    if (!path || (!info && !(flags & SHGFI_EXETYPE)))
        return 0;
    if (flags & SHGFI_PIDL) {
        if (!SHGetPathFromIDListW((PCIDLIST_ABSOLUTE)path, full))
            return 0;
    } else if (!GetFullPathNameW(*path ? path : L".", MAX_PATH, full, NULL)) {
        return 0;
    }
    if (flags & SHGFI_EXETYPE)
        return flags == SHGFI_EXETYPE ? exe_type(full) : 0;
    if (!(flags & SHGFI_USEFILEATTRIBUTES)) {
        attributes = GetFileAttributesW(full);
        if (attributes == INVALID_FILE_ATTRIBUTES)
            return 0;
    }
    name = path_name(full);
    if (flags & SHGFI_ATTRIBUTES)
        info->dwAttributes =
            shell_attributes(attributes) & (flags & SHGFI_ATTR_SPECIFIED ? info->dwAttributes : 0xffffffff);
    if (flags & SHGFI_DISPLAYNAME)
        lstrcpynW(info->szDisplayName, *name ? name : full, MAX_PATH);
    if (flags & SHGFI_TYPENAME)
        type_name(full, attributes, info->szTypeName);
    if (flags & (SHGFI_ICON | SHGFI_SYSICONINDEX)) { /* there are none */
        info->hIcon = NULL;
        info->iIcon = 0;
        return 0;
    }
    return TRUE;
}

DWORD_PTR WINAPI SHGetFileInfoA(LPCSTR path, DWORD attributes, SHFILEINFOA *info, UINT size, UINT flags)
{
    SHFILEINFOW wide = {0};
    WCHAR *wide_path = flags & SHGFI_PIDL ? NULL : wide_from_ansi(path);
    DWORD_PTR result;

    if (info)
        wide.dwAttributes = info->dwAttributes;
    result = SHGetFileInfoW(wide_path ? wide_path : (LPCWSTR)path, attributes, info ? &wide : NULL, size, flags);
    com_free(wide_path);
    if (!info)
        return result;
    if (flags & SHGFI_ATTRIBUTES)
        info->dwAttributes = wide.dwAttributes;
    if (flags & SHGFI_DISPLAYNAME)
        WideCharToMultiByte(CP_ACP, 0, wide.szDisplayName, -1, info->szDisplayName, MAX_PATH, NULL, NULL);
    if (flags & SHGFI_TYPENAME)
        WideCharToMultiByte(CP_ACP, 0, wide.szTypeName, -1, info->szTypeName, 80, NULL, NULL);
    return result;
}

/* ---- icons ---- */

static WINBOOL CALLBACK count_one(HMODULE module, LPCWSTR type, LPWSTR name, LONG_PTR count)
{
    (void)module, (void)type, (void)name;
    ++*(UINT *)count;
    return TRUE;
}

/* How many icons a file has; asked for themselves, none can be made. */
UINT WINAPI ExtractIconExW(LPCWSTR file, INT index, HICON *large, HICON *small, UINT count)
{
    UINT found = 0;
    HMODULE module;

    if (index != -1 || large || small) {
        for (UINT i = 0; i < count; i++) {
            if (large)
                large[i] = NULL;
            if (small)
                small[i] = NULL;
        }
        return 0;
    }
    module = LoadLibraryExW(file, NULL, LOAD_LIBRARY_AS_DATAFILE);
    if (!module)
        return 0;
    EnumResourceNamesW(module, (LPCWSTR)RT_GROUP_ICON, count_one, (LONG_PTR)&found);
    FreeLibrary(module);
    return found;
}

UINT WINAPI ExtractIconExA(LPCSTR file, INT index, HICON *large, HICON *small, UINT count)
{
    WCHAR *wide = wide_from_ansi(file);
    UINT found = ExtractIconExW(wide, index, large, small, count);

    com_free(wide);
    return found;
}

HICON WINAPI ExtractIconW(HINSTANCE instance, LPCWSTR file, UINT index)
{
    (void)instance;
    return index == (UINT)-1 ? (HICON)(ULONG_PTR)ExtractIconExW(file, -1, NULL, NULL, 0) : NULL;
}

HICON WINAPI ExtractIconA(HINSTANCE instance, LPCSTR file, UINT index)
{
    (void)instance;
    return index == (UINT)-1 ? (HICON)(ULONG_PTR)ExtractIconExA(file, -1, NULL, NULL, 0) : NULL;
}
