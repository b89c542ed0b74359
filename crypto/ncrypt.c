/*
 * ncrypt.c: the key storage provider: keys that last and keys that do not, on bcrypt's.
 *
 * Layer: ncrypt, above bcrypt.
 */
#include "csp.h"
#include "ncrypt_key.h"

struct ncrypt_object *ncrypt_object_of(ULONG_PTR handle, ULONG mark)
{
    struct ncrypt_object *object = (struct ncrypt_object *)handle;

    return handle >= 0x10000 && object->mark == mark ? object : NULL;
}

SECURITY_STATUS ncrypt_result(NTSTATUS status)
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
    struct ncrypt_object *object = ncrypt_object_of(handle, PROVIDER_MARK);

    if (handle >= 0x10000 && !BCryptDestroySecret((BCRYPT_SECRET_HANDLE)handle))
        return ERROR_SUCCESS; /* NCryptSecretAgreement's */
    if (!object && !(object = ncrypt_key_of(handle)))
        return NTE_INVALID_HANDLE;
    if (__sync_fetch_and_sub(&object->references, 1) > 0)
        return ERROR_SUCCESS;
    if (object->key)
        BCryptDestroyKey(object->key);
    for (struct ncrypt_property *next, *at = object->properties; at; at = next) {
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
    return ncrypt_key_of(handle) != NULL;
}

SECURITY_STATUS WINAPI NCryptIsAlgSupported(NCRYPT_PROV_HANDLE handle, LPCWSTR name, DWORD flags)
{
    const struct algorithm_info *info;

    (void)flags;
    if (!ncrypt_object_of(handle, PROVIDER_MARK))
        return NTE_INVALID_HANDLE;
    if (!name)
        return NTE_INVALID_PARAMETER;
    info = algorithm_find(name);
    return info && info->kind >= KIND_RSA && info->kind <= KIND_DSA ? ERROR_SUCCESS : NTE_NOT_SUPPORTED;
}

/* ---- making and opening ---- */

struct ncrypt_object *ncrypt_key_new(const struct algorithm_info *info, const WCHAR *name, DWORD flags)
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
    if (!ncrypt_object_of(provider, PROVIDER_MARK))
        return NTE_INVALID_HANDLE;
    if (!out || !algorithm)
        return NTE_INVALID_PARAMETER;
    if (!pair_algorithm(algorithm) || !crypto_plugin())
        return NTE_NOT_SUPPORTED;
    if (name && !(flags & NCRYPT_OVERWRITE_KEY_FLAG) && ncrypt_key_stored(name, flags & NCRYPT_MACHINE_KEY_FLAG))
        return NTE_EXISTS;
    key = ncrypt_key_new(pair_algorithm(algorithm), name, flags);
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
    struct ncrypt_object *key = ncrypt_key_of(handle);
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
            return ncrypt_result(status);
    }
    key->finished = true;
    return key->name ? ncrypt_key_store(key) : ERROR_SUCCESS;
}

SECURITY_STATUS WINAPI NCryptOpenKey(NCRYPT_PROV_HANDLE provider, NCRYPT_KEY_HANDLE *out, LPCWSTR name, DWORD spec,
                                     DWORD flags)
{
    struct ncrypt_object *key;
    SECURITY_STATUS status;

    if (!ncrypt_object_of(provider, PROVIDER_MARK))
        return NTE_INVALID_HANDLE;
    if (!out || !name)
        return NTE_INVALID_PARAMETER;
    if (!crypto_plugin())
        return NTE_BAD_KEYSET;
    key = ncrypt_key_new(NULL, name, flags);
    if (!key)
        return NTE_NO_MEMORY;
    key->finished = true;
    status = ncrypt_key_load(key, spec);
    if (status)
        NCryptFreeObject((NCRYPT_HANDLE)key);
    else
        *out = (NCRYPT_KEY_HANDLE)key;
    return status;
}

