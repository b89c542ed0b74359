/*
 * signature.h: the types of a function's arguments and result, from the exports files (see dlls.def).
 */
#ifndef TRACE_SIGNATURE_H
#define TRACE_SIGNATURE_H

#include <stdbool.h>
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
    TYPE_POINTER, /* also handles and callbacks, and whatever a newer table may have */
    TYPE_STR,
    TYPE_WSTR,
    TYPE_USTR,
    TYPE_F32,
    TYPE_F64,
    TYPE_STATUS,
    TYPE_UNKNOWN,
};

#define SIGNATURE_ARGUMENTS_MAX 20

struct signature {
    uint8_t result;
    uint8_t count; /* of the arguments that have a type */
    bool variadic; /* more follow */
    uint8_t arguments[SIGNATURE_ARGUMENTS_MAX];
};

/* text: "u32(ptr,wstr,...)".  NULL or a "?" in it: the result and four arguments of unknown type. */
void signature_parse(const char *text, struct signature *signature);

#endif
