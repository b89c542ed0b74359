/*
 * suspend.c: stopping running threads: SuspendThread, ResumeThread, and the context of stopped threads.
 *
 * Layer: NT layer.  A realtime signal interrupts the thread; its handler, on the alternate stack, keeps the
 * ucontext where GetThreadContext finds it, says so in thread_object.suspend, and sleeps until the count is 0.
 *
 * Where a thread may be stopped: in Windows code, while it yields, and in a host system call that blocks.  Host code
 * that runs may hold a lock (malloc's, or ours) that the stopper needs; there the handler answers BUSY and the stopper
 * tries again. After many tries any host code will do, unless it asked for no stop (thread.h).
 *
 * thread_object.suspend: the handler leaves only by exchanging "count 0, STOPPED" for "count 0", so whoever
 * adds to the count and sees STOPPED in the same exchange knows that the thread stays.  A thread is STOPPED from its
 * creation until suspend_wait_start, and ENDED for ever from suspend_finish.
 */
#include <dlfcn.h>
#include <errno.h>
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
#include "ntthread.h"
#include "ntdll/context.h"
#include "ntdll/debug.h"
#include "ntdll/debugregs.h"
#include "ntdll/lock.h"
#include "ntdll/peb.h"
#include "ntdll/process.h"
#include "ntdll/process_object.h"
#include "ntdll/remote.h"
#include "ntdll/suspend.h"
#include "ntdll/thread_block.h"
#include "ntdll/thread_object.h"

#define STOP_SIGNAL (SIGRTMIN + 6)
#define PATIENCE 400      /* tries before running host code may be stopped anywhere */
#define END_PATIENCE 2000 /* tries at the end of the process */

static pthread_once_t handler_once = PTHREAD_ONCE_INIT;

static void word_sleep(_Atomic uint32_t *word, uint32_t expected)
{
    syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, expected, NULL, NULL, 0);
}

static void word_wake(_Atomic uint32_t *word)
{
    syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, 0x7fffffff, NULL, NULL, 0);
}

/* The instruction before or at `ip` is a system call that was interrupted while it blocked. */
static bool in_blocking_call(const ucontext_t *host)
{
    const uint8_t *ip = (const uint8_t *)host->uc_mcontext.gregs[REG_RIP];

    if (ip[0] == 0x0f && ip[1] == 0x05)
        return true; /* it will be restarted */
    return ip[-2] == 0x0f && ip[-1] == 0x05 && host->uc_mcontext.gregs[REG_RAX] == -EINTR;
}

bool suspend_is_harmless(const ucontext_t *host)
{
    struct dl_find_object object;

    if (!thread_own_teb || atomic_load_explicit(&thread_current()->no_suspend, memory_order_relaxed))
        return false;
    if (atomic_load_explicit(&thread_current()->yields, memory_order_relaxed))
        return true;
    if (_dl_find_object((void *)host->uc_mcontext.gregs[REG_RIP], &object) != 0)
        return true; /* not the host's code */
    return in_blocking_call(host);
}

static bool may_stop(struct thread *thread, const ucontext_t *host, uint32_t word)
{
    if (word & SUSPEND_FORCE)
        return !atomic_load_explicit(&thread->no_suspend, memory_order_relaxed);
    return suspend_is_harmless(host);
}

/* Stays until the count is 0.  False: the thread is to end (TerminateThread). */
static bool stay(struct thread_object *object)
{
    for (;;) {
        uint32_t word = atomic_load(&object->suspend);
        if (word & SUSPEND_KILL && !(word & SUSPEND_HELD))
            return false;
        if (!(word & SUSPEND_HELD)) {
            if (atomic_compare_exchange_weak(&object->suspend, &word, word & ~(SUSPEND_STOPPED | SUSPEND_FORCE)))
                return true;
        } else if (!(word & SUSPEND_STOPPED)) {
            if (atomic_compare_exchange_weak(&object->suspend, &word, word | SUSPEND_STOPPED))
                word_wake(&object->suspend);
        } else {
            word_sleep(&object->suspend, word);
        }
    }
}

/* Runs on the thread's own stack after TerminateThread. */
static void killed(void)
{
    ULONG code = thread_self()->kill_code;

    thread_count_end(code);
    thread_leave(code, thread_current()->exit_jump);
}

/* Makes the signal return into killed() on the thread's first frame, or below where it was. */
static void redirect_to_end(struct thread *thread, ucontext_t *host)
{
    uintptr_t sp = host->uc_mcontext.gregs[REG_RSP] - 4096;

    if (thread->exit_jump)
        sp = (uintptr_t)thread->exit_jump - 1024;
    host->uc_mcontext.gregs[REG_RSP] = (sp & ~(uintptr_t)15) - 8;
    host->uc_mcontext.gregs[REG_RIP] = (greg_t)(uintptr_t)killed;
    host->uc_mcontext.gregs[REG_EFL] &= ~0x400;
}

