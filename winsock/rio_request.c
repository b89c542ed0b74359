/*
 * rio_request.c: Registered I/O: sends and receives, and the table of its functions.
 */
#include <string.h>
#include "winsock/rio.h"

#define CONTROL_AT(base, offset) ((char *)(base) + (offset))

/* The slices of RIOReceiveEx and RIOSendEx; NULL: not given. */
struct slices {
    const RIO_BUF *local, *remote, *control, *flags;
};

static ULONG control_align(ULONG length)
{
    return (length + 7) & ~7u;
}

/* The address that IN_PKTINFO or IN6_PKTINFO tells, with the socket's port. */
static void put_local(struct rio_request *request, const WSACMSGHDR *header)
{
    SOCKADDR_STORAGE address;
    int length = sizeof address;
    const void *data = header + 1;
    if (socket_name(request->queue->socket, false, &address, &length))
        return;
    if (address.ss_family == AF_INET) {
        ((SOCKADDR_IN *)&address)->sin_addr = ((const IN_PKTINFO *)data)->ipi_addr;
    } else {
        const IN6_PKTINFO *info = data;
        SOCKADDR_IN6 *in6 = (SOCKADDR_IN6 *)&address;
        in6->sin6_addr = info->ipi6_addr;
        if (IN6_IS_ADDR_LINKLOCAL(&info->ipi6_addr))
            in6->sin6_scope_id = info->ipi6_ifindex;
    }
    memcpy(request->local, &address, request->local_length < (ULONG)length ? request->local_length : (ULONG)length);
}

/* From `found`: the local address, and for the program what it asked for itself. */
static void control_sort(struct rio_request *request)
{
    char *out = request->control_out ? CONTROL_AT(request->control_out, RIO_CMSG_BASE_SIZE) : NULL;
    ULONG used = 0, room = request->control_out ? request->control_out->TotalLength - RIO_CMSG_BASE_SIZE : 0;
    for (ULONG at = 0; at + sizeof(WSACMSGHDR) <= request->control_length;) {
        const WSACMSGHDR *header = (const WSACMSGHDR *)(request->found + at);
        const ULONG length = (ULONG)header->cmsg_len;
        bool packet_info = (header->cmsg_level == IPPROTO_IP && header->cmsg_type == IP_PKTINFO) ||
                           (header->cmsg_level == IPPROTO_IPV6 && header->cmsg_type == IPV6_PKTINFO);
        if (length < sizeof *header || length > request->control_length - at)
            break;
        if (packet_info && request->local)
            put_local(request, header);
        if (out && !(packet_info && request->queue->packet_info)) {
            if (used + length > room) {
                request->flags_out |= MSG_CTRUNC;
                break;
            }
            memcpy(out + used, header, length);
            used += control_align(length);
        }
        at += control_align(length);
    }
    if (request->control_out)
        request->control_out->TotalLength = RIO_CMSG_BASE_SIZE + (used < room ? used : room);
}

/* What a receive tells besides its data. */
static void answer_complete(struct rio_request *request)
{
    struct rio_rq *queue = request->queue;
    int length = (int)request->local_length;
    if (queue->stream) {
        if (request->local)
            socket_name(queue->socket, false, request->local, &length);
        if (request->address)
            socket_name(queue->socket, true, request->address, &request->address_length);
    } else if (request->control == request->found) {
        control_sort(request);
    } else if (request->control_out) {
        request->control_out->TotalLength = RIO_CMSG_BASE_SIZE + request->control_length;
    }
    if (request->flags_target)
        *request->flags_target = request->flags_out;
}

void rio_request_end(struct rio_request *request, NTSTATUS status, ULONG done)
{
    if (request->way == RIO_RECEIVING && !NT_ERROR(status))
        answer_complete(request);
    request->result.Status = wsa_overlapped_error(status);
    request->result.BytesTransferred = done;
    rio_cq_append(request->queue->ways[request->way].completions, request);
}

static void WINAPI request_told(PVOID context, PIO_STATUS_BLOCK io, ULONG reserved)
{
    (void)reserved;
    rio_request_end(context, io->Status, (ULONG)io->Information);
}

