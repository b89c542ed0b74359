/*
 * socket_option.c: socket options: a table of what the host has too, and those that only this layer knows.
 */
#include <errno.h>
#include <net/if.h>
#include <netinet/tcp.h>
#include <netinet/udp.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/time.h>
#include <time.h>

#include "socket_control.h"
#include "socket_private.h"

#define DEFAULT_BUFFER 65536
#define MAX_DATAGRAM 65507

enum option_kind {
    OPTION_BOOL,
    OPTION_BYTE, /* a BOOL of which Windows gives one byte */
    OPTION_INT,
    OPTION_SECONDS, /* the host's are milliseconds */
    OPTION_MULTICAST_INTERFACE,
    OPTION_SOURCE, /* ip_mreq_source: the last two members change places */
    OPTION_GROUP,  /* begins with an interface index, then addresses with families */
    OPTION_RAW,    /* the same bytes */
    OPTION_DONT_FRAGMENT,
    OPTION_DISCOVER,
    OPTION_COALESCED,
    OPTION_TRAFFIC_CLASS, /* to be told of: the host has Windows' two kinds in one */
    OPTION_ECN,
    OPTION_KEEP, /* taken and kept: no effect on this host */
};

static const struct option {
    int level, name, host_level, host_name;
    enum option_kind kind;
} options[] = {
    {WS_SOL_SOCKET, WS_SO_KEEPALIVE, SOL_SOCKET, SO_KEEPALIVE, OPTION_BYTE},
    {WS_SOL_SOCKET, WS_SO_DONTROUTE, SOL_SOCKET, SO_DONTROUTE, OPTION_BYTE},
    {WS_SOL_SOCKET, WS_SO_BROADCAST, SOL_SOCKET, SO_BROADCAST, OPTION_BOOL},
    {WS_SOL_SOCKET, WS_SO_OOBINLINE, SOL_SOCKET, SO_OOBINLINE, OPTION_BOOL},
    {WS_IPPROTO_TCP, WS_TCP_NODELAY, IPPROTO_TCP, TCP_NODELAY, OPTION_BYTE},
    {WS_IPPROTO_TCP, WS_TCP_KEEPIDLE, IPPROTO_TCP, TCP_KEEPIDLE, OPTION_INT},
    {WS_IPPROTO_TCP, WS_TCP_KEEPINTVL, IPPROTO_TCP, TCP_KEEPINTVL, OPTION_INT},
    {WS_IPPROTO_TCP, WS_TCP_KEEPCNT, IPPROTO_TCP, TCP_KEEPCNT, OPTION_INT},
    {WS_IPPROTO_TCP, WS_TCP_MAXSEG, IPPROTO_TCP, TCP_MAXSEG, OPTION_INT},
    {WS_IPPROTO_TCP, WS_TCP_MAXRT, IPPROTO_TCP, TCP_USER_TIMEOUT, OPTION_SECONDS},
    {WS_IPPROTO_UDP, WS_UDP_NOCHECKSUM, SOL_SOCKET, SO_NO_CHECK, OPTION_BOOL},
    {WS_IPPROTO_UDP, WS_UDP_SEND_MSG_SIZE, IPPROTO_UDP, UDP_SEGMENT, OPTION_INT},
    {WS_IPPROTO_UDP, WS_UDP_RECV_MAX_COALESCED_SIZE, IPPROTO_UDP, UDP_GRO, OPTION_COALESCED},
    {WS_IPPROTO_IP, WS_IP_OPTIONS, IPPROTO_IP, IP_OPTIONS, OPTION_RAW},
    {WS_IPPROTO_IP, WS_IP_HDRINCL, IPPROTO_IP, IP_HDRINCL, OPTION_BOOL},
    {WS_IPPROTO_IP, WS_IP_TOS, IPPROTO_IP, IP_TOS, OPTION_INT},
    {WS_IPPROTO_IP, WS_IP_TTL, IPPROTO_IP, IP_TTL, OPTION_INT},
    {WS_IPPROTO_IP, WS_IP_MULTICAST_IF, IPPROTO_IP, IP_MULTICAST_IF, OPTION_MULTICAST_INTERFACE},
    {WS_IPPROTO_IP, WS_IP_MULTICAST_TTL, IPPROTO_IP, IP_MULTICAST_TTL, OPTION_INT},
    {WS_IPPROTO_IP, WS_IP_MULTICAST_LOOP, IPPROTO_IP, IP_MULTICAST_LOOP, OPTION_BOOL},
    {WS_IPPROTO_IP, WS_IP_ADD_MEMBERSHIP, IPPROTO_IP, IP_ADD_MEMBERSHIP, OPTION_RAW},
    {WS_IPPROTO_IP, WS_IP_DROP_MEMBERSHIP, IPPROTO_IP, IP_DROP_MEMBERSHIP, OPTION_RAW},
    {WS_IPPROTO_IP, WS_IP_ADD_SOURCE_MEMBERSHIP, IPPROTO_IP, IP_ADD_SOURCE_MEMBERSHIP, OPTION_SOURCE},
    {WS_IPPROTO_IP, WS_IP_DROP_SOURCE_MEMBERSHIP, IPPROTO_IP, IP_DROP_SOURCE_MEMBERSHIP, OPTION_SOURCE},
    {WS_IPPROTO_IP, WS_IP_BLOCK_SOURCE, IPPROTO_IP, IP_BLOCK_SOURCE, OPTION_SOURCE},
    {WS_IPPROTO_IP, WS_IP_UNBLOCK_SOURCE, IPPROTO_IP, IP_UNBLOCK_SOURCE, OPTION_SOURCE},
    {WS_IPPROTO_IP, WS_MCAST_JOIN_GROUP, IPPROTO_IP, MCAST_JOIN_GROUP, OPTION_GROUP},
    {WS_IPPROTO_IP, WS_MCAST_LEAVE_GROUP, IPPROTO_IP, MCAST_LEAVE_GROUP, OPTION_GROUP},
    {WS_IPPROTO_IP, WS_MCAST_JOIN_SOURCE_GROUP, IPPROTO_IP, MCAST_JOIN_SOURCE_GROUP, OPTION_GROUP},
    {WS_IPPROTO_IP, WS_MCAST_LEAVE_SOURCE_GROUP, IPPROTO_IP, MCAST_LEAVE_SOURCE_GROUP, OPTION_GROUP},
    {WS_IPPROTO_IP, WS_MCAST_BLOCK_SOURCE, IPPROTO_IP, MCAST_BLOCK_SOURCE, OPTION_GROUP},
    {WS_IPPROTO_IP, WS_MCAST_UNBLOCK_SOURCE, IPPROTO_IP, MCAST_UNBLOCK_SOURCE, OPTION_GROUP},
    {WS_IPPROTO_IP, WS_IP_DONTFRAGMENT, IPPROTO_IP, IP_MTU_DISCOVER, OPTION_DONT_FRAGMENT},
    {WS_IPPROTO_IP, WS_IP_MTU_DISCOVER, IPPROTO_IP, IP_MTU_DISCOVER, OPTION_DISCOVER},
    {WS_IPPROTO_IP, WS_IP_MTU, IPPROTO_IP, IP_MTU, OPTION_INT},
    {WS_IPPROTO_IP, WS_IP_PKTINFO, IPPROTO_IP, IP_PKTINFO, OPTION_BOOL},
    {WS_IPPROTO_IP, WS_IP_HOPLIMIT, IPPROTO_IP, IP_RECVTTL, OPTION_BOOL},
    {WS_IPPROTO_IP, WS_IP_RECVTOS, IPPROTO_IP, IP_RECVTOS, OPTION_TRAFFIC_CLASS},
    {WS_IPPROTO_IP, WS_IP_ECN, IPPROTO_IP, IP_RECVTOS, OPTION_ECN},
    {WS_IPPROTO_IP, WS_IP_UNICAST_IF, IPPROTO_IP, IP_UNICAST_IF, OPTION_INT},
    {WS_IPPROTO_IP, WS_IP_RECEIVE_BROADCAST, 0, 0, OPTION_KEEP},
    {WS_IPPROTO_IPV6, WS_IPV6_HDRINCL, IPPROTO_IPV6, IPV6_HDRINCL, OPTION_BOOL},
    {WS_IPPROTO_IPV6, WS_IPV6_UNICAST_HOPS, IPPROTO_IPV6, IPV6_UNICAST_HOPS, OPTION_INT},
    {WS_IPPROTO_IPV6, WS_IPV6_MULTICAST_IF, IPPROTO_IPV6, IPV6_MULTICAST_IF, OPTION_INT},
    {WS_IPPROTO_IPV6, WS_IPV6_MULTICAST_HOPS, IPPROTO_IPV6, IPV6_MULTICAST_HOPS, OPTION_INT},
    {WS_IPPROTO_IPV6, WS_IPV6_MULTICAST_LOOP, IPPROTO_IPV6, IPV6_MULTICAST_LOOP, OPTION_BOOL},
    {WS_IPPROTO_IPV6, WS_IPV6_ADD_MEMBERSHIP, IPPROTO_IPV6, IPV6_ADD_MEMBERSHIP, OPTION_RAW},
    {WS_IPPROTO_IPV6, WS_IPV6_DROP_MEMBERSHIP, IPPROTO_IPV6, IPV6_DROP_MEMBERSHIP, OPTION_RAW},
    {WS_IPPROTO_IPV6, WS_MCAST_JOIN_GROUP, IPPROTO_IPV6, MCAST_JOIN_GROUP, OPTION_GROUP},
    {WS_IPPROTO_IPV6, WS_MCAST_LEAVE_GROUP, IPPROTO_IPV6, MCAST_LEAVE_GROUP, OPTION_GROUP},
    {WS_IPPROTO_IPV6, WS_MCAST_JOIN_SOURCE_GROUP, IPPROTO_IPV6, MCAST_JOIN_SOURCE_GROUP, OPTION_GROUP},
    {WS_IPPROTO_IPV6, WS_MCAST_LEAVE_SOURCE_GROUP, IPPROTO_IPV6, MCAST_LEAVE_SOURCE_GROUP, OPTION_GROUP},
    {WS_IPPROTO_IPV6, WS_IPV6_DONTFRAG, IPPROTO_IPV6, IPV6_DONTFRAG, OPTION_BOOL},
    {WS_IPPROTO_IPV6, WS_IPV6_PKTINFO, IPPROTO_IPV6, IPV6_RECVPKTINFO, OPTION_BOOL},
    {WS_IPPROTO_IPV6, WS_IPV6_HOPLIMIT, IPPROTO_IPV6, IPV6_RECVHOPLIMIT, OPTION_BOOL},
    {WS_IPPROTO_IPV6, WS_IPV6_CHECKSUM, IPPROTO_IPV6, IPV6_CHECKSUM, OPTION_INT},
    {WS_IPPROTO_IPV6, WS_IPV6_V6ONLY, IPPROTO_IPV6, IPV6_V6ONLY, OPTION_BYTE},
    {WS_IPPROTO_IPV6, WS_IPV6_UNICAST_IF, IPPROTO_IPV6, IPV6_UNICAST_IF, OPTION_INT},
    {WS_IPPROTO_IPV6, WS_IPV6_RECVRTHDR, IPPROTO_IPV6, IPV6_RECVRTHDR, OPTION_BOOL},
    {WS_IPPROTO_IPV6, WS_IPV6_TCLASS, IPPROTO_IPV6, IPV6_TCLASS, OPTION_INT},
    {WS_IPPROTO_IPV6, WS_IPV6_RECVTCLASS, IPPROTO_IPV6, IPV6_RECVTCLASS, OPTION_TRAFFIC_CLASS},
    {WS_IPPROTO_IPV6, WS_IPV6_ECN, IPPROTO_IPV6, IPV6_RECVTCLASS, OPTION_ECN},
    {WS_IPPROTO_IPV6, WS_IPV6_MTU_DISCOVER, IPPROTO_IPV6, IPV6_MTU_DISCOVER, OPTION_DISCOVER},
    {WS_IPPROTO_IPV6, WS_IPV6_MTU, IPPROTO_IPV6, IPV6_MTU, OPTION_INT},
    {WS_IPPROTO_IPV6, WS_IPV6_PROTECTION_LEVEL, 0, 0, OPTION_KEEP},
};

