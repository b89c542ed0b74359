/*
 * fileapi_path.c: full, long and short names, temporary files, searching.
 */
#include "kernel32/filename.h"

#include <string.h>

DWORD WINAPI GetFullPathNameW(LPCWSTR name, DWORD count, LPWSTR out, LPWSTR *part)
{
    if (!name || !*name) {
        RtlSetLastWin32Error(ERROR_INVALID_NAME);
        return 0;
    }
    return RtlGetFullPathName_U(name, count * sizeof(WCHAR), out, part) / sizeof(WCHAR);
}

/* What GetFullPathNameW gives, in heap memory; NULL on failure. */
static WCHAR *full_path(LPCWSTR name, size_t *length, size_t *part)
{
    DWORD size = GetFullPathNameW(name, 0, NULL, NULL);
    WCHAR *file, *out = size ? RtlAllocateHeap(process_heap(), 0, size * sizeof(WCHAR)) : NULL;
    if (!out)
        return NULL;
    *length = GetFullPathNameW(name, size, out, &file);
    *part = file ? (size_t)(file - out) : *length;
    return out;
}

DWORD WINAPI GetFullPathNameA(LPCSTR name, DWORD count, LPSTR out, LPSTR *part)
{
    size_t length, at;
    WCHAR *wide = filename_from_ansi(name);
    WCHAR *full = wide ? full_path(wide, &length, &at) : NULL;
    filename_free(wide);
    if (part)
        *part = NULL;
    if (!full)
        return 0;
    DWORD result = filename_to_ansi(full, length, out, count);
    if (part && result < count && at < length)
        *part = out + WideCharToMultiByte(AreFileApisANSI() ? CP_ACP : CP_OEMCP, 0, full, (int)at, NULL, 0, NULL, NULL);
    filename_free(full);
    return result;
}

/* The directory for temporary files with a backslash at its end; the length. */
static DWORD temp_directory(WCHAR out[MAX_PATH + 2])
{
    static const WCHAR *const variables[] = {L"TMP", L"TEMP", L"USERPROFILE"};
    DWORD length = 0;
    WCHAR value[MAX_PATH + 1];
    for (int i = 0; i < 3 && !length; i++) {
        UNICODE_STRING name, text = {0, sizeof value - sizeof(WCHAR), value};
        RtlInitUnicodeString(&name, variables[i]);
        if (RtlQueryEnvironmentVariable_U(NULL, &name, &text) || !text.Length)
            continue;
        value[text.Length / sizeof(WCHAR)] = 0;
        length = GetFullPathNameW(value, MAX_PATH, out, NULL);
        if (length >= MAX_PATH)
            length = 0;
    }
    if (!length) {
        memcpy(out, L"C:\\Windows\\Temp", 16 * sizeof(WCHAR));
        length = 15;
    }
    if (out[length - 1] != '\\')
        out[length++] = '\\';
    out[length] = 0;
    return length;
}

DWORD WINAPI GetTempPathW(DWORD count, LPWSTR out)
{
    WCHAR path[MAX_PATH + 2];
    DWORD length = temp_directory(path);
    if (length + 1 > count)
        return length + 1;
    memcpy(out, path, (length + 1) * sizeof(WCHAR));
    return length;
}

DWORD WINAPI GetTempPathA(DWORD count, LPSTR out)
{
    WCHAR path[MAX_PATH + 2];
    return filename_to_ansi(path, temp_directory(path), out, count);
}

DWORD WINAPI GetTempPath2W(DWORD count, LPWSTR out)
{
    return GetTempPathW(count, out);
}

DWORD WINAPI GetTempPath2A(DWORD count, LPSTR out)
{
    return GetTempPathA(count, out);
}

/* PREfix, four hexadecimal digits, .tmp at `out`. */
static void temp_name(WCHAR *out, LPCWSTR prefix, UINT number)
{
    size_t n = 0;
    for (; prefix && prefix[n] && n < 3; n++)
        out[n] = prefix[n];
    bool started = false;
    for (int shift = 12; shift >= 0; shift -= 4) {
        UINT digit = number >> shift & 15;
        started = started || digit || !shift;
        if (started)
            out[n++] = L"0123456789ABCDEF"[digit];
    }
    memcpy(out + n, L".tmp", 5 * sizeof(WCHAR));
}

