/*
 * badpe.c: writes a corpus of damaged programs, each made from the good one (make_pe.h) by one change.
 *
 *   badpe DIRECTORY
 *
 * Names tell what is expected: bad-* must be refused, odd-* may also be run if Windows would run them,
 * good* must run.
 */
#include "make_pe.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *directory;
static unsigned written;
static struct good_pe pe;

static void write_file(const char *name, size_t size)
{
    char path[512];

    snprintf(path, sizeof path, "%s/%s.exe", directory, name);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (fd < 0 || write(fd, pe.file, size) != (ssize_t)size || close(fd) < 0) {
        perror(path);
        exit(EXIT_FAILURE);
    }
    written++;
}

/* Cut one byte before, at and after the end of each structure. */
static void write_truncations(void)
{
    static const unsigned ends[] = {
        2,
        sizeof(IMAGE_DOS_HEADER),
        GOOD_PE_NT,
        GOOD_PE_NT + 4,
        GOOD_PE_NT + 24,
        GOOD_PE_NT + 24 + 112,
        GOOD_PE_NT + sizeof(IMAGE_NT_HEADERS64),
        0x1b0,
        0x250,
        TEXT_RAW,
        RDATA_RAW,
        DATA_RAW,
        RSRC_RAW,
        RELOC_RAW,
    };
    char name[64];

    make_good_pe(&pe);
    for (unsigned i = 0; i < sizeof ends / sizeof *ends; i++)
        for (int off = -1; off <= 1; off++) {
            snprintf(name, sizeof name, "bad-truncated-at-%04x", ends[i] + off);
            write_file(name, ends[i] + off);
        }
    write_file("bad-empty", 0);
    write_file("bad-truncated-at-end", GOOD_PE_SIZE - 1);
}

struct field {
    const char *name;
    unsigned offset, size;
};

#define FILE_FIELD(field)                                                                                              \
    {                                                                                                                  \
#field, offsetof(IMAGE_NT_HEADERS64, FileHeader.field), sizeof((IMAGE_NT_HEADERS64 *)0)->FileHeader.field      \
    }
#define OPTIONAL_FIELD(field)                                                                                          \
    {                                                                                                                  \
#field, offsetof(IMAGE_NT_HEADERS64, OptionalHeader.field),                                                    \
            sizeof((IMAGE_NT_HEADERS64 *)0)->OptionalHeader.field                                                      \
    }

static const struct field nt_fields[] = {
    FILE_FIELD(Machine),
    FILE_FIELD(NumberOfSections),
    FILE_FIELD(SizeOfOptionalHeader),
    FILE_FIELD(Characteristics),
    OPTIONAL_FIELD(Magic),
    OPTIONAL_FIELD(AddressOfEntryPoint),
    OPTIONAL_FIELD(ImageBase),
    OPTIONAL_FIELD(SectionAlignment),
    OPTIONAL_FIELD(FileAlignment),
    OPTIONAL_FIELD(SizeOfImage),
    OPTIONAL_FIELD(SizeOfHeaders),
    OPTIONAL_FIELD(Subsystem),
    OPTIONAL_FIELD(DllCharacteristics),
    OPTIONAL_FIELD(SizeOfStackReserve),
    OPTIONAL_FIELD(SizeOfStackCommit),
    OPTIONAL_FIELD(SizeOfHeapReserve),
    OPTIONAL_FIELD(SizeOfHeapCommit),
    OPTIONAL_FIELD(LoaderFlags),
    OPTIONAL_FIELD(NumberOfRvaAndSizes),
};

#define SECTION_FIELD(name, field)                                                                                     \
    {                                                                                                                  \
        name, offsetof(IMAGE_SECTION_HEADER, field), sizeof((IMAGE_SECTION_HEADER *)0)->field                          \
    }

