/*
 * tls_plugin.c: opens winrun-tls.so, which links GnuTLS, when first asked for.
 *
 * Layer: ntdll.
 */
#include <dlfcn.h>
#include <stdatomic.h>
#include "loader/plugin.h"
#include "resolver.h"
#include "tls_plugin.h"

const struct tls_plugin *tls_plugin(void)
{
    static _Atomic(const struct tls_plugin *) opened;
    static _Atomic bool missing;
    const struct tls_plugin *plugin = atomic_load(&opened);

    if (!plugin && !atomic_load(&missing)) {
        void *library = plugin_open("winrun-tls.so");

        plugin = library ? dlsym(library, "tls_plugin_table") : NULL;
        atomic_store(&opened, plugin);
        atomic_store(&missing, !plugin);
    }
    return plugin;
}

void tls_call(void (*function)(void *), void *argument)
{
    resolver_with_stack(function, argument);
}
