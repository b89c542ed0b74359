/*
 * Are wincrypt.h's structures decoded and encoded as DER has them: extensions, names, times, numbers, keys; and names
 * as text and back?  Damaged encodings are refused, not followed.
 *
 * link: -lcrypt32
 */
#include "check.h"
#include <wincrypt.h>
#include "certs.h"

#define HR(code) ((DWORD)(code)) /* as a last error */

static void *decode(LPCSTR type, const void *data, DWORD size)
{
    DWORD needed = 0, again;
    void *result, *own = NULL;

    if (!CryptDecodeObjectEx(X509_ASN_ENCODING, type, data, size, 0, NULL, NULL, &needed))
        return NULL;
    result = malloc(needed);
    again = needed - 1;
    CHECK_ERROR(CryptDecodeObject(X509_ASN_ENCODING, type, data, size, 0, result, &again), ERROR_MORE_DATA);
    CHECK_EQ(again, needed);
    CHECK(CryptDecodeObject(X509_ASN_ENCODING, type, data, size, 0, result, &needed));
    CHECK(CryptDecodeObjectEx(X509_ASN_ENCODING, type, data, size, CRYPT_DECODE_ALLOC_FLAG, NULL, &own, &again));
    LocalFree(own);
    return result;
}

static void encoded(LPCSTR type, const void *value, const void *expected, DWORD size, int line)
{
    DWORD got = 0;
    BYTE *data = NULL;

    CHECK(CryptEncodeObjectEx(X509_ASN_ENCODING, type, value, CRYPT_ENCODE_ALLOC_FLAG, NULL, &data, &got));
    if (got != size || memcmp(data, expected, size)) {
        printf("line %d: encoded as", line);
        for (DWORD i = 0; i < got; i++)
            printf(" %02x", data[i]);
        printf("\n");
        CHECK(0);
    } else {
        CHECK(1);
    }
    LocalFree(data);
    got = 0;
    CHECK(CryptEncodeObject(X509_ASN_ENCODING, type, value, NULL, &got));
    CHECK_EQ(got, size);
}
#define ENCODED(type, value, text) encoded(type, value, text, sizeof text - 1, __LINE__)

static void numbers(void)
{
    static const struct {
        int value;
        const char *der;
        DWORD size;
    } cases[] = {{0, "\2\1\0", 3},         {1, "\2\1\1", 3},           {127, "\2\1\x7f", 3},
                 {128, "\2\2\0\x80", 4},   {256, "\2\2\1\0", 4},       {-1, "\2\1\xff", 3},
                 {-128, "\2\1\x80", 3},    {-129, "\2\2\xff\x7f", 4},  {0x7fffffff, "\2\4\x7f\xff\xff\xff", 6},
                 {65536, "\2\3\1\0\0", 5}, {-65536, "\2\3\xff\0\0", 5}};
    int value;
    DWORD size;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        encoded(X509_INTEGER, &cases[i].value, cases[i].der, cases[i].size, __LINE__);
        size = sizeof value;
        CHECK(
            CryptDecodeObject(X509_ASN_ENCODING, X509_INTEGER, (BYTE *)cases[i].der, cases[i].size, 0, &value, &size));
        CHECK_EQ(value, cases[i].value);
    }
    size = sizeof value;
    CHECK_ERROR(CryptDecodeObject(X509_ASN_ENCODING, X509_INTEGER, (BYTE *)"\2\5\1\0\0\0\0", 7, 0, &value, &size),
                HR(CRYPT_E_ASN1_LARGE));
    CHECK_ERROR(CryptDecodeObject(X509_ASN_ENCODING, X509_INTEGER, (BYTE *)"\4\1\1", 3, 0, &value, &size),
                HR(CRYPT_E_ASN1_BADTAG));
    CHECK_ERROR(CryptDecodeObject(X509_ASN_ENCODING, X509_INTEGER, (BYTE *)"\2\2\1", 3, 0, &value, &size),
                HR(CRYPT_E_ASN1_EOD));
    CHECK_ERROR(CryptDecodeObject(X509_ASN_ENCODING, "1.2.3.4.5", (BYTE *)"\2\1\1", 3, 0, &value, &size),
                ERROR_FILE_NOT_FOUND);
    CHECK_ERROR(CryptDecodeObject(0, X509_INTEGER, (BYTE *)"\2\1\1", 3, 0, &value, &size), ERROR_FILE_NOT_FOUND);
    BYTE big[] = {3, 2, 1, 0x80};
    CRYPT_INTEGER_BLOB blob = {4, big}, *back;
    ENCODED(X509_MULTI_BYTE_INTEGER, &blob, "\2\4\x80\1\2\3");
    ENCODED(X509_MULTI_BYTE_UINT, &blob, "\2\5\0\x80\1\2\3");
    back = decode(X509_MULTI_BYTE_UINT, "\2\5\0\x80\1\2\3", 7);
    CHECK(back && back->cbData == 4 && !memcmp(back->pbData, big, 4));
    free(back);
    back = decode(X509_MULTI_BYTE_INTEGER, "\2\5\0\x80\1\2\3", 7);
    CHECK(back && back->cbData == 5 && back->pbData[4] == 0);
    free(back);
}

