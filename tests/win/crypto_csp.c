/*
 * Does CryptoAPI hash, encrypt, sign, export and keep its containers, and what does it answer to misuse?
 * link: -ladvapi32
 */
#include "check.h"
#include <wincrypt.h>

static const char *hex(const void *data, size_t size)
{
    static char text[1100];

    for (size_t i = 0; i < size; i++)
        sprintf(text + 2 * i, "%02x", ((const unsigned char *)data)[i]);
    text[2 * size] = 0;
    return text;
}

static HCRYPTPROV open_context(void)
{
    HCRYPTPROV context = 0;

    CHECK(CryptAcquireContextA(&context, NULL, NULL, PROV_RSA_AES, CRYPT_VERIFYCONTEXT));
    return context;
}

static const struct {
    ALG_ID id;
    DWORD size;
    const char *abc;
} hashes[] = {
    {CALG_MD2, 16, "da853b0d3f88d99b30283a69e6ded6bb"},
    {CALG_MD4, 16, "a448017aaf21d8525fc10ae87aa6729d"},
    {CALG_MD5, 16, "900150983cd24fb0d6963f7d28e17f72"},
    {CALG_SHA1, 20, "a9993e364706816aba3e25717850c26c9cd0d89d"},
    {CALG_SHA_256, 32, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
    {CALG_SHA_384, 48,
     "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7"},
    {CALG_SHA_512, 64,
     "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e"
     "2a9ac94fa54ca49f"},
};

static void test_hash(HCRYPTPROV context, unsigned i)
{
    HCRYPTHASH hash, copy;
    BYTE value[64];
    DWORD size, number;

    CHECK(CryptCreateHash(context, hashes[i].id, 0, 0, &hash));
    CHECK(CryptHashData(hash, (BYTE *)"ab", 2, 0));
    CHECK(CryptDuplicateHash(hash, NULL, 0, &copy));
    size = sizeof number;
    CHECK(CryptGetHashParam(hash, HP_HASHSIZE, (BYTE *)&number, &size, 0));
    CHECK_EQ(number, hashes[i].size);
    size = sizeof number;
    CHECK(CryptGetHashParam(hash, HP_ALGID, (BYTE *)&number, &size, 0));
    CHECK_EQ(number, hashes[i].id);
    CHECK(CryptHashData(hash, (BYTE *)"c", 1, 0));
    CHECK(CryptGetHashParam(hash, HP_HASHVAL, NULL, &size, 0));
    CHECK_EQ(size, hashes[i].size);
    size = hashes[i].size - 1;
    CHECK_ERROR(CryptGetHashParam(hash, HP_HASHVAL, value, &size, 0), ERROR_MORE_DATA);
    size = sizeof value;
    CHECK(CryptGetHashParam(hash, HP_HASHVAL, value, &size, 0));
    CHECK_EQ(size, hashes[i].size);
    CHECK_STR(hex(value, size), hashes[i].abc);
    memset(value, 0, sizeof value);
    CHECK(CryptGetHashParam(hash, HP_HASHVAL, value, &size, 0)); /* again */
    CHECK_STR(hex(value, size), hashes[i].abc);
    CHECK_ERROR(CryptHashData(hash, (BYTE *)"c", 1, 0), (DWORD)NTE_BAD_HASH_STATE);
    CHECK(CryptHashData(copy, (BYTE *)"c", 1, 0));
    CHECK(CryptGetHashParam(copy, HP_HASHVAL, value, &size, 0));
    CHECK_STR(hex(value, size), hashes[i].abc);
    CHECK_ERROR(CryptGetHashParam(hash, 77, value, &size, 0), (DWORD)NTE_BAD_TYPE);
    CHECK(CryptDestroyHash(copy));
    CHECK(CryptDestroyHash(hash));
}

struct plain_blob {
    BLOBHEADER header;
    DWORD size;
    BYTE bytes[64];
};

static HCRYPTKEY import_plain(HCRYPTPROV context, ALG_ID id, const void *bytes, DWORD size, DWORD flags)
{
    struct plain_blob blob = {{PLAINTEXTKEYBLOB, CUR_BLOB_VERSION, 0, id}, size};
    HCRYPTKEY key = 0;

    memcpy(blob.bytes, bytes, size);
    CHECK(CryptImportKey(context, (BYTE *)&blob, sizeof blob.header + 4 + size, 0, flags, &key));
    return key;
}

static void test_hmac(HCRYPTPROV context)
{
    HCRYPTKEY key = import_plain(context, CALG_RC2, "Jefe", 4, CRYPT_IPSEC_HMAC_KEY);
    HMAC_INFO info = {CALG_SHA1};
    HCRYPTHASH hash;
    BYTE value[64];
    DWORD size = sizeof value;

    CHECK(CryptCreateHash(context, CALG_HMAC, key, 0, &hash));
    CHECK(CryptSetHashParam(hash, HP_HMAC_INFO, (BYTE *)&info, 0));
    CHECK(CryptHashData(hash, (BYTE *)"what do ya want for nothing?", 28, 0));
    CHECK(CryptGetHashParam(hash, HP_HASHVAL, value, &size, 0));
    CHECK_STR(hex(value, size), "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
    CHECK(CryptDestroyHash(hash));
    CHECK(CryptDestroyKey(key));
}

/* The first block by SP 800-38A; then chained pieces, padding and every length. */
static void test_cipher(HCRYPTPROV context)
{
    static const BYTE bytes[16] = {0x2b, 0x7e, 0x15, 0x16, 0x28, 0xae, 0xd2, 0xa6,
                                   0xab, 0xf7, 0x15, 0x88, 0x09, 0xcf, 0x4f, 0x3c};
    static const BYTE plain[16] = {0x6b, 0xc1, 0xbe, 0xe2, 0x2e, 0x40, 0x9f, 0x96,
                                   0xe9, 0x3d, 0x7e, 0x11, 0x73, 0x93, 0x17, 0x2a};
    HCRYPTKEY key = import_plain(context, CALG_AES_128, bytes, 16, CRYPT_EXPORTABLE);
    BYTE data[96], whole[96], iv[16];
    DWORD size, number = CRYPT_MODE_ECB;

    for (int i = 0; i < 16; i++)
        iv[i] = (BYTE)i;
    CHECK(CryptSetKeyParam(key, KP_IV, iv, 0));
    memcpy(data, plain, 16);
    size = 16;
    CHECK(CryptEncrypt(key, 0, TRUE, 0, data, &size, sizeof data));
    CHECK_EQ(size, 32);
    CHECK_STR(hex(data, 16), "7649abac8119b246cee98e9b12e9197d");
    CHECK(CryptDecrypt(key, 0, TRUE, 0, data, &size));
    CHECK_EQ(size, 16);
    CHECK(!memcmp(data, plain, 16));
    for (DWORD length = 0; length < 64; length++) {
        memset(data, (int)length, sizeof data);
        size = length;
        CHECK(CryptEncrypt(key, 0, TRUE, 0, data, &size, sizeof data));
        CHECK_EQ(size, (length / 16 + 1) * 16);
        CHECK(CryptDecrypt(key, 0, TRUE, 0, data, &size));
        CHECK_EQ(size, length);
        for (DWORD i = 0; i < length; i++)
            if (data[i] != length)
                CHECK_EQ(data[i], length);
    }
    memset(whole, 7, sizeof whole);
    size = 40;
    CHECK(CryptEncrypt(key, 0, TRUE, 0, whole, &size, sizeof whole));
    memset(data, 7, sizeof data);
    size = 16;
    CHECK(CryptEncrypt(key, 0, FALSE, 0, data, &size, sizeof data));
    CHECK_EQ(size, 16);
    size = 24;
    CHECK(CryptEncrypt(key, 0, TRUE, 0, data + 16, &size, sizeof data - 16));
    CHECK_EQ(size, 32);
    CHECK(!memcmp(data, whole, 48));
    size = 20;
    CHECK(CryptEncrypt(key, 0, TRUE, 0, NULL, &size, 0));
    CHECK_EQ(size, 32);
    size = 20;
    CHECK_ERROR(CryptEncrypt(key, 0, TRUE, 0, data, &size, 31), ERROR_MORE_DATA);
    CHECK_EQ(size, 32);
    memset(data, 1, sizeof data);
    size = 17;
    CHECK_ERROR(CryptDecrypt(key, 0, TRUE, 0, data, &size), (DWORD)NTE_BAD_DATA);
    CHECK(CryptSetKeyParam(key, KP_MODE, (BYTE *)&number, 0));
    memcpy(data, plain, 16);
    size = 16;
    CHECK(CryptEncrypt(key, 0, TRUE, 0, data, &size, sizeof data));
    CHECK_STR(hex(data, 16), "3ad77bb40d7a3660a89ecaf32466ef97");
    size = 4;
    CHECK(CryptGetKeyParam(key, KP_KEYLEN, (BYTE *)&number, &size, 0));
    CHECK_EQ(number, 128);
    CHECK(CryptGetKeyParam(key, KP_BLOCKLEN, (BYTE *)&number, &size, 0));
    CHECK_EQ(number, 128);
    CHECK(CryptGetKeyParam(key, KP_ALGID, (BYTE *)&number, &size, 0));
    CHECK_EQ(number, CALG_AES_128);
    size = sizeof data;
    CHECK(CryptExportKey(key, 0, PLAINTEXTKEYBLOB, 0, data, &size));
    CHECK_EQ(size, 28);
    CHECK(!memcmp(data + 12, bytes, 16));
    CHECK(CryptDestroyKey(key));
}

static void test_derive(HCRYPTPROV context)
{
    static const struct {
        ALG_ID hash, key;
        DWORD size;
    } cases[] = {{CALG_SHA1, CALG_AES_256, 32}, {CALG_MD5, CALG_RC4, 16},         {CALG_SHA_256, CALG_AES_256, 32},
                 {CALG_SHA1, CALG_3DES, 24},    {CALG_SHA_256, CALG_AES_128, 16}, {CALG_SHA1, CALG_RC2, 16}};

    for (unsigned i = 0; i < ARRAYSIZE(cases); i++) {
        HCRYPTHASH hash, inner;
        HCRYPTKEY key;
        BYTE blob[64], value[64], wanted[80], pad[64];
        DWORD size = sizeof value;

        CHECK(CryptCreateHash(context, cases[i].hash, 0, 0, &hash));
        CHECK(CryptHashData(hash, (BYTE *)"password", 8, 0));
        CHECK(CryptDeriveKey(context, cases[i].key, hash, CRYPT_EXPORTABLE, &key));
        CHECK(CryptGetHashParam(hash, HP_HASHVAL, value, &size, 0));
        memcpy(wanted, value, size);
        if (cases[i].hash == CALG_SHA1 && cases[i].key != CALG_RC2) /* the documented stretching */
            for (int half = 0; half < 2; half++) {
                DWORD length = 20;

                memset(pad, half ? 0x5c : 0x36, 64);
                for (DWORD j = 0; j < size; j++)
                    pad[j] ^= value[j];
                CHECK(CryptCreateHash(context, CALG_SHA1, 0, 0, &inner));
                CHECK(CryptHashData(inner, pad, 64, 0));
                CHECK(CryptGetHashParam(inner, HP_HASHVAL, wanted + 20 * half, &length, 0));
                CHECK(CryptDestroyHash(inner));
            }
        size = sizeof blob;
        CHECK(CryptExportKey(key, 0, PLAINTEXTKEYBLOB, 0, blob, &size));
        CHECK_EQ(size, 12 + cases[i].size);
        if (cases[i].key != CALG_3DES) /* whose bytes have parity bits */
            CHECK(!memcmp(blob + 12, wanted, cases[i].size));
        CHECK(CryptDestroyKey(key));
        CHECK(CryptDestroyHash(hash));
    }
}

static void test_rsa(HCRYPTPROV context)
{
    HCRYPTKEY key, public, session, back;
    HCRYPTHASH hash;
    BYTE blob[2048], public_blob[512], signature[256], data[256], simple[512];
    DWORD size = sizeof blob, public_size = sizeof public_blob, length, simple_size;

    CHECK(CryptGenKey(context, AT_KEYEXCHANGE, 1024u << 16 | CRYPT_EXPORTABLE, &key));
    CHECK(CryptExportKey(key, 0, PRIVATEKEYBLOB, 0, blob, &size));
    CHECK_EQ(size, 8 + 12 + 128 * 2 + 64 * 5);
    CHECK(CryptExportKey(key, 0, PUBLICKEYBLOB, 0, public_blob, &public_size));
    CHECK_EQ(public_size, 8 + 12 + 128);
    CHECK_EQ(((BLOBHEADER *)public_blob)->bType, PUBLICKEYBLOB);
    CHECK_EQ(((BLOBHEADER *)public_blob)->aiKeyAlg, CALG_RSA_KEYX);
    CHECK_EQ(((RSAPUBKEY *)(public_blob + 8))->magic, 0x31415352);
    CHECK_EQ(((RSAPUBKEY *)(public_blob + 8))->pubexp, 65537);
    CHECK(CryptImportKey(context, public_blob, public_size, 0, 0, &public));
    for (unsigned i = 2; i < ARRAYSIZE(hashes); i++) {
        CHECK(CryptCreateHash(context, hashes[i].id, 0, 0, &hash));
        CHECK(CryptHashData(hash, (BYTE *)"abc", 3, 0));
        CHECK(CryptSignHashA(hash, AT_KEYEXCHANGE, NULL, 0, NULL, &length));
        CHECK_EQ(length, 128);
        length = sizeof signature;
        CHECK(CryptSignHashA(hash, AT_KEYEXCHANGE, NULL, 0, signature, &length));
        CHECK_EQ(length, 128);
        CHECK(CryptVerifySignatureA(hash, signature, length, public, NULL, 0));
        signature[9] ^= 1;
        CHECK_ERROR(CryptVerifySignatureA(hash, signature, length, public, NULL, 0), (DWORD)NTE_BAD_SIGNATURE);
        CHECK_ERROR(CryptVerifySignatureA(hash, signature, 100, public, NULL, 0), (DWORD)NTE_BAD_SIGNATURE);
        CHECK(CryptDestroyHash(hash));
    }
    memset(data, 3, sizeof data);
    length = 40;
    CHECK(CryptEncrypt(public, 0, TRUE, 0, data, &length, sizeof data));
    CHECK_EQ(length, 128);
    CHECK(CryptDecrypt(key, 0, TRUE, 0, data, &length));
    CHECK_EQ(length, 40);
    CHECK(data[0] == 3 && data[39] == 3);
    /* a session key under the pair */
    session = import_plain(context, CALG_AES_128, "0123456789abcdef", 16, CRYPT_EXPORTABLE);
    simple_size = sizeof simple;
    CHECK(CryptExportKey(session, public, SIMPLEBLOB, 0, simple, &simple_size));
    CHECK_EQ(simple_size, 12 + 128);
    CHECK_EQ(((BLOBHEADER *)simple)->aiKeyAlg, CALG_AES_128);
    CHECK(CryptImportKey(context, simple, simple_size, key, CRYPT_EXPORTABLE, &back));
    length = sizeof data;
    CHECK(CryptExportKey(back, 0, PLAINTEXTKEYBLOB, 0, data, &length));
    CHECK(!memcmp(data + 12, "0123456789abcdef", 16));
    memcpy(data, simple + 12, 128);
    length = 128;
    CHECK(CryptDecrypt(key, 0, TRUE, 0, data, &length));
    CHECK_EQ(length, 16);
    CHECK(!memcmp(data, "0123456789abcdef", 16));
    CHECK(CryptDestroyKey(back));
    CHECK(CryptDestroyKey(session));
    CHECK(CryptDestroyKey(public));
    CHECK(CryptDestroyKey(key));
    for (DWORD cut = 0; cut < size && !check_under_wine(); cut += 31) /* Wine looks less closely */
        CHECK(!CryptImportKey(context, blob, cut, 0, 0, &key));
}

/* A container keeps its pair until it is deleted. */
static void test_container(void)
{
    static const char name[] = "winrun test container";
    HCRYPTPROV context;
    HCRYPTKEY key;
    BYTE first[512], second[512];
    DWORD size = sizeof first, length = sizeof second;
    char text[100];

    CryptAcquireContextA(&context, name, NULL, PROV_RSA_FULL, CRYPT_DELETEKEYSET);
    CHECK_ERROR(CryptAcquireContextA(&context, name, NULL, PROV_RSA_FULL, 0), (DWORD)NTE_BAD_KEYSET);
    CHECK(CryptAcquireContextA(&context, name, NULL, PROV_RSA_FULL, CRYPT_NEWKEYSET));
    CHECK_ERROR(CryptGetUserKey(context, AT_SIGNATURE, &key), (DWORD)NTE_NO_KEY);
    CHECK(CryptGenKey(context, AT_SIGNATURE, 1024u << 16, &key));
    CHECK(CryptExportKey(key, 0, PUBLICKEYBLOB, 0, first, &size));
    CHECK(CryptDestroyKey(key));
    length = sizeof text;
    CHECK(CryptGetProvParam(context, PP_CONTAINER, (BYTE *)text, &length, 0));
    CHECK_STR(text, name);
    CHECK(CryptReleaseContext(context, 0));
    CHECK_ERROR(CryptAcquireContextA(&context, name, NULL, PROV_RSA_FULL, CRYPT_NEWKEYSET), (DWORD)NTE_EXISTS);
    CHECK(CryptAcquireContextA(&context, name, NULL, PROV_RSA_FULL, 0));
    CHECK(CryptGetUserKey(context, AT_SIGNATURE, &key));
    length = sizeof second;
    CHECK(CryptExportKey(key, 0, PUBLICKEYBLOB, 0, second, &length));
    CHECK_EQ(length, size);
    CHECK(!memcmp(first, second, size));
    CHECK(CryptDestroyKey(key));
    CHECK(CryptReleaseContext(context, 0));
    CHECK(CryptAcquireContextA(&context, name, NULL, PROV_RSA_FULL, CRYPT_DELETEKEYSET));
    CHECK_ERROR(CryptAcquireContextA(&context, name, NULL, PROV_RSA_FULL, 0), (DWORD)NTE_BAD_KEYSET);
}

static void test_misuse(HCRYPTPROV context)
{
    HCRYPTPROV other;
    HCRYPTHASH hash;
    HCRYPTKEY key;
    BYTE bytes[32];
    DWORD type, size;

    CHECK_ERROR(CryptAcquireContextA(&other, NULL, NULL, 0, CRYPT_VERIFYCONTEXT), (DWORD)NTE_BAD_PROV_TYPE);
    CHECK_ERROR(CryptAcquireContextA(&other, NULL, NULL, 1000, CRYPT_VERIFYCONTEXT), (DWORD)NTE_BAD_PROV_TYPE);
    CHECK_ERROR(CryptAcquireContextA(&other, NULL, "Nobody", PROV_RSA_FULL, CRYPT_VERIFYCONTEXT),
                (DWORD)NTE_KEYSET_NOT_DEF);
    CHECK_ERROR(CryptCreateHash(context, 0x1234, 0, 0, &hash), (DWORD)NTE_BAD_ALGID);
    CHECK_ERROR(CryptGenKey(context, 0x1234, 0, &key), (DWORD)NTE_BAD_ALGID);
    CHECK(CryptGenRandom(context, sizeof bytes, bytes));
    size = 0;
    CHECK(CryptEnumProvidersA(0, NULL, 0, &type, NULL, &size));
    CHECK(size > 10 && type > 0);
    size = 0;
    CHECK_ERROR(CryptEnumProvidersA(1000, NULL, 0, &type, NULL, &size), ERROR_NO_MORE_ITEMS);
    size = 0;
    CHECK(CryptGetDefaultProviderA(PROV_RSA_FULL, NULL, CRYPT_MACHINE_DEFAULT, NULL, &size));
    CHECK(size > 10);
}

static void test_provider_types(void)
{
    DWORD type, size, index, aes = 0;
    WCHAR wide[128];
    char text[128];

    for (index = 0;; index++) {
        SetLastError(0);
        size = 0;
        if (!CryptEnumProviderTypesW(index, NULL, 0, &type, NULL, &size))
            break;
        CHECK(size > 10 && size < sizeof wide);
        size--;
        CHECK_ERROR(CryptEnumProviderTypesW(index, NULL, 0, &type, wide, &size), ERROR_MORE_DATA);
        size = sizeof wide;
        CHECK(CryptEnumProviderTypesW(index, NULL, 0, &type, wide, &size));
        CHECK_EQ(size, (lstrlenW(wide) + 1) * 2);
        size = sizeof text;
        CHECK(CryptEnumProviderTypesA(index, NULL, 0, &type, text, &size));
        CHECK_EQ(size, lstrlenA(text) + 1);
        aes += type == PROV_RSA_AES;
    }
    CHECK_EQ(GetLastError(), ERROR_NO_MORE_ITEMS);
    CHECK(index >= 4);
    CHECK_EQ(aes, 1);
    size = sizeof text;
    CHECK_ERROR(CryptEnumProviderTypesA(0, &size, 0, &type, text, &size), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(CryptEnumProviderTypesA(0, NULL, 1, &type, text, &size), (DWORD)NTE_BAD_FLAGS);
}

int main(void)
{
    test_provider_types();
    HCRYPTPROV context = open_context();

    for (unsigned i = 0; i < ARRAYSIZE(hashes); i++)
        test_hash(context, i);
    test_hmac(context);
    test_cipher(context);
    test_derive(context);
    test_rsa(context);
    test_container();
    test_misuse(context);
    CHECK(CryptReleaseContext(context, 0));
    return check_done();
}
