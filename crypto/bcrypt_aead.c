/*
 * bcrypt_aead.c: AES-GCM, AES-CCM and ChaCha20-Poly1305, whole messages and (GCM) chained calls.
 *
 * Between chained calls the state lies with the caller: the hash in pbMacContext, the counter in pbIV, the lengths in
 * the record of the mode; so a key can serve several messages at once.
 *
 * Layer: bcrypt, above the plug-in's table.
 */
#include "bcrypt_private.h"

#ifndef STATUS_AUTH_TAG_MISMATCH
#define STATUS_AUTH_TAG_MISMATCH ((NTSTATUS)0xC000A002)
#endif

#define NONCE_SIZE 12

static NTSTATUS check_mode_info(const struct bcrypt_key *key, const BCRYPT_AUTHENTICATED_CIPHER_MODE_INFO *info)
{
    bool gcm = key->algorithm.mode != MODE_CCM;

    if (!info || info->cbSize != sizeof *info || info->dwInfoVersion != BCRYPT_AUTHENTICATED_CIPHER_MODE_INFO_VERSION)
        return STATUS_INVALID_PARAMETER;
    if (!info->pbNonce || (gcm ? info->cbNonce != NONCE_SIZE : info->cbNonce < 7 || info->cbNonce > 13))
        return STATUS_INVALID_PARAMETER;
    if (info->cbAuthData && !info->pbAuthData)
        return STATUS_INVALID_PARAMETER;
    return STATUS_SUCCESS;
}

static bool tag_fits(const struct bcrypt_key *key, const BCRYPT_AUTHENTICATED_CIPHER_MODE_INFO *info)
{
    ULONG size = info->cbTag;

    if (!info->pbTag)
        return false;
    if (key->algorithm.mode == MODE_POLY1305)
        return size == 16;
    return key->algorithm.mode == MODE_GCM ? size >= 12 && size <= 16 : size >= 4 && size <= 16 && !(size & 1);
}

static bool same(const UCHAR *a, const UCHAR *b, ULONG size)
{
    UCHAR difference = 0;

    for (ULONG i = 0; i < size; i++)
        difference |= a[i] ^ b[i];
    return !difference;
}

/* The tag goes out, or is compared; what was decrypted under a wrong one is not given out. */
static NTSTATUS finish(const BCRYPT_AUTHENTICATED_CIPHER_MODE_INFO *info, bool encrypt, const UCHAR *tag, UCHAR *out,
                       ULONG size)
{
    if (encrypt) {
        memcpy(info->pbTag, tag, info->cbTag);
        return STATUS_SUCCESS;
    }
    if (same(info->pbTag, tag, info->cbTag))
        return STATUS_SUCCESS;
    if (out)
        memset(out, 0, size);
    return STATUS_AUTH_TAG_MISMATCH;
}

static NTSTATUS gcm_whole(struct bcrypt_key *key, bool encrypt, const UCHAR *in, ULONG size,
                          BCRYPT_AUTHENTICATED_CIPHER_MODE_INFO *info, UCHAR *out)
{
    const struct crypto_plugin *plugin = crypto_plugin();
    struct crypto_gcm gcm;
    UCHAR tag[16];

    plugin->gcm_begin(&gcm, key->gcm_key, info->pbNonce, info->cbNonce);
    plugin->gcm_auth(&gcm, key->gcm_key, info->pbAuthData, info->cbAuthData);
    if (size)
        plugin->gcm_crypt(&gcm, key->gcm_key, key->schedule, encrypt, size, out, in);
    plugin->gcm_tag(&gcm, key->gcm_key, key->schedule, info->cbTag, tag);
    return finish(info, encrypt, tag, out, size);
}

