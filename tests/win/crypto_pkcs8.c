/*
 * Does ncrypt read and write PKCS #8, plain and under passwords, as openssl has it, and does it refuse what is damaged?
 * Wine 8 lacks most of the functions, and is no oracle for this.
 *
 * link: -lncrypt -lbcrypt
 */
#include "check.h"
#include <bcrypt.h>
#include <ncrypt.h>
#include <wincrypt.h>
#include "pkcs8.h"

static NCRYPT_PROV_HANDLE provider;

#define KEY(name, secret, algorithm)                                                                                   \
    {                                                                                                                  \
#name, name, sizeof name, secret, algorithm                                                                    \
    }

static const struct sample {
    const char *name;
    const BYTE *data;
    DWORD size;
    BOOL secret;
    const WCHAR *algorithm;
} samples[] = {
    KEY(pkcs8_rsa, FALSE, L"RSA"),
    KEY(pkcs8_p256, FALSE, L"ECDSA_P256"),
    KEY(pkcs8_p384, FALSE, L"ECDSA_P384"),
    KEY(pkcs8_dsa1024, FALSE, L"DSA"),
    KEY(pkcs8_p256_3des, TRUE, L"ECDSA_P256"),
    KEY(pkcs8_p256_2des, TRUE, L"ECDSA_P256"),
    KEY(pkcs8_p256_aes, TRUE, L"ECDSA_P256"),
    KEY(pkcs8_p256_aes128, TRUE, L"ECDSA_P256"),
    KEY(pkcs8_p256_des3, TRUE, L"ECDSA_P256"),
    KEY(pkcs8_rsa_3des, TRUE, L"RSA"),
};

static SECURITY_STATUS import(const BYTE *data, DWORD size, const WCHAR *secret, const WCHAR *name,
                              NCRYPT_KEY_HANDLE *key)
{
    NCryptBuffer buffers[2];
    NCryptBufferDesc list = {NCRYPTBUFFER_VERSION, 0, buffers};

    if (secret)
        buffers[list.cBuffers++] = (NCryptBuffer){(lstrlenW(secret) + 1) * 2, NCRYPTBUFFER_PKCS_SECRET, (void *)secret};
    if (name)
        buffers[list.cBuffers++] = (NCryptBuffer){(lstrlenW(name) + 1) * 2, NCRYPTBUFFER_PKCS_KEY_NAME, (void *)name};
    *key = 0;
    return NCryptImportKey(provider, 0, NCRYPT_PKCS8_PRIVATE_KEY_BLOB, &list, key, (BYTE *)data, size, 0);
}

static SECURITY_STATUS export_sealed(NCRYPT_KEY_HANDLE key, const WCHAR *secret, int iterations, BYTE *out, DWORD room,
                                     DWORD *size)
{
    struct {
        CRYPT_PKCS12_PBE_PARAMS head;
        BYTE salt[8];
    } parameters = {{iterations, 8}, "saltsalt"};
    NCryptBuffer buffers[] = {
        {(lstrlenW(secret) + 1) * 2, NCRYPTBUFFER_PKCS_SECRET, (void *)secret},
        {sizeof szOID_PKCS_12_pbeWithSHA1And3KeyTripleDES, NCRYPTBUFFER_PKCS_ALG_OID,
         (void *)szOID_PKCS_12_pbeWithSHA1And3KeyTripleDES},
        {sizeof parameters, NCRYPTBUFFER_PKCS_ALG_PARAM, &parameters},
    };
    NCryptBufferDesc list = {NCRYPTBUFFER_VERSION, iterations ? 3 : 1, buffers};

    return NCryptExportKey(key, 0, NCRYPT_PKCS8_PRIVATE_KEY_BLOB, &list, out, room, size, 0);
}

static void check_same(NCRYPT_KEY_HANDLE a, NCRYPT_KEY_HANDLE b)
{
    BYTE one[2048], two[2048];
    DWORD one_size = 0, two_size = 1;

    CHECK_EQ(NCryptExportKey(a, 0, BCRYPT_PRIVATE_KEY_BLOB, NULL, one, sizeof one, &one_size, 0), 0);
    CHECK_EQ(NCryptExportKey(b, 0, BCRYPT_PRIVATE_KEY_BLOB, NULL, two, sizeof two, &two_size, 0), 0);
    CHECK_EQ(one_size, two_size);
    CHECK(!memcmp(one, two, one_size));
}

