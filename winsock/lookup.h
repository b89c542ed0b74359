/*
 * lookup.h: between the files of WSALookupService.
 */
#ifndef WINSOCK_LOOKUP_H
#define WINSOCK_LOOKUP_H

#include "winsock/ws.h"

/* What one call of WSALookupServiceNext tells. */
struct lookup_entry {
    struct lookup_entry *next;
    char name[1025];
    SOCKADDR_INET *addresses;
    ULONG address_count;
    int socket_type;
    bool is_service;
    char protocol[16];
    bool is_network;
    char adapter[64]; /* a network's: its adapter's name */
    ULONG adapter_type;
    ULONG64 speed;
    bool internet;
};

/* How entries are to be told. */
struct lookup_form {
    DWORD flags, space;
    const GUID *class;
    bool wide;
};

/* An entry with room for so many addresses at the end of a list. */
struct lookup_entry *lookup_entry_add(struct lookup_entry ***tail, const char *name, ULONG addresses);

/* lookup_pack.c: false: it does not fit; *length says what would. */
bool lookup_pack(const struct lookup_form *form, const struct lookup_entry *entry, void *buffer, DWORD *length);

/* lookup_networks.c: 0 or a Winsock error. */
int lookup_networks(struct lookup_entry **list);

#endif
