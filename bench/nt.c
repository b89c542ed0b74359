/*
 * nt.c: what the NT layer's small operations cost: heap, clocks, locks, events, threads, a handled fault.
 *
 * Compiled twice: for Windows, and for Linux with what a Linux program would use in its place.  Prints one line
 * an operation, "NAME<tab>NANOSECONDS", the least of several rounds; bench/run.sh puts the two side by side.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "nt.h"

#define ROUNDS 7

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
    printf("%s\t%.1f\n", name, best);
    fflush(stdout);
}

/* Sizes as programs ask for them: mostly small. */
static size_t next_size(unsigned *seed)
{
    *seed = *seed * 1103515245u + 12345u;
    unsigned r = *seed >> 8;
    return (r & 15) ? 16 + (r >> 4) % 240 : 256 + (r >> 4) % 4096;
}

static void alloc_free(long count, void *(*get)(size_t), void (*put)(void *))
{
    for (long i = 0; i < count; i++) {
        char *p = get(64);
        *(volatile char *)p = 1;
        put(p);
    }
}

/* A thousand blocks live, replaced in a pseudo-random order. */
static void alloc_mixed(long count, void *(*get)(size_t), void (*put)(void *))
{
    void *slots[1024] = {0};
    unsigned seed = 1;

    for (long i = 0; i < count; i++) {
        size_t size = next_size(&seed);
        unsigned slot = (seed >> 4) & 1023;
        if (slots[slot])
            put(slots[slot]);
        slots[slot] = get(size);
        *(volatile char *)slots[slot] = 1;
    }
    for (int i = 0; i < 1024; i++)
        if (slots[i])
            put(slots[i]);
}

/* Many blocks made, then all freed: what a list or a tree does. */
static void alloc_many(long count, void *(*get)(size_t), void (*put)(void *))
{
    void **blocks = malloc((size_t)count * sizeof(void *));
    unsigned seed = 7;

    for (long i = 0; i < count; i++) {
        blocks[i] = get(next_size(&seed));
        *(volatile char *)blocks[i] = 1;
    }
    for (long i = 0; i < count; i++)
        put(blocks[i]);
    free(blocks);
}

static void heap_pair(long count)
{
    alloc_free(count, heap_get, heap_put);
}

static void heap_mixed(long count)
{
    alloc_mixed(count, heap_get, heap_put);
}

static void heap_many(long count)
{
    alloc_many(count, heap_get, heap_put);
}

static void malloc_pair(long count)
{
    alloc_free(count, malloc, free);
}

static void malloc_mixed(long count)
{
    alloc_mixed(count, malloc, free);
}

static void malloc_many(long count)
{
    alloc_many(count, malloc, free);
}

static void large_pair(long count)
{
    for (long i = 0; i < count; i++) {
        char *p = heap_get(300000);
        *(volatile char *)p = 1;
        heap_put(p);
    }
}

static void grow(long count)
{
    char *p = heap_get(16);

    for (long i = 0; i < count; i++) {
        p = heap_resize(p, (size_t)(16 + (i & 4095) * 16));
        *(volatile char *)p = 1;
    }
    heap_put(p);
}

static work *parallel_work;
static long parallel_count;

static void parallel_body(void)
{
    parallel_work(parallel_count);
}

/* Four threads do `count` each; the time is that of one operation of one thread. */
static void parallel(long count)
{
    parallel_count = count;
    run_threads(4, parallel_body);
}

static void parallel_report(const char *name, work *function, long count)
{
    parallel_work = function;
    report(name, parallel, count);
}

int main(int argc, char **argv)
{
    const char *only = argc > 1 ? argv[1] : "";

    setup();
    if (strstr("heap", only)) {
        report("heap: pair of 64 bytes", heap_pair, 2000000);
        report("heap: mixed sizes", heap_mixed, 1000000);
        report("heap: 100,000 blocks", heap_many, 100000);
        report("heap: pair of 300,000 bytes", large_pair, 20000);
        report("heap: growing a block", grow, 200000);
        report("malloc: pair of 64 bytes", malloc_pair, 2000000);
        report("malloc: mixed sizes", malloc_mixed, 1000000);
        report("malloc: 100,000 blocks", malloc_many, 100000);
        parallel_report("heap: pair, four threads", heap_pair, 1000000);
        parallel_report("heap: mixed, four threads", heap_mixed, 500000);
        parallel_report("malloc: pair, four threads", malloc_pair, 1000000);
        parallel_report("malloc: mixed, four threads", malloc_mixed, 500000);
    }
    if (strstr("clock", only)) {
        report("clock: counter", clock_counter, 2000000);
        report("clock: system time", clock_system, 2000000);
        report("clock: precise system time", clock_precise, 2000000);
    }
    if (strstr("lock", only)) {
        report("lock: critical section", lock_section, 5000000);
        report("lock: exclusive", lock_exclusive, 5000000);
        report("lock: shared", lock_shared, 5000000);
        parallel_report("lock: critical section, four threads", lock_section, 200000);
    }
    if (strstr("sync", only)) {
        report("sync: event set and wait", event_alone, 500000);
        report("sync: wait for one event", wait_one, 500000);
        report("sync: wait for one of eight events", wait_eight, 500000);
        report("sync: event round trip", event_round, 10000);
        report("sync: mutex", mutex_alone, 500000);
        report("sync: thread create and join", thread_create_join, 2000);
    }
    if (strstr("fault", only)) {
        report("fault: handled, goes on", fault_continue, 20000);
        report("fault: handled, leaves", fault_leave, 20000);
    }
    return 0;
}
