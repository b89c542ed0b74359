/*
 * createprocess_image.c: which program CreateProcess means, and the command line that it gets.
 *
 * Layer: kernel32.  Without an application name the program is the first word of the command line; if that is not
 * quoted and has blanks, ever longer beginnings are tried.  Names without an extension mean .exe; if there is none of
 * that name, a file of just that name: a Linux program.
 */
#include "createprocess.h"

#define PATH_ROOM 0x8000

static WCHAR *heap_wide(size_t count)
{
    return RtlAllocateHeap(process_heap(), 0, count * sizeof(WCHAR));
}

static BOOL is_file(const WCHAR *path)
{
    DWORD attributes = GetFileAttributesW(path);
    return attributes != INVALID_FILE_ATTRIBUTES && !(attributes & FILE_ATTRIBUTE_DIRECTORY);
}

static bool has_extension(const WCHAR *name, size_t length)
{
    for (size_t i = length; i && name[i - 1] != '\\' && name[i - 1] != '/'; i--)
        if (name[i - 1] == '.')
            return true;
    return false;
}

/* One word, found as Windows finds programs. */
static BOOL word_find(const WCHAR *word, size_t length, const WCHAR *extension, WCHAR *path)
{
    WCHAR *name = heap_wide(length + 1);
    BOOL found = FALSE;
    if (!name)
        return FALSE;
    memcpy(name, word, length * sizeof(WCHAR));
    name[length] = 0;
    DWORD got = length ? SearchPathW(NULL, name, extension, PATH_ROOM, path, NULL) : 0;
    found = got && got < PATH_ROOM && is_file(path);
    filename_free(name);
    return found;
}

/*
 * The program in a command line; `path` gets it.  *unquoted: how many characters name it where quotes should stand
 * around them, else 0.
 */
static BOOL command_find(const WCHAR *line, const WCHAR *extension, WCHAR *path, size_t *unquoted)
{
    *unquoted = 0;
    while (*line == ' ' || *line == '\t')
        line++;
    size_t length = 0;
    bool blanks = false;
    if (*line == '"') {
        line++;
        while (line[length] && line[length] != '"')
            length++;
        return (extension || !has_extension(line, length)) && word_find(line, length, extension, path);
    }
    for (;;) {
        while (line[length] && line[length] != ' ' && line[length] != '\t')
            length++;
        if ((extension || !has_extension(line, length)) && word_find(line, length, extension, path)) {
            *unquoted = blanks ? length : 0;
            return TRUE;
        }
        if (!line[length])
            return FALSE;
        blanks = true;
        length++;
    }
}

static bool ends_with(const WCHAR *path, const char *end)
{
    size_t length = text_length(path), n = strlen(end);
    for (size_t i = 0; i < n && length >= n; i++) {
        WCHAR c = path[length - n + i];
        if ((c >= 'A' && c <= 'Z' ? c + 32 : c) != end[i])
            return false;
    }
    return length >= n;
}

/* The path and the command line for a batch file: the interpreter gets the whole line in quotes. */
static BOOL batch_set(struct process_image *image)
{
    static const WCHAR standard[] = u"C:\\Windows\\system32\\cmd.exe";
    WCHAR *interpreter = heap_wide(MAX_PATH);
    size_t line = text_length(image->command_line);
    if (!interpreter)
        return FALSE;
    DWORD got = GetEnvironmentVariableW(u"COMSPEC", interpreter, MAX_PATH);
    if (!got || got >= MAX_PATH)
        memcpy(interpreter, standard, sizeof standard);
    size_t length = text_length(interpreter);
    WCHAR *whole = heap_wide(length + line + 12), *out = whole;
    if (!whole) {
        filename_free(interpreter);
        return FALSE;
    }
    *out++ = '"';
    memcpy(out, interpreter, length * sizeof(WCHAR));
    out += length;
    memcpy(out, u"\" /c \"", 6 * sizeof(WCHAR));
    out += 6;
    memcpy(out, image->command_line, line * sizeof(WCHAR));
    out += line;
    *out++ = '"';
    *out = 0;
    filename_free(image->path);
    filename_free(image->command_line);
    image->path = interpreter;
    image->command_line = whole;
    image->batch = TRUE;
    return TRUE;
}

/* A copy, with quotes around a program's name that has blanks. */
static WCHAR *line_copy(const WCHAR *line, size_t unquoted)
{
    size_t length = text_length(line) + 1, at = 0;
    WCHAR *copy = heap_wide(length + 2);
    if (!copy)
        return NULL;
    if (unquoted) {
        while (*line == ' ' || *line == '\t') {
            line++;
            length--;
        }
        copy[at++] = '"';
        memcpy(copy + at, line, unquoted * sizeof(WCHAR));
        at += unquoted;
        copy[at++] = '"';
        line += unquoted;
        length -= unquoted;
    }
    memcpy(copy + at, line, length * sizeof(WCHAR));
    return copy;
}

/* Without a command line the program's own name, in quotes, is it. */
static WCHAR *line_from_path(const WCHAR *path)
{
    size_t length = text_length(path);
    WCHAR *line = heap_wide(length + 3);
    if (!line)
        return NULL;
    line[0] = '"';
    memcpy(line + 1, path, length * sizeof(WCHAR));
    line[length + 1] = '"';
    line[length + 2] = 0;
    return line;
}

static DWORD find_error(const WCHAR *application, const WCHAR *line)
{
    const WCHAR *name = application ? application : line;
    while (*name == ' ' || *name == '"')
        name++;
    for (const WCHAR *c = name; *c && *c != ' ' && *c != '"'; c++)
        if (*c == '\\' && application) {
            DWORD error = GetLastError();
            return error == ERROR_PATH_NOT_FOUND ? error : ERROR_FILE_NOT_FOUND;
        }
    return ERROR_FILE_NOT_FOUND;
}

static BOOL image_path(const WCHAR *application, const WCHAR *line, WCHAR *path, size_t *unquoted)
{
    *unquoted = 0;
    if (!application)
        return command_find(line, u".exe", path, unquoted) || command_find(line, NULL, path, unquoted);
    DWORD got = GetFullPathNameW(application, PATH_ROOM, path, NULL);
    if (!got || got >= PATH_ROOM)
        return FALSE;
    DWORD attributes = GetFileAttributesW(path);
    return attributes != INVALID_FILE_ATTRIBUTES;
}

BOOL process_image_find(const WCHAR *application, const WCHAR *line, const WCHAR *environment,
                        struct process_image *image)
{
    WCHAR *path = heap_wide(PATH_ROOM);
    (void)environment;
    *image = (struct process_image){path, NULL, FALSE};
    if (!path) {
        SetLastError(ERROR_NOT_ENOUGH_MEMORY);
        return FALSE;
    }
    size_t unquoted;
    if (!image_path(application, line, path, &unquoted)) {
        SetLastError(find_error(application, line));
        process_image_free(image);
        return FALSE;
    }
    image->command_line = line && *line ? line_copy(line, unquoted) : line_from_path(application ? application : path);
    if (image->command_line && (ends_with(path, ".bat") || ends_with(path, ".cmd")) && !batch_set(image)) {
        filename_free(image->command_line);
        image->command_line = NULL;
    }
    if (image->command_line)
        return TRUE;
    SetLastError(ERROR_NOT_ENOUGH_MEMORY);
    process_image_free(image);
    return FALSE;
}

void process_image_free(struct process_image *image)
{
    filename_free(image->path);
    filename_free(image->command_line);
}
