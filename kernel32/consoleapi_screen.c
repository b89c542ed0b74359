/*
 * consoleapi_screen.c: the screen buffer: size, cursor, colours, filling, titles.
 *
 * The screen is a terminal, so what changes it becomes escape sequences, and what reads it back
 * finds blanks.  The window is the whole buffer.  On top of ntdll/console.h.
 */
#include "kernel32/filename.h"

#include <string.h>

#include "ntdll/console.h"

static WORD current_attributes = FOREGROUND_RED | FOREGROUND_GREEN | FOREGROUND_BLUE;
static CONSOLE_CURSOR_INFO cursor_info = {25, TRUE};
static WCHAR title[256];

/* An escape sequence in the making. */
struct sequence {
    char text[64];
    size_t length;
};

static void put_text(struct sequence *s, const char *text)
{
    while (*text && s->length < sizeof s->text)
        s->text[s->length++] = *text++;
}

static void put_number(struct sequence *s, unsigned value)
{
    char digits[10];
    int n = 0;
    do
        digits[n++] = (char)('0' + value % 10);
    while (value /= 10);
    while (n)
        s->text[s->length++] = digits[--n];
}

static void put_position(struct sequence *s, COORD position)
{
    put_text(s, "\033[");
    put_number(s, position.Y + 1);
    put_text(s, ";");
    put_number(s, position.X + 1);
    put_text(s, "H");
}

static BOOL send(HANDLE handle, const struct sequence *s)
{
    return status_to_bool(console_put(handle, s->text, s->length));
}

static const COLORREF palette[16] = {0x0c0c0c, 0xda3700, 0x0ea113, 0xdd963a, 0x1f0fc5, 0x981788, 0x009cc1, 0xcccccc,
                                     0x767676, 0xff783b, 0x0cc616, 0xd6d661, 0x5648e7, 0x9e00b4, 0xa5f1f9, 0xf2f2f2};

BOOL WINAPI GetConsoleScreenBufferInfo(HANDLE handle, PCONSOLE_SCREEN_BUFFER_INFO info)
{
    COORD size;
    if (!status_to_bool(console_size(handle, &size)))
        return FALSE;
    info->dwSize = info->dwMaximumWindowSize = size;
    info->wAttributes = current_attributes;
    info->srWindow = (SMALL_RECT){0, 0, size.X - 1, size.Y - 1};
    return status_to_bool(console_cursor(handle, &info->dwCursorPosition));
}

BOOL WINAPI GetConsoleScreenBufferInfoEx(HANDLE handle, PCONSOLE_SCREEN_BUFFER_INFOEX info)
{
    CONSOLE_SCREEN_BUFFER_INFO plain;
    if (info->cbSize != sizeof *info) {
        RtlSetLastWin32Error(ERROR_INVALID_PARAMETER);
        return FALSE;
    }
    if (!GetConsoleScreenBufferInfo(handle, &plain))
        return FALSE;
    info->dwSize = plain.dwSize;
    info->dwCursorPosition = plain.dwCursorPosition;
    info->wAttributes = plain.wAttributes;
    info->srWindow = plain.srWindow;
    info->dwMaximumWindowSize = plain.dwMaximumWindowSize;
    info->wPopupAttributes = 0xf5;
    info->bFullscreenSupported = FALSE;
    memcpy(info->ColorTable, palette, sizeof palette);
    return TRUE;
}

BOOL WINAPI SetConsoleScreenBufferInfoEx(HANDLE handle, PCONSOLE_SCREEN_BUFFER_INFOEX info)
{
    COORD size;
    (void)info;
    return status_to_bool(console_size(handle, &size));
}

COORD WINAPI GetLargestConsoleWindowSize(HANDLE handle)
{
    COORD size = {0, 0};
    status_to_bool(console_size(handle, &size));
    return size;
}

/* The user's terminal keeps its size; asking for another is taken as a wish. */
BOOL WINAPI SetConsoleScreenBufferSize(HANDLE handle, COORD wanted)
{
    COORD size;
    (void)wanted;
    return status_to_bool(console_size(handle, &size));
}

BOOL WINAPI SetConsoleWindowInfo(HANDLE handle, BOOL absolute, const SMALL_RECT *window)
{
    COORD size;
    (void)absolute;
    (void)window;
    return status_to_bool(console_size(handle, &size));
}

/* Windows counts blue, green, red; terminals red, green, blue. */
static unsigned ansi_colour(unsigned attribute)
{
    return (attribute & 1) << 2 | (attribute & 2) | (attribute & 4) >> 2;
}

static void put_attributes(struct sequence *s, WORD attributes)
{
    put_text(s, "\033[0");
    if ((attributes & 0xff) != 7) {
        put_text(s, ";");
        put_number(s, (attributes & FOREGROUND_INTENSITY ? 90 : 30) + ansi_colour(attributes));
        if (attributes & 0xf0) {
            put_text(s, ";");
            put_number(s, (attributes & BACKGROUND_INTENSITY ? 100 : 40) + ansi_colour(attributes >> 4));
        }
    }
    if (attributes & COMMON_LVB_UNDERSCORE)
        put_text(s, ";4");
    if (attributes & COMMON_LVB_REVERSE_VIDEO)
        put_text(s, ";7");
    put_text(s, "m");
}

