/*
 * launch.c: programs and batch files: finding them, starting them, waiting for them.
 */
#include "cmd.h"

static bool is_file(const WCHAR *path)
{
    DWORD attributes = GetFileAttributesW(path);
    return attributes != INVALID_FILE_ATTRIBUTES && !(attributes & FILE_ATTRIBUTE_DIRECTORY);
}

/* The name as its directory has it: a process shows it. */
static WCHAR *as_named(WCHAR *path)
{
    WIN32_FIND_DATAW data;
    HANDLE find = FindFirstFileW(path, &data);
    WCHAR *name = (WCHAR *)file_part(path);

    if (find == INVALID_HANDLE_VALUE)
        return path;
    if (wcslen(data.cFileName) == wcslen(name))
        wcscpy(name, data.cFileName);
    FindClose(find);
    return path;
}

/* `path` as it is if it has an extension, then with each of PATHEXT. */
static WCHAR *try_extensions(const WCHAR *path)
{
    WCHAR *list, *found = NULL;

    if (wcschr(file_part(path), '.') && is_file(path))
        return copy_string(path);
    list = variable_get(L"PATHEXT");
    if (!list || !*list) {
        free(list);
        list = copy_string(L".COM;.EXE;.BAT;.CMD");
    }
    for (const WCHAR *p = list; *p && !found;) {
        size_t length = wcscspn(p, L";");
        struct text text = {0};
        text_add(&text, path);
        text_add_n(&text, p, length);
        if (length && is_file(text.data))
            found = as_named(text_take(&text));
        else
            free(text_take(&text));
        p += length + (p[length] == ';');
    }
    free(list);
    return found;
}

/* How long the first directory of a list is; in quotes a semicolon belongs to the name. */
static size_t directory_length(const WCHAR *list)
{
    bool quoted = false;
    size_t length = 0;

    for (; list[length] && (quoted || list[length] != ';'); length++)
        quoted ^= list[length] == '"';
    return length;
}

/* Each directory of PATH; `try` as for the directory's name joined with `name`. */
static WCHAR *search_path(const WCHAR *name, WCHAR *(*try)(const WCHAR *path))
{
    WCHAR *list = variable_get(L"PATH"), *found = NULL;

    for (const WCHAR *p = list ? list : L""; *p && !found;) {
        size_t length = directory_length(p);
        WCHAR *directory = unquote(copy_n(p, length));
        if (*directory) {
            WCHAR *path = join_path(directory, name);
            found = try(path);
            free(path);
        }
        free(directory);
        p += length + (p[length] == ';');
    }
    free(list);
    return found;
}

/* A host's program, binary or script, needs no extension; a Windows program does. */
static WCHAR *try_plain(const WCHAR *path)
{
    char magic[4] = {0};
    DWORD size = 0;
    HANDLE file = is_file(path)
                      ? CreateFileW(path, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL,
                                    OPEN_EXISTING, 0, NULL)
                      : INVALID_HANDLE_VALUE;

    if (file == INVALID_HANDLE_VALUE)
        return NULL;
    ReadFile(file, magic, sizeof magic, &size, NULL);
    CloseHandle(file);
    return !memcmp(magic, "\177ELF", 4) || !memcmp(magic, "#!", 2) ? copy_string(path) : NULL;
}

WCHAR *find_program(const WCHAR *name)
{
    WCHAR *found;

    if (!*name)
        return NULL;
    if (file_part(name) != name) {
        found = try_extensions(name);
        return found ? found : try_plain(name);
    }
    found = try_extensions(name);
    if (!found)
        found = search_path(name, try_extensions);
    return found ? found : search_path(name, try_plain);
}

/* A handle that a child may inherit. */
static HANDLE inheritable(HANDLE handle)
{
    HANDLE copy = NULL;
    if (handle && handle != INVALID_HANDLE_VALUE)
        DuplicateHandle(GetCurrentProcess(), handle, GetCurrentProcess(), &copy, 0, TRUE, DUPLICATE_SAME_ACCESS);
    return copy;
}

HANDLE start_process(const WCHAR *application, const WCHAR *command_line, const HANDLE handles[3], DWORD flags,
                     const WCHAR *directory, WORD show)
{
    HANDLE copies[3] = {inheritable(handles[0]), inheritable(handles[1]), inheritable(handles[2])};
    STARTUPINFOW startup = {.cb = sizeof startup,
                            .dwFlags = STARTF_USESTDHANDLES | STARTF_USESHOWWINDOW,
                            .wShowWindow = show,
                            .hStdInput = copies[0],
                            .hStdOutput = copies[1],
                            .hStdError = copies[2]};
    PROCESS_INFORMATION process = {0};
    WCHAR *line = copy_string(command_line);

    BOOL started = CreateProcessW(application, line, NULL, NULL, TRUE, flags, NULL, directory, &startup, &process);
    DWORD error = GetLastError();
    free(line);
    for (int i = 0; i < 3; i++)
        if (copies[i])
            CloseHandle(copies[i]);
    if (started)
        CloseHandle(process.hThread);
    SetLastError(error);
    return started ? process.hProcess : NULL;
}

HANDLE start_interpreter(const WCHAR *command, const HANDLE handles[3])
{
    WCHAR self[4096];
    struct text line = {0};

    GetModuleFileNameW(NULL, self, 4096);
    text_char(&line, '"');
    text_add(&line, self);
    text_add(&line, L"\" /S /D /C \"");
    text_add(&line, command);
    text_char(&line, '"');
    HANDLE process = start_process(self, line.data, handles, 0, NULL, SW_SHOWNORMAL);
    free(text_take(&line));
    return process;
}

int wait_process(HANDLE process)
{
    DWORD code = 1;

    WaitForSingleObject(process, INFINITE);
    GetExitCodeProcess(process, &code);
    CloseHandle(process);
    if (code == (DWORD)STATUS_CONTROL_C_EXIT) /* what was interrupted does not go on */
        cmd.jump = cmd.interactive ? JUMP_EXIT_BATCH : JUMP_EXIT;
    return (int)code;
}

int launch(const WCHAR *name, const WCHAR *arguments, bool call)
{
    WCHAR *program = find_program(name);
    const WCHAR *extension = program ? wcsrchr(file_part(program), '.') : NULL;
    struct text line = {0};
    int result;

    if (!program) {
        if (file_part(name) != name && is_directory(name))
            out_error(L"'%s' is a directory.\r\n", name);
        else
            out_error(
                L"'%s' is not recognized as an internal or external command,\r\noperable program or batch file.\r\n",
                name);
        return cmd.batch || cmd.interactive ? 9009 : 1;
    }
    if (extension && (same_name(extension, L".bat") || same_name(extension, L".cmd"))) {
        result = batch_run(program, name, arguments, call);
        free(program);
        return result;
    }
    bool quote = wcspbrk(name, L" \t&()[]{}^=;!'+,`~") != NULL;
    text_add(&line, quote ? L"\"" : L"");
    text_add(&line, name);
    text_add(&line, quote ? L"\"" : L"");
    text_add(&line, arguments);
    HANDLE process = start_process(program, line.data, cmd.handles, 0, NULL, SW_SHOWNORMAL);
    if (process) {
        result = wait_process(process);
    } else {
        DWORD error = GetLastError();
        if (error == ERROR_BAD_EXE_FORMAT)
            out_error(L"%s is not a program that can be run here.\r\n", program);
        else
            report(error);
        result = error == ERROR_BAD_EXE_FORMAT ? 9009 : 1;
    }
    free(text_take(&line));
    free(program);
    return result;
}
