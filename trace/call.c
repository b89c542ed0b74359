/*
 * call.c: from entry.S, before and after every traced call: prints it, or counts it.
 *
 * The stub hands on more stack slots than a function's types say, so that a wrong or unknown signature spoils the
 * line and not the call.  A call keeps what it needs on its stack: calls nest, fibers switch, and a callback may leave
 * by an exception.  A call is printed when it returns; if another one is traced inside it, its beginning is printed
 * first, with "..." at the end, and its result in a line of its own.
 */
#include "call.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "entry.h"
#include "structure.h"

#define RECENT_COUNT 16
#define NEST_MAX 32
#define NEST_TEXT 240

/* One call in progress, on its stack. */
struct call {
    uint32_t stack_slots; /* first: entry.S copies that many */
    unsigned number;
    struct function *function;
    const uint64_t *slots; /* the arguments */
    uint64_t begun;
    ULONG error; /* the thread's last error at entry */
    bool nested; /* it stands in the thread's nest */
    struct line line;
};
_Static_assert(sizeof(struct call) <= TRACE_CALL_SIZE && TRACE_CALL_SIZE % 16 == 0, "entry.S has the size");

/* The thread's calls in progress.  A copy of the text: the frame of a call that was left by an exception may be gone.
 */
struct nest {
    const void *frame;
    bool opened; /* its beginning has been printed */
    uint16_t length;
    char text[NEST_TEXT];
};

struct recent {
    atomic_uint number; /* of the call that stands here, from 1 */
    char text[200];
};

static int output;
static uint64_t start_time;
static bool summary_only;
static struct recent recents[RECENT_COUNT];
static atomic_uint call_count;
static __thread struct nest *nests;
static __thread unsigned nest_depth;

void call_start(int fd, uint64_t start, bool summary)
{
    output = fd;
    start_time = start;
    summary_only = summary;
}

static uint64_t now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_nsec;
}

void call_print(struct line *line)
{
    line->text[line->used] = '\n';
    while (write(output, line->text, line->used + 1) < 0 && errno == EINTR)
        ;
}

/* Notes the call for a crash report; its result is added when it is known, unless the place is taken by then. */
static void remember(unsigned number, const struct line *line)
{
    struct recent *recent = &recents[number % RECENT_COUNT];
    atomic_store(&recent->number, number);
    snprintf(recent->text, sizeof recent->text, "%.*s", (int)line->used, line->text);
}

const char *call_recent(unsigned index)
{
    unsigned count = atomic_load(&call_count);
    if (index >= count || index >= RECENT_COUNT)
        return NULL;
    return recents[(count - index) % RECENT_COUNT].text;
}

/* ---- nesting ---- */

/* A call that was left by an exception or longjmp, and has no result. */
static void forget(void)
{
    const struct nest *nest = &nests[--nest_depth];
    struct line line = {.used = 0};
    if (nest->opened)
        return;
    line_add(&line, "%.*s = ?", nest->length, nest->text);
    call_print(&line);
}

/* Calls in progress on this stack lie above `frame`; others were left. */
static void forget_left(const void *frame)
{
    const NT_TIB *tib = &teb_current()->Tib;
    while (nest_depth && (nests[nest_depth - 1].frame <= frame || nests[nest_depth - 1].frame >= tib->StackBase ||
                          nests[nest_depth - 1].frame < tib->StackLimit))
        forget();
}

static void print_opened(struct nest *nest)
{
    struct line line = {.used = 0};
    line_add(&line, "%.*s ...", nest->length, nest->text);
    call_print(&line);
    nest->opened = true;
}

/* Enters a call; the one around it is opened. */
static bool nest_enter(const struct call *call)
{
    if (!nests && !(nests = malloc(NEST_MAX * sizeof *nests)))
        return false;
    if (nest_depth && !nests[nest_depth - 1].opened)
        print_opened(&nests[nest_depth - 1]);
    if (nest_depth == NEST_MAX)
        return false;
    struct nest *nest = &nests[nest_depth++];
    nest->frame = call;
    nest->opened = call->function->early;
    nest->length = call->line.used < NEST_TEXT ? (uint16_t)call->line.used : NEST_TEXT;
    memcpy(nest->text, call->line.text, nest->length);
    return true;
}

/* Leaves it; true if its beginning has been printed. */
static bool nest_leave(const struct call *call)
{
    while (nest_depth && nests[nest_depth - 1].frame < (const void *)call)
        forget();
    if (!nest_depth || nests[nest_depth - 1].frame != call)
        return false;
    return nests[--nest_depth].opened;
}

/* ---- lines ---- */

/* Thread, seconds since the start, and two blanks for each call around it. */
static void add_head(struct line *line, uint64_t time, unsigned depth)
{
    uint64_t passed = (time - start_time) / 1000;
    line_add(line, "%u %llu.%06llu %*s", (unsigned)(uintptr_t)teb_current()->ClientId.UniqueThread,
             (unsigned long long)passed / 1000000, (unsigned long long)passed % 1000000, (int)depth * 2, "");
}