BOOL WINAPI SetConsoleTextAttribute(HANDLE handle, WORD attributes)
{
    struct sequence s = {.length = 0};
    put_attributes(&s, attributes);
    if (!send(handle, &s))
        return FALSE;
    current_attributes = attributes;
    return TRUE;
}

BOOL WINAPI SetConsoleCursorPosition(HANDLE handle, COORD position)
{
    struct sequence s = {.length = 0};
    if (position.X < 0 || position.Y < 0) {
        RtlSetLastWin32Error(ERROR_INVALID_PARAMETER);
        return FALSE;
    }
    put_position(&s, position);
    return send(handle, &s);
}

BOOL WINAPI GetConsoleCursorInfo(HANDLE handle, PCONSOLE_CURSOR_INFO info)
{
    COORD size;
    if (!status_to_bool(console_size(handle, &size)))
        return FALSE;
    *info = cursor_info;
    return TRUE;
}

BOOL WINAPI SetConsoleCursorInfo(HANDLE handle, const CONSOLE_CURSOR_INFO *info)
{
    struct sequence s = {.length = 0};
    put_text(&s, info->bVisible ? "\033[?25h" : "\033[?25l");
    if (!send(handle, &s))
        return FALSE;
    cursor_info = *info;
    return TRUE;
}

/* Fills with a character from a place on; the cursor stays where it is. */
BOOL WINAPI FillConsoleOutputCharacterW(HANDLE handle, WCHAR c, DWORD count, COORD position, LPDWORD written)
{
    struct sequence s = {.length = 0};
    COORD size;
    ULONG done;
    if (!status_to_bool(console_size(handle, &size)))
        return FALSE;
    DWORD room = position.Y < size.Y ? (DWORD)(size.Y - position.Y) * size.X - position.X : 0;
    if (count > room)
        count = room;
    put_text(&s, "\0337");
    put_position(&s, position);
    if (c == ' ' && count == room)
        put_text(&s, "\033[J");
    if (!send(handle, &s))
        return FALSE;
    for (DWORD left = c == ' ' && count == room ? 0 : count; left;) {
        WCHAR row[128];
        DWORD some = left < 128 ? left : 128;
        for (DWORD i = 0; i < some; i++)
            row[i] = c;
        console_write_wide(handle, row, some, &done);
        left -= some;
    }
    if (written)
        *written = count;
    return status_to_bool(console_put(handle, "\0338", 2));
}

BOOL WINAPI FillConsoleOutputCharacterA(HANDLE handle, CHAR c, DWORD count, COORD position, LPDWORD written)
{
    return FillConsoleOutputCharacterW(handle, (WCHAR)(unsigned char)c, count, position, written);
}

/* Attributes without text are not something a terminal has. */
BOOL WINAPI FillConsoleOutputAttribute(HANDLE handle, WORD attribute, DWORD count, COORD position, LPDWORD written)
{
    COORD size;
    (void)attribute;
    (void)position;
    if (written)
        *written = count;
    return status_to_bool(console_size(handle, &size));
}

static BOOL write_cells(HANDLE handle, const CHAR_INFO *cells, COORD buffer_size, COORD from, PSMALL_RECT region,
                        bool ansi)
{
    ULONG done;
    COORD size;
    if (!status_to_bool(console_size(handle, &size)))
        return FALSE;
    for (SHORT y = region->Top; y <= region->Bottom && y < size.Y; y++) {
        struct sequence s = {.length = 0};
        WORD attributes = 0xffff;
        put_position(&s, (COORD){region->Left, y});
        send(handle, &s);
        const CHAR_INFO *row = cells + (size_t)(from.Y + y - region->Top) * buffer_size.X + from.X;
        for (SHORT x = region->Left; x <= region->Right && x < size.X; x++, row++) {
            if (row->Attributes != attributes) {
                s.length = 0;
                put_attributes(&s, attributes = row->Attributes);
                send(handle, &s);
            }
            WCHAR c = ansi ? (WCHAR)(unsigned char)row->Char.AsciiChar : row->Char.UnicodeChar;
            console_write_wide(handle, c ? &c : L" ", 1, &done);
        }
    }
    return SetConsoleTextAttribute(handle, current_attributes);
}

BOOL WINAPI WriteConsoleOutputW(HANDLE handle, const CHAR_INFO *cells, COORD size, COORD from, PSMALL_RECT region)
{
    return write_cells(handle, cells, size, from, region, false);
}

BOOL WINAPI WriteConsoleOutputA(HANDLE handle, const CHAR_INFO *cells, COORD size, COORD from, PSMALL_RECT region)
{
    return write_cells(handle, cells, size, from, region, true);
}

