/* Do sockets open, bind, connect, transfer, shut down and close as on Windows, with Windows' errors? link: -lws2_32 */
#include <winsock2.h>
#include <ws2tcpip.h>
#include "check.h"

#define CHECK_WSA(call, error)                                                                                         \
    do {                                                                                                               \
        WSASetLastError(0);                                                                                            \
        CHECK_EQ((call), SOCKET_ERROR);                                                                                \
        CHECK_EQ(WSAGetLastError(), (error));                                                                          \
    } while (0)

static struct sockaddr_in loopback(int port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

static SOCKET listener(int *port)
{
    SOCKET s = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
    struct sockaddr_in address = loopback(0);
    int length = sizeof address;
    CHECK(s != INVALID_SOCKET);
    CHECK_EQ(bind(s, (struct sockaddr *)&address, sizeof address), 0);
    CHECK_EQ(listen(s, 5), 0);
    CHECK_EQ(getsockname(s, (struct sockaddr *)&address, &length), 0);
    CHECK_EQ(length, sizeof address);
    *port = ntohs(address.sin_port);
    return s;
}

static void pair(SOCKET *client, SOCKET *server)
{
    int port;
    SOCKET l = listener(&port);
    struct sockaddr_in address = loopback(port);
    *client = socket(AF_INET, SOCK_STREAM, 0);
    CHECK_EQ(connect(*client, (struct sockaddr *)&address, sizeof address), 0);
    *server = accept(l, NULL, NULL);
    CHECK(*server != INVALID_SOCKET);
    closesocket(l);
}

static void test_startup(void)
{
    static const struct {
        WORD wanted, version;
        int result;
    } cases[] = {
        {MAKEWORD(0, 0), 0, WSAVERNOTSUPPORTED}, {MAKEWORD(0, 9), 0, WSAVERNOTSUPPORTED},
        {MAKEWORD(1, 0), MAKEWORD(1, 0), 0},     {MAKEWORD(1, 1), MAKEWORD(1, 1), 0},
        {MAKEWORD(1, 2), MAKEWORD(1, 1), 0},     {MAKEWORD(2, 0), MAKEWORD(2, 0), 0},
        {MAKEWORD(2, 1), MAKEWORD(2, 1), 0},     {MAKEWORD(2, 2), MAKEWORD(2, 2), 0},
        {MAKEWORD(2, 3), MAKEWORD(2, 2), 0},     {MAKEWORD(3, 0), MAKEWORD(2, 2), 0},
    };
    WSADATA data;
    CHECK_EQ(socket(AF_INET, SOCK_STREAM, 0), INVALID_SOCKET);
    CHECK_EQ(WSAGetLastError(), WSANOTINITIALISED);
    CHECK_WSA(WSACleanup(), WSANOTINITIALISED);
    for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
        memset(&data, 0xcc, sizeof data);
        CHECK_EQ(WSAStartup(cases[i].wanted, &data), cases[i].result);
        if (cases[i].result)
            continue;
        CHECK_EQ(data.wVersion, cases[i].version);
        CHECK_EQ(data.wHighVersion, MAKEWORD(2, 2));
        CHECK_EQ(WSACleanup(), 0);
    }
    CHECK_EQ(WSAStartup(MAKEWORD(2, 2), &data), 0);
}

