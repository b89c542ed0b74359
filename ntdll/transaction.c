/*
 * transaction.c: the kernel's transaction objects: NtCreateTransaction and its like, and keys opened in them.
 *
 * On top of registry_overlay.c, which keeps what a transaction changes; the registry is all that takes part.  A
 * transaction is one process's.  It is rolled back when its last handle is closed, or when its time is over, which is
 * looked at whenever it is used.
 */
#include "transaction.h"
#include <stdlib.h>
#include <string.h>
#include "futex.h"
#include "key.h"
#include "registry_overlay.h"
#include "sysinfo.h"
#include "systime.h"

#define DESCRIPTION_MAX 64 /* MAX_TRANSACTION_DESCRIPTION_LENGTH */

struct transaction {
    struct object object;
    struct waitable waitable; /* signalled when it has ended */
    struct transaction *next;
    struct overlay *overlay;
    GUID id;
    ULONG isolation_level, isolation_flags, outcome;
    bool ending;
    LARGE_INTEGER timeout; /* as given; 0: none */
    LONGLONG deadline;     /* 0: none */
    size_t description_length;
    WCHAR description[DESCRIPTION_MAX];
};

static struct lock lock; /* of the list and of outcomes */
static struct transaction *transactions;

static void transaction_destroy(struct object *object);
static void transaction_close(struct object *object, HANDLE handle);

static const struct object_type type_transaction = {
    .name = "TmTx",
    .mapping = {TRANSACTION_GENERIC_READ, TRANSACTION_GENERIC_WRITE, TRANSACTION_GENERIC_EXECUTE,
                TRANSACTION_ALL_ACCESS},
    .all_access = TRANSACTION_ALL_ACCESS,
    .destroy = transaction_destroy,
    .close = transaction_close,
};

static void transaction_destroy(struct object *object)
{
    struct transaction *transaction = (struct transaction *)object;
    lock_acquire(&lock);
    struct transaction **link = &transactions;
    while (*link && *link != transaction)
        link = &(*link)->next;
    if (*link)
        *link = transaction->next;
    lock_release(&lock);
    if (transaction->overlay)
        overlay_free(transaction->overlay);
    object_free(object);
}

/* Whoever ends a transaction asks first: nobody else does then. */
static NTSTATUS begin_end(struct transaction *transaction)
{
    NTSTATUS status = STATUS_SUCCESS;
    lock_acquire(&lock);
    if (transaction->outcome == TransactionOutcomeCommitted)
        status = STATUS_TRANSACTION_ALREADY_COMMITTED;
    else if (transaction->outcome == TransactionOutcomeAborted)
        status = STATUS_TRANSACTION_ALREADY_ABORTED;
    else if (transaction->ending)
        status = STATUS_TRANSACTION_REQUEST_NOT_VALID;
    else
        transaction->ending = true;
    lock_release(&lock);
    return status;
}

static void end(struct transaction *transaction, ULONG outcome)
{
    lock_acquire(&lock);
    transaction->outcome = outcome;
    transaction->ending = false;
    lock_release(&lock);
    waitable_signal(&transaction->waitable);
}

static NTSTATUS roll_back(struct transaction *transaction)
{
    NTSTATUS status = begin_end(transaction);
    if (status)
        return status;
    overlay_abandon(transaction->overlay);
    end(transaction, TransactionOutcomeAborted);
    return STATUS_SUCCESS;
}

static void look_at_clock(struct transaction *transaction)
{
    if (transaction->deadline && time_now() >= transaction->deadline)
        roll_back(transaction);
}

static void transaction_close(struct object *object, HANDLE handle)
{
    (void)handle;
    if (!atomic_load(&object->handles))
        roll_back((struct transaction *)object);
}

static NTSTATUS lookup(HANDLE handle, ACCESS_MASK access, struct transaction **transaction)
{
    NTSTATUS status = handle_lookup(handle, &type_transaction, access, (void **)transaction);
    if (!status)
        look_at_clock(*transaction);
    return status;
}

NTSTATUS transaction_lookup(HANDLE handle, struct transaction **transaction)
{
    NTSTATUS status = lookup(handle, 0, transaction);
    if (status || ((*transaction)->outcome == TransactionOutcomeUndetermined && !(*transaction)->ending))
        return status;
    object_release(*transaction);
    return STATUS_TRANSACTION_NOT_ACTIVE;
}

struct overlay *transaction_overlay(const struct transaction *transaction)
{
    if (!transaction)
        return NULL;
    look_at_clock((struct transaction *)transaction);
    return transaction->overlay;
}

