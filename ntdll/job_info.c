/*
 * job_info.c: what jobs tell, and what is set in them.
 *
 * Layer: NT layer.
 */
#include <string.h>
#include "job.h"
#include "ntthread.h"
#include "process_object.h"
#include "processor.h"

#define RATE_MOST 10000 /* hundredths of a per cent */
#define WEIGHT_MOST 9
#define MEMORY_LEAST 0x1000

union job_answer {
    JOBOBJECT_BASIC_AND_IO_ACCOUNTING_INFORMATION accounting;
    JOBOBJECT_EXTENDED_LIMIT_INFORMATION limits;
    JOBOBJECT_BASIC_UI_RESTRICTIONS restrictions;
    JOBOBJECT_END_OF_JOB_TIME_INFORMATION end;
    JOBOBJECT_CPU_RATE_CONTROL_INFORMATION rate;
    USHORT group;
    GROUP_AFFINITY affinity;
};

static void member_account(struct arena_process *member, void *context)
{
    JOBOBJECT_BASIC_AND_IO_ACCOUNTING_INFORMATION *info = context;
    int pid = atomic_load(&member->pid);
    LONGLONG user, kernel;
    IO_COUNTERS io = {0};

    info->BasicInfo.ActiveProcesses++;
    process_host_times(pid, &user, &kernel);
    info->BasicInfo.TotalUserTime.QuadPart += user;
    info->BasicInfo.TotalKernelTime.QuadPart += kernel;
    process_host_io(pid, &io);
    info->IoInfo.ReadOperationCount += io.ReadOperationCount;
    info->IoInfo.WriteOperationCount += io.WriteOperationCount;
    info->IoInfo.OtherOperationCount += io.OtherOperationCount;
    info->IoInfo.ReadTransferCount += io.ReadTransferCount;
    info->IoInfo.WriteTransferCount += io.WriteTransferCount;
    info->IoInfo.OtherTransferCount += io.OtherTransferCount;
}

/* What members that have ended read and wrote is not known any more. */
static void account(uint32_t index, JOBOBJECT_BASIC_AND_IO_ACCOUNTING_INFORMATION *info)
{
    const struct job_shared *job = job_shared_at(index);

    job_walk(index, member_account, info);
    info->BasicInfo.TotalProcesses = job->total;
    info->BasicInfo.TotalTerminatedProcesses = job->terminated;
    info->BasicInfo.TotalUserTime.QuadPart += job->user_time;
    info->BasicInfo.TotalKernelTime.QuadPart += job->kernel_time;
    info->BasicInfo.ThisPeriodTotalUserTime = info->BasicInfo.TotalUserTime;
    info->BasicInfo.ThisPeriodTotalUserTime.QuadPart -= job->time_base;
    info->BasicInfo.ThisPeriodTotalKernelTime = info->BasicInfo.TotalKernelTime;
}

struct peak {
    uint64_t most, all;
};

static void member_peak(struct arena_process *member, void *context)
{
    struct peak *peak = context;
    uint64_t data = process_data_size(atomic_load(&member->pid));

    peak->all += data;
    peak->most = data > peak->most ? data : peak->most;
}

static void query_limits(uint32_t index, JOBOBJECT_EXTENDED_LIMIT_INFORMATION *limits)
{
    struct job_shared *job = job_shared_at(index);
    struct peak peak = {0};

    job_walk(index, member_peak, &peak);
    job->peak_process = peak.most > job->peak_process ? peak.most : job->peak_process;
    job->peak_job = peak.all > job->peak_job ? peak.all : job->peak_job;
    limits->BasicLimitInformation = job->limits;
    limits->ProcessMemoryLimit = job->process_memory;
    limits->JobMemoryLimit = job->job_memory;
    limits->PeakProcessMemoryUsed = job->peak_process;
    limits->PeakJobMemoryUsed = job->peak_job;
}

/* Fills `answer`; returns its size, 0: no such class. */
static ULONG query_class(uint32_t index, JOBOBJECTINFOCLASS class, union job_answer *answer)
{
    struct job_shared *job = job_shared_at(index);

    switch (class) {
    case JobObjectBasicAccountingInformation:
        account(index, &answer->accounting);
        return sizeof answer->accounting.BasicInfo;
    case JobObjectBasicAndIoAccountingInformation:
        account(index, &answer->accounting);
        return sizeof answer->accounting;
    case JobObjectBasicLimitInformation:
        answer->limits.BasicLimitInformation = job->limits;
        answer->limits.BasicLimitInformation.LimitFlags &= JOB_OBJECT_BASIC_LIMIT_VALID_FLAGS;
        return sizeof answer->limits.BasicLimitInformation;
    case JobObjectExtendedLimitInformation:
        query_limits(index, &answer->limits);
        return sizeof answer->limits;
    case JobObjectBasicUIRestrictions:
        answer->restrictions.UIRestrictionsClass = job->restrictions;
        return sizeof answer->restrictions;
    case JobObjectEndOfJobTimeInformation:
        answer->end.EndOfJobTimeAction = job->end_action;
        return sizeof answer->end;
    case JobObjectCpuRateControlInformation:
        answer->rate.ControlFlags = job->rate_control;
        answer->rate.CpuRate = job->cpu_rate;
        return sizeof answer->rate;
    case JobObjectGroupInformation: /* there is one group of processors */
        return sizeof answer->group;
    case JobObjectGroupInformationEx:
        answer->affinity.Mask = processor_mask();
        return sizeof answer->affinity;
    default:
        return 0;
    }
}

