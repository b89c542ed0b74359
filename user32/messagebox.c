/*
 * messagebox.c: message boxes where nobody can click: the text goes to standard error, and the default button is
 * what is pressed.
 *
 * Layer: user32.
 */
#include <string.h>
#include "win.h"
#include "ntdll/nls.h"

/* By MB_OK ... MB_CANCELTRYCONTINUE. */
static const BYTE buttons[][3] = {
    {IDOK},        {IDOK, IDCANCEL},    {IDABORT, IDRETRY, IDIGNORE},       {IDYES, IDNO, IDCANCEL},
    {IDYES, IDNO}, {IDRETRY, IDCANCEL}, {IDCANCEL, IDTRYAGAIN, IDCONTINUE},
};

static int default_button(UINT type)
{
    const BYTE *row = buttons[(type & MB_TYPEMASK) < sizeof buttons / sizeof *buttons ? type & MB_TYPEMASK : 0];
    UINT which = (type & MB_DEFMASK) >> 8;

    return which < 3 && row[which] ? row[which] : row[0];
}

static void say(const WCHAR *text)
{
    HANDLE error = GetStdHandle(STD_ERROR_HANDLE);
    size_t length = wide_length(text), written = 0;
    char *bytes = RtlAllocateHeap(peb_current()->ProcessHeap, 0, 3 * length + 1);
    DWORD done;

    if (!bytes)
        return;
    codepage_encode(CP_UTF8, false, text, length, bytes, 3 * length, NULL, &written);
    WriteFile(error, bytes, (DWORD)written, &done, NULL);
    RtlFreeHeap(peb_current()->ProcessHeap, 0, bytes);
}

int WINAPI MessageBoxExW(HWND owner, LPCWSTR text, LPCWSTR caption, UINT type, WORD language)
{
    (void)owner, (void)language;
    if ((type & MB_TYPEMASK) >= sizeof buttons / sizeof *buttons) {
        SetLastError(ERROR_INVALID_MSGBOX_STYLE);
        return 0;
    }
    say(caption ? caption : u"Error");
    say(u": ");
    say(text ? text : u"");
    say(u"\r\n");
    return default_button(type);
}

int WINAPI MessageBoxW(HWND owner, LPCWSTR text, LPCWSTR caption, UINT type)
{
    return MessageBoxExW(owner, text, caption, type, 0);
}

int WINAPI MessageBoxExA(HWND owner, LPCSTR text, LPCSTR caption, UINT type, WORD language)
{
    WCHAR *wide_text = wide_from_ansi(text), *wide_caption = wide_from_ansi(caption);
    int button = MessageBoxExW(owner, wide_text, wide_caption, type, language);

    RtlFreeHeap(peb_current()->ProcessHeap, 0, wide_text);
    RtlFreeHeap(peb_current()->ProcessHeap, 0, wide_caption);
    return button;
}

int WINAPI MessageBoxA(HWND owner, LPCSTR text, LPCSTR caption, UINT type)
{
    return MessageBoxExA(owner, text, caption, type, 0);
}

int WINAPI MessageBoxIndirectW(const MSGBOXPARAMSW *parameters)
{
    return MessageBoxExW(parameters->hwndOwner, parameters->lpszText, parameters->lpszCaption, parameters->dwStyle, 0);
}

int WINAPI MessageBoxIndirectA(const MSGBOXPARAMSA *parameters)
{
    return MessageBoxExA(parameters->hwndOwner, parameters->lpszText, parameters->lpszCaption, parameters->dwStyle, 0);
}

/* Nothing is heard: there is no sound device. */
BOOL WINAPI MessageBeep(UINT type)
{
    (void)type;
    return TRUE;
}
