/*
 * Do the checked string functions (_s), locales, multibyte strings and uchar.h keep their documented results: errors,
 * truncation, empty destinations?  In msvcrt or ucrtbase, whichever has the function.
 */
#include "check.h"
#include <errno.h>
#include <locale.h>
#include <stdbool.h>
#include <stdint.h>

static HMODULE msvcrt, ucrt;
static int invalid_calls;

static void on_invalid(const wchar_t *a, const wchar_t *b, const wchar_t *c, unsigned d, uintptr_t e)
{
    (void)a, (void)b, (void)c, (void)d, (void)e;
    invalid_calls++;
}

static void *get(const char *name)
{
    void *function = (void *)GetProcAddress(ucrt, name);
    return function ? function : (void *)GetProcAddress(msvcrt, name);
}

#define F(type, name) ((type)get(name))
typedef int(__cdecl *copy_fn)(char *, size_t, const char *);
typedef int(__cdecl *copy_n_fn)(char *, size_t, const char *, size_t);

/* One call of a copying function: what it returns and leaves. */
static const struct {
    const char *function, *before;
    size_t size;
    const char *from;
    size_t count; /* NONE: the function has none */
    int error;
    const char *after;
    int invalid;
} copies[] = {
#define NONE 99
    {"strcpy_s", "", 8, "abc", NONE, 0, "abc", 0},
    {"strcpy_s", "x", 4, "abc", NONE, 0, "abc", 0},
    {"strcpy_s", "x", 3, "abc", NONE, ERANGE, "", 1},
    {"strcpy_s", "x", 8, NULL, NONE, EINVAL, "", 1},
    {"strcpy_s", "x", 8, "", NONE, 0, "", 0},
    {"strcat_s", "ab", 8, "cd", NONE, 0, "abcd", 0},
    {"strcat_s", "ab", 5, "cd", NONE, 0, "abcd", 0},
    {"strcat_s", "ab", 4, "cd", NONE, ERANGE, "", 1},
    {"strcat_s", "ab", 2, "cd", NONE, EINVAL, "", 1},
    {"strcat_s", "ab", 8, NULL, NONE, EINVAL, "", 1},
    {"strncpy_s", "x", 8, "abcdef", 3, 0, "abc", 0},
    {"strncpy_s", "x", 4, "abcdef", 3, 0, "abc", 0},
    {"strncpy_s", "x", 3, "abcdef", 3, ERANGE, "", 1},
    {"strncpy_s", "x", 3, "abcdef", (size_t)-1, 80, "ab", 0},
    {"strncpy_s", "x", 8, "ab", 5, 0, "ab", 0},
    {"strncpy_s", "x", 8, "abc", 0, 0, "", 0},
    {"strncat_s", "ab", 8, "cdef", 2, 0, "abcd", 0},
    {"strncat_s", "ab", 4, "cdef", 2, ERANGE, "", 1},
    {"strncat_s", "ab", 4, "cdef", (size_t)-1, 80, "abc", 0},
    {"strncat_s", "ab", 8, "cd", 0, 0, "ab", 0},
    {"_mbscpy_s", "x", 4, "abc", NONE, 0, "abc", 0},
    {"_mbscpy_s", "x", 3, "abc", NONE, ERANGE, "", 1},
    {"_mbscat_s", "ab", 5, "cd", NONE, 0, "abcd", 0},
    {"_mbsncpy_s", "x", 8, "abcdef", 3, 0, "abc", 0},
    {"_mbsncpy_s", "x", 3, "abcdef", (size_t)-1, 80, "ab", 0},
    {"_mbsncat_s", "ab", 8, "cdef", 2, 0, "abcd", 0},
    {"_mbsnbcpy_s", "x", 8, "abcdef", 3, 0, "abc", 0},
    {"_mbsnbcat_s", "ab", 8, "cdef", 3, 0, "abcde", 0},
};

static void test_copies(void)
{
    for (size_t i = 0; i < sizeof(copies) / sizeof(copies[0]); i++) {
        char buffer[16];
        memset(buffer, 'z', sizeof(buffer));
        strcpy(buffer, copies[i].before);
        invalid_calls = 0;
        int error = copies[i].count == NONE
                        ? F(copy_fn, copies[i].function)(buffer, copies[i].size, copies[i].from)
                        : F(copy_n_fn, copies[i].function)(buffer, copies[i].size, copies[i].from, copies[i].count);
        CHECK_EQ(error, copies[i].error);
        CHECK_STR(buffer, copies[i].after);
        CHECK_EQ(invalid_calls, copies[i].invalid);
    }
}