static const struct field section_fields[] = {
    SECTION_FIELD("VirtualSize", Misc.VirtualSize),
    SECTION_FIELD("VirtualAddress", VirtualAddress),
    SECTION_FIELD("SizeOfRawData", SizeOfRawData),
    SECTION_FIELD("PointerToRawData", PointerToRawData),
};

static const uint64_t extremes[] = {0, 1, 0x7f, 0xfff, 0x1001, 0x10001, 0x7fffffff, 0x80000000, 0xfffff000, UINT64_MAX};

/* Every field with every extreme value that fits it. */
static void write_extremes(const char *where, const struct field *fields, unsigned count, unsigned offset)
{
    char name[128];

    for (unsigned f = 0; f < count; f++)
        for (unsigned i = 0; i < sizeof extremes / sizeof *extremes; i++) {
            uint64_t value = extremes[i];
            if (value != UINT64_MAX && fields[f].size < 8 && value >> (fields[f].size * 8))
                continue;
            make_good_pe(&pe);
            memcpy(pe.file + offset + fields[f].offset, &value, fields[f].size);
            snprintf(name, sizeof name, "odd-%s%s-%llx", where, fields[f].name, (unsigned long long)value);
            write_file(name, GOOD_PE_SIZE);
        }
}

static void write_section_damage(void)
{
    char where[32];

    for (unsigned s = 0; s < 5; s++) {
        make_good_pe(&pe);
        snprintf(where, sizeof where, "section%u-", s + 1);
        /* Code from elsewhere in the file is a program's own crash: of .text only the place in memory is damaged. */
        write_extremes(where, section_fields, s == 0 ? 2 : sizeof section_fields / sizeof *section_fields,
                       (uint8_t *)(pe.sections + s) - pe.file);
    }
    make_good_pe(&pe);
    pe.sections[1].VirtualAddress = TEXT_RVA;
    write_file("bad-sections-overlap", GOOD_PE_SIZE);
    make_good_pe(&pe);
    pe.sections[0].Misc.VirtualSize = 0x1001;
    write_file("bad-section-overlaps-next", GOOD_PE_SIZE);
    make_good_pe(&pe);
    pe.sections[4].Misc.VirtualSize = 0xffffa000;
    write_file("bad-section-wraps", GOOD_PE_SIZE);
    make_good_pe(&pe);
    pe.sections[4].VirtualAddress = 0xfffff000;
    write_file("bad-section-at-top", GOOD_PE_SIZE);
    make_good_pe(&pe);
    pe.nt->FileHeader.NumberOfSections = 0xffff;
    write_file("bad-section-count", GOOD_PE_SIZE);
}

static const struct {
    unsigned index;
    const char *name;
} directories[] = {
    {IMAGE_DIRECTORY_ENTRY_EXPORT, "export"},
    {IMAGE_DIRECTORY_ENTRY_IMPORT, "import"},
    {IMAGE_DIRECTORY_ENTRY_RESOURCE, "resource"},
    {IMAGE_DIRECTORY_ENTRY_EXCEPTION, "exception"},
    {IMAGE_DIRECTORY_ENTRY_BASERELOC, "relocation"},
    {IMAGE_DIRECTORY_ENTRY_TLS, "tls"},
    {IMAGE_DIRECTORY_ENTRY_LOAD_CONFIG, "loadconfig"},
    {IMAGE_DIRECTORY_ENTRY_IAT, "iat"},
    {IMAGE_DIRECTORY_ENTRY_DELAY_IMPORT, "delayimport"},
};

