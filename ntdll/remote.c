/*
 * remote.c: commands to a process that was created suspended.
 *
 * Layer: NT layer.
 */
#include "futex.h"
#include "remote.h"

void remote_resume(struct process_object *process)
{
    struct arena_process *record = arena_process(process->record);
    atomic_store(&record->resume, 1);
    futex_wake_shared(&record->resume, 1, true);
}

void remote_serve(struct arena_process *self)
{
    atomic_store(&self->resume, 0);
}
