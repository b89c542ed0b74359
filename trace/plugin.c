/*
 * plugin.c: winrun-trace.so: prints API calls.
 *
 * Opened by loader/trace.c.  What the loader binds is replaced by a stub (entry.S), which prints the call and makes
 * it.  The stub hands on more stack slots than a function's types say, so that a wrong or unknown
 * signature spoils the line and not the call.  A call keeps what it needs on its stack: calls nest, fibers
 * switch, and a callback may leave by an exception.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <search.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "entry.h"
#include "line.h"
#include "loader/signature.h"
#include "loader/trace.h"
#include "pattern.h"
#include "win.h"

#define RECENT_COUNT 16
#define TRACE_FD_MIN 200 /* the program may close its standard error, and something else be opened there */
#define EXPORT __attribute__((visibility("default")))

struct function {
    void *address; /* first: key of the tree */
    void *code;    /* the stub; `address` if it is not traced */
    char *name;    /* "kernel32.CreateFileW" */
    bool early;    /* printed before the call: it has no result, or does not return */
    struct signature signature;
};

/* One call in progress, on its stack. */
struct call {
    uint32_t stack_slots; /* first: entry.S copies that many */
    unsigned number;
    const struct function *function;
    ULONG error; /* the thread's last error at entry */
    struct line line;
};
_Static_assert(sizeof(struct call) <= TRACE_CALL_SIZE && TRACE_CALL_SIZE % 16 == 0, "entry.S has the size");

struct recent {
    atomic_uint number; /* of the call that stands here, from 1 */
    char text[200];
};

/* Functions that look at their caller's frame, or do not keep to the calling convention: not to be wrapped. */
static const char untraceable[][32] = {
    "_setjmp",
    "_setjmpex",
    "setjmp",
    "setjmpex",
    "__intrinsic_setjmp",
    "__intrinsic_setjmpex",
    "longjmp",
    "RtlCaptureContext",
    "RtlCaptureContext2",
    "RtlCaptureStackBackTrace",
    "CaptureStackBackTrace",
    "RtlUnwind",
    "RtlUnwindEx",
    "RtlRestoreContext",
    "NtContinue",
    "ZwContinue",
    "NtContinueEx",
    "_local_unwind",
    "RaiseException",
    "RaiseFailFastException",
    "RtlRaiseException",
    "RtlRaiseStatus",
    "NtRaiseException",
    "ZwRaiseException",
    "DebugBreak",
    "DbgBreakPoint",
    "DbgUserBreakPoint",
    "__C_specific_handler",
    "__C_specific_handler_noexcept",
    "__CxxFrameHandler",
    "__CxxFrameHandler2",
    "__CxxFrameHandler3",
    "__CxxFrameHandler4",
    "__GSHandlerCheck",
    "_CxxThrowException",
    "__CxxRethrowException",
    "__chkstk",
    "_chkstk",
    "___chkstk_ms",
    "__NLG_Dispatch2",
    "__NLG_Return2",
    "_UnwindNestedFrames",
};

/* Functions with a result that as a rule do not come back to give it. */
static const char endings[][20] = {"TerminateProcess", "NtTerminateProcess", "ZwTerminateProcess", "TerminateThread",
                                   "NtTerminateThread"};

static const char *patterns;
static int output = STDERR_FILENO;
static void *functions; /* tree of struct function */
static struct function *stub_functions[TRACE_STUB_MAX];
static unsigned stub_count;
static pthread_mutex_t functions_lock = PTHREAD_MUTEX_INITIALIZER;
static struct recent recents[RECENT_COUNT];
static atomic_uint call_count;

extern const char trace_stubs[] __attribute__((visibility("hidden")));

static int compare(const void *a, const void *b)
{
    const struct function *left = a, *right = b;
    return left->address < right->address ? -1 : left->address > right->address;
}

static void print(struct line *line)
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

/* A value of floating point among the first four arguments came in an xmm register. */
static uint64_t argument(const struct signature *signature, unsigned index, const uint64_t *slots, const M128A *xmm)
{
    bool in_xmm = index < 4 && type_is_float(type_argument(signature, &signature->function, index));
    return in_xmm ? xmm[index].Low : slots[index];
}

static void add_call(struct line *line, const struct function *function, const uint64_t *slots, const M128A *xmm)
{
    const struct signature *signature = &function->signature;
    line_add(line, "%u %s(", (unsigned)(uintptr_t)teb_current()->ClientId.UniqueThread, function->name);
    unsigned count = type_arguments(&signature->function);
    for (unsigned i = 0; i < count; i++) {
        line_add(line, i ? ", " : "");
        line_add_value(line, type_argument(signature, &signature->function, i)->kind,
                       argument(signature, i, slots, xmm));
    }
    line_add(line, !signature->function.variadic ? ")" : count ? ", ...)" : "...)");
}

