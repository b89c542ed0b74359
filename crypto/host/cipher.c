/*
 * cipher.c: AES, DES, triple DES, RC2, RC4 and ChaCha20 in their modes, and CMAC, by nettle.
 *
 * Layer: below Windows: nettle alone, no Windows header.
 */
#include <string.h>
#include <nettle/aes.h>
#include <nettle/arcfour.h>
#include <nettle/arctwo.h>
#include <nettle/cbc.h>
#include <nettle/ccm.h>
#include <nettle/cfb.h>
#include <nettle/chacha-poly1305.h>
#include <nettle/cmac.h>
#include <nettle/des.h>
#include <nettle/gcm.h>
#include <nettle/nist-keywrap.h>
#include "host.h"

_Static_assert(sizeof(struct crypto_gcm) == sizeof(struct gcm_ctx), "one layout");
_Static_assert(offsetof(struct crypto_gcm, counter) == offsetof(struct gcm_ctx, ctr), "one layout");
_Static_assert(offsetof(struct crypto_gcm, hash) == offsetof(struct gcm_ctx, x), "one layout");
_Static_assert(offsetof(struct crypto_gcm, data_size) == offsetof(struct gcm_ctx, data_size), "one layout");

/* Holds no pointer into itself: it may be copied. */
struct key {
    nettle_cipher_func *encrypt, *decrypt;
    unsigned block;
    bool two_schedules; /* decrypting needs a schedule of its own */
    union schedule {
        struct aes128_ctx aes128;
        struct aes192_ctx aes192;
        struct aes256_ctx aes256;
        struct des_ctx des;
        struct des3_ctx des3;
        struct arctwo_ctx rc2;
        struct arcfour_ctx rc4;
        uint8_t chacha[CHACHA_POLY1305_KEY_SIZE];
    } forward;
    union {
        struct aes128_ctx aes128;
        struct aes192_ctx aes192;
        struct aes256_ctx aes256;
    } backward;
};

const size_t cipher_key_size = sizeof(struct key);
const size_t cipher_gcm_key_size = sizeof(struct gcm_key);

#define CIPHER(name) ((nettle_cipher_func *)name)

static bool set_aes(struct key *key, const uint8_t *bytes, size_t size)
{
    key->block = AES_BLOCK_SIZE;
    key->two_schedules = true;
    switch (size) {
    case 16:
        aes128_set_encrypt_key(&key->forward.aes128, bytes);
        aes128_invert_key(&key->backward.aes128, &key->forward.aes128);
        key->encrypt = CIPHER(aes128_encrypt), key->decrypt = CIPHER(aes128_decrypt);
        return true;
    case 24:
        aes192_set_encrypt_key(&key->forward.aes192, bytes);
        aes192_invert_key(&key->backward.aes192, &key->forward.aes192);
        key->encrypt = CIPHER(aes192_encrypt), key->decrypt = CIPHER(aes192_decrypt);
        return true;
    case 32:
        aes256_set_encrypt_key(&key->forward.aes256, bytes);
        aes256_invert_key(&key->backward.aes256, &key->forward.aes256);
        key->encrypt = CIPHER(aes256_encrypt), key->decrypt = CIPHER(aes256_decrypt);
        return true;
    default:
        return false;
    }
}

/* Windows takes weak keys, and so do nettle's functions: their result only reports them. */
static bool set_3des(struct key *key, const uint8_t *bytes, size_t size)
{
    uint8_t whole[24];

    if (size != 16 && size != 24)
        return false;
    memcpy(whole, bytes, size);
    if (size == 16)
        memcpy(whole + 16, bytes, 8);
    des3_set_key(&key->forward.des3, whole);
    explicit_bzero(whole, sizeof whole);
    key->block = DES3_BLOCK_SIZE;
    key->encrypt = CIPHER(des3_encrypt), key->decrypt = CIPHER(des3_decrypt);
    return true;
}

