/*
 * host.c: host libraries behind exports of ours.  Called by the generated thunks at their first call.
 */
#include "host.h"
#include <dlfcn.h>
#include <string.h>
#include "builtin.h"
#include "loader.h"
#include "ntdll/process.h"

/* Once by the dynamic loader, and never closed: the thunks keep pointers into it. */
static void *open_library(const char *soname)
{
    return dlopen(soname, RTLD_NOW | RTLD_LOCAL);
}

bool host_open(const struct builtin *dll)
{
    const char *soname = builtin_strings + dll->library;
    if (open_library(soname))
        return true;
    const char *reason = dlerror();
    if (strstr(reason, "No such file"))
        load_set_error("the host does not have %s, which would do", soname);
    else
        load_set_error("the host's %s can not be opened: %s", soname, reason);
    return false;
}

bool host_has(const struct builtin *dll, const struct export *export)
{
    if (!dll->library || export->kind != EXPORT_HOST)
        return true;
    const char *symbol = strchr(builtin_strings + export->text, ' ');
    void *library = open_library(builtin_strings + dll->library);
    return library && symbol && dlsym(library, symbol + 1);
}

void *host_bind(const char *soname, const char *symbol)
{
    void *library = open_library(soname);
    if (!library)
        fatal(125, "unable to open %s, which answers for %s: %s", soname, symbol, dlerror());
    void *function = dlsym(library, symbol);
    if (!function)
        fatal(125, "%s has no function %s", soname, symbol);
    return function;
}
