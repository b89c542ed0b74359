/*
 * consoleapi_back.c: reading back what is on the screen, fonts, and how the console's window is shown.
 *
 * Layer: kernel32, over ntdll/console.h.  A terminal tells neither its cells nor its font: cells are blank, in the
 * colours that are written with, and the font is an ordinary one.
 */
#include <string.h>

#include "kernel32/filename.h"
#include "ntdll/console.h"

#define FONT_WIDTH 8
#define FONT_HEIGHT 16

static BOOL fail(DWORD error)
{
    SetLastError(error);
    return FALSE;
}

/* The size and the colours of a console's screen; FALSE, with the last error, for another handle. */
static BOOL screen(HANDLE handle, COORD *size, WORD *attributes)
{
    CONSOLE_SCREEN_BUFFER_INFO info;

    if (!status_to_bool(console_size(handle, size)) || !GetConsoleScreenBufferInfo(handle, &info))
        return FALSE;
    *attributes = info.wAttributes;
    return TRUE;
}

/* ---- cells ---- */

static SHORT least(int a, int b)
{
    return (SHORT)(a < b ? a : b);
}

static BOOL read_cells(HANDLE handle, CHAR_INFO *cells, COORD buffer, COORD to, SMALL_RECT *region)
{
    COORD size;
    WORD attributes;
    SMALL_RECT seen = *region;

    if (!screen(handle, &size, &attributes))
        return FALSE;
    if (to.X < 0 || to.Y < 0 || to.X >= buffer.X || to.Y >= buffer.Y || seen.Left < 0 || seen.Top < 0)
        return fail(ERROR_INVALID_PARAMETER);
    seen.Right = least(least(seen.Right, size.X - 1), seen.Left + buffer.X - to.X - 1);
    seen.Bottom = least(least(seen.Bottom, size.Y - 1), seen.Top + buffer.Y - to.Y - 1);
    for (int y = 0; y <= seen.Bottom - seen.Top; y++) {
        CHAR_INFO *row = cells + (size_t)(to.Y + y) * (size_t)buffer.X + to.X;

        for (int x = 0; x <= seen.Right - seen.Left; x++)
            row[x] = (CHAR_INFO){.Char.UnicodeChar = ' ', .Attributes = attributes};
    }
    *region = seen;
    return TRUE;
}

BOOL WINAPI ReadConsoleOutputW(HANDLE handle, PCHAR_INFO cells, COORD buffer, COORD to, PSMALL_RECT region)
{
    return read_cells(handle, cells, buffer, to, region);
}

BOOL WINAPI ReadConsoleOutputA(HANDLE handle, PCHAR_INFO cells, COORD buffer, COORD to, PSMALL_RECT region)
{
    return read_cells(handle, cells, buffer, to, region);
}

/* How many of `count` cells there are from a place to the end of the screen. */
static BOOL cells_from(HANDLE handle, COORD place, DWORD *count, WORD *attributes)
{
    COORD size;
    DWORD room = 0;

    if (!screen(handle, &size, attributes))
        return FALSE;
    if (place.X >= 0 && place.Y >= 0 && place.X < size.X && place.Y < size.Y)
        room = (DWORD)(size.Y - place.Y) * (DWORD)size.X - (DWORD)place.X;
    if (*count > room)
        *count = room;
    return TRUE;
}

BOOL WINAPI ReadConsoleOutputCharacterW(HANDLE handle, LPWSTR text, DWORD count, COORD place, LPDWORD read)
{
    WORD attributes;

    if (!cells_from(handle, place, &count, &attributes))
        return FALSE;
    for (DWORD i = 0; i < count; i++)
        text[i] = ' ';
    *read = count;
    return TRUE;
}

BOOL WINAPI ReadConsoleOutputCharacterA(HANDLE handle, LPSTR text, DWORD count, COORD place, LPDWORD read)
{
    WORD attributes;

    if (!cells_from(handle, place, &count, &attributes))
        return FALSE;
    memset(text, ' ', count);
    *read = count;
    return TRUE;
}

BOOL WINAPI ReadConsoleOutputAttribute(HANDLE handle, LPWORD out, DWORD count, COORD place, LPDWORD read)
{
    WORD attributes;

    if (!cells_from(handle, place, &count, &attributes))
        return FALSE;
    for (DWORD i = 0; i < count; i++)
        out[i] = attributes;
    *read = count;
    return TRUE;
}

/* A terminal can not colour what is there already. */
BOOL WINAPI WriteConsoleOutputAttribute(HANDLE handle, const WORD *in, DWORD count, COORD place, LPDWORD written)
{
    WORD attributes;

    (void)in;
    if (!cells_from(handle, place, &count, &attributes))
        return FALSE;
    *written = count;
    return TRUE;
}

/* ---- fonts: there is one ---- */

