/*
 * Do name spaces answer: hosts, services and networks by WSALookupService, the catalogue of name spaces; and do
 * WSAConnectByName and WSAConnectByList reach a listener?  Wine answers none of these.  link: -lws2_32
 */
#include <winsock2.h>
#include <mswsock.h>
#include <svcguid.h>
#include <ws2tcpip.h>
#include "check.h"

static GUID class_host = SVCID_INET_HOSTADDRBYNAME, class_own = SVCID_HOSTNAME,
            class_address = SVCID_INET_HOSTADDRBYINETSTRING, class_service = SVCID_INET_SERVICEBYNAME,
            class_a = SVCID_DNS_TYPE_A, class_nla = NLA_SERVICE_CLASS_GUID;

static union {
    WSAQUERYSETW wide;
    WSAQUERYSETA narrow;
    char bytes[8192];
} answer;

static HANDLE begin(const WCHAR *name, GUID *class, DWORD space, DWORD flags)
{
    WSAQUERYSETW query = {.dwSize = sizeof query, .dwNameSpace = space, .lpServiceClassId = class};
    HANDLE handle = NULL;
    query.lpszServiceInstanceName = (LPWSTR)name;
    CHECK_EQ(WSALookupServiceBeginW(&query, flags, &handle), 0);
    CHECK(handle != NULL);
    return handle;
}

static int next(HANDLE handle)
{
    DWORD length = sizeof answer;
    memset(&answer, 0xaa, sizeof answer);
    return WSALookupServiceNextW(handle, 0, &length, &answer.wide) ? WSAGetLastError() : 0;
}

static BOOL inside(const void *at)
{
    return (const char *)at >= answer.bytes && (const char *)at < answer.bytes + sizeof answer;
}

static void test_host(void)
{
    HANDLE handle = begin(L"localhost", &class_host, NS_DNS, LUP_RETURN_NAME | LUP_RETURN_ADDR | LUP_RETURN_BLOB);
    CHECK_EQ(next(handle), 0);
    CHECK_EQ(answer.wide.dwSize, sizeof(WSAQUERYSETW));
    CHECK_EQ(answer.wide.dwNameSpace, NS_DNS);
    CHECK(inside(answer.wide.lpszServiceInstanceName));
    CHECK(answer.wide.lpServiceClassId == NULL);
    CHECK(answer.wide.dwNumberOfCsAddrs >= 1);
    const CSADDR_INFO *info = answer.wide.lpcsaBuffer;
    CHECK(inside(info) && inside(info->RemoteAddr.lpSockaddr) && inside(info->LocalAddr.lpSockaddr));
    const struct sockaddr_in *in = (const struct sockaddr_in *)info->RemoteAddr.lpSockaddr;
    CHECK_EQ(in->sin_family, AF_INET);
    CHECK_EQ(in->sin_addr.s_addr, htonl(INADDR_LOOPBACK));
    CHECK_EQ(info->RemoteAddr.iSockaddrLength, sizeof *in);
    CHECK_EQ(info->iProtocol, IPPROTO_TCP);
    CHECK_EQ(info->iSocketType, SOCK_STREAM);
    CHECK(inside(answer.wide.lpBlob));
    const char *blob = (const char *)answer.wide.lpBlob->pBlobData;
    const HOSTENT *host = (const HOSTENT *)blob;
    CHECK(inside(blob) && inside(blob + answer.wide.lpBlob->cbSize - 1));
    CHECK_EQ(host->h_addrtype, AF_INET);
    CHECK_EQ(host->h_length, 4);
    const char *const *list = (const char *const *)(blob + (ULONG_PTR)host->h_addr_list);
    CHECK(!memcmp(blob + (ULONG_PTR)list[0], "\x7f\0\0\1", 4));
    CHECK_EQ(next(handle), WSA_E_NO_MORE);
    CHECK_EQ(next(handle), WSA_E_NO_MORE);
    CHECK_EQ(WSALookupServiceEnd(handle), 0);

    handle = begin(L"127.0.0.1", &class_a, NS_ALL, LUP_RETURN_ADDR);
    CHECK_EQ(next(handle), 0);
    CHECK(answer.wide.lpszServiceInstanceName == NULL && answer.wide.lpBlob == NULL);
    CHECK_EQ(answer.wide.dwNumberOfCsAddrs, 1);
    CHECK_EQ(WSALookupServiceEnd(handle), 0);

    handle = begin(L"no-such-host.invalid", &class_host, NS_DNS, LUP_RETURN_ADDR);
    CHECK_EQ(next(handle), WSASERVICE_NOT_FOUND);
    CHECK_EQ(WSALookupServiceEnd(handle), 0);
}

