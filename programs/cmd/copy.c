/*
 * copy.c: COPY: files to a file or directory, or joined with +.
 */
#include "builtins.h"

struct copying {
    const WCHAR *to; /* file or directory */
    bool names;      /* a pattern: each name is shown */
    bool join;       /* all sources become one file */
    bool text;       /* a source ends at Ctrl-Z, and the result with one */
    bool begun;      /* the result has been made */
    unsigned copied;
    int result;
};

/* Adds a file, or a device, to the result; the first one makes it. */
static bool append_file(struct copying *copying, const WCHAR *from, const WCHAR *to)
{
    BYTE bytes[65536], *end = NULL;
    DWORD count, written;
    HANDLE in = CreateFileW(from, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, OPEN_EXISTING, 0, NULL);
    HANDLE result = in == INVALID_HANDLE_VALUE ? in
                                               : CreateFileW(to, copying->begun ? FILE_APPEND_DATA : GENERIC_WRITE,
                                                             FILE_SHARE_READ | FILE_SHARE_WRITE, NULL,
                                                             copying->begun ? OPEN_ALWAYS : CREATE_ALWAYS, 0, NULL);
    bool good = result != INVALID_HANDLE_VALUE;

    copying->begun |= good;
    while (good && !end && ReadFile(in, bytes, sizeof bytes, &count, NULL) && count) {
        end = copying->text ? memchr(bytes, 0x1a, count) : NULL;
        good = WriteFile(result, bytes, end ? (DWORD)(end - bytes) : count, &written, NULL);
    }
    DWORD error = GetLastError();
    if (in != INVALID_HANDLE_VALUE)
        CloseHandle(in);
    if (result != INVALID_HANDLE_VALUE && in != INVALID_HANDLE_VALUE)
        CloseHandle(result);
    SetLastError(error);
    return good;
}

static void add_end_of_file(const WCHAR *to)
{
    DWORD written;
    HANDLE file = CreateFileW(to, FILE_APPEND_DATA, FILE_SHARE_READ, NULL, OPEN_EXISTING, 0, NULL);

    if (file != INVALID_HANDLE_VALUE) {
        WriteFile(file, "\x1a", 1, &written, NULL);
        CloseHandle(file);
    }
}

static bool same_file(const WCHAR *a, const WCHAR *b)
{
    WCHAR x[4096], y[4096];
    return GetFullPathNameW(a, 4096, x, NULL) && GetFullPathNameW(b, 4096, y, NULL) && same_name(x, y);
}

/* The console and other devices can only be read and written. */
static bool is_device(const WCHAR *path)
{
    return same_name(path, L"con") || same_name(path, L"nul") || starts_with(path, L"\\\\.\\");
}

static bool copy_one(const WCHAR *path, const WIN32_FIND_DATAW *data, void *context)
{
    struct copying *copying = context;

    if (data->dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY)
        return true;
    WCHAR *to = is_directory(copying->to) ? join_path(copying->to, data->cFileName) : copy_string(copying->to);
    const WCHAR *star = wcspbrk(file_part(to), L"*?");
    if (star) { /* *.bak: the name stays, the extension changes */
        const WCHAR *extension = wcsrchr(file_part(to), '.'), *dot = wcsrchr(data->cFileName, '.');
        struct text text = {0};
        text_add_n(&text, to, file_part(to) - to);
        text_add_n(&text, data->cFileName, dot ? (size_t)(dot - data->cFileName) : wcslen(data->cFileName));
        text_add(&text, extension && !wcspbrk(extension, L"*?") ? extension : dot ? dot : L"");
        free(to);
        to = text_take(&text);
    }
    if (copying->names)
        out(L"%s\r\n", path);
    if (copying->join && copying->begun && same_file(path, to)) {
        out_error(L"The content of the destination file was lost before the copy.\r\n");
        copying->result = 1;
    } else if (copying->join && same_file(path, to)) {
        copying->begun = true; /* it begins with itself */
        copying->copied = 1;
    } else if (same_file(path, to)) {
        out_error(L"The file cannot be copied onto itself.\r\n");
        copying->result = 1;
    } else if (copying->join || copying->text || is_device(to) ? append_file(copying, path, to)
                                                               : CopyFileW(path, to, FALSE)) {
        copying->copied = copying->join ? 1 : copying->copied + 1;
        if (!copying->join) {
            copying->begun = false;
            if (copying->text && !is_device(to))
                add_end_of_file(to);
        }
    } else {
        copying->result = report(GetLastError());
    }
    free(to);
    return true;
}

