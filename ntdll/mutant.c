/*
 * mutant.c: mutants, which Win32 calls mutexes.  On top of wait.c; mutant.h has the layout of the state.
 */
#include <stddef.h>
#include <stdlib.h>
#include "futex.h"
#include "mutant.h"
#include "thread.h"

static _Thread_local struct mutant *owned;

static void mutant_destroy(struct object *object)
{
    object_free(object);
}

const struct object_type type_mutant = {
    .name = "Mutant",
    .mapping = {STANDARD_RIGHTS_READ | MUTANT_QUERY_STATE, STANDARD_RIGHTS_WRITE, STANDARD_RIGHTS_EXECUTE | SYNCHRONIZE,
                MUTANT_ALL_ACCESS},
    .all_access = MUTANT_ALL_ACCESS,
    .destroy = mutant_destroy,
};

static struct mutant *mutant_of(struct waitable *waitable)
{
    return (struct mutant *)((char *)waitable - offsetof(struct mutant, waitable));
}

uint32_t mutant_self(void)
{
    return (uint32_t)thread_current()->tid & MUTANT_OWNER;
}

void mutant_taken(struct waitable *waitable)
{
    struct mutant *mutant = mutant_of(waitable);
    if (waitable->extra++ == 0) {
        object_reference(mutant);
        mutant->owned_next = owned;
        owned = mutant;
    }
}

static void mutant_unlist(struct mutant *mutant)
{
    struct mutant **link = &owned;
    while (*link != mutant)
        link = &(*link)->owned_next;
    *link = mutant->owned_next;
}

/* Lets go of the word; `state`: 0 or MUTANT_ABANDONED. */
static void mutant_free(struct mutant *mutant, uint32_t state)
{
    mutant->waitable.extra = 0;
    waitable_hand_back(&mutant->waitable, state);
    object_release(mutant);
}

void mutant_abandon_all(void)
{
    while (owned) {
        struct mutant *mutant = owned;
        owned = mutant->owned_next;
        mutant_free(mutant, MUTANT_ABANDONED);
    }
}

NTSTATUS NTAPI NtCreateMutant(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes, BOOLEAN initially)
{
    struct mutant *mutant = object_create(&type_mutant, sizeof *mutant);
    if (!mutant)
        return STATUS_NO_MEMORY;
    waitable_init(&mutant->waitable, WAIT_MUTANT, 0);
    mutant->object.waitable = &mutant->waitable;
    if (initially) {
        atomic_init(&mutant->waitable.word, mutant_self());
        mutant_taken(&mutant->waitable);
    }
    object_reference(mutant);
    NTSTATUS status = object_publish(mutant, access, attributes, handle);
    if (initially && status != STATUS_SUCCESS) { /* another one of that name exists: this one dies unseen */
        mutant_unlist(mutant);
        mutant_free(mutant, 0);
    }
    object_release(mutant);
    return status;
}

NTSTATUS NTAPI NtOpenMutant(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes)
{
    return object_open(&type_mutant, access, attributes, handle);
}

NTSTATUS NTAPI NtReleaseMutant(HANDLE handle, PLONG previous)
{
    struct mutant *mutant;
    NTSTATUS status = handle_lookup(handle, &type_mutant, 0, (void **)&mutant);
    if (status)
        return status;
    if ((atomic_load(&mutant->waitable.word) & MUTANT_OWNER) != mutant_self()) {
        status = STATUS_MUTANT_NOT_OWNED;
    } else {
        if (previous)
            *previous = 1 - (LONG)mutant->waitable.extra;
        if (mutant->waitable.extra > 1) {
            mutant->waitable.extra--;
        } else {
            mutant_unlist(mutant);
            mutant_free(mutant, 0);
        }
    }
    object_release(mutant);
    return status;
}

#define MutantBasicInformation 0
#define MutantOwnerInformation 1

NTSTATUS NTAPI NtQueryMutant(HANDLE handle, ULONG class, PVOID buffer, ULONG length, PULONG returned)
{
    ULONG needed =
        class == MutantBasicInformation ? sizeof(MUTANT_BASIC_INFORMATION) : sizeof(MUTANT_OWNER_INFORMATION);
    struct mutant *mutant;
    if (class > MutantOwnerInformation)
        return STATUS_INVALID_INFO_CLASS;
    if (length != needed)
        return STATUS_INFO_LENGTH_MISMATCH;
    NTSTATUS status = handle_lookup(handle, &type_mutant, MUTANT_QUERY_STATE, (void **)&mutant);
    if (status)
        return status;
    uint32_t word = atomic_load(&mutant->waitable.word), owner = word & MUTANT_OWNER;
    if (class == MutantBasicInformation) {
        MUTANT_BASIC_INFORMATION *basic = buffer;
        basic->CurrentCount = owner ? 1 - (LONG)mutant->waitable.extra : 1;
        basic->OwnedByCaller = owner == mutant_self();
        basic->AbandonedState = (word & MUTANT_ABANDONED) != 0;
    } else {
        MUTANT_OWNER_INFORMATION *information = buffer;
        information->ClientId.UniqueProcess = owner ? teb_current()->ClientId.UniqueProcess : NULL;
        information->ClientId.UniqueThread = (HANDLE)(ULONG_PTR)owner;
    }
    if (returned)
        *returned = needed;
    object_release(mutant);
    return STATUS_SUCCESS;
}
