/*
 * nt.h: the operations that nt.c measures: Windows' way, and what a Linux program does instead.
 */
#ifdef _WIN32
#include <windows.h>
#include "../tests/win/seh.h"

static HANDLE heap, event_a, event_b, mutex, several[8];
static CRITICAL_SECTION section;
static SRWLOCK slim = SRWLOCK_INIT;
static void (*thread_body)(void);

static double now(void)
{
    LARGE_INTEGER frequency, counter;
    QueryPerformanceFrequency(&frequency);
    QueryPerformanceCounter(&counter);
    return (double)counter.QuadPart * 1e9 / (double)frequency.QuadPart;
}

static void setup(void)
{
    heap = GetProcessHeap();
    event_a = CreateEventW(NULL, FALSE, FALSE, NULL);
    event_b = CreateEventW(NULL, FALSE, FALSE, NULL);
    mutex = CreateMutexW(NULL, FALSE, NULL);
    for (int i = 0; i < 8; i++)
        several[i] = CreateEventW(NULL, TRUE, i == 7, NULL);
    InitializeCriticalSection(&section);
}

static void *heap_get(size_t size)
{
    return HeapAlloc(heap, 0, size);
}

static void heap_put(void *memory)
{
    HeapFree(heap, 0, memory);
}

static void *heap_resize(void *memory, size_t size)
{
    return HeapReAlloc(heap, 0, memory, size);
}

static DWORD WINAPI thread_start(void *argument)
{
    (void)argument;
    thread_body();
    return 0;
}

static void run_threads(int count, void (*body)(void))
{
    HANDLE threads[16];

    thread_body = body;
    for (int i = 0; i < count; i++)
        threads[i] = CreateThread(NULL, 0, thread_start, NULL, 0, NULL);
    WaitForMultipleObjects((DWORD)count, threads, TRUE, INFINITE);
    for (int i = 0; i < count; i++)
        CloseHandle(threads[i]);
}

static void clock_counter(long count)
{
    LARGE_INTEGER counter;
    for (long i = 0; i < count; i++)
        QueryPerformanceCounter(&counter);
}

static void clock_system(long count)
{
    FILETIME time;
    for (long i = 0; i < count; i++)
        GetSystemTimeAsFileTime(&time);
}

static void clock_precise(long count)
{
    FILETIME time;
    for (long i = 0; i < count; i++)
        GetSystemTimePreciseAsFileTime(&time);
}

static void lock_section(long count)
{
    for (long i = 0; i < count; i++) {
        EnterCriticalSection(&section);
        LeaveCriticalSection(&section);
    }
}

static void lock_exclusive(long count)
{
    for (long i = 0; i < count; i++) {
        AcquireSRWLockExclusive(&slim);
        ReleaseSRWLockExclusive(&slim);
    }
}

static void lock_shared(long count)
{
    for (long i = 0; i < count; i++) {
        AcquireSRWLockShared(&slim);
        ReleaseSRWLockShared(&slim);
    }
}

static void event_alone(long count)
{
    for (long i = 0; i < count; i++) {
        SetEvent(event_a);
        WaitForSingleObject(event_a, INFINITE);
    }
}

static void wait_one(long count)
{
    for (long i = 0; i < count; i++)
        WaitForSingleObject(several[7], INFINITE);
}

static void wait_eight(long count)
{
    for (long i = 0; i < count; i++)
        WaitForMultipleObjects(8, several, FALSE, INFINITE);
}

static long event_count;

static DWORD WINAPI event_echo(void *argument)
{
    (void)argument;
    for (long i = 0; i < event_count; i++) {
        WaitForSingleObject(event_a, INFINITE);
        SetEvent(event_b);
    }
    return 0;
}

static void event_round(long count)
{
    event_count = count;
    HANDLE thread = CreateThread(NULL, 0, event_echo, NULL, 0, NULL);
    for (long i = 0; i < count; i++) {
        SetEvent(event_a);
        WaitForSingleObject(event_b, INFINITE);
    }
    WaitForSingleObject(thread, INFINITE);
    CloseHandle(thread);
}

static void mutex_alone(long count)
{
    for (long i = 0; i < count; i++) {
        WaitForSingleObject(mutex, INFINITE);
        ReleaseMutex(mutex);
    }
}

static void nothing(void)
{
}

static void thread_create_join(long count)
{
    for (long i = 0; i < count; i++)
        run_threads(1, nothing);
}

static LONG CALLBACK skip_instruction(EXCEPTION_POINTERS *pointers)
{
    pointers->ContextRecord->Rip += 2; /* mov (%rax), %eax */
    return EXCEPTION_CONTINUE_EXECUTION;
}

static void fault_continue(long count)
{
    void *handle = AddVectoredExceptionHandler(1, skip_instruction);
    for (long i = 0; i < count; i++)
        __asm__ volatile("mov (%%rax), %%eax" : : "a"(16ll) : "memory");
    RemoveVectoredExceptionHandler(handle);
}

static LONG leave_filter(EXCEPTION_POINTERS *pointers)
{
    (void)pointers;
    return EXCEPTION_EXECUTE_HANDLER;
}

static void touch(void *address)
{
    *(volatile int *)address;
}

static void fault_leave(long count)
{
    for (long i = 0; i < count; i++)
        try_except(touch, (void *)16, leave_filter);
}