static void on_stop_signal(int signal, siginfo_t *info, void *host)
{
    struct thread *thread;
    struct thread_object *object;
    int saved = errno;
    uint32_t word;

    (void)signal;
    (void)info;
    if (!thread_own_teb)
        return;
    thread = (struct thread *)((char *)thread_own_teb + THREAD_OFFSET);
    object = (struct thread_object *)thread->object;
    word = atomic_load(&object->suspend);
    if (word & SUSPEND_ENDED || !(word & (SUSPEND_HELD | SUSPEND_KILL)))
        return;
    if (!may_stop(thread, host, word)) {
        atomic_fetch_or(&object->suspend, SUSPEND_BUSY);
        word_wake(&object->suspend);
    } else {
        thread->stopped = host;
        if (!stay(object))
            redirect_to_end(thread, host);
        thread->stopped = NULL;
    }
    errno = saved;
}

static void handler_install(void)
{
    struct sigaction action = {.sa_sigaction = on_stop_signal, .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESTART};

    sigfillset(&action.sa_mask);
    sigaction(STOP_SIGNAL, &action, NULL);
}

void suspend_unblock(void)
{
    sigset_t stop;

    sigemptyset(&stop);
    sigaddset(&stop, STOP_SIGNAL);
    pthread_sigmask(SIG_UNBLOCK, &stop, NULL);
}

static void send_signal(struct thread_object *object)
{
    pthread_once(&handler_once, handler_install);
    syscall(SYS_tgkill, process_id(), object->tid, STOP_SIGNAL);
}

/* Waits until the thread is stopped; it has been asked to.  False: it has ended, or somebody resumed it, or `tries` is
 * up. */
static bool await_stop(struct thread_object *object, int tries)
{
    const struct timespec pause = {0, 20000};

    for (int n = 0;;) {
        uint32_t word = atomic_load(&object->suspend);
        if (word & SUSPEND_STOPPED && word & SUSPEND_HELD)
            return true;
        if (word & SUSPEND_ENDED || !(word & SUSPEND_HELD))
            return false;
        if (!(word & SUSPEND_BUSY)) {
            word_sleep(&object->suspend, word);
            continue;
        }
        if (tries && n >= tries)
            return false;
        if (n > 8)
            nanosleep(&pause, NULL);
        else
            sched_yield();
        atomic_fetch_and(&object->suspend, ~SUSPEND_BUSY);
        if (++n == PATIENCE)
            atomic_fetch_or(&object->suspend, SUSPEND_FORCE);
        send_signal(object);
    }
}

static void suspend_self(struct thread_object *object)
{
    atomic_fetch_or(&object->suspend, SUSPEND_FORCE);
    send_signal(object);
}

/* The same for a thread of another process. */
static NTSTATUS remote_change(struct thread_object *object, uint32_t what, ULONG *previous)
{
    struct remote_command command = {.what = what};
    NTSTATUS status = remote_thread_run(object, &command, NULL, 0, 0);

    *previous = NT_SUCCESS(status) ? command.type : 0;
    return status;
}

NTSTATUS suspend_thread(struct thread_object *object, ULONG *previous)
{
    uint32_t word = atomic_load(&object->suspend);

    if (object->process)
        return remote_change(object, REMOTE_THREAD_SUSPEND, previous);
    do {
        if (word & SUSPEND_ENDED)
            return STATUS_THREAD_IS_TERMINATING;
        if ((word & SUSPEND_COUNT) == SUSPEND_COUNT)
            return STATUS_SUSPEND_COUNT_EXCEEDED;
    } while (!atomic_compare_exchange_weak(&object->suspend, &word, word + 1));
    *previous = word & SUSPEND_COUNT;
    if (object == thread_self()) {
        suspend_self(object);
        return STATUS_SUCCESS;
    }
    if (!(word & SUSPEND_STOPPED)) {
        if (!(word & SUSPEND_HELD))
            send_signal(object);
        if (!await_stop(object, 0) && atomic_load(&object->suspend) & SUSPEND_ENDED)
            return STATUS_THREAD_IS_TERMINATING;
    }
    return STATUS_SUCCESS;
}

NTSTATUS resume_thread(struct thread_object *object, ULONG *previous)
{
    uint32_t word = atomic_load(&object->suspend);

    if (object->process) {
        NTSTATUS status = remote_change(object, REMOTE_THREAD_RESUME, previous);
        return status == STATUS_NOT_SUPPORTED ? STATUS_SUCCESS : status; /* a Linux program is never stopped */
    }
    do {
        *previous = word & SUSPEND_COUNT;
        if (!*previous)
            return STATUS_SUCCESS;
    } while (!atomic_compare_exchange_weak(&object->suspend, &word, word - 1));
    if (*previous == 1)
        word_wake(&object->suspend);
    return STATUS_SUCCESS;
}