UINT WINAPI GetTempFileNameW(LPCWSTR path, LPCWSTR prefix, UINT unique, LPWSTR out)
{
    size_t length = text_length(path);
    DWORD attributes = GetFileAttributesW(path);
    if (length > MAX_PATH - 14 || attributes == INVALID_FILE_ATTRIBUTES || !(attributes & FILE_ATTRIBUTE_DIRECTORY)) {
        RtlSetLastWin32Error(length > MAX_PATH - 14 ? ERROR_BUFFER_OVERFLOW : ERROR_DIRECTORY);
        return 0;
    }
    memmove(out, path, (length + 1) * sizeof(WCHAR));
    if (length && out[length - 1] != '\\' && out[length - 1] != '/')
        out[length++] = '\\';
    if (unique & 0xffff) {
        temp_name(out + length, prefix, unique & 0xffff);
        return unique & 0xffff;
    }
    UINT first = GetTickCount() & 0xffff, number = first ? first : 1;
    do {
        temp_name(out + length, prefix, number);
        HANDLE file = CreateFileW(out, GENERIC_READ, 0, NULL, CREATE_NEW, FILE_ATTRIBUTE_NORMAL, NULL);
        if (file != INVALID_HANDLE_VALUE) {
            NtClose(file);
            return number;
        }
        DWORD error = RtlGetLastWin32Error();
        if (error != ERROR_FILE_EXISTS && error != ERROR_SHARING_VIOLATION && error != ERROR_ACCESS_DENIED)
            return 0;
        number = number == 0xffff ? 1 : number + 1;
    } while (number != first);
    return 0;
}

UINT WINAPI GetTempFileNameA(LPCSTR path, LPCSTR prefix, UINT unique, LPSTR out)
{
    WCHAR *wide_path = filename_from_ansi(path), *wide_prefix = prefix ? filename_from_ansi(prefix) : NULL;
    WCHAR name[MAX_PATH + 1];
    UINT result = wide_path ? GetTempFileNameW(wide_path, wide_prefix, unique, name) : 0;
    filename_free(wide_path);
    filename_free(wide_prefix);
    if (result)
        filename_to_ansi(name, text_length(name), out, MAX_PATH);
    return result;
}

static bool has_directory(LPCWSTR name)
{
    if (name[0] && name[1] == ':')
        return true;
    for (; *name; name++)
        if (*name == '\\' || *name == '/')
            return true;
    return false;
}

static bool has_extension(LPCWSTR name)
{
    bool dot = false;
    for (; *name; name++)
        dot = *name == '.' || (dot && *name != '\\' && *name != '/');
    return dot;
}

/* Tries directory\name and directory\name.ext; the full name goes to `out`. */
static DWORD search_in(const WCHAR *directory, size_t directory_length, LPCWSTR name, LPCWSTR extension, DWORD count,
                       LPWSTR out, LPWSTR *part)
{
    size_t length = text_length(name), ext = extension && !has_extension(name) ? text_length(extension) : 0;
    WCHAR *full = RtlAllocateHeap(process_heap(), 0, (directory_length + length + ext + 2) * sizeof(WCHAR));
    DWORD result = 0;
    if (!full)
        return 0;
    size_t used = directory_length;
    memcpy(full, directory, directory_length * sizeof(WCHAR));
    if (used && full[used - 1] != '\\' && full[used - 1] != '/')
        full[used++] = '\\';
    memcpy(full + used, name, length * sizeof(WCHAR));
    used += length;
    if (ext)
        memcpy(full + used, extension, ext * sizeof(WCHAR));
    full[used + ext] = 0;
    if (GetFileAttributesW(full) != INVALID_FILE_ATTRIBUTES)
        result = GetFullPathNameW(full, count, out, part);
    RtlFreeHeap(process_heap(), 0, full);
    return result;
}