static void simple(void)
{
    BYTE bytes[] = {0xa5, 0xf0};
    CRYPT_DATA_BLOB blob = {2, bytes}, *octets;
    CRYPT_BIT_BLOB bits = {2, bytes, 4}, *back;
    SYSTEMTIME st = {2020, 2, 0, 29, 12, 34, 56, 0}, later = {2050, 1, 0, 1, 0, 0, 0, 0}, got;
    FILETIME time, *when;
    LPSTR oids[] = {(LPSTR) "1.2.3", (LPSTR)szOID_PKIX_KP_SERVER_AUTH};
    CERT_ENHKEY_USAGE usage = {2, oids}, *uses;
    CERT_BASIC_CONSTRAINTS2_INFO constraints = {TRUE, TRUE, 3}, *limits;

    ENCODED(X509_OCTET_STRING, &blob, "\4\2\xa5\xf0");
    octets = decode(X509_OCTET_STRING, "\4\2\xa5\xf0", 4);
    CHECK(octets && octets->cbData == 2 && octets->pbData[0] == 0xa5);
    free(octets);
    ENCODED(X509_BITS, &bits, "\3\3\4\xa5\xf0");
    back = decode(X509_BITS, "\3\3\4\xa5\xff", 5);
    CHECK(back && back->cbData == 2 && back->cUnusedBits == 4 && back->pbData[1] == 0xf0);
    free(back);
    SystemTimeToFileTime(&st, &time);
    ENCODED(X509_CHOICE_OF_TIME, &time,
            "\x17\x0d"
            "200229123456Z");
    when = decode(X509_CHOICE_OF_TIME,
                  "\x17\x0d"
                  "200229123456Z",
                  15);
    CHECK(when && FileTimeToSystemTime(when, &got) && got.wYear == 2020 && got.wMinute == 34);
    free(when);
    when = decode(X509_CHOICE_OF_TIME,
                  "\x18\x0f"
                  "20200229123456Z",
                  17);
    CHECK(when && !CompareFileTime(when, &time));
    free(when);
    SystemTimeToFileTime(&later, &time);
    ENCODED(X509_CHOICE_OF_TIME, &time,
            "\x18\x0f"
            "20500101000000Z");
    ENCODED(X509_ENHANCED_KEY_USAGE, &usage, "\x30\x0e\6\2\x2a\3\6\x08\x2b\6\1\5\5\7\3\1");
    uses = decode(X509_ENHANCED_KEY_USAGE, "\x30\x0e\6\2\x2a\3\6\x08\x2b\6\1\5\5\7\3\1", 16);
    CHECK_EQ(uses->cUsageIdentifier, 2);
    CHECK_STR(uses->rgpszUsageIdentifier[0], "1.2.3");
    CHECK_STR(uses->rgpszUsageIdentifier[1], szOID_PKIX_KP_SERVER_AUTH);
    free(uses);
    ENCODED(X509_BASIC_CONSTRAINTS2, &constraints, "\x30\6\1\1\xff\2\1\3");
    limits = decode(szOID_BASIC_CONSTRAINTS2, "\x30\6\1\1\xff\2\1\3", 8);
    CHECK(limits && limits->fCA && limits->fPathLenConstraint && limits->dwPathLenConstraint == 3);
    free(limits);
    limits = decode(szOID_BASIC_CONSTRAINTS2, "\x30\0", 2);
    CHECK(limits && !limits->fCA && !limits->fPathLenConstraint);
    free(limits);
}

