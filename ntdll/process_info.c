/*
 * process_info.c: the object of this process, and asking about it.
 *
 * Layer: NT layer.  Only this process can be opened so far.  Counters are read from /proc when asked for.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <unistd.h>
#include "ntthread.h"
#include "ntdll/object.h"
#include "ntdll/peb.h"
#include "ntdll/process.h"
#include "ntdll/processor.h"
#include "ntdll/thread_object.h"

struct process_object {
    struct object object;
    struct waitable ended;
};

static struct process_object self;
static UCHAR priority_class = 2; /* normal */
static ULONG error_mode, priority_boost_off, cookie;

const struct object_type type_process = {
    .name = "Process",
    .mapping = {STANDARD_RIGHTS_READ | PROCESS_VM_READ | PROCESS_QUERY_INFORMATION,
                STANDARD_RIGHTS_WRITE | PROCESS_CREATE_PROCESS | PROCESS_CREATE_THREAD | PROCESS_VM_OPERATION |
                    PROCESS_VM_WRITE | PROCESS_DUP_HANDLE | PROCESS_TERMINATE | PROCESS_SET_QUOTA |
                    PROCESS_SET_INFORMATION,
                STANDARD_RIGHTS_EXECUTE | SYNCHRONIZE | PROCESS_QUERY_LIMITED_INFORMATION, PROCESS_ALL_ACCESS},
    .all_access = PROCESS_ALL_ACCESS,
};

struct object *process_object(void)
{
    if (!self.object.type) { /* writing it twice does no harm */
        waitable_init(&self.ended, WAIT_NOTIFICATION, 0);
        self.object.waitable = &self.ended;
        atomic_store(&self.object.references, 1u << 30); /* never freed */
        self.object.type = &type_process;
    }
    return &self.object;
}

NTSTATUS WINAPI NtOpenProcess(PHANDLE handle, ACCESS_MASK access, const OBJECT_ATTRIBUTES *attributes,
                              const CLIENT_ID *id)
{
    if (id->UniqueProcess != (HANDLE)(ULONG_PTR)process_id())
        return STATUS_INVALID_CID;
    return handle_create(process_object(), access, attributes ? attributes->Attributes : 0, handle);
}

NTSTATUS WINAPI NtTerminateProcess(HANDLE handle, NTSTATUS code)
{
    void *object;
    NTSTATUS status = handle_lookup(handle ? handle : NtCurrentProcess(), &type_process, PROCESS_TERMINATE, &object);

    if (!NT_SUCCESS(status))
        return status;
    process_terminate(code);
}

/* A whole small file of /proc as text. */
static bool proc_read(const char *path, char *text, size_t size)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t length;

    if (fd < 0)
        return false;
    length = read(fd, text, size - 1);
    close(fd);
    text[length > 0 ? length : 0] = 0;
    return length > 0;
}

static ULONGLONG proc_number(const char *text, const char *name)
{
    const char *found = strstr(text, name);

    return found ? strtoull(found + strlen(name), NULL, 10) : 0;
}

static void query_memory(struct process_memory_info *info)
{
    char text[4096];
    struct rusage use;

    getrusage(RUSAGE_SELF, &use);
    info->page_faults = use.ru_minflt + use.ru_majflt;
    if (!proc_read("/proc/self/status", text, sizeof text))
        return;
    info->peak_virtual = proc_number(text, "VmPeak:") << 10;
    info->virtual_size = proc_number(text, "VmSize:") << 10;
    info->peak_working_set = proc_number(text, "VmHWM:") << 10;
    info->working_set = proc_number(text, "VmRSS:") << 10;
    info->pagefile = info->private_bytes = (proc_number(text, "RssAnon:") + proc_number(text, "VmSwap:")) << 10;
    info->peak_pagefile = info->peak_working_set > info->pagefile ? info->peak_working_set : info->pagefile;
    info->paged_pool = info->peak_paged_pool = 64 << 10; /* kernel memory; programs only show it */
    info->nonpaged_pool = info->peak_nonpaged_pool = 16 << 10;
}

static void query_io(IO_COUNTERS *info)
{
    char text[512];

    if (!proc_read("/proc/self/io", text, sizeof text))
        return;
    info->ReadTransferCount = proc_number(text, "rchar:");
    info->WriteTransferCount = proc_number(text, "wchar:");
    info->ReadOperationCount = proc_number(text, "syscr:");
    info->WriteOperationCount = proc_number(text, "syscw:");
}

/* When the process began, from its start time in ticks after boot. */
static LONGLONG start_time(void)
{
    char text[1024], *at;
    struct timespec now;
    ULONGLONG ticks;

    if (!proc_read("/proc/self/stat", text, sizeof text) || !(at = strrchr(text, ')')))
        return thread_time_now();
    for (int field = 2; field < 22 && at; field++)
        at = strchr(at + 1, ' ');
    ticks = at ? strtoull(at, NULL, 10) : 0;
    clock_gettime(CLOCK_BOOTTIME, &now);
    return thread_time_now() - (now.tv_sec * 10000000LL + now.tv_nsec / 100) +
           (LONGLONG)(ticks * 10000000 / sysconf(_SC_CLK_TCK));
}

