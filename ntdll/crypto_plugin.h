/*
 * crypto_plugin.h: the algorithms of nettle and hogweed behind one table, so that the libraries are opened only by
 * programs that ask for more than random bytes.
 *
 * Both sides include it, and crypto/host/ is compiled as plain host code: hence plain types.  Numbers of public-key
 * algorithms are big-endian and padded to a fixed size, as Windows' blobs have them.
 */
#ifndef NTDLL_CRYPTO_PLUGIN_H
#define NTDLL_CRYPTO_PLUGIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum crypto_hash_id {
    CRYPTO_MD2,
    CRYPTO_MD4,
    CRYPTO_MD5,
    CRYPTO_SHA1,
    CRYPTO_SHA256,
    CRYPTO_SHA384,
    CRYPTO_SHA512,
    CRYPTO_SHA3_256,
    CRYPTO_SHA3_384,
    CRYPTO_SHA3_512,
    CRYPTO_HASHES
};
#define CRYPTO_MAX_DIGEST 64
#define CRYPTO_MAX_HASH_BLOCK 144

/* Laid out as struct nettle_hash. */
struct crypto_hash {
    const char *name;
    unsigned context_size, digest_size, block_size;
    void (*init)(void *context);
    void (*update)(void *context, size_t length, const uint8_t *data);
    void (*digest)(void *context, size_t length, uint8_t *digest); /* and begins anew */
};

/* A keyed hash: contexts for the outer, the inner and the running hash behind the record. */
struct crypto_hmac {
    const struct crypto_hash *hash;
    uint64_t contexts[];
};

static inline size_t crypto_hmac_size(const struct crypto_hash *hash)
{
    return sizeof(struct crypto_hmac) + 3 * ((hash->context_size + 7) & ~7u);
}

enum crypto_cipher_id { CRYPTO_AES, CRYPTO_DES, CRYPTO_3DES, CRYPTO_RC2, CRYPTO_RC4, CRYPTO_CHACHA, CRYPTO_CIPHERS };
enum crypto_mode { CRYPTO_ECB, CRYPTO_CBC, CRYPTO_CFB, CRYPTO_STREAM };
#define CRYPTO_MAX_BLOCK 16

/* Laid out as struct gcm_ctx. */
struct crypto_gcm {
    uint8_t iv[16], counter[16], hash[16];
    uint64_t auth_size, data_size;
};

enum crypto_curve { CRYPTO_P256, CRYPTO_P384, CRYPTO_P521, CRYPTO_25519, CRYPTO_P192, CRYPTO_P224, CRYPTO_CURVES };

struct crypto_rsa { /* e has e_size bytes, n and d n_size, the others half of n */
    size_t n_size, e_size, bits;
    uint8_t *n, *e, *p, *q, *dp, *dq, *qi, *d;
};

struct crypto_dsa { /* q and x have q_size bytes, the others p_size */
    size_t p_size, q_size;
    uint8_t *p, *q, *g, *y, *x;
};

struct crypto_plugin {
    const struct crypto_hash *hash[CRYPTO_HASHES];
    void (*hmac_set_key)(struct crypto_hmac *hmac, const struct crypto_hash *hash, const uint8_t *key, size_t size);
    void (*hmac_update)(struct crypto_hmac *hmac, size_t length, const uint8_t *data);
    void (*hmac_digest)(struct crypto_hmac *hmac, size_t length, uint8_t *digest);
    bool (*pbkdf2)(const struct crypto_hash *hash, const uint8_t *password, size_t password_size, uint64_t iterations,
                   const uint8_t *salt, size_t salt_size, uint8_t *key, size_t key_size);
    /* salt NULL: extract has been done, `secret` is the key. */
    bool (*hkdf)(const struct crypto_hash *hash, const uint8_t *secret, size_t secret_size, const uint8_t *salt,
                 size_t salt_size, const uint8_t *info, size_t info_size, uint8_t *key, size_t key_size);
    void (*mgf1)(const struct crypto_hash *hash, const uint8_t *seed, size_t seed_size, uint8_t *mask, size_t size);

