/*
 * memory.c: blocks of memory: the C runtimes' memcpy and friends.
 *
 * Layer: crt.  Small blocks are done here, in the registers that Windows' calling convention leaves free; a call of
 * the host's function, for which ten vector registers are saved, pays for large ones only.
 */
#include <emmintrin.h>
#include "crt.h"
#include "crt/string_avx2.h"
#include "ntdll/processor.h"

#define SMALL 96  /* without a loop */
#define LARGE 512 /* for the host's functions */

typedef uint16_t __attribute__((may_alias, aligned(1))) two;
typedef uint32_t __attribute__((may_alias, aligned(1))) four;
typedef uint64_t __attribute__((may_alias, aligned(1))) eight;

static inline __m128i load(const char *at)
{
    return _mm_loadu_si128((const __m128i *)at);
}

static inline void store(char *at, __m128i value)
{
    _mm_storeu_si128((__m128i *)at, value);
}

__attribute__((noinline)) static void *WINAPI move_large(void *to, const void *from, size_t size)
{
    return memmove(to, from, size);
}

/* Blocks apart from each other, 64 bytes at a time, the last 64 in one go. */
static inline void *move_more(void *to, const void *from, size_t size)
{
    char *out = to, *last = out + size - 64;
    const char *in = from, *in_last = in + size - 64;
    if (size > LARGE || (uintptr_t)to - (uintptr_t)from < size || (uintptr_t)from - (uintptr_t)to < size)
        return move_large(to, from, size);
    for (bool more = true; more; in += 64, out += 64) {
        if (out >= last) {
            out = last;
            in = in_last;
            more = false;
        }
        __m128i a = load(in), b = load(in + 16), c = load(in + 32), d = load(in + 48);
        store(out, a);
        store(out + 16, b);
        store(out + 32, c);
        store(out + 48, d);
    }
    return to;
}

/* All is loaded before anything is stored, so the blocks may overlap. */
static inline void *move(void *to, const void *from, size_t size)
{
    char *out = to, *out_end = out + size;
    const char *in = from, *in_end = in + size;
    if (size > SMALL)
        return move_more(to, from, size);
    if (size >= 16) {
        __m128i first = load(in), last = load(in_end - 16);
        if (size > 32) {
            __m128i second = load(in + 16), third = load(in_end - 32);
            if (size > 64) {
                __m128i fourth = load(in + 32), fifth = load(in_end - 48);
                store(out + 32, fourth);
                store(out_end - 48, fifth);
            }
            store(out + 16, second);
            store(out_end - 32, third);
        }
        store(out, first);
        store(out_end - 16, last);
    } else if (size >= 8) {
        uint64_t first = *(const eight *)in, last = *(const eight *)(in_end - 8);
        *(eight *)out = first;
        *(eight *)(out_end - 8) = last;
    } else if (size >= 4) {
        uint32_t first = *(const four *)in, last = *(const four *)(in_end - 4);
        *(four *)out = first;
        *(four *)(out_end - 4) = last;
    } else if (size >= 2) {
        uint16_t first = *(const two *)in, last = *(const two *)(in_end - 2);
        *(two *)out = first;
        *(two *)(out_end - 2) = last;
    } else if (size) {
        *out = *in;
    }
    return to;
}

void *WINAPI crt_memcpy(void *to, const void *from, size_t size)
{
    return move(to, from, size); /* Microsoft's allows overlap */
}

void *WINAPI crt_memmove(void *to, const void *from, size_t size)
{
    return move(to, from, size);
}

__attribute__((noinline)) static void *WINAPI set_large(void *block, int value, size_t size)
{
    return memset(block, value, size);
}

void *WINAPI crt_memset(void *block, int value, size_t size)
{
    char *out = block, *end = out + size;
    if (size > LARGE)
        return set_large(block, value, size);
    if (size > SMALL) {
        __m128i fill = _mm_set1_epi8((char)value);
        for (; out < end - 32; out += 32) {
            store(out, fill);
            store(out + 16, fill);
        }
        store(end - 32, fill);
        store(end - 16, fill);
        return block;
    }
    uint64_t bytes = (unsigned char)value * 0x0101010101010101ull;
    if (size >= 16) {
        __m128i fill = _mm_set1_epi64x((long long)bytes);
        store(out, fill);
        store(end - 16, fill);
        if (size > 32) {
            store(out + 16, fill);
            store(end - 32, fill);
        }
        if (size > 64) {
            store(out + 32, fill);
            store(end - 48, fill);
        }
    } else if (size >= 8) {
        *(eight *)out = bytes;
        *(eight *)(end - 8) = bytes;
    } else if (size >= 4) {
        *(four *)out = (uint32_t)bytes;
        *(four *)(end - 4) = (uint32_t)bytes;
    } else if (size) {
        out[0] = end[-1] = (char)value;
        out[size / 2] = (char)value;
    }
    return block;
}

__attribute__((noinline)) static int WINAPI compare_large(const void *a, const void *b, size_t size)
{
    return memcmp(a, b, size);
}

int WINAPI crt_memcmp(const void *a, const void *b, size_t size)
{
    const char *x = a, *y = b;
    while (size >= 16) {
        unsigned same = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(load(x), load(y)));
        if (same != 0xffff) {
            int at = __builtin_ctz(~same);
            return (unsigned char)x[at] < (unsigned char)y[at] ? -1 : 1;
        }
        x += 16;
        y += 16;
        size -= 16;
        if (size > SMALL) {
            int order = compare_large(x, y, size);
            return order < 0 ? -1 : order > 0;
        }
    }
    for (; size; size--, x++, y++)
        if (*x != *y)
            return (unsigned char)*x < (unsigned char)*y ? -1 : 1;
    return 0;
}

__attribute__((noinline)) static void *WINAPI find_large(const void *block, int value, size_t size)
{
    return (void *)memchr(block, value, size);
}

void *WINAPI crt_memchr(const void *block, int value, size_t size)
{
    if (processor_avx2)
        return memchr_avx2(block, value, size);
    __m128i wanted = _mm_set1_epi8((char)value);
    const char *at = (const char *)((uintptr_t)block & ~15ull), *end = (const char *)block + size;
    unsigned skipped = (unsigned)((uintptr_t)block & 15);
    if (end < (const char *)block) /* "as far as it takes" */
        end = (const char *)UINTPTR_MAX;
    for (int i = 0; i < 16 && size && at < end; i++, at += 16, skipped = 0) {
        unsigned found = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(load(at), wanted)) >> skipped << skipped;
        if (found) {
            at += __builtin_ctz(found);
            return at < end ? (char *)at : NULL;
        }
    }
    return size && at < end ? find_large(at, value, (size_t)(end - at)) : NULL;
}
