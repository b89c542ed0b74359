/*
 * call.h: a traced function, and its calls in progress.
 */
#ifndef TRACE_CALL_H
#define TRACE_CALL_H

#include <stdatomic.h>
#include "line.h"
#include "loader/signature.h"
#include "win.h"

struct function {
    void *address; /* first: key of the tree */
    void *code;    /* the stub; `address` if it is not traced */
    char *name;    /* "kernel32.CreateFileW" */
    bool early;    /* printed before the call: it has no result, or does not return */
    struct signature signature;
    atomic_ullong calls, errors, time; /* for the summary; time in ns, callbacks included */
};

/* plugin.c: the function of stub number `index`; NULL behind the last. */
struct function *function_at(unsigned index);

/* Where lines go, what their times are relative to, and whether calls are counted instead of printed. */
void call_start(int fd, uint64_t start, bool summary);

/* Writes a line at once. */
void call_print(struct line *line);

/* The last calls, newest first, for the crash report; NULL behind the last. */
const char *call_recent(unsigned index);

#endif
