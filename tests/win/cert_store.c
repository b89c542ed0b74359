/*
 * Do stores and contexts of certificates behave: adding by all dispositions, enumerating, finding, deleting,
 * properties, collections, and what is kept in the registry?
 *
 * link: -lcrypt32 -ladvapi32
 */
#include "check.h"
#include <wincrypt.h>
#include "certs.h"

#define HR(code) ((DWORD)(code)) /* as a last error */

static PCCERT_CONTEXT cert(const unsigned char *data, DWORD size)
{
    return CertCreateCertificateContext(X509_ASN_ENCODING, data, size);
}
#define CERT(name) cert(name, sizeof name)

static int count(HCERTSTORE store)
{
    PCCERT_CONTEXT c = NULL;
    int n = 0;
    while ((c = CertEnumCertificatesInStore(store, c)))
        n++;
    return n;
}

static void contexts(void)
{
    PCCERT_CONTEXT c = CERT(leaf_der), d;
    static const BYTE serial[] = {0x21, 0x43, 0x65, 0x87, 0xa9, 0xcb, 0xed, 0x7f};

    CHECK(c != NULL);
    CHECK_EQ(c->dwCertEncodingType, X509_ASN_ENCODING);
    CHECK_EQ(c->cbCertEncoded, sizeof leaf_der);
    CHECK(!memcmp(c->pbCertEncoded, leaf_der, sizeof leaf_der));
    CHECK(c->hCertStore != NULL);
    CHECK_EQ(c->pCertInfo->dwVersion, CERT_V3);
    CHECK_EQ(c->pCertInfo->SerialNumber.cbData, 8);
    CHECK(!memcmp(c->pCertInfo->SerialNumber.pbData, serial, 8));
    CHECK_STR(c->pCertInfo->SignatureAlgorithm.pszObjId, szOID_ECDSA_SHA256);
    CHECK_STR(c->pCertInfo->SubjectPublicKeyInfo.Algorithm.pszObjId, szOID_ECC_PUBLIC_KEY);
    CHECK_EQ(c->pCertInfo->SubjectPublicKeyInfo.PublicKey.cbData, 65);
    CHECK_EQ(c->pCertInfo->SubjectPublicKeyInfo.PublicKey.cUnusedBits, 0);
    CHECK_EQ(c->pCertInfo->cExtension, 9);
    CHECK_EQ(CertVerifyTimeValidity(NULL, c->pCertInfo), 0);
    d = CertDuplicateCertificateContext(c);
    CHECK(d == c);
    CHECK(CertFreeCertificateContext(d));
    CHECK(CertFreeCertificateContext(c));
    CHECK(CertFreeCertificateContext(NULL));
    CHECK(CertDuplicateCertificateContext(NULL) == NULL);

    CHECK_ERROR(CertCreateCertificateContext(0, leaf_der, sizeof leaf_der), HR(E_INVALIDARG));
    CHECK(!CertCreateCertificateContext(X509_ASN_ENCODING, leaf_der, sizeof leaf_der - 1));
    CHECK(!CertCreateCertificateContext(X509_ASN_ENCODING, leaf_der, 0));
    for (DWORD size = 1; size < sizeof leaf_der; size += 7)
        CHECK(!CertCreateCertificateContext(X509_ASN_ENCODING, leaf_der, size));
    c = CERT(old_der);
    CHECK_EQ(CertVerifyTimeValidity(NULL, c->pCertInfo), 1);
    FILETIME time = {0, 0};
    CHECK_EQ(CertVerifyTimeValidity(&time, c->pCertInfo), -1);
    time = c->pCertInfo->NotBefore;
    CHECK_EQ(CertVerifyTimeValidity(&time, c->pCertInfo), 0);
    time = c->pCertInfo->NotAfter;
    CHECK_EQ(CertVerifyTimeValidity(&time, c->pCertInfo), 0);
    SYSTEMTIME st;
    FileTimeToSystemTime(&c->pCertInfo->NotBefore, &st);
    CHECK_EQ(st.wYear, 2010);
    CHECK_EQ(st.wMonth, 1);
    CHECK_EQ(st.wDay, 1);
    CHECK_EQ(st.wHour, 0);
    CertFreeCertificateContext(c);
}

