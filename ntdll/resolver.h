/*
 * resolver.h: names of hosts and services by the host's resolver, for winsock/.
 *
 * Everything is in UTF-8.  A look-up may block for seconds.  Calls with little stack left run on a service thread.
 */
#ifndef NTDLL_RESOLVER_H
#define NTDLL_RESOLVER_H

#include "win.h"

#define RESOLVER_ADDRESS_MAX 28 /* SOCKADDR_IN6 */

/* One answer; families, types and addresses are Windows'. */
struct resolver_address {
    struct resolver_address *next;
    int family, type, protocol;
    int length;
    _Alignas(8) char address[RESOLVER_ADDRESS_MAX];
    char *canonical; /* of the first: its name, or NULL */
};

enum resolver_error {
    RESOLVER_OK,
    RESOLVER_NO_NAME,
    RESOLVER_NO_DATA,
    RESOLVER_AGAIN,
    RESOLVER_FAIL,
    RESOLVER_FAMILY,
    RESOLVER_SERVICE,
    RESOLVER_SOCKTYPE,
    RESOLVER_MEMORY,
    RESOLVER_FLAGS,
    RESOLVER_OVERFLOW,
};

struct resolver_query {
    const char *name, *service; /* one may be NULL */
    int family, type, protocol; /* 0: any */
    bool passive, numeric_host, numeric_service, canonical, configured, mapped, all;
};

enum resolver_error resolver_lookup(const struct resolver_query *query, struct resolver_address **result);
void resolver_free(struct resolver_address *list);

struct resolver_reverse {
    const void *address;
    int length;
    bool numeric_host, numeric_service, name_required, no_domain, datagram;
    char *host, *service; /* buffers; NULL: not wanted */
    size_t host_size, service_size;
};
enum resolver_error resolver_name(const struct resolver_reverse *reverse);

/* The host's own name, and its domain (empty if there is none). */
void resolver_host_name(char *name, size_t size);
void resolver_domain_name(char *name, size_t size);

/* /etc/services and /etc/protocols.  Found: name in `name`, aliases separated by zeros, an empty one last. */
struct resolver_entry {
    char name[64], protocol[16], aliases[256];
    int number; /* the port in host order, or the protocol's number */
};
bool resolver_service(const char *name, int port, const char *protocol, struct resolver_entry *entry);
bool resolver_protocol(const char *name, int number, struct resolver_entry *entry);

/* A raw DNS query: the answer message.  Negative: -1 no name, -2 try again, -3 failed, -4 no data of this type. */
int resolver_dns(const char *name, int type, uint8_t *answer, int size);
/* A compressed name in a message; returns how many bytes it takes there, negative: it is bad. */
int resolver_expand(const uint8_t *message, const uint8_t *end, const uint8_t *at, char *name, int size);
/* Addresses of the name servers in use, as text. */
int resolver_servers(char (*servers)[48], int count);

/* Runs function(argument) on another thread and waits for it, if the calling one's stack is nearly used up. */
void resolver_with_stack(void (*function)(void *), void *argument);

#endif