static void test_sets(void)
{
    typedef int(__cdecl * set_fn)(char *, size_t, int);
    typedef int(__cdecl * nset_fn)(char *, size_t, int, size_t);
    typedef int(__cdecl * in_place_fn)(char *, size_t);
    char text[16];
    strcpy(text, "abc");
    CHECK_EQ(F(set_fn, "_strset_s")(text, 16, '*'), 0);
    CHECK_STR(text, "***");
    strcpy(text, "abcdef");
    CHECK_EQ(F(nset_fn, "_strnset_s")(text, 16, '*', 2), 0);
    CHECK_STR(text, "**cdef");
    invalid_calls = 0;
    strcpy(text, "abcdef");
    CHECK_EQ(F(set_fn, "_strset_s")(text, 3, '*'), EINVAL);
    CHECK_EQ(invalid_calls, 1);
    CHECK_STR(text, "");
    strcpy(text, "aBc1");
    CHECK_EQ(F(in_place_fn, "_strupr_s")(text, 16), 0);
    CHECK_STR(text, "ABC1");
    CHECK_EQ(F(in_place_fn, "_strlwr_s")(text, 16), 0);
    CHECK_STR(text, "abc1");
    CHECK_EQ(F(in_place_fn, "_strlwr_s")(text, 2), EINVAL);
    CHECK_STR(text, "");
}

/* --- locales ------------------------------------------------------------------------------------------------------ */

typedef char *(__cdecl *setlocale_fn)(int, const char *);
typedef struct lconv *(__cdecl *localeconv_fn)(void);

static void test_locale(void)
{
    setlocale_fn set = F(setlocale_fn, "setlocale");
    localeconv_fn conventions = F(localeconv_fn, "localeconv");
    CHECK_STR(set(LC_ALL, NULL), "C");
    CHECK_STR(conventions()->decimal_point, ".");
    CHECK_STR(conventions()->thousands_sep, "");
    CHECK_STR(conventions()->int_curr_symbol, "");
    CHECK_EQ(conventions()->frac_digits, 127);
    CHECK(set(LC_ALL, "no such locale") == NULL);
    CHECK(set(LC_ALL, "English.99999") == NULL);
    CHECK_STR(set(LC_ALL, NULL), "C");
    CHECK(set(LC_NUMERIC, "en-US") != NULL);
    CHECK_STR(set(LC_NUMERIC, NULL), "en-US");
    CHECK_STR(set(LC_CTYPE, NULL), "C");
    CHECK_STR(conventions()->thousands_sep, ",");
    CHECK_STR(conventions()->grouping, "\3");
    CHECK(strstr(set(LC_ALL, NULL), "LC_NUMERIC=en-US") != NULL);
    char composed[512];
    strcpy(composed, set(LC_ALL, NULL));
    CHECK_STR(set(LC_ALL, "C"), "C");
    CHECK_STR(set(LC_ALL, composed), composed);
    CHECK_STR(set(LC_NUMERIC, NULL), "en-US");
    CHECK(set(LC_ALL, "English_United States.utf8") != NULL);
    CHECK_STR(set(LC_CTYPE, NULL), "English_United States.utf8");
    CHECK_STR(set(LC_ALL, "C"), "C");
}

static DWORD WINAPI other_thread(void *argument)
{
    char **name = argument;
    setlocale_fn set = F(setlocale_fn, "setlocale");
    strcpy(*name, set(LC_NUMERIC, NULL));
    return 0;
}

static void test_thread_locale(void)
{
    typedef int(__cdecl * config_fn)(int);
    config_fn configure = F(config_fn, "_configthreadlocale");
    setlocale_fn set = F(setlocale_fn, "setlocale");
    char name[128] = "", *pointer = name;
    CHECK_EQ(configure(0), 2);
    CHECK_EQ(configure(1), 2);
    CHECK_EQ(configure(0), 1);
    CHECK(set(LC_NUMERIC, "en-US") != NULL);
    HANDLE thread = CreateThread(NULL, 0, other_thread, &pointer, 0, NULL);
    WaitForSingleObject(thread, INFINITE);
    CloseHandle(thread);
    CHECK_STR(name, "C");
    CHECK_STR(set(LC_NUMERIC, NULL), "en-US");
    CHECK_EQ(configure(2), 1);
    CHECK_STR(set(LC_NUMERIC, NULL), "C");
}

