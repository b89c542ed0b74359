/*
 * csp_crypt.c: CryptoAPI's encrypting and decrypting, and the parameters of keys.
 *
 * Layer: advapi32.
 */
#include "csp.h"

static ULONG block_of(const struct csp_key *key)
{
    return cipher_block(&csp_bcrypt_key(key)->algorithm);
}

/* In RSA the result has its lowest byte first. */
static BOOL crypt_rsa(struct csp_key *key, bool encrypt, BOOL final, DWORD flags, BYTE *data, DWORD *size, DWORD room)
{
    BCRYPT_OAEP_PADDING_INFO oaep = {L"SHA1", NULL, 0};
    ULONG bytes = pair_signature_size(csp_bcrypt_key(key)), got,
          padding = flags & CRYPT_OAEP ? BCRYPT_PAD_OAEP : BCRYPT_PAD_PKCS1;
    UCHAR *block;
    NTSTATUS status;

    if (!final)
        return csp_fail((DWORD)NTE_BAD_FLAGS);
    if (encrypt && (!data || room < bytes)) {
        *size = bytes;
        return data ? csp_fail(ERROR_MORE_DATA) : TRUE;
    }
    if (!encrypt && *size != bytes)
        return csp_fail((DWORD)NTE_BAD_LEN);
    if (encrypt && *size > bytes)
        return csp_fail((DWORD)NTE_BAD_LEN);
    block = crypto_alloc(bytes);
    if (!block)
        return csp_fail(ERROR_NOT_ENOUGH_MEMORY);
    if (encrypt) {
        status = BCryptEncrypt(key->key, data, *size, &oaep, NULL, 0, block, bytes, &got, padding);
        csp_reverse(block, bytes);
    } else {
        csp_reverse(data, bytes);
        status = BCryptDecrypt(key->key, data, bytes, &oaep, NULL, 0, block, bytes, &got, padding);
        if (status)
            csp_reverse(data, bytes); /* as it was */
    }
    if (!status) {
        memcpy(data, block, got);
        *size = got;
    }
    crypto_free_secret(block, bytes);
    return status == STATUS_INVALID_PARAMETER && encrypt ? csp_fail((DWORD)NTE_BAD_LEN) : csp_result(status);
}

/* The chain goes on from call to call, until one is the last. */
static BOOL crypt_symmetric(struct csp_key *key, bool encrypt, BOOL final, BYTE *data, DWORD *size, DWORD room)
{
    ULONG block = block_of(key), needed = *size, got = 0;
    NTSTATUS status;

    if (block > 1 && (encrypt ? final : true)) {
        if (encrypt)
            needed = (*size / block + 1) * block;
        else if (*size % block || (final && !*size))
            return csp_fail((DWORD)NTE_BAD_DATA);
    } else if (block > 1 && *size % block) {
        return csp_fail((DWORD)NTE_BAD_DATA);
    }
    if (encrypt && (!data || room < needed)) {
        *size = needed;
        return data ? csp_fail(ERROR_MORE_DATA) : TRUE;
    }
    if (!key->in_message)
        memcpy(key->chain, key->iv, sizeof key->chain);
    status = (encrypt ? BCryptEncrypt : BCryptDecrypt)(key->key, data, *size, NULL, key->chain, block, data,
                                                       encrypt ? room : *size, &got,
                                                       final && block > 1 ? BCRYPT_BLOCK_PADDING : 0);
    key->in_message = !final;
    if (status)
        return csp_result(status);
    *size = got;
    if (final && block == 1) { /* RC4 begins anew */
        struct bcrypt_key *inner = csp_bcrypt_key(key);
        crypto_plugin()->set_key(inner->schedule, CRYPTO_RC4, inner->secret, inner->secret_size, 0);
    }
    return TRUE;
}

static BOOL crypt_any(HCRYPTKEY handle, bool encrypt, BOOL final, DWORD flags, BYTE *data, DWORD *size, DWORD room)
{
    struct csp_key *key = csp_key(handle);

    if (!key)
        return FALSE;
    if (!size || (!encrypt && !data))
        return csp_fail(ERROR_INVALID_PARAMETER);
    if (csp_bcrypt_key(key)->algorithm.info->kind == KIND_RSA)
        return crypt_rsa(key, encrypt, final, flags, data, size, room);
    if (csp_bcrypt_key(key)->algorithm.info->kind != KIND_CIPHER)
        return csp_fail((DWORD)NTE_BAD_KEY);
    return crypt_symmetric(key, encrypt, final, data, size, room);
}

BOOL WINAPI CryptEncrypt(HCRYPTKEY handle, HCRYPTHASH hash, BOOL final, DWORD flags, BYTE *data, DWORD *size,
                         DWORD room)
{
    if (hash && data && size && !CryptHashData(hash, data, *size, 0))
        return FALSE;
    return crypt_any(handle, true, final, flags, data, size, room);
}

