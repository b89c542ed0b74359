/*
 * Are numbers read and written correctly rounded, and in range?  strtod of the hard cases, integers of every kind,
 * _ecvt and _gcvt, in msvcrt and ucrtbase.
 */
#include "check.h"
#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdint.h>

typedef double(__cdecl *strtod_fn)(const char *, char **);
typedef double(__cdecl *wcstod_fn)(const wchar_t *, wchar_t **);
typedef float(__cdecl *strtof_fn)(const char *, char **);
typedef int *(__cdecl *errno_fn)(void);

static HMODULE msvcrt, ucrt;
#define GET(module, type, name) ((type)(void *)GetProcAddress(module, name))

/* Decimal texts and the bits that they round to. */
static const struct {
    const char *text;
    uint64_t bits;
} doubles[] = {
    {"0", 0},
    {"-0", 0x8000000000000000},
    {"1", 0x3ff0000000000000},
    {"0.1", 0x3fb999999999999a},
    {"0.2", 0x3fc999999999999a},
    {"0.3", 0x3fd3333333333333},
    {"1e23", 0x44b52d02c7e14af6},
    {"8.5e22", 0x44b1ffdbf6b2b2eb},
    {"9007199254740993", 0x4340000000000000},
    {"9007199254740992.9999999999999999999", 0x4340000000000000},
    {"9007199254740993.00000000000000000001", 0x4340000000000001},
    {"9007199254740995", 0x4340000000000002},
    {"1.7976931348623157e308", 0x7fefffffffffffff},
    {"1.7976931348623158e308", 0x7fefffffffffffff},
    {"2.2250738585072014e-308", 0x10000000000000},
    {"2.2250738585072011e-308", 0xfffffffffffff},
    {"2.2250738585072012e-308", 0x10000000000000},
    {"4.9406564584124654e-324", 1},
    {"4.9e-324", 1},
    {"2.5e-324", 1},
    {"2.4703282292062328e-324", 1},
    {"1e-323", 2},
    {"6.9294956446009195e15", 0x43389e56ee5e7a58},
    {"3.5844466002796428e298", 0x7deb67769db917d9},
    {"123456789012345678901234567890", 0x45f8ee90ff6c373e},
    {"0.000000000000000000000000000000000000000001", 0x37364cfda3281e39},
    {"1.00000000000000011102230246251565404236316680908203125", 0x3ff0000000000000},
    {"1.00000000000000011102230246251565404236316680908203124", 0x3ff0000000000000},
    {"1.00000000000000011102230246251565404236316680908203126", 0x3ff0000000000001},
    {"1.00000000000000033306690738754696212708950042724609375", 0x3ff0000000000002},
    {"5e-1", 0x3fe0000000000000},
    {"  +12.5e1", 0x405f400000000000},
    {"100000000000000000000000000000000000000000000000000e-50", 0x3ff0000000000000},
    {"0.00000000000000000000000000000000000000000000000001e50", 0x3ff0000000000000},
};

static uint64_t bits_of(double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof(bits));
    return bits;
}

static void test_doubles(HMODULE module)
{
    strtod_fn narrow = GET(module, strtod_fn, "strtod");
    wcstod_fn wide = GET(module, wcstod_fn, "wcstod");
    for (size_t i = 0; i < sizeof(doubles) / sizeof(doubles[0]); i++) {
        const char *text = doubles[i].text;
        wchar_t units[128], *wide_end;
        char *end;
        CHECK_EQ(bits_of(narrow(text, &end)), doubles[i].bits);
        CHECK_EQ(end - text, strlen(text));
        for (size_t j = 0; j <= strlen(text); j++)
            units[j] = (unsigned char)text[j];
        CHECK_EQ(bits_of(wide(units, &wide_end)), doubles[i].bits);
        CHECK_EQ(wide_end - units, strlen(text));
    }
}

/* What is left behind a number, and texts without one. */
static const struct {
    const char *text;
    double value;
    int used;
} ends[] = {
    {"", 0, 0},    {"abc", 0, 0},  {".", 0, 0},           {"-", 0, 0},         {"+.e1", 0, 0}, {"1e", 1, 1},
    {"1e+", 1, 1}, {"1e+x", 1, 1}, {"1.5.5", 1.5, 3},     {".5x", 0.5, 2},     {"5.x", 5, 2},  {"-.5e1", -5, 5},
    {"1 2", 1, 1}, {"  7", 7, 3},  {"\t\n\v\f\r8", 8, 6}, {"1,5", 1, 1},       {"0x", 0, 1},   {"+1", 1, 2},
    {"--1", 0, 0}, {"1-1", 1, 1},  {"00012", 12, 5},      {"1e0010", 1e10, 6}, {"e5", 0, 0},   {"1e-2z", 0.01, 4},
};

