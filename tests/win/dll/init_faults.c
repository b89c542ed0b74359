/*
 * A DLL whose DllMain and TLS callback do what the environment variable INIT_FAULTS says: "WHERE:WHAT", for instance
 * "attach:fault".  What has run is noted in the variable INIT_LOG.
 */
#include <windows.h>
#include "seh.h"

static void append(const char *text)
{
    char log[200] = "";
    GetEnvironmentVariableA("INIT_LOG", log, sizeof log - 20);
    lstrcatA(log, text);
    SetEnvironmentVariableA("INIT_LOG", log);
}

static void fault(void *unused)
{
    (void)unused;
    *(volatile int *)8 = 1;
}

static LONG take(EXCEPTION_POINTERS *pointers)
{
    return pointers->ExceptionRecord->ExceptionCode == EXCEPTION_ACCESS_VIOLATION ? EXCEPTION_EXECUTE_HANDLER
                                                                                  : EXCEPTION_CONTINUE_SEARCH;
}

static void finally(BOOLEAN abnormal)
{
    append(abnormal ? "F" : "f");
}

static BOOL act(const char *where)
{
    char wish[64] = "";
    int n = 0;

    GetEnvironmentVariableA("INIT_FAULTS", wish, sizeof wish);
    while (where[n] && wish[n] == where[n])
        n++;
    if (where[n] || wish[n] != ':')
        return TRUE;
    switch (wish[n + 1]) {
    case 'f': /* fault */
        fault(NULL);
        break;
    case 'h': /* handled */
        append(try_except(fault, NULL, take) ? "h" : "-");
        break;
    case 'c': /* cleanup */
        try_finally(fault, NULL, finally);
        break;
    case 'd': /* divide */
        RaiseException(EXCEPTION_INT_DIVIDE_BY_ZERO, 0, 0, NULL);
        break;
    case 'o': /* own code */
        RaiseException(0xe0001234, EXCEPTION_NONCONTINUABLE, 0, NULL);
        break;
    case 'n': /* no */
        return FALSE;
    }
    return TRUE;
}

static void NTAPI callback(PVOID module, DWORD reason, PVOID reserved)
{
    static const char *const where[] = {"tls_detach", "tls_attach", "tls_thread", "tls_end"};

    (void)module, (void)reserved;
    act(where[reason]);
    append(reason == DLL_PROCESS_ATTACH ? "t" : "");
}

__attribute__((section(".CRT$XLB"), used)) static PIMAGE_TLS_CALLBACK entry = callback;

BOOL WINAPI DllMain(HINSTANCE module, DWORD reason, LPVOID reserved)
{
    static const char *const where[] = {"detach", "attach", "thread", "end"};
    static const char *const done[] = {"D", "A", "T", "E"};

    (void)module, (void)reserved;
    BOOL result = act(where[reason]);
    append(done[reason]);
    return result;
}
