/*
 * dns.h: between the files of dnsapi.
 */
#ifndef WINSOCK_DNS_H
#define WINSOCK_DNS_H

#include "winsock/names.h"
/* These are declared there without their calling convention. */
#define DnsRecordSetDetach header_DnsRecordSetDetach
#define DnsValidateName_A header_DnsValidateName_A
#define DnsValidateName_UTF8 header_DnsValidateName_UTF8
#define DnsValidateName_W header_DnsValidateName_W
#include <windns.h>
#undef DnsFree
#undef DnsRecordListFree
#undef DnsRecordSetDetach
#undef DnsValidateName_A
#undef DnsValidateName_UTF8
#undef DnsValidateName_W

/* A message's records, its sections in order.  DNS_INFO_NO_RECORDS: there are none. */
DNS_STATUS dns_read(const uint8_t *message, int size, bool wide, DNS_RECORDA **result);
void dns_records_free(DNS_RECORDA *list);

/* What a record can need whose data in a message has so many bytes. */
size_t dns_record_size(size_t data);
/* A string of `length` bytes at *room, which moves behind it; in UTF-16 if `wide`. */
char *dns_put_string(char **room, const char *text, size_t length, bool wide);

/* Names match without regard to case, a final dot does not count. */
bool dns_same_name(const char *a, const char *b);

/* dns_server.c: servers that the program names: those of an IP4_ARRAY or a DNS_ADDR_ARRAY (NULL: none). */
#define DNS_SERVERS_MAX 8
struct dns_servers {
    ULONG count;
    SOCKADDR_INET list[DNS_SERVERS_MAX];
};
void dns_servers_from_ip4(const IP4_ARRAY *array, struct dns_servers *servers);
void dns_servers_from_list(const void *list, struct dns_servers *servers);
/* Asks them, one after the other; results as resolver_dns's. */
int dns_ask(const struct dns_servers *servers, const char *name, WORD type, DWORD options, uint8_t *answer, int size);

/* The question that DnsQuery asks; no servers: those of the host. */
DNS_STATUS dns_query(const char *name, WORD type, DWORD options, const struct dns_servers *servers, bool wide,
                     PDNS_RECORD *result);

#endif
