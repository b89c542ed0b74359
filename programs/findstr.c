/*
 * findstr.c: findstr.exe: lines that match one of several texts or expressions.
 *
 * Expressions know . * ^ $ [class] [^class] \x \< \>, and nothing else; they are matched by backtracking over the line.
 */
#include "wide_main.h"

struct options {
    bool begin, end, fold, whole, invert, numbers, names, offsets, no_names, printable, tree, expression, literal;
    WCHAR **texts;
    unsigned count;
    unsigned found;
    bool many_files;
};

static void add_text(struct options *options, const WCHAR *text)
{
    options->texts = realloc(options->texts, (options->count + 1) * sizeof *options->texts);
    options->texts[options->count++] = copy_string(text);
}

/* Words of a string, each a text to look for. */
static void add_words(struct options *options, const WCHAR *words)
{
    while (*words) {
        size_t length = wcscspn(words, L" ");
        WCHAR *word = copy_n(words, length);
        if (length)
            add_text(options, word);
        free(word);
        words += length + (words[length] == ' ');
    }
}

static WCHAR folded(const struct options *options, WCHAR c)
{
    return options->fold ? towlower(c) : c;
}

static bool is_word(WCHAR c)
{
    return iswalnum(c) || c == '_';
}

/* Behind one element of an expression: a character, an escaped one, or a class. */
static const WCHAR *element_end(const WCHAR *p)
{
    if (*p == '\\' && p[1])
        return p + 2;
    if (*p != '[')
        return p + 1;
    const WCHAR *end = p + 1 + (p[1] == '^');
    for (end += *end == ']'; *end && *end != ']'; end++)
        if (*end == '\\' && end[1])
            end++;
    return *end ? end + 1 : p + 1;
}

static bool element_matches(const struct options *options, const WCHAR *p, const WCHAR *end, WCHAR c)
{
    if (*p == '.')
        return true;
    if (*p == '\\' && end - p == 2)
        return folded(options, p[1]) == folded(options, c);
    if (*p != '[' || end - p < 3)
        return folded(options, *p) == folded(options, c);
    bool negated = p[1] == '^', matches = false;
    for (p += 1 + negated; p < end - 1; p++) {
        if (*p == '\\' && p + 1 < end - 1)
            p++;
        if (p + 2 < end - 1 && p[1] == '-') {
            matches |= folded(options, c) >= folded(options, p[0]) && folded(options, c) <= folded(options, p[2]);
            p += 2;
        } else {
            matches |= folded(options, *p) == folded(options, c);
        }
    }
    return matches != negated;
}

static bool match_here(const struct options *options, const WCHAR *p, const WCHAR *line, const WCHAR *start,
                       const WCHAR *end)
{
    for (;;) {
        if (!*p)
            return !options->end || line == end;
        if (*p == '$' && !p[1])
            return line == end;
        if (*p == '\\' && (p[1] == '<' || p[1] == '>')) {
            bool before = line > start && is_word(line[-1]), after = line < end && is_word(*line);
            if (p[1] == '<' ? before || !after : !before || after)
                return false;
            p += 2;
            continue;
        }
        const WCHAR *behind = element_end(p);
        if (*behind == '*') {
            const WCHAR *most = line;
            while (most < end && element_matches(options, p, behind, *most))
                most++;
            for (; most >= line; most--)
                if (match_here(options, behind + 1, most, start, end))
                    return true;
            return false;
        }
        if (line == end || !element_matches(options, p, behind, *line))
            return false;
        p = behind;
        line++;
    }
}

static bool match_expression(const struct options *options, const WCHAR *p, const WCHAR *start, const WCHAR *end)
{
    bool anchored = options->begin || *p == '^';

    if (*p == '^')
        p++;
    for (const WCHAR *line = start; line <= end; line++) {
        if (match_here(options, p, line, start, end))
            return true;
        if (anchored)
            break;
    }
    return false;
}

static bool match_literal(const struct options *options, const WCHAR *text, const WCHAR *start, const WCHAR *end)
{
    size_t length = wcslen(text);

    for (const WCHAR *line = start; line + length <= end; line++) {
        bool same = options->fold ? !_wcsnicmp(line, text, length) : !wmemcmp(line, text, length);
        if (same && (!options->end || line + length == end))
            return true;
        if (options->begin)
            break;
    }
    return false;
}

