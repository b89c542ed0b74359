/*
 * ws.h: Winsock's types and functions for host code: Windows' headers with the names that libc has too out of the
 * way (our socket() is the symbol ws_socket, and so in the exports file), and what the files here share.
 */
#ifndef WINSOCK_WS_H
#define WINSOCK_WS_H

#include "win.h"

#define accept ws_accept
#define bind ws_bind
#define connect ws_connect
#define freeaddrinfo ws_freeaddrinfo
#define getaddrinfo ws_getaddrinfo
#define gethostbyaddr ws_gethostbyaddr
#define gethostbyname ws_gethostbyname
#define gethostname ws_gethostname
#define getnameinfo ws_getnameinfo
#define getpeername ws_getpeername
#define getprotobyname ws_getprotobyname
#define getprotobynumber ws_getprotobynumber
#define getservbyname ws_getservbyname
#define getservbyport ws_getservbyport
#define getsockname ws_getsockname
#define getsockopt ws_getsockopt
#define htonl ws_htonl
#define htons ws_htons
#define inet_addr ws_inet_addr
#define inet_ntoa ws_inet_ntoa
#define inet_ntop ws_inet_ntop
#define inet_pton ws_inet_pton
#define listen ws_listen
#define ntohl ws_ntohl
#define ntohs ws_ntohs
#define recv ws_recv
#define recvfrom ws_recvfrom
#define send ws_send
#define sendto ws_sendto
#define setsockopt ws_setsockopt
#define shutdown ws_shutdown
#define socket ws_socket
#define select ws_select
#define fd_set ws_fd_set
#define timeval ws_timeval
#define in6addr_any ws_in6addr_any
#define in6addr_loopback ws_in6addr_loopback
#define if_indextoname ws_if_indextoname
#define if_nametoindex ws_if_nametoindex

/* The host's timeval has 64-bit members, and win.h keeps Windows' out. */
struct timeval {
    LONG tv_sec, tv_usec;
};

#include <winsock2.h>
#include <ws2tcpip.h>
#include <mswsock.h>
#include <mstcpip.h>
#include <afunix.h>
#include <ws2spi.h>
/* u_long is the host's here, 64 bits: write ULONG.  These hold its size. */
#undef FIONREAD
#undef FIONBIO
#undef SIOCATMARK
#undef SIO_GET_INTERFACE_LIST
#define FIONREAD 0x4004667f
#define FIONBIO 0x8004667e
#define SIOCATMARK 0x40047307
#define SIO_GET_INTERFACE_LIST 0x4004747f

/* Not in these headers. */
NTSTATUS WINAPI RtlIpv6StringToAddressA(PCSTR text, PSTR *end, void *address);
NTSTATUS WINAPI RtlIpv6StringToAddressW(PCWSTR text, PWSTR *end, void *address);
int WINAPI WSARecvMsg(SOCKET s, LPWSAMSG message, LPDWORD received, LPWSAOVERLAPPED overlapped,
                      LPWSAOVERLAPPED_COMPLETION_ROUTINE routine);

/* status.c: the one place where an NTSTATUS becomes a Winsock error. */
int wsa_error(NTSTATUS status);
/* 0, or SOCKET_ERROR with the thread's last error set. */
int wsa_result(NTSTATUS status);
int wsa_fail(int error);
/* Of an operation that has an OVERLAPPED: STATUS_PENDING is WSA_IO_PENDING, a cancel WSA_OPERATION_ABORTED. */
int wsa_overlapped_result(NTSTATUS status);
int wsa_overlapped_error(NTSTATUS status);

/* startup.c: false, with WSANOTINITIALISED as last error, before WSAStartup. */
bool wsa_started(void);

#define SOCKET_HANDLE(s) ((HANDLE)(ULONG_PTR)(s))

struct socket_overlapped;
/* transfer.c: how ntdll is to tell; an OVERLAPPED's status block is its first member. */
struct socket_overlapped wsa_overlapped(LPWSAOVERLAPPED overlapped, LPWSAOVERLAPPED_COMPLETION_ROUTINE routine);

/* netnotify.c: from now on changes of the network are told to whoever waits for them. */
NTSTATUS network_monitor_start(void);

/* mswsock.c: SIO_GET_EXTENSION_FUNCTION_POINTER and SIO_GET_MULTIPLE_EXTENSION_FUNCTION_POINTER; NULL: unknown. */
void *extension_function(const GUID *id);

/* protocol.c: the catalogue's entry for a socket; NULL: there is none. */
const WSAPROTOCOL_INFOW *protocol_find(int family, int type, int protocol);
void protocol_to_ansi(const WSAPROTOCOL_INFOW *wide, WSAPROTOCOL_INFOA *ansi);

#endif
