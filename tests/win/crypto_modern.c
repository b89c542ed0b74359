/*
 * ChaCha20-Poly1305, AES-CMAC and TLS 1.2's function by published vectors (RFC 8439, RFC 4493), their properties and
 * misuse; several hashes behind one handle.  Wine has none of these.  link: -lbcrypt
 */
#include <windows.h>
#include <bcrypt.h>
#include "check.h"

#define STATUS_AUTH_TAG_MISMATCH_ ((NTSTATUS)0xC000A002)
#define STATUS_INVALID_PARAMETER_ ((NTSTATUS)0xC000000D)
#define STATUS_NOT_SUPPORTED_ ((NTSTATUS)0xC00000BB)
#define MULTI_FLAG 0x40

struct operation {
    ULONG hash, kind;
    UCHAR *buffer;
    ULONG size;
};

typedef NTSTATUS(WINAPI *create_multi)(BCRYPT_ALG_HANDLE, BCRYPT_HASH_HANDLE *, ULONG, UCHAR *, ULONG, UCHAR *, ULONG,
                                       ULONG);
typedef NTSTATUS(WINAPI *process_multi)(BCRYPT_HANDLE, ULONG, void *, ULONG, ULONG);

static const char sunscreen[] = "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the "
                                "future, sunscreen would be it.";

static void test_chacha(void)
{
    static const UCHAR first[16] = {0xd3, 0x1a, 0x8d, 0x34, 0x64, 0x8e, 0x60, 0xdb,
                                    0x7b, 0x86, 0xaf, 0xbc, 0x53, 0xef, 0x7e, 0xc2};
    static const UCHAR expected_tag[16] = {0x1a, 0xe1, 0x0b, 0x59, 0x4f, 0x09, 0xe2, 0x6a,
                                           0x7e, 0x90, 0x2e, 0xcb, 0xd0, 0x60, 0x06, 0x91};
    UCHAR key_bytes[32], nonce[12] = {7, 0, 0, 0, 0x40, 0x41, 0x42, 0x43, 0x44, 0x45, 0x46, 0x47};
    UCHAR auth[12] = {0x50, 0x51, 0x52, 0x53, 0xc0, 0xc1, 0xc2, 0xc3, 0xc4, 0xc5, 0xc6, 0xc7};
    UCHAR tag[16], out[128], back[128];
    const ULONG size = sizeof sunscreen - 1;
    BCRYPT_ALG_HANDLE algorithm = NULL;
    BCRYPT_KEY_HANDLE key = NULL;
    BCRYPT_AUTHENTICATED_CIPHER_MODE_INFO info;
    BCRYPT_KEY_LENGTHS_STRUCT lengths;
    BCRYPT_AUTH_TAG_LENGTHS_STRUCT tags;
    WCHAR mode[64];
    ULONG used;
    for (int i = 0; i < 32; i++)
        key_bytes[i] = (UCHAR)(0x80 + i);
    CHECK_EQ(BCryptOpenAlgorithmProvider(&algorithm, L"CHACHA20_POLY1305", NULL, 0), 0);
    CHECK_EQ(BCryptGetProperty(algorithm, BCRYPT_KEY_LENGTHS, (UCHAR *)&lengths, sizeof lengths, &used, 0), 0);
    CHECK_EQ(lengths.dwMinLength, 256);
    CHECK_EQ(lengths.dwMaxLength, 256);
    CHECK_EQ(BCryptGetProperty(algorithm, BCRYPT_AUTH_TAG_LENGTH, (UCHAR *)&tags, sizeof tags, &used, 0), 0);
    CHECK_EQ(tags.dwMinLength, 16);
    CHECK_EQ(tags.dwMaxLength, 16);
    CHECK_EQ(BCryptGetProperty(algorithm, BCRYPT_CHAINING_MODE, (UCHAR *)mode, sizeof mode, &used, 0), 0);
    CHECK(!lstrcmpW(mode, BCRYPT_CHAIN_MODE_NA));
    CHECK_EQ(BCryptSetProperty(algorithm, BCRYPT_CHAINING_MODE, (UCHAR *)BCRYPT_CHAIN_MODE_NA,
                               sizeof BCRYPT_CHAIN_MODE_NA, 0),
             0);
    CHECK(BCryptSetProperty(algorithm, BCRYPT_CHAINING_MODE, (UCHAR *)BCRYPT_CHAIN_MODE_GCM,
                            sizeof BCRYPT_CHAIN_MODE_GCM, 0) != 0);
    CHECK(BCryptGenerateSymmetricKey(algorithm, &key, NULL, 0, key_bytes, 16, 0) != 0);
    CHECK_EQ(BCryptGenerateSymmetricKey(algorithm, &key, NULL, 0, key_bytes, 32, 0), 0);
    BCRYPT_INIT_AUTH_MODE_INFO(info);
    info.pbNonce = nonce, info.cbNonce = 12;
    info.pbAuthData = auth, info.cbAuthData = 12;
    info.pbTag = tag, info.cbTag = 16;
    CHECK_EQ(BCryptEncrypt(key, (UCHAR *)sunscreen, size, &info, NULL, 0, out, sizeof out, &used, 0), 0);
    CHECK_EQ(used, size);
    CHECK(!memcmp(out, first, 16));
    CHECK(!memcmp(tag, expected_tag, 16));
    CHECK_EQ(BCryptDecrypt(key, out, size, &info, NULL, 0, back, sizeof back, &used, 0), 0);
    CHECK(!memcmp(back, sunscreen, size));
    tag[3] ^= 1;
    CHECK_EQ(BCryptDecrypt(key, out, size, &info, NULL, 0, back, sizeof back, &used, 0), STATUS_AUTH_TAG_MISMATCH_);
    info.cbTag = 12;
    CHECK_EQ(BCryptDecrypt(key, out, size, &info, NULL, 0, back, sizeof back, &used, 0), STATUS_INVALID_PARAMETER_);
    info.cbTag = 16, info.cbNonce = 8;
    CHECK_EQ(BCryptEncrypt(key, (UCHAR *)sunscreen, size, &info, NULL, 0, out, sizeof out, &used, 0),
             STATUS_INVALID_PARAMETER_);
    CHECK_EQ(BCryptDestroyKey(key), 0);
    CHECK_EQ(BCryptCloseAlgorithmProvider(algorithm, 0), 0);
}

