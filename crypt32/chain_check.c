/*
 * chain_check.c: what is wrong with the certificates of a chain: times, constraints, usage, revocation.
 */
#include "crypt32/asn.h"
#include "crypt32/chain.h"

static PCERT_EXTENSION extension_of(PCCERT_CONTEXT cert, LPCSTR oid)
{
    return CertFindExtension(oid, cert->pCertInfo->cExtension, cert->pCertInfo->rgExtension);
}

static DWORD check_time(PCCERT_CONTEXT cert, const FILETIME *time)
{
    return CertVerifyTimeValidity((LPFILETIME)time, cert->pCertInfo) ? CERT_TRUST_IS_NOT_TIME_VALID : 0;
}

/* An issuer must be one; `below` certificates that are not self-issued stand between it and the end. */
static DWORD check_issuer(PCCERT_CONTEXT cert, unsigned below, bool last)
{
    PCERT_EXTENSION extension = extension_of(cert, szOID_BASIC_CONSTRAINTS2);
    CERT_BASIC_CONSTRAINTS2_INFO *constraints;
    BYTE usage[2];
    DWORD size, error = 0;

    if (!extension) /* version 1 has none: a root may be that old */
        return last && cert->pCertInfo->dwVersion < CERT_V3 ? 0 : CERT_TRUST_INVALID_BASIC_CONSTRAINTS;
    constraints = asn_decode(&asn_basic_constraints2, extension->Value.pbData, extension->Value.cbData, 0, &size);
    if (!constraints)
        return CERT_TRUST_INVALID_EXTENSION;
    if (!constraints->fCA || (constraints->fPathLenConstraint && below > constraints->dwPathLenConstraint))
        error = CERT_TRUST_INVALID_BASIC_CONSTRAINTS;
    crypt_free(constraints);
    if (CertGetIntendedKeyUsage(X509_ASN_ENCODING, cert->pCertInfo, usage, sizeof usage) &&
        !(usage[0] & CERT_KEY_CERT_SIGN_KEY_USAGE))
        error |= CERT_TRUST_IS_NOT_VALID_FOR_USAGE;
    return error;
}

static DWORD check_critical(PCCERT_CONTEXT cert)
{
    static const char *const known[] = {
        szOID_KEY_USAGE,
        szOID_SUBJECT_ALT_NAME2,
        szOID_BASIC_CONSTRAINTS2,
        szOID_NAME_CONSTRAINTS,
        szOID_CERT_POLICIES,
        szOID_POLICY_MAPPINGS,
        szOID_POLICY_CONSTRAINTS,
        szOID_ENHANCED_KEY_USAGE,
        szOID_INHIBIT_ANY_POLICY,
        szOID_ISSUER_ALT_NAME2,
        szOID_AUTHORITY_KEY_IDENTIFIER2,
        szOID_CRL_DIST_POINTS,
        szOID_SUBJECT_KEY_IDENTIFIER,
        szOID_APPLICATION_CERT_POLICIES,
    };

    for (DWORD i = 0; i < cert->pCertInfo->cExtension; i++) {
        bool found = !cert->pCertInfo->rgExtension[i].fCritical;

        for (size_t j = 0; j < sizeof known / sizeof *known && !found; j++)
            found = !strcmp(cert->pCertInfo->rgExtension[i].pszObjId, known[j]);
        if (!found)
            return CERT_TRUST_HAS_NOT_SUPPORTED_CRITICAL_EXT;
    }
    return 0;
}

static DWORD check_usage(PCCERT_CONTEXT cert, const CERT_USAGE_MATCH *match)
{
    bool any = match->dwType == USAGE_MATCH_TYPE_OR, good = !any;

    if (!match->Usage.cUsageIdentifier)
        return 0;
    for (DWORD i = 0; i < match->Usage.cUsageIdentifier; i++) {
        bool may = cert_may(cert, match->Usage.rgpszUsageIdentifier[i]);

        good = any ? good || may : good && may;
    }
    return good ? 0 : CERT_TRUST_IS_NOT_VALID_FOR_USAGE;
}

/* Name constraints of `issuer` on the names of `cert`: DNS names and addresses of mail. */
static bool ends_with(const WCHAR *name, const WCHAR *base, bool mail)
{
    size_t n = wide_length(name), b = wide_length(base);

    if (!b)
        return true;
    if (n < b || wide_compare_nocase(name + n - b, base))
        return false;
    return n == b || *base == '.' || name[n - b - 1] == (mail ? '@' : '.');
}

