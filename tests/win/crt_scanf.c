/* How do msvcrt and ucrtbase read numbers and words? Called directly, so that the compiler's own scanf is out of it. */
#include "check.h"
#include <math.h>
#include <stdarg.h>

typedef int(__cdecl *sscanf_fn)(const char *, const char *, ...);
typedef int(__cdecl *swscanf_fn)(const wchar_t *, const wchar_t *, ...);
typedef int(__cdecl *common_fn)(unsigned long long, const char *, size_t, const char *, void *, va_list);

static sscanf_fn old;
static swscanf_fn old_wide;
static common_fn common;

static int scan(unsigned options, const char *text, size_t size, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int result = common(options, text, size, format, NULL, args);
    va_end(args);
    return result;
}

#define ALL ((size_t)-1)

static void test_integers(void)
{
    int a, b, c;
    short s;
    unsigned char byte;
    long long wide;
    void *pointer;
    CHECK_EQ(old("12 -34 0x1f", "%d %d %x", &a, &b, &c), 3);
    CHECK(a == 12 && b == -34 && c == 0x1f);
    CHECK_EQ(old("0x10 010 10", "%i %i %i", &a, &b, &c), 3);
    CHECK(a == 16 && b == 8 && c == 10);
    CHECK_EQ(old("777 ff", "%o %X", &a, &b), 2);
    CHECK(a == 0777 && b == 0xff);
    CHECK_EQ(old("123456", "%3d%d", &a, &b), 2);
    CHECK(a == 123 && b == 456);
    CHECK_EQ(old("1 2 3", "%d %*d %d", &a, &b), 2);
    CHECK(a == 1 && b == 3);
    CHECK_EQ(old("70000", "%hd", &s), 1);
    CHECK_EQ(s, 4464);
    CHECK_EQ(old("-9000000000", "%I64d", &wide), 1);
    CHECK_EQ(wide, -9000000000ll);
    CHECK_EQ(scan(0, "9000000000", ALL, "%lld", &wide), 1);
    CHECK_EQ(wide, 9000000000ll);
    CHECK_EQ(scan(0, "200", ALL, "%hhu", &byte), 1);
    CHECK_EQ(byte, 200);
    CHECK_EQ(old("0000000012345678", "%p", &pointer), 1);
    CHECK(pointer == (void *)0x12345678);
    CHECK_EQ(old("abc", "%d", &a), 0);
    CHECK_EQ(old("", "%d", &a), EOF);
    CHECK_EQ(old("5 x", "%d %d", &a, &b), 1);
    CHECK_EQ(old("5", "%d %d", &a, &b), 1);
    CHECK_EQ(old("5%6", "%d%%%d", &a, &b), 2);
    CHECK_EQ(old("5,6", "%d,%d", &a, &b), 2);
    CHECK_EQ(old("hello 7", "%*s%n%d", &a, &b), 1);
    CHECK(a == 5 && b == 7);
}

