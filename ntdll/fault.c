/*
 * fault.c: what the processor reported, as Windows describes it.
 *
 * Layer: ntdll.  Called in the signal handler: async-signal-safe, reads memory only at the instruction that faulted.
 */
#include "fault.h"

enum trap { /* beside FAULT_DEBUG */
    TRAP_DIVIDE = 0,
    TRAP_BREAKPOINT = 3,
    TRAP_OVERFLOW = 4,
    TRAP_BOUND = 5,
    TRAP_OPCODE = 6,
    TRAP_STACK = 12,
    TRAP_PROTECTION = 13,
    TRAP_PAGE = 14,
    TRAP_X87 = 16,
    TRAP_ALIGNMENT = 17,
    TRAP_SIMD = 19,
};

#define PAGE_FAULT_WRITE 2
#define PAGE_FAULT_FETCH 16

static void set_code(EXCEPTION_RECORD *record, NTSTATUS code)
{
    record->ExceptionCode = code;
}

static void set_access(EXCEPTION_RECORD *record, NTSTATUS code, ULONG_PTR access, ULONG_PTR address)
{
    record->ExceptionCode = code;
    record->NumberParameters = 2;
    record->ExceptionInformation[0] = access;
    record->ExceptionInformation[1] = address;
}

/* Past the prefixes; *rex: the last one, 0 if none. */
static const uint8_t *skip_prefixes(const uint8_t *p, uint8_t *rex)
{
    *rex = 0;
    for (;; p++) {
        if ((*p & 0xf0) == 0x40)
            *rex = *p;
        else if (*p == 0x66 || *p == 0x67 || *p == 0xf0 || *p == 0xf2 || *p == 0xf3 || *p == 0x2e || *p == 0x36 ||
                 *p == 0x3e || *p == 0x26 || *p == 0x64 || *p == 0x65)
            *rex = 0;
        else
            return p;
    }
}

/* Instructions that only the kernel may execute. */
static bool is_privileged(const uint8_t *p)
{
    uint8_t rex;

    p = skip_prefixes(p, &rex);
    switch (p[0]) {
    case 0xf4:
    case 0xfa:
    case 0xfb: /* hlt cli sti */
    case 0xe4:
    case 0xe5:
    case 0xe6:
    case 0xe7: /* in, out */
    case 0xec:
    case 0xed:
    case 0xee:
    case 0xef:
    case 0x6c:
    case 0x6d:
    case 0x6e:
    case 0x6f:
        return true;
    case 0x0f:
        break;
    default:
        return false;
    }
    switch (p[1]) {
    case 0x06:
    case 0x07:
    case 0x08:
    case 0x09: /* clts sysret invd wbinvd */
    case 0x20:
    case 0x21:
    case 0x22:
    case 0x23: /* mov from and to control and debug registers */
    case 0x30:
    case 0x32:
    case 0x33:
    case 0x35:
    case 0x78:
    case 0x79: /* wrmsr rdmsr rdpmc sysexit */
        return true;
    case 0x00:
        return (p[2] >> 3 & 7) >= 2 && (p[2] >> 3 & 7) <= 3; /* lldt ltr */
    case 0x01:
        if (p[2] >= 0xc0 && (p[2] >> 3 & 7) != 6) /* swapgs; the others are no system instructions */
            return p[2] == 0xf8;
        return (p[2] >> 3 & 6) == 2 || (p[2] >> 3 & 6) == 6; /* lgdt lidt lmsw invlpg */
    default:
        return false;
    }
}

/* A general protection fault: a privileged instruction, a software interrupt, or an address that can not be. */
static void protection_fault(EXCEPTION_RECORD *record, CONTEXT *context)
{
    const uint8_t *p = (const uint8_t *)context->Rip;

    if (p[0] == 0xcd && p[1] == 0x29) { /* __fastfail(ecx) */
        set_code(record, STATUS_STACK_BUFFER_OVERRUN);
        record->ExceptionFlags = EXCEPTION_NONCONTINUABLE;
        record->NumberParameters = 1;
        record->ExceptionInformation[0] = (ULONG)context->Rcx;
    } else if (p[0] == 0xcd && p[1] == 0x2c) {
        set_code(record, STATUS_ASSERTION_FAILURE);
    } else if (p[0] == 0xcd && p[1] == 0x2d) { /* debug service: without debugger, a breakpoint */
        set_code(record, STATUS_BREAKPOINT);
        record->NumberParameters = 1;
        record->ExceptionInformation[0] = context->Rax;
        context->Rip += 3;
    } else if (is_privileged(p)) {
        set_code(record, STATUS_PRIVILEGED_INSTRUCTION);
    } else {
        set_access(record, STATUS_ACCESS_VIOLATION, EXCEPTION_READ_FAULT, ~(ULONG_PTR)0);
    }
}

static ULONG64 operand_address(const CONTEXT *context, const uint8_t *p, uint8_t rex)
{
    const ULONG64 *registers = &context->Rax;
    unsigned mode = p[0] >> 6, rm = p[0] & 7;
    const uint8_t *displacement = p + 1;
    ULONG64 address;

    if (rm == 4) {
        unsigned base = p[1] & 7, index = (p[1] >> 3 & 7) | (rex & 2 ? 8 : 0);
        displacement++;
        address = base == 5 && mode == 0 ? 0 : registers[base | (rex & 1 ? 8 : 0)];
        if (index != 4)
            address += registers[index] << (p[1] >> 6);
        if (base == 5 && mode == 0)
            mode = 2;
    } else if (rm == 5 && mode == 0) {
        return (ULONG64)displacement + 4 + *(const int32_t *)displacement;
    } else {
        address = registers[rm | (rex & 1 ? 8 : 0)];
    }
    if (mode == 1)
        address += *(const int8_t *)displacement;
    else if (mode == 2)
        address += *(const int32_t *)displacement;
    return address;
}

