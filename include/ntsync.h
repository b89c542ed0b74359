/*
 * ntsync.h: the part of the NT API about objects, handles, waiting, completion ports and the thread pool
 * that mingw-w64's headers leave out.  Included by ntapi.h.
 */
#ifndef WINRUN_NTSYNC_H
#define WINRUN_NTSYNC_H

#ifndef EVENT_QUERY_STATE
#define EVENT_QUERY_STATE 0x0001
#endif
#ifndef SEMAPHORE_QUERY_STATE
#define SEMAPHORE_QUERY_STATE 0x0001
#endif
#define IO_COMPLETION_QUERY_STATE 0x0001
#define KEYEDEVENT_WAIT 0x0001
#define KEYEDEVENT_WAKE 0x0002
#define KEYEDEVENT_ALL_ACCESS (STANDARD_RIGHTS_REQUIRED | KEYEDEVENT_WAIT | KEYEDEVENT_WAKE)
#define DIRECTORY_QUERY 0x0001
#define DIRECTORY_TRAVERSE 0x0002
#define DIRECTORY_CREATE_OBJECT 0x0004
#define DIRECTORY_CREATE_SUBDIRECTORY 0x0008
#define DIRECTORY_ALL_ACCESS (STANDARD_RIGHTS_REQUIRED | 0xf)
#ifndef OBJ_PROTECT_CLOSE
#define OBJ_PROTECT_CLOSE 0x00000001
#endif

typedef enum { NotificationEvent, SynchronizationEvent } EVENT_TYPE;
typedef enum { NotificationTimer, SynchronizationTimer } TIMER_TYPE;
typedef enum { WaitAllObject, WaitAnyObject } WAIT_TYPE;

typedef struct {
    EVENT_TYPE EventType;
    LONG EventState;
} EVENT_BASIC_INFORMATION;

typedef struct {
    LONG CurrentCount;
    BOOLEAN OwnedByCaller;
    BOOLEAN AbandonedState;
} MUTANT_BASIC_INFORMATION;

typedef struct {
    CLIENT_ID ClientId;
} MUTANT_OWNER_INFORMATION;

typedef struct {
    ULONG CurrentCount;
    ULONG MaximumCount;
} SEMAPHORE_BASIC_INFORMATION;

typedef struct {
    LARGE_INTEGER RemainingTime;
    BOOLEAN TimerState;
} TIMER_BASIC_INFORMATION;

typedef VOID(NTAPI *PTIMER_APC_ROUTINE)(PVOID context, ULONG low, LONG high);

typedef struct {
    LONG Depth;
} IO_COMPLETION_BASIC_INFORMATION;

typedef struct {
    PVOID KeyContext;
    PVOID ApcContext;
    IO_STATUS_BLOCK IoStatusBlock;
} FILE_IO_COMPLETION_INFORMATION;

typedef struct {
    HANDLE Port;
    PVOID Key;
} FILE_COMPLETION_INFORMATION;

#define ObjectHandleFlagInformation ObjectDataInformation

typedef struct {
    ULONG Attributes;
    ACCESS_MASK GrantedAccess;
    ULONG HandleCount;
    ULONG PointerCount;
    ULONG PagedPoolCharge;
    ULONG NonPagedPoolCharge;
    ULONG Reserved[3];
    ULONG NameInfoSize;
    ULONG TypeInfoSize;
    ULONG SecurityDescriptorSize;
    LARGE_INTEGER CreationTime;
} OBJECT_BASIC_INFORMATION_FULL;

typedef struct {
    UNICODE_STRING TypeName;
    ULONG TotalNumberOfObjects;
    ULONG TotalNumberOfHandles;
    ULONG Unused1[8];
    ULONG HighWaterObjects;
    ULONG HighWaterHandles;
    ULONG Unused2[4];
    ULONG InvalidAttributes;
    GENERIC_MAPPING GenericMapping;
    ULONG ValidAccessMask;
    BOOLEAN SecurityRequired;
    BOOLEAN MaintainHandleCount;
    UCHAR TypeIndex;
    CHAR ReservedByte;
    ULONG PoolType;
    ULONG DefaultPagedPoolCharge;
    ULONG DefaultNonPagedPoolCharge;
} OBJECT_TYPE_INFORMATION_FULL;

