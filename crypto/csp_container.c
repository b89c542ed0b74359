/*
 * csp_container.c: where key pairs of containers are kept: in the prefix's registry, each sealed by its secret.
 *
 * Layer: advapi32.
 */
#include "csp.h"
#include "protect.h"

static const WCHAR containers[] = L"Software\\winrun\\KeyContainers";
static const char purpose[] = "CryptoAPI container";

static HKEY root_of(bool machine)
{
    return machine ? HKEY_LOCAL_MACHINE : HKEY_CURRENT_USER;
}

/* A container's name may have what a key's may not. */
static bool key_path(const WCHAR *name, WCHAR path[320])
{
    size_t length = wide_length(name), at = ARRAYSIZE(containers) - 1;

    if (!length || length > 255)
        return false;
    memcpy(path, containers, sizeof containers);
    path[at++] = '\\';
    for (size_t i = 0; i <= length; i++)
        path[at + i] = name[i] == '\\' ? '/' : name[i];
    return true;
}

static LSTATUS container_open(const WCHAR *name, bool machine, bool make, HKEY *key)
{
    WCHAR path[320];

    if (!key_path(name, path))
        return ERROR_INVALID_PARAMETER;
    if (make)
        return RegCreateKeyExW(root_of(machine), path, 0, NULL, 0, KEY_ALL_ACCESS, NULL, key, NULL);
    return RegOpenKeyExW(root_of(machine), path, 0, KEY_ALL_ACCESS, key);
}

bool container_exists(const WCHAR *name, bool machine)
{
    HKEY key;

    if (container_open(name, machine, false, &key))
        return false;
    RegCloseKey(key);
    return true;
}

LSTATUS container_make(const WCHAR *name, bool machine)
{
    HKEY key;
    LSTATUS status = container_open(name, machine, true, &key);

    if (!status)
        RegCloseKey(key);
    return status;
}

LSTATUS container_remove(const WCHAR *name, bool machine)
{
    WCHAR path[320];

    return key_path(name, path) ? RegDeleteKeyW(root_of(machine), path) : ERROR_INVALID_PARAMETER;
}

static const WCHAR *value_name(DWORD spec)
{
    return spec == AT_SIGNATURE ? L"signature" : L"exchange";
}

BCRYPT_KEY_HANDLE container_load(const WCHAR *name, bool machine, DWORD spec, bool *exportable)
{
    BCRYPT_KEY_HANDLE pair = NULL;
    UCHAR *sealed, *blob;
    const UCHAR *policy;
    DWORD size = 0, blob_size, policy_size;
    HKEY key;

    if (container_open(name, machine, false, &key))
        return NULL;
    if (RegQueryValueExW(key, value_name(spec), NULL, NULL, NULL, &size) || !(sealed = crypto_alloc(size))) {
        RegCloseKey(key);
        return NULL;
    }
    if (!RegQueryValueExW(key, value_name(spec), NULL, NULL, sealed, &size) &&
        !protect_open(purpose, NULL, 0, sealed, size, &blob, &blob_size, &policy, &policy_size)) {
        *exportable = !policy_size || *policy;
        if (BCryptImportKeyPair((HANDLE)0xe1 /* RSA */, NULL, BCRYPT_RSAFULLPRIVATE_BLOB, &pair, blob, blob_size, 0))
            pair = NULL;
        crypto_free_secret(blob, blob_size);
    }
    crypto_free(sealed);
    RegCloseKey(key);
    return pair;
}

NTSTATUS container_store(const WCHAR *name, bool machine, DWORD spec, BCRYPT_KEY_HANDLE pair, bool exportable)
{
    UCHAR *blob, *sealed, policy = exportable;
    ULONG size, sealed_size;
    HKEY key;
    NTSTATUS status = BCryptExportKey(pair, NULL, BCRYPT_RSAFULLPRIVATE_BLOB, NULL, 0, &size, 0);

    if (status)
        return status;
    blob = crypto_alloc(size);
    if (!blob)
        return STATUS_NO_MEMORY;
    status = BCryptExportKey(pair, NULL, BCRYPT_RSAFULLPRIVATE_BLOB, blob, size, &size, 0);
    if (!status)
        status = protect_seal(purpose, NULL, 0, blob, size, &policy, sizeof policy, &sealed, &sealed_size);
    crypto_free_secret(blob, size);
    if (status)
        return status;
    status = STATUS_ACCESS_DENIED;
    if (!container_open(name, machine, true, &key)) {
        if (!RegSetValueExW(key, value_name(spec), 0, REG_BINARY, sealed, sealed_size))
            status = STATUS_SUCCESS;
        RegCloseKey(key);
    }
    crypto_free(sealed);
    return status;
}

bool container_at(DWORD index, bool machine, WCHAR name[256])
{
    DWORD size = 256;
    HKEY key;
    bool found;

    if (RegOpenKeyExW(root_of(machine), containers, 0, KEY_READ, &key))
        return false;
    found = !RegEnumKeyExW(key, index, name, &size, NULL, NULL, NULL, NULL);
    RegCloseKey(key);
    return found;
}
