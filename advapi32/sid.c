/*
 * sid.c: security identifiers.
 *
 * Layer: advapi32.  Pure computing; accounts are in account.c.
 */
#include <string.h>
#include "win.h"
#include "ntdll/nls.h"
#include "security.h"

static BOOL fail(DWORD error)
{
    SetLastError(error);
    return FALSE;
}

BOOL WINAPI IsValidSid(PSID sid)
{
    const SID *s = sid;

    return s && s->Revision == SID_REVISION && s->SubAuthorityCount <= SID_MAX_SUB_AUTHORITIES;
}

DWORD WINAPI GetSidLengthRequired(UCHAR count)
{
    return (DWORD)(offsetof(SID, SubAuthority) + count * sizeof(DWORD));
}

DWORD WINAPI GetLengthSid(PSID sid)
{
    return GetSidLengthRequired(((SID *)sid)->SubAuthorityCount);
}

BOOL WINAPI InitializeSid(PSID sid, PSID_IDENTIFIER_AUTHORITY authority, BYTE count)
{
    SID *s = sid;

    if (count > SID_MAX_SUB_AUTHORITIES)
        return fail(ERROR_INVALID_PARAMETER);
    s->Revision = SID_REVISION;
    s->SubAuthorityCount = count;
    s->IdentifierAuthority = *authority;
    return TRUE;
}

PDWORD WINAPI GetSidSubAuthority(PSID sid, DWORD index)
{
    return (PDWORD) & ((SID *)sid)->SubAuthority[index];
}

PUCHAR WINAPI GetSidSubAuthorityCount(PSID sid)
{
    return &((SID *)sid)->SubAuthorityCount;
}

PSID_IDENTIFIER_AUTHORITY WINAPI GetSidIdentifierAuthority(PSID sid)
{
    return &((SID *)sid)->IdentifierAuthority;
}

BOOL WINAPI EqualSid(PSID a, PSID b)
{
    return GetLengthSid(a) == GetLengthSid(b) && memcmp(a, b, GetLengthSid(a)) == 0;
}

BOOL WINAPI EqualPrefixSid(PSID a, PSID b)
{
    DWORD length = GetLengthSid(a);

    return length == GetLengthSid(b) && memcmp(a, b, length - sizeof(DWORD)) == 0;
}

BOOL WINAPI CopySid(DWORD size, PSID to, PSID from)
{
    if (size < GetLengthSid(from))
        return fail(ERROR_INSUFFICIENT_BUFFER);
    memmove(to, from, GetLengthSid(from));
    return TRUE;
}

BOOL WINAPI AllocateAndInitializeSid(PSID_IDENTIFIER_AUTHORITY authority, BYTE count, DWORD a, DWORD b, DWORD c,
                                     DWORD d, DWORD e, DWORD f, DWORD g, DWORD h, PSID *sid)
{
    const DWORD parts[] = {a, b, c, d, e, f, g, h};
    SID *made;

    if (count > 8)
        return fail(ERROR_INVALID_SID);
    made = RtlAllocateHeap(peb_current()->ProcessHeap, 0, GetSidLengthRequired(count));
    if (!made)
        return fail(ERROR_NOT_ENOUGH_MEMORY);
    InitializeSid(made, authority, count);
    memcpy(made->SubAuthority, parts, count * sizeof(DWORD));
    *sid = made;
    return TRUE;
}

PVOID WINAPI FreeSid(PSID sid)
{
    return RtlFreeHeap(peb_current()->ProcessHeap, 0, sid) ? NULL : sid;
}

static WCHAR *put_number(WCHAR *out, ULONGLONG value)
{
    char digits[24];
    int count = 0;

    do
        digits[count++] = (char)('0' + value % 10);
    while (value /= 10);
    while (count)
        *out++ = (WCHAR)digits[--count];
    return out;
}

