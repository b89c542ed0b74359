/*
 * pe.c: reads and checks the headers of a PE file.
 *
 * Layer: loader; calls libc only.  Everything here is about one question: may map.c believe these
 * numbers?  Sizes are computed in 64 bits, so that nothing wraps; nothing is allocated.
 * Which other kinds of file there are, and what is said about them, is in pe_kind.c.
 */
#include "pe.h"
#include "pe_private.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FIRST_READ 4096
#define OPTIONAL_HEADER_MAX 1024 /* 240 in every real image */
#define NT_READ_MAX (24 + OPTIONAL_HEADER_MAX + PE_SECTIONS_MAX * sizeof(IMAGE_SECTION_HEADER))
#define RESERVE_MAX (1ull << 40) /* stacks and heaps beyond this are damage, not wishes */
#define ADDRESS_MAX 0x7fffffff0000ull

NTSTATUS pe_refuse(struct pe *pe, NTSTATUS status, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(pe->error, sizeof pe->error, format, arguments);
    va_end(arguments);
    return status;
}

/* The bytes of a file: an open file, or memory. */
struct source {
    int fd;
    const uint8_t *data; /* NULL: use fd */
    uint64_t size;
};

/* Reads up to `size` bytes at `offset`; fewer only at the end of the file.  -1: errno. */
static ssize_t source_read(const struct source *source, uint64_t offset, void *buffer, size_t size)
{
    if (offset >= source->size)
        return 0;
    if (size > source->size - offset)
        size = source->size - offset;
    if (source->data) {
        memcpy(buffer, source->data + offset, size);
        return size;
    }
    ssize_t got;
    do
        got = pread(source->fd, buffer, size, offset);
    while (got < 0 && errno == EINTR);
    return got;
}

static bool power_of_two(uint32_t value)
{
    return value && !(value & (value - 1));
}

static uint64_t round_up(uint64_t value, uint64_t unit)
{
    return (value + unit - 1) & ~(unit - 1);
}

/* The 64-bit layout of either optional header, zero beyond what the file has. */
static void optional_header_copy(IMAGE_OPTIONAL_HEADER64 *optional, const uint8_t *raw, size_t size)
{
    IMAGE_OPTIONAL_HEADER32 narrow = {0};

    memset(optional, 0, sizeof *optional);
    memcpy(&narrow, raw, size < sizeof narrow ? size : sizeof narrow);
    if (narrow.Magic != IMAGE_NT_OPTIONAL_HDR32_MAGIC) {
        memcpy(optional, raw, size < sizeof *optional ? size : sizeof *optional);
        return;
    }
    memcpy(optional, &narrow, offsetof(IMAGE_OPTIONAL_HEADER32, BaseOfData));
    optional->ImageBase = narrow.ImageBase;
    memcpy(&optional->SectionAlignment, &narrow.SectionAlignment,
           offsetof(IMAGE_OPTIONAL_HEADER32, SizeOfStackReserve) - offsetof(IMAGE_OPTIONAL_HEADER32, SectionAlignment));
    optional->SizeOfStackReserve = narrow.SizeOfStackReserve;
    optional->SizeOfStackCommit = narrow.SizeOfStackCommit;
    optional->SizeOfHeapReserve = narrow.SizeOfHeapReserve;
    optional->SizeOfHeapCommit = narrow.SizeOfHeapCommit;
    optional->NumberOfRvaAndSizes = narrow.NumberOfRvaAndSizes;
    memcpy(optional->DataDirectory, narrow.DataDirectory, sizeof narrow.DataDirectory);
}

