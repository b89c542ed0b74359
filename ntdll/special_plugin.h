/*
 * special_plugin.h: special functions of mathematics, in a plug-in.
 */
#ifndef NTDLL_SPECIAL_PLUGIN_H
#define NTDLL_SPECIAL_PLUGIN_H

#include "special/special.h"

/* NULL if it can not be opened. */
const struct special_plugin *special_plugin(void);

#endif