static void test_ends(HMODULE module)
{
    strtod_fn narrow = GET(module, strtod_fn, "strtod");
    for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
        char *end = NULL;
        CHECK(narrow(ends[i].text, &end) == ends[i].value);
        CHECK_EQ(end - ends[i].text, ends[i].used);
    }
}

static void test_range(HMODULE module)
{
    strtod_fn narrow = GET(module, strtod_fn, "strtod");
    errno_fn error = GET(module, errno_fn, "_errno");
    static const struct {
        const char *text;
        double value;
        int error;
    } rows[] = {
        {"1e309", HUGE_VAL, ERANGE},
        {"-1e309", -HUGE_VAL, ERANGE},
        {"1e99999", HUGE_VAL, ERANGE},
        {"1e-400", 0, ERANGE},
        {"1e308", 1e308, 0},
        {"0e99999", 0, 0},
        {"0", 0, 0},
        {"1e-300", 1e-300, 0},
        {"1.7976931348623159e308", HUGE_VAL, ERANGE},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        *error() = 0;
        CHECK(narrow(rows[i].text, NULL) == rows[i].value);
        CHECK_EQ(*error(), rows[i].error);
    }
}

/* ucrtbase alone: hexadecimal numbers, names, single precision. */
static void test_modern(void)
{
    strtod_fn narrow = GET(ucrt, strtod_fn, "strtod");
    strtof_fn single = GET(ucrt, strtof_fn, "strtof");
    errno_fn error = GET(ucrt, errno_fn, "_errno");
    static const struct {
        const char *text;
        double value;
        int used;
    } rows[] = {
        {"0x1p4", 16, 5},
        {"0x1.8p1", 3, 7},
        {"0X.8p1", 1, 6},
        {"0x10", 16, 4},
        {"-0x1p-1", -0.5, 7},
        {"0x1.8", 1.5, 5},
        {"0x1pz", 1, 3},
        {"0xg", 0, 1},
        {"inf", HUGE_VAL, 3},
        {"INFINITY", HUGE_VAL, 8},
        {"infinite", HUGE_VAL, 3},
        {"-inf", -HUGE_VAL, 4},
        {"in", 0, 0},
        {"0x1.fffffffffffff8p0", 2, 20},
        {"0x1.fffffffffffff7p0", 1.9999999999999998, 20},
        {"0x.0000000000001p-1022", 0, 0},
    };
    for (size_t i = 0; i + 1 < sizeof(rows) / sizeof(rows[0]); i++) {
        char *end = NULL;
        CHECK(narrow(rows[i].text, &end) == rows[i].value);
        CHECK_EQ(end - rows[i].text, rows[i].used);
    }
    char *end;
    double nan = narrow("nan", &end);
    CHECK(isnan(nan) && *end == 0);
    CHECK(isnan(narrow("nan(ind)x", &end)) && *end == 'x');
    CHECK(isnan(narrow("NaN(", &end)) && *end == '(');
    CHECK(signbit(narrow("-nan", NULL)) != 0);
    CHECK(single("0.1", NULL) == 0.1f);
    CHECK(single("16777217", NULL) == 16777216.0f);
    CHECK(single("16777219", NULL) == 16777220.0f);
    CHECK(single("3.4028235e38", NULL) == 3.4028234663852886e38f);
    CHECK(single("1e-45", NULL) == 1.401298464324817e-45f);
    *error() = 0;
    CHECK(single("1e39", NULL) == HUGE_VALF);
    CHECK_EQ(*error(), ERANGE);
}

/* --- integers ------------------------------------------------------------------------------------------------------
 */

typedef long(__cdecl *strtol_fn)(const char *, char **, int);
typedef unsigned long(__cdecl *strtoul_fn)(const char *, char **, int);
typedef long long(__cdecl *strtoll_fn)(const char *, char **, int);
typedef unsigned long long(__cdecl *strtoull_fn)(const char *, char **, int);

