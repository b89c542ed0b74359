/*
 * security.h: access-control lists and security descriptors: pure computing, as Rtl* functions.
 *
 * Follows Microsoft's documentation of ACL, ACE and SECURITY_DESCRIPTOR.  Nothing is allocated: the caller owns every
 * block; a descriptor points to what was set in it.
 */
#ifndef NTDLL_SECURITY_H
#define NTDLL_SECURITY_H

#include "win.h"

/* ---- acl.c ---- */
NTSTATUS WINAPI RtlCreateAcl(ACL *acl, ULONG size, ULONG revision);
BOOLEAN WINAPI RtlValidAcl(ACL *acl);
NTSTATUS WINAPI RtlQueryInformationAcl(ACL *acl, void *information, ULONG size, ACL_INFORMATION_CLASS class);
BOOLEAN WINAPI RtlFirstFreeAce(ACL *acl, ACE_HEADER **ace);
NTSTATUS WINAPI RtlGetAce(ACL *acl, ULONG index, void **ace);
NTSTATUS WINAPI RtlDeleteAce(ACL *acl, ULONG index);
NTSTATUS WINAPI RtlAddAce(ACL *acl, ULONG revision, ULONG index, void *aces, ULONG size);
NTSTATUS WINAPI RtlAddAccessAllowedAce(ACL *acl, ULONG revision, ACCESS_MASK access, PSID sid);
NTSTATUS WINAPI RtlAddAccessAllowedAceEx(ACL *acl, ULONG revision, ULONG flags, ACCESS_MASK access, PSID sid);
NTSTATUS WINAPI RtlAddAccessDeniedAce(ACL *acl, ULONG revision, ACCESS_MASK access, PSID sid);
NTSTATUS WINAPI RtlAddAccessDeniedAceEx(ACL *acl, ULONG revision, ULONG flags, ACCESS_MASK access, PSID sid);
NTSTATUS WINAPI RtlAddAuditAccessAce(ACL *acl, ULONG revision, ACCESS_MASK access, PSID sid, BOOLEAN success,
                                     BOOLEAN failure);
NTSTATUS WINAPI RtlAddMandatoryAce(ACL *acl, ULONG revision, ULONG flags, ULONG policy, UCHAR type, PSID sid);
void WINAPI RtlMapGenericMask(ACCESS_MASK *access, const GENERIC_MAPPING *mapping);

/* ---- securitydescriptor.c ---- */
NTSTATUS WINAPI RtlCreateSecurityDescriptor(void *descriptor, ULONG revision);
BOOLEAN WINAPI RtlValidSecurityDescriptor(const void *descriptor);
/* Whether `size` bytes hold all of a self-relative descriptor and what `wanted` asks for. */
BOOLEAN WINAPI RtlValidRelativeSecurityDescriptor(const void *descriptor, ULONG size, SECURITY_INFORMATION wanted);
ULONG WINAPI RtlLengthSecurityDescriptor(const void *descriptor);
NTSTATUS WINAPI RtlGetOwnerSecurityDescriptor(const void *descriptor, PSID *owner, BOOLEAN *defaulted);
NTSTATUS WINAPI RtlGetGroupSecurityDescriptor(const void *descriptor, PSID *group, BOOLEAN *defaulted);
NTSTATUS WINAPI RtlGetDaclSecurityDescriptor(const void *descriptor, BOOLEAN *present, ACL **acl, BOOLEAN *defaulted);
NTSTATUS WINAPI RtlGetSaclSecurityDescriptor(const void *descriptor, BOOLEAN *present, ACL **acl, BOOLEAN *defaulted);
NTSTATUS WINAPI RtlSetOwnerSecurityDescriptor(void *descriptor, PSID owner, BOOLEAN defaulted);
NTSTATUS WINAPI RtlSetGroupSecurityDescriptor(void *descriptor, PSID group, BOOLEAN defaulted);
NTSTATUS WINAPI RtlSetDaclSecurityDescriptor(void *descriptor, BOOLEAN present, ACL *acl, BOOLEAN defaulted);
NTSTATUS WINAPI RtlSetSaclSecurityDescriptor(void *descriptor, BOOLEAN present, ACL *acl, BOOLEAN defaulted);
NTSTATUS WINAPI RtlGetControlSecurityDescriptor(const void *descriptor, SECURITY_DESCRIPTOR_CONTROL *control,
                                                ULONG *revision);
NTSTATUS WINAPI RtlSetControlSecurityDescriptor(void *descriptor, SECURITY_DESCRIPTOR_CONTROL which,
                                                SECURITY_DESCRIPTOR_CONTROL bits);
/* Both kinds are taken; *size: bytes there are, then bytes needed (STATUS_BUFFER_TOO_SMALL). */
NTSTATUS WINAPI RtlMakeSelfRelativeSD(const void *descriptor, void *relative, ULONG *size);
NTSTATUS WINAPI RtlAbsoluteToSelfRelativeSD(const void *absolute, void *relative, ULONG *size);
NTSTATUS WINAPI RtlSelfRelativeToAbsoluteSD(const void *relative, void *absolute, ULONG *absolute_size, ACL *dacl,
                                            ULONG *dacl_size, ACL *sacl, ULONG *sacl_size, PSID owner,
                                            ULONG *owner_size, PSID group, ULONG *group_size);

static inline ULONG sid_length(const SID *sid)
{
    return (ULONG)offsetof(SID, SubAuthority) + sid->SubAuthorityCount * (ULONG)sizeof(DWORD);
}

static inline bool sid_valid(const SID *sid)
{
    return sid && sid->Revision == SID_REVISION && sid->SubAuthorityCount <= SID_MAX_SUB_AUTHORITIES;
}

/* aclinherit.c: what a new container gets from the one above; free() it.  NULL: no memory, or it would be too large. */
struct acl_heir {
    const SID *owner, *group;
    const GENERIC_MAPPING *mapping;
};
ACL *acl_inherit(const ACL *above, const struct acl_heir *heir);

#endif
