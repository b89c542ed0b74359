/*
 * remote.c: memory of another process (remote.h).
 *
 * Layer: NT layer.  A command lies in the arena record of the process that waits; its `resume` word says whose turn it
 * is: 0 it sleeps, 2 there is a command, 1 it may go.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>
#include "error.h"
#include "futex.h"
#include "handover.h"
#include "ntthread.h"
#include "remote.h"

enum { WAITS, RUNS, COMMANDED };
enum command { MEMORY_ALLOCATE, MEMORY_FREE, MEMORY_PROTECT, MEMORY_QUERY, MEMORY_MAP, MEMORY_UNMAP, DUPLICATE };

static struct lock command_lock;

void remote_resume(struct process_object *process)
{
    struct arena_process *record = arena_process(process->record);
    lock_acquire(&command_lock);
    atomic_store(&record->resume, RUNS);
    futex_wake_shared(&record->resume, 1, true);
    lock_release(&command_lock);
}

/* The section of a command, opened through the process that asks. */
static NTSTATUS section_open(const struct memory_command *command, HANDLE *handle)
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

static NTSTATUS serve_map(struct memory_command *command, PVOID *base, SIZE_T *size)
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

static NTSTATUS serve_query(struct memory_command *command, PVOID base)
{
    MEMORY_BASIC_INFORMATION info;
    NTSTATUS status = NtQueryVirtualMemory(NtCurrentProcess(), base, 0, &info, sizeof info, NULL);
    command->base = (uintptr_t)info.BaseAddress;
    command->offset = (uintptr_t)info.AllocationBase;
    command->size = info.RegionSize;
    command->type = info.Type;
    command->protect = info.Protect;
    command->section_protect = info.AllocationProtect;
    command->section_attributes = info.State;
    return status;
}

/* The fd of the process that asks: pipes and files can be opened again if it can not be fetched. */
static int fd_fetch(int pid, int fd)
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

