/*
 * snapshot.c: the object behind CreateToolhelp32Snapshot.
 *
 * Layer: NT layer.  Everything is copied when it is made.
 */
#include <dirent.h>
#include <stdio.h>
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

static bool thread_add(struct snapshot *snapshot, ULONG id, ULONG owner)
{
    ULONG count = snapshot->count[SNAPSHOT_THREADS];
    struct snapshot_thread *more =
        count % 32 ? snapshot->threads : realloc(snapshot->threads, (count + 32) * sizeof *more);

    if (!more)
        return false;
    snapshot->threads = more;
    more[count] = (struct snapshot_thread){id, owner};
    snapshot->count[SNAPSHOT_THREADS]++;
    return true;
}

/* As the host knows them; among them may be some of winrun's own, which can not be opened. */
static bool copy_threads_of(struct snapshot *snapshot, ULONG process)
{
    char path[32];
    bool good = true;

    snprintf(path, sizeof path, "/proc/%u/task", (unsigned)process);
    DIR *directory = opendir(path);
    for (struct dirent *entry; good && directory && (entry = readdir(directory));)
        if (entry->d_name[0] != '.')
            good = thread_add(snapshot, (ULONG)atoi(entry->d_name), process);
    if (directory)
        closedir(directory);
    return good;
}

static bool copy_threads(struct snapshot *snapshot, bool wanted)
{
    bool good = true;
    struct snapshot_process *processes = NULL;

    thread_list_lock();
    for (struct thread *thread = thread_list_first(); thread && good; thread = thread->next) {
        if (!thread->tid) /* being made */
            continue;
        snapshot->thread_total++;
        good = !wanted || thread_add(snapshot, (ULONG)thread->tid, (ULONG)process_id());
    }
    thread_list_unlock();
    ULONG count = wanted && good ? process_list(&processes) : 0;
    for (ULONG i = 1; i < count && good; i++)
        good = copy_threads_of(snapshot, processes[i].id);
    free(processes);
    return good;
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
        module->entry = entry->EntryPoint;
        module->size = entry->SizeOfImage;
        copy_text(module->name, sizeof module->name / sizeof(WCHAR), &entry->BaseDllName);
        copy_text(module->path, sizeof module->path / sizeof(WCHAR), &entry->FullDllName);
    }
    loader_unlock();
    return snapshot->modules != NULL;
}

static NTSTATUS copy_modules_of(struct snapshot *snapshot, ULONG id)
{
    const CLIENT_ID client = {(HANDLE)(ULONG_PTR)id, NULL};
    HANDLE process;
    NTSTATUS status;

    snapshot->module_owner = id ? id : (ULONG)process_id();
    if (snapshot->module_owner == (ULONG)process_id())
        return copy_modules(snapshot) ? STATUS_SUCCESS : STATUS_NO_MEMORY;
    status = NtOpenProcess(&process, PROCESS_VM_READ | PROCESS_QUERY_INFORMATION, NULL, &client);
    if (status)
        return STATUS_INVALID_PARAMETER;
    snapshot->count[SNAPSHOT_MODULES] = module_list_of(process, &snapshot->modules);
    NtClose(process);
    return snapshot->modules ? STATUS_SUCCESS : STATUS_PARTIAL_COPY;
}

NTSTATUS snapshot_create(ULONG parts, ULONG process, BOOL inherit, HANDLE *handle)
{
    struct snapshot *snapshot = object_create(&type_snapshot, sizeof *snapshot);
    NTSTATUS status = STATUS_SUCCESS;

    if (!snapshot)
        return STATUS_NO_MEMORY;
    if (parts >> SNAPSHOT_PROCESSES & 1)
        snapshot->count[SNAPSHOT_PROCESSES] = process_list(&snapshot->processes);
    if (!copy_threads(snapshot, parts >> SNAPSHOT_THREADS & 1))
        status = STATUS_NO_MEMORY;
    if (!status && parts >> SNAPSHOT_MODULES & 1)
        status = copy_modules_of(snapshot, process);
    if (!status) {
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
