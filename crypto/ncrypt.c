/*
 * ncrypt.c: the key storage provider: keys that last and keys that do not, on bcrypt's.
 *
 * Keys that last are sealed by the prefix's secret and kept in its registry.
 *
 * Layer: ncrypt, above bcrypt.
 */
#include "bcrypt_pair.h"
#include "protect.h"
#include <ncrypt.h>

#define PROVIDER_MARK 0x70726e63u
#define NKEY_MARK 0x6b796e63u

/* A property of one's own, such as "UI Policy" or a name. */
struct property {
    struct property *next;
    ULONG size;
    WCHAR name[64];
    UCHAR value[];
};

struct ncrypt_object {
    ULONG mark;
    /* a key: */
    BCRYPT_KEY_HANDLE key; /* NULL until its blob or size is known */
    const struct algorithm_info *algorithm;
    WCHAR *name; /* NULL: does not last */
    bool machine, finished;
    DWORD export_policy, usage, length;
    int curve;
    struct property *properties;
};

static const WCHAR keys_path[] = L"Software\\winrun\\Keys";
static const char purpose[] = "ncrypt key";

static struct ncrypt_object *object_of(ULONG_PTR handle, ULONG mark)
{
    struct ncrypt_object *object = (struct ncrypt_object *)handle;

    return handle >= 0x10000 && object->mark == mark ? object : NULL;
}

static struct ncrypt_object *key_of(NCRYPT_KEY_HANDLE handle)
{
    return object_of(handle, NKEY_MARK);
}

static SECURITY_STATUS result(NTSTATUS status)
{
    switch (status) {
    case STATUS_SUCCESS:
        return ERROR_SUCCESS;
    case STATUS_BUFFER_TOO_SMALL:
        return NTE_BUFFER_TOO_SMALL;
    case STATUS_INVALID_HANDLE:
        return NTE_INVALID_HANDLE;
    case STATUS_NO_MEMORY:
        return NTE_NO_MEMORY;
    case STATUS_NOT_SUPPORTED:
        return NTE_NOT_SUPPORTED;
    case STATUS_INVALID_SIGNATURE:
        return NTE_BAD_SIGNATURE;
    default:
        return NTE_INVALID_PARAMETER;
    }
}

SECURITY_STATUS WINAPI NCryptOpenStorageProvider(NCRYPT_PROV_HANDLE *out, LPCWSTR name, DWORD flags)
{
    struct ncrypt_object *provider;

    (void)flags;
    if (!out)
        return NTE_INVALID_PARAMETER;
    if (name && wide_compare_nocase(name, MS_KEY_STORAGE_PROVIDER))
        return NTE_PROV_TYPE_NOT_DEF;
    provider = crypto_alloc(sizeof *provider);
    if (!provider)
        return NTE_NO_MEMORY;
    provider->mark = PROVIDER_MARK;
    *out = (NCRYPT_PROV_HANDLE)provider;
    return ERROR_SUCCESS;
}

SECURITY_STATUS WINAPI NCryptFreeObject(NCRYPT_HANDLE handle)
{
    struct ncrypt_object *object = object_of(handle, PROVIDER_MARK);

    if (handle >= 0x10000 && !BCryptDestroySecret((BCRYPT_SECRET_HANDLE)handle))
        return ERROR_SUCCESS; /* NCryptSecretAgreement's */
    if (!object && !(object = key_of(handle)))
        return NTE_INVALID_HANDLE;
    if (object->key)
        BCryptDestroyKey(object->key);
    for (struct property *next, *at = object->properties; at; at = next) {
        next = at->next;
        crypto_free(at);
    }
    crypto_free(object->name);
    crypto_free_secret(object, sizeof *object);
    return ERROR_SUCCESS;
}

SECURITY_STATUS WINAPI NCryptFreeBuffer(PVOID buffer)
{
    crypto_free(buffer);
    return ERROR_SUCCESS;
}

