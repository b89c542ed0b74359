/*
 * window_query.c: questions about windows.
 *
 * Layer: user32.  None is visible, so nothing has the focus.  Searches find what this process has.
 */
#include "ntdll/gate.h"
#include "ntdll/nls.h"
#include "user.h"

#define LIST_ROOM 256

HWND WINAPI GetDesktopWindow(void)
{
    return DESKTOP_WINDOW;
}

BOOL WINAPI IsWindow(HWND window)
{
    return window == DESKTOP_WINDOW || window_thread(window);
}

/* Copies a window's entry; false: there is none. */
static bool look(HWND handle, struct window *copy)
{
    struct window *window;

    RtlAcquireSRWLockShared(&user_lock);
    window = window_find_locked(handle);
    if (window)
        *copy = *window;
    RtlReleaseSRWLockShared(&user_lock);
    return window != NULL;
}

BOOL WINAPI IsWindowVisible(HWND window)
{
    return window == DESKTOP_WINDOW || (IsWindow(window), FALSE);
}

BOOL WINAPI IsWindowEnabled(HWND handle)
{
    struct window window;

    return handle == DESKTOP_WINDOW || (look(handle, &window) && !(window.style & WS_DISABLED));
}

BOOL WINAPI IsWindowUnicode(HWND handle)
{
    struct window window;

    return handle == DESKTOP_WINDOW || (look(handle, &window) && !window.ansi);
}

/* Of a child the parent, of another window its owner. */
HWND WINAPI GetParent(HWND handle)
{
    struct window window;

    if (handle == DESKTOP_WINDOW || !look(handle, &window) || window.parent == HWND_MESSAGE)
        return NULL;
    return window.style & (WS_CHILD | WS_POPUP) ? window.parent : NULL;
}

HWND WINAPI GetAncestor(HWND handle, UINT which)
{
    struct window window;

    if (handle == DESKTOP_WINDOW || !look(handle, &window))
        return NULL;
    if (which == GA_PARENT)
        return window.style & WS_CHILD ? window.parent : DESKTOP_WINDOW;
    while (window.style & (which == GA_ROOTOWNER ? WS_CHILD | WS_POPUP : WS_CHILD) && window.parent &&
           window.parent != HWND_MESSAGE && look(window.parent, &window))
        ;
    return window.handle;
}

/* None is ever active but the window itself. */
HWND WINAPI GetLastActivePopup(HWND window)
{
    return IsWindow(window) ? window : NULL;
}

HWND WINAPI GetTopWindow(HWND window)
{
    HWND list[1];

    if (window && !IsWindow(window))
        return NULL;
    return windows_list(window == DESKTOP_WINDOW ? NULL : window, list, 1) ? list[0] : NULL;
}

/* The window at a place among its siblings, which are listed in the order of their making. */
static HWND sibling(const struct window *window, UINT which)
{
    HWND list[LIST_ROOM];
    bool listed_under = window->style & WS_CHILD || window->parent == HWND_MESSAGE;
    unsigned count = windows_list(listed_under ? window->parent : NULL, list, LIST_ROOM), at = 0;

    while (at < count && list[at] != window->handle)
        at++;
    switch (which) {
    case GW_HWNDFIRST:
        return count ? list[0] : NULL;
    case GW_HWNDLAST:
        return count ? list[count - 1] : NULL;
    case GW_HWNDNEXT:
        return at + 1 < count ? list[at + 1] : NULL;
    default:
        return at && at < count ? list[at - 1] : NULL;
    }
}

HWND WINAPI GetWindow(HWND handle, UINT which)
{
    struct window window;

    if (handle == DESKTOP_WINDOW)
        return which == GW_CHILD ? GetTopWindow(handle) : NULL;
    if (!look(handle, &window))
        return NULL;
    if (which <= GW_HWNDPREV)
        return sibling(&window, which);
    if (which == GW_OWNER)
        return window.style & WS_CHILD || window.parent == HWND_MESSAGE ? NULL : window.parent;
    return which == GW_CHILD ? GetTopWindow(handle) : NULL;
}

BOOL WINAPI IsChild(HWND parent, HWND handle)
{
    struct window window;

    while (look(handle, &window) && window.style & WS_CHILD) {
        if (window.parent == parent)
            return TRUE;
        handle = window.parent;
    }
    return FALSE;
}

/* Asked of a window: not so, or there is no such window. */
BOOL WINAPI IsIconic(HWND window)
{
    IsWindow(window);
    return FALSE;
}

/* Nobody has it. */
HWND WINAPI GetForegroundWindow(void)
{
    return NULL;
}