static bool line_matches(const struct options *options, const WCHAR *start, const WCHAR *end)
{
    for (unsigned i = 0; i < options->count; i++) {
        const WCHAR *text = options->texts[i];
        if (options->whole) {
            if ((size_t)(end - start) == wcslen(text) && match_literal(options, text, start, end))
                return true;
        } else if (options->literal ? match_literal(options, text, start, end)
                                    : match_expression(options, text, start, end)) {
            return true;
        }
    }
    return false;
}

static void search_text(struct options *options, const WCHAR *name, const WCHAR *text, size_t length)
{
    HANDLE out = GetStdHandle(STD_OUTPUT_HANDLE);
    const WCHAR *end = text + length;
    unsigned number = 0;

    for (const WCHAR *start = text, *next; start < end; start = next) {
        const WCHAR *stop = wmemchr(start, '\n', end - start);
        next = stop ? stop + 1 : end;
        stop = stop ? stop : end;
        if (stop > start && stop[-1] == '\r')
            stop--;
        number++;
        if (line_matches(options, start, stop) == options->invert)
            continue;
        options->found++;
        if (options->names) {
            print(L"%s\r\n", name);
            return;
        }
        if (name && (options->many_files || options->tree) && !options->no_names)
            print(L"%s:", name);
        if (options->numbers)
            print(L"%u:", number);
        if (options->offsets)
            print(L"%u:", (unsigned)WideCharToMultiByte(GetConsoleOutputCP(), 0, text, (int)(start - text), NULL, 0,
                                                        NULL, NULL));
        write_text(out, start, stop - start);
        write_text(out, L"\r\n", 2);
    }
}

static bool search_file(struct options *options, const WCHAR *path)
{
    size_t length;
    HANDLE file = CreateFileW(path, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, OPEN_EXISTING, 0, NULL);
    WCHAR *text = file == INVALID_HANDLE_VALUE ? NULL : read_all_text(file, GetConsoleOutputCP(), &length);

    if (file != INVALID_HANDLE_VALUE)
        CloseHandle(file);
    if (!text) {
        print_error(L"FINDSTR: Cannot open %s\r\n", path);
        return false;
    }
    if (!options->printable || wmemchr(text, 0, length) == NULL)
        search_text(options, path, text, length);
    free(text);
    return true;
}

static void search_pattern(struct options *options, const WCHAR *directory, const WCHAR *name)
{
    WCHAR *pattern = *directory ? join_path(directory, name) : copy_string(name);
    WIN32_FIND_DATAW data;
    HANDLE find = wcspbrk(name, L"*?") || options->tree ? FindFirstFileW(pattern, &data) : INVALID_HANDLE_VALUE;

    if (find == INVALID_HANDLE_VALUE && !wcspbrk(name, L"*?") && !options->tree)
        search_file(options, pattern);
    free(pattern);
    if (find != INVALID_HANDLE_VALUE) {
        do {
            if (data.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY)
                continue;
            WCHAR *path = *directory ? join_path(directory, data.cFileName) : copy_string(data.cFileName);
            search_file(options, path);
            free(path);
        } while (FindNextFileW(find, &data));
        FindClose(find);
    }
    if (!options->tree)
        return;
    pattern = *directory ? join_path(directory, L"*") : copy_string(L"*");
    find = FindFirstFileW(pattern, &data);
    free(pattern);
    if (find == INVALID_HANDLE_VALUE)
        return;
    do {
        if (!(data.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) ||
            data.dwFileAttributes & FILE_ATTRIBUTE_REPARSE_POINT || !wcscmp(data.cFileName, L".") ||
            !wcscmp(data.cFileName, L".."))
            continue;
        WCHAR *below = *directory ? join_path(directory, data.cFileName) : copy_string(data.cFileName);
        search_pattern(options, below, name);
        free(below);
    } while (FindNextFileW(find, &data));
    FindClose(find);
}

