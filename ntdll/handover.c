/*
 * handover.c: objects on their way to another process: the table of types, and files.
 *
 * Layer: NT layer.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "handover.h"
#include "mailslot.h"
#include "pipe.h"
#include "socket_private.h"
#include "shared.h"

const struct handover_functions handover_functions[HANDOVER_TYPES] = {
    [HANDOVER_FILE] = {&type_file, file_give, file_take},
    [HANDOVER_SECTION] = {&type_section, section_give, section_take},
    [HANDOVER_PROCESS] = {&type_process, process_give, process_take},
    [HANDOVER_THREAD] = {&type_thread, thread_give, thread_take},
    [HANDOVER_EVENT] = {&type_event, shared_give, shared_take},
    [HANDOVER_MUTANT] = {&type_mutant, shared_give, shared_take},
    [HANDOVER_SEMAPHORE] = {&type_semaphore, shared_give, shared_take},
    [HANDOVER_TIMER] = {&type_timer, shared_give, shared_take},
    [HANDOVER_JOB] = {&type_job, shared_give, shared_take},
};

uint32_t blob_add(struct blob *blob, const void *data, size_t size)
{
    size_t at = (blob->used + 7) & ~(size_t)7, end = at + size;
    if (end > blob->size && !blob->failed) {
        size_t room = end * 2 < 4096 ? 4096 : end * 2;
        char *more = end < UINT32_MAX / 2 ? realloc(blob->data, room) : NULL;
        if (more) {
            blob->data = more;
            blob->size = room;
        } else {
            blob->failed = true;
        }
    }
    if (blob->failed)
        return 0;
    memset(blob->data + blob->used, 0, at - blob->used);
    if (data)
        memcpy(blob->data + at, data, size);
    else
        memset(blob->data + at, 0, size);
    blob->used = end;
    return (uint32_t)at;
}

void blob_free(struct blob *blob)
{
    free(blob->data);
    *blob = (struct blob){0};
}

NTSTATUS handover_give(struct object *object, struct handover_object *out, struct blob *blob)
{
    memset(out, 0, sizeof *out);
    out->fd = -1;
    for (uint32_t type = 1; type < HANDOVER_TYPES; type++) {
        if (handover_functions[type].type != object->type)
            continue;
        out->type = type;
        return handover_functions[type].give(object, out, blob);
    }
    return STATUS_NOT_SUPPORTED;
}

NTSTATUS handover_take(const struct handover_object *in, const char *text, struct object **object)
{
    if (in->type == HANDOVER_NONE || in->type >= HANDOVER_TYPES)
        return STATUS_NOT_SUPPORTED;
    return handover_functions[in->type].take(in, text, object);
}

enum file_flags {
    FILE_APPENDS = 1,
    FILE_CONSOLE_INPUT = 2,
    FILE_NOWAIT = 4,
    FILE_HAS_PIPE = 8,
    FILE_HAS_POSITION = 16
};
enum pipe_flags { PIPE_SERVER = 1, PIPE_DUPLEX = 2, PIPE_MESSAGE = 4, PIPE_READ_MESSAGE = 8 };

/* From now on the position is the host's, which both processes share. */
static void position_to_host(struct file *file)
{
    host_lock(&file->lock);
    if (file->kind == FILE_KIND_DISK && !file->host_position && file->fd >= 0) {
        lseek(file->fd, file->position, SEEK_SET);
        file->host_position = true;
    }
    host_unlock(&file->lock);
}

NTSTATUS file_give(struct object *object, struct handover_object *out, struct blob *blob)
{
    struct file *file = (struct file *)object;
    const struct pipe_end *end = file->pipe;
    if (file->kind == FILE_KIND_AFD) /* watches sockets of this process */
        return STATUS_NOT_SUPPORTED;
    position_to_host(file);
    out->fd = file->fd;
    out->text = file->host && blob ? blob_add(blob, file->host, strlen(file->host) + 1) : 0;
    out->numbers[0] = file->kind;
    out->numbers[1] = file->access;
    out->numbers[2] = file->options;
    out->numbers[3] = file->sharing;
    out->numbers[4] = file->drive;
    out->numbers[5] = (file->append ? FILE_APPENDS : 0) |
                      (file->console_input || (file->borrowed && !file->fd) ? FILE_CONSOLE_INPUT : 0) |
                      (file->pipe_nowait ? FILE_NOWAIT : 0) | (end ? FILE_HAS_PIPE : 0) |
                      (file->host_position ? FILE_HAS_POSITION : 0);
    if (end)
        out->numbers[6] = (end->is_server ? PIPE_SERVER : 0) | (end->duplex ? PIPE_DUPLEX : 0) |
                          (end->message ? PIPE_MESSAGE : 0) | (end->read_message ? PIPE_READ_MESSAGE : 0);
    if (file->mailslot) {
        out->entry = file->mailslot->is_server ? file->mailslot->entry : 0; /* held by servers alone */
        out->numbers[8] = file->mailslot->entry;
        out->numbers[6] = file->mailslot->serial;
        out->numbers[7] = file->mailslot->is_server;
    }
    if (file->socket)
        out->numbers[7] = file->socket->nonblocking;
    return STATUS_SUCCESS;
}

static struct pipe_end *pipe_end_take(uint32_t flags)
{
    struct pipe_end *end = calloc(1, sizeof *end);
    if (end)
        *end = (struct pipe_end){.listener = -1,
                                 .client_fd = -1,
                                 .configuration = FILE_PIPE_FULL_DUPLEX,
                                 .maximum = 1,
                                 .state = PIPE_CONNECTED,
                                 .is_server = flags & PIPE_SERVER,
                                 .duplex = flags & PIPE_DUPLEX,
                                 .message = flags & PIPE_MESSAGE,
                                 .read_message = flags & PIPE_READ_MESSAGE};
    return end;
}

NTSTATUS file_take(const struct handover_object *in, const char *text, struct object **object)
{
    bool is_socket = in->numbers[0] == FILE_KIND_SOCKET;
    struct file *file =
        in->numbers[0] == FILE_KIND_MAILSLOT
            ? mailslot_adopt(in->numbers[8], in->numbers[6], in->numbers[7], in->fd, in->numbers[1], in->numbers[2])
            : file_create(is_socket ? FILE_KIND_PIPE : in->numbers[0], in->fd, in->numbers[1], in->numbers[2]);
    if (!file)
        return STATUS_NO_MEMORY;
    if (is_socket && socket_adopt(file)) /* what it is, the host knows */
        file->socket->nonblocking = in->numbers[7];
    file->sharing = in->numbers[3];
    file->drive = (WCHAR)in->numbers[4];
    file->append = in->numbers[5] & FILE_APPENDS;
    file->console_input = in->numbers[5] & FILE_CONSOLE_INPUT;
    file->pipe_nowait = in->numbers[5] & FILE_NOWAIT;
    file->host_position = in->numbers[5] & FILE_HAS_POSITION;
    if (text)
        file->host = strdup(text);
    if (file->kind == FILE_KIND_DISK || file->kind == FILE_KIND_DIRECTORY || file->mailslot)
        share_inherit(file);
    if (in->numbers[5] & FILE_HAS_PIPE)
        file->pipe = pipe_end_take(in->numbers[6]);
    *object = &file->object;
    return STATUS_SUCCESS;
}
