/*
 * Ends by an unhandled exception of the kind that the argument names; tests/host/crash.sh looks at the report and at
 * the exit status.  Without argument: nothing to do here.
 */
#include "check.h"

static __attribute__((noinline)) int recurse(volatile char *above)
{
    volatile char space[4096];
    space[0] = above[0];
    return recurse(space) + space[1];
}

static __attribute__((noinline)) void crash(const char *kind)
{
    volatile int zero = 0, one = 1;
    volatile size_t size = 64; /* not known to the compiler, which would copy by itself */
    char copy[64];

    if (!strcmp(kind, "null"))
        *(volatile int *)16 = 1;
    else if (!strcmp(kind, "divide"))
        zero = one / zero;
    else if (!strcmp(kind, "illegal"))
        __asm__ volatile("ud2");
    else if (!strcmp(kind, "break"))
        DebugBreak();
    else if (!strcmp(kind, "raise"))
        RaiseException(0xe0001234, 0, 0, NULL);
    else if (!strcmp(kind, "fail-fast"))
        __asm__ volatile("mov $7, %%ecx\n int $0x29" : : : "ecx");
    else if (!strcmp(kind, "stack"))
        recurse((char *)&zero);
    else if (!strcmp(kind, "memcpy"))
        zero = *(char *)memcpy(copy, (void *)8, size);
    else if (!strcmp(kind, "jump"))
        ((void (*)(void))0x1000)();
    else if (!strcmp(kind, "no-stack"))
        __asm__ volatile("mov $0x1000, %esp\n push %rax");
    else if (!strcmp(kind, "abort"))
        abort();
}

static DWORD WINAPI thread(void *kind)
{
    crash(kind);
    return 0;
}

static LONG WINAPI quiet(EXCEPTION_POINTERS *pointers)
{
    (void)pointers;
    return EXCEPTION_EXECUTE_HANDLER;
}

int main(int argc, char **argv)
{
    if (argc > 2 && !strcmp(argv[2], "thread"))
        WaitForSingleObject(CreateThread(NULL, 0, thread, argv[1], 0, NULL), INFINITE);
    else if (argc > 2 && !strcmp(argv[2], "filter"))
        SetUnhandledExceptionFilter(quiet);
    if (argc > 1)
        crash(argv[1]);
    CHECK(argc == 1);
    return check_done();
}
