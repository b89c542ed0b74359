/*
 * context.c: wincrypt.h: contexts of certificates and of lists of revoked ones.
 */
#include "crypt32/asn.h"
#include "crypt32/store.h"

#define CONTEXT_MAGIC 0x74786374u

/* The inner part of what is signed, decoded. */
static void *signed_decode(const struct asn_type *type, const BYTE *encoded, DWORD size, DWORD *whole)
{
    const BYTE *at = encoded, *end = encoded + size;
    struct der_item outer, inner;
    DWORD needed;

    if (!size || !der_expect(&at, end, DER_SEQUENCE, &outer)) {
        SetLastError((DWORD)(size && *encoded == DER_SEQUENCE ? CRYPT_E_ASN1_EOD : CRYPT_E_ASN1_BADTAG));
        return NULL;
    }
    *whole = outer.whole_size;
    at = outer.data;
    if (!der_expect(&at, outer.data + outer.size, DER_SEQUENCE, &inner)) {
        SetLastError((DWORD)CRYPT_E_ASN1_BADTAG);
        return NULL;
    }
    return asn_decode(type, inner.whole, inner.whole_size, 0, &needed);
}

struct body *body_make(enum body_kind kind, const BYTE *encoded, DWORD size)
{
    DWORD whole = 0;
    void *info = signed_decode(kind == BODY_CERT ? &asn_cert_info : &asn_crl_info, encoded, size, &whole);
    struct body *body = info ? crypt_alloc(sizeof *body + whole) : NULL;

    if (!body) {
        crypt_free(info);
        return NULL;
    }
    body->references = 1;
    body->kind = kind;
    body->info = info;
    body->size = whole;
    memcpy(body->encoded, encoded, whole);
    return body;
}

void body_release(struct body *body)
{
    if (__sync_sub_and_fetch(&body->references, 1))
        return;
    body_properties_free(body);
    if (body->key.pbData)
        memset(body->key.pbData, 0, body->key.cbData);
    crypt_free(body->key.pbData);
    crypt_free(body->info);
    crypt_free(body);
}

bool body_same(const struct body *a, const struct body *b)
{
    return a->kind == b->kind && a->size == b->size && !memcmp(a->encoded, b->encoded, a->size);
}

struct context *context_make(struct body *body, struct store *store)
{
    struct context *context = crypt_alloc(sizeof *context);

    if (!context) {
        body_release(body);
        return NULL;
    }
    context->cert = (CERT_CONTEXT){X509_ASN_ENCODING, body->encoded, body->size, body->info,
                                   store ? (HCERTSTORE)store : (HCERTSTORE)store_none()};
    context->magic = CONTEXT_MAGIC;
    context->references = 1;
    context->body = body;
    context->store = store;
    return context;
}

struct context *context_from(const void *pointer)
{
    struct context *context = (struct context *)pointer;

    if (context && context->magic == CONTEXT_MAGIC)
        return context;
    SetLastError((DWORD)E_INVALIDARG);
    return NULL;
}

struct context *context_duplicate(struct context *context)
{
    __sync_fetch_and_add(&context->references, 1);
    if (context->store)
        store_reference(context->store);
    return context;
}

void context_release(struct context *context)
{
    struct store *store = context->store;

    if (!__sync_sub_and_fetch(&context->references, 1)) {
        context->magic = 0;
        body_release(context->body);
        crypt_free(context);
    }
    if (store)
        store_release(store);
}

static const void *create(enum body_kind kind, DWORD encoding, const BYTE *encoded, DWORD size)
{
    struct body *body;
    struct context *context;

    if ((encoding & 0xffff) != X509_ASN_ENCODING || !encoded) {
        SetLastError((DWORD)E_INVALIDARG);
        return NULL;
    }
    body = body_make(kind, encoded, size);
    context = body ? context_make(body, NULL) : NULL;
    if (context)
        context->cert.dwCertEncodingType = encoding;
    return context;
}

PCCERT_CONTEXT WINAPI CertCreateCertificateContext(DWORD encoding, const BYTE *encoded, DWORD size)
{
    return create(BODY_CERT, encoding, encoded, size);
}

PCCRL_CONTEXT WINAPI CertCreateCRLContext(DWORD encoding, const BYTE *encoded, DWORD size)
{
    return create(BODY_CRL, encoding, encoded, size);
}

const void *WINAPI CertCreateContext(DWORD type, DWORD encoding, const BYTE *encoded, DWORD size, DWORD flags,
                                     PCERT_CREATE_CONTEXT_PARA para)
{
    (void)flags, (void)para;
    if (type == CERT_STORE_CERTIFICATE_CONTEXT)
        return create(BODY_CERT, encoding, encoded, size);
    if (type == CERT_STORE_CRL_CONTEXT)
        return create(BODY_CRL, encoding, encoded, size);
    SetLastError(ERROR_INVALID_PARAMETER);
    return NULL;
}

