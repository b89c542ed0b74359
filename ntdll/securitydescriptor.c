/*
 * securitydescriptor.c: security descriptors, absolute (pointers) and self-relative (offsets).
 *
 * Pure computing on top of acl.c.
 */
#include <string.h>
#include "ntdll/security.h"

/* What a descriptor of either kind holds. */
struct parts {
    SID *owner, *group;
    ACL *sacl, *dacl;
    SECURITY_DESCRIPTOR_CONTROL control;
};

static void *at(const void *base, ULONG offset)
{
    return offset ? (char *)base + offset : NULL;
}

static struct parts parts_of(const void *descriptor)
{
    const SECURITY_DESCRIPTOR *absolute = descriptor;
    const SECURITY_DESCRIPTOR_RELATIVE *relative = descriptor;
    struct parts parts = {.control = absolute->Control};

    if (absolute->Control & SE_SELF_RELATIVE) {
        parts.owner = at(descriptor, relative->Owner);
        parts.group = at(descriptor, relative->Group);
        parts.sacl = at(descriptor, relative->Sacl);
        parts.dacl = at(descriptor, relative->Dacl);
    } else {
        parts.owner = absolute->Owner;
        parts.group = absolute->Group;
        parts.sacl = absolute->Sacl;
        parts.dacl = absolute->Dacl;
    }
    if (!(parts.control & SE_SACL_PRESENT))
        parts.sacl = NULL;
    if (!(parts.control & SE_DACL_PRESENT))
        parts.dacl = NULL;
    return parts;
}

static bool known(const void *descriptor)
{
    return ((const SECURITY_DESCRIPTOR *)descriptor)->Revision == SECURITY_DESCRIPTOR_REVISION;
}

NTSTATUS WINAPI RtlCreateSecurityDescriptor(void *descriptor, ULONG revision)
{
    if (revision != SECURITY_DESCRIPTOR_REVISION)
        return STATUS_UNKNOWN_REVISION;
    memset(descriptor, 0, sizeof(SECURITY_DESCRIPTOR));
    ((SECURITY_DESCRIPTOR *)descriptor)->Revision = SECURITY_DESCRIPTOR_REVISION;
    return STATUS_SUCCESS;
}

BOOLEAN WINAPI RtlValidSecurityDescriptor(const void *descriptor)
{
    if (!descriptor || !known(descriptor))
        return FALSE;
    struct parts parts = parts_of(descriptor);
    return (!parts.owner || sid_valid(parts.owner)) && (!parts.group || sid_valid(parts.group)) &&
           (!parts.dacl || RtlValidAcl(parts.dacl)) && (!parts.sacl || RtlValidAcl(parts.sacl));
}

static bool sid_inside(const void *base, ULONG size, ULONG offset)
{
    const SID *sid = at(base, offset);
    return offset <= size && size - offset >= offsetof(SID, SubAuthority) && sid_valid(sid) &&
           sid_length(sid) <= size - offset;
}

static bool acl_inside(const void *base, ULONG size, ULONG offset)
{
    ACL *acl = at(base, offset);
    return offset <= size && size - offset >= sizeof *acl && acl->AclSize <= size - offset && RtlValidAcl(acl);
}

BOOLEAN WINAPI RtlValidRelativeSecurityDescriptor(const void *descriptor, ULONG size, SECURITY_INFORMATION wanted)
{
    const SECURITY_DESCRIPTOR_RELATIVE *relative = descriptor;

    if (size < sizeof *relative || !known(descriptor) || !(relative->Control & SE_SELF_RELATIVE))
        return FALSE;
    if (relative->Owner ? !sid_inside(descriptor, size, relative->Owner) : (wanted & OWNER_SECURITY_INFORMATION) != 0)
        return FALSE;
    if (relative->Group ? !sid_inside(descriptor, size, relative->Group) : (wanted & GROUP_SECURITY_INFORMATION) != 0)
        return FALSE;
    if (relative->Control & SE_DACL_PRESENT && relative->Dacl && !acl_inside(descriptor, size, relative->Dacl))
        return FALSE;
    return !(relative->Control & SE_SACL_PRESENT) || !relative->Sacl || acl_inside(descriptor, size, relative->Sacl);
}

/* ---- the parts ---- */

static NTSTATUS get_sid(const void *descriptor, PSID sid, WORD bit, PSID *result, BOOLEAN *defaulted)
{
    if (!known(descriptor))
        return STATUS_UNKNOWN_REVISION;
    *result = sid;
    *defaulted = (((const SECURITY_DESCRIPTOR *)descriptor)->Control & bit) != 0;
    return STATUS_SUCCESS;
}

NTSTATUS WINAPI RtlGetOwnerSecurityDescriptor(const void *descriptor, PSID *owner, BOOLEAN *defaulted)
{
    return get_sid(descriptor, parts_of(descriptor).owner, SE_OWNER_DEFAULTED, owner, defaulted);
}

NTSTATUS WINAPI RtlGetGroupSecurityDescriptor(const void *descriptor, PSID *group, BOOLEAN *defaulted)
{
    return get_sid(descriptor, parts_of(descriptor).group, SE_GROUP_DEFAULTED, group, defaulted);
}

