/*
 * processenv.c: environment variables and the command line.
 *
 * Layer: kernel32, over ntdll's environment.  Standard handles are in the file part, the current directory in
 * fileapi_path.c.
 */
#include <string.h>
#include "win.h"
#include "ntdll/error.h"
#include "ntdll/nls.h"

#undef GetEnvironmentStrings
#undef GetEnvironmentStringsA

void WINAPI RtlAcquirePebLock(void);
void WINAPI RtlReleasePebLock(void);
NTSTATUS WINAPI RtlSetEnvironmentVar(PWSTR *environment, PWSTR name, SIZE_T name_units, PWSTR value,
                                     SIZE_T value_units);

static HANDLE heap(void)
{
    return peb_current()->ProcessHeap;
}

LPWSTR WINAPI GetCommandLineW(void)
{
    return peb_current()->ProcessParameters->CommandLine.Buffer;
}

/* Made at the first call; it lives as long as the process. */
LPSTR WINAPI GetCommandLineA(void)
{
    static char *volatile command_line;

    if (!command_line) {
        char *made = ansi_from_wide(GetCommandLineW());

        if (!__sync_bool_compare_and_swap(&command_line, NULL, made))
            RtlFreeHeap(heap(), 0, made);
    }
    return command_line;
}

DWORD WINAPI GetEnvironmentVariableW(LPCWSTR name, LPWSTR value, DWORD size)
{
    SIZE_T needed = 0;
    NTSTATUS status = RtlQueryEnvironmentVariable(NULL, name, wide_length(name), value, size, &needed);

    if (status == STATUS_BUFFER_TOO_SMALL)
        return (DWORD)needed;
    if (!status && !needed)
        SetLastError(ERROR_SUCCESS); /* an empty value is told from a missing one by this */
    return status_to_bool(status) ? (DWORD)needed : 0;
}

DWORD WINAPI GetEnvironmentVariableA(LPCSTR name, LPSTR value, DWORD size)
{
    WCHAR *wide_name = wide_from_ansi(name), *wide = NULL;
    DWORD length = 0, got;
    size_t written = 0;

    for (DWORD room = 256; wide_name; room = got) {
        wide = RtlAllocateHeap(heap(), 0, room * sizeof(WCHAR));
        if (!wide)
            break;
        got = GetEnvironmentVariableW(wide_name, wide, room);
        if (got < room) {
            codepage_encode(codepage_ansi(), false, wide, got, NULL, 0, NULL, &written);
            length = (DWORD)written;
            if (length < size) {
                codepage_encode(codepage_ansi(), false, wide, got, value, size, NULL, &written);
                value[length] = 0;
            } else if (got) {
                length++;
            }
            break;
        }
        RtlFreeHeap(heap(), 0, wide);
    }
    RtlFreeHeap(heap(), 0, wide);
    RtlFreeHeap(heap(), 0, wide_name);
    return length;
}

BOOL WINAPI SetEnvironmentVariableW(LPCWSTR name, LPCWSTR value)
{
    NTSTATUS status;

    if (!name || !*name) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return FALSE;
    }
    status = RtlSetEnvironmentVar(NULL, (PWSTR)name, wide_length(name), (PWSTR)value, value ? wide_length(value) : 0);
    return status_to_bool(!value && status == STATUS_VARIABLE_NOT_FOUND ? STATUS_SUCCESS : status);
}

BOOL WINAPI SetEnvironmentVariableA(LPCSTR name, LPCSTR value)
{
    WCHAR *wide_name = wide_from_ansi(name), *wide_value = wide_from_ansi(value);
    BOOL good = SetEnvironmentVariableW(wide_name, wide_value);

    RtlFreeHeap(heap(), 0, wide_name);
    RtlFreeHeap(heap(), 0, wide_value);
    return good;
}

LPWCH WINAPI GetEnvironmentStringsW(void)
{
    WCHAR *copy = NULL;

    return status_to_bool(RtlCreateEnvironment(TRUE, &copy)) ? copy : NULL;
}

BOOL WINAPI FreeEnvironmentStringsW(LPWCH strings)
{
    return RtlFreeHeap(heap(), 0, strings);
}

LPCH WINAPI GetEnvironmentStringsA(void)
{
    WCHAR *wide = GetEnvironmentStringsW(), *end = wide;
    size_t count, written = 0;
    char *bytes;

    if (!wide)
        return NULL;
    while (*end)
        end += wide_length(end) + 1;
    count = (size_t)(end - wide) + 1;
    bytes = RtlAllocateHeap(heap(), 0, 3 * count);
    if (bytes)
        codepage_encode(codepage_ansi(), false, wide, count, bytes, 3 * count, NULL, &written);
    RtlFreeHeap(heap(), 0, wide);
    return bytes;
}

BOOL WINAPI FreeEnvironmentStringsA(LPCH strings)
{
    return RtlFreeHeap(heap(), 0, strings);
}

BOOL WINAPI SetEnvironmentStringsW(LPWCH strings)
{
    return status_to_bool(RtlSetEnvironmentStrings(strings, 0));
}

/* The list ends with an empty string; it is in the ANSI code page. */
BOOL WINAPI SetEnvironmentStringsA(LPCH strings)
{
    size_t size = 0;
    ULONG used;
    WCHAR *wide;
    BOOL good;

    while (strings[size])
        size += strlen(strings + size) + 1;
    wide = RtlAllocateHeap(peb_current()->ProcessHeap, HEAP_ZERO_MEMORY, (size + 2) * sizeof *wide);
    if (!wide)
        return status_to_bool(STATUS_NO_MEMORY);
    good = status_to_bool(RtlMultiByteToUnicodeN(wide, (ULONG)(size * sizeof *wide), &used, strings, (ULONG)size)) &&
           SetEnvironmentStringsW(wide);
    RtlFreeHeap(peb_current()->ProcessHeap, 0, wide);
    return good;
}

DWORD WINAPI ExpandEnvironmentStringsW(LPCWSTR from, LPWSTR to, DWORD size)
{
    SIZE_T needed = 0;
    NTSTATUS status = RtlExpandEnvironmentStrings(NULL, from, wide_length(from), to, size, &needed);

    return status == STATUS_BUFFER_TOO_SMALL || status_to_bool(status) ? (DWORD)needed : 0;
}

DWORD WINAPI ExpandEnvironmentStringsA(LPCSTR from, LPSTR to, DWORD size)
{
    WCHAR *wide = wide_from_ansi(from), *expanded = NULL;
    size_t written = 0;
    DWORD count;

    if (!wide)
        return 0;
    count = ExpandEnvironmentStringsW(wide, NULL, 0);
    expanded = RtlAllocateHeap(heap(), 0, count * sizeof(WCHAR));
    if (expanded) {
        ExpandEnvironmentStringsW(wide, expanded, count);
        codepage_encode(codepage_ansi(), false, expanded, count, NULL, 0, NULL, &written);
        count = (DWORD)written;
        if (size)
            codepage_encode(codepage_ansi(), false, expanded, wide_length(expanded) + 1, to, size, NULL, &written);
        if (size && count > size)
            to[size - 1] = 0;
    }
    RtlFreeHeap(heap(), 0, expanded);
    RtlFreeHeap(heap(), 0, wide);
    return expanded ? count : 0;
}
