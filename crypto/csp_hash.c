/*
 * csp_hash.c: CryptoAPI's hashes and HMACs, signing and verifying.
 *
 * Layer: advapi32.
 */
#include "csp.h"

struct csp_hash *csp_hash(HCRYPTHASH handle)
{
    struct csp_hash *hash = (struct csp_hash *)handle;

    if (handle >= 0x10000 && hash->mark == CSP_HASH_MARK)
        return hash;
    csp_fail(ERROR_INVALID_HANDLE);
    return NULL;
}

int csp_hash_id(ALG_ID algorithm)
{
    switch (algorithm) {
    case CALG_MD2:
        return CRYPTO_MD2;
    case CALG_MD4:
        return CRYPTO_MD4;
    case CALG_MD5:
        return CRYPTO_MD5;
    case CALG_SHA1:
        return CRYPTO_SHA1;
    case CALG_SHA_256:
        return CRYPTO_SHA256;
    case CALG_SHA_384:
        return CRYPTO_SHA384;
    case CALG_SHA_512:
        return CRYPTO_SHA512;
    default:
        return -1;
    }
}

static NTSTATUS make_hash(int id, struct csp_key *key, BCRYPT_HASH_HANDLE *hash, ULONG *size)
{
    struct algorithm algorithm = {ALGORITHM_MARK, key ? BCRYPT_ALG_HANDLE_HMAC_FLAG : 0, algorithm_of_hash(id)};
    struct bcrypt_key *bytes = key ? csp_bcrypt_key(key) : NULL;
    NTSTATUS status;

    status =
        BCryptCreateHash(&algorithm, hash, NULL, 0, bytes ? bytes->secret : NULL, bytes ? bytes->secret_size : 0, 0);
    if (!status)
        *size = algorithm_hash(algorithm.info)->digest_size;
    return status;
}

BOOL WINAPI CryptCreateHash(HCRYPTPROV provider, ALG_ID algorithm, HCRYPTKEY key_handle, DWORD flags, HCRYPTHASH *out)
{
    struct csp_context *context = csp_context(provider);
    struct csp_key *key = NULL;
    struct csp_hash *hash;
    int id = csp_hash_id(algorithm);

    if (!context)
        return FALSE;
    if (!out)
        return csp_fail(ERROR_INVALID_PARAMETER);
    if (flags)
        return csp_fail((DWORD)NTE_BAD_FLAGS);
    if (id < 0 && algorithm != CALG_HMAC && algorithm != CALG_SSL3_SHAMD5)
        return csp_fail((DWORD)NTE_BAD_ALGID);
    if (algorithm == CALG_HMAC && (!key_handle || !(key = csp_key(key_handle)) || !csp_bcrypt_key(key)->secret))
        return csp_fail((DWORD)NTE_BAD_KEY);
    hash = crypto_alloc(sizeof *hash);
    if (!hash)
        return csp_fail(ERROR_NOT_ENOUGH_MEMORY);
    hash->context = context;
    hash->algorithm = algorithm;
    hash->mac_key = key;
    if (algorithm == CALG_SSL3_SHAMD5)
        hash->size = 36; /* its value is given, not computed */
    if (id >= 0) {
        NTSTATUS status = make_hash(id, NULL, &hash->hash, &hash->size);
        if (status) {
            crypto_free(hash);
            return csp_result(status);
        }
    }
    hash->mark = CSP_HASH_MARK;
    *out = (HCRYPTHASH)hash;
    return TRUE;
}

BOOL WINAPI CryptHashData(HCRYPTHASH handle, const BYTE *data, DWORD size, DWORD flags)
{
    struct csp_hash *hash = csp_hash(handle);

    if (!hash)
        return FALSE;
    if (flags)
        return csp_fail((DWORD)NTE_BAD_FLAGS);
    if (hash->finished)
        return csp_fail((DWORD)NTE_BAD_HASH_STATE);
    if (!hash->hash)
        return csp_fail((DWORD)(hash->algorithm == CALG_HMAC ? NTE_BAD_HASH_STATE : NTE_BAD_ALGID));
    if (size && !data)
        return csp_fail(ERROR_INVALID_PARAMETER);
    return csp_result(BCryptHashData(hash->hash, (BYTE *)data, size, 0));
}

