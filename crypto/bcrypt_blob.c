/*
 * bcrypt_blob.c: importing and exporting key pairs.
 *
 * Layer: bcrypt, above the plug-in's table.
 */
#include "bcrypt_pair.h"

static NTSTATUS blob_room(ULONG needed, const UCHAR *out, ULONG room, ULONG *result)
{
    *result = needed;
    return out && room < needed ? STATUS_BUFFER_TOO_SMALL : STATUS_SUCCESS;
}

/* ---- RSA ---- */

static ULONG significant_bits(const UCHAR *number, ULONG size)
{
    while (size && !*number)
        number++, size--;
    return size ? size * 8 - (ULONG)__builtin_clz(*number) + 24 : 0;
}

/* A number that may be padded more than needed, or less. */
static bool take(UCHAR *to, ULONG to_size, const UCHAR *from, ULONG from_size)
{
    while (from_size > to_size && !*from)
        from++, from_size--;
    if (from_size > to_size)
        return false;
    memset(to, 0, to_size - from_size);
    memcpy(to + to_size - from_size, from, from_size);
    return true;
}

static NTSTATUS rsa_import(struct bcrypt_key *key, const WCHAR *type, const UCHAR *in, ULONG size)
{
    BCRYPT_RSAKEY_BLOB header;
    const UCHAR *at = in + sizeof header;
    struct crypto_rsa rsa;
    NTSTATUS status;

    if (size < sizeof header)
        return STATUS_INVALID_PARAMETER;
    memcpy(&header, in, sizeof header);
    bool full = header.Magic == BCRYPT_RSAFULLPRIVATE_MAGIC, private = full || header.Magic == BCRYPT_RSAPRIVATE_MAGIC;
    bool generic_private = !wide_compare(type, BCRYPT_PRIVATE_KEY_BLOB);
    if (!wide_compare(type, BCRYPT_RSAPUBLIC_BLOB) || !wide_compare(type, BCRYPT_PUBLIC_KEY_BLOB)
            ? private || header.Magic != BCRYPT_RSAPUBLIC_MAGIC
            : !private || (!generic_private &&
                           (header.Magic == BCRYPT_RSAPRIVATE_MAGIC) != !wide_compare(type, BCRYPT_RSAPRIVATE_BLOB)))
        return STATUS_INVALID_PARAMETER;
    size -= sizeof header;
    if (!header.cbPublicExp || header.cbPublicExp > 16 || header.cbModulus > 2048 || header.cbPrime1 > 1024 ||
        header.cbPrime2 > 1024 ||
        size < header.cbPublicExp + header.cbModulus + (private ? header.cbPrime1 + header.cbPrime2 : 0) +
                   (full ? 2 * header.cbPrime1 + header.cbPrime2 + header.cbModulus : 0))
        return STATUS_INVALID_PARAMETER;
    key->bits = significant_bits(at + header.cbPublicExp, header.cbModulus);
    if (key->bits < 384 || !(at[header.cbPublicExp + header.cbModulus - 1] & 1))
        return STATUS_INVALID_PARAMETER;
    key->e_size = header.cbPublicExp;
    if ((status = pair_allocate(key)))
        return status;
    rsa = rsa_numbers(key);
    memcpy(rsa.e, at, header.cbPublicExp);
    at += header.cbPublicExp;
    take(rsa.n, (ULONG)rsa.n_size, at, header.cbModulus);
    at += header.cbModulus;
    if (!private)
        return STATUS_SUCCESS;
    ULONG half = (ULONG)(rsa.n_size + 1) / 2;
    if (!take(rsa.p, half, at, header.cbPrime1) || !take(rsa.q, half, at + header.cbPrime1, header.cbPrime2))
        return STATUS_INVALID_PARAMETER;
    key->has_private = true;
    /* the rest follows from these, and a blob whose rest contradicts them would give wrong signatures */
    return crypto_plugin()->rsa_complete(&rsa) ? STATUS_SUCCESS : STATUS_INVALID_PARAMETER;
}

