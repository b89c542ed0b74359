/*
 * ncrypt_store.c: keys that last: sealed by the prefix's secret, in its registry.
 *
 * Layer: ncrypt, above bcrypt.
 */
#include "csp.h"
#include "ncrypt_key.h"
#include "protect.h"

static const WCHAR keys_path[] = L"Software\\winrun\\Keys";
static const char purpose[] = "ncrypt key";

static HKEY root_of(bool machine)
{
    return machine ? HKEY_LOCAL_MACHINE : HKEY_CURRENT_USER;
}

/* A stored key: the algorithm's name and, in the same room, the curve's if the first does not tell; then the private
 * blob. */
SECURITY_STATUS ncrypt_key_store(struct ncrypt_object *key)
{
    WCHAR name[64] = {0};
    UCHAR *data, *sealed;
    ULONG size, sealed_size;
    HKEY place;
    NTSTATUS status;

    if (key->legacy_spec)
        return ncrypt_result(container_store(key->name, key->machine, key->legacy_spec, key->key,
                                             key->export_policy & NCRYPT_ALLOW_PLAINTEXT_EXPORT_FLAG));
    const WCHAR *type = key->algorithm->kind == KIND_RSA ? BCRYPT_RSAFULLPRIVATE_BLOB : BCRYPT_PRIVATE_KEY_BLOB;
    if ((status = BCryptExportKey(key->key, NULL, type, NULL, 0, &size, 0)))
        return ncrypt_result(status);
    data = crypto_alloc(sizeof name + size);
    if (!data)
        return NTE_NO_MEMORY;
    memcpy(data, key->algorithm->name, wide_length(key->algorithm->name) * sizeof(WCHAR));
    if (key->algorithm->id == CURVE_ANY) {
        const WCHAR *curve = curve_name(key_from_handle(key->key)->algorithm.curve);

        memcpy(data + sizeof name / 2, curve, wide_length(curve) * sizeof(WCHAR));
    }
    status = BCryptExportKey(key->key, NULL, type, data + sizeof name, size, &size, 0);
    if (!status)
        status = protect_seal(purpose, NULL, 0, data, sizeof name + size, (UCHAR *)&key->export_policy,
                              sizeof key->export_policy, &sealed, &sealed_size);
    crypto_free_secret(data, sizeof name + size);
    if (status)
        return ncrypt_result(status);
    LSTATUS error = RegCreateKeyExW(root_of(key->machine), keys_path, 0, NULL, 0, KEY_ALL_ACCESS, NULL, &place, NULL);
    if (!error) {
        error = RegSetValueExW(place, key->name, 0, REG_BINARY, sealed, sealed_size);
        RegCloseKey(place);
    }
    crypto_free(sealed);
    return error ? NTE_PERM : ERROR_SUCCESS;
}

bool ncrypt_key_stored(const WCHAR *name, bool machine)
{
    HKEY place;
    bool found;

    if (RegOpenKeyExW(root_of(machine), keys_path, 0, KEY_READ, &place))
        return false;
    found = !RegQueryValueExW(place, name, NULL, NULL, NULL, NULL);
    RegCloseKey(place);
    return found;
}

/* A key of CryptoAPI's: ncrypt opens these, too. */
static SECURITY_STATUS legacy_load(struct ncrypt_object *key, DWORD spec)
{
    bool exportable = false;

    for (DWORD try = AT_KEYEXCHANGE; try <= AT_SIGNATURE && !key->key; try++)
        if ((!spec || spec == try) && (key->key = container_load(key->name, key->machine, try, &exportable)))
            key->legacy_spec = try;
    if (!key->key)
        return NTE_BAD_KEYSET;
    key->algorithm = algorithm_find(L"RSA");
    key->export_policy = exportable ? NCRYPT_ALLOW_EXPORT_FLAG | NCRYPT_ALLOW_PLAINTEXT_EXPORT_FLAG : 0;
    return ERROR_SUCCESS;
}

SECURITY_STATUS ncrypt_key_load(struct ncrypt_object *key, DWORD spec)
{
    UCHAR *sealed = NULL, *data;
    const UCHAR *clear;
    ULONG size = 0, data_size, clear_size;
    HKEY place;

    if (RegOpenKeyExW(root_of(key->machine), keys_path, 0, KEY_READ, &place))
        return legacy_load(key, spec);
    LSTATUS error = RegQueryValueExW(place, key->name, NULL, NULL, NULL, &size);
    if (!error && (sealed = crypto_alloc(size)))
        error = RegQueryValueExW(place, key->name, NULL, NULL, sealed, &size);
    RegCloseKey(place);
    if (error || !sealed) {
        crypto_free(sealed);
        return error ? legacy_load(key, spec) : NTE_NO_MEMORY;
    }
    NTSTATUS status = protect_open(purpose, NULL, 0, sealed, size, &data, &data_size, &clear, &clear_size);
    if (!status) {
        struct algorithm algorithm = {ALGORITHM_MARK};

        status = STATUS_INVALID_PARAMETER;
        if (data_size > 128 && clear_size == sizeof key->export_policy && !((WCHAR *)data)[63])
            algorithm.info = key->algorithm = algorithm_find((WCHAR *)data);
        if (algorithm.info) {
            memcpy(&key->export_policy, clear, sizeof key->export_policy);
            algorithm.curve =
                algorithm.info->id == CURVE_ANY ? curve_from_name((WCHAR *)data + 32) : algorithm.info->id;
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

void ncrypt_key_erase(const struct ncrypt_object *key)
{
    HKEY place;

    if (key->legacy_spec) {
        container_remove(key->name, key->machine);
    } else if (!RegOpenKeyExW(root_of(key->machine), keys_path, 0, KEY_ALL_ACCESS, &place)) {
        RegDeleteValueW(place, key->name);
        RegCloseKey(place);
    }
}

/* First ncrypt's own, then the pairs of CryptoAPI's containers, two places each. */
bool ncrypt_key_next(DWORD *index, bool machine, WCHAR name[256], DWORD *spec)
{
    DWORD size = 256, count = 0;
    BCRYPT_KEY_HANDLE pair;
    bool found = false, exportable;
    HKEY place;

    *spec = 0;
    if (!RegOpenKeyExW(root_of(machine), keys_path, 0, KEY_READ, &place)) {
        RegQueryInfoKeyW(place, NULL, NULL, NULL, NULL, NULL, NULL, &count, NULL, NULL, NULL, NULL);
        found = *index < count && !RegEnumValueW(place, (*index)++, name, &size, NULL, NULL, NULL, NULL);
        RegCloseKey(place);
    }
    while (!found && *index >= count && container_at((*index - count) / 2, machine, name)) {
        *spec = (*index - count) % 2 ? AT_SIGNATURE : AT_KEYEXCHANGE;
        ++*index;
        pair = container_load(name, machine, *spec, &exportable);
        found = pair != NULL;
        if (found)
            BCryptDestroyKey(pair);
    }
    return found;
}
