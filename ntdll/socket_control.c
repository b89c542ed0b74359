/*
 * socket_control.c: control messages: packet information, hop limits, traffic classes, sizes of segments.
 *
 * A WSACMSGHDR is laid out and aligned like the host's cmsghdr on a 64-bit machine; numbers differ, and IPv4's
 * packet information.
 */
#include <netinet/in.h>
#include <netinet/udp.h>
#include <string.h>

#include "socket_control.h"
#include "wsvalues.h"

struct ws_pktinfo { /* IN_PKTINFO */
    struct in_addr address;
    ULONG index;
};

static const struct kind {
    int level, type, host_level, host_type;
} kinds[] = {
    {WS_IPPROTO_IP, WS_IP_PKTINFO, IPPROTO_IP, IP_PKTINFO},
    {WS_IPPROTO_IP, WS_IP_HOPLIMIT, IPPROTO_IP, IP_TTL},
    {WS_IPPROTO_IP, WS_IP_TOS, IPPROTO_IP, IP_TOS},
    {WS_IPPROTO_IP, WS_IP_ECN, IPPROTO_IP, IP_TOS},
    {WS_IPPROTO_IPV6, WS_IPV6_PKTINFO, IPPROTO_IPV6, IPV6_PKTINFO},
    {WS_IPPROTO_IPV6, WS_IPV6_HOPLIMIT, IPPROTO_IPV6, IPV6_HOPLIMIT},
    {WS_IPPROTO_IPV6, WS_IPV6_TCLASS, IPPROTO_IPV6, IPV6_TCLASS},
    {WS_IPPROTO_IPV6, WS_IPV6_ECN, IPPROTO_IPV6, IPV6_TCLASS},
    {WS_IPPROTO_UDP, WS_UDP_SEND_MSG_SIZE, IPPROTO_UDP, UDP_SEGMENT},
    {WS_IPPROTO_UDP, WS_UDP_COALESCED_INFO, IPPROTO_UDP, UDP_GRO},
};

#define KINDS (sizeof kinds / sizeof *kinds)

static size_t data_to_host(const struct kind *kind, const void *data, size_t size, void *host)
{
    const struct ws_pktinfo *in = data;
    int value = 0;
    if (kind->host_level == IPPROTO_IP && kind->host_type == IP_PKTINFO) {
        if (size < sizeof *in)
            return 0;
        *(struct in_pktinfo *)host = (struct in_pktinfo){.ipi_ifindex = (int)in->index, .ipi_spec_dst = in->address};
        return sizeof(struct in_pktinfo);
    }
    if (kind->host_type == IPV6_PKTINFO && kind->host_level == IPPROTO_IPV6) {
        memcpy(host, data, size < sizeof(struct in6_pktinfo) ? size : sizeof(struct in6_pktinfo));
        return sizeof(struct in6_pktinfo);
    }
    memcpy(&value, data, size < sizeof value ? size : sizeof value);
    if (kind->host_level == IPPROTO_UDP && kind->host_type == UDP_SEGMENT) {
        *(uint16_t *)host = (uint16_t)value;
        return sizeof(uint16_t);
    }
    memcpy(host, &value, sizeof value);
    return sizeof value;
}

size_t control_to_host(const char *control, ULONG length, char *host)
{
    size_t used = 0;
    for (size_t at = 0; at + sizeof(struct cmsghdr) <= length;) {
        struct cmsghdr in, *out = (struct cmsghdr *)(host + used);
        memcpy(&in, control + at, sizeof in);
        if (in.cmsg_len < sizeof in || in.cmsg_len > length - at)
            break;
        for (size_t i = 0; i < KINDS; i++) {
            if (kinds[i].level != in.cmsg_level || kinds[i].type != in.cmsg_type ||
                used + CMSG_SPACE(sizeof(struct in6_pktinfo)) > SOCKET_CONTROL_MAX)
                continue;
            size_t size = data_to_host(&kinds[i], control + at + sizeof in, in.cmsg_len - sizeof in, CMSG_DATA(out));
            if (size) {
                out->cmsg_level = kinds[i].host_level;
                out->cmsg_type = kinds[i].host_type;
                out->cmsg_len = CMSG_LEN(size);
                used += CMSG_SPACE(size);
            }
            break;
        }
        at += CMSG_ALIGN(in.cmsg_len);
    }
    return used;
}

static size_t data_from_host(const struct cmsghdr *in, void *out)
{
    size_t size = in->cmsg_len - CMSG_LEN(0);
    if (in->cmsg_level == IPPROTO_IP && in->cmsg_type == IP_PKTINFO) {
        const struct in_pktinfo *info = (const struct in_pktinfo *)CMSG_DATA(in);
        *(struct ws_pktinfo *)out = (struct ws_pktinfo){info->ipi_addr, (ULONG)info->ipi_ifindex};
        return sizeof(struct ws_pktinfo);
    }
    if (in->cmsg_level == IPPROTO_IP && in->cmsg_type == IP_TOS && size == 1) {
        *(int *)out = *CMSG_DATA(in);
        return sizeof(int);
    }
    size = size > sizeof(struct in6_pktinfo) ? sizeof(struct in6_pktinfo) : size;
    memcpy(out, CMSG_DATA(in), size);
    return size;
}

static bool is_traffic_class(const struct kind *kind)
{
    return (kind->host_level == IPPROTO_IP && kind->host_type == IP_TOS) ||
           (kind->host_level == IPPROTO_IPV6 && kind->host_type == IPV6_TCLASS);
}

static bool is_ecn(const struct kind *kind)
{
    return (kind->level == WS_IPPROTO_IP && kind->type == WS_IP_ECN) ||
           (kind->level == WS_IPPROTO_IPV6 && kind->type == WS_IPV6_ECN);
}

/* Whether the program is told the host's message as this kind. */
static bool kind_fits(const struct kind *kind, const struct cmsghdr *in, unsigned wants)
{
    if (kind->host_level != in->cmsg_level || kind->host_type != in->cmsg_type)
        return false;
    return !is_traffic_class(kind) || wants & (is_ecn(kind) ? SOCKET_WANTS_ECN : SOCKET_WANTS_TOS);
}

/* Where the next message goes. */
struct answer {
    char *control;
    size_t room, used, end;
};

static bool answer_add(struct answer *answer, const struct kind *kind, const struct cmsghdr *in)
{
    _Alignas(8) char data[sizeof(struct in6_pktinfo)];
    size_t size = data_from_host(in, data);
    if (is_ecn(kind))
        *(int *)data &= 3; /* the field's two bits */
    if (answer->used + CMSG_LEN(size) > answer->room)
        return false;
    struct cmsghdr out = {.cmsg_len = CMSG_LEN(size), .cmsg_level = kind->level, .cmsg_type = kind->type};
    memcpy(answer->control + answer->used, &out, sizeof out);
    memcpy(answer->control + answer->used + sizeof out, data, size);
    answer->end = answer->used + CMSG_LEN(size);
    answer->used += CMSG_SPACE(size);
    return true;
}

bool control_from_host(const struct msghdr *header, unsigned wants, char *control, ULONG *length)
{
    struct answer answer = {.control = control, .room = *length};
    bool all = !(header->msg_flags & MSG_CTRUNC);
    for (struct cmsghdr *in = CMSG_FIRSTHDR(header); in; in = CMSG_NXTHDR((struct msghdr *)header, in))
        for (const struct kind *kind = kinds; kind < kinds + KINDS; kind++)
            if (kind_fits(kind, in, wants))
                all = answer_add(&answer, kind, in) && all;
    *length = (ULONG)(answer.used < *length ? answer.used : answer.end);
    return all;
}