static PCERT_EXTENSION extension(PCCERT_CONTEXT c, LPCSTR oid)
{
    PCERT_EXTENSION e = CertFindExtension(oid, c->pCertInfo->cExtension, c->pCertInfo->rgExtension);
    CHECK(e != NULL);
    return e;
}

/* What openssl wrote is read, and written again the same. */
static void again(PCERT_EXTENSION e, const void *value)
{
    encoded(e->pszObjId, value, e->Value.pbData, e->Value.cbData, __LINE__);
}

static void extensions(void)
{
    PCCERT_CONTEXT c = CertCreateCertificateContext(X509_ASN_ENCODING, leaf_der, sizeof leaf_der);
    PCERT_EXTENSION e = extension(c, szOID_SUBJECT_ALT_NAME2);
    CERT_ALT_NAME_INFO *names = decode(szOID_SUBJECT_ALT_NAME2, e->Value.pbData, e->Value.cbData);
    static const BYTE address[] = {127, 0, 0, 1};

    CHECK_EQ(names->cAltEntry, 5);
    CHECK_EQ(names->rgAltEntry[0].dwAltNameChoice, CERT_ALT_NAME_DNS_NAME);
    CHECK(!lstrcmpW(names->rgAltEntry[0].pwszDNSName, L"localhost"));
    CHECK(!lstrcmpW(names->rgAltEntry[1].pwszDNSName, L"*.example.test"));
    CHECK_EQ(names->rgAltEntry[2].dwAltNameChoice, CERT_ALT_NAME_IP_ADDRESS);
    CHECK(names->rgAltEntry[2].IPAddress.cbData == 4 && !memcmp(names->rgAltEntry[2].IPAddress.pbData, address, 4));
    CHECK_EQ(names->rgAltEntry[3].dwAltNameChoice, CERT_ALT_NAME_RFC822_NAME);
    CHECK_EQ(names->rgAltEntry[4].dwAltNameChoice, CERT_ALT_NAME_URL);
    CHECK(!lstrcmpW(names->rgAltEntry[4].pwszURL, L"http://example.test/"));
    again(e, names);
    free(names);

    e = extension(c, szOID_CRL_DIST_POINTS);
    CRL_DIST_POINTS_INFO *points = decode(szOID_CRL_DIST_POINTS, e->Value.pbData, e->Value.cbData);
    CHECK_EQ(points->cDistPoint, 1);
    CHECK_EQ(points->rgDistPoint[0].DistPointName.dwDistPointNameChoice, CRL_DIST_POINT_FULL_NAME);
    CHECK(!lstrcmpW(points->rgDistPoint[0].DistPointName.FullName.rgAltEntry[0].pwszURL, L"http://example.test/a.crl"));
    again(e, points);
    free(points);

    e = extension(c, szOID_AUTHORITY_INFO_ACCESS);
    CERT_AUTHORITY_INFO_ACCESS *access = decode(szOID_AUTHORITY_INFO_ACCESS, e->Value.pbData, e->Value.cbData);
    CHECK_EQ(access->cAccDescr, 2);
    CHECK_STR(access->rgAccDescr[0].pszAccessMethod, szOID_PKIX_OCSP);
    CHECK(!lstrcmpW(access->rgAccDescr[1].AccessLocation.pwszURL, L"http://example.test/ca.crt"));
    again(e, access);
    free(access);

    e = extension(c, szOID_CERT_POLICIES);
    CERT_POLICIES_INFO *policies = decode(szOID_CERT_POLICIES, e->Value.pbData, e->Value.cbData);
    CHECK_EQ(policies->cPolicyInfo, 1);
    CHECK_STR(policies->rgPolicyInfo[0].pszPolicyIdentifier, "1.3.6.1.4.1.99999.1");
    CHECK_EQ(policies->rgPolicyInfo[0].cPolicyQualifier, 0);
    again(e, policies);
    free(policies);

    e = extension(c, szOID_AUTHORITY_KEY_IDENTIFIER2);
    CERT_AUTHORITY_KEY_ID2_INFO *id = decode(szOID_AUTHORITY_KEY_IDENTIFIER2, e->Value.pbData, e->Value.cbData);
    CHECK_EQ(id->KeyId.cbData, 20);
    CHECK_EQ(id->AuthorityCertIssuer.cAltEntry, 0);
    again(e, id);
    free(id);

    e = extension(c, szOID_KEY_USAGE);
    CHECK(e->fCritical);
    CRYPT_BIT_BLOB *bits = decode(szOID_KEY_USAGE, e->Value.pbData, e->Value.cbData);
    CHECK(bits->cbData == 1 && bits->pbData[0] == CERT_DIGITAL_SIGNATURE_KEY_USAGE);
    CHECK_EQ(bits->cUnusedBits, 7);
    again(e, bits);
    free(bits);
    CertFreeCertificateContext(c);
}

