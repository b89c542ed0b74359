/*
 * test_cfi.c: do our unwinder of .pdata, libunwind, reading the translation of debug/cfi.c, and libdw, reading the
 * finished ELF object that gdb gets, find the same caller from each instruction of a function?
 *
 * Functions are made at random: pushes, allocations of all encodings, a frame pointer, registers and xmm registers
 * saved by moves, a dynamic allocation, two epilogues, tail calls, a chained part.  They run under the trap flag; at
 * each step all of them start from the signal's registers, and what they find must be what was there at the call.
 */
#define UNW_LOCAL_ONLY
#include <libunwind.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include "debug/cfi.h"
#include "debug/elfobject.h"
#include "ntdll/context.h"
#include "ntdll/heap.h"
#include "ntdll/unwind.h"
#include "ntdll/unwind_info.h"
#include "tests/unit/cfi_object.h"
#include "unit.h"

#define FUNCTIONS 400
#define IMAGE_SIZE 0x100000ul
#define INFO_START 0x80000ul
#define RAX 0
#define RBX 3
#define RSP 4
#define RBP 5

static uint8_t *image;
static uint32_t code_at, info_at;
static RUNTIME_FUNCTION table[2 * FUNCTIONS];
static unsigned table_count;

/* A function that is being made. */
struct builder {
    union unwind_code codes[64]; /* in the order of the prologue; slots of one operation stand in their order */
    unsigned sizes[64], count;   /* by operation: how many slots */
    unsigned slots;
    uint32_t start;
};

static unsigned seed;

static unsigned random_below(unsigned limit)
{
    seed = seed * 1664525u + 1013904223u;
    return (seed >> 8) % limit;
}

static void emit(const void *bytes, size_t size)
{
    memcpy(image + code_at, bytes, size);
    code_at += (uint32_t)size;
}

#define EMIT(...) emit((const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__}))

static void emit32(uint32_t value)
{
    emit(&value, 4);
}

static void note(struct builder *b, unsigned op, unsigned info, const uint16_t *extra, unsigned extras)
{
    union unwind_code *code = &b->codes[b->slots];

    code->offset = (uint8_t)(code_at - b->start);
    code->op = op & 15;
    code->info = info & 15;
    for (unsigned i = 0; i < extras; i++)
        code[1 + i].value = extra[i];
    b->sizes[b->count++] = 1 + extras;
    b->slots += 1 + extras;
}

static void note_offset(struct builder *b, unsigned op, unsigned far_op, unsigned info, uint32_t offset, unsigned unit)
{
    if (offset / unit <= 0xffff)
        note(b, op, info, (const uint16_t[]){(uint16_t)(offset / unit)}, 1);
    else
        note(b, far_op, info, (const uint16_t[]){(uint16_t)offset, (uint16_t)(offset >> 16)}, 2);
}

static void emit_push(unsigned reg)
{
    if (reg >= 8)
        EMIT(0x41);
    EMIT((uint8_t)(0x50 + (reg & 7)));
}

static void emit_pop(unsigned reg)
{
    if (reg >= 8)
        EMIT(0x41);
    EMIT((uint8_t)(0x58 + (reg & 7)));
}

/* An instruction with the operands reg, [base + displacement]. */
static void emit_memory(const uint8_t *opcode, size_t size, bool wide, unsigned reg, unsigned base,
                        int32_t displacement)
{
    uint8_t rex = (uint8_t)(0x40 | wide << 3 | (reg >= 8) << 2 | (base >= 8));

    if (rex != 0x40)
        EMIT(rex);
    emit(opcode, size);
    bool small = displacement == (int8_t)displacement;
    EMIT((uint8_t)((small ? 0x40 : 0x80) | (reg & 7) << 3 | (base & 7)));
    if ((base & 7) == RSP)
        EMIT(0x24);
    if (small)
        EMIT((uint8_t)displacement);
    else
        emit32((uint32_t)displacement);
}

static void emit_store(unsigned reg, unsigned base, int32_t displacement)
{
    emit_memory((const uint8_t[]){0x89}, 1, true, reg, base, displacement);
}

static void emit_load(unsigned reg, unsigned base, int32_t displacement)
{
    emit_memory((const uint8_t[]){0x8b}, 1, true, reg, base, displacement);
}

