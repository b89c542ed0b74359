/*
 * netnotify.c: netioapi.h, iphlpapi.h: notices of changes of the network: NotifyIpInterfaceChange and its kin.
 *
 * One monitor a process, started by the first that wants news: a receive on ntdll's socket of changes, and a wait of
 * the thread pool for its end.  Callbacks run on that thread, one after the other; who cancels waits until none runs.
 */
#include <string.h>
#include "ntdll/gate.h"
#include "ntdll/large.h"
#include "ntdll/netwatch.h"
#include "ntdll/socket.h"
#include "winsock/iphlp.h"

#define CHANGES_MAX 64

/* Somebody who wants to know: by a callback, again and again, or by an OVERLAPPED, once. */
struct notice {
    struct notice *next;
    enum net_change_kind kind;
    ADDRESS_FAMILY family; /* 0: any */
    void *callback;
    PVOID context;
    OVERLAPPED *overlapped;
    bool dead; /* cancelled inside of a callback */
};

static INIT_ONCE once = INIT_ONCE_STATIC_INIT;
static RTL_CRITICAL_SECTION lock; /* recursive: a callback may register and cancel */
static struct notice *notices;
static bool telling;
static NTSTATUS monitor_status;
static HANDLE news;
static OVERLAPPED receive;
static char buffer[NETWATCH_BUFFER] LARGE;

/* Takes out the dead, and frees them. */
static void sweep(void)
{
    for (struct notice **link = &notices; *link;) {
        struct notice *notice = *link;
        if (!notice->dead) {
            link = &notice->next;
            continue;
        }
        *link = notice->next;
        RtlFreeHeap(peb_current()->ProcessHeap, 0, notice);
    }
}

static void identify(ULONG index, NET_LUID *luid, NET_IFINDEX *target)
{
    struct netif netif;
    *target = index;
    if (interface_find(index, &netif))
        *luid = interface_luid(&netif);
}

static void tell_interface(const struct notice *notice, const struct net_change *change, int family)
{
    MIB_IPINTERFACE_ROW row = {.Family = (ADDRESS_FAMILY)family};
    identify(change->index, &row.InterfaceLuid, &row.InterfaceIndex);
    guest_call(notice->callback, GUEST(notice->context), GUEST(&row),
               change->gone ? MibDeleteInstance : MibParameterNotification, 0);
}

static void tell_address(const struct notice *notice, const struct net_change *change)
{
    MIB_UNICASTIPADDRESS_ROW row = {.OnLinkPrefixLength = change->prefix};
    socket_address(&row.Address, change->family, change->address, 0);
    identify(change->index, &row.InterfaceLuid, &row.InterfaceIndex);
    guest_call(notice->callback, GUEST(notice->context), GUEST(&row), change->gone ? MibDeleteInstance : MibAddInstance,
               0);
}

static void tell_route(const struct notice *notice, const struct net_change *change)
{
    MIB_IPFORWARD_ROW2 row = {.DestinationPrefix.PrefixLength = change->prefix};
    socket_address(&row.DestinationPrefix.Prefix, change->family, change->address, 0);
    socket_address(&row.NextHop, change->family, change->gateway, 0);
    identify(change->index, &row.InterfaceLuid, &row.InterfaceIndex);
    guest_call(notice->callback, GUEST(notice->context), GUEST(&row), change->gone ? MibDeleteInstance : MibAddInstance,
               0);
}

static void overlapped_end(struct notice *notice, NTSTATUS status)
{
    OVERLAPPED *overlapped = notice->overlapped;
    notice->dead = true;
    overlapped->InternalHigh = 0;
    __atomic_store_n(&overlapped->Internal, (ULONG_PTR)(ULONG)status, __ATOMIC_RELEASE);
    if (overlapped->hEvent)
        SetEvent(overlapped->hEvent);
}

