/*
 * exception.c: from an exception to its handler.
 *
 * Layer: ntdll.  Runs on the thread's own stack, which may be as small as a Go routine's: no large locals before
 * the first vectored handler is called, which is why the search of frames is a function of its own.
 */
#include "context.h"
#include "debug.h"
#include "debugregs.h"
#include "error.h"
#include "gate.h"
#include "process.h"
#include "thread.h"
#include "unwind.h"
#include "vectored.h"

_Static_assert(offsetof(struct thread, gate) == 8, "gate.S knows this offset");
_Static_assert(sizeof(struct gate_frame) == 24 && offsetof(struct gate_frame, dispatch) == 16,
               "gate.S knows the layout");
_Static_assert(sizeof(CONTEXT) == 1232 && offsetof(CONTEXT, FltSave) == 0x100, "registers.S knows the layout");

/* registers.S */
_Noreturn void context_load(const CONTEXT *context);
void upper_halves_load(const void *upper);
void upper_state_load(const void *area, uint64_t components);

static PTOP_LEVEL_EXCEPTION_FILTER top_level_filter;
static _Thread_local bool in_unhandled;

/* Called by the gate on a thread's first call into Windows code. */
struct thread *gate_attach(void);
struct thread *gate_attach(void)
{
    NTSTATUS status = thread_attach();
    if (!NT_SUCCESS(status))
        fatal(125, "callback: no thread block for a thread of the host (status %#x)", status);
    return thread_current();
}

ULONG_PTR exception_call_funclet(const void *function, ULONG_PTR a, ULONG_PTR b)
{
    struct gate_frame *gate = thread_current()->gate;
    return guest_call_dispatch(gate ? gate->dispatch : NULL, function, a, b, 0, 0);
}

void context_restore(CONTEXT *context)
{
    context->EFlags = (context->EFlags & 0x250dd5) | 0x202;
    context->MxCsr &= 0xffff;
    context->FltSave.MxCsr = context->MxCsr;
    unwind_walking = false;
    unwind_drop_gates(context->Rsp);
    context_load(context);
}

/* An exception about an exception: the first one was not continuable, or a handler answered nonsense. */
static void raise_nested(NTSTATUS code, EXCEPTION_RECORD *cause)
{
    EXCEPTION_RECORD record = {
        .ExceptionCode = code, .ExceptionFlags = EXCEPTION_NONCONTINUABLE, .ExceptionRecord = cause};
    RtlRaiseException(&record);
}

static EXCEPTION_DISPOSITION call_handler(EXCEPTION_RECORD *record, CONTEXT *context, DISPATCHER_CONTEXT *dispatcher)
{
    struct dispatch_frame frame = {.kind = DISPATCH_EXCEPTION, .context = context, .dispatcher = dispatcher};

    unwind_walking = false;
    EXCEPTION_DISPOSITION disposition =
        guest_call_dispatch(&frame, dispatcher->LanguageHandler, GUEST(record), dispatcher->EstablisherFrame,
                            GUEST(context), GUEST(dispatcher));
    unwind_walking = true;
    return disposition;
}

/* The state of one search. */
struct search {
    EXCEPTION_RECORD *record;
    CONTEXT *raised; /* the context of the exception */
    CONTEXT frame;   /* the frame that is looked at */
    DISPATCHER_CONTEXT dispatcher;
    ULONG64 nested; /* while inside the frames of an earlier search: where it had arrived */
    ULONG64 low;    /* frames are above this */
};

/*
 * A handler of an earlier exception is on the stack.  Its search goes on from the raise of that exception (marked
 * as nested until past where it had arrived); an unwind is resumed where it was: true.
 */
static bool search_cross(struct search *search, const struct dispatch_frame *border)
{
    if (border->kind == DISPATCH_UNWIND) {
        search->dispatcher = *border->dispatcher;
        unwind_copy_all(&search->frame, border->dispatcher->ContextRecord);
        return true;
    }
    unwind_copy_all(&search->frame, border->context);
    if (border->kind == DISPATCH_EXCEPTION && border->dispatcher) {
        search->record->ExceptionFlags |= EXCEPTION_NESTED_CALL;
        if (border->dispatcher->EstablisherFrame > search->nested)
            search->nested = border->dispatcher->EstablisherFrame;
    }
    return false;
}

