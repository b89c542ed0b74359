/*
 * test_pe.c: the PE reader: what it accepts, what it refuses and says, and that walking never leaves the image.
 */
#include "loader/pe.h"
#include "tests/pe/make_pe.h"
#include "unit.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct good_pe good;
static struct pe pe;
static struct pe_image image;

/* Parses the (damaged) file from a buffer of exactly its size, so that the sanitizers see a byte too far. */
static const char *refusal_of(const void *data, size_t size, enum pe_use use)
{
    void *copy = calloc(1, size ? size : 1);

    memcpy(copy, data, size);
    NTSTATUS status = pe_parse(copy, size, use, &pe);
    free(copy);
    return NT_SUCCESS(status) ? NULL : pe.error;
}

static void expect_refusal(const char *expected)
{
    EXPECT_STR(refusal_of(good.file, GOOD_PE_SIZE, PE_PROGRAM), expected);
}

/* Lays the file out in memory as map.c does. */
static void lay_out(void)
{
    make_good_pe(&good);
    EXPECT_EQ(pe_parse(good.file, GOOD_PE_SIZE, PE_PROGRAM, &pe), STATUS_SUCCESS);
    uint8_t *base = calloc(1, pe.size);
    memcpy(base, good.file, pe.headers_size);
    for (unsigned i = 0; i < pe.section_count; i++)
        memcpy(base + pe.sections[i].rva, good.file + pe.sections[i].raw, pe.sections[i].raw_size);
    pe_image_init(&image, &pe, base);
    EXPECT_EQ(pe_relocate(&image, (uint64_t)base - pe.base), STATUS_SUCCESS);
}

static void good_file(void)
{
    make_good_pe(&good);
    EXPECT_STR(refusal_of(good.file, GOOD_PE_SIZE, PE_PROGRAM), NULL);
    EXPECT_EQ(pe.base, GOOD_PE_BASE);
    EXPECT_EQ(pe.size, GOOD_PE_IMAGE_SIZE);
    EXPECT_EQ(pe.section_count, 5);
    EXPECT_EQ(pe.entry, TEXT_RVA);
    EXPECT_EQ(pe.sections[2].size, 0x2000);
    EXPECT_EQ(pe.sections[2].raw_size, 0x200);
    EXPECT_EQ(pe_section_protect(pe.sections[0].flags), PAGE_EXECUTE_READ);
    EXPECT_EQ(pe_section_protect(pe.sections[1].flags), PAGE_READONLY);
    EXPECT_EQ(pe_section_protect(pe.sections[2].flags), PAGE_WRITECOPY);
}

static void open_from_file(void)
{
    char name[] = "/tmp/test-pe.XXXXXX";
    int fd = mkstemp(name);

    make_good_pe(&good);
    unlink(name);
    EXPECT_EQ(write(fd, good.file, GOOD_PE_SIZE), GOOD_PE_SIZE);
    EXPECT_EQ(pe_open(fd, PE_PROGRAM, &pe), STATUS_SUCCESS);
    EXPECT_EQ(pe.file.size, GOOD_PE_SIZE);
    EXPECT_EQ(ftruncate(fd, 100), 0);
    EXPECT_EQ(pe_open(fd, PE_PROGRAM, &pe), STATUS_INVALID_IMAGE_FORMAT);
    EXPECT_STR(pe.error, "truncated at 100 bytes: the PE headers are at 128");
    close(fd);
    EXPECT(!NT_SUCCESS(pe_open(fd, PE_PROGRAM, &pe)));
}

/* NT headers beyond the first read. */
static void far_headers(void)
{
    static uint8_t file[0x3000];

    make_good_pe(&good);
    good.dos->e_lfanew = 0x2f00;
    memcpy(file, good.file, GOOD_PE_SIZE);
    memcpy(file + 0x2f00, good.nt, sizeof file - 0x2f00);
    EXPECT_STR(refusal_of(file, sizeof file, PE_PROGRAM), "truncated at 12288 bytes: the headers end at 12496");
    good.dos->e_lfanew = 0x2000;
    memcpy(file, good.file, GOOD_PE_SIZE);
    memcpy(file + 0x2000, good.nt, 0x300);
    EXPECT_STR(refusal_of(file, sizeof file, PE_PROGRAM),
               "damaged: section table ends at 0x21d0, behind the headers (0x400)");
}

