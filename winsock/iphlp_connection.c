/*
 * iphlp_connection.c: iphlpapi.h: the tables of TCP's connections and UDP's listeners.
 *
 * A table is told by its rows' size, where they begin and how one is filled.  Rows with an owner's module begin like
 * those with its process; what follows in them, when it was bound and by which module, is not known here.
 */
#include <stdlib.h>
#include <string.h>
#include "winsock/iphlp.h"

struct table_kind {
    bool udp, owners;
    int family;
    bool (*wanted)(const struct netif_connection *);
    size_t head, row;
    void (*fill)(void *row, const struct netif_connection *connection);
};

#define ROWS(table_type, row_type, filler) .head = offsetof(table_type, table), .row = sizeof(row_type), .fill = filler

static bool is_listener(const struct netif_connection *connection)
{
    return connection->state == MIB_TCP_STATE_LISTEN;
}

static bool is_connection(const struct netif_connection *connection)
{
    return connection->state != MIB_TCP_STATE_LISTEN;
}

static void fill_tcp(void *pointer, const struct netif_connection *connection)
{
    MIB_TCPROW *row = pointer;
    row->dwState = connection->state;
    memcpy(&row->dwLocalAddr, connection->local, 4);
    memcpy(&row->dwRemoteAddr, connection->remote, 4);
    row->dwLocalPort = htons(connection->local_port);
    row->dwRemotePort = htons(connection->remote_port);
}

static void fill_tcp_owner(void *pointer, const struct netif_connection *connection)
{
    MIB_TCPROW_OWNER_PID *row = pointer;
    fill_tcp(row, connection);
    row->dwOwningPid = connection->owner;
}

static void fill_tcp_row2(void *pointer, const struct netif_connection *connection)
{
    MIB_TCPROW2 *row = pointer;
    fill_tcp(row, connection);
    row->dwOwningPid = connection->owner;
    row->dwOffloadState = TcpConnectionOffloadStateInHost;
}

static void fill_tcp6(void *pointer, const struct netif_connection *connection)
{
    MIB_TCP6ROW *row = pointer;
    row->State = (MIB_TCP_STATE)connection->state;
    memcpy(&row->LocalAddr, connection->local, 16);
    memcpy(&row->RemoteAddr, connection->remote, 16);
    row->dwLocalPort = htons(connection->local_port);
    row->dwRemotePort = htons(connection->remote_port);
}

static void fill_tcp6_row2(void *pointer, const struct netif_connection *connection)
{
    MIB_TCP6ROW2 *row = pointer;
    row->State = (MIB_TCP_STATE)connection->state;
    memcpy(&row->LocalAddr, connection->local, 16);
    memcpy(&row->RemoteAddr, connection->remote, 16);
    row->dwLocalPort = htons(connection->local_port);
    row->dwRemotePort = htons(connection->remote_port);
    row->dwOwningPid = connection->owner;
    row->dwOffloadState = TcpConnectionOffloadStateInHost;
}

static void fill_tcp6_owner(void *pointer, const struct netif_connection *connection)
{
    MIB_TCP6ROW_OWNER_PID *row = pointer;
    row->dwState = connection->state;
    memcpy(row->ucLocalAddr, connection->local, 16);
    memcpy(row->ucRemoteAddr, connection->remote, 16);
    row->dwLocalPort = htons(connection->local_port);
    row->dwRemotePort = htons(connection->remote_port);
    row->dwOwningPid = connection->owner;
}

static void fill_udp(void *pointer, const struct netif_connection *connection)
{
    MIB_UDPROW *row = pointer;
    memcpy(&row->dwLocalAddr, connection->local, 4);
    row->dwLocalPort = htons(connection->local_port);
}

static void fill_udp_owner(void *pointer, const struct netif_connection *connection)
{
    MIB_UDPROW_OWNER_PID *row = pointer;
    fill_udp(row, connection);
    row->dwOwningPid = connection->owner;
}