BOOL WINAPI NCryptIsKeyHandle(NCRYPT_KEY_HANDLE handle)
{
    return key_of(handle) != NULL;
}

SECURITY_STATUS WINAPI NCryptIsAlgSupported(NCRYPT_PROV_HANDLE handle, LPCWSTR name, DWORD flags)
{
    const struct algorithm_info *info;

    (void)flags;
    if (!object_of(handle, PROVIDER_MARK))
        return NTE_INVALID_HANDLE;
    if (!name)
        return NTE_INVALID_PARAMETER;
    info = algorithm_find(name);
    return info && info->kind >= KIND_RSA && info->kind <= KIND_DSA ? ERROR_SUCCESS : NTE_NOT_SUPPORTED;
}

/* ---- where keys are kept ---- */

static HKEY root_of(bool machine)
{
    return machine ? HKEY_LOCAL_MACHINE : HKEY_CURRENT_USER;
}

/* A stored key: the algorithm's name, then the private blob. */
static SECURITY_STATUS key_store(struct ncrypt_object *key)
{
    WCHAR name[64] = {0};
    UCHAR *data, *sealed;
    ULONG size, sealed_size;
    HKEY place;
    NTSTATUS status;

    const WCHAR *type = key->algorithm->kind == KIND_RSA ? BCRYPT_RSAFULLPRIVATE_BLOB : BCRYPT_PRIVATE_KEY_BLOB;
    if ((status = BCryptExportKey(key->key, NULL, type, NULL, 0, &size, 0)))
        return result(status);
    data = crypto_alloc(sizeof name + size);
    if (!data)
        return NTE_NO_MEMORY;
    memcpy(data, key->algorithm->name, wide_length(key->algorithm->name) * sizeof(WCHAR));
    status = BCryptExportKey(key->key, NULL, type, data + sizeof name, size, &size, 0);
    if (!status)
        status = protect_seal(purpose, NULL, 0, data, sizeof name + size, (UCHAR *)&key->export_policy,
                              sizeof key->export_policy, &sealed, &sealed_size);
    crypto_free_secret(data, sizeof name + size);
    if (status)
        return result(status);
    LSTATUS error = RegCreateKeyExW(root_of(key->machine), keys_path, 0, NULL, 0, KEY_ALL_ACCESS, NULL, &place, NULL);
    if (!error) {
        error = RegSetValueExW(place, key->name, 0, REG_BINARY, sealed, sealed_size);
        RegCloseKey(place);
    }
    crypto_free(sealed);
    return error ? NTE_PERM : ERROR_SUCCESS;
}

static bool key_stored(const WCHAR *name, bool machine)
{
    HKEY place;
    bool found;

    if (RegOpenKeyExW(root_of(machine), keys_path, 0, KEY_READ, &place))
        return false;
    found = !RegQueryValueExW(place, name, NULL, NULL, NULL, NULL);
    RegCloseKey(place);
    return found;
}

static SECURITY_STATUS key_load(struct ncrypt_object *key)
{
    UCHAR *sealed = NULL, *data;
    const UCHAR *clear;
    ULONG size = 0, data_size, clear_size;
    HKEY place;

    if (RegOpenKeyExW(root_of(key->machine), keys_path, 0, KEY_READ, &place))
        return NTE_BAD_KEYSET;
    LSTATUS error = RegQueryValueExW(place, key->name, NULL, NULL, NULL, &size);
    if (!error && (sealed = crypto_alloc(size)))
        error = RegQueryValueExW(place, key->name, NULL, NULL, sealed, &size);
    RegCloseKey(place);
    if (error || !sealed) {
        crypto_free(sealed);
        return error ? NTE_BAD_KEYSET : NTE_NO_MEMORY;
    }
    NTSTATUS status = protect_open(purpose, NULL, 0, sealed, size, &data, &data_size, &clear, &clear_size);
    if (!status) {
        struct algorithm algorithm = {ALGORITHM_MARK};

        status = STATUS_INVALID_PARAMETER;
        if (data_size > 128 && clear_size == sizeof key->export_policy && !((WCHAR *)data)[63])
            algorithm.info = key->algorithm = algorithm_find((WCHAR *)data);
        if (algorithm.info) {
            memcpy(&key->export_policy, clear, sizeof key->export_policy);
            algorithm.curve = algorithm.info->id == CURVE_ANY ? -1 : algorithm.info->id;
            status = BCryptImportKeyPair(&algorithm, NULL,
                                         algorithm.info->kind == KIND_RSA ? BCRYPT_RSAFULLPRIVATE_BLOB
                                                                          : BCRYPT_PRIVATE_KEY_BLOB,
                                         &key->key, data + 128, data_size - 128, 0);
        }
        crypto_free_secret(data, data_size);
    }
    crypto_free(sealed);
    return status ? NTE_BAD_KEYSET : ERROR_SUCCESS;
}

