/*
 * winbase_string.c: lstrlen, lstrcmp and their kin, and MulDiv.
 *
 * Layer: kernel32.  NULL is an empty string for lstrlen, and sorts before everything.
 */
#include <string.h>
#include "win.h"
#include "ntdll/nls.h"
#include "ntdll/probe.h"

/* What lstrlen and lstrcpy are asked; Windows documents that they catch access violations. */
struct text {
    void *to;
    const void *from;
    size_t room, length; /* room: characters of `to`, the zero included */
    bool wide, append;
};

static size_t text_length(const void *text, bool wide)
{
    return wide ? wide_length(text) : strlen(text);
}

static size_t text_length_within(const void *text, bool wide, size_t limit)
{
    size_t length = 0;

    if (!wide)
        return strnlen(text, limit);
    while (length < limit && ((const WCHAR *)text)[length])
        length++;
    return length;
}

static bool measure(void *argument)
{
    struct text *text = argument;

    text->length = text_length(text->from, text->wide);
    return true;
}

static bool copy(void *argument)
{
    struct text *text = argument;
    size_t unit = text->wide ? sizeof(WCHAR) : 1, length;
    char *to = text->to;

    if (text->append)
        to += text_length(to, text->wide) * unit;
    length = text_length_within(text->from, text->wide, text->room ? text->room - 1 : SIZE_MAX);
    memmove(to, text->from, length * unit);
    memset(to + length * unit, 0, unit);
    return true;
}

static int guarded_length(const void *from, bool wide)
{
    struct text text = {.from = from, .wide = wide};

    return from && guarded_call(measure, &text) ? (int)text.length : 0;
}

static void *guarded_copy(void *to, const void *from, size_t room, bool wide, bool append)
{
    struct text text = {to, from, room, 0, wide, append};

    return to && from && guarded_call(copy, &text) ? to : NULL;
}

int WINAPI lstrlenA(LPCSTR text)
{
    return guarded_length(text, false);
}

int WINAPI lstrlenW(LPCWSTR text)
{
    return guarded_length(text, true);
}

LPSTR WINAPI lstrcpyA(LPSTR to, LPCSTR from)
{
    return guarded_copy(to, from, 0, false, false);
}

LPWSTR WINAPI lstrcpyW(LPWSTR to, LPCWSTR from)
{
    return guarded_copy(to, from, 0, true, false);
}

LPSTR WINAPI lstrcpynA(LPSTR to, LPCSTR from, int room)
{
    return room > 0 ? guarded_copy(to, from ? from : "", room, false, false) : NULL;
}

LPWSTR WINAPI lstrcpynW(LPWSTR to, LPCWSTR from, int room)
{
    return room > 0 ? guarded_copy(to, from ? from : L"", room, true, false) : NULL;
}

LPSTR WINAPI lstrcatA(LPSTR to, LPCSTR from)
{
    return guarded_copy(to, from, 0, false, true);
}

LPWSTR WINAPI lstrcatW(LPWSTR to, LPCWSTR from)
{
    return guarded_copy(to, from, 0, true, true);
}

static int compare_wide(const WCHAR *a, const WCHAR *b, DWORD flags)
{
    if (!a || !b)
        return a ? 1 : b ? -1 : 0;
    return CompareStringW(GetThreadLocale(), flags, a, -1, b, -1) - CSTR_EQUAL;
}

static int compare_ansi(const char *a, const char *b, DWORD flags)
{
    if (!a || !b)
        return a ? 1 : b ? -1 : 0;
    return CompareStringA(GetThreadLocale(), flags, a, -1, b, -1) - CSTR_EQUAL;
}

int WINAPI lstrcmpW(LPCWSTR a, LPCWSTR b)
{
    return compare_wide(a, b, 0);
}

int WINAPI lstrcmpiW(LPCWSTR a, LPCWSTR b)
{
    return compare_wide(a, b, NORM_IGNORECASE);
}

int WINAPI lstrcmpA(LPCSTR a, LPCSTR b)
{
    return compare_ansi(a, b, 0);
}

int WINAPI lstrcmpiA(LPCSTR a, LPCSTR b)
{
    return compare_ansi(a, b, NORM_IGNORECASE);
}

/* number * numerator / denominator, rounded to nearest; -1 if it does not fit. */
int WINAPI MulDiv(int number, int numerator, int denominator)
{
    LONGLONG product = (LONGLONG)number * numerator, half;

    if (!denominator)
        return -1;
    half = (denominator < 0 ? -(LONGLONG)denominator : denominator) / 2;
    product = (product + (product < 0 ? -half : half)) / denominator;
    return product > 0x7fffffff || product < -0x80000000ll ? -1 : (int)product;
}