static void test_create(void)
{
    static const struct {
        int family, type, protocol, error;
    } cases[] = {
        {AF_INET, SOCK_STREAM, 0, 0},
        {AF_INET, SOCK_STREAM, IPPROTO_TCP, 0},
        {AF_INET, SOCK_DGRAM, 0, 0},
        {AF_INET, SOCK_DGRAM, IPPROTO_UDP, 0},
        {AF_INET6, SOCK_STREAM, 0, 0},
        {AF_INET6, SOCK_DGRAM, IPPROTO_UDP, 0},
        {AF_INET, 0, IPPROTO_TCP, 0},
        {AF_INET, 0, IPPROTO_UDP, 0},
        {AF_INET, SOCK_STREAM, IPPROTO_UDP, WSAEPROTONOSUPPORT},
        {AF_INET, SOCK_DGRAM, IPPROTO_TCP, WSAEPROTONOSUPPORT},
        {AF_INET, 55, 0, WSAESOCKTNOSUPPORT},
        {77, SOCK_STREAM, 0, WSAEAFNOSUPPORT},
        {-1, SOCK_STREAM, 0, WSAEAFNOSUPPORT},
    };
    for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
        WSASetLastError(0);
        SOCKET s = socket(cases[i].family, cases[i].type, cases[i].protocol);
        CHECK_EQ(s == INVALID_SOCKET ? WSAGetLastError() : 0, cases[i].error);
        if (s == INVALID_SOCKET)
            continue;
        CHECK_EQ((s & 3), 0);
        CHECK_EQ(GetFileType((HANDLE)s), FILE_TYPE_PIPE);
        DWORD flags = 0;
        CHECK(GetHandleInformation((HANDLE)s, &flags));
        CHECK_EQ(flags & HANDLE_FLAG_INHERIT, HANDLE_FLAG_INHERIT);
        CHECK_EQ(closesocket(s), 0);
        CHECK_WSA(closesocket(s), WSAENOTSOCK);
    }
    SOCKET s = WSASocketW(AF_INET, SOCK_STREAM, 0, NULL, 0, WSA_FLAG_OVERLAPPED | WSA_FLAG_NO_HANDLE_INHERIT);
    DWORD flags = 1;
    CHECK(GetHandleInformation((HANDLE)s, &flags));
    CHECK_EQ(flags & HANDLE_FLAG_INHERIT, 0);
    CHECK(CloseHandle((HANDLE)s));
    if (!check_under_wine()) /* its Winsock keeps a list of its own */
        CHECK_WSA(closesocket(s), WSAENOTSOCK);
    s = WSASocketA(AF_INET6, SOCK_DGRAM, IPPROTO_UDP, NULL, 0, 0);
    CHECK(s != INVALID_SOCKET);
    CHECK_EQ(closesocket(s), 0);
}

/* Every call on something that is no socket. */
static void test_not_socket(SOCKET s)
{
    char buffer[8] = {0};
    struct sockaddr_in address = loopback(1);
    int length = sizeof address, value = 0;
    u_long argument = 0;
    WSABUF piece = {sizeof buffer, buffer};
    DWORD done, flags = 0;
    CHECK_WSA(bind(s, (struct sockaddr *)&address, sizeof address), WSAENOTSOCK);
    CHECK_WSA(connect(s, (struct sockaddr *)&address, sizeof address), WSAENOTSOCK);
    CHECK_WSA(listen(s, 1), WSAENOTSOCK);
    CHECK_EQ(accept(s, NULL, NULL), INVALID_SOCKET);
    CHECK_EQ(WSAGetLastError(), WSAENOTSOCK);
    CHECK_WSA(send(s, buffer, 1, 0), WSAENOTSOCK);
    CHECK_WSA(recv(s, buffer, 1, 0), WSAENOTSOCK);
    CHECK_WSA(sendto(s, buffer, 1, 0, (struct sockaddr *)&address, sizeof address), WSAENOTSOCK);
    CHECK_WSA(recvfrom(s, buffer, 1, 0, (struct sockaddr *)&address, &length), WSAENOTSOCK);
    CHECK_WSA(WSASend(s, &piece, 1, &done, 0, NULL, NULL), WSAENOTSOCK);
    CHECK_WSA(WSARecv(s, &piece, 1, &done, &flags, NULL, NULL), WSAENOTSOCK);
    CHECK_WSA(shutdown(s, SD_BOTH), WSAENOTSOCK);
    CHECK_WSA(getsockname(s, (struct sockaddr *)&address, &length), WSAENOTSOCK);
    CHECK_WSA(getpeername(s, (struct sockaddr *)&address, &length), WSAENOTSOCK);
    CHECK_WSA(ioctlsocket(s, FIONBIO, &argument), WSAENOTSOCK);
    length = sizeof value;
    CHECK_WSA(getsockopt(s, SOL_SOCKET, SO_TYPE, (char *)&value, &length), WSAENOTSOCK);
    CHECK_WSA(setsockopt(s, SOL_SOCKET, SO_KEEPALIVE, (char *)&value, sizeof value), WSAENOTSOCK);
    CHECK_WSA(WSAEventSelect(s, NULL, 0), WSAENOTSOCK);
    CHECK_WSA(WSAIoctl(s, FIONREAD, NULL, 0, &argument, sizeof argument, &done, NULL, NULL), WSAENOTSOCK);
    CHECK_WSA(closesocket(s), WSAENOTSOCK);
}

