/*
 * transfer.c: winsock2.h: sending and receiving.  On top of ntdll/socket.h.
 */
#include "ntdll/gate.h"
#include "ntdll/socket.h"
#include "winsock/ws.h"

_Static_assert(sizeof(WSABUF) == sizeof(struct socket_buffer) &&
                   offsetof(WSABUF, buf) == offsetof(struct socket_buffer, data),
               "WSABUF and socket_buffer are one layout");

/* The APC between: a completion routine gets an error code, a count, the OVERLAPPED and flags. */
static void WINAPI routine_apc(PVOID routine, PIO_STATUS_BLOCK io, ULONG reserved)
{
    OVERLAPPED *overlapped = (OVERLAPPED *)io;
    (void)reserved;
    guest_call(routine, (ULONG)wsa_overlapped_error(io->Status), (ULONG)io->Information, GUEST(overlapped),
               overlapped->Offset);
}

struct socket_overlapped wsa_overlapped(LPWSAOVERLAPPED overlapped, LPWSAOVERLAPPED_COMPLETION_ROUTINE routine)
{
    overlapped->Offset = 0; /* message flags, for WSAGetOverlappedResult */
    return (struct socket_overlapped){
        .event = routine ? NULL : overlapped->hEvent,
        .apc = routine ? routine_apc : NULL,
        .context = routine                             ? (PVOID)routine
                   : (ULONG_PTR)overlapped->hEvent & 1 ? NULL
                                                       : overlapped,
        .io = (PIO_STATUS_BLOCK)overlapped,
    };
}

/* The tail of every send and receive. */
static int transfer(SOCKET s, struct socket_message *message, LPDWORD done, LPWSAOVERLAPPED overlapped,
                    LPWSAOVERLAPPED_COMPLETION_ROUTINE routine, bool send)
{
    NTSTATUS status;
    if (!overlapped) {
        status = send ? socket_send(SOCKET_HANDLE(s), message, NULL) : socket_receive(SOCKET_HANDLE(s), message, NULL);
        if (done)
            *done = message->done;
        return wsa_result(status);
    }
    struct socket_overlapped how = wsa_overlapped(overlapped, routine);
    status = send ? socket_send(SOCKET_HANDLE(s), message, &how) : socket_receive(SOCKET_HANDLE(s), message, &how);
    if (done && status != STATUS_PENDING)
        *done = message->done;
    return wsa_overlapped_result(status);
}

int WINAPI send(SOCKET s, const char *data, int length, int flags)
{
    struct socket_buffer buffer = {(ULONG)length, (char *)data};
    struct socket_message message = {.buffers = &buffer, .count = 1, .flags = (ULONG)flags};
    if (length < 0)
        return wsa_fail(WSAEFAULT);
    NTSTATUS status = socket_send(SOCKET_HANDLE(s), &message, NULL);
    return status ? wsa_result(status) : (int)message.done;
}

int WINAPI sendto(SOCKET s, const char *data, int length, int flags, const struct sockaddr *to, int to_length)
{
    struct socket_buffer buffer = {(ULONG)length, (char *)data};
    struct socket_message message = {
        .buffers = &buffer, .count = 1, .flags = (ULONG)flags, .address = (void *)to, .address_length = &to_length};
    if (length < 0)
        return wsa_fail(WSAEFAULT);
    NTSTATUS status = socket_send(SOCKET_HANDLE(s), &message, NULL);
    return status ? wsa_result(status) : (int)message.done;
}

int WINAPI recv(SOCKET s, char *data, int length, int flags)
{
    struct socket_buffer buffer = {(ULONG)length, data};
    struct socket_message message = {.buffers = &buffer, .count = 1, .flags = (ULONG)flags};
    if (length < 0)
        return wsa_fail(WSAEFAULT);
    NTSTATUS status = socket_receive(SOCKET_HANDLE(s), &message, NULL);
    return status ? wsa_result(status) : (int)message.done;
}

int WINAPI recvfrom(SOCKET s, char *data, int length, int flags, struct sockaddr *from, int *from_length)
{
    struct socket_buffer buffer = {(ULONG)length, data};
    struct socket_message message = {
        .buffers = &buffer, .count = 1, .flags = (ULONG)flags, .address = from, .address_length = from_length};
    if (length < 0)
        return wsa_fail(WSAEFAULT);
    NTSTATUS status = socket_receive(SOCKET_HANDLE(s), &message, NULL);
    return status ? wsa_result(status) : (int)message.done;
}

int WINAPI WSASend(SOCKET s, LPWSABUF buffers, DWORD count, LPDWORD sent, DWORD flags, LPWSAOVERLAPPED overlapped,
                   LPWSAOVERLAPPED_COMPLETION_ROUTINE routine)
{
    struct socket_message message = {.buffers = (struct socket_buffer *)buffers, .count = count, .flags = flags};
    if (!buffers || (!sent && !overlapped))
        return wsa_fail(buffers ? WSAEFAULT : WSAEINVAL);
    return transfer(s, &message, sent, overlapped, routine, true);
}

