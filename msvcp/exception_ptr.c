/*
 * exception_ptr.c: std::exception_ptr: a counted copy of the exception that is being handled.
 *
 * Layer: msvcp over crt's C++ exceptions.
 *
 * The program's object is 16 bytes, a shared_ptr in Microsoft's library: where the record is, and what counts it.
 */
#include "msvcp/msvcp.h"
#include "ntdll/exception.h"

struct exception_block {
    ULONG references;
    EXCEPTION_RECORD record; /* of a C++ exception, parameter 1 is `object`; of another kind as it was */
    max_align_t object[];
};

struct exception_ptr {
    EXCEPTION_RECORD *record;
    struct exception_block *block;
};
_Static_assert(sizeof(struct exception_ptr) == 16, "std::exception_ptr");

static const struct catchable_type *type_of(const EXCEPTION_RECORD *record)
{
    const struct throw_info *info = (const void *)record->ExceptionInformation[2];
    ULONG64 base = record->ExceptionInformation[3];
    const LONG *types = (const LONG *)(base + (ULONG)info->catchable);

    return (const struct catchable_type *)(base + (ULONG)types[1]);
}

/* Copies an object as a catch by value would. */
static void copy_object(void *to, const EXCEPTION_RECORD *record, const void *from)
{
    const struct catchable_type *type = type_of(record);

    if (type->properties & CATCHABLE_SIMPLE || !type->copy) {
        memcpy(to, from, (size_t)type->size);
        return;
    }
    const void *copy = (const void *)(record->ExceptionInformation[3] + (ULONG)type->copy);
    guest_call(copy, GUEST(to), GUEST(from), type->properties & CATCHABLE_VIRTUAL_BASE, 0);
}

static void release(struct exception_block *block)
{
    if (!block || __atomic_sub_fetch(&block->references, 1, __ATOMIC_SEQ_CST))
        return;
    if (eh_is_cxx(&block->record))
        eh_destroy_object(&block->record);
    crt_free(block);
}

static void set(struct exception_ptr *pointer, const EXCEPTION_RECORD *record, const void *object)
{
    bool cxx = eh_is_cxx(record);
    struct exception_block *block = msvcp_new(sizeof(*block) + (cxx ? (size_t)type_of(record)->size : 0));

    block->references = 1;
    block->record = *record;
    if (cxx) {
        copy_object(block->object, record, object);
        block->record.ExceptionInformation[1] = GUEST(block->object);
    }
    *pointer = (struct exception_ptr){&block->record, block};
}

void WINAPI msvcp_ExceptionPtrCreate(struct exception_ptr *pointer)
{
    *pointer = (struct exception_ptr){0};
}

void WINAPI msvcp_ExceptionPtrDestroy(struct exception_ptr *pointer)
{
    release(pointer->block);
}

void WINAPI msvcp_ExceptionPtrCopy(struct exception_ptr *to, const struct exception_ptr *from)
{
    *to = *from;
    if (to->block)
        __atomic_add_fetch(&to->block->references, 1, __ATOMIC_SEQ_CST);
}

void WINAPI msvcp_ExceptionPtrAssign(struct exception_ptr *to, const struct exception_ptr *from)
{
    struct exception_ptr old = *to;

    msvcp_ExceptionPtrCopy(to, from);
    release(old.block);
}

void WINAPI msvcp_ExceptionPtrSwap(struct exception_ptr *a, struct exception_ptr *b)
{
    struct exception_ptr old = *a;

    *a = *b;
    *b = old;
}

bool WINAPI msvcp_ExceptionPtrCompare(const struct exception_ptr *a, const struct exception_ptr *b)
{
    return a->record == b->record;
}

bool WINAPI msvcp_ExceptionPtrToBool(const struct exception_ptr *pointer)
{
    return pointer->record != NULL;
}

/* std::current_exception */
void WINAPI msvcp_ExceptionPtrCurrentException(struct exception_ptr *pointer)
{
    const EXCEPTION_RECORD *record = eh_thread()->record;

    release(pointer->block);
    msvcp_ExceptionPtrCreate(pointer);
    if (record)
        set(pointer, record, (const void *)record->ExceptionInformation[1]);
}

/* std::make_exception_ptr: the object and what a throw would say about it. */
void WINAPI msvcp_ExceptionPtrCopyException(struct exception_ptr *pointer, const void *object,
                                            const struct throw_info *info)
{
    EXCEPTION_RECORD record = {.ExceptionCode = CXX_EXCEPTION,
                               .ExceptionFlags = EXCEPTION_NONCONTINUABLE,
                               .NumberParameters = 4,
                               .ExceptionInformation = {CXX_MAGIC, GUEST(object), GUEST(info), eh_throw_base(info)}};

    release(pointer->block);
    set(pointer, &record, object);
}

extern const void *bad_exception_vftable[];
extern const struct throw_info bad_exception_throw;

/* std::rethrow_exception: throws a copy, since each handler destroys what it caught. */
__attribute__((used)) void WINAPI exception_ptr_rethrow(const struct exception_ptr *pointer, void *b, void *c, void *d,
                                                        CONTEXT *context)
{
    (void)b, (void)c, (void)d;
    if (!pointer->record) {
        struct cxx_exception object;
        exception_init(&object, bad_exception_vftable, "bad exception", false);
        eh_throw(&object, &bad_exception_throw, context);
    }
    EXCEPTION_RECORD record = *pointer->record;
    if (!eh_is_cxx(&record)) {
        record.ExceptionAddress = (PVOID)context->Rip;
        record.ExceptionRecord = NULL;
        exception_dispatch(&record, context);
    }
    void *object = __builtin_alloca((size_t)type_of(&record)->size + 16);
    object = (void *)(((uintptr_t)object + 15) & ~(uintptr_t)15);
    copy_object(object, &record, (const void *)record.ExceptionInformation[1]);
    eh_throw(object, (const struct throw_info *)record.ExceptionInformation[2], context);
}
CAPTURE_ENTRY(msvcp_ExceptionPtrRethrow, exception_ptr_rethrow);

/* A future's exception. */
__attribute__((used)) void WINAPI rethrow_future(struct exception_ptr *pointer, void *b, void *c, void *d,
                                                 CONTEXT *context)
{
    exception_ptr_rethrow(pointer, b, c, d, context);
}
CAPTURE_ENTRY(msvcp_rethrow_future_exception, rethrow_future);
