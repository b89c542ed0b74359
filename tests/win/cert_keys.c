/*
 * Do certificates find their private keys, in containers, behind handles and by searching, and what is said if not?
 * Wine 8 lacks most of the functions, and is no oracle for this.
 *
 * link: -lcrypt32 -lncrypt -lbcrypt -ladvapi32
 */
#include "check.h"
#include <wincrypt.h>
#include <bcrypt.h>
#include <ncrypt.h>
#include "certs.h"

#define HR(code) ((DWORD)(code))
#define NAME L"winrun cert_keys"

static BYTE name_der[64];
static CERT_NAME_BLOB subject = {sizeof name_der, name_der};

static void container_delete(const WCHAR *name)
{
    HCRYPTPROV provider;

    CryptAcquireContextW(&provider, name, MS_ENHANCED_PROV_W, PROV_RSA_FULL, CRYPT_DELETEKEYSET);
}

static void ncrypt_delete(const WCHAR *name)
{
    NCRYPT_PROV_HANDLE provider;
    NCRYPT_KEY_HANDLE key;

    NCryptOpenStorageProvider(&provider, NULL, 0);
    if (!NCryptOpenKey(provider, &key, name, 0, 0))
        NCryptDeleteKey(key, 0);
    NCryptFreeObject(provider);
}

static CRYPT_KEY_PROV_INFO *prov_info(PCCERT_CONTEXT cert)
{
    DWORD size = 0;
    CRYPT_KEY_PROV_INFO *info;

    if (!CertGetCertificateContextProperty(cert, CERT_KEY_PROV_INFO_PROP_ID, NULL, &size))
        return NULL;
    info = malloc(size);
    CHECK(CertGetCertificateContextProperty(cert, CERT_KEY_PROV_INFO_PROP_ID, info, &size));
    return info;
}

/* The key that CryptAcquireCertificatePrivateKey gives signs what the certificate's public key verifies. */
static void check_signs(PCCERT_CONTEXT cert, HCRYPTPROV_OR_NCRYPT_KEY_HANDLE handle, DWORD spec)
{
    BYTE digest[32], signature[512], blob[1024];
    DWORD size = sizeof signature, blob_size = sizeof blob;
    BCRYPT_PKCS1_PADDING_INFO padding = {L"SHA256"};
    BCRYPT_KEY_HANDLE verify;
    CERT_PUBLIC_KEY_INFO *info = (void *)blob;

    memset(digest, 0x5a, sizeof digest);
    CHECK(CryptImportPublicKeyInfoEx2(X509_ASN_ENCODING, &cert->pCertInfo->SubjectPublicKeyInfo, 0, NULL, &verify));
    if (spec == CERT_NCRYPT_KEY_SPEC) {
        BOOL rsa = !strcmp(cert->pCertInfo->SubjectPublicKeyInfo.Algorithm.pszObjId, szOID_RSA_RSA);

        CHECK(NCryptIsKeyHandle(handle));
        CHECK_EQ(NCryptSignHash(handle, rsa ? &padding : NULL, digest, 32, signature, sizeof signature, &size,
                                rsa ? BCRYPT_PAD_PKCS1 : 0),
                 0);
        CHECK_EQ(BCryptVerifySignature(verify, rsa ? &padding : NULL, digest, 32, signature, size,
                                       rsa ? BCRYPT_PAD_PKCS1 : 0),
                 0);
        signature[3] ^= 1;
        CHECK(BCryptVerifySignature(verify, rsa ? &padding : NULL, digest, 32, signature, size,
                                    rsa ? BCRYPT_PAD_PKCS1 : 0) != 0);
    } else {
        HCRYPTHASH hash;
        HCRYPTKEY key = 0;

        CHECK(CryptCreateHash(handle, CALG_SHA1, 0, 0, &hash));
        CHECK(CryptHashData(hash, digest, 32, 0));
        CHECK(CryptSignHashW(hash, spec, NULL, 0, signature, &size));
        CHECK(CryptImportPublicKeyInfo(handle, X509_ASN_ENCODING, &cert->pCertInfo->SubjectPublicKeyInfo, &key));
        CHECK(CryptVerifySignatureW(hash, signature, size, key, NULL, 0));
        signature[3] ^= 1;
        CHECK_ERROR(CryptVerifySignatureW(hash, signature, size, key, NULL, 0), HR(NTE_BAD_SIGNATURE));
        CHECK(CryptDestroyKey(key));
        CHECK(CryptDestroyHash(hash));
    }
    CHECK(
        CryptExportPublicKeyInfo(handle, spec == CERT_NCRYPT_KEY_SPEC ? 0 : spec, X509_ASN_ENCODING, info, &blob_size));
    CHECK(CertComparePublicKeyInfo(X509_ASN_ENCODING, info, &((CERT_INFO *)cert->pCertInfo)->SubjectPublicKeyInfo));
    BCryptDestroyKey(verify);
}