static void test_cmac(void)
{
    static const UCHAR key[16] = {0x2b, 0x7e, 0x15, 0x16, 0x28, 0xae, 0xd2, 0xa6,
                                  0xab, 0xf7, 0x15, 0x88, 0x09, 0xcf, 0x4f, 0x3c};
    static const UCHAR message[40] = {0x6b, 0xc1, 0xbe, 0xe2, 0x2e, 0x40, 0x9f, 0x96, 0xe9, 0x3d,
                                      0x7e, 0x11, 0x73, 0x93, 0x17, 0x2a, 0xae, 0x2d, 0x8a, 0x57,
                                      0x1e, 0x03, 0xac, 0x9c, 0x9e, 0xb7, 0x6f, 0xac, 0x45, 0xaf,
                                      0x8e, 0x51, 0x30, 0xc8, 0x1c, 0x46, 0xa3, 0x5c, 0xe4, 0x11};
    static const struct {
        ULONG size;
        UCHAR tag[16];
    } vectors[] = {
        {0, {0xbb, 0x1d, 0x69, 0x29, 0xe9, 0x59, 0x37, 0x28, 0x7f, 0xa3, 0x7d, 0x12, 0x9b, 0x75, 0x67, 0x46}},
        {16, {0x07, 0x0a, 0x16, 0xb4, 0x6b, 0x4d, 0x41, 0x44, 0xf7, 0x9b, 0xdd, 0x9d, 0xd0, 0x4a, 0x28, 0x7c}},
        {40, {0xdf, 0xa6, 0x67, 0x47, 0xde, 0x9a, 0xe6, 0x30, 0x30, 0xca, 0x32, 0x61, 0x14, 0x97, 0xc8, 0x27}},
    };
    BCRYPT_ALG_HANDLE algorithm = NULL;
    BCRYPT_HASH_HANDLE hash = NULL, copy = NULL;
    UCHAR tag[16];
    ULONG length = 0, used;
    CHECK_EQ(BCryptOpenAlgorithmProvider(&algorithm, L"AES-CMAC", NULL, 0), 0);
    CHECK_EQ(BCryptGetProperty(algorithm, BCRYPT_HASH_LENGTH, (UCHAR *)&length, 4, &used, 0), 0);
    CHECK_EQ(length, 16);
    for (size_t i = 0; i < 3; i++) {
        CHECK_EQ(BCryptCreateHash(algorithm, &hash, NULL, 0, (UCHAR *)key, 16, 0), 0);
        CHECK_EQ(BCryptHashData(hash, (UCHAR *)message, vectors[i].size / 2, 0), 0);
        CHECK_EQ(BCryptDuplicateHash(hash, &copy, NULL, 0, 0), 0);
        CHECK_EQ(BCryptHashData(hash, (UCHAR *)message + vectors[i].size / 2, vectors[i].size - vectors[i].size / 2, 0),
                 0);
        CHECK_EQ(BCryptFinishHash(hash, tag, 16, 0), 0);
        CHECK(!memcmp(tag, vectors[i].tag, 16));
        CHECK_EQ(BCryptHashData(copy, (UCHAR *)message + vectors[i].size / 2, vectors[i].size - vectors[i].size / 2, 0),
                 0);
        CHECK_EQ(BCryptFinishHash(copy, tag, 16, 0), 0);
        CHECK(!memcmp(tag, vectors[i].tag, 16));
        CHECK_EQ(BCryptDestroyHash(hash), 0);
        CHECK_EQ(BCryptDestroyHash(copy), 0);
        CHECK_EQ(BCryptHash(algorithm, (UCHAR *)key, 16, (UCHAR *)message, vectors[i].size, tag, 16), 0);
        CHECK(!memcmp(tag, vectors[i].tag, 16));
    }
    CHECK_EQ(BCryptCreateHash(algorithm, &hash, NULL, 0, (UCHAR *)key, 15, 0), STATUS_INVALID_PARAMETER_);
    CHECK_EQ(BCryptCreateHash(algorithm, &hash, NULL, 0, NULL, 0, 0), STATUS_INVALID_PARAMETER_);
    CHECK_EQ(BCryptCloseAlgorithmProvider(algorithm, 0), 0);
}

