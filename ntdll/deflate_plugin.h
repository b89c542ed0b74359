/*
 * deflate_plugin.h: what needs zlib and libarchive, behind one table, so that they are opened only by programs that
 * read or write cabinets.  deflate/ is compiled as plain host code, hence plain types.
 */
#ifndef NTDLL_DEFLATE_PLUGIN_H
#define NTDLL_DEFLATE_PLUGIN_H

#include <stdbool.h>
#include <stddef.h>

struct deflate_plugin {
    /* A whole block of deflate; `before`: up to 32 KiB that went before it.  False: damaged, or there is no room. */
    bool (*unpack)(const void *in, size_t size, const void *before, size_t before_size, void *out, size_t room,
                   size_t *made);
    bool (*pack)(const void *in, size_t size, const void *before, size_t before_size, void *out, size_t room,
                 size_t *made);
    /* The one file of a cabinet in memory, which stays there: for LZX.  NULL, false: damaged. */
    void *(*cabinet_open)(const void *cabinet, size_t size);
    bool (*cabinet_read)(void *cabinet, void *out, size_t size);
    void (*cabinet_close)(void *cabinet);
};

/* Opens the plug-in on the first call; NULL: there is none. */
const struct deflate_plugin *deflate_plugin(void);

#endif
