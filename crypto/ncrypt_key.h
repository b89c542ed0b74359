/*
 * ncrypt_key.h: what ncrypt's files share: providers and keys.
 */
#ifndef CRYPTO_NCRYPT_KEY_H
#define CRYPTO_NCRYPT_KEY_H

#include "bcrypt_pair.h"
#include <ncrypt.h>

#define PROVIDER_MARK 0x70726e63u
#define NKEY_MARK 0x6b796e63u

/* A property of one's own, such as "UI Policy" or a name. */
struct ncrypt_property {
    struct ncrypt_property *next;
    ULONG size;
    WCHAR name[64];
    UCHAR value[];
};

struct ncrypt_object {
    ULONG mark;
    LONG references; /* beyond the first */
    /* a key: */
    BCRYPT_KEY_HANDLE key; /* NULL until its blob or size is known */
    const struct algorithm_info *algorithm;
    WCHAR *name; /* NULL: does not last */
    bool machine, finished;
    DWORD legacy_spec; /* of one of CryptoAPI's containers */
    DWORD export_policy, usage, length;
    int curve;
    struct ncrypt_property *properties;
};

/* ncrypt.c */
struct ncrypt_object *ncrypt_object_of(ULONG_PTR handle, ULONG mark); /* NULL: it is none */
static inline struct ncrypt_object *ncrypt_key_of(NCRYPT_KEY_HANDLE handle)
{
    return ncrypt_object_of(handle, NKEY_MARK);
}
SECURITY_STATUS ncrypt_result(NTSTATUS status);
struct ncrypt_object *ncrypt_key_new(const struct algorithm_info *info, const WCHAR *name, DWORD flags);

/* ncrypt_store.c: keys that last */
SECURITY_STATUS ncrypt_key_store(struct ncrypt_object *key);
SECURITY_STATUS ncrypt_key_load(struct ncrypt_object *key, DWORD spec); /* 0: whichever a container has */
bool ncrypt_key_stored(const WCHAR *name, bool machine);
void ncrypt_key_erase(const struct ncrypt_object *key);
/* The next name from *index on, which goes behind it; `spec` is 0, or says which of a container's pairs it is. */
bool ncrypt_key_next(DWORD *index, bool machine, WCHAR name[256], DWORD *spec);

/* The key itself, for crypt32; NULL: there is none. */
BCRYPT_KEY_HANDLE ncrypt_bcrypt_key(NCRYPT_KEY_HANDLE handle, bool *exportable);
/* A key that does not last, from bcrypt's, which it takes over. */
SECURITY_STATUS ncrypt_key_wrap(BCRYPT_KEY_HANDLE key, NCRYPT_KEY_HANDLE *out);

/* The same under a name. */
SECURITY_STATUS ncrypt_key_keep(const WCHAR *name, bool machine, BCRYPT_KEY_HANDLE key, DWORD export_policy);
/* A key that several certificates hold: NCryptFreeObject takes one reference away. */
void ncrypt_reference(NCRYPT_KEY_HANDLE handle);

/* ncrypt_blob.c */
bool ncrypt_is_public(const WCHAR *type);

#endif
