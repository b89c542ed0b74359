/*
 * register.c: messages and clipboard formats by name.
 *
 * Layer: user32, over ntdll's atoms, which begin at 0xC000.  None is ever given up.
 */
#include "ntdll/atom.h"
#include "ntdll/error.h"
#include "ntdll/nls.h"

static struct atom_table *registered(void)
{
    static struct atom_table *table;
    struct atom_table *made = NULL, *current = __atomic_load_n(&table, __ATOMIC_ACQUIRE);

    if (!current && NT_SUCCESS(RtlCreateAtomTable(0, &made))) {
        if (__atomic_compare_exchange_n(&table, &current, made, FALSE, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST))
            return made;
        RtlDestroyAtomTable(made);
    }
    return current;
}

UINT WINAPI RegisterWindowMessageW(LPCWSTR name)
{
    RTL_ATOM atom;
    return status_to_bool(RtlAddAtomToAtomTable(registered(), name, &atom)) ? atom : 0;
}

UINT WINAPI RegisterWindowMessageA(LPCSTR name)
{
    WCHAR *wide = wide_from_ansi(name);
    UINT message = RegisterWindowMessageW(wide);

    RtlFreeHeap(peb_current()->ProcessHeap, 0, wide);
    return message;
}

int WINAPI GetClipboardFormatNameW(UINT format, LPWSTR name, int room)
{
    ULONG size = room > 0 ? (ULONG)room * sizeof(WCHAR) : 0;

    if (format < 0xc000 || format > 0xffff) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return 0;
    }
    if (!status_to_bool(RtlQueryAtomInAtomTable(registered(), (RTL_ATOM)format, NULL, NULL, name, &size)))
        return 0;
    return (int)(size / sizeof(WCHAR));
}

int WINAPI GetClipboardFormatNameA(UINT format, LPSTR name, int room)
{
    WCHAR wide[256];
    char text[3 * 256];
    int length = GetClipboardFormatNameW(format, wide, 256);

    if (!length || room <= 0)
        return 0;
    length = WideCharToMultiByte(CP_ACP, 0, wide, length, text, sizeof text, NULL, NULL);
    if (length >= room)
        length = room - 1;
    for (int i = 0; i < length; i++)
        name[i] = text[i];
    name[length] = 0;
    return length;
}
