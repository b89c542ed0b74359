/*
 * host.c: host libraries behind exports of ours.  Called by the generated thunks at their first call.
 */
#include <dlfcn.h>
#include "loader/host.h"
#include "ntdll/process.h"

void *host_bind(const char *soname, const char *symbol)
{
    /* Opened once by the dynamic loader and never closed: the thunks keep pointers into it. */
    void *library = dlopen(soname, RTLD_NOW | RTLD_LOCAL);
    if (!library)
        fatal(125, "unable to open %s, which answers for %s: %s", soname, symbol, dlerror());
    void *function = dlsym(library, symbol);
    if (!function)
        fatal(125, "%s has no function %s", soname, symbol);
    return function;
}
