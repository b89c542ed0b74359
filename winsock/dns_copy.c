/*
 * dns_copy.c: windns.h: records copied from one character set to another, and compared.
 */
#include <string.h>
#include "winsock/dns_layout.h"

/* A string of a record as UTF-8; NULL stays NULL. */
static const char *text_of(const DNS_RECORDA *record, const char *text, char *room)
{
    if (!text || record->Flags.S.CharSet != DnsCharSetUnicode)
        return text;
    return name_narrow((PCWSTR)text, room, NAME_MAX_BYTES) ? room : "";
}

static bool is_pointer(const struct field *field)
{
    return field->kind == NAME || field->kind == TEXT_;
}

/* How many bytes of REST a record has. */
static size_t rest_length(const DNS_RECORDA *record, const struct field *field)
{
    const char *at = (const char *)record + field->length;
    if (field->size)
        return field->size == 4 ? *(const DWORD *)at : *(const WORD *)at;
    size_t head = field->offset - offsetof(DNS_RECORDA, Data);
    return record->wDataLength > head ? record->wDataLength - head : 0;
}

static size_t field_size(const DNS_RECORDA *record, const struct field *field)
{
    switch (field->kind) {
    case BYTE_:
        return 1;
    case SHORT_:
        return 2;
    case LONG_:
        return 4;
    case REST:
        return rest_length(record, field);
    default:
        return field->size;
    }
}

static void put_text(const DNS_RECORDA *from, char *const *source, char **target, char **room, bool wide)
{
    char utf8[NAME_MAX_BYTES];
    const char *text = text_of(from, *source, utf8);
    *target = text ? dns_put_string(room, text, strlen(text), wide) : NULL;
}

static void copy_fields(DNS_RECORDA *to, const DNS_RECORDA *from, char **room, bool wide)
{
    const struct layout *layout = layout_of(from->wType);
    for (int i = 0; i < field_count(layout); i++) {
        const struct field *field = &layout->fields[i];
        char *target = (char *)to + field->offset;
        const char *source = (const char *)from + field->offset;
        if (is_pointer(field))
            put_text(from, (char *const *)source, (char **)target, room, wide);
        else
            memcpy(target, source, field_size(from, field));
        if (field->kind == REST && field->size)
            memcpy((char *)to + field->length, (const char *)from + field->length, field->size);
    }
}

PDNS_RECORD WINAPI DnsRecordCopyEx(PDNS_RECORD record, DNS_CHARSET in, DNS_CHARSET out)
{
    DNS_RECORDA from;
    const bool wide = out == DnsCharSetUnicode;
    if (!record)
        return NULL;
    const DNS_RECORDA *given = (const DNS_RECORDA *)record;
    /* What the caller says of the strings counts, not what the record says. */
    size_t inner = given->wDataLength + (is_text(given->wType) ? given->Data.TXT.dwStringCount * 256 : 0);
    DNS_RECORDA *whole = RtlAllocateHeap(peb_current()->ProcessHeap, HEAP_ZERO_MEMORY, dns_record_size(inner));
    if (!whole)
        return NULL;
    from = *given;
    char *room = (char *)whole + sizeof *whole + inner * sizeof(PSTR);
    const DWORD flags = given->Flags.DW;
    from.Flags.S.CharSet = in;
    whole->wType = given->wType;
    whole->wDataLength = given->wDataLength;
    whole->Flags.DW = flags;
    whole->Flags.S.CharSet = out;
    whole->dwTtl = given->dwTtl;
    put_text(&from, &from.pName, &whole->pName, &room, wide);
    if (is_text(given->wType)) {
        whole->Data.TXT.dwStringCount = given->Data.TXT.dwStringCount;
        for (DWORD i = 0; i < given->Data.TXT.dwStringCount; i++)
            put_text(&from, &((DNS_RECORDA *)given)->Data.TXT.pStringArray[i], &whole->Data.TXT.pStringArray[i], &room,
                     wide);
    } else {
        /* The data may be longer than the structure: it is read where it lies. */
        DNS_RECORDA *source = (DNS_RECORDA *)given;
        const DWORD kept = source->Flags.DW;
        source->Flags.S.CharSet = in;
        copy_fields(whole, source, &room, wide);
        source->Flags.DW = kept;
    }
    return (PDNS_RECORD)whole;
}

