/*
 * bcrypt_sign.c: signing and verifying, and encrypting with RSA: the paddings of PKCS #1, PSS and OAEP.
 *
 * Layer: bcrypt, above the plug-in's table.
 */
#include "bcrypt_pair.h"

ULONG pair_signature_size(const struct bcrypt_key *key)
{
    switch (key->algorithm.info->kind) {
    case KIND_RSA:
        return (key->bits + 7) / 8;
    case KIND_ECDSA:
        return 2 * curve_bytes(key->algorithm.curve);
    case KIND_DSA:
        return 2 * (key->q_size ? key->q_size : 20);
    default:
        return 0;
    }
}

/* ---- PKCS #1 version 1.5 ---- */

/* DigestInfo up to the digest, by the hash's name. */
static ULONG digest_prefix(const struct algorithm_info *info, UCHAR prefix[20])
{
    static const UCHAR nist[] = {0x30, 0x31, 0x30, 0x0d, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1, 5, 0, 4, 0x20};
    static const UCHAR rsa[] = {0x30, 0x20, 0x30, 0x0c, 6, 8, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 2, 5, 5, 0, 4, 0x10};
    static const UCHAR sha1[] = {0x30, 0x21, 0x30, 9, 6, 5, 0x2b, 0x0e, 3, 2, 0x1a, 5, 0, 4, 0x14};
    static const UCHAR rsa_last[] = {[CRYPTO_MD2] = 2, [CRYPTO_MD4] = 4, [CRYPTO_MD5] = 5};
    static const UCHAR nist_last[] = {
        [CRYPTO_SHA256] = 1,   [CRYPTO_SHA384] = 2,   [CRYPTO_SHA512] = 3,
        [CRYPTO_SHA3_256] = 8, [CRYPTO_SHA3_384] = 9, [CRYPTO_SHA3_512] = 10,
    };
    UCHAR size = (UCHAR)algorithm_hash(info)->digest_size;

    if (info->id == CRYPTO_SHA1) {
        memcpy(prefix, sha1, sizeof sha1);
        return sizeof sha1;
    }
    if (info->id <= CRYPTO_MD5) {
        memcpy(prefix, rsa, sizeof rsa);
        prefix[13] = rsa_last[info->id];
        return sizeof rsa;
    }
    memcpy(prefix, nist, sizeof nist);
    prefix[1] = (UCHAR)(0x11 + size), prefix[14] = nist_last[info->id], prefix[18] = size;
    return sizeof nist;
}

/* The padded block for a digest; name NULL: without a DigestInfo, as TLS 1.1 signs. */
static NTSTATUS pkcs1_encode(const struct bcrypt_key *key, const WCHAR *name, const UCHAR *digest, ULONG size,
                             UCHAR *block, ULONG block_size)
{
    const struct algorithm_info *info = name ? algorithm_find(name) : NULL;
    UCHAR prefix[20];
    ULONG prefix_size = 0;

    (void)key;
    if (name) {
        if (!info || info->kind != KIND_HASH)
            return STATUS_NOT_SUPPORTED;
        if (size != algorithm_hash(info)->digest_size)
            return STATUS_INVALID_PARAMETER;
        prefix_size = digest_prefix(info, prefix);
    }
    if (size > block_size || prefix_size + size + 11 > block_size)
        return STATUS_INVALID_PARAMETER;
    memset(block, 0xff, block_size);
    block[0] = 0, block[1] = 1;
    UCHAR *at = block + block_size - size - prefix_size;
    at[-1] = 0;
    memcpy(at, prefix, prefix_size);
    memcpy(at + prefix_size, digest, size);
    return STATUS_SUCCESS;
}

static NTSTATUS pss_parameters(void *padding, ULONG size, const struct crypto_hash **hash, ULONG *salt)
{
    BCRYPT_PSS_PADDING_INFO *info = padding;
    const struct algorithm_info *algorithm;

    if (!info || !info->pszAlgId)
        return STATUS_INVALID_PARAMETER;
    algorithm = algorithm_find(info->pszAlgId);
    *hash = algorithm_hash(algorithm);
    if (!*hash)
        return STATUS_NOT_SUPPORTED;
    *salt = info->cbSalt;
    return size == (*hash)->digest_size ? STATUS_SUCCESS : STATUS_INVALID_PARAMETER;
}

