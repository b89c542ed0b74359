/*
 * message_plan.h: what a message that is written will have: gathered when it is opened, encoded when its content is
 * whole.  What is gathered is encoded already, so that nothing of the caller's is kept.
 */
#ifndef CRYPT32_MESSAGE_PLAN_H
#define CRYPT32_MESSAGE_PLAN_H

#include "crypt32/content_cipher.h"
#include "crypt32/message_parts.h"

#define SIGNATURE_SLACK 8 /* by which two signatures by one key on a curve may differ in size */

struct bytes {
    BYTE *data;
    DWORD size;
};

struct plan_signer {
    CRYPT_DATA_BLOB key; /* PKCS #8 */
    struct bytes id;     /* issuer and serial number, or [0] the key's identifier */
    bool by_key, attributes;
    const char *hash, *signature;                     /* algorithms, of the table in sign.c and of hash_from_oid's */
    struct bytes signed_attributes, other_attributes; /* each encoded, one behind the other */
};

struct plan {
    DWORD type, flags;
    char *content_oid; /* NULL: data */
    struct bytes content, certs, crls;
    bool whole;
    struct plan_signer signers[SIGNER_MAX];
    DWORD signer_count;
    const char *hash; /* of a hashed one */
    const struct content_cipher *cipher;
    CRYPT_DATA_BLOB parameters;
    BYTE key[32];
    struct bytes recipients; /* encoded */
    DWORD recipient_version;
    struct bytes unprotected;
    struct bytes encoded; /* the inner part, once it was asked for */
};

bool bytes_add(struct bytes *bytes, const void *data, size_t size);
/* The name of a hash as hash_from_oid's table has it; NULL: not known. */
const char *hash_oid(const char *oid);
/* A signer; `key` is copied. */
bool plan_signer_add(struct plan *plan, const CERT_INFO *cert, const CERT_ID *id, const CRYPT_DATA_BLOB *key,
                     const char *hash, DWORD auth, const CRYPT_ATTRIBUTE *auth_list, DWORD unauth,
                     const CRYPT_ATTRIBUTE *unauth_list);
bool plan_signer_info(struct plan *plan, const CMSG_SIGNER_ENCODE_INFO *signer);
/* A signer's part about the plan's content, and an algorithm without parameters of its own. */
bool signer_write(const struct plan *plan, const struct plan_signer *signer, struct encoder *out);
bool algorithm_write(struct encoder *out, const char *oid);
struct plan *plan_new(DWORD type, DWORD flags, const char *content_oid);

/* message_seal.c */
bool plan_envelope(struct plan *plan, const CMSG_ENVELOPED_ENCODE_INFO *info);
bool plan_recipient_cert(struct plan *plan, const CERT_INFO *cert);
bool plan_cipher(struct plan *plan, const CRYPT_ALGORITHM_IDENTIFIER *algorithm);
bool enveloped_encode(struct plan *plan, struct encoder *out);

#endif
