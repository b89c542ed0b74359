/*
 * mutant.c: mutants, which Win32 calls mutexes.  On top of wait.c; mutant.h has the layout of the state.
 */
#include <stddef.h>
#include <stdlib.h>
#include "futex.h"
#include "mutant.h"
#include "shared.h"
#include "thread.h"

static _Thread_local struct mutant *owned;

static struct object *mutant_proxy(uint32_t index)
{
    (void)index;
    return object_create(&type_mutant, sizeof(struct mutant));
}

/* A mutant that is owned has its owner noted, so that it can be abandoned when the process dies. */
static bool mutant_share(struct object *object, uint32_t index)
{
    if (atomic_load(&object->waitable->word) & MUTANT_OWNER)
        atomic_store(&arena_entry(index)->owner, arena_self() + 1);
    return true;
}

const struct object_type type_mutant = {
    .name = "Mutant",
    .mapping = {STANDARD_RIGHTS_READ | MUTANT_QUERY_STATE, STANDARD_RIGHTS_WRITE, STANDARD_RIGHTS_EXECUTE | SYNCHRONIZE,
                MUTANT_ALL_ACCESS},
    .all_access = MUTANT_ALL_ACCESS,
    .arena_kind = ARENA_MUTANT,
    .share = mutant_share,
    .proxy = mutant_proxy,
};

static struct mutant *mutant_of(struct waitable *waitable)
{
    if (waitable->shared)
        return (struct mutant *)shared_local(arena_index(waitable));
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
        if (waitable->shared)
            atomic_store(&arena_entry(mutant->object.shared)->owner, arena_self() + 1);
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
    struct waitable *waitable = mutant->object.waitable;
    waitable->extra = 0;
    if (waitable->shared)
        atomic_store(&arena_entry(mutant->object.shared)->owner, 0);
    waitable_hand_back(waitable, state);
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
    struct waitable *waitable = mutant->object.waitable;
    if ((atomic_load(&waitable->word) & MUTANT_OWNER) != mutant_self()) {
        status = STATUS_MUTANT_NOT_OWNED;
    } else {
        if (previous)
            *previous = 1 - (LONG)waitable->extra;
        if (waitable->extra > 1) {
            waitable->extra--;
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
    struct waitable *waitable = mutant->object.waitable;
    uint32_t word = atomic_load(&waitable->word), owner = word & MUTANT_OWNER;
    if (class == MutantBasicInformation) {
        MUTANT_BASIC_INFORMATION *basic = buffer;
        basic->CurrentCount = owner ? 1 - (LONG)waitable->extra : 1;
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
