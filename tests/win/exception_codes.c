/*
 * Which exception does each instruction raise: a table of encodings, floating-point exceptions unmasked one by one,
 * single steps and breakpoints; with which address, parameters and registers?
 *
 * link: -lntdll
 */
#include "check.h"
#include <stdbool.h>
#include "seh.h"

#define FAIL_FAST 0xc0000409

NTSYSAPI VOID NTAPI RtlRaiseStatus(LONG status);
NTSYSAPI VOID NTAPI RtlRaiseException(EXCEPTION_RECORD *record);

static EXCEPTION_RECORD seen;
static CONTEXT seen_context;
static unsigned char *code;

static LONG catch_all(EXCEPTION_POINTERS *pointers)
{
    seen = *pointers->ExceptionRecord;
    seen_context = *pointers->ContextRecord;
    return EXCEPTION_EXECUTE_HANDLER;
}

static void run_code(void *argument)
{
    ((void (*)(void *))code)(argument);
}

/* Runs `bytes`, followed by ret; rcx is the argument.  The code of the exception, 0: none. */
static DWORD run(const void *bytes, size_t size, void *argument)
{
    memset(&seen, 0, sizeof(seen));
    memcpy(code, bytes, size);
    code[size] = 0xc3;
    FlushInstructionCache(GetCurrentProcess(), code, size + 1);
    return try_except(run_code, argument, catch_all) ? seen.ExceptionCode : 0;
}

#define AV EXCEPTION_ACCESS_VIOLATION
#define PRIVILEGED EXCEPTION_PRIV_INSTRUCTION
#define ILLEGAL EXCEPTION_ILLEGAL_INSTRUCTION
#define NOWHERE ((ULONG_PTR)-1)

