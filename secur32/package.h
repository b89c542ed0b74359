/*
 * package.h: security packages: what each is, and its functions.
 *
 * The entry points (sspi.c, attributes.c) know handles, text in both forms and the rules that all packages share; what
 * is left is a package's.  A handle's lower half is the address of a credentials' or a context's head, the upper half
 * confirms it, so that what is no handle is not followed.
 */
#ifndef SECUR32_PACKAGE_H
#define SECUR32_PACKAGE_H

#include "crypt32/crypt.h"
#define SECURITY_WIN32
#define SCHANNEL_USE_BLACKLISTS
#include <subauth.h>
#include <sspi.h>
#include <schannel.h>
#include <security.h>

struct package;

/* First in a package's credentials. */
struct credentials_head {
    DWORD magic;
    LONG references; /* the handle's and its contexts' */
    const struct package *package;
    bool inbound, outbound;
};

/* First in a package's contexts. */
struct context_head {
    DWORD magic;
    bool server;
    const struct package *package;
    struct credentials_head *credentials;
};

struct acquire {
    const WCHAR *principal;
    ULONG use; /* SECPKG_CRED_* */
    void *data;
};

/* A call of InitializeSecurityContext or AcceptSecurityContext. */
struct step {
    bool server;
    const WCHAR *target;
    ULONG requested, representation;
    SecBufferDesc *input, *output;
    ULONG attributes; /* the answer: ISC_RET_*, ASC_RET_* */
    TimeStamp expiry;
};

struct package {
    const WCHAR *name, *comment;
    ULONG capabilities; /* SECPKG_FLAG_* */
    USHORT rpc_id;
    ULONG max_token;
    SECURITY_STATUS (*acquire)(const struct acquire *wanted, struct credentials_head **credentials);
    void (*release)(struct credentials_head *credentials); /* the last reference is gone */
    SECURITY_STATUS (*credentials_query)(struct credentials_head *credentials, ULONG attribute, void *buffer);
    /* *context is NULL in the first call; if that fails, it stays so. */
    SECURITY_STATUS (*step)(struct credentials_head *credentials, struct context_head **context, struct step *step);
    void (*close)(struct context_head *context); /* the credentials are given back by the caller */
    SECURITY_STATUS (*query)(struct context_head *context, ULONG attribute, void *buffer);
    /* These may be NULL: not supported. */
    SECURITY_STATUS (*control)(struct context_head *context, SecBufferDesc *input);
    SECURITY_STATUS (*sign)(struct context_head *context, ULONG quality, SecBufferDesc *message);
    SECURITY_STATUS (*verify)(struct context_head *context, SecBufferDesc *message, ULONG *quality);
    SECURITY_STATUS (*encrypt)(struct context_head *context, ULONG quality, SecBufferDesc *message);
    SECURITY_STATUS (*decrypt)(struct context_head *context, SecBufferDesc *message, ULONG *quality);
    SECURITY_STATUS (*token)(struct context_head *context, HANDLE *token);
    /* The next step brings other credentials, which the context now has. */
    void (*change)(struct context_head *context, struct credentials_head *credentials);
    /* After a signature of SPNEGO's own the streams begin anew. */
    void (*rewind)(struct context_head *context, bool sent);
};

extern const struct package negotiate_package, ntlm_package, wdigest_package, schannel_package, unisp_package;

/* packages.c */
const struct package *package_find(const WCHAR *name); /* NULL: there is none */
SecPkgInfoW *package_info(const struct package *package);

/* sspi.c: memory for FreeContextBuffer, cleared. */
void *context_buffer(size_t size);
WCHAR *context_text(const WCHAR *text);
struct credentials_head *cred_from(const CredHandle *handle); /* NULL: none */
struct context_head *ctxt_from(const CtxtHandle *handle);
/* What AcquireCredentialsHandle and a call of the two that make contexts do, without handles: packages stand on others.
 */
SECURITY_STATUS cred_make(const struct package *package, const struct acquire *wanted,
                          struct credentials_head **result);
SECURITY_STATUS ctxt_step(struct credentials_head *credentials, struct context_head **context, struct step *step);
void cred_release(struct credentials_head *credentials);
/* Ends a context that was made by a package's step. */
void ctxt_release(struct context_head *context);
/* The first buffer of that type; NULL: none. */
SecBuffer *buffer_find(const SecBufferDesc *description, ULONG type);
/* What a handshake has to say, to the caller's token buffer, by the rule of ISC_REQ_ALLOCATE_MEMORY. */
SECURITY_STATUS token_give(SecBufferDesc *output, const void *data, size_t size, bool allocate);

/* attributes.c: a context's attribute as QueryContextAttributesW answers it. */
SECURITY_STATUS context_query(struct context_head *context, ULONG attribute, void *buffer);

#endif
