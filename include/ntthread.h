/*
 * ntthread.h: the part of the NT API about threads and processes that mingw-w64's headers leave out.
 *
 * Structures are ABI.  Used by ntdll, which defines the functions, and by the layers above.
 */
#ifndef WINRUN_NTTHREAD_H
#define WINRUN_NTTHREAD_H

#include "win.h"

#ifndef NtCurrentProcess
#define NtCurrentProcess() ((HANDLE)(LONG_PTR)-1)
#endif
#ifndef NtCurrentThread
#define NtCurrentThread() ((HANDLE)(LONG_PTR)-2)
#endif

#define THREAD_CREATE_SUSPENDED 1
#define THREAD_CREATE_SKIP_ATTACH 2
#define THREAD_CREATE_HIDE_FROM_DEBUGGER 4

/* What NtCreateThreadEx is asked to hand back. */
#define PS_CLIENT_ID 0x10003
#define PS_TEB_ADDRESS 0x10004

struct thread_attribute {
    ULONG_PTR attribute;
    SIZE_T size;
    void *value;
    SIZE_T *returned;
};

struct thread_attribute_list {
    SIZE_T total_length;
    struct thread_attribute items[1];
};

NTSTATUS WINAPI NtCreateThreadEx(PHANDLE handle, ACCESS_MASK access, const OBJECT_ATTRIBUTES *attributes,
                                 HANDLE process, void *start, void *argument, ULONG flags, SIZE_T zero_bits,
                                 SIZE_T commit, SIZE_T reserve, const struct thread_attribute_list *list);
NTSTATUS WINAPI RtlCreateUserThread(HANDLE process, SECURITY_DESCRIPTOR *security, BOOLEAN suspended, ULONG zero_bits,
                                    SIZE_T reserve, SIZE_T commit, void *start, void *argument, PHANDLE handle,
                                    PCLIENT_ID id);
void WINAPI RtlUserThreadStart(LPTHREAD_START_ROUTINE start, void *argument);
void WINAPI RtlExitUserThread(NTSTATUS code);
void WINAPI RtlExitUserProcess(NTSTATUS code);
NTSTATUS WINAPI NtTerminateThread(HANDLE handle, NTSTATUS code);
NTSTATUS WINAPI NtTerminateProcess(HANDLE handle, NTSTATUS code);
NTSTATUS WINAPI NtOpenThread(PHANDLE handle, ACCESS_MASK access, const OBJECT_ATTRIBUTES *attributes,
                             const CLIENT_ID *id);
NTSTATUS WINAPI NtOpenProcess(PHANDLE handle, ACCESS_MASK access, const OBJECT_ATTRIBUTES *attributes,
                              const CLIENT_ID *id);
NTSTATUS WINAPI NtSuspendThread(HANDLE handle, ULONG *previous);
NTSTATUS WINAPI NtResumeThread(HANDLE handle, ULONG *previous);
NTSTATUS WINAPI NtAlertResumeThread(HANDLE handle, ULONG *previous);
NTSTATUS WINAPI NtGetContextThread(HANDLE handle, CONTEXT *context);
NTSTATUS WINAPI NtSetContextThread(HANDLE handle, const CONTEXT *context);
NTSTATUS WINAPI NtQueueApcThread(HANDLE handle, void *function, void *a, void *b, void *c);
NTSTATUS WINAPI NtQueueApcThreadEx(HANDLE handle, HANDLE reserve, void *function, void *a, void *b, void *c);
NTSTATUS WINAPI NtTestAlert(void);
NTSTATUS WINAPI NtAlertThread(HANDLE handle);
NTSTATUS WINAPI NtAlertThreadByThreadId(HANDLE id);
NTSTATUS WINAPI NtWaitForAlertByThreadId(void *address, const LARGE_INTEGER *timeout);
NTSTATUS WINAPI NtYieldExecution(void);
ULONG WINAPI NtGetCurrentProcessorNumber(void);

NTSTATUS WINAPI RtlFlsAlloc(PFLS_CALLBACK_FUNCTION callback, ULONG *index);
NTSTATUS WINAPI RtlFlsFree(ULONG index);
NTSTATUS WINAPI RtlFlsSetValue(ULONG index, PVOID value);
NTSTATUS WINAPI RtlFlsGetValue(ULONG index, PVOID *value);
/* flags: 1 calls the callbacks of the values in `data` (a TEB.FlsData), 2 frees it. */
void WINAPI RtlProcessFlsData(PVOID data, ULONG flags);

#endif
