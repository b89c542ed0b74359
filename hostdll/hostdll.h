/*
 * hostdll.h: what thunks and adapters of host libraries are made of.
 *
 * A Windows DLL that stands for a host library (a `host` line in dlls.def) is a table of compiled thunks; where types
 * alone do not tell what has to be done (structures with long or callbacks, FILE, errno, "..."), an adapter in this
 * folder does it.  Layer: beside kernel32, on top of ntdll; the only one that calls foreign libraries.
 */
#ifndef HOSTDLL_HOSTDLL_H
#define HOSTDLL_HOSTDLL_H

#include "loader/host.h"
#include "win.h"

#define HOST_PATH_SIZE 4096

/*
 * A function for host code that calls the Windows function through the gate.  `signature` lives for ever.  The same
 * function and signature give the same result, which is never freed: the host may keep it.  NULL and -1
 * (SQLITE_TRANSIENT and the like) stay what they are.
 */
void *host_callback(const void *function, const char *signature);

/* The host's name of a file, in `host`, or NULL for NULL.  What can not be resolved becomes a name of no file. */
const char *host_path(const char *path, char host[HOST_PATH_SIZE]); /* in the ANSI code page */
const char *host_path_utf8(const char *path, char host[HOST_PATH_SIZE]);
const char *host_path_wide(const WCHAR *path, char host[HOST_PATH_SIZE]);

/* Calls a function of a host library, which is bound by the first call: HOST_CALL("libz.so.1", int, deflateEnd, (void
 * *), p) */
#define HOST_CALL(soname, result, symbol, types, ...)                                                                  \
    (*({                                                                                                               \
        static result(*function_) types;                                                                               \
        if (__builtin_expect(!function_, 0))                                                                           \
            function_ = (result(*) types)host_bind(soname, #symbol);                                                   \
        function_;                                                                                                     \
    }))(__VA_ARGS__)

#endif
