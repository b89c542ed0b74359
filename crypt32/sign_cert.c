/*
 * sign_cert.c: wincrypt.h: signing what is encoded: certificates, requests, lists, by keys behind handles.
 */
#include "crypt32/message.h"
#include "crypt32/private_key.h"
#include "ntdll/sysinfo.h"

#define ECDSA_SLACK 8 /* by which two signatures of one key may differ in size */

/* The signature as certificates have it; the key must be of the algorithm's kind. */
static bool sign_by(const CRYPT_DATA_BLOB *key, const char *algorithm, const BYTE *data, DWORD size,
                    struct tls_data *signature)
{
    const char *kind, *hash_oid;
    CRYPT_PRIVATE_KEY_INFO *info;
    enum tls_hash hash;
    DWORD needed;
    bool fits;

    if (!algorithm || !signature_parts(algorithm, &kind, &hash_oid) || !hash_from_oid(hash_oid, &hash))
        return crypt_fail((DWORD)NTE_BAD_ALGID);
    info = asn_decode(&asn_private_key, key->pbData, key->cbData, 0, &needed);
    fits = info && !strcmp(info->Algorithm.pszObjId, kind);
    if (info)
        crypto_free_secret(info, needed);
    if (!fits)
        return crypt_fail((DWORD)NTE_BAD_ALGID);
    return host_sign(tls_blob_of(key->pbData, key->cbData), hash, tls_blob_of(data, size), signature) ||
           crypt_fail((DWORD)NTE_FAIL);
}

static void key_wipe(CRYPT_DATA_BLOB *key)
{
    if (key->pbData)
        crypto_free_secret(key->pbData, key->cbData);
    *key = (CRYPT_DATA_BLOB){0};
}

static BOOL give_signed(const void *data, DWORD size, bool varies, BYTE *out, DWORD *out_size)
{
    if (out)
        return crypt_copy(data, size, out, out_size);
    *out_size = size + (varies ? ECDSA_SLACK : 0);
    return TRUE;
}

/* Turned round, as CryptoAPI has signatures: encoding turns it again. */
BOOL WINAPI CryptSignCertificate(HCRYPTPROV_OR_NCRYPT_KEY_HANDLE handle, DWORD spec, DWORD encoding, const BYTE *data,
                                 DWORD size, PCRYPT_ALGORITHM_IDENTIFIER algorithm, const void *parameters, BYTE *out,
                                 DWORD *out_size)
{
    struct tls_data signature = {0};
    CRYPT_DATA_BLOB key;
    BOOL done;

    (void)encoding, (void)parameters;
    if (!algorithm || !out_size)
        return crypt_fail(ERROR_INVALID_PARAMETER);
    if (!handle_pkcs8(handle, spec, &key))
        return FALSE;
    done = sign_by(&key, algorithm->pszObjId, data, size, &signature);
    if (done) {
        for (size_t i = 0; i < signature.size / 2; i++) {
            BYTE byte = signature.data[i];

            signature.data[i] = signature.data[signature.size - 1 - i];
            signature.data[signature.size - 1 - i] = byte;
        }
        done = give_signed(signature.data, (DWORD)signature.size,
                           strncmp(algorithm->pszObjId, "1.2.840.10045", 13) == 0, out, out_size);
    }
    host_release(&signature);
    key_wipe(&key);
    return done;
}

/* `inner` with its signature around it, heap memory. */
static BYTE *signed_encode(const BYTE *inner, DWORD inner_size, const CRYPT_ALGORITHM_IDENTIFIER *algorithm,
                           const CRYPT_DATA_BLOB *key, DWORD *size, BYTE **block)
{
    struct tls_data signature = {0};
    CERT_SIGNED_CONTENT_INFO whole;
    BYTE *outer = NULL;

    *block = NULL;
    if (sign_by(key, algorithm->pszObjId, inner, inner_size, &signature)) {
        whole = (CERT_SIGNED_CONTENT_INFO){.ToBeSigned = {inner_size, (BYTE *)inner},
                                           .SignatureAlgorithm = *algorithm,
                                           .Signature = {(DWORD)signature.size, signature.data, 0}};
        outer = asn_encode(&asn_signed, &whole, CRYPT_ENCODE_NO_SIGNATURE_BYTE_REVERSAL_FLAG, size, block);
    }
    host_release(&signature);
    return outer;
}

