/*
 * pipe_name.h: instances of named pipes, as processes share them (pipe_name.c).
 */
#ifndef NTDLL_PIPE_NAME_H
#define NTDLL_PIPE_NAME_H

#include <sys/socket.h>
#include <sys/un.h>

#include "arena.h"
#include "pipe.h"

/* In the arena entry of an instance. */
struct pipe_instance {
    _Atomic uint32_t state; /* enum pipe_state */
    uint32_t configuration; /* FILE_PIPE_INBOUND ... */
    uint32_t type, maximum, in_quota, out_quota;
    int32_t server, client; /* processes */
};

/* The full name of what a device has by this name; the buffer takes ARENA_NAME_MAX characters. */
NTSTATUS device_name(const WCHAR *device, const char *name, WCHAR *buffer, UNICODE_STRING *full);

/* The address of the socket that belongs to an entry (of a pipe or mailslot); its length. */
socklen_t device_address(uint32_t index, struct sockaddr_un *address);

struct pipe_instance *pipe_instance(uint32_t index);

/* Makes an instance and the socket that it listens on (it does not block).  first: there was none of that name. */
NTSTATUS pipe_instance_create(const char *name, const struct pipe_instance *wanted, ULONG disposition, uint32_t *index,
                              int *fd, bool *first);
/* Waits for a client (again). */
void pipe_instance_listen(uint32_t index);
/* A client's connection to an instance that listens; a copy of what the instance is. */
NTSTATUS pipe_instance_connect(const char *name, struct pipe_instance *copy, int *fd);
uint32_t pipe_instance_count(const struct arena_entry *entry);
/* WaitNamedPipe; 100 ns. */
NTSTATUS pipe_instance_wait(const char *name, int64_t timeout);

#endif
