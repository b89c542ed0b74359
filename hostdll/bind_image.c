/*
 * bind_image.c: the DLL of a binding as a PE image in memory, which the loader maps like any file.
 *
 * Four parts: headers, one stub per function, the stubs' trampolines (struct trampoline, at a fixed distance behind the
 * stubs, filled in once the image is mapped), and the export directory.  Everything is relative to the stub or the
 * image, so there is nothing to relocate.
 */
#include <glib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "bind.h"

#define PAGE 0x1000u
#define STUB_SIZE 16u
#define TIMESTAMP 0x65920080

struct image {
    struct bound_dll *dll;
    uint32_t stubs_size, exports;
    uint8_t *bytes;
    uint32_t size;
};

static uint32_t pages(size_t size)
{
    return (uint32_t)((size + PAGE - 1) / PAGE * PAGE);
}

static void add_section(struct image *image, IMAGE_NT_HEADERS64 *nt, const char *name, uint32_t at, uint32_t size,
                        uint32_t flags)
{
    IMAGE_SECTION_HEADER *section = IMAGE_FIRST_SECTION(nt) + nt->FileHeader.NumberOfSections++;
    memcpy(section->Name, name, strlen(name));
    section->Misc.VirtualSize = section->SizeOfRawData = size;
    section->VirtualAddress = section->PointerToRawData = at;
    section->Characteristics = flags;
    (void)image;
}

static void make_headers(struct image *image)
{
    IMAGE_DOS_HEADER *dos = (IMAGE_DOS_HEADER *)image->bytes;
    IMAGE_NT_HEADERS64 *nt = (IMAGE_NT_HEADERS64 *)(dos + 1);
    *dos = (IMAGE_DOS_HEADER){.e_magic = IMAGE_DOS_SIGNATURE, .e_lfanew = sizeof *dos};
    nt->Signature = IMAGE_NT_SIGNATURE;
    nt->FileHeader = (IMAGE_FILE_HEADER){.Machine = IMAGE_FILE_MACHINE_AMD64,
                                         .TimeDateStamp = TIMESTAMP,
                                         .SizeOfOptionalHeader = sizeof nt->OptionalHeader,
                                         .Characteristics = IMAGE_FILE_EXECUTABLE_IMAGE | IMAGE_FILE_DLL |
                                                            IMAGE_FILE_LARGE_ADDRESS_AWARE};
    nt->OptionalHeader = (IMAGE_OPTIONAL_HEADER64){
        .Magic = IMAGE_NT_OPTIONAL_HDR64_MAGIC,
        .SizeOfCode = image->stubs_size,
        .BaseOfCode = PAGE,
        .ImageBase = 0x180000000,
        .SectionAlignment = PAGE,
        .FileAlignment = PAGE,
        .MajorOperatingSystemVersion = 6,
        .MajorSubsystemVersion = 6,
        .SizeOfImage = image->size,
        .SizeOfHeaders = PAGE,
        .Subsystem = IMAGE_SUBSYSTEM_WINDOWS_CUI,
        .DllCharacteristics = IMAGE_DLLCHARACTERISTICS_DYNAMIC_BASE | IMAGE_DLLCHARACTERISTICS_NX_COMPAT,
        .NumberOfRvaAndSizes = IMAGE_NUMBEROF_DIRECTORY_ENTRIES,
    };
    nt->OptionalHeader.DataDirectory[IMAGE_DIRECTORY_ENTRY_EXPORT] =
        (IMAGE_DATA_DIRECTORY){image->exports, image->size - image->exports};
    add_section(image, nt, ".text", PAGE, image->stubs_size,
                IMAGE_SCN_CNT_CODE | IMAGE_SCN_MEM_EXECUTE | IMAGE_SCN_MEM_READ);
    add_section(image, nt, ".data", PAGE + image->stubs_size, image->stubs_size,
                IMAGE_SCN_CNT_INITIALIZED_DATA | IMAGE_SCN_MEM_READ | IMAGE_SCN_MEM_WRITE);
    add_section(image, nt, ".edata", image->exports, image->size - image->exports,
                IMAGE_SCN_CNT_INITIALIZED_DATA | IMAGE_SCN_MEM_READ);
}