static void release(HCRYPTPROV_OR_NCRYPT_KEY_HANDLE handle, DWORD spec)
{
    if (spec == CERT_NCRYPT_KEY_SPEC)
        CHECK_EQ(NCryptFreeObject(handle), 0);
    else
        CHECK(CryptReleaseContext(handle, 0));
}

static HCERTSTORE pfx_of(const BYTE *data, DWORD size, const WCHAR *password, DWORD flags, PCCERT_CONTEXT *cert)
{
    CRYPT_DATA_BLOB blob = {size, (BYTE *)data};
    HCERTSTORE store = PFXImportCertStore(&blob, password, flags);

    CHECK(store != NULL);
    *cert = CertFindCertificateInStore(store, X509_ASN_ENCODING, 0, CERT_FIND_HAS_PRIVATE_KEY, NULL, NULL);
    CHECK(*cert != NULL);
    return store;
}

/* What the flags of CryptAcquireCertificatePrivateKey give for a key: 0: refused, else the kind of handle. */
static void check_acquire(PCCERT_CONTEXT cert, BOOL legacy)
{
    static const struct {
        DWORD flags;
        int legacy, ncrypt;
    } cases[] = {
        {0, 1, 0},
        {CRYPT_ACQUIRE_COMPARE_KEY_FLAG, 1, 0},
        {CRYPT_ACQUIRE_SILENT_FLAG, 1, 0},
        {CRYPT_ACQUIRE_ALLOW_NCRYPT_KEY_FLAG, 1, 2},
        {CRYPT_ACQUIRE_PREFER_NCRYPT_KEY_FLAG, 2, 2},
        {CRYPT_ACQUIRE_ONLY_NCRYPT_KEY_FLAG, 2, 2},
        {CRYPT_ACQUIRE_ONLY_NCRYPT_KEY_FLAG | CRYPT_ACQUIRE_COMPARE_KEY_FLAG | CRYPT_ACQUIRE_SILENT_FLAG, 2, 2},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        HCRYPTPROV_OR_NCRYPT_KEY_HANDLE handle = 1;
        DWORD spec = 99;
        BOOL frees = FALSE, done;
        int wanted = legacy ? cases[i].legacy : cases[i].ncrypt;

        done = CryptAcquireCertificatePrivateKey(cert, cases[i].flags, NULL, &handle, &spec, &frees);
        CHECK_EQ(done, wanted != 0);
        if (!done)
            continue;
        CHECK(frees);
        CHECK_EQ(spec, wanted == 2 ? CERT_NCRYPT_KEY_SPEC : AT_KEYEXCHANGE);
        check_signs(cert, handle, spec);
        release(handle, spec);
    }
}

static void check_cache(PCCERT_CONTEXT cert)
{
    HCRYPTPROV_OR_NCRYPT_KEY_HANDLE first = 0, second = 0, property = 0;
    DWORD spec, size = sizeof property;
    BOOL frees = TRUE;

    CHECK(CryptAcquireCertificatePrivateKey(cert, CRYPT_ACQUIRE_CACHE_FLAG | CRYPT_ACQUIRE_PREFER_NCRYPT_KEY_FLAG, NULL,
                                            &first, &spec, &frees));
    CHECK(!frees);
    CHECK(CryptAcquireCertificatePrivateKey(cert, CRYPT_ACQUIRE_CACHE_FLAG | CRYPT_ACQUIRE_PREFER_NCRYPT_KEY_FLAG, NULL,
                                            &second, &spec, &frees));
    CHECK(!frees);
    CHECK(first == second);
    CHECK(CertGetCertificateContextProperty(cert, CERT_NCRYPT_KEY_HANDLE_PROP_ID, &property, &size));
    CHECK(property == first);
    CHECK_EQ(size, sizeof property);
    CHECK(CertSetCertificateContextProperty(cert, CERT_KEY_CONTEXT_PROP_ID, 0, NULL)); /* and it is released */
    CHECK_ERROR(CertGetCertificateContextProperty(cert, CERT_NCRYPT_KEY_HANDLE_PROP_ID, &property, &size),
                HR(CRYPT_E_NOT_FOUND));
}

