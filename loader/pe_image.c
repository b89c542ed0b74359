/*
 * pe_image.c: reading an image in memory: checked addresses, relocations, TLS, exceptions, load configuration.
 *
 * Layer: loader; calls nothing.  The rule that keeps bad files harmless: no address from an image is used
 * before pe_at, pe_at_address or pe_string has checked it.
 */
#include "pe.h"

#include <string.h>

void pe_image_init(struct pe_image *image, const struct pe *pe, void *base)
{
    image->base = base;
    image->size = pe->size;
    image->preferred = (uint64_t)base;
    memcpy(image->directories, pe->directories, sizeof image->directories);
}

bool pe_image_from_memory(struct pe_image *image, void *base, size_t size)
{
    IMAGE_DOS_HEADER dos;
    IMAGE_NT_HEADERS64 nt;

    *image =
        (struct pe_image){.base = base, .size = size > UINT32_MAX ? UINT32_MAX : size, .preferred = (uint64_t)base};
    const void *place = pe_at(image, 0, sizeof dos);
    if (!place)
        return false;
    memcpy(&dos, place, sizeof dos);
    if (dos.e_magic != IMAGE_DOS_SIGNATURE || !(place = pe_at(image, (uint32_t)dos.e_lfanew, sizeof nt)))
        return false;
    memcpy(&nt, place, sizeof nt);
    if (nt.Signature != IMAGE_NT_SIGNATURE || nt.OptionalHeader.Magic != IMAGE_NT_OPTIONAL_HDR64_MAGIC)
        return false;
    uint32_t count = nt.OptionalHeader.NumberOfRvaAndSizes;
    if (count > IMAGE_NUMBEROF_DIRECTORY_ENTRIES)
        count = IMAGE_NUMBEROF_DIRECTORY_ENTRIES;
    memcpy(image->directories, nt.OptionalHeader.DataDirectory, count * sizeof *image->directories);
    return true;
}

void *pe_at(const struct pe_image *image, uint64_t rva, uint64_t size)
{
    if (!size || rva >= image->size || size > image->size - rva)
        return NULL;
    return image->base + rva;
}

void *pe_at_address(const struct pe_image *image, uint64_t address, uint64_t size)
{
    return address < image->preferred ? NULL : pe_at(image, address - image->preferred, size);
}

const char *pe_string(const struct pe_image *image, uint64_t rva)
{
    const char *text = pe_at(image, rva, 1);
    return text && memchr(text, 0, image->size - rva) ? text : NULL;
}

IMAGE_DATA_DIRECTORY pe_directory(const struct pe_image *image, unsigned index)
{
    IMAGE_DATA_DIRECTORY none = {0};
    return index < IMAGE_NUMBEROF_DIRECTORY_ENTRIES ? image->directories[index] : none;
}

/* One relocation; false: outside the image or of a kind that x86-64 does not have. */
static bool relocate_one(const struct pe_image *image, uint64_t rva, unsigned type, uint64_t delta)
{
    uint64_t wide;
    uint32_t narrow;
    void *place;

    switch (type) {
    case IMAGE_REL_BASED_ABSOLUTE:
        return true; /* padding */
    case IMAGE_REL_BASED_DIR64:
        if (!(place = pe_at(image, rva, sizeof wide)))
            return false;
        memcpy(&wide, place, sizeof wide);
        wide += delta;
        memcpy(place, &wide, sizeof wide);
        return true;
    case IMAGE_REL_BASED_HIGHLOW:
        if (!(place = pe_at(image, rva, sizeof narrow)))
            return false;
        memcpy(&narrow, place, sizeof narrow);
        narrow += (uint32_t)delta;
        memcpy(place, &narrow, sizeof narrow);
        return true;
    default:
        return false;
    }
}

NTSTATUS pe_relocate(const struct pe_image *image, uint64_t delta)
{
    IMAGE_DATA_DIRECTORY table = pe_directory(image, IMAGE_DIRECTORY_ENTRY_BASERELOC);
    IMAGE_BASE_RELOCATION block;

    for (uint32_t at = 0; table.VirtualAddress && table.Size - at >= sizeof block;) {
        const uint8_t *place = pe_at(image, (uint64_t)table.VirtualAddress + at, sizeof block);
        if (!place)
            return STATUS_INVALID_IMAGE_FORMAT;
        memcpy(&block, place, sizeof block);
        if (!block.SizeOfBlock)
            break; /* some linkers pad the table with zeros */
        if (block.SizeOfBlock < sizeof block || block.SizeOfBlock > table.Size - at ||
            !pe_at(image, (uint64_t)table.VirtualAddress + at, block.SizeOfBlock))
            return STATUS_INVALID_IMAGE_FORMAT;
        for (uint32_t i = sizeof block; i + 2 <= block.SizeOfBlock; i += 2) {
            uint16_t entry;
            memcpy(&entry, place + i, sizeof entry);
            if (!relocate_one(image, (uint64_t)block.VirtualAddress + (entry & 0xfff), entry >> 12, delta))
                return STATUS_INVALID_IMAGE_FORMAT;
        }
        at += block.SizeOfBlock;
    }
    return STATUS_SUCCESS;
}

