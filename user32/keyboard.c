/*
 * keyboard.c: the keyboard's layout: keys, their scan codes, and the characters that they give.
 *
 * Layer: user32.  The layout is the American one, as in the events that kernel32's console makes of what a terminal
 * sends.
 */
#include <string.h>
#include "win.h"
#include "ntdll/nls.h"

#define LAYOUT ((HKL)0x04090409)
#define LAYOUT_NAME "00000409"
#define EXTENDED 0x100 /* a scan code after 0xe0 */

/* In the order of scan codes; what stands first is the answer if a code or a key has two. */
static const struct key {
    BYTE vk;
    USHORT scan;
    char plain, shifted;
} keys[] = {
    {VK_ESCAPE, 0x01, 27, 27},
    {'1', 0x02, '1', '!'},
    {'2', 0x03, '2', '@'},
    {'3', 0x04, '3', '#'},
    {'4', 0x05, '4', '$'},
    {'5', 0x06, '5', '%'},
    {'6', 0x07, '6', '^'},
    {'7', 0x08, '7', '&'},
    {'8', 0x09, '8', '*'},
    {'9', 0x0a, '9', '('},
    {'0', 0x0b, '0', ')'},
    {VK_OEM_MINUS, 0x0c, '-', '_'},
    {VK_OEM_PLUS, 0x0d, '=', '+'},
    {VK_BACK, 0x0e, 8, 8},
    {VK_TAB, 0x0f, 9, 9},
    {'Q', 0x10, 'q', 'Q'},
    {'W', 0x11, 'w', 'W'},
    {'E', 0x12, 'e', 'E'},
    {'R', 0x13, 'r', 'R'},
    {'T', 0x14, 't', 'T'},
    {'Y', 0x15, 'y', 'Y'},
    {'U', 0x16, 'u', 'U'},
    {'I', 0x17, 'i', 'I'},
    {'O', 0x18, 'o', 'O'},
    {'P', 0x19, 'p', 'P'},
    {VK_OEM_4, 0x1a, '[', '{'},
    {VK_OEM_6, 0x1b, ']', '}'},
    {VK_RETURN, 0x1c, 13, 13},
    {VK_LCONTROL, 0x1d, 0, 0},
    {'A', 0x1e, 'a', 'A'},
    {'S', 0x1f, 's', 'S'},
    {'D', 0x20, 'd', 'D'},
    {'F', 0x21, 'f', 'F'},
    {'G', 0x22, 'g', 'G'},
    {'H', 0x23, 'h', 'H'},
    {'J', 0x24, 'j', 'J'},
    {'K', 0x25, 'k', 'K'},
    {'L', 0x26, 'l', 'L'},
    {VK_OEM_1, 0x27, ';', ':'},
    {VK_OEM_7, 0x28, '\'', '"'},
    {VK_OEM_3, 0x29, '`', '~'},
    {VK_LSHIFT, 0x2a, 0, 0},
    {VK_OEM_5, 0x2b, '\\', '|'},
    {'Z', 0x2c, 'z', 'Z'},
    {'X', 0x2d, 'x', 'X'},
    {'C', 0x2e, 'c', 'C'},
    {'V', 0x2f, 'v', 'V'},
    {'B', 0x30, 'b', 'B'},
    {'N', 0x31, 'n', 'N'},
    {'M', 0x32, 'm', 'M'},
    {VK_OEM_COMMA, 0x33, ',', '<'},
    {VK_OEM_PERIOD, 0x34, '.', '>'},
    {VK_OEM_2, 0x35, '/', '?'},
    {VK_RSHIFT, 0x36, 0, 0},
    {VK_MULTIPLY, 0x37, '*', '*'},
    {VK_LMENU, 0x38, 0, 0},
    {VK_SPACE, 0x39, ' ', ' '},
    {VK_CAPITAL, 0x3a, 0, 0},
    {VK_F1, 0x3b, 0, 0},
    {VK_F2, 0x3c, 0, 0},
    {VK_F3, 0x3d, 0, 0},
    {VK_F4, 0x3e, 0, 0},
    {VK_F5, 0x3f, 0, 0},
    {VK_F6, 0x40, 0, 0},
    {VK_F7, 0x41, 0, 0},
    {VK_F8, 0x42, 0, 0},
    {VK_F9, 0x43, 0, 0},
    {VK_F10, 0x44, 0, 0},
    {VK_NUMLOCK, 0x45, 0, 0},
    {VK_SCROLL, 0x46, 0, 0},
    {VK_HOME, 0x47, 0, 0},
    {VK_UP, 0x48, 0, 0},
    {VK_PRIOR, 0x49, 0, 0},
    {VK_SUBTRACT, 0x4a, '-', '-'},
    {VK_LEFT, 0x4b, 0, 0},
    {VK_CLEAR, 0x4c, 0, 0},
    {VK_RIGHT, 0x4d, 0, 0},
    {VK_ADD, 0x4e, '+', '+'},
    {VK_END, 0x4f, 0, 0},
    {VK_DOWN, 0x50, 0, 0},
    {VK_NEXT, 0x51, 0, 0},
    {VK_INSERT, 0x52, 0, 0},
    {VK_DELETE, 0x53, 0, 0},
    {VK_SNAPSHOT, 0x54, 0, 0},
    {VK_OEM_102, 0x56, '\\', '|'},
    {VK_F11, 0x57, 0, 0},
    {VK_F12, 0x58, 0, 0},
    {VK_RCONTROL, EXTENDED | 0x1d, 0, 0},
    {VK_DIVIDE, EXTENDED | 0x35, '/', '/'},
    {VK_RMENU, EXTENDED | 0x38, 0, 0},
    {VK_LWIN, EXTENDED | 0x5b, 0, 0},
    {VK_RWIN, EXTENDED | 0x5c, 0, 0},
    {VK_APPS, EXTENDED | 0x5d, 0, 0},
    /* the number pad with its lock on, in front of keys that share their codes */
    {VK_NUMPAD7, 0x47, '7', '7'},
    {VK_NUMPAD8, 0x48, '8', '8'},
    {VK_NUMPAD9, 0x49, '9', '9'},
    {VK_NUMPAD4, 0x4b, '4', '4'},
    {VK_NUMPAD5, 0x4c, '5', '5'},
    {VK_NUMPAD6, 0x4d, '6', '6'},
    {VK_NUMPAD1, 0x4f, '1', '1'},
    {VK_NUMPAD2, 0x50, '2', '2'},
    {VK_NUMPAD3, 0x51, '3', '3'},
    {VK_NUMPAD0, 0x52, '0', '0'},
    {VK_DECIMAL, 0x53, '.', '.'},
    {VK_SHIFT, 0x2a, 0, 0},
    {VK_CONTROL, 0x1d, 0, 0},
    {VK_MENU, 0x38, 0, 0},
};

