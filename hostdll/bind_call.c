/*
 * bind_call.c: host functions in place of Windows ones.
 *
 * On Windows every argument fills one slot of eight bytes; a structure whose size is not 1, 2, 4 or 8 is passed by its
 * address, and returned where a hidden first argument points.  The host's side is libffi's business.
 */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include "bind.h"
#include "ntdll/path.h"

#define STRUCT_MAX 256

/* What of the arguments has been converted, for one call. */
struct conversions {
    const struct binding *binding;
    const uint64_t *slots; /* as they came, without the hidden one */
    union value {
        uint64_t integer;
        void *pointer;
    } values[SIGNATURE_ARGUMENTS_MAX];
    void *addresses[SIGNATURE_ARGUMENTS_MAX]; /* libffi's */
    void *made[SIGNATURE_ARGUMENTS_MAX];      /* allocated, or NULL */
};

static bool is_plain(const struct type *type)
{
    return type->kind < TYPE_FUNCTION && type->kind != TYPE_LONG && type->kind != TYPE_ULONG &&
           type->kind != TYPE_PATH && type->kind != TYPE_WPATH;
}

bool shape_init(struct shape *shape, const struct signature *signature, const struct type *type,
                const struct binding_services *services)
{
    const struct type *result = type_result(signature, type);
    struct layout layout = layout_of(signature, result);
    *shape = (struct shape){.signature = signature,
                            .type = type,
                            .services = services,
                            .plain = result->kind < TYPE_FUNCTION,
                            .hidden = result->kind == TYPE_STRUCT && layout_by_address(&layout)};
    for (unsigned i = 0; i < type_arguments(type); i++) {
        const struct type *argument = type_argument(signature, type, i);
        shape->plain &= is_plain(argument);
        if (!(shape->arguments[i] = layout_ffi(signature, argument)))
            return false;
    }
    ffi_type *host_result = layout_ffi(signature, result);
    return host_result &&
           ffi_prep_cif(&shape->cif, FFI_UNIX64, type_arguments(type), host_result, shape->arguments) == FFI_OK;
}

static void *allocate(struct conversions *c, unsigned index, size_t size)
{
    c->made[index] = calloc(1, size);
    return c->made[index];
}

/* A structure by value, or a pointer to a value that lies differently on the host. */
static void convert_memory(struct conversions *c, unsigned i, const struct type *type)
{
    const struct shape *shape = &c->binding->shape;
    struct layout layout = layout_of(shape->signature, type);
    bool by_value = type->kind == TYPE_STRUCT;
    const struct type *target = by_value ? type : type_part(shape->signature, type, 0);
    const void *windows = by_value && !layout_by_address(&layout) ? &c->slots[i] : (const void *)c->slots[i];
    if (!by_value)
        layout = layout_of(shape->signature, target);
    void *host = windows ? (layout.convert ? allocate(c, i, layout.host_size) : (void *)windows) : NULL;
    if (host && layout.convert)
        layout_to_host(shape, target, windows, host);
    c->values[i].pointer = host;
    if (by_value)
        c->addresses[i] = host;
}

static void convert_argument(struct conversions *c, unsigned i, const double *floats)
{
    const struct shape *shape = &c->binding->shape;
    const struct type *type = type_argument(shape->signature, shape->type, i);
    union value *value = &c->values[i];
    value->integer = c->slots[i];
    c->addresses[i] = value;
    switch (type->kind) {
    case TYPE_F32:
    case TYPE_F64:
        if (floats)
            memcpy(value, floats, sizeof *value);
        break;
    case TYPE_LONG:
        value->integer = (uint64_t)(int64_t)(int32_t)c->slots[i];
        break;
    case TYPE_ULONG:
        value->integer = (uint32_t)c->slots[i];
        break;
    case TYPE_FUNCTION:
        value->pointer = bind_callback(shape, type, (void *)c->slots[i]);
        break;
    case TYPE_PATH:
        if (value->pointer && allocate(c, i, PATH_HOST_MAX))
            value->pointer = (void *)shape->services->path(value->pointer, c->made[i]);
        break;
    case TYPE_WPATH:
        if (value->pointer && allocate(c, i, PATH_HOST_MAX))
            value->pointer = (void *)shape->services->path_wide(value->pointer, c->made[i]);
        break;
    case TYPE_REFERENCE:
    case TYPE_STRUCT:
        convert_memory(c, i, type);
        break;
    }
}

