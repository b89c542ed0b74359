/*
 * netif.c: interfaces, addresses, routes and connections, as the host shows them (getifaddrs, /proc/net, /sys).
 */
#include <arpa/inet.h>
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ifaddrs.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <net/route.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "netif.h"
#include "socket_private.h"

#define LINE_MAX_BYTES 512

/* A growing table; `one` bytes an entry. */
struct table {
    char *entries;
    ULONG count, room;
    size_t one;
    bool failed;
};

static void *table_add(struct table *table)
{
    if (table->count == table->room) {
        ULONG room = table->room ? table->room * 2 : 16;
        char *more = realloc(table->entries, room * table->one);
        if (!more) {
            table->failed = true;
            return NULL;
        }
        table->entries = more;
        table->room = room;
    }
    void *entry = table->entries + table->count++ * table->one;
    memset(entry, 0, table->one);
    return entry;
}

static NTSTATUS table_result(struct table *table, void *list, ULONG *count)
{
    if (table->failed) {
        free(table->entries);
        return STATUS_NO_MEMORY;
    }
    *(void **)list = table->entries;
    *count = table->count;
    return STATUS_SUCCESS;
}

void netif_free(void *list)
{
    free(list);
}

/* The number in a one-line file below /sys/class/net; false: there is none. */
static bool sys_number(const char *interface, const char *name, long long *value)
{
    char path[128], text[32];
    snprintf(path, sizeof path, "/sys/class/net/%s/%s", interface, name);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return false;
    ssize_t n = read(fd, text, sizeof text - 1);
    close(fd);
    if (n <= 0)
        return false;
    text[n] = 0;
    *value = atoll(text);
    return true;
}

static uint64_t sys_counter(const char *interface, const char *name)
{
    char path[64];
    long long value = 0;
    snprintf(path, sizeof path, "statistics/%s", name);
    sys_number(interface, path, &value);
    return (uint64_t)value;
}

static void interface_fill(struct netif *netif, const struct ifaddrs *from)
{
    const struct sockaddr_ll *link = (const struct sockaddr_ll *)(void *)from->ifa_addr;
    long long value;
    char wireless[64];
    snprintf(netif->name, sizeof netif->name, "%s", from->ifa_name);
    netif->index = if_nametoindex(from->ifa_name);
    netif->loopback = from->ifa_flags & IFF_LOOPBACK;
    netif->up = from->ifa_flags & IFF_UP;
    netif->running = from->ifa_flags & IFF_RUNNING;
    netif->point_to_point = from->ifa_flags & IFF_POINTOPOINT;
    netif->broadcast = from->ifa_flags & IFF_BROADCAST;
    netif->multicast = from->ifa_flags & IFF_MULTICAST;
    if (!netif->loopback && link->sll_halen <= sizeof netif->mac) {
        netif->mac_length = link->sll_halen;
        memcpy(netif->mac, link->sll_addr, link->sll_halen);
    }
    netif->mtu = sys_number(netif->name, "mtu", &value) ? (ULONG)value : 1500;
    if (sys_number(netif->name, "speed", &value) && value > 0)
        netif->speed = (uint64_t)value * 1000000;
    snprintf(wireless, sizeof wireless, "/sys/class/net/%s/wireless", netif->name);
    netif->wireless = !access(wireless, F_OK);
    netif->in_bytes = sys_counter(netif->name, "rx_bytes");
    netif->out_bytes = sys_counter(netif->name, "tx_bytes");
    netif->in_packets = sys_counter(netif->name, "rx_packets");
    netif->out_packets = sys_counter(netif->name, "tx_packets");
    netif->in_errors = sys_counter(netif->name, "rx_errors");
    netif->out_errors = sys_counter(netif->name, "tx_errors");
    netif->in_drops = sys_counter(netif->name, "rx_dropped");
    netif->out_drops = sys_counter(netif->name, "tx_dropped");
}

NTSTATUS netif_list(struct netif **list, ULONG *count)
{
    struct table table = {.one = sizeof(struct netif)};
    struct ifaddrs *all;
    if (getifaddrs(&all))
        return status_from_errno(errno);
    for (const struct ifaddrs *at = all; at; at = at->ifa_next) {
        struct netif *netif;
        if (at->ifa_addr && at->ifa_addr->sa_family == AF_PACKET && (netif = table_add(&table)))
            interface_fill(netif, at);
    }
    freeifaddrs(all);
    return table_result(&table, list, count);
}

static uint8_t prefix_from_mask(const struct sockaddr *mask, int family)
{
    const uint8_t *bytes = family == AF_INET ? (const uint8_t *)&((const struct sockaddr_in *)(void *)mask)->sin_addr
                                             : (const uint8_t *)&((const struct sockaddr_in6 *)(void *)mask)->sin6_addr;
    uint8_t prefix = 0;
    for (int i = 0; mask && i < (family == AF_INET ? 4 : 16); i++)
        prefix += (uint8_t)__builtin_popcount(bytes[i]);
    return prefix;
}

