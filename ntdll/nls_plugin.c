/*
 * nls_plugin.c: opens winrun-nls.so, which links ICU, when first asked for.
 *
 * Layer: ntdll.
 */
#include <dlfcn.h>
#include <stdatomic.h>
#include "loader/plugin.h"
#include "nls_plugin.h"

const struct nls_plugin *nls_plugin(void)
{
    static _Atomic(const struct nls_plugin *) opened;
    static _Atomic bool missing;
    const struct nls_plugin *plugin = atomic_load(&opened);

    if (!plugin && !atomic_load(&missing)) {
        void *library = plugin_open("winrun-nls.so");

        plugin = library ? dlsym(library, "nls_plugin_table") : NULL;
        atomic_store(&opened, plugin);
        atomic_store(&missing, !plugin);
    }
    return plugin;
}
