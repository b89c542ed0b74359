/*
 * sysinfo.h: facts about the machine and its user.
 */
#ifndef NTDLL_SYSINFO_H
#define NTDLL_SYSINFO_H

#include "win.h"

struct memory_status {
    ULONGLONG total, available, swap_total, swap_free; /* bytes */
};

void memory_status(struct memory_status *status);
NTSTATUS random_bytes(void *buffer, size_t size);

/* sysinfo_lists.c: for NtQuerySystemInformation. */
NTSTATUS sysinfo_processes(void *buffer, ULONG size, ULONG *returned);
NTSTATUS sysinfo_handles(void *buffer, ULONG size, ULONG *returned, bool wide);

/* Host names and ids; false if they do not fit. */
bool host_name(char *name, size_t size);
bool user_name(char *name, size_t size);
unsigned user_id(void);

NTSTATUS WINAPI RtlGetVersion(OSVERSIONINFOEXW *info);
/* RtlVerifyVersionInfo against a version that is given. */
NTSTATUS version_verify(const OSVERSIONINFOEXW *have, const OSVERSIONINFOEXW *wanted, DWORD types, ULONGLONG mask);
NTSTATUS WINAPI RtlVerifyVersionInfo(const OSVERSIONINFOEXW *wanted, DWORD types, ULONGLONG mask);

#endif
