/*
 * Are all registers what they were when a program goes on after an exception: general, flags, x87, MXCSR, xmm and the
 * upper halves of ymm?  And are the callee-saved ones restored when an exception leaves functions of the C runtime and
 * of the system that call back?
 */
#include <immintrin.h>
#include "check.h"
#include "seh.h"

/* All registers before and after, as an assembler routine fills and stores them. */
struct state {
    ULONG64 general[16]; /* rax rcx rdx rbx - rbp rsi rdi r8-r15 */
    ULONG64 flags;
    ULONG64 spare;
    unsigned char vectors[16][32];
    unsigned mxcsr;
    unsigned short control;
};
struct state before, after;
int has_avx;

static LONG CALLBACK skip_two(EXCEPTION_POINTERS *pointers)
{
    double filler[16];

    if (pointers->ExceptionRecord->ExceptionCode != EXCEPTION_ACCESS_VIOLATION &&
        pointers->ExceptionRecord->ExceptionCode != EXCEPTION_ILLEGAL_INSTRUCTION &&
        pointers->ExceptionRecord->ExceptionCode != EXCEPTION_PRIV_INSTRUCTION)
        return EXCEPTION_CONTINUE_SEARCH;
    /* A handler may use every volatile register. */
    for (int i = 0; i < 16; i++)
        filler[i] = i * 1.25;
    __asm__ volatile("movups %0, %%xmm0\n movups %0, %%xmm3\n movups %0, %%xmm5\n xor %%r8, %%r8\n xor %%r11, %%r11\n"
                     "fld1\n fstp %%st(0)"
                     :
                     : "m"(*(__m128 *)filler)
                     : "xmm0", "xmm3", "xmm5", "r8", "r11", "cc");
    if (has_avx)
        __asm__ volatile("vzeroall"
                         :
                         :
                         : "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9", "xmm10",
                           "xmm11", "xmm12", "xmm13", "xmm14", "xmm15");
    pointers->ContextRecord->Rip += 2;
    return EXCEPTION_CONTINUE_EXECUTION;
}

