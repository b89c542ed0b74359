/*
 * locale.c: the values of locales (LCTYPEs) from ICU's data, as Windows writes them.
 *
 * Layer: winrun-nls.so.  Names are in English where Windows' own are in the system's language, which is English here.
 */
#include <stdio.h>
#include <string.h>
#include <unicode/ucal.h>
#include <unicode/ucurr.h>
#include <unicode/udat.h>
#include <unicode/udatpg.h>
#include <unicode/uloc.h>
#include <unicode/ulocdata.h>
#include <unicode/unum.h>
#include <unicode/ustring.h>
#include "nls.h"
#include "windows_data.h"

/* LCTYPEs, of winnls.h. */
enum {
    LOCALIZED_DISPLAY = 0x2,
    ABBREVIATED_LANGUAGE = 0x3,
    NATIVE_LANGUAGE = 0x4,
    PHONE_CODE = 0x5,
    LOCALIZED_COUNTRY = 0x6,
    ABBREVIATED_COUNTRY = 0x7,
    NATIVE_COUNTRY = 0x8,
    DEFAULT_OEM = 0xb,
    LIST_SEPARATOR = 0xc,
    MEASURE = 0xd,
    DECIMAL_SEPARATOR = 0xe,
    THOUSANDS_SEPARATOR = 0xf,
    GROUPING = 0x10,
    CURRENCY_SYMBOL = 0x14,
    CURRENCY_CODE = 0x15,
    MONEY_DECIMAL = 0x16,
    MONEY_THOUSANDS = 0x17,
    MONEY_GROUPING = 0x18,
    CURRENCY_DIGITS = 0x19,
    CURRENCY_DIGITS_INTERNATIONAL = 0x1a,
    CURRENCY_FORMAT = 0x1b,
    CURRENCY_NEGATIVE = 0x1c,
    DATE_SEPARATOR = 0x1d,
    TIME_SEPARATOR = 0x1e,
    SHORT_DATE = 0x1f,
    LONG_DATE = 0x20,
    DATE_ORDER = 0x21,
    LONG_DATE_ORDER = 0x22,
    TIME_24 = 0x23,
    CENTURY = 0x24,
    HOUR_ZERO = 0x25,
    DAY_ZERO = 0x26,
    MONTH_ZERO = 0x27,
    MORNING = 0x28,
    AFTERNOON = 0x29,
    DAY_NAME = 0x2a,
    DAY_ABBREVIATED = 0x31,
    MONTH_NAME = 0x38,
    MONTH_ABBREVIATED = 0x44,
    POSITIVE_SIGN = 0x50,
    NEGATIVE_SIGN = 0x51,
    ISO_LANGUAGE = 0x59,
    ISO_COUNTRY = 0x5a,
    GEO_ID = 0x5b,
    DAY_SHORTEST = 0x60,
    ISO_LANGUAGE_3 = 0x67,
    ISO_COUNTRY_3 = 0x68,
    READING_LAYOUT = 0x70,
    ENGLISH_DISPLAY = 0x72,
    NATIVE_DISPLAY = 0x73,
    PERCENT_NEGATIVE = 0x74,
    PERCENT_POSITIVE = 0x75,
    MONTH_DAY = 0x78,
    SHORT_TIME = 0x79,
    DEFAULT_ANSI = 0x1004,
    ENGLISH_LANGUAGE = 0x1001,
    ENGLISH_COUNTRY = 0x1002,
    LONG_TIME = 0x1003,
    YEAR_MONTH = 0x1006,
    CURRENCY_ENGLISH = 0x1007,
    CURRENCY_NATIVE = 0x1008,
    PAPER = 0x100a,
    FIRST_DAY = 0x100c,
    FIRST_WEEK = 0x100d,
    GENITIVE = 0x10000000, /* LOCALE_RETURN_GENITIVE_NAMES */
};

static int put_ascii(const char *text, UChar *out, int room)
{
    int length = 0;

    for (; text[length]; length++)
        if (length < room)
            out[length] = (UChar)(unsigned char)text[length];
    return length;
}

static int put_number(unsigned value, UChar *out, int room)
{
    char text[12];

    snprintf(text, sizeof text, "%u", value);
    return put_ascii(text, out, room);
}

static int put_utf8(const char *text, UChar *out, int room)
{
    UErrorCode error = U_ZERO_ERROR;
    int32_t length = 0;

    u_strFromUTF8(out, room, &length, text, -1, &error);
    return length;
}