static NTSTATUS rsa_export(const struct bcrypt_key *key, const WCHAR *type, UCHAR *out, ULONG room, ULONG *result)
{
    struct crypto_rsa rsa = rsa_numbers(key);
    ULONG size = (ULONG)rsa.n_size, half = (size + 1) / 2, e_skip = 0;
    bool full = !wide_compare(type, BCRYPT_RSAFULLPRIVATE_BLOB);
    bool private = full || !wide_compare(type, BCRYPT_RSAPRIVATE_BLOB) || !wide_compare(type, BCRYPT_PRIVATE_KEY_BLOB);
    BCRYPT_RSAKEY_BLOB header;
    NTSTATUS status;

    if (!private && wide_compare(type, BCRYPT_RSAPUBLIC_BLOB) && wide_compare(type, BCRYPT_PUBLIC_KEY_BLOB))
        return STATUS_NOT_SUPPORTED;
    if (private && !key->has_private)
        return STATUS_INVALID_PARAMETER;
    while (e_skip + 1 < key->e_size && !rsa.e[e_skip])
        e_skip++;
    header = (BCRYPT_RSAKEY_BLOB){full      ? BCRYPT_RSAFULLPRIVATE_MAGIC
                                  : private ? BCRYPT_RSAPRIVATE_MAGIC
                                            : BCRYPT_RSAPUBLIC_MAGIC,
                                  key->bits,
                                  key->e_size - e_skip,
                                  size,
                                  private ? half : 0,
                                  private ? half : 0};
    ULONG numbers = key->e_size - e_skip + size + (private ? 2 * half : 0) + (full ? 3 * half + size : 0);
    status = blob_room((ULONG)sizeof header + numbers, out, room, result);
    if (status || !out)
        return status;
    memcpy(out, &header, sizeof header);
    memcpy(out + sizeof header, key->numbers + e_skip, numbers);
    return STATUS_SUCCESS;
}

/* ---- curves ---- */

static ULONG curve_magic(const struct bcrypt_key *key, bool private)
{
    bool sign = key->algorithm.info->kind == KIND_ECDSA;

    if (key->algorithm.curve > CRYPTO_P521 && sign)
        return private ? BCRYPT_ECDSA_PRIVATE_GENERIC_MAGIC : BCRYPT_ECDSA_PUBLIC_GENERIC_MAGIC;
    if (key->algorithm.curve > CRYPTO_P521)
        return private ? BCRYPT_ECDH_PRIVATE_GENERIC_MAGIC : BCRYPT_ECDH_PUBLIC_GENERIC_MAGIC;
    return (sign ? BCRYPT_ECDSA_PUBLIC_P256_MAGIC : BCRYPT_ECDH_PUBLIC_P256_MAGIC) +
           ((ULONG)key->algorithm.curve * 2 + private) * 0x1000000;
}

static NTSTATUS curve_import(struct bcrypt_key *key, const WCHAR *type, const UCHAR *in, ULONG size)
{
    const struct crypto_plugin *plugin = crypto_plugin();
    bool private = !wide_compare(type, BCRYPT_ECCPRIVATE_BLOB) || !wide_compare(type, BCRYPT_PRIVATE_KEY_BLOB);
    bool sign = key->algorithm.info->kind == KIND_ECDSA;
    BCRYPT_ECCKEY_BLOB header;
    UCHAR zero[66] = {};
    NTSTATUS status;

    if (size < sizeof header)
        return STATUS_INVALID_PARAMETER;
    memcpy(&header, in, sizeof header);
    if (key->algorithm.curve < 0) /* "ECDSA" and "ECDH": the blob says which curve */
        for (int curve = CRYPTO_P256; curve <= CRYPTO_P521; curve++) {
            key->algorithm.curve = curve;
            if (header.dwMagic == curve_magic(key, private))
                break;
        }
    ULONG bytes = curve_bytes(key->algorithm.curve);
    ULONG generic = sign ? (private ? BCRYPT_ECDSA_PRIVATE_GENERIC_MAGIC : BCRYPT_ECDSA_PUBLIC_GENERIC_MAGIC)
                         : (private ? BCRYPT_ECDH_PRIVATE_GENERIC_MAGIC : BCRYPT_ECDH_PUBLIC_GENERIC_MAGIC);
    if ((header.dwMagic != curve_magic(key, private) && header.dwMagic != generic) || header.cbKey != bytes ||
        size < sizeof header + bytes * (private ? 3 : 2))
        return STATUS_INVALID_PARAMETER;
    key->bits = curve_bits(key->algorithm.curve);
    if ((status = pair_allocate(key)))
        return status;
    memcpy(key->numbers, in + sizeof header, bytes * (private ? 3 : 2));
    UCHAR *x = key->numbers, *y = x + bytes, *d = y + bytes;
    key->has_private = private;
    /* a private key alone: x and y are zero */
    if (private && !memcmp(x, zero, bytes) && !memcmp(y, zero, bytes))
        return plugin->ec_public(key->algorithm.curve, d, x, y) ? STATUS_SUCCESS : STATUS_INVALID_PARAMETER;
    return plugin->ec_valid(key->algorithm.curve, x, y) ? STATUS_SUCCESS : STATUS_INVALID_PARAMETER;
}