/* ---- making and opening ---- */

static struct ncrypt_object *key_new_object(const struct algorithm_info *info, const WCHAR *name, DWORD flags)
{
    struct ncrypt_object *key = crypto_alloc(sizeof *key);

    if (!key)
        return NULL;
    key->algorithm = info;
    key->machine = flags & NCRYPT_MACHINE_KEY_FLAG;
    key->usage = NCRYPT_ALLOW_ALL_USAGES;
    key->curve = -1;
    if (name && !(key->name = (WCHAR *)crypto_copy(name, (wide_length(name) + 1) * sizeof(WCHAR)))) {
        crypto_free(key);
        return NULL;
    }
    key->mark = NKEY_MARK;
    return key;
}

static const struct algorithm_info *pair_algorithm(const WCHAR *name)
{
    const struct algorithm_info *info = name ? algorithm_find(name) : NULL;

    return info && info->kind >= KIND_RSA && info->kind <= KIND_DSA ? info : NULL;
}

SECURITY_STATUS WINAPI NCryptCreatePersistedKey(NCRYPT_PROV_HANDLE provider, NCRYPT_KEY_HANDLE *out, LPCWSTR algorithm,
                                                LPCWSTR name, DWORD spec, DWORD flags)
{
    struct ncrypt_object *key;

    (void)spec;
    if (!object_of(provider, PROVIDER_MARK))
        return NTE_INVALID_HANDLE;
    if (!out || !algorithm)
        return NTE_INVALID_PARAMETER;
    if (!pair_algorithm(algorithm) || !crypto_plugin())
        return NTE_NOT_SUPPORTED;
    if (name && !(flags & NCRYPT_OVERWRITE_KEY_FLAG) && key_stored(name, flags & NCRYPT_MACHINE_KEY_FLAG))
        return NTE_EXISTS;
    key = key_new_object(pair_algorithm(algorithm), name, flags);
    if (!key)
        return NTE_NO_MEMORY;
    key->length = key->algorithm->kind == KIND_RSA || key->algorithm->kind == KIND_DH ? 2048
                  : key->algorithm->kind == KIND_DSA                                  ? 1024
                                                                                      : 0;
    if (key->algorithm->id != CURVE_ANY)
        key->curve = key->algorithm->id;
    *out = (NCRYPT_KEY_HANDLE)key;
    return ERROR_SUCCESS;
}

SECURITY_STATUS WINAPI NCryptFinalizeKey(NCRYPT_KEY_HANDLE handle, DWORD flags)
{
    struct ncrypt_object *key = key_of(handle);
    struct algorithm algorithm = {ALGORITHM_MARK};
    NTSTATUS status;

    (void)flags;
    if (!key)
        return NTE_INVALID_HANDLE;
    if (key->finished)
        return NTE_INVALID_HANDLE;
    algorithm.info = key->algorithm;
    algorithm.curve = key->curve;
    if (!key->key) {
        status = BCryptGenerateKeyPair(&algorithm, &key->key, key->length, 0);
        if (!status)
            status = BCryptFinalizeKeyPair(key->key, 0);
        if (status)
            return result(status);
    }
    key->finished = true;
    return key->name ? key_store(key) : ERROR_SUCCESS;
}

