/*
 * conf.h: prefix.conf for host code with glib.
 */
#ifndef PREFIX_CONF_H
#define PREFIX_CONF_H

#include "ntdll/config.h"

struct prefix_config *winrun_conf_read(const char *prefix, char *error, size_t size);

#endif
