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

/* Information classes that winternl.h leaves out (THREADINFOCLASS, PROCESSINFOCLASS). */
enum {
    THREAD_BASIC_INFO = 0,
    THREAD_TIMES_INFO = 1,
    THREAD_BASE_PRIORITY_INFO = 3,
    THREAD_AFFINITY_INFO = 4,
    THREAD_START_ADDRESS_INFO = 9,
    THREAD_ZERO_TLS_INFO = 10,
    THREAD_LAST_INFO = 12,
    THREAD_IDEAL_PROCESSOR_INFO = 13,
    THREAD_PRIORITY_BOOST_INFO = 14,
    THREAD_IO_PENDING_INFO = 16,
    THREAD_HIDE_INFO = 17,
    THREAD_BREAK_INFO = 18,
    THREAD_ENDED_INFO = 20,
    THREAD_CYCLES_INFO = 23,
    THREAD_PAGE_PRIORITY_INFO = 24,
    THREAD_GROUP_INFO = 30,
    THREAD_IDEAL_PROCESSOR_EX_INFO = 33,
    THREAD_SUSPEND_COUNT_INFO = 35,
    THREAD_NAME_INFO = 38,

    PROCESS_BASIC_INFO = 0,
    PROCESS_QUOTA_INFO = 1,
    PROCESS_IO_INFO = 2,
    PROCESS_MEMORY_INFO = 3,
    PROCESS_TIMES_INFO = 4,
    PROCESS_BASE_PRIORITY_INFO = 5,
    PROCESS_DEBUG_PORT_INFO = 7,
    PROCESS_ERROR_MODE_INFO = 12,
    PROCESS_PRIORITY_CLASS_INFO = 18,
    PROCESS_HANDLE_COUNT_INFO = 20,
    PROCESS_AFFINITY_INFO = 21,
    PROCESS_PRIORITY_BOOST_INFO = 22,
    PROCESS_SESSION_INFO = 24,
    PROCESS_WOW64_INFO = 26,
    PROCESS_IMAGE_NAME_INFO = 27,
    PROCESS_BREAK_INFO = 29,
    PROCESS_DEBUG_OBJECT_INFO = 30,
    PROCESS_DEBUG_FLAGS_INFO = 31,
    PROCESS_EXECUTE_FLAGS_INFO = 34,
    PROCESS_COOKIE_INFO = 36,
    PROCESS_CYCLES_INFO = 38,
    PROCESS_IMAGE_NAME_WIN32_INFO = 43,
    PROCESS_GROUP_INFO = 47,
    PROCESS_MITIGATION_INFO = 52,
    PROCESS_COMMAND_LINE_INFO = 60,
};

struct thread_basic_info {
    NTSTATUS exit_status;
    PVOID teb;
    CLIENT_ID id;
    ULONG_PTR affinity;
    LONG priority;
    LONG base_priority;
};

struct times_info {
    LARGE_INTEGER create, exit, kernel, user;
};

struct process_basic_info {
    NTSTATUS exit_status;
    PPEB peb;
    ULONG_PTR affinity;
    LONG base_priority;
    ULONG_PTR id;
    ULONG_PTR parent;
};

struct process_memory_info {
    SIZE_T peak_virtual, virtual_size;
    ULONG page_faults;
    SIZE_T peak_working_set, working_set;
    SIZE_T peak_paged_pool, paged_pool, peak_nonpaged_pool, nonpaged_pool;
    SIZE_T pagefile, peak_pagefile;
    SIZE_T private_bytes;
};

struct process_priority_info {
    BOOLEAN foreground;
    UCHAR priority_class; /* 1 idle, 2 normal, 3 high, 4 realtime, 5 below normal, 6 above normal */
};

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

/* Attributes of NtCreateUserProcess. */
#define PS_PARENT_PROCESS 0x60000
#define PS_DEBUG_PORT 0x60001
#define PS_TOKEN 0x60002
#define PS_IMAGE_NAME 0x20005
#define PS_IMAGE_INFO 0x6
#define PS_STD_HANDLE_INFO 0x2000a
#define PS_HANDLE_LIST 0x2000b
#define PS_JOB_LIST 0x20013
#define PS_PSEUDO_CONSOLE 0x60016

/* Process flags of NtCreateUserProcess. */
#define PROCESS_CREATE_BREAKAWAY 0x1
#define PROCESS_CREATE_NO_DEBUG_INHERIT 0x2
#define PROCESS_CREATE_INHERIT_HANDLES 0x4
#define PROCESS_CREATE_SUSPENDED_FLAG 0x200