static void hash_property(PCCERT_CONTEXT c, DWORD id, const char *expected)
{
    BYTE hash[64];
    DWORD size = 0;
    char text[130] = "";

    CHECK(CertGetCertificateContextProperty(c, id, NULL, &size));
    CHECK_EQ(size, strlen(expected) / 2);
    size = 1;
    CHECK_ERROR(CertGetCertificateContextProperty(c, id, hash, &size), ERROR_MORE_DATA);
    CHECK_EQ(size, strlen(expected) / 2);
    size = sizeof hash;
    CHECK(CertGetCertificateContextProperty(c, id, hash, &size));
    for (DWORD i = 0; i < size; i++)
        sprintf(text + 2 * i, "%02x", hash[i]);
    CHECK_STR(text, expected);
}

static void properties(void)
{
    PCCERT_CONTEXT c = CERT(leaf_der);
    DWORD size = 0, id = 0, n = 0;
    WCHAR name[32];
    CRYPT_DATA_BLOB blob = {14, (BYTE *)L"a name"};

    hash_property(c, CERT_SHA1_HASH_PROP_ID, LEAF_SHA1);
    hash_property(c, CERT_MD5_HASH_PROP_ID, LEAF_MD5);
    hash_property(c, CERT_KEY_IDENTIFIER_PROP_ID, LEAF_KEY_ID);
    CHECK_ERROR(CertGetCertificateContextProperty(c, CERT_FRIENDLY_NAME_PROP_ID, NULL, &size), HR(CRYPT_E_NOT_FOUND));
    CHECK_ERROR(CertGetCertificateContextProperty(c, CERT_KEY_PROV_INFO_PROP_ID, NULL, &size), HR(CRYPT_E_NOT_FOUND));
    CHECK(CertSetCertificateContextProperty(c, CERT_FRIENDLY_NAME_PROP_ID, 0, &blob));
    size = sizeof name;
    CHECK(CertGetCertificateContextProperty(c, CERT_FRIENDLY_NAME_PROP_ID, name, &size));
    CHECK_EQ(size, 14);
    CHECK(!lstrcmpW(name, L"a name"));
    CHECK(CertSetCertificateContextProperty(c, CERT_FIRST_USER_PROP_ID, 0, &(CRYPT_DATA_BLOB){2, (BYTE *)"xy"}));
    size = sizeof name;
    CHECK(CertGetCertificateContextProperty(c, CERT_FIRST_USER_PROP_ID, name, &size));
    CHECK_EQ(size, 2);
    while ((id = CertEnumCertificateContextProperties(c, id)))
        n += id == CERT_FRIENDLY_NAME_PROP_ID || id == CERT_FIRST_USER_PROP_ID;
    CHECK_EQ(n, 2);
    CHECK(CertSetCertificateContextProperty(c, CERT_FRIENDLY_NAME_PROP_ID, 0, NULL));
    CHECK(!CertGetCertificateContextProperty(c, CERT_FRIENDLY_NAME_PROP_ID, name, &size));

    CRYPT_KEY_PROV_INFO info = {L"container", L"provider", 1, 2, 0, NULL, AT_SIGNATURE};
    CRYPT_KEY_PROV_INFO *got = malloc(512);
    CHECK(CertSetCertificateContextProperty(c, CERT_KEY_PROV_INFO_PROP_ID, 0, &info));
    size = 0;
    CHECK(CertGetCertificateContextProperty(c, CERT_KEY_PROV_INFO_PROP_ID, NULL, &size));
    CHECK(size >= sizeof info + 38);
    size = 512;
    CHECK(CertGetCertificateContextProperty(c, CERT_KEY_PROV_INFO_PROP_ID, got, &size));
    CHECK(!lstrcmpW(got->pwszContainerName, L"container"));
    CHECK(!lstrcmpW(got->pwszProvName, L"provider"));
    CHECK_EQ(got->dwProvType, 1);
    CHECK_EQ(got->dwFlags, 2);
    CHECK_EQ(got->dwKeySpec, AT_SIGNATURE);
    free(got);
    CertFreeCertificateContext(c);
}

