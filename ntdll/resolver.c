/*
 * resolver.c: getaddrinfo and its kin of the host's libc.
 *
 * libc's resolver takes up to 100 KB of stack, more than some Windows threads have left: those calls are made by
 * a service thread while the caller waits.
 */
#include <arpa/nameser.h>
#include <netdb.h>
#include <resolv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "resolver.h"
#include "service.h"
#include "socket_private.h"
#include "thread.h"

#define STACK_WANTED (128u << 10)

struct errand {
    void (*function)(void *);
    void *argument;
    _Atomic uint32_t done;
};

static void errand_run(void *pointer)
{
    struct errand *errand = pointer;
    errand->function(errand->argument);
    atomic_store(&errand->done, 1);
    futex_wake(&errand->done, 1);
}

void resolver_with_stack(void (*function)(void *), void *argument)
{
    struct errand errand = {function, argument, 0};
    char *here = __builtin_frame_address(0);
    char *limit = thread_teb(thread_current())->DeallocationStack;
    if ((here > limit && (size_t)(here - limit) > STACK_WANTED) || service_start(errand_run, &errand)) {
        function(argument);
        return;
    }
    while (!atomic_load(&errand.done))
        futex_sleep(&errand.done, 0, NULL);
}

static enum resolver_error error_from_host(int error)
{
    switch (error) {
    case 0:
        return RESOLVER_OK;
    case EAI_NONAME:
        return RESOLVER_NO_NAME;
    case EAI_NODATA:
    case EAI_ADDRFAMILY:
        return RESOLVER_NO_DATA;
    case EAI_AGAIN:
        return RESOLVER_AGAIN;
    case EAI_FAMILY:
        return RESOLVER_FAMILY;
    case EAI_SERVICE:
        return RESOLVER_SERVICE;
    case EAI_SOCKTYPE:
        return RESOLVER_SOCKTYPE;
    case EAI_MEMORY:
        return RESOLVER_MEMORY;
    case EAI_BADFLAGS:
        return RESOLVER_FLAGS;
    case EAI_OVERFLOW:
        return RESOLVER_OVERFLOW;
    default:
        return RESOLVER_FAIL;
    }
}

void resolver_free(struct resolver_address *list)
{
    while (list) {
        struct resolver_address *next = list->next;
        free(list->canonical);
        free(list);
        list = next;
    }
}

static struct resolver_address *answer_from_host(const struct addrinfo *info)
{
    struct resolver_address *answer = calloc(1, sizeof *answer);
    struct host_address host = {.length = info->ai_addrlen};
    if (!answer)
        return NULL;
    answer->family = family_from_host(info->ai_family);
    answer->type = info->ai_socktype;
    answer->protocol = info->ai_protocol;
    answer->length = sizeof answer->address;
    memcpy(host.bytes, info->ai_addr, info->ai_addrlen);
    address_from_host(&host, answer->address, &answer->length);
    if (info->ai_canonname)
        answer->canonical = strdup(info->ai_canonname);
    return answer;
}

struct lookup {
    const char *name, *service;
    struct addrinfo hints, *result;
    int error;
};

static void lookup_run(void *pointer)
{
    struct lookup *lookup = pointer;
    lookup->error = getaddrinfo(lookup->name, lookup->service, &lookup->hints, &lookup->result);
}

enum resolver_error resolver_lookup(const struct resolver_query *query, struct resolver_address **result)
{
    struct lookup lookup = {.name = query->name, .service = query->service};
    struct resolver_address **tail = result;
    *result = NULL;
    lookup.hints = (struct addrinfo){
        .ai_family = query->family ? family_to_host(query->family) : AF_UNSPEC,
        .ai_socktype = query->type,
        .ai_protocol = query->protocol,
        .ai_flags = (query->passive ? AI_PASSIVE : 0) | (query->numeric_host ? AI_NUMERICHOST : 0) |
                    (query->numeric_service ? AI_NUMERICSERV : 0) | (query->canonical ? AI_CANONNAME : 0) |
                    (query->configured ? AI_ADDRCONFIG : 0) | (query->mapped ? AI_V4MAPPED : 0) |
                    (query->all ? AI_ALL : 0),
    };
    resolver_with_stack(lookup_run, &lookup);
    if (lookup.error)
        return error_from_host(lookup.error);
    for (const struct addrinfo *at = lookup.result; at; at = at->ai_next) {
        if (at->ai_family != AF_INET && at->ai_family != AF_INET6)
            continue;
        *tail = answer_from_host(at);
        if (!*tail)
            break;
        tail = &(*tail)->next;
    }
    freeaddrinfo(lookup.result);
    return *result ? RESOLVER_OK : RESOLVER_NO_DATA;
}

