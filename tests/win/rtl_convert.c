/*
 * Rtl functions of numbers, strings and times: conversions with every base and at the limits, comparisons and prefixes,
 * buffers that are too small, GUIDs, times and their fields.
 *
 * link: -lntdll
 */
#include <winternl.h>
#include "check.h"

NTSYSAPI NTSTATUS NTAPI RtlIntegerToChar(ULONG value, ULONG base, ULONG length, PCHAR text);
NTSYSAPI NTSTATUS NTAPI RtlInt64ToUnicodeString(ULONGLONG value, ULONG base, UNICODE_STRING *text);
NTSYSAPI NTSTATUS NTAPI RtlIntegerToUnicodeString(ULONG value, ULONG base, UNICODE_STRING *text);
NTSYSAPI NTSTATUS NTAPI RtlUnicodeStringToInteger(const UNICODE_STRING *text, ULONG base, PULONG value);
NTSYSAPI LONG NTAPI RtlCompareUnicodeString(const UNICODE_STRING *a, const UNICODE_STRING *b, BOOLEAN fold);
NTSYSAPI BOOLEAN NTAPI RtlEqualUnicodeString(const UNICODE_STRING *a, const UNICODE_STRING *b, BOOLEAN fold);
NTSYSAPI BOOLEAN NTAPI RtlPrefixUnicodeString(const UNICODE_STRING *a, const UNICODE_STRING *b, BOOLEAN fold);
NTSYSAPI LONG NTAPI RtlCompareString(const STRING *a, const STRING *b, BOOLEAN fold);
NTSYSAPI BOOLEAN NTAPI RtlEqualString(const STRING *a, const STRING *b, BOOLEAN fold);
NTSYSAPI BOOLEAN NTAPI RtlPrefixString(const STRING *a, const STRING *b, BOOLEAN fold);
NTSYSAPI NTSTATUS NTAPI RtlAppendUnicodeToString(UNICODE_STRING *to, PCWSTR from);
NTSYSAPI NTSTATUS NTAPI RtlAppendUnicodeStringToString(UNICODE_STRING *to, const UNICODE_STRING *from);
NTSYSAPI VOID NTAPI RtlCopyUnicodeString(UNICODE_STRING *to, const UNICODE_STRING *from);
NTSYSAPI NTSTATUS NTAPI RtlUpcaseUnicodeString(UNICODE_STRING *to, const UNICODE_STRING *from, BOOLEAN allocate);
NTSYSAPI NTSTATUS NTAPI RtlHashUnicodeString(const UNICODE_STRING *text, BOOLEAN fold, ULONG algorithm, PULONG hash);
NTSYSAPI NTSTATUS NTAPI RtlGUIDFromString(const UNICODE_STRING *text, GUID *guid);
NTSYSAPI NTSTATUS NTAPI RtlStringFromGUID(REFGUID guid, UNICODE_STRING *text);
NTSYSAPI NTSTATUS NTAPI RtlInitUnicodeStringEx(UNICODE_STRING *text, PCWSTR from);
NTSYSAPI WCHAR NTAPI RtlUpcaseUnicodeChar(WCHAR c);
NTSYSAPI WCHAR NTAPI RtlDowncaseUnicodeChar(WCHAR c);
NTSYSAPI CHAR NTAPI RtlUpperChar(CHAR c);
typedef struct {
    SHORT year, month, day, hour, minute, second, milliseconds, weekday;
} FIELDS;
NTSYSAPI VOID NTAPI RtlTimeToTimeFields(const LARGE_INTEGER *time, FIELDS *fields);
NTSYSAPI BOOLEAN NTAPI RtlTimeFieldsToTime(FIELDS *fields, LARGE_INTEGER *time);
NTSYSAPI BOOLEAN NTAPI RtlTimeToSecondsSince1970(PLARGE_INTEGER time, PULONG seconds);
NTSYSAPI VOID NTAPI RtlSecondsSince1970ToTime(DWORD seconds, LARGE_INTEGER *time);
NTSYSAPI BOOLEAN NTAPI RtlTimeToSecondsSince1980(const LARGE_INTEGER *time, LPDWORD seconds);
NTSYSAPI VOID NTAPI RtlSecondsSince1980ToTime(DWORD seconds, LARGE_INTEGER *time);

