/*
 * plugin.c: winrun-debug.so: steps host frames by their DWARF call frame information, names host addresses, and finds
 * source lines (lines.h).
 *
 * Loaded by ntdll/stackwalk.c.  libdw does all of it, because it alone reports where an ms_abi function saved
 * xmm6-xmm15 (DWARF registers 23-32), which Windows code expects to find again; .eh_frame is enough, so it also
 * works in a stripped libc and in the vdso.
 */
#include <dlfcn.h>
#include <dwarf.h>
#include <elfutils/libdw.h>
#include <fcntl.h>
#include <gelf.h>
#include <link.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "debug/lines.h"

#define EXPORT __attribute__((visibility("default")))

/* An ELF file that frames were found in. */
struct object {
    const struct link_map *map;
    Elf *elf;
    Dwarf_CFI *cfi;
    ULONG64 bias; /* run-time address minus address in the file */
};

static struct object objects[32];
static unsigned object_count;
static char lock;

static void plugin_lock(void)
{
    while (__atomic_test_and_set(&lock, __ATOMIC_ACQUIRE))
        usleep(100);
}

static void plugin_unlock(void)
{
    __atomic_clear(&lock, __ATOMIC_RELEASE);
}

/* The vdso has no file; its image in memory is complete. */
static Elf *open_elf(const struct dl_find_object *found)
{
    const char *name = found->dlfo_link_map->l_name;

    elf_version(EV_CURRENT);
    if (name[0] && name[0] != '/')
        return elf_memory(found->dlfo_map_start, (char *)found->dlfo_map_end - (char *)found->dlfo_map_start);
    int fd = open(name[0] ? name : "/proc/self/exe", O_RDONLY | O_CLOEXEC);
    return fd < 0 ? NULL : elf_begin(fd, ELF_C_READ_MMAP, NULL);
}

static struct object *object_find(ULONG64 pc)
{
    struct dl_find_object found;

    if (_dl_find_object((void *)pc, &found) != 0)
        return NULL;
    for (unsigned i = 0; i < object_count; i++)
        if (objects[i].map == found.dlfo_link_map)
            return objects[i].cfi ? &objects[i] : NULL;
    if (object_count == sizeof(objects) / sizeof(objects[0]))
        return NULL;
    struct object *object = &objects[object_count++];
    object->map = found.dlfo_link_map;
    object->bias = found.dlfo_link_map->l_addr;
    object->elf = open_elf(&found);
    if (object->elf)
        object->cfi = dwarf_getcfi_elf(object->elf);
    return object->cfi ? object : NULL;
}

/* DWARF's numbers of the general registers, in CONTEXT's order reversed: rax rdx rcx rbx rsi rdi rbp rsp r8-r15 rip. */
static ULONG64 *general_register(CONTEXT *context, unsigned number)
{
    static const uint8_t order[] = {0, 2, 1, 3, 6, 7, 5, 4};

    if (number < 8)
        return &context->Rax + order[number];
    return &context->R8 + (number - 8);
}

struct evaluation {
    CONTEXT *context; /* registers of the frame */
    ULONG64 cfa;
    ULONG64 stack[16];
    unsigned depth;
    bool failed;
};

static void push(struct evaluation *e, ULONG64 value)
{
    if (e->depth == sizeof(e->stack) / sizeof(e->stack[0]))
        e->failed = true;
    else
        e->stack[e->depth++] = value;
}

static ULONG64 pop(struct evaluation *e)
{
    if (e->depth)
        return e->stack[--e->depth];
    e->failed = true;
    return 0;
}

