/* Are addresses, names, services and protocols turned into each other as on Windows? link: -lws2_32 -liphlpapi -lntdll
 */
#include <winsock2.h>
#include <ws2tcpip.h>
#include <iphlpapi.h>
#include <ws2spi.h>
#include "check.h"

static void test_inet_addr(void)
{
    static const struct {
        const char *text;
        DWORD value;
    } cases[] = {
        {"127.0.0.1", 0x7f000001},
        {"0.0.0.0", 0},
        {"255.255.255.255", 0xffffffff},
        {"1.2.3.4", 0x01020304},
        {"10.1", 0x0a000001},
        {"10.1.2", 0x0a010002},
        {"10.1.515", 0x0a010203},
        {"16909060", 0x01020304},
        {"0x01020304", 0x01020304},
        {"0x7f.1", 0x7f000001},
        {"010.0.0.1", 0x08000001},
        {"0377.0.0.1", 0xff000001},
        {"1.2.3.256", INADDR_NONE},
        {"256.1.1.1", INADDR_NONE},
        {"1.2.3.4.5", INADDR_NONE},
        {"1.2.3.4x", INADDR_NONE},
        {"x", INADDR_NONE},
        {"1..2", INADDR_NONE},
        {"1.2.3.4 ", 0x01020304},
        {"0x", INADDR_NONE},
        {"-1", INADDR_NONE},
        {"4294967295", 0xffffffff},
        {"4294967296", INADDR_NONE},
        {"1.16777215", 0x01ffffff},
        {"1.16777216", INADDR_NONE},
        {"1.2.65535", 0x0102ffff},
        {"1.2.65536", INADDR_NONE},
    };
    for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++)
        CHECK_EQ(ntohl(inet_addr(cases[i].text)), cases[i].value);
    for (unsigned i = 0; i < 256; i += 5) {
        struct in_addr address = {.s_addr = htonl(i << 24 | (255 - i) << 16 | i)};
        char text[16];
        sprintf(text, "%u.%u.0.%u", i, 255 - i, i);
        CHECK_STR(inet_ntoa(address), text);
        CHECK_EQ(inet_addr(text), address.s_addr);
    }
}

static void test_ipv4(void)
{
    static const struct {
        const char *text;
        int good;
    } cases[] = {
        {"1.2.3.4", 1},   {"255.255.255.255", 1}, {"0.0.0.0", 1},   {"1.2.3", 0},
        {"1.2.3.4 ", 0},  {"1.2.3.4.", 0},        {"1.2.3.", 0},    {"", 0},
        {"256.0.0.1", 0}, {"a.b.c.d", 0},         {"1.2.3.4:5", 0}, {"1", 0},
        {"1.2.3.4/8", 0},
    };
    for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
        unsigned char bytes[4] = {9, 9, 9, 9};
        WCHAR wide[64];
        CHECK_EQ(inet_pton(AF_INET, cases[i].text, bytes), cases[i].good);
        MultiByteToWideChar(CP_ACP, 0, cases[i].text, -1, wide, 64);
        CHECK_EQ(InetPtonW(AF_INET, wide, bytes), cases[i].good);
        if (!cases[i].good)
            continue;
        char text[32];
        CHECK_STR(inet_ntop(AF_INET, bytes, text, sizeof text), cases[i].text);
        CHECK(inet_ntop(AF_INET, bytes, text, strlen(cases[i].text)) == NULL);
        CHECK(InetNtopW(AF_INET, bytes, wide, 64) == wide);
    }
    char byte;
    CHECK_EQ(inet_pton(77, "1.2.3.4", &byte), -1);
    CHECK_EQ(WSAGetLastError(), WSAEAFNOSUPPORT);
    CHECK_EQ(inet_pton(AF_INET, NULL, &byte), -1);
    CHECK_EQ(WSAGetLastError(), WSAEFAULT);
}

