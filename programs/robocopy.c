/*
 * robocopy.c: robocopy.exe SOURCE TARGET [FILES...]: makes a tree like another one: /S /E /MIR /PURGE /MOV /MOVE /XF
 * /XD /XO /L /LEV and the switches about output.
 *
 * Exit, as bits: 1 files were copied, 2 there were others in the target, 8 some could not be copied, 16 nothing was
 * done.
 */
#include "wide_main.h"

struct options {
    bool tree, empty, purge, move_files, move_all, older_out, list, no_files, no_directories, quiet, no_summary;
    unsigned levels;
    WCHAR **files, **without_files, **without_directories;
    unsigned file_count, without_file_count, without_directory_count;
    unsigned copied, skipped, extra, failed, directories;
};

/* * and ? over one name. */
static bool fits(const WCHAR *pattern, const WCHAR *name)
{
    if (!*pattern)
        return !*name;
    if (*pattern == '*')
        return fits(pattern + 1, name) || (*name && fits(pattern, name + 1));
    return *name && (*pattern == '?' || towlower(*pattern) == towlower(*name)) && fits(pattern + 1, name + 1);
}

static bool any_fits(WCHAR **patterns, unsigned count, const WCHAR *path, const WCHAR *name)
{
    for (unsigned i = 0; i < count; i++)
        if (fits(patterns[i], wcspbrk(patterns[i], L"\\/") ? path : name) || fits(patterns[i], L"*.*"))
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
        if (GetFileAttributesW(source) == INVALID_FILE_ATTRIBUTES && (!directory || options->tree)) {
            options->extra++;
            if (!options->quiet && !options->no_files)
                print(directory ? L"\t*EXTRA Dir\t\t%s\r\n" : L"\t*EXTRA File\t\t%s\r\n", target);
            if (options->purge && !options->list && !(directory ? remove_tree(target) : DeleteFileW(target)))
                options->failed++;
        }
        free(source), free(target);
    } while (FindNextFileW(find, &data));
    FindClose(find);
}

static void copy_file(struct options *options, const WCHAR *from, const WCHAR *to, const WIN32_FIND_DATAW *data)
{
    WIN32_FILE_ATTRIBUTE_DATA there;
    bool exists = GetFileAttributesExW(to, GetFileExInfoStandard, &there);
    LONG order = exists ? CompareFileTime(&data->ftLastWriteTime, &there.ftLastWriteTime) : 1;
    bool same =
        exists && !order && data->nFileSizeLow == there.nFileSizeLow && data->nFileSizeHigh == there.nFileSizeHigh;

    if (same || (options->older_out && order < 0)) {
        options->skipped++;
        return;
    }
    if (!options->quiet && !options->no_files)
        print(L"\t%s\t%10I64u\t%s\r\n", exists ? order > 0 ? L"Newer   " : L"Older   " : L"New File",
              (unsigned long long)data->nFileSizeHigh << 32 | data->nFileSizeLow, data->cFileName);
    if (!options->list && !CopyFileW(from, to, FALSE)) {
        print_error(L"ERROR %lu Copying File %s\r\n%s\r\n", GetLastError(), from, error_message(GetLastError()));
        options->failed++;
        return;
    }
    options->copied++;
    if (!options->list && (options->move_files || options->move_all))
        DeleteFileW(from);
}

static void copy_tree(struct options *options, const WCHAR *from, const WCHAR *to, unsigned level)
{
    WCHAR *all = join_path(from, L"*");
    WIN32_FIND_DATAW data;
    HANDLE find = FindFirstFileW(all, &data);
    bool made = is_directory(to);

    free(all);
    options->directories++;
    if (!options->quiet && !options->no_directories)
        print(L"\t%s\t%s\\\r\n", made ? L"       " : L"New Dir", from);
    if (!made && !options->list && (options->empty || level == 1)) {
        made = CreateDirectoryW(to, NULL);
    }
    if (find == INVALID_HANDLE_VALUE)
        return;
    do {
        if (!wcscmp(data.cFileName, L".") || !wcscmp(data.cFileName, L".."))
            continue;
        WCHAR *source = join_path(from, data.cFileName), *target = join_path(to, data.cFileName);
        if (data.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) {
            if (options->tree && (!options->levels || level < options->levels) &&
                !any_fits(options->without_directories, options->without_directory_count, source, data.cFileName)) {
                if (!made && !options->list)
                    made = CreateDirectoryW(to, NULL);
                copy_tree(options, source, target, level + 1);
            }
        } else if (any_fits(options->files, options->file_count, source, data.cFileName) &&
                   !any_fits(options->without_files, options->without_file_count, source, data.cFileName)) {
            if (!made && !options->list)
                made = CreateDirectoryW(to, NULL);
            copy_file(options, source, target, &data);
        }
        free(source), free(target);
    } while (FindNextFileW(find, &data));
    FindClose(find);
    purge(options, from, to);
    if (!options->empty && level > 1 && !options->list)
        RemoveDirectoryW(to); /* only an empty one goes */
    if (options->move_all && !options->list)
        RemoveDirectoryW(from);
}

