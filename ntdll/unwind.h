/*
 * unwind.h: from one frame to its caller, over Windows frames and the host's.
 */
#ifndef NTDLL_UNWIND_H
#define NTDLL_UNWIND_H

#include "exception.h"

enum unwind_place {
    UNWIND_GUEST,  /* context is in Windows code */
    UNWIND_BORDER, /* context is in a gate that called an exception handler */
    UNWIND_END,    /* no more Windows frames, or the stack can not be read further */
};

/* Steps over host frames until `context` is in Windows code; UNWIND_BORDER: the dispatch in *border goes on elsewhere.
 */
enum unwind_place unwind_to_guest(CONTEXT *context, const struct dispatch_frame **border);

/* From the gate of a DISPATCH_GUARD on: to the host frame that made the call.  False: the stack can not be read. */
bool unwind_past_guard(CONTEXT *context);

/* A frame without unwind information: the return address is on top of the stack.  False: the stack ends. */
bool unwind_leaf(CONTEXT *context);

/* One frame of any kind, for stack traces. False: the end. */
bool unwind_any(CONTEXT *context);

/* True if `address` is code of winrun or of a host library. */
bool unwind_is_host(ULONG64 address);

/* True if `frame` may be a frame on the calling thread's stack (between `low` and the stack's end, aligned). */
bool unwind_frame_valid(ULONG64 frame, ULONG64 low);

/* RtlLookupFunctionEntry and RtlVirtualUnwind for ourselves: of the host's calling convention, which is cheaper. */
PRUNTIME_FUNCTION unwind_find(DWORD64 pc, PDWORD64 base);
PEXCEPTION_ROUTINE unwind_virtual(DWORD type, DWORD64 base, DWORD64 pc, PRUNTIME_FUNCTION function, PCONTEXT context,
                                  PVOID *handler_data, PDWORD64 establisher, PKNONVOLATILE_CONTEXT_POINTERS pointers);

/* Copies what unwinding a frame changes: the integer registers, rip, and xmm6-xmm15.  A CONTEXT is four times that. */
void unwind_copy(CONTEXT *to, const CONTEXT *from);
/* And the flags, and control words: all but the volatile and the vector registers. */
void unwind_copy_all(CONTEXT *to, const CONTEXT *from);

/* Forgets the gates between the present stack pointer and the new one. */
void unwind_drop_gates(ULONG64 new_sp);

/* A line of a source file, and its first instruction; addresses are those for which the image was linked. */
struct source_line {
    const char *file; /* lives as long as the lines */
    unsigned line;
    ULONG64 address;
};

struct source_lines; /* the DWARF of one image */

/* What winrun-debug.so offers (debug/): steps a host frame, describes a host address; source lines of Windows' images.
 */
struct debug_plugin {
    bool (*step)(CONTEXT *context);
    bool (*describe)(ULONG64 address, char *text, size_t size);
    struct source_lines *(*lines_open)(const void *image_file, size_t size); /* NULL: it has none */
    void (*lines_close)(struct source_lines *lines);
    bool (*line_at)(struct source_lines *lines, ULONG64 address, struct source_line *line);
    /* Of this file (the end of its path is enough): this line, or the next one that has code. */
    bool (*line_named)(struct source_lines *lines, const char *file, unsigned number, struct source_line *line);
    /* The line after (before) the one at line->address, in the order of addresses. */
    bool (*line_step)(struct source_lines *lines, bool forward, struct source_line *line);
};
const struct debug_plugin *debug_plugin(void);

/* While a walk by our own dispatcher is in progress on this thread, a fault in host code is ours (signal.c). */
extern _Thread_local bool unwind_walking;

#endif
