/*
 * filesecurity.c: security descriptors of files, from and to the host's permission bits.
 *
 * Layer: NT layer.  Owner, group and everybody stand for the host's three classes; other owners have the SIDs that
 * Samba gives them (S-1-22-1-UID, S-1-22-2-GID).  A list that a program sets takes rights from the classes or gives
 * them, as far as bits can say it, and is kept in the extended attribute user.winrun.acl, so that it is read back as
 * it was written; once somebody changes the bits it no longer holds.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "error.h"
#include "file.h"
#include "objectsecurity.h"

#define KEPT_MAX 4096

static const char kept_name[] = "user.winrun.acl";

struct sid_space {
    SID sid;
    DWORD more[4];
};

static const struct sid_space
    everyone = {{SID_REVISION, 1, {SECURITY_WORLD_SID_AUTHORITY}, {0}}, {0}},
    system_sid = {{SID_REVISION, 1, {SECURITY_NT_AUTHORITY}, {SECURITY_LOCAL_SYSTEM_RID}}, {0}},
    administrators = {{SID_REVISION, 2, {SECURITY_NT_AUTHORITY}, {SECURITY_BUILTIN_DOMAIN_RID}},
                      {DOMAIN_ALIAS_RID_ADMINS}},
    authenticated = {{SID_REVISION, 1, {SECURITY_NT_AUTHORITY}, {SECURITY_AUTHENTICATED_USER_RID}}, {0}};

static bool sids_equal(const SID *a, const SID *b)
{
    return sid_length(a) == sid_length(b) && !memcmp(a, b, sid_length(a));
}

/* S-1-22-KIND-ID, or the program's own user or group. */
static void host_sid(struct sid_space *out, DWORD kind, DWORD id)
{
    if (kind == 1 && id == geteuid()) {
        memcpy(out, security_user_sid, sid_length(security_user_sid));
    } else if (kind == 2 && id == getegid()) {
        memcpy(out, security_users_sid, sid_length(security_users_sid));
    } else {
        out->sid = (SID){SID_REVISION, 2, {{0, 0, 0, 0, 0, 22}}, {kind}};
        out->more[0] = id;
    }
}

/* What a class of the host may do, in Windows' rights; whoever reads and writes may do everything but give it away. */
static ACCESS_MASK rights_of(mode_t bits, bool owner)
{
    ACCESS_MASK rights = (bits & 4 ? FILE_GENERIC_READ : 0) | (bits & 2 ? FILE_GENERIC_WRITE | DELETE : 0) |
                         (bits & 1 ? FILE_GENERIC_EXECUTE : 0);
    if (owner && (bits & 6) == 6)
        return FILE_ALL_ACCESS;
    return owner ? rights | READ_CONTROL | WRITE_DAC | WRITE_OWNER | FILE_READ_ATTRIBUTES | SYNCHRONIZE : rights;
}

/* A descriptor of a file, and the memory it points into. */
struct file_security {
    SECURITY_DESCRIPTOR absolute;
    struct sid_space owner, group;
    struct {
        ACL acl;
        UCHAR entries[512];
    } list;
    _Alignas(8) char kept[KEPT_MAX];
};

struct kept_head {
    uint32_t mode; /* the bits that belong to the list */
    uint32_t reserved;
};

static void list_from_mode(struct file_security *security, const struct stat *st)
{
    ACL *acl = &security->list.acl;
    ULONG flags = S_ISDIR(st->st_mode) ? OBJECT_INHERIT_ACE | CONTAINER_INHERIT_ACE : 0;
    ACCESS_MASK group = rights_of(st->st_mode >> 3 & 7, false), others = rights_of(st->st_mode & 7, false);
    RtlCreateAcl(acl, sizeof security->list, ACL_REVISION);
    RtlAddAccessAllowedAceEx(acl, ACL_REVISION, flags, FILE_ALL_ACCESS, (PSID)&system_sid.sid);
    RtlAddAccessAllowedAceEx(acl, ACL_REVISION, flags, FILE_ALL_ACCESS, (PSID)&administrators.sid);
    RtlAddAccessAllowedAceEx(acl, ACL_REVISION, flags, rights_of(st->st_mode >> 6 & 7, true), &security->owner.sid);
    if (group)
        RtlAddAccessAllowedAceEx(acl, ACL_REVISION, flags, group, &security->group.sid);
    if (others)
        RtlAddAccessAllowedAceEx(acl, ACL_REVISION, flags, others, (PSID)&everyone.sid);
    security_trim(acl);
    RtlSetDaclSecurityDescriptor(&security->absolute, TRUE, acl, FALSE);
}

