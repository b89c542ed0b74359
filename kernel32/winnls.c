/*
 * winnls.c: locales: names, values, defaults, user interface languages.
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

static size_t name_to_wide(const char *name, WCHAR *wide)
{
    size_t length = 0;

    do
        wide[length] = (WCHAR)name[length];
    while (name[length++]);
    return length;
}

/* Copies with the zero, or counts if there is no room asked for. */
static int copy_out(const char *text, LPWSTR buffer, int size)
{
    int length = (int)strlen(text) + 1;

    if (!size)
        return length;
    if (size < length || !buffer)
        return fail(ERROR_INSUFFICIENT_BUFFER);
    return (int)name_to_wide(text, buffer);
}

static int value_as_number(const char *text, LCTYPE type, LPWSTR buffer, int size)
{
    DWORD value = 0;
    unsigned base = type == LOCALE_ILANGUAGE || type == LOCALE_IDEFAULTLANGUAGE ? 16 : 10;

    if (size && size < 2)
        return fail(ERROR_INSUFFICIENT_BUFFER);
    for (; *text; text++)
        value = value * base + (DWORD)(*text <= '9' ? *text - '0' : *text - 'a' + 10);
    if (size)
        memcpy(buffer, &value, sizeof value);
    return 2;
}

static int locale_info(const struct locale *locale, LCTYPE type, LPWSTR buffer, int size)
{
    LCTYPE plain =
        type & ~(LOCALE_NOUSEROVERRIDE | LOCALE_USE_CP_ACP | LOCALE_RETURN_NUMBER | LOCALE_RETURN_GENITIVE_NAMES);
    char scratch[64];
    const char *text;

    if (!locale || size < 0 || (size && !buffer))
        return fail(ERROR_INVALID_PARAMETER);
    if (plain == LOCALE_FONTSIGNATURE) {
        static const LOCALESIGNATURE latin = {{~0u, 0, 0, 0}, {1, 0}, {1, 0}};
        int units = sizeof latin / sizeof(WCHAR);

        if (size && size < units)
            return fail(ERROR_INSUFFICIENT_BUFFER);
        if (size)
            memcpy(buffer, &latin, sizeof latin);
        return units;
    }
    text = locale_value(locale, plain, scratch);
    if (!text)
        return fail(ERROR_INVALID_FLAGS);
    return type & LOCALE_RETURN_NUMBER ? value_as_number(text, plain, buffer, size) : copy_out(text, buffer, size);
}

int WINAPI GetLocaleInfoEx(LPCWSTR name, LCTYPE type, LPWSTR buffer, int size)
{
    return locale_info(locale_from_name(name), type, buffer, size);
}

int WINAPI GetLocaleInfoW(LCID lcid, LCTYPE type, LPWSTR buffer, int size)
{
    return locale_info(locale_from_lcid(lcid), type, buffer, size);
}

int WINAPI GetLocaleInfoA(LCID lcid, LCTYPE type, LPSTR buffer, int size)
{
    WCHAR wide[128];
    int length = GetLocaleInfoW(lcid, type, wide, 128), bytes = length;

    if (type & LOCALE_RETURN_NUMBER)
        bytes = 4;
    if (!length || !size)
        return length ? bytes : 0;
    if (size < bytes)
        return fail(ERROR_INSUFFICIENT_BUFFER);
    if (type & LOCALE_RETURN_NUMBER)
        memcpy(buffer, wide, 4);
    else
        for (int i = 0; i < length; i++)
            buffer[i] = (char)wide[i];
    return bytes;
}

BOOL WINAPI SetLocaleInfoW(LCID lcid, LCTYPE type, LPCWSTR value)
{
    (void)type, (void)value;
    return fail(locale_from_lcid(lcid) ? ERROR_ACCESS_DENIED : ERROR_INVALID_PARAMETER);
}

BOOL WINAPI SetLocaleInfoA(LCID lcid, LCTYPE type, LPCSTR value)
{
    (void)value;
    return SetLocaleInfoW(lcid, type, NULL);
}

LCID WINAPI GetUserDefaultLCID(void)
{
    return LCID_DEFAULT;
}

LCID WINAPI GetSystemDefaultLCID(void)
{
    return LCID_DEFAULT;
}

LANGID WINAPI GetUserDefaultLangID(void)
{
    return LCID_DEFAULT;
}

LANGID WINAPI GetSystemDefaultLangID(void)
{
    return LCID_DEFAULT;
}

LANGID WINAPI GetUserDefaultUILanguage(void)
{
    return LCID_DEFAULT;
}

