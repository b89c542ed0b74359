/*
 * pipe.h: named and anonymous pipes.
 *
 * An anonymous pipe's end is a plain file of kind FILE_KIND_PIPE.  An end made by NtCreateNamedPipeFile, or opened
 * by a pipe's name, has a struct pipe_end beside it.
 */
#ifndef NTDLL_PIPE_H
#define NTDLL_PIPE_H

#include "fileio.h"

enum pipe_state { PIPE_DISCONNECTED = 1, PIPE_LISTENING, PIPE_CONNECTED, PIPE_CLOSING };

struct pipe_end {
    uint32_t instance; /* of a named pipe's server: in the arena (pipe_name.h); 0: none */
    int listener;      /* its socket that clients connect to; -1: none */
    int client_fd;     /* of an unnamed pipe's server: waits for the client that is opened relative to it; -1: taken */
    ULONG configuration, maximum, in_quota, out_quota;
    int peer; /* of a client: the server's process */
    enum pipe_state state;
    bool is_server;
    bool duplex;       /* a socket pair */
    bool message;      /* message type: packets */
    bool read_message; /* read mode */
    char *rest;        /* what is left of a message that did not fit; owned */
    size_t rest_length, rest_at;
};

/* NtFsControlFile's pipe functions. */
NTSTATUS pipe_control(struct completion *completion, ULONG code, const void *in, ULONG in_length, void *out,
                      ULONG out_length);
NTSTATUS pipe_local_information(struct file *file, FILE_PIPE_LOCAL_INFORMATION *info);
NTSTATUS pipe_get_mode(struct file *file, ULONG *read_mode, ULONG *completion_mode);
NTSTATUS pipe_set_mode(struct file *file, ULONG read_mode, ULONG completion_mode);

/* FlushFileBuffers. */
NTSTATUS pipe_flush(struct file *file);

NTSTATUS pipe_peek(struct file *file, void *out, ULONG out_length, ULONG *used);

/* A server's end that listens: takes the client if one is there.  False: none. */
bool pipe_accept(struct file *file);

/* GetNamedPipeClientProcessId, ...ServerProcessId. */
NTSTATUS pipe_process_id(struct file *file, bool server, ULONG *id);

/* How many bytes can be read at once. */
ULONG pipe_available(struct file *file);
/* How many can be written without waiting, up to the quota. */
ULONG pipe_room(struct file *file, ULONG quota);

#endif
