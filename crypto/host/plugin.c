/*
 * plugin.c: the table of winrun-crypto.so, and what is derived from hashes.
 *
 * Layer: below Windows: nettle alone, no Windows header.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <nettle/hkdf.h>
#include <nettle/hmac.h>
#include <nettle/pbkdf2.h>
#include <nettle/pss-mgf1.h>
#include "host.h"

_Static_assert(sizeof(struct crypto_hash) == sizeof(struct nettle_hash), "one layout");
_Static_assert(offsetof(struct crypto_hash, digest_size) == offsetof(struct nettle_hash, digest_size), "one layout");
_Static_assert(offsetof(struct crypto_hash, block_size) == offsetof(struct nettle_hash, block_size), "one layout");
_Static_assert(offsetof(struct crypto_hash, digest) == offsetof(struct nettle_hash, digest), "one layout");

void host_random(void *context, size_t length, uint8_t *out)
{
    (void)context;
    while (length) {
        ssize_t got = getrandom(out, length, 0);

        if (got < 0) /* EINTR; the pool is never unready for long */
            continue;
        out += got;
        length -= (size_t)got;
    }
}

bool number_write(const mpz_t number, uint8_t *bytes, size_t size)
{
    size_t needed = (mpz_sizeinbase(number, 2) + 7) / 8, written;

    if (needed > size)
        return false;
    memset(bytes, 0, size);
    mpz_export(bytes + size - needed, &written, 1, 1, 0, 0, number);
    return true;
}

void number_clear(mpz_t number)
{
    size_t limbs = mpz_size(number);

    if (limbs)
        explicit_bzero(mpz_limbs_modify(number, (mp_size_t)limbs), limbs * sizeof(mp_limb_t));
    mpz_clear(number);
}

static void *hmac_context(struct crypto_hmac *hmac, unsigned index)
{
    return (char *)hmac->contexts + index * ((hmac->hash->context_size + 7) & ~7u);
}

static const struct nettle_hash *native(const struct crypto_hash *hash)
{
    return (const struct nettle_hash *)hash;
}

static void hmac_key(struct crypto_hmac *hmac, const struct crypto_hash *hash, const uint8_t *key, size_t size)
{
    hmac->hash = hash;
    hmac_set_key(hmac_context(hmac, 0), hmac_context(hmac, 1), hmac_context(hmac, 2), native(hash), size, key);
}

static void hmac_data(struct crypto_hmac *hmac, size_t length, const uint8_t *data)
{
    hmac->hash->update(hmac_context(hmac, 2), length, data);
}

static void hmac_result(struct crypto_hmac *hmac, size_t length, uint8_t *digest)
{
    hmac_digest(hmac_context(hmac, 0), hmac_context(hmac, 1), hmac_context(hmac, 2), native(hmac->hash), length,
                digest);
}

static bool derive_pbkdf2(const struct crypto_hash *hash, const uint8_t *password, size_t password_size,
                          uint64_t iterations, const uint8_t *salt, size_t salt_size, uint8_t *key, size_t key_size)
{
    struct crypto_hmac *hmac = malloc(crypto_hmac_size(hash));

    if (!hmac)
        return false;
    hmac_key(hmac, hash, password, password_size);
    /* nettle counts in unsigned int; what exceeds it would take hours */
    if (iterations > 0xffffffffu)
        iterations = 0xffffffffu;
    pbkdf2(hmac, (nettle_hash_update_func *)hmac_data, (nettle_hash_digest_func *)hmac_result, hash->digest_size,
           (unsigned)iterations, salt_size, salt, key_size, key);
    explicit_bzero(hmac, crypto_hmac_size(hash));
    free(hmac);
    return true;
}

