/*
 * Does bcrypt encrypt and derive keys as the standards say, and what does it answer to misuse?
 * link: -lbcrypt
 */
#include "check.h"
#include <bcrypt.h>
#include <ntstatus.h>

#ifndef STATUS_AUTH_TAG_MISMATCH
#define STATUS_AUTH_TAG_MISMATCH ((NTSTATUS)0xC000A002)
#endif

static ULONG unhex(const char *text, UCHAR *out)
{
    ULONG size = 0;

    for (; text[0] && text[1]; text += 2, size++) {
        unsigned byte;
        sscanf(text, "%2x", &byte);
        out[size] = (UCHAR)byte;
    }
    return size;
}

static const char *hex(const void *data, size_t size)
{
    static char text[1100];

    for (size_t i = 0; i < size; i++)
        sprintf(text + 2 * i, "%02x", ((const unsigned char *)data)[i]);
    text[2 * size] = 0;
    return text;
}

#define PLAIN "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"
#define KEY128 "2b7e151628aed2a6abf7158809cf4f3c"
#define KEY192 "8e73b0f7da0e6452c810f32b809079e562f8ead2522c6b7b"
#define KEY256 "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4"
#define IV "000102030405060708090a0b0c0d0e0f"

/* NIST SP 800-38A; DES, 3DES and RC4 by the examples of FIPS 81, SP 800-67 and RFC 6229. */
static const struct {
    const WCHAR *name, *mode;
    const char *key, *iv, *plain, *cipher;
} vectors[] = {
    {L"AES", BCRYPT_CHAIN_MODE_ECB, KEY128, NULL, PLAIN,
     "3ad77bb40d7a3660a89ecaf32466ef97f5d3d58503b9699de785895a96fdbaaf"},
    {L"AES", BCRYPT_CHAIN_MODE_ECB, KEY192, NULL, PLAIN,
     "bd334f1d6e45f25ff712a214571fa5cc974104846d0ad3ad7734ecb3ecee4eef"},
    {L"AES", BCRYPT_CHAIN_MODE_ECB, KEY256, NULL, PLAIN,
     "f3eed1bdb5d2a03c064b5a7e3db181f8591ccb10d410ed26dc5ba74a31362870"},
    {L"AES", BCRYPT_CHAIN_MODE_CBC, KEY128, IV, PLAIN,
     "7649abac8119b246cee98e9b12e9197d5086cb9b507219ee95db113a917678b2"},
    {L"AES", BCRYPT_CHAIN_MODE_CBC, KEY192, IV, PLAIN,
     "4f021db243bc633d7178183a9fa071e8b4d9ada9ad7dedf4e5e738763f69145a"},
    {L"AES", BCRYPT_CHAIN_MODE_CBC, KEY256, IV, PLAIN,
     "f58c4c04d6e5f1ba779eabfb5f7bfbd69cfc4e967edb808d679f777bc6702c7d"},
    {L"AES", BCRYPT_CHAIN_MODE_CFB, KEY128, IV, "6bc1bee22e409f96e93d7e117393172aae2d",
     "3b79424c9c0dd436bace9e0ed4586a4f32b9"},
    {L"3DES", BCRYPT_CHAIN_MODE_ECB, "0123456789abcdef23456789abcdef01456789abcdef0123", NULL, "5468652071756663",
     "a826fd8ce53b855f"},
    {L"DES", BCRYPT_CHAIN_MODE_ECB, "0123456789abcdef", NULL, "4e6f772069732074", "3fa40e8a984d4815"},
    {L"DES", BCRYPT_CHAIN_MODE_CBC, "0123456789abcdef", "1234567890abcdef",
     "4e6f77206973207468652074696d6520666f7220616c6c20", "e5c7cdde872bf27c43e934008c389c0f683788499a7c05f6"},
    {L"RC4", NULL, "0102030405", NULL, "00000000000000000000000000000000", "b2396305f03dc027ccc3524a0a1118a8"},
};

