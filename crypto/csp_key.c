/*
 * csp_key.c: CryptoAPI's keys: making, deriving, importing and exporting them.
 *
 * Layer: advapi32.
 */
#include "csp.h"
#include "bcrypt_parameters.h"

struct csp_key *csp_key(HCRYPTKEY handle)
{
    struct csp_key *key = (struct csp_key *)handle;

    if (handle >= 0x10000 && key->mark == CSP_KEY_MARK)
        return key;
    csp_fail(ERROR_INVALID_HANDLE);
    return NULL;
}

struct bcrypt_key *csp_bcrypt_key(const struct csp_key *key)
{
    return key_from_handle(key->key);
}

void csp_reverse(UCHAR *bytes, ULONG size)
{
    for (ULONG i = 0; i < size / 2; i++) {
        UCHAR byte = bytes[i];

        bytes[i] = bytes[size - 1 - i];
        bytes[size - 1 - i] = byte;
    }
}

/* Symmetric algorithms: bcrypt's handle for CBC, bytes of a key unless the caller says otherwise, fewest and most. */
static const struct symmetric {
    ALG_ID id;
    USHORT handle;
    UCHAR bytes, min, max;
} symmetric[] = {
    {CALG_RC2, 0x251, 16, 2, 16},      {CALG_RC4, 0x71, 16, 1, 64},        {CALG_DES, 0x1f1, 8, 8, 8},
    {CALG_3DES, 0x141, 24, 24, 24},    {CALG_3DES_112, 0x171, 16, 16, 16}, {CALG_AES_128, 0x1a1, 16, 16, 16},
    {CALG_AES_192, 0x1a1, 24, 24, 24}, {CALG_AES_256, 0x1a1, 32, 32, 32},  {CALG_AES, 0x1a1, 16, 16, 32},
};

static const struct symmetric *symmetric_find(ALG_ID id)
{
    for (size_t i = 0; i < ARRAYSIZE(symmetric); i++)
        if (symmetric[i].id == id)
            return &symmetric[i];
    return NULL;
}

struct csp_key *csp_key_new(struct csp_context *context, ALG_ID algorithm)
{
    struct csp_key *key = crypto_alloc(sizeof *key);

    if (!key)
        return NULL;
    key->context = context;
    key->algorithm = algorithm;
    key->mode = CRYPT_MODE_CBC;
    key->permissions = CRYPT_ENCRYPT | CRYPT_DECRYPT | CRYPT_READ | CRYPT_WRITE | CRYPT_MAC | CRYPT_EXPORT;
    key->mark = CSP_KEY_MARK;
    return key;
}

/* 3DES and DES of 56-bit counts: "168" and "56" are 24 and 8 bytes. */
static DWORD flag_bytes(const struct symmetric *kind, DWORD flags)
{
    DWORD bits = flags >> 16;

    if (!bits || kind->min == kind->max)
        return kind->bytes;
    return (bits + 7) / 8;
}

NTSTATUS csp_key_bytes(struct csp_key *key, const UCHAR *bytes, ULONG size)
{
    const struct symmetric *kind = symmetric_find(key->algorithm);

    if (!kind)
        return STATUS_NOT_SUPPORTED;
    return BCryptGenerateSymmetricKey((HANDLE)(ULONG_PTR)kind->handle, &key->key, NULL, 0, (UCHAR *)bytes, size, 0);
}

static BOOL give_key(struct csp_key *key, NTSTATUS status, DWORD flags, HCRYPTKEY *out)
{
    if (status) {
        crypto_free(key);
        return csp_result(status);
    }
    if (key->key_spec != AT_SIGNATURE && key->key_spec != AT_KEYEXCHANGE && !(flags & CRYPT_EXPORTABLE))
        key->permissions &= ~(DWORD)CRYPT_EXPORT;
    *out = (HCRYPTKEY)key;
    return TRUE;
}

