/*
 * thread_info.c: opening, ending and asking about threads.
 *
 * Layer: NT layer.  Priorities are remembered and reported, not applied: lowering would need no right, raising one
 * that processes rarely have, and programs raise and lower in pairs.  Affinity is applied.
 */
#include <fcntl.h>
#include <linux/capability.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
#include <x86intrin.h>
#include "ntthread.h"
#include "ntdll/lock.h"
#include "ntdll/peb.h"
#include "ntdll/process.h"
#include "ntdll/process_object.h"
#include "ntdll/processor.h"
#include "ntdll/remote.h"
#include "ntdll/suspend.h"
#include "ntdll/thread_block.h"
#include "ntdll/thread_object.h"
#include "ntdll/token_object.h"

/* The process of a thread, which may be any of the prefix's. */
static NTSTATUS open_in_other(const CLIENT_ID *id, struct thread_object **object)
{
    int tid = (int)(ULONG_PTR)id->UniqueThread, pid = (int)(ULONG_PTR)id->UniqueProcess;
    struct process_object *process;
    char path[32], text[512];

    if (tid <= 0)
        return STATUS_INVALID_CID;
    if (!pid) {
        snprintf(path, sizeof path, "/proc/%d/status", tid);
        int fd = open(path, O_RDONLY | O_CLOEXEC);
        ssize_t length = fd < 0 ? -1 : read(fd, text, sizeof text - 1);
        if (fd >= 0)
            close(fd);
        text[length > 0 ? length : 0] = 0;
        const char *group = strstr(text, "\nTgid:");
        pid = group ? atoi(group + 6) : 0;
    }
    if (pid == process_id() || !pid || process_object_open(pid, &process))
        return STATUS_INVALID_CID;
    NTSTATUS status = remote_thread_open(process, tid, object);
    object_release(process);
    return NT_SUCCESS(status) ? status : STATUS_INVALID_CID;
}

NTSTATUS WINAPI NtOpenThread(PHANDLE handle, ACCESS_MASK access, const OBJECT_ATTRIBUTES *attributes,
                             const CLIENT_ID *id)
{
    struct thread_object *object = NULL;
    NTSTATUS status;

    thread_list_lock();
    for (struct thread *thread = thread_list_first(); thread; thread = thread->next) {
        if (thread->tid == (int)(ULONG_PTR)id->UniqueThread) {
            object = object_reference(thread->object);
            break;
        }
    }
    thread_list_unlock();
    if (!object) {
        status = open_in_other(id, &object);
        if (status)
            return status;
    }
    status = handle_create(object, access, attributes ? attributes->Attributes : 0, handle);
    object_release(&object->object);
    return status;
}

NTSTATUS WINAPI NtTerminateThread(HANDLE handle, NTSTATUS code)
{
    struct thread_object *object;
    NTSTATUS status = thread_from_handle(handle ? handle : NtCurrentThread(), THREAD_TERMINATE, &object);

    if (!NT_SUCCESS(status))
        return status;
    if (object == thread_self()) {
        object_release(&object->object);
        thread_count_end(code);
        thread_leave(code, thread_current()->exit_jump);
    }
    status = suspend_kill(object, code);
    object_release(&object->object);
    return status;
}

/* CPU time so far; for other threads the host tells only the sum, which is shown as user time. */
static void times_of(const struct thread_object *object, struct times_info *times)
{
    struct rusage use;
    struct timespec used;

    times->create.QuadPart = object->create_time;
    times->exit.QuadPart = object->exit_time;
    times->kernel.QuadPart = object->kernel_time;
    times->user.QuadPart = object->user_time;
    if (object->exit_time)
        return;
    if (object == thread_self()) {
        getrusage(RUSAGE_THREAD, &use);
        times->kernel.QuadPart = use.ru_stime.tv_sec * 10000000LL + use.ru_stime.tv_usec * 10;
        times->user.QuadPart = use.ru_utime.tv_sec * 10000000LL + use.ru_utime.tv_usec * 10;
    } else if (clock_gettime(~(clockid_t)object->tid << 3 | 6, &used) == 0) {
        times->user.QuadPart = used.tv_sec * 10000000LL + used.tv_nsec / 100;
    }
}