static void wholes(void)
{
    CERT_SIGNED_CONTENT_INFO *content = decode(X509_CERT, root_der, sizeof root_der);
    CERT_INFO *info, *same;
    CRL_INFO *crl = decode(X509_CERT_CRL_TO_BE_SIGNED, crl_der, sizeof crl_der);
    CERT_REQUEST_INFO *request = decode(X509_CERT_REQUEST_TO_BE_SIGNED, request_der, sizeof request_der);
    PUBLICKEYSTRUC *key;
    PCCERT_CONTEXT rsa = CertCreateCertificateContext(X509_ASN_ENCODING, rsa_der, sizeof rsa_der);

    CHECK(content && crl && request);
    CHECK_STR(content->SignatureAlgorithm.pszObjId, szOID_ECDSA_SHA256);
    CHECK(content->Signature.cbData >= 68 && content->Signature.pbData[content->Signature.cbData - 1] == 0x30);
    encoded(X509_CERT, content, root_der, sizeof root_der, __LINE__);
    info = decode(X509_CERT_TO_BE_SIGNED, content->ToBeSigned.pbData, content->ToBeSigned.cbData);
    same = decode(X509_CERT_TO_BE_SIGNED, root_der, sizeof root_der);
    CHECK(info && same && info->dwVersion == CERT_V3 && same->SerialNumber.cbData == 2);
    encoded(X509_CERT_TO_BE_SIGNED, info, content->ToBeSigned.pbData, content->ToBeSigned.cbData, __LINE__);
    CHECK_EQ(crl->cCRLEntry, 1);
    CHECK_EQ(crl->rgCRLEntry[0].SerialNumber.cbData, 8);
    CHECK_EQ(request->cAttribute, 0);
    CHECK_STR(request->SubjectPublicKeyInfo.Algorithm.pszObjId, szOID_ECC_PUBLIC_KEY);
    key = decode(RSA_CSP_PUBLICKEYBLOB, rsa->pCertInfo->SubjectPublicKeyInfo.PublicKey.pbData,
                 rsa->pCertInfo->SubjectPublicKeyInfo.PublicKey.cbData);
    RSAPUBKEY *numbers = (RSAPUBKEY *)(key + 1);
    CHECK_EQ(key->bType, PUBLICKEYBLOB);
    CHECK_EQ(key->aiKeyAlg, CALG_RSA_KEYX);
    CHECK_EQ(numbers->magic, 0x31415352);
    CHECK_EQ(numbers->bitlen, 2048);
    CHECK_EQ(numbers->pubexp, 65537);
    encoded(RSA_CSP_PUBLICKEYBLOB, key, rsa->pCertInfo->SubjectPublicKeyInfo.PublicKey.pbData,
            rsa->pCertInfo->SubjectPublicKeyInfo.PublicKey.cbData, __LINE__);
    CHECK_EQ(CertGetPublicKeyLength(X509_ASN_ENCODING, &rsa->pCertInfo->SubjectPublicKeyInfo), 2048);
    /* Damaged ones. */
    unsigned char *bad = malloc(sizeof leaf_der);
    unsigned refused = 0;
    for (size_t i = 0; i < sizeof leaf_der; i++) {
        DWORD size = 0;
        memcpy(bad, leaf_der, sizeof leaf_der);
        bad[i] ^= 0xff;
        refused +=
            !CryptDecodeObjectEx(X509_ASN_ENCODING, X509_CERT_TO_BE_SIGNED, bad, sizeof leaf_der, 0, NULL, NULL, &size);
        PCCERT_CONTEXT c = CertCreateCertificateContext(X509_ASN_ENCODING, bad, sizeof leaf_der);
        if (c)
            CertFreeCertificateContext(c);
    }
    CHECK(refused > 50);
    free(bad);
    free(content);
    free(info);
    free(same);
    free(crl);
    free(request);
    free(key);
    CertFreeCertificateContext(rsa);
}

