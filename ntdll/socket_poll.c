/*
 * socket_poll.c: readiness: the host's poll in the terms of AFD_POLL_*, of WSAPoll and of select.
 */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <time.h>

#include "socket_private.h"

#define FDS_INSIDE 64
/* WSAPoll's bits: the enum of the host's names is in wsvalues.h. */
#define WANT_READ (WS_POLLRDNORM)
#define WANT_WRITE (WS_POLLWRNORM)

short socket_poll_events(const struct file *file, ULONG wanted)
{
    short events = 0;
    if (wanted & (AFD_POLL_RECEIVE | AFD_POLL_ACCEPT | AFD_POLL_DISCONNECT))
        events |= POLLIN | POLLRDHUP;
    if (wanted & (AFD_POLL_SEND | AFD_POLL_CONNECT | AFD_POLL_CONNECT_FAIL))
        events |= POLLOUT;
    if (wanted & AFD_POLL_RECEIVE_EXPEDITED)
        events |= POLLPRI;
    (void)file;
    return events;
}

/* A stream that never had a peer: the host calls it hung up, Windows says nothing of it. */
static ULONG idle_readiness(const struct socket *socket)
{
    return socket->connect_failed ? AFD_POLL_CONNECT_FAIL : 0;
}

ULONG socket_readiness_from(struct file *file, short revents)
{
    struct socket *socket = file->socket;
    ULONG ready = 0;
    if (socket->type == WS_SOCK_STREAM) {
        if (socket->phase == SOCKET_CONNECTING && socket_connect_result(file) == STATUS_PENDING)
            return 0;
        if (socket->phase == SOCKET_OPEN)
            return idle_readiness(socket);
        if (socket->phase == SOCKET_LISTENING)
            return revents & POLLIN ? AFD_POLL_ACCEPT : 0;
        ready |= AFD_POLL_CONNECT;
        if (revents & POLLERR)
            ready |= AFD_POLL_ABORT;
        else if (revents & (POLLRDHUP | POLLHUP))
            ready |= AFD_POLL_DISCONNECT;
    }
    if (revents & POLLIN)
        ready |= AFD_POLL_RECEIVE;
    if (revents & POLLPRI)
        ready |= AFD_POLL_RECEIVE_EXPEDITED;
    if (revents & (POLLOUT | POLLERR))
        ready |= AFD_POLL_SEND;
    if (socket->type != WS_SOCK_STREAM) {
        if (revents & POLLERR)
            socket_icmp_look(file);
        if (socket_icmp_waits(socket))
            ready |= AFD_POLL_RECEIVE;
    }
    return ready;
}

ULONG socket_readiness(struct file *file, ULONG wanted)
{
    struct pollfd state = {.fd = file->fd, .events = socket_poll_events(file, wanted)};
    if (poll(&state, 1, 0) < 0)
        return 0;
    return socket_readiness_from(file, state.revents) & wanted;
}

/* What is asked for in the terms of AFD_POLL_*. */
static ULONG wanted_from(SHORT events)
{
    return (events & WANT_READ ? AFD_POLL_RECEIVE | AFD_POLL_ACCEPT | AFD_POLL_DISCONNECT : 0) |
           (events & (WS_POLLRDNORM * 2) ? AFD_POLL_RECEIVE_EXPEDITED : 0) |
           (events & WANT_WRITE ? AFD_POLL_SEND | AFD_POLL_CONNECT_FAIL : 0);
}

/* WSAPoll's answer. */
static SHORT poll_answer(SHORT events, ULONG ready)
{
    SHORT answer = 0;
    if (ready & (AFD_POLL_RECEIVE | AFD_POLL_ACCEPT))
        answer |= events & WANT_READ;
    if (ready & AFD_POLL_RECEIVE_EXPEDITED)
        answer |= events & (WS_POLLRDNORM * 2);
    if (ready & AFD_POLL_SEND && !(ready & AFD_POLL_ABORT))
        answer |= events & WANT_WRITE;
    if (ready & AFD_POLL_DISCONNECT)
        answer |= WS_POLLHUP;
    if (ready & AFD_POLL_ABORT)
        answer |= WS_POLLHUP | WS_POLLERR;
    if (ready & AFD_POLL_CONNECT_FAIL)
        answer |= WS_POLLHUP | WS_POLLERR | (events & WANT_WRITE);
    return answer;
}

/* select's three sets: read (also: closed, connections), write, exceptions (urgent data, a failed connect). */
static SHORT select_answer(SHORT events, ULONG ready)
{
    SHORT answer = 0;
    if (ready & (AFD_POLL_RECEIVE | AFD_POLL_ACCEPT | AFD_POLL_DISCONNECT | AFD_POLL_ABORT))
        answer |= events & WS_POLLRDNORM;
    if (ready & (AFD_POLL_SEND | AFD_POLL_ABORT) && !(ready & AFD_POLL_CONNECT_FAIL))
        answer |= events & WS_POLLWRNORM;
    if (ready & (AFD_POLL_RECEIVE_EXPEDITED | AFD_POLL_CONNECT_FAIL))
        answer |= events & WS_POLLPRI;
    return answer;
}