bool cipher_set_key(void *memory, int cipher, const uint8_t *bytes, size_t size, unsigned effective_bits)
{
    struct key *key = memory;

    memset(key, 0, sizeof *key);
    switch (cipher) {
    case CRYPTO_AES:
        return set_aes(key, bytes, size);
    case CRYPTO_3DES:
        return set_3des(key, bytes, size);
    case CRYPTO_DES:
        if (size != 8)
            return false;
        des_set_key(&key->forward.des, bytes);
        key->block = DES_BLOCK_SIZE;
        key->encrypt = CIPHER(des_encrypt), key->decrypt = CIPHER(des_decrypt);
        return true;
    case CRYPTO_RC2:
        if (size < ARCTWO_MIN_KEY_SIZE || size > ARCTWO_MAX_KEY_SIZE || effective_bits > 1024)
            return false;
        arctwo_set_key_ekb(&key->forward.rc2, size, bytes, effective_bits);
        key->block = ARCTWO_BLOCK_SIZE;
        key->encrypt = CIPHER(arctwo_encrypt), key->decrypt = CIPHER(arctwo_decrypt);
        return true;
    case CRYPTO_RC4:
        if (size < ARCFOUR_MIN_KEY_SIZE || size > ARCFOUR_MAX_KEY_SIZE)
            return false;
        arcfour_set_key(&key->forward.rc4, size, bytes);
        return true;
    case CRYPTO_CHACHA:
        if (size != CHACHA_POLY1305_KEY_SIZE)
            return false;
        memcpy(key->forward.chacha, bytes, size);
        return true;
    default:
        return false;
    }
}

static const void *backward(const struct key *key)
{
    return key->two_schedules ? (const void *)&key->backward : (const void *)&key->forward;
}

static void crypt_ecb(struct key *key, bool encrypt, size_t length, uint8_t *out, const uint8_t *in)
{
    if (encrypt)
        key->encrypt(&key->forward, length, out, in);
    else
        key->decrypt(backward(key), length, out, in);
}

void cipher_crypt(void *memory, int mode, bool encrypt, uint8_t *iv, unsigned feedback, size_t length, uint8_t *out,
                  const uint8_t *in)
{
    struct key *key = memory;

    switch (mode) {
    case CRYPTO_STREAM:
        arcfour_crypt(&key->forward.rc4, length, out, in);
        break;
    case CRYPTO_CBC:
        if (encrypt)
            cbc_encrypt(&key->forward, key->encrypt, key->block, iv, length, out, in);
        else
            cbc_decrypt(backward(key), key->decrypt, key->block, iv, length, out, in);
        break;
    case CRYPTO_CFB:
        if (feedback == 1)
            (encrypt ? cfb8_encrypt : cfb8_decrypt)(&key->forward, key->encrypt, key->block, iv, length, out, in);
        else
            (encrypt ? cfb_encrypt : cfb_decrypt)(&key->forward, key->encrypt, key->block, iv, length, out, in);
        break;
    default:
        crypt_ecb(key, encrypt, length, out, in);
    }
}

void cipher_gcm_set_key(void *gcm_key, const void *memory)
{
    const struct key *key = memory;

    gcm_set_key(gcm_key, &key->forward, key->encrypt);
}

void cipher_gcm_begin(struct crypto_gcm *gcm, const void *gcm_key, const uint8_t *nonce, size_t size)
{
    gcm_set_iv((struct gcm_ctx *)gcm, gcm_key, size, nonce);
}

void cipher_gcm_auth(struct crypto_gcm *gcm, const void *gcm_key, const uint8_t *data, size_t size)
{
    gcm_update((struct gcm_ctx *)gcm, gcm_key, size, data);
}

