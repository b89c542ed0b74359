/*
 * defwindow.c: what a window does by default, and its text.
 *
 * Layer: user32.  Of the default procedure there is what windows without a screen get: creation, text, closing.
 */
#include <string.h>
#include "ntdll/gate.h"
#include "ntdll/nls.h"
#include "user.h"

/* Takes text over; NULL: none. */
static LRESULT text_set(HWND handle, WCHAR *text)
{
    struct window *window;
    WCHAR *old = text;

    RtlAcquireSRWLockExclusive(&user_lock);
    window = window_find_locked(handle);
    if (window) {
        old = window->text;
        window->text = text;
    }
    RtlReleaseSRWLockExclusive(&user_lock);
    RtlFreeHeap(user_heap(), 0, old);
    return window != NULL;
}

static WCHAR *text_copy(LPCWSTR text)
{
    size_t size = text ? (wide_length(text) + 1) * sizeof *text : 0;
    WCHAR *copy = text ? RtlAllocateHeap(user_heap(), 0, size) : NULL;

    if (copy)
        memcpy(copy, text, size);
    return copy;
}

/* A copy of the text of a window; NULL: it has none. */
static WCHAR *text_get(HWND handle)
{
    struct window *window;
    WCHAR *copy;

    RtlAcquireSRWLockShared(&user_lock);
    window = window_find_locked(handle);
    copy = window ? text_copy(window->text) : NULL;
    RtlReleaseSRWLockShared(&user_lock);
    return copy;
}

static LRESULT text_out_w(HWND handle, WCHAR *out, size_t room)
{
    WCHAR *text = text_get(handle);
    size_t length = text ? wide_length(text) : 0;

    if (!room || !out) {
        RtlFreeHeap(user_heap(), 0, text);
        return 0;
    }
    if (length >= room)
        length = room - 1;
    if (text)
        memcpy(out, text, length * sizeof *out);
    out[length] = 0;
    RtlFreeHeap(user_heap(), 0, text);
    return (LRESULT)length;
}

static LRESULT text_out_a(HWND handle, CHAR *out, size_t room)
{
    WCHAR *text = text_get(handle);
    CHAR *ansi = text ? ansi_from_wide(text) : NULL;
    size_t length = ansi ? strlen(ansi) : 0;

    if (room && out) {
        if (length >= room)
            length = room - 1;
        if (ansi)
            memcpy(out, ansi, length);
        out[length] = 0;
    }
    RtlFreeHeap(user_heap(), 0, text);
    RtlFreeHeap(user_heap(), 0, ansi);
    return room && out ? (LRESULT)length : 0;
}

static LRESULT text_length(HWND handle, bool ansi)
{
    WCHAR *text = text_get(handle);
    CHAR *bytes = text && ansi ? ansi_from_wide(text) : NULL;
    LRESULT length = bytes ? (LRESULT)strlen(bytes) : text && !ansi ? (LRESULT)wide_length(text) : 0;

    RtlFreeHeap(user_heap(), 0, text);
    RtlFreeHeap(user_heap(), 0, bytes);
    return length;
}

static WCHAR *text_in(LPARAM text, bool ansi)
{
    return !text ? NULL : ansi ? wide_from_ansi((LPCSTR)text) : text_copy((LPCWSTR)text);
}

static LRESULT by_default(HWND window, UINT message, WPARAM wparam, LPARAM lparam, bool ansi)
{
    switch (message) {
    case WM_NCCREATE:
        return text_set(window, text_in((LPARAM)((const CREATESTRUCTW *)lparam)->lpszName, ansi));
    case WM_SETTEXT:
        return text_set(window, text_in(lparam, ansi));
    case WM_GETTEXT:
        return ansi ? text_out_a(window, (CHAR *)lparam, wparam) : text_out_w(window, (WCHAR *)lparam, wparam);
    case WM_GETTEXTLENGTH:
        return text_length(window, ansi);
    case WM_CLOSE:
        DestroyWindow(window);
        return 0;
    case WM_QUERYENDSESSION:
    case WM_QUERYOPEN:
    case WM_ERASEBKGND:
        return TRUE;
    default:
        return 0;
    }
}

LRESULT WINAPI DefWindowProcW(HWND window, UINT message, WPARAM wparam, LPARAM lparam)
{
    return by_default(window, message, wparam, lparam, false);
}

LRESULT WINAPI DefWindowProcA(HWND window, UINT message, WPARAM wparam, LPARAM lparam)
{
    return by_default(window, message, wparam, lparam, true);
}

/* The procedure that a subclass calls on to: a plain address here, whatever its text. */
LRESULT WINAPI CallWindowProcW(WNDPROC procedure, HWND window, UINT message, WPARAM wparam, LPARAM lparam)
{
    return (LRESULT)guest_call(procedure, (ULONG_PTR)window, message, wparam, (ULONG_PTR)lparam);
}

/* ---- the text from outside: through the procedure, in the form it takes ---- */

BOOL WINAPI SetWindowTextW(HWND window, LPCWSTR text)
{
    return (BOOL)SendMessageW(window, WM_SETTEXT, 0, (LPARAM)text);
}

BOOL WINAPI SetWindowTextA(HWND window, LPCSTR text)
{
    return (BOOL)SendMessageA(window, WM_SETTEXT, 0, (LPARAM)text);
}

int WINAPI GetWindowTextW(HWND window, LPWSTR text, int room)
{
    if (!text || room <= 0)
        return 0;
    *text = 0;
    return (int)SendMessageW(window, WM_GETTEXT, room, (LPARAM)text);
}

int WINAPI GetWindowTextA(HWND window, LPSTR text, int room)
{
    if (!text || room <= 0)
        return 0;
    *text = 0;
    return (int)SendMessageA(window, WM_GETTEXT, room, (LPARAM)text);
}

int WINAPI GetWindowTextLengthW(HWND window)
{
    return (int)SendMessageW(window, WM_GETTEXTLENGTH, 0, 0);
}

int WINAPI GetWindowTextLengthA(HWND window)
{
    return (int)SendMessageA(window, WM_GETTEXTLENGTH, 0, 0);
}
