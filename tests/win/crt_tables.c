/*
 * Do the tables and limits of msvcrt.dll that programs look into themselves (classes of characters, error texts,
 * descriptors, names of locales) hold what they hold on Windows?
 */
#include "check.h"
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <io.h>
#include <locale.h>
#include <stdbool.h>
#include <stdio.h>

static void no_report(const wchar_t *a, const wchar_t *b, const wchar_t *c, unsigned d, uintptr_t e)
{
    (void)a, (void)b, (void)c, (void)d, (void)e;
}

/* What the C standard says of ASCII; the tab is the corner: a blank that is not printed. */
static void test_classes(void)
{
    int (*is_print)(int) = (void *)GetProcAddress(GetModuleHandleA("msvcrt.dll"), "isprint");
    const unsigned short *table =
        *(const unsigned short **)(void *)GetProcAddress(GetModuleHandleA("msvcrt.dll"), "_pctype");
    for (int c = 0; c < 128; c++) {
        bool graph = c > ' ' && c < 127;
        CHECK_EQ(is_print(c) != 0, graph || c == ' ');
        CHECK_EQ((table[c] & (_ALPHA | _BLANK | _PUNCT | _DIGIT)) != 0, graph || c == ' ');
        CHECK_EQ((table[c] & _SPACE) != 0, c == ' ' || (c >= 9 && c <= 13));
        CHECK_EQ((table[c] & _CONTROL) != 0, c < ' ' || c == 127);
    }
    CHECK_EQ(table['\t'], _SPACE | _CONTROL);
    CHECK_EQ(table[' '], _SPACE | _BLANK);
}

static void test_error_texts(void)
{
    HMODULE crt = GetModuleHandleA("msvcrt.dll");
    char **list = (char **)(void *)GetProcAddress(crt, "_sys_errlist");
    int *count = (int *)(void *)GetProcAddress(crt, "_sys_nerr");
    CHECK(list && count);
    CHECK_EQ(*count, 43);
    for (int i = 0; i <= *count; i++)
        CHECK_STR(list[i], strerror(i));
    CHECK_STR(list[ENOENT], "No such file or directory");
    CHECK_STR(list[*count], "Unknown error");
}

/* As many descriptors as streams: 2,048, which is also what _setmaxstdio allows. */
static void test_limits(void)
{
    int fd = _open("NUL", _O_RDONLY);
    CHECK(fd >= 3);
    CHECK_EQ(_getmaxstdio(), 512);
    CHECK_EQ(_setmaxstdio(2049), -1);
    CHECK_EQ(_getmaxstdio(), 512);
    CHECK_EQ(_setmaxstdio(2048), 2048);
    CHECK_EQ(_getmaxstdio(), 2048);
    CHECK_EQ(_dup2(fd, 2047), 0);
    CHECK(_get_osfhandle(2047) != -1);
    CHECK_EQ(_close(2047), 0);
    errno = 0;
    CHECK_EQ(_dup2(fd, 2048), -1);
    CHECK_EQ(errno, EBADF);
    errno = 0;
    CHECK_EQ(_dup2(fd, -1), -1);
    CHECK_EQ(errno, EBADF);
    CHECK_EQ(_close(fd), 0);
}

/* What a query returned stays as it is while others ask. */
static void test_locale_queries(void)
{
    CHECK(setlocale(LC_ALL, "English_United States.1252") != NULL);
    CHECK(setlocale(LC_NUMERIC, "German_Germany.1252") != NULL);
    char *all = setlocale(LC_ALL, NULL);
    CHECK_STR(all,
              "LC_COLLATE=English_United States.1252;LC_CTYPE=English_United States.1252;LC_MONETARY=English_United "
              "States.1252;LC_NUMERIC=German_Germany.1252;LC_TIME=English_United States.1252");
    CHECK_STR(setlocale(LC_NUMERIC, NULL), "German_Germany.1252");
    CHECK(setlocale(LC_ALL, NULL) == all);
    const wchar_t *wide = _wsetlocale(LC_NUMERIC, NULL);
    CHECK(wide && !wcscmp(wide, L"German_Germany.1252"));
    static const char *const refused[] = {"C.UTF-8", "Chinese_China.54936", ".54936", ".65000", ".99999"};
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
        CHECK(setlocale(LC_ALL, refused[i]) == NULL);
    /* Wine takes unknown code pages, and this for the categories without characters. */
    CHECK(setlocale(LC_CTYPE, "French_France.65001") == NULL);
    CHECK_STR(setlocale(LC_CTYPE, "Japanese_Japan.932"), "Japanese_Japan.932");
    CHECK_EQ(MB_CUR_MAX, 2);
    CHECK_STR(setlocale(LC_ALL, "C"), "C");
    CHECK_STR(setlocale(LC_ALL, NULL), "C");
}

int main(void)
{
    _invalid_parameter_handler (*set_handler)(_invalid_parameter_handler) =
        (void *)GetProcAddress(GetModuleHandleA("msvcrt.dll"), "_set_invalid_parameter_handler");
    if (set_handler)
        set_handler(no_report);
    test_classes();
    test_error_texts();
    test_limits();
    test_locale_queries();
    return check_done();
}
