/* Reference counts, handles and names of modules; what the memory of a module looks like. link: -lpsapi */
#include "loader_log.h"
#include <psapi.h>

static void test_references(void)
{
    HMODULE leaf = LoadLibraryA("loader_leaf.dll");
    CHECK(LoadLibraryA("loader_leaf.dll") == leaf);
    CHECK(GetModuleHandleA("loader_leaf") == leaf); /* does not count */
    CHECK(FreeLibrary(leaf));
    CHECK_LOG("leaf+");
    CHECK(FreeLibrary(leaf));
    CHECK_LOG("leaf-");
    CHECK(!FreeLibrary(leaf));
    CHECK_ERROR(GetModuleHandleA("loader_leaf"), ERROR_MOD_NOT_FOUND);
}

static void test_handle_ex(void)
{
    HMODULE leaf = LoadLibraryA("loader_leaf.dll"), got = NULL;
    const DWORD unchanged = GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT, pin = GET_MODULE_HANDLE_EX_FLAG_PIN,
                address = GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS;
    CHECK(GetModuleHandleExA(unchanged, "loader_leaf.dll", &got) && got == leaf);
    CHECK(GetModuleHandleExA(unchanged | address, (char *)GetProcAddress(leaf, "leaf_value"), &got) && got == leaf);
    CHECK(GetModuleHandleExA(0, "loader_leaf.dll", &got) && got == leaf);
    CHECK(FreeLibrary(leaf));
    CHECK_LOG("leaf+");
    CHECK(GetModuleHandleExA(unchanged, NULL, &got) && got == GetModuleHandleA(NULL));
    CHECK(GetModuleHandleExW(address | unchanged, (WCHAR *)test_handle_ex, &got) && got == GetModuleHandleA(NULL));
    CHECK(GetModuleHandleExW(address, (WCHAR *)GetProcAddress(GetModuleHandleA("ntdll"), "NtClose"), &got));
    CHECK(got == GetModuleHandleA("ntdll.dll"));
    got = (HMODULE)1;
    CHECK_ERROR(GetModuleHandleExA(0, "no_such_module", &got), ERROR_MOD_NOT_FOUND);
    CHECK_EQ((ULONG_PTR)got, 0);
    CHECK_ERROR(GetModuleHandleExA(address, (char *)&got, &got), ERROR_MOD_NOT_FOUND);
    CHECK_ERROR(GetModuleHandleExA(pin | unchanged, "loader_leaf", &got), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(GetModuleHandleExA(0x100, "loader_leaf", &got), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(GetModuleHandleExA(0, "loader_leaf", NULL), ERROR_INVALID_PARAMETER);
    CHECK(GetModuleHandleExA(pin, "loader_leaf", &got) && got == leaf);
    CHECK(FreeLibrary(leaf) && FreeLibrary(leaf) && FreeLibrary(leaf));
    CHECK(GetModuleHandleA("loader_leaf") == leaf);
    CHECK_LOG("");
}

static void test_file_name(void)
{
    WCHAR path[MAX_PATH], cut[MAX_PATH];
    char narrow[MAX_PATH];
    DWORD length = GetModuleFileNameW(NULL, path, MAX_PATH);
    CHECK(length > 20 && path[1] == ':' && path[length] == 0);
    CHECK(!lstrcmpiW(path + length - 19, L"\\loader_handles.exe"));
    CHECK_EQ(GetModuleFileNameA(NULL, narrow, MAX_PATH), length);
    SetLastError(5);
    CHECK_EQ(GetModuleFileNameW(NULL, cut, length + 1), length);
    CHECK_EQ(GetLastError(), 0);
    CHECK_EQ(GetModuleFileNameW(NULL, cut, length), length);
    CHECK_EQ(GetLastError(), ERROR_INSUFFICIENT_BUFFER);
    CHECK_EQ(cut[length - 2], path[length - 2]);
    if (!check_under_wine()) /* Wine fills the whole buffer, as Windows XP did */
        CHECK_EQ(cut[length - 1], 0);
    CHECK_EQ(GetModuleFileNameA(NULL, narrow, 5), 5);
    CHECK_EQ(GetLastError(), ERROR_INSUFFICIENT_BUFFER);
    if (!check_under_wine())
        CHECK_EQ(narrow[4], 0);
    CHECK_ERROR(GetModuleFileNameW((HMODULE)0x10000, path, MAX_PATH), ERROR_MOD_NOT_FOUND);
    CHECK(GetModuleFileNameA(GetModuleHandleA("kernel32"), narrow, MAX_PATH) != 0);
    CHECK(!lstrcmpiA(narrow, "C:\\Windows\\System32\\kernel32.dll"));
}

static void test_by_path(void)
{
    char path[MAX_PATH], other[MAX_PATH];
    HMODULE leaf = GetModuleHandleA("loader_leaf.dll");
    CHECK(GetModuleFileNameA(leaf, path, MAX_PATH) != 0);
    CHECK(GetModuleHandleA(path) == leaf);
    CHECK(LoadLibraryA(path) == leaf);
    GetCurrentDirectoryA(MAX_PATH, other);
    strcat(other, "\\loader_leaf.dll");
    CHECK(!GetModuleHandleA(other));
    CHECK(CopyFileA(path, other, FALSE));
    HMODULE copy = LoadLibraryA(other); /* the same name in another directory is another module */
    CHECK(copy && copy != leaf);
    CHECK_LOG("leaf+");
    CHECK(FreeLibrary(copy));
    CHECK_LOG("leaf-");
}

static void test_listing(void)
{
    HMODULE modules[64], leaf = GetModuleHandleA("loader_leaf"), kernel32 = GetModuleHandleA("kernel32");
    DWORD needed = 0;
    int found = 0;
    CHECK(EnumProcessModules(GetCurrentProcess(), modules, sizeof modules, &needed));
    CHECK(needed >= 4 * sizeof *modules && needed <= sizeof modules);
    CHECK(modules[0] == GetModuleHandleA(NULL));
    for (DWORD i = 0; i < needed / sizeof *modules; i++)
        found += (modules[i] == leaf) + (modules[i] == kernel32);
    CHECK_EQ(found, 2);
    char name[MAX_PATH];
    CHECK_EQ(GetModuleBaseNameA(GetCurrentProcess(), leaf, name, MAX_PATH), 15);
    CHECK(!lstrcmpiA(name, "loader_leaf.dll"));
    MODULEINFO info;
    CHECK(GetModuleInformation(GetCurrentProcess(), leaf, &info, sizeof info));
    CHECK(info.lpBaseOfDll == leaf && info.SizeOfImage > 0x4000 && info.EntryPoint);
}

static void check_memory(HMODULE module, const void *code)
{
    MEMORY_BASIC_INFORMATION info;
    CHECK_EQ(VirtualQuery(module, &info, sizeof info), sizeof info);
    CHECK(info.AllocationBase == module && info.BaseAddress == module);
    CHECK_EQ(info.Type, MEM_IMAGE);
    CHECK_EQ(info.State, MEM_COMMIT);
    CHECK(info.Protect == PAGE_READONLY || info.Protect == PAGE_EXECUTE_READ);
    CHECK_EQ(info.AllocationProtect, PAGE_EXECUTE_WRITECOPY);
    CHECK_EQ(VirtualQuery(code, &info, sizeof info), sizeof info);
    CHECK(info.AllocationBase == module);
    CHECK_EQ(info.Type, MEM_IMAGE);
    CHECK(info.Protect == PAGE_EXECUTE_READ || info.Protect == PAGE_EXECUTE_WRITECOPY);
}

int main(void)
{
    test_references();
    test_handle_ex();
    test_file_name();
    test_by_path();
    test_listing();
    check_memory(GetModuleHandleA(NULL), main);
    check_memory(GetModuleHandleA("loader_leaf"), GetProcAddress(GetModuleHandleA("loader_leaf"), "leaf_value"));
    check_memory(GetModuleHandleA("kernel32"), GetProcAddress(GetModuleHandleA("kernel32"), "GetCurrentProcessId"));
    return check_done();
}