static bool in_subtree(const CERT_ALT_NAME_ENTRY *name, const CERT_ALT_NAME_ENTRY *base)
{
    if (name->dwAltNameChoice == CERT_ALT_NAME_IP_ADDRESS) {
        DWORD size = name->IPAddress.cbData;

        if (base->IPAddress.cbData != size * 2)
            return false;
        for (DWORD i = 0; i < size; i++)
            if ((name->IPAddress.pbData[i] ^ base->IPAddress.pbData[i]) & base->IPAddress.pbData[size + i])
                return false;
        return true;
    }
    return ends_with(name->pwszDNSName, base->pwszDNSName, name->dwAltNameChoice == CERT_ALT_NAME_RFC822_NAME);
}

static DWORD check_name(const CERT_NAME_CONSTRAINTS_INFO *constraints, const CERT_ALT_NAME_ENTRY *name)
{
    bool constrained = false, permitted = false;

    if (name->dwAltNameChoice != CERT_ALT_NAME_DNS_NAME && name->dwAltNameChoice != CERT_ALT_NAME_RFC822_NAME &&
        name->dwAltNameChoice != CERT_ALT_NAME_IP_ADDRESS)
        return 0;
    for (DWORD i = 0; i < constraints->cExcludedSubtree; i++)
        if (constraints->rgExcludedSubtree[i].Base.dwAltNameChoice == name->dwAltNameChoice &&
            in_subtree(name, &constraints->rgExcludedSubtree[i].Base))
            return CERT_TRUST_HAS_EXCLUDED_NAME_CONSTRAINT;
    for (DWORD i = 0; i < constraints->cPermittedSubtree; i++)
        if (constraints->rgPermittedSubtree[i].Base.dwAltNameChoice == name->dwAltNameChoice) {
            constrained = true;
            permitted = permitted || in_subtree(name, &constraints->rgPermittedSubtree[i].Base);
        }
    return constrained && !permitted ? CERT_TRUST_HAS_NOT_PERMITTED_NAME_CONSTRAINT : 0;
}

static bool is_host_name(const WCHAR *name)
{
    bool dot = false;

    for (; *name; name++) {
        if (*name == ' ')
            return false;
        dot = dot || *name == '.';
    }
    return dot;
}

static DWORD check_names(PCCERT_CONTEXT cert, PCCERT_CONTEXT issuer)
{
    PCERT_EXTENSION limits = extension_of(issuer, szOID_NAME_CONSTRAINTS);
    PCERT_EXTENSION alternative = extension_of(cert, szOID_SUBJECT_ALT_NAME2);
    CERT_NAME_CONSTRAINTS_INFO *constraints;
    CERT_ALT_NAME_INFO *names = NULL;
    DWORD size, error = 0;

    if (!limits)
        return 0;
    constraints = asn_decode(&asn_name_constraints, limits->Value.pbData, limits->Value.cbData, 0, &size);
    if (!constraints)
        return CERT_TRUST_INVALID_NAME_CONSTRAINTS;
    if (alternative)
        names = asn_decode(&asn_alt_name, alternative->Value.pbData, alternative->Value.cbData, 0, &size);
    for (DWORD i = 0; names && i < names->cAltEntry; i++)
        error |= check_name(constraints, &names->rgAltEntry[i]);
    if (!names) { /* the common name stands for a DNS name then */
        WCHAR name[256];
        CERT_ALT_NAME_ENTRY entry = {.dwAltNameChoice = CERT_ALT_NAME_DNS_NAME, .pwszDNSName = name};

        if (CertGetNameStringW(cert, CERT_NAME_ATTR_TYPE, 0, (void *)szOID_COMMON_NAME, name, 256) > 1 &&
            is_host_name(name))
            error |= check_name(constraints, &entry);
    }
    crypt_free(names);
    crypt_free(constraints);
    return error;
}

