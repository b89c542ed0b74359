/*
 * signature.h: the types of a function's arguments and result, as the exports files and prefix.conf write them (the
 * syntax is described in dlls.def).
 *
 * Shared by the generator, --trace and the host libraries' plug-in: libc alone, none of Windows' headers.
 */
#ifndef LOADER_SIGNATURE_H
#define LOADER_SIGNATURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum value_type {
    TYPE_VOID,
    TYPE_BOOL,
    TYPE_I8,
    TYPE_U8,
    TYPE_I16,
    TYPE_U16,
    TYPE_I32,
    TYPE_U32,
    TYPE_HEX,
    TYPE_I64,
    TYPE_U64,
    TYPE_SIZE,
    TYPE_LONG, /* 32 bits in Windows code, 64 in the host's */
    TYPE_ULONG,
    TYPE_POINTER, /* ptr, handle, fn */
    TYPE_STR,
    TYPE_WSTR,
    TYPE_USTR,
    TYPE_PATH,  /* a Windows path: the host function gets the host's */
    TYPE_WPATH, /* the same from UTF-16 */
    TYPE_F32,
    TYPE_F64,
    TYPE_STATUS,
    TYPE_UNKNOWN,
    TYPE_FUNCTION,  /* a pointer to a function: its parts are the result and the arguments */
    TYPE_REFERENCE, /* a pointer to one value: its part is that value */
    TYPE_STRUCT,    /* a structure by value: its parts are the members */
    TYPE_NAMED,     /* behind a pointer: one of Windows' structures, which tracing shows; first: enum structure */
};

/* Windows' structures that tracing knows, in the order of their names in signature.c. */
enum structure {
    STRUCTURE_CONSOLE_SCREEN_BUFFER_INFO,
    STRUCTURE_FILETIME,
    STRUCTURE_FILE_BASIC_INFORMATION,
    STRUCTURE_FILE_STANDARD_INFORMATION,
    STRUCTURE_GUID,
    STRUCTURE_IO_STATUS_BLOCK,
    STRUCTURE_MEMORY_BASIC_INFORMATION,
    STRUCTURE_OBJECT_ATTRIBUTES,
    STRUCTURE_OVERLAPPED,
    STRUCTURE_PROCESS_INFORMATION,
    STRUCTURE_SECURITY_ATTRIBUTES,
    STRUCTURE_SOCKADDR,
    STRUCTURE_STARTUPINFOW,
    STRUCTURE_SYSTEMTIME,
    STRUCTURE_SYSTEM_INFO,
    STRUCTURE_WIN32_FILE_ATTRIBUTE_DATA,
    STRUCTURE_WIN32_FIND_DATAW,
    STRUCTURE_WSABUF,
    STRUCTURE_COUNT
};

/* A type; its parts are nodes[first] to nodes[first + count - 1] of the signature. */
struct type {
    uint8_t kind; /* enum value_type */
    uint8_t first, count;
    bool variadic; /* TYPE_FUNCTION: more arguments follow */
};

#define SIGNATURE_ARGUMENTS_MAX 20
#define SIGNATURE_NODES_MAX 120
#define SIGNATURE_ERROR_MAX 120

struct signature {
    struct type function; /* TYPE_FUNCTION; TYPE_UNKNOWN if a "?" is in it */
    uint8_t used;
    struct type nodes[SIGNATURE_NODES_MAX];
};

/* False with one line in `error` if it is not RESULT(TYPE,TYPE...). */
bool signature_parse(const char *text, struct signature *signature, char error[SIGNATURE_ERROR_MAX]);

/* Where the argument that begins here ends: at the "," or ")" behind it that is not inside of it. */
const char *signature_argument_end(const char *text);

static inline const struct type *type_part(const struct signature *signature, const struct type *type, unsigned index)
{
    return &signature->nodes[type->first + index];
}

static inline const struct type *type_result(const struct signature *signature, const struct type *function)
{
    return type_part(signature, function, 0);
}

static inline unsigned type_arguments(const struct type *function)
{
    return function->count - 1u;
}

static inline const struct type *type_argument(const struct signature *signature, const struct type *function,
                                               unsigned index)
{
    return type_part(signature, function, index + 1);
}

/* Bytes of a plain value in Windows code. */
static inline size_t type_size(const struct type *type)
{
    static const uint8_t sizes[] = {
        [TYPE_VOID] = 0, [TYPE_BOOL] = 4,  [TYPE_I8] = 1,  [TYPE_U8] = 1,  [TYPE_I16] = 2,    [TYPE_U16] = 2,
        [TYPE_I32] = 4,  [TYPE_U32] = 4,   [TYPE_HEX] = 4, [TYPE_I64] = 8, [TYPE_U64] = 8,    [TYPE_SIZE] = 8,
        [TYPE_LONG] = 4, [TYPE_ULONG] = 4, [TYPE_F32] = 4, [TYPE_F64] = 8, [TYPE_STATUS] = 4,
    };
    return type->kind < sizeof sizes && (sizes[type->kind] || type->kind == TYPE_VOID) ? sizes[type->kind] : 8;
}

static inline bool type_is_float(const struct type *type)
{
    return type->kind == TYPE_F32 || type->kind == TYPE_F64;
}

#endif
