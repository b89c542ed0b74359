/*
 * content_cipher.c: how the content of messages is sealed: ciphers by their object identifiers, and the keys that CMS
 * derives from an agreement on a curve.
 *
 * Layer: crypt32, above bcrypt.
 */
#include "crypt32/content_cipher.h"

#define HANDLE(number) ((BCRYPT_ALG_HANDLE)(ULONG_PTR)(number))

static const struct content_cipher ciphers[] = {
    {"2.16.840.1.101.3.4.1.2", HANDLE(0x1a1), 16, 16},
    {"2.16.840.1.101.3.4.1.22", HANDLE(0x1a1), 24, 16},
    {"2.16.840.1.101.3.4.1.42", HANDLE(0x1a1), 32, 16},
    {szOID_RSA_DES_EDE3_CBC, HANDLE(0x141), 24, 8},
    {szOID_OIWSEC_desCBC, HANDLE(0x1f1), 8, 8},
    {szOID_RSA_RC2CBC, HANDLE(0x251), 16, 8},
    {szOID_RSA_RC4, HANDLE(0x71), 16, 0},
};

const struct content_cipher *content_cipher_find(const char *oid)
{
    for (size_t i = 0; i < ARRAYSIZE(ciphers); i++)
        if (oid && !strcmp(ciphers[i].oid, oid))
            return &ciphers[i];
    return NULL;
}

static bool is_rc2(const struct content_cipher *cipher)
{
    return !strcmp(cipher->oid, szOID_RSA_RC2CBC);
}

/* The initialization vector; RC2's parameters also say how many bits its key has. */
static bool parameters_read(const struct content_cipher *cipher, const CRYPT_DATA_BLOB *parameters, BYTE iv[16],
                            ULONG *effective_bits)
{
    const BYTE *at = parameters->pbData, *end = at + parameters->cbData;
    struct der_item item;
    DWORD version = 0;

    if (!cipher->block)
        return true;
    if (is_rc2(cipher) && der_expect(&at, end, DER_SEQUENCE, &item)) {
        at = item.data;
        end = at + item.size;
        if (der_expect(&at, end, DER_INTEGER, &item))
            for (DWORD i = 0; i < item.size && i < 4; i++)
                version = version << 8 | item.data[i];
        *effective_bits = version == 160   ? 40
                          : version == 120 ? 64
                          : version == 58  ? 128
                          : version >= 256 ? version
                                           : 32;
    }
    if (!der_expect(&at, end, DER_OCTETS, &item) || item.size != cipher->block)
        return false;
    memcpy(iv, item.data, item.size);
    return true;
}

bool content_parameters(const struct content_cipher *cipher, CRYPT_DATA_BLOB *parameters)
{
    struct encoder out = {0};
    BYTE iv[16];
    bool good = true;

    if (cipher->block) {
        random_bytes(iv, cipher->block);
        good = encoder_put(&out, iv, cipher->block) && encoder_wrap(&out, DER_OCTETS, 0);
        if (is_rc2(cipher)) /* version 58: 128 bits */
            good = good && encoder_put(&out, "\2\1\72", 3) && encoder_wrap(&out, DER_SEQUENCE, 0);
    } else {
        good = encoder_put(&out, "\5\0", 2);
    }
    if (!good) {
        crypt_free(out.base);
        return false;
    }
    memmove(out.base, encoder_data(&out), out.used);
    *parameters = (CRYPT_DATA_BLOB){(DWORD)out.used, out.base};
    return true;
}

NTSTATUS content_crypt(const struct content_cipher *cipher, bool encrypt, const BYTE *secret, DWORD secret_size,
                       const CRYPT_DATA_BLOB *parameters, const BYTE *in, DWORD size, BYTE **out, DWORD *out_size)
{
    ULONG effective_bits = 0, room = size + cipher->block;
    BCRYPT_KEY_HANDLE key;
    BYTE iv[16] = {0};
    NTSTATUS status;

    *out = NULL;
    if (!parameters_read(cipher, parameters, iv, &effective_bits) || room < size)
        return STATUS_INVALID_PARAMETER;
    status = BCryptGenerateSymmetricKey(cipher->handle, &key, NULL, 0, (UCHAR *)secret, secret_size, 0);
    if (status)
        return status;
    if (effective_bits)
        status =
            BCryptSetProperty(key, BCRYPT_EFFECTIVE_KEY_LENGTH, (UCHAR *)&effective_bits, sizeof effective_bits, 0);
    if (!status && !(*out = crypt_alloc((size_t)room + 1)))
        status = STATUS_NO_MEMORY;
    if (!status)
        status = (encrypt ? BCryptEncrypt : BCryptDecrypt)(key, (UCHAR *)(size ? in : (const BYTE *)""), size, NULL, iv,
                                                           cipher->block, *out, room, out_size,
                                                           cipher->block ? BCRYPT_BLOCK_PADDING : 0);
    BCryptDestroyKey(key);
    if (status) {
        crypt_free(*out);
        *out = NULL;
    }
    return status;
}