/* The bytes of a symmetric key go into the hash. */
BOOL WINAPI CryptHashSessionKey(HCRYPTHASH handle, HCRYPTKEY key_handle, DWORD flags)
{
    struct csp_key *key = csp_key(key_handle);
    struct bcrypt_key *bytes = key ? csp_bcrypt_key(key) : NULL;

    if (!key)
        return FALSE;
    if (!bytes->secret)
        return csp_fail((DWORD)NTE_BAD_KEY);
    return CryptHashData(handle, bytes->secret, bytes->secret_size, flags & ~CRYPT_LITTLE_ENDIAN);
}

/* Ends the hash; its value stays to be read again. */
BOOL csp_hash_value(struct csp_hash *hash)
{
    NTSTATUS status;

    if (hash->finished)
        return TRUE;
    if (!hash->hash)
        return csp_fail((DWORD)NTE_BAD_HASH_STATE);
    status = BCryptFinishHash(hash->hash, hash->value, hash->size, 0);
    hash->finished = !status;
    return csp_result(status);
}

BOOL WINAPI CryptGetHashParam(HCRYPTHASH handle, DWORD param, BYTE *out, DWORD *room, DWORD flags)
{
    struct csp_hash *hash = csp_hash(handle);
    DWORD number;

    if (!hash)
        return FALSE;
    if (!room)
        return csp_fail(ERROR_INVALID_PARAMETER);
    if (flags)
        return csp_fail((DWORD)NTE_BAD_FLAGS);
    switch (param) {
    case HP_ALGID:
        number = hash->algorithm;
        return csp_answer(&number, sizeof number, out, room);
    case HP_HASHSIZE:
        number = hash->size;
        return csp_answer(&number, sizeof number, out, room);
    case HP_HASHVAL:
        if (!out || *room < hash->size) /* asked for the size: goes on */
            return csp_answer(hash->value, hash->size, out, room);
        return csp_hash_value(hash) && csp_answer(hash->value, hash->size, out, room);
    default:
        return csp_fail((DWORD)NTE_BAD_TYPE);
    }
}

BOOL WINAPI CryptSetHashParam(HCRYPTHASH handle, DWORD param, const BYTE *data, DWORD flags)
{
    struct csp_hash *hash = csp_hash(handle);
    const HMAC_INFO *info = (const HMAC_INFO *)data;

    if (!hash)
        return FALSE;
    if (flags)
        return csp_fail((DWORD)NTE_BAD_FLAGS);
    if (!data)
        return csp_fail(ERROR_INVALID_PARAMETER);
    if (param == HP_HASHVAL) {
        memcpy(hash->value, data, hash->size);
        hash->finished = true;
        return TRUE;
    }
    if (param != HP_HMAC_INFO)
        return csp_fail((DWORD)NTE_BAD_TYPE);
    if (hash->algorithm != CALG_HMAC || hash->hash)
        return csp_fail((DWORD)NTE_BAD_HASH_STATE);
    /* pads of one's own (pbInnerString) never were of use and are not taken */
    if (csp_hash_id(info->HashAlgid) < 0 || info->cbInnerString || info->cbOuterString)
        return csp_fail((DWORD)NTE_BAD_ALGID);
    return csp_result(make_hash(csp_hash_id(info->HashAlgid), hash->mac_key, &hash->hash, &hash->size));
}

BOOL WINAPI CryptDuplicateHash(HCRYPTHASH handle, DWORD *reserved, DWORD flags, HCRYPTHASH *out)
{
    struct csp_hash *hash = csp_hash(handle), *copy;
    NTSTATUS status = STATUS_SUCCESS;

    if (!hash)
        return FALSE;
    if (reserved || !out || flags)
        return csp_fail(flags ? (DWORD)NTE_BAD_FLAGS : ERROR_INVALID_PARAMETER);
    copy = (struct csp_hash *)crypto_copy(hash, sizeof *hash);
    if (!copy)
        return csp_fail(ERROR_NOT_ENOUGH_MEMORY);
    if (hash->hash)
        status = BCryptDuplicateHash(hash->hash, &copy->hash, NULL, 0, 0);
    if (status)
        crypto_free(copy);
    else
        *out = (HCRYPTHASH)copy;
    return csp_result(status);
}

