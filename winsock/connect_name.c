/*
 * connect_name.c: winsock2.h: WSAConnectByName, WSAConnectByList: a connection to the first address that answers.
 */
#include <string.h>
#include "ntdll/socket.h"
#include "winsock/names.h"

/* One call: the socket, how long it may take, and where the addresses are wanted. */
struct attempt {
    SOCKET socket;
    ULONGLONG end; /* of GetTickCount64; 0: never */
    struct socket_info info;
    DWORD *local_length, *remote_length;
    SOCKADDR *local, *remote;
};

static int milliseconds_left(const struct attempt *attempt)
{
    ULONGLONG now = GetTickCount64();
    if (!attempt->end)
        return -1;
    return now >= attempt->end ? 0 : (int)(attempt->end - now);
}

/* A socket for IPv6 gets IPv4's addresses mapped. */
static int address_for(const struct attempt *attempt, const SOCKADDR *address, int length, SOCKADDR_INET *result)
{
    const SOCKADDR_IN *in = (const SOCKADDR_IN *)address;
    memset(result, 0, sizeof *result);
    if (length > (int)sizeof *result)
        return 0;
    memcpy(result, address, (size_t)length);
    if (attempt->info.family == address->sa_family)
        return length;
    if (attempt->info.family != AF_INET6 || address->sa_family != AF_INET)
        return 0;
    memset(result, 0, sizeof *result);
    result->Ipv6.sin6_family = AF_INET6;
    result->Ipv6.sin6_port = in->sin_port;
    result->Ipv6.sin6_addr.u.Byte[10] = result->Ipv6.sin6_addr.u.Byte[11] = 0xff;
    memcpy(&result->Ipv6.sin6_addr.u.Byte[12], &in->sin_addr, 4);
    return sizeof result->Ipv6;
}

/* 0 or a Winsock error; the socket does not block. */
static int connect_one(struct attempt *attempt, const SOCKADDR *address, int length)
{
    SOCKADDR_INET own;
    int size = address_for(attempt, address, length, &own), error = 0, error_size = sizeof error;
    if (!size)
        return WSAEAFNOSUPPORT;
    if (!connect(attempt->socket, (SOCKADDR *)&own, size))
        return 0;
    error = WSAGetLastError();
    if (error != WSAEWOULDBLOCK)
        return error;
    WSAPOLLFD poll = {.fd = attempt->socket, .events = POLLOUT};
    int ready = WSAPoll(&poll, 1, milliseconds_left(attempt));
    if (ready <= 0)
        return ready ? WSAGetLastError() : WSAETIMEDOUT;
    return getsockopt(attempt->socket, SOL_SOCKET, SO_ERROR, (char *)&error, &error_size) ? WSAGetLastError() : error;
}

static int address_tell(SOCKET s, bool peer, SOCKADDR *address, DWORD *length)
{
    int size = length ? (int)*length : 0;
    if (!address || !length)
        return 0;
    int result = peer ? getpeername(s, address, &size) : getsockname(s, address, &size);
    *length = (DWORD)size;
    return result ? WSAGetLastError() : 0;
}

static BOOL finish(struct attempt *attempt, int error)
{
    if (!attempt->info.nonblocking)
        socket_set_nonblocking(SOCKET_HANDLE(attempt->socket), false);
    if (!error)
        error = address_tell(attempt->socket, false, attempt->local, attempt->local_length);
    if (!error)
        error = address_tell(attempt->socket, true, attempt->remote, attempt->remote_length);
    SetLastError((DWORD)error);
    return !error;
}

static bool begin(struct attempt *attempt, const TIMEVAL *timeout, const void *reserved)
{
    if (!wsa_started())
        return false;
    NTSTATUS status = socket_query(SOCKET_HANDLE(attempt->socket), &attempt->info);
    if (status || reserved) {
        SetLastError(status ? (DWORD)wsa_error(status) : WSAEINVAL);
        return false;
    }
    if (timeout)
        attempt->end = GetTickCount64() + (ULONGLONG)timeout->tv_sec * 1000 + (ULONGLONG)timeout->tv_usec / 1000 + 1;
    socket_set_nonblocking(SOCKET_HANDLE(attempt->socket), true);
    return true;
}

BOOL WINAPI WSAConnectByList(SOCKET s, PSOCKET_ADDRESS_LIST list, LPDWORD local_length, LPSOCKADDR local,
                             LPDWORD remote_length, LPSOCKADDR remote, const PTIMEVAL timeout, LPWSAOVERLAPPED reserved)
{
    struct attempt attempt = {
        .socket = s, .local_length = local_length, .remote_length = remote_length, .local = local, .remote = remote};
    int error = WSAEINVAL;
    if (!list || list->iAddressCount < 1) {
        wsa_fail(WSAEINVAL);
        return FALSE;
    }
    if (!begin(&attempt, timeout, reserved))
        return FALSE;
    for (int i = 0; i < list->iAddressCount && error; i++)
        error = connect_one(&attempt, list->Address[i].lpSockaddr, list->Address[i].iSockaddrLength);
    return finish(&attempt, error);
}

BOOL WINAPI WSAConnectByNameA(SOCKET s, LPSTR name, LPSTR service, LPDWORD local_length, LPSOCKADDR local,
                              LPDWORD remote_length, LPSOCKADDR remote, const PTIMEVAL timeout,
                              LPWSAOVERLAPPED reserved)
{
    struct attempt attempt = {
        .socket = s, .local_length = local_length, .remote_length = remote_length, .local = local, .remote = remote};
    struct resolver_address *found;
    if (!name || !service) {
        wsa_fail(WSAEINVAL);
        return FALSE;
    }
    if (!begin(&attempt, timeout, reserved))
        return FALSE;
    const ADDRINFOA hints = {.ai_family = attempt.info.family == AF_INET6 ? AF_UNSPEC : AF_INET,
                             .ai_socktype = attempt.info.type};
    int error = names_lookup(name, service, &hints, &found);
    if (!error)
        error = WSAHOST_NOT_FOUND;
    for (const struct resolver_address *at = found; at && error; at = at->next)
        error = connect_one(&attempt, (const SOCKADDR *)at->address, at->length);
    resolver_free(found);
    return finish(&attempt, error);
}

BOOL WINAPI WSAConnectByNameW(SOCKET s, LPWSTR name, LPWSTR service, LPDWORD local_length, LPSOCKADDR local,
                              LPDWORD remote_length, LPSOCKADDR remote, const PTIMEVAL timeout,
                              LPWSAOVERLAPPED reserved)
{
    char narrow_name[NAME_MAX_BYTES], narrow_service[NAME_MAX_BYTES];
    if (!name || !service || !name_narrow(name, narrow_name, sizeof narrow_name) ||
        !name_narrow(service, narrow_service, sizeof narrow_service)) {
        wsa_fail(WSAEINVAL);
        return FALSE;
    }
    return WSAConnectByNameA(s, narrow_name, narrow_service, local_length, local, remote_length, remote, timeout,
                             reserved);
}