/* Loads `before`, runs a two-byte instruction that faults, and stores `after`. */
#define PROBE(name, instruction)                                                                                       \
    __asm__(                                                                                                           \
        ".text\n.seh_proc " #name "\n" #name ":\n"                                                                     \
        "push %rbx\n.seh_pushreg %rbx\npush %rbp\n.seh_pushreg %rbp\npush %rsi\n.seh_pushreg %rsi\n"                   \
        "push %rdi\n.seh_pushreg %rdi\npush %r12\n.seh_pushreg %r12\npush %r13\n.seh_pushreg %r13\n"                   \
        "push %r14\n.seh_pushreg %r14\npush %r15\n.seh_pushreg %r15\n"                                                 \
        "sub $200, %rsp\n.seh_stackalloc 200\n"                                                                        \
        "movaps %xmm6, 32(%rsp)\n.seh_savexmm %xmm6, 32\nmovaps %xmm7, 48(%rsp)\n.seh_savexmm %xmm7, 48\n"             \
        "movaps %xmm8, 64(%rsp)\n.seh_savexmm %xmm8, 64\nmovaps %xmm9, 80(%rsp)\n.seh_savexmm %xmm9, 80\n"             \
        "movaps %xmm10, 96(%rsp)\n.seh_savexmm %xmm10, 96\nmovaps %xmm11, 112(%rsp)\n.seh_savexmm %xmm11, 112\n"       \
        "movaps %xmm12, 128(%rsp)\n.seh_savexmm %xmm12, 128\nmovaps %xmm13, 144(%rsp)\n.seh_savexmm %xmm13, 144\n"     \
        "movaps %xmm14, 160(%rsp)\n.seh_savexmm %xmm14, 160\nmovaps %xmm15, 176(%rsp)\n.seh_savexmm %xmm15, 176\n"     \
        ".seh_endprologue\n"                                                                                           \
        "lea before(%rip), %rax\n"                                                                                     \
        "ldmxcsr 656(%rax)\n fldcw 660(%rax)\n"                                                                        \
        "cmpl $0, has_avx(%rip)\n je 1f\n"                                                                             \
        ".irp n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15\n vmovups 144+32*\\n(%rax), %ymm\\n\n.endr\n jmp 2f\n"          \
        "1:\n.irp n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15\n movups 144+32*\\n(%rax), %xmm\\n\n.endr\n"                \
        "2: pushq 128(%rax)\n popfq\n"                                                                                 \
        "mov 8(%rax), %rcx\n mov 16(%rax), %rdx\n mov 24(%rax), %rbx\n mov 40(%rax), %rbp\n"                           \
        "mov 48(%rax), %rsi\n mov 56(%rax), %rdi\n mov 64(%rax), %r8\n mov 72(%rax), %r9\n mov 80(%rax), %r10\n"       \
        "mov 88(%rax), %r11\n mov 96(%rax), %r12\n mov 104(%rax), %r13\n mov 112(%rax), %r14\n"                        \
        "mov 120(%rax), %r15\n mov (%rax), %rax\n" instruction "\n"                                                    \
        "push %rax\n pushfq\n lea after(%rip), %rax\n popq 128(%rax)\n popq (%rax)\n cld\n"                            \
        "mov %rcx, 8(%rax)\n mov %rdx, 16(%rax)\n mov %rbx, 24(%rax)\n mov %rbp, 40(%rax)\n"                           \
        "mov %rsi, 48(%rax)\n mov %rdi, 56(%rax)\n mov %r8, 64(%rax)\n mov %r9, 72(%rax)\n mov %r10, 80(%rax)\n"       \
        "mov %r11, 88(%rax)\n mov %r12, 96(%rax)\n mov %r13, 104(%rax)\n mov %r14, 112(%rax)\n"                        \
        "mov %r15, 120(%rax)\n"                                                                                        \
        "cmpl $0, has_avx(%rip)\n je 1f\n"                                                                             \
        ".irp n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15\n vmovups %ymm\\n, 144+32*\\n(%rax)\n.endr\n"                   \
        "vzeroupper\n jmp 2f\n"                                                                                        \
        "1:\n.irp n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15\n movups %xmm\\n, 144+32*\\n(%rax)\n.endr\n"                \
        "2: stmxcsr 656(%rax)\n fnstcw 660(%rax)\n"                                                                    \
        "lea before(%rip), %rax\n pushq $0x1f80\n ldmxcsr (%rsp)\n movw $0x27f, (%rsp)\n fldcw (%rsp)\n pop %rax\n"    \
        "movaps 32(%rsp), %xmm6\n movaps 48(%rsp), %xmm7\n movaps 64(%rsp), %xmm8\n movaps 80(%rsp), %xmm9\n"          \
        "movaps 96(%rsp), %xmm10\n movaps 112(%rsp), %xmm11\n movaps 128(%rsp), %xmm12\n"                              \
        "movaps 144(%rsp), %xmm13\n movaps 160(%rsp), %xmm14\n movaps 176(%rsp), %xmm15\n"                             \
        "add $200, %rsp\n pop %r15\n pop %r14\n pop %r13\n pop %r12\n pop %rdi\n pop %rsi\n pop %rbp\n pop %rbx\n"     \
        "ret\n.seh_endproc\n");                                                                                        \
    void name(void)

PROBE(probe_read, "mov (%rcx), %eax"); /* rcx holds an address that can not be read */
PROBE(probe_write, "mov %eax, (%rcx)");
PROBE(probe_illegal, "ud2");
PROBE(probe_privileged, "hlt\n nop");

_Static_assert(offsetof(struct state, vectors) == 144 && offsetof(struct state, mxcsr) == 656, "PROBE knows these");

static void fill(unsigned flags, unsigned mxcsr, unsigned short control)
{
    for (int i = 0; i < 16; i++)
        before.general[i] = 0x0101010101010101ull * (unsigned)(i + 0x10);
    before.general[1] = 0x7f0;
    before.flags = 0x202 | flags;
    for (int i = 0; i < 16; i++)
        for (int j = 0; j < 32; j++)
            before.vectors[i][j] = (unsigned char)(i * 16 + j);
    before.mxcsr = mxcsr;
    before.control = control;
    memset(&after, 0, sizeof(after));
}

