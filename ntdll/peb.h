/*
 * peb.h: the process's blocks: PEB, process parameters, first environment.
 */
#ifndef NTDLL_PEB_H
#define NTDLL_PEB_H

#include "process.h"

extern PEB process_peb;

/* getpid() without a system call after the first. */
int process_id(void);

/* Fills PEB.ProcessParameters and the PEB's numbers (called by process_init). */
void peb_init(const struct process_start *start);

/* environment_block.c: the first environment block, sorted, two zeros at its end.  Returns its length in WCHARs. */
/* UTF-8 as UTF-16; bytes that are not UTF-8 as in file names (path.h).  `wide` has room for `length` units. */
size_t text_to_wide(const char *text, size_t length, WCHAR *wide);

size_t environment_block_bound(char **environment);
size_t environment_block_build(char **environment, WCHAR *block);

/* True for the block that the process started with: it is not from the heap and must not be freed. */
bool process_initial_environment(const void *block);

#endif
