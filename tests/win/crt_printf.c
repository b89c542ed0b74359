/* How do msvcrt and ucrtbase format? Both engines are called directly, so that the compiler's own printf is out of it.
 */
#include "check.h"
#include <float.h>
#include <math.h>
#include <stdarg.h>

typedef int(__cdecl *vsnprintf_fn)(char *, size_t, const char *, va_list);
typedef int(__cdecl *vsnwprintf_fn)(wchar_t *, size_t, const wchar_t *, va_list);
typedef int(__cdecl *common_fn)(unsigned long long, char *, size_t, const char *, void *, va_list);
typedef int(__cdecl *common_wide_fn)(unsigned long long, wchar_t *, size_t, const wchar_t *, void *, va_list);

static vsnprintf_fn msvcrt_format;
static vsnwprintf_fn msvcrt_format_wide;
static common_fn ucrt_format;
static common_wide_fn ucrt_format_wide;
static char text[2048];

static const char *M(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    memset(text, 'z', sizeof(text));
    int length = msvcrt_format(text, sizeof(text), format, args);
    va_end(args);
    return length < 0 ? "(failed)" : text;
}

static const char *U(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int length = ucrt_format(2, text, sizeof(text), format, NULL, args);
    va_end(args);
    return length < 0 ? "(failed)" : text;
}

static const char *U_standard(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int length = ucrt_format(2 | 32, text, sizeof(text), format, NULL, args);
    va_end(args);
    return length < 0 ? "(failed)" : text;
}

static const char *narrow(int length, const wchar_t *wide)
{
    if (length < 0)
        return "(failed)";
    for (int i = 0; i <= length; i++)
        text[i] = (char)wide[i];
    return text;
}

static const char *MW(const wchar_t *format, ...)
{
    wchar_t wide[512];
    va_list args;
    va_start(args, format);
    int length = msvcrt_format_wide(wide, 512, format, args);
    va_end(args);
    return narrow(length, wide);
}

static const char *UW(unsigned options, const wchar_t *format, ...)
{
    wchar_t wide[512];
    va_list args;
    va_start(args, format);
    int length = ucrt_format_wide(options, wide, 512, format, NULL, args);
    va_end(args);
    return narrow(length, wide);
}

static void test_integers(void)
{
    CHECK_STR(U("%d %i %u", -5, 7, 4000000000u), "-5 7 4000000000");
    CHECK_STR(U("[%5d][%-5d][%05d][%+d][% d]", 42, 42, 42, 42, 42), "[   42][42   ][00042][+42][ 42]");
    CHECK_STR(U("[%.3d][%8.3d][%-8.3d][%.0d]", 7, 7, 7, 0), "[007][     007][007     ][]");
    CHECK_STR(U("%x %X %#x %#X %#o %o", 255, 255, 255, 255, 8, 8), "ff FF 0xff 0XFF 010 10");
    CHECK_STR(U("[%#x][%#o][%#8x][%#08x]", 0, 0, 255, 255), "[0][0][    0xff][0x0000ff]");
    CHECK_STR(U("%hd %hu", 0x12345678, 0x12345678), "22136 22136");
    CHECK_STR(U("%lld %llu %I64d %I64x", -1LL, ~0ULL, 1LL << 40, 1LL << 40),
              "-1 18446744073709551615 1099511627776 10000000000");
    CHECK_STR(U("%zu %td %jd %Iu %I32d", (size_t)1 << 33, (ptrdiff_t)-3, 5LL, (size_t)9, -4), "8589934592 -3 5 9 -4");
    CHECK_STR(U("%ld %lx", (long)-1, (long)-1), "-1 ffffffff");
    CHECK_STR(U("%p", (void *)0x1234abcd), "000000001234ABCD");
    CHECK_STR(U("[%20p][%-20p]", (void *)1, (void *)1), "[    0000000000000001][0000000000000001    ]");
    CHECK_STR(U("%*d|%-*d|%*d", 5, 1, 5, 2, -5, 3), "    1|2    |3    ");
    CHECK_STR(U("%.*d|%.*d", 3, 1, -1, 2), "001|2");
    CHECK_STR(U("100%%"), "100%");
    CHECK_STR(M("%d %5d %-5d| %05d %+d", 1, 2, 3, 4, 5), "1     2 3    | 00004 +5");
    CHECK_STR(M("%I64d %I64x %lld", 1LL << 40, 1LL << 40, -2LL), "1099511627776 10000000000 -2");
    CHECK_STR(M("%p", (void *)0xabc), "0000000000000ABC");
    CHECK_STR(M("%#x %#X %#o", 16, 16, 8), "0x10 0X10 010");
    CHECK_STR(M("%hd", 0x18000), "-32768");
    CHECK_STR(M("%ld %lu", -7, 7), "-7 7");
}

