/*
 * find.c: wincrypt.h: searching stores.
 */
#include "crypt32/asn.h"
#include "crypt32/store.h"

/* What is looked for. */
struct wanted {
    DWORD compare, info, flags;
    const void *para;
    WCHAR *text; /* of the STR kinds, in upper case */
};

static bool blob_is(const CRYPT_DATA_BLOB *a, const CRYPT_DATA_BLOB *b)
{
    return a->cbData == b->cbData && (!a->cbData || !memcmp(a->pbData, b->pbData, a->cbData));
}

static bool has_hash(struct context *context, DWORD property, const CRYPT_HASH_BLOB *wanted)
{
    BYTE hash[TLS_HASH_MAX];
    DWORD size = sizeof hash;

    return wanted && body_property(context->body, property, hash, &size) && size == wanted->cbData &&
           !memcmp(hash, wanted->pbData, size);
}

static bool has_text(const CERT_NAME_BLOB *name, const WCHAR *wanted)
{
    WCHAR *text = name_text(name, CERT_SIMPLE_NAME_STR | CERT_NAME_STR_NO_QUOTING_FLAG);
    size_t length = wide_length(wanted);
    bool found = false;

    for (const WCHAR *at = text; at && *at && !found; at++) {
        size_t i = 0;

        while (i < length && at[i] && wide_upper(at[i]) == wide_upper(wanted[i]))
            i++;
        found = i == length;
    }
    found = found || !length;
    crypt_free(text);
    return found;
}

static bool has_usages(PCCERT_CONTEXT cert, const CERT_ENHKEY_USAGE *wanted, DWORD flags)
{
    CERT_ENHKEY_USAGE *usages = cert_usages(cert, flags);
    DWORD found = 0, count = wanted ? wanted->cUsageIdentifier : 0;
    bool result;

    if (!usages)
        return flags & (CERT_FIND_OPTIONAL_ENHKEY_USAGE_FLAG | CERT_FIND_NO_ENHKEY_USAGE_FLAG);
    for (DWORD i = 0; i < count; i++)
        for (DWORD j = 0; j < usages->cUsageIdentifier; j++)
            if (!strcmp(wanted->rgpszUsageIdentifier[i], usages->rgpszUsageIdentifier[j])) {
                found++;
                break;
            }
    result = !(flags & CERT_FIND_NO_ENHKEY_USAGE_FLAG) &&
             (!count || (flags & CERT_FIND_OR_ENHKEY_USAGE_FLAG ? found > 0 : found == count));
    crypt_free(usages);
    return result;
}

/* A signer's key identifier as a name (szOID_KEYID_RDN), as signed messages give it. */
static bool key_name(const CERT_NAME_BLOB *name, CRYPT_HASH_BLOB *id)
{
    static const BYTE oid[] = {0x2b, 6, 1, 4, 1, 0x82, 0x37, 10, 7, 1}, tags[] = {DER_SEQUENCE, DER_SET, DER_SEQUENCE};
    const BYTE *at = name->pbData, *end = at + name->cbData;
    struct der_item item;

    for (size_t i = 0; i < sizeof tags; i++) {
        if (!der_expect(&at, end, tags[i], &item))
            return false;
        at = item.data;
        end = at + item.size;
    }
    if (!der_expect(&at, end, DER_OID, &item) || item.size != sizeof oid || memcmp(item.data, oid, sizeof oid) ||
        !der_expect(&at, end, DER_OCTETS, &item))
        return false;
    *id = (CRYPT_HASH_BLOB){item.size, (BYTE *)item.data};
    return true;
}

static bool has_id(struct context *context, const CERT_ID *id)
{
    const CERT_INFO *info = context->body->info;

    switch (id->dwIdChoice) {
    case CERT_ID_ISSUER_SERIAL_NUMBER:
        return CertCompareIntegerBlob((PCRYPT_INTEGER_BLOB)&info->SerialNumber,
                                      (PCRYPT_INTEGER_BLOB)&id->IssuerSerialNumber.SerialNumber) &&
               blob_is(&info->Issuer, &id->IssuerSerialNumber.Issuer);
    case CERT_ID_KEY_IDENTIFIER:
        return has_hash(context, CERT_KEY_IDENTIFIER_PROP_ID, &id->KeyId);
    case CERT_ID_SHA1_HASH:
        return has_hash(context, CERT_SHA1_HASH_PROP_ID, &id->HashId);
    }
    return false;
}

