/*
 * forfiles.c: forfiles.exe: runs a command for each file that a pattern and a date choose.
 *
 * Exit: 0, 1 if nothing was chosen or the arguments are wrong; a command's code does not count, as there.
 */
#include "wide_main.h"

static const WCHAR usage[] =
    L"FORFILES [/P pathname] [/M searchmask] [/S] [/C command] [/D [+ | -] {MM/dd/yyyy | dd}]\r\n\r\n"
    L"    in the command: @file @fname @ext @path @relpath @isdir @fsize @fdate @ftime, and 0xHH for a character\r\n";

static const WCHAR *mask = L"*", *command = L"cmd /c echo @file";
static bool tree, dated, later;
static unsigned long long limit; /* as a FILETIME */
static unsigned chosen;

static void add_value(struct text *out, const WCHAR *name, const WCHAR *path, const WCHAR *relative,
                      const WIN32_FIND_DATAW *data)
{
    const WCHAR *dot = wcsrchr(data->cFileName, '.');
    WCHAR value[64] = L"", *quoted = NULL;
    FILETIME local;
    SYSTEMTIME time;

    FileTimeToLocalFileTime(&data->ftLastWriteTime, &local);
    FileTimeToSystemTime(&local, &time);
    if (same_name(name, L"isdir"))
        wcscpy(value, data->dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY ? L"TRUE" : L"FALSE");
    else if (same_name(name, L"fsize"))
        _snwprintf(value, 63, L"%I64u", (unsigned long long)data->nFileSizeHigh << 32 | data->nFileSizeLow);
    else if (same_name(name, L"fdate"))
        _snwprintf(value, 63, L"%u/%u/%u", time.wMonth, time.wDay, time.wYear);
    else if (same_name(name, L"ftime"))
        _snwprintf(value, 63, L"%u:%02u:%02u %s", time.wHour % 12 ? time.wHour % 12 : 12, time.wMinute, time.wSecond,
                   time.wHour < 12 ? L"AM" : L"PM");
    else if (same_name(name, L"fname"))
        quoted = copy_n(data->cFileName, dot ? (size_t)(dot - data->cFileName) : wcslen(data->cFileName));
    else
        quoted = copy_string(same_name(name, L"file")      ? data->cFileName
                             : same_name(name, L"ext")     ? dot ? dot + 1 : L""
                             : same_name(name, L"relpath") ? relative
                                                           : path);
    text_add(out, quoted ? L"\"" : value);
    if (quoted) {
        text_add(out, quoted);
        text_char(out, '"');
    }
    free(quoted);
}

/* The command with its @variables and 0xHH replaced. */
static WCHAR *command_for(const WCHAR *path, const WCHAR *relative, const WIN32_FIND_DATAW *data)
{
    static const WCHAR *const names[] = {L"fname", L"fsize", L"fdate", L"ftime", L"relpath",
                                         L"isdir", L"file",  L"path",  L"ext"};
    struct text out = {0};

    for (const WCHAR *p = command; *p;) {
        unsigned i = 0;
        if (*p == '@')
            while (i < 9 && !starts_with(p + 1, names[i]))
                i++;
        if (*p == '@' && i < 9) {
            add_value(&out, names[i], path, relative, data);
            p += 1 + wcslen(names[i]);
        } else if (p[0] == '0' && towlower(p[1]) == 'x' && iswxdigit(p[2]) && iswxdigit(p[3])) {
            WCHAR digits[] = {p[2], p[3], 0};
            text_char(&out, (WCHAR)wcstoul(digits, NULL, 16));
            p += 4;
        } else {
            text_char(&out, *p++);
        }
    }
    return text_take(&out);
}

static void run_for(const WCHAR *directory, const WCHAR *path, const WCHAR *relative, const WIN32_FIND_DATAW *data)
{
    STARTUPINFOW startup = {.cb = sizeof startup};
    PROCESS_INFORMATION process;
    unsigned long long written =
        (unsigned long long)data->ftLastWriteTime.dwHighDateTime << 32 | data->ftLastWriteTime.dwLowDateTime;

    if (dated && (later ? written < limit : written >= limit))
        return;
    chosen++;
    WCHAR *line = command_for(path, relative, data);
    if (CreateProcessW(NULL, line, NULL, NULL, TRUE, 0, NULL, directory, &startup, &process)) {
        WaitForSingleObject(process.hProcess, INFINITE);
        CloseHandle(process.hProcess);
        CloseHandle(process.hThread);
    } else {
        print_error(L"ERROR: %s\r\n", error_message(GetLastError()));
    }
    free(line);
}

