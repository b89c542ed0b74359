/*
 * Do ncrypt's keys sign, encrypt and last, and are they refused where they must be?
 * link: -lncrypt -lbcrypt
 */
#include "check.h"
#include <bcrypt.h>
#include <ncrypt.h>

static void test_rsa(NCRYPT_PROV_HANDLE provider)
{
    NCRYPT_KEY_HANDLE key, other;
    BCRYPT_PKCS1_PADDING_INFO padding = {L"SHA256"};
    BYTE digest[32], signature[256], blob[1024], plain[256];
    DWORD size, number = 1024;
    WCHAR text[64];

    CHECK_EQ(NCryptCreatePersistedKey(provider, &key, L"RSA", NULL, 0, 0), 0);
    CHECK_EQ(NCryptSetProperty(key, NCRYPT_LENGTH_PROPERTY, (BYTE *)&number, 4, 0), 0);
    CHECK_EQ(NCryptFinalizeKey(key, 0), 0);
    number = 0;
    CHECK_EQ(NCryptGetProperty(key, NCRYPT_LENGTH_PROPERTY, (BYTE *)&number, 4, &size, 0), 0);
    CHECK_EQ(number, 1024);
    CHECK_EQ(NCryptGetProperty(key, NCRYPT_ALGORITHM_GROUP_PROPERTY, (BYTE *)text, sizeof text, &size, 0), 0);
    CHECK(!lstrcmpW(text, L"RSA"));
    CHECK_EQ(NCryptGetProperty(key, L"Own Property", (BYTE *)text, sizeof text, &size, 0), NTE_NOT_FOUND);
    CHECK_EQ(NCryptSetProperty(key, L"Own Property", (BYTE *)"mine", 4, NCRYPT_PERSIST_FLAG), 0);
    CHECK_EQ(NCryptGetProperty(key, L"Own Property", (BYTE *)text, sizeof text, &size, 0), 0);
    CHECK_EQ(size, 4);
    CHECK(!memcmp(text, "mine", 4));
    memset(digest, 7, sizeof digest);
    CHECK_EQ(NCryptSignHash(key, &padding, digest, 32, NULL, 0, &size, BCRYPT_PAD_PKCS1), 0);
    CHECK_EQ(size, 128);
    CHECK_EQ(NCryptSignHash(key, &padding, digest, 32, signature, 127, &size, BCRYPT_PAD_PKCS1), NTE_BUFFER_TOO_SMALL);
    CHECK_EQ(NCryptSignHash(key, &padding, digest, 32, signature, sizeof signature, &size, BCRYPT_PAD_PKCS1), 0);
    CHECK_EQ(NCryptExportKey(key, 0, BCRYPT_RSAPUBLIC_BLOB, NULL, blob, sizeof blob, &size, 0), 0);
    CHECK_EQ(NCryptImportKey(provider, 0, BCRYPT_RSAPUBLIC_BLOB, NULL, &other, blob, size, 0), 0);
    CHECK_EQ(NCryptVerifySignature(other, &padding, digest, 32, signature, 128, BCRYPT_PAD_PKCS1), 0);
    digest[0]++;
    CHECK_EQ(NCryptVerifySignature(other, &padding, digest, 32, signature, 128, BCRYPT_PAD_PKCS1), NTE_BAD_SIGNATURE);
    CHECK_EQ(NCryptEncrypt(other, (BYTE *)"secret", 6, NULL, blob, sizeof blob, &size, NCRYPT_PAD_PKCS1_FLAG), 0);
    CHECK_EQ(size, 128);
    CHECK_EQ(NCryptDecrypt(key, blob, 128, NULL, plain, sizeof plain, &size, NCRYPT_PAD_PKCS1_FLAG), 0);
    CHECK_EQ(size, 6);
    CHECK(!memcmp(plain, "secret", 6));
    CHECK_EQ(NCryptFreeObject(other), 0);
    CHECK_EQ(NCryptFreeObject(key), 0);
}

static void test_lasting(NCRYPT_PROV_HANDLE provider, const WCHAR *algorithm, const WCHAR *public_type)
{
    static const WCHAR name[] = L"winrun test key";
    NCRYPT_KEY_HANDLE key;
    BYTE first[512], second[512];
    DWORD size, again;
    WCHAR text[64];

    if (!NCryptOpenKey(provider, &key, name, 0, 0))
        NCryptDeleteKey(key, 0);
    CHECK_EQ(NCryptOpenKey(provider, &key, name, 0, 0), NTE_BAD_KEYSET);
    CHECK_EQ(NCryptCreatePersistedKey(provider, &key, algorithm, name, 0, 0), 0);
    CHECK_EQ(NCryptFinalizeKey(key, 0), 0);
    CHECK_EQ(NCryptExportKey(key, 0, public_type, NULL, first, sizeof first, &size, 0), 0);
    CHECK_EQ(NCryptExportKey(key, 0, BCRYPT_PRIVATE_KEY_BLOB, NULL, second, sizeof second, &again, 0),
             NTE_NOT_SUPPORTED);
    CHECK_EQ(NCryptFreeObject(key), 0);
    CHECK_EQ(NCryptCreatePersistedKey(provider, &key, algorithm, name, 0, 0), NTE_EXISTS);
    CHECK_EQ(NCryptOpenKey(provider, &key, name, 0, 0), 0);
    CHECK_EQ(NCryptExportKey(key, 0, public_type, NULL, second, sizeof second, &again, 0), 0);
    CHECK_EQ(size, again);
    CHECK(!memcmp(first, second, size));
    CHECK_EQ(NCryptGetProperty(key, NCRYPT_NAME_PROPERTY, (BYTE *)text, sizeof text, &size, 0), 0);
    CHECK(!lstrcmpW(text, name));
    CHECK_EQ(NCryptDeleteKey(key, 0), 0);
    CHECK_EQ(NCryptOpenKey(provider, &key, name, 0, 0), NTE_BAD_KEYSET);
}

