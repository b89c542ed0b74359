/*
 * conio.c: conio.h: keys and texts of the console itself, whatever the standard handles are.
 *
 * Layer: crt over kernel32's console.  CONIN$ and CONOUT$ are opened by the first call that needs them.  A key that
 * stands for no character gives two values: 0 or 0xe0, and its code.
 */
#include "conio.h"
#include "locale.h"

enum { NO_KEY = -1, PREFIX_PLAIN = 0, PREFIX_ENHANCED = 0xe0 };

static RTL_CRITICAL_SECTION console_lock = CRT_LOCK_INIT;
static HANDLE handles[2]; /* CONIN$, CONOUT$ */
static int pushed_back = NO_KEY;
static int waiting = NO_KEY; /* the second value of a key */
static unsigned char bytes_waiting[4];
static int bytes_count;

static HANDLE console(int which)
{
    if (!handles[which])
        handles[which] = CreateFileW(which ? L"CONOUT$" : L"CONIN$", GENERIC_READ | GENERIC_WRITE,
                                     FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, OPEN_EXISTING, 0, NULL);
    return handles[which];
}

/* The code of a key by its place on the keyboard: plain, with Shift, Ctrl, Alt; 0: none. */
static const struct {
    unsigned char scan, codes[4];
} function_keys[] = {
    {0x3b, {0x3b, 0x54, 0x5e, 0x68}}, {0x3c, {0x3c, 0x55, 0x5f, 0x69}}, {0x3d, {0x3d, 0x56, 0x60, 0x6a}},
    {0x3e, {0x3e, 0x57, 0x61, 0x6b}}, {0x3f, {0x3f, 0x58, 0x62, 0x6c}}, {0x40, {0x40, 0x59, 0x63, 0x6d}},
    {0x41, {0x41, 0x5a, 0x64, 0x6e}}, {0x42, {0x42, 0x5b, 0x65, 0x6f}}, {0x43, {0x43, 0x5c, 0x66, 0x70}},
    {0x44, {0x44, 0x5d, 0x67, 0x71}}, {0x57, {0x85, 0x87, 0x89, 0x8b}}, {0x58, {0x86, 0x88, 0x8a, 0x8c}},
    {0x47, {0x47, 0x47, 0x77, 0x97}}, {0x48, {0x48, 0x48, 0x8d, 0x98}}, {0x49, {0x49, 0x49, 0x86, 0x99}},
    {0x4b, {0x4b, 0x4b, 0x73, 0x9b}}, {0x4d, {0x4d, 0x4d, 0x74, 0x9d}}, {0x4f, {0x4f, 0x4f, 0x75, 0x9f}},
    {0x50, {0x50, 0x50, 0x91, 0xa0}}, {0x51, {0x51, 0x51, 0x76, 0xa1}}, {0x52, {0x52, 0x52, 0x92, 0xa2}},
    {0x53, {0x53, 0x53, 0x93, 0xa3}},
};

static int function_key(const KEY_EVENT_RECORD *key)
{
    int column = key->dwControlKeyState & (LEFT_ALT_PRESSED | RIGHT_ALT_PRESSED)     ? 3
                 : key->dwControlKeyState & (LEFT_CTRL_PRESSED | RIGHT_CTRL_PRESSED) ? 2
                 : key->dwControlKeyState & SHIFT_PRESSED                            ? 1
                                                                                     : 0;
    for (size_t i = 0; i < sizeof(function_keys) / sizeof(function_keys[0]); i++)
        if (function_keys[i].scan == key->wVirtualScanCode)
            return function_keys[i].codes[column];
    return 0;
}

/* The first value of a key; `waiting` gets the second.  NO_KEY: nothing that a program would see. */
static int key_value(const INPUT_RECORD *record)
{
    const KEY_EVENT_RECORD *key = &record->Event.KeyEvent;
    if (record->EventType != KEY_EVENT || !key->bKeyDown)
        return NO_KEY;
    if (key->uChar.UnicodeChar)
        return key->uChar.UnicodeChar;
    int code = function_key(key);
    if (!code)
        return NO_KEY;
    waiting = code;
    bool enhanced = key->dwControlKeyState & ENHANCED_KEY || code >= 0x85;
    return enhanced ? PREFIX_ENHANCED : PREFIX_PLAIN;
}