BOOL WINAPI CryptSignAndEncodeCertificate(HCRYPTPROV_OR_NCRYPT_KEY_HANDLE handle, DWORD spec, DWORD encoding,
                                          LPCSTR structure, const void *info, PCRYPT_ALGORITHM_IDENTIFIER algorithm,
                                          const void *parameters, BYTE *out, DWORD *out_size)
{
    const struct asn_type *type = asn_type_find(structure);
    BYTE *inner, *inner_block = NULL, *outer, *outer_block = NULL;
    DWORD inner_size, size;
    CRYPT_DATA_BLOB key = {0};
    BOOL done = FALSE;

    (void)parameters;
    if (!(encoding & X509_ASN_ENCODING) || !type)
        return crypt_fail(ERROR_FILE_NOT_FOUND);
    if (!info || !algorithm || !out_size)
        return crypt_fail(ERROR_INVALID_PARAMETER);
    inner = asn_encode(type, info, 0, &inner_size, &inner_block);
    if (inner && handle_pkcs8(handle, spec, &key)) {
        outer = signed_encode(inner, inner_size, algorithm, &key, &size, &outer_block);
        done = outer && give_signed(outer, size, !strncmp(algorithm->pszObjId, "1.2.840.10045", 13), out, out_size);
    }
    crypt_free(outer_block);
    crypt_free(inner_block);
    key_wipe(&key);
    return done;
}

/* ---- certificates that sign themselves ---- */

static void validity(CERT_INFO *info, const SYSTEMTIME *from, const SYSTEMTIME *to)
{
    SYSTEMTIME now, year;

    GetSystemTime(&now);
    SystemTimeToFileTime(from ? from : &now, &info->NotBefore);
    year = from ? *from : now;
    year.wYear++;
    if (year.wMonth == 2 && year.wDay == 29)
        year.wDay = 28;
    SystemTimeToFileTime(to ? to : &year, &info->NotAfter);
}

/* The key of a container that is there, or is made. */
static bool container_key(const CRYPT_KEY_PROV_INFO *info, CRYPT_DATA_BLOB *key)
{
    DWORD machine = info->dwFlags & CRYPT_MACHINE_KEYSET, spec = info->dwKeySpec ? info->dwKeySpec : AT_KEYEXCHANGE;
    NCRYPT_PROV_HANDLE storage;
    NCRYPT_KEY_HANDLE made;
    HCRYPTPROV provider;
    HCRYPTKEY own;
    SECURITY_STATUS status;
    bool done;

    if (!info->dwProvType) {
        if ((status = NCryptOpenStorageProvider(&storage, info->pwszProvName, 0)))
            return crypt_fail((DWORD)status);
        status = NCryptOpenKey(storage, &made, info->pwszContainerName, 0, machine ? NCRYPT_MACHINE_KEY_FLAG : 0);
        if (status && !(status = NCryptCreatePersistedKey(storage, &made, BCRYPT_RSA_ALGORITHM, info->pwszContainerName,
                                                          0, machine ? NCRYPT_MACHINE_KEY_FLAG : 0)))
            status = NCryptFinalizeKey(made, 0);
        NCryptFreeObject(storage);
        if (status)
            return crypt_fail((DWORD)status);
        done = handle_pkcs8(made, 0, key);
        NCryptFreeObject(made);
        return done;
    }
    if (!CryptAcquireContextW(&provider, info->pwszContainerName, info->pwszProvName, info->dwProvType, machine) &&
        !CryptAcquireContextW(&provider, info->pwszContainerName, info->pwszProvName, info->dwProvType,
                              machine | CRYPT_NEWKEYSET))
        return false;
    if ((CryptGetUserKey(provider, spec, &own) || CryptGenKey(provider, spec, 0, &own)))
        CryptDestroyKey(own);
    done = handle_pkcs8(provider, spec, key);
    CryptReleaseContext(provider, 0);
    return done;
}

/* Names the key behind the caller's handle in the certificate, if it lasts. */
static void name_handle(struct body *body, HCRYPTPROV_OR_NCRYPT_KEY_HANDLE handle, DWORD spec)
{
    WCHAR container[256], *names[2] = {NULL, NULL};
    DWORD size = sizeof container, type = 0, type_size = sizeof type;
    CRYPT_KEY_PROV_INFO info = {.pwszContainerName = container};
    char text[256];

    if (NCryptIsKeyHandle(handle)) {
        info.pwszProvName = (LPWSTR)MS_KEY_STORAGE_PROVIDER;
        if (NCryptGetProperty(handle, NCRYPT_NAME_PROPERTY, (BYTE *)container, sizeof container, &size, 0))
            return;
        NCryptGetProperty(handle, NCRYPT_KEY_TYPE_PROPERTY, (BYTE *)&info.dwFlags, sizeof info.dwFlags, &size, 0);
    } else {
        size = sizeof text;
        if (!CryptGetProvParam(handle, PP_CONTAINER, (BYTE *)text, &size, 0) || !*text)
            return;
        info.pwszContainerName = names[0] = wide_from_ansi(text);
        size = sizeof text;
        CryptGetProvParam(handle, PP_NAME, (BYTE *)text, &size, 0);
        info.pwszProvName = names[1] = wide_from_ansi(text);
        CryptGetProvParam(handle, PP_PROVTYPE, (BYTE *)&type, &type_size, 0);
        info.dwProvType = type;
        info.dwKeySpec = spec ? spec : AT_KEYEXCHANGE;
        type_size = sizeof type;
        if (CryptGetProvParam(handle, PP_KEYSET_TYPE, (BYTE *)&type, &type_size, 0) && type)
            info.dwFlags = CRYPT_MACHINE_KEYSET;
    }
    if (info.pwszContainerName && info.pwszProvName)
        body_prov_info_set(body, &info);
    crypt_free(names[0]);
    crypt_free(names[1]);
}

