/*
 * window_long.c: the values that a window keeps: its own, those of its program, and properties.
 *
 * Layer: user32.
 */
#include <string.h>
#include "ntdll/nls.h"
#include "user.h"

/* One value of a window.  NULL: there is no such; the last error says so. */
static void *value_place(struct window *window, int index, size_t size)
{
    switch (index) {
    case GWL_STYLE:
        return &window->style;
    case GWL_EXSTYLE:
        return &window->style_ex;
    case GWLP_USERDATA:
        return &window->user;
    case GWLP_ID:
        return &window->id;
    case GWLP_HINSTANCE:
        return &window->instance;
    case GWLP_WNDPROC:
        return &window->procedure;
    case GWLP_HWNDPARENT:
        return &window->parent;
    default:
        if (index >= 0 && index <= window->extra_size - (int)size)
            return window->extra + index;
        SetLastError(ERROR_INVALID_INDEX);
        return NULL;
    }
}

/* What has only 32 bits even when it is asked as a pointer. */
static size_t value_size(int index, size_t size)
{
    return index == GWL_STYLE || index == GWL_EXSTYLE ? sizeof(LONG) : size;
}

static LONG_PTR value_exchange(HWND handle, int index, size_t size, const LONG_PTR *new)
{
    struct window *window;
    LONG_PTR old = 0;
    void *place;

    size = value_size(index, size);
    if (size == sizeof(LONG) && (index == GWLP_WNDPROC || index == GWLP_HINSTANCE || index == GWLP_HWNDPARENT)) {
        SetLastError(ERROR_INVALID_INDEX); /* a pointer does not fit */
        return 0;
    }
    RtlAcquireSRWLockExclusive(&user_lock);
    window = window_find_locked(handle);
    place = window ? value_place(window, index, size) : NULL;
    if (place) {
        if (size == sizeof(LONG))
            old = *(UNALIGNED LONG *)place;
        else
            old = *(UNALIGNED LONG_PTR *)place;
        if (new)
            memcpy(place, new, size);
    }
    RtlReleaseSRWLockExclusive(&user_lock);
    return old;
}

LONG_PTR WINAPI GetWindowLongPtrW(HWND window, int index)
{
    return value_exchange(window, index, sizeof(LONG_PTR), NULL);
}

LONG_PTR WINAPI SetWindowLongPtrW(HWND window, int index, LONG_PTR value)
{
    return value_exchange(window, index, sizeof value, &value);
}

LONG WINAPI GetWindowLongW(HWND window, int index)
{
    return (LONG)value_exchange(window, index, sizeof(LONG), NULL);
}

LONG WINAPI SetWindowLongW(HWND window, int index, LONG value)
{
    LONG_PTR wide = value;

    return (LONG)value_exchange(window, index, sizeof value, &wide);
}

/* A procedure set by its A function takes text in the code page. */
static void procedure_takes(HWND handle, bool ansi)
{
    struct window *window;

    RtlAcquireSRWLockExclusive(&user_lock);
    window = window_find_locked(handle);
    if (window)
        window->ansi = ansi;
    RtlReleaseSRWLockExclusive(&user_lock);
}

LONG_PTR WINAPI SetWindowLongPtrA(HWND window, int index, LONG_PTR value)
{
    LONG_PTR old = SetWindowLongPtrW(window, index, value);

    if (index == GWLP_WNDPROC && old)
        procedure_takes(window, true);
    return old;
}

int WINAPI GetClassNameW(HWND handle, LPWSTR name, int room)
{
    struct window *window;
    int length;

    RtlAcquireSRWLockShared(&user_lock);
    window = window_find_locked(handle);
    length = window ? class_name(window->class, name, room) : 0;
    RtlReleaseSRWLockShared(&user_lock);
    return length;
}

int WINAPI GetClassNameA(HWND window, LPSTR name, int room)
{
    WCHAR wide[256];
    CHAR *bytes = room > 0 && GetClassNameW(window, wide, ARRAYSIZE(wide)) ? ansi_from_wide(wide) : NULL;
    int length = 0;

    if (!bytes)
        return 0;
    for (; bytes[length] && length < room - 1; length++)
        name[length] = bytes[length];
    name[length] = 0;
    RtlFreeHeap(user_heap(), 0, bytes);
    return length;
}

/* ---- properties ---- */

/* The property's link, or the end of the list. */
static struct property **property_link(struct window *window, ATOM name)
{
    struct property **link = &window->properties;

    while (*link && (*link)->name != name)
        link = &(*link)->next;
    return link;
}

static ATOM name_atom(LPCWSTR name)
{
    return IS_INTRESOURCE(name) ? (ATOM)(ULONG_PTR)name : GlobalFindAtomW(name);
}

static ATOM name_atom_a(LPCSTR name)
{
    return IS_INTRESOURCE(name) ? (ATOM)(ULONG_PTR)name : GlobalFindAtomA(name);
}

static HANDLE property_get(HWND handle, ATOM name, bool remove)
{
    struct property **link, *found = NULL;
    struct window *window;
    HANDLE value = NULL;

    RtlAcquireSRWLockExclusive(&user_lock);
    window = window_find_locked(handle);
    if (window && name && (found = *(link = property_link(window, name)))) {
        value = found->value;
        if (remove)
            *link = found->next;
    }
    RtlReleaseSRWLockExclusive(&user_lock);
    if (remove)
        RtlFreeHeap(user_heap(), 0, found);
    return value;
}

static BOOL property_set(HWND handle, ATOM name, HANDLE value)
{
    struct property **link, *new = RtlAllocateHeap(user_heap(), 0, sizeof *new);
    struct window *window;

    if (!new || !name) {
        RtlFreeHeap(user_heap(), 0, new);
        SetLastError(new ? ERROR_INVALID_PARAMETER : ERROR_NOT_ENOUGH_MEMORY);
        return FALSE;
    }
    RtlAcquireSRWLockExclusive(&user_lock);
    window = window_find_locked(handle);
    if (window) {
        link = property_link(window, name);
        if (*link) {
            (*link)->value = value;
        } else {
            *new = (struct property){NULL, name, value};
            *link = new;
            new = NULL;
        }
    }
    RtlReleaseSRWLockExclusive(&user_lock);
    RtlFreeHeap(user_heap(), 0, new);
    return window != NULL;
}

HANDLE WINAPI GetPropW(HWND window, LPCWSTR name)
{
    return property_get(window, name_atom(name), false);
}

HANDLE WINAPI GetPropA(HWND window, LPCSTR name)
{
    return property_get(window, name_atom_a(name), false);
}

HANDLE WINAPI RemovePropW(HWND window, LPCWSTR name)
{
    return property_get(window, name_atom(name), true);
}

HANDLE WINAPI RemovePropA(HWND window, LPCSTR name)
{
    return property_get(window, name_atom_a(name), true);
}

BOOL WINAPI SetPropW(HWND window, LPCWSTR name, HANDLE value)
{
    return property_set(window, IS_INTRESOURCE(name) ? name_atom(name) : GlobalAddAtomW(name), value);
}

BOOL WINAPI SetPropA(HWND window, LPCSTR name, HANDLE value)
{
    return property_set(window, IS_INTRESOURCE(name) ? name_atom_a(name) : GlobalAddAtomA(name), value);
}
