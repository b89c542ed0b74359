/*
 * objectapi.c: the Nt functions on handles of any type.  On top of handle.c and namespace.c.
 */
#include <string.h>
#include "object.h"
#include "process.h"
#include "process_object.h"
#include "remote.h"

NTSTATUS NTAPI NtClose(HANDLE handle)
{
    return handle_close(handle);
}

/* The object of a handle of this or of another process; closes that one if asked to. */
static NTSTATUS source_take(HANDLE process, HANDLE source, ULONG options, void **object, struct handle_info *info)
{
    struct process_object *owner;
    NTSTATUS status = process_from_handle(process, PROCESS_DUP_HANDLE, &owner);
    if (status)
        return status;
    if (process_is_self(owner)) {
        status = handle_query(source, object, info);
    } else {
        struct object *fetched;
        status = remote_fetch(owner, source, options & DUPLICATE_CLOSE_SOURCE, &fetched, info);
        *object = fetched;
    }
    object_release(owner);
    return status;
}

static NTSTATUS handle_duplicate(HANDLE source_process, HANDLE source, HANDLE process, PHANDLE target,
                                 ACCESS_MASK access, ULONG attributes, ULONG options)
{
    struct handle_info info;
    void *object;
    NTSTATUS status = source_take(source_process, source, options, &object, &info);
    if (status)
        return status;
    if (options & DUPLICATE_SAME_ACCESS)
        access = info.access;
    if (options & DUPLICATE_SAME_ATTRIBUTES)
        attributes = info.attributes;
    struct process_object *receiver = NULL;
    if (process != NtCurrentProcess())
        status = process_from_handle(process, PROCESS_DUP_HANDLE, &receiver);
    if (status)
        receiver = NULL; /* nothing was handed out */
    if (!status && (!receiver || process_is_self(receiver)))
        status = handle_create(object, access, attributes, target);
    else if (!status)
        status = remote_duplicate(receiver, object, access, attributes, target);
    if (receiver)
        object_release(receiver);
    object_release(object);
    return status;
}

NTSTATUS NTAPI NtDuplicateObject(HANDLE source_process, HANDLE source, HANDLE target_process, PHANDLE target,
                                 ACCESS_MASK access, ULONG attributes, ULONG options)
{
    HANDLE duplicate = NULL;
    struct process_object *owner;
    NTSTATUS status = process_from_handle(source_process, PROCESS_DUP_HANDLE, &owner);
    if (status)
        return status;
    bool own = process_is_self(owner);
    if (!own && !target_process)
        status = options & DUPLICATE_CLOSE_SOURCE ? remote_close(owner, source) : STATUS_SUCCESS;
    object_release(owner);
    if (target_process)
        status = handle_duplicate(source_process, source, target_process, &duplicate, access, attributes, options);
    if (own && options & DUPLICATE_CLOSE_SOURCE) {
        NTSTATUS closed = handle_close(source);
        if (!target_process)
            status = closed;
    }
    if (target)
        *target = duplicate;
    else if (duplicate && target_process == NtCurrentProcess())
        handle_close(duplicate); /* nobody would know it */
    return status;
}

NTSTATUS NTAPI NtCompareObjects(HANDLE first, HANDLE second)
{
    void *a, *b;
    NTSTATUS status = handle_lookup(first, NULL, 0, &a);
    if (status)
        return status;
    status = handle_lookup(second, NULL, 0, &b);
    if (!status) {
        status = a == b ? STATUS_SUCCESS : STATUS_NOT_SAME_OBJECT;
        object_release(b);
    }
    object_release(a);
    return status;
}

/* A UNICODE_STRING followed by its characters, as two information classes have it. */
static NTSTATUS string_answer(const UNICODE_STRING *text, size_t header, PVOID buffer, ULONG length, ULONG *needed)
{
    UNICODE_STRING *string = buffer;
    USHORT room = text->Length + sizeof(WCHAR);
    *needed = (ULONG)header + (text->Buffer ? room : 0);
    if (length < header)
        return STATUS_INFO_LENGTH_MISMATCH;
    if (length < *needed)
        return STATUS_BUFFER_OVERFLOW;
    memset(buffer, 0, header);
    if (!text->Buffer)
        return STATUS_SUCCESS;
    string->Length = text->Length;
    string->MaximumLength = room;
    string->Buffer = (WCHAR *)((char *)buffer + header);
    memcpy(string->Buffer, text->Buffer, text->Length);
    string->Buffer[text->Length / sizeof(WCHAR)] = 0;
    return STATUS_SUCCESS;
}