static void request_submit(struct rio_request *request)
{
    const HANDLE socket = request->queue->socket;
    struct socket_message message = {.buffers = &request->data,
                                     .count = 1,
                                     .flags = request->flags,
                                     .flags_out = &request->flags_out,
                                     .address = request->address,
                                     .address_length = &request->address_length,
                                     .control = request->control,
                                     .control_length = &request->control_length,
                                     .by_message = true};
    const struct socket_overlapped how = {.apc = request_told, .context = request, .io = &request->io, .own = true};
    NTSTATUS status =
        request->way == RIO_SENDING ? socket_send(socket, &message, &how) : socket_receive(socket, &message, &how);
    if (NT_ERROR(status)) /* it has told nothing */
        rio_request_end(request, status, 0);
}

static void requests_submit(struct rio_request *request)
{
    while (request) {
        struct rio_request *next = request->next;
        request_submit(request);
        request = next;
    }
}

/* The memory of a slice of at least `least` bytes; false: there is none. */
static bool slice_at(const RIO_BUF *slice, ULONG least, void *target)
{
    void *at = slice ? rio_buffer_at(slice) : NULL;
    *(void **)target = at;
    return !slice || (at && slice->Length >= least);
}

static bool remote_fill(struct rio_request *request, const RIO_BUF *remote)
{
    if (!slice_at(remote, sizeof(SOCKADDR_IN), &request->address))
        return false;
    if (!remote)
        return true;
    request->address_length = (int)remote->Length;
    if (request->way == RIO_SENDING) {
        const int size =
            ((SOCKADDR *)request->address)->sa_family == AF_INET ? sizeof(SOCKADDR_IN) : sizeof(SOCKADDR_IN6);
        request->address_length = size < request->address_length ? size : request->address_length;
    }
    return true;
}

static bool control_fill(struct rio_request *request, const RIO_BUF *control)
{
    RIO_CMSG_BUFFER *buffer;
    if (!slice_at(control, RIO_CMSG_BASE_SIZE, &buffer))
        return false;
    if (!control)
        return true;
    ULONG length = control->Length;
    if (request->way == RIO_SENDING && buffer->TotalLength < length)
        length = buffer->TotalLength < RIO_CMSG_BASE_SIZE ? RIO_CMSG_BASE_SIZE : buffer->TotalLength;
    request->control = CONTROL_AT(buffer, RIO_CMSG_BASE_SIZE);
    request->control_length = length - RIO_CMSG_BASE_SIZE;
    if (request->way == RIO_RECEIVING) {
        request->control_out = buffer;
        buffer->TotalLength = length;
    }
    return true;
}

/* The socket is asked to tell to which address a datagram came, unless it does already. */
static void packet_info_ask(struct rio_rq *queue)
{
    struct socket_info info;
    ULONG on = 0;
    int size = sizeof on;
    if (queue->stream || queue->packet_info || socket_query(queue->socket, &info))
        return;
    const int level = info.family == AF_INET ? IPPROTO_IP : IPPROTO_IPV6; /* the option has one number in both */
    if (!socket_option_get(queue->socket, level, IP_PKTINFO, &on, &size) && !on) {
        on = 1;
        queue->packet_info = !socket_option_set(queue->socket, level, IP_PKTINFO, &on, sizeof on);
    }
}
_Static_assert(IP_PKTINFO == IPV6_PKTINFO, "one number");

static int request_fill(struct rio_request *request, const RIO_BUF *data, const struct slices *slices)
{
    struct rio_rq *queue = request->queue;
    void *at;
    if (!slice_at(data, 0, &at) || (!data && queue->stream) || !remote_fill(request, slices->remote) ||
        !control_fill(request, slices->control) || !slice_at(slices->flags, sizeof(ULONG), &request->flags_target))
        return WSAEINVAL;
    if (data)
        request->data = (struct socket_buffer){data->Length, at};
    if (request->way == RIO_SENDING) {
        request->flags_target = NULL;
        return slices->local ? WSAEINVAL : 0;
    }
    if (!slice_at(slices->local, sizeof(SOCKADDR_IN), &request->local))
        return WSAEINVAL;
    if (slices->local) {
        request->local_length = slices->local->Length;
        packet_info_ask(queue);
    }
    if (!queue->stream && (request->local || (request->control_out && queue->packet_info))) {
        request->control = request->found;
        request->control_length = sizeof request->found;
    }
    return 0;
}

