/* Does UpdateResource give a PE file new resources, and leave all else of it right? */
#include "check.h"

#define OVERLAY "what an installer appends to itself"
#define NEUTRAL MAKELANGID(LANG_NEUTRAL, SUBLANG_NEUTRAL)
#define ENGLISH MAKELANGID(LANG_ENGLISH, SUBLANG_ENGLISH_US)
#define GERMAN MAKELANGID(LANG_GERMAN, SUBLANG_GERMAN)

static const char target[] = "target.dll";
static unsigned char bytes[8 << 20];

static DWORD read_target(void)
{
    DWORD size = 0;
    HANDLE file = CreateFileA(target, GENERIC_READ, FILE_SHARE_READ, NULL, OPEN_EXISTING, 0, NULL);
    CHECK(ReadFile(file, bytes, sizeof bytes, &size, NULL));
    CloseHandle(file);
    return size;
}

static void append_overlay(void)
{
    DWORD written;
    HANDLE file = CreateFileA(target, FILE_APPEND_DATA, 0, NULL, OPEN_EXISTING, 0, NULL);
    CHECK(WriteFile(file, OVERLAY, sizeof OVERLAY, &written, NULL));
    CloseHandle(file);
}

/* A copy of a file in the directory of this program. */
static void make_target(const char *source)
{
    char path[MAX_PATH];
    GetModuleFileNameA(NULL, path, sizeof path);
    if (source)
        strcpy(strrchr(path, '\\') + 1, source);
    CHECK(CopyFileA(path, target, FALSE));
}

static IMAGE_NT_HEADERS64 *headers(void)
{
    return (IMAGE_NT_HEADERS64 *)(bytes + ((IMAGE_DOS_HEADER *)bytes)->e_lfanew);
}

/* The documented sum: words with carry, the field as zero, and the size. */
static DWORD checksum(DWORD size)
{
    DWORD stored = headers()->OptionalHeader.CheckSum;
    unsigned long long sum = 0;
    headers()->OptionalHeader.CheckSum = 0;
    for (DWORD i = 0; i < size; i += 2)
        sum += bytes[i] | (i + 1 < size ? bytes[i + 1] << 8 : 0);
    while (sum >> 16)
        sum = (sum & 0xffff) + (sum >> 16);
    headers()->OptionalHeader.CheckSum = stored;
    return (DWORD)sum + size;
}

/* Sections follow each other in memory and lie apart in the file; the headers agree with them. */
static void check_headers(int overlay)
{
    DWORD size = read_target(), next = 0, raw = 0;
    IMAGE_NT_HEADERS64 *nt = headers();
    IMAGE_SECTION_HEADER *section = IMAGE_FIRST_SECTION(nt);
    for (int i = 0; i < nt->FileHeader.NumberOfSections; i++, section++) {
        if (next)
            CHECK_EQ(section->VirtualAddress, next);
        next = (section->VirtualAddress + section->Misc.VirtualSize + 0xfff) & ~0xfffu;
        CHECK_EQ(section->PointerToRawData % nt->OptionalHeader.FileAlignment, 0);
        CHECK(!section->PointerToRawData || section->PointerToRawData >= raw);
        if (section->PointerToRawData)
            raw = section->PointerToRawData + section->SizeOfRawData;
        CHECK(section->PointerToRawData + section->SizeOfRawData <= size);
    }
    CHECK_EQ(nt->OptionalHeader.SizeOfImage, next);
    if (!check_under_wine()) /* which neither keeps what is appended nor computes the sum */
        CHECK_EQ(nt->OptionalHeader.CheckSum, checksum(size));
    if (overlay && !check_under_wine())
        CHECK(!memcmp(bytes + size - sizeof OVERLAY, OVERLAY, sizeof OVERLAY));
    if (nt->FileHeader.PointerToSymbolTable && !check_under_wine()) {
        DWORD strings = nt->FileHeader.PointerToSymbolTable + nt->FileHeader.NumberOfSymbols * 18;
        CHECK(strings + 4 <= size && *(DWORD *)(bytes + strings) <= size - strings);
        CHECK(!memcmp(bytes + nt->FileHeader.PointerToSymbolTable, ".file", 5));
    }
}

