/*
 * search.c: sorting, searching, random numbers, and the small arithmetic of stdlib.h.
 * Comparison functions are the program's: they are called through the gate.
 */
#include <stdlib.h>
#include "crt/crt.h"
#include "ntdll/gate.h"

/* How one element is compared with another: qsort's two forms behind one. */
struct order {
    const void *compare;
    void *context;
    bool has_context;
};

static int compare(const struct order *order, const void *a, const void *b)
{
    if (order->has_context)
        return (int)guest_call(order->compare, GUEST(order->context), GUEST(a), GUEST(b), 0);
    return (int)guest_call(order->compare, GUEST(a), GUEST(b), 0, 0);
}

static void swap(char *a, char *b, size_t size)
{
    while (size--) {
        char c = *a;
        *a++ = *b;
        *b++ = c;
    }
}

static void insertion_sort(char *base, size_t count, size_t size, const struct order *order)
{
    for (size_t i = 1; i < count; i++)
        for (char *p = base + i * size; p > base && compare(order, p - size, p) > 0; p -= size)
            swap(p - size, p, size);
}

/* Sifts down in a heap: the worst case of the sort stays n log n whatever the program's data is. */
static void heap_sort(char *base, size_t count, size_t size, const struct order *order)
{
    for (size_t start = count / 2, end = count; end > 1;) {
        if (start)
            start--;
        else
            swap(base, base + --end * size, size);
        for (size_t root = start, child; (child = root * 2 + 1) < end; root = child) {
            if (child + 1 < end && compare(order, base + child * size, base + (child + 1) * size) < 0)
                child++;
            if (compare(order, base + root * size, base + child * size) >= 0)
                break;
            swap(base + root * size, base + child * size, size);
        }
    }
}

/*
 * In place, as Windows' is (the host's qsort may allocate, and must not be left by an exception).  Median of three,
 * larger part by the loop; heap sort when the parts stay lopsided.
 */
static void sort(char *base, size_t count, size_t size, const struct order *order, int depth)
{
    while (count > 8) {
        if (!depth--) {
            heap_sort(base, count, size, order);
            return;
        }
        char *last = base + (count - 1) * size, *middle = base + count / 2 * size;
        if (compare(order, base, middle) > 0)
            swap(base, middle, size);
        if (compare(order, base, last) > 0)
            swap(base, last, size);
        if (compare(order, middle, last) > 0)
            swap(middle, last, size);
        char *low = base, *high = last, *pivot = middle;
        for (;;) {
            do
                low += size;
            while (low <= last && low != pivot && compare(order, low, pivot) < 0);
            do
                high -= size;
            while (high > base && high != pivot && compare(order, high, pivot) > 0);
            if (low >= high)
                break;
            swap(low, high, size);
            pivot = pivot == low ? high : pivot == high ? low : pivot;
        }
        size_t left = (size_t)(low - base) / size, right = count - left;
        if (left < right) {
            sort(base, left, size, order, depth);
            base = low;
            count = right;
        } else {
            sort(low, right, size, order, depth);
            count = left;
        }
    }
    insertion_sort(base, count, size, order);
}

static int depth_for(size_t count)
{
    int depth = 2;
    for (; count; count >>= 1)
        depth += 2;
    return depth;
}

void WINAPI crt_qsort(void *base, size_t count, size_t size, const void *function)
{
    struct order order = {function, NULL, false};
    CRT_REQUIRE((base || !count) && size && function, );
    sort(base, count, size, &order, depth_for(count));
}

void WINAPI crt_qsort_s(void *base, size_t count, size_t size, const void *function, void *context)
{
    struct order order = {function, context, true};
    CRT_REQUIRE((base || !count) && size && function, );
    sort(base, count, size, &order, depth_for(count));
}

static void *search(const void *key, const char *base, size_t count, size_t size, const struct order *order)
{
    while (count) {
        const char *middle = base + count / 2 * size;
        int result = compare(order, key, middle);
        if (!result)
            return (void *)middle;
        if (result > 0) {
            base = middle + size;
            count--;
        }
        count /= 2;
    }
    return NULL;
}

