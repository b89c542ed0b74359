/*
 * Are chains built and judged as they should be: trusted by a root that the caller gives, expired, signed by somebody
 * who may not, revoked, for another name or use?  And PKCS #7, PKCS #12 and CryptQueryObject.
 *
 * link: -lcrypt32
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

static void put(HCERTSTORE store, const unsigned char *data, DWORD size)
{
    CHECK(CertAddEncodedCertificateToStore(store, X509_ASN_ENCODING, data, size, CERT_STORE_ADD_ALWAYS, NULL));
}

struct expected {
    DWORD error, elements;
};

static PCCERT_CHAIN_CONTEXT chain(HCERTCHAINENGINE engine, PCCERT_CONTEXT c, HCERTSTORE extra, const char *usage,
                                  DWORD flags, DWORD error, DWORD elements)
{
    CERT_CHAIN_PARA para = {sizeof para};
    PCCERT_CHAIN_CONTEXT result = NULL;
    LPSTR uses[] = {(LPSTR)usage};

    if (usage) {
        para.RequestedUsage.Usage.cUsageIdentifier = 1;
        para.RequestedUsage.Usage.rgpszUsageIdentifier = uses;
    }
    CHECK(CertGetCertificateChain(engine, c, NULL, extra, &para, flags, NULL, &result));
    if (!result)
        exit(1);
    CHECK_EQ(result->cChain, 1);
    CHECK_EQ(result->TrustStatus.dwErrorStatus, error);
    CHECK_EQ(result->rgpChain[0]->TrustStatus.dwErrorStatus, error);
    CHECK_EQ(result->rgpChain[0]->cElement, elements);
    CHECK_EQ(result->rgpChain[0]->rgpElement[0]->pCertContext->cbCertEncoded, c->cbCertEncoded);
    return result;
}

static DWORD policy(LPCSTR kind, PCCERT_CHAIN_CONTEXT c, DWORD flags, const WCHAR *name, DWORD checks, LONG *element)
{
    SSL_EXTRA_CERT_CHAIN_POLICY_PARA ssl = {{sizeof ssl}, AUTHTYPE_SERVER, checks, (WCHAR *)name};
    CERT_CHAIN_POLICY_PARA para = {sizeof para, flags, kind == CERT_CHAIN_POLICY_SSL ? &ssl : NULL};
    CERT_CHAIN_POLICY_STATUS status = {sizeof status, 1234};

    CHECK(CertVerifyCertificateChainPolicy(kind, c, &para, &status));
    if (element)
        *element = status.lElementIndex;
    return status.dwError;
}

static void untrusted(void)
{
    HCERTSTORE extra = CertOpenStore(CERT_STORE_PROV_MEMORY, 0, 0, 0, NULL);
    PCCERT_CONTEXT leaf = CERT(leaf_der);
    PCCERT_CHAIN_CONTEXT c;
    LONG element;

    c = chain(NULL, leaf, NULL, NULL, 0, CERT_TRUST_IS_PARTIAL_CHAIN, 1);
    if (!check_under_wine())
        CHECK_EQ(policy(CERT_CHAIN_POLICY_BASE, c, 0, NULL, 0, NULL), HR(CERT_E_CHAINING));
    CertFreeCertificateChain(c);
    put(extra, sub_der, sizeof sub_der);
    c = chain(NULL, leaf, extra, NULL, 0, CERT_TRUST_IS_PARTIAL_CHAIN, 2);
    CertFreeCertificateChain(c);
    put(extra, root_der, sizeof root_der);
    c = chain(NULL, leaf, extra, NULL, 0, CERT_TRUST_IS_UNTRUSTED_ROOT, 3);
    CHECK(c->rgpChain[0]->rgpElement[2]->TrustStatus.dwInfoStatus & CERT_TRUST_IS_SELF_SIGNED);
    CHECK_EQ(c->rgpChain[0]->rgpElement[2]->TrustStatus.dwErrorStatus, CERT_TRUST_IS_UNTRUSTED_ROOT);
    CHECK_EQ(c->rgpChain[0]->rgpElement[0]->TrustStatus.dwErrorStatus, 0);
    CHECK_EQ(policy(CERT_CHAIN_POLICY_BASE, c, 0, NULL, 0, &element), HR(CERT_E_UNTRUSTEDROOT));
    CHECK_EQ(element, 2);
    CHECK_EQ(policy(CERT_CHAIN_POLICY_BASE, c, CERT_CHAIN_POLICY_ALLOW_UNKNOWN_CA_FLAG, NULL, 0, &element), 0);
    CHECK_EQ(policy(CERT_CHAIN_POLICY_SSL, c, 0, L"localhost", 0, NULL), HR(CERT_E_UNTRUSTEDROOT));
    CHECK_EQ(policy(CERT_CHAIN_POLICY_SSL, c, 0, L"localhost", 0x100, NULL), 0);
    PCCERT_CHAIN_CONTEXT d = CertDuplicateCertificateChain(c);
    CHECK(d == c);
    CertFreeCertificateChain(d);
    CertFreeCertificateChain(c);
    CertFreeCertificateContext(leaf);
    leaf = CERT(rsa_der);
    c = chain(NULL, leaf, NULL, NULL, 0, CERT_TRUST_IS_UNTRUSTED_ROOT, 1);
    CertFreeCertificateChain(c);
    CertFreeCertificateContext(leaf);
    CertCloseStore(extra, 0);
}

static void trusted(void)
{
    HCERTSTORE extra = CertOpenStore(CERT_STORE_PROV_MEMORY, 0, 0, 0, NULL);
    HCERTSTORE roots = CertOpenStore(CERT_STORE_PROV_MEMORY, 0, 0, 0, NULL);
    CERT_CHAIN_ENGINE_CONFIG config = {sizeof config};
    HCERTCHAINENGINE engine = NULL;
    PCCERT_CONTEXT leaf = CERT(leaf_der), old = CERT(old_der), fake = CERT(fake_der);
    PCCERT_CHAIN_CONTEXT c;
    LONG element;
    static const struct {
        const WCHAR *name;
        HRESULT error;
    } names[] = {
        {L"localhost", 0},
        {L"LOCALHOST", 0},
        {L"a.example.test", 0},
        {L"example.test", CERT_E_CN_NO_MATCH},
        {L"a.b.example.test", CERT_E_CN_NO_MATCH},
        {L"localhost.evil.test", CERT_E_CN_NO_MATCH},
        {L"evillocalhost", CERT_E_CN_NO_MATCH},
    };

    if (check_under_wine()) /* it takes no exclusive roots, and no signatures on curves below */
        return;
    put(extra, sub_der, sizeof sub_der);
    put(roots, root_der, sizeof root_der);
    config.hExclusiveRoot = roots;
    CHECK(CertCreateCertificateChainEngine(&config, &engine));
    c = chain(engine, leaf, extra, NULL, 0, 0, 3);
    CHECK_EQ(policy(CERT_CHAIN_POLICY_BASE, c, 0, NULL, 0, NULL), 0);
    CHECK_EQ(policy(CERT_CHAIN_POLICY_BASIC_CONSTRAINTS, c, 0, NULL, 0, NULL), 0);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        CHECK_EQ(policy(CERT_CHAIN_POLICY_SSL, c, 0, names[i].name, 0, NULL), HR(names[i].error));
    CHECK_EQ(policy(CERT_CHAIN_POLICY_SSL, c, 0, L"elsewhere.test", 0x1000, NULL),
             0); /* SECURITY_FLAG_IGNORE_CERT_CN_INVALID */
    CertFreeCertificateChain(c);
    c = chain(engine, leaf, extra, szOID_PKIX_KP_SERVER_AUTH, 0, 0, 3);
    CertFreeCertificateChain(c);
    c = chain(engine, leaf, extra, szOID_PKIX_KP_CODE_SIGNING, 0, CERT_TRUST_IS_NOT_VALID_FOR_USAGE, 3);
    CHECK_EQ(policy(CERT_CHAIN_POLICY_BASE, c, 0, NULL, 0, &element), HR(CERT_E_WRONG_USAGE));
    CHECK_EQ(element, 0);
    CertFreeCertificateChain(c);
    c = chain(engine, old, extra, NULL, 0, CERT_TRUST_IS_NOT_TIME_VALID, 3);
    CHECK_EQ(policy(CERT_CHAIN_POLICY_BASE, c, 0, NULL, 0, &element), HR(CERT_E_EXPIRED));
    CHECK_EQ(element, 0);
    CHECK_EQ(policy(CERT_CHAIN_POLICY_BASE, c, CERT_CHAIN_POLICY_IGNORE_NOT_TIME_VALID_FLAG, NULL, 0, NULL), 0);
    CertFreeCertificateChain(c);
    /* A certificate that is no CA has issued this one. */
    put(extra, leaf_der, sizeof leaf_der);
    {
        CERT_CHAIN_PARA para = {sizeof para};
        CHECK(CertGetCertificateChain(engine, fake, NULL, extra, &para, 0, NULL, &c));
        CHECK_EQ(c->rgpChain[0]->cElement, 4);
        CHECK(c->TrustStatus.dwErrorStatus & CERT_TRUST_INVALID_BASIC_CONSTRAINTS);
        CHECK(policy(CERT_CHAIN_POLICY_SSL, c, 0, L"fake.example.test", 0, NULL) != 0);
        CertFreeCertificateChain(c);
    }
    /* Nobody can say whether it is revoked; with the list, that it is. */
    c = chain(engine, leaf, extra, NULL, CERT_CHAIN_REVOCATION_CHECK_END_CERT,
              CERT_TRUST_REVOCATION_STATUS_UNKNOWN | CERT_TRUST_IS_OFFLINE_REVOCATION, 3);
    CertFreeCertificateChain(c);
    if (!check_under_wine()) {
        CHECK(CertAddEncodedCRLToStore(extra, X509_ASN_ENCODING, crl_der, sizeof crl_der, CERT_STORE_ADD_ALWAYS, NULL));
        c = chain(engine, leaf, extra, NULL, CERT_CHAIN_REVOCATION_CHECK_END_CERT, CERT_TRUST_IS_REVOKED, 3);
        CHECK_EQ(policy(CERT_CHAIN_POLICY_BASE, c, 0, NULL, 0, NULL), HR(CRYPT_E_REVOKED));
        CertFreeCertificateChain(c);
    }
    /* A signature that is not right. */
    unsigned char *broken = malloc(sizeof leaf_der);
    memcpy(broken, leaf_der, sizeof leaf_der);
    broken[sizeof leaf_der - 1] ^= 1;
    PCCERT_CONTEXT bad = cert(broken, sizeof leaf_der);
    CERT_CHAIN_PARA para = {sizeof para};
    CHECK(CertGetCertificateChain(engine, bad, NULL, extra, &para, 0, NULL, &c));
    CHECK(c->TrustStatus.dwErrorStatus != 0);
    CHECK(policy(CERT_CHAIN_POLICY_SSL, c, 0, L"localhost", 0, NULL) != 0);
    CertFreeCertificateChain(c);
    CertFreeCertificateContext(bad);
    free(broken);
    CHECK_ERROR(CertGetCertificateChain(engine, leaf, NULL, extra, &para, 0, NULL, NULL), HR(E_INVALIDARG));
    CertFreeCertificateChainEngine(engine);
    CertFreeCertificateContext(leaf);
    CertFreeCertificateContext(old);
    CertFreeCertificateContext(fake);
    CertCloseStore(extra, 0);
    CertCloseStore(roots, 0);
}

