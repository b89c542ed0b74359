/*
 * msvcp_istream.c: does std::istream read numbers, characters and lines as Microsoft's library does?
 * Values and stream states for each text, in all bases.
 */
#include "msvcp.h"

static struct streambuf sb;
static struct istream in;

static const struct {
    int flags;
    const char *text;
    int i16, s16, i32, s32;
    unsigned u32;
    int su32;
    long long i64;
    int s64;
} integers[] = {
    {0x201, "0", 0, 1, 0, 1, 0, 1, 0LL, 1},
    {0x201, "42", 42, 1, 42, 1, 42, 1, 42LL, 1},
    {0x201, "-42", -42, 1, -42, 1, 4294967254, 1, -42LL, 1},
    {0x201, "+7", 7, 1, 7, 1, 7, 1, 7LL, 1},
    {0x201, "  99 ", 99, 0, 99, 0, 99, 0, 99LL, 0},
    {0x201, "017", 17, 1, 17, 1, 17, 1, 17LL, 1},
    {0x201, "0x1F", 0, 0, 0, 0, 0, 0, 0LL, 0},
    {0x201, "0x", 0, 0, 0, 0, 0, 0, 0LL, 0},
    {0x201, "ff", 0, 2, 0, 2, 0, 2, 0LL, 2},
    {0x201, "FFg", 0, 2, 0, 2, 0, 2, 0LL, 2},
    {0x201, "", 77, 3, 77, 3, 77, 3, 77LL, 3},
    {0x201, "abc", 0, 2, 0, 2, 0, 2, 0LL, 2},
    {0x201, "-", 0, 3, 0, 3, 0, 3, 0LL, 3},
    {0x201, "2147483647", 32767, 3, 2147483647, 1, 2147483647, 1, 2147483647LL, 1},
    {0x201, "2147483648", 32767, 3, 2147483647, 3, 2147483648, 1, 2147483648LL, 1},
    {0x201, "-2147483648", -32768, 3, -2147483647 - 1, 1, 2147483648, 1, -2147483648LL, 1},
    {0x201, "-2147483649", -32768, 3, -2147483647 - 1, 3, 2147483647, 1, -2147483649LL, 1},
    {0x201, "4294967295", 32767, 3, 2147483647, 3, 4294967295, 1, 4294967295LL, 1},
    {0x201, "4294967296", 32767, 3, 2147483647, 3, 4294967295, 3, 4294967296LL, 1},
    {0x201, "99999999999999999999", 32767, 3, 2147483647, 3, 4294967295, 3, 9223372036854775807LL, 3},
    {0x201, "-1", -1, 1, -1, 1, 4294967295, 1, -1LL, 1},
    {0x201, "65536", 32767, 3, 65536, 1, 65536, 1, 65536LL, 1},
    {0x201, "-65536", -32768, 3, -65536, 1, 4294901760, 1, -65536LL, 1},
    {0x201, "32767", 32767, 1, 32767, 1, 32767, 1, 32767LL, 1},
    {0x201, "32768", 32767, 3, 32768, 1, 32768, 1, 32768LL, 1},
    {0x201, "1,234", 1, 0, 1, 0, 1, 0, 1LL, 0},
    {0x201, "08", 8, 1, 8, 1, 8, 1, 8LL, 1},
    {0x201, "0b1", 0, 0, 0, 0, 0, 0, 0LL, 0},
    {0x201, "1e3", 1, 0, 1, 0, 1, 0, 1LL, 0},
    {0x201, "00012", 12, 1, 12, 1, 12, 1, 12LL, 1},
    {0x401, "0", 0, 1, 0, 1, 0, 1, 0LL, 1},
    {0x401, "42", 34, 1, 34, 1, 34, 1, 34LL, 1},
    {0x401, "-42", -34, 1, -34, 1, 4294967262, 1, -34LL, 1},
    {0x401, "+7", 7, 1, 7, 1, 7, 1, 7LL, 1},
    {0x401, "  99 ", 0, 2, 0, 2, 0, 2, 0LL, 2},
    {0x401, "017", 15, 1, 15, 1, 15, 1, 15LL, 1},
    {0x401, "0x1F", 0, 0, 0, 0, 0, 0, 0LL, 0},
    {0x401, "0x", 0, 0, 0, 0, 0, 0, 0LL, 0},
    {0x401, "ff", 0, 2, 0, 2, 0, 2, 0LL, 2},
    {0x401, "FFg", 0, 2, 0, 2, 0, 2, 0LL, 2},
    {0x401, "", 77, 3, 77, 3, 77, 3, 77LL, 3},
    {0x401, "abc", 0, 2, 0, 2, 0, 2, 0LL, 2},
    {0x401, "-", 0, 3, 0, 3, 0, 3, 0LL, 3},
    {0x401, "2147483647", 9020, 0, 9020, 0, 9020, 0, 9020LL, 0},
    {0x401, "2147483648", 9020, 0, 9020, 0, 9020, 0, 9020LL, 0},
    {0x401, "-2147483648", -9020, 0, -9020, 0, 4294958276, 0, -9020LL, 0},
    {0x401, "-2147483649", -9020, 0, -9020, 0, 4294958276, 0, -9020LL, 0},
    {0x401, "4294967295", 34, 0, 34, 0, 34, 0, 34LL, 0},
    {0x401, "4294967296", 34, 0, 34, 0, 34, 0, 34LL, 0},
    {0x401, "99999999999999999999", 0, 2, 0, 2, 0, 2, 0LL, 2},
    {0x401, "-1", -1, 1, -1, 1, 4294967295, 1, -1LL, 1},
    {0x401, "65536", 27486, 1, 27486, 1, 27486, 1, 27486LL, 1},
    {0x401, "-65536", -27486, 1, -27486, 1, 4294939810, 1, -27486LL, 1},
    {0x401, "32767", 13815, 1, 13815, 1, 13815, 1, 13815LL, 1},
    {0x401, "32768", 1726, 0, 1726, 0, 1726, 0, 1726LL, 0},
    {0x401, "1,234", 1, 0, 1, 0, 1, 0, 1LL, 0},
    {0x401, "08", 0, 0, 0, 0, 0, 0, 0LL, 0},
    {0x401, "0b1", 0, 0, 0, 0, 0, 0, 0LL, 0},
    {0x401, "1e3", 1, 0, 1, 0, 1, 0, 1LL, 0},
    {0x401, "00012", 10, 1, 10, 1, 10, 1, 10LL, 1},
    {0x801, "0", 0, 1, 0, 1, 0, 1, 0LL, 1},
    {0x801, "42", 66, 1, 66, 1, 66, 1, 66LL, 1},
    {0x801, "-42", -66, 1, -66, 1, 4294967230, 1, -66LL, 1},
    {0x801, "+7", 7, 1, 7, 1, 7, 1, 7LL, 1},
    {0x801, "  99 ", 153, 0, 153, 0, 153, 0, 153LL, 0},
    {0x801, "017", 23, 1, 23, 1, 23, 1, 23LL, 1},
    {0x801, "0x1F", 31, 1, 31, 1, 31, 1, 31LL, 1},
    {0x801, "0x", 0, 3, 0, 3, 0, 3, 0LL, 3},
    {0x801, "ff", 255, 1, 255, 1, 255, 1, 255LL, 1},
    {0x801, "FFg", 255, 0, 255, 0, 255, 0, 255LL, 0},
    {0x801, "", 77, 3, 77, 3, 77, 3, 77LL, 3},
    {0x801, "abc", 2748, 1, 2748, 1, 2748, 1, 2748LL, 1},
    {0x801, "-", 0, 3, 0, 3, 0, 3, 0LL, 3},
    {0x801, "2147483647", 32767, 3, 2147483647, 3, 4294967295, 3, 142929835591LL, 1},
    {0x801, "2147483648", 32767, 3, 2147483647, 3, 4294967295, 3, 142929835592LL, 1},
    {0x801, "-2147483648", -32768, 3, -2147483647 - 1, 3, 4294967295, 3, -142929835592LL, 1},
    {0x801, "-2147483649", -32768, 3, -2147483647 - 1, 3, 4294967295, 3, -142929835593LL, 1},
    {0x801, "4294967295", 32767, 3, 2147483647, 3, 4294967295, 3, 285960729237LL, 1},
    {0x801, "4294967296", 32767, 3, 2147483647, 3, 4294967295, 3, 285960729238LL, 1},
    {0x801, "99999999999999999999", 32767, 3, 2147483647, 3, 4294967295, 3, 9223372036854775807LL, 3},
    {0x801, "-1", -1, 1, -1, 1, 4294967295, 1, -1LL, 1},
    {0x801, "65536", 32767, 3, 415030, 1, 415030, 1, 415030LL, 1},
    {0x801, "-65536", -32768, 3, -415030, 1, 4294552266, 1, -415030LL, 1},
    {0x801, "32767", 32767, 3, 206695, 1, 206695, 1, 206695LL, 1},
    {0x801, "32768", 32767, 3, 206696, 1, 206696, 1, 206696LL, 1},
    {0x801, "1,234", 1, 0, 1, 0, 1, 0, 1LL, 0},
    {0x801, "08", 8, 1, 8, 1, 8, 1, 8LL, 1},
    {0x801, "0b1", 177, 1, 177, 1, 177, 1, 177LL, 1},
    {0x801, "1e3", 483, 1, 483, 1, 483, 1, 483LL, 1},
    {0x801, "00012", 18, 1, 18, 1, 18, 1, 18LL, 1},
    {0x1, "0", 0, 1, 0, 1, 0, 1, 0LL, 1},
    {0x1, "42", 42, 1, 42, 1, 42, 1, 42LL, 1},
    {0x1, "-42", -42, 1, -42, 1, 4294967254, 1, -42LL, 1},
    {0x1, "+7", 7, 1, 7, 1, 7, 1, 7LL, 1},
    {0x1, "  99 ", 99, 0, 99, 0, 99, 0, 99LL, 0},
    {0x1, "017", 15, 1, 15, 1, 15, 1, 15LL, 1},
    {0x1, "0x1F", 31, 1, 31, 1, 31, 1, 31LL, 1},
    {0x1, "0x", 0, 3, 0, 3, 0, 3, 0LL, 3},
    {0x1, "ff", 0, 2, 0, 2, 0, 2, 0LL, 2},
    {0x1, "FFg", 0, 2, 0, 2, 0, 2, 0LL, 2},
    {0x1, "", 77, 3, 77, 3, 77, 3, 77LL, 3},
    {0x1, "abc", 0, 2, 0, 2, 0, 2, 0LL, 2},
    {0x1, "-", 0, 3, 0, 3, 0, 3, 0LL, 3},
    {0x1, "2147483647", 32767, 3, 2147483647, 1, 2147483647, 1, 2147483647LL, 1},
    {0x1, "2147483648", 32767, 3, 2147483647, 3, 2147483648, 1, 2147483648LL, 1},
    {0x1, "-2147483648", -32768, 3, -2147483647 - 1, 1, 2147483648, 1, -2147483648LL, 1},
    {0x1, "-2147483649", -32768, 3, -2147483647 - 1, 3, 2147483647, 1, -2147483649LL, 1},
    {0x1, "4294967295", 32767, 3, 2147483647, 3, 4294967295, 1, 4294967295LL, 1},
    {0x1, "4294967296", 32767, 3, 2147483647, 3, 4294967295, 3, 4294967296LL, 1},
    {0x1, "99999999999999999999", 32767, 3, 2147483647, 3, 4294967295, 3, 9223372036854775807LL, 3},
    {0x1, "-1", -1, 1, -1, 1, 4294967295, 1, -1LL, 1},
    {0x1, "65536", 32767, 3, 65536, 1, 65536, 1, 65536LL, 1},
    {0x1, "-65536", -32768, 3, -65536, 1, 4294901760, 1, -65536LL, 1},
    {0x1, "32767", 32767, 1, 32767, 1, 32767, 1, 32767LL, 1},
    {0x1, "32768", 32767, 3, 32768, 1, 32768, 1, 32768LL, 1},
    {0x1, "1,234", 1, 0, 1, 0, 1, 0, 1LL, 0},
    {0x1, "08", 0, 0, 0, 0, 0, 0, 0LL, 0},
    {0x1, "0b1", 0, 0, 0, 0, 0, 0, 0LL, 0},
    {0x1, "1e3", 1, 0, 1, 0, 1, 0, 1LL, 0},
    {0x1, "00012", 10, 1, 10, 1, 10, 1, 10LL, 1},
};