static bool has_hash_text(struct context *context, const WCHAR *text)
{
    BYTE hash[TLS_HASH_MAX];
    DWORD size = sizeof hash, digits = 0;

    if (!body_property(context->body, CERT_SHA1_HASH_PROP_ID, hash, &size))
        return false;
    for (; *text; text++) {
        int value = *text >= '0' && *text <= '9'   ? *text - '0'
                    : *text >= 'a' && *text <= 'f' ? *text - 'a' + 10
                    : *text >= 'A' && *text <= 'F' ? *text - 'A' + 10
                                                   : -1;

        if (value < 0)
            continue;
        if (digits >= size * 2 || value != (digits & 1 ? hash[digits / 2] & 15 : hash[digits / 2] >> 4))
            return false;
        digits++;
    }
    return digits == size * 2;
}

static bool has_key_spec(struct context *context, DWORD wanted)
{
    DWORD spec, size = sizeof spec;

    return body_property(context->body, CERT_KEY_SPEC_PROP_ID, &spec, &size) && spec == wanted;
}

static bool has_private_key(struct context *context)
{
    return context->body->key.cbData || body_has_property(context->body, CERT_KEY_PROV_INFO_PROP_ID) ||
           body_has_property(context->body, CERT_KEY_CONTEXT_PROP_ID);
}

static bool matches(struct context *context, const struct wanted *wanted)
{
    CERT_INFO *info = context->body->info;
    const CERT_NAME_BLOB *name = wanted->info == CERT_INFO_ISSUER_FLAG ? &info->Issuer : &info->Subject;
    PCCERT_CONTEXT other = wanted->para;
    CRYPT_HASH_BLOB key_id;
    DWORD size = 0;

    switch (wanted->compare) {
    case CERT_COMPARE_ANY:
        return true;
    case CERT_COMPARE_SHA1_HASH:
        return has_hash(context, CERT_SHA1_HASH_PROP_ID, wanted->para);
    case CERT_COMPARE_MD5_HASH:
        return has_hash(context, CERT_MD5_HASH_PROP_ID, wanted->para);
    case CERT_COMPARE_SIGNATURE_HASH:
        return has_hash(context, CERT_SIGNATURE_HASH_PROP_ID, wanted->para);
    case CERT_COMPARE_KEY_IDENTIFIER:
        return has_hash(context, CERT_KEY_IDENTIFIER_PROP_ID, wanted->para);
    case CERT_COMPARE_PUBKEY_MD5_HASH:
        return has_hash(context, CERT_SUBJECT_PUBLIC_KEY_MD5_HASH_PROP_ID, wanted->para);
    case CERT_COMPARE_HASH_STR:
        return has_hash_text(context, wanted->para);
    case CERT_COMPARE_NAME:
        return blob_is(name, wanted->para);
    case CERT_COMPARE_ATTR:
        return CertIsRDNAttrsInCertificateName(X509_ASN_ENCODING, wanted->flags, (PCERT_NAME_BLOB)name,
                                               (PCERT_RDN)wanted->para);
    case CERT_COMPARE_NAME_STR_A:
    case CERT_COMPARE_NAME_STR_W:
        return has_text(name, wanted->text);
    case CERT_COMPARE_PROPERTY:
        return wanted->para && body_property(context->body, *(const DWORD *)wanted->para, NULL, &size);
    case CERT_COMPARE_PUBLIC_KEY:
        return CertComparePublicKeyInfo(X509_ASN_ENCODING, &info->SubjectPublicKeyInfo,
                                        (PCERT_PUBLIC_KEY_INFO)wanted->para);
    case CERT_COMPARE_KEY_SPEC:
        return has_key_spec(context, *(const DWORD *)wanted->para);
    case CERT_COMPARE_ENHKEY_USAGE:
        return has_usages(&context->cert, wanted->para, wanted->flags);
    case CERT_COMPARE_SUBJECT_CERT:
        if (key_name(&((const CERT_INFO *)wanted->para)->Issuer, &key_id))
            return has_hash(context, CERT_KEY_IDENTIFIER_PROP_ID, &key_id);
        return CertCompareCertificate(X509_ASN_ENCODING, info, (PCERT_INFO)wanted->para);
    case CERT_COMPARE_ISSUER_OF:
        return blob_is(&info->Subject, &other->pCertInfo->Issuer);
    case CERT_COMPARE_EXISTING:
        return body_same(context->body, ((struct context *)other)->body) ||
               body_same_subject(context->body, ((struct context *)other)->body);
    case CERT_COMPARE_CERT_ID:
        return has_id(context, wanted->para);
    case CERT_COMPARE_HAS_PRIVATE_KEY:
        return has_private_key(context);
    case CERT_COMPARE_CROSS_CERT_DIST_POINTS:
        return body_has_property(context->body, CERT_CROSS_CERT_DIST_POINTS_PROP_ID);
    }
    return false;
}

