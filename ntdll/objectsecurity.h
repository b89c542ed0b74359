/*
 * objectsecurity.h: security descriptors of objects.
 *
 * A descriptor is handled in its absolute form: a SECURITY_DESCRIPTOR whose members point into whatever it was taken
 * from.
 */
#ifndef NTDLL_OBJECTSECURITY_H
#define NTDLL_OBJECTSECURITY_H

#include "security.h"

/* Both forms are taken.  False: it is none. */
bool security_take(const void *descriptor, SECURITY_DESCRIPTOR *absolute);
/* Without what is not asked for. */
void security_keep_only(SECURITY_DESCRIPTOR *absolute, SECURITY_INFORMATION which);
/* What is given in `from` in place of what is there. */
void security_merge(SECURITY_DESCRIPTOR *absolute, const SECURITY_DESCRIPTOR *from, SECURITY_INFORMATION which);
/* The list is no larger than what is in it. */
void security_trim(ACL *acl);
/* In the self-relative form.  STATUS_BUFFER_TOO_SMALL, and what it needs. */
NTSTATUS security_write(const SECURITY_DESCRIPTOR *absolute, void *out, ULONG length, ULONG *needed);
/* The same in memory of its own; NULL: there is none. */
void *security_copy(const SECURITY_DESCRIPTOR *absolute, ULONG *size);

/* The rights that reading or writing these parts takes. */
ACCESS_MASK security_read_access(SECURITY_INFORMATION which);
ACCESS_MASK security_write_access(SECURITY_INFORMATION which);

/* The SID of the user that the program runs as, and of the group that all users have. */
extern const SID *const security_user_sid, *const security_users_sid;

/* By type: keysecurity.c, filesecurity.c. */
NTSTATUS key_security_query(HANDLE handle, SECURITY_INFORMATION which, void *out, ULONG length, ULONG *needed);
NTSTATUS key_security_set(HANDLE handle, SECURITY_INFORMATION which, const SECURITY_DESCRIPTOR *given);
NTSTATUS file_security_query(HANDLE handle, SECURITY_INFORMATION which, void *out, ULONG length, ULONG *needed);
NTSTATUS file_security_set(HANDLE handle, SECURITY_INFORMATION which, const SECURITY_DESCRIPTOR *given);

#endif