static void emit_vector(bool store, unsigned reg, unsigned base, int32_t displacement)
{
    emit_memory((const uint8_t[]){0x0f, store ? 0x29 : 0x28}, 2, false, reg, base, displacement);
}

static void emit_add_rsp(int32_t value)
{
    if (value == (int8_t)value) {
        EMIT(0x48, 0x83, 0xc4, (uint8_t)value);
    } else {
        EMIT(0x48, 0x81, 0xc4);
        emit32((uint32_t)value);
    }
}

static void emit_clobber(unsigned reg)
{
    EMIT((uint8_t)(reg >= 8 ? 0x49 : 0x48), 0xc7, (uint8_t)(0xc0 | (reg & 7)));
    emit32(0x5a5a0000 + reg);
}

/* Writes UNWIND_INFO; parent: NULL, or the function that this one is chained to.  Returns its address in the image. */
static uint32_t emit_info(const struct builder *b, unsigned prolog, unsigned frame, unsigned frame_offset,
                          const RUNTIME_FUNCTION *parent)
{
    info_at = (info_at + 3) & ~3u;
    uint32_t at = info_at;
    struct unwind_info *info = (struct unwind_info *)(image + at);

    info->version = 1;
    info->flags = parent ? UNW_FLAG_CHAININFO : 0;
    info->prolog_size = (uint8_t)prolog;
    info->count = (uint8_t)b->slots;
    info->frame_register = frame & 15;
    info->frame_offset = frame_offset & 15;
    unsigned to = 0, from = b->slots;
    for (unsigned i = b->count; i-- > 0;) { /* last operation first */
        from -= b->sizes[i];
        for (unsigned j = 0; j < b->sizes[i]; j++)
            info->codes[to++] = b->codes[from + j];
    }
    info_at += 4 + 2 * ((b->slots + 1) & ~1u);
    if (parent) {
        memcpy(image + info_at, parent, sizeof(*parent));
        info_at += sizeof(*parent);
    }
    return at;
}

static RUNTIME_FUNCTION *add_function(uint32_t start, uint32_t info)
{
    table[table_count] = (RUNTIME_FUNCTION){start, code_at, info};
    return &table[table_count++];
}

/* The shape of a function. */
struct shape {
    unsigned pushed[8], pushes;
    unsigned moved[8], moves; /* saved by a move */
    unsigned vectors[10], vector_count;
    uint32_t allocation, area; /* area: where the saves begin */
    int frame;                 /* register, -1: none */
    unsigned frame_offset;     /* in units of 16 */
    bool dynamic, tail, chained;
};

static void shape_registers(struct shape *s)
{
    static const unsigned callee_saved[8] = {3, 5, 6, 7, 12, 13, 14, 15};
    unsigned pool[8];

    memcpy(pool, callee_saved, sizeof(pool));
    for (unsigned i = 7; i > 0; i--) {
        unsigned j = random_below(i + 1), swap = pool[i];
        pool[i] = pool[j];
        pool[j] = swap;
    }
    s->pushes = random_below(7);
    memcpy(s->pushed, pool, sizeof(pool));
    s->moves = random_below(3);
    memcpy(s->moved, pool + s->pushes, (8 - s->pushes) * sizeof(*pool));
    if (s->moves > 8 - s->pushes)
        s->moves = 8 - s->pushes;
    s->vector_count = random_below(4);
    for (unsigned i = 0; i < s->vector_count; i++)
        s->vectors[i] = 6 + (random_below(3) + 3 * i) % 10;
}

static struct shape make_shape(void)
{
    static const uint32_t sizes[] = {0, 32, 120, 136, 4000, 0x7fff8, 0x80000, 0x90000};
    struct shape s = {.frame = -1};