/* Under the queue's lock: a request in its first state; NULL: there are as many as there may be, or no memory. */
static struct rio_request *request_new(struct rio_rq *queue, enum rio_way way)
{
    struct rio_request *request = queue->free;
    if (queue->ways[way].outstanding >= queue->ways[way].room)
        return NULL;
    if (request)
        queue->free = request->next;
    else if (!(request = RtlAllocateHeap(peb_current()->ProcessHeap, 0, sizeof *request)))
        return NULL;
    memset(request, 0, offsetof(struct rio_request, found));
    request->queue = queue;
    request->way = way;
    queue->ways[way].outstanding++;
    return request;
}

/* Under the queue's lock: those to hand over now, or none if it is deferred. */
static struct rio_request *request_line_up(struct rio_request *request, bool defer)
{
    struct rio_way_state *state = &request->queue->ways[request->way];
    *state->last = request;
    state->last = &request->next;
    return defer ? NULL : rio_deferred_take(request->queue, request->way);
}

static BOOL request_make(struct rio_rq *queue, enum rio_way way, const RIO_BUF *data, ULONG count,
                         const struct slices *slices, DWORD flags, PVOID context)
{
    const DWORD known = RIO_MSG_DEFER | RIO_MSG_DONT_NOTIFY | (way == RIO_RECEIVING ? RIO_MSG_WAITALL : 0);
    struct rio_request *request, *ready = NULL;
    bool commit = flags == RIO_MSG_COMMIT_ONLY && !data && !count && !context && !slices->local && !slices->remote &&
                  !slices->control && !slices->flags;
    if ((!commit && flags & ~known) || count != (data ? 1u : 0u) || !rio_rq_enter(queue))
        return !wsa_fail(WSAEINVAL);
    if (commit) {
        ready = rio_deferred_take(queue, way);
        rio_rq_leave(queue);
        requests_submit(ready);
        return TRUE;
    }
    request = request_new(queue, way);
    int error = !request                                                       ? WSAENOBUFS
                : !queue->alive || (flags & RIO_MSG_WAITALL && !queue->stream) ? WSAEINVAL
                                                                               : request_fill(request, data, slices);
    if (!error) {
        request->notify = !(flags & RIO_MSG_DONT_NOTIFY);
        request->flags = flags & RIO_MSG_WAITALL ? MSG_WAITALL : 0;
        request->result.SocketContext = queue->context;
        request->result.RequestContext = (ULONG_PTR)context;
        ready = request_line_up(request, flags & RIO_MSG_DEFER);
    }
    rio_rq_leave(queue);
    if (error && request)
        rio_request_free(request);
    requests_submit(ready);
    return !error || !wsa_fail(error);
}

static BOOL WINAPI RIOReceive(RIO_RQ queue, RIO_BUF *data, ULONG count, DWORD flags, PVOID context)
{
    return request_make(queue, RIO_RECEIVING, data, count, &(struct slices){0}, flags, context);
}

static BOOL WINAPI RIOReceiveEx(RIO_RQ queue, RIO_BUF *data, ULONG count, RIO_BUF *local, RIO_BUF *remote,
                                RIO_BUF *control, RIO_BUF *flags_out, DWORD flags, PVOID context)
{
    const struct slices slices = {local, remote, control, flags_out};
    return request_make(queue, RIO_RECEIVING, data, count, &slices, flags, context);
}

static BOOL WINAPI RIOSend(RIO_RQ queue, RIO_BUF *data, ULONG count, DWORD flags, PVOID context)
{
    return request_make(queue, RIO_SENDING, data, count, &(struct slices){0}, flags, context);
}

static BOOL WINAPI RIOSendEx(RIO_RQ queue, RIO_BUF *data, ULONG count, RIO_BUF *local, RIO_BUF *remote,
                             RIO_BUF *control, RIO_BUF *flags_out, DWORD flags, PVOID context)
{
    const struct slices slices = {local, remote, control, flags_out};
    return request_make(queue, RIO_SENDING, data, count, &slices, flags, context);
}

const struct rio_functions rio_functions = {
    .cbSize = sizeof rio_functions,
    .functions = {RIOReceive, RIOReceiveEx, RIOSend, RIOSendEx, RIOCloseCompletionQueue, RIOCreateCompletionQueue,
                  RIOCreateRequestQueue, RIODequeueCompletion, RIODeregisterBuffer, RIONotify, RIORegisterBuffer,
                  RIOResizeCompletionQueue, RIOResizeRequestQueue},
};
