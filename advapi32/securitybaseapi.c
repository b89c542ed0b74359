/*
 * securitybaseapi.c: access-control lists and security descriptors as Win32 has them, and access checks.
 *
 * Layer: advapi32; on top of ntdll's acl.c and securitydescriptor.c.
 */
#include <string.h>
#include "ntdll/error.h"
#include "ntdll/security.h"
#include "ntdll/token.h"
#include "security.h"

BOOL WINAPI InitializeAcl(PACL acl, DWORD size, DWORD revision)
{
    return status_to_bool(RtlCreateAcl(acl, size, revision));
}

BOOL WINAPI IsValidAcl(PACL acl)
{
    return RtlValidAcl(acl);
}

BOOL WINAPI GetAclInformation(PACL acl, LPVOID information, DWORD size, ACL_INFORMATION_CLASS class)
{
    return status_to_bool(RtlQueryInformationAcl(acl, information, size, class));
}

BOOL WINAPI SetAclInformation(PACL acl, LPVOID information, DWORD size, ACL_INFORMATION_CLASS class)
{
    if (class != AclRevisionInformation)
        return status_to_bool(STATUS_INVALID_INFO_CLASS);
    if (size < sizeof(ACL_REVISION_INFORMATION))
        return status_to_bool(STATUS_BUFFER_TOO_SMALL);
    acl->AclRevision = (BYTE)((ACL_REVISION_INFORMATION *)information)->AclRevision;
    return TRUE;
}

BOOL WINAPI FindFirstFreeAce(PACL acl, LPVOID *ace)
{
    return RtlFirstFreeAce(acl, (ACE_HEADER **)ace) || status_to_bool(STATUS_INVALID_ACL);
}

BOOL WINAPI GetAce(PACL acl, DWORD index, LPVOID *ace)
{
    return status_to_bool(RtlGetAce(acl, index, ace));
}

BOOL WINAPI DeleteAce(PACL acl, DWORD index)
{
    return status_to_bool(RtlDeleteAce(acl, index));
}

BOOL WINAPI AddAce(PACL acl, DWORD revision, DWORD index, LPVOID aces, DWORD size)
{
    return status_to_bool(RtlAddAce(acl, revision, index, aces, size));
}

BOOL WINAPI AddAccessAllowedAce(PACL acl, DWORD revision, DWORD access, PSID sid)
{
    return status_to_bool(RtlAddAccessAllowedAce(acl, revision, access, sid));
}

BOOL WINAPI AddAccessAllowedAceEx(PACL acl, DWORD revision, DWORD flags, DWORD access, PSID sid)
{
    return status_to_bool(RtlAddAccessAllowedAceEx(acl, revision, flags, access, sid));
}

BOOL WINAPI AddAccessDeniedAce(PACL acl, DWORD revision, DWORD access, PSID sid)
{
    return status_to_bool(RtlAddAccessDeniedAce(acl, revision, access, sid));
}

BOOL WINAPI AddAccessDeniedAceEx(PACL acl, DWORD revision, DWORD flags, DWORD access, PSID sid)
{
    return status_to_bool(RtlAddAccessDeniedAceEx(acl, revision, flags, access, sid));
}

BOOL WINAPI AddAuditAccessAce(PACL acl, DWORD revision, DWORD access, PSID sid, BOOL success, BOOL failure)
{
    return status_to_bool(RtlAddAuditAccessAce(acl, revision, access, sid, success != 0, failure != 0));
}

BOOL WINAPI AddMandatoryAce(PACL acl, DWORD revision, DWORD flags, DWORD policy, PSID label)
{
    return status_to_bool(RtlAddMandatoryAce(acl, revision, flags, policy, SYSTEM_MANDATORY_LABEL_ACE_TYPE, label));
}

void WINAPI MapGenericMask(PDWORD access, PGENERIC_MAPPING mapping)
{
    RtlMapGenericMask((ACCESS_MASK *)access, mapping);
}

BOOL WINAPI AreAllAccessesGranted(DWORD granted, DWORD wanted)
{
    return (wanted & ~granted) == 0;
}

BOOL WINAPI AreAnyAccessesGranted(DWORD granted, DWORD wanted)
{
    return (wanted & granted) != 0;
}

/* ---- descriptors ---- */

BOOL WINAPI InitializeSecurityDescriptor(PSECURITY_DESCRIPTOR descriptor, DWORD revision)
{
    return status_to_bool(RtlCreateSecurityDescriptor(descriptor, revision));
}

BOOL WINAPI IsValidSecurityDescriptor(PSECURITY_DESCRIPTOR descriptor)
{
    return RtlValidSecurityDescriptor(descriptor) || status_to_bool(STATUS_INVALID_SECURITY_DESCR);
}

DWORD WINAPI GetSecurityDescriptorLength(PSECURITY_DESCRIPTOR descriptor)
{
    return RtlLengthSecurityDescriptor(descriptor);
}

BOOL WINAPI GetSecurityDescriptorControl(PSECURITY_DESCRIPTOR descriptor, PSECURITY_DESCRIPTOR_CONTROL control,
                                         LPDWORD revision)
{
    return status_to_bool(RtlGetControlSecurityDescriptor(descriptor, control, (ULONG *)revision));
}