BCRYPT_KEY_HANDLE ncrypt_bcrypt_key(NCRYPT_KEY_HANDLE handle, bool *exportable)
{
    struct ncrypt_object *key = ncrypt_key_of(handle);

    if (!key || !key->finished)
        return NULL;
    *exportable = !key->name || key->export_policy & NCRYPT_ALLOW_PLAINTEXT_EXPORT_FLAG;
    return key->key;
}

SECURITY_STATUS ncrypt_key_wrap(BCRYPT_KEY_HANDLE pair, NCRYPT_KEY_HANDLE *out)
{
    struct ncrypt_object *key = ncrypt_key_new(key_from_handle(pair)->algorithm.info, NULL, 0);

    if (!key) {
        BCryptDestroyKey(pair);
        return NTE_NO_MEMORY;
    }
    key->key = pair;
    key->finished = true;
    key->export_policy = NCRYPT_ALLOW_EXPORT_FLAG | NCRYPT_ALLOW_PLAINTEXT_EXPORT_FLAG;
    *out = (NCRYPT_KEY_HANDLE)key;
    return ERROR_SUCCESS;
}

SECURITY_STATUS ncrypt_key_keep(const WCHAR *name, bool machine, BCRYPT_KEY_HANDLE pair, DWORD export_policy)
{
    struct ncrypt_object *key =
        ncrypt_key_new(key_from_handle(pair)->algorithm.info, name, machine ? NCRYPT_MACHINE_KEY_FLAG : 0);
    SECURITY_STATUS status;

    if (!key) {
        BCryptDestroyKey(pair);
        return NTE_NO_MEMORY;
    }
    key->key = pair;
    key->export_policy = export_policy;
    status = ncrypt_key_store(key);
    NCryptFreeObject((NCRYPT_HANDLE)key);
    return status;
}

void ncrypt_reference(NCRYPT_KEY_HANDLE handle)
{
    struct ncrypt_object *key = ncrypt_key_of(handle);

    if (key)
        __sync_fetch_and_add(&key->references, 1);
}

/* A key of CryptoAPI's as one of ncrypt's: by its container's name, or a copy if it does not last. */
SECURITY_STATUS WINAPI NCryptTranslateHandle(NCRYPT_PROV_HANDLE *provider, NCRYPT_KEY_HANDLE *out,
                                             HCRYPTPROV legacy_provider, HCRYPTKEY legacy_key, DWORD spec, DWORD flags)
{
    struct csp_context *context = csp_context(legacy_provider);
    struct csp_key *key = legacy_key ? csp_key(legacy_key) : NULL;
    NCRYPT_PROV_HANDLE opened = 0;
    BCRYPT_KEY_HANDLE copy;
    SECURITY_STATUS status;

    (void)flags;
    if (!out || !context || (legacy_key && !key))
        return out ? NTE_INVALID_HANDLE : NTE_INVALID_PARAMETER;
    spec = key ? key->key_spec : spec;
    if (!key && !csp_pair(context, spec == AT_SIGNATURE ? AT_SIGNATURE : AT_KEYEXCHANGE))
        return NTE_BAD_KEYSET;
    status = NCryptOpenStorageProvider(&opened, NULL, 0);
    if (status)
        return status;
    if (context->container && spec) {
        status = NCryptOpenKey(opened, out, context->container, spec,
                               context->flags & CRYPT_MACHINE_KEYSET ? NCRYPT_MACHINE_KEY_FLAG : 0);
    } else {
        status = ncrypt_result(
            BCryptDuplicateKey(key ? key->key : csp_pair(context, spec == AT_SIGNATURE ? AT_SIGNATURE : AT_KEYEXCHANGE),
                               &copy, NULL, 0, 0));
        if (!status)
            status = ncrypt_key_wrap(copy, out);
    }
    if (provider && !status)
        *provider = opened;
    else
        NCryptFreeObject(opened);
    return status;
}

SECURITY_STATUS WINAPI NCryptDeleteKey(NCRYPT_KEY_HANDLE handle, DWORD flags)
{
    struct ncrypt_object *key = ncrypt_key_of(handle);

    (void)flags;
    if (!key)
        return NTE_INVALID_HANDLE;
    if (key->name)
        ncrypt_key_erase(key);
    return NCryptFreeObject(handle);
}

