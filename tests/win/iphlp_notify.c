/*
 * Are notices of changes of the network accepted, told the first state, and cancelled?  With the argument "wait" it
 * reports changes that somebody else makes (tests/host/network_change.sh).  link: -liphlpapi -lws2_32
 */
#include <winsock2.h>
#include <ws2tcpip.h>
#include <iphlpapi.h>
#include <netioapi.h>
#include "check.h"

#define SIO_ADDRESS_LIST_CHANGE_CODE 0x28000017

static volatile LONG initial, changes;
static HANDLE happened;

static void CALLBACK interface_changed(PVOID context, PMIB_IPINTERFACE_ROW row, MIB_NOTIFICATION_TYPE type)
{
    CHECK(context == &initial);
    InterlockedIncrement(type == MibInitialNotification ? &initial : &changes);
    CHECK((row == NULL) == (type == MibInitialNotification));
}

static void CALLBACK address_changed(PVOID context, PMIB_UNICASTIPADDRESS_ROW row, MIB_NOTIFICATION_TYPE type)
{
    (void)context;
    if (type == MibInitialNotification) {
        InterlockedIncrement(&initial);
        CHECK(row == NULL);
    } else if (row->Address.si_family == AF_INET) {
        const UCHAR *b = (const UCHAR *)&row->Address.Ipv4.sin_addr;
        printf("%s %d.%d.%d.%d/%d\n", type == MibAddInstance ? "new" : "gone", b[0], b[1], b[2], b[3],
               row->OnLinkPrefixLength);
        fflush(stdout);
        CHECK(row->InterfaceIndex != 0 && row->InterfaceLuid.Value != 0);
        ReleaseSemaphore(happened, 1, NULL);
    }
}

static void CALLBACK route_changed(PVOID context, PMIB_IPFORWARD_ROW2 row, MIB_NOTIFICATION_TYPE type)
{
    (void)context;
    (void)row;
    InterlockedIncrement(type == MibInitialNotification ? &initial : &changes);
}

static void test_register(void)
{
    HANDLE handle = NULL;
    initial = 0;
    CHECK_EQ(NotifyIpInterfaceChange(AF_UNSPEC, interface_changed, (PVOID)&initial, TRUE, &handle), NO_ERROR);
    CHECK(handle != NULL);
    CHECK_EQ(initial, 1);
    CHECK_EQ(CancelMibChangeNotify2(handle), NO_ERROR);
    CHECK_EQ(NotifyUnicastIpAddressChange(AF_INET, address_changed, NULL, TRUE, &handle), NO_ERROR);
    CHECK_EQ(initial, 2);
    CHECK_EQ(CancelMibChangeNotify2(handle), NO_ERROR);
    CHECK_EQ(NotifyRouteChange2(AF_INET6, route_changed, NULL, FALSE, &handle), NO_ERROR);
    CHECK_EQ(initial, 2);
    CHECK_EQ(CancelMibChangeNotify2(handle), NO_ERROR);
    CHECK_EQ(NotifyIpInterfaceChange(77, interface_changed, NULL, FALSE, &handle), ERROR_INVALID_PARAMETER);
    CHECK_EQ(NotifyIpInterfaceChange(AF_INET, interface_changed, NULL, FALSE, NULL), ERROR_INVALID_PARAMETER);
    CHECK_EQ(CancelMibChangeNotify2(NULL), ERROR_INVALID_PARAMETER);
}

static void test_overlapped(void)
{
    OVERLAPPED overlapped = {.hEvent = CreateEventA(NULL, TRUE, TRUE, NULL)};
    HANDLE handle = NULL;
    CHECK_EQ(NotifyAddrChange(&handle, &overlapped), ERROR_IO_PENDING);
    CHECK(handle != NULL);
    CHECK_EQ(WaitForSingleObject(overlapped.hEvent, 0), WAIT_TIMEOUT);
    CHECK(!HasOverlappedIoCompleted(&overlapped));
    CHECK(CancelIPChangeNotify(&overlapped));
    CHECK_EQ(WaitForSingleObject(overlapped.hEvent, 1000), WAIT_OBJECT_0);
    CHECK_EQ((DWORD)overlapped.Internal, 0xc0000120); /* STATUS_CANCELLED */
    CHECK(!CancelIPChangeNotify(&overlapped));
    CHECK_EQ(NotifyRouteChange(&handle, &overlapped), ERROR_IO_PENDING);
    CHECK(CancelIPChangeNotify(&overlapped));
    CloseHandle(overlapped.hEvent);
}

