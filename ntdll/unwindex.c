/*
 * unwindex.c: RtlUnwindEx: calls the termination handlers up to a frame, and goes on there.
 *
 * Layer: ntdll.
 */
#include "context.h"
#include "gate.h"
#include "thread.h"
#include "unwind.h"

/* One unwind in progress. */
struct unwind {
    ULONG64 target_frame, target_ip;
    EXCEPTION_RECORD *record;
    ULONG64 value;  /* rax at the target */
    CONTEXT *frame; /* the frame that is unwound */
    CONTEXT caller; /* only what unwind_copy copies */
    DISPATCHER_CONTEXT dispatcher;
    ULONG64 low;
    const struct dispatch_frame *guard; /* the target, if it is one of host code */
    bool exact; /* the target must be a frame; else (longjmp) the first one not below it will do */
};

static EXCEPTION_DISPOSITION call_handler(struct unwind *unwind)
{
    DISPATCHER_CONTEXT *dispatcher = &unwind->dispatcher;
    struct dispatch_frame frame = {.kind = DISPATCH_UNWIND, .context = unwind->frame, .dispatcher = dispatcher};

    unwind_walking = false;
    EXCEPTION_DISPOSITION disposition =
        guest_call_dispatch(&frame, dispatcher->LanguageHandler, GUEST(unwind->record), dispatcher->EstablisherFrame,
                            GUEST(unwind->frame), GUEST(dispatcher));
    unwind_walking = true;
    return disposition;
}

static bool at_target(const struct unwind *unwind, ULONG64 establisher)
{
    if (!unwind->target_frame)
        return false;
    return unwind->exact ? establisher == unwind->target_frame : establisher >= unwind->target_frame;
}

/* Asks the handler of the frame in dispatcher. */
static void unwind_ask(struct unwind *unwind)
{
    EXCEPTION_RECORD *record = unwind->record;

    if (at_target(unwind, unwind->dispatcher.EstablisherFrame))
        record->ExceptionFlags |= EXCEPTION_TARGET_UNWIND;
    unwind->frame->Rax = unwind->value;
    unwind->dispatcher.TargetIp = unwind->target_ip;
    unwind->dispatcher.ContextRecord = unwind->frame;
    if (call_handler(unwind) != ExceptionContinueSearch)
        RtlRaiseStatus(STATUS_INVALID_DISPOSITION);
    record->ExceptionFlags &= ~(EXCEPTION_COLLIDED_UNWIND | EXCEPTION_TARGET_UNWIND);
}

/* Unwinds one Windows frame.  True: it is the target. */
static bool unwind_frame(struct unwind *unwind)
{
    DISPATCHER_CONTEXT *dispatcher = &unwind->dispatcher;

    dispatcher->ControlPc = unwind->frame->Rip;
    dispatcher->ScopeIndex = 0;
    dispatcher->FunctionEntry = unwind_find(dispatcher->ControlPc, &dispatcher->ImageBase);
    if (!dispatcher->FunctionEntry) {
        if (!unwind_leaf(unwind->frame))
            RtlRaiseStatus(STATUS_BAD_STACK);
        return false;
    }
    unwind_copy(&unwind->caller, unwind->frame);
    dispatcher->LanguageHandler =
        unwind_virtual(UNW_FLAG_UHANDLER, dispatcher->ImageBase, dispatcher->ControlPc, dispatcher->FunctionEntry,
                       &unwind->caller, &dispatcher->HandlerData, &dispatcher->EstablisherFrame, NULL);
    ULONG64 establisher = dispatcher->EstablisherFrame;
    if (!unwind_frame_valid(establisher, unwind->low) ||
        (unwind->exact && unwind->target_frame && unwind->target_frame < establisher))
        RtlRaiseStatus(STATUS_BAD_STACK);
    if (dispatcher->LanguageHandler)
        unwind_ask(unwind);
    if (at_target(unwind, establisher))
        return true;
    unwind_copy(unwind->frame, &unwind->caller);
    return false;
}

