/*
 * files.c: DEL, REN, MOVE, TYPE; and the patterns that they, COPY and others take.
 */
#include "builtins.h"

bool for_each_match(const WCHAR *pattern, bool (*each)(const WCHAR *path, const WIN32_FIND_DATAW *data, void *context),
                    void *context)
{
    WIN32_FIND_DATAW data;
    HANDLE find = FindFirstFileW(pattern, &data);
    WCHAR *base = copy_n(pattern, file_part(pattern) - pattern);
    bool more = find != INVALID_HANDLE_VALUE, any = false;

    for (; more; more = FindNextFileW(find, &data)) {
        if (!wcscmp(data.cFileName, L".") || !wcscmp(data.cFileName, L".."))
            continue;
        WCHAR *path = *base ? join_path(base, data.cFileName) : copy_string(data.cFileName);
        any = true;
        if (!each(path, &data, context))
            more = false;
        free(path);
        if (!more)
            break;
    }
    if (find != INVALID_HANDLE_VALUE)
        FindClose(find);
    free(base);
    return any;
}

bool ask(const WCHAR *name, const WCHAR *question)
{
    out(question, name);
    WCHAR *answer = read_input_line();
    bool yes = answer && towupper(*answer) == 'Y';
    DWORD mode;
    if (!GetConsoleMode(cmd.handles[0], &mode))
        out_text(L"\r\n");
    free(answer);
    return yes;
}

/* ---- DEL ---- */

struct deletion {
    const struct arguments *arguments;
    unsigned deleted;
    DWORD error;
};

/* /A:rhsa-...: the attributes wanted and those not wanted. */
static bool attributes_fit(const struct arguments *arguments, DWORD attributes)
{
    static const struct {
        WCHAR letter;
        DWORD bit;
    } bits[] = {{'R', FILE_ATTRIBUTE_READONLY},
                {'H', FILE_ATTRIBUTE_HIDDEN},
                {'S', FILE_ATTRIBUTE_SYSTEM},
                {'A', FILE_ATTRIBUTE_ARCHIVE}};

    for (unsigned i = 0; i < arguments->switch_count; i++) {
        bool without = false;
        if (arguments->switches[i] != 'A')
            continue;
        for (const WCHAR *p = arguments->values[i] ? arguments->values[i] : L""; *p; p++) {
            if (*p == '-') {
                without = true;
                continue;
            }
            for (unsigned k = 0; k < 4; k++)
                if (bits[k].letter == towupper(*p) && !(attributes & bits[k].bit) != without)
                    return false;
            without = false;
        }
        return true;
    }
    return !(attributes & (FILE_ATTRIBUTE_HIDDEN | FILE_ATTRIBUTE_SYSTEM));
}

static bool delete_one(const WCHAR *path, const WIN32_FIND_DATAW *data, void *context)
{
    struct deletion *deletion = context;

    if (data->dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY ||
        !attributes_fit(deletion->arguments, data->dwFileAttributes))
        return true;
    if (has_switch(deletion->arguments, 'P') && !ask(path, L"%s, Delete (Y/N)? "))
        return true;
    if (data->dwFileAttributes & FILE_ATTRIBUTE_READONLY && has_switch(deletion->arguments, 'F'))
        SetFileAttributesW(path, data->dwFileAttributes & ~FILE_ATTRIBUTE_READONLY);
    deletion->deleted++;
    if (DeleteFileW(path)) {
        if (has_switch(deletion->arguments, 'S'))
            out(L"Deleted file - %s\r\n", path);
    } else {
        deletion->error = GetLastError();
        out_error(L"%s\r\n%s\r\n", path, error_message(deletion->error));
    }
    return true;
}