bool suspend_wait_start(struct thread_object *object)
{
    while (process_ending()) /* it came too late to be stopped by suspend_all_others */
        pause();
    return stay(object);
}

void suspend_finish(struct thread_object *object)
{
    atomic_fetch_or(&object->suspend, SUSPEND_ENDED);
    word_wake(&object->suspend);
    debugregs_end(object->thread);
}

NTSTATUS suspend_kill(struct thread_object *object, ULONG code)
{
    uint32_t word = atomic_load(&object->suspend);

    if (word & SUSPEND_ENDED)
        return STATUS_SUCCESS;
    if (object->process) {
        struct remote_command command = {.what = REMOTE_THREAD_TERMINATE, .type = code};
        NTSTATUS status = remote_thread_run(object, &command, NULL, 0, 0);
        return status == STATUS_NOT_SUPPORTED ? process_kill(object->process, code) : status;
    }
    object->kill_code = code;
    word = atomic_fetch_or(&object->suspend, SUSPEND_KILL | SUSPEND_FORCE);
    atomic_fetch_and(&object->suspend, ~SUSPEND_COUNT);
    word_wake(&object->suspend);
    if (!(word & SUSPEND_STOPPED))
        send_signal(object);
    return STATUS_SUCCESS;
}

/* Stops those that run; how many were new.  New threads stop before their start (process_ending). */
static size_t stop_others_once(void)
{
    struct thread_object *self = thread_self(), *others[256];
    size_t count = 0, fresh = 0;

    thread_list_lock();
    for (struct thread *thread = thread_list_first(); thread && count < 256; thread = thread->next) {
        struct thread_object *object = (struct thread_object *)thread->object;
        uint32_t word = atomic_load(&object->suspend);
        if (object == self || (word & SUSPEND_COUNT) == SUSPEND_COUNT)
            continue;
        /* The highest count: no ResumeThread of a thread that still runs can undo it. */
        while (!atomic_compare_exchange_weak(&object->suspend, &word, word | SUSPEND_COUNT))
            ;
        if (!(word & SUSPEND_STOPPED))
            send_signal(object);
        others[count++] = object_reference(object);
        fresh++;
    }
    thread_list_unlock();
    for (size_t i = 0; i < count; i++) {
        await_stop(others[i], END_PATIENCE);
        object_release(&others[i]->object);
    }
    return fresh;
}

void suspend_all_others(void)
{
    while (stop_others_once())
        ;
}

/* The debugger's look is short, and one event at a time: the list is walked again for the threads that came meanwhile.
 */
void suspend_freeze_others(void)
{
    static struct thread_object *frozen[64]; /* under the lock of the one who reports */
    struct thread_object *self = thread_self();

    for (size_t count = 64; count == 64;) {
        count = 0;
        thread_list_lock();
        for (struct thread *thread = thread_list_first(); thread && count < 64; thread = thread->next) {
            struct thread_object *object = (struct thread_object *)thread->object;
            if (object == self || atomic_load(&object->suspend) & SUSPEND_FROZEN)
                continue;
            if (!(atomic_fetch_or(&object->suspend, SUSPEND_FROZEN) & SUSPEND_STOPPED))
                send_signal(object);
            frozen[count++] = object_reference(object);
        }
        thread_list_unlock();
        for (size_t i = 0; i < count; i++) {
            await_stop(frozen[i], END_PATIENCE);
            object_release(&frozen[i]->object);
        }
    }
}

void suspend_thaw_others(void)
{
    thread_list_lock();
    for (struct thread *thread = thread_list_first(); thread; thread = thread->next) {
        struct thread_object *object = (struct thread_object *)thread->object;
        if (atomic_fetch_and(&object->suspend, ~SUSPEND_FROZEN) & SUSPEND_FROZEN)
            word_wake(&object->suspend);
    }
    thread_list_unlock();
}

/* A thread that has not started: what Windows would show, a call of RtlUserThreadStart(start, argument). */
static void context_before_start(const struct thread_object *object, CONTEXT *context)
{
    DWORD flags = context->ContextFlags;

    memset((char *)context + offsetof(CONTEXT, ContextFlags), 0, sizeof *context - offsetof(CONTEXT, ContextFlags));
    context->ContextFlags = flags;
    context->Rip = (ULONG_PTR)RtlUserThreadStart;
    context->Rsp = (ULONG_PTR)object->teb->Tib.StackBase - 0x28;
    context->Rcx = (ULONG_PTR)object->start;
    context->Rdx = (ULONG_PTR)object->argument;
    context->EFlags = 0x200;
    context->SegCs = 0x33;
    context->SegDs = context->SegEs = context->SegGs = context->SegSs = 0x2b;
    context->SegFs = 0x53;
    context->MxCsr = context->FltSave.MxCsr = 0x1f80;
    context->FltSave.ControlWord = 0x27f;
}