static void test_locale_objects(void)
{
    typedef void *(__cdecl * create_fn)(int, const char *);
    typedef void(__cdecl * free_fn)(void *);
    typedef int(__cdecl * class_fn)(int, void *);
    typedef size_t(__cdecl * widen_fn)(wchar_t *, const char *, size_t, void *);
    void *utf8 = F(create_fn, "_create_locale")(LC_ALL, "English_United States.utf8");
    void *plain = F(create_fn, "_create_locale")(LC_ALL, "C");
    CHECK(utf8 != NULL && plain != NULL);
    CHECK(F(create_fn, "_create_locale")(LC_ALL, "nowhere") == NULL);
    CHECK(F(class_fn, "_isalpha_l")('a', utf8) != 0);
    CHECK(F(class_fn, "_isalpha_l")('1', utf8) == 0);
    CHECK_EQ(F(class_fn, "_toupper_l")('q', plain), 'Q');
    wchar_t wide[8];
    widen_fn widen = F(widen_fn, "_mbstowcs_l");
    CHECK_EQ(widen(wide, "\xc3\xa4x", 8, utf8), 2);
    CHECK_EQ(wide[0], 0xe4);
    CHECK_EQ(widen(wide, "\xc3\xa4x", 8, plain), 3);
    CHECK_EQ(wide[0], 0xc3);
    F(free_fn, "_free_locale")(utf8);
    F(free_fn, "_free_locale")(plain);
}

/* --- multibyte strings: a code page without lead bytes, where characters are bytes ---------------------------------
 */

static void test_multibyte(void)
{
    typedef unsigned char *(__cdecl * find_fn)(const char *, unsigned);
    typedef size_t(__cdecl * length_fn)(const char *);
    typedef size_t(__cdecl * limited_fn)(const char *, size_t);
    typedef int(__cdecl * compare_fn)(const char *, const char *);
    typedef int(__cdecl * compare_n_fn)(const char *, const char *, size_t);
    typedef char *(__cdecl * change_fn)(char *);
    typedef char *(__cdecl * token_fn)(char *, const char *);
    typedef unsigned(__cdecl * character_fn)(unsigned);
    typedef int(__cdecl * codepage_fn)(int);
    char text[32] = "hello";
    CHECK_EQ(F(codepage_fn, "_setmbcp")(0), 0);
    CHECK_EQ(F(length_fn, "_mbslen")(text), 5);
    CHECK_EQ(F(limited_fn, "_mbsnlen")(text, 3), 3);
    CHECK_EQ(F(limited_fn, "_mbsnlen")(text, 30), 5);
    CHECK_EQ(F(limited_fn, "_mbsnccnt")(text, 4), 4);
    CHECK_EQ(F(limited_fn, "_mbsnbcnt")(text, 4), 4);
    CHECK((char *)F(find_fn, "_mbschr")(text, 'l') == text + 2);
    CHECK((char *)F(find_fn, "_mbsrchr")(text, 'l') == text + 3);
    CHECK(F(find_fn, "_mbschr")(text, 'z') == NULL);
    CHECK_EQ(F(compare_fn, "_mbscmp")("abc", "abd"), -1);
    CHECK_EQ(F(compare_fn, "_mbsicmp")("ABC", "abc"), 0);
    CHECK_EQ(F(compare_n_fn, "_mbsncmp")("abcd", "abxx", 2), 0);
    CHECK_EQ(F(compare_n_fn, "_mbsnbcmp")("abcd", "abxx", 3), -1);
    CHECK_EQ(F(compare_n_fn, "_mbsnicmp")("ABCD", "abcx", 3), 0);
    CHECK_EQ(F(compare_n_fn, "_mbsnbicmp")("ABCD", "abce", 4), -1);
    CHECK_STR(F(change_fn, "_mbsrev")(text), "olleh");
    CHECK_STR(F(change_fn, "_mbsupr")(text), "OLLEH");
    CHECK_STR(F(change_fn, "_mbslwr")(text), "olleh");
    strcpy(text, "a,b;c");
    CHECK_STR(F(token_fn, "_mbstok")(text, ",;"), "a");
    CHECK_STR(F(token_fn, "_mbstok")(NULL, ",;"), "b");
    CHECK_STR(F(token_fn, "_mbstok")(NULL, ",;"), "c");
    CHECK(F(token_fn, "_mbstok")(NULL, ",;") == NULL);
    CHECK_EQ(F(character_fn, "_mbctolower")('Q'), 'q');
    CHECK_EQ(F(character_fn, "_mbctoupper")('q'), 'Q');
    CHECK_EQ(F(character_fn, "_ismbblead")(0x81), 0);
    CHECK(F(character_fn, "_ismbcdigit")('7') != 0);
    CHECK(F(character_fn, "_ismbcalpha")('7') == 0);
    CHECK(F(character_fn, "_ismbcspace")(' ') != 0);
}

/* --- uchar.h ------------------------------------------------------------------------------------------------------ */

