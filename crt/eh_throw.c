/*
 * eh_throw.c: throwing C++ objects, the exception that is being handled, terminate; std::exception's helpers.
 *
 * Layer: crt.
 */
#include "crt/eh_class.h"
#include "ntdll/gate.h"

typedef void(WINAPI *terminate_function)(void);

static _Thread_local struct eh_thread thread_state;

struct eh_thread *eh_thread(void)
{
    return &thread_state;
}

bool eh_is_cxx(const EXCEPTION_RECORD *record)
{
    return record->ExceptionCode == CXX_EXCEPTION && record->NumberParameters >= 4 &&
           ((record->ExceptionInformation[0] >= CXX_MAGIC && record->ExceptionInformation[0] <= CXX_MAGIC + 2) ||
            record->ExceptionInformation[0] == CXX_MAGIC_PURE) &&
           record->ExceptionInformation[2];
}

void eh_destroy_object(const EXCEPTION_RECORD *record)
{
    const struct throw_info *info = (const void *)record->ExceptionInformation[2];

    if (info->destructor)
        guest_call((const void *)(record->ExceptionInformation[3] + (ULONG)info->destructor),
                   record->ExceptionInformation[1], 0, 0, 0);
}

void eh_set_current(struct active_catch *newest)
{
    thread_state.catches = newest;
    thread_state.record = newest ? newest->record : NULL;
    thread_state.context = newest ? newest->context : NULL;
}

void eh_prune(void)
{
    const NT_TIB *tib = &teb_current()->Tib;
    struct active_catch *active = thread_state.catches;
    ULONG64 sp = (ULONG64)__builtin_frame_address(0);

    while (active && (ULONG64)active < sp && (ULONG64)active >= (ULONG64)tib->StackLimit)
        active = active->previous;
    if (active != thread_state.catches)
        eh_set_current(active);
}

/* The image that a throw's tables count from: the program's, or winrun's own executable (eh_class.inc). */
ULONG64 eh_throw_base(const struct throw_info *info)
{
    extern const char __executable_start[], _end[];
    PVOID base = NULL;

    if ((const char *)info >= __executable_start && (const char *)info < _end)
        return (ULONG64)__executable_start;
    RtlPcToFileHeader((PVOID)info, &base);
    return (ULONG64)base;
}

/* info NULL: throws the current exception again. */
void eh_throw(void *object, const struct throw_info *info, CONTEXT *context)
{
    ULONG64 base = info ? eh_throw_base(info) : 0;
    EXCEPTION_RECORD record = {.ExceptionCode = CXX_EXCEPTION,
                               .ExceptionFlags = EXCEPTION_NONCONTINUABLE,
                               .ExceptionAddress = (PVOID)context->Rip,
                               .NumberParameters = 4};

    eh_prune();
    record.ExceptionInformation[0] = info && info->attributes & THROW_PURE && !base ? CXX_MAGIC_PURE : CXX_MAGIC;
    record.ExceptionInformation[1] = (ULONG_PTR)object;
    record.ExceptionInformation[2] = (ULONG_PTR)info;
    record.ExceptionInformation[3] = base;
    if (!info && !thread_state.record)
        eh_terminate();
    thread_state.thrown = info ? object : (const void *)thread_state.record->ExceptionInformation[1];
    thread_state.uncaught++;
    exception_dispatch(&record, context);
}

__attribute__((used)) void WINAPI cxx_throw(void *object, const struct throw_info *info, void *c, void *d,
                                            CONTEXT *context)
{
    (void)c, (void)d;
    eh_throw(object, info, context);
}
CAPTURE_ENTRY(_CxxThrowException, cxx_throw);

void **WINAPI __current_exception(void)
{
    return (void **)&thread_state.record;
}

void **WINAPI __current_exception_context(void)
{
    return (void **)&thread_state.context;
}

int *WINAPI __processing_throw(void)
{
    return &thread_state.uncaught;
}

int WINAPI __uncaught_exceptions(void)
{
    return thread_state.uncaught;
}

bool WINAPI __uncaught_exception(void)
{
    return thread_state.uncaught != 0;
}

