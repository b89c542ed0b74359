/*
 * debug_slot.h: the event of a process that is debugged, as it lies in its arena record (debug.h).
 */
#ifndef NTDLL_DEBUG_SLOT_H
#define NTDLL_DEBUG_SLOT_H

#include <stdatomic.h>
#include "win.h"

enum debug_slot_state {
    DEBUG_SLOT_IDLE,
    DEBUG_SLOT_REPORTED,  /* the debuggee waits; the debugger has not seen it */
    DEBUG_SLOT_TAKEN,     /* the debugger has it */
    DEBUG_SLOT_CONTINUED, /* answered */
};

/* DBG_STATE of the NT API. */
enum debug_state {
    DEBUG_IDLE,
    DEBUG_REPLY_PENDING,
    DEBUG_CREATE_THREAD,
    DEBUG_CREATE_PROCESS,
    DEBUG_EXIT_THREAD,
    DEBUG_EXIT_PROCESS,
    DEBUG_EXCEPTION,
    DEBUG_BREAKPOINT,
    DEBUG_SINGLE_STEP,
    DEBUG_LOAD_DLL,
    DEBUG_UNLOAD_DLL,
};

struct debug_event {
    uint32_t state; /* enum debug_state */
    int32_t tid;
    uint32_t first_chance, code; /* of an exception; exit code */
    uint64_t base, start, name;  /* image base; start address; where the pointer to the image's name lies */
    EXCEPTION_RECORD record;
};

/* In the arena entry of a debug object. */
struct debug_port {
    uint32_t owner; /* record of the debugger */
    int32_t owner_pid;
    _Atomic uint32_t flags; /* DEBUG_KILL_ON_CLOSE */
};

struct debug_slot {
    _Atomic uint32_t port;    /* arena entry of the debug object; 0: not debugged */
    _Atomic uint32_t state;   /* futex, enum debug_slot_state */
    _Atomic uint32_t inherit; /* children are debugged too */
    uint32_t answer;          /* NTSTATUS of the debugger */
    struct debug_event event;
};

#endif
