/*
 * bcrypt_multihash.c: several hashes of one algorithm behind one handle, fed by a list of operations.
 *
 * Layer: bcrypt, above its own hashes.
 */
#include "bcrypt_private.h"

struct bcrypt_multi {
    ULONG mark, count;
    BCRYPT_HASH_HANDLE hashes[];
};

/* BCRYPT_MULTI_HASH_OPERATION. */
enum { OPERATION_DATA = 1, OPERATION_FINISH };
struct operation {
    ULONG hash, kind;
    UCHAR *buffer;
    ULONG size;
};
#define OPERATIONS_OF_HASHES 1
#define MULTI_FLAG 0x40u

struct bcrypt_multi *multi_from_handle(BCRYPT_HANDLE handle)
{
    struct bcrypt_multi *multi = handle;

    return (ULONG_PTR)handle >= 0x10000 && multi->mark == MULTI_MARK ? multi : NULL;
}

void multi_free(struct bcrypt_multi *multi)
{
    for (ULONG i = 0; i < multi->count; i++)
        if (multi->hashes[i])
            BCryptDestroyHash(multi->hashes[i]);
    multi->mark = 0;
    crypto_free(multi);
}

static struct bcrypt_multi *multi_new(ULONG count)
{
    struct bcrypt_multi *multi = crypto_alloc(sizeof *multi + count * sizeof *multi->hashes);

    if (multi) {
        multi->mark = MULTI_MARK;
        multi->count = count;
    }
    return multi;
}

NTSTATUS multi_duplicate(const struct bcrypt_multi *multi, BCRYPT_HASH_HANDLE *out)
{
    struct bcrypt_multi *copy = multi_new(multi->count);
    NTSTATUS status = copy ? STATUS_SUCCESS : STATUS_NO_MEMORY;

    for (ULONG i = 0; i < multi->count && !status; i++)
        status = BCryptDuplicateHash(multi->hashes[i], &copy->hashes[i], NULL, 0, 0);
    if (!status)
        *out = copy;
    else if (copy)
        multi_free(copy);
    return status;
}

NTSTATUS WINAPI BCryptCreateMultiHash(BCRYPT_ALG_HANDLE handle, BCRYPT_HASH_HANDLE *out, ULONG count, PUCHAR object,
                                      ULONG object_size, PUCHAR secret, ULONG secret_size, ULONG flags)
{
    struct algorithm *algorithm = algorithm_from_handle(handle);
    struct bcrypt_multi *multi;
    NTSTATUS status = STATUS_SUCCESS;

    (void)object, (void)object_size;
    if (!algorithm)
        return STATUS_INVALID_HANDLE;
    if (!out || !count || count > 0x10000)
        return STATUS_INVALID_PARAMETER;
    if (!(algorithm->flags & MULTI_FLAG))
        return STATUS_NOT_SUPPORTED;
    multi = multi_new(count);
    if (!multi)
        return STATUS_NO_MEMORY;
    for (ULONG i = 0; i < count && !status; i++)
        status = BCryptCreateHash(handle, &multi->hashes[i], NULL, 0, secret, secret_size, flags);
    if (status)
        multi_free(multi);
    else
        *out = multi;
    return status;
}

NTSTATUS WINAPI BCryptProcessMultiOperations(BCRYPT_HANDLE handle, BCRYPT_MULTI_OPERATION_TYPE type, PVOID list,
                                             ULONG size, ULONG flags)
{
    struct bcrypt_multi *multi = multi_from_handle(handle);
    const struct operation *operations = list;
    const ULONG count = size / (ULONG)sizeof *operations;
    NTSTATUS status = STATUS_SUCCESS;

    if (!multi)
        return STATUS_INVALID_HANDLE;
    if ((ULONG)type != OPERATIONS_OF_HASHES || flags || size % sizeof *operations || (size && !list))
        return STATUS_INVALID_PARAMETER;
    for (ULONG i = 0; i < count; i++)
        if (operations[i].hash >= multi->count ||
            (operations[i].kind != OPERATION_DATA && operations[i].kind != OPERATION_FINISH))
            return STATUS_INVALID_PARAMETER;
    for (ULONG i = 0; i < count && !status; i++) {
        BCRYPT_HASH_HANDLE hash = multi->hashes[operations[i].hash];
        status = operations[i].kind == OPERATION_DATA
                     ? BCryptHashData(hash, operations[i].buffer, operations[i].size, 0)
                     : BCryptFinishHash(hash, operations[i].buffer, operations[i].size, 0);
    }
    return status;
}
