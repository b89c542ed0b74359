/*
 * cfi.c: a module's .pdata as DWARF call frame information.
 *
 * Host code without ties to the rest: reads the image, writes a section.  The operations of a prologue become rows in
 * the order in which they run.  Unwind information does not say where epilogues are; they are found as every
 * unwinder of Windows finds them, by their instructions, here by looking at each place of the code for the one
 * sequence that undoes this prologue.
 */
#include <dwarf.h>
#include <string.h>
#include <sys/mman.h>
#include "debug/cfi.h"
#include "ntdll/unwind_info.h"

#define RETURN_COLUMN 16
#define FIRST_VECTOR 17 /* DWARF's number of xmm0 */
#define DATA_ALIGNMENT (-8)
#define PUSHES 16
#define EPILOGUE_LONGEST 40
#define REACH (1ul << 30)
#define RSP 4 /* in Windows' numbering */

struct writer {
    uint8_t *bytes;
    size_t size, room;
};

/* What the rows of a function have come to. */
struct frame {
    const uint8_t *code, *end;
    struct writer *writer;
    uint32_t row;         /* offset of the latest row */
    uint8_t cfa_register; /* Windows' numbering */
    int64_t cfa_offset;
    int64_t depth;       /* CFA - rsp after the prologue's operations so far */
    int64_t frame_depth; /* CFA - (frame register - its offset); 0: there is no frame register */
    uint8_t frame_register;
    uint8_t pushed[PUSHES]; /* in order; a register may be pushed once */
    uint64_t moved;         /* columns of the registers that were saved by moves */
    unsigned pushes;
    bool vectors, failed;
    const uint8_t *base;
    size_t image_size;
};

static void put(struct writer *writer, const void *data, size_t size)
{
    if (writer->size + size <= writer->room)
        memcpy(writer->bytes + writer->size, data, size);
    writer->size += size;
}

static void put_byte(struct writer *writer, uint8_t byte)
{
    put(writer, &byte, 1);
}

static void put_unsigned(struct writer *writer, uint64_t value)
{
    do {
        put_byte(writer, (uint8_t)((value & 0x7f) | (value > 0x7f ? 0x80 : 0)));
    } while (value >>= 7);
}

static void put_signed(struct writer *writer, int64_t value)
{
    for (;;) {
        uint8_t byte = value & 0x7f;
        value >>= 7;
        bool last = (value == 0 && !(byte & 0x40)) || (value == -1 && byte & 0x40);
        put_byte(writer, last ? byte : byte | 0x80);
        if (last)
            return;
    }
}

static unsigned dwarf_number(unsigned windows)
{
    static const uint8_t numbers[] = {0, 2, 1, 3, 7, 6, 4, 5};
    return windows < 8 ? numbers[windows] : windows;
}

/* The rules that follow hold from `offset` on. */
static void row_at(struct frame *frame, uint32_t offset)
{
    uint32_t advance = offset - frame->row;

    frame->row = offset;
    if (advance == 0)
        return;
    if (advance < 0x40) {
        put_byte(frame->writer, (uint8_t)(DW_CFA_advance_loc | advance));
    } else {
        put_byte(frame->writer, DW_CFA_advance_loc4);
        put(frame->writer, &advance, 4);
    }
}

static void rule_cfa(struct frame *frame, unsigned reg, int64_t offset)
{
    if (reg == frame->cfa_register && offset == frame->cfa_offset)
        return;
    frame->cfa_register = (uint8_t)reg;
    frame->cfa_offset = offset;
    put_byte(frame->writer, offset < 0 ? DW_CFA_def_cfa_sf : DW_CFA_def_cfa);
    put_unsigned(frame->writer, dwarf_number(reg));
    if (offset < 0)
        put_signed(frame->writer, offset / DATA_ALIGNMENT);
    else
        put_unsigned(frame->writer, (uint64_t)offset);
}

/* The register was saved at CFA + offset. */
static void rule_saved(struct frame *frame, unsigned column, int64_t offset)
{
    put_byte(frame->writer, DW_CFA_offset_extended_sf);
    put_unsigned(frame->writer, column);
    put_signed(frame->writer, offset / DATA_ALIGNMENT);
}

/* The same, by a move into the frame: it has been moved back before the frame is given back. */
static void rule_moved(struct frame *frame, unsigned column, int64_t offset)
{
    rule_saved(frame, column, offset);
    frame->moved |= 1ull << column;
}

static void rule_same(struct frame *frame, unsigned column)
{
    put_byte(frame->writer, DW_CFA_same_value);
    put_unsigned(frame->writer, column);
}

