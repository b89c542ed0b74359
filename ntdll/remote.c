/*
 * remote.c: asking another process (remote.h).
 *
 * Layer: NT layer.  Whoever claims the slot in the process's record writes the command; `serve` says that there is one,
 * and goes back to idle with the answer.  A claim of a process that died is taken over.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>
#include "error.h"
#include "futex.h"
#include "handover.h"
#include "ntthread.h"
#include "peb.h"
#include "remote.h"

static void nap(long nanoseconds)
{
    const struct timespec pause = {0, nanoseconds};
    nanosleep(&pause, NULL);
}

/* False: the process has ended. */
static bool claim(struct process_object *process, struct remote_slot *slot)
{
    for (;;) {
        uint32_t holder = 0, own = arena_self() + 1;
        if (atomic_compare_exchange_strong(&slot->asker, &holder, own))
            break;
        if (process_check_ended(process))
            return false;
        if (holder != own && !arena_process_alive(arena_process(holder - 1)) &&
            atomic_compare_exchange_strong(&slot->asker, &holder, own))
            break;
        nap(100000);
    }
    return true;
}

/* Sleeps until no command is there, calling for the helper where there is none.  False: the process has ended. */
static bool await(struct process_object *process, struct remote_slot *slot)
{
    while (atomic_load(&slot->serve) == SERVE_COMMANDED) {
        bool call = atomic_load(&slot->helper) == HELPER_BY_SIGNAL;
        const LARGE_INTEGER pause = {.QuadPart = atomic_load(&slot->helper) == HELPER_WAITS ? -1000000 : -20000};
        struct deadline soon;
        if (process_check_ended(process))
            return false;
        if (call)
            syscall(SYS_pidfd_send_signal, process->pidfd, REMOTE_SIGNAL, NULL, 0);
        deadline_set(&soon, &pause);
        futex_wait_until(&slot->serve, SERVE_COMMANDED, true, &soon);
    }
    return true;
}

static NTSTATUS run_claimed(struct process_object *process, struct remote_slot *slot, struct remote_command *command,
                            void *data, size_t in, size_t out)
{
    struct remote_exchange *exchange = arena_exchange(process->record);
    if (!await(process, slot)) /* an asker that died has left a command */
        return STATUS_PROCESS_IS_TERMINATING;
    command->asker = process_id();
    command->asker_record = arena_self();
    slot->command = *command;
    if (in)
        memcpy(exchange->bytes, data, in);
    atomic_store(&slot->serve, SERVE_COMMANDED);
    futex_wake_shared(&slot->serve, 1, true);
    if (!await(process, slot))
        return STATUS_PROCESS_IS_TERMINATING;
    *command = slot->command;
    if (out && !command->status)
        memcpy(data, exchange->bytes, out);
    return command->status;
}

NTSTATUS remote_run(struct process_object *process, struct remote_command *command, void *data, size_t in, size_t out)
{
    if (process_is_self(process) || process_check_ended(process))
        return STATUS_PROCESS_IS_TERMINATING;
    struct arena_process *record = arena_process(process->record);
    if (process->foreign || record->session_flags & ARENA_FOREIGN)
        return STATUS_NOT_SUPPORTED;
    thread_no_suspend();
    NTSTATUS status = STATUS_PROCESS_IS_TERMINATING;
    if (claim(process, &record->remote)) {
        status = run_claimed(process, &record->remote, command, data, in, out);
        atomic_store(&record->remote.asker, 0);
    }
    thread_may_suspend();
    return status;
}

static NTSTATUS command_send(HANDLE handle, struct remote_command *command)
{
    struct process_object *process;
    NTSTATUS status = process_from_handle(handle, PROCESS_VM_OPERATION, &process);
    if (status)
        return status;
    status = remote_run(process, command, NULL, 0, 0);
    object_release(process);
    return status;
}

