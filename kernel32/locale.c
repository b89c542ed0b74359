/*
 * locale.c: the table of locales and their values.
 *
 * Layer: kernel32.  The user's locale is en-US whatever the host's LANG says, so that programs print the same
 * everywhere.  Names and codes differ between locales; numbers and dates are written the English way in all.
 */
#include <string.h>
#include "locale.h"
#include "ntdll/nls.h"

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

const struct locale *locale_at(unsigned index)
{
    return index < LOCALE_TOTAL ? &locales[index] : NULL;
}

static bool name_matches(const WCHAR *name, const char *known)
{
    for (; *name && *known; name++, known++)
        if (wide_lower(*name) != wide_lower((WCHAR)*known))
            return false;
    return !*name && !*known;
}

const struct locale *locale_from_name(const WCHAR *name)
{
    if (!name || name_matches(name, "!x-sys-default-locale"))
        return &locales[0];
    for (size_t i = 0; i < LOCALE_TOTAL; i++)
        if (name_matches(name, locales[i].name))
            return &locales[i];
    return NULL;
}

const struct locale *locale_from_lcid(LCID lcid)
{
    lcid &= 0xffff; /* without the sort order */
    if (lcid == LOCALE_NEUTRAL || lcid == LOCALE_USER_DEFAULT || lcid == LOCALE_SYSTEM_DEFAULT || lcid == 0x0c00)
        return &locales[0];
    for (size_t i = 0; i < LOCALE_TOTAL; i++)
        if (locales[i].lcid == lcid)
            return &locales[i];
    return NULL;
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
    {LOCALE_INEUTRAL, "0"},
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
        return locale->name[2] == '-' ? locale->iso639 : "";
    case LOCALE_SLOCALIZEDDISPLAYNAME:
    case LOCALE_SENGLISHDISPLAYNAME:
    case LOCALE_SNATIVEDISPLAYNAME:
        return locale->name[2] == '-' || !*locale->name ? display_name(locale, scratch) : locale->language;
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

const char *locale_value(const struct locale *locale, LCTYPE type, char scratch[64])
{
    const char *value = name_value(locale, type, scratch);

    if (!value)
        value = day_or_month(type, scratch);
    for (size_t i = 0; !value && i < sizeof common_values / sizeof *common_values; i++)
        if (common_values[i].type == type)
            value = common_values[i].text;
    return value;
}
