/*
 * schannel_credentials.c: credentials of Schannel: which protocols, which certificate, which checks.
 */
#include "secur32/schannel.h"

/* Bits of a client; a server's are half of them. */
static const struct {
    DWORD client, server;
    unsigned version;
} protocols[] = {
    {SP_PROT_TLS1_0_CLIENT, SP_PROT_TLS1_0_SERVER, TLS_1_0},
    {SP_PROT_TLS1_1_CLIENT, SP_PROT_TLS1_1_SERVER, TLS_1_1},
    {SP_PROT_TLS1_2_CLIENT, SP_PROT_TLS1_2_SERVER, TLS_1_2},
    {SP_PROT_TLS1_3_CLIENT, SP_PROT_TLS1_3_SERVER, TLS_1_3},
};

static unsigned versions_from(DWORD bits, bool server)
{
    unsigned versions = 0;

    for (size_t i = 0; i < sizeof protocols / sizeof *protocols; i++)
        if (bits & (server ? protocols[i].server : protocols[i].client))
            versions |= protocols[i].version;
    return versions;
}

void schannel_release(struct credentials_head *head)
{
    struct credentials *credentials = (struct credentials *)head;

    for (unsigned i = 0; i < credentials->chain_count; i++)
        CertFreeCertificateContext(credentials->chain[i]);
    CertCloseStore(credentials->roots, 0);
    sessions_forget(credentials);
    crypt_free(credentials);
}

/* The certificate and those above it but the root, as they go over the wire. */
SECURITY_STATUS credentials_take(struct credentials *credentials, PCCERT_CONTEXT cert)
{
    CERT_CHAIN_PARA para = {.cbSize = sizeof para};
    PCCERT_CHAIN_CONTEXT chain;

    if (!cert_private_key(cert).cbData)
        return SEC_E_NO_CREDENTIALS;
    credentials->certificate = credentials->chain[0] = CertDuplicateCertificateContext(cert);
    credentials->chain_count = 1;
    if (!CertGetCertificateChain(NULL, cert, NULL, NULL, &para, 0, NULL, &chain))
        return SEC_E_OK;
    for (DWORD i = 1; i < chain->rgpChain[0]->cElement && credentials->chain_count < CHAIN_BLOBS; i++) {
        PCERT_CHAIN_ELEMENT element = chain->rgpChain[0]->rgpElement[i];

        if (!(element->TrustStatus.dwInfoStatus & CERT_TRUST_IS_SELF_SIGNED))
            credentials->chain[credentials->chain_count++] = CertDuplicateCertificateContext(element->pCertContext);
    }
    CertFreeCertificateChain(chain);
    return SEC_E_OK;
}

/* Of both versions of the structure the same is wanted. */
struct wanted {
    DWORD count, flags;
    PCCERT_CONTEXT *certificates;
    HCERTSTORE roots;
    unsigned versions;
};

static SECURITY_STATUS read_wanted(const void *data, bool server, struct wanted *wanted)
{
    const SCHANNEL_CRED *old = data;
    const SCH_CREDENTIALS *current = data;

    *wanted = (struct wanted){.versions = TLS_1_2};
    if (!data)
        return SEC_E_OK;
    if (old->dwVersion == SCHANNEL_CRED_VERSION) {
        *wanted =
            (struct wanted){old->cCreds, old->dwFlags, old->paCred, old->hRootStore,
                            old->grbitEnabledProtocols ? versions_from(old->grbitEnabledProtocols, server) : TLS_1_2};
    } else if (old->dwVersion == SCH_CREDENTIALS_VERSION) {
        DWORD disabled =
            current->cTlsParameters && current->pTlsParameters ? current->pTlsParameters[0].grbitDisabledProtocols : 0;

        *wanted = (struct wanted){current->cCreds, current->dwFlags, current->paCred, current->hRootStore,
                                  (TLS_1_2 | TLS_1_3) & ~versions_from(disabled, server)};
    } else {
        return SEC_E_UNKNOWN_CREDENTIALS;
    }
    if (!wanted->versions)
        return SEC_E_ALGORITHM_MISMATCH;
    return wanted->count && !wanted->certificates ? SEC_E_UNKNOWN_CREDENTIALS : SEC_E_OK;
}

