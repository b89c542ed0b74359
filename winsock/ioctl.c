/*
 * ioctl.c: winsock2.h: WSAIoctl.
 */
#include <string.h>
#include "ntdll/netif.h"
#include "ntdll/netwatch.h"
#include "ntdll/socket.h"
#include "winsock/rio.h"
#include "winsock/ws.h"

#define SIO_GET_MULTIPLE_EXTENSION_FUNCTION_POINTER_CODE 0xc8000024
#define SIO_TCP_INFO_CODE 0xd8000027
#define SIO_UDP_NETRESET_CODE 0x9800000f
#define SIO_IDEAL_SEND_BACKLOG_QUERY_CODE 0x4004747b
#define BACKLOG_LEAST 65536
#define SIO_KEEPALIVE_VALS_LENGTH (3 * sizeof(ULONG))

/* TCP_INFO_v0, which the headers have for newer targets alone. */
struct tcp_info_v0 {
    ULONG state, mss;
    ULONG64 connected_ms;
    BOOLEAN timestamps;
    ULONG rtt_us, min_rtt_us, in_flight, congestion_window, send_window, receive_window, receive_buffer;
    ULONG64 bytes_out, bytes_in;
    ULONG reordered, retransmitted, fast_retransmits, duplicate_acks, timeouts;
    UCHAR syn_retransmits;
};
_Static_assert(sizeof(struct tcp_info_v0) == 88, "TCP_INFO_v0");

struct ioctl {
    SOCKET socket;
    const void *in;
    void *out;
    DWORD in_length, out_length, used;
};

static int put(struct ioctl *ioctl, const void *data, DWORD size)
{
    if (!ioctl->out || ioctl->out_length < size)
        return WSAEFAULT;
    memcpy(ioctl->out, data, size);
    ioctl->used = size;
    return 0;
}

static int get_extension(struct ioctl *ioctl)
{
    if (!ioctl->in || ioctl->in_length < sizeof(GUID))
        return WSAEFAULT;
    void *function = extension_function(ioctl->in);
    return function ? put(ioctl, &function, sizeof function) : WSAEINVAL;
}

static int get_extensions(struct ioctl *ioctl)
{
    static const GUID rio = WSAID_MULTIPLE_RIO;
    if (!ioctl->in || ioctl->in_length < sizeof(GUID))
        return WSAEFAULT;
    return memcmp(ioctl->in, &rio, sizeof rio) ? WSAEINVAL : put(ioctl, &rio_functions, sizeof rio_functions);
}

static int get_handle(struct ioctl *ioctl)
{
    return put(ioctl, &ioctl->socket, sizeof ioctl->socket);
}

static int set_keepalive(struct ioctl *ioctl)
{
    const ULONG *values = ioctl->in; /* on, time, interval */
    if (!values || ioctl->in_length < SIO_KEEPALIVE_VALS_LENGTH)
        return WSAEFAULT;
    return wsa_error(socket_keepalive(SOCKET_HANDLE(ioctl->socket), values[0] != 0, values[1], values[2]));
}

static int set_udp_reset(struct ioctl *ioctl, bool net)
{
    if (!ioctl->in || ioctl->in_length < 1)
        return WSAEFAULT;
    return wsa_error(socket_udp_reset(SOCKET_HANDLE(ioctl->socket), net, *(const char *)ioctl->in != 0));
}

static int set_nonblocking(struct ioctl *ioctl)
{
    if (!ioctl->in || ioctl->in_length < sizeof(ULONG))
        return WSAEFAULT;
    return wsa_error(socket_set_nonblocking(SOCKET_HANDLE(ioctl->socket), *(const ULONG *)ioctl->in != 0));
}

static int get_number(struct ioctl *ioctl, NTSTATUS (*function)(HANDLE, ULONG *))
{
    ULONG value = 0;
    NTSTATUS status = function(SOCKET_HANDLE(ioctl->socket), &value);
    return status ? wsa_error(status) : put(ioctl, &value, sizeof value);
}

