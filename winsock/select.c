/*
 * select.c: winsock2.h: select with sets of any size, WSAPoll.  On top of ntdll/socket.h.
 */
#include <string.h>
#include "ntdll/socket.h"
#include "winsock/ws.h"

#define ENTRIES_INSIDE 64

int WINAPI __WSAFDIsSet(SOCKET s, fd_set *set)
{
    for (u_int i = 0; i < set->fd_count; i++)
        if (set->fd_array[i] == s)
            return 1;
    return 0;
}

static ULONG set_add(struct socket_poll *entries, ULONG count, const fd_set *set, SHORT event)
{
    for (u_int i = 0; set && i < set->fd_count; i++)
        entries[count++] = (struct socket_poll){.handle = SOCKET_HANDLE(set->fd_array[i]), .events = event};
    return count;
}

/* Leaves those that are ready; returns how many. */
static int set_keep(const struct socket_poll **entry, fd_set *set)
{
    u_int kept = 0;
    if (!set)
        return 0;
    for (u_int i = 0; i < set->fd_count; i++)
        if ((*entry)++->revents)
            set->fd_array[kept++] = set->fd_array[i];
    set->fd_count = kept;
    return (int)kept;
}

/* In milliseconds, rounded up; negative: for ever. */
static int timeout_milliseconds(const TIMEVAL *timeout)
{
    if (!timeout)
        return -1;
    int64_t milliseconds = (int64_t)timeout->tv_sec * 1000 + (timeout->tv_usec + 999) / 1000;
    return milliseconds > INT32_MAX ? INT32_MAX : (int)milliseconds;
}

int WINAPI select(int ignored, fd_set *read, fd_set *write, fd_set *except, const PTIMEVAL timeout)
{
    struct socket_poll inside[ENTRIES_INSIDE], *entries = inside;
    (void)ignored;
    if (!wsa_started())
        return SOCKET_ERROR;
    if (timeout && (timeout->tv_sec < 0 || timeout->tv_usec < 0))
        return wsa_fail(WSAEINVAL);
    size_t total =
        (read ? read->fd_count : 0) + (size_t)(write ? write->fd_count : 0) + (size_t)(except ? except->fd_count : 0);
    if (!total)
        return wsa_fail(WSAEINVAL);
    if (total > ENTRIES_INSIDE)
        entries = RtlAllocateHeap(peb_current()->ProcessHeap, 0, total * sizeof *entries);
    if (!entries)
        return wsa_fail(WSAENOBUFS);
    ULONG count = set_add(entries, 0, read, POLLRDNORM), ready = 0;
    count = set_add(entries, count, write, POLLWRNORM);
    count = set_add(entries, count, except, POLLPRI);
    NTSTATUS status = socket_poll(entries, count, timeout_milliseconds(timeout), &ready, true);
    int result = wsa_result(status);
    if (!result) {
        const struct socket_poll *entry = entries;
        result = set_keep(&entry, read);
        result += set_keep(&entry, write);
        result += set_keep(&entry, except);
    }
    if (entries != inside)
        RtlFreeHeap(peb_current()->ProcessHeap, 0, entries);
    return result;
}

int WINAPI WSAPoll(LPWSAPOLLFD fds, ULONG count, INT timeout)
{
    ULONG ready = 0;
    _Static_assert(sizeof(WSAPOLLFD) == sizeof(struct socket_poll) &&
                       offsetof(WSAPOLLFD, revents) == offsetof(struct socket_poll, revents),
                   "one layout");
    if (!wsa_started())
        return SOCKET_ERROR;
    if (!fds)
        return wsa_fail(WSAEFAULT);
    if (!count)
        return wsa_fail(WSAEINVAL);
    for (ULONG i = 0; i < count; i++)
        if (fds[i].fd != INVALID_SOCKET && fds[i].events & ~(POLLRDNORM | POLLRDBAND | POLLWRNORM | POLLPRI))
            return wsa_fail(WSAEINVAL);
    NTSTATUS status = socket_poll((struct socket_poll *)fds, count, timeout, &ready, false);
    ULONG bad = 0;
    for (ULONG i = 0; i < count && !status; i++)
        bad += fds[i].fd == INVALID_SOCKET || fds[i].revents == POLLNVAL;
    if (bad == count) /* nothing but bad handles */
        return wsa_fail(WSAENOTSOCK);
    return status ? wsa_result(status) : (int)ready;
}
