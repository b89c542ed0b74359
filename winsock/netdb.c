/*
 * netdb.c: winsock.h's look-ups of hosts, services and protocols, which return one structure a thread.
 */
#include <string.h>
#include "winsock/names.h"

#define HOST_ADDRESSES_MAX 32
#define ALIASES_MAX 16

/* A host without /etc/services still knows these. */
static const struct service {
    const char *name, *protocol, *alias;
    int port;
} services[] = {
    {"echo", "tcp", NULL, 7},
    {"echo", "udp", NULL, 7},
    {"discard", "tcp", "sink", 9},
    {"ftp-data", "tcp", NULL, 20},
    {"ftp", "tcp", NULL, 21},
    {"ssh", "tcp", NULL, 22},
    {"telnet", "tcp", NULL, 23},
    {"smtp", "tcp", "mail", 25},
    {"time", "tcp", "timserver", 37},
    {"domain", "tcp", NULL, 53},
    {"domain", "udp", NULL, 53},
    {"bootps", "udp", "dhcps", 67},
    {"bootpc", "udp", "dhcpc", 68},
    {"tftp", "udp", NULL, 69},
    {"http", "tcp", "www", 80},
    {"kerberos", "tcp", "krb5", 88},
    {"kerberos", "udp", "krb5", 88},
    {"pop3", "tcp", NULL, 110},
    {"nntp", "tcp", "usenet", 119},
    {"ntp", "udp", NULL, 123},
    {"epmap", "tcp", "loc-srv", 135},
    {"netbios-ns", "udp", "nbname", 137},
    {"imap", "tcp", "imap4", 143},
    {"snmp", "udp", NULL, 161},
    {"ldap", "tcp", NULL, 389},
    {"https", "tcp", "MCom", 443},
    {"https", "udp", "MCom", 443},
    {"microsoft-ds", "tcp", NULL, 445},
    {"syslog", "udp", NULL, 514},
    {"ldaps", "tcp", "sldap", 636},
    {"imaps", "tcp", "imap4s", 993},
    {"pop3s", "tcp", "spop3", 995},
    {"ms-sql-s", "tcp", NULL, 1433},
    {"nfs", "udp", NULL, 2049},
    {"ms-wbt-server", "tcp", NULL, 3389},
};

static const struct protocol {
    const char *name, *alias;
    int number;
} protocols[] = {
    {"ip", "IP", 0},
    {"icmp", "ICMP", 1},
    {"igmp", "IGMP", 2},
    {"ggp", "GGP", 3},
    {"tcp", "TCP", 6},
    {"egp", "EGP", 8},
    {"pup", "PUP", 12},
    {"udp", "UDP", 17},
    {"hmp", "HMP", 20},
    {"xns-idp", "XNS-IDP", 22},
    {"rdp", "RDP", 27},
    {"ipv6", "IPv6", 41},
    {"ipv6-route", "IPv6-Route", 43},
    {"ipv6-frag", "IPv6-Frag", 44},
    {"esp", "ESP", 50},
    {"ah", "AH", 51},
    {"ipv6-icmp", "IPv6-ICMP", 58},
    {"ipv6-nonxt", "IPv6-NoNxt", 59},
    {"ipv6-opts", "IPv6-Opts", 60},
    {"rvd", "RVD", 66},
};

static void entry_set(struct resolver_entry *entry, const char *name, const char *alias, const char *protocol,
                      int number)
{
    memset(entry, 0, sizeof *entry);
    lstrcpynA(entry->name, name, sizeof entry->name);
    lstrcpynA(entry->protocol, protocol, sizeof entry->protocol);
    if (alias)
        lstrcpynA(entry->aliases, alias, sizeof entry->aliases - 1);
    entry->number = number;
}

bool service_find(const char *name, int port, const char *protocol, struct resolver_entry *entry)
{
    if (resolver_service(name, port, protocol, entry))
        return true;
    for (size_t i = 0; i < sizeof services / sizeof *services; i++) {
        const struct service *service = &services[i];
        if (protocol && lstrcmpiA(protocol, service->protocol))
            continue;
        if (name ? lstrcmpiA(name, service->name) && (!service->alias || lstrcmpiA(name, service->alias))
                 : port != service->port)
            continue;
        entry_set(entry, service->name, service->alias, service->protocol, service->port);
        return true;
    }
    return false;
}