static void names(void)
{
    static const struct {
        const WCHAR *text, *back;
        DWORD error;
    } cases[] = {
        {L"CN=a", L"CN=a", 0},
        {L"cn = a , O=\"b, c\"", L"CN=a, O=\"b, c\"", 0},
        {L"CN=a+OU=b", L"CN=a + OU=b", 0},
        {L"E=x@y.test, C=DE", L"E=x@y.test, C=DE", 0},
        {L"2.5.4.3=z", L"CN=z", 0},
        {L"OID.1.2.3=z", L"OID.1.2.3=z", 0},
        {L"CN=\"say \"\"hi\"\"\"", L"CN=\"say \"\"hi\"\"\"", 0},
        {L"CN=M\u00fcller", L"CN=M\u00fcller", 0},
        {L"XX=a", NULL, HR(CRYPT_E_INVALID_X500_STRING)},
        {L"CN", NULL, HR(CRYPT_E_INVALID_X500_STRING)},
        {L"CN=\"a", NULL, HR(CRYPT_E_INVALID_X500_STRING)},
    };
    PCCERT_CONTEXT c = CertCreateCertificateContext(X509_ASN_ENCODING, leaf_der, sizeof leaf_der);
    WCHAR text[256];
    char narrow[256];
    BYTE data[512];

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        DWORD size = sizeof data;
        BOOL done = CertStrToNameW(X509_ASN_ENCODING, cases[i].text, CERT_X500_NAME_STR, NULL, data, &size, NULL);

        CHECK_EQ(done, cases[i].back != NULL);
        if (!done) {
            CHECK_EQ(GetLastError(), cases[i].error);
            continue;
        }
        CERT_NAME_BLOB blob = {size, data};
        DWORD length = CertNameToStrW(X509_ASN_ENCODING, &blob, CERT_X500_NAME_STR, text, 256);
        CHECK_EQ(length, lstrlenW(cases[i].back) + 1);
        CHECK(!lstrcmpW(text, cases[i].back));
    }
    CHECK_EQ(CertNameToStrA(X509_ASN_ENCODING, &c->pCertInfo->Subject, CERT_X500_NAME_STR, narrow, 256), 59);
    CHECK_STR(narrow, "C=DE, S=Bavaria, O=\"Example, Inc.\", OU=Tests, CN=localhost");
    CertNameToStrA(X509_ASN_ENCODING, &c->pCertInfo->Subject, CERT_X500_NAME_STR | CERT_NAME_STR_REVERSE_FLAG, narrow,
                   256);
    CHECK_STR(narrow, "CN=localhost, OU=Tests, O=\"Example, Inc.\", S=Bavaria, C=DE");
    CertNameToStrA(X509_ASN_ENCODING, &c->pCertInfo->Subject, CERT_SIMPLE_NAME_STR | CERT_NAME_STR_SEMICOLON_FLAG,
                   narrow, 256);
    CHECK_STR(narrow, "DE; Bavaria; \"Example, Inc.\"; Tests; localhost");
    CertNameToStrA(X509_ASN_ENCODING, &c->pCertInfo->Issuer, CERT_OID_NAME_STR, narrow, 256);
    CHECK_STR(narrow, "2.5.4.6=DE, 2.5.4.10=Example, 2.5.4.3=Test Sub");
    CHECK_EQ(CertNameToStrA(X509_ASN_ENCODING, &c->pCertInfo->Issuer, CERT_X500_NAME_STR, narrow, 5), 5);
    CHECK_STR(narrow, "C=DE");

    static const struct {
        DWORD type, flags;
        const char *text;
    } strings[] = {
        {CERT_NAME_SIMPLE_DISPLAY_TYPE, 0, "localhost"},
        {CERT_NAME_SIMPLE_DISPLAY_TYPE, CERT_NAME_ISSUER_FLAG, "Test Sub"},
        {CERT_NAME_DNS_TYPE, 0, "localhost"},
        {CERT_NAME_EMAIL_TYPE, 0, "a@example.test"},
        {CERT_NAME_URL_TYPE, 0, "http://example.test/"},
        {CERT_NAME_UPN_TYPE, 0, ""},
        {CERT_NAME_FRIENDLY_DISPLAY_TYPE, 0, "localhost"},
    };
    for (size_t i = 0; i < sizeof strings / sizeof *strings; i++) {
        DWORD length = CertGetNameStringA(c, strings[i].type, strings[i].flags, NULL, narrow, 256);
        CHECK_EQ(length, strlen(strings[i].text) + 1);
        CHECK_STR(narrow, strings[i].text);
        CHECK_EQ(CertGetNameStringW(c, strings[i].type, strings[i].flags, NULL, NULL, 0), strlen(strings[i].text) + 1);
    }
    CHECK_EQ(CertGetNameStringA(c, CERT_NAME_ATTR_TYPE, 0, (void *)szOID_ORGANIZATION_NAME, narrow, 256), 14);
    CHECK_STR(narrow, "Example, Inc.");

    CERT_NAME_INFO *info = decode(X509_NAME, c->pCertInfo->Issuer.pbData, c->pCertInfo->Issuer.cbData);
    CHECK_EQ(info->cRDN, 3);
    CHECK_STR(info->rgRDN[2].rgRDNAttr[0].pszObjId, szOID_COMMON_NAME);
    PCERT_RDN_ATTR attribute = CertFindRDNAttr(szOID_COUNTRY_NAME, info);
    CHECK(attribute && attribute->dwValueType == CERT_RDN_PRINTABLE_STRING && attribute->Value.cbData == 2);
    encoded(X509_NAME, info, c->pCertInfo->Issuer.pbData, c->pCertInfo->Issuer.cbData, __LINE__);
    free(info);
    info = decode(X509_UNICODE_NAME, c->pCertInfo->Subject.pbData, c->pCertInfo->Subject.cbData);
    CHECK(!lstrcmpW((WCHAR *)info->rgRDN[4].rgRDNAttr[0].Value.pbData, L"localhost"));
    encoded(X509_UNICODE_NAME, info, c->pCertInfo->Subject.pbData, c->pCertInfo->Subject.cbData, __LINE__);
    free(info);
    CertFreeCertificateContext(c);
}

