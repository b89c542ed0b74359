/*
 * mailslotapi.h: what Windows' headers for programs leave out of mailslots.
 */
#ifndef NTDLL_MAILSLOTAPI_H
#define NTDLL_MAILSLOTAPI_H

#include "win.h"

/* timeout NULL, or -1: a read waits for ever. */
NTSTATUS WINAPI NtCreateMailslotFile(PHANDLE handle, ULONG access, POBJECT_ATTRIBUTES attributes, PIO_STATUS_BLOCK io,
                                     ULONG options, ULONG quota, ULONG maximum, PLARGE_INTEGER timeout);

#endif