struct id_list {
    JOBOBJECT_BASIC_PROCESS_ID_LIST *list;
    ULONG room;
};

static void member_list(struct arena_process *process, void *context)
{
    struct id_list *ids = context;

    ids->list->NumberOfAssignedProcesses++;
    if (ids->list->NumberOfProcessIdsInList < ids->room)
        ids->list->ProcessIdList[ids->list->NumberOfProcessIdsInList++] = (ULONG_PTR)atomic_load(&process->pid);
}

static NTSTATUS query_list(uint32_t index, JOBOBJECT_BASIC_PROCESS_ID_LIST *list, ULONG size, ULONG *needed)
{
    const ULONG head = offsetof(JOBOBJECT_BASIC_PROCESS_ID_LIST, ProcessIdList);
    struct id_list ids = {list, size < head ? 0 : (size - head) / (ULONG)sizeof list->ProcessIdList[0]};

    *needed = sizeof *list;
    if (size < sizeof *list)
        return STATUS_INFO_LENGTH_MISMATCH;
    list->NumberOfAssignedProcesses = list->NumberOfProcessIdsInList = 0;
    job_walk(index, member_list, &ids);
    *needed = head + list->NumberOfProcessIdsInList * (ULONG)sizeof list->ProcessIdList[0];
    return list->NumberOfProcessIdsInList < list->NumberOfAssignedProcesses ? STATUS_BUFFER_OVERFLOW : STATUS_SUCCESS;
}

/* NULL asks for the caller's own job, the innermost. */
static NTSTATUS query_target(HANDLE handle, struct job **job, uint32_t *index)
{
    *job = NULL;
    *index = 0;
    if (handle) {
        NTSTATUS status = handle_lookup(handle, &type_job, JOB_OBJECT_QUERY, (void **)job);
        if (NT_SUCCESS(status))
            *index = (*job)->object.shared;
        return status;
    }
    for (unsigned i = 0; i < ARENA_JOBS && arena_attached(); i++)
        if (atomic_load(&arena_process(arena_self())->jobs[i]))
            *index = atomic_load(&arena_process(arena_self())->jobs[i]);
    return *index ? STATUS_SUCCESS : STATUS_ACCESS_DENIED;
}

NTSTATUS WINAPI NtQueryInformationJobObject(HANDLE handle, JOBOBJECTINFOCLASS class, void *data, ULONG size,
                                            ULONG *returned)
{
    union job_answer answer = {0};
    struct job *job;
    uint32_t index;
    ULONG needed = 0;
    NTSTATUS status = query_target(handle, &job, &index);

    if (!NT_SUCCESS(status))
        return status;
    if (class == JobObjectBasicProcessIdList) {
        status = query_list(index, data, size, &needed);
    } else {
        needed = query_class(index, class, &answer);
        status = !needed ? STATUS_INVALID_INFO_CLASS : size < needed ? STATUS_INFO_LENGTH_MISMATCH : STATUS_SUCCESS;
        if (!status)
            memcpy(data, &answer, needed);
    }
    if (job)
        object_release(job);
    if (returned && needed)
        *returned = needed;
    return status;
}

/* Limits that contradict themselves. */
static bool limits_wrong(const JOBOBJECT_BASIC_LIMIT_INFORMATION *limits)
{
    ULONG flags = limits->LimitFlags;

    if (flags & JOB_OBJECT_LIMIT_JOB_TIME && flags & JOB_OBJECT_LIMIT_PRESERVE_JOB_TIME)
        return true;
    if (flags & JOB_OBJECT_LIMIT_WORKINGSET &&
        (!limits->MinimumWorkingSetSize || limits->MinimumWorkingSetSize > limits->MaximumWorkingSetSize))
        return true;
    if (flags & JOB_OBJECT_LIMIT_PRIORITY_CLASS && !job_priority_known(limits->PriorityClass))
        return true;
    if (flags & JOB_OBJECT_LIMIT_SCHEDULING_CLASS && limits->SchedulingClass > 9)
        return true;
    return flags & JOB_OBJECT_LIMIT_AFFINITY && (!limits->Affinity || limits->Affinity & ~processor_mask());
}

