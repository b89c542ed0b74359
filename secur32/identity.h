/*
 * identity.h: who a program says it is: SEC_WINNT_AUTH_IDENTITY in its forms, and stored credentials.
 */
#ifndef SECUR32_IDENTITY_H
#define SECUR32_IDENTITY_H

#include "secur32/package.h"

struct identity {
    bool given; /* false: the current user, whose password nobody knows */
    WCHAR *user, *domain, *password;
};

/* What AcquireCredentialsHandle was given; NULL: the current user. */
SECURITY_STATUS identity_read(const void *data, struct identity *identity);
/* auth_identity.c: the same of the form with offsets. */
SECURITY_STATUS identity_read_block(const void *data, struct identity *identity);
/* What is stored (wincred.h) for a target such as HTTP/host:80; false: nothing. */
bool identity_stored(const WCHAR *target, struct identity *identity);
/* "DOMAIN\user" becomes both. */
bool identity_split(const WCHAR *name, struct identity *identity);
/* Forgets the password, frees the texts. */
void identity_release(struct identity *identity);
/* DOMAIN\user, or the user alone; heap memory. */
WCHAR *identity_name(const WCHAR *domain, const WCHAR *user);
/* The host in a target's name; heap memory. */
WCHAR *target_host(const WCHAR *target);

#endif