static void adding(void)
{
    HCERTSTORE store = CertOpenStore(CERT_STORE_PROV_MEMORY, 0, 0, CERT_STORE_CREATE_NEW_FLAG, NULL);
    PCCERT_CONTEXT c = CERT(leaf_der), d = NULL, e;

    CHECK(store != NULL);
    CHECK(CertEnumCertificatesInStore(store, NULL) == NULL);
    CHECK_EQ(GetLastError(), HR(CRYPT_E_NOT_FOUND));
    CHECK(CertAddCertificateContextToStore(store, c, CERT_STORE_ADD_NEW, &d));
    CHECK(d != NULL && d != c);
    CHECK(d->hCertStore == store);
    CHECK_EQ(count(store), 1);
    CHECK_ERROR(CertAddCertificateContextToStore(store, c, CERT_STORE_ADD_NEW, NULL), HR(CRYPT_E_EXISTS));
    CHECK(CertAddCertificateContextToStore(store, c, CERT_STORE_ADD_USE_EXISTING, &e));
    CHECK(e->hCertStore == store);
    CertFreeCertificateContext(e);
    CHECK_EQ(count(store), 1);
    CHECK(CertAddCertificateContextToStore(store, c, CERT_STORE_ADD_REPLACE_EXISTING, NULL));
    CHECK_EQ(count(store), 1);
    CHECK_ERROR(CertAddCertificateContextToStore(store, c, CERT_STORE_ADD_NEWER, NULL), HR(CRYPT_E_EXISTS));
    CHECK(CertAddCertificateContextToStore(store, c, CERT_STORE_ADD_ALWAYS, NULL));
    CHECK_EQ(count(store), 2);
    CHECK_ERROR(CertAddCertificateContextToStore(store, c, 0, NULL), HR(E_INVALIDARG));
    CHECK(CertAddEncodedCertificateToStore(store, X509_ASN_ENCODING, root_der, sizeof root_der, CERT_STORE_ADD_NEW,
                                           NULL));
    CHECK_EQ(count(store), 3);
    CHECK(!CertAddEncodedCertificateToStore(store, X509_ASN_ENCODING, root_der, 20, CERT_STORE_ADD_NEW, NULL));
    CHECK_ERROR(CertAddEncodedCertificateToStore(store, 0, root_der, sizeof root_der, CERT_STORE_ADD_NEW, NULL),
                HR(E_INVALIDARG));
    if (check_under_wine()) /* its counts of references stop it here */
        return;
    /* Deleting while enumerating. */
    e = NULL;
    while ((e = CertEnumCertificatesInStore(store, e)))
        CHECK(CertDeleteCertificateFromStore(CertDuplicateCertificateContext(e)));
    CHECK_EQ(count(store), 0);
    CHECK(CertFreeCertificateContext(d));
    CHECK(CertAddCertificateContextToStore(store, c, CERT_STORE_ADD_ALWAYS, &d));
    CHECK_ERROR(CertCloseStore(store, CERT_CLOSE_STORE_CHECK_FLAG), HR(CRYPT_E_PENDING_CLOSE));
    CHECK_EQ(d->cbCertEncoded, sizeof leaf_der); /* it lives on */
    CertFreeCertificateContext(d);
    store = CertOpenStore(CERT_STORE_PROV_MEMORY, 0, 0, 0, NULL);
    HCERTSTORE again = CertDuplicateStore(store);
    CHECK(again == store);
    CHECK(CertCloseStore(again, 0));
    CHECK(CertCloseStore(store, CERT_CLOSE_STORE_CHECK_FLAG));
    CHECK(CertCloseStore(NULL, 0));
    CertFreeCertificateContext(c);
}