typedef struct {
    BOOLEAN Inherit;
    BOOLEAN ProtectFromClose;
} OBJECT_HANDLE_FLAG_INFORMATION;

#define DUPLICATE_SAME_ATTRIBUTES 0x00000004

#ifndef STATUS_NOT_SAME_OBJECT
#define STATUS_NOT_SAME_OBJECT ((NTSTATUS)0xC00001AC)
#endif

typedef ULONG LOGICAL;

#ifndef NtCurrentProcess
#define NtCurrentProcess() ((HANDLE)(LONG_PTR)-1)
#define NtCurrentThread() ((HANDLE)(LONG_PTR)-2)
#endif

/* Handles and objects */
NTSTATUS NTAPI NtClose(HANDLE handle);
NTSTATUS NTAPI NtDuplicateObject(HANDLE source_process, HANDLE source, HANDLE target_process, PHANDLE target,
                                 ACCESS_MASK access, ULONG attributes, ULONG options);
NTSTATUS NTAPI NtQueryObject(HANDLE handle, OBJECT_INFORMATION_CLASS class, PVOID buffer, ULONG length,
                             PULONG returned);
NTSTATUS NTAPI NtSetInformationObject(HANDLE handle, ULONG class, PVOID buffer, ULONG length);
NTSTATUS NTAPI NtMakeTemporaryObject(HANDLE handle);
NTSTATUS NTAPI NtMakePermanentObject(HANDLE handle);
NTSTATUS NTAPI NtCompareObjects(HANDLE first, HANDLE second);
NTSTATUS NTAPI NtCreateDirectoryObject(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes);
NTSTATUS NTAPI NtOpenDirectoryObject(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes);

/* Waiting */
NTSTATUS NTAPI NtWaitForSingleObject(HANDLE handle, BOOLEAN alertable, PLARGE_INTEGER timeout);
NTSTATUS NTAPI NtWaitForMultipleObjects(ULONG count, const HANDLE *handles, WAIT_TYPE type, BOOLEAN alertable,
                                        PLARGE_INTEGER timeout);
NTSTATUS NTAPI NtSignalAndWaitForSingleObject(HANDLE signal, HANDLE wait, BOOLEAN alertable, PLARGE_INTEGER timeout);
NTSTATUS NTAPI NtDelayExecution(BOOLEAN alertable, const LARGE_INTEGER *interval);
NTSTATUS NTAPI NtYieldExecution(void);

/* Events, mutants, semaphores, timers, keyed events */
NTSTATUS NTAPI NtCreateEvent(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes, EVENT_TYPE type,
                             BOOLEAN state);
NTSTATUS NTAPI NtOpenEvent(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes);
NTSTATUS NTAPI NtSetEvent(HANDLE handle, PLONG previous);
NTSTATUS NTAPI NtResetEvent(HANDLE handle, PLONG previous);
NTSTATUS NTAPI NtClearEvent(HANDLE handle);
NTSTATUS NTAPI NtPulseEvent(HANDLE handle, PLONG previous);
NTSTATUS NTAPI NtQueryEvent(HANDLE handle, ULONG class, PVOID buffer, ULONG length, PULONG returned);
NTSTATUS NTAPI NtCreateMutant(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes, BOOLEAN owned);
NTSTATUS NTAPI NtOpenMutant(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes);
NTSTATUS NTAPI NtReleaseMutant(HANDLE handle, PLONG previous);
NTSTATUS NTAPI NtQueryMutant(HANDLE handle, ULONG class, PVOID buffer, ULONG length, PULONG returned);
NTSTATUS NTAPI NtCreateSemaphore(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes, LONG initial,
                                 LONG maximum);
NTSTATUS NTAPI NtOpenSemaphore(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes);
NTSTATUS NTAPI NtReleaseSemaphore(HANDLE handle, LONG count, PLONG previous);
NTSTATUS NTAPI NtQuerySemaphore(HANDLE handle, ULONG class, PVOID buffer, ULONG length, PULONG returned);
NTSTATUS NTAPI NtCreateTimer(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes, TIMER_TYPE type);
NTSTATUS NTAPI NtOpenTimer(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes);
NTSTATUS NTAPI NtSetTimer(HANDLE handle, PLARGE_INTEGER due, PTIMER_APC_ROUTINE apc, PVOID context, BOOLEAN resume,
                          LONG period, PBOOLEAN previous);
