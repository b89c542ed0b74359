/*
 * dns_query.c: windns.h: DnsQueryEx, at once or on a thread of the pool, and what the resolver is configured with.
 */
#include <string.h>
#include "ntdll/gate.h"
#include "winsock/dns.h"

/* Of windns.h, which mingw-w64's lacks. */
struct query_request { /* DNS_QUERY_REQUEST */
    ULONG version;
    PCWSTR name;
    WORD type;
    ULONG64 options;
    PVOID servers;
    ULONG interface_index;
    PDNS_QUERY_COMPLETION_ROUTINE callback;
    PVOID context;
};
#define DNS_REQUEST_PENDING 9506
#define REQUEST_VERSION1 1
#define REQUEST_VERSION3 3

/* A question that is being asked; DNS_QUERY_CANCEL holds its number. */
struct question {
    struct question *next;
    ULONG64 number;
    char name[NAME_MAX_BYTES];
    WORD type;
    DWORD options;
    struct dns_servers servers;
    PDNS_QUERY_RESULT result;
    PDNS_QUERY_COMPLETION_ROUTINE callback;
    PVOID context;
    bool cancelled;
};

static RTL_SRWLOCK lock = RTL_SRWLOCK_INIT;
static struct question *questions;
static ULONG64 last_number;

static DWORD WINAPI ask(PVOID parameter)
{
    struct question *question = parameter;
    PDNS_RECORD records = NULL;
    DNS_STATUS status =
        dns_query(question->name, question->type, question->options, &question->servers, true, &records);
    RtlAcquireSRWLockExclusive(&lock);
    for (struct question **link = &questions; *link; link = &(*link)->next)
        if (*link == question) {
            *link = question->next;
            break;
        }
    RtlReleaseSRWLockExclusive(&lock);
    if (question->cancelled) {
        dns_records_free((DNS_RECORDA *)records);
        records = NULL;
        status = ERROR_CANCELLED;
    }
    question->result->QueryStatus = status;
    question->result->QueryOptions = question->options;
    question->result->pQueryRecords = records;
    guest_call((void *)question->callback, GUEST(question->context), GUEST(question->result), 0, 0);
    RtlFreeHeap(peb_current()->ProcessHeap, 0, question);
    return 0;
}

static DNS_STATUS ask_later(const struct query_request *request, const char *name, PDNS_QUERY_RESULT result,
                            ULONG64 *cancel)
{
    struct question *question = RtlAllocateHeap(peb_current()->ProcessHeap, HEAP_ZERO_MEMORY, sizeof *question);
    if (!question)
        return ERROR_NOT_ENOUGH_MEMORY;
    *question = (struct question){.type = request->type,
                                  .options = (DWORD)request->options,
                                  .result = result,
                                  .callback = request->callback,
                                  .context = request->context};
    lstrcpynA(question->name, name, sizeof question->name);
    dns_servers_from_list(request->servers, &question->servers);
    RtlAcquireSRWLockExclusive(&lock);
    question->number = ++last_number;
    question->next = questions;
    questions = question;
    if (cancel)
        *cancel = question->number;
    RtlReleaseSRWLockExclusive(&lock);
    if (QueueUserWorkItem(ask, question, WT_EXECUTELONGFUNCTION))
        return DNS_REQUEST_PENDING;
    RtlAcquireSRWLockExclusive(&lock);
    for (struct question **link = &questions; *link; link = &(*link)->next)
        if (*link == question) {
            *link = question->next;
            break;
        }
    RtlReleaseSRWLockExclusive(&lock);
    RtlFreeHeap(peb_current()->ProcessHeap, 0, question);
    return ERROR_NOT_ENOUGH_MEMORY;
}

DNS_STATUS WINAPI DnsQueryEx(const struct query_request *request, PDNS_QUERY_RESULT result, PVOID cancel)
{
    char name[NAME_MAX_BYTES];
    if (!request || !result || request->version < REQUEST_VERSION1 || request->version > REQUEST_VERSION3 ||
        result->Version != request->version || !request->name)
        return ERROR_INVALID_PARAMETER;
    result->pQueryRecords = NULL;
    result->Reserved = NULL;
    if (!name_narrow(request->name, name, sizeof name))
        return result->QueryStatus = DNS_ERROR_INVALID_NAME_CHAR;
    if (request->callback)
        return ask_later(request, name, result, cancel);
    struct dns_servers servers;
    dns_servers_from_list(request->servers, &servers);
    result->QueryOptions = request->options;
    return result->QueryStatus =
               dns_query(name, request->type, (DWORD)request->options, &servers, true, &result->pQueryRecords);
}

