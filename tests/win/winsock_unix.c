/*
 * winsock_unix.c: sockets of the family AF_UNIX: their names are files, which stay until they are deleted.
 *
 * Wine 8 has none, so there is nothing to see under it.
 * link: -lws2_32
 */
#include <winsock2.h>
#include <afunix.h>

#include "check.h"

static struct sockaddr_un name_of(const char *file)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    GetTempPathA(sizeof address.sun_path, address.sun_path);
    strcat(address.sun_path, file);
    return address;
}

/* A stream from a client to a listener and back, and what the names are. */
static void test_stream(void)
{
    struct sockaddr_un address = name_of("winrun-unix-stream"), got;
    int length = sizeof got;
    char text[8] = "";
    SOCKET listener = socket(AF_UNIX, SOCK_STREAM, 0), client = socket(AF_UNIX, SOCK_STREAM, 0);
    CHECK_EQ(bind(listener, (struct sockaddr *)&address, sizeof address), 0);
    CHECK_EQ(listen(listener, 1), 0);
    CHECK_EQ(getsockname(listener, (struct sockaddr *)&got, &length), 0);
    CHECK_EQ(got.sun_family, AF_UNIX);
    CHECK(!strcmp(got.sun_path, address.sun_path));
    CHECK_EQ(connect(client, (struct sockaddr *)&address, sizeof address), 0);
    SOCKET served = accept(listener, NULL, NULL);
    CHECK(served != INVALID_SOCKET);
    CHECK_EQ(send(client, "there", 5, 0), 5);
    CHECK_EQ(recv(served, text, sizeof text, 0), 5);
    CHECK(!memcmp(text, "there", 5));
    CHECK_EQ(send(served, "back", 4, 0), 4);
    CHECK_EQ(recv(client, text, sizeof text, 0), 4);
    CHECK(!memcmp(text, "back", 4));
    closesocket(client);
    CHECK_EQ(recv(served, text, sizeof text, 0), 0);
    closesocket(served);
    closesocket(listener);
    CHECK(DeleteFileA(address.sun_path));
}

/* The file of a closed socket is in the way of the next, also of a client. */
static void test_file(void)
{
    struct sockaddr_un address = name_of("winrun-unix-file");
    SOCKET first = socket(AF_UNIX, SOCK_STREAM, 0), second = socket(AF_UNIX, SOCK_STREAM, 0);
    CHECK_EQ(connect(second, (struct sockaddr *)&address, sizeof address), SOCKET_ERROR);
    CHECK_EQ(WSAGetLastError(), WSAECONNREFUSED);
    CHECK_EQ(bind(first, (struct sockaddr *)&address, sizeof address), 0);
    CHECK(GetFileAttributesA(address.sun_path) != INVALID_FILE_ATTRIBUTES);
    CHECK_EQ(bind(second, (struct sockaddr *)&address, sizeof address), SOCKET_ERROR);
    CHECK_EQ(WSAGetLastError(), WSAEADDRINUSE);
    closesocket(first);
    CHECK_EQ(bind(second, (struct sockaddr *)&address, sizeof address), SOCKET_ERROR);
    CHECK_EQ(WSAGetLastError(), WSAEADDRINUSE);
    CHECK(DeleteFileA(address.sun_path));
    CHECK_EQ(GetFileAttributesA(address.sun_path), INVALID_FILE_ATTRIBUTES);
    CHECK_EQ(GetLastError(), ERROR_FILE_NOT_FOUND);
    CHECK_EQ(bind(second, (struct sockaddr *)&address, sizeof address), 0);
    closesocket(second);
    CHECK(DeleteFileA(address.sun_path));
}

/* Only streams; Windows has no datagrams of this family. */
static void test_kinds(void)
{
    CHECK_EQ(socket(AF_UNIX, SOCK_DGRAM, 0), INVALID_SOCKET);
    CHECK(WSAGetLastError() == WSAESOCKTNOSUPPORT || WSAGetLastError() == WSAEAFNOSUPPORT);
}

int main(void)
{
    WSADATA data;
    WSAStartup(MAKEWORD(2, 2), &data);
    if (check_under_wine())
        return check_done();
    test_stream();
    test_file();
    test_kinds();
    return check_done();
}
