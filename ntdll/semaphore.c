/*
 * semaphore.c: semaphores.  On top of wait.c.
 */
#include "shared.h"

struct semaphore {
    struct object object;
    struct waitable waitable; /* extra: the maximum */
};

static struct object *semaphore_proxy(uint32_t index)
{
    (void)index;
    return object_create(&type_semaphore, sizeof(struct semaphore));
}

const struct object_type type_semaphore = {
    .name = "Semaphore",
    .mapping = {STANDARD_RIGHTS_READ | SEMAPHORE_QUERY_STATE, STANDARD_RIGHTS_WRITE | SEMAPHORE_MODIFY_STATE,
                STANDARD_RIGHTS_EXECUTE | SYNCHRONIZE, SEMAPHORE_ALL_ACCESS},
    .all_access = SEMAPHORE_ALL_ACCESS,
    .arena_kind = ARENA_SEMAPHORE,
    .proxy = semaphore_proxy,
};

NTSTATUS NTAPI NtCreateSemaphore(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes, LONG initial,
                                 LONG maximum)
{
    if (initial < 0 || maximum <= 0 || initial > maximum)
        return STATUS_INVALID_PARAMETER;
    struct semaphore *semaphore = object_create(&type_semaphore, sizeof *semaphore);
    if (!semaphore)
        return STATUS_NO_MEMORY;
    waitable_init(&semaphore->waitable, WAIT_SEMAPHORE, (uint32_t)initial);
    semaphore->waitable.extra = (uint32_t)maximum;
    semaphore->object.waitable = &semaphore->waitable;
    return object_publish(semaphore, access, attributes, handle);
}

NTSTATUS NTAPI NtOpenSemaphore(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes)
{
    return object_open(&type_semaphore, access, attributes, handle);
}

NTSTATUS NTAPI NtReleaseSemaphore(HANDLE handle, LONG count, PLONG previous)
{
    struct semaphore *semaphore;
    uint32_t before;
    if (count <= 0)
        return STATUS_INVALID_PARAMETER;
    NTSTATUS status = handle_lookup(handle, &type_semaphore, SEMAPHORE_MODIFY_STATE, (void **)&semaphore);
    if (status)
        return status;
    if (!waitable_add(semaphore->object.waitable, (uint32_t)count, &before))
        status = STATUS_SEMAPHORE_LIMIT_EXCEEDED;
    else if (previous)
        *previous = (LONG)before;
    object_release(semaphore);
    return status;
}

NTSTATUS NTAPI NtQuerySemaphore(HANDLE handle, ULONG class, PVOID buffer, ULONG length, PULONG returned)
{
    SEMAPHORE_BASIC_INFORMATION *information = buffer;
    struct semaphore *semaphore;
    if (class != 0)
        return STATUS_INVALID_INFO_CLASS;
    if (length != sizeof *information)
        return STATUS_INFO_LENGTH_MISMATCH;
    NTSTATUS status = handle_lookup(handle, &type_semaphore, SEMAPHORE_QUERY_STATE, (void **)&semaphore);
    if (status)
        return status;
    information->CurrentCount = atomic_load(&semaphore->object.waitable->word) & 0x7fffffff;
    information->MaximumCount = semaphore->object.waitable->extra;
    if (returned)
        *returned = sizeof *information;
    object_release(semaphore);
    return STATUS_SUCCESS;
}