/* The TLS directory in `raw` with addresses checked against the image. */
static NTSTATUS tls_check(const struct pe_image *image, const IMAGE_TLS_DIRECTORY64 *raw, struct pe_tls *tls)
{
    uint64_t size = raw->EndAddressOfRawData - raw->StartAddressOfRawData;
    unsigned log = (raw->Characteristics & IMAGE_SCN_ALIGN_MASK) >> 20;

    *tls = (struct pe_tls){.zero_size = raw->SizeOfZeroFill, .alignment = log ? 1u << (log - 1) : 1};
    if (raw->StartAddressOfRawData > raw->EndAddressOfRawData || size > image->size || tls->zero_size > image->size)
        return STATUS_INVALID_IMAGE_FORMAT;
    if (size && !(tls->data = pe_at_address(image, raw->StartAddressOfRawData, size)))
        return STATUS_INVALID_IMAGE_FORMAT;
    tls->data_size = size;
    if (!(tls->index = pe_at_address(image, raw->AddressOfIndex, sizeof *tls->index)))
        return STATUS_INVALID_IMAGE_FORMAT;
    if (!raw->AddressOfCallBacks)
        return STATUS_SUCCESS;
    if (raw->AddressOfCallBacks % sizeof(uint64_t) ||
        !(tls->callbacks = pe_at_address(image, raw->AddressOfCallBacks, sizeof *tls->callbacks)))
        return STATUS_INVALID_IMAGE_FORMAT;
    tls->callbacks_max = (image->size - (raw->AddressOfCallBacks - image->preferred)) / sizeof(uint64_t);
    /* Callbacks are read again when called, since programs change the list; here they must look like code. */
    for (uint32_t i = 0; i < tls->callbacks_max && tls->callbacks[i]; i++)
        if (!pe_at_address(image, tls->callbacks[i], 1))
            return STATUS_INVALID_IMAGE_FORMAT;
    return STATUS_SUCCESS;
}

NTSTATUS pe_tls(const struct pe_image *image, struct pe_tls *tls)
{
    IMAGE_DATA_DIRECTORY directory = pe_directory(image, IMAGE_DIRECTORY_ENTRY_TLS);
    IMAGE_TLS_DIRECTORY64 raw;

    if (!directory.VirtualAddress)
        return STATUS_NOT_FOUND;
    const void *place = pe_at(image, directory.VirtualAddress, sizeof raw);
    if (!place)
        return STATUS_INVALID_IMAGE_FORMAT;
    memcpy(&raw, place, sizeof raw);
    return tls_check(image, &raw, tls);
}

const RUNTIME_FUNCTION *pe_exceptions(const struct pe_image *image, size_t *count)
{
    IMAGE_DATA_DIRECTORY directory = pe_directory(image, IMAGE_DIRECTORY_ENTRY_EXCEPTION);

    *count = 0;
    if (!directory.VirtualAddress || directory.VirtualAddress % sizeof(DWORD) ||
        directory.VirtualAddress >= image->size)
        return NULL;
    if (directory.Size > image->size - directory.VirtualAddress)
        directory.Size = image->size - directory.VirtualAddress;
    *count = directory.Size / sizeof(RUNTIME_FUNCTION);
    return *count ? pe_at(image, directory.VirtualAddress, *count * sizeof(RUNTIME_FUNCTION)) : NULL;
}

IMAGE_LOAD_CONFIG_DIRECTORY64 *pe_load_config(const struct pe_image *image, size_t *size)
{
    IMAGE_DATA_DIRECTORY directory = pe_directory(image, IMAGE_DIRECTORY_ENTRY_LOAD_CONFIG);
    DWORD own_size;

    *size = 0;
    const void *place =
        directory.VirtualAddress % sizeof(DWORD) ? NULL : pe_at(image, directory.VirtualAddress, sizeof own_size);
    if (!directory.VirtualAddress || !place)
        return NULL;
    /* Its first field is its size; the directory's size is a compatibility constant in old linkers. */
    memcpy(&own_size, place, sizeof own_size);
    if (own_size < sizeof own_size || !pe_at(image, directory.VirtualAddress, own_size))
        return NULL;
    *size = own_size;
    return (IMAGE_LOAD_CONFIG_DIRECTORY64 *)place;
}
