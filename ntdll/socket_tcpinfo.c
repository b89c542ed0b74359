/*
 * socket_tcpinfo.c: what the host knows of a TCP connection, as SIO_TCP_INFO tells it.
 */
#include <errno.h>
#include <linux/tcp.h>
#include <time.h>

#include "socket_private.h"

/* The host's TCP states 1 to 12 as TCPSTATE. */
static const ULONG states[] = {0, 4, 2, 3, 5, 6, 10, 0, 7, 9, 1, 8, 3};

NTSTATUS socket_tcp_info(HANDLE handle, struct socket_tcp_info *result)
{
    struct file *file;
    struct tcp_info info = {0};
    socklen_t size = sizeof info;
    struct timespec now;
    NTSTATUS status = socket_lookup(handle, &file);
    if (status)
        return status;
    if (file->socket->type != WS_SOCK_STREAM || file->socket->family == WS_AF_UNIX)
        status = STATUS_NOT_SUPPORTED;
    else if (getsockopt(file->fd, IPPROTO_TCP, TCP_INFO, &info, &size))
        status = socket_status(errno);
    clock_gettime(CLOCK_MONOTONIC, &now);
    *result = (struct socket_tcp_info){
        .state = info.tcpi_state < sizeof states / sizeof *states ? states[info.tcpi_state] : 0,
        .mss = info.tcpi_snd_mss,
        .connected_ms = file->socket->connected_at ? (uint64_t)(now.tv_sec - file->socket->connected_at) * 1000 : 0,
        .timestamps = info.tcpi_options & TCPI_OPT_TIMESTAMPS,
        .rtt_us = info.tcpi_rtt,
        .min_rtt_us = info.tcpi_min_rtt,
        .in_flight = info.tcpi_unacked * info.tcpi_snd_mss,
        .congestion_window = info.tcpi_snd_cwnd * info.tcpi_snd_mss,
        .receive_window = info.tcpi_rcv_space,
        .bytes_out = info.tcpi_bytes_sent,
        .bytes_in = info.tcpi_bytes_received,
        .bytes_retransmitted = info.tcpi_bytes_retrans,
        .reordered = info.tcpi_reord_seen,
        .send_window = info.tcpi_snd_wnd,
    };
    object_release(file);
    return status;
}
