/*
 * keyseal.c: private keys under a password (EncryptedPrivateKeyInfo): PBES2 and PKCS #12's.
 *
 * Ciphers, hashes and PBKDF2 are bcrypt's; PKCS #12's derivation (RFC 7292, appendix B), which nettle does not have, is
 * here.
 *
 * Layer: crypt32, above bcrypt.
 */
#include "crypt32/keyform.h"

#define OID_PBES2 "1.2.840.113549.1.5.13"
#define OID_PBKDF2 "1.2.840.113549.1.5.12"
#define OID_PKCS12_3DES "1.2.840.113549.1.12.1.3"
#define OID_PKCS12_3DES_2KEY "1.2.840.113549.1.12.1.4"
#define ITERATIONS_MAX 10000000u /* more is no key but an attack on the reader's time */

#define HANDLE_SHA1 ((BCRYPT_ALG_HANDLE)0x31)
#define HANDLE_3DES_CBC ((BCRYPT_ALG_HANDLE)0x141)
#define HANDLE_AES_CBC ((BCRYPT_ALG_HANDLE)0x1a1)

/* How a key is sealed, whichever the scheme. */
struct seal {
    BCRYPT_ALG_HANDLE cipher;
    ULONG block, key_size;
    UCHAR key[32], iv[16];
};

/* One of PKCS #12's derivations: `id` 1 a key, 2 an initialization vector.  The password's characters have their high
 * byte first, and a zero behind them. */
static bool pkcs12_derive(int id, struct key_password password, const BYTE *salt, DWORD salt_size, DWORD iterations,
                          BYTE *out, DWORD size)
{
    enum { V = 64, U = 20 };
    DWORD text = (password.length + 1) * 2, s = (salt_size + V - 1) / V * V, p = (text + V - 1) / V * V;
    BYTE *input = crypto_alloc(V + s + p), *at = input + V, hash[U];
    bool good = input != NULL;

    for (DWORD i = 0; good && i < V; i++)
        input[i] = (BYTE)id;
    for (DWORD i = 0; good && i < s; i++)
        at[i] = salt[i % salt_size];
    for (DWORD i = 0; good && i < p; i++) {
        DWORD place = i % text;
        WCHAR character = place / 2 < password.length ? password.text[place / 2] : 0;

        at[s + i] = (BYTE)(place & 1 ? character : character >> 8);
    }
    while (good && size) {
        DWORD part = size < U ? size : U;

        good = !BCryptHash(HANDLE_SHA1, NULL, 0, input, V + s + p, hash, U);
        for (DWORD i = 1; good && i < iterations; i++)
            good = !BCryptHash(HANDLE_SHA1, NULL, 0, hash, U, hash, U);
        memcpy(out, hash, part);
        out += part, size -= part;
        for (DWORD block = 0; block < s + p; block += V) { /* each block plus the hash plus one */
            unsigned carry = 1;

            for (int i = V - 1; i >= 0; i--) {
                carry += at[block + (DWORD)i] + hash[i % U];
                at[block + (DWORD)i] = (BYTE)carry;
                carry >>= 8;
            }
        }
    }
    crypto_free_secret(input, input ? V + s + p : 0);
    explicit_bzero(hash, sizeof hash);
    return good;
}

static bool octets_take(const BYTE **at, const BYTE *end, struct der_item *item)
{
    return der_expect(at, end, DER_OCTETS, item);
}

static bool number_small(const BYTE **at, const BYTE *end, DWORD *number)
{
    struct der_item item;

    if (!der_expect(at, end, DER_INTEGER, &item) || !item.size || item.size > 4 || item.data[0] & 0x80)
        return false;
    for (*number = 0; item.size; item.size--)
        *number = *number << 8 | *item.data++;
    return true;
}

static bool enter(const BYTE **at, const BYTE **end, struct der_item *item)
{
    if (!der_expect(at, *end, DER_SEQUENCE, item))
        return false;
    *at = item->data;
    *end = item->data + item->size;
    return true;
}

