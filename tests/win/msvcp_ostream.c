/*
 * msvcp_ostream.c: does std::ostream write numbers as Microsoft's library does?  All flags, widths and fills; then
 * manipulators, states, and what a broken stream does.
 */
#include "msvcp.h"

static struct streambuf sb;
static struct ostream out;
static char text[1024];

static const struct {
    int flags, width;
    char fill;
    long long value;
    const char *expected;
} integers[] = {
    {0x200, 0, '*', 0LL, "0"},
    {0x200, 4, '_', 1LL, "___1"},
    {0x200, 8, ' ', -1LL, "      -1"},
    {0x200, 0, '*', 42LL, "42"},
    {0x200, 4, '_', -42LL, "_-42"},
    {0x200, 8, ' ', 32767LL, "   32767"},
    {0x200, 0, '*', -32768LL, "-32768"},
    {0x200, 4, '_', 2147483647LL, "2147483647"},
    {0x200, 8, ' ', -2147483648LL, "-2147483648"},
    {0x200, 0, '*', 9223372036854775807LL, "9223372036854775807"},
    {0x200, 4, '_', -9223372036854775807LL - 1, "-9223372036854775808"},
    {0x400, 0, '*', 0LL, "0"},
    {0x400, 4, '_', 1LL, "___1"},
    {0x400, 8, ' ', -1LL, "1777777777777777777777"},
    {0x400, 0, '*', 42LL, "52"},
    {0x400, 4, '_', -42LL, "1777777777777777777726"},
    {0x400, 8, ' ', 32767LL, "   77777"},
    {0x400, 0, '*', -32768LL, "1777777777777777700000"},
    {0x400, 4, '_', 2147483647LL, "17777777777"},
    {0x400, 8, ' ', -2147483648LL, "1777777777760000000000"},
    {0x400, 0, '*', 9223372036854775807LL, "777777777777777777777"},
    {0x400, 4, '_', -9223372036854775807LL - 1, "1000000000000000000000"},
    {0x800, 0, '*', 0LL, "0"},
    {0x800, 4, '_', 1LL, "___1"},
    {0x800, 8, ' ', -1LL, "ffffffffffffffff"},
    {0x800, 0, '*', 42LL, "2a"},
    {0x800, 4, '_', -42LL, "ffffffffffffffd6"},
    {0x800, 8, ' ', 32767LL, "    7fff"},
    {0x800, 0, '*', -32768LL, "ffffffffffff8000"},
    {0x800, 4, '_', 2147483647LL, "7fffffff"},
    {0x800, 8, ' ', -2147483648LL, "ffffffff80000000"},
    {0x800, 0, '*', 9223372036854775807LL, "7fffffffffffffff"},
    {0x800, 4, '_', -9223372036854775807LL - 1, "8000000000000000"},
    {0x804, 0, '*', 0LL, "0"},
    {0x804, 4, '_', 1LL, "___1"},
    {0x804, 8, ' ', -1LL, "FFFFFFFFFFFFFFFF"},
    {0x804, 0, '*', 42LL, "2A"},
    {0x804, 4, '_', -42LL, "FFFFFFFFFFFFFFD6"},
    {0x804, 8, ' ', 32767LL, "    7FFF"},
    {0x804, 0, '*', -32768LL, "FFFFFFFFFFFF8000"},
    {0x804, 4, '_', 2147483647LL, "7FFFFFFF"},
    {0x804, 8, ' ', -2147483648LL, "FFFFFFFF80000000"},
    {0x804, 0, '*', 9223372036854775807LL, "7FFFFFFFFFFFFFFF"},
    {0x804, 4, '_', -9223372036854775807LL - 1, "8000000000000000"},
    {0x220, 0, '*', 0LL, "+0"},
    {0x220, 4, '_', 1LL, "__+1"},
    {0x220, 8, ' ', -1LL, "      -1"},
    {0x220, 0, '*', 42LL, "+42"},
    {0x220, 4, '_', -42LL, "_-42"},
    {0x220, 8, ' ', 32767LL, "  +32767"},
    {0x220, 0, '*', -32768LL, "-32768"},
    {0x220, 4, '_', 2147483647LL, "+2147483647"},
    {0x220, 8, ' ', -2147483648LL, "-2147483648"},
    {0x220, 0, '*', 9223372036854775807LL, "+9223372036854775807"},
    {0x220, 4, '_', -9223372036854775807LL - 1, "-9223372036854775808"},
    {0x808, 0, '*', 0LL, "0"},
    {0x808, 4, '_', 1LL, "_0x1"},
    {0x808, 8, ' ', -1LL, "0xffffffffffffffff"},
    {0x808, 0, '*', 42LL, "0x2a"},
    {0x808, 4, '_', -42LL, "0xffffffffffffffd6"},
    {0x808, 8, ' ', 32767LL, "  0x7fff"},
    {0x808, 0, '*', -32768LL, "0xffffffffffff8000"},
    {0x808, 4, '_', 2147483647LL, "0x7fffffff"},
    {0x808, 8, ' ', -2147483648LL, "0xffffffff80000000"},
    {0x808, 0, '*', 9223372036854775807LL, "0x7fffffffffffffff"},
    {0x808, 4, '_', -9223372036854775807LL - 1, "0x8000000000000000"},
    {0x408, 0, '*', 0LL, "0"},
    {0x408, 4, '_', 1LL, "__01"},
    {0x408, 8, ' ', -1LL, "01777777777777777777777"},
    {0x408, 0, '*', 42LL, "052"},
    {0x408, 4, '_', -42LL, "01777777777777777777726"},
    {0x408, 8, ' ', 32767LL, "  077777"},
    {0x408, 0, '*', -32768LL, "01777777777777777700000"},
    {0x408, 4, '_', 2147483647LL, "017777777777"},
    {0x408, 8, ' ', -2147483648LL, "01777777777760000000000"},
    {0x408, 0, '*', 9223372036854775807LL, "0777777777777777777777"},
    {0x408, 4, '_', -9223372036854775807LL - 1, "01000000000000000000000"},
    {0x80c, 0, '*', 0LL, "0"},
    {0x80c, 4, '_', 1LL, "_0X1"},
    {0x80c, 8, ' ', -1LL, "0XFFFFFFFFFFFFFFFF"},
    {0x80c, 0, '*', 42LL, "0X2A"},
    {0x80c, 4, '_', -42LL, "0XFFFFFFFFFFFFFFD6"},
    {0x80c, 8, ' ', 32767LL, "  0X7FFF"},
    {0x80c, 0, '*', -32768LL, "0XFFFFFFFFFFFF8000"},
    {0x80c, 4, '_', 2147483647LL, "0X7FFFFFFF"},
    {0x80c, 8, ' ', -2147483648LL, "0XFFFFFFFF80000000"},
    {0x80c, 0, '*', 9223372036854775807LL, "0X7FFFFFFFFFFFFFFF"},
    {0x80c, 4, '_', -9223372036854775807LL - 1, "0X8000000000000000"},
    {0x240, 0, '*', 0LL, "0"},
    {0x240, 4, '_', 1LL, "1___"},
    {0x240, 8, ' ', -1LL, "-1      "},
    {0x240, 0, '*', 42LL, "42"},
    {0x240, 4, '_', -42LL, "-42_"},
    {0x240, 8, ' ', 32767LL, "32767   "},
    {0x240, 0, '*', -32768LL, "-32768"},
    {0x240, 4, '_', 2147483647LL, "2147483647"},
    {0x240, 8, ' ', -2147483648LL, "-2147483648"},
    {0x240, 0, '*', 9223372036854775807LL, "9223372036854775807"},
    {0x240, 4, '_', -9223372036854775807LL - 1, "-9223372036854775808"},
    {0x908, 0, '*', 0LL, "0"},
    {0x908, 4, '_', 1LL, "0x_1"},
    {0x908, 8, ' ', -1LL, "0xffffffffffffffff"},
    {0x908, 0, '*', 42LL, "0x2a"},
    {0x908, 4, '_', -42LL, "0xffffffffffffffd6"},
    {0x908, 8, ' ', 32767LL, "0x  7fff"},
    {0x908, 0, '*', -32768LL, "0xffffffffffff8000"},
    {0x908, 4, '_', 2147483647LL, "0x7fffffff"},
    {0x908, 8, ' ', -2147483648LL, "0xffffffff80000000"},
    {0x908, 0, '*', 9223372036854775807LL, "0x7fffffffffffffff"},
    {0x908, 4, '_', -9223372036854775807LL - 1, "0x8000000000000000"},
    {0x320, 0, '*', 0LL, "+0"},
    {0x320, 4, '_', 1LL, "+__1"},
    {0x320, 8, ' ', -1LL, "-      1"},
    {0x320, 0, '*', 42LL, "+42"},
    {0x320, 4, '_', -42LL, "-_42"},
    {0x320, 8, ' ', 32767LL, "+  32767"},
    {0x320, 0, '*', -32768LL, "-32768"},
    {0x320, 4, '_', 2147483647LL, "+2147483647"},
    {0x320, 8, ' ', -2147483648LL, "-2147483648"},
    {0x320, 0, '*', 9223372036854775807LL, "+9223372036854775807"},
    {0x320, 4, '_', -9223372036854775807LL - 1, "-9223372036854775808"},
    {0, 0, '*', 0LL, "0"},
    {0, 4, '_', 1LL, "___1"},
    {0, 8, ' ', -1LL, "      -1"},
    {0, 0, '*', 42LL, "42"},
    {0, 4, '_', -42LL, "_-42"},
    {0, 8, ' ', 32767LL, "   32767"},
    {0, 0, '*', -32768LL, "-32768"},
    {0, 4, '_', 2147483647LL, "2147483647"},
    {0, 8, ' ', -2147483648LL, "-2147483648"},
    {0, 0, '*', 9223372036854775807LL, "9223372036854775807"},
    {0, 4, '_', -9223372036854775807LL - 1, "-9223372036854775808"},
    {0xa00, 0, '*', 0LL, "0"},
    {0xa00, 4, '_', 1LL, "___1"},
    {0xa00, 8, ' ', -1LL, "      -1"},
    {0xa00, 0, '*', 42LL, "42"},
    {0xa00, 4, '_', -42LL, "_-42"},
    {0xa00, 8, ' ', 32767LL, "   32767"},
    {0xa00, 0, '*', -32768LL, "-32768"},
    {0xa00, 4, '_', 2147483647LL, "2147483647"},
    {0xa00, 8, ' ', -2147483648LL, "-2147483648"},
    {0xa00, 0, '*', 9223372036854775807LL, "9223372036854775807"},
    {0xa00, 4, '_', -9223372036854775807LL - 1, "-9223372036854775808"},
};

