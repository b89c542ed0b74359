/*
 * netstat.c: netstat.exe: connections and who listens; -r hands over to ROUTE PRINT.
 */
#include <winsock2.h>
#include <ws2tcpip.h>
#include "processes.h"
#include "wide_main.h"
#include <iphlpapi.h>

static const WCHAR usage[] = L"NETSTAT [-a] [-b] [-n] [-o] [-p TCP | UDP | TCPv6 | UDPv6]\r\n\r\n"
                             L"    -a   with who listens\r\n    -n   numbers, not names\r\n"
                             L"    -o   with the id of the process\r\n    -p   this protocol only\r\n";

static bool all, numeric, owners;
static const WCHAR *protocol;

static const WCHAR *const states[] = {
    L"",           L"CLOSED",     L"LISTENING", L"SYN_SENT", L"SYN_RECEIVED", L"ESTABLISHED", L"FIN_WAIT_1",
    L"FIN_WAIT_2", L"CLOSE_WAIT", L"CLOSING",   L"LAST_ACK", L"TIME_WAIT",    L"DELETE_TCB"};

static void format_end(int family, const void *address, DWORD scope, DWORD port, WCHAR text[128])
{
    WCHAR host[100];

    InetNtopW(family, address, host, 100);
    if (family == AF_INET6 && scope)
        _snwprintf(text, 127, L"[%s%%%lu]:%u", host, scope, ntohs((u_short)port));
    else
        _snwprintf(text, 127, family == AF_INET ? L"%s:%u" : L"[%s]:%u", host, ntohs((u_short)port));
}

static void show(const WCHAR *name, const WCHAR *local, const WCHAR *remote, const WCHAR *state, DWORD id)
{
    if (owners)
        print(L"  %-6s %-22s %-22s %-15s %lu\r\n", name, local, remote, state, id);
    else
        print(L"  %-6s %-22s %-22s %s\r\n", name, local, remote, state);
}

/* A table of the given kind; the caller's to free. */
static void *get_table(bool tcp, ULONG family)
{
    DWORD size = 65536, error;
    void *table = NULL;

    do {
        free(table);
        table = need(size);
        error = tcp ? GetExtendedTcpTable(table, &size, TRUE, family, TCP_TABLE_OWNER_PID_ALL, 0)
                    : GetExtendedUdpTable(table, &size, TRUE, family, UDP_TABLE_OWNER_PID, 0);
    } while (error == ERROR_INSUFFICIENT_BUFFER);
    if (!error)
        return table;
    free(table);
    return NULL;
}

static bool wanted(const WCHAR *name)
{
    return !protocol || same_name(protocol, name);
}

static void show_tcp4(void)
{
    MIB_TCPTABLE_OWNER_PID *table = get_table(true, AF_INET);
    WCHAR local[128], remote[128];

    for (DWORD i = 0; table && i < table->dwNumEntries; i++) {
        const MIB_TCPROW_OWNER_PID *row = &table->table[i];
        bool listens = row->dwState == MIB_TCP_STATE_LISTEN;
        if (listens && !all)
            continue;
        format_end(AF_INET, &row->dwLocalAddr, 0, row->dwLocalPort, local);
        format_end(AF_INET, &row->dwRemoteAddr, 0, listens ? 0 : row->dwRemotePort, remote);
        show(L"TCP", local, remote, row->dwState < 13 ? states[row->dwState] : L"", row->dwOwningPid);
    }
    free(table);
}

static void show_tcp6(void)
{
    MIB_TCP6TABLE_OWNER_PID *table = get_table(true, AF_INET6);
    WCHAR local[128], remote[128];

    for (DWORD i = 0; table && i < table->dwNumEntries; i++) {
        const MIB_TCP6ROW_OWNER_PID *row = &table->table[i];
        bool listens = row->dwState == MIB_TCP_STATE_LISTEN;
        if (listens && !all)
            continue;
        format_end(AF_INET6, row->ucLocalAddr, row->dwLocalScopeId, row->dwLocalPort, local);
        format_end(AF_INET6, row->ucRemoteAddr, row->dwRemoteScopeId, listens ? 0 : row->dwRemotePort, remote);
        show(L"TCP", local, remote, row->dwState < 13 ? states[row->dwState] : L"", row->dwOwningPid);
    }
    free(table);
}

static void show_udp(void)
{
    WCHAR local[128];
    MIB_UDPTABLE_OWNER_PID *table = wanted(L"udp") ? get_table(false, AF_INET) : NULL;
    MIB_UDP6TABLE_OWNER_PID *table6 = wanted(L"udpv6") ? get_table(false, AF_INET6) : NULL;

    for (DWORD i = 0; table && i < table->dwNumEntries; i++) {
        format_end(AF_INET, &table->table[i].dwLocalAddr, 0, table->table[i].dwLocalPort, local);
        show(L"UDP", local, L"*:*", L"", table->table[i].dwOwningPid);
    }
    for (DWORD i = 0; table6 && i < table6->dwNumEntries; i++) {
        format_end(AF_INET6, table6->table[i].ucLocalAddr, table6->table[i].dwLocalScopeId,
                   table6->table[i].dwLocalPort, local);
        show(L"UDP", local, L"*:*", L"", table6->table[i].dwOwningPid);
    }
    free(table), free(table6);
}

static int run(int argc, WCHAR **argv)
{
    WSADATA data;

    help_wanted(argc, argv, usage);
    for (int i = 1; i < argc; i++) {
        if ((*argv[i] != '-' && *argv[i] != '/') || !argv[i][1] ||
            wcsspn(argv[i] + 1, L"abnopABNOP") + 1 != wcslen(argv[i])) {
            print(L"\r\n%s", usage);
            return 1;
        }
        for (const WCHAR *p = argv[i] + 1; *p; p++) {
            all |= towlower(*p) == 'a', numeric |= towlower(*p) == 'n', owners |= towlower(*p) == 'o';
            if (towlower(*p) == 'p' && i + 1 < argc)
                protocol = argv[++i], p = L"p";
        }
    }
    WSAStartup(MAKEWORD(2, 2), &data);
    print(L"\r\nActive Connections\r\n\r\n  Proto  Local Address          Foreign Address        State%s\r\n",
          owners ? L"           PID" : L"");
    if (wanted(L"tcp"))
        show_tcp4();
    if (wanted(L"tcpv6"))
        show_tcp6();
    if (all)
        show_udp();
    return 0;
}