static void query_times(struct times_info *info)
{
    struct rusage use;

    getrusage(RUSAGE_SELF, &use);
    info->create.QuadPart = start_time();
    info->exit.QuadPart = 0;
    info->kernel.QuadPart = use.ru_stime.tv_sec * 10000000LL + use.ru_stime.tv_usec * 10;
    info->user.QuadPart = use.ru_utime.tv_sec * 10000000LL + use.ru_utime.tv_usec * 10;
}

static LONG base_priority(void)
{
    static const UCHAR bases[] = {8, 4, 8, 13, 24, 6, 10};

    return bases[priority_class < sizeof bases ? priority_class : 2];
}

static ULONG query_cookie(void)
{
    while (!cookie) {
        if (getrandom(&cookie, sizeof cookie, 0) < 0)
            cookie = process_id() * 2654435761u;
    }
    return cookie;
}

union process_answer {
    struct process_basic_info basic;
    struct process_memory_info memory;
    struct times_info times;
    struct process_priority_info priority;
    IO_COUNTERS io;
    QUOTA_LIMITS quota;
    ULONG number;
    USHORT group;
    ULONGLONG wide;
    void *pointer;
};

static ULONG query_numbers(ULONG class, union process_answer *answer)
{
    switch (class) {
    case PROCESS_DEBUG_PORT_INFO:
    case PROCESS_WOW64_INFO:
        answer->pointer = NULL;
        return sizeof answer->pointer;
    case PROCESS_ERROR_MODE_INFO:
        answer->number = ~error_mode & SEM_FAILCRITICALERRORS;
        return sizeof answer->number;
    case PROCESS_HANDLE_COUNT_INFO:
        answer->number = handle_count();
        return sizeof answer->number;
    case PROCESS_AFFINITY_INFO:
        answer->wide = processor_mask();
        return sizeof answer->wide;
    case PROCESS_PRIORITY_BOOST_INFO:
        answer->number = priority_boost_off;
        return sizeof answer->number;
    case PROCESS_SESSION_INFO:
        answer->number = process_peb.SessionId;
        return sizeof answer->number;
    case PROCESS_BREAK_INFO:
        answer->number = 0;
        return sizeof answer->number;
    case PROCESS_DEBUG_FLAGS_INFO:
        answer->number = 1; /* not debugged */
        return sizeof answer->number;
    case PROCESS_EXECUTE_FLAGS_INFO:
        answer->number = 0xd; /* data is not executable, for ever */
        return sizeof answer->number;
    case PROCESS_COOKIE_INFO:
        answer->number = query_cookie();
        return sizeof answer->number;
    case PROCESS_GROUP_INFO:
        answer->group = 0;
        return sizeof answer->group;
    }
    return 0;
}

static ULONG query_class(ULONG class, union process_answer *answer)
{
    switch (class) {
    case PROCESS_BASIC_INFO:
        answer->basic = (struct process_basic_info){STATUS_PENDING,  &process_peb, processor_mask(),
                                                    base_priority(), process_id(), getppid()};
        return sizeof answer->basic;
    case PROCESS_QUOTA_INFO:
        answer->quota.MinimumWorkingSetSize = 50 << 12;
        answer->quota.MaximumWorkingSetSize = 345 << 12;
        answer->quota.PagefileLimit = (SIZE_T)-1;
        answer->quota.TimeLimit.QuadPart = -1;
        return sizeof answer->quota;
    case PROCESS_IO_INFO:
        query_io(&answer->io);
        return sizeof answer->io;
    case PROCESS_MEMORY_INFO:
        query_memory(&answer->memory);
        return sizeof answer->memory;
    case PROCESS_TIMES_INFO:
        query_times(&answer->times);
        return sizeof answer->times;
    case PROCESS_PRIORITY_CLASS_INFO:
        answer->priority.priority_class = priority_class;
        return sizeof answer->priority;
    case PROCESS_CYCLES_INFO:
        query_times(&answer->times);
        answer->wide = (answer->times.kernel.QuadPart + answer->times.user.QuadPart) * 200;
        return sizeof answer->wide;
    }
    return query_numbers(class, answer);
}

/* A UNICODE_STRING followed by its text. `prefix` comes before the text. */
static NTSTATUS query_string(const UNICODE_STRING *text, const WCHAR *prefix, size_t prefix_length, void *data,
                             ULONG size, ULONG *needed)
{
    UNICODE_STRING *out = data;
    ULONG bytes = prefix_length * sizeof(WCHAR) + text->Length;

    *needed = sizeof *out + bytes + sizeof(WCHAR);
    if (size < *needed)
        return STATUS_INFO_LENGTH_MISMATCH;
    out->Buffer = (WCHAR *)(out + 1);
    out->Length = bytes;
    out->MaximumLength = bytes + sizeof(WCHAR);
    memcpy(out->Buffer, prefix, prefix_length * sizeof(WCHAR));
    memcpy(out->Buffer + prefix_length, text->Buffer, text->Length);
    out->Buffer[bytes / sizeof(WCHAR)] = 0;
    return STATUS_SUCCESS;
}