static void address_fill(struct netif_address *address, const struct ifaddrs *from)
{
    int family = from->ifa_addr->sa_family;
    address->family = family_from_host(family);
    address->index = if_nametoindex(from->ifa_name);
    address->loopback = from->ifa_flags & IFF_LOOPBACK;
    address->up = from->ifa_flags & IFF_UP;
    address->prefix = prefix_from_mask(from->ifa_netmask, family);
    if (family == AF_INET) {
        memcpy(address->bytes, &((struct sockaddr_in *)(void *)from->ifa_addr)->sin_addr, 4);
    } else {
        const struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)(void *)from->ifa_addr;
        memcpy(address->bytes, &in6->sin6_addr, 16);
        address->scope = in6->sin6_scope_id;
    }
}

NTSTATUS netif_addresses(struct netif_address **list, ULONG *count)
{
    struct table table = {.one = sizeof(struct netif_address)};
    struct ifaddrs *all;
    if (getifaddrs(&all))
        return status_from_errno(errno);
    for (const struct ifaddrs *at = all; at; at = at->ifa_next) {
        struct netif_address *address;
        if (at->ifa_addr && (at->ifa_addr->sa_family == AF_INET || at->ifa_addr->sa_family == AF_INET6) &&
            (address = table_add(&table)))
            address_fill(address, at);
    }
    freeifaddrs(all);
    return table_result(&table, list, count);
}

/* Calls `line` for each line after the first `skip` of a file below /proc/net. */
static void each_line(const char *name, int skip, void (*line)(char *text, void *context), void *context)
{
    char path[64], text[LINE_MAX_BYTES];
    snprintf(path, sizeof path, "/proc/net/%s", name);
    FILE *file = fopen(path, "re");
    if (!file)
        return;
    while (fgets(text, sizeof text, file))
        if (skip-- <= 0)
            line(text, context);
    fclose(file);
}

static void route4_line(char *text, void *context)
{
    char name[NETIF_NAME_MAX];
    unsigned destination, gateway, flags, metric, mask;
    struct netif_route *route;
    if (sscanf(text, "%31s %x %x %x %*d %*d %u %x", name, &destination, &gateway, &flags, &metric, &mask) != 6 ||
        !(flags & RTF_UP) || !(route = table_add(context)))
        return;
    route->family = WS_AF_INET;
    memcpy(route->destination, &destination, 4);
    memcpy(route->gateway, &gateway, 4);
    route->prefix = (uint8_t)__builtin_popcount(mask);
    route->has_gateway = flags & RTF_GATEWAY;
    route->index = if_nametoindex(name);
    route->metric = metric;
}

static void hex_bytes(const char *text, uint8_t *bytes)
{
    for (int i = 0; i < 16; i++) {
        unsigned value = 0;
        sscanf(text + 2 * i, "%2x", &value);
        bytes[i] = (uint8_t)value;
    }
}

static void route6_line(char *text, void *context)
{
    char destination[33], gateway[33], name[NETIF_NAME_MAX];
    unsigned prefix, metric, flags;
    struct netif_route *route;
    if (sscanf(text, "%32s %x %*s %*x %32s %x %*x %*x %x %31s", destination, &prefix, gateway, &metric, &flags, name) !=
            6 ||
        !(flags & RTF_UP) || (flags & RTF_REJECT) || !(route = table_add(context)))
        return;
    route->family = WS_AF_INET6;
    hex_bytes(destination, route->destination);
    hex_bytes(gateway, route->gateway);
    route->prefix = (uint8_t)prefix;
    route->has_gateway = flags & RTF_GATEWAY;
    route->index = if_nametoindex(name);
    route->metric = metric;
}

NTSTATUS netif_routes(struct netif_route **list, ULONG *count)
{
    struct table table = {.one = sizeof(struct netif_route)};
    each_line("route", 1, route4_line, &table);
    each_line("ipv6_route", 0, route6_line, &table);
    return table_result(&table, list, count);
}

struct group_table {
    struct table table;
    ULONG index; /* of the interface whose groups follow */
};

/* An interface, or below it one of its groups. */
static void group4_line(char *text, void *context)
{
    struct group_table *all = context;
    unsigned address;
    struct netif_group *group;
    if (isdigit((unsigned char)*text)) {
        all->index = (ULONG)atoi(text);
    } else if (sscanf(text, " %8x", &address) == 1 && (group = table_add(&all->table))) {
        group->family = WS_AF_INET;
        memcpy(group->bytes, &address, 4);
        group->index = all->index;
    }
}

static void group6_line(char *text, void *context)
{
    char address[33];
    unsigned index;
    struct netif_group *group;
    if (sscanf(text, "%u %*s %32s", &index, address) != 2 ||
        !(group = table_add(&((struct group_table *)context)->table)))
        return;
    group->family = WS_AF_INET6;
    hex_bytes(address, group->bytes);
    group->index = index;
}

