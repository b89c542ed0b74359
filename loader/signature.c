/*
 * signature.c: reads the types of a function's arguments and result.
 *
 * A recursive descent with bounds on depth and number of nodes: the text may come from a user's prefix.conf.
 */
#include "signature.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define DEPTH_MAX 6
#define MEMBERS_MAX 32

static const struct {
    char name[8];
    uint8_t type;
} types[] = {
    {"void", TYPE_VOID},     {"bool", TYPE_BOOL},   {"i8", TYPE_I8},       {"u8", TYPE_U8},
    {"i16", TYPE_I16},       {"u16", TYPE_U16},     {"i32", TYPE_I32},     {"u32", TYPE_U32},
    {"hex", TYPE_HEX},       {"i64", TYPE_I64},     {"u64", TYPE_U64},     {"size", TYPE_SIZE},
    {"long", TYPE_LONG},     {"ulong", TYPE_ULONG}, {"ptr", TYPE_POINTER}, {"handle", TYPE_POINTER},
    {"fn", TYPE_POINTER},    {"str", TYPE_STR},     {"wstr", TYPE_WSTR},   {"ustr", TYPE_USTR},
    {"path", TYPE_PATH},     {"wpath", TYPE_WPATH}, {"f32", TYPE_F32},     {"f64", TYPE_F64},
    {"status", TYPE_STATUS}, {"hr", TYPE_STATUS},   {"?", TYPE_UNKNOWN},
};

static const char *const structures[STRUCTURE_COUNT] = {
    "CONSOLE_SCREEN_BUFFER_INFO",
    "FILETIME",
    "FILE_BASIC_INFORMATION",
    "FILE_STANDARD_INFORMATION",
    "GUID",
    "IO_STATUS_BLOCK",
    "MEMORY_BASIC_INFORMATION",
    "OBJECT_ATTRIBUTES",
    "OVERLAPPED",
    "PROCESS_INFORMATION",
    "SECURITY_ATTRIBUTES",
    "SOCKADDR",
    "STARTUPINFOW",
    "SYSTEMTIME",
    "SYSTEM_INFO",
    "WIN32_FILE_ATTRIBUTE_DATA",
    "WIN32_FIND_DATAW",
    "WSABUF",
};

struct parser {
    struct signature *signature;
    const char *next;
    int depth;
    bool unknown;
    char *error;
};

static bool parse_type(struct parser *p, struct type *type);

static bool __attribute__((format(printf, 2, 3))) fail(struct parser *p, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(p->error, SIGNATURE_ERROR_MAX, format, arguments);
    va_end(arguments);
    return false;
}

/* Parts stand side by side; what they consist of has been added before. */
static bool add_parts(struct parser *p, struct type *whole, const struct type *parts, unsigned count)
{
    struct signature *signature = p->signature;
    if (signature->used + count > SIGNATURE_NODES_MAX)
        return fail(p, "too many types");
    whole->first = signature->used;
    whole->count = (uint8_t)count;
    memcpy(signature->nodes + signature->used, parts, count * sizeof *parts);
    signature->used = (uint8_t)(signature->used + count);
    return true;
}

static bool parse_simple(struct parser *p, struct type *type)
{
    size_t length = strcspn(p->next, "(){}*,");
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (length && strlen(types[i].name) == length && !memcmp(types[i].name, p->next, length)) {
            *type = (struct type){.kind = types[i].type};
            p->unknown |= type->kind == TYPE_UNKNOWN;
            p->next += length;
            return true;
        }
    if (!length)
        return fail(p, "a type is missing at '%.40s'", p->next);
    return fail(p, "unknown type '%.*s'", length > 40 ? 40 : (int)length, p->next);
}