static void test_multi(void)
{
    HMODULE bcrypt = GetModuleHandleA("bcrypt.dll");
    create_multi create = (create_multi)(void *)GetProcAddress(bcrypt, "BCryptCreateMultiHash");
    process_multi process = (process_multi)(void *)GetProcAddress(bcrypt, "BCryptProcessMultiOperations");
    BCRYPT_ALG_HANDLE algorithm = NULL, plain = NULL;
    BCRYPT_HASH_HANDLE hash = NULL, copy = NULL;
    UCHAR one[32], two[32], expected[32];
    struct operation feed[] = {{0, 1, (UCHAR *)"ab", 2}, {1, 1, (UCHAR *)"xyz", 3}, {0, 1, (UCHAR *)"c", 1}};
    struct operation finish[] = {{0, 2, one, 32}, {1, 2, two, 32}}, bad = {2, 1, one, 1};
    CHECK(create && process);
    if (!create || !process)
        return;
    CHECK_EQ(BCryptOpenAlgorithmProvider(&algorithm, BCRYPT_SHA256_ALGORITHM, NULL, MULTI_FLAG), 0);
    CHECK_EQ(BCryptOpenAlgorithmProvider(&plain, BCRYPT_SHA256_ALGORITHM, NULL, 0), 0);
    CHECK_EQ(create(plain, &hash, 2, NULL, 0, NULL, 0, 0), STATUS_NOT_SUPPORTED_);
    CHECK_EQ(create(algorithm, &hash, 2, NULL, 0, NULL, 0, 0), 0);
    CHECK_EQ(process(hash, 1, feed, sizeof feed, 0), 0);
    CHECK_EQ(BCryptDuplicateHash(hash, &copy, NULL, 0, 0), 0);
    for (int i = 0; i < 2; i++) {
        memset(one, 0, 32);
        memset(two, 0, 32);
        CHECK_EQ(process(i ? copy : hash, 1, finish, sizeof finish, 0), 0);
        CHECK_EQ(BCryptHash(plain, NULL, 0, (UCHAR *)"abc", 3, expected, 32), 0);
        CHECK(!memcmp(one, expected, 32));
        CHECK_EQ(BCryptHash(plain, NULL, 0, (UCHAR *)"xyz", 3, expected, 32), 0);
        CHECK(!memcmp(two, expected, 32));
    }
    CHECK_EQ(process(hash, 1, &bad, sizeof bad, 0), STATUS_INVALID_PARAMETER_);
    CHECK_EQ(process(hash, 2, feed, sizeof feed, 0), STATUS_INVALID_PARAMETER_);
    CHECK_EQ(process(hash, 1, feed, sizeof feed - 1, 0), STATUS_INVALID_PARAMETER_);
    CHECK_EQ(BCryptDestroyHash(hash), 0);
    CHECK_EQ(BCryptDestroyHash(copy), 0);
    BCryptCloseAlgorithmProvider(algorithm, 0);
    BCryptCloseAlgorithmProvider(plain, 0);
}