static void compare(void)
{
    for (int i = 0; i < 16; i++)
        if (i != 4) /* rsp */
            CHECK_EQ(after.general[i], before.general[i]);
    CHECK_EQ(after.flags & 0xcd5, before.flags & 0xcd5);
    for (int i = 0; i < 16; i++) {
        CHECK(!memcmp(after.vectors[i], before.vectors[i], 16));
        if (has_avx && !check_under_wine()) /* Wine 8 loses the upper halves */
            CHECK(!memcmp(after.vectors[i] + 16, before.vectors[i] + 16, 16));
    }
    CHECK_EQ(after.mxcsr, before.mxcsr);
    CHECK_EQ(after.control, before.control);
}

static void check_continue(void)
{
    static void (*const probes[])(void) = {probe_read, probe_write, probe_illegal, probe_privileged};
    static const unsigned flags[] = {0, 1, 4, 0x10, 0x40, 0x80, 0x800, 0x8d5, 0x400};
    static const unsigned mxcsr[] = {0x1f80, 0x1fa0, 0x9fc0, 0x3f80, 0x7f80};
    static const unsigned short control[] = {0x27f, 0x37f, 0x07f, 0xf7f};
    void *handle = AddVectoredExceptionHandler(1, skip_two);

    for (unsigned i = 0; i < 4; i++)
        for (unsigned j = 0; j < 9; j++) {
            fill(flags[j], mxcsr[j % 5], control[j % 4]);
            probes[i]();
            compare();
        }
    RemoveVectoredExceptionHandler(handle);
}

/* --- callee-saved registers after leaving foreign frames --------------------------------------------------------- */

static void leave(void)
{
    /* Callee-saved registers hold rubbish when the exception is raised. */
    __asm__ volatile("mov $1, %%rbx\n mov $2, %%rsi\n mov $3, %%rdi\n mov $4, %%r12\n mov $5, %%r13\n mov $6, %%r14\n"
                     "mov $7, %%r15\n pxor %%xmm6, %%xmm6\n pxor %%xmm7, %%xmm7\n pxor %%xmm8, %%xmm8\n"
                     "pxor %%xmm9, %%xmm9\n pxor %%xmm10, %%xmm10\n pxor %%xmm11, %%xmm11\n pxor %%xmm12, %%xmm12\n"
                     "pxor %%xmm13, %%xmm13\n pxor %%xmm14, %%xmm14\n pxor %%xmm15, %%xmm15\n"
                     "xor %%eax, %%eax\n mov (%%rax), %%eax"
                     :
                     :
                     : "rax", "rbx", "rsi", "rdi", "r12", "r13", "r14", "r15", "xmm6", "xmm7", "xmm8", "xmm9", "xmm10",
                       "xmm11", "xmm12", "xmm13", "xmm14", "xmm15", "memory");
}

static int compare_leave(const void *a, const void *b)
{
    (void)a, (void)b;
    leave();
    return 0;
}

static int compare_context(void *context, const void *a, const void *b)
{
    (void)context;
    return compare_leave(a, b);
}

static BOOL CALLBACK locale_leave(LPWSTR name)
{
    (void)name;
    leave();
    return TRUE;
}

static BOOL CALLBACK once_leave(PINIT_ONCE once, PVOID parameter, PVOID *context)
{
    (void)once, (void)parameter, (void)context;
    leave();
    return TRUE;
}

static void CALLBACK apc_leave(ULONG_PTR argument)
{
    (void)argument;
    leave();
}

static void (*__cdecl qsort_context)(void *, size_t, size_t, int (*)(void *, const void *, const void *), void *);

static void through_qsort(void *unused)
{
    int numbers[9] = {5, 3, 8, 1, 9, 2, 7, 4, 6};
    (void)unused;
    qsort(numbers, 9, sizeof(int), compare_leave);
}

static void through_bsearch(void *unused)
{
    int numbers[4] = {1, 2, 3, 4}, key = 3;
    (void)unused;
    bsearch(&key, numbers, 4, sizeof(int), compare_leave);
}

static void through_qsort_s(void *unused)
{
    int numbers[4] = {5, 3, 8, 1};
    (void)unused;
    qsort_context(numbers, 4, sizeof(int), compare_context, NULL);
}