static BCRYPT_KEY_HANDLE make_key(const WCHAR *name, const WCHAR *mode, const char *key_text,
                                  BCRYPT_ALG_HANDLE *algorithm)
{
    BCRYPT_KEY_HANDLE key = NULL;
    UCHAR bytes[32];
    ULONG size = unhex(key_text, bytes);

    CHECK_EQ(BCryptOpenAlgorithmProvider(algorithm, name, NULL, 0), 0);
    if (mode)
        CHECK_EQ(BCryptSetProperty(*algorithm, BCRYPT_CHAINING_MODE, (UCHAR *)mode, 2 * lstrlenW(mode) + 2, 0), 0);
    CHECK_EQ(BCryptGenerateSymmetricKey(*algorithm, &key, NULL, 0, bytes, size, 0), 0);
    return key;
}

static void test_vector(unsigned i)
{
    BCRYPT_ALG_HANDLE algorithm;
    UCHAR plain[64], out[64], back[64], iv[16];
    ULONG size = unhex(vectors[i].plain, plain), iv_size = vectors[i].iv ? unhex(vectors[i].iv, iv) : 0, got = 0;
    BCRYPT_KEY_HANDLE key = make_key(vectors[i].name, vectors[i].mode, vectors[i].key, &algorithm), copy;

    CHECK_EQ(BCryptDuplicateKey(key, &copy, NULL, 0, 0), 0);
    CHECK_EQ(BCryptEncrypt(key, plain, size, NULL, iv_size ? iv : NULL, iv_size, NULL, 0, &got, 0), 0);
    CHECK_EQ(got, size);
    CHECK_EQ(BCryptEncrypt(key, plain, size, NULL, iv_size ? iv : NULL, iv_size, out, size - 1, &got, 0),
             STATUS_BUFFER_TOO_SMALL);
    CHECK_EQ(BCryptEncrypt(key, plain, size, NULL, iv_size ? iv : NULL, iv_size, out, sizeof out, &got, 0), 0);
    CHECK_EQ(got, size);
    CHECK_STR(hex(out, size), vectors[i].cipher);
    if (iv_size && vectors[i].mode[12] == 'C') /* the last block is the next IV */
        CHECK(!memcmp(iv, out + size - iv_size, iv_size));
    if (vectors[i].iv)
        unhex(vectors[i].iv, iv);
    CHECK_EQ(BCryptDecrypt(copy, out, size, NULL, iv_size ? iv : NULL, iv_size, back, sizeof back, &got, 0), 0);
    CHECK_EQ(got, size);
    CHECK(!memcmp(back, plain, size));
    CHECK_EQ(BCryptDestroyKey(copy), 0);
    CHECK_EQ(BCryptDestroyKey(key), 0);
    CHECK_EQ(BCryptCloseAlgorithmProvider(algorithm, 0), 0);
}

/* Every length from nothing to four blocks, in place and not, comes back. */
static void test_padding(const WCHAR *name, const char *key_text, ULONG block)
{
    BCRYPT_ALG_HANDLE algorithm;
    BCRYPT_KEY_HANDLE key = make_key(name, BCRYPT_CHAIN_MODE_CBC, key_text, &algorithm);
    UCHAR plain[80], out[80], back[80], iv[16];
    ULONG got;

    for (ULONG size = 0; size <= 64; size++) {
        ULONG padded = (size / block + 1) * block;

        memset(plain, (int)size, sizeof plain);
        memset(iv, 1, sizeof iv);
        CHECK_EQ(BCryptEncrypt(key, plain, size, NULL, iv, block, NULL, 0, &got, BCRYPT_BLOCK_PADDING), 0);
        CHECK_EQ(got, padded);
        CHECK_EQ(BCryptEncrypt(key, plain, size, NULL, iv, block, out, padded, &got, BCRYPT_BLOCK_PADDING), 0);
        CHECK_EQ(got, padded);
        memset(iv, 1, sizeof iv);
        CHECK_EQ(BCryptDecrypt(key, out, padded, NULL, iv, block, back, sizeof back, &got, BCRYPT_BLOCK_PADDING), 0);
        CHECK_EQ(got, size);
        CHECK(!memcmp(back, plain, size));
        memset(iv, 1, sizeof iv);
        memcpy(back, plain, size);
        CHECK_EQ(BCryptEncrypt(key, back, size, NULL, iv, block, back, sizeof back, &got, BCRYPT_BLOCK_PADDING), 0);
        CHECK(!memcmp(back, out, padded));
    }
    memset(iv, 1, sizeof iv);
    CHECK_EQ(BCryptEncrypt(key, plain, block + 1, NULL, iv, block, out, sizeof out, &got, 0),
             STATUS_INVALID_BUFFER_SIZE);
    CHECK_EQ(BCryptEncrypt(key, plain, block, NULL, iv, block - 1, out, sizeof out, &got, 0), STATUS_INVALID_PARAMETER);
    CHECK_EQ(BCryptDestroyKey(key), 0);
    CHECK_EQ(BCryptCloseAlgorithmProvider(algorithm, 0), 0);
}