/* A certificate whose key is the container's. */
static PCCERT_CONTEXT self_signed(HCRYPTPROV_OR_NCRYPT_KEY_HANDLE handle, DWORD flags, CRYPT_KEY_PROV_INFO *info)
{
    PCCERT_CONTEXT cert = CertCreateSelfSignCertificate(handle, &subject, flags, info, NULL, NULL, NULL, NULL);

    CHECK(cert != NULL);
    if (cert)
        CHECK(CryptVerifyCertificateSignatureEx(0, X509_ASN_ENCODING, CRYPT_VERIFY_CERT_SIGN_SUBJECT_CERT, (void *)cert,
                                                CRYPT_VERIFY_CERT_SIGN_ISSUER_CERT, (void *)cert, 0, NULL));
    return cert;
}

static void test_container(void)
{
    CRYPT_KEY_PROV_INFO given = {(LPWSTR)NAME, (LPWSTR)MS_ENHANCED_PROV_W, PROV_RSA_FULL, 0, 0, NULL, AT_KEYEXCHANGE};
    HCRYPTPROV provider;
    HCRYPTPROV_OR_NCRYPT_KEY_HANDLE handle;
    CRYPT_KEY_PROV_INFO *info;
    HCRYPTKEY key;
    PCCERT_CONTEXT cert, bare, foreign;
    DWORD spec;
    BOOL frees;

    container_delete(NAME);
    CHECK(CryptAcquireContextW(&provider, NAME, MS_ENHANCED_PROV_W, PROV_RSA_FULL, CRYPT_NEWKEYSET));
    CHECK(CryptGenKey(provider, AT_KEYEXCHANGE, 1024 << 16, &key));
    CHECK(CryptDestroyKey(key));
    cert = self_signed(provider, 0, NULL);
    info = prov_info(cert);
    CHECK(info != NULL);
    CHECK(info && !lstrcmpW(info->pwszContainerName, NAME));
    CHECK(info && !lstrcmpW(info->pwszProvName, MS_ENHANCED_PROV_W));
    CHECK_EQ(info ? info->dwProvType : 0, PROV_RSA_FULL);
    CHECK_EQ(info ? info->dwKeySpec : 0, AT_KEYEXCHANGE);
    free(info);
    CHECK(CryptReleaseContext(provider, 0));
    check_acquire(cert, TRUE);
    check_cache(cert);
    CertFreeCertificateContext(cert);
    cert = self_signed(0, 0, &given); /* opened by its name */
    check_acquire(cert, TRUE);
    /* without the property, the key is searched for */
    bare = CertCreateCertificateContext(X509_ASN_ENCODING, cert->pbCertEncoded, cert->cbCertEncoded);
    CHECK_ERROR(CryptAcquireCertificatePrivateKey(bare, CRYPT_ACQUIRE_NO_HEALING, NULL, &handle, &spec, &frees),
                HR(CRYPT_E_NO_KEY_PROPERTY));
    CHECK(CryptFindCertificateKeyProvInfo(bare, 0, NULL));
    info = prov_info(bare);
    CHECK(info && !lstrcmpW(info->pwszContainerName, NAME));
    free(info);
    check_acquire(bare, TRUE);
    foreign = CertCreateCertificateContext(X509_ASN_ENCODING, sub_der, sizeof sub_der);
    CHECK_ERROR(CryptFindCertificateKeyProvInfo(foreign, 0, NULL), HR(NTE_NO_KEY));
    CHECK(CertSetCertificateContextProperty(foreign, CERT_KEY_PROV_INFO_PROP_ID, 0, &given));
    CHECK_ERROR(CryptAcquireCertificatePrivateKey(foreign, CRYPT_ACQUIRE_COMPARE_KEY_FLAG | CRYPT_ACQUIRE_NO_HEALING,
                                                  NULL, &handle, &spec, &frees),
                HR(NTE_BAD_PUBLIC_KEY));
    CertFreeCertificateContext(foreign);
    CertFreeCertificateContext(bare);
    container_delete(NAME);
    CHECK_ERROR(CryptAcquireCertificatePrivateKey(cert, CRYPT_ACQUIRE_NO_HEALING, NULL, &handle, &spec, &frees),
                HR(NTE_BAD_KEYSET));
    CertFreeCertificateContext(cert);
    cert = self_signed(0, 0, &given); /* a container that is not there is made */
    check_acquire(cert, TRUE);
    CertFreeCertificateContext(cert);
    container_delete(NAME);
}

