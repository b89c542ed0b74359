/*
 * process_list.c: the processes of the prefix, for snapshots and EnumProcesses.
 *
 * Layer: NT layer.  A process is seen once it shares something with others: it was started by one, or started one, or
 * has named objects.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "handover.h"
#include "path.h"
#include "peb.h"
#include "process_object.h"
#include "snapshot.h"

static void entry_fill(struct snapshot_process *entry, ULONG id, ULONG parent, const WCHAR *path, size_t length)
{
    size_t start = length;
    while (start && path[start - 1] != '\\')
        start--;
    length -= start;
    if (length >= sizeof entry->name / sizeof(WCHAR))
        length = sizeof entry->name / sizeof(WCHAR) - 1;
    entry->id = id;
    entry->parent = parent;
    entry->threads = 1;
    memcpy(entry->name, path + start, length * sizeof(WCHAR));
    entry->name[length] = 0;
}

ULONG process_list(struct snapshot_process **list)
{
    struct arena *arena = arena_attach();
    ULONG count = 0, high = arena ? atomic_load(&arena->header.process_high) : 0;
    const UNICODE_STRING *image = &process_peb.ProcessParameters->ImagePathName;
    *list = calloc(high + 1, sizeof **list);
    if (!*list)
        return 0;
    ULONG parent = start_block() && arena ? arena_process(arena_self())->parent : (ULONG)getppid();
    entry_fill(&(*list)[count++], (ULONG)process_id(), parent, image->Buffer, image->Length / sizeof(WCHAR));
    for (uint32_t i = 0; i < high; i++) {
        const struct arena_process *process = &arena->processes[i];
        uint32_t state = atomic_load(&process->state);
        int pid = atomic_load(&process->pid);
        if ((state == PROCESS_RUNNING || state == PROCESS_STARTING) && pid && pid != process_id() &&
            arena_process_alive(process))
            entry_fill(&(*list)[count++], (ULONG)pid, process->parent, process->image, path_length(process->image));
    }
    return count;
}