static ULONG_PTR affinity_of(const struct thread_object *object)
{
    return object->affinity ? object->affinity : processor_mask();
}

/* Cycles of CPU time, at the rate of the time-stamp counter as far as the clock tells. */
static ULONGLONG cycles_of(const struct thread_object *object)
{
    struct times_info times;

    times_of(object, &times);
    return (times.kernel.QuadPart + times.user.QuadPart) * 200; /* 2 GHz */
}

struct name_info {
    UNICODE_STRING name;
    WCHAR text[];
};

static NTSTATUS query_name(struct thread_object *object, struct name_info *info, ULONG size, ULONG *needed)
{
    NTSTATUS status = STATUS_BUFFER_TOO_SMALL;

    host_lock(&object->lock);
    *needed = sizeof info->name + object->name_length;
    if (size >= *needed) {
        info->name.Length = info->name.MaximumLength = object->name_length;
        info->name.Buffer = info->text;
        if (object->name_length)
            memcpy(info->text, object->name, object->name_length);
        status = STATUS_SUCCESS;
    }
    host_unlock(&object->lock);
    return status;
}

union thread_answer {
    struct thread_basic_info basic;
    struct times_info times;
    void *start;
    ULONG number;
    ULONGLONG cycles;
    BOOLEAN flag;
    GROUP_AFFINITY group;
    PROCESSOR_NUMBER processor;
};

static NTSTATUS exit_code_of(const struct thread_object *object)
{
    if (!object->process)
        return (NTSTATUS)object->exit_code;
    if (!object->object.shared)
        return (NTSTATUS)object->process->exit_code;
    const struct thread_shared *shared = (const struct thread_shared *)arena_entry(object->object.shared)->data;
    return atomic_load(&shared->ended) ? (NTSTATUS)shared->exit_code : STATUS_PENDING;
}

static void query_basic(const struct thread_object *object, struct thread_basic_info *info)
{
    if (object->process)
        process_check_ended(object->process);
    info->exit_status = exit_code_of(object);
    info->teb = object->teb;
    info->id.UniqueProcess = (HANDLE)(ULONG_PTR)(object->process ? object->process->pid : process_id());
    info->id.UniqueThread = (HANDLE)(ULONG_PTR)object->tid;
    info->affinity = affinity_of(object);
    info->priority = 8 + object->priority;
    info->base_priority = object->priority;
}

/* Fills `answer`; returns its size, 0 if the class is not known. */
static ULONG query_class(const struct thread_object *object, ULONG class, union thread_answer *answer)
{
    switch (class) {
    case THREAD_BASIC_INFO:
        query_basic(object, &answer->basic);
        return sizeof answer->basic;
    case THREAD_TIMES_INFO:
        times_of(object, &answer->times);
        return sizeof answer->times;
    case THREAD_START_ADDRESS_INFO:
        answer->start = object->start ? object->start : process_peb.ImageBaseAddress;
        return sizeof answer->start;
    case THREAD_LAST_INFO:
        answer->number = thread_is_last();
        return sizeof answer->number;
    case THREAD_PRIORITY_BOOST_INFO:
        answer->number = object->priority_boost_off;
        return sizeof answer->number;
    case THREAD_IO_PENDING_INFO:
        answer->number = 0;
        return sizeof answer->number;
    case THREAD_HIDE_INFO:
        answer->flag = object->hide_from_debugger;
        return sizeof answer->flag;
    case THREAD_ENDED_INFO:
        answer->number = object->exit_time != 0;
        return sizeof answer->number;
    case THREAD_PAGE_PRIORITY_INFO:
        answer->number = 5; /* normal */
        return sizeof answer->number;
    case THREAD_CYCLES_INFO:
        answer->cycles = cycles_of(object);
        return sizeof answer->cycles;
    case THREAD_GROUP_INFO:
        answer->group.Mask = affinity_of(object);
        return sizeof answer->group;
    case THREAD_IDEAL_PROCESSOR_EX_INFO:
        answer->processor.Number = object->ideal_processor;
        return sizeof answer->processor;
    case THREAD_SUSPEND_COUNT_INFO:
        answer->number = atomic_load(&object->suspend) & SUSPEND_COUNT;
        return sizeof answer->number;
    }
    return 0;
}

