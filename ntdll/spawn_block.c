/*
 * spawn_block.c: writes the start block of a child (handover.h).
 *
 * Layer: NT layer.
 */
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "arena.h"
#include "console.h"
#include "error.h"
#include "peb.h"
#include "process.h"
#include "spawn.h"

static struct start_string add_string(struct blob *blob, const UNICODE_STRING *text)
{
    /* A zero behind each: programs take the buffers for C strings. */
    uint32_t offset = blob_add(blob, NULL, text->Length + sizeof(WCHAR));
    if (!blob->failed && text->Length)
        memcpy(blob->data + offset, text->Buffer, text->Length);
    return (struct start_string){offset, text->Length};
}

static uint32_t add_text(struct blob *blob, const char *text)
{
    return text ? blob_add(blob, text, strlen(text) + 1) : 0;
}

static size_t environment_bytes(const WCHAR *block)
{
    const WCHAR *end = block;
    while (*end)
        end += path_length(end) + 1;
    return (size_t)(end + 1 - block) * sizeof(WCHAR);
}

static void fill_strings(struct spawn *spawn, struct start_block *head)
{
    const RTL_USER_PROCESS_PARAMETERS *p = spawn->parameters;
    struct blob *blob = &spawn->block;
    size_t bytes = environment_bytes(p->Environment);
    head->program = add_text(blob, spawn->image.host);
    head->prefix = add_text(blob, path_prefix());
    head->trace_patterns = add_text(blob, process_trace_patterns());
    head->image = add_string(blob, &p->ImagePathName);
    head->command_line = add_string(blob, &p->CommandLine);
    head->directory = add_string(blob, &p->CurrentDirectory.DosPath);
    head->dll_path = add_string(blob, &p->DllPath);
    head->title = add_string(blob, &p->WindowTitle);
    head->desktop = add_string(blob, &p->DesktopInfo);
    head->shell = add_string(blob, &p->ShellInfo);
    head->runtime = add_string(blob, &p->RuntimeData);
    head->environment = (struct start_string){blob_add(blob, p->Environment, bytes), (uint32_t)bytes};
}

static void fill_numbers(struct spawn *spawn, struct start_block *head)
{
    const RTL_USER_PROCESS_PARAMETERS *p = spawn->parameters;
    head->magic = START_MAGIC;
    head->arena_fd = arena_fd();
    head->process = spawn->record;
    head->parent = process_id();
    for (unsigned i = 0; i < 3; i++)
        head->standard[i] = (ULONG_PTR)spawn->standard[i];
    head->starting_x = p->StartingX;
    head->starting_y = p->StartingY;
    head->count_x = p->CountX;
    head->count_y = p->CountY;
    head->count_chars_x = p->CountCharsX;
    head->count_chars_y = p->CountCharsY;
    head->fill = p->FillAttribute;
    head->window_flags = p->WindowFlags;
    head->show = p->ShowWindowFlags;
    if (spawn->thread_flags & THREAD_CREATE_SUSPENDED)
        head->flags |= START_SUSPENDED;
    if (process_trace_patterns())
        head->flags |= START_TRACE;
    if (p->ConsoleHandle == CONSOLE_DETACHED)
        head->flags |= START_NO_CONSOLE;
    if (p->ConsoleFlags & CONSOLE_IGNORE_CTRL_C)
        head->flags |= START_IGNORE_CTRL_C;
    if (console_ctrl_ignored())
        head->flags |= START_IGNORE_CTRL_C;
    if (p->ConsoleHandle == CONSOLE_NEW || p->ConsoleHandle == CONSOLE_NO_WINDOW)
        head->flags |= START_HIDDEN_CONSOLE;
    if (spawn->pseudo_console)
        head->flags = (head->flags & ~(START_NO_CONSOLE | START_HIDDEN_CONSOLE)) | START_PSEUDO_CONSOLE;
    head->group = p->ProcessGroupId;
    head->error_mode = process_error_mode();
}

static NTSTATUS block_to_memfd(const struct blob *blob, int *fd)
{
    *fd = memfd_create("winrun-start", MFD_CLOEXEC);
    if (*fd < 0)
        return status_from_errno(errno);
    for (size_t done = 0; done < blob->used;) {
        ssize_t n = pwrite(*fd, blob->data + done, blob->used - done, (off_t)(done));
        if (n <= 0) {
            close(*fd);
            return status_from_errno(errno);
        }
        done += (size_t)n;
    }
    return STATUS_SUCCESS;
}

static int by_value(const void *a, const void *b)
{
    const struct handover_handle *x = a, *y = b;
    return x->handle < y->handle ? -1 : x->handle > y->handle;
}

NTSTATUS spawn_write_block(struct spawn *spawn, int *fd)
{
    struct start_block *head = &spawn->head;
    struct blob *blob = &spawn->block;
    fill_numbers(spawn, head);
    fill_strings(spawn, head);
    head->handle_count = spawn->handle_count_out;
    if (spawn->handle_count_out)
        qsort(spawn->handles, spawn->handle_count_out, sizeof *spawn->handles, by_value);
    head->handles = blob_add(blob, spawn->handles, spawn->handle_count_out * sizeof *spawn->handles);
    head->object_count = spawn->object_count;
    head->objects = blob_add(blob, spawn->objects, spawn->object_count * sizeof *spawn->objects);
    if (blob->failed)
        return STATUS_NO_MEMORY;
    memcpy(blob->data, head, sizeof *head); /* its place was reserved first */
    return block_to_memfd(blob, fd);
}