static void add(WCHAR ***list, unsigned *count, WCHAR *word)
{
    *list = realloc(*list, (*count + 1) * sizeof **list);
    (*list)[(*count)++] = word;
}

static bool take_switch(struct options *options, const WCHAR *word)
{
    static const WCHAR *const without_effect[] = {
        L"/r:",  L"/w:",  L"/mt", L"/np", L"/njh", L"/z",  L"/b",  L"/zb",      L"/copy:", L"/copyall", L"/dcopy:",
        L"/fft", L"/dst", L"/ns", L"/nc", L"/v",   L"/ts", L"/fp", L"/bytes",   L"/eta",   L"/tee",     L"/sec",
        L"/j",   L"/a-",  L"/a+", L"/xj", L"/sl",  L"/is", L"/it", L"/unicode", L"/x",     L"/log",     L"/unilog"};

    if (same_name(word, L"/s"))
        options->tree = true;
    else if (same_name(word, L"/e"))
        options->tree = options->empty = true;
    else if (same_name(word, L"/mir"))
        options->tree = options->empty = options->purge = true;
    else if (same_name(word, L"/purge"))
        options->purge = true;
    else if (same_name(word, L"/mov"))
        options->move_files = true;
    else if (same_name(word, L"/move"))
        options->move_all = true;
    else if (same_name(word, L"/xo"))
        options->older_out = true;
    else if (same_name(word, L"/l"))
        options->list = true;
    else if (same_name(word, L"/nfl"))
        options->no_files = true;
    else if (same_name(word, L"/ndl"))
        options->no_directories = true;
    else if (same_name(word, L"/njs"))
        options->no_summary = true;
    else if (starts_with(word, L"/lev:"))
        options->levels = wcstoul(word + 5, NULL, 10);
    else {
        for (unsigned i = 0; i < sizeof without_effect / sizeof *without_effect; i++)
            if (starts_with(word, without_effect[i]))
                return true; /* about retries, speed and output: nothing here depends on them */
        return false;
    }
    return true;
}

static int run(int argc, WCHAR **argv)
{
    struct options options = {0};
    WCHAR from[4096], to[4096], *names[2];
    WCHAR ***into = NULL;
    unsigned *into_count = NULL, count = 0;

    for (int i = 1; i < argc; i++) {
        if (same_name(argv[i], L"/xf"))
            into = &options.without_files, into_count = &options.without_file_count;
        else if (same_name(argv[i], L"/xd"))
            into = &options.without_directories, into_count = &options.without_directory_count;
        else if (*argv[i] == '/') {
            into = NULL;
            if (!take_switch(&options, argv[i])) {
                print_error(L"ERROR : Invalid Parameter #%d : \"%s\"\r\n", i, argv[i]);
                return 16;
            }
        } else if (into)
            add(into, into_count, argv[i]);
        else if (count < 2)
            names[count++] = argv[i];
        else
            add(&options.files, &options.file_count, argv[i]);
    }
    if (count < 2) {
        print_error(L"ERROR : No %s Directory Specified.\r\n", count ? L"Destination" : L"Source");
        return 16;
    }
    if (!options.file_count)
        add(&options.files, &options.file_count, (WCHAR *)L"*");
    GetFullPathNameW(names[0], 4096, from, NULL);
    GetFullPathNameW(names[1], 4096, to, NULL);
    if (!is_directory(from)) {
        print_error(L"ERROR 2 (0x00000002) Accessing Source Directory %s\r\n%s\r\n", from,
                    error_message(ERROR_FILE_NOT_FOUND));
        return 16;
    }
    copy_tree(&options, from, to, 1);
    if (!options.no_summary)
        print(L"\r\n   Dirs : %9u\r\n  Files : %9u copied, %u skipped, %u failed, %u extra\r\n", options.directories,
              options.copied, options.skipped, options.failed, options.extra);
    return (options.copied ? 1 : 0) | (options.extra ? 2 : 0) | (options.failed ? 8 : 0);
}