/* Each directory outside the image (bad), and at awkward places inside it (odd). */
static void write_directory_damage(void)
{
    static const uint32_t outside[] = {GOOD_PE_IMAGE_SIZE, 0x7ffffff0, 0x80000000, 0xfffffff0};
    static const uint32_t inside[] = {1, 0x80, TEXT_RVA + 3, DATA_RVA + 0x1ff8, GOOD_PE_IMAGE_SIZE - 4, RSRC_RVA};
    char name[64];

    for (unsigned d = 0; d < sizeof directories / sizeof *directories; d++) {
        for (unsigned i = 0; i < 2 * sizeof outside / sizeof *outside; i++) {
            make_good_pe(&pe);
            IMAGE_DATA_DIRECTORY *directory = &pe.nt->OptionalHeader.DataDirectory[directories[d].index];
            *directory = (IMAGE_DATA_DIRECTORY){outside[i / 2], i & 1 ? 0xfffffff0 : 0x40};
            snprintf(name, sizeof name, "bad-%s-at-%x-size-%x", directories[d].name, outside[i / 2], directory->Size);
            write_file(name, GOOD_PE_SIZE);
        }
        for (unsigned i = 0; i < sizeof inside / sizeof *inside; i++) {
            make_good_pe(&pe);
            pe.nt->OptionalHeader.DataDirectory[directories[d].index].VirtualAddress = inside[i];
            snprintf(name, sizeof name, "odd-%s-at-%x", directories[d].name, inside[i]);
            write_file(name, GOOD_PE_SIZE);
        }
    }
}

/* What the directories themselves point to. */
static void write_pointer_damage(void)
{
    static const struct {
        const char *name;
        uint32_t rva;
        unsigned size;
    } pointers[] = {
        {"import-lookup", IMPORT_RVA, 4},
        {"import-name", IMPORT_RVA + 12, 4},
        {"import-slots", IMPORT_RVA + 16, 4},
        {"import-thunk", LOOKUP_RVA, 8},
        {"tls-start", TLS_RVA, 8},
        {"tls-end", TLS_RVA + 8, 8},
        {"tls-index", TLS_RVA + 16, 8},
        {"tls-callbacks", TLS_RVA + 24, 8},
        {"tls-callback", TLS_RVA + 0x40, 8},
        {"relocation-page", RELOC_RVA, 4},
        {"relocation-size", RELOC_RVA + 4, 4},
    };
    static const uint64_t values[] = {0x7ffffff8, 0xfffffff8, 0x7ffffffffffffff8, 0xfffffffffffffff0};
    char name[64];

    for (unsigned p = 0; p < sizeof pointers / sizeof *pointers; p++)
        for (unsigned i = 0; i < (pointers[p].size == 4 ? 2 : 4); i++) {
            make_good_pe(&pe);
            memcpy(good_pe_at(&pe, pointers[p].rva), &values[i], pointers[p].size);
            /* An image at its preferred base is not relocated, and an ordinal is as good as a name. */
            bool odd = !strncmp(pointers[p].name, "relocation", 10) || (pointers[p].rva == LOOKUP_RVA && i == 3);
            snprintf(name, sizeof name, "%s-%s-%llx", odd ? "odd" : "bad", pointers[p].name,
                     (unsigned long long)values[i]);
            write_file(name, GOOD_PE_SIZE);
        }
}

