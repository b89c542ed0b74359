/*
 * thread_create.c: new threads and their memory.
 *
 * Layer: NT layer.  A thread's stack, alternate stack and TEB are one mapping (thread_block.h), given to pthread_create
 * as its stack.  A block is used again once its host thread is gone: fresh pages are what creating a thread
 * costs.  The host's thread id is read from the id of its CPU-time clock, so that nobody waits for the thread to start.
 */
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>
#include "ntthread.h"
#include "loader/actctx.h"
#include "loader/module.h"
#include "ntdll/apc.h"
#include "ntdll/debug.h"
#include "ntdll/gate.h"
#include "ntdll/lock.h"
#include "ntdll/peb.h"
#include "ntdll/process.h"
#include "ntdll/process_object.h"
#include "ntdll/remote.h"
#include "ntdll/suspend.h"
#include "ntdll/thread_block.h"
#include "ntdll/thread_create.h"

#define STACK_LEAST (256u << 10) /* host code needs more than small programs ask for */
#define STACK_EXTRA (128u << 10) /* for the host's thread block and host code */
#define BLOCKS_KEPT 32

struct block {
    struct block *next;
    char *memory; /* alternate stack, guard zone, stack, TEB */
    size_t size;
    pthread_t host;
    struct thread_object *object; /* of the thread that starts on it */
};

static pthread_mutex_t block_mutex = PTHREAD_MUTEX_INITIALIZER;
static struct block *free_blocks; /* their host threads have ended or are about to */
static unsigned free_count;

static PTEB block_teb(const struct block *block)
{
    return (PTEB)(block->memory + block->size - THREAD_BLOCK_SIZE);
}

static void block_free(struct block *block)
{
    munmap(block->memory, block->size);
    free(block);
}

/* A free block of this size whose host thread is gone. */
static struct block *block_reuse(size_t size)
{
    struct block *found = NULL;

    host_lock(&block_mutex);
    for (struct block **link = &free_blocks; *link && !found; link = &(*link)->next) {
        struct block *block = *link;
        if (block->size == size && pthread_tryjoin_np(block->host, NULL) == 0) {
            *link = block->next;
            free_count--;
            found = block;
            break;
        }
    }
    host_unlock(&block_mutex);
    if (found)
        memset(block_teb(found), 0, THREAD_BLOCK_SIZE);
    return found;
}

static struct block *block_create(size_t size)
{
    struct block *block = calloc(1, sizeof *block);
    char *memory;

    if (!block)
        return NULL;
    memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);
    if (memory == MAP_FAILED) {
        free(block);
        return NULL;
    }
    mprotect(memory + SIGNAL_STACK_SIZE, STACK_GUARD_SIZE, PROT_NONE);
    block->memory = memory;
    block->size = size;
    return block;
}

/* Called on the block itself; too many are unmapped by the next one that comes, when their threads are gone. */
static void block_put(struct block *block)
{
    struct block *surplus = NULL;

    host_lock(&block_mutex);
    for (struct block **link = &free_blocks; *link && free_count >= BLOCKS_KEPT; link = &(*link)->next) {
        if (pthread_tryjoin_np((*link)->host, NULL) == 0) {
            surplus = *link;
            *link = surplus->next;
            free_count--;
            break;
        }
    }
    block->next = free_blocks;
    free_blocks = block;
    free_count++;
    host_unlock(&block_mutex);
    if (surplus)
        block_free(surplus);
}

static size_t default_reserve(void)
{
    const char *base = process_peb.ImageBaseAddress;

    if (!base)
        return 1u << 20;
    return ((const IMAGE_NT_HEADERS64 *)(base + ((const IMAGE_DOS_HEADER *)base)->e_lfanew))
        ->OptionalHeader.SizeOfStackReserve;
}

size_t thread_stack_size(size_t commit, size_t reserve)
{
    if (!reserve)
        reserve = default_reserve();
    if (commit > reserve)
        reserve = (commit + 0xfffff) & ~(size_t)0xfffff;
    if (reserve < STACK_LEAST)
        reserve = STACK_LEAST;
    return ((reserve + 0xffff) & ~(size_t)0xffff) + STACK_EXTRA;
}

int thread_host_id(pthread_t host)
{
    clockid_t clock;

    if (pthread_getcpuclockid(host, &clock) != 0)
        return 0;
    return ~(clock >> 3); /* the kernel's encoding of "CPU time of this thread" */
}

static void *thread_main(void *argument)
{
    struct block *block = argument;
    struct thread_object *object = block->object;
    void *jump[5];

    thread_block_enter(block_teb(block), thread_host_id(pthread_self()));
    if (__builtin_setjmp(jump) == 0) {
        thread_current()->exit_jump = jump;
        if (!suspend_wait_start(object)) {
            thread_count_end(object->kill_code);
            thread_leave(object->kill_code, jump);
        }
        if (debug_active())
            debug_thread_started();
        if (!(object->create_flags & THREAD_CREATE_SKIP_ATTACH))
            loader_thread_attach();
        apc_deliver();
        thread_exit(guest_call(object->start, GUEST(object->argument), 0, 0, 0));
    }
    block_put(thread_current()->block);
    return NULL;
}

static int host_create(struct block *block, char *low, char *high)
{
    pthread_attr_t attributes;
    sigset_t none;
    int error;

    pthread_attr_init(&attributes);
    sigemptyset(&none); /* the creator may be a service, which blocks all signals */
    pthread_attr_setsigmask_np(&attributes, &none);
    pthread_attr_setstack(&attributes, low, high - low);
    error = pthread_create(&block->host, &attributes, thread_main, block);
    pthread_attr_destroy(&attributes);
    return error;
}

