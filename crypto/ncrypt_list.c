/*
 * ncrypt_list.c: which algorithms and providers of keys there are.
 *
 * Layer: ncrypt, above bcrypt's list.
 */
#include "bcrypt_private.h"
#include <ncrypt.h>

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