static const struct {
    const char *name;
    unsigned char size, bytes[12];
    DWORD code;
    unsigned char at;      /* offset of the faulting instruction */
    unsigned char counted; /* number of parameters */
    ULONG_PTR first, second;
    bool wine; /* Wine agrees */
} instructions[] = {
    {"nop", 1, {0x90}, 0, 0, 0, 0, 0, true},
    {"int3", 1, {0xcc}, EXCEPTION_BREAKPOINT, 0, 1, 0, 0, true},
    {"nop int3", 2, {0x90, 0xcc}, EXCEPTION_BREAKPOINT, 1, 1, 0, 0, true},
    {"int 3 of two bytes", 2, {0xcd, 0x03}, EXCEPTION_BREAKPOINT, 1, 1, 0, 0, true},
    {"int1", 1, {0xf1}, EXCEPTION_SINGLE_STEP, 1, 0, 0, 0, true},
    {"ud2", 2, {0x0f, 0x0b}, ILLEGAL, 0, 0, 0, 0, true},
    {"ud1", 3, {0x0f, 0xb9, 0xc0}, ILLEGAL, 0, 0, 0, 0, true},
    {"ud0", 3, {0x0f, 0xff, 0xc0}, ILLEGAL, 0, 0, 0, 0, true},
    {"push es", 1, {0x06}, ILLEGAL, 0, 0, 0, 0, true},
    {"aaa", 1, {0x37}, ILLEGAL, 0, 0, 0, 0, true},
    {"pusha", 1, {0x60}, ILLEGAL, 0, 0, 0, 0, true},
    {"salc", 1, {0xd6}, ILLEGAL, 0, 0, 0, 0, true},
    {"lock nop", 2, {0xf0, 0x90}, ILLEGAL, 0, 0, 0, 0, true},
    {"hlt", 1, {0xf4}, PRIVILEGED, 0, 0, 0, 0, true},
    {"cli", 1, {0xfa}, PRIVILEGED, 0, 0, 0, 0, true},
    {"sti", 1, {0xfb}, PRIVILEGED, 0, 0, 0, 0, true},
    {"in al, dx", 1, {0xec}, PRIVILEGED, 0, 0, 0, 0, true},
    {"in al, imm", 2, {0xe4, 0x11}, PRIVILEGED, 0, 0, 0, 0, true},
    {"in eax, imm", 2, {0xe5, 0x11}, PRIVILEGED, 0, 0, 0, 0, true},
    {"out dx, al", 1, {0xee}, PRIVILEGED, 0, 0, 0, 0, true},
    {"out imm, al", 2, {0xe6, 0x11}, PRIVILEGED, 0, 0, 0, 0, true},
    {"insb", 1, {0x6c}, PRIVILEGED, 0, 0, 0, 0, true},
    {"outsb", 1, {0x6e}, PRIVILEGED, 0, 0, 0, 0, true},
    {"clts", 2, {0x0f, 0x06}, PRIVILEGED, 0, 0, 0, 0, true},
    {"invd", 2, {0x0f, 0x08}, PRIVILEGED, 0, 0, 0, 0, true},
    {"wbinvd", 2, {0x0f, 0x09}, PRIVILEGED, 0, 0, 0, 0, true},
    {"mov rax, cr0", 3, {0x0f, 0x20, 0xc0}, PRIVILEGED, 0, 0, 0, 0, true},
    {"mov cr0, rax", 3, {0x0f, 0x22, 0xc0}, PRIVILEGED, 0, 0, 0, 0, true},
    {"mov rax, dr0", 3, {0x0f, 0x21, 0xc0}, PRIVILEGED, 0, 0, 0, 0, true},
    {"rdmsr", 2, {0x0f, 0x32}, PRIVILEGED, 0, 0, 0, 0, false},
    {"wrmsr", 2, {0x0f, 0x30}, PRIVILEGED, 0, 0, 0, 0, false},
    {"lgdt [rcx]", 3, {0x0f, 0x01, 0x11}, PRIVILEGED, 0, 0, 0, 0, false},
    {"lidt [rcx]", 3, {0x0f, 0x01, 0x19}, PRIVILEGED, 0, 0, 0, 0, false},
    {"invlpg [rcx]", 3, {0x0f, 0x01, 0x39}, PRIVILEGED, 0, 0, 0, 0, false},
    {"ltr cx", 3, {0x0f, 0x00, 0xd9}, PRIVILEGED, 0, 0, 0, 0, false},
    {"swapgs", 3, {0x0f, 0x01, 0xf8}, PRIVILEGED, 0, 0, 0, 0, false},
    {"sysret", 2, {0x0f, 0x07}, PRIVILEGED, 0, 0, 0, 0, false},
    {"int 0x80 not there", 2, {0xcd, 0x81}, AV, 0, 2, 0, NOWHERE, true},
    {"int 0x2c: an assertion", 2, {0xcd, 0x2c}, 0xc0000420, 0, 0, 0, 0, true},
    {"int 0x2d: a debug service", 4, {0x31, 0xc0, 0xcd, 0x2d}, EXCEPTION_BREAKPOINT, 5, 1, 0, 0, false},
    {"mov ss, ax (0)", 4, {0x31, 0xc0, 0x8e, 0xd0}, AV, 2, 2, 0, NOWHERE, true},
    {"read [8]", 7, {0x8b, 0x04, 0x25, 8, 0, 0, 0}, AV, 0, 2, 0, 8, true},
    {"write [8]", 7, {0x89, 0x04, 0x25, 8, 0, 0, 0}, AV, 0, 2, 1, 8, true},
    {"inc [16]", 7, {0xff, 0x04, 0x25, 16, 0, 0, 0}, AV, 0, 2, 1, 16, true},
    {"jmp to 16", 9, {0x48, 0xc7, 0xc0, 16, 0, 0, 0, 0xff, 0xe0}, AV, 0xff, 2, 8, 16, true},
    {"movaps [rcx+1]", 4, {0x0f, 0x28, 0x41, 0x01}, AV, 0, 2, 0, NOWHERE, true},
    {"movntdq [rcx+8]", 5, {0x66, 0x0f, 0xe7, 0x41, 0x08}, AV, 0, 2, 0, NOWHERE, true},
    {"div cl by zero", 6, {0x31, 0xc0, 0x31, 0xc9, 0xf6, 0xf1}, EXCEPTION_INT_DIVIDE_BY_ZERO, 4, 0, 0, 0, true},
    {"idiv ecx by zero", 7, {0x31, 0xc0, 0x99, 0x31, 0xc9, 0xf7, 0xf9}, EXCEPTION_INT_DIVIDE_BY_ZERO, 5, 0, 0, 0, true},
    {"div: quotient too large",
     9,
     {0x31, 0xc0, 0x6a, 1, 0x59, 0x89, 0xca, 0xf7, 0xf1},
     EXCEPTION_INT_OVERFLOW,
     7,
     0,
     0,
     0,
     false},
    {"xgetbv of nothing", 8, {0xb9, 0xff, 0, 0, 0, 0x0f, 0x01, 0xd0}, AV, 5, 2, 0, NOWHERE, true},
};