static void stack_grows(struct frame *frame, int64_t by)
{
    frame->depth += by;
    if (!frame->frame_depth)
        rule_cfa(frame, RSP, frame->depth);
}

/* Where a save with this offset lies, relative to the CFA: the base is the frame register once it is set. */
static int64_t place(const struct frame *frame, int64_t offset)
{
    return offset - (frame->frame_depth ? frame->frame_depth : frame->depth);
}

static void operation(struct frame *frame, const struct unwind_info *info, const union unwind_code *code)
{
    bool wide = code->op == UWOP_SAVE_NONVOL_FAR_ || code->op == UWOP_SAVE_XMM128_FAR_;

    switch (code->op) {
    case UWOP_PUSH_NONVOL_:
        stack_grows(frame, 8);
        rule_saved(frame, dwarf_number(code->info), -frame->depth);
        if (frame->pushes < PUSHES)
            frame->pushed[frame->pushes++] = code->info;
        break;
    case UWOP_ALLOC_LARGE_:
        stack_grows(frame, code->info ? unwind_far_offset(code) : code[1].value * 8u);
        break;
    case UWOP_ALLOC_SMALL_:
        stack_grows(frame, code->info * 8 + 8);
        break;
    case UWOP_SET_FPREG_:
        frame->frame_register = info->frame_register;
        frame->frame_depth = frame->depth;
        rule_cfa(frame, info->frame_register, frame->depth - info->frame_offset * 16);
        break;
    case UWOP_SAVE_NONVOL_:
    case UWOP_SAVE_NONVOL_FAR_:
        rule_moved(frame, dwarf_number(code->info), place(frame, wide ? unwind_far_offset(code) : code[1].value * 8u));
        break;
    case UWOP_SAVE_XMM128_:
    case UWOP_SAVE_XMM128_FAR_:
        if (frame->vectors)
            rule_moved(frame, FIRST_VECTOR + code->info,
                       place(frame, wide ? unwind_far_offset(code) : code[1].value * 16u));
        break;
    case UWOP_PUSH_MACHFRAME_:
        frame->failed = true;
        break;
    default:
        break;
    }
}

/* The operations of one UNWIND_INFO; those of a chain's parents have all been done at the function's start. */
static void operations(struct frame *frame, const struct unwind_info *info, bool parent)
{
    const union unwind_code *codes[256];
    unsigned count = 0;

    for (unsigned i = 0; i < info->count; i += unwind_code_slots(info, &info->codes[i]))
        codes[count++] = &info->codes[i];
    while (count-- > 0) {
        row_at(frame, parent ? 0 : codes[count]->offset);
        operation(frame, info, codes[count]);
    }
}

/* Unwind information of the image; NULL: it, or what it chains to, lies outside, or its last operation is cut off. */
static const struct unwind_info *info_at(const uint8_t *base, size_t image_size, uint32_t rva)
{
    const struct unwind_info *info = (const void *)(base + rva);

    if (rva & 3 || rva > image_size || image_size - rva < 4 + 2 * 256 + sizeof(RUNTIME_FUNCTION))
        return NULL; /* the longest there is: an image ends with padding and more sections */
    unsigned slots = 0;
    while (slots < info->count)
        slots += unwind_code_slots(info, &info->codes[slots]);
    return slots == info->count ? info : NULL;
}

static void prologue(struct frame *frame, const struct unwind_info *info, unsigned depth)
{
    if (info->flags & UNW_FLAG_CHAININFO) {
        const RUNTIME_FUNCTION *parent = unwind_after_codes(info);
        const struct unwind_info *outer =
            depth < 32 ? info_at(frame->base, frame->image_size, parent->UnwindData) : NULL;
        if (!outer) {
            frame->failed = true;
            return;
        }
        prologue(frame, outer, depth + 1);
    }
    operations(frame, info, depth > 0);
}

static int32_t signed32(const uint8_t *p)
{
    int32_t value;
    memcpy(&value, p, sizeof(value));
    return value;
}

/*
 * Length of the instruction at `p` if it gives the frame back: add rsp, n, or lea rsp, [frame register + n], where n
 * must be what this prologue took.  0: another one.
 */
