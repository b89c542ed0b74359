/*
 * bcrypt_secret.c: secrets that two keys agree on, and keys from them.
 *
 * Layer: bcrypt, above the plug-in's table.
 */
#include "bcrypt_pair.h"
#include "bcrypt_parameters.h"

static struct bcrypt_secret *secret_from_handle(BCRYPT_HANDLE handle)
{
    struct bcrypt_secret *secret = handle;

    return (ULONG_PTR)handle >= 0x10000 && secret->mark == SECRET_MARK ? secret : NULL;
}

NTSTATUS WINAPI BCryptSecretAgreement(BCRYPT_KEY_HANDLE private_handle, BCRYPT_KEY_HANDLE public_handle,
                                      BCRYPT_SECRET_HANDLE *out, ULONG flags)
{
    struct bcrypt_key *own = key_from_handle(private_handle), *other = key_from_handle(public_handle);
    const struct crypto_plugin *plugin = crypto_plugin();
    struct bcrypt_secret *secret;
    ULONG size;
    bool good;

    if (!own || !other || !own->finished || !other->finished)
        return STATUS_INVALID_HANDLE;
    if (!out || flags)
        return STATUS_INVALID_PARAMETER;
    int kind = own->algorithm.info->kind;
    if (kind != KIND_ECDH && kind != KIND_DH)
        return STATUS_NOT_SUPPORTED;
    if (!own->has_private || other->algorithm.info->kind != kind || own->algorithm.curve != other->algorithm.curve ||
        own->bits != other->bits)
        return STATUS_INVALID_PARAMETER;
    size = (own->bits + 7) / 8;
    secret = crypto_alloc(sizeof *secret + size);
    if (!secret)
        return STATUS_NO_MEMORY;
    if (kind == KIND_ECDH)
        good = plugin->ec_agree(own->algorithm.curve, own->numbers + 2 * size, other->numbers, other->numbers + size,
                                secret->value);
    else
        good = !memcmp(own->numbers, other->numbers, 2 * size) &&
               plugin->power(other->numbers + 2 * size, own->numbers + 3 * size, own->numbers, size, secret->value);
    if (!good) {
        crypto_free(secret);
        return STATUS_INVALID_PARAMETER;
    }
    secret->mark = SECRET_MARK;
    secret->size = size;
    *out = secret;
    return STATUS_SUCCESS;
}

NTSTATUS WINAPI BCryptDestroySecret(BCRYPT_SECRET_HANDLE handle)
{
    struct bcrypt_secret *secret = secret_from_handle(handle);

    if (!secret)
        return STATUS_INVALID_HANDLE;
    crypto_free_secret(secret, sizeof *secret + secret->size);
    return STATUS_SUCCESS;
}

/* Hash or keyed hash of what is prepended, the secret, and what is appended. */
static NTSTATUS derive_hashed(struct bcrypt_secret *secret, const BCryptBufferDesc *list, bool keyed, ULONG flags,
                              UCHAR digest[CRYPTO_MAX_DIGEST], ULONG *size)
{
    const BCryptBuffer *mac_key = parameter_find(list, KDF_HMAC_KEY);
    const struct crypto_hash *hash;
    struct algorithm algorithm = {ALGORITHM_MARK, keyed ? BCRYPT_ALG_HANDLE_HMAC_FLAG : 0};
    NTSTATUS status = parameter_hash(list, CRYPTO_SHA1, &hash);
    BCRYPT_HASH_HANDLE handle;

    if (status)
        return status;
    for (int id = 0; id < CRYPTO_HASHES; id++)
        if (crypto_plugin()->hash[id] == hash)
            algorithm.info = algorithm_of_hash(id);
    if (keyed && !(flags & KDF_USE_SECRET_AS_HMAC_KEY_FLAG) && !mac_key)
        return STATUS_INVALID_PARAMETER;
    bool own = keyed && flags & KDF_USE_SECRET_AS_HMAC_KEY_FLAG;
    status = BCryptCreateHash(&algorithm, &handle, NULL, 0,
                              own     ? secret->value
                              : keyed ? mac_key->pvBuffer
                                      : NULL,
                              own     ? secret->size
                              : keyed ? mac_key->cbBuffer
                                      : 0,
                              0);
    if (status)
        return status;
    for (ULONG type = KDF_SECRET_PREPEND; type <= KDF_SECRET_APPEND; type++) {
        for (ULONG i = 0; list && i < list->cBuffers; i++)
            if (list->pBuffers[i].BufferType == type)
                BCryptHashData(handle, list->pBuffers[i].pvBuffer, list->pBuffers[i].cbBuffer, 0);
        if (type == KDF_SECRET_PREPEND)
            BCryptHashData(handle, secret->value, secret->size, 0);
    }
    *size = hash->digest_size;
    status = BCryptFinishHash(handle, digest, *size, 0);
    BCryptDestroyHash(handle);
    return status;
}

