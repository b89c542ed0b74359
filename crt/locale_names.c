/*
 * locale_names.c: the names that setlocale takes: Windows' locale names, and languages and countries in English,
 * with the aliases and abbreviations of Microsoft's "Language strings" and "Country/region strings".
 *
 * Layer: crt over kernel32's list of locales.
 */
#include "crt/locale.h"

int WINAPI _stricmp(const char *, const char *);

static const struct {
    char alias[24];
    char tag[8];
} languages[] = {
    {"american", "en-US"},
    {"american english", "en-US"},
    {"american-english", "en-US"},
    {"english-american", "en-US"},
    {"english-us", "en-US"},
    {"english-usa", "en-US"},
    {"usa", "en-US"},
    {"us", "en-US"},
    {"australian", "en-AU"},
    {"english-aus", "en-AU"},
    {"canadian", "en-CA"},
    {"english-can", "en-CA"},
    {"english-nz", "en-NZ"},
    {"english-uk", "en-GB"},
    {"uk", "en-GB"},
    {"belgian", "nl-BE"},
    {"dutch-belgian", "nl-BE"},
    {"french-belgian", "fr-BE"},
    {"french-canadian", "fr-CA"},
    {"french-swiss", "fr-CH"},
    {"german-austrian", "de-AT"},
    {"german-swiss", "de-CH"},
    {"swiss", "de-CH"},
    {"italian-swiss", "it-CH"},
    {"chinese", "zh-CN"},
    {"chinese-simplified", "zh-CN"},
    {"chinese-traditional", "zh-TW"},
    {"chinese-hongkong", "zh-HK"},
    {"chinese-singapore", "zh-SG"},
    {"norwegian", "nb-NO"},
    {"norwegian-bokmal", "nb-NO"},
    {"norwegian-nynorsk", "nn-NO"},
    {"portuguese", "pt-PT"},
    {"portuguese-brazilian", "pt-BR"},
    {"spanish", "es-ES"},
    {"spanish-mexican", "es-MX"},
    {"spanish-modern", "es-ES"},
    {"irish-english", "en-IE"},
};

static const struct {
    char alias[20];
    char code[4];
} countries[] = {
    {"america", "US"},     {"united-states", "US"},
    {"us", "US"},          {"britain", "GB"},
    {"england", "GB"},     {"great britain", "GB"},
    {"uk", "GB"},          {"united-kingdom", "GB"},
    {"china", "CN"},       {"pr china", "CN"},
    {"pr-china", "CN"},    {"hong kong", "HK"},
    {"hong-kong", "HK"},   {"new zealand", "NZ"},
    {"new-zealand", "NZ"}, {"nz", "NZ"},
    {"south korea", "KR"}, {"south-korea", "KR"},
    {"korea", "KR"},       {"taiwan", "TW"},
    {"holland", "NL"},     {"czech", "CZ"},
    {"slovak", "SK"},      {"south africa", "ZA"},
    {"puerto-rico", "PR"}, {"trinidad & tobago", "TT"},
};

struct search {
    const char *language, *country; /* country NULL: any */
    const char *code;               /* of the country, from its alias */
    WCHAR *tag;
    bool found;
};

static bool has_value(const WCHAR *tag, LCTYPE type, const char *wanted)
{
    WCHAR wide[80];
    char value[240];
    return GetLocaleInfoEx(tag, type, wide, 80) &&
           WideCharToMultiByte(CP_UTF8, 0, wide, -1, value, sizeof(value), NULL, NULL) && !_stricmp(value, wanted);
}

static BOOL WINAPI consider(LPWSTR tag, DWORD flags, LPARAM parameter)
{
    struct search *search = (struct search *)parameter;
    (void)flags;
    bool hyphen = false;
    for (const WCHAR *c = tag; *c; c++)
        hyphen |= *c == '-';
    if (!hyphen || crt_wide_length(tag) >= LOCALE_TAG_SIZE)
        return TRUE;
    if (!has_value(tag, LOCALE_SENGLISHLANGUAGENAME, search->language) &&
        !has_value(tag, LOCALE_SABBREVLANGNAME, search->language) &&
        !has_value(tag, LOCALE_SISO639LANGNAME, search->language))
        return TRUE;
    if (search->country && !has_value(tag, LOCALE_SENGLISHCOUNTRYNAME, search->country) &&
        !has_value(tag, LOCALE_SABBREVCTRYNAME, search->country) &&
        !has_value(tag, LOCALE_SISO3166CTRYNAME, search->code))
        return TRUE;
    memcpy(search->tag, tag, (crt_wide_length(tag) + 1) * sizeof(WCHAR));
    search->found = true;
    return FALSE;
}

static bool find_tag(const char *name, WCHAR *tag)
{
    return strlen(name) < LOCALE_TAG_SIZE && MultiByteToWideChar(CP_UTF8, 0, name, -1, tag, LOCALE_TAG_SIZE) &&
           IsValidLocaleName(tag);
}

static bool find_language(const char *language, const char *country, WCHAR *tag)
{
    struct search search = {.language = language, .country = country, .code = country, .tag = tag};
    for (size_t i = 0; country && i < sizeof(countries) / sizeof(countries[0]); i++)
        if (!_stricmp(country, countries[i].alias))
            search.code = countries[i].code;
    /* The language's own country comes first: "german" is de-DE. */
    WCHAR neutral[LOCALE_TAG_SIZE], full[LOCALE_TAG_SIZE];
    if (strlen(language) <= 3 && find_tag(language, neutral) && ResolveLocaleName(neutral, full, LOCALE_TAG_SIZE) &&
        *full && !consider(full, 0, (LPARAM)&search))
        return true;
    EnumSystemLocalesEx(consider, LOCALE_WINDOWS, (LPARAM)&search, NULL);
    if (search.found && !country) { /* the same for a name in English: "french" is fr-FR */
        size_t length = 0;
        for (; tag[length] && tag[length] != '-'; length++)
            neutral[length] = tag[length];
        neutral[length] = 0;
        if (ResolveLocaleName(neutral, full, LOCALE_TAG_SIZE) && *full)
            consider(full, 0, (LPARAM)&search);
    }
    return search.found;
}

bool locale_find(const char *language, const char *country, WCHAR tag[LOCALE_TAG_SIZE])
{
    if (!country && strchr(language, '-') && find_tag(language, tag))
        return true;
    for (size_t i = 0; i < sizeof(languages) / sizeof(languages[0]); i++)
        if (!_stricmp(language, languages[i].alias)) {
            if (!country)
                return find_tag(languages[i].tag, tag);
            char plain[4] = {languages[i].tag[0], languages[i].tag[1]};
            return find_language(plain, country, tag);
        }
    return find_language(language, country, tag);
}
