/*
 * pattern.h: which functions are traced.
 */
#ifndef TRACE_PATTERN_H
#define TRACE_PATTERN_H

#include <stdbool.h>

/*
 * patterns: "kernel32,Nt*,msvcrt!fopen,!Heap*": names of DLLs or functions with wildcards, or both with a "!"
 * between; a leading "!" takes out.  NULL, or nothing but exclusions, begins with all.  dll: "kernel32".
 */
bool pattern_match(const char *patterns, const char *dll, const char *function);

#endif