static void set_timeout(struct transaction *transaction, LARGE_INTEGER timeout)
{
    transaction->timeout = timeout;
    transaction->deadline = timeout.QuadPart < 0 ? time_now() - timeout.QuadPart : timeout.QuadPart;
}

static bool set_description(struct transaction *transaction, const void *text, size_t size)
{
    if (size / sizeof(WCHAR) > DESCRIPTION_MAX)
        return false;
    transaction->description_length = size / sizeof(WCHAR);
    memcpy(transaction->description, text, transaction->description_length * sizeof(WCHAR));
    return true;
}

static struct transaction *find(const GUID *id)
{
    struct transaction *found = transactions;
    while (found && memcmp(&found->id, id, sizeof *id))
        found = found->next;
    return found;
}

/* Into the list, by an id that no other has. */
static NTSTATUS enter(struct transaction *transaction, const GUID *id)
{
    NTSTATUS status = id ? STATUS_SUCCESS : random_bytes(&transaction->id, sizeof transaction->id);
    if (id)
        transaction->id = *id;
    lock_acquire(&lock);
    if (!status && find(&transaction->id))
        status = STATUS_OBJECT_NAME_COLLISION;
    if (!status) {
        transaction->next = transactions;
        transactions = transaction;
    }
    lock_release(&lock);
    return status;
}

NTSTATUS NTAPI NtCreateTransaction(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes, LPGUID id,
                                   HANDLE manager, ULONG options, ULONG isolation_level, ULONG isolation_flags,
                                   PLARGE_INTEGER timeout, PUNICODE_STRING description)
{
    if (manager)
        return STATUS_INVALID_HANDLE; /* there are no transaction managers */
    if (options & ~(ULONG)TRANSACTION_MAXIMUM_OPTION)
        return STATUS_INVALID_PARAMETER;
    struct transaction *transaction = object_create(&type_transaction, sizeof *transaction);
    if (!transaction)
        return STATUS_NO_MEMORY;
    transaction->outcome = TransactionOutcomeUndetermined;
    transaction->isolation_level = isolation_level;
    transaction->isolation_flags = isolation_flags;
    waitable_init(&transaction->waitable, WAIT_NOTIFICATION, 0);
    transaction->object.waitable = &transaction->waitable;
    transaction->overlay = overlay_create();
    NTSTATUS status = transaction->overlay ? STATUS_SUCCESS : STATUS_NO_MEMORY;
    if (!status && description && !set_description(transaction, description->Buffer, description->Length))
        status = STATUS_INVALID_PARAMETER;
    if (!status && timeout)
        set_timeout(transaction, *timeout);
    if (!status)
        status = enter(transaction, id);
    if (!status)
        return object_publish(transaction, access, attributes, handle);
    object_release(transaction);
    return status;
}

NTSTATUS NTAPI NtOpenTransaction(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes, LPGUID id,
                                 HANDLE manager)
{
    if (!id || !access)
        return STATUS_INVALID_PARAMETER;
    if (manager)
        return STATUS_INVALID_HANDLE;
    lock_acquire(&lock);
    struct transaction *transaction = find(id);
    if (transaction && atomic_load(&transaction->object.handles))
        object_reference(transaction);
    else
        transaction = NULL;
    lock_release(&lock);
    if (!transaction)
        return STATUS_TRANSACTION_NOT_FOUND;
    NTSTATUS status = handle_create(transaction, access, attributes ? attributes->Attributes : 0, handle);
    object_release(transaction);
    return status;
}

NTSTATUS NTAPI NtCommitTransaction(HANDLE handle, BOOLEAN wait)
{
    struct transaction *transaction;
    (void)wait; /* it is done at once */
    NTSTATUS status = lookup(handle, TRANSACTION_COMMIT, &transaction);
    if (status)
        return status;
    status = begin_end(transaction);
    if (!status) {
        status = overlay_commit(transaction->overlay);
        end(transaction, status ? TransactionOutcomeAborted : TransactionOutcomeCommitted);
    }
    object_release(transaction);
    return status;
}

NTSTATUS NTAPI NtRollbackTransaction(HANDLE handle, BOOLEAN wait)
{
    struct transaction *transaction;
    (void)wait;
    NTSTATUS status = lookup(handle, TRANSACTION_ROLLBACK, &transaction);
    if (status)
        return status;
    status = roll_back(transaction);
    object_release(transaction);
    return status;
}

