/*
 * elfobject.c: writes the ELF object of a Windows module with libelf (elfobject.h).
 *
 * The sections of the module have no bytes here, only their run-time addresses; symbols have those, too.
 */
#include <fcntl.h>
#include <gelf.h>
#include <libelf.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include "debug/elfobject.h"

/* A table of strings that grows. */
struct strings {
    char *text;
    size_t size, room;
};

static uint32_t string_add(struct strings *strings, const char *text)
{
    size_t length = strlen(text) + 1, at = strings->size;
    if (at + length > strings->room) {
        size_t room = (at + length) * 2 + 256;
        char *more = realloc(strings->text, room);
        if (!more)
            return 0;
        strings->text = more;
        strings->room = room;
    }
    memcpy(strings->text + at, text, length);
    strings->size += length;
    return (uint32_t)at;
}

/* What is being written. */
struct writing {
    Elf *elf;
    struct strings section_names, symbol_names;
    const struct announced *module;
    const IMAGE_SECTION_HEADER *sections; /* the module's, in memory */
    unsigned section_count;
    bool failed;
};

static Elf_Scn *section_new(struct writing *w, const char *name, GElf_Shdr *header, void *bytes, size_t size,
                            Elf_Type type)
{
    Elf_Scn *section = elf_newscn(w->elf);
    Elf_Data *data = section ? elf_newdata(section) : NULL;
    GElf_Shdr made;
    if (!data || !gelf_getshdr(section, &made)) {
        w->failed = true;
        return NULL;
    }
    header->sh_name = string_add(&w->section_names, name);
    if (!header->sh_addralign)
        header->sh_addralign = 1;
    data->d_buf = bytes;
    data->d_size = size;
    data->d_type = type;
    data->d_align = header->sh_addralign;
    data->d_version = EV_CURRENT;
    if (!gelf_update_shdr(section, header))
        w->failed = true;
    return section;
}

/* The module's own sections; their numbers are those of the image's table, from 1. */
static void add_image_sections(struct writing *w)
{
    for (unsigned i = 0; i < w->section_count; i++) {
        const IMAGE_SECTION_HEADER *section = &w->sections[i];
        char name[IMAGE_SIZEOF_SHORT_NAME + 1] = "";
        bool debug = section->Name[0] == '/'; /* kept for the numbering, without an address */
        GElf_Shdr header = {.sh_type = SHT_NOBITS,
                            .sh_flags = debug ? 0 : SHF_ALLOC,
                            .sh_addr = debug ? 0 : (uint64_t)w->module->base + section->VirtualAddress};
        memcpy(name, section->Name, IMAGE_SIZEOF_SHORT_NAME);
        if (section->Characteristics & IMAGE_SCN_MEM_EXECUTE)
            header.sh_flags |= SHF_EXECINSTR;
        if (section->Characteristics & IMAGE_SCN_MEM_WRITE)
            header.sh_flags |= SHF_WRITE;
        section_new(w, debug ? ".unused" : name, &header, NULL, debug ? 0 : section->Misc.VirtualSize, ELF_T_BYTE);
    }
}

/* DWARF as it is in the file. */
static void add_dwarf(struct writing *w, const struct coff *coff)
{
    for (unsigned i = 0; i < coff->section_count; i++) {
        char name[64];
        size_t size;
        coff_section_name(coff, i, name, sizeof name);
        const void *data = coff_section_data(coff, i, &size);
        GElf_Shdr header = {.sh_type = SHT_PROGBITS};
        bool dwarf = !strncmp(name, ".debug_", 7) || !strncmp(name, ".zdebug_", 8);
        if (data && dwarf && strcmp(name, ".debug_frame"))
            section_new(w, name, &header, (void *)data, size, ELF_T_BYTE);
    }
}

static uint16_t section_of(const struct writing *w, uint32_t rva)
{
    for (unsigned i = 0; i < w->section_count; i++)
        if (rva - w->sections[i].VirtualAddress < w->sections[i].Misc.VirtualSize)
            return (uint16_t)(i + 1);
    return SHN_ABS;
}

static Elf64_Sym *add_symbols(struct writing *w, const struct names *names)
{
    Elf64_Sym *symbols = calloc(names->count + 1, sizeof *symbols);
    if (!symbols) {
        w->failed = true;
        return NULL;
    }
    string_add(&w->symbol_names, "");
    for (size_t i = 0; i < names->count; i++)
        symbols[i + 1] = (Elf64_Sym){.st_name = string_add(&w->symbol_names, names->list[i].name),
                                     .st_info = ELF64_ST_INFO(STB_GLOBAL, STT_FUNC),
                                     .st_shndx = section_of(w, names->list[i].rva),
                                     .st_value = (uint64_t)w->module->base + names->list[i].rva,
                                     .st_size = names->list[i].size};
    GElf_Shdr header = {.sh_type = SHT_STRTAB};
    Elf_Scn *strings = section_new(w, ".strtab", &header, w->symbol_names.text, w->symbol_names.size, ELF_T_BYTE);
    header = (GElf_Shdr){.sh_type = SHT_SYMTAB,
                         .sh_link = strings ? (uint32_t)elf_ndxscn(strings) : 0,
                         .sh_info = 1,
                         .sh_entsize = sizeof *symbols,
                         .sh_addralign = 8};
    section_new(w, ".symtab", &header, symbols, (names->count + 1) * sizeof *symbols, ELF_T_SYM);
    return symbols;
}

