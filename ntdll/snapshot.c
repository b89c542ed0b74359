/*
 * snapshot.c: the object behind CreateToolhelp32Snapshot.
 *
 * Layer: NT layer.  Everything is copied when it is made.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "ntthread.h"
#include "loader/module.h"
#include "ntdll/peb.h"
#include "ntdll/snapshot.h"
#include "ntdll/thread.h"

static void snapshot_destroy(struct object *object)
{
    struct snapshot *snapshot = (struct snapshot *)object;

    free(snapshot->processes);
    free(snapshot->threads);
    free(snapshot->modules);
    object_free(object);
}

static const struct object_type type_snapshot = {
    .name = "Section", /* what it is on Windows */
    .mapping = {GENERIC_READ, GENERIC_WRITE, GENERIC_EXECUTE, SECTION_ALL_ACCESS},
    .all_access = SECTION_ALL_ACCESS,
    .destroy = snapshot_destroy,
};

static bool copy_threads(struct snapshot *snapshot, bool wanted)
{
    ULONG count = 0;

    thread_list_lock();
    for (struct thread *thread = thread_list_first(); thread; thread = thread->next)
        count++;
    snapshot->thread_total = count;
    if (wanted)
        snapshot->threads = calloc(count, sizeof *snapshot->threads);
    if (snapshot->threads) {
        for (struct thread *thread = thread_list_first(); thread; thread = thread->next)
            snapshot->threads[snapshot->count[SNAPSHOT_THREADS]++] = thread->tid;
    }
    thread_list_unlock();
    return !wanted || snapshot->threads;
}

static void copy_text(WCHAR *out, size_t room, const UNICODE_STRING *text)
{
    size_t length = text->Length / sizeof(WCHAR);

    if (length >= room)
        length = room - 1;
    memcpy(out, text->Buffer, length * sizeof(WCHAR));
    out[length] = 0;
}

static bool copy_modules(struct snapshot *snapshot)
{
    const LIST_ENTRY *list = &process_peb.Ldr->InLoadOrderModuleList;
    ULONG count = 0;

    loader_lock();
    for (const LIST_ENTRY *at = list->Flink; at != list; at = at->Flink)
        count++;
    snapshot->modules = calloc(count, sizeof *snapshot->modules);
    for (const LIST_ENTRY *at = list->Flink; at != list && snapshot->modules; at = at->Flink) {
        const LDR_DATA_TABLE_ENTRY *entry = CONTAINING_RECORD(at, LDR_DATA_TABLE_ENTRY, InLoadOrderLinks);
        struct snapshot_module *module = &snapshot->modules[snapshot->count[SNAPSHOT_MODULES]++];
        module->base = entry->DllBase;
        module->size = entry->SizeOfImage;
        copy_text(module->name, sizeof module->name / sizeof(WCHAR), &entry->BaseDllName);
        copy_text(module->path, sizeof module->path / sizeof(WCHAR), &entry->FullDllName);
    }
    loader_unlock();
    return snapshot->modules != NULL;
}

NTSTATUS snapshot_create(ULONG parts, BOOL inherit, HANDLE *handle)
{
    struct snapshot *snapshot = object_create(&type_snapshot, sizeof *snapshot);
    NTSTATUS status = STATUS_NO_MEMORY;

    if (!snapshot)
        return status;
    if (parts >> SNAPSHOT_PROCESSES & 1)
        snapshot->count[SNAPSHOT_PROCESSES] = process_list(&snapshot->processes);
    if (copy_threads(snapshot, parts >> SNAPSHOT_THREADS & 1) &&
        (!(parts >> SNAPSHOT_MODULES & 1) || copy_modules(snapshot))) {
        if (snapshot->processes)
            snapshot->processes[0].threads = snapshot->thread_total;
        status = handle_create(snapshot, SECTION_ALL_ACCESS, inherit ? OBJ_INHERIT : 0, handle);
    }
    object_release(&snapshot->object);
    return status;
}

NTSTATUS snapshot_next(HANDLE handle, enum snapshot_part part, bool first, struct snapshot **snapshot, ULONG *index)
{
    void *object;
    NTSTATUS status = handle_lookup(handle, &type_snapshot, 0, &object);

    if (!NT_SUCCESS(status))
        return status;
    *snapshot = object;
    if (first)
        (*snapshot)->position[part] = 0;
    if ((*snapshot)->position[part] >= (*snapshot)->count[part]) {
        object_release(object);
        return STATUS_NO_MORE_FILES;
    }
    *index = (*snapshot)->position[part]++;
    return STATUS_SUCCESS;
}
