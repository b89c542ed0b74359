/*
 * timer.h: waiting for a waitable timer.
 */
#ifndef NTDLL_TIMER_H
#define NTDLL_TIMER_H

#include "object.h"

/* The wait of object_wait for one timer alone: whoever waits sleeps until it is due and fires it. */
NTSTATUS timer_wait(struct object *object, BOOL alertable, const LARGE_INTEGER *timeout);

#endif
