/*
 * pac_plugin.h: scripts that choose a proxy (PAC), behind one table: winrun-pac.so links a JavaScript engine.
 */
#ifndef NTDLL_PAC_PLUGIN_H
#define NTDLL_PAC_PLUGIN_H

#include <stdbool.h>
#include <stddef.h>

struct pac_plugin {
    /* What the script's FindProxyForURL says; NULL: it is no such script, fails, or takes too long. */
    char *(*find)(const char *script, size_t size, const char *url, const char *host);
    bool (*resolves)(const char *host);
    void (*release)(void *data);
};

/* NULL: the plug-in can not be opened. */
const struct pac_plugin *pac_plugin(void);

#endif
