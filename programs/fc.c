/*
 * fc.c: fc.exe: compares two files, or all files of a pattern with their namesakes.
 *
 * Text is compared line by line; after a difference both sides are searched for the next place where some lines in a
 * row are equal again.  Ends with 0: equal, 1: different, 2: a file could not be read.
 */
#include "wide_main.h"

struct options {
    bool binary, text, numbers, fold, brief, spaces;
    DWORD window, again; /* lines that are searched; lines in a row that end a difference */
};

struct lines {
    const WCHAR *name;
    WCHAR *text;
    struct line {
        const WCHAR *start;
        size_t length;
    } * at;
    size_t count;
};

static int no_file(const WCHAR *name)
{
    print_error(L"FC: cannot open %s - No such file or folder\r\n\r\n", name);
    return 2;
}

static HANDLE file_open(const WCHAR *name)
{
    return CreateFileW(name, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, OPEN_EXISTING, 0, NULL);
}

static bool lines_read(struct lines *lines, const WCHAR *name)
{
    size_t length = 0, room = 64;
    HANDLE file = file_open(name);

    *lines = (struct lines){.name = name};
    lines->text = file == INVALID_HANDLE_VALUE ? NULL : read_all_text(file, GetConsoleOutputCP(), &length);
    if (file != INVALID_HANDLE_VALUE)
        CloseHandle(file);
    if (!lines->text)
        return false;
    lines->at = need(room * sizeof *lines->at);
    for (size_t start = 0, end; start < length; start = end + 1) {
        for (end = start; end < length && lines->text[end] != '\n';)
            end++;
        if (lines->count == room) {
            struct line *more = need(room * 2 * sizeof *more);
            memcpy(more, lines->at, room * sizeof *more);
            free(lines->at);
            lines->at = more;
            room *= 2;
        }
        bool cr = end > start && lines->text[end - 1] == '\r';
        lines->at[lines->count++] = (struct line){lines->text + start, end - start - cr};
    }
    return true;
}

static void lines_free(struct lines *lines)
{
    free(lines->text);
    free(lines->at);
}

static bool is_blank(WCHAR c)
{
    return c == ' ' || c == '\t';
}

/* The character at *p as it counts; 0: the end.  /W: blanks in a row are one, those at the ends none. */
static WCHAR next_character(const struct options *options, const struct line *line, size_t *p)
{
    bool blank = false;
    size_t start = *p;

    if (*p >= line->length)
        return 0;
    while (options->spaces && *p < line->length && is_blank(line->start[*p]))
        ++*p, blank = true;
    if (blank && *p == line->length)
        return 0;
    if (blank && start)
        return ' ';
    WCHAR c = line->start[(*p)++];
    return options->fold ? towlower(c) : c;
}

static bool same_line(const struct options *options, const struct line *a, const struct line *b)
{
    size_t i = 0, j = 0;
    WCHAR c, d;

    if (!options->fold && !options->spaces)
        return a->length == b->length && !wmemcmp(a->start, b->start, a->length);
    do {
        c = next_character(options, a, &i);
        d = next_character(options, b, &j);
    } while (c && c == d);
    return c == d;
}

/* Whether `again` lines in a row are equal here; both ends count as equal. */
static bool in_step(const struct options *options, const struct lines *a, size_t i, const struct lines *b, size_t j)
{
    for (DWORD k = 0; k < options->again; k++) {
        if (i + k >= a->count && j + k >= b->count)
            return true;
        if (i + k >= a->count || j + k >= b->count || !same_line(options, &a->at[i + k], &b->at[j + k]))
            return false;
    }
    return true;
}

/* The nearest place where both go on alike.  False: not within the window. */
static bool find_step(const struct options *options, const struct lines *a, size_t *i, const struct lines *b, size_t *j)
{
    for (size_t both = 1; both <= 2 * (size_t)options->window; both++)
        for (size_t ahead = both > options->window ? both - options->window : 0;
             ahead <= both && ahead <= options->window; ahead++) {
            size_t x = *i + ahead, y = *j + (both - ahead);
            if (x <= a->count && y <= b->count && in_step(options, a, x, b, y)) {
                *i = x;
                *j = y;
                return true;
            }
        }
    return false;
}

