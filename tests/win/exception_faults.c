/* Which exception does each kind of fault raise, and can it be caught where Windows lets one catch it? */
#include "check.h"
#include "seh.h"

static EXCEPTION_RECORD seen;
static CONTEXT seen_context;

static LONG catch_all(EXCEPTION_POINTERS *pointers)
{
    seen = *pointers->ExceptionRecord;
    seen_context = *pointers->ContextRecord;
    return EXCEPTION_EXECUTE_HANDLER;
}

/* The code of the exception that function(argument) raises, 0 if none. */
static DWORD raised(void (*function)(void *), void *argument)
{
    return try_except(function, argument, catch_all) ? seen.ExceptionCode : 0;
}

static void read_at(void *address)
{
    *(volatile char *)address;
}

static void write_at(void *address)
{
    *(volatile char *)address = 1;
}

static void execute_at(void *address)
{
    ((void (*)(void))address)();
}

static volatile int zero, minimum = -2147483647 - 1, minus_one = -1;

static void divide(void *argument)
{
    (void)argument;
    zero = minimum / zero;
}

static void divide_overflow(void *argument)
{
    (void)argument;
    zero = minimum / minus_one;
    zero = 0;
}

static void divide_memory(void *argument)
{
    __asm__ volatile("xor %%edx, %%edx\n mov $1, %%eax\n divq 8(%0)" : : "r"(argument) : "rax", "rdx", "cc");
}

static void illegal(void *argument)
{
    (void)argument;
    __asm__ volatile("ud2");
}

static void privileged(void *argument)
{
    (void)argument;
    __asm__ volatile("hlt");
}

static void breakpoint(void *argument)
{
    (void)argument;
    __asm__ volatile(".globl breakpoint_here\nbreakpoint_here: int3");
}
extern char breakpoint_here[];

static void misaligned(void *argument)
{
    __asm__ volatile("movaps (%0), %%xmm0" : : "r"(argument) : "xmm0");
}

static void float_divide(void *argument)
{
    static const unsigned control = 0x1f80 & ~0x200;
    static const double one = 1, nothing = 0;
    (void)argument;
    __asm__ volatile("ldmxcsr %0\n movsd %1, %%xmm0\n divsd %2, %%xmm0"
                     :
                     : "m"(control), "m"(one), "m"(nothing)
                     : "xmm0");
}

static void copy(void *argument)
{
    char buffer[64];
    memcpy(buffer, argument, sizeof(buffer));
    *(volatile char *)buffer;
}

static int WINAPI compare_fault(const void *a, const void *b)
{
    (void)a, (void)b;
    return *(volatile int *)16;
}

static void sort(void *argument)
{
    int numbers[4] = {4, 3, 2, 1};
    (void)argument;
    qsort(numbers, 4, sizeof(int), compare_fault);
}

static void check_memory(void)
{
    char *page = VirtualAlloc(NULL, 0x2000, MEM_RESERVE | MEM_COMMIT, PAGE_READONLY);
    DWORD old;

    CHECK_EQ(raised(read_at, (void *)0x123), EXCEPTION_ACCESS_VIOLATION);
    CHECK_EQ(seen.NumberParameters, 2);
    CHECK_EQ(seen.ExceptionInformation[0], 0);
    CHECK_EQ(seen.ExceptionInformation[1], 0x123);
    CHECK_EQ((ULONG_PTR)seen.ExceptionAddress, seen_context.Rip);
    CHECK_EQ(raised(write_at, page + 5), EXCEPTION_ACCESS_VIOLATION);
    CHECK_EQ(seen.ExceptionInformation[0], 1);
    CHECK_EQ(seen.ExceptionInformation[1], (ULONG_PTR)page + 5);
    CHECK_EQ(raised(execute_at, page), EXCEPTION_ACCESS_VIOLATION);
    CHECK_EQ(seen.ExceptionInformation[0], 8);
    CHECK_EQ(seen_context.Rip, (ULONG_PTR)page);
    CHECK_EQ(raised(read_at, (void *)0x8000000000000000), EXCEPTION_ACCESS_VIOLATION);
    CHECK_EQ(seen.ExceptionInformation[1], (ULONG_PTR)-1);
    CHECK_EQ(raised(misaligned, page + 1), EXCEPTION_ACCESS_VIOLATION);
    CHECK_EQ(seen.ExceptionInformation[1], (ULONG_PTR)-1);
    CHECK(VirtualProtect(page + 0x1000, 0x1000, PAGE_READWRITE | PAGE_GUARD, &old));
    CHECK_EQ(raised(write_at, page + 0x1008), (DWORD)STATUS_GUARD_PAGE_VIOLATION);
    CHECK_EQ(seen.ExceptionInformation[0], 1);
    CHECK_EQ(seen.ExceptionInformation[1], (ULONG_PTR)page + 0x1008);
    CHECK_EQ(raised(write_at, page + 0x1008), 0);
    VirtualFree(page, 0, MEM_RELEASE);
}

