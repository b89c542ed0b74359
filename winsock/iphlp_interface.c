/*
 * iphlp_interface.c: netioapi.h: interfaces: their identities and names, tables and entries.
 *
 * An interface's LUID is made of its type and index, its GUID of its index: both are the same in every process.
 */
#include <stdio.h>
#include <string.h>
#include "winsock/iphlp.h"

void *iphlp_alloc(size_t size)
{
    return RtlAllocateHeap(peb_current()->ProcessHeap, HEAP_ZERO_MEMORY, size);
}

void WINAPI FreeMibTable(PVOID memory)
{
    RtlFreeHeap(peb_current()->ProcessHeap, 0, memory);
}

ULONG interface_type(const struct netif *netif)
{
    return netif->loopback         ? IF_TYPE_SOFTWARE_LOOPBACK
           : netif->wireless       ? IF_TYPE_IEEE80211
           : netif->point_to_point ? IF_TYPE_PPP
                                   : IF_TYPE_ETHERNET_CSMACD;
}

NET_LUID interface_luid(const struct netif *netif)
{
    NET_LUID luid = {0};
    luid.Info.IfType = interface_type(netif);
    luid.Info.NetLuidIndex = netif->index;
    return luid;
}

GUID interface_guid(ULONG index)
{
    return (GUID){0x77696e72,
                  0x756e,
                  0x4e49,
                  {0x80, 0, 0, 0, (UCHAR)(index >> 24), (UCHAR)(index >> 16), (UCHAR)(index >> 8), (UCHAR)index}};
}

void guid_text(const GUID *guid, char *text)
{
    snprintf(text, GUID_TEXT_LENGTH + 1, "{%08X-%04X-%04X-%02X%02X-%02X%02X%02X%02X%02X%02X}", (unsigned)guid->Data1,
             guid->Data2, guid->Data3, guid->Data4[0], guid->Data4[1], guid->Data4[2], guid->Data4[3], guid->Data4[4],
             guid->Data4[5], guid->Data4[6], guid->Data4[7]);
}

void widen(const char *text, WCHAR *wide, size_t count)
{
    size_t i = 0;
    for (; text[i] && i < count - 1; i++)
        wide[i] = (unsigned char)text[i];
    wide[i] = 0;
}

void socket_address(SOCKADDR_INET *target, int family, const uint8_t *bytes, ULONG scope)
{
    memset(target, 0, sizeof *target);
    target->si_family = (ADDRESS_FAMILY)family;
    if (family == AF_INET) {
        memcpy(&target->Ipv4.sin_addr, bytes, 4);
    } else {
        memcpy(&target->Ipv6.sin6_addr, bytes, 16);
        target->Ipv6.sin6_scope_id = scope;
    }
}

bool interface_find(ULONG index, struct netif *result)
{
    struct netif *list;
    ULONG count;
    bool found = false;
    if (netif_list(&list, &count))
        return false;
    for (ULONG i = 0; i < count && !found; i++)
        if ((found = list[i].index == index))
            *result = list[i];
    netif_free(list);
    return found;
}

static bool interface_by_luid(const NET_LUID *luid, struct netif *result)
{
    return interface_find((ULONG)luid->Info.NetLuidIndex, result) && interface_type(result) == (ULONG)luid->Info.IfType;
}

