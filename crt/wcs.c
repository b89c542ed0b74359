/*
 * wcs.c: wide strings.  wchar_t has 16 bits here, so nothing of the host's library fits; searches look at aligned
 * blocks of eight units, the rest are plain loops, which the compiler vectorises where it pays.
 */
#include "crt/locale.h"
#include "ntdll/nls.h"
#include "ntdll/text_block.h"

WCHAR WINAPI crt_towlower(WCHAR);
WCHAR WINAPI crt_towupper(WCHAR);

size_t WINAPI crt_wcslen(const WCHAR *text)
{
    return wide_length(text);
}

size_t WINAPI crt_wcsnlen(const WCHAR *text, size_t count)
{
    size_t length = 0;
    while (length < count && text[length])
        length++;
    return length;
}

int WINAPI crt_wcscmp(const WCHAR *a, const WCHAR *b)
{
    while (*a && *a == *b)
        a++, b++;
    return (*a > *b) - (*a < *b);
}

int WINAPI crt_wcsncmp(const WCHAR *a, const WCHAR *b, size_t count)
{
    for (; count; count--, a++, b++)
        if (*a != *b || !*a)
            return *a - *b;
    return 0;
}

WCHAR *WINAPI crt_wcscpy(WCHAR *to, const WCHAR *from)
{
    return memcpy(to, from, (crt_wcslen(from) + 1) * sizeof(WCHAR));
}

WCHAR *WINAPI crt_wcsncpy(WCHAR *to, const WCHAR *from, size_t count)
{
    size_t length = crt_wcsnlen(from, count);
    memcpy(to, from, length * sizeof(WCHAR));
    memset(to + length, 0, (count - length) * sizeof(WCHAR));
    return to;
}

WCHAR *WINAPI crt_wcscat(WCHAR *to, const WCHAR *from)
{
    crt_wcscpy(to + crt_wcslen(to), from);
    return to;
}

WCHAR *WINAPI crt_wcsncat(WCHAR *to, const WCHAR *from, size_t count)
{
    WCHAR *end = to + crt_wcslen(to);
    size_t length = crt_wcsnlen(from, count);
    memcpy(end, from, length * sizeof(WCHAR));
    end[length] = 0;
    return to;
}

WCHAR *WINAPI crt_wcschr(const WCHAR *text, WCHAR c)
{
    if (!((uintptr_t)text & 1)) {
        __m128i zero = _mm_setzero_si128(), wanted = _mm_set1_epi16((short)c);
        uintptr_t block = (uintptr_t)text & ~15ull;
        unsigned skipped = (unsigned)((uintptr_t)text & 15);
        for (;; block += 16, skipped = 0) {
            unsigned found = units_like(block, wanted) >> skipped << skipped;
            unsigned ends = units_like(block, zero) >> skipped << skipped;
            if (found | ends) {
                int at = __builtin_ctz(found | ends);
                return found >> at & 1 ? (WCHAR *)(block + (uintptr_t)at) : NULL;
            }
        }
    }
    for (;; text++) {
        if (*text == c)
            return (WCHAR *)text;
        if (!*text)
            return NULL;
    }
}

WCHAR *WINAPI crt_wcsrchr(const WCHAR *text, WCHAR c)
{
    const WCHAR *found = NULL;
    for (;; text++) {
        if (*text == c)
            found = text;
        if (!*text)
            return (WCHAR *)found;
    }
}

WCHAR *WINAPI crt_wcsstr(const WCHAR *text, const WCHAR *part)
{
    size_t length = crt_wcslen(part);
    if (!length)
        return (WCHAR *)text;
    for (; (text = crt_wcschr(text, *part)); text++)
        if (!crt_wcsncmp(text, part, length))
            return (WCHAR *)text;
    return NULL;
}

size_t WINAPI crt_wcsspn(const WCHAR *text, const WCHAR *set)
{
    size_t length = 0;
    while (text[length] && crt_wcschr(set, text[length]))
        length++;
    return length;
}

size_t WINAPI crt_wcscspn(const WCHAR *text, const WCHAR *set)
{
    size_t length = 0;
    while (text[length] && !crt_wcschr(set, text[length]))
        length++;
    return length;
}

WCHAR *WINAPI crt_wcspbrk(const WCHAR *text, const WCHAR *set)
{
    text += crt_wcscspn(text, set);
    return *text ? (WCHAR *)text : NULL;
}

WCHAR *WINAPI crt_wcstok_s(WCHAR *text, const WCHAR *delimiters, WCHAR **context)
{
    CRT_REQUIRE(context && delimiters && (text || *context), NULL);
    if (!text)
        text = *context;
    text += crt_wcsspn(text, delimiters);
    if (!*text) {
        *context = text;
        return NULL;
    }
    WCHAR *end = text + crt_wcscspn(text, delimiters);
    *context = *end ? end + 1 : end;
    *end = 0;
    return text;
}