static int read_key(void)
{
    HANDLE input = console(0);
    DWORD mode, count;
    if (waiting != NO_KEY) {
        int code = waiting;
        waiting = NO_KEY;
        return code;
    }
    if (!GetConsoleMode(input, &mode))
        return NO_KEY;
    SetConsoleMode(input, 0); /* Ctrl-C is a key, too */
    int value = NO_KEY;
    INPUT_RECORD record;
    while (value == NO_KEY && ReadConsoleInputW(input, &record, 1, &count) && count)
        value = key_value(&record);
    SetConsoleMode(input, mode);
    return value;
}

crt_wint WINAPI _getwch_nolock(void)
{
    int key = pushed_back != NO_KEY ? pushed_back : read_key();
    pushed_back = NO_KEY;
    return key == NO_KEY ? CRT_WEOF : (crt_wint)key;
}

crt_wint WINAPI _getwch(void)
{
    crt_lock(&console_lock);
    crt_wint key = _getwch_nolock();
    crt_unlock(&console_lock);
    return key;
}

int WINAPI _getch_nolock(void)
{
    if (bytes_count) {
        int byte = bytes_waiting[0];
        memmove(bytes_waiting, bytes_waiting + 1, (size_t)--bytes_count);
        return byte;
    }
    bool code = waiting != NO_KEY;
    crt_wint key = _getwch_nolock();
    if (key == CRT_WEOF)
        return CRT_EOF;
    if (key < 0x80 || code || waiting != NO_KEY)
        return key;
    unsigned char bytes[4];
    int length = WideCharToMultiByte(CP_ACP, 0, &key, 1, (char *)bytes, sizeof(bytes), NULL, NULL);
    if (length < 1)
        return '?';
    bytes_count = length - 1;
    memcpy(bytes_waiting, bytes + 1, (size_t)bytes_count);
    return bytes[0];
}

int WINAPI _getch(void)
{
    crt_lock(&console_lock);
    int key = _getch_nolock();
    crt_unlock(&console_lock);
    return key;
}

crt_wint WINAPI _ungetwch_nolock(crt_wint c)
{
    if (c == CRT_WEOF || pushed_back != NO_KEY)
        return CRT_WEOF;
    pushed_back = c;
    return c;
}

crt_wint WINAPI _ungetwch(crt_wint c)
{
    crt_lock(&console_lock);
    c = _ungetwch_nolock(c);
    crt_unlock(&console_lock);
    return c;
}

int WINAPI _ungetch_nolock(int c)
{
    return c == CRT_EOF || _ungetwch_nolock((crt_wint)(unsigned char)c) == CRT_WEOF ? CRT_EOF : c;
}

int WINAPI _ungetch(int c)
{
    crt_lock(&console_lock);
    c = _ungetch_nolock(c);
    crt_unlock(&console_lock);
    return c;
}

int WINAPI _kbhit(void)
{
    HANDLE input = console(0);
    DWORD count = 0, got = 0;
    if (pushed_back != NO_KEY || waiting != NO_KEY || bytes_count)
        return 1;
    if (!GetNumberOfConsoleInputEvents(input, &count) || !count)
        return 0;
    INPUT_RECORD *records = crt_malloc(count * sizeof(*records));
    bool found = false;
    if (records && PeekConsoleInputW(input, records, count, &got))
        for (DWORD i = 0; i < got && !found; i++)
            found = key_value(&records[i]) != NO_KEY;
    waiting = NO_KEY; /* looking at a function key is not taking it */
    crt_free(records);
    return found;
}

/* --- output ----------------------------------------------------------------------------------------------------- */

static bool write_wide(const WCHAR *text, size_t length)
{
    DWORD written;
    return !length || WriteConsoleW(console(1), text, (DWORD)length, &written, NULL);
}

crt_wint WINAPI _putwch_nolock(WCHAR c)
{
    return write_wide(&c, 1) ? c : CRT_WEOF;
}

crt_wint WINAPI _putwch(WCHAR c)
{
    crt_lock(&console_lock);
    crt_wint result = _putwch_nolock(c);
    crt_unlock(&console_lock);
    return result;
}

