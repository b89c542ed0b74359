/*
 * bind_variadic.c: calls of functions of printf's kind: the format tells how many more arguments there are, and of what
 * types.
 */
#include <stdlib.h>
#include <string.h>
#include "bind.h"

#define VARIABLE_MAX 32

/* Adds the types of the arguments that one conversion takes; returns behind it. */
static const char *conversion(const char *p, ffi_type **types, unsigned *count)
{
    for (; *p && strchr("-+ #0123456789.*'", *p); p++)
        if (*p == '*' && *count < VARIABLE_MAX)
            types[(*count)++] = &ffi_type_sint32;
    while (*p && strchr("hljztL", *p))
        p++;
    if (*p && *p != '%' && *count < VARIABLE_MAX)
        types[(*count)++] = strchr("aAeEfFgG", *p) ? &ffi_type_double : &ffi_type_uint64;
    return *p ? p + 1 : p;
}

static unsigned format_types(const char *format, ffi_type **types)
{
    unsigned count = 0;
    for (const char *p = format; p && *p;)
        p = *p == '%' ? conversion(p + 1, types, &count) : p + 1;
    return count;
}

uint64_t bind_call_variadic(const struct binding *binding, const uint64_t *slots, const double *floats)
{
    const struct shape *shape = &binding->shape;
    unsigned fixed = type_arguments(shape->type);
    ffi_type *types[SIGNATURE_ARGUMENTS_MAX + VARIABLE_MAX];
    void *addresses[SIGNATURE_ARGUMENTS_MAX + VARIABLE_MAX];
    uint64_t values[SIGNATURE_ARGUMENTS_MAX], result = 0;
    char *made;
    ffi_cif cif;
    memcpy(types, shape->arguments, fixed * sizeof *types);
    memcpy(values, slots, fixed * sizeof *values);
    for (unsigned i = 0; i < fixed; i++) {
        const struct type *type = type_argument(shape->signature, shape->type, i);
        if (type_is_float(type) && i < 4)
            memcpy(&values[i], &floats[i], sizeof *values);
        else if (type->kind == TYPE_LONG)
            values[i] = (uint64_t)(int64_t)(int32_t)slots[i];
        else if (type->kind == TYPE_ULONG)
            values[i] = (uint32_t)slots[i];
        addresses[i] = &values[i];
    }
    const char *format = shape->services->format((const char *)slots[fixed - 1], &made);
    values[fixed - 1] = (uint64_t)format;
    unsigned more = format_types(format, types + fixed);
    /* Windows code passes variable floating-point arguments in the integer slots too. */
    for (unsigned i = 0; i < more; i++)
        addresses[fixed + i] = (void *)&slots[fixed + i];
    if (ffi_prep_cif_var(&cif, FFI_UNIX64, fixed, fixed + more, shape->cif.rtype, types) == FFI_OK)
        ffi_call(&cif, (void (*)(void))binding->function, &result, addresses);
    free(made);
    return result;
}
