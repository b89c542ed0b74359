/* Is a stack one allocation to VirtualQuery, with a guard, and can a program set the guard anew by itself? */
#include "check.h"

DWORD64 saved_rsp; /* named by the assembler code */
static volatile int overflows;
static int (*volatile recurse_pointer)(int);

__attribute__((noinline, used)) int recurse(int n)
{
    volatile char frame[1500];

    frame[0] = (char)n;
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

/* Describes the stack that holds `address`, which is in use. */
static void describe(char *address)
{
    MEMORY_BASIC_INFORMATION info;
    char *base, *at;
    int guards = 0;

    CHECK(VirtualQuery(address, &info, sizeof info) != 0);
    CHECK_EQ(info.State, MEM_COMMIT);
    CHECK_EQ(info.Protect, PAGE_READWRITE);
    CHECK_EQ(info.Type, MEM_PRIVATE);
    CHECK_EQ(info.AllocationProtect, PAGE_READWRITE);
    base = info.AllocationBase;
    for (at = base; at < address; at += info.RegionSize) {
        CHECK(VirtualQuery(at, &info, sizeof info) != 0);
        CHECK(info.AllocationBase == base);
        guards += info.State == MEM_COMMIT && info.Protect == (PAGE_READWRITE | PAGE_GUARD);
        CHECK(info.State == MEM_COMMIT || (at == base && info.State == MEM_RESERVE));
    }
    CHECK_EQ(guards, 1);
}

static DWORD WINAPI from_another(void *address)
{
    describe(address);
    return 0;
}

/* As C runtimes do it: the lowest committed page below the stack pointer becomes the guard. */
static void set_guard(char *address)
{
    MEMORY_BASIC_INFORMATION info;
    DWORD old;
    char *low;

    VirtualQuery(address, &info, sizeof info);
    low = info.AllocationBase;
    while (VirtualQuery(low, &info, sizeof info) && info.State != MEM_COMMIT)
        low += info.RegionSize;
    CHECK_EQ(info.Protect & PAGE_GUARD, 0);
    CHECK(VirtualAlloc(low, 0x1000, MEM_COMMIT, PAGE_READWRITE) == low);
    CHECK(VirtualProtect(low, 0x1000, PAGE_READWRITE | PAGE_GUARD, &old));
    CHECK_EQ(old, PAGE_READWRITE);
}

static DWORD WINAPI on_thread(void *unused)
{
    char here;

    (void)unused;
    describe(&here);
    for (int i = 1; i <= 2; i++) {
        overflow();
        CHECK_EQ(overflows, i);
        set_guard(&here);
    }
    describe(&here);
    return 0;
}

int main(void)
{
    HANDLE thread;
    char here;

    describe(&here);
    thread = CreateThread(NULL, 0, from_another, &here, 0, NULL);
    CHECK_EQ(WaitForSingleObject(thread, 30000), WAIT_OBJECT_0);
    recurse_pointer = recurse;
    AddVectoredExceptionHandler(1, on_exception);
    thread = CreateThread(NULL, 0, on_thread, NULL, 0, NULL);
    CHECK_EQ(WaitForSingleObject(thread, 30000), WAIT_OBJECT_0);
    CHECK(VirtualAlloc((void *)0x7ffe0000, 0x1000, MEM_RESERVE, PAGE_NOACCESS) == NULL);
    return check_done();
}