static NTSTATUS debug_registers(struct thread *thread, CONTEXT *context, bool set)
{
    if ((context->ContextFlags & CONTEXT_DEBUG_REGISTERS) != CONTEXT_DEBUG_REGISTERS)
        return STATUS_SUCCESS;
    if (set)
        return debugregs_set(thread, context);
    debugregs_get(thread, context);
    return STATUS_SUCCESS;
}

NTSTATUS suspend_context_exchange(struct thread_object *object, CONTEXT *context, bool set)
{
    struct thread *thread = object->thread;
    DWORD flags = context->ContextFlags;

    if (thread->debug_context) { /* it has told its debugger of an exception */
        debug_context_exchange(thread->debug_context, context, set);
    } else if (!thread->stopped && set) {
        if ((flags & CONTEXT_INTEGER) == CONTEXT_INTEGER) {
            object->start = (void *)context->Rcx;
            object->argument = (void *)context->Rdx;
        }
    } else if (!thread->stopped) {
        context_before_start(object, context);
    } else if (set) {
        context_to_ucontext(thread->stopped, context);
    } else {
        context_from_ucontext(context, thread->stopped);
    }
    return debug_registers(thread, context, set);
}

static NTSTATUS context_of(HANDLE handle, CONTEXT *context, bool set)
{
    struct thread_object *object;
    ULONG count;
    NTSTATUS status = thread_from_handle(handle, set ? THREAD_SET_CONTEXT : THREAD_GET_CONTEXT, &object);

    if (!NT_SUCCESS(status))
        return status;
    if (object->process) {
        struct remote_command command = {.what = set ? REMOTE_THREAD_SET_CONTEXT : REMOTE_THREAD_GET_CONTEXT};
        status = remote_thread_run(object, &command, context, sizeof *context, set ? 0 : sizeof *context);
        object_release(&object->object);
        return status;
    }
    status = suspend_thread(object, &count);
    if (NT_SUCCESS(status)) {
        status = suspend_context_exchange(object, context, set);
        resume_thread(object, &count);
    }
    object_release(&object->object);
    return status;
}

static bool handle_is_self(HANDLE handle)
{
    struct thread_object *object;

    if (handle == NtCurrentThread())
        return true;
    if (!NT_SUCCESS(thread_from_handle(handle, 0, &object)))
        return false;
    bool self = object == thread_self();
    object_release(&object->object);
    return self;
}

NTSTATUS WINAPI NtGetContextThread(HANDLE handle, CONTEXT *context)
{
    if (handle_is_self(handle)) {
        DWORD flags = context->ContextFlags;
        RtlCaptureContext(context);
        context->ContextFlags = flags;
        debug_registers(thread_current(), context, false);
        return STATUS_SUCCESS;
    }
    return context_of(handle, context, false);
}

NTSTATUS WINAPI NtSetContextThread(HANDLE handle, const CONTEXT *context)
{
    CONTEXT copy;

    if (!handle_is_self(handle))
        return context_of(handle, (CONTEXT *)context, true);
    RtlCaptureContext(&copy);
    copy.ContextFlags = context->ContextFlags;
    NTSTATUS status = debug_registers(thread_current(), (CONTEXT *)context, true);
    if (!NT_SUCCESS(status) || (context->ContextFlags & CONTEXT_CONTROL) != CONTEXT_CONTROL)
        return status;
    context_restore((CONTEXT *)context);
}

NTSTATUS WINAPI NtSuspendThread(HANDLE handle, ULONG *previous)
{
    struct thread_object *object;
    ULONG count = 0;
    NTSTATUS status = thread_from_handle(handle, THREAD_SUSPEND_RESUME, &object);

    if (!NT_SUCCESS(status))
        return status;
    status = suspend_thread(object, &count);
    if (previous)
        *previous = count;
    object_release(&object->object);
    return status;
}

NTSTATUS WINAPI NtResumeThread(HANDLE handle, ULONG *previous)
{
    struct thread_object *object;
    ULONG count = 0;
    NTSTATUS status = thread_from_handle(handle, THREAD_SUSPEND_RESUME, &object);

    if (!NT_SUCCESS(status))
        return status;
    status = resume_thread(object, &count);
    if (previous)
        *previous = count;
    object_release(&object->object);
    return status;
}

NTSTATUS WINAPI NtAlertResumeThread(HANDLE handle, ULONG *previous)
{
    NTSTATUS status = NtAlertThread(handle);

    return NT_SUCCESS(status) ? NtResumeThread(handle, previous) : status;
}
