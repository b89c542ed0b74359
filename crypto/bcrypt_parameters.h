/*
 * bcrypt_parameters.h: the lists of parameters that key derivations take.
 */
#ifndef CRYPTO_BCRYPT_PARAMETERS_H
#define CRYPTO_BCRYPT_PARAMETERS_H

#include "bcrypt_private.h"

#ifndef KDF_HKDF_INFO
#define KDF_HKDF_INFO 0x14
#endif

const BCryptBuffer *parameter_find(const BCryptBufferDesc *list, ULONG type);
/* KDF_HASH_ALGORITHM's, or a hash by its number (-1: there must be one). */
NTSTATUS parameter_hash(const BCryptBufferDesc *list, int otherwise, const struct crypto_hash **hash);
NTSTATUS derive_concat(const struct crypto_hash *hash, const UCHAR *secret, ULONG secret_size,
                       const BCryptBufferDesc *list, UCHAR *out, ULONG size);
/* bcrypt_tls.c.  hash NULL: TLS 1.0's and 1.1's. */
NTSTATUS derive_tls(const struct crypto_hash *hash, const UCHAR *secret, ULONG secret_size,
                    const BCryptBufferDesc *list, UCHAR *out, ULONG size);
/* BCryptDeriveKey's: a master secret. */
NTSTATUS derive_tls_secret(const UCHAR *secret, ULONG secret_size, const BCryptBufferDesc *list, UCHAR *out, ULONG room,
                           ULONG *result);
/* stretch: what is longer than the hash, and AES keys by CryptDeriveKey's rule. */
NTSTATUS derive_capi(const struct crypto_hash *hash, const UCHAR *digest, ULONG needed, bool stretch, UCHAR *out);

#endif