static void check_instructions(void)
{
    _Alignas(16) static char memory[64];

    for (unsigned i = 0; i < sizeof(instructions) / sizeof(instructions[0]); i++) {
        if ((check_under_wine() && !instructions[i].wine))
            continue;
        DWORD raised = run(instructions[i].bytes, instructions[i].size, memory);
        ULONG_PTR at = instructions[i].at == 0xff ? 16 : (ULONG_PTR)code + instructions[i].at;
        int failed = check_failed;
        CHECK_EQ(raised, instructions[i].code);
        if (instructions[i].code) {
            CHECK_EQ((ULONG_PTR)seen.ExceptionAddress, at);
            CHECK_EQ(seen_context.Rip, at);
            CHECK_EQ(seen.ExceptionFlags, 0);
            CHECK_EQ(seen.NumberParameters, instructions[i].counted);
            if (instructions[i].counted > 1) {
                CHECK_EQ(seen.ExceptionInformation[0], instructions[i].first);
                CHECK_EQ(seen.ExceptionInformation[1], instructions[i].second);
            }
        }
        if (check_failed != failed)
            printf("    that was: %s\n", instructions[i].name);
    }
}

/* --- floating point ---------------------------------------------------------------------------------------------- */

static void check_simd(void)
{
    static const struct {
        double a, b;
        unsigned char operation; /* of f2 0f XX c1: 58 add, 59 mul, 5c sub, 5e div, 51 sqrt */
        unsigned flag;           /* in MXCSR */
        DWORD code;
    } cases[] = {
        {0, 0, 0x5e, 1, EXCEPTION_FLT_INVALID_OPERATION},     {1, -1, 0x51, 1, EXCEPTION_FLT_INVALID_OPERATION},
        {5e-324, 1, 0x58, 2, EXCEPTION_FLT_DENORMAL_OPERAND}, {1, 0, 0x5e, 4, EXCEPTION_FLT_DIVIDE_BY_ZERO},
        {1e308, 1e10, 0x59, 8, EXCEPTION_FLT_OVERFLOW},       {1e-300, 1e-300, 0x59, 16, EXCEPTION_FLT_UNDERFLOW},
        {1, 3, 0x5e, 32, EXCEPTION_FLT_INEXACT_RESULT},
    };

    for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        double operands[2] = {cases[i].a, cases[i].b};
        unsigned control = 0x1f80 & ~(cases[i].flag << 7), usual = 0x1f80;
        /* movsd xmm0, [rcx]; movsd xmm1, [rcx+8]; op xmm0, xmm1 */
        unsigned char bytes[] = {0xf2, 0x0f, 0x10, 0x01, 0xf2, 0x0f, 0x10, 0x49, 0x08, 0xf2, 0x0f, cases[i].operation,
                                 0xc1};
        __asm__ volatile("ldmxcsr %0" : : "m"(control));
        DWORD raised = run(bytes, sizeof(bytes), operands);
        __asm__ volatile("ldmxcsr %0" : : "m"(usual));
        if (cases[i].flag != 2 || !check_under_wine()) /* Wine calls a denormal operand an underflow */
            CHECK_EQ(raised, cases[i].code);
        CHECK_EQ((ULONG_PTR)seen.ExceptionAddress, (ULONG_PTR)code + 9);
        CHECK_EQ(seen.ExceptionInformation[0], 0);
        CHECK(seen_context.MxCsr & cases[i].flag);
        CHECK_EQ(seen_context.MxCsr & 0x1f80, control);
        CHECK_EQ(run(bytes, sizeof(bytes), operands), 0); /* masked again */
    }
}

