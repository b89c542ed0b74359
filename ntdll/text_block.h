/* text_block.h: text in blocks of eight units: runs of ASCII, which most text is, and searches for a unit. */
#ifndef WINRUN_NTDLL_TEXT_BLOCK_H
#define WINRUN_NTDLL_TEXT_BLOCK_H

#include <emmintrin.h>
#include "win.h"

/* Units of an aligned block that are `unit`, two bits for each. */
static inline unsigned units_like(uintptr_t block, __m128i unit)
{
    return (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi16(*(const __m128i *)block, unit));
}

/* Widens the ASCII that `bytes` begins with, as far as whole eights go; returns how many units were written. */
static inline size_t ascii_widen(const char *bytes, size_t length, WCHAR *wide)
{
    size_t n = 0;

    for (; length - n >= 8; n += 8) {
        __m128i eight = _mm_loadl_epi64((const __m128i *)(bytes + n));

        if (_mm_movemask_epi8(eight) & 0xff)
            break;
        _mm_storeu_si128((__m128i *)(wide + n), _mm_unpacklo_epi8(eight, _mm_setzero_si128()));
    }
    return n;
}

/* The way back. */
static inline size_t ascii_narrow(const WCHAR *wide, size_t length, char *bytes)
{
    const __m128i beyond = _mm_set1_epi16((short)0xff80), zero = _mm_setzero_si128();
    size_t n = 0;

    for (; length - n >= 8; n += 8) {
        __m128i eight = _mm_loadu_si128((const __m128i *)(wide + n));

        if (_mm_movemask_epi8(_mm_cmpeq_epi16(_mm_and_si128(eight, beyond), zero)) != 0xffff)
            break;
        _mm_storel_epi64((__m128i *)(bytes + n), _mm_packus_epi16(eight, eight));
    }
    return n;
}

#endif
