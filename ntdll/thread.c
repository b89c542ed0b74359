/*
 * thread.c: the life of threads: the first one's blocks, the list, attaching of foreign threads, the end.
 *
 * Layer: NT layer.  Creation is in thread_create.c, stacks in thread_stack.c, stopping in suspend.c, queries in
 * thread_info.c.  The loader is called for static TLS and DllMain.
 *
 * Order at the end of a thread: Windows code first (FLS callbacks, TLS callbacks, DllMain), then no stop any more,
 * then the block leaves the list, then waiters are woken, and last the block goes to the free list (thread_create.c).
 */
#include <asm/prctl.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
#include "exception.h"
#include "ntthread.h"
#include "loader/actctx.h"
#include "loader/module.h"
#include "ntdll/completion.h"
#include "ntdll/debug.h"
#include "ntdll/heap_slab.h"
#include "ntdll/large.h"
#include "ntdll/lock.h"
#include "ntdll/peb.h"
#include "ntdll/process.h"
#include "ntdll/process_object.h"
#include "ntdll/registry.h"
#include "ntdll/remote.h"
#include "ntdll/shared.h"
#include "ntdll/suspend.h"
#include "ntdll/thread_block.h"
#include "ntdll/thread_create.h"
#include "ntdll/thread_object.h"
#include "ntdll/token_object.h"

#ifndef HWCAP2_FSGSBASE
#define HWCAP2_FSGSBASE 2
#endif

_Thread_local PTEB thread_own_teb;

static char first_block[THREAD_BLOCK_SIZE] LARGE __attribute__((aligned(4096)));
static char first_signal_stack[SIGNAL_STACK_SIZE] LARGE __attribute__((aligned(16)));
static struct thread_object first_object;

static pthread_mutex_t list_mutex = PTHREAD_MUTEX_INITIALIZER;
static struct thread *list;
static _Atomic unsigned running;   /* threads that may still run Windows code */
static pthread_key_t attached_key; /* its destructor ends attached threads */
static pthread_once_t attached_once = PTHREAD_ONCE_INIT;

void thread_list_lock(void)
{
    host_lock(&list_mutex);
}

void thread_list_unlock(void)
{
    host_unlock(&list_mutex);
}

struct thread *thread_list_first(void)
{
    return list;
}

LONGLONG thread_time_now(void)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    return now.tv_sec * 10000000LL + now.tv_nsec / 100 + 116444736000000000LL;
}

/* The kernel lets a program write GS by itself where it says so; the system call costs nine times as much as others. */
static bool gs_set(void *address)
{
    if (getauxval(AT_HWCAP2) & HWCAP2_FSGSBASE) {
        __asm__ volatile("wrgsbase %0" ::"r"(address) : "memory");
        return true;
    }
    return syscall(SYS_arch_prctl, ARCH_SET_GS, address) == 0;
}

/* Some sandboxes accept ARCH_SET_GS and do nothing. */
static bool gs_is(const void *address)
{
    uintptr_t now = 0;

    if (getauxval(AT_HWCAP2) & HWCAP2_FSGSBASE)
        __asm__ volatile("rdgsbase %0" : "=r"(now));
    else
        syscall(SYS_arch_prctl, ARCH_GET_GS, &now);
    return now == (uintptr_t)address;
}

void thread_block_fill(PTEB teb, struct thread_object *object, char *signal_stack)
{
    struct thread *thread = (struct thread *)((char *)teb + THREAD_OFFSET);

    teb->Tib.ExceptionList = (void *)~(uintptr_t)0;
    teb->Tib.Self = &teb->Tib;
    teb->ProcessEnvironmentBlock = &process_peb;
    teb->StaticUnicodeString.MaximumLength = sizeof teb->StaticUnicodeBuffer;
    teb->StaticUnicodeString.Buffer = teb->StaticUnicodeBuffer;
    teb->ClientId.UniqueProcess = (HANDLE)(ULONG_PTR)process_id();
    thread->object = &object->object;
    thread->signal_stack = signal_stack;
    object->thread = thread;
    object->teb = teb;
}

void thread_list_add(struct thread *thread)
{
    host_lock(&list_mutex);
    thread->next = list;
    list = thread;
    host_unlock(&list_mutex);
}

/* What thread_block_enter does once GS is set. */
static void block_join(PTEB teb, int tid)
{
    struct thread *thread = (struct thread *)((char *)teb + THREAD_OFFSET);
    stack_t alternate = {.ss_sp = thread->signal_stack, .ss_size = SIGNAL_STACK_SIZE};

    thread_own_teb = teb;
    teb->ClientId.UniqueThread = (HANDLE)(ULONG_PTR)tid;
    thread->tid = tid;
    thread_self()->tid = tid;
    sigaltstack(&alternate, NULL);

    if (!thread->block) /* else its creator has done so */
        thread_list_add(thread);
}

void thread_block_enter(PTEB teb, int tid)
{
    if (!gs_set(teb))
        fatal(125, "this thread: the system refuses to set GS (the sandbox must allow arch_prctl)");
    block_join(teb, tid);
}

void thread_count_start(void)
{
    atomic_fetch_add(&running, 1);
}