static void walk(const WCHAR *directory, const WCHAR *relative)
{
    WCHAR *all = join_path(directory, L"*");
    WIN32_FIND_DATAW data;
    HANDLE find = FindFirstFileW(all, &data);

    free(all);
    if (find == INVALID_HANDLE_VALUE)
        return;
    do {
        if (!wcscmp(data.cFileName, L".") || !wcscmp(data.cFileName, L".."))
            continue;
        WCHAR *path = join_path(directory, data.cFileName), *below = join_path(relative, data.cFileName);
        if (name_fits(mask, data.cFileName) || !wcscmp(mask, L"*.*"))
            run_for(directory, path, below, &data);
        if (tree && data.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY &&
            !(data.dwFileAttributes & FILE_ATTRIBUTE_REPARSE_POINT))
            walk(path, below);
        free(path), free(below);
    } while (FindNextFileW(find, &data));
    FindClose(find);
}

/* +MM/dd/yyyy, -MM/dd/yyyy, +dd, -dd: written since then, or before. */
static bool take_date(const WCHAR *text)
{
    SYSTEMTIME date = {0};
    FILETIME local, universal;
    unsigned days;

    later = *text != '-';
    dated = true;
    text += *text == '+' || *text == '-';
    if (swscanf(text, L"%hu/%hu/%hu", &date.wMonth, &date.wDay, &date.wYear) != 3) {
        if (swscanf(text, L"%u", &days) != 1 || days > 32768)
            return false;
        GetLocalTime(&date);
        date.wHour = date.wMinute = date.wSecond = date.wMilliseconds = 0;
        SystemTimeToFileTime(&date, &local);
        ULARGE_INTEGER time = {{local.dwLowDateTime, local.dwHighDateTime}};
        time.QuadPart += (later ? 1ll : -1ll) * days * 864000000000;
        local = (FILETIME){time.LowPart, time.HighPart};
    } else if (!SystemTimeToFileTime(&date, &local)) {
        return false;
    }
    LocalFileTimeToFileTime(&local, &universal);
    limit = (unsigned long long)universal.dwHighDateTime << 32 | universal.dwLowDateTime;
    if (!later)
        limit += 864000000000; /* that day is still before */
    return true;
}

static int run(int argc, WCHAR **argv)
{
    WCHAR root[4096];
    const WCHAR *path = L".";

    help_wanted(argc, argv, usage);
    for (int i = 1; i < argc; i++) {
        bool value = is_option(argv[i], L"p") || is_option(argv[i], L"m") || is_option(argv[i], L"c") ||
                     is_option(argv[i], L"d");
        WCHAR letter = towlower(argv[i][1]);
        if (is_option(argv[i], L"s")) {
            tree = true;
        } else if (!value || i + 1 == argc) {
            print_error(L"ERROR: Invalid argument/option - '%s'.\r\nType \"FORFILES /?\" for usage.\r\n", argv[i]);
            return 1;
        } else if (letter == 'd' && !take_date(argv[++i])) {
            print_error(L"ERROR: Invalid date '%s'.\r\nType \"FORFILES /?\" for usage.\r\n", argv[i]);
            return 1;
        } else if (letter != 'd') {
            *(letter == 'p' ? &path : letter == 'm' ? &mask : &command) = argv[i + 1];
            i++;
        }
    }
    GetFullPathNameW(path, 4096, root, NULL);
    if (!is_directory(root)) {
        print_error(L"ERROR: The directory name is invalid.\r\n");
        return 1;
    }
    walk(root, L".");
    if (!chosen) {
        print_error(dated ? L"ERROR: No files found with the specified search criteria.\r\n"
                          : L"ERROR: Files of type \"%s\" not found.\r\n",
                    mask);
        return 1;
    }
    return 0;
}
