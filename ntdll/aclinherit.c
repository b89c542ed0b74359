/*
 * aclinherit.c: the list of rights that a container (a key, a directory) gets from the one above it.
 *
 * Pure computing, by the rules of "ACE Inheritance Rules": an entry for containers becomes the new one's and goes on to
 * those below it, unless it says that it does not; one for other objects alone goes on without an effect.  An entry
 * with generic rights or for the creator becomes two: what it means here, and itself for those below.
 */
#include <stdlib.h>
#include <string.h>
#include "security.h"

#define FLAGS_OF_INHERITANCE (OBJECT_INHERIT_ACE | CONTAINER_INHERIT_ACE | NO_PROPAGATE_INHERIT_ACE | INHERIT_ONLY_ACE)
#define GENERIC_RIGHTS (GENERIC_READ | GENERIC_WRITE | GENERIC_EXECUTE | GENERIC_ALL)

/* Of the entries that name one SID behind their mask. */
struct plain_ace {
    ACE_HEADER header;
    ACCESS_MASK mask;
    SID sid;
};

static bool is_plain(const ACE_HEADER *ace)
{
    const SID *sid = &((const struct plain_ace *)ace)->sid;
    return ace->AceType <= SYSTEM_ALARM_ACE_TYPE && ace->AceSize >= sizeof(struct plain_ace) && sid_valid(sid) &&
           ace->AceSize >= offsetof(struct plain_ace, sid) + sid_length(sid);
}

static bool is_creator(const SID *sid, ULONG which)
{
    static const SID_IDENTIFIER_AUTHORITY creator = {SECURITY_CREATOR_SID_AUTHORITY};
    return sid->SubAuthorityCount == 1 && !memcmp(&sid->IdentifierAuthority, &creator, sizeof creator) &&
           sid->SubAuthority[0] == which;
}

static void append(ACL *acl, const void *ace, size_t size)
{
    memcpy((char *)acl + acl->AclSize, ace, size);
    acl->AclSize = (WORD)(acl->AclSize + size);
    acl->AceCount++;
}

/* What the entry means for the new container; *differs: not by itself. */
static size_t effective(const struct plain_ace *ace, const struct acl_heir *heir, struct plain_ace *out, bool *differs)
{
    const SID *sid = is_creator(&ace->sid, SECURITY_CREATOR_OWNER_RID)   ? heir->owner
                     : is_creator(&ace->sid, SECURITY_CREATOR_GROUP_RID) ? heir->group
                                                                         : &ace->sid;
    size_t length = sid_length(sid), size = offsetof(struct plain_ace, sid) + length;
    *differs = sid != &ace->sid || ace->mask & GENERIC_RIGHTS;
    out->header = (ACE_HEADER){ace->header.AceType, INHERITED_ACE, (WORD)size};
    out->mask = ace->mask;
    RtlMapGenericMask(&out->mask, (PGENERIC_MAPPING)heir->mapping);
    memcpy(&out->sid, sid, length);
    return size;
}

static void inherit(ACL *acl, const ACE_HEADER *ace, const struct acl_heir *heir)
{
    union {
        struct plain_ace ace;
        BYTE bytes[offsetof(struct plain_ace, sid) + SECURITY_MAX_SID_SIZE];
    } here;
    BYTE flags = ace->AceFlags & (BYTE) ~(FLAGS_OF_INHERITANCE | INHERITED_ACE), kept = ace->AceFlags & 3;
    bool goes_on = !(ace->AceFlags & NO_PROPAGATE_INHERIT_ACE), differs = false;
    size_t at = acl->AclSize, size = 0;
    if (!(ace->AceFlags & CONTAINER_INHERIT_ACE)) {
        if (!(ace->AceFlags & OBJECT_INHERIT_ACE) || !goes_on)
            return;
        append(acl, ace, ace->AceSize);
        ((ACE_HEADER *)((char *)acl + at))->AceFlags = flags | OBJECT_INHERIT_ACE | INHERIT_ONLY_ACE | INHERITED_ACE;
        return;
    }
    if (is_plain(ace))
        size = effective((const struct plain_ace *)ace, heir, &here.ace, &differs);
    if (differs) {
        here.ace.header.AceFlags |= flags;
        append(acl, &here, size);
        if (!goes_on)
            return;
        at = acl->AclSize;
    }
    append(acl, ace, ace->AceSize);
    ((ACE_HEADER *)((char *)acl + at))->AceFlags =
        flags | INHERITED_ACE | (goes_on ? kept : 0) | (differs ? INHERIT_ONLY_ACE : 0);
}

ACL *acl_inherit(const ACL *above, const struct acl_heir *heir)
{
    size_t room = sizeof *above + 2 * (size_t)above->AclSize + above->AceCount * (size_t)SECURITY_MAX_SID_SIZE;
    ACL *acl = room > 0xffff ? NULL : malloc(room);
    void *ace;
    if (!acl)
        return NULL;
    *acl = (ACL){.AclRevision = above->AclRevision, .AclSize = sizeof *acl};
    for (ULONG i = 0; i < above->AceCount && !RtlGetAce((ACL *)above, i, &ace); i++)
        inherit(acl, ace, heir);
    return acl;
}