static void queries(void)
{
    static const struct {
        const unsigned char *data;
        DWORD size, content;
        int store, message, context;
    } objects[] = {
        {leaf_der, sizeof leaf_der, CERT_QUERY_CONTENT_CERT, 1, 0, 1},
        {crl_der, sizeof crl_der, CERT_QUERY_CONTENT_CRL, 1, 0, 1},
        {bag_p7, sizeof bag_p7, CERT_QUERY_CONTENT_PKCS7_SIGNED, 1, 1, 0},
        {signed_p7, sizeof signed_p7, CERT_QUERY_CONTENT_PKCS7_SIGNED, 1, 1, 0},
        {leaf_pfx, sizeof leaf_pfx, CERT_QUERY_CONTENT_PFX, 0, 0, 0},
        {(const unsigned char *)"nothing", 7, 0, 0, 0, 0},
    };

    for (size_t i = 0; i < sizeof objects / sizeof *objects; i++) {
        CRYPT_DATA_BLOB blob = {objects[i].size, (BYTE *)objects[i].data};
        DWORD encoding, content = 0, format = 0;
        HCERTSTORE store;
        HCRYPTMSG message;
        const void *context;

        if (check_under_wine() && objects[i].content == CERT_QUERY_CONTENT_PFX)
            continue;
        BOOL done =
            CryptQueryObject(CERT_QUERY_OBJECT_BLOB, &blob, CERT_QUERY_CONTENT_FLAG_ALL, CERT_QUERY_FORMAT_FLAG_ALL, 0,
                             &encoding, &content, &format, &store, &message, &context);
        CHECK_EQ(done, objects[i].content != 0);
        if (!done) {
            CHECK_EQ(GetLastError(), HR(CRYPT_E_NO_MATCH));
            continue;
        }
        CHECK_EQ(content, objects[i].content);
        CHECK_EQ(format, CERT_QUERY_FORMAT_BINARY);
        CHECK_EQ(store != NULL, objects[i].store);
        CHECK_EQ(message != NULL, objects[i].message);
        CHECK_EQ(context != NULL, objects[i].context);
        if (content == CERT_QUERY_CONTENT_CERT)
            CertFreeCertificateContext(context);
        if (content == CERT_QUERY_CONTENT_CRL)
            CertFreeCRLContext(context);
        CertCloseStore(store, 0);
        CryptMsgClose(message);
    }
}

