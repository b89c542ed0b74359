/*
 * csp.h: CryptoAPI's objects.  They stand on bcrypt's functions; numbers are turned round, since CryptoAPI has them
 * with the lowest byte first.
 */
#ifndef CRYPTO_CSP_H
#define CRYPTO_CSP_H

#include "bcrypt_pair.h"
#include <wincrypt.h>

#define CSP_CONTEXT_MARK 0x78746370u
#define CSP_HASH_MARK 0x68736370u
#define CSP_KEY_MARK 0x79656b70u

struct csp_context {
    ULONG mark;
    LONG references;
    DWORD type, flags;
    const WCHAR *provider;
    WCHAR *container;          /* NULL: a context without keys that last */
    BCRYPT_KEY_HANDLE pair[3]; /* by AT_KEYEXCHANGE, AT_SIGNATURE */
    bool exportable[3];
    DWORD enumerated;
};

struct csp_hash {
    ULONG mark;
    ALG_ID algorithm;
    struct csp_context *context;
    BCRYPT_HASH_HANDLE hash; /* NULL: an HMAC that has not been told its hash */
    struct csp_key *mac_key;
    ULONG size;
    bool finished;
    UCHAR value[CRYPTO_MAX_DIGEST];
};

struct csp_key {
    ULONG mark;
    ALG_ID algorithm;
    struct csp_context *context;
    BCRYPT_KEY_HANDLE key;
    DWORD permissions, mode, key_spec;
    bool in_message; /* between calls without Final */
    UCHAR iv[CRYPTO_MAX_BLOCK], chain[CRYPTO_MAX_BLOCK];
};

BOOL csp_fail(DWORD error);
/* The last error for a status of bcrypt's; TRUE for success. */
BOOL csp_result(NTSTATUS status);
struct csp_context *csp_context(HCRYPTPROV handle); /* NULL, and the last error is set */
struct csp_hash *csp_hash(HCRYPTHASH handle);
struct csp_key *csp_key(HCRYPTKEY handle);
/* The answer of a Get...Param function. */
BOOL csp_answer(const void *value, DWORD size, BYTE *out, DWORD *room);

/* csp_hash.c */
int csp_hash_id(ALG_ID algorithm); /* the plug-in's number; -1: no hash */
BOOL csp_hash_value(struct csp_hash *hash);

/* csp_key.c */
/* The context's own pair, made ready if its container has it; NULL: none. */
BCRYPT_KEY_HANDLE csp_pair(struct csp_context *context, DWORD spec);
struct csp_key *csp_key_new(struct csp_context *context, ALG_ID algorithm);
NTSTATUS csp_key_bytes(struct csp_key *key, const UCHAR *bytes, ULONG size);
struct bcrypt_key *csp_bcrypt_key(const struct csp_key *key);
void csp_reverse(UCHAR *bytes, ULONG size);

/* csp_container.c: pairs that last, in the registry, sealed */
bool container_exists(const WCHAR *name, bool machine);
LSTATUS container_make(const WCHAR *name, bool machine);
LSTATUS container_remove(const WCHAR *name, bool machine);
BCRYPT_KEY_HANDLE container_load(const WCHAR *name, bool machine, DWORD spec, bool *exportable); /* NULL: none */
NTSTATUS container_store(const WCHAR *name, bool machine, DWORD spec, BCRYPT_KEY_HANDLE key, bool exportable);
bool container_at(DWORD index, bool machine, WCHAR name[256]);

#endif