#define COUNT (sizeof keys / sizeof *keys)

static const struct key *by_vk(UINT vk)
{
    for (size_t i = 0; i < COUNT; i++)
        if (keys[i].vk == vk)
            return &keys[i];
    return NULL;
}

static const struct key *by_scan(UINT scan)
{
    for (size_t i = 0; i < COUNT; i++)
        if (keys[i].scan == scan)
            return &keys[i];
    return NULL;
}

/* One of two keys of a kind is the kind. */
static UINT without_side(UINT vk)
{
    return vk >= VK_LSHIFT && vk <= VK_RMENU ? VK_SHIFT + (vk - VK_LSHIFT) / 2 : vk;
}

UINT WINAPI MapVirtualKeyExW(UINT code, UINT kind, HKL layout)
{
    const struct key *key;
    UINT scan = (code & 0xff) | ((code & 0xff00) == 0xe000 ? EXTENDED : 0);

    (void)layout;
    switch (kind) {
    case MAPVK_VK_TO_VSC:
        key = by_vk(code);
        return key ? key->scan & 0xffu : 0;
    case MAPVK_VK_TO_VSC_EX:
        key = by_vk(code);
        return key ? (key->scan & 0xffu) | (key->scan & EXTENDED ? 0xe000u : 0) : 0;
    case MAPVK_VSC_TO_VK:
        key = by_scan(scan);
        return key ? without_side(key->vk) : 0;
    case MAPVK_VSC_TO_VK_EX:
        key = by_scan(scan);
        return key ? key->vk : 0;
    case MAPVK_VK_TO_CHAR:
        key = by_vk(code);
        return key ? (UINT)(BYTE)(code >= 'A' && code <= 'Z' ? key->shifted : key->plain) : 0;
    default:
        SetLastError(ERROR_INVALID_PARAMETER);
        return 0;
    }
}

