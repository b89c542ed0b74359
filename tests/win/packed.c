/*
 * Does a packed program run?  One is made here with the shape that packers give: a section without bytes in the file,
 * one with code and compressed bytes that fills it, imports of two functions only, TLS that comes before anything is
 * there.
 */
#include "check.h"

#define STUB __attribute__((section(".stub$b"), noinline, used))
#define PAGE 0x1000u

/* What the stub is told; lies right before its code. */
struct job {
    DWORD self, payload, target, imports, entry, tls_index, tls_callbacks, load_library, get_procedure, unpacked;
    DWORD padding[2];
};

__attribute__((section(".stub$a"), used)) static struct job job = {1}; /* filled in in the copy */

STUB static char *stub_base(void)
{
    return (char *)&job - job.self;
}

/* literal count, bytes, zero count, ... until both are 0 */
STUB static void stub_unpack(const unsigned char *from, volatile unsigned char *to)
{
    for (;;) {
        unsigned literals = from[0] | from[1] << 8;
        unsigned zeros = from[2] | from[3] << 8;
        from += 4;
        if (!literals && !zeros)
            return;
        while (literals--)
            *to++ = *from++;
        while (zeros--)
            *to++ = 0;
    }
}

STUB static void stub_import(char *base)
{
    HMODULE(WINAPI * load)(const char *) = *(void **)(base + job.load_library);
    FARPROC(WINAPI * find)(HMODULE, const char *) = *(void **)(base + job.get_procedure);
    for (IMAGE_IMPORT_DESCRIPTOR *import = (void *)(base + job.imports); import->Name; import++) {
        HMODULE module = load(base + import->Name);
        DWORD names = import->OriginalFirstThunk ? import->OriginalFirstThunk : import->FirstThunk;
        ULONG_PTR *name = (void *)(base + names), *slot = (void *)(base + import->FirstThunk);
        for (; *name; name++, slot++)
            *slot = (ULONG_PTR)find(module, *name >> 63 ? (char *)(*name & 0xffff) : base + *name + 2);
    }
}

STUB static void stub_callbacks(DWORD reason)
{
    char *base = stub_base();
    PIMAGE_TLS_CALLBACK *callback = (void *)(base + job.tls_callbacks);
    for (; job.tls_callbacks && *callback; callback++)
        (*callback)(base, reason, NULL);
}

/* The program's own callbacks are not there yet when the loader calls for the first time. */
STUB static void NTAPI stub_tls(void *module, DWORD reason, void *reserved)
{
    (void)module, (void)reserved;
    if (job.unpacked)
        stub_callbacks(reason);
}

STUB static DWORD WINAPI stub_entry(void *parameter)
{
    char *base = stub_base();
    DWORD index = *(DWORD *)(base + job.tls_index); /* written by the loader where the program will have it */
    stub_unpack((unsigned char *)base + job.payload, (unsigned char *)base + job.target);
    *(DWORD *)(base + job.tls_index) = index;
    stub_import(base);
    job.unpacked = 1;
    stub_callbacks(DLL_PROCESS_ATTACH);
    return ((DWORD(WINAPI *)(void *))(base + job.entry))(parameter);
}

static unsigned char file[4 << 20], image[4 << 20], packed[4 << 20];

static DWORD up(DWORD value, DWORD unit)
{
    return (value + unit - 1) / unit * unit;
}

static IMAGE_NT_HEADERS64 *nt_of(unsigned char *bytes)
{
    return (IMAGE_NT_HEADERS64 *)(bytes + ((IMAGE_DOS_HEADER *)bytes)->e_lfanew);
}