static const struct {
    const char *text;
    double value;
    int state;
    float single;
    int single_state;
} reals[] = {
    {"0", 0, 1, 0, 1},
    {"1", 1, 1, 1, 1},
    {"-1.5", -1.5, 1, -1.5, 1},
    {"+2.25", 2.25, 1, 2.25, 1},
    {"1e3", 1000, 1, 1000, 1},
    {"1E+3", 1000, 1, 1000, 1},
    {"1e-3", 0.001, 1, 0.00100000005, 1},
    {"1e", 0, 3, 0, 3},
    {"1e+", 0, 3, 0, 3},
    {".5", 0.5, 1, 0.5, 1},
    {"5.", 5, 1, 5, 1},
    {".", 0, 3, 0, 3},
    {"-.5e1x", -5, 0, -5, 0},
    {"0x1p4", 0, 0, 0, 0},
    {"0x1.8p1", 0, 0, 0, 0},
    {"0x", 0, 0, 0, 0},
    {"inf", 0, 2, 0, 2},
    {"nan", 0, 2, 0, 2},
    {"1e400", 0, 3, 0, 3},
    {"-1e400", 0, 3, 0, 3},
    {"1e-400", 0, 3, 0, 3},
    {"123456789012345678901234567890", 1.2345678901234568e+29, 1, 1.23456789e+29, 1},
    {"0.1", 0.10000000000000001, 1, 0.100000001, 1},
    {"  7 ", 7, 0, 7, 0},
    {"1,5", 1, 0, 1, 0},
    {"00.10", 0.10000000000000001, 1, 0.100000001, 1},
    {"1.7976931348623157e308", 1.7976931348623157e+308, 1, 0, 3},
    {"4.9e-324", 4.9406564584124654e-324, 1, 0, 3},
    {"2.4703282292062327e-324", 0, 3, 0, 3},
    {"9007199254740993", 9007199254740992, 1, 9.00719925e+15, 1},
    {"1.5.5", 1.5, 0, 1.5, 0},
    {"1e5000", 0, 3, 0, 3},
};