static const struct {
    int flags, width, precision;
    double value;
    const char *expected;
} reals[] = {
    {0, 0, 6, 0, "0"},
    {0, 12, 0, -0.0, "..........-0"},
    {0, 0, 1, 1, "1"},
    {0, 12, 17, -1.5, "........-1.5"},
    {0, 0, -1, 0.10000000000000001, "0.1"},
    {0, 12, 3, 10000000000, ".......1e+10"},
    {0, 0, 6, 1e-10, "1e-10"},
    {0, 12, 0, 123456.789, ".......1e+05"},
    {0, 0, 1, 1e+100, "1e+100"},
    {0, 12, 17, 2.5, ".........2.5"},
    {0, 0, -1, 3.5, "3.5"},
    {0x2000, 0, 0, 0, "0"},
    {0x2000, 12, 1, -0.0, "........-0.0"},
    {0x2000, 0, 17, 1, "1.00000000000000000"},
    {0x2000, 12, -1, -1.5, "...-1.500000"},
    {0x2000, 0, 3, 0.10000000000000001, "0.100"},
    {0x2000, 12, 6, 10000000000, "10000000000.000000"},
    {0x2000, 0, 0, 1e-10, "0"},
    {0x2000, 12, 1, 123456.789, "....123456.8"},
    {0x2000, 0, 17, 1e+100,
     "10000000000000000159028911097599180468360808563945281389781327557747838772170381060813469985856815104."
     "00000000000000000"},
    {0x2000, 12, -1, 2.5, "....2.500000"},
    {0x2000, 0, 3, 3.5, "3.500"},
    {0x1000, 0, 1, 0, "0.0e+00"},
    {0x1000, 12, 17, -0.0, "-0.00000000000000000e+00"},
    {0x1000, 0, -1, 1, "1.000000e+00"},
    {0x1000, 12, 3, -1.5, "..-1.500e+00"},
    {0x1000, 0, 6, 0.10000000000000001, "1.000000e-01"},
    {0x1000, 12, 0, 10000000000, ".......1e+10"},
    {0x1000, 0, 1, 1e-10, "1.0e-10"},
    {0x1000, 12, 17, 123456.789, "1.23456789000000004e+05"},
    {0x1000, 0, -1, 1e+100, "1.000000e+100"},
    {0x1000, 12, 3, 2.5, "...2.500e+00"},
    {0x1000, 0, 6, 3.5, "3.500000e+00"},
    {0x3000, 0, 17, 0, "0x0.0000000000000p+0"},
    {0x3000, 12, -1, -0.0, "-0x0.0000000000000p+0"},
    {0x3000, 0, 3, 1, "0x1.0000000000000p+0"},
    {0x3000, 12, 6, -1.5, "-0x1.8000000000000p+0"},
    {0x3000, 0, 0, 0.10000000000000001, "0x1.999999999999ap-4"},
    {0x3000, 12, 1, 10000000000, "0x1.2a05f20000000p+33"},
    {0x3000, 0, 17, 1e-10, "0x1.b7cdfd9d7bdbbp-34"},
    {0x3000, 12, -1, 123456.789, "0x1.e240c9fbe76c9p+16"},
    {0x3000, 0, 3, 1e+100, "0x1.249ad2594c37dp+332"},
    {0x3000, 12, 6, 2.5, "0x1.4000000000000p+1"},
    {0x4, 0, -1, 0, "0"},
    {0x4, 12, 3, -0.0, "..........-0"},
    {0x4, 0, 6, 1, "1"},
    {0x4, 0, 1, 0.10000000000000001, "0.1"},
    {0x4, 12, 17, 10000000000, ".10000000000"},
    {0x4, 0, -1, 1e-10, "1E-10"},
    {0x4, 12, 3, 123456.789, "....1.23E+05"},
    {0x4, 0, 6, 1e+100, "1E+100"},
    {0x4, 0, 1, 3.5, "4"},
    {0x1004, 0, 3, 0, "0.000E+00"},
    {0x1004, 12, 6, -0.0, "-0.000000E+00"},
    {0x1004, 0, 0, 1, "1E+00"},
    {0x1004, 12, 1, -1.5, "....-1.5E+00"},
    {0x1004, 0, 17, 0.10000000000000001, "1.00000000000000006E-01"},
    {0x1004, 12, -1, 10000000000, "1.000000E+10"},
    {0x1004, 0, 3, 1e-10, "1.000E-10"},
    {0x1004, 12, 6, 123456.789, "1.234568E+05"},
    {0x1004, 0, 0, 1e+100, "1E+100"},
    {0x1004, 12, 1, 2.5, ".....2.5E+00"},
    {0x1004, 0, 17, 3.5, "3.50000000000000000E+00"},
    {0x3004, 0, 6, 0, "0X0.0000000000000P+0"},
    {0x3004, 12, 0, -0.0, "-0X0.0000000000000P+0"},
    {0x3004, 0, 1, 1, "0X1.0000000000000P+0"},
    {0x3004, 12, 17, -1.5, "-0X1.8000000000000P+0"},
    {0x3004, 0, -1, 0.10000000000000001, "0X1.999999999999AP-4"},
    {0x3004, 12, 3, 10000000000, "0X1.2A05F20000000P+33"},
    {0x3004, 0, 6, 1e-10, "0X1.B7CDFD9D7BDBBP-34"},
    {0x3004, 12, 0, 123456.789, "0X1.E240C9FBE76C9P+16"},
    {0x3004, 0, 1, 1e+100, "0X1.249AD2594C37DP+332"},
    {0x3004, 12, 17, 2.5, "0X1.4000000000000P+1"},
    {0x3004, 0, -1, 3.5, "0X1.C000000000000P+1"},
    {0x10, 0, 0, 0, "0."},
    {0x10, 12, 1, -0.0, ".........-0."},
    {0x10, 0, 17, 1, "1.0000000000000000"},
    {0x10, 12, -1, -1.5, "....-1.50000"},
    {0x10, 0, 3, 0.10000000000000001, "0.100"},
    {0x10, 12, 6, 10000000000, ".1.00000e+10"},
    {0x10, 0, 0, 1e-10, "1.e-10"},
    {0x10, 12, 1, 123456.789, "......1.e+05"},
    {0x10, 0, 17, 1e+100, "1.0000000000000000e+100"},
    {0x10, 12, -1, 2.5, ".....2.50000"},
    {0x10, 0, 3, 3.5, "3.50"},
    {0x20, 0, 1, 0, "+0"},
    {0x20, 12, 17, -0.0, "..........-0"},
    {0x20, 0, -1, 1, "+1"},
    {0x20, 12, 3, -1.5, "........-1.5"},
    {0x20, 0, 6, 0.10000000000000001, "+0.1"},
    {0x20, 12, 0, 10000000000, "......+1e+10"},
    {0x20, 0, 1, 1e-10, "+1e-10"},
    {0x20, 12, 17, 123456.789, ".+123456.789"},
    {0x20, 0, -1, 1e+100, "+1e+100"},
    {0x20, 12, 3, 2.5, "........+2.5"},
    {0x20, 0, 6, 3.5, "+3.5"},
    {0x2010, 0, 17, 0, "0.00000000000000000"},
    {0x2010, 12, -1, -0.0, "...-0.000000"},
    {0x2010, 0, 3, 1, "1.000"},
    {0x2010, 12, 6, -1.5, "...-1.500000"},
    {0x2010, 0, 0, 0.10000000000000001, "0."},
    {0x2010, 12, 1, 10000000000, "10000000000.0"},
    {0x2010, 0, 17, 1e-10, "0.00000000010000000"},
    {0x2010, 12, -1, 123456.789, "123456.789000"},
    {0x2010, 0, 3, 1e+100,
     "10000000000000000159028911097599180468360808563945281389781327557747838772170381060813469985856815104.000"},
    {0x2010, 12, 6, 2.5, "....2.500000"},
    {0x120, 0, -1, 0, "+0"},
    {0x120, 12, 3, -0.0, "-..........0"},
    {0x120, 0, 6, 1, "+1"},
    {0x120, 0, 1, 0.10000000000000001, "+0.1"},
    {0x120, 12, 17, 10000000000, "+10000000000"},
    {0x120, 0, -1, 1e-10, "+1e-10"},
    {0x120, 12, 3, 123456.789, "+...1.23e+05"},
    {0x120, 0, 6, 1e+100, "+1e+100"},
    {0x120, 0, 1, 3.5, "+4"},
    {0x2040, 0, 3, 0, "0.000"},
    {0x2040, 12, 6, -0.0, "-0.000000..."},
    {0x2040, 0, 0, 1, "1"},
    {0x2040, 12, 1, -1.5, "-1.5........"},
    {0x2040, 0, 17, 0.10000000000000001, "0.10000000000000001"},
    {0x2040, 12, -1, 10000000000, "10000000000.000000"},
    {0x2040, 0, 3, 1e-10, "0.000"},
    {0x2040, 12, 6, 123456.789, "123456.789000"},
    {0x2040, 0, 0, 1e+100,
     "10000000000000000159028911097599180468360808563945281389781327557747838772170381060813469985856815104"},
    {0x2040, 12, 1, 2.5, "2.5........."},
    {0x2040, 0, 17, 3.5, "3.50000000000000000"},
};