COORD WINAPI GetConsoleFontSize(HANDLE handle, DWORD font)
{
    COORD size = {0, 0};

    if (status_to_bool(console_size(handle, &size)) && !font)
        return (COORD){FONT_WIDTH, FONT_HEIGHT};
    if (font)
        SetLastError(ERROR_INVALID_PARAMETER);
    return (COORD){0, 0};
}

BOOL WINAPI GetCurrentConsoleFont(HANDLE handle, BOOL largest, PCONSOLE_FONT_INFO info)
{
    COORD size;

    if (!status_to_bool(console_size(handle, &size)))
        return FALSE;
    info->nFont = 0;
    info->dwFontSize = largest ? size : (COORD){FONT_WIDTH, FONT_HEIGHT}; /* the window's size, in characters */
    return TRUE;
}

BOOL WINAPI GetCurrentConsoleFontEx(HANDLE handle, BOOL largest, PCONSOLE_FONT_INFOEX info)
{
    COORD size;

    (void)largest;
    if (!info || info->cbSize != sizeof *info)
        return fail(ERROR_INVALID_PARAMETER);
    if (!status_to_bool(console_size(handle, &size)))
        return FALSE;
    memset(info, 0, sizeof *info);
    info->cbSize = sizeof *info;
    info->dwFontSize = (COORD){FONT_WIDTH, FONT_HEIGHT};
    info->FontFamily = 0x36; /* FF_MODERN, TrueType, vector, fixed pitch */
    info->FontWeight = 400;
    memcpy(info->FaceName, L"Consolas", sizeof L"Consolas");
    return TRUE;
}

/* Which font it is is the terminal's user's to choose. */
BOOL WINAPI SetCurrentConsoleFontEx(HANDLE handle, BOOL largest, PCONSOLE_FONT_INFOEX info)
{
    COORD size;

    (void)largest;
    if (!info || info->cbSize != sizeof *info)
        return fail(ERROR_INVALID_PARAMETER);
    return status_to_bool(console_size(handle, &size));
}

DWORD WINAPI GetNumberOfConsoleFonts(void)
{
    return 1;
}

/* ---- the window ---- */

BOOL WINAPI GetConsoleDisplayMode(LPDWORD mode)
{
    if (!mode)
        return fail(ERROR_INVALID_PARAMETER);
    *mode = 0; /* not the full screen */
    return TRUE;
}

BOOL WINAPI SetConsoleDisplayMode(HANDLE handle, DWORD mode, PCOORD after)
{
    COORD size;

    if (!status_to_bool(console_size(handle, &size)))
        return FALSE;
    if (mode != CONSOLE_WINDOWED_MODE)
        return fail(ERROR_INVALID_PARAMETER);
    if (after)
        *after = size;
    return TRUE;
}

/* What is marked with the mouse, the terminal does not tell. */
BOOL WINAPI GetConsoleSelectionInfo(PCONSOLE_SELECTION_INFO info)
{
    memset(info, 0, sizeof *info);
    return TRUE;
}

static CONSOLE_HISTORY_INFO history = {sizeof history, 50, 4, 0};

BOOL WINAPI GetConsoleHistoryInfo(PCONSOLE_HISTORY_INFO info)
{
    if (info->cbSize != sizeof *info)
        return fail(ERROR_INVALID_PARAMETER);
    *info = history;
    return TRUE;
}

BOOL WINAPI SetConsoleHistoryInfo(PCONSOLE_HISTORY_INFO info)
{
    if (info->cbSize != sizeof *info || info->dwFlags & ~(DWORD)HISTORY_NO_DUP_FLAG)
        return fail(ERROR_INVALID_PARAMETER);
    history = *info;
    return TRUE;
}

/* ---- the title at the start ---- */

DWORD WINAPI GetConsoleOriginalTitleW(LPWSTR out, DWORD count)
{
    const RTL_USER_PROCESS_PARAMETERS *p = peb_current()->ProcessParameters;
    const UNICODE_STRING *title = p->WindowTitle.Length ? &p->WindowTitle : &p->ImagePathName;
    DWORD length = title->Length / sizeof(WCHAR), copy;

    if (!count)
        return 0;
    copy = length < count ? length : count - 1;
    memcpy(out, title->Buffer, copy * sizeof *out);
    out[copy] = 0;
    return length;
}

DWORD WINAPI GetConsoleOriginalTitleA(LPSTR out, DWORD count)
{
    const RTL_USER_PROCESS_PARAMETERS *p = peb_current()->ProcessParameters;
    const UNICODE_STRING *title = p->WindowTitle.Length ? &p->WindowTitle : &p->ImagePathName;
    DWORD needed = filename_to_ansi(title->Buffer, title->Length / sizeof(WCHAR), out, count);

    return needed < count ? needed : 0;
}
