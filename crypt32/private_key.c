/*
 * private_key.c: wincrypt.h: the private keys of certificates, in containers and behind handles.
 *
 * A certificate names its key by CERT_KEY_PROV_INFO_PROP_ID, or holds a handle of it (CERT_KEY_CONTEXT_PROP_ID).  What
 * crypt32 and Schannel sign with is the key itself (PKCS #8), fetched at the first need.
 *
 * Layer: crypt32, above ncrypt and CryptoAPI.
 */
#include "crypt32/private_key.h"
#include "crypto/csp.h"
#include "crypto/ncrypt_key.h"

BCRYPT_KEY_HANDLE handle_pair(HCRYPTPROV_OR_NCRYPT_KEY_HANDLE handle, DWORD spec, bool *exportable)
{
    BCRYPT_KEY_HANDLE pair = ncrypt_bcrypt_key(handle, exportable);
    struct csp_context *context;

    if (pair)
        return pair;
    context = csp_context(handle);
    if (!context)
        return NULL;
    spec = spec == AT_KEYEXCHANGE || spec == AT_SIGNATURE ? spec
           : !spec && !csp_pair(context, AT_KEYEXCHANGE)  ? AT_SIGNATURE
                                                          : AT_KEYEXCHANGE;
    pair = csp_pair(context, spec);
    *exportable = context->exportable[spec];
    if (!pair)
        SetLastError((DWORD)NTE_NO_KEY);
    return pair;
}

bool handle_pkcs8(HCRYPTPROV_OR_NCRYPT_KEY_HANDLE handle, DWORD spec, CRYPT_DATA_BLOB *key)
{
    bool exportable;
    BCRYPT_KEY_HANDLE pair = handle_pair(handle, spec, &exportable);

    key->pbData = pair ? key_to_pkcs8(pair, &key->cbData) : NULL;
    return key->pbData || crypt_fail((DWORD)NTE_NO_KEY);
}

bool pair_fits(BCRYPT_KEY_HANDLE pair, const CERT_PUBLIC_KEY_INFO *info)
{
    DWORD size, needed;
    BYTE *data = key_public_info(pair, &size);
    CERT_PUBLIC_KEY_INFO *own = data ? asn_decode(&asn_public_key, data, size, 0, &needed) : NULL;
    bool fits = own && CertComparePublicKeyInfo(X509_ASN_ENCODING, own, (CERT_PUBLIC_KEY_INFO *)info);

    crypt_free(own);
    crypt_free(data);
    return fits;
}

void key_context_release(const CERT_KEY_CONTEXT *context)
{
    if (context->dwKeySpec == CERT_NCRYPT_KEY_SPEC)
        NCryptFreeObject(context->hNCryptKey);
    else if (context->hCryptProv)
        CryptReleaseContext(context->hCryptProv, 0);
}

void key_context_reference(const CERT_KEY_CONTEXT *context)
{
    if (context->dwKeySpec == CERT_NCRYPT_KEY_SPEC)
        ncrypt_reference(context->hNCryptKey);
    else if (context->hCryptProv)
        CryptContextAddRef(context->hCryptProv, NULL, 0);
}

/* ---- where a certificate says that its key is ---- */

static CRYPT_KEY_PROV_INFO *prov_info(struct body *body)
{
    DWORD size = 0;
    CRYPT_KEY_PROV_INFO *info = NULL;

    if (body_property(body, CERT_KEY_PROV_INFO_PROP_ID, NULL, &size) && (info = crypt_alloc(size)) &&
        !body_property(body, CERT_KEY_PROV_INFO_PROP_ID, info, &size)) {
        crypt_free(info);
        info = NULL;
    }
    return info;
}