static NTSTATUS pkcs12_open(const CRYPT_ALGORITHM_IDENTIFIER *algorithm, struct key_password password,
                            struct seal *seal)
{
    bool two = !strcmp(algorithm->pszObjId, OID_PKCS12_3DES_2KEY);
    const BYTE *at = algorithm->Parameters.pbData, *end = at + algorithm->Parameters.cbData;
    struct der_item item, salt;
    DWORD iterations;

    if (!algorithm->Parameters.cbData || !enter(&at, &end, &item) || !octets_take(&at, end, &salt) || !salt.size ||
        !number_small(&at, end, &iterations) || !iterations || iterations > ITERATIONS_MAX)
        return STATUS_INVALID_PARAMETER;
    *seal = (struct seal){.cipher = HANDLE_3DES_CBC, .block = 8, .key_size = 24};
    if (!pkcs12_derive(1, password, salt.data, salt.size, iterations, seal->key, two ? 16 : 24) ||
        !pkcs12_derive(2, password, salt.data, salt.size, iterations, seal->iv, 8))
        return STATUS_NO_MEMORY;
    if (two)
        memcpy(seal->key + 16, seal->key, 8);
    return STATUS_SUCCESS;
}

static const struct {
    const char *oid;
    USHORT handle; /* of the keyed hash */
} prfs[] = {
    {"1.2.840.113549.2.7", 0xa1},
    {"1.2.840.113549.2.9", 0xb1},
    {"1.2.840.113549.2.10", 0xc1},
    {"1.2.840.113549.2.11", 0xd1},
};

static BCRYPT_ALG_HANDLE prf_find(const BYTE *at, const BYTE *end)
{
    CRYPT_ALGORITHM_IDENTIFIER *algorithm;
    BCRYPT_ALG_HANDLE found = NULL;
    struct der_item item;
    DWORD needed;

    if (at == end)
        return (BCRYPT_ALG_HANDLE)(ULONG_PTR)prfs[0].handle; /* HMAC with SHA-1 unless it says otherwise */
    if (!der_next(&at, end, &item) ||
        !(algorithm = asn_decode(&asn_algorithm, item.whole, item.whole_size, 0, &needed)))
        return NULL;
    for (size_t i = 0; i < ARRAYSIZE(prfs); i++)
        if (!strcmp(algorithm->pszObjId, prfs[i].oid))
            found = (BCRYPT_ALG_HANDLE)(ULONG_PTR)prfs[i].handle;
    crypt_free(algorithm);
    return found;
}

static bool scheme_cipher(const CRYPT_ALGORITHM_IDENTIFIER *scheme, struct seal *seal)
{
    static const struct {
        const char *oid;
        BCRYPT_ALG_HANDLE handle;
        BYTE block, key;
    } ciphers[] = {{"2.16.840.1.101.3.4.1.2", HANDLE_AES_CBC, 16, 16},
                   {"2.16.840.1.101.3.4.1.22", HANDLE_AES_CBC, 16, 24},
                   {"2.16.840.1.101.3.4.1.42", HANDLE_AES_CBC, 16, 32},
                   {szOID_RSA_DES_EDE3_CBC, HANDLE_3DES_CBC, 8, 24}};
    const BYTE *at = scheme->Parameters.pbData;
    struct der_item iv;

    for (size_t i = 0; i < ARRAYSIZE(ciphers); i++)
        if (!strcmp(scheme->pszObjId, ciphers[i].oid)) {
            *seal = (struct seal){.cipher = ciphers[i].handle, .block = ciphers[i].block, .key_size = ciphers[i].key};
            if (!scheme->Parameters.cbData || !octets_take(&at, at + scheme->Parameters.cbData, &iv) ||
                iv.size != seal->block)
                return false;
            memcpy(seal->iv, iv.data, iv.size);
            return true;
        }
    return false;
}

