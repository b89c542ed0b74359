/*
 * bcrypt_cipher.c: symmetric keys, and encrypting with them.
 *
 * Layer: bcrypt, above the plug-in's table.
 */
#include "bcrypt_private.h"

ULONG cipher_block(const struct algorithm *algorithm)
{
    switch (algorithm->info->id) {
    case CRYPTO_AES:
        return 16;
    case CRYPTO_RC4:
    case CRYPTO_CHACHA:
        return 1;
    default:
        return 8;
    }
}

struct bcrypt_key *key_new(const struct algorithm *algorithm)
{
    struct bcrypt_key *key = crypto_alloc(sizeof *key);

    if (key) {
        key->algorithm = *algorithm;
        key->mark = KEY_MARK;
    }
    return key;
}

void key_free(struct bcrypt_key *key)
{
    const struct crypto_plugin *plugin = crypto_plugin();

    crypto_free_secret(key->secret, key->secret_size);
    crypto_free_secret(key->schedule, plugin->key_size);
    crypto_free_secret(key->gcm_key, plugin->gcm_key_size);
    crypto_free_secret(key->salt, key->salt_size);
    crypto_free_secret(key->numbers, key->numbers_size);
    crypto_free_secret(key, sizeof *key);
}

NTSTATUS cipher_set_mode(struct bcrypt_key *key, int mode)
{
    const struct crypto_plugin *plugin = crypto_plugin();

    if (mode == MODE_GCM && !key->gcm_key) {
        key->gcm_key = crypto_alloc(plugin->gcm_key_size);
        if (!key->gcm_key)
            return STATUS_NO_MEMORY;
        plugin->gcm_set_key(key->gcm_key, key->schedule);
    }
    key->algorithm.mode = mode;
    return STATUS_SUCCESS;
}

static bool size_fits(const struct algorithm_info *info, ULONG bits)
{
    return bits >= info->min_bits && bits <= info->max_bits &&
           (info->step_bits ? !((bits - info->min_bits) % info->step_bits) : true);
}

static NTSTATUS cipher_key(struct bcrypt_key *key)
{
    const struct algorithm_info *info = key->algorithm.info;
    const struct crypto_plugin *plugin = crypto_plugin();

    if (!size_fits(info, key->bits))
        return STATUS_INVALID_PARAMETER;
    key->effective_bits = key->bits;
    key->schedule = crypto_alloc(plugin->key_size);
    if (!key->schedule)
        return STATUS_NO_MEMORY;
    if (!plugin->set_key(key->schedule, info->id, key->secret, key->secret_size, key->effective_bits))
        return STATUS_INVALID_PARAMETER;
    return cipher_set_mode(key, key->algorithm.mode);
}

NTSTATUS WINAPI BCryptGenerateSymmetricKey(BCRYPT_ALG_HANDLE handle, BCRYPT_KEY_HANDLE *out, PUCHAR object,
                                           ULONG object_size, PUCHAR secret, ULONG size, ULONG flags)
{
    struct algorithm *algorithm = algorithm_from_handle(handle);
    struct bcrypt_key *key;
    NTSTATUS status = STATUS_SUCCESS;

    if (!algorithm)
        return STATUS_INVALID_HANDLE;
    if (algorithm->info->kind != KIND_CIPHER && algorithm->info->kind != KIND_KDF)
        return STATUS_NOT_SUPPORTED;
    if (!out || flags || (size && !secret) || size > 0x10000000)
        return STATUS_INVALID_PARAMETER;
    if (object && object_size < sizeof *key)
        return STATUS_BUFFER_TOO_SMALL;
    if (!crypto_plugin())
        return STATUS_NOT_SUPPORTED;
    key = key_new(algorithm);
    if (!key)
        return STATUS_NO_MEMORY;
    key->bits = size * 8;
    key->secret_size = size;
    key->secret = crypto_copy(secret, size);
    if (!key->secret)
        status = STATUS_NO_MEMORY;
    else if (algorithm->info->kind == KIND_CIPHER)
        status = cipher_key(key);
    if (status) {
        key_free(key);
        return status;
    }
    key->finished = true;
    *out = key;
    return STATUS_SUCCESS;
}

NTSTATUS WINAPI BCryptDestroyKey(BCRYPT_KEY_HANDLE handle)
{
    struct bcrypt_key *key = key_from_handle(handle);

    if (!key)
        return STATUS_INVALID_HANDLE;
    key_free(key);
    return STATUS_SUCCESS;
}

