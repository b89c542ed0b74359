/*
 * symbols.c: winrun-symbols.so: Windows modules as gdb's JIT interface and perf's map files want them.
 *
 * gdb gets a small ELF object for each module, written with libelf: sections without bytes at the module's run-time
 * addresses, its functions as symbols (the program's own names, and "module!Export"), its unwind tables as .eh_frame
 * (cfi.c), and the DWARF sections of MinGW's compilers as they are, if the module lies where it was linked for.
 * perf gets one line for each function in /tmp/perf-PID.map.
 */
#include <elf.h>
#include <fcntl.h>
#include <gelf.h>
#include <libelf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include "debug/cfi.h"
#include "debug/coff.h"
#include "debug/elfobject.h"
#include "loader/announce.h"

#define EXPORT __attribute__((visibility("default")))

/* ---- gdb's interface: names and layout are fixed ---- */

struct jit_code_entry {
    struct jit_code_entry *next, *previous;
    const char *file;
    uint64_t size;
};

struct jit_descriptor {
    uint32_t version, action;
    struct jit_code_entry *relevant, *first;
};

enum { JIT_NOTHING, JIT_REGISTER, JIT_UNREGISTER };

EXPORT struct jit_descriptor __jit_debug_descriptor = {.version = 1};

/* gdb has a breakpoint here. */
EXPORT void __attribute__((noinline)) __jit_debug_register_code(void)
{
    __asm__ volatile("" ::: "memory");
}

/* ---- modules ---- */

struct known {
    struct known *next;
    const void *key;
    struct jit_code_entry entry;
    struct cfi cfi;
};

static struct known *known;
static bool for_gdb, for_perf;
static FILE *perf_map;

static void gdb_register(struct known *one)
{
    one->entry.next = __jit_debug_descriptor.first;
    if (one->entry.next)
        one->entry.next->previous = &one->entry;
    __jit_debug_descriptor.first = __jit_debug_descriptor.relevant = &one->entry;
    __jit_debug_descriptor.action = JIT_REGISTER;
    __jit_debug_register_code();
}

static void gdb_unregister(struct known *one)
{
    if (one->entry.previous)
        one->entry.previous->next = one->entry.next;
    else
        __jit_debug_descriptor.first = one->entry.next;
    if (one->entry.next)
        one->entry.next->previous = one->entry.previous;
    __jit_debug_descriptor.relevant = &one->entry;
    __jit_debug_descriptor.action = JIT_UNREGISTER;
    __jit_debug_register_code();
}

/* ---- names of functions ---- */

static int by_address(const void *a, const void *b)
{
    const struct named *x = a, *y = b;
    if (x->rva != y->rva)
        return x->rva < y->rva ? -1 : 1;
    return strcmp(x->name, y->name);
}

static void name_add(struct names *names, uint32_t rva, const char *format, const char *module, const char *text,
                     size_t length)
{
    if (names->count % 256 == 0) {
        struct named *more = realloc(names->list, (names->count + 256) * sizeof *more);
        if (!more)
            return;
        names->list = more;
    }
    struct named *one = &names->list[names->count];
    if ((module ? asprintf(&one->name, format, module, (int)length, text)
                : asprintf(&one->name, format, (int)length, text)) < 0)
        return;
    one->rva = rva;
    one->size = 0;
    names->count++;
}

/* A table of the image in memory; NULL: out of it. */
static const void *image_at(const struct announced *module, uint64_t rva, uint64_t size)
{
    return rva && rva <= module->size && size <= module->size - rva ? module->base + rva : NULL;
}

static void names_from_exports(struct names *names, const struct announced *module)
{
    const IMAGE_DOS_HEADER *dos = (const IMAGE_DOS_HEADER *)module->base;
    const IMAGE_NT_HEADERS64 *nt = (const IMAGE_NT_HEADERS64 *)(module->base + dos->e_lfanew);
    const IMAGE_DATA_DIRECTORY *directory = &nt->OptionalHeader.DataDirectory[IMAGE_DIRECTORY_ENTRY_EXPORT];
    const IMAGE_EXPORT_DIRECTORY *exports = image_at(module, directory->VirtualAddress, sizeof *exports);
    if (!exports)
        return;
    uint32_t count = exports->NumberOfNames, functions_count = exports->NumberOfFunctions;
    const uint32_t *texts = image_at(module, exports->AddressOfNames, count * 4ull);
    const uint16_t *ordinals = image_at(module, exports->AddressOfNameOrdinals, count * 2ull);
    const uint32_t *functions = image_at(module, exports->AddressOfFunctions, functions_count * 4ull);
    for (uint32_t i = 0; texts && ordinals && functions && i < count; i++) {
        uint32_t rva = ordinals[i] < functions_count ? functions[ordinals[i]] : 0;
        const char *text = image_at(module, texts[i], 1);
        if (!text || !rva || rva >= module->size || rva - directory->VirtualAddress < directory->Size)
            continue; /* forwarded */
        name_add(names, rva, "%s!%.*s", module->name, text, strnlen(text, module->size - texts[i]));
    }
}

