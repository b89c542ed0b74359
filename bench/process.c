/*
 * process.c: what processes cost: starting one and waiting for it, and a round trip between two through events and
 * through pipes.  One source for both sides: Windows calls, and the same done with posix_spawn, futexes and pipes.
 * Prints NAME<tab>MICROSECONDS.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SPAWNS 100
#define TRIPS 10000

#ifdef _WIN32
#include <windows.h>

static char self[MAX_PATH];

static double now(void)
{
    LARGE_INTEGER count, frequency;
    QueryPerformanceCounter(&count);
    QueryPerformanceFrequency(&frequency);
    return (double)count.QuadPart * 1e6 / (double)frequency.QuadPart;
}

static HANDLE start(const char *what, unsigned long long a, unsigned long long b)
{
    STARTUPINFOA info = {.cb = sizeof info};
    PROCESS_INFORMATION process;
    char line[600];
    snprintf(line, sizeof line, "\"%s\" %s %llu %llu", self, what, a, b);
    if (!CreateProcessA(NULL, line, NULL, NULL, TRUE, 0, NULL, NULL, &info, &process))
        exit(1);
    CloseHandle(process.hThread);
    return process.hProcess;
}

static void finish(HANDLE process)
{
    WaitForSingleObject(process, INFINITE);
    CloseHandle(process);
}

static void bench_spawn(void)
{
    double begin = now();
    for (int i = 0; i < SPAWNS; i++)
        finish(start("nothing", 0, 0));
    printf("start a process and wait\t%.1f\n", (now() - begin) / SPAWNS);
}

static void bench_events(void)
{
    SECURITY_ATTRIBUTES inherit = {sizeof inherit, NULL, TRUE};
    HANDLE go = CreateEventA(&inherit, FALSE, FALSE, NULL), back = CreateEventA(&inherit, FALSE, FALSE, NULL);
    HANDLE child = start("events", (uintptr_t)go, (uintptr_t)back);
    WaitForSingleObject(back, INFINITE);
    double begin = now();
    for (int i = 0; i < TRIPS; i++) {
        SetEvent(go);
        WaitForSingleObject(back, INFINITE);
    }
    printf("round trip through events\t%.2f\n", (now() - begin) / TRIPS);
    finish(child);
}

static void bench_pipes(void)
{
    SECURITY_ATTRIBUTES inherit = {sizeof inherit, NULL, TRUE};
    HANDLE out[2], in[2];
    char byte = 0;
    DWORD done;
    CreatePipe(&out[0], &out[1], &inherit, 0);
    CreatePipe(&in[0], &in[1], &inherit, 0);
    HANDLE child = start("pipes", (uintptr_t)out[0], (uintptr_t)in[1]);
    double begin = now();
    for (int i = 0; i < TRIPS; i++) {
        WriteFile(out[1], &byte, 1, &done, NULL);
        ReadFile(in[0], &byte, 1, &done, NULL);
    }
    printf("round trip through pipes\t%.2f\n", (now() - begin) / TRIPS);
    finish(child);
}

static int child(char **argv)
{
    HANDLE a = (HANDLE)(uintptr_t)strtoull(argv[2], NULL, 10), b = (HANDLE)(uintptr_t)strtoull(argv[3], NULL, 10);
    char byte;
    DWORD done;
    if (!strcmp(argv[1], "events")) {
        SetEvent(b);
        for (int i = 0; i < TRIPS; i++) {
            WaitForSingleObject(a, INFINITE);
            SetEvent(b);
        }
    } else if (!strcmp(argv[1], "pipes")) {
        for (int i = 0; i < TRIPS; i++) {
            ReadFile(a, &byte, 1, &done, NULL);
            WriteFile(b, &byte, 1, &done, NULL);
        }
    }
    return 0;
}

int main(int argc, char **argv)
{
    if (argc > 3)
        return child(argv);
    GetModuleFileNameA(NULL, self, sizeof self);
    bench_spawn();
    bench_events();
    bench_pipes();
    return 0;
}

#else
#include <linux/futex.h>
#include <spawn.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e6 + (double)time.tv_nsec / 1e3;
}

static void bench_spawn(char *self)
{
    char *arguments[] = {self, "nothing", NULL};
    double begin = now();
    for (int i = 0; i < SPAWNS; i++) {
        pid_t pid;
        if (posix_spawn(&pid, "/proc/self/exe", NULL, NULL, arguments, environ))
            exit(1);
        waitpid(pid, NULL, 0);
    }
    printf("start a process and wait\t%.1f\n", (now() - begin) / SPAWNS);
}

static void event_set(_Atomic uint32_t *event)
{
    atomic_store(event, 1);
    syscall(SYS_futex, event, FUTEX_WAKE, 1, NULL, NULL, 0);
}

static void event_wait(_Atomic uint32_t *event)
{
    uint32_t one = 1;
    while (!atomic_compare_exchange_strong(event, &one, 0)) {
        syscall(SYS_futex, event, FUTEX_WAIT, 0, NULL, NULL, 0);
        one = 1;
    }
}

static void bench_events(void)
{
    _Atomic uint32_t *events = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    pid_t pid = fork();
    if (!pid) {
        for (int i = 0; i < TRIPS; i++) {
            event_wait(&events[0]);
            event_set(&events[16]);
        }
        _exit(0);
    }
    double begin = now();
    for (int i = 0; i < TRIPS; i++) {
        event_set(&events[0]);
        event_wait(&events[16]);
    }
    printf("round trip through events\t%.2f\n", (now() - begin) / TRIPS);
    waitpid(pid, NULL, 0);
}

static void bench_pipes(void)
{
    int out[2], in[2];
    char byte = 0;
    if (pipe(out) || pipe(in))
        exit(1);
    pid_t pid = fork();
    if (!pid) {
        for (int i = 0; i < TRIPS; i++)
            if (read(out[0], &byte, 1) != 1 || write(in[1], &byte, 1) != 1)
                _exit(1);
        _exit(0);
    }
    double begin = now();
    for (int i = 0; i < TRIPS; i++)
        if (write(out[1], &byte, 1) != 1 || read(in[0], &byte, 1) != 1)
            exit(1);
    printf("round trip through pipes\t%.2f\n", (now() - begin) / TRIPS);
    waitpid(pid, NULL, 0);
}

int main(int argc, char **argv)
{
    if (argc > 1)
        return 0;
    bench_spawn(argv[0]);
    fflush(stdout);
    bench_events();
    fflush(stdout);
    bench_pipes();
    return 0;
}
#endif