/* Behind "RESULT": "(TYPE,TYPE...)". */
static bool parse_function(struct parser *p, const struct type *result, struct type *function)
{
    struct type parts[SIGNATURE_ARGUMENTS_MAX + 1] = {*result};
    unsigned count = 1;
    *function = (struct type){.kind = TYPE_FUNCTION};
    if (*p->next != '(')
        return fail(p, "a signature is RESULT(TYPE,TYPE...)");
    p->next++;
    while (*p->next != ')') {
        if (function->variadic)
            return fail(p, "'...' must be last");
        if (count > 1 && *p->next++ != ',')
            return fail(p, "')' is missing");
        if (!strncmp(p->next, "...", 3)) {
            function->variadic = true;
            p->next += 3;
            continue;
        }
        if (count > SIGNATURE_ARGUMENTS_MAX)
            return fail(p, "more than %d arguments", SIGNATURE_ARGUMENTS_MAX);
        if (!parse_type(p, &parts[count]))
            return false;
        if (parts[count++].kind == TYPE_VOID)
            return fail(p, "an argument can not be void (no arguments are written '()')");
    }
    p->next++;
    return add_parts(p, function, parts, count);
}

/* "{TYPE,TYPE...}" */
static bool parse_struct(struct parser *p, struct type *type)
{
    struct type parts[MEMBERS_MAX];
    unsigned count = 0;
    *type = (struct type){.kind = TYPE_STRUCT};
    do {
        p->next++;
        if (count == MEMBERS_MAX)
            return fail(p, "a structure with more than %d members", MEMBERS_MAX);
        if (*p->next == '}' && !count)
            return fail(p, "a structure without members");
        if (!parse_type(p, &parts[count]))
            return false;
        uint8_t kind = parts[count++].kind;
        if (kind == TYPE_VOID || kind == TYPE_UNKNOWN || kind == TYPE_PATH || kind == TYPE_WPATH)
            return fail(p, "a member of a structure can not be void, a path or unknown");
    } while (*p->next == ',');
    if (*p->next != '}')
        return fail(p, "'}' is missing");
    p->next++;
    return add_parts(p, type, parts, count);
}

/* One of Windows' structures, by its name. */
static bool parse_named(struct parser *p, struct type *type)
{
    size_t length = strcspn(p->next, "(){}*,");
    for (unsigned i = 0; i < STRUCTURE_COUNT; i++)
        if (strlen(structures[i]) == length && !memcmp(structures[i], p->next, length)) {
            *type = (struct type){.kind = TYPE_NAMED, .first = (uint8_t)i};
            p->next += length;
            return true;
        }
    return false;
}

/* Behind "*": a function, or a value. */
static bool parse_pointer(struct parser *p, struct type *type)
{
    struct type target;
    p->next++;
    if (!parse_named(p, &target) && !parse_type(p, &target))
        return false;
    if (*p->next == '(')
        return parse_function(p, &target, type);
    if (target.kind == TYPE_VOID || target.kind == TYPE_PATH || target.kind == TYPE_WPATH)
        return fail(p, "a pointer to void or to a path is 'ptr'");
    *type = (struct type){.kind = TYPE_REFERENCE};
    return add_parts(p, type, &target, 1);
}

static bool parse_type(struct parser *p, struct type *type)
{
    if (++p->depth > DEPTH_MAX)
        return fail(p, "types are nested too deeply");
    bool good = *p->next == '{'   ? parse_struct(p, type)
                : *p->next == '*' ? parse_pointer(p, type)
                                  : parse_simple(p, type);
    p->depth--;
    return good;
}

bool signature_parse(const char *text, struct signature *signature, char error[SIGNATURE_ERROR_MAX])
{
    struct parser parser = {.signature = signature, .next = text, .error = error};
    struct type result;
    signature->used = 0;
    error[0] = 0;
    if (!parse_type(&parser, &result) || !parse_function(&parser, &result, &signature->function))
        return false;
    if (*parser.next)
        return fail(&parser, "'%.40s' is left over", parser.next);
    if (parser.unknown)
        signature->function.kind = TYPE_UNKNOWN;
    return true;
}

const char *signature_argument_end(const char *text)
{
    int depth = 0;
    for (; *text; text++) {
        if (!depth && (*text == ',' || *text == ')'))
            break;
        depth += (*text == '(' || *text == '{') - (*text == ')' || *text == '}');
    }
    return text;
}