/* Version 0; the host has no numbers for what version 1 adds, how long what held a sender up. */
static int tcp_info(struct ioctl *ioctl)
{
    struct socket_tcp_info host;
    struct tcp_info_v0 info = {0};
    int buffer = 0, size = sizeof buffer;
    if (!ioctl->in || ioctl->in_length < sizeof(DWORD))
        return WSAEFAULT;
    if (*(const DWORD *)ioctl->in)
        return WSAEINVAL;
    NTSTATUS status = socket_tcp_info(SOCKET_HANDLE(ioctl->socket), &host);
    if (status)
        return wsa_error(status);
    getsockopt(ioctl->socket, SOL_SOCKET, SO_RCVBUF, (char *)&buffer, &size);
    info.state = host.state;
    info.mss = host.mss;
    info.connected_ms = host.connected_ms;
    info.timestamps = host.timestamps;
    info.rtt_us = host.rtt_us;
    info.min_rtt_us = host.min_rtt_us;
    info.in_flight = host.in_flight;
    info.congestion_window = host.congestion_window;
    info.send_window = host.send_window;
    info.receive_window = host.receive_window;
    info.receive_buffer = (ULONG)buffer;
    info.bytes_out = host.bytes_out;
    info.bytes_in = host.bytes_in;
    info.reordered = host.reordered;
    info.retransmitted = host.bytes_retransmitted;
    return put(ioctl, &info, sizeof info);
}

/* How much should be under way: what the connection can carry, and at least what every one can. */
static int ideal_backlog(struct ioctl *ioctl)
{
    struct socket_tcp_info host;
    struct socket_info info;
    NTSTATUS status = socket_query(SOCKET_HANDLE(ioctl->socket), &info);
    if (!status && info.type == SOCK_STREAM && !info.connected)
        return WSAENOTCONN;
    if (!status)
        status = socket_tcp_info(SOCKET_HANDLE(ioctl->socket), &host);
    if (status)
        return wsa_error(status);
    ULONG backlog = host.congestion_window > BACKLOG_LEAST ? host.congestion_window : BACKLOG_LEAST;
    return put(ioctl, &backlog, sizeof backlog);
}

/* SOCKET_ADDRESS_LIST, in and out: those first that this machine could reach, in the order they came. */
static int address_list_sort(struct ioctl *ioctl)
{
    const SOCKET_ADDRESS_LIST *in = ioctl->in;
    const DWORD head = offsetof(SOCKET_ADDRESS_LIST, Address);
    if (!in || ioctl->in_length < head || in->iAddressCount < 0 ||
        ((size_t)ioctl->in_length - head) / sizeof(SOCKET_ADDRESS) < (size_t)in->iAddressCount)
        return WSAEFAULT;
    const INT count = in->iAddressCount;
    if (!ioctl->out || ioctl->out_length < ioctl->in_length)
        return WSAEFAULT;
    SOCKET_ADDRESS *sorted = RtlAllocateHeap(peb_current()->ProcessHeap, 0, ((size_t)count + 1) * sizeof *sorted);
    if (!sorted)
        return WSAENOBUFS;
    INT at = 0;
    for (int reachable = 1; reachable >= 0; reachable--)
        for (INT i = 0; i < count; i++) {
            SOCKADDR_STORAGE source;
            int length = sizeof source;
            if (reachable ==
                !netif_source_for(in->Address[i].lpSockaddr, in->Address[i].iSockaddrLength, &source, &length))
                sorted[at++] = in->Address[i];
        }
    /* The addresses themselves lie behind the list, in or out. */
    const char *base = ioctl->in;
    memmove(ioctl->out, ioctl->in, ioctl->in_length);
    SOCKET_ADDRESS_LIST *out = ioctl->out;
    for (INT i = 0; i < count; i++) {
        const char *address = (const char *)sorted[i].lpSockaddr;
        if (address >= base && address < base + ioctl->in_length)
            sorted[i].lpSockaddr = (SOCKADDR *)((char *)ioctl->out + (address - base));
        out->Address[i] = sorted[i];
    }
    ioctl->used = ioctl->in_length;
    RtlFreeHeap(peb_current()->ProcessHeap, 0, sorted);
    return 0;
}

/* The local address from which a destination would be reached. */
static int route_query(struct ioctl *ioctl)
{
    SOCKADDR_STORAGE local;
    int length = sizeof local;
    if (!ioctl->in || ioctl->in_length < sizeof(struct sockaddr))
        return WSAEFAULT;
    NTSTATUS status = netif_source_for(ioctl->in, (int)ioctl->in_length, &local, &length);
    return status ? wsa_error(status) : put(ioctl, &local, (DWORD)length);
}