/* "English (United States)" in the language `in`. */
static int display_name(const char *icu, const char *in, UChar *out, int room)
{
    UErrorCode error = U_ZERO_ERROR;
    int length = uloc_getDisplayName(icu, in, out, room, &error);

    return U_FAILURE(error) ? -1 : length;
}

static int part_name(const char *icu, const char *in, bool country, UChar *out, int room)
{
    UErrorCode error = U_ZERO_ERROR;
    int length = country ? uloc_getDisplayCountry(icu, in, out, room, &error)
                         : uloc_getDisplayLanguage(icu, in, out, room, &error);

    return U_FAILURE(error) ? -1 : length;
}

static int iso_part(const char *icu, bool country, UChar *out, int room)
{
    char text[LOCALE_ROOM];
    UErrorCode error = U_ZERO_ERROR;

    if (country)
        uloc_getCountry(icu, text, sizeof text, &error);
    else
        uloc_getLanguage(icu, text, sizeof text, &error);
    return put_ascii(text, out, room);
}

static int name_text(const char *icu, unsigned type, UChar *out, int room)
{
    char text[8];

    switch (type) {
    case LOCALIZED_DISPLAY:
    case ENGLISH_DISPLAY:
        return display_name(icu, "en", out, room);
    case NATIVE_DISPLAY:
        return display_name(icu, icu, out, room);
    case ENGLISH_LANGUAGE:
        return part_name(icu, "en", false, out, room);
    case NATIVE_LANGUAGE:
        return part_name(icu, icu, false, out, room);
    case ENGLISH_COUNTRY:
    case LOCALIZED_COUNTRY:
        return part_name(icu, "en", true, out, room);
    case NATIVE_COUNTRY:
        return part_name(icu, icu, true, out, room);
    case ISO_LANGUAGE:
        return iso_part(icu, false, out, room);
    case ISO_COUNTRY:
        return iso_part(icu, true, out, room);
    case ISO_LANGUAGE_3:
        return put_ascii(uloc_getISO3Language(icu), out, room);
    case ISO_COUNTRY_3:
    case ABBREVIATED_COUNTRY:
        return put_ascii(uloc_getISO3Country(icu), out, room);
    case ABBREVIATED_LANGUAGE:
        snprintf(text, sizeof text, "%s", uloc_getISO3Language(icu));
        for (char *at = text; *at; at++)
            *at = (char)(*at & ~0x20);
        return put_ascii(text, out, room);
    case READING_LAYOUT:
        return put_number(uloc_isRightToLeft(icu) ? 1 : 0, out, room);
    default:
        return -1;
    }
}

static int symbol_text(const char *icu, UDateFormatSymbolType kind, int index, UChar *out, int room)
{
    UErrorCode error = U_ZERO_ERROR;
    UDateFormat *format = udat_open(UDAT_DEFAULT, UDAT_DEFAULT, icu, NULL, 0, NULL, 0, &error);
    int length = 0;

    if (U_SUCCESS(error)) {
        length = udat_getSymbols(format, kind, index, out, room, &error);
        udat_close(format);
    }
    return U_FAILURE(error) ? -1 : length;
}

/* ICU's pattern in Windows' letters: E is ddd, a is tt, y is yyyy. */
static int picture_put(const UChar *pattern, int length, UChar *out, int room)
{
    int used = 0;

#define PUT(c) (void)(used < room ? out[used] = (c) : 0), used++
    for (int i = 0; i < length;) {
        UChar c = pattern[i];
        int run = 1;

        if (c == '\'') { /* quoted text is quoted the same way */
            do
                PUT(pattern[i]);
            while (++i < length && pattern[i] != '\'');
            PUT('\'');
            i++;
            continue;
        }
        while (i + run < length && pattern[i + run] == c)
            run++;
        i += run;
        if (c == 'E' || c == 'c' || c == 'e')
            c = 'd', run = run > 3 ? 4 : 3;
        else if (c == 'L')
            c = 'M';
        else if (c == 'y' || c == 'u')
            c = 'y', run = 4;
        else if (c == 'a' || c == 'b' || c == 'B')
            c = 't', run = 2;
        else if (c == 'G')
            c = 'g', run = 2;
        else if (c == 'K' || c == 'k')
            c = c == 'K' ? 'h' : 'H';
        else if (c == 0x202f)
            c = ' ';
        while (run--)
            PUT(c);
    }
#undef PUT
    return used;
}

