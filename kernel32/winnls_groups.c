/*
 * winnls_groups.c: what is valid and what there is: language groups, files of a language, countries.
 *
 * Layer: kernel32, over winnls.c.
 */
#include <string.h>
#include "locale.h"
#include "ntdll/gate.h"
#include "ntdll/nls.h"

static BOOL fail(DWORD error)
{
    SetLastError(error);
    return FALSE;
}

static void to_wide(const char *text, WCHAR *wide)
{
    do
        *wide++ = (WCHAR)*text;
    while (*text++);
}

/* ---- language groups, an idea of Windows 2000 ---- */

static const struct {
    LGRPID id;
    LCID locale; /* one of the group, for EnumLanguageGroupLocales */
    char name[40];
} groups[] = {
    {LGRPID_WESTERN_EUROPE, 0x0409, "Western Europe and United States"},
    {LGRPID_CENTRAL_EUROPE, 0x0415, "Central Europe"},
    {LGRPID_BALTIC, 0x0427, "Baltic"},
    {LGRPID_GREEK, 0x0408, "Greek"},
    {LGRPID_CYRILLIC, 0x0419, "Cyrillic"},
    {LGRPID_TURKIC, 0x0443, "Turkic"},
    {LGRPID_JAPANESE, 0x0411, "Japanese"},
    {LGRPID_KOREAN, 0x0412, "Korean"},
    {LGRPID_TRADITIONAL_CHINESE, 0x0404, "Traditional Chinese"},
    {LGRPID_SIMPLIFIED_CHINESE, 0x0804, "Simplified Chinese"},
    {LGRPID_THAI, 0x041e, "Thai"},
    {LGRPID_HEBREW, 0x040d, "Hebrew"},
    {LGRPID_ARABIC, 0x0401, "Arabic"},
    {LGRPID_VIETNAMESE, 0x042a, "Vietnamese"},
    {LGRPID_INDIC, 0x0439, "Indic"},
    {LGRPID_GEORGIAN, 0x0437, "Georgian"},
    {LGRPID_ARMENIAN, 0x042b, "Armenian"},
};

#define GROUPS (sizeof groups / sizeof *groups)

/* The number in hexadecimal, as callbacks get it. */
static void hexadecimal(ULONG value, char text[9], int digits)
{
    for (int i = 0; i < digits; i++)
        text[i] = "0123456789abcdef"[value >> 4 * (digits - 1 - i) & 15];
    text[digits] = 0;
}

static BOOL groups_enumerate(const void *callback, DWORD flags, LONG_PTR parameter, bool wide)
{
    if (!callback)
        return fail(ERROR_INVALID_PARAMETER);
    if (flags != LGRPID_INSTALLED && flags != LGRPID_SUPPORTED && flags)
        return fail(ERROR_INVALID_FLAGS);
    for (size_t i = 0; i < GROUPS; i++) {
        char id[9] = {"0123456789abcdef"[groups[i].id & 15], 0};
        WCHAR wide_id[9], name[40];

        if (groups[i].id >= 16)
            hexadecimal(groups[i].id, id, 2);
        to_wide(id, wide_id);
        to_wide(groups[i].name, name);
        const ULONG_PTR arguments[] = {groups[i].id, wide ? GUEST(wide_id) : GUEST(id),
                                       wide ? GUEST(name) : GUEST(groups[i].name), LGRPID_INSTALLED, GUEST(parameter)};
        if (!(BOOL)guest_call_n(callback, 5, arguments))
            break;
    }
    return TRUE;
}

BOOL WINAPI EnumSystemLanguageGroupsW(LANGUAGEGROUP_ENUMPROCW callback, DWORD flags, LONG_PTR parameter)
{
    return groups_enumerate(callback, flags, parameter, true);
}

BOOL WINAPI EnumSystemLanguageGroupsA(LANGUAGEGROUP_ENUMPROCA callback, DWORD flags, LONG_PTR parameter)
{
    return groups_enumerate(callback, flags, parameter, false);
}

static BOOL group_locales(const void *callback, LGRPID group, DWORD flags, LONG_PTR parameter, bool wide)
{
    char text[9];
    WCHAR wide_text[9];

    if (!callback)
        return fail(ERROR_INVALID_PARAMETER);
    if (flags)
        return fail(ERROR_INVALID_FLAGS);
    if (!IsValidLanguageGroup(group, LGRPID_INSTALLED))
        return fail(ERROR_INVALID_PARAMETER);
    hexadecimal(groups[group - 1].locale, text, 8);
    to_wide(text, wide_text);
    guest_call(callback, group, groups[group - 1].locale, wide ? GUEST(wide_text) : GUEST(text), GUEST(parameter));
    return TRUE;
}

