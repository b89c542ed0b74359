/*
 * curve.c: elliptic curves: keys, ECDSA, ECDH and X25519, by hogweed.
 *
 * Layer: below Windows: nettle alone, no Windows header.
 */
#include <string.h>
#include <nettle/curve25519.h>
#include <nettle/ecc-curve.h>
#include <nettle/ecdsa.h>
#include "host.h"

static const struct ecc_curve *curve_of(int curve)
{
    return curve == CRYPTO_P256   ? nettle_get_secp_256r1()
           : curve == CRYPTO_P384 ? nettle_get_secp_384r1()
           : curve == CRYPTO_P192 ? nettle_get_secp_192r1()
           : curve == CRYPTO_P224 ? nettle_get_secp_224r1()
                                  : nettle_get_secp_521r1();
}

static size_t curve_bytes(const struct ecc_curve *curve)
{
    return (ecc_bit_size(curve) + 7) / 8;
}

static bool point_read(struct ecc_point *point, const struct ecc_curve *curve, const uint8_t *x, const uint8_t *y)
{
    mpz_t mx, my;

    mpz_init(mx), mpz_init(my);
    number_read(mx, x, curve_bytes(curve));
    number_read(my, y, curve_bytes(curve));
    ecc_point_init(point, curve);
    bool good = ecc_point_set(point, mx, my);
    mpz_clear(mx), mpz_clear(my);
    return good;
}

static void point_write(const struct ecc_point *point, uint8_t *x, uint8_t *y)
{
    mpz_t mx, my;

    mpz_init(mx), mpz_init(my);
    ecc_point_get(point, mx, my);
    number_write(mx, x, curve_bytes(point->ecc));
    if (y)
        number_write(my, y, curve_bytes(point->ecc));
    number_clear(mx), number_clear(my);
}

static bool scalar_read(struct ecc_scalar *scalar, const struct ecc_curve *curve, const uint8_t *d)
{
    mpz_t number;

    mpz_init(number);
    number_read(number, d, curve_bytes(curve));
    ecc_scalar_init(scalar, curve);
    bool good = ecc_scalar_set(scalar, number);
    number_clear(number);
    return good;
}

bool ec_generate(int curve, uint8_t *x, uint8_t *y, uint8_t *d)
{
    struct ecc_point point;
    struct ecc_scalar scalar;
    mpz_t number;

    if (curve == CRYPTO_25519) {
        host_random(NULL, CURVE25519_SIZE, d);
        d[0] &= 248, d[31] = (d[31] & 127) | 64;
        return ec_public(curve, d, x, y);
    }
    ecc_point_init(&point, curve_of(curve));
    ecc_scalar_init(&scalar, curve_of(curve));
    ecdsa_generate_keypair(&point, &scalar, NULL, host_random);
    point_write(&point, x, y);
    mpz_init(number);
    ecc_scalar_get(&scalar, number);
    number_write(number, d, curve_bytes(scalar.ecc));
    number_clear(number);
    ecc_point_clear(&point);
    ecc_scalar_clear(&scalar);
    return true;
}

bool ec_public(int curve, const uint8_t *d, uint8_t *x, uint8_t *y)
{
    struct ecc_scalar scalar;
    struct ecc_point point;

    if (curve == CRYPTO_25519) {
        curve25519_mul_g(x, d);
        memset(y, 0, CURVE25519_SIZE);
        return true;
    }
    bool good = scalar_read(&scalar, curve_of(curve), d);
    if (good) {
        ecc_point_init(&point, scalar.ecc);
        ecc_point_mul_g(&point, &scalar);
        point_write(&point, x, y);
        ecc_point_clear(&point);
    }
    ecc_scalar_clear(&scalar);
    return good;
}

bool ec_valid(int curve, const uint8_t *x, const uint8_t *y)
{
    struct ecc_point point;

    if (curve == CRYPTO_25519)
        return true;
    bool good = point_read(&point, curve_of(curve), x, y);
    ecc_point_clear(&point);
    return good;
}

bool ec_agree(int curve, const uint8_t *d, const uint8_t *x, const uint8_t *y, uint8_t *secret)
{
    struct ecc_scalar scalar;
    struct ecc_point point;

    if (curve == CRYPTO_25519) {
        uint8_t any = 0;

        curve25519_mul(secret, d, x);
        for (unsigned i = 0; i < CURVE25519_SIZE; i++)
            any |= secret[i];
        return any; /* a point of small order gives nothing */
    }
    bool good = scalar_read(&scalar, curve_of(curve), d);
    good = point_read(&point, curve_of(curve), x, y) && good;
    if (good) {
        ecc_point_mul(&point, &scalar, &point);
        point_write(&point, secret, NULL);
    }
    ecc_point_clear(&point);
    ecc_scalar_clear(&scalar);
    return good;
}

bool ec_sign(int curve, const uint8_t *d, const uint8_t *digest, size_t size, uint8_t *r, uint8_t *s)
{
    struct ecc_scalar scalar;
    struct dsa_signature signature;
    bool good = curve != CRYPTO_25519 && scalar_read(&scalar, curve_of(curve), d);

    if (curve == CRYPTO_25519)
        return false;
    if (good) {
        dsa_signature_init(&signature);
        ecdsa_sign(&scalar, NULL, host_random, size, digest, &signature);
        number_write(signature.r, r, curve_bytes(scalar.ecc));
        number_write(signature.s, s, curve_bytes(scalar.ecc));
        dsa_signature_clear(&signature);
    }
    ecc_scalar_clear(&scalar);
    return good;
}

bool ec_verify(int curve, const uint8_t *x, const uint8_t *y, const uint8_t *digest, size_t size, const uint8_t *r,
               const uint8_t *s)
{
    struct ecc_point point;
    struct dsa_signature signature;

    if (curve == CRYPTO_25519)
        return false;
    bool good = point_read(&point, curve_of(curve), x, y);
    if (good) {
        dsa_signature_init(&signature);
        number_read(signature.r, r, curve_bytes(point.ecc));
        number_read(signature.s, s, curve_bytes(point.ecc));
        good = ecdsa_verify(&point, size, digest, &signature);
        dsa_signature_clear(&signature);
    }
    ecc_point_clear(&point);
    return good;
}
