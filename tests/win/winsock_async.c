/*
 * winsock_async.c: does a window hear of a socket's events (WSAAsyncSelect), and get names looked up (WSAAsyncGet...)?
 */
/* link: -lws2_32 -luser32 */
#include <stdbool.h>
#include <winsock2.h>
#include "check.h"

#define MESSAGE_SOCKET (WM_USER + 1)
#define MESSAGE_NAME (WM_USER + 2)

static HWND window;

/* The next message to the window within `wait` milliseconds, as (socket or handle, lParam). */
static bool next(UINT message, WPARAM *wparam, LPARAM *lparam, DWORD wait)
{
    DWORD end = GetTickCount() + wait;
    MSG got;

    while (!PeekMessageW(&got, window, message, message, PM_REMOVE)) {
        DWORD now = GetTickCount();

        if ((LONG)(end - now) <= 0)
            return false;
        MsgWaitForMultipleObjects(0, NULL, FALSE, end - now, QS_ALLINPUT);
    }
    *wparam = got.wParam;
    *lparam = got.lParam;
    return true;
}

#define EXPECT(socket, event, error)                                                                                   \
    do {                                                                                                               \
        WPARAM w = 0;                                                                                                  \
        LPARAM l = 0;                                                                                                  \
        CHECK(next(MESSAGE_SOCKET, &w, &l, 5000));                                                                     \
        CHECK_EQ(w, socket);                                                                                           \
        CHECK_EQ(WSAGETSELECTEVENT(l), event);                                                                         \
        CHECK_EQ(WSAGETSELECTERROR(l), error);                                                                         \
    } while (0)

static bool quiet(void)
{
    WPARAM w;
    LPARAM l;

    return !next(MESSAGE_SOCKET, &w, &l, 20);
}