/* What each thread's structures point into. */
struct thread_names {
    HOSTENT host;
    char host_name[NAME_MAX_BYTES];
    char addresses[HOST_ADDRESSES_MAX][16];
    char *address_list[HOST_ADDRESSES_MAX + 1];
    SERVENT service;
    PROTOENT protocol;
    struct resolver_entry service_entry, protocol_entry;
    char *service_aliases[ALIASES_MAX + 1], *protocol_aliases[ALIASES_MAX + 1];
    char *no_aliases[1];
};

static DWORD names_slot = FLS_OUT_OF_INDEXES;
static INIT_ONCE names_once = INIT_ONCE_STATIC_INIT;

static void WINAPI names_free(void *names)
{
    RtlFreeHeap(peb_current()->ProcessHeap, 0, names);
}

static BOOL WINAPI names_init(PINIT_ONCE once, PVOID parameter, PVOID *context)
{
    (void)once;
    (void)parameter;
    (void)context;
    names_slot = FlsAlloc(names_free);
    return names_slot != FLS_OUT_OF_INDEXES;
}

/* The calling thread's; made at its first look-up. */
static struct thread_names *names_get(void)
{
    struct thread_names *names = NULL;
    if (InitOnceExecuteOnce(&names_once, names_init, NULL, NULL))
        names = FlsGetValue(names_slot);
    if (!names && names_slot != FLS_OUT_OF_INDEXES) {
        names = RtlAllocateHeap(peb_current()->ProcessHeap, HEAP_ZERO_MEMORY, sizeof *names);
        if (names)
            FlsSetValue(names_slot, names);
    }
    if (!names)
        wsa_fail(WSA_NOT_ENOUGH_MEMORY);
    return names;
}

static void alias_list(struct resolver_entry *entry, char **list)
{
    int count = 0;
    for (char *alias = entry->aliases; *alias && count < ALIASES_MAX; alias += strlen(alias) + 1)
        list[count++] = alias;
    list[count] = NULL;
}

static HOSTENT *host_fill(struct thread_names *names, const char *name, int family)
{
    names->host = (HOSTENT){.h_name = names->host_name,
                            .h_aliases = names->no_aliases,
                            .h_addrtype = (short)family,
                            .h_length = family == AF_INET6 ? 16 : 4,
                            .h_addr_list = names->address_list};
    lstrcpynA(names->host_name, name, sizeof names->host_name);
    return &names->host;
}

HOSTENT *WINAPI gethostbyname(const char *name)
{
    struct resolver_address *found;
    char own[256];
    const ADDRINFOA hints = {.ai_family = AF_INET, .ai_flags = name && *name ? AI_CANONNAME : 0};
    struct thread_names *names;
    if (!wsa_started() || !(names = names_get()))
        return NULL;
    if (!name || !*name)
        resolver_host_name(own, sizeof own);
    int error = names_lookup(name ? name : "", NULL, &hints, &found), count = 0;
    if (error) {
        resolver_free(found);
        SetLastError((DWORD)error);
        return NULL;
    }
    for (const struct resolver_address *at = found; at && count < HOST_ADDRESSES_MAX; at = at->next) {
        memcpy(names->addresses[count], &((const SOCKADDR_IN *)at->address)->sin_addr, 4);
        names->address_list[count] = names->addresses[count];
        count++;
    }
    names->address_list[count] = NULL;
    HOSTENT *host = host_fill(names, !name || !*name ? own : found->canonical ? found->canonical : name, AF_INET);
    resolver_free(found);
    return host;
}

