/*
 * netstat.h: counters of the host's protocols, and neighbours, for iphlpapi.
 */
#ifndef NTDLL_NETSTAT_H
#define NTDLL_NETSTAT_H

#include "win.h"

/* Names are the host's: "TcpActiveOpens", and of IPv6 "Ip6InReceives".  Unknown ones are 0.  NULL: no memory. */
struct net_counters;
struct net_counters *net_counters_read(bool six);
uint64_t net_counter(const struct net_counters *all, const char *name);
void net_counters_free(struct net_counters *all);

/* NL_NEIGHBOR_STATE. */
enum neighbor_state {
    NEIGHBOR_UNREACHABLE,
    NEIGHBOR_INCOMPLETE,
    NEIGHBOR_PROBE,
    NEIGHBOR_DELAY,
    NEIGHBOR_STALE,
    NEIGHBOR_REACHABLE,
    NEIGHBOR_PERMANENT,
};

struct net_neighbor {
    int family; /* Windows' number */
    uint8_t bytes[16];
    ULONG index;
    uint8_t mac[32];
    ULONG mac_length;
    enum neighbor_state state;
    bool router;
};

/* Given back with netif_free. */
NTSTATUS net_neighbors(struct net_neighbor **list, ULONG *count);

#endif