    shape_registers(&s);
    s.allocation = sizes[random_below(8)];
    uint32_t needed = 16 * s.vector_count + 8 * (s.moves + 1) + 32;
    if (s.moves || s.vector_count)
        s.allocation += (needed + 15) & ~15u;
    s.allocation &= ~15u;
    if (s.allocation && !(s.pushes & 1))
        s.allocation += 8; /* rsp is a multiple of 16 in the body */
    s.area = s.allocation > needed ? (s.allocation - needed) & ~15u : 0;
    if (s.pushes && s.allocation && random_below(3) == 0) {
        s.frame = (int)s.pushed[random_below(s.pushes)];
        s.frame_offset = random_below(s.allocation / 16 < 15 ? s.allocation / 16 + 1 : 16);
        s.dynamic = random_below(2);
    }
    s.tail = random_below(3) == 0;
    s.chained = s.allocation >= 64 && random_below(4) == 0;
    return s;
}

static void make_prologue(struct builder *b, const struct shape *s)
{
    for (unsigned i = 0; i < s->pushes; i++) {
        emit_push(s->pushed[i]);
        note(b, UWOP_PUSH_NONVOL_, s->pushed[i], NULL, 0);
    }
    if (s->allocation) {
        emit_add_rsp(-(int32_t)s->allocation);
        if (s->allocation <= 128)
            note(b, UWOP_ALLOC_SMALL_, s->allocation / 8 - 1, NULL, 0);
        else if (s->allocation / 8 <= 0xffff)
            note(b, UWOP_ALLOC_LARGE_, 0, (const uint16_t[]){(uint16_t)(s->allocation / 8)}, 1);
        else
            note(b, UWOP_ALLOC_LARGE_, 1, (const uint16_t[]){(uint16_t)s->allocation, (uint16_t)(s->allocation >> 16)},
                 2);
    }
    if (s->frame >= 0) {
        emit_memory((const uint8_t[]){0x8d}, 1, true, (unsigned)s->frame, RSP, (int32_t)s->frame_offset * 16);
        note(b, UWOP_SET_FPREG_, 0, NULL, 0);
    }
    for (unsigned i = 0; i < s->vector_count; i++) {
        emit_vector(true, s->vectors[i], RSP, (int32_t)(s->area + 16 * i));
        note_offset(b, UWOP_SAVE_XMM128_, UWOP_SAVE_XMM128_FAR_, s->vectors[i], s->area + 16 * i, 16);
    }
    for (unsigned i = 0; i < s->moves; i++) {
        uint32_t at = s->area + 16 * s->vector_count + 8 * i;
        emit_store(s->moved[i], RSP, (int32_t)at);
        note_offset(b, UWOP_SAVE_NONVOL_, UWOP_SAVE_NONVOL_FAR_, s->moved[i], at, 8);
    }
}

/* The base of the saves and its distance, in the body. */
static unsigned body_base(const struct shape *s, int32_t *bias)
{
    *bias = s->frame >= 0 ? -(int32_t)s->frame_offset * 16 : 0;
    return s->frame >= 0 ? (unsigned)s->frame : RSP;
}

static uint32_t tail_target; /* a function that only returns */

static void make_epilogue(const struct shape *s, bool tail)
{
    int32_t bias;
    unsigned base = body_base(s, &bias);

    for (unsigned i = 0; i < s->vector_count; i++)
        emit_vector(false, s->vectors[i], base, (int32_t)(s->area + 16 * i) + bias);
    for (unsigned i = 0; i < s->moves; i++)
        emit_load(s->moved[i], base, (int32_t)(s->area + 16 * s->vector_count + 8 * i) + bias);
    if (s->frame >= 0)
        emit_memory((const uint8_t[]){0x8d}, 1, true, RSP, (unsigned)s->frame, (int32_t)s->allocation + bias);
    else if (s->allocation)
        emit_add_rsp((int32_t)s->allocation);
    for (unsigned i = s->pushes; i-- > 0;)
        emit_pop(s->pushed[i]);
    if (tail) {
        EMIT(0xe9);
        emit32(tail_target - (code_at + 4));
    } else if (random_below(4) == 0) {
        EMIT(0xf3, 0xc3);
    } else {
        EMIT(0xc3);
    }
}

static void make_body(const struct shape *s)
{
    for (unsigned i = 0; i < s->pushes; i++)
        if ((int)s->pushed[i] != s->frame)
            emit_clobber(s->pushed[i]);
    for (unsigned i = 0; i < s->moves; i++)
        emit_clobber(s->moved[i]);
    for (unsigned i = 0; i < s->vector_count; i++)
        emit_memory((const uint8_t[]){0x0f, 0x10}, 2, false, s->vectors[i], RSP, -96);
    if (s->dynamic)
        emit_add_rsp(-256);
    EMIT(0x90);
}

