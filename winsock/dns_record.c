/*
 * dns_record.c: windns.h: records: reading them from messages, and freeing.
 *
 * A record and its strings are one block of the process heap.  The wide and the narrow records have the same
 * layout; only the strings differ.  What a type's data is made of is a table: fields in the order of the message, and
 * where each lies in the structure.
 */
#include <string.h>
#include "winsock/dns_layout.h"

#define AT(member) offsetof(DNS_RECORDA, Data.member)

static const struct layout layouts[] = {
    {DNS_TYPE_A, sizeof(DNS_A_DATA), {{BYTES, AT(A), 0, 4}}},
    {DNS_TYPE_AAAA, sizeof(DNS_AAAA_DATA), {{BYTES, AT(AAAA), 0, 16}}},
    {DNS_TYPE_NS, sizeof(DNS_PTR_DATAA), {{NAME, AT(PTR.pNameHost), 0, 0}}},
    {DNS_TYPE_MD, sizeof(DNS_PTR_DATAA), {{NAME, AT(PTR.pNameHost), 0, 0}}},
    {DNS_TYPE_MF, sizeof(DNS_PTR_DATAA), {{NAME, AT(PTR.pNameHost), 0, 0}}},
    {DNS_TYPE_CNAME, sizeof(DNS_PTR_DATAA), {{NAME, AT(PTR.pNameHost), 0, 0}}},
    {DNS_TYPE_MB, sizeof(DNS_PTR_DATAA), {{NAME, AT(PTR.pNameHost), 0, 0}}},
    {DNS_TYPE_MG, sizeof(DNS_PTR_DATAA), {{NAME, AT(PTR.pNameHost), 0, 0}}},
    {DNS_TYPE_MR, sizeof(DNS_PTR_DATAA), {{NAME, AT(PTR.pNameHost), 0, 0}}},
    {DNS_TYPE_PTR, sizeof(DNS_PTR_DATAA), {{NAME, AT(PTR.pNameHost), 0, 0}}},
    {DNS_TYPE_DNAME, sizeof(DNS_PTR_DATAA), {{NAME, AT(PTR.pNameHost), 0, 0}}},
    {DNS_TYPE_SOA,
     sizeof(DNS_SOA_DATAA),
     {{NAME, AT(SOA.pNamePrimaryServer), 0, 0},
      {NAME, AT(SOA.pNameAdministrator), 0, 0},
      {LONG_, AT(SOA.dwSerialNo), 0, 0},
      {LONG_, AT(SOA.dwRefresh), 0, 0},
      {LONG_, AT(SOA.dwRetry), 0, 0},
      {LONG_, AT(SOA.dwExpire), 0, 0},
      {LONG_, AT(SOA.dwDefaultTtl), 0, 0}}},
    {DNS_TYPE_MINFO,
     sizeof(DNS_MINFO_DATAA),
     {{NAME, AT(MINFO.pNameMailbox), 0, 0}, {NAME, AT(MINFO.pNameErrorsMailbox), 0, 0}}},
    {DNS_TYPE_RP,
     sizeof(DNS_MINFO_DATAA),
     {{NAME, AT(MINFO.pNameMailbox), 0, 0}, {NAME, AT(MINFO.pNameErrorsMailbox), 0, 0}}},
    {DNS_TYPE_MX, sizeof(DNS_MX_DATAA), {{SHORT_, AT(MX.wPreference), 0, 0}, {NAME, AT(MX.pNameExchange), 0, 0}}},
    {DNS_TYPE_AFSDB, sizeof(DNS_MX_DATAA), {{SHORT_, AT(MX.wPreference), 0, 0}, {NAME, AT(MX.pNameExchange), 0, 0}}},
    {DNS_TYPE_RT, sizeof(DNS_MX_DATAA), {{SHORT_, AT(MX.wPreference), 0, 0}, {NAME, AT(MX.pNameExchange), 0, 0}}},
    {DNS_TYPE_SRV,
     sizeof(DNS_SRV_DATAA),
     {{SHORT_, AT(SRV.wPriority), 0, 0},
      {SHORT_, AT(SRV.wWeight), 0, 0},
      {SHORT_, AT(SRV.wPort), 0, 0},
      {NAME, AT(SRV.pNameTarget), 0, 0}}},
    {DNS_TYPE_NAPTR,
     sizeof(DNS_NAPTR_DATAA),
     {{SHORT_, AT(NAPTR.wOrder), 0, 0},
      {SHORT_, AT(NAPTR.wPreference), 0, 0},
      {TEXT_, AT(NAPTR.pFlags), 0, 0},
      {TEXT_, AT(NAPTR.pService), 0, 0},
      {TEXT_, AT(NAPTR.pRegularExpression), 0, 0},
      {NAME, AT(NAPTR.pReplacement), 0, 0}}},
    {DNS_TYPE_WKS,
     offsetof(DNS_WKS_DATA, BitMask),
     {{BYTES, AT(WKS.IpAddress), 0, 4}, {BYTE_, AT(WKS.chProtocol), 0, 0}, {REST, AT(WKS.BitMask), 0, 0}}},
    {DNS_TYPE_DS,
     offsetof(DNS_DS_DATA, Digest),
     {{SHORT_, AT(DS.wKeyTag), 0, 0},
      {BYTE_, AT(DS.chAlgorithm), 0, 0},
      {BYTE_, AT(DS.chDigestType), 0, 0},
      {REST, AT(DS.Digest), AT(DS.wDigestLength), 2}}},
    {DNS_TYPE_DNSKEY,
     offsetof(DNS_KEY_DATA, Key),
     {{SHORT_, AT(KEY.wFlags), 0, 0},
      {BYTE_, AT(KEY.chProtocol), 0, 0},
      {BYTE_, AT(KEY.chAlgorithm), 0, 0},
      {REST, AT(KEY.Key), AT(KEY.wKeyLength), 2}}},
    {DNS_TYPE_KEY,
     offsetof(DNS_KEY_DATA, Key),
     {{SHORT_, AT(KEY.wFlags), 0, 0},
      {BYTE_, AT(KEY.chProtocol), 0, 0},
      {BYTE_, AT(KEY.chAlgorithm), 0, 0},
      {REST, AT(KEY.Key), AT(KEY.wKeyLength), 2}}},
    {DNS_TYPE_RRSIG,
     offsetof(DNS_SIG_DATAA, Signature),
     {{SHORT_, AT(SIG.wTypeCovered), 0, 0},
      {BYTE_, AT(SIG.chAlgorithm), 0, 0},
      {BYTE_, AT(SIG.chLabelCount), 0, 0},
      {LONG_, AT(SIG.dwOriginalTtl), 0, 0},
      {LONG_, AT(SIG.dwExpiration), 0, 0},
      {LONG_, AT(SIG.dwTimeSigned), 0, 0},
      {SHORT_, AT(SIG.wKeyTag), 0, 0},
      {NAME, AT(SIG.pNameSigner), 0, 0},
      {REST, AT(SIG.Signature), AT(SIG.wSignatureLength), 2}}},
    {DNS_TYPE_NSEC,
     offsetof(DNS_NSEC_DATAA, TypeBitMaps),
     {{NAME, AT(NSEC.pNextDomainName), 0, 0}, {REST, AT(NSEC.TypeBitMaps), AT(NSEC.wTypeBitMapsLength), 2}}},
    {DNS_TYPE_TLSA,
     offsetof(DNS_TLSA_DATA, bCertificateAssociationData),
     {{BYTE_, AT(TLSA.bCertUsage), 0, 0},
      {BYTE_, AT(TLSA.bSelector), 0, 0},
      {BYTE_, AT(TLSA.bMatchingType), 0, 0},
      {REST, AT(TLSA.bCertificateAssociationData), AT(TLSA.bCertificateAssociationDataLength), 2}}},
};