static const struct {
    const char *text;
    int base, used;
    long l;
    unsigned long ul;
    long long ll;
    int l_error, ul_error;
} integers[] = {
    {"0", 10, 1, 0, 0, 0, 0, 0},
    {"42", 10, 2, 42, 42, 42, 0, 0},
    {"-42", 10, 3, -42, (unsigned long)-42, -42, 0, 0},
    {"+42", 0, 3, 42, 42, 42, 0, 0},
    {"  42x", 10, 4, 42, 42, 42, 0, 0},
    {"0x1f", 0, 4, 31, 31, 31, 0, 0},
    {"0X1F", 16, 4, 31, 31, 31, 0, 0},
    {"1f", 16, 2, 31, 31, 31, 0, 0},
    {"017", 0, 3, 15, 15, 15, 0, 0},
    {"089", 0, 1, 0, 0, 0, 0, 0},
    {"z", 36, 1, 35, 35, 35, 0, 0},
    {"Zz", 36, 2, 1295, 1295, 1295, 0, 0},
    {"101", 2, 3, 5, 5, 5, 0, 0},
    {"102", 2, 2, 2, 2, 2, 0, 0},
    {"0x", 16, 1, 0, 0, 0, 0, 0},
    {"0xg", 0, 1, 0, 0, 0, 0, 0},
    {"", 10, 0, 0, 0, 0, 0, 0},
    {"abc", 10, 0, 0, 0, 0, 0, 0},
    {"-", 10, 0, 0, 0, 0, 0, 0},
    {"- 1", 10, 0, 0, 0, 0, 0, 0},
    {"2147483647", 10, 10, 2147483647, 2147483647ul, 2147483647, 0, 0},
    {"2147483648", 10, 10, 2147483647, 2147483648ul, 2147483648, ERANGE, 0},
    {"-2147483648", 10, 11, LONG_MIN, 2147483648ul, LONG_MIN, 0, 0},
    {"-2147483649", 10, 11, LONG_MIN, 2147483647ul, -2147483649, ERANGE, 0},
    {"4294967295", 10, 10, LONG_MAX, ULONG_MAX, 4294967295, ERANGE, 0},
    {"4294967296", 10, 10, LONG_MAX, ULONG_MAX, 4294967296, ERANGE, ERANGE},
    {"ffffffff", 16, 8, LONG_MAX, ULONG_MAX, 0xffffffff, ERANGE, 0},
    {"99999999999", 10, 11, LONG_MAX, ULONG_MAX, 99999999999, ERANGE, ERANGE},
    {"777", 8, 3, 511, 511, 511, 0, 0},
    {"0000000000000000000000012", 10, 25, 12, 12, 12, 0, 0},
};

static void test_integers(HMODULE module)
{
    strtol_fn l = GET(module, strtol_fn, "strtol");
    strtoul_fn ul = GET(module, strtoul_fn, "strtoul");
    strtoll_fn ll = GET(module, strtoll_fn, "_strtoi64");
    strtoull_fn ull = GET(module, strtoull_fn, "_strtoui64");
    errno_fn error = GET(module, errno_fn, "_errno");
    char *end;
    for (size_t i = 0; i < sizeof(integers) / sizeof(integers[0]); i++) {
        const char *text = integers[i].text;
        *error() = 0;
        CHECK_EQ(l(text, &end, integers[i].base), integers[i].l);
        CHECK_EQ(end - text, integers[i].used);
        CHECK_EQ(*error(), integers[i].l_error);
        *error() = 0;
        CHECK_EQ(ul(text, &end, integers[i].base), integers[i].ul);
        CHECK_EQ(end - text, integers[i].used);
        CHECK_EQ(*error(), integers[i].ul_error);
        CHECK_EQ(ll(text, &end, integers[i].base), integers[i].ll);
        CHECK_EQ(end - text, integers[i].used);
        CHECK_EQ(ull(text, &end, integers[i].base), (unsigned long long)integers[i].ll);
    }
    *error() = 0;
    CHECK_EQ(ll("9223372036854775808", NULL, 10), LLONG_MAX);
    CHECK_EQ(*error(), ERANGE);
    *error() = 0;
    CHECK_EQ(ll("-9223372036854775808", NULL, 10), LLONG_MIN);
    CHECK_EQ(*error(), 0);
    CHECK_EQ(ull("18446744073709551615", NULL, 10), ULLONG_MAX);
    CHECK_EQ(*error(), 0);
    CHECK_EQ(ull("18446744073709551616", NULL, 10), ULLONG_MAX);
    CHECK_EQ(*error(), ERANGE);
}

/* --- digits --------------------------------------------------------------------------------------------------------
 */

