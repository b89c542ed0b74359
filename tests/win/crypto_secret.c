/*
 * Are secrets kept for whom a descriptor names, and do ncrypt's keys tell their properties and take every curve and
 * blob? Wine 8 lacks the first functions.
 *
 * link: -lncrypt -lbcrypt -ladvapi32
 */
#include "check.h"
#include <bcrypt.h>
#include <ncrypt.h>
#include <wincrypt.h>

/* The headers at hand leave ncryptprotect.h out. */
static SECURITY_STATUS(WINAPI *create)(LPCWSTR, DWORD, void **);
static SECURITY_STATUS(WINAPI *close)(void *);
static SECURITY_STATUS(WINAPI *info)(void *, const void *, DWORD, void **);
static SECURITY_STATUS(WINAPI *protect)(void *, DWORD, const BYTE *, ULONG, const void *, HWND, BYTE **, ULONG *);
static SECURITY_STATUS(WINAPI *unprotect)(void **, DWORD, const BYTE *, ULONG, const void *, HWND, BYTE **, ULONG *);

static void test_secrets(void)
{
    static const WCHAR *const texts[] = {L"LOCAL=user", L"LOCAL=machine", L"LOCAL=logon", L"local=USER"};
    static const BYTE secret[] = "kept in the prefix";
    void *descriptor, *found;
    BYTE *sealed, *plain;
    ULONG size, plain_size;
    WCHAR *text;

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        DWORD refused = 0;

        CHECK_EQ(create(texts[i], 0, &descriptor), 0);
        CHECK_EQ(info(descriptor, NULL, 1, (void **)&text), 0);
        CHECK(!lstrcmpW(text, texts[i]));
        LocalFree(text);
        CHECK_EQ(protect(descriptor, NCRYPT_SILENT_FLAG, secret, sizeof secret, NULL, NULL, &sealed, &size), 0);
        CHECK(size > sizeof secret);
        CHECK_EQ(unprotect(&found, NCRYPT_SILENT_FLAG, sealed, size, NULL, NULL, &plain, &plain_size), 0);
        CHECK_EQ(plain_size, sizeof secret);
        CHECK(!memcmp(plain, secret, sizeof secret));
        CHECK_EQ(info(found, NULL, 1, (void **)&text), 0);
        CHECK(!lstrcmpW(text, texts[i]));
        LocalFree(text);
        LocalFree(plain);
        CHECK_EQ(close(found), 0);
        CHECK_EQ(unprotect(NULL, 0, sealed, size, NULL, NULL, &plain, &plain_size), 0);
        LocalFree(plain);
        CHECK_EQ(unprotect(&found, 1, sealed, size, NULL, NULL, NULL, NULL), 0); /* who it is for, alone */
        CHECK_EQ(close(found), 0);
        for (ULONG at = 0; at < size; at += 3) {
            sealed[at] ^= 0x10;
            refused += unprotect(NULL, 0, sealed, size, NULL, NULL, &plain, &plain_size) != 0;
            sealed[at] ^= 0x10;
            refused += unprotect(NULL, 0, sealed, at ? at : 1, NULL, NULL, &plain, &plain_size) != 0;
        }
        CHECK_EQ(refused, (size + 2) / 3 * 2);
        LocalFree(sealed);
        CHECK_EQ(close(descriptor), 0);
    }
    CHECK(create(L"SID=S-1-5-21-1-2-3-500", 0, &descriptor) != 0);
    CHECK(create(L"nonsense", 0, &descriptor) != 0);
    CHECK(create(NULL, 0, &descriptor) != 0);
    CHECK_EQ(close(NULL), NTE_INVALID_HANDLE);
    CHECK_EQ(protect(NULL, 0, secret, 1, NULL, NULL, &sealed, &size), NTE_INVALID_HANDLE);
}

