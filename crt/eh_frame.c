/*
 * eh_frame.c: __CxxFrameHandler3 and 4: finds the catch block for an exception, runs destructors, runs catch blocks.
 *
 * Layer: crt.
 *
 * A frame's state is where its code stands among try blocks and objects to destroy.  While a catch block runs, the
 * frame that it belongs to still has the instruction pointer of the throw; struct active_catch tells the state
 * that it is really in: outside the try block.
 */
#include "crt/eh.h"
#include "ntdll/gate.h"
#include "ntdll/thread.h"

#define CONSOLIDATE_PARAMETERS 10

/* What the record of the unwind to a catch block carries to call_catch_block. */
enum {
    TO_FUNCTION,
    TO_FRAME,
    TO_FUNCLET,
    TO_STATE,
    TO_CONTEXT,
    TO_OUTER_STATE,
    TO_RECORD,
    TO_STACK_FRAME,
    TO_CONTINUE
};

/* One frame that is asked. */
struct asked {
    struct eh_function function;
    DISPATCHER_CONTEXT *dispatcher;
    EXCEPTION_RECORD *record; /* of the exception */
    CONTEXT *context;
    ULONG64 stack_frame; /* establisher frame of this function or funclet */
    ULONG64 frame;       /* of the function: a funclet works on its parent's */
    int state;
    int inside_low, inside_high; /* in a catch funclet: states of its own; else everything */
};

/* In format 3, a catch funclet shares its parent's tables, and is recognised by where it begins. */
static bool find_funclet3(struct asked *asked)
{
    struct eh_try block;
    struct eh_handler handler;

    for (unsigned i = 0; i < eh_try_count(&asked->function); i++) {
        eh_try_at(&asked->function, i, &block);
        if (asked->state <= block.high || asked->state > block.catch_high)
            continue;
        for (unsigned j = 0; j < block.handler_count; j++) {
            eh_next_handler(&asked->function, &block.handlers, &handler);
            if (handler.funclet != asked->function.base + asked->function.begin)
                continue;
            asked->frame = *(const ULONG64 *)(asked->stack_frame + handler.frame);
            asked->inside_low = block.high + 1;
            asked->inside_high = block.catch_high;
            return true;
        }
    }
    return false;
}

/* In format 4 a funclet says that it is one; its states are those of the innermost catch range around its state. */
static void find_funclet4(struct asked *asked)
{
    struct eh_try block;

    asked->frame = *(const ULONG64 *)(asked->stack_frame + asked->function.frame4);
    for (unsigned i = 0; i < eh_try_count(&asked->function); i++) {
        eh_try_at(&asked->function, i, &block);
        if (asked->state > block.high && asked->state <= block.catch_high && block.high + 1 > asked->inside_low) {
            asked->inside_low = block.high + 1;
            asked->inside_high = block.catch_high;
        }
    }
}

static void ask_begin(struct asked *asked, EXCEPTION_RECORD *record, ULONG64 frame, CONTEXT *context,
                      DISPATCHER_CONTEXT *dispatcher)
{
    asked->dispatcher = dispatcher;
    asked->record = record;
    asked->context = context;
    asked->stack_frame = asked->frame = frame;
    asked->inside_low = 0;
    asked->inside_high = 0x7fffffff;
    asked->state = eh_state(&asked->function, dispatcher->ControlPc);
    if (!asked->function.info3 && asked->function.frame4)
        find_funclet4(asked);
    else if (asked->function.info3)
        find_funclet3(asked);
    if (dispatcher->ScopeIndex) { /* an unwind was interrupted by this exception: goes on where it stopped */
        asked->state = (int)dispatcher->ScopeIndex - 2;
        return;
    }
    for (const struct active_catch *active = eh_thread()->catches; active; active = active->previous)
        if (active->frame == frame) {
            asked->state = active->state;
            break;
        }
}

static bool type_matches(const struct eh_handler *handler, const struct catchable_type *type,
                         const struct throw_info *info, ULONG64 base)
{
    const struct type_descriptor *thrown = (const void *)(base + (ULONG)type->type);

    if (handler->type != thrown && strcmp(handler->type->name, thrown->name))
        return false;
    if (type->properties & CATCHABLE_BY_REFERENCE_ONLY && !(handler->adjectives & CATCH_REFERENCE))
        return false;
    return !(info->attributes & (THROW_CONST | THROW_VOLATILE | THROW_UNALIGNED) & ~handler->adjectives);
}

/* The first of the thrown object's types that the handler takes; NULL: none. */
static const struct catchable_type *find_type(const struct eh_handler *handler, const EXCEPTION_RECORD *record)
{
    const struct throw_info *info = (const void *)record->ExceptionInformation[2];
    ULONG64 base = record->ExceptionInformation[3];
    const LONG *types = (const LONG *)(base + (ULONG)info->catchable);

    for (LONG i = 0; i < types[0]; i++) {
        const struct catchable_type *type = (const void *)(base + (ULONG)types[1 + i]);
        if (type_matches(handler, type, info, base))
            return type;
    }
    return NULL;
}

