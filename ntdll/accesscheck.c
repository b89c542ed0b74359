/*
 * accesscheck.c: what a security descriptor lets a token do (NtAccessCheck).
 *
 * Layer: ntdll; on top of acl.c, securitydescriptor.c and token_query.c.
 */
#include <string.h>
#include "security.h"
#include "token_object.h"

static bool token_has(HANDLE token, PSID sid)
{
    BOOLEAN member;

    return !RtlCheckTokenMembershipEx(token, sid, 0, &member) && member;
}

/* Entries in their order: what is denied before it is granted stays denied. */
static ACCESS_MASK granted_by(ACL *acl, HANDLE token, ACCESS_MASK wanted, PGENERIC_MAPPING mapping)
{
    ACCESS_MASK granted = 0, denied = 0;
    void *entry;

    for (ULONG i = 0; i < acl->AceCount && !RtlGetAce(acl, i, &entry); i++) {
        ACCESS_ALLOWED_ACE *ace = entry;
        bool allows = ace->Header.AceType == ACCESS_ALLOWED_ACE_TYPE;
        ACCESS_MASK mask = ace->Mask;
        if ((!allows && ace->Header.AceType != ACCESS_DENIED_ACE_TYPE) || ace->Header.AceFlags & INHERIT_ONLY_ACE ||
            !token_has(token, &ace->SidStart))
            continue;
        RtlMapGenericMask(&mask, mapping);
        if (allows)
            granted |= mask & ~denied;
        else
            denied |= mask & ~granted;
    }
    return wanted & MAXIMUM_ALLOWED ? granted : granted & wanted;
}

static NTSTATUS check_token(HANDLE handle)
{
    struct token *token;
    NTSTATUS status = token_lookup(handle, TOKEN_QUERY, &token);

    if (status)
        return status;
    if (token->type != TokenImpersonation)
        status = STATUS_NO_IMPERSONATION_TOKEN;
    else if (token->level < SecurityIdentification)
        status = STATUS_BAD_IMPERSONATION_LEVEL;
    object_release(token);
    return status;
}

NTSTATUS NTAPI NtAccessCheck(PSECURITY_DESCRIPTOR descriptor, HANDLE token, ACCESS_MASK wanted,
                             PGENERIC_MAPPING mapping, PPRIVILEGE_SET privileges, PULONG privileges_size,
                             PACCESS_MASK granted, PNTSTATUS access_status)
{
    BOOLEAN present = FALSE, defaulted;
    PSID owner = NULL, group = NULL;
    ACL *acl = NULL;
    NTSTATUS status;

    if (wanted & (GENERIC_READ | GENERIC_WRITE | GENERIC_EXECUTE | GENERIC_ALL))
        return STATUS_GENERIC_NOT_MAPPED;
    if (!RtlValidSecurityDescriptor(descriptor))
        return STATUS_INVALID_SECURITY_DESCR;
    RtlGetOwnerSecurityDescriptor(descriptor, &owner, &defaulted);
    RtlGetGroupSecurityDescriptor(descriptor, &group, &defaulted);
    if (!owner || !group)
        return STATUS_INVALID_SECURITY_DESCR;
    if (*privileges_size < sizeof *privileges) {
        *privileges_size = sizeof *privileges;
        return STATUS_BUFFER_TOO_SMALL;
    }
    if ((status = check_token(token)) != 0)
        return status;
    memset(privileges, 0, sizeof *privileges);
    RtlGetDaclSecurityDescriptor(descriptor, &present, &acl, &defaulted);
    ACCESS_MASK rest = wanted & ~(ACCESS_MASK)MAXIMUM_ALLOWED, result;
    if (!present || !acl) { /* no list: everybody may do everything */
        result = wanted & MAXIMUM_ALLOWED ? mapping->GenericAll : wanted;
    } else {
        result = granted_by(acl, token, wanted, mapping);
        if (token_has(token, owner))
            result |=
                (wanted & MAXIMUM_ALLOWED ? (DWORD)(READ_CONTROL | WRITE_DAC) : wanted) & (READ_CONTROL | WRITE_DAC);
    }
    *access_status = (rest & ~result) == 0 && result ? STATUS_SUCCESS : STATUS_ACCESS_DENIED;
    *granted = *access_status ? 0 : result;
    return STATUS_SUCCESS;
}
