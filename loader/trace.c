/*
 * trace.c: the program's side of --trace: opens the plug-in and passes on what the loader binds.
 *
 * The plug-in is trace/plugin.c.  Without --trace nothing of this costs more than one test of a pointer at each
 * binding.
 */
#include "trace.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "loader.h"
#include "ntdll/process.h"
#include "options.h"
#include "plugin.h"

static const struct trace_plugin *plugin;

static void start(const struct trace_settings *settings)
{
    static struct plugin trace = {"winrun-trace.so", "winrun_trace_plugin"};
    plugin = plugin_table(&trace);
    if (!plugin)
        fatal(EXIT_WINRUN_FAILED, "--trace: winrun-trace.so can not be opened (it belongs beside winrun)");
    if (!plugin->start(settings))
        fatal(EXIT_WINRUN_FAILED, "--trace-file: %s: %s", settings->file, strerror(errno));
    trace_wrap = plugin->wrap;
}

/* The program may be elsewhere when it starts a child. */
static const char *absolute(const char *path)
{
    char *directory = path && *path != '/' ? getcwd(NULL, 0) : NULL, *result;
    if (!directory || asprintf(&result, "%s/%s", directory, path) < 0)
        return path;
    free(directory);
    return result;
}

/* The settings as text: START SUMMARY PATTERNS, and the file in a second line. */
const char *trace_start(const struct trace_settings *settings)
{
    char *text;
    start(settings);
    if (asprintf(&text, "%llu %d %s\n%s", (unsigned long long)settings->start, settings->summary,
                 settings->patterns ? settings->patterns : "", settings->file ? absolute(settings->file) : "") < 0)
        return NULL;
    return text;
}

void trace_start_child(const char *text)
{
    char *rest, *copy = strdup(text), *line_end = copy ? strchr(copy, '\n') : NULL;
    if (!line_end)
        return;
    *line_end = 0;
    struct trace_settings settings = {.child = true, .start = strtoull(copy, &rest, 10)};
    settings.summary = strtoul(rest, &rest, 10) != 0;
    settings.patterns = rest[0] && rest[1] ? rest + 1 : NULL;
    settings.file = line_end[1] ? line_end + 1 : NULL;
    start(&settings);
}

void trace_finish(void)
{
    if (plugin)
        plugin->finish();
}

const char *trace_recent(unsigned index)
{
    return plugin ? plugin->recent(index) : NULL;
}