static void identifiers(void)
{
    PCCRYPT_OID_INFO info = CryptFindOIDInfo(CRYPT_OID_INFO_OID_KEY, (void *)szOID_PKIX_KP_SERVER_AUTH, 0);
    ALG_ID algorithm = CALG_SHA_256;

    CHECK(info && info->dwGroupId == CRYPT_ENHKEY_USAGE_OID_GROUP_ID);
    CHECK(info && !lstrcmpW(info->pwszName, L"Server Authentication"));
    info = CryptFindOIDInfo(CRYPT_OID_INFO_OID_KEY, (void *)szOID_RSA_SHA256RSA, CRYPT_SIGN_ALG_OID_GROUP_ID);
    CHECK(info && info->Algid == CALG_SHA_256 && !lstrcmpW(info->pwszName, L"sha256RSA"));
    info = CryptFindOIDInfo(CRYPT_OID_INFO_NAME_KEY, (void *)L"sha256", CRYPT_HASH_ALG_OID_GROUP_ID);
    CHECK(info && !strcmp(info->pszOID, szOID_NIST_sha256));
    info = CryptFindOIDInfo(CRYPT_OID_INFO_ALGID_KEY, &algorithm, CRYPT_HASH_ALG_OID_GROUP_ID);
    CHECK(info && !strcmp(info->pszOID, szOID_NIST_sha256));
    CHECK(CryptFindOIDInfo(CRYPT_OID_INFO_OID_KEY, (void *)"1.2.3.4", 0) == NULL);
    CHECK_EQ(CertOIDToAlgId(szOID_RSA_RSA), CALG_RSA_KEYX);
    CHECK_EQ(CertOIDToAlgId(szOID_OIWSEC_sha1), CALG_SHA1);
    CHECK_STR(CertAlgIdToOID(CALG_SHA1), szOID_OIWSEC_sha1);
    CHECK(CertAlgIdToOID(0x7777) == NULL);
}

