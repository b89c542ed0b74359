/*
 * spawn_handles.c: which handles a child gets, and where their fds lie in it.
 *
 * Layer: NT layer.  Handles that share an object share it in the child too.  An fd keeps its number, but the objects of
 * the standard handles come to lie at 0, 1 and 2, so that Linux programs find them and winrun can speak.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "arena.h"
#include "error.h"
#include "remote.h"
#include "spawn.h"

static bool object_known(const struct spawn *spawn, const struct object *object, uint32_t *index)
{
    for (*index = 0; *index < spawn->object_count; (*index)++)
        if (spawn->kept[*index] == object)
            return true;
    return false;
}

static NTSTATUS object_add(struct spawn *spawn, struct object *object, uint32_t *index)
{
    if (object_known(spawn, object, index))
        return STATUS_SUCCESS;
    if (spawn->object_count % 16 == 0) {
        size_t room = spawn->object_count + 16;
        void *objects = realloc(spawn->objects, room * sizeof *spawn->objects);
        if (objects)
            spawn->objects = objects;
        void *kept = realloc(spawn->kept, room * sizeof *spawn->kept);
        if (kept)
            spawn->kept = kept;
        if (!objects || !kept)
            return STATUS_NO_MEMORY;
    }
    struct handover_object *out = &spawn->objects[spawn->object_count];
    NTSTATUS status = handover_give(object, out, &spawn->block);
    if (status)
        return status;
    if (out->entry) /* held for the child before it exists */
        arena_hold(&arena_entry(out->entry)->holders, spawn->record);
    spawn->kept[spawn->object_count++] = object_reference(object);
    return STATUS_SUCCESS;
}

static NTSTATUS handle_add(struct spawn *spawn, HANDLE handle, struct object *object, const struct handle_info *info,
                           uint32_t *index)
{
    NTSTATUS status = object_add(spawn, object, index);
    if (status)
        return status;
    for (uint32_t i = 0; i < spawn->handle_count_out; i++)
        if (spawn->handles[i].handle == (uint32_t)(ULONG_PTR)handle)
            return STATUS_SUCCESS;
    if (spawn->handle_count_out % 16 == 0) {
        void *more = realloc(spawn->handles, (spawn->handle_count_out + 16) * sizeof *spawn->handles);
        if (!more)
            return STATUS_NO_MEMORY;
        spawn->handles = more;
    }
    spawn->handles[spawn->handle_count_out++] =
        (struct handover_handle){(uint32_t)(ULONG_PTR)handle & ~3u, info->access, info->attributes, *index};
    return STATUS_SUCCESS;
}

struct walk {
    struct spawn *spawn;
    NTSTATUS status;
};

NTSTATUS spawn_query_handle(const struct spawn *spawn, HANDLE handle, struct object **object, struct handle_info *info)
{
    if (spawn->parent)
        return remote_fetch(spawn->parent, handle, false, object, info);
    return handle_query(handle, (void **)object, info);
}

static bool add_inheritable(HANDLE handle, struct object *object, const struct handle_info *info, void *context)
{
    struct walk *walk = context;
    uint32_t index;
    if (!(info->attributes & OBJ_INHERIT))
        return true;
    NTSTATUS status = handle_add(walk->spawn, handle, object, info, &index);
    if (status && status != STATUS_NOT_SUPPORTED) /* what can not leave its process stays behind */
        walk->status = status;
    return !walk->status;
}

static NTSTATUS add_listed(struct spawn *spawn)
{
    for (ULONG i = 0; i < spawn->handle_count; i++) {
        struct handle_info info;
        struct object *object;
        uint32_t index;
        NTSTATUS status = spawn_query_handle(spawn, spawn->handle_list[i], &object, &info);
        if (status)
            return STATUS_INVALID_PARAMETER;
        if (!(info.attributes & OBJ_INHERIT))
            status = STATUS_INVALID_PARAMETER;
        else
            status = handle_add(spawn, spawn->handle_list[i], object, &info, &index);
        object_release(object);
        if (status && status != STATUS_NOT_SUPPORTED)
            return status;
    }
    return STATUS_SUCCESS;
}

/* All that another process's children inherit. */
static NTSTATUS add_of_parent(struct spawn *spawn)
{
    struct walk walk = {spawn, STATUS_SUCCESS};
    HANDLE handle = NULL;
    while (!walk.status && !(walk.status = remote_next_inherited(spawn->parent, &handle)) && handle) {
        struct handle_info info;
        struct object *object;
        if (remote_fetch(spawn->parent, handle, false, &object, &info))
            continue; /* closed meanwhile, or it can not leave its process */
        add_inheritable(handle, object, &info, &walk);
        object_release(object);
    }
    return walk.status;
}

