/*
 * unwind.c: RtlVirtualUnwind: one Windows frame, by the unwind information of its module.
 *
 * Layer: ntdll.  Calls nothing; also runs while crashing.  Versions 1 and 2 of the unwind information are
 * understood; epilogues are recognised by their instructions, which is exact for both.
 */
#include "unwind.h"
#include "unwind_info.h"

/* The function whose frame is unwound. */
struct frame {
    ULONG64 base, pc;
    const RUNTIME_FUNCTION *function;
    CONTEXT *context;
    KNONVOLATILE_CONTEXT_POINTERS *pointers;
    bool machine_frame;
};

static ULONG64 *frame_register(CONTEXT *context, unsigned index)
{
    return &context->Rax + index;
}

static ULONG64 load64(ULONG64 address)
{
    return *(const ULONG64 *)address;
}

static void restore_integer(struct frame *frame, unsigned index, ULONG64 slot)
{
    *frame_register(frame->context, index) = load64(slot);
    if (frame->pointers)
        frame->pointers->IntegerContext[index] = (PDWORD64)slot;
}

static void restore_xmm(struct frame *frame, unsigned index, ULONG64 slot)
{
    frame->context->FltSave.XmmRegisters[index] = *(const M128A *)slot;
    if (frame->pointers)
        frame->pointers->FloatingContext[index] = (PM128A)slot;
}

/* Undoes one operation of the prologue.  `base`: what the save offsets are relative to. */
static void undo_code(struct frame *frame, const struct unwind_info *info, const union unwind_code *code, ULONG64 base)
{
    CONTEXT *context = frame->context;

    switch (code->op) {
    case UWOP_PUSH_NONVOL_:
        restore_integer(frame, code->info, context->Rsp);
        context->Rsp += 8;
        break;
    case UWOP_ALLOC_LARGE_:
        context->Rsp += code->info ? unwind_far_offset(code) : code[1].value * 8u;
        break;
    case UWOP_ALLOC_SMALL_:
        context->Rsp += code->info * 8 + 8;
        break;
    case UWOP_SET_FPREG_:
        context->Rsp = *frame_register(context, info->frame_register) - info->frame_offset * 16;
        break;
    case UWOP_SAVE_NONVOL_:
        restore_integer(frame, code->info, base + code[1].value * 8u);
        break;
    case UWOP_SAVE_NONVOL_FAR_:
        restore_integer(frame, code->info, base + unwind_far_offset(code));
        break;
    case UWOP_SAVE_XMM128_:
        restore_xmm(frame, code->info, base + code[1].value * 16u);
        break;
    case UWOP_SAVE_XMM128_FAR_:
        restore_xmm(frame, code->info, base + unwind_far_offset(code));
        break;
    case UWOP_PUSH_MACHFRAME_:
        if (code->info)
            context->Rsp += 8;
        context->Rip = load64(context->Rsp);
        context->Rsp = load64(context->Rsp + 24);
        frame->machine_frame = true;
        break;
    default:
        break;
    }
}

/* The establisher frame: the frame register once it is set, else rsp. */
static ULONG64 establisher(const struct frame *frame, const struct unwind_info *info, ULONG64 offset)
{
    CONTEXT *context = frame->context;
    bool set = false;

    if (!info->frame_register)
        return context->Rsp;
    if (offset >= info->prolog_size || info->flags & UNW_FLAG_CHAININFO)
        set = true;
    for (unsigned i = 0; i < info->count && !set; i += unwind_code_slots(info, &info->codes[i]))
        set = info->codes[i].op == UWOP_SET_FPREG_ && info->codes[i].offset <= offset;
    return set ? *frame_register(context, info->frame_register) - info->frame_offset * 16 : context->Rsp;
}

/* Undoes the operations that were done before `offset` bytes of the prologue had run. */
static void undo_prolog(struct frame *frame, const struct unwind_info *info, ULONG64 offset)
{
    ULONG64 base = establisher(frame, info, offset);

    for (unsigned i = 0; i < info->count; i += unwind_code_slots(info, &info->codes[i]))
        if (info->codes[i].offset <= offset)
            undo_code(frame, info, &info->codes[i], base);
}

/* Numbers in code are not aligned. */
static int32_t code_int32(const uint8_t *p)
{
    int32_t value;
    memcpy(&value, p, sizeof value);
    return value;
}

/* Length of `add rsp, n` or `lea rsp, [frame register + n]` at `p`, with the new rsp; 0 if it is something else. */
static unsigned epilog_release(const struct frame *frame, const struct unwind_info *info, const uint8_t *p,
                               ULONG64 *rsp)
{
    if (p[0] == 0x48 && p[1] == 0x83 && p[2] == 0xc4) {
        *rsp += (int8_t)p[3];
        return 4;
    }
    if (p[0] == 0x48 && p[1] == 0x81 && p[2] == 0xc4) {
        *rsp += code_int32(p + 3);
        return 7;
    }
    if ((p[0] & 0xfe) == 0x48 && p[1] == 0x8d && info->frame_register && (p[2] & 0x38) == 0x20) {
        unsigned reg = (p[2] & 7) | (p[0] & 1) << 3, sib = (p[2] & 7) == 4, mode = p[2] >> 6;
        if (reg != info->frame_register || (sib && p[3] != 0x24) || mode == 3)
            return 0;
        const uint8_t *displacement = p + 3 + sib;
        *rsp = *frame_register(frame->context, reg);
        *rsp += mode == 1 ? *(const int8_t *)displacement : mode == 2 ? code_int32(displacement) : 0;
        return 3 + sib + (mode == 1 ? 1 : mode == 2 ? 4 : 0);
    }
    return 0;
}