static void other_kinds(void)
{
    static const uint8_t elf[64] = {0x7f, 'E', 'L', 'F'};

    EXPECT_STR(refusal_of("", 0, PE_PROGRAM), "is empty");
    EXPECT_STR(refusal_of(elf, sizeof elf, PE_PROGRAM),
               "not a Windows program but a Linux one (run it without winrun)");
    EXPECT_STR(refusal_of("#!/bin/sh\n", 10, PE_PROGRAM), "not a Windows program but a script (run it without winrun)");
    EXPECT_STR(refusal_of("hello", 5, PE_PROGRAM), "not a Windows program (no MZ signature)");
    make_good_pe(&good);
    memcpy(&good.nt->Signature, "NE", 2);
    expect_refusal("not a 64-bit Windows program but a 16-bit Windows or OS/2 program (NE)");
    memcpy(&good.nt->Signature, "LE", 2);
    expect_refusal("not a 64-bit Windows program but a Windows 9x driver (LE)");
    memcpy(&good.nt->Signature, "XX", 2);
    expect_refusal("not a 64-bit Windows program but a DOS program (no PE headers)");
    good.dos->e_lfarlc = 0x1c;
    good.dos->e_lfanew = 0xcd21b409;
    expect_refusal("not a 64-bit Windows program but a DOS program (no PE headers)");
}

static void other_machines(void)
{
    make_good_pe(&good);
    IMAGE_OPTIONAL_HEADER32 *narrow = (void *)&good.nt->OptionalHeader;
    good.nt->FileHeader.Machine = IMAGE_FILE_MACHINE_ARM64;
    expect_refusal("not a 64-bit Windows program (machine ARM64)");
    good.nt->FileHeader.Machine = 0xbeef;
    expect_refusal("not a 64-bit Windows program (machine 0xbeef)");
    good.nt->FileHeader.Machine = IMAGE_FILE_MACHINE_I386;
    good.nt->OptionalHeader.Magic = IMAGE_NT_OPTIONAL_HDR32_MAGIC;
    narrow->ImageBase = 0x400000;
    narrow->NumberOfRvaAndSizes = 16;
    memset(narrow->DataDirectory, 0, sizeof narrow->DataDirectory);
    expect_refusal("not a 64-bit Windows program (machine i386)");
    EXPECT_STR(refusal_of(good.file, GOOD_PE_SIZE, PE_RESOURCE), NULL);
    narrow->DataDirectory[IMAGE_DIRECTORY_ENTRY_COM_DESCRIPTOR] = (IMAGE_DATA_DIRECTORY){TEXT_RVA, 72};
    expect_refusal("a .NET program (needs a .NET runtime, not native code)");
}

static void not_programs(void)
{
    make_good_pe(&good);
    good.nt->FileHeader.Characteristics |= IMAGE_FILE_DLL;
    expect_refusal("a DLL, not a program");
    EXPECT_STR(refusal_of(good.file, GOOD_PE_SIZE, PE_LIBRARY), NULL);
    make_good_pe(&good);
    good.nt->OptionalHeader.Subsystem = IMAGE_SUBSYSTEM_NATIVE;
    expect_refusal("a driver or boot-time program (native subsystem), which only a Windows kernel can run");
    good.nt->OptionalHeader.Subsystem = IMAGE_SUBSYSTEM_EFI_APPLICATION;
    expect_refusal("a firmware program (EFI), not a Windows program");
    make_good_pe(&good);
    good.nt->OptionalHeader.AddressOfEntryPoint = 0;
    expect_refusal("has no entry point, so there is nothing to run");
}

