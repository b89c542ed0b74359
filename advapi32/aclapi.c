/*
 * aclapi.c: SetEntriesInAcl and its relatives: lists made from descriptions of who may do what.
 *
 * Layer: advapi32; on top of ntdll's acl.c.
 */
#include <accctrl.h>
#include <string.h>
#include "ntdll/security.h"
#include "security.h"

static void *heap_get(SIZE_T size)
{
    return LocalAlloc(LMEM_ZEROINIT, size);
}

DWORD trustee_sid(const TRUSTEE_W *trustee, PSID *sid, void **owned)
{
    DWORD sid_size = 0, domain_size = 0;
    SID_NAME_USE use;

    *owned = NULL;
    if (trustee->TrusteeForm == TRUSTEE_IS_SID) {
        *sid = trustee->ptstrName;
        return IsValidSid(*sid) ? ERROR_SUCCESS : ERROR_INVALID_SID;
    }
    if (trustee->TrusteeForm != TRUSTEE_IS_NAME)
        return ERROR_INVALID_PARAMETER;
    LookupAccountNameW(NULL, trustee->ptstrName, NULL, &sid_size, NULL, &domain_size, &use);
    if (!sid_size)
        return ERROR_NONE_MAPPED;
    WCHAR *domain = heap_get(domain_size * sizeof *domain);
    *owned = *sid = heap_get(sid_size);
    DWORD error = ERROR_NOT_ENOUGH_MEMORY;
    if (domain && *sid)
        error = LookupAccountNameW(NULL, trustee->ptstrName, *sid, &sid_size, domain, &domain_size, &use)
                    ? ERROR_SUCCESS
                    : GetLastError();
    LocalFree(domain);
    return error;
}

/* Entries of `acl` for this SID go: all, or (kind not -1) those of one kind.  Inherited ones stay. */
static void remove_entries(ACL *acl, PSID sid, int kind)
{
    void *entry;

    for (ULONG i = acl->AceCount; i-- > 0;) {
        if (RtlGetAce(acl, i, &entry))
            continue;
        ACCESS_ALLOWED_ACE *ace = entry;
        bool simple = ace->Header.AceType == ACCESS_ALLOWED_ACE_TYPE || ace->Header.AceType == ACCESS_DENIED_ACE_TYPE;
        if (simple && !(ace->Header.AceFlags & INHERITED_ACE) && (kind < 0 || ace->Header.AceType == kind) &&
            EqualSid(&ace->SidStart, sid))
            RtlDeleteAce(acl, i);
    }
}

/* An entry for this SID that is inherited the same way: it takes the rights. */
static bool merge_entry(ACL *acl, const ACCESS_ALLOWED_ACE *ace)
{
    void *entry;

    for (ULONG i = 0; i < acl->AceCount; i++) {
        if (RtlGetAce(acl, i, &entry))
            continue;
        ACCESS_ALLOWED_ACE *there = entry;
        if (there->Header.AceType == ace->Header.AceType && there->Header.AceFlags == ace->Header.AceFlags &&
            EqualSid(&there->SidStart, (PSID)&ace->SidStart)) {
            there->Mask |= ace->Mask;
            return true;
        }
    }
    return false;
}

/* Denying entries stand before allowing ones. */
static DWORD add_entry(ACL *acl, const EXPLICIT_ACCESS_W *entry, PSID sid)
{
    BYTE buffer[sizeof(ACCESS_ALLOWED_ACE) + SECURITY_MAX_SID_SIZE] = {0};
    ACCESS_ALLOWED_ACE *ace = (ACCESS_ALLOWED_ACE *)buffer;
    bool denies = entry->grfAccessMode == DENY_ACCESS;

    ace->Header.AceType = denies ? ACCESS_DENIED_ACE_TYPE : ACCESS_ALLOWED_ACE_TYPE;
    ace->Header.AceFlags = (BYTE)(entry->grfInheritance & 0x1f);
    ace->Header.AceSize = (WORD)(offsetof(ACCESS_ALLOWED_ACE, SidStart) + sid_length(sid));
    ace->Mask = entry->grfAccessPermissions;
    memcpy(&ace->SidStart, sid, sid_length(sid));
    if (merge_entry(acl, ace))
        return ERROR_SUCCESS;
    return RtlAddAce(acl, ACL_REVISION, denies ? 0 : MAXDWORD, ace, ace->Header.AceSize) ? ERROR_INVALID_ACL
                                                                                         : ERROR_SUCCESS;
}

static DWORD apply_entry(ACL *acl, const EXPLICIT_ACCESS_W *entry)
{
    PSID sid;
    void *owned;
    DWORD error = trustee_sid(&entry->Trustee, &sid, &owned);

    if (!error)
        switch (entry->grfAccessMode) {
        case GRANT_ACCESS:
            remove_entries(acl, sid, ACCESS_DENIED_ACE_TYPE);
            error = add_entry(acl, entry, sid);
            break;
        case SET_ACCESS:
            remove_entries(acl, sid, -1);
            error = add_entry(acl, entry, sid);
            break;
        case DENY_ACCESS:
            error = add_entry(acl, entry, sid);
            break;
        case REVOKE_ACCESS:
            remove_entries(acl, sid, -1);
            break;
        default: /* auditing belongs to system lists */
            error = ERROR_INVALID_PARAMETER;
        }
    LocalFree(owned);
    return error;
}