/* The vectors that went round on the TLS list for P_SHA256, SHA384 and SHA512; and master secrets. */
static void test_tls(void)
{
    static const UCHAR expected256[16] = {0xe3, 0xf2, 0x29, 0xba, 0x72, 0x7b, 0xe1, 0x7b,
                                          0x8d, 0x12, 0x26, 0x20, 0x55, 0x7c, 0xd4, 0x53};
    static UCHAR secret[16] = {0x9b, 0xbe, 0x43, 0x6b, 0xa9, 0x40, 0xf0, 0x17,
                               0xb1, 0x76, 0x52, 0x84, 0x9a, 0x71, 0xdb, 0x35};
    static UCHAR seed[16] = {0xa0, 0xba, 0x9f, 0x93, 0x6c, 0xda, 0x31, 0x18,
                             0x27, 0xa6, 0xf7, 0x96, 0xff, 0xd5, 0x19, 0x8c};
    BCryptBuffer buffers[] = {{sizeof BCRYPT_SHA256_ALGORITHM, KDF_HASH_ALGORITHM, (void *)BCRYPT_SHA256_ALGORITHM},
                              {10, KDF_TLS_PRF_LABEL, (void *)"test label"},
                              {16, KDF_TLS_PRF_SEED, seed}};
    BCryptBufferDesc list = {0, 3, buffers}, none = {0, 1, buffers};
    BCRYPT_ALG_HANDLE algorithm = NULL;
    BCRYPT_KEY_HANDLE key = NULL;
    UCHAR out[100], other[100];
    ULONG used = 0;
    CHECK_EQ(BCryptOpenAlgorithmProvider(&algorithm, L"TLS1_2_KDF", NULL, 0), 0);
    CHECK_EQ(BCryptGenerateSymmetricKey(algorithm, &key, NULL, 0, secret, 16, 0), 0);
    CHECK_EQ(BCryptKeyDerivation(key, &list, out, 100, &used, 0), 0);
    CHECK_EQ(used, 100);
    CHECK(!memcmp(out, expected256, 16));
    CHECK_EQ(BCryptKeyDerivation(key, &none, out, 100, &used, 0), STATUS_INVALID_PARAMETER_);
    BCryptDestroyKey(key);
    BCryptCloseAlgorithmProvider(algorithm, 0);
    CHECK_EQ(BCryptOpenAlgorithmProvider(&algorithm, L"TLS1_1_KDF", NULL, 0), 0);
    CHECK_EQ(BCryptGenerateSymmetricKey(algorithm, &key, NULL, 0, secret, 16, 0), 0);
    list = (BCryptBufferDesc){0, 2, buffers + 1};
    CHECK_EQ(BCryptKeyDerivation(key, &list, out, 100, &used, 0), 0);
    CHECK_EQ(BCryptKeyDerivation(key, &list, other, 40, &used, 0), 0);
    CHECK(!memcmp(out, other, 40));
    CHECK(memcmp(out, expected256, 16) != 0);
    BCryptDestroyKey(key);
    BCryptCloseAlgorithmProvider(algorithm, 0);
}

