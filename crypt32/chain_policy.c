/*
 * chain_policy.c: wincrypt.h: whether a chain is good enough for a purpose.
 */
#include "crypt32/asn.h"
#include "crypt32/chain.h"

#define SECURITY_IGNORE_CN 0x1000u
#define SECURITY_IGNORE_DATE 0x2000u
#define SECURITY_IGNORE_UNKNOWN_CA 0x100u
#define SECURITY_IGNORE_WRONG_USAGE 0x200u
#define SECURITY_IGNORE_REVOCATION 0x80u

/* The first that applies is the answer. */
static const struct {
    DWORD status, error, ignore; /* CERT_CHAIN_POLICY_* */
} errors[] = {
    {CERT_TRUST_IS_NOT_SIGNATURE_VALID, (DWORD)TRUST_E_CERT_SIGNATURE, 0},
    {CERT_TRUST_IS_REVOKED, (DWORD)CRYPT_E_REVOKED, 0},
    {CERT_TRUST_IS_EXPLICIT_DISTRUST, (DWORD)TRUST_E_EXPLICIT_DISTRUST, 0},
    {CERT_TRUST_IS_UNTRUSTED_ROOT, (DWORD)CERT_E_UNTRUSTEDROOT, CERT_CHAIN_POLICY_ALLOW_UNKNOWN_CA_FLAG},
    {CERT_TRUST_IS_PARTIAL_CHAIN, (DWORD)CERT_E_CHAINING, CERT_CHAIN_POLICY_ALLOW_UNKNOWN_CA_FLAG},
    {CERT_TRUST_IS_CYCLIC, (DWORD)CERT_E_CHAINING, 0},
    {CERT_TRUST_IS_NOT_TIME_VALID, (DWORD)CERT_E_EXPIRED, CERT_CHAIN_POLICY_IGNORE_NOT_TIME_VALID_FLAG},
    {CERT_TRUST_IS_NOT_TIME_NESTED, (DWORD)CERT_E_VALIDITYPERIODNESTING, CERT_CHAIN_POLICY_IGNORE_NOT_TIME_NESTED_FLAG},
    {CERT_TRUST_IS_NOT_VALID_FOR_USAGE, (DWORD)CERT_E_WRONG_USAGE, CERT_CHAIN_POLICY_IGNORE_WRONG_USAGE_FLAG},
    {CERT_TRUST_INVALID_BASIC_CONSTRAINTS, (DWORD)TRUST_E_BASIC_CONSTRAINTS,
     CERT_CHAIN_POLICY_IGNORE_INVALID_BASIC_CONSTRAINTS_FLAG},
    {CERT_TRUST_INVALID_NAME_CONSTRAINTS | CERT_TRUST_HAS_NOT_SUPPORTED_NAME_CONSTRAINT |
         CERT_TRUST_HAS_NOT_DEFINED_NAME_CONSTRAINT | CERT_TRUST_HAS_NOT_PERMITTED_NAME_CONSTRAINT |
         CERT_TRUST_HAS_EXCLUDED_NAME_CONSTRAINT,
     (DWORD)CERT_E_INVALID_NAME, CERT_CHAIN_POLICY_IGNORE_INVALID_NAME_FLAG},
    {CERT_TRUST_INVALID_POLICY_CONSTRAINTS, (DWORD)CERT_E_INVALID_POLICY, CERT_CHAIN_POLICY_IGNORE_INVALID_POLICY_FLAG},
    {CERT_TRUST_INVALID_EXTENSION, (DWORD)CERT_E_CRITICAL, 0},
    {CERT_TRUST_HAS_NOT_SUPPORTED_CRITICAL_EXT, (DWORD)CERT_E_CRITICAL,
     CERT_CHAIN_POLICY_IGNORE_NOT_SUPPORTED_CRITICAL_EXT_FLAG},
    {CERT_TRUST_HAS_WEAK_SIGNATURE, (DWORD)CERT_E_UNTRUSTEDROOT, CERT_CHAIN_POLICY_ALLOW_UNKNOWN_CA_FLAG},
    {CERT_TRUST_REVOCATION_STATUS_UNKNOWN | CERT_TRUST_IS_OFFLINE_REVOCATION, (DWORD)CRYPT_E_REVOCATION_OFFLINE,
     CERT_CHAIN_POLICY_IGNORE_ALL_REV_UNKNOWN_FLAGS},
};

static void set_error(PCERT_CHAIN_POLICY_STATUS status, DWORD error, LONG chain, LONG element)
{
    status->dwError = error;
    status->lChainIndex = chain;
    status->lElementIndex = element;
}

static void check_base(PCCERT_CHAIN_CONTEXT context, DWORD flags, PCERT_CHAIN_POLICY_STATUS status)
{
    DWORD all = context->TrustStatus.dwErrorStatus;

    set_error(status, 0, -1, -1);
    for (size_t i = 0; i < sizeof errors / sizeof *errors; i++) {
        if (!(all & errors[i].status) || flags & errors[i].ignore)
            continue;
        set_error(status, errors[i].error, 0, -1);
        for (DWORD j = 0; j < context->rgpChain[0]->cElement; j++)
            if (context->rgpChain[0]->rgpElement[j]->TrustStatus.dwErrorStatus & errors[i].status) {
                status->lElementIndex = (LONG)j;
                break;
            }
        return;
    }
}

