/*
 * find.c: find.exe: lines that hold a text.  The text stands in quotes, which double inside of it; so the command line
 * is read here and not by CommandLineToArgvW.
 */
#include "console.h"

struct options {
    bool without, count, numbers, fold;
    WCHAR *text;
};

static bool line_holds(const struct options *options, const WCHAR *line, size_t length)
{
    size_t wanted = wcslen(options->text);

    if (!wanted)
        return false;
    for (size_t i = 0; i + wanted <= length; i++)
        if (options->fold ? !_wcsnicmp(line + i, options->text, wanted) : !wmemcmp(line + i, options->text, wanted))
            return true;
    return false;
}

static unsigned find_in(const struct options *options, const WCHAR *text, size_t length)
{
    HANDLE out = GetStdHandle(STD_OUTPUT_HANDLE);
    unsigned found = 0, number = 0;
    size_t start = 0;

    while (start < length) {
        size_t end = start;
        while (end < length && text[end] != '\n')
            end++;
        size_t line = end > start && text[end - 1] == '\r' ? end - 1 - start : end - start;
        number++;
        if (line_holds(options, text + start, line) != options->without) {
            found++;
            if (!options->count) {
                if (options->numbers)
                    print(L"[%u]", number);
                write_text(out, text + start, line);
                write_text(out, L"\r\n", 2);
            }
        }
        start = end + 1;
    }
    return found;
}

static WCHAR *next_word(const WCHAR **p, bool *quoted)
{
    struct text text = {0};

    while (**p == ' ' || **p == '\t')
        ++*p;
    *quoted = **p == '"';
    if (*quoted) {
        for (++*p; **p; ++*p) {
            if (**p == '"' && *++*p != '"')
                break;
            text_char(&text, **p);
        }
        return text_take(&text);
    }
    const WCHAR *start = *p;
    while (**p && **p != ' ' && **p != '\t')
        ++*p;
    return *p == start ? NULL : copy_n(start, *p - start);
}

static int find_file(const struct options *options, const WCHAR *path, unsigned *found)
{
    HANDLE file = CreateFileW(path, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, OPEN_EXISTING, 0, NULL);
    size_t length;
    WCHAR *text = file == INVALID_HANDLE_VALUE ? NULL : read_all_text(file, GetConsoleOutputCP(), &length);
    WCHAR upper[4096];

    if (file != INVALID_HANDLE_VALUE)
        CloseHandle(file);
    if (!text) {
        print_error(L"File not found - %s\r\n", path);
        return 2;
    }
    _snwprintf(upper, 4095, L"%s", path);
    upper[4095] = 0;
    _wcsupr(upper);
    print(options->count ? L"\r\n---------- %s: " : L"\r\n---------- %s\r\n", upper);
    unsigned count = find_in(options, text, length);
    if (options->count)
        print(L"%u\r\n", count);
    *found += count;
    free(text);
    return 0;
}

static int find_pattern(const struct options *options, const WCHAR *pattern, unsigned *found)
{
    WIN32_FIND_DATAW data;
    HANDLE find = wcspbrk(pattern, L"*?") ? FindFirstFileW(pattern, &data) : INVALID_HANDLE_VALUE;
    WCHAR *base = copy_n(pattern, file_part(pattern) - pattern);
    int result = 0;

    if (find == INVALID_HANDLE_VALUE) {
        result = find_file(options, pattern, found);
    } else {
        do {
            if (data.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY)
                continue;
            WCHAR *path = *base ? join_path(base, data.cFileName) : copy_string(data.cFileName);
            result |= find_file(options, path, found);
            free(path);
        } while (FindNextFileW(find, &data));
        FindClose(find);
    }
    free(base);
    return result;
}

int main(void)
{
    struct options options = {0};
    const WCHAR *p = GetCommandLineW();
    WCHAR *word, *names[256];
    bool quoted;
    unsigned count = 0, found = 0;
    int result = 0;

    free(next_word(&p, &quoted));
    while ((word = next_word(&p, &quoted))) {
        if (quoted && !options.text)
            options.text = word;
        else if (!quoted && *word == '/' && wcschr(L"vVcCnNiI", word[1]) && word[1] && !word[2]) {
            options.without |= towlower(word[1]) == 'v', options.count |= towlower(word[1]) == 'c';
            options.numbers |= towlower(word[1]) == 'n', options.fold |= towlower(word[1]) == 'i';
        } else if (!quoted && starts_with(word, L"/off"))
            continue; /* files kept offline are read like all others */
        else if (!quoted && *word == '/') {
            print_error(L"FIND: Invalid switch\r\n");
            return 2;
        } else if (count < 256)
            names[count++] = word;
    }
    if (!options.text) {
        print_error(L"FIND: Parameter format not correct\r\n");
        return 2;
    }
    if (!count) {
        size_t length;
        WCHAR *text = read_all_text(GetStdHandle(STD_INPUT_HANDLE), GetConsoleCP(), &length);
        found = text ? find_in(&options, text, length) : 0;
        if (options.count)
            print(L"%u\r\n", found);
    }
    for (unsigned i = 0; i < count; i++)
        result |= find_pattern(&options, names[i], &found);
    return result ? result : found ? 0 : 1;
}
