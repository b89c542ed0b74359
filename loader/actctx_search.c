/*
 * actctx_search.c: which activation contexts there are while DLLs are searched, and what they say.
 *
 * Layer: loader.  A program's own manifest is looked at before its imports are bound; the file PROGRAM.exe.manifest,
 * which counts if the program has none inside, when the first DLL is searched that is not Windows' own.
 */
#include <stdlib.h>
#include <string.h>
#include "actctx.h"
#include "loader.h"

NTSTATUS WINAPI RtlGUIDFromString(const UNICODE_STRING *string, GUID *guid);

static struct actctx *process_context;
static enum { UNKNOWN, MAKING, KNOWN } process_state;
static NTSTATUS process_status; /* how that went */
static bool any_files;          /* does any context say where a DLL is? */

static bool name_equal(const WCHAR *a, const WCHAR *b)
{
    while (*a && RtlUpcaseUnicodeChar(*a) == RtlUpcaseUnicodeChar(*b))
        a++, b++;
    return !*a && !*b;
}

bool actctx_find_file(const struct actctx *context, const WCHAR *name, unsigned *assembly, unsigned *file)
{
    WCHAR own[256];
    for (unsigned i = 0; context && i < context->count; i++)
        for (unsigned j = 0; j < context->assemblies[i].manifest->file_count; j++) {
            search_widen(context->assemblies[i].manifest->files[j].name, own, ARRAYSIZE(own));
            if (!name_equal(own, name))
                continue;
            *assembly = i;
            *file = j;
            return true;
        }
    return false;
}

/* The variables in a loadFrom are replaced; what is relative counts from the assembly's directory. */
static bool expand(const struct actctx_assembly *assembly, const char *load_from, WCHAR *path)
{
    WCHAR text[DOS_PATH_MAX];
    ULONG bytes = 0;
    if (strlen(load_from) >= DOS_PATH_MAX)
        return false;
    RtlUTF8ToUnicodeN(text, sizeof text - sizeof *text, &bytes, load_from, (ULONG)strlen(load_from));
    text[bytes / sizeof *text] = 0;
    UNICODE_STRING from, to = {.MaximumLength = DOS_PATH_MAX * sizeof *path, .Buffer = path};
    RtlInitUnicodeString(&from, text);
    if (!*text || !NT_SUCCESS(RtlExpandEnvironmentStrings_U(NULL, &from, &to, NULL)))
        return false;
    size_t length = to.Length / sizeof *path, directory = 0;
    path[length] = 0;
    if (path[0] == '\\' || path[0] == '/' || path[1] == ':')
        return true;
    while (assembly->directory[directory])
        directory++;
    if (directory + length >= DOS_PATH_MAX)
        return false;
    memmove(path + directory, path, (length + 1) * sizeof *path);
    memcpy(path, assembly->directory, directory * sizeof *path);
    return true;
}

static bool append_name(WCHAR *path, const WCHAR *name)
{
    size_t length = 0, name_length = 0;
    while (path[length])
        length++;
    while (name[name_length])
        name_length++;
    if (length + name_length >= DOS_PATH_MAX)
        return false;
    memcpy(path + length, name, (name_length + 1) * sizeof *path);
    return true;
}

static bool find_in(const struct actctx *context, const WCHAR *name, struct search_result *result)
{
    WCHAR path[DOS_PATH_MAX] = {0};
    unsigned i, j;
    if (!actctx_find_file(context, name, &i, &j))
        return false;
    const struct actctx_assembly *assembly = &context->assemblies[i];
    const char *load_from = assembly->manifest->files[j].load_from;
    if (load_from ? !expand(assembly, load_from, path) : !append_name(path, assembly->directory))
        return false;
    size_t length = 0;
    while (path[length])
        length++;
    bool is_directory = length && path[length - 1] == '\\';
    return (!(is_directory || !load_from) || append_name(path, name)) && search_file(path, result);
}