/* A value of floating point among the first four arguments came in an xmm register. */
static uint64_t argument(const struct signature *signature, unsigned index, const uint64_t *slots, const M128A *xmm)
{
    bool in_xmm = index < 4 && type_is_float(type_argument(signature, &signature->function, index));
    return in_xmm ? xmm[index].Low : slots[index];
}

static void add_call(struct line *line, const struct function *function, const uint64_t *slots, const M128A *xmm)
{
    const struct signature *signature = &function->signature;
    unsigned count = type_arguments(&signature->function);
    line_add(line, "%s(", function->name);
    for (unsigned i = 0; i < count; i++) {
        line_add(line, i ? ", " : "");
        line_add_value(line, type_argument(signature, &signature->function, i)->kind,
                       argument(signature, i, slots, xmm));
    }
    line_add(line, !signature->function.variadic ? ")" : count ? ", ...)" : "...)");
}

/* What arguments point at, once the call has written it: "; 3: VALUE", counted from 1. */
static void add_targets(struct line *line, const struct signature *signature, const uint64_t *slots)
{
    for (unsigned i = 0; i < type_arguments(&signature->function); i++) {
        const struct type *type = type_argument(signature, &signature->function, i);
        if (type->kind != TYPE_REFERENCE || !slots[i])
            continue;
        line_add(line, "; %u: ", i + 1);
        line_add_target(line, type_part(signature, type, 0), slots[i]);
    }
}

/* ---- entries ---- */

/* Not inlined into trace_begin: GCC takes the look-up of a thread's variable there for a call that keeps rdi and rsi.
 */
static __attribute__((noinline)) void print_begin(struct call *call, const uint64_t *slots, const M128A *xmm)
{
    forget_left(call);
    call->line.used = 0;
    add_head(&call->line, call->begun, nest_depth);
    add_call(&call->line, call->function, slots, xmm);
    call->number = atomic_fetch_add(&call_count, 1) + 1;
    remember(call->number, &call->line);
    call->nested = nest_enter(call);
    if (call->function->early)
        call_print(&call->line);
}

/* From entry.S, before the call; its result is the function to be called. */
__attribute__((ms_abi, used)) void *trace_begin(unsigned index, const uint64_t *slots, const M128A *xmm,
                                                struct call *call)
{
    struct function *function = function_at(index);
    int saved_errno = errno;
    call->function = function;
    call->stack_slots = function->signature.function.variadic ? TRACE_STACK_SLOTS_MAX : TRACE_STACK_SLOTS;
    call->slots = slots;
    call->begun = now();
    if (!summary_only)
        print_begin(call, slots, xmm);
    else
        atomic_fetch_add_explicit(&function->calls, 1, memory_order_relaxed);
    call->error = teb_current()->LastErrorValue;
    errno = saved_errno;
    return function->address;
}

/* Not inlined either. */
static __attribute__((noinline)) void print_end(struct call *call, unsigned type, uint64_t value)
{
    bool opened = call->nested && nest_leave(call);
    ULONG error = teb_current()->LastErrorValue;
    if (call->function->early)
        return;
    if (opened) {
        call->line.used = 0;
        add_head(&call->line, now(), nest_depth);
        line_add(&call->line, "... %s", call->function->name);
    }
    line_add(&call->line, " = ");
    line_add_value(&call->line, type, value);
    if (error != call->error && error)
        line_add(&call->line, " (error %u)", error);
    add_targets(&call->line, &call->function->signature, call->slots);
    if (atomic_load(&recents[call->number % RECENT_COUNT].number) == call->number)
        remember(call->number, &call->line);
    call_print(&call->line);
}

/* A call counts as failed if it has set the last error, or returned a status that is one. */
static void count_end(struct call *call, unsigned type, uint64_t value)
{
    struct function *function = call->function;
    ULONG error = teb_current()->LastErrorValue;
    bool failed = type == TYPE_STATUS ? (int32_t)value < 0 : error && error != call->error;
    atomic_fetch_add_explicit(&function->time, now() - call->begun, memory_order_relaxed);
    if (failed)
        atomic_fetch_add_explicit(&function->errors, 1, memory_order_relaxed);
}

/* From entry.S, after it. */
__attribute__((ms_abi, used)) void trace_end(struct call *call, uint64_t result, const M128A *xmm)
{
    const struct signature *signature = &call->function->signature;
    const struct type *type = type_result(signature, &signature->function);
    uint64_t value = type_is_float(type) ? xmm->Low : result;
    int saved_errno = errno;
    if (summary_only)
        count_end(call, type->kind, value);
    else
        print_end(call, type->kind, value);
    errno = saved_errno;
}