static void delete_below(const WCHAR *directory, const WCHAR *name, struct deletion *deletion)
{
    WIN32_FIND_DATAW data;
    WCHAR *pattern = join_path(directory, name), *all = join_path(directory, L"*");

    for_each_match(pattern, delete_one, deletion);
    HANDLE find = FindFirstFileW(all, &data);
    if (find != INVALID_HANDLE_VALUE) {
        do {
            if (data.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY &&
                !(data.dwFileAttributes & FILE_ATTRIBUTE_REPARSE_POINT) && wcscmp(data.cFileName, L".") &&
                wcscmp(data.cFileName, L"..")) {
                WCHAR *below = join_path(directory, data.cFileName);
                delete_below(below, name, deletion);
                free(below);
            }
        } while (FindNextFileW(find, &data));
        FindClose(find);
    }
    free(pattern), free(all);
}

int builtin_del(const WCHAR *text)
{
    struct arguments arguments;
    struct deletion deletion = {.arguments = &arguments};
    WCHAR full[4096];

    arguments_parse(text, &arguments);
    if (!arguments.count || !only_switches(&arguments, L"PFSQA")) {
        if (!arguments.count)
            bad_usage();
        arguments_free(&arguments);
        return 1;
    }
    for (unsigned i = 0; i < arguments.count; i++) {
        WCHAR *name = arguments.names[i], *all = NULL;
        unsigned before = deletion.deleted;
        if (is_directory(name))
            all = join_path(name, L"*");
        const WCHAR *pattern = all ? all : name, *part = file_part(pattern);
        GetFullPathNameW(pattern, 4096, full, NULL);
        if ((!wcscmp(part, L"*") || !wcscmp(part, L"*.*")) && !has_switch(&arguments, 'Q') &&
            !has_switch(&arguments, 'P') && !ask(full, L"%s, Are you sure (Y/N)? ")) {
            free(all);
            continue;
        }
        if (has_switch(&arguments, 'S')) {
            WCHAR *directory = copy_n(full, file_part(full) - full);
            delete_below(directory, part, &deletion);
            free(directory);
        } else {
            for_each_match(pattern, delete_one, &deletion);
        }
        if (deletion.deleted == before)
            out_error(L"Could Not Find %s\r\n", full);
        free(all);
    }
    arguments_free(&arguments);
    return deletion.error ? 1 : 0;
}

/* ---- REN and MOVE ---- */

/* The new name by a pattern: * takes the rest of the part, ? one character. */
static WCHAR *rename_by_pattern(const WCHAR *name, const WCHAR *pattern)
{
    struct text text = {0};

    for (; *pattern; pattern++) {
        if (*pattern == '*') {
            WCHAR stop = pattern[1];
            const WCHAR *end = stop ? wcsrchr(name, stop) : NULL;
            size_t length = end ? (size_t)(end - name) : wcslen(name);
            text_add_n(&text, name, length);
            name += length;
        } else if (*pattern == '?') {
            if (*name && *name != '.')
                text_char(&text, *name++);
        } else {
            if (*pattern == '.') {
                const WCHAR *dot = wcschr(name, '.');
                name = dot ? dot + 1 : name + wcslen(name);
            } else if (*name && *name != '.') {
                name++;
            }
            text_char(&text, *pattern);
        }
    }
    while (text.length && (text.data[text.length - 1] == '.' || text.data[text.length - 1] == ' '))
        text.data[--text.length] = 0;
    return text_take(&text);
}

struct renaming {
    const WCHAR *pattern;
    int result;
};

static bool rename_one(const WCHAR *path, const WIN32_FIND_DATAW *data, void *context)
{
    struct renaming *renaming = context;
    WCHAR *name = rename_by_pattern(data->cFileName, renaming->pattern);
    WCHAR *directory = copy_n(path, file_part(path) - path),
          *to = *directory ? join_path(directory, name) : copy_string(name);

    if (!MoveFileW(path, to)) {
        DWORD error = GetLastError();
        if (error == ERROR_ALREADY_EXISTS || error == ERROR_FILE_EXISTS)
            out_error(L"A duplicate file name exists, or the file\r\ncannot be found.\r\n");
        else
            report(error);
        renaming->result = 1;
    }
    free(name), free(directory), free(to);
    return true;
}