BOOL WINAPI SetSecurityDescriptorControl(PSECURITY_DESCRIPTOR descriptor, SECURITY_DESCRIPTOR_CONTROL which,
                                         SECURITY_DESCRIPTOR_CONTROL bits)
{
    return status_to_bool(RtlSetControlSecurityDescriptor(descriptor, which, bits));
}

BOOL WINAPI GetSecurityDescriptorOwner(PSECURITY_DESCRIPTOR descriptor, PSID *owner, LPBOOL defaulted)
{
    BOOLEAN flag = FALSE;
    BOOL result = status_to_bool(RtlGetOwnerSecurityDescriptor(descriptor, owner, &flag));
    *defaulted = flag;
    return result;
}

BOOL WINAPI GetSecurityDescriptorGroup(PSECURITY_DESCRIPTOR descriptor, PSID *group, LPBOOL defaulted)
{
    BOOLEAN flag = FALSE;
    BOOL result = status_to_bool(RtlGetGroupSecurityDescriptor(descriptor, group, &flag));
    *defaulted = flag;
    return result;
}

typedef NTSTATUS(WINAPI *get_acl)(const void *, BOOLEAN *, ACL **, BOOLEAN *);

static BOOL acl_of(get_acl get, PSECURITY_DESCRIPTOR descriptor, LPBOOL present, PACL *acl, LPBOOL defaulted)
{
    BOOLEAN there = FALSE, flag = FALSE;
    BOOL result = status_to_bool(get(descriptor, &there, acl, &flag));
    *present = there;
    if (there)
        *defaulted = flag;
    return result;
}

BOOL WINAPI GetSecurityDescriptorDacl(PSECURITY_DESCRIPTOR descriptor, LPBOOL present, PACL *acl, LPBOOL defaulted)
{
    return acl_of(RtlGetDaclSecurityDescriptor, descriptor, present, acl, defaulted);
}

BOOL WINAPI GetSecurityDescriptorSacl(PSECURITY_DESCRIPTOR descriptor, LPBOOL present, PACL *acl, LPBOOL defaulted)
{
    return acl_of(RtlGetSaclSecurityDescriptor, descriptor, present, acl, defaulted);
}

BOOL WINAPI SetSecurityDescriptorOwner(PSECURITY_DESCRIPTOR descriptor, PSID owner, BOOL defaulted)
{
    return status_to_bool(RtlSetOwnerSecurityDescriptor(descriptor, owner, defaulted != 0));
}

BOOL WINAPI SetSecurityDescriptorGroup(PSECURITY_DESCRIPTOR descriptor, PSID group, BOOL defaulted)
{
    return status_to_bool(RtlSetGroupSecurityDescriptor(descriptor, group, defaulted != 0));
}

BOOL WINAPI SetSecurityDescriptorDacl(PSECURITY_DESCRIPTOR descriptor, BOOL present, PACL acl, BOOL defaulted)
{
    return status_to_bool(RtlSetDaclSecurityDescriptor(descriptor, present != 0, acl, defaulted != 0));
}

BOOL WINAPI SetSecurityDescriptorSacl(PSECURITY_DESCRIPTOR descriptor, BOOL present, PACL acl, BOOL defaulted)
{
    return status_to_bool(RtlSetSaclSecurityDescriptor(descriptor, present != 0, acl, defaulted != 0));
}

BOOL WINAPI MakeSelfRelativeSD(PSECURITY_DESCRIPTOR absolute, PSECURITY_DESCRIPTOR relative, LPDWORD size)
{
    return status_to_bool(RtlAbsoluteToSelfRelativeSD(absolute, relative, (ULONG *)size));
}

BOOL WINAPI MakeAbsoluteSD(PSECURITY_DESCRIPTOR relative, PSECURITY_DESCRIPTOR absolute, LPDWORD absolute_size,
                           PACL dacl, LPDWORD dacl_size, PACL sacl, LPDWORD sacl_size, PSID owner, LPDWORD owner_size,
                           PSID group, LPDWORD group_size)
{
    return status_to_bool(RtlSelfRelativeToAbsoluteSD(relative, absolute, (ULONG *)absolute_size, dacl,
                                                      (ULONG *)dacl_size, sacl, (ULONG *)sacl_size, owner,
                                                      (ULONG *)owner_size, group, (ULONG *)group_size));
}

/* ---- access checks ---- */

BOOL WINAPI AccessCheck(PSECURITY_DESCRIPTOR descriptor, HANDLE token, DWORD wanted, PGENERIC_MAPPING mapping,
                        PPRIVILEGE_SET privileges, LPDWORD privileges_size, LPDWORD granted, LPBOOL status)
{
    NTSTATUS answer;
    BOOL good = status_to_bool(NtAccessCheck(descriptor, token, wanted, mapping, privileges, (ULONG *)privileges_size,
                                             (ACCESS_MASK *)granted, &answer));

    if (good)
        *status = status_to_bool(answer);
    return good;
}
