/*
 * xcopy.c: xcopy.exe: copies files and trees.
 *
 * Exit: 0 copied, 1 nothing found, 4 a bad argument, 5 a write failed.
 */
#include "wide_main.h"

struct options {
    bool tree, empty, hidden, read_only, attributes, quiet, names, list, go_on, is_directory, newer, existing;
    FILETIME since;
    bool has_since;
    WCHAR **excluded;
    unsigned excluded_count;
    unsigned copied;
    bool failed;
};

static bool excluded(const struct options *options, const WCHAR *path)
{
    WCHAR *upper = copy_string(path);
    bool hit = false;

    _wcsupr(upper);
    for (unsigned i = 0; i < options->excluded_count; i++)
        hit |= wcsstr(upper, options->excluded[i]) != NULL;
    free(upper);
    return hit;
}

static bool make_directories(WCHAR *path)
{
    if (is_directory(path) || CreateDirectoryW(path, NULL))
        return true;
    WCHAR *name = (WCHAR *)file_part(path);
    if (name == path || GetLastError() != ERROR_PATH_NOT_FOUND)
        return false;
    WCHAR separator = name[-1];
    name[-1] = 0;
    bool made = make_directories(path);
    name[-1] = separator;
    return made && CreateDirectoryW(path, NULL);
}

static void copy_file(struct options *options, const WCHAR *from, const WCHAR *to, const WIN32_FIND_DATAW *data)
{
    WIN32_FILE_ATTRIBUTE_DATA there;
    bool exists = GetFileAttributesExW(to, GetFileExInfoStandard, &there);

    if ((options->newer && exists && CompareFileTime(&data->ftLastWriteTime, &there.ftLastWriteTime) <= 0) ||
        (options->has_since && CompareFileTime(&data->ftLastWriteTime, &options->since) < 0) ||
        (options->existing && !exists) || excluded(options, from))
        return;
    if (!options->quiet)
        print(options->names ? L"%s -> %s\r\n" : L"%s\r\n", from, to);
    options->copied++;
    if (options->list)
        return;
    if (exists && options->read_only)
        SetFileAttributesW(to, there.dwFileAttributes & ~FILE_ATTRIBUTE_READONLY);
    if (!CopyFileW(from, to, FALSE)) {
        print_error(L"%s\r\nFile creation error - %s\r\n", to, error_message(GetLastError()));
        options->copied--;
        options->failed = true;
        return;
    }
    if (!options->attributes) /* read-only goes unless /K; the copy is to be archived */
        SetFileAttributesW(to, (data->dwFileAttributes & ~FILE_ATTRIBUTE_READONLY) | FILE_ATTRIBUTE_ARCHIVE);
}

static void copy_directory(struct options *options, const WCHAR *from, const WCHAR *pattern, WCHAR *to)
{
    WCHAR *all = join_path(from, pattern);
    WIN32_FIND_DATAW data;
    HANDLE find = FindFirstFileW(all, &data);

    free(all);
    if (find != INVALID_HANDLE_VALUE) {
        do {
            if (data.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY ||
                (!options->hidden && data.dwFileAttributes & (FILE_ATTRIBUTE_HIDDEN | FILE_ATTRIBUTE_SYSTEM)))
                continue;
            WCHAR *source = join_path(from, data.cFileName), *target = join_path(to, data.cFileName);
            if (!options->list)
                make_directories(to);
            copy_file(options, source, target, &data);
            free(source), free(target);
            if (options->failed && !options->go_on)
                break;
        } while (FindNextFileW(find, &data));
        FindClose(find);
    }
    if (!options->tree || (options->failed && !options->go_on))
        return;
    all = join_path(from, L"*");
    find = FindFirstFileW(all, &data);
    free(all);
    if (find == INVALID_HANDLE_VALUE)
        return;
    do {
        if (!(data.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) || !wcscmp(data.cFileName, L".") ||
            !wcscmp(data.cFileName, L".."))
            continue;
        WCHAR *source = join_path(from, data.cFileName), *target = join_path(to, data.cFileName);
        if (options->empty && !options->list && !make_directories(target))
            options->failed = true;
        copy_directory(options, source, pattern, target);
        free(source), free(target);
    } while (FindNextFileW(find, &data));
    FindClose(find);
}