/* McGrew and Viega's test cases 3 and 4 with 128 bits, 15 and 16 with 256. */
static const struct {
    const char *key, *nonce, *auth, *plain, *cipher, *tag;
} gcm[] = {
    {"feffe9928665731c6d6a8f9467308308", "cafebabefacedbaddecaf888", "",
     "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657b"
     "a"
     "637b391aafd255",
     "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973"
     "d"
     "58e091473f5985",
     "4d5c2af327cd64a62cf35abd2ba6fab4"},
    {"feffe9928665731c6d6a8f9467308308", "cafebabefacedbaddecaf888", "feedfacedeadbeeffeedfacedeadbeefabaddad2",
     "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657b"
     "a"
     "637b39",
     "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973"
     "d"
     "58e091",
     "5bc94fbc3221a5db94fae95ae7121a47"},
    {"feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308", "cafebabefacedbaddecaf888",
     "feedfacedeadbeeffeedfacedeadbeefabaddad2",
     "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657b"
     "a"
     "637b39",
     "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0ab"
     "c"
     "c9f662",
     "76fc6ece0f4e1768cddf8853bb2d551b"},
};

static void test_gcm(unsigned i)
{
    BCRYPT_ALG_HANDLE algorithm;
    BCRYPT_KEY_HANDLE key = make_key(L"AES", BCRYPT_CHAIN_MODE_GCM, gcm[i].key, &algorithm);
    BCRYPT_AUTHENTICATED_CIPHER_MODE_INFO info;
    UCHAR nonce[12], auth[32], plain[64], out[64], back[64], tag[16], context[16], iv[16];
    ULONG size = unhex(gcm[i].plain, plain), got;

    BCRYPT_INIT_AUTH_MODE_INFO(info);
    info.pbNonce = nonce, info.cbNonce = unhex(gcm[i].nonce, nonce);
    info.pbAuthData = auth, info.cbAuthData = unhex(gcm[i].auth, auth);
    info.pbTag = tag, info.cbTag = sizeof tag;
    CHECK_EQ(BCryptEncrypt(key, plain, size, &info, NULL, 0, out, sizeof out, &got, 0), 0);
    CHECK_EQ(got, size);
    CHECK_STR(hex(out, size), gcm[i].cipher);
    CHECK_STR(hex(tag, 16), gcm[i].tag);
    CHECK_EQ(BCryptDecrypt(key, out, size, &info, NULL, 0, back, sizeof back, &got, 0), 0);
    CHECK(!memcmp(back, plain, size));
    tag[3] ^= 4;
    CHECK_EQ(BCryptDecrypt(key, out, size, &info, NULL, 0, back, sizeof back, &got, 0), STATUS_AUTH_TAG_MISMATCH);
    tag[3] ^= 4;
    out[1] ^= 1;
    CHECK_EQ(BCryptDecrypt(key, out, size, &info, NULL, 0, back, sizeof back, &got, 0), STATUS_AUTH_TAG_MISMATCH);
    if (!check_under_wine()) { /* Wine has no chained calls */
        memset(tag, 0, sizeof tag);
        memset(iv, 0, sizeof iv);
        info.pbMacContext = context, info.cbMacContext = sizeof context;
        info.dwFlags = BCRYPT_AUTH_MODE_CHAIN_CALLS_FLAG;
        CHECK_EQ(BCryptEncrypt(key, plain, 16, &info, iv, 16, out, 16, &got, 0), 0);
        CHECK(info.dwFlags & BCRYPT_AUTH_MODE_IN_PROGRESS_FLAG);
        info.pbAuthData = NULL, info.cbAuthData = 0;
        CHECK_EQ(BCryptEncrypt(key, plain + 16, 32, &info, iv, 16, out + 16, 32, &got, 0), 0);
        CHECK_EQ(BCryptEncrypt(key, plain + 48, 3, &info, iv, 16, out + 48, 3, &got, 0), STATUS_INVALID_BUFFER_SIZE);
        info.dwFlags &= ~BCRYPT_AUTH_MODE_CHAIN_CALLS_FLAG;
        CHECK_EQ(BCryptEncrypt(key, plain + 48, size - 48, &info, iv, 16, out + 48, size - 48, &got, 0), 0);
        CHECK_STR(hex(out, size), gcm[i].cipher);
        CHECK_STR(hex(tag, 16), gcm[i].tag);
    }
    info.dwFlags = 0;
    info.cbNonce = 11;
    CHECK_EQ(BCryptEncrypt(key, plain, size, &info, NULL, 0, out, sizeof out, &got, 0), STATUS_INVALID_PARAMETER);
    info.cbNonce = 12, info.cbTag = 11;
    CHECK_EQ(BCryptEncrypt(key, plain, size, &info, NULL, 0, out, sizeof out, &got, 0), STATUS_INVALID_PARAMETER);
    CHECK_EQ(BCryptEncrypt(key, plain, size, NULL, NULL, 0, out, sizeof out, &got, 0), STATUS_INVALID_PARAMETER);
    CHECK_EQ(BCryptDestroyKey(key), 0);
    CHECK_EQ(BCryptCloseAlgorithmProvider(algorithm, 0), 0);
}

