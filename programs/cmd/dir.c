/*
 * dir.c: DIR: listings of directories.
 */
#include "builtins.h"

struct entry {
    WIN32_FIND_DATAW data;
};

struct listing {
    const struct arguments *arguments;
    const WCHAR *order; /* what stands behind /O, or NULL */
    struct entry *entries;
    size_t count, room;
    unsigned long long files, directories, bytes;             /* of this directory */
    unsigned long long all_files, all_directories, all_bytes; /* of all, with /S */
    bool found;
    bool bare, wide, separators;
};

static unsigned long long size_of(const WIN32_FIND_DATAW *data)
{
    return (unsigned long long)data->nFileSizeHigh << 32 | data->nFileSizeLow;
}

/* 1234567 as 1,234,567. */
static void format_number(unsigned long long number, bool separators, WCHAR text[32])
{
    WCHAR digits[32];
    int length = _snwprintf(digits, 32, L"%I64u", number), to = 0;

    for (int i = 0; i < length; i++) {
        text[to++] = digits[i];
        if (separators && i + 1 < length && (length - i - 1) % 3 == 0)
            text[to++] = ',';
    }
    text[to] = 0;
}

static bool wanted(const struct listing *listing, const WIN32_FIND_DATAW *data)
{
    static const struct {
        WCHAR letter;
        DWORD bit;
    } bits[] = {{'D', FILE_ATTRIBUTE_DIRECTORY},
                {'R', FILE_ATTRIBUTE_READONLY},
                {'H', FILE_ATTRIBUTE_HIDDEN},
                {'A', FILE_ATTRIBUTE_ARCHIVE},
                {'S', FILE_ATTRIBUTE_SYSTEM},
                {'L', FILE_ATTRIBUTE_REPARSE_POINT},
                {'I', FILE_ATTRIBUTE_NOT_CONTENT_INDEXED},
                {'O', FILE_ATTRIBUTE_OFFLINE}};
    const struct arguments *arguments = listing->arguments;

    for (unsigned i = 0; i < arguments->switch_count; i++) {
        if (arguments->switches[i] != 'A')
            continue;
        bool without = false;
        for (const WCHAR *p = arguments->values[i] ? arguments->values[i] : L""; *p; p++) {
            if (*p == '-') {
                without = true;
                continue;
            }
            for (unsigned k = 0; k < sizeof bits / sizeof *bits; k++)
                if (bits[k].letter == towupper(*p) && !(data->dwFileAttributes & bits[k].bit) != without)
                    return false;
            without = false;
        }
        return true;
    }
    return !(data->dwFileAttributes & (FILE_ATTRIBUTE_HIDDEN | FILE_ATTRIBUTE_SYSTEM));
}

static const WCHAR *order_in_force;

static int compare_by(WCHAR key, const WIN32_FIND_DATAW *a, const WIN32_FIND_DATAW *b)
{
    const WCHAR *x, *y;

    switch (towupper(key)) {
    case 'N':
        return _wcsicmp(a->cFileName, b->cFileName);
    case 'S':
        return size_of(a) < size_of(b) ? -1 : size_of(a) > size_of(b);
    case 'D':
        return CompareFileTime(&a->ftLastWriteTime, &b->ftLastWriteTime);
    case 'G':
        return !(a->dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) - !(b->dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY);
    case 'E':
        x = wcsrchr(a->cFileName, '.'), y = wcsrchr(b->cFileName, '.');
        return _wcsicmp(x ? x : L"", y ? y : L"");
    }
    return 0;
}

static int compare(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    bool down = false;

    for (const WCHAR *key = order_in_force; *key; key++) {
        if (*key == '-') {
            down = true;
            continue;
        }
        int order = compare_by(*key, &x->data, &y->data);
        if (order)
            return down ? -order : order;
        down = false;
    }
    return 0;
}