/* Names of text to keep out, one a line, from files joined by +. */
static bool read_excluded(struct options *options, WCHAR *names)
{
    for (WCHAR *next; names; names = next) {
        size_t length;
        next = wcschr(names, '+');
        if (next)
            *next++ = 0;
        HANDLE file = CreateFileW(names, GENERIC_READ, FILE_SHARE_READ, NULL, OPEN_EXISTING, 0, NULL);
        WCHAR *text = file == INVALID_HANDLE_VALUE ? NULL : read_all_text(file, GetConsoleOutputCP(), &length);
        if (!text) {
            print_error(L"Can't read file: %s\r\n", names);
            return false;
        }
        CloseHandle(file);
        _wcsupr(text);
        for (WCHAR *line = wcstok(text, L"\r\n"); line; line = wcstok(NULL, L"\r\n")) {
            options->excluded = realloc(options->excluded, (options->excluded_count + 1) * sizeof *options->excluded);
            options->excluded[options->excluded_count++] = line;
        }
    }
    return true;
}

static bool take_date(struct options *options, const WCHAR *text)
{
    SYSTEMTIME date = {0};
    FILETIME local;

    if (!*text) {
        options->newer = true;
        return true;
    }
    if (*text != ':' || swscanf(text + 1, L"%hu-%hu-%hu", &date.wMonth, &date.wDay, &date.wYear) != 3)
        return false;
    options->has_since = true;
    return SystemTimeToFileTime(&date, &local) && LocalFileTimeToFileTime(&local, &options->since);
}

static bool take_switch(struct options *options, WCHAR *word)
{
    WCHAR letter = towupper(word[1]);

    if (starts_with(word, L"/exclude:"))
        return read_excluded(options, word + 9);
    if (letter == 'D' && (!word[2] || word[2] == ':'))
        return take_date(options, word + 2);
    for (WCHAR *p = word + 1; *p; p++) {
        switch (towupper(*p)) {
        case 'S':
            options->tree = true;
            break;
        case 'E':
            options->tree = options->empty = true;
            break;
        case 'H':
            options->hidden = true;
            break;
        case 'R':
            options->read_only = true;
            break;
        case 'K':
            options->attributes = true;
            break;
        case 'Q':
            options->quiet = true;
            break;
        case 'F':
            options->names = true;
            break;
        case 'L':
            options->list = true;
            break;
        case 'C':
            options->go_on = true;
            break;
        case 'I':
            options->is_directory = true;
            break;
        case 'U':
            options->existing = true;
            break;
        case 'Y':
        case 'V':
        case 'Z':
        case 'G':
        case 'J':
        case 'N':
        case 'O':
        case 'X':
        case 'W':
        case 'B':
        case '-':
        case '/':
            break;
        default:
            return false;
        }
    }
    return true;
}

static int run(int argc, WCHAR **argv)
{
    struct options options = {0};
    WCHAR *names[2] = {NULL, L"."}, from[4096], to[4096];
    unsigned count = 0;

    for (int i = 1; i < argc; i++) {
        if (*argv[i] != '/' && count < 2) {
            names[count++] = argv[i];
        } else if (*argv[i] != '/') {
            print_error(L"Invalid number of parameters\r\n");
            return 4;
        } else if (!take_switch(&options, argv[i])) {
            print_error(L"Invalid switch - %s\r\n", argv[i]);
            return 4;
        }
    }
    if (!count) {
        print_error(L"Invalid number of parameters\r\n");
        return 4;
    }
    GetFullPathNameW(names[0], 4096, from, NULL);
    GetFullPathNameW(names[1], 4096, to, NULL);
    const WCHAR *pattern = L"*";
    bool whole = is_directory(from);
    size_t given = wcslen(names[1]);
    WCHAR *name = (WCHAR *)file_part(from);
    if (!whole) {
        pattern = copy_string(name);
        *name = 0;
    }
    /* One file to a name that is no directory: that is the copy's name. */
    bool as_directory = whole || wcspbrk(pattern, L"*?") || options.is_directory || is_directory(to) || options.tree ||
                        (given && wcschr(L"\\/:", names[1][given - 1]));
    if (as_directory) {
        copy_directory(&options, from, pattern, to);
    } else {
        WCHAR *source = join_path(from, pattern);
        WIN32_FIND_DATAW data;
        HANDLE find = FindFirstFileW(source, &data);
        if (find != INVALID_HANDLE_VALUE) {
            FindClose(find);
            copy_file(&options, source, to, &data);
        }
    }
    if (!options.copied && !options.failed && !whole)
        print_error(L"File not found - %s\r\n", pattern);
    print(L"%u File(s)%s\r\n", options.copied, options.list ? L"" : L" copied");
    return options.failed ? 5 : options.copied || (whole && options.empty) ? 0 : whole ? 0 : 1;
}