/* Remembers whether searches have to ask. */
static void note_files(const struct actctx *context)
{
    for (unsigned i = 0; i < context->count; i++)
        any_files |= context->assemblies[i].manifest->file_count != 0;
}

/* The manifest inside the program, or else PROGRAM.exe.manifest. */
static NTSTATUS make_process_context(void)
{
    const struct module *program = module_program();
    const WCHAR *path = program->ldr.FullDllName.Buffer;
    struct manifest_text text = manifest_in_image(&program->image, 1);
    WCHAR file[DOS_PATH_MAX] = {0};
    NTSTATUS status = STATUS_OBJECT_NAME_NOT_FOUND;
    process_state = MAKING; /* what is searched meanwhile does without it */
    if (text.data)
        status = actctx_create(&(struct actctx_source){text, path, NULL}, &process_context);
    else if (append_name(file, path) && append_name(file, L".manifest"))
        status = actctx_create_from_file(file, 0, NULL, &process_context);
    if (NT_SUCCESS(status))
        note_files(process_context);
    process_state = KNOWN;
    process_status = status == STATUS_OBJECT_NAME_NOT_FOUND ? STATUS_SUCCESS : status;
    return process_status;
}

struct actctx *actctx_process(void)
{
    if (process_state == KNOWN || !module_program())
        return process_context;
    loader_lock();
    if (process_state == UNKNOWN)
        make_process_context();
    loader_unlock();
    return process_context;
}

NTSTATUS actctx_before_search(void)
{
    return process_state == UNKNOWN && module_program() ? make_process_context() : process_status;
}

struct actctx *actctx_active(void)
{
    const struct actctx_stack *stack = teb_current()->ActivationContextStackPointer;
    struct actctx *context = stack && stack->active ? stack->active->context : NULL;
    return context ? context : actctx_process();
}

/* The context that comes before the process's. */
static const struct actctx *nearest(const struct module *importer)
{
    const struct actctx_stack *stack = teb_current()->ActivationContextStackPointer;
    if (importer && importer->context)
        return importer->context;
    return stack && stack->active ? stack->active->context : NULL;
}

bool actctx_any(const struct module *importer)
{
    return any_files || nearest(importer);
}

bool actctx_find_dll(const struct module *importer, const WCHAR *name, struct search_result *result)
{
    if (!actctx_any(importer))
        return false;
    result->builtin = NULL;
    return find_in(nearest(importer), name, result) || find_in(process_context, name, result);
}

bool actctx_system(const char *id, GUID *guid)
{
    WCHAR wide[64];
    UNICODE_STRING text;
    search_widen(id, wide, ARRAYSIZE(wide));
    RtlInitUnicodeString(&text, wide);
    return NT_SUCCESS(RtlGUIDFromString(&text, guid));
}

bool actctx_supports(const GUID *system)
{
    struct manifest_text text = manifest_in_image(&module_program()->image, 1);
    if (text.data && !manifest_names_systems(text))
        return false;
    const struct actctx *context = actctx_process();
    const struct manifest *manifest = context ? context->assemblies[0].manifest : NULL;
    GUID own;
    for (unsigned i = 0; manifest && i < manifest->supported_count; i++)
        if (actctx_system(manifest->supported[i], &own) && !memcmp(&own, system, sizeof own))
            return true;
    return false;
}

NTSTATUS actctx_load_program(void)
{
    struct manifest_text text = manifest_in_image(&module_program()->image, 1);
    return text.data && manifest_redirects(text) ? make_process_context() : STATUS_SUCCESS;
}

NTSTATUS actctx_load_module(struct module *module)
{
    struct manifest_text text = manifest_in_image(&module->image, 2);
    if (!text.data || !manifest_redirects(text))
        return STATUS_SUCCESS;
    NTSTATUS status =
        actctx_create(&(struct actctx_source){text, module->ldr.FullDllName.Buffer, NULL}, &module->context);
    if (NT_SUCCESS(status))
        note_files(module->context);
    return status;
}
