/*
 * startup.c: what a program's start-up code asks of its C runtime: arguments, environment, initialisers.
 *
 * Layer: crt over kernel32.  The command line is parsed by the rules of Microsoft's C runtime (2008 and later);
 * nothing is made before it is asked for.
 */
#include "crt.h"
#include "ntdll/gate.h"

int crt_argc, crt_commode, crt_app_type;
char **crt_argv, **crt_environ, **crt_initenv;
WCHAR **crt_wargv, **crt_wenviron, **crt_winitenv;
char *crt_acmdln, *crt_pgmptr;
WCHAR *crt_wcmdln, *crt_wpgmptr;

/* --- the command line
 * ----------------------------------------------------------------------------------------------------- */

/* Splits `line`; with `argv` NULL only counts.  *units is the number of WCHARs that the arguments take. */
static int split_command_line(const WCHAR *line, WCHAR **argv, WCHAR *text, size_t *units)
{
    int argc = 0;
    size_t used = 0;
#define PUT(c) (text ? (void)(text[used++] = (c)) : (void)used++)
    bool quoted = false;
    if (argv)
        argv[0] = text;
    /* The program's name: quotes group, backslashes are letters. */
    for (; *line && (quoted || (*line != ' ' && *line != '\t')); line++) {
        if (*line == '"')
            quoted = !quoted;
        else
            PUT(*line);
    }
    PUT(0);
    argc++;
    for (;;) {
        while (*line == ' ' || *line == '\t')
            line++;
        if (!*line)
            break;
        if (argv)
            argv[argc] = text + used;
        quoted = false;
        while (*line && (quoted || (*line != ' ' && *line != '\t'))) {
            size_t slashes = 0;
            for (; *line == '\\'; line++)
                slashes++;
            bool quote = *line == '"';
            for (size_t i = quote ? slashes / 2 : slashes; i; i--)
                PUT('\\');
            if (quote && slashes % 2) {
                PUT('"');
                line++;
            } else if (quote && quoted && line[1] == '"') { /* "" inside quotes is a quote */
                PUT('"');
                line += 2;
            } else if (quote) {
                quoted = !quoted;
                line++;
            } else if (*line && (quoted || (*line != ' ' && *line != '\t'))) {
                PUT(*line);
                line++;
            }
        }
        PUT(0);
        argc++;
    }
#undef PUT
    *units = used;
    return argc;
}

/* The names that match `pattern`, as arguments in a growing array; false: none, the pattern stays. */
static bool expand_pattern(const WCHAR *pattern, WCHAR ***list, int *count)
{
    WIN32_FIND_DATAW *data = crt_malloc(sizeof(*data));
    HANDLE find = data ? FindFirstFileW(pattern, data) : INVALID_HANDLE_VALUE;
    size_t directory = 0;
    bool found = false;
    for (size_t i = 0; pattern[i]; i++)
        if (pattern[i] == '\\' || pattern[i] == '/' || pattern[i] == ':')
            directory = i + 1;
    if (find != INVALID_HANDLE_VALUE) {
        do {
            const WCHAR *name = data->cFileName;
            if (name[0] == '.' && (!name[1] || (name[1] == '.' && !name[2])))
                continue;
            size_t length = crt_wide_length(name);
            WCHAR *argument = crt_malloc((directory + length + 1) * sizeof(WCHAR));
            WCHAR **grown = crt_realloc(*list, ((size_t)*count + 2) * sizeof(WCHAR *));
            if (!argument || !grown)
                break;
            memcpy(argument, pattern, directory * sizeof(WCHAR));
            memcpy(argument + directory, name, (length + 1) * sizeof(WCHAR));
            *list = grown;
            grown[(*count)++] = argument;
            found = true;
        } while (FindNextFileW(find, data));
        FindClose(find);
    }
    crt_free(data);
    return found;
}

static void expand_arguments(void)
{
    WCHAR **list = crt_malloc(2 * sizeof(WCHAR *));
    int count = 0;
    if (!list)
        return;
    list[count++] = crt_wargv[0];
    for (int i = 1; i < crt_argc; i++) {
        const WCHAR *c = crt_wargv[i];
        while (*c && *c != '*' && *c != '?')
            c++;
        if (*c && expand_pattern(crt_wargv[i], &list, &count))
            continue;
        WCHAR **grown = crt_realloc(list, ((size_t)count + 2) * sizeof(WCHAR *));
        if (!grown)
            return;
        list = grown;
        list[count++] = crt_wargv[i];
    }
    list[count] = NULL;
    crt_wargv = list;
    crt_argc = count;
}

