/*
 * unwind_info.h: a module's unwind information (UNWIND_INFO), as Microsoft documents it for x64.
 */
#ifndef NTDLL_UNWIND_INFO_H
#define NTDLL_UNWIND_INFO_H

#include "win.h"

enum {
    UWOP_PUSH_NONVOL_,
    UWOP_ALLOC_LARGE_,
    UWOP_ALLOC_SMALL_,
    UWOP_SET_FPREG_,
    UWOP_SAVE_NONVOL_,
    UWOP_SAVE_NONVOL_FAR_,
    UWOP_EPILOG_,
    UWOP_SPARE_,
    UWOP_SAVE_XMM128_,
    UWOP_SAVE_XMM128_FAR_,
    UWOP_PUSH_MACHFRAME_,
};

union unwind_code {
    struct {
        uint8_t offset;
        uint8_t op : 4;
        uint8_t info : 4;
    };
    uint16_t value;
};

struct unwind_info {
    uint8_t version : 3;
    uint8_t flags : 5;
    uint8_t prolog_size;
    uint8_t count;
    uint8_t frame_register : 4;
    uint8_t frame_offset : 4;
    union unwind_code codes[];
};

/* How many entries of the array an operation takes. */
static inline unsigned unwind_code_slots(const struct unwind_info *info, const union unwind_code *code)
{
    switch (code->op) {
    case UWOP_ALLOC_LARGE_:
        return code->info ? 3 : 2;
    case UWOP_SAVE_NONVOL_:
    case UWOP_SAVE_XMM128_:
        return 2;
    case UWOP_EPILOG_:
        return info->version >= 2 ? 2 : 1;
    case UWOP_SAVE_NONVOL_FAR_:
    case UWOP_SAVE_XMM128_FAR_:
    case UWOP_SPARE_:
        return 3;
    default:
        return 1;
    }
}

static inline ULONG unwind_far_offset(const union unwind_code *code)
{
    return code[1].value | (ULONG)code[2].value << 16;
}

/* The handler or the chained function. */
static inline const void *unwind_after_codes(const struct unwind_info *info)
{
    return &info->codes[(info->count + 1) & ~1];
}

#endif