#define TOO_SMALL 0x80000005
#define TOO_SMALL_ERROR 0xc0000023
#define INVALID 0xc000000d

/* --- text to number ---------------------------------------------------------------------------------------------- */

static const struct {
    const char *text;
    ULONG base, status, value;
} parsed[] = {
    {"0", 0, 0, 0},
    {"1011101100", 0, 0, 1011101100},
    {"1234567", 0, 0, 1234567},
    {"214", 0, 0, 214},
    {"+214", 0, 0, 214},
    {"-214", 0, 0, (ULONG)-214},
    {"  \t\n\r 42", 0, 0, 42},
    {"- 5", 0, 0, 0},
    {"--5", 0, 0, 0},
    {"+-5", 0, 0, 0},
    {"0x12ab", 0, 0, 0x12ab},
    {"0X12AB", 0, 0, 0},
    {"-0x10", 0, 0, (ULONG)-0x10},
    {"0x", 0, 0, 0},
    {"0xg", 0, 0, 0},
    {"0o17", 0, 0, 017},
    {"0O17", 0, 0, 0},
    {"0b101", 0, 0, 5},
    {"0B101", 0, 0, 0},
    {"0b2", 0, 0, 0},
    {"017", 0, 0, 17},
    {"12z", 0, 0, 12},
    {"z12", 0, 0, 0},
    {"", 0, 0, 0},
    {"4294967295", 0, 0, 4294967295u},
    {"4294967296", 0, 0, 0},
    {"4294967297", 0, 0, 1},
    {"-4294967295", 0, 0, 1},
    {"99999999999", 0, 0, 1215752191},
    {"0xffffffff", 0, 0, 0xffffffff},
    {"0x123456789", 0, 0, 0x23456789},
    {"ff", 16, 0, 0xff},
    {"FF", 16, 0, 0xff},
    {"0xff", 16, 0, 0},
    {"0b1", 16, 0, 0xb1},
    {"777", 8, 0, 0777},
    {"778", 8, 0, 077},
    {"0o17", 8, 0, 0},
    {"101", 2, 0, 5},
    {"102", 2, 0, 2},
    {"0b101", 2, 0, 0},
    {"12", 10, 0, 12},
    {"0x12", 10, 0, 0},
    {"1a", 10, 0, 1},
    {"10", 3, INVALID, 0xaaaaaaaa},
    {"10", 1, INVALID, 0xaaaaaaaa},
    {"10", 7, INVALID, 0xaaaaaaaa},
    {"10", 17, INVALID, 0xaaaaaaaa},
    {"10", 36, INVALID, 0xaaaaaaaa},
};

static void check_parse(void)
{
    NTSTATUS(NTAPI * char_to_integer)
    (const char *, ULONG, PULONG) = (void *)GetProcAddress(GetModuleHandleA("ntdll.dll"), "RtlCharToInteger");

    for (unsigned i = 0; i < sizeof(parsed) / sizeof(parsed[0]); i++) {
        WCHAR wide[40];
        UNICODE_STRING text;
        ULONG value = 0xaaaaaaaa;
        int failed = check_failed;

        for (int j = 0; (wide[j] = (unsigned char)parsed[i].text[j]); j++)
            ;
        RtlInitUnicodeString(&text, wide);
        CHECK_EQ((ULONG)RtlUnicodeStringToInteger(&text, parsed[i].base, &value), parsed[i].status);
        CHECK_EQ(value, parsed[i].value);
        value = 0xaaaaaaaa;
        CHECK_EQ((ULONG)char_to_integer(parsed[i].text, parsed[i].base, &value), parsed[i].status);
        CHECK_EQ(value, parsed[i].value);
        if (check_failed != failed)
            printf("    that was: \"%s\" of base %lu\n", parsed[i].text, parsed[i].base);
    }
    CHECK_EQ((ULONG)char_to_integer("5", 10, NULL), 0xc0000005);
}

/* --- number to text ---------------------------------------------------------------------------------------------- */

