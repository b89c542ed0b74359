/*
 * file.c: what files cost: opening, asking, names in another case, names that are not there, listing, reading.
 *
 * Compiled twice: for Windows, and for Linux with plain system calls.  Works in the directory bench-file below the
 * current one.  Prints one line an operation, "NAME<tab>NANOSECONDS", the least of several rounds; bench/run.sh puts
 * the two side by side.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "file.h"

#define ROUNDS 5
#define ENTRIES 200
#define LISTED 2000

typedef void work(long count);

static char buffer[4096];
static file data;

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
    printf("%s\t%.1f\n", name, best);
    fflush(stdout);
}

static void fill(const char *directory, int count)
{
    char name[300];
    make_directory(directory);
    for (int i = 0; i < count; i++) {
        snprintf(name, sizeof name, "%s/entry-%d.txt", directory, i);
        file_close(file_make(name));
    }
}

static void open_close(long count)
{
    for (long i = 0; i < count; i++)
        file_close(file_open("bench-file/entry-77.txt"));
}

/* Linux opens the right name; three directories and the file are in another case for Windows. */
static void open_case(long count)
{
    for (long i = 0; i < count; i++)
#ifdef _WIN32
        file_close(file_open("BENCH-file/ONE/tWo/THREE/Entry-77.TXT"));
#else
        file_close(file_open("bench-file/one/two/three/entry-77.txt"));
#endif
}

static void ask(long count)
{
    for (long i = 0; i < count; i++)
        file_exists("bench-file/entry-77.txt");
}

static void miss(long count)
{
    for (long i = 0; i < count; i++)
        file_exists("bench-file/one/two/three/not-there.txt");
}

static void miss_many(long count)
{
    char name[100];
    for (long i = 0; i < count; i++) {
        snprintf(name, sizeof name, "bench-file/one/two/no-%ld.txt", i & 255);
        file_exists(name);
    }
}

static void list(long count)
{
    for (long i = 0; i < count; i++)
        list_directory("bench-file/many");
}

static void read_cached(long count)
{
    for (long i = 0; i < count; i++)
        file_read(data, buffer, sizeof buffer);
}

static void write_cached(long count)
{
    for (long i = 0; i < count; i++)
        file_write(data, buffer, sizeof buffer);
}

static void make_remove(long count)
{
    for (long i = 0; i < count; i++) {
        file_close(file_make("bench-file/new.txt"));
        file_remove("bench-file/new.txt");
    }
}

static void rename_back(long count)
{
    for (long i = 0; i < count; i++) {
        file_rename("bench-file/entry-1.txt", "bench-file/moved.txt");
        file_rename("bench-file/moved.txt", "bench-file/entry-1.txt");
    }
}

static void lock_unlock(long count)
{
    for (long i = 0; i < count; i++)
        lock_pair(data);
}

int main(void)
{
    fill("bench-file", ENTRIES);
    fill("bench-file/one", ENTRIES);
    fill("bench-file/one/two", ENTRIES);
    fill("bench-file/one/two/three", ENTRIES);
    fill("bench-file/many", LISTED);
    data = file_make("bench-file/data");
    file_write(data, buffer, sizeof buffer);
    report("open and close", open_close, 10000);
    report("open in another case, three deep", open_case, 10000);
    report("attributes (stat)", ask, 20000);
    report("attributes of a missing file", miss, 20000);
    report("many missing files", miss_many, 20000);
    report("listing 2,000 files", list, 5);
    report("read 4 KiB", read_cached, 50000);
    report("write 4 KiB", write_cached, 50000);
    report("create, close, delete", make_remove, 3000);
    report("rename and back", rename_back, 3000);
    report("lock and unlock a range", lock_unlock, 20000);
    file_close(data);
    return 0;
}
