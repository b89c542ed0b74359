/*
 * content_cipher.h: how the content of messages is sealed, and its key for those who may read it.
 */
#ifndef CRYPT32_CONTENT_CIPHER_H
#define CRYPT32_CONTENT_CIPHER_H

#include "crypt32/message_parts.h"
#include "crypt32/private_key.h"

struct content_cipher {
    const char *oid;
    BCRYPT_ALG_HANDLE handle;
    BYTE key, block; /* bytes; block 0: a stream */
};

const struct content_cipher *content_cipher_find(const char *oid); /* NULL: not known */

/* Heap memory with PKCS #7's padding put on or taken off; `parameters` is the algorithm's, with the initialization
 * vector. */
NTSTATUS content_crypt(const struct content_cipher *cipher, bool encrypt, const BYTE *key, DWORD key_size,
                       const CRYPT_DATA_BLOB *parameters, const BYTE *in, DWORD size, BYTE **out, DWORD *out_size);
/* New parameters for a cipher: an encoded initialization vector, heap memory. */
bool content_parameters(const struct content_cipher *cipher, CRYPT_DATA_BLOB *parameters);

/* ECDH as CMS has it (RFC 5753): the key that wraps the content's. */
struct agreement {
    const char *scheme; /* how the secret becomes a key */
    const CRYPT_ALGORITHM_IDENTIFIER *wrap;
    const BYTE *ukm; /* more input, or NULL */
    DWORD ukm_size;
};
NTSTATUS agreement_key(const struct agreement *agreement, BCRYPT_KEY_HANDLE own, BCRYPT_KEY_HANDLE other,
                       BCRYPT_KEY_HANDLE *wrapper);

/* message_enveloped.c: by a recipient's pair; `originator`: its own key, NULL: as the message has it. */
BOOL enveloped_open(struct message *message, DWORD index, BCRYPT_KEY_HANDLE pair, const CRYPT_BIT_BLOB *originator);

#endif
