/*
 * winbase_atom.c: atoms of the process and global ones.
 *
 * Layer: kernel32, over ntdll's atom tables.
 */
#include <string.h>
#include "ntdll/atom.h"

#define LONGEST 255
#define BUCKETS 37

static struct atom_table *local_table(void)
{
    static struct atom_table *table;
    struct atom_table *made = NULL, *current = __atomic_load_n(&table, __ATOMIC_ACQUIRE);

    if (!current && NT_SUCCESS(RtlCreateAtomTable(BUCKETS, &made))) {
        if (__atomic_compare_exchange_n(&table, &current, made, FALSE, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST))
            return made;
        RtlDestroyAtomTable(made);
    }
    return current;
}

static BOOL good(NTSTATUS status)
{
    if (NT_SUCCESS(status))
        return TRUE;
    RtlSetLastWin32ErrorAndNtStatusFromNtStatus(status);
    return FALSE;
}

static ULONG name_length(LPCWSTR name)
{
    ULONG length = 0;

    if ((ULONG_PTR)name < 0x10000)
        return 0;
    while (length <= LONGEST && name[length])
        length++;
    return length * (ULONG)sizeof(WCHAR);
}

/* A name in the ANSI code page as a wide one; numbers stay.  NULL: it is too long. */
static LPCWSTR widen(LPCSTR name, WCHAR *buffer)
{
    if ((ULONG_PTR)name < 0x10000)
        return (LPCWSTR)name;
    if (MultiByteToWideChar(CP_ACP, 0, name, -1, buffer, LONGEST + 1))
        return buffer;
    SetLastError(ERROR_INVALID_PARAMETER);
    return NULL;
}

ATOM WINAPI AddAtomW(LPCWSTR name)
{
    RTL_ATOM atom;
    return good(RtlAddAtomToAtomTable(local_table(), name, &atom)) ? atom : 0;
}

ATOM WINAPI FindAtomW(LPCWSTR name)
{
    RTL_ATOM atom;
    return good(RtlLookupAtomInAtomTable(local_table(), name, &atom)) ? atom : 0;
}

ATOM WINAPI GlobalAddAtomW(LPCWSTR name)
{
    RTL_ATOM atom;
    return good(NtAddAtom((PWSTR)name, name_length(name), &atom)) ? atom : 0;
}

ATOM WINAPI GlobalAddAtomExW(LPCWSTR name, DWORD flags)
{
    if (!flags)
        return GlobalAddAtomW(name);
    SetLastError(ERROR_INVALID_PARAMETER);
    return 0;
}

ATOM WINAPI GlobalFindAtomW(LPCWSTR name)
{
    RTL_ATOM atom;
    return good(NtFindAtom((PWSTR)name, name_length(name), &atom)) ? atom : 0;
}

static ATOM ansi(ATOM(WINAPI *function)(LPCWSTR), LPCSTR name)
{
    WCHAR buffer[LONGEST + 1];
    LPCWSTR wide = widen(name, buffer);

    return wide || !name ? function(wide) : 0;
}

ATOM WINAPI AddAtomA(LPCSTR name)
{
    return ansi(AddAtomW, name);
}

ATOM WINAPI FindAtomA(LPCSTR name)
{
    return ansi(FindAtomW, name);
}

ATOM WINAPI GlobalAddAtomA(LPCSTR name)
{
    return ansi(GlobalAddAtomW, name);
}

ATOM WINAPI GlobalAddAtomExA(LPCSTR name, DWORD flags)
{
    if (!flags)
        return GlobalAddAtomA(name);
    SetLastError(ERROR_INVALID_PARAMETER);
    return 0;
}

ATOM WINAPI GlobalFindAtomA(LPCSTR name)
{
    return ansi(GlobalFindAtomW, name);
}

/* 0 is success, as documented; else the atom itself. */
ATOM WINAPI DeleteAtom(ATOM atom)
{
    return good(RtlDeleteAtomFromAtomTable(local_table(), atom)) ? 0 : atom;
}

ATOM WINAPI GlobalDeleteAtom(ATOM atom)
{
    return good(NtDeleteAtom(atom)) ? 0 : atom;
}

BOOL WINAPI InitAtomTable(DWORD size)
{
    (void)size; /* the table grows by itself */
    return local_table() != NULL;
}

/* The name into a buffer of LONGEST + 1 characters; its length, 0: there is none. */
static UINT local_name(ATOM atom, WCHAR *buffer)
{
    ULONG length = (LONGEST + 1) * sizeof(WCHAR);
    return good(RtlQueryAtomInAtomTable(local_table(), atom, NULL, NULL, buffer, &length)) ? length / 2 : 0;
}

static UINT global_name(ATOM atom, WCHAR *buffer)
{
    union {
        struct {
            USHORT usage, flags, length;
            WCHAR name[LONGEST + 1];
        } basic;
        BYTE bytes[6 + (LONGEST + 1) * sizeof(WCHAR)];
    } data;

    if (!good(NtQueryInformationAtom(atom, 0, &data, sizeof data, NULL)))
        return 0;
    memcpy(buffer, data.basic.name, data.basic.length + sizeof(WCHAR));
    return data.basic.length / 2;
}

static UINT name_wide(UINT (*query)(ATOM, WCHAR *), ATOM atom, LPWSTR buffer, int size)
{
    WCHAR name[LONGEST + 1];
    UINT length = 0;

    if (size <= 0)
        SetLastError(ERROR_MORE_DATA);
    else if ((length = query(atom, name))) {
        if (length >= (UINT)size)
            length = (UINT)size - 1;
        memcpy(buffer, name, length * sizeof(WCHAR));
        buffer[length] = 0;
    }
    return length;
}

static UINT name_ansi(UINT (*query)(ATOM, WCHAR *), ATOM atom, LPSTR buffer, int size)
{
    WCHAR name[LONGEST + 1];
    char narrow[4 * LONGEST + 1];
    UINT length = 0;

    if (size <= 0)
        SetLastError(ERROR_MORE_DATA);
    else if ((length = query(atom, name))) {
        length = (UINT)WideCharToMultiByte(CP_ACP, 0, name, (int)length, narrow, 4 * LONGEST, NULL, NULL);
        if (length >= (UINT)size)
            length = (UINT)size - 1;
        memcpy(buffer, narrow, length);
        buffer[length] = 0;
    }
    return length;
}

UINT WINAPI GetAtomNameW(ATOM atom, LPWSTR buffer, int size)
{
    return name_wide(local_name, atom, buffer, size);
}

UINT WINAPI GetAtomNameA(ATOM atom, LPSTR buffer, int size)
{
    return name_ansi(local_name, atom, buffer, size);
}

UINT WINAPI GlobalGetAtomNameW(ATOM atom, LPWSTR buffer, int size)
{
    return name_wide(global_name, atom, buffer, size);
}

UINT WINAPI GlobalGetAtomNameA(ATOM atom, LPSTR buffer, int size)
{
    return name_ansi(global_name, atom, buffer, size);
}
