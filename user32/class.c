/*
 * class.c: window classes: the process's own, by name or atom.
 *
 * Layer: user32.
 */
#include <string.h>
#include "win.h"
#include "ntdll/nls.h"
#include "user.h"

struct class
{
    struct class *next;
    WNDCLASSEXW info;
    ATOM atom;
    bool ansi;        /* its procedure takes text in the code page */
    unsigned windows; /* made of it */
    WCHAR name[];
};

static RTL_SRWLOCK lock = RTL_SRWLOCK_INIT;
static struct class *classes;

static DWORD find(LPCWSTR name, HINSTANCE module, struct class ***place)
{
    struct class **at;

    for (at = &classes; *at; at = &(*at)->next) {
        struct class *class = *at;
        bool same =
            IS_INTRESOURCE(name) ? class->atom == (ATOM)(ULONG_PTR)name : wide_compare_nocase(class->name, name) == 0;

        if (same && (!module || class->info.hInstance == module || class->info.style & CS_GLOBALCLASS))
            break;
    }
    *place = at;
    return *at ? 0 : ERROR_CLASS_DOES_NOT_EXIST;
}

static ATOM put(const WNDCLASSEXW *info, bool ansi)
{
    struct class **place, *class;
    WCHAR text[256];
    size_t size;
    DWORD error = 0;

    if (IS_INTRESOURCE(info->lpszClassName)) {
        if (!GlobalGetAtomNameW((ATOM)(ULONG_PTR)info->lpszClassName, text, 256))
            return 0;
    } else if (wide_length(info->lpszClassName) >= 256) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return 0;
    } else {
        lstrcpyW(text, info->lpszClassName);
    }
    size = (wide_length(text) + 1) * sizeof *text;
    class = RtlAllocateHeap(peb_current()->ProcessHeap, 0, sizeof *class + size);
    if (!class) {
        SetLastError(ERROR_NOT_ENOUGH_MEMORY);
        return 0;
    }
    class->info = *info;
    class->ansi = ansi;
    class->windows = 0;
    memcpy(class->name, text, size);
    class->info.lpszClassName = class->name;
    if (!class->info.hInstance)
        class->info.hInstance = GetModuleHandleW(NULL);
    class->atom = GlobalAddAtomW(text);
    RtlAcquireSRWLockExclusive(&lock);
    if (!find(text, class->info.hInstance, &place)) {
        error = ERROR_CLASS_ALREADY_EXISTS;
    } else {
        class->next = classes;
        classes = class;
    }
    RtlReleaseSRWLockExclusive(&lock);
    if (!error)
        return class->atom;
    GlobalDeleteAtom(class->atom);
    RtlFreeHeap(peb_current()->ProcessHeap, 0, class);
    SetLastError(error);
    return 0;
}

static bool class_good(const WNDCLASSEXW *info)
{
    if (info && info->lpszClassName && info->cbClsExtra >= 0 && info->cbWndExtra >= 0)
        return true;
    SetLastError(ERROR_INVALID_PARAMETER);
    return false;
}

ATOM WINAPI RegisterClassExW(const WNDCLASSEXW *info)
{
    if (info && info->cbSize != sizeof *info) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return 0;
    }
    return class_good(info) ? put(info, false) : 0;
}

/* The older structures have neither size nor small icon; what lies behind the procedure's place is the same. */
#define COMMON_SIZE (sizeof(WNDCLASSW) - offsetof(WNDCLASSW, lpfnWndProc))

static WNDCLASSEXW extend(const WNDCLASSW *info)
{
    WNDCLASSEXW whole = {.cbSize = sizeof whole, .style = info->style};

    memcpy(&whole.lpfnWndProc, &info->lpfnWndProc, COMMON_SIZE);
    return whole;
}

static void shorten(const WNDCLASSEXW *whole, WNDCLASSW *info)
{
    info->style = whole->style;
    memcpy(&info->lpfnWndProc, &whole->lpfnWndProc, COMMON_SIZE);
}

ATOM WINAPI RegisterClassW(const WNDCLASSW *info)
{
    WNDCLASSEXW whole;

    if (!info) {
        SetLastError(ERROR_NOACCESS);
        return 0;
    }
    whole = extend(info);
    return class_good(&whole) ? put(&whole, false) : 0;
}

static ATOM put_ansi(WNDCLASSEXW *info)
{
    WCHAR *name = NULL;
    ATOM atom;

    if (!class_good(info))
        return 0;
    if (!IS_INTRESOURCE(info->lpszClassName))
        info->lpszClassName = name = wide_from_ansi((LPCSTR)info->lpszClassName);
    atom = put(info, true);
    if (name)
        RtlFreeHeap(peb_current()->ProcessHeap, 0, name);
    return atom;
}

