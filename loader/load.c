/*
 * load.c: bringing modules in and out: mapping with all they need, attaching, references, detaching.
 *
 * A load has three steps: everything that is needed is mapped and bound, running no code; then the whole graph
 * is referenced; then DllMains are called, a module after those it imports from.  What a failed load has
 * brought in has no references and is thrown out again.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "actctx.h"
#include "builtin.h"
#include "entrycall.h"
#include "host_bound.h"
#include "loader.h"
#include "map.h"
#include "ntdll/error.h"
#include "ntdll/gate.h"
#include "ntdll/config.h"
#include "ntdll/path.h"
#include "ntdll/process.h"
#include "ntdll/thread.h"
#include "ntdll/virtual.h"

#define LDRP_DONT_CALL_FOR_THREADS 0x00040000

static char error_text[512];
static int release_depth; /* releases in progress: a DllMain may release another module */

void load_set_error(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(error_text, sizeof error_text, format, arguments);
    va_end(arguments);
}

const char *load_error(void)
{
    return error_text;
}

/* ---- mapping ---- */

static NTSTATUS map_open(int fd, const char *host_path, const WCHAR *dos_path, enum pe_use use, struct module **module)
{
    struct pe *pe = malloc(sizeof *pe);
    struct pe_image image;
    if (!pe)
        return STATUS_NO_MEMORY;
    NTSTATUS status = pe_open(fd, use, pe);
    if (NT_SUCCESS(status) && (*module = module_from_file(&pe->file))) {
        free(pe);
        return STATUS_SUCCESS;
    }
    if (NT_SUCCESS(status))
        status = map_image(fd, pe, &image);
    if (!NT_SUCCESS(status)) {
        load_set_error("%s: %s", host_path, pe->error);
        free(pe);
        return status;
    }
    *module = module_add_file(pe, &image, host_path, dos_path);
    if (!*module) {
        virtual_unmap_image(image.base);
        free(pe);
        return STATUS_NO_MEMORY;
    }
    (*module)->pending = pe;
    return STATUS_SUCCESS;
}

static NTSTATUS map_file(const char *host_path, const WCHAR *dos_path, enum pe_use use, struct module **module)
{
    int fd = open(host_path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        load_set_error("%s: %s", host_path, strerror(errno));
        return status_from_errno(errno);
    }
    NTSTATUS status = map_open(fd, host_path, dos_path, use, module);
    close(fd);
    return status;
}

static NTSTATUS builtin_module(const struct builtin *dll, struct module **module)
{
    *module = module_from_builtin(dll);
    if (!*module) {
        *module = module_add_builtin(dll);
        if (*module && dll->attach)
            ((void (*)(void))((const char *)dll + dll->attach))();
    }
    return *module ? STATUS_SUCCESS : STATUS_NO_MEMORY;
}

/* A DLL that prefix.conf binds to a library of the host: an image made for it. */
static NTSTATUS map_bound(const struct load_request *request, const WCHAR *name, struct search_result *found,
                          struct module **module)
{
    struct bound_dll *dll;
    int fd = host_bound_make(found->bound, &dll);
    if (fd < 0) {
        if (!request->importer)
            warn("%s", load_error());
        return STATUS_INVALID_IMAGE_FORMAT;
    }
    search_system_path(name, found->dos_path);
    NTSTATUS status = map_open(fd, found->bound->library, found->dos_path, PE_LIBRARY, module);
    close(fd);
    if (NT_SUCCESS(status)) {
        (*module)->bound = true;
        host_bound_place(dll, (*module)->base);
    }
    return status;
}

NTSTATUS module_map(const struct load_request *request, struct module **module)
{
    WCHAR name[DOS_PATH_MAX];
    if (!search_add_extension(request->name, name, DOS_PATH_MAX))
        return STATUS_NAME_TOO_LONG;
    /* By name alone, unless a manifest may mean another file of that name. */
    *module = actctx_any(request->importer) ? NULL : module_from_base_name(name);
    if (*module)
        return STATUS_SUCCESS;
    struct search_result *found = malloc(sizeof *found);
    if (!found)
        return STATUS_NO_MEMORY;
    found->builtin = NULL;
    found->bound = NULL;
    NTSTATUS status = STATUS_SUCCESS;
    bool redirected = actctx_find_dll(request->importer, name, found);
    if (!redirected && (*module = module_from_base_name(name))) {
        free(found);
        return STATUS_SUCCESS;
    }
    if (!redirected)
        status = search_module(request, found);
    if (NT_SUCCESS(status) && found->builtin)
        status = builtin_module(found->builtin, module);
    else if (NT_SUCCESS(status) && found->bound)
        status = map_bound(request, name, found, module);
    else if (NT_SUCCESS(status) && !(*module = module_from_dos_path(found->dos_path))) {
        status = map_file(found->host_path, found->dos_path, PE_LIBRARY, module);
        if (NT_SUCCESS(status))
            (*module)->search_flags = request->flags;
    }
    free(found);
    return status;
}