static bool derive_hkdf(const struct crypto_hash *hash, const uint8_t *secret, size_t secret_size, const uint8_t *salt,
                        size_t salt_size, const uint8_t *info, size_t info_size, uint8_t *key, size_t key_size)
{
    struct crypto_hmac *hmac = malloc(crypto_hmac_size(hash));
    uint8_t extracted[CRYPTO_MAX_DIGEST];

    if (!hmac || key_size > 255u * hash->digest_size) {
        free(hmac);
        return false;
    }
    if (salt) {
        hmac_key(hmac, hash, salt, salt_size);
        hkdf_extract(hmac, (nettle_hash_update_func *)hmac_data, (nettle_hash_digest_func *)hmac_result,
                     hash->digest_size, secret_size, secret, extracted);
        hmac_key(hmac, hash, extracted, hash->digest_size);
    } else {
        hmac_key(hmac, hash, secret, secret_size);
    }
    hkdf_expand(hmac, (nettle_hash_update_func *)hmac_data, (nettle_hash_digest_func *)hmac_result, hash->digest_size,
                info_size, info, key_size, key);
    explicit_bzero(extracted, sizeof extracted);
    explicit_bzero(hmac, crypto_hmac_size(hash));
    free(hmac);
    return true;
}

static void mgf1(const struct crypto_hash *hash, const uint8_t *seed, size_t seed_size, uint8_t *mask, size_t size)
{
    uint64_t context[64]; /* the largest is SHA-3's */

    hash->init(context);
    hash->update(context, seed_size, seed);
    pss_mgf1(context, native(hash), size, mask);
}

#define HASH(name) ((const struct crypto_hash *)&nettle_##name)

__attribute__((visibility("default"))) struct crypto_plugin crypto_plugin_table = {
    .hmac_set_key = hmac_key,
    .hmac_update = hmac_data,
    .hmac_digest = hmac_result,
    .pbkdf2 = derive_pbkdf2,
    .hkdf = derive_hkdf,
    .mgf1 = mgf1,
    .set_key = cipher_set_key,
    .crypt = cipher_crypt,
    .gcm_set_key = cipher_gcm_set_key,
    .gcm_begin = cipher_gcm_begin,
    .gcm_auth = cipher_gcm_auth,
    .gcm_crypt = cipher_gcm_crypt,
    .gcm_tag = cipher_gcm_tag,
    .ccm = cipher_ccm,
    .chacha_poly1305 = cipher_chacha_poly1305,
    .wrap = cipher_wrap,
    .unwrap = cipher_unwrap,
    .cmac_begin = cipher_cmac_begin,
    .cmac_update = cipher_cmac_update,
    .cmac_digest = cipher_cmac_digest,
    .rsa_generate = rsa_generate,
    .rsa_complete = rsa_complete,
    .rsa_public = rsa_public,
    .rsa_private = rsa_private,
    .pss_encode = pss_encode,
    .pss_verify = pss_verify,
    .ec_generate = ec_generate,
    .ec_public = ec_public,
    .ec_valid = ec_valid,
    .ec_agree = ec_agree,
    .ec_sign = ec_sign,
    .ec_verify = ec_verify,
    .power = power,
    .dh_key = dh_key,
    .dsa_generate = dsa_generate,
    .dsa_sign = dsa_sign_digest,
    .dsa_verify = dsa_verify_digest,
};

/* nettle's tables are addresses in another library. */
__attribute__((constructor)) static void fill_table(void)
{
    static const struct nettle_hash *const hashes[CRYPTO_HASHES] = {
        [CRYPTO_MD2] = &nettle_md2,           [CRYPTO_MD4] = &nettle_md4,
        [CRYPTO_MD5] = &nettle_md5,           [CRYPTO_SHA1] = &nettle_sha1,
        [CRYPTO_SHA256] = &nettle_sha256,     [CRYPTO_SHA384] = &nettle_sha384,
        [CRYPTO_SHA512] = &nettle_sha512,     [CRYPTO_SHA3_256] = &nettle_sha3_256,
        [CRYPTO_SHA3_384] = &nettle_sha3_384, [CRYPTO_SHA3_512] = &nettle_sha3_512,
    };

    for (unsigned i = 0; i < CRYPTO_HASHES; i++)
        crypto_plugin_table.hash[i] = (const struct crypto_hash *)hashes[i];
    crypto_plugin_table.key_size = cipher_key_size;
    crypto_plugin_table.gcm_key_size = cipher_gcm_key_size;
    crypto_plugin_table.cmac_size = cipher_cmac_size;
}
