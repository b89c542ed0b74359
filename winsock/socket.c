/*
 * socket.c: winsock2.h: sockets, their names, options, and connections.  On top of ntdll/socket.h.
 */
#include <string.h>
#include "ntdll/gate.h"
#include "ntdll/socket.h"
#include "winsock/ws.h"

/* What the caller left open: Windows takes the first entry of the catalogue that fits. */
static bool triple_complete(int *family, int *type, int *protocol)
{
    if (!*type && *protocol == IPPROTO_TCP)
        *type = SOCK_STREAM;
    else if (!*type && *protocol == IPPROTO_UDP)
        *type = SOCK_DGRAM;
    else if (!*type)
        *type = SOCK_STREAM;
    if (!*family && (*protocol || *type == SOCK_STREAM || *type == SOCK_DGRAM))
        *family = AF_INET;
    return *family != 0;
}

/*
 * A socket that WSADuplicateSocket left: a handle of this process in dwProviderReserved, or in the service flags that
 * are always 0 otherwise, where another process has it.
 */
static SOCKET socket_from_information(const WSAPROTOCOL_INFOW *information)
{
    struct socket_info info;
    HANDLE handle = (HANDLE)(ULONG_PTR)information->dwProviderReserved;
    NTSTATUS status = STATUS_SUCCESS;
    if (information->dwServiceFlags2)
        status = socket_import(information->dwServiceFlags2, information->dwServiceFlags3, &handle);
    if (!status)
        status = socket_query(handle, &info);
    if (status) {
        wsa_fail(WSAEINVAL);
        return INVALID_SOCKET;
    }
    return (SOCKET)(ULONG_PTR)handle;
}

static SOCKET socket_make(int family, int type, int protocol, DWORD flags)
{
    HANDLE handle;
    if (!wsa_started())
        return INVALID_SOCKET;
    if (!triple_complete(&family, &type, &protocol)) {
        wsa_fail(WSAEINVAL);
        return INVALID_SOCKET;
    }
    NTSTATUS status = socket_create(family, type, protocol, flags & WSA_FLAG_OVERLAPPED,
                                    !(flags & WSA_FLAG_NO_HANDLE_INHERIT), &handle);
    if (!status && flags & WSA_FLAG_REGISTERED_IO)
        status = socket_register(handle);
    return wsa_result(status) ? INVALID_SOCKET : (SOCKET)(ULONG_PTR)handle;
}

SOCKET WINAPI WSASocketW(int family, int type, int protocol, LPWSAPROTOCOL_INFOW information, GROUP group, DWORD flags)
{
    (void)group;
    if (!information)
        return socket_make(family, type, protocol, flags);
    if (!wsa_started())
        return INVALID_SOCKET;
    if (information->dwProviderReserved)
        return socket_from_information(information);
    return socket_make(family == FROM_PROTOCOL_INFO ? information->iAddressFamily : family,
                       type == FROM_PROTOCOL_INFO ? information->iSocketType : type,
                       protocol == FROM_PROTOCOL_INFO ? information->iProtocol : protocol, flags);
}

SOCKET WINAPI WSASocketA(int family, int type, int protocol, LPWSAPROTOCOL_INFOA information, GROUP group, DWORD flags)
{
    WSAPROTOCOL_INFOW wide;
    if (information)
        memcpy(&wide, information, offsetof(WSAPROTOCOL_INFOW, szProtocol)); /* one layout but for the name */
    return WSASocketW(family, type, protocol, information ? &wide : NULL, group, flags);
}

SOCKET WINAPI socket(int family, int type, int protocol)
{
    return socket_make(family, type, protocol, WSA_FLAG_OVERLAPPED);
}

int WINAPI closesocket(SOCKET s)
{
    return wsa_result(socket_close(SOCKET_HANDLE(s)));
}

int WINAPI bind(SOCKET s, const struct sockaddr *name, int length)
{
    return wsa_result(socket_bind(SOCKET_HANDLE(s), name, length));
}

int WINAPI listen(SOCKET s, int backlog)
{
    return wsa_result(socket_listen(SOCKET_HANDLE(s), backlog));
}

int WINAPI connect(SOCKET s, const struct sockaddr *name, int length)
{
    return wsa_result(socket_connect(SOCKET_HANDLE(s), name, length));
}

/* Data to be sent with the connection goes after it. */
int WINAPI WSAConnect(SOCKET s, const struct sockaddr *name, int length, LPWSABUF caller, LPWSABUF callee, LPQOS sqos,
                      LPQOS gqos)
{
    (void)sqos;
    (void)gqos;
    (void)callee;
    int result = connect(s, name, length);
    if (!result && caller && caller->len)
        send(s, caller->buf, (int)caller->len, 0);
    return result;
}

