/*
 * window.c: questions about windows, of which there is none but the desktop.
 *
 * Layer: user32.  No window can be made yet, so every handle but the desktop's is invalid, nothing has the focus, and
 * searches find nothing.
 */
#include "win.h"

#define DESKTOP_WINDOW ((HWND)(ULONG_PTR)0x10010)

HWND WINAPI GetDesktopWindow(void)
{
    return DESKTOP_WINDOW;
}

BOOL WINAPI IsWindow(HWND window)
{
    if (window == DESKTOP_WINDOW)
        return TRUE;
    SetLastError(ERROR_INVALID_WINDOW_HANDLE);
    return FALSE;
}

BOOL WINAPI IsWindowVisible(HWND window)
{
    return IsWindow(window);
}

BOOL WINAPI IsWindowEnabled(HWND window)
{
    return IsWindow(window);
}

BOOL WINAPI IsWindowUnicode(HWND window)
{
    return IsWindow(window);
}

/* Asked of a window: not so, or there is no such window. */
BOOL WINAPI IsIconic(HWND window)
{
    IsWindow(window);
    return FALSE;
}

BOOL WINAPI IsChild(HWND parent, HWND window)
{
    if (IsWindow(parent))
        IsWindow(window);
    return FALSE;
}

HWND WINAPI GetParent(HWND window)
{
    IsWindow(window);
    return NULL;
}

/* Nobody has it. */
HWND WINAPI GetForegroundWindow(void)
{
    return NULL;
}

HWND WINAPI FindWindowExW(HWND parent, HWND after, LPCWSTR class, LPCWSTR title)
{
    (void)parent, (void)after, (void)class, (void)title;
    return NULL;
}

HWND WINAPI FindWindowExA(HWND parent, HWND after, LPCSTR class, LPCSTR title)
{
    (void)parent, (void)after, (void)class, (void)title;
    return NULL;
}

HWND WINAPI FindWindowW(LPCWSTR class, LPCWSTR title)
{
    return FindWindowExW(NULL, NULL, class, title);
}

HWND WINAPI FindWindowA(LPCSTR class, LPCSTR title)
{
    return FindWindowExA(NULL, NULL, class, title);
}

BOOL WINAPI EnumWindows(WNDENUMPROC callback, LPARAM parameter)
{
    (void)callback, (void)parameter;
    return TRUE;
}

BOOL WINAPI EnumThreadWindows(DWORD thread, WNDENUMPROC callback, LPARAM parameter)
{
    (void)thread, (void)callback, (void)parameter;
    return FALSE;
}

DWORD WINAPI GetWindowThreadProcessId(HWND window, LPDWORD process)
{
    if (process)
        *process = 0;
    IsWindow(window);
    return 0;
}

/* The desktop has neither text nor a place in an order. */
int WINAPI GetWindowTextW(HWND window, LPWSTR text, int room)
{
    if (text && room > 0)
        *text = 0;
    IsWindow(window);
    return 0;
}

int WINAPI GetWindowTextA(HWND window, LPSTR text, int room)
{
    if (text && room > 0)
        *text = 0;
    IsWindow(window);
    return 0;
}

int WINAPI GetWindowTextLengthW(HWND window)
{
    IsWindow(window);
    return 0;
}

BOOL WINAPI GetWindowRect(HWND window, LPRECT rect)
{
    if (!IsWindow(window) || !rect)
        return FALSE;
    *rect = (RECT){0, 0, GetSystemMetrics(SM_CXSCREEN), GetSystemMetrics(SM_CYSCREEN)};
    return TRUE;
}

BOOL WINAPI ShowWindow(HWND window, int how)
{
    (void)how;
    IsWindow(window);
    return FALSE;
}

BOOL WINAPI SetForegroundWindow(HWND window)
{
    IsWindow(window);
    return FALSE;
}

SHORT WINAPI GetKeyState(int key)
{
    (void)key; /* no key is down */
    return 0;
}
