/*
 * Do the rest of ntdll's string, SID, name and list functions answer as documented: names against expressions, SIDs as
 * text, upper case in code pages, Ethernet addresses, frames; lists of processes, threads and handles?
 * link: -lntdll
 */
#include "check.h"
#include <winternl.h>

#define FN(result, name, ...)                                                                                          \
    result(WINAPI *name##_)(__VA_ARGS__) =                                                                             \
        (result(WINAPI *)(__VA_ARGS__))(void *)GetProcAddress(GetModuleHandleA("ntdll"), #name)

static UNICODE_STRING wide(const WCHAR *text)
{
    UNICODE_STRING string;

    string.Buffer = (WCHAR *)text;
    string.Length = (USHORT)(wcslen(text) * 2);
    string.MaximumLength = (USHORT)(string.Length + 2);
    return string;
}

static void expressions(void)
{
    static const struct {
        const WCHAR *expression, *name;
        BOOLEAN nocase, matches;
    } cases[] = {
        {L"*", L"anything", 0, 1},
        {L"*", L"", 0, 1},
        {L"", L"", 0, 1},
        {L"", L"a", 0, 0},
        {L"a", L"a", 0, 1},
        {L"a", L"b", 0, 0},
        {L"A", L"a", 1, 1},
        {L"A", L"a", 0, 0},
        {L"?", L"x", 0, 1},
        {L"?", L"", 0, 0},
        {L"?", L".", 0, 1},
        {L"??", L"x", 0, 0},
        {L"*.TXT", L"a.txt", 1, 1},
        {L"*.TXT", L"a.txt.bak", 1, 0},
        {L"*.TXT", L"b.a.txt", 1, 1},
        {L"A*B*C", L"axxbyyc", 1, 1},
        {L"A*B*C", L"axxbyy", 1, 0},
        {L"*A*", L"bab", 1, 1},
        {L"*A*", L"bbb", 1, 0},
        {L"**", L"abc", 0, 1},
        {L"*?", L"", 0, 0},
        {L"*?", L"a", 0, 1},
        {L"<.TXT", L"a.b.txt", 1, 1},
        {L"<.TXT", L"a.txt.b", 1, 0},
        {L"<", L"abc", 0, 1},
        {L">", L"a", 0, 1},
        {L">>>", L"a", 0, 1},
        {L">>>.TXT", L"a.txt", 1, 1},
        {L">>>.TXT", L"abcd.txt", 1, 0},
        {L"A\"", L"a", 1, 1},
        {L"A\"", L"a.", 1, 1},
        {L"A\"B", L"a.b", 1, 1},
        {L"A\"B", L"axb", 1, 0},
        {L"*.*", L"abc", 0, 0},
        {L"<\"*", L"abc", 0, 1},
        {L"<\"*", L"abc.d", 0, 1},
        {L"A?C", L"abc", 1, 1},
        {L"A?C", L"ac", 1, 0},
    };
    FN(BOOLEAN, RtlIsNameInExpression, UNICODE_STRING *, UNICODE_STRING *, BOOLEAN, WCHAR *);
    FN(BOOLEAN, RtlDoesNameContainWildCards, UNICODE_STRING *);

    for (size_t i = 0; RtlIsNameInExpression_ && i < sizeof cases / sizeof *cases; i++) {
        UNICODE_STRING expression = wide(cases[i].expression), name = wide(cases[i].name);
        BOOLEAN found = RtlIsNameInExpression_(&expression, &name, cases[i].nocase, NULL);

        CHECK_EQ(found, cases[i].matches);
        if (found != cases[i].matches)
            printf("  %ls on %ls\n", cases[i].expression, cases[i].name);
    }
    if (RtlDoesNameContainWildCards_) {
        UNICODE_STRING plain = wide(L"plain.name"), star = wide(L"a*"), dos = wide(L"a<");

        CHECK(!RtlDoesNameContainWildCards_(&plain));
        CHECK(RtlDoesNameContainWildCards_(&star));
        CHECK(RtlDoesNameContainWildCards_(&dos));
    }
}

static void sids(void)
{
    FN(NTSTATUS, RtlAllocateAndInitializeSid, SID_IDENTIFIER_AUTHORITY *, UCHAR, ULONG, ULONG, ULONG, ULONG, ULONG,
       ULONG, ULONG, ULONG, PSID *);
    FN(NTSTATUS, RtlConvertSidToUnicodeString, UNICODE_STRING *, PSID, BOOLEAN);
    FN(BOOLEAN, RtlEqualSid, PSID, PSID);
    FN(BOOLEAN, RtlEqualPrefixSid, PSID, PSID);
    FN(BOOLEAN, RtlValidSid, PSID);
    FN(ULONG, RtlLengthSid, PSID);
    FN(ULONG *, RtlSubAuthoritySid, PSID, ULONG);
    FN(UCHAR *, RtlSubAuthorityCountSid, PSID);
    FN(NTSTATUS, RtlCopySid, ULONG, PSID, PSID);
    FN(PVOID, RtlFreeSid, PSID);
    FN(void, RtlFreeUnicodeString, UNICODE_STRING *);
    SID_IDENTIFIER_AUTHORITY nt = {SECURITY_NT_AUTHORITY}, large = {{1, 2, 3, 4, 5, 6}};
    UNICODE_STRING text;
    WCHAR room[64];
    PSID sid, other;
    BYTE copy[64];

    CHECK_EQ(RtlAllocateAndInitializeSid_(&nt, 2, 32, 544, 0, 0, 0, 0, 0, 0, &sid), 0);
    CHECK_EQ(RtlAllocateAndInitializeSid_(&nt, 2, 32, 545, 0, 0, 0, 0, 0, 0, &other), 0);
    CHECK(RtlValidSid_(sid));
    CHECK_EQ(RtlLengthSid_(sid), 16);
    CHECK_EQ(*RtlSubAuthorityCountSid_(sid), 2);
    CHECK_EQ(*RtlSubAuthoritySid_(sid, 1), 544);
    CHECK(RtlEqualSid_(sid, sid) && !RtlEqualSid_(sid, other));
    CHECK(RtlEqualPrefixSid_(sid, other));
    CHECK_EQ(RtlConvertSidToUnicodeString_(&text, sid, TRUE), 0);
    CHECK(!wcscmp(text.Buffer, L"S-1-5-32-544"));
    CHECK_EQ(text.Length, 24);
    RtlFreeUnicodeString_(&text);
    text.Buffer = room;
    text.MaximumLength = 10;
    CHECK_EQ(RtlConvertSidToUnicodeString_(&text, sid, FALSE), (NTSTATUS)0x80000005);
    if (check_under_wine()) { /* whose RtlCopySid returns a BOOLEAN, and whose texts have no hexadecimal */
        RtlFreeSid_(other);
        return;
    }
    CHECK_EQ(RtlCopySid_(15, copy, sid), (NTSTATUS)0xc0000023);
    CHECK_EQ(RtlCopySid_(16, copy, sid), 0);
    CHECK(RtlEqualSid_(sid, copy));
    CHECK(IsValidSid(sid) && EqualSid(sid, copy));
    CHECK(!RtlFreeSid_(other));
    CHECK_EQ(RtlAllocateAndInitializeSid_(&large, 1, 7, 0, 0, 0, 0, 0, 0, 0, &other), 0);
    CHECK_EQ(RtlConvertSidToUnicodeString_(&text, other, TRUE), 0);
    CHECK(!wcsicmp(text.Buffer, L"S-1-0x010203040506-7") || !wcsicmp(text.Buffer, L"S-1-0x10203040506-7"));
    RtlFreeUnicodeString_(&text);
    RtlFreeSid_(other);
    RtlFreeSid_(sid);
    copy[0] = 2;
    CHECK(!RtlValidSid_(copy));
}

static void strings(void)
{
    FN(NTSTATUS, RtlUpcaseUnicodeStringToAnsiString, ANSI_STRING *, UNICODE_STRING *, BOOLEAN);
    FN(NTSTATUS, RtlUpcaseUnicodeToMultiByteN, char *, ULONG, ULONG *, const WCHAR *, ULONG);
    FN(NTSTATUS, RtlUnicodeStringToCountedOemString, ANSI_STRING *, UNICODE_STRING *, BOOLEAN);
    FN(ULONG, RtlxUnicodeStringToAnsiSize, UNICODE_STRING *);
    FN(ULONG, RtlxAnsiStringToUnicodeSize, ANSI_STRING *);
    FN(NTSTATUS, RtlAppendStringToString, ANSI_STRING *, ANSI_STRING *);
    FN(void, RtlUpperString, ANSI_STRING *, ANSI_STRING *);
    FN(NTSTATUS, RtlLargeIntegerToChar, ULONGLONG *, ULONG, ULONG, char *);
    FN(NTSTATUS, RtlEthernetStringToAddressA, const char *, const char **, BYTE *);
    FN(WCHAR *, RtlFindUnicodeSubstring, UNICODE_STRING *, UNICODE_STRING *, BOOLEAN);
    FN(BOOLEAN, RtlIsZeroMemory, void *, SIZE_T);
    FN(void, RtlFreeAnsiString, ANSI_STRING *);
    UNICODE_STRING text = wide(L"Hello"), part = wide(L"LL"), none = wide(L"");
    ANSI_STRING out, more = {3, 3, (char *)"abc"};
    char buffer[16] = "xy";
    ULONG used;
    ULONGLONG big = 0xfedcba9876543210;
    const char *end;
    BYTE address[6], zeros[32] = {0};

    CHECK_EQ(RtlUpcaseUnicodeStringToAnsiString_(&out, &text, TRUE), 0);
    CHECK_STR(out.Buffer, "HELLO");
    RtlFreeAnsiString_(&out);
    CHECK_EQ(RtlUpcaseUnicodeToMultiByteN_(buffer, 3, &used, text.Buffer, text.Length), 0);
    CHECK(used == 3 && !memcmp(buffer, "HEL", 3));
    CHECK_EQ(RtlxUnicodeStringToAnsiSize_(&text), 6);
    CHECK_EQ(RtlxAnsiStringToUnicodeSize_(&more), 8);
    out = (ANSI_STRING){2, 5, buffer};
    CHECK_EQ(RtlAppendStringToString_(&out, &more), 0);
    CHECK(out.Length == 5 && !memcmp(buffer, "HEabc", 5));
    CHECK_EQ(RtlAppendStringToString_(&out, &more), (NTSTATUS)0xc0000023);
    RtlUpperString_(&out, &more);
    CHECK(out.Length == 3 && !memcmp(buffer, "ABC", 3));
    CHECK_EQ(RtlLargeIntegerToChar_(&big, 16, 16, buffer), 0);
    CHECK(!memcmp(buffer, "FEDCBA9876543210", 16));
    CHECK_EQ(RtlLargeIntegerToChar_(&big, 16, 15, buffer), (NTSTATUS)0x80000005);
    CHECK_EQ(RtlLargeIntegerToChar_(&big, 7, 16, buffer), (NTSTATUS)0xc000000d);
    if (check_under_wine()) /* which has none of the rest */
        return;
    CHECK_EQ(RtlUnicodeStringToCountedOemString_(&out, &text, TRUE), 0);
    CHECK(out.Length == 5 && !memcmp(out.Buffer, "Hello", 5));
    RtlFreeAnsiString_(&out);
    CHECK_EQ(RtlUnicodeStringToCountedOemString_(&out, &none, TRUE), 0);
    CHECK(!out.Buffer && !out.Length);
    CHECK_EQ(RtlEthernetStringToAddressA_("00-1a-2B-3c-4D-5e rest", &end, address), 0);
    CHECK(!memcmp(address, "\x00\x1a\x2b\x3c\x4d\x5e", 6));
    CHECK_STR(end, " rest");
    CHECK_EQ(RtlEthernetStringToAddressA_("00:1a-2B", &end, address), (NTSTATUS)0xc000000d);
    CHECK_STR(end, "-2B");
    CHECK(RtlFindUnicodeSubstring_(&text, &part, TRUE) == text.Buffer + 2);
    CHECK(!RtlFindUnicodeSubstring_(&text, &part, FALSE));
    CHECK(RtlFindUnicodeSubstring_(&text, &none, FALSE) == text.Buffer);
    for (int i = 0; i < 32; i++) {
        CHECK(RtlIsZeroMemory_(zeros, 32));
        zeros[i] = 1;
        CHECK(!RtlIsZeroMemory_(zeros, 32));
        zeros[i] = 0;
    }
}

static void facts(void)
{
    FN(BOOLEAN, RtlIsCurrentProcess, HANDLE);
    FN(BOOLEAN, RtlIsCurrentThread, HANDLE);
    FN(void, RtlPushFrame, void *);
    FN(void, RtlPopFrame, void *);
    FN(void *, RtlGetFrame, void);
    FN(NTSTATUS, NtAllocateLocallyUniqueId, LUID *);
    HANDLE copy;
    LUID a, b;
    struct {
        ULONG flags;
        void *previous;
        const void *context;
    } frames[2];

    CHECK(AllocateLocallyUniqueId(&a) && !NtAllocateLocallyUniqueId_(&b));
    CHECK(a.LowPart != b.LowPart || a.HighPart != b.HighPart);
    if (check_under_wine())
        return;
    CHECK(RtlIsCurrentProcess_(GetCurrentProcess()) && RtlIsCurrentThread_(GetCurrentThread()));
    CHECK(DuplicateHandle(GetCurrentProcess(), GetCurrentThread(), GetCurrentProcess(), &copy, 0, FALSE, 2));
    CHECK(RtlIsCurrentThread_(copy));
    CHECK(!RtlIsCurrentProcess_(copy));
    CloseHandle(copy);
    RtlPushFrame_(&frames[0]);
    RtlPushFrame_(&frames[1]);
    CHECK(RtlGetFrame_() == &frames[1]);
    RtlPopFrame_(&frames[1]);
    CHECK(RtlGetFrame_() == &frames[0]);
    RtlPopFrame_(&frames[0]);
}

static DWORD WINAPI sleeper(LPVOID event)
{
    return WaitForSingleObject(event, INFINITE);
}

static void lists(void)
{
    static BYTE buffer[1 << 20];
    HANDLE event = CreateEventA(NULL, TRUE, FALSE, NULL), thread;
    ULONG needed = 0, again = 0;
    DWORD id;
    BOOL found = FALSE, thread_found = FALSE;

    thread = CreateThread(NULL, 0, sleeper, event, 0, &id);
    CHECK_EQ(NtQuerySystemInformation(SystemProcessInformation, NULL, 0, &needed), (NTSTATUS)0xc0000004);
    CHECK(needed >= 0x100 + 2 * 0x50);
    CHECK_EQ(NtQuerySystemInformation(SystemProcessInformation, buffer, sizeof buffer, &again), 0);
    for (BYTE *at = buffer;; at += *(ULONG *)at) {
        SYSTEM_PROCESS_INFORMATION *row = (SYSTEM_PROCESS_INFORMATION *)at;
        ULONG threads = *(ULONG *)(at + 4);

        if ((ULONG_PTR)row->UniqueProcessId == GetCurrentProcessId()) {
            found = TRUE;
            CHECK(threads >= 2);
            CHECK(row->ImageName.Length > 8 && !wcsicmp(row->ImageName.Buffer, L"rtl_leftovers.exe"));
            CHECK(row->HandleCount > 0);
            for (ULONG i = 0; i < threads; i++) {
                CLIENT_ID *client = (CLIENT_ID *)(at + 0x100 + 0x50 * i + 40);

                CHECK((ULONG_PTR)client->UniqueProcess == GetCurrentProcessId());
                thread_found |= (ULONG_PTR)client->UniqueThread == id;
            }
        }
        if (!*(ULONG *)at)
            break;
    }
    CHECK(found);
    CHECK(thread_found);
    for (int ex = 0; ex < 2; ex++) {
        size_t head = ex ? 16 : 8, row = ex ? 40 : 24;
        ULONG count;

        found = FALSE;
        CHECK_EQ(NtQuerySystemInformation(ex ? 64 : 16, buffer, 4, &needed), (NTSTATUS)0xc0000004);
        CHECK_EQ(NtQuerySystemInformation(ex ? 64 : 16, buffer, sizeof buffer, &needed), 0);
        count = *(ULONG *)buffer;
        CHECK(count > 1);
        for (ULONG i = 0; i < count; i++) {
            BYTE *at = buffer + head + row * i;
            ULONG_PTR process = ex ? *(ULONG_PTR *)(at + 8) : *(USHORT *)at;
            ULONG_PTR handle = ex ? *(ULONG_PTR *)(at + 16) : *(USHORT *)(at + 6);

            found |=
                handle == (ULONG_PTR)event && process == (ex ? GetCurrentProcessId() : GetCurrentProcessId() & 0xffff);
        }
        CHECK(found);
    }
    SetEvent(event);
    WaitForSingleObject(thread, INFINITE);
    CloseHandle(thread);
    CloseHandle(event);
}

int main(void)
{
    expressions();
    sids();
    strings();
    facts();
    lists();
    return check_done();
}
