/*
 * keysecurity.c: security descriptors of keys: stored, inherited by asking the keys above, not enforced.
 *
 * On top of key.c.  Descriptors are kept self-relative.  A handle's rights are enforced; who may open a key is not:
 * a prefix belongs to one user.
 */
#include <stdlib.h>
#include <string.h>
#include "key.h"

/* Users read, administrators, the system and the owner do everything, as for most keys of HKLM\Software. */
static const UCHAR default_descriptor[] = {
    1, 0, 0x04, 0x80, 20, 0, 0, 0, 36, 0, 0, 0, 0, 0, 0, 0, 48, 0, 0, 0,
    /* owner: administrators, S-1-5-32-544 */
    1, 2, 0, 0, 0, 0, 0, 5, 32, 0, 0, 0, 0x20, 2, 0, 0,
    /* group: system, S-1-5-18 */
    1, 1, 0, 0, 0, 0, 0, 5, 18, 0, 0, 0,
    /* the list: 8 + 24 + 20 + 24 + 24 + 20 */
    2, 0, 120, 0, 5, 0, 0, 0, 0, 2, 24, 0, 0x19, 0, 2, 0, 1, 2, 0, 0, 0, 0, 0, 5, 32, 0, 0, 0, 0x21, 2, 0,
    0,                                                                                /* users: read */
    0, 2, 24, 0, 0x3f, 0, 0xf, 0, 1, 2, 0, 0, 0, 0, 0, 5, 32, 0, 0, 0, 0x20, 2, 0, 0, /* administrators: all */
    0, 2, 20, 0, 0x3f, 0, 0xf, 0, 1, 1, 0, 0, 0, 0, 0, 5, 18, 0, 0, 0,                /* system: all */
    0, 2, 20, 0, 0x3f, 0, 0xf, 0, 1, 1, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0,                 /* creator-owner: all */
    0, 2, 24, 0, 0x19, 0, 2, 0, 1, 2, 0, 0, 0, 0, 0, 15, 2, 0, 0, 0, 1, 0, 0, 0,      /* app packages: read */
};

struct parts {
    const UCHAR *owner, *group;
    const ACL *sacl, *dacl;
    WORD control;
};

static size_t sid_size(const UCHAR *sid)
{
    return sid ? 8 + 4u * sid[1] : 0;
}

static size_t acl_size(const ACL *acl)
{
    return acl ? acl->AclSize : 0;
}

static const void *offset_of(const void *base, ULONG offset)
{
    return offset ? (const char *)base + offset : NULL;
}

/* Absolute and self-relative descriptors alike. */
static bool parts_of(const void *descriptor, struct parts *parts)
{
    const SECURITY_DESCRIPTOR *absolute = descriptor;
    const SECURITY_DESCRIPTOR_RELATIVE *relative = descriptor;
    if (absolute->Revision != SECURITY_DESCRIPTOR_REVISION)
        return false;
    parts->control = absolute->Control;
    if (absolute->Control & SE_SELF_RELATIVE) {
        parts->owner = offset_of(descriptor, relative->Owner);
        parts->group = offset_of(descriptor, relative->Group);
        parts->sacl = offset_of(descriptor, relative->Sacl);
        parts->dacl = offset_of(descriptor, relative->Dacl);
    } else {
        parts->owner = (const UCHAR *)absolute->Owner;
        parts->group = (const UCHAR *)absolute->Group;
        parts->sacl = absolute->Sacl;
        parts->dacl = absolute->Dacl;
    }
    if (!(parts->control & SE_DACL_PRESENT))
        parts->dacl = NULL;
    if (!(parts->control & SE_SACL_PRESENT))
        parts->sacl = NULL;
    return true;
}

static size_t parts_size(const struct parts *p)
{
    return sizeof(SECURITY_DESCRIPTOR_RELATIVE) + sid_size(p->owner) + sid_size(p->group) + acl_size(p->sacl) +
           acl_size(p->dacl);
}

static ULONG append(char *base, size_t *used, const void *part, size_t size)
{
    if (!size)
        return 0;
    memcpy(base + *used, part, size);
    *used += size;
    return (ULONG)(*used - size);
}

static void parts_write(const struct parts *p, void *out)
{
    SECURITY_DESCRIPTOR_RELATIVE *made = out;
    size_t used = sizeof *made;
    *made = (SECURITY_DESCRIPTOR_RELATIVE){.Revision = SECURITY_DESCRIPTOR_REVISION,
                                           .Control = p->control | SE_SELF_RELATIVE};
    made->Sacl = append(out, &used, p->sacl, acl_size(p->sacl));
    made->Dacl = append(out, &used, p->dacl, acl_size(p->dacl));
    made->Owner = append(out, &used, p->owner, sid_size(p->owner));
    made->Group = append(out, &used, p->group, sid_size(p->group));
}