/* A pair is the context's, which keeps it in its container if it has one. */
static BOOL make_pair(struct csp_context *context, DWORD spec, DWORD flags, HCRYPTKEY *out)
{
    BCRYPT_KEY_HANDLE pair;
    NTSTATUS status = BCryptGenerateKeyPair((HANDLE)0xe1, &pair, flags >> 16 ? flags >> 16 : 2048, 0);

    if (status)
        return csp_fail((DWORD)NTE_BAD_FLAGS);
    status = BCryptFinalizeKeyPair(pair, 0);
    if (!status && context->container)
        status = container_store(context->container, context->flags & CRYPT_MACHINE_KEYSET, spec, pair,
                                 flags & CRYPT_EXPORTABLE);
    if (status) {
        BCryptDestroyKey(pair);
        return csp_result(status);
    }
    if (context->pair[spec])
        BCryptDestroyKey(context->pair[spec]);
    context->pair[spec] = pair;
    context->exportable[spec] = flags & CRYPT_EXPORTABLE;
    return CryptGetUserKey((HCRYPTPROV)context, spec, out);
}

BOOL WINAPI CryptGenKey(HCRYPTPROV provider, ALG_ID algorithm, DWORD flags, HCRYPTKEY *out)
{
    struct csp_context *context = csp_context(provider);
    const struct symmetric *kind;
    struct csp_key *key;
    UCHAR bytes[64];
    NTSTATUS status;
    DWORD size;

    if (!context)
        return FALSE;
    if (!out)
        return csp_fail(ERROR_INVALID_PARAMETER);
    if (algorithm == AT_KEYEXCHANGE || algorithm == CALG_RSA_KEYX)
        return make_pair(context, AT_KEYEXCHANGE, flags, out);
    if (algorithm == AT_SIGNATURE || algorithm == CALG_RSA_SIGN)
        return make_pair(context, AT_SIGNATURE, flags, out);
    kind = symmetric_find(algorithm);
    if (!kind)
        return csp_fail((DWORD)NTE_BAD_ALGID);
    size = flag_bytes(kind, flags);
    if (size < kind->min || size > kind->max)
        return csp_fail((DWORD)NTE_BAD_FLAGS);
    key = csp_key_new(context, algorithm);
    if (!key)
        return csp_fail(ERROR_NOT_ENOUGH_MEMORY);
    status = random_bytes(bytes, size);
    if (!status)
        status = csp_key_bytes(key, bytes, size);
    explicit_bzero(bytes, sizeof bytes);
    return give_key(key, status, flags, out);
}

BOOL WINAPI CryptDeriveKey(HCRYPTPROV provider, ALG_ID algorithm, HCRYPTHASH hash_handle, DWORD flags, HCRYPTKEY *out)
{
    struct csp_context *context = csp_context(provider);
    const struct symmetric *kind = symmetric_find(algorithm);
    struct csp_hash *hash = context ? csp_hash(hash_handle) : NULL;
    struct csp_key *key;
    UCHAR bytes[64];
    NTSTATUS status;
    DWORD size;

    if (!hash)
        return FALSE;
    if (!out)
        return csp_fail(ERROR_INVALID_PARAMETER);
    if (!kind)
        return csp_fail((DWORD)NTE_BAD_ALGID);
    int id = csp_hash_id(hash->algorithm);
    size = flag_bytes(kind, flags);
    if (id < 0 || size < kind->min || size > kind->max)
        return csp_fail((DWORD)(id < 0 ? NTE_BAD_HASH : NTE_BAD_FLAGS));
    if (!csp_hash_value(hash))
        return FALSE;
    bool block_cipher = kind->handle == 0x1a1 || kind->handle == 0x141 || kind->handle == 0x171;
    key = csp_key_new(context, algorithm);
    if (!key)
        return csp_fail(ERROR_NOT_ENOUGH_MEMORY);
    status = derive_capi(algorithm_hash(algorithm_of_hash(id)), hash->value, size, block_cipher && id < CRYPTO_SHA256,
                         bytes);
    if (!status)
        status = csp_key_bytes(key, bytes, size);
    explicit_bzero(bytes, sizeof bytes);
    return give_key(key, status, flags, out);
}

