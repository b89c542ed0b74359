/*
 * loaddll.c: small functions of old C runtimes over kernel32: _loaddll, _beep, _seterrormode; and flags that start-up
 * code reads or sets.
 */
#include "crt.h"

intptr_t WINAPI _loaddll(char *name)
{
    return (intptr_t)LoadLibraryA(name);
}

int WINAPI _unloaddll(intptr_t module)
{
    return FreeLibrary((HMODULE)module) ? 0 : (int)GetLastError();
}

void *WINAPI _getdllprocaddr(intptr_t module, char *name, intptr_t ordinal)
{
    return (void *)GetProcAddress((HMODULE)module, name ? name : (char *)(ordinal & 0xffff));
}

void WINAPI _beep(unsigned frequency, unsigned duration)
{
    Beep(frequency, duration);
}

int WINAPI _seterrormode(int mode)
{
    return (int)SetErrorMode((UINT)mode);
}

/* Exported variables: the version that GetVersion tells, by its parts; set by no function any more. */
unsigned crt_osplatform = VER_PLATFORM_WIN32_NT, crt_osver = 19045, crt_winmajor = 10, crt_winminor = 0,
         crt_winver = 10 << 8;
int crt_fileinfo = -1; /* _fileinfo: descriptors are handed to children */

/* As the compiler's security check reports a damaged stack. */
void WINAPI __report_gsfailure(uintptr_t cookie)
{
    (void)cookie;
    __asm__ volatile("int $0x29" ::"c"(FAST_FAIL_STACK_COOKIE_CHECK_FAILURE));
}

/* A place for a debugger's breakpoint. */
void WINAPI _crt_debugger_hook(int reason)
{
    (void)reason;
}