static const struct option *option_find(int level, int name)
{
    for (const struct option *option = options; option < options + sizeof options / sizeof *options; option++)
        if (option->level == level && option->name == name)
            return option;
    return NULL;
}

static NTSTATUS host_set(struct file *file, int level, int name, const void *value, socklen_t size)
{
    return setsockopt(file->fd, level, name, value, size) ? socket_status(errno) : STATUS_SUCCESS;
}

static NTSTATUS host_get_int(struct file *file, int level, int name, int *value)
{
    socklen_t size = sizeof *value;
    *value = 0;
    return getsockopt(file->fd, level, name, value, &size) ? socket_status(errno) : STATUS_SUCCESS;
}

/* An int or BOOL as programs pass it: one byte will do. */
static int value_int(const void *value, int length)
{
    int result = 0;
    memcpy(&result, value, (size_t)length < sizeof result ? (size_t)length : sizeof result);
    return result;
}

/* 0.x.x.x is an interface index. */
static NTSTATUS set_multicast_interface(struct file *file, const struct option *option, int value)
{
    struct ip_mreqn request = {0};
    if (!(value & 0xff))
        request.imr_ifindex = (int)ntohl((uint32_t)value);
    else
        request.imr_address.s_addr = (uint32_t)value;
    return host_set(file, option->host_level, option->host_name, &request, sizeof request);
}