/* Process parameters' ConsoleHandle of a new process. */
#define CONSOLE_DETACHED ((HANDLE)(LONG_PTR)-1)
#define CONSOLE_NEW ((HANDLE)(LONG_PTR)-2)
#define CONSOLE_NO_WINDOW ((HANDLE)(LONG_PTR)-3)
#define CONSOLE_IGNORE_CTRL_C 1 /* ConsoleFlags */

/* What PS_STD_HANDLE_INFO points to. */
struct std_handle_info {
    ULONG state; /* bits 0-1: 0 never duplicate, 1 on request (by subsystem), 2 always; bits 2-4: pseudo handle mask */
    ULONG subsystem;
};

/* How NtCreateUserProcess says what became of it: only the size and the state are looked at. */
struct create_info {
    SIZE_T size;
    ULONG state;
    ULONG_PTR rest[9];
};

NTSTATUS WINAPI NtCreateUserProcess(PHANDLE process, PHANDLE thread, ACCESS_MASK process_access,
                                    ACCESS_MASK thread_access, const OBJECT_ATTRIBUTES *process_attributes,
                                    const OBJECT_ATTRIBUTES *thread_attributes, ULONG process_flags, ULONG thread_flags,
                                    RTL_USER_PROCESS_PARAMETERS *parameters, struct create_info *info,
                                    const struct thread_attribute_list *attributes);

NTSTATUS WINAPI NtCreateThreadEx(PHANDLE handle, ACCESS_MASK access, const OBJECT_ATTRIBUTES *attributes,
                                 HANDLE process, void *start, void *argument, ULONG flags, SIZE_T zero_bits,
                                 SIZE_T commit, SIZE_T reserve, const struct thread_attribute_list *list);
NTSTATUS WINAPI RtlCreateUserThread(HANDLE process, SECURITY_DESCRIPTOR *security, BOOLEAN suspended, ULONG zero_bits,
                                    SIZE_T reserve, SIZE_T commit, void *start, void *argument, PHANDLE handle,
                                    PCLIENT_ID id);
NTSTATUS WINAPI NtCreateJobObject(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes);
NTSTATUS WINAPI NtOpenJobObject(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes);
NTSTATUS WINAPI NtAssignProcessToJobObject(HANDLE job, HANDLE process);
NTSTATUS WINAPI NtIsProcessInJob(HANDLE process, HANDLE job);
NTSTATUS WINAPI NtQueryInformationJobObject(HANDLE job, JOBOBJECTINFOCLASS class, void *data, ULONG size,
                                            ULONG *returned);
NTSTATUS WINAPI NtSetInformationJobObject(HANDLE job, JOBOBJECTINFOCLASS class, void *data, ULONG size);
NTSTATUS WINAPI NtTerminateJobObject(HANDLE job, NTSTATUS code);
void WINAPI RtlUserThreadStart(LPTHREAD_START_ROUTINE start, void *argument);
_Noreturn void WINAPI RtlExitUserThread(NTSTATUS code);
_Noreturn void WINAPI RtlExitUserProcess(NTSTATUS code);
PPEB WINAPI RtlGetCurrentPeb(void);
void WINAPI RtlAcquirePebLock(void);
void WINAPI RtlReleasePebLock(void);
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
NTSTATUS WINAPI NtSetInformationThread(HANDLE handle, THREADINFOCLASS class, void *data, ULONG size);
NTSTATUS WINAPI NtSetInformationProcess(HANDLE handle, PROCESSINFOCLASS class, void *data, ULONG size);
NTSTATUS WINAPI NtFlushProcessWriteBuffers(void);
ULONG WINAPI NtGetCurrentProcessorNumber(void);
BOOLEAN WINAPI RtlIsProcessorFeaturePresent(ULONG feature);

NTSTATUS WINAPI RtlFlsAlloc(PFLS_CALLBACK_FUNCTION callback, ULONG *index);
NTSTATUS WINAPI RtlFlsFree(ULONG index);
NTSTATUS WINAPI RtlFlsSetValue(ULONG index, PVOID value);
NTSTATUS WINAPI RtlFlsGetValue(ULONG index, PVOID *value);
/* flags: 1 calls the callbacks of the values in `data` (a TEB.FlsData), 2 frees it. */
void WINAPI RtlProcessFlsData(PVOID data, ULONG flags);

#endif
