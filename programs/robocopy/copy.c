/*
 * copy.c: makes one tree like another one.
 */
#include "robocopy.h"

static bool any_fits(WCHAR **patterns, unsigned count, const WCHAR *path, const WCHAR *name)
{
    for (unsigned i = 0; i < count; i++)
        if (name_fits(patterns[i], wcspbrk(patterns[i], L"\\/") ? path : name) || !wcscmp(patterns[i], L"*.*"))
            return true;
    return false;
}

static bool remove_tree(const WCHAR *path)
{
    WCHAR *all = join_path(path, L"*");
    WIN32_FIND_DATAW data;
    HANDLE find =
        GetFileAttributesW(path) & FILE_ATTRIBUTE_REPARSE_POINT ? INVALID_HANDLE_VALUE : FindFirstFileW(all, &data);

    free(all);
    if (find != INVALID_HANDLE_VALUE) {
        do {
            if (!wcscmp(data.cFileName, L".") || !wcscmp(data.cFileName, L".."))
                continue;
            WCHAR *name = join_path(path, data.cFileName);
            if (data.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY)
                remove_tree(name);
            else
                DeleteFileW(name);
            free(name);
        } while (FindNextFileW(find, &data));
        FindClose(find);
    }
    return RemoveDirectoryW(path);
}

/* 1234567 as it is, from a megabyte on as 1.2 m. */
static void format_size(const struct options *options, unsigned long long size, WCHAR text[32])
{
    static const WCHAR letters[] = L"kmgt";
    double value = (double)size;
    int letter = -1;

    if (options->bytes || size < 1 << 20) {
        _snwprintf(text, 32, L"%I64u", size);
        return;
    }
    while (value >= 1024 && letter < 3)
        value /= 1024, letter++;
    _snwprintf(text, 32, L"%.1f %c", value, letters[letter]);
}

static void say_file(const struct options *options, const WCHAR *class, unsigned long long size, const WCHAR *name)
{
    WCHAR text[32] = L"";

    if (options->no_files)
        return;
    if (!options->no_sizes)
        format_size(options, size, text);
    say(L"\t%-17s\t%8s\t%s\r\n", options->no_classes ? L"" : class, text, name);
}

static unsigned long long size_of(const WIN32_FIND_DATAW *data)
{
    return (unsigned long long)data->nFileSizeHigh << 32 | data->nFileSizeLow;
}

/* What the target has and the source has not. */
static void purge(struct options *options, const WCHAR *from, const WCHAR *to)
{
    WCHAR *all = join_path(to, L"*");
    WIN32_FIND_DATAW data;
    HANDLE find = FindFirstFileW(all, &data);

    free(all);
    if (find == INVALID_HANDLE_VALUE)
        return;
    do {
        if (!wcscmp(data.cFileName, L".") || !wcscmp(data.cFileName, L".."))
            continue;
        WCHAR *source = join_path(from, data.cFileName), *target = join_path(to, data.cFileName);
        bool directory = data.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY;
        bool left_out =
            directory ? any_fits(options->without_directories, options->without_directory_count, target, data.cFileName)
                      : any_fits(options->without_files, options->without_file_count, target, data.cFileName) ||
                            !any_fits(options->files, options->file_count, target, data.cFileName);
        if (GetFileAttributesW(source) == INVALID_FILE_ATTRIBUTES && (!directory || options->tree) && !left_out) {
            struct counts *counts = directory ? &options->directory_counts : &options->file_counts;
            counts->extra++;
            options->byte_counts.extra += directory ? 0 : size_of(&data);
            if (directory && !options->no_directories && !options->extra_out)
                say(L"\t*EXTRA Dir        -1\t%s\\\r\n", target);
            else if (!directory && !options->extra_out)
                say_file(options, L"  *EXTRA File", size_of(&data), data.cFileName);
            if (options->purge && !options->list && !(directory ? remove_tree(target) : DeleteFileW(target)))
                counts->failed++;
        }
        free(source), free(target);
    } while (FindNextFileW(find, &data));
    FindClose(find);
}