static NTSTATUS command_range(HANDLE process, uint32_t what, PVOID *base, SIZE_T *size, ULONG type, ULONG protect,
                              ULONG *old)
{
    struct remote_command command = {
        .what = what, .type = type, .protect = protect, .base = (uintptr_t)*base, .size = size ? *size : 0};
    NTSTATUS status = command_send(process, &command);
    if (!NT_SUCCESS(status))
        return status;
    *base = (PVOID)command.base;
    if (size)
        *size = command.size;
    if (old)
        *old = command.type;
    return status;
}

NTSTATUS remote_allocate(HANDLE process, PVOID *base, SIZE_T *size, ULONG type, ULONG protect)
{
    return command_range(process, REMOTE_ALLOCATE, base, size, type, protect, NULL);
}

NTSTATUS remote_free(HANDLE process, PVOID *base, SIZE_T *size, ULONG type)
{
    return command_range(process, REMOTE_FREE, base, size, type, 0, NULL);
}

NTSTATUS remote_protect(HANDLE process, PVOID *base, SIZE_T *size, ULONG protect, ULONG *old)
{
    return command_range(process, REMOTE_PROTECT, base, size, 0, protect, old);
}

NTSTATUS remote_unmap(HANDLE process, PVOID base)
{
    return command_range(process, REMOTE_UNMAP, &base, NULL, 0, 0, NULL);
}

NTSTATUS remote_map(HANDLE process, HANDLE handle, PVOID *base, uint64_t offset, SIZE_T *size, ULONG type,
                    ULONG protect)
{
    struct handover_object given = {.fd = -1};
    struct object *section;
    NTSTATUS status = handle_lookup(handle, &type_section, SECTION_MAP_READ, (void **)&section);
    if (status)
        return status;
    section_give(section, &given, NULL);
    struct remote_command command = {.what = REMOTE_MAP,
                                     .type = type,
                                     .protect = protect,
                                     .fd = given.fd,
                                     .base = (uintptr_t)*base,
                                     .size = *size,
                                     .offset = offset,
                                     .section_protect = given.numbers[0],
                                     .section_attributes = given.numbers[1],
                                     .section_size = given.wide[0]};
    status = command_send(process, &command);
    object_release(section);
    if (!NT_SUCCESS(status))
        return status;
    *base = (PVOID)command.base;
    *size = command.size;
    return status;
}

NTSTATUS remote_query(HANDLE handle, PVOID address, MEMORY_BASIC_INFORMATION *info)
{
    struct remote_command command = {.what = REMOTE_QUERY, .base = (uintptr_t)address};
    struct process_object *process;
    NTSTATUS status = process_from_handle(handle, PROCESS_QUERY_INFORMATION, &process);
    if (status)
        return status;
    status = remote_run(process, &command, NULL, 0, 0);
    if (!status) {
        memset(info, 0, sizeof *info);
        info->BaseAddress = (PVOID)command.base;
        info->AllocationBase = (PVOID)command.offset;
        info->AllocationProtect = command.section_protect;
        info->RegionSize = command.size;
        info->State = command.section_attributes;
        info->Protect = command.protect;
        info->Type = command.type;
    }
    object_release(process);
    return status;
}

NTSTATUS remote_duplicate(struct process_object *process, struct object *object, ACCESS_MASK access, ULONG attributes,
                          HANDLE *handle)
{
    struct remote_command command = {.what = REMOTE_DUPLICATE, .type = access, .protect = attributes};
    NTSTATUS status = handover_give(object, &command.object, NULL);
    if (status)
        return status;
    if (command.object.entry)
        arena_hold(&arena_entry(command.object.entry)->holders, process->record);
    status = remote_run(process, &command, NULL, 0, 0);
    *handle = NT_SUCCESS(status) ? (HANDLE)command.base : NULL;
    return status;
}