SECURITY_STATUS WINAPI NCryptOpenKey(NCRYPT_PROV_HANDLE provider, NCRYPT_KEY_HANDLE *out, LPCWSTR name, DWORD spec,
                                     DWORD flags)
{
    struct ncrypt_object *key;
    SECURITY_STATUS status;

    (void)spec;
    if (!object_of(provider, PROVIDER_MARK))
        return NTE_INVALID_HANDLE;
    if (!out || !name)
        return NTE_INVALID_PARAMETER;
    if (!crypto_plugin())
        return NTE_BAD_KEYSET;
    key = key_new_object(NULL, name, flags);
    if (!key)
        return NTE_NO_MEMORY;
    key->finished = true;
    status = key_load(key);
    if (status)
        NCryptFreeObject((NCRYPT_HANDLE)key);
    else
        *out = (NCRYPT_KEY_HANDLE)key;
    return status;
}

SECURITY_STATUS WINAPI NCryptDeleteKey(NCRYPT_KEY_HANDLE handle, DWORD flags)
{
    struct ncrypt_object *key = key_of(handle);
    HKEY place;

    (void)flags;
    if (!key)
        return NTE_INVALID_HANDLE;
    if (key->name && !RegOpenKeyExW(root_of(key->machine), keys_path, 0, KEY_ALL_ACCESS, &place)) {
        RegDeleteValueW(place, key->name);
        RegCloseKey(place);
    }
    return NCryptFreeObject(handle);
}

/* ---- blobs ---- */

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

SECURITY_STATUS WINAPI NCryptImportKey(NCRYPT_PROV_HANDLE provider, NCRYPT_KEY_HANDLE import_key, LPCWSTR type,
                                       NCryptBufferDesc *list, NCRYPT_KEY_HANDLE *out, PBYTE in, DWORD size,
                                       DWORD flags)
{
    const WCHAR *name = NULL;
    struct algorithm algorithm = {ALGORITHM_MARK};
    struct ncrypt_object *key;
    NTSTATUS status;

    if (!object_of(provider, PROVIDER_MARK))
        return NTE_INVALID_HANDLE;
    if (!type || !out || !in)
        return NTE_INVALID_PARAMETER;
    for (ULONG i = 0; list && i < list->cBuffers; i++)
        if (list->pBuffers[i].BufferType == NCRYPTBUFFER_PKCS_KEY_NAME)
            name = list->pBuffers[i].pvBuffer;
    algorithm.info = blob_algorithm(type, in, size);
    if (import_key || !algorithm.info || !crypto_plugin())
        return NTE_NOT_SUPPORTED;
    algorithm.curve = algorithm.info->id;
    if (name && !(flags & NCRYPT_OVERWRITE_KEY_FLAG) && key_stored(name, flags & NCRYPT_MACHINE_KEY_FLAG))
        return NTE_EXISTS;
    key = key_new_object(algorithm.info, name, flags);
    if (!key)
        return NTE_NO_MEMORY;
    status = BCryptImportKeyPair(&algorithm, NULL, type, &key->key, in, size, 0);
    key->finished = !(flags & NCRYPT_DO_NOT_FINALIZE_FLAG);
    SECURITY_STATUS answer = status == STATUS_INVALID_PARAMETER ? NTE_BAD_DATA : result(status);
    if (!answer && key->finished && name)
        answer = key_store(key);
    if (answer)
        NCryptFreeObject((NCRYPT_HANDLE)key);
    else
        *out = (NCRYPT_KEY_HANDLE)key;
    return answer;
}