static NTSTATUS serve_duplicate(struct memory_command *command)
{
    struct object *object;
    HANDLE handle;
    if (command->object.fd >= 0 && command->object.type != HANDOVER_PROCESS) {
        command->object.fd = fd_fetch(command->asker, command->object.fd);
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

void remote_serve(struct arena_process *self)
{
    struct memory_command *command = &self->command;
    PVOID base = (PVOID)command->base;
    SIZE_T size = command->size;
    NTSTATUS status = STATUS_INVALID_PARAMETER;
    switch (command->what) {
    case MEMORY_ALLOCATE:
        status = NtAllocateVirtualMemory(NtCurrentProcess(), &base, 0, &size, command->type, command->protect);
        break;
    case MEMORY_FREE:
        status = NtFreeVirtualMemory(NtCurrentProcess(), &base, &size, command->type);
        break;
    case MEMORY_PROTECT:
        status = NtProtectVirtualMemory(NtCurrentProcess(), &base, &size, command->protect, &command->type);
        break;
    case MEMORY_MAP:
        status = serve_map(command, &base, &size);
        break;
    case MEMORY_UNMAP:
        status = NtUnmapViewOfSection(NtCurrentProcess(), base);
        break;
    }
    if (command->what == DUPLICATE) {
        status = serve_duplicate(command);
    } else if (command->what == MEMORY_QUERY) {
        status = serve_query(command, base);
    } else {
        command->base = (uintptr_t)base;
        command->size = size;
    }
    command->status = status;
    atomic_store(&self->resume, WAITS);
    futex_wake_shared(&self->resume, 1, true);
}

/* Has the command done; it holds the answer then. */
static NTSTATUS command_run(struct process_object *process, struct memory_command *command)
{
    const LARGE_INTEGER pause = {.QuadPart = -1000000}; /* 100 ms: it may have been killed */
    uint32_t waits = WAITS;
    if (process_is_self(process) || process->foreign || process_check_ended(process))
        return STATUS_PROCESS_IS_TERMINATING;
    struct arena_process *record = arena_process(process->record);
    lock_acquire(&command_lock);
    record->command = *command;
    NTSTATUS status = STATUS_NOT_SUPPORTED; /* it runs already */
    if (atomic_compare_exchange_strong(&record->resume, &waits, COMMANDED)) {
        status = STATUS_SUCCESS;
        futex_wake_shared(&record->resume, 1, true);
        while (atomic_load(&record->resume) == COMMANDED && !status) {
            struct deadline soon;
            deadline_set(&soon, &pause);
            futex_wait_until(&record->resume, COMMANDED, true, &soon);
            if (process_check_ended(process))
                status = STATUS_PROCESS_IS_TERMINATING;
        }
    }
    *command = record->command;
    lock_release(&command_lock);
    return status ? status : command->status;
}

static NTSTATUS command_send(HANDLE handle, struct memory_command *command)
{
    struct process_object *process;
    NTSTATUS status = process_from_handle(handle, PROCESS_VM_OPERATION, &process);
    if (status)
        return status;
    status = command_run(process, command);
    object_release(process);
    return status;
}

static NTSTATUS command_range(HANDLE process, uint32_t what, PVOID *base, SIZE_T *size, ULONG type, ULONG protect,
                              ULONG *old)
{
    struct memory_command command = {
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
    return command_range(process, MEMORY_ALLOCATE, base, size, type, protect, NULL);
}

NTSTATUS remote_free(HANDLE process, PVOID *base, SIZE_T *size, ULONG type)
{
    return command_range(process, MEMORY_FREE, base, size, type, 0, NULL);
}

NTSTATUS remote_protect(HANDLE process, PVOID *base, SIZE_T *size, ULONG protect, ULONG *old)
{
    return command_range(process, MEMORY_PROTECT, base, size, 0, protect, old);
}

NTSTATUS remote_unmap(HANDLE process, PVOID base)
{
    return command_range(process, MEMORY_UNMAP, &base, NULL, 0, 0, NULL);
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
    struct memory_command command = {.what = MEMORY_MAP,
                                     .type = type,
                                     .protect = protect,
                                     .fd = given.fd,
                                     .asker = getpid(),
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

/* What the host tells of a process that runs: one line of its map. */
static NTSTATUS query_host(int pid, uintptr_t address, MEMORY_BASIC_INFORMATION *info)
{
    char path[32], line[4400], access[5];
    unsigned long long start, end = 0, before = 0;
    snprintf(path, sizeof path, "/proc/%d/maps", pid);
    FILE *file = fopen(path, "re");
    if (!file)
        return status_from_errno(errno);
    memset(info, 0, sizeof *info);
    while (fgets(line, sizeof line, file) && sscanf(line, "%llx-%llx %4s", &start, &end, access) == 3 && end <= address)
        before = end;
    fclose(file);
    info->BaseAddress = (PVOID)address;
    if (end <= address || start > address) {
        info->State = MEM_FREE;
        info->Protect = PAGE_NOACCESS;
        info->RegionSize = (end <= address ? 0x7fffffff0000ull : start) - address;
        info->AllocationBase = NULL;
        (void)before;
        return STATUS_SUCCESS;
    }
    bool writes = access[1] == 'w', runs = access[2] == 'x';
    info->AllocationBase = (PVOID)start;
    info->RegionSize = end - address;
    info->State = access[0] == '-' && !writes && !runs ? MEM_RESERVE : MEM_COMMIT;
    info->Type = access[3] == 's' ? MEM_MAPPED : MEM_PRIVATE;
    info->Protect = info->State == MEM_RESERVE ? 0
                    : runs                     ? (writes ? PAGE_EXECUTE_READWRITE : PAGE_EXECUTE_READ)
                                               : (writes ? PAGE_READWRITE : PAGE_READONLY);
    info->AllocationProtect = info->Protect ? info->Protect : PAGE_NOACCESS;
    return STATUS_SUCCESS;
}

NTSTATUS remote_query(HANDLE handle, PVOID address, MEMORY_BASIC_INFORMATION *info)
{
    struct memory_command command = {.what = MEMORY_QUERY, .base = (uintptr_t)address};
    struct process_object *process;
    NTSTATUS status = process_from_handle(handle, PROCESS_QUERY_INFORMATION, &process);
    if (status)
        return status;
    status = command_run(process, &command);
    if (status == STATUS_NOT_SUPPORTED) {
        status = query_host(process->pid, (uintptr_t)address & ~(uintptr_t)0xfff, info);
    } else if (!status) {
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
    struct memory_command command = {.what = DUPLICATE, .type = access, .protect = attributes, .asker = getpid()};
    NTSTATUS status = handover_give(object, &command.object, NULL);
    if (status)
        return status;
    if (command.object.entry)
        arena_hold(&arena_entry(command.object.entry)->holders, process->record);
    status = command_run(process, &command);
    *handle = NT_SUCCESS(status) ? (HANDLE)command.base : NULL;
    return status;
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
    if (n < 0)
        status = errno == EPERM   ? STATUS_ACCESS_DENIED
                 : errno == ESRCH ? STATUS_PROCESS_IS_TERMINATING
                                  : STATUS_PARTIAL_COPY;
    *done = n > 0 ? (SIZE_T)n : 0;
    if (n >= 0 && (SIZE_T)n < size)
        status = STATUS_PARTIAL_COPY;
    object_release(process);
    return status;
}