static void damaged_headers(void)
{
    make_good_pe(&good);
    good.nt->FileHeader.NumberOfSections = 0xffff;
    expect_refusal("damaged: 65535 sections (Windows allows 96)");
    make_good_pe(&good);
    good.nt->OptionalHeader.NumberOfRvaAndSizes = 0xffffffff;
    expect_refusal("damaged: 4294967295 data directories (at most 16 exist)");
    make_good_pe(&good);
    good.nt->OptionalHeader.SectionAlignment = 0x1001;
    expect_refusal("damaged: section alignment 0x1001 with file alignment 0x200");
    make_good_pe(&good);
    good.nt->OptionalHeader.ImageBase = 0xffffffffffff0000;
    good.nt->OptionalHeader.SizeOfImage = 0x20000;
    expect_refusal("damaged: image base 0xffffffffffff0000 wraps around");
    make_good_pe(&good);
    good.nt->OptionalHeader.SizeOfStackReserve = UINT64_MAX;
    expect_refusal("damaged: asks for a stack of 0xffffffffffffffff bytes");
    make_good_pe(&good);
    good.nt->OptionalHeader.AddressOfEntryPoint = DATA_RVA;
    expect_refusal("damaged: entry point 0x3000 is not in executable code");
}

static void damaged_sections(void)
{
    make_good_pe(&good);
    good.sections[1].VirtualAddress = TEXT_RVA;
    expect_refusal("damaged: section 2 (.rdata) is at 0x1000, overlapping what ends at 0x2000");
    good.sections[1].VirtualAddress = 0x8000;
    expect_refusal("damaged: section 2 (.rdata) is at 0x8000, not adjacent to 0x2000");
    make_good_pe(&good);
    good.sections[4].Misc.VirtualSize = 0xffffffff;
    expect_refusal("damaged: section 5 (.reloc) ends at 0x100006000, behind the image (0x7000)");
    make_good_pe(&good);
    good.sections[4].PointerToRawData = 0xfffffe00;
    expect_refusal("truncated at 5120 bytes: section 5 (.reloc) ends at 4294967296");
    make_good_pe(&good);
    memcpy(good.sections[0].Name, "\033[31m\377", 6);
    good.sections[0].VirtualAddress = 0;
    expect_refusal("damaged: section 1 (?[31m?) is at 0x0, overlapping what ends at 0x1000");
}

/* Every length shorter than the file: refused, unless only padding is gone. */
static void every_truncation(void)
{
    make_good_pe(&good);
    for (size_t size = 0; size < GOOD_PE_SIZE; size++) {
        const char *error = refusal_of(good.file, size, PE_PROGRAM);
        EXPECT(error && !strchr(error, '\n') && strlen(error) > 5);
    }
}

static void reading_an_image(void)
{
    lay_out();
    EXPECT(pe_at(&image, 0, 1) == image.base);
    EXPECT(pe_at(&image, image.size - 1, 1) != NULL);
    EXPECT(pe_at(&image, image.size - 1, 2) == NULL);
    EXPECT(pe_at(&image, image.size, 1) == NULL);
    EXPECT(pe_at(&image, UINT64_MAX, 2) == NULL);
    EXPECT(pe_at(&image, 1, UINT64_MAX) == NULL);
    EXPECT(pe_at(&image, 1, 0) == NULL);
    EXPECT(pe_at_address(&image, (uint64_t)image.base - 1, 1) == NULL);
    memset(image.base + image.size - 8, 'x', 8);
    EXPECT(pe_string(&image, image.size - 8) == NULL);
    struct pe_image again;
    EXPECT(pe_image_from_memory(&again, image.base, image.size));
    EXPECT_EQ(memcmp(again.directories, image.directories, sizeof again.directories), 0);
    EXPECT(!pe_image_from_memory(&again, image.base + 1, image.size - 1));
}

static void imports(void)
{
    struct pe_import import = {0};
    struct pe_symbol symbol;

    lay_out();
    EXPECT(pe_import_next(&image, &import));
    EXPECT_STR(import.dll, "KERNEL32.dll");
    EXPECT_EQ(import.count, 2);
    EXPECT(pe_import_symbol(&image, &import, 1, &symbol));
    EXPECT_STR(symbol.name, "GetTickCount");
    EXPECT(import.slots == (void *)(image.base + IAT_RVA));
    EXPECT(pe_import_next(&image, &import));
    EXPECT_STR(import.dll, "ntdll.dll");
    EXPECT(!pe_import_next(&image, &import) && !import.bad);

    struct pe_import delayed = {0};
    EXPECT(pe_delay_import_next(&image, &delayed));
    EXPECT_STR(delayed.dll, "KERNEL32.dll");
    EXPECT(delayed.handle == (void *)(image.base + DATA_RVA + 0x100));
    EXPECT(pe_import_symbol(&image, &delayed, 1, &symbol));
    EXPECT(!symbol.name);
    EXPECT_EQ(symbol.ordinal, 1);
    EXPECT(!pe_delay_import_next(&image, &delayed) && !delayed.bad);
}

