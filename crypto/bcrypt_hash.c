/*
 * bcrypt_hash.c: hashes, keyed hashes, and CMAC, which is made and fed like a keyed hash.
 *
 * Layer: bcrypt, above the plug-in's table.
 */
#include "bcrypt_private.h"

#define BCRYPT_HASH_REUSABLE 0x20u
#define MAX_CONTEXT 512 /* SHA-3's is the largest */

static NTSTATUS mac_create(const struct algorithm *algorithm, BCRYPT_HASH_HANDLE *out, const UCHAR *secret,
                           ULONG secret_size, ULONG flags)
{
    ULONG size = (ULONG)(sizeof(struct bcrypt_hash) + crypto_plugin()->cmac_size);
    struct bcrypt_hash *hash;

    if (!secret)
        return STATUS_INVALID_PARAMETER;
    hash = crypto_alloc(size);
    if (!hash)
        return STATUS_NO_MEMORY;
    *hash = (struct bcrypt_hash){.mark = HASH_MARK,
                                 .info = algorithm->info,
                                 .reusable = (flags | algorithm->flags) & BCRYPT_HASH_REUSABLE,
                                 .size = size};
    if (!crypto_plugin()->cmac_begin(hash->context, secret, secret_size)) {
        crypto_free(hash);
        return STATUS_INVALID_PARAMETER;
    }
    *out = hash;
    return STATUS_SUCCESS;
}

NTSTATUS WINAPI BCryptCreateHash(BCRYPT_ALG_HANDLE handle, BCRYPT_HASH_HANDLE *out, PUCHAR object, ULONG object_size,
                                 PUCHAR secret, ULONG secret_size, ULONG flags)
{
    struct algorithm *algorithm = algorithm_from_handle(handle);
    const struct crypto_hash *function;
    struct bcrypt_hash *hash;
    ULONG size;

    (void)object, (void)object_size;
    if (!algorithm)
        return STATUS_INVALID_HANDLE;
    if (!out || flags & ~BCRYPT_HASH_REUSABLE)
        return STATUS_INVALID_PARAMETER;
    if (algorithm->info->kind == KIND_MAC && crypto_plugin())
        return mac_create(algorithm, out, secret, secret_size, flags);
    if (algorithm->info->kind != KIND_HASH)
        return STATUS_NOT_SUPPORTED;
    bool keyed = algorithm->flags & BCRYPT_ALG_HANDLE_HMAC_FLAG;
    if (secret_size && (!keyed || !secret))
        return STATUS_INVALID_PARAMETER;
    function = algorithm_hash(algorithm->info);
    if (!function)
        return STATUS_NOT_SUPPORTED;
    size = (ULONG)(sizeof *hash + (keyed ? crypto_hmac_size(function) : function->context_size));
    hash = RtlAllocateHeap(peb_current()->ProcessHeap, 0, size);
    if (!hash)
        return STATUS_NO_MEMORY;
    *hash = (struct bcrypt_hash){.mark = HASH_MARK,
                                 .info = algorithm->info,
                                 .hash = function,
                                 .keyed = keyed,
                                 .reusable = (flags | algorithm->flags) & BCRYPT_HASH_REUSABLE,
                                 .size = size};
    if (keyed) {
        hash->hmac = (struct crypto_hmac *)hash->context;
        crypto_plugin()->hmac_set_key(hash->hmac, function, secret, secret_size);
    } else {
        function->init(hash->context);
    }
    *out = hash;
    return STATUS_SUCCESS;
}

NTSTATUS WINAPI BCryptHashData(BCRYPT_HASH_HANDLE handle, PUCHAR data, ULONG size, ULONG flags)
{
    struct bcrypt_hash *hash = hash_from_handle(handle);

    if (!hash || hash->finished)
        return STATUS_INVALID_HANDLE;
    if (flags || (size && !data))
        return STATUS_INVALID_PARAMETER;
    if (!hash->hash)
        crypto_plugin()->cmac_update(hash->context, size, data);
    else if (hash->keyed)
        crypto_plugin()->hmac_update(hash->hmac, size, data);
    else
        hash->hash->update(hash->context, size, data);
    return STATUS_SUCCESS;
}