static const struct {
    int alpha;
    const char *text;
    int value, state;
} bools[] = {
    {0, "0", 0, 1}, {0, "1", 1, 1},   {0, "2", 1, 3},     {0, "-1", 1, 3},   {0, "true", 0, 2}, {0, "false", 0, 2},
    {0, "t", 0, 2}, {0, "tru", 0, 2}, {0, "truex", 0, 2}, {0, "fals", 0, 2}, {0, "", 77, 3},    {0, "  true", 0, 2},
    {1, "0", 0, 2}, {1, "1", 0, 2},   {1, "2", 0, 2},     {1, "-1", 0, 2},   {1, "true", 1, 1}, {1, "false", 0, 1},
    {1, "t", 0, 3}, {1, "tru", 0, 3}, {1, "truex", 1, 0}, {1, "fals", 0, 3}, {1, "", 77, 3},    {1, "  true", 1, 1},
};

static void start(const char *text, int flags)
{
    istream_make(&in, &sb, text);
    in.ios.flags = flags;
}

#define EXTRACT(type, value) CALL(void *, "??5" ISTREAM "QEAAAEAV01@AEA" type "@Z", void *, void *)(&in, value)

static void test_integers(void)
{
    for (unsigned i = 0; i < sizeof(integers) / sizeof(*integers); i++) {
        int i32 = 77;
        short i16 = 77;
        unsigned u32 = 77;
        long long i64 = 77;
        int failed = check_failed;
        start(integers[i].text, integers[i].flags);
        EXTRACT("H", &i32);
        CHECK_EQ(i32, integers[i].i32);
        CHECK_EQ(in.ios.state, integers[i].s32);
        start(integers[i].text, integers[i].flags);
        EXTRACT("F", &i16);
        CHECK_EQ(i16, integers[i].i16);
        CHECK_EQ(in.ios.state, integers[i].s16);
        start(integers[i].text, integers[i].flags);
        EXTRACT("I", &u32);
        CHECK_EQ(u32, integers[i].u32);
        CHECK_EQ(in.ios.state, integers[i].su32);
        start(integers[i].text, integers[i].flags);
        EXTRACT("_J", &i64);
        CHECK_EQ(i64, integers[i].i64);
        CHECK_EQ(in.ios.state, integers[i].s64);
        if (check_failed != failed)
            printf("  that was \"%s\" with flags %#x\n", integers[i].text, integers[i].flags);
    }
}

