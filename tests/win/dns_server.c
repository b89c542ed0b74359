/*
 * Are questions put to the servers that the program names: by DnsQuery and DnsQueryEx, with answers of all kinds, and
 * by TCP where the answer does not fit?  The test is the server, at port 53 of 127.0.0.53; it is skipped where that
 * can not be had.
 * link: -ldnsapi -lws2_32
 */
#include <winsock2.h>
#include <ws2tcpip.h>
#include <windns.h>
#include "check.h"

/* Of windns.h, which mingw-w64's lacks. */
struct query_request {
    ULONG version;
    PCWSTR name;
    WORD type;
    ULONG64 options;
    PVOID servers;
    ULONG interface_index;
    PVOID callback;
    PVOID context;
};
struct address_array {
    DWORD room, count, tag;
    WORD family, reserved;
    DWORD flags, match, more[2];
    struct {
        BYTE address[32];
        DWORD words[8];
    } address;
};

static SOCKET udp, tcp;
static volatile LONG asked, asked_by_tcp;

/* The answer depends on the name's first letter: a: an address; n: no such name; f: failure; e: nothing; t: cut. */
static int answer(const BYTE *question, int length, BYTE *out, BOOL by_tcp)
{
    static const BYTE record[] = {0xc0, 12, 0, 1, 0, 1, 0, 0, 1, 0, 0, 4, 10, 20, 30, 40};
    BYTE kind = question[13];
    BOOL found = kind == 'a' || (kind == 't' && by_tcp);
    memcpy(out, question, length);
    out[2] |= 0x80 | (kind == 't' && !by_tcp ? 2 : 0);
    out[3] = 0x80 | (kind == 'n' ? 3 : kind == 'f' ? 2 : 0);
    out[7] = found;
    if (found)
        memcpy(out + length, record, sizeof record);
    return length + (found ? (int)sizeof record : 0);
}

static DWORD WINAPI serve_udp(void *unused)
{
    BYTE in[512], out[600];
    struct sockaddr_in from;
    (void)unused;
    for (;;) {
        int size = sizeof from, n = recvfrom(udp, (char *)in, sizeof in, 0, (struct sockaddr *)&from, &size);
        if (n < 0 && WSAGetLastError() != WSAECONNRESET)
            return 0;
        if (n < 17)
            continue;
        InterlockedIncrement(&asked);
        /* Something else first, which is not the answer. */
        int length = answer(in, n, out, FALSE);
        out[0] ^= 0xff;
        sendto(udp, (char *)out, length, 0, (struct sockaddr *)&from, size);
        out[0] ^= 0xff;
        sendto(udp, (char *)out, length, 0, (struct sockaddr *)&from, size);
    }
}

static DWORD WINAPI serve_tcp(void *unused)
{
    BYTE in[512], out[600];
    SOCKET s;
    (void)unused;
    while ((s = accept(tcp, NULL, NULL)) != INVALID_SOCKET) {
        if (recv(s, (char *)in, 2, MSG_WAITALL) == 2) {
            int length = in[0] << 8 | in[1];
            if (length < 500 && recv(s, (char *)in, length, MSG_WAITALL) == length) {
                InterlockedIncrement(&asked_by_tcp);
                length = answer(in, length, out + 2, TRUE);
                out[0] = (BYTE)(length >> 8), out[1] = (BYTE)length;
                send(s, (char *)out, length + 2, 0);
            }
        }
        closesocket(s);
    }
    return 0;
}

static BOOL begin(DWORD *address)
{
    WSADATA start;
    struct sockaddr_in name = {.sin_family = AF_INET, .sin_port = htons(53)};
    WSAStartup(MAKEWORD(2, 2), &start);
    *address = name.sin_addr.s_addr = inet_addr("127.0.0.53");
    udp = socket(AF_INET, SOCK_DGRAM, 0);
    tcp = socket(AF_INET, SOCK_STREAM, 0);
    if (bind(udp, (struct sockaddr *)&name, sizeof name) || bind(tcp, (struct sockaddr *)&name, sizeof name) ||
        listen(tcp, 5))
        return FALSE;
    CloseHandle(CreateThread(NULL, 0, serve_udp, NULL, 0, NULL));
    CloseHandle(CreateThread(NULL, 0, serve_tcp, NULL, 0, NULL));
    return TRUE;
}