/* A list of protocols asks for IPv6 too. */
static void test_families(void)
{
    AFPROTOCOLS protocols[] = {{AF_INET6, IPPROTO_TCP}};
    WSAQUERYSETW query = {.dwSize = sizeof query,
                          .dwNameSpace = NS_DNS,
                          .lpServiceClassId = &class_host,
                          .lpszServiceInstanceName = (LPWSTR)L"::1",
                          .dwNumberOfProtocols = 1,
                          .lpafpProtocols = protocols};
    HANDLE handle = NULL;
    CHECK_EQ(WSALookupServiceBeginW(&query, LUP_RETURN_ALL, &handle), 0);
    CHECK_EQ(next(handle), 0);
    CHECK_EQ(answer.wide.dwNumberOfCsAddrs, 1);
    const struct sockaddr_in6 *in6 = (const void *)answer.wide.lpcsaBuffer->RemoteAddr.lpSockaddr;
    CHECK_EQ(in6->sin6_family, AF_INET6);
    CHECK(IN6_IS_ADDR_LOOPBACK(&in6->sin6_addr));
    CHECK(inside(answer.wide.lpServiceClassId) &&
          !memcmp(answer.wide.lpServiceClassId, &class_host, sizeof class_host));
    CHECK_EQ(WSALookupServiceEnd(handle), 0);
}

/* A buffer that is too small keeps the answer and says how large it must be. */
static void test_small_buffer(void)
{
    HANDLE handle = begin(L"localhost", &class_host, NS_DNS, LUP_RETURN_ALL);
    DWORD length = 0, needed;
    CHECK_EQ(WSALookupServiceNextW(handle, 0, &length, NULL), SOCKET_ERROR);
    CHECK_EQ(WSAGetLastError(), WSAEFAULT);
    CHECK(length > sizeof(WSAQUERYSETW));
    needed = length--;
    CHECK_EQ(WSALookupServiceNextW(handle, 0, &length, &answer.wide), SOCKET_ERROR);
    CHECK_EQ(WSAGetLastError(), WSAEFAULT);
    CHECK_EQ(length, needed);
    CHECK_EQ(WSALookupServiceNextW(handle, 0, &length, &answer.wide), 0);
    CHECK_EQ(WSALookupServiceEnd(handle), 0);
}

static void test_others(void)
{
    char own[256];
    WSAQUERYSETA query = {.dwSize = sizeof query, .dwNameSpace = NS_DNS, .lpServiceClassId = &class_own};
    HANDLE handle = NULL;
    DWORD length = sizeof answer;
    gethostname(own, sizeof own);
    CHECK_EQ(WSALookupServiceBeginA(&query, LUP_RETURN_NAME, &handle), 0);
    CHECK_EQ(WSALookupServiceNextA(handle, 0, &length, &answer.narrow), 0);
    CHECK_STR(answer.narrow.lpszServiceInstanceName, own);
    CHECK_EQ(WSALookupServiceEnd(handle), 0);

    handle = begin(L"127.0.0.1", &class_address, NS_DNS, LUP_RETURN_NAME | LUP_RETURN_ADDR);
    CHECK_EQ(next(handle), 0);
    CHECK(inside(answer.wide.lpszServiceInstanceName));
    CHECK_EQ(WSALookupServiceEnd(handle), 0);
    handle = begin(L"not an address", &class_address, NS_DNS, LUP_RETURN_NAME);
    CHECK_EQ(next(handle), WSASERVICE_NOT_FOUND);
    CHECK_EQ(WSALookupServiceEnd(handle), 0);

    handle = begin(L"https/tcp", &class_service, NS_DNS, LUP_RETURN_NAME | LUP_RETURN_ADDR | LUP_RETURN_BLOB);
    CHECK_EQ(next(handle), 0);
    CHECK(!lstrcmpW(answer.wide.lpszServiceInstanceName, L"https"));
    CHECK_EQ(((struct sockaddr_in *)answer.wide.lpcsaBuffer->RemoteAddr.lpSockaddr)->sin_port, htons(443));
    const SERVENT *service = (const SERVENT *)answer.wide.lpBlob->pBlobData;
    CHECK_EQ((u_short)service->s_port, htons(443));
    CHECK_STR((const char *)service + (ULONG_PTR)service->s_proto, "tcp");
    CHECK_EQ(WSALookupServiceEnd(handle), 0);
}