static void found(HCERTSTORE store, DWORD type, const void *para, const unsigned char *expected, DWORD size, int line)
{
    PCCERT_CONTEXT c = CertFindCertificateInStore(store, X509_ASN_ENCODING, 0, type, para, NULL);

    CHECK((c != NULL) == (expected != NULL));
    if (c && (c->cbCertEncoded != size || memcmp(c->pbCertEncoded, expected, size))) {
        printf("line %d: another one\n", line);
        CHECK(0);
    }
    if (!c)
        CHECK_EQ(GetLastError(), HR(CRYPT_E_NOT_FOUND));
    CertFreeCertificateContext(c);
}
#define FOUND(type, para, name) found(store, type, para, name, sizeof name, __LINE__)
#define NOT_FOUND(type, para) found(store, type, para, NULL, 0, __LINE__)

static void finding(void)
{
    HCERTSTORE store = CertOpenStore(CERT_STORE_PROV_MEMORY, 0, 0, 0, NULL);
    PCCERT_CONTEXT leaf = CERT(leaf_der), sub = CERT(sub_der), c;
    BYTE hash[20] = {1};
    DWORD size = 20;
    CRYPT_HASH_BLOB blob = {20, hash};
    CERT_ID id = {CERT_ID_ISSUER_SERIAL_NUMBER};
    LPSTR usage[] = {(LPSTR)szOID_PKIX_KP_SERVER_AUTH};
    CERT_ENHKEY_USAGE usages = {1, usage};

    NOT_FOUND(CERT_FIND_ANY, NULL);
    CertAddEncodedCertificateToStore(store, X509_ASN_ENCODING, root_der, sizeof root_der, CERT_STORE_ADD_NEW, NULL);
    CertAddEncodedCertificateToStore(store, X509_ASN_ENCODING, sub_der, sizeof sub_der, CERT_STORE_ADD_NEW, NULL);
    CertAddEncodedCertificateToStore(store, X509_ASN_ENCODING, leaf_der, sizeof leaf_der, CERT_STORE_ADD_NEW, NULL);
    FOUND(CERT_FIND_ANY, NULL, leaf_der); /* the last that was added */
    NOT_FOUND(CERT_FIND_SHA1_HASH, &blob);
    CertGetCertificateContextProperty(leaf, CERT_SHA1_HASH_PROP_ID, hash, &size);
    FOUND(CERT_FIND_SHA1_HASH, &blob, leaf_der);
    size = 20;
    CertGetCertificateContextProperty(sub, CERT_KEY_IDENTIFIER_PROP_ID, hash, &size);
    FOUND(CERT_FIND_KEY_IDENTIFIER, &blob, sub_der);
    FOUND(CERT_FIND_SUBJECT_STR_W, L"localhost", leaf_der);
    FOUND(CERT_FIND_SUBJECT_STR_W, L"LOCALHOST", leaf_der);
    FOUND(CERT_FIND_SUBJECT_STR_W, L"ample, Inc", leaf_der);
    FOUND(CERT_FIND_SUBJECT_STR_A, "Test Sub", sub_der);
    FOUND(CERT_FIND_ISSUER_STR_W, L"Test Sub", leaf_der);
    NOT_FOUND(CERT_FIND_SUBJECT_STR_W, L"nobody");
    FOUND(CERT_FIND_SUBJECT_NAME, &leaf->pCertInfo->Issuer, sub_der);
    FOUND(CERT_FIND_ISSUER_NAME, &leaf->pCertInfo->Issuer, leaf_der);
    FOUND(CERT_FIND_SUBJECT_CERT, leaf->pCertInfo, leaf_der);
    FOUND(CERT_FIND_EXISTING, sub, sub_der);
    FOUND(CERT_FIND_ISSUER_OF, leaf, sub_der);
    FOUND(CERT_FIND_PUBLIC_KEY, &sub->pCertInfo->SubjectPublicKeyInfo, sub_der);
    FOUND(CERT_FIND_ENHKEY_USAGE, &usages, leaf_der);
    usage[0] = (LPSTR)szOID_PKIX_KP_CODE_SIGNING;
    NOT_FOUND(CERT_FIND_ENHKEY_USAGE, &usages);
    id.IssuerSerialNumber.Issuer = leaf->pCertInfo->Issuer;
    id.IssuerSerialNumber.SerialNumber = leaf->pCertInfo->SerialNumber;
    FOUND(CERT_FIND_CERT_ID, &id, leaf_der);
    c = CertFindCertificateInStore(store, X509_ASN_ENCODING, 0, CERT_FIND_ANY, NULL, NULL);
    c = CertFindCertificateInStore(store, X509_ASN_ENCODING, 0, CERT_FIND_ANY, NULL, c);
    CHECK_EQ(c->cbCertEncoded, sizeof sub_der);
    c = CertFindCertificateInStore(store, X509_ASN_ENCODING, 0, CERT_FIND_ANY, NULL, c);
    c = CertFindCertificateInStore(store, X509_ASN_ENCODING, 0, CERT_FIND_ANY, NULL, c);
    CHECK(c == NULL);
    DWORD flags = CERT_STORE_SIGNATURE_FLAG | CERT_STORE_TIME_VALIDITY_FLAG;
    c = CertGetIssuerCertificateFromStore(store, leaf, NULL, &flags);
    CHECK(c && c->cbCertEncoded == sizeof sub_der);
    CHECK_EQ(flags, 0);
    CertFreeCertificateContext(c);
    CertFreeCertificateContext(leaf);
    CertFreeCertificateContext(sub);
    CertCloseStore(store, 0);
}

