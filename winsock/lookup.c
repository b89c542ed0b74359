/*
 * lookup.c: winsock2.h: WSALookupService: questions to a name space, answered one entry a call.
 *
 * Two name spaces answer: DNS (hosts and services, on names.h, as every resolver below it) and NLA, which lists the
 * networks that this machine is in: one for each interface that is up.  An entry lies in the caller's buffer with all
 * it points to, but for the parts of a BLOB with a HOSTENT or SERVENT, which are offsets into it, as on Windows.
 */
#include <string.h>
#include "winsock/lookup.h"
#include "winsock/names.h"
#include <svcguid.h>

#define LOOKUP_MAGIC 0x4c6f6f6b
#define NAME_UNITS NAME_MAX_BYTES

struct lookup {
    ULONG magic;
    DWORD flags, space;
    GUID class;
    char name[NAME_MAX_BYTES]; /* empty: none was given */
    int families;              /* bit 0: IPv4, bit 1: IPv6 */
    bool asked;
    struct lookup_entry *entries, *next; /* all, and what the next call tells */
};

static const GUID class_host = SVCID_INET_HOSTADDRBYNAME, class_own = SVCID_HOSTNAME,
                  class_address = SVCID_INET_HOSTADDRBYINETSTRING, class_service = SVCID_INET_SERVICEBYNAME,
                  class_a = SVCID_DNS_TYPE_A, class_aaaa = SVCID_DNS_TYPE_AAAA, class_nla = NLA_SERVICE_CLASS_GUID;

static bool same(const GUID *a, const GUID *b)
{
    return !memcmp(a, b, sizeof *a);
}

static void entries_free(struct lookup_entry *list)
{
    while (list) {
        struct lookup_entry *next = list->next;
        RtlFreeHeap(peb_current()->ProcessHeap, 0, list->addresses);
        RtlFreeHeap(peb_current()->ProcessHeap, 0, list);
        list = next;
    }
}

struct lookup_entry *lookup_entry_add(struct lookup_entry ***tail, const char *name, ULONG addresses)
{
    struct lookup_entry *entry = RtlAllocateHeap(peb_current()->ProcessHeap, HEAP_ZERO_MEMORY, sizeof *entry);
    if (!entry)
        return NULL;
    entry->addresses =
        RtlAllocateHeap(peb_current()->ProcessHeap, HEAP_ZERO_MEMORY, (addresses + 1) * sizeof *entry->addresses);
    if (!entry->addresses) {
        RtlFreeHeap(peb_current()->ProcessHeap, 0, entry);
        return NULL;
    }
    lstrcpynA(entry->name, name, sizeof entry->name);
    **tail = entry;
    *tail = &entry->next;
    return entry;
}

/* ---- questions to DNS ---- */

static int ask_host(struct lookup *lookup, int families)
{
    const ADDRINFOA hints = {.ai_family = families == 1   ? AF_INET
                                          : families == 2 ? AF_INET6
                                                          : AF_UNSPEC,
                             .ai_socktype = SOCK_STREAM,
                             .ai_flags = *lookup->name ? AI_CANONNAME : 0};
    struct lookup_entry **tail = &lookup->entries, *entry;
    struct resolver_address *found;
    ULONG count = 0;
    int error = names_lookup(lookup->name, NULL, &hints, &found);
    for (const struct resolver_address *at = found; at; at = at->next)
        count++;
    char own[256] = "";
    if (!*lookup->name)
        resolver_host_name(own, sizeof own);
    if (!error) {
        entry = lookup_entry_add(&tail,
                                 *own                        ? own
                                 : found && found->canonical ? found->canonical
                                                             : lookup->name,
                                 count);
        error = entry ? 0 : WSA_NOT_ENOUGH_MEMORY;
        for (const struct resolver_address *at = found; entry && at; at = at->next)
            memcpy(&entry->addresses[entry->address_count++], at->address, (size_t)at->length);
        if (entry)
            entry->socket_type = SOCK_STREAM;
    }
    resolver_free(found);
    return error == WSAHOST_NOT_FOUND || error == WSANO_DATA ? WSASERVICE_NOT_FOUND : error;
}

static int ask_own_name(struct lookup *lookup)
{
    struct lookup_entry **tail = &lookup->entries;
    char own[256];
    resolver_host_name(own, sizeof own);
    return lookup_entry_add(&tail, own, 0) ? 0 : WSA_NOT_ENOUGH_MEMORY;
}