/* Any other: its bytes and their number. */
static const struct layout unknown = {
    0, offsetof(DNS_NULL_DATA, Data), {{REST, AT(Null.Data), AT(Null.dwByteCount), 4}}};

const struct layout *layout_of(WORD type)
{
    for (size_t i = 0; i < sizeof layouts / sizeof *layouts; i++)
        if (layouts[i].type == type)
            return &layouts[i];
    return &unknown;
}

bool is_text(WORD type)
{
    return type == DNS_TYPE_TEXT || type == DNS_TYPE_HINFO || type == DNS_TYPE_X25 || type == DNS_TYPE_ISDN;
}

int field_count(const struct layout *layout)
{
    int count = 0;
    while (count < FIELDS_MAX && layout->fields[count].kind != END)
        count++;
    return count;
}

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
char *dns_put_string(char **room, const char *text, size_t length, bool wide)
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
    return get_name(reader, name) ? dns_put_string(room, name, strlen(name), reader->wide) : NULL;
}

/* Character strings until the data's end. */
static bool put_texts(DNS_TXT_DATAA *data, const uint8_t *at, const uint8_t *end, char **room, bool wide)
{
    for (data->dwStringCount = 0; at < end; at += *at + 1) {
        if (at + *at >= end)
            return false;
        data->pStringArray[data->dwStringCount++] = dns_put_string(room, (const char *)at + 1, *at, wide);
    }
    return true;
}

