/*
 * ipconfig.c: ipconfig.exe: the addresses of the host's adapters.  Leases are the host's business: /renew and /release
 * are refused.
 */
#include <winsock2.h>
#include <ws2tcpip.h>
#include "wide_main.h"
#include <iphlpapi.h>

static const WCHAR usage[] = L"USAGE:\r\n    ipconfig [/all | /flushdns]\r\n";

/* "   Name . . . . . . . . . . . : value" */
static void show(const WCHAR *name, const WCHAR *value)
{
    WCHAR line[64] = L"   ";

    wcscat(line, name);
    for (size_t i = wcslen(line); i < 37; i++)
        line[i] = i % 2 ? '.' : ' ';
    print(L"%s: %s\r\n", line, value);
}

static void show_address(const WCHAR *name, const SOCKET_ADDRESS *address, const WCHAR *suffix)
{
    WCHAR text[NI_MAXHOST + 16];

    if (GetNameInfoW(address->lpSockaddr, address->iSockaddrLength, text, NI_MAXHOST, NULL, 0, NI_NUMERICHOST))
        return;
    wcscat(text, suffix);
    if (*name)
        show(name, text);
    else
        print(L"%*s%s\r\n", 39, L"", text);
}

static void show_mask(unsigned length)
{
    WCHAR text[32];
    unsigned long mask = length ? 0xffffffffu << (32 - length) : 0;

    _snwprintf(text, 31, L"%lu.%lu.%lu.%lu", mask >> 24, mask >> 16 & 255, mask >> 8 & 255, mask & 255);
    show(L"Subnet Mask", text);
}

static void show_adapter(const IP_ADAPTER_ADDRESSES *adapter, bool whole)
{
    const WCHAR *const kind = adapter->IfType == IF_TYPE_IEEE80211 ? L"Wireless LAN adapter"
                              : adapter->IfType == IF_TYPE_TUNNEL  ? L"Tunnel adapter"
                                                                   : L"Ethernet adapter";
    WCHAR mac[32] = L"";
    bool first = true;

    print(L"\r\n%s %s:\r\n\r\n", kind, adapter->FriendlyName);
    if (adapter->OperStatus != IfOperStatusUp)
        show(L"Media State", L"Media disconnected");
    show(L"Connection-specific DNS Suffix ", adapter->DnsSuffix ? adapter->DnsSuffix : L"");
    if (whole) {
        show(L"Description", adapter->Description);
        for (ULONG i = 0; i < adapter->PhysicalAddressLength && i < 8; i++)
            _snwprintf(mac + wcslen(mac), 4, i ? L"-%02X" : L"%02X", adapter->PhysicalAddress[i]);
        show(L"Physical Address", mac);
        show(L"DHCP Enabled", adapter->Flags & IP_ADAPTER_DHCP_ENABLED ? L"Yes" : L"No");
    }
    for (const IP_ADAPTER_UNICAST_ADDRESS *a = adapter->FirstUnicastAddress; a; a = a->Next) {
        bool v4 = a->Address.lpSockaddr->sa_family == AF_INET;
        bool local = !v4 && IN6_IS_ADDR_LINKLOCAL(&((struct sockaddr_in6 *)a->Address.lpSockaddr)->sin6_addr);
        show_address(v4      ? L"IPv4 Address"
                     : local ? L"Link-local IPv6 Address"
                             : L"IPv6 Address",
                     &a->Address, whole ? L"(Preferred) " : L"");
        if (v4)
            show_mask(a->OnLinkPrefixLength);
    }
    if (adapter->OperStatus != IfOperStatusUp)
        return;
    for (const IP_ADAPTER_GATEWAY_ADDRESS_LH *g = adapter->FirstGatewayAddress; g; g = g->Next, first = false)
        show_address(first ? L"Default Gateway" : L"", &g->Address, L"");
    if (first)
        show(L"Default Gateway", L"");
    first = true;
    for (const IP_ADAPTER_DNS_SERVER_ADDRESS *d = adapter->FirstDnsServerAddress; d && whole;
         d = d->Next, first = false)
        show_address(first ? L"DNS Servers" : L"", &d->Address, L"");
}

static int run(int argc, WCHAR **argv)
{
    bool whole = argc > 1 && is_option(argv[1], L"all");
    ULONG size = 65536, error;
    IP_ADAPTER_ADDRESSES *list = NULL;
    WCHAR host[256] = L"";
    DWORD host_size = 256;
    WSADATA data;

    help_wanted(argc, argv, usage);
    if (argc > 1 && is_option(argv[1], L"flushdns")) { /* no cache of names is kept */
        print(L"\r\nWindows IP Configuration\r\n\r\nSuccessfully flushed the DNS Resolver Cache.\r\n");
        return 0;
    }
    if (argc > 1 && !whole) {
        print(L"\r\nError: unrecognized or unsupported command line: %s\r\n\r\n%s", argv[1], usage);
        return 1;
    }
    WSAStartup(MAKEWORD(2, 2), &data);
    do {
        free(list);
        list = need(size);
        error = GetAdaptersAddresses(AF_UNSPEC, GAA_FLAG_INCLUDE_GATEWAYS, NULL, list, &size);
    } while (error == ERROR_BUFFER_OVERFLOW);
    print(L"\r\nWindows IP Configuration\r\n\r\n");
    if (whole) {
        GetComputerNameExW(ComputerNameDnsHostname, host, &host_size);
        show(L"Host Name", host);
        host_size = 256;
        if (!GetComputerNameExW(ComputerNameDnsDomain, host, &host_size))
            *host = 0;
        show(L"Primary Dns Suffix ", host);
        show(L"Node Type", L"Hybrid");
        show(L"IP Routing Enabled", L"No");
        show(L"WINS Proxy Enabled", L"No");
    }
    for (const IP_ADAPTER_ADDRESSES *adapter = error ? NULL : list; adapter; adapter = adapter->Next)
        if (adapter->IfType != IF_TYPE_SOFTWARE_LOOPBACK)
            show_adapter(adapter, whole);
    free(list);
    return 0;
}
