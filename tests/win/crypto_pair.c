/*
 * Do bcrypt's key pairs sign, encrypt and agree, do their blobs come back, and are damaged ones refused?
 * link: -lbcrypt
 */
#include "check.h"
#include <bcrypt.h>
#include <ntstatus.h>

#ifndef STATUS_INVALID_SIGNATURE
#define STATUS_INVALID_SIGNATURE ((NTSTATUS)0xC000A000)
#endif

static BCRYPT_ALG_HANDLE open_algorithm(const WCHAR *name)
{
    BCRYPT_ALG_HANDLE algorithm = NULL;

    CHECK_EQ(BCryptOpenAlgorithmProvider(&algorithm, name, NULL, 0), 0);
    return algorithm;
}

static BCRYPT_KEY_HANDLE make_pair(BCRYPT_ALG_HANDLE algorithm, ULONG bits)
{
    BCRYPT_KEY_HANDLE key = NULL;
    UCHAR blob[8];
    ULONG got;

    CHECK_EQ(BCryptGenerateKeyPair(algorithm, &key, bits, 0), 0);
    if (!check_under_wine())
        CHECK_EQ(BCryptExportKey(key, NULL, BCRYPT_PUBLIC_KEY_BLOB, blob, 8, &got, 0), STATUS_INVALID_HANDLE);
    CHECK_EQ(BCryptFinalizeKeyPair(key, 0), 0);
    return key;
}

/* Exports, imports, exports again: the same; a blob that is too short is refused at any length. */
static BCRYPT_KEY_HANDLE round_trip(BCRYPT_ALG_HANDLE algorithm, BCRYPT_KEY_HANDLE key, const WCHAR *type)
{
    UCHAR blob[2048], again[2048];
    ULONG size, got;
    BCRYPT_KEY_HANDLE other = NULL, bad;

    CHECK_EQ(BCryptExportKey(key, NULL, type, NULL, 0, &size, 0), 0);
    CHECK_EQ(BCryptExportKey(key, NULL, type, blob, size - 1, &got, 0), STATUS_BUFFER_TOO_SMALL);
    CHECK_EQ(BCryptExportKey(key, NULL, type, blob, sizeof blob, &got, 0), 0);
    CHECK_EQ(got, size);
    CHECK_EQ(BCryptImportKeyPair(algorithm, NULL, type, &other, blob, size, 0), 0);
    CHECK_EQ(BCryptExportKey(other, NULL, type, again, sizeof again, &got, 0), 0);
    CHECK_EQ(got, size);
    CHECK(!memcmp(blob, again, size));
    for (ULONG length = 0; length < size && !check_under_wine(); length += 7)
        CHECK_EQ(BCryptImportKeyPair(algorithm, NULL, type, &bad, blob, length, 0), STATUS_INVALID_PARAMETER);
    return other;
}

static void test_signature(BCRYPT_KEY_HANDLE signer, BCRYPT_KEY_HANDLE verifier, void *padding, ULONG flags,
                           ULONG digest_size)
{
    UCHAR digest[64], signature[512];
    ULONG size, got;

    for (ULONG i = 0; i < digest_size; i++)
        digest[i] = (UCHAR)(i * 3 + digest_size);
    CHECK_EQ(BCryptSignHash(signer, padding, digest, digest_size, NULL, 0, &size, flags), 0);
    CHECK_EQ(BCryptSignHash(signer, padding, digest, digest_size, signature, size - 1, &got, flags),
             STATUS_BUFFER_TOO_SMALL);
    CHECK_EQ(BCryptSignHash(signer, padding, digest, digest_size, signature, sizeof signature, &got, flags), 0);
    CHECK_EQ(got, size);
    CHECK_EQ(BCryptVerifySignature(verifier, padding, digest, digest_size, signature, size, flags), 0);
    digest[1] ^= 1;
    CHECK_EQ(BCryptVerifySignature(verifier, padding, digest, digest_size, signature, size, flags),
             STATUS_INVALID_SIGNATURE);
    digest[1] ^= 1;
    for (ULONG at = 0; at < size; at += 13) {
        signature[at] ^= 0x10;
        CHECK_EQ(BCryptVerifySignature(verifier, padding, digest, digest_size, signature, size, flags),
                 STATUS_INVALID_SIGNATURE);
        signature[at] ^= 0x10;
    }
}