int WINAPI WSASendTo(SOCKET s, LPWSABUF buffers, DWORD count, LPDWORD sent, DWORD flags, const struct sockaddr *to,
                     int to_length, LPWSAOVERLAPPED overlapped, LPWSAOVERLAPPED_COMPLETION_ROUTINE routine)
{
    struct socket_message message = {.buffers = (struct socket_buffer *)buffers,
                                     .count = count,
                                     .flags = flags,
                                     .address = (void *)to,
                                     .address_length = &to_length};
    if (!buffers || (!sent && !overlapped))
        return wsa_fail(buffers ? WSAEFAULT : WSAEINVAL);
    return transfer(s, &message, sent, overlapped, routine, true);
}

/* Where a receive's flags go: to the caller at once, or into the OVERLAPPED. */
static ULONG *flags_target(LPDWORD flags, LPWSAOVERLAPPED overlapped)
{
    return overlapped ? &overlapped->Offset : (ULONG *)flags;
}

int WINAPI WSARecv(SOCKET s, LPWSABUF buffers, DWORD count, LPDWORD received, LPDWORD flags, LPWSAOVERLAPPED overlapped,
                   LPWSAOVERLAPPED_COMPLETION_ROUTINE routine)
{
    if (!buffers || !flags || (!received && !overlapped))
        return wsa_fail(buffers ? WSAEFAULT : WSAEINVAL);
    struct socket_message message = {.buffers = (struct socket_buffer *)buffers,
                                     .count = count,
                                     .flags = *flags,
                                     .flags_out = flags_target(flags, overlapped)};
    int result = transfer(s, &message, received, overlapped, routine, false);
    if (!result && overlapped)
        *flags = overlapped->Offset;
    return result;
}

int WINAPI WSARecvFrom(SOCKET s, LPWSABUF buffers, DWORD count, LPDWORD received, LPDWORD flags, struct sockaddr *from,
                       LPINT from_length, LPWSAOVERLAPPED overlapped, LPWSAOVERLAPPED_COMPLETION_ROUTINE routine)
{
    if (!buffers || !flags || (!received && !overlapped))
        return wsa_fail(buffers ? WSAEFAULT : WSAEINVAL);
    struct socket_message message = {.buffers = (struct socket_buffer *)buffers,
                                     .count = count,
                                     .flags = *flags,
                                     .flags_out = flags_target(flags, overlapped),
                                     .address = from,
                                     .address_length = from_length};
    int result = transfer(s, &message, received, overlapped, routine, false);
    if (!result && overlapped)
        *flags = overlapped->Offset;
    return result;
}

int WINAPI WSASendMsg(SOCKET s, LPWSAMSG in, DWORD flags, LPDWORD sent, LPWSAOVERLAPPED overlapped,
                      LPWSAOVERLAPPED_COMPLETION_ROUTINE routine)
{
    if (!in || (!sent && !overlapped))
        return wsa_fail(WSAEFAULT);
    ULONG control_length = in->Control.len;
    struct socket_message message = {.buffers = (struct socket_buffer *)in->lpBuffers,
                                     .count = in->dwBufferCount,
                                     .flags = flags,
                                     .address = in->namelen ? in->name : NULL,
                                     .address_length = &in->namelen,
                                     .control = in->Control.buf,
                                     .control_length = overlapped ? (ULONG *)&in->Control.len : &control_length};
    return transfer(s, &message, sent, overlapped, routine, true);
}

int WINAPI WSARecvMsg(SOCKET s, LPWSAMSG in, LPDWORD received, LPWSAOVERLAPPED overlapped,
                      LPWSAOVERLAPPED_COMPLETION_ROUTINE routine)
{
    if (!in || (!received && !overlapped))
        return wsa_fail(WSAEFAULT);
    struct socket_message message = {.buffers = (struct socket_buffer *)in->lpBuffers,
                                     .count = in->dwBufferCount,
                                     .flags = in->dwFlags,
                                     .flags_out = &in->dwFlags,
                                     .address = in->name,
                                     .address_length = &in->namelen,
                                     .control = in->Control.buf,
                                     .control_length = (ULONG *)&in->Control.len,
                                     .by_message = true};
    return transfer(s, &message, received, overlapped, routine, false);
}

BOOL WINAPI WSAGetOverlappedResult(SOCKET s, LPWSAOVERLAPPED overlapped, LPDWORD transferred, BOOL wait, LPDWORD flags)
{
    if (!overlapped || !transferred || !flags) {
        wsa_fail(overlapped ? WSAEFAULT : WSA_INVALID_PARAMETER);
        return FALSE;
    }
    NTSTATUS status = (NTSTATUS)__atomic_load_n(&overlapped->Internal, __ATOMIC_ACQUIRE);
    if (status == STATUS_PENDING && !wait) {
        wsa_fail(WSA_IO_INCOMPLETE);
        return FALSE;
    }
    if (status == STATUS_PENDING) {
        HANDLE event = (HANDLE)((ULONG_PTR)overlapped->hEvent & ~(ULONG_PTR)1);
        if (WaitForSingleObject(event ? event : SOCKET_HANDLE(s), INFINITE) != WAIT_OBJECT_0)
            return FALSE;
        status = (NTSTATUS)__atomic_load_n(&overlapped->Internal, __ATOMIC_ACQUIRE);
    }
    *transferred = (DWORD)overlapped->InternalHigh;
    *flags = overlapped->Offset;
    return !wsa_overlapped_result(status);
}

/* The 1.1 calls with partial messages: these protocols have none. */
int WINAPI WSARecvEx(SOCKET s, char *data, int length, int *flags)
{
    return flags ? recv(s, data, length, *flags) : wsa_fail(WSAEFAULT);
}