static void test_strings(void)
{
    CHECK_STR(U("[%s][%5s][%-5s][%.2s][%5.1s]", "abc", "abc", "abc", "abc", "abc"), "[abc][  abc][abc  ][ab][    a]");
    CHECK_STR(U("%s|%.3s", NULL, NULL), "(null)|(nu");
    CHECK_STR(U("%c%c|%3c|%-3c|", 'a', 'b', 'c', 'd'), "ab|  c|d  |");
    CHECK_STR(U("%S %ls %ws", L"wide", L"long", L"w"), "wide long w");
    CHECK_STR(U("%hs %C %lc %hc", "short", L'W', L'l', 'h'), "short W l h");
    CHECK_STR(U("%.2S|%8ls", L"wide", L"abc"), "wi|     abc");
    CHECK_STR(M("[%s][%5s][%-5s][%.2s]", "abc", "abc", "abc", "abc"), "[abc][  abc][abc  ][ab]");
    CHECK_STR(M("%S %ls %hs %C", L"wide", L"long", "short", L'c'), "wide long short c");
    CHECK_STR(M("%s", NULL), "(null)");
    CHECK_STR(M("[%05s]", "ab"), "[000ab]");
    CHECK_STR(MW(L"%s %S %hs %ls %c %C", L"wide", "narrow", "short", L"long", L'w', 'n'), "wide narrow short long w n");
    CHECK_STR(UW(4, L"%s %S %hs %ls", L"wide", "narrow", "short", L"long"), "wide narrow short long");
    CHECK_STR(UW(0, L"%s %ls %hs", "narrow", L"long", "short"), "narrow long short");
    CHECK_STR(UW(4, L"[%6s][%-6s][%.2s]", L"abc", L"abc", L"abc"), "[   abc][abc   ][ab]");
}

static void test_floats(void)
{
    CHECK_STR(U("%f %.0f %.1f %10.3f|%-10.2f|", 3.14159, 2.7, 0.05, 2.5, 1.005),
              "3.141590 3 0.1      2.500|1.00      |");
    CHECK_STR(U("%e %.2e %E %.0e", 12345.678, 0.00012345, 1e300, 5.0), "1.234568e+04 1.23e-04 1.000000E+300 5e+00");
    CHECK_STR(U("%g %g %g %g %g", 0.0001, 0.00001, 123456.0, 1234567.0, 100.0), "0.0001 1e-05 123456 1.23457e+06 100");
    CHECK_STR(U("%#g %#.3g %g %G", 1.0, 2.0, 1e100, 1e-10), "1.00000 2.00 1e+100 1E-10");
    CHECK_STR(U("%+f % f %08.2f %+08.2f", 1.0, 1.0, -1.5, 1.5), "+1.000000  1.000000 -0001.50 +0001.50");
    CHECK_STR(U("%.20f", 0.1), "0.10000000000000000555");
    CHECK_STR(U("%.15g %.17g", 0.1, 0.1), "0.1 0.10000000000000001");
    CHECK_STR(U("%f %F %e %g", INFINITY, -INFINITY, INFINITY, -INFINITY), "inf -INF inf -inf");
    CHECK_STR(U("%5.1f|%-5f|%05f", INFINITY, INFINITY, INFINITY), "  inf|inf  |  inf");
    CHECK_STR(U("%f", (double)NAN), "nan");
    CHECK_STR(U("%.0f %.0f", 0.0, 1e15), "0 1000000000000000");
    CHECK_STR(U("%#.0f %.0f", 1.0, 1.0), "1. 1");
    CHECK_STR(U("%a %A %.2a", 1.0, 0.5, 1.999), "0x1.0000000000000p+0 0X1.0000000000000P-1 0x2.00p+0");
    CHECK_STR(U("%Lf %lf", 1.5, 2.5), "1.500000 2.500000");
    CHECK_STR(U("%f", -0.0), "-0.000000");
    CHECK_STR(U("%.3f", 1e22), "10000000000000000000000.000");
    CHECK_STR(U("%g %g", DBL_MAX, DBL_MIN), "1.79769e+308 2.22507e-308");

    CHECK_STR(M("%e %.2e %E", 12345.678, 0.00012345, 1e300), "1.234568e+004 1.23e-004 1.000000E+300");
    CHECK_STR(M("%g %g %g", 0.00001, 1234567.0, 100.0), "1e-005 1.23457e+006 100");
    CHECK_STR(M("%f %.2f %.0f", 3.14159, 2.345, 2.7), "3.141590 2.35 3");
    CHECK_STR(M("%8.3f|%-8.3f|%08.3f|%+.1f", 1.5, 1.5, -1.5, 1.5), "   1.500|1.500   |-001.500|+1.5");
    CHECK_STR(M("%.0f %.0f", 0.4, 0.6), "0 1");
    CHECK_STR(M("%.3f %.10f", 0.0001, 0.0), "0.000 0.0000000000");
}