/* The answer is thrown away; the callback hears of the cancel when the host's resolver has returned. */
DNS_STATUS WINAPI DnsCancelQuery(PVOID cancel)
{
    DNS_STATUS status = ERROR_INVALID_PARAMETER;
    if (!cancel)
        return status;
    RtlAcquireSRWLockExclusive(&lock);
    for (struct question *at = questions; at; at = at->next)
        if (at->number == *(const ULONG64 *)cancel && !at->cancelled) {
            at->cancelled = true;
            status = ERROR_SUCCESS;
        }
    RtlReleaseSRWLockExclusive(&lock);
    return status;
}

/* ---- configuration ---- */

enum { NAME_WIDE, NAME_ANSI, NAME_UTF8 };

/* Into the caller's buffer, or one of the local heap that *buffer then holds. */
static DNS_STATUS give(const void *data, DWORD size, DWORD flags, void *buffer, DWORD *length)
{
    if (flags & DNS_CONFIG_FLAG_ALLOC) {
        void *copy = LocalAlloc(LMEM_FIXED, size);
        if (!copy || !buffer) {
            LocalFree(copy);
            return copy ? ERROR_INVALID_PARAMETER : ERROR_NOT_ENOUGH_MEMORY;
        }
        *(void **)buffer = memcpy(copy, data, size);
        *length = size;
        return ERROR_SUCCESS;
    }
    bool fits = buffer && *length >= size;
    *length = size;
    if (fits)
        memcpy(buffer, data, size);
    return fits ? ERROR_SUCCESS : ERROR_MORE_DATA;
}

static DNS_STATUS give_name(const char *name, int form, DWORD flags, void *buffer, DWORD *length)
{
    WCHAR wide[NAME_MAX_BYTES];
    if (form != NAME_WIDE)
        return give(name, (DWORD)strlen(name) + 1, flags, buffer, length);
    if (!name_widen(name, wide, NAME_MAX_BYTES))
        return ERROR_INVALID_PARAMETER;
    return give(wide, (DWORD)((lstrlenW(wide) + 1) * sizeof *wide), flags, buffer, length);
}

static DNS_STATUS give_servers(DWORD flags, void *buffer, DWORD *length)
{
    char texts[8][48];
    int count = resolver_servers(texts, 8);
    union {
        IP4_ARRAY array;
        DWORD words[9];
    } servers = {0};
    for (int i = 0; i < count; i++) {
        SOCKADDR_IN address;
        if (!RtlIpv4StringToAddressExA(texts[i], FALSE, &address.sin_addr, &address.sin_port))
            servers.words[++servers.array.AddrCount] = address.sin_addr.s_addr;
    }
    return servers.array.AddrCount
               ? give(&servers, (servers.array.AddrCount + 1) * sizeof(DWORD), flags, buffer, length)
               : DNS_ERROR_NO_DNS_SERVERS;
}

DNS_STATUS WINAPI DnsQueryConfig(DNS_CONFIG_TYPE type, DWORD flags, PWSTR adapter, PVOID reserved, PVOID buffer,
                                 PDWORD length)
{
    char host[256], domain[256], full[520];
    (void)adapter;
    (void)reserved;
    if (!length)
        return ERROR_INVALID_PARAMETER;
    resolver_host_name(host, sizeof host);
    resolver_domain_name(domain, sizeof domain);
    lstrcpynA(full, host, sizeof full);
    if (*domain) {
        strcat(full, ".");
        strcat(full, domain);
    }
    switch (type) {
    case DnsConfigPrimaryDomainName_W:
    case DnsConfigPrimaryDomainName_A:
    case DnsConfigPrimaryDomainName_UTF8:
        return give_name(domain, (int)type - DnsConfigPrimaryDomainName_W, flags, buffer, length);
    case DnsConfigHostName_W:
    case DnsConfigHostName_A:
    case DnsConfigHostName_UTF8:
        return give_name(host, (int)type - DnsConfigHostName_W, flags, buffer, length);
    case DnsConfigFullHostName_W:
    case DnsConfigFullHostName_A:
    case DnsConfigFullHostName_UTF8:
        return give_name(full, (int)type - DnsConfigFullHostName_W, flags, buffer, length);
    case DnsConfigDnsServerList:
        return give_servers(flags, buffer, length);
    default:
        return ERROR_INVALID_PARAMETER;
    }
}