int WINAPI _putch_nolock(int c)
{
    char byte = (char)c;
    DWORD written;
    return WriteConsoleA(console(1), &byte, 1, &written, NULL) ? c : CRT_EOF;
}

int WINAPI _putch(int c)
{
    crt_lock(&console_lock);
    int result = _putch_nolock(c);
    crt_unlock(&console_lock);
    return result;
}

int WINAPI crt_cputs_wide(const WCHAR *text)
{
    CRT_REQUIRE(text, -1);
    return write_wide(text, crt_wide_length(text)) ? 0 : -1;
}

int WINAPI crt_cputs(const char *text)
{
    CRT_REQUIRE(text, -1);
    WCHAR *wide = crt_widen(crt_codepage() ? crt_codepage() : CP_ACP, text);
    int result = wide ? crt_cputs_wide(wide) : -1;
    crt_free(wide);
    return result;
}

int WINAPI _getche_nolock(void)
{
    bool fresh = pushed_back == NO_KEY;
    int key = _getch_nolock();
    if (key != CRT_EOF && fresh && waiting == NO_KEY)
        _putch_nolock(key);
    return key;
}

int WINAPI _getche(void)
{
    crt_lock(&console_lock);
    int key = _getche_nolock();
    crt_unlock(&console_lock);
    return key;
}

crt_wint WINAPI _getwche_nolock(void)
{
    bool fresh = pushed_back == NO_KEY;
    crt_wint key = _getwch_nolock();
    if (key != CRT_WEOF && fresh && waiting == NO_KEY)
        _putwch_nolock(key);
    return key;
}

crt_wint WINAPI _getwche(void)
{
    crt_lock(&console_lock);
    crt_wint key = _getwche_nolock();
    crt_unlock(&console_lock);
    return key;
}

/* --- lines -------------------------------------------------------------------------------------------------------- */

/* A line of the console without its end, at most `size` - 1 units; what is left over is for the next call. */
int WINAPI _cgetws_s(WCHAR *buffer, size_t size, size_t *length)
{
    CRT_REQUIRE(buffer && size && length, CRT_EINVAL);
    DWORD got = 0, room = size - 1 > 1024 ? 1024 : (DWORD)(size - 1);
    *length = 0;
    *buffer = 0;
    WCHAR *line = crt_malloc((room + 2) * sizeof(WCHAR));
    if (!line)
        return CRT_ENOMEM;
    BOOL done = ReadConsoleW(console(0), line, room + 2, &got, NULL);
    if (!done) {
        crt_fail_last();
        crt_free(line);
        return crt_thread()->error;
    }
    while (got && (line[got - 1] == '\n' || line[got - 1] == '\r'))
        got--;
    *length = got < room ? got : room;
    memcpy(buffer, line, *length * sizeof(WCHAR));
    buffer[*length] = 0;
    crt_free(line);
    return 0;
}

int WINAPI _cgets_s(char *buffer, size_t size, size_t *length)
{
    CRT_REQUIRE(buffer && size && length, CRT_EINVAL);
    *buffer = 0;
    *length = 0;
    WCHAR *wide = crt_malloc(size * sizeof(WCHAR));
    size_t units = 0;
    int error = wide ? _cgetws_s(wide, size, &units) : CRT_ENOMEM;
    if (!error)
        *length = (size_t)WideCharToMultiByte(CP_ACP, 0, wide, (int)units, buffer, (int)size - 1, NULL, NULL);
    buffer[*length] = 0;
    crt_free(wide);
    return error;
}

/* The old form: the buffer's first unit says how much fits, the second how much came; the text follows. */
char *WINAPI _cgets(char *buffer)
{
    size_t length;
    CRT_REQUIRE(buffer && *buffer > 0, NULL);
    if (_cgets_s(buffer + 2, (unsigned char)buffer[0], &length))
        return NULL;
    buffer[1] = (char)length;
    return buffer + 2;
}

WCHAR *WINAPI _cgetws(WCHAR *buffer)
{
    size_t length;
    CRT_REQUIRE(buffer && *buffer, NULL);
    if (_cgetws_s(buffer + 2, buffer[0], &length))
        return NULL;
    buffer[1] = (WCHAR)length;
    return buffer + 2;
}
