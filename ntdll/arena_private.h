/*
 * arena_private.h: between arena.c and arena_process.c.
 */
#ifndef NTDLL_ARENA_PRIVATE_H
#define NTDLL_ARENA_PRIVATE_H

#include "arena.h"

/* Under the lock: takes a holder away; true: nobody is left. */
bool arena_drop(struct arena_holders *holders, uint32_t process);
void arena_free_entry(uint32_t index);

/* This process's own record: id and time. */
void arena_process_fill(struct arena_process *process);
bool arena_others_live(void);

#endif