static unsigned release(const struct frame *frame, const uint8_t *p)
{
    int64_t pushes = 8 + 8 * (int64_t)frame->pushes;

    if (p[0] == 0x48 && p[1] == 0x83 && p[2] == 0xc4)
        return !frame->frame_depth && (int8_t)p[3] == frame->depth - pushes ? 4 : 0;
    if (p[0] == 0x48 && p[1] == 0x81 && p[2] == 0xc4)
        return !frame->frame_depth && signed32(p + 3) == frame->depth - pushes ? 7 : 0;
    if ((p[0] & 0xfe) != 0x48 || p[1] != 0x8d || (p[2] & 0x38) != 0x20 || !frame->frame_depth)
        return 0;
    unsigned reg = (p[2] & 7) | (p[0] & 1) << 3, sib = (p[2] & 7) == 4, mode = p[2] >> 6;
    if (reg != frame->frame_register || (sib && p[3] != 0x24) || mode == 3)
        return 0;
    const uint8_t *displacement = p + 3 + sib;
    int64_t n = mode == 1 ? (int8_t)*displacement : mode == 2 ? signed32(displacement) : 0;
    return n == frame->cfa_offset - pushes ? 3 + sib + (mode == 1 ? 1 : mode == 2 ? 4 : 0) : 0;
}

/* Length of the instruction at `p` if it ends an epilogue. */
static unsigned leave(const struct frame *frame, const uint8_t *p)
{
    const uint8_t *target = p[0] == 0xeb ? p + 2 + (int8_t)p[1] : p[0] == 0xe9 ? p + 5 + signed32(p + 1) : NULL;

    if (target)
        return target > frame->code && target < frame->end ? 0 : p[0] == 0xeb ? 2 : 5;
    if (p[0] == 0xc3)
        return 1;
    if (p[0] == 0xf3 && p[1] == 0xc3)
        return 2;
    if (p[0] == 0xc2)
        return 3;
    if (p[0] == 0xff && p[1] == 0x25)
        return 6;
    return (p[0] & 0xf8) == 0x48 && p[1] == 0xff && ((p[2] & 0xf8) == 0xe0) ? 3 : 0;
}

static unsigned pop(const uint8_t *p, unsigned reg)
{
    if (reg < 8)
        return p[0] == 0x58 + reg ? 1 : 0;
    return p[0] == 0x41 && p[1] == 0x58 + (reg & 7) ? 2 : 0;
}

/* If the epilogue of this function begins at `p`, writes its rows and returns its length. */
static unsigned epilogue(struct frame *frame, const uint8_t *p)
{
    unsigned released = release(frame, p), length = released;
    bool bare = !frame->frame_depth && frame->depth == 8 + 8 * (int64_t)frame->pushes;

    if ((!released && !bare) || (bare && !frame->pushes))
        return 0;
    for (unsigned i = frame->pushes; i-- > 0;) {
        unsigned size = pop(p + length, frame->pushed[i]);
        if (!size)
            return 0;
        length += size;
    }
    unsigned end = leave(frame, p + length);
    if (!end)
        return 0;
    struct frame body = *frame;
    uint32_t at = (uint32_t)(p - frame->code) + released;
    row_at(frame, at);
    put_byte(frame->writer, DW_CFA_remember_state);
    for (unsigned column = 0; column < 64; column++)
        if (frame->moved >> column & 1)
            rule_same(frame, column);
    for (unsigned i = frame->pushes;; i--) {
        row_at(frame, at);
        rule_cfa(frame, RSP, 8 + 8 * (int64_t)i);
        if (i < frame->pushes)
            rule_same(frame, dwarf_number(frame->pushed[i]));
        if (i == 0)
            break;
        at += pop(frame->code + at, frame->pushed[i - 1]);
    }
    row_at(frame, at + end);
    put_byte(frame->writer, DW_CFA_restore_state);
    frame->cfa_register = body.cfa_register;
    frame->cfa_offset = body.cfa_offset;
    return length + end;
}

/* Looks at each place from `from` on; `limit`: there the image may end. */
static void epilogues(struct frame *frame, const uint8_t *from, const uint8_t *limit)
{
    const uint8_t *end = frame->end < limit - EPILOGUE_LONGEST ? frame->end : limit - EPILOGUE_LONGEST;

    for (const uint8_t *p = from; p < end;) {
        unsigned length = epilogue(frame, p);
        p += length ? length : 1;
    }
}

static void put_cie(struct writer *writer)
{
    static const uint8_t cie[] = {
        20,
        0,
        0,
        0, /* length */
        0,
        0,
        0,
        0, /* it is a CIE */
        1,
        'z',
        'R',
        0,
        1,
        DATA_ALIGNMENT & 0x7f,
        RETURN_COLUMN,
        1,
        DW_EH_PE_absptr,
        DW_CFA_def_cfa,
        7,
        8, /* at a function's first instruction: rsp + 8 */
        DW_CFA_offset | RETURN_COLUMN,
        1, /* its return address below */
        DW_CFA_nop,
        DW_CFA_nop,
    };
    _Static_assert(sizeof(cie) == 24, "its length field and the alignment");

    put(writer, cie, sizeof(cie));
}

