/*
 * protocol.c: ws2spi.h: the catalogue of protocols: one provider, its protocols in Windows' order.
 */
#include <string.h>
#include "winsock/ws.h"

#define STREAM_FLAGS                                                                                                   \
    (XP1_GUARANTEED_DELIVERY | XP1_GUARANTEED_ORDER | XP1_GRACEFUL_CLOSE | XP1_EXPEDITED_DATA | XP1_IFS_HANDLES)
#define DATAGRAM_FLAGS                                                                                                 \
    (XP1_CONNECTIONLESS | XP1_MESSAGE_ORIENTED | XP1_SUPPORT_BROADCAST | XP1_SUPPORT_MULTIPOINT | XP1_IFS_HANDLES)
#define PROVIDER_IPV4                                                                                                  \
    {                                                                                                                  \
        0xe70f1aa0, 0xab8b, 0x11cf,                                                                                    \
        {                                                                                                              \
            0x8c, 0xa3, 0x00, 0x80, 0x5f, 0x48, 0xa1, 0x92                                                             \
        }                                                                                                              \
    }
#define PROVIDER_IPV6                                                                                                  \
    {                                                                                                                  \
        0xf9eab0c0, 0x26d4, 0x11d0,                                                                                    \
        {                                                                                                              \
            0xbb, 0xbf, 0x00, 0xaa, 0x00, 0x6c, 0x34, 0xe4                                                             \
        }                                                                                                              \
    }
#define PROVIDER_UNIX                                                                                                  \
    {                                                                                                                  \
        0xa00943d9, 0x9c2e, 0x4633,                                                                                    \
        {                                                                                                              \
            0x9b, 0x59, 0x00, 0x57, 0xa3, 0x16, 0x09, 0x94                                                             \
        }                                                                                                              \
    }
#define UDP_MESSAGE_MAX 65507
#define RAW_MESSAGE_MAX 32768
#define RAW_PROTOCOLS 255

#define ENTRY(id, flags1, provider_flags, provider, family, address, type, protocol, offset, message, name)            \
    {                                                                                                                  \
        .dwServiceFlags1 = flags1, .dwProviderFlags = provider_flags, .ProviderId = provider, .dwCatalogEntryId = id,  \
        .ProtocolChain = {BASE_PROTOCOL}, .iVersion = 2, .iAddressFamily = family, .iMaxSockAddr = sizeof(address),    \
        .iMinSockAddr = family == AF_UNIX ? 2 : sizeof(address), .iSocketType = type, .iProtocol = protocol,           \
        .iProtocolMaxOffset = offset, .dwMessageSize = message, .szProtocol = name,                                    \
    }

static const WSAPROTOCOL_INFOW catalogue[] = {
    ENTRY(1001, STREAM_FLAGS, PFL_MATCHES_PROTOCOL_ZERO, PROVIDER_IPV4, AF_INET, SOCKADDR_IN, SOCK_STREAM, IPPROTO_TCP,
          0, 0, L"MSAFD Tcpip [TCP/IP]"),
    ENTRY(1002, DATAGRAM_FLAGS, PFL_MATCHES_PROTOCOL_ZERO, PROVIDER_IPV4, AF_INET, SOCKADDR_IN, SOCK_DGRAM, IPPROTO_UDP,
          0, UDP_MESSAGE_MAX, L"MSAFD Tcpip [UDP/IP]"),
    ENTRY(1003, DATAGRAM_FLAGS, PFL_MATCHES_PROTOCOL_ZERO | PFL_HIDDEN, PROVIDER_IPV4, AF_INET, SOCKADDR_IN, SOCK_RAW,
          0, RAW_PROTOCOLS, RAW_MESSAGE_MAX, L"MSAFD Tcpip [RAW/IP]"),
    ENTRY(1004, STREAM_FLAGS, PFL_MATCHES_PROTOCOL_ZERO, PROVIDER_IPV6, AF_INET6, SOCKADDR_IN6, SOCK_STREAM,
          IPPROTO_TCP, 0, 0, L"MSAFD Tcpip [TCP/IPv6]"),
    ENTRY(1005, DATAGRAM_FLAGS, PFL_MATCHES_PROTOCOL_ZERO, PROVIDER_IPV6, AF_INET6, SOCKADDR_IN6, SOCK_DGRAM,
          IPPROTO_UDP, 0, UDP_MESSAGE_MAX, L"MSAFD Tcpip [UDP/IPv6]"),
    ENTRY(1006, DATAGRAM_FLAGS, PFL_MATCHES_PROTOCOL_ZERO | PFL_HIDDEN, PROVIDER_IPV6, AF_INET6, SOCKADDR_IN6, SOCK_RAW,
          0, RAW_PROTOCOLS, RAW_MESSAGE_MAX, L"MSAFD Tcpip [RAW/IPv6]"),
    ENTRY(1007, XP1_GUARANTEED_DELIVERY | XP1_GUARANTEED_ORDER | XP1_GRACEFUL_CLOSE | XP1_IFS_HANDLES,
          PFL_MATCHES_PROTOCOL_ZERO, PROVIDER_UNIX, AF_UNIX, SOCKADDR_UN, SOCK_STREAM, 0, 0, 0, L"AF_UNIX"),
};

#define ENTRIES (sizeof catalogue / sizeof *catalogue)

