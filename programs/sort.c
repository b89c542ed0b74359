/*
 * sort.c: sort.exe: sorts the lines of its input or of a file.
 */
#include "wide_main.h"

static unsigned column;
static bool reverse, unique, by_case;

static int compare(const void *a, const void *b)
{
    const WCHAR *x = *(WCHAR *const *)a, *y = *(WCHAR *const *)b;
    x = wcslen(x) > column ? x + column : L"";
    y = wcslen(y) > column ? y + column : L"";
    int order = by_case ? wcscmp(x, y) : _wcsicmp(x, y);
    return reverse ? -order : order;
}

static WCHAR **split_lines(WCHAR *text, size_t length, size_t *count)
{
    WCHAR **lines = need((length + 1) * sizeof *lines), *end = text + length;

    *count = 0;
    while (text < end) {
        WCHAR *line_end = wmemchr(text, '\n', end - text);
        WCHAR *stop = line_end ? line_end : end;
        lines[(*count)++] = text;
        if (stop > text && stop[-1] == '\r')
            stop[-1] = 0;
        *stop = 0;
        text = stop + 1;
    }
    return lines;
}

static int fail(const WCHAR *what)
{
    print_error(L"%s: %s\r\n", what, error_message(GetLastError()));
    return 1;
}

static int run(int argc, WCHAR **argv)
{
    const WCHAR *in = NULL, *out = NULL;
    HANDLE source = GetStdHandle(STD_INPUT_HANDLE), target = GetStdHandle(STD_OUTPUT_HANDLE);
    size_t length, count;

    for (int i = 1; i < argc; i++) {
        const WCHAR *option = argv[i];
        if (*option != '/')
            in = option;
        else if (starts_with(option, L"/+"))
            column = wcstoul(option + 2, NULL, 10) - (option[2] != '0');
        else if (starts_with(option, L"/r"))
            reverse = true;
        else if (starts_with(option, L"/u"))
            unique = true;
        else if (starts_with(option, L"/c"))
            by_case = true;
        else if (starts_with(option, L"/o") && i + 1 < argc)
            out = argv[++i];
        else if ((starts_with(option, L"/t") || starts_with(option, L"/l") || starts_with(option, L"/m")) &&
                 i + 1 < argc)
            i++; /* place for temporary files, locale, memory: nothing depends on them here */
        else {
            print_error(L"Input switch is invalid\r\n");
            return 1;
        }
    }
    if (in)
        source = CreateFileW(in, GENERIC_READ, FILE_SHARE_READ, NULL, OPEN_EXISTING, 0, NULL);
    WCHAR *text = source == INVALID_HANDLE_VALUE ? NULL : read_all_text(source, GetConsoleCP(), &length);
    if (!text)
        return fail(in ? in : L"sort");
    if (in)
        CloseHandle(source);
    WCHAR **lines = split_lines(text, length, &count);
    qsort(lines, count, sizeof *lines, compare);
    if (out)
        target = CreateFileW(out, GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);
    if (target == INVALID_HANDLE_VALUE)
        return fail(out);
    for (size_t i = 0; i < count; i++) {
        if (unique && i && !compare(&lines[i - 1], &lines[i]))
            continue;
        if (!write_text(target, lines[i], wcslen(lines[i])) || !write_text(target, L"\r\n", 2))
            return fail(out ? out : L"sort");
    }
    return 0;
}
