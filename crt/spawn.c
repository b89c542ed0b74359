/*
 * spawn.c: starting programs: spawn, exec, cwait and system.
 *
 * Layer: crt over kernel32's CreateProcess.  Arguments are joined with spaces and nothing is quoted, as Windows' C
 * runtimes do it.  Open descriptors go to the child's C runtime in the start-up information.
 */
#include "spawn.h"

/* The body of a variadic function: `args` are its arguments behind `last`. */
#define RETURN_WITH_ARGS(last, call)                                                                                   \
    crt_args args;                                                                                                     \
    CRT_ARGS_START(args, last);                                                                                        \
    return call

int WINAPI _waccess_s(const WCHAR *name, int mode);
WCHAR *WINAPI _wgetenv(const WCHAR *name);
int WINAPI _wcsicmp(const WCHAR *, const WCHAR *);

/* --- what the child inherits -------------------------------------------------------------------------------------- */

/* cbReserved2 has 16 bits. */
#define INHERITED_MAX ((int)((0xffff - sizeof(int)) / (1 + sizeof(HANDLE))))

/* The descriptors as lpReserved2 has them: count, flags, handles.  The caller frees the bytes. */
static BYTE *inherited_descriptors(WORD *size, bool detached)
{
    int count = fd_end();
    if (count > INHERITED_MAX)
        count = INHERITED_MAX;
    while (count && !(fd_peek(count - 1) && !(fd_peek(count - 1)->flags & FD_NOINHERIT)))
        count--;
    *size = (WORD)(sizeof(count) + (size_t)count * (1 + sizeof(HANDLE)));
    BYTE *bytes = crt_calloc(1, *size);
    if (!bytes)
        return NULL;
    memcpy(bytes, &count, sizeof(count));
    BYTE *flags = bytes + sizeof(count), *handles = flags + count;
    for (int i = 0; i < count; i++) {
        HANDLE handle = INVALID_HANDLE_VALUE;
        const struct crt_fd *slot = detached && i < 3 ? NULL : fd_peek(i);
        if (slot && !(slot->flags & FD_NOINHERIT)) {
            flags[i] = slot->flags;
            handle = slot->handle;
        }
        memcpy(handles + (size_t)i * sizeof(HANDLE), &handle, sizeof(HANDLE));
    }
    return bytes;
}

static int fail_to_start(DWORD error)
{
    crt_fail_win32(error);
    if (error == ERROR_BAD_EXE_FORMAT || error == ERROR_INVALID_EXE_SIGNATURE)
        crt_set_errno(CRT_ENOEXEC);
    return -1;
}

static intptr_t wait_for_exit(HANDLE process)
{
    DWORD code;
    WaitForSingleObject(process, INFINITE);
    intptr_t result = GetExitCodeProcess(process, &code) ? (intptr_t)(int)code : crt_fail_last();
    CloseHandle(process);
    return result;
}

intptr_t spawn_command(int mode, const WCHAR *name, WCHAR *command, WCHAR *environment)
{
    STARTUPINFOW startup = {.cb = sizeof(startup)};
    PROCESS_INFORMATION process;
    startup.lpReserved2 = inherited_descriptors(&startup.cbReserved2, mode == P_DETACH_);
    if (!startup.lpReserved2)
        return -1;
    DWORD flags = CREATE_UNICODE_ENVIRONMENT | (mode == P_DETACH_ ? DETACHED_PROCESS : 0);
    BOOL done = CreateProcessW(name, command, NULL, NULL, TRUE, flags, environment, NULL, &startup, &process);
    DWORD error = done ? 0 : GetLastError();
    crt_free(startup.lpReserved2);
    if (!done)
        return fail_to_start(error);
    CloseHandle(process.hThread);
    switch (mode) {
    case P_OVERLAY_:
        crt_exit_now(0);
    case P_WAIT_:
        return wait_for_exit(process.hProcess);
    case P_DETACH_:
        CloseHandle(process.hProcess);
        return 0;
    default:
        return (intptr_t)process.hProcess;
    }
}

/* --- command lines, environments, names -----------------------------------------------------------------------------
 */

static WCHAR *join_arguments(const WCHAR *const *arguments)
{
    size_t length = 1;
    for (size_t i = 0; arguments[i]; i++)
        length += crt_wide_length(arguments[i]) + 1;
    if (length > 32767) {
        crt_set_errno(CRT_E2BIG);
        return NULL;
    }
    WCHAR *line = crt_malloc(length * sizeof(WCHAR)), *end = line;
    for (size_t i = 0; line && arguments[i]; i++) {
        size_t part = crt_wide_length(arguments[i]);
        if (i)
            *end++ = ' ';
        memcpy(end, arguments[i], part * sizeof(WCHAR));
        end += part;
    }
    if (line)
        *end = 0;
    return line;
}

