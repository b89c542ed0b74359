/*
 * bind_elf.c: reads a library's dynamic symbols with libelf.
 *
 * The file is the host's, but nothing in it is believed: libelf checks sections against the file, and what it hands out
 * is checked here against its size.
 */
#include "bind_elf.h"
#include <gelf.h>
#include <stdio.h>
#include <string.h>

#define VERSION_HIDDEN 0x8000
#define VERSION_GLOBAL 1

static bool fail(char *error, size_t size, const char *text)
{
    snprintf(error, size, "%s", text);
    return false;
}

static void read_dynamic(struct elf_library *library, Elf_Data *data, size_t strings)
{
    GElf_Dyn entry;
    for (int i = 0; data && gelf_getdyn(data, i, &entry) && entry.d_tag != DT_NULL; i++)
        if (entry.d_tag == DT_SONAME)
            library->soname = elf_strptr(library->elf, strings, entry.d_un.d_val);
}

bool elf_library_read(Elf *elf, struct elf_library *library, char *error, size_t size)
{
    GElf_Ehdr header;
    GElf_Shdr section;
    *library = (struct elf_library){.elf = elf};
    if (elf_kind(elf) != ELF_K_ELF || !gelf_getehdr(elf, &header))
        return fail(error, size, "is not an ELF file");
    if (header.e_machine != EM_X86_64 || gelf_getclass(elf) != ELFCLASS64)
        return fail(error, size, "is not for this machine (x86-64)");
    if (header.e_type != ET_DYN)
        return fail(error, size, "is not a shared library");
    for (Elf_Scn *at = NULL; (at = elf_nextscn(elf, at)) && gelf_getshdr(at, &section);) {
        if (section.sh_type == SHT_DYNSYM && section.sh_entsize == sizeof(Elf64_Sym)) {
            library->symbols = elf_getdata(at, NULL);
            library->symbol_count = library->symbols ? library->symbols->d_size / sizeof(Elf64_Sym) : 0;
            library->strings = section.sh_link;
        } else if (section.sh_type == SHT_GNU_versym) {
            library->versions = elf_getdata(at, NULL);
        } else if (section.sh_type == SHT_GNU_verdef) {
            library->definitions = elf_getdata(at, NULL);
            library->definition_count = section.sh_info;
        } else if (section.sh_type == SHT_DYNAMIC) {
            read_dynamic(library, elf_getdata(at, NULL), section.sh_link);
        }
    }
    return library->symbols || fail(error, size, "has no table of symbols");
}

/* The name of version number `index`, or NULL. */
static const char *version_name(const struct elf_library *library, unsigned index)
{
    GElf_Verdef definition;
    GElf_Verdaux name;
    int offset = 0;
    for (size_t i = 0; library->definitions && i < library->definition_count; i++) {
        if (!gelf_getverdef(library->definitions, offset, &definition))
            return NULL;
        if (definition.vd_ndx == index)
            return gelf_getverdaux(library->definitions, offset + (int)definition.vd_aux, &name)
                       ? elf_strptr(library->elf, library->strings, name.vda_name)
                       : NULL;
        if (!definition.vd_next || definition.vd_next > INT32_MAX / 2 || offset > INT32_MAX / 2)
            return NULL;
        offset += (int)definition.vd_next;
    }
    return NULL;
}

/* Does this entry of the symbol's stand for the wanted version?  *found: the version that it has. */
static bool version_fits(const struct elf_library *library, size_t index, const char *wanted, const char **found)
{
    GElf_Versym number = VERSION_GLOBAL;
    if (library->versions)
        gelf_getversym(library->versions, (int)index, &number);
    const char *name =
        (number & ~VERSION_HIDDEN) > VERSION_GLOBAL ? version_name(library, number & ~(unsigned)VERSION_HIDDEN) : NULL;
    *found = name ? name : *found;
    return wanted ? name && !strcmp(name, wanted) : !(number & VERSION_HIDDEN);
}

bool elf_library_has(const struct elf_library *library, const char *symbol, const char *version, char *error,
                     size_t size)
{
    const char *found = NULL;
    bool named = false;
    GElf_Sym entry;
    for (size_t i = 1; i < library->symbol_count && gelf_getsym(library->symbols, (int)i, &entry); i++) {
        const char *name = elf_strptr(library->elf, library->strings, entry.st_name);
        if (!name || strcmp(name, symbol) || entry.st_shndx == SHN_UNDEF || GELF_ST_BIND(entry.st_info) == STB_LOCAL)
            continue;
        named = true;
        if (!version_fits(library, i, version, &found))
            continue;
        unsigned type = GELF_ST_TYPE(entry.st_info);
        if (type == STT_FUNC || type == STT_GNU_IFUNC)
            return true;
        return fail(error, size, "is not a function there");
    }
    if (!named)
        return fail(error, size, "is not there");
    snprintf(error, size, version ? "is not there in version %s (but in %s)" : "is there in old versions only (%s%s)",
             version ? version
             : found ? found
                     : "?",
             version ? (found ? found : "none") : "");
    return false;
}
