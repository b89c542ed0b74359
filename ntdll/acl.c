/*
 * acl.c: access-control lists: a header, then entries (ACEs) of their own sizes.
 *
 * Pure computing; calls nothing.  Every walk is bounded by the list's size, for lists come from files and programs.
 */
#include <string.h>
#include "ntdll/security.h"

#define ACE_MINIMUM sizeof(ACE_HEADER)

/* Calls end where the entries end; NULL: the list is damaged. */
static char *entries_end(const ACL *acl)
{
    char *p = (char *)(acl + 1), *limit = (char *)acl + acl->AclSize;

    for (ULONG i = 0; i < acl->AceCount; i++) {
        const ACE_HEADER *ace = (const ACE_HEADER *)p;
        if (limit - p < (ptrdiff_t)ACE_MINIMUM || ace->AceSize < ACE_MINIMUM || ace->AceSize > limit - p ||
            ace->AceSize % 4)
            return NULL;
        p += ace->AceSize;
    }
    return p;
}

static bool header_valid(const ACL *acl)
{
    return acl && acl->AclRevision >= MIN_ACL_REVISION && acl->AclRevision <= MAX_ACL_REVISION &&
           acl->AclSize >= sizeof *acl;
}

NTSTATUS WINAPI RtlCreateAcl(ACL *acl, ULONG size, ULONG revision)
{
    if (size < sizeof *acl)
        return STATUS_BUFFER_TOO_SMALL;
    if (size > 0xffff || revision < MIN_ACL_REVISION || revision > MAX_ACL_REVISION)
        return STATUS_INVALID_PARAMETER;
    *acl = (ACL){.AclRevision = (BYTE)revision, .AclSize = (WORD)(size & ~3u)};
    return STATUS_SUCCESS;
}

BOOLEAN WINAPI RtlValidAcl(ACL *acl)
{
    return header_valid(acl) && entries_end(acl);
}

BOOLEAN WINAPI RtlFirstFreeAce(ACL *acl, ACE_HEADER **ace)
{
    char *end = entries_end(acl);

    *ace = NULL;
    if (!end)
        return FALSE;
    if (end < (char *)acl + acl->AclSize)
        *ace = (ACE_HEADER *)end;
    return TRUE;
}

NTSTATUS WINAPI RtlQueryInformationAcl(ACL *acl, void *information, ULONG size, ACL_INFORMATION_CLASS class)
{
    char *end;

    if (!header_valid(acl))
        return STATUS_INVALID_PARAMETER;
    if (class == AclRevisionInformation) {
        if (size < sizeof(ACL_REVISION_INFORMATION))
            return STATUS_BUFFER_TOO_SMALL;
        ((ACL_REVISION_INFORMATION *)information)->AclRevision = acl->AclRevision;
        return STATUS_SUCCESS;
    }
    if (class != AclSizeInformation)
        return STATUS_INVALID_INFO_CLASS;
    if (size < sizeof(ACL_SIZE_INFORMATION))
        return STATUS_BUFFER_TOO_SMALL;
    end = entries_end(acl);
    if (!end)
        return STATUS_INVALID_PARAMETER;
    *(ACL_SIZE_INFORMATION *)information =
        (ACL_SIZE_INFORMATION){.AceCount = acl->AceCount,
                               .AclBytesInUse = (DWORD)(end - (char *)acl),
                               .AclBytesFree = (DWORD)((char *)acl + acl->AclSize - end)};
    return STATUS_SUCCESS;
}

NTSTATUS WINAPI RtlGetAce(ACL *acl, ULONG index, void **ace)
{
    if (!RtlValidAcl(acl) || index >= acl->AceCount)
        return STATUS_INVALID_PARAMETER;
    char *p = (char *)(acl + 1);
    while (index--)
        p += ((ACE_HEADER *)p)->AceSize;
    *ace = p;
    return STATUS_SUCCESS;
}

NTSTATUS WINAPI RtlDeleteAce(ACL *acl, ULONG index)
{
    void *ace;
    NTSTATUS status = RtlGetAce(acl, index, &ace);

    if (status)
        return status;
    char *end = entries_end(acl);
    WORD size = ((ACE_HEADER *)ace)->AceSize;
    memmove(ace, (char *)ace + size, (size_t)(end - (char *)ace) - size);
    memset(end - size, 0, size);
    acl->AceCount--;
    return STATUS_SUCCESS;
}

/* Room for `size` bytes before entry `index` (behind the last one if there is no such entry); NULL: it does not fit. */
static void *make_room(ACL *acl, ULONG index, ULONG size)
{
    char *end = entries_end(acl), *p = (char *)(acl + 1);

    if (!end || size > (ULONG)((char *)acl + acl->AclSize - end))
        return NULL;
    for (ULONG i = 0; i < index && i < acl->AceCount; i++)
        p += ((ACE_HEADER *)p)->AceSize;
    memmove(p + size, p, (size_t)(end - p));
    return p;
}

