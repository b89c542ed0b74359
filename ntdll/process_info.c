/*
 * process_info.c: asking about processes, and setting what is this process's own.
 *
 * Layer: NT layer.  Counters are read from /proc when asked for; the rest of another process is in its arena record.
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <unistd.h>
#include "ntthread.h"
#include "ntdll/debug.h"
#include "ntdll/handover.h"
#include "ntdll/peb.h"
#include "ntdll/process.h"
#include "ntdll/process_object.h"
#include "ntdll/processor.h"
#include "ntdll/thread_object.h"

static UCHAR priority_class = 2; /* normal */
static ULONG error_mode, priority_boost_off, cookie;

/* A whole small file of /proc as text. */
static bool proc_read(int pid, const char *name, char *text, size_t size)
{
    char path[40];
    int fd;
    ssize_t length;

    snprintf(path, sizeof path, "/proc/%d/%s", pid, name);
    fd = open(path, O_RDONLY | O_CLOEXEC);
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

/* A number of /proc/PID/stat, counted from 1 as in its manual page; 0 if there is none. */
static ULONGLONG proc_stat_field(int pid, int wanted)
{
    char text[1024], *at;

    if (!proc_read(pid, "stat", text, sizeof text) || !(at = strrchr(text, ')')))
        return 0;
    for (int field = 2; field < wanted && at; field++)
        at = strchr(at + 1, ' ');
    return at ? strtoull(at, NULL, 10) : 0;
}

static void query_memory(int pid, struct process_memory_info *info)
{
    char text[4096];

    info->page_faults = proc_stat_field(pid, 10) + proc_stat_field(pid, 12);
    if (!proc_read(pid, "status", text, sizeof text))
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

void process_host_io(int pid, IO_COUNTERS *info)
{
    char text[512];

    if (!proc_read(pid, "io", text, sizeof text))
        return;
    info->ReadTransferCount = proc_number(text, "rchar:");
    info->WriteTransferCount = proc_number(text, "wchar:");
    info->ReadOperationCount = proc_number(text, "syscr:");
    info->WriteOperationCount = proc_number(text, "syscw:");
}

uint64_t process_data_size(int pid)
{
    char text[4096];

    return proc_read(pid, "status", text, sizeof text) ? proc_number(text, "VmData:") << 10 : 0;
}

void process_host_times(int pid, LONGLONG *user, LONGLONG *kernel)
{
    LONGLONG tick = 10000000 / sysconf(_SC_CLK_TCK);

    *user = (LONGLONG)proc_stat_field(pid, 14) * tick;
    *kernel = (LONGLONG)proc_stat_field(pid, 15) * tick;
}

/* When the process began, from its start time in ticks after boot. */
static LONGLONG start_time(int pid)
{
    struct timespec now;
    ULONGLONG ticks = proc_stat_field(pid, 22);

    if (!ticks)
        return thread_time_now();
    clock_gettime(CLOCK_BOOTTIME, &now);
    return thread_time_now() - (now.tv_sec * 10000000LL + now.tv_nsec / 100) +
           (LONGLONG)(ticks * 10000000 / sysconf(_SC_CLK_TCK));
}

static void query_times(const struct process_object *process, struct times_info *info)
{
    struct rusage use;

    info->create.QuadPart = process->create_time ? process->create_time : start_time(process->pid);
    info->exit.QuadPart = process->exit_time;
    if (process_is_self(process)) {
        getrusage(RUSAGE_SELF, &use);
        info->kernel.QuadPart = use.ru_stime.tv_sec * 10000000LL + use.ru_stime.tv_usec * 10;
        info->user.QuadPart = use.ru_utime.tv_sec * 10000000LL + use.ru_utime.tv_usec * 10;
    } else if (atomic_load(&process->exited)) {
        info->kernel.QuadPart = process->kernel_time;
        info->user.QuadPart = process->user_time;
    } else {
        process_host_times(process->pid, &info->user.QuadPart, &info->kernel.QuadPart);
    }
}

/* This process's own class is in its record too, once it has one. */
static ULONG priority_class_of(const struct process_object *process)
{
    uint32_t record = process_is_self(process) && arena_attached() ? arena_self() : process->record;

    return record == ARENA_PROCESSES ? priority_class : arena_process(record)->priority_class;
}

static LONG base_priority(const struct process_object *process)
{
    static const UCHAR bases[] = {8, 4, 8, 13, 24, 6, 10};

    ULONG class = priority_class_of(process);

    return bases[class < sizeof bases ? class : 2];
}

ULONG process_error_mode(void)
{
    return error_mode;
}

void process_set_error_mode(ULONG mode)
{
    error_mode = mode;
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

static ULONG proc_fd_count(int pid)
{
    char path[32];
    ULONG count = 0;
    snprintf(path, sizeof path, "/proc/%d/fd", pid);
    DIR *directory = opendir(path);
    while (directory && readdir(directory))
        count++;
    if (directory)
        closedir(directory);
    return count > 2 ? count - 2 : 0; /* . and .. */
}

static ULONG query_numbers(const struct process_object *process, ULONG class, union process_answer *answer)
{
    switch (class) {
    case PROCESS_DEBUG_PORT_INFO:
        answer->pointer = debug_is_debugged(process) ? (void *)-1 : NULL;
        return sizeof answer->pointer;
    case PROCESS_WOW64_INFO:
        answer->pointer = NULL;
        return sizeof answer->pointer;
    case PROCESS_ERROR_MODE_INFO:
        answer->number = ~error_mode & SEM_FAILCRITICALERRORS;
        return sizeof answer->number;
    case PROCESS_HANDLE_COUNT_INFO:
        answer->number = process_is_self(process) ? handle_count() : proc_fd_count(process->pid);
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
        answer->number = !debug_is_debugged(process);
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

static void query_basic(const struct process_object *process, struct process_basic_info *info)
{
    bool self = process_is_self(process);
    *info = (struct process_basic_info){STATUS_PENDING,         self ? &process_peb : NULL, processor_mask(),
                                        base_priority(process), (ULONG_PTR)process->pid,    0};
    if (!self) {
        info->exit_status = process->exit_code;
        info->peb = (PPEB)arena_process(process->record)->peb;
        info->parent = arena_process(process->record)->parent;
    } else if (start_block()) {
        info->parent = arena_process(arena_self())->parent; /* also when it has ended */
    } else {
        info->parent = (ULONG_PTR)getppid();
    }
}

static ULONG query_class(const struct process_object *process, ULONG class, union process_answer *answer)
{
    switch (class) {
    case PROCESS_BASIC_INFO:
        query_basic(process, &answer->basic);
        return sizeof answer->basic;
    case PROCESS_QUOTA_INFO:
        answer->quota.MinimumWorkingSetSize = 50 << 12;
        answer->quota.MaximumWorkingSetSize = 345 << 12;
        answer->quota.PagefileLimit = (SIZE_T)-1;
        answer->quota.TimeLimit.QuadPart = -1;
        return sizeof answer->quota;
    case PROCESS_IO_INFO:
        process_host_io(process->pid, &answer->io);
        return sizeof answer->io;
    case PROCESS_MEMORY_INFO:
        query_memory(process->pid, &answer->memory);
        return sizeof answer->memory;
    case PROCESS_TIMES_INFO:
        query_times(process, &answer->times);
        return sizeof answer->times;
    case PROCESS_PRIORITY_CLASS_INFO:
        answer->priority.priority_class = priority_class_of(process);
        return sizeof answer->priority;
    case PROCESS_CYCLES_INFO:
        query_times(process, &answer->times);
        answer->wide = (answer->times.kernel.QuadPart + answer->times.user.QuadPart) * 200;
        return sizeof answer->wide;
    }
    return query_numbers(process, class, answer);
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

/* The program's path; that of another process is in its record. */
static UNICODE_STRING image_of(const struct process_object *process)
{
    UNICODE_STRING image;
    if (process_is_self(process))
        return process_peb.ProcessParameters->ImagePathName;
    RtlInitUnicodeString(&image, arena_process(process->record)->image);
    return image;
}

static NTSTATUS query_any(const struct process_object *process, ULONG class, void *data, ULONG size, ULONG *needed)
{
    union process_answer answer;
    UNICODE_STRING image = image_of(process);

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
        if (!process_is_self(process))
            return STATUS_NOT_SUPPORTED;
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
    *needed = query_class(process, class, &answer);
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
    struct process_object *process;
    NTSTATUS status = process_from_handle(handle, PROCESS_QUERY_LIMITED_INFORMATION, &process);

    if (!NT_SUCCESS(status))
        return status;
    process_check_ended(process);
    status = query_any(process, class, data, size, &needed);
    object_release(process);
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

/* What can be set of another process. */
static NTSTATUS set_other(uint32_t record, int pid, ULONG class, const void *data, ULONG size)
{
    switch (class) {
    case PROCESS_AFFINITY_INFO:
        return size < sizeof(ULONG_PTR) ? STATUS_INFO_LENGTH_MISMATCH : processor_bind(pid, *(const ULONG_PTR *)data);
    case PROCESS_PRIORITY_CLASS_INFO:
        if (size < sizeof(struct process_priority_info))
            return STATUS_INFO_LENGTH_MISMATCH;
        arena_process(record)->priority_class = ((const struct process_priority_info *)data)->priority_class;
        return STATUS_SUCCESS;
    }
    return STATUS_NOT_SUPPORTED;
}

NTSTATUS WINAPI NtSetInformationProcess(HANDLE handle, PROCESSINFOCLASS class, void *data, ULONG size)
{
    struct process_object *process;
    NTSTATUS status = process_from_handle(handle, PROCESS_SET_INFORMATION, &process);

    if (!NT_SUCCESS(status))
        return status;
    bool self = process_is_self(process);
    uint32_t record = process->record;
    int pid = process->pid;
    object_release(process);
    if (!self)
        return set_other(record, pid, class, data, size);
    switch ((ULONG) class) {
    case PROCESS_AFFINITY_INFO:
        return size < sizeof(ULONG_PTR) ? STATUS_INFO_LENGTH_MISMATCH : set_affinity(*(ULONG_PTR *)data);
    case PROCESS_PRIORITY_CLASS_INFO:
        if (size < sizeof(struct process_priority_info))
            return STATUS_INFO_LENGTH_MISMATCH;
        priority_class = ((struct process_priority_info *)data)->priority_class;
        if (arena_attached())
            arena_process(arena_self())->priority_class = priority_class;
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