/* On a socket: pending, cancelled by CancelIoEx and by the close; without an OVERLAPPED it would block. */
static void test_socket(void)
{
    SOCKET s = socket(AF_INET, SOCK_DGRAM, 0);
    OVERLAPPED overlapped = {.hEvent = CreateEventA(NULL, TRUE, FALSE, NULL)};
    DWORD used = 7, flags, done;
    u_long on = 1;
    CHECK_EQ(WSAIoctl(s, SIO_ADDRESS_LIST_CHANGE_CODE, NULL, 0, NULL, 0, &used, &overlapped, NULL), SOCKET_ERROR);
    CHECK_EQ(WSAGetLastError(), WSA_IO_PENDING);
    CHECK_EQ(WaitForSingleObject(overlapped.hEvent, 0), WAIT_TIMEOUT);
    CHECK(CancelIoEx((HANDLE)s, &overlapped));
    CHECK(!WSAGetOverlappedResult(s, &overlapped, &done, TRUE, &flags));
    CHECK_EQ(WSAGetLastError(), WSA_OPERATION_ABORTED);
    CHECK_EQ(WSAIoctl(s, SIO_ADDRESS_LIST_CHANGE_CODE, NULL, 0, NULL, 0, &used, &overlapped, NULL), SOCKET_ERROR);
    CHECK_EQ(WSAGetLastError(), WSA_IO_PENDING);
    closesocket(s);
    CHECK_EQ(WaitForSingleObject(overlapped.hEvent, 1000), WAIT_OBJECT_0);
    s = socket(AF_INET, SOCK_DGRAM, 0);
    ioctlsocket(s, FIONBIO, &on);
    CHECK_EQ(WSAIoctl(s, SIO_ADDRESS_LIST_CHANGE_CODE, NULL, 0, NULL, 0, &used, NULL, NULL), SOCKET_ERROR);
    CHECK_EQ(WSAGetLastError(), WSAEWOULDBLOCK);
    closesocket(s);
    CloseHandle(overlapped.hEvent);
}

/* Each way of hearing of one new address, until somebody else makes it. */
static void test_change(void)
{
    SOCKET s = socket(AF_INET, SOCK_DGRAM, 0), quiet = socket(AF_INET, SOCK_DGRAM, 0);
    OVERLAPPED once = {.hEvent = CreateEventA(NULL, TRUE, FALSE, NULL)},
               list = {.hEvent = CreateEventA(NULL, TRUE, FALSE, NULL)};
    HANDLE address, interfaces, route, ignored, event = WSACreateEvent();
    DWORD used;
    WSANETWORKEVENTS events = {0};
    u_long on = 1;
    happened = CreateSemaphoreA(NULL, 0, 100, NULL);
    ioctlsocket(quiet, FIONBIO, &on);
    CHECK_EQ(WSAEventSelect(quiet, event, FD_ADDRESS_LIST_CHANGE), 0);
    WSAIoctl(quiet, SIO_ADDRESS_LIST_CHANGE_CODE, NULL, 0, NULL, 0, &used, NULL, NULL);
    WSAIoctl(s, SIO_ADDRESS_LIST_CHANGE_CODE, NULL, 0, NULL, 0, &used, &list, NULL);
    NotifyAddrChange(&ignored, &once);
    NotifyUnicastIpAddressChange(AF_UNSPEC, address_changed, NULL, FALSE, &address);
    NotifyIpInterfaceChange(AF_UNSPEC, interface_changed, (PVOID)&initial, FALSE, &interfaces);
    NotifyRouteChange2(AF_UNSPEC, route_changed, NULL, FALSE, &route);
    puts("ready");
    fflush(stdout);
    CHECK_EQ(WaitForSingleObject(happened, 10000), WAIT_OBJECT_0);
    CHECK_EQ(WaitForSingleObject(once.hEvent, 5000), WAIT_OBJECT_0);
    CHECK_EQ(WaitForSingleObject(list.hEvent, 5000), WAIT_OBJECT_0);
    CHECK_EQ(WaitForSingleObject(event, 5000), WAIT_OBJECT_0);
    CHECK_EQ(WSAEnumNetworkEvents(quiet, event, &events), 0);
    CHECK_EQ(events.lNetworkEvents, FD_ADDRESS_LIST_CHANGE);
    CHECK_EQ(WaitForSingleObject(happened, 10000), WAIT_OBJECT_0); /* and gone again */
    CHECK_EQ(CancelMibChangeNotify2(address), NO_ERROR);
    CHECK_EQ(CancelMibChangeNotify2(interfaces), NO_ERROR);
    CHECK_EQ(CancelMibChangeNotify2(route), NO_ERROR);
    CHECK(changes > 0);
    closesocket(quiet);
    closesocket(s);
}

int main(int argc, char **argv)
{
    WSADATA data;
    WSAStartup(MAKEWORD(2, 2), &data);
    if (argc > 1 && !strcmp(argv[1], "wait")) {
        test_change();
        return check_done();
    }
    test_register();
    test_overlapped();
    test_socket();
    return check_done();
}