BCRYPT_KEY_HANDLE csp_pair(struct csp_context *context, DWORD spec)
{
    if (!context->pair[spec] && context->container && crypto_plugin())
        context->pair[spec] =
            container_load(context->container, context->flags & CRYPT_MACHINE_KEYSET, spec, &context->exportable[spec]);
    return context->pair[spec];
}

BOOL WINAPI CryptGetUserKey(HCRYPTPROV provider, DWORD spec, HCRYPTKEY *out)
{
    struct csp_context *context = csp_context(provider);
    struct csp_key *key;
    NTSTATUS status;

    if (!context)
        return FALSE;
    if (!out || (spec != AT_KEYEXCHANGE && spec != AT_SIGNATURE))
        return csp_fail(out ? (DWORD)NTE_NO_KEY : ERROR_INVALID_PARAMETER);
    if (!csp_pair(context, spec))
        return csp_fail((DWORD)NTE_NO_KEY);
    key = csp_key_new(context, spec == AT_SIGNATURE ? CALG_RSA_SIGN : CALG_RSA_KEYX);
    if (!key)
        return csp_fail(ERROR_NOT_ENOUGH_MEMORY);
    key->key_spec = spec;
    if (!context->exportable[spec])
        key->permissions &= ~(DWORD)CRYPT_EXPORT;
    status = BCryptDuplicateKey(context->pair[spec], &key->key, NULL, 0, 0);
    return give_key(key, status, 0, out);
}

BOOL WINAPI CryptDestroyKey(HCRYPTKEY handle)
{
    struct csp_key *key = csp_key(handle);

    if (!key)
        return FALSE;
    if (key->key)
        BCryptDestroyKey(key->key);
    crypto_free_secret(key, sizeof *key);
    return TRUE;
}

BOOL WINAPI CryptDuplicateKey(HCRYPTKEY handle, DWORD *reserved, DWORD flags, HCRYPTKEY *out)
{
    struct csp_key *key = csp_key(handle), *copy;
    NTSTATUS status;

    if (!key)
        return FALSE;
    if (reserved || !out || flags)
        return csp_fail(flags ? (DWORD)NTE_BAD_FLAGS : ERROR_INVALID_PARAMETER);
    copy = (struct csp_key *)crypto_copy(key, sizeof *key);
    if (!copy)
        return csp_fail(ERROR_NOT_ENOUGH_MEMORY);
    status = BCryptDuplicateKey(key->key, &copy->key, NULL, 0, 0);
    if (status)
        crypto_free(copy);
    else
        *out = (HCRYPTKEY)copy;
    return csp_result(status);
}

/* ---- blobs ---- */

/* A session key under an RSA key: what CryptEncrypt would make of the key's bytes. */
static NTSTATUS export_simple(struct csp_key *key, struct csp_key *under, BYTE *out, DWORD *room)
{
    PUBLICKEYSTRUC header = {SIMPLEBLOB, CUR_BLOB_VERSION, 0, key->algorithm};
    struct bcrypt_key *bytes = csp_bcrypt_key(key);
    ULONG size = pair_signature_size(csp_bcrypt_key(under)), had = *room, got;
    ALG_ID under_id = CALG_RSA_KEYX;
    NTSTATUS status;

    *room = (DWORD)(sizeof header + sizeof under_id) + size;
    if (!out)
        return STATUS_SUCCESS;
    if (had < *room)
        return STATUS_BUFFER_TOO_SMALL;
    memcpy(out, &header, sizeof header);
    memcpy(out + sizeof header, &under_id, sizeof under_id);
    out += sizeof header + sizeof under_id;
    status =
        BCryptEncrypt(under->key, bytes->secret, bytes->secret_size, NULL, NULL, 0, out, size, &got, BCRYPT_PAD_PKCS1);
    csp_reverse(out, size);
    return status;
}

static NTSTATUS import_simple(struct csp_key *key, struct csp_key *under, const BYTE *in, DWORD size)
{
    ULONG bytes = pair_signature_size(csp_bcrypt_key(under)), got;
    UCHAR *block, plain[64];
    NTSTATUS status;

    if (size < sizeof(ALG_ID) + bytes || !(block = crypto_copy(in + sizeof(ALG_ID), bytes)))
        return STATUS_INVALID_PARAMETER;
    csp_reverse(block, bytes);
    status = BCryptDecrypt(under->key, block, bytes, NULL, NULL, 0, plain, sizeof plain, &got, BCRYPT_PAD_PKCS1);
    if (!status)
        status = csp_key_bytes(key, plain, got);
    explicit_bzero(plain, sizeof plain);
    crypto_free(block);
    return status;
}

