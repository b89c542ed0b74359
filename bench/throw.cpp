/*
 * throw.cpp: what a C++ exception costs: thrown and caught in place, through ten frames with destructors, and through
 * a comparator that the C library's qsort calls.  Compiled for Windows and for Linux; prints as nt.c does.
 */
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>

static int destroyed;

struct guard {
    ~guard()
    {
        destroyed++;
    }
};

__attribute__((noinline)) static void thrower(int depth)
{
    guard g;
    if (!depth)
        throw std::runtime_error("bench");
    thrower(depth - 1);
    __asm__ volatile("");
}

static void catch_depth(int depth)
{
    try {
        thrower(depth);
    } catch (const std::exception &) {
        destroyed++;
    }
}

static int compare(const void *, const void *)
{
    throw 1;
}

static void catch_sort(int)
{
    int numbers[2] = {2, 1};
    try {
        qsort(numbers, 2, sizeof(int), compare);
    } catch (int) {
        destroyed++;
    }
}

static void report(const char *name, void (*function)(int), int argument, int count)
{
    double best = 1e18;
    for (int round = 0; round < 7; round++) {
        auto start = std::chrono::steady_clock::now();
        for (int i = 0; i < count; i++)
            function(argument);
        std::chrono::duration<double, std::nano> time = std::chrono::steady_clock::now() - start;
        best = time.count() / count < best ? time.count() / count : best;
    }
    printf("%s\t%.1f\n", name, best);
}

int main()
{
    report("throw: one frame", catch_depth, 0, 20000);
    report("throw: ten frames", catch_depth, 10, 5000);
    report("throw: through qsort", catch_sort, 0, 5000);
    return 0;
}