static void start(int flags, int width, int precision, char fill)
{
    memset(text, 0, sizeof(text));
    sb.length = 0;
    out.ios.state = 0;
    out.ios.flags = flags;
    out.ios.width = width;
    out.ios.precision = precision;
    out.ios.fill = fill;
}

#define INSERT(type, argument) CALL(void *, "??6" OSTREAM "QEAAAEAV01@" type "@Z", void *, argument)

static void test_integers(void)
{
    for (unsigned i = 0; i < sizeof(integers) / sizeof(*integers); i++) {
        start(integers[i].flags, integers[i].width, 6, integers[i].fill);
        CHECK(INSERT("_J", long long)(&out, integers[i].value) == &out);
        CHECK_STR(text, integers[i].expected);
        CHECK_EQ(out.ios.width, 0);
    }
}

static void test_reals(void)
{
    for (unsigned i = 0; i < sizeof(reals) / sizeof(*reals); i++) {
        start(reals[i].flags, reals[i].width, reals[i].precision, '.');
        INSERT("N", double)(&out, reals[i].value);
        CHECK_STR(text, reals[i].expected);
    }
    start(F_DEC, 0, 6, ' ');
    INSERT("M", float)(&out, 0.1f);
    INSERT("O", double)(&out, 2.25);
    CHECK_STR(text, "0.12.25");
    start(F_DEC, 6, 6, ' ');
    INSERT("N", double)(&out, 1e300 * 1e300);
    CHECK_STR(text, "   inf");
    start(F_DEC | F_UPPER | F_LEFT, 6, 6, '_');
    INSERT("N", double)(&out, -1e300 * 1e300);
    CHECK_STR(text, "-INF__");
    start(F_FIXED, 0, 300, ' ');
    INSERT("N", double)(&out, 1e300);
    CHECK_EQ(strlen(text), 301 + 1 + 300);
    CHECK(!strncmp(
        text, "1000000000000000052504760255204420248704468581108159154915854115511802457988908195786371375080447864",
        100));
}

