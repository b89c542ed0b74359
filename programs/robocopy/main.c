/*
 * main.c: robocopy.exe SOURCE TARGET [FILES...]: the command line, the header and the summary.
 *
 * Exit, as bits: 1 files were copied, 2 there were others in the target, 4 a name is a file here and a directory there,
 * 8 some could not be copied, 16 nothing was done.
 */
#include "programs/wide_main.h"
#include "robocopy.h"

static HANDLE log_file;
static bool tee;

/* To the log, if there is one, or standard output, or both. */
void say(const WCHAR *format, ...)
{
    WCHAR *line = need(32768 * sizeof *line);
    va_list arguments;

    va_start(arguments, format);
    int length = _vsnwprintf(line, 32767, format, arguments);
    va_end(arguments);
    if (log_file)
        write_text(log_file, line, length < 0 ? 32767 : length);
    if (!log_file || tee)
        write_text(GetStdHandle(STD_OUTPUT_HANDLE), line, length < 0 ? 32767 : length);
    free(line);
}

static const WCHAR rule[] = L"-------------------------------------------------------------------------------";

static void add(WCHAR ***list, unsigned *count, WCHAR *word)
{
    *list = realloc(*list, (*count + 1) * sizeof **list);
    (*list)[(*count)++] = word;
}

static DWORD attribute_bits(const WCHAR *letters)
{
    static const WCHAR known[] = L"RHSAOIT";
    static const DWORD bits[] = {FILE_ATTRIBUTE_READONLY, FILE_ATTRIBUTE_HIDDEN,  FILE_ATTRIBUTE_SYSTEM,
                                 FILE_ATTRIBUTE_ARCHIVE,  FILE_ATTRIBUTE_OFFLINE, FILE_ATTRIBUTE_NOT_CONTENT_INDEXED,
                                 FILE_ATTRIBUTE_TEMPORARY};
    DWORD result = 0;

    for (; *letters; letters++)
        for (unsigned i = 0; i < 7; i++)
            if (known[i] == towupper(*letters))
                result |= bits[i];
    return result;
}

static bool open_log(const WCHAR *path, bool append)
{
    log_file = CreateFileW(path, append ? FILE_APPEND_DATA : GENERIC_WRITE, FILE_SHARE_READ, NULL,
                           append ? OPEN_ALWAYS : CREATE_ALWAYS, 0, NULL);
    if (log_file != INVALID_HANDLE_VALUE) {
        WCHAR full[4096];
        GetFullPathNameW(path, 4096, full, NULL);
        print(L"\r\n Log File : %s\r\n", full);
        return true;
    }
    log_file = NULL;
    print_error(L"ERROR : %s: %s\r\n", path, error_message(GetLastError()));
    ExitProcess(16);
}

/* Switches that are on or off. */
static bool take_flag(struct options *options, const WCHAR *word)
{
    const struct {
        const WCHAR *name;
        bool *flag;
    } flags[] = {{L"/s", &options->tree},         {L"/e", &options->empty},
                 {L"/mir", &options->purge},      {L"/purge", &options->purge},
                 {L"/mov", &options->move_files}, {L"/move", &options->move_all},
                 {L"/xo", &options->older_out},   {L"/xn", &options->newer_out},
                 {L"/xc", &options->changed_out}, {L"/xl", &options->lonely_out},
                 {L"/xx", &options->extra_out},   {L"/is", &options->same_too},
                 {L"/create", &options->create},  {L"/l", &options->list},
                 {L"/nfl", &options->no_files},   {L"/ndl", &options->no_directories},
                 {L"/njh", &options->no_header},  {L"/njs", &options->no_summary},
                 {L"/ns", &options->no_sizes},    {L"/nc", &options->no_classes},
                 {L"/v", &options->verbose},      {L"/fp", &options->full_paths},
                 {L"/bytes", &options->bytes},    {L"/tee", &tee}};

    for (unsigned i = 0; i < sizeof flags / sizeof *flags; i++)
        if (same_name(word, flags[i].name)) {
            *flags[i].flag = true;
            options->empty |= same_name(word, L"/mir");
            options->tree |= options->empty;
            return true;
        }
    return false;
}

/* Switches with a value behind a colon. */
static bool take_value(struct options *options, const WCHAR *word)
{
    const WCHAR *colon = wcschr(word, ':'), *value = colon ? colon + 1 : L"";
    size_t length = colon ? (size_t)(colon - word) : 0;
    WCHAR name[16] = L"";

    if (!colon || length > 15)
        return false;
    memcpy(name, word, length * sizeof *name);
    if (same_name(name, L"/lev"))
        options->levels = wcstoul(value, NULL, 10);
    else if (same_name(name, L"/r"))
        options->retries = wcstoul(value, NULL, 10);
    else if (same_name(name, L"/w"))
        options->wait = wcstoul(value, NULL, 10);
    else if (same_name(name, L"/max"))
        options->any_most = true, options->most = _wcstoui64(value, NULL, 10);
    else if (same_name(name, L"/min"))
        options->any_least = true, options->least = _wcstoui64(value, NULL, 10);
    else if (same_name(name, L"/a+"))
        options->set = attribute_bits(value);
    else if (same_name(name, L"/a-"))
        options->cleared = attribute_bits(value);
    else if (same_name(name, L"/ia"))
        options->need_set = attribute_bits(value);
    else if (same_name(name, L"/copy"))
        options->attributes = wcspbrk(value, L"aA") != NULL, options->times = wcspbrk(value, L"tT") != NULL;
    else if (same_name(name, L"/log") || same_name(name, L"/unilog"))
        return open_log(value + (*value == '+' && value[1] == ':' ? 2 : 0), false);
    else if (same_name(name, L"/log+") || same_name(name, L"/unilog+"))
        return open_log(value, true);
    else
        return same_name(name, L"/mt") || same_name(name, L"/dcopy") || same_name(name, L"/ipg") ||
               same_name(name, L"/lfsm");
    return true;
}