/* What every Windows process needs comes along, also in an environment that the program made up. */
static WCHAR *environment_block(const WCHAR *const *entries)
{
    static const WCHAR needed[] = L"SystemRoot=";
    WCHAR root[MAX_PATH + 16];
    size_t length = 1 + sizeof(root) / sizeof(WCHAR);
    bool has_root = false;
    for (size_t i = 0; entries[i]; i++) {
        length += crt_wide_length(entries[i]) + 1;
        WCHAR name[sizeof(needed) / sizeof(WCHAR)] = L"";
        memcpy(name, entries[i], (crt_wide_length(entries[i]) < 11 ? crt_wide_length(entries[i]) : 11) * sizeof(WCHAR));
        has_root |= !_wcsicmp(name, needed);
    }
    WCHAR *block = crt_malloc((length + 1) * sizeof(WCHAR)), *end = block;
    if (!block)
        return NULL;
    for (size_t i = 0; entries[i]; i++) {
        size_t size = crt_wide_length(entries[i]) + 1;
        memcpy(end, entries[i], size * sizeof(WCHAR));
        end += size;
    }
    DWORD size = has_root ? 0 : GetEnvironmentVariableW(L"SystemRoot", root, MAX_PATH);
    if (size && size < MAX_PATH) {
        memcpy(end, needed, 11 * sizeof(WCHAR));
        memcpy(end + 11, root, (size + 1) * sizeof(WCHAR));
        end += 11 + size + 1;
    }
    if (end == block)
        *end++ = 0;
    *end = 0;
    return block;
}

static bool is_file(const WCHAR *name)
{
    DWORD attributes = GetFileAttributesW(name);
    return attributes != INVALID_FILE_ATTRIBUTES && !(attributes & FILE_ATTRIBUTE_DIRECTORY);
}

/* Whether a name's last part has a point. */
static bool has_extension(const WCHAR *name)
{
    bool found = false;
    for (; *name; name++)
        found = *name == '.' || (found && *name != '\\' && *name != '/');
    return found;
}

/* directory\name, with the usual extensions if it has none; on the heap, NULL: there is no such file. */
static WCHAR *find_in(const WCHAR *directory, size_t length, const WCHAR *name)
{
    static const WCHAR extensions[][5] = {L"", L".com", L".exe", L".bat", L".cmd"};
    size_t name_length = crt_wide_length(name);
    WCHAR *path = crt_malloc((length + name_length + 8) * sizeof(WCHAR));
    if (!path)
        return NULL;
    memcpy(path, directory, length * sizeof(WCHAR));
    if (length && path[length - 1] != '\\' && path[length - 1] != '/' && path[length - 1] != ':')
        path[length++] = '\\';
    memcpy(path + length, name, (name_length + 1) * sizeof(WCHAR));
    for (int i = has_extension(name) ? 0 : 1; i < (has_extension(name) ? 1 : 5); i++) {
        memcpy(path + length + name_length, extensions[i], sizeof(extensions[i]));
        if (is_file(path))
            return path;
    }
    crt_free(path);
    return NULL;
}

/* The program's file: as named, or along PATH if no directory is named. */
static WCHAR *find_program(const WCHAR *name, bool search)
{
    WCHAR *found = find_in(L"", 0, name);
    bool has_directory = false;
    for (const WCHAR *c = name; *c; c++)
        has_directory |= *c == '\\' || *c == '/' || *c == ':';
    const WCHAR *path = search && !has_directory ? _wgetenv(L"PATH") : NULL;
    while (!found && path && *path) {
        size_t length = 0;
        while (path[length] && path[length] != ';')
            length++;
        size_t quotes = length > 1 && path[0] == '"' && path[length - 1] == '"';
        if (length)
            found = find_in(path + quotes, length - 2 * quotes, name);
        path += length + (path[length] == ';');
    }
    if (!found) {
        crt_thread()->dos_error = ERROR_FILE_NOT_FOUND;
        crt_set_errno(CRT_ENOENT);
    }
    return found;
}

