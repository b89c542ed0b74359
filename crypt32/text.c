/*
 * text.c: strings in heap memory, from one form to another.
 */
#include "crypt32/crypt.h"
#include "ntdll/nls.h"

WCHAR *wide_copy(const WCHAR *text)
{
    size_t size = (wide_length(text) + 1) * sizeof *text;
    WCHAR *copy = crypt_alloc(size);

    if (copy)
        memcpy(copy, text, size);
    return copy;
}

WCHAR *wide_from_utf8(const char *text, int length)
{
    int needed = MultiByteToWideChar(CP_UTF8, 0, text, length, NULL, 0);
    WCHAR *wide = crypt_alloc(((size_t)needed + 1) * sizeof *wide);

    if (wide)
        MultiByteToWideChar(CP_UTF8, 0, text, length, wide, needed);
    return wide;
}

char *utf8_from_wide(const WCHAR *text)
{
    int needed = WideCharToMultiByte(CP_UTF8, 0, text, -1, NULL, 0, NULL, NULL);
    char *narrow = crypt_alloc((size_t)needed + 1);

    if (narrow)
        WideCharToMultiByte(CP_UTF8, 0, text, -1, narrow, needed, NULL, NULL);
    return narrow;
}