static NTSTATUS pbes2_derive(const CRYPT_ALGORITHM_IDENTIFIER *derivation, struct key_password password,
                             struct seal *seal)
{
    const BYTE *at = derivation->Parameters.pbData, *end = at + derivation->Parameters.cbData;
    struct der_item item, salt;
    DWORD iterations, length;
    BCRYPT_ALG_HANDLE prf;
    NTSTATUS status;
    WCHAR *copy;
    char *text;

    if (strcmp(derivation->pszObjId, OID_PBKDF2) || !derivation->Parameters.cbData)
        return STATUS_NOT_SUPPORTED;
    if (!enter(&at, &end, &item) || !octets_take(&at, end, &salt) || !number_small(&at, end, &iterations) ||
        !iterations || iterations > ITERATIONS_MAX)
        return STATUS_INVALID_PARAMETER;
    if (number_small(&at, end, &length) && length != seal->key_size)
        return STATUS_INVALID_PARAMETER;
    prf = prf_find(at, end);
    if (!prf)
        return STATUS_NOT_SUPPORTED;
    copy = crypto_alloc((password.length + 1) * sizeof *copy);
    if (copy && password.length)
        memcpy(copy, password.text, password.length * sizeof *copy);
    text = copy ? utf8_from_wide(copy) : NULL;
    status = text ? BCryptDeriveKeyPBKDF2(prf, (UCHAR *)text, (ULONG)strlen(text), (UCHAR *)salt.data, salt.size,
                                          iterations, seal->key, seal->key_size, 0)
                  : STATUS_NO_MEMORY;
    crypto_free_secret(copy, copy ? password.length * sizeof *copy : 0);
    crypto_free_secret(text, text ? strlen(text) : 0);
    return status;
}

static NTSTATUS pbes2_open(const CRYPT_ALGORITHM_IDENTIFIER *algorithm, struct key_password password, struct seal *seal)
{
    const BYTE *at = algorithm->Parameters.pbData, *end = at + algorithm->Parameters.cbData;
    CRYPT_ALGORITHM_IDENTIFIER *derivation = NULL, *scheme = NULL;
    struct der_item item;
    NTSTATUS status = STATUS_INVALID_PARAMETER;
    DWORD needed;

    if (algorithm->Parameters.cbData && enter(&at, &end, &item) && der_next(&at, end, &item) &&
        (derivation = asn_decode(&asn_algorithm, item.whole, item.whole_size, 0, &needed)) &&
        der_next(&at, end, &item) && (scheme = asn_decode(&asn_algorithm, item.whole, item.whole_size, 0, &needed)))
        status = scheme_cipher(scheme, seal) ? pbes2_derive(derivation, password, seal) : STATUS_NOT_SUPPORTED;
    crypt_free(derivation);
    crypt_free(scheme);
    return status;
}

/* Whole blocks with PKCS #7's padding; `size` is the room of `out` and then what was written. */
static NTSTATUS seal_crypt(struct seal *seal, bool encrypt, const BYTE *in, DWORD in_size, BYTE *out, DWORD *size)
{
    BCRYPT_KEY_HANDLE key;
    NTSTATUS status = BCryptGenerateSymmetricKey(seal->cipher, &key, NULL, 0, seal->key, seal->key_size, 0);

    if (status)
        return status;
    status = (encrypt ? BCryptEncrypt : BCryptDecrypt)(key, (UCHAR *)in, in_size, NULL, seal->iv, seal->block, out,
                                                       *size, size, BCRYPT_BLOCK_PADDING);
    BCryptDestroyKey(key);
    return status;
}

