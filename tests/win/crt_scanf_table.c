/*
 * Do the scanf engines of msvcrt and ucrtbase read what is documented?  A table, run through both, narrow and wide; the
 * units consumed are asked with %n behind the conversion.
 */
#include "check.h"
#include <math.h>
#include <stdarg.h>
#include <stdint.h>

struct row {
    char kind; /* H short, I int, Q 64 bits, P pointer, F float, D double, S string, C characters */
    const char *input, *format;
    int result;
    long long integer;
    double number;
    const char *text;
    int end;       /* -1: not asked */
    int ucrt_only; /* what msvcrt does not know */
};

#define INTEGER(kind, input, format, result, value, end, only)                                                         \
    {                                                                                                                  \
        kind, input, format, result, value, 0, NULL, end, only                                                         \
    }
#define NUMBER(kind, input, format, result, value, end, only)                                                          \
    {                                                                                                                  \
        kind, input, format, result, 0, value, NULL, end, only                                                         \
    }
#define WORDS(kind, input, format, result, value, end, only)                                                           \
    {                                                                                                                  \
        kind, input, format, result, 0, 0, value, end, only                                                            \
    }

static const struct row rows[] = {
    /* decimal integers */
    INTEGER('I', "0", "%d", 1, 0, 1, 0),
    INTEGER('I', "0", "%u", 1, 0, 1, 0),
    INTEGER('I', "0", "%ld", 1, 0, 1, 0),
    INTEGER('Q', "0", "%lld", 1, 0, 1, 0),
    INTEGER('Q', "0", "%I64d", 1, 0, 1, 0),
    INTEGER('H', "0", "%hd", 1, 0, 1, 0),
    INTEGER('I', "1", "%d", 1, 1, 1, 0),
    INTEGER('I', "1", "%u", 1, 1, 1, 0),
    INTEGER('I', "1", "%ld", 1, 1, 1, 0),
    INTEGER('Q', "1", "%lld", 1, 1, 1, 0),
    INTEGER('Q', "1", "%I64d", 1, 1, 1, 0),
    INTEGER('H', "1", "%hd", 1, 1, 1, 0),
    INTEGER('I', "-1", "%d", 1, -1, 2, 0),
    INTEGER('I', "-1", "%u", 1, -1, 2, 0),
    INTEGER('I', "-1", "%ld", 1, -1, 2, 0),
    INTEGER('Q', "-1", "%lld", 1, -1, 2, 0),
    INTEGER('Q', "-1", "%I64d", 1, -1, 2, 0),
    INTEGER('H', "-1", "%hd", 1, -1, 2, 0),
    INTEGER('I', "+7", "%d", 1, 7, 2, 0),
    INTEGER('I', "+7", "%u", 1, 7, 2, 0),
    INTEGER('I', "+7", "%ld", 1, 7, 2, 0),
    INTEGER('Q', "+7", "%lld", 1, 7, 2, 0),
    INTEGER('Q', "+7", "%I64d", 1, 7, 2, 0),
    INTEGER('H', "+7", "%hd", 1, 7, 2, 0),
    INTEGER('I', "42", "%d", 1, 42, 2, 0),
    INTEGER('I', "42", "%u", 1, 42, 2, 0),
    INTEGER('I', "42", "%ld", 1, 42, 2, 0),
    INTEGER('Q', "42", "%lld", 1, 42, 2, 0),
    INTEGER('Q', "42", "%I64d", 1, 42, 2, 0),
    INTEGER('H', "42", "%hd", 1, 42, 2, 0),
    INTEGER('I', "2147483647", "%d", 1, 2147483647, 10, 0),
    INTEGER('I', "2147483647", "%u", 1, 2147483647, 10, 0),
    INTEGER('I', "2147483647", "%ld", 1, 2147483647, 10, 0),
    INTEGER('Q', "2147483647", "%lld", 1, 2147483647, 10, 0),
    INTEGER('Q', "2147483647", "%I64d", 1, 2147483647, 10, 0),
    INTEGER('H', "2147483647", "%hd", 1, -1, 10, 0),
    INTEGER('I', "-2147483648", "%d", 1, -2147483648LL, 11, 0),
    INTEGER('I', "-2147483648", "%u", 1, -2147483648LL, 11, 0),
    INTEGER('I', "-2147483648", "%ld", 1, -2147483648LL, 11, 0),
    INTEGER('Q', "-2147483648", "%lld", 1, -2147483648LL, 11, 0),
    INTEGER('Q', "-2147483648", "%I64d", 1, -2147483648LL, 11, 0),
    INTEGER('H', "-2147483648", "%hd", 1, 0, 11, 0),
    INTEGER('I', "  12", "%d", 1, 12, 4, 0),
    INTEGER('I', "  12", "%u", 1, 12, 4, 0),
    INTEGER('I', "  12", "%ld", 1, 12, 4, 0),
    INTEGER('Q', "  12", "%lld", 1, 12, 4, 0),
    INTEGER('Q', "  12", "%I64d", 1, 12, 4, 0),
    INTEGER('H', "  12", "%hd", 1, 12, 4, 0),
    INTEGER('I', "\t\n5", "%d", 1, 5, 3, 0),
    INTEGER('I', "\t\n5", "%u", 1, 5, 3, 0),
    INTEGER('I', "\t\n5", "%ld", 1, 5, 3, 0),
    INTEGER('Q', "\t\n5", "%lld", 1, 5, 3, 0),
    INTEGER('Q', "\t\n5", "%I64d", 1, 5, 3, 0),
    INTEGER('H', "\t\n5", "%hd", 1, 5, 3, 0),
    INTEGER('I', "007", "%d", 1, 7, 3, 0),
    INTEGER('I', "007", "%u", 1, 7, 3, 0),
    INTEGER('I', "007", "%ld", 1, 7, 3, 0),
    INTEGER('Q', "007", "%lld", 1, 7, 3, 0),
    INTEGER('Q', "007", "%I64d", 1, 7, 3, 0),
    INTEGER('H', "007", "%hd", 1, 7, 3, 0),
    INTEGER('I', "12abc", "%d", 1, 12, 2, 0),
    INTEGER('I', "12abc", "%u", 1, 12, 2, 0),
    INTEGER('I', "12abc", "%ld", 1, 12, 2, 0),
    INTEGER('Q', "12abc", "%lld", 1, 12, 2, 0),
    INTEGER('Q', "12abc", "%I64d", 1, 12, 2, 0),
    INTEGER('H', "12abc", "%hd", 1, 12, 2, 0),
    INTEGER('I', "12.5", "%d", 1, 12, 2, 0),
    INTEGER('I', "12.5", "%u", 1, 12, 2, 0),
    INTEGER('I', "12.5", "%ld", 1, 12, 2, 0),
    INTEGER('Q', "12.5", "%lld", 1, 12, 2, 0),
    INTEGER('Q', "12.5", "%I64d", 1, 12, 2, 0),
    INTEGER('H', "12.5", "%hd", 1, 12, 2, 0),
    INTEGER('I', "1e3", "%d", 1, 1, 1, 0),
    INTEGER('I', "1e3", "%u", 1, 1, 1, 0),
    INTEGER('I', "1e3", "%ld", 1, 1, 1, 0),
    INTEGER('Q', "1e3", "%lld", 1, 1, 1, 0),
    INTEGER('Q', "1e3", "%I64d", 1, 1, 1, 0),
    INTEGER('H', "1e3", "%hd", 1, 1, 1, 0),
    INTEGER('I', "abc", "%d", 0, 777, -1, 0),
    INTEGER('I', "abc", "%u", 0, 777, -1, 0),
    INTEGER('I', "- 5", "%d", 0, 777, -1, 0),
    INTEGER('I', "- 5", "%u", 0, 777, -1, 0),
    INTEGER('I', ".5", "%d", 0, 777, -1, 0),
    INTEGER('I', ".5", "%u", 0, 777, -1, 0),
    INTEGER('I', "--1", "%d", 0, 777, -1, 0),
    INTEGER('I', "--1", "%u", 0, 777, -1, 0),
    INTEGER('I', "+-2", "%d", 0, 777, -1, 0),
    INTEGER('I', "+-2", "%u", 0, 777, -1, 0),
    INTEGER('I', "", "%d", -1, 777, -1, 0),
    INTEGER('I', "", "%x", -1, 777, -1, 0),
    INTEGER('I', " ", "%d", -1, 777, -1, 0),
    INTEGER('I', " ", "%x", -1, 777, -1, 0),
    INTEGER('I', "\n\t", "%d", -1, 777, -1, 0),
    INTEGER('I', "\n\t", "%x", -1, 777, -1, 0),
    INTEGER('Q', "9223372036854775807", "%lld", 1, 9223372036854775807LL, 19, 0),
    INTEGER('Q', "-9223372036854775808", "%lld", 1, INT64_MIN, 20, 0),
    /* widths */
    INTEGER('I', "12345", "%1d", 1, 1, 1, 0),
    INTEGER('I', "12345", "%3d", 1, 123, 3, 0),
    INTEGER('I', "12345", "%5d", 1, 12345, 5, 0),
    INTEGER('I', "12345", "%9d", 1, 12345, 5, 0),
    INTEGER('I', "-12345", "%3d", 1, -12, 3, 0),
    INTEGER('I', "  12345", "%2d", 1, 12, 4, 0),
    INTEGER('I', "+12345", "%2d", 1, 1, 2, 0),
    /* hexadecimal and octal */
    INTEGER('I', "ff", "%x", 1, 255, 2, 0),
    INTEGER('I', "ff", "%X", 1, 255, 2, 0),
    INTEGER('I', "FF", "%x", 1, 255, 2, 0),
    INTEGER('I', "FF", "%X", 1, 255, 2, 0),
    INTEGER('I', "0xff", "%x", 1, 255, 4, 0),
    INTEGER('I', "0xff", "%X", 1, 255, 4, 0),
    INTEGER('I', "0XFF", "%x", 1, 255, 4, 0),
    INTEGER('I', "0XFF", "%X", 1, 255, 4, 0),
    INTEGER('I', "7fffffff", "%x", 1, 2147483647, 8, 0),
    INTEGER('I', "7fffffff", "%X", 1, 2147483647, 8, 0),
    INTEGER('I', "ffffffff", "%x", 1, -1, 8, 0),
    INTEGER('I', "ffffffff", "%X", 1, -1, 8, 0),
    INTEGER('I', "0", "%x", 1, 0, 1, 0),
    INTEGER('I', "0", "%X", 1, 0, 1, 0),
    INTEGER('I', "deadBEEF", "%x", 1, -559038737, 8, 0),
    INTEGER('I', "deadBEEF", "%X", 1, -559038737, 8, 0),
    INTEGER('I', "1g", "%x", 1, 1, 1, 0),
    INTEGER('I', "1g", "%X", 1, 1, 1, 0),
    INTEGER('I', "-10", "%x", 1, -16, 3, 0),
    INTEGER('I', "-10", "%X", 1, -16, 3, 0),
    INTEGER('I', "+1f", "%x", 1, 31, 3, 0),
    INTEGER('I', "+1f", "%X", 1, 31, 3, 0),
    INTEGER('Q', "0x12", "%llx", 1, 18, 4, 0),
    INTEGER('Q', "0x12", "%I64x", 1, 18, 4, 0),
    INTEGER('Q', "12", "%llx", 1, 18, 2, 0),
    INTEGER('Q', "12", "%I64x", 1, 18, 2, 0),
    INTEGER('Q', "fedcba9876543210", "%llx", 1, -81985529216486896LL, 16, 0),
    INTEGER('Q', "fedcba9876543210", "%I64x", 1, -81985529216486896LL, 16, 0),
    INTEGER('I', "17", "%o", 1, 15, 2, 0),
    INTEGER('I', "0", "%o", 1, 0, 1, 0),
    INTEGER('I', "778", "%o", 1, 63, 2, 0),
    INTEGER('I', "-7", "%o", 1, -7, 2, 0),
    INTEGER('I', "37777777777", "%o", 1, -1, 11, 0),
    INTEGER('I', "8", "%o", 0, 777, -1, 0),
    INTEGER('I', "g", "%x", 0, 777, -1, 0),
    INTEGER('I', "10", "%i", 1, 10, 2, 0),
    INTEGER('I', "010", "%i", 1, 8, 3, 0),
    INTEGER('I', "0x10", "%i", 1, 16, 4, 0),
    INTEGER('I', "0", "%i", 1, 0, 1, 0),
    INTEGER('I', "-0x1F", "%i", 1, -31, 5, 0),
    INTEGER('I', "+077", "%i", 1, 63, 4, 0),
    INTEGER('I', "089", "%i", 1, 0, 1, 0),
    INTEGER('Q', "0x7fffffffffffffff", "%lli", 1, 9223372036854775807LL, 18, 0),
    INTEGER('P', "000000001234ABCD", "%p", 1, 305441741, 16, 0),
    INTEGER('P', "1234abcd", "%p", 1, 305441741, 8, 0),
    /* floating point */
    NUMBER('D', "0", "%lf", 1, 0, 1, 0),
    NUMBER('D', "0", "%le", 1, 0, 1, 0),
    NUMBER('D', "0", "%lg", 1, 0, 1, 0),
    NUMBER('F', "0", "%f", 1, (float)0, 1, 0),
    NUMBER('D', "1", "%lf", 1, 1, 1, 0),
    NUMBER('D', "1", "%le", 1, 1, 1, 0),
    NUMBER('D', "1", "%lg", 1, 1, 1, 0),
    NUMBER('F', "1", "%f", 1, (float)1, 1, 0),
    NUMBER('D', "-1.5", "%lf", 1, -1.5, 4, 0),
    NUMBER('D', "-1.5", "%le", 1, -1.5, 4, 0),
    NUMBER('D', "-1.5", "%lg", 1, -1.5, 4, 0),
    NUMBER('F', "-1.5", "%f", 1, (float)-1.5, 4, 0),
    NUMBER('D', "+2.25", "%lf", 1, 2.25, 5, 0),
    NUMBER('D', "+2.25", "%le", 1, 2.25, 5, 0),
    NUMBER('D', "+2.25", "%lg", 1, 2.25, 5, 0),
    NUMBER('F', "+2.25", "%f", 1, (float)2.25, 5, 0),
    NUMBER('D', ".5", "%lf", 1, 0.5, 2, 0),
    NUMBER('D', ".5", "%le", 1, 0.5, 2, 0),
    NUMBER('D', ".5", "%lg", 1, 0.5, 2, 0),
    NUMBER('F', ".5", "%f", 1, (float)0.5, 2, 0),
    NUMBER('D', "5.", "%lf", 1, 5, 2, 0),
    NUMBER('D', "5.", "%le", 1, 5, 2, 0),
    NUMBER('D', "5.", "%lg", 1, 5, 2, 0),
    NUMBER('F', "5.", "%f", 1, (float)5, 2, 0),
    NUMBER('D', "1e3", "%lf", 1, 1000, 3, 0),
    NUMBER('D', "1e3", "%le", 1, 1000, 3, 0),
    NUMBER('D', "1e3", "%lg", 1, 1000, 3, 0),
    NUMBER('F', "1e3", "%f", 1, (float)1000, 3, 0),
    NUMBER('D', "1E3", "%lf", 1, 1000, 3, 0),
    NUMBER('D', "1E3", "%le", 1, 1000, 3, 0),
    NUMBER('D', "1E3", "%lg", 1, 1000, 3, 0),
    NUMBER('F', "1E3", "%f", 1, (float)1000, 3, 0),
    NUMBER('D', "1e+3", "%lf", 1, 1000, 4, 0),
    NUMBER('D', "1e+3", "%le", 1, 1000, 4, 0),
    NUMBER('D', "1e+3", "%lg", 1, 1000, 4, 0),
    NUMBER('F', "1e+3", "%f", 1, (float)1000, 4, 0),
    NUMBER('D', "1e-3", "%lf", 1, 0.001, 4, 0),
    NUMBER('D', "1e-3", "%le", 1, 0.001, 4, 0),
    NUMBER('D', "1e-3", "%lg", 1, 0.001, 4, 0),
    NUMBER('D', "12.5abc", "%lf", 1, 12.5, 4, 0),
    NUMBER('D', "12.5abc", "%le", 1, 12.5, 4, 0),
    NUMBER('D', "12.5abc", "%lg", 1, 12.5, 4, 0),
    NUMBER('F', "12.5abc", "%f", 1, (float)12.5, 4, 0),
    NUMBER('D', "  3.25", "%lf", 1, 3.25, 6, 0),
    NUMBER('D', "  3.25", "%le", 1, 3.25, 6, 0),
    NUMBER('D', "  3.25", "%lg", 1, 3.25, 6, 0),
    NUMBER('F', "  3.25", "%f", 1, (float)3.25, 6, 0),
    NUMBER('D', "0.1", "%lf", 1, 0.1, 3, 0),
    NUMBER('D', "0.1", "%le", 1, 0.1, 3, 0),
    NUMBER('D', "0.1", "%lg", 1, 0.1, 3, 0),
    NUMBER('F', "0.1", "%f", 1, (float)0.1, 3, 0),
    NUMBER('D', "123456789012345678", "%lf", 1, 123456789012345678.0, 18, 0),
    NUMBER('D', "123456789012345678", "%le", 1, 123456789012345678.0, 18, 0),
    NUMBER('D', "123456789012345678", "%lg", 1, 123456789012345678.0, 18, 0),
    NUMBER('F', "123456789012345678", "%f", 1, (float)123456789012345678.0, 18, 0),
    NUMBER('D', "1e308", "%lf", 1, 1e308, 5, 0),
    NUMBER('D', "1e308", "%le", 1, 1e308, 5, 0),
    NUMBER('D', "1e308", "%lg", 1, 1e308, 5, 0),
    NUMBER('D', "2.2250738585072014e-308", "%lf", 1, 2.2250738585072014e-308, 23, 0),
    NUMBER('D', "2.2250738585072014e-308", "%le", 1, 2.2250738585072014e-308, 23, 0),
    NUMBER('D', "2.2250738585072014e-308", "%lg", 1, 2.2250738585072014e-308, 23, 0),
    NUMBER('D', "4.9e-324", "%lf", 1, 4.9e-324, 8, 0),
    NUMBER('D', "4.9e-324", "%le", 1, 4.9e-324, 8, 0),
    NUMBER('D', "4.9e-324", "%lg", 1, 4.9e-324, 8, 0),
    NUMBER('D', "0.30000000000000004", "%lf", 1, 0.30000000000000004, 19, 0),
    NUMBER('D', "0.30000000000000004", "%le", 1, 0.30000000000000004, 19, 0),
    NUMBER('D', "0.30000000000000004", "%lg", 1, 0.30000000000000004, 19, 0),
    NUMBER('F', "0.30000000000000004", "%f", 1, (float)0.30000000000000004, 19, 0),
    NUMBER('D', "1e-400", "%lf", 1, 0, 6, 0),
    NUMBER('D', "1e-400", "%le", 1, 0, 6, 0),
    NUMBER('D', "1e-400", "%lg", 1, 0, 6, 0),
    NUMBER('F', "1e-400", "%f", 1, (float)0, 6, 0),
    NUMBER('D', "abc", "%lf", 0, 777, -1, 0),
    NUMBER('D', "e5", "%lf", 0, 777, -1, 0),
    NUMBER('D', "", "%lf", -1, 777, -1, 0),
    NUMBER('D', "12.345", "%4lf", 1, 12.3, 4, 0),
    NUMBER('D', "123456", "%2lf", 1, 12, 2, 0),
    NUMBER('D', "0x1p4", "%lf", 1, 16, 5, 1),
    NUMBER('D', "0x1.8p1", "%lf", 1, 3, 7, 1),
    NUMBER('D', "inf", "%lf", 1, HUGE_VAL, 3, 1),
    NUMBER('D', "INFINITY", "%lf", 1, HUGE_VAL, 8, 1),
    NUMBER('D', "-inf", "%lf", 1, -HUGE_VAL, 4, 1),
    /* strings */
    WORDS('S', "hello", "%s", 1, "hello", 5, 0),
    WORDS('S', "hello world", "%s", 1, "hello", 5, 0),
    WORDS('S', "  hello", "%s", 1, "hello", 7, 0),
    WORDS('S', "hello", "%3s", 1, "hel", 3, 0),
    WORDS('S', "hello", "%10s", 1, "hello", 5, 0),
    WORDS('S', "a\tb", "%s", 1, "a", 1, 0),
    WORDS('S', "a\nb", "%s", 1, "a", 1, 0),
    WORDS('S', "x", "%s", 1, "x", 1, 0),
    WORDS('S', "12 34", "%s", 1, "12", 2, 0),
    WORDS('S', "", "%s", -1, NULL, -1, 0),
    WORDS('S', "   ", "%s", -1, NULL, -1, 0),
    WORDS('S', "abc", "%[abc]", 1, "abc", 3, 0),
    WORDS('S', "abcd", "%[abc]", 1, "abc", 3, 0),
    WORDS('S', "abc123", "%[a-z]", 1, "abc", 3, 0),
    WORDS('S', "abc123", "%[^0-9]", 1, "abc", 3, 0),
    WORDS('S', "abc", "%2[a-c]", 1, "ab", 2, 0),
    WORDS('S', "]x", "%[]]", 1, "]", 1, 0),
    WORDS('S', "a]b", "%[^]]", 1, "a", 1, 0),
    WORDS('S', "a-b", "%[a-]", 1, "a-", 2, 0),
    WORDS('S', "-ab", "%[-a]", 1, "-a", 2, 0),
    WORDS('S', "  ab", "%[ a-b]", 1, "  ab", 4, 0),
    WORDS('S', "xyz", "%[x-z]", 1, "xyz", 3, 0),
    WORDS('S', "hello world", "%[^\n]", 1, "hello world", 11, 0),
    WORDS('S', "ab^c", "%[b^a]", 1, "ab^", 3, 0),
    WORDS('S', "xyz", "%[abc]", 0, NULL, -1, 0),
    WORDS('S', "", "%[abc]", -1, NULL, -1, 0),
    WORDS('S', " a", "%[a]", 0, NULL, -1, 0),
    /* characters */
    WORDS('C', "abc", "%c", 1, "a", 1, 0),
    WORDS('C', " abc", "%c", 1, " ", 1, 0),
    WORDS('C', "abc", "%2c", 1, "ab", 2, 0),
    WORDS('C', "abc", "%3c", 1, "abc", 3, 0),
    WORDS('C', "\nabc", "%c", 1, "\n", 1, 0),
    WORDS('C', "", "%c", -1, NULL, -1, 0),
    /* literals, suppression, white space */
    INTEGER('I', "x=5", "x=%d", 1, 5, 3, 0),
    INTEGER('I', "x= 5", "x=%d", 1, 5, 4, 0),
    INTEGER('I', "x =5", "x=%d", 0, 777, -1, 0),
    INTEGER('I', "x =5", "x =%d", 1, 5, 4, 0),
    INTEGER('I', "x=5", "x =%d", 1, 5, 3, 0),
    INTEGER('I', "5%", "%d%%", 1, 5, 2, 0),
    INTEGER('I', "%5", "%%%d", 1, 5, 2, 0),
    INTEGER('I', "12 34", "%*d %d", 1, 34, 5, 0),
    INTEGER('I', "12,34", "%*d,%d", 1, 34, 5, 0),
    INTEGER('I', "abc 7", "%*s %d", 1, 7, 5, 0),
    INTEGER('I', "abc7", "%*[a-z]%d", 1, 7, 4, 0),
    INTEGER('I', "xx7", "%*2c%d", 1, 7, 3, 0),
    INTEGER('I', "  7", "%d", 1, 7, 3, 0),
    INTEGER('I', "7  ", "%d ", 1, 7, 3, 0),
    INTEGER('I', "y=5", "x=%d", 0, 777, -1, 0),
    INTEGER('I', "", "x%d", -1, 777, -1, 0),
    INTEGER('I', "x", "x%d", -1, 777, -1, 0),
};