static void test_names(void)
{
    struct sockaddr_in address = loopback(0), other;
    int length = sizeof other;
    SOCKET s = socket(AF_INET, SOCK_STREAM, 0);
    CHECK_WSA(getsockname(s, (struct sockaddr *)&other, &length), WSAEINVAL);
    CHECK_WSA(getpeername(s, (struct sockaddr *)&other, &length), WSAENOTCONN);
    CHECK_WSA(bind(s, NULL, 0), WSAEFAULT);
    CHECK_WSA(bind(s, (struct sockaddr *)&address, 3), WSAEFAULT);
    address.sin_family = AF_INET6;
    CHECK(bind(s, (struct sockaddr *)&address, sizeof address) != 0);
    address = loopback(0);
    CHECK_EQ(bind(s, (struct sockaddr *)&address, sizeof address), 0);
    CHECK_WSA(bind(s, (struct sockaddr *)&address, sizeof address), WSAEINVAL);
    length = 3;
    CHECK_WSA(getsockname(s, (struct sockaddr *)&other, &length), WSAEFAULT);
    length = 100;
    memset(&other, 0xcc, sizeof other);
    CHECK_EQ(getsockname(s, (struct sockaddr *)&other, &length), 0);
    CHECK_EQ(length, sizeof other);
    CHECK_EQ(other.sin_family, AF_INET);
    CHECK_EQ(other.sin_addr.s_addr, htonl(INADDR_LOOPBACK));
    CHECK(other.sin_port != 0);
    SOCKET second = socket(AF_INET, SOCK_STREAM, 0);
    CHECK_WSA(bind(second, (struct sockaddr *)&other, sizeof other), WSAEADDRINUSE);
    other.sin_addr.s_addr = inet_addr("203.0.113.77");
    CHECK_WSA(bind(second, (struct sockaddr *)&other, sizeof other), WSAEADDRNOTAVAIL);
    CHECK_WSA(listen(second, 1), WSAEINVAL);
    closesocket(second);
    closesocket(s);
}

static void test_connect_errors(void)
{
    struct sockaddr_in address;
    int port;
    SOCKET l = listener(&port), s = socket(AF_INET, SOCK_STREAM, 0), other;
    char byte;
    CHECK_WSA(send(s, "x", 1, 0), WSAENOTCONN);
    CHECK_WSA(recv(s, &byte, 1, 0), WSAENOTCONN);
    CHECK_WSA(shutdown(s, SD_SEND), WSAENOTCONN);
    CHECK_EQ(accept(s, NULL, NULL), INVALID_SOCKET);
    CHECK_EQ(WSAGetLastError(), WSAEINVAL);
    address = loopback(port);
    if (!check_under_wine()) { /* it connects somewhere */
        CHECK_WSA(connect(s, NULL, 0), WSAEFAULT);
        CHECK_WSA(connect(s, (struct sockaddr *)&address, 5), WSAEFAULT);
        address.sin_family = AF_INET6;
        CHECK_WSA(connect(s, (struct sockaddr *)&address, sizeof address), WSAEAFNOSUPPORT);
    }
    address = loopback(port);
    CHECK_EQ(connect(s, (struct sockaddr *)&address, sizeof address), 0);
    CHECK_WSA(connect(s, (struct sockaddr *)&address, sizeof address), WSAEISCONN);
    if (!check_under_wine())
        CHECK_WSA(listen(s, 1), WSAEISCONN);
    CHECK_WSA(recv(l, &byte, 1, 0), WSAENOTCONN);
    CHECK_WSA(send(l, "x", 1, 0), WSAENOTCONN);
    other = accept(l, (struct sockaddr *)&address, NULL);
    CHECK(other != INVALID_SOCKET);
    closesocket(other);
    closesocket(s);
    closesocket(l);
    s = socket(AF_INET, SOCK_STREAM, 0);
    address = loopback(port);
    CHECK_WSA(connect(s, (struct sockaddr *)&address, sizeof address), WSAECONNREFUSED);
    address.sin_port = 0;
    CHECK_WSA(connect(s, (struct sockaddr *)&address, sizeof address), WSAEADDRNOTAVAIL);
    closesocket(s);
}