static SECURITY_STATUS open_ncrypt(const CRYPT_KEY_PROV_INFO *info, NCRYPT_KEY_HANDLE *key)
{
    NCRYPT_PROV_HANDLE provider;
    SECURITY_STATUS status = NCryptOpenStorageProvider(&provider, info->dwProvType ? NULL : info->pwszProvName, 0);

    if (status)
        return status;
    status = info->pwszContainerName ? NCryptOpenKey(provider, key, info->pwszContainerName, info->dwKeySpec,
                                                     info->dwFlags & CRYPT_MACHINE_KEYSET ? NCRYPT_MACHINE_KEY_FLAG : 0)
                                     : NTE_BAD_KEYSET;
    NCryptFreeObject(provider);
    return status;
}

static void body_key_fetch(struct body *body)
{
    CERT_KEY_CONTEXT context = {0};
    CRYPT_KEY_PROV_INFO *info;
    CRYPT_DATA_BLOB key = {0};
    NCRYPT_KEY_HANDLE opened = 0;
    DWORD size = sizeof context;
    bool exportable = false, found;

    if (body_property(body, CERT_KEY_CONTEXT_PROP_ID, &context, &size)) {
        found = handle_pkcs8(context.hCryptProv, context.dwKeySpec, &key);
        if (found)
            handle_pair(context.hCryptProv, context.dwKeySpec, &exportable);
    } else if ((info = prov_info(body))) {
        found = !open_ncrypt(info, &opened) && handle_pkcs8(opened, 0, &key);
        if (found)
            ncrypt_bcrypt_key(opened, &exportable);
        if (opened)
            NCryptFreeObject(opened);
        crypt_free(info);
    }
    if (key.pbData)
        body_key_set(body, key.pbData, key.cbData, exportable);
    if (key.pbData)
        crypto_free_secret(key.pbData, key.cbData);
}

CRYPT_DATA_BLOB body_private_key(struct body *body)
{
    if (!__atomic_load_n(&body->key.cbData, __ATOMIC_ACQUIRE) && body->kind == BODY_CERT)
        body_key_fetch(body);
    return body->key;
}

CRYPT_DATA_BLOB cert_private_key(PCCERT_CONTEXT cert)
{
    struct context *context = cert ? context_from(cert) : NULL;

    return context ? body_private_key(context->body) : (CRYPT_DATA_BLOB){0};
}

/* ---- keeping keys that came with certificates ---- */

static void container_new_name(WCHAR name[39])
{
    static const WCHAR digits[] = L"0123456789ABCDEF";
    BYTE bytes[16];
    int at = 0;

    random_bytes(bytes, sizeof bytes);
    name[at++] = '{';
    for (int i = 0; i < 16; i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            name[at++] = '-';
        name[at++] = digits[bytes[i] >> 4];
        name[at++] = digits[bytes[i] & 15];
    }
    name[at++] = '}';
    name[at] = 0;
}

static bool keep_handle(struct body *body, BCRYPT_KEY_HANDLE pair)
{
    CERT_KEY_CONTEXT context = {.cbSize = sizeof context, .dwKeySpec = CERT_NCRYPT_KEY_SPEC};

    return !ncrypt_key_wrap(pair, &context.hNCryptKey) && body_key_context_set(body, &context, true);
}

/* RSA goes to CryptoAPI unless the caller wants otherwise, as on Windows; the rest is ncrypt's alone. */
static bool keep_named(struct body *body, BCRYPT_KEY_HANDLE pair, DWORD flags)
{
    bool machine = flags & CRYPT_MACHINE_KEYSET, exportable = flags & CRYPT_EXPORTABLE, kept;
    bool legacy = key_from_handle(pair)->algorithm.info->kind == KIND_RSA &&
                  !(flags & (PKCS12_PREFER_CNG_KSP | PKCS12_ALWAYS_CNG_KSP));
    WCHAR name[39];
    CRYPT_KEY_PROV_INFO info = {.pwszContainerName = name,
                                .pwszProvName = (LPWSTR)(legacy ? MS_ENHANCED_PROV_W : MS_KEY_STORAGE_PROVIDER),
                                .dwProvType = legacy ? PROV_RSA_FULL : 0,
                                .dwFlags = machine ? CRYPT_MACHINE_KEYSET : 0,
                                .dwKeySpec = legacy ? AT_KEYEXCHANGE : 0};

    container_new_name(name);
    if (legacy) {
        kept = !container_store(name, machine, AT_KEYEXCHANGE, pair, exportable);
        BCryptDestroyKey(pair);
    } else {
        kept = !ncrypt_key_keep(name, machine, pair,
                                exportable ? NCRYPT_ALLOW_EXPORT_FLAG | NCRYPT_ALLOW_PLAINTEXT_EXPORT_FLAG : 0);
    }
    return kept && body_prov_info_set(body, &info);
}

