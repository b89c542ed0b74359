/*
 * structure.h: how what pointers point at looks in the trace.
 */
#ifndef TRACE_STRUCTURE_H
#define TRACE_STRUCTURE_H

#include "line.h"
#include "loader/signature.h"

/* The value behind a pointer that is not NULL; the address if it can not be read.  target: the pointer's part. */
void line_add_target(struct line *line, const struct type *target, uint64_t address);

#endif