static void test_narrow(void)
{
    start(F_DEC, 0, 6, ' ');
    INSERT("F", short)(&out, -5);
    INSERT("G", unsigned short)(&out, 65531);
    INSERT("H", int)(&out, -7);
    INSERT("I", unsigned)(&out, 4294967289u);
    INSERT("J", int)(&out, -9);
    INSERT("K", unsigned)(&out, 4294967287u);
    INSERT("_K", unsigned long long)(&out, ~0ull);
    CHECK_STR(text, "-565531-74294967289-9429496728718446744073709551615");

    /* Octal and hexadecimal show the bits of the type. */
    start(F_HEX, 0, 6, ' ');
    INSERT("F", short)(&out, -1);
    CHECK_STR(text, "ffff");
    start(F_HEX, 0, 6, ' ');
    INSERT("H", int)(&out, -1);
    CHECK_STR(text, "ffffffff");
    start(F_OCT, 0, 6, ' ');
    INSERT("F", short)(&out, -1);
    CHECK_STR(text, "177777");

    start(F_DEC, 5, 6, '*');
    INSERT("_N", int)(&out, 1);
    CHECK_STR(text, "****1");
    start(F_ALPHA, 6, 6, '*');
    INSERT("_N", int)(&out, 1);
    CHECK_STR(text, "**true");
    start(F_ALPHA | F_LEFT, 6, 6, '*');
    INSERT("_N", int)(&out, 0);
    CHECK_STR(text, "false*");

    start(F_DEC, 0, 6, ' ');
    INSERT("PEBX", const void *)(&out, (void *)0x123abc);
    CHECK_STR(text, "0000000000123ABC");
    start(F_DEC | F_LEFT, 18, 6, '.');
    INSERT("PEBX", const void *)(&out, NULL);
    CHECK_STR(text, "0000000000000000..");
}

