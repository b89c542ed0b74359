/* Do locales have their names, numbers and values, and are dates, times, numbers and money written by them? */
#include "check.h"

#define COUNT(table) (sizeof table / sizeof *table)

static void check_wide(const WCHAR *a, const WCHAR *b, const WCHAR *about, int line)
{
    check_count++;
    if (wcscmp(a, b) != 0) {
        check_failed++;
        printf("line %d: %ls: is \"%ls\", expected \"%ls\"\n", line, about, a, b);
    }
}

static const struct {
    LCID lcid;
    const WCHAR *name;
} names[] = {
    {0x0409, L"en-US"}, {0x0809, L"en-GB"}, {0x0407, L"de-DE"}, {0x0807, L"de-CH"}, {0x0c07, L"de-AT"},
    {0x040c, L"fr-FR"}, {0x0c0c, L"fr-CA"}, {0x0410, L"it-IT"}, {0x0c0a, L"es-ES"}, {0x080a, L"es-MX"},
    {0x0411, L"ja-JP"}, {0x0412, L"ko-KR"}, {0x0804, L"zh-CN"}, {0x0404, L"zh-TW"}, {0x0c04, L"zh-HK"},
    {0x0419, L"ru-RU"}, {0x0422, L"uk-UA"}, {0x0415, L"pl-PL"}, {0x0405, L"cs-CZ"}, {0x041b, L"sk-SK"},
    {0x040e, L"hu-HU"}, {0x0418, L"ro-RO"}, {0x0402, L"bg-BG"}, {0x041a, L"hr-HR"}, {0x0424, L"sl-SI"},
    {0x041f, L"tr-TR"}, {0x0408, L"el-GR"}, {0x040d, L"he-IL"}, {0x0401, L"ar-SA"}, {0x0c01, L"ar-EG"},
    {0x0429, L"fa-IR"}, {0x0439, L"hi-IN"}, {0x041e, L"th-TH"}, {0x042a, L"vi-VN"}, {0x0421, L"id-ID"},
    {0x0413, L"nl-NL"}, {0x0813, L"nl-BE"}, {0x041d, L"sv-SE"}, {0x0406, L"da-DK"}, {0x0414, L"nb-NO"},
    {0x040b, L"fi-FI"}, {0x040f, L"is-IS"}, {0x0425, L"et-EE"}, {0x0426, L"lv-LV"}, {0x0427, L"lt-LT"},
    {0x0416, L"pt-BR"}, {0x0816, L"pt-PT"}, {0x0403, L"ca-ES"}, {0x042d, L"eu-ES"}, {0x0c09, L"en-AU"},
};

