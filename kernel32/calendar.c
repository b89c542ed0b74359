/*
 * calendar.c: a locale's calendar, which is the Gregorian one, and its formats of dates and times.
 *
 * Layer: kernel32, over the values of locales.
 */
#include <string.h>
#include "locale.h"
#include "ntdll/gate.h"
#include "ntdll/nls.h"

#define NUMBER_FLAG CAL_RETURN_NUMBER
#define TEXT_ROOM 128

static int fail(DWORD error)
{
    SetLastError(error);
    return 0;
}

/* Which value of the locale a calendar's is; 0: none. */
static LCTYPE value_of(CALTYPE type)
{
    if (type >= CAL_SDAYNAME1 && type <= CAL_SDAYNAME7)
        return LOCALE_SDAYNAME1 + (type - CAL_SDAYNAME1);
    if (type >= CAL_SABBREVDAYNAME1 && type <= CAL_SABBREVDAYNAME7)
        return LOCALE_SABBREVDAYNAME1 + (type - CAL_SABBREVDAYNAME1);
    if (type >= CAL_SMONTHNAME1 && type <= CAL_SMONTHNAME12)
        return LOCALE_SMONTHNAME1 + (type - CAL_SMONTHNAME1);
    if (type >= CAL_SABBREVMONTHNAME1 && type <= CAL_SABBREVMONTHNAME12)
        return LOCALE_SABBREVMONTHNAME1 + (type - CAL_SABBREVMONTHNAME1);
    if (type >= CAL_SSHORTESTDAYNAME1 && type <= CAL_SSHORTESTDAYNAME7)
        return LOCALE_SSHORTESTDAYNAME1 + (type - CAL_SSHORTESTDAYNAME1);
    switch (type) {
    case CAL_SSHORTDATE:
        return LOCALE_SSHORTDATE;
    case CAL_SLONGDATE:
        return LOCALE_SLONGDATE;
    case CAL_SYEARMONTH:
        return LOCALE_SYEARMONTH;
    case CAL_SMONTHDAY:
        return LOCALE_SMONTHDAY;
    default:
        return 0;
    }
}

static bool calendar_good(CALID calendar)
{
    return calendar == CAL_GREGORIAN || calendar == CAL_GREGORIAN_US;
}

static int copy_out(const WCHAR *text, LPWSTR out, int room)
{
    int length = (int)wide_length(text) + 1;

    if (!room)
        return length;
    if (!out || room < length)
        return fail(ERROR_INSUFFICIENT_BUFFER);
    memcpy(out, text, (size_t)length * sizeof *text);
    return length;
}

static int number_out(CALTYPE type, DWORD number, LPWSTR out, int room, LPDWORD value)
{
    WCHAR text[12], *at = text + 11;

    if (type & NUMBER_FLAG) {
        if (!value || out || room)
            return fail(ERROR_INVALID_PARAMETER);
        *value = number;
        return 2;
    }
    *at = 0;
    do
        *--at = (WCHAR)('0' + number % 10);
    while ((number /= 10) != 0);
    return copy_out(at, out, room);
}

static int calendar_info(const struct locale *locale, CALID calendar, CALTYPE type, LPWSTR out, int room, LPDWORD value)
{
    CALTYPE kind = type & ~(CALTYPE)(CAL_NOUSEROVERRIDE | CAL_USE_CP_ACP | NUMBER_FLAG | CAL_RETURN_GENITIVE_NAMES);
    WCHAR text[TEXT_ROOM];
    LCTYPE wanted;
    int length;

    if (!locale || !calendar_good(calendar))
        return fail(ERROR_INVALID_PARAMETER);
    switch (kind) {
    case CAL_ICALINTVALUE:
        return number_out(type, calendar, out, room, value);
    case CAL_ITWODIGITYEARMAX:
        return number_out(type, 2049, out, room, value);
    case CAL_IYEAROFFSETRANGE:
        return number_out(type, 0, out, room, value);
    default:
        break;
    }
    if (type & NUMBER_FLAG)
        return fail(ERROR_INVALID_FLAGS);
    switch (kind) {
    case CAL_SCALNAME:
        return copy_out(L"Gregorian Calendar", out, room);
    case CAL_SERASTRING:
        return copy_out(L"A.D.", out, room);
    case CAL_SABBREVERASTRING:
        return copy_out(L"AD", out, room);
    case CAL_SMONTHNAME13:
    case CAL_SABBREVMONTHNAME13:
        return copy_out(L"", out, room);
    default:
        break;
    }
    wanted = value_of(kind);
    length = wanted ? locale_text(locale, wanted | (type & CAL_RETURN_GENITIVE_NAMES), text, TEXT_ROOM - 1) : -1;
    if (length < 0)
        return fail(ERROR_INVALID_FLAGS);
    text[length] = 0;
    return copy_out(text, out, room);
}

int WINAPI GetCalendarInfoEx(LPCWSTR locale, CALID calendar, LPCWSTR reserved, CALTYPE type, LPWSTR out, int room,
                             LPDWORD value)
{
    if (reserved)
        return fail(ERROR_INVALID_PARAMETER);
    return calendar_info(locale_from_name(locale), calendar, type, out, room, value);
}

