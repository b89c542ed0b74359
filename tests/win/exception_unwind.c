/*
 * Does RtlVirtualUnwind find the caller from every instruction of a function?  Sample functions with all kinds of
 * prologues are single-stepped; at each step the frame is unwound virtually and compared with what is known.
 * And: setjmp and longjmp, RtlUnwind, dynamic function tables, stack traces.
 */
#include <setjmp.h>
#include "check.h"
#include "seh.h"

static ULONG64 function_start, function_end, expected_rip, expected_rsp;
static CONTEXT caller;
static int steps, wrong;

static const char *mismatch(const CONTEXT *context)
{
    if (context->Rip != expected_rip)
        return "rip";
    if (context->Rsp != expected_rsp)
        return "rsp";
    if (context->Rbx != caller.Rbx || context->Rbp != caller.Rbp || context->Rsi != caller.Rsi ||
        context->Rdi != caller.Rdi || context->R12 != caller.R12 || context->R13 != caller.R13 ||
        context->R14 != caller.R14 || context->R15 != caller.R15)
        return "integer";
    if (memcmp(&context->Xmm6, &caller.Xmm6, 10 * sizeof(M128A)))
        return "xmm";
    return NULL;
}

static LONG CALLBACK stepper(EXCEPTION_POINTERS *pointers)
{
    CONTEXT *context = pointers->ContextRecord, frame;
    ULONG64 base, establisher;
    PVOID data;

    if (pointers->ExceptionRecord->ExceptionCode != (DWORD)EXCEPTION_SINGLE_STEP)
        return EXCEPTION_CONTINUE_SEARCH;
    if (expected_rip && context->Rip == expected_rip) { /* it has returned: no step into anybody else's code */
        context->EFlags &= ~0x100;
        return EXCEPTION_CONTINUE_EXECUTION;
    }
    context->EFlags |= 0x100;
    if (context->Rip == function_start) {
        caller = *context;
        expected_rip = *(ULONG64 *)context->Rsp;
        expected_rsp = context->Rsp + 8;
    }
    if (context->Rip < function_start || context->Rip >= function_end || !expected_rip)
        return EXCEPTION_CONTINUE_EXECUTION;
    steps++;
    frame = *context;
    PRUNTIME_FUNCTION function = RtlLookupFunctionEntry(context->Rip, &base, NULL);
    if (function)
        RtlVirtualUnwind(UNW_FLAG_NHANDLER, base, context->Rip, function, &frame, &data, &establisher, NULL);
    const char *what = function ? mismatch(&frame) : "no entry";
    if (what) {
        wrong++;
        printf("%s is wrong at +%#llx\n", what, context->Rip - function_start);
    }
    return EXCEPTION_CONTINUE_EXECUTION;
}

/* Prologues: pushes and a fixed size; a frame pointer and a variable size; saves of xmm registers; a large frame. */
__asm__(".text\n"
        ".seh_proc sample_push\nsample_push:\n"
        "push %rbx\n.seh_pushreg %rbx\n"
        "push %r12\n.seh_pushreg %r12\n"
        "push %rsi\n.seh_pushreg %rsi\n"
        "sub $32, %rsp\n.seh_stackalloc 32\n.seh_endprologue\n"
        "mov $1, %ebx\n mov $2, %r12d\n mov $3, %esi\n"
        "add $32, %rsp\n pop %rsi\n pop %r12\n pop %rbx\n ret\n"
        ".globl sample_push_end\nsample_push_end:\n.seh_endproc\n"
        ".seh_proc sample_frame\nsample_frame:\n"
        "push %rbp\n.seh_pushreg %rbp\n"
        "push %rdi\n.seh_pushreg %rdi\n"
        "sub $72, %rsp\n.seh_stackalloc 72\n"
        "lea 32(%rsp), %rbp\n.seh_setframe %rbp, 32\n"
        "movaps %xmm7, 0(%rbp)\n.seh_savexmm %xmm7, 32\n"
        "mov %r15, 16(%rbp)\n.seh_savereg %r15, 48\n.seh_endprologue\n"
        "mov $5, %edi\n mov $6, %r15d\n pxor %xmm7, %xmm7\n"
        "sub $256, %rsp\n movq $0, (%rsp)\n"
        "movaps 0(%rbp), %xmm7\n mov 16(%rbp), %r15\n"
        "lea 40(%rbp), %rsp\n pop %rdi\n pop %rbp\n ret\n"
        ".globl sample_frame_end\nsample_frame_end:\n.seh_endproc\n"
        ".seh_proc sample_large\nsample_large:\n"
        "sub $0x800a8, %rsp\n.seh_stackalloc 0x800a8\n"
        "movaps %xmm6, 0x80000(%rsp)\n.seh_savexmm %xmm6, 0x80000\n"
        "movaps %xmm15, 0x80010(%rsp)\n.seh_savexmm %xmm15, 0x80010\n"
        "mov %r14, 0x80020(%rsp)\n.seh_savereg %r14, 0x80020\n.seh_endprologue\n"
        "xor %r14d, %r14d\n pxor %xmm6, %xmm6\n pxor %xmm15, %xmm15\n"
        "mov 0x80020(%rsp), %r14\n movaps 0x80010(%rsp), %xmm15\n movaps 0x80000(%rsp), %xmm6\n"
        "add $0x800a8, %rsp\n ret\n"
        ".globl sample_large_end\nsample_large_end:\n.seh_endproc\n");
