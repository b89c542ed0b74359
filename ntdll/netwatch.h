/*
 * netwatch.h: changes of the host's network, for winsock/ and iphlpapi.
 */
#ifndef NTDLL_NETWATCH_H
#define NTDLL_NETWATCH_H

#include "win.h"

enum net_change_kind { NET_INTERFACE, NET_ADDRESS, NET_ROUTE };

struct net_change {
    enum net_change_kind kind;
    bool gone;
    int family; /* Windows' number; 0: an interface */
    ULONG index;
    uint8_t address[16], gateway[16]; /* of an address or a route's destination */
    uint8_t prefix;
};

#define NETWATCH_BUFFER 16384

/* A socket from which news can be received, and what a datagram of them says (at most `count`). */
NTSTATUS netwatch_open(HANDLE *handle);
ULONG netwatch_parse(const void *data, ULONG size, struct net_change *changes, ULONG count);

/* An operation on a program's socket that ends with the next change of addresses, or of routes; telling of one. */
struct socket_overlapped;
NTSTATUS netwatch_wait(HANDLE socket, bool route, const struct socket_overlapped *overlapped);
void netwatch_tell(bool route);
/* For a socket that does not block: the next change is a network event of it (WSAEventSelect). */
NTSTATUS netwatch_arm(HANDLE socket, bool route);

#endif