static void test_ipv6(void)
{
    static const struct {
        const char *text, *shown; /* NULL: no address */
    } cases[] = {
        {"::", "::"},
        {"::1", "::1"},
        {"1::", "1::"},
        {"2001:db8::1", "2001:db8::1"},
        {"2001:DB8:0:0:0:0:0:1", "2001:db8::1"},
        {"1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"},
        {"fe80::1:2", "fe80::1:2"},
        {"::ffff:1.2.3.4", "::ffff:1.2.3.4"},
        {"::1.2.3.4", "::1.2.3.4"},
        {"1:0:0:2:0:0:0:3", "1:0:0:2::3"},
        {"0001:0002::", "1:2::"},
        {"a:b:c:d:e:f:1.2.3.4", "a:b:c:d:e:f:102:304"},
        {"", NULL},
        {":", NULL},
        {":::", NULL},
        {"1", NULL},
        {"1:2:3:4:5:6:7", NULL},
        {"1:2:3:4:5:6:7:8:9", NULL},
        {"1::2::3", NULL},
        {"12345::", NULL},
        {"g::", NULL},
        {"::1 ", NULL},
        {"[::1]", NULL},
        {"::1.2.3", NULL},
        {"::256.2.3.4", NULL},
    };
    for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
        unsigned char bytes[16] = {0};
        char text[64];
        WCHAR wide[64];
        CHECK_EQ(inet_pton(AF_INET6, cases[i].text, bytes), cases[i].shown != NULL);
        MultiByteToWideChar(CP_ACP, 0, cases[i].text, -1, wide, 64);
        CHECK_EQ(InetPtonW(AF_INET6, wide, bytes), cases[i].shown != NULL);
        if (!cases[i].shown)
            continue;
        CHECK_STR(inet_ntop(AF_INET6, bytes, text, sizeof text), cases[i].shown);
        CHECK(inet_ntop(AF_INET6, bytes, text, strlen(cases[i].shown)) == NULL);
    }
}

static void test_strings(void)
{
    static const struct {
        int family;
        const char *text;
        int error, port;
        const char *shown;
    } cases[] = {
        {AF_INET, "1.2.3.4", 0, 0, "1.2.3.4"},
        {AF_INET, "1.2.3.4:80", 0, 80, "1.2.3.4:80"},
        {AF_INET, "1.2.3.4:65535", 0, 65535, "1.2.3.4:65535"},
        {AF_INET, "1.2.3.4:65536", WSAEINVAL, 0, NULL},
        {AF_INET, "1.2.3.4:", WSAEINVAL, 0, NULL},
        {AF_INET, "1.2.3.4:x", WSAEINVAL, 0, NULL},
        {AF_INET, "", WSAEINVAL, 0, NULL},
        {AF_INET6, "::1", 0, 0, "::1"},
        {AF_INET6, "[::1]:80", 0, 80, "[::1]:80"},
        {AF_INET6, "fe80::1%3", 0, 0, "fe80::1%3"},
        {AF_INET6, "[fe80::1%3]:5", 0, 5, "[fe80::1%3]:5"},
        {AF_INET6, "[::1", WSAEINVAL, 0, NULL},
        {AF_INET6, "::1:70000", WSAEINVAL, 0, NULL},
        {77, "1.2.3.4", WSAEINVAL, 0, NULL},
    };
    for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
        SOCKADDR_STORAGE address;
        int length = sizeof address;
        WCHAR wide[64];
        char text[64];
        DWORD size = sizeof text;
        WSASetLastError(0);
        int result = WSAStringToAddressA((char *)cases[i].text, cases[i].family, NULL, (SOCKADDR *)&address, &length);
        CHECK_EQ(result ? WSAGetLastError() : 0, cases[i].error);
        MultiByteToWideChar(CP_ACP, 0, cases[i].text, -1, wide, 64);
        int wide_length = sizeof address;
        CHECK_EQ(WSAStringToAddressW(wide, cases[i].family, NULL, (SOCKADDR *)&address, &wide_length) != 0,
                 cases[i].error != 0);
        if (cases[i].error)
            continue;
        CHECK_EQ(address.ss_family, cases[i].family);
        CHECK_EQ(ntohs(((SOCKADDR_IN *)&address)->sin_port), cases[i].port);
        CHECK_EQ(length, cases[i].family == AF_INET ? sizeof(SOCKADDR_IN) : sizeof(SOCKADDR_IN6));
        CHECK_EQ(WSAAddressToStringA((SOCKADDR *)&address, length, NULL, text, &size), 0);
        CHECK_STR(text, cases[i].shown);
        CHECK_EQ(size, strlen(cases[i].shown) + 1);
        size = 3;
        CHECK_EQ(WSAAddressToStringA((SOCKADDR *)&address, length, NULL, text, &size), SOCKET_ERROR);
        CHECK_EQ(WSAGetLastError(), WSAEFAULT);
        CHECK_EQ(size, strlen(cases[i].shown) + 1);
        size = 64;
        CHECK_EQ(WSAAddressToStringW((SOCKADDR *)&address, length, NULL, wide, &size), 0);
        CHECK_EQ(size, strlen(cases[i].shown) + 1);
    }
}