NTSTATUS NTAPI NtCancelTimer(HANDLE handle, PBOOLEAN previous);
NTSTATUS NTAPI NtQueryTimer(HANDLE handle, ULONG class, PVOID buffer, ULONG length, PULONG returned);
NTSTATUS NTAPI NtCreateKeyedEvent(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes, ULONG flags);
NTSTATUS NTAPI NtOpenKeyedEvent(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes);
NTSTATUS NTAPI NtWaitForKeyedEvent(HANDLE handle, PVOID key, BOOLEAN alertable, PLARGE_INTEGER timeout);
NTSTATUS NTAPI NtReleaseKeyedEvent(HANDLE handle, PVOID key, BOOLEAN alertable, PLARGE_INTEGER timeout);

/* Completion ports */
NTSTATUS NTAPI NtCreateIoCompletion(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes, ULONG threads);
NTSTATUS NTAPI NtOpenIoCompletion(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes);
NTSTATUS NTAPI NtQueryIoCompletion(HANDLE handle, ULONG class, PVOID buffer, ULONG length, PULONG returned);
NTSTATUS NTAPI NtSetIoCompletion(HANDLE handle, PVOID key, PVOID context, NTSTATUS status, ULONG_PTR information);
NTSTATUS NTAPI NtRemoveIoCompletion(HANDLE handle, PVOID *key, PVOID *context, PIO_STATUS_BLOCK io,
                                    PLARGE_INTEGER timeout);
NTSTATUS NTAPI NtRemoveIoCompletionEx(HANDLE handle, FILE_IO_COMPLETION_INFORMATION *entries, ULONG count,
                                      PULONG removed, PLARGE_INTEGER timeout, BOOLEAN alertable);
NTSTATUS NTAPI NtCreateWaitCompletionPacket(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes);
NTSTATUS NTAPI NtAssociateWaitCompletionPacket(HANDLE packet, HANDLE port, HANDLE target, PVOID key, PVOID context,
                                               NTSTATUS status, ULONG_PTR information, PBOOLEAN signaled);
NTSTATUS NTAPI NtCancelWaitCompletionPacket(HANDLE packet, BOOLEAN remove_signaled);

/* Locks in user memory */
NTSTATUS NTAPI RtlInitializeCriticalSection(RTL_CRITICAL_SECTION *section);
NTSTATUS NTAPI RtlInitializeCriticalSectionAndSpinCount(RTL_CRITICAL_SECTION *section, ULONG spin);
NTSTATUS NTAPI RtlInitializeCriticalSectionEx(RTL_CRITICAL_SECTION *section, ULONG spin, ULONG flags);
NTSTATUS NTAPI RtlDeleteCriticalSection(RTL_CRITICAL_SECTION *section);
NTSTATUS NTAPI RtlEnterCriticalSection(RTL_CRITICAL_SECTION *section);
NTSTATUS NTAPI RtlLeaveCriticalSection(RTL_CRITICAL_SECTION *section);
BOOL NTAPI RtlTryEnterCriticalSection(RTL_CRITICAL_SECTION *section);
ULONG NTAPI RtlSetCriticalSectionSpinCount(RTL_CRITICAL_SECTION *section, ULONG spin);
BOOL NTAPI RtlIsCriticalSectionLocked(RTL_CRITICAL_SECTION *section);
BOOL NTAPI RtlIsCriticalSectionLockedByThread(RTL_CRITICAL_SECTION *section);
void NTAPI RtlInitializeSRWLock(PRTL_SRWLOCK lock);
void NTAPI RtlAcquireSRWLockExclusive(PRTL_SRWLOCK lock);
void NTAPI RtlAcquireSRWLockShared(PRTL_SRWLOCK lock);
void NTAPI RtlReleaseSRWLockExclusive(PRTL_SRWLOCK lock);
void NTAPI RtlReleaseSRWLockShared(PRTL_SRWLOCK lock);
BOOLEAN NTAPI RtlTryAcquireSRWLockExclusive(PRTL_SRWLOCK lock);
BOOLEAN NTAPI RtlTryAcquireSRWLockShared(PRTL_SRWLOCK lock);
void NTAPI RtlInitializeConditionVariable(PRTL_CONDITION_VARIABLE variable);
void NTAPI RtlWakeConditionVariable(PRTL_CONDITION_VARIABLE variable);
void NTAPI RtlWakeAllConditionVariable(PRTL_CONDITION_VARIABLE variable);
NTSTATUS NTAPI RtlSleepConditionVariableCS(PRTL_CONDITION_VARIABLE variable, RTL_CRITICAL_SECTION *section,
                                           const LARGE_INTEGER *timeout);
