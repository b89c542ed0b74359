/*
 * verify.c: is the server's certificate good?  By the stores of crypt32, as everything else that trusts.
 */
#include "winhttp/http.h"

static DWORD failure_of(DWORD error)
{
    switch (error) {
    case (DWORD)CERT_E_UNTRUSTEDROOT:
    case (DWORD)CERT_E_CHAINING:
        return WINHTTP_CALLBACK_STATUS_FLAG_INVALID_CA;
    case (DWORD)CERT_E_CN_NO_MATCH:
        return WINHTTP_CALLBACK_STATUS_FLAG_CERT_CN_INVALID;
    case (DWORD)CERT_E_EXPIRED:
        return WINHTTP_CALLBACK_STATUS_FLAG_CERT_DATE_INVALID;
    case (DWORD)CRYPT_E_REVOKED:
        return WINHTTP_CALLBACK_STATUS_FLAG_CERT_REVOKED;
    case (DWORD)CERT_E_WRONG_USAGE:
        return WINHTTP_CALLBACK_STATUS_FLAG_CERT_WRONG_USAGE;
    default:
        return WINHTTP_CALLBACK_STATUS_FLAG_INVALID_CERT;
    }
}

bool request_verify(void *argument, const struct http_certificate *certificates, size_t count)
{
    struct request *request = argument;
    CERT_CHAIN_PARA para = {.cbSize = sizeof para};
    SSL_EXTRA_CERT_CHAIN_POLICY_PARA ssl = {.cbSize = sizeof ssl,
                                            .dwAuthType = AUTHTYPE_SERVER,
                                            .fdwChecks = request->security_flags,
                                            .pwszServerName = request->host};
    CERT_CHAIN_POLICY_PARA policy = {.cbSize = sizeof policy, .pvExtraPolicyPara = &ssl};
    CERT_CHAIN_POLICY_STATUS status = {.cbSize = sizeof status, .dwError = (DWORD)CERT_E_MALFORMED};
    PCCERT_CHAIN_CONTEXT chain = NULL;
    HCERTSTORE store = CertOpenStore(CERT_STORE_PROV_MEMORY, 0, 0, 0, NULL);

    if (request->certificate)
        CertFreeCertificateContext(request->certificate);
    request->certificate = NULL;
    for (size_t i = 0; i < count && store; i++)
        CertAddEncodedCertificateToStore(store, X509_ASN_ENCODING, certificates[i].data, (DWORD)certificates[i].size,
                                         CERT_STORE_ADD_ALWAYS, i ? NULL : &request->certificate);
    if (request->certificate &&
        CertGetCertificateChain(NULL, request->certificate, NULL, store, &para, 0, NULL, &chain))
        CertVerifyCertificateChainPolicy(CERT_CHAIN_POLICY_SSL, chain, &policy, &status);
    CertFreeCertificateChain(chain);
    CertCloseStore(store, 0);
    request->secure_failure = status.dwError ? failure_of(status.dwError) : 0;
    return !status.dwError;
}