BOOL WINAPI WriteConsoleOutputCharacterW(HANDLE handle, LPCWSTR text, DWORD count, COORD position, LPDWORD written)
{
    struct sequence s = {.length = 0};
    ULONG done = 0;
    put_text(&s, "\0337");
    put_position(&s, position);
    if (!send(handle, &s) || !status_to_bool(console_write_wide(handle, text, count, &done)))
        return FALSE;
    if (written)
        *written = done;
    return status_to_bool(console_put(handle, "\0338", 2));
}

BOOL WINAPI ScrollConsoleScreenBufferW(HANDLE handle, const SMALL_RECT *from, const SMALL_RECT *clip, COORD to,
                                       const CHAR_INFO *fill)
{
    struct sequence s = {.length = 0};
    COORD size;
    (void)clip;
    (void)fill;
    if (!status_to_bool(console_size(handle, &size)))
        return FALSE;
    int lines = from->Top - to.Y;
    if (!lines)
        return TRUE;
    put_text(&s, "\033[");
    put_number(&s, (unsigned)(lines < 0 ? -lines : lines));
    put_text(&s, lines > 0 ? "S" : "T");
    return send(handle, &s);
}

BOOL WINAPI ScrollConsoleScreenBufferA(HANDLE handle, const SMALL_RECT *from, const SMALL_RECT *clip, COORD to,
                                       const CHAR_INFO *fill)
{
    CHAR_INFO wide = *fill;
    MultiByteToWideChar(CP_OEMCP, 0, &fill->Char.AsciiChar, 1, &wide.Char.UnicodeChar, 1);
    return ScrollConsoleScreenBufferW(handle, from, clip, to, &wide);
}

HANDLE WINAPI CreateConsoleScreenBuffer(DWORD access, DWORD sharing, const SECURITY_ATTRIBUTES *security, DWORD flags,
                                        LPVOID data)
{
    (void)flags;
    (void)data;
    return CreateFileW(L"CONOUT$", access, sharing, (LPSECURITY_ATTRIBUTES)security, OPEN_EXISTING, 0, NULL);
}

BOOL WINAPI SetConsoleActiveScreenBuffer(HANDLE handle)
{
    COORD size;
    return status_to_bool(console_size(handle, &size));
}

BOOL WINAPI SetConsoleTitleW(LPCWSTR text)
{
    size_t length = text_length(text);
    ULONG done;
    HANDLE output = GetStdHandle(STD_OUTPUT_HANDLE);
    if (length > 255)
        length = 255;
    memcpy(title, text, length * sizeof(WCHAR));
    title[length] = 0;
    /* Only a terminal has a title; without one it is remembered. */
    if (!console_put(output, "\033]0;", 4)) {
        console_write_wide(output, title, (ULONG)length, &done);
        console_put(output, "\007", 1);
    }
    return TRUE;
}

BOOL WINAPI SetConsoleTitleA(LPCSTR text)
{
    WCHAR *wide = filename_from_ansi(text);
    BOOL result = wide && SetConsoleTitleW(wide);
    filename_free(wide);
    return result;
}

/* At first the title is the one that the process was started with, or its program. */
static void title_begin(void)
{
    const RTL_USER_PROCESS_PARAMETERS *p = peb_current()->ProcessParameters;
    const UNICODE_STRING *begin = p->WindowTitle.Length ? &p->WindowTitle : &p->ImagePathName;
    size_t length = begin->Length / sizeof(WCHAR);
    if (title[0])
        return;
    length = length > 255 ? 255 : length;
    memcpy(title, begin->Buffer, length * sizeof(WCHAR));
    title[length] = 0;
}

DWORD WINAPI GetConsoleTitleW(LPWSTR out, DWORD count)
{
    title_begin();
    DWORD length = (DWORD)text_length(title);
    if (!count)
        return 0;
    DWORD copy = length < count ? length : count - 1;
    memcpy(out, title, copy * sizeof(WCHAR));
    out[copy] = 0;
    return length;
}

DWORD WINAPI GetConsoleTitleA(LPSTR out, DWORD count)
{
    title_begin();
    DWORD needed = filename_to_ansi(title, text_length(title), out, count);
    return needed < count ? needed : 0;
}

/* Text in the console's output code page; *written counts bytes, as the caller does. */
BOOL WINAPI WriteConsoleOutputCharacterA(HANDLE handle, LPCSTR text, DWORD count, COORD position, LPDWORD written)
{
    HANDLE heap = peb_current()->ProcessHeap;
    WCHAR *wide = RtlAllocateHeap(heap, 0, ((SIZE_T)count + 1) * sizeof *wide);
    int units = wide && count ? MultiByteToWideChar(GetConsoleOutputCP(), 0, text, (int)count, wide, (int)count) : 0;
    DWORD done;
    BOOL good = wide && WriteConsoleOutputCharacterW(handle, wide, (DWORD)units, position, &done);

    RtlFreeHeap(heap, 0, wide);
    if (good && written)
        *written = count;
    return good;
}