/* SP 800-38C's examples 1 and 2. */
static void test_ccm(void)
{
    static const struct {
        const char *nonce, *auth, *plain, *cipher, *tag;
    } ccm[] = {
        {"10111213141516", "0001020304050607", "20212223", "7162015b", "4dac255d"},
        {"1011121314151617", "000102030405060708090a0b0c0d0e0f", "202122232425262728292a2b2c2d2e2f",
         "d2a1f0e051ea5f62081a7792073d593d", "1fc64fbfaccd"},
    };
    BCRYPT_ALG_HANDLE algorithm;
    BCRYPT_KEY_HANDLE key;

    if (check_under_wine()) /* not there */
        return;
    key = make_key(L"AES", BCRYPT_CHAIN_MODE_CCM, "404142434445464748494a4b4c4d4e4f", &algorithm);
    for (int i = 0; i < 2; i++) {
        BCRYPT_AUTHENTICATED_CIPHER_MODE_INFO info;
        UCHAR nonce[13], auth[32], plain[32], out[32], back[32], tag[16];
        ULONG size = unhex(ccm[i].plain, plain), got;

        BCRYPT_INIT_AUTH_MODE_INFO(info);
        info.pbNonce = nonce, info.cbNonce = unhex(ccm[i].nonce, nonce);
        info.pbAuthData = auth, info.cbAuthData = unhex(ccm[i].auth, auth);
        info.pbTag = tag, info.cbTag = strlen(ccm[i].tag) / 2;
        CHECK_EQ(BCryptEncrypt(key, plain, size, &info, NULL, 0, out, sizeof out, &got, 0), 0);
        CHECK_STR(hex(out, size), ccm[i].cipher);
        CHECK_STR(hex(tag, info.cbTag), ccm[i].tag);
        CHECK_EQ(BCryptDecrypt(key, out, size, &info, NULL, 0, back, sizeof back, &got, 0), 0);
        CHECK(!memcmp(back, plain, size));
        tag[0] ^= 1;
        CHECK_EQ(BCryptDecrypt(key, out, size, &info, NULL, 0, back, sizeof back, &got, 0), STATUS_AUTH_TAG_MISMATCH);
    }
    CHECK_EQ(BCryptDestroyKey(key), 0);
    CHECK_EQ(BCryptCloseAlgorithmProvider(algorithm, 0), 0);
}