bool body_key_keep(struct body *body, const void *pkcs8, DWORD size, DWORD flags)
{
    BCRYPT_KEY_HANDLE pair;
    bool kept = false;

    /* a kind that only GnuTLS knows stays in memory, and so does any where nothing can be written */
    if (!key_from_pkcs8(pkcs8, size, false, &pair))
        kept = flags & PKCS12_NO_PERSIST_KEY ? keep_handle(body, pair) : keep_named(body, pair, flags);
    return body_key_set(body, pkcs8, size, flags & CRYPT_EXPORTABLE) && kept;
}

/* ---- for programs ---- */

static bool search(PCCERT_CONTEXT cert, struct body *body, bool machine)
{
    DWORD index = 0, spec;
    WCHAR name[256];
    bool found = false, exportable;

    while (!found && ncrypt_key_next(&index, machine, name, &spec)) {
        CRYPT_KEY_PROV_INFO info = {.pwszContainerName = name,
                                    .pwszProvName = (LPWSTR)(spec ? MS_ENHANCED_PROV_W : MS_KEY_STORAGE_PROVIDER),
                                    .dwProvType = spec ? PROV_RSA_FULL : 0,
                                    .dwFlags = machine ? CRYPT_MACHINE_KEYSET : 0,
                                    .dwKeySpec = spec};
        NCRYPT_KEY_HANDLE key;

        if (open_ncrypt(&info, &key))
            continue;
        found = pair_fits(ncrypt_bcrypt_key(key, &exportable), &cert->pCertInfo->SubjectPublicKeyInfo) &&
                body_prov_info_set(body, &info);
        NCryptFreeObject(key);
    }
    return found;
}

BOOL WINAPI CryptFindCertificateKeyProvInfo(PCCERT_CONTEXT cert, DWORD flags, void *reserved)
{
    struct context *context = context_from(cert);
    DWORD where = flags & (CRYPT_FIND_USER_KEYSET_FLAG | CRYPT_FIND_MACHINE_KEYSET_FLAG);
    CRYPT_KEY_PROV_INFO *info;
    NCRYPT_KEY_HANDLE key;
    bool exportable, fits = false;

    (void)reserved;
    if (!context)
        return FALSE;
    if (!crypto_plugin())
        return crypt_fail((DWORD)NTE_NO_KEY);
    if ((info = prov_info(context->body)) && !open_ncrypt(info, &key)) { /* what it says may be right */
        fits = pair_fits(ncrypt_bcrypt_key(key, &exportable), &cert->pCertInfo->SubjectPublicKeyInfo);
        NCryptFreeObject(key);
    }
    crypt_free(info);
    return fits || ((!where || where & CRYPT_FIND_USER_KEYSET_FLAG) && search(cert, context->body, false)) ||
                   ((!where || where & CRYPT_FIND_MACHINE_KEYSET_FLAG) && search(cert, context->body, true))
               ? TRUE
               : crypt_fail((DWORD)NTE_NO_KEY);
}