static void read_directory(struct listing *listing, const WCHAR *pattern)
{
    HANDLE find = FindFirstFileW(pattern, &(WIN32_FIND_DATAW){0});
    WIN32_FIND_DATAW data;

    listing->count = 0;
    if (find == INVALID_HANDLE_VALUE)
        return;
    FindClose(find);
    find = FindFirstFileW(pattern, &data);
    do {
        bool dots = !wcscmp(data.cFileName, L".") || !wcscmp(data.cFileName, L"..");
        if (!wanted(listing, &data) || (dots && listing->bare))
            continue;
        if (listing->count == listing->room) {
            listing->room = listing->room ? listing->room * 2 : 64;
            listing->entries = realloc(listing->entries, listing->room * sizeof *listing->entries);
        }
        if (has_switch(listing->arguments, 'L'))
            _wcslwr(data.cFileName);
        listing->entries[listing->count++].data = data;
    } while (FindNextFileW(find, &data));
    FindClose(find);
    order_in_force = listing->order ? *listing->order ? listing->order : L"GN" : L"N";
    qsort(listing->entries, listing->count, sizeof *listing->entries, compare);
}

static void show_long(const struct listing *listing, const WIN32_FIND_DATAW *data)
{
    FILETIME local;
    SYSTEMTIME time;
    WCHAR size[32] = L"";
    const WCHAR *name = data->cFileName;
    const WCHAR *kind = data->dwFileAttributes & FILE_ATTRIBUTE_REPARSE_POINT
                            ? data->dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY ? L"<SYMLINKD>" : L"<SYMLINK>"
                            : L"<DIR>";

    FileTimeToLocalFileTime(&data->ftLastWriteTime, &local);
    FileTimeToSystemTime(&local, &time);
    out(L"%02u/%02u/%04u  %02u:%02u %s ", time.wMonth, time.wDay, time.wYear, time.wHour % 12 ? time.wHour % 12 : 12,
        time.wMinute, time.wHour < 12 ? L"AM" : L"PM");
    if (data->dwFileAttributes & (FILE_ATTRIBUTE_DIRECTORY | FILE_ATTRIBUTE_REPARSE_POINT)) {
        out(L"   %-15s%s\r\n", kind, name);
    } else {
        format_number(size_of(data), listing->separators, size);
        out(L"%17s %s\r\n", size, name);
    }
}

static void show_wide(const struct listing *listing)
{
    size_t widest = 0, column = 0;

    for (size_t i = 0; i < listing->count; i++) {
        size_t length = wcslen(listing->entries[i].data.cFileName) + 2;
        widest = length > widest ? length : widest;
    }
    for (size_t i = 0; i < listing->count; i++) {
        const WIN32_FIND_DATAW *data = &listing->entries[i].data;
        WCHAR cell[MAX_PATH + 3];
        bool directory = data->dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY;
        _snwprintf(cell, MAX_PATH + 3, directory ? L"[%s]" : L"%s", data->cFileName);
        out(L"%-*s", (int)widest + 1, cell);
        column += widest + 1;
        if (column + widest + 1 > 80 || i + 1 == listing->count) {
            out(L"\r\n");
            column = 0;
        }
    }
}

static void show_totals(unsigned long long files, unsigned long long bytes, bool separators)
{
    WCHAR size[32];
    format_number(bytes, separators, size);
    out(L"%16I64u File(s) %14s bytes\r\n", files, size);
}

static void show_directory(struct listing *listing, const WCHAR *directory)
{
    listing->files = listing->directories = listing->bytes = 0;
    if (!listing->count)
        return;
    listing->found = true;
    if (!listing->bare)
        out(L"%s Directory of %s\r\n\r\n",
            has_switch(listing->arguments, 'S') && listing->all_files + listing->all_directories ? L"\r\n" : L"",
            directory);
    for (size_t i = 0; i < listing->count; i++) {
        const WIN32_FIND_DATAW *data = &listing->entries[i].data;
        bool is_dir = data->dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY;
        listing->directories += is_dir;
        listing->files += !is_dir;
        listing->bytes += is_dir ? 0 : size_of(data);
        if (listing->bare && has_switch(listing->arguments, 'S'))
            out(L"%s%s%s\r\n", directory, directory[wcslen(directory) - 1] == '\\' ? L"" : L"\\", data->cFileName);
        else if (listing->bare)
            out(L"%s\r\n", data->cFileName);
        else if (!listing->wide)
            show_long(listing, data);
    }
    if (listing->wide && !listing->bare)
        show_wide(listing);
    listing->all_files += listing->files;
    listing->all_directories += listing->directories;
    listing->all_bytes += listing->bytes;
    if (!listing->bare)
        show_totals(listing->files, listing->bytes, listing->separators);
}

