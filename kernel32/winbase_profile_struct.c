/*
 * winbase_profile_struct.c: bytes in .ini files: hexadecimal digits with a sum behind them.
 *
 * Layer: kernel32, over winbase_profile.c.
 */
#include "kernel32/filename.h"
#include "ntdll/nls.h"

static int digit_value(WCHAR c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Two digits; -1: there are none. */
static int byte_value(const WCHAR *text)
{
    int high = digit_value(text[0]), low = high < 0 ? -1 : digit_value(text[1]);

    return low < 0 ? -1 : high << 4 | low;
}

/* The text is as long as the bytes want it, and its sum is right. */
static bool bytes_from_text(const WCHAR *text, DWORD length, BYTE *bytes, UINT size)
{
    BYTE sum = 0;

    if (length != 2 * (size + 1))
        return false;
    for (UINT i = 0; i <= size; i++) {
        int value = byte_value(text + 2 * i);

        if (value < 0 || (i == size && value != sum))
            return false;
        sum = (BYTE)(sum + value);
    }
    for (UINT i = 0; i < size; i++)
        bytes[i] = (BYTE)byte_value(text + 2 * i);
    return true;
}

BOOL WINAPI GetPrivateProfileStructW(LPCWSTR section, LPCWSTR key, LPVOID data, UINT size, LPCWSTR file)
{
    DWORD room = 2 * (size + 1) + 2; /* one more than there should be, to see it */
    WCHAR *text = size < 0x1000000 ? RtlAllocateHeap(process_heap(), 0, room * sizeof *text) : NULL;
    BOOL good = text && section && key && data &&
                bytes_from_text(text, GetPrivateProfileStringW(section, key, NULL, text, room, file), data, size);

    RtlFreeHeap(process_heap(), 0, text);
    return good;
}

BOOL WINAPI WritePrivateProfileStructW(LPCWSTR section, LPCWSTR key, LPVOID data, UINT size, LPCWSTR file)
{
    const BYTE *bytes = data;
    WCHAR *text;
    BYTE sum = 0;
    BOOL good;

    if (!section && !key && !data)
        return WritePrivateProfileStringW(NULL, NULL, NULL, file);
    if (!data || !key)
        return WritePrivateProfileStringW(section, key, NULL, file);
    text = size < 0x1000000 ? RtlAllocateHeap(process_heap(), 0, (2 * ((SIZE_T)size + 1) + 1) * sizeof *text) : NULL;
    if (!text) {
        SetLastError(ERROR_NOT_ENOUGH_MEMORY);
        return FALSE;
    }
    for (UINT i = 0; i <= size; i++) {
        BYTE value = i < size ? bytes[i] : sum;

        text[2 * i] = u"0123456789ABCDEF"[value >> 4];
        text[2 * i + 1] = u"0123456789ABCDEF"[value & 15];
        sum = (BYTE)(sum + value);
    }
    text[2 * (size + 1)] = 0;
    good = WritePrivateProfileStringW(section, key, text, file);
    RtlFreeHeap(process_heap(), 0, text);
    return good;
}

BOOL WINAPI GetPrivateProfileStructA(LPCSTR section, LPCSTR key, LPVOID data, UINT size, LPCSTR file)
{
    WCHAR *a = wide_from_ansi(section), *b = wide_from_ansi(key), *name = wide_from_ansi(file);
    BOOL good = GetPrivateProfileStructW(a, b, data, size, name);

    RtlFreeHeap(process_heap(), 0, a);
    RtlFreeHeap(process_heap(), 0, b);
    RtlFreeHeap(process_heap(), 0, name);
    return good;
}

BOOL WINAPI WritePrivateProfileStructA(LPCSTR section, LPCSTR key, LPVOID data, UINT size, LPCSTR file)
{
    WCHAR *a = wide_from_ansi(section), *b = wide_from_ansi(key), *name = wide_from_ansi(file);
    BOOL good = WritePrivateProfileStructW(a, b, data, size, name);

    RtlFreeHeap(process_heap(), 0, a);
    RtlFreeHeap(process_heap(), 0, b);
    RtlFreeHeap(process_heap(), 0, name);
    return good;
}
