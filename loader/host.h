/*
 * host.h: host libraries behind exports of ours (the `host` lines of dlls.def and of the exports files).
 */
#ifndef LOADER_HOST_H
#define LOADER_HOST_H

#include <stdbool.h>

struct builtin;
struct export;

/*
 * Opens the library (once, kept) and finds the symbol; called by a thunk at its first call.
 * Never returns NULL: what is not there ends the program with one clear line, as a missing function does.
 */
void *host_bind(const char *soname, const char *symbol);

/* Opens the library that a DLL stands for.  False, with one line in load_error(): the host does not have it. */
bool host_open(const struct builtin *dll);

/* Whether the host's version of the library has the function; true for exports that need none. */
bool host_has(const struct builtin *dll, const struct export *export);

/*
 * What a thunk of a mathematical function calls when the result is no finite number: reports the error as Windows' C
 * runtimes do, if it is one.  Returns the result.
 */
double host_math_failed(const char *name, double result, double first, double second);

#endif
