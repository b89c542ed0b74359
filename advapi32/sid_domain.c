/*
 * sid_domain.c: domains in security identifiers: S-1-5-21- and three numbers, before the account's own.
 *
 * Layer: advapi32; computes only.
 */
#include <string.h>
#include "win.h"

#define DOMAIN_PARTS 4

static bool has_domain(PSID sid)
{
    static const SID_IDENTIFIER_AUTHORITY nt = {SECURITY_NT_AUTHORITY};
    const SID *s = sid;

    return IsValidSid(sid) && s->SubAuthorityCount >= DOMAIN_PARTS &&
           !memcmp(&s->IdentifierAuthority, &nt, sizeof nt) && s->SubAuthority[0] == SECURITY_NT_NON_UNIQUE;
}

BOOL WINAPI GetWindowsAccountDomainSid(PSID sid, PSID domain, DWORD *size)
{
    DWORD needed = GetSidLengthRequired(DOMAIN_PARTS);

    if (!IsValidSid(sid) || !has_domain(sid)) {
        SetLastError(IsValidSid(sid) ? ERROR_NON_ACCOUNT_SID : ERROR_INVALID_SID);
        return FALSE;
    }
    if (*size < needed || !domain) {
        *size = needed;
        SetLastError(domain ? ERROR_INSUFFICIENT_BUFFER : ERROR_INVALID_PARAMETER);
        return FALSE;
    }
    *size = needed;
    memcpy(domain, sid, needed);
    ((SID *)domain)->SubAuthorityCount = DOMAIN_PARTS;
    return TRUE;
}

BOOL WINAPI EqualDomainSid(PSID a, PSID b, BOOL *equal)
{
    if (!IsValidSid(a) || !IsValidSid(b) || !equal) {
        SetLastError(equal ? ERROR_INVALID_SID : ERROR_INVALID_PARAMETER);
        return FALSE;
    }
    if (!has_domain(a) || !has_domain(b)) {
        SetLastError(ERROR_NON_DOMAIN_SID);
        return FALSE;
    }
    *equal = !memcmp(((SID *)a)->SubAuthority, ((SID *)b)->SubAuthority, DOMAIN_PARTS * sizeof(DWORD));
    return TRUE;
}
