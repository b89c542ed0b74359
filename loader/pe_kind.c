/*
 * pe_kind.c: what is said about files that are not 64-bit Windows programs.
 *
 * Layer: loader.  Each kind a person is likely to try gets its own message.
 */
#include "pe_private.h"

#include <stdio.h>
#include <string.h>

NTSTATUS pe_kind_first_bytes(struct pe *pe, const uint8_t *data, size_t size)
{
    NTSTATUS status = STATUS_INVALID_IMAGE_NOT_MZ;

    if (!size)
        return pe_refuse(pe, status, "is empty");
    if (size >= 4 && !memcmp(data, "\177ELF", 4))
        return pe_refuse(pe, status, "not a Windows program but a Linux one (run it without winrun)");
    if (size >= 2 && !memcmp(data, "#!", 2))
        return pe_refuse(pe, status, "not a Windows program but a script (run it without winrun)");
    if (size < 2 || memcmp(data, "MZ", 2))
        return pe_refuse(pe, status, "not a Windows program (no MZ signature)");
    if (size < sizeof(IMAGE_DOS_HEADER))
        return pe_refuse(pe, STATUS_INVALID_IMAGE_FORMAT, "truncated at %zu bytes: the DOS header has %zu", size,
                         sizeof(IMAGE_DOS_HEADER));
    return STATUS_SUCCESS;
}

/* No "PE" signature where the DOS header says, or not enough bytes behind it. */
NTSTATUS pe_kind_no_nt_headers(struct pe *pe, const IMAGE_DOS_HEADER *dos, const uint8_t *nt, size_t available)
{
    static const struct {
        char signature[3];
        char what[40];
    } old[] = {
        {"NE", "a 16-bit Windows or OS/2 program (NE)"},
        {"LE", "a Windows 9x driver (LE)"},
        {"LX", "an OS/2 program (LX)"},
    };

    for (size_t i = 0; available >= 2 && i < sizeof old / sizeof *old; i++)
        if (!memcmp(nt, old[i].signature, 2))
            return pe_refuse(pe, STATUS_INVALID_IMAGE_PROTECT, "not a 64-bit Windows program but %s", old[i].what);
    /* Only programs with a full-size DOS header, whose relocations come behind it, have a field for the PE headers. */
    bool has_field = dos->e_lfarlc >= sizeof *dos && dos->e_lfanew;
    bool cut = available < 24 && (available < 4 || !memcmp(nt, "PE\0\0", 4));
    if (cut && (has_field || available >= 4))
        return pe_refuse(pe, STATUS_INVALID_IMAGE_FORMAT, "truncated at %llu bytes: the PE headers are at %u",
                         (unsigned long long)pe->file.size, (unsigned)dos->e_lfanew);
    return pe_refuse(pe, STATUS_INVALID_IMAGE_PROTECT,
                     "not a 64-bit Windows program but a DOS program (no PE headers)");
}

static const char *machine_name(uint16_t machine, char text[16])
{
    static const struct {
        uint16_t machine;
        char name[10];
    } names[] = {
        {IMAGE_FILE_MACHINE_I386, "i386"},
        {IMAGE_FILE_MACHINE_ARM64, "ARM64"},
        {IMAGE_FILE_MACHINE_ARM, "ARM"},
        {IMAGE_FILE_MACHINE_ARMNT, "ARM"},
        {IMAGE_FILE_MACHINE_THUMB, "ARM"},
        {IMAGE_FILE_MACHINE_IA64, "Itanium"},
        {IMAGE_FILE_MACHINE_ALPHA, "Alpha"},
        {IMAGE_FILE_MACHINE_ALPHA64, "Alpha"},
        {IMAGE_FILE_MACHINE_POWERPC, "PowerPC"},
        {IMAGE_FILE_MACHINE_R4000, "MIPS"},
        {IMAGE_FILE_MACHINE_R3000, "MIPS"},
        {IMAGE_FILE_MACHINE_EBC, "EFI"},
        {0x5032, "RISC-V"},
        {0x5064, "RISC-V"},
        {0x6264, "LoongArch"},
        {0xa641, "ARM64EC"},
    };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (names[i].machine == machine)
            return names[i].name;
    snprintf(text, 16, "0x%04x", machine);
    return text;
}