/* SOCKET_ADDRESS_LIST: a count, pointers, and the addresses behind them. */
static int address_list_query(struct ioctl *ioctl)
{
    struct socket_info info;
    struct netif_address *addresses;
    ULONG count = 0, kept = 0;
    NTSTATUS status = socket_query(SOCKET_HANDLE(ioctl->socket), &info);
    if (!status)
        status = netif_addresses(&addresses, &count);
    if (status)
        return wsa_error(status);
    for (ULONG i = 0; i < count; i++)
        if (addresses[i].family == info.family && !addresses[i].loopback)
            addresses[kept++] = addresses[i];
    const DWORD head = offsetof(SOCKET_ADDRESS_LIST, Address) + kept * sizeof(SOCKET_ADDRESS);
    const DWORD one = info.family == AF_INET6 ? sizeof(SOCKADDR_IN6) : sizeof(SOCKADDR_IN);
    ioctl->used = head + kept * one;
    if (!ioctl->out || ioctl->out_length < ioctl->used) {
        netif_free(addresses);
        return WSAEFAULT;
    }
    SOCKET_ADDRESS_LIST *list = ioctl->out;
    list->iAddressCount = (INT)kept;
    for (ULONG i = 0; i < kept; i++) {
        char *at = (char *)ioctl->out + head + i * one;
        memset(at, 0, one);
        *(USHORT *)at = (USHORT)info.family;
        if (info.family == AF_INET6) {
            memcpy(&((SOCKADDR_IN6 *)at)->sin6_addr, addresses[i].bytes, 16);
            ((SOCKADDR_IN6 *)at)->sin6_scope_id = addresses[i].scope;
        } else {
            memcpy(&((SOCKADDR_IN *)at)->sin_addr, addresses[i].bytes, 4);
        }
        list->Address[i].lpSockaddr = (SOCKADDR *)at;
        list->Address[i].iSockaddrLength = (INT)one;
    }
    netif_free(addresses);
    return 0;
}

static void put_ipv4(sockaddr_gen *target, const uint8_t *bytes)
{
    target->AddressIn.sin_family = AF_INET;
    memcpy(&target->AddressIn.sin_addr, bytes, 4);
}

static int interface_list(struct ioctl *ioctl)
{
    struct netif_address *addresses;
    ULONG count = 0;
    NTSTATUS status = netif_addresses(&addresses, &count);
    INTERFACE_INFO *out = ioctl->out;
    int error = 0;
    if (status)
        return wsa_error(status);
    for (ULONG i = 0; i < count && !error; i++) {
        if (addresses[i].family != AF_INET)
            continue;
        if (!out || ioctl->used + sizeof *out > ioctl->out_length) {
            error = WSAEFAULT;
            break;
        }
        uint32_t mask = addresses[i].prefix ? htonl(0xffffffffu << (32 - addresses[i].prefix)) : 0, ip;
        memcpy(&ip, addresses[i].bytes, 4);
        uint32_t broadcast = ip | ~mask;
        memset(out, 0, sizeof *out);
        out->iiFlags =
            (addresses[i].up ? IFF_UP : 0u) | (addresses[i].loopback ? IFF_LOOPBACK : IFF_BROADCAST) | IFF_MULTICAST;
        put_ipv4(&out->iiAddress, addresses[i].bytes);
        put_ipv4(&out->iiNetmask, (const uint8_t *)&mask);
        put_ipv4(&out->iiBroadcastAddress, (const uint8_t *)&broadcast);
        out++;
        ioctl->used += sizeof *out;
    }
    netif_free(addresses);
    return error;
}

