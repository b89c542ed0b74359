/*
 * debug_report.c: the debuggee's side of debugging (debug.h).
 *
 * Layer: NT layer.  One event at a time: whoever reports holds report_lock, has stopped the other threads
 * (suspend_freeze_others) and sleeps until the answer comes; so the state behind that lock may be static, which
 * spares the small stacks that exceptions have to do with.
 */
#include <limits.h>
#include <pthread.h>
#include <string.h>
#include <sys/mman.h>
#include "arena.h"
#include "debug.h"
#include "debugregs.h"
#include "futex.h"
#include "gate.h"
#include "handover.h"
#include "large.h"
#include "loader/module.h"
#include "ntthread.h"
#include "peb.h"
#include "process.h"
#include "remote.h"
#include "suspend.h"
#include "thread_create.h"

#define REPORT_STACK (64u << 10)

_Atomic bool debug_is_active;

static pthread_mutex_t report_lock = PTHREAD_MUTEX_INITIALIZER;
static _Thread_local bool reporting; /* an exception of the report itself has nobody to go to */

/* registers.S */
void call_on_stack(void *stack_top, void (*function)(const void *, const void *), const void *a, const void *b);

static struct debug_slot *own_slot(void)
{
    return &arena_process(arena_self())->debug;
}

/* In the debug object's arena entry (debug_object.c fills it). */
static struct debug_port *port_of(uint32_t index)
{
    return (struct debug_port *)arena_entry(index)->data;
}

static void release_port(uint32_t index)
{
    atomic_store(&debug_is_active, false);
    process_peb.BeingDebugged = FALSE;
    atomic_store(&own_slot()->inherit, 0);
    if (index)
        arena_drop_entry(index, arena_self());
}

void debug_check_debugger(void)
{
    struct debug_slot *slot = arena_attached() && arena_self() != ARENA_PROCESSES ? own_slot() : NULL;
    uint32_t index = slot ? atomic_load(&slot->port) : 0;
    if (!index)
        return;
    struct debug_port *port = port_of(index);
    const struct arena_process *debugger = arena_process(port->owner);
    if (atomic_load(&debugger->state) == PROCESS_RUNNING && atomic_load(&debugger->pid) == port->owner_pid &&
        arena_process_alive(debugger))
        return;
    if (atomic_load(&port->flags) & DEBUG_KILL_ON_CLOSE) {
        arena_note_exit((ULONG)STATUS_DEBUGGER_INACTIVE);
        process_terminate((ULONG)STATUS_DEBUGGER_INACTIVE);
    }
    if (atomic_compare_exchange_strong(&slot->port, &index, 0))
        release_port(index);
}

/* Sleeps until the debugger has answered, or there is none any more. */
static uint32_t await_answer(struct debug_slot *slot)
{
    const LARGE_INTEGER pause = {.QuadPart = -1000000};
    for (;;) {
        uint32_t state = atomic_load(&slot->state);
        if (state == DEBUG_SLOT_CONTINUED)
            return slot->answer;
        if (!atomic_load(&slot->port))
            return (uint32_t)DBG_CONTINUE;
        struct deadline soon;
        deadline_set(&soon, &pause);
        if (!futex_wait_until(&slot->state, state, true, &soon))
            debug_check_debugger();
    }
}

/* Under report_lock, with the others stopped. */
static uint32_t report_event(const struct debug_event *event)
{
    struct debug_slot *slot = own_slot();
    uint32_t port = atomic_load(&slot->port);
    if (!port)
        return (uint32_t)DBG_CONTINUE;
    slot->event = *event;
    atomic_store(&slot->state, DEBUG_SLOT_REPORTED);
    waitable_signal(&arena_entry(port)->waitable);
    uint32_t answer = await_answer(slot);
    atomic_store(&slot->state, DEBUG_SLOT_IDLE);
    return answer;
}

static void report_begin(void)
{
    pthread_mutex_lock(&report_lock); /* not host_lock: who waits here may be stopped */
    reporting = true;
    suspend_freeze_others();
}

static void report_end(void)
{
    suspend_thaw_others();
    reporting = false;
    pthread_mutex_unlock(&report_lock);
}

static uint32_t report(const struct debug_event *event)
{
    report_begin();
    uint32_t answer = debug_active() ? report_event(event) : (uint32_t)DBG_CONTINUE;
    report_end();
    return answer;
}

static int own_tid(void)
{
    return thread_current()->tid;
}

void debug_thread_started(void)
{
    struct debug_event event = {
        .state = DEBUG_CREATE_THREAD, .tid = own_tid(), .start = (uint64_t)thread_self()->start};
    report(&event);
}

void debug_thread_exited(ULONG code)
{
    struct debug_event event = {.state = DEBUG_EXIT_THREAD, .tid = own_tid(), .code = code};
    report(&event);
}

void debug_process_exited(ULONG code)
{
    struct debug_event event = {.state = DEBUG_EXIT_PROCESS, .tid = own_tid(), .code = code};
    if (!reporting)
        report(&event);
}

static void module_event(const struct module *module, struct debug_event *event)
{
    *event = (struct debug_event){.state = DEBUG_LOAD_DLL,
                                  .tid = own_tid(),
                                  .base = (uint64_t)module->base,
                                  .name = (uint64_t)&module->ldr.FullDllName.Buffer};
}

void debug_module(const struct module *module, bool loaded)
{
    struct debug_event event;
    module_event(module, &event);
    if (!loaded)
        event.state = DEBUG_UNLOAD_DLL;
    report(&event);
}