/* The plug-in's functions leave the context as it was after it was made. */
NTSTATUS WINAPI BCryptFinishHash(BCRYPT_HASH_HANDLE handle, PUCHAR out, ULONG size, ULONG flags)
{
    struct bcrypt_hash *hash = hash_from_handle(handle);

    if (!hash || hash->finished)
        return STATUS_INVALID_HANDLE;
    if (flags || !out || size != (hash->hash ? hash->hash->digest_size : CMAC_SIZE))
        return STATUS_INVALID_PARAMETER;
    if (!hash->hash)
        crypto_plugin()->cmac_digest(hash->context, out);
    else if (hash->keyed)
        crypto_plugin()->hmac_digest(hash->hmac, size, out);
    else
        hash->hash->digest(hash->context, size, out);
    hash->finished = !hash->reusable;
    return STATUS_SUCCESS;
}

NTSTATUS WINAPI BCryptDuplicateHash(BCRYPT_HASH_HANDLE handle, BCRYPT_HASH_HANDLE *out, PUCHAR object,
                                    ULONG object_size, ULONG flags)
{
    struct bcrypt_hash *hash = hash_from_handle(handle), *copy;

    (void)object, (void)object_size;
    if (out && !flags && multi_from_handle(handle))
        return multi_duplicate(multi_from_handle(handle), out);
    if (!hash)
        return STATUS_INVALID_HANDLE;
    if (!out || flags)
        return STATUS_INVALID_PARAMETER;
    copy = (struct bcrypt_hash *)crypto_copy(hash, hash->size);
    if (!copy)
        return STATUS_NO_MEMORY;
    if (copy->keyed)
        copy->hmac = (struct crypto_hmac *)copy->context;
    *out = copy;
    return STATUS_SUCCESS;
}

NTSTATUS WINAPI BCryptDestroyHash(BCRYPT_HASH_HANDLE handle)
{
    struct bcrypt_hash *hash = hash_from_handle(handle);

    if (multi_from_handle(handle)) {
        multi_free(multi_from_handle(handle));
        return STATUS_SUCCESS;
    }
    if (!hash)
        return STATUS_INVALID_HANDLE;
    crypto_free_secret(hash, hash->size);
    return STATUS_SUCCESS;
}

static NTSTATUS hash_keyed(const struct crypto_hash *function, const UCHAR *secret, ULONG secret_size,
                           const UCHAR *data, ULONG size, UCHAR *out)
{
    uint64_t memory[(sizeof(struct crypto_hmac) + 3 * MAX_CONTEXT) / 8];
    struct crypto_hmac *hmac = (struct crypto_hmac *)memory;

    crypto_plugin()->hmac_set_key(hmac, function, secret, secret_size);
    crypto_plugin()->hmac_update(hmac, size, data);
    crypto_plugin()->hmac_digest(hmac, function->digest_size, out);
    explicit_bzero(memory, sizeof memory);
    return STATUS_SUCCESS;
}

NTSTATUS WINAPI BCryptHash(BCRYPT_ALG_HANDLE handle, PUCHAR secret, ULONG secret_size, PUCHAR data, ULONG size,
                           PUCHAR out, ULONG out_size)
{
    struct algorithm *algorithm = algorithm_from_handle(handle);
    const struct crypto_hash *function;
    uint64_t context[MAX_CONTEXT / 8];

    if (!algorithm)
        return STATUS_INVALID_HANDLE;
    if (algorithm->info->kind == KIND_MAC && crypto_plugin()) {
        BCRYPT_HASH_HANDLE hash;
        NTSTATUS status = mac_create(algorithm, &hash, secret, secret_size, 0);
        if (status)
            return status;
        status = BCryptHashData(hash, data, size, 0);
        if (!status)
            status = BCryptFinishHash(hash, out, out_size, 0);
        BCryptDestroyHash(hash);
        return status;
    }
    if (algorithm->info->kind != KIND_HASH)
        return STATUS_NOT_SUPPORTED;
    function = algorithm_hash(algorithm->info);
    if (!function)
        return STATUS_NOT_SUPPORTED;
    if (!out || out_size != function->digest_size || (size && !data))
        return STATUS_INVALID_PARAMETER;
    if (algorithm->flags & BCRYPT_ALG_HANDLE_HMAC_FLAG)
        return secret_size && !secret ? STATUS_INVALID_PARAMETER
                                      : hash_keyed(function, secret, secret_size, data, size, out);
    if (secret_size)
        return STATUS_INVALID_PARAMETER;
    function->init(context);
    function->update(context, size, data);
    function->digest(context, out_size, out);
    return STATUS_SUCCESS;
}