static int ask_address(struct lookup *lookup)
{
    struct lookup_entry **tail = &lookup->entries, *entry;
    SOCKADDR_INET address;
    int length = sizeof address;
    char name[NAME_MAX_BYTES];
    memset(&address, 0, sizeof address);
    if (WSAStringToAddressA(lookup->name, strchr(lookup->name, ':') ? AF_INET6 : AF_INET, NULL, (SOCKADDR *)&address,
                            &length))
        return WSASERVICE_NOT_FOUND;
    struct resolver_reverse reverse = {
        .address = &address, .length = length, .name_required = true, .host = name, .host_size = sizeof name};
    if (resolver_name(&reverse))
        return WSASERVICE_NOT_FOUND;
    if (!(entry = lookup_entry_add(&tail, name, 1)))
        return WSA_NOT_ENOUGH_MEMORY;
    entry->socket_type = SOCK_STREAM;
    entry->addresses[entry->address_count++] = address;
    return 0;
}

/* "name" or "name/protocol". */
static int ask_service(struct lookup *lookup)
{
    struct lookup_entry **tail = &lookup->entries, *entry;
    struct resolver_entry found;
    char name[NAME_MAX_BYTES];
    lstrcpynA(name, lookup->name, sizeof name);
    char *protocol = strchr(name, '/');
    if (protocol)
        *protocol++ = 0;
    if (!service_find(name, 0, protocol, &found))
        return WSASERVICE_NOT_FOUND;
    if (!(entry = lookup_entry_add(&tail, found.name, 1)))
        return WSA_NOT_ENOUGH_MEMORY;
    entry->socket_type = lstrcmpiA(found.protocol, "udp") ? SOCK_STREAM : SOCK_DGRAM;
    entry->addresses[0].Ipv4.sin_family = AF_INET;
    entry->addresses[0].Ipv4.sin_port = htons((USHORT)found.number);
    entry->address_count = 1;
    entry->is_service = true;
    lstrcpynA(entry->protocol, found.protocol, sizeof entry->protocol);
    return 0;
}

static int ask(struct lookup *lookup)
{
    if (lookup->space == NS_NLA)
        return lookup_networks(&lookup->entries);
    if (same(&lookup->class, &class_own))
        return *lookup->name ? ask_host(lookup, lookup->families) : ask_own_name(lookup);
    if (same(&lookup->class, &class_address))
        return ask_address(lookup);
    if (same(&lookup->class, &class_service))
        return ask_service(lookup);
    if (same(&lookup->class, &class_a))
        return ask_host(lookup, 1);
    if (same(&lookup->class, &class_aaaa))
        return ask_host(lookup, 2);
    /* The oldest of them is gethostbyname's question: IPv4 unless protocols are listed. */
    return same(&lookup->class, &class_host) ? ask_host(lookup, lookup->families) : WSASERVICE_NOT_FOUND;
}

/* ---- the calls ---- */

static struct lookup *lookup_of(HANDLE handle)
{
    struct lookup *lookup = (struct lookup *)handle;
    return handle && !((ULONG_PTR)handle & 7) && lookup->magic == LOOKUP_MAGIC ? lookup : NULL;
}

static int lookup_begin(const WSAQUERYSETW *query, const char *name, DWORD flags, HANDLE *handle)
{
    struct lookup *lookup;
    if (!query->lpServiceClassId)
        return WSAEINVAL;
    bool nla =
        query->dwNameSpace == NS_NLA || (query->dwNameSpace == NS_ALL && same(query->lpServiceClassId, &class_nla));
    if (!nla && query->dwNameSpace != NS_DNS && query->dwNameSpace != NS_ALL)
        return WSASERVICE_NOT_FOUND;
    if (!(lookup = RtlAllocateHeap(peb_current()->ProcessHeap, HEAP_ZERO_MEMORY, sizeof *lookup)))
        return WSA_NOT_ENOUGH_MEMORY;
    lookup->magic = LOOKUP_MAGIC;
    lookup->flags = flags;
    lookup->space = nla ? NS_NLA : NS_DNS;
    lookup->class = *query->lpServiceClassId;
    lookup->families = query->lpafpProtocols && query->dwNumberOfProtocols ? 0 : 1;
    for (DWORD i = 0; query->lpafpProtocols && i < query->dwNumberOfProtocols; i++)
        lookup->families |= query->lpafpProtocols[i].iAddressFamily == AF_INET    ? 1
                            : query->lpafpProtocols[i].iAddressFamily == AF_INET6 ? 2
                                                                                  : 0;
    if (name)
        lstrcpynA(lookup->name, name, sizeof lookup->name);
    *handle = (HANDLE)lookup;
    return 0;
}