static void test_getaddrinfo(void)
{
    static const struct {
        const char *name, *service;
        int flags, family, type, error;
    } cases[] = {
        {"127.0.0.1", "80", AI_NUMERICHOST, 0, SOCK_STREAM, 0},
        {"127.0.0.1", NULL, 0, AF_INET, SOCK_DGRAM, 0},
        {"127.0.0.1", "http", 0, 0, SOCK_STREAM, 0},
        {"::1", "443", AI_NUMERICHOST, AF_INET6, SOCK_STREAM, 0},
        {NULL, "80", AI_PASSIVE, AF_INET, SOCK_STREAM, 0},
        {NULL, "80", 0, AF_INET, SOCK_STREAM, 0},
        {"localhost", "80", 0, AF_INET, SOCK_STREAM, 0},
        {"localhost", NULL, 0, 0, 0, 0},
        {"", NULL, 0, AF_INET, SOCK_STREAM, 0},
        {NULL, NULL, 0, 0, 0, WSAHOST_NOT_FOUND},
        {"no such name", NULL, AI_NUMERICHOST, 0, 0, WSAHOST_NOT_FOUND},
        {"localhost", NULL, AI_NUMERICHOST, 0, 0, WSAHOST_NOT_FOUND},
        {"127.0.0.1", "80", 0, 0, 99, WSAESOCKTNOSUPPORT},
        {"127.0.0.1", "80", 0, 99, 0, WSAEAFNOSUPPORT},
        {"127.0.0.1", "nosuchservice", 0, 0, SOCK_STREAM, WSATYPE_NOT_FOUND},
        {NULL, "80", AI_CANONNAME, 0, 0, WSAEINVAL},
    };
    for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
        ADDRINFOA hints = {.ai_flags = cases[i].flags, .ai_family = cases[i].family, .ai_socktype = cases[i].type};
        ADDRINFOA *list = (ADDRINFOA *)1;
        CHECK_EQ(getaddrinfo(cases[i].name, cases[i].service, &hints, &list), cases[i].error);
        if (cases[i].error) {
            CHECK(list == NULL);
            continue;
        }
        CHECK(list != NULL);
        for (ADDRINFOA *at = list; at; at = at->ai_next) {
            CHECK(at->ai_family == AF_INET || at->ai_family == AF_INET6);
            CHECK(!cases[i].family || at->ai_family == cases[i].family);
            CHECK_EQ(at->ai_socktype, cases[i].type);
            CHECK_EQ(at->ai_addrlen, at->ai_family == AF_INET ? sizeof(SOCKADDR_IN) : sizeof(SOCKADDR_IN6));
            CHECK_EQ(at->ai_addr->sa_family, at->ai_family);
            int port = ntohs(((SOCKADDR_IN *)at->ai_addr)->sin_port);
            CHECK_EQ(port, !cases[i].service ? 0 : !strcmp(cases[i].service, "443") ? 443 : 80);
        }
        freeaddrinfo(list);
    }
    ADDRINFOW *wide = NULL;
    CHECK_EQ(GetAddrInfoW(L"127.0.0.1", L"8080", NULL, &wide), 0);
    CHECK(wide != NULL);
    CHECK_EQ(ntohs(((SOCKADDR_IN *)wide->ai_addr)->sin_port), 8080);
    if (!check_under_wine()) { /* Wine answers once for each type */
        CHECK_EQ(wide->ai_socktype, 0);
        CHECK(wide->ai_next == NULL);
    }
    FreeAddrInfoW(wide);
    ADDRINFOA hints = {.ai_flags = AI_CANONNAME | AI_NUMERICHOST}, *list = NULL;
    CHECK_EQ(getaddrinfo("127.0.0.1", NULL, &hints, &list), 0);
    CHECK_STR(list->ai_canonname, "127.0.0.1");
    freeaddrinfo(list);
    hints.ai_flags = AI_CANONNAME;
    CHECK_EQ(getaddrinfo("localhost", NULL, &hints, &list), 0);
    CHECK_STR(list->ai_canonname, "localhost");
    freeaddrinfo(list);
    struct hostent *host = gethostbyname("localhost");
    CHECK(host != NULL);
    CHECK_STR(host->h_name, "localhost");
    freeaddrinfo(NULL);
}