/* The thread is known by its id before it runs.  It may run already, or have ended: then it has left its id itself. */
static void note_id(struct thread_object *object, int tid)
{
    if (!tid || object->tid)
        return;
    object->tid = tid;
    host_lock(&object->lock);
    if (object->thread)
        object->thread->tid = tid;
    host_unlock(&object->lock);
}

/* Makes the TEB and starts the host thread; it waits while the suspend count is not 0. */
static NTSTATUS block_start(struct block *block, struct thread_object *object)
{
    PTEB teb = block_teb(block);
    struct thread *thread = (struct thread *)((char *)teb + THREAD_OFFSET);
    char *guard = block->memory + SIGNAL_STACK_SIZE;
    NTSTATUS status;

    thread_block_fill(teb, object, block->memory);
    thread->block = block;
    thread->stack_low = guard;
    thread->guard_end = guard + STACK_GUARD_SIZE;
    teb->Tib.StackBase = teb;
    teb->Tib.StackLimit = thread->guard_end;
    teb->DeallocationStack = guard;
    status = tls_thread_init(teb);
    if (!NT_SUCCESS(status))
        return status;
    if (thread_own_teb && thread_own_teb->ActivationContextStackPointer)
        teb->ActivationContextStackPointer = actctx_thread_start();
    block->object = object_reference(object);
    thread_count_start();
    thread_list_add(thread);
    if (host_create(block, thread->guard_end, (char *)teb) != 0) {
        thread_list_remove(thread);
        thread_count_cancel();
        tls_thread_free(teb);
        actctx_thread_end(teb->ActivationContextStackPointer);
        object_release(&object->object);
        return STATUS_NO_MEMORY;
    }
    note_id(object, thread_host_id(block->host));
    return STATUS_SUCCESS;
}

NTSTATUS thread_create(const struct thread_creation *creation, struct thread_object **created)
{
    size_t size = thread_stack_size(creation->stack_commit, creation->stack_reserve);
    struct thread_object *object = thread_object_create();
    struct block *block;
    NTSTATUS status;

    if (!object)
        return STATUS_NO_MEMORY;
    object->start = creation->start;
    object->argument = creation->argument;
    object->create_flags = creation->flags;
    atomic_store(&object->suspend, SUSPEND_STOPPED | (creation->flags & THREAD_CREATE_SUSPENDED ? 1 : 0));
    size += SIGNAL_STACK_SIZE + STACK_GUARD_SIZE + THREAD_BLOCK_SIZE;
    block = block_reuse(size);
    if (!block)
        block = block_create(size);
    if (!block) {
        object_release(&object->object);
        return STATUS_NO_MEMORY;
    }
    status = block_start(block, object);
    if (!NT_SUCCESS(status)) {
        block_free(block);
        object_release(&object->object);
        return status;
    }
    *created = object;
    return STATUS_SUCCESS;
}

/* What NtCreateThreadEx hands back besides the handle. */
static void attributes_fill(const struct thread_attribute_list *list, const struct thread_object *object, int pid)
{
    CLIENT_ID id = {(HANDLE)(ULONG_PTR)pid, (HANDLE)(ULONG_PTR)object->tid};

    if (!list)
        return;
    for (size_t i = 0; i < (list->total_length - sizeof list->total_length) / sizeof list->items[0]; i++) {
        if (list->items[i].attribute == PS_CLIENT_ID)
            memcpy(list->items[i].value, &id, sizeof id);
        else if (list->items[i].attribute == PS_TEB_ADDRESS)
            *(void **)list->items[i].value = object->teb;
    }
}

NTSTATUS WINAPI NtCreateThreadEx(PHANDLE handle, ACCESS_MASK access, const OBJECT_ATTRIBUTES *attributes,
                                 HANDLE process, void *start, void *argument, ULONG flags, SIZE_T zero_bits,
                                 SIZE_T commit, SIZE_T reserve, const struct thread_attribute_list *list)
{
    const struct thread_creation creation = {start, argument, flags, commit, reserve};
    struct thread_object *object;
    struct process_object *target;
    NTSTATUS status = process_from_handle(process, PROCESS_CREATE_THREAD, &target);

    (void)zero_bits;
    if (!NT_SUCCESS(status))
        return status;
    int pid = target->pid;
    if (process_is_self(target))
        status = thread_create(&creation, &object);
    else
        status = remote_thread_create(target, start, argument, flags, commit, reserve, &object);
    object_release(target);
    if (!NT_SUCCESS(status))
        return status;
    attributes_fill(list, object, pid);
    status = handle_create(object, access, attributes ? attributes->Attributes : 0, handle);
    object_release(&object->object);
    return status;
}

NTSTATUS WINAPI RtlCreateUserThread(HANDLE process, SECURITY_DESCRIPTOR *security, BOOLEAN suspended, ULONG zero_bits,
                                    SIZE_T reserve, SIZE_T commit, void *start, void *argument, PHANDLE handle,
                                    PCLIENT_ID id)
{
    CLIENT_ID ignored;
    HANDLE created;
    struct thread_attribute_list list = {sizeof list, {{PS_CLIENT_ID, sizeof(CLIENT_ID), id ? id : &ignored, NULL}}};
    NTSTATUS status = NtCreateThreadEx(&created, THREAD_ALL_ACCESS, NULL, process, start, argument,
                                       suspended ? THREAD_CREATE_SUSPENDED : 0, zero_bits, commit, reserve, &list);

    (void)security;
    if (!NT_SUCCESS(status))
        return status;
    if (handle)
        *handle = created;
    else
        handle_close(created);
    return STATUS_SUCCESS;
}

void WINAPI RtlUserThreadStart(LPTHREAD_START_ROUTINE start, void *argument)
{
    thread_exit(guest_call(start, GUEST(argument), 0, 0, 0));
}