bool thread_is_last(void)
{
    return atomic_load(&running) == 1;
}

void thread_count_cancel(void)
{
    atomic_fetch_sub(&running, 1);
}

void thread_count_end(ULONG code)
{
    if (atomic_fetch_sub(&running, 1) == 1)
        process_exit(code);
}

static void thread_object_init(struct thread_object *object)
{
    pthread_mutex_init(&object->lock, NULL);
    waitable_init(&object->ended, WAIT_NOTIFICATION, 0);
    object->object.waitable = &object->ended;
    object->exit_code = STATUS_PENDING;
}

struct thread_object *thread_object_create(void)
{
    struct thread_object *object = object_create(&type_thread, sizeof *object);

    if (!object)
        return NULL;
    thread_object_init(object);
    object->create_time = thread_time_now();
    return object;
}

static void thread_object_destroy(struct object *object)
{
    struct thread_object *thread = (struct thread_object *)object;

    if (thread->process)
        object_release(thread->process);
    free(thread->name);
    free(thread);
}

/* Another process gets a handle of a thread of this one. */
static bool thread_share(struct object *object, uint32_t index)
{
    const struct thread_object *thread = (const struct thread_object *)object;
    struct thread_shared *shared = (struct thread_shared *)arena_entry(index)->data;

    if (thread->process) /* it stands for the process, which ends with it */
        return false;
    *shared = (struct thread_shared){.process = arena_self(),
                                     .tid = thread->tid,
                                     .ended = thread->exit_time != 0,
                                     .exit_code = thread->exit_code,
                                     .create_time = thread->create_time,
                                     .teb = (uint64_t)thread->teb,
                                     .start = (uint64_t)thread->start};
    return true;
}

void thread_shared_process_ended(struct arena_entry *entry, uint32_t process)
{
    struct thread_shared *shared = (struct thread_shared *)entry->data;

    if (shared->process != process || atomic_load(&shared->ended))
        return;
    shared->exit_code = arena_process(process)->exit_code;
    atomic_store(&shared->ended, 1);
    waitable_signal(&entry->waitable);
}

NTSTATUS thread_give(struct object *object, struct handover_object *out, struct blob *blob)
{
    const struct thread_object *thread = (const struct thread_object *)object;

    out->numbers[0] = (uint32_t)(thread->process ? thread->process->pid : process_id());
    out->numbers[1] = (uint32_t)thread->tid;
    if (thread->process && !object->shared)
        return STATUS_NOT_SUPPORTED;
    return shared_give(object, out, blob);
}

NTSTATUS thread_take(const struct handover_object *in, const char *text, struct object **object)
{
    struct process_object *process;
    struct thread_object *thread;
    NTSTATUS status = process_object_open((int)in->numbers[0], &process);

    (void)text;
    if (status)
        return status;
    status = remote_thread_proxy(process, in->entry, (int)in->numbers[1], &thread);
    object_release(process);
    if (!status)
        *object = &thread->object;
    return status;
}

const struct object_type type_thread = {
    .name = "Thread",
    .mapping = {STANDARD_RIGHTS_READ | THREAD_QUERY_INFORMATION | THREAD_GET_CONTEXT,
                STANDARD_RIGHTS_WRITE | THREAD_SET_INFORMATION | THREAD_SET_CONTEXT | THREAD_TERMINATE |
                    THREAD_SUSPEND_RESUME | THREAD_SET_THREAD_TOKEN,
                STANDARD_RIGHTS_EXECUTE | SYNCHRONIZE | 0x1000 /* THREAD_RESUME */ | THREAD_QUERY_LIMITED_INFORMATION,
                THREAD_ALL_ACCESS},
    .all_access = THREAD_ALL_ACCESS,
    .included = {{THREAD_QUERY_INFORMATION, THREAD_QUERY_LIMITED_INFORMATION},
                 {THREAD_SET_INFORMATION, THREAD_SET_LIMITED_INFORMATION},
                 {THREAD_SUSPEND_RESUME, 0x1000 /* THREAD_RESUME */}},
    .destroy = thread_object_destroy,
    .arena_kind = ARENA_THREAD,
    .share = thread_share,
};

struct thread_object *thread_object_of_process(struct process_object *process)
{
    struct thread_object *object = thread_object_create();

    if (!object)
        return NULL;
    object->process = object_reference(process);
    object->object.waitable = &process->ended;
    object->tid = process->pid;
    return object;
}

void thread_init_first(void)
{
    PTEB teb = (PTEB)first_block;
    int tid = process_id();

    first_object.object.type = &type_thread;
    atomic_store(&first_object.object.references, 2); /* the block's and one for ever: it is not from the heap */
    thread_object_init(&first_object);
    thread_block_fill(teb, &first_object, first_signal_stack);
    thread_stack_init_first(teb);
    if (!gs_set(teb) || !gs_is(teb))
        fatal(125, "this system ignores ARCH_SET_GS, which Windows programs need (run outside of this sandbox)");
    block_join(teb, tid);
    signal_init();
    thread_count_start();
}

