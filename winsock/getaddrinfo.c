/*
 * getaddrinfo.c: ws2tcpip.h: getaddrinfo, getnameinfo and their wide forms.  On top of ntdll/resolver.h.
 *
 * Names are UTF-8 below; lists are blocks of the process heap, one an entry.
 */
#include <stdio.h>
#include <string.h>
#include "ntdll/netif.h"
#include "ntdll/resolver.h"
#include "winsock/names.h"

#define KNOWN_FLAGS                                                                                                    \
    (AI_PASSIVE | AI_CANONNAME | AI_NUMERICHOST | AI_NUMERICSERV | AI_ALL | AI_ADDRCONFIG | AI_V4MAPPED |              \
     AI_NON_AUTHORITATIVE | AI_SECURE | AI_RETURN_PREFERRED_NAMES | AI_FQDN | AI_FILESERVER | 0x40000 | 0x80000)

int resolver_wsa_error(int error)
{
    static const int errors[] = {
        [RESOLVER_OK] = 0,
        [RESOLVER_NO_NAME] = WSAHOST_NOT_FOUND,
        [RESOLVER_NO_DATA] = WSANO_DATA,
        [RESOLVER_AGAIN] = WSATRY_AGAIN,
        [RESOLVER_FAIL] = WSANO_RECOVERY,
        [RESOLVER_FAMILY] = WSAEAFNOSUPPORT,
        [RESOLVER_SERVICE] = WSATYPE_NOT_FOUND,
        [RESOLVER_SOCKTYPE] = WSAESOCKTNOSUPPORT,
        [RESOLVER_MEMORY] = WSA_NOT_ENOUGH_MEMORY,
        [RESOLVER_FLAGS] = WSAEINVAL,
        [RESOLVER_OVERFLOW] = WSAEFAULT,
    };
    return errors[error];
}

bool name_narrow(PCWSTR wide, char *text, size_t size)
{
    ULONG used = 0;
    if (RtlUnicodeToUTF8N(text, (ULONG)size - 1, &used, wide, (ULONG)(lstrlenW(wide) * sizeof *wide)))
        return false;
    text[used] = 0;
    return true;
}

bool name_widen(const char *text, PWSTR wide, size_t count)
{
    ULONG used = 0;
    if (!count || RtlUTF8ToUnicodeN(wide, (ULONG)((count - 1) * sizeof *wide), &used, text, (ULONG)strlen(text)))
        return false;
    wide[used / sizeof *wide] = 0;
    return true;
}

/* The addresses of this machine, for its own name and the empty one. */
static struct resolver_address *own_addresses(const struct resolver_query *query)
{
    struct netif_address *all;
    struct resolver_address *list = NULL, **tail = &list;
    ULONG count;
    if (netif_addresses(&all, &count))
        return NULL;
    for (int loopback = 0; loopback < 2 && !list; loopback++) {
        for (ULONG i = 0; i < count; i++) {
            char text[INET6_ADDRSTRLEN];
            struct resolver_query one = *query;
            if (all[i].loopback != loopback || (query->family && query->family != all[i].family) || all[i].scope ||
                !inet_ntop(all[i].family, all[i].bytes, text, sizeof text))
                continue;
            one.name = text;
            one.numeric_host = true;
            one.canonical = false;
            if (!resolver_lookup(&one, tail))
                while (*tail)
                    tail = &(*tail)->next;
        }
    }
    netif_free(all);
    return list;
}

static bool is_own_name(const char *name)
{
    char own[256];
    resolver_host_name(own, sizeof own);
    return !*name || !lstrcmpiA(name, own);
}

/* What is always there on Windows: the loopback addresses. */
static enum resolver_error lookup_localhost(const struct resolver_query *query, struct resolver_address **result)
{
    struct resolver_query one = *query;
    struct resolver_address **tail = result;
    one.numeric_host = true;
    one.canonical = false; /* the name that was asked for */
    *result = NULL;
    for (int i = 0; i < 2; i++) {
        one.name = i ? "127.0.0.1" : "::1";
        if (query->family && query->family != (i ? AF_INET : AF_INET6))
            continue;
        if (!resolver_lookup(&one, tail))
            while (*tail)
                tail = &(*tail)->next;
    }
    return *result ? RESOLVER_OK : RESOLVER_NO_NAME;
}

static enum resolver_error lookup(struct resolver_query *query, struct resolver_address **result)
{
    const char *name = query->name;
    if (name && !*name) {
        *result = own_addresses(query);
        return *result ? RESOLVER_OK : RESOLVER_NO_NAME;
    }
    if (name && !query->numeric_host && !lstrcmpiA(name, "localhost"))
        return lookup_localhost(query, result);
    enum resolver_error error = resolver_lookup(query, result);
    if ((error == RESOLVER_NO_NAME || error == RESOLVER_AGAIN || error == RESOLVER_NO_DATA) && name &&
        !query->numeric_host && is_own_name(name)) {
        *result = own_addresses(query);
        return *result ? RESOLVER_OK : error;
    }
    return error;
}

