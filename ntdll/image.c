/*
 * image.c: the headers and directories of an image in memory (RtlImage*), for programs that read them.
 *
 * Layer: ntdll.  Pure computing on memory that the caller vouches for; lengths in headers are checked as far as the
 * headers allow.
 */
#include "ntapi.h"

PIMAGE_NT_HEADERS WINAPI RtlImageNtHeader(PVOID base)
{
    const IMAGE_DOS_HEADER *dos = base;
    PIMAGE_NT_HEADERS headers;

    if (!base || base == (PVOID)-1 || dos->e_magic != IMAGE_DOS_SIGNATURE || dos->e_lfanew < 0 ||
        dos->e_lfanew >= 0x10000000)
        return NULL;
    headers = (PIMAGE_NT_HEADERS)((char *)base + dos->e_lfanew);
    return headers->Signature == IMAGE_NT_SIGNATURE ? headers : NULL;
}

NTSTATUS WINAPI RtlImageNtHeaderEx(ULONG flags, PVOID base, ULONGLONG size, PIMAGE_NT_HEADERS *headers)
{
    bool unlimited = flags & 1; /* RTL_IMAGE_NT_HEADER_EX_FLAG_NO_RANGE_CHECK */

    if (!headers)
        return STATUS_INVALID_PARAMETER;
    *headers = NULL;
    if (flags & ~1u || !base || base == (PVOID)-1)
        return STATUS_INVALID_PARAMETER;
    if (!unlimited && (size < sizeof(IMAGE_DOS_HEADER) ||
                       (ULONGLONG)((const IMAGE_DOS_HEADER *)base)->e_lfanew + sizeof(IMAGE_NT_HEADERS) > size))
        return STATUS_INVALID_IMAGE_FORMAT;
    *headers = RtlImageNtHeader(base);
    return *headers ? STATUS_SUCCESS : STATUS_INVALID_IMAGE_FORMAT;
}

PIMAGE_SECTION_HEADER WINAPI RtlImageRvaToSection(PIMAGE_NT_HEADERS headers, PVOID base, ULONG address)
{
    PIMAGE_SECTION_HEADER section = IMAGE_FIRST_SECTION(headers);

    (void)base;
    for (WORD i = 0; i < headers->FileHeader.NumberOfSections; i++)
        if (address >= section[i].VirtualAddress && address - section[i].VirtualAddress < section[i].SizeOfRawData)
            return &section[i];
    return NULL;
}

/* For an image that lies in memory as in its file. */
PVOID WINAPI RtlAddressInSectionTable(PIMAGE_NT_HEADERS headers, PVOID base, ULONG address)
{
    PIMAGE_SECTION_HEADER section = RtlImageRvaToSection(headers, base, address);

    return section ? (char *)base + section->PointerToRawData + (address - section->VirtualAddress) : NULL;
}

PVOID WINAPI RtlImageRvaToVa(PIMAGE_NT_HEADERS headers, PVOID base, ULONG address, PIMAGE_SECTION_HEADER *last)
{
    PIMAGE_SECTION_HEADER section = last ? *last : NULL;

    if (!section || address < section->VirtualAddress || address - section->VirtualAddress >= section->SizeOfRawData)
        section = RtlImageRvaToSection(headers, base, address);
    if (last && section)
        *last = section;
    return section ? (char *)base + section->PointerToRawData + (address - section->VirtualAddress) : NULL;
}

PVOID WINAPI RtlImageDirectoryEntryToData(PVOID base, BOOLEAN mapped, USHORT entry, PULONG size)
{
    PIMAGE_NT_HEADERS headers;
    const IMAGE_DATA_DIRECTORY *directory;
    ULONG count;

    *size = 0;
    if ((ULONG_PTR)base & 3) { /* the low bits tell that it is a data file */
        mapped = (ULONG_PTR)base & 1 ? FALSE : mapped;
        base = (PVOID)((ULONG_PTR)base & ~(ULONG_PTR)3);
    }
    headers = RtlImageNtHeader(base);
    if (!headers)
        return NULL;
    if (headers->OptionalHeader.Magic == IMAGE_NT_OPTIONAL_HDR32_MAGIC) {
        const IMAGE_OPTIONAL_HEADER32 *optional = (const IMAGE_OPTIONAL_HEADER32 *)&headers->OptionalHeader;

        directory = optional->DataDirectory;
        count = optional->NumberOfRvaAndSizes;
    } else {
        directory = headers->OptionalHeader.DataDirectory;
        count = headers->OptionalHeader.NumberOfRvaAndSizes;
    }
    if (entry >= count || entry >= IMAGE_NUMBEROF_DIRECTORY_ENTRIES || !directory[entry].VirtualAddress)
        return NULL;
    *size = directory[entry].Size;
    if (mapped || directory[entry].VirtualAddress < headers->OptionalHeader.SizeOfHeaders)
        return (char *)base + directory[entry].VirtualAddress;
    return RtlImageRvaToVa(headers, base, directory[entry].VirtualAddress, NULL);
}
