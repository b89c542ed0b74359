/*
 * window.c: windows that nobody sees: message-only windows, and ordinary ones that are never shown.
 *
 * Layer: user32.  Programs make them to get messages: from other threads, timers, sockets.  A window is an entry of a
 * table; its handle has the index and a generation, so that an old handle is not mistaken.  There is no screen: a
 * window that is to be visible from the start is refused.
 */
#include <string.h>
#include "ntdll/gate.h"
#include "ntdll/nls.h"
#include "ntdll/process.h"
#include "user.h"

#define INDEX_FIRST 0x20
#define INDEX_LAST 0x7fff

static struct window **table; /* by index */
static unsigned table_size, table_used = INDEX_FIRST;
static WORD generation = 1;

static unsigned handle_index(HWND handle)
{
    return LOWORD(handle) >> 1;
}

struct window *window_find_locked(HWND handle)
{
    unsigned index = handle_index(handle);
    struct window *window = index < table_used && table ? table[index] : NULL;

    /* Windows takes handles of 16 bits as well. */
    if (window &&
        (window->handle == handle || ((ULONG_PTR)handle <= 0xffff && LOWORD(window->handle) == LOWORD(handle))))
        return window;
    SetLastError(ERROR_INVALID_WINDOW_HANDLE);
    return NULL;
}

DWORD window_thread(HWND handle)
{
    struct window *window;
    DWORD thread;

    RtlAcquireSRWLockShared(&user_lock);
    window = window_find_locked(handle);
    thread = window ? window->thread : 0;
    RtlReleaseSRWLockShared(&user_lock);
    if (!thread || thread == GetCurrentThreadId() || thread_lives(thread))
        return thread;
    SetLastError(ERROR_INVALID_WINDOW_HANDLE);
    return 0;
}

struct window *window_own(HWND handle)
{
    struct window *window;

    RtlAcquireSRWLockShared(&user_lock);
    window = window_find_locked(handle);
    RtlReleaseSRWLockShared(&user_lock);
    return window && window->thread == GetCurrentThreadId() ? window : NULL;
}

LRESULT window_call(HWND handle, UINT message, WPARAM wparam, LPARAM lparam)
{
    struct window *window = window_own(handle);

    if (!window)
        return 0;
    return (LRESULT)guest_call(window->procedure, (ULONG_PTR)window->handle, message, wparam, (ULONG_PTR)lparam);
}

unsigned windows_list(HWND parent, HWND *list, unsigned room)
{
    unsigned count = 0;

    RtlAcquireSRWLockShared(&user_lock);
    for (unsigned i = INDEX_FIRST; i < table_used && count < room; i++) {
        struct window *window = table[i];
        HWND its = window && window->style & WS_CHILD ? window->parent : NULL;

        if (window && window->parent == HWND_MESSAGE)
            its = HWND_MESSAGE;
        if (window && its == parent)
            list[count++] = window->handle;
    }
    RtlReleaseSRWLockShared(&user_lock);
    return count;
}

static bool table_place(struct window *window)
{
    unsigned index = INDEX_FIRST;

    while (index < table_used && table[index])
        index++;
    if (index >= INDEX_LAST)
        return false;
    if (index >= table_size) {
        unsigned size = table_size ? table_size * 2 : 128;
        struct window **more = RtlAllocateHeap(user_heap(), HEAP_ZERO_MEMORY, size * sizeof *more);

        if (!more)
            return false;
        if (table)
            memcpy(more, table, table_size * sizeof *more);
        RtlFreeHeap(user_heap(), 0, table);
        table = more;
        table_size = size;
    }
    if (index >= table_used)
        table_used = index + 1;
    generation = generation < 2 || generation == 0x7fff ? 2 : generation + 1; /* 1 is the desktop's */
    window->handle = (HWND)(ULONG_PTR)MAKELONG(index << 1, generation);
    table[index] = window;
    return true;
}

static void window_free(struct window *window)
{
    struct property *property;

    while ((property = window->properties)) {
        window->properties = property->next;
        RtlFreeHeap(user_heap(), 0, property);
    }
    class_done(window->class);
    RtlFreeHeap(user_heap(), 0, window->text);
    RtlFreeHeap(user_heap(), 0, window);
}

void windows_of_dead_thread_locked(DWORD thread)
{
    for (unsigned i = INDEX_FIRST; i < table_used; i++) {
        struct window *window = table[i];

        if (window && window->thread == thread) {
            table[i] = NULL;
            window_free(window);
        }
    }
}

static void window_remove(struct window *window)
{
    struct queue *queue = queue_own();

    RtlAcquireSRWLockExclusive(&user_lock);
    table[handle_index(window->handle)] = NULL;
    if (queue)
        queue_forget_window_locked(queue, window->handle);
    RtlReleaseSRWLockExclusive(&user_lock);
    window_free(window);
}

/* What is asked for; the texts both ways, as the window's procedure may want the other one. */
struct creation {
    CREATESTRUCTW info;
    LPCWSTR class_w, name_w;
    LPCSTR class_a, name_a;
};

static bool parent_good(const CREATESTRUCTW *info)
{
    if (info->style & WS_VISIBLE && info->hwndParent != HWND_MESSAGE) {
        warn("a window can not be shown: there is no desktop");
        SetLastError(ERROR_NOT_SUPPORTED);
        return false;
    }
    if (!info->hwndParent && info->style & WS_CHILD) {
        SetLastError(ERROR_TLW_WITH_WSCHILD);
        return false;
    }
    return !info->hwndParent || info->hwndParent == HWND_MESSAGE || info->hwndParent == DESKTOP_WINDOW ||
           window_thread(info->hwndParent);
}