static NTSTATUS check_optional_header(struct pe *pe, const IMAGE_OPTIONAL_HEADER64 *optional, size_t size)
{
    size_t directories_at = optional->Magic == IMAGE_NT_OPTIONAL_HDR32_MAGIC
                                ? offsetof(IMAGE_OPTIONAL_HEADER32, DataDirectory)
                                : offsetof(IMAGE_OPTIONAL_HEADER64, DataDirectory);

    if (optional->Magic != IMAGE_NT_OPTIONAL_HDR64_MAGIC && optional->Magic != IMAGE_NT_OPTIONAL_HDR32_MAGIC)
        return pe_refuse(pe, STATUS_INVALID_IMAGE_FORMAT, "damaged: optional header has magic 0x%x", optional->Magic);
    if (size < directories_at)
        return pe_refuse(pe, STATUS_INVALID_IMAGE_FORMAT, "damaged: optional header of %zu bytes is too small", size);
    if (optional->NumberOfRvaAndSizes > IMAGE_NUMBEROF_DIRECTORY_ENTRIES)
        return pe_refuse(pe, STATUS_INVALID_IMAGE_FORMAT, "damaged: %u data directories (at most 16 exist)",
                         optional->NumberOfRvaAndSizes);
    if (directories_at + optional->NumberOfRvaAndSizes * sizeof(IMAGE_DATA_DIRECTORY) > size)
        return pe_refuse(pe, STATUS_INVALID_IMAGE_FORMAT, "damaged: %u data directories do not fit the optional header",
                         optional->NumberOfRvaAndSizes);
    return STATUS_SUCCESS;
}

static NTSTATUS check_sizes(struct pe *pe, const IMAGE_OPTIONAL_HEADER64 *optional, uint64_t section_table_end)
{
    uint32_t section_alignment = optional->SectionAlignment, file_alignment = optional->FileAlignment;

    if (!power_of_two(section_alignment) || !power_of_two(file_alignment) || file_alignment > 0x10000 ||
        file_alignment > section_alignment || (section_alignment < PE_PAGE && file_alignment != section_alignment))
        return pe_refuse(pe, STATUS_INVALID_IMAGE_FORMAT, "damaged: section alignment 0x%x with file alignment 0x%x",
                         section_alignment, file_alignment);
    if (optional->ImageBase & 0xffff)
        return pe_refuse(pe, STATUS_INVALID_IMAGE_FORMAT, "damaged: image base 0x%llx is not a multiple of 64 KiB",
                         optional->ImageBase);
    if (!optional->SizeOfImage || optional->SizeOfImage > 0xfffff000u)
        return pe_refuse(pe, STATUS_INVALID_IMAGE_FORMAT, "damaged: image size 0x%x", optional->SizeOfImage);
    if (optional->ImageBase > UINT64_MAX - optional->SizeOfImage)
        return pe_refuse(pe, STATUS_INVALID_IMAGE_FORMAT, "damaged: image base 0x%llx wraps around",
                         optional->ImageBase);
    if (section_table_end > optional->SizeOfHeaders)
        return pe_refuse(pe, STATUS_INVALID_IMAGE_FORMAT,
                         "damaged: section table ends at 0x%llx, behind the headers (0x%x)",
                         (unsigned long long)section_table_end, optional->SizeOfHeaders);
    if (optional->SizeOfHeaders > optional->SizeOfImage)
        return pe_refuse(pe, STATUS_INVALID_IMAGE_FORMAT, "damaged: headers (0x%x) are larger than the image (0x%x)",
                         optional->SizeOfHeaders, optional->SizeOfImage);
    if (optional->SizeOfHeaders > pe->file.size)
        return pe_refuse(pe, STATUS_INVALID_IMAGE_FORMAT, "truncated at %llu bytes: the headers have %u",
                         (unsigned long long)pe->file.size, optional->SizeOfHeaders);
    if (optional->SizeOfStackReserve > RESERVE_MAX || optional->SizeOfStackCommit > RESERVE_MAX)
        return pe_refuse(pe, STATUS_INVALID_IMAGE_FORMAT, "damaged: asks for a stack of 0x%llx bytes",
                         optional->SizeOfStackReserve > RESERVE_MAX ? optional->SizeOfStackReserve
                                                                    : optional->SizeOfStackCommit);
    if (optional->SizeOfHeapReserve > RESERVE_MAX || optional->SizeOfHeapCommit > RESERVE_MAX)
        return pe_refuse(pe, STATUS_INVALID_IMAGE_FORMAT, "damaged: asks for a heap of 0x%llx bytes",
                         optional->SizeOfHeapReserve > RESERVE_MAX ? optional->SizeOfHeapReserve
                                                                   : optional->SizeOfHeapCommit);
    return STATUS_SUCCESS;
}

