/*
 * rio.c: Registered I/O: request queues.
 *
 * A request queue belongs to its socket and lives as long as that and the requests that the program has not seen the
 * end of.  Deferred requests are handed over with the next one, or by RIO_MSG_COMMIT_ONLY.
 */
#include <string.h>
#include "winsock/rio.h"

static RTL_SRWLOCK free_lock = RTL_SRWLOCK_INIT;
static struct rio_rq *first_free; /* as in rio_completion.c */

bool rio_rq_enter(struct rio_rq *queue)
{
    if (!queue)
        return false;
    RtlAcquireSRWLockExclusive(&queue->lock);
    if (queue->open == RIO_RQ_OPEN)
        return true;
    RtlReleaseSRWLockExclusive(&queue->lock);
    return false;
}

void rio_rq_leave(struct rio_rq *queue)
{
    RtlReleaseSRWLockExclusive(&queue->lock);
}

/* Under the lock, which it releases. */
static void queue_leave_for_good(struct rio_rq *queue)
{
    bool over = !queue->alive && !queue->ways[RIO_RECEIVING].outstanding && !queue->ways[RIO_SENDING].outstanding;
    struct rio_request *requests = over ? queue->free : NULL;
    if (over) {
        queue->open = 0;
        queue->free = NULL;
    }
    rio_rq_leave(queue);
    if (!over)
        return;
    for (struct rio_request *next; requests; requests = next) {
        next = requests->next;
        RtlFreeHeap(peb_current()->ProcessHeap, 0, requests);
    }
    for (int way = 0; way < 2; way++)
        rio_cq_release(queue->ways[way].completions, queue->ways[way].room);
    RtlAcquireSRWLockExclusive(&free_lock);
    queue->next_free = first_free;
    first_free = queue;
    RtlReleaseSRWLockExclusive(&free_lock);
}

void rio_request_free(struct rio_request *request)
{
    struct rio_rq *queue = request->queue;
    RtlAcquireSRWLockExclusive(&queue->lock);
    queue->ways[request->way].outstanding--;
    request->next = queue->free;
    queue->free = request;
    queue_leave_for_good(queue);
}

struct rio_request *rio_deferred_take(struct rio_rq *queue, enum rio_way way)
{
    struct rio_request *first = queue->ways[way].deferred;
    queue->ways[way].deferred = NULL;
    queue->ways[way].last = &queue->ways[way].deferred;
    return first;
}

/* The socket and all its operations are gone. */
static void socket_gone(void *owned)
{
    struct rio_rq *queue = owned;
    RtlAcquireSRWLockExclusive(&queue->lock);
    for (int way = 0; way < 2; way++)
        for (struct rio_request *request = rio_deferred_take(queue, way), *next; request; request = next) {
            next = request->next;
            rio_rq_leave(queue);
            rio_request_end(request, STATUS_CANCELLED, 0);
            RtlAcquireSRWLockExclusive(&queue->lock);
        }
    queue->alive = false;
    queue_leave_for_good(queue);
}

static struct rio_rq *queue_new(void)
{
    RtlAcquireSRWLockExclusive(&free_lock);
    struct rio_rq *queue = first_free;
    if (queue)
        first_free = queue->next_free;
    RtlReleaseSRWLockExclusive(&free_lock);
    return queue ? queue : RtlAllocateHeap(peb_current()->ProcessHeap, HEAP_ZERO_MEMORY, sizeof *queue);
}

static int socket_check(SOCKET s, struct socket_info *info)
{
    NTSTATUS status = socket_query(SOCKET_HANDLE(s), info);
    if (status)
        return wsa_error(status);
    return !info->registered || (info->type != SOCK_STREAM && info->type != SOCK_DGRAM) ? WSAEOPNOTSUPP : 0;
}

static int queue_make(SOCKET s, const struct rio_way_state ways[2], PVOID context, struct rio_rq **made)
{
    struct socket_info info;
    int error = socket_check(s, &info);
    if (!error)
        error = rio_cq_reserve(ways[RIO_RECEIVING].completions, ways[RIO_RECEIVING].room);
    if (error)
        return error;
    error = rio_cq_reserve(ways[RIO_SENDING].completions, ways[RIO_SENDING].room);
    if (error) {
        rio_cq_release(ways[RIO_RECEIVING].completions, ways[RIO_RECEIVING].room);
        return error;
    }
    struct rio_rq *queue = queue_new();
    if (queue) {
        RtlAcquireSRWLockExclusive(&queue->lock);
        queue->open = RIO_RQ_OPEN;
        queue->socket = SOCKET_HANDLE(s);
        queue->stream = info.type == SOCK_STREAM;
        queue->alive = true;
        queue->packet_info = false;
        queue->context = (ULONG_PTR)context;
        for (int way = 0; way < 2; way++) {
            queue->ways[way] = ways[way];
            queue->ways[way].last = &queue->ways[way].deferred;
        }
        rio_rq_leave(queue);
        error = wsa_error(socket_attach(SOCKET_HANDLE(s), queue, socket_gone));
        if (!error) {
            *made = queue;
            return 0;
        }
        socket_gone(queue);
        return error;
    }
    for (int way = 0; way < 2; way++)
        rio_cq_release(ways[way].completions, ways[way].room);
    return WSAENOBUFS;
}

RIO_RQ WINAPI RIOCreateRequestQueue(SOCKET s, ULONG receives, ULONG receive_buffers, ULONG sends, ULONG send_buffers,
                                    RIO_CQ receive_completions, RIO_CQ send_completions, PVOID context)
{
    const struct rio_way_state ways[2] = {{.completions = receive_completions, .room = receives},
                                          {.completions = send_completions, .room = sends}};
    struct rio_rq *queue = NULL;
    int error = WSAEINVAL;
    if ((receives || sends) && receive_buffers <= 1 && send_buffers <= 1 && receives <= RIO_MAX_CQ_SIZE &&
        sends <= RIO_MAX_CQ_SIZE)
        error = queue_make(s, ways, context, &queue);
    if (error)
        wsa_fail(error);
    return queue;
}

/* More places are reserved first, so that nothing has to be undone but those. */
BOOL WINAPI RIOResizeRequestQueue(RIO_RQ queue, DWORD receives, DWORD sends)
{
    const ULONG room[2] = {receives, sends};
    int error = (!receives && !sends) || receives > RIO_MAX_CQ_SIZE || sends > RIO_MAX_CQ_SIZE ? WSAEINVAL : 0;
    ULONG more[2] = {0};
    if (error || !rio_rq_enter(queue))
        return !wsa_fail(WSAEINVAL);
    for (int way = 0; way < 2 && !error; way++) {
        struct rio_way_state *state = &queue->ways[way];
        ULONG missing = room[way] > state->room ? room[way] - state->room : 0;
        error = room[way] < state->outstanding ? WSAETOOMANYREFS
                : missing                      ? rio_cq_reserve(state->completions, missing)
                                               : 0;
        more[way] = error ? 0 : missing;
    }
    for (int way = 0; way < 2; way++) {
        struct rio_way_state *state = &queue->ways[way];
        if (!error && room[way] < state->room)
            more[way] = state->room - room[way]; /* now: what goes back */
        if (error || room[way] < state->room)
            rio_cq_release(state->completions, more[way]);
        if (!error)
            state->room = room[way];
    }
    rio_rq_leave(queue);
    return !error || !wsa_fail(error);
}
