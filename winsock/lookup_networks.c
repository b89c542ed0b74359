/*
 * lookup_networks.c: the name space NLA: the networks this machine is in, and the catalogue of name spaces.
 */
#include <stdio.h>
#include <string.h>
#include "winsock/iphlp.h"
#include "winsock/lookup.h"

static bool has_address(ULONG index, const struct netif_address *addresses, ULONG count)
{
    for (ULONG i = 0; i < count; i++)
        if (addresses[i].index == index)
            return true;
    return false;
}

static bool has_gateway(ULONG index, const struct netif_route *routes, ULONG count)
{
    for (ULONG i = 0; i < count; i++)
        if (routes[i].index == index && routes[i].has_gateway && !routes[i].prefix)
            return true;
    return false;
}

int lookup_networks(struct lookup_entry **list)
{
    struct netif *interfaces = NULL;
    struct netif_address *addresses = NULL;
    struct netif_route *routes = NULL;
    ULONG interface_count = 0, address_count = 0, route_count = 0;
    int error = 0;
    if (netif_list(&interfaces, &interface_count) || netif_addresses(&addresses, &address_count) ||
        netif_routes(&routes, &route_count))
        error = WSA_NOT_ENOUGH_MEMORY;
    for (ULONG i = 0; !error && i < interface_count; i++) {
        const struct netif *netif = &interfaces[i];
        if (netif->loopback || !netif->up || !has_address(netif->index, addresses, address_count))
            continue;
        struct lookup_entry *entry = lookup_entry_add(&list, netif->name, 0);
        if (!entry) {
            error = WSA_NOT_ENOUGH_MEMORY;
            break;
        }
        const GUID guid = interface_guid(netif->index);
        entry->is_network = true;
        guid_text(&guid, entry->adapter);
        entry->adapter_type = interface_type(netif);
        entry->speed = netif->speed;
        entry->internet = has_gateway(netif->index, routes, route_count);
    }
    netif_free(routes);
    netif_free(addresses);
    netif_free(interfaces);
    return error;
}

/* ---- the catalogue ---- */

static const struct name_space {
    GUID id;
    DWORD space;
    const WCHAR *name;
} spaces[] = {
    {NLA_NAMESPACE_GUID, NS_NLA, L"Network Location Awareness Legacy (NLAv1) Namespace"},
    {{0x22059d40, 0x7e9e, 0x11cf, {0xae, 0x5a, 0x00, 0xaa, 0x00, 0xa7, 0x11, 0x2b}}, NS_DNS, L"Tcpip"},
};

#define SPACES (sizeof spaces / sizeof *spaces)

/* Rows of `one` bytes that begin like WSANAMESPACE_INFO, and their names behind them. */
static int enumerate(LPDWORD length, char *buffer, size_t one, bool wide)
{
    const size_t unit = wide ? sizeof(WCHAR) : 1;
    size_t needed = SPACES * one;
    if (!wsa_started())
        return SOCKET_ERROR;
    for (size_t i = 0; i < SPACES; i++)
        needed += ((size_t)lstrlenW(spaces[i].name) + 1) * unit;
    if (!length || !buffer || *length < needed) {
        if (length)
            *length = (DWORD)needed;
        return wsa_fail(WSAEFAULT);
    }
    memset(buffer, 0, needed);
    char *text = buffer + SPACES * one;
    for (size_t i = 0; i < SPACES; i++) {
        WSANAMESPACE_INFOW *row = (WSANAMESPACE_INFOW *)(buffer + i * one);
        *row = (WSANAMESPACE_INFOW){spaces[i].id, spaces[i].space, TRUE, 0, (LPWSTR)text};
        for (const WCHAR *at = spaces[i].name;; at++, text += unit) {
            memcpy(text, at, unit); /* ASCII: the first byte of a unit is the character */
            if (!*at)
                break;
        }
        text += unit;
    }
    return SPACES;
}

INT WINAPI WSAEnumNameSpaceProvidersW(LPDWORD length, LPWSANAMESPACE_INFOW buffer)
{
    return enumerate(length, (char *)buffer, sizeof *buffer, true);
}

INT WINAPI WSAEnumNameSpaceProvidersA(LPDWORD length, LPWSANAMESPACE_INFOA buffer)
{
    return enumerate(length, (char *)buffer, sizeof *buffer, false);
}

INT WINAPI WSAEnumNameSpaceProvidersExW(LPDWORD length, LPWSANAMESPACE_INFOEXW buffer)
{
    return enumerate(length, (char *)buffer, sizeof *buffer, true);
}

INT WINAPI WSAEnumNameSpaceProvidersExA(LPDWORD length, LPWSANAMESPACE_INFOEXA buffer)
{
    return enumerate(length, (char *)buffer, sizeof *buffer, false);
}