static bool is_public(const WCHAR *type)
{
    return !wide_compare(type, BCRYPT_RSAPUBLIC_BLOB) || !wide_compare(type, BCRYPT_ECCPUBLIC_BLOB) ||
           !wide_compare(type, BCRYPT_PUBLIC_KEY_BLOB) || !wide_compare(type, LEGACY_RSAPUBLIC_BLOB) ||
           !wide_compare(type, BCRYPT_DH_PUBLIC_BLOB) || !wide_compare(type, BCRYPT_DSA_PUBLIC_BLOB);
}

SECURITY_STATUS WINAPI NCryptExportKey(NCRYPT_KEY_HANDLE handle, NCRYPT_KEY_HANDLE export_key, LPCWSTR type,
                                       NCryptBufferDesc *list, PBYTE out, DWORD room, DWORD *size, DWORD flags)
{
    struct ncrypt_object *key = key_of(handle);

    (void)list, (void)flags;
    if (!key || !key->finished)
        return NTE_INVALID_HANDLE;
    if (!type || !size)
        return NTE_INVALID_PARAMETER;
    if (export_key)
        return NTE_NOT_SUPPORTED;
    /* what a key may be used for says its maker; a key that does not last has no policy against its owner */
    if (!is_public(type) && key->name && !(key->export_policy & NCRYPT_ALLOW_PLAINTEXT_EXPORT_FLAG))
        return NTE_NOT_SUPPORTED;
    return result(BCryptExportKey(key->key, NULL, type, out, room, size, 0));
}

/* ---- properties ---- */

static SECURITY_STATUS answer(const void *value, DWORD size, PBYTE out, DWORD room, DWORD *got)
{
    return result(crypto_answer(value, size, out, room, got));
}

static SECURITY_STATUS answer_text(const WCHAR *text, PBYTE out, DWORD room, DWORD *got)
{
    return answer(text, (DWORD)(wide_length(text) + 1) * sizeof(WCHAR), out, room, got);
}

static const WCHAR *group_name(const struct algorithm_info *info)
{
    switch (info->kind) {
    case KIND_RSA:
        return L"RSA";
    case KIND_ECDSA:
        return L"ECDSA";
    case KIND_ECDH:
        return L"ECDH";
    case KIND_DH:
        return L"DH";
    default:
        return L"DSA";
    }
}

static SECURITY_STATUS provider_property(const WCHAR *name, PBYTE out, DWORD room, DWORD *got)
{
    DWORD number;

    if (!wide_compare(name, NCRYPT_NAME_PROPERTY))
        return answer_text(MS_KEY_STORAGE_PROVIDER, out, room, got);
    if (!wide_compare(name, NCRYPT_IMPL_TYPE_PROPERTY))
        return answer(&(DWORD){NCRYPT_IMPL_SOFTWARE_FLAG}, sizeof number, out, room, got);
    if (!wide_compare(name, NCRYPT_VERSION_PROPERTY))
        return answer(&(DWORD){0x10000}, sizeof number, out, room, got);
    return NTE_NOT_SUPPORTED;
}