/* The function that a part of it is chained to, at last. */
static const RUNTIME_FUNCTION *primary_function(ULONG64 base, const RUNTIME_FUNCTION *function)
{
    for (int depth = 0; depth < 32; depth++) {
        const struct unwind_info *info = (const void *)(base + function->UnwindData);
        if (!(info->flags & UNW_FLAG_CHAININFO))
            break;
        function = unwind_after_codes(info);
    }
    return function;
}

/*
 * True if a jump to `target` leaves the function: to the start of another one or of this one (a tail call), or to code
 * without unwind information.  A jump to a part that is chained to the same function stays, and one into the
 * middle of another function goes between the hot and the cold half of one.
 */
static bool leaves_function(const struct frame *frame, const uint8_t *target)
{
    ULONG64 base, rva = (ULONG64)target - frame->base;
    const RUNTIME_FUNCTION *primary = primary_function(frame->base, frame->function);

    if (rva == primary->BeginAddress)
        return true;
    if (rva >= frame->function->BeginAddress && rva < frame->function->EndAddress)
        return false;
    const RUNTIME_FUNCTION *other = unwind_find((ULONG64)target, &base);
    if (!other)
        return true;
    if (base + other->BeginAddress != (ULONG64)target)
        return false;
    return primary_function(base, other)->BeginAddress != primary->BeginAddress;
}

/* True at the instruction that ends an epilogue: a return, or a jump out of the function. */
static bool epilog_end(const struct frame *frame, const uint8_t *p)
{
    if (p[0] == 0xc3 || p[0] == 0xc2 || (p[0] == 0xf3 && p[1] == 0xc3))
        return true;
    if (p[0] == 0xeb)
        return leaves_function(frame, p + 2 + (int8_t)p[1]);
    if (p[0] == 0xe9)
        return leaves_function(frame, p + 5 + code_int32(p + 1));
    if (p[0] == 0xff && p[1] == 0x25)
        return true;
    /* Compilers mark an indirect jump that ends an epilogue with REX.W, which a switch's jump does not have. */
    return (p[0] & 0xf8) == 0x48 && p[1] == 0xff && (p[2] & 0x38) == 0x20 && ((p[2] >> 6) == 0 || (p[2] >> 6) == 3);
}

static unsigned epilog_pop(const uint8_t *p, unsigned *reg)
{
    unsigned rex = (p[0] & 0xf0) == 0x40;
    if ((p[rex] & 0xf8) != 0x58)
        return 0;
    *reg = (p[rex] & 7) | (rex && p[0] & 1 ? 8 : 0);
    return rex + 1;
}

/* If pc is in an epilogue, does the rest of it, without the final return.  False: pc is in the body. */
static bool finish_epilog(struct frame *frame, const struct unwind_info *info)
{
    const uint8_t *start = (const uint8_t *)frame->pc, *p = start;
    ULONG64 rsp = frame->context->Rsp;
    unsigned reg, size;

    p += epilog_release(frame, info, p, &rsp);
    const uint8_t *pops = p;
    while ((size = epilog_pop(p, &reg)))
        p += size;
    if (!epilog_end(frame, p))
        return false;
    frame->context->Rsp = rsp;
    for (p = pops; (size = epilog_pop(p, &reg)); p += size) {
        restore_integer(frame, reg, frame->context->Rsp);
        frame->context->Rsp += 8;
    }
    return true;
}

static void pop_return_address(CONTEXT *context)
{
    context->Rip = load64(context->Rsp);
    context->Rsp += 8;
}

PEXCEPTION_ROUTINE unwind_virtual(DWORD type, DWORD64 base, DWORD64 pc, PRUNTIME_FUNCTION function, PCONTEXT context,
                                  PVOID *handler_data, PDWORD64 establisher_frame,
                                  PKNONVOLATILE_CONTEXT_POINTERS pointers)
{
    struct frame frame = {base, pc, function, context, pointers, false};
    const struct unwind_info *info = (const void *)(base + function->UnwindData);
    ULONG64 offset = pc - base - function->BeginAddress;
    bool in_prolog = offset < info->prolog_size && !(info->flags & UNW_FLAG_CHAININFO);

    *handler_data = NULL;
    *establisher_frame = establisher(&frame, info, offset);
    if (!in_prolog && finish_epilog(&frame, info)) {
        pop_return_address(context);
        return NULL;
    }

    PEXCEPTION_ROUTINE handler = NULL;
    for (int depth = 0; depth < 32; depth++) {
        undo_prolog(&frame, info, depth ? ~0ull : offset);
        if (!(info->flags & UNW_FLAG_CHAININFO)) {
            if (info->flags & type && !in_prolog) {
                const ULONG *rva = unwind_after_codes(info);
                handler = (PEXCEPTION_ROUTINE)(base + *rva);
                *handler_data = (void *)(rva + 1);
            }
            break;
        }
        const RUNTIME_FUNCTION *parent = unwind_after_codes(info);
        info = (const void *)(base + parent->UnwindData);
    }
    if (!frame.machine_frame)
        pop_return_address(context);
    return handler;
}

PEXCEPTION_ROUTINE WINAPI RtlVirtualUnwind(DWORD type, DWORD64 base, DWORD64 pc, PRUNTIME_FUNCTION function,
                                           PCONTEXT context, PVOID *handler_data, PDWORD64 establisher_frame,
                                           PKNONVOLATILE_CONTEXT_POINTERS pointers)
{
    return unwind_virtual(type, base, pc, function, context, handler_data, establisher_frame, pointers);
}