/* What the creator asks for; a key without is asked of the ones above. */
struct slice security_of_creation(const OBJECT_ATTRIBUTES *attributes)
{
    struct parts parts, defaults;
    if (!attributes->SecurityDescriptor || !parts_of(attributes->SecurityDescriptor, &parts))
        return (struct slice){NULL, 0};
    parts_of(default_descriptor, &defaults);
    parts.owner = parts.owner ? parts.owner : defaults.owner;
    parts.group = parts.group ? parts.group : defaults.group;
    void *made = malloc(parts_size(&parts));
    if (!made)
        return (struct slice){NULL, 0};
    parts_write(&parts, made);
    return (struct slice){made, parts_size(&parts)};
}

/* The node's own descriptor, or that of the nearest key above that has one. */
static void security_of(struct node node, struct parts *parts)
{
    struct node_info info;
    do
        if (node.id && node_load(node, &info) && info.security.size && parts_of(info.security.data, parts))
            return;
    while (node_parent(node, &node));
    parts_of(default_descriptor, parts);
}

static void keep_only(struct parts *parts, SECURITY_INFORMATION which)
{
    if (!(which & OWNER_SECURITY_INFORMATION))
        parts->owner = NULL;
    if (!(which & GROUP_SECURITY_INFORMATION))
        parts->group = NULL;
    if (!(which & DACL_SECURITY_INFORMATION)) {
        parts->dacl = NULL;
        parts->control &= ~(SE_DACL_PRESENT | SE_DACL_PROTECTED | SE_DACL_AUTO_INHERITED | SE_DACL_DEFAULTED);
    }
    if (!(which & SACL_SECURITY_INFORMATION)) {
        parts->sacl = NULL;
        parts->control &= ~(SE_SACL_PRESENT | SE_SACL_PROTECTED | SE_SACL_AUTO_INHERITED | SE_SACL_DEFAULTED);
    }
}

NTSTATUS NTAPI NtQuerySecurityObject(HANDLE handle, SECURITY_INFORMATION which, PSECURITY_DESCRIPTOR descriptor,
                                     ULONG length, PULONG needed)
{
    struct key *key;
    struct parts parts;
    NTSTATUS status =
        key_begin(handle, which & SACL_SECURITY_INFORMATION ? ACCESS_SYSTEM_SECURITY : READ_CONTROL, false, &key);
    if (status)
        return status;
    security_of(key->node, &parts);
    keep_only(&parts, which);
    *needed = (ULONG)parts_size(&parts);
    if (length < *needed || !descriptor)
        status = STATUS_BUFFER_TOO_SMALL;
    else
        parts_write(&parts, descriptor);
    return key_end(key, status);
}

struct change {
    SECURITY_INFORMATION which;
    struct parts parts;
};

static NTSTATUS set_security(struct key *key, void *context)
{
    const struct change *change = context;
    struct parts parts;
    struct node_info info;
    NTSTATUS status = node_materialize(&key->node);
    if (status)
        return status;
    security_of(key->node, &parts);
    if (change->which & OWNER_SECURITY_INFORMATION)
        parts.owner = change->parts.owner;
    if (change->which & GROUP_SECURITY_INFORMATION)
        parts.group = change->parts.group;
    WORD taken = (change->which & DACL_SECURITY_INFORMATION
                      ? SE_DACL_PRESENT | SE_DACL_PROTECTED | SE_DACL_DEFAULTED | SE_DACL_AUTO_INHERITED
                      : 0) |
                 (change->which & SACL_SECURITY_INFORMATION
                      ? SE_SACL_PRESENT | SE_SACL_PROTECTED | SE_SACL_DEFAULTED | SE_SACL_AUTO_INHERITED
                      : 0);
    if (change->which & DACL_SECURITY_INFORMATION)
        parts.dacl = change->parts.dacl;
    if (change->which & SACL_SECURITY_INFORMATION)
        parts.sacl = change->parts.sacl;
    parts.control = (parts.control & ~taken) | (change->parts.control & taken);
    void *made = malloc(parts_size(&parts));
    if (!made)
        return STATUS_NO_MEMORY;
    parts_write(&parts, made);
    if (!node_load(key->node, &info))
        status = STATUS_KEY_DELETED;
    info.security = (struct slice){made, parts_size(&parts)};
    if (!status)
        status = node_store(key->node.id, &info);
    free(made);
    if (!status)
        registry_note(key->node, 0, REG_NOTIFY_CHANGE_SECURITY | REG_NOTIFY_CHANGE_ATTRIBUTES);
    return status;
}

NTSTATUS NTAPI NtSetSecurityObject(HANDLE handle, SECURITY_INFORMATION which, PSECURITY_DESCRIPTOR descriptor)
{
    struct change change = {.which = which};
    ACCESS_MASK access = (which & DACL_SECURITY_INFORMATION ? WRITE_DAC : 0) |
                         (which & (OWNER_SECURITY_INFORMATION | GROUP_SECURITY_INFORMATION) ? WRITE_OWNER : 0) |
                         (which & SACL_SECURITY_INFORMATION ? ACCESS_SYSTEM_SECURITY : 0);
    if (!descriptor)
        return STATUS_ACCESS_VIOLATION;
    if (!parts_of(descriptor, &change.parts))
        return STATUS_UNKNOWN_REVISION;
    if (which & OWNER_SECURITY_INFORMATION && !change.parts.owner)
        return STATUS_INVALID_OWNER;
    return key_update(handle, access, set_security, &change);
}
