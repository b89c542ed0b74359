/*
 * call.c: what a call of an API function costs over a call through a function pointer.
 * A Windows program; prints nanoseconds a call.
 */
#include <stdio.h>
#include <windows.h>

#define CALLS 100000000

__attribute__((noinline)) static DWORD local(void)
{
    __asm__ volatile("");
    return 1;
}

static double measure(DWORD(WINAPI *function)(void))
{
    LARGE_INTEGER frequency, start, end;
    DWORD(WINAPI *volatile pointer)(void) = function;
    DWORD(WINAPI * call)(void) = pointer;
    double best = 1e9;
    QueryPerformanceFrequency(&frequency);
    for (int round = 0; round < 5; round++) {
        QueryPerformanceCounter(&start);
        for (int i = 0; i < CALLS; i++)
            call();
        QueryPerformanceCounter(&end);
        double ns = (double)(end.QuadPart - start.QuadPart) * 1e9 / (double)frequency.QuadPart / CALLS;
        best = ns < best ? ns : best;
    }
    return best;
}

int main(void)
{
    double pointer = measure(local), api = measure(GetLastError), thread = measure(GetCurrentThreadId);
    printf("  function pointer %.2f ns, GetLastError %.2f ns (+%.2f), GetCurrentThreadId %.2f ns (+%.2f)\n", pointer,
           api, api - pointer, thread, thread - pointer);
    return 0;
}