static const struct {
    ULONGLONG value;
    ULONG base;
    const char *text; /* NULL: refused */
} printed[] = {
    {0, 0, "0"},
    {0, 2, "0"},
    {0, 8, "0"},
    {0, 16, "0"},
    {1, 10, "1"},
    {9, 10, "9"},
    {10, 10, "10"},
    {4294967295u, 0, "4294967295"},
    {4294967295u, 10, "4294967295"},
    {4294967295u, 16, "FFFFFFFF"},
    {4294967295u, 8, "37777777777"},
    {4294967295u, 2, "11111111111111111111111111111111"},
    {0x80000000u, 10, "2147483648"},
    {0x80000000u, 16, "80000000"},
    {0x12ab, 16, "12AB"},
    {0x12ab, 2, "1001010101011"},
    {0777, 8, "777"},
    {5, 2, "101"},
    {5, 3, NULL},
    {5, 1, NULL},
    {5, 36, NULL},
    {18446744073709551615ull, 0, "18446744073709551615"},
    {18446744073709551615ull, 16, "FFFFFFFFFFFFFFFF"},
    {9223372036854775808ull, 10, "9223372036854775808"},
    {18446744073709551615ull, 8, "1777777777777777777777"},
};

static void compare_text(const UNICODE_STRING *text, const char *expected)
{
    size_t length = strlen(expected);

    CHECK_EQ(text->Length, length * 2);
    for (size_t i = 0; i < length; i++)
        CHECK_EQ(text->Buffer[i], expected[i]);
}

static void check_print(void)
{
    for (unsigned i = 0; i < sizeof(printed) / sizeof(printed[0]); i++) {
        WCHAR buffer[80];
        char narrow[80];
        UNICODE_STRING text = {0, sizeof(buffer), buffer};
        ULONG status = printed[i].text ? 0 : INVALID;
        size_t length = printed[i].text ? strlen(printed[i].text) : 0;

        CHECK_EQ((ULONG)RtlInt64ToUnicodeString(printed[i].value, printed[i].base, &text), status);
        if (printed[i].text)
            compare_text(&text, printed[i].text);
        if (printed[i].value > 0xffffffff)
            continue;
        text.Length = 0;
        CHECK_EQ((ULONG)RtlIntegerToUnicodeString((ULONG)printed[i].value, printed[i].base, &text), status);
        if (printed[i].text)
            compare_text(&text, printed[i].text);
        memset(narrow, 'x', sizeof(narrow));
        CHECK_EQ((ULONG)RtlIntegerToChar((ULONG)printed[i].value, printed[i].base, sizeof(narrow), narrow), status);
        if (!printed[i].text)
            continue;
        CHECK_STR(narrow, printed[i].text);
        memset(narrow, 'x', sizeof(narrow)); /* exactly as long as the text: no zero */
        CHECK_EQ((ULONG)RtlIntegerToChar((ULONG)printed[i].value, printed[i].base, (ULONG)length, narrow), 0);
        CHECK(!memcmp(narrow, printed[i].text, length) && narrow[length] == 'x');
        CHECK_EQ((ULONG)RtlIntegerToChar((ULONG)printed[i].value, printed[i].base, (ULONG)length - 1, narrow),
                 TOO_SMALL);
        text.MaximumLength = (USHORT)(length * 2 - 1);
        CHECK_EQ((ULONG)RtlIntegerToUnicodeString((ULONG)printed[i].value, printed[i].base, &text), TOO_SMALL);
    }
}

/* --- comparisons ------------------------------------------------------------------------------------------------- */

static int sign(LONG value)
{
    return value < 0 ? -1 : value > 0;
}

