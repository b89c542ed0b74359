/*
 * summary.c: --trace-summary: how often each function was called, and how long it took, as strace -c has it.
 *
 * Part of winrun-trace.so.  The other threads stand still and may hold any lock: nothing is allocated here.
 */
#include "summary.h"
#include <stdio.h>
#include <unistd.h>
#include "call.h"

#define NANOSECONDS 1000000000ull

static void print(const char *format, ...) __attribute__((format(printf, 1, 2)));

static void print(const char *format, ...)
{
    struct line line = {.used = 0};
    va_list arguments;
    va_start(arguments, format);
    line_add_list(&line, format, arguments);
    va_end(arguments);
    call_print(&line);
}

static void print_row(unsigned long long time, unsigned long long all, unsigned long long calls,
                      unsigned long long errors, const char *name)
{
    unsigned share = all ? (unsigned)(time * 10000 / all) : 0;
    char failed[24] = "";
    if (errors)
        snprintf(failed, sizeof failed, "%llu", errors);
    print("%3u.%02u %11llu.%06llu %11llu %9llu %9s %s", share / 100, share % 100, time / NANOSECONDS,
          time % NANOSECONDS / 1000, calls ? time / calls / 1000 : 0, calls, failed, name);
}

/* The one after `last` in the order of time, then of stubs; NULL: it was the last. */
static struct function *next_of(const struct function *last, unsigned last_index, unsigned *index)
{
    struct function *best = NULL, *function;
    for (unsigned i = 0; (function = function_at(i)); i++) {
        if (!function->calls ||
            (last && (function->time > last->time || (function->time == last->time && i <= last_index))))
            continue;
        if (!best || function->time > best->time) {
            best = function;
            *index = i;
        }
    }
    return best;
}

void summary_print(void)
{
    unsigned long long time = 0, calls = 0, errors = 0;
    struct function *function;
    for (unsigned i = 0; (function = function_at(i)); i++) {
        time += function->time;
        calls += function->calls;
        errors += function->errors;
    }
    print("process %d", getpid());
    print("%% time           seconds  usecs/call     calls    errors function");
    unsigned index = 0;
    for (function = next_of(NULL, 0, &index); function; function = next_of(function, index, &index))
        print_row(function->time, time, function->calls, function->errors, function->name);
    print_row(time, time, calls, errors, "total");
}
