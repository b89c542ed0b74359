/*
 * Whose is a connection, what does an ICMP error say, what does the network reach; and are changes of the host's
 * network refused?
 * link: -liphlpapi -lws2_32
 */
#include <winsock2.h>
#include <ws2tcpip.h>
#include <iphlpapi.h>
#include <icmpapi.h>
#include "check.h"

typedef struct {
    int level, cost;
    BOOLEAN near_limit, over_limit, roaming;
} hint;

static void test_owner(void)
{
    WSADATA start;
    struct sockaddr_in name = {.sin_family = AF_INET};
    int length = sizeof name;
    char room[4096];
    const DWORD table_size = 8 << 20; /* a busy host has many */
    MIB_TCPTABLE_OWNER_MODULE *table = malloc(table_size);
    MIB_TCPROW_OWNER_MODULE *mine = NULL;
    DWORD size = table_size, less;
    WCHAR path[MAX_PATH];
    WSAStartup(MAKEWORD(2, 2), &start);
    SOCKET s = socket(AF_INET, SOCK_STREAM, 0);
    name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    CHECK_EQ(bind(s, (struct sockaddr *)&name, sizeof name), 0);
    listen(s, 1);
    getsockname(s, (struct sockaddr *)&name, &length);
    CHECK_EQ(GetExtendedTcpTable(table, &size, FALSE, AF_INET, TCP_TABLE_OWNER_MODULE_ALL, 0), 0);
    for (DWORD i = 0; i < table->dwNumEntries; i++)
        if ((USHORT)table->table[i].dwLocalPort == name.sin_port)
            mine = &table->table[i];
    CHECK(mine != NULL);
    if (!mine)
        return;
    CHECK_EQ(mine->dwOwningPid, GetCurrentProcessId());
    size = 0;
    CHECK_EQ(GetOwnerModuleFromTcpEntry(mine, TCPIP_OWNER_MODULE_INFO_BASIC, NULL, &size), ERROR_INSUFFICIENT_BUFFER);
    CHECK(size > 20 && size < sizeof room);
    less = size - 1;
    CHECK_EQ(GetOwnerModuleFromTcpEntry(mine, TCPIP_OWNER_MODULE_INFO_BASIC, room, &less), ERROR_INSUFFICIENT_BUFFER);
    CHECK_EQ(less, size);
    CHECK_EQ(GetOwnerModuleFromTcpEntry(mine, TCPIP_OWNER_MODULE_INFO_BASIC, room, &size), 0);
    TCPIP_OWNER_MODULE_BASIC_INFO *info = (void *)room;
    GetModuleFileNameW(NULL, path, MAX_PATH);
    CHECK(!_wcsicmp(info->pModulePath, path));
    CHECK(!_wcsicmp(info->pModuleName, wcsrchr(path, '\\') + 1));
    CHECK((char *)info->pModulePath > room && (char *)info->pModulePath < room + size);
    MIB_TCPROW_OWNER_MODULE nobody = *mine;
    nobody.dwOwningPid = 0x7ffffffc;
    CHECK_EQ(GetOwnerModuleFromTcpEntry(&nobody, TCPIP_OWNER_MODULE_INFO_BASIC, room, &size), ERROR_NOT_FOUND);
    CHECK_EQ(GetOwnerModuleFromTcpEntry(NULL, TCPIP_OWNER_MODULE_INFO_BASIC, room, &size), ERROR_INVALID_PARAMETER);
    closesocket(s);
    free(table);
}

static void test_errors(void)
{
    DWORD(WINAPI * text)
    (IP_STATUS, PWSTR, PDWORD) = (void *)GetProcAddress(GetModuleHandleA("iphlpapi.dll"), "GetIpErrorString");
    static const ULONG known[] = {
        IP_SUCCESS,       IP_BUF_TOO_SMALL,       IP_DEST_NET_UNREACHABLE, IP_DEST_HOST_UNREACHABLE,
        IP_REQ_TIMED_OUT, IP_TTL_EXPIRED_TRANSIT, IP_GENERAL_FAILURE};
    WCHAR room[128];
    CHECK(text != NULL);
    for (unsigned i = 0; i < sizeof known / sizeof *known; i++) {
        DWORD size = 0;
        CHECK_EQ(text(known[i], NULL, &size), ERROR_INSUFFICIENT_BUFFER);
        CHECK(size > 5 && size < 128);
        CHECK_EQ(text(known[i], room, &size), 0);
        CHECK_EQ(room[size - 1], 0);
        CHECK_EQ(wcslen(room), size - 1);
    }
    DWORD size = 128;
    CHECK_EQ(text(IP_REQ_TIMED_OUT, room, &size), 0);
    CHECK(!wcscmp(room, L"Request timed out."));
    size = 128;
    CHECK_EQ(text(12345, room, &size), ERROR_INVALID_PARAMETER);
}

static void test_hint(void)
{
    HMODULE dll = GetModuleHandleA("iphlpapi.dll");
    DWORD(WINAPI * all)(hint *) = (void *)GetProcAddress(dll, "GetNetworkConnectivityHint");
    DWORD(WINAPI * one)(ULONG, hint *) = (void *)GetProcAddress(dll, "GetNetworkConnectivityHintForInterface");
    hint h = {-1, -1}, g;
    DWORD best;
    CHECK(all && one);
    CHECK_EQ(all(&h), 0);
    CHECK(h.level >= 1 && h.level <= 3);
    CHECK(h.cost >= 0 && h.cost <= 3);
    CHECK_EQ(all(NULL), ERROR_INVALID_PARAMETER);
    CHECK_EQ(one(0x7fffffff, &g), ERROR_NOT_FOUND);
    if (!GetBestInterface(0x01010101, &best)) {
        CHECK_EQ(h.level, 3);
        CHECK_EQ(one(best, &g), 0);
        CHECK_EQ(g.level, 3);
    }
}

static void test_changes(void)
{
    MIB_IPFORWARDROW route = {.dwForwardDest = 0x0100000a, .dwForwardMask = 0xffffffff, .dwForwardIfIndex = 1};
    ULONG context, instance;
    CHECK_EQ(CreateIpForwardEntry(&route), ERROR_ACCESS_DENIED);
    CHECK_EQ(DeleteIpForwardEntry(&route), ERROR_ACCESS_DENIED);
    CHECK_EQ(AddIPAddress(0x0100000a, 0xffffff, 1, &context, &instance), ERROR_ACCESS_DENIED);
    CHECK_EQ(FlushIpNetTable(1), ERROR_ACCESS_DENIED);
}

int main(void)
{
    if (check_under_wine()) /* it has some of them alone */
        return check_done();
    test_owner();
    test_errors();
    test_hint();
    test_changes();
    return check_done();
}