UINT WINAPI MapVirtualKeyW(UINT code, UINT kind)
{
    return MapVirtualKeyExW(code, kind, LAYOUT);
}

/* The key in the low byte, in the high one: 1 with Shift, 2 with Control. */
SHORT WINAPI VkKeyScanExW(WCHAR c, HKL layout)
{
    (void)layout;
    for (size_t i = 0; c && i < COUNT; i++)
        if ((WCHAR)keys[i].plain == c || (WCHAR)keys[i].shifted == c)
            return (SHORT)(keys[i].vk | ((WCHAR)keys[i].plain == c ? 0 : 0x100));
    if (c && c <= 26)
        return (SHORT)(0x200 | ('A' + c - 1));
    return c == 127 ? 0x200 | VK_BACK : -1;
}

SHORT WINAPI VkKeyScanW(WCHAR c)
{
    return VkKeyScanExW(c, LAYOUT);
}

SHORT WINAPI VkKeyScanExA(CHAR c, HKL layout)
{
    WCHAR wide = 0;

    MultiByteToWideChar(CP_ACP, 0, &c, 1, &wide, 1);
    return VkKeyScanExW(wide, layout);
}

SHORT WINAPI VkKeyScanA(CHAR c)
{
    return VkKeyScanExA(c, LAYOUT);
}

/* ---- characters ---- */

int WINAPI ToUnicodeEx(UINT vk, UINT scan, const BYTE *state, LPWSTR text, int room, UINT flags, HKL layout)
{
    const struct key *key = by_vk(vk);
    bool shift = state[VK_SHIFT] & 0x80, control = state[VK_CONTROL] & 0x80;
    bool letter = vk >= 'A' && vk <= 'Z';
    char c;

    (void)flags, (void)layout;
    if (!key || scan & 0x8000 || room < 1)
        return 0;
    if (letter && state[VK_CAPITAL] & 1)
        shift = !shift;
    c = shift ? key->shifted : key->plain;
    if (!c || (control && state[VK_MENU] & 0x80))
        return 0;
    if (control) {
        if (letter || vk == VK_OEM_4 || vk == VK_OEM_5 || vk == VK_OEM_6)
            c = (char)(key->plain & 0x1f);
        else if (vk == VK_BACK)
            c = 127;
        else if (vk == VK_RETURN)
            c = 10;
        else if (vk != VK_ESCAPE && vk != VK_SPACE)
            return 0;
    }
    text[0] = (WCHAR)c;
    if (room > 1)
        text[1] = 0;
    return 1;
}

int WINAPI ToUnicode(UINT vk, UINT scan, const BYTE *state, LPWSTR text, int room, UINT flags)
{
    return ToUnicodeEx(vk, scan, state, text, room, flags, LAYOUT);
}

int WINAPI ToAsciiEx(UINT vk, UINT scan, const BYTE *state, LPWORD out, UINT flags, HKL layout)
{
    WCHAR wide[2];
    int count = ToUnicodeEx(vk, scan, state, wide, 2, flags, layout);

    if (count == 1)
        *out = wide[0]; /* ASCII all of them */
    return count;
}

int WINAPI ToAscii(UINT vk, UINT scan, const BYTE *state, LPWORD out, UINT flags)
{
    return ToAsciiEx(vk, scan, state, out, flags, LAYOUT);
}

/* ---- layouts: there is one ---- */

HKL WINAPI GetKeyboardLayout(DWORD thread)
{
    (void)thread;
    return LAYOUT;
}

int WINAPI GetKeyboardLayoutList(int room, HKL *list)
{
    if (room > 0 && list)
        list[0] = LAYOUT;
    return 1;
}

BOOL WINAPI GetKeyboardLayoutNameW(LPWSTR name)
{
    memcpy(name, u"" LAYOUT_NAME, sizeof u"" LAYOUT_NAME);
    return TRUE;
}

BOOL WINAPI GetKeyboardLayoutNameA(LPSTR name)
{
    memcpy(name, LAYOUT_NAME, sizeof LAYOUT_NAME);
    return TRUE;
}

/* An enhanced keyboard with twelve function keys. */
int WINAPI GetKeyboardType(int what)
{
    return what == 0 ? 4 : what == 2 ? 12 : 0;
}