static struct ostream *shout(struct ostream *stream)
{
    CALL(void *, "?put@" OSTREAM "QEAAAEAV12@D@Z", void *, char)(stream, '!');
    return stream;
}

static struct ios *hexadecimal(struct ios *ios)
{
    ios->flags = (ios->flags & ~(F_DEC | F_OCT)) | F_HEX;
    return ios;
}

static int syncs, sync_result;
static int count_sync(struct streambuf *buffer)
{
    (void)buffer;
    syncs++;
    return sync_result;
}

static void test_manipulators(void)
{
    struct {
        void *function;
        int argument;
    } narrow;
    struct {
        void *function;
        long long argument;
    } wide;

    start(F_DEC, 0, 6, ' ');
    CHECK(INSERT("P6AAEAV01@AEAV01@@Z", void *)(&out, shout) == &out);
    CHECK_STR(text, "!");
    CHECK(INSERT("P6AAEAVios_base@1@AEAV21@@Z", void *)(&out, hexadecimal) == &out);
    CHECK_EQ(out.ios.flags & (F_DEC | F_HEX), F_HEX);
    out.ios.flags = F_DEC;
    CHECK(INSERT("P6AAEAV?$basic_ios@DU?$char_traits@D@std@@@1@AEAV21@@Z", void *)(&out, hexadecimal) == &out);
    CHECK_EQ(out.ios.flags, F_HEX);

    CALL(void *, "?setw@std@@YA?AU?$_Smanip@_J@1@_J@Z", void *, long long)(&wide, 11);
    ((void (*)(void *, long long))wide.function)(&out.ios, wide.argument);
    CHECK_EQ(out.ios.width, 11);
    CALL(void *, "?setprecision@std@@YA?AU?$_Smanip@_J@1@_J@Z", void *, long long)(&wide, 3);
    ((void (*)(void *, long long))wide.function)(&out.ios, wide.argument);
    CHECK_EQ(out.ios.precision, 3);
    CALL(void *, "?setiosflags@std@@YA?AU?$_Smanip@H@1@H@Z", void *, int)(&narrow, F_POS);
    ((void (*)(void *, int))narrow.function)(&out.ios, narrow.argument);
    CHECK_EQ(out.ios.flags, F_HEX | F_POS);
    CALL(void *, "?resetiosflags@std@@YA?AU?$_Smanip@H@1@H@Z", void *, int)(&narrow, F_POS);
    ((void (*)(void *, int))narrow.function)(&out.ios, narrow.argument);
    CHECK_EQ(out.ios.flags, F_HEX);
    static const int bases[][2] = {{8, F_OCT}, {10, F_DEC}, {16, F_HEX}, {7, 0}};
    for (int i = 0; i < 4; i++) {
        CALL(void *, "?setbase@std@@YA?AU?$_Smanip@H@1@H@Z", void *, int)(&narrow, bases[i][0]);
        ((void (*)(void *, int))narrow.function)(&out.ios, narrow.argument);
        CHECK_EQ(out.ios.flags, bases[i][1]);
    }
}

