/*
 * aclread.c: the other way: descriptions from access-control lists and security descriptors, and descriptors from
 * descriptions.
 *
 * Layer: advapi32; on top of aclapi.c and ntdll's lists.
 */
#include <aclapi.h>
#include <string.h>
#include "ntdll/error.h"
#include "ntdll/nls.h"
#include "ntdll/security.h"
#include "ntdll/token.h"
#include "security.h"

/* Of the entries that have access mask and SID in the usual places. */
static ACCESS_ALLOWED_ACE *plain_ace(PACL acl, ULONG index)
{
    void *entry;

    if (RtlGetAce(acl, index, &entry))
        return NULL;
    ACE_HEADER *head = entry;
    bool plain = head->AceType == ACCESS_ALLOWED_ACE_TYPE || head->AceType == ACCESS_DENIED_ACE_TYPE ||
                 head->AceType == SYSTEM_AUDIT_ACE_TYPE;
    return plain ? entry : NULL;
}

static ACCESS_MODE mode_of(const ACE_HEADER *head)
{
    if (head->AceType == ACCESS_ALLOWED_ACE_TYPE)
        return GRANT_ACCESS;
    if (head->AceType == ACCESS_DENIED_ACE_TYPE)
        return DENY_ACCESS;
    return head->AceFlags & SUCCESSFUL_ACCESS_ACE_FLAG ? SET_AUDIT_SUCCESS : SET_AUDIT_FAILURE;
}

/* The SIDs lie behind the array, in the same block. */
DWORD WINAPI GetExplicitEntriesFromAclW(PACL acl, PULONG count, PEXPLICIT_ACCESS_W *list)
{
    size_t size = 0;
    ULONG found = 0;
    ACCESS_ALLOWED_ACE *ace;

    if (!acl || !count || !list || !RtlValidAcl(acl))
        return ERROR_INVALID_PARAMETER;
    *count = 0;
    *list = NULL;
    for (ULONG i = 0; i < acl->AceCount; i++)
        if ((ace = plain_ace(acl, i)) != NULL)
            size += sizeof **list + GetLengthSid(&ace->SidStart);
    if (!size)
        return ERROR_SUCCESS;
    EXPLICIT_ACCESS_W *made = LocalAlloc(LMEM_ZEROINIT, size);
    if (!made)
        return ERROR_NOT_ENOUGH_MEMORY;
    char *end = (char *)made + size;
    for (ULONG i = 0; i < acl->AceCount; i++) {
        if (!(ace = plain_ace(acl, i)))
            continue;
        EXPLICIT_ACCESS_W *entry = &made[found++];
        end -= GetLengthSid(&ace->SidStart);
        memcpy(end, &ace->SidStart, GetLengthSid(&ace->SidStart));
        entry->grfAccessPermissions = ace->Mask;
        entry->grfAccessMode = mode_of(&ace->Header);
        entry->grfInheritance = ace->Header.AceFlags & (VALID_INHERIT_FLAGS);
        BuildTrusteeWithSidW(&entry->Trustee, end);
    }
    *count = found;
    *list = made;
    return ERROR_SUCCESS;
}

/* Trustees are SIDs, so both forms are one. */
DWORD WINAPI GetExplicitEntriesFromAclA(PACL acl, PULONG count, PEXPLICIT_ACCESS_A *list)
{
    return GetExplicitEntriesFromAclW(acl, count, (PEXPLICIT_ACCESS_W *)list);
}

/* Whether an entry's SID means the trustee: itself, everybody, and for the prefix's user what it belongs to. */
static bool concerns(PSID entry, PSID trustee)
{
    struct sid_buffer user;
    BOOLEAN member = FALSE;

    sid_of_user(&user);
    if (EqualSid(entry, trustee) || IsWellKnownSid(entry, WinWorldSid))
        return true;
    return EqualSid(trustee, &user.sid) && !RtlCheckTokenMembershipEx(NULL, entry, 0, &member) && member;
}

