/*
 * callback.c: functions of the program as functions of the host.
 *
 * Each pair of a Windows function and a signature gets one trampoline, kept for ever: a library may keep the pointer,
 * and programs have a bounded number of callbacks.  The call goes through the gate with the arguments in Windows'
 * order; an exception thrown by the callback leaves through these frames as through any host frame.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include "hostdll.h"
#include "loader/options.h"
#include "loader/signature.h"
#include "ntdll/gate.h"
#include "ntdll/process.h"
#include "trampoline.h"

#define INTEGER_REGISTERS 6
#define FLOAT_REGISTERS 8
#define TABLE_FIRST_SIZE 64

struct callback {
    const void *function;
    const char *signature;
    void *code;
    uint8_t count;
    uint8_t result;  /* enum value_type */
    uint32_t floats; /* bit i: argument i comes in a vector register */
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

extern const char host_callback_entry[] __attribute__((visibility("hidden")));
double guest_call_n_float(const void *function, unsigned count, const ULONG_PTR *arguments) __asm__("guest_call_n")
    __attribute__((visibility("hidden")));

static bool is_float_kind(uint8_t kind)
{
    return kind == TYPE_F32 || kind == TYPE_F64;
}

static uint64_t bits_of_float(const struct callback *callback, const ULONG_PTR *slots)
{
    union {
        double value;
        uint64_t bits;
    } result = {.value = guest_call_n_float(callback->function, callback->count, slots)};
    return result.bits;
}

/* From callback_entry.S.  registers: 6 integers, 8 floats; stack: the arguments that found no register. */
__attribute__((used)) uint64_t host_callback_run(const struct callback *callback, const uint64_t *registers,
                                                 const uint64_t *stack)
{
    ULONG_PTR slots[SIGNATURE_ARGUMENTS_MAX] = {0};
    const uint64_t *integers = registers, *floats = registers + INTEGER_REGISTERS;
    const uint64_t *integers_end = floats, *floats_end = floats + FLOAT_REGISTERS;
    if (!callback->floats && callback->count <= 4 && !is_float_kind(callback->result)) {
        slots[0] = guest_call(callback->function, registers[0], registers[1], registers[2], registers[3]);
    } else {
        for (unsigned i = 0; i < callback->count; i++) {
            bool is_float = callback->floats >> i & 1;
            const uint64_t **from = is_float ? &floats : &integers;
            slots[i] = *from < (is_float ? floats_end : integers_end) ? *(*from)++ : *stack++;
        }
        if (is_float_kind(callback->result))
            return bits_of_float(callback, slots);
        slots[0] = guest_call_n(callback->function, callback->count, slots);
    }
    return callback->result == TYPE_LONG    ? (uint64_t)(int32_t)slots[0]
           : callback->result == TYPE_ULONG ? (uint32_t)slots[0]
                                            : slots[0];
}

static size_t slot_of(const void *function, const char *signature)
{
    uint64_t hash = ((uintptr_t)function ^ (uintptr_t)signature << 7) * 0x9e3779b97f4a7c15ull;
    return (size_t)(hash >> 32);
}

static struct callback *callback_new(const void *function, const char *text)
{
    struct callback *callback = calloc(1, sizeof *callback);
    struct signature signature;
    char error[SIGNATURE_ERROR_MAX];
    if (!callback || !signature_parse(text, &signature, error))
        return NULL;
    *callback = (struct callback){.function = function, .signature = text};
    callback->count = (uint8_t)type_arguments(&signature.function);
    callback->result = type_result(&signature, &signature.function)->kind;
    for (unsigned i = 0; i < callback->count; i++)
        if (type_is_float(type_argument(&signature, &signature.function, i)))
            callback->floats |= 1u << i;
    callback->code = trampoline_new((void *)host_callback_entry, callback);
    return callback->code ? callback : NULL;
}

struct table {
    size_t size, used; /* size: a power of two, never full */
    struct callback *_Atomic slots[];
};

static struct table *_Atomic table;

static struct callback *find(const struct table *in, const void *function, const char *signature, size_t *slot)
{
    for (*slot = slot_of(function, signature) & (in->size - 1);; *slot = (*slot + 1) & (in->size - 1)) {
        struct callback *found = atomic_load_explicit(&in->slots[*slot], memory_order_acquire);
        if (!found || (found->function == function && found->signature == signature))
            return found;
    }
}

/* A table with room; the old one stays, for it may be being read. */
static struct table *table_grow(struct table *old)
{
    size_t size = old ? old->size * 2 : TABLE_FIRST_SIZE, slot;
    struct table *larger = calloc(1, sizeof *larger + size * sizeof *larger->slots);
    if (!larger)
        return NULL;
    larger->size = size;
    for (size_t i = 0; old && i < old->size; i++) {
        struct callback *callback = old->slots[i];
        if (!callback)
            continue;
        find(larger, callback->function, callback->signature, &slot);
        larger->slots[slot] = callback;
        larger->used++;
    }
    atomic_store_explicit(&table, larger, memory_order_release);
    return larger;
}

static struct callback *add(const void *function, const char *signature)
{
    size_t slot;
    struct table *current = table;
    if (!current || current->used * 2 >= current->size)
        current = table_grow(current);
    struct callback *callback = current ? find(current, function, signature, &slot) : NULL;
    if (current && !callback && (callback = callback_new(function, signature))) {
        current->used++;
        atomic_store_explicit(&current->slots[slot], callback, memory_order_release);
    }
    return callback;
}

void *host_callback(const void *function, const char *signature)
{
    size_t slot;
    struct table *current = atomic_load_explicit(&table, memory_order_acquire);
    if (!function || function == (void *)-1)
        return (void *)function;
    struct callback *callback = current ? find(current, function, signature, &slot) : NULL;
    if (!callback) {
        pthread_mutex_lock(&lock);
        callback = add(function, signature);
        pthread_mutex_unlock(&lock);
    }
    if (!callback)
        fatal(EXIT_WINRUN_FAILED, "no memory for a callback");
    return callback->code;
}