/* An unwind meets one that is in progress: its frame's handler is asked again, where it stopped.  True: the target. */
static bool unwind_collide(struct unwind *unwind, const struct dispatch_frame *border)
{
    void *handler_data = border->dispatcher->HandlerData;
    DWORD64 establisher;

    unwind->dispatcher = *border->dispatcher;
    unwind_copy(unwind->frame, border->dispatcher->ContextRecord);
    unwind_copy(&unwind->caller, unwind->frame);
    RtlVirtualUnwind(UNW_FLAG_NHANDLER, unwind->dispatcher.ImageBase, unwind->dispatcher.ControlPc,
                     unwind->dispatcher.FunctionEntry, &unwind->caller, &unwind->dispatcher.HandlerData, &establisher,
                     NULL);
    unwind->dispatcher.HandlerData = handler_data;
    unwind->record->ExceptionFlags |= EXCEPTION_COLLIDED_UNWIND;
    unwind_ask(unwind);
    if (at_target(unwind, unwind->dispatcher.EstablisherFrame))
        return true;
    unwind_copy(unwind->frame, &unwind->caller);
    return false;
}

static void unwind_to_target(struct unwind *unwind)
{
    const struct dispatch_frame *border;
    bool arrived = false;

    while (!arrived) {
        switch (unwind_to_guest(unwind->frame, &border)) {
        case UNWIND_GUEST:
            arrived = unwind_frame(unwind);
            break;
        case UNWIND_BORDER:
            if (border == unwind->guard)
                return;
            if (border->leave)
                border->leave(border);
            if (border->kind == DISPATCH_GUARD) {
                if (!unwind_past_guard(unwind->frame))
                    RtlRaiseStatus(STATUS_BAD_STACK);
                break;
            }
            if (border->kind == DISPATCH_UNWIND)
                arrived = unwind_collide(unwind, border);
            else
                unwind_copy(unwind->frame, border->context);
            break;
        case UNWIND_END:
            if (unwind->exact && unwind->target_frame)
                RtlRaiseStatus(STATUS_INVALID_UNWIND_TARGET);
            return;
        }
    }
}

/* Runs the unwind whose first frame is in unwind->frame-> */
static _Noreturn void unwind_run(struct unwind *unwind)
{
    EXCEPTION_RECORD own = {.ExceptionCode = STATUS_UNWIND, .ExceptionAddress = (PVOID)unwind->frame->Rip};

    if (!unwind->record)
        unwind->record = &own;
    unwind->record->ExceptionFlags |= EXCEPTION_UNWINDING | (unwind->target_frame ? 0 : EXCEPTION_EXIT_UNWIND);
    unwind->exact = unwind->record->ExceptionCode != (DWORD)STATUS_LONGJUMP;
    unwind->low = unwind->frame->Rsp;
    unwind_walking = true;
    unwind_to_target(unwind);
    if (!unwind->target_frame) /* an exit unwind has no place to go on */
        exception_unhandled(unwind->record, unwind->frame);
    unwind->frame->Rax = unwind->value;
    if (unwind->record->ExceptionCode != (DWORD)STATUS_UNWIND_CONSOLIDATE)
        unwind->frame->Rip = unwind->target_ip;
    unwind_walking = false;
    RtlRestoreContext(unwind->frame, unwind->record);
    __builtin_unreachable();
}

/* All but the frame.  Not an initialiser: the contexts are large, and each throw comes here twice. */
static void unwind_init(struct unwind *unwind, PVOID frame, PVOID ip, EXCEPTION_RECORD *record, PVOID value)
{
    unwind->target_frame = (ULONG64)frame;
    unwind->target_ip = (ULONG64)ip;
    unwind->record = record;
    unwind->value = (ULONG64)value;
    unwind->guard = NULL;
    unwind->dispatcher = (DISPATCHER_CONTEXT){0};
}

