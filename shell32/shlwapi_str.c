/*
 * shlwapi_str.c: shlwapi.dll's Str functions.
 *
 * Layer: shell32, over kernel32's CompareString for those that order by language.
 */
#include <limits.h>
#include <string.h>
#include "win.h"
#include <combaseapi.h>
#include "ntdll/nls.h"

static char byte_upper(char c)
{
    return c >= 'a' && c <= 'z' ? (char)(c - 32) : c;
}

#define CHARACTER WCHAR
#define UNSIGNED WCHAR
#define WIDE WCHAR
#define STR(name) name##W
#define NAME(name) name##_wide
#define LENGTH wide_length
#define UPPER wide_upper
#include "shell32/str_template.h"
#undef CHARACTER
#undef UNSIGNED
#undef WIDE
#undef STR
#undef NAME
#undef LENGTH
#undef UPPER

#define CHARACTER char
#define UNSIGNED unsigned char
#define WIDE WORD
#define STR(name) name##A
#define NAME(name) name##_narrow
#define LENGTH strlen
#define UPPER byte_upper
#include "shell32/str_template.h"

PWSTR WINAPI StrStrNW(PCWSTR text, PCWSTR what, UINT most)
{
    return find_wide(text, what, most, false);
}

PWSTR WINAPI StrStrNIW(PCWSTR text, PCWSTR what, UINT most)
{
    return find_wide(text, what, most, true);
}

PWSTR WINAPI StrChrNW(PCWSTR text, WCHAR c, UINT most)
{
    for (; text && *text && most; text++, most--)
        if (*text == c)
            return (PWSTR)text;
    return NULL;
}

PWSTR WINAPI StrChrNIW(PCWSTR text, WCHAR c, UINT most)
{
    for (; text && *text && most; text++, most--)
        if (wide_upper(*text) == wide_upper(c))
            return (PWSTR)text;
    return NULL;
}

PWSTR WINAPI StrCpyW(PWSTR to, PCWSTR from)
{
    if (to && from)
        memcpy(to, from, (wide_length(from) + 1) * sizeof *to);
    return to;
}

PWSTR WINAPI StrCpyNW(PWSTR to, PCWSTR from, int room)
{
    int at = 0;

    if (!to || room <= 0)
        return to;
    for (; from && from[at] && at < room - 1; at++)
        to[at] = from[at];
    to[at] = 0;
    return to;
}

PWSTR WINAPI StrCatW(PWSTR to, PCWSTR from)
{
    if (to && from)
        StrCpyW(to + wide_length(to), from);
    return to;
}

DWORD WINAPI StrCatChainW(PWSTR text, DWORD room, DWORD at, PCWSTR more)
{
    if (at == ~0u)
        for (at = 0; at < room && text[at]; at++)
            ;
    if (at >= room)
        return at;
    for (; more && *more && at + 1 < room; more++)
        text[at++] = *more;
    text[at] = 0;
    return at;
}

/* As the Explorer sorts: digits by value, letters without case. */
int WINAPI StrCmpLogicalW(PCWSTR a, PCWSTR b)
{
    return linguistic_wide(a, -1, b, -1, NORM_IGNORECASE | SORT_DIGITSASNUMBERS);
}

static size_t put_text(WCHAR *out, size_t room, size_t at, const WCHAR *text)
{
    for (; *text; text++, at++)
        if (at + 1 < room)
            out[at] = *text;
    return at;
}

static size_t put_number(WCHAR *out, size_t room, size_t at, ULONGLONG number)
{
    WCHAR digits[24];
    int count = 23;

    digits[count] = 0;
    do
        digits[--count] = (WCHAR)('0' + number % 10);
    while (number /= 10);
    return put_text(out, room, at, digits + count);
}

/* "12 min 5 sec": `digits` significant figures of the time. */
int WINAPI StrFromTimeIntervalW(PWSTR out, UINT room, DWORD milliseconds, int digits)
{
    static const struct {
        DWORD seconds;
        const WCHAR *text;
    } units[] = {{3600, u" hr"}, {60, u" min"}, {1, u" sec"}};
    DWORD left = (milliseconds + 500) / 1000, weight = 1;
    size_t at = 0;

    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        DWORD value = left / units[i].seconds;
        int length = 0;

        left %= units[i].seconds;
        if (!value && units[i].seconds != 1)
            continue;
        if (digits <= 0)
            break;
        for (DWORD n = value; n || !length; n /= 10)
            length++;
        for (weight = 1; length > digits; length--) /* figures past the last that counts are zero */
            weight *= 10;
        digits -= length;
        at = put_text(out, room, at, u" ");
        at = put_number(out, room, at, value / weight * weight);
        at = put_text(out, room, at, units[i].text);
    }
    if (out && room)
        out[at < room ? at : room - 1] = 0;
    return (int)at;
}

