/*
 * fault.h: a processor fault as the host reports it.
 */
#ifndef NTDLL_FAULT_H
#define NTDLL_FAULT_H

#include "win.h"

enum fault_memory { FAULT_ACCESS, FAULT_GUARD_PAGE, FAULT_STACK_OVERFLOW, FAULT_IN_PAGE };

#define FAULT_DEBUG 1 /* single step or breakpoint of the processor */

struct fault {
    unsigned trap;            /* number of the processor's exception */
    ULONG64 error;            /* its error code */
    ULONG64 address;          /* of a page fault */
    enum fault_memory memory; /* what kind of memory the page is */
};

/* Fills the zeroed record; may correct context->Rip to what Windows reports. */
void fault_describe(const struct fault *fault, EXCEPTION_RECORD *record, CONTEXT *context);

#endif