static void test_rsa_encryption(BCRYPT_KEY_HANDLE private, BCRYPT_KEY_HANDLE public, void *padding, ULONG flags,
                                ULONG most)
{
    UCHAR plain[256], out[256], back[256];
    ULONG got;

    memset(plain, 0x5a, sizeof plain);
    for (ULONG size = 0; size <= most; size += most / 3) {
        CHECK_EQ(BCryptEncrypt(public, plain, size, padding, NULL, 0, out, sizeof out, &got, flags), 0);
        CHECK_EQ(got, 128);
        memset(back, 0, sizeof back);
        CHECK_EQ(BCryptDecrypt(private, out, got, padding, NULL, 0, back, sizeof back, &got, flags), 0);
        CHECK_EQ(got, size);
        CHECK(!memcmp(back, plain, size));
    }
    if (flags != BCRYPT_PAD_NONE) {
        CHECK_EQ(BCryptEncrypt(public, plain, most + 1, padding, NULL, 0, out, sizeof out, &got, flags),
                 STATUS_INVALID_PARAMETER);
        out[5] ^= 1;
        CHECK(BCryptDecrypt(private, out, 128, padding, NULL, 0, back, sizeof back, &got, flags) != 0);
    }
}

static void test_rsa(void)
{
    static const struct {
        const WCHAR *name;
        ULONG size;
    } hashes[] = {{L"MD5", 16}, {L"SHA1", 20}, {L"SHA256", 32}, {L"SHA384", 48}, {L"SHA512", 64}};
    BCRYPT_ALG_HANDLE algorithm = open_algorithm(L"RSA");
    BCRYPT_KEY_HANDLE key = make_pair(algorithm, 1024), public, private, full, old;
    BCRYPT_KEY_LENGTHS_STRUCT lengths;
    BCRYPT_RSAKEY_BLOB header;
    UCHAR blob[1024], label[] = "label";
    ULONG got, value;

    CHECK_EQ(BCryptGetProperty(algorithm, BCRYPT_KEY_LENGTHS, (UCHAR *)&lengths, sizeof lengths, &got, 0), 0);
    CHECK_EQ(lengths.dwMinLength, 512);
    CHECK_EQ(lengths.dwMaxLength, 16384);
    CHECK_EQ(lengths.dwIncrement, 64);
    CHECK_EQ(BCryptGetProperty(key, BCRYPT_KEY_LENGTH, (UCHAR *)&value, 4, &got, 0), 0);
    CHECK_EQ(value, 1024);
    if (!check_under_wine()) {
        CHECK_EQ(BCryptGetProperty(key, BCRYPT_SIGNATURE_LENGTH, (UCHAR *)&value, 4, &got, 0), 0);
        CHECK_EQ(value, 128);
    }
    CHECK_EQ(BCryptExportKey(key, NULL, BCRYPT_RSAFULLPRIVATE_BLOB, blob, sizeof blob, &got, 0), 0);
    memcpy(&header, blob, sizeof header);
    CHECK_EQ(header.Magic, BCRYPT_RSAFULLPRIVATE_MAGIC);
    CHECK_EQ(header.BitLength, 1024);
    CHECK_EQ(header.cbPublicExp, 3);
    CHECK_EQ(header.cbModulus, 128);
    CHECK_EQ(header.cbPrime1, 64);
    CHECK_EQ(header.cbPrime2, 64);
    CHECK_EQ(got, sizeof header + 3 + 128 * 2 + 64 * 5);
    public = round_trip(algorithm, key, BCRYPT_RSAPUBLIC_BLOB);
    private = round_trip(algorithm, key, BCRYPT_RSAPRIVATE_BLOB);
    full = round_trip(algorithm, key, BCRYPT_RSAFULLPRIVATE_BLOB);
    for (unsigned i = 0; i < ARRAYSIZE(hashes); i++) {
        BCRYPT_PKCS1_PADDING_INFO pkcs1 = {hashes[i].name};
        BCRYPT_PSS_PADDING_INFO pss = {hashes[i].name, hashes[i].size > 48 ? 20 : hashes[i].size};

        test_signature(private, public, &pkcs1, BCRYPT_PAD_PKCS1, hashes[i].size);
        if (i > 0 && !check_under_wine()) /* Wine has no PSS for every key */
            test_signature(full, public, &pss, BCRYPT_PAD_PSS, hashes[i].size);
    }
    if (!check_under_wine()) { /* Wine has neither legacy blobs nor RSA encryption */
        BCRYPT_OAEP_PADDING_INFO oaep = {L"SHA1", label, 5}, oaep256 = {L"SHA256", NULL, 0};

        old = round_trip(algorithm, key, LEGACY_RSAPRIVATE_BLOB);
        CHECK_EQ(BCryptDestroyKey(round_trip(algorithm, key, LEGACY_RSAPUBLIC_BLOB)), 0);
        test_rsa_encryption(old, public, NULL, BCRYPT_PAD_PKCS1, 117);
        test_rsa_encryption(private, public, &oaep, BCRYPT_PAD_OAEP, 86);
        test_rsa_encryption(full, key, &oaep256, BCRYPT_PAD_OAEP, 62);
        CHECK_EQ(BCryptDestroyKey(old), 0);
        CHECK_EQ(BCryptExportKey(public, NULL, BCRYPT_RSAPRIVATE_BLOB, blob, sizeof blob, &got, 0),
                 STATUS_INVALID_PARAMETER);
        CHECK_EQ(BCryptGenerateKeyPair(algorithm, &old, 1000, 0), STATUS_INVALID_PARAMETER);
        CHECK_EQ(BCryptGenerateKeyPair(algorithm, &old, 256, 0), STATUS_INVALID_PARAMETER);
    }
    CHECK_EQ(BCryptDestroyKey(key), 0);
    CHECK_EQ(BCryptDestroyKey(public), 0);
    CHECK_EQ(BCryptDestroyKey(private), 0);
    CHECK_EQ(BCryptDestroyKey(full), 0);
    CHECK_EQ(BCryptCloseAlgorithmProvider(algorithm, 0), 0);
}