void *WINAPI _set_se_translator(void *translator)
{
    void *old = thread_state.translator;
    thread_state.translator = translator;
    return old;
}

terminate_function WINAPI set_terminate(terminate_function handler)
{
    void *old = thread_state.terminate;
    thread_state.terminate = handler;
    return old;
}

terminate_function WINAPI _get_terminate(void)
{
    return thread_state.terminate;
}

terminate_function WINAPI set_unexpected(terminate_function handler)
{
    void *old = thread_state.unexpected;
    thread_state.unexpected = handler;
    return old;
}

terminate_function WINAPI _get_unexpected(void)
{
    return thread_state.unexpected;
}

void eh_terminate(void)
{
    if (thread_state.terminate)
        guest_call(thread_state.terminate, 0, 0, 0, 0);
    crt_abort();
}

void WINAPI terminate(void)
{
    eh_terminate();
}

void WINAPI __std_terminate(void)
{
    eh_terminate();
}

void WINAPI unexpected(void)
{
    if (thread_state.unexpected)
        guest_call(thread_state.unexpected, 0, 0, 0, 0);
    eh_terminate();
}

static void *purecall_handler;

void *WINAPI _set_purecall_handler(void *handler)
{
    return __atomic_exchange_n(&purecall_handler, handler, __ATOMIC_SEQ_CST);
}

void *WINAPI _get_purecall_handler(void)
{
    return purecall_handler;
}

int WINAPI _purecall(void)
{
    if (purecall_handler)
        guest_call(purecall_handler, 0, 0, 0, 0);
    crt_abort();
}

/* What std::exception keeps. */
struct exception_data {
    char *what;
    bool owned;
};

void WINAPI __std_exception_copy(const struct exception_data *from, struct exception_data *to)
{
    if (!from->owned || !from->what) {
        to->what = from->what;
        to->owned = false;
        return;
    }
    size_t size = strlen(from->what) + 1;
    char *copy = crt_malloc(size);
    if (!copy)
        return;
    memcpy(copy, from->what, size);
    to->what = copy;
    to->owned = true;
}

void WINAPI __std_exception_destroy(struct exception_data *data)
{
    if (data->owned)
        crt_free(data->what);
    data->what = NULL;
    data->owned = false;
}

bool WINAPI _is_exception_typeof(const struct type_descriptor *type, EXCEPTION_POINTERS *pointers)
{
    const EXCEPTION_RECORD *record = pointers->ExceptionRecord;

    if (!eh_is_cxx(record))
        return false;
    const struct throw_info *info = (const void *)record->ExceptionInformation[2];
    ULONG64 base = record->ExceptionInformation[3];
    const LONG *types = (const LONG *)(base + (ULONG)info->catchable);
    for (LONG i = 0; i < types[0]; i++) {
        const struct catchable_type *other = (const void *)(base + (ULONG)types[1 + i]);
        if (!strcmp(type->name, ((const struct type_descriptor *)(base + (ULONG)other->type))->name))
            return true;
    }
    return false;
}

EXCEPTION_DISPOSITION WINAPI __C_specific_handler(EXCEPTION_RECORD *record, void *frame, CONTEXT *context,
                                                  DISPATCHER_CONTEXT *dispatcher);

/* Of functions with __try that are noexcept: what they do not handle ends the program. */
EXCEPTION_DISPOSITION WINAPI __C_specific_handler_noexcept(EXCEPTION_RECORD *record, void *frame, CONTEXT *context,
                                                           DISPATCHER_CONTEXT *dispatcher)
{
    EXCEPTION_DISPOSITION disposition = __C_specific_handler(record, frame, context, dispatcher);

    if (disposition == ExceptionContinueSearch &&
        !(record->ExceptionFlags & (EXCEPTION_UNWINDING | EXCEPTION_EXIT_UNWIND)))
        eh_terminate();
    return disposition;
}

void WINAPI __DestructExceptionObject(EXCEPTION_RECORD *record, bool may_throw)
{
    (void)may_throw;
    if (eh_is_cxx(record))
        eh_destroy_object(record);
}