typedef int(__cdecl *sscanf_fn)(const char *, const char *, ...);
typedef int(__cdecl *swscanf_fn)(const wchar_t *, const wchar_t *, ...);
typedef int(__cdecl *common_fn)(unsigned long long, const char *, size_t, const char *, void *, va_list);
typedef int(__cdecl *common_wide_fn)(unsigned long long, const wchar_t *, size_t, const wchar_t *, void *, va_list);

static sscanf_fn msvcrt_narrow;
static swscanf_fn msvcrt_wide;
static common_fn ucrt_narrow;
static common_wide_fn ucrt_wide;

static int call_ucrt_narrow(const char *text, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int result = ucrt_narrow(0, text, (size_t)-1, format, NULL, args);
    va_end(args);
    return result;
}

static int call_ucrt_wide(const wchar_t *text, const wchar_t *format, ...)
{
    va_list args;
    va_start(args, format);
    int result = ucrt_wide(0, text, (size_t)-1, format, NULL, args);
    va_end(args);
    return result;
}

static void widen(wchar_t *to, const char *from)
{
    while ((*to++ = (unsigned char)*from++))
        ;
}

union target {
    short h;
    int i;
    long long q;
    float f;
    double d;
    char s[64];
    wchar_t w[64];
};

static void prepare(const struct row *row, union target *target)
{
    memset(target, 0, sizeof(*target));
    if (row->kind == 'I')
        target->i = 777;
    else if (row->kind == 'D')
        target->d = 777;
    else if (row->kind == 'F')
        target->f = 777;
}