void *WINAPI crt_bsearch(const void *key, const void *base, size_t count, size_t size, const void *function)
{
    struct order order = {function, NULL, false};
    CRT_REQUIRE((base || !count) && size && function, NULL);
    return search(key, base, count, size, &order);
}

void *WINAPI crt_bsearch_s(const void *key, const void *base, size_t count, size_t size, const void *function,
                           void *context)
{
    struct order order = {function, context, true};
    CRT_REQUIRE((base || !count) && size && function, NULL);
    return search(key, base, count, size, &order);
}

void *WINAPI _lfind(const void *key, const void *base, unsigned *count, unsigned size, const void *function)
{
    struct order order = {function, NULL, false};
    CRT_REQUIRE(key && count && (base || !*count) && size && function, NULL);
    for (unsigned i = 0; i < *count; i++)
        if (!compare(&order, key, (const char *)base + (size_t)i * size))
            return (char *)base + (size_t)i * size;
    return NULL;
}

void *WINAPI _lsearch(const void *key, void *base, unsigned *count, unsigned size, const void *function)
{
    void *found = _lfind(key, base, count, size, function);
    return found ? found : memcpy((char *)base + (size_t)(*count)++ * size, key, size);
}

void *WINAPI _lfind_s(const void *key, const void *base, unsigned *count, size_t size, const void *function,
                      void *context)
{
    struct order order = {function, context, true};
    CRT_REQUIRE(key && count && (base || !*count) && size && function, NULL);
    for (unsigned i = 0; i < *count; i++)
        if (!compare(&order, key, (const char *)base + i * size))
            return (char *)base + i * size;
    return NULL;
}

void *WINAPI _lsearch_s(const void *key, void *base, unsigned *count, size_t size, const void *function, void *context)
{
    CRT_REQUIRE(key && count && base && size && function, NULL);
    void *found = _lfind_s(key, base, count, size, function, context);
    return found ? found : memcpy((char *)base + (*count)++ * size, key, size);
}

/* Microsoft's generator, whose sequence programs' expected results depend on: 15 bits of a linear congruence. */
int WINAPI crt_rand(void)
{
    struct crt_thread *thread = crt_thread();
    thread->random = thread->random * 214013 + 2531011;
    return (int)(thread->random >> 16 & 0x7fff);
}

void WINAPI crt_srand(unsigned seed)
{
    crt_thread()->random = seed;
}

BOOLEAN WINAPI SystemFunction036(PVOID buffer, ULONG length);

int WINAPI crt_rand_s(unsigned *value)
{
    CRT_REQUIRE(value, CRT_EINVAL);
    return SystemFunction036(value, sizeof(*value)) ? 0 : crt_set_errno(CRT_ENOMEM);
}

int WINAPI crt_abs(int value)
{
    return value < 0 ? -value : value;
}

int64_t WINAPI crt_llabs(int64_t value)
{
    return value < 0 ? -value : value;
}

/* div_t and ldiv_t have 8 bytes and come back in rax; lldiv_t has 16 and comes back by reference. */
struct quotient {
    int quotient, remainder;
};
struct long_quotient {
    int64_t quotient, remainder;
};

struct quotient WINAPI crt_div(int a, int b)
{
    return (struct quotient){a / b, a % b};
}

struct long_quotient WINAPI crt_lldiv(int64_t a, int64_t b)
{
    return (struct long_quotient){a / b, a % b};
}

unsigned WINAPI crt_rotl(unsigned value, int shift)
{
    shift &= 31;
    return value << shift | value >> (-shift & 31);
}

unsigned WINAPI crt_rotr(unsigned value, int shift)
{
    return crt_rotl(value, -shift);
}

uint64_t WINAPI crt_rotl64(uint64_t value, int shift)
{
    shift &= 63;
    return value << shift | value >> (-shift & 63);
}

uint64_t WINAPI crt_rotr64(uint64_t value, int shift)
{
    return crt_rotl64(value, -shift);
}

unsigned short WINAPI crt_byteswap_ushort(unsigned short value)
{
    return __builtin_bswap16(value);
}

ULONG WINAPI crt_byteswap_ulong(ULONG value)
{
    return __builtin_bswap32(value);
}

uint64_t WINAPI crt_byteswap_uint64(uint64_t value)
{
    return __builtin_bswap64(value);
}
