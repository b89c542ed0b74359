/*
 * schannel.h: what the files of Schannel share: its credentials and contexts, over winrun-tls.so.
 */
#ifndef SECUR32_SCHANNEL_H
#define SECUR32_SCHANNEL_H

#include "crypt32/store.h"
#include "secur32/writer.h"

#define MAX_TOKEN 24576
#define CHAIN_BLOBS 10
#define RESUMABLE 8

struct credentials {
    struct credentials_head head;
    bool server;
    unsigned versions;                              /* enum tls_version */
    DWORD flags;                                    /* SCH_CRED_* */
    HCERTSTORE roots;                               /* the caller's, or NULL */
    PCCERT_CONTEXT certificate, chain[CHAIN_BLOBS]; /* the chain begins with the certificate */
    unsigned chain_count;
    /* A client's sessions that may be resumed, the oldest goes first. */
    SRWLOCK lock;
    struct resumable {
        WCHAR *target;
        BYTE *data;
        size_t size;
    } sessions[RESUMABLE];
    unsigned next;
};

enum context_state { CONTEXT_HANDSHAKE, CONTEXT_OPEN, CONTEXT_SHUTDOWN, CONTEXT_CLOSED };

struct security_context {
    struct context_head head;
    bool server;
    struct credentials *credentials;
    struct tls_session *session;
    enum context_state state;
    DWORD requested; /* ISC_REQ_*, ASC_REQ_* */
    WCHAR *target;
    bool validated;
    struct tls_info info; /* once the handshake is done */
    unsigned alert_level, alert_number;
    bool alert;
    /* A client's: what the server's handshake has said so far, until it is known whether it wants a certificate. */
    struct writer flight;
    bool wish_known;
    CERT_NAME_BLOB *issuers; /* whom it trusts, one block; NULL: it did not say */
    DWORD issuer_count;
    bool no_resume;          /* the program said so */
    struct credentials *own; /* made for a certificate of the user's store; or NULL */
};

/* schannel_credentials.c */
SECURITY_STATUS schannel_acquire(const struct acquire *acquire, struct credentials_head **result);
void schannel_release(struct credentials_head *head);
SECURITY_STATUS credentials_take(struct credentials *credentials, PCCERT_CONTEXT cert);
SECURITY_STATUS schannel_credentials_query(struct credentials_head *head, ULONG attribute, void *buffer);

/* schannel_context.c */
SECURITY_STATUS schannel_step(struct credentials_head *head, struct context_head **result, struct step *step);
void schannel_close(struct context_head *head);
void schannel_change(struct context_head *head, struct credentials_head *credentials);
/* The credentials' certificate, for a session that has begun without one. */
bool certificate_give(struct security_context *context, const struct credentials *credentials);
SECURITY_STATUS schannel_control(struct context_head *head, SecBufferDesc *input);

/* schannel_request.c: looks at records that have come, before the session gets them.  SEC_I_INCOMPLETE_CREDENTIALS: the
   caller should bring a certificate, or say once more that it has none. */
SECURITY_STATUS request_look(struct security_context *context, const BYTE *data, size_t size);

/* schannel_resume.c.  The session of a client whose server has been found good: */
void session_keep(struct security_context *context);
/* What there is for a target, heap memory; size 0: nothing. */
struct tls_data session_kept(struct credentials *credentials, const WCHAR *target);
void sessions_forget(struct credentials *credentials);

/* schannel_message.c */
SECURITY_STATUS schannel_encrypt(struct context_head *context_head, ULONG quality, SecBufferDesc *message);
SECURITY_STATUS schannel_decrypt(struct context_head *head, SecBufferDesc *message, ULONG *quality);

/* schannel_attributes.c */
SECURITY_STATUS schannel_query(struct context_head *head, ULONG attribute, void *buffer);

/* schannel_validate.c: what is wrong with the server's certificate: SEC_E_OK, SEC_E_UNTRUSTED_ROOT ... */
SECURITY_STATUS peer_validate(struct security_context *context);
/* The peer's certificate, in a store with all that it sent; NULL: it sent none. */
PCCERT_CONTEXT peer_certificate(struct security_context *context);

#endif
