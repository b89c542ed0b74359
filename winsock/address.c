/*
 * address.c: addresses as text: inet_*, InetPton and InetNtop, WSAAddressToString and WSAStringToAddress.
 *
 * On top of ntdll's RtlIpv4* and RtlIpv6* functions.
 */
#include <string.h>
#include "winsock/ws.h"

#define ADDRESS_TEXT_MAX 66 /* [ipv6%scope]:port */

unsigned __LONG32 WINAPI inet_addr(const char *text)
{
    char *end;
    IN_ADDR address;
    if (!text) {
        SetLastError(WSAEFAULT);
        return INADDR_NONE;
    }
    if (!strcmp(text, " ")) /* documented: one space is 0 */
        return 0;
    if (RtlIpv4StringToAddressA(text, FALSE, &end, &address) || (*end && *end != ' '))
        return INADDR_NONE;
    return address.S_un.S_addr;
}

/* One buffer a thread. */
char *WINAPI inet_ntoa(struct in_addr address)
{
    static _Thread_local char text[16];
    RtlIpv4AddressToStringA(&address, text);
    return text;
}

INT WINAPI inet_pton(INT family, PCSTR text, PVOID address)
{
    char *end;
    NTSTATUS status;
    if (!text || !address)
        return wsa_fail(WSAEFAULT);
    if (family == AF_INET)
        status = RtlIpv4StringToAddressA(text, TRUE, &end, address);
    else if (family == AF_INET6)
        status = RtlIpv6StringToAddressA(text, &end, address);
    else
        return wsa_fail(WSAEAFNOSUPPORT);
    return !status && !*end;
}

INT WINAPI InetPtonW(INT family, PCWSTR text, PVOID address)
{
    WCHAR *end;
    NTSTATUS status;
    if (!text || !address)
        return wsa_fail(WSAEFAULT);
    if (family == AF_INET)
        status = RtlIpv4StringToAddressW(text, TRUE, &end, address);
    else if (family == AF_INET6)
        status = RtlIpv6StringToAddressW(text, &end, address);
    else
        return wsa_fail(WSAEAFNOSUPPORT);
    return !status && !*end;
}

static bool to_text(INT family, const void *address, char *text)
{
    if (family == AF_INET)
        RtlIpv4AddressToStringA(address, text);
    else if (family == AF_INET6)
        RtlIpv6AddressToStringA(address, text);
    else
        wsa_fail(WSAEAFNOSUPPORT);
    return family == AF_INET || family == AF_INET6;
}

PCSTR WINAPI inet_ntop(INT family, const VOID *address, PSTR text, size_t size)
{
    char full[ADDRESS_TEXT_MAX];
    if (!address || !text) {
        wsa_fail(ERROR_INVALID_PARAMETER);
        return NULL;
    }
    if (!to_text(family, address, full))
        return NULL;
    if (strlen(full) >= size) {
        wsa_fail(ERROR_INVALID_PARAMETER);
        return NULL;
    }
    return strcpy(text, full);
}

PCWSTR WINAPI InetNtopW(INT family, const VOID *address, PWSTR text, size_t size)
{
    char full[ADDRESS_TEXT_MAX];
    if (!inet_ntop(family, address, full, sizeof full))
        return NULL;
    size_t length = strlen(full);
    if (!text || length >= size) {
        wsa_fail(ERROR_INVALID_PARAMETER);
        return NULL;
    }
    for (size_t i = 0; i <= length; i++)
        text[i] = (WCHAR)full[i];
    return text;
}

/* The text of a whole socket address; its length with the zero, or a Winsock error as a negative number. */
static int address_text(const SOCKADDR *address, DWORD size, char *text)
{
    ULONG room = ADDRESS_TEXT_MAX;
    const SOCKADDR_IN *in = (const SOCKADDR_IN *)address;
    const SOCKADDR_IN6 *in6 = (const SOCKADDR_IN6 *)address;
    if (!address || size < sizeof address->sa_family)
        return -WSAEFAULT;
    if (address->sa_family == AF_INET && size >= sizeof *in)
        RtlIpv4AddressToStringExA(&in->sin_addr, in->sin_port, text, &room);
    else if (address->sa_family == AF_INET6 && size >= sizeof *in6)
        RtlIpv6AddressToStringExA(&in6->sin6_addr, in6->sin6_scope_id, in6->sin6_port, text, &room);
    else
        return address->sa_family == AF_INET || address->sa_family == AF_INET6 ? -WSAEFAULT : -WSAEINVAL;
    return (int)room;
}