SECURITY_STATUS WINAPI NCryptGetProperty(NCRYPT_HANDLE handle, LPCWSTR name, PBYTE out, DWORD room, DWORD *got,
                                         DWORD flags)
{
    struct ncrypt_object *key = key_of(handle);
    DWORD length;

    (void)flags;
    if (!name || !got)
        return NTE_INVALID_PARAMETER;
    if (object_of(handle, PROVIDER_MARK))
        return provider_property(name, out, room, got);
    if (!key)
        return NTE_INVALID_HANDLE;
    for (struct property *at = key->properties; at; at = at->next)
        if (!wide_compare(name, at->name))
            return answer(at->value, at->size, out, room, got);
    if (!wide_compare(name, NCRYPT_ALGORITHM_PROPERTY))
        return answer_text(key->algorithm->name, out, room, got);
    if (!wide_compare(name, NCRYPT_ALGORITHM_GROUP_PROPERTY))
        return answer_text(group_name(key->algorithm), out, room, got);
    if (!wide_compare(name, NCRYPT_NAME_PROPERTY) || !wide_compare(name, NCRYPT_UNIQUE_NAME_PROPERTY))
        return key->name ? answer_text(key->name, out, room, got) : NTE_NOT_FOUND;
    if (!wide_compare(name, NCRYPT_EXPORT_POLICY_PROPERTY))
        return answer(&key->export_policy, sizeof key->export_policy, out, room, got);
    if (!wide_compare(name, NCRYPT_KEY_USAGE_PROPERTY))
        return answer(&key->usage, sizeof key->usage, out, room, got);
    if (!wide_compare(name, NCRYPT_KEY_TYPE_PROPERTY))
        return answer(&(DWORD){key->machine ? NCRYPT_MACHINE_KEY_FLAG : 0}, sizeof(DWORD), out, room, got);
    if (!wide_compare(name, NCRYPT_LENGTH_PROPERTY)) {
        length = key->key ? key_from_handle(key->key)->bits : key->length;
        return answer(&length, sizeof length, out, room, got);
    }
    if (!key->key)
        return NTE_NOT_FOUND;
    NTSTATUS status = BCryptGetProperty(key->key, name, out, room, got, 0);
    return status == STATUS_NOT_SUPPORTED ? NTE_NOT_FOUND : result(status);
}

static SECURITY_STATUS keep_property(struct ncrypt_object *key, const WCHAR *name, const UCHAR *value, DWORD size)
{
    struct property *property;

    if (wide_length(name) >= ARRAYSIZE(property->name) || size > 0x100000)
        return NTE_INVALID_PARAMETER;
    property = crypto_alloc(sizeof *property + size);
    if (!property)
        return NTE_NO_MEMORY;
    memcpy(property->name, name, wide_length(name) * sizeof(WCHAR));
    memcpy(property->value, value, size);
    property->size = size;
    property->next = key->properties; /* the newest is found first */
    key->properties = property;
    return ERROR_SUCCESS;
}

SECURITY_STATUS WINAPI NCryptSetProperty(NCRYPT_HANDLE handle, LPCWSTR name, PBYTE value, DWORD size, DWORD flags)
{
    struct ncrypt_object *key = key_of(handle);
    DWORD number = 0;

    (void)flags;
    if (!key)
        return object_of(handle, PROVIDER_MARK) ? NTE_NOT_SUPPORTED : NTE_INVALID_HANDLE;
    if (!name || (size && !value))
        return NTE_INVALID_PARAMETER;
    if (size >= sizeof number)
        memcpy(&number, value, sizeof number);
    if (!wide_compare(name, NCRYPT_LENGTH_PROPERTY)) {
        if (key->finished || size != sizeof number)
            return NTE_INVALID_PARAMETER;
        key->length = number;
        return ERROR_SUCCESS;
    }
    if (!wide_compare(name, NCRYPT_EXPORT_POLICY_PROPERTY) || !wide_compare(name, NCRYPT_KEY_USAGE_PROPERTY)) {
        if (size != sizeof number)
            return NTE_INVALID_PARAMETER;
        *(wide_compare(name, NCRYPT_KEY_USAGE_PROPERTY) ? &key->export_policy : &key->usage) = number;
        return key->finished && key->name ? key_store(key) : ERROR_SUCCESS;
    }
    if (!wide_compare(name, L"ECCCurveName") && !key->finished) {
        WCHAR text[64] = {0};

        if (size > sizeof text - 2)
            return NTE_INVALID_PARAMETER;
        memcpy(text, value, size);
        key->curve = curve_from_name(text);
        return key->curve < 0 ? NTE_NOT_SUPPORTED : ERROR_SUCCESS;
    }
    if (is_public(name) || !wide_compare(name, BCRYPT_RSAPRIVATE_BLOB) ||
        !wide_compare(name, BCRYPT_RSAFULLPRIVATE_BLOB) || !wide_compare(name, BCRYPT_ECCPRIVATE_BLOB)) {
        struct algorithm algorithm = {ALGORITHM_MARK, 0, key->algorithm, 0, key->curve, 1};

        if (key->finished || key->key) /* a blob instead of a new key, before NCryptFinalizeKey */
            return NTE_INVALID_PARAMETER;
        return result(BCryptImportKeyPair(&algorithm, NULL, name, &key->key, value, size, 0));
    }
    return keep_property(key, name, value, size);
}