int WINAPI StrFromTimeIntervalA(PSTR out, UINT room, DWORD milliseconds, int digits)
{
    WCHAR wide[64];
    int length = StrFromTimeIntervalW(wide, 64, milliseconds, digits);
    UINT i;

    for (i = 0; room && i < room - 1 && wide[i]; i++)
        out[i] = (char)wide[i];
    if (room)
        out[i] = 0;
    return length;
}

/* Three figures of the largest unit that leaves a whole part: "1.23 KB", "12.3 MB", "123 GB". */
PWSTR WINAPI StrFormatByteSizeW(LONGLONG size, PWSTR out, UINT room)
{
    static const WCHAR *const units[] = {u" KB", u" MB", u" GB", u" TB", u" PB", u" EB"};
    ULONGLONG value = (ULONGLONG)size, hundredths;
    size_t at = 0, unit = 0;

    if (!out || !room)
        return out;
    if (value < 1024) {
        at = put_text(out, room, put_number(out, room, 0, value), u" bytes");
        out[at < room ? at : room - 1] = 0;
        return out;
    }
    while (unit < 5 && value >> (10 * (unit + 1)) >= 1000)
        unit++;
    hundredths = (ULONGLONG)((unsigned __int128)value * 100 >> (10 * (unit + 1)));
    at = put_number(out, room, at, hundredths / 100);
    if (hundredths < 100 * 100) {
        WCHAR fraction[4] = {'.', (WCHAR)('0' + hundredths / 10 % 10), (WCHAR)('0' + hundredths % 10), 0};

        if (hundredths >= 10 * 100)
            fraction[2] = 0;
        at = put_text(out, room, at, fraction);
    }
    at = put_text(out, room, at, units[unit]);
    out[at < room ? at : room - 1] = 0;
    return out;
}

PSTR WINAPI StrFormatByteSize64A(LONGLONG size, PSTR out, UINT room)
{
    WCHAR wide[32];

    if (!out || !room)
        return out;
    StrFormatByteSizeW(size, wide, room < 32 ? room : 32);
    for (int i = 0; i == 0 || wide[i - 1]; i++)
        out[i] = (char)wide[i];
    return out;
}

PSTR WINAPI StrFormatByteSizeA(DWORD size, PSTR out, UINT room)
{
    return StrFormatByteSize64A(size, out, room);
}

/* Kilobytes, rounded up, in groups of three figures. */
PWSTR WINAPI StrFormatKBSizeW(LONGLONG size, PWSTR out, UINT room)
{
    WCHAR number[24], grouped[32];
    size_t at = 0, length;

    if (!out || !room)
        return NULL;
    length = put_number(number, 24, 0, ((ULONGLONG)size + 1023) >> 10);
    for (size_t i = 0; i < length; i++) {
        grouped[at++] = number[i];
        if (length - i > 1 && (length - i - 1) % 3 == 0)
            grouped[at++] = ',';
    }
    grouped[at] = 0;
    at = put_text(out, room, put_text(out, room, 0, grouped), u" KB");
    out[at < room ? at : room - 1] = 0;
    return out;
}

PSTR WINAPI StrFormatKBSizeA(LONGLONG size, PSTR out, UINT room)
{
    WCHAR wide[40];

    if (!out || !room)
        return NULL;
    StrFormatKBSizeW(size, wide, room < 40 ? room : 40);
    for (int i = 0; i == 0 || wide[i - 1]; i++)
        out[i] = (char)wide[i];
    return out;
}

/* ---- copies that are freed by CoTaskMemFree ---- */

HRESULT WINAPI SHStrDupW(LPCWSTR text, LPWSTR *copy)
{
    size_t size;

    *copy = NULL;
    if (!text)
        return E_OUTOFMEMORY; /* so it is */
    size = (wide_length(text) + 1) * sizeof *text;
    *copy = CoTaskMemAlloc(size);
    if (!*copy)
        return E_OUTOFMEMORY;
    memcpy(*copy, text, size);
    return S_OK;
}

HRESULT WINAPI SHStrDupA(LPCSTR text, LPWSTR *copy)
{
    WCHAR *wide = wide_from_ansi(text);
    HRESULT status = SHStrDupW(wide, copy);

    RtlFreeHeap(peb_current()->ProcessHeap, 0, wide);
    return status;
}
