/*
 * net.c: sockets, built for Linux and for Windows alike; prints microseconds or rates.
 *
 *     net pingpong N      64 bytes there and back between two threads over loopback, blocking
 *     net stream N        N times 64 KiB one way, blocking
 *     net serve           an echo server (epoll, or a completion port); prints its port, ends when standard input does
 *     net load PORT C N   a client with C connections and N messages in all; Linux only
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef _WIN32
#include <winsock2.h>
#include <ws2tcpip.h>
typedef int socklen_t;
#define CLOSE closesocket
static double now(void)
{
    LARGE_INTEGER count, frequency;
    QueryPerformanceCounter(&count);
    QueryPerformanceFrequency(&frequency);
    return (double)count.QuadPart / (double)frequency.QuadPart;
}
#else
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
typedef int SOCKET;
#define CLOSE close
static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}
#endif

enum { SMALL = 64, LARGE = 65536, CONNECTIONS_MAX = 1024 };

static int count;
static SOCKET first, second;

static struct sockaddr_in loopback(int port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((unsigned short)port)};
    address.sin_addr.s_addr = htonl(0x7f000001);
    return address;
}

static SOCKET listener(int *port)
{
    SOCKET s = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in address = loopback(0);
    socklen_t length = sizeof address;
    bind(s, (struct sockaddr *)&address, sizeof address);
    listen(s, 128);
    getsockname(s, (struct sockaddr *)&address, &length);
    *port = ntohs(address.sin_port);
    return s;
}

static SOCKET client(int port)
{
    SOCKET s = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in address = loopback(port);
    int on = 1;
    if (connect(s, (struct sockaddr *)&address, sizeof address))
        exit(1);
    setsockopt(s, IPPROTO_TCP, TCP_NODELAY, (char *)&on, sizeof on);
    return s;
}

static void pair(void)
{
    int port, on = 1;
    SOCKET l = listener(&port);
    first = client(port);
    second = accept(l, NULL, NULL);
    setsockopt(second, IPPROTO_TCP, TCP_NODELAY, (char *)&on, sizeof on);
    CLOSE(l);
}

static void receive_all(SOCKET s, char *buffer, int size)
{
    for (int at = 0, n; at < size; at += n)
        if ((n = (int)recv(s, buffer + at, (size_t)(size - at), 0)) <= 0)
            exit(1);
}

static void answer(void)
{
    char buffer[SMALL];
    for (int i = 0; i < count; i++) {
        receive_all(second, buffer, SMALL);
        send(second, buffer, SMALL, 0);
    }
}

static void drain(void)
{
    static char buffer[LARGE];
    for (int i = 0; i < count; i++)
        receive_all(second, buffer, LARGE);
}

#ifdef _WIN32
static DWORD WINAPI answer_main(void *unused)
{
    (void)unused;
    answer();
    return 0;
}
static DWORD WINAPI drain_main(void *unused)
{
    (void)unused;
    drain();
    return 0;
}
#define RUN(function) HANDLE thread = CreateThread(NULL, 0, function##_main, NULL, 0, NULL)
#define JOIN() WaitForSingleObject(thread, INFINITE)
#else
static void *answer_main(void *unused)
{
    answer();
    return unused;
}
static void *drain_main(void *unused)
{
    drain();
    return unused;
}
#define RUN(function)                                                                                                  \
    pthread_t thread;                                                                                                  \
    pthread_create(&thread, NULL, function##_main, NULL)
#define JOIN() pthread_join(thread, NULL)
#endif

static void pingpong(void)
{
    char buffer[SMALL] = {0};
    pair();
    RUN(answer);
    double start = now();
    for (int i = 0; i < count; i++) {
        send(first, buffer, SMALL, 0);
        receive_all(first, buffer, SMALL);
    }
    printf("%.2f\n", (now() - start) / count * 1e6);
    JOIN();
}

static void stream(void)
{
    static char buffer[LARGE];
    pair();
    RUN(drain);
    double start = now();
    for (int i = 0; i < count; i++)
        for (int at = 0, n; at < LARGE; at += n)
            if ((n = (int)send(first, buffer + at, (size_t)(LARGE - at), 0)) <= 0)
                exit(1);
    JOIN();
    printf("%.2f\n", (now() - start) / count * 1e6);
}

#ifdef _WIN32
struct connection {
    OVERLAPPED overlapped;
    SOCKET socket;
    int writing;
    char buffer[4096];
};

static void receive(struct connection *connection)
{
    WSABUF piece = {sizeof connection->buffer, connection->buffer};
    DWORD flags = 0;
    connection->writing = 0;
    if (WSARecv(connection->socket, &piece, 1, NULL, &flags, &connection->overlapped, NULL) &&
        WSAGetLastError() != WSA_IO_PENDING)
        closesocket(connection->socket);
}

static DWORD WINAPI accept_main(void *port)
{
    int number;
    SOCKET l = listener(&number);
    printf("%d\n", number);
    fflush(stdout);
    for (;;) {
        struct connection *connection = calloc(1, sizeof *connection);
        int on = 1;
        connection->socket = accept(l, NULL, NULL);
        setsockopt(connection->socket, IPPROTO_TCP, TCP_NODELAY, (char *)&on, sizeof on);
        CreateIoCompletionPort((HANDLE)connection->socket, port, 0, 0);
        receive(connection);
    }
}

static DWORD WINAPI serve_main(void *port)
{
    for (;;) {
        DWORD bytes = 0;
        ULONG_PTR key;
        struct connection *connection;
        BOOL ok = GetQueuedCompletionStatus(port, &bytes, &key, (OVERLAPPED **)&connection, INFINITE);
        if (!ok || (!bytes && !connection->writing)) {
            closesocket(connection->socket);
        } else if (connection->writing) {
            receive(connection);
        } else {
            WSABUF piece = {bytes, connection->buffer};
            connection->writing = 1;
            WSASend(connection->socket, &piece, 1, NULL, 0, &connection->overlapped, NULL);
        }
    }
}

static void serve(void)
{
    HANDLE port = CreateIoCompletionPort(INVALID_HANDLE_VALUE, NULL, 0, 0);
    CreateThread(NULL, 0, serve_main, port, 0, NULL);
    CreateThread(NULL, 0, accept_main, port, 0, NULL);
    getchar();
    ExitProcess(0);
}

static void load(int port, int connections)
{
    (void)port;
    (void)connections;
}
#else
static int queue;

static void *serve_main(void *unused)
{
    char buffer[4096];
    struct epoll_event events[64];
    for (;;) {
        int ready = epoll_wait(queue, events, 64, -1);
        for (int i = 0; i < ready; i++) {
            ssize_t n = recv(events[i].data.fd, buffer, sizeof buffer, MSG_DONTWAIT);
            if (n > 0)
                send(events[i].data.fd, buffer, (size_t)n, 0);
            else if (!n)
                close(events[i].data.fd);
        }
    }
    return unused;
}

static void *accept_main(void *unused)
{
    int port, on = 1;
    int l = listener(&port);
    printf("%d\n", port);
    fflush(stdout);
    for (;;) {
        struct epoll_event event = {.events = EPOLLIN};
        event.data.fd = accept(l, NULL, NULL);
        setsockopt(event.data.fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        epoll_ctl(queue, EPOLL_CTL_ADD, event.data.fd, &event);
    }
    return unused;
}

static void serve(void)
{
    pthread_t thread;
    queue = epoll_create1(0);
    pthread_create(&thread, NULL, serve_main, NULL);
    pthread_create(&thread, NULL, accept_main, NULL);
    getchar();
    exit(0);
}

/* Each connection has one message under way. */
static void load(int port, int connections)
{
    static int left[CONNECTIONS_MAX];
    char buffer[SMALL] = {0};
    struct epoll_event events[64], event = {.events = EPOLLIN};
    int sockets[CONNECTIONS_MAX], done = 0;
    queue = epoll_create1(0);
    for (int i = 0; i < connections; i++) {
        sockets[i] = client(port);
        event.data.u32 = (unsigned)i;
        epoll_ctl(queue, EPOLL_CTL_ADD, sockets[i], &event);
        left[i] = SMALL;
    }
    double start = now();
    for (int i = 0; i < connections; i++)
        send(sockets[i], buffer, SMALL, 0);
    while (done < count) {
        int ready = epoll_wait(queue, events, 64, -1);
        for (int i = 0; i < ready; i++) {
            unsigned at = events[i].data.u32;
            ssize_t n = recv(sockets[at], buffer, (size_t)left[at], MSG_DONTWAIT);
            if (n <= 0)
                exit(1);
            left[at] -= (int)n;
            if (!left[at]) {
                left[at] = SMALL;
                done++;
                send(sockets[at], buffer, SMALL, 0);
            }
        }
    }
    printf("%.2f\n", (now() - start) / count * 1e6);
}
#endif

int main(int argc, char **argv)
{
    const char *what = argc > 1 ? argv[1] : "";
#ifdef _WIN32
    WSADATA data;
    WSAStartup(MAKEWORD(2, 2), &data);
#endif
    count = argc > 2 ? atoi(argv[argc - 1]) : 0;
    if (!strcmp(what, "pingpong"))
        pingpong();
    else if (!strcmp(what, "stream"))
        stream();
    else if (!strcmp(what, "serve"))
        serve();
    else if (!strcmp(what, "load") && argc == 5)
        load(atoi(argv[2]), atoi(argv[3]));
    else
        return 1;
    return 0;
}
