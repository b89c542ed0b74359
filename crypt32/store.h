/*
 * store.h: contexts, their properties, and stores.
 *
 * A *body* is the encoded thing with its decoded structure and properties; contexts that are linked share one.  A
 * *context* is what programs hold (CERT_CONTEXT comes first in it); a store keeps one of its own for each entry.  Every
 * further reference of a store's context is a reference of the store too, so that its hCertStore stays valid.
 */
#ifndef CRYPT32_STORE_H
#define CRYPT32_STORE_H

#include "crypt32/crypt.h"

struct property {
    struct property *next;
    DWORD id, size;
    bool owned; /* the handle in it is released with it */
    BYTE data[];
};

enum body_kind { BODY_CERT, BODY_CRL };

struct body {
    LONG references;
    enum body_kind kind;
    SRWLOCK lock; /* of what follows it */
    struct property *properties;
    CRYPT_DATA_BLOB key; /* the private key as PKCS #8, once it was fetched; never changed then */
    bool key_exportable;
    void *info; /* CERT_INFO, CRL_INFO */
    DWORD size;
    BYTE encoded[];
};

struct store;

struct context {
    union {
        CERT_CONTEXT cert;
        CRL_CONTEXT crl;
    };
    DWORD magic;
    LONG references;
    struct body *body;
    struct store *store;
    struct context *next; /* in the store */
    uint64_t serial;      /* the store's list has the highest first */
    bool host;            /* one of the host's roots: not the registry's */
};

enum store_kind { STORE_MEMORY, STORE_COLLECTION };

struct member {
    struct member *next;
    struct store *store;
    DWORD flags, priority;
};

struct store {
    DWORD magic;
    LONG references;
    enum store_kind kind;
    DWORD flags; /* CERT_STORE_* as it was opened */
    SRWLOCK lock;
    struct context *entries[2]; /* by body_kind, the last that was added first */
    uint64_t last_serial;
    struct member *members;   /* of a collection */
    HKEY key;                 /* where it is kept in the registry, or NULL */
    WCHAR *path;              /* below the key; made with the first entry */
    bool host_roots, pending; /* with the host's roots; not read yet */
    WCHAR *file;              /* to be written when it is closed, or NULL */
    DWORD file_as;
    bool changed;
    HANDLE notify;
    WCHAR *name; /* CERT_STORE_LOCALIZED_NAME_PROP_ID, or NULL */
};

/* context.c */
struct body *body_make(enum body_kind kind, const BYTE *encoded, DWORD size);
void body_release(struct body *body);
struct context *context_make(struct body *body, struct store *store); /* takes the body's reference over */
struct context *context_from(const void *pointer);                    /* NULL, with last error: it is none */
struct context *context_duplicate(struct context *context);
void context_release(struct context *context);
bool body_same(const struct body *a, const struct body *b);

/* property.c */
bool body_property(struct body *body, DWORD id, void *data, DWORD *size);          /* also those that are computed */
bool body_property_set(struct body *body, DWORD id, const void *data, DWORD size); /* NULL: remove */
void body_properties_copy(struct body *to, struct body *from, bool only_new);
void body_properties_free(struct body *body);
bool body_has_property(struct body *body, DWORD id);
bool body_hash(struct body *body, enum tls_hash hash, BYTE *out);
bool body_key_set(struct body *body, const void *pkcs8, DWORD size, bool exportable);
bool body_key_context_set(struct body *body, const CERT_KEY_CONTEXT *key, bool owned);
bool prov_info_good(const BYTE *data, DWORD size); /* as it lies in a property */
bool body_prov_info_set(struct body *body, const CRYPT_KEY_PROV_INFO *info);

/* private_key.c: the private key of a certificate, for TLS and signatures; size 0: there is none. */
CRYPT_DATA_BLOB cert_private_key(PCCERT_CONTEXT cert);
CRYPT_DATA_BLOB body_private_key(struct body *body);

/* serialize.c: the form of files and of the registry. */
BYTE *body_serialize(struct body *body, DWORD *size);
/* One element at *at; NULL: none more, or not valid. */
struct body *body_deserialize(const BYTE **at, const BYTE *end);

/* store.c */
struct store *store_make(enum store_kind kind, DWORD flags);
struct store *store_from(HCERTSTORE handle); /* NULL, with last error: it is none */
struct store *store_none(void);              /* that of contexts outside of stores */
void store_reference(struct store *store);
void store_release(struct store *store);
void store_put(struct store *store, struct body *body, bool host); /* takes the reference over; no checks */
struct context *store_next(struct store *store, enum body_kind kind, struct context *previous); /* releases it */
struct context *store_add(struct store *store, struct body *body, DWORD disposition, bool link);
bool store_remove(struct context *context);
void store_touched(struct store *store);
bool body_same_subject(struct body *a, struct body *b); /* issuer and serial number; a CRL's issuer */

/* store_system.c */
struct store *store_open_system(const WCHAR *name, DWORD flags, bool physical);
struct store *store_open_key(HKEY key, const WCHAR *path, DWORD flags); /* takes the key over */
void store_load(struct store *store);
void store_write(struct store *store, struct body *body);
void store_erase(struct store *store, struct body *body);

/* store_open.c */
bool store_save_file(struct store *store);
bool store_read_pkcs7(struct store *store, const BYTE *data, DWORD size);
bool store_read_serialized(struct store *store, const BYTE *data, DWORD size);
bool store_read_any(struct store *store, const BYTE *data, DWORD size);
BYTE *store_pkcs7(struct store *store, DWORD *size);
BYTE *file_read(const WCHAR *path, DWORD *size);
BYTE *pem_read(const BYTE *data, DWORD size, const char *label, DWORD *needed);

/* name.c */
WCHAR *name_text(const CERT_NAME_BLOB *name, DWORD type);

/* usage.c: the certificate's own uses, NULL: any; heap memory. */
CERT_ENHKEY_USAGE *cert_usages(PCCERT_CONTEXT cert, DWORD flags);
bool cert_may(PCCERT_CONTEXT cert, const char *usage);

#endif