static bool matches(HWND handle, LPCWSTR class, LPCWSTR title)
{
    WCHAR text[256];

    if (class && IS_INTRESOURCE(class)) {
        if (!GlobalGetAtomNameW((ATOM)(ULONG_PTR) class, text, ARRAYSIZE(text)))
            return false;
        WCHAR name[256];
        return GetClassNameW(handle, name, ARRAYSIZE(name)) && !wide_compare_nocase(name, text) &&
               matches(handle, NULL, title);
    }
    if (class && (!GetClassNameW(handle, text, ARRAYSIZE(text)) || wide_compare_nocase(text, class)))
        return false;
    if (!title)
        return true;
    GetWindowTextW(handle, text, ARRAYSIZE(text));
    return !wide_compare_nocase(text, title);
}

HWND WINAPI FindWindowExW(HWND parent, HWND after, LPCWSTR class, LPCWSTR title)
{
    HWND list[LIST_ROOM];
    unsigned count = windows_list(parent == DESKTOP_WINDOW ? NULL : parent, list, LIST_ROOM);
    bool begun = !after;

    for (unsigned i = 0; i < count; i++) {
        if (begun && matches(list[i], class, title))
            return list[i];
        begun = begun || list[i] == after;
    }
    return NULL;
}

HWND WINAPI FindWindowExA(HWND parent, HWND after, LPCSTR class, LPCSTR title)
{
    WCHAR *class_w = IS_INTRESOURCE(class) ? NULL : wide_from_ansi(class),
          *title_w = title ? wide_from_ansi(title) : NULL;
    HWND found = FindWindowExW(parent, after, class_w ? class_w : (LPCWSTR) class, title_w);

    RtlFreeHeap(user_heap(), 0, class_w);
    RtlFreeHeap(user_heap(), 0, title_w);
    return found;
}

HWND WINAPI FindWindowW(LPCWSTR class, LPCWSTR title)
{
    return FindWindowExW(NULL, NULL, class, title);
}

HWND WINAPI FindWindowA(LPCSTR class, LPCSTR title)
{
    return FindWindowExA(NULL, NULL, class, title);
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

/* Calls back for each that is one of the thread's (0: of any), until the callback has enough. */
static BOOL each(HWND parent, DWORD thread, WNDENUMPROC callback, LPARAM parameter, bool *any)
{
    HWND list[LIST_ROOM];
    unsigned count = windows_list(parent, list, LIST_ROOM);

    for (unsigned i = 0; i < count; i++) {
        if (thread && window_thread(list[i]) != thread)
            continue;
        *any = true;
        if (!(BOOL)guest_call(callback, (ULONG_PTR)list[i], (ULONG_PTR)parameter, 0, 0))
            return FALSE;
    }
    return TRUE;
}

BOOL WINAPI EnumWindows(WNDENUMPROC callback, LPARAM parameter)
{
    bool any;

    return each(NULL, 0, callback, parameter, &any);
}

static bool each_below(HWND parent, WNDENUMPROC callback, LPARAM parameter)
{
    HWND list[LIST_ROOM];
    unsigned count = windows_list(parent, list, LIST_ROOM);

    for (unsigned i = 0; i < count; i++)
        if (!(BOOL)guest_call(callback, (ULONG_PTR)list[i], (ULONG_PTR)parameter, 0, 0) ||
            !each_below(list[i], callback, parameter))
            return false;
    return true;
}

/* Children and theirs; of the desktop all. */
BOOL WINAPI EnumChildWindows(HWND parent, WNDENUMPROC callback, LPARAM parameter)
{
    if (parent && !IsWindow(parent))
        return FALSE;
    return each_below(parent == DESKTOP_WINDOW ? NULL : parent, callback, parameter);
}

BOOL WINAPI EnumThreadWindows(DWORD thread, WNDENUMPROC callback, LPARAM parameter)
{
    bool any = false;

    return each(NULL, thread, callback, parameter, &any) && any;
}

DWORD WINAPI GetWindowThreadProcessId(HWND window, LPDWORD process)
{
    DWORD thread = window == DESKTOP_WINDOW ? 0 : window_thread(window);

    if (process)
        *process = thread ? GetCurrentProcessId() : 0;
    return thread;
}

BOOL WINAPI GetWindowRect(HWND handle, LPRECT rect)
{
    struct window window;

    if (handle == DESKTOP_WINDOW && rect) {
        *rect = (RECT){0, 0, GetSystemMetrics(SM_CXSCREEN), GetSystemMetrics(SM_CYSCREEN)};
        return TRUE;
    }
    if (!look(handle, &window) || !rect)
        return FALSE;
    *rect = window.rect;
    return TRUE;
}

/* No frame is drawn, so the whole is the client's. */
BOOL WINAPI GetClientRect(HWND window, LPRECT rect)
{
    return GetWindowRect(window, rect) && OffsetRect(rect, -rect->left, -rect->top);
}