static NTSTATUS export_plain(struct csp_key *key, BYTE *out, DWORD *room)
{
    PUBLICKEYSTRUC header = {PLAINTEXTKEYBLOB, CUR_BLOB_VERSION, 0, key->algorithm};
    struct bcrypt_key *bytes = csp_bcrypt_key(key);
    DWORD had = *room, size = bytes->secret_size;

    *room = (DWORD)(sizeof header + sizeof size) + size;
    if (!out)
        return STATUS_SUCCESS;
    if (had < *room)
        return STATUS_BUFFER_TOO_SMALL;
    memcpy(out, &header, sizeof header);
    memcpy(out + sizeof header, &size, sizeof size);
    memcpy(out + sizeof header + sizeof size, bytes->secret, size);
    return STATUS_SUCCESS;
}

BOOL WINAPI CryptExportKey(HCRYPTKEY handle, HCRYPTKEY under_handle, DWORD type, DWORD flags, BYTE *out, DWORD *room)
{
    struct csp_key *key = csp_key(handle), *under = NULL;

    if (!key)
        return FALSE;
    if (!room)
        return csp_fail(ERROR_INVALID_PARAMETER);
    bool pair = csp_bcrypt_key(key)->algorithm.info->kind == KIND_RSA;
    if (flags & ~(CRYPT_OAEP | CRYPT_BLOB_VER3))
        return csp_fail((DWORD)NTE_BAD_FLAGS);
    if (under_handle && !(under = csp_key(under_handle)))
        return FALSE;
    switch (type) {
    case PUBLICKEYBLOB:
    case PRIVATEKEYBLOB:
        if (!pair)
            return csp_fail((DWORD)NTE_BAD_KEY);
        if (under) /* private keys encrypted under another one */
            return csp_fail((DWORD)NTE_BAD_KEY);
        if (type == PRIVATEKEYBLOB && (!csp_bcrypt_key(key)->has_private || !(key->permissions & CRYPT_EXPORT)))
            return csp_fail((DWORD)NTE_BAD_KEY_STATE);
        return csp_result(
            rsa_export_legacy(csp_bcrypt_key(key), type == PRIVATEKEYBLOB, key->algorithm, out, out ? *room : 0, room));
    case SIMPLEBLOB:
    case PLAINTEXTKEYBLOB:
        if (pair || (type == SIMPLEBLOB && (!under || csp_bcrypt_key(under)->algorithm.info->kind != KIND_RSA)))
            return csp_fail((DWORD)NTE_BAD_KEY);
        if (!(key->permissions & CRYPT_EXPORT) && type == PLAINTEXTKEYBLOB)
            return csp_fail((DWORD)NTE_BAD_KEY_STATE);
        return csp_result(type == SIMPLEBLOB ? export_simple(key, under, out, room) : export_plain(key, out, room));
    default:
        return csp_fail((DWORD)NTE_BAD_TYPE);
    }
}

static NTSTATUS import_pair(struct csp_context *context, struct csp_key *key, bool private, const BYTE *in, DWORD size,
                            DWORD flags)
{
    DWORD spec = key->algorithm == CALG_RSA_SIGN ? AT_SIGNATURE : AT_KEYEXCHANGE;
    BCRYPT_KEY_HANDLE pair;
    NTSTATUS status = BCryptImportKeyPair((HANDLE)0xe1, NULL, private ? LEGACY_RSAPRIVATE_BLOB : LEGACY_RSAPUBLIC_BLOB,
                                          &key->key, (BYTE *)in, size, 0);

    if (status || !private)
        return status;
    /* a private key becomes the context's own */
    status = BCryptDuplicateKey(key->key, &pair, NULL, 0, 0);
    if (!status && context->container)
        status = container_store(context->container, context->flags & CRYPT_MACHINE_KEYSET, spec, pair,
                                 flags & CRYPT_EXPORTABLE);
    if (status)
        return status;
    if (context->pair[spec])
        BCryptDestroyKey(context->pair[spec]);
    context->pair[spec] = pair;
    context->exportable[spec] = flags & CRYPT_EXPORTABLE;
    if (!(flags & CRYPT_EXPORTABLE))
        key->permissions &= ~(DWORD)CRYPT_EXPORT;
    key->key_spec = spec;
    return STATUS_SUCCESS;
}