static void messages(void)
{
    HCRYPTMSG message = CryptMsgOpenToDecode(X509_ASN_ENCODING | PKCS_7_ASN_ENCODING, 0, 0, 0, NULL, NULL);
    DWORD value = 0, size = sizeof value;
    BYTE buffer[2048];
    PCCERT_CONTEXT leaf = CERT(leaf_der), root = CERT(root_der);
    CRYPT_VERIFY_MESSAGE_PARA para = {sizeof para, X509_ASN_ENCODING | PKCS_7_ASN_ENCODING};
    PCCERT_CONTEXT signer = NULL;
    const BYTE *parts[] = {(const BYTE *)"hello, ", (const BYTE *)"world\n"};
    DWORD sizes[] = {7, 6};

    CHECK(message != NULL);
    CHECK(CryptMsgUpdate(message, signed_p7, sizeof signed_p7, TRUE));
    CHECK(CryptMsgGetParam(message, CMSG_TYPE_PARAM, 0, &value, &size));
    CHECK_EQ(value, CMSG_SIGNED);
    CHECK(CryptMsgGetParam(message, CMSG_SIGNER_COUNT_PARAM, 0, &value, &size));
    CHECK_EQ(value, 1);
    CHECK(CryptMsgGetParam(message, CMSG_CERT_COUNT_PARAM, 0, &value, &size));
    CHECK_EQ(value, 2);
    size = 0;
    CHECK(CryptMsgGetParam(message, CMSG_CONTENT_PARAM, 0, NULL, &size));
    CHECK_EQ(size, 13);
    CHECK(CryptMsgGetParam(message, CMSG_CONTENT_PARAM, 0, buffer, &size));
    CHECK(!memcmp(buffer, "hello, world\n", 13));
    size = sizeof buffer;
    CHECK(CryptMsgGetParam(message, CMSG_INNER_CONTENT_TYPE_PARAM, 0, buffer, &size));
    CHECK_STR((char *)buffer, szOID_RSA_data);
    size = sizeof buffer;
    CHECK(CryptMsgGetParam(message, CMSG_SIGNER_INFO_PARAM, 0, buffer, &size));
    CMSG_SIGNER_INFO *info = (CMSG_SIGNER_INFO *)buffer;
    CHECK_EQ(info->dwVersion, 1);
    CHECK_STR(info->HashAlgorithm.pszObjId, szOID_NIST_sha256);
    CHECK(CertCompareIntegerBlob(&info->SerialNumber, &leaf->pCertInfo->SerialNumber));
    CHECK(info->AuthAttrs.cAttr >= 3);
    CHECK_ERROR(CryptMsgGetParam(message, CMSG_SIGNER_INFO_PARAM, 1, NULL, &size), HR(CRYPT_E_INVALID_INDEX));
    if (check_under_wine())
        return;
    CHECK(CryptMsgControl(message, 0, CMSG_CTRL_VERIFY_SIGNATURE, leaf->pCertInfo));
    CHECK(!CryptMsgControl(message, 0, CMSG_CTRL_VERIFY_SIGNATURE, root->pCertInfo));
    CHECK(CryptMsgClose(message));

    size = sizeof buffer;
    CHECK(CryptVerifyMessageSignature(&para, 0, signed_p7, sizeof signed_p7, buffer, &size, &signer));
    CHECK_EQ(size, 13);
    CHECK(signer && signer->cbCertEncoded == sizeof leaf_der);
    CertFreeCertificateContext(signer);
    CHECK(CryptVerifyDetachedMessageSignature(&para, 0, detached_p7, sizeof detached_p7, 2, parts, sizes, NULL));
    parts[1] = (const BYTE *)"World\n";
    CHECK_ERROR(CryptVerifyDetachedMessageSignature(&para, 0, detached_p7, sizeof detached_p7, 2, parts, sizes, NULL),
                HR(CRYPT_E_HASH_VALUE));
    CHECK_EQ(CryptGetMessageSignerCount(X509_ASN_ENCODING | PKCS_7_ASN_ENCODING, bag_p7, sizeof bag_p7), 0);
    CHECK_EQ(CryptGetMessageSignerCount(X509_ASN_ENCODING | PKCS_7_ASN_ENCODING, signed_p7, sizeof signed_p7), 1);
    CertFreeCertificateContext(leaf);
    CertFreeCertificateContext(root);
}

