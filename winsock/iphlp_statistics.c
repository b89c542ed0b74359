/*
 * iphlp_statistics.c: iphlpapi.h: counters of IP, ICMP, TCP and UDP, by tables of the host's names.
 */
#include <stdio.h>
#include <string.h>
#include "ntdll/netstat.h"
#include "winsock/iphlp.h"

/* Where a counter goes, and what the host calls it; of IPv6 with another name, or none. */
struct field {
    size_t offset;
    const char *name, *name6;
};

static void fill(void *target, const struct field *fields, size_t count, const struct net_counters *all, bool six)
{
    for (size_t i = 0; i < count; i++) {
        const char *name = six ? fields[i].name6 : fields[i].name;
        if (name)
            *(DWORD *)((char *)target + fields[i].offset) = (DWORD)net_counter(all, name);
    }
}

#define FILL(target, fields, all, six) fill(target, fields, sizeof(fields) / sizeof *(fields), all, six)

static bool family_known(ULONG family)
{
    return family == AF_INET || family == AF_INET6;
}

/* ---- IP ---- */

#define IP(member, name)                                                                                               \
    {                                                                                                                  \
        offsetof(MIB_IPSTATS, dw##member), "Ip" name, "Ip6" name                                                       \
    }

static const struct field ip_fields[] = {
    IP(InReceives, "InReceives"),
    IP(InHdrErrors, "InHdrErrors"),
    IP(InAddrErrors, "InAddrErrors"),
    {offsetof(MIB_IPSTATS, dwForwDatagrams), "IpForwDatagrams", "Ip6OutForwDatagrams"},
    IP(InUnknownProtos, "InUnknownProtos"),
    IP(InDiscards, "InDiscards"),
    IP(InDelivers, "InDelivers"),
    IP(OutRequests, "OutRequests"),
    IP(OutDiscards, "OutDiscards"),
    IP(OutNoRoutes, "OutNoRoutes"),
    IP(ReasmTimeout, "ReasmTimeout"),
    IP(ReasmReqds, "ReasmReqds"),
    IP(ReasmOks, "ReasmOKs"),
    IP(ReasmFails, "ReasmFails"),
    IP(FragOks, "FragOKs"),
    IP(FragFails, "FragFails"),
    IP(FragCreates, "FragCreates"),
};

static void ip_tables(MIB_IPSTATS *statistics, int family)
{
    struct netif *interfaces;
    struct netif_address *addresses;
    struct netif_route *routes;
    ULONG count;
    if (!netif_list(&interfaces, &count)) {
        statistics->dwNumIf = count;
        netif_free(interfaces);
    }
    if (!netif_addresses(&addresses, &count)) {
        for (ULONG i = 0; i < count; i++)
            statistics->dwNumAddr += addresses[i].family == family;
        netif_free(addresses);
    }
    if (!netif_routes(&routes, &count)) {
        for (ULONG i = 0; i < count; i++)
            statistics->dwNumRoutes += routes[i].family == family;
        netif_free(routes);
    }
}

ULONG WINAPI GetIpStatisticsEx(PMIB_IPSTATS statistics, ULONG family)
{
    const bool six = family == AF_INET6;
    if (!statistics || !family_known(family))
        return ERROR_INVALID_PARAMETER;
    struct net_counters *all = net_counters_read(false), *all6 = six ? net_counters_read(true) : NULL;
    memset(statistics, 0, sizeof *statistics);
    if (all && (all6 || !six)) {
        FILL(statistics, ip_fields, six ? all6 : all, six);
        statistics->dwForwarding = (DWORD)net_counter(all, "IpForwarding");
        statistics->dwDefaultTTL = (DWORD)net_counter(all, "IpDefaultTTL");
        ip_tables(statistics, (int)family);
    }
    bool read = all && (all6 || !six);
    net_counters_free(all);
    net_counters_free(all6);
    return read ? NO_ERROR : ERROR_NOT_ENOUGH_MEMORY;
}

ULONG WINAPI GetIpStatistics(PMIB_IPSTATS statistics)
{
    return GetIpStatisticsEx(statistics, AF_INET);
}

/* ---- TCP and UDP ---- */

#define TCP(member, name)                                                                                              \
    {                                                                                                                  \
        offsetof(MIB_TCPSTATS, dw##member), "Tcp" name, "Tcp" name                                                     \
    }

/* The host counts both families together. */
static const struct field tcp_fields[] = {
    TCP(RtoAlgorithm, "RtoAlgorithm"),
    TCP(RtoMin, "RtoMin"),
    TCP(RtoMax, "RtoMax"),
    TCP(MaxConn, "MaxConn"),
    TCP(ActiveOpens, "ActiveOpens"),
    TCP(PassiveOpens, "PassiveOpens"),
    TCP(AttemptFails, "AttemptFails"),
    TCP(EstabResets, "EstabResets"),
    TCP(CurrEstab, "CurrEstab"),
    TCP(InSegs, "InSegs"),
    TCP(OutSegs, "OutSegs"),
    TCP(RetransSegs, "RetransSegs"),
    TCP(InErrs, "InErrs"),
    TCP(OutRsts, "OutRsts"),
};

static DWORD connections(int family, bool udp)
{
    struct netif_connection *list;
    ULONG count;
    DWORD found = 0;
    if (netif_connections(&list, &count))
        return 0;
    for (ULONG i = 0; i < count; i++)
        found += list[i].family == family && list[i].udp == udp;
    netif_free(list);
    return found;
}

ULONG WINAPI GetTcpStatisticsEx(PMIB_TCPSTATS statistics, ULONG family)
{
    if (!statistics || !family_known(family))
        return ERROR_INVALID_PARAMETER;
    struct net_counters *all = net_counters_read(false);
    if (!all)
        return ERROR_NOT_ENOUGH_MEMORY;
    memset(statistics, 0, sizeof *statistics);
    FILL(statistics, tcp_fields, all, false);
    statistics->dwNumConns = connections((int)family, false);
    net_counters_free(all);
    return NO_ERROR;
}

ULONG WINAPI GetTcpStatistics(PMIB_TCPSTATS statistics)
{
    return GetTcpStatisticsEx(statistics, AF_INET);
}

static const struct field udp_fields[] = {
    {offsetof(MIB_UDPSTATS, dwInDatagrams), "UdpInDatagrams", "Udp6InDatagrams"},
    {offsetof(MIB_UDPSTATS, dwNoPorts), "UdpNoPorts", "Udp6NoPorts"},
    {offsetof(MIB_UDPSTATS, dwInErrors), "UdpInErrors", "Udp6InErrors"},
    {offsetof(MIB_UDPSTATS, dwOutDatagrams), "UdpOutDatagrams", "Udp6OutDatagrams"},
};

ULONG WINAPI GetUdpStatisticsEx(PMIB_UDPSTATS statistics, ULONG family)
{
    if (!statistics || !family_known(family))
        return ERROR_INVALID_PARAMETER;
    struct net_counters *all = net_counters_read(family == AF_INET6);
    if (!all)
        return ERROR_NOT_ENOUGH_MEMORY;
    memset(statistics, 0, sizeof *statistics);
    FILL(statistics, udp_fields, all, family == AF_INET6);
    statistics->dwNumAddrs = connections((int)family, true);
    net_counters_free(all);
    return NO_ERROR;
}

ULONG WINAPI GetUdpStatistics(PMIB_UDPSTATS statistics)
{
    return GetUdpStatisticsEx(statistics, AF_INET);
}

/* ---- ICMP ---- */

#define ICMP(member, name)                                                                                             \
    {                                                                                                                  \
        offsetof(MIBICMPSTATS, dw##member), "IcmpIn" name, NULL                                                        \
    }
#define ICMP_OUT(member, name)                                                                                         \
    {                                                                                                                  \
        offsetof(MIBICMPSTATS, dw##member), "IcmpOut" name, NULL                                                       \
    }

static const struct field icmp_in[] = {
    ICMP(Msgs, "Msgs"),
    ICMP(Errors, "Errors"),
    ICMP(DestUnreachs, "DestUnreachs"),
    ICMP(TimeExcds, "TimeExcds"),
    ICMP(ParmProbs, "ParmProbs"),
    ICMP(SrcQuenchs, "SrcQuenchs"),
    ICMP(Redirects, "Redirects"),
    ICMP(Echos, "Echos"),
    ICMP(EchoReps, "EchoReps"),
    ICMP(Timestamps, "Timestamps"),
    ICMP(TimestampReps, "TimestampReps"),
    ICMP(AddrMasks, "AddrMasks"),
    ICMP(AddrMaskReps, "AddrMaskReps"),
};

static const struct field icmp_out[] = {
    ICMP_OUT(Msgs, "Msgs"),
    ICMP_OUT(Errors, "Errors"),
    ICMP_OUT(DestUnreachs, "DestUnreachs"),
    ICMP_OUT(TimeExcds, "TimeExcds"),
    ICMP_OUT(ParmProbs, "ParmProbs"),
    ICMP_OUT(SrcQuenchs, "SrcQuenchs"),
    ICMP_OUT(Redirects, "Redirects"),
    ICMP_OUT(Echos, "Echos"),
    ICMP_OUT(EchoReps, "EchoReps"),
    ICMP_OUT(Timestamps, "Timestamps"),
    ICMP_OUT(TimestampReps, "TimestampReps"),
    ICMP_OUT(AddrMasks, "AddrMasks"),
    ICMP_OUT(AddrMaskReps, "AddrMaskReps"),
};

ULONG WINAPI GetIcmpStatistics(PMIB_ICMP statistics)
{
    if (!statistics)
        return ERROR_INVALID_PARAMETER;
    struct net_counters *all = net_counters_read(false);
    if (!all)
        return ERROR_NOT_ENOUGH_MEMORY;
    memset(statistics, 0, sizeof *statistics);
    FILL(&statistics->stats.icmpInStats, icmp_in, all, false);
    FILL(&statistics->stats.icmpOutStats, icmp_out, all, false);
    net_counters_free(all);
    return NO_ERROR;
}

/* The host counts by type itself: "IcmpMsgInType8", "Icmp6InType135". */
static void icmp_types(MIBICMPSTATS_EX *target, const struct net_counters *all, const char *prefix, bool six)
{
    char name[40];
    for (int type = 0; type < 256; type++) {
        snprintf(name, sizeof name, six ? "Icmp6%sType%d" : "IcmpMsg%sType%d", prefix, type);
        target->rgdwTypeCount[type] = (DWORD)net_counter(all, name);
    }
    snprintf(name, sizeof name, "Icmp%s%sMsgs", six ? "6" : "", prefix);
    target->dwMsgs = (DWORD)net_counter(all, name);
    snprintf(name, sizeof name, "Icmp%s%sErrors", six ? "6" : "", prefix);
    target->dwErrors = (DWORD)net_counter(all, name);
}

ULONG WINAPI GetIcmpStatisticsEx(PMIB_ICMP_EX statistics, ULONG family)
{
    if (!statistics || !family_known(family))
        return ERROR_INVALID_PARAMETER;
    struct net_counters *all = net_counters_read(family == AF_INET6);
    if (!all)
        return ERROR_NOT_ENOUGH_MEMORY;
    memset(statistics, 0, sizeof *statistics);
    icmp_types(&statistics->icmpInStats, all, "In", family == AF_INET6);
    icmp_types(&statistics->icmpOutStats, all, "Out", family == AF_INET6);
    net_counters_free(all);
    return NO_ERROR;
}
