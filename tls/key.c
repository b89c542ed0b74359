/*
 * key.c: hashes, and signatures by keys in DER.
 */
#include <stdlib.h>
#include <string.h>
#include "tls.h"

bool data_take(gnutls_datum_t *from, struct tls_data *to)
{
    to->data = malloc(from->size ? from->size : 1);
    to->size = to->data ? from->size : 0;
    if (to->data)
        memcpy(to->data, from->data, from->size);
    gnutls_free(from->data);
    from->data = NULL;
    return to->data;
}

gnutls_digest_algorithm_t hash_number(enum tls_hash hash)
{
    static const gnutls_digest_algorithm_t numbers[] = {
        [TLS_HASH_MD5] = GNUTLS_DIG_MD5,       [TLS_HASH_SHA1] = GNUTLS_DIG_SHA1,
        [TLS_HASH_SHA256] = GNUTLS_DIG_SHA256, [TLS_HASH_SHA384] = GNUTLS_DIG_SHA384,
        [TLS_HASH_SHA512] = GNUTLS_DIG_SHA512,
    };
    return numbers[hash];
}

size_t digest(enum tls_hash hash, const void *data, size_t size, uint8_t *out)
{
    gnutls_digest_algorithm_t number = hash_number(hash);

    return gnutls_hash_fast(number, data, size, out) < 0 ? 0 : gnutls_hash_get_len(number);
}

gnutls_pubkey_t pubkey_open(struct tls_blob info)
{
    gnutls_pubkey_t key;
    gnutls_datum_t der = datum(info);

    if (gnutls_pubkey_init(&key) < 0)
        return NULL;
    if (gnutls_pubkey_import(key, &der, GNUTLS_X509_FMT_DER) < 0) {
        gnutls_pubkey_deinit(key);
        return NULL;
    }
    return key;
}

gnutls_privkey_t privkey_open(struct tls_blob blob)
{
    gnutls_privkey_t key;
    gnutls_datum_t der = datum(blob);

    if (gnutls_privkey_init(&key) < 0)
        return NULL;
    if (gnutls_privkey_import_x509_raw(key, &der, GNUTLS_X509_FMT_DER, NULL, GNUTLS_PKCS_PLAIN) < 0) {
        gnutls_privkey_deinit(key);
        return NULL;
    }
    return key;
}

#define VERIFY_FLAGS (GNUTLS_VERIFY_ALLOW_BROKEN | GNUTLS_VERIFY_DISABLE_CA_SIGN)

/* `algorithm` is that of a signature, or of a hash that goes with the key's own. */
bool key_verify(struct tls_blob public_key, const char *algorithm, struct tls_blob content, struct tls_blob signature)
{
    gnutls_pubkey_t key = pubkey_open(public_key);
    gnutls_datum_t text = datum(content), mark = datum(signature);
    gnutls_sign_algorithm_t sign;
    bool good;

    if (!key)
        return false;
    sign = gnutls_oid_to_sign(algorithm);
    if (sign == GNUTLS_SIGN_UNKNOWN) {
        gnutls_digest_algorithm_t hash = gnutls_oid_to_digest(algorithm);

        if (hash != GNUTLS_DIG_UNKNOWN)
            sign = gnutls_pk_to_sign(gnutls_pubkey_get_pk_algorithm(key, NULL), hash);
    }
    good = sign != GNUTLS_SIGN_UNKNOWN && gnutls_pubkey_verify_data2(key, sign, VERIFY_FLAGS, &text, &mark) >= 0;
    gnutls_pubkey_deinit(key);
    return good;
}

bool key_verify_digest(struct tls_blob public_key, enum tls_hash hash, struct tls_blob value, struct tls_blob signature)
{
    gnutls_pubkey_t key = pubkey_open(public_key);
    gnutls_datum_t text = datum(value), mark = datum(signature);
    bool good;

    if (!key)
        return false;
    good =
        gnutls_pubkey_verify_hash2(key, gnutls_pk_to_sign(gnutls_pubkey_get_pk_algorithm(key, NULL), hash_number(hash)),
                                   VERIFY_FLAGS, &text, &mark) >= 0;
    gnutls_pubkey_deinit(key);
    return good;
}

enum tls_result key_sign(struct tls_blob blob, enum tls_hash hash, struct tls_blob content, struct tls_data *signature)
{
    gnutls_privkey_t key = privkey_open(blob);
    gnutls_datum_t text = datum(content), mark;
    int error;

    if (!key)
        return TLS_MALFORMED;
    error = gnutls_privkey_sign_data(key, hash_number(hash), 0, &text, &mark);
    gnutls_privkey_deinit(key);
    if (error < 0)
        return TLS_UNSUPPORTED;
    return data_take(&mark, signature) ? TLS_OK : TLS_FAILED;
}

enum tls_result key_public(struct tls_blob blob, struct tls_data *info)
{
    gnutls_privkey_t key = privkey_open(blob);
    gnutls_pubkey_t half;
    gnutls_datum_t der;
    int error;

    if (!key)
        return TLS_MALFORMED;
    if (gnutls_pubkey_init(&half) < 0) {
        gnutls_privkey_deinit(key);
        return TLS_FAILED;
    }
    error = gnutls_pubkey_import_privkey(half, key, 0, 0);
    if (error >= 0)
        error = gnutls_pubkey_export2(half, GNUTLS_X509_FMT_DER, &der);
    gnutls_pubkey_deinit(half);
    gnutls_privkey_deinit(key);
    return error >= 0 && data_take(&der, info) ? TLS_OK : TLS_FAILED;
}

unsigned key_bits(struct tls_blob public_key)
{
    gnutls_pubkey_t key = pubkey_open(public_key);
    unsigned bits = 0;

    if (key) {
        gnutls_pubkey_get_pk_algorithm(key, &bits);
        gnutls_pubkey_deinit(key);
    }
    return bits;
}

enum tls_result key_generate(bool rsa, unsigned bits, struct tls_data *key)
{
    gnutls_x509_privkey_t made;
    gnutls_datum_t der;
    int error;

    if (gnutls_x509_privkey_init(&made) < 0)
        return TLS_FAILED;
    if (rsa)
        error = gnutls_x509_privkey_generate(made, GNUTLS_PK_RSA, bits, 0);
    else
        error = gnutls_x509_privkey_generate(made, GNUTLS_PK_ECDSA,
                                             GNUTLS_CURVE_TO_BITS(bits <= 256   ? GNUTLS_ECC_CURVE_SECP256R1
                                                                  : bits <= 384 ? GNUTLS_ECC_CURVE_SECP384R1
                                                                                : GNUTLS_ECC_CURVE_SECP521R1),
                                             0);
    if (error >= 0)
        error = gnutls_x509_privkey_export2_pkcs8(made, GNUTLS_X509_FMT_DER, NULL, GNUTLS_PKCS_PLAIN, &der);
    gnutls_x509_privkey_deinit(made);
    return error >= 0 && data_take(&der, key) ? TLS_OK : TLS_FAILED;
}

enum tls_result key_decrypt(struct tls_blob blob, struct tls_blob cipher, struct tls_data *plain)
{
    gnutls_privkey_t key = privkey_open(blob);
    gnutls_datum_t text = datum(cipher), out;
    int error;

    if (!key)
        return TLS_MALFORMED;
    error = gnutls_privkey_decrypt_data(key, 0, &text, &out);
    gnutls_privkey_deinit(key);
    return error >= 0 && data_take(&out, plain) ? TLS_OK : TLS_FAILED;
}
