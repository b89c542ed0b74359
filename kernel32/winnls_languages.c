/*
 * winnls_languages.c: languages, their groups and versions, countries.
 *
 * Layer: kernel32, over locale.c.
 */
#include <string.h>
#include "locale.h"
#include "ntdll/gate.h"
#include "ntdll/nls.h"

static int fail(DWORD error)
{
    SetLastError(error);
    return 0;
}

LCID WINAPI ConvertDefaultLocale(LCID locale)
{
    const struct locale *found;

    switch (locale) {
    case LOCALE_SYSTEM_DEFAULT:
    case LOCALE_USER_DEFAULT:
    case LOCALE_NEUTRAL:
        return GetUserDefaultLCID();
    default:
        if (SUBLANGID(LANGIDFROMLCID(locale)) == SUBLANG_NEUTRAL) { /* a language alone: its first country */
            found = locale_from_lcid(MAKELCID(MAKELANGID(PRIMARYLANGID(locale), SUBLANG_DEFAULT), SORT_DEFAULT));
            return found ? found->lcid : locale;
        }
        return locale;
    }
}

/* Windows' order of strings in this version; sort keys are ours, and no data of another one is compared. */
static BOOL version_get(NLS_FUNCTION function, NLSVERSIONINFOEX *info, DWORD size)
{
    if (function != COMPARE_STRING || !info)
        return fail(ERROR_INVALID_FLAGS);
    if (info->dwNLSVersionInfoSize != size)
        return fail(ERROR_INSUFFICIENT_BUFFER);
    info->dwNLSVersion = 0x00060305;
    info->dwDefinedVersion = 0x00060305;
    return TRUE;
}

BOOL WINAPI GetNLSVersion(NLS_FUNCTION function, LCID locale, LPNLSVERSIONINFO info)
{
    if (!locale_from_lcid(locale))
        return fail(ERROR_INVALID_PARAMETER);
    return version_get(function, (NLSVERSIONINFOEX *)info, sizeof *info);
}

DWORD WINAPI IsValidNLSVersion(NLS_FUNCTION function, LPCWSTR locale, LPNLSVERSIONINFOEX info)
{
    return function == COMPARE_STRING && info && locale_from_name(locale) && info->dwNLSVersion == 0x00060305;
}

/* ---- groups of languages, as they were installed once ---- */

#define GROUP_FIRST LGRPID_WESTERN_EUROPE
#define GROUP_LAST LGRPID_ARMENIAN

BOOL WINAPI IsValidLanguageGroup(LGRPID group, DWORD flags)
{
    if (flags != LGRPID_INSTALLED && flags != LGRPID_SUPPORTED)
        return fail(ERROR_INVALID_FLAGS);
    return group >= GROUP_FIRST && group <= GROUP_LAST;
}

/* ---- languages of the user interface ---- */

BOOL WINAPI EnumUILanguagesW(UILANGUAGE_ENUMPROCW callback, DWORD flags, LONG_PTR parameter)
{
    if (!callback)
        return fail(ERROR_INVALID_PARAMETER);
    if (flags & ~(DWORD)(MUI_LANGUAGE_ID | MUI_LANGUAGE_NAME))
        return fail(ERROR_INVALID_FLAGS);
    guest_call((const void *)callback, GUEST(flags & MUI_LANGUAGE_NAME ? L"en-US" : L"0409"), (ULONG_PTR)parameter, 0,
               0);
    return TRUE;
}

BOOL WINAPI EnumUILanguagesA(UILANGUAGE_ENUMPROCA callback, DWORD flags, LONG_PTR parameter)
{
    if (!callback)
        return fail(ERROR_INVALID_PARAMETER);
    if (flags & ~(DWORD)(MUI_LANGUAGE_ID | MUI_LANGUAGE_NAME))
        return fail(ERROR_INVALID_FLAGS);
    guest_call((const void *)callback, GUEST(flags & MUI_LANGUAGE_NAME ? "en-US" : "0409"), (ULONG_PTR)parameter, 0, 0);
    return TRUE;
}

int WINAPI FoldStringA(DWORD flags, LPCSTR text, int length, LPSTR out, int room)
{
    WCHAR *wide, *folded = NULL;
    int units, made, result = 0;

    if (!text || !length)
        return fail(ERROR_INVALID_PARAMETER);
    units = MultiByteToWideChar(CP_ACP, 0, text, length, NULL, 0);
    wide = LocalAlloc(LMEM_FIXED, (SIZE_T)(units + 1) * sizeof *wide);
    if (!wide)
        return fail(ERROR_NOT_ENOUGH_MEMORY);
    MultiByteToWideChar(CP_ACP, 0, text, length, wide, units);
    made = FoldStringW(flags, wide, units, NULL, 0);
    if (made)
        folded = LocalAlloc(LMEM_FIXED, (SIZE_T)made * sizeof *folded);
    if (folded && FoldStringW(flags, wide, units, folded, made))
        result = WideCharToMultiByte(CP_ACP, 0, folded, made, out, room, NULL, NULL);
    LocalFree(folded);
    LocalFree(wide);
    return result;
}