static int same(HMODULE module, const char *type, const char *name, WORD language, const void *data, DWORD size)
{
    HRSRC found = FindResourceExA(module, type, name, language);
    return found && SizeofResource(module, found) == size && !memcmp(LoadResource(module, found), data, size);
}

static void *filled(DWORD size)
{
    static unsigned char data[1 << 20];
    for (DWORD i = 0; i < size; i++)
        data[i] = (unsigned char)(i * 7 + size);
    return data;
}

static void check_contents(DWORD flags, DWORD big)
{
    HMODULE module = LoadLibraryExA(target, NULL, flags);
    CHECK(module != NULL);
    CHECK(same(module, "CUSTOM", MAKEINTRESOURCEA(7), NEUTRAL, "custom", 8) ||
          FindResourceA(module, MAKEINTRESOURCEA(7), "CUSTOM"));
    CHECK(same(module, (char *)RT_RCDATA, MAKEINTRESOURCEA(1), ENGLISH, "replaced", 8));
    if (!check_under_wine()) /* which takes any language */
        CHECK(!FindResourceExA(module, (char *)RT_RCDATA, MAKEINTRESOURCEA(1), GERMAN));
    CHECK(same(module, (char *)RT_RCDATA, MAKEINTRESOURCEA(2), NEUTRAL, "two", 3));
    CHECK(same(module, "ADDED", "NAME", GERMAN, "x", 1));
    CHECK(same(module, "added", "name", GERMAN, "x", 1));
    CHECK(same(module, (char *)RT_RCDATA, MAKEINTRESOURCEA(300), NEUTRAL, filled(big), big));
    CHECK(FindResourceA(module, MAKEINTRESOURCEA(1), (char *)RT_VERSION) != NULL);
    CHECK(FreeLibrary(module));
}

static void update(DWORD big)
{
    HANDLE handle = BeginUpdateResourceA(target, FALSE);
    CHECK(handle != NULL);
    CHECK(UpdateResourceA(handle, (char *)RT_RCDATA, MAKEINTRESOURCEA(1), ENGLISH, "replaced", 8));
    CHECK(UpdateResourceA(handle, (char *)RT_RCDATA, MAKEINTRESOURCEA(1), GERMAN, NULL, 0));
    CHECK(UpdateResourceA(handle, (char *)RT_RCDATA, "#2", NEUTRAL, "two", 3));
    CHECK(UpdateResourceA(handle, "added", "name", GERMAN, "x", 1));
    CHECK(UpdateResourceA(handle, (char *)RT_RCDATA, MAKEINTRESOURCEA(300), NEUTRAL, filled(big), big));
    CHECK(EndUpdateResourceA(handle, FALSE));
}

/* Small ones fit where the old ones were; large ones push the relocations on, or make a section of their own. */
static void test_sizes(void)
{
    static const DWORD sizes[] = {10, 5000, 100000, 1000000, 10};
    make_target("loader_resource.dll");
    append_overlay();
    for (int i = 0; i < 5; i++) {
        if (i)
            CHECK(GetFileAttributesA(target) != INVALID_FILE_ATTRIBUTES);
        HANDLE handle = i ? BeginUpdateResourceA(target, FALSE) : NULL;
        if (handle) { /* so that there is something to delete again */
            CHECK(UpdateResourceA(handle, (char *)RT_RCDATA, MAKEINTRESOURCEA(1), GERMAN, "wieder", 6));
            CHECK(EndUpdateResourceA(handle, FALSE));
        }
        update(sizes[i]);
        check_headers(1);
        check_contents(LOAD_LIBRARY_AS_DATAFILE, sizes[i]);
        check_contents(LOAD_LIBRARY_AS_IMAGE_RESOURCE, sizes[i]);
        check_contents(0, sizes[i]); /* with its code, relocated if its base is taken */
    }
}

