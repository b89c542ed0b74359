/*
 * redirect.c: redirections, and output through the handles in force.
 */
#include "cmd.h"
#include <stdarg.h>

void handles_apply(void)
{
    SetStdHandle(STD_INPUT_HANDLE, cmd.handles[0]);
    SetStdHandle(STD_OUTPUT_HANDLE, cmd.handles[1]);
    SetStdHandle(STD_ERROR_HANDLE, cmd.handles[2]);
}

static HANDLE duplicate(HANDLE handle)
{
    HANDLE copy = NULL;
    if (handle)
        DuplicateHandle(GetCurrentProcess(), handle, GetCurrentProcess(), &copy, 0, FALSE, DUPLICATE_SAME_ACCESS);
    return copy;
}

static HANDLE open_target(const struct redirect *redirect, const WCHAR *path)
{
    HANDLE handle;

    if (redirect->input)
        return CreateFileW(path, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL,
                           OPEN_EXISTING, FILE_ATTRIBUTE_NORMAL, NULL);
    handle = CreateFileW(path, GENERIC_WRITE | (redirect->append ? GENERIC_READ : 0),
                         FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL,
                         redirect->append ? OPEN_ALWAYS : CREATE_ALWAYS, FILE_ATTRIBUTE_NORMAL, NULL);
    if (handle == INVALID_HANDLE_VALUE && redirect->append) /* a device that can not be read */
        handle = CreateFileW(path, GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, OPEN_ALWAYS, 0, NULL);
    if (handle != INVALID_HANDLE_VALUE && redirect->append)
        SetFilePointer(handle, 0, NULL, FILE_END);
    return handle;
}

static bool make_one(const struct redirect *redirect)
{
    WCHAR *first = expand_for(redirect->target), *target = expand_delayed(first);
    HANDLE handle;

    free(first);
    if (redirect->duplicate) {
        handle = target[0] >= '0' && target[0] <= '9' && !target[1] ? duplicate(cmd.handles[target[0] - '0']) : NULL;
        if (!handle) {
            out_error(L"The handle could not be duplicated\r\nduring redirection of handle %d.\r\n", redirect->handle);
            free(target);
            return false;
        }
    } else {
        handle = open_target(redirect, unquote(target));
        if (handle == INVALID_HANDLE_VALUE) {
            report(GetLastError());
            free(target);
            return false;
        }
    }
    free(target);
    cmd.handles[redirect->handle] = handle;
    return true;
}

bool redirect_make(const struct redirect *redirects, HANDLE saved[10])
{
    memcpy(saved, cmd.handles, sizeof cmd.handles);
    for (; redirects; redirects = redirects->next) {
        HANDLE before = cmd.handles[redirects->handle];
        if (!make_one(redirects)) {
            redirect_undo(saved);
            return false;
        }
        if (before != saved[redirects->handle]) /* redirected twice: the first one is not needed any more */
            CloseHandle(before);
    }
    handles_apply();
    return true;
}

void redirect_undo(HANDLE saved[10])
{
    for (int i = 0; i < 10; i++)
        if (cmd.handles[i] != saved[i]) {
            CloseHandle(cmd.handles[i]);
            cmd.handles[i] = saved[i];
        }
    handles_apply();
}

static void write_out(HANDLE handle, const WCHAR *text, size_t length)
{
    DWORD mode, written;

    if (cmd.unicode && !GetConsoleMode(handle, &mode))
        WriteFile(handle, text, (DWORD)(length * sizeof *text), &written, NULL);
    else
        write_text(handle, text, length);
}

static void write_format(int handle, const WCHAR *format, va_list arguments)
{
    WCHAR *line = need(32768 * sizeof *line);
    int length = _vsnwprintf(line, 32767, format, arguments);

    write_out(cmd.handles[handle], line, length < 0 ? 32767 : length);
    free(line);
}

void out(const WCHAR *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    write_format(1, format, arguments);
    va_end(arguments);
}

void out_error(const WCHAR *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    write_format(2, format, arguments);
    va_end(arguments);
}

void out_text(const WCHAR *text)
{
    write_out(cmd.handles[1], text, wcslen(text));
}

int bad_usage(void)
{
    out_error(L"The syntax of the command is incorrect.\r\n");
    return 1;
}

int report(DWORD error)
{
    out_error(L"%s\r\n", error_message(error));
    return 1;
}