enum class { LONELY, SAME, NEWER, OLDER, CHANGED };

/* Times of two seconds' difference are told apart, as on NTFS. */
static enum class classify(const WCHAR *to, const WIN32_FIND_DATAW *data) {
    WIN32_FILE_ATTRIBUTE_DATA there;

    if (!GetFileAttributesExW(to, GetFileExInfoStandard, &there)) return LONELY;
    LONG order = CompareFileTime(&data->ftLastWriteTime, &there.ftLastWriteTime);
    bool same_size = data->nFileSizeLow == there.nFileSizeLow && data->nFileSizeHigh == there.nFileSizeHigh;
    return order > 0   ? NEWER
           : order < 0 ? OLDER
           : same_size ? SAME
                       : CHANGED;
}

static bool left_out(const struct options *options, enum class class, const WIN32_FIND_DATAW *data)
{
    return (class == SAME && !options->same_too) || (class == NEWER && options->newer_out) ||
           (class == OLDER && options->older_out) || (class == CHANGED && options->changed_out) ||
           (class == LONELY && options->lonely_out) || (options->any_most && size_of(data) > options->most) ||
           (options->any_least && size_of(data) < options->least) ||
           (options->need_set && !(data->dwFileAttributes & options->need_set));
}

/* The file with what /COPY, /A+ and /A- ask for. */
static bool copy_once(const struct options *options, const WCHAR *from, const WCHAR *to, const WIN32_FIND_DATAW *data)
{
    DWORD there = GetFileAttributesW(to), wanted = data->dwFileAttributes & ~FILE_ATTRIBUTE_REPARSE_POINT;

    if (there != INVALID_FILE_ATTRIBUTES && there & FILE_ATTRIBUTE_READONLY)
        SetFileAttributesW(to, there & ~FILE_ATTRIBUTE_READONLY);
    if (options->create) {
        HANDLE file = CreateFileW(to, GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);
        if (file == INVALID_HANDLE_VALUE)
            return false;
        CloseHandle(file);
    } else if (!CopyFileW(from, to, FALSE)) {
        return false;
    }
    if (!options->times) {
        FILETIME now;
        HANDLE file = CreateFileW(to, FILE_WRITE_ATTRIBUTES, 7, NULL, OPEN_EXISTING, 0, NULL);
        GetSystemTimeAsFileTime(&now);
        SetFileTime(file, NULL, NULL, &now);
        CloseHandle(file);
    }
    if (!options->attributes)
        wanted = FILE_ATTRIBUTE_ARCHIVE;
    wanted = (wanted | options->set) & ~options->cleared;
    if (!options->attributes || options->set || options->cleared)
        SetFileAttributesW(to, wanted ? wanted : FILE_ATTRIBUTE_NORMAL);
    return true;
}

static void copy_file(struct options *options, const WCHAR *from, const WCHAR *to, const WIN32_FIND_DATAW *data)
{
    static const WCHAR *const names[] = {L"    New File", L"    same", L"    Newer", L"    Older", L"    Changed"};
    enum class class = classify(to, data);
    unsigned long long size = size_of(data);

    options->file_counts.total++;
    options->byte_counts.total += size;
    if (left_out(options, class, data)) {
        options->file_counts.skipped++;
        options->byte_counts.skipped += size;
        if (options->verbose)
            say_file(options, names[class], size, options->full_paths ? from : data->cFileName);
        return;
    }
    say_file(options, names[class], size, options->full_paths ? from : data->cFileName);
    for (unsigned tries = 0; !options->list && !copy_once(options, from, to, data); tries++) {
        DWORD error = GetLastError();
        SYSTEMTIME now;
        GetLocalTime(&now);
        say(L"%04u/%02u/%02u %02u:%02u:%02u ERROR %lu (0x%08lX) Copying File %s\r\n%s\r\n", now.wYear, now.wMonth,
            now.wDay, now.wHour, now.wMinute, now.wSecond, error, error, from, error_message(error));
        if (tries == options->retries) {
            if (tries)
                say(L"\r\nERROR: RETRY LIMIT EXCEEDED.\r\n\r\n");
            options->file_counts.failed++;
            options->byte_counts.failed += size;
            return;
        }
        say(L"Waiting %u seconds...", options->wait);
        Sleep(options->wait * 1000);
        say(L" Retrying...\r\n");
    }
    options->file_counts.copied++;
    options->byte_counts.copied += size;
    if (!options->list && (options->move_files || options->move_all))
        DeleteFileW(from);
}

