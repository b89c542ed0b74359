/*
 * schannel_validate.c: the peer's certificates, and whether a server's is good.
 */
#include "secur32/schannel.h"

PCCERT_CONTEXT peer_certificate(struct security_context *context)
{
    const struct tls_blob *blobs;
    size_t count = tls_plugin()->peer(context->session, &blobs);
    HCERTSTORE store = count ? CertOpenStore(CERT_STORE_PROV_MEMORY, 0, 0, 0, NULL) : NULL;
    PCCERT_CONTEXT first = NULL;

    for (size_t i = 0; i < count && store; i++)
        CertAddEncodedCertificateToStore(store, X509_ASN_ENCODING, blobs[i].data, (DWORD)blobs[i].size,
                                         CERT_STORE_ADD_ALWAYS, first ? NULL : &first);
    CertCloseStore(store, 0); /* the context keeps it */
    return first;
}

static SECURITY_STATUS status_of(DWORD error)
{
    switch (error) {
    case 0:
        return SEC_E_OK;
    case (DWORD)CERT_E_EXPIRED:
        return SEC_E_CERT_EXPIRED;
    case (DWORD)CERT_E_CN_NO_MATCH:
        return SEC_E_WRONG_PRINCIPAL;
    case (DWORD)CERT_E_UNTRUSTEDROOT:
    case (DWORD)CERT_E_CHAINING:
        return SEC_E_UNTRUSTED_ROOT;
    case (DWORD)CRYPT_E_REVOKED:
        return CRYPT_E_REVOKED;
    case (DWORD)CERT_E_WRONG_USAGE:
        return SEC_E_CERT_WRONG_USAGE;
    default:
        return SEC_E_CERT_UNKNOWN;
    }
}

SECURITY_STATUS peer_validate(struct security_context *context)
{
    CERT_CHAIN_PARA para = {.cbSize = sizeof para};
    CERT_CHAIN_ENGINE_CONFIG config = {.cbSize = sizeof config, .hExclusiveRoot = context->credentials->roots};
    SSL_EXTRA_CERT_CHAIN_POLICY_PARA ssl = {.cbSize = sizeof ssl, .dwAuthType = AUTHTYPE_SERVER};
    CERT_CHAIN_POLICY_PARA policy = {.cbSize = sizeof policy, .pvExtraPolicyPara = &ssl};
    CERT_CHAIN_POLICY_STATUS status = {.cbSize = sizeof status, .dwError = (DWORD)CERT_E_UNTRUSTEDROOT};
    PCCERT_CONTEXT cert = peer_certificate(context);
    PCCERT_CHAIN_CONTEXT chain = NULL;
    HCERTCHAINENGINE engine = NULL;

    if (!cert)
        return SEC_E_CERT_UNKNOWN;
    if (!(context->credentials->flags & SCH_CRED_NO_SERVERNAME_CHECK))
        ssl.pwszServerName = context->target;
    if (config.hExclusiveRoot)
        CertCreateCertificateChainEngine(&config, &engine);
    if (CertGetCertificateChain(engine, cert, NULL, cert->hCertStore, &para, 0, NULL, &chain))
        CertVerifyCertificateChainPolicy(CERT_CHAIN_POLICY_SSL, chain, &policy, &status);
    CertFreeCertificateChain(chain);
    if (engine)
        CertFreeCertificateChainEngine(engine);
    CertFreeCertificateContext(cert);
    return status_of(status.dwError);
}