static struct window *window_make(const struct creation *creation)
{
    const CREATESTRUCTW *info = &creation->info;
    WNDCLASSEXW class;
    bool ansi, placed;
    struct class *of = class_use(creation->class_w, info->hInstance, &class, &ansi);
    struct window *window;

    if (!of)
        return NULL;
    window = RtlAllocateHeap(user_heap(), HEAP_ZERO_MEMORY, sizeof *window + (size_t) class.cbWndExtra);
    if (!window) {
        class_done(of);
        SetLastError(ERROR_NOT_ENOUGH_MEMORY);
        return NULL;
    }
    window->parent = info->hwndParent == DESKTOP_WINDOW ? NULL : info->hwndParent;
    window->thread = GetCurrentThreadId();
    window->class = of;
    window->procedure = class.lpfnWndProc;
    window->ansi = ansi;
    window->style = (DWORD)info->style | (info->style & (WS_CHILD | WS_POPUP) ? 0 : WS_CAPTION | WS_CLIPSIBLINGS);
    window->style_ex = info->dwExStyle;
    window->instance = info->hInstance;
    window->id = info->style & WS_CHILD ? (LONG_PTR)info->hMenu : 0;
    window->rect = (RECT){info->x, info->y, info->x + info->cx, info->y + info->cy};
    window->extra_size = class.cbWndExtra;
    window->extra = (unsigned char *)(window + 1);
    RtlAcquireSRWLockExclusive(&user_lock);
    placed = table_place(window);
    RtlReleaseSRWLockExclusive(&user_lock);
    if (placed)
        return window;
    window_free(window);
    SetLastError(ERROR_NO_MORE_USER_HANDLES);
    return NULL;
}

static HWND create(struct creation *creation)
{
    CREATESTRUCTW *info = &creation->info;
    struct window *window;
    HWND handle;

    if (info->x == CW_USEDEFAULT)
        info->x = info->y = 0;
    if (info->cx == CW_USEDEFAULT)
        info->cx = info->cy = 0;
    if (!queue_own() || !parent_good(info) || !(window = window_make(creation)))
        return NULL;
    handle = window->handle;
    info->lpszClass = window->ansi ? (LPCWSTR)creation->class_a : creation->class_w;
    info->lpszName = window->ansi ? (LPCWSTR)creation->name_a : creation->name_w;
    /* A procedure may destroy the window at any time. */
    if (!window_call(handle, WM_NCCREATE, 0, (LPARAM)info)) {
        if ((window = window_own(handle)))
            window_remove(window);
        return NULL;
    }
    window_call(handle, WM_NCCALCSIZE, FALSE, (LPARAM) & (RECT){0, 0, info->cx, info->cy});
    if (window_call(handle, WM_CREATE, 0, (LPARAM)info) == -1) {
        DestroyWindow(handle);
        return NULL;
    }
    return window_own(handle) ? handle : NULL;
}

HWND WINAPI CreateWindowExW(DWORD style_ex, LPCWSTR class, LPCWSTR name, DWORD style, int x, int y, int width,
                            int height, HWND parent, HMENU menu, HINSTANCE instance, LPVOID parameter)
{
    struct creation creation = {
        {parameter, instance, menu, parent, height, width, y, x, (LONG)style, NULL, NULL, style_ex},
        class,
        name,
        (LPCSTR) class,
        NULL};
    CHAR *class_a = IS_INTRESOURCE(class) ? NULL : ansi_from_wide(class), *name_a = name ? ansi_from_wide(name) : NULL;
    HWND window;

    if (class_a)
        creation.class_a = class_a;
    creation.name_a = name_a;
    window = create(&creation);
    RtlFreeHeap(user_heap(), 0, class_a);
    RtlFreeHeap(user_heap(), 0, name_a);
    return window;
}

HWND WINAPI CreateWindowExA(DWORD style_ex, LPCSTR class, LPCSTR name, DWORD style, int x, int y, int width, int height,
                            HWND parent, HMENU menu, HINSTANCE instance, LPVOID parameter)
{
    WCHAR *class_w = IS_INTRESOURCE(class) ? NULL : wide_from_ansi(class), *name_w = name ? wide_from_ansi(name) : NULL;
    struct creation creation = {
        {parameter, instance, menu, parent, height, width, y, x, (LONG)style, NULL, NULL, style_ex},
        class_w ? class_w : (LPCWSTR) class,
        name_w,
        class,
        name};
    HWND window = create(&creation);

    RtlFreeHeap(user_heap(), 0, class_w);
    RtlFreeHeap(user_heap(), 0, name_w);
    return window;
}

/* Its children and what it owns go with it. */
static void destroy_dependents(HWND handle)
{
    HWND next;

    do {
        next = NULL;
        RtlAcquireSRWLockShared(&user_lock);
        for (unsigned i = INDEX_FIRST; i < table_used && !next; i++)
            if (table[i] && table[i]->parent == handle && table[i]->thread == GetCurrentThreadId() &&
                !table[i]->destroyed)
                next = table[i]->handle;
        RtlReleaseSRWLockShared(&user_lock);
        if (next)
            DestroyWindow(next);
    } while (next);
}

BOOL WINAPI DestroyWindow(HWND handle)
{
    struct window *window = window_own(handle);

    if (!window) {
        if (handle == DESKTOP_WINDOW || window_thread(handle))
            SetLastError(ERROR_ACCESS_DENIED); /* another thread's */
        return FALSE;
    }
    if (window->destroyed)
        return TRUE; /* by its own procedure, while it is being destroyed */
    window->destroyed = true;
    window_call(handle, WM_DESTROY, 0, 0);
    destroy_dependents(window->handle);
    window_call(handle, WM_NCDESTROY, 0, 0);
    window_remove(window);
    return TRUE;
}