/* The program as it lies in memory. */
static DWORD lay_out(const char *path)
{
    DWORD size = 0;
    HANDLE handle = CreateFileA(path, GENERIC_READ, FILE_SHARE_READ, NULL, OPEN_EXISTING, 0, NULL);
    CHECK(ReadFile(handle, file, sizeof file, &size, NULL) && size > PAGE);
    CloseHandle(handle);
    IMAGE_NT_HEADERS64 *nt = nt_of(file);
    IMAGE_SECTION_HEADER *section = IMAGE_FIRST_SECTION(nt);
    memset(image, 0, sizeof image);
    memcpy(image, file, PAGE);
    for (int i = 0; i < nt->FileHeader.NumberOfSections; i++) {
        DWORD part = section[i].SizeOfRawData;
        if (part > section[i].Misc.VirtualSize)
            part = section[i].Misc.VirtualSize;
        if (section[i].PointerToRawData)
            memcpy(image + section[i].VirtualAddress, file + section[i].PointerToRawData, part);
    }
    return nt->OptionalHeader.SizeOfImage;
}

static unsigned char *compress(unsigned char *out, DWORD from, DWORD end)
{
    while (from < end) {
        DWORD literals = 0, zeros = 0;
        while (from + literals < end && literals < 0xffff &&
               (end - from - literals < 4 || memcmp(image + from + literals, "\0\0\0", 4)))
            literals++;
        while (from + literals + zeros < end && zeros < 0xffff && !image[from + literals + zeros])
            zeros++;
        out[0] = (unsigned char)literals, out[1] = (unsigned char)(literals >> 8);
        out[2] = (unsigned char)zeros, out[3] = (unsigned char)(zeros >> 8);
        memcpy(out + 4, image + from, literals);
        out += 4 + literals;
        from += literals + zeros;
    }
    memset(out, 0, 4);
    return out + 4;
}

static const IMAGE_SECTION_HEADER *own_section(const char *name)
{
    IMAGE_SECTION_HEADER *section = IMAGE_FIRST_SECTION(nt_of((unsigned char *)GetModuleHandleA(NULL)));
    while (strncmp((char *)section->Name, name, sizeof section->Name))
        section++;
    return section;
}

/* The linker makes one section of the stub's data and its code. */
static const unsigned char *find_stub(DWORD *rva, DWORD *size)
{
    const IMAGE_SECTION_HEADER *section = own_section(".stub");
    *rva = section->VirtualAddress;
    *size = section->Misc.VirtualSize;
    return (unsigned char *)GetModuleHandleA(NULL) + *rva;
}

static void set_section(IMAGE_SECTION_HEADER *section, const char *name, DWORD rva, DWORD size, DWORD raw,
                        DWORD raw_size)
{
    memset(section, 0, sizeof *section);
    strncpy((char *)section->Name, name, sizeof section->Name);
    section->VirtualAddress = rva;
    section->Misc.VirtualSize = size;
    section->PointerToRawData = raw_size ? raw : 0;
    section->SizeOfRawData = raw_size;
    section->Characteristics = IMAGE_SCN_MEM_READ | IMAGE_SCN_MEM_WRITE | IMAGE_SCN_MEM_EXECUTE |
                               (raw_size ? IMAGE_SCN_CNT_INITIALIZED_DATA : IMAGE_SCN_CNT_UNINITIALIZED_DATA);
}

/* The third section: imports and TLS.  All addresses in it are rvas from `rva`, which it will have. */
struct tail {
    IMAGE_IMPORT_DESCRIPTOR imports[2];
    ULONG_PTR names[3], slots[3];
    char dll[16], load[2 + 14], find[2 + 16];
    IMAGE_TLS_DIRECTORY64 tls __attribute__((aligned(8)));
    ULONG_PTR callbacks[2];
    unsigned char template[4096];
};

