/*
 * locale.c: characters between bytes and UTF-16, as far as input and output need them.
 *
 * Layer: crt over kernel32's code pages.
 */
#include "crt.h"

UINT crt_codepage;

static __thread WCHAR pending_high; /* a high surrogate whose low half comes with the next unit */

int crt_wide_to_bytes(char *bytes, WCHAR wide)
{
    if (wide < 0x80) {
        *bytes = (char)wide;
        return 1;
    }
    if (!crt_codepage) {
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
    int length = WideCharToMultiByte(crt_codepage, 0, units, count, bytes, 5, NULL, NULL);
    return length ? length : -1;
}

int crt_bytes_to_wide(WCHAR *wide, const char *bytes, size_t count)
{
    unsigned char lead = (unsigned char)*bytes;
    if (!count)
        return -1;
    if (!crt_codepage || lead < 0x80) {
        *wide = lead;
        return lead != 0;
    }
    size_t length = 1;
    if (crt_codepage == CP_UTF8)
        length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;
    else if (IsDBCSLeadByteEx(crt_codepage, lead))
        length = 2;
    WCHAR units[2];
    if (length > count || !MultiByteToWideChar(crt_codepage, MB_ERR_INVALID_CHARS, bytes, (int)length, units, 2)) {
        crt_set_errno(CRT_EILSEQ);
        return -1;
    }
    *wide = units[0];
    return (int)length;
}

size_t crt_wide_length(const WCHAR *text)
{
    const WCHAR *end = text;
    while (*end)
        end++;
    return (size_t)(end - text);
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

static RTL_CRITICAL_SECTION numbered_locks[64];
static atomic_bool numbered_ready;

/* msvcrt's locks by number, which some start-up code takes around its own tables. */
void WINAPI _lock(int number)
{
    static RTL_CRITICAL_SECTION init_lock = CRT_LOCK_INIT;
    if (!numbered_ready) {
        crt_lock(&init_lock);
        for (int i = 0; i < 64 && !numbered_ready; i++)
            numbered_locks[i].LockCount = -1;
        numbered_ready = true;
        crt_unlock(&init_lock);
    }
    crt_lock(&numbered_locks[number & 63]);
}

void WINAPI _unlock(int number)
{
    crt_unlock(&numbered_locks[number & 63]);
}
