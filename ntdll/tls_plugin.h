/*
 * tls_plugin.h: what needs GnuTLS (certificates, PKCS #12, TLS sessions), behind one table, so that GnuTLS is opened
 * only by programs that ask for it.
 *
 * tls/ is compiled as plain host code, hence plain types.  Certificates, names and keys travel in DER; private keys are
 * PKCS #8.  What the plug-in allocates goes back through `release`.  Nothing here calls back.  GnuTLS's arithmetic
 * takes some 64 KiB of stack: see tls_call().
 */
#ifndef NTDLL_TLS_PLUGIN_H
#define NTDLL_TLS_PLUGIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct tls_blob {
    const uint8_t *data;
    size_t size;
};

struct tls_data { /* allocated by the plug-in */
    uint8_t *data;
    size_t size;
};

enum tls_hash { TLS_HASH_MD5, TLS_HASH_SHA1, TLS_HASH_SHA256, TLS_HASH_SHA384, TLS_HASH_SHA512 };
#define TLS_HASH_MAX 64

/* What is wrong with a certificate as the issuer's; times are not looked at. */
enum tls_issue {
    TLS_ISSUE_SIGNATURE = 1,   /* not signed by that key, or not readable */
    TLS_ISSUE_NOT_CA = 2,      /* the issuer may not issue */
    TLS_ISSUE_WEAK = 4,        /* by an algorithm that is no longer trusted */
    TLS_ISSUE_CONSTRAINTS = 8, /* outside the issuer's names */
};

enum tls_result {
    TLS_OK,
    TLS_AGAIN,    /* needs more input */
    TLS_CLOSED,   /* the peer said that it is done */
    TLS_FAILED,   /* see `alert` and `reason` */
    TLS_PASSWORD, /* wrong password */
    TLS_MALFORMED,
    TLS_UNSUPPORTED,
    TLS_REHANDSHAKE, /* the peer asks for a new handshake (TLS 1.2) */
};

struct tls_pfx_entry {
    struct tls_data certificate; /* size 0: there is none */
    struct tls_data key;         /* PKCS #8; size 0: there is none */
    char *friendly_name;         /* UTF-8, or NULL */
    struct tls_data key_id;
};

struct tls_pfx {
    struct tls_pfx_entry *entries;
    size_t count;
};

/* Protocol versions as bits. */
enum tls_version { TLS_1_0 = 1, TLS_1_1 = 2, TLS_1_2 = 4, TLS_1_3 = 8 };

struct tls_options {
    bool server;
    unsigned versions;                   /* of enum tls_version; 0: the library's choice */
    const char *host;                    /* for SNI; NULL: none */
    const struct tls_blob *certificates; /* own chain, leaf first */
    size_t certificate_count;
    struct tls_blob key;                       /* PKCS #8 */
    bool ask_certificate, require_certificate; /* of the client */
    const struct tls_blob *protocols;          /* ALPN, by preference */
    size_t protocol_count;
    struct tls_blob resume; /* what `save` gave of a session with the same server */
};

enum tls_cipher { TLS_CIPHER_OTHER, TLS_CIPHER_AES, TLS_CIPHER_CHACHA, TLS_CIPHER_3DES };

struct tls_info {
    unsigned version; /* the wire's number, 0x0303 ... */
    unsigned suite;   /* the registered number */
    char suite_name[64];
    enum tls_cipher cipher;
    unsigned cipher_bits, block_size;
    bool aead;
    unsigned mac_bits;  /* of the hash */
    unsigned hash_bits; /* the hash of the record protection or of the key schedule */
    unsigned exchange;  /* 'r' RSA, 'd' DHE, 'e' ECDHE */
    unsigned exchange_bits;
    unsigned maximum;  /* bytes of a record's content */
    unsigned overhead; /* bytes that a record has more than its content */
    bool resumed;
    uint8_t session_id[32];
    unsigned session_id_size;
    char protocol[256]; /* ALPN; empty: none */
    unsigned protocol_size;
};

struct tls_session;

struct tls_plugin {
    void (*release)(void *data);