static void binary(struct evaluation *e, unsigned atom)
{
    ULONG64 b = pop(e), a = pop(e);

    switch (atom) {
    case DW_OP_plus:
        push(e, a + b);
        break;
    case DW_OP_minus:
        push(e, a - b);
        break;
    case DW_OP_and:
        push(e, a & b);
        break;
    case DW_OP_or:
        push(e, a | b);
        break;
    case DW_OP_mul:
        push(e, a * b);
        break;
    case DW_OP_shl:
        push(e, b < 64 ? a << b : 0);
        break;
    case DW_OP_shr:
        push(e, b < 64 ? a >> b : 0);
        break;
    case DW_OP_ge:
        push(e, (LONG64)a >= (LONG64)b);
        break;
    case DW_OP_gt:
        push(e, (LONG64)a > (LONG64)b);
        break;
    case DW_OP_le:
        push(e, (LONG64)a <= (LONG64)b);
        break;
    case DW_OP_lt:
        push(e, (LONG64)a < (LONG64)b);
        break;
    case DW_OP_eq:
        push(e, a == b);
        break;
    case DW_OP_ne:
        push(e, a != b);
        break;
    default:
        e->failed = true;
    }
}

/* One operation; those that call frame information uses (the PLT's rule has arithmetic). */
static void operate(struct evaluation *e, const Dwarf_Op *op)
{
    unsigned atom = op->atom;

    if (atom >= DW_OP_breg0 && atom <= DW_OP_breg16)
        push(e, *general_register(e->context, atom - DW_OP_breg0) + op->number);
    else if (atom >= DW_OP_lit0 && atom <= DW_OP_lit31)
        push(e, atom - DW_OP_lit0);
    else if (atom == DW_OP_bregx && op->number <= 16)
        push(e, *general_register(e->context, op->number) + op->number2);
    else if (atom == DW_OP_call_frame_cfa)
        push(e, e->cfa);
    else if (atom == DW_OP_plus_uconst)
        push(e, pop(e) + op->number);
    else if (atom == DW_OP_deref)
        push(e, *(const ULONG64 *)pop(e));
    else if (atom >= DW_OP_const1u && atom <= DW_OP_consts)
        push(e, op->number);
    else
        binary(e, atom);
}

/* Runs an expression.  False: it has an operation that frames do not use.  *value: it is the value, not its address. */
static bool run(struct evaluation *e, const Dwarf_Op *ops, size_t count, ULONG64 *result, bool *value)
{
    e->depth = 0;
    e->failed = false;
    *value = false;
    for (size_t i = 0; i < count && !e->failed; i++)
        if (ops[i].atom == DW_OP_stack_value)
            *value = true;
        else
            operate(e, &ops[i]);
    *result = pop(e);
    return !e->failed;
}

/* Applies the rule for one DWARF register.  False: undefined (the return address: the outermost frame). */
static bool step_register(Dwarf_Frame *frame, struct evaluation *e, unsigned number, void *result, size_t size)
{
    Dwarf_Op memory[3], *ops;
    size_t count;

    if (dwarf_frame_register(frame, number, memory, &ops, &count) != 0)
        return false;
    if (!count)
        return ops != memory; /* NULL: the same value as in this frame; else undefined */
    if (count == 1 && ops[0].atom >= DW_OP_reg0 && ops[0].atom <= DW_OP_reg16) {
        memcpy(result, general_register(e->context, ops[0].atom - DW_OP_reg0), 8);
        return true;
    }
    ULONG64 top;
    bool value;
    if (!run(e, ops, count, &top, &value))
        return false;
    memcpy(result, value ? &top : (const void *)top, value ? sizeof(top) : size);
    return true;
}

static bool step_frame(Dwarf_Frame *frame, CONTEXT *context)
{
    CONTEXT old = *context;
    struct evaluation e = {.context = &old};
    Dwarf_Op *ops;
    size_t count;
    bool value;

    if (dwarf_frame_cfa(frame, &ops, &count) != 0 || !run(&e, ops, count, &e.cfa, &value))
        return false;
    for (unsigned i = 0; i < 16; i++)
        step_register(frame, &e, i, general_register(context, i), 8);
    for (unsigned i = 6; i < 16; i++)
        step_register(frame, &e, 17 + i, &context->FltSave.XmmRegisters[i], sizeof(M128A));
    context->Rsp = e.cfa;
    return step_register(frame, &e, 16, &context->Rip, 8) && context->Rip != old.Rip;
}