static bool add_import(struct module *importer, struct module *target)
{
    for (unsigned i = 0; i < importer->import_count; i++)
        if (importer->imports[i] == target)
            return true;
    struct module **larger = realloc(importer->imports, (importer->import_count + 1) * sizeof *larger);
    if (!larger)
        return false;
    importer->imports = larger;
    larger[importer->import_count++] = target;
    return true;
}

NTSTATUS module_load_dependency(struct module *importer, const char *name, struct module **module)
{
    WCHAR wide[DOS_PATH_MAX];
    search_widen(name, wide, DOS_PATH_MAX);
    struct load_request request = {.name = wide, .flags = importer->search_flags, .importer = importer};
    error_text[0] = 0;
    NTSTATUS status = module_map(&request, module);
    if (status == STATUS_DLL_NOT_FOUND) {
        char own[128], reason[256];
        snprintf(reason, sizeof reason, *error_text ? " (%.250s)" : "", error_text);
        load_set_error("%s: %s, which it needs, is not found%s", module_name(importer, own, sizeof own), name, reason);
    }
    if (NT_SUCCESS(status) && *module != importer && !add_import(importer, *module))
        status = STATUS_NO_MEMORY;
    return status;
}

/* All that a mapped module needs before its code may run.  May bring in more modules, pending themselves. */
static NTSTATUS prepare(struct module *module)
{
    char own[128];
    struct pe *pe = module->pending;
    module->pending = NULL;
    NTSTATUS status = STATUS_SUCCESS;
    if (!(module->search_flags & DONT_RESOLVE_DLL_REFERENCES))
        status = module == module_program() ? actctx_load_program() : actctx_load_module(module);
    if (NT_SUCCESS(status) && !(module->search_flags & DONT_RESOLVE_DLL_REFERENCES))
        status = import_bind(module);
    if (NT_SUCCESS(status)) {
        status = tls_module_add(module);
        if (NT_SUCCESS(status))
            status = config_init(module);
        if (NT_SUCCESS(status))
            status = map_protect(pe, &module->image);
        if (!NT_SUCCESS(status))
            load_set_error("%s: its TLS directory or load configuration is damaged",
                           module_name(module, own, sizeof own));
    }
    free(pe);
    if (NT_SUCCESS(status))
        notify_loaded(module, true);
    return status;
}

static struct module *first_pending(void)
{
    struct module *module = module_first();
    while (module && !module->pending)
        module = module->next;
    return module;
}

static NTSTATUS prepare_pending(void)
{
    struct module *module;
    NTSTATUS status = STATUS_SUCCESS;
    while (NT_SUCCESS(status) && (module = first_pending()))
        status = prepare(module);
    return status;
}

/* After a failure: what was mapped and belongs to nobody goes. */
static void discard_unreferenced(void)
{
    for (struct module *module = module_first(); module; module = module->next)
        if (module->state == MODULE_MAPPED && !module->references) {
            free(module->pending);
            module->pending = NULL;
            module_remove(module);
        }
}

/* ---- references ---- */

static void add_references(struct module *module, LONG change)
{
    if (module->visited)
        return;
    module->visited = true;
    if (change == 0)
        module->references = -1;
    else if (module->references != -1)
        module->references += change;
    for (unsigned i = 0; i < module->import_count; i++)
        add_references(module->imports[i], change);
}

void module_reference(struct module *module)
{
    module_clear_visited();
    add_references(module, 1);
}

void module_pin(struct module *module)
{
    module_clear_visited();
    add_references(module, 0);
}

/* ---- attaching and detaching ---- */

/*
 * STATUS_DLL_INIT_FAILED: DllMain said no; else its exception.  When the process starts, an exception ends it, with a
 * report of where it was.
 */