static void headers_keep(struct pe *pe, const IMAGE_FILE_HEADER *header, const IMAGE_OPTIONAL_HEADER64 *optional)
{
    pe->base = optional->ImageBase;
    pe->size = round_up(optional->SizeOfImage, PE_PAGE);
    pe->headers_size = optional->SizeOfHeaders;
    pe->section_alignment = optional->SectionAlignment;
    pe->entry = optional->AddressOfEntryPoint;
    pe->checksum = optional->CheckSum;
    pe->timestamp = header->TimeDateStamp;
    pe->machine = header->Machine;
    pe->subsystem = optional->Subsystem;
    pe->characteristics = header->Characteristics;
    pe->dll_characteristics = optional->DllCharacteristics;
    pe->stack_reserve = optional->SizeOfStackReserve;
    pe->stack_commit = optional->SizeOfStackCommit;
    pe->heap_reserve = optional->SizeOfHeapReserve;
    pe->heap_commit = optional->SizeOfHeapCommit;
    pe->section_count = header->NumberOfSections;
    memcpy(pe->directories, optional->DataDirectory, optional->NumberOfRvaAndSizes * sizeof *pe->directories);
}

/* Sections must be ascending and adjacent, as Windows demands; *next is where this one has to begin. */
static NTSTATUS check_section(struct pe *pe, unsigned index, const IMAGE_SECTION_HEADER *header, uint64_t *next)
{
    struct pe_section *section = &pe->sections[index];
    uint64_t size = header->Misc.VirtualSize ? header->Misc.VirtualSize : header->SizeOfRawData;
    uint64_t raw = header->PointerToRawData, raw_size = raw ? header->SizeOfRawData : 0;
    char name[IMAGE_SIZEOF_SHORT_NAME + 1] = {0};

    for (unsigned i = 0; i < IMAGE_SIZEOF_SHORT_NAME && header->Name[i]; i++)
        name[i] = header->Name[i] >= ' ' && header->Name[i] < 127 ? header->Name[i] : '?';
    if (header->VirtualAddress != *next)
        return pe_refuse(pe, STATUS_INVALID_IMAGE_FORMAT, "damaged: section %u (%s) is at 0x%x, %s 0x%llx", index + 1,
                         name, header->VirtualAddress,
                         header->VirtualAddress < *next ? "overlapping what ends at" : "not adjacent to",
                         (unsigned long long)*next);
    *next = round_up(header->VirtualAddress + size, pe->section_alignment);
    if (*next > pe->size)
        return pe_refuse(pe, STATUS_INVALID_IMAGE_FORMAT,
                         "damaged: section %u (%s) ends at 0x%llx, behind the image (0x%x)", index + 1, name,
                         (unsigned long long)*next, pe->size);
    if (pe->section_alignment >= PE_PAGE)
        raw &= ~511ull; /* as Windows does, whatever the file alignment */
    else if (raw_size && raw != header->VirtualAddress)
        return pe_refuse(pe, STATUS_INVALID_IMAGE_FORMAT,
                         "damaged: section %u (%s) with alignment 0x%x must lie in the file as in memory", index + 1,
                         name, pe->section_alignment);
    if (raw_size > *next - header->VirtualAddress)
        raw_size = *next - header->VirtualAddress;
    if (raw + (raw_size < size ? raw_size : size) > pe->file.size)
        return pe_refuse(pe, STATUS_INVALID_IMAGE_FORMAT, "truncated at %llu bytes: section %u (%s) ends at %llu",
                         (unsigned long long)pe->file.size, index + 1, name, (unsigned long long)(raw + raw_size));
    if (raw_size > pe->file.size - raw)
        raw_size = pe->file.size - raw;
    *section = (struct pe_section){header->VirtualAddress, *next - header->VirtualAddress, raw, raw_size,
                                   header->Characteristics};
    return STATUS_SUCCESS;
}

static NTSTATUS check_sections(struct pe *pe, const uint8_t *table)
{
    uint64_t next = round_up(pe->headers_size, pe->section_alignment);
    IMAGE_SECTION_HEADER header;

    for (unsigned i = 0; i < pe->section_count; i++) {
        memcpy(&header, table + i * sizeof header, sizeof header);
        /* Some linkers leave room between the headers and the first section. */
        if (i == 0 && header.VirtualAddress > next && header.VirtualAddress % pe->section_alignment == 0)
            next = header.VirtualAddress;
        NTSTATUS status = check_section(pe, i, &header, &next);
        if (!NT_SUCCESS(status))
            return status;
    }
    return STATUS_SUCCESS;
}

