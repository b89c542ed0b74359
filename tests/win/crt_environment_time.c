/*
 * Do the C runtimes read TZ as documented, open files in Unicode modes (ccs=), and answer for locales? msvcrt and
 * ucrtbase, by name.
 */
#include "check.h"
#include <locale.h>
#include <time.h>
#include <wchar.h>

struct crt {
    const char *name;
    int (*putenv)(const char *);
    void (*tzset)(void);
    struct tm *(*localtime64)(const __int64 *);
    __int64 (*mktime64)(struct tm *);
    FILE *(*wfopen)(const wchar_t *, const wchar_t *);
    FILE *(*fopen)(const char *, const char *);
    int (*fclose)(FILE *);
    wchar_t *(*fgetws)(wchar_t *, int, FILE *);
    int (*fputws)(const wchar_t *, FILE *);
    size_t (*fread)(void *, size_t, size_t, FILE *);
    size_t (*fwrite)(const void *, size_t, size_t, FILE *);
    char *(*setlocale)(int, const char *);
    struct lconv *(*localeconv)(void);
};

static int load(struct crt *crt, const char *name)
{
    HMODULE module = LoadLibraryA(name);

    crt->name = name;
#define GET(field, symbol) crt->field = (void *)GetProcAddress(module, symbol)
    GET(putenv, "_putenv");
    GET(tzset, "_tzset");
    GET(localtime64, "_localtime64");
    GET(mktime64, "_mktime64");
    GET(wfopen, "_wfopen");
    GET(fopen, "fopen");
    GET(fclose, "fclose");
    GET(fgetws, "fgetws");
    GET(fputws, "fputws");
    GET(fread, "fread");
    GET(fwrite, "fwrite");
    GET(setlocale, "setlocale");
    GET(localeconv, "localeconv");
    return crt->putenv && crt->wfopen && crt->localeconv;
}

static void check_zone(struct crt *crt)
{
    static const struct {
        const char *zone;
        __int64 time;
        int hour, day, dst;
    } cases[] = {
        {"TZ=UTC0", 0, 0, 1, 0},
        {"TZ=EST5EDT", 1700000000, 17, 14, 0}, /* 14 November 2023, 22:13 UTC */
        {"TZ=EST5EDT", 1690000000, 0, 22, 1},  /* 22 July 2023, 04:26 UTC */
        {"TZ=PST8PDT", 1700000000, 14, 14, 0},
        {"TZ=JST-9", 1700000000, 7, 15, 0},
        {"TZ=IST-5:30", 1700000000, 3, 15, 0},
        {"TZ=NST3:30NDT", 1700000000, 18, 14, 0},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct tm copy, *tm;

        crt->putenv(cases[i].zone);
        crt->tzset();
        tm = crt->localtime64(&cases[i].time);
        CHECK(tm != NULL);
        if (!tm)
            continue;
        CHECK_EQ(tm->tm_hour, cases[i].hour);
        CHECK_EQ(tm->tm_mday, cases[i].day);
        CHECK_EQ(tm->tm_isdst, cases[i].dst);
        copy = *tm;
        CHECK_EQ(crt->mktime64(&copy), cases[i].time);
    }
    crt->putenv("TZ=");
    crt->tzset();
}

static size_t raw(struct crt *crt, const char *path, unsigned char *buffer, size_t room)
{
    FILE *file = crt->fopen(path, "rb");
    size_t size = file ? crt->fread(buffer, 1, room, file) : 0;

    if (file)
        crt->fclose(file);
    return size;
}

static void check_unicode(struct crt *crt)
{
    static const struct {
        const wchar_t *mode;
        const char *bytes;
        size_t size;
    } cases[] = {
        {L"w, ccs=UTF-8",
         "\xef\xbb\xbf"
         "a\xc3\xa4\r\n",
         8},
        {L"w, ccs=UTF-16LE",
         "\xff\xfe"
         "a\0\xe4\0\r\0\n\0",
         10},
        {L"w, ccs=UNICODE",
         "\xff\xfe"
         "a\0\xe4\0\r\0\n\0",
         10},
    };
    unsigned char buffer[64];
    wchar_t line[16];
    FILE *file;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        file = crt->wfopen(L"ccs.txt", cases[i].mode);
        CHECK(file != NULL);
        if (!file)
            continue;
        CHECK(crt->fputws(L"a\u00e4\n", file) >= 0);
        crt->fclose(file);
        CHECK_EQ(raw(crt, "ccs.txt", buffer, sizeof buffer), cases[i].size);
        CHECK(!memcmp(buffer, cases[i].bytes, cases[i].size));
        file = crt->wfopen(L"ccs.txt", L"r, ccs=UTF-8"); /* the mark decides */
        CHECK(file != NULL);
        CHECK(crt->fgetws(line, 16, file) != NULL);
        CHECK(!wcscmp(line, L"a\u00e4\n"));
        crt->fclose(file);
    }
    file = crt->fopen("ccs.txt", "wb");
    crt->fwrite("x\xc3\xa9\n", 1, 4, file);
    crt->fclose(file);
    file = crt->wfopen(L"ccs.txt", L"rt, ccs=UTF-8"); /* without a mark */
    CHECK(file && crt->fgetws(line, 16, file) && !wcscmp(line, L"x\u00e9\n"));
    if (file)
        crt->fclose(file);
    DeleteFileA("ccs.txt");
}

static void check_locale(struct crt *crt)
{
    const char *name = crt->setlocale(LC_ALL, NULL);

    CHECK_STR(name, "C");
    CHECK_STR(crt->localeconv()->decimal_point, ".");
    CHECK_STR(crt->localeconv()->thousands_sep, "");
    name = crt->setlocale(LC_ALL, "English_United States.1252");
    CHECK(name != NULL && !strcmp(name, "English_United States.1252"));
    CHECK_STR(crt->localeconv()->thousands_sep, ",");
    CHECK_STR(crt->localeconv()->currency_symbol, "$");
    CHECK(crt->setlocale(LC_ALL, "no such locale") == NULL);
    name = crt->setlocale(LC_NUMERIC, "German_Germany.1252");
    CHECK(name != NULL);
    CHECK_STR(crt->localeconv()->decimal_point, ",");
    name = crt->setlocale(LC_ALL, NULL);
    CHECK(name && strstr(name, "LC_NUMERIC=German_Germany.1252"));
    CHECK(crt->setlocale(LC_ALL, "C") != NULL);
    CHECK_STR(crt->localeconv()->decimal_point, ".");
}

int main(void)
{
    static const char *const names[] = {"msvcrt.dll", "ucrtbase.dll"};
    struct crt crt;

    for (int i = 0; i < 2; i++) {
        if (!load(&crt, names[i])) {
            CHECK(0);
            continue;
        }
        printf("%s\n", names[i]);
        check_zone(&crt);
        check_unicode(&crt);
        check_locale(&crt);
    }
    return check_done();
}