static void patch32(uint32_t at, uint32_t value)
{
    memcpy(image + at, &value, 4);
}

/*
 * A part of the function, elsewhere, that saves one more register: jumps from `from`, back to after it.  The register
 * is one that the function itself leaves alone.
 */
static void make_chained(const struct shape *s, const RUNTIME_FUNCTION *parent, uint32_t from)
{
    struct builder b = {.start = code_at};
    int32_t bias;
    unsigned base = body_base(s, &bias), reg = RAX;
    uint32_t at = s->area + 16 * s->vector_count + 8 * s->moves;

    for (unsigned i = s->pushes + s->moves; i < 8; i++)
        reg = s->pushed[i];
    patch32(from, code_at - (from + 4));
    emit_store(reg == RAX ? RBX : reg, base, (int32_t)at + bias);
    if (reg != RAX)
        note_offset(&b, UWOP_SAVE_NONVOL_, UWOP_SAVE_NONVOL_FAR_, reg, at, 8);
    unsigned prolog = code_at - b.start;
    if (reg != RAX) {
        emit_clobber(reg);
        emit_load(reg, base, (int32_t)at + bias);
    }
    EMIT(0xe9);
    emit32(from + 4 - (code_at + 4));
    unsigned frame = s->frame >= 0 ? (unsigned)s->frame : 0;
    add_function(b.start, emit_info(&b, prolog, frame, s->frame_offset, parent));
}

/* One function; it returns by one of two epilogues, by its argument (ecx). */
static uint32_t make_function(void)
{
    struct shape s = make_shape();
    struct builder b = {.start = code_at};
    uint32_t chain = 0;

    make_prologue(&b, &s);
    unsigned prolog = code_at - b.start;
    make_body(&s);
    if (s.chained) {
        EMIT(0xe9);
        chain = code_at;
        emit32(0);
    }
    EMIT(0x85, 0xc9, 0x0f, 0x85); /* test ecx, ecx; jne */
    uint32_t branch = code_at;
    emit32(0);
    make_epilogue(&s, s.tail);
    EMIT(0x90);
    patch32(branch, code_at - (branch + 4));
    make_epilogue(&s, false);
    unsigned frame = s.frame >= 0 ? (unsigned)s.frame : 0;
    RUNTIME_FUNCTION *function = add_function(b.start, emit_info(&b, prolog, frame, s.frame_offset, NULL));
    if (s.chained)
        make_chained(&s, function, chain);
    while (code_at % 16)
        EMIT(0xcc);
    return b.start;
}

/* --- stepping ---------------------------------------------------------------------------------------------------- */

static ULONG64 entry;  /* of the function that runs */
static CONTEXT caller; /* what must be found */
static unsigned steps, ours_wrong, theirs_wrong, object_wrong;

static const RUNTIME_FUNCTION *function_at(ULONG64 pc)
{
    ULONG64 base;
    return unwind_find(pc, &base);
}

static bool same_registers(const CONTEXT *found)
{
    return found->Rip == caller.Rip && found->Rsp == caller.Rsp && found->Rbx == caller.Rbx &&
           found->Rbp == caller.Rbp && found->Rsi == caller.Rsi && found->Rdi == caller.Rdi &&
           found->R12 == caller.R12 && found->R13 == caller.R13 && found->R14 == caller.R14 && found->R15 == caller.R15;
}

static bool same_vectors(const CONTEXT *found)
{
    return !memcmp(&found->Xmm6, &caller.Xmm6, 10 * sizeof(M128A));
}

static bool step_ours(const CONTEXT *here, CONTEXT *found)
{
    ULONG64 establisher;
    PVOID data;

    *found = *here;
    unwind_virtual(UNW_FLAG_NHANDLER, (ULONG64)image, here->Rip, (RUNTIME_FUNCTION *)function_at(here->Rip), found,
                   &data, &establisher, NULL);
    return same_registers(found) && same_vectors(found);
}

