/*
 * keyform.c: keys as certificates (SubjectPublicKeyInfo) and PKCS #8 have them, from and to bcrypt's keys.
 *
 * Layer: crypt32, above bcrypt; ncrypt's PKCS #8 blobs are these as well.
 */
#include "crypt32/keyform.h"

#define OID_EC "1.2.840.10045.2.1"

/* A number of the encoding: the highest byte first, without zeros before it. */
struct number {
    const BYTE *data;
    DWORD size;
};

static bool number_take(const BYTE **at, const BYTE *end, struct number *number)
{
    struct der_item item;

    if (!der_expect(at, end, DER_INTEGER, &item) || !item.size || item.data[0] & 0x80)
        return false;
    *number = (struct number){item.data, item.size};
    while (number->size > 1 && !*number->data)
        number->data++, number->size--;
    return true;
}

static bool number_put(struct encoder *out, const BYTE *data, size_t size)
{
    size_t before = out->used;

    while (size > 1 && !*data)
        data++, size--;
    return encoder_put(out, data, size) && (!(data[0] & 0x80) || encoder_put(out, "", 1)) &&
           encoder_wrap(out, DER_INTEGER, before);
}

/* Right-aligned in a field of a blob; false: too long. */
static bool number_place(BYTE *to, DWORD room, struct number number)
{
    if (number.size > room)
        return false;
    memset(to, 0, room - number.size);
    memcpy(to + room - number.size, number.data, number.size);
    return true;
}

/* ---- to bcrypt's keys: through its blobs, which are checked there ---- */

static NTSTATUS blob_import(const WCHAR *algorithm, int curve, const WCHAR *type, BYTE *blob, DWORD size,
                            BCRYPT_KEY_HANDLE *key)
{
    struct algorithm handle = {.mark = ALGORITHM_MARK, .info = algorithm_find(algorithm), .curve = curve};
    NTSTATUS status = BCryptImportKeyPair(&handle, NULL, type, key, blob, size, 0);

    crypto_free_secret(blob, size);
    return status;
}

static NTSTATUS rsa_key(struct number n, struct number e, const struct number *primes, BCRYPT_KEY_HANDLE *key)
{
    struct number p = primes ? primes[0] : (struct number){0}, q = primes ? primes[1] : p;
    BCRYPT_RSAKEY_BLOB head = {
        primes ? BCRYPT_RSAPRIVATE_MAGIC : BCRYPT_RSAPUBLIC_MAGIC, n.size * 8, e.size, n.size, p.size, q.size};
    DWORD size = (DWORD)sizeof head + e.size + n.size + p.size + q.size;
    BYTE *blob = crypto_alloc(size), *at = blob;
    const struct number *parts[] = {&e, &n, &p, &q};

    if (!blob)
        return STATUS_NO_MEMORY;
    memcpy(at, &head, sizeof head);
    at += sizeof head;
    for (size_t i = 0; i < ARRAYSIZE(parts); i++)
        if (parts[i]->size) {
            memcpy(at, parts[i]->data, parts[i]->size);
            at += parts[i]->size;
        }
    return blob_import(L"RSA", 0, primes ? BCRYPT_RSAPRIVATE_BLOB : BCRYPT_RSAPUBLIC_BLOB, blob, size, key);
}

/* A point as 4, x, y; without one it follows from the private number. */
static NTSTATUS curve_key(int curve, bool agree, const BYTE *point, DWORD point_size, const struct number *secret,
                          BCRYPT_KEY_HANDLE *key)
{
    ULONG bytes = curve_bytes(curve);
    BCRYPT_ECCKEY_BLOB head = {agree
                                   ? (secret ? BCRYPT_ECDH_PRIVATE_GENERIC_MAGIC : BCRYPT_ECDH_PUBLIC_GENERIC_MAGIC)
                                   : (secret ? BCRYPT_ECDSA_PRIVATE_GENERIC_MAGIC : BCRYPT_ECDSA_PUBLIC_GENERIC_MAGIC),
                               bytes};
    DWORD size = (DWORD)sizeof head + bytes * (secret ? 3 : 2);
    BYTE *blob;

    if (point && (point_size != 2 * bytes + 1 || *point != 4))
        return STATUS_NOT_SUPPORTED;
    blob = crypto_alloc(size);
    if (!blob)
        return STATUS_NO_MEMORY;
    memcpy(blob, &head, sizeof head);
    if (point)
        memcpy(blob + sizeof head, point + 1, 2 * bytes);
    if (secret && !number_place(blob + sizeof head + 2 * bytes, bytes, *secret)) {
        crypto_free(blob);
        return STATUS_INVALID_PARAMETER;
    }
    const WCHAR *name = curve_algorithm(curve, agree);
    return blob_import(name, curve, secret ? BCRYPT_ECCPRIVATE_BLOB : BCRYPT_ECCPUBLIC_BLOB, blob, size, key);
}

