/*
 * winbase_computer.c: the computer's name as something that is set: it is the host's, so that nobody may; and what a
 * DNS name is as a computer name.
 *
 * Layer: kernel32.
 */
#include <string.h>
#include "kernel32/filename.h"
#include "ntdll/nls.h"

static BOOL fail(DWORD error)
{
    SetLastError(error);
    return FALSE;
}

/* Characters that a name may not have. */
static bool name_is_good(const WCHAR *name, bool dns)
{
    static const WCHAR bad[] = u"\"/\\[]:|<>+=;,?* \t";

    if (!*name)
        return false;
    for (; *name; name++) {
        if (*name < ' ' || (dns && *name == '.'))
            return false;
        for (const WCHAR *at = bad; *at; at++)
            if (*name == *at)
                return false;
    }
    return true;
}

BOOL WINAPI SetComputerNameExW(COMPUTER_NAME_FORMAT format, LPCWSTR name)
{
    if (format != ComputerNamePhysicalNetBIOS && format != ComputerNamePhysicalDnsHostname &&
        format != ComputerNamePhysicalDnsDomain)
        return fail(ERROR_INVALID_PARAMETER);
    if (!name || (format != ComputerNamePhysicalDnsDomain && !name_is_good(name, true)))
        return fail(ERROR_INVALID_PARAMETER);
    return fail(ERROR_ACCESS_DENIED);
}

BOOL WINAPI SetComputerNameExA(COMPUTER_NAME_FORMAT format, LPCSTR name)
{
    WCHAR *wide = wide_from_ansi(name);
    BOOL good = SetComputerNameExW(format, wide);

    RtlFreeHeap(process_heap(), 0, wide);
    return good;
}

BOOL WINAPI SetComputerNameEx2W(COMPUTER_NAME_FORMAT format, DWORD flags, LPCWSTR name)
{
    (void)flags;
    return SetComputerNameExW(format, name);
}

BOOL WINAPI SetComputerNameW(LPCWSTR name)
{
    if (!name || wide_length(name) > MAX_COMPUTERNAME_LENGTH || !name_is_good(name, false))
        return fail(ERROR_INVALID_PARAMETER);
    return fail(ERROR_ACCESS_DENIED);
}

BOOL WINAPI SetComputerNameA(LPCSTR name)
{
    WCHAR *wide = wide_from_ansi(name);
    BOOL good = SetComputerNameW(wide);

    RtlFreeHeap(process_heap(), 0, wide);
    return good;
}

/* The first label in upper case, as long as a NetBIOS name may be. */
BOOL WINAPI DnsHostnameToComputerNameW(LPCWSTR host, LPWSTR name, LPDWORD size)
{
    WCHAR label[MAX_COMPUTERNAME_LENGTH + 1];
    DWORD length = 0;

    if (!host || !size || (*size && !name))
        return fail(ERROR_INVALID_PARAMETER);
    while (host[length] && host[length] != '.' && length < MAX_COMPUTERNAME_LENGTH) {
        label[length] = wide_upper(host[length]);
        length++;
    }
    label[length] = 0;
    if (!length)
        return fail(ERROR_INVALID_NAME);
    if (*size <= length) {
        *size = length + 1;
        return fail(ERROR_MORE_DATA);
    }
    memcpy(name, label, (length + 1) * sizeof *label);
    *size = length;
    return TRUE;
}

BOOL WINAPI DnsHostnameToComputerNameA(LPCSTR host, LPSTR name, LPDWORD size)
{
    WCHAR label[MAX_COMPUTERNAME_LENGTH + 1], *wide = wide_from_ansi(host);
    DWORD length = MAX_COMPUTERNAME_LENGTH + 1;
    char ansi[3 * MAX_COMPUTERNAME_LENGTH + 1];
    BOOL good = size && DnsHostnameToComputerNameW(wide, label, &length);

    RtlFreeHeap(process_heap(), 0, wide);
    if (!size || (*size && !name))
        return fail(ERROR_INVALID_PARAMETER);
    if (!good)
        return FALSE;
    length = (DWORD)WideCharToMultiByte(CP_ACP, 0, label, -1, ansi, sizeof ansi, NULL, NULL);
    if (*size < length) {
        *size = length;
        return fail(ERROR_MORE_DATA);
    }
    memcpy(name, ansi, length);
    *size = length - 1;
    return TRUE;
}

BOOL WINAPI DnsHostnameToComputerNameExW(LPCWSTR host, LPWSTR name, LPDWORD size)
{
    return DnsHostnameToComputerNameW(host, name, size);
}

/* ---- further names: only the one ---- */

DWORD WINAPI AddLocalAlternateComputerNameW(LPCWSTR name, ULONG reserved)
{
    return !name || reserved ? ERROR_INVALID_PARAMETER : ERROR_ACCESS_DENIED;
}

DWORD WINAPI AddLocalAlternateComputerNameA(LPCSTR name, ULONG reserved)
{
    return !name || reserved ? ERROR_INVALID_PARAMETER : ERROR_ACCESS_DENIED;
}

DWORD WINAPI RemoveLocalAlternateComputerNameW(LPCWSTR name, ULONG reserved)
{
    return AddLocalAlternateComputerNameW(name, reserved);
}

DWORD WINAPI RemoveLocalAlternateComputerNameA(LPCSTR name, ULONG reserved)
{
    return AddLocalAlternateComputerNameA(name, reserved);
}

DWORD WINAPI SetLocalPrimaryComputerNameW(LPCWSTR name, ULONG reserved)
{
    return AddLocalAlternateComputerNameW(name, reserved);
}

DWORD WINAPI SetLocalPrimaryComputerNameA(LPCSTR name, ULONG reserved)
{
    return AddLocalAlternateComputerNameA(name, reserved);
}