static void fill_udp6(void *pointer, const struct netif_connection *connection)
{
    MIB_UDP6ROW *row = pointer;
    memcpy(&row->dwLocalAddr, connection->local, 16);
    row->dwLocalPort = htons(connection->local_port);
}

static void fill_udp6_owner(void *pointer, const struct netif_connection *connection)
{
    MIB_UDP6ROW_OWNER_PID *row = pointer;
    fill_udp6(row, connection);
    row->dwOwningPid = connection->owner;
}

/* Local address, local port, remote address, remote port: the documented order of sorted tables. */
static int compare(const void *first, const void *second)
{
    const struct netif_connection *a = first, *b = second;
    int difference = memcmp(a->local, b->local, sizeof a->local);
    if (!difference)
        difference = a->local_port - b->local_port;
    if (!difference)
        difference = memcmp(a->remote, b->remote, sizeof a->remote);
    return difference ? difference : a->remote_port - b->remote_port;
}

static DWORD table_fill(const struct table_kind *kind, void *table, DWORD *size, BOOL order)
{
    struct netif_connection *list;
    ULONG count, kept = 0;
    if (!size)
        return ERROR_INVALID_PARAMETER;
    if (netif_connections(&list, &count))
        return ERROR_NOT_ENOUGH_MEMORY;
    for (ULONG i = 0; i < count; i++)
        if (list[i].udp == kind->udp && list[i].family == kind->family && (!kind->wanted || kind->wanted(&list[i])))
            list[kept++] = list[i];
    DWORD needed = (DWORD)(kind->head + kept * kind->row);
    bool fits = table && *size >= needed;
    *size = needed;
    if (fits) {
        if (kind->owners)
            netif_owners(list, kept);
        if (order)
            qsort(list, kept, sizeof *list, compare);
        memset(table, 0, needed);
        *(DWORD *)table = kept;
        for (ULONG i = 0; i < kept; i++)
            kind->fill((char *)table + kind->head + i * kind->row, &list[i]);
    }
    netif_free(list);
    return fits ? NO_ERROR : ERROR_INSUFFICIENT_BUFFER;
}

ULONG WINAPI GetTcpTable(PMIB_TCPTABLE table, PULONG size, BOOL order)
{
    static const struct table_kind kind = {.family = AF_INET, ROWS(MIB_TCPTABLE, MIB_TCPROW, fill_tcp)};
    return table_fill(&kind, table, (DWORD *)size, order);
}

ULONG WINAPI GetTcpTable2(PMIB_TCPTABLE2 table, PULONG size, BOOL order)
{
    static const struct table_kind kind = {
        .family = AF_INET, .owners = true, ROWS(MIB_TCPTABLE2, MIB_TCPROW2, fill_tcp_row2)};
    return table_fill(&kind, table, (DWORD *)size, order);
}

ULONG WINAPI GetTcp6Table(PMIB_TCP6TABLE table, PULONG size, BOOL order)
{
    static const struct table_kind kind = {.family = AF_INET6, ROWS(MIB_TCP6TABLE, MIB_TCP6ROW, fill_tcp6)};
    return table_fill(&kind, table, (DWORD *)size, order);
}

ULONG WINAPI GetTcp6Table2(PMIB_TCP6TABLE2 table, PULONG size, BOOL order)
{
    static const struct table_kind kind = {
        .family = AF_INET6, .owners = true, ROWS(MIB_TCP6TABLE2, MIB_TCP6ROW2, fill_tcp6_row2)};
    return table_fill(&kind, table, (DWORD *)size, order);
}

ULONG WINAPI GetUdpTable(PMIB_UDPTABLE table, PULONG size, BOOL order)
{
    static const struct table_kind kind = {.udp = true, .family = AF_INET, ROWS(MIB_UDPTABLE, MIB_UDPROW, fill_udp)};
    return table_fill(&kind, table, (DWORD *)size, order);
}

ULONG WINAPI GetUdp6Table(PMIB_UDP6TABLE table, PULONG size, BOOL order)
{
    static const struct table_kind kind = {
        .udp = true, .family = AF_INET6, ROWS(MIB_UDP6TABLE, MIB_UDP6ROW, fill_udp6)};
    return table_fill(&kind, table, (DWORD *)size, order);
}