/* By the lists that are at hand. */
static DWORD check_revocation(PCCERT_CONTEXT cert, PCCERT_CONTEXT issuer, const FILETIME *time,
                              struct store *const *stores, unsigned store_count)
{
    for (unsigned i = 0; i < store_count; i++) {
        PCCRL_CONTEXT crl = NULL;

        while ((crl = CertFindCRLInStore(stores[i], X509_ASN_ENCODING, CRL_FIND_ISSUED_BY_SIGNATURE_FLAG,
                                         CRL_FIND_ISSUED_BY, issuer, crl))) {
            PCRL_ENTRY entry = NULL;

            if (CertVerifyCRLTimeValidity((LPFILETIME)time, crl->pCrlInfo))
                continue;
            CertFindCertificateInCRL(cert, crl, 0, NULL, &entry);
            CertFreeCRLContext(crl);
            return entry ? CERT_TRUST_IS_REVOKED : 0;
        }
    }
    return CERT_TRUST_REVOCATION_STATUS_UNKNOWN | CERT_TRUST_IS_OFFLINE_REVOCATION;
}

static bool revocation_wanted(DWORD flags, unsigned at, unsigned count)
{
    if (flags & CERT_CHAIN_REVOCATION_CHECK_END_CERT)
        return at == 0;
    if (flags & CERT_CHAIN_REVOCATION_CHECK_CHAIN_EXCLUDE_ROOT)
        return at + 1 < count;
    return flags & CERT_CHAIN_REVOCATION_CHECK_CHAIN;
}

static void set_revocation(CERT_CHAIN_ELEMENT *element, DWORD error)
{
    CERT_REVOCATION_INFO *info = crypt_alloc(sizeof *info);

    if (!info)
        return;
    *info = (CERT_REVOCATION_INFO){.cbSize = sizeof *info};
    info->dwRevocationResult = error & CERT_TRUST_IS_REVOKED ? (DWORD)CRYPT_E_REVOKED
                               : error                       ? (DWORD)CRYPT_E_REVOCATION_OFFLINE
                                                             : 0;
    element->pRevocationInfo = info;
}

void chain_check(struct chain *chain, const FILETIME *time, const CERT_CHAIN_PARA *para, DWORD flags,
                 struct store *const *stores, unsigned store_count)
{
    CERT_SIMPLE_CHAIN *simple = &chain->simple;
    unsigned count = simple->cElement, below = 0;

    for (unsigned i = 0; i < count; i++) {
        CERT_CHAIN_ELEMENT *element = &chain->elements[i];
        PCCERT_CONTEXT cert = element->pCertContext,
                       issuer = i + 1 < count ? chain->elements[i + 1].pCertContext : NULL;
        bool last = i + 1 == count, self = element->TrustStatus.dwInfoStatus & CERT_TRUST_IS_SELF_SIGNED;
        DWORD error = check_time(cert, time) | check_critical(cert);
        unsigned issue = 0;

        if (i > 0)
            error |= check_issuer(cert, below, last);
        if (i > 0 &&
            !CertCompareCertificateName(X509_ASN_ENCODING, &cert->pCertInfo->Subject, &cert->pCertInfo->Issuer))
            below++;
        if (!(last && self && i > 0)) /* a root's own uses do not bind */
            error |= check_usage(cert, &para->RequestedUsage);
        for (unsigned j = i + 1; j < count; j++)
            error |= check_names(cert, chain->elements[j].pCertContext);
        if (issuer || self) {
            PCCERT_CONTEXT signer = issuer ? issuer : cert;

            issue = host_issued(tls_blob_of(cert->pbCertEncoded, cert->cbCertEncoded),
                                tls_blob_of(signer->pbCertEncoded, signer->cbCertEncoded));
        }
        if (self && issue & TLS_ISSUE_SIGNATURE)
            error |= CERT_TRUST_IS_NOT_SIGNATURE_VALID;
        if (issue & TLS_ISSUE_WEAK && !last)
            error |= CERT_TRUST_HAS_WEAK_SIGNATURE;
        if (revocation_wanted(flags, i, count) && !(last && self)) {
            DWORD revoked = issuer ? check_revocation(cert, issuer, time, stores, store_count)
                                   : CERT_TRUST_REVOCATION_STATUS_UNKNOWN | CERT_TRUST_IS_OFFLINE_REVOCATION;

            set_revocation(element, revoked);
            error |= revoked;
        }
        element->TrustStatus.dwErrorStatus |= error;
        simple->TrustStatus.dwErrorStatus |= element->TrustStatus.dwErrorStatus;
    }
    simple->TrustStatus.dwInfoStatus |= CERT_TRUST_HAS_PREFERRED_ISSUER;
    chain->context.TrustStatus = simple->TrustStatus;
}