static int style_picture(const char *icu, UDateFormatStyle time, UDateFormatStyle date, UChar *out, int room)
{
    UErrorCode error = U_ZERO_ERROR;
    UDateFormat *format = udat_open(time, date, icu, NULL, 0, NULL, 0, &error);
    UChar pattern[128];
    int length;

    if (U_FAILURE(error))
        return -1;
    length = udat_toPattern(format, 0, pattern, 128, &error);
    udat_close(format);
    return U_FAILURE(error) ? -1 : picture_put(pattern, length, out, room);
}

static int skeleton_picture(const char *icu, const UChar *skeleton, UChar *out, int room)
{
    UErrorCode error = U_ZERO_ERROR;
    UDateTimePatternGenerator *generator = udatpg_open(icu, &error);
    UChar pattern[128];
    int length;

    if (U_FAILURE(error))
        return -1;
    length = udatpg_getBestPattern(generator, skeleton, u_strlen(skeleton), pattern, 128, &error);
    udatpg_close(generator);
    return U_FAILURE(error) ? -1 : picture_put(pattern, length, out, room);
}

/* What Windows has by its own table, else ICU's. */
static int picture_text(const char *name, const char *icu, unsigned type, UChar *out, int room)
{
    const struct windows_pictures *own = windows_pictures_find(name);

    switch (type) {
    case SHORT_DATE:
        return own ? put_utf8(own->short_date, out, room) : style_picture(icu, UDAT_NONE, UDAT_SHORT, out, room);
    case LONG_DATE:
        return own ? put_utf8(own->long_date, out, room) : style_picture(icu, UDAT_NONE, UDAT_FULL, out, room);
    case SHORT_TIME:
        return own ? put_utf8(own->short_time, out, room) : style_picture(icu, UDAT_SHORT, UDAT_NONE, out, room);
    case LONG_TIME:
        return own ? put_utf8(own->long_time, out, room) : style_picture(icu, UDAT_MEDIUM, UDAT_NONE, out, room);
    case YEAR_MONTH:
        return skeleton_picture(icu, u"yMMMM", out, room);
    case MONTH_DAY:
        return skeleton_picture(icu, u"MMMMd", out, room);
    default:
        return -1;
    }
}

/* What the pictures say in numbers. */
static int picture_fact(const char *name, const char *icu, unsigned type, UChar *out, int room)
{
    UChar date[64] = {0}, time[64] = {0}, separator = 0;
    bool in_date = type == DATE_SEPARATOR;
    const UChar *look, *day, *month, *year;

    picture_text(name, icu, type == LONG_DATE_ORDER ? LONG_DATE : SHORT_DATE, date, 63);
    picture_text(name, icu, LONG_TIME, time, 63);
    day = u_strchr(date, 'd'), month = u_strchr(date, 'M'), year = u_strchr(date, 'y');
    switch (type) {
    case DATE_SEPARATOR:
    case TIME_SEPARATOR:
        for (look = in_date ? date : time; *look && !separator; look++)
            if (!u_strchr(in_date ? u"dMyg'" : u"hHmst' ", *look))
                separator = *look;
        out[0] = separator ? separator : in_date ? '/' : ':';
        return 1;
    case DATE_ORDER:
    case LONG_DATE_ORDER: /* 0: month first, 1: day first, 2: year first */
        if (type == LONG_DATE_ORDER && day && day[1] == 'd' && day[2] == 'd') /* the day of the week tells nothing */
            for (day += 3; *day && (*day != 'd' || day[-1] == 'd'); day++)
                ;
        return put_number(year && (!month || year < month) && (!day || year < day) ? 2
                          : month && (!day || month < day)                         ? 0
                                                                                   : 1,
                          out, room);
    case TIME_24:
        return put_number(u_strchr(time, 'H') != NULL, out, room);
    case CENTURY:
        return put_number(1, out, room);
    case HOUR_ZERO:
        return put_number(u_strstr(time, u"HH") || u_strstr(time, u"hh"), out, room);
    case DAY_ZERO:
        return put_number(u_strstr(date, u"dd") != NULL, out, room);
    case MONTH_ZERO:
        return put_number(u_strstr(date, u"MM") != NULL, out, room);
    case MORNING:
    case AFTERNOON:
        return u_strchr(time, 't') ? symbol_text(icu, UDAT_AM_PMS, type == AFTERNOON, out, room) : 0;
    default:
        return -1;
    }
}

