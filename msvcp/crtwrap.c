/*
 * crtwrap.c: __crt*: what older versions of the library export of Windows, for themselves.
 *
 * Layer: msvcp over kernel32.
 */
#include "msvcp/msvcp.h"

BOOL WINAPI msvcp_crtCreateSymbolicLinkW(const WCHAR *name, const WCHAR *target, DWORD flags)
{
    return CreateSymbolicLinkW(name, target, flags) != 0;
}

int WINAPI msvcp_crtCompareStringEx(const WCHAR *locale, DWORD flags, const WCHAR *a, int a_length, const WCHAR *b,
                                    int b_length)
{
    return CompareStringEx(locale, flags, a, a_length, b, b_length, NULL, NULL, 0);
}

int WINAPI msvcp_crtLCMapStringEx(const WCHAR *locale, DWORD flags, const WCHAR *from, int length, WCHAR *to, int size)
{
    return LCMapStringEx(locale, flags, from, length, to, size, NULL, NULL, 0);
}

/* UTF-16 on the heap, NULL: not possible. */
static WCHAR *widen(UINT page, const char *text, int length, int *wide_length)
{
    *wide_length = MultiByteToWideChar(page, MB_PRECOMPOSED | MB_ERR_INVALID_CHARS, text, length, NULL, 0);
    WCHAR *wide = *wide_length > 0 ? crt_malloc((size_t)*wide_length * sizeof(WCHAR)) : NULL;
    if (wide)
        MultiByteToWideChar(page, MB_PRECOMPOSED | MB_ERR_INVALID_CHARS, text, length, wide, *wide_length);
    return wide;
}

int WINAPI msvcp_crtCompareStringA(const WCHAR *locale, DWORD flags, const char *a, int a_length, const char *b,
                                   int b_length, int page)
{
    int a_wide_length, b_wide_length;
    WCHAR *a_wide = widen((UINT)page, a, a_length, &a_wide_length);
    WCHAR *b_wide = widen((UINT)page, b, b_length, &b_wide_length);
    int order =
        a_wide && b_wide ? msvcp_crtCompareStringEx(locale, flags, a_wide, a_wide_length, b_wide, b_wide_length) : 0;

    crt_free(a_wide);
    crt_free(b_wide);
    return order;
}

/* The length, or the size of a sort key; 0: failed. */
int WINAPI msvcp_crtLCMapStringA(const WCHAR *locale, DWORD flags, const char *from, int length, char *to, int size,
                                 int page, BOOL strict)
{
    int wide_length;
    WCHAR *wide = widen((UINT)page, from, length, &wide_length), *mapped = NULL;
    int result = 0;

    (void)strict;
    if (wide)
        result = msvcp_crtLCMapStringEx(locale, flags, wide, wide_length, NULL, 0);
    if (result && flags & LCMAP_SORTKEY) {
        if (size)
            result = msvcp_crtLCMapStringEx(locale, flags, wide, wide_length, (WCHAR *)to, size);
    } else if (result && (mapped = crt_malloc((size_t)result * sizeof(WCHAR)))) {
        result = msvcp_crtLCMapStringEx(locale, flags, wide, wide_length, mapped, result);
        if (result)
            result = WideCharToMultiByte((UINT)page, 0, mapped, result, size ? to : NULL, size, NULL, NULL);
    } else {
        result = 0;
    }
    crt_free(mapped);
    crt_free(wide);
    return result;
}