static void collections(void)
{
    HCERTSTORE a = CertOpenStore(CERT_STORE_PROV_MEMORY, 0, 0, 0, NULL),
               b = CertOpenStore(CERT_STORE_PROV_MEMORY, 0, 0, 0, NULL);
    HCERTSTORE all = CertOpenStore(CERT_STORE_PROV_COLLECTION, 0, 0, 0, NULL);
    PCCERT_CONTEXT c;

    CertAddEncodedCertificateToStore(a, X509_ASN_ENCODING, root_der, sizeof root_der, CERT_STORE_ADD_NEW, NULL);
    CertAddEncodedCertificateToStore(b, X509_ASN_ENCODING, sub_der, sizeof sub_der, CERT_STORE_ADD_NEW, NULL);
    CHECK_EQ(count(all), 0);
    CHECK_ERROR(
        CertAddEncodedCertificateToStore(all, X509_ASN_ENCODING, leaf_der, sizeof leaf_der, CERT_STORE_ADD_NEW, NULL),
        HR(E_ACCESSDENIED));
    CHECK(CertAddStoreToCollection(all, a, 0, 0));
    CHECK(CertAddStoreToCollection(all, b, CERT_PHYSICAL_STORE_ADD_ENABLE_FLAG, 1));
    CHECK(CertAddStoreToCollection(all, NULL, 0, 0));
    CHECK_EQ(count(all), 2);
    c = CertEnumCertificatesInStore(all, NULL); /* the higher priority first */
    CHECK_EQ(c->cbCertEncoded, sizeof sub_der);
    c = CertEnumCertificatesInStore(all, c);
    CHECK_EQ(c->cbCertEncoded, sizeof root_der);
    CertFreeCertificateContext(c);
    CHECK(
        CertAddEncodedCertificateToStore(all, X509_ASN_ENCODING, leaf_der, sizeof leaf_der, CERT_STORE_ADD_NEW, NULL));
    CHECK_EQ(count(a), 1);
    CHECK_EQ(count(b), 2);
    CHECK_EQ(count(all), 3);
    CertRemoveStoreFromCollection(all, b);
    CHECK_EQ(count(all), 1);
    CertCloseStore(all, 0);
    CertCloseStore(a, 0);
    CertCloseStore(b, 0);
}

