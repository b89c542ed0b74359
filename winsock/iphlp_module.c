/*
 * iphlp_module.c: iphlpapi.h: whose a connection is, errors in words, what the network reaches; and what would change
 * the host's network, which is not for the programs of a prefix: refused, as Windows refuses who is no administrator.
 */
#include <string.h>
#include "winsock/iphlp.h"

/* Calls that change addresses, routes, neighbours, interfaces or connections, whatever their parameters. */
DWORD WINAPI iphlp_no_change(void)
{
    return ERROR_ACCESS_DENIED;
}

/* TCPIP_OWNER_MODULE_BASIC_INFO and its texts: the module's name is the program's. */
static DWORD owner_module(DWORD pid, ULONG class, void *buffer, DWORD *size)
{
    WCHAR path[1024];
    DWORD length = sizeof path / sizeof *path;
    if (class != 0 || !size)
        return ERROR_INVALID_PARAMETER;
    HANDLE process = pid ? OpenProcess(PROCESS_QUERY_LIMITED_INFORMATION, FALSE, pid) : NULL;
    bool found = process && QueryFullProcessImageNameW(process, 0, path, &length);
    if (process)
        CloseHandle(process);
    if (!found)
        return ERROR_NOT_FOUND;
    DWORD name = length;
    while (name && path[name - 1] != '\\')
        name--;
    DWORD needed = (DWORD)(2 * sizeof(WCHAR *) + (length - name + 1 + length + 1) * sizeof(WCHAR));
    if (!buffer || *size < needed) {
        *size = needed;
        return ERROR_INSUFFICIENT_BUFFER;
    }
    WCHAR **pointers = buffer, *text = (WCHAR *)(pointers + 2);
    pointers[0] = memcpy(text, path + name, (length - name + 1) * sizeof(WCHAR));
    text += length - name + 1;
    pointers[1] = memcpy(text, path, (length + 1) * sizeof(WCHAR));
    *size = needed;
    return 0;
}

DWORD WINAPI GetOwnerModuleFromTcpEntry(PMIB_TCPROW_OWNER_MODULE row, TCPIP_OWNER_MODULE_INFO_CLASS class, PVOID buffer,
                                        PDWORD size)
{
    return row ? owner_module(row->dwOwningPid, class, buffer, size) : ERROR_INVALID_PARAMETER;
}

DWORD WINAPI GetOwnerModuleFromTcp6Entry(PMIB_TCP6ROW_OWNER_MODULE row, TCPIP_OWNER_MODULE_INFO_CLASS class,
                                         PVOID buffer, PDWORD size)
{
    return row ? owner_module(row->dwOwningPid, class, buffer, size) : ERROR_INVALID_PARAMETER;
}

DWORD WINAPI GetOwnerModuleFromUdpEntry(PMIB_UDPROW_OWNER_MODULE row, TCPIP_OWNER_MODULE_INFO_CLASS class, PVOID buffer,
                                        PDWORD size)
{
    return row ? owner_module(row->dwOwningPid, class, buffer, size) : ERROR_INVALID_PARAMETER;
}

DWORD WINAPI GetOwnerModuleFromUdp6Entry(PMIB_UDP6ROW_OWNER_MODULE row, TCPIP_OWNER_MODULE_INFO_CLASS class,
                                         PVOID buffer, PDWORD size)
{
    return row ? owner_module(row->dwOwningPid, class, buffer, size) : ERROR_INVALID_PARAMETER;
}

