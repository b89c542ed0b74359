/*
 * shellexecute.c: starting programs, and the programs of documents (ShellExecute, ShellExecuteEx).
 *
 * Layer: shell32, over CreateProcess.  A document without a registered program, a directory or an address of the web is
 * "no association": nothing outside the prefix is opened.  "runas" runs as everything does: there is one user.
 */
#include "shell.h"

#define LINE_ROOM 32768u

struct start {
    const SHELLEXECUTEINFOW *info;
    WCHAR file[MAX_PATH];
    WCHAR *line;
    DWORD length;
};

static void put(struct start *start, const WCHAR *text)
{
    while (*text && start->length + 1 < LINE_ROOM)
        start->line[start->length++] = *text++;
    start->line[start->length] = 0;
}

/* HKEY_..\Software\Microsoft\Windows\CurrentVersion\App Paths\NAME: where a program is that is on no path. */
static bool find_registered(const WCHAR *name, WCHAR *path)
{
    WCHAR key[MAX_PATH + 80] = L"Software\\Microsoft\\Windows\\CurrentVersion\\App Paths\\";
    DWORD size = MAX_PATH * sizeof *path;

    if (wide_length(name) > MAX_PATH - 8)
        return false;
    lstrcatW(key, name);
    if (!*path_type(name))
        lstrcatW(key, L".exe");
    return RegGetValueW(HKEY_CURRENT_USER, key, NULL, RRF_RT_REG_SZ, NULL, path, &size) == ERROR_SUCCESS ||
           (size = MAX_PATH * sizeof *path,
            RegGetValueW(HKEY_LOCAL_MACHINE, key, NULL, RRF_RT_REG_SZ, NULL, path, &size) == ERROR_SUCCESS);
}

/* In its directory, on the path, among the registered ones; with the ending of a program if it has none. */
static bool find_file(const WCHAR *name, const WCHAR *directory, WCHAR *path)
{
    static const WCHAR types[][5] = {L"", L".exe", L".com", L".bat", L".cmd"};

    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        const WCHAR *type = i ? types[i] : NULL;

        if ((directory && *directory && SearchPathW(directory, name, type, MAX_PATH, path, NULL)) ||
            SearchPathW(NULL, name, type, MAX_PATH, path, NULL))
            return true;
    }
    return find_registered(name, path);
}

static bool is_program(const WCHAR *path)
{
    static const WCHAR types[][5] = {L".exe", L".com", L".bat", L".cmd", L".scr"};
    const WCHAR *type = path_type(path);

    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (wide_compare_nocase(type, types[i]) == 0)
            return true;
    return false;
}

/* http:, mailto:, but not C: */
static bool protocol_of(const WCHAR *file, WCHAR *protocol)
{
    size_t length = 0;

    while ((file[length] | 0x20) >= 'a' && (file[length] | 0x20) <= 'z' && length < 31) {
        protocol[length] = file[length];
        length++;
    }
    protocol[length] = 0;
    return length > 1 && file[length] == ':';
}

/* %1, %L: the file; %*: the parameters; others stay. */
static void expand(struct start *start, const WCHAR *command, const WCHAR *file, const WCHAR *parameters)
{
    bool used = false;

    for (; *command; command++) {
        WCHAR c[2] = {*command, 0}, next = command[1];

        if (*command != '%') {
            put(start, c);
        } else if (next == '1' || next == 'l' || next == 'L') {
            put(start, file);
            used = true;
            command++;
        } else if (next == '*') {
            put(start, parameters);
            command++;
        } else if (next == '%') {
            command++;
            put(start, c);
        } else {
            put(start, c);
        }
    }
    if (!used) {
        put(start, L" \"");
        put(start, file);
        put(start, L"\"");
    }
}

/* Makes the command line; an error of Win32, or 0. */
static DWORD prepare(struct start *start)
{
    const SHELLEXECUTEINFOW *info = start->info;
    const WCHAR *parameters = info->lpParameters ? info->lpParameters : L"";
    const WCHAR *verb = info->lpVerb && *info->lpVerb ? info->lpVerb : NULL;
    WCHAR protocol[32], command[1024], name[MAX_PATH];
    bool runs = !verb || wide_compare_nocase(verb, L"open") == 0 || wide_compare_nocase(verb, L"runas") == 0;
    size_t length;

    if (!info->lpFile || !*info->lpFile)
        return ERROR_FILE_NOT_FOUND;
    if (protocol_of(info->lpFile, protocol)) {
        if (!association_command(protocol, verb, command, 1024))
            return ERROR_NO_ASSOCIATION;
        expand(start, command, info->lpFile, parameters);
        return 0;
    }
    lstrcpynW(name, info->lpFile + (*info->lpFile == '"'), MAX_PATH);
    length = wide_length(name);
    if (length && name[length - 1] == '"')
        name[length - 1] = 0;
    if (!find_file(name, info->lpDirectory, start->file))
        return ERROR_FILE_NOT_FOUND;
    if (GetFileAttributesW(start->file) & FILE_ATTRIBUTE_DIRECTORY)
        return ERROR_NO_ASSOCIATION;
    if (runs && is_program(start->file)) {
        put(start, L"\"");
        put(start, start->file);
        put(start, *parameters ? L"\" " : L"\"");
        put(start, parameters);
        return 0;
    }
    if (!association_command(path_type(start->file), verb, command, 1024))
        return ERROR_NO_ASSOCIATION;
    expand(start, command, start->file, parameters);
    return 0;
}