/* A port's name that the host does not list. */
static bool service_known(struct resolver_query *query, char *port, size_t size)
{
    struct resolver_entry entry;
    const char *protocol = query->type == SOCK_DGRAM ? "udp" : query->type == SOCK_STREAM ? "tcp" : NULL;
    for (const char *c = query->service; *c; c++)
        if (*c < '0' || *c > '9') {
            if (!service_find(query->service, 0, protocol, &entry))
                return false;
            snprintf(port, size, "%d", entry.number);
            query->service = port;
            return true;
        }
    return true;
}

static int hints_check(const ADDRINFOA *hints)
{
    if (!hints)
        return 0;
    if (hints->ai_flags & ~KNOWN_FLAGS)
        return WSAEINVAL;
    if (hints->ai_addrlen || hints->ai_canonname || hints->ai_addr || hints->ai_next)
        return WSANO_RECOVERY;
    if (hints->ai_family != AF_UNSPEC && hints->ai_family != AF_INET && hints->ai_family != AF_INET6)
        return WSAEAFNOSUPPORT;
    if (hints->ai_socktype && hints->ai_socktype != SOCK_STREAM && hints->ai_socktype != SOCK_DGRAM &&
        hints->ai_socktype != SOCK_RAW)
        return WSAESOCKTNOSUPPORT;
    return 0;
}

int names_lookup(const char *name, const char *service, const ADDRINFOA *hints, struct resolver_address **result)
{
    char port[16];
    struct resolver_query query = {.name = name, .service = service && *service ? service : NULL};
    int error = hints_check(hints);
    *result = NULL;
    if (!name && !service)
        return WSAHOST_NOT_FOUND;
    if (error)
        return error;
    if (hints) {
        int flags = hints->ai_flags;
        query.family = hints->ai_family;
        query.type = hints->ai_socktype;
        query.protocol = hints->ai_protocol;
        query.passive = flags & AI_PASSIVE;
        query.canonical = name && *name && flags & (AI_CANONNAME | AI_FQDN);
        query.numeric_host = flags & AI_NUMERICHOST;
        query.numeric_service = flags & AI_NUMERICSERV;
        query.configured = flags & AI_ADDRCONFIG;
        query.mapped = flags & AI_V4MAPPED;
        query.all = flags & AI_ALL;
        if (flags & AI_CANONNAME && !name)
            return WSAEINVAL;
    }
    if (query.service && !query.numeric_service && !service_known(&query, port, sizeof port))
        return WSATYPE_NOT_FOUND;
    /* The host answers once for each type of socket; Windows leaves the type open. */
    bool open = !query.type && !query.protocol;
    if (open)
        query.type = SOCK_STREAM;
    error = resolver_wsa_error(lookup(&query, result));
    for (struct resolver_address *at = *result; open && at; at = at->next)
        at->type = at->protocol = 0;
    for (struct resolver_address *at = *result; hints && at; at = at->next)
        at->protocol = hints->ai_protocol; /* as asked, not as found */
    return error;
}

static void *entry_alloc(size_t size)
{
    return RtlAllocateHeap(peb_current()->ProcessHeap, HEAP_ZERO_MEMORY, size);
}

static void address_copy(const struct resolver_address *from, ADDRINFOA *info, void *address)
{
    info->ai_family = from->family;
    info->ai_socktype = from->type;
    info->ai_protocol = from->protocol;
    info->ai_addrlen = (size_t)from->length;
    info->ai_addr = address;
    memcpy(address, from->address, (size_t)from->length);
}

void WINAPI freeaddrinfo(PADDRINFOA list)
{
    while (list) {
        PADDRINFOA next = list->ai_next;
        RtlFreeHeap(peb_current()->ProcessHeap, 0, list->ai_canonname);
        RtlFreeHeap(peb_current()->ProcessHeap, 0, list);
        list = next;
    }
}

/* The wide structure differs in the type of the name alone. */
void WINAPI FreeAddrInfoW(PADDRINFOW list)
{
    _Static_assert(sizeof(ADDRINFOW) == sizeof(ADDRINFOA) &&
                       offsetof(ADDRINFOW, ai_next) == offsetof(ADDRINFOA, ai_next),
                   "one layout");
    freeaddrinfo((PADDRINFOA)list);
}