struct naming {
    struct host_address host;
    const struct resolver_reverse *reverse;
    int error;
};

static void naming_run(void *pointer)
{
    struct naming *naming = pointer;
    const struct resolver_reverse *reverse = naming->reverse;
    int flags = (reverse->numeric_host ? NI_NUMERICHOST : 0) | (reverse->numeric_service ? NI_NUMERICSERV : 0) |
                (reverse->name_required ? NI_NAMEREQD : 0) | (reverse->no_domain ? NI_NOFQDN : 0) |
                (reverse->datagram ? NI_DGRAM : 0);
    naming->error = getnameinfo(&naming->host.any, naming->host.length, reverse->host, (socklen_t)reverse->host_size,
                                reverse->service, (socklen_t)reverse->service_size, flags);
}

enum resolver_error resolver_name(const struct resolver_reverse *reverse)
{
    struct naming naming = {.reverse = reverse};
    if (address_to_host(reverse->address, reverse->length, &naming.host))
        return RESOLVER_FAMILY;
    resolver_with_stack(naming_run, &naming);
    return error_from_host(naming.error);
}

void resolver_host_name(char *name, size_t size)
{
    if (gethostname(name, size))
        *name = 0;
    name[size - 1] = 0;
    char *dot = strchr(name, '.');
    if (dot)
        *dot = 0;
}

void resolver_domain_name(char *name, size_t size)
{
    char full[256];
    *name = 0;
    if (gethostname(full, sizeof full))
        return;
    full[sizeof full - 1] = 0;
    const char *dot = strchr(full, '.');
    if (dot && strlen(dot) < size)
        strcpy(name, dot + 1);
}

static void entry_fill(struct resolver_entry *entry, const char *name, char *const *aliases, const char *protocol,
                       int number)
{
    size_t used = 0;
    memset(entry, 0, sizeof *entry);
    strncpy(entry->name, name, sizeof entry->name - 1);
    strncpy(entry->protocol, protocol, sizeof entry->protocol - 1);
    for (; *aliases && used + strlen(*aliases) + 2 < sizeof entry->aliases; aliases++) {
        strcpy(entry->aliases + used, *aliases);
        used += strlen(*aliases) + 1;
    }
    entry->number = number;
}

bool resolver_service(const char *name, int port, const char *protocol, struct resolver_entry *entry)
{
    struct servent space, *found = NULL;
    char buffer[1024];
    if (name)
        getservbyname_r(name, protocol, &space, buffer, sizeof buffer, &found);
    else
        getservbyport_r(htons((uint16_t)port), protocol, &space, buffer, sizeof buffer, &found);
    if (found)
        entry_fill(entry, found->s_name, found->s_aliases, found->s_proto, ntohs((uint16_t)found->s_port));
    return found != NULL;
}

bool resolver_protocol(const char *name, int number, struct resolver_entry *entry)
{
    struct protoent space, *found = NULL;
    char buffer[1024];
    if (name)
        getprotobyname_r(name, &space, buffer, sizeof buffer, &found);
    else
        getprotobynumber_r(number, &space, buffer, sizeof buffer, &found);
    if (found)
        entry_fill(entry, found->p_name, found->p_aliases, "", found->p_proto);
    return found != NULL;
}

struct dns {
    const char *name;
    int type, size, result;
    uint8_t *answer;
};

static void dns_run(void *pointer)
{
    struct dns *dns = pointer;
    dns->result = res_query(dns->name, ns_c_in, dns->type, dns->answer, dns->size);
    if (dns->result < 0)
        dns->result = h_errno == HOST_NOT_FOUND ? -1 : h_errno == TRY_AGAIN ? -2 : h_errno == NO_DATA ? -4 : -3;
}

int resolver_dns(const char *name, int type, uint8_t *answer, int size)
{
    struct dns dns = {name, type, size, 0, answer};
    resolver_with_stack(dns_run, &dns);
    return dns.result;
}

int resolver_expand(const uint8_t *message, const uint8_t *end, const uint8_t *at, char *name, int size)
{
    return dn_expand(message, end, at, name, size);
}

int resolver_servers(char (*servers)[48], int count)
{
    char line[256];
    int found = 0;
    FILE *file = fopen("/etc/resolv.conf", "re");
    if (!file)
        return 0;
    while (found < count && fgets(line, sizeof line, file))
        found += sscanf(line, " nameserver %47s", servers[found]) == 1;
    fclose(file);
    return found;
}