NTSTATUS remote_fetch(struct process_object *process, HANDLE handle, bool close, struct object **object,
                      struct handle_info *info)
{
    struct remote_command command = {.what = REMOTE_FETCH, .base = (uintptr_t)handle};
    NTSTATUS status = remote_run(process, &command, NULL, 0, 0);
    if (status)
        return status;
    info->access = command.type;
    info->attributes = command.protect;
    if (command.object.fd >= 0 && command.object.type != HANDOVER_PROCESS) {
        command.object.fd = remote_fd_fetch(process->pid, command.object.fd);
        if (command.object.fd < 0)
            return STATUS_ACCESS_DENIED;
    } else {
        command.object.fd = -1;
    }
    status = handover_take(&command.object, NULL, object);
    if (close)
        remote_close(process, handle);
    return status;
}

NTSTATUS remote_next_inherited(struct process_object *process, HANDLE *handle)
{
    struct remote_command command = {.what = REMOTE_NEXT, .base = (uintptr_t)*handle};
    NTSTATUS status = remote_run(process, &command, NULL, 0, 0);
    *handle = status ? NULL : (HANDLE)command.base;
    return status;
}

NTSTATUS remote_close(struct process_object *process, HANDLE handle)
{
    struct remote_command command = {.what = REMOTE_CLOSE, .base = (uintptr_t)handle};
    return remote_run(process, &command, NULL, 0, 0);
}

/* Through the process itself, where the host does not let this one look into it. */
static NTSTATUS copy_by_command(struct process_object *process, void *there, char *here, SIZE_T size, bool write,
                                SIZE_T *done)
{
    while (*done < size) {
        SIZE_T piece = size - *done < REMOTE_EXCHANGE ? size - *done : REMOTE_EXCHANGE;
        struct remote_command command = {
            .what = write ? REMOTE_WRITE : REMOTE_READ, .base = (uintptr_t)there + *done, .size = piece};
        NTSTATUS status = remote_run(process, &command, here + *done, write ? piece : 0, write ? 0 : piece);
        *done += status ? 0 : command.size;
        if (status || command.size < piece)
            return status ? status : STATUS_PARTIAL_COPY;
    }
    return STATUS_SUCCESS;
}

/* Whether a page is code by the process's own account. */
static bool is_code(HANDLE process, void *address)
{
    MEMORY_BASIC_INFORMATION info;
    return !remote_query(process, address, &info) && info.State == MEM_COMMIT && info.Protect & 0xf0;
}

/* Windows writes to code that is only readable, too: that is how breakpoints are set.  The host's way for that is
 * /proc/PID/mem. */
static ssize_t write_code(int pid, void *there, const void *here, SIZE_T size)
{
    char path[32];
    snprintf(path, sizeof path, "/proc/%d/mem", pid);
    int fd = open(path, O_RDWR | O_CLOEXEC);
    if (fd < 0)
        return -1;
    ssize_t n = pwrite(fd, here, size, (off_t)(uintptr_t)there);
    close(fd);
    return n;
}

NTSTATUS remote_copy(HANDLE handle, void *there, void *here, SIZE_T size, bool write, SIZE_T *done)
{
    struct iovec local = {here, size}, remote = {there, size};
    struct process_object *process;
    NTSTATUS status = process_from_handle(handle, write ? PROCESS_VM_WRITE : PROCESS_VM_READ, &process);
    if (status)
        return status;
    ssize_t n = write ? process_vm_writev(process->pid, &local, 1, &remote, 1, 0)
                      : process_vm_readv(process->pid, &local, 1, &remote, 1, 0);
    int error = n < 0 ? errno : 0;
    if (error == EFAULT && write && is_code(handle, there)) {
        n = write_code(process->pid, there, here, size);
        error = n < 0 ? errno == EIO ? EFAULT : errno : 0;
    }
    *done = n > 0 ? (SIZE_T)n : 0;
    if (error == EPERM || error == EACCES || error == ENOSYS)
        status = copy_by_command(process, there, here, size, write, done);
    else if (error)
        status = error == ESRCH ? STATUS_PROCESS_IS_TERMINATING : STATUS_PARTIAL_COPY;
    else if (*done < size)
        status = STATUS_PARTIAL_COPY;
    object_release(process);
    return status;
}