static void check_ssl(PCCERT_CHAIN_CONTEXT context, PCERT_CHAIN_POLICY_PARA para, PCERT_CHAIN_POLICY_STATUS status)
{
    const SSL_EXTRA_CERT_CHAIN_POLICY_PARA *extra = para ? para->pvExtraPolicyPara : NULL;
    DWORD flags = para ? para->dwFlags : 0, checks = extra ? extra->fdwChecks : 0;
    PCCERT_CONTEXT cert = context->rgpChain[0]->rgpElement[0]->pCertContext;
    const char *usage =
        extra && extra->dwAuthType == AUTHTYPE_CLIENT ? szOID_PKIX_KP_CLIENT_AUTH : szOID_PKIX_KP_SERVER_AUTH;

    if (extra && extra->cbSize < sizeof *extra)
        extra = NULL;
    if (checks & SECURITY_IGNORE_UNKNOWN_CA)
        flags |= CERT_CHAIN_POLICY_ALLOW_UNKNOWN_CA_FLAG;
    if (checks & SECURITY_IGNORE_DATE)
        flags |= CERT_CHAIN_POLICY_IGNORE_ALL_NOT_TIME_VALID_FLAGS;
    if (checks & SECURITY_IGNORE_WRONG_USAGE)
        flags |= CERT_CHAIN_POLICY_IGNORE_WRONG_USAGE_FLAG;
    if (checks & SECURITY_IGNORE_REVOCATION)
        flags |= CERT_CHAIN_POLICY_IGNORE_ALL_REV_UNKNOWN_FLAGS;
    check_base(context, flags, status);
    if (status->dwError)
        return;
    if (!(flags & CERT_CHAIN_POLICY_IGNORE_WRONG_USAGE_FLAG) && !cert_may(cert, usage)) {
        set_error(status, (DWORD)CERT_E_WRONG_USAGE, 0, 0);
        return;
    }
    if (extra && extra->pwszServerName && extra->dwAuthType != AUTHTYPE_CLIENT && !(checks & SECURITY_IGNORE_CN) &&
        !(flags & CERT_CHAIN_POLICY_IGNORE_INVALID_NAME_FLAG) &&
        !host_name_matches(tls_blob_of(cert->pbCertEncoded, cert->cbCertEncoded), extra->pwszServerName))
        set_error(status, (DWORD)CERT_E_CN_NO_MATCH, 0, 0);
}

static void check_constraints(PCCERT_CHAIN_CONTEXT context, DWORD flags, PCERT_CHAIN_POLICY_STATUS status)
{
    PCCERT_CONTEXT cert = context->rgpChain[0]->rgpElement[0]->pCertContext;
    PCERT_EXTENSION extension =
        CertFindExtension(szOID_BASIC_CONSTRAINTS2, cert->pCertInfo->cExtension, cert->pCertInfo->rgExtension);
    CERT_BASIC_CONSTRAINTS2_INFO *info = NULL;
    DWORD size;
    bool ca = false;

    set_error(status, 0, -1, -1);
    if (extension)
        info = asn_decode(&asn_basic_constraints2, extension->Value.pbData, extension->Value.cbData, 0, &size);
    ca = info && info->fCA;
    crypt_free(info);
    if ((flags & BASIC_CONSTRAINTS_CERT_CHAIN_POLICY_CA_FLAG && !ca) ||
        (flags & BASIC_CONSTRAINTS_CERT_CHAIN_POLICY_END_ENTITY_FLAG && ca))
        set_error(status, (DWORD)TRUST_E_BASIC_CONSTRAINTS, 0, 0);
    for (DWORD i = 0; !status->dwError && i < context->rgpChain[0]->cElement; i++)
        if (context->rgpChain[0]->rgpElement[i]->TrustStatus.dwErrorStatus & CERT_TRUST_INVALID_BASIC_CONSTRAINTS)
            set_error(status, (DWORD)TRUST_E_BASIC_CONSTRAINTS, 0, (LONG)i);
}

BOOL WINAPI CertVerifyCertificateChainPolicy(LPCSTR policy, PCCERT_CHAIN_CONTEXT context, PCERT_CHAIN_POLICY_PARA para,
                                             PCERT_CHAIN_POLICY_STATUS status)
{
    DWORD flags = para ? para->dwFlags : 0;

    if (!context || !status || (ULONG_PTR)policy > 0xffff)
        return crypt_fail((ULONG_PTR)policy > 0xffff ? ERROR_FILE_NOT_FOUND : (DWORD)E_INVALIDARG);
    switch ((ULONG_PTR)policy) {
    case 1: /* BASE */
        check_base(context, flags, status);
        return TRUE;
    case 2: /* AUTHENTICODE */
    case 3: /* AUTHENTICODE_TS */
        check_base(context, flags, status);
        if (!status->dwError &&
            !cert_may(context->rgpChain[0]->rgpElement[0]->pCertContext,
                      (ULONG_PTR)policy == 2 ? szOID_PKIX_KP_CODE_SIGNING : szOID_PKIX_KP_TIMESTAMP_SIGNING))
            set_error(status, (DWORD)CERT_E_WRONG_USAGE, 0, 0);
        return TRUE;
    case 4: /* SSL */
        check_ssl(context, para, status);
        return TRUE;
    case 5: /* BASIC_CONSTRAINTS */
        check_constraints(context, flags, status);
        return TRUE;
    case 6: /* NT_AUTH: there is no domain whose store could have the issuer */
        check_base(context, flags, status);
        if (!status->dwError)
            set_error(status, (DWORD)CERT_E_UNTRUSTEDCA, 0, 0);
        return TRUE;
    case 7: /* MICROSOFT_ROOT: which are Microsoft's roots is not known here */
        set_error(status, (DWORD)CERT_E_UNTRUSTEDROOT, 0, (LONG)context->rgpChain[0]->cElement - 1);
        return TRUE;
    default:
        return crypt_fail(ERROR_FILE_NOT_FOUND);
    }
}
