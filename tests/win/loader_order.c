/* In which order are DLLs attached and detached, those that others need, and those in a ring? */
#include "loader_log.h"

static void at_end(void *module, DWORD reason, void *process);

/* The program's own TLS callback is the last that is called when the process ends. */
__attribute__((section(".CRT$XLF"), used)) static void (*callback)(void *, DWORD, void *) = at_end;

static BOOL ending, begun;

/* The third argument, which tells a DllMain whether the whole process starts or ends, is always zero here. */
static void at_end(void *module, DWORD reason, void *process)
{
    (void)module;
    if (reason == DLL_PROCESS_ATTACH)
        begun = !process;
    if (reason != DLL_PROCESS_DETACH || !ending)
        return;
    CHECK(!process);
    CHECK_LOG("ring_a- ring_b- top- middle- leaf-");
    if (check_failed)
        TerminateProcess(GetCurrentProcess(), 1);
}

static void test_chain(void)
{
    HMODULE top = LoadLibraryA("loader_top.dll");
    CHECK(top != NULL);
    CHECK_LOG("leaf+ middle+ top+");
    int (*top_value)(void) = (int (*)(void))GetProcAddress(top, "top_value");
    CHECK(top_value != NULL);
    CHECK_EQ(top_value(), 77);
    CHECK(FreeLibrary(top));
    CHECK_LOG("top- middle- leaf-");
    CHECK_ERROR(GetModuleHandleA("loader_leaf.dll"), ERROR_MOD_NOT_FOUND);
}

static void test_ring(void)
{
    HMODULE a = LoadLibraryA("loader_ring_a.dll");
    CHECK(a != NULL);
    CHECK_LOG("ring_b+ ring_a+");
    int (*ring)(int) = (int (*)(int))GetProcAddress(a, "ring_a");
    CHECK_EQ(ring(5), 5);
    CHECK(GetModuleHandleA("loader_ring_b") != NULL);
    CHECK(FreeLibrary(a));
    CHECK_LOG("ring_a- ring_b-");
    CHECK_ERROR(GetModuleHandleA("loader_ring_b"), ERROR_MOD_NOT_FOUND);
}

/* A DLL that is held by itself outlives the one that brought it in. */
static void test_shared(void)
{
    HMODULE top = LoadLibraryA("loader_top.dll"), middle = LoadLibraryA("loader_middle.dll");
    CHECK_LOG("leaf+ middle+ top+");
    CHECK(FreeLibrary(top));
    CHECK_LOG("top-");
    CHECK(GetModuleHandleA("loader_leaf.dll") != NULL);
    CHECK(FreeLibrary(middle));
    CHECK_LOG("middle- leaf-");
}

static void test_refused(void)
{
    CHECK_ERROR(LoadLibraryA("loader_refuse.dll"), ERROR_DLL_INIT_FAILED);
    CHECK_LOG("leaf+ middle+ refuse+ refuse- middle- leaf-");
    CHECK(!GetModuleHandleA("loader_refuse.dll"));
    CHECK(!GetModuleHandleA("loader_leaf.dll"));
    HMODULE leaf = LoadLibraryA("loader_leaf.dll");
    CHECK_ERROR(LoadLibraryA("loader_refuse.dll"), ERROR_DLL_INIT_FAILED);
    CHECK_LOG("leaf+ middle+ refuse+ refuse- middle-");
    CHECK(FreeLibrary(leaf));
    CHECK_LOG("leaf-");
}

/* Nothing is attached if anything that is needed is missing. */
static void test_incomplete(void)
{
    CHECK_ERROR(LoadLibraryA("loader_needs_dll.dll"), ERROR_MOD_NOT_FOUND);
    CHECK_LOG("");
    if (!check_under_wine()) { /* Wine loads it, and fails when the function is called */
        CHECK_ERROR(LoadLibraryA("loader_needs_function.dll"), ERROR_PROC_NOT_FOUND);
        CHECK_LOG("");
    }
    CHECK(!GetModuleHandleA("loader_needs_dll.dll"));
    if (!check_under_wine()) /* Wine keeps what was found before the failure */
        CHECK(!GetModuleHandleA("loader_middle.dll"));
}

int main(void)
{
    CHECK(begun);
    CHECK_LOG("");
    test_chain();
    test_ring();
    test_shared();
    test_refused();
    test_incomplete();
    CHECK(LoadLibraryA("loader_top.dll") && LoadLibraryA("loader_ring_a.dll"));
    CHECK_LOG("leaf+ middle+ top+ ring_b+ ring_a+");
    ending = TRUE;
    return check_done();
}