static void test_properties(NCRYPT_PROV_HANDLE provider)
{
    static const struct {
        const WCHAR *name;
        DWORD min, max, step, usual;
    } keys[] = {{L"RSA", 512, 16384, 64, 2048}, {L"ECDSA_P256", 256, 256, 0, 256}, {L"ECDH_P521", 521, 521, 0, 521}};
    NCRYPT_SUPPORTED_LENGTHS lengths;
    NCRYPT_PROV_HANDLE from;
    NCRYPT_KEY_HANDLE key;
    DWORD size, number;
    WCHAR text[64];

    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        CHECK_EQ(NCryptCreatePersistedKey(provider, &key, keys[i].name, NULL, 0, 0), 0);
        CHECK_EQ(NCryptFinalizeKey(key, 0), 0);
        CHECK_EQ(NCryptGetProperty(key, NCRYPT_LENGTHS_PROPERTY, (BYTE *)&lengths, sizeof lengths, &size, 0), 0);
        CHECK_EQ(size, sizeof lengths);
        CHECK_EQ(lengths.dwMinLength, keys[i].min);
        CHECK_EQ(lengths.dwMaxLength, keys[i].max);
        CHECK_EQ(lengths.dwIncrement, keys[i].step);
        CHECK_EQ(lengths.dwDefaultLength, keys[i].usual);
        CHECK_EQ(NCryptGetProperty(key, NCRYPT_IMPL_TYPE_PROPERTY, (BYTE *)&number, 4, &size, 0), 0);
        CHECK_EQ(number, NCRYPT_IMPL_SOFTWARE_FLAG);
        CHECK_EQ(NCryptGetProperty(key, NCRYPT_PROVIDER_HANDLE_PROPERTY, (BYTE *)&from, sizeof from, &size, 0), 0);
        CHECK_EQ(NCryptGetProperty(from, NCRYPT_NAME_PROPERTY, (BYTE *)text, sizeof text, &size, 0), 0);
        CHECK(!lstrcmpW(text, MS_KEY_STORAGE_PROVIDER));
        CHECK_EQ(NCryptFreeObject(from), 0);
        CHECK_EQ(NCryptFreeObject(key), 0);
    }
}

