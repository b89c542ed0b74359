/*
 * socket_icmp.c: what datagrams met on their way: errors by ICMP, told to whoever receives, as on Windows.
 *
 * The first send asks the host to queue them (IP_RECVERR).  The host then fails whatever call comes next, a send as
 * well as a receive, and says POLLERR while its queue holds something; so whoever meets either empties the queue into
 * two counters, from which a receive takes one.
 */
#include <errno.h>
#include <linux/errqueue.h>
#include <netinet/icmp6.h>
#include <netinet/ip_icmp.h>
#include <string.h>

#include "socket_private.h"

void socket_icmp_ask(struct file *file)
{
    struct socket *socket = file->socket;
    int on = 1;
    socket->icmp_asked = true;
    if (socket->type != WS_SOCK_DGRAM || socket->family == WS_AF_UNIX)
        return;
    if (socket->family == WS_AF_INET6)
        setsockopt(file->fd, IPPROTO_IPV6, IPV6_RECVERR, &on, sizeof on);
    setsockopt(file->fd, IPPROTO_IP, IP_RECVERR, &on, sizeof on); /* of IPv6's too: mapped addresses */
}

/* One error of the host's queue.  Others than these two are nothing that Windows tells of. */
static void count(struct socket *socket, const struct sock_extended_err *error)
{
    bool v4 = error->ee_origin == SO_EE_ORIGIN_ICMP, v6 = error->ee_origin == SO_EE_ORIGIN_ICMP6;
    if (((v4 && error->ee_type == ICMP_DEST_UNREACH && error->ee_code == ICMP_PORT_UNREACH) ||
         (v6 && error->ee_type == ICMP6_DST_UNREACH && error->ee_code == ICMP6_DST_UNREACH_NOPORT)) &&
        !socket->udp_no_reset)
        atomic_fetch_add(&socket->ports_unreachable, 1);
    if (((v4 && error->ee_type == ICMP_TIME_EXCEEDED) || (v6 && error->ee_type == ICMP6_TIME_EXCEEDED)) &&
        !socket->udp_no_net_reset)
        atomic_fetch_add(&socket->times_exceeded, 1);
}

bool socket_icmp_collect(struct file *file)
{
    bool any = false;
    for (;;) {
        _Alignas(struct cmsghdr) char control[256];
        struct msghdr header = {.msg_control = control, .msg_controllen = sizeof control};
        if (!file->socket->icmp_asked || recvmsg(file->fd, &header, MSG_ERRQUEUE | MSG_DONTWAIT) < 0)
            return any;
        any = true;
        for (struct cmsghdr *c = CMSG_FIRSTHDR(&header); c; c = CMSG_NXTHDR(&header, c))
            if ((c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_RECVERR) ||
                (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_RECVERR))
                count(file->socket, (const struct sock_extended_err *)CMSG_DATA(c));
    }
}

static bool take(_Atomic int *counter)
{
    int left = atomic_load(counter);
    while (left > 0)
        if (atomic_compare_exchange_weak(counter, &left, left - 1))
            return true;
    return false;
}

void socket_icmp_look(struct file *file)
{
    struct socket *socket = file->socket;
    int error = 0;
    socklen_t size = sizeof error;
    if (socket_icmp_collect(file))
        return;
    /* The queue had no room for it. */
    if (!getsockopt(file->fd, SOL_SOCKET, SO_ERROR, &error, &size) && error == ECONNREFUSED && !socket->udp_no_reset)
        atomic_fetch_add(&socket->ports_unreachable, 1);
}

NTSTATUS socket_icmp_take(struct socket *socket)
{
    if (take(&socket->ports_unreachable))
        return STATUS_PORT_UNREACHABLE;
    return take(&socket->times_exceeded) ? STATUS_FROM_WINSOCK(10052) : STATUS_SUCCESS; /* WSAENETRESET */
}

NTSTATUS socket_udp_reset(HANDLE handle, bool net, bool report)
{
    struct file *file;
    NTSTATUS status = socket_lookup(handle, &file);
    if (status)
        return status;
    struct socket *socket = file->socket;
    if (socket->type != WS_SOCK_DGRAM) {
        status = STATUS_NOT_SUPPORTED;
    } else if (net) {
        socket->udp_no_net_reset = !report;
    } else {
        socket->udp_no_reset = !report;
    }
    object_release(file);
    return status;
}
