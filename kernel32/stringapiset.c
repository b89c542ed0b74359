/*
 * stringapiset.c: conversions between code pages and UTF-16, and character types.
 *
 * Layer: kernel32, over ntdll/codepage.c.  Comparing and mapping strings are in winnls_compare.c.
 */
#include <string.h>
#include "win.h"
#include "ntdll/codepage_list.h"
#include "ntdll/error.h"
#include "ntdll/nls.h"

#define WC_ALL_FLAGS                                                                                                   \
    (WC_COMPOSITECHECK | WC_DISCARDNS | WC_SEPCHARS | WC_DEFAULTCHAR | WC_NO_BEST_FIT_CHARS | WC_ERR_INVALID_CHARS)

static int fail(DWORD error)
{
    SetLastError(error);
    return 0;
}

/*
 * Windows is strict with CP_UTF8: no flags, no default character.  Where UTF-8 is what GetACP or GetOEMCP tell, a
 * program that passes their answer on, as most do, can not know, and is not refused.
 */
static bool is_strict_utf8(UINT asked)
{
    return asked == CP_UTF8 && codepage_number(CP_ACP) != CP_UTF8 && codepage_number(CP_OEMCP) != CP_UTF8;
}

/* UTF-8 asked for by name takes no flag but strictness; programs that mean "the ANSI code page" may pass the others.
 * Code pages with states take none. */
static bool flags_valid(UINT asked, UINT codepage, DWORD flags, DWORD strict, DWORD all)
{
    const struct codepage *found = flags ? codepage_find(codepage) : NULL;

    if (flags & ~all)
        return false;
    if (found && found->kind == CODEPAGE_STREAM)
        return false;
    if (found && found->kind == CODEPAGE_FULL)
        return !(flags & ~strict);
    return !is_strict_utf8(asked) || !(flags & ~strict);
}

/* Code pages that have a byte order rather than bytes are none here. */
static bool takes_no_default(UINT asked, UINT codepage)
{
    const struct codepage *found = asked == CP_UTF8 ? NULL : codepage_find(codepage);

    return is_strict_utf8(asked) || (found && found->kind >= CODEPAGE_STREAM);
}

int WINAPI MultiByteToWideChar(UINT asked, DWORD flags, LPCCH bytes, int length, LPWSTR wide, int room)
{
    UINT codepage = codepage_number(asked);
    size_t written = 0;
    NTSTATUS status;

    if (!bytes || !length || length < -1 || room < 0 || (room && !wide) || (const void *)bytes == wide)
        return fail(ERROR_INVALID_PARAMETER);
    if (!flags_valid(asked, codepage, flags, MB_ERR_INVALID_CHARS,
                     MB_PRECOMPOSED | MB_COMPOSITE | MB_USEGLYPHCHARS | MB_ERR_INVALID_CHARS))
        return fail(ERROR_INVALID_FLAGS);
    status =
        codepage_decode(codepage, flags & MB_ERR_INVALID_CHARS, bytes, length < 0 ? strlen(bytes) + 1 : (size_t)length,
                        room ? wide : NULL, (size_t)room, &written);
    if (status == STATUS_BUFFER_TOO_SMALL)
        return fail(ERROR_INSUFFICIENT_BUFFER);
    if (status == STATUS_NO_UNICODE_TRANSLATION)
        return fail(ERROR_NO_UNICODE_TRANSLATION);
    return status ? fail(ERROR_INVALID_PARAMETER) : (int)written;
}

int WINAPI WideCharToMultiByte(UINT asked, DWORD flags, LPCWCH wide, int length, LPSTR bytes, int room,
                               LPCCH default_char, LPBOOL used_default)
{
    UINT codepage = codepage_number(asked);
    struct codepage_default replace = {{0}, false, flags & WC_NO_BEST_FIT_CHARS};
    size_t written = 0;
    NTSTATUS status;

    if (!wide || !length || length < -1 || room < 0 || (room && !bytes) || (const void *)wide == bytes)
        return fail(ERROR_INVALID_PARAMETER);
    if ((default_char || used_default) && takes_no_default(asked, codepage))
        return fail(ERROR_INVALID_PARAMETER);
    if (!flags_valid(asked, codepage, flags, WC_ERR_INVALID_CHARS, WC_ALL_FLAGS))
        return fail(ERROR_INVALID_FLAGS);
    if (default_char) {
        replace.bytes[0] = default_char[0];
        if (codepage_max_bytes(codepage) > 1)
            replace.bytes[1] = default_char[0] ? default_char[1] : 0;
    }
    status = codepage_encode(codepage, flags & WC_ERR_INVALID_CHARS, wide,
                             length < 0 ? wide_length(wide) + 1 : (size_t)length, room ? bytes : NULL, (size_t)room,
                             &replace, &written);
    if (used_default)
        *used_default = replace.used;
    if (status == STATUS_BUFFER_TOO_SMALL)
        return fail(ERROR_INSUFFICIENT_BUFFER);
    if (status == STATUS_NO_UNICODE_TRANSLATION)
        return fail(ERROR_NO_UNICODE_TRANSLATION);
    return status ? fail(ERROR_INVALID_PARAMETER) : (int)written;
}

BOOL WINAPI GetStringTypeW(DWORD kind, LPCWCH text, int length, LPWORD types)
{
    WORD (*type)(WCHAR) = kind == CT_CTYPE1 ? wide_type1 : kind == CT_CTYPE2 ? wide_type2 : wide_type3;

    if (!text || !types || !length || (kind != CT_CTYPE1 && kind != CT_CTYPE2 && kind != CT_CTYPE3))
        return fail(ERROR_INVALID_PARAMETER);
    if (length < 0)
        length = (int)wide_length(text) + 1;
    for (int i = 0; i < length; i++)
        types[i] = type(text[i]);
    return TRUE;
}

BOOL WINAPI GetStringTypeExW(LCID locale, DWORD kind, LPCWCH text, int length, LPWORD types)
{
    (void)locale;
    return GetStringTypeW(kind, text, length, types);
}

BOOL WINAPI GetStringTypeA(LCID locale, DWORD kind, LPCSTR text, int length, LPWORD types)
{
    size_t count, written = 0;
    WCHAR *wide;
    BOOL good;

    (void)locale;
    if (!text || !length)
        return fail(ERROR_INVALID_PARAMETER);
    count = length < 0 ? strlen(text) + 1 : (size_t)length;
    wide = RtlAllocateHeap(peb_current()->ProcessHeap, 0, count * sizeof *wide);
    if (!wide)
        return fail(ERROR_NOT_ENOUGH_MEMORY);
    codepage_decode(codepage_ansi(), false, text, count, wide, count, &written);
    good = GetStringTypeW(kind, wide, (int)written, types);
    RtlFreeHeap(peb_current()->ProcessHeap, 0, wide);
    return good;
}

BOOL WINAPI GetStringTypeExA(LCID locale, DWORD kind, LPCSTR text, int length, LPWORD types)
{
    return GetStringTypeA(locale, kind, text, length, types);
}
