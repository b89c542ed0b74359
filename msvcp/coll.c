/*
 * coll.c: _Strcoll and its kin: comparing and transforming texts with lengths, by a locale.
 *
 * Layer: msvcp over kernel32's NLS.
 */
#include "msvcp/msvcp.h"

#define NO_KEY ((size_t)-1)

int WINAPI msvcp_Wcscoll(const WCHAR *a, const WCHAR *a_end, const WCHAR *b, const WCHAR *b_end,
                         const struct collvec *vec)
{
    size_t a_length = (size_t)(a_end - a), b_length = (size_t)(b_end - b);
    struct collvec current;

    if (!vec) {
        current = msvcp_Getcoll();
        vec = &current;
    }
    if (vec->name) {
        int order = CompareStringEx(vec->name, SORT_STRINGSORT, a, (int)a_length, b, (int)b_length, NULL, NULL, 0);
        return order ? order - CSTR_EQUAL : INT_MAX;
    }
    for (size_t i = 0; i < a_length && i < b_length; i++)
        if (a[i] != b[i])
            return a[i] < b[i] ? -1 : 1;
    return a_length < b_length ? -1 : a_length > b_length;
}

/* UTF-16 on the heap; NULL: no memory. */
static WCHAR *widen(UINT page, const char *text, size_t length, size_t *wide_length)
{
    WCHAR *wide = crt_malloc((length + 1) * sizeof(WCHAR));

    if (wide)
        *wide_length = length ? (size_t)MultiByteToWideChar(page, 0, text, (int)length, wide, (int)length) : 0;
    return wide;
}

int WINAPI msvcp_Strcoll(const char *a, const char *a_end, const char *b, const char *b_end, const struct collvec *vec)
{
    size_t a_length = (size_t)(a_end - a), b_length = (size_t)(b_end - b);
    struct collvec current;

    if (!vec) {
        current = msvcp_Getcoll();
        vec = &current;
    }
    if (!vec->name) {
        int order = memcmp(a, b, a_length < b_length ? a_length : b_length);
        return order ? order : a_length < b_length ? -1 : a_length > b_length;
    }
    size_t a_wide_length = 0, b_wide_length = 0;
    WCHAR *a_wide = widen(vec->page, a, a_length, &a_wide_length);
    WCHAR *b_wide = widen(vec->page, b, b_length, &b_wide_length);
    int order =
        a_wide && b_wide ? msvcp_Wcscoll(a_wide, a_wide + a_wide_length, b_wide, b_wide + b_wide_length, vec) : INT_MAX;
    crt_free(a_wide);
    crt_free(b_wide);
    return order;
}

/* The key's size, whatever room there is; (size_t)-1: failed. */
size_t WINAPI msvcp_Strxfrm(char *to, char *to_end, const char *first, const char *last, const struct collvec *vec)
{
    size_t room = (size_t)(to_end - to), length = (size_t)(last - first);
    struct collvec current;

    if (!vec) {
        current = msvcp_Getcoll();
        vec = &current;
    }
    if (!vec->name) {
        if (length <= room)
            memcpy(to, first, length);
        return length;
    }
    size_t wide_length = 0;
    WCHAR *wide = widen(vec->page, first, length, &wide_length);
    if (!wide)
        return NO_KEY;
    int size = LCMapStringEx(vec->name, LCMAP_SORTKEY, wide, (int)wide_length, NULL, 0, NULL, NULL, 0);
    if (size > 0 && (size_t)size <= room)
        LCMapStringEx(vec->name, LCMAP_SORTKEY, wide, (int)wide_length, (WCHAR *)to, (int)room, NULL, NULL, 0);
    crt_free(wide);
    return size > 0 ? (size_t)size : NO_KEY;
}

/* The key's bytes, each in a WCHAR. */
size_t WINAPI msvcp_Wcsxfrm(WCHAR *to, WCHAR *to_end, const WCHAR *first, const WCHAR *last, const struct collvec *vec)
{
    size_t room = (size_t)(to_end - to), length = (size_t)(last - first);
    struct collvec current;

    if (!vec) {
        current = msvcp_Getcoll();
        vec = &current;
    }
    if (!vec->name) {
        if (length <= room)
            memcpy(to, first, length * sizeof(WCHAR));
        return length;
    }
    int size = LCMapStringEx(vec->name, LCMAP_SORTKEY, first, (int)length, NULL, 0, NULL, NULL, 0);
    if (size > 0 && (size_t)size <= room) {
        unsigned char *key = (unsigned char *)to;
        LCMapStringEx(vec->name, LCMAP_SORTKEY, first, (int)length, to, size, NULL, NULL, 0);
        for (int i = size; i > 0; i--)
            to[i - 1] = key[i - 1];
    }
    return size > 0 ? (size_t)size : NO_KEY;
}
