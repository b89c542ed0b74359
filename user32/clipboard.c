/*
 * clipboard.c: the clipboard.  There is no desktop whose clipboard it could be: it is this process's own, and ends with
 * it.
 *
 * Layer: user32.  The lock guards the list; windows are sent their messages without it.
 */
#include <string.h>
#include "user.h"

/* One format; those that are made of another one when the clipboard is closed stand behind it. */
struct item {
    struct item *next;
    UINT format, source; /* source: of which format it is to be made; 0: it was put here */
    HANDLE data;         /* NULL: made when somebody asks for it */
};

static struct {
    RTL_SRWLOCK lock;
    struct item *items;
    HWND window, owner; /* who has it open, who has emptied it last */
    DWORD thread;       /* that has it open; 0: none */
    DWORD sequence;
    bool changed;
    HWND listeners[16];
} board = {.lock = RTL_SRWLOCK_INIT};

static BOOL fail(DWORD error)
{
    SetLastError(error);
    return FALSE;
}

static void lock(void)
{
    RtlAcquireSRWLockExclusive(&board.lock);
}

static void unlock(void)
{
    RtlReleaseSRWLockExclusive(&board.lock);
}

/* Whether this thread may use it, and then the lock is held. */
static bool enter(void)
{
    lock();
    if (board.thread == GetCurrentThreadId())
        return true;
    unlock();
    return fail(ERROR_CLIPBOARD_NOT_OPEN);
}

static struct item **find(UINT format)
{
    struct item **link = &board.items;
    while (*link && (*link)->format != format)
        link = &(*link)->next;
    return link;
}

/* What the system frees itself: blocks of memory.  Bitmaps and the like there are none. */
static void item_free(struct item *item)
{
    if (item->data)
        GlobalFree(item->data);
    RtlFreeHeap(peb_current()->ProcessHeap, 0, item);
}

static struct item *item_add(UINT format, HANDLE data, UINT source)
{
    struct item **link = find(format), *item = *link;
    if (item && item->data && item->data != data)
        GlobalFree(item->data);
    if (!item) {
        item = RtlAllocateHeap(peb_current()->ProcessHeap, HEAP_ZERO_MEMORY, sizeof *item);
        if (!item)
            return NULL;
        *link = item;
        item->format = format;
    }
    item->data = data;
    item->source = source;
    return item;
}

BOOL WINAPI OpenClipboard(HWND window)
{
    DWORD thread = GetCurrentThreadId();
    if (window && !IsWindow(window))
        return fail(ERROR_INVALID_WINDOW_HANDLE);
    lock();
    bool gone = board.window && !IsWindow(board.window);
    bool free = !board.thread || gone || (board.thread == thread && board.window == window);
    if (free) {
        board.thread = thread;
        board.window = window;
    }
    unlock();
    return free || fail(ERROR_ACCESS_DENIED);
}

/* Texts can be had in every form if they were put here in one. */
static void add_other_forms(void)
{
    static const UINT forms[] = {CF_UNICODETEXT, CF_TEXT, CF_OEMTEXT};
    for (unsigned i = 0; i < 3; i++) {
        struct item *there = *find(forms[i]);
        if (!there || there->source)
            continue;
        for (unsigned k = 0; k < 3; k++)
            if (!*find(forms[k]))
                item_add(forms[k], NULL, forms[i]);
        if (!*find(CF_LOCALE))
            item_add(CF_LOCALE, NULL, forms[i]);
        return;
    }
}

BOOL WINAPI CloseClipboard(void)
{
    HWND listeners[sizeof board.listeners / sizeof *board.listeners];
    if (!enter())
        return FALSE;
    bool changed = board.changed;
    if (changed)
        add_other_forms();
    board.changed = false;
    board.thread = 0;
    board.window = NULL;
    memcpy(listeners, board.listeners, sizeof listeners);
    unlock();
    for (unsigned i = 0; changed && i < sizeof listeners / sizeof *listeners; i++)
        if (listeners[i])
            PostMessageW(listeners[i], WM_CLIPBOARDUPDATE, 0, 0);
    return TRUE;
}

BOOL WINAPI EmptyClipboard(void)
{
    if (!enter())
        return FALSE;
    HWND owner = board.owner;
    struct item *items = board.items, *next;
    board.items = NULL;
    board.owner = board.window;
    board.changed = true;
    board.sequence++;
    unlock();
    for (; items; items = next) {
        next = items->next;
        item_free(items);
    }
    if (owner)
        SendMessageW(owner, WM_DESTROYCLIPBOARD, 0, 0);
    return TRUE;
}

/* Also by an owner that was asked for a format (WM_RENDERFORMAT), without opening it. */
HANDLE WINAPI SetClipboardData(UINT format, HANDLE data)
{
    if (!format) {
        fail(ERROR_CLIPBOARD_NOT_OPEN);
        return NULL;
    }
    lock();
    struct item *promised = *find(format);
    bool asked = promised && !promised->data && !promised->source && data;
    if (board.thread != GetCurrentThreadId() && !asked) {
        unlock();
        fail(ERROR_CLIPBOARD_NOT_OPEN);
        return NULL;
    }
    if (!asked) {
        board.changed = true;
        board.sequence++;
    }
    bool done = item_add(format, data, 0) != NULL;
    unlock();
    if (!done)
        SetLastError(ERROR_NOT_ENOUGH_MEMORY);
    return done ? data : NULL;
}