NTSTATUS WINAPI BCryptDuplicateKey(BCRYPT_KEY_HANDLE handle, BCRYPT_KEY_HANDLE *out, PUCHAR object, ULONG object_size,
                                   ULONG flags)
{
    struct bcrypt_key *key = key_from_handle(handle), *copy;
    const struct crypto_plugin *plugin = crypto_plugin();

    if (!key)
        return STATUS_INVALID_HANDLE;
    if (!out || flags)
        return STATUS_INVALID_PARAMETER;
    if (object && object_size < sizeof *key)
        return STATUS_BUFFER_TOO_SMALL;
    copy = (struct bcrypt_key *)crypto_copy(key, sizeof *key);
    if (!copy)
        return STATUS_NO_MEMORY;
    copy->secret = key->secret ? crypto_copy(key->secret, key->secret_size) : NULL;
    copy->schedule = key->schedule ? crypto_copy(key->schedule, plugin->key_size) : NULL;
    copy->gcm_key = key->gcm_key ? crypto_copy(key->gcm_key, plugin->gcm_key_size) : NULL;
    copy->salt = key->salt ? crypto_copy(key->salt, key->salt_size) : NULL;
    copy->numbers = key->numbers ? crypto_copy(key->numbers, key->numbers_size) : NULL;
    if (!copy->secret != !key->secret || !copy->schedule != !key->schedule || !copy->gcm_key != !key->gcm_key ||
        !copy->salt != !key->salt || !copy->numbers != !key->numbers) {
        key_free(copy);
        return STATUS_NO_MEMORY;
    }
    *out = copy;
    return STATUS_SUCCESS;
}

/* ---- blobs ---- */

static const UCHAR wrap_label[] = "OpaqueKeyBlob"; /* keeps foreign data out */

static NTSTATUS export_opaque(const struct bcrypt_key *key, UCHAR *out, ULONG room, ULONG *result)
{
    *result = (ULONG)sizeof wrap_label + key->secret_size;
    if (!out)
        return STATUS_SUCCESS;
    if (room < *result)
        return STATUS_BUFFER_TOO_SMALL;
    memcpy(out, wrap_label, sizeof wrap_label);
    memcpy(out + sizeof wrap_label, key->secret, key->secret_size);
    return STATUS_SUCCESS;
}

NTSTATUS cipher_export(const struct bcrypt_key *key, const WCHAR *type, UCHAR *out, ULONG room, ULONG *result)
{
    BCRYPT_KEY_DATA_BLOB_HEADER header = {BCRYPT_KEY_DATA_BLOB_MAGIC, BCRYPT_KEY_DATA_BLOB_VERSION1, key->secret_size};

    if (!wide_compare(type, BCRYPT_OPAQUE_KEY_BLOB))
        return export_opaque(key, out, room, result);
    if (wide_compare(type, BCRYPT_KEY_DATA_BLOB))
        return STATUS_NOT_SUPPORTED;
    *result = (ULONG)sizeof header + key->secret_size;
    if (!out)
        return STATUS_SUCCESS;
    if (room < *result)
        return STATUS_BUFFER_TOO_SMALL;
    memcpy(out, &header, sizeof header);
    memcpy(out + sizeof header, key->secret, key->secret_size);
    return STATUS_SUCCESS;
}

/* RFC 3394, under an AES key. */
static bool wraps(const struct bcrypt_key *under)
{
    return under && under->algorithm.info->kind == KIND_CIPHER && under->algorithm.info->id == CRYPTO_AES;
}

NTSTATUS cipher_wrap(const struct bcrypt_key *key, const struct bcrypt_key *under, const WCHAR *type, UCHAR *out,
                     ULONG room, ULONG *result)
{
    if (!wraps(under))
        return STATUS_INVALID_HANDLE;
    if (wide_compare(type, BCRYPT_AES_WRAP_KEY_BLOB) || key->secret_size % 8 || key->secret_size < 16)
        return STATUS_NOT_SUPPORTED;
    *result = key->secret_size + 8;
    if (!out)
        return STATUS_SUCCESS;
    if (room < *result)
        return STATUS_BUFFER_TOO_SMALL;
    crypto_plugin()->wrap(under->schedule, key->secret_size, out, key->secret);
    return STATUS_SUCCESS;
}

