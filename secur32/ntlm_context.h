/*
 * ntlm_context.h: NTLM's credentials and contexts.
 *
 * A program that uses the current user's credentials has no password that anybody knows here.  Against a server of the
 * same prefix it needs none: as on Windows both agree on a local call, and prove to each other that they may read the
 * prefix's secret.
 */
#ifndef SECUR32_NTLM_CONTEXT_H
#define SECUR32_NTLM_CONTEXT_H

#include "secur32/identity.h"
#include "secur32/ntlm.h"

#define NTLM_MAX_TOKEN 2888

struct ntlm_credentials {
    struct credentials_head head;
    bool given, anonymous; /* given: not the current user's */
    WCHAR *user, *domain;
    ntlm_key hash;
};

enum ntlm_state { NTLM_STARTED, NTLM_READY, NTLM_FAILED };

struct ntlm_context {
    struct context_head head;
    enum ntlm_state state;
    ULONG requested, attributes, flags;
    struct writer negotiate, challenge; /* the messages, for the MIC */
    BYTE server_challenge[8];
    bool local, anonymous, sealable;
    WCHAR *target;        /* what the client calls the server; NULL: it did not say */
    WCHAR *user, *domain; /* whose session it is */
    bool given;           /* a client's: with this hash */
    ntlm_key hash, key;   /* key: the exported session key */
    struct ntlm_session session;
};

/* ntlm_client.c, ntlm_server.c */
SECURITY_STATUS ntlm_client_step(struct ntlm_credentials *credentials, struct ntlm_context **context,
                                 struct step *step);
SECURITY_STATUS ntlm_server_step(struct ntlm_credentials *credentials, struct ntlm_context **context,
                                 struct step *step);

/* ntlm_package.c */
struct ntlm_context *ntlm_context_make(struct step *step);
void ntlm_close(struct context_head *head);
/* The keys are known: the session begins. */
SECURITY_STATUS ntlm_ready_for_messages(struct ntlm_context *context, bool server, struct step *step);
enum { NTLM_LOCAL_SERVER, NTLM_LOCAL_KEY };
/* What only processes of this prefix can compute for a challenge. */
bool ntlm_local_proof(int what, const BYTE challenge[8], void *out, size_t size);
/* The MD5 of the channel's bindings, or zeros; false: damaged. */
bool ntlm_bindings(const SecBufferDesc *input, ntlm_key hash, bool *given);
void ntlm_mic(const struct ntlm_context *context, struct bytes authenticate, ntlm_key mic);

/* ntlm_session.c */
SECURITY_STATUS ntlm_query(struct context_head *head, ULONG attribute, void *buffer);
SECURITY_STATUS ntlm_sign(struct context_head *head, ULONG quality, SecBufferDesc *message);
SECURITY_STATUS ntlm_verify(struct context_head *head, SecBufferDesc *message, ULONG *quality);
SECURITY_STATUS ntlm_encrypt(struct context_head *head, ULONG quality, SecBufferDesc *message);
SECURITY_STATUS ntlm_decrypt(struct context_head *head, SecBufferDesc *message, ULONG *quality);
SECURITY_STATUS ntlm_token(struct context_head *head, HANDLE *token);

#endif