static void test_getnameinfo(void)
{
    SOCKADDR_IN address = {.sin_family = AF_INET, .sin_port = htons(80)};
    char host[64], service[64];
    WCHAR wide_host[64], wide_service[64];
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    CHECK_EQ(getnameinfo((SOCKADDR *)&address, sizeof address, host, sizeof host, service, sizeof service,
                         NI_NUMERICHOST | NI_NUMERICSERV),
             0);
    CHECK_STR(host, "127.0.0.1");
    CHECK_STR(service, "80");
    CHECK_EQ(getnameinfo((SOCKADDR *)&address, sizeof address, NULL, 0, service, sizeof service, 0), 0);
    CHECK_STR(service, "http");
    CHECK_EQ(GetNameInfoW((SOCKADDR *)&address, sizeof address, wide_host, 64, wide_service, 64,
                          NI_NUMERICHOST | NI_NUMERICSERV),
             0);
    CHECK(!lstrcmpW(wide_host, L"127.0.0.1"));
    CHECK(!lstrcmpW(wide_service, L"80"));
    if (check_under_wine()) /* its host's answers are others */
        return;
    CHECK_EQ(getnameinfo((SOCKADDR *)&address, 4, host, sizeof host, NULL, 0, NI_NUMERICHOST), WSAEFAULT);
    CHECK_EQ(getnameinfo((SOCKADDR *)&address, sizeof address, NULL, 0, NULL, 0, 0), WSAHOST_NOT_FOUND);
    address.sin_family = 77;
    CHECK_EQ(getnameinfo((SOCKADDR *)&address, sizeof address, host, sizeof host, NULL, 0, 0), WSAEAFNOSUPPORT);
}

static void test_database(void)
{
    static const struct {
        const char *name, *protocol;
        int port;
    } services[] = {
        {"http", "tcp", 80},   {"https", "tcp", 443}, {"ftp", "tcp", 21},    {"ssh", "tcp", 22},  {"smtp", "tcp", 25},
        {"domain", "udp", 53}, {"pop3", "tcp", 110},  {"telnet", "tcp", 23}, {"ntp", "udp", 123}, {"ldap", "tcp", 389},
    };
    static const struct {
        const char *name;
        int number;
    } protocols[] = {{"ip", 0}, {"icmp", 1}, {"tcp", 6}, {"udp", 17}, {"ipv6", 41}, {"ipv6-icmp", 58}};
    for (unsigned i = 0; i < sizeof services / sizeof *services; i++) {
        struct servent *entry = getservbyname(services[i].name, services[i].protocol);
        CHECK(entry != NULL);
        if (entry) {
            CHECK_EQ(ntohs(entry->s_port), services[i].port);
            CHECK_STR(entry->s_proto, services[i].protocol);
            CHECK_STR(entry->s_name, services[i].name);
        }
        entry = getservbyport(htons(services[i].port), services[i].protocol);
        CHECK(entry != NULL);
        if (entry)
            CHECK_STR(entry->s_name, services[i].name);
    }
    WSASetLastError(0);
    CHECK(getservbyname("nosuchservice", "tcp") == NULL);
    CHECK_EQ(WSAGetLastError(), WSANO_DATA);
    CHECK(getservbyport(htons(1), "xyz") == NULL);
    for (unsigned i = 0; i < sizeof protocols / sizeof *protocols; i++) {
        struct protoent *entry = getprotobyname(protocols[i].name);
        CHECK(entry != NULL);
        if (entry)
            CHECK_EQ(entry->p_proto, protocols[i].number);
        entry = getprotobynumber(protocols[i].number);
        CHECK(entry != NULL);
        if (entry)
            CHECK_STR(entry->p_name, protocols[i].name);
    }
    CHECK(getprotobyname("nosuch") == NULL);
    CHECK_EQ(WSAGetLastError(), WSANO_DATA);
    CHECK(getprotobynumber(999) == NULL);
    char name[256], again[256];
    WCHAR wide[256];
    CHECK_EQ(gethostname(name, sizeof name), 0);
    CHECK(name[0] != 0);
    CHECK_EQ(gethostname(again, 1), SOCKET_ERROR);
    CHECK_EQ(WSAGetLastError(), WSAEFAULT);
    CHECK_EQ(GetHostNameW(wide, 256), 0);
    WideCharToMultiByte(CP_ACP, 0, wide, -1, again, sizeof again, NULL, NULL);
    CHECK_STR(again, name);
    struct hostent *host = gethostbyname("localhost");
    CHECK(host != NULL);
    if (host) {
        CHECK_EQ(host->h_addrtype, AF_INET);
        CHECK_EQ(host->h_length, 4);
        CHECK_EQ(*(DWORD *)host->h_addr_list[0], htonl(INADDR_LOOPBACK));
    }
    host = gethostbyname("10.20.30.40");
    CHECK(host != NULL && *(DWORD *)host->h_addr_list[0] == htonl(0x0a141e28));
    CHECK(gethostbyname(name) != NULL);
}

