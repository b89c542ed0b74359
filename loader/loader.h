/*
 * loader.h: what the loader's files share.  All of it is called with the loader lock held.
 */
#ifndef LOADER_LOADER_H
#define LOADER_LOADER_H

#include "module.h"

#define DOS_PATH_MAX 1024 /* WCHARs of a module's path, with the zero */

/* module.c: the list. */
void module_list_init(void);
struct module *module_add_builtin(const struct builtin *dll);
struct module *module_add_file(const struct pe *pe, const struct pe_image *image, const char *host_path,
                               const WCHAR *dos_path);
void module_remove(struct module *module);
struct module *module_from_builtin(const struct builtin *dll);
struct module *module_from_base_name(const WCHAR *name);
struct module *module_from_dos_path(const WCHAR *path);
struct module *module_from_file(const struct pe_file_id *file);
/* Puts it into the order of initialization, in which the DllMains are called. */
void module_mark_initialized(struct module *module);
/* The one initialized last that is still attached: of those without references, or of all from files.  NULL: none. */
struct module *module_last_initialized(bool unreferenced);
void module_clear_visited(void);
/* "name.dll" as bytes, for messages. */
const char *module_name(const struct module *module, char *text, size_t size);

/* What is asked for: LoadLibraryEx's name and flags (LOAD_LIBRARY_*, LOAD_WITH_ALTERED_SEARCH_PATH ...). */
struct load_request {
    const WCHAR *name;
    ULONG flags;
    const struct module *importer; /* whose import table asks; NULL: LoadLibrary */
};

/* search.c: from a name to a built-in module or a file. */
struct search_result {
    const struct builtin *builtin;       /* or: */
    const struct config_host_dll *bound; /* by prefix.conf to a library of the host; or: */
    char host_path[4096];
    WCHAR dos_path[DOS_PATH_MAX];
};
NTSTATUS search_module(const struct load_request *request, struct search_result *result);
/* Does this full DOS path name a file?  Then it is the result. */
bool search_file(const WCHAR *path, struct search_result *result);
/* Adds ".dll" as LoadLibrary and GetModuleHandle do.  False: too long. */
bool search_add_extension(const WCHAR *name, WCHAR *result, size_t count);
/* C:\\Windows\\System32\\NAME */
void search_system_path(const WCHAR *name, WCHAR path[DOS_PATH_MAX]);
void search_narrow(const WCHAR *name, char *result, size_t size);
void search_widen(const char *name, WCHAR *result, size_t count);

/* load.c: mapping, attaching, unloading. */
/* Finds the module among those loaded, or brings it in; its own imports are left pending and nothing of it runs. */
NTSTATUS module_map(const struct load_request *request, struct module **module);
NTSTATUS module_map_program(const char *host_path, enum pe_use use, struct module **module);
NTSTATUS module_load(const struct load_request *request, struct module **module);
NTSTATUS module_load_program(const char *host_path, struct module **module);
NTSTATUS module_load_dependency(struct module *importer, const char *name, struct module **module);
NTSTATUS module_attach_program(void);
void module_reference(struct module *module);
void module_pin(struct module *module);
void module_release(struct module *module);
/* One line for people: what made the last load fail; "" if nothing did. */
void load_set_error(const char *format, ...) __attribute__((format(printf, 1, 2)));
const char *load_error(void);
/* ldr.c: tells those who registered with LdrRegisterDllNotification. */
void notify_loaded(const struct module *module, bool loaded);

/* import.c: fills the import slots.  missing_stub stands for functions that built-in modules lack. */
NTSTATUS import_bind(struct module *module);
NTSTATUS import_symbol(struct module *importer, struct module *target, const struct pe_symbol *symbol, void **address);

/*
 * procedure.c: an export's address, through forwarders; by ordinal if name is NULL.  A forwarder's DLL is
 * loaded on behalf of `importer`, or for ever if that is NULL (GetProcAddress).
 */
NTSTATUS module_procedure(struct module *module, struct module *importer, const struct pe_symbol *symbol,
                          void **address);

/* missing.c: the stub that stands for a function that is not there.  Never NULL. */
void *missing_stub(const char *dll, const struct pe_symbol *symbol);

/* tls.c */
NTSTATUS tls_module_add(struct module *module);
void tls_module_remove(struct module *module);
void tls_call_callbacks(const struct module *module, ULONG reason);

/* config.c: security cookie and control flow guard pointers. */
NTSTATUS config_init(const struct module *module);

/* Set by --trace: what to bind instead of an API function; NULL when not tracing. */
extern void *(*trace_wrap)(const char *dll, const char *name, unsigned ordinal, const char *signature, void *address);

#endif