SOCKET WINAPI accept(SOCKET s, struct sockaddr *address, int *length)
{
    HANDLE accepted;
    NTSTATUS status = socket_accept(SOCKET_HANDLE(s), address, length, &accepted);
    return wsa_result(status) ? INVALID_SOCKET : (SOCKET)(ULONG_PTR)accepted;
}

/* The condition is asked about a connection that stands already; a refused one is closed. */
static bool accept_condition(LPCONDITIONPROC condition, SOCKET accepted, struct sockaddr *address, int length,
                             DWORD_PTR data)
{
    SOCKADDR_STORAGE local;
    int local_length = sizeof local;
    WSABUF caller = {(ULONG)length, (char *)address}, callee = {0, (char *)&local}, none = {0, NULL};
    GROUP group = 0;
    if (!getsockname(accepted, (struct sockaddr *)&local, &local_length))
        callee.len = (ULONG)local_length;
    const ULONG_PTR arguments[] = {(ULONG_PTR)&caller, (ULONG_PTR)&none,  0,   0, (ULONG_PTR)&callee,
                                   (ULONG_PTR)&none,   (ULONG_PTR)&group, data};
    return (int)guest_call_n((void *)condition, 8, arguments) == CF_ACCEPT;
}

SOCKET WINAPI WSAAccept(SOCKET s, struct sockaddr *address, LPINT length, LPCONDITIONPROC condition, DWORD_PTR data)
{
    SOCKADDR_STORAGE peer;
    int peer_length = sizeof peer;
    if (!condition)
        return accept(s, address, length);
    SOCKET accepted = accept(s, (struct sockaddr *)&peer, &peer_length);
    if (accepted == INVALID_SOCKET)
        return accepted;
    if (!accept_condition(condition, accepted, (struct sockaddr *)&peer, peer_length, data)) {
        closesocket(accepted);
        wsa_fail(WSAECONNREFUSED);
        return INVALID_SOCKET;
    }
    if (address && length && *length >= peer_length) {
        memcpy(address, &peer, (size_t)peer_length);
        *length = peer_length;
    }
    return accepted;
}

int WINAPI shutdown(SOCKET s, int how)
{
    return wsa_result(socket_shutdown(SOCKET_HANDLE(s), how));
}

int WINAPI WSASendDisconnect(SOCKET s, LPWSABUF data)
{
    (void)data; /* TCP has no disconnect data */
    return shutdown(s, SD_SEND);
}

int WINAPI WSARecvDisconnect(SOCKET s, LPWSABUF data)
{
    if (data)
        data->len = 0;
    return shutdown(s, SD_RECEIVE);
}

int WINAPI getsockname(SOCKET s, struct sockaddr *name, int *length)
{
    return wsa_result(socket_name(SOCKET_HANDLE(s), false, name, length));
}

int WINAPI getpeername(SOCKET s, struct sockaddr *name, int *length)
{
    return wsa_result(socket_name(SOCKET_HANDLE(s), true, name, length));
}

static int protocol_option(SOCKET s, bool wide, char *value, int *length)
{
    struct socket_info info;
    int size = wide ? sizeof(WSAPROTOCOL_INFOW) : sizeof(WSAPROTOCOL_INFOA);
    NTSTATUS status = socket_query(SOCKET_HANDLE(s), &info);
    if (status)
        return wsa_result(status);
    if (!value || !length || *length < size)
        return wsa_fail(WSAEFAULT);
    const WSAPROTOCOL_INFOW *found = protocol_find(info.family, info.type, info.protocol);
    if (!found)
        return wsa_fail(WSAENOPROTOOPT);
    if (wide)
        memcpy(value, found, (size_t)size);
    else
        protocol_to_ansi(found, (WSAPROTOCOL_INFOA *)value);
    *length = size;
    return 0;
}

int WINAPI getsockopt(SOCKET s, int level, int name, char *value, int *length)
{
    if (level == SOL_SOCKET && (name == SO_PROTOCOL_INFOA || name == SO_PROTOCOL_INFOW))
        return protocol_option(s, name == SO_PROTOCOL_INFOW, value, length);
    int result = wsa_result(socket_option_get(SOCKET_HANDLE(s), level, name, value, length));
    if (!result && level == SOL_SOCKET && name == SO_ERROR)
        *(int *)value = wsa_error(*(NTSTATUS *)value);
    return result;
}