static NTSTATUS set_source(struct file *file, const struct option *option, const void *value, int length)
{
    const uint32_t *in = value; /* group, source, interface */
    struct ip_mreq_source request;
    if (length < (int)sizeof request)
        return STATUS_ACCESS_VIOLATION;
    request.imr_multiaddr.s_addr = in[0];
    request.imr_sourceaddr.s_addr = in[1];
    request.imr_interface.s_addr = in[2];
    return host_set(file, option->host_level, option->host_name, &request, sizeof request);
}

static NTSTATUS set_group(struct file *file, const struct option *option, const void *value, int length)
{
    struct group_source_req request;
    if (length < (int)sizeof(struct group_req))
        return STATUS_ACCESS_VIOLATION;
    size_t size = (size_t)length < sizeof request ? sizeof(struct group_req) : sizeof request;
    memcpy(&request, value, size);
    if (request.gsr_group.ss_family == WS_AF_INET6)
        request.gsr_group.ss_family = AF_INET6;
    if (size == sizeof request && request.gsr_source.ss_family == WS_AF_INET6)
        request.gsr_source.ss_family = AF_INET6;
    return host_set(file, option->host_level, option->host_name, &request, size);
}

/* Windows counts 1 do, 2 don't, 3 probe. */
static const int discover_to_host[] = {IP_PMTUDISC_WANT, IP_PMTUDISC_DO, IP_PMTUDISC_DONT, IP_PMTUDISC_PROBE};