/* Programs of other kinds. */
static void write_kinds(void)
{
    make_good_pe(&pe);
    pe.nt->FileHeader.Machine = IMAGE_FILE_MACHINE_ARM64;
    write_file("bad-kind-arm64", GOOD_PE_SIZE);
    make_good_pe(&pe);
    IMAGE_OPTIONAL_HEADER32 *narrow = (void *)&pe.nt->OptionalHeader;
    memset(narrow, 0, sizeof pe.nt->OptionalHeader);
    narrow->Magic = IMAGE_NT_OPTIONAL_HDR32_MAGIC;
    narrow->NumberOfRvaAndSizes = IMAGE_NUMBEROF_DIRECTORY_ENTRIES;
    pe.nt->FileHeader.Machine = IMAGE_FILE_MACHINE_I386;
    write_file("bad-kind-i386", GOOD_PE_SIZE);
    narrow->DataDirectory[IMAGE_DIRECTORY_ENTRY_COM_DESCRIPTOR] = (IMAGE_DATA_DIRECTORY){TEXT_RVA, 72};
    write_file("bad-kind-dotnet-any", GOOD_PE_SIZE);
    make_good_pe(&pe);
    pe.nt->OptionalHeader.DataDirectory[IMAGE_DIRECTORY_ENTRY_COM_DESCRIPTOR] = (IMAGE_DATA_DIRECTORY){TEXT_RVA, 72};
    write_file("bad-kind-dotnet", GOOD_PE_SIZE);
    make_good_pe(&pe);
    pe.nt->FileHeader.Characteristics |= IMAGE_FILE_DLL;
    write_file("bad-kind-dll", GOOD_PE_SIZE);
    make_good_pe(&pe);
    pe.nt->OptionalHeader.Subsystem = IMAGE_SUBSYSTEM_NATIVE;
    write_file("bad-kind-driver", GOOD_PE_SIZE);
    make_good_pe(&pe);
    pe.dos->e_lfarlc = 0x1c;
    pe.dos->e_lfanew = 0xcd21b409;
    write_file("bad-kind-dos", GOOD_PE_SIZE);
    static const char *const signatures[] = {"NE", "LE", "LX"};
    for (unsigned i = 0; i < 3; i++) {
        char name[32];
        make_good_pe(&pe);
        memcpy(&pe.nt->Signature, signatures[i], 2);
        snprintf(name, sizeof name, "bad-kind-%s", signatures[i]);
        write_file(name, GOOD_PE_SIZE);
    }
    make_good_pe(&pe);
    memcpy(pe.file, "hello", 5);
    write_file("bad-kind-text", GOOD_PE_SIZE);
}

/*
 * Bound programs hold the addresses that their imports had on the machine that bound them, and say when those DLLs were
 * made: in the descriptor (the old way, with a chain of forwarders), or in a directory between the headers and the
 * sections (the new way, its stamp in the descriptor -1).  Both must be bound anew.
 */
static void write_bound(void)
{
    static const uint64_t elsewhere = 0x7ff812345678;
    static const struct {
        IMAGE_BOUND_IMPORT_DESCRIPTOR kernel32;
        IMAGE_BOUND_FORWARDER_REF forwarder;
        IMAGE_BOUND_IMPORT_DESCRIPTOR ntdll, end;
        char names[32];
    } bound = {{0x4a5bdfdf, 32, 1}, {0x4a5be02b, 45, 0}, {0x4a5be02b, 45, 0}, {0}, "KERNEL32.dll\0ntdll.dll"};

    for (unsigned way = 0; way < 2; way++) {
        make_good_pe(&pe);
        IMAGE_IMPORT_DESCRIPTOR *imports = good_pe_at(&pe, IMPORT_RVA);
        uint64_t *slots = good_pe_at(&pe, IAT_RVA);
        slots[0] = slots[1] = slots[3] = elsewhere;
        for (unsigned i = 0; i < 2; i++) {
            imports[i].TimeDateStamp = way ? UINT32_MAX : 0x4a5bdfdf;
            imports[i].ForwarderChain = way ? UINT32_MAX : 1;
        }
        if (way) {
            uint32_t rva = TEXT_RAW - sizeof bound;
            memcpy(pe.file + rva, &bound, sizeof bound);
            pe.nt->OptionalHeader.DataDirectory[IMAGE_DIRECTORY_ENTRY_BOUND_IMPORT] =
                (IMAGE_DATA_DIRECTORY){rva, sizeof bound};
        }
        write_file(way ? "good-bound" : "good-bound-old", GOOD_PE_SIZE);
    }
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: badpe DIRECTORY\n");
        return 2;
    }
    directory = argv[1];
    make_good_pe(&pe);
    write_file("good", GOOD_PE_SIZE);
    write_bound();
    write_truncations();
    write_extremes("", nt_fields, sizeof nt_fields / sizeof *nt_fields, GOOD_PE_NT);
    write_section_damage();
    write_directory_damage();
    write_pointer_damage();
    write_kinds();
    printf("%u files\n", written);
    return 0;
}