/* However many networks there are: each has an adapter, and the list ends. */
static void test_networks(void)
{
    HANDLE handle = begin(NULL, &class_nla, NS_ALL, LUP_RETURN_ALL);
    int error, count = 0;
    while (!(error = next(handle)) && count++ < 100) {
        CHECK_EQ(answer.wide.dwNameSpace, NS_NLA);
        CHECK(inside(answer.wide.lpszServiceInstanceName) && *answer.wide.lpszServiceInstanceName);
        CHECK(inside(answer.wide.lpBlob));
        const NLA_BLOB *blob = (const NLA_BLOB *)answer.wide.lpBlob->pBlobData;
        CHECK_EQ(blob->header.type, NLA_INTERFACE);
        CHECK_EQ(blob->data.interfaceData.adapterName[0], '{');
        CHECK(blob->header.nextOffset >= blob->header.dwSize);
        blob = (const NLA_BLOB *)((const char *)blob + blob->header.nextOffset);
        CHECK_EQ(blob->header.type, NLA_CONNECTIVITY);
        CHECK_EQ(blob->header.nextOffset, 0);
    }
    CHECK_EQ(error, WSA_E_NO_MORE);
    CHECK_EQ(WSALookupServiceEnd(handle), 0);
}

static void test_misuse(void)
{
    WSAQUERYSETW query = {.dwSize = sizeof query, .dwNameSpace = NS_DNS};
    HANDLE handle;
    DWORD length = sizeof answer;
    CHECK_EQ(WSALookupServiceBeginW(NULL, 0, &handle), SOCKET_ERROR);
    CHECK_EQ(WSAGetLastError(), WSAEFAULT);
    CHECK_EQ(WSALookupServiceBeginW(&query, 0, &handle), SOCKET_ERROR);
    CHECK_EQ(WSAGetLastError(), WSAEINVAL);
    query.lpServiceClassId = &class_host;
    query.dwNameSpace = NS_NTDS;
    CHECK_EQ(WSALookupServiceBeginW(&query, 0, &handle), SOCKET_ERROR);
    CHECK_EQ(WSAGetLastError(), WSASERVICE_NOT_FOUND);
    CHECK_EQ(WSALookupServiceNextW(NULL, 0, &length, &answer.wide), SOCKET_ERROR);
    CHECK_EQ(WSAGetLastError(), WSA_INVALID_HANDLE);
    CHECK_EQ(WSALookupServiceEnd(NULL), SOCKET_ERROR);
    CHECK_EQ(WSAGetLastError(), WSA_INVALID_HANDLE);
}

static void test_catalogue(void)
{
    WSANAMESPACE_INFOA *rows = (WSANAMESPACE_INFOA *)answer.bytes;
    DWORD length = 0;
    BOOL dns = FALSE;
    CHECK_EQ(WSAEnumNameSpaceProvidersA(&length, NULL), SOCKET_ERROR);
    CHECK_EQ(WSAGetLastError(), WSAEFAULT);
    CHECK(length > 0 && length <= sizeof answer);
    int count = WSAEnumNameSpaceProvidersA(&length, rows);
    CHECK(count >= 1);
    for (int i = 0; i < count; i++) {
        CHECK(rows[i].fActive && inside(rows[i].lpszIdentifier) && *rows[i].lpszIdentifier);
        dns |= rows[i].dwNameSpace == NS_DNS;
    }
    CHECK(dns);
}