static int is_right(const struct row *row, const union target *target, int wide)
{
    char text[64];
    switch (row->kind) {
    case 'H':
        return target->h == row->integer;
    case 'I':
        return target->i == row->integer;
    case 'Q':
    case 'P':
        return target->q == row->integer;
    case 'F':
        return target->f == (float)row->number;
    case 'D':
        return target->d == row->number;
    default:
        if (!row->text)
            return 1;
        for (int i = 0; i < 64; i++)
            text[i] = wide ? (char)target->w[i] : target->s[i];
        return !strcmp(text, row->text);
    }
}

static void check_row(const struct row *row, int ucrt, int wide)
{
    union target target;
    char format[64];
    wchar_t wide_input[64], wide_format[64];
    int end = -1, result;
    if (row->ucrt_only && !ucrt)
        return;
    prepare(row, &target);
    /* Texts of wide functions: ucrtbase's %s is narrow without the option of legacy specifiers. */
    strcpy(format, row->format);
    if (wide && ucrt && (row->kind == 'S' || row->kind == 'C')) {
        char *type = format + strlen(format) - 1;
        if (*type == ']')
            type = strchr(format, '[');
        memmove(type + 1, type, strlen(type) + 1);
        *type = 'l';
    }
    strcat(format, "%n");
    widen(wide_input, row->input);
    widen(wide_format, format);
    if (wide)
        result = (ucrt ? call_ucrt_wide : msvcrt_wide)(wide_input, wide_format, &target, &end);
    else
        result = (ucrt ? call_ucrt_narrow : msvcrt_narrow)(row->input, format, &target, &end);
    check_count++;
    if (result == row->result && is_right(row, &target, wide) && (row->end < 0 || end == row->end))
        return;
    check_failed++;
    printf("%s %s: \"%s\" by %s: %d (expected %d), integer %lld, number %g, end %d (expected %d)\n",
           ucrt ? "ucrtbase" : "msvcrt", wide ? "wide" : "narrow", row->input, row->format, result, row->result,
           target.q, target.d, end, row->end);
}

int main(void)
{
    HMODULE msvcrt = LoadLibraryA("msvcrt.dll"), ucrt = LoadLibraryA("ucrtbase.dll");
    msvcrt_narrow = (sscanf_fn)(void *)GetProcAddress(msvcrt, "sscanf");
    msvcrt_wide = (swscanf_fn)(void *)GetProcAddress(msvcrt, "swscanf");
    ucrt_narrow = (common_fn)(void *)GetProcAddress(ucrt, "__stdio_common_vsscanf");
    ucrt_wide = (common_wide_fn)(void *)GetProcAddress(ucrt, "__stdio_common_vswscanf");
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        for (int variant = 0; variant < 4; variant++)
            check_row(&rows[i], variant & 1, variant >> 1);
    return check_done();
}
