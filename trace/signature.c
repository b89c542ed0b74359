/*
 * signature.c: reads the types of a function's arguments and result.
 *
 * Part of winrun-trace.so; libc alone.
 */
#include "signature.h"
#include <string.h>

static const struct {
    char name[8];
    uint8_t type;
} types[] = {
    {"void", TYPE_VOID}, {"bool", TYPE_BOOL}, {"i8", TYPE_I8},         {"u8", TYPE_U8},     {"i16", TYPE_I16},
    {"u16", TYPE_U16},   {"i32", TYPE_I32},   {"u32", TYPE_U32},       {"hex", TYPE_HEX},   {"i64", TYPE_I64},
    {"u64", TYPE_U64},   {"size", TYPE_SIZE}, {"str", TYPE_STR},       {"wstr", TYPE_WSTR}, {"ustr", TYPE_USTR},
    {"f32", TYPE_F32},   {"f64", TYPE_F64},   {"status", TYPE_STATUS}, {"hr", TYPE_STATUS},
};

static uint8_t type_named(const char *name, size_t length)
{
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (strlen(types[i].name) == length && !memcmp(types[i].name, name, length))
            return types[i].type;
    return TYPE_POINTER;
}

static void set_unknown(struct signature *signature)
{
    *signature = (struct signature){.result = TYPE_UNKNOWN, .count = 4};
    memset(signature->arguments, TYPE_UNKNOWN, sizeof signature->arguments);
}

void signature_parse(const char *text, struct signature *signature)
{
    const char *next = text ? strchr(text, '(') : NULL;
    if (!next || strchr(text, '?')) {
        set_unknown(signature);
        return;
    }
    *signature = (struct signature){.result = type_named(text, (size_t)(next - text))};
    for (next++; *next && *next != ')'; next += *next == ',') {
        size_t length = strcspn(next, ",)");
        if (!strncmp(next, "...", length))
            signature->variadic = true;
        else if (signature->count < SIGNATURE_ARGUMENTS_MAX)
            signature->arguments[signature->count++] = type_named(next, length);
        next += length;
    }
}
