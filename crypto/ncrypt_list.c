/*
 * ncrypt_list.c: which algorithms, providers and keys there are.
 *
 * Layer: ncrypt, above bcrypt's list.
 */
#include "ncrypt_key.h"

#define PAIR_OPERATIONS                                                                                                \
    (NCRYPT_ASYMMETRIC_ENCRYPTION_OPERATION | NCRYPT_SECRET_AGREEMENT_OPERATION | NCRYPT_SIGNATURE_OPERATION)

SECURITY_STATUS WINAPI NCryptEnumAlgorithms(NCRYPT_PROV_HANDLE provider, DWORD operations, DWORD *count,
                                            NCryptAlgorithmName **list, DWORD flags)
{
    BCRYPT_ALGORITHM_IDENTIFIER *all;
    NCryptAlgorithmName *names;
    ULONG found, used = 0;

    (void)flags;
    if (NCryptIsAlgSupported(provider, BCRYPT_RSA_ALGORITHM, 0) == NTE_INVALID_HANDLE)
        return NTE_INVALID_HANDLE;
    if (!count || !list || operations & ~0x7fu)
        return NTE_INVALID_PARAMETER;
    operations = operations ? operations & PAIR_OPERATIONS : PAIR_OPERATIONS;
    if (!operations) { /* only of what is no pair */
        *count = 0, *list = NULL;
        return ERROR_SUCCESS;
    }
    if (BCryptEnumAlgorithms(operations, &found, &all, 0))
        return NTE_NO_MEMORY;
    names = crypto_alloc(found * sizeof *names);
    for (ULONG i = 0; names && i < found; i++) /* names are the table's own: they outlive the list */
        names[used++] = (NCryptAlgorithmName){.pszName = all[i].pszName,
                                              .dwClass = all[i].dwClass,
                                              .dwAlgOperations = algorithm_find(all[i].pszName)->operations};
    BCryptFreeBuffer(all);
    *count = used, *list = names;
    return names ? ERROR_SUCCESS : NTE_NO_MEMORY;
}

SECURITY_STATUS WINAPI NCryptEnumStorageProviders(DWORD *count, NCryptProviderName **list, DWORD flags)
{
    static const WCHAR name[] = L"Microsoft Software Key Storage Provider";
    NCryptProviderName *found;

    (void)flags;
    if (!count || !list)
        return NTE_INVALID_PARAMETER;
    found = crypto_alloc(sizeof *found);
    if (!found)
        return NTE_NO_MEMORY;
    *found = (NCryptProviderName){.pszName = (WCHAR *)name, .pszComment = (WCHAR *)L""};
    *count = 1, *list = found;
    return ERROR_SUCCESS;
}

/* One name a call; what was found is one block, and so is the place. */
SECURITY_STATUS WINAPI NCryptEnumKeys(NCRYPT_PROV_HANDLE provider, LPCWSTR scope, NCryptKeyName **out, PVOID *state,
                                      DWORD flags)
{
    struct {
        NCryptKeyName head;
        WCHAR name[256];
    } * found;
    DWORD *index, spec;
    bool machine = flags & NCRYPT_MACHINE_KEY_FLAG;

    if (!ncrypt_object_of(provider, PROVIDER_MARK))
        return NTE_INVALID_HANDLE;
    if (scope || !out || !state)
        return NTE_INVALID_PARAMETER;
    if (!*state && !(*state = crypto_alloc(sizeof *index)))
        return NTE_NO_MEMORY;
    index = *state;
    found = crypto_alloc(sizeof *found);
    if (!found)
        return NTE_NO_MEMORY;
    while (crypto_plugin() && ncrypt_key_next(index, machine, found->name, &spec)) {
        struct ncrypt_object *key = ncrypt_key_new(NULL, found->name, flags);
        bool good = key && !ncrypt_key_load(key, spec); /* one that can not be opened is none */

        if (good)
            found->head = (NCryptKeyName){.pszName = found->name,
                                          .pszAlgid = (WCHAR *)key->algorithm->name,
                                          .dwLegacyKeySpec = key->legacy_spec,
                                          .dwFlags = machine ? NCRYPT_MACHINE_KEY_FLAG : 0};
        if (key)
            NCryptFreeObject((NCRYPT_HANDLE)key);
        if (good) {
            *out = &found->head;
            return ERROR_SUCCESS;
        }
    }
    crypto_free(found);
    return NTE_NO_MORE_ITEMS;
}