static void formatted(void)
{
    static const struct {
        LPCSTR oid;
        DWORD flags;
        const WCHAR *text;
    } cases[] = {
        {szOID_SUBJECT_ALT_NAME2, 0,
         L"DNS Name=localhost, DNS Name=*.example.test, IP Address=127.0.0.1, RFC822 Name=a@example.test, "
         L"URL=http://example.test/"},
        {szOID_ENHANCED_KEY_USAGE, CRYPT_FORMAT_STR_MULTI_LINE,
         L"Server Authentication (1.3.6.1.5.5.7.3.1)\r\nClient Authentication (1.3.6.1.5.5.7.3.2)\r\n"},
        {szOID_KEY_USAGE, 0, L"Digital Signature (80)"},
        {szOID_BASIC_CONSTRAINTS2, 0, L"Subject Type=End Entity, Path Length Constraint=None"},
    };
    PCCERT_CONTEXT c = CertCreateCertificateContext(X509_ASN_ENCODING, leaf_der, sizeof leaf_der);
    WCHAR text[512];
    DWORD size;

    if (check_under_wine()) /* its words are a little different */
        return;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        PCERT_EXTENSION e = extension(c, cases[i].oid);
        size = sizeof text;
        CHECK(CryptFormatObject(X509_ASN_ENCODING, 0, cases[i].flags, NULL, cases[i].oid, e->Value.pbData,
                                e->Value.cbData, text, &size));
        CHECK(!lstrcmpW(text, cases[i].text));
        CHECK_EQ(size, (lstrlenW(cases[i].text) + 1) * 2);
    }
    size = sizeof text;
    CHECK(CryptFormatObject(X509_ASN_ENCODING, 0, 0, NULL, "1.2.3", (BYTE *)"\2\1\7", 3, text, &size));
    CHECK(!lstrcmpW(text, L"02 01 07"));
    CHECK_ERROR(CryptFormatObject(X509_ASN_ENCODING, 0, CRYPT_FORMAT_STR_NO_HEX, NULL, "1.2.3", (BYTE *)"\2\1\7", 3,
                                  text, &size),
                ERROR_FILE_NOT_FOUND);
    size = 4;
    CHECK_ERROR(CryptFormatObject(X509_ASN_ENCODING, 0, 0, NULL, "1.2.3", (BYTE *)"\2\1\7", 3, text, &size),
                ERROR_MORE_DATA);
    CHECK_EQ(size, 18);
    CertFreeCertificateContext(c);
}

int main(void)
{
    extensions();
    identifiers();
    /* Wine writes the year 2050 with two digits, does not look at all lengths, and knows no names by numbers. */
    if (!check_under_wine()) {
        names();
        numbers();
        simple();
        wholes();
        formatted();
    }
    return check_done();
}