static void test_catalogue(void)
{
    WSAPROTOCOL_INFOW list[32];
    WSAPROTOCOL_INFOA narrow[32];
    DWORD size = 0;
    int tcp[] = {IPPROTO_TCP, 0}, error;
    CHECK_EQ(WSAEnumProtocolsW(NULL, NULL, &size), SOCKET_ERROR);
    CHECK_EQ(WSAGetLastError(), WSAENOBUFS);
    CHECK(size >= 4 * sizeof *list && size % sizeof *list == 0);
    size = sizeof list;
    int count = WSAEnumProtocolsW(NULL, list, &size);
    CHECK(count >= 4);
    int found = 0;
    for (int i = 0; i < count; i++) {
        found |= list[i].iAddressFamily == AF_INET && list[i].iProtocol == IPPROTO_TCP ? 1 : 0;
        found |= list[i].iAddressFamily == AF_INET6 && list[i].iProtocol == IPPROTO_UDP ? 2 : 0;
        CHECK_EQ(list[i].ProtocolChain.ChainLen, 1);
        CHECK(list[i].dwServiceFlags1 & XP1_IFS_HANDLES);
        CHECK_EQ(list[i].iVersion, list[i].iVersion);
    }
    CHECK_EQ(found, 3);
    size = sizeof narrow;
    count = WSAEnumProtocolsA(tcp, narrow, &size);
    CHECK_EQ(count, 2);
    CHECK_EQ(narrow[0].iSocketType, SOCK_STREAM);
    CHECK(narrow[0].dwServiceFlags1 & XP1_GUARANTEED_DELIVERY);
    size = sizeof list;
    CHECK(WSCEnumProtocols(NULL, list, &size, &error) >= 4);
    SOCKET s = socket(AF_INET, SOCK_DGRAM, 0);
    int length = sizeof list[0];
    CHECK_EQ(getsockopt(s, SOL_SOCKET, SO_PROTOCOL_INFOW, (char *)list, &length), 0);
    CHECK_EQ(list[0].iSocketType, SOCK_DGRAM);
    CHECK_EQ(list[0].iAddressFamily, AF_INET);
    length = 10;
    CHECK_EQ(getsockopt(s, SOL_SOCKET, SO_PROTOCOL_INFOW, (char *)list, &length), SOCKET_ERROR);
    CHECK_EQ(WSAGetLastError(), WSAEFAULT);
    closesocket(s);
}

static void test_duplicate(void)
{
    WSAPROTOCOL_INFOW info;
    SOCKET s = socket(AF_INET, SOCK_DGRAM, 0);
    struct sockaddr_in address = {.sin_family = AF_INET}, other = {0};
    int length = sizeof address;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    bind(s, (struct sockaddr *)&address, sizeof address);
    getsockname(s, (struct sockaddr *)&address, &length);
    CHECK_EQ(WSADuplicateSocketW(s, GetCurrentProcessId(), &info), 0);
    CHECK_EQ(info.iSocketType, SOCK_DGRAM);
    SOCKET copy = WSASocketW(FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO, &info, 0, 0);
    CHECK(copy != INVALID_SOCKET && copy != s);
    closesocket(s);
    CHECK_EQ(getsockname(copy, (struct sockaddr *)&other, &length), 0);
    CHECK_EQ(other.sin_port, address.sin_port);
    closesocket(copy);
    CHECK_EQ(WSADuplicateSocketW(INVALID_SOCKET, GetCurrentProcessId(), &info), SOCKET_ERROR);
    CHECK_EQ(WSAGetLastError(), WSAENOTSOCK);
}