#define PUT CALL(void *, "?put@" OSTREAM "QEAAAEAV12@D@Z", void *, char)
#define WRITE CALL(void *, "?write@" OSTREAM "QEAAAEAV12@PEBD_J@Z", void *, const char *, long long)
#define FLUSH CALL(void *, "?flush@" OSTREAM "QEAAAEAV12@XZ", void *)

static void test_states(void)
{
    start(F_DEC, 0, 6, ' ');
    WRITE(&out, "abc", 3);
    PUT(&out, 'd');
    CHECK_STR(text, "abcd");
    CHECK_EQ(out.ios.state, 0);

    /* The buffer is full. */
    sb.size = 6;
    WRITE(&out, "efgh", 4);
    CHECK_STR(text, "abcdef");
    CHECK_EQ(out.ios.state, S_BAD);
    sb.size = sizeof(text) - 1;
    PUT(&out, 'x');
    CHECK_STR(text, "abcdef");
    INSERT("H", int)(&out, 1);
    CHECK_STR(text, "abcdef");
    start(F_DEC, 3, 6, ' ');
    sb.size = 1;
    INSERT("H", int)(&out, 12);
    CHECK_EQ(out.ios.state, S_BAD);
    CHECK_STR(text, " ");
    sb.size = sizeof(text) - 1;
    start(F_DEC, 3, 6, ' ');
    out.ios.state = S_EOF;
    PUT(&out, 'x');
    CHECK_EQ(out.ios.state, S_EOF | S_BAD);

    /* Flushing, and after each operation if the flag asks for it */
    streambuf_table[SB_SYNC] = (void *)count_sync;
    start(F_DEC, 0, 6, ' ');
    FLUSH(&out);
    CHECK_EQ(syncs, 1);
    PUT(&out, 'a');
    CHECK_EQ(syncs, 1);
    out.ios.flags |= F_UNITBUF;
    PUT(&out, 'a');
    CHECK_EQ(syncs, 2);
    sync_result = -1;
    PUT(&out, 'a');
    CHECK_EQ(syncs, 3);
    CHECK_EQ(out.ios.state, S_BAD);
    start(F_DEC, 0, 6, ' ');
    FLUSH(&out);
    CHECK_EQ(out.ios.state, S_BAD);
    sync_result = 0;

    /* A tied stream is flushed before each operation. */
    struct streambuf other_sb;
    struct ostream other;
    char other_text[8] = "";
    streambuf_make(&other_sb, other_text, 7);
    streambuf_table[SB_SYNC] = (void *)count_sync;
    ostream_make(&other, &other_sb);
    other.ios.tie = &out;
    start(F_DEC, 0, 6, ' ');
    syncs = 0;
    PUT(&other, 'z');
    CHECK_EQ(syncs, 1);
    CHECK_STR(other_text, "z");

    /* Stream buffer to stream */
    struct streambuf from;
    static char source[] = "source text";
    streambuf_make(&from, source, 0);
    CALL(void, "?setg@" STREAMBUF "IEAAXPEAD00@Z", void *, char *, char *, char *)(&from, source, source, source + 11);
    start(F_DEC, 0, 6, ' ');
    INSERT("PEAV?$basic_streambuf@DU?$char_traits@D@std@@@1@", void *)(&out, &from);
    CHECK_STR(text, "source text");
    CHECK_EQ(out.ios.state, 0);
    INSERT("PEAV?$basic_streambuf@DU?$char_traits@D@std@@@1@", void *)(&out, &from);
    CHECK_EQ(out.ios.state, S_FAIL);
    start(F_DEC, 0, 6, ' ');
    INSERT("PEAV?$basic_streambuf@DU?$char_traits@D@std@@@1@", void *)(&out, NULL);
    CHECK_EQ(out.ios.state, S_BAD);

    /* Places: this buffer has none. */
    struct {
        long long offset, position, state;
    } where;
    start(F_DEC, 0, 6, ' ');
    CALL(void *, "?tellp@" OSTREAM "QEAA?AV?$fpos@U_Mbstatet@@@2@XZ", void *, void *)(&out, &where);
    CHECK_EQ(where.offset, -1);
    CHECK_EQ(where.position, 0);
    CHECK_EQ(out.ios.state, 0);
    CALL(void *, "?seekp@" OSTREAM "QEAAAEAV12@_JH@Z", void *, long long, int)(&out, 0, 0);
    CHECK_EQ(out.ios.state, S_FAIL);
    CALL(void *, "?tellp@" OSTREAM "QEAA?AV?$fpos@U_Mbstatet@@@2@XZ", void *, void *)(&out, &where);
    CHECK_EQ(where.offset, -1);
}