static bool step_theirs(ucontext_t *uc, CONTEXT *found)
{
    static const struct {
        unw_regnum_t number;
        size_t place;
    } registers[] = {
        {UNW_X86_64_RBX, offsetof(CONTEXT, Rbx)}, {UNW_X86_64_RBP, offsetof(CONTEXT, Rbp)},
        {UNW_X86_64_RSI, offsetof(CONTEXT, Rsi)}, {UNW_X86_64_RDI, offsetof(CONTEXT, Rdi)},
        {UNW_X86_64_R12, offsetof(CONTEXT, R12)}, {UNW_X86_64_R13, offsetof(CONTEXT, R13)},
        {UNW_X86_64_R14, offsetof(CONTEXT, R14)}, {UNW_X86_64_R15, offsetof(CONTEXT, R15)},
        {UNW_X86_64_RIP, offsetof(CONTEXT, Rip)}, {UNW_X86_64_RSP, offsetof(CONTEXT, Rsp)},
    };
    unw_cursor_t cursor;

    if (unw_init_local2(&cursor, uc, UNW_INIT_SIGNAL_FRAME) || unw_step(&cursor) < 0)
        return false;
    for (unsigned i = 0; i < sizeof(registers) / sizeof(registers[0]); i++) {
        unw_word_t value = 0;
        if (unw_get_reg(&cursor, registers[i].number, &value))
            return false;
        *(ULONG64 *)((char *)found + registers[i].place) = value;
    }
    return same_registers(found);
}

static void complain(const char *who, const CONTEXT *here, const CONTEXT *found)
{
    const RUNTIME_FUNCTION *function = function_at(here->Rip);

    printf("%s is wrong at +%#llx of the function at %#lx: rip %#llx (%#llx), rsp %#llx (%#llx)\n", who,
           here->Rip - (ULONG64)image - function->BeginAddress, (long)function->BeginAddress, found->Rip, caller.Rip,
           found->Rsp, caller.Rsp);
}

static void on_trap(int signal, siginfo_t *info, void *data)
{
    ucontext_t *uc = data;
    CONTEXT here = {.ContextFlags = CONTEXT_FULL}, found;

    (void)signal, (void)info;
    context_from_ucontext(&here, uc);
    if (here.Rip == entry) {
        caller = here;
        caller.Rip = *(ULONG64 *)here.Rsp;
        caller.Rsp = here.Rsp + 8;
    } else if (here.Rip == caller.Rip) { /* back */
        uc->uc_mcontext.gregs[REG_EFL] &= ~0x100;
        caller.Rip = 0;
    }
    if (here.Rip - (ULONG64)image >= IMAGE_SIZE || !caller.Rip || !function_at(here.Rip))
        return;
    steps++;
    if (!step_ours(&here, &found) && ours_wrong++ < 5)
        complain("our unwinder", &here, &found);
    if (!step_theirs(uc, &found) && theirs_wrong++ < 5)
        complain("libunwind", &here, &found);
    if (!(cfi_object_step(&here, &found) && same_registers(&found) && same_vectors(&found)) && object_wrong++ < 5)
        complain("the ELF object", &here, &found);
}

/* Calls with known values in all registers that must survive. */
static void run_function(uint32_t start, unsigned argument)
{
    entry = (ULONG64)image + start;
    caller.Rip = 0;
    __asm__ volatile("sub $128, %%rsp\n push %%rbp\n push %%rbx\n"
                     "mov %%rsp, %%r11\n and $-16, %%rsp\n push %%r11\n push %%r11\n"
                     "mov $0x1111, %%rbx\n mov $0x2222, %%rbp\n mov $0x3333, %%rsi\n mov $0x4444, %%rdi\n"
                     "mov $0x5555, %%r12\n mov $0x6666, %%r13\n mov $0x7777, %%r14\n mov $0x8888, %%r15\n"
                     "pushfq\n orl $0x100, (%%rsp)\n popfq\n"
                     "call *%%rax\n"
                     "pushfq\n andl $~0x100, (%%rsp)\n popfq\n"
                     "pop %%rsp\n pop %%rbx\n pop %%rbp\n add $128, %%rsp"
                     :
                     : "a"(entry), "c"(argument)
                     : "rdx", "rsi", "rdi", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15", "memory", "cc",
                       "xmm6", "xmm7", "xmm8", "xmm9", "xmm10", "xmm11", "xmm12", "xmm13", "xmm14", "xmm15");
}