/* A file without resources gets a section; its symbols move along. */
static void test_none(void)
{
    make_target(NULL);
    append_overlay();
    DWORD count = 0;
    read_target();
    count = headers()->FileHeader.NumberOfSections;
    HANDLE handle = BeginUpdateResourceA(target, FALSE);
    CHECK(handle != NULL);
    CHECK(UpdateResourceW(handle, (WCHAR *)RT_RCDATA, L"ONE", NEUTRAL, (void *)"1", 1));
    CHECK(EndUpdateResourceW(handle, FALSE));
    check_headers(1);
    CHECK(headers()->FileHeader.NumberOfSections >= count);
    HMODULE module = LoadLibraryExA(target, NULL, LOAD_LIBRARY_AS_DATAFILE);
    CHECK(same(module, (char *)RT_RCDATA, "ONE", NEUTRAL, "1", 1));
    CHECK(FreeLibrary(module));
    handle = BeginUpdateResourceW(L"target.dll", TRUE); /* all of its own go */
    CHECK(EndUpdateResourceW(handle, FALSE));
    check_headers(1);
    module = LoadLibraryExA(target, NULL, LOAD_LIBRARY_AS_DATAFILE);
    CHECK(module != NULL);
    CHECK(!FindResourceA(module, "ONE", (char *)RT_RCDATA));
    CHECK(FreeLibrary(module));
}

static void test_discard(void)
{
    make_target("loader_resource.dll");
    DWORD size = read_target();
    static unsigned char before[1 << 20];
    memcpy(before, bytes, size);
    HANDLE handle = BeginUpdateResourceA(target, FALSE);
    CHECK(UpdateResourceA(handle, (char *)RT_RCDATA, MAKEINTRESOURCEA(300), NEUTRAL, filled(9000), 9000));
    CHECK(EndUpdateResourceA(handle, TRUE));
    CHECK_EQ(read_target(), size);
    CHECK(!memcmp(before, bytes, size));
}

static void test_errors(void)
{
    DWORD written;
    HANDLE file = CreateFileA("text.exe", GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);
    CHECK(WriteFile(file, "just text", 9, &written, NULL));
    CloseHandle(file);
    HANDLE handle = BeginUpdateResourceA("text.exe", FALSE);
    CHECK(!handle);
    CHECK_EQ(GetFileAttributesA("text.exe") == INVALID_FILE_ATTRIBUTES, 0);
    if (check_under_wine()) /* crashes for some of what follows */
        return;
    CHECK_ERROR(BeginUpdateResourceA("no_such.exe", FALSE), ERROR_FILE_NOT_FOUND);
    CHECK_ERROR(BeginUpdateResourceA("text.exe", FALSE), ERROR_BAD_EXE_FORMAT);
    CHECK_ERROR(BeginUpdateResourceA(NULL, FALSE), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(EndUpdateResourceA(NULL, FALSE), ERROR_INVALID_HANDLE);
    CHECK_ERROR(UpdateResourceA(NULL, "A", "B", 0, "c", 1), ERROR_INVALID_HANDLE);
    make_target("loader_resource.dll");
    handle = BeginUpdateResourceA(target, FALSE);
    CHECK_ERROR(UpdateResourceA(handle, "NONE", "NONE", 0, NULL, 0), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(UpdateResourceA(handle, "A", "B", 0, NULL, 5), ERROR_INVALID_PARAMETER);
    CHECK(EndUpdateResourceA(handle, TRUE));
    CHECK(SetFileAttributesA(target, FILE_ATTRIBUTE_READONLY));
    CHECK_ERROR(BeginUpdateResourceA(target, FALSE), ERROR_ACCESS_DENIED);
    CHECK(SetFileAttributesA(target, FILE_ATTRIBUTE_NORMAL));
}

int main(void)
{
    test_sizes();
    test_none();
    test_discard();
    test_errors();
    return check_done();
}