static NTSTATUS import_wrapped(BCRYPT_ALG_HANDLE handle, const struct bcrypt_key *under, BCRYPT_KEY_HANDLE *out,
                               UCHAR *object, ULONG object_size, const UCHAR *in, ULONG size)
{
    UCHAR clear[64 + 8];
    NTSTATUS status = STATUS_INVALID_PARAMETER;

    if (!wraps(under))
        return STATUS_INVALID_HANDLE;
    if (size % 8 || size < 24 || size > sizeof clear)
        return STATUS_INVALID_PARAMETER;
    if (crypto_plugin()->unwrap(under->schedule, size - 8, clear, in))
        status = BCryptGenerateSymmetricKey(handle, out, object, object_size, clear, size - 8, 0);
    explicit_bzero(clear, sizeof clear);
    return status;
}

NTSTATUS WINAPI BCryptImportKey(BCRYPT_ALG_HANDLE handle, BCRYPT_KEY_HANDLE import_key, LPCWSTR type,
                                BCRYPT_KEY_HANDLE *out, PUCHAR object, ULONG object_size, PUCHAR in, ULONG size,
                                ULONG flags)
{
    struct algorithm *algorithm = algorithm_from_handle(handle);
    BCRYPT_KEY_DATA_BLOB_HEADER header;

    if (!algorithm)
        return STATUS_INVALID_HANDLE;
    if (!type || !out || !in || flags)
        return STATUS_INVALID_PARAMETER;
    if (algorithm->info->kind != KIND_CIPHER)
        return STATUS_NOT_SUPPORTED;
    if (!wide_compare(type, BCRYPT_AES_WRAP_KEY_BLOB))
        return import_wrapped(handle, key_from_handle(import_key), out, object, object_size, in, size);
    if (import_key)
        return STATUS_NOT_SUPPORTED;
    if (!wide_compare(type, BCRYPT_OPAQUE_KEY_BLOB)) {
        if (size < sizeof wrap_label || memcmp(in, wrap_label, sizeof wrap_label))
            return STATUS_INVALID_PARAMETER;
        return BCryptGenerateSymmetricKey(handle, out, object, object_size, in + sizeof wrap_label,
                                          size - (ULONG)sizeof wrap_label, 0);
    }
    if (wide_compare(type, BCRYPT_KEY_DATA_BLOB))
        return STATUS_NOT_SUPPORTED;
    if (size < sizeof header)
        return STATUS_BUFFER_TOO_SMALL;
    memcpy(&header, in, sizeof header);
    if (header.dwMagic != BCRYPT_KEY_DATA_BLOB_MAGIC || header.dwVersion != BCRYPT_KEY_DATA_BLOB_VERSION1 ||
        header.cbKeyData > size - sizeof header)
        return STATUS_INVALID_PARAMETER;
    return BCryptGenerateSymmetricKey(handle, out, object, object_size, in + sizeof header, header.cbKeyData, 0);
}

/* ---- encrypting ---- */

static NTSTATUS encrypt_padded(struct bcrypt_key *key, const UCHAR *in, ULONG size, UCHAR *iv, UCHAR *out, ULONG block)
{
    const struct crypto_plugin *plugin = crypto_plugin();
    ULONG whole = size / block * block, rest = size - whole;
    UCHAR last[CRYPTO_MAX_BLOCK];

    memset(last, (int)(block - rest), sizeof last);
    if (rest)
        memcpy(last, in + whole, rest); /* before `out` is written: it may be the same memory */
    plugin->crypt(key->schedule, key->algorithm.mode, true, iv, key->algorithm.feedback, whole, out, in);
    plugin->crypt(key->schedule, key->algorithm.mode, true, iv, key->algorithm.feedback, block, out + whole, last);
    return STATUS_SUCCESS;
}

/* Without a branch on the padding's bytes: its length comes out, or 0 if it is wrong. */
static ULONG padding_length(const UCHAR *last, ULONG block)
{
    ULONG pad = last[block - 1], bad = pad == 0 || pad > block;

    for (ULONG i = 0; i < block; i++)
        bad |= (i < pad) & (last[block - 1 - i] != pad);
    return bad ? 0 : pad;
}

static NTSTATUS decrypt_padded(struct bcrypt_key *key, const UCHAR *in, ULONG size, UCHAR *iv, UCHAR *out, ULONG room,
                               ULONG block, ULONG *result)
{
    UCHAR *plain = size ? crypto_alloc(size) : NULL;
    NTSTATUS status = STATUS_SUCCESS;
    ULONG pad;

    if (!plain)
        return size ? STATUS_NO_MEMORY : STATUS_INVALID_BUFFER_SIZE;
    crypto_plugin()->crypt(key->schedule, key->algorithm.mode, false, iv, key->algorithm.feedback, size, plain, in);
    pad = padding_length(plain + size - block, block);
    if (!pad)
        status = STATUS_UNSUCCESSFUL;
    else if (*result = size - pad, room < *result)
        status = STATUS_BUFFER_TOO_SMALL;
    else
        memcpy(out, plain, *result);
    crypto_free_secret(plain, size);
    return status;
}

