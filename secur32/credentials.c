/*
 * credentials.c: sspi.h: credentials of Schannel: which protocols, which certificate, which checks.
 */
#include "secur32/schannel.h"

#define CREDENTIALS_MAGIC 0x64657263u

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

struct credentials *credentials_from(const CredHandle *handle)
{
    struct credentials *credentials = handle ? (struct credentials *)handle->dwLower : NULL;

    return (ULONG_PTR)credentials > 0xffff && (LONG_PTR)credentials != -1 && credentials->magic == CREDENTIALS_MAGIC
               ? credentials
               : NULL;
}

void credentials_release(struct credentials *credentials)
{
    if (__sync_sub_and_fetch(&credentials->references, 1))
        return;
    for (unsigned i = 0; i < credentials->chain_count; i++)
        CertFreeCertificateContext(credentials->chain[i]);
    CertCloseStore(credentials->roots, 0);
    credentials->magic = 0;
    crypt_free(credentials);
}

/* The certificate and those above it but the root, as they go over the wire. */
static SECURITY_STATUS take_certificate(struct credentials *credentials, PCCERT_CONTEXT cert)
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

SECURITY_STATUS WINAPI AcquireCredentialsHandleW(SEC_WCHAR *principal, SEC_WCHAR *package, ULONG use, void *logon,
                                                 void *data, SEC_GET_KEY_FN get_key, void *argument, PCredHandle handle,
                                                 PTimeStamp expiry)
{
    struct credentials *credentials;
    struct wanted wanted;
    SECURITY_STATUS status;
    bool server = use & SECPKG_CRED_INBOUND;

    (void)principal, (void)logon, (void)get_key, (void)argument;
    if (!package || (wide_compare_nocase(package, PACKAGE_NAME) && wide_compare_nocase(package, L"Schannel")))
        return SEC_E_SECPKG_NOT_FOUND;
    if (!tls_plugin())
        return SEC_E_INTERNAL_ERROR;
    if (!handle || (use & SECPKG_CRED_BOTH) == 0)
        return SEC_E_INVALID_PARAMETER;
    status = read_wanted(data, server, &wanted);
    if (status)
        return status;
    credentials = crypt_alloc(sizeof *credentials);
    if (!credentials)
        return SEC_E_INSUFFICIENT_MEMORY;
    credentials->magic = CREDENTIALS_MAGIC;
    credentials->references = 1;
    credentials->server = server;
    credentials->versions = wanted.versions;
    credentials->flags = wanted.flags;
    credentials->roots = CertDuplicateStore(wanted.roots);
    if (wanted.count)
        status = take_certificate(credentials, wanted.certificates[0]);
    else if (server)
        status = SEC_E_NO_CREDENTIALS;
    if (status) {
        credentials_release(credentials);
        return status;
    }
    handle->dwLower = (ULONG_PTR)credentials;
    handle->dwUpper = 0;
    if (expiry)
        expiry->QuadPart = INT64_MAX;
    return SEC_E_OK;
}

SECURITY_STATUS WINAPI AcquireCredentialsHandleA(SEC_CHAR *principal, SEC_CHAR *package, ULONG use, void *logon,
                                                 void *data, SEC_GET_KEY_FN get_key, void *argument, PCredHandle handle,
                                                 PTimeStamp expiry)
{
    WCHAR *wide = wide_from_ansi(package);
    SECURITY_STATUS status = AcquireCredentialsHandleW(NULL, wide, use, logon, data, get_key, argument, handle, expiry);

    (void)principal;
    crypt_free(wide);
    return status;
}

SECURITY_STATUS WINAPI FreeCredentialsHandle(PCredHandle handle)
{
    struct credentials *credentials = credentials_from(handle);

    if (!credentials)
        return SEC_E_INVALID_HANDLE;
    credentials_release(credentials);
    handle->dwLower = handle->dwUpper = (ULONG_PTR)-1;
    return SEC_E_OK;
}

SECURITY_STATUS WINAPI QueryCredentialsAttributesW(PCredHandle handle, ULONG attribute, void *buffer)
{
    struct credentials *credentials = credentials_from(handle);

    if (!credentials)
        return SEC_E_INVALID_HANDLE;
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

SECURITY_STATUS WINAPI QueryCredentialsAttributesA(PCredHandle handle, ULONG attribute, void *buffer)
{
    return QueryCredentialsAttributesW(handle, attribute, buffer); /* no texts among them */
}