static const struct {
    const WCHAR *locale;
    LCTYPE type;
    const WCHAR *value;
} values[] = {
    {L"en-US", LOCALE_SDECIMAL, L"."},
    {L"en-US", LOCALE_STHOUSAND, L","},
    {L"en-US", LOCALE_SSHORTDATE, L"M/d/yyyy"},
    {L"en-US", LOCALE_SLONGDATE, L"dddd, MMMM d, yyyy"},
    {L"en-US", LOCALE_STIMEFORMAT, L"h:mm:ss tt"},
    {L"en-US", LOCALE_SDAYNAME1, L"Monday"},
    {L"en-US", LOCALE_SDAYNAME7, L"Sunday"},
    {L"en-US", LOCALE_SABBREVDAYNAME1, L"Mon"},
    {L"en-US", LOCALE_SMONTHNAME1, L"January"},
    {L"en-US", LOCALE_SABBREVMONTHNAME12, L"Dec"},
    {L"en-US", LOCALE_SISO639LANGNAME, L"en"},
    {L"en-US", LOCALE_SISO3166CTRYNAME, L"US"},
    {L"en-US", LOCALE_SABBREVLANGNAME, L"ENU"},
    {L"en-US", LOCALE_SENGLANGUAGE, L"English"},
    {L"en-US", LOCALE_SENGCOUNTRY, L"United States"},
    {L"en-US", LOCALE_SINTLSYMBOL, L"USD"},
    {L"en-US", LOCALE_SCURRENCY, L"$"},
    {L"en-US", LOCALE_SLIST, L","},
    {L"en-US", LOCALE_SGROUPING, L"3;0"},
    {L"en-US", LOCALE_S1159, L"AM"},
    {L"en-US", LOCALE_S2359, L"PM"},
    {L"en-US", LOCALE_IDEFAULTANSICODEPAGE, L"1252"},
    {L"en-US", LOCALE_IDEFAULTCODEPAGE, L"437"},
    {L"en-US", LOCALE_IMEASURE, L"1"},
    {L"en-US", LOCALE_IFIRSTDAYOFWEEK, L"6"},
    {L"en-US", LOCALE_SPARENT, L"en"},
    {L"en-US", LOCALE_SISO639LANGNAME2, L"eng"},
    {L"en-US", LOCALE_SISO3166CTRYNAME2, L"USA"},
    {L"de-DE", LOCALE_SDECIMAL, L","},
    {L"de-DE", LOCALE_STHOUSAND, L"."},
    {L"de-DE", LOCALE_SLIST, L";"},
    {L"de-DE", LOCALE_SSHORTDATE, L"dd.MM.yyyy"},
    {L"de-DE", LOCALE_SLONGDATE, L"dddd, d. MMMM yyyy"},
    {L"de-DE", LOCALE_STIMEFORMAT, L"HH:mm:ss"},
    {L"de-DE", LOCALE_SDAYNAME1, L"Montag"},
    {L"de-DE", LOCALE_SMONTHNAME3, L"M\xe4rz"},
    {L"de-DE", LOCALE_SABBREVDAYNAME7, L"So"},
    {L"de-DE", LOCALE_SINTLSYMBOL, L"EUR"},
    {L"de-DE", LOCALE_SCURRENCY, L"\x20ac"},
    {L"de-DE", LOCALE_ICURRENCY, L"3"},
    {L"de-DE", LOCALE_INEGCURR, L"8"},
    {L"de-DE", LOCALE_IMEASURE, L"0"},
    {L"de-DE", LOCALE_IFIRSTDAYOFWEEK, L"0"},
    {L"de-DE", LOCALE_IDEFAULTANSICODEPAGE, L"1252"},
    {L"de-DE", LOCALE_IDEFAULTCODEPAGE, L"850"},
    {L"de-DE", LOCALE_ITIME, L"1"},
    {L"de-DE", LOCALE_IDATE, L"1"},
    {L"de-DE", LOCALE_SENGLANGUAGE, L"German"},
    {L"de-DE", LOCALE_SENGCOUNTRY, L"Germany"},
    {L"de-DE", LOCALE_SNATIVELANGNAME, L"Deutsch"},
    {L"de-DE", LOCALE_SNATIVECTRYNAME, L"Deutschland"},
    {L"de-DE", LOCALE_IPAPERSIZE, L"9"},
    {L"de-DE", LOCALE_ICOUNTRY, L"49"},
    {L"fr-FR", LOCALE_SDECIMAL, L","},
    {L"fr-FR", LOCALE_SDAYNAME1, L"lundi"},
    {L"fr-FR", LOCALE_SMONTHNAME8, L"ao\xfbt"},
    {L"fr-FR", LOCALE_SSHORTDATE, L"dd/MM/yyyy"},
    {L"fr-FR", LOCALE_SLONGDATE, L"dddd d MMMM yyyy"},
    {L"fr-FR", LOCALE_SISO639LANGNAME2, L"fra"},
    {L"en-GB", LOCALE_SSHORTDATE, L"dd/MM/yyyy"},
    {L"en-GB", LOCALE_SLONGDATE, L"dd MMMM yyyy"},
    {L"en-GB", LOCALE_STIMEFORMAT, L"HH:mm:ss"},
    {L"en-GB", LOCALE_SCURRENCY, L"\xa3"},
    {L"en-GB", LOCALE_SINTLSYMBOL, L"GBP"},
    {L"en-GB", LOCALE_SABBREVLANGNAME, L"ENG"},
    {L"en-GB", LOCALE_IFIRSTDAYOFWEEK, L"0"},
    {L"ja-JP", LOCALE_SDAYNAME1, L"\x6708\x66dc\x65e5"},
    {L"ja-JP", LOCALE_SSHORTDATE, L"yyyy/MM/dd"},
    {L"ja-JP", LOCALE_IDEFAULTANSICODEPAGE, L"932"},
    {L"ja-JP", LOCALE_IDATE, L"2"},
    {L"ja-JP", LOCALE_ICURRDIGITS, L"0"},
    {L"zh-CN", LOCALE_IDEFAULTANSICODEPAGE, L"936"},
    {L"zh-TW", LOCALE_IDEFAULTANSICODEPAGE, L"950"},
    {L"ko-KR", LOCALE_IDEFAULTANSICODEPAGE, L"949"},
    {L"ru-RU", LOCALE_IDEFAULTANSICODEPAGE, L"1251"},
    {L"ru-RU", LOCALE_IDEFAULTCODEPAGE, L"866"},
    {L"ru-RU", LOCALE_SDAYNAME1, L"\x43f\x43e\x43d\x435\x434\x435\x43b\x44c\x43d\x438\x43a"},
    {L"pl-PL", LOCALE_IDEFAULTANSICODEPAGE, L"1250"},
    {L"tr-TR", LOCALE_IDEFAULTANSICODEPAGE, L"1254"},
    {L"el-GR", LOCALE_IDEFAULTANSICODEPAGE, L"1253"},
    {L"he-IL", LOCALE_IDEFAULTANSICODEPAGE, L"1255"},
    {L"ar-SA", LOCALE_IDEFAULTANSICODEPAGE, L"1256"},
    {L"lt-LT", LOCALE_IDEFAULTANSICODEPAGE, L"1257"},
    {L"vi-VN", LOCALE_IDEFAULTANSICODEPAGE, L"1258"},
    {L"th-TH", LOCALE_IDEFAULTANSICODEPAGE, L"874"},
    {L"he-IL", LOCALE_IREADINGLAYOUT, L"1"},
    {L"hi-IN", LOCALE_SGROUPING, L"3;2;0"},
    {L"", LOCALE_SDECIMAL, L"."},
    {L"", LOCALE_SSHORTDATE, L"MM/dd/yyyy"},
    {L"", LOCALE_SLONGDATE, L"dddd, dd MMMM yyyy"},
    {L"", LOCALE_STIMEFORMAT, L"HH:mm:ss"},
    {L"", LOCALE_SMONTHNAME1, L"January"},
};