static void print_lines(const struct options *options, const struct lines *lines, size_t from, size_t to)
{
    HANDLE out = GetStdHandle(STD_OUTPUT_HANDLE);

    print(L"***** %s\r\n", lines->name);
    for (size_t i = from; i < to; i++) {
        if (options->brief && to - from > 2 && i == from + 1) {
            print(L"...\r\n");
            i = to - 2;
            continue;
        }
        if (options->numbers)
            print(L"%5u:  ", (unsigned)i + 1);
        write_text(out, lines->at[i].start, lines->at[i].length);
        print(L"\r\n");
    }
}

/* With the last equal line before and the first one after. */
static void print_difference(const struct options *options, const struct lines *a, size_t a_from, size_t a_to,
                             const struct lines *b, size_t b_from, size_t b_to)
{
    print_lines(options, a, a_from - (a_from > 0), a_to + (a_to < a->count));
    print_lines(options, b, b_from - (b_from > 0), b_to + (b_to < b->count));
    print(L"*****\r\n\r\n");
}

static int compare_text(const struct options *options, const WCHAR *first, const WCHAR *second)
{
    struct lines a, b;
    size_t i = 0, j = 0;
    int result = 0;

    if (!lines_read(&a, first))
        return no_file(first);
    if (!lines_read(&b, second)) {
        lines_free(&a);
        return no_file(second);
    }
    while (i < a.count || j < b.count) {
        if (i < a.count && j < b.count && same_line(options, &a.at[i], &b.at[j])) {
            i++, j++;
            continue;
        }
        size_t x = i, y = j;
        result = 1;
        if (!find_step(options, &a, &x, &b, &y)) {
            x = a.count;
            y = b.count;
            if (x - i > options->window || y - j > options->window)
                print(L"Resync Failed.  Files are too different.\r\n");
        }
        print_difference(options, &a, i, x, &b, j, y);
        i = x;
        j = y;
    }
    if (!result)
        print(L"FC: no differences encountered\r\n\r\n");
    lines_free(&a);
    lines_free(&b);
    return result;
}

static size_t read_block(HANDLE file, BYTE *bytes, size_t room)
{
    DWORD count;
    size_t used = 0;

    while (used < room && ReadFile(file, bytes + used, (DWORD)(room - used), &count, NULL) && count)
        used += count;
    return used;
}

static int compare_bytes(HANDLE a, const WCHAR *first, HANDLE b, const WCHAR *second)
{
    static BYTE x[65536], y[sizeof x];
    unsigned long long at = 0;
    int result = 0;

    for (;;) {
        size_t there = read_block(a, x, sizeof x), here = read_block(b, y, sizeof y);
        size_t both = there < here ? there : here;
        for (size_t i = 0; i < both; i++)
            if (x[i] != y[i]) {
                print(L"%08I64X: %02X %02X\r\n", at + i, x[i], y[i]);
                result = 1;
            }
        if (there != here) {
            print(L"FC: %s longer than %s\r\n\r\n", there > here ? first : second, there > here ? second : first);
            return 1;
        }
        if (!there)
            break;
        at += there;
    }
    print(result ? L"\r\n" : L"FC: no differences encountered\r\n\r\n");
    return result;
}

static int compare_binary(const WCHAR *first, const WCHAR *second)
{
    HANDLE a = file_open(first), b = a == INVALID_HANDLE_VALUE ? a : file_open(second);
    int result = 2;

    if (b == INVALID_HANDLE_VALUE)
        no_file(a == INVALID_HANDLE_VALUE ? first : second);
    else
        result = compare_bytes(a, first, b, second);
    if (a != INVALID_HANDLE_VALUE)
        CloseHandle(a);
    if (b != INVALID_HANDLE_VALUE)
        CloseHandle(b);
    return result;
}

