/* Do sockets reach other processes: by inheritance, as standard handles, by WSADuplicateSocket? link: -lws2_32 */
#include <winsock2.h>
#include <ws2tcpip.h>
#include "check.h"

static void pair(SOCKET *client, SOCKET *server)
{
    SOCKET l = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in address = {.sin_family = AF_INET};
    int length = sizeof address;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    bind(l, (struct sockaddr *)&address, sizeof address);
    listen(l, 1);
    getsockname(l, (struct sockaddr *)&address, &length);
    *client = socket(AF_INET, SOCK_STREAM, 0);
    CHECK_EQ(connect(*client, (struct sockaddr *)&address, sizeof address), 0);
    *server = accept(l, NULL, NULL);
    closesocket(l);
}

/* The child: answers one message in capitals and says what it is. */
static int serve(SOCKET s)
{
    char buffer[64];
    struct sockaddr_in peer;
    int length = sizeof peer, type = 0, size = sizeof type;
    int n = recv(s, buffer, sizeof buffer, 0);
    if (n <= 0 || getpeername(s, (struct sockaddr *)&peer, &length) || peer.sin_family != AF_INET ||
        getsockopt(s, SOL_SOCKET, SO_TYPE, (char *)&type, &size) || type != SOCK_STREAM)
        return 2;
    CharUpperBuffA(buffer, n);
    if (send(s, buffer, n, 0) != n)
        return 3;
    return closesocket(s) ? 4 : 77;
}

static int child(int argc, char **argv)
{
    WSAPROTOCOL_INFOW info;
    DWORD got;
    if (!strcmp(argv[1], "handle") && argc == 3)
        return serve((SOCKET)atoi(argv[2]));
    if (!strcmp(argv[1], "standard"))
        return serve((SOCKET)GetStdHandle(STD_INPUT_HANDLE));
    if (!ReadFile(GetStdHandle(STD_INPUT_HANDLE), &info, sizeof info, &got, NULL) || got != sizeof info)
        return 5;
    SOCKET s = WSASocketW(FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO, &info, 0, WSA_FLAG_OVERLAPPED);
    return s == INVALID_SOCKET ? 6 : serve(s);
}

static HANDLE start(const char *what, SOCKET s, HANDLE input, DWORD *id)
{
    char self[MAX_PATH], line[MAX_PATH + 64];
    STARTUPINFOA startup = {.cb = sizeof startup, .dwFlags = STARTF_USESTDHANDLES};
    PROCESS_INFORMATION process = {0};
    GetModuleFileNameA(NULL, self, sizeof self);
    snprintf(line, sizeof line, "\"%s\" %s %d", self, what, (int)s);
    startup.hStdInput = input;
    startup.hStdOutput = GetStdHandle(STD_OUTPUT_HANDLE);
    startup.hStdError = GetStdHandle(STD_ERROR_HANDLE);
    CHECK(CreateProcessA(self, line, NULL, NULL, TRUE, 0, NULL, NULL, &startup, &process));
    CloseHandle(process.hThread);
    *id = process.dwProcessId;
    return process.hProcess;
}

static void finish(SOCKET client, HANDLE process)
{
    char buffer[64] = {0};
    DWORD code = 0;
    CHECK_EQ(recv(client, buffer, 5, MSG_WAITALL), 5);
    CHECK(!memcmp(buffer, "HELLO", 5));
    /* The child's close is the end: nobody else has the socket any more. */
    CHECK_EQ(recv(client, buffer, sizeof buffer, 0), 0);
    CHECK_EQ(WaitForSingleObject(process, 20000), WAIT_OBJECT_0);
    CHECK(GetExitCodeProcess(process, &code));
    CHECK_EQ(code, 77);
    CloseHandle(process);
    closesocket(client);
}

int main(int argc, char **argv)
{
    WSADATA data;
    SOCKET client, server;
    HANDLE process, in, out;
    DWORD id, done;
    WSAPROTOCOL_INFOW info;
    SECURITY_ATTRIBUTES inherit = {sizeof inherit, NULL, TRUE};
    WSAStartup(MAKEWORD(2, 2), &data);
    if (argc > 1)
        return child(argc, argv);
    if (check_under_wine()) /* a child of it can not use what it inherits */
        return check_done();
    /* By value; only the server's end is to be inherited. */
    pair(&client, &server);
    SetHandleInformation((HANDLE)client, HANDLE_FLAG_INHERIT, 0);
    process = start("handle", server, NULL, &id);
    closesocket(server);
    send(client, "hello", 5, 0);
    finish(client, process);
    /* As standard input. */
    pair(&client, &server);
    SetHandleInformation((HANDLE)client, HANDLE_FLAG_INHERIT, 0);
    process = start("standard", server, (HANDLE)server, &id);
    closesocket(server);
    send(client, "hello", 5, 0);
    finish(client, process);
    /* Duplicated for it. */
    pair(&client, &server);
    SetHandleInformation((HANDLE)client, HANDLE_FLAG_INHERIT, 0);
    SetHandleInformation((HANDLE)server, HANDLE_FLAG_INHERIT, 0);
    CHECK(CreatePipe(&in, &out, &inherit, 0));
    SetHandleInformation(out, HANDLE_FLAG_INHERIT, 0);
    process = start("duplicate", 0, in, &id);
    CHECK_EQ(WSADuplicateSocketW(server, id, &info), 0);
    CHECK(WriteFile(out, &info, sizeof info, &done, NULL));
    send(client, "hello", 5, 0);
    Sleep(check_under_wine() ? 500 : 0);
    closesocket(server);
    finish(client, process);
    CloseHandle(in);
    CloseHandle(out);
    return check_done();
}
