/*
 * bcrypt_derive.c: keys from passwords and from other keys: PBKDF2, HKDF, SP 800-108, SP 800-56A, CryptoAPI's;
 * those of TLS are in bcrypt_tls.c.
 *
 * Layer: bcrypt, above the plug-in's table.
 */
#include "bcrypt_private.h"
#include "bcrypt_parameters.h"

const BCryptBuffer *parameter_find(const BCryptBufferDesc *list, ULONG type)
{
    for (ULONG i = 0; list && i < list->cBuffers; i++)
        if (list->pBuffers[i].BufferType == type)
            return &list->pBuffers[i];
    return NULL;
}

NTSTATUS parameter_hash(const BCryptBufferDesc *list, int otherwise, const struct crypto_hash **hash)
{
    const BCryptBuffer *buffer = parameter_find(list, KDF_HASH_ALGORITHM);
    const struct algorithm_info *info = otherwise < 0 ? NULL : algorithm_of_hash(otherwise);

    if (buffer)
        info = buffer->pvBuffer ? algorithm_find(buffer->pvBuffer) : NULL;
    *hash = algorithm_hash(info);
    return *hash ? STATUS_SUCCESS : buffer ? STATUS_NOT_SUPPORTED : STATUS_INVALID_PARAMETER;
}

static UCHAR *parameter_data(const BCryptBufferDesc *list, ULONG type, ULONG *size)
{
    const BCryptBuffer *buffer = parameter_find(list, type);

    *size = buffer ? buffer->cbBuffer : 0;
    return buffer ? buffer->pvBuffer : NULL;
}

/* [counter] label 0 context [length in bits], hashed with the key as often as needed. */
static NTSTATUS derive_sp800_108(const struct crypto_hash *hash, const UCHAR *secret, ULONG secret_size,
                                 const BCryptBufferDesc *list, UCHAR *out, ULONG size)
{
    const struct crypto_plugin *plugin = crypto_plugin();
    struct crypto_hmac *hmac = crypto_alloc(crypto_hmac_size(hash));
    ULONG label_size, context_size, fixed_size;
    UCHAR *label = parameter_data(list, KDF_LABEL, &label_size);
    UCHAR *context = parameter_data(list, KDF_CONTEXT, &context_size);
    UCHAR *fixed = parameter_data(list, KDF_GENERIC_PARAMETER, &fixed_size); /* label and context already joined */
    ULONG bits = __builtin_bswap32(size * 8);
    UCHAR digest[CRYPTO_MAX_DIGEST], zero = 0;

    if (!hmac)
        return STATUS_NO_MEMORY;
    plugin->hmac_set_key(hmac, hash, secret, secret_size);
    for (ULONG counter = 1, done = 0; done < size; counter++) {
        ULONG number = __builtin_bswap32(counter), part = size - done;

        plugin->hmac_update(hmac, sizeof number, (UCHAR *)&number);
        if (fixed) {
            plugin->hmac_update(hmac, fixed_size, fixed);
        } else {
            plugin->hmac_update(hmac, label_size, label);
            plugin->hmac_update(hmac, 1, &zero);
            plugin->hmac_update(hmac, context_size, context);
            plugin->hmac_update(hmac, sizeof bits, (UCHAR *)&bits);
        }
        plugin->hmac_digest(hmac, hash->digest_size, digest);
        if (part > hash->digest_size)
            part = hash->digest_size;
        memcpy(out + done, digest, part);
        done += part;
    }
    crypto_free_secret(hmac, crypto_hmac_size(hash));
    explicit_bzero(digest, sizeof digest);
    return STATUS_SUCCESS;
}

NTSTATUS derive_concat(const struct crypto_hash *hash, const UCHAR *secret, ULONG secret_size,
                       const BCryptBufferDesc *list, UCHAR *out, ULONG size)
{
    static const ULONG parts[] = {KDF_ALGORITHMID, KDF_PARTYUINFO, KDF_PARTYVINFO, KDF_SUPPPUBINFO, KDF_SUPPPRIVINFO};
    void *context = crypto_alloc(hash->context_size);
    UCHAR digest[CRYPTO_MAX_DIGEST];

    if (!context)
        return STATUS_NO_MEMORY;
    for (ULONG counter = 1, done = 0; done < size; counter++) {
        ULONG number = __builtin_bswap32(counter), part = size - done, length;

        hash->init(context);
        hash->update(context, sizeof number, (UCHAR *)&number);
        hash->update(context, secret_size, secret);
        for (size_t i = 0; i < ARRAYSIZE(parts); i++) {
            UCHAR *data = parameter_data(list, parts[i], &length);

            hash->update(context, length, data);
        }
        hash->digest(context, hash->digest_size, digest);
        if (part > hash->digest_size)
            part = hash->digest_size;
        memcpy(out + done, digest, part);
        done += part;
    }
    crypto_free_secret(context, hash->context_size);
    explicit_bzero(digest, sizeof digest);
    return STATUS_SUCCESS;
}

