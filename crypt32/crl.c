/*
 * crl.c: wincrypt.h: lists of revoked certificates.
 */
#include "crypt32/asn.h"
#include "crypt32/store.h"

static bool issued_by(struct context *crl, PCCERT_CONTEXT issuer, DWORD flags)
{
    CRL_INFO *info = crl->body->info;

    if (!CertCompareCertificateName(X509_ASN_ENCODING, &info->Issuer, &issuer->pCertInfo->Subject))
        return false;
    return !(flags & CRL_FIND_ISSUED_BY_SIGNATURE_FLAG) ||
           host_crl_issued(tls_blob_of(crl->body->encoded, crl->body->size),
                           tls_blob_of(issuer->pbCertEncoded, issuer->cbCertEncoded));
}

PCCRL_CONTEXT WINAPI CertFindCRLInStore(HCERTSTORE handle, DWORD encoding, DWORD flags, DWORD type, const void *para,
                                        PCCRL_CONTEXT previous)
{
    struct store *store = store_from(handle);
    struct context *context = previous ? context_from(previous) : NULL;
    const CRL_FIND_ISSUED_FOR_PARA *pair = para;
    PCCRL_CONTEXT other = para;

    (void)encoding;
    if (!store)
        return NULL;
    while ((context = store_next(store, BODY_CRL, context))) {
        bool found = false;

        switch (type) {
        case CRL_FIND_ANY:
            found = true;
            break;
        case CRL_FIND_ISSUED_BY:
            found = !para || issued_by(context, para, flags);
            break;
        case CRL_FIND_EXISTING:
            found = CertCompareCertificateName(X509_ASN_ENCODING, &((CRL_INFO *)context->body->info)->Issuer,
                                               &other->pCrlInfo->Issuer);
            break;
        case CRL_FIND_ISSUED_FOR:
            found = issued_by(context, pair->pIssuerCert, flags);
            break;
        }
        if (found)
            return &context->crl;
    }
    SetLastError((DWORD)CRYPT_E_NOT_FOUND);
    return NULL;
}

PCCRL_CONTEXT WINAPI CertGetCRLFromStore(HCERTSTORE store, PCCERT_CONTEXT issuer, PCCRL_CONTEXT previous, DWORD *flags)
{
    PCCRL_CONTEXT crl;

    if (*flags & ~(DWORD)(CERT_STORE_SIGNATURE_FLAG | CERT_STORE_TIME_VALIDITY_FLAG | CERT_STORE_BASE_CRL_FLAG |
                          CERT_STORE_DELTA_CRL_FLAG)) {
        SetLastError((DWORD)E_INVALIDARG);
        return NULL;
    }
    crl = CertFindCRLInStore(store, X509_ASN_ENCODING, 0, issuer ? CRL_FIND_ISSUED_BY : CRL_FIND_ANY, issuer, previous);
    if (!crl)
        return NULL;
    if (*flags & CERT_STORE_TIME_VALIDITY_FLAG && !CertVerifyCRLTimeValidity(NULL, crl->pCrlInfo))
        *flags &= ~(DWORD)CERT_STORE_TIME_VALIDITY_FLAG;
    if (*flags & CERT_STORE_SIGNATURE_FLAG && issuer &&
        host_crl_issued(tls_blob_of(crl->pbCrlEncoded, crl->cbCrlEncoded),
                        tls_blob_of(issuer->pbCertEncoded, issuer->cbCertEncoded)))
        *flags &= ~(DWORD)CERT_STORE_SIGNATURE_FLAG;
    return crl;
}

BOOL WINAPI CertFindCertificateInCRL(PCCERT_CONTEXT cert, PCCRL_CONTEXT crl, DWORD flags, void *reserved,
                                     PCRL_ENTRY *entry)
{
    PCRL_INFO info = crl->pCrlInfo;

    (void)flags, (void)reserved;
    *entry = NULL;
    for (DWORD i = 0; i < info->cCRLEntry && !*entry; i++)
        if (CertCompareIntegerBlob(&info->rgCRLEntry[i].SerialNumber, &cert->pCertInfo->SerialNumber))
            *entry = &info->rgCRLEntry[i];
    return TRUE;
}

BOOL WINAPI CertIsValidCRLForCertificate(PCCERT_CONTEXT cert, PCCRL_CONTEXT crl, DWORD flags, void *reserved)
{
    (void)flags, (void)reserved;
    if (!cert)
        return TRUE;
    if (CertCompareCertificateName(X509_ASN_ENCODING, &cert->pCertInfo->Issuer, &crl->pCrlInfo->Issuer))
        return TRUE;
    return crypt_fail((DWORD)CRYPT_E_NO_MATCH);
}

/* TRUE: in none of the lists. */
BOOL WINAPI CertVerifyCRLRevocation(DWORD encoding, PCERT_INFO cert, DWORD count, PCRL_INFO lists[])
{
    (void)encoding;
    for (DWORD i = 0; i < count; i++)
        for (DWORD j = 0; j < lists[i]->cCRLEntry; j++)
            if (CertCompareIntegerBlob(&lists[i]->rgCRLEntry[j].SerialNumber, &cert->SerialNumber))
                return FALSE;
    return TRUE;
}

/* No list is fetched from elsewhere: nobody here can say. */
BOOL WINAPI CertVerifyRevocation(DWORD encoding, DWORD type, DWORD count, PVOID contexts[], DWORD flags,
                                 PCERT_REVOCATION_PARA para, PCERT_REVOCATION_STATUS status)
{
    (void)encoding, (void)type, (void)contexts, (void)flags, (void)para;
    if (!status || status->cbSize < offsetof(CERT_REVOCATION_STATUS, fHasFreshnessTime))
        return crypt_fail((DWORD)E_INVALIDARG);
    status->dwIndex = 0;
    status->dwReason = 0;
    if (!count)
        return crypt_fail((DWORD)E_INVALIDARG);
    status->dwError = (DWORD)CRYPT_E_NO_REVOCATION_CHECK;
    return crypt_fail((DWORD)CRYPT_E_NO_REVOCATION_CHECK);
}

/* Trust lists are not kept in stores. */
PCCTL_CONTEXT WINAPI CertEnumCTLsInStore(HCERTSTORE store, PCCTL_CONTEXT previous)
{
    (void)previous;
    if (store_from(store))
        SetLastError((DWORD)CRYPT_E_NOT_FOUND);
    return NULL;
}

PCCTL_CONTEXT WINAPI CertFindCTLInStore(HCERTSTORE store, DWORD encoding, DWORD flags, DWORD type, const void *para,
                                        PCCTL_CONTEXT previous)
{
    (void)encoding, (void)flags, (void)type, (void)para;
    return CertEnumCTLsInStore(store, previous);
}