/* What Windows does and Wine does not: infinities and 17 digits in msvcrt, hh, zeros before a precision. */
static void test_windows(void)
{
    if (check_under_wine())
        return;
    CHECK_STR(U("[%08.3d][%#.0o]", 7, 0), "[     007][0]");
    CHECK_STR(U("%hhd %hhu", 0x1ff, 0x1ff), "-1 255");
    CHECK_STR(M("%f %e %g", INFINITY, INFINITY, -INFINITY), "1.#INF00 1.#INF00e+000 -1.#INF");
    CHECK_STR(M("%.2f %.3f %.0f", INFINITY, INFINITY, INFINITY), "1.#J 1.#IO 1");
    CHECK_STR(M("%f", (double)NAN), "1.#QNAN0");
    CHECK_STR(M("%.20f", 0.1), "0.10000000000000001000");
    CHECK_STR(U("%.0f %.0f %.0f", 0.5, 1.5, 2.5), "1 2 3");
    CHECK_STR(U_standard("%.0f %.0f %.0f", 0.5, 1.5, 2.5), "0 2 2"); /* _CRT_INTERNAL_PRINTF_STANDARD_ROUNDING */
    CHECK_STR(U_standard("%.1f %.1e %.2g", 0.25, 1.25, 0.125), "0.2 1.2e+00 0.12");
    CHECK_STR(M("%y"), "y");
    unsigned long long bits = 0xfff8000000000000ull;
    double indefinite;
    memcpy(&indefinite, &bits, sizeof(bits));
    CHECK_STR(U("%f %G", indefinite, indefinite), "-nan(ind) -NAN(IND)");
}

static int common(unsigned long long options, char *buffer, size_t size, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int length = ucrt_format(options, buffer, size, format, NULL, args);
    va_end(args);
    return length;
}

static int old(char *buffer, size_t size, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int length = msvcrt_format(buffer, size, format, args);
    va_end(args);
    return length;
}

static void test_bounds(void)
{
    char b[8];
    memset(b, 'z', 8);
    CHECK_EQ(old(b, 4, "%s", "abcd"), 4);
    CHECK(!memcmp(b, "abcdz", 5));
    memset(b, 'z', 8);
    CHECK_EQ(old(b, 4, "%s", "abcde"), -1);
    CHECK(!memcmp(b, "abcdz", 5));
    CHECK_EQ(old(b, 4, "%s", "abc"), 3);
    CHECK_STR(b, "abc");
    memset(b, 'z', 8);
    CHECK_EQ(common(2, b, 4, "%s", "abcdef"), 6);
    CHECK_STR(b, "abc");
    CHECK_EQ(common(2, NULL, 0, "%d", 12345), 5);
    memset(b, 'z', 8);
    CHECK_EQ(common(1, b, 4, "%s", "abcd"), 4);
    CHECK(!memcmp(b, "abcdz", 5));
    memset(b, 'z', 8);
    CHECK_EQ(common(1, b, 4, "%s", "abcde"), -1);
    CHECK(b[4] == 'z');
    CHECK_EQ(common(0, b, 8, "%s", "abc"), 3);
    CHECK_STR(b, "abc");
}

static void test_positions(void)
{
    common_fn positional =
        (common_fn)(void *)GetProcAddress(GetModuleHandleA("ucrtbase.dll"), "__stdio_common_vsprintf_p");
    int(__cdecl * printf_p)(char *, size_t, const char *, ...) =
        (void *)GetProcAddress(GetModuleHandleA("msvcrt.dll"), "_sprintf_p");
    char b[64];
    CHECK(positional != NULL);
    if (!printf_p)
        return;
    CHECK_EQ(printf_p(b, sizeof(b), "%2$s %1$d", 7, "x"), 3);
    CHECK_STR(b, "x 7");
}

int main(void)
{
    HMODULE msvcrt = LoadLibraryA("msvcrt.dll"), ucrt = LoadLibraryA("ucrtbase.dll");
    msvcrt_format = (vsnprintf_fn)(void *)GetProcAddress(msvcrt, "_vsnprintf");
    msvcrt_format_wide = (vsnwprintf_fn)(void *)GetProcAddress(msvcrt, "_vsnwprintf");
    ucrt_format = (common_fn)(void *)GetProcAddress(ucrt, "__stdio_common_vsprintf");
    ucrt_format_wide = (common_wide_fn)(void *)GetProcAddress(ucrt, "__stdio_common_vswprintf");
    CHECK(msvcrt_format && msvcrt_format_wide && ucrt_format && ucrt_format_wide);
    test_integers();
    test_strings();
    test_floats();
    test_windows();
    test_bounds();
    test_positions();
    return check_done();
}
