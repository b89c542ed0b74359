/*
 * pac_plugin.c: opens winrun-pac.so, which links a JavaScript engine, when first asked for.
 *
 * Layer: ntdll.
 */
#include <dlfcn.h>
#include <stdatomic.h>
#include "loader/plugin.h"
#include "pac_plugin.h"

const struct pac_plugin *pac_plugin(void)
{
    static _Atomic(const struct pac_plugin *) opened;
    static _Atomic bool missing;
    const struct pac_plugin *plugin = atomic_load(&opened);

    if (!plugin && !atomic_load(&missing)) {
        void *library = plugin_open("winrun-pac.so");

        plugin = library ? dlsym(library, "pac_plugin_table") : NULL;
        atomic_store(&opened, plugin);
        atomic_store(&missing, !plugin);
    }
    return plugin;
}