static void check_names(void)
{
    WCHAR name[LOCALE_NAME_MAX_LENGTH];

    for (size_t i = 0; i < COUNT(names); i++) {
        CHECK_EQ(LocaleNameToLCID(names[i].name, 0), names[i].lcid);
        CHECK_EQ(LCIDToLocaleName(names[i].lcid, name, LOCALE_NAME_MAX_LENGTH, 0), wcslen(names[i].name) + 1);
        check_wide(name, names[i].name, names[i].name, __LINE__);
        CHECK(IsValidLocaleName(names[i].name));
        CHECK(IsValidLocale(names[i].lcid, LCID_INSTALLED));
    }
    CHECK_ERROR(LocaleNameToLCID(L"xx-YY-zz", 0), ERROR_INVALID_PARAMETER);
    CHECK(!IsValidLocaleName(L"no locale"));
    CHECK_EQ(LocaleNameToLCID(L"", 0), LOCALE_INVARIANT);
    CHECK_ERROR(LCIDToLocaleName(0x0409, name, 2, 0), ERROR_INSUFFICIENT_BUFFER);
    CHECK_EQ(LocaleNameToLCID(L"DE-de", 0), 0x0407);
    CHECK_EQ(ResolveLocaleName(L"en-US", name, LOCALE_NAME_MAX_LENGTH), 6);
    CHECK_EQ(ResolveLocaleName(L"de", name, LOCALE_NAME_MAX_LENGTH), 6);
    check_wide(name, L"de-DE", L"de", __LINE__);
}

