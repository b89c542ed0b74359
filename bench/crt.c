/*
 * crt.c: what functions of the C runtime cost, called through the import table (function pointers on Linux).
 *
 * Compiled for Windows, with msvcrt, and for Linux.  Prints "NAME<tab>NANOSECONDS" a line, the least of several rounds;
 * bench/run.sh puts the two side by side.
 */
#define __USE_MINGW_ANSI_STDIO 0
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>
#ifdef _WIN32
#include <windows.h>

static double now(void)
{
    LARGE_INTEGER frequency, counter;
    QueryPerformanceFrequency(&frequency);
    QueryPerformanceCounter(&counter);
    return (double)counter.QuadPart * 1e9 / (double)frequency.QuadPart;
}
#else
#include <time.h>

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}
#endif

#define ROUNDS 100 /* of a few milliseconds: other programs' turns fall between them */

/* What the compiler can neither see through nor replace. */
static int (*volatile print)(char *, const char *, ...) = sprintf;
static void *(*volatile copy)(void *, const void *, size_t) = memcpy;
static void *(*volatile move)(void *, const void *, size_t) = memmove;
static void *(*volatile fill)(void *, int, size_t) = memset;
static size_t (*volatile length)(const char *) = strlen;
static size_t (*volatile wide_length)(const wchar_t *) = wcslen;
static int (*volatile compare)(const char *, const char *) = strcmp;
static char *(*volatile find)(const char *, int) = (char *(*)(const char *, int))strchr;
static void *(*volatile find_in)(const void *, int, size_t) = (void *(*)(const void *, int, size_t))memchr;
static double (*volatile to_double)(const char *, char **) = strtod;

static char text[65536], other[65536];
static wchar_t wide[65536];
static size_t size;
static FILE *file;
static volatile size_t sink;

typedef void work(long count);

static void report(const char *name, work *function, long count)
{
    double best = 1e18;
    function(count / 10 + 1);
    for (int round = 0; round < ROUNDS; round++) {
        double start = now();
        function(count);
        double each = (now() - start) / (double)count;
        best = each < best ? each : best;
    }
    printf("%s\t%.2f\n", name, best);
    fflush(stdout);
}

#define WORK(name, ...)                                                                                                \
    static void name(long count)                                                                                       \
    {                                                                                                                  \
        for (long i = 0; i < count; i++) {                                                                             \
            __VA_ARGS__;                                                                                               \
        }                                                                                                              \
    }
WORK(print_int, print(other, "%d", (int)i))
WORK(print_mixed, print(other, "%s: %d of %u at %08x", "name", (int)i, 77u, 0xbeefu))
WORK(print_string, print(other, "%s and %-10s", "some text", "more"))
WORK(print_float, print(other, "%f", (double)i * 0.37))
WORK(print_general, print(other, "%.15g", (double)i * 0.37))
WORK(read_double, sink = (size_t)to_double("3.14159265358979", NULL))
WORK(work_copy, copy(other, text, size))
WORK(work_move, move(other, text, size))
WORK(work_fill, fill(other, 'x', size))
WORK(work_length, sink = length(text))
WORK(work_wide_length, sink = wide_length(wide))
WORK(work_compare, sink = (size_t)compare(text, other))
WORK(work_find, sink = (size_t)find(text, 'z'))
WORK(work_find_in, sink = (size_t)find_in(text, 'z', size))
WORK(stream_print, fprintf(file, "%d %s\n", (int)i, "line"))
WORK(stream_put, putc((int)i & 0x7f, file))
WORK(stream_write, fwrite(text, 1, 100, file))

static void stream_get(long count)
{
    rewind(file);
    for (long i = 0; i < count; i++)
        sink = (size_t)getc(file);
}

static void stream_read(long count)
{
    rewind(file);
    for (long i = 0; i < count; i++)
        sink = fread(other, 1, 100, file);
}

static void stream_lines(long count)
{
    rewind(file);
    for (long i = 0; i < count; i++)
        sink = (size_t)fgets(other, sizeof(other), file);
}

/* Strings and blocks of that many units. */
static void measure_size(size_t units)
{
    static const struct {
        const char *name;
        work *function;
    } works[] = {{"memcpy", work_copy},   {"memmove", work_move},       {"memset", work_fill},
                 {"strlen", work_length}, {"wcslen", work_wide_length}, {"strcmp", work_compare},
                 {"strchr", work_find},   {"memchr", work_find_in}};
    char name[64];
    size = units;
    for (size_t i = 0; i < sizeof(works) / sizeof(works[0]); i++) {
        memset(text, 'a', units);
        memset(other, 'a', units);
        text[units] = other[units] = 0;
        for (size_t j = 0; j <= units; j++)
            wide[j] = (wchar_t)text[j];
        snprintf(name, sizeof(name), "%s %d", works[i].name, (int)units);
        report(name, works[i].function, units > 4096 ? 1000 : 20000);
    }
}

int main(void)
{
#ifdef _WIN32
    /* mingw-w64 links a strtod of its own. */
    to_double = (double (*)(const char *, char **))(void *)GetProcAddress(GetModuleHandleA("msvcrt"), "strtod");
#endif
    static const size_t sizes[] = {5, 24, 100, 1000, 20000};
    report("sprintf %d", print_int, 6000);
    report("sprintf %s: %d of %u at %08x", print_mixed, 4000);
    report("sprintf %s and %-10s", print_string, 6000);
    report("sprintf %f", print_float, 4000);
    report("sprintf %.15g", print_general, 4000);
    report("strtod", read_double, 6000);
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
        measure_size(sizes[i]);
    memset(text, 'a', 100);
    file = tmpfile();
    if (!file)
        return 1;
    report("fprintf to a file", stream_print, 4000);
    rewind(file);
    report("fgets", stream_lines, 4000);
    rewind(file);
    report("putc", stream_put, 40000);
    report("getc", stream_get, 40000);
    rewind(file);
    report("fwrite 100", stream_write, 4000);
    report("fread 100", stream_read, 4000);
    return 0;
}
