/* Is a stack overflow an exception that a handler survives, on the first thread and on others, more than once? */
#include "check.h"
#include <malloc.h>

DWORD64 saved_rsp; /* named by the assembler code */
static volatile int overflows, depth;
static int (*volatile recurse_pointer)(int);

__attribute__((noinline, used)) int recurse(int n)
{
    volatile char frame[1500];

    frame[0] = (char)n;
    depth = n;
    return recurse_pointer(n + 1) + frame[0];
}

/* Recurses until the handler comes back here. */
__attribute__((naked, noinline)) static void overflow(void)
{
    __asm__("push %rbp\n push %rbx\n push %rsi\n push %rdi\n push %r12\n push %r13\n push %r14\n push %r15\n"
            "sub $40, %rsp\n"
            "mov %rsp, saved_rsp(%rip)\n"
            "xor %ecx, %ecx\n"
            "call recurse\n"
            ".globl overflow_back\n"
            "overflow_back:\n"
            "add $40, %rsp\n"
            "pop %r15\n pop %r14\n pop %r13\n pop %r12\n pop %rdi\n pop %rsi\n pop %rbx\n pop %rbp\n"
            "ret\n");
}

extern char overflow_back[];

static LONG WINAPI on_exception(EXCEPTION_POINTERS *info)
{
    if (info->ExceptionRecord->ExceptionCode != EXCEPTION_STACK_OVERFLOW)
        return EXCEPTION_CONTINUE_SEARCH;
    overflows++;
    info->ContextRecord->Rip = (DWORD64)overflow_back;
    info->ContextRecord->Rsp = saved_rsp;
    return EXCEPTION_CONTINUE_EXECUTION;
}

static void once(void)
{
    int before = overflows;

    depth = 0;
    overflow();
    CHECK_EQ(overflows, before + 1);
    CHECK(depth > 50);
    CHECK(_resetstkoflw());
}

static DWORD WINAPI on_thread(void *unused)
{
    ULONG guarantee = 0x8000;

    (void)unused;
    CHECK(SetThreadStackGuarantee(&guarantee));
    once();
    once();
    return 0;
}

int main(void)
{
    HANDLE thread;

    recurse_pointer = recurse;
    AddVectoredExceptionHandler(1, on_exception);
    thread = CreateThread(NULL, 0, on_thread, NULL, 0, NULL);
    CHECK_EQ(WaitForSingleObject(thread, 30000), WAIT_OBJECT_0);
    once();
    once();
    return check_done();
}