BOOL WINAPI EnumLanguageGroupLocalesW(LANGGROUPLOCALE_ENUMPROCW callback, LGRPID group, DWORD flags, LONG_PTR parameter)
{
    return group_locales(callback, group, flags, parameter, true);
}

BOOL WINAPI EnumLanguageGroupLocalesA(LANGGROUPLOCALE_ENUMPROCA callback, LGRPID group, DWORD flags, LONG_PTR parameter)
{
    return group_locales(callback, group, flags, parameter, false);
}

/* ---- languages of messages: English ---- */

/* Nothing is translated: there is no file of a language beside any other. */
BOOL WINAPI GetFileMUIPath(DWORD flags, PCWSTR file, PWSTR language, PULONG language_length, PWSTR path,
                           PULONG path_length, PULONGLONG position)
{
    (void)flags, (void)language, (void)path;
    if (!file || !language_length || !path_length || !position)
        return fail(ERROR_INVALID_PARAMETER);
    if (!*position && GetFileAttributesW(file) == INVALID_FILE_ATTRIBUTES)
        return FALSE;
    return fail(ERROR_NO_MORE_FILES);
}

BOOL WINAPI GetUILanguageInfo(DWORD flags, PCZZWSTR language, PZZWSTR fallback, PDWORD size, PDWORD attributes)
{
    const struct locale *locale;

    if (!language || !attributes || (flags != MUI_LANGUAGE_ID && flags != MUI_LANGUAGE_NAME) ||
        (size && *size && !fallback))
        return fail(ERROR_INVALID_PARAMETER);
    locale = flags == MUI_LANGUAGE_NAME ? locale_from_name(language) : NULL;
    if (flags == MUI_LANGUAGE_NAME && !locale)
        return fail(ERROR_INVALID_PARAMETER);
    if (flags == MUI_LANGUAGE_NAME ? locale->lcid != LCID_DEFAULT : wide_compare_nocase(language, u"0409"))
        return fail(ERROR_FILE_NOT_FOUND); /* not installed */
    *attributes = MUI_LANGUAGE_INSTALLED | MUI_FULL_LANGUAGE;
    if (size) {
        if (*size && *size < 2)
            return fail(ERROR_INSUFFICIENT_BUFFER);
        if (*size)
            fallback[0] = fallback[1] = 0;
        *size = 2;
    }
    return TRUE;
}

/* ---- countries: the one of the user ---- */

BOOL WINAPI EnumSystemGeoID(GEOCLASS class, GEOID parent, GEO_ENUMPROC callback)
{
    (void)parent;
    if (!callback)
        return fail(ERROR_INVALID_PARAMETER);
    if (class != GEOCLASS_NATION && class != GEOCLASS_REGION && class != GEOCLASS_ALL)
        return fail(ERROR_INVALID_FLAGS);
    guest_call(callback, class == GEOCLASS_REGION ? 39070 : 244, 0, 0, 0);
    return TRUE;
}

BOOL WINAPI EnumSystemGeoNames(GEOCLASS class, BOOL(CALLBACK *callback)(PWSTR, LPARAM), LPARAM parameter)
{
    WCHAR nation[] = u"US", region[] = u"001";

    if (!callback)
        return fail(ERROR_INVALID_PARAMETER);
    if (class != GEOCLASS_NATION && class != GEOCLASS_REGION && class != GEOCLASS_ALL)
        return fail(ERROR_INVALID_FLAGS);
    guest_call(callback, class == GEOCLASS_REGION ? GUEST(region) : GUEST(nation), GUEST(parameter), 0, 0);
    return TRUE;
}

int WINAPI GetGeoInfoEx(PWSTR location, GEOTYPE type, PWSTR out, int size)
{
    if (!location || wide_compare_nocase(location, u"US"))
        return fail(ERROR_INVALID_PARAMETER);
    return GetGeoInfoW(244, type, out, size, 0);
}

BOOL WINAPI SetUserGeoID(GEOID location)
{
    return location == 244 ? TRUE : fail(ERROR_ACCESS_DENIED);
}

BOOL WINAPI SetUserGeoName(PWSTR name)
{
    if (!name)
        return fail(ERROR_INVALID_PARAMETER);
    return !wide_compare_nocase(name, u"US") ? TRUE : fail(ERROR_ACCESS_DENIED);
}