static void bad_imports(void)
{
    struct pe_import import = {0};
    struct pe_symbol symbol;

    lay_out();
    IMAGE_IMPORT_DESCRIPTOR *descriptor = pe_at(&image, IMPORT_RVA, sizeof *descriptor);
    EXPECT(pe_import_next(&image, &import));
    *(uint64_t *)pe_at(&image, LOOKUP_RVA, 8) = 0x7fffffffffffffff;
    EXPECT(!pe_import_symbol(&image, &import, 0, &symbol));
    *(uint64_t *)pe_at(&image, LOOKUP_RVA, 8) = image.size - 2;
    EXPECT(!pe_import_symbol(&image, &import, 0, &symbol));
    descriptor->OriginalFirstThunk = image.size - 8;
    *(uint64_t *)pe_at(&image, image.size - 8, 8) = 1;
    import = (struct pe_import){0};
    EXPECT(!pe_import_next(&image, &import) && import.bad);
    descriptor->OriginalFirstThunk = 0;
    descriptor->FirstThunk = 0xfffffff8;
    import = (struct pe_import){0};
    EXPECT(!pe_import_next(&image, &import) && import.bad);
}

static void exports(void)
{
    struct pe_export export;

    lay_out();
    EXPECT(pe_export_by_name(&image, "entry", 0, &export));
    EXPECT_EQ(export.rva, TEXT_RVA);
    EXPECT_EQ(export.ordinal, 10);
    EXPECT(pe_export_by_name(&image, "forward", 0xffff, &export));
    EXPECT_STR(export.forward, "kernel32.ExitProcess");
    EXPECT(!pe_export_by_name(&image, "none", 1, &export));
    EXPECT(pe_export_by_ordinal(&image, 12, &export));
    EXPECT_EQ(export.rva, TEXT_RVA + 0x20);
    EXPECT(!pe_export_by_ordinal(&image, 9, &export));
    EXPECT(!pe_export_by_ordinal(&image, 13, &export));
    EXPECT(pe_export_at(&image, 1, &export));
    EXPECT(!pe_export_at(&image, 2, &export));
    IMAGE_EXPORT_DIRECTORY *directory = pe_at(&image, EXPORT_RVA, sizeof *directory);
    directory->NumberOfNames = 0xffffffff;
    EXPECT(!pe_export_by_name(&image, "entry", 0, &export));
    EXPECT(pe_export_by_ordinal(&image, 10, &export));
    directory->NumberOfFunctions = 0x80000000;
    EXPECT(!pe_export_by_ordinal(&image, 10, &export));
}

/* Linkers that put the tables behind a name do not align them. */
static void unaligned_exports(void)
{
    struct pe_export export;

    lay_out();
    IMAGE_EXPORT_DIRECTORY *directory = pe_at(&image, EXPORT_RVA, sizeof *directory);
    char *tables = pe_at(&image, EXPORT_RVA + 0x40, 0x30);
    memmove(tables + 1, tables, 0x2f);
    directory->AddressOfFunctions++;
    directory->AddressOfNames++;
    directory->AddressOfNameOrdinals++;
    EXPECT(pe_export_by_name(&image, "entry", 0xffff, &export));
    EXPECT_EQ(export.rva, TEXT_RVA);
    EXPECT(pe_export_by_name(&image, "forward", 1, &export));
    EXPECT(pe_export_by_ordinal(&image, 12, &export));
}

static void tls(void)
{
    struct pe_tls tls;

    lay_out();
    EXPECT_EQ(pe_tls(&image, &tls), STATUS_SUCCESS);
    EXPECT_EQ(tls.data_size, 16);
    EXPECT_EQ(tls.zero_size, 16);
    EXPECT_EQ(tls.alignment, 16);
    EXPECT_STR(tls.data, "template");
    EXPECT_EQ(tls.callbacks[0], (uint64_t)image.base + TEXT_RVA + 0x20);
    IMAGE_TLS_DIRECTORY64 *directory = pe_at(&image, TLS_RVA, sizeof *directory);
    IMAGE_TLS_DIRECTORY64 saved = *directory;
    directory->EndAddressOfRawData = UINT64_MAX;
    EXPECT_EQ(pe_tls(&image, &tls), STATUS_INVALID_IMAGE_FORMAT);
    *directory = saved;
    directory->AddressOfIndex = 0;
    EXPECT_EQ(pe_tls(&image, &tls), STATUS_INVALID_IMAGE_FORMAT);
    *directory = saved;
    directory->AddressOfCallBacks = (uint64_t)image.base + image.size - 4;
    EXPECT_EQ(pe_tls(&image, &tls), STATUS_INVALID_IMAGE_FORMAT);
}