/* Keys on curves that have no algorithm of their own, lasting and as blobs. */
static void test_curves(NCRYPT_PROV_HANDLE provider)
{
    static const struct {
        const WCHAR *name;
        DWORD bits;
    } curves[] = {{L"nistP192", 192}, {L"nistP224", 224}, {L"nistP256", 256}, {L"secP224r1", 224}};
    static const WCHAR name[] = L"winrun crypto_secret";
    BYTE blob[512], again[512], signature[256], digest[20] = {1, 2, 3};
    NCRYPT_KEY_HANDLE key, other;
    DWORD size, got, number;

    for (size_t i = 0; i < sizeof curves / sizeof *curves; i++)
        for (int lasting = 0; lasting < 2; lasting++) {
            NCryptBuffer curve = {(lstrlenW(curves[i].name) + 1) * 2, 60 /* its curve */, (void *)curves[i].name};
            NCryptBufferDesc list = {NCRYPTBUFFER_VERSION, 1, &curve};
            DWORD policy = NCRYPT_ALLOW_PLAINTEXT_EXPORT_FLAG;

            if (lasting && !NCryptOpenKey(provider, &key, name, 0, 0))
                NCryptDeleteKey(key, 0);
            CHECK_EQ(NCryptCreatePersistedKey(provider, &key, L"ECDSA", lasting ? name : NULL, 0, 0), 0);
            CHECK_EQ(NCryptSetProperty(key, L"ECCCurveName", (BYTE *)curves[i].name, curve.cbBuffer, 0), 0);
            CHECK_EQ(NCryptSetProperty(key, NCRYPT_EXPORT_POLICY_PROPERTY, (BYTE *)&policy, 4, 0), 0);
            CHECK_EQ(NCryptFinalizeKey(key, 0), 0);
            CHECK_EQ(NCryptExportKey(key, 0, BCRYPT_ECCPRIVATE_BLOB, NULL, blob, sizeof blob, &size, 0), 0);
            CHECK_EQ(((BCRYPT_ECCKEY_BLOB *)blob)->cbKey, curves[i].bits / 8);
            if (lasting) {
                CHECK_EQ(NCryptFreeObject(key), 0);
                CHECK_EQ(NCryptOpenKey(provider, &key, name, 0, 0), 0);
                CHECK_EQ(NCryptExportKey(key, 0, BCRYPT_ECCPRIVATE_BLOB, NULL, again, sizeof again, &got, 0), 0);
                CHECK(got == size && !memcmp(blob, again, size));
            }
            CHECK_EQ(NCryptGetProperty(key, NCRYPT_LENGTH_PROPERTY, (BYTE *)&number, 4, &got, 0), 0);
            CHECK_EQ(number, curves[i].bits);
            CHECK_EQ(NCryptImportKey(provider, 0, BCRYPT_ECCPRIVATE_BLOB, &list, &other, blob, size, 0), 0);
            CHECK_EQ(NCryptSignHash(key, NULL, digest, sizeof digest, signature, sizeof signature, &got, 0), 0);
            CHECK_EQ(got, curves[i].bits / 4);
            CHECK_EQ(NCryptVerifySignature(other, NULL, digest, sizeof digest, signature, got, 0), 0);
            digest[0]++;
            CHECK_EQ(NCryptVerifySignature(other, NULL, digest, sizeof digest, signature, got, 0), NTE_BAD_SIGNATURE);
            CHECK_EQ(NCryptFreeObject(other), 0);
            for (DWORD cut = 0; cut < size; cut += 5)
                CHECK(NCryptImportKey(provider, 0, BCRYPT_ECCPRIVATE_BLOB, &list, &other, blob, cut, 0) != 0);
            if (lasting)
                CHECK_EQ(NCryptDeleteKey(key, 0), 0);
            else
                CHECK_EQ(NCryptFreeObject(key), 0);
        }
}

static void test_curve_list(void)
{
    BCRYPT_ALG_HANDLE handle;
    BYTE buffer[1024];
    BCRYPT_ECC_CURVE_NAMES *names = (void *)buffer;
    DWORD size, found = 0;

    CHECK_EQ(BCryptOpenAlgorithmProvider(&handle, L"ECDSA", NULL, 0), 0);
    CHECK_EQ(BCryptGetProperty(handle, L"ECCCurveNameList", NULL, 0, &size, 0), 0);
    CHECK_EQ(BCryptGetProperty(handle, L"ECCCurveNameList", buffer, size - 1, &size, 0), (LONG)0xc0000023);
    CHECK_EQ(BCryptGetProperty(handle, L"ECCCurveNameList", buffer, sizeof buffer, &size, 0), 0);
    for (DWORD i = 0; i < names->dwEccCurveNames; i++)
        found += !lstrcmpW(names->pEccCurveNames[i], L"nistP256") || !lstrcmpW(names->pEccCurveNames[i], L"nistP521");
    CHECK_EQ(found, 2);
    BCryptCloseAlgorithmProvider(handle, 0);
}

