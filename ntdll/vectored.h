/*
 * vectored.h: vectored handlers, for the dispatcher.
 */
#ifndef NTDLL_VECTORED_H
#define NTDLL_VECTORED_H

#include "exception.h"

enum vectored_list { VECTORED_EXCEPTION, VECTORED_CONTINUE };

/* Asks the handlers in order; true: one of them said to continue execution. */
bool vectored_call(enum vectored_list list, EXCEPTION_RECORD *record, CONTEXT *context);

#endif
