/*
 * winsafer.c: software restriction: which files are programs, and how far they are trusted.  No policy is set.
 *
 * Layer: advapi32.
 */
#include "win.h"
#include "ntdll/nls.h"
#include <winsafer.h>

#define LEVEL ((SAFER_LEVEL_HANDLE)0x73616665)

static BOOL fail(DWORD error)
{
    SetLastError(error);
    return FALSE;
}

/* Windows' designated file types; shells of its own exempt .exe. */
BOOL WINAPI SaferiIsExecutableFileType(LPCWSTR path, BOOLEAN from_shell)
{
    static const WCHAR types[][5] = {L"ade", L"adp", L"bas", L"bat", L"chm", L"cmd", L"com", L"cpl", L"crt", L"hlp",
                                     L"hta", L"inf", L"ins", L"isp", L"lnk", L"mdb", L"mde", L"msc", L"msi", L"msp",
                                     L"mst", L"ocx", L"pcd", L"pif", L"reg", L"scr", L"shs", L"url", L"vb",  L"wsc"};
    const WCHAR *type = NULL;

    if (!path || !*path)
        return fail(ERROR_INVALID_PARAMETER);
    for (const WCHAR *at = path; *at; at++)
        type = *at == '.' ? at + 1 : *at == '\\' || *at == '/' ? NULL : type;
    if (!type)
        return FALSE;
    if (wide_compare_nocase(type, L"exe") == 0)
        return !from_shell;
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (wide_compare_nocase(type, types[i]) == 0)
            return TRUE;
    return FALSE;
}

BOOL WINAPI SaferIdentifyLevel(DWORD count, PSAFER_CODE_PROPERTIES code, SAFER_LEVEL_HANDLE *level, LPVOID reserved)
{
    (void)code, (void)reserved;
    if (!count || !level)
        return fail(ERROR_INVALID_PARAMETER);
    *level = LEVEL;
    return TRUE;
}

BOOL WINAPI SaferCreateLevel(DWORD scope, DWORD id, DWORD flags, SAFER_LEVEL_HANDLE *level, LPVOID reserved)
{
    (void)flags, (void)reserved;
    if (scope != SAFER_SCOPEID_MACHINE && scope != SAFER_SCOPEID_USER)
        return fail(ERROR_INVALID_PARAMETER);
    if (id != SAFER_LEVELID_FULLYTRUSTED) /* only policies make the others */
        return fail(ERROR_NOT_FOUND);
    *level = LEVEL;
    return TRUE;
}

BOOL WINAPI SaferCloseLevel(SAFER_LEVEL_HANDLE level)
{
    return level == LEVEL || fail(ERROR_INVALID_HANDLE);
}

/* Full trust: the caller's token as it is. */
BOOL WINAPI SaferComputeTokenFromLevel(SAFER_LEVEL_HANDLE level, HANDLE in, PHANDLE out, DWORD flags, LPVOID reserved)
{
    (void)reserved;
    if (level != LEVEL)
        return fail(ERROR_INVALID_HANDLE);
    if (flags & SAFER_TOKEN_NULL_IF_EQUAL) {
        *out = NULL;
        return TRUE;
    }
    return in ? DuplicateTokenEx(in, 0, NULL, SecurityImpersonation, TokenPrimary, out)
              : OpenProcessToken(GetCurrentProcess(), TOKEN_ALL_ACCESS, out);
}