int WINAPI GetCalendarInfoW(LCID locale, CALID calendar, CALTYPE type, LPWSTR out, int room, LPDWORD value)
{
    return calendar_info(locale_from_lcid(locale), calendar, type, out, room, value);
}

int WINAPI GetCalendarInfoA(LCID locale, CALID calendar, CALTYPE type, LPSTR out, int room, LPDWORD value)
{
    WCHAR wide[TEXT_ROOM];
    int length, needed;

    if (type & NUMBER_FLAG)
        return GetCalendarInfoW(locale, calendar, type, (LPWSTR)out, room, value);
    length = GetCalendarInfoW(locale, calendar, type, wide, TEXT_ROOM, value);
    if (!length)
        return 0;
    needed = WideCharToMultiByte(CP_ACP, 0, wide, length, NULL, 0, NULL, NULL);
    if (!room)
        return needed;
    if (!out || room < needed)
        return fail(ERROR_INSUFFICIENT_BUFFER);
    return WideCharToMultiByte(CP_ACP, 0, wide, length, out, room, NULL, NULL);
}

/* The user's calendar is the locale's. */
BOOL WINAPI SetCalendarInfoW(LCID locale, CALID calendar, CALTYPE type, LPCWSTR text)
{
    (void)text;
    if (!locale_from_lcid(locale) || !calendar_good(calendar) || (type & 0xffff) != CAL_ITWODIGITYEARMAX)
        return fail(ERROR_INVALID_PARAMETER);
    return fail(ERROR_ACCESS_DENIED);
}

BOOL WINAPI SetCalendarInfoA(LCID locale, CALID calendar, CALTYPE type, LPCSTR text)
{
    (void)text;
    return SetCalendarInfoW(locale, calendar, type, NULL);
}

/* ---- enumerating: one routine for all forms of callbacks ---- */

enum form { FORM_ANSI, FORM_WIDE, FORM_ID_ANSI, FORM_ID_WIDE, FORM_EX };

struct enumeration {
    const void *callback;
    enum form form;
    CALID calendar;
    LPARAM parameter;
};

static bool call(const struct enumeration *e, WCHAR *text)
{
    char narrow[TEXT_ROOM * 3];
    ULONG_PTR string = GUEST(text);

    if (e->form == FORM_ANSI || e->form == FORM_ID_ANSI) {
        WideCharToMultiByte(CP_ACP, 0, text, -1, narrow, sizeof narrow, NULL, NULL);
        string = GUEST(narrow);
    }
    switch (e->form) {
    case FORM_ANSI:
    case FORM_WIDE:
        return (BOOL)guest_call(e->callback, string, 0, 0, 0) != 0;
    case FORM_ID_ANSI:
    case FORM_ID_WIDE:
        return (BOOL)guest_call(e->callback, string, e->calendar, 0, 0) != 0;
    default: /* an unused argument lies between where there is a calendar */
        if (e->calendar)
            return (BOOL)guest_call(e->callback, string, e->calendar, 0, (ULONG_PTR)e->parameter) != 0;
        return (BOOL)guest_call(e->callback, string, (ULONG_PTR)e->parameter, 0, 0) != 0;
    }
}

static BOOL enum_values(const struct locale *locale, const LCTYPE *types, size_t count, const struct enumeration *e)
{
    WCHAR text[TEXT_ROOM];

    if (!locale || !e->callback)
        return fail(ERROR_INVALID_PARAMETER);
    for (size_t i = 0; i < count; i++) {
        int length = locale_text(locale, types[i], text, TEXT_ROOM - 1);

        if (length <= 0)
            continue;
        text[length] = 0;
        if (!call(e, text))
            break;
    }
    return TRUE;
}

static BOOL enum_dates(const struct locale *locale, DWORD flags, const struct enumeration *e)
{
    LCTYPE type;

    switch (flags & ~(DWORD)LOCALE_USE_CP_ACP) {
    case 0:
    case DATE_SHORTDATE:
        type = LOCALE_SSHORTDATE;
        break;
    case DATE_LONGDATE:
        type = LOCALE_SLONGDATE;
        break;
    case DATE_YEARMONTH:
        type = LOCALE_SYEARMONTH;
        break;
    case DATE_MONTHDAY:
        type = LOCALE_SMONTHDAY;
        break;
    default:
        return fail(ERROR_INVALID_FLAGS);
    }
    return enum_values(locale, &type, 1, e);
}

BOOL WINAPI EnumDateFormatsA(DATEFMT_ENUMPROCA callback, LCID locale, DWORD flags)
{
    return enum_dates(locale_from_lcid(locale), flags, &(struct enumeration){(const void *)callback, FORM_ANSI, 0, 0});
}

BOOL WINAPI EnumDateFormatsW(DATEFMT_ENUMPROCW callback, LCID locale, DWORD flags)
{
    return enum_dates(locale_from_lcid(locale), flags, &(struct enumeration){(const void *)callback, FORM_WIDE, 0, 0});
}