static void row_fill(MIB_IF_ROW2 *row, const struct netif *netif)
{
    memset(row, 0, sizeof *row);
    row->InterfaceLuid = interface_luid(netif);
    row->InterfaceIndex = netif->index;
    row->InterfaceGuid = interface_guid(netif->index);
    widen(netif->name, row->Alias, sizeof row->Alias / sizeof *row->Alias);
    widen(netif->name, row->Description, sizeof row->Description / sizeof *row->Description);
    row->PhysicalAddressLength = netif->mac_length;
    memcpy(row->PhysicalAddress, netif->mac, netif->mac_length);
    memcpy(row->PermanentPhysicalAddress, netif->mac, netif->mac_length);
    row->Mtu = netif->mtu;
    row->Type = interface_type(netif);
    row->MediaType = netif->loopback ? NdisMediumLoopback : NdisMedium802_3;
    row->PhysicalMediumType = netif->wireless   ? NdisPhysicalMediumNative802_11
                              : netif->loopback ? NdisPhysicalMediumUnspecified
                                                : NdisPhysicalMedium802_3;
    row->AccessType = netif->loopback         ? NET_IF_ACCESS_LOOPBACK
                      : netif->point_to_point ? NET_IF_ACCESS_POINT_TO_POINT
                                              : NET_IF_ACCESS_BROADCAST;
    row->DirectionType = NET_IF_DIRECTION_SENDRECEIVE;
    row->InterfaceAndOperStatusFlags.HardwareInterface = !netif->loopback;
    row->OperStatus = netif->up && (netif->running || netif->loopback) ? IfOperStatusUp : IfOperStatusDown;
    row->AdminStatus = netif->up ? NET_IF_ADMIN_STATUS_UP : NET_IF_ADMIN_STATUS_DOWN;
    row->MediaConnectState = netif->running ? MediaConnectStateConnected : MediaConnectStateDisconnected;
    row->ConnectionType = NET_IF_CONNECTION_DEDICATED;
    row->TransmitLinkSpeed = row->ReceiveLinkSpeed = netif->speed ? netif->speed : 1000000000;
    row->InOctets = netif->in_bytes;
    row->OutOctets = netif->out_bytes;
    row->InUcastPkts = netif->in_packets;
    row->OutUcastPkts = netif->out_packets;
    row->InUcastOctets = netif->in_bytes;
    row->OutUcastOctets = netif->out_bytes;
    row->InErrors = netif->in_errors;
    row->OutErrors = netif->out_errors;
    row->InDiscards = netif->in_drops;
    row->OutDiscards = netif->out_drops;
}

DWORD WINAPI GetIfEntry2(PMIB_IF_ROW2 row)
{
    struct netif netif;
    if (!row)
        return ERROR_INVALID_PARAMETER;
    bool found = row->InterfaceLuid.Value ? interface_by_luid(&row->InterfaceLuid, &netif)
                                          : interface_find(row->InterfaceIndex, &netif);
    if (!found)
        return ERROR_FILE_NOT_FOUND;
    row_fill(row, &netif);
    return NO_ERROR;
}

DWORD WINAPI GetIfTable2(PMIB_IF_TABLE2 *table)
{
    struct netif *list;
    ULONG count;
    if (!table)
        return ERROR_INVALID_PARAMETER;
    if (netif_list(&list, &count))
        return ERROR_NOT_ENOUGH_MEMORY;
    *table = iphlp_alloc(sizeof **table + count * sizeof(MIB_IF_ROW2));
    if (*table) {
        (*table)->NumEntries = count;
        for (ULONG i = 0; i < count; i++)
            row_fill(&(*table)->Table[i], &list[i]);
    }
    netif_free(list);
    return *table ? NO_ERROR : ERROR_NOT_ENOUGH_MEMORY;
}

DWORD WINAPI GetIfTable2Ex(MIB_IF_TABLE_LEVEL level, PMIB_IF_TABLE2 *table)
{
    if (level != MibIfTableNormal && level != MibIfTableRaw)
        return ERROR_INVALID_PARAMETER;
    return GetIfTable2(table);
}

DWORD WINAPI GetNumberOfInterfaces(PDWORD result)
{
    struct netif *list;
    ULONG count;
    if (!result)
        return ERROR_INVALID_PARAMETER;
    if (netif_list(&list, &count))
        return ERROR_NOT_ENOUGH_MEMORY;
    netif_free(list);
    *result = count;
    return NO_ERROR;
}

static void old_row_fill(void *target, const void *entry)
{
    MIB_IFROW *row = target;
    const struct netif *netif = entry;
    memset(row, 0, sizeof *row);
    widen(netif->name, row->wszName, sizeof row->wszName / sizeof *row->wszName);
    row->dwIndex = netif->index;
    row->dwType = interface_type(netif);
    row->dwMtu = netif->mtu;
    row->dwSpeed = netif->speed && netif->speed < UINT32_MAX ? (DWORD)netif->speed : 1000000000;
    row->dwPhysAddrLen = netif->mac_length;
    memcpy(row->bPhysAddr, netif->mac, netif->mac_length);
    row->dwAdminStatus = netif->up;
    row->dwOperStatus = netif->up && (netif->running || netif->loopback) ? MIB_IF_OPER_STATUS_OPERATIONAL
                                                                         : MIB_IF_OPER_STATUS_DISCONNECTED;
    row->dwInOctets = (DWORD)netif->in_bytes;
    row->dwOutOctets = (DWORD)netif->out_bytes;
    row->dwInUcastPkts = (DWORD)netif->in_packets;
    row->dwOutUcastPkts = (DWORD)netif->out_packets;
    row->dwInErrors = (DWORD)netif->in_errors;
    row->dwOutErrors = (DWORD)netif->out_errors;
    row->dwInDiscards = (DWORD)netif->in_drops;
    row->dwOutDiscards = (DWORD)netif->out_drops;
    row->dwDescrLen = (DWORD)strlen(netif->name);
    memcpy(row->bDescr, netif->name, row->dwDescrLen);
}

