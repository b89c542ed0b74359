/*
 * more.c: more.com: shows text a screen at a time; without a terminal it goes through as it is, tabs expanded.
 */
#include "wide_main.h"

static bool clear, squeeze;
static unsigned tab = 8, skip;

static unsigned screen_rows(void)
{
    CONSOLE_SCREEN_BUFFER_INFO info;
    DWORD mode;

    if (!GetConsoleMode(GetStdHandle(STD_INPUT_HANDLE), &mode) &&
        !GetConsoleMode(GetStdHandle(STD_ERROR_HANDLE), &mode))
        return 0;
    return GetConsoleScreenBufferInfo(GetStdHandle(STD_OUTPUT_HANDLE), &info) ? info.srWindow.Bottom - info.srWindow.Top
                                                                              : 0;
}

/* False: the reader wants no more. */
static bool wait_for_key(void)
{
    HANDLE keys = CreateFileW(L"CONIN$", GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL,
                              OPEN_EXISTING, 0, NULL);
    DWORD mode, read = 0;
    WCHAR c = 'q';

    print(L"-- More --");
    if (keys != INVALID_HANDLE_VALUE && GetConsoleMode(keys, &mode)) {
        SetConsoleMode(keys, mode & ~(ENABLE_LINE_INPUT | ENABLE_ECHO_INPUT));
        ReadConsoleW(keys, &c, 1, &read, NULL);
        SetConsoleMode(keys, mode);
    }
    if (keys != INVALID_HANDLE_VALUE)
        CloseHandle(keys);
    print(L"\r          \r");
    return read && towlower(c) != 'q' && c != 3;
}

static bool show(const WCHAR *text, size_t length)
{
    HANDLE out = GetStdHandle(STD_OUTPUT_HANDLE);
    unsigned rows = screen_rows(), shown = 0, number = 0, empty = 0;
    size_t start = 0;

    while (start < length) {
        size_t end = start;
        struct text line = {0};
        for (; end < length && text[end] != '\n'; end++)
            if (text[end] == '\t')
                for (size_t to = (line.length / tab + 1) * tab; line.length < to;)
                    text_char(&line, ' ');
            else if (text[end] != '\r')
                text_char(&line, text[end]);
        bool last = end >= length;
        start = end + 1;
        empty = line.length ? 0 : empty + 1;
        if (number++ < skip || (squeeze && empty > 1)) {
            free(text_take(&line));
            continue;
        }
        if (!last)
            text_add(&line, L"\r\n");
        bool good = write_text(out, line.data ? line.data : L"", line.length);
        free(text_take(&line));
        if (!good || (rows && ++shown % rows == 0 && start < length && !wait_for_key()))
            return false;
    }
    return true;
}

static int run(int argc, WCHAR **argv)
{
    HANDLE file = GetStdHandle(STD_INPUT_HANDLE);
    bool any = false;
    size_t length;

    for (int i = 1; i <= argc; i++) {
        if (i < argc && (*argv[i] == '/' || *argv[i] == '+')) {
            if (*argv[i] == '+')
                skip = wcstoul(argv[i] + 1, NULL, 10);
            clear |= same_name(argv[i], L"/c");
            squeeze |= same_name(argv[i], L"/s");
            if (starts_with(argv[i], L"/t") && wcstoul(argv[i] + 2, NULL, 10))
                tab = wcstoul(argv[i] + 2, NULL, 10);
            continue;
        }
        if (i == argc && any)
            break;
        any = true;
        if (i < argc)
            file = CreateFileW(argv[i], GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, OPEN_EXISTING, 0, NULL);
        WCHAR *text = file == INVALID_HANDLE_VALUE ? NULL : read_all_text(file, GetConsoleOutputCP(), &length);
        if (!text) {
            print_error(L"Cannot access file %s\r\n", i < argc ? argv[i] : L"");
            return 1;
        }
        if (clear && screen_rows())
            print(L"\x1b[2J\x1b[H");
        if (!show(text, length))
            break;
        free(text);
    }
    return 0;
}