struct dsa_group {
    struct number p, q, g;
};

static bool dsa_group_take(const CRYPT_DATA_BLOB *parameters, struct dsa_group *group)
{
    const BYTE *at = parameters->pbData, *end = at + parameters->cbData;
    struct der_item item;

    if (!parameters->cbData || !der_expect(&at, end, DER_SEQUENCE, &item))
        return false;
    at = item.data;
    end = at + item.size;
    return number_take(&at, end, &group->p) && number_take(&at, end, &group->q) && number_take(&at, end, &group->g) &&
           group->q.size <= 32 && group->p.size >= 64 && group->p.size <= 384;
}

static NTSTATUS dsa_key(const struct dsa_group *group, struct number y, const struct number *x, BCRYPT_KEY_HANDLE *key)
{
    bool second = group->p.size > 128;
    DWORD bytes = group->p.size, q_size = second ? group->q.size : 20;
    BCRYPT_DSA_KEY_BLOB old = {x ? BCRYPT_DSA_PRIVATE_MAGIC : BCRYPT_DSA_PUBLIC_MAGIC, bytes};
    BCRYPT_DSA_KEY_BLOB_V2 new = {x ? BCRYPT_DSA_PRIVATE_MAGIC_V2 : BCRYPT_DSA_PUBLIC_MAGIC_V2,
                                  bytes,
                                  DSA_HASH_ALGORITHM_SHA256,
                                  DSA_FIPS186_3,
                                  q_size,
                                  q_size};
    DWORD head = (DWORD)(second ? sizeof new + 2 * q_size : sizeof old), size = head + 3 * bytes + (x ? q_size : 0);
    BYTE *blob = crypto_alloc(size);

    if (!blob)
        return STATUS_NO_MEMORY;
    memset(blob, 0xff, head); /* how the group was made is not known */
    if (second) {
        memset(new.Count, 0xff, sizeof new.Count);
        memcpy(blob, &new, sizeof new);
    } else {
        memcpy(blob, &old, offsetof(BCRYPT_DSA_KEY_BLOB, Count));
    }
    if (!number_place(second ? blob + sizeof new + q_size : blob + offsetof(BCRYPT_DSA_KEY_BLOB, q), q_size,
                      group->q) ||
        !number_place(blob + head, bytes, group->p) || !number_place(blob + head + bytes, bytes, group->g) ||
        !number_place(blob + head + 2 * bytes, bytes, y) || (x && !number_place(blob + head + 3 * bytes, q_size, *x))) {
        crypto_free(blob);
        return STATUS_INVALID_PARAMETER;
    }
    return blob_import(L"DSA", 0, x ? BCRYPT_DSA_PRIVATE_BLOB : BCRYPT_DSA_PUBLIC_BLOB, blob, size, key);
}

static int curve_of(const CRYPT_DATA_BLOB *parameters)
{
    DWORD needed;
    LPSTR *oid = parameters->cbData ? asn_decode(&asn_oid, parameters->pbData, parameters->cbData, 0, &needed) : NULL;
    int curve = oid ? curve_from_oid(*oid) : -1;

    crypt_free(oid);
    return curve;
}

NTSTATUS key_from_public_info(const CERT_PUBLIC_KEY_INFO *info, bool agree, BCRYPT_KEY_HANDLE *key)
{
    const BYTE *at = info->PublicKey.pbData, *end = at + info->PublicKey.cbData;
    const char *algorithm = info->Algorithm.pszObjId;
    struct number n, e;
    struct der_item item;
    struct dsa_group group;
    int curve;

    if (!crypto_plugin() || !algorithm || !at)
        return STATUS_NOT_SUPPORTED;
    if (!strcmp(algorithm, szOID_RSA_RSA)) {
        if (!der_expect(&at, end, DER_SEQUENCE, &item))
            return STATUS_INVALID_PARAMETER;
        at = item.data;
        end = at + item.size;
        return number_take(&at, end, &n) && number_take(&at, end, &e) ? rsa_key(n, e, NULL, key)
                                                                      : STATUS_INVALID_PARAMETER;
    }
    if (!strcmp(algorithm, OID_EC)) {
        curve = curve_of(&info->Algorithm.Parameters);
        return curve < 0 ? STATUS_NOT_SUPPORTED
                         : curve_key(curve, agree, info->PublicKey.pbData, info->PublicKey.cbData, NULL, key);
    }
    if (!strcmp(algorithm, szOID_X957_DSA) || !strcmp(algorithm, szOID_OIWSEC_dsa))
        return dsa_group_take(&info->Algorithm.Parameters, &group) && number_take(&at, end, &n)
                   ? dsa_key(&group, n, NULL, key)
                   : STATUS_INVALID_PARAMETER;
    return STATUS_NOT_SUPPORTED;
}

