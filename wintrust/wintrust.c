/*
 * wintrust.c: wintrust.h: is a program signed, by whom, and is that to be trusted?
 *
 * Authenticode in programs is checked for real: the hash of the file, the signature, the chain to a root of the stores,
 * and the time stamp: with one, the certificates must have been good when it was made.  Other files have no signature
 * here.
 */
#include "crypt32/message.h"
#include "crypt32/store.h"
#include <wintrust.h>
#include <softpub.h>
#include <mscat.h>

#define SPC_INDIRECT_DATA "1.3.6.1.4.1.311.2.1.4"
#define SPC_NESTED_SIGNATURE "1.3.6.1.4.1.311.2.4.1"
#define CHAIN_MAX 12

/* Which of a program's signatures is asked for; the headers at hand leave it out. */
struct signature_settings {
    DWORD size, index, flags, secondary_count, verified_index;
    const void *policy;
};
struct trust_data {
    WINTRUST_DATA data;
    struct signature_settings *settings; /* if the caller's structure is so long */
};
#define WSS_VERIFY_SPECIFIC 1
#define WSS_GET_SECONDARY_SIG_COUNT 2

/* What WinVerifyTrust leaves for the helpers: in one block. */
struct state {
    CRYPT_PROVIDER_DATA data;
    CRYPT_PROVIDER_SGNR signer, counter; /* counter: of the time stamp */
    CRYPT_PROVIDER_CERT certs[CHAIN_MAX], counter_certs[CHAIN_MAX];
    PCCERT_CHAIN_CONTEXT chain, counter_chain;
    struct timestamp timestamp;
    HCRYPTMSG message;
    HCERTSTORE store;
};

static void state_free(struct state *state)
{
    if (state->chain)
        CertFreeCertificateChain(state->chain);
    if (state->counter_chain)
        CertFreeCertificateChain(state->counter_chain);
    if (state->timestamp.signer)
        CertFreeCertificateContext(state->timestamp.signer);
    if (state->timestamp.store)
        CertCloseStore(state->timestamp.store, 0);
    CryptMsgClose(state->message);
    CertCloseStore(state->store, 0);
    crypt_free(state);
}

/* The hash that the signature is about: in the second part of the content. */
static bool signed_digest(HCRYPTMSG message, enum tls_hash *hash, BYTE *digest, DWORD *digest_size)
{
    DWORD size = 0, needed;
    BYTE *content = NULL;
    struct der_item item, part, value;
    CRYPT_ALGORITHM_IDENTIFIER *algorithm = NULL;
    char type[64];
    DWORD type_size = sizeof type;
    bool found = false;

    if (!CryptMsgGetParam(message, CMSG_INNER_CONTENT_TYPE_PARAM, 0, type, &type_size) ||
        strcmp(type, SPC_INDIRECT_DATA) || !CryptMsgGetParam(message, CMSG_CONTENT_PARAM, 0, NULL, &size) ||
        !(content = crypt_alloc(size + 1)) || !CryptMsgGetParam(message, CMSG_CONTENT_PARAM, 0, content, &size)) {
        crypt_free(content);
        return false;
    }
    const BYTE *at = content, *end = content + size;
    if (der_expect(&at, end, DER_SEQUENCE, &item)) {
        at = item.data;
        end = at + item.size;
        if (der_next(&at, end, &part) && der_expect(&at, end, DER_SEQUENCE, &part)) {
            at = part.data;
            end = at + part.size;
            if (der_expect(&at, end, DER_SEQUENCE, &item) && der_expect(&at, end, DER_OCTETS, &value) &&
                value.size <= TLS_HASH_MAX) {
                algorithm = asn_decode(&asn_algorithm, item.whole, item.whole_size, 0, &needed);
                found = algorithm && hash_from_oid(algorithm->pszObjId, hash);
                memcpy(digest, value.data, value.size);
                *digest_size = value.size;
            }
        }
    }
    crypt_free(algorithm);
    crypt_free(content);
    return found;
}