static NTSTATUS query_here(struct thread_object *object, ULONG class, void *data, ULONG size, ULONG *needed)
{
    union thread_answer answer = {0};

    if (class == THREAD_NAME_INFO)
        return query_name(object, data, size, needed);
    *needed = query_class(object, class, &answer);
    if (!*needed)
        return STATUS_INVALID_INFO_CLASS;
    if (size < *needed || (size > *needed && class == THREAD_BASIC_INFO))
        return STATUS_INFO_LENGTH_MISMATCH;
    memcpy(data, &answer, *needed);
    return STATUS_SUCCESS;
}

/* Whether a thread is to be asked for in its process: not if it has ended, nor for what is known of a first thread. */
static bool ask_other(const struct thread_object *object, ULONG class, ULONG size)
{
    if (!object->process || size > REMOTE_EXCHANGE || process_check_ended(object->process))
        return false;
    return object->object.shared ? exit_code_of(object) == STATUS_PENDING : class != THREAD_BASIC_INFO;
}

NTSTATUS WINAPI NtQueryInformationThread(HANDLE handle, THREADINFOCLASS class, PVOID data, ULONG size, PULONG returned)
{
    struct thread_object *object;
    ULONG needed = 0;
    NTSTATUS status = thread_from_handle(handle, THREAD_QUERY_LIMITED_INFORMATION, &object);

    if (!NT_SUCCESS(status))
        return status;
    bool asked = ask_other(object, class, size);
    if (asked) {
        struct remote_command command = {.what = REMOTE_THREAD_QUERY, .type = class, .size = size};
        status = remote_thread_run(object, &command, data, 0, size);
        needed = (ULONG)command.size;
        asked = status != STATUS_THREAD_IS_TERMINATING && status != STATUS_PROCESS_IS_TERMINATING;
    }
    if (!asked)
        status = query_here(object, class, data, size, &needed);
    object_release(&object->object);
    if (returned && needed)
        *returned = needed;
    return status;
}

static NTSTATUS set_name(struct thread_object *object, const UNICODE_STRING *name)
{
    WCHAR *copy = malloc(name->Length + sizeof(WCHAR)), *old;

    if (!copy)
        return STATUS_NO_MEMORY;
    memcpy(copy, name->Buffer, name->Length);
    host_lock(&object->lock);
    old = object->name;
    object->name = copy;
    object->name_length = name->Length;
    host_unlock(&object->lock);
    free(old);
    return STATUS_SUCCESS;
}

static NTSTATUS set_affinity(struct thread_object *object, ULONG_PTR mask)
{
    if (!mask || mask & ~processor_mask())
        return STATUS_INVALID_PARAMETER;
    object->affinity = mask;
    return processor_bind(object->tid, mask);
}

static int base_nice; /* the process's, before any thread's was changed */

static bool has_cap_sys_nice(void)
{
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct data[2] = {0};

    return syscall(SYS_capget, &header, data) == 0 && data[0].effective & 1u << CAP_SYS_NICE;
}

/*
 * True if the host lets a thread be raised again after it was lowered: else a thread that lowers itself for a while
 * would stay low for good, and priorities are only remembered.
 */
static bool priority_allowed(void)
{
    static _Atomic int known; /* 0: not yet, 1: yes, 2: no */
    struct rlimit limit;

    if (!known) {
        base_nice = getpriority(PRIO_PROCESS, 0);
        bool limited = getrlimit(RLIMIT_NICE, &limit) != 0 ||
                       (limit.rlim_cur != RLIM_INFINITY && 20 - (int)limit.rlim_cur > base_nice);
        known = limited && !has_cap_sys_nice() ? 2 : 1;
    }
    return known == 1;
}

/* Windows' relative priorities as the host's nice values; what is too low or too high is cut off by the kernel. */
static int nice_of(LONG priority)
{
    static const int steps[] = {10, 5, 0, -5, -10}; /* lowest ... highest */

    if (priority <= THREAD_PRIORITY_IDLE)
        return 19;
    if (priority >= THREAD_PRIORITY_TIME_CRITICAL)
        return -20;
    LONG step = priority < -2 ? -2 : priority > 2 ? 2 : priority;
    return base_nice + steps[step + 2];
}

