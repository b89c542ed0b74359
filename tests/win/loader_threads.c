/* Do DLLs learn of threads that start and end, and does each thread have its own copy of TLS data, also of a DLL
 * that comes when the thread already runs? */
#include "loader_log.h"

static HANDLE go, done;
static int *(*tls_value)(void), *(*tls_seen_reason)(void);
static DWORD (*tls_index)(void);

static DWORD WINAPI nothing(void *result)
{
    return (DWORD)(ULONG_PTR)result;
}

static void run(LPTHREAD_START_ROUTINE function)
{
    HANDLE thread = CreateThread(NULL, 0, function, NULL, 0, NULL);
    CHECK_EQ(WaitForSingleObject(thread, 10000), WAIT_OBJECT_0);
    CloseHandle(thread);
}

static void test_calls(void)
{
    HMODULE plain = LoadLibraryA("loader_plain.dll"), middle = LoadLibraryA("loader_middle.dll");
    CHECK_LOG("plain+ leaf+ middle+");
    run(nothing);
    CHECK_LOG("plain> leaf> middle> middle< leaf< plain<");
    CHECK(DisableThreadLibraryCalls(plain));
    CHECK(!DisableThreadLibraryCalls(middle)); /* it has a TLS directory */
    run(nothing);
    CHECK_LOG("leaf> middle> middle< leaf<");
    CHECK(FreeLibrary(plain));
    CHECK(FreeLibrary(middle));
    CHECK_LOG("plain- middle- leaf-");
    CHECK(!DisableThreadLibraryCalls((HMODULE)0x1000));
    run(nothing);
    CHECK_LOG("");
}

/* Runs since before the DLL came. */
static DWORD WINAPI old_thread(void *unused)
{
    (void)unused;
    SetEvent(done);
    WaitForSingleObject(go, INFINITE);
    CHECK_EQ(*tls_value(), 42);
    CHECK_EQ(*tls_seen_reason(), 0);
    *tls_value() = 1000;
    SetEvent(done);
    WaitForSingleObject(go, INFINITE);
    CHECK_EQ(*tls_value(), 1000);
    return 0;
}

static DWORD WINAPI new_thread(void *unused)
{
    (void)unused;
    CHECK_EQ(*tls_value(), 42);
    CHECK_EQ(*tls_seen_reason(), DLL_THREAD_ATTACH);
    *tls_value() = 2000;
    return 0;
}

static void test_data(HMODULE tls)
{
    tls_value = (int *(*)(void))GetProcAddress(tls, "tls_value");
    tls_seen_reason = (int *(*)(void))GetProcAddress(tls, "tls_seen_reason");
    tls_index = (DWORD(*)(void))GetProcAddress(tls, "tls_index");
    CHECK_EQ(*tls_value(), 42);
    CHECK_EQ(*tls_seen_reason(), DLL_PROCESS_ATTACH);
    *tls_value() = 43;
}

static void test_tls(void)
{
    go = CreateEventA(NULL, FALSE, FALSE, NULL);
    done = CreateEventA(NULL, FALSE, FALSE, NULL);
    HANDLE old = CreateThread(NULL, 0, old_thread, NULL, 0, NULL);
    WaitForSingleObject(done, INFINITE);

    HMODULE tls = LoadLibraryA("loader_tls.dll");
    CHECK_LOG("tls+ main+");
    test_data(tls);
    SetEvent(go);
    WaitForSingleObject(done, INFINITE);
    run(new_thread);
    CHECK_LOG("tls> main> tls< main<");
    CHECK_EQ(*tls_value(), 43);
    SetEvent(go);
    WaitForSingleObject(old, INFINITE);
    CHECK_LOG("tls< main<");
    CHECK(FreeLibrary(tls));
    CHECK_LOG("tls- main-");
    CloseHandle(old);
}

/* An index is used again; so are the blocks of its threads, freshly filled. */
static void test_again(void)
{
    for (int i = 0; i < 20; i++) {
        HMODULE tls = LoadLibraryA("loader_tls.dll");
        test_data(tls);
        run(new_thread);
        CHECK(tls_index() < 8);
        CHECK(FreeLibrary(tls));
    }
    log_text[0] = 0;
}

static DWORD WINAPI exit_thread(void *module)
{
    FreeLibraryAndExitThread(module, 5);
}

static void test_exit_with_library(void)
{
    HMODULE leaf = LoadLibraryA("loader_leaf.dll");
    HANDLE thread = CreateThread(NULL, 0, exit_thread, leaf, 0, NULL);
    DWORD code = 0;
    CHECK_EQ(WaitForSingleObject(thread, 10000), WAIT_OBJECT_0);
    CHECK(GetExitCodeThread(thread, &code));
    CHECK_EQ(code, 5);
    CHECK_LOG("leaf+ leaf> leaf-");
    CloseHandle(thread);
}

int main(void)
{
    test_calls();
    test_tls();
    test_again();
    test_exit_with_library();
    return check_done();
}