static DWORD launch(struct start *start, HANDLE *process)
{
    const SHELLEXECUTEINFOW *info = start->info;
    STARTUPINFOW startup = {.cb = sizeof startup, .dwFlags = STARTF_USESHOWWINDOW, .wShowWindow = (WORD)info->nShow};
    PROCESS_INFORMATION made;
    DWORD flags = CREATE_UNICODE_ENVIRONMENT | (info->fMask & SEE_MASK_NO_CONSOLE ? 0 : CREATE_NEW_CONSOLE);
    const WCHAR *directory = info->lpDirectory && *info->lpDirectory ? info->lpDirectory : NULL;

    if (!CreateProcessW(NULL, start->line, NULL, NULL, FALSE, flags, NULL, directory, &startup, &made))
        return GetLastError();
    CloseHandle(made.hThread);
    *process = made.hProcess;
    return 0;
}

/* The old numbers that stand for errors; success is above 32. */
static INT_PTR old_error(DWORD error)
{
    switch (error) {
    case 0:
        return 42;
    case ERROR_FILE_NOT_FOUND:
    case ERROR_PATH_NOT_FOUND:
    case ERROR_ACCESS_DENIED:
        return (INT_PTR)error;
    case ERROR_NO_ASSOCIATION:
        return SE_ERR_NOASSOC;
    case ERROR_SHARING_VIOLATION:
        return SE_ERR_SHARE;
    case ERROR_BAD_EXE_FORMAT:
        return ERROR_BAD_FORMAT;
    case ERROR_NOT_ENOUGH_MEMORY:
        return SE_ERR_OOM;
    default:
        return SE_ERR_FNF;
    }
}

BOOL WINAPI ShellExecuteExW(SHELLEXECUTEINFOW *info)
{
    struct start start = {.info = info};
    HANDLE process = NULL;
    DWORD error;

    if (!info || info->cbSize != sizeof *info) {
        SetLastError(ERROR_ACCESS_DENIED);
        return FALSE;
    }
    info->hProcess = NULL;
    start.line = com_alloc(LINE_ROOM * sizeof(WCHAR));
    error = start.line ? prepare(&start) : ERROR_NOT_ENOUGH_MEMORY;
    if (!error)
        error = launch(&start, &process);
    com_free(start.line);
    info->hInstApp = (HINSTANCE)old_error(error);
    if (process && info->fMask & SEE_MASK_NOCLOSEPROCESS)
        info->hProcess = process;
    else if (process)
        CloseHandle(process);
    SetLastError(error);
    return error == 0;
}

BOOL WINAPI ShellExecuteExA(SHELLEXECUTEINFOA *info)
{
    SHELLEXECUTEINFOW wide;
    BOOL good;

    if (!info || info->cbSize != sizeof *info) {
        SetLastError(ERROR_ACCESS_DENIED);
        return FALSE;
    }
    memcpy(&wide, info, sizeof wide);
    wide.lpVerb = wide_from_ansi(info->lpVerb);
    wide.lpFile = wide_from_ansi(info->lpFile);
    wide.lpParameters = wide_from_ansi(info->lpParameters);
    wide.lpDirectory = wide_from_ansi(info->lpDirectory);
    good = ShellExecuteExW(&wide);
    DWORD error = GetLastError();
    com_free((void *)wide.lpVerb);
    com_free((void *)wide.lpFile);
    com_free((void *)wide.lpParameters);
    com_free((void *)wide.lpDirectory);
    info->hProcess = wide.hProcess;
    info->hInstApp = wide.hInstApp;
    SetLastError(error);
    return good;
}

HINSTANCE WINAPI ShellExecuteW(HWND owner, LPCWSTR verb, LPCWSTR file, LPCWSTR parameters, LPCWSTR directory, INT show)
{
    SHELLEXECUTEINFOW info = {.cbSize = sizeof info,
                              .hwnd = owner,
                              .lpVerb = verb,
                              .lpFile = file,
                              .lpParameters = parameters,
                              .lpDirectory = directory,
                              .nShow = show};

    ShellExecuteExW(&info);
    return info.hInstApp;
}

HINSTANCE WINAPI ShellExecuteA(HWND owner, LPCSTR verb, LPCSTR file, LPCSTR parameters, LPCSTR directory, INT show)
{
    SHELLEXECUTEINFOA info = {.cbSize = sizeof info,
                              .hwnd = owner,
                              .lpVerb = verb,
                              .lpFile = file,
                              .lpParameters = parameters,
                              .lpDirectory = directory,
                              .nShow = show};

    ShellExecuteExA(&info);
    return info.hInstApp;
}
