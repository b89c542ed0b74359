/*
 * objectsecurity.c: NtQuerySecurityObject and NtSetSecurityObject, by type of object.
 *
 * Layer: NT layer, on top of securitydescriptor.c.  Keys keep their descriptors, files have those of the host's
 * permission bits; everything else belongs to the user whom the program runs as, and can not be given away.
 */
#include <stdlib.h>
#include <string.h>
#include "object.h"
#include "objectsecurity.h"

#define DACL_BITS (SE_DACL_PRESENT | SE_DACL_PROTECTED | SE_DACL_AUTO_INHERITED | SE_DACL_DEFAULTED)
#define SACL_BITS (SE_SACL_PRESENT | SE_SACL_PROTECTED | SE_SACL_AUTO_INHERITED | SE_SACL_DEFAULTED)

/* S-1-5-21-1000000001-1000000002-1000000003-1000, as advapi32's token says. */
static const struct {
    SID sid;
    DWORD more[4];
} user_sid = {{SID_REVISION, 5, {SECURITY_NT_AUTHORITY}, {21}}, {1000000001, 1000000002, 1000000003, 1000}},
  users_sid = {{SID_REVISION, 2, {SECURITY_NT_AUTHORITY}, {SECURITY_BUILTIN_DOMAIN_RID}}, {DOMAIN_ALIAS_RID_USERS}};
const SID *const security_user_sid = &user_sid.sid, *const security_users_sid = &users_sid.sid;

bool security_take(const void *descriptor, SECURITY_DESCRIPTOR *absolute)
{
    BOOLEAN present, defaulted;
    if (!descriptor || !RtlValidSecurityDescriptor(descriptor))
        return false;
    RtlCreateSecurityDescriptor(absolute, SECURITY_DESCRIPTOR_REVISION);
    RtlGetOwnerSecurityDescriptor(descriptor, &absolute->Owner, &defaulted);
    RtlGetGroupSecurityDescriptor(descriptor, &absolute->Group, &defaulted);
    if (RtlGetDaclSecurityDescriptor(descriptor, &present, &absolute->Dacl, &defaulted) || !present)
        absolute->Dacl = NULL;
    if (RtlGetSaclSecurityDescriptor(descriptor, &present, &absolute->Sacl, &defaulted) || !present)
        absolute->Sacl = NULL;
    absolute->Control = ((const SECURITY_DESCRIPTOR *)descriptor)->Control & ~SE_SELF_RELATIVE;
    return true;
}

void security_keep_only(SECURITY_DESCRIPTOR *absolute, SECURITY_INFORMATION which)
{
    if (!(which & OWNER_SECURITY_INFORMATION))
        absolute->Owner = NULL;
    if (!(which & GROUP_SECURITY_INFORMATION))
        absolute->Group = NULL;
    if (!(which & DACL_SECURITY_INFORMATION)) {
        absolute->Dacl = NULL;
        absolute->Control &= ~DACL_BITS;
    }
    if (!(which & SACL_SECURITY_INFORMATION)) {
        absolute->Sacl = NULL;
        absolute->Control &= ~SACL_BITS;
    }
}

void security_merge(SECURITY_DESCRIPTOR *absolute, const SECURITY_DESCRIPTOR *from, SECURITY_INFORMATION which)
{
    WORD taken = 0;
    if (which & OWNER_SECURITY_INFORMATION)
        absolute->Owner = from->Owner;
    if (which & GROUP_SECURITY_INFORMATION)
        absolute->Group = from->Group;
    if (which & DACL_SECURITY_INFORMATION) {
        absolute->Dacl = from->Dacl;
        taken |= DACL_BITS;
    }
    if (which & SACL_SECURITY_INFORMATION) {
        absolute->Sacl = from->Sacl;
        taken |= SACL_BITS;
    }
    absolute->Control = (absolute->Control & ~taken) | (from->Control & taken);
}

void security_trim(ACL *acl)
{
    ACL_SIZE_INFORMATION size;
    if (!RtlQueryInformationAcl(acl, &size, sizeof size, AclSizeInformation))
        acl->AclSize = (WORD)size.AclBytesInUse;
}

NTSTATUS security_write(const SECURITY_DESCRIPTOR *absolute, void *out, ULONG length, ULONG *needed)
{
    ULONG size = out ? length : 0;
    NTSTATUS status = RtlMakeSelfRelativeSD(absolute, out, &size);
    *needed = status ? size : RtlLengthSecurityDescriptor(out);
    return status;
}

