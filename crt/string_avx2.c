/*
 * string_avx2.c: searches in strings and blocks, 32 bytes at a time.
 *
 * Layer: crt.  For processors with AVX2 (processor_avx2), where they are as fast as the host's library without saving
 * the ten vector registers that Windows' calling convention keeps.  Loads are aligned, or end before the page does.
 */
#include <immintrin.h>
#include "crt/string_avx2.h"

#define AVX2 __attribute__((target("avx2")))

static inline AVX2 __m256i load_aligned(uintptr_t at)
{
    return *(const __m256i *)at;
}

static inline AVX2 unsigned bytes_like(__m256i bytes, __m256i wanted)
{
    return (unsigned)_mm256_movemask_epi8(_mm256_cmpeq_epi8(bytes, wanted));
}

/* Bytes that are `wanted` or zero: the smaller of x ^ wanted and x is zero there. */
static inline AVX2 __m256i like_or_end(__m256i bytes, __m256i wanted)
{
    return _mm256_min_epu8(_mm256_xor_si256(bytes, wanted), bytes);
}

AVX2 size_t WINAPI strlen_avx2(const char *text)
{
    const __m256i zero = _mm256_setzero_si256();
    uintptr_t block = (uintptr_t)text & ~31ull;
    unsigned found = bytes_like(load_aligned(block), zero) >> ((uintptr_t)text & 31);

    if (found)
        return (size_t)__builtin_ctz(found);
    for (block += 32; block & 127; block += 32)
        if ((found = bytes_like(load_aligned(block), zero)))
            return block - (uintptr_t)text + (size_t)__builtin_ctz(found);
    for (;; block += 128) {
        __m256i first = _mm256_min_epu8(load_aligned(block), load_aligned(block + 32));
        __m256i second = _mm256_min_epu8(load_aligned(block + 64), load_aligned(block + 96));
        if (bytes_like(_mm256_min_epu8(first, second), zero))
            break;
    }
    while (!(found = bytes_like(load_aligned(block), zero)))
        block += 32;
    return block - (uintptr_t)text + (size_t)__builtin_ctz(found);
}

AVX2 char *WINAPI strchr_avx2(const char *text, int c)
{
    const __m256i zero = _mm256_setzero_si256(), wanted = _mm256_set1_epi8((char)c);
    uintptr_t block = (uintptr_t)text & ~31ull;
    unsigned skipped = (unsigned)((uintptr_t)text & 31);
    unsigned found = bytes_like(like_or_end(load_aligned(block), wanted), zero) >> skipped << skipped;

    if (!found) {
        for (block += 32; block & 127; block += 32)
            if ((found = bytes_like(like_or_end(load_aligned(block), wanted), zero)))
                break;
        for (; !found; block += 128) {
            __m256i first = _mm256_min_epu8(like_or_end(load_aligned(block), wanted),
                                            like_or_end(load_aligned(block + 32), wanted));
            __m256i second = _mm256_min_epu8(like_or_end(load_aligned(block + 64), wanted),
                                             like_or_end(load_aligned(block + 96), wanted));
            if (bytes_like(_mm256_min_epu8(first, second), zero))
                break;
        }
        while (!found && !(found = bytes_like(like_or_end(load_aligned(block), wanted), zero)))
            block += 32;
    }
    const char *at = (const char *)block + __builtin_ctz(found);
    return *at == (char)c ? (char *)at : NULL;
}

/* The bytes of x where both are equal, else zero: so zero is a difference or the end. */
static inline AVX2 __m256i equal_bytes(const char *a, const char *b)
{
    __m256i x = _mm256_loadu_si256((const __m256i *)a), y = _mm256_loadu_si256((const __m256i *)b);

    return _mm256_min_epu8(_mm256_cmpeq_epi8(x, y), x);
}

static inline int byte_order(const char *a, const char *b)
{
    return ((unsigned char)*a > (unsigned char)*b) - ((unsigned char)*a < (unsigned char)*b);
}

/* How far both can be read before one of their pages ends. */
static inline size_t same_pages(const char *a, const char *b)
{
    size_t x = 4096 - ((uintptr_t)a & 4095), y = 4096 - ((uintptr_t)b & 4095);

    return x < y ? x : y;
}

AVX2 int WINAPI strcmp_avx2(const char *a, const char *b)
{
    const __m256i zero = _mm256_setzero_si256();

    for (;;) {
        size_t left = same_pages(a, b);

        for (; left >= 128; left -= 128, a += 128, b += 128) {
            unsigned stops = bytes_like(equal_bytes(a, b), zero);
            if (stops)
                return byte_order(a + __builtin_ctz(stops), b + __builtin_ctz(stops));
            __m256i more = _mm256_min_epu8(equal_bytes(a + 32, b + 32), equal_bytes(a + 64, b + 64));
            if (bytes_like(_mm256_min_epu8(more, equal_bytes(a + 96, b + 96)), zero))
                break;
        }
        for (; left >= 32; left -= 32, a += 32, b += 32) {
            unsigned stops = bytes_like(equal_bytes(a, b), zero);
            if (stops)
                return byte_order(a + __builtin_ctz(stops), b + __builtin_ctz(stops));
        }
        for (; left >= 8; left -= 8, a += 8, b += 8) {
            __m128i x = _mm_loadl_epi64((const __m128i *)a), y = _mm_loadl_epi64((const __m128i *)b);
            __m128i equal = _mm_min_epu8(_mm_cmpeq_epi8(x, y), x);
            unsigned stops = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(equal, _mm_setzero_si128())) & 0xff;
            if (stops)
                return byte_order(a + __builtin_ctz(stops), b + __builtin_ctz(stops));
        }
        for (; left; left--, a++, b++)
            if (*a != *b || !*a)
                return byte_order(a, b);
    }
}

AVX2 void *WINAPI memchr_avx2(const void *start, int value, size_t size)
{
    const __m256i wanted = _mm256_set1_epi8((char)value);
    uintptr_t text = (uintptr_t)start, block = text & ~31ull;
    uintptr_t end = text + size < text ? UINTPTR_MAX : text + size; /* Windows programs do pass SIZE_MAX */
    unsigned skipped = (unsigned)(text & 31), found;

    if (!size)
        return NULL;
    found = bytes_like(load_aligned(block), wanted) >> skipped << skipped;
    if (!found) {
        for (block += 32; block & 127 && block < end; block += 32)
            if ((found = bytes_like(load_aligned(block), wanted)))
                break;
        for (; !found && block < end; block += 128) {
            __m256i first = _mm256_or_si256(_mm256_cmpeq_epi8(load_aligned(block), wanted),
                                            _mm256_cmpeq_epi8(load_aligned(block + 32), wanted));
            __m256i second = _mm256_or_si256(_mm256_cmpeq_epi8(load_aligned(block + 64), wanted),
                                             _mm256_cmpeq_epi8(load_aligned(block + 96), wanted));
            if (_mm256_movemask_epi8(_mm256_or_si256(first, second)))
                break;
        }
        for (; !found && block < end; block += 32)
            if ((found = bytes_like(load_aligned(block), wanted)))
                break;
    }
    uintptr_t at = found ? block + (uintptr_t)__builtin_ctz(found) : end;
    return at < end ? (void *)at : NULL;
}
