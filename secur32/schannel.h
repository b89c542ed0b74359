/*
 * schannel.h: what the files of secur32 share: credentials and contexts of Schannel, over winrun-tls.so.
 */
#ifndef SECUR32_SCHANNEL_H
#define SECUR32_SCHANNEL_H

#include "crypt32/store.h"
#define SECURITY_WIN32
#define SCHANNEL_USE_BLACKLISTS
#include <subauth.h>
#include <sspi.h>
#include <schannel.h>
#include <security.h>

#define PACKAGE_NAME L"Microsoft Unified Security Protocol Provider"
#define MAX_TOKEN 24576
#define CHAIN_BLOBS 10

struct credentials {
    DWORD magic;
    LONG references;
    bool server;
    unsigned versions;                              /* enum tls_version */
    DWORD flags;                                    /* SCH_CRED_* */
    HCERTSTORE roots;                               /* the caller's, or NULL */
    PCCERT_CONTEXT certificate, chain[CHAIN_BLOBS]; /* the chain begins with the certificate */
    unsigned chain_count;
};

enum context_state { CONTEXT_HANDSHAKE, CONTEXT_OPEN, CONTEXT_SHUTDOWN, CONTEXT_CLOSED };

struct security_context {
    DWORD magic;
    struct credentials *credentials;
    struct tls_session *session;
    enum context_state state;
    DWORD requested; /* ISC_REQ_*, ASC_REQ_* */
    WCHAR *target;
    bool validated;
    struct tls_info info; /* once the handshake is done */
    unsigned alert_level, alert_number;
    bool alert;
};

/* credentials.c */
struct credentials *credentials_from(const CredHandle *handle); /* NULL: none */
void credentials_release(struct credentials *credentials);

/* context.c */
struct security_context *schannel_from(const CtxtHandle *handle);

/* validate.c: what is wrong with the server's certificate: SEC_E_OK, SEC_E_UNTRUSTED_ROOT ... */
SECURITY_STATUS peer_validate(struct security_context *context);
/* The peer's certificate, in a store with all that it sent; NULL: it sent none. */
PCCERT_CONTEXT peer_certificate(struct security_context *context);

/* sspi.c: memory for FreeContextBuffer. */
void *context_buffer(size_t size);

#endif
