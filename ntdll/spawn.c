/*
 * spawn.c: NtCreateUserProcess: starts winrun again for a Windows program, and a Linux program as it is.
 *
 * Layer: NT layer.  The child gets its standard handles as fds 0-2, inherited fds under their own numbers, and the rest
 * in a start block (handover.h).  Everything else is closed by CLOEXEC.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
#include "debug.h"
#include "error.h"
#include "file.h"
#include "job.h"
#include "loader/pe.h"
#include "peb.h"
#include "process.h"
#include "process_object.h"
#include "spawn.h"
#include "thread_object.h"

/* The new process is to be another one's child: in its jobs, and with its handles. */
static NTSTATUS parent_take(struct spawn *spawn, HANDLE handle)
{
    struct process_object *parent;
    NTSTATUS status = process_from_handle(handle, PROCESS_CREATE_PROCESS, &parent);
    if (status)
        return status;
    if (process_check_ended(parent))
        status = STATUS_PROCESS_IS_TERMINATING;
    else if (!process_is_self(parent))
        spawn->parent = object_reference(parent);
    object_release(parent);
    return status;
}

static NTSTATUS read_attributes(struct spawn *spawn, const struct thread_attribute_list *list, UNICODE_STRING *image)
{
    size_t count = list ? (list->total_length - sizeof list->total_length) / sizeof list->items[0] : 0;
    NTSTATUS status = STATUS_SUCCESS;
    for (size_t i = 0; i < count && !status; i++) {
        const struct thread_attribute *item = &list->items[i];
        const struct std_handle_info *standard = item->value;
        switch (item->attribute) {
        case PS_IMAGE_NAME:
            *image = (UNICODE_STRING){(USHORT)item->size, (USHORT)item->size, item->value};
            break;
        case PS_HANDLE_LIST:
            spawn->handle_list = item->value;
            spawn->handle_count = (ULONG)(item->size / sizeof(HANDLE));
            spawn->handle_list_given = true;
            break;
        case PS_JOB_LIST:
            spawn->job_list = item->value;
            spawn->job_count = (ULONG)(item->size / sizeof(HANDLE));
            break;
        case PS_DEBUG_PORT:
            spawn->debug_port = item->value;
            break;
        case PS_PARENT_PROCESS:
            status = parent_take(spawn, item->value);
            break;
        case PS_CHILD_POLICY:
            spawn->childless = *(const ULONG *)item->value & PROCESS_CREATION_CHILD_PROCESS_RESTRICTED;
            break;
        case PS_PSEUDO_CONSOLE:
            spawn->pseudo_console = item->value;
            break;
        case PS_STD_HANDLE_INFO:
            spawn->standard_by_request = (standard->state & 3) != 0;
            break;
        }
    }
    return status ? status : image->Length ? STATUS_SUCCESS : STATUS_INVALID_PARAMETER;
}

/* What kind of program the image is. */
static NTSTATUS image_check(struct spawn *spawn)
{
    char first[4] = "";
    struct pe pe;
    int fd = open(spawn->image.host, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return errno == EACCES ? STATUS_ACCESS_DENIED : status_from_errno(errno);
    NTSTATUS status = STATUS_SUCCESS;
    ssize_t n = pread(fd, first, sizeof first, 0);
    if (n < 0)
        status = errno == EISDIR ? STATUS_ACCESS_DENIED : status_from_errno(errno);
    else if (!memcmp(first, "\177ELF", 4) || !memcmp(first, "#!", 2))
        spawn->foreign = true;
    else
        status = pe_open(fd, PE_PROGRAM, &pe);
    if (!status && !spawn->foreign)
        spawn->subsystem = pe.subsystem;
    close(fd);
    return status;
}

/* The directory that the child starts in, for the host. */
static void add_directory(struct spawn *spawn)
{
    WCHAR name[4096 + 8] = u"\\??\\";
    const UNICODE_STRING *directory = &spawn->parameters->CurrentDirectory.DosPath;
    struct path *found = malloc(sizeof *found);
    if (found && directory->Length && directory->Length / 2 < 4096) {
        memcpy(name + 4, directory->Buffer, directory->Length);
        UNICODE_STRING nt = {(USHORT)(8 + directory->Length), sizeof name, name};
        while (nt.Length > 7 * sizeof(WCHAR) && name[nt.Length / 2 - 1] == '\\')
            nt.Length -= sizeof(WCHAR);
        if (!path_find(&nt, NULL, found) && !access(found->host, F_OK))
            posix_spawn_file_actions_addchdir_np(&spawn->actions, found->host);
    }
    free(found);
}

static int host_spawn(struct spawn *spawn, const char *program, char **arguments, char **environment, int *pid)
{
    posix_spawnattr_t attributes;
    sigset_t set;
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK |
                                              (spawn->pseudo_console ? POSIX_SPAWN_SETSID : 0));
    sigemptyset(&set);
    posix_spawnattr_setsigmask(&attributes, &set);
    sigaddset(&set, SIGPIPE);
    posix_spawnattr_setsigdefault(&attributes, &set);
    int error = posix_spawn(pid, program, &spawn->actions, &attributes, arguments, environment);
    posix_spawnattr_destroy(&attributes);
    return error;
}

