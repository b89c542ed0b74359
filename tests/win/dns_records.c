/*
 * Are DNS messages read, written, copied and compared as documented, for every type of record; which names are good;
 * do DnsQueryEx and DnsQueryConfig answer?  Nothing here asks a server.  link: -ldnsapi -lws2_32
 */
#include <winsock2.h>
#include <windns.h>
#include "check.h"

#ifndef DNS_TYPE_TLSA
#define DNS_TYPE_TLSA 52
#endif

#define DNS_REQUEST_PENDING 9506

/* A message being made: header counts in the host's order, as Windows wants them. */
static union {
    DNS_MESSAGE_BUFFER buffer;
    unsigned char bytes[2048];
} message;
static size_t used;

static void put(const void *data, size_t size)
{
    memcpy(message.bytes + used, data, size);
    used += size;
}

static void start(void)
{
    memset(&message, 0, sizeof message);
    used = sizeof(DNS_HEADER);
    put("\4host\7example\0\0\1\0\1", 18);
    message.buffer.MessageHead.QuestionCount = 1;
    message.buffer.MessageHead.IsResponse = 1;
}

/* Adds an answer whose name is the question's. */
static void answer(WORD type, const char *data, size_t size)
{
    unsigned char head[] = {0xc0, 12, (unsigned char)(type >> 8), (unsigned char)type, 0, 1, 0, 0,
                            1,    44, (unsigned char)(size >> 8), (unsigned char)size};
    put(head, sizeof head);
    put(data, size);
    message.buffer.MessageHead.AnswerCount++;
}

static DNS_RECORDA *read_utf8(DNS_STATUS expected)
{
    PDNS_RECORDA list = NULL;
    CHECK_EQ(DnsExtractRecordsFromMessage_UTF8(&message.buffer, (WORD)used, &list), expected);
    return (DNS_RECORDA *)list;
}

static DNS_RECORDA *one(WORD type, const char *data, size_t size)
{
    start();
    answer(type, data, size);
    DNS_RECORDA *record = read_utf8(ERROR_SUCCESS);
    CHECK(record != NULL);
    if (record) {
        CHECK_EQ(record->wType, type);
        CHECK_STR(record->pName, "host.example");
        CHECK_EQ(record->dwTtl, 300);
        CHECK_EQ(record->Flags.S.Section, DnsSectionAnswer);
        CHECK(record->pNext == NULL);
    }
    return record;
}

#define ONE(type, text) one(type, text, sizeof(text) - 1)
#define DONE(record) DnsRecordListFree((PDNS_RECORD)(record), DnsFreeRecordList)