NTSTATUS NTAPI RtlSleepConditionVariableSRW(PRTL_CONDITION_VARIABLE variable, PRTL_SRWLOCK lock,
                                            const LARGE_INTEGER *timeout, ULONG flags);
NTSTATUS NTAPI RtlWaitOnAddress(const volatile void *address, const void *compare, SIZE_T size,
                                const LARGE_INTEGER *timeout);
void NTAPI RtlWakeAddressSingle(const void *address);
void NTAPI RtlWakeAddressAll(const void *address);
void NTAPI RtlRunOnceInitialize(PRTL_RUN_ONCE once);
NTSTATUS NTAPI RtlRunOnceBeginInitialize(PRTL_RUN_ONCE once, ULONG flags, PVOID *context);
NTSTATUS NTAPI RtlRunOnceComplete(PRTL_RUN_ONCE once, ULONG flags, PVOID context);
NTSTATUS NTAPI RtlRunOnceExecuteOnce(PRTL_RUN_ONCE once, PRTL_RUN_ONCE_INIT_FN function, PVOID parameter,
                                     PVOID *context);
NTSTATUS NTAPI RtlInitBarrier(PRTL_BARRIER barrier, ULONG total, ULONG spin);
NTSTATUS NTAPI RtlDeleteBarrier(PRTL_BARRIER barrier);
BOOLEAN NTAPI RtlBarrier(PRTL_BARRIER barrier, ULONG flags);

/* Thread pool */
typedef void(CALLBACK *PTP_IO_CALLBACK)(PTP_CALLBACK_INSTANCE instance, PVOID context, PVOID overlapped,
                                        IO_STATUS_BLOCK *io, PTP_IO object);
NTSTATUS NTAPI TpAllocPool(PTP_POOL *pool, PVOID reserved);
void NTAPI TpReleasePool(PTP_POOL pool);
void NTAPI TpSetPoolMaxThreads(PTP_POOL pool, DWORD maximum);
NTSTATUS NTAPI TpSetPoolMinThreads(PTP_POOL pool, DWORD minimum);
NTSTATUS NTAPI TpSetPoolStackInformation(PTP_POOL pool, PTP_POOL_STACK_INFORMATION information);
NTSTATUS NTAPI TpQueryPoolStackInformation(PTP_POOL pool, PTP_POOL_STACK_INFORMATION information);
NTSTATUS NTAPI TpAllocCleanupGroup(PTP_CLEANUP_GROUP *group);
void NTAPI TpReleaseCleanupGroup(PTP_CLEANUP_GROUP group);
void NTAPI TpReleaseCleanupGroupMembers(PTP_CLEANUP_GROUP group, LOGICAL cancel, PVOID context);
NTSTATUS NTAPI TpSimpleTryPost(PTP_SIMPLE_CALLBACK callback, PVOID context, PTP_CALLBACK_ENVIRON environment);
NTSTATUS NTAPI TpAllocWork(PTP_WORK *work, PTP_WORK_CALLBACK callback, PVOID context, PTP_CALLBACK_ENVIRON environment);
void NTAPI TpPostWork(PTP_WORK work);
void NTAPI TpWaitForWork(PTP_WORK work, LOGICAL cancel);
void NTAPI TpReleaseWork(PTP_WORK work);
NTSTATUS NTAPI TpAllocTimer(PTP_TIMER *timer, PTP_TIMER_CALLBACK callback, PVOID context,
                            PTP_CALLBACK_ENVIRON environment);