/* The processor has one trap for a divisor of zero and for a quotient that does not fit. */
static bool divisor_is_zero(const CONTEXT *context)
{
    uint8_t rex;
    bool half = false;
    const uint8_t *start = (const uint8_t *)context->Rip, *p = skip_prefixes(start, &rex);

    for (const uint8_t *q = start; q < p; q++)
        half |= *q == 0x66;
    if ((p[0] & 0xfe) != 0xf6)
        return true;
    unsigned size = p[0] == 0xf6 ? 1 : rex & 8 ? 8 : half ? 2 : 4;
    unsigned reg = (p[1] & 7) | (rex & 1 ? 8 : 0);
    ULONG64 value = 0;
    if (p[1] >> 6 != 3)
        __builtin_memcpy(&value, (const void *)operand_address(context, p + 1, rex), size);
    else if (size == 1 && !rex && reg >= 4)
        value = (&context->Rax)[reg - 4] >> 8 & 0xff;
    else
        __builtin_memcpy(&value, &context->Rax + reg, size);
    return value == 0;
}

/* The first unmasked exception; the bits are in the same order in the x87 status word and in MXCSR. */
static NTSTATUS float_status(ULONG flags, bool stack_fault)
{
    if (flags & 1)
        return stack_fault ? STATUS_FLOAT_STACK_CHECK : STATUS_FLOAT_INVALID_OPERATION;
    if (flags & 4)
        return STATUS_FLOAT_DIVIDE_BY_ZERO;
    if (flags & 2)
        return STATUS_FLOAT_DENORMAL_OPERAND;
    if (flags & 8)
        return STATUS_FLOAT_OVERFLOW;
    if (flags & 16)
        return STATUS_FLOAT_UNDERFLOW;
    return STATUS_FLOAT_INEXACT_RESULT;
}

static void float_fault(EXCEPTION_RECORD *record, const CONTEXT *context, bool simd)
{
    ULONG flags =
        simd ? context->MxCsr & ~(context->MxCsr >> 7) : context->FltSave.StatusWord & ~context->FltSave.ControlWord;

    set_code(record, float_status(flags & 0x3f, !simd && context->FltSave.StatusWord & 0x40));
    record->NumberParameters = simd ? 2 : 1;
    record->ExceptionInformation[0] = 0;
    record->ExceptionInformation[1] = simd ? context->MxCsr : 0;
}

static void page_fault(EXCEPTION_RECORD *record, const struct fault *fault)
{
    ULONG_PTR access = fault->error & PAGE_FAULT_FETCH   ? EXCEPTION_EXECUTE_FAULT
                       : fault->error & PAGE_FAULT_WRITE ? EXCEPTION_WRITE_FAULT
                                                         : EXCEPTION_READ_FAULT;

    set_access(record, STATUS_ACCESS_VIOLATION, access, fault->address);
    switch (fault->memory) {
    case FAULT_ACCESS:
        break;
    case FAULT_GUARD_PAGE:
        record->ExceptionCode = STATUS_GUARD_PAGE_VIOLATION;
        break;
    case FAULT_STACK_OVERFLOW:
        record->ExceptionCode = STATUS_STACK_OVERFLOW;
        break;
    case FAULT_IN_PAGE:
        record->ExceptionCode = STATUS_IN_PAGE_ERROR;
        record->NumberParameters = 3;
        record->ExceptionInformation[2] = (ULONG)STATUS_END_OF_FILE;
        break;
    }
}

void fault_describe(const struct fault *fault, EXCEPTION_RECORD *record, CONTEXT *context)
{
    switch (fault->trap) {
    case TRAP_DIVIDE:
        set_code(record, divisor_is_zero(context) ? STATUS_INTEGER_DIVIDE_BY_ZERO : STATUS_INTEGER_OVERFLOW);
        break;
    case FAULT_DEBUG: /* one step: whoever wants another, or none at a breakpoint, sets the flag again */
        context->EFlags &= ~0x10100u;
        set_code(record, STATUS_SINGLE_STEP);
        break;
    case TRAP_BREAKPOINT: /* Windows reports the address of the instruction, not the one after it */
        context->Rip--;
        set_code(record, STATUS_BREAKPOINT);
        record->NumberParameters = 1;
        break;
    case TRAP_OVERFLOW:
        set_code(record, STATUS_INTEGER_OVERFLOW);
        break;
    case TRAP_BOUND:
        set_code(record, STATUS_ARRAY_BOUNDS_EXCEEDED);
        break;
    case TRAP_OPCODE:
        set_code(record, STATUS_ILLEGAL_INSTRUCTION);
        break;
    case TRAP_PROTECTION:
        protection_fault(record, context);
        break;
    case TRAP_PAGE:
        page_fault(record, fault);
        break;
    case TRAP_X87:
    case TRAP_SIMD:
        float_fault(record, context, fault->trap == TRAP_SIMD);
        break;
    case TRAP_ALIGNMENT:
        set_code(record, STATUS_DATATYPE_MISALIGNMENT);
        break;
    default: /* TRAP_STACK and what does not happen */
        set_access(record, STATUS_ACCESS_VIOLATION, EXCEPTION_READ_FAULT, ~(ULONG_PTR)0);
    }
    record->ExceptionAddress = (PVOID)context->Rip;
}
