/*
 * ntapi.h: the part of the NT API that mingw-w64's headers leave out or hide
 * behind "Reserved": structures, information classes and prototypes.
 *
 * Layouts here are ABI: the field order is what programs read.  Sources: the
 * Windows SDK documentation, the WDK documentation, phnt-style public notes.
 */
#ifndef WINRUN_NTAPI_H
#define WINRUN_NTAPI_H

#include "ntfile.h"
#include "ntldr.h"
#include "ntteb.h"
#include "ntsync.h"

#ifndef NtCurrentProcess
#define NtCurrentProcess() ((HANDLE)(LONG_PTR)-1)
#endif

/* ---- memory ---- */
NTSTATUS WINAPI NtAllocateVirtualMemory(HANDLE process, PVOID *base, ULONG_PTR zero_bits, SIZE_T *size, ULONG type,
                                        ULONG protect);
NTSTATUS WINAPI NtAllocateVirtualMemoryEx(HANDLE process, PVOID *base, SIZE_T *size, ULONG type, ULONG protect,
                                          MEM_EXTENDED_PARAMETER *parameters, ULONG count);
NTSTATUS WINAPI NtFreeVirtualMemory(HANDLE process, PVOID *base, SIZE_T *size, ULONG type);
NTSTATUS WINAPI NtProtectVirtualMemory(HANDLE process, PVOID *base, SIZE_T *size, ULONG protect, ULONG *old);
NTSTATUS WINAPI NtQueryVirtualMemory(HANDLE process, PVOID address, ULONG class, PVOID info, SIZE_T size,
                                     SIZE_T *returned);
NTSTATUS WINAPI NtReadVirtualMemory(HANDLE process, const void *address, void *buffer, SIZE_T size, SIZE_T *read);
NTSTATUS WINAPI NtWriteVirtualMemory(HANDLE process, void *address, const void *buffer, SIZE_T size, SIZE_T *written);
NTSTATUS WINAPI NtLockVirtualMemory(HANDLE process, PVOID *base, SIZE_T *size, ULONG type);
NTSTATUS WINAPI NtUnlockVirtualMemory(HANDLE process, PVOID *base, SIZE_T *size, ULONG type);
NTSTATUS WINAPI NtFlushVirtualMemory(HANDLE process, PVOID *base, SIZE_T *size, IO_STATUS_BLOCK *io);
NTSTATUS WINAPI NtGetWriteWatch(HANDLE process, ULONG flags, PVOID base, SIZE_T size, PVOID *addresses,
                                ULONG_PTR *count, ULONG *granularity);
NTSTATUS WINAPI NtResetWriteWatch(HANDLE process, PVOID base, SIZE_T size);
NTSTATUS WINAPI NtSetInformationVirtualMemory(HANDLE process, ULONG class, ULONG_PTR count,
                                              WIN32_MEMORY_RANGE_ENTRY *ranges, PVOID info, ULONG size);

/* ---- heaps ---- */
PVOID WINAPI RtlReAllocateHeap(HANDLE heap, ULONG flags, PVOID memory, SIZE_T size);
SIZE_T WINAPI RtlSizeHeap(HANDLE heap, ULONG flags, const void *memory);
BOOLEAN WINAPI RtlLockHeap(HANDLE heap);
BOOLEAN WINAPI RtlUnlockHeap(HANDLE heap);
BOOLEAN WINAPI RtlValidateHeap(HANDLE heap, ULONG flags, const void *memory);
ULONG WINAPI RtlCompactHeap(HANDLE heap, ULONG flags);
ULONG WINAPI RtlGetProcessHeaps(ULONG count, HANDLE *heaps);
NTSTATUS WINAPI RtlWalkHeap(HANDLE heap, PVOID entry);

/* ---- errors ---- */
ULONG WINAPI RtlNtStatusToDosErrorNoTeb(NTSTATUS status);
NTSTATUS WINAPI RtlGetLastNtStatus(void);
ULONG WINAPI RtlGetLastWin32Error(void);
void WINAPI RtlSetLastWin32Error(ULONG error);
void WINAPI RtlSetLastWin32ErrorAndNtStatusFromNtStatus(NTSTATUS status);
VOID WINAPI RtlRaiseException(EXCEPTION_RECORD *record);
void WINAPI RtlRaiseStatus(NTSTATUS status);