/*
 * Frames of one place are mostly of one simple form: the CFA is a register and an offset, and what is saved lies at
 * fixed places under it.  Such rules are kept, by the frame's address: an exception that passes a frame of qsort or of
 * a callback's thunk does not ask libdw again.
 */
struct rules {
    ULONG64 pc; /* 0: unused */
    int32_t cfa_offset;
    uint8_t cfa_register, count;
    bool outermost; /* the return address is undefined */
    struct {
        int16_t number, offset; /* DWARF register, place relative to the CFA */
    } saved[28];
};

static struct rules cache[256];

static struct rules *cache_slot(ULONG64 pc)
{
    return &cache[(pc ^ pc >> 8) % (sizeof(cache) / sizeof(cache[0]))];
}

/* Notes the rule of one register.  False: it is not of the simple form. */
static bool rules_add(struct rules *rules, Dwarf_Frame *frame, int number)
{
    Dwarf_Op memory[3], *ops;
    size_t count;

    if (dwarf_frame_register(frame, number, memory, &ops, &count) != 0)
        return false;
    if (!count) {
        rules->outermost |= number == 16 && ops == memory;
        return true;
    }
    if (ops[0].atom != DW_OP_call_frame_cfa || count > 2 || (count == 2 && ops[1].atom != DW_OP_plus_uconst))
        return false;
    LONG64 offset = count == 2 ? (LONG64)ops[1].number : 0;
    if (offset != (int16_t)offset || rules->count == sizeof(rules->saved) / sizeof(rules->saved[0]))
        return false;
    rules->saved[rules->count].number = (int16_t)number;
    rules->saved[rules->count++].offset = (int16_t)offset;
    return true;
}

static bool rules_make(struct rules *rules, Dwarf_Frame *frame)
{
    Dwarf_Op *ops;
    size_t count;

    *rules = (struct rules){0};
    if (dwarf_frame_cfa(frame, &ops, &count) != 0 || count != 1 ||
        !(ops[0].atom == DW_OP_bregx || (ops[0].atom >= DW_OP_breg0 && ops[0].atom <= DW_OP_breg16)))
        return false;
    bool extended = ops[0].atom == DW_OP_bregx;
    rules->cfa_register = (uint8_t)(extended ? ops[0].number : (Dwarf_Word)(ops[0].atom - DW_OP_breg0));
    rules->cfa_offset = (int32_t)(extended ? ops[0].number2 : ops[0].number);
    for (int i = 0; i <= 32; i++)
        if (i != 7 && !(i > 16 && i < 23) && !rules_add(rules, frame, i))
            return false;
    return rules->cfa_register <= 16;
}

static bool rules_step(const struct rules *rules, CONTEXT *context)
{
    ULONG64 cfa = *general_register(context, rules->cfa_register) + rules->cfa_offset, pc = context->Rip;

    for (unsigned i = 0; i < rules->count; i++) {
        const void *place = (const void *)(cfa + rules->saved[i].offset);
        int number = rules->saved[i].number;
        if (number > 16)
            memcpy(&context->FltSave.XmmRegisters[number - 17], place, sizeof(M128A));
        else
            memcpy(general_register(context, number), place, sizeof(ULONG64));
    }
    context->Rsp = cfa;
    return !rules->outermost && context->Rip != pc;
}

/* True if a call instruction ends at `pc`: then pc is a return address, and the rules are those of the call. */
static bool after_call(const uint8_t *pc)
{
    if (pc[-5] == 0xe8)
        return true;
    for (int size = 2; size <= 7; size++)
        if (pc[-size] == 0xff && (pc[1 - size] & 0x38) == 0x10)
            return true;
    return false;
}

