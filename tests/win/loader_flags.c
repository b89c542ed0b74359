/* Do LoadLibraryEx's flags do what they say: data files, no DllMain, where DLLs are searched for? */
#include "loader_log.h"

static char beside[MAX_PATH]; /* the directory of the program and of its DLLs, with a separator */
static char here[MAX_PATH];   /* the current directory, with a separator */

static void find_directories(void)
{
    GetModuleFileNameA(NULL, beside, sizeof beside);
    strrchr(beside, '\\')[1] = 0;
    GetCurrentDirectoryA(sizeof here - 1, here);
    strcat(here, "\\");
}

static const char *in(const char *directory, const char *name)
{
    static char path[2 * MAX_PATH];
    snprintf(path, sizeof path, "%s%s", directory, name);
    return path;
}

static void test_bad_arguments(void)
{
    CHECK_ERROR(LoadLibraryA("no_such_module"), ERROR_MOD_NOT_FOUND);
    CHECK_ERROR(LoadLibraryA("no_such_module.dll"), ERROR_MOD_NOT_FOUND);
    CHECK_ERROR(LoadLibraryA(in(beside, "no_such_module.dll")), ERROR_MOD_NOT_FOUND);
    CHECK_ERROR(LoadLibraryA("Z:\\no\\such\\directory\\x.dll"), ERROR_MOD_NOT_FOUND);
    CHECK_ERROR(LoadLibraryExW(NULL, NULL, 0), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(FreeLibrary(NULL), ERROR_INVALID_HANDLE);
    CHECK(!FreeLibrary((HMODULE)0x10000));
}

static void test_names(void)
{
    static const char *const names[] = {"loader_plain", "LOADER_PLAIN.DLL", "Loader_Plain.dll", "loader_plain.dll "};
    for (int i = 0; i < 4; i++) {
        HMODULE plain = LoadLibraryA(names[i]);
        CHECK(plain != NULL);
        CHECK(FreeLibrary(plain));
        CHECK_LOG("plain+ plain-");
    }
    CHECK(!LoadLibraryA("loader_plain.")); /* a dot at the end: the name has no extension */
    CHECK(CopyFileA(in(beside, "loader_plain.dll"), "noextension", FALSE));
    HMODULE bare = LoadLibraryA(in(here, "noextension."));
    CHECK(bare != NULL);
    CHECK(FreeLibrary(bare));
    CHECK_LOG("plain+ plain-");
    HMODULE forward = LoadLibraryA(".//noextension.");
    CHECK(forward != NULL);
    CHECK(FreeLibrary(forward));
    CHECK_LOG("plain+ plain-");
}

/* A data file has no code running and no entry among the modules, but resources and headers can be read. */
static void test_data_file(DWORD flags, ULONG_PTR mark)
{
    HMODULE data = LoadLibraryExA("loader_leaf.dll", NULL, flags);
    CHECK(data != NULL);
    CHECK_EQ((ULONG_PTR)data & 3, mark);
    const IMAGE_DOS_HEADER *header = (const IMAGE_DOS_HEADER *)((ULONG_PTR)data & ~(ULONG_PTR)3);
    CHECK_EQ(header->e_magic, IMAGE_DOS_SIGNATURE);
    CHECK(!GetModuleHandleA("loader_leaf.dll"));
    CHECK(!GetProcAddress(data, "leaf_value"));
    CHECK(FreeLibrary(data));
    CHECK(!FreeLibrary(data));
    CHECK_LOG("");
}

static void test_no_references(void)
{
    HMODULE middle = LoadLibraryExA("loader_middle.dll", NULL, DONT_RESOLVE_DLL_REFERENCES);
    CHECK(middle != NULL);
    CHECK_LOG("");
    CHECK(!GetModuleHandleA("loader_leaf.dll"));
    CHECK(GetModuleHandleA("loader_middle.dll") == middle);
    CHECK(GetProcAddress(middle, "middle_value") != NULL);
    CHECK(LoadLibraryA("loader_middle.dll") == middle);
    CHECK_LOG("");
    CHECK(FreeLibrary(middle));
    CHECK(FreeLibrary(middle));
    CHECK_LOG("");
    CHECK(!GetModuleHandleA("loader_middle.dll"));
}

/* A DLL that lies in a directory of its own, not beside the program. */
static void test_directories(void)
{
    CHECK(CreateDirectoryA("apart", NULL) || GetLastError() == ERROR_ALREADY_EXISTS);
    CHECK(CopyFileA(in(beside, "loader_plain.dll"), "apart\\apart.dll", FALSE));
    char directory[MAX_PATH];
    strcpy(directory, in(here, "apart"));

    CHECK_ERROR(LoadLibraryA("apart.dll"), ERROR_MOD_NOT_FOUND);
    CHECK(SetDllDirectoryA(directory));
    char got[MAX_PATH] = "";
    CHECK_EQ(GetDllDirectoryA(sizeof got, got), strlen(directory));
    CHECK_STR(got, directory);
    HMODULE apart = LoadLibraryA("apart.dll");
    CHECK(apart != NULL);
    CHECK(FreeLibrary(apart));
    CHECK_ERROR(LoadLibraryExA("apart.dll", NULL, LOAD_LIBRARY_SEARCH_APPLICATION_DIR), ERROR_MOD_NOT_FOUND);
    CHECK(SetDllDirectoryA(NULL));
    CHECK_ERROR(LoadLibraryA("apart.dll"), ERROR_MOD_NOT_FOUND);
    CHECK_LOG("plain+ plain-");

    WCHAR wide[MAX_PATH];
    MultiByteToWideChar(CP_ACP, 0, directory, -1, wide, MAX_PATH);
    DLL_DIRECTORY_COOKIE cookie = AddDllDirectory(wide);
    CHECK(cookie != NULL);
    CHECK_ERROR(LoadLibraryA("apart.dll"), ERROR_MOD_NOT_FOUND); /* the flag is needed */
    apart = LoadLibraryExA("apart.dll", NULL, LOAD_LIBRARY_SEARCH_USER_DIRS);
    CHECK(apart != NULL);
    CHECK(FreeLibrary(apart));
    apart = LoadLibraryExA("apart.dll", NULL, LOAD_LIBRARY_SEARCH_DEFAULT_DIRS);
    CHECK(apart != NULL);
    CHECK(FreeLibrary(apart));
    CHECK(RemoveDllDirectory(cookie));
    CHECK(!LoadLibraryExA("apart.dll", NULL, LOAD_LIBRARY_SEARCH_DEFAULT_DIRS));
    CHECK_ERROR(AddDllDirectory(L"relative"), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(AddDllDirectory(L"C:\\no_such_directory"), ERROR_FILE_NOT_FOUND);
    CHECK_LOG("plain+ plain- plain+ plain-");
}

/* What a DLL needs is looked for beside it only if the flags say so. */
static void test_altered_path(void)
{
    CHECK(CopyFileA(in(beside, "loader_ring_a.dll"), "apart\\loader_ring_a.dll", FALSE));
    CHECK(CopyFileA(in(beside, "loader_plain.dll"), "apart\\loader_ring_b.dll", FALSE)); /* lacks what is needed */
    HMODULE ring = LoadLibraryA(in(here, "apart\\loader_ring_a.dll"));
    CHECK(ring != NULL); /* found its partner beside the program */
    CHECK(FreeLibrary(ring));
    CHECK_LOG("ring_b+ ring_a+ ring_a- ring_b-");
    CHECK(CopyFileA(in(beside, "loader_ring_b.dll"), "apart\\loader_ring_b.dll", FALSE));
    DWORD flags[] = {LOAD_WITH_ALTERED_SEARCH_PATH, LOAD_LIBRARY_SEARCH_DLL_LOAD_DIR | LOAD_LIBRARY_SEARCH_SYSTEM32};
    for (int i = 0; i < 2; i++) {
        char path[MAX_PATH] = "";
        ring = LoadLibraryExA(in(here, "apart\\loader_ring_a.dll"), NULL, flags[i]);
        CHECK(ring != NULL);
        CHECK(GetModuleFileNameA(GetModuleHandleA("loader_ring_b"), path, sizeof path) != 0);
        CHECK(!lstrcmpiA(path, in(here, "apart\\loader_ring_b.dll")));
        CHECK(FreeLibrary(ring));
        CHECK_LOG("ring_b+ ring_a+ ring_a- ring_b-");
    }
}

static void test_system(void)
{
    HMODULE kernel32 = GetModuleHandleA("kernel32.dll");
    CHECK(LoadLibraryA("kernel32") == kernel32);
    CHECK(LoadLibraryA("C:\\Windows\\System32\\KERNEL32.dll") == kernel32);
    CHECK(LoadLibraryExA("kernel32.dll", NULL, LOAD_LIBRARY_SEARCH_SYSTEM32) == kernel32);
    CHECK(FreeLibrary(kernel32) && FreeLibrary(kernel32) && FreeLibrary(kernel32) && FreeLibrary(kernel32));
    CHECK(GetModuleHandleA("kernel32.dll") == kernel32);
    CHECK_ERROR(LoadLibraryExA("loader_plain.dll", NULL, LOAD_LIBRARY_SEARCH_SYSTEM32), ERROR_MOD_NOT_FOUND);
    HMODULE set = LoadLibraryA("api-ms-win-core-synch-l1-2-0.dll");
    CHECK(set && GetProcAddress(set, "WaitOnAddress"));
    CHECK(GetProcAddress(set, "SleepConditionVariableSRW") != NULL);
    CHECK_ERROR(LoadLibraryA("api-ms-win-no-such-set-l1-1-0.dll"), ERROR_MOD_NOT_FOUND);
    HMODULE crt = LoadLibraryA("api-ms-win-crt-heap-l1-1-0.dll");
    CHECK(crt && GetProcAddress(crt, "malloc"));
    CHECK(FreeLibrary(set));
    CHECK(FreeLibrary(crt));
}

int main(void)
{
    find_directories();
    test_bad_arguments();
    test_names();
    test_data_file(LOAD_LIBRARY_AS_DATAFILE, 1);
    test_data_file(LOAD_LIBRARY_AS_IMAGE_RESOURCE, 2);
    test_no_references();
    test_directories();
    test_altered_path();
    test_system();
    return check_done();
}