static NTSTATUS curve_export(const struct bcrypt_key *key, const WCHAR *type, UCHAR *out, ULONG room, ULONG *result)
{
    bool private = !wide_compare(type, BCRYPT_ECCPRIVATE_BLOB) || !wide_compare(type, BCRYPT_PRIVATE_KEY_BLOB);
    ULONG bytes = curve_bytes(key->algorithm.curve), numbers = bytes * (private ? 3 : 2);
    BCRYPT_ECCKEY_BLOB header = {curve_magic(key, private), bytes};
    NTSTATUS status;

    if (!private && wide_compare(type, BCRYPT_ECCPUBLIC_BLOB) && wide_compare(type, BCRYPT_PUBLIC_KEY_BLOB))
        return STATUS_NOT_SUPPORTED;
    if (private && !key->has_private)
        return STATUS_INVALID_PARAMETER;
    status = blob_room((ULONG)sizeof header + numbers, out, room, result);
    if (status || !out)
        return status;
    memcpy(out, &header, sizeof header);
    memcpy(out + sizeof header, key->numbers, numbers);
    return STATUS_SUCCESS;
}

/* ---- DH ---- */

static NTSTATUS dh_import(struct bcrypt_key *key, const WCHAR *type, const UCHAR *in, ULONG size)
{
    bool private = !wide_compare(type, BCRYPT_DH_PRIVATE_BLOB) || !wide_compare(type, BCRYPT_PRIVATE_KEY_BLOB);
    BCRYPT_DH_KEY_BLOB header;
    NTSTATUS status;

    if (size < sizeof header)
        return STATUS_INVALID_PARAMETER;
    memcpy(&header, in, sizeof header);
    if (header.dwMagic != (private ? BCRYPT_DH_PRIVATE_MAGIC : BCRYPT_DH_PUBLIC_MAGIC) || header.cbKey < 64 ||
        header.cbKey > 512 || size < sizeof header + header.cbKey * (private ? 4 : 3))
        return STATUS_INVALID_PARAMETER;
    key->bits = header.cbKey * 8;
    if ((status = pair_allocate(key)))
        return status;
    memcpy(key->numbers, in + sizeof header, header.cbKey * (private ? 4 : 3));
    key->has_private = private;
    return STATUS_SUCCESS;
}

static NTSTATUS dh_export(const struct bcrypt_key *key, const WCHAR *type, UCHAR *out, ULONG room, ULONG *result)
{
    bool private = !wide_compare(type, BCRYPT_DH_PRIVATE_BLOB) || !wide_compare(type, BCRYPT_PRIVATE_KEY_BLOB);
    ULONG bytes = key->bits / 8, numbers = bytes * (private ? 4 : 3);
    BCRYPT_DH_KEY_BLOB header = {private ? BCRYPT_DH_PRIVATE_MAGIC : BCRYPT_DH_PUBLIC_MAGIC, bytes};
    NTSTATUS status;

    if (!private && wide_compare(type, BCRYPT_DH_PUBLIC_BLOB) && wide_compare(type, BCRYPT_PUBLIC_KEY_BLOB))
        return STATUS_NOT_SUPPORTED;
    if (private && !key->has_private)
        return STATUS_INVALID_PARAMETER;
    status = blob_room((ULONG)sizeof header + numbers, out, room, result);
    if (status || !out)
        return status;
    memcpy(out, &header, sizeof header);
    memcpy(out + sizeof header, key->numbers, numbers);
    return STATUS_SUCCESS;
}

/* ---- DSA: keys up to 1024 bits have q in the blob's header, longer ones a header of their own ---- */

