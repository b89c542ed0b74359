/*
 * lookup_pack.c: an answer of WSALookupServiceNext: a WSAQUERYSET and behind it, in the same buffer, all it points to.
 */
#include <string.h>
#include "winsock/lookup.h"
#include "winsock/names.h"

/* The caller's buffer; counts on where it is full. */
struct pack {
    char *base;
    size_t used, size;
};

/* Zeroed room; NULL: it does not fit. */
static void *pack_room(struct pack *pack, size_t size)
{
    size_t begin = (pack->used + 7) & ~(size_t)7;
    pack->used = begin + size;
    return pack->used <= pack->size ? memset(pack->base + begin, 0, size) : NULL;
}

static void *pack_data(struct pack *pack, const void *data, size_t size)
{
    void *room = pack_room(pack, size);
    return room ? memcpy(room, data, size) : NULL;
}

static void *pack_text(struct pack *pack, const char *text, bool wide)
{
    WCHAR units[NAME_MAX_BYTES];
    if (!wide)
        return pack_data(pack, text, strlen(text) + 1);
    if (!name_widen(text, units, NAME_MAX_BYTES))
        return NULL;
    return pack_data(pack, units, ((size_t)lstrlenW(units) + 1) * sizeof *units);
}

static int address_size(const SOCKADDR_INET *address)
{
    return address->si_family == AF_INET6 ? sizeof address->Ipv6 : sizeof address->Ipv4;
}

static CSADDR_INFO *pack_addresses(struct pack *pack, const struct lookup_entry *entry)
{
    CSADDR_INFO *list = pack_room(pack, entry->address_count * sizeof *list);
    for (ULONG i = 0; i < entry->address_count; i++) {
        const SOCKADDR_INET any = {.si_family = entry->addresses[i].si_family};
        const int size = address_size(&entry->addresses[i]);
        void *local = pack_data(pack, &any, (size_t)size);
        void *remote = pack_data(pack, &entry->addresses[i], (size_t)size);
        if (list)
            list[i] = (CSADDR_INFO){.LocalAddr = {local, size},
                                    .RemoteAddr = {remote, size},
                                    .iSocketType = entry->socket_type,
                                    .iProtocol = entry->socket_type == SOCK_DGRAM ? IPPROTO_UDP : IPPROTO_TCP};
    }
    return list;
}

/* A pointer inside a BLOB is its distance from the BLOB's start. */
static void *blob_offset(const char *blob, const void *at)
{
    return blob && at ? (void *)(ULONG_PTR)((const char *)at - blob) : NULL;
}

static void *pack_hostent(struct pack *pack, const struct lookup_entry *entry)
{
    const int family = entry->address_count ? entry->addresses[0].si_family : AF_INET;
    const size_t one = family == AF_INET6 ? 16 : 4;
    HOSTENT *host = pack_room(pack, sizeof *host);
    char *blob = (char *)host, *name = pack_text(pack, entry->name, false);
    char **aliases = pack_room(pack, sizeof *aliases);
    char **list = pack_room(pack, (entry->address_count + 1) * sizeof *list);
    for (ULONG i = 0, kept = 0; i < entry->address_count; i++) {
        const SOCKADDR_INET *address = &entry->addresses[i];
        if (address->si_family != family)
            continue;
        char *bytes = pack_data(pack, one == 4 ? (const void *)&address->Ipv4.sin_addr : &address->Ipv6.sin6_addr, one);
        if (list)
            list[kept++] = blob_offset(blob, bytes);
    }
    if (host)
        *host = (HOSTENT){.h_name = blob_offset(blob, name),
                          .h_aliases = blob_offset(blob, aliases),
                          .h_addrtype = (short)family,
                          .h_length = (short)one,
                          .h_addr_list = blob_offset(blob, list)};
    return host;
}

static void *pack_servent(struct pack *pack, const struct lookup_entry *entry)
{
    SERVENT *service = pack_room(pack, sizeof *service);
    char *blob = (char *)service, *name = pack_text(pack, entry->name, false);
    char **aliases = pack_room(pack, sizeof *aliases), *protocol = pack_text(pack, entry->protocol, false);
    if (service)
        *service = (SERVENT){.s_name = blob_offset(blob, name),
                             .s_aliases = blob_offset(blob, aliases),
                             .s_port = (short)entry->addresses[0].Ipv4.sin_port,
                             .s_proto = blob_offset(blob, protocol)};
    return service;
}

/* Two parts: the adapter, and how far one gets through it. */
static void *pack_network(struct pack *pack, const struct lookup_entry *entry)
{
    const size_t name = strlen(entry->adapter) + 1, end = offsetof(NLA_BLOB, data.interfaceData.adapterName) + name;
    const size_t first = (end + 7) & ~(size_t)7,
                 second = offsetof(NLA_BLOB, data) + sizeof(((NLA_BLOB *)0)->data.connectivity);
    char *room = pack_room(pack, first + second);
    if (!room)
        return NULL;
    NLA_BLOB *adapter = (NLA_BLOB *)room, *connectivity = (NLA_BLOB *)(room + first);
    adapter->header.type = NLA_INTERFACE;
    adapter->header.dwSize = (DWORD)end;
    adapter->header.nextOffset = (DWORD)first;
    adapter->data.interfaceData.dwType = entry->adapter_type;
    adapter->data.interfaceData.dwSpeed = entry->speed > UINT32_MAX ? UINT32_MAX : (DWORD)entry->speed;
    memcpy(adapter->data.interfaceData.adapterName, entry->adapter, name);
    connectivity->header.type = NLA_CONNECTIVITY;
    connectivity->header.dwSize = (DWORD)second;
    connectivity->data.connectivity.type = NLA_NETWORK_UNMANAGED;
    connectivity->data.connectivity.internet = entry->internet ? NLA_INTERNET_YES : NLA_INTERNET_UNKNOWN;
    return room;
}

static BLOB *pack_blob(struct pack *pack, const struct lookup_entry *entry)
{
    BLOB *blob = pack_room(pack, sizeof *blob);
    size_t begin = (pack->used + 7) & ~(size_t)7;
    void *data = entry->is_network   ? pack_network(pack, entry)
                 : entry->is_service ? pack_servent(pack, entry)
                                     : pack_hostent(pack, entry);
    if (blob)
        *blob = (BLOB){.cbSize = (ULONG)(pack->used - begin), .pBlobData = data};
    return blob;
}

bool lookup_pack(const struct lookup_form *form, const struct lookup_entry *entry, void *buffer, DWORD *length)
{
    struct pack pack = {buffer, 0, buffer ? *length : 0};
    WSAQUERYSETW answer = {.dwSize = sizeof answer, .dwNameSpace = form->space};
    void *place = pack_room(&pack, sizeof answer);
    if (form->flags & LUP_RETURN_NAME)
        answer.lpszServiceInstanceName = pack_text(&pack, entry->name, form->wide);
    if (form->flags & LUP_RETURN_TYPE)
        answer.lpServiceClassId = pack_data(&pack, form->class, sizeof *form->class);
    if (form->flags & LUP_RETURN_ADDR && entry->address_count) {
        answer.dwNumberOfCsAddrs = entry->address_count;
        answer.lpcsaBuffer = pack_addresses(&pack, entry);
    }
    if (form->flags & LUP_RETURN_BLOB && (entry->is_network || entry->address_count))
        answer.lpBlob = pack_blob(&pack, entry);
    bool fits = place && pack.used <= pack.size;
    if (fits)
        memcpy(place, &answer, sizeof answer);
    else
        *length = (DWORD)pack.used;
    return fits;
}