/* One field of a message's data; false: it does not fit into the data. */
static bool put_field(DNS_RECORDA *record, const struct field *field, struct reader *reader, const uint8_t *end,
                      char **room)
{
    char *target = (char *)record + field->offset;
    size_t left = reader->at <= end ? (size_t)(end - reader->at) : 0;
    size_t size = field->kind == BYTE_ ? 1 : field->kind == SHORT_ ? 2 : field->kind == LONG_ ? 4 : field->size;
    switch (field->kind) {
    case NAME:
        return (*(char **)target = put_name(reader, room)) != NULL && reader->at <= end;
    case TEXT_:
        if (!left || *reader->at >= left)
            return false;
        *(char **)target = dns_put_string(room, (const char *)reader->at + 1, *reader->at, reader->wide);
        reader->at += *reader->at + 1;
        return true;
    case REST:
        memcpy(target, reader->at, left);
        if (field->size == 4)
            *(DWORD *)((char *)record + field->length) = (DWORD)left;
        else if (field->size == 2)
            *(WORD *)((char *)record + field->length) = (WORD)left;
        record->wDataLength = (WORD)(record->wDataLength + left);
        reader->at += left;
        return true;
    default:
        if (left < size)
            return false;
        if (field->kind == BYTES || field->kind == BYTE_)
            memcpy(target, reader->at, size);
        else if (field->kind == SHORT_)
            *(WORD *)target = (WORD)get16(reader->at);
        else
            *(DWORD *)target = get32(reader->at);
        reader->at += size;
        return true;
    }
}

static bool put_data(DNS_RECORDA *record, struct reader *reader, const uint8_t *end, char **room)
{
    const struct layout *layout = layout_of(record->wType);
    if (is_text(record->wType)) {
        bool good = put_texts(&record->Data.TXT, reader->at, end, room, reader->wide);
        record->wDataLength =
            (WORD)(offsetof(DNS_TXT_DATAA, pStringArray) + record->Data.TXT.dwStringCount * sizeof(PSTR));
        return good;
    }
    record->wDataLength = layout->size;
    for (int i = 0; i < field_count(layout); i++)
        if (!put_field(record, &layout->fields[i], reader, end, room))
            return false;
    return reader->at == end;
}

/* What a record of so much data can need: the structure, a pointer a string, and its names in wide characters. */
size_t dns_record_size(size_t data)
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
    DNS_RECORDA *record = RtlAllocateHeap(peb_current()->ProcessHeap, HEAP_ZERO_MEMORY, dns_record_size(length));
    if (!record)
        return false;
    char *room = (char *)record + sizeof *record + length * sizeof(PSTR);
    record->wType = (WORD)type;
    record->Flags.S.Section = section;
    record->Flags.S.CharSet = reader->wide ? DnsCharSetUnicode : DnsCharSetUtf8;
    record->dwTtl = ttl;
    record->pName = dns_put_string(&room, name, strlen(name), reader->wide);
    *result = record;
    bool good = put_data(record, reader, end, &room);
    reader->at = end;
    return good;
}

void dns_records_free(DNS_RECORDA *list)
{
    while (list) {
        DNS_RECORDA *next = list->pNext;
        RtlFreeHeap(peb_current()->ProcessHeap, 0, list);
        list = next;
    }
}

DNS_STATUS dns_read(const uint8_t *message, int size, bool wide, DNS_RECORDA **result)
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
                dns_records_free(*tail);
                *tail = NULL;
            }
            if (*tail)
                tail = &(*tail)->pNext;
            if (!good) {
                dns_records_free(*result);
                *result = NULL;
                return DNS_ERROR_BAD_PACKET;
            }
        }
    }
    return *result ? ERROR_SUCCESS : DNS_INFO_NO_RECORDS;
}
