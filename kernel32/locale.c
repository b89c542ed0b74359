/*
 * locale.c: locales and their values.
 *
 * Layer: kernel32.  American English and the invariant locale, which nearly all programs use, are answered from
 * tables here, and so are the names of the most common ones; everything else comes from ICU through ntdll's plug-in.
 */
#include <stdatomic.h>
#include <string.h>
#include "locale.h"
#include "ntdll/nls.h"
#include "ntdll/nls_plugin.h"

static const struct locale locales[] = {
    {0x0409, "en-US", "English", "United States", "en", "US", "ENU", {"eng", "USA"}},
    {0x007f, "", "Invariant Language", "Invariant Country", "iv", "IV", "IVL", {"ivl", "IVC"}},
    {0x0009, "en", "English", "United States", "en", "US", "ENU", {"eng", "USA"}},
    {0x0401, "ar-SA", "Arabic", "Saudi Arabia", "ar", "SA", "ARA", {"ara", "SAU"}},
    {0x0804, "zh-CN", "Chinese", "China", "zh", "CN", "CHS", {"zho", "CHN"}},
    {0x0404, "zh-TW", "Chinese", "Taiwan", "zh", "TW", "CHT", {"zho", "TWN"}},
    {0x0405, "cs-CZ", "Czech", "Czechia", "cs", "CZ", "CSY", {"ces", "CZE"}},
    {0x0406, "da-DK", "Danish", "Denmark", "da", "DK", "DAN", {"dan", "DNK"}},
    {0x0413, "nl-NL", "Dutch", "Netherlands", "nl", "NL", "NLD", {"nld", "NLD"}},
    {0x0c09, "en-AU", "English", "Australia", "en", "AU", "ENA", {"eng", "AUS"}},
    {0x1009, "en-CA", "English", "Canada", "en", "CA", "ENC", {"eng", "CAN"}},
    {0x0809, "en-GB", "English", "United Kingdom", "en", "GB", "ENG", {"eng", "GBR"}},
    {0x040b, "fi-FI", "Finnish", "Finland", "fi", "FI", "FIN", {"fin", "FIN"}},
    {0x000c, "fr", "French", "France", "fr", "FR", "FRA", {"fra", "FRA"}},
    {0x0c0c, "fr-CA", "French", "Canada", "fr", "CA", "FRC", {"fra", "CAN"}},
    {0x040c, "fr-FR", "French", "France", "fr", "FR", "FRA", {"fra", "FRA"}},
    {0x0007, "de", "German", "Germany", "de", "DE", "DEU", {"deu", "DEU"}},
    {0x0c07, "de-AT", "German", "Austria", "de", "AT", "DEA", {"deu", "AUT"}},
    {0x0807, "de-CH", "German", "Switzerland", "de", "CH", "DES", {"deu", "CHE"}},
    {0x0407, "de-DE", "German", "Germany", "de", "DE", "DEU", {"deu", "DEU"}},
    {0x0408, "el-GR", "Greek", "Greece", "el", "GR", "ELL", {"ell", "GRC"}},
    {0x040d, "he-IL", "Hebrew", "Israel", "he", "IL", "HEB", {"heb", "ISR"}},
    {0x0439, "hi-IN", "Hindi", "India", "hi", "IN", "HIN", {"hin", "IND"}},
    {0x040e, "hu-HU", "Hungarian", "Hungary", "hu", "HU", "HUN", {"hun", "HUN"}},
    {0x0410, "it-IT", "Italian", "Italy", "it", "IT", "ITA", {"ita", "ITA"}},
    {0x0011, "ja", "Japanese", "Japan", "ja", "JP", "JPN", {"jpn", "JPN"}},
    {0x0411, "ja-JP", "Japanese", "Japan", "ja", "JP", "JPN", {"jpn", "JPN"}},
    {0x0412, "ko-KR", "Korean", "Korea", "ko", "KR", "KOR", {"kor", "KOR"}},
    {0x0414, "nb-NO", "Norwegian Bokmal", "Norway", "nb", "NO", "NOR", {"nob", "NOR"}},
    {0x0415, "pl-PL", "Polish", "Poland", "pl", "PL", "PLK", {"pol", "POL"}},
    {0x0416, "pt-BR", "Portuguese", "Brazil", "pt", "BR", "PTB", {"por", "BRA"}},
    {0x0816, "pt-PT", "Portuguese", "Portugal", "pt", "PT", "PTG", {"por", "PRT"}},
    {0x0418, "ro-RO", "Romanian", "Romania", "ro", "RO", "ROM", {"ron", "ROU"}},
    {0x0419, "ru-RU", "Russian", "Russia", "ru", "RU", "RUS", {"rus", "RUS"}},
    {0x0c0a, "es-ES", "Spanish", "Spain", "es", "ES", "ESN", {"spa", "ESP"}},
    {0x080a, "es-MX", "Spanish", "Mexico", "es", "MX", "ESM", {"spa", "MEX"}},
    {0x041d, "sv-SE", "Swedish", "Sweden", "sv", "SE", "SVE", {"swe", "SWE"}},
    {0x041e, "th-TH", "Thai", "Thailand", "th", "TH", "THA", {"tha", "THA"}},
    {0x041f, "tr-TR", "Turkish", "Turkey", "tr", "TR", "TRK", {"tur", "TUR"}},
    {0x0422, "uk-UA", "Ukrainian", "Ukraine", "uk", "UA", "UKR", {"ukr", "UKR"}},
    {0x042a, "vi-VN", "Vietnamese", "Vietnam", "vi", "VN", "VIT", {"vie", "VNM"}},
};