/* The list that was set, if the bits are still those that it gave. */
static bool list_kept(struct file_security *security, const char *host, const struct stat *st)
{
    ssize_t length = getxattr(host, kept_name, security->kept, sizeof security->kept);
    struct kept_head head;
    SECURITY_DESCRIPTOR kept;
    if (length <= (ssize_t)sizeof head)
        return false;
    memcpy(&head, security->kept, sizeof head);
    const char *descriptor = security->kept + sizeof head;
    if (head.mode != (st->st_mode & 0777) ||
        !RtlValidRelativeSecurityDescriptor(descriptor, (ULONG)(length - (ssize_t)sizeof head),
                                            DACL_SECURITY_INFORMATION) ||
        !security_take(descriptor, &kept))
        return false;
    security_merge(&security->absolute, &kept, DACL_SECURITY_INFORMATION);
    return true;
}

static void security_of_file(struct file_security *security, const struct file *file, const struct stat *st)
{
    RtlCreateSecurityDescriptor(&security->absolute, SECURITY_DESCRIPTOR_REVISION);
    host_sid(&security->owner, 1, st->st_uid);
    host_sid(&security->group, 2, st->st_gid);
    security->absolute.Owner = &security->owner.sid;
    security->absolute.Group = &security->group.sid;
    if (!file->host || !list_kept(security, file->host, st))
        list_from_mode(security, st);
}

/* The host's facts; what has no place there (pipes, sockets, directories that only appear to be) is the user's. */
static void file_stat(const struct file *file, struct stat *st)
{
    if ((file->fd >= 0 && !fstat(file->fd, st)) || (file->fd < 0 && file->host && !stat(file->host, st)))
        return;
    *st = (struct stat){.st_mode = S_IFDIR | 0755, .st_uid = geteuid(), .st_gid = getegid()};
}

NTSTATUS file_security_query(HANDLE handle, SECURITY_INFORMATION which, void *out, ULONG length, ULONG *needed)
{
    struct file *file;
    struct stat st;
    NTSTATUS status = handle_lookup(handle, &type_file, security_read_access(which), (void **)&file);
    if (status)
        return status;
    struct file_security *security = malloc(sizeof *security);
    if (security) {
        file_stat(file, &st);
        security_of_file(security, file, &st);
        security_keep_only(&security->absolute, which);
        status = security_write(&security->absolute, out, length, needed);
    } else {
        status = STATUS_NO_MEMORY;
    }
    free(security);
    object_release(file);
    return status;
}

/* What the list allows and denies a class, first come first served as Windows reads it. */
static ACCESS_MASK list_rights(ACL *acl, const SID *const *sids, unsigned count)
{
    ACCESS_MASK allowed = 0, denied = 0;
    void *entry;
    for (ULONG i = 0; !RtlGetAce(acl, i, &entry); i++) {
        const ACCESS_ALLOWED_ACE *ace = entry;
        ACCESS_MASK mask = ace->Mask;
        bool means = false;
        if (ace->Header.AceType > ACCESS_DENIED_ACE_TYPE || ace->Header.AceFlags & INHERIT_ONLY_ACE)
            continue;
        for (unsigned k = 0; k < count; k++)
            means = means || sids_equal((const SID *)&ace->SidStart, sids[k]);
        RtlMapGenericMask(&mask, &type_file.mapping);
        if (means && ace->Header.AceType == ACCESS_ALLOWED_ACE_TYPE)
            allowed |= mask & ~denied;
        else if (means)
            denied |= mask & ~allowed;
    }
    return allowed;
}