static void test_transfer(void)
{
    SOCKET a, b;
    char buffer[64];
    u_long count;
    struct sockaddr_in address, mine;
    int length = sizeof address;
    pair(&a, &b);
    CHECK_EQ(getpeername(a, (struct sockaddr *)&address, &length), 0);
    CHECK_EQ(getsockname(b, (struct sockaddr *)&mine, &length), 0);
    CHECK_EQ(address.sin_port, mine.sin_port);
    CHECK_EQ(send(a, "hello", 5, 0), 5);
    CHECK_EQ(recv(b, buffer, 3, MSG_PEEK), 3);
    CHECK(!memcmp(buffer, "hel", 3));
    CHECK_EQ(ioctlsocket(b, FIONREAD, &count), 0);
    CHECK_EQ(count, 5);
    CHECK_EQ(recv(b, buffer, sizeof buffer, 0), 5);
    CHECK(!memcmp(buffer, "hello", 5));
    CHECK_EQ(ioctlsocket(b, FIONREAD, &count), 0);
    CHECK_EQ(count, 0);
    CHECK_EQ(send(b, "", 0, 0), 0);
    CHECK_WSA(send(b, "x", 1, 0x4000), WSAEOPNOTSUPP);
    /* Gathered and scattered. */
    WSABUF out[6] = {{1, "a"}, {2, "bc"}, {0, NULL}, {3, "def"}, {1, "g"}, {1, "h"}};
    char in1[2], in2[20];
    WSABUF in[2] = {{2, in1}, {20, in2}};
    DWORD done = 99, flags = 0;
    CHECK_EQ(WSASend(a, out, 6, &done, 0, NULL, NULL), 0);
    CHECK_EQ(done, 8);
    CHECK_EQ(recv(b, buffer, 1, MSG_PEEK), 1);
    CHECK_EQ(WSARecv(b, in, 2, &done, &flags, NULL, NULL), 0);
    CHECK_EQ(done, 8);
    CHECK_EQ(flags, 0);
    CHECK(!memcmp(in1, "ab", 2) && !memcmp(in2, "cdefgh", 6));
    /* All of it, however it comes. */
    CHECK_EQ(send(a, "123", 3, 0), 3);
    CHECK_EQ(send(a, "456", 3, 0), 3);
    CHECK_EQ(recv(b, buffer, 6, MSG_WAITALL), 6);
    CHECK(!memcmp(buffer, "123456", 6));
    /* As files. */
    CHECK(WriteFile((HANDLE)a, "file", 4, &done, NULL) || GetLastError() == ERROR_INVALID_PARAMETER);
    OVERLAPPED overlapped = {.hEvent = CreateEventA(NULL, TRUE, FALSE, NULL)};
    CHECK(WriteFile((HANDLE)a, "file", 4, NULL, &overlapped) || GetLastError() == ERROR_IO_PENDING);
    CHECK(GetOverlappedResult((HANDLE)a, &overlapped, &done, TRUE));
    CHECK_EQ(done, 4);
    BOOL read = ReadFile((HANDLE)b, buffer, 4, NULL, &overlapped);
    CHECK(read || GetLastError() == ERROR_IO_PENDING);
    CHECK(GetOverlappedResult((HANDLE)b, &overlapped, &done, TRUE));
    CHECK_EQ(done, 4);
    CHECK(!memcmp(buffer, "file", 4));
    CloseHandle(overlapped.hEvent);
    closesocket(a);
    closesocket(b);
}