static NTSTATUS get_acl(const void *descriptor, ACL *acl, WORD present_bit, WORD defaulted_bit, BOOLEAN *present,
                        ACL **result, BOOLEAN *defaulted)
{
    WORD control = ((const SECURITY_DESCRIPTOR *)descriptor)->Control;

    if (!known(descriptor))
        return STATUS_UNKNOWN_REVISION;
    *present = (control & present_bit) != 0;
    if (*present) {
        *result = acl;
        *defaulted = (control & defaulted_bit) != 0;
    }
    return STATUS_SUCCESS;
}

NTSTATUS WINAPI RtlGetDaclSecurityDescriptor(const void *descriptor, BOOLEAN *present, ACL **acl, BOOLEAN *defaulted)
{
    return get_acl(descriptor, parts_of(descriptor).dacl, SE_DACL_PRESENT, SE_DACL_DEFAULTED, present, acl, defaulted);
}

NTSTATUS WINAPI RtlGetSaclSecurityDescriptor(const void *descriptor, BOOLEAN *present, ACL **acl, BOOLEAN *defaulted)
{
    return get_acl(descriptor, parts_of(descriptor).sacl, SE_SACL_PRESENT, SE_SACL_DEFAULTED, present, acl, defaulted);
}

/* Parts can be set in absolute descriptors only. */
static NTSTATUS settable(const SECURITY_DESCRIPTOR *descriptor)
{
    if (!known(descriptor))
        return STATUS_UNKNOWN_REVISION;
    return descriptor->Control & SE_SELF_RELATIVE ? STATUS_INVALID_SECURITY_DESCR : STATUS_SUCCESS;
}

static void set_bit(SECURITY_DESCRIPTOR *descriptor, WORD bit, bool on)
{
    descriptor->Control = (WORD)(on ? descriptor->Control | bit : descriptor->Control & ~bit);
}

NTSTATUS WINAPI RtlSetOwnerSecurityDescriptor(void *descriptor, PSID owner, BOOLEAN defaulted)
{
    SECURITY_DESCRIPTOR *absolute = descriptor;
    NTSTATUS status = settable(absolute);

    if (!status) {
        absolute->Owner = owner;
        set_bit(absolute, SE_OWNER_DEFAULTED, defaulted);
    }
    return status;
}

NTSTATUS WINAPI RtlSetGroupSecurityDescriptor(void *descriptor, PSID group, BOOLEAN defaulted)
{
    SECURITY_DESCRIPTOR *absolute = descriptor;
    NTSTATUS status = settable(absolute);

    if (!status) {
        absolute->Group = group;
        set_bit(absolute, SE_GROUP_DEFAULTED, defaulted);
    }
    return status;
}

NTSTATUS WINAPI RtlSetDaclSecurityDescriptor(void *descriptor, BOOLEAN present, ACL *acl, BOOLEAN defaulted)
{
    SECURITY_DESCRIPTOR *absolute = descriptor;
    NTSTATUS status = settable(absolute);

    if (!status) {
        set_bit(absolute, SE_DACL_PRESENT, present);
        if (present) {
            absolute->Dacl = acl;
            set_bit(absolute, SE_DACL_DEFAULTED, defaulted);
        }
    }
    return status;
}

NTSTATUS WINAPI RtlSetSaclSecurityDescriptor(void *descriptor, BOOLEAN present, ACL *acl, BOOLEAN defaulted)
{
    SECURITY_DESCRIPTOR *absolute = descriptor;
    NTSTATUS status = settable(absolute);

    if (!status) {
        set_bit(absolute, SE_SACL_PRESENT, present);
        if (present) {
            absolute->Sacl = acl;
            set_bit(absolute, SE_SACL_DEFAULTED, defaulted);
        }
    }
    return status;
}

NTSTATUS WINAPI RtlGetControlSecurityDescriptor(const void *descriptor, SECURITY_DESCRIPTOR_CONTROL *control,
                                                ULONG *revision)
{
    *revision = ((const SECURITY_DESCRIPTOR *)descriptor)->Revision;
    if (!known(descriptor))
        return STATUS_UNKNOWN_REVISION;
    *control = ((const SECURITY_DESCRIPTOR *)descriptor)->Control;
    return STATUS_SUCCESS;
}

NTSTATUS WINAPI RtlSetControlSecurityDescriptor(void *descriptor, SECURITY_DESCRIPTOR_CONTROL which,
                                                SECURITY_DESCRIPTOR_CONTROL bits)
{
    const SECURITY_DESCRIPTOR_CONTROL allowed = SE_DACL_AUTO_INHERIT_REQ | SE_SACL_AUTO_INHERIT_REQ |
                                                SE_DACL_AUTO_INHERITED | SE_SACL_AUTO_INHERITED | SE_DACL_PROTECTED |
                                                SE_SACL_PROTECTED;
    SECURITY_DESCRIPTOR *absolute = descriptor;

    if ((which | bits) & ~allowed || bits & ~which)
        return STATUS_INVALID_PARAMETER;
    absolute->Control = (WORD)((absolute->Control & ~which) | bits);
    return STATUS_SUCCESS;
}

