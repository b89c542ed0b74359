/*
 * binding.h: bindings of prefix.conf to libraries of the host: what the program and its plug-in winrun-hostdll.so,
 * which links libffi, libelf and libdw, agree on.
 */
#ifndef HOSTDLL_BINDING_H
#define HOSTDLL_BINDING_H

#include "ntdll/config.h"
#include "win.h"

/* What the plug-in needs of the program. */
struct binding_services {
    ULONG_PTR (*call)(const void *function, unsigned count, const ULONG_PTR *arguments); /* guest_call_n */
    void *(*trampoline)(void *entry, void *data);
    const char *(*path)(const char *path, char *host);
    const char *(*path_wide)(const WCHAR *path, char *host);
    const char *(*format)(const char *format, char **made); /* host_format */
};

struct bound_dll;

struct binding_plugin {
    /*
     * Reads the signatures and verifies them against the library.  NULL and one line in `error` if one can not be
     * right. *fd: a PE image of a DLL with these functions, in memory.
     */
    struct bound_dll *(*make)(const struct config_host_dll *config, const struct binding_services *services, int *fd,
                              char *error, size_t size);
    /* The image has been mapped here. */
    void (*place)(struct bound_dll *dll, void *base);
};

#endif