/* lea distance(this stub), %r11; jmp *(%r11) */
static void make_stubs(struct image *image)
{
    for (unsigned i = 0; i < image->dll->count; i++) {
        struct bound_function *function = &image->dll->functions[i];
        uint32_t displacement = image->stubs_size - 7;
        function->stub = PAGE + i * STUB_SIZE;
        function->data = function->stub + image->stubs_size;
        uint8_t *stub = image->bytes + function->stub;
        memset(stub, 0xcc, STUB_SIZE);
        memcpy(stub, "\x4c\x8d\x1d", 3);
        memcpy(stub + 3, &displacement, sizeof displacement);
        memcpy(stub + 7, "\x41\xff\x23", 3);
    }
}

static int by_name(const void *a, const void *b)
{
    const struct bound_function *x = *(struct bound_function *const *)a, *y = *(struct bound_function *const *)b;
    return strcmp(x->name, y->name);
}

static uint32_t add_text(struct image *image, uint32_t *at, const char *text)
{
    uint32_t place = *at;
    memcpy(image->bytes + place, text, strlen(text) + 1);
    *at += (uint32_t)strlen(text) + 1;
    return place;
}

/* Functions in the order of their ordinals, from 1; names in their own order. */
static void make_exports(struct image *image, struct bound_function **sorted)
{
    unsigned count = image->dll->count, last = 0;
    for (unsigned i = 0; i < count; i++)
        last = sorted[i]->ordinal > last ? sorted[i]->ordinal : last;
    IMAGE_EXPORT_DIRECTORY *directory = (IMAGE_EXPORT_DIRECTORY *)(image->bytes + image->exports);
    uint32_t functions = image->exports + sizeof *directory, names = functions + 4 * last, ordinals = names + 4 * count;
    uint32_t text = ordinals + 2 * count;
    g_autofree char *own = g_strconcat(image->dll->name, ".dll", NULL);
    *directory = (IMAGE_EXPORT_DIRECTORY){.TimeDateStamp = TIMESTAMP,
                                          .Base = 1,
                                          .NumberOfFunctions = last,
                                          .NumberOfNames = count,
                                          .AddressOfFunctions = functions,
                                          .AddressOfNames = names,
                                          .AddressOfNameOrdinals = ordinals};
    directory->Name = add_text(image, &text, own);
    for (unsigned i = 0; i < count; i++) {
        const struct bound_function *function = sorted[i];
        ((uint32_t *)(image->bytes + functions))[function->ordinal - 1] = function->stub;
        ((uint32_t *)(image->bytes + names))[i] = add_text(image, &text, function->name);
        ((uint16_t *)(image->bytes + ordinals))[i] = (uint16_t)(function->ordinal - 1);
    }
}

/* Those without an ordinal come behind the largest that is given. */
static void assign_ordinals(struct bound_dll *dll)
{
    unsigned next = 1;
    for (unsigned i = 0; i < dll->count; i++)
        next = MAX(next, dll->functions[i].ordinal + 1);
    for (unsigned i = 0; i < dll->count; i++)
        if (!dll->functions[i].ordinal)
            dll->functions[i].ordinal = next++;
}

int bind_image(struct bound_dll *dll)
{
    struct image image = {.dll = dll, .stubs_size = pages(dll->count * STUB_SIZE)};
    size_t text = strlen(dll->name) + 5, last = 0;
    assign_ordinals(dll);
    g_autofree struct bound_function **sorted = g_new(struct bound_function *, dll->count + 1);
    for (unsigned i = 0; i < dll->count; i++) {
        sorted[i] = &dll->functions[i];
        text += strlen(sorted[i]->name) + 1;
        last = MAX(last, sorted[i]->ordinal);
    }
    qsort(sorted, dll->count, sizeof *sorted, by_name);
    image.exports = PAGE + 2 * image.stubs_size;
    image.size = image.exports + pages(sizeof(IMAGE_EXPORT_DIRECTORY) + 4 * last + 6 * (size_t)dll->count + text);
    image.bytes = g_malloc0(image.size);
    make_headers(&image);
    make_stubs(&image);
    make_exports(&image, sorted);
    int fd = memfd_create(dll->name, MFD_CLOEXEC);
    if (fd >= 0 && write(fd, image.bytes, image.size) != (ssize_t)image.size) {
        close(fd);
        fd = -1;
    }
    g_free(image.bytes);
    return fd;
}