static int day_or_month(const char *icu, unsigned type, bool genitive, UChar *out, int room)
{
    /* ICU's week has Sunday as day 1, Windows' begins on Monday. */
    if (type >= DAY_NAME && type < DAY_NAME + 7)
        return symbol_text(icu, UDAT_STANDALONE_WEEKDAYS, (int)(type - DAY_NAME + 1) % 7 + 1, out, room);
    if (type >= DAY_ABBREVIATED && type < DAY_ABBREVIATED + 7)
        return symbol_text(icu, UDAT_STANDALONE_SHORT_WEEKDAYS, (int)(type - DAY_ABBREVIATED + 1) % 7 + 1, out, room);
    if (type >= DAY_SHORTEST && type < DAY_SHORTEST + 7)
        return symbol_text(icu, UDAT_STANDALONE_SHORTER_WEEKDAYS, (int)(type - DAY_SHORTEST + 1) % 7 + 1, out, room);
    if (type >= MONTH_NAME && type < MONTH_NAME + 12)
        return symbol_text(icu, genitive ? UDAT_MONTHS : UDAT_STANDALONE_MONTHS, (int)(type - MONTH_NAME), out, room);
    if (type >= MONTH_ABBREVIATED && type < MONTH_ABBREVIATED + 12)
        return symbol_text(icu, genitive ? UDAT_SHORT_MONTHS : UDAT_STANDALONE_SHORT_MONTHS,
                           (int)(type - MONTH_ABBREVIATED), out, room);
    return -1;
}

/* "3;0", or "3;2;0" in India. */
static int grouping_text(const UNumberFormat *format, UChar *out, int room)
{
    int first = unum_getAttribute(format, UNUM_GROUPING_SIZE);
    int second = unum_getAttribute(format, UNUM_SECONDARY_GROUPING_SIZE);
    char text[16];

    if (second > 0 && second != first)
        snprintf(text, sizeof text, "%d;%d;0", first, second);
    else
        snprintf(text, sizeof text, "%d;0", first > 0 ? first : 3);
    return put_ascii(text, out, room);
}

/* Before or behind the number, with a blank or without: 0 "$1", 1 "1$", 2 "$ 1", 3 "1 $". */
static unsigned currency_format(const UNumberFormat *format)
{
    UErrorCode error = U_ZERO_ERROR;
    UChar pattern[64] = {0};
    const UChar *sign, *digit;
    bool blank;

    unum_toPattern(format, 0, pattern, 63, &error);
    sign = u_strchr(pattern, 0xa4);
    for (digit = pattern; *digit && *digit != '#' && *digit != '0'; digit++)
        ;
    if (!sign)
        return 0;
    if (sign < digit) {
        blank = digit > pattern && (digit[-1] == ' ' || digit[-1] == 0xa0 || digit[-1] == 0x202f);
        return blank ? 2 : 0;
    }
    blank = sign[-1] == ' ' || sign[-1] == 0xa0 || sign[-1] == 0x202f;
    return blank ? 3 : 1;
}

static int number_symbol(const UNumberFormat *format, UNumberFormatSymbol symbol, UChar *out, int room)
{
    UErrorCode error = U_ZERO_ERROR;
    int length = unum_getSymbol(format, symbol, out, room, &error);

    return U_FAILURE(error) ? -1 : length;
}

static int number_fact(const UNumberFormat *plain, const UNumberFormat *money, unsigned type, UChar *out, int room)
{
    static const unsigned negative[] = {1, 5, 9, 8};
    UChar separator[8] = {0};

    switch (type) {
    case DECIMAL_SEPARATOR:
        return number_symbol(plain, UNUM_DECIMAL_SEPARATOR_SYMBOL, out, room);
    case THOUSANDS_SEPARATOR:
        return number_symbol(plain, UNUM_GROUPING_SEPARATOR_SYMBOL, out, room);
    case MONEY_DECIMAL:
        return number_symbol(money, UNUM_MONETARY_SEPARATOR_SYMBOL, out, room);
    case MONEY_THOUSANDS:
        return number_symbol(money, UNUM_MONETARY_GROUPING_SEPARATOR_SYMBOL, out, room);
    case LIST_SEPARATOR:
        number_symbol(plain, UNUM_DECIMAL_SEPARATOR_SYMBOL, separator, 8);
        out[0] = separator[0] == ',' ? ';' : ',';
        return 1;
    case GROUPING:
        return grouping_text(plain, out, room);
    case MONEY_GROUPING:
        return grouping_text(money, out, room);
    case CURRENCY_SYMBOL:
        return number_symbol(money, UNUM_CURRENCY_SYMBOL, out, room);
    case CURRENCY_CODE:
        return number_symbol(money, UNUM_INTL_CURRENCY_SYMBOL, out, room);
    case CURRENCY_DIGITS:
    case CURRENCY_DIGITS_INTERNATIONAL:
        return put_number((unsigned)unum_getAttribute(money, UNUM_MAX_FRACTION_DIGITS), out, room);
    case CURRENCY_FORMAT:
        return put_number(currency_format(money), out, room);
    case CURRENCY_NEGATIVE:
        return put_number(negative[currency_format(money)], out, room);
    case POSITIVE_SIGN:
        return 0;
    case NEGATIVE_SIGN:
        return put_ascii("-", out, room);
    default:
        return -1;
    }
}

