/*
 * public_key.c: wincrypt.h: CERT_PUBLIC_KEY_INFO from and to keys of CryptoAPI, ncrypt and bcrypt.
 *
 * Layer: crypt32, above bcrypt and CryptoAPI.
 */
#include "crypt32/private_key.h"

static BOOL key_result(NTSTATUS status)
{
    switch (status) {
    case STATUS_SUCCESS:
        return TRUE;
    case STATUS_NO_MEMORY:
        return crypt_fail(ERROR_OUTOFMEMORY);
    case STATUS_NOT_SUPPORTED:
        return crypt_fail(ERROR_FILE_NOT_FOUND); /* no function for that object identifier */
    default:
        return crypt_fail((DWORD)CRYPT_E_ASN1_CORRUPT);
    }
}

BOOL WINAPI CryptImportPublicKeyInfoEx2(DWORD encoding, PCERT_PUBLIC_KEY_INFO info, DWORD flags, void *parameters,
                                        BCRYPT_KEY_HANDLE *key)
{
    (void)parameters;
    if (!(encoding & X509_ASN_ENCODING))
        return crypt_fail(ERROR_FILE_NOT_FOUND);
    if (!info || !key)
        return crypt_fail((DWORD)E_INVALIDARG);
    *key = NULL;
    return key_result(key_from_public_info(info, flags & CRYPT_OID_INFO_PUBKEY_ENCRYPT_KEY_FLAG, key));
}

BOOL WINAPI CryptImportPublicKeyInfoEx(HCRYPTPROV provider, DWORD encoding, PCERT_PUBLIC_KEY_INFO info,
                                       ALG_ID algorithm, DWORD flags, void *parameters, HCRYPTKEY *key)
{
    BCRYPT_KEY_HANDLE pair;
    ULONG size = 0;
    BYTE *blob;
    BOOL done = FALSE;

    (void)parameters;
    if (flags)
        return crypt_fail((DWORD)E_INVALIDARG);
    if (!CryptImportPublicKeyInfoEx2(encoding, info, 0, NULL, &pair))
        return FALSE;
    if (BCryptExportKey(pair, NULL, LEGACY_RSAPUBLIC_BLOB, NULL, 0, &size, 0) || !(blob = crypt_alloc(size))) {
        BCryptDestroyKey(pair);
        return crypt_fail((DWORD)NTE_BAD_ALGID); /* CryptoAPI has RSA alone here */
    }
    if (!BCryptExportKey(pair, NULL, LEGACY_RSAPUBLIC_BLOB, blob, size, &size, 0)) {
        ((PUBLICKEYSTRUC *)blob)->aiKeyAlg = algorithm ? algorithm : CALG_RSA_KEYX;
        done = CryptImportKey(provider, blob, size, 0, 0, key);
    }
    crypt_free(blob);
    BCryptDestroyKey(pair);
    return done;
}

BOOL WINAPI CryptImportPublicKeyInfo(HCRYPTPROV provider, DWORD encoding, PCERT_PUBLIC_KEY_INFO info, HCRYPTKEY *key)
{
    return CryptImportPublicKeyInfoEx(provider, encoding, info, 0, 0, NULL, key);
}

/* With another object identifier than the key's own, if the caller wants one. */
static BOOL give_public(BCRYPT_KEY_HANDLE pair, LPCSTR oid, PCERT_PUBLIC_KEY_INFO out, DWORD *out_size)
{
    DWORD size, needed;
    BYTE *data = key_public_info(pair, &size), *block, *named;
    CERT_PUBLIC_KEY_INFO *info;
    BOOL done = FALSE;

    if (!data)
        return crypt_fail(ERROR_FILE_NOT_FOUND);
    if (!oid) {
        done = asn_give(&asn_public_key, data, size, out, out_size);
    } else if ((info = asn_decode(&asn_public_key, data, size, 0, &needed))) {
        info->Algorithm.pszObjId = (LPSTR)oid;
        named = asn_encode(&asn_public_key, info, 0, &size, &block);
        done = named && asn_give(&asn_public_key, named, size, out, out_size);
        crypt_free(block);
        crypt_free(info);
    }
    crypt_free(data);
    return done;
}

BOOL WINAPI CryptExportPublicKeyInfoFromBCryptKeyHandle(BCRYPT_KEY_HANDLE key, DWORD encoding, LPSTR oid, DWORD flags,
                                                        void *parameters, PCERT_PUBLIC_KEY_INFO info, DWORD *size)
{
    (void)flags, (void)parameters;
    if (!(encoding & X509_ASN_ENCODING))
        return crypt_fail(ERROR_FILE_NOT_FOUND);
    if (!size || !key_from_handle(key))
        return crypt_fail((DWORD)E_INVALIDARG);
    return give_public(key, oid, info, size);
}

BOOL WINAPI CryptExportPublicKeyInfoEx(HCRYPTPROV_OR_NCRYPT_KEY_HANDLE handle, DWORD spec, DWORD encoding, LPSTR oid,
                                       DWORD flags, void *parameters, PCERT_PUBLIC_KEY_INFO info, DWORD *size)
{
    BCRYPT_KEY_HANDLE pair;
    bool exportable;

    (void)flags, (void)parameters;
    if (!(encoding & X509_ASN_ENCODING))
        return crypt_fail(ERROR_FILE_NOT_FOUND);
    if (!size)
        return crypt_fail((DWORD)E_INVALIDARG);
    pair = handle_pair(handle, spec, &exportable);
    return pair && give_public(pair, oid, info, size);
}

BOOL WINAPI CryptExportPublicKeyInfo(HCRYPTPROV_OR_NCRYPT_KEY_HANDLE handle, DWORD spec, DWORD encoding,
                                     PCERT_PUBLIC_KEY_INFO info, DWORD *size)
{
    return CryptExportPublicKeyInfoEx(handle, spec, encoding, NULL, 0, NULL, info, size);
}