static void check_x87(void)
{
    static const struct {
        double a, b;
        unsigned char operation; /* of de XX */
        unsigned flag;
        DWORD code;
    } cases[] = {
        {0, 0, 0xf9, 1, EXCEPTION_FLT_INVALID_OPERATION},
        {1, 0, 0xf9, 4, EXCEPTION_FLT_DIVIDE_BY_ZERO},
        {1, 3, 0xf9, 32, EXCEPTION_FLT_INEXACT_RESULT},
    };

    for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        double operands[2] = {cases[i].a, cases[i].b};
        unsigned short control = (unsigned short)(0x27f & ~cases[i].flag);
        /* fnclex; fldcw [rcx+16]; fld [rcx]; fld [rcx+8]; op; fwait */
        unsigned char bytes[] = {0xdb, 0xe2, 0xd9, 0x69, 0x10, 0xdd, 0x01, 0xdd, 0x41, 0x08, 0xde, cases[i].operation,
                                 0x9b};
        struct {
            double operands[2];
            unsigned short control;
        } argument = {{operands[0], operands[1]}, control};
        DWORD raised = run(bytes, sizeof(bytes), &argument);
        __asm__ volatile("fnclex\n fninit\n fldcw %0" : : "m"((const unsigned short){0x27f}));
        CHECK_EQ(raised, cases[i].code);
        CHECK_EQ((ULONG_PTR)seen.ExceptionAddress, (ULONG_PTR)code + 12);
        CHECK(seen_context.FltSave.StatusWord & cases[i].flag);
        CHECK_EQ(seen_context.FltSave.ControlWord & 0x3f, control & 0x3f);
    }
}

/* --- steps ------------------------------------------------------------------------------------------------------- */

static ULONG64 stepped[16];
static unsigned steps;

static LONG CALLBACK count_steps(EXCEPTION_POINTERS *pointers)
{
    CONTEXT *context = pointers->ContextRecord;

    if (pointers->ExceptionRecord->ExceptionCode != EXCEPTION_SINGLE_STEP)
        return EXCEPTION_CONTINUE_SEARCH;
    CHECK_EQ(context->EFlags & 0x100, check_under_wine() ? context->EFlags & 0x100 : 0);
    CHECK_EQ((ULONG_PTR)pointers->ExceptionRecord->ExceptionAddress, context->Rip);
    if (steps < 16)
        stepped[steps] = context->Rip - (ULONG64)code;
    steps++;
    if (context->Rip - (ULONG64)code < 0x100)
        context->EFlags |= 0x100;
    return EXCEPTION_CONTINUE_EXECUTION;
}

static void check_steps(void)
{
    /* pushfq; or [rsp], 0x100; popfq; nop; nop; xor eax, eax; nop; ret */
    static const unsigned char bytes[] = {0x9c, 0x81, 0x0c, 0x24, 0, 1, 0, 0, 0x9d, 0x90, 0x90, 0x31, 0xc0, 0x90};
    static const unsigned expected[] = {10, 11, 13, 14};
    void *handle = AddVectoredExceptionHandler(1, count_steps);

    steps = 0;
    CHECK_EQ(run(bytes, sizeof(bytes), NULL), 0);
    RemoveVectoredExceptionHandler(handle);
    CHECK_EQ(steps, 5);
    for (unsigned i = 0; i < 4; i++)
        CHECK_EQ(stepped[i], expected[i]);
    CHECK(stepped[4] > 0x100); /* behind the return */
}