static NTSTATUS query_name(struct object *object, PVOID buffer, ULONG length, ULONG *needed)
{
    UNICODE_STRING name = {0};
    if (!object->type->query_name)
        return string_answer(&object->name, sizeof(UNICODE_STRING), buffer, length, needed);
    NTSTATUS status = object->type->query_name(object, &name);
    if (!status) {
        status = string_answer(&name, sizeof(UNICODE_STRING), buffer, length, needed);
        RtlFreeUnicodeString(&name);
    }
    return status;
}

static NTSTATUS query_type(struct object *object, PVOID buffer, ULONG length, ULONG *needed)
{
    OBJECT_TYPE_INFORMATION_FULL *information = buffer;
    WCHAR name[32];
    UNICODE_STRING string = {0, sizeof name, name};
    for (const char *c = object->type->name; *c && string.Length < sizeof name; c++) {
        name[string.Length / sizeof(WCHAR)] = (WCHAR)*c;
        string.Length += sizeof(WCHAR);
    }
    NTSTATUS status = string_answer(&string, sizeof *information, buffer, length, needed);
    if (status)
        return status == STATUS_BUFFER_OVERFLOW ? STATUS_INFO_LENGTH_MISMATCH : status;
    information->GenericMapping = object->type->mapping;
    information->ValidAccessMask = object->type->all_access;
    information->TotalNumberOfObjects = 1;
    information->TotalNumberOfHandles = atomic_load(&object->handles);
    return STATUS_SUCCESS;
}

static NTSTATUS query_basic(struct object *object, const struct handle_info *info, PVOID buffer, ULONG length,
                            ULONG *needed)
{
    OBJECT_BASIC_INFORMATION_FULL *information = buffer;
    *needed = sizeof *information;
    if (length < sizeof *information)
        return STATUS_INFO_LENGTH_MISMATCH;
    memset(information, 0, sizeof *information);
    information->Attributes = info->attributes;
    information->GrantedAccess = info->access;
    information->HandleCount = atomic_load(&object->handles);
    information->PointerCount = atomic_load(&object->references);
    information->NameInfoSize = object->name.Buffer ? sizeof(UNICODE_STRING) + object->name.MaximumLength : 0;
    return STATUS_SUCCESS;
}

static NTSTATUS query_flags(const struct handle_info *info, PVOID buffer, ULONG length, ULONG *needed)
{
    OBJECT_HANDLE_FLAG_INFORMATION *information = buffer;
    *needed = sizeof *information;
    if (length < sizeof *information)
        return STATUS_INFO_LENGTH_MISMATCH;
    information->Inherit = (info->attributes & OBJ_INHERIT) != 0;
    information->ProtectFromClose = (info->attributes & OBJ_PROTECT_CLOSE) != 0;
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI NtQueryObject(HANDLE handle, OBJECT_INFORMATION_CLASS class, PVOID buffer, ULONG length, PULONG returned)
{
    struct handle_info info;
    struct object *object;
    ULONG needed = 0;
    NTSTATUS status = handle_query(handle, (void **)&object, &info);
    if (status)
        return status;
    switch (class) {
    case ObjectBasicInformation:
        status = query_basic(object, &info, buffer, length, &needed);
        break;
    case ObjectNameInformation:
        status = query_name(object, buffer, length, &needed);
        break;
    case ObjectTypeInformation:
        status = query_type(object, buffer, length, &needed);
        break;
    case ObjectHandleFlagInformation:
        status = query_flags(&info, buffer, length, &needed);
        break;
    default:
        status = STATUS_INVALID_INFO_CLASS;
    }
    if (returned)
        *returned = needed;
    object_release(object);
    return status;
}

NTSTATUS NTAPI NtSetInformationObject(HANDLE handle, ULONG class, PVOID buffer, ULONG length)
{
    const OBJECT_HANDLE_FLAG_INFORMATION *information = buffer;
    if (class != ObjectHandleFlagInformation)
        return STATUS_INVALID_INFO_CLASS;
    if (length != sizeof *information)
        return STATUS_INFO_LENGTH_MISMATCH;
    return handle_set_attributes(handle, (information->Inherit ? OBJ_INHERIT : 0) |
                                             (information->ProtectFromClose ? OBJ_PROTECT_CLOSE : 0));
}

/* Nothing outlives its last handle here; no account of ours has the privilege for it. */
NTSTATUS NTAPI NtMakePermanentObject(HANDLE handle)
{
    (void)handle;
    return STATUS_PRIVILEGE_NOT_HELD;
}

NTSTATUS NTAPI NtMakeTemporaryObject(HANDLE handle)
{
    struct object *object;
    NTSTATUS status = handle_lookup(handle, NULL, DELETE, (void **)&object);
    if (!status)
        object_release(object);
    return status;
}