/* What the host has changed behind a pointer; what it has not may be constant, and stays untouched. */
static void write_back(const struct shape *shape, const struct type *target, const void *host, void *windows)
{
    char value[STRUCT_MAX];
    size_t size = layout_of(shape->signature, target).windows_size;
    memcpy(value, windows, size); /* with what lies between members */
    layout_to_windows(shape, target, host, value);
    if (memcmp(value, windows, size) != 0)
        memcpy(windows, value, size);
}

static void finish(struct conversions *c)
{
    const struct shape *shape = &c->binding->shape;
    for (unsigned i = 0; i < type_arguments(shape->type); i++) {
        const struct type *type = type_argument(shape->signature, shape->type, i);
        if (type->kind == TYPE_REFERENCE && c->made[i])
            write_back(shape, type_part(shape->signature, type, 0), c->made[i], (void *)c->slots[i]);
        free(c->made[i]);
    }
}

/* The values are taken from where Windows code has put them. */
static uint64_t run_plain(const struct binding *binding, const uint64_t *slots, const double *floats)
{
    const struct shape *shape = &binding->shape;
    void *addresses[SIGNATURE_ARGUMENTS_MAX];
    uint64_t result[2] = {0};
    for (unsigned i = 0; i < type_arguments(shape->type); i++) {
        bool in_vector = i < 4 && type_is_float(type_argument(shape->signature, shape->type, i));
        addresses[i] = in_vector ? (void *)&floats[i] : (void *)&slots[i];
    }
    ffi_call((ffi_cif *)&shape->cif, (void (*)(void))binding->function, result, addresses);
    return result[0]; /* of a long the caller looks at the lower half alone */
}

static uint64_t run_converting(const struct binding *binding, const uint64_t *slots, const double *floats)
{
    const struct shape *shape = &binding->shape;
    _Alignas(16) char host_result[STRUCT_MAX];
    uint64_t result = 0;
    struct conversions c;
    unsigned skip = shape->hidden, count = type_arguments(shape->type);
    c.binding = binding;
    c.slots = slots + skip;
    memset(c.made, 0, count * sizeof *c.made);
    for (unsigned i = 0; i < count; i++)
        convert_argument(&c, i, i + skip < 4 ? &floats[i + skip] : NULL);
    ffi_call((ffi_cif *)&shape->cif, (void (*)(void))binding->function, host_result, c.addresses);
    finish(&c);
    layout_to_windows(shape, type_result(shape->signature, shape->type), host_result,
                      skip ? (void *)slots[0] : &result);
    return skip ? slots[0] : result;
}

/* From bind_entry.S. */
__attribute__((ms_abi, used)) uint64_t bind_run(const struct binding *binding, const uint64_t *slots,
                                                const double *floats)
{
    if (binding->shape.type->variadic)
        return bind_call_variadic(binding, slots, floats);
    return binding->shape.plain ? run_plain(binding, slots, floats) : run_converting(binding, slots, floats);
}

/* ---- host functions that are given to the program ---- */

struct reverse {
    struct reverse *next;
    void *code;
    struct binding binding;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct reverse *reverses;

static struct reverse *reverse_new(const struct shape *shape, const struct type *type, void *function)
{
    struct reverse *made = calloc(1, sizeof *made);
    if (!made || !shape_init(&made->binding.shape, shape->signature, type, shape->services))
        return NULL;
    made->binding.function = function;
    made->code = shape->services->trampoline((void *)bind_entry, &made->binding);
    made->next = reverses;
    reverses = made;
    return made;
}

void *bind_reverse(const struct shape *shape, const struct type *type, void *function)
{
    void *own = function ? bind_callback_origin(function) : NULL;
    if (!function || own)
        return own;
    pthread_mutex_lock(&lock);
    struct reverse *found = reverses;
    while (found && (found->binding.function != function || found->binding.shape.type != type))
        found = found->next;
    if (!found)
        found = reverse_new(shape, type, function);
    pthread_mutex_unlock(&lock);
    return found ? found->code : NULL;
}

void *bind_reverse_origin(void *code)
{
    pthread_mutex_lock(&lock);
    const struct reverse *found = reverses;
    while (found && found->code != code)
        found = found->next;
    pthread_mutex_unlock(&lock);
    return found ? found->binding.function : NULL;
}