static NTSTATUS call_entry(const struct module *module, ULONG reason, bool process)
{
    NTSTATUS exception;
    BOOL accepted;

    if (!module->ldr.EntryPoint || !(module->ldr.Flags & 4 /* LDRP_IMAGE_DLL */))
        return STATUS_SUCCESS;
    if (reason == DLL_PROCESS_ATTACH && process)
        accepted = (BOOL)guest_call(module->ldr.EntryPoint, GUEST(module->base), reason, process, 0);
    else if (!entry_call(module->ldr.EntryPoint, module->base, reason, process, &accepted, &exception))
        return NT_SUCCESS(exception) ? STATUS_DLL_INIT_FAILED : exception;
    return accepted ? STATUS_SUCCESS : STATUS_DLL_INIT_FAILED;
}

static NTSTATUS attach(struct module *module, bool process)
{
    /* What was loaded without its imports stays so, whoever loads it again. */
    if (module->state != MODULE_MAPPED || (module->search_flags & DONT_RESOLVE_DLL_REFERENCES))
        return STATUS_SUCCESS;
    module->state = MODULE_ATTACHING; /* also ends the walk in circles */
    for (unsigned i = 0; i < module->import_count; i++) {
        NTSTATUS status = attach(module->imports[i], process);
        if (!NT_SUCCESS(status))
            return status;
    }
    if (module == module_program()) {
        tls_call_callbacks(module, DLL_PROCESS_ATTACH);
        module->state = MODULE_READY;
        return STATUS_SUCCESS;
    }
    module_mark_initialized(module);
    tls_call_callbacks(module, DLL_PROCESS_ATTACH);
    NTSTATUS status = call_entry(module, DLL_PROCESS_ATTACH, process);
    module->state = MODULE_READY;
    if (status == STATUS_SUCCESS)
        return STATUS_SUCCESS;
    char own[128];
    if (status == STATUS_DLL_INIT_FAILED)
        load_set_error("%s: its DllMain refused to start", module_name(module, own, sizeof own));
    else
        load_set_error("%s: exception %#x in its DllMain", module_name(module, own, sizeof own), status);
    return status;
}

static void detach(struct module *module, bool process)
{
    module->state = MODULE_DETACHED;
    if (module->builtin)
        return;
    tls_call_callbacks(module, DLL_PROCESS_DETACH); /* first, also when things end */
    call_entry(module, DLL_PROCESS_DETACH, process);
}

/* Detaches and unmaps all that has no references left.  A release inside a DllMain leaves that to the outer one. */
static void remove_unreferenced(void)
{
    struct module *module;
    if (release_depth++ == 0) {
        while ((module = module_last_initialized(true)))
            detach(module, false);
        for (module = module_first(); module; module = module->next)
            if (!module->references && (module->state == MODULE_DETACHED || module->state == MODULE_ATTACHING ||
                                        module->state == MODULE_MAPPED)) {
                notify_loaded(module, false);
                module_remove(module);
            }
    }
    release_depth--;
}

void module_release(struct module *module)
{
    module_clear_visited();
    add_references(module, -1);
    remove_unreferenced();
}

/* ---- entries ---- */

NTSTATUS module_load(const struct load_request *request, struct module **module)
{
    loader_lock();
    error_text[0] = 0;
    NTSTATUS status = module_map(request, module);
    if (NT_SUCCESS(status))
        status = prepare_pending();
    if (NT_SUCCESS(status)) {
        module_reference(*module);
        if (!(request->flags & DONT_RESOLVE_DLL_REFERENCES))
            status = attach(*module, false);
        if (!NT_SUCCESS(status))
            module_release(*module);
    } else {
        discard_unreferenced();
    }
    loader_unlock();
    return status;
}

/* ntdll, kernel32 and kernelbase are in every process, right after the program. */
static NTSTATUS load_base_modules(void)
{
    static const char names[][16] = {"ntdll.dll", "kernel32.dll", "kernelbase.dll"};
    for (size_t i = 0; i < ARRAYSIZE(names); i++) {
        struct module *module;
        NTSTATUS status = builtin_module(builtin_find(names[i], NULL), &module);
        if (!NT_SUCCESS(status))
            return status;
        module->references = -1;
    }
    return STATUS_SUCCESS;
}

