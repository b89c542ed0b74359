/*
 * crypto_plugin.c: opens winrun-crypto.so, which links nettle, when first asked for.
 *
 * Layer: ntdll.
 */
#include <dlfcn.h>
#include <stdatomic.h>
#include "loader/plugin.h"
#include "crypto_plugin.h"

const struct crypto_plugin *crypto_plugin(void)
{
    static _Atomic(const struct crypto_plugin *) opened;
    static _Atomic bool missing;
    const struct crypto_plugin *plugin = atomic_load(&opened);

    if (!plugin && !atomic_load(&missing)) {
        void *library = plugin_open("winrun-crypto.so");

        plugin = library ? dlsym(library, "crypto_plugin_table") : NULL;
        atomic_store(&opened, plugin);
        atomic_store(&missing, !plugin);
    }
    return plugin;
}