/* ---- properties ---- */

static SECURITY_STATUS answer(const void *value, DWORD size, PBYTE out, DWORD room, DWORD *got)
{
    return ncrypt_result(crypto_answer(value, size, out, room, got));
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

/* A new handle, which the caller frees. */
static SECURITY_STATUS provider_answer(PBYTE out, DWORD room, DWORD *got)
{
    NCRYPT_PROV_HANDLE provider = 0;
    SECURITY_STATUS status = ERROR_SUCCESS;

    if (out && room >= sizeof provider)
        status = NCryptOpenStorageProvider(&provider, NULL, 0);
    return status ? status : answer(&provider, sizeof provider, out, room, got);
}

SECURITY_STATUS WINAPI NCryptGetProperty(NCRYPT_HANDLE handle, LPCWSTR name, PBYTE out, DWORD room, DWORD *got,
                                         DWORD flags)
{
    struct ncrypt_object *key = ncrypt_key_of(handle);
    DWORD length;

    (void)flags;
    if (!name || !got)
        return NTE_INVALID_PARAMETER;
    if (ncrypt_object_of(handle, PROVIDER_MARK))
        return provider_property(name, out, room, got);
    if (!key)
        return NTE_INVALID_HANDLE;
    for (struct ncrypt_property *at = key->properties; at; at = at->next)
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
    if (!wide_compare(name, NCRYPT_PROVIDER_HANDLE_PROPERTY))
        return provider_answer(out, room, got);
    if (!wide_compare(name, NCRYPT_IMPL_TYPE_PROPERTY))
        return answer(&(DWORD){NCRYPT_IMPL_SOFTWARE_FLAG}, sizeof(DWORD), out, room, got);
    if (!wide_compare(name, NCRYPT_LENGTHS_PROPERTY)) {
        const struct algorithm_info *info = key->algorithm;
        DWORD bits = key->curve >= 0 ? curve_bits(key->curve) : 0;
        NCRYPT_SUPPORTED_LENGTHS lengths = {bits, bits, 0, bits};

        if (info->kind != KIND_ECDSA && info->kind != KIND_ECDH)
            lengths = (NCRYPT_SUPPORTED_LENGTHS){info->min_bits, info->max_bits, info->step_bits,
                                                 info->kind == KIND_DSA ? 1024 : 2048};
        return answer(&lengths, sizeof lengths, out, room, got);
    }
    if (!key->key)
        return NTE_NOT_FOUND;
    if (!wide_compare(name, NCRYPT_BLOCK_LENGTH_PROPERTY))
        return ncrypt_result(BCryptGetProperty(key->key, BCRYPT_BLOCK_LENGTH, out, room, got, 0));
    NTSTATUS status = BCryptGetProperty(key->key, name, out, room, got, 0);
    return status == STATUS_NOT_SUPPORTED ? NTE_NOT_FOUND : ncrypt_result(status);
}

static SECURITY_STATUS keep_property(struct ncrypt_object *key, const WCHAR *name, const UCHAR *value, DWORD size)
{
    struct ncrypt_property *property;

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
    struct ncrypt_object *key = ncrypt_key_of(handle);
    DWORD number = 0;

    (void)flags;
    if (!key)
        return ncrypt_object_of(handle, PROVIDER_MARK) ? NTE_NOT_SUPPORTED : NTE_INVALID_HANDLE;
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
        return key->finished && key->name ? ncrypt_key_store(key) : ERROR_SUCCESS;
    }
    if (!wide_compare(name, L"ECCCurveName") && !key->finished) {
        WCHAR text[64] = {0};

        if (size > sizeof text - 2)
            return NTE_INVALID_PARAMETER;
        memcpy(text, value, size);
        key->curve = curve_from_name(text);
        return key->curve < 0 ? NTE_NOT_SUPPORTED : ERROR_SUCCESS;
    }
    if (ncrypt_is_public(name) || !wide_compare(name, BCRYPT_RSAPRIVATE_BLOB) ||
        !wide_compare(name, BCRYPT_RSAFULLPRIVATE_BLOB) || !wide_compare(name, BCRYPT_ECCPRIVATE_BLOB)) {
        struct algorithm algorithm = {ALGORITHM_MARK, 0, key->algorithm, 0, key->curve, 1};

        if (key->finished || key->key) /* a blob instead of a new key, before NCryptFinalizeKey */
            return NTE_INVALID_PARAMETER;
        return ncrypt_result(BCryptImportKeyPair(&algorithm, NULL, name, &key->key, value, size, 0));
    }
    return keep_property(key, name, value, size);
}