static void test_types(void)
{
    DNS_RECORDA *r = ONE(DNS_TYPE_A, "\x7f\0\0\1");
    CHECK_EQ(r->Data.A.IpAddress, htonl(INADDR_LOOPBACK));
    CHECK_EQ(r->wDataLength, 4);
    DONE(r);
    r = ONE(DNS_TYPE_AAAA, "\0\1\2\3\4\5\6\7\x8\x9\xa\xb\xc\xd\xe\xf");
    CHECK_EQ(((unsigned char *)&r->Data.AAAA)[15], 15);
    DONE(r);
    r = ONE(DNS_TYPE_CNAME, "\3www\xc0\x11");
    CHECK_STR(r->Data.CNAME.pNameHost, "www.example");
    DONE(r);
    r = ONE(DNS_TYPE_MX, "\0\xa\4mail\xc0\xc");
    CHECK_EQ(r->Data.MX.wPreference, 10);
    CHECK_STR(r->Data.MX.pNameExchange, "mail.host.example");
    DONE(r);
    r = ONE(DNS_TYPE_SRV, "\0\1\0\2\x14\x66\2db\xc0\x11");
    CHECK_EQ(r->Data.SRV.wPriority, 1);
    CHECK_EQ(r->Data.SRV.wWeight, 2);
    CHECK_EQ(r->Data.SRV.wPort, 5222);
    CHECK_STR(r->Data.SRV.pNameTarget, "db.example");
    DONE(r);
    r = ONE(DNS_TYPE_SOA, "\2ns\xc0\x11\5admin\xc0\x11\0\0\0\1\0\0\0\2\0\0\0\3\0\0\0\4\0\0\0\5");
    CHECK_STR(r->Data.SOA.pNamePrimaryServer, "ns.example");
    CHECK_STR(r->Data.SOA.pNameAdministrator, "admin.example");
    CHECK_EQ(r->Data.SOA.dwSerialNo, 1);
    CHECK_EQ(r->Data.SOA.dwDefaultTtl, 5);
    DONE(r);
    r = ONE(DNS_TYPE_TEXT, "\5hello\0\5world");
    CHECK_EQ(r->Data.TXT.dwStringCount, 3);
    CHECK_STR(r->Data.TXT.pStringArray[0], "hello");
    CHECK_STR(r->Data.TXT.pStringArray[1], "");
    CHECK_STR(r->Data.TXT.pStringArray[2], "world");
    DONE(r);
    r = ONE(DNS_TYPE_HINFO, "\3CPU\2OS");
    CHECK_EQ(r->Data.HINFO.dwStringCount, 2);
    CHECK_STR(r->Data.HINFO.pStringArray[1], "OS");
    DONE(r);
    r = ONE(DNS_TYPE_MINFO, "\1a\0\1b\xc0\x11");
    CHECK_STR(r->Data.MINFO.pNameMailbox, "a");
    CHECK_STR(r->Data.MINFO.pNameErrorsMailbox, "b.example");
    DONE(r);
    if (!check_under_wine()) { /* which knows none of the rest */
        r = ONE(DNS_TYPE_NAPTR, "\0\1\0\2\1s\3SIP\0\3sip\xc0\x11");
        CHECK_EQ(r->Data.NAPTR.wOrder, 1);
        CHECK_EQ(r->Data.NAPTR.wPreference, 2);
        CHECK_STR(r->Data.NAPTR.pFlags, "s");
        CHECK_STR(r->Data.NAPTR.pService, "SIP");
        CHECK_STR(r->Data.NAPTR.pRegularExpression, "");
        CHECK_STR(r->Data.NAPTR.pReplacement, "sip.example");
        DONE(r);
        r = ONE(DNS_TYPE_DS, "\x12\x34\x8\2digest");
        CHECK_EQ(r->Data.DS.wKeyTag, 0x1234);
        CHECK_EQ(r->Data.DS.chAlgorithm, 8);
        CHECK_EQ(r->Data.DS.wDigestLength, 6);
        CHECK(!memcmp(r->Data.DS.Digest, "digest", 6));
        DONE(r);
        r = ONE(DNS_TYPE_DNSKEY, "\1\1\3\xd"
                                 "key");
        CHECK_EQ(r->Data.DNSKEY.wFlags, 257);
        CHECK_EQ(r->Data.DNSKEY.wKeyLength, 3);
        CHECK(!memcmp(r->Data.DNSKEY.Key, "key", 3));
        DONE(r);
        r = ONE(DNS_TYPE_RRSIG, "\0\1\x8\2\0\0\1\x2c\0\0\0\7\0\0\0\6\0\5\xc0\x11sig");
        CHECK_EQ(r->Data.RRSIG.wTypeCovered, 1);
        CHECK_EQ(r->Data.RRSIG.dwOriginalTtl, 300);
        CHECK_EQ(r->Data.RRSIG.wKeyTag, 5);
        CHECK_STR(r->Data.RRSIG.pNameSigner, "example");
        CHECK_EQ(r->Data.RRSIG.wSignatureLength, 3);
        CHECK(!memcmp(r->Data.RRSIG.Signature, "sig", 3));
        DONE(r);
        r = ONE(DNS_TYPE_TLSA, "\3\1\1hash");
        CHECK_EQ(r->Data.TLSA.bCertUsage, 3);
        CHECK_EQ(r->Data.TLSA.bCertificateAssociationDataLength, 4);
        DONE(r);
        r = ONE(999, "raw");
        CHECK_EQ(r->Data.Null.dwByteCount, 3);
        CHECK(!memcmp(r->Data.Null.Data, "raw", 3));
        DONE(r);
    }
}