static NTSTATUS import_plain(struct csp_key *key, const BYTE *in, DWORD size)
{
    const struct symmetric *kind = symmetric_find(key->algorithm);
    DWORD bytes;

    if (!kind || size < sizeof bytes)
        return kind ? STATUS_INVALID_PARAMETER : STATUS_NOT_SUPPORTED;
    memcpy(&bytes, in, sizeof bytes);
    if (bytes > size - sizeof bytes)
        return STATUS_INVALID_PARAMETER;
    /* keys for HMACs come as RC2 with CRYPT_IPSEC_HMAC_KEY and any length */
    return csp_key_bytes(key, in + sizeof bytes, bytes);
}

BOOL WINAPI CryptImportKey(HCRYPTPROV provider, const BYTE *in, DWORD size, HCRYPTKEY under_handle, DWORD flags,
                           HCRYPTKEY *out)
{
    struct csp_context *context = csp_context(provider);
    struct csp_key *key, *under = NULL;
    PUBLICKEYSTRUC header;
    NTSTATUS status;

    if (!context)
        return FALSE;
    if (!in || !out)
        return csp_fail(ERROR_INVALID_PARAMETER);
    if (size < sizeof header)
        return csp_fail((DWORD)NTE_BAD_DATA);
    memcpy(&header, in, sizeof header);
    if (header.bVersion != CUR_BLOB_VERSION && header.bVersion != 3)
        return csp_fail((DWORD)NTE_BAD_VER);
    if (under_handle && !(under = csp_key(under_handle)))
        return FALSE;
    key = csp_key_new(context, header.aiKeyAlg);
    if (!key)
        return csp_fail(ERROR_NOT_ENOUGH_MEMORY);
    switch (header.bType) {
    case PUBLICKEYBLOB:
    case PRIVATEKEYBLOB:
        status = GET_ALG_TYPE(header.aiKeyAlg) != ALG_TYPE_RSA
                     ? STATUS_NOT_SUPPORTED
                     : import_pair(context, key, header.bType == PRIVATEKEYBLOB, in, size, flags);
        break;
    case PLAINTEXTKEYBLOB:
        if (flags & CRYPT_IPSEC_HMAC_KEY && size >= sizeof header + sizeof(DWORD)) {
            DWORD bytes;

            memcpy(&bytes, in + sizeof header, sizeof bytes);
            status = bytes > size - sizeof header - sizeof bytes
                         ? STATUS_INVALID_PARAMETER
                         : BCryptGenerateSymmetricKey((HANDLE)0x331 /* any length */, &key->key, NULL, 0,
                                                      (BYTE *)in + sizeof header + sizeof bytes, bytes, 0);
            break;
        }
        status = import_plain(key, in + sizeof header, size - sizeof header);
        break;
    case SIMPLEBLOB: {
        HCRYPTKEY own = 0;
        if (!under && CryptGetUserKey(provider, AT_KEYEXCHANGE, &own))
            under = csp_key(own);
        if (!under || csp_bcrypt_key(under)->algorithm.info->kind != KIND_RSA) {
            crypto_free(key);
            return csp_fail((DWORD)NTE_NO_KEY);
        }
        status = import_simple(key, under, in + sizeof header, size - sizeof header);
        if (own)
            CryptDestroyKey(own);
        break;
    }
    default:
        crypto_free(key);
        return csp_fail((DWORD)NTE_BAD_TYPE);
    }
    if (status && key->key) {
        BCryptDestroyKey(key->key);
        key->key = NULL;
    }
    return give_key(key, status, flags, out);
}