static NTSTATUS set_traffic_class(struct file *file, const struct option *option, bool on)
{
    struct socket *socket = file->socket;
    uint8_t bit = option->kind == OPTION_ECN ? SOCKET_WANTS_ECN : SOCKET_WANTS_TOS;
    uint8_t wants = (uint8_t)(on ? socket->traffic_class | bit : socket->traffic_class & ~bit);
    int any = wants != 0;
    NTSTATUS status = host_set(file, option->host_level, option->host_name, &any, sizeof any);
    if (!status)
        socket->traffic_class = wants;
    return status;
}

/* The host joins datagrams up to any size: it is asked to where the program takes any. */
static NTSTATUS set_coalesced(struct file *file, const struct option *option, ULONG most)
{
    int on = most >= MAX_DATAGRAM;
    NTSTATUS status = host_set(file, option->host_level, option->host_name, &on, sizeof on);
    if (!status)
        file->socket->coalesced_max = most;
    return status;
}

static NTSTATUS option_set(struct file *file, const struct option *option, const void *value, int length)
{
    int number;
    if (length < 1 || ((option->kind == OPTION_INT || option->kind == OPTION_COALESCED) && length < (int)sizeof number))
        return STATUS_ACCESS_VIOLATION;
    number = value_int(value, length);
    switch (option->kind) {
    case OPTION_BOOL:
    case OPTION_BYTE:
        number = number != 0;
        break;
    case OPTION_SECONDS:
        number = number < 0 ? 0 : number * 1000;
        break;
    case OPTION_MULTICAST_INTERFACE:
        return set_multicast_interface(file, option, number);
    case OPTION_SOURCE:
        return set_source(file, option, value, length);
    case OPTION_GROUP:
        return set_group(file, option, value, length);
    case OPTION_RAW:
        return host_set(file, option->host_level, option->host_name, value, (socklen_t)length);
    case OPTION_DONT_FRAGMENT:
        number = number ? IP_PMTUDISC_DO : IP_PMTUDISC_DONT;
        break;
    case OPTION_DISCOVER:
        if (number < 0 || number > 3)
            return STATUS_INVALID_PARAMETER;
        number = discover_to_host[number];
        break;
    case OPTION_COALESCED:
        return set_coalesced(file, option, (ULONG)number);
    case OPTION_TRAFFIC_CLASS:
    case OPTION_ECN:
        return set_traffic_class(file, option, number != 0);
    case OPTION_KEEP:
        return STATUS_SUCCESS;
    default:
        break;
    }
    return host_set(file, option->host_level, option->host_name, &number, sizeof number);
}