static void test_reals(void)
{
    for (unsigned i = 0; i < sizeof(reals) / sizeof(*reals); i++) {
        double value = 77;
        float single = 77;
        int failed = check_failed;
        start(reals[i].text, F_SKIPWS | F_DEC);
        EXTRACT("N", &value);
        CHECK(value == reals[i].value);
        CHECK_EQ(in.ios.state, reals[i].state);
        start(reals[i].text, F_SKIPWS | F_DEC);
        EXTRACT("M", &single);
        CHECK(single == reals[i].single);
        CHECK_EQ(in.ios.state, reals[i].single_state);
        if (check_failed != failed)
            printf("  that was \"%s\": %.17g, %.9g\n", reals[i].text, value, single);
    }
}

static void test_bools(void)
{
    for (unsigned i = 0; i < sizeof(bools) / sizeof(*bools); i++) {
        unsigned char value = 77;
        start(bools[i].text, F_SKIPWS | F_DEC | (bools[i].alpha ? F_ALPHA : 0));
        EXTRACT("_N", &value);
        CHECK_EQ(value, bools[i].value);
        CHECK_EQ(in.ios.state, bools[i].state);
    }
}

#define GET CALL(int, "?get@" ISTREAM "QEAAHXZ", void *)
#define PEEK CALL(int, "?peek@" ISTREAM "QEAAHXZ", void *)
#define GETLINE CALL(void *, "?getline@" ISTREAM "QEAAAEAV12@PEAD_J@Z", void *, char *, long long)
#define GET_TEXT CALL(void *, "?get@" ISTREAM "QEAAAEAV12@PEAD_J@Z", void *, char *, long long)
#define SKIP CALL(void *, "?ignore@" ISTREAM "QEAAAEAV12@_JH@Z", void *, long long, int)
#define READ CALL(void *, "?read@" ISTREAM "QEAAAEAV12@PEAD_J@Z", void *, char *, long long)
#define UNGET CALL(void *, "?unget@" ISTREAM "QEAAAEAV12@XZ", void *)
#define PUTBACK CALL(void *, "?putback@" ISTREAM "QEAAAEAV12@D@Z", void *, char)
#define GCOUNT CALL(long long, "?gcount@" ISTREAM "QEBA_JXZ", void *)
#define READSOME CALL(long long, "?readsome@" ISTREAM "QEAA_JPEAD_J@Z", void *, char *, long long)

