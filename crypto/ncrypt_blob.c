/*
 * ncrypt_blob.c: importing and exporting ncrypt's keys.
 *
 * Layer: ncrypt, above bcrypt; PKCS #8 is crypt32/keyform.c's.
 */
#include "ncrypt_key.h"
#include "crypt32/keyform.h"

/* The headers at hand leave it out. */
#define NCRYPTBUFFER_ECC_CURVE_NAME 60

/* Which algorithm a blob of a general type is for, by its magic number. */
static const struct algorithm_info *blob_algorithm(const WCHAR *type, const UCHAR *in, DWORD size)
{
    static const WCHAR *const sign[] = {L"ECDSA_P256", L"ECDSA_P384", L"ECDSA_P521"};
    static const WCHAR *const agree[] = {L"ECDH_P256", L"ECDH_P384", L"ECDH_P521"};
    ULONG magic;

    if (size < sizeof magic)
        return NULL;
    memcpy(&magic, in, sizeof magic);
    if (!wide_compare(type, LEGACY_RSAPUBLIC_BLOB) || !wide_compare(type, LEGACY_RSAPRIVATE_BLOB) ||
        (magic & 0xffffff) == (BCRYPT_RSAPUBLIC_MAGIC & 0xffffff))
        return algorithm_find(L"RSA");
    if (magic == BCRYPT_ECDSA_PUBLIC_GENERIC_MAGIC || magic == BCRYPT_ECDSA_PRIVATE_GENERIC_MAGIC)
        return algorithm_find(L"ECDSA");
    if (magic == BCRYPT_ECDH_PUBLIC_GENERIC_MAGIC || magic == BCRYPT_ECDH_PRIVATE_GENERIC_MAGIC)
        return algorithm_find(L"ECDH");
    ULONG digit = (magic >> 24) - '1';
    if ((magic & 0xffffff) == (BCRYPT_ECDSA_PUBLIC_P256_MAGIC & 0xffffff) && digit < 6)
        return algorithm_find(sign[digit / 2]);
    if ((magic & 0xffffff) == (BCRYPT_ECDH_PUBLIC_P256_MAGIC & 0xffffff) && digit < 6)
        return algorithm_find(agree[digit / 2]);
    if (magic == BCRYPT_DH_PUBLIC_MAGIC || magic == BCRYPT_DH_PRIVATE_MAGIC)
        return algorithm_find(L"DH");
    if (magic == BCRYPT_DSA_PUBLIC_MAGIC || magic == BCRYPT_DSA_PRIVATE_MAGIC || magic == BCRYPT_DSA_PUBLIC_MAGIC_V2 ||
        magic == BCRYPT_DSA_PRIVATE_MAGIC_V2)
        return algorithm_find(L"DSA");
    return NULL;
}

/* What comes beside a blob. */
struct blob_options {
    const WCHAR *name, *curve;
    const char *oid;
    struct key_password password;
    bool sealed;
    DWORD iterations, salt_size;
    const BYTE *salt;
};

static bool options_read(const NCryptBufferDesc *list, struct blob_options *options)
{
    for (ULONG i = 0; list && i < list->cBuffers; i++) {
        const NCryptBuffer *buffer = &list->pBuffers[i];
        CRYPT_PKCS12_PBE_PARAMS parameters;

        switch (buffer->BufferType) {
        case NCRYPTBUFFER_PKCS_KEY_NAME:
            options->name = buffer->pvBuffer;
            break;
        case NCRYPTBUFFER_ECC_CURVE_NAME:
            options->curve = buffer->pvBuffer;
            break;
        case NCRYPTBUFFER_PKCS_ALG_OID:
            options->oid = buffer->pvBuffer;
            break;
        case NCRYPTBUFFER_PKCS_SECRET: /* with its end */
            options->password = (struct key_password){buffer->pvBuffer, buffer->cbBuffer / sizeof(WCHAR)};
            if (options->password.length && !options->password.text[options->password.length - 1])
                options->password.length--;
            options->sealed = true;
            break;
        case NCRYPTBUFFER_PKCS_ALG_PARAM:
            if (buffer->cbBuffer < sizeof parameters)
                return false;
            memcpy(&parameters, buffer->pvBuffer, sizeof parameters);
            if (parameters.cbSalt > buffer->cbBuffer - sizeof parameters)
                return false;
            options->iterations = (DWORD)parameters.iIterations;
            options->salt = (const BYTE *)buffer->pvBuffer + sizeof parameters;
            options->salt_size = parameters.cbSalt;
            break;
        }
    }
    return true;
}

static NTSTATUS pkcs8_import(const struct blob_options *options, const BYTE *in, DWORD size, BCRYPT_KEY_HANDLE *key)
{
    BYTE *plain;
    DWORD plain_size;
    NTSTATUS status;

    if (!options->sealed)
        return key_from_pkcs8(in, size, false, key);
    status = key_unseal(in, size, options->password, &plain, &plain_size);
    if (status)
        return status;
    status = key_from_pkcs8(plain, plain_size, false, key);
    crypto_free_secret(plain, plain_size);
    return status;
}

static SECURITY_STATUS import_result(NTSTATUS status)
{
    return status == STATUS_INVALID_PARAMETER || status == STATUS_INVALID_SIGNATURE ? NTE_BAD_DATA
                                                                                    : ncrypt_result(status);
}