static void saved(void)
{
    HCERTSTORE a = CertOpenStore(CERT_STORE_PROV_MEMORY, 0, 0, 0, NULL), b;
    PCCERT_CONTEXT c = NULL;
    CRYPT_DATA_BLOB blob = {0};
    WCHAR name[32];
    DWORD size = sizeof name;

    CertAddEncodedCertificateToStore(a, X509_ASN_ENCODING, root_der, sizeof root_der, CERT_STORE_ADD_NEW, &c);
    CertSetCertificateContextProperty(c, CERT_FRIENDLY_NAME_PROP_ID, 0, &(CRYPT_DATA_BLOB){8, (BYTE *)L"abc"});
    CertFreeCertificateContext(c);
    CertAddEncodedCRLToStore(a, X509_ASN_ENCODING, crl_der, sizeof crl_der, CERT_STORE_ADD_NEW, NULL);
    for (DWORD as = CERT_STORE_SAVE_AS_STORE; as <= CERT_STORE_SAVE_AS_PKCS7; as++) {
        blob = (CRYPT_DATA_BLOB){0};
        CHECK(CertSaveStore(a, X509_ASN_ENCODING | PKCS_7_ASN_ENCODING, as, CERT_STORE_SAVE_TO_MEMORY, &blob, 0));
        CHECK(blob.cbData > sizeof root_der + sizeof crl_der);
        blob.pbData = malloc(blob.cbData);
        CHECK(CertSaveStore(a, X509_ASN_ENCODING | PKCS_7_ASN_ENCODING, as, CERT_STORE_SAVE_TO_MEMORY, &blob, 0));
        b = CertOpenStore(as == CERT_STORE_SAVE_AS_STORE ? CERT_STORE_PROV_SERIALIZED : CERT_STORE_PROV_PKCS7,
                          X509_ASN_ENCODING | PKCS_7_ASN_ENCODING, 0, 0, &blob);
        CHECK(b != NULL);
        CHECK_EQ(count(b), 1);
        PCCRL_CONTEXT crl = CertEnumCRLsInStore(b, NULL);
        CHECK(crl && crl->cbCrlEncoded == sizeof crl_der);
        CertFreeCRLContext(crl);
        c = CertEnumCertificatesInStore(b, NULL);
        CHECK_EQ(CertGetCertificateContextProperty(c, CERT_FRIENDLY_NAME_PROP_ID, name, &size),
                 as == CERT_STORE_SAVE_AS_STORE);
        CertFreeCertificateContext(c);
        CertCloseStore(b, 0);
        free(blob.pbData);
    }
    CHECK(CertSaveStore(a, X509_ASN_ENCODING | PKCS_7_ASN_ENCODING, CERT_STORE_SAVE_AS_STORE,
                        CERT_STORE_SAVE_TO_FILENAME_W, L"saved.sst", 0));
    b = CertOpenStore(CERT_STORE_PROV_FILENAME_W, X509_ASN_ENCODING | PKCS_7_ASN_ENCODING, 0, CERT_STORE_READONLY_FLAG,
                      L"saved.sst");
    CHECK_EQ(count(b), 1);
    CertCloseStore(b, 0);
    DeleteFileA("saved.sst");
    CHECK_ERROR(CertOpenStore(CERT_STORE_PROV_FILENAME_W, X509_ASN_ENCODING | PKCS_7_ASN_ENCODING, 0,
                              CERT_STORE_READONLY_FLAG, L"saved.sst"),
                ERROR_FILE_NOT_FOUND);
    blob = (CRYPT_DATA_BLOB){sizeof bag_p7, (BYTE *)bag_p7};
    b = CertOpenStore(CERT_STORE_PROV_PKCS7, X509_ASN_ENCODING | PKCS_7_ASN_ENCODING, 0, 0, &blob);
    CHECK_EQ(count(b), 2);
    CertCloseStore(b, 0);
    CertCloseStore(a, 0);
}