#define LOCALE_TOTAL (sizeof locales / sizeof *locales)

/* Locales that are not in the table, made when a program first names them; never freed. */
struct made_locale {
    struct made_locale *next;
    struct locale locale;
};

static _Atomic(struct made_locale *) made_first;

static bool names_equal(const char *a, const char *b)
{
    for (; *a && *b; a++, b++)
        if (wide_lower((WCHAR)(BYTE)*a) != wide_lower((WCHAR)(BYTE)*b))
            return false;
    return *a == *b;
}

/* "DE-de" as "de-DE", "SR-latn-rs" as "sr-Latn-RS". */
static void name_normalize(const char *name, char *out)
{
    size_t part = 0;

    for (size_t at = 0, start = 0; part < 4; at++) {
        if (name[at] && name[at] != '-')
            continue;
        for (size_t i = start; i < at; i++) {
            bool upper = part > 0 && (at - start == 2 || (at - start == 4 && i == start));

            out[i] = (char)(upper ? wide_upper((WCHAR)name[i]) : wide_lower((WCHAR)name[i]));
        }
        out[at] = name[at];
        if (!name[at])
            return;
        start = at + 1;
        part++;
    }
}

static void text_value(const char *name, LCTYPE type, char *out, size_t room)
{
    WCHAR wide[80];
    int length = nls_plugin()->locale_text(name, type, wide, 80);

    for (int i = 0; i < length && (size_t)i + 1 < room; i++)
        out[i] = (char)wide[i];
}