PCCERT_CONTEXT WINAPI CertFindCertificateInStore(HCERTSTORE handle, DWORD encoding, DWORD flags, DWORD type,
                                                 const void *para, PCCERT_CONTEXT previous)
{
    struct store *store = store_from(handle);
    struct wanted wanted = {type >> CERT_COMPARE_SHIFT, type & CERT_COMPARE_MASK, flags, para, NULL};
    struct context *context = previous ? context_from(previous) : NULL;
    bool known = wanted.compare <= CERT_COMPARE_HAS_PRIVATE_KEY;

    (void)encoding;
    if (!store)
        return NULL;
    if (wanted.compare == CERT_COMPARE_NAME_STR_A || wanted.compare == CERT_COMPARE_NAME_STR_W) {
        wanted.text = !para ? NULL : wanted.compare == CERT_COMPARE_NAME_STR_A ? wide_from_ansi(para) : wide_copy(para);
        if (!para)
            wanted.compare = CERT_COMPARE_ANY;
    }
    if (!known) {
        if (context)
            context_release(context);
        SetLastError((DWORD)E_INVALIDARG);
        return NULL;
    }
    while ((context = store_next(store, BODY_CERT, context)))
        if (matches(context, &wanted))
            break;
    crypt_free(wanted.text);
    if (!context)
        SetLastError((DWORD)CRYPT_E_NOT_FOUND);
    return context ? &context->cert : NULL;
}

PCCERT_CONTEXT WINAPI CertGetSubjectCertificateFromStore(HCERTSTORE store, DWORD encoding, PCERT_INFO id)
{
    if (!id) {
        SetLastError((DWORD)E_INVALIDARG);
        return NULL;
    }
    return CertFindCertificateInStore(store, encoding, 0, CERT_FIND_SUBJECT_CERT, id, NULL);
}

/* Checks that a certificate's issuer did issue it; what is good is taken out of *flags. */
BOOL WINAPI CertVerifySubjectCertificateContext(PCCERT_CONTEXT subject, PCCERT_CONTEXT issuer, DWORD *flags)
{
    if (*flags & ~(DWORD)(CERT_STORE_REVOCATION_FLAG | CERT_STORE_SIGNATURE_FLAG | CERT_STORE_TIME_VALIDITY_FLAG))
        return crypt_fail((DWORD)E_INVALIDARG);
    if (!issuer && *flags & (CERT_STORE_SIGNATURE_FLAG | CERT_STORE_REVOCATION_FLAG))
        return crypt_fail((DWORD)E_INVALIDARG);
    if (*flags & CERT_STORE_TIME_VALIDITY_FLAG && !CertVerifyTimeValidity(NULL, subject->pCertInfo))
        *flags &= ~(DWORD)CERT_STORE_TIME_VALIDITY_FLAG;
    if (*flags & CERT_STORE_SIGNATURE_FLAG &&
        CryptVerifyCertificateSignatureEx(0, X509_ASN_ENCODING, CRYPT_VERIFY_CERT_SIGN_SUBJECT_CERT, (void *)subject,
                                          CRYPT_VERIFY_CERT_SIGN_ISSUER_CERT, (void *)issuer, 0, NULL))
        *flags &= ~(DWORD)CERT_STORE_SIGNATURE_FLAG;
    if (*flags & CERT_STORE_REVOCATION_FLAG) {
        PCCRL_CONTEXT crl = issuer->hCertStore ? CertFindCRLInStore(issuer->hCertStore, X509_ASN_ENCODING, 0,
                                                                    CRL_FIND_ISSUED_BY, issuer, NULL)
                                               : NULL;
        PCRL_ENTRY entry = NULL;

        if (!crl)
            *flags |= CERT_STORE_NO_CRL_FLAG;
        else if (CertFindCertificateInCRL(subject, crl, 0, NULL, &entry) && !entry)
            *flags &= ~(DWORD)CERT_STORE_REVOCATION_FLAG;
        CertFreeCRLContext(crl);
    }
    return TRUE;
}

PCCERT_CONTEXT WINAPI CertGetIssuerCertificateFromStore(HCERTSTORE store, PCCERT_CONTEXT subject,
                                                        PCCERT_CONTEXT previous, DWORD *flags)
{
    PCCERT_CONTEXT issuer;

    if (!subject) {
        SetLastError((DWORD)E_INVALIDARG);
        return NULL;
    }
    if (CertCompareCertificateName(X509_ASN_ENCODING, &subject->pCertInfo->Subject, &subject->pCertInfo->Issuer)) {
        if (*flags & CERT_STORE_SIGNATURE_FLAG)
            CertVerifySubjectCertificateContext(subject, subject, flags);
        CertFreeCertificateContext(previous);
        SetLastError((DWORD)CRYPT_E_SELF_SIGNED);
        return NULL;
    }
    issuer = CertFindCertificateInStore(store, X509_ASN_ENCODING, 0, CERT_FIND_ISSUER_OF, subject, previous);
    if (issuer && !CertVerifySubjectCertificateContext(subject, issuer, flags)) {
        CertFreeCertificateContext(issuer);
        return NULL;
    }
    return issuer;
}