    /* The host's trusted roots. */
    size_t (*roots)(struct tls_data **certificates);

    size_t (*digest)(enum tls_hash hash, const void *data, size_t size, uint8_t *out);
    unsigned (*issued)(struct tls_blob certificate, struct tls_blob issuer); /* enum tls_issue */
    bool (*crl_issued)(struct tls_blob crl, struct tls_blob issuer);
    bool (*request_signed)(struct tls_blob request);
    bool (*host_matches)(struct tls_blob certificate, const char *host);
    /* Signatures by algorithms' OIDs.  `hash_oid` may be given instead, with the key's algorithm. */
    bool (*verify)(struct tls_blob public_key, const char *algorithm, struct tls_blob content,
                   struct tls_blob signature);
    bool (*verify_digest)(struct tls_blob public_key, enum tls_hash hash, struct tls_blob digest,
                          struct tls_blob signature);
    enum tls_result (*sign)(struct tls_blob key, enum tls_hash hash, struct tls_blob content,
                            struct tls_data *signature);
    /* The SubjectPublicKeyInfo of a private key. */
    enum tls_result (*public_key)(struct tls_blob key, struct tls_data *info);
    unsigned (*key_bits)(struct tls_blob public_key);
    /* PKCS #8 with RSA `bits`, or on the curve of `bits` bits. */
    enum tls_result (*generate)(bool rsa, unsigned bits, struct tls_data *key);
    /* RSA with PKCS #1 padding. */
    enum tls_result (*key_decrypt)(struct tls_blob key, struct tls_blob cipher, struct tls_data *plain);

    enum tls_result (*pfx_read)(struct tls_blob data, const char *password, struct tls_pfx *pfx);
    void (*pfx_release)(struct tls_pfx *pfx);
    enum tls_result (*pfx_write)(const struct tls_pfx *pfx, const char *password, struct tls_data *data);
    bool (*pfx_is)(struct tls_blob data);

    /* Sessions work on memory: whole records go in, what is to be sent comes out of `output`. */
    struct tls_session *(*open)(const struct tls_options *options);
    void (*close)(struct tls_session *session);
    /* A certificate with its chain and key, for a client that had none when it began. */
    bool (*give)(struct tls_session *session, const struct tls_blob *certificates, size_t count, struct tls_blob key);
    enum tls_result (*handshake)(struct tls_session *session, struct tls_blob record);
    enum tls_result (*rehandshake)(struct tls_session *session);
    /* One record's content into `out` (its size in *size). */
    enum tls_result (*decrypt)(struct tls_session *session, struct tls_blob record, uint8_t *out, size_t *size);
    enum tls_result (*encrypt)(struct tls_session *session, struct tls_blob content, struct tls_data *record);
    enum tls_result (*shutdown)(struct tls_session *session);
    void (*alert)(struct tls_session *session, unsigned level, unsigned number);
    /* What is to be sent to the peer, and is then forgotten here. */
    void (*output)(struct tls_session *session, struct tls_data *data);
    void (*info)(struct tls_session *session, struct tls_info *info);
    /* A client's session, to be resumed; false: not yet, a TLS 1.3 server sends what is needed later. */
    bool (*save)(struct tls_session *session, struct tls_data *data);
    size_t (*peer)(struct tls_session *session, const struct tls_blob **certificates); /* the session's */
    bool (*client_asked)(struct tls_session *session);       /* the server asked for a certificate */
    const char *(*server_name)(struct tls_session *session); /* SNI, at a server; "" */
    /* Channel bindings: 'u' tls-unique, 'e' tls-exporter, 's' tls-server-end-point. */
    bool (*binding)(struct tls_session *session, int kind, struct tls_data *data);
    bool (*export_key)(struct tls_session *session, const char *label, struct tls_blob context, uint8_t *out,
                       size_t size);
};

/* NULL: the plug-in can not be opened. */
const struct tls_plugin *tls_plugin(void);
/* Runs function(argument) where there is stack enough for GnuTLS, and waits for it. */
void tls_call(void (*function)(void *), void *argument);

#endif
