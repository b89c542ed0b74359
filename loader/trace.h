/*
 * trace.h: --trace: what the program and its plug-in winrun-trace.so agree on.
 */
#ifndef LOADER_TRACE_H
#define LOADER_TRACE_H

struct trace_plugin {
    void (*start)(const char *patterns); /* NULL: everything */
    /* What to bind instead of `address`: a stub that prints the call, or `address` itself. */
    void *(*wrap)(const char *dll, const char *name, unsigned ordinal, const char *signature, void *address);
    const char *(*recent)(unsigned index); /* see trace_recent in module.h */
};

/* Called once, before the first binding. */
void trace_start(const char *patterns);

#endif