ATOM WINAPI RegisterClassExA(const WNDCLASSEXA *info)
{
    WNDCLASSEXW copy;

    if (!info || info->cbSize != sizeof *info) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return 0;
    }
    memcpy(&copy, info, sizeof copy);
    return put_ansi(&copy);
}

ATOM WINAPI RegisterClassA(const WNDCLASSA *info)
{
    WNDCLASSEXW copy;

    if (!info) {
        SetLastError(ERROR_NOACCESS);
        return 0;
    }
    copy = extend((const WNDCLASSW *)info);
    return put_ansi(&copy);
}

BOOL WINAPI UnregisterClassW(LPCWSTR name, HINSTANCE module)
{
    struct class **place, *class = NULL;
    DWORD error;

    RtlAcquireSRWLockExclusive(&lock);
    error = find(name, module, &place);
    if (!error && (*place)->windows)
        error = ERROR_CLASS_HAS_WINDOWS;
    if (!error) {
        class = *place;
        *place = class->next;
    }
    RtlReleaseSRWLockExclusive(&lock);
    if (error) {
        SetLastError(error);
        return FALSE;
    }
    GlobalDeleteAtom(class->atom);
    RtlFreeHeap(peb_current()->ProcessHeap, 0, class);
    return TRUE;
}

BOOL WINAPI UnregisterClassA(LPCSTR name, HINSTANCE module)
{
    WCHAR *wide = IS_INTRESOURCE(name) ? NULL : wide_from_ansi(name);
    BOOL good = UnregisterClassW(wide ? wide : (LPCWSTR)name, module);

    if (wide)
        RtlFreeHeap(peb_current()->ProcessHeap, 0, wide);
    return good;
}

struct class *class_use(LPCWSTR name, HINSTANCE module, WNDCLASSEXW *info, bool *ansi)
{
    struct class **place, *class = NULL;
    DWORD error;

    RtlAcquireSRWLockExclusive(&lock);
    error = find(name, module, &place);
    if (!error) {
        class = *place;
        class->windows++;
        *info = class->info;
        *ansi = class->ansi;
    }
    RtlReleaseSRWLockExclusive(&lock);
    if (error)
        SetLastError(ERROR_CANNOT_FIND_WND_CLASS);
    return class;
}

void class_done(struct class *class)
{
    RtlAcquireSRWLockExclusive(&lock);
    class->windows--;
    RtlReleaseSRWLockExclusive(&lock);
}

/* Copies as much as fits; a class lives as long as its windows. */
int class_name(struct class *class, LPWSTR name, int room)
{
    int length = 0;

    if (room <= 0)
        return 0;
    for (; class->name[length] && length < room - 1; length++)
        name[length] = class->name[length];
    name[length] = 0;
    return length;
}

ATOM class_atom(struct class *class)
{
    return class->atom;
}

BOOL WINAPI GetClassInfoExW(HINSTANCE module, LPCWSTR name, LPWNDCLASSEXW info)
{
    struct class **place;
    DWORD error;

    RtlAcquireSRWLockShared(&lock);
    error = find(name, module, &place);
    if (!error)
        *info = (*place)->info;
    RtlReleaseSRWLockShared(&lock);
    info->cbSize = sizeof *info;
    info->lpszClassName = name;
    if (error)
        SetLastError(error);
    return error == 0;
}

BOOL WINAPI GetClassInfoW(HINSTANCE module, LPCWSTR name, LPWNDCLASSW info)
{
    WNDCLASSEXW whole;
    BOOL found = GetClassInfoExW(module, name, &whole);

    if (found)
        shorten(&whole, info);
    return found;
}

BOOL WINAPI GetClassInfoExA(HINSTANCE module, LPCSTR name, LPWNDCLASSEXA info)
{
    WCHAR *wide = IS_INTRESOURCE(name) ? NULL : wide_from_ansi(name);
    BOOL found = GetClassInfoExW(module, wide ? wide : (LPCWSTR)name, (LPWNDCLASSEXW)info);

    if (wide)
        RtlFreeHeap(peb_current()->ProcessHeap, 0, wide);
    info->lpszClassName = name;
    return found;
}

BOOL WINAPI GetClassInfoA(HINSTANCE module, LPCSTR name, LPWNDCLASSA info)
{
    WNDCLASSEXA whole;
    BOOL found = GetClassInfoExA(module, name, &whole);

    if (found)
        shorten((const WNDCLASSEXW *)&whole, (WNDCLASSW *)info);
    return found;
}