INT WINAPI WSAAddressToStringA(LPSOCKADDR address, DWORD size, LPWSAPROTOCOL_INFOA protocol, LPSTR text, LPDWORD length)
{
    char full[ADDRESS_TEXT_MAX];
    (void)protocol;
    if (!wsa_started())
        return SOCKET_ERROR;
    int used = address_text(address, size, full);
    if (used < 0 || !length)
        return wsa_fail(used < 0 ? -used : WSAEFAULT);
    bool fits = text && *length >= (DWORD)used;
    *length = (DWORD)used;
    if (!fits)
        return wsa_fail(WSAEFAULT);
    memcpy(text, full, (size_t)used);
    return 0;
}

INT WINAPI WSAAddressToStringW(LPSOCKADDR address, DWORD size, LPWSAPROTOCOL_INFOW protocol, LPWSTR text,
                               LPDWORD length)
{
    char full[ADDRESS_TEXT_MAX];
    (void)protocol;
    if (!wsa_started())
        return SOCKET_ERROR;
    int used = address_text(address, size, full);
    if (used < 0 || !length)
        return wsa_fail(used < 0 ? -used : WSAEFAULT);
    bool fits = text && *length >= (DWORD)used;
    *length = (DWORD)used;
    if (!fits)
        return wsa_fail(WSAEFAULT);
    for (int i = 0; i < used; i++)
        text[i] = (WCHAR)full[i];
    return 0;
}

/* An address with an optional port. */
static int parse_address(PCSTR text, INT family, SOCKADDR *address, LPINT length)
{
    SOCKADDR_IN *in = (SOCKADDR_IN *)address;
    SOCKADDR_IN6 *in6 = (SOCKADDR_IN6 *)address;
    int size = family == AF_INET6 ? sizeof *in6 : sizeof *in;
    USHORT port = 0;
    if (family != AF_INET && family != AF_INET6)
        return WSAEINVAL;
    if (!text || !address || *length < size) {
        *length = size;
        return WSAEFAULT;
    }
    memset(address, 0, (size_t)size);
    *length = size;
    address->sa_family = (USHORT)family;
    if (family == AF_INET) {
        if (RtlIpv4StringToAddressExA(text, FALSE, &in->sin_addr, &port))
            return WSAEINVAL;
        in->sin_port = port;
        return 0;
    }
    ULONG scope = 0;
    if (RtlIpv6StringToAddressExA(text, &in6->sin6_addr, &scope, &port))
        return WSAEINVAL;
    in6->sin6_scope_id = scope;
    in6->sin6_port = port;
    return 0;
}

INT WINAPI WSAStringToAddressA(LPSTR text, INT family, LPWSAPROTOCOL_INFOA protocol, LPSOCKADDR address, LPINT length)
{
    (void)protocol;
    if (!wsa_started())
        return SOCKET_ERROR;
    if (!length)
        return wsa_fail(WSAEFAULT);
    int error = parse_address(text, family, address, length);
    return error ? wsa_fail(error) : 0;
}

INT WINAPI WSAStringToAddressW(LPWSTR text, INT family, LPWSAPROTOCOL_INFOW protocol, LPSOCKADDR address, LPINT length)
{
    char narrow[ADDRESS_TEXT_MAX] = {0};
    (void)protocol;
    if (!wsa_started())
        return SOCKET_ERROR;
    if (!length || !text)
        return wsa_fail(length ? WSAEINVAL : WSAEFAULT);
    for (size_t i = 0; text[i]; i++) {
        if (i == sizeof narrow - 1 || text[i] > 0x7f)
            return wsa_fail(WSAEINVAL);
        narrow[i] = (char)text[i];
    }
    int error = parse_address(narrow, family, address, length);
    return error ? wsa_fail(error) : 0;
}

/* Byte order by socket: every family here has the network's. */
static int swap_long(SOCKET s, ULONG value, ULONG *result)
{
    WSAPROTOCOL_INFOW info;
    int size = sizeof info;
    if (getsockopt(s, SOL_SOCKET, SO_PROTOCOL_INFOW, (char *)&info, &size))
        return SOCKET_ERROR;
    if (!result)
        return wsa_fail(WSAEFAULT);
    *result = __builtin_bswap32(value);
    return 0;
}

static int swap_short(SOCKET s, USHORT value, USHORT *result)
{
    ULONG wide;
    if (!result)
        return wsa_fail(WSAEFAULT);
    if (swap_long(s, value, &wide))
        return SOCKET_ERROR;
    *result = __builtin_bswap16(value);
    return 0;
}

int WINAPI WSAHtonl(SOCKET s, ULONG value, ULONG *result)
{
    return swap_long(s, value, result);
}

int WINAPI WSANtohl(SOCKET s, ULONG value, ULONG *result)
{
    return swap_long(s, value, result);
}

int WINAPI WSAHtons(SOCKET s, USHORT value, USHORT *result)
{
    return swap_short(s, value, result);
}

int WINAPI WSANtohs(SOCKET s, USHORT value, USHORT *result)
{
    return swap_short(s, value, result);
}
