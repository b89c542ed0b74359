/*
 * options.c: winrun's own command line, and finding the program that it names.
 *
 * Runs before anything of Windows exists; libc alone.  Options end at the program's name: what follows is the
 * program's.
 */
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "announce.h"
#include "config.h"
#include "ntdll/path.h"
#include "ntdll/process.h"
#include "options.h"

static const char help_text[] =
    "Usage: winrun [OPTIONS] APP.EXE [ARGS...]\n"
    "       winrun [--prefix DIR] reg|path ...\n"
    "       winrun prefix list|create|show|clone|snapshot|rollback|export|import|remove ...\n"
    "Run a 64-bit Windows console program.\n"
    "\n"
    "      --check[=all]          list the DLLs and functions that the program needs, and what is missing\n"
    "      --json                 the same in JSON\n"
    "      --trace[=PATTERNS]     print the program's API calls; PATTERNS: kernel32,Nt*,!Heap*\n"
    "      --trace-file FILE      print them to FILE instead of standard error\n"
    "      --trace-summary        print counts and times of the calls when the program ends\n"
    "      --gdb                  run the program under gdb ($GDB), which knows Windows functions by name\n"
    "      --perf-map             tell perf the names of Windows functions: perf record winrun --perf-map APP.EXE\n"
    "      --cmdline STRING       the program's arguments as one string, taken as it is\n"
    "      --exit-code-file FILE  write the program's 32-bit exit code to FILE\n"
    "      --minidump FILE        if the program crashes, write a minidump for Windows' debuggers\n"
    "      --prefix DIR           the directory that holds the program's drive C:\n"
    "      --version              print the version\n"
    "      --help                 print this help\n"
    "\n"
    "Exit status: the low 8 bits of the program's exit code (1 if it is not 0 but they are);\n"
    "125 winrun itself failed, 126 not a program that can be run, 127 not found,\n"
    "128+n an unhandled exception (139 access violation, 136 arithmetic, 132 illegal instruction, 134 other).\n"
    "With --check: 0 everything is there, 1 something is missing, 126 not a program that can be run.\n";

enum option_id {
    OPTION_CHECK = 256,
    OPTION_JSON,
    OPTION_TRACE,
    OPTION_TRACE_FILE,
    OPTION_TRACE_SUMMARY,
    OPTION_GDB,
    OPTION_PERF_MAP,
    OPTION_CMDLINE,
    OPTION_EXIT_CODE,
    OPTION_MINIDUMP,
    OPTION_PREFIX,
    OPTION_VERSION,
    OPTION_HELP
};

static const struct option long_options[] = {
    {"check", optional_argument, NULL, OPTION_CHECK},
    {"json", no_argument, NULL, OPTION_JSON},
    {"trace", optional_argument, NULL, OPTION_TRACE},
    {"trace-file", required_argument, NULL, OPTION_TRACE_FILE},
    {"trace-summary", no_argument, NULL, OPTION_TRACE_SUMMARY},
    {"gdb", no_argument, NULL, OPTION_GDB},
    {"perf-map", no_argument, NULL, OPTION_PERF_MAP},
    {"cmdline", required_argument, NULL, OPTION_CMDLINE},
    {"exit-code-file", required_argument, NULL, OPTION_EXIT_CODE},
    {"minidump", required_argument, NULL, OPTION_MINIDUMP},
    {"prefix", required_argument, NULL, OPTION_PREFIX},
    {"version", no_argument, NULL, OPTION_VERSION},
    {"help", no_argument, NULL, OPTION_HELP},
    {NULL, 0, NULL, 0},
};

/* Standard output is written without stdio: it may be anything, and the program has not begun. */
static _Noreturn void print_and_exit(const char *text)
{
    size_t length = strlen(text);
    exit(write(STDOUT_FILENO, text, length) == (ssize_t)length ? 0 : EXIT_WINRUN_FAILED);
}

static _Noreturn void wrong_option(char **argv, int id)
{
    if (id == ':')
        fatal(EXIT_WINRUN_FAILED, "%s: an argument is missing (see winrun --help)", argv[optind - 1]);
    fatal(EXIT_WINRUN_FAILED, "%s: unknown option (see winrun --help)", argv[optind - 1]);
}