/* Keys wrapped by others (RFC 3394): the samples of that paper. */
static void test_wrap(void)
{
    static const struct {
        DWORD under, size;
        BYTE wrapped[40];
    } samples[] = {
        {16, 16, {0x1F, 0xA6, 0x8B, 0x0A, 0x81, 0x12, 0xB4, 0x47, 0xAE, 0xF3, 0x4B, 0xD8,
                  0xFB, 0x5A, 0x7B, 0x82, 0x9D, 0x3E, 0x86, 0x23, 0x71, 0xD2, 0xCF, 0xE5}},
        {24, 16, {0x96, 0x77, 0x8B, 0x25, 0xAE, 0x6C, 0xA4, 0x35, 0xF9, 0x2B, 0x5B, 0x97,
                  0xC0, 0x50, 0xAE, 0xD2, 0x46, 0x8A, 0xB8, 0xA1, 0x7A, 0xD8, 0x4E, 0x5D}},
        {32, 16, {0x64, 0xE8, 0xC3, 0xF9, 0xCE, 0x0F, 0x5B, 0xA2, 0x63, 0xE9, 0x77, 0x79,
                  0x05, 0x81, 0x8A, 0x2A, 0x93, 0xC8, 0x19, 0x1E, 0x7D, 0x6E, 0x8A, 0xE7}},
        {32, 32, {0x28, 0xC9, 0xF4, 0x04, 0xC4, 0xB8, 0x10, 0xF4, 0xCB, 0xCC, 0xB3, 0x5C, 0xFB, 0x87,
                  0xF8, 0x26, 0x3F, 0x57, 0x86, 0xE2, 0xD8, 0x0E, 0xD3, 0x26, 0xCB, 0xC7, 0xF0, 0xE7,
                  0x1A, 0x99, 0xF4, 0x3B, 0xFB, 0x98, 0x8B, 0x9B, 0x7A, 0x02, 0xDD, 0x21}},
    };
    BYTE under_bytes[32], key_bytes[32], wrapped[64], plain[64];
    BCRYPT_KEY_HANDLE under, key, back;
    BCRYPT_ALG_HANDLE aes;
    DWORD size;

    for (int i = 0; i < 32; i++) {
        under_bytes[i] = (BYTE)i;
        key_bytes[i] = (BYTE)(i < 16 ? i * 0x11 : i - 16);
    }
    CHECK_EQ(BCryptOpenAlgorithmProvider(&aes, L"AES", NULL, 0), 0);
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
        DWORD needed = samples[i].size + 8;

        CHECK_EQ(BCryptGenerateSymmetricKey(aes, &under, NULL, 0, under_bytes, samples[i].under, 0), 0);
        CHECK_EQ(BCryptGenerateSymmetricKey(aes, &key, NULL, 0, key_bytes, samples[i].size, 0), 0);
        CHECK_EQ(BCryptExportKey(key, under, BCRYPT_AES_WRAP_KEY_BLOB, NULL, 0, &size, 0), 0);
        CHECK_EQ(size, needed);
        CHECK_EQ(BCryptExportKey(key, under, BCRYPT_AES_WRAP_KEY_BLOB, wrapped, needed - 1, &size, 0),
                 (LONG)0xc0000023);
        CHECK_EQ(BCryptExportKey(key, under, BCRYPT_AES_WRAP_KEY_BLOB, wrapped, sizeof wrapped, &size, 0), 0);
        CHECK(!memcmp(wrapped, samples[i].wrapped, needed));
        CHECK_EQ(BCryptImportKey(aes, under, BCRYPT_AES_WRAP_KEY_BLOB, &back, NULL, 0, wrapped, size, 0), 0);
        CHECK_EQ(BCryptExportKey(back, NULL, BCRYPT_KEY_DATA_BLOB, plain, sizeof plain, &size, 0), 0);
        CHECK(!memcmp(plain + 12, key_bytes, samples[i].size));
        BCryptDestroyKey(back);
        for (DWORD at = 0; at < needed; at++) {
            wrapped[at] ^= 1;
            CHECK(BCryptImportKey(aes, under, BCRYPT_AES_WRAP_KEY_BLOB, &back, NULL, 0, wrapped, needed, 0) != 0);
            wrapped[at] ^= 1;
            CHECK(BCryptImportKey(aes, under, BCRYPT_AES_WRAP_KEY_BLOB, &back, NULL, 0, wrapped, at, 0) != 0);
        }
        BCryptDestroyKey(under);
        BCryptDestroyKey(key);
    }
    BCryptCloseAlgorithmProvider(aes, 0);
}