void cipher_gcm_crypt(struct crypto_gcm *gcm, const void *gcm_key, const void *memory, bool encrypt, size_t length,
                      uint8_t *out, const uint8_t *in)
{
    const struct key *key = memory;

    (encrypt ? gcm_encrypt : gcm_decrypt)((struct gcm_ctx *)gcm, gcm_key, &key->forward, key->encrypt, length, out, in);
}

void cipher_gcm_tag(struct crypto_gcm *gcm, const void *gcm_key, const void *memory, size_t size, uint8_t *tag)
{
    const struct key *key = memory;

    gcm_digest((struct gcm_ctx *)gcm, gcm_key, &key->forward, key->encrypt, size, tag);
}

void cipher_ccm(const void *memory, bool encrypt, const uint8_t *nonce, size_t nonce_size, const uint8_t *auth,
                size_t auth_size, size_t length, uint8_t *out, const uint8_t *in, uint8_t *tag, size_t tag_size)
{
    const struct key *key = memory;
    struct ccm_ctx ccm;

    ccm_set_nonce(&ccm, &key->forward, key->encrypt, nonce_size, nonce, auth_size, length, tag_size);
    ccm_update(&ccm, &key->forward, key->encrypt, auth_size, auth);
    (encrypt ? ccm_encrypt : ccm_decrypt)(&ccm, &key->forward, key->encrypt, length, out, in);
    ccm_digest(&ccm, &key->forward, key->encrypt, tag_size, tag);
}

void cipher_chacha_poly1305(const void *memory, bool encrypt, const uint8_t *nonce, const uint8_t *auth,
                            size_t auth_size, size_t length, uint8_t *out, const uint8_t *in, uint8_t *tag)
{
    const struct key *key = memory;
    struct chacha_poly1305_ctx context;

    chacha_poly1305_set_key(&context, key->forward.chacha);
    chacha_poly1305_set_nonce(&context, nonce);
    chacha_poly1305_update(&context, auth_size, auth);
    (encrypt ? chacha_poly1305_encrypt : chacha_poly1305_decrypt)(&context, length, out, in);
    chacha_poly1305_digest(&context, CHACHA_POLY1305_DIGEST_SIZE, tag);
    explicit_bzero(&context, sizeof context);
}

static const uint8_t wrap_iv[8] = {0xa6, 0xa6, 0xa6, 0xa6, 0xa6, 0xa6, 0xa6, 0xa6};

void cipher_wrap(const void *memory, size_t size, uint8_t *wrapped, const uint8_t *clear)
{
    const struct key *key = memory;

    nist_keywrap16(&key->forward, key->encrypt, wrap_iv, size + 8, wrapped, clear);
}

bool cipher_unwrap(const void *memory, size_t size, uint8_t *clear, const uint8_t *wrapped)
{
    const struct key *key = memory;

    return nist_keyunwrap16(&key->backward, key->decrypt, wrap_iv, size, clear, wrapped);
}

struct cmac {
    struct key key;
    struct cmac128_key subkeys;
    struct cmac128_ctx context;
};

const size_t cipher_cmac_size = sizeof(struct cmac);

bool cipher_cmac_begin(void *memory, const uint8_t *bytes, size_t size)
{
    struct cmac *cmac = memory;

    if (!cipher_set_key(&cmac->key, CRYPTO_AES, bytes, size, 0))
        return false;
    cmac128_set_key(&cmac->subkeys, &cmac->key.forward, cmac->key.encrypt);
    cmac128_init(&cmac->context);
    return true;
}

void cipher_cmac_update(void *memory, size_t length, const uint8_t *data)
{
    struct cmac *cmac = memory;

    cmac128_update(&cmac->context, &cmac->key.forward, cmac->key.encrypt, length, data);
}

void cipher_cmac_digest(void *memory, uint8_t *tag)
{
    struct cmac *cmac = memory;

    cmac128_digest(&cmac->context, &cmac->subkeys, &cmac->key.forward, cmac->key.encrypt, CMAC128_DIGEST_SIZE, tag);
}