void options_parse(int argc, char **argv, struct options *options)
{
    int id;
    opterr = 0;
    while ((id = getopt_long(argc, argv, "+:", long_options, NULL)) != -1)
        switch (id) {
        case OPTION_CHECK:
            options->check = true;
            options->check_all = optarg != NULL;
            if (optarg && strcmp(optarg, "all"))
                fatal(EXIT_WINRUN_FAILED, "--check=%s: only --check=all is known", optarg);
            break;
        case OPTION_JSON:
            options->json = true;
            break;
        case OPTION_TRACE:
            options->trace = true;
            options->trace_patterns = optarg;
            break;
        case OPTION_TRACE_FILE:
            options->trace = true;
            options->trace_file = optarg;
            break;
        case OPTION_TRACE_SUMMARY:
            options->trace = options->trace_summary = true;
            break;
        case OPTION_GDB:
            announce_run_gdb(argc, argv);
        case OPTION_PERF_MAP:
            announce_wish("perf");
            break;
        case OPTION_CMDLINE:
            options->command_line = optarg;
            break;
        case OPTION_EXIT_CODE:
            options->exit_code_file = optarg;
            break;
        case OPTION_MINIDUMP:
            options->minidump = optarg;
            break;
        case OPTION_PREFIX:
            options->prefix = optarg;
            break;
        case OPTION_VERSION:
            print_and_exit(PACKAGE_STRING "\n");
        case OPTION_HELP:
            print_and_exit(help_text);
        default:
            wrong_option(argv, id);
        }
    if (options->json && !options->check)
        fatal(EXIT_WINRUN_FAILED, "--json goes with --check (see winrun --help)");
    if (optind >= argc)
        fatal(EXIT_WINRUN_FAILED, "no program given (see winrun --help)");
    options->program = argv[optind];
    options->arguments = argv + optind + 1;
}

/* Absolute, without "." parts.  ".." is left to realpath: it can lead through symbolic links. */
static char *absolute(const char *path)
{
    if (strstr(path, ".."))
        return realpath(path, NULL);
    while (path[0] == '.' && path[1] == '/')
        path += 2;
    if (path[0] == '/')
        return strdup(path);
    char *directory = getcwd(NULL, 0), *result = NULL;
    if (directory && asprintf(&result, "%s/%s", strcmp(directory, "/") ? directory : "", path) < 0)
        result = NULL;
    free(directory);
    return result;
}

/* Is there a file?  A directory says so at once; anything else is judged when it is opened. */
static bool is_file(const char *path)
{
    struct stat status;
    if (stat(path, &status))
        return false;
    if (S_ISDIR(status.st_mode))
        fatal(EXIT_NOT_RUNNABLE, "%s: is a directory", path);
    return true;
}

static char *find_in_path(const char *name)
{
    const char *path = getenv("PATH");
    while (path && *path) {
        size_t length = strcspn(path, ":");
        char candidate[PATH_MAX];
        if (length && snprintf(candidate, sizeof candidate, "%.*s/%s", (int)length, path, name) < PATH_MAX &&
            access(candidate, F_OK) == 0 && is_file(candidate))
            return absolute(candidate);
        path += length;
        path += *path == ':';
    }
    return NULL;
}

/* C:\dir\app.exe */
static char *find_windows_path(const char *name)
{
    WCHAR nt_name[PATH_MAX] = L"\\??\\";
    char host[PATH_HOST_MAX];
    enum path_kind kind = PATH_FILE;
    UNICODE_STRING string;
    if (path_name_to_wide(name, strlen(name), nt_name + 4, PATH_MAX - 4) < 0)
        return NULL;
    /* The characters that a Windows path is made of have been taken for parts of a name. */
    for (size_t i = 0; name[i]; i++)
        if (name[i] == '/' || name[i] == '\\' || name[i] == ':')
            nt_name[4 + i] = name[i] == '/' ? '\\' : (WCHAR)name[i];
    RtlInitUnicodeString(&string, nt_name);
    if (path_resolve(&string, NULL, host, &kind) != STATUS_SUCCESS || kind != PATH_FILE)
        return NULL;
    return strdup(host);
}

/* cmd, reg, where: what comes with winrun, when nothing of that name is on the host's path. */
static char *find_in_system32(const char *name)
{
    static const char *const endings[] = {"", ".exe", ".com"};
    char candidate[300], *path = NULL;
    for (unsigned i = 0; i < sizeof endings / sizeof *endings && !path && strlen(name) < 200; i++) {
        snprintf(candidate, sizeof candidate, "C:\\Windows\\system32\\%s%s", name, endings[i]);
        path = find_windows_path(candidate);
    }
    return path;
}

char *options_find_program(const char *name)
{
    char *path = NULL;
    if (is_file(name))
        path = absolute(name);
    else if (name[0] && name[1] == ':')
        path = find_windows_path(name);
    else if (!strchr(name, '/') && !(path = find_in_path(name)))
        path = find_in_system32(name);
    if (!path)
        fatal(EXIT_NOT_FOUND, "%s: not found", name);
    return path;
}

bool options_is_batch(const char *path)
{
    const char *dot = strrchr(path, '.');
    return dot && (!strcasecmp(dot, ".bat") || !strcasecmp(dot, ".cmd"));
}

char *options_find_interpreter(void)
{
    char *path = find_in_system32("cmd");
    if (!path)
        fatal(EXIT_NOT_FOUND, "cmd.exe, which runs batch files: not found (it comes with winrun)");
    return path;
}