static mode_t bits_of(ACCESS_MASK rights, bool directory, mode_t executable)
{
    mode_t bits = (rights & FILE_READ_DATA ? 4 : 0) | (rights & FILE_WRITE_DATA ? 2 : 0);
    /* Every Windows file may be run; on the host only what was so before. */
    return bits | (rights & FILE_EXECUTE && (directory || executable) ? 1 : 0) | (directory && bits & 4 ? 1 : 0);
}

static mode_t mode_of_list(const struct file_security *security, ACL *acl, mode_t old)
{
    const SID *const all[] = {&everyone.sid, &authenticated.sid, security_users_sid};
    const SID *const group[] = {&everyone.sid, &authenticated.sid, security_users_sid, &security->group.sid};
    const SID *const owner[] = {&everyone.sid,        &authenticated.sid,   security_users_sid,
                                &security->group.sid, &security->owner.sid, &administrators.sid};
    bool directory = S_ISDIR(old);
    mode_t executable = old & 0111;
    if (!acl) /* no list: everybody may do everything */
        return directory ? 0777 : 0666 | executable;
    return bits_of(list_rights(acl, owner, 6), directory, executable) << 6 |
           bits_of(list_rights(acl, group, 4), directory, executable) << 3 |
           bits_of(list_rights(acl, all, 3), directory, executable);
}

static void list_keep(const struct file_security *security, const char *host, mode_t mode)
{
    struct kept_head head = {.mode = mode};
    SECURITY_DESCRIPTOR only = security->absolute;
    ULONG size;
    security_keep_only(&only, DACL_SECURITY_INFORMATION);
    char *copy = security_copy(&only, &size), *data = copy ? malloc(sizeof head + size) : NULL;
    if (data) {
        memcpy(data, &head, sizeof head);
        memcpy(data + sizeof head, copy, size);
        setxattr(host, kept_name, data, sizeof head + size,
                 0); /* where it can not be kept, the bits say what they can */
    }
    free(data);
    free(copy);
}

static NTSTATUS list_set(struct file_security *security, const struct file *file, const struct stat *st)
{
    mode_t mode = mode_of_list(security, security->absolute.Dacl, st->st_mode);
    if (!(mode & 0200) && st->st_mode & 0200) /* writable while the list is written */
        list_keep(security, file->host, mode);
    if (mode != (st->st_mode & 0777) && chmod(file->host, mode))
        return status_from_errno(errno);
    if (mode & 0200)
        list_keep(security, file->host, mode);
    return STATUS_SUCCESS;
}

/* Files are given to nobody but who has them. */
static NTSTATUS owner_check(const struct file_security *security, SECURITY_INFORMATION which,
                            const SECURITY_DESCRIPTOR *given)
{
    if (which & OWNER_SECURITY_INFORMATION && !sids_equal(given->Owner, &security->owner.sid) &&
        !sids_equal(given->Owner, security_user_sid) && !sids_equal(given->Owner, &administrators.sid))
        return STATUS_INVALID_OWNER;
    return STATUS_SUCCESS;
}

NTSTATUS file_security_set(HANDLE handle, SECURITY_INFORMATION which, const SECURITY_DESCRIPTOR *given)
{
    struct file *file;
    struct stat st;
    NTSTATUS status = handle_lookup(handle, &type_file, security_write_access(which), (void **)&file);
    if (status)
        return status;
    struct file_security *security = malloc(sizeof *security);
    if (!security) {
        status = STATUS_NO_MEMORY;
    } else {
        file_stat(file, &st);
        security_of_file(security, file, &st);
        status = owner_check(security, which, given);
        security_merge(&security->absolute, given, which & DACL_SECURITY_INFORMATION);
        if (!status && which & DACL_SECURITY_INFORMATION && file->host && file->fd >= 0)
            status = list_set(security, file, &st);
    }
    free(security);
    object_release(file);
    return status;
}