static void test_adapters(void)
{
    ULONG size = 0;
    CHECK_EQ(GetAdaptersAddresses(AF_UNSPEC, 0, NULL, NULL, &size), ERROR_BUFFER_OVERFLOW);
    CHECK(size >= sizeof(IP_ADAPTER_ADDRESSES));
    IP_ADAPTER_ADDRESSES *list = malloc(size + 4096);
    size += 4096;
    CHECK_EQ(GetAdaptersAddresses(AF_UNSPEC, GAA_FLAG_INCLUDE_PREFIX, NULL, list, &size), 0);
    int loopbacks = 0;
    for (IP_ADAPTER_ADDRESSES *at = list; at; at = at->Next) {
        NET_LUID luid;
        NET_IFINDEX index = 0;
        CHECK(at->IfIndex != 0);
        CHECK(at->AdapterName && at->AdapterName[0] == '{' && strlen(at->AdapterName) == 38);
        CHECK(at->FriendlyName && at->FriendlyName[0]);
        CHECK_EQ(ConvertInterfaceIndexToLuid(at->IfIndex, &luid), 0);
        CHECK_EQ(luid.Value, at->Luid.Value);
        CHECK_EQ(ConvertInterfaceLuidToIndex(&luid, &index), 0);
        CHECK_EQ(index, at->IfIndex);
        if (at->IfType != IF_TYPE_SOFTWARE_LOOPBACK)
            continue;
        loopbacks++;
        BOOL found = FALSE;
        for (IP_ADAPTER_UNICAST_ADDRESS *a = at->FirstUnicastAddress; a; a = a->Next)
            found |= a->Address.lpSockaddr->sa_family == AF_INET &&
                     ((SOCKADDR_IN *)a->Address.lpSockaddr)->sin_addr.s_addr == htonl(INADDR_LOOPBACK);
        CHECK(found);
        for (IP_ADAPTER_MULTICAST_ADDRESS *a = at->FirstMulticastAddress; a; a = a->Next)
            if (a->Address.lpSockaddr->sa_family == AF_INET6)
                CHECK_EQ(((SOCKADDR_IN6 *)a->Address.lpSockaddr)->sin6_addr.s6_addr[0], 0xff);
            else
                CHECK_EQ(*(BYTE *)&((SOCKADDR_IN *)a->Address.lpSockaddr)->sin_addr >> 4, 0xe);
        CHECK(at->FirstMulticastAddress || check_under_wine());
    }
    CHECK_EQ(loopbacks, 1);
    free(list);
    CHECK_EQ(GetAdaptersAddresses(99, 0, NULL, NULL, &size), ERROR_INVALID_PARAMETER);
    DWORD index = 0;
    CHECK_EQ(GetBestInterface(htonl(INADDR_LOOPBACK), &index), 0);
    CHECK(index != 0);
    size = 0;
    CHECK_EQ(GetTcpTable(NULL, &size, FALSE), ERROR_INSUFFICIENT_BUFFER);
    CHECK(size > 0);
}

/* .NET asks each adapter for its name servers. */
static void test_per_adapter(void)
{
    DWORD index = 0, error;
    ULONG size = 0;
    CHECK_EQ(GetBestInterface(htonl(INADDR_LOOPBACK), &index), NO_ERROR);
    CHECK_EQ(GetPerAdapterInfo(index, NULL, &size), ERROR_BUFFER_OVERFLOW);
    CHECK(size >= sizeof(IP_PER_ADAPTER_INFO));
    IP_PER_ADAPTER_INFO *info = calloc(1, size);
    CHECK_EQ(error = GetPerAdapterInfo(index, info, &size), NO_ERROR);
    CHECK_EQ(info->AutoconfigActive, 0);
    for (IP_ADDR_STRING *at = &info->DnsServerList; !error && at; at = at->Next)
        CHECK(strlen(at->IpAddress.String) < sizeof at->IpAddress.String);
    free(info);
}

int main(void)
{
    WSADATA data;
    WSAStartup(MAKEWORD(2, 2), &data);
    test_inet_addr();
    test_ipv4();
    test_ipv6();
    test_strings();
    test_getaddrinfo();
    test_getnameinfo();
    test_database();
    test_catalogue();
    test_duplicate();
    test_adapters();
    test_per_adapter();
    return check_done();
}
