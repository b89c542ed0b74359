/*
 * lines.h: source lines of a Windows image that has DWARF (lines.c).  Not for several threads at once.
 */
#ifndef DEBUG_LINES_H
#define DEBUG_LINES_H

#include "ntdll/unwind.h"

struct source_lines *lines_open(const void *image_file, size_t size);
void lines_close(struct source_lines *lines);
bool lines_at(struct source_lines *lines, ULONG64 address, struct source_line *line);
bool lines_named(struct source_lines *lines, const char *file, unsigned number, struct source_line *line);
bool lines_step(struct source_lines *lines, bool forward, struct source_line *line);

#endif