static void test_ncrypt(void)
{
    static const WCHAR *const algorithms[] = {L"RSA", L"ECDSA_P256", L"ECDSA_P384", L"ECDSA_P521"};
    CRYPT_KEY_PROV_INFO given = {(LPWSTR)NAME, (LPWSTR)MS_KEY_STORAGE_PROVIDER};
    NCRYPT_PROV_HANDLE provider;
    NCRYPT_KEY_HANDLE key;
    CRYPT_KEY_PROV_INFO *info;
    PCCERT_CONTEXT cert;

    NCryptOpenStorageProvider(&provider, NULL, 0);
    for (size_t i = 0; i < sizeof algorithms / sizeof *algorithms; i++) {
        ncrypt_delete(NAME);
        CHECK_EQ(NCryptCreatePersistedKey(provider, &key, algorithms[i], NAME, 0, 0), 0);
        CHECK_EQ(NCryptFinalizeKey(key, 0), 0);
        cert = self_signed(key, 0, NULL);
        info = prov_info(cert);
        CHECK(info && !lstrcmpW(info->pwszContainerName, NAME));
        CHECK(info && !lstrcmpW(info->pwszProvName, MS_KEY_STORAGE_PROVIDER));
        CHECK_EQ(info ? info->dwProvType : 9, 0);
        free(info);
        CHECK_EQ(NCryptFreeObject(key), 0);
        check_acquire(cert, FALSE);
        check_cache(cert);
        CertFreeCertificateContext(cert);
        cert = self_signed(0, 0, &given);
        check_acquire(cert, FALSE);
        CertFreeCertificateContext(cert);
        ncrypt_delete(NAME);
        CHECK_EQ(NCryptCreatePersistedKey(provider, &key, algorithms[i], NULL, 0, 0), 0);
        CHECK_EQ(NCryptFinalizeKey(key, 0), 0);
        cert = self_signed(key, CERT_CREATE_SELFSIGN_NO_KEY_INFO, NULL);
        CHECK(prov_info(cert) == NULL);
        /* a handle that is the certificate's own from now on */
        CHECK(CertSetCertificateContextProperty(cert, CERT_NCRYPT_KEY_HANDLE_PROP_ID, 0, (void *)key));
        HCRYPTPROV_OR_NCRYPT_KEY_HANDLE got = 0;
        DWORD spec = 0;
        BOOL frees = TRUE;
        CHECK(CryptAcquireCertificatePrivateKey(cert, CRYPT_ACQUIRE_ALLOW_NCRYPT_KEY_FLAG, NULL, &got, &spec, &frees));
        CHECK(got == key && !frees && spec == CERT_NCRYPT_KEY_SPEC);
        CertFreeCertificateContext(cert);
        CHECK(!NCryptIsKeyHandle(key));
    }
    NCryptFreeObject(provider);
}

