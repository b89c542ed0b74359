/*
 * bcrypt_pair.c: public and private keys: making them, and their blobs.
 *
 * A key's numbers lie as in the blob that has all of them: RSA e n p q dp dq qi d; curves x y d; DH p g y x; DSA p g y
 * q x.
 *
 * Layer: bcrypt, above the plug-in's table.
 */
#include "bcrypt_private.h"
#include "bcrypt_pair.h"

/* Curves as the plug-in numbers them. */
static const struct {
    USHORT bits;
    const char *oid;                  /* NULL: of no certificates */
    const WCHAR *name, *sign, *agree; /* algorithms of their own, or NULL */
} curves[] = {
    [CRYPTO_P256] = {256, "1.2.840.10045.3.1.7", L"nistP256", L"ECDSA_P256", L"ECDH_P256"},
    [CRYPTO_P384] = {384, "1.3.132.0.34", L"nistP384", L"ECDSA_P384", L"ECDH_P384"},
    [CRYPTO_P521] = {521, "1.3.132.0.35", L"nistP521", L"ECDSA_P521", L"ECDH_P521"},
    [CRYPTO_25519] = {255, NULL, L"curve25519"},
    [CRYPTO_P192] = {192, "1.2.840.10045.3.1.1", L"nistP192"},
    [CRYPTO_P224] = {224, "1.3.132.0.33", L"nistP224"},
};

static const struct {
    const WCHAR *name;
    int curve;
} other_names[] = {
    {L"secP256r1", CRYPTO_P256},  {L"secP384r1", CRYPTO_P384}, {L"secP521r1", CRYPTO_P521},
    {L"secP192r1", CRYPTO_P192},  {L"secP224r1", CRYPTO_P224}, {L"x962P192v1", CRYPTO_P192},
    {L"x962P256v1", CRYPTO_P256},
};

ULONG curve_bits(int curve)
{
    return curves[curve].bits;
}

ULONG curve_bytes(int curve)
{
    return (curve_bits(curve) + 7) / 8;
}

int curve_from_name(const WCHAR *name)
{
    for (size_t i = 0; i < ARRAYSIZE(curves); i++)
        if (!wide_compare_nocase(curves[i].name, name) ||
            (curves[i].sign && !wide_compare_nocase(curves[i].sign, name)) ||
            (curves[i].agree && !wide_compare_nocase(curves[i].agree, name)))
            return (int)i;
    for (size_t i = 0; i < ARRAYSIZE(other_names); i++)
        if (!wide_compare_nocase(other_names[i].name, name))
            return other_names[i].curve;
    return -1;
}

const WCHAR *curve_name(int curve)
{
    return curves[curve].name;
}

int curve_from_oid(const char *oid)
{
    for (size_t i = 0; i < ARRAYSIZE(curves); i++)
        if (curves[i].oid && !strcmp(curves[i].oid, oid))
            return (int)i;
    return -1;
}

const char *curve_oid(int curve)
{
    return curves[curve].oid;
}

const WCHAR *curve_algorithm(int curve, bool agree)
{
    const WCHAR *own = agree ? curves[curve].agree : curves[curve].sign;

    return own ? own : agree ? L"ECDH" : L"ECDSA";
}

struct crypto_rsa rsa_numbers(const struct bcrypt_key *key)
{
    ULONG size = (key->bits + 7) / 8, half = (size + 1) / 2;
    UCHAR *at = key->numbers;
    struct crypto_rsa rsa = {.n_size = size, .e_size = key->e_size, .bits = key->bits};

    rsa.e = at, rsa.n = at + key->e_size, rsa.p = rsa.n + size, rsa.q = rsa.p + half, rsa.dp = rsa.q + half;
    rsa.dq = rsa.dp + half, rsa.qi = rsa.dq + half, rsa.d = rsa.qi + half;
    return rsa;
}

struct crypto_dsa dsa_numbers(const struct bcrypt_key *key)
{
    ULONG size = (key->bits + 7) / 8;
    UCHAR *at = key->numbers;

    return (struct crypto_dsa){
        size, key->q_size, at, at + 3 * size, at + size, at + 2 * size, at + 3 * size + key->q_size};
}

NTSTATUS pair_allocate(struct bcrypt_key *key)
{
    ULONG size = (key->bits + 7) / 8;

    switch (key->algorithm.info->kind) {
    case KIND_RSA:
        key->numbers_size = key->e_size + 2 * size + 5 * ((size + 1) / 2);
        break;
    case KIND_DH:
        key->numbers_size = 4 * size;
        break;
    case KIND_DSA:
        key->numbers_size = 3 * size + 2 * key->q_size;
        break;
    default:
        key->numbers_size = 3 * curve_bytes(key->algorithm.curve);
    }
    key->numbers = crypto_alloc(key->numbers_size);
    return key->numbers ? STATUS_SUCCESS : STATUS_NO_MEMORY;
}

static bool is_pair(const struct algorithm_info *info)
{
    return info->kind != KIND_HASH && info->kind != KIND_CIPHER && info->kind != KIND_RNG && info->kind != KIND_KDF &&
           info->kind != KIND_MAC;
}

static NTSTATUS pair_bits(struct bcrypt_key *key, ULONG bits)
{
    const struct algorithm_info *info = key->algorithm.info;

    if (info->kind == KIND_ECDSA || info->kind == KIND_ECDH) {
        if (key->algorithm.curve < 0 || (info->kind == KIND_ECDSA && key->algorithm.curve == CRYPTO_25519))
            return STATUS_INVALID_PARAMETER;
        if (bits && bits != curve_bits(key->algorithm.curve))
            return STATUS_INVALID_PARAMETER;
        key->bits = curve_bits(key->algorithm.curve);
        return STATUS_SUCCESS;
    }
    if (bits < info->min_bits || bits > info->max_bits || bits % info->step_bits)
        return STATUS_INVALID_PARAMETER;
    key->bits = bits;
    return STATUS_SUCCESS;
}