void exception_unwind_to_guard(struct guard *guard, CONTEXT *context)
{
    EXCEPTION_RECORD record = {.ExceptionCode = STATUS_UNWIND, .ExceptionFlags = EXCEPTION_UNWINDING};
    struct unwind unwind;
    CONTEXT frame;

    unwind_init(&unwind, NULL, NULL, &record, NULL);
    unwind_copy_all(&frame, context);
    unwind.frame = &frame;
    unwind.guard = &guard->dispatch;
    unwind.exact = true;
    unwind.low = frame.Rsp;
    unwind_walking = true;
    unwind_to_target(&unwind);
    unwind_walking = false;
    guard->caught(guard);
    unwind_drop_gates((ULONG64)guard);
    __builtin_longjmp(guard->resume, 1);
}

/* Not inlined: what __builtin_longjmp comes back to must be a frame of its own. */
__attribute__((noinline)) bool guest_call_guarded(struct guard *guard, const void *function, unsigned count,
                                                  const ULONG_PTR *arguments)
{
    guard->dispatch.kind = DISPATCH_GUARD;
    if (__builtin_setjmp(guard->resume))
        return false;
    guard->result = guest_call_n_dispatch(&guard->dispatch, function, count, arguments);
    return true;
}

__attribute__((used)) void WINAPI unwind_from_caller(PVOID frame, PVOID ip, EXCEPTION_RECORD *record, PVOID value,
                                                     CONTEXT *context)
{
    struct unwind unwind;

    unwind_init(&unwind, frame, ip, record, value);
    unwind.frame = context;
    unwind_run(&unwind);
}
CAPTURE_ENTRY(RtlUnwindEx, unwind_from_caller);
CAPTURE_ENTRY(RtlUnwind, unwind_from_caller);

__attribute__((used)) void WINAPI unwind_local(PVOID frame, PVOID ip, PVOID c, PVOID d, CONTEXT *context)
{
    (void)c, (void)d;
    unwind_from_caller(frame, ip, NULL, NULL, context);
}
CAPTURE_ENTRY(_local_unwind, unwind_local);

void exception_unwind(void *target_frame, void *target_ip, EXCEPTION_RECORD *record, void *value)
{
    struct unwind unwind;
    CONTEXT frame;

    unwind_init(&unwind, target_frame, target_ip, record, value);
    RtlCaptureContext(&frame);
    /* The language handler was called by the gate: start there, where the walk finds the dispatch_frame. */
    frame.Rip = (ULONG64)guest_call_dispatch;
    frame.Rbp = (ULONG64)thread_current()->gate + sizeof(struct gate_frame) + 8;
    frame.Rsp = (ULONG64)thread_current()->gate->host_sp;
    unwind.frame = &frame;
    unwind_run(&unwind);
}

/* The registers that setjmp kept. */
static void load_jump_buffer(CONTEXT *context, const struct jump_buffer *buffer)
{
    context->Rbx = buffer->Rbx;
    context->Rsp = buffer->Rsp;
    context->Rbp = buffer->Rbp;
    context->Rsi = buffer->Rsi;
    context->Rdi = buffer->Rdi;
    context->R12 = buffer->R12;
    context->R13 = buffer->R13;
    context->R14 = buffer->R14;
    context->R15 = buffer->R15;
    context->Rip = buffer->Rip;
    context->MxCsr = buffer->MxCsr;
    context->FltSave.ControlWord = buffer->FpCsr;
    memcpy(&context->Xmm6, buffer->Xmm, sizeof(buffer->Xmm));
}

void __cdecl RtlRestoreContext(PCONTEXT context, PEXCEPTION_RECORD record)
{
    if (record && record->ExceptionCode == (DWORD)STATUS_LONGJUMP && record->NumberParameters >= 1)
        load_jump_buffer(context, (const struct jump_buffer *)record->ExceptionInformation[0]);
    if (record && record->ExceptionCode == (DWORD)STATUS_UNWIND_CONSOLIDATE && record->NumberParameters >= 1) {
        struct dispatch_frame frame = {.kind = DISPATCH_CONTINUE, .context = context};
        context->Rip =
            guest_call_dispatch(&frame, (const void *)record->ExceptionInformation[0], GUEST(record), 0, 0, 0);
    }
    context_restore(context);
}
