/*
 * rio.h: Registered I/O: what mswsock.h and mswsockdef.h have of it and mingw-w64's headers leave out, and what the
 * files of it share.
 *
 * A request is taken from its request queue, handed to ntdll's sockets, and at its end stands in the list of a
 * completion queue until RIODequeueCompletion.  A queue can not overflow: each request queue reserves its places.
 */
#ifndef WINSOCK_RIO_H
#define WINSOCK_RIO_H

#include "ntdll/socket.h"
#include "winsock/ws.h"

#define WSAID_MULTIPLE_RIO                                                                                             \
    {                                                                                                                  \
        0x8509e081, 0x96dd, 0x4005,                                                                                    \
        {                                                                                                              \
            0xb1, 0x65, 0x9e, 0x2e, 0xe8, 0xc7, 0x9e, 0x3f                                                             \
        }                                                                                                              \
    }
#define RIO_MSG_DONT_NOTIFY 0x1
#define RIO_MSG_DEFER 0x2
#define RIO_MSG_WAITALL 0x4
#define RIO_MSG_COMMIT_ONLY 0x8
#define RIO_MAX_CQ_SIZE 0x8000000
#define RIO_CORRUPT_CQ 0xffffffffu
#define RIO_INVALID_BUFFERID ((RIO_BUFFERID)(ULONG_PTR)0xffffffffu)
#define RIO_INVALID_CQ NULL
#define RIO_INVALID_RQ NULL

typedef struct RIO_BUFFERID_t *RIO_BUFFERID;
typedef struct rio_cq *RIO_CQ;
typedef struct rio_rq *RIO_RQ;

typedef struct {
    LONG Status;
    ULONG BytesTransferred;
    ULONGLONG SocketContext, RequestContext;
} RIORESULT;

typedef struct {
    RIO_BUFFERID BufferId;
    ULONG Offset, Length;
} RIO_BUF;

/* A buffer of control messages: this, then WSACMSGHDRs from the eighth byte on. */
typedef struct {
    ULONG TotalLength;
} RIO_CMSG_BUFFER;
#define RIO_CMSG_BASE_SIZE 8u

typedef enum { RIO_EVENT_COMPLETION = 1, RIO_IOCP_COMPLETION = 2 } RIO_NOTIFICATION_COMPLETION_TYPE;

typedef struct {
    RIO_NOTIFICATION_COMPLETION_TYPE Type;
    union {
        struct {
            HANDLE EventHandle;
            BOOL NotifyReset;
        } Event;
        struct {
            HANDLE IocpHandle;
            PVOID CompletionKey, Overlapped;
        } Iocp;
    };
} RIO_NOTIFICATION_COMPLETION;
_Static_assert(sizeof(RIO_NOTIFICATION_COMPLETION) == 32, "RIO_NOTIFICATION_COMPLETION");

/* The order of RIO_EXTENSION_FUNCTION_TABLE. */
struct rio_functions {
    DWORD cbSize;
    void *functions[13];
};
_Static_assert(sizeof(struct rio_functions) == 112, "RIO_EXTENSION_FUNCTION_TABLE");
extern const struct rio_functions rio_functions; /* rio_request.c */

#define RIO_FOUND_MAX 256

enum rio_way { RIO_RECEIVING, RIO_SENDING };

struct rio_request {
    struct rio_request *next; /* of a list of free, deferred or ended ones */
    struct rio_rq *queue;
    enum rio_way way;
    bool notify;
    RIORESULT result;
    IO_STATUS_BLOCK io;
    /* What it does. */
    struct socket_buffer data;
    ULONG flags, flags_out;
    void *address;
    int address_length;
    char *control;
    ULONG control_length;
    /* Where the rest of a receive's answer goes; NULL: not wanted. */
    RIO_CMSG_BUFFER *control_out;
    ULONG *flags_target;
    char *local; /* the address it came to */
    ULONG local_length;
    char found[RIO_FOUND_MAX]; /* with `local`: the control messages, one of which tells it */
};

/* rio_completion.c: reserves places in a completion queue (0 or a WSA error), or gives them back. */
int rio_cq_reserve(struct rio_cq *queue, ULONG places);
void rio_cq_release(struct rio_cq *queue, ULONG places);
/* The request has ended; it belongs to the completion queue now. */
void rio_cq_append(struct rio_cq *queue, struct rio_request *request);
RIO_CQ WINAPI RIOCreateCompletionQueue(DWORD size, RIO_NOTIFICATION_COMPLETION *how);
void WINAPI RIOCloseCompletionQueue(RIO_CQ queue);
BOOL WINAPI RIOResizeCompletionQueue(RIO_CQ queue, DWORD size);
ULONG WINAPI RIODequeueCompletion(RIO_CQ queue, RIORESULT *results, ULONG count);
INT WINAPI RIONotify(RIO_CQ queue);

/* rio_buffer.c: registered memory; the piece that `slice` means, NULL: it lies outside. */
void *rio_buffer_at(const RIO_BUF *slice);
RIO_BUFFERID WINAPI RIORegisterBuffer(PCHAR data, DWORD length);
void WINAPI RIODeregisterBuffer(RIO_BUFFERID id);

/* A request queue. */
#define RIO_RQ_OPEN 0x51525249u
struct rio_rq {
    RTL_SRWLOCK lock;
    ULONG open; /* RIO_RQ_OPEN, or it is none (any more) */
    HANDLE socket;
    bool stream, alive; /* alive: the socket is */
    bool packet_info;   /* the socket tells to which address a datagram came, since we asked */
    ULONGLONG context;
    struct rio_way_state {
        struct rio_cq *completions;
        ULONG room, outstanding;
        struct rio_request *deferred, **last;
    } ways[2];
    struct rio_request *free;
    struct rio_rq *next_free;
};

/* rio.c: enters an open queue. */
bool rio_rq_enter(struct rio_rq *queue);
void rio_rq_leave(struct rio_rq *queue);
/* Under the lock: all deferred requests. */
struct rio_request *rio_deferred_take(struct rio_rq *queue, enum rio_way way);
/* The program has seen the request's end. */
void rio_request_free(struct rio_request *request);
RIO_RQ WINAPI RIOCreateRequestQueue(SOCKET s, ULONG receives, ULONG receive_buffers, ULONG sends, ULONG send_buffers,
                                    RIO_CQ receive_completions, RIO_CQ send_completions, PVOID context);
BOOL WINAPI RIOResizeRequestQueue(RIO_RQ queue, DWORD receives, DWORD sends);

/* rio_request.c */
void rio_request_end(struct rio_request *request, NTSTATUS status, ULONG done);

#endif
