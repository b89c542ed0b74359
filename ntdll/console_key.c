/*
 * console_key.c: keys by what a terminal sends for them: characters, control characters, and the sequences of xterm,
 * which all terminals of today speak.  Scan codes are those of the American keyboard.
 */
#include "console_key.h"

#include <string.h>

/* Scan codes of the main block; the places of a US keyboard. */
static BYTE scan_of_key(WORD key)
{
    static const struct {
        BYTE first;
        const char *keys;
    } rows[] = {{0x02, "1234567890"}, {0x10, "QWERTYUIOP"}, {0x1e, "ASDFGHJKL"}, {0x2c, "ZXCVBNM"}};
    static const struct {
        BYTE key, scan;
    } others[] = {
        {VK_ESCAPE, 0x01}, {VK_BACK, 0x0e},      {VK_TAB, 0x0f},        {VK_RETURN, 0x1c},    {VK_SPACE, 0x39},
        {VK_HOME, 0x47},   {VK_UP, 0x48},        {VK_PRIOR, 0x49},      {VK_LEFT, 0x4b},      {VK_RIGHT, 0x4d},
        {VK_END, 0x4f},    {VK_DOWN, 0x50},      {VK_NEXT, 0x51},       {VK_INSERT, 0x52},    {VK_DELETE, 0x53},
        {VK_CLEAR, 0x4c},  {VK_F11, 0x57},       {VK_F12, 0x58},        {VK_OEM_MINUS, 0x0c}, {VK_OEM_PLUS, 0x0d},
        {VK_OEM_4, 0x1a},  {VK_OEM_6, 0x1b},     {VK_OEM_1, 0x27},      {VK_OEM_7, 0x28},     {VK_OEM_3, 0x29},
        {VK_OEM_5, 0x2b},  {VK_OEM_COMMA, 0x33}, {VK_OEM_PERIOD, 0x34}, {VK_OEM_2, 0x35}};
    if (key >= VK_F1 && key <= VK_F10)
        return (BYTE)(0x3b + key - VK_F1);
    for (unsigned i = 0; i < sizeof others / sizeof *others; i++)
        if (others[i].key == key)
            return others[i].scan;
    for (unsigned i = 0; i < sizeof rows / sizeof *rows; i++)
        for (BYTE at = 0; rows[i].keys[at]; at++)
            if (rows[i].keys[at] == (char)key)
                return rows[i].first + at;
    return 0;
}

/* The key of a printable ASCII character, and whether Shift goes with it. */
static WORD key_of_character(WCHAR c, bool *shift)
{
    static const char plain[] = "1234567890-=[];'`\\,./", shifted[] = "!@#$%^&*()_+{}:\"~|<>?";
    static const BYTE keys[] = {'1',      '2',      '3',      '4',          '5',          '6',           '7',
                                '8',      '9',      '0',      VK_OEM_MINUS, VK_OEM_PLUS,  VK_OEM_4,      VK_OEM_6,
                                VK_OEM_1, VK_OEM_7, VK_OEM_3, VK_OEM_5,     VK_OEM_COMMA, VK_OEM_PERIOD, VK_OEM_2};
    *shift = c >= 'A' && c <= 'Z';
    if (*shift || c == ' ')
        return c;
    if (c >= 'a' && c <= 'z')
        return c - 32;
    for (unsigned i = 0; i < sizeof keys; i++)
        if (c == (WCHAR)plain[i] || c == (WCHAR)shifted[i]) {
            *shift = c == (WCHAR)shifted[i];
            return keys[i];
        }
    return 0;
}

static DWORD key_make(KEY_EVENT_RECORD *key, WORD code, WCHAR c, DWORD state, DWORD used)
{
    key->wVirtualKeyCode = code;
    key->wVirtualScanCode = scan_of_key(code);
    key->uChar.UnicodeChar = c;
    key->dwControlKeyState = state;
    return used;
}

