/*
 * netstat.c: the host's counters of its protocols (/proc/net/snmp, snmp6), and its neighbours (rtnetlink).
 */
#include <errno.h>
#include <linux/neighbour.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "netstat.h"
#include "socket_private.h"

#define LINE_BYTES 2048

struct counter {
    char name[40];
    uint64_t value;
};

struct net_counters {
    size_t count;
    struct counter list[];
};

#define COUNTERS_MAX 512

static void counter_add(struct net_counters *all, const char *group, const char *name, uint64_t value)
{
    if (all->count == COUNTERS_MAX)
        return;
    struct counter *counter = &all->list[all->count++];
    snprintf(counter->name, sizeof counter->name, "%s%s", group, name);
    counter->value = value;
}

/* Pairs of lines: "Tcp: NAMES", "Tcp: VALUES". */
static void read_pairs(FILE *file, struct net_counters *all)
{
    char names[LINE_BYTES], values[LINE_BYTES], *name_state, *value_state;
    while (fgets(names, sizeof names, file) && fgets(values, sizeof values, file)) {
        char *group = strtok_r(names, ": \n", &name_state), *name;
        char *value = strtok_r(values, ": \n", &value_state);
        while (group && (name = strtok_r(NULL, " \n", &name_state)) && (value = strtok_r(NULL, " \n", &value_state)))
            counter_add(all, group, name, (uint64_t)strtoll(value, NULL, 10));
    }
}

/* Lines of a name and a value. */
static void read_singles(FILE *file, struct net_counters *all)
{
    char line[LINE_BYTES], name[40];
    unsigned long long value;
    while (fgets(line, sizeof line, file))
        if (sscanf(line, "%39s %llu", name, &value) == 2)
            counter_add(all, "", name, value);
}

struct net_counters *net_counters_read(bool six)
{
    struct net_counters *all = malloc(sizeof *all + COUNTERS_MAX * sizeof *all->list);
    FILE *file = fopen(six ? "/proc/net/snmp6" : "/proc/net/snmp", "re");
    if (all)
        all->count = 0;
    if (all && file)
        (six ? read_singles : read_pairs)(file, all);
    if (file)
        fclose(file);
    return all;
}

uint64_t net_counter(const struct net_counters *all, const char *name)
{
    for (size_t i = 0; i < all->count; i++)
        if (!strcmp(all->list[i].name, name))
            return all->list[i].value;
    return 0;
}

void net_counters_free(struct net_counters *all)
{
    free(all);
}

/* ---- neighbours ---- */

static void neighbor_fill(struct net_neighbor *neighbor, const struct nlmsghdr *header)
{
    const struct ndmsg *message = NLMSG_DATA(header);
    int left = (int)NLMSG_PAYLOAD(header, sizeof *message);
    memset(neighbor, 0, sizeof *neighbor);
    neighbor->family = family_from_host(message->ndm_family);
    neighbor->index = (ULONG)message->ndm_ifindex;
    neighbor->router = message->ndm_flags & NTF_ROUTER;
    neighbor->state = message->ndm_state & NUD_PERMANENT      ? NEIGHBOR_PERMANENT
                      : message->ndm_state & (NUD_REACHABLE)  ? NEIGHBOR_REACHABLE
                      : message->ndm_state & NUD_STALE        ? NEIGHBOR_STALE
                      : message->ndm_state & NUD_DELAY        ? NEIGHBOR_DELAY
                      : message->ndm_state & NUD_PROBE        ? NEIGHBOR_PROBE
                      : message->ndm_state & (NUD_INCOMPLETE) ? NEIGHBOR_INCOMPLETE
                                                              : NEIGHBOR_UNREACHABLE;
    const struct rtattr *at = (const struct rtattr *)((const char *)message + NLMSG_ALIGN(sizeof *message));
    for (; RTA_OK(at, left); at = RTA_NEXT(at, left)) {
        size_t size = RTA_PAYLOAD(at);
        if (at->rta_type == NDA_DST && size <= sizeof neighbor->bytes) {
            memcpy(neighbor->bytes, RTA_DATA(at), size);
        } else if (at->rta_type == NDA_LLADDR && size <= sizeof neighbor->mac) {
            memcpy(neighbor->mac, RTA_DATA(at), size);
            neighbor->mac_length = (ULONG)size;
        }
    }
}

/* One datagram of the answer; true: more will come. */
static bool neighbors_take(const char *buffer, size_t size, struct net_neighbor **list, ULONG *count, NTSTATUS *status)
{
    const struct nlmsghdr *header = (const struct nlmsghdr *)buffer;
    for (; NLMSG_OK(header, size); header = NLMSG_NEXT(header, size)) {
        if (header->nlmsg_type == NLMSG_DONE || header->nlmsg_type == NLMSG_ERROR)
            return false;
        const struct ndmsg *message = NLMSG_DATA(header);
        if (header->nlmsg_type != RTM_NEWNEIGH || message->ndm_state == NUD_NONE || message->ndm_state & NUD_NOARP ||
            (message->ndm_family != AF_INET && message->ndm_family != AF_INET6))
            continue;
        struct net_neighbor *more = realloc(*list, (*count + 1) * sizeof *more);
        if (!more) {
            *status = STATUS_NO_MEMORY;
            return false;
        }
        *list = more;
        neighbor_fill(&more[(*count)++], header);
    }
    return true;
}

NTSTATUS net_neighbors(struct net_neighbor **list, ULONG *count)
{
    const struct {
        struct nlmsghdr header;
        struct ndmsg message;
    } request = {
        .header = {.nlmsg_len = sizeof request, .nlmsg_type = RTM_GETNEIGH, .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP}};
    _Alignas(8) char buffer[16384];
    NTSTATUS status = STATUS_SUCCESS;
    ssize_t n;
    *list = NULL;
    *count = 0;
    int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
    if (fd < 0)
        return socket_status(errno);
    if (send(fd, &request, sizeof request, 0) < 0)
        status = socket_status(errno);
    while (!status && (n = recv(fd, buffer, sizeof buffer, 0)) > 0 &&
           neighbors_take(buffer, (size_t)n, list, count, &status))
        ;
    close(fd);
    return status;
}