/* Data that ends early, or is too long, is a bad message; none at all is no record. */
static void test_bad(void)
{
    if (check_under_wine())
        return; /* takes some of these */
    static const struct {
        WORD type;
        const char *data;
        size_t size;
    } bad[] = {{DNS_TYPE_A, "\1\2\3", 3},        {DNS_TYPE_A, "\1\2\3\4\5", 5}, {DNS_TYPE_MX, "\0", 1},
               {DNS_TYPE_SRV, "\0\1\0\2\0", 5},  {DNS_TYPE_TEXT, "\5hi", 3},    {DNS_TYPE_CNAME, "\3ww", 3},
               {DNS_TYPE_SOA, "\0\0\0\0\0\1", 6}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        start();
        answer(bad[i].type, bad[i].data, bad[i].size);
        DNS_RECORDA *list = read_utf8(DNS_ERROR_BAD_PACKET);
        CHECK(list == NULL);
    }
    start();
    CHECK(read_utf8(DNS_INFO_NO_RECORDS) == NULL);
}

static void test_copy(void)
{
    if (check_under_wine())
        return; /* knows no DS */
    start();
    answer(DNS_TYPE_MX, "\0\xa\4mail\xc0\xc", 9);
    answer(DNS_TYPE_TEXT, "\5hello\5world", 12);
    answer(DNS_TYPE_DS, "\x12\x34\x8\2digest", 10);
    DNS_RECORDA *list = read_utf8(ERROR_SUCCESS);
    PDNS_RECORD wide = DnsRecordSetCopyEx((PDNS_RECORD)list, DnsCharSetUtf8, DnsCharSetUnicode);
    DNS_RECORDW *w = (DNS_RECORDW *)wide;
    CHECK(w && w->pNext && w->pNext->pNext && !w->pNext->pNext->pNext);
    CHECK(!lstrcmpW(w->pName, L"host.example"));
    CHECK(!lstrcmpW(w->Data.MX.pNameExchange, L"mail.host.example"));
    CHECK_EQ(w->Data.MX.wPreference, 10);
    CHECK_EQ(w->Flags.S.CharSet, DnsCharSetUnicode);
    CHECK(!lstrcmpW(w->pNext->Data.TXT.pStringArray[1], L"world"));
    CHECK(DnsRecordCompare((PDNS_RECORD)list, (PDNS_RECORD)list));
    CHECK(!DnsRecordCompare((PDNS_RECORD)list, (PDNS_RECORD)list->pNext));
    PDNS_RECORD back = DnsRecordSetCopyEx(wide, DnsCharSetUnicode, DnsCharSetUtf8);
    PDNS_RECORD only = NULL, other = NULL;
    CHECK(DnsRecordSetCompare((PDNS_RECORD)list, back, &only, &other));
    CHECK(only == NULL && other == NULL);
    DNS_RECORDA *last = (DNS_RECORDA *)DnsRecordSetDetach(back);
    CHECK(last && last->wType == DNS_TYPE_DS && last->pNext == NULL);
    CHECK(!DnsRecordSetCompare((PDNS_RECORD)list, back, &only, &other));
    CHECK(only != NULL && only->wType == DNS_TYPE_DS && other == NULL);
    DONE(only);
    DONE(last);
    DONE(back);
    DONE(wide);
    DONE(list);
    CHECK(DnsRecordCopyEx(NULL, DnsCharSetUtf8, DnsCharSetUtf8) == NULL);
}