/* Unwinds the frame of search->frame into its caller.  False: the stack makes no sense or ends. */
static bool search_unwind(struct search *search)
{
    DISPATCHER_CONTEXT *dispatcher = &search->dispatcher;

    dispatcher->ControlPc = search->frame.Rip;
    dispatcher->LanguageHandler = NULL;
    dispatcher->ScopeIndex = 0;
    dispatcher->FunctionEntry = unwind_find(dispatcher->ControlPc, &dispatcher->ImageBase);
    if (!dispatcher->FunctionEntry)
        return unwind_leaf(&search->frame);
    dispatcher->LanguageHandler =
        unwind_virtual(UNW_FLAG_EHANDLER, dispatcher->ImageBase, dispatcher->ControlPc, dispatcher->FunctionEntry,
                       &search->frame, &dispatcher->HandlerData, &dispatcher->EstablisherFrame, NULL);
    if (unwind_frame_valid(dispatcher->EstablisherFrame, search->low))
        return true;
    search->record->ExceptionFlags |= EXCEPTION_STACK_INVALID;
    return false;
}

/* Asks the handler of one frame; true: execution continues. */
static bool search_ask(struct search *search)
{
    EXCEPTION_RECORD *record = search->record;
    ULONG64 establisher = search->dispatcher.EstablisherFrame;
    EXCEPTION_DISPOSITION disposition = call_handler(record, search->raised, &search->dispatcher);

    if (search->nested == establisher) {
        record->ExceptionFlags &= ~EXCEPTION_NESTED_CALL;
        search->nested = 0;
    }
    switch (disposition) {
    case ExceptionContinueExecution:
        if (record->ExceptionFlags & EXCEPTION_NONCONTINUABLE)
            raise_nested(STATUS_NONCONTINUABLE_EXCEPTION, record);
        return true;
    case ExceptionContinueSearch:
        return false;
    case ExceptionNestedException:
        record->ExceptionFlags |= EXCEPTION_NESTED_CALL;
        if (search->dispatcher.EstablisherFrame > search->nested)
            search->nested = search->dispatcher.EstablisherFrame;
        return false;
    default:
        raise_nested(STATUS_INVALID_DISPOSITION, record);
        return false;
    }
}

/* Host code that called Windows code may catch what comes out of it. */
static void search_guard(const struct search *search, struct guard *guard)
{
    unwind_walking = false;
    if (guard->catches(guard, search->record))
        exception_unwind_to_guard(guard, search->raised);
    unwind_walking = true;
}

/* Frame-based handlers, innermost first. */
static __attribute__((noinline)) bool search_frames(EXCEPTION_RECORD *record, CONTEXT *context)
{
    struct search search;
    const struct dispatch_frame *border;

    search.record = record;
    search.raised = context;
    search.nested = 0;
    search.low = context->Rsp;
    search.dispatcher = (DISPATCHER_CONTEXT){0};
    unwind_copy_all(&search.frame, context);
    search.dispatcher.ContextRecord = &search.frame;
    for (;;) {
        bool resumed = false;
        switch (unwind_to_guest(&search.frame, &border)) {
        case UNWIND_END:
            return false;
        case UNWIND_BORDER:
            if (border->kind == DISPATCH_GUARD) {
                search_guard(&search, (struct guard *)border);
                if (!unwind_past_guard(&search.frame))
                    return false;
                continue;
            }
            resumed = search_cross(&search, border);
            search.dispatcher.ContextRecord = &search.frame;
            if (!resumed)
                continue;
            unwind_virtual(UNW_FLAG_NHANDLER, search.dispatcher.ImageBase, search.dispatcher.ControlPc,
                           search.dispatcher.FunctionEntry, &search.frame, &search.dispatcher.HandlerData,
                           &(DWORD64){0}, NULL);
            search.dispatcher.HandlerData = border->dispatcher->HandlerData;
            break;
        case UNWIND_GUEST:
            break;
        }
        if (!resumed && !search_unwind(&search))
            return false;
        if (search.dispatcher.LanguageHandler && search_ask(&search))
            return true;
    }
}

