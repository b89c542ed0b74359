/*
 * icmp.c: echo requests by the host's ping sockets, which need no privilege where net.ipv4.ping_group_range lets the
 * user's group have them.  Errors from the way come through the socket's error queue.
 */
#include <errno.h>
#include <linux/errqueue.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <netinet/ip_icmp.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "icmp.h"

#define HEADER 8 /* of ICMP: type, code, checksum, identifier, sequence */

union address {
    struct sockaddr any;
    struct sockaddr_in four;
    struct sockaddr_in6 six;
};

static socklen_t address_of(const struct icmp_echo *echo, const uint8_t *bytes, union address *address)
{
    memset(address, 0, sizeof *address);
    if (echo->six) {
        address->six.sin6_family = AF_INET6;
        address->six.sin6_scope_id = echo->scope;
        memcpy(&address->six.sin6_addr, bytes, 16);
        return sizeof address->six;
    }
    address->four.sin_family = AF_INET;
    memcpy(&address->four.sin_addr, bytes, 4);
    return sizeof address->four;
}

static NTSTATUS status_of(int error)
{
    switch (error) {
    case EACCES:
    case EPERM:
        return STATUS_ACCESS_DENIED;
    case ENETUNREACH:
        return STATUS_NETWORK_UNREACHABLE;
    case EHOSTUNREACH:
        return STATUS_HOST_UNREACHABLE;
    case EMSGSIZE:
        return STATUS_INVALID_BUFFER_SIZE;
    case EADDRNOTAVAIL:
        return STATUS_INVALID_ADDRESS;
    case ENOMEM:
    case ENOBUFS:
        return STATUS_NO_MEMORY;
    default:
        return STATUS_UNSUCCESSFUL;
    }
}

static void set_option(int fd, int level, int name, int value)
{
    setsockopt(fd, level, name, &value, sizeof value);
}

static void prepare(int fd, const struct icmp_echo *echo)
{
    int level = echo->six ? IPPROTO_IPV6 : IPPROTO_IP;
    set_option(fd, level, echo->six ? IPV6_RECVERR : IP_RECVERR, 1);
    set_option(fd, level, echo->six ? IPV6_RECVHOPLIMIT : IP_RECVTTL, 1);
    if (echo->ttl)
        set_option(fd, level, echo->six ? IPV6_UNICAST_HOPS : IP_TTL, echo->ttl);
    if (echo->tos)
        set_option(fd, level, echo->six ? IPV6_TCLASS : IP_TOS, echo->tos);
    if (!echo->six)
        set_option(fd, level, IP_MTU_DISCOVER, echo->whole ? IP_PMTUDISC_DO : IP_PMTUDISC_DONT);
}

static void from_set(struct icmp_echo *echo, const union address *from)
{
    if (echo->six)
        memcpy(echo->from, &from->six.sin6_addr, 16);
    else
        memcpy(echo->from, &from->four.sin_addr, 4);
}

/* What the control messages say: the answer's time to live, or an error on the way. */
static void read_control(struct msghdr *header, struct icmp_echo *echo)
{
    for (struct cmsghdr *c = CMSG_FIRSTHDR(header); c; c = CMSG_NXTHDR(header, c)) {
        bool ip = c->cmsg_level == (echo->six ? IPPROTO_IPV6 : IPPROTO_IP);
        if (ip && c->cmsg_type == (echo->six ? IPV6_HOPLIMIT : IP_TTL)) {
            int ttl;
            memcpy(&ttl, CMSG_DATA(c), sizeof ttl);
            echo->from_ttl = (uint8_t)ttl;
        } else if (ip && c->cmsg_type == (echo->six ? IPV6_RECVERR : IP_RECVERR)) {
            struct sock_extended_err error;
            memcpy(&error, CMSG_DATA(c), sizeof error);
            if (error.ee_origin != SO_EE_ORIGIN_ICMP && error.ee_origin != SO_EE_ORIGIN_ICMP6)
                continue;
            echo->type = error.ee_type;
            echo->code = error.ee_code;
            from_set(echo, (const union address *)(CMSG_DATA(c) + sizeof error));
        }
    }
}

/* True: that was the answer. */
static bool receive(int fd, struct icmp_echo *echo, int flags, uint8_t sequence)
{
    uint8_t head[HEADER];
    _Alignas(struct cmsghdr) char control[512];
    union address from;
    struct iovec pieces[2] = {{head, sizeof head}, {echo->room, echo->room_size}};
    struct msghdr header = {.msg_name = &from,
                            .msg_namelen = sizeof from,
                            .msg_iov = pieces,
                            .msg_iovlen = 2,
                            .msg_control = control,
                            .msg_controllen = sizeof control};
    ssize_t n = recvmsg(fd, &header, flags | MSG_DONTWAIT | MSG_TRUNC);
    if (n < 0)
        return false;
    echo->type = -1;
    if (!(flags & MSG_ERRQUEUE)) {
        if (n < HEADER || head[0] != (echo->six ? ICMP6_ECHO_REPLY : ICMP_ECHOREPLY) || head[7] != sequence)
            return false;
        from_set(echo, &from);
        echo->got = (ULONG)n - HEADER;
    }
    read_control(&header, echo);
    return !(flags & MSG_ERRQUEUE) || echo->type >= 0;
}

static int64_t now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

static NTSTATUS exchange(int fd, struct icmp_echo *echo)
{
    uint8_t head[HEADER] = {echo->six ? ICMP6_ECHO_REQUEST : ICMP_ECHO, 0, 0, 0, 0, 0, 0, 1};
    union address to;
    struct iovec pieces[2] = {{head, sizeof head}, {(void *)echo->data, echo->size}};
    struct msghdr header = {.msg_name = &to, .msg_iov = pieces, .msg_iovlen = 2};
    header.msg_namelen = address_of(echo, echo->destination, &to);
    int64_t begin = now(), left;
    if (sendmsg(fd, &header, MSG_NOSIGNAL) < 0)
        return status_of(errno);
    while ((left = begin + echo->milliseconds - now()) >= 0) {
        struct pollfd ready = {fd, POLLIN, 0};
        int count = poll(&ready, 1, left > INT32_MAX ? INT32_MAX : (int)left);
        if (count < 0 && errno != EINTR)
            return status_of(errno);
        if (count <= 0)
            continue;
        if (receive(fd, echo, ready.revents & POLLERR ? MSG_ERRQUEUE : 0, head[7])) {
            echo->round_trip = (ULONG)(now() - begin);
            return STATUS_SUCCESS;
        }
    }
    return STATUS_IO_TIMEOUT;
}

NTSTATUS icmp_echo(struct icmp_echo *echo)
{
    static const uint8_t any[16];
    union address from;
    NTSTATUS status = STATUS_SUCCESS;
    int fd =
        socket(echo->six ? AF_INET6 : AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, echo->six ? IPPROTO_ICMPV6 : IPPROTO_ICMP);
    if (fd < 0)
        return status_of(errno);
    socklen_t length = address_of(echo, echo->source, &from);
    prepare(fd, echo);
    if (memcmp(echo->source, any, echo->six ? 16 : 4) && bind(fd, &from.any, length) < 0)
        status = status_of(errno);
    if (!status)
        status = exchange(fd, echo);
    close(fd);
    return status;
}
