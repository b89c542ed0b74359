/*
 * special_plugin.c: opens winrun-special.so, which links the host's C++ library, when first asked for.
 *
 * Layer: ntdll.
 */
#include <dlfcn.h>
#include <stdatomic.h>
#include "loader/plugin.h"
#include "special_plugin.h"

const struct special_plugin *special_plugin(void)
{
    static _Atomic(const struct special_plugin *) opened;
    const struct special_plugin *plugin = atomic_load(&opened);

    if (!plugin) {
        void *library = plugin_open("winrun-special.so");

        plugin = library ? dlsym(library, "special_plugin_table") : NULL;
        atomic_store(&opened, plugin);
    }
    return plugin;
}
