/*
 * remote_serve.c: doing what another process asks for (remote.h).
 *
 * Layer: NT layer.  On the helper, a thread of ours that Windows does not see, or on the first thread before it starts.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "debug.h"
#include "error.h"
#include "futex.h"
#include "handover.h"
#include "ntthread.h"
#include "process.h"
#include "remote.h"
#include "service.h"
#include "suspend.h"

static struct remote_slot *own_slot(void)
{
    return &arena_process(arena_self())->remote;
}

/* The section of a command, opened through the process that asks. */
static NTSTATUS section_open(const struct remote_command *command, HANDLE *handle)
{
    struct handover_object in = {.type = HANDOVER_SECTION};
    struct object *section;
    char path[48];
    snprintf(path, sizeof path, "/proc/%d/fd/%d", command->asker, command->fd);
    in.fd = open(path, O_RDWR | O_CLOEXEC);
    if (in.fd < 0)
        in.fd = open(path, O_RDONLY | O_CLOEXEC);
    if (in.fd < 0)
        return status_from_errno(errno);
    in.numbers[0] = command->section_protect;
    in.numbers[1] = command->section_attributes;
    in.wide[0] = command->section_size;
    NTSTATUS status = section_take(&in, NULL, &section);
    if (status)
        return status;
    status = handle_create(section, SECTION_ALL_ACCESS, 0, handle);
    object_release(section);
    return status;
}

static NTSTATUS serve_map(struct remote_command *command, PVOID *base, SIZE_T *size)
{
    LARGE_INTEGER offset = {.QuadPart = (LONGLONG)command->offset};
    HANDLE section;
    NTSTATUS status = section_open(command, &section);
    if (status)
        return status;
    status = NtMapViewOfSection(section, NtCurrentProcess(), base, 0, 0, &offset, size, ViewUnmap, command->type,
                                command->protect);
    NtClose(section);
    return status;
}

static NTSTATUS serve_query(struct remote_command *command)
{
    MEMORY_BASIC_INFORMATION info;
    NTSTATUS status = NtQueryVirtualMemory(NtCurrentProcess(), (PVOID)command->base, 0, &info, sizeof info, NULL);
    command->base = (uintptr_t)info.BaseAddress;
    command->offset = (uintptr_t)info.AllocationBase;
    command->size = info.RegionSize;
    command->type = info.Type;
    command->protect = info.Protect;
    command->section_protect = info.AllocationProtect;
    command->section_attributes = info.State;
    return status;
}

/* Functions on ranges: base and size go both ways. */
static NTSTATUS serve_range(struct remote_command *command)
{
    PVOID base = (PVOID)command->base;
    SIZE_T size = command->size;
    NTSTATUS status = STATUS_INVALID_PARAMETER;
    switch (command->what) {
    case REMOTE_ALLOCATE:
        status = NtAllocateVirtualMemory(NtCurrentProcess(), &base, 0, &size, command->type, command->protect);
        break;
    case REMOTE_FREE:
        status = NtFreeVirtualMemory(NtCurrentProcess(), &base, &size, command->type);
        break;
    case REMOTE_PROTECT:
        status = NtProtectVirtualMemory(NtCurrentProcess(), &base, &size, command->protect, &command->type);
        break;
    case REMOTE_MAP:
        status = serve_map(command, &base, &size);
        break;
    case REMOTE_UNMAP:
        status = NtUnmapViewOfSection(NtCurrentProcess(), base);
        break;
    }
    command->base = (uintptr_t)base;
    command->size = size;
    return status;
}

/* Through the host's file of this process's memory: a bad address is an error there, and code can be written. */
static NTSTATUS serve_copy(struct remote_command *command, struct remote_exchange *exchange)
{
    bool write = command->what == REMOTE_WRITE;
    SIZE_T size = command->size < sizeof exchange->bytes ? command->size : sizeof exchange->bytes;
    MEMORY_BASIC_INFORMATION info;
    NTSTATUS status = NtQueryVirtualMemory(NtCurrentProcess(), (PVOID)command->base, 0, &info, sizeof info, NULL);
    command->size = 0;
    if (status || info.State != MEM_COMMIT ||
        (write && !(info.Protect & (PAGE_READWRITE | PAGE_WRITECOPY)) && !(info.Protect & 0xf0)))
        return STATUS_SUCCESS; /* nothing was copied */
    int fd = open("/proc/self/mem", (write ? O_RDWR : O_RDONLY) | O_CLOEXEC);
    if (fd < 0)
        return STATUS_ACCESS_DENIED;
    ssize_t n = write ? pwrite(fd, exchange->bytes, size, (off_t)command->base)
                      : pread(fd, exchange->bytes, size, (off_t)command->base);
    close(fd);
    command->size = n > 0 ? (SIZE_T)n : 0;
    return STATUS_SUCCESS;
}

int remote_fd_fetch(int pid, int fd)
{
    char path[48];
    int pidfd = (int)syscall(SYS_pidfd_open, pid, 0), got = -1;
    if (pidfd >= 0) {
        got = (int)syscall(SYS_pidfd_getfd, pidfd, fd, 0); /* CLOEXEC */
        close(pidfd);
    }
    snprintf(path, sizeof path, "/proc/%d/fd/%d", pid, fd);
    for (int mode = O_RDWR; got < 0 && mode >= 0; mode = mode == O_RDWR ? O_RDONLY : mode == O_RDONLY ? O_WRONLY : -1)
        got = open(path, mode | O_CLOEXEC);
    return got;
}

