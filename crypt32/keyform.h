/*
 * keyform.h: keys as certificates and PKCS #8 have them, from and to bcrypt's keys.  ncrypt uses it too.
 */
#ifndef CRYPT32_KEYFORM_H
#define CRYPT32_KEYFORM_H

#include "crypt32/asn.h"
#include "crypto/bcrypt_pair.h"

/* A key on a curve signs, or it agrees on secrets; the encodings do not say. */
NTSTATUS key_from_public_info(const CERT_PUBLIC_KEY_INFO *info, bool agree, BCRYPT_KEY_HANDLE *key);
/* The SubjectPublicKeyInfo of a key, heap memory; NULL: none, or no memory. */
BYTE *key_public_info(BCRYPT_KEY_HANDLE key, DWORD *size);

NTSTATUS key_from_pkcs8(const BYTE *data, DWORD size, bool agree, BCRYPT_KEY_HANDLE *key);
BYTE *key_to_pkcs8(BCRYPT_KEY_HANDLE key, DWORD *size);

/* keyseal.c: EncryptedPrivateKeyInfo.  The password has `length` characters. */
struct key_password {
    const WCHAR *text;
    DWORD length;
};
/* STATUS_INVALID_SIGNATURE: wrong password, or damaged. */
NTSTATUS key_unseal(const BYTE *data, DWORD size, struct key_password password, BYTE **plain, DWORD *plain_size);
NTSTATUS key_seal(const BYTE *plain, DWORD size, struct key_password password, const char *oid, DWORD iterations,
                  const BYTE *salt, DWORD salt_size, BYTE **sealed, DWORD *sealed_size);

#endif
