/*
 * process_object.c: the objects of processes: opening, ending, exit codes.
 *
 * Layer: NT layer.  A process of 32-bit exit code leaves it in its record; of others the host's status is told.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include "handover.h"
#include "job.h"
#include "lock.h"
#include "ntthread.h"
#include "peb.h"
#include "process.h"
#include "process_object.h"
#include "thread_object.h"

#ifndef P_PIDFD
#define P_PIDFD 3
#endif

static struct process_object self;

static void process_destroy(struct object *object)
{
    struct process_object *process = (struct process_object *)object;
    if (process->pidfd >= 0)
        close(process->pidfd);
    if (process->record != ARENA_PROCESSES)
        arena_drop_process(process->record);
    object_free(object);
}

static void process_before_wait(struct object *object)
{
    struct process_object *process = (struct process_object *)object;
    if (process != &self && !atomic_load(&process->exited))
        process_watch(process);
}

const struct object_type type_process = {
    .name = "Process",
    .mapping = {STANDARD_RIGHTS_READ | PROCESS_VM_READ | PROCESS_QUERY_INFORMATION,
                STANDARD_RIGHTS_WRITE | PROCESS_CREATE_PROCESS | PROCESS_CREATE_THREAD | PROCESS_VM_OPERATION |
                    PROCESS_VM_WRITE | PROCESS_DUP_HANDLE | PROCESS_TERMINATE | PROCESS_SET_QUOTA |
                    PROCESS_SET_INFORMATION,
                STANDARD_RIGHTS_EXECUTE | SYNCHRONIZE | PROCESS_QUERY_LIMITED_INFORMATION, PROCESS_ALL_ACCESS},
    .all_access = PROCESS_ALL_ACCESS,
    .included = {{PROCESS_QUERY_INFORMATION, PROCESS_QUERY_LIMITED_INFORMATION},
                 {PROCESS_SET_INFORMATION, 0x2000 /* PROCESS_SET_LIMITED_INFORMATION */}},
    .destroy = process_destroy,
    .before_wait = process_before_wait,
};

struct object *process_object(void)
{
    if (!self.object.type) { /* writing it twice does no harm */
        waitable_init(&self.ended, WAIT_NOTIFICATION, 0);
        self.object.waitable = &self.ended;
        self.pid = process_id();
        self.pidfd = -1;
        self.record = ARENA_PROCESSES;
        atomic_store(&self.object.references, 1u << 30); /* never freed */
        self.object.type = &type_process;
    }
    return &self.object;
}

bool process_is_self(const void *process)
{
    return process == &self;
}

struct process_object *process_object_create(int pid, int pidfd, uint32_t record)
{
    struct process_object *process = object_create(&type_process, sizeof *process);
    if (!process) {
        if (pidfd >= 0)
            close(pidfd);
        return NULL;
    }
    waitable_init(&process->ended, WAIT_NOTIFICATION, 0);
    process->object.waitable = &process->ended;
    process->pid = pid;
    process->pidfd = pidfd;
    process->record = record;
    process->exit_code = STATUS_PENDING;
    return process;
}

static NTSTATUS process_open_record(int pid, uint32_t record, struct process_object **process)
{
    int pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
    if (pidfd < 0 && errno != ESRCH) {
        arena_drop_process(record);
        return STATUS_ACCESS_DENIED;
    }
    *process = process_object_create(pid, pidfd, record);
    if (*process)
        return STATUS_SUCCESS;
    arena_drop_process(record);
    return STATUS_NO_MEMORY;
}

NTSTATUS process_object_open(int pid, struct process_object **process)
{
    if (pid == process_id()) {
        *process = object_reference(process_object());
        return STATUS_SUCCESS;
    }
    uint32_t record = pid > 0 && arena_attach() ? arena_process_find(pid) : ARENA_PROCESSES;
    return record == ARENA_PROCESSES ? STATUS_INVALID_CID : process_open_record(pid, record, process);
}

NTSTATUS process_give(struct object *object, struct handover_object *out, struct blob *blob)
{
    struct process_object *process = (struct process_object *)object;
    (void)blob;
    out->fd = process->pidfd;
    out->numbers[0] = (uint32_t)process->pid;
    return STATUS_SUCCESS;
}

NTSTATUS process_take(const struct handover_object *in, const char *text, struct object **object)
{
    struct process_object *process;
    (void)text;
    if (in->fd >= 0)
        close(in->fd);
    NTSTATUS status = process_object_open((int)in->numbers[0], &process);
    if (!status)
        *object = &process->object;
    return status;
}

NTSTATUS process_from_handle(HANDLE handle, ACCESS_MASK access, struct process_object **process)
{
    return handle_lookup(handle, &type_process, access, (void **)process);
}

NTSTATUS WINAPI NtOpenProcess(PHANDLE handle, ACCESS_MASK access, const OBJECT_ATTRIBUTES *attributes,
                              const CLIENT_ID *id)
{
    struct process_object *process;
    NTSTATUS status = process_object_open((int)(ULONG_PTR)id->UniqueProcess, &process);
    if (status)
        return status;
    status = handle_create(process, access, attributes ? attributes->Attributes : 0, handle);
    object_release(process);
    return status;
}