static const struct locale *locale_make(const char *name)
{
    const struct nls_plugin *plugin = nls_plugin();
    struct made_locale *made;

    for (made = atomic_load(&made_first); made; made = made->next)
        if (names_equal(made->locale.name, name))
            return &made->locale;
    if (!plugin || strlen(name) >= sizeof made->locale.name || !plugin->locale_known(name))
        return NULL;
    made = RtlAllocateHeap(peb_current()->ProcessHeap, HEAP_ZERO_MEMORY, sizeof *made);
    if (!made)
        return NULL;
    name_normalize(name, made->locale.name);
    made->locale.lcid = plugin->locale_id(name);
    if (!made->locale.lcid)
        made->locale.lcid = LOCALE_CUSTOM_UNSPECIFIED;
    text_value(name, LOCALE_SENGLISHLANGUAGENAME, made->locale.language, sizeof made->locale.language);
    text_value(name, LOCALE_SENGLISHCOUNTRYNAME, made->locale.country, sizeof made->locale.country);
    text_value(name, LOCALE_SISO639LANGNAME, made->locale.iso639, sizeof made->locale.iso639);
    text_value(name, LOCALE_SISO3166CTRYNAME, made->locale.iso3166, sizeof made->locale.iso3166);
    text_value(name, LOCALE_SABBREVLANGNAME, made->locale.abbreviated, sizeof made->locale.abbreviated);
    text_value(name, LOCALE_SISO639LANGNAME2, made->locale.three[0], sizeof made->locale.three[0]);
    text_value(name, LOCALE_SISO3166CTRYNAME2, made->locale.three[1], sizeof made->locale.three[1]);
    made->next = atomic_load(&made_first);
    while (!atomic_compare_exchange_weak(&made_first, &made->next, made))
        ;
    return &made->locale;
}

static const struct locale *locale_from_text(const char *name)
{
    for (size_t i = 0; i < LOCALE_TOTAL; i++)
        if (names_equal(name, locales[i].name))
            return &locales[i];
    return locale_make(name);
}

const struct locale *locale_user(void)
{
    static _Atomic(const struct locale *) user;
    const struct locale *found = atomic_load(&user);

    if (!found) {
        found = locale_from_text(nls_user_locale());
        atomic_store(&user, found ? found : &locales[0]);
        found = atomic_load(&user);
    }
    return found;
}

/* Nothing else stands in a name; the C runtime's ("German_Germany.1252") are asked for and are none. */
static bool name_character(WCHAR c)
{
    return (c >= '0' && c <= '9') || (wide_lower(c) >= 'a' && wide_lower(c) <= 'z') || c == '-' || c == '_';
}

const struct locale *locale_from_name(const WCHAR *name)
{
    char text[LOCALE_NAME_MAX_LENGTH];
    bool plain = true;
    size_t length = 0;

    if (!name)
        return locale_user();
    for (; name[length]; length++) {
        if (length >= sizeof text - 1 || name[length] >= 0x80)
            return NULL;
        plain = plain && name_character(name[length]);
        text[length] = (char)name[length];
    }
    text[length] = 0;
    if (names_equal(text, "!x-sys-default-locale"))
        return &locales[0];
    return plain ? locale_from_text(text) : NULL;
}

const struct locale *locale_from_lcid(LCID lcid)
{
    char name[LOCALE_NAME_MAX_LENGTH];

    if (lcid == LOCALE_NEUTRAL || lcid == LOCALE_USER_DEFAULT || lcid == LOCALE_CUSTOM_DEFAULT)
        return locale_user();
    if (lcid == LOCALE_SYSTEM_DEFAULT)
        return &locales[0];
    for (size_t i = 0; i < LOCALE_TOTAL; i++)
        if (locales[i].lcid == (lcid & 0xffff))
            return &locales[i];
    if (lcid == LOCALE_CUSTOM_UNSPECIFIED || lcid >= 0x100000 || !nls_plugin())
        return NULL;
    return nls_plugin()->locale_name(lcid & 0xffff, name, sizeof name) ? locale_from_text(name) : NULL;
}

const struct locale *locale_at(unsigned index)
{
    char name[LOCALE_NAME_MAX_LENGTH];

    if (!nls_plugin())
        return index < LOCALE_TOTAL ? &locales[index] : NULL;
    if (index == 0)
        return &locales[1]; /* the invariant one */
    return nls_plugin()->locale_at(index - 1, name, sizeof name) ? locale_from_text(name) : NULL;
}

bool locale_is_neutral(const struct locale *locale)
{
    const char *dash = strrchr(locale->name, '-');

    return *locale->name && (!dash || strlen(dash + 1) == 4);
}