/* Both forms of a query have one layout; only the strings differ, and of these the name alone is looked at. */
static bool query_fits(const WSAQUERYSETW *query, DWORD flags, const HANDLE *handle)
{
    if (!wsa_started())
        return false;
    if (query && handle && query->dwSize == sizeof *query && !(flags & LUP_CONTAINERS))
        return true;
    wsa_fail(query && handle && query->dwSize == sizeof *query ? WSASERVICE_NOT_FOUND : WSAEFAULT);
    return false;
}

INT WINAPI WSALookupServiceBeginW(LPWSAQUERYSETW query, DWORD flags, LPHANDLE handle)
{
    char name[NAME_MAX_BYTES];
    if (!query_fits(query, flags, handle))
        return SOCKET_ERROR;
    PCWSTR given = query->lpszServiceInstanceName;
    if (given && !name_narrow(given, name, sizeof name))
        return wsa_fail(WSASERVICE_NOT_FOUND);
    int error = lookup_begin(query, given ? name : NULL, flags, handle);
    return error ? wsa_fail(error) : 0;
}

INT WINAPI WSALookupServiceBeginA(LPWSAQUERYSETA query, DWORD flags, LPHANDLE handle)
{
    if (!query_fits((LPWSAQUERYSETW)query, flags, handle))
        return SOCKET_ERROR;
    int error = lookup_begin((LPWSAQUERYSETW)query, query->lpszServiceInstanceName, flags, handle);
    return error ? wsa_fail(error) : 0;
}

static int lookup_next(HANDLE handle, DWORD flags, LPDWORD length, void *result, bool wide)
{
    if (!wsa_started())
        return SOCKET_ERROR;
    struct lookup *lookup = lookup_of(handle);
    if (!lookup)
        return wsa_fail(WSA_INVALID_HANDLE);
    if (!length || (!result && *length))
        return wsa_fail(WSAEFAULT);
    if (!lookup->asked) {
        int error = ask(lookup);
        lookup->asked = true;
        lookup->next = lookup->entries;
        if (error)
            return wsa_fail(error);
    }
    if (flags & LUP_FLUSHPREVIOUS && lookup->next)
        lookup->next = lookup->next->next;
    if (!lookup->next)
        return wsa_fail(WSA_E_NO_MORE);
    const struct lookup_form form = {
        .flags = lookup->flags, .space = lookup->space, .class = &lookup->class, .wide = wide};
    if (!lookup_pack(&form, lookup->next, result, length))
        return wsa_fail(WSAEFAULT);
    lookup->next = lookup->next->next;
    return 0;
}

INT WINAPI WSALookupServiceNextW(HANDLE handle, DWORD flags, LPDWORD length, LPWSAQUERYSETW result)
{
    return lookup_next(handle, flags, length, result, true);
}

INT WINAPI WSALookupServiceNextA(HANDLE handle, DWORD flags, LPDWORD length, LPWSAQUERYSETA result)
{
    return lookup_next(handle, flags, length, result, false);
}

INT WINAPI WSALookupServiceEnd(HANDLE handle)
{
    if (!wsa_started())
        return SOCKET_ERROR;
    struct lookup *lookup = lookup_of(handle);
    if (!lookup)
        return wsa_fail(WSA_INVALID_HANDLE);
    entries_free(lookup->entries);
    lookup->magic = 0;
    RtlFreeHeap(peb_current()->ProcessHeap, 0, lookup);
    return 0;
}

/* Notices of new networks: programs ask with a window, event or routine, and are told of nothing; without, it would
 * wait. */
INT WINAPI WSANSPIoctl(HANDLE handle, DWORD code, LPVOID in, DWORD in_length, LPVOID out, DWORD out_length,
                       LPDWORD returned, LPWSACOMPLETION completion)
{
    (void)in, (void)in_length, (void)out, (void)out_length, (void)completion;
    if (!wsa_started())
        return SOCKET_ERROR;
    if (!lookup_of(handle))
        return wsa_fail(WSA_INVALID_HANDLE);
    if (returned)
        *returned = 0;
    return wsa_fail(code == (DWORD)SIO_NSP_NOTIFY_CHANGE ? WSAEOPNOTSUPP : WSAEINVAL);
}
