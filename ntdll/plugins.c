/*
 * plugins.c: the tables of the plug-ins that DLLs share.  Each links a library of the host and is opened when first
 * asked for.
 *
 * Layer: ntdll.
 */
#include "crypto_plugin.h"
#include "deflate_plugin.h"
#include "http_plugin.h"
#include "loader/plugin.h"
#include "nls_plugin.h"
#include "pac_plugin.h"
#include "resolver.h"
#include "special_plugin.h"
#include "tls_plugin.h"

#define PLUGIN(name)                                                                                                   \
    const struct name##_plugin *name##_plugin(void)                                                                    \
    {                                                                                                                  \
        static struct plugin plugin = {"winrun-" #name ".so", #name "_plugin_table"};                                  \
        return plugin_table(&plugin);                                                                                  \
    }

PLUGIN(crypto)  /* nettle */
PLUGIN(deflate) /* zlib */
PLUGIN(http)    /* libcurl */
PLUGIN(nls)     /* ICU */
PLUGIN(pac)     /* a JavaScript engine */
PLUGIN(special) /* the host's C++ library */
PLUGIN(tls)     /* GnuTLS */

void tls_call(void (*function)(void *), void *argument)
{
    resolver_with_stack(function, argument);
}