static NTSTATUS query_any(ULONG class, void *data, ULONG size, ULONG *needed)
{
    union process_answer answer;
    UNICODE_STRING image = process_peb.ProcessParameters->ImagePathName;

    switch (class) {
    case PROCESS_IMAGE_NAME_INFO: /* \Device\HarddiskVolume, with the drive's letter as its number */
        if (image.Length > 4 && image.Buffer[1] == ':') {
            WCHAR device[] = L"\\Device\\HarddiskVolume?";
            device[22] = '1' + ((image.Buffer[0] | 32) - 'a') % 9;
            image.Buffer += 2;
            image.Length -= 2 * sizeof(WCHAR);
            return query_string(&image, device, 23, data, size, needed);
        }
        return query_string(&image, NULL, 0, data, size, needed);
    case PROCESS_IMAGE_NAME_WIN32_INFO:
        return query_string(&image, NULL, 0, data, size, needed);
    case PROCESS_COMMAND_LINE_INFO:
        return query_string(&process_peb.ProcessParameters->CommandLine, NULL, 0, data, size, needed);
    case PROCESS_DEBUG_OBJECT_INFO:
        *needed = sizeof(HANDLE);
        if (size != sizeof(HANDLE))
            return STATUS_INFO_LENGTH_MISMATCH;
        *(HANDLE *)data = NULL;
        return STATUS_PORT_NOT_SET;
    case PROCESS_MITIGATION_INFO: /* the policy's number in, its flags out: none is on */
        *needed = 8;
        if (size < 8)
            return STATUS_INFO_LENGTH_MISMATCH;
        ((ULONG *)data)[1] = 0;
        return STATUS_SUCCESS;
    }
    memset(&answer, 0, sizeof answer);
    *needed = query_class(class, &answer);
    if (!*needed)
        return STATUS_INVALID_INFO_CLASS;
    if (class == PROCESS_MEMORY_INFO && size == *needed - sizeof(SIZE_T))
        *needed = size; /* the older structure, without private_bytes */
    if (size < *needed)
        return STATUS_INFO_LENGTH_MISMATCH;
    memcpy(data, &answer, *needed);
    return STATUS_SUCCESS;
}

NTSTATUS WINAPI NtQueryInformationProcess(HANDLE handle, PROCESSINFOCLASS class, PVOID data, ULONG size,
                                          PULONG returned)
{
    ULONG needed = 0;
    void *object;
    NTSTATUS status = handle_lookup(handle, &type_process, PROCESS_QUERY_LIMITED_INFORMATION, &object);

    if (!NT_SUCCESS(status))
        return status;
    object_release(object);
    status = query_any(class, data, size, &needed);
    if (returned && needed)
        *returned = needed;
    return status;
}

static NTSTATUS set_affinity(ULONG_PTR mask)
{
    NTSTATUS status = STATUS_SUCCESS;

    if (!mask || mask & ~processor_mask())
        return STATUS_INVALID_PARAMETER;
    thread_list_lock();
    for (struct thread *thread = thread_list_first(); thread; thread = thread->next) {
        if (!NT_SUCCESS(processor_bind(thread->tid, mask)))
            status = STATUS_ACCESS_DENIED;
    }
    thread_list_unlock();
    return status;
}

NTSTATUS WINAPI NtSetInformationProcess(HANDLE handle, PROCESSINFOCLASS class, void *data, ULONG size)
{
    void *object;
    NTSTATUS status = handle_lookup(handle, &type_process, PROCESS_SET_INFORMATION, &object);

    if (!NT_SUCCESS(status))
        return status;
    object_release(object);
    switch ((ULONG) class) {
    case PROCESS_AFFINITY_INFO:
        return size < sizeof(ULONG_PTR) ? STATUS_INFO_LENGTH_MISMATCH : set_affinity(*(ULONG_PTR *)data);
    case PROCESS_PRIORITY_CLASS_INFO:
        if (size < sizeof(struct process_priority_info))
            return STATUS_INFO_LENGTH_MISMATCH;
        priority_class = ((struct process_priority_info *)data)->priority_class;
        return STATUS_SUCCESS;
    case PROCESS_PRIORITY_BOOST_INFO:
        priority_boost_off = *(ULONG *)data;
        return STATUS_SUCCESS;
    case PROCESS_ERROR_MODE_INFO:
        error_mode = ~*(ULONG *)data;
        return STATUS_SUCCESS;
    case PROCESS_QUOTA_INFO:
    case PROCESS_BASE_PRIORITY_INFO:
    case PROCESS_EXECUTE_FLAGS_INFO:
    case PROCESS_MITIGATION_INFO:
        return STATUS_SUCCESS;
    }
    return STATUS_INVALID_INFO_CLASS;
}
