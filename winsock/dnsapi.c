/*
 * dnsapi.c: windns.h: DnsQuery on the host's resolver; answers as lists of DNS_RECORD.
 *
 * A record and its strings are one block of the process heap.  The wide and the narrow records have the same
 * layout; only the strings differ.
 */
#include <string.h>
#include "winsock/names.h"
#include <windns.h>
#undef DnsFree
#undef DnsRecordListFree

#define ANSWER_MAX 65535
#define QUERY_OPTIONS_LOCAL (DNS_QUERY_NO_WIRE_QUERY)

/* A message being read. */
struct reader {
    const uint8_t *message, *end, *at;
    bool wide;
};

static unsigned get16(const uint8_t *at)
{
    return (unsigned)at[0] << 8 | at[1];
}

static DWORD get32(const uint8_t *at)
{
    return (DWORD)get16(at) << 16 | get16(at + 2);
}

static bool get_name(struct reader *reader, char *name)
{
    int n = resolver_expand(reader->message, reader->end, reader->at, name, NAME_MAX_BYTES);
    if (n < 0)
        return false;
    reader->at += n;
    return true;
}

/* A string behind the record, in the width of the call. */
static char *put_string(char **room, const char *text, size_t length, bool wide)
{
    char *result = *room;
    if (wide) {
        WCHAR *out = (WCHAR *)result;
        for (size_t i = 0; i < length; i++)
            out[i] = (unsigned char)text[i];
        out[length] = 0;
    } else {
        memcpy(result, text, length);
        result[length] = 0;
    }
    *room += (length + 1) * sizeof(WCHAR);
    return result;
}

static char *put_name(struct reader *reader, char **room)
{
    char name[NAME_MAX_BYTES];
    return get_name(reader, name) ? put_string(room, name, strlen(name), reader->wide) : NULL;
}

/* Character strings until the data's end. */
static bool put_texts(DNS_TXT_DATAA *data, const uint8_t *at, const uint8_t *end, char **room, bool wide)
{
    for (data->dwStringCount = 0; at < end; at += *at + 1) {
        if (at + *at >= end)
            return false;
        data->pStringArray[data->dwStringCount++] = put_string(room, (const char *)at + 1, *at, wide);
    }
    return true;
}

static bool put_data(DNS_RECORDA *record, struct reader *reader, const uint8_t *end, char **room)
{
    const uint8_t *at = reader->at;
    size_t length = (size_t)(end - at);
    switch (record->wType) {
    case DNS_TYPE_A:
        record->wDataLength = sizeof record->Data.A;
        memcpy(&record->Data.A, at, sizeof record->Data.A);
        return length == 4;
    case DNS_TYPE_AAAA:
        record->wDataLength = sizeof record->Data.AAAA;
        memcpy(&record->Data.AAAA, at, 16);
        return length == 16;
    case DNS_TYPE_NS:
    case DNS_TYPE_CNAME:
    case DNS_TYPE_PTR:
        record->wDataLength = sizeof record->Data.PTR;
        record->Data.PTR.pNameHost = put_name(reader, room);
        return record->Data.PTR.pNameHost != NULL;
    case DNS_TYPE_MX:
        if (length < 3)
            return false;
        record->wDataLength = sizeof record->Data.MX;
        record->Data.MX.wPreference = (WORD)get16(at);
        reader->at += 2;
        record->Data.MX.pNameExchange = put_name(reader, room);
        return record->Data.MX.pNameExchange != NULL;
    case DNS_TYPE_SRV:
        if (length < 7)
            return false;
        record->wDataLength = sizeof record->Data.SRV;
        record->Data.SRV.wPriority = (WORD)get16(at);
        record->Data.SRV.wWeight = (WORD)get16(at + 2);
        record->Data.SRV.wPort = (WORD)get16(at + 4);
        reader->at += 6;
        record->Data.SRV.pNameTarget = put_name(reader, room);
        return record->Data.SRV.pNameTarget != NULL;
    case DNS_TYPE_SOA:
        record->wDataLength = sizeof record->Data.SOA;
        record->Data.SOA.pNamePrimaryServer = put_name(reader, room);
        record->Data.SOA.pNameAdministrator = record->Data.SOA.pNamePrimaryServer ? put_name(reader, room) : NULL;
        if (!record->Data.SOA.pNameAdministrator || reader->at + 20 > end)
            return false;
        record->Data.SOA.dwSerialNo = get32(reader->at);
        record->Data.SOA.dwRefresh = get32(reader->at + 4);
        record->Data.SOA.dwRetry = get32(reader->at + 8);
        record->Data.SOA.dwExpire = get32(reader->at + 12);
        record->Data.SOA.dwDefaultTtl = get32(reader->at + 16);
        return true;
    case DNS_TYPE_TEXT:
        record->wDataLength = (WORD)(sizeof record->Data.TXT + length * sizeof(PSTR));
        return put_texts(&record->Data.TXT, at, end, room, reader->wide);
    default:
        record->wDataLength = (WORD)(sizeof record->Data.Null + length);
        record->Data.Null.dwByteCount = (DWORD)length;
        memcpy(record->Data.Null.Data, at, length);
        return true;
    }
}

/* What a record of so much data can need: the structure, a pointer a string, and its names in wide characters. */
static size_t record_size(size_t data)
{
    return sizeof(DNS_RECORDA) + data * (sizeof(PSTR) + sizeof(WCHAR)) + 4 * NAME_MAX_BYTES * sizeof(WCHAR);
}

