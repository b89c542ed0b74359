/*
 * negotiate.h: the package Negotiate: SPNEGO's agreement on another package, whose context then does the work.
 */
#ifndef SECUR32_NEGOTIATE_H
#define SECUR32_NEGOTIATE_H

#include "secur32/spnego.h"

enum { MECHANISMS = 1 };

struct mechanism {
    struct bytes oid;
    const struct package *package;
};

/* By preference. */
extern const struct mechanism mechanisms[MECHANISMS];

struct negotiate_credentials {
    struct credentials_head head;
    struct credentials_head *inner[MECHANISMS]; /* NULL: that package has none */
};

struct negotiate_context {
    struct context_head head;
    const struct mechanism *mechanism; /* NULL: not agreed on */
    struct context_head *inner;
    struct writer list; /* the client's mechanisms, which both ends sign */
    ULONG attributes;
    bool raw;  /* the inner tokens travel as they are */
    bool done; /* the inner context is */
    bool mic_wanted, mic_sent, mic_verified, finished;
};

/* negotiate_client.c, negotiate_server.c */
SECURITY_STATUS negotiate_client_step(struct negotiate_credentials *credentials, struct negotiate_context *context,
                                      bool first, struct step *step);
SECURITY_STATUS negotiate_server_step(struct negotiate_credentials *credentials, struct negotiate_context *context,
                                      bool first, struct step *step);

/* negotiate.c */
/* The inner context goes on with `token` (data NULL: none) and says `out`. */
SECURITY_STATUS negotiate_inner(struct negotiate_credentials *credentials, struct negotiate_context *context,
                                struct step *step, struct bytes token, struct writer *out);
SECURITY_STATUS negotiate_mic_make(struct negotiate_context *context, struct writer *mic);
SECURITY_STATUS negotiate_mic_check(struct negotiate_context *context, struct bytes mic);
/* Ours with that OID, if there are credentials for it; NULL: none. */
const struct mechanism *mechanism_find(const struct negotiate_credentials *credentials, struct bytes oid);
/* What is said goes to the caller: *writer is freed. */
SECURITY_STATUS negotiate_give(struct step *step, struct writer *writer, SECURITY_STATUS status);
static inline bool token_is_ntlm(struct bytes token)
{
    return token.size >= 8 && !memcmp(token.data, "NTLMSSP", 8);
}

#endif
