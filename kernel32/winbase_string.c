/*
 * winbase_string.c: lstrlen, lstrcmp and their kin, and MulDiv.
 *
 * Layer: kernel32.  NULL is an empty string for lstrlen, and sorts before everything.
 */
#include <string.h>
#include "win.h"
#include "ntdll/nls.h"

int WINAPI lstrlenA(LPCSTR text)
{
    return text ? (int)strlen(text) : 0;
}

int WINAPI lstrlenW(LPCWSTR text)
{
    return text ? (int)wide_length(text) : 0;
}

LPSTR WINAPI lstrcpyA(LPSTR to, LPCSTR from)
{
    return to && from ? memmove(to, from, strlen(from) + 1) : NULL;
}

LPWSTR WINAPI lstrcpyW(LPWSTR to, LPCWSTR from)
{
    return to && from ? memmove(to, from, (wide_length(from) + 1) * sizeof *from) : NULL;
}

LPSTR WINAPI lstrcpynA(LPSTR to, LPCSTR from, int room)
{
    size_t length;

    if (!to || room <= 0)
        return NULL;
    length = from ? strnlen(from, (size_t)room - 1) : 0;
    memmove(to, from ? from : "", length);
    to[length] = 0;
    return to;
}

LPWSTR WINAPI lstrcpynW(LPWSTR to, LPCWSTR from, int room)
{
    int length = 0;

    if (!to || room <= 0)
        return NULL;
    for (; from && length < room - 1 && from[length]; length++)
        to[length] = from[length];
    to[length] = 0;
    return to;
}

LPSTR WINAPI lstrcatA(LPSTR to, LPCSTR from)
{
    if (!to || !from)
        return NULL;
    lstrcpyA(to + strlen(to), from);
    return to;
}

LPWSTR WINAPI lstrcatW(LPWSTR to, LPCWSTR from)
{
    if (!to || !from)
        return NULL;
    lstrcpyW(to + wide_length(to), from);
    return to;
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
