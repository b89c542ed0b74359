/* Do damaged resource trees give errors, and never a crash, a hang, or bytes from outside? */
/* link: -lversion */
#include "check.h"

static unsigned char image[1 << 20], damaged[1 << 20];
static DWORD image_size, rsrc, rsrc_size;
static unsigned sum, state = 12345, listed;

static unsigned next_random(void)
{
    state = state * 1103515245u + 12345u;
    return state >> 8;
}

static void read_good(void)
{
    char path[MAX_PATH];
    GetModuleFileNameA(NULL, path, sizeof path);
    strcpy(strrchr(path, '\\') + 1, "loader_resource.dll");
    HANDLE file = CreateFileA(path, GENERIC_READ, FILE_SHARE_READ, NULL, OPEN_EXISTING, 0, NULL);
    CHECK(ReadFile(file, image, sizeof image, &image_size, NULL));
    CloseHandle(file);
    IMAGE_NT_HEADERS64 *nt = (IMAGE_NT_HEADERS64 *)(image + ((IMAGE_DOS_HEADER *)image)->e_lfanew);
    IMAGE_SECTION_HEADER *section = IMAGE_FIRST_SECTION(nt);
    for (int i = 0; i < nt->FileHeader.NumberOfSections; i++, section++)
        if (!memcmp(section->Name, ".rsrc", 5)) {
            rsrc = section->PointerToRawData;
            rsrc_size = section->SizeOfRawData;
        }
    CHECK(rsrc != 0);
}

static BOOL CALLBACK on_language(HMODULE module, const WCHAR *type, const WCHAR *name, WORD language,
                                 LONG_PTR parameter)
{
    (void)parameter;
    HRSRC found = FindResourceExW(module, type, name, language);
    DWORD size = found ? SizeofResource(module, found) : 0;
    unsigned char *data = found ? LoadResource(module, found) : NULL;
    if (data && size)
        sum += data[0] + data[size - 1]; /* both ends must be readable */
    return ++listed < 100000;
}

static BOOL CALLBACK on_name(HMODULE module, const WCHAR *type, WCHAR *name, LONG_PTR parameter)
{
    EnumResourceLanguagesW(module, type, name, on_language, parameter);
    return ++listed < 100000;
}

static BOOL CALLBACK on_type(HMODULE module, WCHAR *type, LONG_PTR parameter)
{
    EnumResourceNamesW(module, type, on_name, parameter);
    return ++listed < 100000;
}

static void write_damaged(void)
{
    DWORD written;
    HANDLE file = CreateFileA("damaged.dll", GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);
    WriteFile(file, damaged, image_size, &written, NULL);
    CloseHandle(file);
}

/* Everything that reads resources, over one damaged file.  Returns how many things were listed. */
static unsigned use_damaged(void)
{
    char block[4096];
    void *value;
    UINT size;
    listed = 0;
    write_damaged();
    HMODULE module = LoadLibraryExA("damaged.dll", NULL, LOAD_LIBRARY_AS_DATAFILE);
    if (module) {
        EnumResourceTypesW(module, on_type, 0);
        FindResourceA(module, "NAMED", (char *)RT_RCDATA);
        FreeLibrary(module);
    }
    if (GetFileVersionInfoSizeA("damaged.dll", NULL) <= sizeof block &&
        GetFileVersionInfoA("damaged.dll", 0, sizeof block, block)) {
        VerQueryValueW(block, L"\\StringFileInfo\\040904b0\\FileVersion", &value, &size);
        if (VerQueryValueW(block, L"\\VarFileInfo\\Translation", &value, &size) && size)
            sum += *(unsigned char *)value;
    }
    HANDLE update = BeginUpdateResourceA("damaged.dll", FALSE);
    if (update) {
        UpdateResourceA(update, "X", "Y", 0, "z", 1);
        EndUpdateResourceA(update, FALSE);
    }
    return listed;
}

static void test_random(void)
{
    for (int i = 0; i < 300; i++) {
        memcpy(damaged, image, image_size);
        for (unsigned n = 1 + next_random() % 8; n; n--)
            damaged[rsrc + next_random() % rsrc_size] = (unsigned char)next_random();
        CHECK(use_damaged() < 100000);
    }
}

static void put(DWORD offset, DWORD value)
{
    memcpy(damaged + rsrc + offset, &value, sizeof value);
}

/* A directory of `count` entries at the root, each pointing to `target`. */
static unsigned with_root(DWORD count, DWORD id, DWORD target)
{
    memcpy(damaged, image, image_size);
    put(12, count << 16);
    for (DWORD i = 0; i < count && 16 + 8 * i + 8 <= rsrc_size; i++) {
        put(16 + 8 * i, id + i);
        put(20 + 8 * i, target);
    }
    return use_damaged();
}

/* Trees that point into themselves have as many leaves as one likes: more than fit in the file are refused. */
static void test_cycles(void)
{
    CHECK(with_root(1, 1, 0x80000000u) < 100000);
    CHECK(with_root(100, 1, 0x80000000u) < 100000);
    CHECK(with_root(0xffff, 1, 0x80000000u) < 100000);
    CHECK(with_root(100, 0x80000000u, 0x80000000u) < 100000);
    CHECK_EQ(with_root(10, 1, 0xfffffffcu), 0);
    CHECK_EQ(with_root(10, 1, 0x7ffffff0u), 0);
    CHECK_EQ(with_root(10, 0xfffffff0u, 0x80000000u + 4), 0);
    CHECK_EQ(with_root(10, 1, 0x80000001u), 0);
}

int main(void)
{
    read_good();
    memcpy(damaged, image, image_size);
    CHECK(use_damaged() > 10);
    test_random();
    test_cycles();
    return check_done();
}