static void check_values(void)
{
    WCHAR value[128];
    DWORD number = 0;

    for (size_t i = 0; i < COUNT(values); i++) {
        int length = (int)wcslen(values[i].value) + 1;

        CHECK_EQ(GetLocaleInfoEx(values[i].locale, values[i].type, NULL, 0), length);
        value[0] = 0;
        CHECK_EQ(GetLocaleInfoEx(values[i].locale, values[i].type, value, 128), length);
        check_wide(value, values[i].value, values[i].locale, __LINE__);
    }
    CHECK_EQ(GetLocaleInfoEx(L"de-DE", LOCALE_IDEFAULTANSICODEPAGE | LOCALE_RETURN_NUMBER, (WCHAR *)&number, 2), 2);
    CHECK_EQ(number, 1252);
    CHECK_EQ(GetLocaleInfoEx(L"de-DE", LOCALE_ILANGUAGE | LOCALE_RETURN_NUMBER, (WCHAR *)&number, 2), 2);
    CHECK_EQ(number, 0x407);
    CHECK_ERROR(GetLocaleInfoEx(L"en-US", LOCALE_SDAYNAME1, value, 3), ERROR_INSUFFICIENT_BUFFER);
    CHECK_ERROR(GetLocaleInfoEx(L"no locale", LOCALE_SDAYNAME1, value, 3), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(GetLocaleInfoEx(L"en-US", 0xfff0, value, 100), ERROR_INVALID_FLAGS);
    CHECK_ERROR(GetLocaleInfoEx(L"en-US", LOCALE_SDAYNAME1, value, -1), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(GetLocaleInfoEx(L"en-US", LOCALE_SDAYNAME1 | LOCALE_RETURN_NUMBER, value, 100), ERROR_INVALID_FLAGS);
}

static const SYSTEMTIME moment = {2024, 3, 0, 5, 14, 7, 9, 123};

static const struct {
    const WCHAR *locale;
    DWORD flags;
    const WCHAR *picture, *text;
} dates[] =
    {
        {L"en-US", 0, NULL, L"3/5/2024"},
        {L"en-US", DATE_SHORTDATE, NULL, L"3/5/2024"},
        {L"en-US", DATE_LONGDATE, NULL, L"Tuesday, March 5, 2024"},
        {L"en-US", 0, L"yyyy-MM-dd", L"2024-03-05"},
        {L"en-US", 0, L"ddd dd MMM yy", L"Tue 05 Mar 24"},
        {L"en-US", 0, L"'day' d 'of' MMMM", L"day 5 of March"},
        {L"en-US", 0, L"d''yy", L"524"},
        {L"en-US", 0, L"dddd", L"Tuesday"},
        {L"en-US", 0, L"M-d-y", L"3-5-24"},
        {L"de-DE", 0, NULL, L"05.03.2024"},
        {L"de-DE", DATE_LONGDATE, NULL, L"Dienstag, 5. M\xe4rz 2024"},
        {L"de-DE", 0, L"ddd, d. MMM yyyy", L"Di, 5. M\xe4rz 2024"},
        {L"en-GB", 0, NULL, L"05/03/2024"},
        {L"fr-FR", DATE_LONGDATE, NULL, L"mardi 5 mars 2024"},
        {L"fr-FR", 0, NULL, L"05/03/2024"},
        {L"ja-JP", 0, NULL, L"2024/03/05"},
        {L"pl-PL", DATE_LONGDATE, NULL, L"5 marca 2024"}, /* the genitive */
        {L"", 0, NULL, L"03/05/2024"},
        {L"", DATE_LONGDATE, NULL, L"Tuesday, 05 March 2024"},
},
  times[] = {
      {L"en-US", 0, NULL, L"2:07:09 PM"},
      {L"en-US", TIME_NOSECONDS, NULL, L"2:07 PM"},
      {L"en-US", TIME_NOMINUTESORSECONDS, NULL, L"2 PM"},
      {L"en-US", TIME_FORCE24HOURFORMAT | TIME_NOTIMEMARKER, NULL, L"14:07:09"},
      {L"en-US", TIME_NOTIMEMARKER, NULL, L"2:07:09"},
      {L"en-US", 0, L"HH:mm:ss", L"14:07:09"},
      {L"en-US", 0, L"h.m.s t", L"2.7.9 P"},
      {L"en-US", 0, L"'at' hh 'o''clock'", L"at 02 o'clock"},
      {L"de-DE", 0, NULL, L"14:07:09"},
      {L"de-DE", TIME_NOSECONDS, NULL, L"14:07"},
      {L"en-GB", 0, NULL, L"14:07:09"},
      {L"", 0, NULL, L"14:07:09"},
};

static const struct {
    const WCHAR *locale, *value, *text;
} numbers[] =
    {
        {L"en-US", L"1234567.891", L"1,234,567.89"},
        {L"en-US", L"-5", L"-5.00"},
        {L"en-US", L"0.5", L"0.50"},
        {L"en-US", L"999.995", L"1,000.00"},
        {L"en-US", L"0", L"0.00"},
        {L"en-US", L"-1234.5", L"-1,234.50"},
        {L"en-US", L"12", L"12.00"},
        {L"en-US", L"123", L"123.00"},
        {L"en-US", L"0001", L"1.00"},
        {L"en-US", L"99999999999999999999", L"99,999,999,999,999,999,999.00"},
        {L"de-DE", L"1234567.891", L"1.234.567,89"},
        {L"de-DE", L"-0.5", L"-0,50"},
        {L"hi-IN", L"1234567.5", L"12,34,567.50"},
        {L"", L"1234.5", L"1,234.50"},
},
  money[] = {
      {L"en-US", L"1234.5", L"$1,234.50"},
      {L"de-DE", L"1234.5", L"1.234,50 \x20ac"},
      {L"en-GB", L"0.99",
       L"\xa3"
       L"0.99"},
};

static void check_text(void)
{
    static const NUMBERFMTW odd = {3, 0, 2, L"|", L"_", 0};
    static const CURRENCYFMTW other = {1, 1, 3, L".", L",", 5, 3, L"Kr"};
    static const SYSTEMTIME bad = {2024, 2, 0, 30, 0, 0, 0, 0};
    WCHAR text[128];

    for (size_t i = 0; i < COUNT(dates); i++) {
        CHECK_EQ(GetDateFormatEx(dates[i].locale, dates[i].flags, &moment, dates[i].picture, text, 128, NULL),
                 wcslen(dates[i].text) + 1);
        check_wide(text, dates[i].text, dates[i].locale, __LINE__);
    }
    for (size_t i = 0; i < COUNT(times); i++) {
        CHECK_EQ(GetTimeFormatEx(times[i].locale, times[i].flags, &moment, times[i].picture, text, 128),
                 wcslen(times[i].text) + 1);
        check_wide(text, times[i].text, times[i].locale, __LINE__);
    }
    for (size_t i = 0; i < COUNT(numbers); i++) {
        CHECK_EQ(GetNumberFormatEx(numbers[i].locale, 0, numbers[i].value, NULL, text, 128),
                 wcslen(numbers[i].text) + 1);
        check_wide(text, numbers[i].text, numbers[i].locale, __LINE__);
    }
    for (size_t i = 0; i < COUNT(money); i++) {
        GetCurrencyFormatEx(money[i].locale, 0, money[i].value, NULL, text, 128);
        for (WCHAR *at = text; *at; at++)
            if (*at == 0xa0) /* which blank it is varies with the version */
                *at = ' ';
        check_wide(text, money[i].text, money[i].locale, __LINE__);
    }
    CHECK(GetNumberFormatEx(L"en-US", 0, L"-12345.6789", &odd, text, 128));
    check_wide(text, L"(1_23_45|679)", L"odd", __LINE__);
    CHECK(GetCurrencyFormatEx(L"en-US", 0, L"-1234.56", &other, text, 128));
    check_wide(text, L"-1,234.6Kr", L"other", __LINE__);
    CHECK_ERROR(GetDateFormatEx(L"en-US", 0, &bad, NULL, text, 128, NULL), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(GetDateFormatEx(L"en-US", DATE_LONGDATE, &moment, L"d", text, 128, NULL), ERROR_INVALID_FLAGS);
    CHECK_ERROR(GetDateFormatEx(L"en-US", 0, &moment, NULL, text, 3, NULL), ERROR_INSUFFICIENT_BUFFER);
    CHECK_ERROR(GetNumberFormatEx(L"en-US", 0, L"12x", NULL, text, 128), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(GetNumberFormatEx(L"en-US", 0, L"1.2.3", NULL, text, 128), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(GetNumberFormatEx(L"en-US", 0, L"12", NULL, text, 2), ERROR_INSUFFICIENT_BUFFER);
    CHECK_EQ(GetDateFormatEx(L"en-US", 0, &moment, NULL, NULL, 0, NULL), 9);
}

static int seen, seen_american;

static BOOL CALLBACK see(LPWSTR name, DWORD flags, LPARAM parameter)
{
    (void)flags;
    seen++;
    if (wcscmp(name, L"en-US") == 0)
        seen_american++;
    return parameter ? FALSE : TRUE;
}

int main(void)
{
    WCHAR name[LOCALE_NAME_MAX_LENGTH];

    check_names();
    check_values();
    check_text();
    CHECK(EnumSystemLocalesEx(see, 0, 0, NULL));
    CHECK(seen > 100);
    CHECK_EQ(seen_american, 1);
    seen = 0;
    CHECK(EnumSystemLocalesEx(see, 0, 1, NULL));
    CHECK_EQ(seen, 1);
    if (!check_under_wine()) /* Wine crashes */
        CHECK_ERROR(EnumSystemLocalesEx(NULL, 0, 0, NULL), ERROR_INVALID_PARAMETER);
    CHECK(GetUserDefaultLocaleName(name, LOCALE_NAME_MAX_LENGTH) >= 6);
    CHECK(IsValidLocaleName(name));
    CHECK_EQ(LocaleNameToLCID(name, 0), GetUserDefaultLCID());
    return check_done();
}
