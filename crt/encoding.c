/*
 * encoding.c: characters and names between bytes and UTF-16.
 *
 * Layer: crt over kernel32's code pages.
 */
#include "locale.h"
#include "ntdll/nls.h"

static __thread WCHAR pending_high; /* a high surrogate whose low half comes with the next unit */

int crt_wide_to_bytes(char *bytes, WCHAR wide)
{
    UINT codepage = crt_codepage();
    if (wide < 0x80) {
        *bytes = (char)wide;
        return 1;
    }
    if (!codepage) {
        if (wide > 0xff)
            return -1;
        *bytes = (char)wide;
        return 1;
    }
    WCHAR units[2] = {wide};
    int count = 1;
    if (IS_HIGH_SURROGATE(wide)) {
        pending_high = wide;
        return 0;
    }
    if (IS_LOW_SURROGATE(wide) && pending_high) {
        units[0] = pending_high;
        units[1] = wide;
        count = 2;
    }
    pending_high = 0;
    BOOL lost = FALSE;
    int length = WideCharToMultiByte(codepage, 0, units, count, bytes, 5, NULL, codepage == CP_UTF8 ? NULL : &lost);
    return length && !lost ? length : -1;
}

int crt_bytes_to_wide(WCHAR *wide, const char *bytes, size_t count)
{
    UINT codepage = crt_codepage();
    unsigned char lead = (unsigned char)*bytes;
    if (!count)
        return -1;
    if (!codepage || lead < 0x80) {
        *wide = lead;
        return lead != 0;
    }
    size_t length = 1;
    if (codepage == CP_UTF8)
        length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;
    else if (IsDBCSLeadByteEx(codepage, lead))
        length = 2;
    WCHAR units[2];
    if (length > count || !MultiByteToWideChar(codepage, MB_ERR_INVALID_CHARS, bytes, (int)length, units, 2)) {
        crt_set_errno(CRT_EILSEQ);
        return -1;
    }
    *wide = units[0];
    return (int)length;
}

size_t crt_wide_length(const WCHAR *text)
{
    return wide_length(text);
}

WCHAR *crt_widen(UINT codepage, const char *text)
{
    size_t length = strlen(text) + 1;
    WCHAR *wide = length <= INT_MAX ? crt_malloc(length * sizeof(WCHAR)) : NULL;
    if (wide && !MultiByteToWideChar(codepage, 0, text, (int)length, wide, (int)length)) {
        crt_fail_last();
        crt_free(wide);
        return NULL;
    }
    return wide;
}

char *crt_narrow(UINT codepage, const WCHAR *text)
{
    size_t length = crt_wide_length(text) + 1;
    char *narrow = length <= INT_MAX / 3 ? crt_malloc(length * 3) : NULL;
    if (narrow && !WideCharToMultiByte(codepage, 0, text, (int)length, narrow, (int)length * 3, NULL, NULL)) {
        crt_fail_last();
        crt_free(narrow);
        return NULL;
    }
    return narrow;
}

static UINT name_codepage(void)
{
    return AreFileApisANSI() ? CP_ACP : CP_OEMCP;
}

WCHAR *crt_wide_name(const char *name)
{
    return crt_widen(name_codepage(), name);
}

char *crt_narrow_name(const WCHAR *name)
{
    return crt_narrow(name_codepage(), name);
}