/* A message signed by the key of a file, and by one that was made just now. */
static void signing(void)
{
    CRYPT_DATA_BLOB blob = {sizeof leaf_pfx, (BYTE *)leaf_pfx}, name = {0};
    HCERTSTORE store;
    PCCERT_CONTEXT both[2] = {NULL, NULL}, signer;
    const BYTE *parts[] = {(const BYTE *)"some ", (const BYTE *)"text"};
    DWORD sizes[] = {5, 4}, size;
    BYTE subject[64], message[4096], content[64],
        time_der[] = {0x17, 13, '2', '0', '0', '1', '0', '1', '0', '0', '0', '0', '0', '0', 'Z'};
    CRYPT_ATTR_BLOB time = {sizeof time_der, time_der};
    CRYPT_ATTRIBUTE attribute = {(LPSTR)szOID_RSA_signingTime, 1, &time};
    CRYPT_VERIFY_MESSAGE_PARA verify = {sizeof verify, X509_ASN_ENCODING | PKCS_7_ASN_ENCODING};

    if (check_under_wine())
        return;
    store = PFXImportCertStore(&blob, L"secret", 0);
    both[0] = CertFindCertificateInStore(store, X509_ASN_ENCODING, 0, CERT_FIND_HAS_PRIVATE_KEY, NULL, NULL);
    name.cbData = sizeof subject;
    name.pbData = subject;
    CHECK(CertStrToNameA(X509_ASN_ENCODING, "CN=self", CERT_X500_NAME_STR, NULL, subject, &name.cbData, NULL));
    both[1] = CertCreateSelfSignCertificate(0, &name, 0, NULL, NULL, NULL, NULL, NULL);
    CHECK(both[1] != NULL);
    CHECK_EQ(CertVerifyTimeValidity(NULL, both[1]->pCertInfo), 0);
    CHECK(CryptVerifyCertificateSignatureEx(0, X509_ASN_ENCODING, CRYPT_VERIFY_CERT_SIGN_SUBJECT_CERT, (void *)both[1],
                                            CRYPT_VERIFY_CERT_SIGN_ISSUER_CERT, (void *)both[1], 0, NULL));
    CHECK(!CryptVerifyCertificateSignatureEx(0, X509_ASN_ENCODING, CRYPT_VERIFY_CERT_SIGN_SUBJECT_CERT, (void *)both[1],
                                             CRYPT_VERIFY_CERT_SIGN_ISSUER_CERT, (void *)both[0], 0, NULL));
    for (int i = 0; i < 8; i++) {
        CRYPT_SIGN_MESSAGE_PARA para = {sizeof para, X509_ASN_ENCODING | PKCS_7_ASN_ENCODING, both[i & 1]};
        BOOL detached = i & 2;

        para.HashAlgorithm.pszObjId = (LPSTR)szOID_NIST_sha256;
        para.cMsgCert = 1;
        para.rgpMsgCert = &both[i & 1];
        para.cAuthAttr = i & 4 ? 1 : 0;
        para.rgAuthAttr = &attribute;
        size = 0;
        CHECK(CryptSignMessage(&para, detached, 2, parts, sizes, NULL, &size));
        size = sizeof message;
        CHECK(CryptSignMessage(&para, detached, 2, parts, sizes, message, &size));
        DWORD length = sizeof content, message_size = size;
        signer = NULL;
        if (detached)
            CHECK(CryptVerifyDetachedMessageSignature(&verify, 0, message, message_size, 2, parts, sizes, &signer));
        else
            CHECK(CryptVerifyMessageSignature(&verify, 0, message, message_size, content, &length, &signer));
        CHECK(detached || (length == 9 && !memcmp(content, "some text", 9)));
        CHECK(signer && signer->cbCertEncoded == both[i & 1]->cbCertEncoded);
        CertFreeCertificateContext(signer);
        message[message_size - 5] ^= 1;
        CHECK(detached ? !CryptVerifyDetachedMessageSignature(&verify, 0, message, message_size, 2, parts, sizes, NULL)
                       : !CryptVerifyMessageSignature(&verify, 0, message, message_size, content, &length, NULL));
    }
    CRYPT_SIGN_MESSAGE_PARA para = {sizeof para, X509_ASN_ENCODING | PKCS_7_ASN_ENCODING, CERT(root_der)};
    para.HashAlgorithm.pszObjId = (LPSTR)szOID_NIST_sha256;
    CHECK_ERROR(CryptSignMessage(&para, FALSE, 2, parts, sizes, NULL, &size), HR(CRYPT_E_NO_KEY_PROPERTY));
    CertFreeCertificateContext(para.pSigningCert);
    CertFreeCertificateContext(both[0]);
    CertFreeCertificateContext(both[1]);
    CertCloseStore(store, 0);
}