static void names_from_coff(struct names *names, const struct coff *coff, const struct announced *module)
{
    struct coff_symbol symbol;
    for (uint32_t index = 0; coff_next(coff, &index, &symbol);)
        if (symbol.function && symbol.rva < module->size)
            name_add(names, symbol.rva, "%.*s", NULL, symbol.name, symbol.length);
}

static uint32_t section_end(const struct announced *module, uint32_t rva)
{
    const IMAGE_DOS_HEADER *dos = (const IMAGE_DOS_HEADER *)module->base;
    const IMAGE_NT_HEADERS64 *nt = (const IMAGE_NT_HEADERS64 *)(module->base + dos->e_lfanew);
    const IMAGE_SECTION_HEADER *section = IMAGE_FIRST_SECTION(nt);
    for (unsigned i = 0; i < nt->FileHeader.NumberOfSections; i++, section++)
        if (rva - section->VirtualAddress < section->Misc.VirtualSize)
            return section->VirtualAddress + section->Misc.VirtualSize;
    return rva + 1;
}

/* A function ends where the unwind table says, or where the next one begins. */
static void names_finish(struct names *names, const struct announced *module)
{
    const RUNTIME_FUNCTION *functions = module->functions;
    size_t at = 0;
    if (names->count)
        qsort(names->list, names->count, sizeof *names->list, by_address);
    for (size_t i = 0; i < names->count; i++) {
        struct named *one = &names->list[i];
        size_t next = i + 1;
        while (next < names->count && names->list[next].rva == one->rva)
            next++;
        while (at < module->function_count && functions[at].BeginAddress < one->rva)
            at++;
        uint32_t end = section_end(module, one->rva);
        if (next < names->count && names->list[next].rva < end)
            end = names->list[next].rva;
        if (at < module->function_count && functions[at].BeginAddress == one->rva && functions[at].EndAddress < end)
            end = functions[at].EndAddress;
        one->size = end - one->rva;
    }
}

static void names_free(struct names *names)
{
    for (size_t i = 0; i < names->count; i++)
        free(names->list[i].name);
    free(names->list);
}

/* ---- coming and going ---- */

static const void *file_map(const char *path, size_t *size)
{
    struct stat st;
    int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    void *map = fd >= 0 && !fstat(fd, &st) && st.st_size ? mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0)
                                                         : MAP_FAILED;
    if (fd >= 0)
        close(fd);
    if (map == MAP_FAILED)
        return NULL;
    *size = (size_t)st.st_size;
    return map;
}

static void add_for_gdb(const struct announced *module, const struct coff *coff, const struct names *names)
{
    struct known *one = calloc(1, sizeof *one);
    if (!one)
        return;
    one->key = module->key;
    if (module->function_count)
        cfi_make(&one->cfi, module->base, module->size, module->functions, module->function_count, true);
    size_t size = 0;
    one->entry.file = elf_object_make(module, coff, names, &one->cfi, &size);
    one->entry.size = size;
    if (!one->entry.file) {
        cfi_free(&one->cfi);
        free(one);
        return;
    }
    one->next = known;
    known = one;
    gdb_register(one);
}

static void add_for_perf(const struct announced *module, const struct names *names)
{
    for (size_t i = 0; perf_map && i < names->count; i++) {
        const struct named *one = &names->list[i];
        bool again = i && names->list[i - 1].rva == one->rva;
        bool prefixed = strchr(one->name, '!');
        if (!again)
            fprintf(perf_map, "%llx %x %s%s%s\n", (unsigned long long)module->base + one->rva, one->size,
                    prefixed ? "" : module->name, prefixed ? "" : "!", one->name);
    }
    if (perf_map)
        fflush(perf_map);
}

static void add(const struct announced *module)
{
    struct names names = {0};
    struct coff coff = {0};
    size_t size = 0;
    const void *file = file_map(module->path, &size);
    bool readable = file && coff_open(&coff, file, size);
    names_from_exports(&names, module);
    if (readable)
        names_from_coff(&names, &coff, module);
    names_finish(&names, module);
    if (for_gdb)
        add_for_gdb(module, readable ? &coff : NULL, &names);
    if (for_perf)
        add_for_perf(module, &names);
    names_free(&names);
    if (file)
        munmap((void *)file, size);
}

static void forget(const void *key)
{
    for (struct known **link = &known, *one; (one = *link); link = &one->next) {
        if (one->key != key)
            continue;
        *link = one->next;
        gdb_unregister(one);
        free((void *)one->entry.file);
        cfi_free(&one->cfi);
        free(one);
        return;
    }
}

/* Nobody else's file is written to: /tmp is everybody's. */
static void perf_open(void)
{
    char path[64];
    snprintf(path, sizeof path, "/tmp/perf-%d.map", (int)getpid());
    unlink(path);
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
    perf_map = fd < 0 ? NULL : fdopen(fd, "w");
}

static void start(bool gdb, bool perf)
{
    for_gdb |= gdb;
    if (perf && !for_perf)
        perf_open();
    for_perf |= perf;
}

EXPORT const struct symbols_plugin winrun_symbols_plugin = {start, add, forget};
