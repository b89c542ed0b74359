/*
 * window_access.c: what is done to windows.  They have a place and can be disabled; there is no screen, so nothing is
 * painted, and nobody has the focus.
 *
 * Layer: user32.  Programs without windows call most of these with NULL in passing.
 */
#include "ntdll/process.h"
#include "user.h"

/* The desktop can be asked, but not changed. */
static BOOL refuse(HWND window)
{
    if (IsWindow(window))
        SetLastError(ERROR_ACCESS_DENIED);
    return FALSE;
}

/* A program that shows a window waits for a user who will never come: it is stopped as by a function that is missing.
 */
BOOL WINAPI ShowWindow(HWND window, int how)
{
    if (!IsWindow(window) || window == DESKTOP_WINDOW || how == SW_HIDE)
        return FALSE;
    warn("a window can not be shown: there is no desktop");
    RaiseException((DWORD)STATUS_ENTRYPOINT_NOT_FOUND, EXCEPTION_NONCONTINUABLE, 0, NULL);
    return FALSE;
}

/* Sets a window's place as far as the flags say. */
static BOOL place(HWND handle, int x, int y, int width, int height, UINT flags)
{
    struct window *window;

    RtlAcquireSRWLockExclusive(&user_lock);
    window = window_find_locked(handle);
    if (window) {
        RECT *rect = &window->rect;
        SIZE size = {rect->right - rect->left, rect->bottom - rect->top};

        if (!(flags & SWP_NOSIZE))
            size = (SIZE){width, height};
        if (!(flags & SWP_NOMOVE))
            rect->left = x, rect->top = y;
        rect->right = rect->left + size.cx;
        rect->bottom = rect->top + size.cy;
    }
    RtlReleaseSRWLockExclusive(&user_lock);
    return window != NULL;
}

BOOL WINAPI SetWindowPos(HWND window, HWND after, int x, int y, int width, int height, UINT flags)
{
    (void)after;
    return flags & SWP_SHOWWINDOW ? refuse(window) : place(window, x, y, width, height, flags);
}

BOOL WINAPI MoveWindow(HWND window, int x, int y, int width, int height, BOOL repaint)
{
    (void)repaint;
    return place(window, x, y, width, height, 0);
}

/* Returns whether it was disabled. */
BOOL WINAPI EnableWindow(HWND handle, BOOL enable)
{
    struct window *window;
    bool was = false;

    RtlAcquireSRWLockExclusive(&user_lock);
    window = window_find_locked(handle);
    if (window) {
        was = window->style & WS_DISABLED;
        window->style = enable ? window->style & ~WS_DISABLED : window->style | WS_DISABLED;
    }
    RtlReleaseSRWLockExclusive(&user_lock);
    return was;
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

/* ---- controls: there are none ---- */

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