static void test_question(void)
{
    static const unsigned char expected[] = "\4host\7example\0\0\xf\0\1";
    DWORD size = 0;
    if (check_under_wine())
        return; /* writes none */
    CHECK(!DnsWriteQuestionToBuffer_UTF8(&message.buffer, &size, (LPSTR) "host.example", DNS_TYPE_MX, 77, TRUE));
    CHECK_EQ(size, sizeof(DNS_HEADER) + 18);
    CHECK(DnsWriteQuestionToBuffer_UTF8(&message.buffer, &size, (LPSTR) "host.example", DNS_TYPE_MX, 77, TRUE));
    CHECK_EQ(message.buffer.MessageHead.Xid, 77);
    CHECK_EQ(message.buffer.MessageHead.QuestionCount, 1);
    CHECK_EQ(message.buffer.MessageHead.RecursionDesired, 1);
    CHECK(!memcmp(message.bytes + sizeof(DNS_HEADER), expected, 18));
    size = sizeof message;
    CHECK(DnsWriteQuestionToBuffer_W(&message.buffer, &size, (LPWSTR)L"host.example.", DNS_TYPE_A, 1, FALSE));
    CHECK_EQ(message.buffer.MessageHead.RecursionDesired, 0);
    CHECK(!DnsWriteQuestionToBuffer_UTF8(&message.buffer, &size, (LPSTR) "a..b", DNS_TYPE_A, 1, FALSE));
}

static void test_names(void)
{
    static const struct {
        const char *name;
        DNS_NAME_FORMAT format;
        DNS_STATUS expected;
    } names[] = {
        {"", DnsNameDomain, ERROR_INVALID_NAME},
        {"example", DnsNameDomain, 0},
        {"www.example.com", DnsNameDomain, 0},
        {"www.example.com.", DnsNameDomain, 0},
        {"a..b", DnsNameDomain, ERROR_INVALID_NAME},
        {".a", DnsNameDomain, ERROR_INVALID_NAME},
        {"a b", DnsNameDomain, DNS_ERROR_INVALID_NAME_CHAR},
        {"a_b", DnsNameDomain, DNS_ERROR_NON_RFC_NAME},
        {"a_b", DnsNameHostnameLabel, DNS_ERROR_NON_RFC_NAME},
        {"a&b", DnsNameHostnameLabel, DNS_ERROR_INVALID_NAME_CHAR},
        {"host", DnsNameHostnameLabel, 0},
        {"host.example", DnsNameHostnameLabel, ERROR_INVALID_NAME},
        {"host.example", DnsNameDomainLabel, ERROR_INVALID_NAME},
        {"host.example", DnsNameHostnameFull, 0},
        {"123.example", DnsNameDomain, 0},
        {"123", DnsNameDomain, 0},
        {"12a", DnsNameHostnameLabel, 0},
        {"*.example", DnsNameWildcard, 0},
        {"*.example", DnsNameDomain, DNS_ERROR_INVALID_NAME_CHAR},
        {"a.example", DnsNameWildcard, ERROR_INVALID_NAME},
        {"_ldap._tcp.example", DnsNameSrvRecord, 0},
        {"_ldap._tcp.example", DnsNameDomain, DNS_ERROR_NON_RFC_NAME},
        {"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", DnsNameDomain, 0},
        {"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", DnsNameDomain, ERROR_INVALID_NAME},
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        WCHAR wide[128];
        DNS_STATUS got = DnsValidateName_A(names[i].name, names[i].format);
        if (got != names[i].expected)
            printf("\"%s\" as %d:\n", names[i].name, names[i].format);
        CHECK_EQ(got, names[i].expected);
        MultiByteToWideChar(CP_ACP, 0, names[i].name, -1, wide, 128);
        CHECK_EQ(DnsValidateName_W(wide, names[i].format), names[i].expected);
    }
    CHECK_EQ(DnsValidateName_A(NULL, DnsNameDomain), ERROR_INVALID_NAME);
    if (!check_under_wine()) { /* documented; Wine lets these pass */
        CHECK_EQ(DnsValidateName_A("123", DnsNameHostnameLabel), DNS_ERROR_NUMERIC_NAME);
        CHECK_EQ(DnsValidateName_A("123.example", DnsNameHostnameFull), DNS_ERROR_NUMERIC_NAME);
        CHECK_EQ(DnsValidateName_A("a_b&c", DnsNameDomain), DNS_ERROR_NON_RFC_NAME);
    }
    CHECK(DnsNameCompare_A((LPSTR) "Host.Example", (LPSTR) "hOST.eXAMPLE."));
    CHECK(!DnsNameCompare_A((LPSTR) "host.example", (LPSTR) "host.example2"));
}

