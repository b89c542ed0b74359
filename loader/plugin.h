/*
 * plugin.h: parts of winrun that are opened when first needed, because the libraries they link cost start-up time.
 */
#ifndef LOADER_PLUGIN_H
#define LOADER_PLUGIN_H

/* Opens "winrun-NAME.so" beside the executable, or where it was installed; dlopen's handle, or NULL. */
void *plugin_open(const char *name);

#endif