static NTSTATUS put_int(void *value, int *length, int number)
{
    if (*length < 1)
        return STATUS_ACCESS_VIOLATION;
    if (*length > (int)sizeof number)
        *length = sizeof number;
    memcpy(value, &number, (size_t)*length);
    return STATUS_SUCCESS;
}

static NTSTATUS option_get(struct file *file, const struct option *option, void *value, int *length)
{
    int number = 0;
    socklen_t size = (socklen_t)*length;
    struct ip_mreqn request;
    if (option->kind == OPTION_RAW || option->kind == OPTION_SOURCE || option->kind == OPTION_GROUP) {
        if (getsockopt(file->fd, option->host_level, option->host_name, value, &size))
            return socket_status(errno);
        *length = (int)size;
        return STATUS_SUCCESS;
    }
    if (option->kind == OPTION_MULTICAST_INTERFACE) {
        size = sizeof request;
        memset(&request, 0, sizeof request);
        if (getsockopt(file->fd, option->host_level, option->host_name, &request, &size))
            return socket_status(errno);
        number = (int)(size == sizeof(struct in_addr) ? *(uint32_t *)&request : request.imr_address.s_addr);
        return put_int(value, length, number);
    }
    if (option->kind == OPTION_COALESCED)
        return put_int(value, length, (int)file->socket->coalesced_max);
    if (option->kind == OPTION_TRAFFIC_CLASS || option->kind == OPTION_ECN)
        return put_int(
            value, length,
            (file->socket->traffic_class & (option->kind == OPTION_ECN ? SOCKET_WANTS_ECN : SOCKET_WANTS_TOS)) != 0);
    NTSTATUS status = option->kind == OPTION_KEEP ? STATUS_SUCCESS
                                                  : host_get_int(file, option->host_level, option->host_name, &number);
    if (status)
        return status;
    if (option->kind == OPTION_BYTE)
        *length = 1;
    if (option->kind == OPTION_SECONDS)
        number /= 1000;
    else if (option->kind == OPTION_DONT_FRAGMENT)
        number = number == IP_PMTUDISC_DO || number == IP_PMTUDISC_PROBE;
    else if (option->kind == OPTION_DISCOVER)
        number = number == IP_PMTUDISC_DO ? 1 : number == IP_PMTUDISC_DONT ? 2 : number == IP_PMTUDISC_PROBE ? 3 : 0;
    return put_int(value, length, number);
}

static NTSTATUS set_timeout(struct file *file, bool send, int milliseconds)
{
    struct socket *socket = file->socket;
    struct timeval time = {milliseconds / 1000, milliseconds % 1000 * 1000};
    if (milliseconds < 0)
        time = (struct timeval){0};
    *(send ? &socket->send_timeout : &socket->receive_timeout) = (ULONG)milliseconds;
    return host_set(file, SOL_SOCKET, send ? SO_SNDTIMEO : SO_RCVTIMEO, &time, sizeof time);
}