/* Under its name, if it got one. */
static SECURITY_STATUS import_finish(struct ncrypt_object *key, NTSTATUS status, DWORD flags, NCRYPT_KEY_HANDLE *out)
{
    SECURITY_STATUS answer = import_result(status);

    key->finished = !(flags & NCRYPT_DO_NOT_FINALIZE_FLAG);
    if (!answer && key->finished && key->name)
        answer = ncrypt_key_store(key);
    if (answer)
        NCryptFreeObject((NCRYPT_HANDLE)key);
    else
        *out = (NCRYPT_KEY_HANDLE)key;
    return answer;
}

SECURITY_STATUS WINAPI NCryptImportKey(NCRYPT_PROV_HANDLE provider, NCRYPT_KEY_HANDLE import_key, LPCWSTR type,
                                       NCryptBufferDesc *list, NCRYPT_KEY_HANDLE *out, PBYTE in, DWORD size,
                                       DWORD flags)
{
    struct blob_options options = {0};
    struct algorithm algorithm = {ALGORITHM_MARK};
    struct ncrypt_object *key;
    NTSTATUS status;

    if (!ncrypt_object_of(provider, PROVIDER_MARK))
        return NTE_INVALID_HANDLE;
    if (!type || !out || !in)
        return NTE_INVALID_PARAMETER;
    if (!options_read(list, &options))
        return NTE_INVALID_PARAMETER;
    if (options.name && !(flags & NCRYPT_OVERWRITE_KEY_FLAG) &&
        ncrypt_key_stored(options.name, flags & NCRYPT_MACHINE_KEY_FLAG))
        return NTE_EXISTS;
    bool pkcs8 = !wide_compare(type, NCRYPT_PKCS8_PRIVATE_KEY_BLOB);
    algorithm.info = pkcs8 ? NULL : blob_algorithm(type, in, size);
    if (import_key || (!pkcs8 && !algorithm.info) || !crypto_plugin())
        return NTE_NOT_SUPPORTED;
    key = ncrypt_key_new(algorithm.info, options.name, flags);
    if (!key)
        return NTE_NO_MEMORY;
    if (pkcs8) {
        status = pkcs8_import(&options, in, size, &key->key);
        if (!status)
            key->algorithm = key_from_handle(key->key)->algorithm.info;
    } else {
        algorithm.curve = algorithm.info->id != CURVE_ANY ? algorithm.info->id
                          : options.curve                 ? curve_from_name(options.curve)
                                                          : -1;
        status = BCryptImportKeyPair(&algorithm, NULL, type, &key->key, in, size, 0);
    }
    return import_finish(key, status, flags, out);
}

bool ncrypt_is_public(const WCHAR *type)
{
    return !wide_compare(type, BCRYPT_RSAPUBLIC_BLOB) || !wide_compare(type, BCRYPT_ECCPUBLIC_BLOB) ||
           !wide_compare(type, BCRYPT_PUBLIC_KEY_BLOB) || !wide_compare(type, LEGACY_RSAPUBLIC_BLOB) ||
           !wide_compare(type, BCRYPT_DH_PUBLIC_BLOB) || !wide_compare(type, BCRYPT_DSA_PUBLIC_BLOB);
}

static SECURITY_STATUS pkcs8_export(const struct ncrypt_object *key, const struct blob_options *options, PBYTE out,
                                    DWORD room, DWORD *size)
{
    BYTE salt[8], *plain, *sealed = NULL;
    DWORD plain_size, sealed_size = 0;
    NTSTATUS status;

    plain = key_to_pkcs8(key->key, &plain_size);
    if (!plain)
        return NTE_NOT_SUPPORTED;
    if (!options->sealed) {
        status = crypto_answer(plain, plain_size, out, room, size);
    } else {
        random_bytes(salt, sizeof salt);
        status = key_seal(plain, plain_size, options->password,
                          options->oid ? options->oid : szOID_PKCS_12_pbeWithSHA1And3KeyTripleDES,
                          options->iterations ? options->iterations : 2048, options->salt_size ? options->salt : salt,
                          options->salt_size ? options->salt_size : sizeof salt, &sealed, &sealed_size);
        if (!status)
            status = crypto_answer(sealed, sealed_size, out, room, size);
        crypto_free(sealed);
    }
    crypto_free_secret(plain, plain_size);
    return ncrypt_result(status);
}

SECURITY_STATUS WINAPI NCryptExportKey(NCRYPT_KEY_HANDLE handle, NCRYPT_KEY_HANDLE export_key, LPCWSTR type,
                                       NCryptBufferDesc *list, PBYTE out, DWORD room, DWORD *size, DWORD flags)
{
    struct ncrypt_object *key = ncrypt_key_of(handle);

    struct blob_options options = {0};

    (void)flags;
    if (!key || !key->finished)
        return NTE_INVALID_HANDLE;
    if (!type || !size || !options_read(list, &options))
        return NTE_INVALID_PARAMETER;
    if (export_key)
        return NTE_NOT_SUPPORTED;
    bool pkcs8 = !wide_compare(type, NCRYPT_PKCS8_PRIVATE_KEY_BLOB);
    DWORD needed = pkcs8 && options.sealed ? NCRYPT_ALLOW_EXPORT_FLAG : NCRYPT_ALLOW_PLAINTEXT_EXPORT_FLAG;
    /* what a key may be used for says its maker; a key that does not last has no policy against its owner */
    if (!ncrypt_is_public(type) && key->name && !(key->export_policy & needed))
        return NTE_NOT_SUPPORTED;
    if (pkcs8)
        return pkcs8_export(key, &options, out, room, size);
    return ncrypt_result(BCryptExportKey(key->key, NULL, type, out, room, size, 0));
}
