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

static int value_as_number(const WCHAR *text, LCTYPE type, LPWSTR buffer, int size)
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

/* Only types whose value is a number may be asked for as one: their names in winnls.h begin with I. */
static bool is_number(const WCHAR *text)
{
    for (; *text; text++)
        if (!((*text >= '0' && *text <= '9') || (*text >= 'a' && *text <= 'f')))
            return false;
    return true;
}

static int locale_info(const struct locale *locale, LCTYPE type, LPWSTR buffer, int size)
{
    LCTYPE plain = type & ~(LCTYPE)(LOCALE_NOUSEROVERRIDE | LOCALE_USE_CP_ACP | LOCALE_RETURN_NUMBER);
    WCHAR text[256];
    int length;

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
    length = locale_text(locale, plain, text, 255);
    if (length < 0 || length > 255)
        return fail(ERROR_INVALID_FLAGS);
    text[length++] = 0;
    if (type & LOCALE_RETURN_NUMBER)
        return is_number(text) ? value_as_number(text, plain, buffer, size) : fail(ERROR_INVALID_FLAGS);
    if (size && size < length)
        return fail(ERROR_INSUFFICIENT_BUFFER);
    if (size)
        memcpy(buffer, text, (size_t)length * sizeof *text);
    return length;
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
    WCHAR wide[256];
    int length = GetLocaleInfoW(lcid, type, wide, 256);

    if (size < 0 || (size && !buffer))
        return fail(ERROR_INVALID_PARAMETER);
    if (!length)
        return 0;
    if ((type & LOCALE_RETURN_NUMBER) || (type & 0xffff) == LOCALE_FONTSIGNATURE) {
        int bytes = length * (int)sizeof *wide;

        if (size && size < bytes)
            return fail(ERROR_INSUFFICIENT_BUFFER);
        if (size)
            memcpy(buffer, wide, (size_t)bytes);
        return bytes;
    }
    return WideCharToMultiByte(CP_ACP, 0, wide, length, buffer, size, NULL, NULL);
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
    return locale_user()->lcid;
}

LCID WINAPI GetSystemDefaultLCID(void)
{
    return LCID_DEFAULT;
}

LANGID WINAPI GetUserDefaultLangID(void)
{
    return (LANGID)GetUserDefaultLCID();
}

LANGID WINAPI GetSystemDefaultLangID(void)
{
    return LCID_DEFAULT;
}

/* Messages are in English: the system's language, and that of its interface. */
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
    return copy_out(locale_user()->name, name, size ? size : 1);
}

int WINAPI GetSystemDefaultLocaleName(LPWSTR name, int size)
{
    return copy_out("en-US", name, size ? size : 1);
}

LCID WINAPI GetThreadLocale(void)
{
    LCID lcid = teb_current()->CurrentLocale;

    return lcid ? lcid : GetUserDefaultLCID();
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
    const struct locale *locale = lcid == LOCALE_NEUTRAL ? NULL : locale_from_lcid(lcid);

    return locale && !(flags & LCID_SUPPORTED && locale_is_neutral(locale) && !(flags & LCID_INSTALLED));
}

BOOL WINAPI IsValidLocaleName(LPCWSTR name)
{
    return name && locale_from_name(name) != NULL;
}

LCID WINAPI LocaleNameToLCID(LPCWSTR name, DWORD flags)
{
    const struct locale *locale = locale_from_name(name), *whole;
    WCHAR resolved[LOCALE_NAME_MAX_LENGTH];

    if (!locale)
        return (LCID)fail(ERROR_INVALID_PARAMETER);
    if (locale_is_neutral(locale) && !(flags & LOCALE_ALLOW_NEUTRAL_NAMES) &&
        ResolveLocaleName(name, resolved, LOCALE_NAME_MAX_LENGTH) && (whole = locale_from_name(resolved)))
        return whole->lcid;
    return locale->lcid;
}