static void fill_tail(struct tail *tail, DWORD rva, DWORD stub_tls_rva)
{
    IMAGE_NT_HEADERS64 *nt = nt_of(image);
    ULONG_PTR base = nt->OptionalHeader.ImageBase;
    IMAGE_TLS_DIRECTORY64 *own =
        (void *)(image + nt->OptionalHeader.DataDirectory[IMAGE_DIRECTORY_ENTRY_TLS].VirtualAddress);
    strcpy(tail->dll, "KERNEL32.DLL");
    strcpy(tail->load + 2, "LoadLibraryA");
    strcpy(tail->find + 2, "GetProcAddress");
    tail->names[0] = tail->slots[0] = rva + offsetof(struct tail, load);
    tail->names[1] = tail->slots[1] = rva + offsetof(struct tail, find);
    tail->imports[0].OriginalFirstThunk = rva + offsetof(struct tail, names);
    tail->imports[0].FirstThunk = rva + offsetof(struct tail, slots);
    tail->imports[0].Name = rva + offsetof(struct tail, dll);
    DWORD size = (DWORD)(own->EndAddressOfRawData - own->StartAddressOfRawData);
    CHECK(size <= sizeof tail->template);
    memcpy(tail->template, image + (own->StartAddressOfRawData - base), size);
    tail->tls = *own;
    tail->tls.StartAddressOfRawData = base + rva + offsetof(struct tail, template);
    tail->tls.EndAddressOfRawData = tail->tls.StartAddressOfRawData + size;
    tail->tls.AddressOfCallBacks = base + rva + offsetof(struct tail, callbacks);
    tail->callbacks[0] = base + stub_tls_rva;
}

/* Packs the program at `path` into packed.exe. */
static void pack(const char *path)
{
    DWORD image_size = lay_out(path), stub_rva, stub_size;
    const unsigned char *stub = find_stub(&stub_rva, &stub_size);
    unsigned char *own = (unsigned char *)GetModuleHandleA(NULL);
    memcpy(packed, image, PAGE);
    IMAGE_NT_HEADERS64 *nt = nt_of(packed);
    ULONG_PTR base = nt->OptionalHeader.ImageBase;
    IMAGE_TLS_DIRECTORY64 *tls =
        (void *)(image + nt->OptionalHeader.DataDirectory[IMAGE_DIRECTORY_ENTRY_TLS].VirtualAddress);

    DWORD code_rva = up(image_size, PAGE), at = PAGE; /* of the file */
    memcpy(packed + at, stub, stub_size);
    DWORD code_size = (DWORD)(compress(packed + at + stub_size, PAGE, image_size) - (packed + at));
    DWORD tail_rva = up(code_rva + code_size, PAGE), tail_at = up(at + code_size, 512);
    struct job *told = (struct job *)(packed + at + ((unsigned char *)&job - stub));
    DWORD shift = code_rva - stub_rva; /* from this program's rvas to the packed one's */
    *told = (struct job){.self = (DWORD)((unsigned char *)&job - own) + shift,
                         .payload = code_rva + stub_size,
                         .target = PAGE,
                         .imports = nt->OptionalHeader.DataDirectory[IMAGE_DIRECTORY_ENTRY_IMPORT].VirtualAddress,
                         .entry = nt->OptionalHeader.AddressOfEntryPoint,
                         .tls_index = (DWORD)(tls->AddressOfIndex - base),
                         .tls_callbacks = (DWORD)(tls->AddressOfCallBacks - base),
                         .load_library = tail_rva + (DWORD)offsetof(struct tail, slots),
                         .get_procedure = tail_rva + (DWORD)offsetof(struct tail, slots) + 8};
    fill_tail((struct tail *)(packed + tail_at), tail_rva, (DWORD)((unsigned char *)stub_tls - own) + shift);

    IMAGE_SECTION_HEADER *section = IMAGE_FIRST_SECTION(nt);
    nt->FileHeader.NumberOfSections = 3;
    set_section(&section[0], "UPX0", PAGE, code_rva - PAGE, 0, 0);
    set_section(&section[1], "UPX1", code_rva, code_size, at, tail_at - at);
    set_section(&section[2], ".rsrc", tail_rva, sizeof(struct tail), tail_at, up(sizeof(struct tail), 512));
    nt->FileHeader.Characteristics |= IMAGE_FILE_RELOCS_STRIPPED;
    nt->FileHeader.PointerToSymbolTable = nt->FileHeader.NumberOfSymbols = 0;
    nt->OptionalHeader.DllCharacteristics = 0;
    nt->OptionalHeader.SectionAlignment = PAGE;
    nt->OptionalHeader.FileAlignment = 512;
    nt->OptionalHeader.SizeOfHeaders = PAGE;
    nt->OptionalHeader.AddressOfEntryPoint = (DWORD)((unsigned char *)stub_entry - own) + shift;
    nt->OptionalHeader.SizeOfImage = up(tail_rva + sizeof(struct tail), PAGE);
    IMAGE_DATA_DIRECTORY exceptions = nt->OptionalHeader.DataDirectory[IMAGE_DIRECTORY_ENTRY_EXCEPTION];
    memset(nt->OptionalHeader.DataDirectory, 0, sizeof nt->OptionalHeader.DataDirectory);
    nt->OptionalHeader.DataDirectory[IMAGE_DIRECTORY_ENTRY_EXCEPTION] = exceptions;
    nt->OptionalHeader.DataDirectory[IMAGE_DIRECTORY_ENTRY_IMPORT] =
        (IMAGE_DATA_DIRECTORY){tail_rva, sizeof(IMAGE_IMPORT_DESCRIPTOR) * 2};
    nt->OptionalHeader.DataDirectory[IMAGE_DIRECTORY_ENTRY_TLS] =
        (IMAGE_DATA_DIRECTORY){tail_rva + offsetof(struct tail, tls), sizeof(IMAGE_TLS_DIRECTORY64)};

    DWORD written, size = tail_at + up(sizeof(struct tail), 512);
    HANDLE handle = CreateFileA("packed.exe", GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);
    CHECK(WriteFile(handle, packed, size, &written, NULL) && written == size);
    CHECK(WriteFile(handle, "what is appended", 16, &written, NULL)); /* an overlay does not matter */
    CloseHandle(handle);
}