static void character_key(WCHAR c, KEY_EVENT_RECORD *key)
{
    bool shift;
    if (c == '\r' || c == '\n')
        key_make(key, VK_RETURN, '\r', c == '\n' ? LEFT_CTRL_PRESSED : 0, 1);
    else if (c == 127 || c == 8)
        key_make(key, VK_BACK, c == 8 ? 127 : 8, c == 8 ? LEFT_CTRL_PRESSED : 0, 1);
    else if (c == '\t' || c == 27)
        key_make(key, c == 27 ? VK_ESCAPE : VK_TAB, c, 0, 1);
    else if (!c)
        key_make(key, VK_SPACE, c, LEFT_CTRL_PRESSED, 1);
    else if (c < 27)
        key_make(key, (WORD)('A' + c - 1), c, LEFT_CTRL_PRESSED, 1);
    else {
        WORD code = key_of_character(c, &shift);
        key_make(key, code, c, shift ? SHIFT_PRESSED : 0, 1);
    }
}

/* By the last letter of ESC [ ... letter or ESC O letter. */
static WORD key_of_letter(WCHAR letter)
{
    static const char letters[] = "ABCDEFHPQRS";
    static const BYTE keys[] = {VK_UP,   VK_DOWN, VK_RIGHT, VK_LEFT, VK_CLEAR, VK_END,
                                VK_HOME, VK_F1,   VK_F2,    VK_F3,   VK_F4};
    for (unsigned i = 0; i < sizeof keys; i++)
        if (letter == (WCHAR)letters[i])
            return keys[i];
    return 0;
}

/* By the number of ESC [ number ~. */
static WORD key_of_number(unsigned number)
{
    static const BYTE keys[] = {
        [1] = VK_HOME, [2] = VK_INSERT, [3] = VK_DELETE, [4] = VK_END,  [5] = VK_PRIOR, [6] = VK_NEXT, [7] = VK_HOME,
        [8] = VK_END,  [11] = VK_F1,    [12] = VK_F2,    [13] = VK_F3,  [14] = VK_F4,   [15] = VK_F5,  [17] = VK_F6,
        [18] = VK_F7,  [19] = VK_F8,    [20] = VK_F9,    [21] = VK_F10, [23] = VK_F11,  [24] = VK_F12};
    return number < sizeof keys ? keys[number] : 0;
}

/* ESC [ 1 ; 5 C: the second number is 1 and a bit each for Shift, Alt and Control.  0: not a sequence. */
static DWORD sequence_key(const WCHAR *text, DWORD count, KEY_EVENT_RECORD *key)
{
    unsigned numbers[2] = {0, 1}, which = 0;
    DWORD at = 2;
    if (count < 3 || (text[1] != '[' && text[1] != 'O'))
        return 0;
    for (; at < count && (text[at] == ';' || (text[at] >= '0' && text[at] <= '9')); at++) {
        if (text[at] == ';') {
            which = 1;
            numbers[1] = 0;
        } else if (numbers[which] < 1000) {
            numbers[which] = numbers[which] * 10 + text[at] - '0';
        }
    }
    if (at == count)
        return 0;
    unsigned modifiers = numbers[1] ? numbers[1] - 1 : 0;
    DWORD state = (modifiers & 1 ? SHIFT_PRESSED : 0) | (modifiers & 2 ? LEFT_ALT_PRESSED : 0) |
                  (modifiers & 4 ? LEFT_CTRL_PRESSED : 0);
    if (text[at] == 'Z')
        return key_make(key, VK_TAB, '\t', state | SHIFT_PRESSED, at + 1);
    WORD code = text[at] == '~' ? key_of_number(numbers[0]) : key_of_letter(text[at]);
    if (!code)
        return 0;
    return key_make(key, code, 0, state | (code < VK_F1 && code != VK_CLEAR ? ENHANCED_KEY : 0), at + 1);
}

DWORD console_key(const WCHAR *text, DWORD count, KEY_EVENT_RECORD *key)
{
    DWORD used;
    memset(key, 0, sizeof *key);
    key->bKeyDown = TRUE;
    key->wRepeatCount = 1;
    if (text[0] == 27 && (used = sequence_key(text, count, key)))
        return used;
    if (text[0] == 27 && count > 1 && text[1] != 27) { /* with Alt */
        character_key(text[1], key);
        key->dwControlKeyState |= LEFT_ALT_PRESSED;
        return 2;
    }
    character_key(text[0], key);
    return 1;
}