static void test_shutdown(void)
{
    SOCKET a, b;
    char buffer[16];
    pair(&a, &b);
    CHECK_WSA(shutdown(a, 3), WSAEINVAL);
    CHECK_WSA(shutdown(a, -1), WSAEINVAL);
    CHECK_EQ(send(a, "last", 4, 0), 4);
    CHECK_EQ(shutdown(a, SD_SEND), 0);
    CHECK_WSA(send(a, "x", 1, 0), WSAESHUTDOWN);
    CHECK_EQ(recv(b, buffer, sizeof buffer, 0), 4);
    CHECK_EQ(recv(b, buffer, sizeof buffer, 0), 0);
    CHECK_EQ(recv(b, buffer, sizeof buffer, 0), 0);
    CHECK_EQ(send(b, "back", 4, 0), 4);
    CHECK_EQ(recv(a, buffer, sizeof buffer, 0), 4);
    CHECK_EQ(shutdown(a, SD_RECEIVE), 0);
    CHECK_WSA(recv(a, buffer, sizeof buffer, 0), WSAESHUTDOWN);
    closesocket(a);
    closesocket(b);
    /* A hard close is a reset. */
    pair(&a, &b);
    struct linger linger = {1, 0};
    CHECK_EQ(setsockopt(a, SOL_SOCKET, SO_LINGER, (char *)&linger, sizeof linger), 0);
    closesocket(a);
    CHECK_WSA(recv(b, buffer, sizeof buffer, 0), WSAECONNRESET);
    CHECK_EQ(send(b, "x", 1, 0), SOCKET_ERROR);
    CHECK(WSAGetLastError() == WSAECONNRESET || WSAGetLastError() == WSAECONNABORTED);
    closesocket(b);
    /* So is a close with data unread. */
    pair(&a, &b);
    send(b, "unread", 6, 0);
    CHECK_EQ(recv(a, buffer, 1, MSG_PEEK), 1);
    closesocket(a);
    CHECK_WSA(recv(b, buffer, sizeof buffer, 0), WSAECONNRESET);
    closesocket(b);
}

static void test_nonblocking(void)
{
    SOCKET a, b;
    char buffer[4096] = {0};
    u_long on = 1;
    int port;
    pair(&a, &b);
    CHECK_EQ(ioctlsocket(b, FIONBIO, &on), 0);
    CHECK_WSA(recv(b, buffer, 1, 0), WSAEWOULDBLOCK);
    CHECK_EQ(ioctlsocket(a, FIONBIO, &on), 0);
    int sent, total = 0, received = 0, n;
    while ((sent = send(a, buffer, sizeof buffer, 0)) > 0 && total < 100000000)
        total += sent;
    CHECK_EQ(sent, SOCKET_ERROR);
    CHECK_EQ(WSAGetLastError(), WSAEWOULDBLOCK);
    on = 0;
    CHECK_EQ(ioctlsocket(b, FIONBIO, &on), 0);
    while (received < total && (n = recv(b, buffer, sizeof buffer, 0)) > 0)
        received += n;
    CHECK_EQ(received, total);
    closesocket(a);
    closesocket(b);
    SOCKET l = listener(&port);
    on = 1;
    CHECK_EQ(ioctlsocket(l, FIONBIO, &on), 0);
    CHECK_EQ(accept(l, NULL, NULL), INVALID_SOCKET);
    CHECK_EQ(WSAGetLastError(), WSAEWOULDBLOCK);
    /* Connecting in the background: writable when it stands. */
    struct sockaddr_in address = loopback(port);
    a = socket(AF_INET, SOCK_STREAM, 0);
    CHECK_EQ(ioctlsocket(a, FIONBIO, &on), 0);
    CHECK_WSA(connect(a, (struct sockaddr *)&address, sizeof address), WSAEWOULDBLOCK);
    fd_set write, except;
    struct timeval wait = {5, 0};
    FD_ZERO(&write);
    FD_ZERO(&except);
    FD_SET(a, &write);
    FD_SET(a, &except);
    CHECK_EQ(select(0, NULL, &write, &except, &wait), 1);
    CHECK(FD_ISSET(a, &write));
    CHECK(!FD_ISSET(a, &except));
    CHECK_WSA(connect(a, (struct sockaddr *)&address, sizeof address), WSAEISCONN);
    fd_set read;
    FD_ZERO(&read);
    FD_SET(l, &read);
    CHECK_EQ(select(0, &read, NULL, NULL, &wait), 1);
    b = accept(l, NULL, NULL);
    CHECK(b != INVALID_SOCKET);
    CHECK_WSA(recv(b, buffer, 1, 0), WSAEWOULDBLOCK); /* an accepted socket is like its listener */
    closesocket(a);
    closesocket(b);
    closesocket(l);
    /* And an exception when it does not come about. */
    a = socket(AF_INET, SOCK_STREAM, 0);
    ioctlsocket(a, FIONBIO, &on);
    CHECK_WSA(connect(a, (struct sockaddr *)&address, sizeof address), WSAEWOULDBLOCK);
    FD_ZERO(&write);
    FD_ZERO(&except);
    FD_SET(a, &write);
    FD_SET(a, &except);
    wait.tv_sec = 10;
    CHECK_EQ(select(0, NULL, &write, &except, &wait), 1);
    CHECK(!FD_ISSET(a, &write));
    CHECK(FD_ISSET(a, &except));
    int error = 0, length = sizeof error;
    CHECK_EQ(getsockopt(a, SOL_SOCKET, SO_ERROR, (char *)&error, &length), 0);
    CHECK_EQ(error, WSAECONNREFUSED);
    closesocket(a);
}