/* ---- from one kind to the other ---- */

static ULONG padded(ULONG size)
{
    return (size + 3) & ~3u;
}

static ULONG length_of(const struct parts *parts)
{
    return (ULONG)sizeof(SECURITY_DESCRIPTOR_RELATIVE) + (parts->owner ? padded(sid_length(parts->owner)) : 0) +
           (parts->group ? padded(sid_length(parts->group)) : 0) + (parts->sacl ? padded(parts->sacl->AclSize) : 0) +
           (parts->dacl ? padded(parts->dacl->AclSize) : 0);
}

ULONG WINAPI RtlLengthSecurityDescriptor(const void *descriptor)
{
    struct parts parts = parts_of(descriptor);
    ULONG length = length_of(&parts);

    return parts.control & SE_SELF_RELATIVE
               ? length
               : length + (ULONG)(sizeof(SECURITY_DESCRIPTOR) - sizeof(SECURITY_DESCRIPTOR_RELATIVE));
}

static DWORD append(void *relative, ULONG *used, const void *part, ULONG size)
{
    ULONG offset = *used;

    if (!part)
        return 0;
    memcpy((char *)relative + offset, part, size);
    memset((char *)relative + offset + size, 0, padded(size) - size);
    *used += padded(size);
    return offset;
}

NTSTATUS WINAPI RtlMakeSelfRelativeSD(const void *descriptor, void *relative, ULONG *size)
{
    struct parts parts = parts_of(descriptor);
    ULONG needed = length_of(&parts), used = sizeof(SECURITY_DESCRIPTOR_RELATIVE);
    SECURITY_DESCRIPTOR_RELATIVE header = {.Revision = SECURITY_DESCRIPTOR_REVISION,
                                           .Control = parts.control | SE_SELF_RELATIVE,
                                           .Sbz1 = ((const SECURITY_DESCRIPTOR *)descriptor)->Sbz1};

    if (!relative || *size < needed) {
        *size = needed;
        return STATUS_BUFFER_TOO_SMALL;
    }
    header.Sacl = append(relative, &used, parts.sacl, parts.sacl ? parts.sacl->AclSize : 0);
    header.Dacl = append(relative, &used, parts.dacl, parts.dacl ? parts.dacl->AclSize : 0);
    header.Owner = append(relative, &used, parts.owner, parts.owner ? sid_length(parts.owner) : 0);
    header.Group = append(relative, &used, parts.group, parts.group ? sid_length(parts.group) : 0);
    memcpy(relative, &header, sizeof header);
    *size = needed;
    return STATUS_SUCCESS;
}

NTSTATUS WINAPI RtlAbsoluteToSelfRelativeSD(const void *absolute, void *relative, ULONG *size)
{
    if (((const SECURITY_DESCRIPTOR *)absolute)->Control & SE_SELF_RELATIVE)
        return STATUS_BAD_DESCRIPTOR_FORMAT;
    return RtlMakeSelfRelativeSD(absolute, relative, size);
}

/* Whether a part fits; *size becomes what it needs. */
static bool fits(ULONG *size, ULONG needed)
{
    bool enough = *size >= needed;
    *size = needed;
    return enough;
}

NTSTATUS WINAPI RtlSelfRelativeToAbsoluteSD(const void *relative, void *absolute, ULONG *absolute_size, ACL *dacl,
                                            ULONG *dacl_size, ACL *sacl, ULONG *sacl_size, PSID owner,
                                            ULONG *owner_size, PSID group, ULONG *group_size)
{
    struct parts parts = parts_of(relative);
    SECURITY_DESCRIPTOR *result = absolute;

    if (!(parts.control & SE_SELF_RELATIVE))
        return STATUS_BAD_DESCRIPTOR_FORMAT;
    bool enough = fits(absolute_size, sizeof *result);
    enough &= fits(dacl_size, parts.dacl ? parts.dacl->AclSize : 0);
    enough &= fits(sacl_size, parts.sacl ? parts.sacl->AclSize : 0);
    enough &= fits(owner_size, parts.owner ? sid_length(parts.owner) : 0);
    enough &= fits(group_size, parts.group ? sid_length(parts.group) : 0);
    if (!enough)
        return STATUS_BUFFER_TOO_SMALL;
    *result = (SECURITY_DESCRIPTOR){.Revision = SECURITY_DESCRIPTOR_REVISION,
                                    .Control = (WORD)(parts.control & ~SE_SELF_RELATIVE),
                                    .Owner = parts.owner ? memcpy(owner, parts.owner, *owner_size) : NULL,
                                    .Group = parts.group ? memcpy(group, parts.group, *group_size) : NULL,
                                    .Sacl = parts.sacl ? memcpy(sacl, parts.sacl, *sacl_size) : NULL,
                                    .Dacl = parts.dacl ? memcpy(dacl, parts.dacl, *dacl_size) : NULL};
    return STATUS_SUCCESS;
}