/* Runs a program with its output into a file; its exit code, and the output in `text`. */
static DWORD run(const char *program, const char *arguments, char *text, DWORD room)
{
    char line[1024];
    DWORD code = 0xffff, size = 0;
    SECURITY_ATTRIBUTES inherit = {sizeof inherit, NULL, TRUE};
    HANDLE output = CreateFileA("output", GENERIC_READ | GENERIC_WRITE, 0, &inherit, CREATE_ALWAYS, 0, NULL);
    STARTUPINFOA start = {
        .cb = sizeof start, .dwFlags = STARTF_USESTDHANDLES, .hStdOutput = output, .hStdError = output};
    PROCESS_INFORMATION process;
    snprintf(line, sizeof line, "\"%s\" %s", program, arguments);
    CHECK(CreateProcessA(program, line, NULL, NULL, TRUE, 0, NULL, NULL, &start, &process));
    CHECK_EQ(WaitForSingleObject(process.hProcess, 20000), WAIT_OBJECT_0);
    CHECK(GetExitCodeProcess(process.hProcess, &code));
    CloseHandle(process.hThread);
    CloseHandle(process.hProcess);
    SetFilePointer(output, 0, NULL, FILE_BEGIN);
    CHECK(ReadFile(output, text, room - 1, &size, NULL));
    text[size] = 0;
    CloseHandle(output);
    return code;
}

static void test_program(const char *name, const char *arguments)
{
    static char plain[65536], from_packed[65536];
    char path[MAX_PATH];
    GetModuleFileNameA(NULL, path, sizeof path);
    strcpy(strrchr(path, '\\') + 1, name);
    pack(path);
    DWORD expected = run(path, arguments, plain, sizeof plain);
    CHECK_EQ(run("packed.exe", arguments, from_packed, sizeof from_packed), expected);
    CHECK_STR(from_packed, plain);
    CHECK(*plain != 0);
}

int main(void)
{
    test_program("thread_storage.exe", ""); /* TLS of threads, callbacks */
    test_program("exception_faults.exe", "");
    test_program("exception_cxx.exe", ""); /* unwinding through what was unpacked */
    return check_done();
}
