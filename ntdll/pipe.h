/*
 * pipe.h: named and anonymous pipes of this process.
 *
 * An anonymous pipe's end is a plain file of kind FILE_KIND_PIPE.  An end made by NtCreateNamedPipeFile, or opened
 * by a pipe's name, has a struct pipe_end beside it.
 */
#ifndef NTDLL_PIPE_H
#define NTDLL_PIPE_H

#include "fileio.h"

enum pipe_state { PIPE_DISCONNECTED = 1, PIPE_LISTENING, PIPE_CONNECTED, PIPE_CLOSING };

struct pipe_end {
    struct pipe_name *name; /* shared by all instances; NULL: unnamed */
    struct file *server;    /* of a server's end: itself; of a client's: the other end, not owned, NULL: gone */
    struct file *client;    /* of a server's end: not owned */
    int client_fd;          /* waits for the client that opens the name; -1: taken */
    enum pipe_state state;
    bool is_server;
    bool duplex;       /* a socket pair */
    bool message;      /* message type: packets */
    bool read_message; /* read mode */
    char *rest;        /* what is left of a message that did not fit; owned */
    size_t rest_length, rest_at;
    struct pipe_end *next; /* instances of one name */
};

/* NtFsControlFile's pipe functions. */
NTSTATUS pipe_control(struct completion *completion, ULONG code, const void *in, ULONG in_length, void *out,
                      ULONG out_length);
NTSTATUS pipe_local_information(struct file *file, FILE_PIPE_LOCAL_INFORMATION *info);
NTSTATUS pipe_get_mode(struct file *file, ULONG *read_mode, ULONG *completion_mode);
NTSTATUS pipe_set_mode(struct file *file, ULONG read_mode, ULONG completion_mode);

NTSTATUS pipe_peek(struct file *file, void *out, ULONG out_length, ULONG *used);

/* How many bytes can be read at once. */
ULONG pipe_available(struct file *file);

#endif