/* How many of its files are chosen by name. */
static unsigned count_files(const struct options *options, const WCHAR *directory)
{
    WCHAR *all = join_path(directory, L"*");
    WIN32_FIND_DATAW data;
    HANDLE find = FindFirstFileW(all, &data);
    unsigned count = 0;

    free(all);
    if (find == INVALID_HANDLE_VALUE)
        return 0;
    do
        count += !(data.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) &&
                 any_fits(options->files, options->file_count, data.cFileName, data.cFileName);
    while (FindNextFileW(find, &data));
    FindClose(find);
    return count;
}

void copy_tree(struct options *options, const WCHAR *from, const WCHAR *to, unsigned level)
{
    WCHAR *all = join_path(from, L"*");
    WIN32_FIND_DATAW data;
    HANDLE find = FindFirstFileW(all, &data);
    bool made = is_directory(to);
    unsigned count = count_files(options, from);

    free(all);
    options->directory_counts.total++;
    if (made)
        options->directory_counts.skipped++;
    else if (options->empty || level == 1 || count)
        options->directory_counts.copied++;
    if (!options->no_directories && (made || options->empty || level == 1 || count))
        say(L"\t%-16s%4u\t%s%s\r\n", made ? L"" : L"  New Dir", count, from,
            from[wcslen(from) - 1] == '\\' ? L"" : L"\\");
    if (!made && !options->list && (options->empty || level == 1 || count))
        made = CreateDirectoryW(to, NULL);
    if (find == INVALID_HANDLE_VALUE)
        return;
    do {
        if (!wcscmp(data.cFileName, L".") || !wcscmp(data.cFileName, L".."))
            continue;
        WCHAR *source = join_path(from, data.cFileName), *target = join_path(to, data.cFileName);
        if (!(data.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) &&
            any_fits(options->files, options->file_count, source, data.cFileName)) {
            if (!any_fits(options->without_files, options->without_file_count, source, data.cFileName)) {
                copy_file(options, source, target, &data);
            } else {
                options->file_counts.total++, options->file_counts.skipped++;
                options->byte_counts.total += size_of(&data), options->byte_counts.skipped += size_of(&data);
            }
        }
        free(source), free(target);
    } while (FindNextFileW(find, &data));
    FindClose(find);
    if (is_directory(to))
        purge(options, from, to);
    all = join_path(from, L"*");
    find = options->tree && (!options->levels || level < options->levels) ? FindFirstFileW(all, &data)
                                                                          : INVALID_HANDLE_VALUE;
    free(all);
    for (bool more = find != INVALID_HANDLE_VALUE; more; more = FindNextFileW(find, &data)) {
        if (!(data.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) || !wcscmp(data.cFileName, L".") ||
            !wcscmp(data.cFileName, L".."))
            continue;
        WCHAR *source = join_path(from, data.cFileName), *target = join_path(to, data.cFileName);
        if (any_fits(options->without_directories, options->without_directory_count, source, data.cFileName)) {
            options->directory_counts.total++, options->directory_counts.skipped++;
        } else {
            if (!made && !options->list)
                made = CreateDirectoryW(to, NULL);
            copy_tree(options, source, target, level + 1);
        }
        free(source), free(target);
    }
    if (find != INVALID_HANDLE_VALUE)
        FindClose(find);
    if (!options->empty && level > 1 && !options->list)
        RemoveDirectoryW(to); /* only an empty one goes */
    if (options->move_all && !options->list)
        RemoveDirectoryW(from);
}