static void through_locales(void *unused)
{
    (void)unused;
    EnumSystemCodePagesW((CODEPAGE_ENUMPROCW)locale_leave, CP_INSTALLED);
}

static void through_once(void *unused)
{
    INIT_ONCE once = INIT_ONCE_STATIC_INIT;
    (void)unused;
    InitOnceExecuteOnce(&once, once_leave, NULL, NULL);
}

static void through_apc(void *unused)
{
    (void)unused;
    QueueUserAPC(apc_leave, GetCurrentThread(), 0);
    SleepEx(1000, TRUE);
}

__attribute__((used)) static LONG CALLBACK always(EXCEPTION_POINTERS *pointers)
{
    return pointers->ExceptionRecord->ExceptionCode == EXCEPTION_ACCESS_VIOLATION ? EXCEPTION_EXECUTE_HANDLER
                                                                                  : EXCEPTION_CONTINUE_SEARCH;
}

ULONG64 integers[7], integers_after[7];
unsigned char vectors[10][16], vectors_after[10][16];

/* try_except(function) with known values in the callee-saved registers. */
static int guarded(void (*function)(void *))
{
    int result;

    for (int i = 0; i < 7; i++)
        integers[i] = 0x1000100010001ull * (unsigned)(i + 3);
    for (int i = 0; i < 160; i++)
        ((unsigned char *)vectors)[i] = (unsigned char)(i * 7 + 1);
    __asm__ volatile("lea integers(%%rip), %%rax\n lea vectors(%%rip), %%r10\n"
                     "mov (%%rax), %%rbx\n mov 8(%%rax), %%rsi\n mov 16(%%rax), %%rdi\n mov 24(%%rax), %%r12\n"
                     "mov 32(%%rax), %%r13\n mov 40(%%rax), %%r14\n mov 48(%%rax), %%r15\n"
                     ".irp n, 6,7,8,9,10,11,12,13,14,15\n movups 16*(\\n-6)(%%r10), %%xmm\\n\n.endr\n"
                     "lea always(%%rip), %%r8\n xor %%edx, %%edx\n sub $32, %%rsp\n call try_except\n add $32, %%rsp\n"
                     "lea integers_after(%%rip), %%r11\n lea vectors_after(%%rip), %%r10\n"
                     "mov %%rbx, (%%r11)\n mov %%rsi, 8(%%r11)\n mov %%rdi, 16(%%r11)\n mov %%r12, 24(%%r11)\n"
                     "mov %%r13, 32(%%r11)\n mov %%r14, 40(%%r11)\n mov %%r15, 48(%%r11)\n"
                     ".irp n, 6,7,8,9,10,11,12,13,14,15\n movups %%xmm\\n, 16*(\\n-6)(%%r10)\n.endr\n"
                     : "=a"(result)
                     : "c"(function)
                     : "rdx", "rbx", "rsi", "rdi", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15", "xmm0", "xmm1",
                       "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9", "xmm10", "xmm11", "xmm12",
                       "xmm13", "xmm14", "xmm15", "memory", "cc");
    return result;
}

static void check_leave(void)
{
    static void (*const functions[])(void *) = {through_qsort,   through_bsearch, through_qsort_s,
                                                through_locales, through_once,    through_apc};

    for (unsigned i = 0; i < 6; i++) {
        if (functions[i] == through_qsort_s && !qsort_context)
            continue;
        for (int round = 0; round < 2; round++) {
            memset(vectors_after, 0, sizeof(vectors_after));
            CHECK_EQ(guarded(functions[i]), 1);
            for (int j = 0; j < 7; j++)
                CHECK_EQ(integers_after[j], integers[j]);
            for (int j = 0; j < 10; j++)
                CHECK(!memcmp(vectors_after[j], vectors[j], 16));
        }
    }
}

int main(void)
{
    has_avx = IsProcessorFeaturePresent(39 /* PF_AVX_INSTRUCTIONS_AVAILABLE */) || __builtin_cpu_supports("avx");
    qsort_context = (void *)GetProcAddress(LoadLibraryA("ucrtbase.dll"), "qsort_s");
    check_continue();
    check_leave();
    return check_done();
}
