/*
 * window_access.c: what is done to windows: there is none but the desktop, which belongs to nobody, so each of these
 * fails as for a handle of no window.  Programs without windows call them with NULL in passing.
 *
 * Layer: user32.
 */
#include "win.h"

/* The desktop can be asked, but not changed. */
static BOOL refuse(HWND window)
{
    if (IsWindow(window))
        SetLastError(ERROR_ACCESS_DENIED);
    return FALSE;
}

BOOL WINAPI SetWindowTextW(HWND window, LPCWSTR text)
{
    (void)text;
    return refuse(window);
}

BOOL WINAPI SetWindowTextA(HWND window, LPCSTR text)
{
    (void)text;
    return refuse(window);
}

BOOL WINAPI SetWindowPos(HWND window, HWND after, int x, int y, int width, int height, UINT flags)
{
    (void)after, (void)x, (void)y, (void)width, (void)height, (void)flags;
    return refuse(window);
}

BOOL WINAPI MoveWindow(HWND window, int x, int y, int width, int height, BOOL repaint)
{
    (void)x, (void)y, (void)width, (void)height, (void)repaint;
    return refuse(window);
}

BOOL WINAPI EnableWindow(HWND window, BOOL enable)
{
    (void)enable;
    return refuse(window);
}

BOOL WINAPI DestroyWindow(HWND window)
{
    return refuse(window);
}

BOOL WINAPI UpdateWindow(HWND window)
{
    return refuse(window);
}

/* Without a window: all of them, which is done at once. */
BOOL WINAPI InvalidateRect(HWND window, const RECT *rect, BOOL erase)
{
    (void)rect, (void)erase;
    return !window || refuse(window);
}

BOOL WINAPI ValidateRect(HWND window, const RECT *rect)
{
    (void)rect;
    return !window || refuse(window);
}

BOOL WINAPI RedrawWindow(HWND window, const RECT *rect, HRGN region, UINT flags)
{
    (void)rect, (void)region, (void)flags;
    return !window || refuse(window);
}

LONG_PTR WINAPI GetWindowLongPtrW(HWND window, int index)
{
    (void)index;
    return refuse(window);
}

LONG_PTR WINAPI GetWindowLongPtrA(HWND window, int index)
{
    (void)index;
    return refuse(window);
}

LONG_PTR WINAPI SetWindowLongPtrW(HWND window, int index, LONG_PTR value)
{
    (void)index, (void)value;
    return refuse(window);
}

LONG_PTR WINAPI SetWindowLongPtrA(HWND window, int index, LONG_PTR value)
{
    (void)index, (void)value;
    return refuse(window);
}

LONG WINAPI GetWindowLongW(HWND window, int index)
{
    (void)index;
    return refuse(window);
}

LONG WINAPI GetWindowLongA(HWND window, int index)
{
    (void)index;
    return refuse(window);
}

LONG WINAPI SetWindowLongW(HWND window, int index, LONG value)
{
    (void)index, (void)value;
    return refuse(window);
}

LONG WINAPI SetWindowLongA(HWND window, int index, LONG value)
{
    (void)index, (void)value;
    return refuse(window);
}

/* ---- messages ---- */

LRESULT WINAPI SendMessageW(HWND window, UINT message, WPARAM wparam, LPARAM lparam)
{
    (void)message, (void)wparam, (void)lparam;
    return window == HWND_BROADCAST ? TRUE : refuse(window); /* to all: nobody is there */
}

LRESULT WINAPI SendMessageA(HWND window, UINT message, WPARAM wparam, LPARAM lparam)
{
    return SendMessageW(window, message, wparam, lparam);
}

LRESULT WINAPI SendMessageTimeoutW(HWND window, UINT message, WPARAM wparam, LPARAM lparam, UINT flags, UINT timeout,
                                   PDWORD_PTR result)
{
    (void)message, (void)wparam, (void)lparam, (void)flags, (void)timeout;
    if (result)
        *result = 0;
    return window == HWND_BROADCAST ? TRUE : refuse(window);
}

LRESULT WINAPI SendMessageTimeoutA(HWND window, UINT message, WPARAM wparam, LPARAM lparam, UINT flags, UINT timeout,
                                   PDWORD_PTR result)
{
    return SendMessageTimeoutW(window, message, wparam, lparam, flags, timeout, result);
}

BOOL WINAPI SendNotifyMessageW(HWND window, UINT message, WPARAM wparam, LPARAM lparam)
{
    (void)message, (void)wparam, (void)lparam;
    return window == HWND_BROADCAST || refuse(window);
}

BOOL WINAPI SendNotifyMessageA(HWND window, UINT message, WPARAM wparam, LPARAM lparam)
{
    return SendNotifyMessageW(window, message, wparam, lparam);
}

/* ---- focus and capture: nobody has them ---- */

HWND WINAPI SetFocus(HWND window)
{
    if (window)
        refuse(window);
    return NULL;
}

HWND WINAPI SetActiveWindow(HWND window)
{
    refuse(window);
    return NULL;
}

HWND WINAPI SetCapture(HWND window)
{
    refuse(window);
    return NULL;
}

BOOL WINAPI ReleaseCapture(void)
{
    return TRUE;
}

/* ---- properties and controls ---- */

HANDLE WINAPI GetPropW(HWND window, LPCWSTR name)
{
    (void)name;
    refuse(window);
    return NULL;
}

BOOL WINAPI SetPropW(HWND window, LPCWSTR name, HANDLE value)
{
    (void)name, (void)value;
    return refuse(window);
}

HANDLE WINAPI RemovePropW(HWND window, LPCWSTR name)
{
    (void)name;
    refuse(window);
    return NULL;
}

HWND WINAPI GetDlgItem(HWND dialog, int id)
{
    (void)id;
    refuse(dialog);
    return NULL;
}

UINT WINAPI GetDlgItemTextW(HWND dialog, int id, LPWSTR text, int room)
{
    (void)id;
    if (text && room > 0)
        *text = 0;
    return (UINT)refuse(dialog);
}

UINT WINAPI GetDlgItemTextA(HWND dialog, int id, LPSTR text, int room)
{
    (void)id;
    if (text && room > 0)
        *text = 0;
    return (UINT)refuse(dialog);
}

BOOL WINAPI SetDlgItemTextW(HWND dialog, int id, LPCWSTR text)
{
    (void)id, (void)text;
    return refuse(dialog);
}

BOOL WINAPI CheckDlgButton(HWND dialog, int id, UINT check)
{
    (void)id, (void)check;
    return refuse(dialog);
}

UINT WINAPI IsDlgButtonChecked(HWND dialog, int id)
{
    (void)id;
    return (UINT)refuse(dialog);
}

BOOL WINAPI EndDialog(HWND dialog, INT_PTR result)
{
    (void)result;
    return refuse(dialog);
}

HMENU WINAPI GetMenu(HWND window)
{
    refuse(window);
    return NULL;
}

/* The desktop begins at the screen's origin. */
BOOL WINAPI ScreenToClient(HWND window, LPPOINT point)
{
    return point && IsWindow(window);
}

BOOL WINAPI ClientToScreen(HWND window, LPPOINT point)
{
    return point && IsWindow(window);
}