/* The chain of a certificate as it was at a time, NULL: now; told in a signer's record. */
static LONG chain_verify(PCCERT_CONTEXT signer, HCERTSTORE store, LPCSTR policy_id, LPCSTR usage_id, FILETIME *time,
                         CRYPT_PROVIDER_SGNR *told, CRYPT_PROVIDER_CERT *certs, PCCERT_CHAIN_CONTEXT *context)
{
    LPSTR usage[] = {(LPSTR)usage_id};
    CERT_CHAIN_PARA para = {.cbSize = sizeof para, .RequestedUsage = {USAGE_MATCH_TYPE_AND, {1, usage}}};
    CERT_CHAIN_POLICY_PARA policy = {.cbSize = sizeof policy};
    CERT_CHAIN_POLICY_STATUS status = {.cbSize = sizeof status};
    PCERT_SIMPLE_CHAIN chain;

    if (!CertGetCertificateChain(NULL, signer, time, store, &para, 0, NULL, context) ||
        !CertVerifyCertificateChainPolicy(policy_id, *context, &policy, &status))
        return TRUST_E_FAIL;
    chain = (*context)->rgpChain[0];
    *told = (CRYPT_PROVIDER_SGNR){.cbStruct = sizeof *told,
                                  .csCertChain = chain->cElement < CHAIN_MAX ? chain->cElement : CHAIN_MAX,
                                  .pasCertChain = certs,
                                  .dwError = status.dwError,
                                  .pChainContext = *context};
    if (time)
        told->sftVerifyAsOf = *time;
    for (DWORD i = 0; i < told->csCertChain; i++) {
        certs[i].cbStruct = sizeof certs[i];
        certs[i].pCert = chain->rgpElement[i]->pCertContext;
        certs[i].pChainElement = chain->rgpElement[i];
        certs[i].fSelfSigned = (chain->rgpElement[i]->TrustStatus.dwInfoStatus & CERT_TRUST_IS_SELF_SIGNED) != 0;
        certs[i].fTrustedRoot = certs[i].fSelfSigned && !chain->rgpElement[i]->TrustStatus.dwErrorStatus;
    }
    return (LONG)status.dwError;
}

/* With a time stamp that can be trusted, its time is what counts; a bad one is worse than none. */
static LONG signer_verify(struct state *state, PCCERT_CONTEXT signer, DWORD index)
{
    enum timestamp_found found = timestamp_read(state->message, index, &state->timestamp);
    bool lifetime = state->data.pWintrustData->dwProvFlags & WTD_LIFETIME_SIGNING_FLAG;
    LONG error;

    if (found == TIMESTAMP_BAD)
        return TRUST_E_TIME_STAMP;
    if (found == TIMESTAMP_GOOD &&
        chain_verify(state->timestamp.signer, state->timestamp.store, CERT_CHAIN_POLICY_AUTHENTICODE_TS,
                     szOID_PKIX_KP_TIMESTAMP_SIGNING, &state->timestamp.time, &state->counter, state->counter_certs,
                     &state->counter_chain))
        return TRUST_E_COUNTER_SIGNER;
    error = chain_verify(signer, state->store, CERT_CHAIN_POLICY_AUTHENTICODE, szOID_PKIX_KP_CODE_SIGNING,
                         found == TIMESTAMP_GOOD && !lifetime ? &state->timestamp.time : NULL, &state->signer,
                         state->certs, &state->chain);
    if (found == TIMESTAMP_GOOD) {
        state->signer.csCounterSigners = 1;
        state->signer.pasCounterSigners = &state->counter;
    }
    state->data.csSigners = 1;
    state->data.pasSigners = &state->signer;
    return error;
}

static struct signature_settings *settings_of(const WINTRUST_DATA *trust)
{
    struct signature_settings *settings =
        trust->cbStruct >= sizeof(struct trust_data) ? ((const struct trust_data *)trust)->settings : NULL;

    return settings && settings->size >= offsetof(struct signature_settings, policy) ? settings : NULL;
}

static HCRYPTMSG message_open(const BYTE *data, DWORD size)
{
    HCRYPTMSG message = CryptMsgOpenToDecode(ENCODING_ANY, 0, 0, 0, NULL, NULL);

    if (message && CryptMsgUpdate(message, data, size, TRUE))
        return message;
    CryptMsgClose(message);
    return NULL;
}

/* Further signatures lie in the first one's attributes; the one that the caller wants takes its place. */
static bool signature_choose(struct state *state)
{
    struct signature_settings *settings = settings_of(state->data.pWintrustData);
    DWORD wanted = settings && settings->flags & WSS_VERIFY_SPECIFIC ? settings->index : 0, size = 0, count = 0;
    CRYPT_ATTRIBUTES *attributes = NULL;
    PCRYPT_ATTRIBUTE nested = NULL;
    HCRYPTMSG message;

    if (!settings)
        return true;
    if (CryptMsgGetParam(state->message, CMSG_SIGNER_UNAUTH_ATTR_PARAM, 0, NULL, &size) &&
        (attributes = crypt_alloc(size)) &&
        CryptMsgGetParam(state->message, CMSG_SIGNER_UNAUTH_ATTR_PARAM, 0, attributes, &size))
        nested = CertFindAttribute(SPC_NESTED_SIGNATURE, attributes->cAttr, attributes->rgAttr);
    if (nested)
        count = nested->cValue;
    if (settings->flags & WSS_GET_SECONDARY_SIG_COUNT)
        settings->secondary_count = count;
    settings->verified_index = wanted;
    if (wanted && wanted <= count) {
        message = message_open(nested->rgValue[wanted - 1].pbData, nested->rgValue[wanted - 1].cbData);
        CryptMsgClose(state->message);
        state->message = message;
    }
    crypt_free(attributes);
    return wanted <= count && state->message;
}