void *eh_adjust(void *object, const struct base_displacement *displacement)
{
    char *address = (char *)object + displacement->member;

    if (displacement->vbtable >= 0) {
        const char *table = *(const char **)((char *)object + displacement->vbtable);
        address += displacement->vbtable + *(const LONG *)(table + displacement->vbase);
    }
    return address;
}

/* Puts the caught object, or a pointer to it, where the catch block has its variable. */
static void build_object(const struct asked *asked, const struct eh_handler *handler, const struct catchable_type *type)
{
    void *object = (void *)asked->record->ExceptionInformation[1];
    void **place = (void **)(asked->frame + handler->object);

    if (!type || !handler->type || !handler->object)
        return;
    if (handler->adjectives & CATCH_REFERENCE) {
        *place = eh_adjust(object, &type->displacement);
    } else if (type->properties & CATCHABLE_SIMPLE) {
        memcpy(place, object, type->size);
        if (type->size == sizeof(void *) && *place)
            *place = eh_adjust(*place, &type->displacement);
    } else if (!type->copy) {
        memcpy(place, eh_adjust(object, &type->displacement), type->size);
    } else {
        const void *copy = (const void *)(asked->record->ExceptionInformation[3] + (ULONG)type->copy);
        guest_call_dispatch(thread_current()->gate->dispatch, copy, GUEST(place),
                            GUEST(eh_adjust(object, &type->displacement)), 1, 0);
    }
}

static ULONG_PTR WINAPI call_catch_block(EXCEPTION_RECORD *record);

static _Noreturn void catch_it(struct asked *asked, const struct eh_try *block, const struct eh_handler *handler,
                               const struct catchable_type *type)
{
    EXCEPTION_RECORD record = {.ExceptionCode = STATUS_UNWIND_CONSOLIDATE,
                               .ExceptionFlags = EXCEPTION_NONCONTINUABLE,
                               .NumberParameters = CONSOLIDATE_PARAMETERS};
    struct eh_action outside;

    build_object(asked, handler, type);
    eh_action_at(&asked->function, block->low, &outside);
    record.ExceptionInformation[TO_FUNCTION] = GUEST(call_catch_block);
    record.ExceptionInformation[TO_FRAME] = asked->frame;
    record.ExceptionInformation[TO_FUNCLET] = handler->funclet;
    record.ExceptionInformation[TO_STATE] = block->low;
    record.ExceptionInformation[TO_CONTEXT] = GUEST(asked->context);
    record.ExceptionInformation[TO_OUTER_STATE] = outside.next;
    record.ExceptionInformation[TO_RECORD] = GUEST(asked->record);
    record.ExceptionInformation[TO_STACK_FRAME] = asked->stack_frame;
    record.ExceptionInformation[TO_CONTINUE] = handler->continuations[0];
    record.ExceptionInformation[TO_CONTINUE + 1] = handler->continuations[1];
    exception_unwind((void *)asked->stack_frame, (void *)asked->dispatcher->ControlPc, &record, NULL);
}

/* Searches the try blocks around the frame's state, innermost first. */
static void find_handler(struct asked *asked)
{
    bool cxx = eh_is_cxx(asked->record);
    struct eh_try block;
    struct eh_handler handler;

    for (unsigned i = 0; i < eh_try_count(&asked->function); i++) {
        eh_try_at(&asked->function, i, &block);
        if (asked->state < block.low || asked->state > block.high || block.low < asked->inside_low ||
            block.high > asked->inside_high)
            continue;
        for (unsigned j = 0; j < block.handler_count; j++) {
            const struct catchable_type *type = NULL;
            eh_next_handler(&asked->function, &block.handlers, &handler);
            if (handler.type && (!cxx || !(type = find_type(&handler, asked->record))))
                continue;
            if (!handler.type && !cxx && handler.adjectives & CATCH_STD_DOTDOT)
                continue;
            catch_it(asked, &block, &handler, type);
        }
    }
}

/* Undoes the frame down to `target`; the state is kept where a second unwind, after a throwing destructor, finds it. */
static void unwind_to_state(struct asked *asked, int target)
{
    struct eh_action action;

    while (asked->state > target && asked->state != STATE_NONE) {
        eh_action_at(&asked->function, asked->state, &action);
        asked->state = action.next;
        asked->dispatcher->ScopeIndex = (ULONG)action.next + 2;
        ULONG64 object = asked->frame + action.object;
        switch (action.kind) {
        case EH_NOTHING:
            break;
        case EH_FUNCLET:
            exception_call_funclet((const void *)action.function, 0, asked->frame);
            break;
        case EH_DESTRUCTOR_POINTER:
            object = *(const ULONG64 *)object;
            /* fall through */
        case EH_DESTRUCTOR:
            exception_call_funclet((const void *)action.function, object, 0);
            break;
        }
    }
}