static NTSTATUS rsa_sign(struct bcrypt_key *key, void *padding, const UCHAR *digest, ULONG size, UCHAR *out,
                         ULONG flags)
{
    const struct crypto_plugin *plugin = crypto_plugin();
    struct crypto_rsa rsa = rsa_numbers(key);
    const struct crypto_hash *hash;
    UCHAR *block = crypto_alloc(rsa.n_size);
    NTSTATUS status;
    ULONG salt;

    if (!block)
        return STATUS_NO_MEMORY;
    if (flags & BCRYPT_PAD_PSS) {
        status = pss_parameters(padding, size, &hash, &salt);
        if (!status && !plugin->pss_encode(hash, key->bits, salt, digest, block, rsa.n_size))
            status = STATUS_INVALID_PARAMETER;
    } else if (flags & BCRYPT_PAD_PKCS1 && padding) {
        status =
            pkcs1_encode(key, ((BCRYPT_PKCS1_PADDING_INFO *)padding)->pszAlgId, digest, size, block, (ULONG)rsa.n_size);
    } else {
        status = STATUS_INVALID_PARAMETER;
    }
    if (!status && !plugin->rsa_private(&rsa, block, out))
        status = STATUS_INVALID_PARAMETER;
    crypto_free(block);
    return status;
}

static NTSTATUS rsa_verify(struct bcrypt_key *key, void *padding, const UCHAR *digest, ULONG size,
                           const UCHAR *signature, ULONG flags)
{
    const struct crypto_plugin *plugin = crypto_plugin();
    struct crypto_rsa rsa = rsa_numbers(key);
    const struct crypto_hash *hash;
    UCHAR *block = crypto_alloc(2 * rsa.n_size), *wanted = block + rsa.n_size;
    NTSTATUS status = STATUS_INVALID_PARAMETER;
    ULONG salt;

    if (!block)
        return STATUS_NO_MEMORY;
    bool readable = plugin->rsa_public(&rsa, signature, block);
    if (flags & BCRYPT_PAD_PSS) {
        status = pss_parameters(padding, size, &hash, &salt);
        if (!status && (!readable || !plugin->pss_verify(hash, key->bits, salt, digest, block, rsa.n_size)))
            status = STATUS_INVALID_SIGNATURE;
    } else if (flags & BCRYPT_PAD_PKCS1 && padding) {
        status = pkcs1_encode(key, ((BCRYPT_PKCS1_PADDING_INFO *)padding)->pszAlgId, digest, size, wanted,
                              (ULONG)rsa.n_size);
        if (!status && (!readable || memcmp(block, wanted, rsa.n_size)))
            status = STATUS_INVALID_SIGNATURE;
    }
    crypto_free(block);
    return status;
}

NTSTATUS WINAPI BCryptSignHash(BCRYPT_KEY_HANDLE handle, VOID *padding, PUCHAR digest, ULONG size, PUCHAR out,
                               ULONG room, ULONG *result, ULONG flags)
{
    struct bcrypt_key *key = key_from_handle(handle);
    const struct crypto_plugin *plugin = crypto_plugin();

    if (!key || !key->finished)
        return STATUS_INVALID_HANDLE;
    if (!digest || !size || !result)
        return STATUS_INVALID_PARAMETER;
    *result = pair_signature_size(key);
    if (!*result)
        return STATUS_NOT_SUPPORTED;
    if (!out)
        return STATUS_SUCCESS;
    if (!key->has_private)
        return STATUS_INVALID_PARAMETER;
    if (room < *result)
        return STATUS_BUFFER_TOO_SMALL;
    if (key->algorithm.info->kind == KIND_RSA)
        return rsa_sign(key, padding, digest, size, out, flags);
    if (flags)
        return STATUS_INVALID_PARAMETER;
    if (key->algorithm.info->kind == KIND_DSA) {
        struct crypto_dsa dsa = dsa_numbers(key);
        return plugin->dsa_sign(&dsa, digest, size, out, out + key->q_size) ? STATUS_SUCCESS : STATUS_INVALID_PARAMETER;
    }
    ULONG bytes = curve_bytes(key->algorithm.curve);
    return plugin->ec_sign(key->algorithm.curve, key->numbers + 2 * bytes, digest, size, out, out + bytes)
               ? STATUS_SUCCESS
               : STATUS_INVALID_PARAMETER;
}