static LONG image_verify(struct state *state, const BYTE *data, DWORD size)
{
    BYTE digest[TLS_HASH_MAX], own[TLS_HASH_MAX];
    DWORD digest_size = 0;
    CRYPT_DATA_BLOB signature;
    enum tls_hash hash;
    PCCERT_CONTEXT signer;
    DWORD index = 0;
    LONG error;

    if (size < 2 || data[0] != 'M' || data[1] != 'Z')
        return TRUST_E_SUBJECT_FORM_UNKNOWN;
    if (!image_signature(data, size, &signature))
        return TRUST_E_NOSIGNATURE;
    state->message = message_open(signature.pbData, signature.cbData);
    if (!state->message || !signature_choose(state))
        return TRUST_E_NOSIGNATURE;
    state->data.hMsg = state->message;
    state->store = CertOpenStore(CERT_STORE_PROV_MSG, ENCODING_ANY, 0, 0, state->message);
    if (!signed_digest(state->message, &hash, digest, &digest_size))
        return TRUST_E_NOSIGNATURE;
    if (image_digest(data, size, hash, own) != digest_size || memcmp(own, digest, digest_size))
        return TRUST_E_BAD_DIGEST;
    if (!CryptMsgGetAndVerifySigner(state->message, 0, NULL, 0, &signer, &index))
        return TRUST_E_CERT_SIGNATURE;
    error = signer_verify(state, signer, index);
    CertFreeCertificateContext(signer);
    return error;
}

static BYTE *handle_read(HANDLE file, DWORD *size)
{
    LARGE_INTEGER length, zero = {.QuadPart = 0}, old;
    BYTE *data = NULL;

    *size = 0;
    if (GetFileSizeEx(file, &length) && length.QuadPart < 1 << 30 && SetFilePointerEx(file, zero, &old, FILE_CURRENT)) {
        SetFilePointerEx(file, zero, NULL, FILE_BEGIN);
        data = crypt_alloc((size_t)length.QuadPart + 1);
        if (data && !ReadFile(file, data, (DWORD)length.QuadPart, size, NULL))
            *size = 0;
        SetFilePointerEx(file, old, NULL, FILE_BEGIN);
    }
    return data;
}

static BYTE *path_read(const WCHAR *path, DWORD *size)
{
    HANDLE file = CreateFileW(path, GENERIC_READ, FILE_SHARE_READ, NULL, OPEN_EXISTING, 0, NULL);
    BYTE *data;

    if (file == INVALID_HANDLE_VALUE)
        return NULL;
    data = handle_read(file, size);
    CloseHandle(file);
    return data;
}

static LONG file_verify(struct state *state, const WINTRUST_FILE_INFO *file)
{
    DWORD size = 0;
    BYTE *data = file->hFile && file->hFile != INVALID_HANDLE_VALUE ? handle_read(file->hFile, &size)
                                                                    : path_read(file->pcwszFilePath, &size);
    LONG error = data ? image_verify(state, data, size) : CRYPT_E_FILE_ERROR;

    crypt_free(data);
    return error;
}

static LONG verify(WINTRUST_DATA *trust, GUID *action)
{
    struct state *state = crypt_alloc(sizeof *state);
    LONG error;

    if (!state)
        return ERROR_OUTOFMEMORY;
    state->data.cbStruct = sizeof state->data;
    state->data.pWintrustData = trust;
    state->data.pgActionID = action;
    state->data.dwEncoding = ENCODING_ANY;
    switch (trust->dwUnionChoice) {
    case WTD_CHOICE_FILE:
        error = trust->pFile ? file_verify(state, trust->pFile) : TRUST_E_PROVIDER_UNKNOWN;
        break;
    case WTD_CHOICE_BLOB:
        error = trust->pBlob ? image_verify(state, trust->pBlob->pbMemObject, trust->pBlob->cbMemObject)
                             : TRUST_E_PROVIDER_UNKNOWN;
        break;
    case WTD_CHOICE_CATALOG:
        error = TRUST_E_NOSIGNATURE; /* there are no catalogs */
        break;
    default:
        error = TRUST_E_ACTION_UNKNOWN;
    }
    state->data.dwError = (DWORD)error;
    if (trust->dwStateAction == WTD_STATEACTION_VERIFY)
        trust->hWVTStateData = state;
    else
        state_free(state);
    return error;
}