static void unwind_asked(struct asked *asked)
{
    const EXCEPTION_RECORD *record = asked->record;
    int target = asked->inside_low > 0 ? asked->inside_low - 1 : STATE_NONE;

    if (record->ExceptionFlags & EXCEPTION_TARGET_UNWIND) {
        if (record->ExceptionCode == (DWORD)STATUS_UNWIND_CONSOLIDATE && record->NumberParameters > TO_STATE)
            target = (int)record->ExceptionInformation[TO_STATE];
        else
            target = eh_state(&asked->function, asked->dispatcher->TargetIp);
    }
    unwind_to_state(asked, target);
}

static EXCEPTION_DISPOSITION frame_handler(struct asked *asked)
{
    EXCEPTION_RECORD *record = asked->record;
    struct eh_thread *thread = eh_thread();

    if (asked->function.synchronous && record->ExceptionCode != CXX_EXCEPTION &&
        record->ExceptionCode != (DWORD)STATUS_UNWIND_CONSOLIDATE)
        return ExceptionContinueSearch;
    if (record->ExceptionFlags & (EXCEPTION_UNWINDING | EXCEPTION_EXIT_UNWIND)) {
        unwind_asked(asked);
        return ExceptionContinueSearch;
    }
    if (record->ExceptionCode == CXX_EXCEPTION && record->NumberParameters >= 3 && !record->ExceptionInformation[2]) {
        if (!thread->record)
            return ExceptionContinueSearch;
        asked->record = thread->record; /* throw; */
        asked->context = thread->context;
    } else if (record->ExceptionCode != CXX_EXCEPTION && thread->translator && eh_try_count(&asked->function)) {
        EXCEPTION_POINTERS pointers = {record, asked->context};
        exception_call_funclet(thread->translator, record->ExceptionCode, GUEST(&pointers));
    }
    find_handler(asked);
    if (asked->function.no_except && record->ExceptionCode == CXX_EXCEPTION)
        eh_terminate();
    return ExceptionContinueSearch;
}

EXCEPTION_DISPOSITION WINAPI __CxxFrameHandler3(EXCEPTION_RECORD *record, ULONG64 frame, CONTEXT *context,
                                                DISPATCHER_CONTEXT *dispatcher)
{
    struct asked asked;

    eh_prune();
    eh_function3(&asked.function, dispatcher);
    ask_begin(&asked, record, frame, context, dispatcher);
    return frame_handler(&asked);
}

EXCEPTION_DISPOSITION WINAPI __CxxFrameHandler4(EXCEPTION_RECORD *record, ULONG64 frame, CONTEXT *context,
                                                DISPATCHER_CONTEXT *dispatcher)
{
    struct asked asked;

    eh_prune();
    eh_function4(&asked.function, dispatcher);
    ask_begin(&asked, record, frame, context, dispatcher);
    return frame_handler(&asked);
}

/* True if another catch block that runs holds the same object. */
static bool object_in_use(const struct active_catch *leaving)
{
    ULONG_PTR object = leaving->record->ExceptionInformation[1];

    for (const struct active_catch *other = leaving->previous; other; other = other->previous)
        if (!other->left && eh_is_cxx(other->record) && other->record->ExceptionInformation[1] == object)
            return true;
    return false;
}

static struct active_catch *active_of(const struct dispatch_frame *dispatch)
{
    return (struct active_catch *)((char *)dispatch - offsetof(struct active_catch, dispatch));
}

/* An exception leaves a catch block: the caught object dies, unless it is the one that is thrown again. */
static void leave_catch(const struct dispatch_frame *dispatch)
{
    struct active_catch *active = active_of(dispatch);

    if (active->left)
        return;
    active->left = true;
    if (eh_is_cxx(active->record) && (const void *)active->record->ExceptionInformation[1] != eh_thread()->thrown &&
        !object_in_use(active))
        eh_destroy_object(active->record);
}

/* Runs a catch block, on top of the stack that is unwound; returns where to go on in its function. */
static ULONG_PTR WINAPI call_catch_block(EXCEPTION_RECORD *record)
{
    struct eh_thread *thread = eh_thread();
    const ULONG_PTR *to = record->ExceptionInformation;

    while (thread->catches && thread->catches->left)
        thread->catches = thread->catches->previous;
    struct active_catch active = {.previous = thread->catches,
                                  .frame = to[TO_STACK_FRAME],
                                  .state = (int)to[TO_OUTER_STATE],
                                  .record = (EXCEPTION_RECORD *)to[TO_RECORD],
                                  .context = (CONTEXT *)to[TO_CONTEXT]};
    active.dispatch = *thread_current()->gate->dispatch;
    active.dispatch.leave = leave_catch;
    eh_set_current(&active);
    if (eh_is_cxx(active.record) && thread->uncaught)
        thread->uncaught--;
    ULONG_PTR next =
        guest_call_dispatch(&active.dispatch, (const void *)to[TO_FUNCLET], to[TO_FRAME], to[TO_FRAME], 0, 0);
    eh_set_current(active.previous);
    if (eh_is_cxx(active.record) && !object_in_use(&active))
        eh_destroy_object(active.record);
    return next < 2 ? to[TO_CONTINUE + next] : next;
}
