/*
 * char.c: the character functions of user32: case, stepping, classes.
 *
 * Layer: user32, over ntdll's tables.  A pointer whose high part is zero is a single character.
 */
#include <string.h>
#include "win.h"
#include "ntdll/nls.h"

static bool is_single(const void *text)
{
    return (ULONG_PTR)text < 0x10000;
}

static LPWSTR map_wide(LPWSTR text, WCHAR (*map)(WCHAR))
{
    if (is_single(text))
        return (LPWSTR)(ULONG_PTR)map((WCHAR)(ULONG_PTR)text);
    for (WCHAR *at = text; *at; at++)
        *at = map(*at);
    return text;
}

/* In UTF-8 only ASCII has the same length in both cases for sure; the rest stays as it is. */
static char map_byte(char c, WCHAR (*map)(WCHAR))
{
    return (unsigned char)c < 0x80 ? (char)map((WCHAR)c) : c;
}

static LPSTR map_ansi(LPSTR text, WCHAR (*map)(WCHAR))
{
    if (is_single(text))
        return (LPSTR)(ULONG_PTR)(unsigned char)map_byte((char)(ULONG_PTR)text, map);
    for (char *at = text; *at; at++)
        *at = map_byte(*at, map);
    return text;
}

LPWSTR WINAPI CharUpperW(LPWSTR text)
{
    return map_wide(text, wide_upper);
}

LPWSTR WINAPI CharLowerW(LPWSTR text)
{
    return map_wide(text, wide_lower);
}

LPSTR WINAPI CharUpperA(LPSTR text)
{
    return map_ansi(text, wide_upper);
}

LPSTR WINAPI CharLowerA(LPSTR text)
{
    return map_ansi(text, wide_lower);
}

DWORD WINAPI CharUpperBuffW(LPWSTR text, DWORD length)
{
    for (DWORD i = 0; i < length; i++)
        text[i] = wide_upper(text[i]);
    return length;
}

DWORD WINAPI CharLowerBuffW(LPWSTR text, DWORD length)
{
    for (DWORD i = 0; i < length; i++)
        text[i] = wide_lower(text[i]);
    return length;
}

DWORD WINAPI CharUpperBuffA(LPSTR text, DWORD length)
{
    for (DWORD i = 0; i < length; i++)
        text[i] = map_byte(text[i], wide_upper);
    return length;
}

DWORD WINAPI CharLowerBuffA(LPSTR text, DWORD length)
{
    for (DWORD i = 0; i < length; i++)
        text[i] = map_byte(text[i], wide_lower);
    return length;
}

LPWSTR WINAPI CharNextW(LPCWSTR text)
{
    return (LPWSTR)(*text ? text + 1 : text);
}

LPWSTR WINAPI CharPrevW(LPCWSTR start, LPCWSTR text)
{
    return (LPWSTR)(text > start ? text - 1 : start);
}

LPSTR WINAPI CharNextExA(WORD codepage, LPCSTR text, DWORD flags)
{
    (void)flags;
    if (!*text)
        return (LPSTR)text;
    return (LPSTR)(text + (IsDBCSLeadByteEx(codepage, (BYTE)*text) && text[1] ? 2 : 1));
}

LPSTR WINAPI CharNextA(LPCSTR text)
{
    return CharNextExA(CP_ACP, text, 0);
}

LPSTR WINAPI CharPrevExA(WORD codepage, LPCSTR start, LPCSTR text, DWORD flags)
{
    LPCSTR at = start;

    while (at < text && CharNextExA(codepage, at, flags) < text && *at)
        at = CharNextExA(codepage, at, flags);
    return (LPSTR)at;
}

LPSTR WINAPI CharPrevA(LPCSTR start, LPCSTR text)
{
    return CharPrevExA(CP_ACP, start, text, 0);
}

BOOL WINAPI IsCharAlphaW(WCHAR c)
{
    return (wide_type1(c) & C1_ALPHA) != 0;
}

static WCHAR char_of(CHAR c)
{
    WCHAR wide = 0;

    return MultiByteToWideChar(CP_ACP, 0, &c, 1, &wide, 1) ? wide : 0;
}

BOOL WINAPI IsCharAlphaA(CHAR c)
{
    return IsCharAlphaW(char_of(c));
}

BOOL WINAPI IsCharAlphaNumericA(CHAR c)
{
    return IsCharAlphaNumericW(char_of(c));
}

BOOL WINAPI IsCharLowerA(CHAR c)
{
    return IsCharLowerW(char_of(c));
}

BOOL WINAPI IsCharUpperA(CHAR c)
{
    return IsCharUpperW(char_of(c));
}

BOOL WINAPI IsCharAlphaNumericW(WCHAR c)
{
    return (wide_type1(c) & (C1_ALPHA | C1_DIGIT)) != 0;
}

BOOL WINAPI IsCharUpperW(WCHAR c)
{
    return (wide_type1(c) & C1_UPPER) != 0;
}

BOOL WINAPI IsCharLowerW(WCHAR c)
{
    return (wide_type1(c) & C1_LOWER) != 0;
}
