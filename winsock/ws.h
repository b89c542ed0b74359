/*
 * ws.h: Winsock's types for host code: winsock2.h with the names that the host's headers have too out of the way.
 */
#ifndef WINSOCK_WS_H
#define WINSOCK_WS_H

#include "win.h"

#define select ws_select
#define fd_set ws_fd_set
#define timeval ws_timeval
#include <winsock2.h>
#undef select
#undef fd_set
#undef timeval

#endif
