/*
 * child.c: the other side of spawn.c: a process that winrun started takes over what it was given.
 *
 * Layer: NT layer.  The start block is mapped for good: the process parameters point into it.
 *
 * A child hears when its parent dies.  If the parent ended as programs end, the child lives on, as on Windows;
 * if it was killed from outside, so that a person wanted the whole tree to go, the child goes too.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>
#include "arena.h"
#include "console.h"
#include "file.h"
#include "firsthandles.h"
#include "handover.h"
#include "process.h"
#include "remote.h"
#include "thread_object.h"

static const struct start_block *block;

const struct start_block *start_block(void)
{
    return block;
}

const char *start_text(uint32_t offset)
{
    return offset ? (const char *)block + offset : NULL;
}

/* The parent's record says whether it ended by itself (an exit code) or was killed. */
static void on_parent_death(int number, siginfo_t *info, void *context)
{
    (void)number;
    (void)info;
    int saved = errno;
    if (context)
        remote_on_signal(context);
    errno = saved;
    if (getppid() == block->parent)
        return; /* or only the thread that started this process has ended */
    struct arena *arena = arena_attached();
    for (uint32_t i = 0; i < ARENA_PROCESSES; i++) {
        struct arena_process *process = &arena->processes[i];
        if (i >= atomic_load(&arena->header.process_high))
            break;
        if (atomic_load(&process->pid) == block->parent && atomic_load(&process->state) == PROCESS_RUNNING &&
            !atomic_load(&process->exit_known))
            _exit(128 + SIGKILL);
    }
}

static void hear_parent_death(void)
{
    struct sigaction action = {.sa_sigaction = on_parent_death, .sa_flags = SA_SIGINFO | SA_RESTART | SA_ONSTACK};
    sigaction(REMOTE_SIGNAL, &action, NULL);
    prctl(PR_SET_PDEATHSIG, REMOTE_SIGNAL);
    if (getppid() != block->parent)
        on_parent_death(REMOTE_SIGNAL, NULL, NULL);
}

const struct start_block *start_block_map(int fd)
{
    struct stat st;
    if (fstat(fd, &st) || st.st_size < (off_t)sizeof *block)
        fatal(125, "--start=%d: not a start block (this option is winrun's own)", fd);
    void *map = mmap(NULL, (size_t)st.st_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_POPULATE, fd, 0);
    close(fd);
    if (map == MAP_FAILED || ((const struct start_block *)map)->magic != START_MAGIC)
        fatal(125, "--start=%d: not a start block (this option is winrun's own)", fd);
    block = map;
    fcntl(block->arena_fd, F_SETFD, FD_CLOEXEC);
    return block;
}

/* Which of the fds 0-2 are copies of an object's. */
static uint8_t standard_mask(uint32_t object)
{
    uint8_t mask = 0;
    for (unsigned i = 0; i < 3; i++)
        if (block->standard_fds[i] == object + 1)
            mask |= 1u << i;
    return mask;
}

static struct object *take_object(uint32_t index)
{
    const struct handover_object *in = (const struct handover_object *)((const char *)block + block->objects) + index;
    struct object *object = NULL;
    if (in->fd > 2)
        fcntl(in->fd, F_SETFD, FD_CLOEXEC);
    if (handover_take(in, start_text(in->text), &object))
        return NULL;
    if (in->type == HANDOVER_FILE)
        ((struct file *)object)->standard = standard_mask(index);
    return object;
}

/* A console that nobody sees takes what is written to it. */
static void hidden_console(void)
{
    RTL_USER_PROCESS_PARAMETERS *p = peb_current()->ProcessParameters;
    HANDLE *standard[] = {&p->StandardInput, &p->StandardOutput, &p->StandardError};
    for (unsigned i = 0; i < 3; i++) {
        struct file *file = *standard[i]
                                ? NULL
                                : file_create(FILE_KIND_NULL, open("/dev/null", O_RDWR | O_CLOEXEC),
                                              FILE_GENERIC_READ | FILE_GENERIC_WRITE, FILE_SYNCHRONOUS_IO_NONALERT);
        if (!file)
            continue;
        handle_create(file, file->access, OBJ_INHERIT, standard[i]);
        object_release(file);
    }
}

void start_take_handles(void)
{
    arena_adopt(block->arena_fd, block->process);
    hear_parent_death();
    const struct handover_handle *handles = (const struct handover_handle *)((const char *)block + block->handles);
    struct object **objects = calloc(block->object_count + 1, sizeof *objects);
    if (!objects)
        fatal(125, "inherited handles: no memory");
    for (uint32_t i = 0; i < block->object_count; i++)
        objects[i] = take_object(i);
    for (uint32_t i = 0; i < block->handle_count; i++)
        if (objects[handles[i].object])
            handle_create_at((HANDLE)(ULONG_PTR)handles[i].handle, objects[handles[i].object], handles[i].access,
                             handles[i].attributes);
    for (uint32_t i = 0; i < block->object_count; i++)
        if (objects[i])
            object_release(objects[i]);
    free(objects);
    if (block->flags & START_HIDDEN_CONSOLE)
        hidden_console();
    if (block->flags & START_PSEUDO_CONSOLE)
        first_handles_create_standard(peb_current()->ProcessParameters, block->standard_fds);
    if (block->flags & START_IGNORE_CTRL_C)
        console_ctrl_ignore_at_start();
    process_set_error_mode(block->error_mode);
}

void start_wait(void)
{
    struct thread_object *self = thread_self();
    if (block->flags & START_SUSPENDED) {
        atomic_fetch_add(&self->suspend, SUSPEND_STOPPED | 1);
        remote_serve_until_resumed();
        if (atomic_load(&self->suspend) & SUSPEND_KILL)
            process_terminate(self->kill_code);
        atomic_fetch_and(&self->suspend, ~SUSPEND_STOPPED);
    }
    remote_ready();
}