static void check_compare(void)
{
    static const WCHAR *const words[] = {L"",      L"A",     L"AB",    L"ABC",  L"B",   L"Z",    L"[",      L"a",
                                         L"ab",    L"abc",   L"abd",   L"b",    L"z",   L"\xc4", L"\xe4",   L"\x3b1",
                                         L"\x391", L"\x430", L"\x410", L"\xdf", L"\x0", L"ab c", L"\xff21", L"\xff41"};

    for (unsigned i = 0; i < 24; i++)
        for (unsigned j = 0; j < 24; j++) {
            UNICODE_STRING a, b;
            RtlInitUnicodeString(&a, words[i]);
            RtlInitUnicodeString(&b, words[j]);
            int plain = 0, folded = 0;
            for (unsigned k = 0; !plain && k < 8; k++) {
                WCHAR x = k < a.Length / 2 ? words[i][k] : 0, y = k < b.Length / 2 ? words[j][k] : 0;
                plain = x < y ? -1 : x > y;
                if (!x && !y)
                    break;
            }
            for (unsigned k = 0; !folded && k < 8; k++) {
                WCHAR x = k < a.Length / 2 ? RtlUpcaseUnicodeChar(words[i][k]) : 0;
                WCHAR y = k < b.Length / 2 ? RtlUpcaseUnicodeChar(words[j][k]) : 0;
                folded = x < y ? -1 : x > y;
                if (!x && !y)
                    break;
            }
            CHECK_EQ(sign(RtlCompareUnicodeString(&a, &b, FALSE)), plain);
            CHECK_EQ(sign(RtlCompareUnicodeString(&a, &b, TRUE)), folded);
            CHECK_EQ(RtlEqualUnicodeString(&a, &b, FALSE), plain == 0);
            CHECK_EQ(RtlEqualUnicodeString(&a, &b, TRUE), folded == 0);
            CHECK_EQ(RtlPrefixUnicodeString(&a, &b, FALSE),
                     a.Length <= b.Length && !memcmp(words[i], words[j], a.Length));
        }
}

static void check_case(void)
{
    static const struct {
        WCHAR lower, upper;
    } pairs[] = {{'a', 'A'},       {'z', 'Z'},       {0xe4, 0xc4},   {0xff, 0x178},  {0x101, 0x100},
                 {0x3b1, 0x391},   {0x430, 0x410},   {0x45f, 0x40f}, {0x561, 0x531}, {0x1e01, 0x1e00},
                 {0x24d0, 0x24b6}, {0xff41, 0xff21}, {0x17e, 0x17d}, {0x1c6, 0x1c4}, {0x2170, 0x2160}};

    for (unsigned i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
        CHECK_EQ(RtlUpcaseUnicodeChar(pairs[i].lower), pairs[i].upper);
        CHECK_EQ(RtlUpcaseUnicodeChar(pairs[i].upper), pairs[i].upper);
        CHECK_EQ(RtlDowncaseUnicodeChar(pairs[i].upper), pairs[i].lower);
        CHECK_EQ(RtlDowncaseUnicodeChar(pairs[i].lower), pairs[i].lower);
    }
    for (WCHAR c = 0; c < 128; c++) {
        BOOL lower = c >= 'a' && c <= 'z', upper = c >= 'A' && c <= 'Z';
        CHECK_EQ(RtlUpcaseUnicodeChar(c), lower ? c - 32 : c);
        CHECK_EQ(RtlDowncaseUnicodeChar(c), upper ? c + 32 : c);
        CHECK_EQ(RtlUpperChar((CHAR)c), lower ? c - 32 : c);
    }
    CHECK_EQ(RtlUpcaseUnicodeChar(0xdf), 0xdf); /* one character stays one */
    CHECK_EQ(RtlUpcaseUnicodeChar(0x131), 0x131);
    CHECK_EQ(RtlUpcaseUnicodeChar(0xd800), 0xd800);
}

/* --- buffers ----------------------------------------------------------------------------------------------------- */

static void check_append(void)
{
    for (USHORT room = 0; room < 20; room++)
        for (USHORT length = 0; length < 12; length++) {
            WCHAR buffer[32], from[16];
            UNICODE_STRING to = {4, (USHORT)(4 + room), buffer}, source = {(USHORT)(length * 2), 32, from};
            BOOL fits = 4 + length * 2 <= 4 + room;

            for (int i = 0; i < 16; i++)
                from[i] = (WCHAR)('a' + i);
            from[length] = 0;
            memset(buffer, 0x55, sizeof(buffer));
            CHECK_EQ((ULONG)RtlAppendUnicodeStringToString(&to, &source), fits ? 0 : TOO_SMALL_ERROR);
            CHECK_EQ(to.Length, fits ? 4 + length * 2 : 4);
            if (fits)
                CHECK(!memcmp(buffer + 2, from, length * 2));
            to.Length = 4;
            CHECK_EQ((ULONG)RtlAppendUnicodeToString(&to, from), fits ? 0 : TOO_SMALL_ERROR);
            to.Length = 0;
            to.MaximumLength = room;
            RtlCopyUnicodeString(&to, &source);
            CHECK_EQ(to.Length, length * 2 <= room ? length * 2 : room);
        }
}