/* Where the key of a PKCS #12 file goes, by the flags. */
static void test_pfx(void)
{
    static const struct {
        DWORD flags;
        BOOL legacy, named, exportable;
    } cases[] = {
        {0, TRUE, TRUE, FALSE},
        {CRYPT_EXPORTABLE, TRUE, TRUE, TRUE},
        {CRYPT_USER_KEYSET, TRUE, TRUE, FALSE},
        {CRYPT_EXPORTABLE | CRYPT_MACHINE_KEYSET, TRUE, TRUE, TRUE},
        {CRYPT_EXPORTABLE | PKCS12_PREFER_CNG_KSP, FALSE, TRUE, TRUE},
        {PKCS12_ALWAYS_CNG_KSP, FALSE, TRUE, FALSE},
        {CRYPT_EXPORTABLE | PKCS12_NO_PERSIST_KEY | PKCS12_ALWAYS_CNG_KSP, FALSE, FALSE, TRUE},
    };
    PCCERT_CONTEXT cert;
    HCERTSTORE store;
    CRYPT_DATA_BLOB again;

    for (int kind = 0; kind < 2; kind++)
        for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
            DWORD strict = EXPORT_PRIVATE_KEYS | REPORT_NO_PRIVATE_KEY | REPORT_NOT_ABLE_TO_EXPORT_PRIVATE_KEY;
            CRYPT_KEY_PROV_INFO *info;
            HCRYPTPROV_OR_NCRYPT_KEY_HANDLE handle;
            DWORD spec, size = sizeof handle;
            BOOL frees;

            store = kind ? pfx_of(leaf_pfx, sizeof leaf_pfx, L"secret", cases[i].flags, &cert)
                         : pfx_of(rsa_pfx, sizeof rsa_pfx, L"secret", cases[i].flags, &cert);
            if (!cert)
                continue;
            info = prov_info(cert);
            CHECK_EQ(info != NULL, cases[i].named);
            if (info) {
                BOOL legacy = cases[i].legacy && !kind;

                CHECK_EQ(info->dwProvType, legacy ? PROV_RSA_FULL : 0);
                CHECK_EQ(info->dwKeySpec, legacy ? AT_KEYEXCHANGE : 0);
                CHECK_EQ(info->dwFlags & CRYPT_MACHINE_KEYSET, cases[i].flags & CRYPT_MACHINE_KEYSET);
                CHECK(!lstrcmpW(info->pwszProvName, legacy ? MS_ENHANCED_PROV_W : MS_KEY_STORAGE_PROVIDER));
                check_acquire(cert, legacy);
                check_cache(cert);
            } else {
                CHECK(CertGetCertificateContextProperty(cert, CERT_NCRYPT_KEY_HANDLE_PROP_ID, &handle, &size));
                CHECK(CryptAcquireCertificatePrivateKey(cert, CRYPT_ACQUIRE_ONLY_NCRYPT_KEY_FLAG, NULL, &handle, &spec,
                                                        &frees));
                CHECK(!frees);
                check_signs(cert, handle, spec);
            }
            again = (CRYPT_DATA_BLOB){0};
            if (cases[i].exportable && i != (kind ? 6 : 1)) {
                ; /* writing one takes its time */
            } else if (cases[i].exportable) {
                CHECK(PFXExportCertStoreEx(store, &again, L"x", NULL, strict & ~REPORT_NO_PRIVATE_KEY));
                CHECK(again.cbData > 500);
            } else {
                CHECK_ERROR(PFXExportCertStoreEx(store, &again, L"x", NULL, strict & ~REPORT_NO_PRIVATE_KEY),
                            HR(NTE_BAD_KEY_STATE));
            }
            if (info && !info->dwProvType)
                ncrypt_delete(info->pwszContainerName);
            else if (info)
                container_delete(info->pwszContainerName);
            free(info);
            CertFreeCertificateContext(cert);
            CertCloseStore(store, 0);
        }
}

/* A key that was imported is found again by another copy of its certificate, through the personal store. */
static void test_my_store(void)
{
    HCERTSTORE my = CertOpenSystemStoreW(0, L"MY"), store;
    PCCERT_CONTEXT cert, kept;
    CRYPT_KEY_PROV_INFO *info;
    CRYPT_HASH_BLOB hash;
    BYTE sha1[20];

    store = pfx_of(leaf_pfx, sizeof leaf_pfx, L"secret", 0, &cert);
    hash = (CRYPT_HASH_BLOB){sizeof sha1, sha1};
    CHECK(CertGetCertificateContextProperty(cert, CERT_HASH_PROP_ID, sha1, &hash.cbData));
    CHECK(CertAddCertificateContextToStore(my, cert, CERT_STORE_ADD_REPLACE_EXISTING, NULL));
    CertFreeCertificateContext(cert);
    CertCloseStore(store, 0);
    CertCloseStore(my, 0);
    my = CertOpenSystemStoreW(0, L"MY");
    kept = CertFindCertificateInStore(my, X509_ASN_ENCODING, 0, CERT_FIND_SHA1_HASH, &hash, NULL);
    CHECK(kept != NULL);
    check_acquire(kept, FALSE);
    info = prov_info(kept);
    CHECK(info != NULL);
    ncrypt_delete(info->pwszContainerName);
    free(info);
    CHECK(CertDeleteCertificateFromStore(kept));
    CertCloseStore(my, 0);
}

