/*
 * winbase_old.c: functions that have outlived what they were for, with the answers of a 64-bit program on today's
 * Windows.
 *
 * Layer: kernel32.
 */
#include <string.h>
#include "win.h"

/* Handles have no limit. */
UINT WINAPI SetHandleCount(UINT count)
{
    return count;
}

static BOOL fail(DWORD error)
{
    SetLastError(error);
    return FALSE;
}

/* Only 32-bit programs are redirected. */
BOOL WINAPI Wow64DisableWow64FsRedirection(PVOID *old)
{
    (void)old;
    return fail(ERROR_INVALID_FUNCTION);
}

BOOL WINAPI Wow64RevertWow64FsRedirection(PVOID old)
{
    (void)old;
    return fail(ERROR_INVALID_FUNCTION);
}

BOOLEAN WINAPI Wow64EnableWow64FsRedirection(BOOLEAN enable)
{
    (void)enable;
    return (BOOLEAN)fail(ERROR_INVALID_FUNCTION);
}

/* No thread has 32-bit registers. */
BOOL WINAPI Wow64GetThreadContext(HANDLE thread, PWOW64_CONTEXT context)
{
    (void)thread, (void)context;
    return fail(ERROR_INVALID_PARAMETER);
}

BOOL WINAPI Wow64SetThreadContext(HANDLE thread, const WOW64_CONTEXT *context)
{
    (void)thread, (void)context;
    return fail(ERROR_INVALID_PARAMETER);
}

SIZE_T WINAPI LocalShrink(HLOCAL memory, UINT size)
{
    (void)memory, (void)size;
    return GlobalCompact(0);
}

/* Win16's way to run a program; the block's words are those of EXEC. */
DWORD WINAPI LoadModule(LPCSTR name, LPVOID block)
{
    const struct {
        LPSTR environment, command; /* the command line begins with its length */
        const WORD *show;
        DWORD reserved;
    } *parameters = block;
    STARTUPINFOA startup = {.cb = sizeof startup};
    PROCESS_INFORMATION process;
    char line[300] = "\"";
    size_t length, more;

    if (!name || !parameters || !parameters->command)
        return ERROR_INVALID_PARAMETER;
    length = strlen(name);
    more = (BYTE)*parameters->command;
    if (length + more + 4 > sizeof line || more > strlen(parameters->command + 1))
        return ERROR_FILE_NOT_FOUND;
    memcpy(line + 1, name, length);
    memcpy(line + 1 + length, "\" ", 2);
    memcpy(line + 3 + length, parameters->command + 1, more);
    line[3 + length + more] = 0;
    if (parameters->show && parameters->show[0] == 2) {
        startup.dwFlags = STARTF_USESHOWWINDOW;
        startup.wShowWindow = parameters->show[1];
    }
    if (!CreateProcessA(name, line, NULL, NULL, FALSE, 0, parameters->environment, NULL, &startup, &process))
        return GetLastError() < 32 ? GetLastError() : ERROR_BAD_FORMAT;
    CloseHandle(process.hThread);
    CloseHandle(process.hProcess);
    return 33; /* anything above 31 is success */
}

/* ---- the cache of files is the host's ---- */

BOOL WINAPI GetSystemFileCacheSize(PSIZE_T least, PSIZE_T most, PDWORD flags)
{
    if (!least || !most || !flags)
        return fail(ERROR_INVALID_PARAMETER);
    *least = 0x100000;
    *most = 0x10000000000;
    *flags = 0;
    return TRUE;
}

BOOL WINAPI SetSystemFileCacheSize(SIZE_T least, SIZE_T most, DWORD flags)
{
    (void)least, (void)most, (void)flags;
    return fail(ERROR_PRIVILEGE_NOT_HELD);
}

BOOL WINAPI GetSystemRegistryQuota(PDWORD allowed, PDWORD used)
{
    if (allowed)
        *allowed = 0x40000000; /* the size of the file's mapping */
    if (used)
        *used = 0x100000;
    return TRUE;
}

BOOL WINAPI QueryProcessAffinityUpdateMode(HANDLE process, PDWORD flags)
{
    if (!GetProcessId(process))
        return FALSE;
    if (flags)
        *flags = 0;
    return TRUE;
}

BOOL WINAPI SetProcessAffinityUpdateMode(HANDLE process, DWORD flags)
{
    return GetProcessId(process) && (!flags || fail(ERROR_NOT_SUPPORTED));
}

BOOL WINAPI IsNativeVhdBoot(PBOOL boot)
{
    if (!boot)
        return fail(ERROR_INVALID_PARAMETER);
    *boot = FALSE;
    return TRUE;
}

BOOL WINAPI OOBEComplete(PBOOL complete)
{
    if (!complete)
        return fail(ERROR_INVALID_PARAMETER);
    *complete = TRUE;
    return TRUE;
}

/* The search for programs looks in the current directory last (safe) or first; once made permanent it stays. */
BOOL WINAPI SetSearchPathMode(DWORD flags)
{
    if (flags != BASE_SEARCH_PATH_ENABLE_SAFE_SEARCHMODE && flags != BASE_SEARCH_PATH_DISABLE_SAFE_SEARCHMODE &&
        flags != (BASE_SEARCH_PATH_ENABLE_SAFE_SEARCHMODE | BASE_SEARCH_PATH_PERMANENT))
        return fail(ERROR_INVALID_PARAMETER);
    return fail(ERROR_ACCESS_DENIED);
}
