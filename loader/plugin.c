/*
 * plugin.c: opens plug-ins.
 *
 * Layer: loader.  Also called while an exception is dispatched: no allocation of its own, no messages.
 */
#include <dlfcn.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "plugin.h"

#ifndef PLUGINSDIR
#define PLUGINSDIR "../lib/winrun" /* from the executable: bin/ and lib/winrun/ have one parent */
#endif

static void *library_open(const char *name)
{
    char path[PATH_MAX + 64];
    ssize_t length = readlink("/proc/self/exe", path, PATH_MAX);

    if (length <= 0)
        return NULL;
    path[length] = 0;
    char *directory_end = strrchr(path, '/') + 1;
    size_t room = sizeof(path) - (directory_end - path);
    snprintf(directory_end, room, "%s", name);
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (library)
        return library;
    snprintf(directory_end, room, PLUGINSDIR "/%s", name);
    return dlopen(path, RTLD_NOW | RTLD_LOCAL);
}

const void *plugin_open(struct plugin *plugin)
{
    if (atomic_load(&plugin->missing))
        return NULL;
    void *library = library_open(plugin->file);
    const void *table = library ? dlsym(library, plugin->symbol) : NULL;
    atomic_store(&plugin->table, table);
    atomic_store(&plugin->missing, !table);
    return table;
}
