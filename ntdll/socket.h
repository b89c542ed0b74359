/*
 * socket.h: sockets: file objects of the device Afd, as Winsock uses them.
 *
 * The upper half is for winsock/: addresses, options and flags are Windows', results are NTSTATUS.  What has no status
 * of its own is the Winsock error inside one (STATUS_FROM_WINSOCK).  The lower half is between the files of ntdll/.
 */
#ifndef NTDLL_SOCKET_H
#define NTDLL_SOCKET_H

#include "win.h"

#define STATUS_FROM_WINSOCK(error) ((NTSTATUS)(0xc0070000u | (error)))
#define STATUS_WOULD_BLOCK STATUS_DEVICE_NOT_READY

/* WSABUF. */
struct socket_buffer {
    ULONG length;
    char *data;
};

/* How an overlapped operation tells its end; absent: the call is synchronous. */
struct socket_overlapped {
    HANDLE event;
    PIO_APC_ROUTINE apc;
    PVOID context; /* posted to the port, or the APC's */
    PIO_STATUS_BLOCK io;
    bool own; /* `apc` is winrun's own function: called on any thread */
};

/* One send or receive.  Pointers must stay valid until an overlapped operation has ended, `buffers` excepted. */
struct socket_message {
    const struct socket_buffer *buffers;
    ULONG count;
    ULONG flags;
    ULONG *flags_out; /* NULL: not wanted */
    void *address;    /* receiving: where from; sending: where to; NULL: not given */
    int *address_length;
    void *control; /* WSACMSGHDRs */
    ULONG *control_length;
    bool by_message; /* WSARecvMsg: what was cut is told as MSG_TRUNC */
    ULONG done; /* set if the operation ended at once */
};

NTSTATUS socket_create(int family, int type, int protocol, bool overlapped, bool inherit, HANDLE *handle);
NTSTATUS socket_close(HANDLE handle);
NTSTATUS socket_bind(HANDLE handle, const void *address, int length);
NTSTATUS socket_listen(HANDLE handle, int backlog);
NTSTATUS socket_shutdown(HANDLE handle, int how);
NTSTATUS socket_name(HANDLE handle, bool peer, void *address, int *length);

NTSTATUS socket_connect(HANDLE handle, const void *address, int length);
NTSTATUS socket_accept(HANDLE handle, void *address, int *length, HANDLE *accepted);
/* With `message` data to send with it (its `done` is set), or NULL. */
NTSTATUS socket_connect_overlapped(HANDLE handle, const void *address, int length, const struct socket_buffer *data,
                                   const struct socket_overlapped *overlapped);
struct socket_accept_buffer {
    char *buffer;
    ULONG data_length, local_length, remote_length;
};
NTSTATUS socket_accept_overlapped(HANDLE listener, HANDLE accepted, const struct socket_accept_buffer *buffer,
                                  const struct socket_overlapped *overlapped);
NTSTATUS socket_disconnect(HANDLE handle, bool reuse, const struct socket_overlapped *overlapped);

NTSTATUS socket_send(HANDLE handle, struct socket_message *message, const struct socket_overlapped *overlapped);
NTSTATUS socket_receive(HANDLE handle, struct socket_message *message, const struct socket_overlapped *overlapped);

/* One piece of a TransmitFile or TransmitPackets. */
struct socket_piece {
    HANDLE file; /* NULL: memory */
    const char *memory;
    int64_t offset;  /* -1: the file's position */
    uint64_t length; /* 0: of a file: to its end */
};
NTSTATUS socket_transmit(HANDLE handle, const struct socket_piece *pieces, unsigned count, bool disconnect, bool reuse,
                         const struct socket_overlapped *overlapped);

NTSTATUS socket_option_set(HANDLE handle, int level, int name, const void *value, int length);
NTSTATUS socket_option_get(HANDLE handle, int level, int name, void *value, int *length);
NTSTATUS socket_set_nonblocking(HANDLE handle, bool nonblocking);
NTSTATUS socket_available(HANDLE handle, ULONG *count);
NTSTATUS socket_at_mark(HANDLE handle, ULONG *at_mark);
NTSTATUS socket_keepalive(HANDLE handle, bool on, ULONG time, ULONG interval);
/* Whether ICMP errors are told: ports that are not there, or (net) times that were exceeded. */
NTSTATUS socket_udp_reset(HANDLE handle, bool net, bool report);

/* A connection's numbers; `state` is a TCPSTATE. */
struct socket_tcp_info {
    ULONG state, mss;
    uint64_t connected_ms, bytes_out, bytes_in;
    bool timestamps;
    ULONG rtt_us, min_rtt_us, in_flight, congestion_window, send_window, receive_window;
    ULONG bytes_retransmitted, reordered;
};
NTSTATUS socket_tcp_info(HANDLE handle, struct socket_tcp_info *info);

/* Tells the end of something that was done at once. */
NTSTATUS socket_complete(HANDLE handle, ULONG information, const struct socket_overlapped *overlapped);

/* WSADuplicateSocket: leaves the socket for another process to fetch; what it needs for that. */
NTSTATUS socket_export(HANDLE handle, ULONG process, ULONG *host_process, ULONG *place);
NTSTATUS socket_import(ULONG host_process, ULONG place, HANDLE *handle);

/* What a socket is. */
struct socket_info {
    int family, type, protocol;
    bool listening, nonblocking, connected, bound, registered;
};
NTSTATUS socket_query(HANDLE handle, struct socket_info *info);

/* Registered I/O: the socket was made for it; what belongs to it (once) until it and its operations are gone. */
NTSTATUS socket_register(HANDLE handle);
NTSTATUS socket_attach(HANDLE handle, void *owned, void (*gone)(void *owned));

/* WSAPoll and select: events as WSAPoll has them.  timeout in milliseconds, negative: for ever. */
struct socket_poll {
    HANDLE handle;
    SHORT events, revents;
};
NTSTATUS socket_poll(struct socket_poll *sockets, ULONG count, int timeout, ULONG *ready, bool select);

/* WSAEventSelect, WSAEnumNetworkEvents; codes: an NTSTATUS for each of the first ten event bits. */
#define SOCKET_EVENTS 10
NTSTATUS socket_event_select(HANDLE handle, HANDLE event, LONG mask);
NTSTATUS socket_event_enumerate(HANDLE handle, HANDLE event, LONG *events, NTSTATUS codes[SOCKET_EVENTS]);

/* WSAAsyncSelect: the same events, told one by one to `tell`, on any thread and under a lock: it must be short. */
struct socket_notice {
    void (*tell)(const struct socket_notice *, HANDLE socket, LONG event, NTSTATUS code);
    void *window;
    ULONG message;
};
NTSTATUS socket_event_notify(HANDLE handle, const struct socket_notice *notice, LONG mask);

#endif
