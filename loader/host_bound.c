/*
 * host_bound.c: DLLs that prefix.conf binds to libraries of the host: the program's side of winrun-hostdll.so.
 */
#include "host_bound.h"
#include "hostdll/binding.h"
#include "hostdll/hostdll.h"
#include "hostdll/trampoline.h"
#include "hostdll/varargs.h"
#include "loader.h"
#include "ntdll/gate.h"
#include "ntdll/path.h"
#include "plugin.h"

static const struct binding_services services = {
    .call = guest_call_n,
    .trampoline = trampoline_new,
    .path = host_path,
    .path_wide = host_path_wide,
    .format = host_format,
};

static const struct binding_plugin *plugin;

int host_bound_make(const struct config_host_dll *config, struct bound_dll **dll)
{
    static struct plugin binding = {"winrun-hostdll.so", "winrun_hostdll_plugin"};
    char error[512];
    int fd = -1;
    plugin = plugin_table(&binding);
    if (!plugin)
        load_set_error("%s.dll: winrun-hostdll.so can not be opened (it belongs beside winrun)", config->name);
    else if (!(*dll = plugin->make(config, &services, &fd, error, sizeof error)))
        load_set_error("%s/prefix.conf: %s", path_prefix(), error);
    return fd;
}

void host_bound_place(struct bound_dll *dll, void *base)
{
    plugin->place(dll, base);
}
