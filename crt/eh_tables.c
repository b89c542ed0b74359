/*
 * eh_tables.c: reads the tables that MSVC's compilers write for C++ exceptions: format 3 (structures) and format 4
 * (compressed, __CxxFrameHandler4).
 *
 * Layer: crt, pure reading.
 */
#include "crt/eh.h"
#include "win.h"

struct eh_info3 {
    ULONG magic : 29, bbt : 3;
    LONG state_count;
    LONG unwind_map; /* RVAs */
    ULONG try_count;
    LONG try_map;
    ULONG ip_count;
    LONG ip_map;
    LONG unwind_help;
    LONG specification; /* from magic + 1 on */
    LONG flags;         /* from magic + 2 on */
};

struct unwind3 {
    LONG next, action;
};

struct try3 {
    LONG low, high, catch_high, handler_count, handlers;
};

struct handler3 {
    ULONG adjectives;
    LONG type, object, funclet, frame;
};

struct ip3 {
    LONG ip, state;
};

enum { INFO3_SYNCHRONOUS = 1, INFO3_NO_EXCEPT = 4 };

/* First byte of a function's tables in format 4. */
enum {
    INFO4_CATCH = 1,
    INFO4_SEPARATED = 2,
    INFO4_BBT = 4,
    INFO4_UNWIND_MAP = 8,
    INFO4_TRY_MAP = 16,
    INFO4_SYNCHRONOUS = 32,
    INFO4_NO_EXCEPT = 64,
};
enum { HANDLER4_ADJECTIVES = 1, HANDLER4_TYPE = 2, HANDLER4_OBJECT = 4, HANDLER4_RVA = 8 };

static const void *at(const struct eh_function *function, LONG rva)
{
    return (const void *)(function->base + (ULONG)rva);
}

static LONG read_int(const uint8_t **p)
{
    LONG value;
    memcpy(&value, *p, 4);
    *p += 4;
    return value;
}

/* Low bits of the first byte tell the length: 0: 1 byte, 01: 2, 011: 3, 0111: 4, 1111: 5. */
static ULONG read_unsigned(const uint8_t **p)
{
    const uint8_t *b = *p;
    ULONG value;

    if (!(b[0] & 1)) {
        *p += 1;
        return b[0] >> 1;
    }
    if (!(b[0] & 2)) {
        *p += 2;
        return (b[0] | b[1] << 8) >> 2;
    }
    if (!(b[0] & 4)) {
        *p += 3;
        return (b[0] | b[1] << 8 | b[2] << 16) >> 3;
    }
    memcpy(&value, b, 4);
    if (!(b[0] & 8)) {
        *p += 4;
        return value >> 4;
    }
    memcpy(&value, b + 1, 4);
    *p += 5;
    return value;
}

/* A function may be described in pieces; the first one names it. */
static ULONG64 function_begin(const DISPATCHER_CONTEXT *dispatcher)
{
    const RUNTIME_FUNCTION *entry = dispatcher->FunctionEntry;

    for (int depth = 0; depth < 32; depth++) {
        const uint8_t *info = (const uint8_t *)(dispatcher->ImageBase + entry->UnwindData);
        if (!(info[0] >> 3 & UNW_FLAG_CHAININFO))
            break;
        entry = (const RUNTIME_FUNCTION *)(info + 4 + ((info[2] + 1) & ~1) * 2);
    }
    return entry->BeginAddress;
}

void eh_function3(struct eh_function *function, const DISPATCHER_CONTEXT *dispatcher)
{
    memset(function, 0, sizeof(*function));
    function->base = dispatcher->ImageBase;
    function->begin = function_begin(dispatcher);
    function->info3 = at(function, *(const LONG *)dispatcher->HandlerData);
    if (function->info3->magic >= ((CXX_MAGIC + 2) & 0x1fffffff)) {
        function->synchronous = function->info3->flags & INFO3_SYNCHRONOUS;
        function->no_except = function->info3->flags & INFO3_NO_EXCEPT;
    }
}

/* A function split into separate pieces has one map for each. */
static const uint8_t *separated_map(const struct eh_function *function, const uint8_t *p)
{
    for (ULONG count = read_unsigned(&p); count--;) {
        ULONG begin = read_int(&p);
        LONG map = read_int(&p);
        if (begin == function->begin)
            return at(function, map);
    }
    return NULL;
}

void eh_function4(struct eh_function *function, const DISPATCHER_CONTEXT *dispatcher)
{
    memset(function, 0, sizeof(*function));
    function->base = dispatcher->ImageBase;
    function->begin = function_begin(dispatcher);
    const uint8_t *p = at(function, *(const LONG *)dispatcher->HandlerData);
    uint8_t header = *p++;
    if (header & INFO4_BBT)
        read_unsigned(&p);
    if (header & INFO4_UNWIND_MAP)
        function->unwind4 = at(function, read_int(&p));
    if (header & INFO4_TRY_MAP)
        function->try4 = at(function, read_int(&p));
    function->ip4 = at(function, read_int(&p));
    if (header & INFO4_SEPARATED)
        function->ip4 = separated_map(function, function->ip4);
    if (header & INFO4_CATCH)
        function->frame4 = read_unsigned(&p);
    function->synchronous = header & INFO4_SYNCHRONOUS;
    function->no_except = header & INFO4_NO_EXCEPT;
}

