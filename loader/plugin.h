/*
 * plugin.h: parts of winrun that are opened when first needed, because the libraries they link cost start-up time.
 */
#ifndef LOADER_PLUGIN_H
#define LOADER_PLUGIN_H

#include <stdatomic.h>
#include <stdbool.h>

/* A shared object beside the executable, or where it was installed, and the one thing it exports. */
struct plugin {
    const char *file, *symbol;
    _Atomic(const void *) table; /* NULL: not opened yet */
    _Atomic bool missing;
};

const void *plugin_open(struct plugin *plugin);

/* What the plug-in exports, opening it the first time; NULL: it, or a library it links, is missing. */
static inline const void *plugin_table(struct plugin *plugin)
{
    const void *table = atomic_load_explicit(&plugin->table, memory_order_acquire);
    return table ? table : plugin_open(plugin);
}

#endif