/* The directories that loading depends on must lie in the image.  (Security is a file offset; debug is never read.) */
static NTSTATUS check_directories(struct pe *pe)
{
    static const struct {
        uint8_t index;
        char name[15];
    } checked[] = {
        {IMAGE_DIRECTORY_ENTRY_EXPORT, "export"},
        {IMAGE_DIRECTORY_ENTRY_IMPORT, "import"},
        {IMAGE_DIRECTORY_ENTRY_RESOURCE, "resource"},
        {IMAGE_DIRECTORY_ENTRY_EXCEPTION, "exception"},
        {IMAGE_DIRECTORY_ENTRY_BASERELOC, "relocation"},
        {IMAGE_DIRECTORY_ENTRY_TLS, "TLS"},
        {IMAGE_DIRECTORY_ENTRY_LOAD_CONFIG, "configuration"},
        {IMAGE_DIRECTORY_ENTRY_IAT, "import address"},
        {IMAGE_DIRECTORY_ENTRY_DELAY_IMPORT, "delay import"},
        {IMAGE_DIRECTORY_ENTRY_COM_DESCRIPTOR, ".NET"},
    };

    for (size_t i = 0; i < sizeof checked / sizeof *checked; i++) {
        IMAGE_DATA_DIRECTORY directory = pe->directories[checked[i].index];
        if ((uint64_t)directory.VirtualAddress + directory.Size > pe->size)
            return pe_refuse(pe, STATUS_INVALID_IMAGE_FORMAT,
                             "damaged: %s directory (0x%x, 0x%x bytes) is outside the image (0x%x)", checked[i].name,
                             directory.VirtualAddress, directory.Size, pe->size);
    }
    return STATUS_SUCCESS;
}

static NTSTATUS check_entry(struct pe *pe)
{
    if (!pe->entry)
        return STATUS_SUCCESS;
    for (unsigned i = 0; i < pe->section_count; i++) {
        const struct pe_section *section = &pe->sections[i];
        if (pe->entry - section->rva < section->size && (section->flags & IMAGE_SCN_MEM_EXECUTE))
            return STATUS_SUCCESS;
    }
    return pe_refuse(pe, STATUS_INVALID_IMAGE_FORMAT, "damaged: entry point 0x%x is not in executable code", pe->entry);
}

/* `nt` holds the NT headers, the optional header and the section table. */
static NTSTATUS check_headers(enum pe_use use, struct pe *pe, const uint8_t *nt)
{
    IMAGE_FILE_HEADER header;
    IMAGE_OPTIONAL_HEADER64 optional;
    NTSTATUS status;

    pe->code = use != PE_RESOURCE;
    memcpy(&header, nt + 4, sizeof header);
    optional_header_copy(&optional, nt + 24, header.SizeOfOptionalHeader);
    size_t table = 24 + header.SizeOfOptionalHeader;
    uint64_t table_end = pe->nt_offset + table + header.NumberOfSections * sizeof(IMAGE_SECTION_HEADER);
    if (!NT_SUCCESS(status = check_optional_header(pe, &optional, header.SizeOfOptionalHeader)) ||
        !NT_SUCCESS(status = pe_kind_check(use, pe, &header, &optional)) ||
        !NT_SUCCESS(status = check_sizes(pe, &optional, table_end)))
        return status;
    headers_keep(pe, &header, &optional);
    if (!NT_SUCCESS(status = check_sections(pe, nt + table)) || !NT_SUCCESS(status = check_directories(pe)))
        return status;
    return use == PE_RESOURCE ? STATUS_SUCCESS : check_entry(pe);
}

/* The bytes that NT headers, optional header and section table take. */
static size_t nt_size(const uint8_t *nt, size_t available)
{
    IMAGE_FILE_HEADER header;

    if (available < 24)
        return 24;
    memcpy(&header, nt + 4, sizeof header);
    return 24 + header.SizeOfOptionalHeader + header.NumberOfSections * sizeof(IMAGE_SECTION_HEADER);
}

