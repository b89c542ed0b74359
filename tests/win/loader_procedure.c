/* Which exports does GetProcAddress find: by name, by number, through forwarders; and what does it say of others? */
#include "loader_log.h"

typedef int (*function)(void);

static void test_names(HMODULE leaf)
{
    function value = (function)GetProcAddress(leaf, "leaf_value");
    int *data = (int *)GetProcAddress(leaf, "leaf_data");
    CHECK(value && value() == 7);
    CHECK(data && *data == 7);
    *data = 8;
    CHECK_EQ(value(), 8);
    *data = 7;
    CHECK_ERROR(GetProcAddress(leaf, "Leaf_Value"), ERROR_PROC_NOT_FOUND);
    CHECK_ERROR(GetProcAddress(leaf, "leaf_unnamed"), ERROR_PROC_NOT_FOUND);
    CHECK_ERROR(GetProcAddress(leaf, "leaf_valu"), ERROR_PROC_NOT_FOUND);
    CHECK_ERROR(GetProcAddress(leaf, "leaf_values"), ERROR_PROC_NOT_FOUND);
    CHECK_ERROR(GetProcAddress(leaf, "zzz"), ERROR_PROC_NOT_FOUND);
    CHECK_ERROR(GetProcAddress(leaf, "AAA"), ERROR_PROC_NOT_FOUND);
}

static void test_numbers(HMODULE leaf)
{
    function value = (function)GetProcAddress(leaf, (char *)3), unnamed = (function)GetProcAddress(leaf, (char *)9);
    CHECK(value == (function)GetProcAddress(leaf, "leaf_value"));
    CHECK(unnamed && unnamed() == 70);
    CHECK_ERROR(GetProcAddress(leaf, (char *)1), ERROR_PROC_NOT_FOUND); /* below the first */
    CHECK_ERROR(GetProcAddress(leaf, (char *)4), ERROR_PROC_NOT_FOUND); /* a hole */
    CHECK_ERROR(GetProcAddress(leaf, (char *)1000), ERROR_PROC_NOT_FOUND);
    CHECK_ERROR(GetProcAddress(leaf, (char *)0xffff), ERROR_PROC_NOT_FOUND);
}

static void test_forwarders(HMODULE leaf)
{
    CHECK(GetProcAddress(leaf, "leaf_system") ==
          GetProcAddress(GetModuleHandleA("kernel32.dll"), "GetCurrentProcessId"));
    CHECK(GetProcAddress(leaf, "leaf_system") == GetProcAddress(leaf, (char *)11));
    CHECK(!GetModuleHandleA("loader_middle.dll"));
    CHECK_LOG("leaf+");
    function other = (function)GetProcAddress(leaf, "leaf_other");
    CHECK(other && other() == 70);
    CHECK_LOG("middle+"); /* brought in by the forwarder */
    CHECK(GetModuleHandleA("loader_middle.dll") != NULL);
    CHECK(GetProcAddress(leaf, "leaf_other_ordinal") == (FARPROC)other);
    CHECK_ERROR(GetProcAddress(leaf, "leaf_nowhere"), ERROR_PROC_NOT_FOUND);
    CHECK(!GetProcAddress(leaf, "leaf_no_module"));
}

static void test_bad_modules(void)
{
    CHECK_ERROR(GetProcAddress((HMODULE)0x10000, "x"), ERROR_MOD_NOT_FOUND);
    CHECK_ERROR(GetProcAddress((HMODULE)0xdeadbeef0000, "Sleep"), ERROR_MOD_NOT_FOUND);
    CHECK_ERROR(GetProcAddress(NULL, "Sleep"), ERROR_PROC_NOT_FOUND);
    CHECK(GetProcAddress(NULL, "log_event") == (FARPROC)log_event);
    CHECK(GetProcAddress(GetModuleHandleA(NULL), "log_event") == (FARPROC)log_event);
}

/* Functions of the system are callable, however they are found. */
static void test_system(void)
{
    HMODULE kernel32 = GetModuleHandleA("kernel32"), ntdll = GetModuleHandleA("NTDLL.DLL");
    DWORD(WINAPI * id)(void) = (DWORD(WINAPI *)(void))GetProcAddress(kernel32, "GetCurrentProcessId");
    CHECK(id && id() == GetCurrentProcessId());
    CHECK(GetProcAddress(kernel32, "InitializeSListHead") && GetProcAddress(kernel32, "HeapAlloc"));
    CHECK(GetProcAddress(ntdll, "RtlAllocateHeap") && GetProcAddress(ntdll, "NtClose"));
    CHECK_ERROR(GetProcAddress(kernel32, "NoSuchFunctionAtAll"), ERROR_PROC_NOT_FOUND);
    CHECK_ERROR(GetProcAddress(kernel32, ""), ERROR_PROC_NOT_FOUND);
}

/* kernelbase and the api sets of the kernel have functions whose other home is advapi32, user32 or version. */
static void test_api_sets(void)
{
    static const struct {
        const char *set, *home, *name;
    } cases[] = {
        {"kernelbase.dll", "advapi32.dll", "OpenProcessToken"},
        {"kernelbase.dll", "advapi32.dll", "RegOpenKeyExW"},
        {"api-ms-win-core-processthreads-l1-1-0.dll", "advapi32.dll", "OpenProcessToken"},
        {"api-ms-win-core-processthreads-l1-1-0.dll", "kernel32.dll", "GetCurrentProcessId"},
        {"api-ms-win-core-libraryloader-l1-2-0.dll", "user32.dll", "LoadStringW"},
        {"api-ms-win-core-psapi-l1-1-0.dll", "kernel32.dll", "K32EnumProcesses"},
        {"api-ms-win-core-version-l1-1-0.dll", "version.dll", "VerQueryValueW"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        HMODULE set = LoadLibraryA(cases[i].set), home = LoadLibraryA(cases[i].home);
        CHECK(set != NULL && home != NULL);
        CHECK(GetProcAddress(set, cases[i].name) != NULL);
        CHECK(GetProcAddress(home, cases[i].name) != NULL);
    }
}

int main(void)
{
    test_api_sets();
    HMODULE leaf = LoadLibraryA("loader_leaf.dll");
    CHECK(leaf != NULL);
    test_names(leaf);
    test_numbers(leaf);
    test_forwarders(leaf);
    test_bad_modules();
    test_system();
    return check_done();
}