/* ---- using ---- */

SECURITY_STATUS WINAPI NCryptSignHash(NCRYPT_KEY_HANDLE handle, VOID *padding, PBYTE digest, DWORD size, PBYTE out,
                                      DWORD room, DWORD *got, DWORD flags)
{
    struct ncrypt_object *key = key_of(handle);

    if (!key || !key->finished)
        return NTE_INVALID_HANDLE;
    return result(
        BCryptSignHash(key->key, padding, digest, size, out, room, got, flags & (BCRYPT_PAD_PKCS1 | BCRYPT_PAD_PSS)));
}

SECURITY_STATUS WINAPI NCryptVerifySignature(NCRYPT_KEY_HANDLE handle, VOID *padding, PBYTE digest, DWORD size,
                                             PBYTE signature, DWORD signature_size, DWORD flags)
{
    struct ncrypt_object *key = key_of(handle);

    if (!key || !key->finished)
        return NTE_INVALID_HANDLE;
    return result(BCryptVerifySignature(key->key, padding, digest, size, signature, signature_size,
                                        flags & (BCRYPT_PAD_PKCS1 | BCRYPT_PAD_PSS)));
}

/* NCRYPT_NO_PADDING_FLAG and its companions are bcrypt's numbers. */
SECURITY_STATUS WINAPI NCryptEncrypt(NCRYPT_KEY_HANDLE handle, PBYTE in, DWORD size, VOID *padding, PBYTE out,
                                     DWORD room, DWORD *got, DWORD flags)
{
    struct ncrypt_object *key = key_of(handle);

    if (!key || !key->finished)
        return NTE_INVALID_HANDLE;
    return result(BCryptEncrypt(key->key, in, size, padding, NULL, 0, out, room, got, flags & ~NCRYPT_SILENT_FLAG));
}

SECURITY_STATUS WINAPI NCryptDecrypt(NCRYPT_KEY_HANDLE handle, PBYTE in, DWORD size, VOID *padding, PBYTE out,
                                     DWORD room, DWORD *got, DWORD flags)
{
    struct ncrypt_object *key = key_of(handle);

    if (!key || !key->finished)
        return NTE_INVALID_HANDLE;
    return result(BCryptDecrypt(key->key, in, size, padding, NULL, 0, out, room, got, flags & ~NCRYPT_SILENT_FLAG));
}

SECURITY_STATUS WINAPI NCryptSecretAgreement(NCRYPT_KEY_HANDLE own_handle, NCRYPT_KEY_HANDLE other_handle,
                                             NCRYPT_SECRET_HANDLE *out, DWORD flags)
{
    struct ncrypt_object *own = key_of(own_handle), *other = key_of(other_handle);
    BCRYPT_SECRET_HANDLE secret;
    NTSTATUS status;

    (void)flags;
    if (!own || !other || !own->finished || !other->finished)
        return NTE_INVALID_HANDLE;
    if (!out)
        return NTE_INVALID_PARAMETER;
    status = BCryptSecretAgreement(own->key, other->key, &secret, 0);
    if (!status)
        *out = (NCRYPT_SECRET_HANDLE)secret;
    return result(status);
}

SECURITY_STATUS WINAPI NCryptDeriveKey(NCRYPT_SECRET_HANDLE secret, LPCWSTR kdf, NCryptBufferDesc *list, PBYTE out,
                                       DWORD room, DWORD *got, ULONG flags)
{
    return result(BCryptDeriveKey((BCRYPT_SECRET_HANDLE)secret, kdf, (BCryptBufferDesc *)list, out, room, got, flags));
}