static void list(struct listing *listing, const WCHAR *directory, const WCHAR *name)
{
    WCHAR *pattern = join_path(directory, name), *all = join_path(directory, L"*");
    WIN32_FIND_DATAW data;

    read_directory(listing, pattern);
    show_directory(listing, directory);
    HANDLE find = has_switch(listing->arguments, 'S') ? FindFirstFileW(all, &data) : INVALID_HANDLE_VALUE;
    if (find != INVALID_HANDLE_VALUE) {
        do {
            if (!(data.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) ||
                data.dwFileAttributes & FILE_ATTRIBUTE_REPARSE_POINT || !wcscmp(data.cFileName, L".") ||
                !wcscmp(data.cFileName, L".."))
                continue;
            WCHAR *below = join_path(directory, data.cFileName);
            list(listing, below, name);
            free(below);
        } while (FindNextFileW(find, &data));
        FindClose(find);
    }
    free(pattern), free(all);
}

static int list_path(struct listing *listing, const WCHAR *path)
{
    WCHAR full[4096], size[32];
    ULARGE_INTEGER available = {0};

    GetFullPathNameW(path, 4096, full, NULL);
    WCHAR *name = copy_string(is_directory(full) ? L"*" : file_part(full));
    if (!is_directory(full)) {
        WCHAR *part = (WCHAR *)file_part(full);
        if (part > full + 3)
            part--;
        *part = 0;
    }
    size_t length = wcslen(full);
    if (length > 3 && full[length - 1] == '\\')
        full[length - 1] = 0;
    if (!listing->bare) {
        builtin_vol(full);
        out(L"\r\n");
    }
    listing->all_files = listing->all_directories = listing->all_bytes = 0;
    listing->found = false;
    list(listing, full, name);
    free(name);
    if (!listing->found) {
        out_error(L"File Not Found\r\n");
        return 1;
    }
    if (!listing->bare) {
        if (has_switch(listing->arguments, 'S')) {
            out(L"\r\n     Total Files Listed:\r\n");
            show_totals(listing->all_files, listing->all_bytes, listing->separators);
        }
        GetDiskFreeSpaceExW(full, &available, NULL, NULL);
        format_number(available.QuadPart, listing->separators, size);
        out(L"%16I64u Dir(s) %15s bytes free\r\n",
            has_switch(listing->arguments, 'S') ? listing->all_directories : listing->directories, size);
    }
    return 0;
}

int builtin_dir(const WCHAR *text)
{
    WCHAR *defaults = variable_get(L"DIRCMD");
    struct text line = {0};
    struct arguments arguments;
    int result = 0;

    text_add(&line, defaults ? defaults : L"");
    text_char(&line, ' ');
    text_add(&line, text);
    arguments_parse(line.data, &arguments);
    free(defaults);
    free(text_take(&line));
    if (!only_switches(&arguments, L"ABCDLNOPQRSTWX4")) {
        arguments_free(&arguments);
        return 1;
    }
    struct listing listing = {.arguments = &arguments,
                              .bare = has_switch(&arguments, 'B'),
                              .wide = has_switch(&arguments, 'W'),
                              .separators = true};
    for (unsigned i = 0; i < arguments.switch_count; i++) {
        if (arguments.switches[i] == 'O')
            listing.order = arguments.values[i] ? arguments.values[i] : L"";
        if (arguments.switches[i] == 'C')
            listing.separators = !arguments.negated[i];
    }
    if (!arguments.count)
        result = list_path(&listing, L".");
    for (unsigned i = 0; i < arguments.count; i++)
        result |= list_path(&listing, arguments.names[i]);
    free(listing.entries);
    arguments_free(&arguments);
    return result;
}