static void test_requests(void)
{
    static const struct {
        const WCHAR *key;
        const char *algorithm;
        DWORD error;
    } cases[] = {
        {L"RSA", szOID_RSA_SHA256RSA, 0},
        {L"RSA", szOID_RSA_SHA1RSA, 0},
        {L"RSA", szOID_RSA_SHA512RSA, 0},
        {L"ECDSA_P256", szOID_ECDSA_SHA256, 0},
        {L"ECDSA_P384", szOID_ECDSA_SHA384, 0},
        {L"ECDSA_P521", szOID_ECDSA_SHA512, 0},
        {L"ECDSA_P256", szOID_RSA_SHA256RSA, HR(NTE_BAD_ALGID)},
        {L"RSA", szOID_ECDSA_SHA256, HR(NTE_BAD_ALGID)},
        {L"RSA", "1.2.3.4", HR(NTE_BAD_ALGID)},
    };
    NCRYPT_PROV_HANDLE provider;

    NCryptOpenStorageProvider(&provider, NULL, 0);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        BYTE public[1024], request[4096], inner[2048], signature[1024];
        DWORD size = sizeof public, needed = 0, again, inner_size = sizeof inner, signature_size = sizeof signature;
        CRYPT_ALGORITHM_IDENTIFIER algorithm = {(LPSTR)cases[i].algorithm};
        CERT_REQUEST_INFO info = {CERT_REQUEST_V1, subject};
        NCRYPT_KEY_HANDLE key;

        CHECK_EQ(NCryptCreatePersistedKey(provider, &key, cases[i].key, NULL, 0, 0), 0);
        CHECK_EQ(NCryptFinalizeKey(key, 0), 0);
        CHECK(CryptExportPublicKeyInfo(key, 0, X509_ASN_ENCODING, (void *)public, &size));
        info.SubjectPublicKeyInfo = *(CERT_PUBLIC_KEY_INFO *)public;
        if (cases[i].error) {
            CHECK(!CryptSignAndEncodeCertificate(key, 0, X509_ASN_ENCODING, X509_CERT_REQUEST_TO_BE_SIGNED, &info,
                                                 &algorithm, NULL, NULL, &needed));
            CHECK_EQ(GetLastError(), cases[i].error);
            NCryptFreeObject(key);
            continue;
        }
        CHECK(CryptSignAndEncodeCertificate(key, 0, X509_ASN_ENCODING, X509_CERT_REQUEST_TO_BE_SIGNED, &info,
                                            &algorithm, NULL, NULL, &needed));
        again = sizeof request;
        CHECK(CryptSignAndEncodeCertificate(key, 0, X509_ASN_ENCODING, X509_CERT_REQUEST_TO_BE_SIGNED, &info,
                                            &algorithm, NULL, request, &again));
        CHECK(again <= needed && again + 16 > needed);
        CHECK(CryptVerifyCertificateSignature(0, X509_ASN_ENCODING, request, again, &info.SubjectPublicKeyInfo));
        request[again / 2] ^= 1;
        CHECK(!CryptVerifyCertificateSignature(0, X509_ASN_ENCODING, request, again, &info.SubjectPublicKeyInfo));
        again = 10;
        CHECK_ERROR(CryptSignAndEncodeCertificate(key, 0, X509_ASN_ENCODING, X509_CERT_REQUEST_TO_BE_SIGNED, &info,
                                                  &algorithm, NULL, request, &again),
                    ERROR_MORE_DATA);
        /* by hand: the inner part, its signature, the whole */
        CHECK(CryptEncodeObject(X509_ASN_ENCODING, X509_CERT_REQUEST_TO_BE_SIGNED, &info, inner, &inner_size));
        CHECK(CryptSignCertificate(key, 0, X509_ASN_ENCODING, inner, inner_size, &algorithm, NULL, signature,
                                   &signature_size));
        CERT_SIGNED_CONTENT_INFO whole = {{inner_size, inner}, algorithm, {signature_size, signature, 0}};
        again = sizeof request;
        CHECK(CryptEncodeObject(X509_ASN_ENCODING, X509_CERT, &whole, request, &again));
        CHECK(CryptVerifyCertificateSignature(0, X509_ASN_ENCODING, request, again, &info.SubjectPublicKeyInfo));
        NCryptFreeObject(key);
    }
    NCryptFreeObject(provider);
}