static void test_agreement(NCRYPT_PROV_HANDLE provider)
{
    NCRYPT_KEY_HANDLE a, b;
    NCRYPT_SECRET_HANDLE one, two;
    BYTE x[64], y[64];
    DWORD size;

    CHECK_EQ(NCryptCreatePersistedKey(provider, &a, L"ECDH_P256", NULL, 0, 0), 0);
    CHECK_EQ(NCryptCreatePersistedKey(provider, &b, L"ECDH_P256", NULL, 0, 0), 0);
    CHECK_EQ(NCryptSecretAgreement(a, b, &one, 0), NTE_INVALID_HANDLE);
    CHECK_EQ(NCryptFinalizeKey(a, 0), 0);
    CHECK_EQ(NCryptFinalizeKey(b, 0), 0);
    CHECK_EQ(NCryptSecretAgreement(a, b, &one, 0), 0);
    CHECK_EQ(NCryptSecretAgreement(b, a, &two, 0), 0);
    CHECK_EQ(NCryptDeriveKey(one, BCRYPT_KDF_HASH, NULL, x, sizeof x, &size, 0), 0);
    CHECK_EQ(size, 20);
    CHECK_EQ(NCryptDeriveKey(two, BCRYPT_KDF_HASH, NULL, y, sizeof y, &size, 0), 0);
    CHECK(!memcmp(x, y, 20));
    CHECK_EQ(NCryptFreeObject(one), 0);
    CHECK_EQ(NCryptFreeObject(two), 0);
    CHECK_EQ(NCryptFreeObject(a), 0);
    CHECK_EQ(NCryptFreeObject(b), 0);
}

static void test_lists(NCRYPT_PROV_HANDLE provider)
{
    NCryptAlgorithmName *names;
    NCryptProviderName *providers;
    DWORD count, rsa = 0;

    CHECK_EQ(NCryptEnumAlgorithms(provider, NCRYPT_SIGNATURE_OPERATION, &count, &names, 0), 0);
    for (DWORD i = 0; i < count; i++) {
        CHECK(names[i].dwAlgOperations & NCRYPT_SIGNATURE_OPERATION);
        rsa += !lstrcmpW(names[i].pszName, L"RSA");
    }
    CHECK_EQ(rsa, 1);
    CHECK_EQ(NCryptFreeBuffer(names), 0);
    CHECK_EQ(NCryptEnumAlgorithms(0, 0, &count, &names, 0), NTE_INVALID_HANDLE);
    CHECK_EQ(NCryptEnumStorageProviders(&count, &providers, 0), 0);
    CHECK_EQ(count, 1);
    CHECK(!lstrcmpW(providers[0].pszName, MS_KEY_STORAGE_PROVIDER));
    CHECK_EQ(NCryptFreeBuffer(providers), 0);
}

int main(void)
{
    NCRYPT_PROV_HANDLE provider;
    NCRYPT_KEY_HANDLE key;

    if (check_under_wine()) { /* Wine 8 has neither keys that last nor agreement */
        printf("skipped under Wine\n");
        return check_done();
    }
    CHECK_EQ(NCryptOpenStorageProvider(&provider, MS_KEY_STORAGE_PROVIDER, 0), 0);
    CHECK_EQ(NCryptIsAlgSupported(provider, L"RSA", 0), 0);
    CHECK_EQ(NCryptIsAlgSupported(provider, L"NONE", 0), NTE_NOT_SUPPORTED);
    CHECK_EQ(NCryptCreatePersistedKey(provider, &key, L"NONE", NULL, 0, 0), NTE_NOT_SUPPORTED);
    CHECK_EQ(NCryptCreatePersistedKey(0, &key, L"RSA", NULL, 0, 0), NTE_INVALID_HANDLE);
    CHECK_EQ(NCryptFreeObject(0), NTE_INVALID_HANDLE);
    test_rsa(provider);
    test_lasting(provider, L"ECDSA_P256", BCRYPT_ECCPUBLIC_BLOB);
    test_lasting(provider, L"RSA", BCRYPT_RSAPUBLIC_BLOB);
    test_agreement(provider);
    test_lists(provider);
    CHECK_EQ(NCryptFreeObject(provider), 0);
    return check_done();
}