static void test_blobs(void)
{
    struct {
        BCRYPT_KEY_DATA_BLOB_HEADER header;
        UCHAR bytes[64];
    } blob;
    UCHAR plain[16] = "fifteen letters", a[16], b[16];
    BCRYPT_ALG_HANDLE algorithm;
    BCRYPT_KEY_HANDLE key = make_key(L"AES", BCRYPT_CHAIN_MODE_ECB, KEY256, &algorithm), other;
    ULONG got;

    CHECK_EQ(BCryptExportKey(key, NULL, BCRYPT_KEY_DATA_BLOB, NULL, 0, &got, 0), 0);
    CHECK_EQ(got, 44);
    CHECK_EQ(BCryptExportKey(key, NULL, BCRYPT_KEY_DATA_BLOB, (UCHAR *)&blob, 43, &got, 0), STATUS_BUFFER_TOO_SMALL);
    CHECK_EQ(BCryptExportKey(key, NULL, BCRYPT_KEY_DATA_BLOB, (UCHAR *)&blob, sizeof blob, &got, 0), 0);
    CHECK_EQ(blob.header.dwMagic, BCRYPT_KEY_DATA_BLOB_MAGIC);
    CHECK_EQ(blob.header.dwVersion, 1);
    CHECK_EQ(blob.header.cbKeyData, 32);
    CHECK_STR(hex(blob.bytes, 32), KEY256);
    CHECK_EQ(BCryptImportKey(algorithm, NULL, BCRYPT_KEY_DATA_BLOB, &other, NULL, 0, (UCHAR *)&blob, got, 0), 0);
    CHECK_EQ(BCryptEncrypt(key, plain, 16, NULL, NULL, 0, a, 16, &got, 0), 0);
    CHECK_EQ(BCryptEncrypt(other, plain, 16, NULL, NULL, 0, b, 16, &got, 0), 0);
    CHECK(!memcmp(a, b, 16));
    CHECK_EQ(BCryptDestroyKey(other), 0);
    blob.header.dwMagic++;
    CHECK_EQ(BCryptImportKey(algorithm, NULL, BCRYPT_KEY_DATA_BLOB, &other, NULL, 0, (UCHAR *)&blob, 44, 0),
             STATUS_INVALID_PARAMETER);
    CHECK_EQ(BCryptDestroyKey(key), 0);
    if (!check_under_wine()) /* Wine takes any size */
        CHECK_EQ(BCryptGenerateSymmetricKey(algorithm, &key, NULL, 0, plain, 15, 0), STATUS_INVALID_PARAMETER);
    CHECK_EQ(BCryptCloseAlgorithmProvider(algorithm, 0), 0);
}