void *security_copy(const SECURITY_DESCRIPTOR *absolute, ULONG *size)
{
    security_write(absolute, NULL, 0, size);
    void *copy = malloc(*size);
    if (copy && security_write(absolute, copy, *size, size)) {
        free(copy);
        copy = NULL;
    }
    return copy;
}

ACCESS_MASK security_read_access(SECURITY_INFORMATION which)
{
    return which & SACL_SECURITY_INFORMATION ? ACCESS_SYSTEM_SECURITY : READ_CONTROL;
}

ACCESS_MASK security_write_access(SECURITY_INFORMATION which)
{
    return (which & DACL_SECURITY_INFORMATION ? WRITE_DAC : 0) |
           (which & (OWNER_SECURITY_INFORMATION | GROUP_SECURITY_INFORMATION) ? WRITE_OWNER : 0) |
           (which & SACL_SECURITY_INFORMATION ? ACCESS_SYSTEM_SECURITY : 0);
}

/* Which type a handle is of; the rights are checked by whoever answers. */
static NTSTATUS type_of(HANDLE handle, const struct object_type **type)
{
    struct object *object;
    NTSTATUS status = handle_lookup(handle, NULL, 0, (void **)&object);
    if (status)
        return status;
    *type = object->type;
    object_release(object);
    return STATUS_SUCCESS;
}

/* The user owns it and may do everything. */
static NTSTATUS other_query(HANDLE handle, const struct object_type *type, SECURITY_INFORMATION which, void *out,
                            ULONG length, ULONG *needed)
{
    SECURITY_DESCRIPTOR absolute;
    struct {
        ACL acl;
        UCHAR entries[64];
    } list;
    struct object *object;
    NTSTATUS status = handle_lookup(handle, type, security_read_access(which), (void **)&object);
    if (status)
        return status;
    object_release(object);
    RtlCreateSecurityDescriptor(&absolute, SECURITY_DESCRIPTOR_REVISION);
    RtlCreateAcl(&list.acl, sizeof list, ACL_REVISION);
    RtlAddAccessAllowedAce(&list.acl, ACL_REVISION, type->all_access, (PSID)security_user_sid);
    security_trim(&list.acl);
    RtlSetOwnerSecurityDescriptor(&absolute, (PSID)security_user_sid, FALSE);
    RtlSetGroupSecurityDescriptor(&absolute, (PSID)security_users_sid, FALSE);
    RtlSetDaclSecurityDescriptor(&absolute, TRUE, &list.acl, FALSE);
    security_keep_only(&absolute, which);
    return security_write(&absolute, out, length, needed);
}

NTSTATUS NTAPI NtQuerySecurityObject(HANDLE handle, SECURITY_INFORMATION which, PSECURITY_DESCRIPTOR descriptor,
                                     ULONG length, PULONG needed)
{
    const struct object_type *type;
    NTSTATUS status = type_of(handle, &type);
    if (status)
        return status;
    if (type == &type_key)
        return key_security_query(handle, which, descriptor, length, needed);
    if (type == &type_file)
        return file_security_query(handle, which, descriptor, length, needed);
    return other_query(handle, type, which, descriptor, length, needed);
}

NTSTATUS NTAPI NtSetSecurityObject(HANDLE handle, SECURITY_INFORMATION which, PSECURITY_DESCRIPTOR descriptor)
{
    const struct object_type *type;
    SECURITY_DESCRIPTOR given;
    struct object *object;
    if (!descriptor)
        return STATUS_ACCESS_VIOLATION;
    if (!security_take(descriptor, &given))
        return ((const SECURITY_DESCRIPTOR *)descriptor)->Revision == SECURITY_DESCRIPTOR_REVISION
                   ? STATUS_INVALID_SECURITY_DESCR
                   : STATUS_UNKNOWN_REVISION;
    if (which & OWNER_SECURITY_INFORMATION && !given.Owner)
        return STATUS_INVALID_OWNER;
    NTSTATUS status = type_of(handle, &type);
    if (status)
        return status;
    if (type == &type_key)
        return key_security_set(handle, which, &given);
    if (type == &type_file)
        return file_security_set(handle, which, &given);
    /* Objects are one user's: what others might do to them makes no difference. */
    status = handle_lookup(handle, type, security_write_access(which), (void **)&object);
    if (!status)
        object_release(object);
    return status;
}