/* Values that are the same everywhere. */
static const struct {
    WORD type;
    char text[28];
} common_values[] = {
    {LOCALE_SLIST, ","},
    {LOCALE_IMEASURE, "1"},
    {LOCALE_SDECIMAL, "."},
    {LOCALE_STHOUSAND, ","},
    {LOCALE_SGROUPING, "3;0"},
    {LOCALE_IDIGITS, "2"},
    {LOCALE_ILZERO, "1"},
    {LOCALE_INEGNUMBER, "1"},
    {LOCALE_SNATIVEDIGITS, "0123456789"},
    {LOCALE_IDIGITSUBSTITUTION, "1"},
    {LOCALE_SCURRENCY, "$"},
    {LOCALE_SINTLSYMBOL, "USD"},
    {LOCALE_SMONDECIMALSEP, "."},
    {LOCALE_SMONTHOUSANDSEP, ","},
    {LOCALE_SMONGROUPING, "3;0"},
    {LOCALE_ICURRDIGITS, "2"},
    {LOCALE_IINTLCURRDIGITS, "2"},
    {LOCALE_ICURRENCY, "0"},
    {LOCALE_INEGCURR, "0"},
    {LOCALE_SDATE, "/"},
    {LOCALE_STIME, ":"},
    {LOCALE_SSHORTDATE, "M/d/yyyy"},
    {LOCALE_SLONGDATE, "dddd, MMMM d, yyyy"},
    {LOCALE_STIMEFORMAT, "h:mm:ss tt"},
    {LOCALE_SSHORTTIME, "h:mm tt"},
    {LOCALE_SYEARMONTH, "MMMM yyyy"},
    {LOCALE_SMONTHDAY, "MMMM d"},
    {LOCALE_IDATE, "0"},
    {LOCALE_ILDATE, "0"},
    {LOCALE_ITIME, "0"},
    {LOCALE_ICENTURY, "1"},
    {LOCALE_ITLZERO, "0"},
    {LOCALE_IDAYLZERO, "0"},
    {LOCALE_IMONLZERO, "0"},
    {LOCALE_ITIMEMARKPOSN, "0"},
    {LOCALE_S1159, "AM"},
    {LOCALE_S2359, "PM"},
    {LOCALE_ICALENDARTYPE, "1"},
    {LOCALE_IOPTIONALCALENDAR, "0"},
    {LOCALE_IFIRSTDAYOFWEEK, "6"},
    {LOCALE_IFIRSTWEEKOFYEAR, "0"},
    {LOCALE_SPOSITIVESIGN, ""},
    {LOCALE_SNEGATIVESIGN, "-"},
    {LOCALE_IPOSSIGNPOSN, "3"},
    {LOCALE_INEGSIGNPOSN, "0"},
    {LOCALE_IPOSSYMPRECEDES, "1"},
    {LOCALE_IPOSSEPBYSPACE, "0"},
    {LOCALE_INEGSYMPRECEDES, "1"},
    {LOCALE_INEGSEPBYSPACE, "0"},
    {LOCALE_IPAPERSIZE, "1"},
    {LOCALE_IREADINGLAYOUT, "0"},
    {LOCALE_INEGATIVEPERCENT, "1"},
    {LOCALE_IPOSITIVEPERCENT, "1"},
    {LOCALE_SPERCENT, "%"},
    {LOCALE_SNAN, "NaN"},
    {LOCALE_SPOSINFINITY, "Infinity"},
    {LOCALE_SNEGINFINITY, "-Infinity"},
    {LOCALE_SSORTNAME, "Default"},
    {LOCALE_SENGCURRNAME, "US Dollar"},
    {LOCALE_SNATIVECURRNAME, "US Dollar"},
    {LOCALE_IDEFAULTANSICODEPAGE, "1252"},
    {LOCALE_IDEFAULTCODEPAGE, "437"},
    {LOCALE_IDEFAULTMACCODEPAGE, "10000"},
    {LOCALE_IDEFAULTEBCDICCODEPAGE, "037"},
    {LOCALE_ICOUNTRY, "1"},
    {LOCALE_IDEFAULTCOUNTRY, "1"},
    {LOCALE_IGEOID, "244"},
};