static void sid_format(const SID *sid, WCHAR *out)
{
    ULONGLONG authority = 0;

    for (int i = 0; i < 6; i++)
        authority = authority << 8 | sid->IdentifierAuthority.Value[i];
    *out++ = 'S', *out++ = '-';
    out = put_number(out, sid->Revision);
    *out++ = '-';
    out = put_number(out, authority);
    for (int i = 0; i < sid->SubAuthorityCount; i++) {
        *out++ = '-';
        out = put_number(out, sid->SubAuthority[i]);
    }
    *out = 0;
}

#define SID_TEXT_MAX 192

BOOL WINAPI ConvertSidToStringSidW(PSID sid, LPWSTR *text)
{
    if (!IsValidSid(sid))
        return fail(ERROR_INVALID_SID);
    *text = LocalAlloc(LMEM_FIXED, SID_TEXT_MAX * sizeof(WCHAR));
    if (!*text)
        return fail(ERROR_NOT_ENOUGH_MEMORY);
    sid_format(sid, *text);
    return TRUE;
}

BOOL WINAPI ConvertSidToStringSidA(PSID sid, LPSTR *text)
{
    WCHAR wide[SID_TEXT_MAX];

    if (!IsValidSid(sid))
        return fail(ERROR_INVALID_SID);
    *text = LocalAlloc(LMEM_FIXED, SID_TEXT_MAX);
    if (!*text)
        return fail(ERROR_NOT_ENOUGH_MEMORY);
    sid_format(sid, wide);
    for (int i = 0; i == 0 || wide[i - 1]; i++)
        (*text)[i] = (char)wide[i];
    return TRUE;
}

/* Well-known ones that do not depend on a domain. */
static const struct {
    BYTE kind, authority, count;
    DWORD parts[2];
    WCHAR name[3]; /* in security descriptors as text; empty: it has none */
} well_known[] = {
    {WinNullSid, 0, 1, {0, 0}},
    {WinWorldSid, 1, 1, {0, 0}, u"WD"},
    {WinLocalSid, 2, 1, {0, 0}},
    {WinCreatorOwnerSid, 3, 1, {0, 0}, u"CO"},
    {WinCreatorGroupSid, 3, 1, {1, 0}, u"CG"},
    {WinNetworkSid, 5, 1, {2, 0}, u"NU"},
    {WinInteractiveSid, 5, 1, {4, 0}, u"IU"},
    {WinServiceSid, 5, 1, {6, 0}, u"SU"},
    {WinAnonymousSid, 5, 1, {7, 0}, u"AN"},
    {WinAuthenticatedUserSid, 5, 1, {11, 0}, u"AU"},
    {WinLocalSystemSid, 5, 1, {18, 0}, u"SY"},
    {WinLocalServiceSid, 5, 1, {19, 0}, u"LS"},
    {WinNetworkServiceSid, 5, 1, {20, 0}, u"NS"},
    {WinBuiltinDomainSid, 5, 1, {32, 0}},
    {WinBuiltinAdministratorsSid, 5, 2, {32, 544}, u"BA"},
    {WinBuiltinUsersSid, 5, 2, {32, 545}, u"BU"},
    {WinBuiltinGuestsSid, 5, 2, {32, 546}, u"BG"},
    {WinBuiltinPowerUsersSid, 5, 2, {32, 547}, u"PU"},
    {WinLowLabelSid, 16, 1, {4096, 0}, u"LW"},
    {WinMediumLabelSid, 16, 1, {8192, 0}, u"ME"},
    {WinHighLabelSid, 16, 1, {12288, 0}, u"HI"},
    {WinRestrictedCodeSid, 5, 1, {12, 0}, u"RC"},
    {WinSystemLabelSid, 16, 1, {16384, 0}, u"SI"},
};