LANGID WINAPI GetSystemDefaultUILanguage(void)
{
    return LCID_DEFAULT;
}

int WINAPI GetUserDefaultLocaleName(LPWSTR name, int size)
{
    return copy_out("en-US", name, size ? size : 1);
}

int WINAPI GetSystemDefaultLocaleName(LPWSTR name, int size)
{
    return copy_out("en-US", name, size ? size : 1);
}

LCID WINAPI GetThreadLocale(void)
{
    LCID lcid = teb_current()->CurrentLocale;

    return lcid ? lcid : LCID_DEFAULT;
}

BOOL WINAPI SetThreadLocale(LCID lcid)
{
    const struct locale *locale = locale_from_lcid(lcid);

    if (!locale)
        return fail(ERROR_INVALID_PARAMETER);
    teb_current()->CurrentLocale = locale->lcid;
    return TRUE;
}

LANGID WINAPI GetThreadUILanguage(void)
{
    return LCID_DEFAULT;
}

LANGID WINAPI SetThreadUILanguage(LANGID language)
{
    return language ? language : LCID_DEFAULT;
}

BOOL WINAPI IsValidLocale(LCID lcid, DWORD flags)
{
    (void)flags;
    return locale_from_lcid(lcid) != NULL && lcid != LOCALE_NEUTRAL;
}

BOOL WINAPI IsValidLocaleName(LPCWSTR name)
{
    return name && locale_from_name(name) != NULL;
}

LCID WINAPI LocaleNameToLCID(LPCWSTR name, DWORD flags)
{
    const struct locale *locale = locale_from_name(name);

    (void)flags;
    return locale ? locale->lcid : (LCID)fail(ERROR_INVALID_PARAMETER);
}

int WINAPI LCIDToLocaleName(LCID lcid, LPWSTR name, int size, DWORD flags)
{
    const struct locale *locale = locale_from_lcid(lcid);

    (void)flags;
    return locale ? copy_out(locale->name, name, size) : fail(ERROR_INVALID_PARAMETER);
}

/* The nearest locale that is a country's: "en" is "en-US", "en-XX" is "en-US". */
int WINAPI ResolveLocaleName(LPCWSTR name, LPWSTR resolved, int size)
{
    const struct locale *locale = locale_from_name(name), *other;
    WCHAR language[4] = {0};

    for (int i = 0; name && i < 3 && name[i] && name[i] != '-'; i++)
        language[i] = name[i];
    if (!locale)
        locale = locale_from_name(language);
    if (locale && *locale->name && locale->name[2] != '-')
        for (unsigned i = 0; (other = locale_at(i)); i++)
            if (other->name[2] == '-' && strcmp(other->iso639, locale->iso639) == 0 &&
                strcmp(other->iso3166, locale->iso3166) == 0)
                return copy_out(other->name, resolved, size);
    return copy_out(locale ? locale->name : "", resolved, size);
}

BOOL WINAPI EnumSystemLocalesEx(LOCALE_ENUMPROCEX callback, DWORD flags, LPARAM parameter, LPVOID reserved)
{
    const struct locale *locale;

    (void)flags;
    if (!callback || reserved)
        return fail(ERROR_INVALID_PARAMETER);
    for (unsigned i = 0; (locale = locale_at(i)); i++) {
        WCHAR name[16];

        name_to_wide(locale->name, name);
        if (!(BOOL)guest_call(callback, GUEST(name), locale->name[2] == '-' ? 0x22 : 0x11, GUEST(parameter), 0))
            break;
    }
    return TRUE;
}

static BOOL locales_enumerate(const void *callback, bool wide)
{
    const struct locale *locale;

    if (!callback)
        return fail(ERROR_INVALID_PARAMETER);
    for (unsigned i = 0; (locale = locale_at(i)); i++) {
        char digits[9] = "00000000";
        WCHAR name[9];

        for (int at = 0; at < 4; at++)
            digits[4 + at] = "0123456789abcdef"[locale->lcid >> (12 - 4 * at) & 15];
        name_to_wide(digits, name);
        if (locale->name[2] == '-' && !(BOOL)guest_call(callback, wide ? GUEST(name) : GUEST(digits), 0, 0, 0))
            break;
    }
    return TRUE;
}

BOOL WINAPI EnumSystemLocalesW(LOCALE_ENUMPROCW callback, DWORD flags)
{
    (void)flags;
    return locales_enumerate(callback, true);
}

BOOL WINAPI EnumSystemLocalesA(LOCALE_ENUMPROCA callback, DWORD flags)
{
    (void)flags;
    return locales_enumerate(callback, false);
}