static bool plugin_step(CONTEXT *context)
{
    Dwarf_Frame *frame = NULL;
    ULONG64 pc = context->Rip - after_call((const uint8_t *)context->Rip);
    bool stepped = false;

    plugin_lock();
    struct rules *rules = cache_slot(pc);
    struct object *object = rules->pc == pc ? NULL : object_find(pc);
    if (object && dwarf_cfi_addrframe(object->cfi, pc - object->bias, &frame) == 0) {
        if (rules_make(rules, frame))
            rules->pc = pc;
        else
            stepped = step_frame(frame, context);
        free(frame);
    }
    if (rules->pc == pc)
        stepped = rules_step(rules, context);
    plugin_unlock();
    return stepped;
}

/* The section of the object's symbols, with their names: .symtab has also those that are not exported. */
static Elf_Scn *symbol_section(Elf *elf, GElf_Shdr *header)
{
    Elf_Scn *section = NULL, *exported = NULL;

    while ((section = elf_nextscn(elf, section))) {
        if (!gelf_getshdr(section, header))
            continue;
        if (header->sh_type == SHT_SYMTAB)
            return section;
        if (header->sh_type == SHT_DYNSYM)
            exported = section;
    }
    return exported && gelf_getshdr(exported, header) ? exported : NULL;
}

/* The function that holds `address`, an address in the file; NULL: none is known. */
static const char *function_name(Elf *elf, ULONG64 address, ULONG64 *start)
{
    GElf_Shdr header;
    GElf_Sym symbol;
    Elf_Scn *section = symbol_section(elf, &header);
    Elf_Data *data = section ? elf_getdata(section, NULL) : NULL;

    for (int i = 0; data && gelf_getsym(data, i, &symbol); i++)
        if (GELF_ST_TYPE(symbol.st_info) == STT_FUNC && symbol.st_shndx != SHN_UNDEF && address >= symbol.st_value &&
            address - symbol.st_value < symbol.st_size) {
            *start = symbol.st_value;
            return elf_strptr(elf, header.sh_link, symbol.st_name);
        }
    return NULL;
}

static bool plugin_describe(ULONG64 address, char *text, size_t size)
{
    Dl_info info;
    ULONG64 start;

    if (!dladdr((void *)address, &info) || !info.dli_fname)
        return false;
    const char *file = strrchr(info.dli_fname, '/');
    file = file ? file + 1 : info.dli_fname;
    plugin_lock();
    const struct object *object = object_find(address);
    const char *name = object ? function_name(object->elf, address - object->bias, &start) : NULL;
    plugin_unlock();
    if (name)
        snprintf(text, size, "%s!%s+%#llx", file, name, address - object->bias - start);
    else
        snprintf(text, size, "%s+%#llx", file, address - (ULONG64)info.dli_fbase);
    return true;
}

/* ---- source lines: libdw is not made for several threads ---- */

static struct source_lines *plugin_lines_open(const void *image_file, size_t size)
{
    plugin_lock();
    struct source_lines *lines = lines_open(image_file, size);
    plugin_unlock();
    return lines;
}

static void plugin_lines_close(struct source_lines *lines)
{
    plugin_lock();
    lines_close(lines);
    plugin_unlock();
}

static bool plugin_line_at(struct source_lines *lines, ULONG64 address, struct source_line *line)
{
    plugin_lock();
    bool found = lines_at(lines, address, line);
    plugin_unlock();
    return found;
}

static bool plugin_line_named(struct source_lines *lines, const char *file, unsigned number, struct source_line *line)
{
    plugin_lock();
    bool found = lines_named(lines, file, number, line);
    plugin_unlock();
    return found;
}

static bool plugin_line_step(struct source_lines *lines, bool forward, struct source_line *line)
{
    plugin_lock();
    bool found = lines_step(lines, forward, line);
    plugin_unlock();
    return found;
}

EXPORT const struct debug_plugin winrun_debug_plugin = {
    plugin_step,    plugin_describe,   plugin_lines_open, plugin_lines_close,
    plugin_line_at, plugin_line_named, plugin_line_step,
};
