/*
 * directory.c: making directories with all above them.
 *
 * Layer: shell32.
 */
#include <string.h>
#include "win.h"
#include "ntdll/nls.h"

LPWSTR WINAPI PathSkipRootW(LPCWSTR path);
BOOL WINAPI PathIsRelativeW(LPCWSTR path);

int WINAPI SHCreateDirectoryExW(HWND owner, LPCWSTR path, const SECURITY_ATTRIBUTES *security)
{
    WCHAR part[MAX_PATH];
    const WCHAR *at;
    size_t length;
    int error = ERROR_SUCCESS;

    (void)owner;
    if (!path || PathIsRelativeW(path))
        return ERROR_BAD_PATHNAME;
    length = wide_length(path);
    if (length >= MAX_PATH)
        return ERROR_FILENAME_EXCED_RANGE;
    at = PathSkipRootW(path);
    for (at = at ? at : path;; at++) {
        if (*at && *at != '\\' && *at != '/')
            continue;
        memcpy(part, path, (size_t)(at - path) * sizeof *part);
        part[at - path] = 0;
        if (at > path && at[-1] != '\\' && at[-1] != '/')
            error = CreateDirectoryW(part, (LPSECURITY_ATTRIBUTES)security) ? ERROR_SUCCESS : (int)GetLastError();
        if (!*at)
            break;
    }
    return error;
}

int WINAPI SHCreateDirectoryExA(HWND owner, LPCSTR path, const SECURITY_ATTRIBUTES *security)
{
    WCHAR *wide = wide_from_ansi(path);
    int error = SHCreateDirectoryExW(owner, wide, security);

    RtlFreeHeap(peb_current()->ProcessHeap, 0, wide);
    return error;
}

int WINAPI SHCreateDirectory(HWND owner, LPCWSTR path)
{
    return SHCreateDirectoryExW(owner, path, NULL);
}
