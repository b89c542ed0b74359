/*
 * trace.c: the program's side of --trace: opens the plug-in and passes on what the loader binds.
 *
 * The plug-in is trace/plugin.c.  Without --trace nothing of this costs more than one test of a pointer at each
 * binding.
 */
#include "trace.h"
#include <dlfcn.h>
#include "builtin.h"
#include "loader.h"
#include "ntdll/process.h"
#include "options.h"
#include "plugin.h"

static const struct trace_plugin *plugin;

static void *wrap(const struct builtin *dll, const char *name, unsigned ordinal, void *address)
{
    const struct export *export = name ? builtin_export(dll, name) : builtin_export_ordinal(dll, ordinal);
    const char *signature = export && export->signature ? builtin_strings + export->signature : NULL;
    return plugin->wrap(builtin_name(dll), name, ordinal, signature, address);
}

void trace_start(const char *patterns)
{
    void *library = plugin_open("winrun-trace.so");
    plugin = library ? dlsym(library, "winrun_trace_plugin") : NULL;
    if (!plugin)
        fatal(EXIT_WINRUN_FAILED, "--trace: winrun-trace.so can not be opened (it belongs beside winrun)");
    plugin->start(patterns);
    trace_wrap = wrap;
}

const char *trace_recent(unsigned index)
{
    return plugin ? plugin->recent(index) : NULL;
}