/* Programs and the like are compared byte by byte unless told otherwise. */
static bool is_binary_name(const WCHAR *name)
{
    static const WCHAR *const endings[] = {L".exe", L".com", L".sys", L".obj", L".lib", L".bin"};
    size_t length = wcslen(name);

    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
        if (length > 4 && same_name(name + length - 4, endings[i]))
            return true;
    return false;
}

static int compare(const struct options *options, const WCHAR *first, const WCHAR *second)
{
    print(L"Comparing files %s and %s\r\n", first, second);
    if (options->binary || (!options->text && is_binary_name(first)))
        return compare_binary(first, second);
    return compare_text(options, first, second);
}

/* The second file's name: a directory or a pattern stands for the first one's namesake. */
static WCHAR *second_name(const WCHAR *second, const WCHAR *name)
{
    if (is_directory(second))
        return join_path(second, name);
    if (!wcspbrk(second, L"*?"))
        return copy_string(second);
    struct text text = {0};
    const WCHAR *pattern = file_part(second), *dot = wcsrchr(name, '.');
    text_add_n(&text, second, pattern - second);
    for (; *pattern; pattern++)
        if (*pattern == '*') { /* the name's part up to its ending, or its ending */
            const WCHAR *end = pattern[1] == '.' && dot ? dot : name + wcslen(name);
            const WCHAR *from = pattern > second && pattern[-1] == '.' && dot ? dot + 1 : name;
            text_add_n(&text, from, end > from ? end - from : 0);
        } else {
            text_char(&text, *pattern);
        }
    return text_take(&text);
}

static int compare_all(const struct options *options, const WCHAR *first, const WCHAR *second)
{
    WIN32_FIND_DATAW data;
    HANDLE find = wcspbrk(first, L"*?") ? FindFirstFileW(first, &data) : INVALID_HANDLE_VALUE;
    WCHAR *base = copy_n(first, file_part(first) - first);
    int result = 0;

    if (find == INVALID_HANDLE_VALUE) {
        WCHAR *other = second_name(second, file_part(first));
        result = compare(options, first, other);
        free(other);
    } else {
        do {
            if (data.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY)
                continue;
            WCHAR *path = *base ? join_path(base, data.cFileName) : copy_string(data.cFileName);
            WCHAR *other = second_name(second, data.cFileName);
            int one = compare(options, path, other);
            result = one > result ? one : result;
            free(path);
            free(other);
        } while (FindNextFileW(find, &data));
        FindClose(find);
    }
    free(base);
    return result;
}

static bool option_take(struct options *options, const WCHAR *word)
{
    DWORD number;
    if (starts_with(word, L"lb")) {
        options->window = parse_number(word + 2, &number) ? number : 0;
        return options->window > 0;
    }
    if (parse_number(word, &number)) {
        options->again = number;
        return number > 0;
    }
    if (same_name(word, L"off") || same_name(word, L"offline") || same_name(word, L"u") || same_name(word, L"t"))
        return true; /* text is read by its byte order mark; tabs are compared as they are */
    bool *const flags[] = {&options->binary, &options->text,  &options->numbers,
                           &options->fold,   &options->brief, &options->spaces};
    static const WCHAR letters[] = L"blncaw";
    const WCHAR *letter = *word && !word[1] ? wcschr(letters, towlower(*word)) : NULL;
    if (!letter)
        return false;
    *flags[letter - letters] = true;
    return true;
}

static int run(int argc, WCHAR **argv)
{
    struct options options = {.window = 100, .again = 2};
    const WCHAR *names[2];
    int count = 0;

    for (int i = 1; i < argc; i++) {
        if (*argv[i] == '/' && option_take(&options, argv[i] + 1))
            continue;
        /* Tools of the host write paths that begin like a switch. */
        if (*argv[i] == '/' && GetFileAttributesW(argv[i]) == INVALID_FILE_ATTRIBUTES && !wcspbrk(argv[i], L"*?")) {
            print_error(L"FC: Invalid Switch\r\n");
            return 2;
        }
        if (count < 2)
            names[count++] = argv[i];
    }
    if (count < 2) {
        print_error(L"FC: Insufficient number of file specifications\r\n");
        return 2;
    }
    return compare_all(&options, names[0], names[1]);
}
