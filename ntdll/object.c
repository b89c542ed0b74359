/*
 * object.c: counted objects, and how they get names and handles.  On top of handle.c and namespace.c.
 */
#include <stdlib.h>
#include "object.h"
#include "shared.h"

void *object_create(const struct object_type *type, size_t size)
{
    struct object *object = calloc(1, size);
    if (object) {
        object->type = type;
        atomic_init(&object->references, 1);
    }
    return object;
}

void *object_reference(void *object)
{
    atomic_fetch_add_explicit(&((struct object *)object)->references, 1, memory_order_relaxed);
    return object;
}

void object_release(void *pointer)
{
    struct object *object = pointer;
    if (atomic_fetch_sub_explicit(&object->references, 1, memory_order_acq_rel) != 1)
        return;
    if (object->shared)
        shared_forget(object);
    if (object->type->destroy)
        object->type->destroy(object);
    else
        object_free(object);
}

void object_free(struct object *object)
{
    free(object->name.Buffer);
    free(object);
}

NTSTATUS object_publish(void *object, ACCESS_MASK access, const OBJECT_ATTRIBUTES *attributes, HANDLE *handle)
{
    struct object *result = object;
    NTSTATUS named = STATUS_SUCCESS, status;
    if (attributes && attributes->ObjectName && attributes->ObjectName->Length) {
        named = namespace_enter(object, attributes, &result);
        if (!NT_SUCCESS(named)) {
            object_release(object);
            return named;
        }
    }
    status = handle_create(result, access, attributes ? attributes->Attributes : 0, handle);
    if (status && result == object)
        namespace_remove(object);
    if (result != object)
        object_release(result);
    object_release(object);
    return status ? status : named;
}

NTSTATUS object_open(const struct object_type *type, ACCESS_MASK access, const OBJECT_ATTRIBUTES *attributes,
                     HANDLE *handle)
{
    struct object *object;
    NTSTATUS status = namespace_find(type, attributes, &object);
    if (status)
        return status;
    status = handle_create(object, access, attributes->Attributes, handle);
    object_release(object);
    return status;
}