static const struct {
    const WCHAR *ecdsa, *ecdh;
    ULONG bits, bytes, sign_magic, agree_magic;
} curves[] = {
    {L"ECDSA_P256", L"ECDH_P256", 256, 32, BCRYPT_ECDSA_PUBLIC_P256_MAGIC, BCRYPT_ECDH_PUBLIC_P256_MAGIC},
    {L"ECDSA_P384", L"ECDH_P384", 384, 48, BCRYPT_ECDSA_PUBLIC_P384_MAGIC, BCRYPT_ECDH_PUBLIC_P384_MAGIC},
    {L"ECDSA_P521", L"ECDH_P521", 521, 66, BCRYPT_ECDSA_PUBLIC_P521_MAGIC, BCRYPT_ECDH_PUBLIC_P521_MAGIC},
};

static void test_ecdsa(unsigned i)
{
    BCRYPT_ALG_HANDLE algorithm = open_algorithm(curves[i].ecdsa);
    BCRYPT_KEY_HANDLE key = make_pair(algorithm, curves[i].bits),
                      public = round_trip(algorithm, key, BCRYPT_ECCPUBLIC_BLOB);
    BCRYPT_KEY_HANDLE private = round_trip(algorithm, key, BCRYPT_ECCPRIVATE_BLOB), bad;
    UCHAR blob[256];
    ULONG got;

    CHECK_EQ(BCryptExportKey(key, NULL, BCRYPT_ECCPUBLIC_BLOB, blob, sizeof blob, &got, 0), 0);
    CHECK_EQ(got, 8 + 2 * curves[i].bytes);
    CHECK_EQ(((BCRYPT_ECCKEY_BLOB *)blob)->dwMagic, curves[i].sign_magic);
    CHECK_EQ(((BCRYPT_ECCKEY_BLOB *)blob)->cbKey, curves[i].bytes);
    test_signature(private, public, NULL, 0, 20);
    test_signature(private, key, NULL, 0, 32);
    test_signature(key, public, NULL, 0, 64);
    if (!check_under_wine()) { /* a point that is not on the curve */
        blob[got - 1] ^= 1;
        CHECK_EQ(BCryptImportKeyPair(algorithm, NULL, BCRYPT_ECCPUBLIC_BLOB, &bad, blob, got, 0),
                 STATUS_INVALID_PARAMETER);
        CHECK_EQ(BCryptSignHash(public, NULL, blob, 20, blob, sizeof blob, &got, 0), STATUS_INVALID_PARAMETER);
    }
    CHECK_EQ(BCryptDestroyKey(key), 0);
    CHECK_EQ(BCryptDestroyKey(public), 0);
    CHECK_EQ(BCryptDestroyKey(private), 0);
    CHECK_EQ(BCryptCloseAlgorithmProvider(algorithm, 0), 0);
}

