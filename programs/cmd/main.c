/*
 * main.c: the interpreter's own command line, and the interactive loop.
 */
#include "cmd.h"
#include <time.h>

struct cmd cmd = {.echo = true, .extensions = true};

WCHAR *read_input_line(void)
{
    struct text line = {0};
    char bytes[4096];
    size_t count = 0;
    DWORD mode, read;
    WCHAR c;

    if (GetConsoleMode(cmd.handles[0], &mode)) {
        while (ReadConsoleW(cmd.handles[0], &c, 1, &read, NULL) && read && c != '\n')
            if (c != '\r')
                text_char(&line, c);
        return read || line.length ? text_take(&line) : NULL;
    }
    /* One byte at a time: what follows belongs to the programs that are started. */
    while (count < sizeof bytes && ReadFile(cmd.handles[0], bytes + count, 1, &read, NULL) && read &&
           bytes[count] != '\n')
        count++;
    if (!count && !read)
        return NULL;
    if (count && bytes[count - 1] == '\r')
        count--;
    WCHAR *wide = need((count + 1) * sizeof *wide);
    if (count)
        MultiByteToWideChar(GetConsoleCP(), 0, bytes, (int)count, wide, (int)count);
    return wide;
}

struct start {
    bool stay;            /* /K */
    bool strip;           /* /S */
    const WCHAR *command; /* what stands behind /C or /K */
};

/* Behind the interpreter's own name. */
static const WCHAR *skip_program(const WCHAR *line)
{
    bool quoted = false;
    while (*line && (quoted || (*line != ' ' && *line != '\t' && *line != '/')))
        quoted ^= *line++ == '"';
    return line;
}

static bool on_or_off(const WCHAR *option, bool otherwise)
{
    return starts_with(option, L":on") ? true : starts_with(option, L":off") ? false : otherwise;
}

static void parse_options(const WCHAR *line, struct start *start)
{
    while (*line) {
        if (*line != '/') {
            line++;
            continue;
        }
        WCHAR letter = towupper(*++line);
        switch (letter) {
        case 'C':
        case 'R':
        case 'K':
            start->stay = letter == 'K';
            start->command = line + 1;
            return;
        case 'S':
            start->strip = true;
            break;
        case 'Q':
            cmd.echo = false;
            break;
        case 'U':
            cmd.unicode = true;
            break;
        case 'A':
            cmd.unicode = false;
            break;
        case 'V':
            cmd.delayed = on_or_off(line + 1, true);
            break;
        case 'E':
            cmd.extensions = on_or_off(line + 1, true);
            break;
        case '?':
            out(L"Starts the Windows command interpreter.\r\n\r\n"
                L"CMD [/S] [/Q] [/D] [/A | /U] [/E:ON | /E:OFF] [/V:ON | /V:OFF] [[/C | /K] command]\r\n");
            ExitProcess(0);
        }
        line += wcscspn(line, L" \t/");
    }
}

/*
 * The quotes around a command: they stay if there are exactly two, no special characters or blanks are missing between
 * them, and what is between them is a program; else the first and the last one go.
 */
static WCHAR *command_text(const struct start *start)
{
    const WCHAR *text = start->command;
    unsigned quotes = 0;
    WCHAR *copy, *last;

    while (*text == ' ' || *text == '\t')
        text++;
    copy = copy_string(text);
    if (*copy != '"')
        return copy;
    for (const WCHAR *p = copy; *p; p++)
        quotes += *p == '"';
    if (!start->strip && quotes == 2) {
        last = wcschr(copy + 1, '"');
        WCHAR *inner = copy_n(copy + 1, last - copy - 1), *program = NULL;
        if (!wcspbrk(inner, L"&<>()@^|") && wcspbrk(inner, L" \t"))
            program = find_program(inner);
        free(inner);
        if (program) {
            free(program);
            return copy;
        }
    }
    last = wcsrchr(copy, '"');
    if (last > copy)
        memmove(last, last + 1, (wcslen(last + 1) + 1) * sizeof *last);
    memmove(copy, copy + 1, wcslen(copy) * sizeof *copy);
    return copy;
}

static BOOL WINAPI ignore_interrupt(DWORD event)
{
    return event == CTRL_C_EVENT; /* it is for the program that runs */
}

static void interact(void)
{
    struct source source = {0};
    bool end = false;

    cmd.interactive = true;
    SetConsoleCtrlHandler(ignore_interrupt, TRUE);
    while (!end && cmd.jump != JUMP_EXIT) {
        cmd.jump = JUMP_NONE;
        struct node *node = parse_next(&source, &end);
        if (node)
            run_node(node);
        if (node && cmd.echo)
            out_text(L"\r\n");
        node_free(node);
    }
}

/* Variables that every interpreter sets if they are missing. */
static void set_defaults(void)
{
    static const WCHAR *const defaults[][2] = {{L"PATHEXT", L".COM;.EXE;.BAT;.CMD;.VBS;.JS;.WS;.MSC"},
                                               {L"PROMPT", L"$P$G"}};
    WCHAR self[4096];

    for (unsigned i = 0; i < 2; i++)
        if (!GetEnvironmentVariableW(defaults[i][0], NULL, 0))
            SetEnvironmentVariableW(defaults[i][0], defaults[i][1]);
    if (!GetEnvironmentVariableW(L"COMSPEC", NULL, 0) && GetModuleFileNameW(NULL, self, 4096))
        SetEnvironmentVariableW(L"COMSPEC", self);
}

int main(void)
{
    struct start start = {0};
    static const DWORD standard[] = {STD_INPUT_HANDLE, STD_OUTPUT_HANDLE, STD_ERROR_HANDLE};

    for (int i = 0; i < 3; i++) {
        cmd.handles[i] = GetStdHandle(standard[i]);
        if (cmd.handles[i] == INVALID_HANDLE_VALUE)
            cmd.handles[i] = NULL;
        if (cmd.handles[i]) /* a child gets copies made for it, and no others */
            SetHandleInformation(cmd.handles[i], HANDLE_FLAG_INHERIT, 0);
    }
    srand((unsigned)time(NULL) ^ GetCurrentProcessId());
    parse_options(skip_program(GetCommandLineW()), &start);
    set_defaults();
    if (start.command) {
        WCHAR *command = command_text(&start);
        int result = run_text(command);
        free(command);
        if (!start.stay || cmd.jump == JUMP_EXIT)
            ExitProcess(cmd.jump == JUMP_EXIT ? cmd.errorlevel : result ? result : cmd.errorlevel);
        cmd.jump = JUMP_NONE;
    } else {
        out(L"Microsoft Windows [Version %s]\r\n\r\n", version_text());
    }
    interact();
    ExitProcess(cmd.errorlevel);
}