static void pfx(void)
{
    CRYPT_DATA_BLOB blob = {sizeof leaf_pfx, (BYTE *)leaf_pfx}, out = {0}, junk = {8, (BYTE *)"nothing"};
    HCERTSTORE store, again;
    PCCERT_CONTEXT c = NULL;
    int n = 0, keys = 0;

    if (check_under_wine()) /* it knows older forms alone */
        return;
    CHECK(PFXIsPFXBlob(&blob));
    CHECK(!PFXIsPFXBlob(&junk));
    CHECK(PFXVerifyPassword(&blob, L"secret", 0));
    CHECK(!PFXVerifyPassword(&blob, L"Secret", 0));
    CHECK_ERROR(PFXImportCertStore(&blob, L"wrong", 0), ERROR_INVALID_PASSWORD);
    CHECK(!PFXImportCertStore(&junk, L"", 0));
    store = PFXImportCertStore(&blob, L"secret", CRYPT_EXPORTABLE);
    CHECK(store != NULL);
    while ((c = CertEnumCertificatesInStore(store, c)))
        n++;
    CHECK_EQ(n, 2);
    while ((c = CertFindCertificateInStore(store, X509_ASN_ENCODING, 0, CERT_FIND_HAS_PRIVATE_KEY, NULL, c))) {
        DWORD size = 0;
        CHECK_EQ(c->cbCertEncoded, sizeof leaf_der);
        CHECK(CertGetCertificateContextProperty(c, CERT_KEY_PROV_INFO_PROP_ID, NULL, &size) && size > 100);
        keys++;
    }
    CHECK_EQ(keys, 1);
    CHECK(PFXExportCertStoreEx(store, &out, L"other", NULL, EXPORT_PRIVATE_KEYS));
    CHECK(out.cbData > 0);
    out.pbData = malloc(out.cbData + 1024);
    out.cbData += 1024;
    CHECK(PFXExportCertStoreEx(store, &out, L"other", NULL, EXPORT_PRIVATE_KEYS));
    CHECK(PFXVerifyPassword(&out, L"other", 0));
    again = PFXImportCertStore(&out, L"other", 0);
    c = CertFindCertificateInStore(again, X509_ASN_ENCODING, 0, CERT_FIND_HAS_PRIVATE_KEY, NULL, NULL);
    CHECK(c && c->cbCertEncoded == sizeof leaf_der);
    CertFreeCertificateContext(c);
    CertCloseStore(again, 0);
    CertCloseStore(store, 0);
    free(out.pbData);
}

int main(void)
{
    untrusted();
    trusted();
    queries();
    messages();
    pfx();
    signing();
    return check_done();
}
