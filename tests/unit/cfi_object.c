/*
 * cfi_object.c: steps frames by the .eh_frame of an ELF object (cfi_object.h).
 */
#include <dwarf.h>
#include <elfutils/libdw.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include "tests/unit/cfi_object.h"

static Elf *elf;
static Dwarf_CFI *cfi;

bool cfi_object_open(char *bytes, size_t size)
{
    elf_version(EV_CURRENT);
    elf = elf_memory(bytes, size);
    cfi = elf ? dwarf_getcfi_elf(elf) : NULL;
    return cfi != NULL;
}

void cfi_object_close(void)
{
    elf_end(elf);
}

/* Where CONTEXT has a register, by DWARF's number. */
static size_t register_place(unsigned number)
{
    static const size_t places[] = {
        offsetof(CONTEXT, Rax), offsetof(CONTEXT, Rdx), offsetof(CONTEXT, Rcx), offsetof(CONTEXT, Rbx),
        offsetof(CONTEXT, Rsi), offsetof(CONTEXT, Rdi), offsetof(CONTEXT, Rbp), offsetof(CONTEXT, Rsp),
        offsetof(CONTEXT, R8),  offsetof(CONTEXT, R9),  offsetof(CONTEXT, R10), offsetof(CONTEXT, R11),
        offsetof(CONTEXT, R12), offsetof(CONTEXT, R13), offsetof(CONTEXT, R14), offsetof(CONTEXT, R15),
        offsetof(CONTEXT, Rip),
    };
    return number < 17 ? places[number] : offsetof(CONTEXT, Xmm0) + (number - 17) * sizeof(M128A);
}

/* The CFA is always a register and an offset: .pdata knows nothing else. */
static bool frame_address(Dwarf_Frame *frame, const CONTEXT *here, ULONG64 *cfa)
{
    Dwarf_Op *ops;
    size_t count;

    if (dwarf_frame_cfa(frame, &ops, &count) != 0 || count != 1)
        return false;
    bool extended = ops->atom == DW_OP_bregx;
    if (!extended && (ops->atom < DW_OP_breg0 || ops->atom > DW_OP_breg15))
        return false;
    unsigned number = extended ? (unsigned)ops->number : (unsigned)(ops->atom - DW_OP_breg0);
    *cfa = *(const ULONG64 *)((const char *)here + register_place(number)) + (extended ? ops->number2 : ops->number);
    return true;
}

/* A register is what it was, or lies at a distance from the CFA. */
static bool restore(Dwarf_Frame *frame, unsigned number, ULONG64 cfa, CONTEXT *found)
{
    Dwarf_Op memory[3], *ops;
    size_t count;

    if (dwarf_frame_register(frame, (int)number, memory, &ops, &count) != 0)
        return false;
    if (!count)
        return number != 16; /* the return address has a place */
    if (ops[0].atom != DW_OP_call_frame_cfa || count > 2 || (count == 2 && ops[1].atom != DW_OP_plus_uconst))
        return false;
    const void *place = (const void *)(cfa + (count == 2 ? ops[1].number : 0));
    memcpy((char *)found + register_place(number), place, number > 16 ? sizeof(M128A) : sizeof(ULONG64));
    return true;
}

bool cfi_object_step(const CONTEXT *here, CONTEXT *found)
{
    static const unsigned char numbers[] = {3, 4, 5, 6, 12, 13, 14, 15, 16, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32};
    Dwarf_Frame *frame;
    ULONG64 cfa = 0;

    *found = *here;
    if (dwarf_cfi_addrframe(cfi, here->Rip, &frame) != 0)
        return false;
    bool right = frame_address(frame, here, &cfa);
    for (unsigned i = 0; right && i < sizeof(numbers); i++)
        right = restore(frame, numbers[i], cfa, found);
    found->Rsp = cfa;
    free(frame);
    return right;
}
