/*
 * message_parts.h: a message (PKCS #7, CMS) and its parts, for the files that read and write them.
 *
 * A message that is read is kept as its bytes; after the last update it is taken apart into items that point into them.
 * One that is written collects its content, and is encoded when somebody asks for it.
 */
#ifndef CRYPT32_MESSAGE_PARTS_H
#define CRYPT32_MESSAGE_PARTS_H

#include "crypt32/message.h"
#include "crypt32/store.h"

#define SIGNER_MAX 16
#define ENTRY_MAX 128
#define RECIPIENT_MAX 32

struct signer {
    struct der_item whole, hash, attributes, algorithm, signature, issuer, serial, key_id;
    CMSG_SIGNER_INFO *info;
};

struct recipient {
    DWORD choice;                           /* CMSG_KEY_TRANS_RECIPIENT, CMSG_KEY_AGREE_RECIPIENT, 0: another */
    DWORD version, index;                   /* of several keys in one key agreement */
    struct der_item issuer, serial, key_id; /* key_id.data: instead of the others */
    struct der_item algorithm, key;         /* how the content's key is sealed */
    struct der_item originator, ukm;        /* of a key agreement: a public key's bits and algorithm, and more input */
    struct der_item originator_algorithm, entries;
};

struct plan; /* what is to be written */

struct message {
    DWORD magic;
    LONG references;
    DWORD type; /* CMSG_* as it was opened; 0: by what it says itself */
    DWORD flags;
    BYTE *data, *detached;
    DWORD size, detached_size;
    bool final, whole; /* the head is complete; the detached content, too */
    char *content_oid;
    struct der_item content; /* the inner content */
    bool has_content;
    struct der_item certs[ENTRY_MAX], crls[ENTRY_MAX];
    DWORD cert_count, crl_count, version;
    struct der_item hashes, content_info; /* of a signed one, to write it again */
    bool bare;                            /* without the outermost ContentInfo */
    struct signer signers[SIGNER_MAX];
    DWORD signer_count;
    /* hashed and enveloped ones */
    struct der_item algorithm, hash_value, sealed, unprotected;
    struct recipient recipients[RECIPIENT_MAX];
    DWORD recipient_count, opened; /* opened: by which recipient's key, and one more */
    BYTE *plain;
    DWORD plain_size;
    bool streams, streamed;
    CMSG_STREAM_INFO stream;
    struct plan *plan; /* of one that is written */
};

/* message.c */
struct message *message_from(HCRYPTMSG handle);
bool message_parse(struct message *message); /* anew: what was read of it before is forgotten */
struct message *message_new(DWORD type, DWORD flags, const CMSG_STREAM_INFO *stream);
bool message_append(BYTE **data, DWORD *size, const BYTE *more, DWORD count);
char *message_oid(const struct der_item *item);
/* The content to the program's function. */
BOOL message_output(struct message *message, const BYTE *data, DWORD size);
static inline BOOL give_number(DWORD number, void *out, DWORD *size)
{
    return crypt_copy(&number, sizeof number, out, size);
}
static inline BOOL give_item(const struct asn_type *type, const struct der_item *item, void *out, DWORD *size)
{
    return asn_give(type, item->whole, item->whole_size, out, size);
}
/* Issuer and serial number alone, in a CERT_INFO. */
BOOL give_cert_id(const CERT_NAME_BLOB *issuer, const CRYPT_INTEGER_BLOB *serial, CERT_INFO *out, DWORD *size);

/* message_signed.c */
bool signed_parse(struct message *message, const BYTE *at, const BYTE *end);
struct tls_blob signed_content(const struct message *message);
BOOL signed_param(const struct message *message, DWORD param, DWORD index, void *out, DWORD *size);
BOOL signed_control(struct message *message, DWORD control, const void *para);

/* A signature of a signature: `counter` is an encoded signer's part about `signed_hash`. */
BOOL counter_verify(const BYTE *counter, DWORD size, const CRYPT_DATA_BLOB *signed_hash,
                    const CERT_PUBLIC_KEY_INFO *key);

/* message_edit.c: signatures, certificates and attributes that come to a signed message or go from it */
BOOL signed_edit(struct message *message, DWORD control, const void *para);

/* message_hashed.c */
bool hashed_parse(struct message *message, const BYTE *at, const BYTE *end);
BOOL hashed_param(const struct message *message, DWORD param, void *out, DWORD *size);
BOOL hashed_control(const struct message *message, DWORD control);

/* message_enveloped.c */
bool enveloped_parse(struct message *message, const BYTE *at, const BYTE *end);
BOOL enveloped_param(const struct message *message, DWORD param, DWORD index, void *out, DWORD *size);
BOOL enveloped_control(struct message *message, DWORD control, const void *para);

/* message_encode.c */
BOOL plan_update(struct message *message, const BYTE *data, DWORD size, BOOL final);
BOOL plan_param(struct message *message, DWORD param, DWORD index, void *out, DWORD *size);
void plan_free(struct plan *plan);

/* ber.c: indefinite lengths and strings in pieces as DER has them, heap memory; NULL: it is not to be read. */
BYTE *ber_to_der(const BYTE *data, DWORD size, DWORD *out_size);

#endif