DWORD WINAPI GetEffectiveRightsFromAclW(PACL acl, PTRUSTEE_W trustee, PACCESS_MASK rights)
{
    ACCESS_MASK granted = 0, denied = 0;
    PSID sid;
    void *owned;
    DWORD error;

    if (!acl || !trustee || !rights)
        return ERROR_INVALID_PARAMETER;
    error = trustee_sid(trustee, &sid, &owned);
    if (error)
        return error;
    for (ULONG i = 0; i < acl->AceCount; i++) {
        ACCESS_ALLOWED_ACE *ace = plain_ace(acl, i);
        if (!ace || ace->Header.AceFlags & INHERIT_ONLY_ACE || !concerns(&ace->SidStart, sid))
            continue;
        if (ace->Header.AceType == ACCESS_ALLOWED_ACE_TYPE)
            granted |= ace->Mask & ~denied;
        else if (ace->Header.AceType == ACCESS_DENIED_ACE_TYPE)
            denied |= ace->Mask & ~granted;
    }
    LocalFree(owned);
    *rights = granted;
    return ERROR_SUCCESS;
}

DWORD WINAPI GetEffectiveRightsFromAclA(PACL acl, PTRUSTEE_A trustee, PACCESS_MASK rights)
{
    TRUSTEE_W wide = {0};
    WCHAR *name = NULL;

    if (!trustee)
        return ERROR_INVALID_PARAMETER;
    memcpy(&wide, trustee, sizeof wide);
    if (trustee->TrusteeForm == TRUSTEE_IS_NAME)
        wide.ptstrName = name = wide_from_ansi(trustee->ptstrName);
    DWORD error = GetEffectiveRightsFromAclW(acl, &wide, rights);
    RtlFreeHeap(peb_current()->ProcessHeap, 0, name);
    return error;
}

/* ---- trustees ---- */

TRUSTEE_FORM WINAPI GetTrusteeFormW(PTRUSTEE_W trustee)
{
    return trustee ? trustee->TrusteeForm : TRUSTEE_BAD_FORM;
}

TRUSTEE_TYPE WINAPI GetTrusteeTypeW(PTRUSTEE_W trustee)
{
    return trustee ? trustee->TrusteeType : TRUSTEE_IS_UNKNOWN;
}

LPWSTR WINAPI GetTrusteeNameW(PTRUSTEE_W trustee)
{
    return trustee && trustee->TrusteeForm == TRUSTEE_IS_NAME ? trustee->ptstrName : NULL;
}

/* ---- descriptors ---- */

/* Owner or group: of the trustee if there is one, else of the old descriptor. */
static DWORD build_sid(PTRUSTEE_W trustee, PSECURITY_DESCRIPTOR made, PSECURITY_DESCRIPTOR old, bool owner,
                       void **owned)
{
    BOOL defaulted;
    PSID sid = NULL;
    DWORD error = ERROR_SUCCESS;

    if (trustee)
        error = trustee_sid(trustee, &sid, owned);
    else if (old && !(owner ? GetSecurityDescriptorOwner : GetSecurityDescriptorGroup)(old, &sid, &defaulted))
        error = GetLastError();
    if (!error && sid && !(owner ? SetSecurityDescriptorOwner : SetSecurityDescriptorGroup)(made, sid, FALSE))
        error = GetLastError();
    return error;
}

static DWORD build_dacl(ULONG count, PEXPLICIT_ACCESS_W entries, PSECURITY_DESCRIPTOR made, PSECURITY_DESCRIPTOR old,
                        PACL *owned)
{
    BOOL present = FALSE, defaulted;
    PACL before = NULL;
    DWORD error = ERROR_SUCCESS;

    if (old && !GetSecurityDescriptorDacl(old, &present, &before, &defaulted))
        return GetLastError();
    if (count)
        error = SetEntriesInAclW(count, entries, before, owned);
    if (!error && (count || present) && !SetSecurityDescriptorDacl(made, TRUE, count ? *owned : before, FALSE))
        error = GetLastError();
    return error;
}

DWORD WINAPI BuildSecurityDescriptorW(PTRUSTEE_W owner, PTRUSTEE_W group, ULONG count, PEXPLICIT_ACCESS_W entries,
                                      ULONG audit_count, PEXPLICIT_ACCESS_W audit, PSECURITY_DESCRIPTOR old,
                                      PULONG size, PSECURITY_DESCRIPTOR *made)
{
    SECURITY_DESCRIPTOR absolute;
    void *owner_sid = NULL, *group_sid = NULL;
    PACL dacl = NULL;
    DWORD error;

    (void)audit;
    if (!size || !made || (count && !entries))
        return ERROR_INVALID_PARAMETER;
    if (audit_count) /* auditing belongs to system lists, which need a privilege */
        return ERROR_PRIVILEGE_NOT_HELD;
    InitializeSecurityDescriptor(&absolute, SECURITY_DESCRIPTOR_REVISION);
    error = build_sid(owner, &absolute, old, true, &owner_sid);
    if (!error)
        error = build_sid(group, &absolute, old, false, &group_sid);
    if (!error)
        error = build_dacl(count, entries, &absolute, old, &dacl);
    if (!error) {
        *size = 0;
        MakeSelfRelativeSD(&absolute, NULL, (DWORD *)size);
        *made = LocalAlloc(LMEM_ZEROINIT, *size);
        if (!*made)
            error = ERROR_NOT_ENOUGH_MEMORY;
        else if (!MakeSelfRelativeSD(&absolute, *made, (DWORD *)size))
            error = GetLastError();
    }
    LocalFree(owner_sid);
    LocalFree(group_sid);
    LocalFree(dacl);
    return error;
}