int WINAPI setsockopt(SOCKET s, int level, int name, const char *value, int length)
{
    if (level == SOL_SOCKET && name == SO_OPENTYPE) /* asked of no socket in particular */
        return 0;
    return wsa_result(socket_option_set(SOCKET_HANDLE(s), level, name, value, length));
}

int WINAPI ioctlsocket(SOCKET s, __LONG32 command, ULONG *argument)
{
    ULONG value = 0;
    NTSTATUS status;
    if (!argument)
        return wsa_fail(WSAEFAULT);
    switch ((DWORD)command) {
    case (DWORD)FIONBIO:
        return wsa_result(socket_set_nonblocking(SOCKET_HANDLE(s), *argument != 0));
    case (DWORD)FIONREAD:
        status = socket_available(SOCKET_HANDLE(s), &value);
        break;
    case (DWORD)SIOCATMARK:
        status = socket_at_mark(SOCKET_HANDLE(s), &value);
        break;
    default:
        return wsa_fail(WSAEOPNOTSUPP);
    }
    if (!status)
        *argument = value;
    return wsa_result(status);
}

int WINAPI WSADuplicateSocketW(SOCKET s, DWORD process, LPWSAPROTOCOL_INFOW result)
{
    struct socket_info info;
    HANDLE duplicate;
    NTSTATUS status = socket_query(SOCKET_HANDLE(s), &info);
    if (status)
        return wsa_result(status);
    if (!result)
        return wsa_fail(WSAEFAULT);
    const WSAPROTOCOL_INFOW *found = protocol_find(info.family, info.type, info.protocol);
    if (!found)
        return wsa_fail(WSAEINVAL);
    memcpy(result, found, sizeof *result);
    result->iProtocol = info.protocol;
    result->iSocketType = info.type;
    if (process != GetCurrentProcessId()) {
        result->dwProviderReserved = (DWORD)s; /* not 0: there is a socket to be had */
        return wsa_result(socket_export(SOCKET_HANDLE(s), process, &result->dwServiceFlags2, &result->dwServiceFlags3));
    }
    if (!DuplicateHandle(GetCurrentProcess(), SOCKET_HANDLE(s), GetCurrentProcess(), &duplicate, 0, FALSE,
                         DUPLICATE_SAME_ACCESS))
        return wsa_fail(WSAEINVAL);
    result->dwProviderReserved = (DWORD)(ULONG_PTR)duplicate;
    return 0;
}

int WINAPI WSADuplicateSocketA(SOCKET s, DWORD process, LPWSAPROTOCOL_INFOA result)
{
    WSAPROTOCOL_INFOW wide;
    int failed = WSADuplicateSocketW(s, process, result ? &wide : NULL);
    if (!failed)
        protocol_to_ansi(&wide, result);
    return failed;
}

/* The one kind of leaf these protocols have: a member of a multicast group. */
SOCKET WINAPI WSAJoinLeaf(SOCKET s, const struct sockaddr *name, int length, LPWSABUF caller, LPWSABUF callee,
                          LPQOS send, LPQOS group, DWORD flags)
{
    struct socket_info info;
    int error = 0, result = 0;
    (void)caller, (void)callee, (void)send, (void)group;
    NTSTATUS status = socket_query(SOCKET_HANDLE(s), &info);
    if (status)
        error = wsa_error(status);
    else if (!name || length < (int)sizeof(struct sockaddr_in))
        error = WSAEFAULT;
    else if (info.type != SOCK_DGRAM || !flags || flags & ~(DWORD)(JL_SENDER_ONLY | JL_RECEIVER_ONLY | JL_BOTH))
        error = WSAEINVAL;
    else if (name->sa_family != info.family)
        error = WSAEAFNOSUPPORT;
    if (!error && flags != JL_SENDER_ONLY && info.family == AF_INET) {
        struct ip_mreq request = {.imr_multiaddr = ((const struct sockaddr_in *)name)->sin_addr};
        result = setsockopt(s, IPPROTO_IP, IP_ADD_MEMBERSHIP, (char *)&request, sizeof request);
    } else if (!error && flags != JL_SENDER_ONLY) {
        const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)name;
        struct ipv6_mreq request = {in6->sin6_addr, in6->sin6_scope_id};
        result = setsockopt(s, IPPROTO_IPV6, IPV6_ADD_MEMBERSHIP, (char *)&request, sizeof request);
    }
    if (error)
        wsa_fail(error);
    return error || result ? INVALID_SOCKET : s;
}
