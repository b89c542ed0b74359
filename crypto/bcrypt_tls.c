/*
 * bcrypt_tls.c: the pseudo-random functions of TLS: of 1.0 and 1.1 (MD5 and SHA-1 at once, RFC 2246), of 1.2 (RFC
 * 5246).
 *
 * Layer: bcrypt, above the plug-in's table.
 */
#include "bcrypt_private.h"
#include "bcrypt_parameters.h"

#define TLS1_2_PROTOCOL 0x303
#define MASTER_SECRET_SIZE 48
#define SEED_MAX 512

/* Label and seed, joined. */
static NTSTATUS join_seed(const BCryptBufferDesc *list, UCHAR *joined, ULONG *size)
{
    const BCryptBuffer *label = parameter_find(list, KDF_TLS_PRF_LABEL), *seed = parameter_find(list, KDF_TLS_PRF_SEED);

    if (!label || !seed || label->cbBuffer > SEED_MAX || seed->cbBuffer > SEED_MAX)
        return STATUS_INVALID_PARAMETER;
    memcpy(joined, label->pvBuffer, label->cbBuffer);
    memcpy(joined + label->cbBuffer, seed->pvBuffer, seed->cbBuffer);
    *size = label->cbBuffer + seed->cbBuffer;
    return STATUS_SUCCESS;
}

/* P_hash of RFC 5246, chapter 5, XORed into `out`. */
static NTSTATUS expand(const struct crypto_hash *hash, const UCHAR *secret, ULONG secret_size, const UCHAR *seed,
                       ULONG seed_size, UCHAR *out, ULONG size)
{
    const struct crypto_plugin *plugin = crypto_plugin();
    struct crypto_hmac *hmac = crypto_alloc(crypto_hmac_size(hash));
    UCHAR chain[CRYPTO_MAX_DIGEST], digest[CRYPTO_MAX_DIGEST];
    const ULONG length = hash->digest_size;

    if (!hmac)
        return STATUS_NO_MEMORY;
    plugin->hmac_set_key(hmac, hash, secret, secret_size);
    plugin->hmac_update(hmac, seed_size, seed);
    plugin->hmac_digest(hmac, length, chain);
    for (ULONG done = 0; done < size; done += length) {
        plugin->hmac_update(hmac, length, chain);
        plugin->hmac_update(hmac, seed_size, seed);
        plugin->hmac_digest(hmac, length, digest);
        for (ULONG i = 0; i < length && done + i < size; i++)
            out[done + i] ^= digest[i];
        plugin->hmac_update(hmac, length, chain);
        plugin->hmac_digest(hmac, length, chain);
    }
    crypto_free_secret(hmac, crypto_hmac_size(hash));
    explicit_bzero(chain, sizeof chain);
    explicit_bzero(digest, sizeof digest);
    return STATUS_SUCCESS;
}

NTSTATUS derive_tls(const struct crypto_hash *hash, const UCHAR *secret, ULONG secret_size,
                    const BCryptBufferDesc *list, UCHAR *out, ULONG size)
{
    const struct crypto_plugin *plugin = crypto_plugin();
    UCHAR seed[2 * SEED_MAX];
    ULONG seed_size, half = (secret_size + 1) / 2;
    NTSTATUS status = join_seed(list, seed, &seed_size);

    if (status)
        return status;
    memset(out, 0, size);
    if (hash)
        return expand(hash, secret, secret_size, seed, seed_size, out, size);
    status = expand(plugin->hash[CRYPTO_MD5], secret, half, seed, seed_size, out, size);
    return status ? status
                  : expand(plugin->hash[CRYPTO_SHA1], secret + secret_size - half, half, seed, seed_size, out, size);
}

NTSTATUS derive_tls_secret(const UCHAR *secret, ULONG secret_size, const BCryptBufferDesc *list, UCHAR *out, ULONG room,
                           ULONG *result)
{
    const BCryptBuffer *protocol = parameter_find(list, KDF_TLS_PRF_PROTOCOL);
    const struct crypto_hash *hash = NULL;
    NTSTATUS status = STATUS_SUCCESS;

    if (protocol && (protocol->cbBuffer != sizeof(DWORD) || !protocol->pvBuffer))
        return STATUS_INVALID_PARAMETER;
    if (protocol && *(const DWORD *)protocol->pvBuffer == TLS1_2_PROTOCOL)
        status = parameter_hash(list, CRYPTO_SHA256, &hash);
    if (status)
        return status;
    *result = MASTER_SECRET_SIZE;
    if (!out)
        return STATUS_SUCCESS;
    if (room < MASTER_SECRET_SIZE)
        return STATUS_BUFFER_TOO_SMALL;
    return derive_tls(hash, secret, secret_size, list, out, MASTER_SECRET_SIZE);
}
