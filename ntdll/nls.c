/*
 * nls.c: case mapping and character types from tables made at build time (gen/gencase.c).
 *
 * Layer: ntdll.  Pure computing.
 */
#include "nls.h"
#include "case_table.h"
#include "text_block.h"

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
    if ((uintptr_t)text & 1) { /* no block of units would fit it */
        const WCHAR *p = text;
        while (*p)
            p++;
        return (size_t)(p - text);
    }
    __m128i zero = _mm_setzero_si128();
    uintptr_t block = (uintptr_t)text & ~15ull;
    unsigned found = units_like(block, zero) >> ((uintptr_t)text & 15);
    if (found)
        return (size_t)__builtin_ctz(found) / 2;
    do
        block += 16;
    while (!(found = units_like(block, zero)) && block & 63);
    if (!found) { /* from here 64 bytes at a time */
        const __m128i *p = (const __m128i *)block;
        while (!_mm_movemask_epi8(_mm_or_si128(_mm_or_si128(_mm_cmpeq_epi16(p[0], zero), _mm_cmpeq_epi16(p[1], zero)),
                                               _mm_or_si128(_mm_cmpeq_epi16(p[2], zero), _mm_cmpeq_epi16(p[3], zero)))))
            p += 4;
        for (block = (uintptr_t)p; !(found = units_like(block, zero));)
            block += 16;
    }
    return (block - (uintptr_t)text + (size_t)__builtin_ctz(found)) / 2;
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
