/*
 * What becomes of an exception in DllMain or in a TLS callback: does its own __try take it; does LoadLibrary fail with
 * its code, or the thread start all the same; and is the loader fit for more afterwards?
 */
#include "check.h"
#include "seh.h"

static int seen, outer;

static LONG CALLBACK on_exception(EXCEPTION_POINTERS *pointers)
{
    (void)pointers;
    seen++;
    return EXCEPTION_CONTINUE_SEARCH;
}

static LONG take(EXCEPTION_POINTERS *pointers)
{
    (void)pointers;
    outer++;
    return EXCEPTION_EXECUTE_HANDLER;
}

static HMODULE loaded;
static DWORD load_error;

static void load(void *unused)
{
    (void)unused;
    SetLastError(ERROR_SUCCESS);
    loaded = LoadLibraryA("init_faults.dll");
    load_error = GetLastError();
}

static const char *wish(const char *text)
{
    SetEnvironmentVariableA("INIT_FAULTS", text);
    SetEnvironmentVariableA("INIT_LOG", NULL);
    seen = 0;
    return text;
}

static const char *log_now(void)
{
    static char log[200];
    log[0] = 0;
    GetEnvironmentVariableA("INIT_LOG", log, sizeof log);
    return log;
}

static DWORD WINAPI thread(void *argument)
{
    return *(int *)argument;
}

static int run_thread(void)
{
    int argument = 7;
    DWORD code = 0;
    HANDLE handle = CreateThread(NULL, 0, thread, &argument, 0, NULL);

    CHECK_EQ(WaitForSingleObject(handle, 5000), WAIT_OBJECT_0);
    GetExitCodeThread(handle, &code);
    CloseHandle(handle);
    return (int)code;
}

static void check_attach(void)
{
    static const struct {
        const char *wish, *log;
        DWORD error; /* 0: it loads */
        int seen;    /* exceptions that a vectored handler sees */
    } cases[] = {
        {"", "tA", 0, 0},
        {"attach:handled", "thA", 0, 1},
        {"attach:fault", "t", ERROR_NOACCESS, 1},
        {"attach:cleanup", "tF", ERROR_NOACCESS, 1},
        {"attach:divide", "t", (DWORD)STATUS_INTEGER_DIVIDE_BY_ZERO, 1}, /* has no other number */
        {"attach:own", "t", 0xe0001234, 1},
        {"attach:no", "tA", ERROR_DLL_INIT_FAILED, 0},
        {"tls_attach:handled", "htA", 0, 1},
        {"tls_attach:fault", "A", 0, 1},
        {"tls_attach:cleanup", "FA", 0, 1},
        {"", "tA", 0, 0},
    };

    for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
        char log[8];
        printf("%s", ""); /* the C runtime works */
        wish(cases[i].wish);
        outer = 0;
        BOOL left = try_except(load, NULL, take);
        strncpy(log, log_now(), sizeof log - 1);
        log[strlen(cases[i].log)] = 0; /* after a failure it may be told to detach */
        CHECK_STR(log, cases[i].log);
        CHECK(!left && !outer); /* the caller's handler is not asked */
        CHECK_EQ(seen, cases[i].seen);
        CHECK_EQ(loaded != NULL, cases[i].error == 0);
        if (cases[i].error)
            CHECK_EQ(load_error, cases[i].error);
        CHECK_EQ(GetModuleHandleA("init_faults.dll") != NULL, loaded != NULL);
        if (loaded) {
            wish("");
            CHECK(FreeLibrary(loaded));
            CHECK_STR(log_now(), "D");
        }
        CHECK_EQ(run_thread(), 7);
    }
}

static void check_later(void)
{
    static const struct {
        const char *wish, *log;
        int seen;
    } cases[] = {
        {"", "TE", 0},
        {"thread:handled", "hTE", 1},
        {"thread:fault", "E", 1},
        {"thread:cleanup", "FE", 1},
        {"end:fault", "T", 1},
        {"end:handled", "ThE", 1},
        {"tls_thread:fault", "TE", 1},
        {"tls_thread:handled", "hTE", 1},
        {"tls_end:fault", "TE", 1},
        {"thread:own", "E", 1},
        {"tls_end:cleanup", "TFE", 1},
    };

    wish("");
    load(NULL);
    CHECK(loaded != NULL);
    for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
        wish(cases[i].wish);
        CHECK_EQ(run_thread(), 7);
        CHECK_STR(log_now(), cases[i].log);
        CHECK_EQ(seen, cases[i].seen);
    }
    wish("detach:fault");
    CHECK(FreeLibrary(loaded));
    CHECK_EQ(seen, 1);
    CHECK(!GetModuleHandleA("init_faults.dll"));
    wish("tls_detach:fault");
    load(NULL);
    wish("tls_detach:fault");
    CHECK(FreeLibrary(loaded));
    CHECK_STR(log_now(), "D");
}

int main(void)
{
    AddVectoredExceptionHandler(1, on_exception);
    check_attach();
    check_later();
    return check_done();
}
