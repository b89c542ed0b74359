/*
 * dns_layout.h: what the data of each type of record is made of.
 */
#ifndef WINSOCK_DNS_LAYOUT_H
#define WINSOCK_DNS_LAYOUT_H

#include "winsock/dns.h"

enum field_kind {
    END,
    NAME,  /* a domain name, compressed or not: a pointer */
    TEXT_, /* a character string: a pointer */
    BYTE_,
    SHORT_,
    LONG_,
    BYTES, /* so many, as they are */
    REST,  /* what is left, in place; `length` is where their number goes, of `size` bytes (0: nowhere) */
};

struct field {
    enum field_kind kind;
    uint16_t offset, length, size;
};

#define FIELDS_MAX 9

/* `size`: of what stands before the data without a fixed size. */
struct layout {
    WORD type;
    uint16_t size;
    struct field fields[FIELDS_MAX];
};

const struct layout *layout_of(WORD type);
int field_count(const struct layout *layout);
/* Strings until the data's end: DNS_TXT_DATA. */
bool is_text(WORD type);

#endif