static SOCKET listener(int *port)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    int length = sizeof address;
    SOCKET s = socket(AF_INET, SOCK_STREAM, 0);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    CHECK_EQ(bind(s, (struct sockaddr *)&address, sizeof address), 0);
    CHECK_EQ(listen(s, 5), 0);
    getsockname(s, (struct sockaddr *)&address, &length);
    *port = ntohs(address.sin_port);
    return s;
}

static void test_connect(void)
{
    int port, off = 0;
    WCHAR service[16];
    SOCKET server = listener(&port), client = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_storage local, remote;
    DWORD local_length = sizeof local, remote_length = sizeof remote;
    TIMEVAL timeout = {2, 0};
    wsprintfW(service, L"%d", port);
    CHECK(WSAConnectByNameW(client, (LPWSTR)L"127.0.0.1", service, &local_length, (SOCKADDR *)&local, &remote_length,
                            (SOCKADDR *)&remote, &timeout, NULL));
    CHECK_EQ(local_length, sizeof(struct sockaddr_in));
    CHECK_EQ(((struct sockaddr_in *)&remote)->sin_port, htons(port));
    closesocket(client);

    /* The first address refuses; a socket of IPv6 takes IPv4's when it may. */
    struct sockaddr_in6 nobody = {.sin6_family = AF_INET6, .sin6_port = htons(1), .sin6_addr = in6addr_loopback};
    struct sockaddr_in somebody = {.sin_family = AF_INET, .sin_port = htons(port)};
    union {
        SOCKET_ADDRESS_LIST list;
        char room[sizeof(SOCKET_ADDRESS_LIST) + sizeof(SOCKET_ADDRESS)];
    } list = {.list = {.iAddressCount = 2}};
    somebody.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    list.list.Address[0] = (SOCKET_ADDRESS){(SOCKADDR *)&nobody, sizeof nobody};
    (&list.list.Address[0])[1] = (SOCKET_ADDRESS){(SOCKADDR *)&somebody, sizeof somebody};
    client = socket(AF_INET6, SOCK_STREAM, 0);
    if (client == INVALID_SOCKET)
        client = socket(AF_INET, SOCK_STREAM, 0);
    else
        CHECK_EQ(setsockopt(client, IPPROTO_IPV6, IPV6_V6ONLY, (char *)&off, sizeof off), 0);
    CHECK(WSAConnectByList(client, &list.list, NULL, NULL, NULL, NULL, &timeout, NULL));
    CHECK_EQ(send(client, "x", 1, 0), 1);
    closesocket(client);
    closesocket(server);

    client = socket(AF_INET, SOCK_STREAM, 0);
    CHECK(!WSAConnectByNameW(client, (LPWSTR)L"no-such-host.invalid", service, NULL, NULL, NULL, NULL, NULL, NULL));
    CHECK_EQ(WSAGetLastError(), WSAHOST_NOT_FOUND);
    CHECK(!WSAConnectByNameW(client, NULL, service, NULL, NULL, NULL, NULL, NULL, NULL));
    CHECK_EQ(WSAGetLastError(), WSAEINVAL);
    closesocket(client);
}

static void test_hooks(void)
{
    CHECK(WSASetBlockingHook((FARPROC)test_connect) == NULL);
    CHECK_EQ(WSAGetLastError(), WSAEOPNOTSUPP);
    CHECK_EQ(WSAUnhookBlockingHook(), SOCKET_ERROR);
    CHECK_EQ(WSAGetLastError(), WSAEOPNOTSUPP);
}

int main(void)
{
    WSADATA data;
    HANDLE handle;
    WSAQUERYSETW query = {.dwSize = sizeof query, .dwNameSpace = NS_DNS, .lpServiceClassId = &class_host};
    CHECK_EQ(WSALookupServiceBeginW(&query, 0, &handle), SOCKET_ERROR);
    CHECK_EQ(WSAGetLastError(), WSANOTINITIALISED);
    WSAStartup(MAKEWORD(2, 2), &data);
    test_host();
    test_families();
    test_small_buffer();
    test_others();
    test_networks();
    test_misuse();
    test_catalogue();
    test_connect();
    test_hooks();
    return check_done();
}