static void test_agreement(const WCHAR *name, ULONG bits, const WCHAR *public_type, const WCHAR *private_type)
{
    BCRYPT_ALG_HANDLE algorithm = open_algorithm(name);
    BCRYPT_KEY_HANDLE a = make_pair(algorithm, bits), b = NULL, b_public;
    BCryptBuffer parameters[] = {
        {14, KDF_HASH_ALGORITHM, L"SHA256"}, {4, KDF_SECRET_PREPEND, "left"}, {5, KDF_SECRET_APPEND, "right"}};
    BCryptBufferDesc list = {BCRYPTBUFFER_VERSION, 3, parameters};
    BCRYPT_SECRET_HANDLE one, two;
    UCHAR raw_one[512], raw_two[512], key_one[64], key_two[64], joined[600];
    ULONG size, got;

    if (public_type && !lstrcmpW(public_type, BCRYPT_DH_PUBLIC_BLOB)) { /* the same group */
        UCHAR blob[4096];
        BCRYPT_DH_PARAMETER_HEADER *header = (void *)blob;

        CHECK_EQ(BCryptExportKey(a, NULL, public_type, blob + 4, sizeof blob - 4, &got, 0), 0);
        *header = (BCRYPT_DH_PARAMETER_HEADER){sizeof *header + bits / 4, BCRYPT_DH_PARAMETERS_MAGIC, bits / 8};
        CHECK_EQ(BCryptGenerateKeyPair(algorithm, &b, bits, 0), 0);
        CHECK_EQ(BCryptSetProperty(b, BCRYPT_DH_PARAMETERS, blob, header->cbLength, 0), 0);
        CHECK_EQ(BCryptFinalizeKeyPair(b, 0), 0);
    } else {
        b = make_pair(algorithm, bits);
    }
    b_public = round_trip(algorithm, b, public_type);
    CHECK_EQ(BCryptDestroyKey(round_trip(algorithm, b, private_type)), 0);
    CHECK_EQ(BCryptSecretAgreement(a, b_public, &one, 0), 0);
    CHECK_EQ(BCryptSecretAgreement(b, a, &two, 0), 0);
    CHECK_EQ(BCryptDeriveKey(one, L"TRUNCATE", NULL, NULL, 0, &size, 0), 0);
    CHECK_EQ(size, (bits + 7) / 8);
    CHECK_EQ(BCryptDeriveKey(one, L"TRUNCATE", NULL, raw_one, sizeof raw_one, &got, 0), 0);
    CHECK_EQ(BCryptDeriveKey(two, L"TRUNCATE", NULL, raw_two, sizeof raw_two, &got, 0), 0);
    CHECK_EQ(got, size);
    CHECK(!memcmp(raw_one, raw_two, size));
    CHECK_EQ(BCryptDeriveKey(one, BCRYPT_KDF_HASH, &list, key_one, sizeof key_one, &got, 0), 0);
    CHECK_EQ(got, 32);
    memcpy(joined, "left", 4);
    for (ULONG i = 0; i < size; i++)
        joined[4 + i] = raw_one[size - 1 - i];
    memcpy(joined + 4 + size, "right", 5);
    CHECK_EQ(BCryptHash((HANDLE)0x41, NULL, 0, joined, size + 9, key_two, 32), 0);
    CHECK(!memcmp(key_one, key_two, 32));
    CHECK_EQ(BCryptDeriveKey(one, BCRYPT_KDF_HASH, NULL, key_one, sizeof key_one, &got, 0), 0);
    CHECK_EQ(got, 20);
    parameters[0] = (BCryptBuffer){3, KDF_HMAC_KEY, "key"};
    CHECK_EQ(BCryptDeriveKey(one, BCRYPT_KDF_HMAC, &list, key_one, 10, &got, 0), 0);
    CHECK_EQ(got, 10);
    CHECK_EQ(BCryptHash((HANDLE)0xa1, (UCHAR *)"key", 3, joined, size + 9, key_two, 20), 0);
    CHECK(!memcmp(key_one, key_two, 10));
    CHECK_EQ(BCryptDeriveKey(one, L"NOTHING", NULL, key_one, 10, &got, 0), STATUS_NOT_SUPPORTED);
    CHECK_EQ(BCryptDestroySecret(one), 0);
    CHECK_EQ(BCryptDestroySecret(two), 0);
    CHECK_EQ(BCryptDestroyKey(a), 0);
    CHECK_EQ(BCryptDestroyKey(b), 0);
    CHECK_EQ(BCryptDestroyKey(b_public), 0);
    CHECK_EQ(BCryptCloseAlgorithmProvider(algorithm, 0), 0);
}