static NTSTATUS check_subsystem(struct pe *pe, uint16_t subsystem)
{
    switch (subsystem) {
    case IMAGE_SUBSYSTEM_WINDOWS_GUI:
    case IMAGE_SUBSYSTEM_WINDOWS_CUI:
        return STATUS_SUCCESS;
    case IMAGE_SUBSYSTEM_NATIVE:
        return pe_refuse(pe, STATUS_INVALID_IMAGE_FORMAT,
                         "a driver or boot-time program (native subsystem), which only "
                         "a Windows kernel can run");
    case IMAGE_SUBSYSTEM_EFI_APPLICATION:
    case IMAGE_SUBSYSTEM_EFI_BOOT_SERVICE_DRIVER:
    case IMAGE_SUBSYSTEM_EFI_RUNTIME_DRIVER:
    case IMAGE_SUBSYSTEM_EFI_ROM:
    case IMAGE_SUBSYSTEM_WINDOWS_BOOT_APPLICATION:
        return pe_refuse(pe, STATUS_INVALID_IMAGE_FORMAT, "a firmware program (EFI), not a Windows program");
    default:
        return pe_refuse(pe, STATUS_INVALID_IMAGE_FORMAT, "not a console or GUI program (subsystem %u)", subsystem);
    }
}

NTSTATUS pe_kind_check(enum pe_use use, struct pe *pe, const IMAGE_FILE_HEADER *header,
                       const IMAGE_OPTIONAL_HEADER64 *optional)
{
    const IMAGE_DATA_DIRECTORY *directories = optional->DataDirectory;
    bool dotnet = optional->NumberOfRvaAndSizes > IMAGE_DIRECTORY_ENTRY_COM_DESCRIPTOR &&
                  directories[IMAGE_DIRECTORY_ENTRY_COM_DESCRIPTOR].VirtualAddress;
    char text[16];

    if (!(header->Characteristics & IMAGE_FILE_EXECUTABLE_IMAGE))
        return pe_refuse(pe, STATUS_INVALID_IMAGE_FORMAT,
                         "damaged: its linker did not finish it (not marked executable)");
    if (use == PE_RESOURCE)
        return STATUS_SUCCESS;
    /* Before the machine: .NET programs are often marked i386 although they are for any machine. */
    if (dotnet && use == PE_PROGRAM)
        return pe_refuse(pe, STATUS_INVALID_IMAGE_WIN_32, "a .NET program (needs a .NET runtime, not native code)");
    if (header->Machine != IMAGE_FILE_MACHINE_AMD64)
        return pe_refuse(pe, STATUS_INVALID_IMAGE_WIN_32, "not a 64-bit Windows program (machine %s)",
                         machine_name(header->Machine, text));
    if (optional->Magic != IMAGE_NT_OPTIONAL_HDR64_MAGIC)
        return pe_refuse(pe, STATUS_INVALID_IMAGE_FORMAT, "damaged: x86-64 code with 32-bit headers");
    if (use == PE_LIBRARY)
        return STATUS_SUCCESS;
    NTSTATUS status = check_subsystem(pe, optional->Subsystem);
    if (!NT_SUCCESS(status))
        return status;
    if (header->Characteristics & IMAGE_FILE_DLL)
        return pe_refuse(pe, STATUS_INVALID_IMAGE_FORMAT, "a DLL, not a program");
    if (!optional->AddressOfEntryPoint)
        return pe_refuse(pe, STATUS_INVALID_IMAGE_FORMAT, "has no entry point, so there is nothing to run");
    return STATUS_SUCCESS;
}