DWORD WINAPI BuildSecurityDescriptorA(PTRUSTEE_A owner, PTRUSTEE_A group, ULONG count, PEXPLICIT_ACCESS_A entries,
                                      ULONG audit_count, PEXPLICIT_ACCESS_A audit, PSECURITY_DESCRIPTOR old,
                                      PULONG size, PSECURITY_DESCRIPTOR *made)
{
    const EXPLICIT_ACCESS_A heads[2] = {{.Trustee = owner ? *owner : (TRUSTEE_A){.TrusteeForm = TRUSTEE_BAD_FORM}},
                                        {.Trustee = group ? *group : (TRUSTEE_A){.TrusteeForm = TRUSTEE_BAD_FORM}}};
    if (count && !entries)
        return ERROR_INVALID_PARAMETER;
    EXPLICIT_ACCESS_W *head = entries_widen(2, heads), *wide = entries_widen(count, entries);
    DWORD error = ERROR_NOT_ENOUGH_MEMORY;

    if (head && wide)
        error = BuildSecurityDescriptorW(owner ? &head[0].Trustee : NULL, group ? &head[1].Trustee : NULL, count, wide,
                                         audit_count, (PEXPLICIT_ACCESS_W)audit, old, size, made);
    entries_free(2, head);
    entries_free(count, wide);
    return error;
}

/* What is asked for of a descriptor, as descriptions. */
DWORD WINAPI LookupSecurityDescriptorPartsW(PTRUSTEE_W *owner, PTRUSTEE_W *group, PULONG count,
                                            PEXPLICIT_ACCESS_W *entries, PULONG audit_count, PEXPLICIT_ACCESS_W *audit,
                                            PSECURITY_DESCRIPTOR descriptor)
{
    PTRUSTEE_W *const places[2] = {owner, group};
    BOOL present, defaulted;
    PACL acl = NULL;
    PSID sid;

    if (!RtlValidSecurityDescriptor(descriptor))
        return ERROR_INVALID_SECURITY_DESCR;
    for (int i = 0; i < 2; i++) {
        if (!places[i])
            continue;
        *places[i] = NULL;
        if (!(i ? GetSecurityDescriptorGroup : GetSecurityDescriptorOwner)(descriptor, &sid, &defaulted) || !sid)
            continue;
        *places[i] = LocalAlloc(LMEM_ZEROINIT, sizeof(TRUSTEE_W) + GetLengthSid(sid));
        if (!*places[i])
            return ERROR_NOT_ENOUGH_MEMORY;
        memcpy(*places[i] + 1, sid, GetLengthSid(sid));
        BuildTrusteeWithSidW(*places[i], *places[i] + 1);
    }
    if (audit_count)
        *audit_count = 0;
    if (audit)
        *audit = NULL;
    if (!count || !entries)
        return ERROR_SUCCESS;
    *count = 0;
    *entries = NULL;
    if (!GetSecurityDescriptorDacl(descriptor, &present, &acl, &defaulted) || !acl)
        return ERROR_SUCCESS;
    return GetExplicitEntriesFromAclW(acl, count, entries);
}

/* Trustees are SIDs, so both forms are one. */
DWORD WINAPI LookupSecurityDescriptorPartsA(PTRUSTEE_A *owner, PTRUSTEE_A *group, PULONG count,
                                            PEXPLICIT_ACCESS_A *entries, PULONG audit_count, PEXPLICIT_ACCESS_A *audit,
                                            PSECURITY_DESCRIPTOR descriptor)
{
    return LookupSecurityDescriptorPartsW((PTRUSTEE_W *)owner, (PTRUSTEE_W *)group, count,
                                          (PEXPLICIT_ACCESS_W *)entries, audit_count, (PEXPLICIT_ACCESS_W *)audit,
                                          descriptor);
}