/* ---- strings ---- */
NTSTATUS WINAPI RtlInitUnicodeStringEx(PUNICODE_STRING string, PCWSTR text);
BOOLEAN WINAPI RtlCreateUnicodeString(PUNICODE_STRING string, PCWSTR text);
void WINAPI RtlCopyUnicodeString(PUNICODE_STRING to, const UNICODE_STRING *from);
NTSTATUS WINAPI RtlAppendUnicodeToString(PUNICODE_STRING to, PCWSTR text);
NTSTATUS WINAPI RtlAppendUnicodeStringToString(PUNICODE_STRING to, const UNICODE_STRING *from);
NTSTATUS WINAPI RtlDuplicateUnicodeString(ULONG flags, const UNICODE_STRING *from, PUNICODE_STRING to);
LONG WINAPI RtlCompareUnicodeStrings(const WCHAR *a, SIZE_T a_count, const WCHAR *b, SIZE_T b_count, BOOLEAN nocase);
LONG WINAPI RtlCompareUnicodeString(const UNICODE_STRING *a, const UNICODE_STRING *b, BOOLEAN nocase);
CHAR WINAPI RtlUpperChar(CHAR c);
BOOLEAN WINAPI RtlEqualUnicodeString(const UNICODE_STRING *a, const UNICODE_STRING *b, BOOLEAN nocase);
NTSTATUS WINAPI RtlUpcaseUnicodeString(PUNICODE_STRING to, const UNICODE_STRING *from, BOOLEAN allocate);
WCHAR WINAPI RtlUpcaseUnicodeChar(WCHAR c);
WCHAR WINAPI RtlDowncaseUnicodeChar(WCHAR c);

NTSTATUS WINAPI RtlMultiByteToUnicodeN(WCHAR *wide, ULONG room, ULONG *used, const char *bytes, ULONG length);
NTSTATUS WINAPI RtlUnicodeToMultiByteN(char *bytes, ULONG room, ULONG *used, const WCHAR *wide, ULONG length);
NTSTATUS WINAPI RtlUTF8ToUnicodeN(WCHAR *wide, ULONG room, ULONG *used, const char *bytes, ULONG length);
NTSTATUS WINAPI RtlUnicodeToUTF8N(char *bytes, ULONG room, ULONG *used, const WCHAR *wide, ULONG length);
void WINAPI RtlInitUnicodeString(PUNICODE_STRING string, PCWSTR text);
NTSTATUS WINAPI RtlUnicodeStringToInteger(const UNICODE_STRING *string, ULONG base, ULONG *value);
NTSTATUS WINAPI RtlIntegerToUnicodeString(ULONG value, ULONG base, PUNICODE_STRING string);

/* ---- environment ---- */
NTSTATUS WINAPI RtlQueryEnvironmentVariable_U(PWSTR environment, const UNICODE_STRING *name, PUNICODE_STRING value);
NTSTATUS WINAPI RtlQueryEnvironmentVariable(PWSTR environment, PCWSTR name, SIZE_T name_length, PWSTR value,
                                            SIZE_T room, PSIZE_T length);
NTSTATUS WINAPI RtlSetEnvironmentVariable(PWSTR *environment, const UNICODE_STRING *name, const UNICODE_STRING *value);
NTSTATUS WINAPI RtlExpandEnvironmentStrings(PWSTR environment, PCWSTR from, SIZE_T from_length, PWSTR to, SIZE_T room,
                                            PSIZE_T length);
NTSTATUS WINAPI RtlExpandEnvironmentStrings_U(PWSTR environment, const UNICODE_STRING *from, PUNICODE_STRING to,
                                              ULONG *length);
NTSTATUS WINAPI RtlCreateEnvironment(BOOLEAN inherit, PWSTR *environment);
NTSTATUS WINAPI RtlDestroyEnvironment(PWSTR environment);
NTSTATUS WINAPI RtlSetEnvironmentStrings(PCWSTR block, SIZE_T size);

#endif