/* A file whose lines are texts (/G) or names of files (/F); each gets called for. */
static bool each_line(const WCHAR *path, void (*take)(struct options *, const WCHAR *), struct options *options)
{
    size_t length;
    bool in = !wcscmp(path, L"/");
    HANDLE file = in ? GetStdHandle(STD_INPUT_HANDLE)
                     : CreateFileW(path, GENERIC_READ, FILE_SHARE_READ, NULL, OPEN_EXISTING, 0, NULL);
    WCHAR *text = file == INVALID_HANDLE_VALUE ? NULL : read_all_text(file, GetConsoleOutputCP(), &length);

    if (!text) {
        print_error(L"FINDSTR: Cannot open %s\r\n", path);
        return false;
    }
    for (WCHAR *line = wcstok(text, L"\r\n"); line; line = wcstok(NULL, L"\r\n"))
        take(options, line);
    free(text);
    if (!in)
        CloseHandle(file);
    return true;
}

static void search_listed(struct options *options, const WCHAR *path)
{
    options->many_files = true;
    search_file(options, path);
}

/* Letters may stand together: /in.  False: not a switch that is known. */
static bool take_switches(struct options *options, const WCHAR *p)
{
    for (; *p; p++) {
        if (*p == '/')
            continue;
        switch (towupper(*p)) {
        case 'B':
            options->begin = true;
            break;
        case 'E':
            options->end = true;
            break;
        case 'I':
            options->fold = true;
            break;
        case 'L':
            options->literal = true;
            break;
        case 'M':
            options->names = true;
            break;
        case 'N':
            options->numbers = true;
            break;
        case 'O':
            options->offsets = true;
            break;
        case 'P':
            options->printable = true;
            break;
        case 'R':
            options->expression = true;
            break;
        case 'S':
            options->tree = true;
            break;
        case 'V':
            options->invert = true;
            break;
        case 'X':
            options->whole = true;
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
    WCHAR *files[512];
    const WCHAR *list = NULL;
    unsigned count = 0;
    bool good = true, quoted_text = false;

    for (int i = 1; i < argc && good; i++) {
        WCHAR *word = argv[i];
        if (*word == '/' && (word[1] == '?' || starts_with(word, L"/off"))) {
            continue;
        } else if (starts_with(word, L"/c:")) {
            add_text(&options, word + 3);
            quoted_text = true;
        } else if (starts_with(word, L"/g:")) {
            good = each_line(word + 3, (void (*)(struct options *, const WCHAR *))add_text, &options);
        } else if (starts_with(word, L"/f:")) {
            list = word + 3;
        } else if (starts_with(word, L"/d:") || starts_with(word, L"/a:")) {
            if (towlower(word[1]) == 'd' && !SetCurrentDirectoryW(word + 3))
                print_error(L"FINDSTR: Cannot open %s\r\n", word + 3);
        } else if (*word == '/' && !options.count && !count) {
            if (!take_switches(&options, word + 1)) {
                print_error(L"FINDSTR: Bad command line\r\n");
                return 2;
            }
        } else if (*word == '/' && take_switches(&options, word + 1)) {
            continue;
        } else if (!options.count) {
            add_words(&options, word);
        } else if (count < 512) {
            files[count++] = word;
        }
    }
    if (!options.count || !good) {
        if (good)
            print_error(L"FINDSTR: Bad command line\r\n");
        return 2;
    }
    /* A text given by /C without expression characters is meant as it is; so is everything with /L. */
    if (!options.expression && !options.literal && quoted_text)
        options.literal = !wcspbrk(options.texts[0], L".*^$[]\\");
    options.many_files = count > 1 || (count == 1 && wcspbrk(files[0], L"*?"));
    if (list)
        each_line(list, search_listed, &options);
    for (unsigned i = 0; i < count; i++) {
        WCHAR *directory = copy_n(files[i], file_part(files[i]) - files[i]);
        search_pattern(&options, directory, file_part(files[i]));
        free(directory);
    }
    if (!count && !list) {
        size_t length;
        WCHAR *text = read_all_text(GetStdHandle(STD_INPUT_HANDLE), GetConsoleCP(), &length);
        if (text)
            search_text(&options, NULL, text, length);
    }
    return options.found ? 0 : 1;
}