static bool arguments_init_wide(bool expand)
{
    if (crt_wargv)
        return true;
    const UNICODE_STRING *line = &peb_current()->ProcessParameters->CommandLine;
    size_t units;
    crt_wcmdln = line->Buffer;
    int argc = split_command_line(line->Buffer, NULL, NULL, &units);
    WCHAR **argv = crt_malloc(((size_t)argc + 1) * sizeof(*argv) + units * sizeof(WCHAR));
    if (!argv)
        return false;
    split_command_line(line->Buffer, argv, (WCHAR *)(argv + argc + 1), &units);
    argv[argc] = NULL;
    crt_argc = argc;
    crt_wargv = argv;
    crt_wpgmptr = argv[0];
    if (expand)
        expand_arguments();
    return true;
}

static bool arguments_init(bool expand)
{
    if (crt_argv)
        return true;
    if (!arguments_init_wide(expand))
        return false;
    size_t size = ((size_t)crt_argc + 1) * sizeof(char *);
    for (int i = 0; i < crt_argc; i++)
        size += crt_wide_length(crt_wargv[i]) * 3 + 1;
    char **argv = crt_malloc(size);
    if (!argv)
        return false;
    char *text = (char *)(argv + crt_argc + 1), *end = (char *)argv + size;
    for (int i = 0; i < crt_argc; i++) {
        argv[i] = text;
        text += WideCharToMultiByte(CP_ACP, 0, crt_wargv[i], -1, text, (int)(end - text), NULL, NULL);
    }
    argv[crt_argc] = NULL;
    crt_argv = argv;
    crt_pgmptr = argv[0];
    if (!crt_acmdln)
        crt_acmdln = GetCommandLineA();
    return true;
}

/* --- the environment
 * ------------------------------------------------------------------------------------------------------ */

bool crt_wenviron_init(void)
{
    if (crt_wenviron)
        return true;
    const WCHAR *block = peb_current()->ProcessParameters->Environment, *at;
    size_t count = 0;
    for (at = block; at && *at; at += crt_wide_length(at) + 1)
        count += *at != '='; /* =C:=... is cmd.exe's own */
    WCHAR **list = crt_malloc((count + 1) * sizeof(*list));
    if (!list)
        return false;
    size_t i = 0;
    for (at = block; at && *at && i < count; at += crt_wide_length(at) + 1) {
        if (*at == '=')
            continue;
        size_t size = (crt_wide_length(at) + 1) * sizeof(WCHAR);
        list[i] = crt_malloc(size);
        if (!list[i])
            break;
        memcpy(list[i++], at, size);
    }
    list[i] = NULL;
    crt_wenviron = list;
    if (!crt_winitenv)
        crt_winitenv = list;
    return true;
}

bool crt_environ_init(void)
{
    if (crt_environ)
        return true;
    const WCHAR *block = peb_current()->ProcessParameters->Environment, *at;
    size_t count = 0;
    for (at = block; at && *at; at += crt_wide_length(at) + 1)
        count += *at != '=';
    char **list = crt_malloc((count + 1) * sizeof(*list));
    if (!list)
        return false;
    size_t i = 0;
    for (at = block; at && *at && i < count; at += crt_wide_length(at) + 1)
        if (*at != '=' && (list[i] = crt_narrow(CP_ACP, at)))
            i++;
    list[i] = NULL;
    crt_environ = list;
    if (!crt_initenv)
        crt_initenv = list;
    return true;
}

/* --- msvcrt's start-up
 * ---------------------------------------------------------------------------------------------------- */

int WINAPI _set_new_mode(int mode);

int WINAPI __getmainargs(int *argc, char ***argv, char ***environment, int expand, int *new_mode)
{
    if (!arguments_init(expand) || !crt_environ_init())
        return -1;
    *argc = crt_argc;
    *argv = crt_argv;
    *environment = crt_environ;
    if (new_mode)
        _set_new_mode(*new_mode & 1);
    return 0;
}

int WINAPI __wgetmainargs(int *argc, WCHAR ***argv, WCHAR ***environment, int expand, int *new_mode)
{
    if (!arguments_init_wide(expand) || !crt_wenviron_init())
        return -1;
    *argc = crt_argc;
    *argv = crt_wargv;
    *environment = crt_wenviron;
    if (new_mode)
        _set_new_mode(*new_mode & 1);
    return 0;
}

