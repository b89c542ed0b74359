/*
 * message.h: PKCS #7 messages, for query.c and wintrust.
 */
#ifndef CRYPT32_MESSAGE_H
#define CRYPT32_MESSAGE_H

#include "crypt32/asn.h"

struct message;

/* image.c: the PKCS #7 message in a program's security directory; false: there is none. */
bool image_signature(const BYTE *data, DWORD size, CRYPT_DATA_BLOB *signature);
/* The hash of a program as Authenticode computes it; its size, or 0. */
DWORD image_digest(const BYTE *data, DWORD size, enum tls_hash hash, BYTE *out);

/* Which hash an algorithm is. */
bool hash_from_oid(const char *oid, enum tls_hash *hash);

/* timestamp.c: when a signer of a message signed, as somebody else says. */
struct timestamp {
    FILETIME time;
    PCCERT_CONTEXT signer; /* who says so */
    HCERTSTORE store;      /* with the certificates of the way to a root */
};
enum timestamp_found { TIMESTAMP_NONE, TIMESTAMP_GOOD, TIMESTAMP_BAD };
enum timestamp_found timestamp_read(HCRYPTMSG message, DWORD signer, struct timestamp *timestamp);

/* message_verify.c: a message that is apart from what it is about, with all of that; NULL with last error. */
HCRYPTMSG message_read_detached(DWORD encoding, const BYTE *data, DWORD size, DWORD count, const BYTE *parts[],
                                const DWORD sizes[]);

/* sign.c: the algorithm of a signature by a key's and a hash's, in messages and in certificates; NULL: there is none.
 */
const char *signature_algorithm(const char *key, const char *hash, bool message);
/* And the parts of a certificate's; false: not known. */
bool signature_parts(const char *certificate, const char **key, const char **hash);

#endif