PCCERT_CONTEXT WINAPI CertDuplicateCertificateContext(PCCERT_CONTEXT cert)
{
    struct context *context = cert ? context_from(cert) : NULL;

    return context ? &context_duplicate(context)->cert : NULL;
}

PCCRL_CONTEXT WINAPI CertDuplicateCRLContext(PCCRL_CONTEXT crl)
{
    struct context *context = crl ? context_from(crl) : NULL;

    return context ? &context_duplicate(context)->crl : NULL;
}

/* Freeing NULL succeeds, and the last error stays: it is called on the way out. */
static BOOL release(const void *pointer)
{
    struct context *context;

    if (!pointer)
        return TRUE;
    context = context_from(pointer);
    if (context) {
        DWORD error = GetLastError();

        context_release(context);
        SetLastError(error);
    }
    return TRUE;
}

BOOL WINAPI CertFreeCertificateContext(PCCERT_CONTEXT cert)
{
    return release(cert);
}

BOOL WINAPI CertFreeCRLContext(PCCRL_CONTEXT crl)
{
    return release(crl);
}

/* Comparing. */
static bool blob_same(const CRYPT_DATA_BLOB *a, const CRYPT_DATA_BLOB *b)
{
    return a->cbData == b->cbData && (!a->cbData || !memcmp(a->pbData, b->pbData, a->cbData));
}

BOOL WINAPI CertCompareIntegerBlob(PCRYPT_INTEGER_BLOB a, PCRYPT_INTEGER_BLOB b)
{
    DWORD m = a->cbData, n = b->cbData;

    /* Bytes that only repeat the sign do not count. */
    while (m > 1 &&
           (a->pbData[m - 1] == 0 ? !(a->pbData[m - 2] & 0x80) : a->pbData[m - 1] == 0xff && a->pbData[m - 2] & 0x80))
        m--;
    while (n > 1 &&
           (b->pbData[n - 1] == 0 ? !(b->pbData[n - 2] & 0x80) : b->pbData[n - 1] == 0xff && b->pbData[n - 2] & 0x80))
        n--;
    return m == n && (!m || !memcmp(a->pbData, b->pbData, m));
}

BOOL WINAPI CertCompareCertificateName(DWORD encoding, PCERT_NAME_BLOB a, PCERT_NAME_BLOB b)
{
    (void)encoding;
    return blob_same(a, b);
}

BOOL WINAPI CertCompareCertificate(DWORD encoding, PCERT_INFO a, PCERT_INFO b)
{
    (void)encoding;
    return CertCompareIntegerBlob(&a->SerialNumber, &b->SerialNumber) && blob_same(&a->Issuer, &b->Issuer);
}

BOOL WINAPI CertComparePublicKeyInfo(DWORD encoding, PCERT_PUBLIC_KEY_INFO a, PCERT_PUBLIC_KEY_INFO b)
{
    (void)encoding;
    return a->PublicKey.cbData == b->PublicKey.cbData && a->PublicKey.cUnusedBits == b->PublicKey.cUnusedBits &&
           !strcmp(a->Algorithm.pszObjId, b->Algorithm.pszObjId) &&
           (!a->PublicKey.cbData || !memcmp(a->PublicKey.pbData, b->PublicKey.pbData, a->PublicKey.cbData));
}

/* Times: before -1, within 0, after 1. */
static LONG time_validity(const FILETIME *at, const FILETIME *from, const FILETIME *to)
{
    FILETIME now;

    if (!at) {
        GetSystemTimeAsFileTime(&now);
        at = &now;
    }
    if (CompareFileTime(at, from) < 0)
        return -1;
    return (to->dwLowDateTime || to->dwHighDateTime) && CompareFileTime(at, to) > 0;
}

LONG WINAPI CertVerifyTimeValidity(LPFILETIME at, PCERT_INFO info)
{
    return time_validity(at, &info->NotBefore, &info->NotAfter);
}

LONG WINAPI CertVerifyCRLTimeValidity(LPFILETIME at, PCRL_INFO info)
{
    return time_validity(at, &info->ThisUpdate, &info->NextUpdate);
}

BOOL WINAPI CertVerifyValidityNesting(PCERT_INFO subject, PCERT_INFO issuer)
{
    return CompareFileTime(&subject->NotBefore, &issuer->NotBefore) >= 0 &&
           CompareFileTime(&subject->NotAfter, &issuer->NotAfter) <= 0;
}
