/*
 * mswsock.c: mswsock.h: the extensions of Microsoft's provider: AcceptEx, ConnectEx, TransmitFile and the like.
 *
 * Programs get them through WSAIoctl; some are exports of mswsock.dll too.
 */
#include <string.h>
#include "ntdll/socket.h"
#include "winsock/ws.h"

#define TRANSMIT_PIECES_MAX 1024

BOOL WINAPI AcceptEx(SOCKET listener, SOCKET accepted, PVOID buffer, DWORD data_length, DWORD local_length,
                     DWORD remote_length, LPDWORD received, LPOVERLAPPED overlapped)
{
    if (!overlapped) {
        SetLastError(WSA_INVALID_PARAMETER);
        return FALSE;
    }
    struct socket_overlapped how = wsa_overlapped(overlapped, NULL);
    const struct socket_accept_buffer room = {buffer, data_length, local_length, remote_length};
    NTSTATUS status = socket_accept_overlapped(SOCKET_HANDLE(listener), SOCKET_HANDLE(accepted), &room, &how);
    if (!status && received)
        *received = (DWORD)overlapped->InternalHigh;
    return !wsa_overlapped_result(status);
}

/* AcceptEx left each address at the start of its room and the address's length in the room's last bytes. */
static void find_address(char *room, DWORD size, struct sockaddr **address, LPINT length)
{
    *length = 0;
    *address = (struct sockaddr *)room;
    if (size >= sizeof(int))
        memcpy(length, room + size - sizeof(int), sizeof(int));
}

void WINAPI GetAcceptExSockaddrs(PVOID buffer, DWORD data_length, DWORD local_length, DWORD remote_length,
                                 struct sockaddr **local, LPINT local_size, struct sockaddr **remote, LPINT remote_size)
{
    char *room = (char *)buffer + data_length;
    find_address(room, local_length, local, local_size);
    find_address(room + local_length, remote_length, remote, remote_size);
}

static BOOL WINAPI ConnectEx(SOCKET s, const struct sockaddr *name, int length, PVOID data, DWORD data_length,
                             LPDWORD sent, LPOVERLAPPED overlapped)
{
    if (!overlapped) {
        SetLastError(WSA_INVALID_PARAMETER);
        return FALSE;
    }
    struct socket_overlapped how = wsa_overlapped(overlapped, NULL);
    const struct socket_buffer first = {data ? data_length : 0, data};
    NTSTATUS status = socket_connect_overlapped(SOCKET_HANDLE(s), name, length, &first, &how);
    if (!status && sent)
        *sent = (DWORD)overlapped->InternalHigh;
    return !wsa_overlapped_result(status);
}

static BOOL WINAPI DisconnectEx(SOCKET s, LPOVERLAPPED overlapped, DWORD flags, DWORD reserved)
{
    struct socket_overlapped how;
    if (reserved || flags & ~(DWORD)TF_REUSE_SOCKET) {
        SetLastError(WSAEINVAL);
        return FALSE;
    }
    if (overlapped)
        how = wsa_overlapped(overlapped, NULL);
    return !wsa_overlapped_result(
        socket_disconnect(SOCKET_HANDLE(s), flags & TF_REUSE_SOCKET, overlapped ? &how : NULL));
}

/* An overlapped transfer from a file begins where the OVERLAPPED says. */
static int64_t overlapped_offset(const OVERLAPPED *overlapped)
{
    return overlapped ? (int64_t)((uint64_t)overlapped->OffsetHigh << 32 | overlapped->Offset) : -1;
}

BOOL WINAPI TransmitFile(SOCKET s, HANDLE file, DWORD length, DWORD per_send, LPOVERLAPPED overlapped,
                         LPTRANSMIT_FILE_BUFFERS buffers, DWORD flags)
{
    struct socket_piece pieces[3];
    unsigned count = 0;
    struct socket_overlapped how;
    (void)per_send;
    if (buffers && buffers->HeadLength)
        pieces[count++] = (struct socket_piece){.memory = buffers->Head, .length = buffers->HeadLength};
    if (file)
        pieces[count++] =
            (struct socket_piece){.file = file, .offset = overlapped_offset(overlapped), .length = length};
    if (buffers && buffers->TailLength)
        pieces[count++] = (struct socket_piece){.memory = buffers->Tail, .length = buffers->TailLength};
    if (overlapped)
        how = wsa_overlapped(overlapped, NULL);
    return !wsa_overlapped_result(socket_transmit(SOCKET_HANDLE(s), pieces, count, flags & TF_DISCONNECT,
                                                  flags & TF_REUSE_SOCKET, overlapped ? &how : NULL));
}

static BOOL WINAPI TransmitPackets(SOCKET s, LPTRANSMIT_PACKETS_ELEMENT elements, DWORD count, DWORD send_size,
                                   LPOVERLAPPED overlapped, DWORD flags)
{
    struct socket_overlapped how;
    (void)send_size;
    if (count > TRANSMIT_PIECES_MAX || (count && !elements)) {
        SetLastError(WSAEINVAL);
        return FALSE;
    }
    struct socket_piece *pieces = RtlAllocateHeap(peb_current()->ProcessHeap, 0, (count + 1) * sizeof *pieces);
    if (!pieces) {
        SetLastError(WSAENOBUFS);
        return FALSE;
    }
    for (DWORD i = 0; i < count; i++) {
        const TRANSMIT_PACKETS_ELEMENT *element = &elements[i];
        pieces[i] = (struct socket_piece){.length = element->cLength};
        if (element->dwElFlags & TP_ELEMENT_FILE) {
            pieces[i].file = element->hFile;
            pieces[i].offset = element->nFileOffset.QuadPart;
        } else {
            pieces[i].memory = element->pBuffer;
        }
    }
    if (overlapped)
        how = wsa_overlapped(overlapped, NULL);
    NTSTATUS status = socket_transmit(SOCKET_HANDLE(s), pieces, count, flags & TF_DISCONNECT, flags & TF_REUSE_SOCKET,
                                      overlapped ? &how : NULL);
    RtlFreeHeap(peb_current()->ProcessHeap, 0, pieces);
    return !wsa_overlapped_result(status);
}

static const struct extension {
    GUID id;
    void *function;
} extensions[] = {
    {WSAID_ACCEPTEX, AcceptEx},         {WSAID_CONNECTEX, ConnectEx},
    {WSAID_DISCONNECTEX, DisconnectEx}, {WSAID_GETACCEPTEXSOCKADDRS, GetAcceptExSockaddrs},
    {WSAID_TRANSMITFILE, TransmitFile}, {WSAID_TRANSMITPACKETS, TransmitPackets},
    {WSAID_WSARECVMSG, WSARecvMsg},     {WSAID_WSASENDMSG, WSASendMsg},
    {WSAID_WSAPOLL, WSAPoll},
};

void *extension_function(const GUID *id)
{
    for (size_t i = 0; i < sizeof extensions / sizeof *extensions; i++)
        if (!memcmp(id, &extensions[i].id, sizeof *id))
            return extensions[i].function;
    return NULL;
}