static NTSTATUS gcm_chained(struct bcrypt_key *key, bool encrypt, const UCHAR *in, ULONG size,
                            BCRYPT_AUTHENTICATED_CIPHER_MODE_INFO *info, UCHAR *iv, ULONG iv_size, UCHAR *out)
{
    const struct crypto_plugin *plugin = crypto_plugin();
    bool last = !(info->dwFlags & BCRYPT_AUTH_MODE_CHAIN_CALLS_FLAG);
    struct crypto_gcm gcm;
    UCHAR tag[16];

    if (!info->pbMacContext || info->cbMacContext < 16 || !iv || iv_size < 16)
        return STATUS_INVALID_PARAMETER;
    plugin->gcm_begin(&gcm, key->gcm_key, info->pbNonce, info->cbNonce);
    if (info->dwFlags & BCRYPT_AUTH_MODE_IN_PROGRESS_FLAG) {
        memcpy(gcm.hash, info->pbMacContext, 16);
        memcpy(gcm.counter, iv, 16);
        gcm.auth_size = info->cbAAD;
        gcm.data_size = info->cbData;
    }
    /* only the last piece of either kind may have a part of a block */
    if ((!last && size % 16) || (size && gcm.data_size % 16) ||
        (info->cbAuthData && (gcm.data_size || gcm.auth_size % 16)))
        return STATUS_INVALID_BUFFER_SIZE;
    if (info->cbAuthData)
        plugin->gcm_auth(&gcm, key->gcm_key, info->pbAuthData, info->cbAuthData);
    if (size)
        plugin->gcm_crypt(&gcm, key->gcm_key, key->schedule, encrypt, size, out, in);
    info->cbAAD = (ULONG)gcm.auth_size;
    info->cbData = gcm.data_size;
    if (!last) {
        memcpy(info->pbMacContext, gcm.hash, 16);
        memcpy(iv, gcm.counter, 16);
        info->dwFlags |= BCRYPT_AUTH_MODE_IN_PROGRESS_FLAG;
        return STATUS_SUCCESS;
    }
    info->dwFlags &= ~BCRYPT_AUTH_MODE_IN_PROGRESS_FLAG;
    plugin->gcm_tag(&gcm, key->gcm_key, key->schedule, info->cbTag, tag);
    return finish(info, encrypt, tag, out, size);
}

NTSTATUS aead_crypt(struct bcrypt_key *key, bool encrypt, UCHAR *in, ULONG size, void *mode_info, UCHAR *iv,
                    ULONG iv_size, UCHAR *out, ULONG room, ULONG *result, ULONG flags)
{
    BCRYPT_AUTHENTICATED_CIPHER_MODE_INFO *info = mode_info;
    NTSTATUS status = check_mode_info(key, info);
    UCHAR tag[16];

    if (status)
        return status;
    if (flags)
        return STATUS_INVALID_PARAMETER;
    bool chained = info->dwFlags & (BCRYPT_AUTH_MODE_CHAIN_CALLS_FLAG | BCRYPT_AUTH_MODE_IN_PROGRESS_FLAG);
    *result = size;
    if (!out && size)
        return STATUS_SUCCESS;
    if (room < size)
        return STATUS_BUFFER_TOO_SMALL;
    if (!(info->dwFlags & BCRYPT_AUTH_MODE_CHAIN_CALLS_FLAG) && !tag_fits(key, info))
        return STATUS_INVALID_PARAMETER;
    if (key->algorithm.mode == MODE_GCM)
        return chained ? gcm_chained(key, encrypt, in, size, info, iv, iv_size, out)
                       : gcm_whole(key, encrypt, in, size, info, out);
    if (chained)
        return STATUS_NOT_SUPPORTED;
    if (key->algorithm.mode == MODE_POLY1305) {
        crypto_plugin()->chacha_poly1305(key->schedule, encrypt, info->pbNonce, info->pbAuthData, info->cbAuthData,
                                         size, out, in, tag);
        return finish(info, encrypt, tag, out, size);
    }
    if (info->cbNonce > 12 && size > 0xffff) /* the length has what the nonce leaves of 15 bytes */
        return STATUS_INVALID_PARAMETER;
    crypto_plugin()->ccm(key->schedule, encrypt, info->pbNonce, info->cbNonce, info->pbAuthData, info->cbAuthData, size,
                         out, in, tag, info->cbTag);
    return finish(info, encrypt, tag, out, size);
}
