/*
 * bcrypt_pair.h: what the files of public-key cryptography share.
 */
#ifndef CRYPTO_BCRYPT_PAIR_H
#define CRYPTO_BCRYPT_PAIR_H

#include "bcrypt_private.h"

/* Memory for all numbers of a key whose sizes are known. */
NTSTATUS pair_allocate(struct bcrypt_key *key);
struct crypto_dsa dsa_numbers(const struct bcrypt_key *key);
/* RFC 3526's group of that size, p and g; false: there is none. */
bool dh_default_group(ULONG bits, UCHAR *group);
/* CryptoAPI's blobs of RSA keys, which have numbers in the other byte order. */
NTSTATUS rsa_import_legacy(struct bcrypt_key *key, bool private, const UCHAR *in, ULONG size);
NTSTATUS rsa_export_legacy(const struct bcrypt_key *key, bool private, ULONG algorithm, UCHAR *out, ULONG room,
                           ULONG *result);

/* The object identifier of certificates; NULL: none. */
const char *curve_oid(int curve);
int curve_from_oid(const char *oid); /* -1: not known */
const WCHAR *curve_algorithm(int curve, bool agree);

#endif