static bool list_copy(const struct resolver_address *from, bool wide, int flags, const char *name, PADDRINFOA *result)
{
    bool first = true;
    *result = NULL;
    for (; from; from = from->next, first = false) {
        ADDRINFOA *info = entry_alloc(sizeof *info + sizeof from->address);
        if (!info)
            return false;
        address_copy(from, info, info + 1);
        if (first && flags & (AI_CANONNAME | AI_FQDN)) {
            const char *canonical = from->canonical ? from->canonical : name;
            size_t count = strlen(canonical) + 1;
            info->ai_canonname = entry_alloc(count * (wide ? sizeof(WCHAR) : 1));
            if (info->ai_canonname && wide)
                name_widen(canonical, (PWSTR)info->ai_canonname, count);
            else if (info->ai_canonname)
                memcpy(info->ai_canonname, canonical, count);
        }
        if (first)
            info->ai_flags = flags & AI_NUMERICHOST;
        *result = info;
        result = &info->ai_next;
    }
    return true;
}

static int lookup_list(const char *name, const char *service, const ADDRINFOA *hints, bool wide, PADDRINFOA *result)
{
    struct resolver_address *found;
    if (!result)
        return wsa_fail(WSAEFAULT), WSAEFAULT;
    *result = NULL;
    if (!wsa_started())
        return WSANOTINITIALISED;
    int error = names_lookup(name, service, hints, &found);
    if (!error && !list_copy(found, wide, hints ? hints->ai_flags : 0, name ? name : "", result)) {
        freeaddrinfo(*result);
        *result = NULL;
        error = WSA_NOT_ENOUGH_MEMORY;
    }
    resolver_free(found);
    SetLastError((DWORD)error);
    return error;
}

INT WINAPI getaddrinfo(PCSTR name, PCSTR service, const ADDRINFOA *hints, PADDRINFOA *result)
{
    return lookup_list(name, service, hints, false, result);
}

INT WINAPI GetAddrInfoW(PCWSTR name, PCWSTR service, const ADDRINFOW *hints, PADDRINFOW *result)
{
    char narrow_name[NAME_MAX_BYTES], narrow_service[NAME_MAX_BYTES];
    if ((name && !name_narrow(name, narrow_name, sizeof narrow_name)) ||
        (service && !name_narrow(service, narrow_service, sizeof narrow_service))) {
        SetLastError(WSAHOST_NOT_FOUND);
        return WSAHOST_NOT_FOUND;
    }
    return lookup_list(name ? narrow_name : NULL, service ? narrow_service : NULL, (const ADDRINFOA *)hints, true,
                       (PADDRINFOA *)result);
}

static int name_information(const SOCKADDR *address, socklen_t length, char *host, DWORD host_size, char *service,
                            DWORD service_size, int flags)
{
    if (!wsa_started())
        return WSANOTINITIALISED;
    if (!address || length < (socklen_t)sizeof(USHORT))
        return WSAEFAULT;
    if (address->sa_family != AF_INET && address->sa_family != AF_INET6)
        return WSAEAFNOSUPPORT;
    if (length < (socklen_t)(address->sa_family == AF_INET ? sizeof(SOCKADDR_IN) : sizeof(SOCKADDR_IN6)))
        return WSAEFAULT;
    if ((!host || !host_size) && (!service || !service_size))
        return WSAHOST_NOT_FOUND;
    struct resolver_reverse reverse = {
        .address = address,
        .length = length,
        .numeric_host = flags & NI_NUMERICHOST,
        .numeric_service = flags & NI_NUMERICSERV,
        .name_required = flags & NI_NAMEREQD,
        .no_domain = flags & NI_NOFQDN,
        .datagram = flags & NI_DGRAM,
        .host = host_size ? host : NULL,
        .service = service_size ? service : NULL,
        .host_size = host ? host_size : 0,
        .service_size = service ? service_size : 0,
    };
    return resolver_wsa_error(resolver_name(&reverse));
}

INT WINAPI getnameinfo(const SOCKADDR *address, socklen_t length, PCHAR host, DWORD host_size, PCHAR service,
                       DWORD service_size, INT flags)
{
    int error = name_information(address, length, host, host_size, service, service_size, flags);
    if (error)
        SetLastError((DWORD)error);
    return error;
}

INT WINAPI GetNameInfoW(const SOCKADDR *address, socklen_t length, PWCHAR host, DWORD host_size, PWCHAR service,
                        DWORD service_size, INT flags)
{
    char narrow_host[NAME_MAX_BYTES], narrow_service[64];
    int error = name_information(address, length, narrow_host, host && host_size ? sizeof narrow_host : 0,
                                 narrow_service, service && service_size ? sizeof narrow_service : 0, flags);
    if (!error && ((host && host_size && !name_widen(narrow_host, host, host_size)) ||
                   (service && service_size && !name_widen(narrow_service, service, service_size))))
        error = ERROR_INSUFFICIENT_BUFFER;
    if (error)
        SetLastError((DWORD)error);
    return error;
}
