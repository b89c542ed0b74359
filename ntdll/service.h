/*
 * service.h: the NT layer's own threads (alarms, waits, I/O).  They run no Windows code, Windows does not see them,
 * and they do not keep the process alive.
 */
#ifndef NTDLL_SERVICE_H
#define NTDLL_SERVICE_H

#include "win.h"

/* Starts function(argument) on a thread of its own.  It has a block of its own (thread.h), without an object, so that
 * locks work as on any thread, and takes no signals. */
NTSTATUS service_start(void (*function)(void *), void *argument);

#endif
