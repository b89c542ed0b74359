/*
 * builtins.c: the table of built-in commands, and ECHO, REM, CLS, PAUSE and the like.
 */
#include "builtins.h"

static const struct builtin builtins[] = {
    {L"assoc", builtin_assoc, false},
    {L"break", builtin_break, false},
    {L"call", builtin_call, true},
    {L"cd", builtin_cd, false},
    {L"chdir", builtin_cd, false},
    {L"cls", builtin_cls, false},
    {L"color", builtin_color, false},
    {L"copy", builtin_copy, false},
    {L"date", builtin_date, false},
    {L"del", builtin_del, false},
    {L"dir", builtin_dir, false},
    {L"echo", builtin_echo, true},
    {L"endlocal", builtin_endlocal, false},
    {L"erase", builtin_del, false},
    {L"exit", builtin_exit, false},
    {L"ftype", builtin_ftype, false},
    {L"goto", builtin_goto, false},
    {L"md", builtin_md, false},
    {L"mkdir", builtin_md, false},
    {L"mklink", builtin_mklink, false},
    {L"move", builtin_move, false},
    {L"path", builtin_path, true},
    {L"pause", builtin_pause, false},
    {L"popd", builtin_popd, false},
    {L"prompt", builtin_prompt, false},
    {L"pushd", builtin_pushd, false},
    {L"rd", builtin_rd, false},
    {L"rem", builtin_rem, false},
    {L"ren", builtin_ren, false},
    {L"rename", builtin_ren, false},
    {L"rmdir", builtin_rd, false},
    {L"set", builtin_set, false},
    {L"setlocal", builtin_setlocal, false},
    {L"shift", builtin_shift, false},
    {L"start", builtin_start, false},
    {L"time", builtin_time, false},
    {L"title", builtin_title, true},
    {L"type", builtin_type, false},
    {L"ver", builtin_ver, false},
    {L"verify", builtin_verify, false},
    {L"vol", builtin_vol, false},
};

/* What may follow a name without a blank: cd.. echo. dir/b; but date.exe is a program's name. */
static bool ends_name(const struct builtin *builtin, const WCHAR *rest)
{
    if (!*rest || is_delimiter(*rest) || *rest == '/' || *rest == '"')
        return true;
    if (builtin->run == builtin_echo)
        return wcschr(L".:\\[]+(", *rest) != NULL;
    if (*rest == '\\' || *rest == '.')
        return builtin->run == builtin_cd || (*rest == '.' && rest[1] == '.');
    return (*rest == ':' && builtin->run == builtin_goto) || (*rest == ':' && builtin->run == builtin_call);
}

const struct builtin *builtin_find(const WCHAR *line, const WCHAR **arguments)
{
    for (unsigned i = 0; i < sizeof builtins / sizeof *builtins; i++) {
        size_t length = wcslen(builtins[i].name);
        if (!_wcsnicmp(line, builtins[i].name, length) && ends_name(&builtins[i], line + length)) {
            *arguments = line + length;
            return &builtins[i];
        }
    }
    return NULL;
}

int builtin_echo(const WCHAR *text)
{
    const WCHAR *word = skip_blanks(text);
    size_t length = wcslen(word);

    while (length && is_delimiter(word[length - 1]))
        length--;
    if (!text[wcsspn(text, L" \t")]) { /* other delimiters are a text: "echo;" is an empty line, "echo ;" a semicolon */
        out(L"ECHO is %s.\r\n", cmd.echo ? L"on" : L"off");
    } else if (is_delimiter(*text) && length == 2 && !_wcsnicmp(word, L"on", 2)) {
        cmd.echo = true;
    } else if (is_delimiter(*text) && length == 3 && !_wcsnicmp(word, L"off", 3)) {
        cmd.echo = false;
    } else {
        struct text line = {0};
        text_add(&line, text + 1); /* the one character behind the name parts it from the text */
        text_add(&line, L"\r\n");
        out_text(line.data);
        free(text_take(&line));
    }
    return KEEPS;
}

int builtin_rem(const WCHAR *text)
{
    (void)text;
    return KEEPS;
}

int builtin_break(const WCHAR *text)
{
    (void)text;
    return KEEPS;
}

int builtin_verify(const WCHAR *text)
{
    static bool verify;

    if (!*text)
        out(L"VERIFY is %s.\r\n", verify ? L"on" : L"off");
    else if (same_name(text, L"on") || same_name(text, L"off"))
        verify = same_name(text, L"on");
    else
        return out_error(L"An incorrect parameter was\r\nentered for the command.\r\n"), 1;
    return 0;
}

int builtin_cls(const WCHAR *text)
{
    DWORD mode;
    (void)text;
    if (GetConsoleMode(cmd.handles[1], &mode))
        out_text(L"\x1b[2J\x1b[H");
    else
        out_text(L"\f");
    return KEEPS;
}

/* COLOR bf: background and foreground, as attributes of what is written next. */
int builtin_color(const WCHAR *text)
{
    WORD attributes = *text ? (WORD)wcstoul(text, NULL, 16) : 7;

    if (attributes > 0xff || (*text && (attributes >> 4) == (attributes & 15)))
        return 1;
    SetConsoleTextAttribute(cmd.handles[1], attributes);
    return KEEPS;
}

int builtin_pause(const WCHAR *text)
{
    DWORD mode, read;
    char byte;
    WCHAR c;

    (void)text;
    out_text(L"Press any key to continue . . . ");
    if (GetConsoleMode(cmd.handles[0], &mode)) {
        SetConsoleMode(cmd.handles[0], mode & ~(ENABLE_LINE_INPUT | ENABLE_ECHO_INPUT));
        ReadConsoleW(cmd.handles[0], &c, 1, &read, NULL);
        SetConsoleMode(cmd.handles[0], mode);
    } else {
        ReadFile(cmd.handles[0], &byte, 1, &read, NULL);
    }
    out_text(L"\r\n");
    return KEEPS;
}

int builtin_title(const WCHAR *text)
{
    SetConsoleTitleW(skip_blanks(text));
    return KEEPS;
}