#else
#include <linux/futex.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

static pthread_mutex_t section = PTHREAD_MUTEX_INITIALIZER;
static pthread_rwlock_t slim = PTHREAD_RWLOCK_INITIALIZER;
static _Atomic uint32_t flag_a, flag_b;
static void (*thread_body)(void);

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static void setup(void)
{
    pthread_mutexattr_t recursive;
    pthread_mutexattr_init(&recursive);
    pthread_mutexattr_settype(&recursive, PTHREAD_MUTEX_RECURSIVE);
    pthread_mutex_init(&section, &recursive);
}

static void *heap_get(size_t size)
{
    return malloc(size);
}

static void heap_put(void *memory)
{
    free(memory);
}

static void *heap_resize(void *memory, size_t size)
{
    return realloc(memory, size);
}

static void *thread_start(void *argument)
{
    (void)argument;
    thread_body();
    return NULL;
}

static void run_threads(int count, void (*body)(void))
{
    pthread_t threads[16];

    thread_body = body;
    for (int i = 0; i < count; i++)
        pthread_create(&threads[i], NULL, thread_start, NULL);
    for (int i = 0; i < count; i++)
        pthread_join(threads[i], NULL);
}

static void clock_loop(long count, clockid_t clock)
{
    struct timespec time;
    for (long i = 0; i < count; i++)
        clock_gettime(clock, &time);
}

static void clock_counter(long count)
{
    clock_loop(count, CLOCK_MONOTONIC);
}

static void clock_system(long count)
{
    clock_loop(count, CLOCK_REALTIME);
}

static void clock_precise(long count)
{
    clock_loop(count, CLOCK_REALTIME);
}

static void lock_section(long count)
{
    for (long i = 0; i < count; i++) {
        pthread_mutex_lock(&section);
        pthread_mutex_unlock(&section);
    }
}

static void lock_exclusive(long count)
{
    for (long i = 0; i < count; i++) {
        pthread_rwlock_wrlock(&slim);
        pthread_rwlock_unlock(&slim);
    }
}

static void lock_shared(long count)
{
    for (long i = 0; i < count; i++) {
        pthread_rwlock_rdlock(&slim);
        pthread_rwlock_unlock(&slim);
    }
}

/* An automatic event on a bare futex. */
static void flag_set(_Atomic uint32_t *flag)
{
    atomic_store(flag, 1);
    syscall(SYS_futex, flag, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
}

static void flag_wait(_Atomic uint32_t *flag)
{
    uint32_t one = 1;
    while (!atomic_compare_exchange_strong(flag, &one, 0)) {
        syscall(SYS_futex, flag, FUTEX_WAIT_PRIVATE, 0, NULL, NULL, 0);
        one = 1;
    }
}

/* What is there at the least: an atomic store, and an exchange. */
static void event_alone(long count)
{
    uint32_t one = 1;
    for (long i = 0; i < count; i++, one = 1) {
        atomic_store(&flag_a, 1);
        atomic_compare_exchange_strong(&flag_a, &one, 0);
    }
}

static void wait_some(long count, int flags)
{
    static _Atomic uint32_t several[8] = {[7] = 1};
    for (long i = 0; i < count; i++)
        for (int j = 8 - flags; j < 8; j++)
            if (atomic_load(&several[j]))
                atomic_thread_fence(memory_order_seq_cst);
}

static void wait_one(long count)
{
    wait_some(count, 1);
}

static void wait_eight(long count)
{
    wait_some(count, 8);
}

static long event_count;

static void *event_echo(void *argument)
{
    (void)argument;
    for (long i = 0; i < event_count; i++) {
        flag_wait(&flag_a);
        flag_set(&flag_b);
    }
    return NULL;
}

static void event_round(long count)
{
    pthread_t thread;

    event_count = count;
    pthread_create(&thread, NULL, event_echo, NULL);
    for (long i = 0; i < count; i++) {
        flag_set(&flag_a);
        flag_wait(&flag_b);
    }
    pthread_join(thread, NULL);
}

static void mutex_alone(long count)
{
    lock_section(count);
}

static void nothing(void)
{
}

static void thread_create_join(long count)
{
    for (long i = 0; i < count; i++)
        run_threads(1, nothing);
}

static sigjmp_buf leave;

static void skip_instruction(int signal, siginfo_t *info, void *context)
{
    (void)signal, (void)info;
    ((ucontext_t *)context)->uc_mcontext.gregs[REG_RIP] += 2; /* mov (%rax), %eax */
}

static void leave_handler(int signal)
{
    (void)signal;
    siglongjmp(leave, 1);
}

static void fault_continue(long count)
{
    struct sigaction action = {.sa_sigaction = skip_instruction, .sa_flags = SA_SIGINFO};
    sigaction(SIGSEGV, &action, NULL);
    for (long i = 0; i < count; i++)
        __asm__ volatile("mov (%%rax), %%eax" : : "a"(16ll) : "memory");
}

static void fault_leave(long count)
{
    struct sigaction action = {.sa_handler = leave_handler};
    sigaction(SIGSEGV, &action, NULL);
    for (volatile long i = 0; i < count; i++)
        if (!sigsetjmp(leave, 1))
            *(volatile int *)16;
}
#endif
