/*
 * remote_thread.c: threads of other processes (remote.h).
 *
 * Layer: NT layer.  The object of such a thread is a proxy of an arena entry, which is signalled when it ends; what is
 * done to it is a command to its process, which calls its own Nt functions.
 */
#include <string.h>
#include "ntthread.h"
#include "peb.h"
#include "remote.h"
#include "shared.h"
#include "suspend.h"
#include "thread_create.h"

extern const char __executable_start[], end[];

NTSTATUS remote_thread_run(struct thread_object *thread, struct remote_command *command, void *data, size_t in,
                           size_t out)
{
    command->tid = thread->tid;
    return remote_run(thread->process, command, data, in, out);
}

NTSTATUS remote_thread_proxy(struct process_object *process, uint32_t index, int tid, struct thread_object **thread)
{
    struct thread_object *object = process_is_self(process) ? (struct thread_object *)shared_object(index) : NULL;
    if (object) { /* it has come home */
        *thread = object;
        return STATUS_SUCCESS;
    }
    object = thread_object_create();
    if (!object)
        return STATUS_NO_MEMORY;
    const struct thread_shared *shared = (const struct thread_shared *)arena_entry(index)->data;
    object->process = object_reference(process);
    object->tid = tid;
    object->teb = (PTEB)shared->teb;
    object->start = (void *)shared->start;
    object->create_time = shared->create_time;
    *thread = (struct thread_object *)shared_adopt(&object->object, index);
    return STATUS_SUCCESS;
}

NTSTATUS remote_thread_open(struct process_object *process, int tid, struct thread_object **thread)
{
    struct remote_command command = {.what = REMOTE_THREAD_OPEN, .tid = tid};
    NTSTATUS status = remote_run(process, &command, NULL, 0, 0);
    return status ? status : remote_thread_proxy(process, command.object.entry, tid, thread);
}

/* Code of winrun lies elsewhere in each process: it is told by its place in the executable. */
static uint64_t to_relative(void *start, uint32_t *relative)
{
    *relative = (const char *)start >= __executable_start && (const char *)start < end;
    return (uint64_t)start - (*relative ? (uint64_t)__executable_start : 0);
}

NTSTATUS remote_thread_create(struct process_object *process, void *start, void *argument, ULONG flags, SIZE_T commit,
                              SIZE_T reserve, struct thread_object **thread)
{
    struct remote_command command = {.what = REMOTE_THREAD_CREATE,
                                     .type = flags,
                                     .offset = (uint64_t)argument,
                                     .size = commit,
                                     .section_size = reserve};
    command.base = to_relative(start, &command.protect);
    NTSTATUS status = remote_run(process, &command, NULL, 0, 0);
    return status ? status : remote_thread_proxy(process, command.object.entry, command.tid, thread);
}

/* The entry of a thread of this process, held for the one that asks. */
static NTSTATUS share_with_asker(struct thread_object *thread, struct remote_command *command)
{
    uint32_t index = shared_promote(&thread->object);
    if (!index)
        return STATUS_INSUFFICIENT_RESOURCES;
    arena_hold(&arena_entry(index)->holders, command->asker_record);
    command->object.entry = index;
    command->tid = thread->tid;
    return STATUS_SUCCESS;
}

static struct thread_object *thread_find(int tid)
{
    struct thread_object *found = NULL;
    thread_list_lock();
    for (struct thread *thread = thread_list_first(); thread && !found; thread = thread->next)
        if (thread->tid == tid)
            found = object_reference(thread->object);
    thread_list_unlock();
    return found;
}

static NTSTATUS serve_create(struct remote_command *command)
{
    const struct thread_creation creation = {
        .start = (void *)(command->base + (command->protect ? (uint64_t)__executable_start : 0)),
        .argument = (void *)command->offset,
        .flags = command->type | THREAD_CREATE_SUSPENDED,
        .stack_commit = command->size,
        .stack_reserve = command->section_size};
    struct thread_object *thread;
    ULONG count;
    NTSTATUS status = thread_create(&creation, &thread);
    if (status)
        return status;
    status = share_with_asker(thread, command);
    if (!(command->type & THREAD_CREATE_SUSPENDED))
        resume_thread(thread, &count);
    object_release(&thread->object);
    return status;
}

static NTSTATUS serve_handle(HANDLE thread, struct remote_command *command, struct remote_exchange *exchange)
{
    ULONG count = 0;
    NTSTATUS status;
    switch (command->what) {
    case REMOTE_THREAD_SUSPEND:
        status = NtSuspendThread(thread, &count);
        command->type = count;
        return status;
    case REMOTE_THREAD_RESUME:
        status = NtResumeThread(thread, &count);
        command->type = count;
        return status;
    case REMOTE_THREAD_TERMINATE:
        return NtTerminateThread(thread, (NTSTATUS)command->type);
    case REMOTE_THREAD_GET_CONTEXT:
        return NtGetContextThread(thread, (CONTEXT *)exchange);
    case REMOTE_THREAD_SET_CONTEXT:
        return NtSetContextThread(thread, (const CONTEXT *)exchange);
    case REMOTE_THREAD_QUERY:
        status =
            NtQueryInformationThread(thread, (THREADINFOCLASS)command->type, exchange, (ULONG)command->size, &count);
        command->size = count;
        return status;
    case REMOTE_THREAD_SET:
        return NtSetInformationThread(thread, (THREADINFOCLASS)command->type, exchange, (ULONG)command->size);
    case REMOTE_THREAD_APC:
        return NtQueueApcThread(thread, (void *)command->base, (void *)command->size, (void *)command->offset,
                                (void *)command->section_size);
    }
    return STATUS_INVALID_PARAMETER;
}

/* The first thread, which has not started, serves itself. */
static NTSTATUS serve_waiting(struct thread_object *self, struct remote_command *command,
                              struct remote_exchange *exchange)
{
    ULONG count;
    switch (command->what) {
    case REMOTE_THREAD_SUSPEND:
        command->type = atomic_fetch_add(&self->suspend, 1) & SUSPEND_COUNT;
        return STATUS_SUCCESS;
    case REMOTE_THREAD_RESUME:
        resume_thread(self, &count);
        command->type = count;
        return STATUS_SUCCESS;
    case REMOTE_THREAD_TERMINATE:
        self->kill_code = command->type;
        atomic_fetch_or(&self->suspend, SUSPEND_KILL);
        return STATUS_SUCCESS;
    case REMOTE_THREAD_GET_CONTEXT:
    case REMOTE_THREAD_SET_CONTEXT:
        return suspend_context_exchange(self, (CONTEXT *)exchange, command->what == REMOTE_THREAD_SET_CONTEXT);
    default:
        return serve_handle(NtCurrentThread(), command, exchange);
    }
}

NTSTATUS remote_thread_serve(struct remote_command *command, struct remote_exchange *exchange)
{
    HANDLE handle;
    NTSTATUS status;
    if (command->what == REMOTE_THREAD_CREATE)
        return serve_create(command);
    struct thread_object *thread = thread_find(command->tid);
    if (!thread)
        return command->what == REMOTE_THREAD_OPEN ? STATUS_INVALID_CID : STATUS_THREAD_IS_TERMINATING;
    if (command->what == REMOTE_THREAD_OPEN) {
        status = share_with_asker(thread, command);
    } else if (thread == thread_self()) {
        status = serve_waiting(thread, command, exchange);
    } else if (!(status = handle_create(thread, THREAD_ALL_ACCESS, 0, &handle))) {
        status = serve_handle(handle, command, exchange);
        handle_close(handle);
    }
    object_release(&thread->object);
    return status;
}