static int state3(const struct eh_function *function, ULONG64 rva)
{
    const struct ip3 *map = at(function, function->info3->ip_map);
    int state = STATE_NONE;

    for (ULONG i = 0; i < function->info3->ip_count && (ULONG)map[i].ip <= rva; i++)
        state = map[i].state;
    return state;
}

static int state4(const struct eh_function *function, ULONG64 rva)
{
    const uint8_t *p = function->ip4;
    ULONG64 ip = function->begin;
    int state = STATE_NONE;

    if (!p)
        return STATE_NONE;
    for (ULONG count = read_unsigned(&p); count--;) {
        ip += read_unsigned(&p);
        int next = (int)read_unsigned(&p) - 1;
        if (ip > rva)
            break;
        state = next;
    }
    return state;
}

int eh_state(const struct eh_function *function, ULONG64 pc)
{
    return function->info3 ? state3(function, pc - function->base) : state4(function, pc - function->base);
}

unsigned eh_try_count(const struct eh_function *function)
{
    const uint8_t *p = function->try4;

    if (function->info3)
        return function->info3->try_count;
    return p ? read_unsigned(&p) : 0;
}

void eh_try_at(const struct eh_function *function, unsigned index, struct eh_try *block)
{
    if (function->info3) {
        const struct try3 *entry = (const struct try3 *)at(function, function->info3->try_map) + index;
        *block = (struct eh_try){entry->low, entry->high, entry->catch_high, entry->handler_count,
                                 at(function, entry->handlers)};
        return;
    }
    const uint8_t *p = function->try4;
    read_unsigned(&p);
    for (unsigned i = 0; i <= index; i++) {
        block->low = read_unsigned(&p);
        block->high = read_unsigned(&p);
        block->catch_high = read_unsigned(&p);
        block->handlers = at(function, read_int(&p));
    }
    block->handler_count = read_unsigned(&block->handlers);
}

static const struct type_descriptor *type_at(const struct eh_function *function, LONG rva)
{
    const struct type_descriptor *type = rva ? at(function, rva) : NULL;
    return type && type->name[0] ? type : NULL;
}

static void next_handler4(const struct eh_function *function, const uint8_t **cursor, struct eh_handler *handler)
{
    uint8_t header = *(*cursor)++;

    handler->adjectives = header & HANDLER4_ADJECTIVES ? read_unsigned(cursor) : 0;
    handler->type = header & HANDLER4_TYPE ? type_at(function, read_int(cursor)) : NULL;
    handler->object = header & HANDLER4_OBJECT ? (LONG)read_unsigned(cursor) : 0;
    handler->funclet = function->base + (ULONG)read_int(cursor);
    for (int i = 0; i < (header >> 4 & 3) && i < 2; i++)
        handler->continuations[i] = function->base + (header & HANDLER4_RVA ? (ULONG)read_int(cursor)
                                                                            : function->begin + read_unsigned(cursor));
}

void eh_next_handler(const struct eh_function *function, const uint8_t **cursor, struct eh_handler *handler)
{
    memset(handler, 0, sizeof(*handler));
    if (!function->info3) {
        next_handler4(function, cursor, handler);
        return;
    }
    const struct handler3 *entry = (const struct handler3 *)*cursor;
    handler->adjectives = entry->adjectives;
    handler->type = type_at(function, entry->type);
    handler->object = entry->object;
    handler->funclet = function->base + (ULONG)entry->funclet;
    handler->frame = entry->frame;
    *cursor += sizeof(*entry);
}

/* Reads the entry at *p and moves past it; `next` is left to the caller.  Returns the distance back to it. */
static ULONG read_action4(const struct eh_function *function, const uint8_t **p, struct eh_action *action)
{
    static const enum eh_action_kind kinds[] = {EH_NOTHING, EH_DESTRUCTOR, EH_DESTRUCTOR_POINTER, EH_FUNCLET};
    ULONG word = read_unsigned(p);

    action->kind = kinds[word & 3];
    if (action->kind != EH_NOTHING)
        action->function = function->base + (ULONG)read_int(p);
    if (action->kind == EH_DESTRUCTOR || action->kind == EH_DESTRUCTOR_POINTER)
        action->object = read_unsigned(p);
    return word >> 2;
}

static void action4(const struct eh_function *function, int state, struct eh_action *action)
{
    const uint8_t *p = function->unwind4, *entry = NULL;
    struct eh_action other;
    ULONG back = 0, count = read_unsigned(&p);
    const uint8_t *first = p;

    for (int i = 0; i <= state && (ULONG)i < count; i++) {
        entry = p;
        back = read_action4(function, &p, action);
    }
    action->next = STATE_NONE;
    if (!entry || !back || back > (ULONG64)(entry - first))
        return;
    p = first;
    for (int i = 0; p <= entry - back; i++) {
        action->next = i;
        read_action4(function, &p, &other);
    }
}

void eh_action_at(const struct eh_function *function, int state, struct eh_action *action)
{
    memset(action, 0, sizeof(*action));
    if (!function->info3) {
        action4(function, state, action);
        return;
    }
    const struct unwind3 *entry = (const struct unwind3 *)at(function, function->info3->unwind_map) + state;
    action->next = entry->next;
    action->kind = entry->action ? EH_FUNCLET : EH_NOTHING;
    action->function = function->base + (ULONG)entry->action;
}
