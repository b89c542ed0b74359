/*
 * dnsapi.c: windns.h: DnsQuery on the host's resolver.
 */
#include <string.h>
#include "winsock/dns.h"

#define ANSWER_MAX 65535
#define QUERY_OPTIONS_LOCAL (DNS_QUERY_NO_WIRE_QUERY)

/* Names that no server needs to be asked for: the host's own table, and numbers. */
static DNS_STATUS query_host(const char *name, WORD type, bool wide, DNS_RECORDA **result)
{
    const ADDRINFOA hints = {.ai_family = type == DNS_TYPE_A ? AF_INET : AF_INET6, .ai_socktype = SOCK_STREAM};
    struct resolver_address *found;
    DNS_RECORDA **tail = result;
    *result = NULL;
    int error = names_lookup(name, NULL, &hints, &found);
    for (const struct resolver_address *at = error ? NULL : found; at; at = at->next) {
        DNS_RECORDA *record = RtlAllocateHeap(peb_current()->ProcessHeap, HEAP_ZERO_MEMORY, dns_record_size(0));
        if (!record)
            break;
        char *room = (char *)(record + 1);
        record->wType = type;
        record->Flags.S.Section = DnsSectionAnswer;
        record->Flags.S.CharSet = wide ? DnsCharSetUnicode : DnsCharSetUtf8;
        record->wDataLength = type == DNS_TYPE_A ? 4 : 16;
        record->pName = dns_put_string(&room, name, strlen(name), wide);
        if (type == DNS_TYPE_A)
            memcpy(&record->Data.A, &((const SOCKADDR_IN *)at->address)->sin_addr, 4);
        else
            memcpy(&record->Data.AAAA, &((const SOCKADDR_IN6 *)at->address)->sin6_addr, 16);
        *tail = record;
        tail = &record->pNext;
    }
    resolver_free(found);
    return *result ? ERROR_SUCCESS : DNS_ERROR_RCODE_NAME_ERROR;
}

DNS_STATUS dns_query(const char *name, WORD type, DWORD options, const struct dns_servers *servers, bool wide,
                     PDNS_RECORD *result)
{
    static const DNS_STATUS errors[] = {ERROR_SUCCESS, DNS_ERROR_RCODE_NAME_ERROR, ERROR_TIMEOUT,
                                        DNS_ERROR_RCODE_SERVER_FAILURE, DNS_INFO_NO_RECORDS};
    DNS_RECORDA *list = NULL;
    if (!result)
        return ERROR_INVALID_PARAMETER;
    *result = NULL;
    bool address = type == DNS_TYPE_A || type == DNS_TYPE_AAAA;
    DNS_STATUS status =
        address && !(options & DNS_QUERY_NO_HOSTS_FILE) && !(options & DNS_QUERY_WIRE_ONLY) && !strchr(name, '.')
            ? query_host(name, type, wide, &list)
            : DNS_ERROR_RCODE_NAME_ERROR;
    if (status && !(options & QUERY_OPTIONS_LOCAL)) {
        uint8_t *answer = RtlAllocateHeap(peb_current()->ProcessHeap, 0, ANSWER_MAX);
        if (!answer)
            return ERROR_NOT_ENOUGH_MEMORY;
        int size = servers->count ? dns_ask(servers, name, type, options, answer, ANSWER_MAX)
                                  : resolver_dns(name, type, answer, ANSWER_MAX);
        status = size < 0 ? errors[-size] : dns_read(answer, size, wide, &list);
        RtlFreeHeap(peb_current()->ProcessHeap, 0, answer);
        if (size < 0 && address && !(options & (DNS_QUERY_NO_HOSTS_FILE | DNS_QUERY_WIRE_ONLY)) &&
            !query_host(name, type, wide, &list))
            status = ERROR_SUCCESS;
    }
    *result = (PDNS_RECORD)list;
    return status;
}

DNS_STATUS WINAPI DnsQuery_UTF8(PCSTR name, WORD type, DWORD options, PIP4_ARRAY extra, PDNS_RECORD *result,
                                PVOID *reserved)
{
    struct dns_servers servers;
    (void)reserved;
    dns_servers_from_ip4(extra, &servers);
    return name ? dns_query(name, type, options, &servers, false, result) : ERROR_INVALID_PARAMETER;
}

DNS_STATUS WINAPI DnsQuery_A(PCSTR name, WORD type, DWORD options, PIP4_ARRAY extra, PDNS_RECORD *result,
                             PVOID *reserved)
{
    return DnsQuery_UTF8(name, type, options, extra, result, reserved);
}

DNS_STATUS WINAPI DnsQuery_W(PCWSTR name, WORD type, DWORD options, PIP4_ARRAY extra, PDNS_RECORD *result,
                             PVOID *reserved)
{
    char narrow[NAME_MAX_BYTES];
    struct dns_servers servers;
    (void)reserved;
    dns_servers_from_ip4(extra, &servers);
    if (!name)
        return ERROR_INVALID_PARAMETER;
    return name_narrow(name, narrow, sizeof narrow) ? dns_query(narrow, type, options, &servers, true, result)
                                                    : DNS_ERROR_INVALID_NAME_CHAR;
}

void WINAPI DnsFree(PVOID data, DNS_FREE_TYPE type)
{
    if (type == DnsFreeRecordList)
        dns_records_free(data);
    else
        RtlFreeHeap(peb_current()->ProcessHeap, 0, data);
}

void WINAPI DnsRecordListFree(PDNS_RECORD list, DNS_FREE_TYPE type)
{
    (void)type;
    dns_records_free((DNS_RECORDA *)list);
}

/* Names match without regard to case, a final dot does not count. */
bool dns_same_name(const char *a, const char *b)
{
    char copies[2][NAME_MAX_BYTES];
    const char *names[2] = {a, b};
    for (int i = 0; i < 2; i++) {
        lstrcpynA(copies[i], names[i], NAME_MAX_BYTES);
        size_t length = strlen(copies[i]);
        if (length && copies[i][length - 1] == '.')
            copies[i][length - 1] = 0;
    }
    return !lstrcmpiA(copies[0], copies[1]);
}

BOOL WINAPI DnsNameCompare_A(LPSTR a, LPSTR b)
{
    return a && b ? dns_same_name(a, b) : a == b;
}

BOOL WINAPI DnsNameCompare_W(LPWSTR a, LPWSTR b)
{
    char first[NAME_MAX_BYTES], second[NAME_MAX_BYTES];
    if (!a || !b)
        return a == b;
    return name_narrow(a, first, sizeof first) && name_narrow(b, second, sizeof second) && dns_same_name(first, second);
}

DNS_STATUS WINAPI DnsFlushResolverCache(void)
{
    return TRUE; /* the host's resolver keeps none in this process */
}