const WSAPROTOCOL_INFOW *protocol_find(int family, int type, int protocol)
{
    for (size_t i = 0; i < ENTRIES; i++)
        if (catalogue[i].iAddressFamily == family && catalogue[i].iSocketType == type &&
            (type == SOCK_RAW || !protocol || catalogue[i].iProtocol == protocol))
            return &catalogue[i];
    return NULL;
}

void protocol_to_ansi(const WSAPROTOCOL_INFOW *wide, WSAPROTOCOL_INFOA *ansi)
{
    memcpy(ansi, wide, offsetof(WSAPROTOCOL_INFOA, szProtocol));
    memset(ansi->szProtocol, 0, sizeof ansi->szProtocol);
    for (size_t i = 0; i < sizeof ansi->szProtocol - 1 && wide->szProtocol[i]; i++)
        ansi->szProtocol[i] = (char)wide->szProtocol[i];
}

/* wanted: 0-terminated protocol numbers, or NULL for all. */
static bool is_wanted(const int *wanted, int protocol)
{
    if (!wanted)
        return true;
    for (; *wanted; wanted++)
        if (*wanted == protocol)
            return true;
    return false;
}

/* hidden: raw protocols too. */
static int enumerate(const int *wanted, void *buffer, DWORD *length, bool wide, bool hidden, int *error)
{
    const DWORD size = wide ? sizeof(WSAPROTOCOL_INFOW) : sizeof(WSAPROTOCOL_INFOA);
    char *out = buffer;
    int count = 0;
    *error = 0;
    for (size_t i = 0; i < ENTRIES; i++)
        if (is_wanted(wanted, catalogue[i].iProtocol) && (hidden || !(catalogue[i].dwProviderFlags & PFL_HIDDEN)))
            count++;
    if (!buffer || *length < (DWORD)count * size) {
        *length = (DWORD)count * size;
        *error = WSAENOBUFS;
        return SOCKET_ERROR;
    }
    *length = (DWORD)count * size;
    for (size_t i = 0; i < ENTRIES; i++) {
        if (!is_wanted(wanted, catalogue[i].iProtocol) || (!hidden && catalogue[i].dwProviderFlags & PFL_HIDDEN))
            continue;
        if (wide)
            memcpy(out, &catalogue[i], size);
        else
            protocol_to_ansi(&catalogue[i], (WSAPROTOCOL_INFOA *)out);
        out += size;
    }
    return count;
}

static int enumerate_or_fail(const int *wanted, void *buffer, LPDWORD length, bool wide)
{
    int error;
    if (!wsa_started())
        return SOCKET_ERROR;
    if (!length)
        return wsa_fail(WSAEFAULT);
    int count = enumerate(wanted, buffer, length, wide, false, &error);
    return error ? wsa_fail(error) : count;
}

int WINAPI WSAEnumProtocolsW(LPINT wanted, LPWSAPROTOCOL_INFOW buffer, LPDWORD length)
{
    return enumerate_or_fail(wanted, buffer, length, true);
}

int WINAPI WSAEnumProtocolsA(LPINT wanted, LPWSAPROTOCOL_INFOA buffer, LPDWORD length)
{
    return enumerate_or_fail(wanted, buffer, length, false);
}

/* The provider's view: works without WSAStartup and tells its error by pointer. */
int WINAPI WSCEnumProtocols(LPINT wanted, LPWSAPROTOCOL_INFOW buffer, LPDWORD length, LPINT error)
{
    int unused;
    if (!length) {
        *(error ? error : &unused) = WSAEFAULT;
        return SOCKET_ERROR;
    }
    return enumerate(wanted, buffer, length, true, true, error ? error : &unused);
}

int WINAPI WSCGetProviderPath(LPGUID provider, WCHAR *path, LPINT length, LPINT error)
{
    static const WCHAR dll[] = L"%SystemRoot%\\system32\\mswsock.dll";
    const int needed = sizeof dll / sizeof *dll;
    *error = WSAEINVAL;
    for (size_t i = 0; i < ENTRIES; i++)
        if (provider && !memcmp(provider, &catalogue[i].ProviderId, sizeof *provider))
            *error = 0;
    if (!*error && (!path || !length || *length < needed)) {
        if (length)
            *length = needed;
        *error = WSAEFAULT;
    }
    if (*error)
        return SOCKET_ERROR;
    memcpy(path, dll, sizeof dll);
    *length = needed;
    return 0;
}

/* Providers never change: who waits for that waits for ever, and who asks for the handle gets an event nobody sets. */
int WINAPI WSAProviderConfigChange(LPHANDLE handle, LPWSAOVERLAPPED overlapped,
                                   LPWSAOVERLAPPED_COMPLETION_ROUTINE routine)
{
    (void)routine;
    if (!wsa_started())
        return SOCKET_ERROR;
    if (!handle)
        return wsa_fail(WSAEFAULT);
    if (!*handle && !(*handle = CreateEventW(NULL, TRUE, FALSE, NULL)))
        return wsa_fail(WSA_NOT_ENOUGH_MEMORY);
    if (overlapped) {
        overlapped->Internal = (ULONG_PTR)STATUS_PENDING;
        return wsa_fail(WSA_IO_PENDING);
    }
    return 0;
}