static void system_stores(void)
{
    HCERTSTORE root = CertOpenSystemStoreW(0, L"ROOT"), my, other;
    PCCERT_CONTEXT c = NULL;

    CHECK(root != NULL);
    CertCloseStore(root, 0);
    my = CertOpenStore(CERT_STORE_PROV_SYSTEM_W, 0, 0, CERT_SYSTEM_STORE_CURRENT_USER, L"WinrunTest");
    CHECK(my != NULL);
    CHECK_EQ(count(my), 0);
    CHECK(CertAddEncodedCertificateToStore(my, X509_ASN_ENCODING, leaf_der, sizeof leaf_der,
                                           CERT_STORE_ADD_REPLACE_EXISTING, &c));
    CHECK(CertSetCertificateContextProperty(c, CERT_FRIENDLY_NAME_PROP_ID, 0, &(CRYPT_DATA_BLOB){8, (BYTE *)L"abc"}));
    CertFreeCertificateContext(c);
    CertCloseStore(my, 0);
    /* Another handle sees it, with its property; and it can be taken away again. */
    other = CertOpenStore(CERT_STORE_PROV_SYSTEM_A, 0, 0,
                          CERT_SYSTEM_STORE_CURRENT_USER | CERT_STORE_OPEN_EXISTING_FLAG, "winruntest");
    CHECK(other != NULL);
    CHECK_EQ(count(other), 1);
    c = CertEnumCertificatesInStore(other, NULL);
    WCHAR name[8];
    DWORD size = sizeof name;
    CHECK(c && CertGetCertificateContextProperty(c, CERT_FRIENDLY_NAME_PROP_ID, name, &size) && size == 8);
    CHECK(CertDeleteCertificateFromStore(c));
    CertCloseStore(other, 0);
    other = CertOpenStore(CERT_STORE_PROV_SYSTEM_W, 0, 0, CERT_SYSTEM_STORE_CURRENT_USER, L"WinrunTest");
    if (check_under_wine()) /* it has it still, and does not delete stores */
        return;
    CHECK_EQ(count(other), 0);
    CertCloseStore(other, 0);
    CertOpenStore(CERT_STORE_PROV_SYSTEM_W, 0, 0, CERT_SYSTEM_STORE_CURRENT_USER | CERT_STORE_DELETE_FLAG,
                  L"WinrunTest");
    CHECK_EQ(GetLastError(), 0);
    CHECK_ERROR(CertOpenStore(CERT_STORE_PROV_SYSTEM_W, 0, 0,
                              CERT_SYSTEM_STORE_CURRENT_USER | CERT_STORE_OPEN_EXISTING_FLAG, L"WinrunTest"),
                ERROR_FILE_NOT_FOUND);
    CHECK_ERROR(CertOpenStore((LPCSTR)99, 0, 0, 0, NULL), ERROR_FILE_NOT_FOUND);
    CHECK_ERROR(CertOpenStore("NoSuchProvider", 0, 0, 0, NULL), ERROR_FILE_NOT_FOUND);
}