NTSTATUS key_unseal(const BYTE *data, DWORD size, struct key_password password, BYTE **plain, DWORD *plain_size)
{
    CRYPT_ENCRYPTED_PRIVATE_KEY_INFO *info;
    NTSTATUS status = STATUS_NOT_SUPPORTED;
    const BYTE *at;
    struct der_item item;
    struct seal seal = {0};
    DWORD needed;

    if (!crypto_plugin())
        return status;
    info = asn_decode(asn_type_find(PKCS_ENCRYPTED_PRIVATE_KEY_INFO), data, size, 0, &needed);
    if (!info)
        return STATUS_INVALID_PARAMETER;
    if (!strcmp(info->EncryptionAlgorithm.pszObjId, OID_PBES2))
        status = pbes2_open(&info->EncryptionAlgorithm, password, &seal);
    else if (!strcmp(info->EncryptionAlgorithm.pszObjId, OID_PKCS12_3DES) ||
             !strcmp(info->EncryptionAlgorithm.pszObjId, OID_PKCS12_3DES_2KEY))
        status = pkcs12_open(&info->EncryptionAlgorithm, password, &seal);
    *plain = NULL;
    if (!status) {
        *plain_size = info->EncryptedPrivateKey.cbData;
        *plain = crypto_alloc(*plain_size);
        status = !*plain ? STATUS_NO_MEMORY
                 : seal_crypt(&seal, false, info->EncryptedPrivateKey.pbData, info->EncryptedPrivateKey.cbData, *plain,
                              plain_size)
                     ? STATUS_INVALID_SIGNATURE
                     : STATUS_SUCCESS;
        at = *plain; /* a wrong password may leave a good padding */
        if (!status && (!der_expect(&at, at + *plain_size, DER_SEQUENCE, &item) || item.whole_size != *plain_size))
            status = STATUS_INVALID_SIGNATURE;
        if (status)
            crypto_free_secret(*plain, info->EncryptedPrivateKey.cbData);
    }
    explicit_bzero(&seal, sizeof seal);
    crypt_free(info);
    return status;
}

/* As Windows does it by itself: PKCS #12's 3DES. */
NTSTATUS key_seal(const BYTE *plain, DWORD size, struct key_password password, const char *oid, DWORD iterations,
                  const BYTE *salt, DWORD salt_size, BYTE **sealed, DWORD *sealed_size)
{
    struct seal seal = {.cipher = HANDLE_3DES_CBC, .block = 8, .key_size = 24};
    struct encoder out = {0}, parameters = {0};
    DWORD room = size + 8, number = iterations;
    BYTE *cipher;
    NTSTATUS status;
    bool good;

    if (strcmp(oid, OID_PKCS12_3DES) || !salt_size || !iterations || iterations > ITERATIONS_MAX)
        return STATUS_NOT_SUPPORTED;
    cipher = crypto_alloc(room);
    if (!cipher || !pkcs12_derive(1, password, salt, salt_size, iterations, seal.key, 24) ||
        !pkcs12_derive(2, password, salt, salt_size, iterations, seal.iv, 8)) {
        crypto_free(cipher);
        return STATUS_NO_MEMORY;
    }
    status = seal_crypt(&seal, true, plain, size, cipher, &room);
    explicit_bzero(&seal, sizeof seal);
    good = !status && asn_encode_value(&parameters, &asn_integer, &number);
    size_t before = parameters.used;
    good = good && encoder_put(&parameters, salt, salt_size) && encoder_wrap(&parameters, DER_OCTETS, before) &&
           encoder_wrap(&parameters, DER_SEQUENCE, 0);
    CRYPT_ENCRYPTED_PRIVATE_KEY_INFO info = {
        .EncryptionAlgorithm = {(LPSTR)oid, {(DWORD)parameters.used, good ? encoder_data(&parameters) : NULL}},
        .EncryptedPrivateKey = {room, cipher}};
    good = good && asn_encode_value(&out, asn_type_find(PKCS_ENCRYPTED_PRIVATE_KEY_INFO), &info);
    if (good) {
        memmove(out.base, encoder_data(&out), out.used);
        *sealed = out.base;
        *sealed_size = (DWORD)out.used;
    } else {
        crypt_free(out.base);
        status = status ? status : STATUS_NO_MEMORY;
    }
    crypt_free(parameters.base);
    crypto_free(cipher);
    return status;
}