static void relocations(void)
{
    lay_out();
    IMAGE_TLS_DIRECTORY64 *directory = pe_at(&image, TLS_RVA, sizeof *directory);
    EXPECT_EQ(directory->AddressOfIndex, (uint64_t)image.base + DATA_RVA + 0x180);
    IMAGE_BASE_RELOCATION *block = pe_at(&image, RELOC_RVA, sizeof *block);
    block->VirtualAddress = 0xfffff000;
    EXPECT_EQ(pe_relocate(&image, 0x10000), STATUS_INVALID_IMAGE_FORMAT);
    block->VirtualAddress = RDATA_RVA;
    block->SizeOfBlock = 4;
    EXPECT_EQ(pe_relocate(&image, 0x10000), STATUS_INVALID_IMAGE_FORMAT);
    block->SizeOfBlock = 0xfffffff0;
    EXPECT_EQ(pe_relocate(&image, 0x10000), STATUS_INVALID_IMAGE_FORMAT);
}

static void resources(void)
{
    uint32_t named, total;

    lay_out();
    const IMAGE_RESOURCE_DIRECTORY_ENTRY *entry = pe_resource_entries(&image, 0, &named, &total);
    EXPECT_EQ(total, 1);
    EXPECT_EQ(entry->Id, 10);
    entry = pe_resource_entries(&image, 0x40, &named, &total);
    const IMAGE_RESOURCE_DATA_ENTRY *leaf = pe_resource_leaf(&image, entry->OffsetToData);
    EXPECT_EQ(memcmp(pe_resource_data(&image, leaf), "hello", 5), 0);
    EXPECT(!pe_resource_entries(&image, 0x7ffffffc, &named, &total));
    EXPECT(!pe_resource_leaf(&image, image.size - RSRC_RVA - 8));
    IMAGE_RESOURCE_DIRECTORY *root = pe_at(&image, RSRC_RVA, sizeof *root);
    root->NumberOfNamedEntries = 0xffff;
    EXPECT(!pe_resource_entries(&image, 0, &named, &total));
}

static void exceptions_and_configuration(void)
{
    size_t count, size;

    lay_out();
    const RUNTIME_FUNCTION *functions = pe_exceptions(&image, &count);
    EXPECT_EQ(count, 1);
    EXPECT_EQ(functions->BeginAddress, TEXT_RVA);
    EXPECT(pe_load_config(&image, &size) != NULL);
    EXPECT_EQ(size, 0x100);
    image.directories[IMAGE_DIRECTORY_ENTRY_EXCEPTION] = (IMAGE_DATA_DIRECTORY){image.size - 24, 0xffffffff};
    EXPECT(pe_exceptions(&image, &count) != NULL);
    EXPECT_EQ(count, 2);
    *(DWORD *)pe_at(&image, CONFIG_RVA, 4) = 0xffffffff;
    EXPECT(pe_load_config(&image, &size) == NULL);
}

UNIT_SUITE(pe, {"a good file is read", good_file}, {"from a file", open_from_file},
           {"headers beyond the first read", far_headers}, {"other kinds of files", other_kinds},
           {"other machines and .NET", other_machines}, {"images that are not programs", not_programs},
           {"damaged headers", damaged_headers}, {"damaged sections", damaged_sections},
           {"every truncation is refused", every_truncation}, {"no read leaves the image", reading_an_image},
           {"imports", imports}, {"bad imports", bad_imports}, {"exports", exports},
           {"unaligned exports", unaligned_exports}, {"TLS", tls}, {"relocations", relocations},
           {"resources", resources}, {"exceptions and configuration", exceptions_and_configuration});