/* IP_SUCCESS and IP_STATUS_BASE + 1 ...; *size counts characters. */
DWORD WINAPI GetIpErrorString(IP_STATUS status, PWSTR buffer, PDWORD size)
{
    static const WCHAR *const texts[] = {
        [IP_BUF_TOO_SMALL - IP_STATUS_BASE] = L"The reply buffer was too small.",
        [IP_DEST_NET_UNREACHABLE - IP_STATUS_BASE] = L"Destination net unreachable.",
        [IP_DEST_HOST_UNREACHABLE - IP_STATUS_BASE] = L"Destination host unreachable.",
        [IP_DEST_PROT_UNREACHABLE - IP_STATUS_BASE] = L"Destination protocol unreachable.",
        [IP_DEST_PORT_UNREACHABLE - IP_STATUS_BASE] = L"Destination port unreachable.",
        [IP_NO_RESOURCES - IP_STATUS_BASE] = L"No resources.",
        [IP_BAD_OPTION - IP_STATUS_BASE] = L"A bad option was given.",
        [IP_HW_ERROR - IP_STATUS_BASE] = L"A hardware error occurred.",
        [IP_PACKET_TOO_BIG - IP_STATUS_BASE] = L"Packet needs to be fragmented but DF set.",
        [IP_REQ_TIMED_OUT - IP_STATUS_BASE] = L"Request timed out.",
        [IP_BAD_REQ - IP_STATUS_BASE] = L"Bad request.",
        [IP_BAD_ROUTE - IP_STATUS_BASE] = L"Bad route.",
        [IP_TTL_EXPIRED_TRANSIT - IP_STATUS_BASE] = L"TTL expired in transit.",
        [IP_TTL_EXPIRED_REASSEM - IP_STATUS_BASE] = L"TTL expired during reassembly.",
        [IP_PARAM_PROBLEM - IP_STATUS_BASE] = L"Parameter problem.",
        [IP_SOURCE_QUENCH - IP_STATUS_BASE] = L"Source quench received.",
        [IP_OPTION_TOO_BIG - IP_STATUS_BASE] = L"Option too big.",
        [IP_BAD_DESTINATION - IP_STATUS_BASE] = L"Bad destination.",
    };
    const ULONG index = status - IP_STATUS_BASE;
    const WCHAR *text = status == IP_SUCCESS ? L"The operation completed successfully."
                        : status >= IP_STATUS_BASE && index < sizeof texts / sizeof *texts ? texts[index]
                        : status == IP_GENERAL_FAILURE                                     ? L"General failure."
                                                                                           : NULL;
    if (!size || !text)
        return ERROR_INVALID_PARAMETER;
    DWORD needed = 1;
    while (text[needed - 1])
        needed++;
    bool fits = buffer && *size >= needed;
    *size = needed;
    if (!fits)
        return ERROR_INSUFFICIENT_BUFFER;
    memcpy(buffer, text, needed * sizeof *text);
    return 0;
}

/* NL_NETWORK_CONNECTIVITY_HINT, which these headers do not have. */
struct connectivity_hint {
    int level, cost; /* NetworkConnectivityLevelHint..., NetworkConnectivityCostHint... */
    BOOLEAN near_limit, over_limit, roaming;
};
enum { LEVEL_NONE = 1, LEVEL_LOCAL = 2, LEVEL_INTERNET = 3, COST_UNKNOWN = 0, COST_UNRESTRICTED = 1 };

/* Of one interface, or of all (index 0). */
static DWORD hint_fill(ULONG index, struct connectivity_hint *hint)
{
    struct netif_address *addresses;
    ULONG count = 0;
    DWORD best;
    int level = LEVEL_NONE;
    if (!hint)
        return ERROR_INVALID_PARAMETER;
    NTSTATUS status = netif_addresses(&addresses, &count);
    if (status)
        return RtlNtStatusToDosError(status);
    for (ULONG i = 0; i < count; i++)
        if (addresses[i].up && !addresses[i].loopback && (!index || addresses[i].index == index))
            level = LEVEL_LOCAL;
    netif_free(addresses);
    /* There is a way to addresses far away. */
    if (level == LEVEL_LOCAL && !GetBestInterface(0x01010101, &best) && (!index || best == index))
        level = LEVEL_INTERNET;
    *hint = (struct connectivity_hint){.level = level, .cost = level == LEVEL_NONE ? COST_UNKNOWN : COST_UNRESTRICTED};
    return 0;
}

DWORD WINAPI GetNetworkConnectivityHint(struct connectivity_hint *hint)
{
    return hint_fill(0, hint);
}

DWORD WINAPI GetNetworkConnectivityHintForInterface(ULONG index, struct connectivity_hint *hint)
{
    struct netif found;
    return index && interface_find(index, &found) ? hint_fill(index, hint) : ERROR_NOT_FOUND;
}

/* There is one network compartment. */
ULONG WINAPI GetCurrentThreadCompartmentId(void)
{
    return 1;
}

DWORD WINAPI SetCurrentThreadCompartmentId(ULONG id)
{
    return id <= 1 ? 0 : ERROR_NOT_FOUND;
}