static void test_text(void)
{
    char w[16], v[16], c[4] = "zzz";
    wchar_t u[16];
    CHECK_EQ(old("  one two", "%s %s", w, v), 2);
    CHECK_STR(w, "one");
    CHECK_STR(v, "two");
    CHECK_EQ(old("abcdef", "%3s%s", w, v), 2);
    CHECK_STR(w, "abc");
    CHECK_STR(v, "def");
    CHECK_EQ(old("x y", "%c%c%c", &c[0], &c[1], &c[2]), 3);
    CHECK(!memcmp(c, "x y", 3));
    CHECK_EQ(old("abc", "%2c", c), 1);
    CHECK(!memcmp(c, "aby", 3));
    CHECK_EQ(old("key=value", "%[^=]=%s", w, v), 2);
    CHECK_STR(w, "key");
    CHECK_STR(v, "value");
    CHECK_EQ(old("abc123", "%[a-z]%[0-9]", w, v), 2);
    CHECK_STR(w, "abc");
    CHECK_STR(v, "123");
    CHECK_EQ(old("]x", "%[]x]", w), 1);
    CHECK_STR(w, "]x");
    CHECK_EQ(old("123", "%[a-z]", w), 0);
    CHECK_EQ(old("wide", "%S", u), 1);
    CHECK(!wcscmp(u, L"wide"));
    CHECK_EQ(old("wide", "%ls", u), 1);
    CHECK(!wcscmp(u, L"wide"));
    CHECK_EQ(old_wide(L"wide narrow", L"%s %hs", u, w), 2);
    CHECK(!wcscmp(u, L"wide"));
    CHECK_STR(w, "narrow");
    CHECK_EQ(scan(0, "abcdef", 3, "%s", w), 1);
    CHECK_STR(w, "abc");
    CHECK_EQ(scan(1, "secure", ALL, "%s", w, 16), 1);
    CHECK_STR(w, "secure");
    strcpy(w, "x");
    CHECK_EQ(scan(1, "too long", ALL, "%s", w, 3), 0);
    CHECK_STR(w, "");
    CHECK_EQ(scan(1, "ab 7", ALL, "%s %d", w, 16, c), 2);
}

static void test_floats(void)
{
    float f;
    double d, e;
    CHECK_EQ(old("1.5 -2.5e3", "%f %lf", &f, &d), 2);
    CHECK(f == 1.5f && d == -2500);
    CHECK_EQ(old(".5 5. 1e2", "%lf %lf %f", &d, &e, &f), 3);
    CHECK(d == 0.5 && e == 5 && f == 100);
    CHECK_EQ(old("3.14159x", "%lg", &d), 1);
    CHECK(d == 3.14159);
    CHECK_EQ(old("x", "%lf", &d), 0);
    CHECK_EQ(scan(0, "0.1", ALL, "%lf", &d), 1);
    CHECK(d == 0.1);
    CHECK_EQ(scan(0, "1.7976931348623157e308", ALL, "%lf", &d), 1);
    CHECK(d == 1.7976931348623157e308);
    if (!check_under_wine()) { /* Wine knows no hexadecimal, no infinity, no width of a number here */
        CHECK_EQ(old("   ", "%lf", &d), EOF);
        CHECK_EQ(old("12.75", "%4lf%lf", &d, &e), 2);
        CHECK(d == 12.7 && e == 5);
        CHECK_EQ(scan(0, "0x1.8p1 inf", ALL, "%lf %lf", &d, &e), 2);
        CHECK(d == 3 && isinf(e));
    }
}

static void test_stream(void)
{
    int a, b;
    char w[16];
    FILE *f = tmpfile();
    fputs("12 word\n-5", f);
    rewind(f);
    int(__cdecl * fscanf_)(FILE *, const char *, ...) =
        (void *)GetProcAddress(GetModuleHandleA("msvcrt.dll"), "fscanf");
    CHECK_EQ(fscanf_(f, "%d %s", &a, w), 2);
    CHECK_EQ(a, 12);
    CHECK_STR(w, "word");
    CHECK_EQ(getc(f), '\n');
    CHECK_EQ(fscanf_(f, "%d", &b), 1);
    CHECK_EQ(b, -5);
    CHECK_EQ(fscanf_(f, "%d", &b), EOF);
    fclose(f);
}

int main(void)
{
    HMODULE msvcrt = LoadLibraryA("msvcrt.dll"), ucrt = LoadLibraryA("ucrtbase.dll");
    old = (sscanf_fn)(void *)GetProcAddress(msvcrt, "sscanf");
    old_wide = (swscanf_fn)(void *)GetProcAddress(msvcrt, "swscanf");
    common = (common_fn)(void *)GetProcAddress(ucrt, "__stdio_common_vsscanf");
    CHECK(old && old_wide && common);
    test_integers();
    test_text();
    test_floats();
    test_stream();
    return check_done();
}