/* RSAPrivateKey: version, n, e, d, p, q and what follows from them. */
static NTSTATUS rsa_private(const CRYPT_DATA_BLOB *data, BCRYPT_KEY_HANDLE *key)
{
    const BYTE *at = data->pbData, *end = at + data->cbData;
    struct number numbers[6];
    struct der_item item;

    if (!data->cbData || !der_expect(&at, end, DER_SEQUENCE, &item))
        return STATUS_INVALID_PARAMETER;
    at = item.data;
    end = at + item.size;
    for (size_t i = 0; i < ARRAYSIZE(numbers); i++)
        if (!number_take(&at, end, &numbers[i]))
            return STATUS_INVALID_PARAMETER;
    return rsa_key(numbers[1], numbers[2], numbers + 4, key);
}

/* ECPrivateKey: version, d, [0] curve, [1] point. */
static NTSTATUS curve_private(const CRYPT_PRIVATE_KEY_INFO *info, bool agree, BCRYPT_KEY_HANDLE *key)
{
    const BYTE *at = info->PrivateKey.pbData, *end = at + info->PrivateKey.cbData;
    struct der_item whole, item, secret, point = {0};
    int curve = curve_of(&info->Algorithm.Parameters);

    if (!info->PrivateKey.cbData || !der_expect(&at, end, DER_SEQUENCE, &whole))
        return STATUS_INVALID_PARAMETER;
    at = whole.data;
    end = at + whole.size;
    if (!der_expect(&at, end, DER_INTEGER, &item) || !der_expect(&at, end, DER_OCTETS, &secret) || !secret.size)
        return STATUS_INVALID_PARAMETER;
    if (der_expect(&at, end, DER_CONTEXT | DER_CONSTRUCTED, &item) && curve < 0)
        curve = curve_of(&(CRYPT_DATA_BLOB){item.size, (BYTE *)item.data});
    if (der_expect(&at, end, DER_CONTEXT | DER_CONSTRUCTED | 1, &item)) {
        const BYTE *inside = item.data;

        if (!der_expect(&inside, item.data + item.size, DER_BITS, &point) || point.size < 2)
            return STATUS_INVALID_PARAMETER;
        point.data++, point.size--;
    }
    if (curve < 0)
        return STATUS_NOT_SUPPORTED;
    while (secret.size > 1 && !*secret.data)
        secret.data++, secret.size--;
    return curve_key(curve, agree, point.data, point.size, &(struct number){secret.data, secret.size}, key);
}

/* Only x is there: y = g^x mod p. */
static NTSTATUS dsa_private(const CRYPT_PRIVATE_KEY_INFO *info, BCRYPT_KEY_HANDLE *key)
{
    const BYTE *at = info->PrivateKey.pbData, *end = at + info->PrivateKey.cbData;
    BYTE base[384], exponent[384], y[384];
    struct dsa_group group;
    struct number x;
    NTSTATUS status = STATUS_INVALID_PARAMETER;

    if (!dsa_group_take(&info->Algorithm.Parameters, &group) || !number_take(&at, end, &x))
        return status;
    if (group.p.data[group.p.size - 1] & 1 && number_place(base, group.p.size, group.g) &&
        number_place(exponent, group.p.size, x) &&
        crypto_plugin()->power(base, exponent, group.p.data, group.p.size, y))
        status = dsa_key(&group, (struct number){y, group.p.size}, &x, key);
    explicit_bzero(exponent, sizeof exponent);
    return status;
}

NTSTATUS key_from_pkcs8(const BYTE *data, DWORD size, bool agree, BCRYPT_KEY_HANDLE *key)
{
    NTSTATUS status = STATUS_NOT_SUPPORTED;
    CRYPT_PRIVATE_KEY_INFO *info;
    DWORD needed;

    if (!crypto_plugin())
        return status;
    info = asn_decode(&asn_private_key, data, size, 0, &needed);
    if (!info)
        return STATUS_INVALID_PARAMETER;
    if (!strcmp(info->Algorithm.pszObjId, szOID_RSA_RSA))
        status = rsa_private(&info->PrivateKey, key);
    else if (!strcmp(info->Algorithm.pszObjId, OID_EC))
        status = curve_private(info, agree, key);
    else if (!strcmp(info->Algorithm.pszObjId, szOID_X957_DSA))
        status = dsa_private(info, key);
    crypto_free_secret(info, needed);
    return status;
}

/* ---- and from them ---- */