static void usages(void)
{
    PCCERT_CONTEXT leaf = CERT(leaf_der), root = CERT(root_der);
    BYTE bits[4] = {9, 9, 9, 9}, buffer[512];
    DWORD size = sizeof buffer;
    CERT_ENHKEY_USAGE *usage = (CERT_ENHKEY_USAGE *)buffer;
    LPSTR *oids = (LPSTR *)buffer;
    PCCERT_CONTEXT both[] = {leaf, root};
    int n;

    CHECK(CertGetIntendedKeyUsage(X509_ASN_ENCODING, leaf->pCertInfo, bits, 4));
    CHECK_EQ(bits[0], CERT_DIGITAL_SIGNATURE_KEY_USAGE);
    CHECK_EQ(bits[1], 0);
    CHECK(CertGetIntendedKeyUsage(X509_ASN_ENCODING, root->pCertInfo, bits, 1));
    CHECK_EQ(bits[0], CERT_KEY_CERT_SIGN_KEY_USAGE | CERT_CRL_SIGN_KEY_USAGE);
    CHECK(CertGetEnhancedKeyUsage(leaf, 0, usage, &size));
    CHECK_EQ(usage->cUsageIdentifier, 2);
    CHECK_STR(usage->rgpszUsageIdentifier[0], szOID_PKIX_KP_SERVER_AUTH);
    CHECK_STR(usage->rgpszUsageIdentifier[1], szOID_PKIX_KP_CLIENT_AUTH);
    size = 20;
    CHECK_ERROR(CertGetEnhancedKeyUsage(leaf, 0, usage, &size), ERROR_MORE_DATA);
    size = sizeof buffer;
    CHECK(CertGetEnhancedKeyUsage(root, 0, usage, &size));
    CHECK_EQ(GetLastError(), HR(CRYPT_E_NOT_FOUND));
    CHECK_EQ(usage->cUsageIdentifier, 0);
    size = sizeof buffer;
    CHECK(CertGetValidUsages(2, both, &n, oids, &size));
    CHECK_EQ(n, 2);
    CHECK_STR(oids[0], szOID_PKIX_KP_SERVER_AUTH);
    size = sizeof buffer;
    CHECK(CertGetValidUsages(1, &root, &n, oids, &size));
    CHECK_EQ(n, -1);
    CHECK(CertAddEnhancedKeyUsageIdentifier(root, szOID_PKIX_KP_CODE_SIGNING));
    size = sizeof buffer;
    CHECK(CertGetEnhancedKeyUsage(root, 0, usage, &size));
    CHECK_EQ(usage->cUsageIdentifier, 1);
    CHECK(CertRemoveEnhancedKeyUsageIdentifier(root, szOID_PKIX_KP_CODE_SIGNING));
    CHECK(CertFindExtension(szOID_KEY_USAGE, leaf->pCertInfo->cExtension, leaf->pCertInfo->rgExtension) != NULL);
    CHECK(CertFindExtension("1.2.3", leaf->pCertInfo->cExtension, leaf->pCertInfo->rgExtension) == NULL);
    CertFreeCertificateContext(leaf);
    CertFreeCertificateContext(root);
}

static void revocation(void)
{
    PCCRL_CONTEXT crl = CertCreateCRLContext(X509_ASN_ENCODING, crl_der, sizeof crl_der);
    PCCERT_CONTEXT leaf = CERT(leaf_der), old = CERT(old_der), sub = CERT(sub_der), root = CERT(root_der);
    PCRL_ENTRY entry = NULL;
    PCRL_INFO info = crl->pCrlInfo;

    CHECK(crl != NULL);
    CHECK_EQ(crl->pCrlInfo->cCRLEntry, 1);
    CHECK_EQ(CertVerifyCRLTimeValidity(NULL, crl->pCrlInfo), 0);
    CHECK(CertFindCertificateInCRL(leaf, crl, 0, NULL, &entry));
    CHECK(entry != NULL);
    CHECK(CertFindCertificateInCRL(old, crl, 0, NULL, &entry));
    CHECK(entry == NULL);
    CHECK(!CertVerifyCRLRevocation(X509_ASN_ENCODING, leaf->pCertInfo, 1, &info));
    CHECK(CertVerifyCRLRevocation(X509_ASN_ENCODING, old->pCertInfo, 1, &info));
    CHECK(CryptVerifyCertificateSignatureEx(0, X509_ASN_ENCODING, CRYPT_VERIFY_CERT_SIGN_SUBJECT_CRL, (void *)crl,
                                            CRYPT_VERIFY_CERT_SIGN_ISSUER_CERT, (void *)sub, 0, NULL));
    CHECK(!CryptVerifyCertificateSignatureEx(0, X509_ASN_ENCODING, CRYPT_VERIFY_CERT_SIGN_SUBJECT_CRL, (void *)crl,
                                             CRYPT_VERIFY_CERT_SIGN_ISSUER_CERT, (void *)root, 0, NULL));
    CertFreeCertificateContext(leaf);
    CertFreeCertificateContext(old);
    CertFreeCertificateContext(sub);
    CertFreeCertificateContext(root);
    CHECK(CertFreeCRLContext(crl));
}

int main(void)
{
    contexts();
    adding();
    collections();
    system_stores();
    usages();
    if (!check_under_wine()) { /* it takes issuers for subjects, keeps no properties of users, and reads no PKCS #7 */
        properties();
        finding();
        saved();
        revocation();
    }
    return check_done();
}