static void copy_sources(struct copying *copying, WCHAR *sources)
{
    WCHAR *source = sources;

    while (source) {
        WCHAR *next = wcschr(source, '+');
        if (next)
            *next++ = 0;
        WCHAR *all = is_directory(source) ? join_path(source, L"*") : NULL;
        copying->names = copying->join || wcspbrk(all ? all : source, L"*?");
        if (is_device(source)) {
            if (append_file(copying, source, copying->to))
                copying->copied = copying->join ? 1 : copying->copied + 1;
            else
                copying->result = report(GetLastError());
        } else if (!for_each_match(all ? all : source, copy_one, copying)) {
            DWORD error = GetLastError();
            if (copying->names)
                out_error(L"%s\r\n", source);
            copying->result = report(error);
        }
        free(all);
        source = next;
    }
    if (copying->join && copying->text && copying->begun && !is_device(copying->to))
        add_end_of_file(copying->to);
}

/* COPY /B FILE+,, : the file gets the present time. */
static int touch(WCHAR *name)
{
    FILETIME now;

    name[wcslen(name) - 1] = 0;
    HANDLE file = CreateFileW(name, FILE_WRITE_ATTRIBUTES, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL,
                              OPEN_EXISTING, 0, NULL);
    GetSystemTimeAsFileTime(&now);
    bool good = file != INVALID_HANDLE_VALUE && SetFileTime(file, NULL, NULL, &now);
    int result = good ? 0 : report(GetLastError());
    if (file != INVALID_HANDLE_VALUE)
        CloseHandle(file);
    out(L"        %u file(s) copied.\r\n", good);
    return result;
}

int builtin_copy(const WCHAR *text)
{
    struct arguments arguments;
    struct copying copying = {.to = L"."};

    arguments_parse(text, &arguments);
    if (!only_switches(&arguments, L"DVNYZLAB")) {
        arguments_free(&arguments);
        return 1;
    }
    /* "a + b c": the words around a plus are one source. */
    struct text sources = {0};
    unsigned i = 0;
    for (; i < arguments.count; i++) {
        bool joins = sources.length && (arguments.names[i][0] == '+' || sources.data[sources.length - 1] == '+');
        if (sources.length && !joins)
            break;
        text_add(&sources, arguments.names[i]);
    }
    WCHAR *first = sources.data ? wcschr(sources.data, '+') : NULL, *to = NULL;
    if (i < arguments.count)
        copying.to = arguments.names[i];
    else if (first) /* a+b without a target: into a */
        copying.to = to = copy_n(sources.data, first - sources.data);
    /* Several sources for what is not a directory are joined, as texts unless /B says otherwise. */
    copying.join = first || (sources.data && (wcspbrk(sources.data, L"*?") || is_directory(sources.data)) &&
                             !is_directory(copying.to) && !wcspbrk(copying.to, L"*?") &&
                             !wcschr(L"\\/:", copying.to[wcslen(copying.to) - 1]));
    copying.text = has_switch(&arguments, 'A') || (copying.join && !has_switch(&arguments, 'B'));
    if (!sources.length || i + 1 < arguments.count) {
        bad_usage();
        copying.result = 1;
    } else if (to && !first[1]) {
        copying.result = touch(sources.data);
    } else {
        copy_sources(&copying, sources.data);
        out(L"        %u file(s) copied.\r\n", copying.copied);
    }
    free(to);
    free(text_take(&sources));
    arguments_free(&arguments);
    return copying.result;
}