/* msvcrt's wcstok keeps its place in the thread; ucrtbase's has a context argument, which may be NULL. */
WCHAR *WINAPI crt_wcstok(WCHAR *text, const WCHAR *delimiters)
{
    struct crt_thread *thread = crt_thread();
    if (!text && !thread->wcstok_next)
        return NULL;
    return crt_wcstok_s(text, delimiters, &thread->wcstok_next);
}

WCHAR *WINAPI crt_ucrt_wcstok(WCHAR *text, const WCHAR *delimiters, WCHAR **context)
{
    return context ? (text || *context ? crt_wcstok_s(text, delimiters, context) : NULL) : crt_wcstok(text, delimiters);
}

WCHAR *WINAPI _wcsdup(const WCHAR *text)
{
    if (!text)
        return NULL;
    size_t size = (crt_wcslen(text) + 1) * sizeof(WCHAR);
    WCHAR *copy = crt_malloc(size);
    return copy ? memcpy(copy, text, size) : NULL;
}

WCHAR *WINAPI _wcsrev(WCHAR *text)
{
    for (WCHAR *first = text, *last = text + crt_wcslen(text); first < last; first++) {
        WCHAR c = *first;
        *first = *--last;
        *last = c;
    }
    return text;
}

WCHAR *WINAPI _wcsset(WCHAR *text, WCHAR c)
{
    for (WCHAR *p = text; *p; p++)
        *p = c;
    return text;
}

WCHAR *WINAPI _wcsnset(WCHAR *text, WCHAR c, size_t count)
{
    for (WCHAR *p = text; count && *p; p++, count--)
        *p = c;
    return text;
}

int WINAPI _wcsicmp(const WCHAR *a, const WCHAR *b)
{
    CRT_REQUIRE(a && b, INT_MAX);
    int x, y;
    do {
        x = crt_towlower(*a++);
        y = crt_towlower(*b++);
    } while (x && x == y);
    return x - y;
}

int WINAPI _wcsnicmp(const WCHAR *a, const WCHAR *b, size_t count)
{
    CRT_REQUIRE(a && b, INT_MAX);
    int x = 0, y = 0;
    while (count-- && x == y) {
        x = crt_towlower(*a++);
        y = crt_towlower(*b++);
        if (!x)
            break;
    }
    return x - y;
}

int WINAPI _wcsicmp_l(const WCHAR *a, const WCHAR *b, void *locale)
{
    return IN_LOCALE(locale, _wcsicmp(a, b));
}

int WINAPI _wcsnicmp_l(const WCHAR *a, const WCHAR *b, size_t count, void *locale)
{
    return IN_LOCALE(locale, _wcsnicmp(a, b, count));
}

WCHAR *WINAPI _wcslwr(WCHAR *text)
{
    for (WCHAR *p = text; *p; p++)
        *p = crt_towlower(*p);
    return text;
}

WCHAR *WINAPI _wcsupr(WCHAR *text)
{
    for (WCHAR *p = text; *p; p++)
        *p = crt_towupper(*p);
    return text;
}

WCHAR *WINAPI _wcslwr_l(WCHAR *text, void *locale)
{
    return IN_LOCALE(locale, _wcslwr(text));
}

WCHAR *WINAPI _wcsupr_l(WCHAR *text, void *locale)
{
    return IN_LOCALE(locale, _wcsupr(text));
}

int WINAPI _wcsset_s(WCHAR *text, size_t size, WCHAR c)
{
    CRT_REQUIRE(text && size, CRT_EINVAL);
    if (crt_wcsnlen(text, size) == size) {
        *text = 0;
        return crt_invalid(CRT_EINVAL);
    }
    _wcsset(text, c);
    return 0;
}

int WINAPI _wcsnset_s(WCHAR *text, size_t size, WCHAR c, size_t count)
{
    if (!count && !text && !size)
        return 0;
    CRT_REQUIRE(text && size, CRT_EINVAL);
    if (crt_wcsnlen(text, size) == size && count >= size) {
        *text = 0;
        return crt_invalid(CRT_EINVAL);
    }
    _wcsnset(text, c, count < size ? count : size);
    return 0;
}

size_t WINAPI __wcsncnt(const WCHAR *text, size_t count)
{
    return crt_wcsnlen(text, count);
}

WCHAR *WINAPI crt_wmemchr(const WCHAR *text, WCHAR c, size_t count)
{
    for (; count; count--, text++)
        if (*text == c)
            return (WCHAR *)text;
    return NULL;
}

int WINAPI crt_wmemcmp(const WCHAR *a, const WCHAR *b, size_t count)
{
    for (; count; count--, a++, b++)
        if (*a != *b)
            return *a < *b ? -1 : 1;
    return 0;
}