static void test_characters(void)
{
    start("ab\xff", F_SKIPWS);
    CHECK_EQ(PEEK(&in), 'a');
    CHECK_EQ(GCOUNT(&in), 0);
    CHECK_EQ(GET(&in), 'a');
    CHECK_EQ(GCOUNT(&in), 1);
    CHECK_EQ(GET(&in), 'b');
    UNGET(&in);
    CHECK_EQ(GCOUNT(&in), 0);
    CHECK_EQ(GET(&in), 'b');
    PUTBACK(&in, 'b');
    CHECK_EQ(in.ios.state, 0);
    CHECK_EQ(GET(&in), 'b');
    CHECK_EQ(GET(&in), 0xff);
    CHECK_EQ(in.ios.state, 0);
    CHECK_EQ(PEEK(&in), -1);
    CHECK_EQ(in.ios.state, S_EOF);
    CHECK_EQ(GET(&in), -1);
    CHECK_EQ(in.ios.state, S_EOF | S_FAIL);
    in.ios.state = 0;
    CHECK_EQ(GET(&in), -1);
    CHECK_EQ(in.ios.state, S_EOF | S_FAIL);

    start("x", F_SKIPWS);
    PUTBACK(&in, 'y');
    CHECK_EQ(in.ios.state, S_BAD);
    start("", F_SKIPWS);
    UNGET(&in);
    CHECK_EQ(in.ios.state, S_BAD);

    /* Going back works at the end. */
    start("q", F_SKIPWS);
    CHECK_EQ(GET(&in), 'q');
    CHECK_EQ(PEEK(&in), -1);
    UNGET(&in);
    CHECK_EQ(in.ios.state, 0);
    CHECK_EQ(GET(&in), 'q');
}