static bool take_switch(struct options *options, const WCHAR *word)
{
    /* About speed, links, restarts and progress: nothing here depends on them. */
    static const WCHAR *const without_effect[] = {
        L"/mt",  L"/np", L"/z",       L"/b", L"/zb", L"/j",  L"/fft",     L"/dst", L"/eta",     L"/xj", L"/xjd",
        L"/xjf", L"/sl", L"/unicode", L"/x", L"/ts", L"/it", L"/copyall", L"/sec", L"/nodcopy", L"/a"};

    if (take_flag(options, word) || take_value(options, word))
        return true;
    for (unsigned i = 0; i < sizeof without_effect / sizeof *without_effect; i++)
        if (same_name(word, without_effect[i]))
            return true;
    return false;
}

static void say_time(const WCHAR *what)
{
    WCHAR date[64], time[64];

    GetDateFormatW(LOCALE_USER_DEFAULT, 0, NULL, L"dddd, MMMM d, yyyy", date, 64);
    GetTimeFormatW(LOCALE_USER_DEFAULT, 0, NULL, L"h:mm:ss tt", time, 64);
    say(L"%10s : %s %s\r\n", what, date, time);
}

static void say_header(const struct options *options, int argc, WCHAR **argv, const WCHAR *from, const WCHAR *to)
{
    say(L"\r\n%s\r\n   ROBOCOPY     ::     Robust File Copy for Windows                              \r\n%s\r\n\r\n",
        rule, rule);
    say_time(L"Started");
    say(L"%10s : %s%s\r\n%10s : %s%s\r\n\r\n%10s :", L"Source", from, from[wcslen(from) - 1] == '\\' ? L"" : L"\\",
        L"Dest", to, to[wcslen(to) - 1] == '\\' ? L"" : L"\\", L"Files");
    for (unsigned i = 0; i < options->file_count; i++)
        say(L"%s%s\r\n", i ? L"\t     " : L" ", wcscmp(options->files[i], L"*") ? options->files[i] : L"*.*");
    say(L"\t    \r\n%10s :", L"Options");
    for (unsigned i = 0; i < options->file_count; i++)
        say(L" %s", wcscmp(options->files[i], L"*") ? options->files[i] : L"*.*");
    for (int i = 1; i < argc; i++)
        if (*argv[i] == '/')
            say(L" %s", argv[i]);
    say(L" \r\n\r\n%.78s\r\n\r\n", rule);
}

static void say_counts(const struct options *options, const WCHAR *what, const struct counts *counts, bool bytes)
{
    const unsigned long long *values[] = {&counts->total,      &counts->copied, &counts->skipped,
                                          &counts->mismatched, &counts->failed, &counts->extra};

    say(L"%8s :", what);
    for (unsigned i = 0; i < 6; i++) {
        WCHAR text[32];
        if (bytes && !options->bytes && *values[i] >= 1 << 20)
            _snwprintf(text, 32, L"%.1f m", (double)*values[i] / (1 << 20));
        else
            _snwprintf(text, 32, L"%I64u", *values[i]);
        say(L"%10s", text);
    }
    say(L"\r\n");
}

static void say_summary(const struct options *options, ULONGLONG started)
{
    ULONGLONG seconds = (GetTickCount64() - started) / 1000;
    WCHAR time[32];

    _snwprintf(time, 32, L"%I64u:%02I64u:%02I64u", seconds / 3600, seconds / 60 % 60, seconds % 60);
    say(L"\r\n%.78s\r\n\r\n               Total    Copied   Skipped  Mismatch    FAILED    Extras\r\n", rule);
    say_counts(options, L"Dirs", &options->directory_counts, false);
    say_counts(options, L"Files", &options->file_counts, false);
    say_counts(options, L"Bytes", &options->byte_counts, true);
    say(L"%8s :%10s%10s%20s%10s%10s\r\n", L"Times", time, time, L"", L"0:00:00", L"0:00:00");
    say_time(L"Ended");
    say(L"\r\n");
}

static int run(int argc, WCHAR **argv)
{
    struct options options = {.wait = 30, .attributes = true, .times = true};
    WCHAR from[4096], to[4096], *names[2];
    WCHAR ***into = NULL;
    unsigned *into_count = NULL, count = 0;
    ULONGLONG started = GetTickCount64();

    for (int i = 1; i < argc; i++) {
        if (same_name(argv[i], L"/xf"))
            into = &options.without_files, into_count = &options.without_file_count;
        else if (same_name(argv[i], L"/xd"))
            into = &options.without_directories, into_count = &options.without_directory_count;
        else if (same_name(argv[i], L"/if"))
            into = &options.files, into_count = &options.file_count;
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
    if (!options.no_header)
        say_header(&options, argc, argv, from, to);
    if (!is_directory(from)) {
        DWORD error = GetFileAttributesW(from) == INVALID_FILE_ATTRIBUTES ? ERROR_FILE_NOT_FOUND : ERROR_DIRECTORY;
        say(L"ERROR %lu (0x%08lX) Accessing Source Directory %s\\\r\n%s\r\n", error, error, from, error_message(error));
        return 16;
    }
    copy_tree(&options, from, to, 1);
    if (!options.no_summary)
        say_summary(&options, started);
    return (options.file_counts.copied ? 1 : 0) |
           (options.file_counts.extra + options.directory_counts.extra && !options.extra_out ? 2 : 0) |
           (options.file_counts.failed + options.directory_counts.failed ? 8 : 0);
}
