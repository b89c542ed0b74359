/*
 * spawn.h: between the files that start a process.
 */
#ifndef NTDLL_SPAWN_H
#define NTDLL_SPAWN_H

#include <spawn.h>
#include "handover.h"
#include "pseudoconsole.h"
#include "ntthread.h"
#include "path.h"

#define SPAWN_FDS_MAX 1024

/* One process that is being started. */
struct spawn {
    struct path image;
    bool foreign;     /* an ELF program or a script */
    USHORT subsystem; /* of a Windows program */
    const RTL_USER_PROCESS_PARAMETERS *parameters;
    ULONG process_flags, thread_flags;
    const HANDLE *handle_list, *job_list;
    ULONG handle_count, job_count;
    bool handle_list_given;
    HANDLE debug_port;
    struct process_object *parent; /* whose child it is to be; NULL: this process's */
    bool childless;                /* may not start processes itself */
    struct pseudo_console *pseudo_console;
    HANDLE standard[3];
    bool standard_by_request; /* duplicate them for a console program */

    struct blob block;
    struct start_block head;
    struct handover_object *objects;
    struct object **kept; /* of `objects`, referenced */
    struct handover_handle *handles;
    uint32_t object_count, handle_count_out;
    uint32_t standard_objects[3]; /* index + 1; 0: none */
    uint32_t record;              /* of the child, in the arena */
    posix_spawn_file_actions_t actions;
    int temporary[8]; /* fds to close afterwards */
    unsigned temporary_count;
};

/* A handle in the process whose child it is to be. */
NTSTATUS spawn_query_handle(const struct spawn *spawn, HANDLE handle, struct object **object, struct handle_info *info);
/* spawn_handles.c: which handles the child gets, and their places among its fds. */
NTSTATUS spawn_collect_handles(struct spawn *spawn);
NTSTATUS spawn_place_fds(struct spawn *spawn);
void spawn_release_handles(struct spawn *spawn);

/* spawn_block.c: the memfd for a Windows program. */
NTSTATUS spawn_write_block(struct spawn *spawn, int *fd);

/* spawn_host.c: a Linux program's arguments and environment, one allocation each; NULL: no memory. */
char **spawn_host_arguments(const UNICODE_STRING *command_line, const char *program);
char **spawn_host_environment(const WCHAR *block);

#endif