static int ioctl_run(struct ioctl *ioctl, DWORD code)
{
    switch (code) {
    case (DWORD)SIO_GET_EXTENSION_FUNCTION_POINTER:
        return get_extension(ioctl);
    case SIO_GET_MULTIPLE_EXTENSION_FUNCTION_POINTER_CODE:
        return get_extensions(ioctl);
    case (DWORD)SIO_BASE_HANDLE:
    case (DWORD)SIO_BSP_HANDLE:
    case (DWORD)SIO_BSP_HANDLE_SELECT:
    case (DWORD)SIO_BSP_HANDLE_POLL:
        return get_handle(ioctl);
    case (DWORD)SIO_KEEPALIVE_VALS:
        return set_keepalive(ioctl);
    case (DWORD)SIO_UDP_CONNRESET:
        return set_udp_reset(ioctl, false);
    case SIO_UDP_NETRESET_CODE:
        return set_udp_reset(ioctl, true);
    case (DWORD)FIONBIO:
        return set_nonblocking(ioctl);
    case (DWORD)FIONREAD:
        return get_number(ioctl, socket_available);
    case (DWORD)SIOCATMARK:
        return get_number(ioctl, socket_at_mark);
    case (DWORD)SIO_ROUTING_INTERFACE_QUERY:
        return route_query(ioctl);
    case (DWORD)SIO_ADDRESS_LIST_QUERY:
        return address_list_query(ioctl);
    case (DWORD)SIO_ADDRESS_LIST_SORT:
        return address_list_sort(ioctl);
    case SIO_TCP_INFO_CODE:
        return tcp_info(ioctl);
    case SIO_IDEAL_SEND_BACKLOG_QUERY_CODE:
        return ideal_backlog(ioctl);
    case (DWORD)SIO_GET_INTERFACE_LIST:
        return interface_list(ioctl);
    case (DWORD)SIO_LOOPBACK_FAST_PATH: /* it is the host's way already */
    case (DWORD)SIO_FLUSH:
    case (DWORD)SIO_TCP_INITIAL_RTO: /* how soon a connection is given up: the host refuses at once */
        return 0;
    default:
        return WSAEOPNOTSUPP;
    }
}

/* The next change of the host's addresses or routes: by an OVERLAPPED, a network event, or the wait itself. */
static int change_wait(SOCKET s, bool route, bool nonblocking, LPWSAOVERLAPPED overlapped,
                       LPWSAOVERLAPPED_COMPLETION_ROUTINE routine)
{
    OVERLAPPED own = {0};
    NTSTATUS status = network_monitor_start();
    if (status)
        return wsa_result(status);
    if (!overlapped && nonblocking)
        return wsa_result((status = netwatch_arm(SOCKET_HANDLE(s), route)) ? status : STATUS_WOULD_BLOCK);
    if (!overlapped && !(own.hEvent = CreateEventW(NULL, TRUE, FALSE, NULL)))
        return wsa_fail(WSAENOBUFS);
    struct socket_overlapped how = wsa_overlapped(overlapped ? overlapped : &own, overlapped ? routine : NULL);
    if (!overlapped)
        how.context = NULL; /* nothing for a port */
    status = netwatch_wait(SOCKET_HANDLE(s), route, &how);
    if (overlapped)
        return wsa_overlapped_result(status);
    if (status == STATUS_PENDING) {
        WaitForSingleObject(own.hEvent, INFINITE);
        status = (NTSTATUS)own.Internal;
    }
    CloseHandle(own.hEvent);
    return wsa_result(status);
}

int WINAPI WSAIoctl(SOCKET s, DWORD code, LPVOID in, DWORD in_length, LPVOID out, DWORD out_length, LPDWORD returned,
                    LPWSAOVERLAPPED overlapped, LPWSAOVERLAPPED_COMPLETION_ROUTINE routine)
{
    struct ioctl ioctl = {s, in, out, in_length, out_length, 0};
    struct socket_info info;
    NTSTATUS status = socket_query(SOCKET_HANDLE(s), &info);
    if (status)
        return wsa_result(status);
    if (!returned && !overlapped)
        return wsa_fail(WSAEFAULT);
    if (code == (DWORD)SIO_ADDRESS_LIST_CHANGE || code == (DWORD)SIO_ROUTING_INTERFACE_CHANGE) {
        if (returned)
            *returned = 0;
        return change_wait(s, code == (DWORD)SIO_ROUTING_INTERFACE_CHANGE, info.nonblocking, overlapped, routine);
    }
    int error = ioctl_run(&ioctl, code);
    if (returned)
        *returned = ioctl.used;
    if (error || !overlapped)
        return error ? wsa_fail(error) : 0;
    struct socket_overlapped how = wsa_overlapped(overlapped, routine);
    return wsa_overlapped_result(socket_complete(SOCKET_HANDLE(s), ioctl.used, &how));
}
