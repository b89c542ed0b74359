/*
 * bind_callback.c: Windows functions in place of host ones: libffi's closures, which go through the gate.
 *
 * One closure for each function and type, kept for ever: the library may keep the pointer.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "bind.h"

#define BUCKETS 256
#define STRUCT_MAX 256

struct callback {
    struct callback *next;
    void *function; /* of the program */
    void *code;
    struct shape shape;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct callback *_Atomic buckets[BUCKETS]; /* only ever prepended to */

typedef double call_float(const void *function, unsigned count, const ULONG_PTR *arguments);

/* The host's value as a slot; what does not fit is put into `memory`, whose address is the slot. */
static ULONG_PTR argument_slot(const struct shape *shape, const struct type *type, void *host, char *memory)
{
    ULONG_PTR slot = 0;
    struct layout layout = layout_of(shape->signature, type);
    if (type->kind == TYPE_STRUCT && layout_by_address(&layout)) {
        layout_to_windows(shape, type, host, memory);
        return (ULONG_PTR)memory;
    }
    if (type->kind == TYPE_REFERENCE && *(void **)host) {
        const struct type *target = type_part(shape->signature, type, 0);
        if (layout_of(shape->signature, target).convert) {
            layout_to_windows(shape, target, *(void **)host, memory);
            return (ULONG_PTR)memory;
        }
    }
    layout_to_windows(shape, type, host, &slot);
    return slot;
}

static void references_back(const struct shape *shape, void **arguments, const ULONG_PTR *slots)
{
    for (unsigned i = 0; i < type_arguments(shape->type); i++) {
        const struct type *type = type_argument(shape->signature, shape->type, i);
        const struct type *target = type->kind == TYPE_REFERENCE ? type_part(shape->signature, type, 0) : NULL;
        void *host = target ? *(void **)arguments[i] : NULL;
        if (host && layout_of(shape->signature, target).convert)
            layout_to_host(shape, target, (void *)slots[i], host);
    }
}

/* libffi wants small integers widened to a register's width. */
static void set_result(const struct shape *shape, const struct type *type, ULONG_PTR slot, void *result)
{
    switch (type->kind) {
    case TYPE_VOID:
        break;
    case TYPE_I8:
        *(ffi_sarg *)result = (int8_t)slot;
        break;
    case TYPE_I16:
        *(ffi_sarg *)result = (int16_t)slot;
        break;
    case TYPE_BOOL:
    case TYPE_I32:
    case TYPE_STATUS:
        *(ffi_sarg *)result = (int32_t)slot;
        break;
    case TYPE_U8:
        *(ffi_arg *)result = (uint8_t)slot;
        break;
    case TYPE_U16:
        *(ffi_arg *)result = (uint16_t)slot;
        break;
    case TYPE_U32:
    case TYPE_HEX:
        *(ffi_arg *)result = (uint32_t)slot;
        break;
    default:
        layout_to_host(shape, type, &slot, result);
    }
}

static void run(ffi_cif *cif, void *result, void **arguments, void *data)
{
    const struct callback *callback = data;
    const struct shape *shape = &callback->shape;
    const struct type *type = type_result(shape->signature, shape->type);
    struct layout layout = layout_of(shape->signature, type);
    bool hidden = type->kind == TYPE_STRUCT && layout_by_address(&layout);
    unsigned count = type_arguments(shape->type);
    _Alignas(16) char memory[SIGNATURE_ARGUMENTS_MAX][STRUCT_MAX], windows_result[STRUCT_MAX];
    ULONG_PTR slots[SIGNATURE_ARGUMENTS_MAX + 1] = {(ULONG_PTR)windows_result}, *first = slots + hidden;
    (void)cif;
    for (unsigned i = 0; i < count; i++)
        first[i] = argument_slot(shape, type_argument(shape->signature, shape->type, i), arguments[i], memory[i]);
    if (type_is_float(type)) {
        double number = ((call_float *)(void *)shape->services->call)(callback->function, count, slots);
        memcpy(result, &number, layout.host_size);
    } else {
        ULONG_PTR slot = shape->services->call(callback->function, count + hidden, slots);
        if (hidden)
            layout_to_host(shape, type, windows_result, result);
        else
            set_result(shape, type, slot, result);
    }
    references_back(shape, arguments, first);
}

static struct callback *callback_new(const struct shape *shape, const struct type *type, void *function)
{
    struct callback *made = calloc(1, sizeof *made);
    ffi_closure *closure = NULL;
    if (!made || !shape_init(&made->shape, shape->signature, type, shape->services) ||
        !(closure = ffi_closure_alloc(sizeof *closure, &made->code)) ||
        ffi_prep_closure_loc(closure, &made->shape.cif, run, made, made->code) != FFI_OK)
        return NULL;
    made->function = function;
    return made;
}

static unsigned bucket_of(const void *function)
{
    return (unsigned)((uintptr_t)function * 0x9e3779b97f4a7c15ull >> 56);
}

static struct callback *find(const void *function, const struct type *type)
{
    struct callback *callback = __atomic_load_n(&buckets[bucket_of(function)], __ATOMIC_ACQUIRE);
    while (callback && (callback->function != function || callback->shape.type != type))
        callback = callback->next;
    return callback;
}

void *bind_callback(const struct shape *shape, const struct type *type, void *function)
{
    if (!function || function == (void *)-1)
        return function;
    struct callback *callback = find(function, type);
    if (callback)
        return callback->code;
    void *host = bind_reverse_origin(function);
    if (host)
        return host;
    pthread_mutex_lock(&lock);
    callback = find(function, type);
    if (!callback && (callback = callback_new(shape, type, function))) {
        callback->next = buckets[bucket_of(function)];
        __atomic_store_n(&buckets[bucket_of(function)], callback, __ATOMIC_RELEASE);
    }
    pthread_mutex_unlock(&lock);
    if (callback)
        return callback->code;
    fprintf(stderr, "winrun: no memory for a callback\n");
    abort();
}

void *bind_callback_origin(void *code)
{
    for (unsigned i = 0; i < BUCKETS; i++)
        for (const struct callback *callback = buckets[i]; callback; callback = callback->next)
            if (callback->code == code)
                return callback->function;
    return NULL;
}
