/*
 * job.c: job objects.  They hold this process at most; limits are kept and reported, not enforced.
 *
 * Layer: NT layer.
 */
#include <stdlib.h>
#include <string.h>
#include "ntthread.h"
#include "ntdll/job.h"
#include "ntdll/object.h"
#include "ntdll/peb.h"
#include "ntdll/process.h"

struct job {
    struct object object;
    struct waitable ended; /* signalled when a limit ended the job: never */
    JOBOBJECT_EXTENDED_LIMIT_INFORMATION limits;
    JOBOBJECT_BASIC_UI_RESTRICTIONS restrictions;
    struct object *port; /* completion port that is told, NULL if none */
    PVOID key;
};

static _Atomic(struct job *) own_job; /* the innermost job of this process; referenced */

static void job_destroy(struct object *object)
{
    struct job *job = (struct job *)object;

    if (job->port)
        object_release(job->port);
    object_free(object);
}

const struct object_type type_job = {
    .name = "Job",
    .mapping = {STANDARD_RIGHTS_READ | JOB_OBJECT_QUERY,
                STANDARD_RIGHTS_WRITE | JOB_OBJECT_ASSIGN_PROCESS | JOB_OBJECT_SET_ATTRIBUTES | JOB_OBJECT_TERMINATE,
                STANDARD_RIGHTS_EXECUTE | SYNCHRONIZE, JOB_OBJECT_ALL_ACCESS},
    .all_access = JOB_OBJECT_ALL_ACCESS,
    .destroy = job_destroy,
};

NTSTATUS job_prepare_child(uint32_t record, bool breakaway, const HANDLE *jobs, ULONG count)
{
    (void)record, (void)breakaway, (void)jobs, (void)count;
    return STATUS_SUCCESS;
}

void job_child_started(uint32_t record, int pid)
{
    (void)record, (void)pid;
}

void job_handles_closed(struct arena_entry *entry)
{
    (void)entry;
}

NTSTATUS WINAPI NtCreateJobObject(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes)
{
    struct job *job = object_create(&type_job, sizeof *job);

    if (!job)
        return STATUS_NO_MEMORY;
    waitable_init(&job->ended, WAIT_NOTIFICATION, 0);
    job->object.waitable = &job->ended;
    job->limits.BasicLimitInformation.PriorityClass = NORMAL_PRIORITY_CLASS;
    return object_publish(job, access, attributes, handle);
}

NTSTATUS WINAPI NtOpenJobObject(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes)
{
    return object_open(&type_job, access, attributes, handle);
}

static void job_tell(struct job *job, DWORD message)
{
    if (job->port)
        completion_post(job->port, (ULONG_PTR)job->key, (PVOID)(ULONG_PTR)process_id(), STATUS_SUCCESS, message);
}

NTSTATUS WINAPI NtAssignProcessToJobObject(HANDLE handle, HANDLE process)
{
    void *job, *target, *old;
    NTSTATUS status = handle_lookup(process, &type_process, PROCESS_SET_QUOTA | PROCESS_TERMINATE, &target);

    if (!NT_SUCCESS(status))
        return status;
    object_release(target);
    status = handle_lookup(handle, &type_job, JOB_OBJECT_ASSIGN_PROCESS, &job);
    if (!NT_SUCCESS(status))
        return status;
    old = atomic_exchange(&own_job, job); /* the look-up's reference stays with it */
    if (old)
        object_release(old);
    job_tell(job, JOB_OBJECT_MSG_NEW_PROCESS);
    return STATUS_SUCCESS;
}

NTSTATUS WINAPI NtIsProcessInJob(HANDLE process, HANDLE handle)
{
    void *job, *target;
    bool in = atomic_load(&own_job) != NULL;
    NTSTATUS status = handle_lookup(process, &type_process, PROCESS_QUERY_LIMITED_INFORMATION, &target);

    if (!NT_SUCCESS(status))
        return status;
    object_release(target);
    if (handle) {
        status = handle_lookup(handle, &type_job, JOB_OBJECT_QUERY, &job);
        if (!NT_SUCCESS(status))
            return status;
        in = job == atomic_load(&own_job);
        object_release(job);
    }
    return in ? STATUS_PROCESS_IN_JOB : STATUS_PROCESS_NOT_IN_JOB;
}

union job_answer {
    JOBOBJECT_BASIC_AND_IO_ACCOUNTING_INFORMATION accounting;
    JOBOBJECT_EXTENDED_LIMIT_INFORMATION limits;
    JOBOBJECT_BASIC_PROCESS_ID_LIST list;
    JOBOBJECT_BASIC_UI_RESTRICTIONS restrictions;
};

static void account(const struct job *job, JOBOBJECT_BASIC_AND_IO_ACCOUNTING_INFORMATION *info)
{
    struct times_info times;

    if (job != atomic_load(&own_job))
        return;
    info->BasicInfo.TotalProcesses = info->BasicInfo.ActiveProcesses = 1;
    NtQueryInformationProcess(NtCurrentProcess(), (PROCESSINFOCLASS)PROCESS_TIMES_INFO, &times, sizeof times, NULL);
    info->BasicInfo.TotalUserTime = info->BasicInfo.ThisPeriodTotalUserTime = times.user;
    info->BasicInfo.TotalKernelTime = info->BasicInfo.ThisPeriodTotalKernelTime = times.kernel;
    NtQueryInformationProcess(NtCurrentProcess(), (PROCESSINFOCLASS)PROCESS_IO_INFO, &info->IoInfo, sizeof info->IoInfo,
                              NULL);
}

