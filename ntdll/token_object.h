/*
 * token_object.h: the object behind a token's handles.
 */
#ifndef NTDLL_TOKEN_OBJECT_H
#define NTDLL_TOKEN_OBJECT_H

#include "object.h"
#include "token.h"

/* Privileges are bits by their LUID's value; an ordinary user's, and that to make symbolic links. */
#define PRIVILEGE_BIT(value) (1ull << (value))
#define PRIVILEGE_MAX 36
#define PRIVILEGES_HELD                                                                                                \
    (PRIVILEGE_BIT(19) | PRIVILEGE_BIT(23) | PRIVILEGE_BIT(25) | PRIVILEGE_BIT(33) | PRIVILEGE_BIT(34) |               \
     PRIVILEGE_BIT(35))
#define PRIVILEGES_DEFAULT PRIVILEGE_BIT(23) /* SeChangeNotify: the one that is on */

struct token {
    struct object object;
    LUID id, modified;
    TOKEN_TYPE type;
    SECURITY_IMPERSONATION_LEVEL level;
    _Atomic uint64_t held, enabled; /* privileges */
    bool restricted;
};

/* A new token like another one; NULL: no memory. */
struct token *token_copy(const struct token *like, TOKEN_TYPE type, SECURITY_IMPERSONATION_LEVEL level);
/* The token of a handle, or of NtCurrentProcessToken and its kin, with a reference. */
NTSTATUS token_lookup(HANDLE handle, ACCESS_MASK access, struct token **token);
/* What a thread, the calling one, acts as from now on; NULL: the process's own token. */
NTSTATUS token_impersonate(const struct object *thread, HANDLE token);
/* A thread ends. */
void token_thread_exit(void);

#endif