/* One language, as a list that ends with an empty string. */
static BOOL preferred_languages(DWORD flags, PULONG count, PZZWSTR buffer, PULONG size)
{
    const char *text = flags & MUI_LANGUAGE_ID ? "0409" : "en-US";
    ULONG needed = (ULONG)strlen(text) + 2;

    if (!count || !size || (*size && !buffer))
        return fail(ERROR_INVALID_PARAMETER);
    *count = 1;
    if (buffer && *size < needed) {
        *size = needed;
        return fail(ERROR_INSUFFICIENT_BUFFER);
    }
    *size = needed;
    if (buffer) {
        name_to_wide(text, buffer);
        buffer[needed - 1] = 0;
    }
    return TRUE;
}

BOOL WINAPI GetUserPreferredUILanguages(DWORD flags, PULONG count, PZZWSTR buffer, PULONG size)
{
    return preferred_languages(flags, count, buffer, size);
}

BOOL WINAPI GetSystemPreferredUILanguages(DWORD flags, PULONG count, PZZWSTR buffer, PULONG size)
{
    return preferred_languages(flags, count, buffer, size);
}

BOOL WINAPI GetThreadPreferredUILanguages(DWORD flags, PULONG count, PZZWSTR buffer, PULONG size)
{
    return preferred_languages(flags, count, buffer, size);
}

BOOL WINAPI GetProcessPreferredUILanguages(DWORD flags, PULONG count, PZZWSTR buffer, PULONG size)
{
    return preferred_languages(flags, count, buffer, size);
}

BOOL WINAPI SetThreadPreferredUILanguages(DWORD flags, PCZZWSTR languages, PULONG count)
{
    (void)flags;
    if (count)
        *count = languages && *languages ? 1 : 0;
    return TRUE;
}

BOOL WINAPI SetProcessPreferredUILanguages(DWORD flags, PCZZWSTR languages, PULONG count)
{
    return SetThreadPreferredUILanguages(flags, languages, count);
}

GEOID WINAPI GetUserGeoID(GEOCLASS class)
{
    return class == GEOCLASS_NATION ? 244 : 39070; /* United States, world */
}

static int geo_info(GEOID location, GEOTYPE type, LPWSTR buffer, int size)
{
    const char *text = type == GEO_ISO2            ? "US"
                       : type == GEO_ISO3          ? "USA"
                       : type == GEO_NATION        ? "244"
                       : type == GEO_FRIENDLYNAME  ? "United States"
                       : type == GEO_OFFICIALNAME  ? "United States of America"
                       : type == GEO_ISO_UN_NUMBER ? "840"
                                                   : NULL;

    if (location != 244)
        return fail(ERROR_INVALID_PARAMETER);
    return text ? copy_out(text, buffer, size) : fail(ERROR_INVALID_FLAGS);
}

int WINAPI GetGeoInfoW(GEOID location, GEOTYPE type, LPWSTR buffer, int size, LANGID language)
{
    (void)language;
    return geo_info(location, type, buffer, size);
}

int WINAPI GetGeoInfoA(GEOID location, GEOTYPE type, LPSTR buffer, int size, LANGID language)
{
    WCHAR wide[64];
    int length = GetGeoInfoW(location, type, wide, 64, language);

    if (size && size < length)
        return fail(ERROR_INSUFFICIENT_BUFFER);
    for (int i = 0; size && i < length; i++)
        buffer[i] = (char)wide[i];
    return length;
}

int WINAPI GetUserDefaultGeoName(LPWSTR name, int size)
{
    return copy_out("US", name, size);
}

BOOL WINAPI GetNLSVersionEx(NLS_FUNCTION function, LPCWSTR locale, LPNLSVERSIONINFOEX info)
{
    if (function != COMPARE_STRING || !locale_from_name(locale))
        return fail(ERROR_INVALID_PARAMETER);
    info->dwNLSVersion = 0x60305;
    info->dwDefinedVersion = 0x60305;
    if (info->dwNLSVersionInfoSize >= sizeof *info) {
        info->dwEffectiveId = LCID_DEFAULT;
        memset(&info->guidCustomVersion, 0, sizeof info->guidCustomVersion);
    }
    return TRUE;
}

BOOL WINAPI IsNLSDefinedString(NLS_FUNCTION function, DWORD flags, LPNLSVERSIONINFO version, LPCWSTR text, INT length)
{
    (void)flags, (void)version;
    if (function != COMPARE_STRING)
        return fail(ERROR_INVALID_PARAMETER);
    for (INT i = 0; length < 0 ? text[i] : i < length; i++)
        if (!wide_type1(text[i]))
            return FALSE;
    return TRUE;
}