/* Writes the FDE of one function.  False: DWARF can not say it; nothing is written. */
static bool put_fde(struct writer *writer, const uint8_t *base, size_t image_size, const RUNTIME_FUNCTION *function,
                    bool vectors)
{
    const struct unwind_info *info = info_at(base, image_size, function->UnwindData);
    if (!info || function->BeginAddress >= function->EndAddress || function->EndAddress > image_size)
        return false;
    size_t start = writer->size;
    struct frame frame = {.code = base + function->BeginAddress,
                          .end = base + function->EndAddress,
                          .writer = writer,
                          .cfa_register = RSP,
                          .cfa_offset = 8,
                          .depth = 8,
                          .vectors = vectors,
                          .base = base,
                          .image_size = image_size};
    uint32_t length = 0, back = (uint32_t)start + 4;
    uint64_t range[2] = {(uint64_t)frame.code, function->EndAddress - function->BeginAddress};

    put(writer, &length, 4); /* not known yet */
    put(writer, &back, 4);
    put(writer, range, sizeof(range));
    put_byte(writer, 0); /* no augmentation data */
    prologue(&frame, info, 0);
    if (frame.failed) {
        writer->size = start;
        return false;
    }
    bool chained = info->flags & UNW_FLAG_CHAININFO;
    epilogues(&frame, frame.code + (chained ? 0 : info->prolog_size), base + image_size);
    while (writer->size % 8)
        put_byte(writer, DW_CFA_nop);
    length = (uint32_t)(writer->size - start - 4);
    if (writer->size <= writer->room)
        memcpy(writer->bytes + start, &length, 4);
    return true;
}

/* Another function's entry stands for this one. */
static const RUNTIME_FUNCTION *resolve(const uint8_t *base, size_t image_size, const RUNTIME_FUNCTION *function,
                                       RUNTIME_FUNCTION *own)
{
    if (!(function->UnwindData & 1) || (function->UnwindData & ~1u) > image_size - sizeof *function)
        return function;
    *own = *function;
    memcpy(&own->UnwindData, base + (function->UnwindData & ~1u) + offsetof(RUNTIME_FUNCTION, UnwindData), 4);
    return own;
}

static void put_all(struct writer *writer, struct cfi *cfi, const uint8_t *base, size_t image_size,
                    const RUNTIME_FUNCTION *functions, size_t count, bool vectors)
{
    uint32_t end = 0;

    put_cie(writer);
    cfi->count = 0;
    for (size_t i = 0; i < count; i++) {
        RUNTIME_FUNCTION own;
        const RUNTIME_FUNCTION *function = resolve(base, image_size, &functions[i], &own);
        int64_t offset = cfi->section ? cfi->section + writer->size - base : 0; /* not while counting */
        if (!put_fde(writer, base, image_size, function, vectors))
            continue;
        if (cfi->table)
            cfi->table[cfi->count] = (struct cfi_entry){(int32_t)function->BeginAddress, (int32_t)offset};
        cfi->count++;
    }
    put(writer, &end, 4);
}

/* Memory after the image, within the reach of its offsets. */
static uint8_t *map_near(const uint8_t *base, size_t image_size, size_t size)
{
    for (uintptr_t at = ((uintptr_t)base + image_size + 0xffff) & ~0xfffful; at - (uintptr_t)base < REACH;
         at += REACH / 256) {
        void *memory =
            mmap((void *)at, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
        if (memory != MAP_FAILED)
            return memory;
    }
    return NULL;
}

bool cfi_make(struct cfi *cfi, const uint8_t *base, size_t image_size, const RUNTIME_FUNCTION *functions, size_t count,
              bool vectors)
{
    struct writer writer = {0};

    *cfi = (struct cfi){0};
    put_all(&writer, cfi, base, image_size, functions, count, vectors); /* counts the bytes */
    writer.room = (writer.size + 7) & ~7ul;
    cfi->mapped = writer.room + cfi->count * sizeof(struct cfi_entry);
    cfi->section = map_near(base, image_size, cfi->mapped);
    if (!cfi->section)
        return false;
    writer.bytes = cfi->section;
    writer.size = 0;
    cfi->table = (struct cfi_entry *)(cfi->section + writer.room);
    put_all(&writer, cfi, base, image_size, functions, count, vectors);
    cfi->size = writer.size;
    return true;
}

void cfi_free(struct cfi *cfi)
{
    if (cfi->section)
        munmap(cfi->section, cfi->mapped);
    *cfi = (struct cfi){0};
}
