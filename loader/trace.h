/*
 * trace.h: --trace: what the program and its plug-in winrun-trace.so agree on.
 */
#ifndef LOADER_TRACE_H
#define LOADER_TRACE_H

#include <stdbool.h>
#include <stdint.h>

struct trace_settings {
    const char *patterns; /* NULL: everything */
    const char *file;     /* --trace-file; NULL: standard error */
    bool summary;         /* --trace-summary: counts and times instead of lines */
    bool child;           /* of a process that is traced: what stands in the file stays */
    uint64_t start;       /* CLOCK_MONOTONIC in ns, which times are relative to */
};

struct trace_plugin {
    bool (*start)(const struct trace_settings *settings); /* false: the file can not be opened */
    /* What to bind instead of `address`: a stub that prints the call, or `address` itself. */
    void *(*wrap)(const char *dll, const char *name, unsigned ordinal, const char *signature, void *address);
    const char *(*recent)(unsigned index); /* see trace_recent in module.h */
    void (*finish)(void);                  /* the process ends; its other threads may stand still anywhere */
};

/* Called once, before the first binding.  Returns the settings as text, for children. */
const char *trace_start(const struct trace_settings *settings);

/* In a child, with that text. */
void trace_start_child(const char *text);

#endif