static NTSTATUS start_foreign(struct spawn *spawn, int *pid)
{
    char **arguments = spawn_host_arguments(&spawn->parameters->CommandLine, spawn->image.host);
    char **environment = spawn_host_environment(spawn->parameters->Environment);
    int error = ENOMEM;
    if (arguments && environment)
        error = host_spawn(spawn, spawn->image.host, arguments, environment, pid);
    free(arguments);
    free(environment);
    return error == ENOEXEC ? STATUS_INVALID_IMAGE_NOT_MZ : error ? status_from_errno(error) : STATUS_SUCCESS;
}

static NTSTATUS start_windows(struct spawn *spawn, int *pid)
{
    char option[32];
    char *arguments[] = {"winrun", option, spawn->image.host, NULL};
    int fd;
    NTSTATUS status = spawn_write_block(spawn, &fd);
    if (status)
        return status;
    snprintf(option, sizeof option, "--start=%d", fd);
    posix_spawn_file_actions_adddup2(&spawn->actions, fd, fd); /* stays open: glibc takes CLOEXEC away */
    posix_spawn_file_actions_adddup2(&spawn->actions, arena_fd(), arena_fd());
    int error = host_spawn(spawn, "/proc/self/exe", arguments, environ, pid);
    close(fd);
    return error ? status_from_errno(error) : STATUS_SUCCESS;
}

static void record_fill(struct spawn *spawn)
{
    struct arena_process *record = arena_process(spawn->record);
    const UNICODE_STRING *image = &spawn->parameters->ImagePathName;
    size_t length = image->Length / sizeof(WCHAR), most = sizeof record->image / sizeof(WCHAR) - 1;
    memcpy(record->image, image->Buffer, (length < most ? length : most) * sizeof(WCHAR));
    record->parent = (uint32_t)(spawn->parent ? spawn->parent->pid : process_id());
    record->group = spawn->parameters->ProcessGroupId;
    record->session_flags = (spawn->parameters->ConsoleHandle == CONSOLE_DETACHED ? ARENA_NO_CONSOLE : 0) |
                            (spawn->foreign ? ARENA_FOREIGN : 0) | (spawn->childless ? ARENA_CHILDLESS : 0);
    debug_prepare_child(spawn);
}

/* The handles of the new process and of its first thread. */
static NTSTATUS hand_out(struct process_object *process, PHANDLE process_handle, PHANDLE thread_handle,
                         ACCESS_MASK process_access, ACCESS_MASK thread_access,
                         const OBJECT_ATTRIBUTES *process_attributes, const OBJECT_ATTRIBUTES *thread_attributes)
{
    struct thread_object *thread = thread_object_of_process(process);
    if (!thread)
        return STATUS_NO_MEMORY;
    NTSTATUS status =
        handle_create(process, process_access, process_attributes ? process_attributes->Attributes : 0, process_handle);
    if (!status) {
        status =
            handle_create(thread, thread_access, thread_attributes ? thread_attributes->Attributes : 0, thread_handle);
        if (status)
            handle_close(*process_handle);
    }
    object_release(&thread->object);
    return status;
}

static void fill_answers(const struct thread_attribute_list *list, int pid)
{
    CLIENT_ID id = {(HANDLE)(ULONG_PTR)pid, (HANDLE)(ULONG_PTR)pid};
    size_t count = list ? (list->total_length - sizeof list->total_length) / sizeof list->items[0] : 0;
    for (size_t i = 0; i < count; i++)
        if (list->items[i].attribute == PS_CLIENT_ID)
            memcpy(list->items[i].value, &id, sizeof id);
}

