/*
 * sendtext.c: messages with texts from a sender of one form (ANSI or wide) to a procedure that takes the other.
 *
 * Layer: user32, between SendMessage and send.c's way to the window.
 */
#include "user.h"
#include "ntdll/nls.h"

bool window_takes_ansi(HWND handle, bool *ansi)
{
    struct window *window;

    RtlAcquireSRWLockShared(&user_lock);
    window = window_find_locked(handle);
    if (window)
        *ansi = window->ansi;
    RtlReleaseSRWLockShared(&user_lock);
    return window != NULL;
}

/* A text for the procedure; lparam may be none. */
static bool send_in(const struct send *how, bool ansi, LRESULT *result)
{
    struct send other = *how;
    void *text = NULL;

    if (how->lparam)
        text = ansi ? (void *)wide_from_ansi((LPCSTR)how->lparam) : (void *)ansi_from_wide((LPCWSTR)how->lparam);
    other.lparam = (LPARAM)text;
    bool good = (text || !how->lparam) && send_message(&other, result);
    RtlFreeHeap(user_heap(), 0, text);
    return good;
}

/* A text from the procedure: at most twice as many bytes as units, or as many units as bytes. */
static bool send_out(const struct send *how, bool ansi, LRESULT *result)
{
    struct send other = *how;
    size_t room = how->wparam < 0x10000 ? how->wparam : 0x10000;
    void *text = RtlAllocateHeap(user_heap(), HEAP_ZERO_MEMORY, (3 * room + 1) * sizeof(WCHAR));

    *result = 0;
    other.lparam = (LPARAM)text;
    other.wparam = ansi ? room : 3 * room;
    bool good = text && send_message(&other, result);
    if (good && room && how->lparam && ansi) {
        *result = WideCharToMultiByte(CP_ACP, 0, text, (int)*result, (LPSTR)how->lparam, (int)room - 1, NULL, NULL);
        ((LPSTR)how->lparam)[*result] = 0;
    } else if (good && room && how->lparam) {
        *result = MultiByteToWideChar(CP_ACP, 0, text, (int)*result, (LPWSTR)how->lparam, (int)room - 1);
        ((LPWSTR)how->lparam)[*result] = 0;
    }
    RtlFreeHeap(user_heap(), 0, text);
    return good;
}

/* The length in the sender's units, by the text itself. */
static bool send_length(const struct send *how, bool ansi, LRESULT *result)
{
    struct send other = *how;

    if (!send_message(&other, result))
        return false;
    size_t room = (size_t)*result + 1;
    void *text = RtlAllocateHeap(user_heap(), HEAP_ZERO_MEMORY, room * sizeof(WCHAR));
    other.message = WM_GETTEXT;
    other.wparam = room;
    other.lparam = (LPARAM)text;
    bool good = text && send_message(&other, result);
    if (good && *result)
        *result = ansi ? WideCharToMultiByte(CP_ACP, 0, text, (int)*result, NULL, 0, NULL, NULL)
                       : MultiByteToWideChar(CP_ACP, 0, text, (int)*result, NULL, 0);
    RtlFreeHeap(user_heap(), 0, text);
    return good;
}

/* One character; of those that need several bytes the first goes. */
static bool send_character(const struct send *how, bool ansi, LRESULT *result)
{
    struct send other = *how;
    WCHAR wide = (WCHAR)how->wparam;
    CHAR bytes[8] = {(CHAR)how->wparam};

    if (ansi)
        MultiByteToWideChar(CP_ACP, 0, bytes, 1, &wide, 1);
    else
        WideCharToMultiByte(CP_ACP, 0, &wide, 1, bytes, sizeof bytes, NULL, NULL);
    other.wparam = ansi ? wide : (BYTE)bytes[0];
    return send_message(&other, result);
}

bool send_text(const struct send *how, bool ansi, LRESULT *result)
{
    bool takes_ansi = ansi;

    if (!window_takes_ansi(how->window, &takes_ansi) || takes_ansi == ansi)
        return send_message(how, result);
    switch (how->message) {
    case WM_SETTEXT:
    case WM_SETTINGCHANGE:
    case WM_DEVMODECHANGE:
        return send_in(how, ansi, result);
    case WM_GETTEXT:
        return send_out(how, ansi, result);
    case WM_GETTEXTLENGTH:
        return send_length(how, ansi, result);
    case WM_CHAR:
    case WM_DEADCHAR:
    case WM_SYSCHAR:
    case WM_SYSDEADCHAR:
        return send_character(how, ansi, result);
    default:
        return send_message(how, result);
    }
}
