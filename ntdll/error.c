/*
 * error.c: NTSTATUS to Win32 errors, errno to NTSTATUS, and the thread's last error.
 *
 * Layer: ntdll.  Everything derives from error_table.h.  Calls nothing; safe anywhere.
 */
#include <errno.h>
#include "error.h"

struct error_row {
    ULONG status;
    ULONG win32;
};

static const struct error_row error_rows[] = {
#define E(status, win32) {(ULONG)(status), (ULONG)(win32)},
#define H(status, win32, host) {(ULONG)(status), (ULONG)(win32)},
#include "error_table.h"
#undef E
#undef H
};

static const NTSTATUS error_by_errno[] = {
#define E(status, win32)
#define H(status, win32, host) [host] = (NTSTATUS)(status),
#include "error_table.h"
#undef E
#undef H
};

NTSTATUS status_from_errno(int error)
{
    if (error > 0 && (size_t)error < sizeof error_by_errno / sizeof *error_by_errno && error_by_errno[error])
        return error_by_errno[error];
    return STATUS_UNSUCCESSFUL;
}

const char *status_name(NTSTATUS status)
{
    switch ((ULONG)status) {
#define E(name, win32)                                                                                                 \
    case (ULONG)(name):                                                                                                \
        return #name;
#define H(name, win32, host)                                                                                           \
    case (ULONG)(name):                                                                                                \
        return #name; /* not by way of E, which would see the name's value */
#include "error_table.h"
#undef E
#undef H
    default:
        return "unknown status";
    }
}

static ULONG error_search(ULONG status)
{
    size_t low = 0, high = sizeof error_rows / sizeof *error_rows;

    while (low < high) {
        size_t middle = (low + high) / 2;

        if (error_rows[middle].status == status)
            return error_rows[middle].win32;
        if (error_rows[middle].status < status)
            low = middle + 1;
        else
            high = middle;
    }
    return ERROR_MR_MID_NOT_FOUND;
}

ULONG WINAPI RtlNtStatusToDosErrorNoTeb(NTSTATUS status)
{
    ULONG value = (ULONG)status;

    if (value & 0x20000000) /* a customer code is its own Win32 code */
        return value;
    if (value >> 16 == 0xc007 || value >> 16 == 0x8007 || value >> 16 == 0xc001) /* a Win32 or RPC code inside */
        return value & 0xffff;
    return error_search(value);
}

ULONG WINAPI RtlNtStatusToDosError(NTSTATUS status)
{
    teb_current()->LastStatusValue = status;
    return RtlNtStatusToDosErrorNoTeb(status);
}

NTSTATUS WINAPI RtlGetLastNtStatus(void)
{
    return teb_current()->LastStatusValue;
}

ULONG WINAPI RtlGetLastWin32Error(void)
{
    return teb_current()->LastErrorValue;
}

void WINAPI RtlSetLastWin32Error(ULONG error)
{
    teb_current()->LastErrorValue = error;
}

void WINAPI RtlRestoreLastWin32Error(ULONG error)
{
    teb_current()->LastErrorValue = error;
}

void WINAPI RtlSetLastWin32ErrorAndNtStatusFromNtStatus(NTSTATUS status)
{
    teb_current()->LastErrorValue = RtlNtStatusToDosError(status);
}
