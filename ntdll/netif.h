/*
 * netif.h: the host's network interfaces, their addresses, and routes, for winsock/ and iphlpapi.
 *
 * Families are Windows'.  Tables are snapshots in one block, given back with netif_free.
 */
#ifndef NTDLL_NETIF_H
#define NTDLL_NETIF_H

#include "win.h"

#define NETIF_NAME_MAX 32

struct netif_address {
    int family;
    uint8_t bytes[16];
    uint8_t prefix;
    bool loopback, up;
    bool temporary, deprecated, tentative;
    ULONG scope; /* IPv6: 0 or the interface's index */
    ULONG index; /* the interface's */
};

/* A multicast group that an interface has joined. */
struct netif_group {
    int family;
    uint8_t bytes[16];
    ULONG index; /* the interface's */
};

struct netif {
    ULONG index;
    ULONG mtu;
    char name[NETIF_NAME_MAX];
    uint8_t mac[8];
    ULONG mac_length;
    bool loopback, up, running, point_to_point, broadcast, multicast, wireless;
    uint64_t speed; /* bits a second, 0: unknown */
    uint64_t in_bytes, out_bytes, in_packets, out_packets, in_errors, out_errors, in_drops, out_drops;
};

struct netif_route {
    int family;
    uint8_t destination[16], gateway[16], source[16];
    uint8_t prefix;
    bool has_gateway, has_source, local;
    ULONG index, metric;
};

struct netif_connection {
    int family;
    bool udp;
    uint8_t local[16], remote[16];
    USHORT local_port, remote_port; /* host order */
    ULONG state;                    /* MIB_TCP_STATE */
    ULONG inode;
    ULONG owner; /* after netif_owners: the process, 0: unknown */
};

NTSTATUS netif_list(struct netif **list, ULONG *count);
NTSTATUS netif_addresses(struct netif_address **list, ULONG *count);
NTSTATUS netif_groups(struct netif_group **list, ULONG *count);
NTSTATUS netif_routes(struct netif_route **list, ULONG *count);
NTSTATUS netif_connections(struct netif_connection **list, ULONG *count);
void netif_free(void *list);

/* The local address from which a destination would be reached.  Windows' sockaddrs. */
NTSTATUS netif_source_for(const void *destination, int length, void *source, int *source_length);

/* Fills in the processes to which the connections belong, as far as the host shows. */
void netif_owners(struct netif_connection *list, ULONG count);

#endif