static void test_named_curve(void)
{
    BCRYPT_ALG_HANDLE algorithm = open_algorithm(L"ECDH");
    BCRYPT_KEY_HANDLE a, b;
    BCRYPT_SECRET_HANDLE one, two;
    UCHAR raw_one[32], raw_two[32];
    ULONG got;

    CHECK_EQ(BCryptGenerateKeyPair(algorithm, &a, 0, 0), STATUS_INVALID_PARAMETER);
    CHECK_EQ(BCryptSetProperty(algorithm, L"ECCCurveName", (UCHAR *)L"nocurve", 16, 0), STATUS_INVALID_PARAMETER);
    CHECK_EQ(BCryptSetProperty(algorithm, L"ECCCurveName", (UCHAR *)L"curve25519", 22, 0), 0);
    a = make_pair(algorithm, 255);
    b = make_pair(algorithm, 255);
    CHECK_EQ(BCryptSecretAgreement(a, b, &one, 0), 0);
    CHECK_EQ(BCryptSecretAgreement(b, a, &two, 0), 0);
    CHECK_EQ(BCryptDeriveKey(one, L"TRUNCATE", NULL, raw_one, 32, &got, 0), 0);
    CHECK_EQ(BCryptDeriveKey(two, L"TRUNCATE", NULL, raw_two, 32, &got, 0), 0);
    CHECK(!memcmp(raw_one, raw_two, 32));
    BCryptDestroySecret(one), BCryptDestroySecret(two), BCryptDestroyKey(a), BCryptDestroyKey(b);
    CHECK_EQ(BCryptCloseAlgorithmProvider(algorithm, 0), 0);
}

static void test_dsa(void)
{
    BCRYPT_ALG_HANDLE algorithm = open_algorithm(L"DSA");
    BCRYPT_KEY_HANDLE key = make_pair(algorithm, 1024), public = round_trip(algorithm, key, BCRYPT_DSA_PUBLIC_BLOB);
    BCRYPT_KEY_HANDLE private = round_trip(algorithm, key, BCRYPT_DSA_PRIVATE_BLOB);

    test_signature(private, public, NULL, 0, 20);
    BCryptDestroyKey(key), BCryptDestroyKey(public), BCryptDestroyKey(private);
    CHECK_EQ(BCryptCloseAlgorithmProvider(algorithm, 0), 0);
}

int main(void)
{
    if (check_under_wine()) { /* Wine 8 has neither encryption with RSA, nor legacy blobs, DH, DSA, nor named curves:
                                 this is written by the documentation and the standards' vectors */
        printf("skipped under Wine\n");
        return check_done();
    }
    test_rsa();
    for (unsigned i = 0; i < ARRAYSIZE(curves); i++)
        test_ecdsa(i);
    if (!check_under_wine()) { /* Wine derives little and has no DH of this kind */
        for (unsigned i = 0; i < ARRAYSIZE(curves); i++)
            test_agreement(curves[i].ecdh, curves[i].bits, BCRYPT_ECCPUBLIC_BLOB, BCRYPT_ECCPRIVATE_BLOB);
        test_agreement(L"DH", 1024, BCRYPT_DH_PUBLIC_BLOB, BCRYPT_DH_PRIVATE_BLOB);
        test_named_curve();
        test_dsa();
    }
    return check_done();
}