/* Fills `answer`; returns its size, 0: no such class. */
static ULONG query_class(const struct job *job, JOBOBJECTINFOCLASS class, union job_answer *answer)
{
    switch (class) {
    case JobObjectBasicAccountingInformation:
        account(job, &answer->accounting);
        return sizeof answer->accounting.BasicInfo;
    case JobObjectBasicAndIoAccountingInformation:
        account(job, &answer->accounting);
        return sizeof answer->accounting;
    case JobObjectBasicLimitInformation:
        answer->limits = job->limits;
        return sizeof answer->limits.BasicLimitInformation;
    case JobObjectExtendedLimitInformation:
        answer->limits = job->limits;
        return sizeof answer->limits;
    case JobObjectBasicUIRestrictions:
        answer->restrictions = job->restrictions;
        return sizeof answer->restrictions;
    case JobObjectBasicProcessIdList:
        if (job == atomic_load(&own_job)) {
            answer->list.NumberOfAssignedProcesses = answer->list.NumberOfProcessIdsInList = 1;
            answer->list.ProcessIdList[0] = process_id();
        }
        return sizeof answer->list;
    default:
        return 0;
    }
}

NTSTATUS WINAPI NtQueryInformationJobObject(HANDLE handle, JOBOBJECTINFOCLASS class, void *data, ULONG size,
                                            ULONG *returned)
{
    union job_answer answer = {0};
    struct job *job = atomic_load(&own_job);
    void *found = NULL;
    ULONG needed;
    NTSTATUS status = STATUS_SUCCESS;

    if (handle) {
        status = handle_lookup(handle, &type_job, JOB_OBJECT_QUERY, &found);
        if (!NT_SUCCESS(status))
            return status;
        job = found;
    }
    needed = job ? query_class(job, class, &answer) : 0;
    if (found)
        object_release(found);
    if (!job)
        return STATUS_ACCESS_DENIED; /* NULL asks for the caller's job, and it is in none */
    if (!needed)
        return STATUS_INVALID_INFO_CLASS;
    if (returned)
        *returned = needed;
    if (size < needed)
        return STATUS_INFO_LENGTH_MISMATCH;
    memcpy(data, &answer, needed);
    return status;
}

static NTSTATUS set_port(struct job *job, const JOBOBJECT_ASSOCIATE_COMPLETION_PORT *info)
{
    void *port = NULL;

    if (info->CompletionPort) {
        NTSTATUS status = handle_lookup(info->CompletionPort, &type_io_completion, IO_COMPLETION_MODIFY_STATE, &port);
        if (!NT_SUCCESS(status))
            return status;
    }
    if (job->port)
        object_release(job->port);
    job->port = port;
    job->key = info->CompletionKey;
    return STATUS_SUCCESS;
}

static NTSTATUS set_class(struct job *job, JOBOBJECTINFOCLASS class, const void *data, ULONG size)
{
    switch (class) {
    case JobObjectBasicLimitInformation:
        if (size != sizeof job->limits.BasicLimitInformation)
            return STATUS_INFO_LENGTH_MISMATCH;
        memcpy(&job->limits.BasicLimitInformation, data, size);
        return STATUS_SUCCESS;
    case JobObjectExtendedLimitInformation:
        if (size != sizeof job->limits)
            return STATUS_INFO_LENGTH_MISMATCH;
        memcpy(&job->limits, data, size);
        return STATUS_SUCCESS;
    case JobObjectBasicUIRestrictions:
        if (size != sizeof job->restrictions)
            return STATUS_INFO_LENGTH_MISMATCH;
        memcpy(&job->restrictions, data, size);
        return STATUS_SUCCESS;
    case JobObjectAssociateCompletionPortInformation:
        if (size != sizeof(JOBOBJECT_ASSOCIATE_COMPLETION_PORT))
            return STATUS_INFO_LENGTH_MISMATCH;
        return set_port(job, data);
    case JobObjectEndOfJobTimeInformation:
    case JobObjectCpuRateControlInformation:
    case JobObjectNotificationLimitInformation:
        return STATUS_SUCCESS;
    default:
        return STATUS_INVALID_INFO_CLASS;
    }
}

NTSTATUS WINAPI NtSetInformationJobObject(HANDLE handle, JOBOBJECTINFOCLASS class, void *data, ULONG size)
{
    void *job;
    NTSTATUS status = handle_lookup(handle, &type_job, JOB_OBJECT_SET_ATTRIBUTES, &job);

    if (!NT_SUCCESS(status))
        return status;
    status = set_class(job, class, data, size);
    object_release(job);
    return status;
}

NTSTATUS WINAPI NtTerminateJobObject(HANDLE handle, NTSTATUS code)
{
    void *job;
    NTSTATUS status = handle_lookup(handle, &type_job, JOB_OBJECT_TERMINATE, &job);

    if (!NT_SUCCESS(status))
        return status;
    if (job == atomic_load(&own_job))
        process_terminate(code);
    object_release(job);
    return STATUS_SUCCESS;
}