/* A text of one form as UTF-16; freed by the caller. */
static WCHAR *text_wide(UINT format, const void *text, size_t size)
{
    UINT page = format == CF_OEMTEXT ? CP_OEMCP : CP_ACP;
    WCHAR *wide = RtlAllocateHeap(peb_current()->ProcessHeap, HEAP_ZERO_MEMORY, (size + 1) * sizeof(WCHAR));
    if (wide && format == CF_UNICODETEXT)
        memcpy(wide, text, size & ~(size_t)1);
    else if (wide)
        MultiByteToWideChar(page, 0, text, (int)strnlen(text, size), wide, (int)size);
    return wide;
}

static HGLOBAL text_block(UINT format, const WCHAR *wide)
{
    UINT page = format == CF_OEMTEXT ? CP_OEMCP : CP_ACP;
    size_t units = lstrlenW(wide) + 1;
    int size = format == CF_UNICODETEXT ? (int)(units * sizeof *wide)
                                        : WideCharToMultiByte(page, 0, wide, (int)units, NULL, 0, NULL, NULL);
    HGLOBAL block = GlobalAlloc(GMEM_MOVEABLE, (SIZE_T)size);
    void *out = block ? GlobalLock(block) : NULL;
    if (out && format == CF_UNICODETEXT)
        memcpy(out, wide, (size_t)size);
    else if (out)
        WideCharToMultiByte(page, 0, wide, (int)units, out, size, NULL, NULL);
    if (out)
        GlobalUnlock(block);
    return block;
}

/* One form of a text from another one. */
static HGLOBAL convert(UINT format, UINT source, HANDLE data)
{
    HGLOBAL made = NULL;
    if (format == CF_LOCALE) {
        LCID locale = GetUserDefaultLCID(), *out;
        made = GlobalAlloc(GMEM_MOVEABLE, sizeof locale);
        if (made && (out = GlobalLock(made))) {
            *out = locale;
            GlobalUnlock(made);
        }
        return made;
    }
    const void *text = GlobalLock(data);
    WCHAR *wide = text ? text_wide(source, text, GlobalSize(data)) : NULL;
    if (wide)
        made = text_block(format, wide);
    if (text)
        GlobalUnlock(data);
    RtlFreeHeap(peb_current()->ProcessHeap, 0, wide);
    return made;
}

/* With the lock, which is given up while the owner makes its data. */
static HANDLE data_of(UINT format)
{
    struct item *item = *find(format);
    if (item && !item->data && !item->source && board.owner) {
        HWND owner = board.owner;
        unlock();
        SendMessageW(owner, WM_RENDERFORMAT, format, 0);
        lock();
        item = *find(format);
    }
    return item ? item->data : NULL;
}

HANDLE WINAPI GetClipboardData(UINT format)
{
    if (!enter())
        return NULL;
    struct item *item = *find(format);
    HANDLE data = NULL;
    if (item && !item->data && item->source) {
        HANDLE source = data_of(item->source);
        HANDLE made = source ? convert(format, item->source, source) : NULL;
        if (made && (item = *find(format)))
            item->data = made;
    }
    data = data_of(format);
    unlock();
    return data;
}

BOOL WINAPI IsClipboardFormatAvailable(UINT format)
{
    lock();
    bool there = format && *find(format);
    unlock();
    return there;
}

int WINAPI CountClipboardFormats(void)
{
    int count = 0;
    lock();
    for (const struct item *item = board.items; item; item = item->next)
        count++;
    unlock();
    return count;
}

UINT WINAPI EnumClipboardFormats(UINT format)
{
    if (!enter())
        return 0;
    const struct item *item = format ? *find(format) : board.items;
    if (format && item)
        item = item->next;
    UINT next = item ? item->format : 0;
    unlock();
    SetLastError(ERROR_SUCCESS);
    return next;
}

int WINAPI GetPriorityClipboardFormat(UINT *formats, int count)
{
    if (!CountClipboardFormats())
        return 0;
    for (int i = 0; i < count; i++)
        if (IsClipboardFormatAvailable(formats[i]))
            return (int)formats[i];
    return -1;
}

BOOL WINAPI GetUpdatedClipboardFormats(PUINT formats, UINT room, PUINT count)
{
    lock();
    *count = 0;
    for (const struct item *item = board.items; item; item = item->next, ++*count)
        if (*count < room)
            formats[*count] = item->format;
    unlock();
    return *count <= room || fail(ERROR_INSUFFICIENT_BUFFER);
}

/* A window that has gone owns nothing. */
HWND WINAPI GetClipboardOwner(void)
{
    return board.owner && IsWindow(board.owner) ? board.owner : NULL;
}

HWND WINAPI GetOpenClipboardWindow(void)
{
    return board.window;
}

DWORD WINAPI GetClipboardSequenceNumber(void)
{
    return board.sequence;
}

static BOOL listener_change(HWND from, HWND to)
{
    BOOL done = FALSE;
    lock();
    for (unsigned i = 0; !done && i < sizeof board.listeners / sizeof *board.listeners; i++)
        if (board.listeners[i] == from || (!from && !IsWindow(board.listeners[i]))) {
            board.listeners[i] = to;
            done = TRUE;
        }
    unlock();
    return done || fail(ERROR_INVALID_PARAMETER);
}

BOOL WINAPI AddClipboardFormatListener(HWND window)
{
    return IsWindow(window) ? listener_change(NULL, window) : fail(ERROR_INVALID_WINDOW_HANDLE);
}

BOOL WINAPI RemoveClipboardFormatListener(HWND window)
{
    return window ? listener_change(window, NULL) : fail(ERROR_INVALID_WINDOW_HANDLE);
}