static void test_sample(const struct sample *sample)
{
    NCRYPT_KEY_HANDLE key, again, plain = 0;
    BYTE out[2048];
    WCHAR text[32];
    DWORD size, needed;

    int failed = check_failed;

    CHECK_EQ(import(sample->data, sample->size, sample->secret ? L"secret" : NULL, NULL, &key), 0);
    CHECK_EQ(NCryptGetProperty(key, NCRYPT_ALGORITHM_PROPERTY, (BYTE *)text, sizeof text, &size, 0), 0);
    CHECK(!lstrcmpW(text, sample->algorithm));
    CHECK_EQ(NCryptExportKey(key, 0, NCRYPT_PKCS8_PRIVATE_KEY_BLOB, NULL, NULL, 0, &needed, 0), 0);
    CHECK_EQ(NCryptExportKey(key, 0, NCRYPT_PKCS8_PRIVATE_KEY_BLOB, NULL, out, needed - 1, &size, 0),
             NTE_BUFFER_TOO_SMALL);
    CHECK_EQ(NCryptExportKey(key, 0, NCRYPT_PKCS8_PRIVATE_KEY_BLOB, NULL, out, sizeof out, &size, 0), 0);
    CHECK_EQ(size, needed);
    if (!sample->secret) { /* openssl writes it the same, but for RSA's d, of which there are two */
        CHECK_EQ(size, sample->size);
        CHECK(sample->data == pkcs8_rsa || !memcmp(out, sample->data, size));
    }
    CHECK_EQ(import(out, size, NULL, NULL, &plain), 0);
    check_same(key, plain);
    CHECK_EQ(NCryptFreeObject(plain), 0);
    for (int iterations = 0; iterations < 3000; iterations += 999) {
        CHECK_EQ(export_sealed(key, L"p\x00e4ss", iterations, NULL, 0, &needed), 0);
        CHECK_EQ(export_sealed(key, L"p\x00e4ss", iterations, out, sizeof out, &size), 0);
        CHECK_EQ(size, needed);
        CHECK_EQ(import(out, size, L"p\x00e4ss", NULL, &again), 0);
        check_same(key, again);
        CHECK_EQ(NCryptFreeObject(again), 0);
        CHECK(import(out, size, L"pass", NULL, &again) != 0);
        CHECK(import(out, size, L"", NULL, &again) != 0);
        CHECK(import(out, size, NULL, NULL, &again) != 0);
    }
    CHECK_EQ(NCryptFreeObject(key), 0);
    if (check_failed > failed)
        printf("with %s\n", sample->name);
}

/* Cut anywhere, or with any byte changed, a key is refused or is a key; nothing else happens. */
static void test_damage(const struct sample *sample)
{
    const WCHAR *secret = sample->secret ? L"secret" : NULL;
    BYTE *copy = malloc(sample->size + 1);
    NCRYPT_KEY_HANDLE key;
    DWORD step = sample->secret ? 11 : 3;

    for (DWORD size = 0; size < sample->size; size += step) {
        memcpy(copy, sample->data, size);
        CHECK(import(copy, size, secret, NULL, &key) != 0);
    }
    for (DWORD at = 0; at < sample->size; at += step)
        for (int bit = 0; bit < 8; bit += 7) {
            memcpy(copy, sample->data, sample->size);
            copy[at] ^= (BYTE)(1 << bit);
            if (sample->secret && at > 20 && at < 60) /* the count of iterations: may become millions */
                continue;
            if (!import(copy, sample->size, secret, NULL, &key))
                CHECK_EQ(NCryptFreeObject(key), 0);
        }
    free(copy);
}

static void test_named(void)
{
    static const WCHAR name[] = L"winrun crypto_pkcs8";
    NCRYPT_KEY_HANDLE key, other;
    DWORD size, policy = NCRYPT_ALLOW_EXPORT_FLAG;
    BYTE out[2048];

    if (!NCryptOpenKey(provider, &key, name, 0, 0))
        NCryptDeleteKey(key, 0);
    CHECK_EQ(import(pkcs8_p256, sizeof pkcs8_p256, NULL, name, &key), 0);
    CHECK_EQ(import(pkcs8_p256, sizeof pkcs8_p256, NULL, name, &other), NTE_EXISTS);
    CHECK_EQ(NCryptExportKey(key, 0, NCRYPT_PKCS8_PRIVATE_KEY_BLOB, NULL, out, sizeof out, &size, 0),
             NTE_NOT_SUPPORTED);
    CHECK_EQ(export_sealed(key, L"x", 100, out, sizeof out, &size), NTE_NOT_SUPPORTED);
    /* under a password only */
    CHECK_EQ(NCryptSetProperty(key, NCRYPT_EXPORT_POLICY_PROPERTY, (BYTE *)&policy, sizeof policy, NCRYPT_PERSIST_FLAG),
             0);
    CHECK_EQ(NCryptExportKey(key, 0, NCRYPT_PKCS8_PRIVATE_KEY_BLOB, NULL, out, sizeof out, &size, 0),
             NTE_NOT_SUPPORTED);
    CHECK_EQ(export_sealed(key, L"x", 100, out, sizeof out, &size), 0);
    CHECK_EQ(NCryptFreeObject(key), 0);
    CHECK_EQ(NCryptOpenKey(provider, &key, name, 0, 0), 0);
    CHECK_EQ(export_sealed(key, L"x", 100, out, sizeof out, &size), 0);

    /* it is among the names */
    NCryptKeyName *found;
    void *state = NULL;
    SECURITY_STATUS status;
    int here = 0;

    while (!(status = NCryptEnumKeys(provider, NULL, &found, &state, 0))) {
        if (!lstrcmpW(found->pszName, name)) {
            here++;
            CHECK(!lstrcmpW(found->pszAlgid, L"ECDSA_P256"));
            CHECK_EQ(found->dwLegacyKeySpec, 0);
        }
        CHECK_EQ(NCryptFreeBuffer(found), 0);
    }
    CHECK_EQ(status, NTE_NO_MORE_ITEMS);
    CHECK_EQ(NCryptFreeBuffer(state), 0);
    CHECK_EQ(here, 1);
    CHECK_EQ(NCryptDeleteKey(key, 0), 0);
    CHECK_EQ(NCryptEnumKeys(0, NULL, &found, &state, 0), NTE_INVALID_HANDLE);
}

int main(void)
{
    CHECK_EQ(NCryptOpenStorageProvider(&provider, MS_KEY_STORAGE_PROVIDER, 0), 0);
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
        test_sample(&samples[i]);
        test_damage(&samples[i]);
    }
    test_named();
    NCryptFreeObject(provider);
    return check_done();
}