static int currency_name(const char *icu, const char *in, UChar *out, int room)
{
    UChar code[8] = {0};
    UErrorCode error = U_ZERO_ERROR;
    int32_t length = 0;
    const UChar *name;

    ucurr_forLocale(icu, code, 8, &error);
    name = ucurr_getName(code, in, UCURR_LONG_NAME, NULL, &length, &error);
    if (U_FAILURE(error))
        return -1;
    for (int i = 0; i < length && i < room; i++)
        out[i] = name[i];
    return length;
}

static int number_text(const char *icu, unsigned type, UChar *out, int room)
{
    UErrorCode error = U_ZERO_ERROR;
    UNumberFormat *plain, *money;
    int length = -1;

    if (type == CURRENCY_ENGLISH || type == CURRENCY_NATIVE)
        return currency_name(icu, type == CURRENCY_NATIVE ? icu : "en", out, room);
    plain = unum_open(UNUM_DECIMAL, NULL, 0, icu, NULL, &error);
    money = unum_open(UNUM_CURRENCY, NULL, 0, icu, NULL, &error);
    if (U_SUCCESS(error))
        length = number_fact(plain, money, type, out, room);
    unum_close(plain);
    unum_close(money);
    return length;
}

static int calendar_text(const char *icu, unsigned type, UChar *out, int room)
{
    UErrorCode error = U_ZERO_ERROR;
    UCalendar *calendar = ucal_open(NULL, 0, icu, UCAL_DEFAULT, &error);
    int first, days;

    if (U_FAILURE(error))
        return -1;
    first = ucal_getAttribute(calendar, UCAL_FIRST_DAY_OF_WEEK);
    days = ucal_getAttribute(calendar, UCAL_MINIMAL_DAYS_IN_FIRST_WEEK);
    ucal_close(calendar);
    if (type == FIRST_DAY)
        return put_number((unsigned)(first + 5) % 7, out, room);
    return put_number(days >= 7 ? 1 : days >= 4 ? 2 : 0, out, room);
}

static int place_text(const char *icu, unsigned type, UChar *out, int room)
{
    char language[LOCALE_ROOM], country[LOCALE_ROOM];
    UErrorCode error = U_ZERO_ERROR;
    const struct windows_country *place;
    int32_t height = 0, width = 0;

    uloc_getLanguage(icu, language, sizeof language, &error);
    uloc_getCountry(icu, country, sizeof country, &error);
    place = windows_country_find(country);
    switch (type) {
    case DEFAULT_ANSI:
        return put_number(windows_codepages_find(language, country)->ansi, out, room);
    case DEFAULT_OEM:
        return put_number(windows_codepages_find(language, country)->oem, out, room);
    case MEASURE:
        return put_number(ulocdata_getMeasurementSystem(icu, &error) == UMS_US, out, room);
    case PAPER:
        ulocdata_getPaperSize(icu, &height, &width, &error);
        return put_number(height == 297 ? 9 : 1, out, room);
    case PHONE_CODE:
        return place ? put_number(place->phone, out, room) : -1;
    case GEO_ID:
        return place ? put_number(place->geo_id, out, room) : -1;
    default:
        return -1;
    }
}

int locale_text(const char *name, unsigned type, uint16_t *buffer, int room)
{
    UChar *out = (UChar *)buffer;
    char icu[LOCALE_ROOM];
    bool genitive = type & GENITIVE;
    int length;

    locale_to_icu(name, icu);
    type &= ~(unsigned)GENITIVE;
    if ((length = name_text(icu, type, out, room)) >= 0 ||
        (length = day_or_month(icu, type, genitive, out, room)) >= 0 ||
        (length = picture_text(name, icu, type, out, room)) >= 0 ||
        (length = picture_fact(name, icu, type, out, room)) >= 0 || (length = place_text(icu, type, out, room)) >= 0)
        return length;
    if (type == FIRST_DAY || type == FIRST_WEEK)
        return calendar_text(icu, type, out, room);
    return number_text(icu, type, out, room);
}