/* Public keys to bcrypt and back; damaged ones are refused. */
static void test_public(void)
{
    static const struct {
        const WCHAR *name;
        DWORD bits;
    } algorithms[] = {{L"RSA", 1024}, {L"ECDSA_P256", 256}, {L"ECDSA_P384", 384}, {L"ECDSA_P521", 521}};

    for (size_t i = 0; i < sizeof algorithms / sizeof *algorithms; i++) {
        BCRYPT_ALG_HANDLE handle;
        BCRYPT_KEY_HANDLE key, other;
        BYTE first[1024], second[1024], blob[1024], blob2[1024];
        CERT_PUBLIC_KEY_INFO *info = (void *)first, damaged;
        DWORD size = sizeof first, blob_size, blob2_size, refused = 0;
        WCHAR text[64];

        CHECK_EQ(BCryptOpenAlgorithmProvider(&handle, algorithms[i].name, NULL, 0), 0);
        CHECK_EQ(BCryptGenerateKeyPair(handle, &key, algorithms[i].bits, 0), 0);
        CHECK_EQ(BCryptFinalizeKeyPair(key, 0), 0);
        CHECK(CryptExportPublicKeyInfoFromBCryptKeyHandle(key, X509_ASN_ENCODING, NULL, 0, NULL, info, &size));
        CHECK_STR(info->Algorithm.pszObjId, i ? szOID_ECC_PUBLIC_KEY : szOID_RSA_RSA);
        CHECK(CryptImportPublicKeyInfoEx2(X509_ASN_ENCODING, info, 0, NULL, &other));
        CHECK_EQ(BCryptExportKey(key, NULL, BCRYPT_PUBLIC_KEY_BLOB, blob, sizeof blob, &blob_size, 0), 0);
        CHECK_EQ(BCryptExportKey(other, NULL, BCRYPT_PUBLIC_KEY_BLOB, blob2, sizeof blob2, &blob2_size, 0), 0);
        CHECK_EQ(blob_size, blob2_size);
        CHECK(!memcmp(blob, blob2, blob_size));
        size = sizeof second;
        CHECK_EQ(BCryptGetProperty(other, BCRYPT_ALGORITHM_NAME, (BYTE *)text, sizeof text, &blob_size, 0), 0);
        CHECK(!lstrcmpW(text, algorithms[i].name) || !lstrcmpW(text, L"ECDSA"));
        BCryptDestroyKey(other);
        if (i) {
            CHECK(CryptImportPublicKeyInfoEx2(X509_ASN_ENCODING, info, CRYPT_OID_INFO_PUBKEY_ENCRYPT_KEY_FLAG, NULL,
                                              &other));
            CHECK_EQ(BCryptGetProperty(other, BCRYPT_ALGORITHM_NAME, (BYTE *)text, sizeof text, &blob_size, 0), 0);
            CHECK(!memcmp(text, L"ECDH", 8));
            BCryptDestroyKey(other);
        }
        damaged = *info;
        for (DWORD length = 0; length < info->PublicKey.cbData; length += 7) { /* cut */
            damaged.PublicKey.cbData = length;
            refused += !CryptImportPublicKeyInfoEx2(X509_ASN_ENCODING, &damaged, 0, NULL, &other);
        }
        CHECK_EQ(refused, (info->PublicKey.cbData + 6) / 7);
        damaged = *info;
        damaged.Algorithm.pszObjId = (LPSTR) "1.2.3";
        CHECK_ERROR(CryptImportPublicKeyInfoEx2(X509_ASN_ENCODING, &damaged, 0, NULL, &other), ERROR_FILE_NOT_FOUND);
        damaged = *info;
        damaged.Algorithm.Parameters.cbData = 0;
        if (i)
            CHECK(!CryptImportPublicKeyInfoEx2(X509_ASN_ENCODING, &damaged, 0, NULL, &other));
        BCryptDestroyKey(key);
        BCryptCloseAlgorithmProvider(handle, 0);
    }
}

int main(void)
{
    CHECK(CertStrToNameW(X509_ASN_ENCODING, L"CN=winrun keys", CERT_X500_NAME_STR, NULL, name_der, &subject.cbData,
                         NULL));
    test_public();
    test_requests();
    test_container();
    test_ncrypt();
    test_pfx();
    test_my_store();
    return check_done();
}