BOOL WINAPI CryptDecrypt(HCRYPTKEY handle, HCRYPTHASH hash, BOOL final, DWORD flags, BYTE *data, DWORD *size)
{
    if (!crypt_any(handle, false, final, flags, data, size, 0))
        return FALSE;
    return hash ? CryptHashData(hash, data, *size, 0) : TRUE;
}

/* ---- parameters ---- */

static DWORD key_bits(const struct csp_key *key)
{
    const struct bcrypt_key *inner = csp_bcrypt_key(key);

    return inner->bits;
}

BOOL WINAPI CryptGetKeyParam(HCRYPTKEY handle, DWORD param, BYTE *out, DWORD *room, DWORD flags)
{
    struct csp_key *key = csp_key(handle);
    DWORD number;

    if (!key)
        return FALSE;
    if (!room)
        return csp_fail(ERROR_INVALID_PARAMETER);
    if (flags)
        return csp_fail((DWORD)NTE_BAD_FLAGS);
    bool cipher = csp_bcrypt_key(key)->algorithm.info->kind == KIND_CIPHER, pair = !cipher;
    switch (param) {
    case KP_ALGID:
        number = key->algorithm;
        break;
    case KP_KEYLEN:
        number = key_bits(key);
        break;
    case KP_BLOCKLEN:
        number = pair ? key_bits(key) : block_of(key) == 1 ? 0 : block_of(key) * 8;
        break;
    case KP_PERMISSIONS:
        number = key->permissions;
        break;
    case KP_EFFECTIVE_KEYLEN:
        number = cipher ? csp_bcrypt_key(key)->effective_bits : key_bits(key);
        break;
    case KP_MODE:
        number = key->mode;
        break;
    case KP_MODE_BITS:
        number = 8;
        break;
    case KP_PADDING:
        number = PKCS5_PADDING;
        break;
    case KP_IV:
        if (!cipher)
            return csp_fail((DWORD)NTE_BAD_TYPE);
        return csp_answer(key->iv, block_of(key), out, room);
    case KP_SALT:
        return csp_answer("", 0, out, room);
    default:
        return csp_fail((DWORD)NTE_BAD_TYPE);
    }
    if (pair && (param == KP_MODE || param == KP_MODE_BITS || param == KP_PADDING))
        return csp_fail((DWORD)NTE_BAD_TYPE);
    return csp_answer(&number, sizeof number, out, room);
}

static BOOL set_mode(struct csp_key *key, DWORD mode)
{
    int inner;

    switch (mode) {
    case CRYPT_MODE_CBC:
        inner = MODE_CBC;
        break;
    case CRYPT_MODE_ECB:
        inner = MODE_ECB;
        break;
    case CRYPT_MODE_CFB:
        inner = MODE_CFB;
        break;
    default:
        return csp_fail((DWORD)NTE_BAD_DATA);
    }
    if (block_of(key) == 1)
        return csp_fail((DWORD)NTE_BAD_TYPE);
    key->mode = mode;
    return csp_result(cipher_set_mode(csp_bcrypt_key(key), inner));
}

BOOL WINAPI CryptSetKeyParam(HCRYPTKEY handle, DWORD param, const BYTE *data, DWORD flags)
{
    struct csp_key *key = csp_key(handle);
    DWORD number = 0;

    if (!key)
        return FALSE;
    if (!data)
        return csp_fail(ERROR_INVALID_PARAMETER);
    if (flags)
        return csp_fail((DWORD)NTE_BAD_FLAGS);
    if (csp_bcrypt_key(key)->algorithm.info->kind != KIND_CIPHER)
        return csp_fail((DWORD)NTE_BAD_TYPE);
    if (param != KP_IV)
        memcpy(&number, data, sizeof number);
    switch (param) {
    case KP_IV:
        memcpy(key->iv, data, block_of(key));
        key->in_message = false;
        return TRUE;
    case KP_MODE:
        return set_mode(key, number);
    case KP_MODE_BITS:
        return number == 8 ? TRUE : csp_fail((DWORD)NTE_BAD_DATA);
    case KP_PADDING:
        return number == PKCS5_PADDING ? TRUE : csp_fail((DWORD)NTE_BAD_DATA);
    case KP_PERMISSIONS:
        key->permissions &= number;
        return TRUE;
    case KP_EFFECTIVE_KEYLEN:
        return csp_result(BCryptSetProperty(key->key, BCRYPT_EFFECTIVE_KEY_LENGTH, (BYTE *)&number, sizeof number, 0));
    default:
        return csp_fail((DWORD)NTE_BAD_TYPE);
    }
}
