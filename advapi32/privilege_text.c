/*
 * privilege_text.c: what privileges are called for people.
 *
 * Layer: advapi32.
 */
#include <string.h>
#include "ntdll/error.h"
#include "ntdll/nls.h"

static const struct {
    const char *name; /* without Se and Privilege */
    const char *text;
} privileges[] = {
    {"CreateToken", "Create a token object"},
    {"AssignPrimaryToken", "Replace a process level token"},
    {"LockMemory", "Lock pages in memory"},
    {"IncreaseQuota", "Adjust memory quotas for a process"},
    {"Tcb", "Act as part of the operating system"},
    {"Security", "Manage auditing and security log"},
    {"TakeOwnership", "Take ownership of files or other objects"},
    {"LoadDriver", "Load and unload device drivers"},
    {"SystemProfile", "Profile system performance"},
    {"Systemtime", "Change the system time"},
    {"ProfileSingleProcess", "Profile single process"},
    {"IncreaseBasePriority", "Increase scheduling priority"},
    {"CreatePagefile", "Create a pagefile"},
    {"Backup", "Back up files and directories"},
    {"Restore", "Restore files and directories"},
    {"Shutdown", "Shut down the system"},
    {"Debug", "Debug programs"},
    {"SystemEnvironment", "Modify firmware environment values"},
    {"ChangeNotify", "Bypass traverse checking"},
    {"RemoteShutdown", "Force shutdown from a remote system"},
    {"Undock", "Remove computer from docking station"},
    {"ManageVolume", "Perform volume maintenance tasks"},
    {"Impersonate", "Impersonate a client after authentication"},
    {"CreateGlobal", "Create global objects"},
    {"IncreaseWorkingSet", "Increase a process working set"},
    {"TimeZone", "Change the time zone"},
    {"CreateSymbolicLink", "Create symbolic links"},
};

static bool word_is(const WCHAR **at, const char *word)
{
    for (; *word; word++, (*at)++)
        if (wide_lower(**at) != wide_lower((WCHAR)*word))
            return false;
    return true;
}

static const char *text_find(const WCHAR *name)
{
    for (size_t i = 0; i < sizeof privileges / sizeof *privileges; i++) {
        const WCHAR *at = name;

        if (word_is(&at, "Se") && word_is(&at, privileges[i].name) && word_is(&at, "Privilege") && !*at)
            return privileges[i].text;
    }
    SetLastError(ERROR_NO_SUCH_PRIVILEGE);
    return NULL;
}

/* American English is what there is. */
static BOOL give(const char *text, void *out, size_t width, LPDWORD room, LPDWORD language)
{
    DWORD length = text ? (DWORD)strlen(text) : 0;

    if (!text)
        return FALSE;
    if (*room <= length) {
        *room = length + 1;
        SetLastError(ERROR_INSUFFICIENT_BUFFER);
        return FALSE;
    }
    for (DWORD i = 0; i <= length; i++) {
        if (width == sizeof(WCHAR))
            ((WCHAR *)out)[i] = (WCHAR)text[i];
        else
            ((char *)out)[i] = text[i];
    }
    *room = length;
    *language = MAKELANGID(LANG_ENGLISH, SUBLANG_ENGLISH_US);
    return TRUE;
}

BOOL WINAPI LookupPrivilegeDisplayNameW(LPCWSTR system, LPCWSTR name, LPWSTR text, LPDWORD room, LPDWORD language)
{
    (void)system;
    return give(text_find(name), text, sizeof *text, room, language);
}

BOOL WINAPI LookupPrivilegeDisplayNameA(LPCSTR system, LPCSTR name, LPSTR text, LPDWORD room, LPDWORD language)
{
    WCHAR *wide = wide_from_ansi(name);
    const char *found = wide ? text_find(wide) : NULL;

    (void)system;
    RtlFreeHeap(peb_current()->ProcessHeap, 0, wide);
    return give(found, text, sizeof *text, room, language);
}
