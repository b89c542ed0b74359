/* Debug information in an image: is it what the file holds, whoever touches it first and however? */
#include "check.h"

static char copy_path[MAX_PATH];

/* A fresh copy of this program, loaded as a library: its debug information has not been touched. */
static HMODULE load_copy(int number)
{
    char own[MAX_PATH];
    GetModuleFileNameA(NULL, own, sizeof own);
    GetTempPathA(sizeof copy_path - 40, copy_path);
    sprintf(copy_path + strlen(copy_path), "late%lu_%d.exe", GetCurrentProcessId(), number);
    CHECK(CopyFileA(own, copy_path, FALSE));
    HMODULE module = LoadLibraryExA(copy_path, NULL, 0);
    CHECK(module != NULL);
    return module;
}

static void drop_copy(HMODULE module)
{
    CHECK(FreeLibrary(module));
    CHECK(DeleteFileA(copy_path));
}

static const IMAGE_SECTION_HEADER *debug_section(HMODULE module, DWORD smallest)
{
    const IMAGE_NT_HEADERS *nt = (IMAGE_NT_HEADERS *)((char *)module + ((IMAGE_DOS_HEADER *)module)->e_lfanew);
    const IMAGE_SECTION_HEADER *section = IMAGE_FIRST_SECTION(nt);
    for (int i = 0; i < nt->FileHeader.NumberOfSections; i++, section++)
        if (section->Characteristics & IMAGE_SCN_MEM_DISCARDABLE && section->Name[0] == '/' &&
            section->Misc.VirtualSize >= smallest)
            return section;
    return NULL;
}

/* The first section of that size or more, as the file has it.  Freed by the caller. */
static char *file_contents(const IMAGE_SECTION_HEADER *section, DWORD *size)
{
    HANDLE file =
        CreateFileA(copy_path, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_DELETE, NULL, OPEN_EXISTING, 0, NULL);
    *size = section->Misc.VirtualSize < section->SizeOfRawData ? section->Misc.VirtualSize : section->SizeOfRawData;
    char *contents = malloc(*size);
    DWORD got = 0;
    SetFilePointer(file, section->PointerToRawData, NULL, FILE_BEGIN);
    CHECK(ReadFile(file, contents, *size, &got, NULL) && got == *size);
    CloseHandle(file);
    return contents;
}

static void test_read(void)
{
    HMODULE module = load_copy(1);
    const IMAGE_NT_HEADERS *nt = (IMAGE_NT_HEADERS *)((char *)module + ((IMAGE_DOS_HEADER *)module)->e_lfanew);
    const IMAGE_SECTION_HEADER *section = IMAGE_FIRST_SECTION(nt);
    int seen = 0;
    for (int i = 0; i < nt->FileHeader.NumberOfSections; i++, section++) {
        DWORD size;
        if (section->Name[0] != '/' || !(section->Characteristics & IMAGE_SCN_MEM_DISCARDABLE))
            continue;
        char *contents = file_contents(section, &size);
        CHECK(memcmp((char *)module + section->VirtualAddress, contents, size) == 0);
        free(contents);
        seen++;
    }
    CHECK(seen > 3);
    drop_copy(module);
}

static void test_query_and_protect(void)
{
    HMODULE module = load_copy(2);
    const IMAGE_SECTION_HEADER *section = debug_section(module, 0x8000);
    char *memory = (char *)module + section->VirtualAddress;
    MEMORY_BASIC_INFORMATION info;
    DWORD size, old = 0;
    char *contents = file_contents(section, &size);

    CHECK(VirtualQuery(memory, &info, sizeof info) == sizeof info);
    CHECK_EQ(info.State, MEM_COMMIT);
    CHECK_EQ(info.Type, MEM_IMAGE);
    CHECK_EQ(info.Protect, PAGE_READONLY);
    CHECK(info.AllocationBase == module);
    /* A change of protection must not leave the pages without their contents. */
    CHECK(VirtualProtect(memory, 0x1000, PAGE_READWRITE, &old));
    CHECK_EQ(old, PAGE_READONLY);
    memory[0] ^= 1;
    CHECK_EQ(memory[0], (char)(contents[0] ^ 1));
    CHECK(memcmp(memory + 1, contents + 1, size - 1) == 0);
    CHECK(VirtualQuery(memory + 0x1000, &info, sizeof info) && info.Protect == PAGE_READONLY);
    CHECK(VirtualProtect(memory, 0x1000, PAGE_NOACCESS, &old));
    CHECK(old == PAGE_READWRITE || old == PAGE_WRITECOPY); /* Wine says it is still shared with the file */
    CHECK(IsBadReadPtr(memory, 1));
    CHECK(!IsBadReadPtr(memory + 0x1000, 1));
    free(contents);
    drop_copy(module);
}

