/*
 * publickey.c: RSA, DSA and Diffie-Hellman, by hogweed and GMP.
 *
 * Layer: below Windows: nettle alone, no Windows header.
 */
#include <stdlib.h>
#include <string.h>
#include <nettle/dsa.h>
#include <nettle/pss.h>
#include <nettle/rsa.h>
#include "host.h"

static void read_public(struct rsa_public_key *public, const struct crypto_rsa *rsa)
{
    rsa_public_key_init(public);
    number_read(public->n, rsa->n, rsa->n_size);
    number_read(public->e, rsa->e, rsa->e_size);
}

static void clear_private(struct rsa_private_key *private)
{
    number_clear(private->d), number_clear(private->p), number_clear(private->q);
    number_clear(private->a), number_clear(private->b), number_clear(private->c);
}

static bool write_private(const struct rsa_private_key *private, const struct crypto_rsa *rsa)
{
    size_t half = (rsa->n_size + 1) / 2;

    return number_write(private->p, rsa->p, half) && number_write(private->q, rsa->q, half) &&
           number_write(private->a, rsa->dp, half) && number_write(private->b, rsa->dq, half) &&
           number_write(private->c, rsa->qi, half) && number_write(private->d, rsa->d, rsa->n_size);
}

bool rsa_generate(struct crypto_rsa *rsa)
{
    struct rsa_public_key public;
    struct rsa_private_key private;

    rsa_public_key_init(&public);
    rsa_private_key_init(&private);
    number_read(public.e, rsa->e, rsa->e_size);
    bool good = rsa_generate_keypair(&public, &private, NULL, host_random, NULL, NULL, (unsigned)rsa->bits, 0) &&
                number_write(public.n, rsa->n, rsa->n_size) && write_private(&private, rsa);
    rsa_public_key_clear(&public);
    clear_private(&private);
    return good;
}

bool rsa_complete(struct crypto_rsa *rsa)
{
    struct rsa_public_key public;
    struct rsa_private_key private;
    mpz_t p1, q1, product;
    size_t half = (rsa->n_size + 1) / 2;

    read_public(&public, rsa);
    rsa_private_key_init(&private);
    mpz_init(p1), mpz_init(q1), mpz_init(product);
    number_read(private.p, rsa->p, half);
    number_read(private.q, rsa->q, half);
    mpz_mul(product, private.p, private.q);
    bool good = mpz_cmp_ui(private.p, 1) > 0 && mpz_cmp_ui(private.q, 1) > 0 && !mpz_cmp(product, public.n);
    if (good) {
        mpz_sub_ui(p1, private.p, 1);
        mpz_sub_ui(q1, private.q, 1);
        mpz_lcm(product, p1, q1);
        good = mpz_invert(private.d, public.e, product) && mpz_invert(private.c, private.q, private.p);
        mpz_fdiv_r(private.a, private.d, p1);
        mpz_fdiv_r(private.b, private.d, q1);
        good = good && write_private(&private, rsa);
    }
    number_clear(p1), number_clear(q1), number_clear(product);
    rsa_public_key_clear(&public);
    clear_private(&private);
    return good;
}

bool rsa_public(const struct crypto_rsa *rsa, const uint8_t *in, uint8_t *out)
{
    struct rsa_public_key public;
    mpz_t number;

    mpz_init(number);
    read_public(&public, rsa);
    number_read(number, in, rsa->n_size);
    bool good = mpz_cmp(number, public.n) < 0 && mpz_odd_p(public.n);
    if (good) {
        mpz_powm(number, number, public.e, public.n);
        number_write(number, out, rsa->n_size);
    }
    rsa_public_key_clear(&public);
    mpz_clear(number);
    return good;
}

/* nettle's "tr" function blinds the number and checks the result, so a damaged key gives nothing away. */
bool rsa_private(const struct crypto_rsa *rsa, const uint8_t *in, uint8_t *out)
{
    struct rsa_public_key public;
    struct rsa_private_key private;
    size_t half = (rsa->n_size + 1) / 2;
    mpz_t number, result;

    read_public(&public, rsa);
    rsa_private_key_init(&private);
    mpz_init(number), mpz_init(result);
    number_read(private.p, rsa->p, half), number_read(private.q, rsa->q, half);
    number_read(private.a, rsa->dp, half), number_read(private.b, rsa->dq, half);
    number_read(private.c, rsa->qi, half), number_read(private.d, rsa->d, rsa->n_size);
    number_read(number, in, rsa->n_size);
    bool good = mpz_cmp(number, public.n) < 0 && rsa_public_key_prepare(&public) && rsa_private_key_prepare(&private) &&
                rsa_compute_root_tr(&public, &private, NULL, host_random, result, number) &&
                number_write(result, out, rsa->n_size);
    number_clear(number), number_clear(result);
    rsa_public_key_clear(&public);
    clear_private(&private);
    return good;
}