/* Starts what has been prepared; the child's object. */
static NTSTATUS launch(struct spawn *spawn, struct process_object **result)
{
    int pid = 0;
    NTSTATUS status =
        job_prepare_child(spawn->record, spawn->parent ? spawn->parent->record : arena_self(),
                          spawn->process_flags & PROCESS_CREATE_BREAKAWAY, spawn->job_list, spawn->job_count);
    record_fill(spawn);
    if (!status)
        status = spawn->foreign ? start_foreign(spawn, &pid) : start_windows(spawn, &pid);
    if (status)
        return status;
    struct arena_process *record = arena_process(spawn->record);
    struct timespec now;
    clock_gettime(CLOCK_BOOTTIME, &now);
    record->seen = now.tv_sec * 1000000000ll + now.tv_nsec;
    atomic_store(&record->pid, pid);
    *result = process_object_create(pid, (int)syscall(SYS_pidfd_open, pid, 0), spawn->record);
    if (!*result)
        return STATUS_NO_MEMORY;
    (*result)->child = true;
    (*result)->create_time = thread_time_now();
    (*result)->foreign = spawn->foreign;
    if (spawn->foreign)
        atomic_store(&record->state, PROCESS_RUNNING);
    job_child_started(spawn->record, pid);
    debug_child_started(spawn, *result);
    process_watch(*result);
    return STATUS_SUCCESS;
}

static NTSTATUS prepare(struct spawn *spawn)
{
    NTSTATUS status = image_check(spawn);
    if (status)
        return status;
    if (!arena_attach())
        return STATUS_INSUFFICIENT_RESOURCES;
    if (arena_process(arena_self())->session_flags & ARENA_CHILDLESS)
        return STATUS_ACCESS_DENIED;
    spawn->record = arena_process_create();
    if (spawn->record == ARENA_PROCESSES)
        return STATUS_INSUFFICIENT_RESOURCES;
    blob_add(&spawn->block, NULL, sizeof spawn->head); /* its place; filled last */
    status = spawn_collect_handles(spawn);
    return status ? status : spawn_place_fds(spawn);
}

/* Nothing came of it: what was held for the child goes. */
static void record_undo(uint32_t record)
{
    arena_bury(record);
    arena_drop_process(record);
}

NTSTATUS WINAPI NtCreateUserProcess(PHANDLE process_handle, PHANDLE thread_handle, ACCESS_MASK process_access,
                                    ACCESS_MASK thread_access, const OBJECT_ATTRIBUTES *process_attributes,
                                    const OBJECT_ATTRIBUTES *thread_attributes, ULONG process_flags, ULONG thread_flags,
                                    RTL_USER_PROCESS_PARAMETERS *parameters, struct create_info *info,
                                    const struct thread_attribute_list *attributes)
{
    struct process_object *process = NULL;
    UNICODE_STRING image = {0};
    struct spawn *spawn = calloc(1, sizeof *spawn);
    if (!spawn)
        return STATUS_NO_MEMORY;
    spawn->parameters = parameters;
    spawn->process_flags = process_flags;
    spawn->thread_flags = thread_flags;
    spawn->record = ARENA_PROCESSES;
    spawn->standard[0] = parameters->StandardInput;
    spawn->standard[1] = parameters->StandardOutput;
    spawn->standard[2] = parameters->StandardError;
    posix_spawn_file_actions_init(&spawn->actions);
    NTSTATUS status = read_attributes(spawn, attributes, &image);
    if (!status)
        status = path_find(&image, NULL, &spawn->image);
    if (!status && spawn->image.kind != PATH_FILE)
        status = STATUS_ACCESS_DENIED;
    if (!status)
        status = prepare(spawn);
    if (!status) {
        add_directory(spawn);
        status = launch(spawn, &process);
    }
    if (!status) {
        status = hand_out(process, process_handle, thread_handle, process_access, thread_access, process_attributes,
                          thread_attributes);
        if (!status)
            fill_answers(attributes, process->pid);
    }
    if (info)
        info->state = status ? 0 : 6; /* PsCreateSuccess */
    if (process)
        object_release(process);
    else if (spawn->record != ARENA_PROCESSES)
        record_undo(spawn->record);
    spawn_release_handles(spawn);
    if (spawn->parent)
        object_release(spawn->parent);
    posix_spawn_file_actions_destroy(&spawn->actions);
    blob_free(&spawn->block);
    free(spawn);
    return status;
}