static void tell(struct notice *notice, const struct net_change *change)
{
    if (notice->dead || notice->kind != change->kind ||
        (change->kind != NET_INTERFACE && notice->family && notice->family != change->family))
        return;
    if (notice->overlapped) {
        overlapped_end(notice, STATUS_SUCCESS);
    } else if (change->kind == NET_ADDRESS) {
        tell_address(notice, change);
    } else if (change->kind == NET_ROUTE) {
        tell_route(notice, change);
    } else {
        if (notice->family != AF_INET6)
            tell_interface(notice, change, AF_INET);
        if (notice->family != AF_INET && !notice->dead)
            tell_interface(notice, change, AF_INET6);
    }
}

static void tell_all(void)
{
    static struct net_change changes[CHANGES_MAX] LARGE;
    bool kinds[NET_ROUTE + 1] = {false};
    ULONG count = netwatch_parse(buffer, (ULONG)receive.InternalHigh, changes, CHANGES_MAX);
    telling = true;
    for (ULONG i = 0; i < count; i++) {
        kinds[changes[i].kind] = true;
        for (struct notice *notice = notices; notice; notice = notice->next)
            tell(notice, &changes[i]);
    }
    telling = false;
    sweep();
    if (kinds[NET_ADDRESS])
        netwatch_tell(false);
    if (kinds[NET_ROUTE])
        netwatch_tell(true);
}

static NTSTATUS receive_next(void)
{
    const struct socket_buffer room = {sizeof buffer, buffer};
    struct socket_message message = {.buffers = &room, .count = 1};
    const struct socket_overlapped how = {.event = receive.hEvent, .io = (PIO_STATUS_BLOCK)&receive};
    return socket_receive(news, &message, &how);
}

/* The end of a receive; too many changes at once (an overrun) are as good as none that this machine knows of. */
static void CALLBACK monitor(PVOID context, BOOLEAN timeout)
{
    (void)context;
    (void)timeout;
    RtlEnterCriticalSection(&lock);
    if (NT_SUCCESS((NTSTATUS)receive.Internal))
        tell_all();
    NTSTATUS status = receive_next();
    if (NT_ERROR(status))
        monitor_status = status;
    RtlLeaveCriticalSection(&lock);
}

static BOOL WINAPI monitor_begin(PINIT_ONCE self, PVOID parameter, PVOID *context)
{
    HANDLE wait;
    (void)self;
    (void)parameter;
    (void)context;
    RtlInitializeCriticalSection(&lock);
    monitor_status = netwatch_open(&news);
    if (!monitor_status && !(receive.hEvent = CreateEventW(NULL, FALSE, FALSE, NULL)))
        monitor_status = STATUS_INSUFFICIENT_RESOURCES;
    if (!monitor_status && !RegisterWaitForSingleObject(&wait, receive.hEvent, monitor, NULL, INFINITE, 0))
        monitor_status = STATUS_INSUFFICIENT_RESOURCES;
    if (!monitor_status) {
        NTSTATUS status = receive_next();
        monitor_status = NT_ERROR(status) ? status : STATUS_SUCCESS;
    }
    return TRUE;
}

NTSTATUS network_monitor_start(void)
{
    InitOnceExecuteOnce(&once, monitor_begin, NULL, NULL);
    return monitor_status;
}

static DWORD notice_add(const struct notice *wanted, struct notice **result)
{
    NTSTATUS status = network_monitor_start();
    struct notice *notice = status ? NULL : iphlp_alloc(sizeof *notice);
    if (!notice)
        return status ? RtlNtStatusToDosError(status) : ERROR_NOT_ENOUGH_MEMORY;
    *notice = *wanted;
    RtlEnterCriticalSection(&lock);
    notice->next = notices;
    notices = notice;
    RtlLeaveCriticalSection(&lock);
    *result = notice;
    return NO_ERROR;
}

static DWORD notify(enum net_change_kind kind, ADDRESS_FAMILY family, void *callback, PVOID context, BOOLEAN initial,
                    HANDLE *handle)
{
    const struct notice wanted = {.kind = kind, .family = family, .callback = callback, .context = context};
    struct notice *notice;
    if (!handle || !callback || (family != AF_UNSPEC && family != AF_INET && family != AF_INET6))
        return ERROR_INVALID_PARAMETER;
    DWORD error = notice_add(&wanted, &notice);
    if (error)
        return error;
    *handle = notice;
    if (initial)
        guest_call(callback, GUEST(context), 0, MibInitialNotification, 0);
    return NO_ERROR;
}

