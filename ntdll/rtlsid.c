/*
 * rtlsid.c: security identifiers: their parts, lengths, comparing, copying, as text.
 *
 * Layer: ntdll.
 */
#include <stdio.h>
#include <string.h>
#include "nls.h"

ULONG WINAPI RtlLengthRequiredSid(ULONG count)
{
    return 8 + 4 * count;
}

BOOLEAN WINAPI RtlValidSid(PSID sid)
{
    const SID *known = sid;

    return known && known->Revision == SID_REVISION && known->SubAuthorityCount <= SID_MAX_SUB_AUTHORITIES;
}

ULONG WINAPI RtlLengthSid(PSID sid)
{
    return RtlLengthRequiredSid(((const SID *)sid)->SubAuthorityCount);
}

BOOLEAN WINAPI RtlEqualSid(PSID a, PSID b)
{
    return RtlLengthSid(a) == RtlLengthSid(b) && !memcmp(a, b, RtlLengthSid(a));
}

/* All but the last part. */
BOOLEAN WINAPI RtlEqualPrefixSid(PSID a, PSID b)
{
    return RtlLengthSid(a) == RtlLengthSid(b) && !memcmp(a, b, RtlLengthSid(a) - (RtlLengthSid(a) > 8 ? 4 : 0));
}

NTSTATUS WINAPI RtlCopySid(ULONG room, PSID to, PSID from)
{
    if (room < RtlLengthSid(from))
        return STATUS_BUFFER_TOO_SMALL;
    memmove(to, from, RtlLengthSid(from));
    return STATUS_SUCCESS;
}

NTSTATUS WINAPI RtlInitializeSid(PSID sid, PSID_IDENTIFIER_AUTHORITY authority, UCHAR count)
{
    SID *made = sid;

    if (count > SID_MAX_SUB_AUTHORITIES)
        return STATUS_INVALID_PARAMETER;
    made->Revision = SID_REVISION;
    made->SubAuthorityCount = count;
    made->IdentifierAuthority = *authority;
    return STATUS_SUCCESS;
}

PSID_IDENTIFIER_AUTHORITY WINAPI RtlIdentifierAuthoritySid(PSID sid)
{
    return &((SID *)sid)->IdentifierAuthority;
}

PUCHAR WINAPI RtlSubAuthorityCountSid(PSID sid)
{
    return &((SID *)sid)->SubAuthorityCount;
}

PULONG WINAPI RtlSubAuthoritySid(PSID sid, ULONG index)
{
    return (PULONG)((char *)sid + RtlLengthRequiredSid(index));
}

NTSTATUS WINAPI RtlAllocateAndInitializeSidEx(PSID_IDENTIFIER_AUTHORITY authority, UCHAR count, const ULONG *parts,
                                              PSID *sid)
{
    if (count > SID_MAX_SUB_AUTHORITIES)
        return STATUS_INVALID_SID;
    *sid = RtlAllocateHeap(peb_current()->ProcessHeap, 0, RtlLengthRequiredSid(count));
    if (!*sid)
        return STATUS_NO_MEMORY;
    RtlInitializeSid(*sid, authority, count);
    memcpy(RtlSubAuthoritySid(*sid, 0), parts, count * sizeof *parts);
    return STATUS_SUCCESS;
}

NTSTATUS WINAPI RtlAllocateAndInitializeSid(PSID_IDENTIFIER_AUTHORITY authority, UCHAR count, ULONG a, ULONG b, ULONG c,
                                            ULONG d, ULONG e, ULONG f, ULONG g, ULONG h, PSID *sid)
{
    const ULONG parts[8] = {a, b, c, d, e, f, g, h};

    return count > 8 ? STATUS_INVALID_SID : RtlAllocateAndInitializeSidEx(authority, count, parts, sid);
}

PVOID WINAPI RtlFreeSid(PSID sid)
{
    RtlFreeHeap(peb_current()->ProcessHeap, 0, sid);
    return NULL;
}

/* S-1-5-32-544; an authority of more than 32 bits is in hexadecimal. */
static size_t sid_text(PSID sid, char text[256])
{
    const SID *known = sid;
    ULONGLONG authority = 0;
    int length;

    for (int i = 0; i < 6; i++)
        authority = authority << 8 | known->IdentifierAuthority.Value[i];
    length = snprintf(text, 256, authority >> 32 ? "S-%u-0x%012llX" : "S-%u-%llu", known->Revision, authority);
    for (int i = 0; i < known->SubAuthorityCount; i++)
        length += snprintf(text + length, (size_t)(256 - length), "-%u", known->SubAuthority[i]);
    return (size_t)length;
}

NTSTATUS WINAPI RtlLengthSidAsUnicodeString(PSID sid, PULONG size)
{
    char text[256];

    if (!RtlValidSid(sid))
        return STATUS_INVALID_SID;
    *size = (ULONG)((sid_text(sid, text) + 1) * sizeof(WCHAR));
    return STATUS_SUCCESS;
}

NTSTATUS WINAPI RtlConvertSidToUnicodeString(PUNICODE_STRING string, PSID sid, BOOLEAN allocate)
{
    char text[256];
    size_t length, size;

    if (!RtlValidSid(sid))
        return STATUS_INVALID_SID;
    length = sid_text(sid, text);
    size = (length + 1) * sizeof(WCHAR);
    if (allocate) {
        string->Buffer = RtlAllocateHeap(peb_current()->ProcessHeap, 0, size);
        if (!string->Buffer)
            return STATUS_NO_MEMORY;
        string->MaximumLength = (USHORT)size;
    } else if (string->MaximumLength < length * sizeof(WCHAR)) {
        return STATUS_BUFFER_OVERFLOW;
    }
    string->Length = (USHORT)(length * sizeof(WCHAR));
    for (size_t i = 0; i < length; i++)
        string->Buffer[i] = (WCHAR)text[i];
    if (string->MaximumLength > string->Length)
        string->Buffer[length] = 0;
    return STATUS_SUCCESS;
}

/* ---- LUIDs ---- */

BOOLEAN WINAPI RtlEqualLuid(const LUID *a, const LUID *b)
{
    return a->LowPart == b->LowPart && a->HighPart == b->HighPart;
}

void WINAPI RtlCopyLuid(LUID *to, const LUID *from)
{
    *to = *from;
}

BOOLEAN WINAPI RtlAreAllAccessesGranted(ACCESS_MASK granted, ACCESS_MASK desired)
{
    return (granted & desired) == desired;
}

BOOLEAN WINAPI RtlAreAnyAccessesGranted(ACCESS_MASK granted, ACCESS_MASK desired)
{
    return (granted & desired) != 0;
}