static bool read_record(struct reader *reader, DNS_SECTION section, DNS_RECORDA **result)
{
    char name[NAME_MAX_BYTES];
    if (!get_name(reader, name) || reader->at + 10 > reader->end)
        return false;
    unsigned type = get16(reader->at);
    size_t length = get16(reader->at + 8);
    DWORD ttl = get32(reader->at + 4);
    const uint8_t *end = reader->at + 10 + length;
    reader->at += 10;
    if (end > reader->end)
        return false;
    DNS_RECORDA *record = RtlAllocateHeap(peb_current()->ProcessHeap, HEAP_ZERO_MEMORY, record_size(length));
    if (!record)
        return false;
    char *room = (char *)record + sizeof *record + length * sizeof(PSTR);
    record->wType = (WORD)type;
    record->Flags.S.Section = section;
    record->Flags.S.CharSet = reader->wide ? DnsCharSetUnicode : DnsCharSetUtf8;
    record->dwTtl = ttl;
    record->pName = put_string(&room, name, strlen(name), reader->wide);
    *result = record;
    bool good = put_data(record, reader, end, &room);
    reader->at = end;
    return good;
}

static void record_list_free(DNS_RECORDA *list)
{
    while (list) {
        DNS_RECORDA *next = list->pNext;
        RtlFreeHeap(peb_current()->ProcessHeap, 0, list);
        list = next;
    }
}

static DNS_STATUS read_answer(const uint8_t *message, int size, bool wide, DNS_RECORDA **result)
{
    struct reader reader = {message, message + size, message + 12, wide};
    char name[NAME_MAX_BYTES];
    *result = NULL;
    if (size < 12)
        return DNS_ERROR_BAD_PACKET;
    for (unsigned i = get16(message + 4); i; i--) {
        if (!get_name(&reader, name) || reader.at + 4 > reader.end)
            return DNS_ERROR_BAD_PACKET;
        reader.at += 4;
    }
    static const DNS_SECTION sections[] = {DnsSectionAnswer, DnsSectionAuthority, DnsSectionAddtional};
    DNS_RECORDA **tail = result;
    for (int section = 0; section < 3; section++) {
        for (unsigned i = get16(message + 6 + 2 * section); i; i--) {
            bool good = read_record(&reader, sections[section], tail);
            if (*tail && (*tail)->wType == DNS_TYPE_OPT) { /* of the transport, no record */
                record_list_free(*tail);
                *tail = NULL;
            }
            if (*tail)
                tail = &(*tail)->pNext;
            if (!good) {
                record_list_free(*result);
                *result = NULL;
                return DNS_ERROR_BAD_PACKET;
            }
        }
    }
    return *result ? ERROR_SUCCESS : DNS_INFO_NO_RECORDS;
}

/* Names that no server needs to be asked for: the host's own table, and numbers. */
static DNS_STATUS query_host(const char *name, WORD type, bool wide, DNS_RECORDA **result)
{
    const ADDRINFOA hints = {.ai_family = type == DNS_TYPE_A ? AF_INET : AF_INET6, .ai_socktype = SOCK_STREAM};
    struct resolver_address *found;
    DNS_RECORDA **tail = result;
    *result = NULL;
    int error = names_lookup(name, NULL, &hints, &found);
    for (const struct resolver_address *at = error ? NULL : found; at; at = at->next) {
        DNS_RECORDA *record = RtlAllocateHeap(peb_current()->ProcessHeap, HEAP_ZERO_MEMORY, record_size(0));
        if (!record)
            break;
        char *room = (char *)(record + 1);
        record->wType = type;
        record->Flags.S.Section = DnsSectionAnswer;
        record->Flags.S.CharSet = wide ? DnsCharSetUnicode : DnsCharSetUtf8;
        record->wDataLength = type == DNS_TYPE_A ? 4 : 16;
        record->pName = put_string(&room, name, strlen(name), wide);
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

static DNS_STATUS query(const char *name, WORD type, DWORD options, bool wide, PDNS_RECORD *result)
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
        int size = resolver_dns(name, type, answer, ANSWER_MAX);
        status = size < 0 ? errors[-size] : read_answer(answer, size, wide, &list);
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
    (void)extra;
    (void)reserved;
    return name ? query(name, type, options, false, result) : ERROR_INVALID_PARAMETER;
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
    (void)extra;
    (void)reserved;
    if (!name)
        return ERROR_INVALID_PARAMETER;
    return name_narrow(name, narrow, sizeof narrow) ? query(narrow, type, options, true, result)
                                                    : DNS_ERROR_INVALID_NAME_CHAR;
}

void WINAPI DnsFree(PVOID data, DNS_FREE_TYPE type)
{
    if (type == DnsFreeRecordList)
        record_list_free(data);
    else
        RtlFreeHeap(peb_current()->ProcessHeap, 0, data);
}

void WINAPI DnsRecordListFree(PDNS_RECORD list, DNS_FREE_TYPE type)
{
    (void)type;
    record_list_free((DNS_RECORDA *)list);
}

/* Names match without regard to case, a final dot does not count. */
static bool same_name(const char *a, const char *b)
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
    return a && b ? same_name(a, b) : a == b;
}

BOOL WINAPI DnsNameCompare_W(LPWSTR a, LPWSTR b)
{
    char first[NAME_MAX_BYTES], second[NAME_MAX_BYTES];
    if (!a || !b)
        return a == b;
    return name_narrow(a, first, sizeof first) && name_narrow(b, second, sizeof second) && same_name(first, second);
}

DNS_STATUS WINAPI DnsFlushResolverCache(void)
{
    return TRUE; /* the host's resolver keeps none in this process */
}