int WINAPI LCIDToLocaleName(LCID lcid, LPWSTR name, int size, DWORD flags)
{
    const struct locale *locale = locale_from_lcid(lcid);
    WCHAR neutral[LOCALE_NAME_MAX_LENGTH], whole[LOCALE_NAME_MAX_LENGTH];
    int length;

    if (!locale || size < 0)
        return fail(ERROR_INVALID_PARAMETER);
    if (!locale_is_neutral(locale) || flags & LOCALE_ALLOW_NEUTRAL_NAMES)
        return copy_out(locale->name, name, size);
    name_to_wide(locale->name, neutral);
    length = ResolveLocaleName(neutral, whole, LOCALE_NAME_MAX_LENGTH);
    if (size && size < length)
        return fail(ERROR_INSUFFICIENT_BUFFER);
    if (size)
        memcpy(name, whole, (size_t)length * sizeof *whole);
    return length;
}

/* Languages whose main country does not follow from the name. */
static const char main_countries[][6] = {"ar-SA", "cs-CZ", "da-DK", "el-GR", "en-US", "et-EE", "fa-IR", "he-IL",
                                         "hi-IN", "ja-JP", "ko-KR", "nb-NO", "pt-BR", "sl-SI", "sv-SE", "uk-UA",
                                         "vi-VN", "zh-CN", "sq-AL", "ga-IE", "ca-ES", "eu-ES", "gl-ES", "bn-IN",
                                         "ta-IN", "te-IN", "kk-KZ", "ka-GE", "hy-AM", "be-BY", "ms-MY", "ur-PK"};

/* The nearest locale that is a country's: "en" is "en-US", "de-XX" is "de-DE". */
int WINAPI ResolveLocaleName(LPCWSTR name, LPWSTR resolved, int size)
{
    const struct locale *locale = locale_from_name(name);
    WCHAR language[LOCALE_NAME_MAX_LENGTH] = {0};
    char guess[6] = "xx-XX";

    if (locale && !locale_is_neutral(locale))
        return copy_out(locale->name, resolved, size);
    for (int i = 0; name && i < LOCALE_NAME_MAX_LENGTH - 1 && name[i] && name[i] != '-'; i++)
        language[i] = wide_lower(name[i]);
    locale = locale_from_name(language);
    if (!locale || !language[0])
        return copy_out("", resolved, size);
    for (size_t i = 0; i < sizeof main_countries / sizeof *main_countries; i++)
        if ((WCHAR)main_countries[i][0] == language[0] && (WCHAR)main_countries[i][1] == language[1] && !language[2])
            return copy_out(main_countries[i], resolved, size);
    for (int i = 0; i < 2; i++) {
        guess[i] = (char)language[i];
        guess[3 + i] = (char)wide_upper(language[i]);
    }
    name_to_wide(guess, language);
    return copy_out(!locale->name[2] && locale_from_name(language) ? guess : "", resolved, size);
}

BOOL WINAPI EnumSystemLocalesEx(LOCALE_ENUMPROCEX callback, DWORD flags, LPARAM parameter, LPVOID reserved)
{
    const struct locale *locale;

    if (!callback || reserved)
        return fail(ERROR_INVALID_PARAMETER);
    for (unsigned i = 0; (locale = locale_at(i)); i++) {
        bool neutral = locale_is_neutral(locale);
        WCHAR name[LOCALE_NAME_MAX_LENGTH];

        if (flags && !(flags & LOCALE_WINDOWS) && !(flags & (neutral ? LOCALE_NEUTRALDATA : LOCALE_SPECIFICDATA)))
            continue;
        name_to_wide(locale->name, name);
        if (!(BOOL)guest_call(callback, GUEST(name),
                              LOCALE_WINDOWS | (neutral ? LOCALE_NEUTRALDATA : LOCALE_SPECIFICDATA), GUEST(parameter),
                              0))
            break;
    }
    return TRUE;
}

/* Those with a number of their own. */
static BOOL locales_enumerate(const void *callback, bool wide)
{
    const struct locale *locale;

    if (!callback)
        return fail(ERROR_INVALID_PARAMETER);
    for (unsigned i = 0; (locale = locale_at(i)); i++) {
        char digits[9] = "00000000";
        WCHAR name[9];

        if (locale_is_neutral(locale) || !*locale->name || locale->lcid == LOCALE_CUSTOM_UNSPECIFIED)
            continue;
        for (int at = 0; at < 4; at++)
            digits[4 + at] = "0123456789abcdef"[locale->lcid >> (12 - 4 * at) & 15];
        name_to_wide(digits, name);
        if (!(BOOL)guest_call(callback, wide ? GUEST(name) : GUEST(digits), 0, 0, 0))
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