NTSTATUS WINAPI BCryptVerifySignature(BCRYPT_KEY_HANDLE handle, VOID *padding, PUCHAR digest, ULONG size,
                                      PUCHAR signature, ULONG signature_size, ULONG flags)
{
    struct bcrypt_key *key = key_from_handle(handle);
    const struct crypto_plugin *plugin = crypto_plugin();
    bool good;

    if (!key || !key->finished)
        return STATUS_INVALID_HANDLE;
    if (!digest || !size || !signature)
        return STATUS_INVALID_PARAMETER;
    if (!pair_signature_size(key))
        return STATUS_NOT_SUPPORTED;
    if (signature_size != pair_signature_size(key))
        return key->algorithm.info->kind == KIND_RSA ? STATUS_INVALID_PARAMETER : STATUS_INVALID_SIGNATURE;
    if (key->algorithm.info->kind == KIND_RSA)
        return rsa_verify(key, padding, digest, size, signature, flags);
    if (flags)
        return STATUS_INVALID_PARAMETER;
    if (key->algorithm.info->kind == KIND_DSA) {
        struct crypto_dsa dsa = dsa_numbers(key);
        good = plugin->dsa_verify(&dsa, digest, size, signature, signature + key->q_size);
    } else {
        ULONG bytes = curve_bytes(key->algorithm.curve);
        good = plugin->ec_verify(key->algorithm.curve, key->numbers, key->numbers + bytes, digest, size, signature,
                                 signature + bytes);
    }
    return good ? STATUS_SUCCESS : STATUS_INVALID_SIGNATURE;
}

/* ---- encrypting ---- */

static NTSTATUS pad_pkcs1(UCHAR *block, ULONG block_size, const UCHAR *in, ULONG size)
{
    if (block_size < 11 || size > block_size - 11)
        return STATUS_INVALID_PARAMETER;
    ULONG filler = block_size - size - 3;
    block[0] = 0, block[1] = 2;
    if (random_bytes(block + 2, filler))
        return STATUS_UNSUCCESSFUL;
    for (ULONG i = 0; i < filler; i++)
        while (!block[2 + i])
            if (random_bytes(block + 2 + i, 1))
                return STATUS_UNSUCCESSFUL;
    block[2 + filler] = 0;
    memcpy(block + 3 + filler, in, size);
    return STATUS_SUCCESS;
}

/* Looks at every byte whatever it finds, so that time does not tell where the padding is wrong.  Where the message
 * begins; 0: the padding is wrong. */
static ULONG unpad_pkcs1(const UCHAR *block, ULONG block_size)
{
    ULONG bad = block[0] | (block[1] ^ 2), start = 0;

    for (ULONG i = 2; i < block_size; i++) {
        ULONG first_zero = (block[i] == 0) & (start == 0);
        start |= (i + 1) & (0 - first_zero);
    }
    bad |= (start < 11);
    return bad ? 0 : start;
}

static NTSTATUS oaep_parameters(void *padding, const struct crypto_hash **hash, BCRYPT_OAEP_PADDING_INFO **info)
{
    *info = padding;
    if (!padding || !(*info)->pszAlgId || ((*info)->cbLabel && !(*info)->pbLabel))
        return STATUS_INVALID_PARAMETER;
    *hash = algorithm_hash(algorithm_find((*info)->pszAlgId));
    return *hash ? STATUS_SUCCESS : STATUS_NOT_SUPPORTED;
}

static void hash_label(const struct crypto_hash *hash, const BCRYPT_OAEP_PADDING_INFO *info, UCHAR *digest)
{
    uint64_t context[64];

    hash->init(context);
    hash->update(context, info->cbLabel, info->pbLabel);
    hash->digest(context, hash->digest_size, digest);
}

/* `to` ^= the mask that `seed` gives. */
static NTSTATUS oaep_mask(const struct crypto_hash *hash, UCHAR *to, ULONG size, const UCHAR *seed, ULONG seed_size)
{
    UCHAR *mask = crypto_alloc(size);

    if (!mask)
        return STATUS_NO_MEMORY;
    crypto_plugin()->mgf1(hash, seed, seed_size, mask, size);
    for (ULONG i = 0; i < size; i++)
        to[i] ^= mask[i];
    crypto_free_secret(mask, size);
    return STATUS_SUCCESS;
}

/* 0 | seed | hash of the label, zeros, 1, message. */
static NTSTATUS pad_oaep(UCHAR *block, ULONG block_size, const UCHAR *in, ULONG size, void *padding)
{
    const struct crypto_hash *hash;
    BCRYPT_OAEP_PADDING_INFO *info;
    NTSTATUS status = oaep_parameters(padding, &hash, &info);

    if (status)
        return status;
    ULONG h = hash->digest_size;
    if (block_size < 2 * h + 2 || size > block_size - 2 * h - 2)
        return STATUS_INVALID_PARAMETER;
    UCHAR *seed = block + 1, *data = seed + h;
    ULONG data_size = block_size - h - 1;
    memset(block, 0, block_size);
    if (random_bytes(seed, h))
        return STATUS_UNSUCCESSFUL;
    hash_label(hash, info, data);
    data[data_size - size - 1] = 1;
    memcpy(data + data_size - size, in, size);
    status = oaep_mask(hash, data, data_size, seed, h);
    return status ? status : oaep_mask(hash, seed, h, data, data_size);
}

