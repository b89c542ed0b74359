/*
 * error.h: the one error table, and the one place where errno becomes NTSTATUS and
 * where NTSTATUS becomes a Win32 error.  Rows: E(ntstatus, win32, errno, "text").
 */
#ifndef NTDLL_ERROR_H
#define NTDLL_ERROR_H

#include "win.h"

/* NTSTATUS for a host errno (EINVAL, ENOENT ...); never STATUS_SUCCESS. */
NTSTATUS status_from_errno(int error);

/* errno's own text is never shown to programs; this is the name of a status, for reports. */
const char *status_name(NTSTATUS status);

/* For the kernel32 edge: sets the thread's last error from a status; returns NT_SUCCESS(status). */
static inline BOOL status_to_bool(NTSTATUS status)
{
    if (NT_SUCCESS(status))
        return TRUE;
    teb_current()->LastStatusValue = status;
    teb_current()->LastErrorValue = RtlNtStatusToDosError(status);
    return FALSE;
}

#endif