static bool dispatch(EXCEPTION_RECORD *record, CONTEXT *context)
{
    if (debug_active() && debug_exception(record, context, true))
        return true;
    bool handled = vectored_call(VECTORED_EXCEPTION, record, context);

    if (!handled) {
        bool outer = unwind_walking;
        unwind_walking = true;
        handled = search_frames(record, context);
        unwind_walking = outer;
    }
    if (handled)
        vectored_call(VECTORED_CONTINUE, record, context);
    return handled;
}

BOOLEAN WINAPI RtlDispatchException(EXCEPTION_RECORD *record, CONTEXT *context)
{
    return dispatch(record, context);
}

PTOP_LEVEL_EXCEPTION_FILTER exception_set_filter(PTOP_LEVEL_EXCEPTION_FILTER filter)
{
    return __atomic_exchange_n(&top_level_filter, filter, __ATOMIC_SEQ_CST);
}

void exception_unhandled(EXCEPTION_RECORD *record, CONTEXT *context)
{
    EXCEPTION_POINTERS pointers = {record, context};
    struct dispatch_frame frame = {.kind = DISPATCH_EXCEPTION, .context = context};
    LONG answer = EXCEPTION_CONTINUE_SEARCH;

    if (debug_active()) { /* then the program's own filter is not asked */
        if (debug_exception(record, context, false))
            return;
        process_exit_exception(record->ExceptionCode);
    }
    if (top_level_filter && !in_unhandled) {
        in_unhandled = true; /* an exception in the filter is not given to it again */
        answer = guest_call_dispatch(&frame, top_level_filter, GUEST(&pointers), 0, 0, 0);
        in_unhandled = false;
    }
    if (answer == EXCEPTION_CONTINUE_EXECUTION)
        return;
    if (answer == EXCEPTION_CONTINUE_SEARCH)
        crash_report(record, context);
    process_exit_exception(record->ExceptionCode);
}

void exception_dispatch(EXCEPTION_RECORD *record, CONTEXT *context)
{
    if (!dispatch(record, context))
        exception_unhandled(record, context);
    debugregs_continue(context);
    context_restore(context);
}

void exception_fault(EXCEPTION_RECORD *record, CONTEXT *context, struct upper_state upper)
{
    if (!dispatch(record, context))
        exception_unhandled(record, context);
    if (upper.components)
        upper_state_load(upper.memory, upper.components);
    else if (upper.memory)
        upper_halves_load(upper.memory);
    debugregs_continue(context);
    context_restore(context);
}

void exception_notify(EXCEPTION_RECORD *record)
{
    CONTEXT context;

    RtlCaptureContext(&context);
    record->ExceptionAddress = (PVOID)context.Rip;
    if (debug_active() && debug_exception(record, &context, true))
        return;
    vectored_call(VECTORED_EXCEPTION, record, &context);
}

void exception_fail_fast(EXCEPTION_RECORD *record, CONTEXT *context)
{
    if (debug_active() && debug_exception(record, context, false))
        context_restore(context);
    if (!debug_active())
        crash_report(record, context);
    process_exit_exception(record->ExceptionCode);
}

/* RtlRaiseException(record): `context` is its caller's. */
__attribute__((used)) void WINAPI raise_exception(EXCEPTION_RECORD *record, PVOID b, PVOID c, PVOID d, CONTEXT *context)
{
    (void)b, (void)c, (void)d;
    record->ExceptionAddress = (PVOID)context->Rip;
    exception_dispatch(record, context);
}
CAPTURE_ENTRY(RtlRaiseException, raise_exception);

__attribute__((used)) void WINAPI raise_status(NTSTATUS status, PVOID b, PVOID c, PVOID d, CONTEXT *context)
{
    EXCEPTION_RECORD record = {
        .ExceptionCode = status, .ExceptionFlags = EXCEPTION_NONCONTINUABLE, .ExceptionAddress = (PVOID)context->Rip};

    (void)b, (void)c, (void)d;
    exception_dispatch(&record, context);
}
CAPTURE_ENTRY(RtlRaiseStatus, raise_status);

NTSTATUS WINAPI NtRaiseException(EXCEPTION_RECORD *record, CONTEXT *context, BOOLEAN first_chance)
{
    if (first_chance)
        exception_dispatch(record, context);
    exception_unhandled(record, context);
    context_restore(context);
}

NTSTATUS WINAPI NtContinue(CONTEXT *context, BOOLEAN alertable)
{
    (void)alertable;
    debugregs_continue(context);
    context_restore(context);
}
