/*
 * image.c: icons and cursors by name: they can be had and given back, and are drawn nowhere.
 *
 * Layer: user32.  A handle stands for a resource that is there, or for one of the system's own.
 */
#include "win.h"

/* Handles of windows, menus and images are small numbers; these are above any of a window. */
#define SYSTEM_IMAGE(id) ((HANDLE)(ULONG_PTR)(0x20000u + (id)))
#define FIRST_SYSTEM 32512u
#define LAST_SYSTEM 32651u

static HANDLE fail(DWORD error)
{
    SetLastError(error);
    return NULL;
}

static HANDLE load(HINSTANCE module, LPCWSTR name, LPCWSTR group)
{
    ULONG_PTR id = (ULONG_PTR)name;
    HRSRC resource;

    if (!module) /* the system's: by number alone */
        return id >= FIRST_SYSTEM && id <= LAST_SYSTEM ? SYSTEM_IMAGE(id) : fail(ERROR_RESOURCE_NAME_NOT_FOUND);
    resource = FindResourceW(module, name, group);
    return resource ? (HANDLE)((ULONG_PTR)resource & 0x7ffffffcu) : NULL;
}

HICON WINAPI LoadIconW(HINSTANCE module, LPCWSTR name)
{
    return load(module, name, (LPCWSTR)RT_GROUP_ICON);
}

HCURSOR WINAPI LoadCursorW(HINSTANCE module, LPCWSTR name)
{
    return load(module, name, (LPCWSTR)RT_GROUP_CURSOR);
}

HANDLE WINAPI LoadImageW(HINSTANCE module, LPCWSTR name, UINT type, int width, int height, UINT flags)
{
    (void)width, (void)height;
    if (flags & LR_LOADFROMFILE)
        return fail(ERROR_CALL_NOT_IMPLEMENTED);
    switch (type) {
    case IMAGE_ICON:
        return load(module, name, (LPCWSTR)RT_GROUP_ICON);
    case IMAGE_CURSOR:
        return load(module, name, (LPCWSTR)RT_GROUP_CURSOR);
    case IMAGE_BITMAP: /* would be an object of GDI */
        return fail(ERROR_CALL_NOT_IMPLEMENTED);
    default:
        return fail(ERROR_INVALID_PARAMETER);
    }
}

/* A name, or a number that stands for one, in UTF-16. */
static LPCWSTR widen(LPCSTR name, WCHAR room[MAX_PATH])
{
    if (IS_INTRESOURCE(name))
        return (LPCWSTR)name;
    return MultiByteToWideChar(CP_ACP, 0, name, -1, room, MAX_PATH) ? room : L"";
}

HICON WINAPI LoadIconA(HINSTANCE module, LPCSTR name)
{
    WCHAR room[MAX_PATH];

    return LoadIconW(module, widen(name, room));
}

HCURSOR WINAPI LoadCursorA(HINSTANCE module, LPCSTR name)
{
    WCHAR room[MAX_PATH];

    return LoadCursorW(module, widen(name, room));
}

HANDLE WINAPI LoadImageA(HINSTANCE module, LPCSTR name, UINT type, int width, int height, UINT flags)
{
    WCHAR room[MAX_PATH];

    return LoadImageW(module, widen(name, room), type, width, height, flags);
}

static BOOL release(HANDLE image)
{
    return image ? TRUE : (SetLastError(ERROR_INVALID_CURSOR_HANDLE), FALSE);
}

BOOL WINAPI DestroyIcon(HICON icon)
{
    return release(icon);
}

BOOL WINAPI DestroyCursor(HCURSOR cursor)
{
    return release(cursor);
}

/* The pointer of a screen that is not there. */
HCURSOR WINAPI SetCursor(HCURSOR cursor)
{
    static volatile PVOID now;

    return (HCURSOR)__sync_lock_test_and_set(&now, cursor);
}

int WINAPI ShowCursor(BOOL show)
{
    static volatile LONG count;

    return (int)__sync_add_and_fetch(&count, show ? 1 : -1);
}