static NTSTATUS derive_by_hkdf(struct bcrypt_secret *secret, const BCryptBufferDesc *list, UCHAR *out, ULONG room,
                               ULONG *result)
{
    const BCryptBuffer *salt = parameter_find(list, 0x13), *info = parameter_find(list, KDF_HKDF_INFO);
    const struct crypto_hash *hash;
    NTSTATUS status = parameter_hash(list, -1, &hash);

    *result = room;
    if (status || !out)
        return status;
    return crypto_plugin()->hkdf(hash, secret->value, secret->size, salt ? salt->pvBuffer : (UCHAR *)"",
                                 salt ? salt->cbBuffer : 0, info ? info->pvBuffer : NULL, info ? info->cbBuffer : 0,
                                 out, room)
               ? STATUS_SUCCESS
               : STATUS_INVALID_PARAMETER;
}

/* Gives as much as there is room for. */
static NTSTATUS answer_part(const UCHAR *value, ULONG size, UCHAR *out, ULONG room, ULONG *result)
{
    *result = size;
    if (!out)
        return STATUS_SUCCESS;
    if (*result > room)
        *result = room;
    memcpy(out, value, *result);
    return STATUS_SUCCESS;
}

NTSTATUS WINAPI BCryptDeriveKey(BCRYPT_SECRET_HANDLE handle, LPCWSTR kdf, BCryptBufferDesc *list, PUCHAR out,
                                ULONG room, ULONG *result, ULONG flags)
{
    struct bcrypt_secret *secret = secret_from_handle(handle);
    const struct crypto_hash *hash;
    UCHAR value[512];
    NTSTATUS status;
    ULONG size = 0;

    if (!secret)
        return STATUS_INVALID_HANDLE;
    if (!kdf || !result)
        return STATUS_INVALID_PARAMETER;
    if (!wide_compare_nocase(kdf, L"HKDF"))
        return derive_by_hkdf(secret, list, out, room, result);
    if (!wide_compare_nocase(kdf, L"TRUNCATE")) { /* the secret itself, its last byte first */
        size = secret->size;
        for (ULONG i = 0; i < size; i++)
            value[i] = secret->value[size - 1 - i];
        status = STATUS_SUCCESS;
    } else if (!wide_compare_nocase(kdf, BCRYPT_KDF_HASH) || !wide_compare_nocase(kdf, BCRYPT_KDF_HMAC)) {
        status = derive_hashed(secret, list, !wide_compare_nocase(kdf, BCRYPT_KDF_HMAC), flags, value, &size);
    } else if (!wide_compare_nocase(kdf, BCRYPT_KDF_SP80056A_CONCAT)) {
        status = parameter_hash(list, CRYPTO_SHA1, &hash);
        if (status)
            return status;
        *result = out ? room : hash->digest_size;
        return out ? derive_concat(hash, secret->value, secret->size, list, out, room) : STATUS_SUCCESS;
    } else if (!wide_compare_nocase(kdf, BCRYPT_KDF_TLS_PRF)) {
        return derive_tls_secret(secret->value, secret->size, list, out, room, result);
    } else {
        return STATUS_NOT_SUPPORTED;
    }
    if (!status)
        status = answer_part(value, size, out, room, result);
    explicit_bzero(value, sizeof value);
    return status;
}
