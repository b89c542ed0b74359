/*
 * host.c: calls of host libraries: what a compiled thunk, a thunk of libffi, and a callback cost.
 * One source for both sides; on Windows the DLLs are the host's libraries (bound.dll by the prefix that run.sh makes).
 */
#include <stdio.h>
#include <stdlib.h>
#ifdef _WIN32
#include <windows.h>
#define ZLIB "zlib1.dll"
#define SQLITE "sqlite3.dll"
#define BOUND "bound.dll"

static void *find(const char *library, const char *name)
{
    return (void *)GetProcAddress(LoadLibraryA(library), name);
}

static double now(void)
{
    LARGE_INTEGER frequency, counter;
    QueryPerformanceFrequency(&frequency);
    QueryPerformanceCounter(&counter);
    return (double)counter.QuadPart * 1e9 / (double)frequency.QuadPart;
}
#else
#include <dlfcn.h>
#include <time.h>
#define ZLIB "libz.so.1"
#define SQLITE "libsqlite3.so.0"
#define BOUND "libz.so.1"

static void *find(const char *library, const char *name)
{
    return dlsym(dlopen(library, RTLD_NOW), name);
}

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}
#endif

#define CALLS 20000000
#define ROWS 10000000

static void calls(const char *title, const char *library)
{
    const char *(*volatile pointer)(int) = (const char *(*)(int))find(library, "zError");
    const char *(*function)(int) = pointer;
    double best = 1e9;
    if (!function)
        exit(1);
    for (int round = 0; round < 5; round++) {
        double start = now();
        for (int i = 0; i < CALLS; i++)
            function(i & 1);
        double time = (now() - start) / CALLS;
        best = time < best ? time : best;
    }
    printf("%s\t%.2f\n", title, best);
}

static int count;

static int on_row(void *context, int columns, char **values, char **names)
{
    (void)context, (void)columns, (void)values, (void)names;
    count++;
    return 0;
}

static void callbacks(void)
{
    int (*open)(const char *, void **) = (int (*)(const char *, void **))find(SQLITE, "sqlite3_open");
    int (*exec)(void *, const char *, int (*)(void *, int, char **, char **), void *, char **) =
        (int (*)(void *, const char *, int (*)(void *, int, char **, char **), void *, char **))find(SQLITE,
                                                                                                     "sqlite3_exec");
    void *db;
    if (!open || !exec || open(":memory:", &db))
        exit(1);
    double start = now();
    exec(db, "with recursive c(x) as (select 1 union all select x+1 from c limit 10000000) select 1 from c", on_row,
         NULL, NULL);
    if (count != ROWS)
        exit(1);
    printf("sqlite3_exec, 10 million callbacks\t%.2f\n", (now() - start) / ROWS);
}

int main(void)
{
    calls("zError, compiled thunk", ZLIB);
    calls("zError, bound by prefix.conf", BOUND);
    callbacks();
    return 0;
}