static void test_process_memory(void)
{
    HMODULE module = load_copy(3);
    const IMAGE_SECTION_HEADER *section = debug_section(module, 0x8000);
    DWORD size;
    char *contents = file_contents(section, &size), *got = calloc(1, size);
    SIZE_T done = 0;
    CHECK(ReadProcessMemory(GetCurrentProcess(), (char *)module + section->VirtualAddress, got, size, &done));
    CHECK_EQ(done, size);
    CHECK(memcmp(got, contents, size) == 0);
    free(got);
    free(contents);
    drop_copy(module);
}

static const char *raced;
static const char *expected;
static LONG right;
static HANDLE gate;

static DWORD WINAPI racer(void *offset)
{
    WaitForSingleObject(gate, INFINITE);
    if (raced[(size_t)offset] == expected[(size_t)offset])
        InterlockedIncrement(&right);
    return 0;
}

static void test_threads(void)
{
    HANDLE threads[8];
    for (int round = 4; round < 10; round++) {
        HMODULE module = load_copy(round);
        const IMAGE_SECTION_HEADER *section = debug_section(module, 0x8000);
        DWORD size;
        char *contents = file_contents(section, &size);
        raced = (char *)module + section->VirtualAddress;
        expected = contents;
        right = 0;
        gate = CreateEventA(NULL, TRUE, FALSE, NULL);
        for (size_t i = 0; i < 8; i++)
            threads[i] = CreateThread(NULL, 0, racer, (void *)(i * 0xf00), 0, NULL);
        SetEvent(gate);
        CHECK_EQ(WaitForMultipleObjects(8, threads, TRUE, 10000), WAIT_OBJECT_0);
        CHECK_EQ(right, 8);
        for (int i = 0; i < 8; i++)
            CloseHandle(threads[i]);
        CloseHandle(gate);
        free(contents);
        drop_copy(module);
    }
}

static void test_write_faults(void)
{
    HMODULE module = load_copy(10);
    const IMAGE_SECTION_HEADER *section = debug_section(module, 0x8000);
    char *memory = (char *)module + section->VirtualAddress;
    CHECK(IsBadWritePtr(memory, 1)); /* read-only, and the first touch is a write */
    CHECK(!IsBadReadPtr(memory, section->Misc.VirtualSize));
    drop_copy(module);
}

static void test_file_write(void)
{
    HMODULE module = load_copy(11);
    const IMAGE_SECTION_HEADER *section = debug_section(module, 0x8000);
    DWORD size, done = 0;
    char *contents = file_contents(section, &size), *back = calloc(1, size), path[MAX_PATH + 4];
    sprintf(path, "%s.out", copy_path);
    HANDLE file =
        CreateFileA(path, GENERIC_READ | GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, FILE_FLAG_DELETE_ON_CLOSE, NULL);
    CHECK(WriteFile(file, (char *)module + section->VirtualAddress, size, &done, NULL) && done == size);
    SetFilePointer(file, 0, NULL, FILE_BEGIN);
    CHECK(ReadFile(file, back, size, &done, NULL) && done == size && memcmp(back, contents, size) == 0);
    CloseHandle(file);
    free(back);
    free(contents);
    drop_copy(module);
}

int main(void)
{
    test_file_write();
    test_read();
    test_query_and_protect();
    test_process_memory();
    test_threads();
    test_write_faults();
    return check_done();
}
