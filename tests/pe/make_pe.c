/*
 * make_pe.c: writes the program described in make_pe.h.
 */
#include "make_pe.h"

#include <string.h>

static const struct {
    char name[8];
    uint32_t rva, raw, virtual_size, raw_size, flags;
} layout[] = {
    {".text", TEXT_RVA, TEXT_RAW, 0x40, 0x200, IMAGE_SCN_CNT_CODE | IMAGE_SCN_MEM_EXECUTE | IMAGE_SCN_MEM_READ},
    {".rdata", RDATA_RVA, RDATA_RAW, 0x800, 0x800, IMAGE_SCN_CNT_INITIALIZED_DATA | IMAGE_SCN_MEM_READ},
    {".data", DATA_RVA, DATA_RAW, 0x1800, 0x200,
     IMAGE_SCN_CNT_INITIALIZED_DATA | IMAGE_SCN_MEM_READ | IMAGE_SCN_MEM_WRITE},
    {".rsrc", RSRC_RVA, RSRC_RAW, 0x200, 0x200, IMAGE_SCN_CNT_INITIALIZED_DATA | IMAGE_SCN_MEM_READ},
    {".reloc", RELOC_RVA, RELOC_RAW, 0x200, 0x200,
     IMAGE_SCN_CNT_INITIALIZED_DATA | IMAGE_SCN_MEM_READ | IMAGE_SCN_MEM_DISCARDABLE},
};
#define SECTIONS (sizeof layout / sizeof *layout)

void *good_pe_at(struct good_pe *pe, uint32_t rva)
{
    unsigned i = SECTIONS;

    while (--i && layout[i].rva > rva)
        ;
    return pe->file + layout[i].raw + (rva - layout[i].rva);
}

static void put_text(struct good_pe *pe, uint32_t rva, const char *text)
{
    memcpy(good_pe_at(pe, rva), text, strlen(text) + 1);
}

static void put_directory(struct good_pe *pe, unsigned index, uint32_t rva, uint32_t size)
{
    pe->nt->OptionalHeader.DataDirectory[index] = (IMAGE_DATA_DIRECTORY){rva, size};
}

static void put_headers(struct good_pe *pe)
{
    *pe->dos = (IMAGE_DOS_HEADER){.e_magic = IMAGE_DOS_SIGNATURE, .e_lfarlc = 0x40, .e_lfanew = GOOD_PE_NT};
    pe->nt->Signature = IMAGE_NT_SIGNATURE;
    pe->nt->FileHeader = (IMAGE_FILE_HEADER){
        .Machine = IMAGE_FILE_MACHINE_AMD64,
        .NumberOfSections = SECTIONS,
        .SizeOfOptionalHeader = sizeof pe->nt->OptionalHeader,
        .Characteristics = IMAGE_FILE_EXECUTABLE_IMAGE | IMAGE_FILE_LARGE_ADDRESS_AWARE,
    };
    pe->nt->OptionalHeader = (IMAGE_OPTIONAL_HEADER64){
        .Magic = IMAGE_NT_OPTIONAL_HDR64_MAGIC,
        .AddressOfEntryPoint = TEXT_RVA,
        .ImageBase = GOOD_PE_BASE,
        .SectionAlignment = 0x1000,
        .FileAlignment = 0x200,
        .MajorOperatingSystemVersion = 6,
        .MajorSubsystemVersion = 6,
        .SizeOfImage = GOOD_PE_IMAGE_SIZE,
        .SizeOfHeaders = TEXT_RAW,
        .Subsystem = IMAGE_SUBSYSTEM_WINDOWS_CUI,
        .DllCharacteristics = IMAGE_DLLCHARACTERISTICS_DYNAMIC_BASE | IMAGE_DLLCHARACTERISTICS_NX_COMPAT,
        .SizeOfStackReserve = 0x100000,
        .SizeOfStackCommit = 0x1000,
        .SizeOfHeapReserve = 0x100000,
        .SizeOfHeapCommit = 0x1000,
        .NumberOfRvaAndSizes = IMAGE_NUMBEROF_DIRECTORY_ENTRIES,
    };
    for (unsigned i = 0; i < SECTIONS; i++) {
        memcpy(pe->sections[i].Name, layout[i].name, sizeof layout[i].name);
        pe->sections[i].VirtualAddress = layout[i].rva;
        pe->sections[i].Misc.VirtualSize = layout[i].virtual_size;
        pe->sections[i].PointerToRawData = layout[i].raw;
        pe->sections[i].SizeOfRawData = layout[i].raw_size;
        pe->sections[i].Characteristics = layout[i].flags;
    }
}