DWORD WINAPI GetIfEntry(PMIB_IFROW row)
{
    struct netif netif;
    if (!row)
        return ERROR_INVALID_PARAMETER;
    if (!interface_find(row->dwIndex, &netif))
        return ERROR_INVALID_DATA;
    old_row_fill(row, &netif);
    return NO_ERROR;
}

DWORD WINAPI GetIfTable(PMIB_IFTABLE table, PULONG size, BOOL order)
{
    struct netif *list = NULL;
    ULONG count = 0;
    (void)order; /* the host lists by index */
    if (size && netif_list(&list, &count))
        return ERROR_NOT_ENOUGH_MEMORY;
    const struct old_table how = {
        list, count, sizeof *list, NO_FAMILY, offsetof(MIB_IFTABLE, table), sizeof(MIB_IFROW), old_row_fill};
    return old_table_fill(&how, table, size);
}

DWORD WINAPI ConvertInterfaceIndexToLuid(NET_IFINDEX index, PNET_LUID luid)
{
    struct netif netif;
    if (!luid)
        return ERROR_INVALID_PARAMETER;
    if (!interface_find(index, &netif)) {
        luid->Value = 0;
        return ERROR_FILE_NOT_FOUND;
    }
    *luid = interface_luid(&netif);
    return NO_ERROR;
}

DWORD WINAPI ConvertInterfaceLuidToIndex(const NET_LUID *luid, PNET_IFINDEX index)
{
    struct netif netif;
    if (!luid || !index)
        return ERROR_INVALID_PARAMETER;
    bool found = interface_by_luid(luid, &netif);
    *index = found ? netif.index : 0;
    return found ? NO_ERROR : ERROR_FILE_NOT_FOUND;
}

DWORD WINAPI ConvertInterfaceLuidToGuid(const NET_LUID *luid, GUID *guid)
{
    struct netif netif;
    if (!luid || !guid)
        return ERROR_INVALID_PARAMETER;
    if (!interface_by_luid(luid, &netif))
        return ERROR_FILE_NOT_FOUND;
    *guid = interface_guid(netif.index);
    return NO_ERROR;
}

DWORD WINAPI ConvertInterfaceGuidToLuid(const GUID *guid, PNET_LUID luid)
{
    if (!guid || !luid)
        return ERROR_INVALID_PARAMETER;
    ULONG index =
        (ULONG)guid->Data4[4] << 24 | (ULONG)guid->Data4[5] << 16 | (ULONG)guid->Data4[6] << 8 | guid->Data4[7];
    GUID expected = interface_guid(index);
    if (memcmp(guid, &expected, sizeof expected)) {
        luid->Value = 0;
        return ERROR_INVALID_PARAMETER;
    }
    return ConvertInterfaceIndexToLuid(index, luid);
}

/* Windows' own names: a kind and the index ("ethernet_2"). */
static void luid_name(const struct netif *netif, char *name, size_t size)
{
    snprintf(name, size, "%s_%u",
             netif->loopback         ? "loopback"
             : netif->wireless       ? "wireless"
             : netif->point_to_point ? "ppp"
                                     : "ethernet",
             (unsigned)netif->index);
}

DWORD WINAPI ConvertInterfaceLuidToNameA(const NET_LUID *luid, PSTR name, SIZE_T size)
{
    struct netif netif;
    char full[NETIF_NAME_MAX];
    if (!luid || !name)
        return ERROR_INVALID_PARAMETER;
    if (!interface_by_luid(luid, &netif))
        return ERROR_INVALID_PARAMETER;
    luid_name(&netif, full, sizeof full);
    if (strlen(full) >= size)
        return ERROR_NOT_ENOUGH_MEMORY;
    strcpy(name, full);
    return NO_ERROR;
}