void sample_push(void), sample_frame(void), sample_large(void);
extern char sample_push_end[], sample_frame_end[], sample_large_end[];

static void step_through(void (*function)(void), const char *end)
{
    function_start = (ULONG64)function;
    function_end = (ULONG64)end;
    expected_rip = 0;
    steps = wrong = 0;
    __asm__ volatile("pushfq\n orl $0x100, (%%rsp)\n popfq\n call *%0\n pushfq\n andl $~0x100, (%%rsp)\n popfq"
                     :
                     : "b"(function)
                     : "rax", "rcx", "rdx", "r8", "r9", "r10", "r11", "memory", "cc");
    CHECK(steps >= 8);
    CHECK_EQ(wrong, 0);
}

static void check_virtual_unwind(void)
{
    void *handle = AddVectoredExceptionHandler(1, stepper);

    step_through(sample_push, sample_push_end);
    step_through(sample_frame, sample_frame_end);
    step_through(sample_large, sample_large_end);
    RemoveVectoredExceptionHandler(handle);
}

static jmp_buf jump;
static int finals;

static void count_final(BOOLEAN abnormal)
{
    finals += abnormal;
}

static void jump_out(void *argument)
{
    longjmp(jump, (int)(ULONG_PTR)argument);
}

static int __cdecl compare_jumps(const void *a, const void *b)
{
    (void)a, (void)b;
    longjmp(jump, 9);
}

static void check_longjmp(void)
{
    int numbers[4] = {4, 3, 2, 1};
    volatile int rounds = 0;
    int value = setjmp(jump);

    if (!value) {
        rounds++;
        try_finally(jump_out, (void *)7, count_final);
    }
    CHECK_EQ(value, 7);
    CHECK_EQ(rounds, 1);
    value = setjmp(jump);
    if (!value)
        qsort(numbers, 4, sizeof(int), compare_jumps);
    CHECK_EQ(value, 9);
}

/* Code made at run time: sub rsp,40; call rcx; nop; add rsp,40; ret. */
static const unsigned char generated[] = {0x48, 0x83, 0xec, 0x28, 0xff, 0xd1, 0x90, 0x48, 0x83, 0xc4, 0x28, 0xc3};
static const unsigned char generated_info[] = {1, 4, 1, 0, 4, 0x42};

static void raise_plain(void)
{
    RaiseException(0xe0000010, 0, 0, NULL);
}

static void call_generated(void *code)
{
    ((void (*)(void (*)(void)))code)(raise_plain);
}

static LONG catch_all(EXCEPTION_POINTERS *pointers)
{
    return pointers->ExceptionRecord->ExceptionCode == 0xe0000010 ? EXCEPTION_EXECUTE_HANDLER
                                                                  : EXCEPTION_CONTINUE_SEARCH;
}

static RUNTIME_FUNCTION *callback_function;

static PRUNTIME_FUNCTION CALLBACK find_function(DWORD64 pc, PVOID context)
{
    (void)pc;
    CHECK(context == &jump);
    return callback_function;
}

static void check_dynamic(void)
{
    char *code = VirtualAlloc(NULL, 0x1000, MEM_RESERVE | MEM_COMMIT, PAGE_EXECUTE_READWRITE);
    RUNTIME_FUNCTION *function = (RUNTIME_FUNCTION *)(code + 0x200);
    ULONG64 base = 0;

    memcpy(code, generated, sizeof(generated));
    memcpy(code + 0x100, generated_info, sizeof(generated_info));
    *function = (RUNTIME_FUNCTION){0, sizeof(generated), 0x100};
    CHECK(!RtlLookupFunctionEntry((ULONG64)code + 4, &base, NULL));
    CHECK(RtlAddFunctionTable(function, 1, (ULONG64)code));
    CHECK(RtlLookupFunctionEntry((ULONG64)code + 4, &base, NULL) == function);
    CHECK_EQ(base, (ULONG64)code);
    CHECK(try_except(call_generated, code, catch_all));
    CHECK(RtlDeleteFunctionTable(function));
    CHECK(!RtlDeleteFunctionTable(function));
    callback_function = function;
    CHECK(RtlInstallFunctionTableCallback((ULONG64)code | 3, (ULONG64)code, 0x1000, find_function, &jump, NULL));
    CHECK(try_except(call_generated, code, catch_all));
    CHECK(RtlDeleteFunctionTable((PRUNTIME_FUNCTION)((ULONG64)code | 3)));
    VirtualFree(code, 0, MEM_RELEASE);
}

static __attribute__((noinline)) USHORT trace(void **frames)
{
    USHORT count = RtlCaptureStackBackTrace(0, 16, frames, NULL);
    __asm__ volatile("" : : : "memory");
    return count;
}

static void check_trace(void)
{
    void *frames[16], *base = NULL, *own = GetModuleHandleW(NULL);
    USHORT count = trace(frames);
    int ours = 0;

    for (int i = 0; i < count; i++)
        ours += RtlPcToFileHeader(frames[i], &base) == own;
    CHECK(ours >= 3);
    CHECK(RtlPcToFileHeader((void *)check_trace, &base) == own);
    CHECK(base == own);
    CHECK(RtlPcToFileHeader(&ours, &base) == NULL);
}

int main(void)
{
    check_virtual_unwind();
    check_longjmp();
    check_dynamic();
    check_trace();
    return check_done();
}