static bool handle_given(const struct spawn *spawn, HANDLE handle, uint32_t *index)
{
    for (uint32_t i = 0; i < spawn->handle_count_out; i++) {
        if (spawn->handles[i].handle != ((uint32_t)(ULONG_PTR)handle & ~3u))
            continue;
        *index = spawn->handles[i].object;
        return true;
    }
    return false;
}

/*
 * The standard handles: those that are inherited are found in the child by their values; a console program that is not
 * told otherwise gets duplicates of its parent's.
 */
static NTSTATUS add_standard(struct spawn *spawn)
{
    for (unsigned i = 0; i < 3; i++) {
        HANDLE handle = spawn->standard[i];
        struct handle_info info;
        struct object *object;
        uint32_t index;
        if (!handle || (LONG_PTR)handle < 0)
            continue;
        if (handle_given(spawn, handle, &index)) {
            spawn->standard_objects[i] = index + 1;
            continue;
        }
        /* A Linux program has no handles, only these. */
        if (!spawn->standard_by_request && !spawn->foreign)
            continue;
        /* What is not asked for by its value is this process's own, whoever is the parent. */
        NTSTATUS status = spawn->standard_by_request ? handle_query(handle, (void **)&object, &info)
                                                     : spawn_query_handle(spawn, handle, &object, &info);
        if (status)
            continue;
        status = handle_add(spawn, handle, object, &info, &index);
        object_release(object);
        if (status && status != STATUS_NOT_SUPPORTED)
            return status;
        if (!status)
            spawn->standard_objects[i] = index + 1;
    }
    return STATUS_SUCCESS;
}

NTSTATUS spawn_collect_handles(struct spawn *spawn)
{
    struct walk walk = {spawn, STATUS_SUCCESS};
    if (spawn->process_flags & PROCESS_CREATE_INHERIT_HANDLES && !spawn->foreign) {
        if (spawn->handle_list_given)
            walk.status = add_listed(spawn);
        else if (spawn->parent)
            walk.status = add_of_parent(spawn);
        else
            handle_walk(add_inheritable, &walk);
    }
    if (spawn->pseudo_console && spawn->standard_by_request) /* these are the new console */
        memset(spawn->standard, 0, sizeof spawn->standard);
    if (!walk.status &&
        (spawn->subsystem == IMAGE_SUBSYSTEM_WINDOWS_CUI || spawn->foreign || !spawn->standard_by_request))
        walk.status = add_standard(spawn);
    return walk.status;
}

/* An fd that no later action overwrites. */
static int safe_fd(struct spawn *spawn, int fd)
{
    if (fd > 2)
        return fd;
    int copy = fcntl(fd, F_DUPFD_CLOEXEC, 3);
    if (copy >= 0)
        spawn->temporary[spawn->temporary_count++] = copy;
    return copy;
}

NTSTATUS spawn_place_fds(struct spawn *spawn)
{
    int source[3];
    const char *console = spawn->pseudo_console ? pseudo_console_name(spawn->pseudo_console) : "/dev/null";
    for (unsigned i = 0; i < 3; i++) {
        uint32_t object = spawn->standard_objects[i];
        int fd = object ? spawn->objects[object - 1].fd : -1;
        source[i] = fd < 0 || fd == (int)i ? fd : safe_fd(spawn, fd);
        if (fd >= 0 && source[i] < 0)
            return status_from_errno(errno);
    }
    for (unsigned i = 0; i < 3; i++) {
        if (source[i] < 0)
            posix_spawn_file_actions_addopen(&spawn->actions, (int)i, console, O_RDWR, 0);
        else if (source[i] != (int)i)
            posix_spawn_file_actions_adddup2(&spawn->actions, source[i], (int)i);
        spawn->head.standard_fds[i] = source[i] < 0 ? 0 : spawn->standard_objects[i];
    }
    for (uint32_t i = 0; i < spawn->object_count && !spawn->foreign; i++) {
        struct handover_object *object = &spawn->objects[i];
        bool placed = false;
        for (unsigned j = 0; j < 3 && !placed; j++)
            if (spawn->head.standard_fds[j] == i + 1) {
                object->fd = (int)j;
                placed = true;
            }
        if (placed || object->fd < 0)
            continue;
        if (object->fd <= 2) { /* a standard fd of ours that is not one of the child's */
            int copy = safe_fd(spawn, object->fd);
            if (copy < 0)
                return status_from_errno(errno);
            object->fd = copy;
        }
        posix_spawn_file_actions_adddup2(&spawn->actions, object->fd, object->fd);
    }
    return STATUS_SUCCESS;
}

void spawn_release_handles(struct spawn *spawn)
{
    for (uint32_t i = 0; i < spawn->object_count; i++)
        object_release(spawn->kept[i]);
    for (unsigned i = 0; i < spawn->temporary_count; i++)
        close(spawn->temporary[i]);
    free(spawn->kept);
    free(spawn->objects);
    free(spawn->handles);
}
