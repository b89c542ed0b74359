/*
 * socket_control.h: control messages (WSARecvMsg, WSASendMsg) between Windows' and the host's kinds.
 */
#ifndef NTDLL_SOCKET_CONTROL_H
#define NTDLL_SOCKET_CONTROL_H

#include <stddef.h>
#include <sys/socket.h>
#include "win.h"

#define SOCKET_CONTROL_MAX 512

/* Fills `host` (SOCKET_CONTROL_MAX bytes); returns how many.  What the host does not know is left out. */
size_t control_to_host(const char *control, ULONG length, char *host);
/* *length: room, then how much was used.  wants: what has been asked for of the two that the host has in one.  False:
 * not all fitted. */
#define SOCKET_WANTS_TOS 1
#define SOCKET_WANTS_ECN 2
bool control_from_host(const struct msghdr *header, unsigned wants, char *control, ULONG *length);

#endif