/* The public half, and the algorithm that such a key signs with unless the caller says. */
static CERT_PUBLIC_KEY_INFO *public_half(const CRYPT_DATA_BLOB *key, struct tls_data *encoded)
{
    DWORD needed;

    if (!host_public_key(tls_blob_of(key->pbData, key->cbData), encoded))
        return NULL;
    return asn_decode(&asn_public_key, encoded->data, (DWORD)encoded->size, 0, &needed);
}

static PCCERT_CONTEXT self_signed(CERT_INFO *info, const CRYPT_ALGORITHM_IDENTIFIER *algorithm,
                                  const CRYPT_DATA_BLOB *key, bool sign)
{
    struct tls_data public_key = {0};
    CERT_PUBLIC_KEY_INFO *half = public_half(key, &public_key);
    BYTE *inner, *inner_block = NULL, *outer = NULL, *outer_block = NULL;
    PCCERT_CONTEXT cert = NULL;
    DWORD size;

    if (!half) {
        crypt_fail((DWORD)NTE_FAIL);
        host_release(&public_key);
        return NULL;
    }
    info->SubjectPublicKeyInfo = *half;
    if (algorithm)
        info->SignatureAlgorithm = *algorithm;
    else
        info->SignatureAlgorithm.pszObjId =
            (LPSTR)signature_algorithm(half->Algorithm.pszObjId, szOID_NIST_sha256, false);
    inner = info->SignatureAlgorithm.pszObjId ? asn_encode(&asn_cert_info, info, 0, &size, &inner_block) : NULL;
    if (inner && sign) {
        outer = signed_encode(inner, size, &info->SignatureAlgorithm, key, &size, &outer_block);
    } else if (inner) { /* with an empty signature by no algorithm */
        CERT_SIGNED_CONTENT_INFO whole = {.ToBeSigned = {size, inner}, .SignatureAlgorithm = {(LPSTR) "1.3.14.3.2.26"}};

        outer = asn_encode(&asn_signed, &whole, 0, &size, &outer_block);
    }
    cert = outer ? CertCreateCertificateContext(X509_ASN_ENCODING, outer, size) : NULL;
    crypt_free(outer_block);
    crypt_free(inner_block);
    crypt_free(half);
    host_release(&public_key);
    return cert;
}

PCCERT_CONTEXT WINAPI CertCreateSelfSignCertificate(HCRYPTPROV_OR_NCRYPT_KEY_HANDLE handle, PCERT_NAME_BLOB subject,
                                                    DWORD flags, PCRYPT_KEY_PROV_INFO key_info,
                                                    PCRYPT_ALGORITHM_IDENTIFIER algorithm, PSYSTEMTIME from,
                                                    PSYSTEMTIME to, PCERT_EXTENSIONS extensions)
{
    CERT_INFO info = {.dwVersion = CERT_V3};
    CRYPT_DATA_BLOB key = {0};
    struct tls_data made = {0};
    PCCERT_CONTEXT cert = NULL;
    bool named = !(flags & CERT_CREATE_SELFSIGN_NO_KEY_INFO);
    DWORD spec = key_info ? key_info->dwKeySpec : 0;
    BYTE serial[16];

    if (!subject) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return NULL;
    }
    info.Issuer = info.Subject = *subject;
    validity(&info, from, to);
    if (extensions) {
        info.cExtension = extensions->cExtension;
        info.rgExtension = extensions->rgExtension;
    }
    random_bytes(serial, sizeof serial);
    serial[sizeof serial - 1] =
        (BYTE)((serial[sizeof serial - 1] & 0x7f) | 0x40); /* the highest: positive, not short */
    info.SerialNumber = (CRYPT_INTEGER_BLOB){sizeof serial, serial};
    if (handle                                    ? handle_pkcs8(handle, spec, &key)
        : key_info && key_info->pwszContainerName ? container_key(key_info, &key)
                                                  : host_generate(true, 2048, &made) || crypt_fail((DWORD)NTE_FAIL))
        cert = self_signed(&info, algorithm, made.data ? &(CRYPT_DATA_BLOB){(DWORD)made.size, made.data} : &key,
                           !(flags & CERT_CREATE_SELFSIGN_NO_SIGN));
    if (cert && made.data) {
        body_key_keep(context_from(cert)->body, made.data, (DWORD)made.size, CRYPT_EXPORTABLE);
    } else if (cert && named) {
        if (key_info && key_info->pwszContainerName)
            body_prov_info_set(context_from(cert)->body, key_info);
        else
            name_handle(context_from(cert)->body, handle, spec);
    }
    host_release(&made);
    key_wipe(&key);
    return cert;
}