static void add_header(struct writing *w)
{
    GElf_Ehdr header;
    if (!gelf_newehdr(w->elf, ELFCLASS64) || !gelf_getehdr(w->elf, &header)) {
        w->failed = true;
        return;
    }
    header.e_ident[EI_DATA] = ELFDATA2LSB;
    header.e_type = ET_EXEC;
    header.e_machine = EM_X86_64;
    header.e_version = EV_CURRENT;
    if (!gelf_update_ehdr(w->elf, &header))
        w->failed = true;
    string_add(&w->section_names, "");
}

/* The last section: only now all names are there. */
static void add_section_names(struct writing *w)
{
    uint32_t own = string_add(&w->section_names, ".shstrtab");
    GElf_Shdr header = {.sh_type = SHT_STRTAB};
    GElf_Ehdr elf_header;
    Elf_Scn *section = section_new(w, ".shstrtab", &header, w->section_names.text, w->section_names.size, ELF_T_BYTE);
    if (!section || !gelf_getehdr(w->elf, &elf_header))
        return;
    /* Naming the section has appended its name once more, and may have moved the text. */
    Elf_Data *data = elf_getdata(section, NULL);
    data->d_buf = w->section_names.text;
    data->d_size = w->section_names.size;
    header.sh_name = own;
    gelf_update_shdr(section, &header);
    elf_header.e_shstrndx = (uint16_t)elf_ndxscn(section);
    gelf_update_ehdr(w->elf, &elf_header);
}

static char *read_back(int fd, size_t *size)
{
    struct stat st;
    if (fstat(fd, &st))
        return NULL;
    char *bytes = malloc((size_t)st.st_size + 1);
    if (bytes && pread(fd, bytes, (size_t)st.st_size, 0) != st.st_size) {
        free(bytes);
        return NULL;
    }
    *size = (size_t)st.st_size;
    return bytes;
}

char *elf_object_make(const struct announced *module, const struct coff *coff, const struct names *names,
                      const struct cfi *cfi, size_t *size)
{
    const IMAGE_DOS_HEADER *dos = (const IMAGE_DOS_HEADER *)module->base;
    const IMAGE_NT_HEADERS64 *nt = (const IMAGE_NT_HEADERS64 *)(module->base + dos->e_lfanew);
    struct writing w = {
        .module = module, .sections = IMAGE_FIRST_SECTION(nt), .section_count = nt->FileHeader.NumberOfSections};
    int fd = memfd_create("winrun-symbols", MFD_CLOEXEC);
    char *result = NULL;
    elf_version(EV_CURRENT);
    w.elf = fd < 0 ? NULL : elf_begin(fd, ELF_C_WRITE, NULL);
    if (w.elf) {
        add_header(&w);
        add_image_sections(&w);
        if (cfi->size) {
            GElf_Shdr header = {
                .sh_type = SHT_PROGBITS, .sh_flags = SHF_ALLOC, .sh_addr = (uint64_t)cfi->section, .sh_addralign = 8};
            section_new(&w, ".eh_frame", &header, cfi->section, cfi->size, ELF_T_BYTE);
        }
        if (coff && coff->image_base == (uint64_t)module->base) /* else its addresses are wrong */
            add_dwarf(&w, coff);
        Elf64_Sym *symbols = add_symbols(&w, names);
        add_section_names(&w);
        if (!w.failed && elf_update(w.elf, ELF_C_WRITE) > 0)
            result = read_back(fd, size);
        elf_end(w.elf);
        free(symbols);
    }
    free(w.section_names.text);
    free(w.symbol_names.text);
    if (fd >= 0)
        close(fd);
    return result;
}

char *elf_dwarf_make(const struct coff *coff, size_t *size)
{
    struct writing w = {0};
    int fd = memfd_create("winrun-dwarf", MFD_CLOEXEC);
    char *result = NULL;

    elf_version(EV_CURRENT);
    w.elf = fd < 0 ? NULL : elf_begin(fd, ELF_C_WRITE, NULL);
    if (w.elf) {
        add_header(&w);
        add_dwarf(&w, coff);
        if (w.section_names.size > 1) {
            add_section_names(&w);
            if (!w.failed && elf_update(w.elf, ELF_C_WRITE) > 0)
                result = read_back(fd, size);
        }
        elf_end(w.elf);
    }
    free(w.section_names.text);
    if (fd >= 0)
        close(fd);
    return result;
}