/* From entry.S, before the call; its result is the function to be called. */
__attribute__((ms_abi, used)) void *trace_begin(unsigned index, const uint64_t *slots, const M128A *xmm,
                                                struct call *call)
{
    const struct function *function = stub_functions[index];
    int saved_errno = errno;
    call->function = function;
    call->stack_slots = function->signature.function.variadic ? TRACE_STACK_SLOTS_MAX : TRACE_STACK_SLOTS;
    call->line.used = 0;
    add_call(&call->line, function, slots, xmm);
    call->number = atomic_fetch_add(&call_count, 1) + 1;
    remember(call->number, &call->line);
    if (function->early)
        print(&call->line);
    call->error = teb_current()->LastErrorValue;
    errno = saved_errno;
    return function->address;
}

/* From entry.S, after it. */
__attribute__((ms_abi, used)) void trace_end(struct call *call, uint64_t result, const M128A *xmm)
{
    const struct signature *signature = &call->function->signature;
    unsigned type = type_result(signature, &signature->function)->kind;
    int saved_errno = errno;
    if (call->function->early)
        return;
    line_add(&call->line, " = ");
    line_add_value(&call->line, type, type == TYPE_F32 || type == TYPE_F64 ? xmm->Low : result);
    ULONG error = teb_current()->LastErrorValue;
    if (error != call->error && error)
        line_add(&call->line, " (error %u)", error);
    if (atomic_load(&recents[call->number % RECENT_COUNT].number) == call->number)
        remember(call->number, &call->line);
    print(&call->line);
    errno = saved_errno;
}

static bool in_list(const char *list, size_t size, size_t width, const char *name)
{
    for (const char *item = list; item < list + size; item += width)
        if (!strncmp(item, name, width))
            return true;
    return false;
}

static struct function *function_new(const char *dll, const char *name, unsigned ordinal, const char *signature,
                                     void *address)
{
    struct function *function = calloc(1, sizeof *function);
    char text[16];
    const char *dot = strrchr(dll, '.');
    int dll_length = dot ? (int)(dot - dll) : (int)strlen(dll);
    snprintf(text, sizeof text, "#%u", ordinal);
    if (!function || asprintf(&function->name, "%.*s.%s", dll_length, dll, name ? name : text) < 0) {
        free(function);
        return NULL;
    }
    function->address = function->code = address;
    char error[SIGNATURE_ERROR_MAX];
    if (!signature || !signature_parse(signature, &function->signature, error))
        signature_parse("?(?,?,?,?)", &function->signature, error);
    const char *base = function->name + dll_length + 1;
    function->early = type_result(&function->signature, &function->signature.function)->kind == TYPE_VOID ||
                      in_list(*endings, sizeof endings, sizeof *endings, base);
    function->name[dll_length] = 0;
    bool wanted = !in_list(*untraceable, sizeof untraceable, sizeof *untraceable, base) &&
                  pattern_match(patterns, function->name, base);
    function->name[dll_length] = '.';
    if (wanted && stub_count < TRACE_STUB_MAX) {
        function->code = (void *)(trace_stubs + stub_count * TRACE_STUB_SIZE);
        stub_functions[stub_count++] = function;
    }
    return function;
}

static void *wrap(const char *dll, const char *name, unsigned ordinal, const char *signature, void *address)
{
    struct function key = {.address = address};
    void *code = address;
    pthread_mutex_lock(&functions_lock);
    struct function **found = tfind(&key, &functions, compare);
    struct function *function = found ? *found : function_new(dll, name, ordinal, signature, address);
    if (function)
        code = function->code;
    if (!found && function)
        tsearch(function, &functions, compare);
    pthread_mutex_unlock(&functions_lock);
    return code;
}

static void start(const char *wanted)
{
    patterns = wanted;
    int copy = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, TRACE_FD_MIN);
    if (copy >= 0)
        output = copy;
}

static const char *recent(unsigned index)
{
    unsigned count = atomic_load(&call_count);
    if (index >= count || index >= RECENT_COUNT)
        return NULL;
    return recents[(count - index) % RECENT_COUNT].text;
}

EXPORT const struct trace_plugin winrun_trace_plugin = {.start = start, .wrap = wrap, .recent = recent};