/* sub rsp,40; xor ecx,ecx; call [ExitProcess]; int3; at +0x20 the TLS callback: ret */
static void put_code(struct good_pe *pe)
{
    static const uint8_t entry[] = {0x48, 0x83, 0xec, 0x28, 0x31, 0xc9, 0xff, 0x15, 0, 0, 0, 0, 0xcc};
    uint8_t *code = good_pe_at(pe, TEXT_RVA);
    int32_t displacement = IAT_RVA - (TEXT_RVA + 12);

    memcpy(code, entry, sizeof entry);
    memcpy(code + 8, &displacement, sizeof displacement);
    code[0x20] = 0xc3;
}

static void put_imports(struct good_pe *pe)
{
    IMAGE_IMPORT_DESCRIPTOR *imports = good_pe_at(pe, IMPORT_RVA);
    uint64_t *lookup = good_pe_at(pe, LOOKUP_RVA), *slots = good_pe_at(pe, IAT_RVA);

    imports[0] = (IMAGE_IMPORT_DESCRIPTOR){.OriginalFirstThunk = LOOKUP_RVA, .Name = NAMES_RVA, .FirstThunk = IAT_RVA};
    imports[1] = (IMAGE_IMPORT_DESCRIPTOR){
        .OriginalFirstThunk = LOOKUP_RVA + 24, .Name = NAMES_RVA + 0x10, .FirstThunk = IAT_RVA + 24};
    lookup[0] = slots[0] = NAMES_RVA + 0x20;
    lookup[1] = slots[1] = NAMES_RVA + 0x40;
    lookup[3] = slots[3] = NAMES_RVA + 0x60;
    put_text(pe, NAMES_RVA, "KERNEL32.dll");
    put_text(pe, NAMES_RVA + 0x10, "ntdll.dll");
    put_text(pe, NAMES_RVA + 0x22, "ExitProcess");
    put_text(pe, NAMES_RVA + 0x42, "GetTickCount");
    put_text(pe, NAMES_RVA + 0x62, "RtlGetLastWin32Error");
    put_directory(pe, IMAGE_DIRECTORY_ENTRY_IMPORT, IMPORT_RVA, 3 * sizeof *imports);

    IMAGE_DELAYLOAD_DESCRIPTOR *delay = good_pe_at(pe, DELAY_RVA);
    uint64_t *delayed = good_pe_at(pe, DELAY_RVA + 0x80);
    *delay = (IMAGE_DELAYLOAD_DESCRIPTOR){.Attributes.AllAttributes = 1,
                                          .DllNameRVA = NAMES_RVA,
                                          .ModuleHandleRVA = DATA_RVA + 0x100,
                                          .ImportAddressTableRVA = DATA_RVA + 0x110,
                                          .ImportNameTableRVA = DELAY_RVA + 0x80};
    delayed[0] = NAMES_RVA + 0x40;
    delayed[1] = IMAGE_ORDINAL_FLAG64 | 1;
    put_directory(pe, IMAGE_DIRECTORY_ENTRY_DELAY_IMPORT, DELAY_RVA, 2 * sizeof *delay);
}

/* Ordinals 10 to 12: "entry", "forward" to kernel32, and one without a name. */
static void put_exports(struct good_pe *pe)
{
    IMAGE_EXPORT_DIRECTORY *exports = good_pe_at(pe, EXPORT_RVA);
    uint32_t *functions = good_pe_at(pe, EXPORT_RVA + 0x40), *names = good_pe_at(pe, EXPORT_RVA + 0x50);
    uint16_t *ordinals = good_pe_at(pe, EXPORT_RVA + 0x60);

    *exports = (IMAGE_EXPORT_DIRECTORY){.Name = EXPORT_RVA + 0x70,
                                        .Base = 10,
                                        .NumberOfFunctions = 3,
                                        .NumberOfNames = 2,
                                        .AddressOfFunctions = EXPORT_RVA + 0x40,
                                        .AddressOfNames = EXPORT_RVA + 0x50,
                                        .AddressOfNameOrdinals = EXPORT_RVA + 0x60};
    functions[0] = TEXT_RVA;
    functions[1] = EXPORT_RVA + 0xa0;
    functions[2] = TEXT_RVA + 0x20;
    names[0] = EXPORT_RVA + 0x80;
    names[1] = EXPORT_RVA + 0x90;
    ordinals[1] = 1;
    put_text(pe, EXPORT_RVA + 0x70, "good.exe");
    put_text(pe, EXPORT_RVA + 0x80, "entry");
    put_text(pe, EXPORT_RVA + 0x90, "forward");
    put_text(pe, EXPORT_RVA + 0xa0, "kernel32.ExitProcess");
    put_directory(pe, IMAGE_DIRECTORY_ENTRY_EXPORT, EXPORT_RVA, 0x100);
}