BOOL WINAPI CreateWellKnownSid(WELL_KNOWN_SID_TYPE kind, PSID domain, PSID sid, DWORD *size)
{
    (void)domain;
    for (size_t i = 0; i < sizeof well_known / sizeof *well_known; i++) {
        SID_IDENTIFIER_AUTHORITY authority = {{0, 0, 0, 0, 0, well_known[i].authority}};
        DWORD needed = GetSidLengthRequired(well_known[i].count);

        if (well_known[i].kind != (BYTE)kind)
            continue;
        if (*size < needed) {
            *size = needed;
            return fail(ERROR_INSUFFICIENT_BUFFER);
        }
        *size = needed;
        InitializeSid(sid, &authority, well_known[i].count);
        memcpy(((SID *)sid)->SubAuthority, well_known[i].parts, well_known[i].count * sizeof(DWORD));
        return TRUE;
    }
    return fail(ERROR_INVALID_PARAMETER);
}

BOOL WINAPI IsWellKnownSid(PSID sid, WELL_KNOWN_SID_TYPE kind)
{
    BYTE known[SECURITY_MAX_SID_SIZE];
    DWORD size = sizeof known;

    return CreateWellKnownSid(kind, NULL, known, &size) && EqualSid(sid, known);
}

const WCHAR *sid_short_name(PSID sid)
{
    for (size_t i = 0; i < sizeof well_known / sizeof *well_known; i++)
        if (*well_known[i].name && IsWellKnownSid(sid, well_known[i].kind))
            return well_known[i].name;
    return NULL;
}

/* The well-known SID with this short name, from LocalAlloc; NULL: none has it. */
static SID *sid_by_short_name(const WCHAR *text)
{
    DWORD size = SECURITY_MAX_SID_SIZE;
    SID *sid;

    for (size_t i = 0; i < sizeof well_known / sizeof *well_known; i++)
        if (*well_known[i].name && well_known[i].name[0] == (text[0] & ~0x20) &&
            well_known[i].name[1] == (text[1] & ~0x20)) {
            sid = LocalAlloc(LMEM_ZEROINIT, size);
            if (sid)
                CreateWellKnownSid(well_known[i].kind, NULL, sid, &size);
            return sid;
        }
    return NULL;
}

BOOL WINAPI ConvertStringSidToSidW(LPCWSTR text, PSID *result)
{
    ULONGLONG parts[SID_MAX_SUB_AUTHORITIES + 2];
    int count = 0;
    SID *sid;

    if (!text || !result)
        return fail(ERROR_INVALID_PARAMETER);
    if (text[0] && text[1] && !text[2]) {
        *result = sid_by_short_name(text);
        return *result || fail(ERROR_INVALID_SID);
    }
    if ((text[0] | 32) != 's' || text[1] != '-')
        return fail(ERROR_INVALID_SID);
    for (text++; *text == '-' && count < SID_MAX_SUB_AUTHORITIES + 2;) {
        ULONGLONG value = 0;

        if (*++text < '0' || *text > '9')
            return fail(ERROR_INVALID_SID);
        for (; *text >= '0' && *text <= '9'; text++)
            value = value * 10 + (ULONGLONG)(*text - '0');
        parts[count++] = value;
    }
    if (*text || count < 3 || parts[0] != SID_REVISION)
        return fail(ERROR_INVALID_SID);
    sid = LocalAlloc(LMEM_ZEROINIT, GetSidLengthRequired((UCHAR)(count - 2)));
    if (!sid)
        return fail(ERROR_NOT_ENOUGH_MEMORY);
    sid->Revision = SID_REVISION;
    sid->SubAuthorityCount = (BYTE)(count - 2);
    for (int i = 0; i < 6; i++)
        sid->IdentifierAuthority.Value[i] = (BYTE)(parts[1] >> (40 - 8 * i));
    for (int i = 2; i < count; i++)
        sid->SubAuthority[i - 2] = (DWORD)parts[i];
    *result = sid;
    return TRUE;
}

BOOL WINAPI ConvertStringSidToSidA(LPCSTR text, PSID *result)
{
    WCHAR *wide = wide_from_ansi(text);
    BOOL good = ConvertStringSidToSidW(wide, result);

    RtlFreeHeap(peb_current()->ProcessHeap, 0, wide);
    return good;
}