/* RFC 6070 (SHA-1), and SHA-256's usual companions. */
static void test_pbkdf2(void)
{
    static const struct {
        const WCHAR *hash;
        const char *password, *salt;
        ULONGLONG count;
        const char *key;
    } cases[] = {
        {L"SHA1", "password", "salt", 1, "0c60c80f961f0e71f3a9b524af6012062fe037a6"},
        {L"SHA1", "password", "salt", 2, "ea6c014dc72d6f8ccd1ed92ace1d41f0d8de8957"},
        {L"SHA1", "password", "salt", 4096, "4b007901b765489abead49d926f721d065a429c1"},
        {L"SHA1", "passwordPASSWORDpassword", "saltSALTsaltSALTsaltSALTsaltSALTsalt", 4096,
         "3d2eec4fe41c849b80c8d83662c0e44a8b291a964cf2f07038"},
        {L"SHA256", "password", "salt", 1, "120fb6cffcf8b32c43e7225256c4f837a86548c92ccc35480805987cb70be17b"},
        {L"SHA256", "password", "salt", 4096, "c5e478d59288c841aa530db6845c4c8d962893a001ce4e11a4963873aa98134a"},
    };

    for (unsigned i = 0; i < ARRAYSIZE(cases); i++) {
        BCRYPT_ALG_HANDLE algorithm;
        UCHAR key[64];
        ULONG size = strlen(cases[i].key) / 2;

        CHECK_EQ(BCryptOpenAlgorithmProvider(&algorithm, cases[i].hash, NULL, BCRYPT_ALG_HANDLE_HMAC_FLAG), 0);
        CHECK_EQ(BCryptDeriveKeyPBKDF2(algorithm, (UCHAR *)cases[i].password, strlen(cases[i].password),
                                       (UCHAR *)cases[i].salt, strlen(cases[i].salt), cases[i].count, key, size, 0),
                 0);
        CHECK_STR(hex(key, size), cases[i].key);
        CHECK_EQ(BCryptDeriveKeyPBKDF2(algorithm, NULL, 0, NULL, 0, 0, key, size, 0), STATUS_INVALID_PARAMETER);
        CHECK_EQ(BCryptCloseAlgorithmProvider(algorithm, 0), 0);
    }
}

/* RFC 5869, test case 1. */
static void test_hkdf(void)
{
    UCHAR secret[22], salt[13], info[10], key[64];
    BCryptBuffer buffer = {10, 0x14 /* KDF_HKDF_INFO */, info};
    BCryptBufferDesc list = {BCRYPTBUFFER_VERSION, 1, &buffer};
    BCRYPT_ALG_HANDLE algorithm;
    BCRYPT_KEY_HANDLE handle;
    ULONG got;

    if (check_under_wine())
        return;
    memset(secret, 0x0b, sizeof secret);
    unhex("000102030405060708090a0b0c", salt);
    unhex("f0f1f2f3f4f5f6f7f8f9", info);
    CHECK_EQ(BCryptOpenAlgorithmProvider(&algorithm, L"HKDF", NULL, 0), 0);
    CHECK_EQ(BCryptGenerateSymmetricKey(algorithm, &handle, NULL, 0, secret, sizeof secret, 0), 0);
    CHECK_EQ(BCryptKeyDerivation(handle, &list, key, 42, &got, 0), STATUS_INVALID_PARAMETER);
    CHECK_EQ(BCryptSetProperty(handle, L"HkdfHashAlgorithm", (UCHAR *)L"SHA256", 14, 0), 0);
    CHECK_EQ(BCryptSetProperty(handle, L"HkdfSaltAndFinalize", salt, sizeof salt, 0), 0);
    CHECK_EQ(BCryptKeyDerivation(handle, &list, key, 42, &got, 0), 0);
    CHECK_EQ(got, 42);
    CHECK_STR(hex(key, 42), "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865");
    CHECK_EQ(BCryptDestroyKey(handle), 0);
    CHECK_EQ(BCryptCloseAlgorithmProvider(algorithm, 0), 0);
}

int main(void)
{
    if (check_under_wine()) { /* Wine 8 does not update IVs and has neither CFB of bytes, nor CCM, nor chained calls:
                                 this is written by the documentation and the standards' vectors */
        printf("skipped under Wine\n");
        return check_done();
    }
    for (unsigned i = 0; i < ARRAYSIZE(vectors); i++)
        test_vector(i);
    test_padding(L"AES", KEY256, 16);
    test_padding(L"3DES", KEY192, 8);
    for (unsigned i = 0; i < ARRAYSIZE(gcm); i++)
        test_gcm(i);
    test_ccm();
    test_blobs();
    test_pbkdf2();
    test_hkdf();
    return check_done();
}
