/*
 * host.h: host libraries behind exports of ours (the `host` lines of the exports files).
 */
#ifndef LOADER_HOST_H
#define LOADER_HOST_H

/*
 * Opens the library (once, kept) and finds the symbol; called by a thunk at its first call.
 * Never returns NULL: what is not there ends the program with one clear line, as a missing function does.
 */
void *host_bind(const char *soname, const char *symbol);

/*
 * What a thunk of a mathematical function calls when the result is no finite number: reports the error as Windows' C
 * runtimes do, if it is one.  Returns the result.
 */
double host_math_failed(const char *name, double result, double first, double second);

#endif