static intptr_t spawn_arguments_wide(int mode, const WCHAR *name, const WCHAR *const *arguments,
                                     const WCHAR *const *environment, bool search)
{
    CRT_REQUIRE(name && *name && arguments && arguments[0] && *arguments[0], -1);
    CRT_REQUIRE(mode >= P_WAIT_ && mode <= P_DETACH_, -1);
    intptr_t result = -1;
    WCHAR *file = find_program(name, search), *line = file ? join_arguments(arguments) : NULL;
    WCHAR *block = line && environment ? environment_block(environment) : NULL;
    if (line && (block || !environment))
        result = spawn_command(mode, file, line, block);
    crt_free(file);
    crt_free(line);
    crt_free(block);
    return result;
}

/* A list of texts in UTF-16; NULL: no memory.  free_list gives it back. */
static const WCHAR *const *widen_list(const char *const *list)
{
    size_t count = 0;
    while (list[count])
        count++;
    WCHAR **wide = crt_calloc(count + 1, sizeof(*wide));
    for (size_t i = 0; wide && i < count; i++)
        wide[i] = crt_widen(CP_ACP, list[i]);
    return (const WCHAR *const *)wide;
}

static void free_list(const WCHAR *const *list)
{
    for (size_t i = 0; list && list[i]; i++)
        crt_free((WCHAR *)list[i]);
    crt_free((void *)list);
}

static intptr_t spawn_arguments(int mode, const char *name, const char *const *arguments,
                                const char *const *environment, bool search)
{
    CRT_REQUIRE(name && *name && arguments && arguments[0] && *arguments[0], -1);
    WCHAR *wide_name = crt_widen(CP_ACP, name);
    const WCHAR *const *wide_arguments = widen_list(arguments);
    const WCHAR *const *wide_environment = environment ? widen_list(environment) : NULL;
    intptr_t result = -1;
    if (wide_name && wide_arguments && (wide_environment || !environment))
        result = spawn_arguments_wide(mode, wide_name, wide_arguments, wide_environment, search);
    crt_free(wide_name);
    free_list(wide_arguments);
    free_list(wide_environment);
    return result;
}

#define FUNIT char
#define FNAME(x) x
#include "spawn_family.h"
#undef FUNIT
#undef FNAME

#define FUNIT WCHAR
#define FNAME(x) x##_wide
#include "spawn_family.h"

intptr_t WINAPI _cwait(int *status, intptr_t process, int action)
{
    DWORD code;
    (void)action;
    if (process == -1 || process == -2 || WaitForSingleObject((HANDLE)process, INFINITE) != WAIT_OBJECT_0 ||
        !GetExitCodeProcess((HANDLE)process, &code)) {
        DWORD error = process == -1 || process == -2 ? ERROR_INVALID_HANDLE : GetLastError();
        crt_fail_win32(error);
        if (error == ERROR_INVALID_HANDLE)
            crt_set_errno(CRT_ECHILD);
        if (status)
            *status = -1;
        return -1;
    }
    CloseHandle((HANDLE)process);
    if (status)
        *status = (int)code;
    return process;
}

/* --- the command processor ---------------------------------------------------------------------------------------- */

WCHAR *spawn_command_processor(void)
{
    const WCHAR *variable = _wgetenv(L"COMSPEC");
    if (variable && *variable && is_file(variable)) {
        size_t size = (crt_wide_length(variable) + 1) * sizeof(WCHAR);
        WCHAR *copy = crt_malloc(size);
        return copy ? memcpy(copy, variable, size) : NULL;
    }
    return find_program(L"cmd.exe", true);
}

WCHAR *spawn_shell_line(const WCHAR *processor, const WCHAR *command)
{
    const WCHAR *const arguments[] = {processor, L"/c", command, NULL};
    return join_arguments(arguments);
}

int WINAPI _wsystem(const WCHAR *command)
{
    int error = crt_thread()->error;
    WCHAR *processor = spawn_command_processor();
    if (!command) {
        bool found = processor != NULL;
        crt_set_errno(found ? error : CRT_ENOENT);
        crt_free(processor);
        return found;
    }
    WCHAR *line = processor ? spawn_shell_line(processor, command) : NULL;
    int result = line ? (int)spawn_command(P_WAIT_, processor, line, NULL) : -1;
    crt_free(line);
    crt_free(processor);
    return result;
}

int WINAPI crt_system(const char *command)
{
    WCHAR *wide = command ? crt_widen(CP_ACP, command) : NULL;
    int result = command && !wide ? -1 : _wsystem(wide);
    crt_free(wide);
    return result;
}
