/*
 * cfi_object.h: steps frames by the .eh_frame of a finished ELF object, as its readers find it: with libdw.
 *
 * Written apart from winrun's own user of libdw (debug/plugin.c), so that the test does not share its mistakes.
 */
#ifndef TESTS_UNIT_CFI_OBJECT_H
#define TESTS_UNIT_CFI_OBJECT_H

#include "win.h"

/* The object's bytes are borrowed.  False: it can not be read, or has no unwind tables. */
bool cfi_object_open(char *bytes, size_t size);
/* From the registers `here` to those of the caller, xmm6-xmm15 among them.  False: the tables do not say. */
bool cfi_object_step(const CONTEXT *here, CONTEXT *found);
void cfi_object_close(void);

#endif