static void test_lines(void)
{
    char text[16];

    start("one\ntwo\n\nlong line here", F_SKIPWS);
    GETLINE(&in, text, sizeof(text));
    CHECK_STR(text, "one");
    CHECK_EQ(GCOUNT(&in), 4);
    GETLINE(&in, text, 3);
    CHECK_STR(text, "tw");
    CHECK_EQ(in.ios.state, S_FAIL);
    CHECK_EQ(GCOUNT(&in), 2);
    in.ios.state = 0;
    GETLINE(&in, text, sizeof(text));
    CHECK_STR(text, "o");
    GETLINE(&in, text, sizeof(text));
    CHECK_STR(text, "");
    CHECK_EQ(in.ios.state, 0);
    CHECK_EQ(GCOUNT(&in), 1);
    GETLINE(&in, text, sizeof(text));
    CHECK_STR(text, "long line here");
    CHECK_EQ(in.ios.state, S_EOF);
    GETLINE(&in, text, sizeof(text));
    CHECK_EQ(in.ios.state, S_EOF | S_FAIL);

    /* A text that fits exactly */
    start("abc\nd", F_SKIPWS);
    GETLINE(&in, text, 4);
    CHECK_STR(text, "abc");
    CHECK_EQ(in.ios.state, 0);
    CHECK_EQ(GET(&in), 'd');

    start("abc\n\nd", F_SKIPWS);
    GET_TEXT(&in, text, sizeof(text));
    CHECK_STR(text, "abc");
    CHECK_EQ(PEEK(&in), '\n');
    CHECK_EQ(GET(&in), '\n');
    GET_TEXT(&in, text, sizeof(text));
    CHECK_STR(text, "");
    CHECK_EQ(in.ios.state, S_FAIL);
    in.ios.state = 0;
    CHECK_EQ(GET(&in), '\n');
    GET_TEXT(&in, text, 1);
    CHECK_STR(text, "");
    CHECK_EQ(in.ios.state, S_FAIL);
}

static void test_blocks(void)
{
    char text[16] = "";

    start("abcdefgh", F_SKIPWS);
    READ(&in, text, 3);
    CHECK(!memcmp(text, "abc", 3));
    CHECK_EQ(GCOUNT(&in), 3);
    SKIP(&in, 2, -1);
    CHECK_EQ(GCOUNT(&in), 2);
    CHECK_EQ(PEEK(&in), 'f');
    SKIP(&in, 100, 'g');
    CHECK_EQ(GCOUNT(&in), 2);
    CHECK_EQ(READSOME(&in, text, 10), 1);
    CHECK_EQ(text[0], 'h');
    CHECK_EQ(in.ios.state, 0);
    READ(&in, text, 1);
    CHECK_EQ(in.ios.state, S_EOF | S_FAIL);
    CHECK_EQ(GCOUNT(&in), 0);
    in.ios.state = 0;
    SKIP(&in, 0x7fffffffffffffff, '\n');
    CHECK_EQ(in.ios.state, S_EOF);

    start("  \t\n x", F_SKIPWS);
    CHECK(CALL(unsigned char, "?_Ipfx@" ISTREAM "QEAA_N_N@Z", void *, int)(&in, 0));
    CHECK_EQ(GET(&in), 'x');
    start("  x", F_SKIPWS);
    CHECK(CALL(unsigned char, "?_Ipfx@" ISTREAM "QEAA_N_N@Z", void *, int)(&in, 1));
    CHECK_EQ(GET(&in), ' ');
    start("   ", F_SKIPWS);
    CHECK(!CALL(unsigned char, "?_Ipfx@" ISTREAM "QEAA_N_N@Z", void *, int)(&in, 0));
    CHECK_EQ(in.ios.state, S_EOF | S_FAIL);

    /* Without a buffer */
    memset(&in, 0xcc, sizeof(in));
    CALL(void *, "??0" ISTREAM "QEAA@PEAV?$basic_streambuf@DU?$char_traits@D@std@@@1@_N@Z", void *, void *, int, int)
    (&in, NULL, 0, 1);
    CHECK_EQ(in.ios.state, S_BAD);
    CHECK_EQ(in.count, 0);
    CHECK_EQ(GET(&in), -1);
    CHECK_EQ(in.ios.state, S_BAD | S_FAIL);
}

int main(void)
{
    test_integers();
    test_reals();
    test_bools();
    test_characters();
    test_lines();
    test_blocks();
    return check_done();
}