NTSTATUS WINAPI BCryptGenerateKeyPair(BCRYPT_ALG_HANDLE handle, BCRYPT_KEY_HANDLE *out, ULONG bits, ULONG flags)
{
    struct algorithm *algorithm = algorithm_from_handle(handle);
    struct bcrypt_key *key;
    NTSTATUS status;

    if (!algorithm)
        return STATUS_INVALID_HANDLE;
    if (!out || flags)
        return STATUS_INVALID_PARAMETER;
    if (!is_pair(algorithm->info))
        return STATUS_NOT_SUPPORTED;
    if (!crypto_plugin())
        return STATUS_NOT_SUPPORTED;
    key = key_new(algorithm);
    if (!key)
        return STATUS_NO_MEMORY;
    status = pair_bits(key, bits);
    if (status) {
        key_free(key);
        return status;
    }
    *out = key;
    return STATUS_SUCCESS;
}

/* DSA's and DH's group, unless the program has given one, is made anew, as on Windows. */
static bool make_dsa(struct bcrypt_key *key)
{
    bool group = !key->numbers;
    struct crypto_dsa dsa;

    if (group) {
        key->q_size = key->bits <= 1024 ? 20 : 32;
        if (pair_allocate(key))
            return false;
    }
    dsa = dsa_numbers(key);
    return crypto_plugin()->dsa_generate(&dsa, group);
}

static bool make_dh(struct bcrypt_key *key)
{
    ULONG size = (key->bits + 7) / 8;
    UCHAR *at = key->numbers;

    if (!at) {
        if (pair_allocate(key) || !dh_default_group(key->bits, key->numbers))
            return false;
        at = key->numbers;
    }
    return crypto_plugin()->dh_key(at, at + size, size, at + 3 * size, at + 2 * size);
}

static bool make_rsa(struct bcrypt_key *key)
{
    struct crypto_rsa rsa;

    key->e_size = 3;
    if (pair_allocate(key))
        return false;
    rsa = rsa_numbers(key);
    memcpy(rsa.e, "\1\0\1", 3);
    /* completed, so that d is the same one that an import computes */
    return crypto_plugin()->rsa_generate(&rsa) && crypto_plugin()->rsa_complete(&rsa);
}

static bool make_curve(struct bcrypt_key *key)
{
    ULONG size = curve_bytes(key->algorithm.curve);

    return !pair_allocate(key) && crypto_plugin()->ec_generate(key->algorithm.curve, key->numbers, key->numbers + size,
                                                               key->numbers + 2 * size);
}

NTSTATUS WINAPI BCryptFinalizeKeyPair(BCRYPT_KEY_HANDLE handle, ULONG flags)
{
    struct bcrypt_key *key = key_from_handle(handle);
    bool good;

    if (!key)
        return STATUS_INVALID_HANDLE;
    if (flags)
        return STATUS_INVALID_PARAMETER;
    if (key->finished || !is_pair(key->algorithm.info))
        return STATUS_INVALID_HANDLE;
    switch (key->algorithm.info->kind) {
    case KIND_RSA:
        good = make_rsa(key);
        break;
    case KIND_DH:
        good = make_dh(key);
        break;
    case KIND_DSA:
        good = make_dsa(key);
        break;
    default:
        good = make_curve(key);
    }
    if (!good)
        return STATUS_INVALID_PARAMETER;
    key->finished = key->has_private = true;
    return STATUS_SUCCESS;
}

NTSTATUS pair_get_property(struct bcrypt_key *key, const WCHAR *name, UCHAR *out, ULONG room, ULONG *result)
{
    ULONG size = (key->bits + 7) / 8, signature = pair_signature_size(key);

    if (!wide_compare_nocase(name, BCRYPT_SIGNATURE_LENGTH) && signature)
        return crypto_answer(&signature, sizeof signature, out, room, result);
    if (!wide_compare_nocase(name, BCRYPT_BLOCK_LENGTH) && key->algorithm.info->kind == KIND_RSA)
        return crypto_answer(&size, sizeof size, out, room, result);
    if (!wide_compare_nocase(name, L"PublicKeyLength"))
        return crypto_answer(&key->bits, sizeof key->bits, out, room, result);
    return STATUS_NOT_SUPPORTED;
}

NTSTATUS pair_set_property(struct bcrypt_key *key, const WCHAR *name, const UCHAR *value, ULONG size)
{
    ULONG bytes = (key->bits + 7) / 8;
    BCRYPT_DH_PARAMETER_HEADER header;

    if (key->finished)
        return STATUS_INVALID_HANDLE;
    if (!wide_compare_nocase(name, BCRYPT_KEY_LENGTH) && size == sizeof(ULONG)) {
        ULONG bits;

        memcpy(&bits, value, sizeof bits);
        return pair_bits(key, bits);
    }
    if (key->algorithm.info->kind != KIND_DH || wide_compare_nocase(name, BCRYPT_DH_PARAMETERS))
        return STATUS_NOT_SUPPORTED;
    if (size < sizeof header || size < sizeof header + 2 * bytes)
        return STATUS_INVALID_PARAMETER;
    memcpy(&header, value, sizeof header);
    if (header.dwMagic != BCRYPT_DH_PARAMETERS_MAGIC || header.cbKeyLength != bytes)
        return STATUS_INVALID_PARAMETER;
    if (!key->numbers && pair_allocate(key))
        return STATUS_NO_MEMORY;
    memcpy(key->numbers, value + sizeof header, 2 * bytes);
    return STATUS_SUCCESS;
}