DWORD WINAPI ConvertInterfaceLuidToNameW(const NET_LUID *luid, PWSTR name, SIZE_T size)
{
    char full[NETIF_NAME_MAX];
    DWORD error = ConvertInterfaceLuidToNameA(luid, name ? full : NULL, sizeof full);
    if (error)
        return error;
    if (strlen(full) >= size)
        return ERROR_NOT_ENOUGH_MEMORY;
    widen(full, name, size);
    return NO_ERROR;
}

DWORD WINAPI ConvertInterfaceNameToLuidA(PCSTR name, PNET_LUID luid)
{
    struct netif netif;
    char full[NETIF_NAME_MAX];
    if (!luid)
        return ERROR_INVALID_PARAMETER;
    const char *digits = name ? strrchr(name, '_') : NULL;
    unsigned index = 0;
    luid->Value = 0;
    for (digits = digits ? digits + 1 : ""; *digits >= '0' && *digits <= '9'; digits++)
        index = index * 10 + (unsigned)(*digits - '0');
    if (!index || !interface_find(index, &netif))
        return ERROR_INVALID_NAME;
    luid_name(&netif, full, sizeof full);
    if (lstrcmpiA(full, name))
        return ERROR_INVALID_NAME;
    *luid = interface_luid(&netif);
    return NO_ERROR;
}

DWORD WINAPI ConvertInterfaceNameToLuidW(PCWSTR name, PNET_LUID luid)
{
    char narrow[NETIF_NAME_MAX] = {0};
    for (size_t i = 0; name && name[i]; i++) {
        if (i == sizeof narrow - 1 || name[i] > 0x7f)
            return ERROR_INVALID_NAME;
        narrow[i] = (char)name[i];
    }
    return ConvertInterfaceNameToLuidA(name ? narrow : NULL, luid);
}

DWORD WINAPI ConvertInterfaceLuidToAlias(const NET_LUID *luid, PWSTR alias, SIZE_T size)
{
    struct netif netif;
    if (!luid || !alias)
        return ERROR_INVALID_PARAMETER;
    if (!interface_by_luid(luid, &netif))
        return ERROR_INVALID_PARAMETER;
    if (strlen(netif.name) >= size)
        return ERROR_NOT_ENOUGH_MEMORY;
    widen(netif.name, alias, size);
    return NO_ERROR;
}

DWORD WINAPI ConvertInterfaceAliasToLuid(const WCHAR *alias, PNET_LUID luid)
{
    struct netif *list;
    ULONG count;
    if (!alias || !luid)
        return ERROR_INVALID_PARAMETER;
    luid->Value = 0;
    if (netif_list(&list, &count))
        return ERROR_NOT_ENOUGH_MEMORY;
    for (ULONG i = 0; i < count; i++) {
        WCHAR name[NETIF_NAME_MAX];
        widen(list[i].name, name, NETIF_NAME_MAX);
        if (!lstrcmpiW(name, alias))
            *luid = interface_luid(&list[i]);
    }
    netif_free(list);
    return luid->Value ? NO_ERROR : ERROR_INVALID_PARAMETER;
}

NET_IFINDEX WINAPI if_nametoindex(PCSTR name)
{
    NET_LUID luid;
    NET_IFINDEX index = 0;
    if (!name || ConvertInterfaceNameToLuidA(name, &luid) || ConvertInterfaceLuidToIndex(&luid, &index))
        return 0;
    return index;
}

PCHAR WINAPI if_indextoname(NET_IFINDEX index, PCHAR name)
{
    NET_LUID luid;
    if (!name || ConvertInterfaceIndexToLuid(index, &luid) ||
        ConvertInterfaceLuidToNameA(&luid, name, IF_MAX_STRING_SIZE + 1))
        return NULL;
    return name;
}

DWORD WINAPI ConvertLengthToIpv4Mask(ULONG length, PULONG mask)
{
    if (!mask)
        return ERROR_INVALID_PARAMETER;
    *mask = length > 32 ? INADDR_NONE : length ? htonl(0xffffffffu << (32 - length)) : 0;
    return length > 32 ? ERROR_INVALID_PARAMETER : NO_ERROR;
}

DWORD WINAPI ConvertIpv4MaskToLength(ULONG mask, PUINT8 length)
{
    ULONG host = htonl(mask);
    if (!length || (~host & (~host + 1)))
        return ERROR_INVALID_PARAMETER;
    *length = (UINT8)__builtin_popcount(host);
    return NO_ERROR;
}
