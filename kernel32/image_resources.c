/*
 * image_resources.c: puts a new resource section into a PE file that is in memory.
 *
 * The section takes the place of the old one if it fits there in memory (or only relocations follow, which can
 * move); else it becomes a new section behind the others.  What follows in the file moves, an overlay too, and
 * the places in the headers that tell file offsets follow.  A signature is kept, but no longer right.
 */
#include <string.h>

#include "filename.h"
#include "loader/pe.h"
#include "resource_update.h"

#define RESOURCE_FLAGS (IMAGE_SCN_CNT_INITIALIZED_DATA | IMAGE_SCN_MEM_READ)

#define SIZE_MAX_IMAGE 0xf0000000u /* of a file and of an image: so sums of 32 bits do not wrap */

struct image_file {
    uint8_t *data; /* the result, as far as it is written */
    SIZE_T size;
    IMAGE_NT_HEADERS32 *nt; /* what is used of the optional header lies the same in both kinds, up to CheckSum */
    IMAGE_DATA_DIRECTORY *directories;
    ULONG directory_count;
    IMAGE_SECTION_HEADER *sections;
};

/* Where the section goes. */
struct place {
    ULONG index;             /* in the section table; may be one past its end */
    ULONG rva;               /* in memory */
    ULONG from, to;          /* the bytes of the old file that it replaces */
    ULONG moved_relocations; /* new rva of the section behind it, or 0 */
};

static ULONG align_up(ULONG value, ULONG unit)
{
    return (value + unit - 1) / unit * unit;
}

static void image_file_init(struct image_file *file, const struct pe *pe, void *data, SIZE_T size)
{
    IMAGE_NT_HEADERS64 *wide = (void *)((char *)data + pe->nt_offset);
    file->data = data;
    file->size = size;
    file->nt = (IMAGE_NT_HEADERS32 *)wide;
    bool is_wide = wide->OptionalHeader.Magic == IMAGE_NT_OPTIONAL_HDR64_MAGIC;
    file->directories = is_wide ? wide->OptionalHeader.DataDirectory : file->nt->OptionalHeader.DataDirectory;
    file->directory_count =
        is_wide ? wide->OptionalHeader.NumberOfRvaAndSizes : file->nt->OptionalHeader.NumberOfRvaAndSizes;
    file->sections = (void *)((char *)&wide->OptionalHeader + wide->FileHeader.SizeOfOptionalHeader);
}

static ULONG section_end(const struct image_file *file, const IMAGE_SECTION_HEADER *section)
{
    ULONG size = section->Misc.VirtualSize ? section->Misc.VirtualSize : section->SizeOfRawData;
    return align_up(section->VirtualAddress + size, file->nt->OptionalHeader.SectionAlignment);
}

/* End of the section's bytes in the file; 0 if it has none. */
static ULONG raw_end(const struct image_file *file, const IMAGE_SECTION_HEADER *section)
{
    ULONGLONG end = (ULONGLONG)section->PointerToRawData + section->SizeOfRawData;
    return !section->PointerToRawData ? 0 : end > file->size ? (ULONG)file->size : (ULONG)end;
}

static bool holds(const struct image_file *file, const IMAGE_SECTION_HEADER *section, ULONG rva)
{
    return rva >= section->VirtualAddress && rva < section_end(file, section);
}

/* Is `index` the only directory that lies in the section, and no code starts there? */
static bool holds_only(const struct image_file *file, const IMAGE_SECTION_HEADER *section, ULONG index)
{
    for (ULONG i = 0; i < file->directory_count; i++)
        if (i != index && i != IMAGE_DIRECTORY_ENTRY_SECURITY && file->directories[i].VirtualAddress &&
            holds(file, section, file->directories[i].VirtualAddress))
            return false;
    return !holds(file, section, file->nt->OptionalHeader.AddressOfEntryPoint) &&
           !(section->Characteristics & IMAGE_SCN_MEM_EXECUTE);
}

/* Do the section's bytes in the file belong to it alone? */
static bool owns_bytes(const struct image_file *file, const IMAGE_SECTION_HEADER *section)
{
    for (unsigned i = 0; i < file->nt->FileHeader.NumberOfSections; i++) {
        const IMAGE_SECTION_HEADER *other = &file->sections[i];
        if (other != section && other->PointerToRawData && other->PointerToRawData < raw_end(file, section) &&
            raw_end(file, other) > section->PointerToRawData)
            return false;
    }
    return section->PointerToRawData >= file->nt->OptionalHeader.SizeOfHeaders;
}