DWORD WINAPI SetEntriesInAclW(ULONG count, PEXPLICIT_ACCESS_W entries, PACL old, PACL *new)
{
    ACL_SIZE_INFORMATION used = {.AclBytesInUse = sizeof(ACL)};
    DWORD error = ERROR_SUCCESS;
    void *entry;

    *new = NULL;
    if (old && RtlQueryInformationAcl(old, &used, sizeof used, AclSizeInformation))
        return ERROR_INVALID_ACL;
    ULONG size = used.AclBytesInUse + count * (ULONG)(sizeof(ACCESS_ALLOWED_ACE) + SECURITY_MAX_SID_SIZE);
    if (size > 0xfffc)
        size = 0xfffc;
    ACL *acl = heap_get(size);
    if (!acl)
        return ERROR_NOT_ENOUGH_MEMORY;
    RtlCreateAcl(acl, size, ACL_REVISION);
    for (ULONG i = 0; old && i < old->AceCount; i++)
        if (!RtlGetAce(old, i, &entry))
            RtlAddAce(acl, old->AclRevision, MAXDWORD, entry, ((ACE_HEADER *)entry)->AceSize);
    for (ULONG i = 0; i < count && !error; i++)
        error = apply_entry(acl, &entries[i]);
    if (error) {
        LocalFree(acl);
        return error;
    }
    RtlQueryInformationAcl(acl, &used, sizeof used, AclSizeInformation);
    acl->AclSize = (WORD)used.AclBytesInUse;
    *new = acl;
    return ERROR_SUCCESS;
}

EXPLICIT_ACCESS_W *entries_widen(ULONG count, const EXPLICIT_ACCESS_A *entries)
{
    EXPLICIT_ACCESS_W *wide = heap_get((count ? count : 1) * sizeof *wide);
    bool fits = wide != NULL;

    if (fits && count)
        memcpy(wide, entries, count * sizeof *wide); /* the two differ in what the name points to */
    for (ULONG i = 0; fits && i < count; i++)
        if (wide[i].Trustee.TrusteeForm == TRUSTEE_IS_NAME) {
            const char *name = entries[i].Trustee.ptstrName;
            int length = MultiByteToWideChar(CP_ACP, 0, name, -1, NULL, 0);
            wide[i].Trustee.ptstrName = heap_get(length * sizeof(WCHAR));
            if (wide[i].Trustee.ptstrName)
                MultiByteToWideChar(CP_ACP, 0, name, -1, wide[i].Trustee.ptstrName, length);
            else
                count = i, fits = false;
        }
    if (fits || !wide)
        return wide;
    entries_free(count, wide);
    return NULL;
}

void entries_free(ULONG count, EXPLICIT_ACCESS_W *wide)
{
    for (ULONG i = 0; wide && i < count; i++)
        if (wide[i].Trustee.TrusteeForm == TRUSTEE_IS_NAME)
            LocalFree(wide[i].Trustee.ptstrName);
    LocalFree(wide);
}

DWORD WINAPI SetEntriesInAclA(ULONG count, PEXPLICIT_ACCESS_A entries, PACL old, PACL *new)
{
    EXPLICIT_ACCESS_W *wide = entries_widen(count, entries);
    DWORD error = wide ? SetEntriesInAclW(count, wide, old, new) : ERROR_NOT_ENOUGH_MEMORY;

    entries_free(count, wide);
    return error;
}

void WINAPI BuildTrusteeWithSidW(PTRUSTEE_W trustee, PSID sid)
{
    *trustee = (TRUSTEE_W){.TrusteeForm = TRUSTEE_IS_SID, .ptstrName = sid};
}

void WINAPI BuildTrusteeWithSidA(PTRUSTEE_A trustee, PSID sid)
{
    *trustee = (TRUSTEE_A){.TrusteeForm = TRUSTEE_IS_SID, .ptstrName = sid};
}

void WINAPI BuildTrusteeWithNameW(PTRUSTEE_W trustee, LPWSTR name)
{
    *trustee = (TRUSTEE_W){.TrusteeForm = TRUSTEE_IS_NAME, .ptstrName = name};
}

void WINAPI BuildTrusteeWithNameA(PTRUSTEE_A trustee, LPSTR name)
{
    *trustee = (TRUSTEE_A){.TrusteeForm = TRUSTEE_IS_NAME, .ptstrName = name};
}

void WINAPI BuildExplicitAccessWithNameW(PEXPLICIT_ACCESS_W entry, LPWSTR name, DWORD access, ACCESS_MODE mode,
                                         DWORD inheritance)
{
    *entry = (EXPLICIT_ACCESS_W){.grfAccessPermissions = access, .grfAccessMode = mode, .grfInheritance = inheritance};
    BuildTrusteeWithNameW(&entry->Trustee, name);
}

void WINAPI BuildExplicitAccessWithNameA(PEXPLICIT_ACCESS_A entry, LPSTR name, DWORD access, ACCESS_MODE mode,
                                         DWORD inheritance)
{
    *entry = (EXPLICIT_ACCESS_A){.grfAccessPermissions = access, .grfAccessMode = mode, .grfInheritance = inheritance};
    BuildTrusteeWithNameA(&entry->Trustee, name);
}