static NTSTATUS check_iv(const struct bcrypt_key *key, const UCHAR *iv, ULONG size, ULONG block)
{
    if (iv && key->algorithm.mode != MODE_ECB && key->algorithm.mode != MODE_STREAM && size != block)
        return STATUS_INVALID_PARAMETER;
    return STATUS_SUCCESS;
}

static NTSTATUS cipher_crypt(struct bcrypt_key *key, bool encrypt, const UCHAR *in, ULONG size, UCHAR *iv,
                             ULONG iv_size, UCHAR *out, ULONG room, ULONG *result, ULONG flags)
{
    ULONG block = cipher_block(&key->algorithm), unit = block;
    UCHAR chain[CRYPTO_MAX_BLOCK];
    NTSTATUS status = check_iv(key, iv, iv_size, block);

    if (status)
        return status;
    if (flags & ~BCRYPT_BLOCK_PADDING)
        return STATUS_INVALID_PARAMETER;
    if (key->algorithm.mode == MODE_CFB)
        unit = key->algorithm.feedback;
    bool padded = flags & BCRYPT_BLOCK_PADDING && key->algorithm.mode != MODE_STREAM;
    if (padded && encrypt) {
        if (size > 0xffffffff - block)
            return STATUS_INVALID_PARAMETER;
        *result = (size / block + 1) * block;
    } else {
        if (size % (padded ? block : unit))
            return STATUS_INVALID_BUFFER_SIZE;
        *result = size;
    }
    if (!out)
        return STATUS_SUCCESS;
    if (room < *result && !(padded && !encrypt))
        return STATUS_BUFFER_TOO_SMALL;
    memcpy(chain, iv ? iv : key->iv, block); /* an IV that is not given is the key's, which stays */
    if (padded && encrypt)
        status = encrypt_padded(key, in, size, chain, out, block);
    else if (padded)
        status = decrypt_padded(key, in, size, chain, out, room, block, result);
    else
        crypto_plugin()->crypt(key->schedule, key->algorithm.mode, encrypt, chain, unit, size, out, in);
    if (iv && !status && key->algorithm.mode != MODE_ECB && key->algorithm.mode != MODE_STREAM)
        memcpy(iv, chain, block);
    return status;
}

static NTSTATUS crypt_any(BCRYPT_KEY_HANDLE handle, bool encrypt, UCHAR *in, ULONG size, void *padding, UCHAR *iv,
                          ULONG iv_size, UCHAR *out, ULONG room, ULONG *result, ULONG flags)
{
    struct bcrypt_key *key = key_from_handle(handle);

    if (!key)
        return STATUS_INVALID_HANDLE;
    if (!result || (size && !in))
        return STATUS_INVALID_PARAMETER;
    if (key->algorithm.info->kind == KIND_RSA)
        return rsa_crypt(key, encrypt, in, size, padding, out, room, result, flags);
    if (key->algorithm.info->kind != KIND_CIPHER)
        return STATUS_NOT_SUPPORTED;
    if (key->algorithm.mode >= MODE_GCM)
        return aead_crypt(key, encrypt, in, size, padding, iv, iv_size, out, room, result, flags);
    return cipher_crypt(key, encrypt, in, size, iv, iv_size, out, room, result, flags);
}

NTSTATUS WINAPI BCryptEncrypt(BCRYPT_KEY_HANDLE handle, PUCHAR in, ULONG size, VOID *padding, PUCHAR iv, ULONG iv_size,
                              PUCHAR out, ULONG room, ULONG *result, ULONG flags)
{
    return crypt_any(handle, true, in, size, padding, iv, iv_size, out, room, result, flags);
}

NTSTATUS WINAPI BCryptDecrypt(BCRYPT_KEY_HANDLE handle, PUCHAR in, ULONG size, VOID *padding, PUCHAR iv, ULONG iv_size,
                              PUCHAR out, ULONG room, ULONG *result, ULONG flags)
{
    return crypt_any(handle, false, in, size, padding, iv, iv_size, out, room, result, flags);
}
