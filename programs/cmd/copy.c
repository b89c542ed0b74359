/*
 * copy.c: COPY: files to a file or directory, or joined with +.
 */
#include "builtins.h"

struct copying {
    const WCHAR *to; /* file or directory */
    bool names;      /* a pattern: each name is shown */
    bool append;     /* from the second source of a+b on */
    unsigned copied;
    int result;
};

static bool append_file(const WCHAR *from, const WCHAR *to)
{
    BYTE bytes[65536];
    DWORD count, written;
    HANDLE in = CreateFileW(from, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, OPEN_EXISTING, 0, NULL);
    HANDLE result = in == INVALID_HANDLE_VALUE
                        ? in
                        : CreateFileW(to, FILE_APPEND_DATA, FILE_SHARE_READ, NULL, OPEN_ALWAYS, 0, NULL);
    bool good = result != INVALID_HANDLE_VALUE;

    while (good && ReadFile(in, bytes, sizeof bytes, &count, NULL) && count)
        good = WriteFile(result, bytes, count, &written, NULL);
    DWORD error = GetLastError();
    if (in != INVALID_HANDLE_VALUE)
        CloseHandle(in);
    if (result != INVALID_HANDLE_VALUE && in != INVALID_HANDLE_VALUE)
        CloseHandle(result);
    SetLastError(error);
    return good;
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
    if (!copying->append && same_file(path, to)) {
        out_error(L"The file cannot be copied onto itself.\r\n");
        copying->result = 1;
    } else if (copying->append || is_device(to) ? append_file(path, to) : CopyFileW(path, to, FALSE)) {
        if (!copying->append)
            copying->copied++;
    } else {
        copying->result = report(GetLastError());
    }
    free(to);
    return true;
}

static void copy_sources(struct copying *copying, WCHAR *sources)
{
    bool joined = wcschr(sources, '+') != NULL;
    WCHAR *source = sources;

    while (source) {
        WCHAR *next = wcschr(source, '+');
        if (next)
            *next++ = 0;
        WCHAR *all = is_directory(source) ? join_path(source, L"*") : NULL;
        copying->names = wcspbrk(all ? all : source, L"*?") || joined;
        if (is_device(source)) {
            if (append_file(source, copying->to))
                copying->copied++;
            else
                copying->result = report(GetLastError());
        } else if (!for_each_match(all ? all : source, copy_one, copying)) {
            if (copying->names)
                out_error(L"%s\r\n", source);
            copying->result = report(GetLastError());
        }
        copying->append = joined;
        free(all);
        source = next;
    }
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
    if (i < arguments.count)
        copying.to = arguments.names[i];
    if (!sources.length || i + 1 < arguments.count) {
        bad_usage();
        copying.result = 1;
    } else {
        WCHAR *first = wcschr(sources.data, '+'), *to = NULL;
        if (first && i == arguments.count) /* a+b without a target: into a */
            copying.to = to = copy_n(sources.data, first - sources.data), copying.append = true, copying.copied = 1;
        copy_sources(&copying, to ? first + 1 : sources.data);
        free(to);
        out(L"        %u file(s) copied.\r\n", copying.copied);
    }
    free(text_take(&sources));
    arguments_free(&arguments);
    return copying.result;
}