NTSTATUS thread_from_handle(HANDLE handle, ACCESS_MASK access, struct thread_object **object)
{
    void *found;
    NTSTATUS status = handle_lookup(handle, &type_thread, access, &found);

    if (NT_SUCCESS(status))
        *object = found;
    return status;
}

/* Records what can not be asked any more when the host thread is gone. */
static void record_times(struct thread_object *object)
{
    struct rusage use;

    getrusage(RUSAGE_THREAD, &use);
    object->user_time = use.ru_utime.tv_sec * 10000000LL + use.ru_utime.tv_usec * 10;
    object->kernel_time = use.ru_stime.tv_sec * 10000000LL + use.ru_stime.tv_usec * 10;
    object->exit_time = thread_time_now();
}

void thread_list_remove(struct thread *thread)
{
    host_lock(&list_mutex);
    for (struct thread **link = &list; *link; link = &(*link)->next) {
        if (*link == thread) {
            *link = thread->next;
            break;
        }
    }
    host_unlock(&list_mutex);
}

/* The end without Windows code: everything of the thread but its memory. */
static void thread_finish(ULONG code)
{
    struct thread *thread = thread_current();
    struct thread_object *object = thread_self();

    suspend_finish(object);
    mutant_abandon_all();
    key_watch_thread_end();
    thread_list_remove(thread);
    host_lock(&object->lock);
    object->thread = NULL;
    host_unlock(&object->lock);
    apc_discard(thread);
    tls_thread_free(thread_teb(thread));
    RtlFreeHeap(process_peb.ProcessHeap, 0, thread_teb(thread)->TlsExpansionSlots);
    thread_teb(thread)->TlsExpansionSlots = NULL;
    completion_leave();
    slab_thread_end();
    record_times(object);
    object->exit_code = code;
    if (object->object.shared) {
        struct thread_shared *shared = (struct thread_shared *)arena_entry(object->object.shared)->data;
        shared->exit_code = code;
        atomic_store(&shared->ended, 1);
    }
    waitable_signal(&object->ended);
    thread_own_teb = NULL; /* a late stop signal must not look at the object */
    object_release(&object->object);
}

/* The process's first thread can not end without making /proc/self useless; it sleeps until the process ends. */
static _Noreturn void first_thread_sleep(void)
{
    sigset_t all;

    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, NULL);
    for (;;)
        pause();
}

_Noreturn void thread_leave(ULONG code, void **jump)
{
    if (debug_active())
        debug_thread_exited(code);
    RtlProcessFlsData(teb_current()->FlsData, 2);
    teb_current()->FlsData = NULL;
    thread_finish(code);
    if (!jump)
        first_thread_sleep();
    __builtin_longjmp(jump, 1);
}

_Noreturn void thread_exit(ULONG code)
{
    thread_count_end(code);
    fls_thread_exit();
    LdrShutdownThread();
    token_thread_exit();
    if (teb_current()->ActivationContextStackPointer) {
        actctx_thread_end(teb_current()->ActivationContextStackPointer);
        teb_current()->ActivationContextStackPointer = NULL;
    }
    thread_leave(code, thread_current()->exit_jump);
}

_Noreturn void WINAPI RtlExitUserThread(NTSTATUS code)
{
    thread_exit(code);
}

/* A foreign thread has ended; no Windows code can run on it any more. */
static void attached_end(void *teb)
{
    thread_count_end(0);
    thread_finish(0);
    thread_own_teb = NULL;
    munmap((char *)teb - SIGNAL_STACK_SIZE, SIGNAL_STACK_SIZE + THREAD_BLOCK_SIZE);
}

static void attached_key_create(void)
{
    pthread_key_create(&attached_key, attached_end);
}

static void attached_stack(PTEB teb)
{
    pthread_attr_t attributes;
    void *low = NULL;
    size_t size = 0, guard = 0;

    if (pthread_getattr_np(pthread_self(), &attributes) == 0) {
        pthread_attr_getstack(&attributes, &low, &size);
        pthread_attr_getguardsize(&attributes, &guard);
        pthread_attr_destroy(&attributes);
    }
    teb->Tib.StackBase = (char *)low + size;
    teb->Tib.StackLimit = low;
    teb->DeallocationStack = (char *)low - guard;
}

NTSTATUS thread_attach(void)
{
    struct thread_object *object;
    char *block;
    PTEB teb;

    if (thread_own_teb)
        return STATUS_SUCCESS;
    object = thread_object_create();
    block =
        mmap(NULL, SIGNAL_STACK_SIZE + THREAD_BLOCK_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (!object || block == MAP_FAILED)
        fatal(125, "a library's thread calls the program: no memory for its thread block");
    teb = (PTEB)(block + SIGNAL_STACK_SIZE);
    thread_block_fill(teb, object, block);
    attached_stack(teb);
    if (!NT_SUCCESS(tls_thread_init(teb)))
        fatal(125, "a library's thread calls the program: no memory for its thread-local storage");
    thread_block_enter(teb, gettid());
    thread_count_start();
    pthread_once(&attached_once, attached_key_create);
    pthread_setspecific(attached_key, teb);
    suspend_unblock();
    loader_thread_attach();
    return STATUS_SUCCESS;
}