/* The same key through CryptoAPI and ncrypt. */
static void test_translate(NCRYPT_PROV_HANDLE provider)
{
    static const WCHAR name[] = L"winrun crypto_secret";
    BYTE legacy[1024], own[1024];
    DWORD size = sizeof legacy, got;
    NCRYPT_PROV_HANDLE from = 0;
    NCRYPT_KEY_HANDLE key;
    HCRYPTPROV context;
    HCRYPTKEY pair;
    WCHAR text[64];

    CryptAcquireContextW(&context, name, NULL, PROV_RSA_FULL, CRYPT_DELETEKEYSET);
    CHECK(CryptAcquireContextW(&context, name, NULL, PROV_RSA_FULL, CRYPT_NEWKEYSET));
    CHECK_EQ(NCryptTranslateHandle(NULL, &key, context, 0, AT_KEYEXCHANGE, 0), NTE_BAD_KEYSET);
    CHECK(CryptGenKey(context, AT_KEYEXCHANGE, 1024 << 16, &pair));
    CHECK(CryptExportKey(pair, 0, PUBLICKEYBLOB, 0, legacy, &size));
    got = sizeof own; /* made without CRYPT_EXPORTABLE */
    SetLastError(0);
    CHECK(!CryptExportKey(pair, 0, PRIVATEKEYBLOB, 0, own, &got));
    CHECK_EQ(GetLastError(), (DWORD)NTE_BAD_KEY_STATE);
    CHECK_EQ(NCryptTranslateHandle(&from, &key, context, 0, AT_KEYEXCHANGE, 0), 0);
    CHECK_EQ(NCryptExportKey(key, 0, LEGACY_RSAPUBLIC_BLOB, NULL, own, sizeof own, &got, 0), 0);
    CHECK_EQ(size, got);
    CHECK(!memcmp(legacy + 8, own + 8, size - 8));
    CHECK_EQ(NCryptExportKey(key, 0, BCRYPT_RSAPRIVATE_BLOB, NULL, own, sizeof own, &got, 0), NTE_NOT_SUPPORTED);
    CHECK_EQ(NCryptGetProperty(key, NCRYPT_NAME_PROPERTY, (BYTE *)text, sizeof text, &got, 0), 0);
    CHECK(!lstrcmpW(text, name));
    CHECK_EQ(NCryptFreeObject(key), 0);
    CHECK_EQ(NCryptFreeObject(from), 0);
    CHECK_EQ(NCryptTranslateHandle(NULL, &key, context, pair, 0, 0), 0);
    CHECK_EQ(NCryptFreeObject(key), 0);
    CHECK_EQ(NCryptTranslateHandle(NULL, &key, 0, 0, AT_KEYEXCHANGE, 0), NTE_INVALID_HANDLE);
    CHECK(CryptDestroyKey(pair));
    CHECK(CryptReleaseContext(context, 0));
    CHECK_EQ(NCryptOpenKey(provider, &key, name, AT_KEYEXCHANGE, 0), 0);
    CHECK_EQ(NCryptDeleteKey(key, 0), 0);
    CHECK(!CryptAcquireContextW(&context, name, NULL, PROV_RSA_FULL, 0));
}

int main(void)
{
    HMODULE ncrypt = LoadLibraryA("ncrypt.dll");
    NCRYPT_PROV_HANDLE provider;

    create = (void *)GetProcAddress(ncrypt, "NCryptCreateProtectionDescriptor");
    close = (void *)GetProcAddress(ncrypt, "NCryptCloseProtectionDescriptor");
    info = (void *)GetProcAddress(ncrypt, "NCryptGetProtectionDescriptorInfo");
    protect = (void *)GetProcAddress(ncrypt, "NCryptProtectSecret");
    unprotect = (void *)GetProcAddress(ncrypt, "NCryptUnprotectSecret");
    CHECK(create && close && info && protect && unprotect);
    CHECK_EQ(NCryptOpenStorageProvider(&provider, NULL, 0), 0);
    test_secrets();
    test_properties(provider);
    test_curves(provider);
    test_curve_list();
    test_wrap();
    test_translate(provider);
    NCryptFreeObject(provider);
    return check_done();
}