struct poll_set {
    ULONG count;
    struct file **files;
    struct pollfd *fds;
    bool select;
};

static NTSTATUS set_fill(struct poll_set *set, struct socket_poll *sockets)
{
    NTSTATUS failed = STATUS_SUCCESS;
    for (ULONG i = 0; i < set->count; i++) {
        set->fds[i] = (struct pollfd){.fd = -1};
        set->files[i] = NULL;
        sockets[i].revents = 0;
        if (sockets[i].handle == INVALID_HANDLE_VALUE && !set->select)
            continue;
        NTSTATUS status = socket_lookup(sockets[i].handle, &set->files[i]);
        if (status) {
            set->files[i] = NULL;
            sockets[i].revents = WS_POLLNVAL;
            failed = status;
            continue;
        }
        if (!socket_enter(set->files[i]->socket)) {
            object_release(set->files[i]);
            set->files[i] = NULL;
            sockets[i].revents = WS_POLLNVAL;
            failed = STATUS_OBJECT_TYPE_MISMATCH;
            continue;
        }
        ULONG wanted = wanted_from(sockets[i].events);
        if (set->select && sockets[i].events & WS_POLLPRI)
            wanted |= AFD_POLL_RECEIVE_EXPEDITED | AFD_POLL_CONNECT_FAIL;
        set->fds[i].fd = set->files[i]->fd;
        set->fds[i].events = socket_poll_events(set->files[i], wanted);
    }
    return failed;
}

/* An unconnected stream makes poll() return at once, for nothing that Windows shows: it is left out. */
static bool set_answer(struct poll_set *set, struct socket_poll *sockets, ULONG *ready)
{
    bool idle = false;
    *ready = 0;
    for (ULONG i = 0; i < set->count; i++) {
        struct file *file = set->files[i];
        if (file && !sockets[i].revents) {
            ULONG state = set->fds[i].revents || file->socket->connect_failed || socket_icmp_waits(file->socket)
                              ? socket_readiness_from(file, set->fds[i].revents)
                              : 0;
            sockets[i].revents =
                set->select ? select_answer(sockets[i].events, state) : poll_answer(sockets[i].events, state);
            if (!sockets[i].revents && set->fds[i].revents) {
                if (file->socket->type == WS_SOCK_STREAM) /* an error of a datagram has been taken */
                    set->fds[i].fd = -1;
                idle = true;
            }
        }
        *ready += sockets[i].revents != 0;
    }
    return idle;
}

static NTSTATUS set_wait(struct poll_set *set, struct socket_poll *sockets, int timeout, ULONG *ready)
{
    struct timespec start = {0}, now;
    int left = timeout;
    set_answer(set, sockets, ready); /* what is known without asking: failed connects, bad handles */
    if (*ready)
        left = 0;
    if (left > 0)
        clock_gettime(CLOCK_MONOTONIC, &start);
    for (;;) {
        int count = poll(set->fds, set->count, left);
        if (count < 0 && errno != EINTR)
            return socket_status(errno);
        bool idle = count > 0 && set_answer(set, sockets, ready);
        for (ULONG i = 0; i < set->count; i++)
            if (set->files[i] && set->files[i]->socket->closing)
                return STATUS_OBJECT_TYPE_MISMATCH;
        if (*ready || !left || (count == 0 && left >= 0) || (count > 0 && !idle && left == 0))
            return STATUS_SUCCESS;
        if (left > 0) {
            clock_gettime(CLOCK_MONOTONIC, &now);
            int64_t passed = (now.tv_sec - start.tv_sec) * 1000 + (now.tv_nsec - start.tv_nsec) / 1000000;
            left = passed >= timeout ? 0 : (int)(timeout - passed);
        }
    }
}

NTSTATUS socket_poll(struct socket_poll *sockets, ULONG count, int timeout, ULONG *ready, bool select)
{
    struct file *files[FDS_INSIDE];
    struct pollfd fds[FDS_INSIDE];
    struct poll_set set = {count, files, fds, select};
    if (count > FDS_INSIDE) {
        set.files = malloc(count * sizeof *files);
        set.fds = malloc(count * sizeof *fds);
    }
    NTSTATUS status = set.files && set.fds ? set_fill(&set, sockets) : STATUS_INSUFFICIENT_RESOURCES;
    if (set.files && set.fds) {
        if (!status || (status == STATUS_OBJECT_TYPE_MISMATCH && !select))
            status = set_wait(&set, sockets, timeout, ready);
        for (ULONG i = 0; i < count; i++)
            if (set.files[i]) {
                socket_leave(set.files[i]->socket);
                object_release(set.files[i]);
            }
    }
    if (count > FDS_INSIDE) {
        free(set.files);
        free(set.fds);
    }
    return status;
}