/* What each class of rows is for IPv4 and IPv6; IPv6 has no basic ones. */
enum rows { BASIC, OWNER_PID, OWNER_MODULE };

static const struct table_kind tcp_kinds[2][3] = {
    {[BASIC] = {.family = AF_INET, ROWS(MIB_TCPTABLE, MIB_TCPROW, fill_tcp)},
     [OWNER_PID] = {.family = AF_INET,
                    .owners = true,
                    ROWS(MIB_TCPTABLE_OWNER_PID, MIB_TCPROW_OWNER_PID, fill_tcp_owner)},
     [OWNER_MODULE] = {.family = AF_INET,
                       .owners = true,
                       ROWS(MIB_TCPTABLE_OWNER_MODULE, MIB_TCPROW_OWNER_MODULE, fill_tcp_owner)}},
    {[OWNER_PID] = {.family = AF_INET6,
                    .owners = true,
                    ROWS(MIB_TCP6TABLE_OWNER_PID, MIB_TCP6ROW_OWNER_PID, fill_tcp6_owner)},
     [OWNER_MODULE] = {.family = AF_INET6,
                       .owners = true,
                       ROWS(MIB_TCP6TABLE_OWNER_MODULE, MIB_TCP6ROW_OWNER_MODULE, fill_tcp6_owner)}},
};

static const struct table_kind udp_kinds[2][3] = {
    {[BASIC] = {.udp = true, .family = AF_INET, ROWS(MIB_UDPTABLE, MIB_UDPROW, fill_udp)},
     [OWNER_PID] = {.udp = true,
                    .family = AF_INET,
                    .owners = true,
                    ROWS(MIB_UDPTABLE_OWNER_PID, MIB_UDPROW_OWNER_PID, fill_udp_owner)},
     [OWNER_MODULE] = {.udp = true,
                       .family = AF_INET,
                       .owners = true,
                       ROWS(MIB_UDPTABLE_OWNER_MODULE, MIB_UDPROW_OWNER_MODULE, fill_udp_owner)}},
    {[BASIC] = {.udp = true, .family = AF_INET6, ROWS(MIB_UDP6TABLE, MIB_UDP6ROW, fill_udp6)},
     [OWNER_PID] = {.udp = true,
                    .family = AF_INET6,
                    .owners = true,
                    ROWS(MIB_UDP6TABLE_OWNER_PID, MIB_UDP6ROW_OWNER_PID, fill_udp6_owner)},
     [OWNER_MODULE] = {.udp = true,
                       .family = AF_INET6,
                       .owners = true,
                       ROWS(MIB_UDP6TABLE_OWNER_MODULE, MIB_UDP6ROW_OWNER_MODULE, fill_udp6_owner)}},
};

DWORD WINAPI GetExtendedTcpTable(PVOID table, PDWORD size, BOOL order, ULONG family, TCP_TABLE_CLASS class,
                                 ULONG reserved)
{
    static bool (*const filters[])(const struct netif_connection *) = {is_listener, is_connection, NULL};
    if (reserved || (family != AF_INET && family != AF_INET6) || (unsigned)class > TCP_TABLE_OWNER_MODULE_ALL)
        return ERROR_INVALID_PARAMETER;
    /* Three classes of rows, each of listeners, connections, or all. */
    struct table_kind kind = tcp_kinds[family == AF_INET6][class / 3];
    kind.wanted = filters[class % 3];
    return kind.fill ? table_fill(&kind, table, size, order) : ERROR_NOT_SUPPORTED;
}

DWORD WINAPI GetExtendedUdpTable(PVOID table, PDWORD size, BOOL order, ULONG family, UDP_TABLE_CLASS class,
                                 ULONG reserved)
{
    if (reserved || (family != AF_INET && family != AF_INET6) || (unsigned)class > UDP_TABLE_OWNER_MODULE)
        return ERROR_INVALID_PARAMETER;
    return table_fill(&udp_kinds[family == AF_INET6][class], table, size, order);
}