static NTSTATUS set_priority(struct thread_object *object, LONG priority)
{
    if (priority < THREAD_PRIORITY_IDLE || priority > THREAD_PRIORITY_TIME_CRITICAL)
        return STATUS_INVALID_PARAMETER;
    object->priority = priority;
    if (object->tid && priority_allowed())
        setpriority(PRIO_PROCESS, (id_t)object->tid, nice_of(priority));
    return STATUS_SUCCESS;
}

/* TlsFree: the slot becomes NULL in every thread. */
static void zero_tls(ULONG index)
{
    thread_list_lock();
    for (struct thread *thread = thread_list_first(); thread; thread = thread->next) {
        PTEB teb = thread_teb(thread);
        if (index < TLS_MINIMUM_AVAILABLE)
            teb->TlsSlots[index] = NULL;
        else if (teb->TlsExpansionSlots && index < TLS_MINIMUM_AVAILABLE + 1024)
            teb->TlsExpansionSlots[index - TLS_MINIMUM_AVAILABLE] = NULL;
    }
    thread_list_unlock();
}

static ULONG set_size(ULONG class)
{
    switch (class) {
    case THREAD_AFFINITY_INFO:
        return sizeof(ULONG_PTR);
    case THREAD_HIDE_INFO:
        return 0;
    case THREAD_GROUP_INFO:
        return sizeof(GROUP_AFFINITY);
    case THREAD_IDEAL_PROCESSOR_EX_INFO:
        return sizeof(PROCESSOR_NUMBER);
    case THREAD_NAME_INFO:
        return sizeof(UNICODE_STRING);
    case ThreadImpersonationToken:
        return sizeof(HANDLE);
    }
    return sizeof(ULONG);
}

static NTSTATUS set_class(struct thread_object *object, ULONG class, void *data)
{
    switch (class) {
    case THREAD_BASE_PRIORITY_INFO:
        return set_priority(object, *(LONG *)data);
    case THREAD_AFFINITY_INFO:
        return set_affinity(object, *(ULONG_PTR *)data);
    case THREAD_GROUP_INFO:
        if (((GROUP_AFFINITY *)data)->Group)
            return STATUS_INVALID_PARAMETER;
        return set_affinity(object, ((GROUP_AFFINITY *)data)->Mask);
    case THREAD_IDEAL_PROCESSOR_INFO:
        object->ideal_processor = *(ULONG *)data;
        return STATUS_SUCCESS;
    case THREAD_IDEAL_PROCESSOR_EX_INFO:
        object->ideal_processor = ((PROCESSOR_NUMBER *)data)->Number;
        return STATUS_SUCCESS;
    case THREAD_PRIORITY_BOOST_INFO:
        object->priority_boost_off = *(ULONG *)data != 0;
        return STATUS_SUCCESS;
    case THREAD_HIDE_INFO:
        object->hide_from_debugger = TRUE;
        return STATUS_SUCCESS;
    case THREAD_ZERO_TLS_INFO:
        zero_tls(*(ULONG *)data);
        return STATUS_SUCCESS;
    case THREAD_BREAK_INFO:
    case THREAD_PAGE_PRIORITY_INFO:
        return STATUS_SUCCESS;
    case THREAD_NAME_INFO:
        return set_name(object, data);
    case ThreadImpersonationToken:
        return token_impersonate(&object->object, *(HANDLE *)data);
    }
    return STATUS_INVALID_INFO_CLASS;
}

NTSTATUS WINAPI NtSetInformationThread(HANDLE handle, THREADINFOCLASS class, void *data, ULONG size)
{
    struct thread_object *object;
    NTSTATUS status;

    if (size != set_size(class))
        return STATUS_INFO_LENGTH_MISMATCH;
    status = thread_from_handle(handle, THREAD_SET_LIMITED_INFORMATION, &object);
    if (!NT_SUCCESS(status))
        return status;
    if (object->process) {
        struct remote_command command = {.what = REMOTE_THREAD_SET, .type = class, .size = size};
        status = (ULONG) class == THREAD_NAME_INFO || (ULONG) class == ThreadImpersonationToken ? STATUS_NOT_SUPPORTED
                                                   : remote_thread_run(object, &command, data, size, 0);
    } else {
        status = set_class(object, class, data);
    }
    object_release(&object->object);
    return status;
}