static NTSTATUS serve_duplicate(struct remote_command *command)
{
    struct object *object;
    HANDLE handle;
    if (command->object.fd >= 0 && command->object.type != HANDOVER_PROCESS) {
        command->object.fd = remote_fd_fetch(command->asker, command->object.fd);
        if (command->object.fd < 0)
            return STATUS_ACCESS_DENIED;
    } else {
        command->object.fd = -1;
    }
    NTSTATUS status = handover_take(&command->object, NULL, &object);
    if (status)
        return status;
    status = handle_create(object, command->type, command->protect, &handle);
    command->base = (uintptr_t)handle;
    object_release(object);
    return status;
}

static NTSTATUS serve_fetch(struct remote_command *command)
{
    struct handle_info info;
    void *object;
    HANDLE handle = (HANDLE)command->base;
    NTSTATUS status = handle_query(handle, &object, &info);
    if (status)
        return status;
    status = handover_give(object, &command->object, NULL);
    if (!status && command->object.entry)
        arena_hold(&arena_entry(command->object.entry)->holders, command->asker_record);
    command->type = info.access;
    command->protect = info.attributes;
    object_release(object);
    return status;
}

static bool find_inherited(HANDLE handle, struct object *object, const struct handle_info *info, void *context)
{
    uint64_t *base = context;
    (void)object;
    if ((uintptr_t)handle <= *base || !(info->attributes & OBJ_INHERIT))
        return true;
    *base = (uintptr_t)handle;
    return false;
}

static NTSTATUS serve_next(struct remote_command *command)
{
    uint64_t base = command->base;
    handle_walk(find_inherited, &base);
    command->base = base == command->base ? 0 : base;
    return STATUS_SUCCESS;
}

static NTSTATUS execute(struct remote_command *command, struct remote_exchange *exchange)
{
    switch (command->what) {
    case REMOTE_ALLOCATE:
    case REMOTE_FREE:
    case REMOTE_PROTECT:
    case REMOTE_MAP:
    case REMOTE_UNMAP:
        return serve_range(command);
    case REMOTE_QUERY:
        return serve_query(command);
    case REMOTE_READ:
    case REMOTE_WRITE:
        return serve_copy(command, exchange);
    case REMOTE_DUPLICATE:
        return serve_duplicate(command);
    case REMOTE_FETCH:
        return serve_fetch(command);
    case REMOTE_NEXT:
        return serve_next(command);
    case REMOTE_CLOSE:
        return NtClose((HANDLE)command->base);
    case REMOTE_DEBUG_ATTACH:
        return debug_attached();
    case REMOTE_DEBUG_DETACH:
        debug_detached();
        return STATUS_SUCCESS;
    default:
        return remote_thread_serve(command, exchange);
    }
}

static void serve(struct remote_slot *slot)
{
    slot->command.status = execute(&slot->command, arena_exchange(arena_self()));
    atomic_store(&slot->serve, SERVE_IDLE);
    futex_wake_shared(&slot->serve, INT_MAX, true);
}

/* The helper's life.  While the process is debugged it looks whether its debugger lives. */
static void help(void *unused)
{
    struct remote_slot *slot = own_slot();
    (void)unused;
    for (;;) {
        const LARGE_INTEGER pause = {.QuadPart = -1000000};
        struct deadline until = {.kind = DEADLINE_NEVER};
        if (debug_active())
            deadline_set(&until, &pause);
        futex_wait_until(&slot->serve, SERVE_IDLE, true, &until);
        if (atomic_load(&slot->serve) == SERVE_COMMANDED)
            serve(slot);
        debug_check_debugger();
    }
}

void remote_start_helper(void)
{
    struct remote_slot *slot = own_slot();
    uint32_t none = HELPER_BY_SIGNAL;
    if (atomic_compare_exchange_strong(&slot->helper, &none, HELPER_WAITS) && service_start(help, NULL))
        atomic_store(&slot->helper, HELPER_BY_SIGNAL);
}

void remote_ready(void)
{
    struct remote_slot *slot = own_slot();
    atomic_store(&slot->helper, HELPER_BY_SIGNAL);
    if (atomic_load(&slot->serve) == SERVE_COMMANDED)
        remote_start_helper();
}

void remote_on_signal(const ucontext_t *host)
{
    struct remote_slot *slot = own_slot();
    if (atomic_load(&slot->serve) != SERVE_COMMANDED || atomic_load(&slot->helper) != HELPER_BY_SIGNAL)
        return;
    if (suspend_is_harmless(host)) /* else the one who asks calls again */
        remote_start_helper();
}

static void on_signal(int number, siginfo_t *info, void *host)
{
    int saved = errno;
    (void)number, (void)info;
    remote_on_signal(host);
    errno = saved;
}

void remote_listen(void)
{
    struct sigaction action = {.sa_sigaction = on_signal, .sa_flags = SA_SIGINFO | SA_RESTART | SA_ONSTACK};
    sigaction(REMOTE_SIGNAL, &action, NULL);
    remote_ready();
}

void remote_serve_until_resumed(void)
{
    struct remote_slot *slot = own_slot();
    struct thread_object *self = thread_self();
    struct deadline never = {.kind = DEADLINE_NEVER};
    atomic_store(&slot->helper, HELPER_WAITS);
    while (atomic_load(&self->suspend) & SUSPEND_COUNT && !(atomic_load(&self->suspend) & SUSPEND_KILL)) {
        futex_wait_until(&slot->serve, SERVE_IDLE, true, &never);
        if (atomic_load(&slot->serve) == SERVE_COMMANDED)
            serve(slot);
    }
    atomic_store(&slot->helper, HELPER_NONE);
}