BOOL WINAPI EnumDateFormatsExA(DATEFMT_ENUMPROCEXA callback, LCID locale, DWORD flags)
{
    return enum_dates(locale_from_lcid(locale), flags,
                      &(struct enumeration){(const void *)callback, FORM_ID_ANSI, CAL_GREGORIAN, 0});
}

BOOL WINAPI EnumDateFormatsExW(DATEFMT_ENUMPROCEXW callback, LCID locale, DWORD flags)
{
    return enum_dates(locale_from_lcid(locale), flags,
                      &(struct enumeration){(const void *)callback, FORM_ID_WIDE, CAL_GREGORIAN, 0});
}

BOOL WINAPI EnumDateFormatsExEx(DATEFMT_ENUMPROCEXEX callback, LPCWSTR locale, DWORD flags, LPARAM parameter)
{
    WCHAR text[TEXT_ROOM];
    LCTYPE type = flags & DATE_LONGDATE ? LOCALE_SLONGDATE : LOCALE_SSHORTDATE;
    const struct locale *found = locale_from_name(locale);
    int length = found ? locale_text(found, type, text, TEXT_ROOM - 1) : -1;

    if (!callback || length < 0)
        return fail(ERROR_INVALID_PARAMETER);
    text[length] = 0;
    guest_call((const void *)callback, GUEST(text), CAL_GREGORIAN, (ULONG_PTR)parameter, 0);
    return TRUE;
}

static BOOL enum_times(const struct locale *locale, DWORD flags, const struct enumeration *e)
{
    LCTYPE type = flags & TIME_NOSECONDS ? LOCALE_SSHORTTIME : LOCALE_STIMEFORMAT;

    if (flags & ~(DWORD)(TIME_NOSECONDS | LOCALE_USE_CP_ACP))
        return fail(ERROR_INVALID_FLAGS);
    return enum_values(locale, &type, 1, e);
}

BOOL WINAPI EnumTimeFormatsA(TIMEFMT_ENUMPROCA callback, LCID locale, DWORD flags)
{
    return enum_times(locale_from_lcid(locale), flags, &(struct enumeration){(const void *)callback, FORM_ANSI, 0, 0});
}

BOOL WINAPI EnumTimeFormatsW(TIMEFMT_ENUMPROCW callback, LCID locale, DWORD flags)
{
    return enum_times(locale_from_lcid(locale), flags, &(struct enumeration){(const void *)callback, FORM_WIDE, 0, 0});
}

BOOL WINAPI EnumTimeFormatsEx(TIMEFMT_ENUMPROCEX callback, LPCWSTR locale, DWORD flags, LPARAM parameter)
{
    return enum_times(locale_from_name(locale), flags,
                      &(struct enumeration){(const void *)callback, FORM_EX, 0, parameter});
}

static BOOL enum_calendar(const struct locale *locale, CALID calendar, CALTYPE type, const struct enumeration *e)
{
    WCHAR text[TEXT_ROOM];

    if (!locale || !e->callback)
        return fail(ERROR_INVALID_PARAMETER);
    if (calendar == ENUM_ALL_CALENDARS)
        calendar = CAL_GREGORIAN;
    if (!calendar_info(locale, calendar, type, text, TEXT_ROOM, NULL))
        return FALSE;
    call(e, text);
    return TRUE;
}

BOOL WINAPI EnumCalendarInfoA(CALINFO_ENUMPROCA callback, LCID locale, CALID calendar, CALTYPE type)
{
    return enum_calendar(locale_from_lcid(locale), calendar, type,
                         &(struct enumeration){(const void *)callback, FORM_ANSI, 0, 0});
}

BOOL WINAPI EnumCalendarInfoW(CALINFO_ENUMPROCW callback, LCID locale, CALID calendar, CALTYPE type)
{
    return enum_calendar(locale_from_lcid(locale), calendar, type,
                         &(struct enumeration){(const void *)callback, FORM_WIDE, 0, 0});
}

BOOL WINAPI EnumCalendarInfoExA(CALINFO_ENUMPROCEXA callback, LCID locale, CALID calendar, CALTYPE type)
{
    return enum_calendar(locale_from_lcid(locale), calendar, type,
                         &(struct enumeration){(const void *)callback, FORM_ID_ANSI, CAL_GREGORIAN, 0});
}

BOOL WINAPI EnumCalendarInfoExW(CALINFO_ENUMPROCEXW callback, LCID locale, CALID calendar, CALTYPE type)
{
    return enum_calendar(locale_from_lcid(locale), calendar, type,
                         &(struct enumeration){(const void *)callback, FORM_ID_WIDE, CAL_GREGORIAN, 0});
}

BOOL WINAPI EnumCalendarInfoExEx(CALINFO_ENUMPROCEXEX callback, LPCWSTR locale, CALID calendar, LPCWSTR reserved,
                                 CALTYPE type, LPARAM parameter)
{
    if (reserved)
        return fail(ERROR_INVALID_PARAMETER);
    return enum_calendar(locale_from_name(locale), calendar, type,
                         &(struct enumeration){(const void *)callback, FORM_EX, CAL_GREGORIAN, parameter});
}
