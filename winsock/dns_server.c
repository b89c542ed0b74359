/*
 * dns_server.c: questions to servers that the program names, by UDP and, for what does not fit, TCP.  The host's
 * resolver has nothing to do with it.
 */
#include <string.h>
#include "ntdll/socket.h"
#include "ntdll/sysinfo.h"
#include "winsock/dns.h"

#define PORT 53
#define ROUNDS 3
#define FIRST_WAIT 1000 /* milliseconds, doubled with each round */
#define QUESTION_MAX 300
#define HEADER ((int)sizeof(DNS_HEADER))

enum { ASK_NO_NAME = -1, ASK_TRY_AGAIN = -2, ASK_SERVER_FAILED = -3, ASK_NO_DATA = -4 }; /* as resolver_dns tells */

/* DNS_ADDR_ARRAY of windns.h, which mingw-w64's lacks. */
struct address_array {
    DWORD room, count, tag;
    WORD family, reserved;
    DWORD flags, match, more[2];
    struct {
        BYTE address[32]; /* a SOCKADDR */
        DWORD words[8];
    } addresses[];
};
_Static_assert(offsetof(struct address_array, addresses) == 32, "DNS_ADDR_ARRAY");

void dns_servers_from_ip4(const IP4_ARRAY *array, struct dns_servers *servers)
{
    servers->count = 0;
    for (DWORD i = 0; array && i < array->AddrCount && servers->count < DNS_SERVERS_MAX; i++)
        servers->list[servers->count++].Ipv4 =
            (SOCKADDR_IN){.sin_family = AF_INET, .sin_port = htons(PORT), .sin_addr.s_addr = array->AddrArray[i]};
}

void dns_servers_from_list(const void *list, struct dns_servers *servers)
{
    const struct address_array *array = list;
    servers->count = 0;
    for (DWORD i = 0; array && i < array->count && servers->count < DNS_SERVERS_MAX; i++) {
        SOCKADDR_INET *server = &servers->list[servers->count];
        memcpy(server, array->addresses[i].address, sizeof *server);
        if (server->si_family != AF_INET && server->si_family != AF_INET6)
            continue;
        server->Ipv4.sin_port = htons(PORT); /* IPv6's lies there too */
        servers->count++;
    }
}

static SOCKET open_socket(const SOCKADDR_INET *server, int type, DWORD wait)
{
    HANDLE handle;
    const int length = server->si_family == AF_INET ? sizeof(SOCKADDR_IN) : sizeof(SOCKADDR_IN6);
    if (socket_create(server->si_family, type, 0, false, false, &handle))
        return INVALID_SOCKET;
    SOCKET s = (SOCKET)(ULONG_PTR)handle;
    setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, (char *)&wait, sizeof wait);
    if (!connect(s, (const struct sockaddr *)server, length))
        return s;
    closesocket(s);
    return INVALID_SOCKET;
}

/* Is it the answer to this question? */
static bool is_answer(const uint8_t *question, int length, const uint8_t *answer, int size)
{
    return size >= length && !memcmp(question, answer, 2) && answer[2] & 0x80 && !memcmp(question + 4, answer + 4, 2) &&
           !memcmp(question + HEADER, answer + HEADER, (size_t)(length - HEADER));
}

static int ask_datagram(const SOCKADDR_INET *server, const uint8_t *question, int length, DWORD wait, uint8_t *answer,
                        int size)
{
    SOCKET s = open_socket(server, SOCK_DGRAM, wait);
    int got = -1;
    if (s == INVALID_SOCKET)
        return ASK_TRY_AGAIN;
    if (send(s, (const char *)question, length, 0) == length)
        do
            got = recv(s, (char *)answer, size, 0);
        while (got >= 0 && !is_answer(question, length, answer, got));
    closesocket(s);
    return got < 0 ? ASK_TRY_AGAIN : got;
}

static int ask_stream(const SOCKADDR_INET *server, const uint8_t *question, int length, DWORD wait, uint8_t *answer,
                      int size)
{
    uint8_t whole[QUESTION_MAX + 2] = {(uint8_t)(length >> 8), (uint8_t)length}, head[2];
    SOCKET s = open_socket(server, SOCK_STREAM, wait);
    int got = ASK_TRY_AGAIN;
    if (s == INVALID_SOCKET)
        return ASK_TRY_AGAIN;
    memcpy(whole + 2, question, (size_t)length);
    if (send(s, (const char *)whole, length + 2, 0) == length + 2 && recv(s, (char *)head, 2, MSG_WAITALL) == 2) {
        const int wanted = head[0] << 8 | head[1];
        if (wanted <= size && recv(s, (char *)answer, wanted, MSG_WAITALL) == wanted &&
            is_answer(question, length, answer, wanted))
            got = wanted;
    }
    closesocket(s);
    return got;
}

/* What the message says: its size, or why there is nothing in it. */
static int judge(const uint8_t *answer, int size)
{
    const int code = answer[3] & 15;
    if (code)
        return code == 3 ? ASK_NO_NAME : ASK_SERVER_FAILED;
    return answer[6] | answer[7] ? size : ASK_NO_DATA;
}

int dns_ask(const struct dns_servers *servers, const char *name, WORD type, DWORD options, uint8_t *answer, int size)
{
    _Alignas(DNS_HEADER) uint8_t question[QUESTION_MAX];
    DWORD length = sizeof question, wait = FIRST_WAIT;
    WORD id;
    int result = ASK_TRY_AGAIN;
    if (random_bytes(&id, sizeof id) ||
        !DnsWriteQuestionToBuffer_UTF8((DNS_MESSAGE_BUFFER *)question, &length, (char *)name, type, id,
                                       !(options & DNS_QUERY_NO_RECURSION)))
        return ASK_NO_NAME;
    question[4] = 0, question[5] = 1; /* the counts came in this machine's order */
    for (int round = 0; round < ROUNDS; round++, wait *= 2)
        for (ULONG i = 0; i < servers->count; i++) {
            const SOCKADDR_INET *server = &servers->list[i];
            bool stream = options & DNS_QUERY_USE_TCP_ONLY;
            int got = stream ? ASK_TRY_AGAIN : ask_datagram(server, question, (int)length, wait, answer, size);
            bool cut = got > 0 && answer[2] & 2 && !(options & DNS_QUERY_ACCEPT_TRUNCATED_RESPONSE);
            if (stream || cut)
                got = ask_stream(server, question, (int)length, wait, answer, size);
            if (got <= 0)
                continue;
            result = judge(answer, got);
            if (result != ASK_SERVER_FAILED)
                return result;
        }
    return result;
}
