/* A DLL with a TLS directory: data with a value, data that starts as zero, and a callback. */
#include "event.h"
#include <winternl.h>

/* The C runtime's start-up code supplies these two and the directory itself. */
extern DWORD _tls_index;
extern char _tls_start;

__attribute__((section(".tls$MMM"))) static int value = 42;
__attribute__((section(".tls$MMM"))) static int seen_reason = 0;

/* The running thread's copy of a variable. */
static void *own(void *variable)
{
    char **blocks = (char **)__readgsqword(0x58);
    return blocks[_tls_index] + ((char *)variable - &_tls_start);
}

static void on_tls(void *module, DWORD reason, void *reserved)
{
    (void)module;
    event(reserved ? "tls_reserved" : "tls", reason);
    if (reason == DLL_PROCESS_ATTACH || reason == DLL_THREAD_ATTACH)
        *(int *)own(&seen_reason) = (int)reason;
}

__attribute__((section(".CRT$XLF"), used)) static void (*callback)(void *, DWORD, void *) = on_tls;

__declspec(dllexport) int *tls_value(void)
{
    return own(&value);
}

__declspec(dllexport) int *tls_seen_reason(void)
{
    return own(&seen_reason);
}

__declspec(dllexport) DWORD tls_index(void)
{
    return _tls_index;
}

BOOL WINAPI DllMain(HINSTANCE module, DWORD reason, void *reserved)
{
    (void)module, (void)reserved;
    event("main", reason);
    return TRUE;
}