void NTAPI TpSetTimer(PTP_TIMER timer, PLARGE_INTEGER due, LONG period, LONG window);
BOOL NTAPI TpSetTimerEx(PTP_TIMER timer, PLARGE_INTEGER due, LONG period, LONG window);
BOOL NTAPI TpIsTimerSet(PTP_TIMER timer);
void NTAPI TpWaitForTimer(PTP_TIMER timer, LOGICAL cancel);
void NTAPI TpReleaseTimer(PTP_TIMER timer);
NTSTATUS NTAPI TpAllocWait(PTP_WAIT *wait, PTP_WAIT_CALLBACK callback, PVOID context, PTP_CALLBACK_ENVIRON environment);
void NTAPI TpSetWait(PTP_WAIT wait, HANDLE handle, PLARGE_INTEGER timeout);
BOOL NTAPI TpSetWaitEx(PTP_WAIT wait, HANDLE handle, PLARGE_INTEGER timeout, PVOID reserved);
void NTAPI TpWaitForWait(PTP_WAIT wait, LOGICAL cancel);
void NTAPI TpReleaseWait(PTP_WAIT wait);
NTSTATUS NTAPI TpAllocIoCompletion(PTP_IO *io, HANDLE file, PTP_IO_CALLBACK callback, PVOID context,
                                   PTP_CALLBACK_ENVIRON environment);
void NTAPI TpStartAsyncIoOperation(PTP_IO io);
void NTAPI TpCancelAsyncIoOperation(PTP_IO io);
void NTAPI TpWaitForIoCompletion(PTP_IO io, LOGICAL cancel);
void NTAPI TpReleaseIoCompletion(PTP_IO io);
NTSTATUS NTAPI TpCallbackMayRunLong(PTP_CALLBACK_INSTANCE instance);
void NTAPI TpDisassociateCallback(PTP_CALLBACK_INSTANCE instance);
void NTAPI TpCallbackSetEventOnCompletion(PTP_CALLBACK_INSTANCE instance, HANDLE event);
void NTAPI TpCallbackReleaseSemaphoreOnCompletion(PTP_CALLBACK_INSTANCE instance, HANDLE semaphore, DWORD count);
void NTAPI TpCallbackReleaseMutexOnCompletion(PTP_CALLBACK_INSTANCE instance, HANDLE mutex);
void NTAPI TpCallbackLeaveCriticalSectionOnCompletion(PTP_CALLBACK_INSTANCE instance, RTL_CRITICAL_SECTION *section);
void NTAPI TpCallbackUnloadDllOnCompletion(PTP_CALLBACK_INSTANCE instance, PVOID dll);

NTSTATUS NTAPI RtlQueueWorkItem(LPTHREAD_START_ROUTINE function, PVOID context, ULONG flags);
NTSTATUS NTAPI RtlSetIoCompletionCallback(HANDLE file, LPOVERLAPPED_COMPLETION_ROUTINE function, ULONG flags);
NTSTATUS NTAPI RtlRegisterWait(PHANDLE wait, HANDLE object, WAITORTIMERCALLBACK callback, PVOID context,
                               ULONG milliseconds, ULONG flags);
NTSTATUS NTAPI RtlDeregisterWait(HANDLE wait);
NTSTATUS NTAPI RtlDeregisterWaitEx(HANDLE wait, HANDLE event);
NTSTATUS NTAPI RtlCreateTimerQueue(PHANDLE queue);
NTSTATUS NTAPI RtlDeleteTimerQueueEx(HANDLE queue, HANDLE event);
NTSTATUS NTAPI RtlCreateTimer(HANDLE queue, PHANDLE timer, WAITORTIMERCALLBACK callback, PVOID context, DWORD due,
                              DWORD period, ULONG flags);
NTSTATUS NTAPI RtlUpdateTimer(HANDLE queue, HANDLE timer, DWORD due, DWORD period);
NTSTATUS NTAPI RtlDeleteTimer(HANDLE queue, HANDLE timer, HANDLE event);

#endif
