/*
 * announce.c: the program's side of debuggers and profilers of the host; the plug-in is debug/symbols.c.
 */
#include "announce.h"
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "loader.h"
#include "ntdll/process.h"
#include "options.h"
#include "plugin.h"

#define WORDS_MOST 64

static const struct symbols_plugin *plugin;

static void open_plugin(bool gdb, bool perf)
{
    static struct plugin symbols = {"winrun-symbols.so", "winrun_symbols_plugin"};
    plugin = plugin_table(&symbols);
    if (plugin)
        plugin->start(gdb, perf);
    else
        warn("winrun-symbols.so can not be opened (it belongs beside winrun): Windows functions have no names");
}

void announce_start(void)
{
    const char *wish = getenv(ANNOUNCE_VARIABLE);
    if (wish && *wish)
        open_plugin(strstr(wish, "gdb"), strstr(wish, "perf"));
}

/* "kernel32" of C:\Windows\System32\KERNEL32.DLL. */
static void stem(const struct module *module, char *name, size_t size)
{
    size_t length = 0, dot = 0;
    for (; length < module->ldr.BaseDllName.Length / sizeof(WCHAR) && length + 1 < size; length++) {
        WCHAR c = module->ldr.BaseDllName.Buffer[length];
        if (c == '.')
            dot = length;
        name[length] = (char)(c >= 'A' && c <= 'Z' ? c | 32 : c < 128 ? c : '?');
    }
    name[dot ? dot : length] = 0;
}

void announce_module(const struct module *module, bool loaded)
{
    char name[128];
    if (!plugin || !module->base || module->state == MODULE_DATA)
        return;
    if (!loaded) {
        plugin->remove(module);
        return;
    }
    stem(module, name, sizeof name);
    const struct announced announced = {module,       name,          module->host_path,  module->base,
                                        module->size, module->pdata, module->pdata_count};
    plugin->add(&announced);
}

__attribute__((used)) void announce_all(void)
{
    bool first = !plugin;
    open_plugin(true, false);
    for (const struct module *module = module_first(); first && module; module = module->next)
        announce_module(module, true);
}

void announce_wish(const char *what)
{
    const char *present = getenv(ANNOUNCE_VARIABLE);
    char *both = NULL;
    if (present && *present && asprintf(&both, "%s,%s", present, what) < 0)
        both = NULL;
    setenv(ANNOUNCE_VARIABLE, both ? both : what, 1);
    setenv("WINRUN_IMAGE_CACHE", "off", 1); /* images in memory of their own, at the addresses that DWARF has */
    free(both);
}

/* $GDB may be several words, as other programs have it with $EDITOR. */
_Noreturn void announce_run_gdb(int argc, char **argv)
{
    static char *const fixed[] = {"-q", "-ex", "handle SIG40 SIG41 nostop noprint pass", "-ex",
                                  "set breakpoint pending on"};
    const char *wish = getenv("GDB");
    char *text = strdup(wish && *wish ? wish : "gdb"), **arguments = calloc((size_t)argc + 80, sizeof *arguments);
    char self[4096];
    ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);
    if (!text || !arguments || length <= 0)
        fatal(EXIT_WINRUN_FAILED, "--gdb: no memory");
    int count = 0;
    for (char *word = strtok(text, " "); word && count < WORDS_MOST; word = strtok(NULL, " ")) {
        arguments[count++] = word;
        for (size_t i = 0; count == 1 + (int)i && i < sizeof fixed / sizeof *fixed; i++)
            arguments[count++] = fixed[i]; /* before what a person asks for */
    }
    arguments[count++] = "--args";
    arguments[count++] = self;
    for (int i = 1; i < argc; i++)
        if (i != optind - 1) /* --gdb itself */
            arguments[count++] = argv[i];
    announce_wish("gdb");
    execvp(arguments[0], arguments);
    fatal(EXIT_WINRUN_FAILED, "--gdb: %s: %s (set $GDB to another debugger)", arguments[0], strerror(errno));
}