static void test_to_text(HMODULE module)
{
    typedef char *(__cdecl * itoa_fn)(int, char *, int);
    typedef char *(__cdecl * i64toa_fn)(long long, char *, int);
    typedef char *(__cdecl * cvt_fn)(double, int, int *, int *);
    typedef char *(__cdecl * gcvt_fn)(double, int, char *);
    static const struct {
        int value, radix;
        const char *text;
    } rows[] = {
        {0, 10, "0"},
        {42, 10, "42"},
        {-42, 10, "-42"},
        {255, 16, "ff"},
        {-1, 16, "ffffffff"},
        {8, 2, "1000"},
        {35, 36, "z"},
        {-1, 8, "37777777777"},
        {INT_MIN, 10, "-2147483648"},
        {INT_MAX, 10, "2147483647"},
        {INT_MIN, 2, "10000000000000000000000000000000"},
        {7, 3, "21"},
    };
    itoa_fn itoa_ = GET(module, itoa_fn, "_itoa");
    i64toa_fn i64toa_ = GET(module, i64toa_fn, "_i64toa");
    char text[80];
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        CHECK_STR(itoa_(rows[i].value, text, rows[i].radix), rows[i].text);
    CHECK_STR(i64toa_(-1, text, 10), "-1");
    CHECK_STR(i64toa_(-1, text, 16), "ffffffffffffffff");
    CHECK_STR(i64toa_(LLONG_MIN, text, 10), "-9223372036854775808");
    CHECK_STR(i64toa_(LLONG_MAX, text, 36), "1y2p0ij32e8e7");

    static const struct {
        double value;
        int count, point, sign;
        const char *digits;
    } e[] =
        {
            {3.14159, 4, 1, 0, "3142"}, {-3.14159, 3, 1, 1, "314"},    {0.001, 3, -2, 0, "100"},
            {1234.5, 5, 4, 0, "12345"}, {1e10, 3, 11, 0, "100"},       {9.999, 3, 2, 0, "100"},
            {0.5, 1, 0, 0, "5"},        {123, 10, 3, 0, "1230000000"},
        },
      f[] = {
          {3.14159, 4, 1, 0, "31416"}, {-3.14159, 2, 1, 1, "314"}, {1234.5, 1, 4, 0, "12345"},
          {0.05, 2, -1, 0, "5"},       {9.999, 2, 2, 0, "1000"},   {123, 3, 3, 0, "123000"},
      };
    cvt_fn ecvt_ = GET(module, cvt_fn, "_ecvt"), fcvt_ = GET(module, cvt_fn, "_fcvt");
    int point, sign;
    for (size_t i = 0; i < sizeof(e) / sizeof(e[0]); i++) {
        CHECK_STR(ecvt_(e[i].value, e[i].count, &point, &sign), e[i].digits);
        CHECK_EQ(point, e[i].point);
        CHECK_EQ(sign != 0, e[i].sign);
    }
    for (size_t i = 0; i < sizeof(f) / sizeof(f[0]); i++) {
        CHECK_STR(fcvt_(f[i].value, f[i].count, &point, &sign), f[i].digits);
        CHECK_EQ(point, f[i].point);
        CHECK_EQ(sign != 0, f[i].sign);
    }
    gcvt_fn gcvt_ = GET(module, gcvt_fn, "_gcvt");
    CHECK_STR(gcvt_(1.5, 5, text), "1.5");
    CHECK_STR(gcvt_(3.1415926, 4, text), "3.142");
    CHECK_STR(gcvt_(100, 5, text), "100.");
    CHECK_STR(gcvt_(-0.25, 5, text), "-0.25");
}

/* Does printing with 17 digits and reading give the same number again? */
static void test_round_trip(HMODULE module)
{
    typedef int(__cdecl * sprintf_fn)(char *, size_t, const char *, ...);
    sprintf_fn print = GET(msvcrt, sprintf_fn, "_snprintf");
    strtod_fn read = GET(module, strtod_fn, "strtod");
    uint64_t state = 12345;
    int wrong = 0;
    char text[64];
    for (int i = 0; i < 2000; i++) {
        double value;
        state = state * 6364136223846793005 + 1442695040888963407;
        uint64_t bits = state ^ state >> 29;
        memcpy(&value, &bits, sizeof(value));
        if (isnan(value) || isinf(value))
            continue;
        print(text, sizeof(text), "%.16e", value);
        wrong += bits_of(read(text, NULL)) != bits;
    }
    CHECK_EQ(wrong, 0);
}

int main(void)
{
    msvcrt = LoadLibraryA("msvcrt.dll");
    ucrt = LoadLibraryA("ucrtbase.dll");
    HMODULE both[] = {msvcrt, ucrt};
    for (int i = 0; i < 2; i++) {
        test_doubles(both[i]);
        test_ends(both[i]);
        test_range(both[i]);
        test_integers(both[i]);
        test_to_text(both[i]);
        test_round_trip(both[i]);
    }
    test_modern();
    return check_done();
}
