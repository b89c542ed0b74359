/*
 * command.c: finds winrun's own commands, and winrun path.
 *
 * Layer: front end.  path looks at a prefix as a program in it would, so it runs in a process made ready for one; reg
 * is such a program (programs/reg/); prefix works on directories and lies in a plug-in (prefix/plugin.c).
 */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "command.h"
#include "loader/options.h"
#include "loader/plugin.h"
#include "ntdll/config.h"
#include "ntdll/nls.h"
#include "ntdll/path.h"
#include "ntdll/process.h"
#include "ntdll/thread.h"

bool command_is(const char *name)
{
    return !strcmp(name, "prefix") || !strcmp(name, "path");
}

static void make_ready(void)
{
    static char program[PATH_MAX] = "/proc/self/exe";
    char *end[] = {NULL};
    ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
    if (length > 0)
        program[length] = 0;
    const struct process_start start = {.program = program, .arguments = end, .environment = environ};
    config_load();
    thread_init_first();
    process_init(&start);
}

static int run_plugin(char **arguments)
{
    static struct plugin plugin = {"winrun-prefix.so", "winrun_prefix"};
    int (*run)(char **, const char *) = (int (*)(char **, const char *))plugin_table(&plugin);
    if (!run)
        fatal(EXIT_WINRUN_FAILED, "prefix: winrun-prefix.so can not be opened (it belongs beside winrun)");
    return run(arguments, path_user());
}

char *command_program(const char *name, const char *prefix)
{
    char *path;
    if (strcmp(name, "reg") != 0)
        return NULL;
    if (!prefix || !*prefix)
        fatal(EXIT_WINRUN_FAILED, "reg: of which prefix? (winrun --prefix DIR reg ..., or WINRUN_PREFIX)");
    if (asprintf(&path, "%s/reg.exe", path_system_directory()) < 0)
        fatal(EXIT_WINRUN_FAILED, "reg: no memory");
    return path;
}

static bool print_windows(const char *path)
{
    char full[PATH_MAX * 2], bytes[PATH_MAX * 3], directory[PATH_MAX];
    WCHAR dos[PATH_MAX];
    size_t used;
    if (path[0] == '/' || !getcwd(directory, sizeof directory))
        snprintf(full, sizeof full, "%s", path);
    else
        snprintf(full, sizeof full, "%s/%s", directory, path);
    if (path_from_host(full, dos, PATH_MAX)) {
        warn("%s: no Windows program can see this path", path);
        return false;
    }
    codepage_encode(CP_UTF8, false, dos, wide_length(dos), bytes, sizeof bytes - 1, NULL, &used);
    bytes[used] = 0;
    puts(bytes);
    return true;
}

static bool print_unix(const char *path)
{
    WCHAR dos[PATH_MAX];
    UNICODE_STRING nt;
    char host[PATH_HOST_MAX];
    enum path_kind kind;
    size_t used;
    NTSTATUS status = codepage_decode(CP_UTF8, false, path, strlen(path), dos, PATH_MAX - 1, &used);
    if (!status) {
        dos[used] = 0;
        status = RtlDosPathNameToNtPathName_U_WithStatus(dos, &nt, NULL, NULL);
    }
    if (!status) {
        status = path_resolve(&nt, NULL, host, &kind);
        RtlFreeUnicodeString(&nt);
    }
    if ((status && status != STATUS_OBJECT_NAME_NOT_FOUND) || (kind != PATH_FILE && kind != PATH_VOLUME)) {
        warn("%s: names no file of this prefix", path);
        return false;
    }
    puts(host);
    return true;
}

static int run_path(char **arguments)
{
    bool unix_wanted = arguments[0] && !strcmp(arguments[0], "--unix");
    bool good = true;
    if (!arguments[0] || (!unix_wanted && strcmp(arguments[0], "--windows") != 0) || !arguments[1])
        fatal(EXIT_WINRUN_FAILED, "path: usage: winrun path --windows|--unix PATH...");
    for (char **path = arguments + 1; *path; path++)
        good &= unix_wanted ? print_unix(*path) : print_windows(*path);
    return good ? 0 : 1;
}

_Noreturn void command_run(const char *name, char **arguments)
{
    if (!strcmp(name, "prefix"))
        exit(run_plugin(arguments));
    make_ready();
    int status = run_path(arguments);
    if (fflush(stdout))
        status = EXIT_WINRUN_FAILED;
    exit(status);
}
