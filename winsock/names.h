/*
 * names.h: between the files that look up names.
 */
#ifndef WINSOCK_NAMES_H
#define WINSOCK_NAMES_H

#include "ntdll/resolver.h"
#include "winsock/ws.h"

#define NAME_MAX_BYTES 1025 /* NI_MAXHOST */

int resolver_wsa_error(int error);

/* UTF-16 and the resolver's UTF-8; false: does not fit. */
bool name_narrow(PCWSTR wide, char *text, size_t size);
bool name_widen(const char *text, PWSTR wide, size_t count);

/* What getaddrinfo finds; 0 or a Winsock error.  *result is to be freed in any case. */
int names_lookup(const char *name, const char *service, const ADDRINFOA *hints, struct resolver_address **result);

/* netdb.c: by name, or by port if name is NULL.  The host's table, then a short one of our own. */
bool service_find(const char *name, int port, const char *protocol, struct resolver_entry *entry);

#endif