static void check_instructions(void)
{
    ULONG64 numbers[2] = {1, 0};

    CHECK_EQ(raised(divide, NULL), EXCEPTION_INT_DIVIDE_BY_ZERO);
    if (!check_under_wine()) /* Wine does not tell an overflow from a division by zero */
        CHECK_EQ(raised(divide_overflow, NULL), EXCEPTION_INT_OVERFLOW);
    CHECK_EQ(raised(divide_memory, numbers), EXCEPTION_INT_DIVIDE_BY_ZERO);
    CHECK_EQ(raised(illegal, NULL), EXCEPTION_ILLEGAL_INSTRUCTION);
    CHECK_EQ(raised(privileged, NULL), EXCEPTION_PRIV_INSTRUCTION);
    CHECK_EQ(raised(breakpoint, NULL), (DWORD)EXCEPTION_BREAKPOINT);
    CHECK_EQ((ULONG_PTR)seen.ExceptionAddress, (ULONG_PTR)breakpoint_here);
    CHECK_EQ(seen_context.Rip, (ULONG_PTR)breakpoint_here);
    CHECK_EQ(raised(float_divide, NULL), EXCEPTION_FLT_DIVIDE_BY_ZERO);
    __asm__ volatile("ldmxcsr %0" : : "m"((const unsigned){0x1f80}));
}

/* The fault is in the C runtime, or in code that the C runtime calls: frames of both are between it and us. */
static void check_foreign_frames(void)
{
    CHECK_EQ(raised(copy, (void *)8), EXCEPTION_ACCESS_VIOLATION);
    CHECK_EQ(seen.ExceptionInformation[1] >= 8 && seen.ExceptionInformation[1] < 72, 1);
    CHECK_EQ(raised(sort, NULL), EXCEPTION_ACCESS_VIOLATION);
    CHECK_EQ(seen.ExceptionInformation[1], 16);
}

/* Values that the compiler keeps in callee-saved registers must survive the unwinding. */
static void check_registers(void)
{
    ULONG64 values[8], results[8];
    double in[4] = {1.5, 2.5, 3.5, 4.5}, out[4];

    for (int i = 0; i < 8; i++)
        values[i] = 0x1111111111111111ull * (i + 1);
    __asm__ volatile("movsd (%[in]), %%xmm6\n movsd 8(%[in]), %%xmm7\n movsd 16(%[in]), %%xmm10\n"
                     "movsd 24(%[in]), %%xmm15\n"
                     "mov (%[values]), %%rbx\n mov 8(%[values]), %%r12\n mov 16(%[values]), %%r13\n"
                     "lea sort(%%rip), %%rcx\n xor %%edx, %%edx\n lea catch_all(%%rip), %%r8\n"
                     "sub $32, %%rsp\n call try_except\n add $32, %%rsp\n"
                     "movsd %%xmm6, (%[out])\n movsd %%xmm7, 8(%[out])\n movsd %%xmm10, 16(%[out])\n"
                     "movsd %%xmm15, 24(%[out])\n"
                     "mov %%rbx, (%[results])\n mov %%r12, 8(%[results])\n mov %%r13, 16(%[results])\n"
                     :
                     : [in] "r"(in), [out] "D"(out), [values] "r"(values), [results] "S"(results)
                     : "rax", "rbx", "rcx", "rdx", "r8", "r9", "r10", "r11", "r12", "r13", "xmm0", "xmm1", "xmm2",
                       "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm10", "xmm15", "memory", "cc");
    for (int i = 0; i < 3; i++)
        CHECK_EQ(results[i], values[i]);
    for (int i = 0; i < 4; i++)
        CHECK(out[i] == in[i]);
}

int main(void)
{
    check_memory();
    check_instructions();
    check_foreign_frames();
    check_registers();
    return check_done();
}