NTSTATUS module_map_program(const char *host_path, enum pe_use use, struct module **module)
{
    WCHAR *dos_path = malloc(DOS_PATH_MAX * sizeof *dos_path);
    if (!dos_path)
        return STATUS_NO_MEMORY;
    module_list_init();
    NTSTATUS status = path_from_host(host_path, dos_path, DOS_PATH_MAX);
    if (NT_SUCCESS(status))
        status = map_file(host_path, dos_path, use, module);
    free(dos_path);
    return status;
}

NTSTATUS module_load_program(const char *host_path, struct module **module)
{
    NTSTATUS status = module_map_program(host_path, PE_PROGRAM, module);
    if (!NT_SUCCESS(status))
        return status;
    PPEB peb = peb_current();
    peb->ImageBaseAddress = (*module)->base;
    peb->ImageSubsystem = (*module)->nt->OptionalHeader.Subsystem;
    peb->ImageSubsystemMajorVersion = (*module)->nt->OptionalHeader.MajorSubsystemVersion;
    peb->ImageSubsystemMinorVersion = (*module)->nt->OptionalHeader.MinorSubsystemVersion;
    (*module)->references = -1;
    status = load_base_modules();
    if (NT_SUCCESS(status))
        status = prepare_pending();
    if (NT_SUCCESS(status))
        module_pin(*module);
    return status;
}

NTSTATUS module_attach_program(void)
{
    loader_lock();
    NTSTATUS status = tls_thread_init(teb_current());
    if (NT_SUCCESS(status))
        status = attach(module_program(), true);
    loader_unlock();
    return status;
}

static bool wants_thread_calls(const struct module *module)
{
    return module->state == MODULE_READY && !module->builtin && !(module->ldr.Flags & LDRP_DONT_CALL_FOR_THREADS);
}

static struct module *from_initialization(LIST_ENTRY *entry)
{
    return CONTAINING_RECORD(entry, struct module, ldr.InInitializationOrderLinks);
}

void loader_thread_attach(void)
{
    loader_lock();
    tls_thread_init(teb_current());
    LIST_ENTRY *head = &peb_current()->Ldr->InInitializationOrderModuleList;
    for (LIST_ENTRY *entry = head->Flink; entry != head; entry = entry->Flink) {
        struct module *module = from_initialization(entry);
        if (!wants_thread_calls(module))
            continue;
        tls_call_callbacks(module, DLL_THREAD_ATTACH);
        call_entry(module, DLL_THREAD_ATTACH, false);
    }
    tls_call_callbacks(module_program(), DLL_THREAD_ATTACH);
    loader_unlock();
}

void WINAPI LdrShutdownThread(void)
{
    loader_lock();
    LIST_ENTRY *head = &peb_current()->Ldr->InInitializationOrderModuleList;
    for (LIST_ENTRY *entry = head->Blink; entry != head; entry = entry->Blink) {
        struct module *module = from_initialization(entry);
        if (!wants_thread_calls(module))
            continue;
        tls_call_callbacks(module, DLL_THREAD_DETACH);
        call_entry(module, DLL_THREAD_DETACH, false);
    }
    tls_call_callbacks(module_program(), DLL_THREAD_DETACH);
    loader_unlock();
}

static void (*shutdown_functions[4])(void);

void loader_at_shutdown(void (*function)(void))
{
    loader_lock();
    for (size_t i = 0; i < sizeof shutdown_functions / sizeof *shutdown_functions; i++) {
        if (shutdown_functions[i] && shutdown_functions[i] != function)
            continue;
        shutdown_functions[i] = function;
        break;
    }
    loader_unlock();
}

void WINAPI LdrShutdownProcess(void)
{
    PPEB_LDR_DATA data = peb_current()->Ldr;
    if (!data || data->ShutdownInProgress)
        return;
    data->ShutdownInProgress = TRUE;
    data->ShutdownThreadId = teb_current()->ClientId.UniqueThread;
    struct module *module;
    while ((module = module_last_initialized(false)))
        detach(module, true);
    if (module_program() && module_program()->state == MODULE_READY)
        tls_call_callbacks(module_program(), DLL_PROCESS_DETACH);
    for (size_t i = 0; i < sizeof shutdown_functions / sizeof *shutdown_functions; i++)
        if (shutdown_functions[i])
            shutdown_functions[i]();
}
