/*
 * heap.h: the process heap, for whoever sets up the PEB.
 */
#ifndef NTDLL_HEAP_H
#define NTDLL_HEAP_H

#include "win.h"

/* The process heap: static, usable from the first instruction on. */
HANDLE heap_process(void);

/* What HeapSummary shows.  STATUS_INVALID_HANDLE. */
NTSTATUS heap_summary(HANDLE heap, SIZE_T *allocated, SIZE_T *committed, SIZE_T *reserved, SIZE_T *maximum);

/* Executable heaps: memory from NtAllocateVirtualMemory in size classes. */
struct exec_arena {
    void *free[12]; /* by class: 32 bytes << index */
    char *fresh, *fresh_end;
    void *regions; /* all of them, linked through their first word */
};

void *exec_allocate(struct exec_arena *arena, size_t size);
void exec_release(struct exec_arena *arena, void *memory, size_t size);
void exec_destroy(struct exec_arena *arena);

#endif