/* What the invariant locale has otherwise. */
static const struct {
    WORD type;
    char text[28];
} invariant_values[] = {
    {LOCALE_SSHORTDATE, "MM/dd/yyyy"},
    {LOCALE_SLONGDATE, "dddd, dd MMMM yyyy"},
    {LOCALE_STIMEFORMAT, "HH:mm:ss"},
    {LOCALE_SSHORTTIME, "HH:mm"},
    {LOCALE_SYEARMONTH, "yyyy MMMM"},
    {LOCALE_SMONTHDAY, "MMMM dd"},
    {LOCALE_IMEASURE, "0"},
    {LOCALE_ITIME, "1"},
    {LOCALE_ITLZERO, "1"},
    {LOCALE_IDAYLZERO, "1"},
    {LOCALE_IMONLZERO, "1"},
    {LOCALE_ILDATE, "1"},
    {LOCALE_SCURRENCY, "\xa4"},
    {LOCALE_SINTLSYMBOL, "XDR"},
    {LOCALE_SENGCURRNAME, "International Monetary Fund"},
    {LOCALE_SNATIVECURRNAME, "International Monetary Fund"},
    {LOCALE_IPAPERSIZE, "9"},
    {LOCALE_IGEOID, "39070"},
};

static const char day_names[7][10] = {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"};
static const char month_names[13][10] = {"January", "February",  "March",   "April",    "May",      "June", "July",
                                         "August",  "September", "October", "November", "December", ""};

static const char *shorten(const char *name, size_t length, char scratch[64])
{
    memcpy(scratch, name, length);
    scratch[strlen(name) < length ? strlen(name) : length] = 0;
    return scratch;
}

static const char *day_or_month(LCTYPE type, char scratch[64])
{
    if (type >= LOCALE_SDAYNAME1 && type <= LOCALE_SDAYNAME7)
        return day_names[type - LOCALE_SDAYNAME1];
    if (type >= LOCALE_SABBREVDAYNAME1 && type <= LOCALE_SABBREVDAYNAME7)
        return shorten(day_names[type - LOCALE_SABBREVDAYNAME1], 3, scratch);
    if (type >= LOCALE_SSHORTESTDAYNAME1 && type <= LOCALE_SSHORTESTDAYNAME7)
        return shorten(day_names[type - LOCALE_SSHORTESTDAYNAME1], 2, scratch);
    if (type >= LOCALE_SMONTHNAME1 && type <= LOCALE_SMONTHNAME12)
        return month_names[type - LOCALE_SMONTHNAME1];
    if (type >= LOCALE_SABBREVMONTHNAME1 && type <= LOCALE_SABBREVMONTHNAME12)
        return shorten(month_names[type - LOCALE_SABBREVMONTHNAME1], 3, scratch);
    return type == LOCALE_SMONTHNAME13 || type == LOCALE_SABBREVMONTHNAME13 ? "" : NULL;
}

/* "English (United States)" */
static const char *display_name(const struct locale *locale, char scratch[64])
{
    size_t length = strlen(locale->language);

    memcpy(scratch, locale->language, length);
    memcpy(scratch + length, " (", 2);
    memcpy(scratch + length + 2, locale->country, strlen(locale->country));
    memcpy(scratch + length + 2 + strlen(locale->country), ")", 2);
    return scratch;
}

static const char *lcid_text(LCID lcid, char scratch[64])
{
    for (int i = 0; i < 4; i++)
        scratch[i] = "0123456789abcdef"[lcid >> (12 - 4 * i) & 15];
    scratch[4] = 0;
    return scratch;
}

/* "sr-Latn" of "sr-Latn-RS", "" of "sr". */
static const char *parent_name(const char *name, char scratch[64])
{
    const char *dash = strrchr(name, '-');
    size_t length = dash ? (size_t)(dash - name) : 0;

    memcpy(scratch, name, length);
    scratch[length] = 0;
    return scratch;
}

static const char *name_value(const struct locale *locale, LCTYPE type, char scratch[64])
{
    switch (type) {
    case LOCALE_ILANGUAGE:
    case LOCALE_IDEFAULTLANGUAGE:
        return lcid_text(locale->lcid, scratch);
    case LOCALE_SNAME:
    case LOCALE_SCONSOLEFALLBACKNAME:
        return locale->name;
    case LOCALE_SPARENT:
        return parent_name(locale->name, scratch);
    case LOCALE_INEUTRAL:
        return locale_is_neutral(locale) ? "1" : "0";
    case LOCALE_SLOCALIZEDDISPLAYNAME:
    case LOCALE_SENGLISHDISPLAYNAME:
    case LOCALE_SNATIVEDISPLAYNAME:
        return locale_is_neutral(locale) ? locale->language : display_name(locale, scratch);
    case LOCALE_SENGLISHLANGUAGENAME:
    case LOCALE_SLOCALIZEDLANGUAGENAME:
    case LOCALE_SNATIVELANGUAGENAME:
        return locale->language;
    case LOCALE_SENGLISHCOUNTRYNAME:
    case LOCALE_SLOCALIZEDCOUNTRYNAME:
    case LOCALE_SNATIVECOUNTRYNAME:
        return locale->country;
    case LOCALE_SABBREVLANGNAME:
        return locale->abbreviated;
    case LOCALE_SABBREVCTRYNAME:
    case LOCALE_SISO3166CTRYNAME2:
        return locale->three[1];
    case LOCALE_SISO639LANGNAME:
        return locale->iso639;
    case LOCALE_SISO639LANGNAME2:
        return locale->three[0];
    case LOCALE_SISO3166CTRYNAME:
        return locale->iso3166;
    default:
        return NULL;
    }
}

/* Values of American English and the invariant locale, and what is the same in all. */
static const char *plain_value(const struct locale *locale, LCTYPE type, char scratch[64])
{
    const char *value = name_value(locale, type, scratch);

    if (!value)
        value = day_or_month(type, scratch);
    if (!value && !*locale->name)
        for (size_t i = 0; !value && i < sizeof invariant_values / sizeof *invariant_values; i++)
            if (invariant_values[i].type == type)
                return invariant_values[i].text;
    for (size_t i = 0; !value && i < sizeof common_values / sizeof *common_values; i++)
        if (common_values[i].type == type)
            value = common_values[i].text;
    return value;
}

/* In these ICU has no part. */
static bool is_ours(LCTYPE type)
{
    switch (type) {
    case LOCALE_ILANGUAGE:
    case LOCALE_IDEFAULTLANGUAGE:
    case LOCALE_SNAME:
    case LOCALE_SPARENT:
    case LOCALE_INEUTRAL:
    case LOCALE_SABBREVLANGNAME:
    case LOCALE_SCONSOLEFALLBACKNAME:
        return true;
    default:
        return false;
    }
}

int locale_text(const struct locale *locale, LCTYPE type, WCHAR *out, int room)
{
    bool american = !*locale->name || strcmp(locale->abbreviated, "ENU") == 0;
    LCTYPE plain = type & ~(LCTYPE)LOCALE_RETURN_GENITIVE_NAMES;
    char scratch[64];
    const char *value;
    int length = -1;

    if (!american && !is_ours(plain) && nls_plugin())
        length = nls_plugin()->locale_text(locale->name, type, out, room);
    if (length >= 0)
        return length;
    value = plain_value(locale, plain, scratch);
    if (!value)
        return -1;
    for (length = 0; value[length]; length++)
        if (length < room)
            out[length] = (WCHAR)(BYTE)value[length];
    return length;
}
