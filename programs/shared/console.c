/*
 * console.c: see console.h.
 */
#include "programs/console.h"
#include <stdarg.h>

#define PRINT_ROOM 32768

bool write_text(HANDLE handle, const WCHAR *text, size_t length)
{
    DWORD mode, written;

    if (GetConsoleMode(handle, &mode)) {
        for (; length; text += written, length -= written)
            if (!WriteConsoleW(handle, text, length > 8192 ? 8192 : (DWORD)length, &written, NULL) || !written)
                return false;
        return true;
    }
    while (length) {
        char bytes[8192];
        int part = length > 2000 ? 2000 : (int)length;
        if (part < (int)length && IS_HIGH_SURROGATE(text[part - 1]))
            part--;
        int count = WideCharToMultiByte(GetConsoleOutputCP(), 0, text, part, bytes, sizeof bytes, NULL, NULL);
        for (int done = 0; done < count; done += written)
            if (!WriteFile(handle, bytes + done, count - done, &written, NULL) || !written)
                return false;
        text += part, length -= part;
    }
    return true;
}

static void print_to(DWORD which, const WCHAR *format, va_list arguments)
{
    WCHAR *line = need(PRINT_ROOM * sizeof *line);
    int length = _vsnwprintf(line, PRINT_ROOM - 1, format, arguments);

    write_text(GetStdHandle(which), line, length < 0 ? PRINT_ROOM - 1 : length);
    free(line);
}

void print(const WCHAR *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    print_to(STD_OUTPUT_HANDLE, format, arguments);
    va_end(arguments);
}

void print_error(const WCHAR *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    print_to(STD_ERROR_HANDLE, format, arguments);
    va_end(arguments);
}

WCHAR *format_list(const WCHAR *format, va_list arguments)
{
    WCHAR text[2048];

    _vsnwprintf(text, 2047, format, arguments);
    text[2047] = 0;
    return copy_string(text);
}

WCHAR *format_text(const WCHAR *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    WCHAR *text = format_list(format, arguments);
    va_end(arguments);
    return text;
}

const WCHAR *error_message(DWORD code)
{
    static WCHAR text[512];
    DWORD length = FormatMessageW(FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS, NULL, code, 0, text,
                                  sizeof text / sizeof *text, NULL);

    while (length && (text[length - 1] == '\n' || text[length - 1] == '\r' || text[length - 1] == ' '))
        text[--length] = 0;
    if (!length)
        _snwprintf(text, sizeof text / sizeof *text, L"Error %lu", code);
    return text;
}

void *need(size_t size)
{
    void *memory = calloc(1, size ? size : 1);
    if (!memory) {
        print_error(L"Not enough memory.\r\n");
        ExitProcess(ERROR_NOT_ENOUGH_MEMORY);
    }
    return memory;
}

WCHAR *copy_n(const WCHAR *string, size_t length)
{
    WCHAR *copy = need((length + 1) * sizeof *copy);
    memcpy(copy, string, length * sizeof *copy);
    return copy;
}

WCHAR *copy_string(const WCHAR *string)
{
    return copy_n(string, wcslen(string));
}

void text_add_n(struct text *text, const WCHAR *string, size_t length)
{
    if (text->length + length + 1 > text->room) {
        size_t room = (text->length + length + 64) * 2;
        WCHAR *data = need(room * sizeof *data);
        if (text->length)
            memcpy(data, text->data, text->length * sizeof *data);
        free(text->data);
        text->data = data;
        text->room = room;
    }
    memcpy(text->data + text->length, string, length * sizeof *string);
    text->length += length;
    text->data[text->length] = 0;
}

void text_add(struct text *text, const WCHAR *string)
{
    text_add_n(text, string, wcslen(string));
}

void text_char(struct text *text, WCHAR c)
{
    text_add_n(text, &c, 1);
}

WCHAR *text_take(struct text *text)
{
    WCHAR *data = text->data ? text->data : copy_n(L"", 0);
    *text = (struct text){0};
    return data;
}