static int by_address(const void *a, const void *b)
{
    const RUNTIME_FUNCTION *x = a, *y = b;
    return x->BeginAddress < y->BeginAddress ? -1 : x->BeginAddress > y->BeginAddress;
}

static uint32_t starts[FUNCTIONS];

static void make_image(void)
{
    image = mmap(NULL, IMAGE_SIZE, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    code_at = 0x1000;
    info_at = INFO_START;
    tail_target = code_at;
    EMIT(0xc3);
    while (code_at % 16)
        EMIT(0xcc);
    for (unsigned i = 0; i < FUNCTIONS; i++)
        starts[i] = make_function();
    EXPECT(code_at < INFO_START && info_at < IMAGE_SIZE);
    qsort(table, table_count, sizeof(table[0]), by_address);
}

/* Headers of an image around the functions, as far as the writer of the object looks at them. */
static void make_headers(void)
{
    IMAGE_DOS_HEADER *dos = (IMAGE_DOS_HEADER *)image;
    IMAGE_NT_HEADERS64 *nt = (IMAGE_NT_HEADERS64 *)(image + 0x80);

    dos->e_lfanew = 0x80;
    nt->FileHeader.NumberOfSections = 1;
    nt->FileHeader.SizeOfOptionalHeader = sizeof(IMAGE_OPTIONAL_HEADER64);
    IMAGE_SECTION_HEADER *section = IMAGE_FIRST_SECTION(nt);
    memcpy(section->Name, ".text", 6);
    section->VirtualAddress = 0x1000;
    section->Misc.VirtualSize = IMAGE_SIZE - 0x1000;
    section->Characteristics = IMAGE_SCN_MEM_EXECUTE;
}

/* The object that gdb would get, read back.  Returns its bytes, to be freed. */
static char *make_object(struct cfi *cfi)
{
    struct announced module = {.key = image, .name = "made", .base = image, .size = IMAGE_SIZE};
    struct names names = {0};
    size_t size = 0;

    make_headers();
    EXPECT(cfi_make(cfi, image, IMAGE_SIZE, table, table_count, true));
    EXPECT_EQ(cfi->count, table_count);
    char *bytes = elf_object_make(&module, NULL, &names, cfi, &size);
    EXPECT(bytes && cfi_object_open(bytes, size));
    return bytes;
}

static void agree(void)
{
    struct cfi cfi, object_cfi;
    struct sigaction action = {.sa_sigaction = on_trap, .sa_flags = SA_SIGINFO};

    seed = 20;
    make_image();
    peb_current()->ProcessHeap = heap_process();
    EXPECT(RtlAddFunctionTable(table, table_count, (ULONG64)image));
    EXPECT(cfi_make(&cfi, image, IMAGE_SIZE, table, table_count, false));
    EXPECT_EQ(cfi.count, table_count);
    unw_dyn_info_t information = {.start_ip = (unw_word_t)image,
                                  .end_ip = (unw_word_t)image + IMAGE_SIZE,
                                  .format = UNW_INFO_FORMAT_REMOTE_TABLE};
    information.u.rti.segbase = (unw_word_t)image;
    information.u.rti.table_len = cfi.count * sizeof(cfi.table[0]) / sizeof(unw_word_t);
    information.u.rti.table_data = (unw_word_t)cfi.table;
    _U_dyn_register(&information);
    char *object = make_object(&object_cfi);
    sigaction(SIGTRAP, &action, NULL);
    for (unsigned i = 0; i < FUNCTIONS; i++) {
        run_function(starts[i], 0);
        run_function(starts[i], 1);
    }
    _U_dyn_cancel(&information);
    cfi_free(&cfi);
    cfi_object_close();
    free(object);
    cfi_free(&object_cfi);
    printf("%u steps\n", steps);
    EXPECT(steps > 10000);
    EXPECT_EQ(ours_wrong, 0);
    EXPECT_EQ(theirs_wrong, 0);
    EXPECT_EQ(object_wrong, 0);
}

UNIT_SUITE(cfi, {"unwinders agree at each instruction", agree});