static NTSTATUS set_linger(struct file *file, const void *value, int length)
{
    const USHORT *in = value; /* l_onoff, l_linger */
    if (length < 4)
        return STATUS_ACCESS_VIOLATION;
    struct linger linger = {in[0] != 0, in[1]};
    return host_set(file, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
}

static NTSTATUS get_linger(struct file *file, struct linger *linger)
{
    socklen_t size = sizeof *linger;
    return getsockopt(file->fd, SOL_SOCKET, SO_LINGER, linger, &size) ? socket_status(errno) : STATUS_SUCCESS;
}

/* On Windows a port in use may be taken by anybody who says so: the host wants both options for that. */
static NTSTATUS set_reuse(struct file *file, bool on)
{
    struct socket *socket = file->socket;
    int number = on;
    if (on && socket->exclusive)
        return STATUS_INVALID_PARAMETER;
    socket->reuse_address = on;
    NTSTATUS status = host_set(file, SOL_SOCKET, SO_REUSEADDR, &number, sizeof number);
    if (!status && socket->family != WS_AF_UNIX && socket->type == WS_SOCK_STREAM)
        host_set(file, SOL_SOCKET, SO_REUSEPORT, &number, sizeof number);
    return status;
}

static NTSTATUS set_buffer(struct file *file, bool send, int size)
{
    if (size < 0)
        return STATUS_INVALID_PARAMETER;
    *(send ? &file->socket->send_buffer : &file->socket->receive_buffer) = size + 1;
    return host_set(file, SOL_SOCKET, send ? SO_SNDBUF : SO_RCVBUF, &size, sizeof size);
}

/* The options of SOL_SOCKET that are more than one number of the host.  STATUS_NOT_FOUND: not one of them. */
static NTSTATUS socket_level_set(struct file *file, int name, const void *value, int length)
{
    struct socket *socket = file->socket;
    int number = value_int(value, length);
    struct linger linger;
    switch (name) {
    case WS_SO_LINGER:
        return set_linger(file, value, length);
    case WS_SO_DONTLINGER:
        linger = (struct linger){0, 0};
        return number ? host_set(file, SOL_SOCKET, SO_LINGER, &linger, sizeof linger) : STATUS_SUCCESS;
    case WS_SO_REUSEADDR:
    case WS_SO_REUSE_MULTICASTPORT:
        return set_reuse(file, number != 0);
    case WS_SO_EXCLUSIVEADDRUSE:
        if (number && socket->reuse_address)
            return STATUS_INVALID_PARAMETER;
        socket->exclusive = number != 0;
        return STATUS_SUCCESS;
    case WS_SO_SNDTIMEO:
    case WS_SO_RCVTIMEO:
        return length < (int)sizeof number ? STATUS_ACCESS_VIOLATION
                                           : set_timeout(file, name == WS_SO_SNDTIMEO, number);
    case WS_SO_SNDBUF:
    case WS_SO_RCVBUF:
        return length < (int)sizeof number ? STATUS_ACCESS_VIOLATION : set_buffer(file, name == WS_SO_SNDBUF, number);
    case WS_SO_DEBUG:
        socket->debug = number != 0;
        return STATUS_SUCCESS;
    case WS_SO_CONDITIONAL_ACCEPT:
        socket->conditional = number != 0;
        return STATUS_SUCCESS;
    case WS_SO_UPDATE_ACCEPT_CONTEXT: /* an accepted socket has it from the start */
        return length < (int)sizeof(HANDLE)        ? STATUS_ACCESS_VIOLATION
               : socket->phase == SOCKET_CONNECTED ? STATUS_SUCCESS
                                                   : STATUS_CONNECTION_INVALID;
    case WS_SO_OPENTYPE:
    case WS_SO_RANDOMIZE_PORT:
    case WS_SO_PORT_SCALABILITY:
    case WS_SO_REUSE_UNICASTPORT:
    case WS_SO_MAXDG:
    case WS_SO_MAXPATHDG:
        return STATUS_SUCCESS; /* hints */
    case WS_SO_ACCEPTCONN:
    case WS_SO_ERROR:
    case WS_SO_TYPE:
    case WS_SO_MAX_MSG_SIZE:
    case WS_SO_CONNECT_TIME:
        return STATUS_FROM_WINSOCK(10042); /* WSAENOPROTOOPT: to be read only */
    case WS_SO_SNDLOWAT:                   /* Windows has them by name alone */
    case WS_SO_RCVLOWAT:
        return STATUS_INVALID_PARAMETER;
    default:
        return STATUS_NOT_FOUND;
    }
}

/* What is pending, as an NTSTATUS; reading takes it. */
static NTSTATUS pending_error(struct file *file)
{
    struct socket *socket = file->socket;
    int error = 0;
    if (socket->phase == SOCKET_CONNECTING)
        socket_connect_result(file);
    NTSTATUS kept = socket->error;
    socket->error = STATUS_SUCCESS;
    if (kept || socket->phase == SOCKET_CONNECTING)
        return kept;
    host_get_int(file, SOL_SOCKET, SO_ERROR, &error);
    return error ? socket_status(error) : STATUS_SUCCESS;
}

static int connect_time(const struct socket *socket)
{
    struct timespec now;
    if (socket->phase != SOCKET_CONNECTED)
        return -1;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int)(now.tv_sec - socket->connected_at);
}

