/*
 * entry.h: what entry.S and plugin.c agree on.
 */
#ifndef TRACE_ENTRY_H
#define TRACE_ENTRY_H

#define TRACE_STUB_MAX 8192
#define TRACE_STUB_SIZE 16
#define TRACE_CALL_SIZE 1104     /* struct call, a multiple of 16 */
#define TRACE_STACK_SLOTS 16     /* copied for a call, whatever its types say */
#define TRACE_STACK_SLOTS_MAX 32 /* for a variadic function */

#endif