NTSTATUS WINAPI RtlAddAce(ACL *acl, ULONG revision, ULONG index, void *aces, ULONG size)
{
    ULONG count = 0;

    if (!RtlValidAcl(acl) || revision < MIN_ACL_REVISION || revision > MAX_ACL_REVISION)
        return STATUS_INVALID_PARAMETER;
    for (ULONG at = 0; at < size; count++) {
        const ACE_HEADER *ace = (const ACE_HEADER *)((char *)aces + at);
        if (size - at < ACE_MINIMUM || ace->AceSize < ACE_MINIMUM || ace->AceSize > size - at)
            return STATUS_INVALID_PARAMETER;
        at += ace->AceSize;
    }
    void *room = make_room(acl, index, size);
    if (!room)
        return STATUS_BUFFER_TOO_SMALL;
    memcpy(room, aces, size);
    acl->AceCount = (WORD)(acl->AceCount + count);
    if (revision > acl->AclRevision)
        acl->AclRevision = (BYTE)revision;
    return STATUS_SUCCESS;
}

/* All entries that are a mask and a SID have this layout. */
static NTSTATUS add_simple(ACL *acl, ULONG revision, UCHAR type, ULONG flags, ACCESS_MASK access, PSID sid)
{
    if (!sid_valid(sid))
        return STATUS_INVALID_SID;
    if (!header_valid(acl) || !entries_end(acl))
        return STATUS_INVALID_ACL;
    if (revision < MIN_ACL_REVISION || revision > MAX_ACL_REVISION)
        return STATUS_REVISION_MISMATCH;
    ULONG size = (ULONG)offsetof(ACCESS_ALLOWED_ACE, SidStart) + sid_length(sid);
    ACCESS_ALLOWED_ACE *ace = make_room(acl, MAXDWORD, size);
    if (!ace)
        return STATUS_ALLOTTED_SPACE_EXCEEDED;
    ace->Header = (ACE_HEADER){.AceType = type, .AceFlags = (BYTE)flags, .AceSize = (WORD)size};
    ace->Mask = access;
    memcpy(&ace->SidStart, sid, sid_length(sid));
    acl->AceCount++;
    if (revision > acl->AclRevision)
        acl->AclRevision = (BYTE)revision;
    return STATUS_SUCCESS;
}

NTSTATUS WINAPI RtlAddAccessAllowedAceEx(ACL *acl, ULONG revision, ULONG flags, ACCESS_MASK access, PSID sid)
{
    return add_simple(acl, revision, ACCESS_ALLOWED_ACE_TYPE, flags, access, sid);
}

NTSTATUS WINAPI RtlAddAccessAllowedAce(ACL *acl, ULONG revision, ACCESS_MASK access, PSID sid)
{
    return add_simple(acl, revision, ACCESS_ALLOWED_ACE_TYPE, 0, access, sid);
}

NTSTATUS WINAPI RtlAddAccessDeniedAceEx(ACL *acl, ULONG revision, ULONG flags, ACCESS_MASK access, PSID sid)
{
    return add_simple(acl, revision, ACCESS_DENIED_ACE_TYPE, flags, access, sid);
}

NTSTATUS WINAPI RtlAddAccessDeniedAce(ACL *acl, ULONG revision, ACCESS_MASK access, PSID sid)
{
    return add_simple(acl, revision, ACCESS_DENIED_ACE_TYPE, 0, access, sid);
}

NTSTATUS WINAPI RtlAddAuditAccessAce(ACL *acl, ULONG revision, ACCESS_MASK access, PSID sid, BOOLEAN success,
                                     BOOLEAN failure)
{
    ULONG flags = (success ? SUCCESSFUL_ACCESS_ACE_FLAG : 0) | (failure ? FAILED_ACCESS_ACE_FLAG : 0);
    return add_simple(acl, revision, SYSTEM_AUDIT_ACE_TYPE, flags, access, sid);
}

NTSTATUS WINAPI RtlAddMandatoryAce(ACL *acl, ULONG revision, ULONG flags, ULONG policy, UCHAR type, PSID sid)
{
    if (type != SYSTEM_MANDATORY_LABEL_ACE_TYPE)
        return STATUS_INVALID_PARAMETER;
    return add_simple(acl, revision, type, flags, policy, sid);
}

void WINAPI RtlMapGenericMask(ACCESS_MASK *access, const GENERIC_MAPPING *mapping)
{
    if (*access & GENERIC_READ)
        *access |= mapping->GenericRead;
    if (*access & GENERIC_WRITE)
        *access |= mapping->GenericWrite;
    if (*access & GENERIC_EXECUTE)
        *access |= mapping->GenericExecute;
    if (*access & GENERIC_ALL)
        *access |= mapping->GenericAll;
    *access &= ~(ACCESS_MASK)(GENERIC_READ | GENERIC_WRITE | GENERIC_EXECUTE | GENERIC_ALL);
}
