/*
 * socket_private.h: between the files of ntdll/ that know what a socket is on the host.
 */
#ifndef NTDLL_SOCKET_PRIVATE_H
#define NTDLL_SOCKET_PRIVATE_H

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "error.h"
#include "ioqueue.h"
#include "lock.h"
#include "socket.h"
#include "wsvalues.h"

enum socket_phase { SOCKET_OPEN, SOCKET_CONNECTING, SOCKET_CONNECTED, SOCKET_LISTENING };

/* Between WSAEventSelect and the poller; under `lock`. */
struct socket_events {
    pthread_mutex_t lock;
    struct object *event;        /* owned; NULL: notice */
    struct socket_notice notice; /* tell NULL: none */
    HANDLE handle;               /* what the notice calls the socket */
    LONG mask, recorded;
    LONG off; /* told, and not told again before the call that enables it */
    NTSTATUS codes[SOCKET_EVENTS];
    struct io_watch watch;
    bool watching;
};

struct socket {
    int family, type, protocol; /* Windows' numbers */
    _Atomic uint8_t phase;      /* enum socket_phase */
    bool bound, nonblocking;
    bool host_nonblocking; /* the fd is O_NONBLOCK */
    _Atomic bool closed;   /* the last handle is closed */
    _Atomic int inside;    /* calls that block, or may */
    bool closing;          /* the last handle was closed while a call was in progress */
    bool shut_read, shut_write;
    bool reuse_address, exclusive, conditional;
    bool connect_failed; /* in the background: shown as an exception by select */
    bool udp_no_reset, udp_no_net_reset, icmp_asked;
    _Atomic int ports_unreachable, times_exceeded; /* errors that no receive has told yet: socket_icmp.c */
    bool debug, fast_open;
    uint8_t traffic_class; /* SOCKET_WANTS_*: as what datagrams' traffic class is told */
    ULONG coalesced_max;
    bool change_armed; /* known to netwatch.c */
    NTSTATUS error;    /* of a connect in the background, for SO_ERROR */
    int send_buffer, receive_buffer;
    ULONG send_timeout, receive_timeout; /* milliseconds, 0: none */
    int64_t connected_at;                /* seconds, monotonic */
    struct socket_events *_Atomic events;
    bool registered;                     /* for Registered I/O */
    void *owned;                         /* its request queue; told by `gone` */
    void (*gone)(void *owned);
    struct sockaddr_un local, peer; /* AF_UNIX: names as the program gave them */
};

/* A host address and back. */
struct host_address {
    int directory; /* an fd that the name goes through, plus 1; 0: none */
    socklen_t length;
    union {
        struct sockaddr any;
        struct sockaddr_in in;
        struct sockaddr_in6 in6;
        struct sockaddr_un un;
        char bytes[sizeof(struct sockaddr_storage)];
    };
};
NTSTATUS address_to_host(const void *address, int length, struct host_address *host);
/* Writes at most *length bytes; STATUS_BUFFER_TOO_SMALL (Winsock's WSAEFAULT) if it does not fit. */
NTSTATUS address_from_host(const struct host_address *host, void *address, int *length);
void address_release(struct host_address *host);
int family_to_host(int family);
int family_from_host(int family);

/* A socket that came as a plain fd (inherited, a pipe to all appearances) shows what it is; false: it is none. */
bool socket_adopt(struct file *file);

/* Looks a handle up; the file is referenced.  STATUS_OBJECT_TYPE_MISMATCH: not a socket. */
NTSTATUS socket_lookup(HANDLE handle, struct file **file);

NTSTATUS socket_status(int error); /* errno of a socket call */
/* Makes a file object around a connected or new fd; takes the fd over. */
NTSTATUS socket_wrap(int fd, int family, int type, int protocol, bool overlapped, struct file **file);
/* Sleeps until the fd is ready or `timeout` milliseconds (0: none) have passed.  STATUS_IO_TIMEOUT. */
NTSTATUS socket_wait(struct file *file, short events, ULONG timeout);
void socket_make_nonblocking(struct file *file);
void socket_destroy(struct file *file);
/* The last handle is closed. */
void socket_handle_closed(struct file *file);

/*
 * Around whatever may block: the close of the last handle ends it.  False: it is closed already (STATUS_CANCELLED).
 * One counts itself and then looks whether the socket is closed; who closes it does so in the other order.
 */
static inline bool socket_enter(struct socket *socket)
{
    atomic_fetch_add(&socket->inside, 1);
    if (!atomic_load(&socket->closed))
        return true;
    atomic_fetch_sub(&socket->inside, 1);
    return false;
}

static inline void socket_leave(struct socket *socket)
{
    atomic_fetch_sub(&socket->inside, 1);
}

/* If a connect in the background has come to an end, its result; STATUS_PENDING: it has not. */
NTSTATUS socket_connect_result(struct file *file);

/* Readiness in the bits of AFD_POLL_*, of those `wanted`. */
#define AFD_POLL_RECEIVE 0x1
#define AFD_POLL_RECEIVE_EXPEDITED 0x2
#define AFD_POLL_SEND 0x4
#define AFD_POLL_DISCONNECT 0x8
#define AFD_POLL_ABORT 0x10
#define AFD_POLL_LOCAL_CLOSE 0x20
#define AFD_POLL_CONNECT 0x40
#define AFD_POLL_ACCEPT 0x80
#define AFD_POLL_CONNECT_FAIL 0x100
ULONG socket_readiness(struct file *file, ULONG wanted);
/* The same from what poll() said; the events to ask poll() for. */
ULONG socket_readiness_from(struct file *file, short revents);
short socket_poll_events(const struct file *file, ULONG wanted);

/* socket_event.c: a call that enables events again has been made: FD_READ after a receive and so on. */
void socket_event_enable(struct file *file, LONG events);
static inline bool socket_has_events(const struct socket *socket)
{
    return atomic_load_explicit(&socket->events, memory_order_acquire) != NULL;
}
void socket_events_destroy(struct socket *socket);
/* An event that is no readiness: a change of the network. */
void socket_event_raise(struct file *file, LONG event);
/* netwatch.c: the socket is going. */
void netwatch_forget(struct file *file);
/* An accepted socket has its listener's association. */
void socket_events_inherit(struct file *listener, struct file *accepted, HANDLE handle);

/* socket_icmp.c: errors are wanted from now on. */
void socket_icmp_ask(struct file *file);
/* Empties the host's queue of errors; true: there were any. */
bool socket_icmp_collect(struct file *file);
/* The same for a socket that is said to have an error. */
void socket_icmp_look(struct file *file);
/* An error that is to be told; STATUS_SUCCESS: there is none. */
NTSTATUS socket_icmp_take(struct socket *socket);
static inline bool socket_icmp_waits(const struct socket *socket)
{
    return atomic_load_explicit(&socket->ports_unreachable, memory_order_relaxed) > 0 ||
           atomic_load_explicit(&socket->times_exceeded, memory_order_relaxed) > 0;
}

/* NtReadFile and NtWriteFile. */
NTSTATUS socket_file_transfer(struct completion *completion, void *buffer, ULONG length, bool write);

/* socket_transfer.c: a receive that was asked for by a control code.  Takes over `completion`. */
NTSTATUS socket_receive_request(struct completion *completion, const struct socket_message *message);
/* afd.c: NtDeviceIoControlFile of a socket or \Device\Afd.  Takes over `completion`. */
NTSTATUS afd_control(struct completion *completion, ULONG code, const void *in, ULONG in_length, void *out,
                     ULONG out_length);
/* Polls of the socket that end with its last handle. */
void afd_socket_closed(struct file *file);

#endif