static void test_timeouts(void)
{
    SOCKET a, b;
    DWORD wait = 50;
    char byte;
    pair(&a, &b);
    CHECK_EQ(setsockopt(b, SOL_SOCKET, SO_RCVTIMEO, (char *)&wait, sizeof wait), 0);
    DWORD start = GetTickCount();
    CHECK_WSA(recv(b, &byte, 1, 0), WSAETIMEDOUT);
    CHECK(GetTickCount() - start >= 40);
    send(a, "x", 1, 0);
    closesocket(a);
    closesocket(b);
}

static SOCKET interrupted;

static DWORD WINAPI blocked_accept(void *argument)
{
    (void)argument;
    WSASetLastError(0);
    return accept(interrupted, NULL, NULL) == INVALID_SOCKET ? WSAGetLastError() : 0;
}

static DWORD WINAPI blocked_recvfrom(void *argument)
{
    char byte;
    (void)argument;
    WSASetLastError(0);
    return recvfrom(interrupted, &byte, 1, 0, NULL, NULL) < 0 ? WSAGetLastError() : 0;
}

/* Closing a socket ends a call that blocks on it. */
static void test_close_while_blocked(void)
{
    struct sockaddr_in address = loopback(0);
    for (int i = 0; i < 2; i++) {
        int port;
        DWORD code;
        if (i) {
            interrupted = socket(AF_INET, SOCK_DGRAM, 0);
            bind(interrupted, (struct sockaddr *)&address, sizeof address);
        } else {
            interrupted = listener(&port);
        }
        HANDLE thread = CreateThread(NULL, 0, i ? blocked_recvfrom : blocked_accept, NULL, 0, NULL);
        Sleep(50);
        CHECK_EQ(closesocket(interrupted), 0);
        CHECK_EQ(WaitForSingleObject(thread, 5000), WAIT_OBJECT_0);
        GetExitCodeThread(thread, &code);
        if (!check_under_wine()) /* Wine keeps the call blocked or says something else */
            CHECK_EQ(code, WSAEINTR);
        CloseHandle(thread);
    }
}

