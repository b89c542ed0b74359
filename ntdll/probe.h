/*
 * probe.h: memory that the program names, and that the kernel would look at before it uses it.
 */
#ifndef NTDLL_PROBE_H
#define NTDLL_PROBE_H

#include "win.h"

/* True if both ends of [memory, memory + size) can be written; size is not 0 and below a page. */
bool probe_write(void *memory, size_t size);

/* For signal.c: the instructions that may fault, and where to go on then. */
extern const char probe_begin[], probe_end[], probe_failed[];

#endif
