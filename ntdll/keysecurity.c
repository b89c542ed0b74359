/*
 * keysecurity.c: security descriptors of keys: stored, inherited from the keys above, not enforced.
 *
 * On top of key.c.  Descriptors are kept self-relative; a key without one has what it would have inherited, so that a
 * change of the one above is its own, too, as it is by SetSecurityInfo.  A handle's rights are enforced; who may open a
 * key is not: a prefix belongs to one user.
 */
#include <stdlib.h>
#include <string.h>
#include "hivetree.h"
#include "key.h"
#include "objectsecurity.h"

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

/* What the creator asks for. */
struct slice security_of_creation(const OBJECT_ATTRIBUTES *attributes)
{
    SECURITY_DESCRIPTOR given, defaults;
    ULONG size;
    if (!security_take(attributes->SecurityDescriptor, &given))
        return (struct slice){NULL, 0};
    security_take(default_descriptor, &defaults);
    given.Owner = given.Owner ? given.Owner : defaults.Owner;
    given.Group = given.Group ? given.Group : defaults.Group;
    void *made = security_copy(&given, &size);
    return (struct slice){made, made ? size : 0};
}

/* The list that comes down `steps` keys; what two have passed on the others do, too. */
static ACL *come_down(const SECURITY_DESCRIPTOR *above, unsigned steps)
{
    const struct acl_heir heir = {above->Owner, above->Group, &type_key.mapping};
    ACL *acl = acl_inherit(above->Dacl, &heir), *next;
    if (acl && steps > 1) {
        next = acl_inherit(acl, &heir);
        free(acl);
        acl = next;
    }
    return acl;
}

/* The node's own descriptor, or what it has from the nearest key above that has one.  *made: to be freed, once the
 * descriptor is no longer needed. */
static NTSTATUS security_of(struct node node, SECURITY_DESCRIPTOR *absolute, ACL **made)
{
    struct node_info info;
    unsigned steps = 0;
    bool found = false;
    *made = NULL;
    do
        found = node.id && node_load(node, &info) && info.security.size &&
                RtlValidRelativeSecurityDescriptor(info.security.data, (ULONG)info.security.size, 0) &&
                security_take(info.security.data, absolute);
    while (!found && node_parent(node, &node) && ++steps);
    if (!found)
        security_take(default_descriptor, absolute);
    if (!steps || !absolute->Dacl || !absolute->Owner || !absolute->Group)
        return STATUS_SUCCESS;
    absolute->Dacl = *made = come_down(absolute, steps);
    absolute->Control = (absolute->Control & (WORD)~SE_DACL_PROTECTED) | SE_DACL_AUTO_INHERITED;
    return *made ? STATUS_SUCCESS : STATUS_NO_MEMORY;
}

void *key_security_of(struct node node, ULONG *size)
{
    SECURITY_DESCRIPTOR absolute;
    ACL *list;
    void *made = security_of(node, &absolute, &list) ? NULL : security_copy(&absolute, size);
    free(list);
    return made;
}

NTSTATUS key_security_query(HANDLE handle, SECURITY_INFORMATION which, void *out, ULONG length, ULONG *needed)
{
    struct key *key;
    SECURITY_DESCRIPTOR absolute;
    ACL *list;
    NTSTATUS status = key_begin(handle, security_read_access(which), false, &key);
    if (status)
        return status;
    status = security_of(key->node, &absolute, &list);
    if (!status) {
        security_keep_only(&absolute, which);
        status = security_write(&absolute, out, length, needed);
    }
    free(list);
    return key_end(key, status);
}

struct change {
    SECURITY_INFORMATION which;
    const SECURITY_DESCRIPTOR *given;
};

static NTSTATUS set_security(struct key *key, void *context)
{
    const struct change *change = context;
    SECURITY_DESCRIPTOR absolute;
    struct node_info info;
    ULONG size;
    ACL *list;
    NTSTATUS status = node_materialize(&key->node);
    if (status)
        return status;
    status = security_of(key->node, &absolute, &list);
    if (!status)
        security_merge(&absolute, change->given, change->which);
    void *made = status ? NULL : security_copy(&absolute, &size);
    free(list);
    if (!made)
        return STATUS_NO_MEMORY;
    if (!node_load(key->node, &info))
        status = STATUS_KEY_DELETED;
    info.security = (struct slice){made, size};
    if (!status)
        status = node_store(key->node.id, &info);
    free(made);
    if (!status)
        registry_note(key->node, 0, REG_NOTIFY_CHANGE_SECURITY | REG_NOTIFY_CHANGE_ATTRIBUTES);
    return status;
}

NTSTATUS key_security_set(HANDLE handle, SECURITY_INFORMATION which, const SECURITY_DESCRIPTOR *given)
{
    struct change change = {which, given};
    return key_update(handle, security_write_access(which), set_security, &change);
}