static void put_tls_and_tables(struct good_pe *pe)
{
    RUNTIME_FUNCTION *function = good_pe_at(pe, PDATA_RVA);
    uint8_t *unwind = good_pe_at(pe, PDATA_RVA + 0x20);
    IMAGE_TLS_DIRECTORY64 *tls = good_pe_at(pe, TLS_RVA);
    uint64_t *callbacks = good_pe_at(pe, TLS_RVA + 0x40);
    IMAGE_LOAD_CONFIG_DIRECTORY64 *config = good_pe_at(pe, CONFIG_RVA);

    *function =
        (RUNTIME_FUNCTION){.BeginAddress = TEXT_RVA, .EndAddress = TEXT_RVA + 13, .UnwindData = PDATA_RVA + 0x20};
    memcpy(unwind, (uint8_t[]){1, 4, 1, 0, 4, 0x42, 0, 0}, 8);
    put_directory(pe, IMAGE_DIRECTORY_ENTRY_EXCEPTION, PDATA_RVA, sizeof *function);
    *tls = (IMAGE_TLS_DIRECTORY64){.StartAddressOfRawData = GOOD_PE_BASE + TLS_RVA + 0x60,
                                   .EndAddressOfRawData = GOOD_PE_BASE + TLS_RVA + 0x70,
                                   .AddressOfIndex = GOOD_PE_BASE + DATA_RVA + 0x180,
                                   .AddressOfCallBacks = GOOD_PE_BASE + TLS_RVA + 0x40,
                                   .SizeOfZeroFill = 16,
                                   .Characteristics = IMAGE_SCN_ALIGN_16BYTES};
    callbacks[0] = GOOD_PE_BASE + TEXT_RVA + 0x20;
    put_text(pe, TLS_RVA + 0x60, "template");
    put_directory(pe, IMAGE_DIRECTORY_ENTRY_TLS, TLS_RVA, sizeof *tls);
    config->Size = 0x100;
    config->SecurityCookie = GOOD_PE_BASE + DATA_RVA + 0x1a0;
    *(uint64_t *)good_pe_at(pe, DATA_RVA + 0x1a0) = 0x2b992ddfa232ull;
    put_directory(pe, IMAGE_DIRECTORY_ENTRY_LOAD_CONFIG, CONFIG_RVA, 0x100);
}

/* One raw-data resource: type 10, id 1, language 0x409. */
static void put_resources(struct good_pe *pe)
{
    static const uint32_t ids[] = {10, 1, 0x409};
    uint8_t *root = good_pe_at(pe, RSRC_RVA);

    for (unsigned level = 0; level < 3; level++) {
        IMAGE_RESOURCE_DIRECTORY *directory = (void *)(root + level * 0x20);
        IMAGE_RESOURCE_DIRECTORY_ENTRY *entry = (void *)(directory + 1);
        directory->NumberOfIdEntries = 1;
        entry->Name = ids[level];
        entry->OffsetToData = (level + 1) * 0x20 | (level < 2 ? IMAGE_RESOURCE_DATA_IS_DIRECTORY : 0);
    }
    *(IMAGE_RESOURCE_DATA_ENTRY *)(root + 0x60) = (IMAGE_RESOURCE_DATA_ENTRY){RSRC_RVA + 0x80, 5, 0, 0};
    put_text(pe, RSRC_RVA + 0x80, "hello");
    put_directory(pe, IMAGE_DIRECTORY_ENTRY_RESOURCE, RSRC_RVA, 0x100);
}

/* Every absolute address above, so that the program may lie anywhere. */
static void put_relocations(struct good_pe *pe)
{
    static const uint16_t tls[] = {
        TLS_RVA,      TLS_RVA + 8,    TLS_RVA + 16,
        TLS_RVA + 24, TLS_RVA + 0x40, CONFIG_RVA + offsetof(IMAGE_LOAD_CONFIG_DIRECTORY64, SecurityCookie)};
    IMAGE_BASE_RELOCATION *block = good_pe_at(pe, RELOC_RVA);
    uint16_t *entries = (uint16_t *)(block + 1);

    *block = (IMAGE_BASE_RELOCATION){RDATA_RVA, sizeof *block + sizeof tls};
    for (unsigned i = 0; i < sizeof tls / sizeof *tls; i++)
        entries[i] = IMAGE_REL_BASED_DIR64 << 12 | (tls[i] & 0xfff);
    put_directory(pe, IMAGE_DIRECTORY_ENTRY_BASERELOC, RELOC_RVA, block->SizeOfBlock);
}

void make_good_pe(struct good_pe *pe)
{
    memset(pe, 0, sizeof *pe);
    pe->dos = (void *)pe->file;
    pe->nt = (void *)(pe->file + GOOD_PE_NT);
    pe->sections = (void *)(pe->nt + 1);
    put_headers(pe);
    put_code(pe);
    put_imports(pe);
    put_exports(pe);
    put_tls_and_tables(pe);
    put_resources(pe);
    put_relocations(pe);
}