static char *read_all(HANDLE handle, size_t *length)
{
    size_t room = 65536, used = 0;
    char *bytes = need(room);
    DWORD count;

    for (;;) {
        if (room - used < 32768) {
            char *larger = need(room * 2);
            memcpy(larger, bytes, used);
            free(bytes);
            bytes = larger;
            room *= 2;
        }
        if (!ReadFile(handle, bytes + used, (DWORD)(room - used > 1 << 20 ? 1 << 20 : room - used), &count, NULL)) {
            if (GetLastError() == ERROR_BROKEN_PIPE || GetLastError() == ERROR_HANDLE_EOF)
                break;
            free(bytes);
            return NULL;
        }
        if (!count)
            break;
        used += count;
    }
    *length = used;
    return bytes;
}

WCHAR *read_all_text(HANDLE handle, UINT codepage, size_t *length)
{
    size_t count;
    char *bytes = read_all(handle, &count), *start = bytes;
    WCHAR *wide;

    if (!bytes)
        return NULL;
    if (count >= 2 && (BYTE)bytes[0] == 0xff && (BYTE)bytes[1] == 0xfe) {
        *length = (count - 2) / sizeof(WCHAR);
        wide = copy_n((WCHAR *)(void *)(bytes + 2), *length);
    } else {
        if (count >= 3 && !memcmp(bytes, "\xef\xbb\xbf", 3))
            start += 3, count -= 3, codepage = CP_UTF8;
        int room = count ? MultiByteToWideChar(codepage, 0, start, (int)count, NULL, 0) : 0;
        wide = need((room + 1) * sizeof *wide);
        *length = count ? MultiByteToWideChar(codepage, 0, start, (int)count, wide, room) : 0;
    }
    free(bytes);
    return wide;
}

bool same_name(const WCHAR *a, const WCHAR *b)
{
    return !_wcsicmp(a, b);
}

bool starts_with(const WCHAR *string, const WCHAR *start)
{
    return !_wcsnicmp(string, start, wcslen(start));
}

const WCHAR *file_part(const WCHAR *path)
{
    const WCHAR *part = path;
    for (; *path; path++)
        if (*path == '\\' || *path == '/' || *path == ':')
            part = path + 1;
    return part;
}

WCHAR *join_path(const WCHAR *directory, const WCHAR *name)
{
    struct text text = {0};
    text_add(&text, directory);
    if (text.length && !wcschr(L"\\/:", text.data[text.length - 1]))
        text_char(&text, '\\');
    text_add(&text, name);
    return text_take(&text);
}

bool is_directory(const WCHAR *path)
{
    DWORD attributes = GetFileAttributesW(path);
    return attributes != INVALID_FILE_ATTRIBUTES && attributes & FILE_ATTRIBUTE_DIRECTORY;
}

bool parse_number(const WCHAR *string, DWORD *number)
{
    WCHAR *end;
    *number = wcstoul(string, &end, 10);
    return *string >= '0' && *string <= '9' && !*end;
}

bool is_option(const WCHAR *word, const WCHAR *name)
{
    size_t length = wcslen(name);

    return (*word == '/' || *word == '-') && !_wcsnicmp(word + 1, name, length) &&
           (!word[length + 1] || word[length + 1] == ':');
}

WCHAR *option_value(int argc, WCHAR **argv, int *i)
{
    WCHAR *colon = wcschr(argv[*i], ':');

    if (colon)
        return colon + 1;
    return *i + 1 < argc ? argv[++*i] : NULL;
}

void help_wanted(int argc, WCHAR **argv, const WCHAR *text)
{
    for (int i = 1; i < argc; i++)
        if (is_option(argv[i], L"?")) {
            print(L"\r\n%s\r\n", text);
            ExitProcess(0);
        }
}

bool name_fits(const WCHAR *pattern, const WCHAR *name)
{
    const WCHAR *star = NULL, *again = NULL;

    while (*name) {
        if (*pattern == '*') {
            star = ++pattern;
            again = name;
        } else if (*pattern && (*pattern == '?' || towlower(*pattern) == towlower(*name))) {
            pattern++, name++;
        } else if (star) {
            pattern = star;
            name = ++again;
        } else {
            return false;
        }
    }
    while (*pattern == '*')
        pattern++;
    return !*pattern;
}

void group_digits(unsigned long long number, WCHAR text[32])
{
    WCHAR digits[32];
    int length = _snwprintf(digits, 32, L"%I64u", number), to = 0;

    for (int i = 0; i < length; i++) {
        text[to++] = digits[i];
        if (i + 1 < length && (length - i - 1) % 3 == 0)
            text[to++] = ',';
    }
    text[to] = 0;
}