    /* A cipher's key schedule may be copied.  effective_bits is RC2's. */
    size_t key_size, gcm_key_size;
    bool (*set_key)(void *key, int cipher, const uint8_t *bytes, size_t size, unsigned effective_bits);
    /* Whole blocks, but for CFB with a feedback of one byte and streams. */
    void (*crypt)(void *key, int mode, bool encrypt, uint8_t *iv, unsigned feedback, size_t length, uint8_t *out,
                  const uint8_t *in);
    void (*gcm_set_key)(void *gcm_key, const void *key);
    void (*gcm_begin)(struct crypto_gcm *gcm, const void *gcm_key, const uint8_t *nonce, size_t size);
    void (*gcm_auth)(struct crypto_gcm *gcm, const void *gcm_key, const uint8_t *data, size_t size);
    void (*gcm_crypt)(struct crypto_gcm *gcm, const void *gcm_key, const void *key, bool encrypt, size_t length,
                      uint8_t *out, const uint8_t *in);
    void (*gcm_tag)(struct crypto_gcm *gcm, const void *gcm_key, const void *key, size_t size, uint8_t *tag);
    void (*ccm)(const void *key, bool encrypt, const uint8_t *nonce, size_t nonce_size, const uint8_t *auth,
                size_t auth_size, size_t length, uint8_t *out, const uint8_t *in, uint8_t *tag, size_t tag_size);

    void (*chacha_poly1305)(const void *key, bool encrypt, const uint8_t *nonce, const uint8_t *auth, size_t auth_size,
                            size_t length, uint8_t *out, const uint8_t *in, uint8_t *tag);
    /* AES key wrap (RFC 3394) with AES: the wrapped key has 8 bytes more.  Unwrapping false: another key, or damaged.
     */
    void (*wrap)(const void *key, size_t size, uint8_t *wrapped, const uint8_t *clear);
    bool (*unwrap)(const void *key, size_t size, uint8_t *clear, const uint8_t *wrapped);
    /* CMAC with AES.  The digest begins anew; the state may be copied. */
    size_t cmac_size;
    bool (*cmac_begin)(void *cmac, const uint8_t *key, size_t size);
    void (*cmac_update)(void *cmac, size_t length, const uint8_t *data);
    void (*cmac_digest)(void *cmac, uint8_t *tag);

    bool (*rsa_generate)(struct crypto_rsa *rsa); /* bits and e are given */
    bool (*rsa_complete)(struct crypto_rsa *rsa); /* n, e, p and q are given */
    bool (*rsa_public)(const struct crypto_rsa *rsa, const uint8_t *in, uint8_t *out);
    bool (*rsa_private)(const struct crypto_rsa *rsa, const uint8_t *in, uint8_t *out);
    bool (*pss_encode)(const struct crypto_hash *hash, size_t bits, size_t salt_size, const uint8_t *digest,
                       uint8_t *encoded, size_t size);
    bool (*pss_verify)(const struct crypto_hash *hash, size_t bits, size_t salt_size, const uint8_t *digest,
                       const uint8_t *encoded, size_t size);

    /* x, y, d, r, s and the secret have the curve's size; of curve 25519 only x and d are used, as Windows has them. */
    bool (*ec_generate)(int curve, uint8_t *x, uint8_t *y, uint8_t *d);
    bool (*ec_public)(int curve, const uint8_t *d, uint8_t *x, uint8_t *y);
    bool (*ec_valid)(int curve, const uint8_t *x, const uint8_t *y);
    bool (*ec_agree)(int curve, const uint8_t *d, const uint8_t *x, const uint8_t *y, uint8_t *secret);
    bool (*ec_sign)(int curve, const uint8_t *d, const uint8_t *digest, size_t size, uint8_t *r, uint8_t *s);
    bool (*ec_verify)(int curve, const uint8_t *x, const uint8_t *y, const uint8_t *digest, size_t size,
                      const uint8_t *r, const uint8_t *s);

    /* base ^ exponent mod modulus, all of `size` bytes; the modulus is odd. */
    bool (*power)(const uint8_t *base, const uint8_t *exponent, const uint8_t *modulus, size_t size, uint8_t *result);
    bool (*dh_key)(const uint8_t *p, const uint8_t *g, size_t size, uint8_t *x, uint8_t *y);
    bool (*dsa_generate)(struct crypto_dsa *dsa, bool new_group);
    bool (*dsa_sign)(const struct crypto_dsa *dsa, const uint8_t *digest, size_t size, uint8_t *r, uint8_t *s);
    bool (*dsa_verify)(const struct crypto_dsa *dsa, const uint8_t *digest, size_t size, const uint8_t *r,
                       const uint8_t *s);
};

/* Opened at the first call; NULL if the host has no nettle. */
const struct crypto_plugin *crypto_plugin(void);

#endif
