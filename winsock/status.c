/*
 * status.c: the one place where an NTSTATUS becomes a Winsock error.
 */
#include "winsock/ws.h"

#define FACILITY_WIN32_STATUS 0xc007u

int wsa_error(NTSTATUS status)
{
    switch (status) {
    case STATUS_SUCCESS:
        return 0;
    case STATUS_PENDING:
        return WSA_IO_PENDING;
    case STATUS_INVALID_HANDLE:
    case STATUS_OBJECT_TYPE_MISMATCH:
        return WSAENOTSOCK;
    case STATUS_INSUFFICIENT_RESOURCES:
    case STATUS_NO_MEMORY:
    case STATUS_PAGEFILE_QUOTA:
    case STATUS_COMMITMENT_LIMIT:
    case STATUS_WORKING_SET_QUOTA:
    case STATUS_QUOTA_EXCEEDED:
        return WSAENOBUFS;
    case STATUS_SHARING_VIOLATION:
    case STATUS_ADDRESS_ALREADY_EXISTS:
    case STATUS_TOO_MANY_ADDRESSES:
        return WSAEADDRINUSE;
    case STATUS_IO_TIMEOUT:
    case STATUS_TIMEOUT:
    case STATUS_LINK_TIMEOUT:
        return WSAETIMEDOUT;
    case STATUS_GRACEFUL_DISCONNECT:
        return WSAEDISCON;
    case STATUS_CONNECTION_RESET:
    case STATUS_REMOTE_DISCONNECT:
    case STATUS_CONNECTION_DISCONNECTED:
    case STATUS_LINK_FAILED:
    case STATUS_PORT_UNREACHABLE:
        return WSAECONNRESET;
    case STATUS_CONNECTION_ABORTED:
    case STATUS_LOCAL_DISCONNECT:
    case STATUS_TRANSACTION_ABORTED:
        return WSAECONNABORTED;
    case STATUS_NETWORK_UNREACHABLE:
    case STATUS_PROTOCOL_UNREACHABLE:
    case STATUS_BAD_NETWORK_PATH:
        return WSAENETUNREACH;
    case STATUS_HOST_UNREACHABLE:
        return WSAEHOSTUNREACH;
    case STATUS_CANCELLED:
    case STATUS_REQUEST_ABORTED:
        return WSAEINTR;
    case STATUS_BUFFER_OVERFLOW:
    case STATUS_INVALID_BUFFER_SIZE:
        return WSAEMSGSIZE;
    case STATUS_BUFFER_TOO_SMALL:
    case STATUS_ACCESS_VIOLATION:
    case STATUS_INVALID_USER_BUFFER:
        return WSAEFAULT;
    case STATUS_DEVICE_NOT_READY:
    case STATUS_REQUEST_NOT_ACCEPTED:
        return WSAEWOULDBLOCK;
    case STATUS_NO_SUCH_DEVICE:
    case STATUS_NO_SUCH_FILE:
    case STATUS_OBJECT_NAME_NOT_FOUND:
    case STATUS_NETWORK_BUSY:
        return WSAENETDOWN;
    case STATUS_CONNECTION_INVALID:
    case STATUS_INVALID_CONNECTION:
        return WSAENOTCONN;
    case STATUS_CONNECTION_REFUSED:
    case STATUS_REMOTE_NOT_LISTENING:
        return WSAECONNREFUSED;
    case STATUS_PIPE_DISCONNECTED:
        return WSAESHUTDOWN;
    case STATUS_INVALID_ADDRESS:
    case STATUS_INVALID_ADDRESS_COMPONENT:
    case STATUS_CONFLICTING_ADDRESSES:
        return WSAEADDRNOTAVAIL;
    case STATUS_NOT_SUPPORTED:
    case STATUS_NOT_IMPLEMENTED:
        return WSAEOPNOTSUPP;
    case STATUS_ACCESS_DENIED:
        return WSAEACCES;
    case STATUS_CONNECTION_ACTIVE:
        return WSAEISCONN;
    case STATUS_TOO_MANY_OPENED_FILES:
        return WSAEMFILE;
    case STATUS_NAME_TOO_LONG:
        return WSAENAMETOOLONG;
    default:
        return (ULONG)status >> 16 == FACILITY_WIN32_STATUS ? (int)((ULONG)status & 0xffff) : WSAEINVAL;
    }
}

int wsa_fail(int error)
{
    SetLastError((DWORD)error);
    return SOCKET_ERROR;
}

int wsa_result(NTSTATUS status)
{
    return status ? wsa_fail(wsa_error(status)) : 0;
}

int wsa_overlapped_error(NTSTATUS status)
{
    return status == STATUS_CANCELLED ? WSA_OPERATION_ABORTED : wsa_error(status);
}

int wsa_overlapped_result(NTSTATUS status)
{
    return status ? wsa_fail(wsa_overlapped_error(status)) : 0;
}