NTSTATUS netif_groups(struct netif_group **list, ULONG *count)
{
    struct group_table all = {.table.one = sizeof(struct netif_group)};
    each_line("igmp", 1, group4_line, &all);
    each_line("igmp6", 0, group6_line, &all);
    return table_result(&all.table, list, count);
}

/* The host's states 1 to 12 as MIB_TCP_STATE. */
static const ULONG tcp_states[] = {0, 5, 3, 4, 6, 7, 11, 1, 8, 10, 2, 9, 4};

struct connection_table {
    struct table table;
    int family;
    bool udp;
};

/* Words of 32 bits in the host's order, as /proc shows addresses. */
static void proc_address(const char *text, int family, uint8_t *bytes)
{
    for (int i = 0; i < (family == WS_AF_INET ? 1 : 4); i++) {
        unsigned word = 0;
        sscanf(text + 8 * i, "%8x", &word);
        memcpy(bytes + 4 * i, &word, 4);
    }
}

static void connection_line(char *text, void *context)
{
    struct connection_table *all = context;
    char local[33], remote[33];
    unsigned local_port, remote_port, state, inode;
    struct netif_connection *connection;
    if (sscanf(text, "%*d: %32[0-9A-F]:%x %32[0-9A-F]:%x %x %*s %*s %*s %*d %*d %u", local, &local_port, remote,
               &remote_port, &state, &inode) != 6 ||
        !(connection = table_add(&all->table)))
        return;
    connection->family = all->family;
    connection->udp = all->udp;
    proc_address(local, all->family, connection->local);
    proc_address(remote, all->family, connection->remote);
    connection->local_port = (USHORT)local_port;
    connection->remote_port = (USHORT)remote_port;
    connection->state = state < sizeof tcp_states / sizeof *tcp_states ? tcp_states[state] : 0;
    connection->inode = inode;
}

NTSTATUS netif_connections(struct netif_connection **list, ULONG *count)
{
    struct connection_table all = {.table.one = sizeof(struct netif_connection)};
    for (int i = 0; i < 4; i++) {
        static const char *const names[] = {"tcp", "tcp6", "udp", "udp6"};
        all.family = i & 1 ? WS_AF_INET6 : WS_AF_INET;
        all.udp = i & 2;
        each_line(names[i], 1, connection_line, &all);
    }
    return table_result(&all.table, list, count);
}

/* The sockets that a process has open. */
static void owned_by(const char *pid, struct netif_connection *list, ULONG count)
{
    char path[300], target[64];
    unsigned inode;
    snprintf(path, sizeof path, "/proc/%s/fd", pid);
    DIR *directory = opendir(path);
    if (!directory)
        return;
    for (struct dirent *entry; (entry = readdir(directory));) {
        ssize_t n = readlinkat(dirfd(directory), entry->d_name, target, sizeof target - 1);
        if (n <= 0)
            continue;
        target[n] = 0;
        if (sscanf(target, "socket:[%u]", &inode) != 1)
            continue;
        for (ULONG i = 0; i < count; i++)
            if (list[i].inode == inode && !list[i].owner)
                list[i].owner = (ULONG)atoi(pid);
    }
    closedir(directory);
}

void netif_owners(struct netif_connection *list, ULONG count)
{
    DIR *directory = opendir("/proc");
    if (!directory)
        return;
    for (struct dirent *entry; (entry = readdir(directory));)
        if (isdigit((unsigned char)entry->d_name[0]))
            owned_by(entry->d_name, list, count);
    closedir(directory);
}

NTSTATUS netif_source_for(const void *destination, int length, void *source, int *source_length)
{
    struct host_address to, local = {.length = sizeof local.bytes};
    NTSTATUS status = address_to_host(destination, length, &to);
    if (status)
        return status;
    if (to.any.sa_family == AF_UNIX) {
        address_release(&to);
        return STATUS_NOT_SUPPORTED;
    }
    if (to.any.sa_family == AF_INET && !to.in.sin_port)
        to.in.sin_port = 1;
    if (to.any.sa_family == AF_INET6 && !to.in6.sin6_port)
        to.in6.sin6_port = 1;
    int fd = socket(to.any.sa_family, SOCK_DGRAM | SOCK_CLOEXEC, 0); /* connecting it sends nothing */
    if (fd < 0)
        return socket_status(errno);
    if (connect(fd, &to.any, to.length) || getsockname(fd, &local.any, &local.length))
        status = socket_status(errno);
    close(fd);
    if (local.any.sa_family == AF_INET)
        local.in.sin_port = 0;
    else if (local.any.sa_family == AF_INET6)
        local.in6.sin6_port = 0;
    return status ? status : address_from_host(&local, source, source_length);
}
