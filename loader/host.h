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

#endif
