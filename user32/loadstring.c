/*
 * loadstring.c: strings of a module's resources.
 *
 * Layer: user32, over kernel32's resources.  Sixteen strings share one resource; each is preceded by its length.
 */
#include <string.h>
#include "win.h"
#include "ntdll/nls.h"

static const WCHAR *string_find(HINSTANCE module, UINT id, int *length)
{
    HRSRC found = FindResourceW((HMODULE)module, MAKEINTRESOURCEW((LOWORD(id) >> 4) + 1), (LPCWSTR)RT_STRING);
    HGLOBAL loaded = found ? LoadResource((HMODULE)module, found) : NULL;
    const WCHAR *at = loaded ? LockResource(loaded) : NULL;
    const WCHAR *end = at ? at + SizeofResource((HMODULE)module, found) / sizeof *at : NULL;

    for (UINT skip = id & 15; at && skip; skip--)
        at = at < end && at + *at + 1 <= end ? at + *at + 1 : NULL;
    if (!at || at >= end || at + *at + 1 > end)
        return NULL;
    *length = *at;
    return at + 1;
}

int WINAPI LoadStringW(HINSTANCE module, UINT id, LPWSTR buffer, int room)
{
    int length = 0;
    const WCHAR *text;

    if (!buffer)
        return 0;
    text = string_find(module, id, &length);
    if (room == 0) { /* a pointer to the text itself is asked for */
        memcpy(buffer, &text, sizeof text);
        return length;
    }
    if (length >= room)
        length = room - 1;
    if (text)
        memcpy(buffer, text, (size_t)length * sizeof *buffer);
    buffer[length] = 0;
    return length;
}

int WINAPI LoadStringA(HINSTANCE module, UINT id, LPSTR buffer, int room)
{
    size_t written = 0;
    int length = 0;
    const WCHAR *text;

    if (!buffer || room <= 0)
        return buffer && room == 0 ? -1 : 0;
    text = string_find(module, id, &length);
    if (text)
        codepage_encode(codepage_ansi(), false, text, (size_t)length, buffer, (size_t)room - 1, NULL, &written);
    buffer[written] = 0;
    return (int)written;
}