static void check_guid(void)
{
    static const struct {
        const WCHAR *text;
        ULONG status;
    } texts[] = {
        {L"{01020304-0506-0708-090A-0B0C0D0E0F10}", 0},
        {L"{01020304-0506-0708-090a-0b0c0d0e0f10}", 0},
        {L"{01020304-0506-0708-090A-0B0C0D0E0F10} ", 0},
        {L"01020304-0506-0708-090A-0B0C0D0E0F10", INVALID},
        {L"{01020304-0506-0708-090A-0B0C0D0E0F1}", INVALID},
        {L"{0102030g-0506-0708-090A-0B0C0D0E0F10}", INVALID},
        {L"{01020304+0506-0708-090A-0B0C0D0E0F10}", INVALID},
        {L"", INVALID},
        {L"{", INVALID},
    };
    static const GUID expected = {0x01020304, 0x0506, 0x0708, {9, 10, 11, 12, 13, 14, 15, 16}};
    UNICODE_STRING text;
    GUID guid;

    for (unsigned i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        RtlInitUnicodeString(&text, texts[i].text);
        memset(&guid, 0, sizeof(guid));
        CHECK_EQ((ULONG)RtlGUIDFromString(&text, &guid), texts[i].status);
        if (!texts[i].status)
            CHECK(!memcmp(&guid, &expected, sizeof(guid)));
    }
    CHECK_EQ((ULONG)RtlStringFromGUID(&expected, &text), 0);
    CHECK_EQ(text.Length, 38 * 2);
    CHECK_EQ(text.MaximumLength, 39 * 2);
    CHECK(!wcscmp(text.Buffer, L"{01020304-0506-0708-090A-0B0C0D0E0F10}"));
    RtlFreeUnicodeString(&text);
    CHECK(text.Buffer == NULL && text.Length == 0);
}

static void check_hash(void)
{
    static const struct {
        const WCHAR *text;
        BOOLEAN fold;
        ULONG hash;
    } hashes[] = {{L"T", FALSE, 0x00000054},    {L"Test", FALSE, 0x766bb952},
                  {L"TeSt", FALSE, 0x764bb172}, {L"test", FALSE, 0x4745d132},
                  {L"test", TRUE, 0x6689c132},  {L"TEST", TRUE, 0x6689c132},
                  {L"TEST", FALSE, 0x6689c132}, {L"", FALSE, 0},
                  {L"t", TRUE, 0x54},           {L"a\xe4", TRUE, 0x41 * 65599u + 0xc4}};
    UNICODE_STRING text;
    ULONG hash;

    for (unsigned i = 0; i < sizeof(hashes) / sizeof(hashes[0]); i++) {
        RtlInitUnicodeString(&text, hashes[i].text);
        for (ULONG algorithm = 0; algorithm < 2; algorithm++) {
            hash = 0xdeadbeef;
            CHECK_EQ(RtlHashUnicodeString(&text, hashes[i].fold, algorithm, &hash), 0);
            CHECK_EQ(hash, hashes[i].hash);
        }
    }
    CHECK_EQ((ULONG)RtlHashUnicodeString(&text, FALSE, 2, &hash), INVALID);
    CHECK_EQ((ULONG)RtlHashUnicodeString(&text, FALSE, 0, NULL), INVALID);
    CHECK_EQ((ULONG)RtlHashUnicodeString(NULL, FALSE, 0, &hash), INVALID);
}

/* --- times ------------------------------------------------------------------------------------------------------- */

static BOOL leap(int year)
{
    return (year % 4 == 0 && year % 100) || year % 400 == 0;
}

