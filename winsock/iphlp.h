/*
 * iphlp.h: between the files of iphlpapi: its headers, and names and identities of interfaces.
 */
#ifndef WINSOCK_IPHLP_H
#define WINSOCK_IPHLP_H

#include "ntdll/netif.h"
#include "winsock/ws.h"
#include <iphlpapi.h>
#include <icmpapi.h>
#include <netioapi.h>

#define GUID_TEXT_LENGTH 38

/* IF_TYPE_SOFTWARE_LOOPBACK ... and what follows from an interface's index. */
ULONG interface_type(const struct netif *netif);
NET_LUID interface_luid(const struct netif *netif);
GUID interface_guid(ULONG index);
void guid_text(const GUID *guid, char *text);
void widen(const char *text, WCHAR *wide, size_t count);
void socket_address(SOCKADDR_INET *target, int family, const uint8_t *bytes, ULONG scope);

/* One interface by index; false: there is none. */
bool interface_find(ULONG index, struct netif *result);

/*
 * A table of the old calls: a count and rows, made of what a list has of IPv4 (or of all of it).  iphlp_entry.c.
 */
struct old_table {
    void *list; /* given back with netif_free */
    ULONG count;
    size_t entry;     /* an entry's size */
    size_t family_at; /* where its family is; NO_FAMILY: it has none */
    size_t head, row; /* where rows begin, and their size */
    void (*fill)(void *row, const void *entry);
};
#define NO_FAMILY ((size_t)-1)
/* Fills `table` if it fits; *size: what is needed. */
DWORD old_table_fill(const struct old_table *how, void *table, ULONG *size);

void *iphlp_alloc(size_t size); /* zeroed; FreeMibTable gives it back */

#endif