static NTSTATUS set_limits(struct job *job, const JOBOBJECT_EXTENDED_LIMIT_INFORMATION *limits, ULONG valid)
{
    struct job_shared *shared = job_shared(job);
    JOBOBJECT_BASIC_LIMIT_INFORMATION basic = limits->BasicLimitInformation;
    JOBOBJECT_BASIC_AND_IO_ACCOUNTING_INFORMATION used = {0};

    if (basic.LimitFlags & ~valid || limits_wrong(&basic))
        return STATUS_INVALID_PARAMETER;
    if (valid == JOB_OBJECT_EXTENDED_LIMIT_VALID_FLAGS) {
        ULONG flags = basic.LimitFlags;
        if ((flags & JOB_OBJECT_LIMIT_PROCESS_MEMORY && limits->ProcessMemoryLimit < MEMORY_LEAST) ||
            (flags & JOB_OBJECT_LIMIT_JOB_MEMORY && limits->JobMemoryLimit < MEMORY_LEAST))
            return STATUS_INVALID_PARAMETER;
    }
    account(job->object.shared, &used);
    arena_lock();
    if (basic.LimitFlags & JOB_OBJECT_LIMIT_JOB_TIME) {
        shared->time_base = used.BasicInfo.TotalUserTime.QuadPart;
    } else if (basic.LimitFlags & JOB_OBJECT_LIMIT_PRESERVE_JOB_TIME) {
        basic.LimitFlags |= shared->limits.LimitFlags & JOB_OBJECT_LIMIT_JOB_TIME;
        basic.PerJobUserTimeLimit = shared->limits.PerJobUserTimeLimit;
    }
    shared->limits = basic;
    if (valid == JOB_OBJECT_EXTENDED_LIMIT_VALID_FLAGS) {
        shared->process_memory = limits->ProcessMemoryLimit;
        shared->job_memory = limits->JobMemoryLimit;
    }
    arena_unlock();
    return job_limits_changed(job);
}

/* Kept and told again: nobody's share of the processors is limited by it. */
static NTSTATUS set_rate(struct job_shared *job, const JOBOBJECT_CPU_RATE_CONTROL_INFORMATION *rate)
{
    ULONG flags = rate->ControlFlags;
    bool by_weight = flags & JOB_OBJECT_CPU_RATE_CONTROL_WEIGHT_BASED;

    if (flags & ~(ULONG)JOB_OBJECT_CPU_RATE_CONTROL_VALID_FLAGS ||
        (by_weight && flags & JOB_OBJECT_CPU_RATE_CONTROL_HARD_CAP))
        return STATUS_INVALID_PARAMETER;
    if (flags & JOB_OBJECT_CPU_RATE_CONTROL_ENABLE &&
        (!rate->CpuRate || rate->CpuRate > (by_weight ? WEIGHT_MOST : RATE_MOST)))
        return STATUS_INVALID_PARAMETER;
    job->rate_control = flags;
    job->cpu_rate = rate->CpuRate;
    return STATUS_SUCCESS;
}

/* 0: there is no such class, or it can not be set. */
static ULONG set_size(JOBOBJECTINFOCLASS class)
{
    switch (class) {
    case JobObjectBasicLimitInformation:
        return sizeof(JOBOBJECT_BASIC_LIMIT_INFORMATION);
    case JobObjectExtendedLimitInformation:
        return sizeof(JOBOBJECT_EXTENDED_LIMIT_INFORMATION);
    case JobObjectBasicUIRestrictions:
        return sizeof(JOBOBJECT_BASIC_UI_RESTRICTIONS);
    case JobObjectAssociateCompletionPortInformation:
        return sizeof(JOBOBJECT_ASSOCIATE_COMPLETION_PORT);
    case JobObjectEndOfJobTimeInformation:
        return sizeof(JOBOBJECT_END_OF_JOB_TIME_INFORMATION);
    case JobObjectCpuRateControlInformation:
        return sizeof(JOBOBJECT_CPU_RATE_CONTROL_INFORMATION);
    default:
        return 0;
    }
}

static NTSTATUS set_class(struct job *job, JOBOBJECTINFOCLASS class, const void *data, ULONG size)
{
    struct job_shared *shared = job_shared(job);
    JOBOBJECT_EXTENDED_LIMIT_INFORMATION basic = {0};

    if (!set_size(class))
        return STATUS_INVALID_INFO_CLASS;
    if (size != set_size(class))
        return STATUS_INFO_LENGTH_MISMATCH;
    switch (class) {
    case JobObjectBasicLimitInformation:
        memcpy(&basic.BasicLimitInformation, data, size);
        return set_limits(job, &basic, JOB_OBJECT_BASIC_LIMIT_VALID_FLAGS);
    case JobObjectExtendedLimitInformation:
        return set_limits(job, data, JOB_OBJECT_EXTENDED_LIMIT_VALID_FLAGS);
    case JobObjectBasicUIRestrictions:
        if (*(const DWORD *)data & ~(DWORD)JOB_OBJECT_UI_VALID_FLAGS)
            return STATUS_INVALID_PARAMETER;
        shared->restrictions = *(const DWORD *)data;
        return STATUS_SUCCESS;
    case JobObjectAssociateCompletionPortInformation:
        return job_port_set(job, data);
    case JobObjectEndOfJobTimeInformation:
        if (*(const DWORD *)data > JOB_OBJECT_POST_AT_END_OF_JOB)
            return STATUS_INVALID_PARAMETER;
        shared->end_action = *(const DWORD *)data;
        return STATUS_SUCCESS;
    default:
        return set_rate(shared, data);
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