/* The Windows code of a program that died of a signal. */
static ULONG code_of_signal(int number)
{
    switch (number) {
    case SIGINT:
    case SIGQUIT:
    case SIGHUP:
    case SIGTERM:
        return (ULONG)STATUS_CONTROL_C_EXIT;
    case SIGSEGV:
    case SIGBUS:
        return (ULONG)STATUS_ACCESS_VIOLATION;
    case SIGILL:
        return (ULONG)STATUS_ILLEGAL_INSTRUCTION;
    case SIGFPE:
        return (ULONG)STATUS_INTEGER_DIVIDE_BY_ZERO;
    case SIGABRT:
        return 3;
    default:
        return 128u + (unsigned)number;
    }
}

static LONGLONG ticks_of(struct timeval time)
{
    return time.tv_sec * 10000000LL + time.tv_usec * 10;
}

/* Of a child that has ended: its status, and so the zombie goes.  False: it lives. */
static bool child_collect(struct process_object *process, ULONG *code)
{
    struct rusage use;
    siginfo_t info = {0};
    /* The system call tells the times too, unlike the library's function. */
    long result = syscall(SYS_waitid, P_PIDFD, process->pidfd, &info, WEXITED | WNOHANG, &use);
    if (result < 0 && errno != ECHILD)
        return false;
    if (result < 0)
        return true;
    if (!info.si_pid)
        return false;
    process->kernel_time = ticks_of(use.ru_stime);
    process->user_time = ticks_of(use.ru_utime);
    *code = info.si_code == CLD_EXITED ? (ULONG)info.si_status : code_of_signal(info.si_status);
    return true;
}

/*
 * Of a process that is not a child: the status that its parent has not collected yet.  False: it is gone, and its
 * parent may be about to note what it found; such a process was killed, since it has not noted a code itself.
 */
static bool corpse_code(int pid, ULONG *code)
{
    char path[32], text[1024];
    snprintf(path, sizeof path, "/proc/%d/stat", pid);
    int fd = open(path, O_RDONLY | O_CLOEXEC), status;
    ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof text - 1);
    if (fd >= 0)
        close(fd);
    text[n > 0 ? n : 0] = 0;
    const char *end = strrchr(text, ')'), *last = strrchr(text, ' ');
    *code = 128 + SIGKILL;
    if (!end || end[2] != 'Z' || !last)
        return false;
    status = atoi(last + 1);
    *code = WIFEXITED(status) ? (ULONG)WEXITSTATUS(status) : code_of_signal(WTERMSIG(status));
    return true;
}

static pthread_mutex_t ended_lock = PTHREAD_MUTEX_INITIALIZER; /* one thread notes an end */

/* `code`: the host's status, where the process has left none of its own; `sure`: everybody may rely on it. */
static void process_ended(struct process_object *process, struct arena_process *record, ULONG code, bool sure)
{
    if (!atomic_load(&record->exit_known) && sure) {
        record->exit_code = code;
        atomic_store(&record->exit_known, 1);
    }
    process->exit_code = atomic_load(&record->exit_known) ? record->exit_code : code;
    job_account(record, process->user_time, process->kernel_time);
    process->exit_time = thread_time_now();
    atomic_store(&process->exited, 1);
    arena_bury(process->record);
    waitable_signal(&process->ended);
}

bool process_check_ended(struct process_object *process)
{
    ULONG code = 0;
    if (process_is_self(process))
        return false;
    if (atomic_load(&process->exited))
        return true;
    struct arena_process *record = arena_process(process->record);
    host_lock(&ended_lock);
    bool ended = atomic_load(&process->exited) ||
                 (process->child ? child_collect(process, &code) : !arena_process_alive(record));
    if (ended && !atomic_load(&process->exited)) {
        bool sure = process->child || atomic_load(&record->exit_known) || corpse_code(process->pid, &code);
        process_ended(process, record, code, sure);
    }
    host_unlock(&ended_lock);
    return ended;
}

NTSTATUS process_kill(struct process_object *process, ULONG code)
{
    if (process_is_self(process))
        process_terminate(code);
    if (process_check_ended(process))
        return STATUS_PROCESS_IS_TERMINATING;
    struct arena_process *record = arena_process(process->record);
    uint32_t unknown = 0;
    if (atomic_compare_exchange_strong(&record->exit_known, &unknown, 2)) {
        record->exit_code = code;
        atomic_store(&record->exit_known, 1);
    }
    if (syscall(SYS_pidfd_send_signal, process->pidfd, SIGKILL, NULL, 0) && errno == EPERM)
        return STATUS_ACCESS_DENIED;
    return STATUS_SUCCESS;
}

NTSTATUS WINAPI NtTerminateProcess(HANDLE handle, NTSTATUS code)
{
    struct process_object *process;
    NTSTATUS status = process_from_handle(handle ? handle : NtCurrentProcess(), PROCESS_TERMINATE, &process);
    if (status)
        return status;
    status = process_kill(process, (ULONG)code);
    object_release(process);
    return status;
}