static NTSTATUS dsa_import(struct bcrypt_key *key, const WCHAR *type, const UCHAR *in, ULONG size)
{
    bool private = !wide_compare(type, BCRYPT_DSA_PRIVATE_BLOB) || !wide_compare(type, BCRYPT_PRIVATE_KEY_BLOB);
    BCRYPT_DSA_KEY_BLOB_V2 new;
    BCRYPT_DSA_KEY_BLOB old;
    struct crypto_dsa dsa;
    const UCHAR *at, *q;
    NTSTATUS status;

    if (size < sizeof new)
        return STATUS_INVALID_PARAMETER;
    memcpy(&new, in, sizeof new);
    bool second = new.dwMagic == (private ? BCRYPT_DSA_PRIVATE_MAGIC_V2 : BCRYPT_DSA_PUBLIC_MAGIC_V2);
    if (!second && (new.dwMagic != (private ? BCRYPT_DSA_PRIVATE_MAGIC : BCRYPT_DSA_PUBLIC_MAGIC) || size < sizeof old))
        return STATUS_INVALID_PARAMETER;
    key->q_size = second ? new.cbGroupSize : 20;
    ULONG header = second ? (ULONG)sizeof new + new.cbSeedLength + new.cbGroupSize : (ULONG)sizeof old;
    if (new.cbKey < 64 || new.cbKey > 384 ||
        (second && (new.cbSeedLength > 64 || key->q_size < 20 || key->q_size > 32)) ||
        size < header + 3 * new.cbKey + (private ? key->q_size : 0))
        return STATUS_INVALID_PARAMETER;
    q = second ? in + sizeof new + new.cbSeedLength : in + offsetof(BCRYPT_DSA_KEY_BLOB, q);
    key->bits = new.cbKey * 8;
    if ((status = pair_allocate(key)))
        return status;
    dsa = dsa_numbers(key);
    at = in + header;
    memcpy(key->numbers, at, 3 * new.cbKey);
    memcpy(dsa.q, q, key->q_size);
    if (private)
        memcpy(dsa.x, at + 3 * new.cbKey, key->q_size);
    key->has_private = private;
    return STATUS_SUCCESS;
}

static NTSTATUS dsa_export(const struct bcrypt_key *key, const WCHAR *type, UCHAR *out, ULONG room, ULONG *result)
{
    bool private = !wide_compare(type, BCRYPT_DSA_PRIVATE_BLOB) || !wide_compare(type, BCRYPT_PRIVATE_KEY_BLOB);
    bool second = key->bits > 1024;
    struct crypto_dsa dsa = dsa_numbers(key);
    ULONG bytes = key->bits / 8;
    BCRYPT_DSA_KEY_BLOB_V2 new = {private ? BCRYPT_DSA_PRIVATE_MAGIC_V2 : BCRYPT_DSA_PUBLIC_MAGIC_V2, bytes};
    BCRYPT_DSA_KEY_BLOB old = {private ? BCRYPT_DSA_PRIVATE_MAGIC : BCRYPT_DSA_PUBLIC_MAGIC, bytes};
    ULONG header = second ? (ULONG)sizeof new + 2 * key->q_size : (ULONG)sizeof old;
    NTSTATUS status;

    if (!private && wide_compare(type, BCRYPT_DSA_PUBLIC_BLOB) && wide_compare(type, BCRYPT_PUBLIC_KEY_BLOB))
        return STATUS_NOT_SUPPORTED;
    if (private && !key->has_private)
        return STATUS_INVALID_PARAMETER;
    status = blob_room(header + 3 * bytes + (private ? key->q_size : 0), out, room, result);
    if (status || !out)
        return status;
    if (second) { /* the seed that the group was made from is not kept: all ones, as FIPS 186-3 has for "unknown" */
        new.hashAlgorithm = DSA_HASH_ALGORITHM_SHA256;
        new.standardVersion = DSA_FIPS186_3;
        new.cbSeedLength = new.cbGroupSize = key->q_size;
        memset(new.Count, 0xff, sizeof new.Count);
        memcpy(out, &new, sizeof new);
        memset(out + sizeof new, 0xff, key->q_size);
        memcpy(out + sizeof new + key->q_size, dsa.q, key->q_size);
    } else {
        memset(old.Count, 0xff, sizeof old.Count);
        memset(old.Seed, 0xff, sizeof old.Seed);
        memcpy(old.q, dsa.q, sizeof old.q);
        memcpy(out, &old, sizeof old);
    }
    memcpy(out + header, key->numbers, 3 * bytes);
    if (private)
        memcpy(out + header + 3 * bytes, dsa.x, key->q_size);
    return STATUS_SUCCESS;
}

/* ---- all of them ---- */

static NTSTATUS import_by_type(struct bcrypt_key *key, const WCHAR *type, const UCHAR *in, ULONG size)
{
    switch (key->algorithm.info->kind) {
    case KIND_RSA:
        if (!wide_compare(type, LEGACY_RSAPUBLIC_BLOB))
            return rsa_import_legacy(key, false, in, size);
        if (!wide_compare(type, LEGACY_RSAPRIVATE_BLOB))
            return rsa_import_legacy(key, true, in, size);
        return rsa_import(key, type, in, size);
    case KIND_ECDSA:
    case KIND_ECDH:
        return curve_import(key, type, in, size);
    case KIND_DH:
        return dh_import(key, type, in, size);
    default:
        return dsa_import(key, type, in, size);
    }
}