static void check_times(void)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    LONGLONG day = 0;

    /* The first and the last day of each month from 1601 to 2400, at changing times of the day. */
    for (int year = 1601; year <= 2400; year++)
        for (int month = 1; month <= 12; month++) {
            int length = days[month - 1] + (month == 2 && leap(year));
            if (year < 1605 || year % 37 == 0 || year % 100 == 0 || (year > 1968 && year < 1982)) {
                for (int which = 0; which < 2; which++) {
                    int date = which ? length : 1;
                    FIELDS fields = {
                        (SHORT)year,        (SHORT)month,           (SHORT)date,          (SHORT)(month + 5),
                        (SHORT)(date + 20), (SHORT)(date * 2 % 60), (SHORT)(year % 1000), 0};
                    FIELDS back;
                    LARGE_INTEGER time;
                    LONGLONG expected = (day + date - 1) * 864000000000ll + fields.hour * 36000000000ll +
                                        fields.minute * 600000000ll + fields.second * 10000000ll +
                                        fields.milliseconds * 10000ll;
                    CHECK(RtlTimeFieldsToTime(&fields, &time));
                    CHECK_EQ(time.QuadPart, expected);
                    time.QuadPart += 9999;
                    RtlTimeToTimeFields(&time, &back);
                    fields.weekday = (SHORT)((day + date) % 7); /* the first was a Monday */
                    CHECK(!memcmp(&fields, &back, sizeof(fields)));
                }
            }
            day += length;
        }
}

static void check_bad_fields(void)
{
    static const FIELDS bad[] = {
        {1600, 12, 31, 0, 0, 0, 0, 0},  {2000, 0, 1, 0, 0, 0, 0, 0},  {2000, 13, 1, 0, 0, 0, 0, 0},
        {2000, 1, 0, 0, 0, 0, 0, 0},    {2000, 1, 32, 0, 0, 0, 0, 0}, {2001, 2, 29, 0, 0, 0, 0, 0},
        {1900, 2, 29, 0, 0, 0, 0, 0},   {2000, 4, 31, 0, 0, 0, 0, 0}, {2000, 1, 1, 24, 0, 0, 0, 0},
        {2000, 1, 1, -1, 0, 0, 0, 0},   {2000, 1, 1, 0, 60, 0, 0, 0}, {2000, 1, 1, 0, 0, 60, 0, 0},
        {2000, 1, 1, 0, 0, 0, 1000, 0}, {2000, 1, 1, 0, 0, 0, -1, 0},
    };

    for (unsigned i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        FIELDS fields = bad[i];
        LARGE_INTEGER time;
        if (check_under_wine() && (fields.hour < 0 || fields.milliseconds < 0)) /* Wine takes negative ones */
            continue;
        CHECK(!RtlTimeFieldsToTime(&fields, &time));
    }
}

static void check_seconds(void)
{
    static const struct {
        LONGLONG time;
        BOOLEAN in1970, in1980;
        DWORD since1970, since1980;
    } cases[] = {
        {0, FALSE, FALSE, 0, 0},
        {116444736000000000ll - 1, FALSE, FALSE, 0, 0},
        {116444736000000000ll, TRUE, FALSE, 0, 0},
        {116444736010000000ll, TRUE, FALSE, 1, 0},
        {119600064000000000ll - 1, TRUE, FALSE, 315532799, 0},
        {119600064000000000ll, TRUE, TRUE, 315532800, 0},
        {119600064000000000ll + 9999999, TRUE, TRUE, 315532800, 0},
        {159394408950000000ll, TRUE, TRUE, 0xffffffff, 0xffffffff - 315532800},
        {159394408960000000ll, FALSE, TRUE, 0, 0xffffffff - 315532799},
        {162549736950000000ll, FALSE, TRUE, 0, 0xffffffff},
        {162549736960000000ll, FALSE, FALSE, 0, 0},
    };

    for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        LARGE_INTEGER time = {.QuadPart = cases[i].time}, back;
        DWORD seconds = 5;
        CHECK_EQ(RtlTimeToSecondsSince1970(&time, &seconds), cases[i].in1970);
        if (cases[i].in1970) {
            CHECK_EQ(seconds, cases[i].since1970);
            RtlSecondsSince1970ToTime(seconds, &back);
            CHECK_EQ(back.QuadPart, time.QuadPart / 10000000 * 10000000);
        }
        CHECK_EQ(RtlTimeToSecondsSince1980(&time, &seconds), cases[i].in1980);
        if (cases[i].in1980) {
            CHECK_EQ(seconds, cases[i].since1980);
            RtlSecondsSince1980ToTime(seconds, &back);
            CHECK_EQ(back.QuadPart, time.QuadPart / 10000000 * 10000000);
        }
    }
}

int main(void)
{
    check_parse();
    check_print();
    check_compare();
    check_case();
    check_append();
    check_guid();
    check_hash();
    check_times();
    check_bad_fields();
    check_seconds();
    return check_done();
}
