/*
 * system.c: VER, VOL, DATE, TIME, START.
 */
#include "builtins.h"

const WCHAR *version_text(void)
{
    static WCHAR text[32];
    OSVERSIONINFOW version = {.dwOSVersionInfoSize = sizeof version};
    LONG(WINAPI * get_version)
    (OSVERSIONINFOW *) =
        (LONG(WINAPI *)(OSVERSIONINFOW *))(void *)GetProcAddress(GetModuleHandleW(L"ntdll"), "RtlGetVersion");

    if (get_version)
        get_version(&version);
    _snwprintf(text, 32, L"%lu.%lu.%lu", version.dwMajorVersion, version.dwMinorVersion, version.dwBuildNumber);
    return text;
}

int builtin_ver(const WCHAR *text)
{
    (void)text;
    out(L"\r\nMicrosoft Windows [Version %s]\r\n", version_text());
    return 0;
}

int builtin_vol(const WCHAR *text)
{
    WCHAR root[4] = L"C:\\", label[MAX_PATH], current[4096];
    DWORD serial;

    if (GetCurrentDirectoryW(4096, current) && current[1] == ':')
        root[0] = towupper(current[0]);
    if (*text && text[1] == ':')
        root[0] = towupper(*text);
    if (!GetVolumeInformationW(root, label, MAX_PATH, &serial, NULL, NULL, NULL, 0))
        return report(GetLastError());
    if (*label)
        out(L" Volume in drive %c is %s\r\n", root[0], label);
    else
        out(L" Volume in drive %c has no label.\r\n", root[0]);
    out(L" Volume Serial Number is %04X-%04X\r\n", (unsigned)(serial >> 16), (unsigned)(serial & 0xffff));
    return 0;
}

/* With /T or redirected input it only shows; the host's clock is not changed from here. */
static int show_or_refuse(const WCHAR *text, const WCHAR *variable, const WCHAR *what)
{
    WCHAR *value = variable_get(variable);

    if (starts_with(text, L"/t"))
        out(L"%s\r\n", value);
    else if (!*text)
        out(L"The current %s is: %s\r\n", what, value);
    free(value);
    if (!*text || starts_with(text, L"/t"))
        return KEEPS;
    out_error(L"A required privilege is not held by the client.\r\n");
    return 1;
}

int builtin_date(const WCHAR *text)
{
    return show_or_refuse(text, L"DATE", L"date");
}

int builtin_time(const WCHAR *text)
{
    if (starts_with(text, L"/t")) {
        SYSTEMTIME now;
        GetLocalTime(&now);
        out(L"%02u:%02u %s\r\n", now.wHour % 12 ? now.wHour % 12 : 12, now.wMinute, now.wHour < 12 ? L"AM" : L"PM");
        return KEEPS;
    }
    return show_or_refuse(text, L"TIME", L"time");
}

struct starting {
    bool wait, same_window;
    DWORD flags;
    WORD show;
    WCHAR *directory;
};

/* One switch of START; false: it is the program's own already. */
static bool take_switch(struct starting *starting, const WCHAR *word, const WCHAR **text)
{
    static const struct {
        const WCHAR *name;
        DWORD flags;
    } classes[] = {{L"/low", IDLE_PRIORITY_CLASS},
                   {L"/normal", NORMAL_PRIORITY_CLASS},
                   {L"/high", HIGH_PRIORITY_CLASS},
                   {L"/realtime", REALTIME_PRIORITY_CLASS},
                   {L"/abovenormal", ABOVE_NORMAL_PRIORITY_CLASS},
                   {L"/belownormal", BELOW_NORMAL_PRIORITY_CLASS}};

    if (same_name(word, L"/wait") || same_name(word, L"/w")) {
        starting->wait = true;
    } else if (same_name(word, L"/b")) {
        starting->same_window = true;
    } else if (same_name(word, L"/min") || same_name(word, L"/max")) {
        starting->show = towlower(word[2]) == 'i' ? SW_SHOWMINNOACTIVE : SW_SHOWMAXIMIZED;
    } else if (starts_with(word, L"/d") && (!word[2] || word[2] == '"' || !iswalpha(word[2]) || word[3] == ':')) {
        free(starting->directory);
        starting->directory = word[2] ? copy_string(word + 2) : next_argument(text);
        if (starting->directory)
            unquote(starting->directory);
    } else {
        for (unsigned i = 0; i < sizeof classes / sizeof *classes; i++)
            if (same_name(word, classes[i].name)) {
                starting->flags |= classes[i].flags;
                return true;
            }
        return *word == '/' && (same_name(word, L"/i") || same_name(word, L"/separate") || same_name(word, L"/shared"));
    }
    return true;
}

int builtin_start(const WCHAR *text)
{
    struct starting starting = {.show = SW_SHOWNORMAL};
    const WCHAR *before = skip_blanks(text);
    WCHAR *word;
    bool title = false;
    int result = KEEPS;

    while ((word = next_argument(&text))) {
        bool taken = take_switch(&starting, word, &text);
        if (!taken && !title && *word == '"')
            taken = title = true;
        if (!taken)
            break;
        free(word);
        before = skip_blanks(text);
    }
    WCHAR *program = word ? find_program(unquote(word)) : copy_string(L"");
    const WCHAR *extension = program ? wcsrchr(file_part(program), '.') : NULL;
    HANDLE process = NULL;
    DWORD flags = starting.flags | (starting.same_window ? CREATE_NEW_PROCESS_GROUP : CREATE_NEW_CONSOLE);
    if (!program) {
        out_error(L"The system cannot find the file %s.\r\n", word);
        result = 9059;
    } else if (!*program || (extension && (same_name(extension, L".bat") || same_name(extension, L".cmd")))) {
        WCHAR self[4096];
        struct text line = {0};
        GetModuleFileNameW(NULL, self, 4096);
        text_add(&line, L"cmd");
        text_add(&line, *program ? L" /K " : L"");
        text_add(&line, before);
        process = start_process(self, line.data, cmd.handles, flags, starting.directory, starting.show);
        free(text_take(&line));
    } else {
        process = start_process(program, before, cmd.handles, flags, starting.directory, starting.show);
    }
    if (program && !process)
        result = report(GetLastError());
    else if (process && starting.wait)
        result = wait_process(process);
    else if (process)
        CloseHandle(process);
    free(word), free(program), free(starting.directory);
    return result;
}