static const struct {
    const char *name;
    DNS_STATUS status;
    int asked, by_tcp;
} cases[] = {
    {"address.winrun.test", 0, 1, 0},
    {"nothere.winrun.test", DNS_ERROR_RCODE_NAME_ERROR, 1, 0},
    {"empty.winrun.test", DNS_INFO_NO_RECORDS, 1, 0},
    {"truncated.winrun.test", 0, 1, 1},
    {"failure.winrun.test", DNS_ERROR_RCODE_SERVER_FAILURE, -1, 0},
};

static void check_record(PDNS_RECORD record)
{
    CHECK(record != NULL);
    if (!record)
        return;
    CHECK_EQ(record->wType, DNS_TYPE_A);
    CHECK_EQ(record->Data.A.IpAddress, 0x281e140a);
    CHECK_EQ(record->dwTtl, 256);
    CHECK(record->pNext == NULL);
}

static void test_query(DWORD address)
{
    IP4_ARRAY servers = {1, {address}};
    for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
        PDNS_RECORD record = NULL;
        asked = asked_by_tcp = 0;
        CHECK_EQ(DnsQuery_A(cases[i].name, DNS_TYPE_A, DNS_QUERY_BYPASS_CACHE, &servers, &record, NULL),
                 cases[i].status);
        if (cases[i].asked > 0)
            CHECK_EQ(asked, cases[i].asked);
        else
            CHECK(asked > 0);
        CHECK_EQ(asked_by_tcp, cases[i].by_tcp);
        if (!cases[i].status)
            check_record(record);
        else
            CHECK(record == NULL);
        DnsRecordListFree(record, DnsFreeRecordList);
    }
    PDNS_RECORD record = NULL;
    asked = asked_by_tcp = 0;
    CHECK_EQ(DnsQuery_W(L"address.winrun.test", DNS_TYPE_A, DNS_QUERY_USE_TCP_ONLY, &servers, &record, NULL), 0);
    CHECK_EQ(asked, 0);
    CHECK_EQ(asked_by_tcp, 1);
    check_record(record);
    DnsRecordListFree(record, DnsFreeRecordList);
}

static DNS_STATUS(WINAPI *query_ex)(struct query_request *, PDNS_QUERY_RESULT, PVOID);
static HANDLE called;

static void WINAPI callback(PVOID context, PDNS_QUERY_RESULT result)
{
    CHECK_EQ((ULONG_PTR)context, 0x77);
    CHECK_EQ(result->QueryStatus, 0);
    check_record(result->pQueryRecords);
    SetEvent(called);
}

static void test_query_ex(DWORD address)
{
    struct address_array servers = {.room = 1, .count = 1, .family = AF_INET};
    struct sockaddr_in *name = (struct sockaddr_in *)servers.address.address;
    struct query_request request = {
        .version = 1, .name = L"address.winrun.test", .type = DNS_TYPE_A, .servers = &servers};
    DNS_QUERY_RESULT result = {.Version = 1};
    ULONG64 cancel[4];
    query_ex = (void *)GetProcAddress(GetModuleHandleA("dnsapi.dll"), "DnsQueryEx");
    name->sin_family = AF_INET;
    name->sin_addr.s_addr = address;
    asked = 0;
    CHECK_EQ(query_ex(&request, &result, NULL), 0);
    CHECK_EQ(asked, 1);
    check_record(result.pQueryRecords);
    DnsRecordListFree(result.pQueryRecords, DnsFreeRecordList);
    called = CreateEventW(NULL, FALSE, FALSE, NULL);
    request.callback = callback;
    request.context = (void *)0x77;
    CHECK_EQ(query_ex(&request, &result, cancel), 9506 /* DNS_REQUEST_PENDING */);
    CHECK_EQ(WaitForSingleObject(called, 5000), WAIT_OBJECT_0);
    CHECK_EQ(asked, 2);
    DnsRecordListFree(result.pQueryRecords, DnsFreeRecordList);
    CloseHandle(called);
}

int main(void)
{
    DWORD address;
    if (check_under_wine()) /* asks the host's servers whatever it is told */
        return check_done();
    if (!begin(&address)) {
        printf("skipped: port 53 can not be had\n");
        return 77;
    }
    test_query(address);
    test_query_ex(address);
    return check_done();
}
