/*
 * plugin.c: winrun-trace.so: prints API calls.
 *
 * Opened by loader/trace.c.  What the loader binds is replaced by a stub (entry.S), which has the call printed or
 * counted (call.c, summary.c) and makes it.  This file knows which functions there are.
 */
#include <fcntl.h>
#include <pthread.h>
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "call.h"
#include "entry.h"
#include "loader/trace.h"
#include "pattern.h"
#include "summary.h"

#define TRACE_FD_MIN 200 /* the program may close its standard error, and something else be opened there */
#define EXPORT __attribute__((visibility("default")))

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

static struct trace_settings settings;
static void *functions; /* tree of struct function */
static struct function *stub_functions[TRACE_STUB_MAX];
static unsigned stub_count;
static pthread_mutex_t functions_lock = PTHREAD_MUTEX_INITIALIZER;

extern const char trace_stubs[] __attribute__((visibility("hidden")));

struct function *function_at(unsigned index)
{
    return index < stub_count ? stub_functions[index] : NULL;
}

static int compare(const void *a, const void *b)
{
    const struct function *left = a, *right = b;
    return left->address < right->address ? -1 : left->address > right->address;
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
                  pattern_match(settings.patterns, function->name, base);
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

static bool start(const struct trace_settings *wanted)
{
    settings = *wanted;
    int fd = settings.file ? open(settings.file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666) : STDERR_FILENO;
    if (fd < 0)
        return false;
    if (settings.file && !settings.child && ftruncate(fd, 0))
        lseek(fd, 0, SEEK_END); /* a pipe or a terminal has nothing to be cut */
    int copy = fcntl(fd, F_DUPFD_CLOEXEC, TRACE_FD_MIN);
    if (settings.file && copy >= 0)
        close(fd);
    call_start(copy >= 0 ? copy : fd, settings.start, settings.summary);
    return true;
}

static void finish(void)
{
    if (settings.summary)
        summary_print();
}

EXPORT const struct trace_plugin winrun_trace_plugin = {
    .start = start, .wrap = wrap, .recent = call_recent, .finish = finish};