/* Points *nt to the NT headers, returns how many bytes are there.  Reads again only if the first read was too short. */
static size_t nt_find(const struct source *source, uint32_t offset, uint8_t *buffer, size_t have, const uint8_t **nt)
{
    *nt = buffer + (offset < have ? offset : have);
    size_t available = buffer + have - *nt;
    if (nt_size(*nt, available) <= available)
        return available;
    ssize_t got = source_read(source, offset, buffer, NT_READ_MAX);
    *nt = buffer;
    return got < 0 ? 0 : got;
}

static NTSTATUS parse(const struct source *source, enum pe_use use, struct pe *pe)
{
    uint8_t buffer[NT_READ_MAX];
    const uint8_t *nt;
    IMAGE_DOS_HEADER dos;
    IMAGE_FILE_HEADER header;

    ssize_t have = source_read(source, 0, buffer, FIRST_READ);
    if (have < 0)
        return pe_refuse(pe, STATUS_UNSUCCESSFUL, "can not be read: %s", strerrordesc_np(errno));
    NTSTATUS status = pe_kind_first_bytes(pe, buffer, have);
    if (!NT_SUCCESS(status))
        return status;
    memcpy(&dos, buffer, sizeof dos);
    pe->nt_offset = dos.e_lfanew;
    size_t available = nt_find(source, pe->nt_offset, buffer, have, &nt);
    if (available < 24 || memcmp(nt, "PE\0\0", 4))
        return pe_kind_no_nt_headers(pe, &dos, nt, available);
    memcpy(&header, nt + 4, sizeof header);
    if (header.NumberOfSections > PE_SECTIONS_MAX)
        return pe_refuse(pe, STATUS_INVALID_IMAGE_FORMAT, "damaged: %u sections (Windows allows %u)",
                         header.NumberOfSections, PE_SECTIONS_MAX);
    if (header.SizeOfOptionalHeader > OPTIONAL_HEADER_MAX)
        return pe_refuse(pe, STATUS_INVALID_IMAGE_FORMAT, "damaged: optional header of %u bytes",
                         header.SizeOfOptionalHeader);
    if (nt_size(nt, available) > available)
        return pe_refuse(pe, STATUS_INVALID_IMAGE_FORMAT, "truncated at %llu bytes: the headers end at %llu",
                         (unsigned long long)source->size, (unsigned long long)pe->nt_offset + nt_size(nt, available));
    return check_headers(use, pe, nt);
}

NTSTATUS pe_open(int fd, enum pe_use use, struct pe *pe)
{
    struct stat st;

    memset(pe, 0, offsetof(struct pe, sections));
    pe->error[0] = 0;
    if (fstat(fd, &st) < 0)
        return pe_refuse(pe, STATUS_UNSUCCESSFUL, "can not be read: %s", strerrordesc_np(errno));
    if (!S_ISREG(st.st_mode))
        return pe_refuse(pe, STATUS_INVALID_IMAGE_FORMAT,
                         S_ISDIR(st.st_mode) ? "is a directory" : "is not a regular file");
    pe->file = (struct pe_file_id){st.st_dev,          st.st_ino,         st.st_size,        st.st_mtim.tv_sec,
                                   st.st_mtim.tv_nsec, st.st_ctim.tv_sec, st.st_ctim.tv_nsec};
    return parse(&(struct source){fd, NULL, st.st_size}, use, pe);
}

NTSTATUS pe_parse(const void *data, size_t size, enum pe_use use, struct pe *pe)
{
    memset(pe, 0, offsetof(struct pe, sections));
    pe->error[0] = 0;
    pe->file.size = size;
    return parse(&(struct source){-1, data, size}, use, pe);
}

ULONG pe_section_protect(uint32_t flags)
{
    static const uint8_t protect[8] = {
        PAGE_NOACCESS,  PAGE_EXECUTE,           PAGE_READONLY,  PAGE_EXECUTE_READ,
        PAGE_WRITECOPY, PAGE_EXECUTE_WRITECOPY, PAGE_WRITECOPY, PAGE_EXECUTE_WRITECOPY,
    };
    return protect[flags >> 29]; /* IMAGE_SCN_MEM_EXECUTE, _READ, _WRITE are the three highest bits */
}

bool pe_relocatable(const struct pe *pe)
{
    return !(pe->characteristics & IMAGE_FILE_RELOCS_STRIPPED);
}
