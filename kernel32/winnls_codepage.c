/*
 * winnls_codepage.c: facts about code pages (GetACP, GetCPInfo, IsDBCSLeadByte ...).
 *
 * Layer: kernel32, over ntdll/codepage.c.
 */
#include <string.h>
#include "win.h"
#include "ntdll/codepage_list.h"
#include "ntdll/gate.h"
#include "ntdll/nls.h"

UINT WINAPI GetACP(void)
{
    return codepage_ansi();
}

UINT WINAPI GetOEMCP(void)
{
    return codepage_oem();
}

BOOL WINAPI IsValidCodePage(UINT codepage)
{
    return codepage > CP_THREAD_ACP && codepage != 42 && codepage_valid(codepage);
}

BOOL WINAPI GetCPInfo(UINT codepage, LPCPINFO info)
{
    codepage = codepage_number(codepage);
    if (!info || !codepage_valid(codepage)) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return FALSE;
    }
    memset(info, 0, sizeof *info);
    info->MaxCharSize = codepage_max_bytes(codepage);
    info->DefaultChar[0] = '?';
    codepage_lead_bytes(codepage, info->LeadByte);
    return TRUE;
}

/* "65001 (UTF-8)", as Windows shows it. */
static void codepage_describe(UINT codepage, WCHAR *text)
{
    char digits[12];
    int count = 0;
    const struct codepage *found = codepage_find(codepage);
    const char *name = found ? found->name : "";

    for (UINT left = codepage; left || !count; left /= 10)
        digits[count++] = (char)('0' + left % 10);
    while (count)
        *text++ = (WCHAR)digits[--count];
    for (*text++ = ' ', *text++ = ' ', *text++ = '('; *name; name++)
        *text++ = (WCHAR)*name;
    *text++ = ')';
    *text = 0;
}

BOOL WINAPI GetCPInfoExW(UINT codepage, DWORD flags, LPCPINFOEXW info)
{
    const struct codepage *found;

    if (flags) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return FALSE;
    }
    if (!GetCPInfo(codepage, (LPCPINFO)info))
        return FALSE;
    info->CodePage = codepage_number(codepage);
    found = codepage_find(info->CodePage);
    info->UnicodeDefaultChar = info->CodePage == CP_UTF8 ? 0xfffd : found->unknown ? found->unknown : '?';
    codepage_describe(info->CodePage, info->CodePageName);
    return TRUE;
}

BOOL WINAPI GetCPInfoExA(UINT codepage, DWORD flags, LPCPINFOEXA info)
{
    CPINFOEXW wide;

    if (!GetCPInfoExW(codepage, flags, &wide))
        return FALSE;
    memcpy(info, &wide, offsetof(CPINFOEXW, CodePageName));
    for (int i = 0; i == 0 || wide.CodePageName[i - 1]; i++)
        info->CodePageName[i] = (char)wide.CodePageName[i];
    return TRUE;
}

BOOL WINAPI IsDBCSLeadByteEx(UINT codepage, BYTE byte)
{
    BYTE ranges[12];

    codepage_lead_bytes(codepage_number(codepage), ranges);
    for (int i = 0; ranges[i]; i += 2)
        if (byte >= ranges[i] && byte <= ranges[i + 1])
            return TRUE;
    return FALSE;
}

BOOL WINAPI IsDBCSLeadByte(BYTE byte)
{
    return IsDBCSLeadByteEx(CP_ACP, byte);
}

static BOOL codepages_enumerate(const void *callback, bool wide)
{
    const struct codepage *found;

    if (!callback) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return FALSE;
    }
    for (unsigned i = 0; (found = codepage_at(i)); i++) {
        WCHAR text[80];
        char bytes[80];

        codepage_describe(found->number, text);
        for (int at = 0;; at++) {
            if (text[at] == ' ')
                text[at] = 0;
            bytes[at] = (char)text[at];
            if (!text[at])
                break;
        }
        if (!guest_call(callback, wide ? GUEST(text) : GUEST(bytes), 0, 0, 0))
            break;
    }
    return TRUE;
}

BOOL WINAPI EnumSystemCodePagesW(CODEPAGE_ENUMPROCW callback, DWORD flags)
{
    (void)flags;
    return codepages_enumerate(callback, true);
}

BOOL WINAPI EnumSystemCodePagesA(CODEPAGE_ENUMPROCA callback, DWORD flags)
{
    (void)flags;
    return codepages_enumerate(callback, false);
}