static void test_ipv6(void)
{
    SOCKET l = socket(AF_INET6, SOCK_STREAM, 0), c, s;
    struct sockaddr_in6 address = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT};
    int length = sizeof address;
    DWORD only = 7;
    CHECK(l != INVALID_SOCKET);
    int size = sizeof only;
    only = 0;
    CHECK_EQ(getsockopt(l, IPPROTO_IPV6, IPV6_V6ONLY, (char *)&only, &size), 0);
    CHECK_EQ(only, 1);
    if (bind(l, (struct sockaddr *)&address, sizeof address)) { /* a host without IPv6 */
        closesocket(l);
        return;
    }
    CHECK_EQ(listen(l, 1), 0);
    CHECK_EQ(getsockname(l, (struct sockaddr *)&address, &length), 0);
    CHECK_EQ(length, sizeof address);
    CHECK_EQ(address.sin6_family, AF_INET6);
    c = socket(AF_INET6, SOCK_STREAM, 0);
    CHECK_EQ(connect(c, (struct sockaddr *)&address, sizeof address), 0);
    memset(&address, 0, sizeof address);
    length = sizeof address;
    s = accept(l, (struct sockaddr *)&address, &length);
    CHECK(s != INVALID_SOCKET);
    CHECK_EQ(address.sin6_family, AF_INET6);
    CHECK_EQ(length, sizeof address);
    closesocket(c);
    closesocket(s);
    closesocket(l);
    /* Both kinds through one socket, if asked. */
    l = socket(AF_INET6, SOCK_STREAM, 0);
    only = 0;
    CHECK_EQ(setsockopt(l, IPPROTO_IPV6, IPV6_V6ONLY, (char *)&only, sizeof only), 0);
    address = (struct sockaddr_in6){.sin6_family = AF_INET6};
    length = sizeof address;
    CHECK_EQ(bind(l, (struct sockaddr *)&address, sizeof address), 0);
    CHECK_EQ(listen(l, 1), 0);
    CHECK_EQ(getsockname(l, (struct sockaddr *)&address, &length), 0);
    struct sockaddr_in four = loopback(ntohs(address.sin6_port));
    c = socket(AF_INET, SOCK_STREAM, 0);
    CHECK_EQ(connect(c, (struct sockaddr *)&four, sizeof four), 0);
    s = accept(l, (struct sockaddr *)&address, &length);
    CHECK(s != INVALID_SOCKET);
    CHECK(IN6_IS_ADDR_V4MAPPED(&address.sin6_addr));
    closesocket(c);
    closesocket(s);
    closesocket(l);
}

static void test_reuse(void)
{
    int port, yes = 1;
    SOCKET l = listener(&port);
    struct sockaddr_in address = loopback(port);
    SOCKET s = socket(AF_INET, SOCK_STREAM, 0);
    CHECK_WSA(bind(s, (struct sockaddr *)&address, sizeof address), WSAEADDRINUSE);
    closesocket(s);
    s = socket(AF_INET, SOCK_STREAM, 0);
    CHECK_EQ(setsockopt(s, SOL_SOCKET, SO_EXCLUSIVEADDRUSE, (char *)&yes, sizeof yes), 0);
    CHECK_WSA(setsockopt(s, SOL_SOCKET, SO_REUSEADDR, (char *)&yes, sizeof yes), WSAEINVAL);
    CHECK(bind(s, (struct sockaddr *)&address, sizeof address) == SOCKET_ERROR);
    closesocket(s);
    s = socket(AF_INET, SOCK_STREAM, 0);
    CHECK_EQ(setsockopt(s, SOL_SOCKET, SO_REUSEADDR, (char *)&yes, sizeof yes), 0);
    CHECK_WSA(setsockopt(s, SOL_SOCKET, SO_EXCLUSIVEADDRUSE, (char *)&yes, sizeof yes), WSAEINVAL);
    closesocket(s);
    /* A port that only waits for the end of its last connection is free. */
    SOCKET c = socket(AF_INET, SOCK_STREAM, 0);
    CHECK_EQ(connect(c, (struct sockaddr *)&address, sizeof address), 0);
    s = accept(l, NULL, NULL);
    closesocket(s); /* the server closes first */
    char byte;
    CHECK_EQ(recv(c, &byte, 1, 0), 0);
    closesocket(c);
    closesocket(l);
    s = socket(AF_INET, SOCK_STREAM, 0);
    if (!check_under_wine())
        CHECK_EQ(bind(s, (struct sockaddr *)&address, sizeof address), 0);
    closesocket(s);
}

int main(void)
{
    test_startup();
    test_create();
    test_not_socket(0x7ff0);
    test_not_socket(INVALID_SOCKET);
    HANDLE event = CreateEventA(NULL, TRUE, FALSE, NULL);
    test_not_socket((SOCKET)event);
    CloseHandle(event);
    test_names();
    test_connect_errors();
    test_transfer();
    test_shutdown();
    test_nonblocking();
    test_timeouts();
    test_close_while_blocked();
    test_ipv6();
    test_reuse();
    CHECK_EQ(WSACleanup(), 0);
    return check_done();
}