static NTSTATUS socket_level_get(struct file *file, int name, void *value, int *length)
{
    const struct socket *socket = file->socket;
    struct linger linger;
    int number;
    NTSTATUS status = STATUS_SUCCESS;
    switch (name) {
    case WS_SO_LINGER:
        status = get_linger(file, &linger);
        if (status || *length < 4)
            return status ? status : STATUS_ACCESS_VIOLATION;
        ((USHORT *)value)[0] = linger.l_onoff != 0;
        ((USHORT *)value)[1] = (USHORT)linger.l_linger;
        *length = 4;
        return STATUS_SUCCESS;
    case WS_SO_DONTLINGER:
        status = get_linger(file, &linger);
        number = !linger.l_onoff;
        break;
    case WS_SO_REUSEADDR:
        number = socket->reuse_address;
        break;
    case WS_SO_EXCLUSIVEADDRUSE:
        number = socket->exclusive;
        break;
    case WS_SO_SNDTIMEO:
        number = (int)socket->send_timeout;
        break;
    case WS_SO_RCVTIMEO:
        number = (int)socket->receive_timeout;
        break;
    case WS_SO_SNDBUF:
        number = socket->send_buffer ? socket->send_buffer - 1 : DEFAULT_BUFFER;
        break;
    case WS_SO_RCVBUF:
        number = socket->receive_buffer ? socket->receive_buffer - 1 : DEFAULT_BUFFER;
        break;
    case WS_SO_DEBUG:
        number = socket->debug;
        break;
    case WS_SO_CONDITIONAL_ACCEPT:
        number = socket->conditional;
        break;
    case WS_SO_ACCEPTCONN:
        number = socket->phase == SOCKET_LISTENING;
        break;
    case WS_SO_TYPE:
        number = socket->type;
        break;
    case WS_SO_ERROR:
        number = (int)pending_error(file); /* winsock/ turns it into an error of its own */
        break;
    case WS_SO_MAX_MSG_SIZE:
        number = socket->type == WS_SOCK_STREAM ? -1 : MAX_DATAGRAM;
        break;
    case WS_SO_CONNECT_TIME:
        number = connect_time(socket);
        break;
    case WS_SO_SNDLOWAT:
    case WS_SO_RCVLOWAT:
        return STATUS_INVALID_PARAMETER;
    case WS_SO_RANDOMIZE_PORT:
    case WS_SO_PORT_SCALABILITY:
    case WS_SO_REUSE_UNICASTPORT:
    case WS_SO_OPENTYPE:
        number = 0;
        break;
    default:
        return STATUS_NOT_FOUND;
    }
    if (!status && *length < (int)sizeof number && (name == WS_SO_ERROR || name == WS_SO_TYPE))
        return STATUS_ACCESS_VIOLATION;
    return status ? status : put_int(value, length, number);
}

/* TCP's that mean nothing here but do no harm. */
static bool tcp_hint(int level, int name)
{
    return level == WS_IPPROTO_TCP &&
           (name == WS_TCP_EXPEDITED_1122 || name == WS_TCP_NOURG || name == WS_TCP_TIMESTAMPS ||
            name == WS_TCP_FASTOPEN || name == WS_TCP_FAIL_CONNECT_ON_ICMP_ERROR);
}

/* An option of a level that the socket's family or type does not have. */
static bool wrong_level(const struct socket *socket, int level)
{
    return (level == WS_IPPROTO_TCP && (socket->type != WS_SOCK_STREAM || socket->family == WS_AF_UNIX)) ||
           (level == WS_IPPROTO_UDP && socket->type != WS_SOCK_DGRAM) ||
           (level == WS_IPPROTO_IPV6 && socket->family != WS_AF_INET6) ||
           (level == WS_IPPROTO_IP && socket->family == WS_AF_UNIX);
}

static NTSTATUS option_lookup(const struct socket *socket, int level, int name, const struct option **option)
{
    *option = option_find(level, name);
    if (level != WS_SOL_SOCKET && level != WS_IPPROTO_TCP && level != WS_IPPROTO_UDP && level != WS_IPPROTO_IP &&
        level != WS_IPPROTO_IPV6)
        return STATUS_INVALID_PARAMETER;
    return !*option || wrong_level(socket, level) ? STATUS_FROM_WINSOCK(10042) : STATUS_SUCCESS; /* WSAENOPROTOOPT */
}