int builtin_ren(const WCHAR *text)
{
    struct arguments arguments;
    struct renaming renaming = {.result = KEEPS};

    arguments_parse(text, &arguments);
    if (arguments.count != 2 || file_part(arguments.names[1]) != arguments.names[1]) {
        bad_usage();
        renaming.result = 1;
    } else {
        renaming.pattern = arguments.names[1];
        if (!for_each_match(arguments.names[0], rename_one, &renaming))
            renaming.result = report(GetLastError());
    }
    arguments_free(&arguments);
    return renaming.result;
}

struct moving {
    const WCHAR *to;
    unsigned files, directories;
    int result;
};

static bool move_one(const WCHAR *path, const WIN32_FIND_DATAW *data, void *context)
{
    struct moving *moving = context;
    WCHAR *to = is_directory(moving->to) ? join_path(moving->to, data->cFileName) : copy_string(moving->to);

    if (!MoveFileExW(path, to, MOVEFILE_COPY_ALLOWED | MOVEFILE_REPLACE_EXISTING))
        moving->result = report(GetLastError());
    else if (data->dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY)
        moving->directories++;
    else
        moving->files++;
    free(to);
    return true;
}

int builtin_move(const WCHAR *text)
{
    struct arguments arguments;
    struct moving moving = {.to = L"."};

    arguments_parse(text, &arguments);
    if (!arguments.count || arguments.count > 2) {
        bad_usage();
        moving.result = 1;
    } else {
        if (arguments.count == 2)
            moving.to = arguments.names[1];
        if (!for_each_match(arguments.names[0], move_one, &moving))
            moving.result = report(ERROR_FILE_NOT_FOUND);
        if (moving.files || !moving.directories)
            out(L"        %u file(s) moved.\r\n", moving.files);
        else
            out(L"        %u dir(s) moved.\r\n", moving.directories);
    }
    arguments_free(&arguments);
    return moving.result;
}

/* ---- TYPE ---- */

static int type_file(const WCHAR *path)
{
    BYTE bytes[65536];
    DWORD count, written, mode;
    bool console = GetConsoleMode(cmd.handles[1], &mode), first = true;
    HANDLE file = CreateFileW(path, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL,
                              OPEN_EXISTING, 0, NULL);

    if (file == INVALID_HANDLE_VALUE)
        return report(GetLastError());
    while (ReadFile(file, bytes, sizeof bytes, &count, NULL) && count) {
        bool wide = first && count >= 2 && bytes[0] == 0xff && bytes[1] == 0xfe;
        if (console || wide) { /* text that has to be converted is taken whole */
            size_t length;
            SetFilePointer(file, 0, NULL, FILE_BEGIN);
            WCHAR *all = read_all_text(file, GetConsoleOutputCP(), &length);
            if (all)
                out_text(all);
            free(all);
            break;
        }
        first = false;
        if (!WriteFile(cmd.handles[1], bytes, count, &written, NULL)) {
            report(GetLastError());
            break;
        }
    }
    CloseHandle(file);
    return 0;
}

static bool type_one(const WCHAR *path, const WIN32_FIND_DATAW *data, void *context)
{
    if (!(data->dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY)) {
        out_error(L"\r\n%s\r\n\r\n\r\n", path);
        if (type_file(path))
            *(int *)context = 1;
    }
    return true;
}

int builtin_type(const WCHAR *text)
{
    struct arguments arguments;
    int result = 0;

    arguments_parse(text, &arguments);
    if (!arguments.count) {
        bad_usage();
        result = 1;
    }
    for (unsigned i = 0; i < arguments.count; i++) {
        if (!wcspbrk(arguments.names[i], L"*?")) {
            if (arguments.count > 1)
                out_error(L"\r\n%s\r\n\r\n\r\n", arguments.names[i]);
            if (type_file(arguments.names[i]))
                result = 1;
        } else if (!for_each_match(arguments.names[i], type_one, &result)) {
            result = report(ERROR_FILE_NOT_FOUND);
        }
    }
    arguments_free(&arguments);
    return result;
}