/* The section that holds the resources and nothing else; -1: none. */
static int find_section(const struct image_file *file)
{
    ULONG rva = file->directories[IMAGE_DIRECTORY_ENTRY_RESOURCE].VirtualAddress;
    for (int i = 0; rva && i < file->nt->FileHeader.NumberOfSections; i++) {
        const IMAGE_SECTION_HEADER *section = &file->sections[i];
        if (section->VirtualAddress == rva && owns_bytes(file, section) &&
            holds_only(file, section, IMAGE_DIRECTORY_ENTRY_RESOURCE))
            return i;
    }
    return -1;
}

/* The old section's place, if `size` bytes fit there. */
static bool place_old(const struct image_file *file, ULONG size, struct place *place)
{
    int index = find_section(file), count = file->nt->FileHeader.NumberOfSections;
    if (index < 0)
        return false;
    const IMAGE_SECTION_HEADER *section = &file->sections[index], *next = section + 1;
    ULONG end = align_up(section->VirtualAddress + size, file->nt->OptionalHeader.SectionAlignment);
    *place =
        (struct place){(ULONG)index, section->VirtualAddress, section->PointerToRawData, raw_end(file, section), 0};
    if (index + 1 == count || end <= next->VirtualAddress)
        return true;
    ULONG relocations = file->directories[IMAGE_DIRECTORY_ENTRY_BASERELOC].VirtualAddress;
    place->moved_relocations = end;
    return index + 2 == count && relocations == next->VirtualAddress &&
           holds_only(file, next, IMAGE_DIRECTORY_ENTRY_BASERELOC);
}

/* A new section behind the last one, in memory and in the file; false: the headers have no room for it. */
static bool place_new(const struct image_file *file, struct place *place)
{
    ULONG count = file->nt->FileHeader.NumberOfSections;
    const IMAGE_SECTION_HEADER *end = file->sections + count;
    ULONG table_end = (ULONG)((const uint8_t *)(end + 1) - file->data);
    ULONG raw = file->nt->OptionalHeader.SizeOfHeaders, rva = raw;
    *place = (struct place){.index = count};
    if (count >= PE_SECTIONS_MAX || table_end > file->nt->OptionalHeader.SizeOfHeaders)
        return false;
    for (const uint8_t *byte = (const uint8_t *)end; byte < (const uint8_t *)(end + 1); byte++)
        if (*byte)
            return false; /* other things lie there: bound imports */
    for (const IMAGE_SECTION_HEADER *section = file->sections; section < end; section++) {
        if (section->PointerToRawData && section->PointerToRawData < table_end)
            return false;
        raw = raw_end(file, section) > raw ? raw_end(file, section) : raw;
        rva = section_end(file, section);
    }
    place->rva = align_up(rva, file->nt->OptionalHeader.SectionAlignment);
    place->from = place->to = raw;
    return true;
}

/* File offsets behind the replaced bytes follow what they point to. */
static void shift(DWORD *offset, const struct place *place, LONG delta)
{
    if (*offset && *offset >= place->to)
        *offset += (DWORD)delta;
}

/* Where an rva lies in the file as it is now; NULL: nowhere, or fewer than `size` bytes. */
static void *at_rva(const struct image_file *file, ULONG rva, ULONG size)
{
    for (unsigned i = 0; i < file->nt->FileHeader.NumberOfSections; i++) {
        const IMAGE_SECTION_HEADER *section = &file->sections[i];
        ULONG offset = rva - section->VirtualAddress;
        if (rva >= section->VirtualAddress && (ULONGLONG)offset + size <= section->SizeOfRawData &&
            (ULONGLONG)section->PointerToRawData + offset + size <= file->size)
            return file->data + section->PointerToRawData + offset;
    }
    return NULL;
}

static void shift_offsets(struct image_file *file, const struct place *place, LONG delta)
{
    for (unsigned i = 0; i < file->nt->FileHeader.NumberOfSections; i++)
        if (i != place->index)
            shift(&file->sections[i].PointerToRawData, place, delta);
    shift(&file->nt->FileHeader.PointerToSymbolTable, place, delta);
    if (file->directory_count > IMAGE_DIRECTORY_ENTRY_SECURITY)
        shift(&file->directories[IMAGE_DIRECTORY_ENTRY_SECURITY].VirtualAddress, place, delta);
    if (file->directory_count <= IMAGE_DIRECTORY_ENTRY_DEBUG)
        return;
    IMAGE_DATA_DIRECTORY debug = file->directories[IMAGE_DIRECTORY_ENTRY_DEBUG];
    IMAGE_DEBUG_DIRECTORY entry;
    for (ULONG at = 0; debug.VirtualAddress && debug.Size - at >= sizeof entry; at += sizeof entry) {
        void *bytes = at_rva(file, debug.VirtualAddress + at, sizeof entry);
        if (!bytes)
            break;
        memcpy(&entry, bytes, sizeof entry);
        shift(&entry.PointerToRawData, place, delta);
        memcpy(bytes, &entry, sizeof entry);
    }
}