NTSTATUS WINAPI BCryptDeriveKeyPBKDF2(BCRYPT_ALG_HANDLE handle, PUCHAR password, ULONG password_size, PUCHAR salt,
                                      ULONG salt_size, ULONGLONG iterations, PUCHAR out, ULONG size, ULONG flags)
{
    struct algorithm *algorithm = algorithm_from_handle(handle);
    const struct crypto_hash *hash;

    if (!algorithm)
        return STATUS_INVALID_HANDLE;
    if (flags || !iterations || !out || !size || (password_size && !password) || (salt_size && !salt) ||
        algorithm->info->kind != KIND_HASH || !(algorithm->flags & BCRYPT_ALG_HANDLE_HMAC_FLAG))
        return STATUS_INVALID_PARAMETER;
    hash = algorithm_hash(algorithm->info);
    if (!hash)
        return STATUS_NOT_SUPPORTED;
    return crypto_plugin()->pbkdf2(hash, password, password_size, iterations, salt, salt_size, out, size)
               ? STATUS_SUCCESS
               : STATUS_NO_MEMORY;
}

/* CryptDeriveKey's rule: the hash, or for AES what its hashes with two masks give. */
NTSTATUS derive_capi(const struct crypto_hash *hash, const UCHAR *digest, ULONG needed, bool stretch, UCHAR *out)
{
    UCHAR pads[2 * CRYPTO_MAX_DIGEST], block[64];
    void *context;

    if (needed > 2 * hash->digest_size || (!stretch && needed > hash->digest_size))
        return STATUS_INVALID_PARAMETER;
    if (!stretch) {
        memcpy(out, digest, needed);
        return STATUS_SUCCESS;
    }
    context = crypto_alloc(hash->context_size);
    if (!context)
        return STATUS_NO_MEMORY;
    for (unsigned i = 0; i < 2; i++) {
        memset(block, i ? 0x5c : 0x36, sizeof block);
        for (ULONG j = 0; j < hash->digest_size; j++)
            block[j] ^= digest[j];
        hash->init(context);
        hash->update(context, sizeof block, block);
        hash->digest(context, hash->digest_size, pads + i * hash->digest_size);
    }
    memcpy(out, pads, needed);
    explicit_bzero(pads, sizeof pads);
    crypto_free_secret(context, hash->context_size);
    return STATUS_SUCCESS;
}

NTSTATUS WINAPI BCryptDeriveKeyCapi(BCRYPT_HASH_HANDLE handle, BCRYPT_ALG_HANDLE target, PUCHAR out, ULONG size,
                                    ULONG flags)
{
    struct bcrypt_hash *hash = hash_from_handle(handle);
    struct algorithm *algorithm = target ? algorithm_from_handle(target) : NULL;
    UCHAR digest[CRYPTO_MAX_DIGEST];
    NTSTATUS status;

    if (!hash || (target && !algorithm))
        return STATUS_INVALID_HANDLE;
    if (flags || !out || !size || !hash->hash)
        return STATUS_INVALID_PARAMETER;
    status = BCryptFinishHash(hash, digest, hash->hash->digest_size, 0);
    if (status)
        return status;
    bool aes = algorithm && algorithm->info->kind == KIND_CIPHER && algorithm->info->id == CRYPTO_AES;
    return derive_capi(hash->hash, digest, size, size > hash->hash->digest_size || (aes && size > 16), out);
}