static DWORD search_list(LPCWSTR list, LPCWSTR name, LPCWSTR extension, DWORD count, LPWSTR out, LPWSTR *part)
{
    DWORD result = 0;
    while (*list && !result) {
        size_t length = 0;
        while (list[length] && list[length] != ';')
            length++;
        if (length)
            result = search_in(list, length, name, extension, count, out, part);
        list += list[length] ? length + 1 : length;
    }
    return result;
}

/* The program's directory, the current one, System32, Windows, PATH. */
static DWORD search_default(LPCWSTR name, LPCWSTR extension, DWORD count, LPWSTR out, LPWSTR *part)
{
    const UNICODE_STRING *image = &peb_current()->ProcessParameters->ImagePathName;
    size_t length = image->Length / sizeof(WCHAR);
    while (length && image->Buffer[length - 1] != '\\')
        length--;
    DWORD result = search_in(image->Buffer, length, name, extension, count, out, part);
    if (!result)
        result = search_list(L".;C:\\Windows\\System32;C:\\Windows", name, extension, count, out, part);
    if (result)
        return result;
    UNICODE_STRING variable, value = {0, 0, NULL};
    RtlInitUnicodeString(&variable, L"PATH");
    if (RtlQueryEnvironmentVariable_U(NULL, &variable, &value) != STATUS_BUFFER_TOO_SMALL)
        return 0;
    value.MaximumLength = value.Length + sizeof(WCHAR);
    value.Buffer = RtlAllocateHeap(process_heap(), 0, value.MaximumLength);
    if (value.Buffer && !RtlQueryEnvironmentVariable_U(NULL, &variable, &value)) {
        value.Buffer[value.Length / sizeof(WCHAR)] = 0;
        result = search_list(value.Buffer, name, extension, count, out, part);
    }
    RtlFreeHeap(process_heap(), 0, value.Buffer);
    return result;
}

DWORD WINAPI SearchPathW(LPCWSTR path, LPCWSTR name, LPCWSTR extension, DWORD count, LPWSTR out, LPWSTR *part)
{
    DWORD result;
    if (part)
        *part = NULL;
    if (!name || !*name) {
        RtlSetLastWin32Error(ERROR_INVALID_PARAMETER);
        return 0;
    }
    if (has_directory(name))
        result = search_in(L"", 0, name, extension, count, out, part);
    else if (path)
        result = search_list(path, name, extension, count, out, part);
    else
        result = search_default(name, extension, count, out, part);
    if (!result)
        RtlSetLastWin32Error(ERROR_FILE_NOT_FOUND);
    return result;
}

DWORD WINAPI SearchPathA(LPCSTR path, LPCSTR name, LPCSTR extension, DWORD count, LPSTR out, LPSTR *part)
{
    WCHAR *wide_path = path ? filename_from_ansi(path) : NULL, *wide_name = filename_from_ansi(name);
    WCHAR *wide_extension = extension ? filename_from_ansi(extension) : NULL;
    WCHAR *found = RtlAllocateHeap(process_heap(), 0, 0x8000 * sizeof(WCHAR)), *wide_part = NULL;
    DWORD result = 0, length = 0;
    if (wide_name && found)
        length = SearchPathW(wide_path, wide_name, wide_extension, 0x8000, found, &wide_part);
    if (length)
        result = filename_to_ansi(found, length, out, count);
    if (part)
        *part = length && wide_part && result < count ? out + result - text_length(wide_part) : NULL;
    filename_free(wide_path);
    filename_free(wide_name);
    filename_free(wide_extension);
    filename_free(found);
    return result;
}

BOOL WINAPI NeedCurrentDirectoryForExePathW(LPCWSTR name)
{
    UNICODE_STRING variable, value = {0, 0, NULL};
    if (has_directory(name))
        return TRUE;
    RtlInitUnicodeString(&variable, L"NoDefaultCurrentDirectoryInExePath");
    return RtlQueryEnvironmentVariable_U(NULL, &variable, &value) == STATUS_VARIABLE_NOT_FOUND;
}

BOOL WINAPI NeedCurrentDirectoryForExePathA(LPCSTR name)
{
    WCHAR *wide = filename_from_ansi(name);
    BOOL result = !wide || NeedCurrentDirectoryForExePathW(wide);
    filename_free(wide);
    return result;
}