static NTSTATUS unpad_oaep(UCHAR *block, ULONG block_size, void *padding, ULONG *start)
{
    const struct crypto_hash *hash;
    BCRYPT_OAEP_PADDING_INFO *info;
    UCHAR label[CRYPTO_MAX_DIGEST];
    NTSTATUS status = oaep_parameters(padding, &hash, &info);

    if (status)
        return status;
    ULONG h = hash->digest_size, bad, found = 0;
    if (block_size < 2 * h + 2)
        return STATUS_INVALID_PARAMETER;
    UCHAR *seed = block + 1, *data = seed + h;
    ULONG data_size = block_size - h - 1;
    if ((status = oaep_mask(hash, seed, h, data, data_size)) || (status = oaep_mask(hash, data, data_size, seed, h)))
        return status;
    hash_label(hash, info, label);
    bad = block[0];
    for (ULONG i = 0; i < h; i++)
        bad |= label[i] ^ data[i];
    for (ULONG i = h; i < data_size; i++) { /* all bytes are looked at, see unpad_pkcs1 */
        ULONG open = found == 0;
        bad |= open & (data[i] > 1);
        found |= (i + 1) & (0 - (open & (data[i] == 1)));
    }
    if (bad || !found)
        return STATUS_INVALID_PARAMETER;
    *start = h + 1 + found;
    return STATUS_SUCCESS;
}

static NTSTATUS rsa_encrypt(struct bcrypt_key *key, const UCHAR *in, ULONG size, void *padding, UCHAR *out, ULONG flags)
{
    struct crypto_rsa rsa = rsa_numbers(key);
    UCHAR *block = crypto_alloc(rsa.n_size);
    NTSTATUS status;

    if (!block)
        return STATUS_NO_MEMORY;
    if (flags & BCRYPT_PAD_OAEP)
        status = pad_oaep(block, (ULONG)rsa.n_size, in, size, padding);
    else if (flags & BCRYPT_PAD_PKCS1)
        status = pad_pkcs1(block, (ULONG)rsa.n_size, in, size);
    else if (size != rsa.n_size)
        status = STATUS_INVALID_PARAMETER;
    else
        status = STATUS_SUCCESS, memcpy(block, in, size);
    if (!status && !crypto_plugin()->rsa_public(&rsa, block, out))
        status = STATUS_INVALID_PARAMETER;
    crypto_free_secret(block, rsa.n_size);
    return status;
}

static NTSTATUS rsa_decrypt(struct bcrypt_key *key, const UCHAR *in, ULONG size, void *padding, UCHAR *out, ULONG room,
                            ULONG *result, ULONG flags)
{
    struct crypto_rsa rsa = rsa_numbers(key);
    ULONG bytes = (ULONG)rsa.n_size, start = 0;
    UCHAR *block = crypto_alloc(bytes);
    NTSTATUS status = STATUS_SUCCESS;

    if (!block)
        return STATUS_NO_MEMORY;
    if (size != bytes || !crypto_plugin()->rsa_private(&rsa, in, block))
        status = STATUS_INVALID_PARAMETER;
    else if (flags & BCRYPT_PAD_OAEP)
        status = unpad_oaep(block, bytes, padding, &start);
    else if (flags & BCRYPT_PAD_PKCS1 && !(start = unpad_pkcs1(block, bytes)))
        status = STATUS_INVALID_PARAMETER;
    if (!status) {
        *result = bytes - start;
        if (room < *result)
            status = STATUS_BUFFER_TOO_SMALL;
        else
            memcpy(out, block + start, *result);
    }
    crypto_free_secret(block, bytes);
    return status;
}

NTSTATUS rsa_crypt(struct bcrypt_key *key, bool encrypt, UCHAR *in, ULONG size, void *padding, UCHAR *out, ULONG room,
                   ULONG *result, ULONG flags)
{
    if (!key->finished)
        return STATUS_INVALID_HANDLE;
    if (key->algorithm.info->id) /* RSA_SIGN */
        return STATUS_NOT_SUPPORTED;
    if (!flags || flags & ~(BCRYPT_PAD_NONE | BCRYPT_PAD_PKCS1 | BCRYPT_PAD_OAEP))
        return STATUS_INVALID_PARAMETER;
    *result = (key->bits + 7) / 8;
    if (!out)
        return STATUS_SUCCESS;
    if (encrypt)
        return room < *result ? STATUS_BUFFER_TOO_SMALL : rsa_encrypt(key, in, size, padding, out, flags);
    if (!key->has_private)
        return STATUS_INVALID_PARAMETER;
    return rsa_decrypt(key, in, size, padding, out, room, result, flags);
}
