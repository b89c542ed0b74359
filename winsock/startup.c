/*
 * startup.c: Winsock's start and end, its last error, byte order.
 */
#include <stdatomic.h>
#include <string.h>
#include "winsock/ws.h"

#define HIGHEST_VERSION 0x0202

static atomic_int started;

int WINAPI WSAStartup(WORD wanted, LPWSADATA data)
{
    unsigned major = LOBYTE(wanted), minor = HIBYTE(wanted);
    if (!major)
        return WSAVERNOTSUPPORTED;
    if (!data)
        return WSAEFAULT;
    memset(data, 0, sizeof(*data));
    /* 1.0, 1.1, 2.0, 2.1 and 2.2 exist; a higher wish gets the highest below it. */
    if (major > 2 || (major == 2 && minor > 2))
        data->wVersion = HIGHEST_VERSION;
    else if (major == 1 && minor > 1)
        data->wVersion = MAKEWORD(1, 1);
    else
        data->wVersion = wanted;
    data->wHighVersion = HIGHEST_VERSION;
    strcpy(data->szDescription, "WinSock 2.0");
    strcpy(data->szSystemStatus, "Running");
    if (LOBYTE(data->wVersion) == 1) {
        data->iMaxSockets = 32767;
        data->iMaxUdpDg = 65467;
    }
    started++;
    return 0;
}

int WINAPI WSACleanup(void)
{
    int count = started;
    while (count > 0)
        if (atomic_compare_exchange_weak(&started, &count, count - 1))
            return 0;
    SetLastError(WSANOTINITIALISED);
    return SOCKET_ERROR;
}

int WINAPI WSAGetLastError(void)
{
    return (int)GetLastError();
}

void WINAPI WSASetLastError(int error)
{
    SetLastError((DWORD)error);
}

bool wsa_started(void)
{
    if (!started)
        SetLastError(WSANOTINITIALISED);
    return started != 0;
}

ULONG WINAPI htonl(ULONG value)
{
    return __builtin_bswap32(value);
}

USHORT WINAPI htons(USHORT value)
{
    return __builtin_bswap16(value);
}

/* ntdll's copies of Windows' numbers (wsvalues.h) against the headers. */
#define WS(name, value) _Static_assert((int)(name) == (int)(value), #name);
#define WSX(name, value)
#include "ntdll/wsvalues.h"