LONG WINAPI WinVerifyTrust(HWND window, GUID *action, LPVOID data)
{
    static const GUID generic = WINTRUST_ACTION_GENERIC_VERIFY_V2, driver = DRIVER_ACTION_VERIFY;
    WINTRUST_DATA *trust = data;
    LONG error;

    (void)window;
    if (!action || !trust)
        return (LONG)ERROR_INVALID_PARAMETER;
    if (memcmp(action, &generic, sizeof generic) && memcmp(action, &driver, sizeof driver)) {
        SetLastError((DWORD)TRUST_E_PROVIDER_UNKNOWN);
        return TRUST_E_PROVIDER_UNKNOWN;
    }
    if (trust->dwStateAction == WTD_STATEACTION_CLOSE) {
        if (trust->hWVTStateData)
            state_free(trust->hWVTStateData);
        trust->hWVTStateData = NULL;
        return 0;
    }
    error = verify(trust, action);
    SetLastError((DWORD)error);
    return error;
}

HRESULT WINAPI WinVerifyTrustEx(HWND window, GUID *action, WINTRUST_DATA *data)
{
    return WinVerifyTrust(window, action, data);
}

CRYPT_PROVIDER_DATA *WINAPI WTHelperProvDataFromStateData(HANDLE handle)
{
    struct state *state = handle;

    return state ? &state->data : NULL;
}

CRYPT_PROVIDER_SGNR *WINAPI WTHelperGetProvSignerFromChain(CRYPT_PROVIDER_DATA *data, DWORD signer, BOOL counter,
                                                           DWORD counter_index)
{
    CRYPT_PROVIDER_SGNR *found = data && signer < data->csSigners ? &data->pasSigners[signer] : NULL;

    if (!found || !counter)
        return found;
    return counter_index < found->csCounterSigners ? &found->pasCounterSigners[counter_index] : NULL;
}

CRYPT_PROVIDER_CERT *WINAPI WTHelperGetProvCertFromChain(CRYPT_PROVIDER_SGNR *signer, DWORD index)
{
    return signer && index < signer->csCertChain ? &signer->pasCertChain[index] : NULL;
}

void WINAPI WintrustGetRegPolicyFlags(DWORD *flags)
{
    *flags = WTPF_IGNOREREVOKATION;
}

/* Catalogs: the calls that look for a file's; none has one. */
#define CATALOG_ADMIN ((HCATADMIN)0x63617461)

BOOL WINAPI CryptCATAdminAcquireContext(HCATADMIN *admin, const GUID *subsystem, DWORD flags)
{
    (void)subsystem;
    if (!admin || flags)
        return crypt_fail(ERROR_INVALID_PARAMETER);
    *admin = CATALOG_ADMIN;
    return TRUE;
}

BOOL WINAPI CryptCATAdminAcquireContext2(HCATADMIN *admin, const GUID *subsystem, PCWSTR hash,
                                         PCCERT_STRONG_SIGN_PARA policy, DWORD flags)
{
    (void)hash, (void)policy;
    return CryptCATAdminAcquireContext(admin, subsystem, flags);
}

BOOL WINAPI CryptCATAdminReleaseContext(HCATADMIN admin, DWORD flags)
{
    (void)flags;
    return admin == CATALOG_ADMIN ? TRUE : crypt_fail(ERROR_INVALID_PARAMETER);
}

BOOL WINAPI CryptCATAdminCalcHashFromFileHandle(HANDLE file, DWORD *size, BYTE *hash, DWORD flags)
{
    BYTE value[TLS_HASH_MAX], *data;
    DWORD data_size, length, room;

    if (!file || !size || flags)
        return crypt_fail(ERROR_INVALID_PARAMETER);
    data = handle_read(file, &data_size);
    if (!data)
        return FALSE;
    length = image_digest(data, data_size, TLS_HASH_SHA1, value);
    if (!length)
        length = host_digest(TLS_HASH_SHA1, data, data_size, value);
    crypt_free(data);
    room = *size;
    *size = length;
    if (!hash || room < length)
        return crypt_fail(ERROR_INSUFFICIENT_BUFFER);
    memcpy(hash, value, length);
    return TRUE;
}

HCATINFO WINAPI CryptCATAdminEnumCatalogFromHash(HCATADMIN admin, BYTE *hash, DWORD size, DWORD flags,
                                                 HCATINFO *previous)
{
    (void)admin, (void)hash, (void)size, (void)flags;
    if (previous)
        *previous = NULL;
    SetLastError(ERROR_NOT_FOUND);
    return NULL;
}

BOOL WINAPI CryptCATAdminReleaseCatalogContext(HCATADMIN admin, HCATINFO info, DWORD flags)
{
    (void)admin, (void)info, (void)flags;
    return crypt_fail(ERROR_INVALID_PARAMETER); /* there is none */
}