/* Under report_lock: what the process is, as if it happened now.  breakin: the thread that tells is the debugger's. */
static void announce(bool breakin)
{
    const struct module *program = module_program();
    struct debug_event event = {.state = DEBUG_CREATE_PROCESS,
                                .tid = process_id(),
                                .base = (uint64_t)program->base,
                                .start = (uint64_t)program->ldr.EntryPoint,
                                .name = (uint64_t)&program->ldr.FullDllName.Buffer};
    report_event(&event);
    for (const struct thread *thread = thread_list_first(); breakin && thread; thread = thread->next)
        if (thread->tid != process_id()) {
            event = (struct debug_event){.state = DEBUG_CREATE_THREAD,
                                         .tid = thread->tid,
                                         .start = (uint64_t)((struct thread_object *)thread->object)->start};
            report_event(&event);
        }
    const LIST_ENTRY *list = &process_peb.Ldr->InLoadOrderModuleList;
    for (const LIST_ENTRY *at = list->Flink; at != list; at = at->Flink) {
        const struct module *module = CONTAINING_RECORD(at, struct module, ldr.InLoadOrderLinks);
        if (module == program)
            continue;
        module_event(module, &event);
        event.tid = process_id();
        report_event(&event);
    }
}

/* The threads that are told of must not end meanwhile: they are stopped before. */
static void begin_debugging(bool breakin)
{
    report_begin();
    process_peb.BeingDebugged = TRUE;
    atomic_store(&debug_is_active, true);
    announce(breakin);
    report_end();
}

void debug_start(void)
{
    if (!arena_attached() || !atomic_load(&own_slot()->port))
        return;
    remote_start_helper();
    begin_debugging(false);
    if (debug_active())
        guest_call(DbgBreakPoint, 0, 0, 0, 0);
}

/* The first thing that a debugger sees of a running process: a thread of its own, which stops at a breakpoint. */
static ULONG WINAPI breakin_thread(void *unused)
{
    (void)unused;
    if (atomic_load(&own_slot()->port)) {
        begin_debugging(true);
        guest_call(DbgBreakPoint, 0, 0, 0, 0);
    }
    return 0;
}

NTSTATUS debug_attached(void)
{
    const struct thread_creation creation = {.start = (void *)breakin_thread, .flags = THREAD_CREATE_SKIP_ATTACH};
    struct thread_object *thread;
    NTSTATUS status = thread_create(&creation, &thread);
    if (!status)
        object_release(&thread->object);
    return status;
}

void debug_detached(void)
{
    struct debug_slot *slot = own_slot();
    release_port(0);
    futex_wake_shared(&slot->state, INT_MAX, true);
}

/* An exception on its way to the debugger. */
struct exception_report {
    EXCEPTION_RECORD *record;
    CONTEXT *context;
    bool first_chance, handled;
};

/*
 * The debugger's view: after a breakpoint's instruction, where the processor is; handlers of the program see the
 * instruction itself.
 */
static void report_exception(const void *a, const void *b)
{
    static CONTEXT view LARGE;
    struct exception_report *exception = (struct exception_report *)a;
    EXCEPTION_RECORD *record = exception->record;
    struct debug_event event = {
        .state = DEBUG_EXCEPTION, .tid = own_tid(), .first_chance = exception->first_chance, .record = *record};
    (void)b;
    memcpy(&view, exception->context, sizeof view);
    if (record->ExceptionCode == (DWORD)STATUS_BREAKPOINT && (PVOID)view.Rip == record->ExceptionAddress)
        view.Rip++;
    thread_current()->debug_context = &view;
    exception->handled = report_event(&event) != (uint32_t)DBG_EXCEPTION_NOT_HANDLED;
    thread_current()->debug_context = NULL;
    if (exception->handled)
        memcpy(exception->context, &view, sizeof view);
    debugregs_get(thread_current(), exception->context); /* they hold already, handled or not */
}

bool debug_exception(EXCEPTION_RECORD *record, CONTEXT *context, bool first_chance)
{
    static char *stack;
    struct exception_report exception = {record, context, first_chance, false};
    if (reporting)
        return false;
    report_begin();
    if (!stack)
        stack = mmap(NULL, REPORT_STACK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (debug_active() && stack != MAP_FAILED)
        call_on_stack(stack + REPORT_STACK, report_exception, &exception, NULL);
    report_end();
    return exception.handled;
}

/* One part of a CONTEXT at a time, as the flags ask. */
void debug_context_exchange(CONTEXT *stopped, CONTEXT *context, bool set)
{
    CONTEXT *to = set ? stopped : context, *from = set ? context : stopped;
    DWORD flags = context->ContextFlags;
    if ((flags & CONTEXT_CONTROL) == CONTEXT_CONTROL) {
        to->Rip = from->Rip;
        to->Rsp = from->Rsp;
        to->EFlags = from->EFlags;
        to->SegCs = from->SegCs;
        to->SegSs = from->SegSs;
    }
    if ((flags & CONTEXT_INTEGER) == CONTEXT_INTEGER) {
        DWORD64 rsp = to->Rsp;
        memcpy(&to->Rax, &from->Rax, offsetof(CONTEXT, Rip) - offsetof(CONTEXT, Rax));
        to->Rsp = rsp;
    }
    if ((flags & CONTEXT_SEGMENTS) == CONTEXT_SEGMENTS)
        memcpy(&to->SegDs, &from->SegDs, offsetof(CONTEXT, SegSs) - offsetof(CONTEXT, SegDs));
    if ((flags & CONTEXT_FLOATING_POINT) == CONTEXT_FLOATING_POINT) {
        to->FltSave = from->FltSave;
        to->MxCsr = from->MxCsr;
    }
}
