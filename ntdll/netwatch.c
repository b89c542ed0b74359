/*
 * netwatch.c: news of the host's network: its interfaces, addresses and routes change (rtnetlink).
 *
 * The news come as datagrams of a socket like any other, so that whoever waits for them does it as for all sockets.
 * And what waits on a program's socket for such a change: SIO_ADDRESS_LIST_CHANGE, SIO_ROUTING_INTERFACE_CHANGE.
 */
#include <errno.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "handle.h"
#include "netwatch.h"
#include "socket_private.h"

NTSTATUS netwatch_open(HANDLE *handle)
{
    struct sockaddr_nl address = {.nl_family = AF_NETLINK,
                                  .nl_groups = RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR |
                                               RTMGRP_IPV4_ROUTE | RTMGRP_IPV6_ROUTE};
    struct file *file;
    int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
    if (fd < 0)
        return socket_status(errno);
    if (bind(fd, (struct sockaddr *)&address, sizeof address)) {
        NTSTATUS status = socket_status(errno);
        close(fd);
        return status;
    }
    NTSTATUS status = socket_wrap(fd, 0, WS_SOCK_DGRAM, 0, true, &file);
    if (status)
        return status;
    file->socket->bound = true;
    status = handle_create(file, file->access, 0, handle);
    object_release(file);
    return status;
}

static bool parse_address(const struct nlmsghdr *header, struct net_change *change)
{
    const struct ifaddrmsg *message = NLMSG_DATA(header);
    int left = (int)IFA_PAYLOAD(header);
    change->kind = NET_ADDRESS;
    change->family = family_from_host(message->ifa_family);
    change->index = message->ifa_index;
    change->prefix = message->ifa_prefixlen;
    for (struct rtattr *at = IFA_RTA(message); RTA_OK(at, left); at = RTA_NEXT(at, left))
        if (at->rta_type == IFA_LOCAL || (at->rta_type == IFA_ADDRESS && message->ifa_family == AF_INET6))
            memcpy(change->address, RTA_DATA(at), RTA_PAYLOAD(at) < 16 ? RTA_PAYLOAD(at) : 16);
    return true;
}

/* Routes to the host's own addresses are no news: the address was. */
static bool parse_route(const struct nlmsghdr *header, struct net_change *change)
{
    const struct rtmsg *message = NLMSG_DATA(header);
    int left = (int)RTM_PAYLOAD(header);
    if (message->rtm_table == RT_TABLE_LOCAL || message->rtm_type != RTN_UNICAST)
        return false;
    change->kind = NET_ROUTE;
    change->family = family_from_host(message->rtm_family);
    change->prefix = message->rtm_dst_len;
    for (struct rtattr *at = RTM_RTA(message); RTA_OK(at, left); at = RTA_NEXT(at, left)) {
        if (at->rta_type == RTA_DST)
            memcpy(change->address, RTA_DATA(at), RTA_PAYLOAD(at) < 16 ? RTA_PAYLOAD(at) : 16);
        else if (at->rta_type == RTA_GATEWAY)
            memcpy(change->gateway, RTA_DATA(at), RTA_PAYLOAD(at) < 16 ? RTA_PAYLOAD(at) : 16);
        else if (at->rta_type == RTA_OIF)
            memcpy(&change->index, RTA_DATA(at), sizeof change->index);
    }
    return true;
}

static bool parse(const struct nlmsghdr *header, struct net_change *change)
{
    *change = (struct net_change){0};
    switch (header->nlmsg_type) {
    case RTM_NEWADDR:
    case RTM_DELADDR:
        change->gone = header->nlmsg_type == RTM_DELADDR;
        return header->nlmsg_len >= NLMSG_LENGTH(sizeof(struct ifaddrmsg)) && parse_address(header, change);
    case RTM_NEWROUTE:
    case RTM_DELROUTE:
        change->gone = header->nlmsg_type == RTM_DELROUTE;
        return header->nlmsg_len >= NLMSG_LENGTH(sizeof(struct rtmsg)) && parse_route(header, change);
    case RTM_NEWLINK:
    case RTM_DELLINK:
        change->gone = header->nlmsg_type == RTM_DELLINK;
        change->kind = NET_INTERFACE;
        change->index = (ULONG)((const struct ifinfomsg *)NLMSG_DATA(header))->ifi_index;
        return header->nlmsg_len >= NLMSG_LENGTH(sizeof(struct ifinfomsg));
    default:
        return false;
    }
}