void WINAPI __set_app_type(int type)
{
    crt_app_type = type;
}

/* --- ucrtbase's start-up
 * ------------------------------------------------------------------------------------------------- */

void WINAPI _set_app_type(int type)
{
    crt_ucrt_started = true;
    crt_app_type = type;
}

int WINAPI _query_app_type(void)
{
    return crt_app_type;
}

/* _crt_argv_no_arguments 0, _crt_argv_unexpanded_arguments 1, _crt_argv_expanded_arguments 2 */
int WINAPI _configure_narrow_argv(int mode)
{
    crt_ucrt_started = true;
    return mode == 0 || arguments_init(mode == 2) ? 0 : CRT_ENOMEM;
}

int WINAPI _configure_wide_argv(int mode)
{
    crt_ucrt_started = true;
    return mode == 0 || arguments_init_wide(mode == 2) ? 0 : CRT_ENOMEM;
}

int WINAPI _initialize_narrow_environment(void)
{
    return crt_environ_init() ? 0 : -1;
}

int WINAPI _initialize_wide_environment(void)
{
    return crt_wenviron_init() ? 0 : -1;
}

char **WINAPI _get_initial_narrow_environment(void)
{
    crt_environ_init();
    return crt_initenv;
}

WCHAR **WINAPI _get_initial_wide_environment(void)
{
    crt_wenviron_init();
    return crt_winitenv;
}

int *WINAPI __p___argc(void)
{
    return &crt_argc;
}

char ***WINAPI __p___argv(void)
{
    return &crt_argv;
}

WCHAR ***WINAPI __p___wargv(void)
{
    return &crt_wargv;
}

char ***WINAPI __p__environ(void)
{
    crt_environ_init();
    return &crt_environ;
}

WCHAR ***WINAPI __p__wenviron(void)
{
    crt_wenviron_init();
    return &crt_wenviron;
}

char ***WINAPI __p___initenv(void)
{
    crt_environ_init();
    return &crt_initenv;
}

WCHAR ***WINAPI __p___winitenv(void)
{
    crt_wenviron_init();
    return &crt_winitenv;
}

char **WINAPI __p__acmdln(void)
{
    if (!crt_acmdln)
        crt_acmdln = GetCommandLineA();
    return &crt_acmdln;
}

WCHAR **WINAPI __p__wcmdln(void)
{
    if (!crt_wcmdln)
        crt_wcmdln = GetCommandLineW();
    return &crt_wcmdln;
}

char **WINAPI __p__pgmptr(void)
{
    arguments_init(false);
    return &crt_pgmptr;
}

WCHAR **WINAPI __p__wpgmptr(void)
{
    arguments_init_wide(false);
    return &crt_wpgmptr;
}

int WINAPI _get_pgmptr(char **value)
{
    CRT_REQUIRE(value, CRT_EINVAL);
    *value = *__p__pgmptr();
    return 0;
}

int WINAPI _get_wpgmptr(WCHAR **value)
{
    CRT_REQUIRE(value, CRT_EINVAL);
    *value = *__p__wpgmptr();
    return 0;
}

int *WINAPI __p__commode(void)
{
    return &crt_commode;
}

/* The command line behind the program's name: what WinMain gets. */
char *WINAPI _get_narrow_winmain_command_line(void)
{
    bool quoted = false;
    char *c = *__p__acmdln();
    for (; *c && (quoted || (unsigned char)*c > ' '); c++)
        quoted ^= *c == '"';
    while (*c && (unsigned char)*c <= ' ')
        c++;
    return c;
}

WCHAR *WINAPI _get_wide_winmain_command_line(void)
{
    bool quoted = false;
    WCHAR *c = *__p__wcmdln();
    for (; *c && (quoted || *c > ' '); c++)
        quoted ^= *c == '"';
    while (*c && *c <= ' ')
        c++;
    return c;
}

/* --- initialisers
 * --------------------------------------------------------------------------------------------------------- */

void WINAPI _initterm(void **first, void **last)
{
    for (; first < last; first++)
        if (*first)
            guest_call(*first, 0, 0, 0, 0);
}

int WINAPI _initterm_e(void **first, void **last)
{
    int result = 0;
    for (; first < last && !result; first++)
        if (*first)
            result = (int)guest_call(*first, 0, 0, 0, 0);
    return result;
}