/* A breakpoint that a handler replaces, as debuggers within a program do. */
static LONG CALLBACK replace_breakpoint(EXCEPTION_POINTERS *pointers)
{
    if (pointers->ExceptionRecord->ExceptionCode != EXCEPTION_BREAKPOINT)
        return EXCEPTION_CONTINUE_SEARCH;
    CHECK_EQ(pointers->ContextRecord->Rip, (ULONG64)code + 1);
    code[1] = 0x90;
    FlushInstructionCache(GetCurrentProcess(), code + 1, 1);
    return EXCEPTION_CONTINUE_EXECUTION;
}

static void check_replace(void)
{
    static const unsigned char bytes[] = {0x90, 0xcc, 0x90};
    void *handle = AddVectoredExceptionHandler(1, replace_breakpoint);

    CHECK_EQ(run(bytes, sizeof(bytes), NULL), 0);
    CHECK_EQ(code[1], 0x90);
    RemoveVectoredExceptionHandler(handle);
}

/* --- raising by functions ---------------------------------------------------------------------------------------- */

static void raise_many(void *argument)
{
    ULONG_PTR arguments[20];
    for (int i = 0; i < 20; i++)
        arguments[i] = (ULONG_PTR)i * 3;
    RaiseException(0xe1234567, 0, (DWORD)(ULONG_PTR)argument, arguments);
}

static void raise_reserved(void *argument)
{
    RaiseException((DWORD)(ULONG_PTR)argument, 0xffffffff, 0, NULL);
}

static void raise_status(void *argument)
{
    RtlRaiseStatus((LONG)(LONG_PTR)argument);
}

static void raise_record(void *argument)
{
    RtlRaiseException(argument);
}

static void check_raise(void)
{
    EXCEPTION_RECORD record = {.ExceptionCode = 0xe0000077, .NumberParameters = 2, .ExceptionInformation = {7, 8}};

    for (ULONG_PTR count = 0; count <= 20; count++) {
        CHECK_EQ(try_except(raise_many, (void *)count, catch_all), 1);
        CHECK_EQ(seen.ExceptionCode, 0xe1234567);
        CHECK_EQ(seen.NumberParameters, count > 15 ? 15 : count);
        for (ULONG_PTR i = 0; i < count && i < 15; i++)
            CHECK_EQ(seen.ExceptionInformation[i], i * 3);
    }
    CHECK_EQ(try_except(raise_reserved, (void *)0x12345678, catch_all), 1);
    CHECK_EQ(seen.ExceptionCode, 0x12345678); /* bit 28 is not taken away: the program's own words */
    CHECK_EQ(seen.ExceptionFlags, EXCEPTION_NONCONTINUABLE);
    CHECK_EQ(try_except(raise_reserved, (void *)0x20000001, catch_all), 1);
    CHECK_EQ(seen.ExceptionCode, 0x20000001);
    CHECK_EQ(try_except(raise_status, (void *)(LONG_PTR)(LONG)0xc0000017, catch_all), 1);
    CHECK_EQ(seen.ExceptionCode, 0xc0000017);
    CHECK_EQ(seen.ExceptionFlags & EXCEPTION_NONCONTINUABLE, EXCEPTION_NONCONTINUABLE);
    CHECK_EQ(seen.NumberParameters, 0);
    CHECK_EQ(try_except(raise_record, &record, catch_all), 1);
    CHECK_EQ(seen.ExceptionCode, 0xe0000077);
    CHECK_EQ(seen.ExceptionInformation[1], 8);
    CHECK((ULONG_PTR)seen.ExceptionAddress - (ULONG_PTR)raise_record < 64 || check_under_wine());
}

int main(void)
{
    code = VirtualAlloc(NULL, 0x1000, MEM_RESERVE | MEM_COMMIT, PAGE_EXECUTE_READWRITE);
    check_instructions();
    check_simd();
    check_x87();
    check_steps();
    check_replace();
    check_raise();
    return check_done();
}