ULONG netwatch_parse(const void *data, ULONG size, struct net_change *changes, ULONG count)
{
    const struct nlmsghdr *header = data;
    ULONG found = 0;
    for (size_t left = size; NLMSG_OK(header, left) && found < count; header = NLMSG_NEXT(header, left))
        found += parse(header, &changes[found]);
    return found;
}

/* ---- what waits on a program's sockets ---- */

struct wait {
    struct io_request request; /* first: ioqueue frees it */
    struct wait *next;
    bool route, told;
};

/* A socket that does not block and wants WSAEventSelect's event; not referenced, it is taken out when it dies. */
struct armed {
    struct armed *next;
    struct file *file;
    bool route;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct wait *waits;
static struct armed *armed;

/* Asked once, under the channel's lock: whether it was told before it began to wait. */
static NTSTATUS wait_attempt(struct io_request *request)
{
    host_lock(&lock);
    bool told = ((struct wait *)request)->told;
    host_unlock(&lock);
    return told ? STATUS_SUCCESS : STATUS_PENDING;
}

/* So that each kind is found by its own. */
static NTSTATUS route_attempt(struct io_request *request)
{
    return wait_attempt(request);
}

static void wait_ended(struct io_request *request)
{
    struct wait *wait = (struct wait *)request;
    host_lock(&lock);
    for (struct wait **link = &waits; *link; link = &(*link)->next)
        if (*link == wait) {
            *link = wait->next;
            break;
        }
    host_unlock(&lock);
}

NTSTATUS netwatch_wait(HANDLE handle, bool route, const struct socket_overlapped *overlapped)
{
    struct file *file;
    struct completion completion;
    NTSTATUS status = socket_lookup(handle, &file);
    if (status)
        return status;
    struct wait *wait = calloc(1, sizeof *wait);
    status = wait ? completion_begin(&completion, file, overlapped->event, overlapped->apc, overlapped->context,
                                     overlapped->io)
                  : STATUS_NO_MEMORY;
    if (status) {
        free(wait);
        object_release(file);
        return status;
    }
    wait->request = (struct io_request){
        .completion = completion, .attempt = route ? route_attempt : wait_attempt, .ended = wait_ended};
    wait->route = route;
    host_lock(&lock);
    wait->next = waits;
    waits = wait;
    host_unlock(&lock);
    status = ioqueue_enqueue(&wait->request);
    object_release(file);
    return status;
}

NTSTATUS netwatch_arm(HANDLE handle, bool route)
{
    struct file *file;
    NTSTATUS status = socket_lookup(handle, &file);
    if (status)
        return status;
    struct armed *entry = calloc(1, sizeof *entry);
    if (entry) {
        *entry = (struct armed){.file = file, .route = route};
        host_lock(&lock);
        file->socket->change_armed = true;
        entry->next = armed;
        armed = entry;
        host_unlock(&lock);
    }
    object_release(file);
    return entry ? STATUS_SUCCESS : STATUS_NO_MEMORY;
}

/* Takes out what is armed: of one file, or all for a kind of change, which gets its event. */
static void disarm(struct file *file, bool route)
{
    host_lock(&lock);
    for (struct armed **link = &armed; *link;) {
        struct armed *entry = *link;
        if (file ? entry->file != file : entry->route != route) {
            link = &entry->next;
            continue;
        }
        if (!file)
            socket_event_raise(entry->file, route ? WS_FD_ROUTING_INTERFACE_CHANGE : WS_FD_ADDRESS_LIST_CHANGE);
        *link = entry->next;
        free(entry);
    }
    host_unlock(&lock);
}

void netwatch_forget(struct file *file)
{
    disarm(file, false);
}

/* The next file that waits and was not told, referenced. */
static struct file *take_waiting(bool route)
{
    struct file *file = NULL;
    host_lock(&lock);
    for (struct wait *at = waits; at && !file; at = at->next)
        if (at->route == route && !at->told) {
            at->told = true;
            file = object_reference(at->request.completion.file);
        }
    host_unlock(&lock);
    return file;
}

void netwatch_tell(bool route)
{
    disarm(NULL, route);
    for (struct file *file; (file = take_waiting(route));) {
        ioqueue_finish(file, route ? route_attempt : wait_attempt, STATUS_SUCCESS);
        object_release(file);
    }
}