struct request {
    ULONG version;
    PCWSTR name;
    WORD type;
    ULONG64 options;
    PVOID servers;
    ULONG interface_index;
    PVOID callback;
    PVOID context;
};

static HANDLE done;

static VOID WINAPI query_done(PVOID context, PDNS_QUERY_RESULT result)
{
    CHECK(context == &done);
    CHECK_EQ(result->QueryStatus, 0);
    SetEvent(done);
}

static void test_query(void)
{
    DNS_STATUS(WINAPI * query_ex)
    (const struct request *, PDNS_QUERY_RESULT, PVOID) =
        (PVOID)GetProcAddress(GetModuleHandleA("dnsapi.dll"), "DnsQueryEx");
    struct request request = {.version = 1, .name = L"localhost", .type = DNS_TYPE_A};
    DNS_QUERY_RESULT result = {.Version = 1};
    ULONG64 cancel[4];
    if (!query_ex || check_under_wine())
        return;
    CHECK_EQ(query_ex(&request, &result, NULL), 0);
    CHECK_EQ(result.QueryStatus, 0);
    CHECK(result.pQueryRecords && result.pQueryRecords->Data.A.IpAddress == htonl(INADDR_LOOPBACK));
    DONE(result.pQueryRecords);
    done = CreateEventA(NULL, FALSE, FALSE, NULL);
    request.callback = query_done;
    request.context = &done;
    CHECK_EQ(query_ex(&request, &result, cancel), DNS_REQUEST_PENDING);
    CHECK_EQ(WaitForSingleObject(done, 5000), WAIT_OBJECT_0);
    CHECK(result.pQueryRecords && result.pQueryRecords->Data.A.IpAddress == htonl(INADDR_LOOPBACK));
    DONE(result.pQueryRecords);
    request.version = 0;
    CHECK_EQ(query_ex(&request, &result, cancel), ERROR_INVALID_PARAMETER);
    CHECK_EQ(query_ex(NULL, &result, cancel), ERROR_INVALID_PARAMETER);
}

static void test_config(void)
{
    char name[256], own[256];
    WCHAR *wide = NULL;
    DWORD size = 0;
    WSADATA data;
    WSAStartup(MAKEWORD(2, 2), &data);
    gethostname(own, sizeof own);
    if (check_under_wine())
        return; /* knows the list of servers alone */
    CHECK_EQ(DnsQueryConfig(DnsConfigHostName_UTF8, 0, NULL, NULL, NULL, &size), ERROR_MORE_DATA);
    CHECK_EQ(size, strlen(own) + 1);
    CHECK_EQ(DnsQueryConfig(DnsConfigHostName_UTF8, 0, NULL, NULL, name, &size), 0);
    CHECK_STR(name, own);
    CHECK_EQ(DnsQueryConfig(DnsConfigHostName_W, DNS_CONFIG_FLAG_ALLOC, NULL, NULL, &wide, &size), 0);
    CHECK_EQ(size, (strlen(own) + 1) * 2);
    CHECK(wide && wide[0] == (unsigned char)own[0]);
    LocalFree(wide);
    CHECK_EQ(DnsQueryConfig(DnsConfigHostName_W, 0, NULL, NULL, name, NULL), ERROR_INVALID_PARAMETER);
}

int main(void)
{
    test_types();
    test_bad();
    test_copy();
    test_question();
    test_names();
    test_query();
    test_config();
    return check_done();
}