static bool type_known(const struct algorithm_info *info, const WCHAR *type)
{
    static const struct {
        const WCHAR *name;
        int kind, other;
    } types[] = {
        {BCRYPT_RSAPUBLIC_BLOB, KIND_RSA, -1},           {BCRYPT_RSAPRIVATE_BLOB, KIND_RSA, -1},
        {BCRYPT_RSAFULLPRIVATE_BLOB, KIND_RSA, -1},      {LEGACY_RSAPUBLIC_BLOB, KIND_RSA, -1},
        {LEGACY_RSAPRIVATE_BLOB, KIND_RSA, -1},          {BCRYPT_ECCPUBLIC_BLOB, KIND_ECDSA, KIND_ECDH},
        {BCRYPT_ECCPRIVATE_BLOB, KIND_ECDSA, KIND_ECDH}, {BCRYPT_DH_PUBLIC_BLOB, KIND_DH, -1},
        {BCRYPT_DH_PRIVATE_BLOB, KIND_DH, -1},           {BCRYPT_DSA_PUBLIC_BLOB, KIND_DSA, -1},
        {BCRYPT_DSA_PRIVATE_BLOB, KIND_DSA, -1},
    };

    if (!wide_compare(type, BCRYPT_PUBLIC_KEY_BLOB) || !wide_compare(type, BCRYPT_PRIVATE_KEY_BLOB))
        return true;
    for (size_t i = 0; i < ARRAYSIZE(types); i++)
        if (!wide_compare(type, types[i].name))
            return info->kind == types[i].kind || info->kind == types[i].other;
    return false;
}

NTSTATUS WINAPI BCryptImportKeyPair(BCRYPT_ALG_HANDLE handle, BCRYPT_KEY_HANDLE import_key, LPCWSTR type,
                                    BCRYPT_KEY_HANDLE *out, PUCHAR in, ULONG size, ULONG flags)
{
    struct algorithm *algorithm = algorithm_from_handle(handle);
    struct bcrypt_key *key;
    NTSTATUS status;

    if (!algorithm)
        return STATUS_INVALID_HANDLE;
    if (!type || !out || !in || flags & ~BCRYPT_NO_KEY_VALIDATION)
        return STATUS_INVALID_PARAMETER;
    if (algorithm->info->kind == KIND_HASH || algorithm->info->kind == KIND_MAC ||
        algorithm->info->kind == KIND_CIPHER || algorithm->info->kind == KIND_RNG ||
        algorithm->info->kind == KIND_KDF || import_key)
        return STATUS_NOT_SUPPORTED;
    if (!type_known(algorithm->info, type) || !crypto_plugin())
        return STATUS_NOT_SUPPORTED;
    key = key_new(algorithm);
    if (!key)
        return STATUS_NO_MEMORY;
    status = import_by_type(key, type, in, size);
    if (status) {
        key_free(key);
        return status;
    }
    key->finished = true;
    *out = key;
    return STATUS_SUCCESS;
}

NTSTATUS WINAPI BCryptExportKey(BCRYPT_KEY_HANDLE handle, BCRYPT_KEY_HANDLE export_key, LPCWSTR type, PUCHAR out,
                                ULONG room, ULONG *result, ULONG flags)
{
    struct bcrypt_key *key = key_from_handle(handle);

    if (!key || !key->finished)
        return STATUS_INVALID_HANDLE;
    if (!type || !result || flags)
        return STATUS_INVALID_PARAMETER;
    if (export_key)
        return key->algorithm.info->kind == KIND_CIPHER
                   ? cipher_wrap(key, key_from_handle(export_key), type, out, room, result)
                   : STATUS_NOT_SUPPORTED;
    switch (key->algorithm.info->kind) {
    case KIND_CIPHER:
        return cipher_export(key, type, out, room, result);
    case KIND_RSA:
        if (!wide_compare(type, LEGACY_RSAPUBLIC_BLOB) || !wide_compare(type, LEGACY_RSAPRIVATE_BLOB))
            return rsa_export_legacy(key, !wide_compare(type, LEGACY_RSAPRIVATE_BLOB), 0xa400, out, room, result);
        return rsa_export(key, type, out, room, result);
    case KIND_ECDSA:
    case KIND_ECDH:
        return curve_export(key, type, out, room, result);
    case KIND_DH:
        return dh_export(key, type, out, room, result);
    case KIND_DSA:
        return dsa_export(key, type, out, room, result);
    default:
        return STATUS_NOT_SUPPORTED;
    }
}