/* ---- using ---- */

SECURITY_STATUS WINAPI NCryptSignHash(NCRYPT_KEY_HANDLE handle, VOID *padding, PBYTE digest, DWORD size, PBYTE out,
                                      DWORD room, DWORD *got, DWORD flags)
{
    struct ncrypt_object *key = ncrypt_key_of(handle);

    if (!key || !key->finished)
        return NTE_INVALID_HANDLE;
    return ncrypt_result(
        BCryptSignHash(key->key, padding, digest, size, out, room, got, flags & (BCRYPT_PAD_PKCS1 | BCRYPT_PAD_PSS)));
}

SECURITY_STATUS WINAPI NCryptVerifySignature(NCRYPT_KEY_HANDLE handle, VOID *padding, PBYTE digest, DWORD size,
                                             PBYTE signature, DWORD signature_size, DWORD flags)
{
    struct ncrypt_object *key = ncrypt_key_of(handle);

    if (!key || !key->finished)
        return NTE_INVALID_HANDLE;
    return ncrypt_result(BCryptVerifySignature(key->key, padding, digest, size, signature, signature_size,
                                               flags & (BCRYPT_PAD_PKCS1 | BCRYPT_PAD_PSS)));
}

/* NCRYPT_NO_PADDING_FLAG and its companions are bcrypt's numbers. */
SECURITY_STATUS WINAPI NCryptEncrypt(NCRYPT_KEY_HANDLE handle, PBYTE in, DWORD size, VOID *padding, PBYTE out,
                                     DWORD room, DWORD *got, DWORD flags)
{
    struct ncrypt_object *key = ncrypt_key_of(handle);

    if (!key || !key->finished)
        return NTE_INVALID_HANDLE;
    return ncrypt_result(
        BCryptEncrypt(key->key, in, size, padding, NULL, 0, out, room, got, flags & ~NCRYPT_SILENT_FLAG));
}

SECURITY_STATUS WINAPI NCryptDecrypt(NCRYPT_KEY_HANDLE handle, PBYTE in, DWORD size, VOID *padding, PBYTE out,
                                     DWORD room, DWORD *got, DWORD flags)
{
    struct ncrypt_object *key = ncrypt_key_of(handle);

    if (!key || !key->finished)
        return NTE_INVALID_HANDLE;
    return ncrypt_result(
        BCryptDecrypt(key->key, in, size, padding, NULL, 0, out, room, got, flags & ~NCRYPT_SILENT_FLAG));
}

SECURITY_STATUS WINAPI NCryptSecretAgreement(NCRYPT_KEY_HANDLE own_handle, NCRYPT_KEY_HANDLE other_handle,
                                             NCRYPT_SECRET_HANDLE *out, DWORD flags)
{
    struct ncrypt_object *own = ncrypt_key_of(own_handle), *other = ncrypt_key_of(other_handle);
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
    return ncrypt_result(status);
}

SECURITY_STATUS WINAPI NCryptDeriveKey(NCRYPT_SECRET_HANDLE secret, LPCWSTR kdf, NCryptBufferDesc *list, PBYTE out,
                                       DWORD room, DWORD *got, ULONG flags)
{
    return ncrypt_result(
        BCryptDeriveKey((BCRYPT_SECRET_HANDLE)secret, kdf, (BCryptBufferDesc *)list, out, room, got, flags));
}