/* ---- keys from agreements ---- */

static const WCHAR *scheme_hash(const char *scheme, DWORD *size)
{
    static const struct {
        const char *oid;
        const WCHAR *hash;
        DWORD size;
    } schemes[] = {{"1.3.133.16.840.63.0.2", BCRYPT_SHA1_ALGORITHM, 20},
                   {"1.3.132.1.11.1", BCRYPT_SHA256_ALGORITHM, 32},
                   {"1.3.132.1.11.2", BCRYPT_SHA384_ALGORITHM, 48},
                   {"1.3.132.1.11.3", BCRYPT_SHA512_ALGORITHM, 64}};

    for (size_t i = 0; i < ARRAYSIZE(schemes); i++)
        if (!strcmp(schemes[i].oid, scheme)) {
            *size = schemes[i].size;
            return schemes[i].hash;
        }
    return NULL;
}

static DWORD wrap_size(const char *oid)
{
    return !strcmp(oid, "2.16.840.1.101.3.4.1.5")    ? 16
           : !strcmp(oid, "2.16.840.1.101.3.4.1.25") ? 24
           : !strcmp(oid, "2.16.840.1.101.3.4.1.45") ? 32
                                                     : 0;
}

/* The bytes that are hashed behind the secret: a counter and ECC-CMS-SharedInfo. */
static bool shared_info(struct encoder *out, const struct agreement *agreement, DWORD key_size)
{
    BYTE bits[4] = {0, 0, (BYTE)(key_size * 8 >> 8), (BYTE)(key_size * 8)};
    size_t before;

    if (!encoder_put(out, bits, sizeof bits) || !encoder_wrap(out, DER_OCTETS, 0) ||
        !encoder_wrap(out, DER_CONTEXT | DER_CONSTRUCTED | 2, 0))
        return false;
    before = out->used;
    if (agreement->ukm &&
        (!encoder_put(out, agreement->ukm, agreement->ukm_size) || !encoder_wrap(out, DER_OCTETS, before) ||
         !encoder_wrap(out, DER_CONTEXT | DER_CONSTRUCTED, before)))
        return false;
    before = out->used; /* absent parameters stay absent, which the table would write as NULL */
    return encoder_put(out, agreement->wrap->Parameters.pbData, agreement->wrap->Parameters.cbData) &&
           oid_encode(out, agreement->wrap->pszObjId) && encoder_wrap(out, DER_SEQUENCE, before) &&
           encoder_wrap(out, DER_SEQUENCE, 0) && encoder_put(out, "\0\0\0\1", 4);
}

NTSTATUS agreement_key(const struct agreement *agreement, BCRYPT_KEY_HANDLE own, BCRYPT_KEY_HANDLE other,
                       BCRYPT_KEY_HANDLE *wrapper)
{
    DWORD hash_size, key_size = wrap_size(agreement->wrap->pszObjId), made = 0;
    const WCHAR *hash = scheme_hash(agreement->scheme, &hash_size);
    BCRYPT_SECRET_HANDLE secret;
    struct encoder info = {0};
    BYTE key[128];
    NTSTATUS status;

    if (!hash || !key_size)
        return STATUS_NOT_SUPPORTED;
    status = BCryptSecretAgreement(own, other, &secret, 0);
    if (status)
        return status;
    if (!shared_info(&info, agreement, key_size))
        status = STATUS_NO_MEMORY;
    for (BYTE counter = 1; !status && made < key_size; counter++, made += hash_size) {
        BCryptBuffer buffers[] = {
            {(ULONG)(wide_length(hash) + 1) * sizeof(WCHAR), KDF_HASH_ALGORITHM, (void *)hash},
            {(ULONG)info.used, KDF_SECRET_APPEND, encoder_data(&info)},
        };
        BCryptBufferDesc list = {BCRYPTBUFFER_VERSION, ARRAYSIZE(buffers), buffers};
        ULONG got;

        encoder_data(&info)[3] = counter;
        status = BCryptDeriveKey(secret, BCRYPT_KDF_HASH, &list, key + made, hash_size, &got, 0);
    }
    if (!status)
        status = BCryptGenerateSymmetricKey(HANDLE(0x1b1) /* AES */, wrapper, NULL, 0, key, key_size, 0);
    explicit_bzero(key, sizeof key);
    crypt_free(info.base);
    BCryptDestroySecret(secret);
    return status;
}
