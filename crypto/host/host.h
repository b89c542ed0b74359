/*
 * host.h: what the files of winrun-crypto.so share.
 */
#ifndef CRYPTO_HOST_H
#define CRYPTO_HOST_H

#include <gmp.h>
#include <nettle/nettle-meta.h>
#include "ntdll/crypto_plugin.h"

/* nettle's random function: the kernel's. */
void host_random(void *context, size_t length, uint8_t *out);

static inline void number_read(mpz_t number, const uint8_t *bytes, size_t size)
{
    mpz_import(number, size, 1, 1, 0, 0, bytes);
}
/* Padded in front; false: it has more bytes. */
bool number_write(const mpz_t number, uint8_t *bytes, size_t size);
/* Wipes a number that was secret. */
void number_clear(mpz_t number);

/* cipher.c */
bool cipher_set_key(void *key, int cipher, const uint8_t *bytes, size_t size, unsigned effective_bits);
void cipher_crypt(void *key, int mode, bool encrypt, uint8_t *iv, unsigned feedback, size_t length, uint8_t *out,
                  const uint8_t *in);
void cipher_gcm_set_key(void *gcm_key, const void *key);
void cipher_gcm_begin(struct crypto_gcm *gcm, const void *gcm_key, const uint8_t *nonce, size_t size);
void cipher_gcm_auth(struct crypto_gcm *gcm, const void *gcm_key, const uint8_t *data, size_t size);
void cipher_gcm_crypt(struct crypto_gcm *gcm, const void *gcm_key, const void *key, bool encrypt, size_t length,
                      uint8_t *out, const uint8_t *in);
void cipher_gcm_tag(struct crypto_gcm *gcm, const void *gcm_key, const void *key, size_t size, uint8_t *tag);
void cipher_ccm(const void *key, bool encrypt, const uint8_t *nonce, size_t nonce_size, const uint8_t *auth,
                size_t auth_size, size_t length, uint8_t *out, const uint8_t *in, uint8_t *tag, size_t tag_size);
void cipher_chacha_poly1305(const void *key, bool encrypt, const uint8_t *nonce, const uint8_t *auth, size_t auth_size,
                            size_t length, uint8_t *out, const uint8_t *in, uint8_t *tag);
void cipher_wrap(const void *key, size_t size, uint8_t *wrapped, const uint8_t *clear);
bool cipher_unwrap(const void *key, size_t size, uint8_t *clear, const uint8_t *wrapped);
bool cipher_cmac_begin(void *cmac, const uint8_t *key, size_t size);
void cipher_cmac_update(void *cmac, size_t length, const uint8_t *data);
void cipher_cmac_digest(void *cmac, uint8_t *tag);
extern const size_t cipher_key_size, cipher_gcm_key_size, cipher_cmac_size;

/* publickey.c */
bool rsa_generate(struct crypto_rsa *rsa);
bool rsa_complete(struct crypto_rsa *rsa);
bool rsa_public(const struct crypto_rsa *rsa, const uint8_t *in, uint8_t *out);
bool rsa_private(const struct crypto_rsa *rsa, const uint8_t *in, uint8_t *out);
bool pss_encode(const struct crypto_hash *hash, size_t bits, size_t salt_size, const uint8_t *digest, uint8_t *encoded,
                size_t size);
bool pss_verify(const struct crypto_hash *hash, size_t bits, size_t salt_size, const uint8_t *digest,
                const uint8_t *encoded, size_t size);
bool power(const uint8_t *base, const uint8_t *exponent, const uint8_t *modulus, size_t size, uint8_t *result);
bool dh_key(const uint8_t *p, const uint8_t *g, size_t size, uint8_t *x, uint8_t *y);
bool dsa_generate(struct crypto_dsa *dsa, bool new_group);
bool dsa_sign_digest(const struct crypto_dsa *dsa, const uint8_t *digest, size_t size, uint8_t *r, uint8_t *s);
bool dsa_verify_digest(const struct crypto_dsa *dsa, const uint8_t *digest, size_t size, const uint8_t *r,
                       const uint8_t *s);

/* curve.c */
bool ec_generate(int curve, uint8_t *x, uint8_t *y, uint8_t *d);
bool ec_public(int curve, const uint8_t *d, uint8_t *x, uint8_t *y);
bool ec_valid(int curve, const uint8_t *x, const uint8_t *y);
bool ec_agree(int curve, const uint8_t *d, const uint8_t *x, const uint8_t *y, uint8_t *secret);
bool ec_sign(int curve, const uint8_t *d, const uint8_t *digest, size_t size, uint8_t *r, uint8_t *s);
bool ec_verify(int curve, const uint8_t *x, const uint8_t *y, const uint8_t *digest, size_t size, const uint8_t *r,
               const uint8_t *s);

#endif