bool pss_encode(const struct crypto_hash *hash, size_t bits, size_t salt_size, const uint8_t *digest, uint8_t *encoded,
                size_t size)
{
    uint8_t *salt = malloc(salt_size + 1);
    mpz_t number;

    if (!salt)
        return false;
    host_random(NULL, salt_size, salt);
    mpz_init(number);
    bool good = pss_encode_mgf1(number, bits - 1, (const struct nettle_hash *)hash, salt_size, salt, digest) &&
                number_write(number, encoded, size);
    mpz_clear(number);
    free(salt);
    return good;
}

bool pss_verify(const struct crypto_hash *hash, size_t bits, size_t salt_size, const uint8_t *digest,
                const uint8_t *encoded, size_t size)
{
    mpz_t number;

    mpz_init(number);
    number_read(number, encoded, size);
    bool good = pss_verify_mgf1(number, bits - 1, (const struct nettle_hash *)hash, salt_size, digest);
    mpz_clear(number);
    return good;
}

bool power(const uint8_t *base, const uint8_t *exponent, const uint8_t *modulus, size_t size, uint8_t *result)
{
    mpz_t b, e, m;

    mpz_init(b), mpz_init(e), mpz_init(m);
    number_read(b, base, size), number_read(e, exponent, size), number_read(m, modulus, size);
    bool good = mpz_odd_p(m) && mpz_cmp_ui(m, 1) > 0 && mpz_sgn(e) > 0;
    if (good) {
        mpz_powm_sec(b, b, e, m);
        number_write(b, result, size);
    }
    number_clear(b), number_clear(e), mpz_clear(m);
    return good;
}

/* A number from 1 to limit - 1. */
static void random_below(mpz_t number, const mpz_t limit)
{
    nettle_mpz_random(number, NULL, host_random, limit);
    if (!mpz_sgn(number))
        mpz_set_ui(number, 1);
}

bool dh_key(const uint8_t *p, const uint8_t *g, size_t size, uint8_t *x, uint8_t *y)
{
    mpz_t limit, number;

    mpz_init(limit), mpz_init(number);
    number_read(limit, p, size);
    bool good = mpz_odd_p(limit) && mpz_cmp_ui(limit, 3) > 0;
    if (good) {
        mpz_sub_ui(limit, limit, 1);
        random_below(number, limit);
        number_write(number, x, size);
        good = power(g, x, p, size, y);
    }
    mpz_clear(limit), number_clear(number);
    return good;
}

static bool read_params(struct dsa_params *params, const struct crypto_dsa *dsa)
{
    dsa_params_init(params);
    number_read(params->p, dsa->p, dsa->p_size);
    number_read(params->q, dsa->q, dsa->q_size);
    number_read(params->g, dsa->g, dsa->p_size);
    return mpz_odd_p(params->p) && mpz_odd_p(params->q) && mpz_cmp_ui(params->q, 3) > 0;
}

bool dsa_generate(struct crypto_dsa *dsa, bool new_group)
{
    struct dsa_params params;
    mpz_t x, y;
    bool good = true;

    if (new_group) {
        dsa_params_init(&params);
        good = dsa_generate_params(&params, NULL, host_random, NULL, NULL, (unsigned)dsa->p_size * 8,
                                   (unsigned)dsa->q_size * 8) &&
               number_write(params.p, dsa->p, dsa->p_size) && number_write(params.q, dsa->q, dsa->q_size) &&
               number_write(params.g, dsa->g, dsa->p_size);
    } else {
        good = read_params(&params, dsa);
    }
    mpz_init(x), mpz_init(y);
    if (good) {
        dsa_generate_keypair(&params, y, x, NULL, host_random);
        good = number_write(x, dsa->x, dsa->q_size) && number_write(y, dsa->y, dsa->p_size);
    }
    number_clear(x), mpz_clear(y);
    dsa_params_clear(&params);
    return good;
}

bool dsa_sign_digest(const struct crypto_dsa *dsa, const uint8_t *digest, size_t size, uint8_t *r, uint8_t *s)
{
    struct dsa_params params;
    struct dsa_signature signature;
    mpz_t x;

    mpz_init(x);
    dsa_signature_init(&signature);
    number_read(x, dsa->x, dsa->q_size);
    bool good = read_params(&params, dsa) && dsa_sign(&params, x, NULL, host_random, size, digest, &signature) &&
                number_write(signature.r, r, dsa->q_size) && number_write(signature.s, s, dsa->q_size);
    number_clear(x);
    dsa_signature_clear(&signature);
    dsa_params_clear(&params);
    return good;
}

bool dsa_verify_digest(const struct crypto_dsa *dsa, const uint8_t *digest, size_t size, const uint8_t *r,
                       const uint8_t *s)
{
    struct dsa_params params;
    struct dsa_signature signature;
    mpz_t y;

    mpz_init(y);
    dsa_signature_init(&signature);
    number_read(y, dsa->y, dsa->p_size);
    number_read(signature.r, r, dsa->q_size);
    number_read(signature.s, s, dsa->q_size);
    bool good = read_params(&params, dsa) && dsa_verify(&params, y, size, digest, &signature);
    mpz_clear(y);
    dsa_signature_clear(&signature);
    dsa_params_clear(&params);
    return good;
}