DWORD WINAPI NotifyIpInterfaceChange(ADDRESS_FAMILY family, PIPINTERFACE_CHANGE_CALLBACK callback, PVOID context,
                                     BOOLEAN initial, HANDLE *handle)
{
    return notify(NET_INTERFACE, family, (void *)callback, context, initial, handle);
}

DWORD WINAPI NotifyUnicastIpAddressChange(ADDRESS_FAMILY family, PUNICAST_IPADDRESS_CHANGE_CALLBACK callback,
                                          PVOID context, BOOLEAN initial, HANDLE *handle)
{
    return notify(NET_ADDRESS, family, (void *)callback, context, initial, handle);
}

DWORD WINAPI NotifyRouteChange2(ADDRESS_FAMILY family, PIPFORWARD_CHANGE_CALLBACK callback, PVOID context,
                                BOOLEAN initial, HANDLE *handle)
{
    return notify(NET_ROUTE, family, (void *)callback, context, initial, handle);
}

/* Marks a notice dead; false: there is none of that kind.  Frees it when no callback can be running in it. */
static bool notice_end(const struct notice *which, const OVERLAPPED *overlapped)
{
    bool found = false;
    if (network_monitor_start())
        return false;
    RtlEnterCriticalSection(&lock);
    for (struct notice *at = notices; at && !found; at = at->next) {
        if (at->dead || (overlapped ? at->overlapped != overlapped : at != which))
            continue;
        found = at->dead = true;
        if (overlapped)
            overlapped_end(at, STATUS_CANCELLED);
    }
    if (!telling)
        sweep();
    RtlLeaveCriticalSection(&lock);
    return found;
}

DWORD WINAPI CancelMibChangeNotify2(HANDLE handle)
{
    return handle && notice_end(handle, NULL) ? NO_ERROR : ERROR_INVALID_PARAMETER;
}

/* The old way: an OVERLAPPED for one change; without one, the call waits for it. */
static DWORD notify_once(enum net_change_kind kind, PHANDLE handle, LPOVERLAPPED overlapped)
{
    OVERLAPPED own = {0};
    const struct notice wanted = {.kind = kind, .family = AF_INET, .overlapped = overlapped ? overlapped : &own};
    struct notice *notice;
    if (overlapped && !handle)
        return ERROR_INVALID_PARAMETER;
    if (!overlapped && !(own.hEvent = CreateEventW(NULL, TRUE, FALSE, NULL)))
        return ERROR_NOT_ENOUGH_MEMORY;
    wanted.overlapped->Internal = (ULONG_PTR)STATUS_PENDING;
    if (overlapped && overlapped->hEvent)
        ResetEvent(overlapped->hEvent);
    DWORD error = notice_add(&wanted, &notice);
    if (handle && !error)
        *handle = news;
    if (error || overlapped) {
        if (!overlapped)
            CloseHandle(own.hEvent);
        return error ? error : ERROR_IO_PENDING;
    }
    WaitForSingleObject(own.hEvent, INFINITE);
    CloseHandle(own.hEvent);
    return NO_ERROR;
}

DWORD WINAPI NotifyAddrChange(PHANDLE handle, LPOVERLAPPED overlapped)
{
    return notify_once(NET_ADDRESS, handle, overlapped);
}

DWORD WINAPI NotifyRouteChange(PHANDLE handle, LPOVERLAPPED overlapped)
{
    return notify_once(NET_ROUTE, handle, overlapped);
}

BOOL WINAPI CancelIPChangeNotify(LPOVERLAPPED overlapped)
{
    if (overlapped && notice_end(NULL, overlapped))
        return TRUE;
    SetLastError(ERROR_INVALID_PARAMETER);
    return FALSE;
}
