/*
 * nls.c: case mapping and character types from tables made at build time (gen/gencase.c).
 *
 * Layer: ntdll.  Pure computing.
 */
#include "nls.h"
#include "case_table.h"

WCHAR wide_upper(WCHAR c)
{
    if (c < 0x80)
        return c >= 'a' && c <= 'z' ? c - 32 : c;
    return (WCHAR)(c + upper_delta[upper_index[c >> 8]][c & 0xff]);
}

WCHAR wide_lower(WCHAR c)
{
    if (c < 0x80)
        return c >= 'A' && c <= 'Z' ? c + 32 : c;
    return (WCHAR)(c + lower_delta[lower_index[c >> 8]][c & 0xff]);
}

WORD wide_type1(WCHAR c)
{
    return type1_value[type1_index[c >> 8]][c & 0xff];
}

WORD wide_type2(WCHAR c)
{
    return type2_value[type2_index[c >> 8]][c & 0xff];
}

WORD wide_type3(WCHAR c)
{
    return type3_value[type3_index[c >> 8]][c & 0xff];
}

size_t wide_length(const WCHAR *text)
{
    size_t length = 0;

    while (text[length])
        length++;
    return length;
}

int wide_compare(const WCHAR *a, const WCHAR *b)
{
    while (*a && *a == *b)
        a++, b++;
    return *a - *b;
}

int wide_compare_nocase(const WCHAR *a, const WCHAR *b)
{
    while (*a && wide_upper(*a) == wide_upper(*b))
        a++, b++;
    return wide_upper(*a) - wide_upper(*b);
}

WCHAR WINAPI RtlUpcaseUnicodeChar(WCHAR c)
{
    return wide_upper(c);
}

WCHAR WINAPI RtlDowncaseUnicodeChar(WCHAR c)
{
    return wide_lower(c);
}
