/*
 * trampoline.h: functions made at run time: each jumps to a common entry and brings a pointer along.
 */
#ifndef HOSTDLL_TRAMPOLINE_H
#define HOSTDLL_TRAMPOLINE_H

struct trampoline {
    void *entry; /* jumped to with the address of this structure in r11 */
    void *data;
};

/* The address of new code; never freed.  NULL: no memory.  Callable by any thread. */
void *trampoline_new(void *entry, void *data);

#endif