NTSTATUS derive_set_property(struct bcrypt_key *key, const WCHAR *name, const UCHAR *value, ULONG size)
{
    bool salt = !wide_compare_nocase(name, L"HkdfSaltAndFinalize");

    if (key->algorithm.info->id != KDF_HKDF)
        return STATUS_NOT_SUPPORTED;
    if (!wide_compare_nocase(name, L"HkdfHashAlgorithm")) {
        const struct algorithm_info *info =
            value && size >= sizeof(WCHAR) ? algorithm_find((const WCHAR *)value) : NULL;

        if (!info || info->kind != KIND_HASH)
            return STATUS_INVALID_PARAMETER;
        key->kdf_hash = info;
        return STATUS_SUCCESS;
    }
    if (!salt && wide_compare_nocase(name, L"HkdfPrkAndFinalize"))
        return STATUS_NOT_SUPPORTED;
    if (!key->kdf_hash || key->salt || (size && !value))
        return STATUS_INVALID_PARAMETER;
    key->salt = crypto_copy(value, size);
    if (!key->salt)
        return STATUS_NO_MEMORY;
    key->salt_size = size;
    key->extracted = !salt;
    return STATUS_SUCCESS;
}

static NTSTATUS derive_hkdf(struct bcrypt_key *key, const BCryptBufferDesc *list, UCHAR *out, ULONG size)
{
    const struct crypto_hash *hash = algorithm_hash(key->kdf_hash);
    ULONG info_size;
    UCHAR *info = parameter_data(list, KDF_HKDF_INFO, &info_size);

    if (!hash || !key->salt || size > 255 * hash->digest_size)
        return STATUS_INVALID_PARAMETER;
    return crypto_plugin()->hkdf(hash, key->secret, key->secret_size, key->extracted ? NULL : key->salt, key->salt_size,
                                 info, info_size, out, size)
               ? STATUS_SUCCESS
               : STATUS_NO_MEMORY;
}

static NTSTATUS derive_pbkdf2(struct bcrypt_key *key, const struct crypto_hash *hash, const BCryptBufferDesc *list,
                              UCHAR *out, ULONG size)
{
    const BCryptBuffer *count = parameter_find(list, KDF_ITERATION_COUNT);
    ULONGLONG iterations = 10000;
    ULONG salt_size;
    UCHAR *salt = parameter_data(list, KDF_SALT, &salt_size);

    if (count && (count->cbBuffer > sizeof iterations || count->cbBuffer < sizeof(ULONG)))
        return STATUS_INVALID_PARAMETER;
    if (count) {
        iterations = 0;
        memcpy(&iterations, count->pvBuffer, count->cbBuffer);
    }
    if (!iterations)
        return STATUS_INVALID_PARAMETER;
    return crypto_plugin()->pbkdf2(hash, key->secret, key->secret_size, iterations, salt, salt_size, out, size)
               ? STATUS_SUCCESS
               : STATUS_NO_MEMORY;
}

NTSTATUS WINAPI BCryptKeyDerivation(BCRYPT_KEY_HANDLE handle, BCryptBufferDesc *list, PUCHAR out, ULONG size,
                                    ULONG *result, ULONG flags)
{
    struct bcrypt_key *key = key_from_handle(handle);
    const struct crypto_hash *hash = NULL;
    NTSTATUS status;

    (void)flags;
    if (!key)
        return STATUS_INVALID_HANDLE;
    if (!out || !result || !size)
        return STATUS_INVALID_PARAMETER;
    if (key->algorithm.info->kind != KIND_KDF)
        return STATUS_NOT_SUPPORTED;
    if (key->algorithm.info->id != KDF_HKDF && key->algorithm.info->id != KDF_TLS1_1 &&
        (status = parameter_hash(list, -1, &hash)))
        return status;
    switch (key->algorithm.info->id) {
    case KDF_HKDF:
        status = derive_hkdf(key, list, out, size);
        break;
    case KDF_PBKDF2:
        status = derive_pbkdf2(key, hash, list, out, size);
        break;
    case KDF_SP800_108:
        status = derive_sp800_108(hash, key->secret, key->secret_size, list, out, size);
        break;
    case KDF_SP800_56A:
        status = derive_concat(hash, key->secret, key->secret_size, list, out, size);
        break;
    case KDF_TLS1_1:
    case KDF_TLS1_2:
        status = derive_tls(hash, key->secret, key->secret_size, list, out, size);
        break;
    default: {
        UCHAR digest[CRYPTO_MAX_DIGEST];
        void *context = crypto_alloc(hash->context_size);

        if (!context)
            return STATUS_NO_MEMORY;
        hash->init(context);
        hash->update(context, key->secret_size, key->secret);
        hash->digest(context, hash->digest_size, digest);
        crypto_free_secret(context, hash->context_size);
        status = derive_capi(hash, digest, size, size > hash->digest_size, out);
    }
    }
    *result = status ? 0 : size;
    return status;
}