PDNS_RECORD WINAPI DnsRecordSetCopyEx(PDNS_RECORD set, DNS_CHARSET in, DNS_CHARSET out)
{
    PDNS_RECORD result = NULL, *tail = &result;
    for (; set; set = set->pNext) {
        if (!(*tail = DnsRecordCopyEx(set, in, out))) {
            dns_records_free((DNS_RECORDA *)result);
            return NULL;
        }
        tail = &(*tail)->pNext;
    }
    return result;
}

PDNS_RECORD WINAPI DnsRecordSetDetach(PDNS_RECORD set)
{
    PDNS_RECORD *link = &set;
    if (!set)
        return NULL;
    while ((*link)->pNext)
        link = &(*link)->pNext;
    PDNS_RECORD last = *link;
    *link = NULL;
    return last;
}

/* ---- comparing ---- */

static bool same_text(const DNS_RECORDA *a, const char *first, const DNS_RECORDA *b, const char *second, bool name)
{
    char rooms[2][NAME_MAX_BYTES];
    first = text_of(a, first, rooms[0]);
    second = text_of(b, second, rooms[1]);
    if (!first || !second)
        return first == second;
    return name ? dns_same_name(first, second) : !strcmp(first, second);
}

static bool same_data(const DNS_RECORDA *a, const DNS_RECORDA *b)
{
    const struct layout *layout = layout_of(a->wType);
    if (is_text(a->wType)) {
        bool same = a->Data.TXT.dwStringCount == b->Data.TXT.dwStringCount;
        for (DWORD i = 0; same && i < a->Data.TXT.dwStringCount; i++)
            same = same_text(a, a->Data.TXT.pStringArray[i], b, b->Data.TXT.pStringArray[i], false);
        return same;
    }
    for (int i = 0; i < field_count(layout); i++) {
        const struct field *field = &layout->fields[i];
        const char *first = (const char *)a + field->offset, *second = (const char *)b + field->offset;
        if (is_pointer(field)
                ? !same_text(a, *(char *const *)first, b, *(char *const *)second, field->kind == NAME)
                : field_size(a, field) != field_size(b, field) || memcmp(first, second, field_size(a, field)))
            return false;
    }
    return true;
}

BOOL WINAPI DnsRecordCompare(PDNS_RECORD first, PDNS_RECORD second)
{
    const DNS_RECORDA *a = (const DNS_RECORDA *)first, *b = (const DNS_RECORDA *)second;
    if (!a || !b)
        return a == b;
    return a->wType == b->wType && same_text(a, a->pName, b, b->pName, true) && same_data(a, b);
}

/* Copies of those of one set that the other lacks; true: there are some. */
static bool difference(PDNS_RECORD set, PDNS_RECORD other, PDNS_RECORD *result)
{
    bool found = false;
    for (; set; set = set->pNext) {
        PDNS_RECORD at = other;
        while (at && !DnsRecordCompare(set, at))
            at = at->pNext;
        if (at)
            continue;
        found = true;
        if (result) {
            const DNS_CHARSET charset = (DNS_CHARSET)set->Flags.S.CharSet;
            if ((*result = DnsRecordCopyEx(set, charset, charset)))
                result = &(*result)->pNext;
        }
    }
    return found;
}

BOOL WINAPI DnsRecordSetCompare(PDNS_RECORD first, PDNS_RECORD second, PDNS_RECORD *only_first,
                                PDNS_RECORD *only_second)
{
    if (only_first)
        *only_first = NULL;
    if (only_second)
        *only_second = NULL;
    bool lacks = difference(first, second, only_first);
    return !difference(second, first, only_second) && !lacks;
}