/* The sum of all 16-bit words with end-around carry, the field itself as zero, plus the size: as IMAGEHLP has it. */
static ULONG checksum(const struct image_file *file)
{
    const SIZE_T field = (SIZE_T)((uint8_t *)&file->nt->OptionalHeader.CheckSum - file->data);
    ULONGLONG sum = 0;
    for (SIZE_T i = 0; i < file->size; i += 2)
        if (i < field || i >= field + sizeof(DWORD))
            sum += file->data[i] | (i + 1 < file->size ? file->data[i + 1] << 8 : 0);
    while (sum >> 16)
        sum = (sum & 0xffff) + (sum >> 16);
    return (ULONG)(sum + file->size);
}

static void write_headers(struct image_file *file, const struct place *place, ULONG size, ULONG raw_size)
{
    IMAGE_OPTIONAL_HEADER32 *optional = &file->nt->OptionalHeader;
    IMAGE_SECTION_HEADER *section = &file->sections[place->index];
    if (place->index == file->nt->FileHeader.NumberOfSections) {
        file->nt->FileHeader.NumberOfSections++;
        memcpy(section->Name, ".rsrc", 5);
        section->Characteristics = RESOURCE_FLAGS;
    }
    optional->SizeOfInitializedData += raw_size - section->SizeOfRawData;
    section->VirtualAddress = place->rva;
    section->Misc.VirtualSize = size;
    section->PointerToRawData = place->from;
    section->SizeOfRawData = raw_size;
    file->directories[IMAGE_DIRECTORY_ENTRY_RESOURCE] = (IMAGE_DATA_DIRECTORY){place->rva, size};
    if (place->moved_relocations) {
        section[1].VirtualAddress = place->moved_relocations;
        file->directories[IMAGE_DIRECTORY_ENTRY_BASERELOC].VirtualAddress = place->moved_relocations;
    }
    optional->SizeOfImage = section_end(file, &file->sections[file->nt->FileHeader.NumberOfSections - 1]);
}

/* The new file: what lies before the place, the section, what lies behind it. */
static NTSTATUS compose(const struct pe *pe, const struct image_file *old, const struct resource_list *list,
                        const struct place *place, struct image_file *file)
{
    ULONG size = resource_tree_size(list), alignment = old->nt->OptionalHeader.FileAlignment;
    ULONG start = align_up(place->from, alignment), raw_size = align_up(size, alignment);
    SIZE_T behind = old->size - place->to, total = (SIZE_T)start + raw_size + behind;
    if ((ULONGLONG)place->rva + size > SIZE_MAX_IMAGE || total > SIZE_MAX_IMAGE)
        return STATUS_INVALID_IMAGE_FORMAT;
    char *data = RtlAllocateHeap(process_heap(), HEAP_ZERO_MEMORY, total);
    if (!data)
        return STATUS_NO_MEMORY;
    memcpy(data, old->data, place->from);
    resource_tree_write(list, place->rva, data + start);
    memcpy(data + start + raw_size, old->data + place->to, behind);
    image_file_init(file, pe, data, total);
    shift_offsets(file, place, (LONG)(start + raw_size - place->to));
    write_headers(file, &(struct place){place->index, place->rva, start, place->to, place->moved_relocations}, size,
                  raw_size);
    file->nt->OptionalHeader.CheckSum = 0;
    file->nt->OptionalHeader.CheckSum = checksum(file);
    return STATUS_SUCCESS;
}

NTSTATUS image_replace_resources(const void *data, SIZE_T size, const struct resource_list *list, void **result,
                                 SIZE_T *result_size)
{
    struct pe *pe = RtlAllocateHeap(process_heap(), 0, sizeof *pe);
    struct image_file old, file;
    struct place place;
    if (!pe)
        return STATUS_NO_MEMORY;
    NTSTATUS status = pe_parse(data, size, PE_RESOURCE, pe);
    if (NT_SUCCESS(status)) {
        image_file_init(&old, pe, (void *)data, size);
        /* Sections below a page lie in the file as in memory: nothing can move there. */
        if (old.directory_count <= IMAGE_DIRECTORY_ENTRY_RESOURCE || pe->section_alignment < PE_PAGE ||
            (!place_old(&old, resource_tree_size(list), &place) && !place_new(&old, &place)))
            status = STATUS_INVALID_IMAGE_FORMAT;
    }
    if (NT_SUCCESS(status))
        status = compose(pe, &old, list, &place, &file);
    RtlFreeHeap(process_heap(), 0, pe);
    if (NT_SUCCESS(status)) {
        *result = file.data;
        *result_size = file.size;
    }
    return status;
}