SECURITY_STATUS schannel_acquire(const struct acquire *acquire, struct credentials_head **result)
{
    struct credentials *credentials;
    struct wanted wanted;
    SECURITY_STATUS status;
    bool server = acquire->use & SECPKG_CRED_INBOUND;

    if (!tls_plugin())
        return SEC_E_INTERNAL_ERROR;
    status = read_wanted(acquire->data, server, &wanted);
    if (status)
        return status;
    credentials = crypt_alloc(sizeof *credentials);
    if (!credentials)
        return SEC_E_INSUFFICIENT_MEMORY;
    credentials->server = server;
    credentials->versions = wanted.versions;
    credentials->flags = wanted.flags;
    credentials->roots = CertDuplicateStore(wanted.roots);
    if (wanted.count)
        status = credentials_take(credentials, wanted.certificates[0]);
    else if (server)
        status = SEC_E_NO_CREDENTIALS;
    if (status)
        schannel_release(&credentials->head);
    else
        *result = &credentials->head;
    return status;
}

SECURITY_STATUS schannel_credentials_query(struct credentials_head *head, ULONG attribute, void *buffer)
{
    struct credentials *credentials = (struct credentials *)head;

    switch (attribute) {
    case SECPKG_ATTR_SUPPORTED_PROTOCOLS: {
        SecPkgCred_SupportedProtocols *supported = buffer;

        supported->grbitProtocol = 0;
        for (size_t i = 0; i < sizeof protocols / sizeof *protocols; i++)
            if (credentials->versions & protocols[i].version)
                supported->grbitProtocol |= credentials->server ? protocols[i].server : protocols[i].client;
        return SEC_E_OK;
    }
    case SECPKG_ATTR_CIPHER_STRENGTHS:
        *(SecPkgCred_CipherStrengths *)buffer = (SecPkgCred_CipherStrengths){128, 256};
        return SEC_E_OK;
    case SECPKG_ATTR_SUPPORTED_ALGS: {
        static ALG_ID algorithms[] = {CALG_AES_128, CALG_AES_256,  CALG_SHA1,  CALG_SHA_256,
                                      CALG_SHA_384, CALG_RSA_SIGN, CALG_ECDSA, CALG_ECDH_EPHEM};
        SecPkgCred_SupportedAlgs *supported = buffer;
        ALG_ID *list = context_buffer(sizeof algorithms);

        if (!list)
            return SEC_E_INSUFFICIENT_MEMORY;
        memcpy(list, algorithms, sizeof algorithms);
        *supported = (SecPkgCred_SupportedAlgs){sizeof algorithms / sizeof *algorithms, list};
        return SEC_E_OK;
    }
    default:
        return SEC_E_UNSUPPORTED_FUNCTION;
    }
}

/* One package under two names. */
#define SCHANNEL(PACKAGE_NAME)                                                                                         \
    {                                                                                                                  \
        .name = PACKAGE_NAME, .comment = L"Schannel Security Package",                                                 \
        .capabilities = SECPKG_FLAG_INTEGRITY | SECPKG_FLAG_PRIVACY | SECPKG_FLAG_CONNECTION |                         \
                        SECPKG_FLAG_MULTI_REQUIRED | SECPKG_FLAG_EXTENDED_ERROR | SECPKG_FLAG_IMPERSONATION |          \
                        SECPKG_FLAG_ACCEPT_WIN32_NAME | SECPKG_FLAG_STREAM | SECPKG_FLAG_MUTUAL_AUTH,                  \
        .rpc_id = 14, /* RPC_C_AUTHN_GSS_SCHANNEL */                                                                   \
            .max_token = MAX_TOKEN, .acquire = schannel_acquire, .release = schannel_release,                          \
        .credentials_query = schannel_credentials_query, .step = schannel_step, .close = schannel_close,               \
        .query = schannel_query, .change = schannel_change, .control = schannel_control, .encrypt = schannel_encrypt,  \
        .decrypt = schannel_decrypt,                                                                                   \
    }

const struct package schannel_package = SCHANNEL(L"Schannel");
const struct package unisp_package = SCHANNEL(L"Microsoft Unified Security Protocol Provider");