static SOCKET listener_make(struct sockaddr_in *address)
{
    SOCKET s = socket(AF_INET, SOCK_STREAM, 0);
    int length = sizeof *address;

    *address = (struct sockaddr_in){.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    CHECK_EQ(bind(s, (struct sockaddr *)address, sizeof *address), 0);
    CHECK_EQ(listen(s, 5), 0);
    CHECK_EQ(getsockname(s, (struct sockaddr *)address, &length), 0);
    return s;
}

static void test_select(void)
{
    struct sockaddr_in address;
    SOCKET listener = listener_make(&address), client = socket(AF_INET, SOCK_STREAM, 0), server;
    u_long mode = 0;
    char data[16];

    CHECK_EQ(WSAAsyncSelect(listener, window, MESSAGE_SOCKET, FD_ACCEPT | FD_READ | FD_CLOSE), 0);
    CHECK(quiet());
    CHECK_EQ(WSAAsyncSelect(client, window, MESSAGE_SOCKET, FD_CONNECT | FD_READ | FD_WRITE | FD_CLOSE), 0);
    CHECK_ERROR(ioctlsocket(client, FIONBIO, &mode) == 0, WSAEINVAL); /* may not block while it is selected */
    CHECK_EQ(connect(client, (struct sockaddr *)&address, sizeof address), -1);
    CHECK_EQ(WSAGetLastError(), WSAEWOULDBLOCK);
    for (int got = 0; got != (FD_CONNECT | FD_ACCEPT | FD_WRITE);) { /* of two sockets: in any order */
        WPARAM w = 0;
        LPARAM l = 0;

        CHECK(next(MESSAGE_SOCKET, &w, &l, 5000));
        if (!w)
            break;
        CHECK(w == (WSAGETSELECTEVENT(l) == FD_ACCEPT ? listener : client));
        CHECK(!(got & WSAGETSELECTEVENT(l)));
        CHECK(WSAGETSELECTEVENT(l) != FD_WRITE || got & FD_CONNECT);
        CHECK_EQ(WSAGETSELECTERROR(l), 0);
        got |= WSAGETSELECTEVENT(l);
    }
    server = accept(listener, NULL, NULL); /* has the listener's events */
    CHECK(server != INVALID_SOCKET);
    CHECK(quiet());
    CHECK_EQ(send(client, "hello", 5, 0), 5);
    EXPECT(server, FD_READ, 0);
    CHECK(quiet()); /* once, until it is read */
    CHECK_EQ(recv(server, data, 2, 0), 2);
    EXPECT(server, FD_READ, 0); /* there is more */
    CHECK_EQ(recv(server, data, 16, 0), 3);
    CHECK(quiet());
    CHECK_EQ(recv(server, data, 16, 0), -1);
    CHECK_EQ(WSAGetLastError(), WSAEWOULDBLOCK);
    CHECK_EQ(WSAAsyncSelect(server, window, MESSAGE_SOCKET, 0), 0); /* no more of it */
    CHECK_EQ(send(client, "hello", 5, 0), 5);
    CHECK(quiet());
    CHECK_EQ(closesocket(server), 0);                                 /* with data unread: a reset */
    EXPECT(client, FD_CLOSE, check_under_wine() ? 0 : WSAECONNRESET); /* Wine tells of an orderly end */
    CHECK_EQ(closesocket(client), 0);
    CHECK_EQ(closesocket(listener), 0);
    CHECK(quiet());
}

static void test_fail(void)
{
    struct sockaddr_in address;
    SOCKET s = listener_make(&address);

    closesocket(s); /* nobody listens there now */
    s = socket(AF_INET, SOCK_STREAM, 0);
    CHECK_EQ(WSAAsyncSelect(s, window, MESSAGE_SOCKET, FD_CONNECT), 0);
    CHECK_EQ(connect(s, (struct sockaddr *)&address, sizeof address), -1);
    CHECK_EQ(WSAGetLastError(), WSAEWOULDBLOCK);
    EXPECT(s, FD_CONNECT, WSAECONNREFUSED);
    if (!check_under_wine()) /* Wine takes any handle */
        CHECK_ERROR(WSAAsyncSelect(s, (HWND)0x7ff0, MESSAGE_SOCKET, FD_READ) == 0, WSAEINVAL);
    CHECK_EQ(closesocket(s), 0);
    CHECK_ERROR(WSAAsyncSelect(s, window, MESSAGE_SOCKET, FD_READ) == 0, WSAENOTSOCK);
}

static void answer(HANDLE handle, DWORD error, DWORD *size)
{
    WPARAM w = 0;
    LPARAM l = 0;

    CHECK(handle != NULL);
    CHECK(next(MESSAGE_NAME, &w, &l, 10000));
    CHECK_EQ(w, (WPARAM)handle);
    CHECK_EQ(WSAGETASYNCERROR(l), error);
    *size = WSAGETASYNCBUFLEN(l);
}

static void test_names(void)
{
    char room[MAXGETHOSTSTRUCT];
    const HOSTENT *host = (const HOSTENT *)room;
    const SERVENT *service = (const SERVENT *)room;
    const PROTOENT *protocol = (const PROTOENT *)room;
    DWORD size;

    answer(WSAAsyncGetHostByName(window, MESSAGE_NAME, "127.0.0.1", room, sizeof room), 0, &size);
    CHECK_EQ(host->h_addrtype, AF_INET);
    CHECK_EQ(host->h_length, 4);
    CHECK_EQ(*(DWORD *)host->h_addr_list[0], htonl(INADDR_LOOPBACK));
    CHECK(host->h_addr_list[1] == NULL);
    CHECK(host->h_name > room && host->h_name < room + sizeof room);
    answer(WSAAsyncGetHostByName(window, MESSAGE_NAME, "127.0.0.1", room, 8), WSAENOBUFS, &size);
    CHECK(size > sizeof *host);
    answer(WSAAsyncGetHostByName(window, MESSAGE_NAME, "127.0.0.1", room, (int)size), 0, &size);
    answer(WSAAsyncGetServByName(window, MESSAGE_NAME, "http", "tcp", room, sizeof room), 0, &size);
    CHECK_EQ(ntohs((u_short)service->s_port), 80);
    CHECK_STR(service->s_name, "http");
    CHECK_STR(service->s_proto, "tcp");
    answer(WSAAsyncGetServByPort(window, MESSAGE_NAME, htons(21), "tcp", room, sizeof room), 0, &size);
    CHECK_STR(service->s_name, "ftp");
    answer(WSAAsyncGetServByName(window, MESSAGE_NAME, "no-such-service", "tcp", room, sizeof room), WSANO_DATA, &size);
    answer(WSAAsyncGetProtoByName(window, MESSAGE_NAME, "udp", room, sizeof room), 0, &size);
    CHECK_EQ(protocol->p_proto, 17);
    answer(WSAAsyncGetProtoByNumber(window, MESSAGE_NAME, 6, room, sizeof room), 0, &size);
    CHECK_STR(protocol->p_name, "tcp");
    if (!check_under_wine()) /* Wine cancels nothing */
        CHECK_ERROR(WSACancelAsyncRequest((HANDLE)0x7777) == 0, WSAEINVAL);
    CHECK(!WSAIsBlocking());
}

int main(void)
{
    WNDCLASSW class = {.lpfnWndProc = DefWindowProcW, .hInstance = GetModuleHandleW(NULL), .lpszClassName = L"net"};
    WSADATA data;

    CHECK_EQ(WSAStartup(MAKEWORD(2, 2), &data), 0);
    CHECK(RegisterClassW(&class));
    window = CreateWindowExW(0, L"net", NULL, 0, 0, 0, 0, 0, HWND_MESSAGE, NULL, class.hInstance, NULL);
    CHECK(window != NULL);
    test_select();
    test_fail();
    test_names();
    CHECK(DestroyWindow(window));
    CHECK_EQ(WSACleanup(), 0);
    return check_done();
}
