/*
 * http_plugin.c: opens winrun-http.so, which links libcurl, when first asked for.
 *
 * Layer: ntdll.
 */
#include <dlfcn.h>
#include <stdatomic.h>
#include "loader/plugin.h"
#include "http_plugin.h"

const struct http_plugin *http_plugin(void)
{
    static _Atomic(const struct http_plugin *) opened;
    static _Atomic bool missing;
    const struct http_plugin *plugin = atomic_load(&opened);

    if (!plugin && !atomic_load(&missing)) {
        void *library = plugin_open("winrun-http.so");

        plugin = library ? dlsym(library, "http_plugin_table") : NULL;
        atomic_store(&opened, plugin);
        atomic_store(&missing, !plugin);
    }
    return plugin;
}