/* Both sides of an agreement derive the same master secret, another for another protocol. */
static void test_tls_secret(void)
{
    BCRYPT_ALG_HANDLE algorithm = NULL;
    BCRYPT_KEY_HANDLE keys[2] = {0};
    BCRYPT_SECRET_HANDLE secrets[2] = {0};
    UCHAR random[64] = {1, 2, 3}, out[2][48], newer[48];
    DWORD protocol = 0x303;
    BCryptBuffer buffers[] = {{13, KDF_TLS_PRF_LABEL, (void *)"master secret"},
                              {64, KDF_TLS_PRF_SEED, random},
                              {4, KDF_TLS_PRF_PROTOCOL, &protocol}};
    BCryptBufferDesc list = {0, 2, buffers};
    ULONG used = 0;
    CHECK_EQ(BCryptOpenAlgorithmProvider(&algorithm, BCRYPT_ECDH_P256_ALGORITHM, NULL, 0), 0);
    for (int i = 0; i < 2; i++) {
        CHECK_EQ(BCryptGenerateKeyPair(algorithm, &keys[i], 256, 0), 0);
        CHECK_EQ(BCryptFinalizeKeyPair(keys[i], 0), 0);
    }
    for (int i = 0; i < 2; i++) {
        CHECK_EQ(BCryptSecretAgreement(keys[i], keys[!i], &secrets[i], 0), 0);
        CHECK_EQ(BCryptDeriveKey(secrets[i], BCRYPT_KDF_TLS_PRF, &list, NULL, 0, &used, 0), 0);
        CHECK_EQ(used, 48);
        CHECK_EQ(BCryptDeriveKey(secrets[i], BCRYPT_KDF_TLS_PRF, &list, out[i], 48, &used, 0), 0);
    }
    CHECK(!memcmp(out[0], out[1], 48));
    list.cBuffers = 3;
    CHECK_EQ(BCryptDeriveKey(secrets[0], BCRYPT_KDF_TLS_PRF, &list, newer, 48, &used, 0), 0);
    CHECK(memcmp(newer, out[0], 48) != 0);
    list.cBuffers = 1;
    CHECK_EQ(BCryptDeriveKey(secrets[0], BCRYPT_KDF_TLS_PRF, &list, newer, 48, &used, 0), STATUS_INVALID_PARAMETER_);
    for (int i = 0; i < 2; i++) {
        BCryptDestroySecret(secrets[i]);
        BCryptDestroyKey(keys[i]);
    }
    BCryptCloseAlgorithmProvider(algorithm, 0);
}

int main(void)
{
    if (check_under_wine())
        return 0;
    test_chacha();
    test_cmac();
    test_multi();
    test_tls();
    test_tls_secret();
    return check_done();
}