HOSTENT *WINAPI gethostbyaddr(const char *address, int length, int family)
{
    SOCKADDR_IN6 full = {0};
    char name[NAME_MAX_BYTES];
    struct thread_names *names;
    if (!wsa_started() || !(names = names_get()))
        return NULL;
    if (!address || length < (family == AF_INET6 ? 16 : 4) || (family != AF_INET && family != AF_INET6)) {
        wsa_fail(!address || family == AF_INET || family == AF_INET6 ? WSAEFAULT : WSAEAFNOSUPPORT);
        return NULL;
    }
    full.sin6_family = (short)family;
    if (family == AF_INET6)
        memcpy(&full.sin6_addr, address, 16);
    else
        memcpy(&((SOCKADDR_IN *)&full)->sin_addr, address, 4);
    struct resolver_reverse reverse = {.address = &full,
                                       .length = family == AF_INET6 ? sizeof full : sizeof(SOCKADDR_IN),
                                       .name_required = true,
                                       .host = name,
                                       .host_size = sizeof name};
    int error = resolver_name(&reverse);
    if (error) {
        SetLastError((DWORD)resolver_wsa_error(error == RESOLVER_NO_NAME ? RESOLVER_NO_DATA : error));
        return NULL;
    }
    memcpy(names->addresses[0], address, family == AF_INET6 ? 16 : 4);
    names->address_list[0] = names->addresses[0];
    names->address_list[1] = NULL;
    return host_fill(names, name, family);
}

static SERVENT *service_fill(struct thread_names *names)
{
    struct resolver_entry *entry = &names->service_entry;
    alias_list(entry, names->service_aliases);
    names->service = (SERVENT){.s_name = entry->name,
                               .s_aliases = names->service_aliases,
                               .s_port = (short)htons((USHORT)entry->number),
                               .s_proto = entry->protocol};
    return &names->service;
}

static SERVENT *service_get(const char *name, int port, const char *protocol)
{
    struct thread_names *names;
    if (!wsa_started() || !(names = names_get()))
        return NULL;
    if (service_find(name, port, protocol, &names->service_entry))
        return service_fill(names);
    wsa_fail(WSANO_DATA);
    return NULL;
}

SERVENT *WINAPI getservbyname(const char *name, const char *protocol)
{
    if (name)
        return service_get(name, 0, protocol);
    wsa_fail(WSANO_DATA);
    return NULL;
}

SERVENT *WINAPI getservbyport(int port, const char *protocol)
{
    return service_get(NULL, htons((USHORT)port), protocol);
}

static PROTOENT *protocol_get(const char *name, int number)
{
    struct thread_names *names;
    if (!wsa_started() || !(names = names_get()))
        return NULL;
    for (size_t i = 0; i < sizeof protocols / sizeof *protocols; i++) {
        const struct protocol *protocol = &protocols[i];
        if (name ? lstrcmpiA(name, protocol->name) : number != protocol->number)
            continue;
        entry_set(&names->protocol_entry, protocol->name, protocol->alias, "", protocol->number);
        alias_list(&names->protocol_entry, names->protocol_aliases);
        names->protocol = (PROTOENT){.p_name = names->protocol_entry.name,
                                     .p_aliases = names->protocol_aliases,
                                     .p_proto = (short)protocol->number};
        return &names->protocol;
    }
    wsa_fail(WSANO_DATA);
    return NULL;
}

PROTOENT *WINAPI getprotobyname(const char *name)
{
    if (name)
        return protocol_get(name, 0);
    wsa_fail(WSANO_DATA);
    return NULL;
}

PROTOENT *WINAPI getprotobynumber(int number)
{
    return protocol_get(NULL, number);
}

int WINAPI gethostname(char *name, int length)
{
    char own[256];
    if (!wsa_started())
        return SOCKET_ERROR;
    resolver_host_name(own, sizeof own);
    if (!name || length <= (int)strlen(own))
        return wsa_fail(WSAEFAULT);
    strcpy(name, own);
    return 0;
}

int WINAPI GetHostNameW(PWSTR name, int length)
{
    char own[256];
    if (!wsa_started())
        return SOCKET_ERROR;
    resolver_host_name(own, sizeof own);
    if (!name || length <= 0 || !name_widen(own, name, (size_t)length))
        return wsa_fail(WSAEFAULT);
    return 0;
}
