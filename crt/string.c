/*
 * string.c: strings of bytes: the standard functions.
 *
 * Layer: crt.  The beginning of a string, which mostly is all of it, is looked at here in the registers that Windows'
 * calling convention leaves free; the host's functions do the rest.  Loads are aligned, or end before the page does.
 */
#include <emmintrin.h>
#include "crt.h"
#include "crt/string_avx2.h"
#include "ntdll/processor.h"

#define CLOSE_BYTES 192 /* how far we look ourselves */

static inline __m128i load_aligned(uintptr_t at)
{
    return *(const __m128i *)at;
}

static inline unsigned zeros(__m128i bytes)
{
    return (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, _mm_setzero_si128()));
}

__attribute__((noinline)) static size_t WINAPI length_far(const char *text, const char *from)
{
    return (size_t)(from - text) + strlen(from);
}

size_t WINAPI crt_strlen(const char *text)
{
    if (processor_avx2)
        return strlen_avx2(text);
    uintptr_t block = (uintptr_t)text & ~15ull;
    unsigned found = zeros(load_aligned(block)) >> ((uintptr_t)text & 15);
    if (found)
        return (size_t)__builtin_ctz(found);
    for (int i = 1; i < CLOSE_BYTES / 16; i++) {
        block += 16;
        found = zeros(load_aligned(block));
        if (found)
            return block - (uintptr_t)text + (size_t)__builtin_ctz(found);
    }
    return length_far(text, (const char *)block + 16);
}

__attribute__((noinline)) static char *WINAPI find_far(const char *text, int c)
{
    return (char *)strchr(text, c);
}

char *WINAPI crt_strchr(const char *text, int c)
{
    if (processor_avx2)
        return strchr_avx2(text, c);
    uintptr_t block = (uintptr_t)text & ~15ull;
    unsigned skipped = (unsigned)((uintptr_t)text & 15);
    __m128i wanted = _mm_set1_epi8((char)c);
    for (int i = 0; i < CLOSE_BYTES / 16; i++, block += 16, skipped = 0) {
        __m128i bytes = load_aligned(block);
        unsigned found = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, wanted)) >> skipped << skipped;
        unsigned ends = zeros(bytes) >> skipped << skipped;
        if (found | ends) {
            int at = __builtin_ctz(found | ends);
            return found >> at & 1 ? (char *)block + at : NULL;
        }
    }
    return find_far((const char *)block, c);
}

static inline int sign(int order)
{
    return order < 0 ? -1 : order > 0;
}

__attribute__((noinline)) static int WINAPI compare_far(const char *a, const char *b)
{
    return sign(strcmp(a, b));
}

int WINAPI crt_strcmp(const char *a, const char *b)
{
    if (processor_avx2)
        return strcmp_avx2(a, b);
    for (int i = 0; i < CLOSE_BYTES / 16; i++, a += 16, b += 16) {
        if (((uintptr_t)a & 4095) > 4080 || ((uintptr_t)b & 4095) > 4080)
            break;
        __m128i x = _mm_loadu_si128((const __m128i *)a), y = _mm_loadu_si128((const __m128i *)b);
        unsigned same = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(x, y)), stops = (~same & 0xffff) | zeros(x);
        if (stops) {
            int at = __builtin_ctz(stops);
            return sign((unsigned char)a[at] - (unsigned char)b[at]);
        }
    }
    return compare_far(a, b);
}

size_t WINAPI crt_strnlen(const char *text, size_t size)
{
    return strnlen(text, size);
}

int WINAPI crt_strncmp(const char *a, const char *b, size_t size)
{
    return sign(strncmp(a, b, size));
}

char *WINAPI crt_strcpy(char *to, const char *from)
{
    return strcpy(to, from);
}

char *WINAPI crt_strncpy(char *to, const char *from, size_t size)
{
    return strncpy(to, from, size);
}

char *WINAPI crt_strcat(char *to, const char *from)
{
    return strcat(to, from);
}

char *WINAPI crt_strncat(char *to, const char *from, size_t size)
{
    return strncat(to, from, size);
}

char *WINAPI crt_strrchr(const char *text, int c)
{
    return (char *)strrchr(text, c);
}

char *WINAPI crt_strstr(const char *text, const char *part)
{
    return (char *)strstr(text, part);
}

size_t WINAPI crt_strspn(const char *text, const char *set)
{
    return strspn(text, set);
}

size_t WINAPI crt_strcspn(const char *text, const char *set)
{
    return strcspn(text, set);
}

char *WINAPI crt_strpbrk(const char *text, const char *set)
{
    return (char *)strpbrk(text, set);
}

char *WINAPI _strdup(const char *text)
{
    if (!text)
        return NULL;
    size_t size = strlen(text) + 1;
    char *copy = crt_malloc(size);
    return copy ? memcpy(copy, text, size) : NULL;
}