/* How the objects lie in memory. */
static void test_layout(void)
{
    CHECK_EQ(out.vbtable[0], 0);
    CHECK_EQ(out.vbtable[1], 16);
    CHECK_EQ(out.vtordisp, 0);
    CHECK(out.ios.vftable == (void **)msvcp_function("??_7" OSTREAM "6B@"));
    CHECK(out.vbtable == (int *)msvcp_function("??_8" OSTREAM "7B@"));
    CHECK(out.ios.buffer == &sb);
    CHECK_EQ(out.ios.tie, 0);
    CHECK_EQ(out.ios.fill, ' ');
    CHECK_EQ(out.ios.flags, F_SKIPWS | F_DEC);
    CHECK_EQ(out.ios.precision, 6);
    CHECK_EQ(out.ios.width, 0);
    CHECK_EQ(out.ios.except, 0);
    CHECK_EQ(out.ios.standard, 0);

    struct iostream both;
    memset(&both, 0xcc, sizeof(both));
    CALL(void *,
         "??0?$basic_iostream@DU?$char_traits@D@std@@@std@@QEAA@PEAV?$basic_streambuf@DU?$char_traits@D@std@@@1@@Z",
         void *, void *, int)
    (&both, &sb, 1);
    CHECK_EQ(both.in_vbtable[1], 32);
    CHECK_EQ(both.out_vbtable[1], 16);
    CHECK_EQ(both.count, 0);
    CHECK_EQ(both.vtordisp, 0);
    CHECK(both.ios.vftable == (void **)msvcp_function("??_7?$basic_iostream@DU?$char_traits@D@std@@@std@@6B@"));
    CHECK_EQ(both.ios.state, 0);
    CHECK(both.ios.buffer == &sb);
    PUT(&both.out_vbtable, 'y');
    CALL(void, "??_D?$basic_iostream@DU?$char_traits@D@std@@@std@@QEAAXXZ", void *)(&both);
    CHECK(both.ios.vftable == (void **)msvcp_function("??_7ios_base@std@@6B@"));

    /* As a base of a larger class, whose virtual base is farther away: the number before it tells how far. */
    static const int far_table[] = {0, 48};
    struct {
        const int *vbtable;
        void *members[4];
        int padding, vtordisp;
        struct ios ios;
    } larger;
    memset(&larger, 0, sizeof(larger));
    larger.vbtable = far_table;
    CALL(void *, "??0" IOS "IEAA@XZ", void *)(&larger.ios);
    CALL(void *, "??0" OSTREAM "QEAA@PEAV?$basic_streambuf@DU?$char_traits@D@std@@@1@_N@Z", void *, void *, int, int)
    (&larger, &sb, 0, 0);
    CHECK(larger.vbtable == far_table);
    CHECK_EQ(larger.vtordisp, 32);
    CHECK(larger.ios.buffer == &sb);
    start(F_DEC, 0, 6, ' ');
    PUT((void *)&larger, 'L');
    CHECK_STR(text, "L");
    /* Destroyed through the virtual destructor: the number leads to the object. */
    CALL(void, "??1" OSTREAM "UEAA@XZ", void *)((char *)&larger + 16);
    CALL(void, "??1" IOS "UEAA@XZ", void *)(&larger.ios);
}

int main(void)
{
    streambuf_make(&sb, text, sizeof(text) - 1);
    ostream_make(&out, &sb);
    test_layout();
    test_integers();
    test_reals();
    test_narrow();
    test_manipulators();
    test_states();
    return check_done();
}
