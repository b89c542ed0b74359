/*
 * icmp.h: echo requests (ping), for iphlpapi.
 */
#ifndef NTDLL_ICMP_H
#define NTDLL_ICMP_H

#include "win.h"

struct icmp_echo {
    bool six;
    uint8_t source[16], destination[16]; /* as long as the family's; source 0: any */
    ULONG scope;                         /* of an IPv6 address */
    const void *data;
    ULONG size;
    ULONG milliseconds;
    uint8_t ttl, tos; /* 0: the host's */
    bool whole;       /* not to be cut into pieces */
    /* The answer: */
    uint8_t from[16], from_ttl;
    int type, code;       /* -1: an echo; else ICMP's, of an error on the way */
    void *room;           /* for the echo's data */
    ULONG room_size, got; /* got: as much as there was */
    ULONG round_trip;     /* milliseconds */
};

/* Sends a request and waits.  STATUS_IO_TIMEOUT; STATUS_ACCESS_DENIED: the host lets this user send none. */
NTSTATUS icmp_echo(struct icmp_echo *echo);

#endif