/* By the certificate's handle, if it has one that the caller can use. */
static bool acquire_held(struct body *body, DWORD flags, CERT_KEY_CONTEXT *key, bool *owned)
{
    DWORD size = sizeof *key;
    NCRYPT_KEY_HANDLE translated;

    if (!body_property(body, CERT_KEY_CONTEXT_PROP_ID, key, &size))
        return false;
    if (!key->dwKeySpec)
        key->dwKeySpec = AT_KEYEXCHANGE;
    *owned = false;
    if (key->dwKeySpec == CERT_NCRYPT_KEY_SPEC)
        return flags & CRYPT_ACQUIRE_NCRYPT_KEY_FLAGS_MASK;
    if (!(flags & CRYPT_ACQUIRE_ONLY_NCRYPT_KEY_FLAG))
        return true;
    if (NCryptTranslateHandle(NULL, &translated, key->hCryptProv, 0, key->dwKeySpec, 0))
        return false;
    key->hNCryptKey = translated;
    key->dwKeySpec = CERT_NCRYPT_KEY_SPEC;
    return *owned = true;
}

static DWORD acquire_named(const CRYPT_KEY_PROV_INFO *info, DWORD flags, CERT_KEY_CONTEXT *key)
{
    bool ncrypt =
        !info->dwProvType || flags & (CRYPT_ACQUIRE_PREFER_NCRYPT_KEY_FLAG | CRYPT_ACQUIRE_ONLY_NCRYPT_KEY_FLAG);
    SECURITY_STATUS status;

    if (ncrypt && !(flags & CRYPT_ACQUIRE_NCRYPT_KEY_FLAGS_MASK))
        return (DWORD)NTE_BAD_PROV_TYPE;
    if (ncrypt) {
        status = open_ncrypt(info, &key->hNCryptKey);
        key->dwKeySpec = CERT_NCRYPT_KEY_SPEC;
        return (DWORD)status;
    }
    key->dwKeySpec = info->dwKeySpec ? info->dwKeySpec : AT_KEYEXCHANGE;
    return CryptAcquireContextW(&key->hCryptProv, info->pwszContainerName, info->pwszProvName, info->dwProvType,
                                info->dwFlags & (CRYPT_MACHINE_KEYSET | CRYPT_SILENT))
               ? 0
               : GetLastError();
}

BOOL WINAPI CryptAcquireCertificatePrivateKey(PCCERT_CONTEXT cert, DWORD flags, void *parameters,
                                              HCRYPTPROV_OR_NCRYPT_KEY_HANDLE *handle, DWORD *spec, BOOL *caller_frees)
{
    struct context *context = context_from(cert);
    CERT_KEY_CONTEXT key = {.cbSize = sizeof key};
    CRYPT_KEY_PROV_INFO *info;
    bool owned = true, exportable, cache = flags & CRYPT_ACQUIRE_CACHE_FLAG;
    DWORD error;

    (void)parameters;
    if (!context || !handle)
        return context ? crypt_fail((DWORD)E_INVALIDARG) : FALSE;
    *handle = 0;
    if (!acquire_held(context->body, flags, &key, &owned)) {
        info = prov_info(context->body);
        if (!info && !(flags & CRYPT_ACQUIRE_NO_HEALING) && CryptFindCertificateKeyProvInfo(cert, 0, NULL))
            info = prov_info(context->body);
        if (!info)
            return crypt_fail((DWORD)CRYPT_E_NO_KEY_PROPERTY);
        error = acquire_named(info, flags, &key);
        cache = cache || (flags & CRYPT_ACQUIRE_USE_PROV_INFO_FLAG && info->dwFlags & CERT_SET_KEY_CONTEXT_PROP_ID);
        crypt_free(info);
        if (error)
            return crypt_fail(error);
        owned = true;
    }
    if (flags & CRYPT_ACQUIRE_COMPARE_KEY_FLAG &&
        !pair_fits(handle_pair(key.hCryptProv, key.dwKeySpec, &exportable), &cert->pCertInfo->SubjectPublicKeyInfo)) {
        if (owned)
            key_context_release(&key);
        return crypt_fail((DWORD)NTE_BAD_PUBLIC_KEY);
    }
    if (owned && cache && body_key_context_set(context->body, &key, true))
        owned = false;
    *handle = key.hCryptProv;
    if (spec)
        *spec = key.dwKeySpec;
    if (caller_frees)
        *caller_frees = owned;
    return TRUE;
}
