/*
 * rsa_legacy.c: CryptoAPI's PUBLICKEYBLOB and PRIVATEKEYBLOB of RSA keys, which bcrypt and ncrypt take as well.
 *
 * Layer: bcrypt, above the plug-in's table.
 */
#include "bcrypt_pair.h"
#include <wincrypt.h>

#define RSA1 0x31415352u
#define RSA2 0x32415352u

static void reversed(UCHAR *to, const UCHAR *from, ULONG size)
{
    for (ULONG i = 0; i < size; i++)
        to[i] = from[size - 1 - i];
}

NTSTATUS rsa_import_legacy(struct bcrypt_key *key, bool private, const UCHAR *in, ULONG size)
{
    PUBLICKEYSTRUC header;
    RSAPUBKEY public;
    struct crypto_rsa rsa;
    NTSTATUS status;

    if (size < sizeof header + sizeof public)
        return STATUS_INVALID_PARAMETER;
    memcpy(&header, in, sizeof header);
    memcpy(&public, in + sizeof header, sizeof public);
    if (header.bType != (private ? PRIVATEKEYBLOB : PUBLICKEYBLOB) || public.magic != (private ? RSA2 : RSA1) ||
        public.bitlen < 384 || public.bitlen > 16384 || public.bitlen % 8)
        return STATUS_INVALID_PARAMETER;
    ULONG bytes = public.bitlen / 8, half = (bytes + 1) / 2;
    in += sizeof header + sizeof public;
    size -= sizeof header + sizeof public;
    if (size < bytes + (private ? 5 * half + bytes : 0) || !(in[0] & 1) || !in[bytes - 1])
        return STATUS_INVALID_PARAMETER;
    key->bits = public.bitlen - 8 + 32 - (ULONG)__builtin_clz(in[bytes - 1]);
    key->e_size = 4;
    while (key->e_size > 1 && !(public.pubexp >> (8 * (key->e_size - 1))))
        key->e_size--;
    if ((status = pair_allocate(key)))
        return status;
    rsa = rsa_numbers(key);
    reversed(rsa.e, (const UCHAR *)&public.pubexp, key->e_size);
    reversed(rsa.n, in, bytes);
    if (!private)
        return STATUS_SUCCESS;
    reversed(rsa.p, in + bytes, half);
    reversed(rsa.q, in + bytes + half, half);
    key->has_private = true;
    return crypto_plugin()->rsa_complete(&rsa) ? STATUS_SUCCESS : STATUS_INVALID_PARAMETER;
}

NTSTATUS rsa_export_legacy(const struct bcrypt_key *key, bool private, ULONG algorithm, UCHAR *out, ULONG room,
                           ULONG *result)
{
    struct crypto_rsa rsa = rsa_numbers(key);
    ULONG bytes = (ULONG)rsa.n_size, half = (bytes + 1) / 2;
    PUBLICKEYSTRUC header = {private ? PRIVATEKEYBLOB : PUBLICKEYBLOB, CUR_BLOB_VERSION, 0, algorithm};
    RSAPUBKEY public = {private ? RSA2 : RSA1, bytes * 8, 0};

    if ((private && !key->has_private) || key->e_size > 4)
        return STATUS_INVALID_PARAMETER;
    *result = (ULONG)(sizeof header + sizeof public) + bytes + (private ? 5 * half + bytes : 0);
    if (!out)
        return STATUS_SUCCESS;
    if (room < *result)
        return STATUS_BUFFER_TOO_SMALL;
    reversed((UCHAR *)&public.pubexp, rsa.e, key->e_size);
    memcpy(out, &header, sizeof header);
    memcpy(out + sizeof header, &public, sizeof public);
    out += sizeof header + sizeof public;
    reversed(out, rsa.n, bytes);
    if (!private)
        return STATUS_SUCCESS;
    const UCHAR *halves[] = {rsa.p, rsa.q, rsa.dp, rsa.dq, rsa.qi};
    out += bytes;
    for (size_t i = 0; i < ARRAYSIZE(halves); i++, out += half)
        reversed(out, halves[i], half);
    reversed(out, rsa.d, bytes);
    return STATUS_SUCCESS;
}