/* AlgorithmIdentifier, from its end. */
static bool algorithm_put(struct encoder *out, const struct bcrypt_key *key)
{
    size_t before = out->used;

    switch (key->algorithm.info->kind) {
    case KIND_RSA:
        return encoder_put(out, "\5\0", 2) && oid_encode(out, szOID_RSA_RSA) && encoder_wrap(out, DER_SEQUENCE, before);
    case KIND_DSA: {
        struct crypto_dsa dsa = dsa_numbers(key);

        return number_put(out, dsa.g, dsa.p_size) && number_put(out, dsa.q, dsa.q_size) &&
               number_put(out, dsa.p, dsa.p_size) && encoder_wrap(out, DER_SEQUENCE, before) &&
               oid_encode(out, szOID_X957_DSA) && encoder_wrap(out, DER_SEQUENCE, before);
    }
    case KIND_ECDSA:
    case KIND_ECDH:
        return curve_oid(key->algorithm.curve) && oid_encode(out, curve_oid(key->algorithm.curve)) &&
               oid_encode(out, OID_EC) && encoder_wrap(out, DER_SEQUENCE, before);
    }
    return false;
}

static bool point_put(struct encoder *out, const struct bcrypt_key *key)
{
    return encoder_put(out, key->numbers, 2 * curve_bytes(key->algorithm.curve)) && encoder_put(out, "\0\4", 2);
}

static BYTE *finish(struct encoder *out, bool good, DWORD *size)
{
    if (!good) {
        crypto_free_secret(out->base, out->base ? out->room : 0);
        return NULL;
    }
    memmove(out->base, encoder_data(out), out->used);
    *size = (DWORD)out->used;
    return out->base;
}

BYTE *key_public_info(BCRYPT_KEY_HANDLE handle, DWORD *size)
{
    struct bcrypt_key *key = key_from_handle(handle);
    struct encoder out = {0};
    bool good = key && key->finished;

    if (!good)
        return NULL;
    switch (key->algorithm.info->kind) {
    case KIND_RSA: {
        struct crypto_rsa rsa = rsa_numbers(key);

        good = number_put(&out, rsa.e, rsa.e_size) && number_put(&out, rsa.n, rsa.n_size) &&
               encoder_wrap(&out, DER_SEQUENCE, 0) && encoder_put(&out, "", 1);
        break;
    }
    case KIND_DSA: {
        struct crypto_dsa dsa = dsa_numbers(key);

        good = number_put(&out, dsa.y, dsa.p_size) && encoder_put(&out, "", 1);
        break;
    }
    case KIND_ECDSA:
    case KIND_ECDH:
        good = point_put(&out, key);
        break;
    default:
        good = false;
    }
    good = good && encoder_wrap(&out, DER_BITS, 0) && algorithm_put(&out, key) && encoder_wrap(&out, DER_SEQUENCE, 0);
    return finish(&out, good, size);
}

static bool private_put(struct encoder *out, const struct bcrypt_key *key)
{
    switch (key->algorithm.info->kind) {
    case KIND_RSA: {
        struct crypto_rsa rsa = rsa_numbers(key);
        size_t half = (rsa.n_size + 1) / 2;

        return number_put(out, rsa.qi, half) && number_put(out, rsa.dq, half) && number_put(out, rsa.dp, half) &&
               number_put(out, rsa.q, half) && number_put(out, rsa.p, half) && number_put(out, rsa.d, rsa.n_size) &&
               number_put(out, rsa.e, rsa.e_size) && number_put(out, rsa.n, rsa.n_size) &&
               encoder_put(out, "\2\1\0", 3) && encoder_wrap(out, DER_SEQUENCE, 0);
    }
    case KIND_DSA: {
        struct crypto_dsa dsa = dsa_numbers(key);

        return number_put(out, dsa.x, dsa.q_size);
    }
    case KIND_ECDSA:
    case KIND_ECDH: {
        ULONG bytes = curve_bytes(key->algorithm.curve);
        size_t before;

        if (!point_put(out, key) || !encoder_wrap(out, DER_BITS, 0) ||
            !encoder_wrap(out, DER_CONTEXT | DER_CONSTRUCTED | 1, 0))
            return false;
        before = out->used;
        return encoder_put(out, key->numbers + 2 * bytes, bytes) && encoder_wrap(out, DER_OCTETS, before) &&
               encoder_put(out, "\2\1\1", 3) && encoder_wrap(out, DER_SEQUENCE, 0);
    }
    }
    return false;
}

BYTE *key_to_pkcs8(BCRYPT_KEY_HANDLE handle, DWORD *size)
{
    struct bcrypt_key *key = key_from_handle(handle);
    struct encoder out = {0};
    bool good = key && key->finished && key->has_private;

    if (!good)
        return NULL;
    good = private_put(&out, key) && encoder_wrap(&out, DER_OCTETS, 0) && algorithm_put(&out, key) &&
           encoder_put(&out, "\2\1\0", 3) && encoder_wrap(&out, DER_SEQUENCE, 0);
    return finish(&out, good, size);
}
