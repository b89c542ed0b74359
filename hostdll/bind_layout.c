/*
 * bind_layout.c: how values lie in memory on both sides, and how they are carried over.
 *
 * The sides differ in long alone, and in pointers to functions, which are converted by bind_callback and bind_reverse.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "bind.h"

#define STRUCT_SIZE_MAX 256

static uint32_t simple_size(uint8_t kind, bool host)
{
    switch (kind) {
    case TYPE_VOID:
        return 0;
    case TYPE_I8:
    case TYPE_U8:
        return 1;
    case TYPE_I16:
    case TYPE_U16:
        return 2;
    case TYPE_BOOL:
    case TYPE_I32:
    case TYPE_U32:
    case TYPE_HEX:
    case TYPE_F32:
    case TYPE_STATUS:
        return 4;
    case TYPE_LONG:
    case TYPE_ULONG:
        return host ? 8 : 4;
    default:
        return 8;
    }
}

static uint32_t round_up(uint32_t value, uint32_t alignment)
{
    return (value + alignment - 1) / alignment * alignment;
}

static uint32_t max(uint32_t a, uint32_t b)
{
    return a > b ? a : b;
}

/* Adds a member behind the others; returns where it lies on both sides. */
static struct layout place(struct layout *whole, const struct layout *member)
{
    struct layout at = {.windows_size = round_up(whole->windows_size, member->windows_alignment),
                        .host_size = round_up(whole->host_size, member->host_alignment)};
    whole->windows_size = at.windows_size + member->windows_size;
    whole->host_size = at.host_size + member->host_size;
    whole->windows_alignment = max(whole->windows_alignment, member->windows_alignment);
    whole->host_alignment = max(whole->host_alignment, member->host_alignment);
    whole->convert |= member->convert;
    return at;
}

struct layout layout_of(const struct signature *signature, const struct type *type)
{
    if (type->kind != TYPE_STRUCT) {
        uint32_t windows = simple_size(type->kind, false), host = simple_size(type->kind, true);
        return (struct layout){windows, max(windows, 1), host, max(host, 1),
                               type->kind == TYPE_LONG || type->kind == TYPE_ULONG || type->kind == TYPE_FUNCTION};
    }
    struct layout whole = {.windows_alignment = 1, .host_alignment = 1};
    for (unsigned i = 0; i < type->count; i++) {
        struct layout member = layout_of(signature, type_part(signature, type, i));
        place(&whole, &member);
    }
    whole.windows_size = round_up(whole.windows_size, whole.windows_alignment);
    whole.host_size = round_up(whole.host_size, whole.host_alignment);
    return whole;
}

bool layout_by_address(const struct layout *layout)
{
    uint32_t size = layout->windows_size;
    return size != 1 && size != 2 && size != 4 && size != 8;
}

static bool refuse(char *error, size_t size, const char *text)
{
    snprintf(error, size, "%s", text);
    return false;
}

bool layout_check(const struct signature *signature, const struct type *type, char *error, size_t size)
{
    if (type->kind == TYPE_STRUCT && layout_of(signature, type).host_size > STRUCT_SIZE_MAX)
        return refuse(error, size, "a structure of more than 256 bytes is passed by 'ptr'");
    if (type->kind == TYPE_FUNCTION && type->variadic && type != &signature->function)
        return refuse(error, size, "a callback can not have '...'");
    if (type->kind == TYPE_REFERENCE && type_part(signature, type, 0)->kind >= TYPE_FUNCTION &&
        type_part(signature, type, 0)->kind != TYPE_STRUCT && type_part(signature, type, 0)->kind != TYPE_NAMED)
        return refuse(error, size, "a pointer to a pointer is 'ptr'");
    for (unsigned i = 0; i < type->count; i++)
        if (!layout_check(signature, type_part(signature, type, i), error, size))
            return false;
    return true;
}

static ffi_type *struct_ffi(const struct signature *signature, const struct type *type)
{
    ffi_type *made = calloc(1, sizeof *made + (type->count + 1u) * sizeof(ffi_type *));
    if (!made)
        return NULL;
    made->type = FFI_TYPE_STRUCT;
    made->elements = (ffi_type **)(made + 1);
    for (unsigned i = 0; i < type->count; i++)
        if (!(made->elements[i] = layout_ffi(signature, type_part(signature, type, i))))
            return NULL;
    return made;
}

ffi_type *layout_ffi(const struct signature *signature, const struct type *type)
{
    static ffi_type *const types[] = {
        [TYPE_VOID] = &ffi_type_void,   [TYPE_BOOL] = &ffi_type_sint32,   [TYPE_I8] = &ffi_type_sint8,
        [TYPE_U8] = &ffi_type_uint8,    [TYPE_I16] = &ffi_type_sint16,    [TYPE_U16] = &ffi_type_uint16,
        [TYPE_I32] = &ffi_type_sint32,  [TYPE_U32] = &ffi_type_uint32,    [TYPE_HEX] = &ffi_type_uint32,
        [TYPE_I64] = &ffi_type_sint64,  [TYPE_U64] = &ffi_type_uint64,    [TYPE_SIZE] = &ffi_type_uint64,
        [TYPE_LONG] = &ffi_type_sint64, [TYPE_ULONG] = &ffi_type_uint64,  [TYPE_F32] = &ffi_type_float,
        [TYPE_F64] = &ffi_type_double,  [TYPE_STATUS] = &ffi_type_sint32,
    };
    if (type->kind == TYPE_STRUCT)
        return struct_ffi(signature, type);
    bool known = type->kind < sizeof types / sizeof *types && types[type->kind];
    return known ? types[type->kind] : &ffi_type_pointer;
}

static void members(const struct shape *shape, const struct type *type, const char *from, char *to, bool to_host)
{
    struct layout whole = {.windows_alignment = 1, .host_alignment = 1};
    for (unsigned i = 0; i < type->count; i++) {
        const struct type *part = type_part(shape->signature, type, i);
        struct layout member = layout_of(shape->signature, part), at = place(&whole, &member);
        if (to_host)
            layout_to_host(shape, part, from + at.windows_size, to + at.host_size);
        else
            layout_to_windows(shape, part, from + at.host_size, to + at.windows_size);
    }
}

void layout_to_host(const struct shape *shape, const struct type *type, const void *windows, void *host)
{
    struct layout layout = layout_of(shape->signature, type);
    if (type->kind == TYPE_STRUCT)
        members(shape, type, windows, host, true);
    else if (type->kind == TYPE_LONG)
        *(int64_t *)host = *(const int32_t *)windows;
    else if (type->kind == TYPE_ULONG)
        *(uint64_t *)host = *(const uint32_t *)windows;
    else if (type->kind == TYPE_FUNCTION)
        *(void **)host = bind_callback(shape, type, *(void *const *)windows);
    else
        memcpy(host, windows, layout.host_size);
}

void layout_to_windows(const struct shape *shape, const struct type *type, const void *host, void *windows)
{
    struct layout layout = layout_of(shape->signature, type);
    if (type->kind == TYPE_STRUCT)
        members(shape, type, host, windows, false);
    else if (type->kind == TYPE_FUNCTION)
        *(void **)windows = bind_reverse(shape, type, *(void *const *)host);
    else
        memcpy(windows, host, layout.windows_size); /* of a long the lower half */
}