NTSTATUS socket_option_set(HANDLE handle, int level, int name, const void *value, int length)
{
    struct file *file;
    const struct option *option;
    NTSTATUS status = socket_lookup(handle, &file);
    if (status)
        return status;
    if (level == WS_SOL_SOCKET && name == WS_SO_UPDATE_CONNECT_CONTEXT) /* the one without a value */
        status = socket_connect_result(file) ? STATUS_CONNECTION_INVALID : STATUS_SUCCESS;
    else if (!value || length < 1)
        status = STATUS_ACCESS_VIOLATION;
    else
        status = level == WS_SOL_SOCKET ? socket_level_set(file, name, value, length) : STATUS_NOT_FOUND;
    if (status == STATUS_NOT_FOUND && tcp_hint(level, name) && !wrong_level(file->socket, level))
        status = STATUS_SUCCESS;
    if (status == STATUS_NOT_FOUND) {
        status = option_lookup(file->socket, level, name, &option);
        if (!status)
            status = option_set(file, option, value, length);
    }
    object_release(file);
    return status;
}

NTSTATUS socket_option_get(HANDLE handle, int level, int name, void *value, int *length)
{
    struct file *file;
    const struct option *option;
    NTSTATUS status = socket_lookup(handle, &file);
    if (status)
        return status;
    if (!value || !length || *length < 1)
        status = STATUS_ACCESS_VIOLATION;
    else
        status = level == WS_SOL_SOCKET ? socket_level_get(file, name, value, length) : STATUS_NOT_FOUND;
    if (status == STATUS_NOT_FOUND && tcp_hint(level, name) && !wrong_level(file->socket, level))
        status = put_int(value, length, 0);
    if (status == STATUS_NOT_FOUND) {
        status = option_lookup(file->socket, level, name, &option);
        if (!status)
            status = option_get(file, option, value, length);
    }
    object_release(file);
    return status;
}

NTSTATUS socket_set_nonblocking(HANDLE handle, bool nonblocking)
{
    struct file *file;
    NTSTATUS status = socket_lookup(handle, &file);
    if (status)
        return status;
    if (!nonblocking && socket_has_events(file->socket) && atomic_load(&file->socket->events)->mask)
        status = STATUS_INVALID_PARAMETER; /* an event association keeps it non-blocking */
    else
        file->socket->nonblocking = nonblocking;
    object_release(file);
    return status;
}

NTSTATUS socket_available(HANDLE handle, ULONG *count)
{
    struct file *file;
    int available = 0;
    NTSTATUS status = socket_lookup(handle, &file);
    if (status)
        return status;
    if (file->socket->phase == SOCKET_LISTENING)
        status = STATUS_INVALID_PARAMETER;
    else if (ioctl(file->fd, FIONREAD, &available))
        status = socket_status(errno);
    *count = (ULONG)available;
    object_release(file);
    return status;
}

/* Windows: TRUE when no urgent data is waiting to be read. */
NTSTATUS socket_at_mark(HANDLE handle, ULONG *at_mark)
{
    struct file *file;
    NTSTATUS status = socket_lookup(handle, &file);
    if (status)
        return status;
    if (file->socket->type != WS_SOCK_STREAM) {
        status = STATUS_NOT_SUPPORTED;
    } else {
        struct pollfd state = {.fd = file->fd, .events = POLLPRI};
        *at_mark = !(poll(&state, 1, 0) > 0 && state.revents & POLLPRI);
    }
    object_release(file);
    return status;
}

NTSTATUS socket_keepalive(HANDLE handle, bool on, ULONG time, ULONG interval)
{
    struct file *file;
    int flag = on, idle = (int)((time + 999) / 1000), step = (int)((interval + 999) / 1000);
    NTSTATUS status = socket_lookup(handle, &file);
    if (status)
        return status;
    if (file->socket->type != WS_SOCK_STREAM || file->socket->family == WS_AF_UNIX)
        status = STATUS_FROM_WINSOCK(10042);
    else
        status = host_set(file, SOL_SOCKET, SO_KEEPALIVE, &flag, sizeof flag);
    if (!status && on) { /* the host counts in seconds, up to 32767 */
        idle = idle < 1 ? 1 : idle > 32767 ? 32767 : idle;
        step = step < 1 ? 1 : step > 32767 ? 32767 : step;
        host_set(file, IPPROTO_TCP, TCP_KEEPIDLE, &idle, sizeof idle);
        host_set(file, IPPROTO_TCP, TCP_KEEPINTVL, &step, sizeof step);
    }
    object_release(file);
    return status;
}
