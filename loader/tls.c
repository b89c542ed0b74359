/*
 * tls.c: static thread-local storage of modules (__declspec(thread), thread_local).
 *
 * Each module with a TLS directory has an index; gs:[0x58] points to an array with one block per
 * index.  A module may come when threads exist already: then each of them gets its block before the module's code
 * can run.  A full array is replaced by a larger one; the old one is kept, since its thread may be reading it.
 * An array has its capacity in the word before its first element.
 */
#include <stdlib.h>
#include <string.h>
#include "entrycall.h"
#include "loader.h"
#include "ntdll/gate.h"
#include "ntdll/thread.h"

#define ARRAY_MINIMUM 16

struct module_tls {
    struct pe_tls directory;
    uint32_t index;
};

static struct module **owners; /* by index; NULL: free */
static uint32_t owner_count;

static size_t block_size(const struct pe_tls *directory)
{
    return (size_t)directory->data_size + directory->zero_size;
}

static void *block_new(const struct pe_tls *directory)
{
    size_t alignment = directory->alignment < 16 ? 16 : directory->alignment;
    size_t size = (block_size(directory) + alignment) / alignment * alignment;
    char *block = aligned_alloc(alignment, size);
    if (!block)
        return NULL;
    memcpy(block, directory->data, directory->data_size);
    memset(block + directory->data_size, 0, size - directory->data_size);
    return block;
}

static size_t array_capacity(void **array)
{
    return array ? (size_t)array[-1] : 0;
}

/* Makes room for owner_count blocks. */
static bool array_grow(PTEB teb)
{
    void **old = teb->ThreadLocalStoragePointer;
    size_t capacity = array_capacity(old);
    if (old && capacity >= owner_count)
        return true;
    size_t wanted = owner_count < ARRAY_MINIMUM ? ARRAY_MINIMUM : 2 * (size_t)owner_count;
    void **array = calloc(wanted + 1, sizeof *array);
    if (!array)
        return false;
    *array++ = (void *)wanted;
    if (old)
        memcpy(array, old, capacity * sizeof *array);
    __atomic_store_n(&teb->ThreadLocalStoragePointer, array, __ATOMIC_RELEASE);
    return true;
}

/* Gives a thread the blocks that it lacks. */
NTSTATUS tls_thread_init(PTEB teb)
{
    loader_lock();
    NTSTATUS status = array_grow(teb) ? STATUS_SUCCESS : STATUS_NO_MEMORY;
    for (uint32_t i = 0; i < owner_count && NT_SUCCESS(status); i++) {
        void **slot = (void **)teb->ThreadLocalStoragePointer + i;
        if (!owners[i] || *slot)
            continue;
        *slot = block_new(&owners[i]->tls->directory);
        if (!*slot)
            status = STATUS_NO_MEMORY;
    }
    loader_unlock();
    return status;
}

void tls_thread_free(PTEB teb)
{
    loader_lock();
    void **array = teb->ThreadLocalStoragePointer;
    teb->ThreadLocalStoragePointer = NULL;
    for (size_t i = 0; i < array_capacity(array); i++)
        free(array[i]);
    if (array)
        free(array - 1);
    loader_unlock();
}

static bool owner_add(struct module *module, uint32_t *index)
{
    for (*index = 0; *index < owner_count; ++*index)
        if (!owners[*index]) {
            owners[*index] = module;
            return true;
        }
    struct module **larger = realloc(owners, (owner_count + 1) * sizeof *owners);
    if (!larger)
        return false;
    owners = larger;
    owners[owner_count++] = module;
    return true;
}

/* Gives the threads that run already the block of a new module. */
static NTSTATUS init_threads(void)
{
    NTSTATUS status = STATUS_SUCCESS;
    thread_list_lock();
    for (struct thread *thread = thread_list_first(); thread && NT_SUCCESS(status); thread = thread->next)
        status = tls_thread_init(thread_teb(thread));
    thread_list_unlock();
    return status;
}

NTSTATUS tls_module_add(struct module *module)
{
    struct pe_tls directory;
    NTSTATUS status = pe_tls(&module->image, &directory);
    if (status == STATUS_NOT_FOUND)
        return STATUS_SUCCESS;
    if (!NT_SUCCESS(status))
        return status;
    module->tls = malloc(sizeof *module->tls);
    if (!module->tls)
        return STATUS_NO_MEMORY;
    module->tls->directory = directory;
    if (!owner_add(module, &module->tls->index)) {
        free(module->tls);
        module->tls = NULL;
        return STATUS_NO_MEMORY;
    }
    if (directory.index)
        *directory.index = module->tls->index;
    module->ldr.TlsIndex = (USHORT)-1;
    return init_threads();
}

static void drop_block(PTEB teb, uint32_t index)
{
    void **array = teb->ThreadLocalStoragePointer;
    if (index >= array_capacity(array))
        return;
    free(array[index]);
    array[index] = NULL;
}

void tls_module_remove(struct module *module)
{
    if (!module->tls)
        return;
    owners[module->tls->index] = NULL;
    thread_list_lock();
    for (struct thread *thread = thread_list_first(); thread; thread = thread->next)
        drop_block(thread_teb(thread), module->tls->index);
    thread_list_unlock();
    free(module->tls);
    module->tls = NULL;
}

/* Their third argument is always zero, other than DllMain's. */
void tls_call_callbacks(const struct module *module, ULONG reason)
{
    if (!module->tls)
        return;
    const struct pe_tls *directory = &module->tls->directory;
    NTSTATUS exception; /* the others are called all the same */
    BOOL result;
    for (uint32_t i = 0; i < directory->callbacks_max && directory->callbacks[i]; i++)
        entry_call((const void *)directory->callbacks[i], module->base, reason, false, &result, &exception);
}
