/*
 * deflate_plugin.c: opens winrun-deflate.so, which links zlib, when first asked for.
 *
 * Layer: ntdll.
 */
#include <dlfcn.h>
#include <stdatomic.h>
#include "deflate_plugin.h"
#include "loader/plugin.h"

const struct deflate_plugin *deflate_plugin(void)
{
    static _Atomic(const struct deflate_plugin *) opened;
    static _Atomic bool missing;
    const struct deflate_plugin *plugin = atomic_load(&opened);

    if (!plugin && !atomic_load(&missing)) {
        void *library = plugin_open("winrun-deflate.so");

        plugin = library ? dlsym(library, "deflate_plugin_table") : NULL;
        atomic_store(&opened, plugin);
        atomic_store(&missing, !plugin);
    }
    return plugin;
}