static void test_uchar(void)
{
    typedef size_t(__cdecl * to16_fn)(wchar_t *, const char *, size_t, void *);
    typedef size_t(__cdecl * to32_fn)(unsigned *, const char *, size_t, void *);
    typedef size_t(__cdecl * from16_fn)(char *, wchar_t, void *);
    typedef size_t(__cdecl * from32_fn)(char *, unsigned, void *);
    to16_fn to16 = F(to16_fn, "mbrtoc16");
    to32_fn to32 = F(to32_fn, "mbrtoc32");
    from16_fn from16 = F(from16_fn, "c16rtomb");
    from32_fn from32 = F(from32_fn, "c32rtomb");
    if (!to16) /* older libraries have none of these */
        return;
    char state[8] = {0}, bytes[8];
    wchar_t unit;
    unsigned c;
    CHECK_EQ(to32(&c, "A", 1, state), 1);
    CHECK_EQ(c, 'A');
    CHECK_EQ(to32(&c, "\xe2\x82\xac", 3, state), 3);
    CHECK_EQ(c, 0x20ac);
    CHECK_EQ(to32(&c, "\xf0\x9f\x98\x80", 4, state), 4);
    CHECK_EQ(c, 0x1f600);
    CHECK_EQ(to32(&c, "\xe2", 1, state), (size_t)-2);
    CHECK_EQ(to32(&c, "\x82\xac", 2, state), 2);
    CHECK_EQ(c, 0x20ac);
    CHECK_EQ(to32(&c, "\xff", 1, state), (size_t)-1);
    memset(state, 0, sizeof(state));
    CHECK_EQ(to32(&c, "", 1, state), 0);
    CHECK_EQ(to16(&unit, "\xf0\x9f\x98\x80", 4, state), 4);
    CHECK_EQ(unit, 0xd83d);
    CHECK_EQ(to16(&unit, "", 1, state), (size_t)-3);
    CHECK_EQ(unit, 0xde00);
    CHECK_EQ(from32(bytes, 0x20ac, state), 3);
    CHECK(!memcmp(bytes, "\xe2\x82\xac", 3));
    CHECK_EQ(from32(bytes, 0xd800, state), (size_t)-1);
    memset(state, 0, sizeof(state));
    CHECK_EQ(from16(bytes, 0xd83d, state), 0);
    CHECK_EQ(from16(bytes, 0xde00, state), 4);
    CHECK(!memcmp(bytes, "\xf0\x9f\x98\x80", 4));
    CHECK_EQ(from16(bytes, 'x', state), 1);
}

/* --- mathematical errors ------------------------------------------------------------------------------------------ */

static void test_math(void)
{
    typedef double(__cdecl * one_fn)(double);
    typedef double(__cdecl * two_fn)(double, double);
    typedef int *(__cdecl * errno_fn)(void);
    static const struct {
        const char *name;
        double a, b;
        int error;
    } rows[] = {
        {"sqrt", -1, 0, EDOM},  {"sqrt", 4, 0, 0},        {"log", -1, 0, EDOM},      {"log", 0, 0, ERANGE},
        {"log", 1, 0, 0},       {"exp", 1000, 0, ERANGE}, {"exp", 1, 0, 0},          {"acos", 2, 0, EDOM},
        {"asin", -2, 0, EDOM},  {"acos", 1, 0, 0},        {"cosh", 1000, 0, ERANGE}, {"sinh", 1000, 0, ERANGE},
        {"log10", -1, 0, EDOM}, {"log10", 100, 0, 0},     {"pow", -1, 0.5, EDOM},    {"pow", 10, 400, ERANGE},
        {"pow", 2, 10, 0},      {"fmod", 1, 0, EDOM},     {"fmod", 7, 3, 0},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        bool two = !strcmp(rows[i].name, "pow") || !strcmp(rows[i].name, "fmod");
        int *error = F(errno_fn, "_errno")();
        *error = 0;
        if (two)
            F(two_fn, rows[i].name)(rows[i].a, rows[i].b);
        else
            F(one_fn, rows[i].name)(rows[i].a);
        CHECK_EQ(*error, rows[i].error);
    }
}

int main(void)
{
    typedef void *(__cdecl * handler_fn)(void *);
    msvcrt = LoadLibraryA("msvcrt.dll");
    ucrt = LoadLibraryA("ucrtbase.dll");
    F(handler_fn, "_set_invalid_parameter_handler")((void *)on_invalid);
    test_copies();
    test_sets();
    test_locale();
    test_thread_locale();
    test_locale_objects();
    test_multibyte();
    test_uchar();
    test_math();
    return check_done();
}