BOOL WINAPI CryptDestroyHash(HCRYPTHASH handle)
{
    struct csp_hash *hash = csp_hash(handle);

    if (!hash)
        return FALSE;
    if (hash->hash)
        BCryptDestroyHash(hash->hash);
    crypto_free_secret(hash, sizeof *hash);
    return TRUE;
}

/* ---- signing ---- */

static const WCHAR *padding_name(const struct csp_hash *hash, DWORD flags)
{
    int id = csp_hash_id(hash->algorithm);

    return flags & CRYPT_NOHASHOID || id < 0 ? NULL : algorithm_of_hash(id)->name;
}

BOOL WINAPI CryptSignHashW(HCRYPTHASH handle, DWORD spec, LPCWSTR description, DWORD flags, BYTE *out, DWORD *room)
{
    struct csp_hash *hash = csp_hash(handle);
    BCRYPT_PKCS1_PADDING_INFO padding;
    HCRYPTKEY key_handle;
    NTSTATUS status;
    ULONG had;

    (void)description;
    if (!hash)
        return FALSE;
    if (!room)
        return csp_fail(ERROR_INVALID_PARAMETER);
    if (!CryptGetUserKey((HCRYPTPROV)hash->context, spec, &key_handle))
        return FALSE;
    had = *room;
    padding.pszAlgId = padding_name(hash, flags);
    if (out && !csp_hash_value(hash)) {
        CryptDestroyKey(key_handle);
        return FALSE;
    }
    status =
        BCryptSignHash(csp_key(key_handle)->key, &padding, hash->value, hash->size, out, had, room, BCRYPT_PAD_PKCS1);
    if (!status && out)
        csp_reverse(out, *room);
    CryptDestroyKey(key_handle);
    return csp_result(status);
}

BOOL WINAPI CryptSignHashA(HCRYPTHASH handle, DWORD spec, LPCSTR description, DWORD flags, BYTE *out, DWORD *room)
{
    (void)description;
    return CryptSignHashW(handle, spec, NULL, flags, out, room);
}

BOOL WINAPI CryptVerifySignatureW(HCRYPTHASH handle, const BYTE *signature, DWORD size, HCRYPTKEY key_handle,
                                  LPCWSTR description, DWORD flags)
{
    struct csp_hash *hash = csp_hash(handle);
    struct csp_key *key = hash ? csp_key(key_handle) : NULL;
    BCRYPT_PKCS1_PADDING_INFO padding;
    NTSTATUS status;
    UCHAR *turned;

    (void)description;
    if (!key)
        return FALSE;
    if (!signature)
        return csp_fail(ERROR_INVALID_PARAMETER);
    if (csp_bcrypt_key(key)->algorithm.info->kind != KIND_RSA)
        return csp_fail((DWORD)NTE_BAD_KEY);
    if (size != pair_signature_size(csp_bcrypt_key(key)))
        return csp_fail((DWORD)NTE_BAD_SIGNATURE);
    if (!csp_hash_value(hash))
        return FALSE;
    turned = crypto_copy(signature, size);
    if (!turned)
        return csp_fail(ERROR_NOT_ENOUGH_MEMORY);
    csp_reverse(turned, size);
    padding.pszAlgId = padding_name(hash, flags);
    status = BCryptVerifySignature(key->key, &padding, hash->value, hash->size, turned, size, BCRYPT_PAD_PKCS1);
    crypto_free(turned);
    return csp_result(status);
}

BOOL WINAPI CryptVerifySignatureA(HCRYPTHASH handle, const BYTE *signature, DWORD size, HCRYPTKEY key,
                                  LPCSTR description, DWORD flags)
{
    (void)description;
    return CryptVerifySignatureW(handle, signature, size, key, NULL, flags);
}
