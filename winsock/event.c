/*
 * event.c: winsock2.h: event objects and network events.  On top of kernel32 and ntdll/socket.h.
 */
#include "ntdll/socket.h"
#include "winsock/ws.h"

WSAEVENT WINAPI WSACreateEvent(void)
{
    HANDLE event = CreateEventW(NULL, TRUE, FALSE, NULL);
    if (!event)
        wsa_fail(WSA_NOT_ENOUGH_MEMORY);
    return event;
}

BOOL WINAPI WSACloseEvent(WSAEVENT event)
{
    return CloseHandle(event);
}

BOOL WINAPI WSASetEvent(WSAEVENT event)
{
    return SetEvent(event);
}

BOOL WINAPI WSAResetEvent(WSAEVENT event)
{
    return ResetEvent(event);
}

DWORD WINAPI WSAWaitForMultipleEvents(DWORD count, const WSAEVENT *events, BOOL all, DWORD milliseconds, BOOL alertable)
{
    return WaitForMultipleObjectsEx(count, events, all, milliseconds, alertable);
}

int WINAPI WSAEventSelect(SOCKET s, WSAEVENT event, __LONG32 events)
{
    return wsa_result(socket_event_select(SOCKET_HANDLE(s), event, events));
}

int WINAPI WSAEnumNetworkEvents(SOCKET s, WSAEVENT event, LPWSANETWORKEVENTS result)
{
    NTSTATUS codes[SOCKET_EVENTS] = {0};
    LONG events;
    if (!result)
        return wsa_fail(WSAEFAULT);
    NTSTATUS status = socket_event_enumerate(SOCKET_HANDLE(s), event, &events, codes);
    if (status)
        return wsa_result(status);
    result->lNetworkEvents = events;
    for (int i = 0; i < SOCKET_EVENTS; i++)
        result->iErrorCode[i] = wsa_error(codes[i]);
    return 0;
}