static NTSTATUS put(void *out, ULONG room, ULONG *needed, const void *fixed, size_t fixed_size, const WCHAR *text,
                    size_t length)
{
    size_t total = fixed_size + length * sizeof *text;
    if (needed)
        *needed = (ULONG)total;
    if (room < fixed_size)
        return STATUS_INFO_LENGTH_MISMATCH;
    memcpy(out, fixed, fixed_size);
    if (room < total)
        return STATUS_BUFFER_OVERFLOW;
    memcpy((char *)out + fixed_size, text, length * sizeof *text);
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI NtQueryInformationTransaction(HANDLE handle, TRANSACTION_INFORMATION_CLASS class, PVOID out, ULONG room,
                                             PULONG needed)
{
    struct transaction *t;
    NTSTATUS status = lookup(handle, TRANSACTION_QUERY_INFORMATION, &t);
    if (status)
        return status;
    const TRANSACTION_BASIC_INFORMATION basic = {t->id, TransactionStateNormal, t->outcome};
    const TRANSACTION_PROPERTIES_INFORMATION properties = {.IsolationLevel = t->isolation_level,
                                                           .IsolationFlags = t->isolation_flags,
                                                           .Timeout = t->timeout,
                                                           .Outcome = t->outcome,
                                                           .DescriptionLength =
                                                               (ULONG)(t->description_length * sizeof(WCHAR))};
    const TRANSACTION_ENLISTMENTS_INFORMATION enlistments = {0};
    switch (class) {
    case TransactionBasicInformation:
        status = put(out, room, needed, &basic, sizeof basic, NULL, 0);
        break;
    case TransactionPropertiesInformation:
        status = put(out, room, needed, &properties, offsetof(TRANSACTION_PROPERTIES_INFORMATION, Description),
                     t->description, t->description_length);
        break;
    case TransactionEnlistmentInformation:
        status = put(out, room, needed, &enlistments, offsetof(TRANSACTION_ENLISTMENTS_INFORMATION, EnlistmentPair),
                     NULL, 0);
        break;
    default:
        status = STATUS_INVALID_INFO_CLASS;
    }
    object_release(t);
    return status;
}

NTSTATUS NTAPI NtSetInformationTransaction(HANDLE handle, TRANSACTION_INFORMATION_CLASS class, PVOID in, ULONG size)
{
    const TRANSACTION_PROPERTIES_INFORMATION *properties = in;
    size_t fixed = offsetof(TRANSACTION_PROPERTIES_INFORMATION, Description);
    struct transaction *transaction;
    if (class != TransactionPropertiesInformation)
        return STATUS_INVALID_INFO_CLASS;
    if (size < fixed || size - fixed < properties->DescriptionLength)
        return STATUS_INFO_LENGTH_MISMATCH;
    NTSTATUS status = lookup(handle, TRANSACTION_SET_INFORMATION, &transaction);
    if (status)
        return status;
    if (set_description(transaction, properties->Description, properties->DescriptionLength)) {
        transaction->isolation_level = properties->IsolationLevel;
        transaction->isolation_flags = properties->IsolationFlags;
        set_timeout(transaction, properties->Timeout);
    } else {
        status = STATUS_INVALID_PARAMETER;
    }
    object_release(transaction);
    return status;
}

NTSTATUS NTAPI NtCreateKeyTransacted(PHANDLE handle, ACCESS_MASK access, const OBJECT_ATTRIBUTES *attributes,
                                     ULONG title, const UNICODE_STRING *class, ULONG options, HANDLE transaction,
                                     PULONG disposition)
{
    struct key_request request = {access, attributes, options, NULL};
    (void)title;
    NTSTATUS status = transaction_lookup(transaction, &request.transaction);
    if (status)
        return status;
    status = key_create(&request, class, disposition, handle);
    object_release(request.transaction);
    return status;
}

NTSTATUS NTAPI NtOpenKeyTransactedEx(PHANDLE handle, ACCESS_MASK access, const OBJECT_ATTRIBUTES *attributes,
                                     ULONG options, HANDLE transaction)
{
    struct key_request request = {access, attributes, options, NULL};
    NTSTATUS status = transaction_lookup(transaction, &request.transaction);
    if (status)
        return status;
    status = key_open(&request, handle);
    object_release(request.transaction);
    return status;
}

NTSTATUS NTAPI NtOpenKeyTransacted(PHANDLE handle, ACCESS_MASK access, const OBJECT_ATTRIBUTES *attributes,
                                   HANDLE transaction)
{
    return NtOpenKeyTransactedEx(handle, access, attributes, 0, transaction);
}
