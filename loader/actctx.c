/*
 * actctx.c: makes activation contexts and finds DLLs by them.
 *
 * Layer: loader.  Private assemblies are looked for where Windows does: NAME.dll and NAME.manifest in the
 * directory, then in its subdirectory NAME; with a culture, below a directory of that name first.  What Windows itself
 * brings (Microsoft.Windows.*: common controls and so on) is there: it is what the built-in modules are.
 */
#include "actctx.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>
#include "loader.h"
#include "map.h"
#include "ntdll/virtual.h"

#define ACTCTX_MAGIC 0x78746341 /* "Actx" */
#define ASSEMBLIES_MAX 64       /* dependencies of dependencies; more is damage */
#define FILE_MAX (1 << 20)
#define NAME_MAX_WIDE 256

static size_t length_of(const WCHAR *text)
{
    size_t length = 0;
    while (text[length])
        length++;
    return length;
}

static WCHAR *wide_copy(const WCHAR *text, size_t length)
{
    WCHAR *copy = malloc((length + 1) * sizeof *copy);
    if (copy) {
        memcpy(copy, text, length * sizeof *copy);
        copy[length] = 0;
    }
    return copy;
}

/* The path up to its last backslash. */
static WCHAR *directory_of(const WCHAR *path)
{
    size_t length = length_of(path);
    while (length && path[length - 1] != '\\')
        length--;
    return wide_copy(path, length);
}

/* ---- manifests in files ---- */

/* A manifest with its bytes' owner: a buffer or a mapped image. */
struct open_manifest {
    struct manifest_text text;
    char *buffer;
    void *image;
};

static void open_manifest_close(struct open_manifest *open)
{
    free(open->buffer);
    if (open->image)
        virtual_unmap_image(open->image);
}

static void read_image(int fd, unsigned resource, struct open_manifest *open)
{
    struct pe *pe = malloc(sizeof *pe);
    struct pe_image image;
    if (pe && NT_SUCCESS(pe_open(fd, PE_RESOURCE, pe)) && NT_SUCCESS(map_image(fd, pe, &image))) {
        open->image = image.base;
        open->text = manifest_in_image(&image, resource);
    }
    free(pe);
}

static void read_text(int fd, struct open_manifest *open)
{
    struct stat st;
    if (fstat(fd, &st) || st.st_size > FILE_MAX || !(open->buffer = malloc((size_t)st.st_size + 1)))
        return;
    ssize_t got = read(fd, open->buffer, (size_t)st.st_size);
    if (got > 0)
        open->text = (struct manifest_text){open->buffer, (size_t)got};
}

/* False: no such file, or no manifest in it. */
static bool open_manifest(const WCHAR *path, unsigned resource, struct open_manifest *open)
{
    struct search_result *found = malloc(sizeof *found);
    *open = (struct open_manifest){{0}};
    int fd = found && search_file(path, found) ? openat(AT_FDCWD, found->host_path, O_RDONLY | O_CLOEXEC) : -1;
    free(found);
    if (fd < 0)
        return false;
    if (resource)
        read_image(fd, resource, open);
    else
        read_text(fd, open);
    close(fd);
    if (open->text.data)
        return true;
    open_manifest_close(open);
    return false;
}

/* ---- making a context ---- */

struct builder {
    struct actctx *context;
    const WCHAR *second; /* another directory to look in: the program's; or NULL */
};

static void describe(const WCHAR *path, char *text, size_t size)
{
    const WCHAR *base = path;
    for (; *path; path++)
        if (*path == '\\')
            base = path + 1;
    search_narrow(base, text, size);
}

/* Takes over nothing; adds an assembly whose manifest has been read. */
static bool add_assembly(struct actctx *context, struct manifest *manifest, const WCHAR *path)
{
    struct actctx_assembly *larger = realloc(context->assemblies, (context->count + 1) * sizeof *larger), *assembly;
    if (!larger)
        return false;
    context->assemblies = larger;
    assembly = &larger[context->count];
    assembly->path = wide_copy(path, length_of(path));
    assembly->directory = directory_of(path);
    assembly->manifest = manifest;
    if (assembly->path && assembly->directory) {
        context->count++;
        return true;
    }
    free(assembly->path);
    free(assembly->directory);
    return false;
}

static bool equal(const char *a, const char *b)
{
    return a && b && !strcasecmp(a, b);
}

/* An attribute that is absent or "*" fits all. */
static bool fits(const char *wanted, const char *found)
{
    return !wanted || !strcmp(wanted, "*") || !found || !strcmp(found, "*") || !strcasecmp(wanted, found);
}

static bool is_neutral(const char *language)
{
    return !language || !*language || !strcasecmp(language, "neutral");
}

static bool identity_fits(const struct manifest_identity *wanted, const struct manifest_identity *found)
{
    return equal(wanted->name, found->name) && fits(wanted->version, found->version) &&
           fits(wanted->architecture, found->architecture) &&
           (is_neutral(wanted->language) ? is_neutral(found->language) || !strcmp(found->language, "*")
                                         : is_neutral(found->language) || fits(wanted->language, found->language));
}

/* Appends UTF-8; false: no room, or a name that would lead elsewhere. */
static bool append(WCHAR *path, const char *name, const WCHAR *tail)
{
    WCHAR wide[NAME_MAX_WIDE];
    size_t length = length_of(path);
    search_widen(name, wide, NAME_MAX_WIDE);
    if (!*wide || strpbrk(name, "/\\:") || !strcmp(name, "..") ||
        length + length_of(wide) + length_of(tail) >= DOS_PATH_MAX)
        return false;
    memcpy(path + length, wide, length_of(wide) * sizeof *path);
    length += length_of(wide);
    memcpy(path + length, tail, (length_of(tail) + 1) * sizeof *path);
    return true;
}

/* Looks for an assembly's manifest in the file at `path`. */
static bool try_manifest(struct actctx *context, const struct manifest_identity *wanted, const WCHAR *path,
                         unsigned resource)
{
    struct open_manifest open;
    char error[128];
    if (!open_manifest(path, resource, &open))
        return false;
    struct manifest *manifest = manifest_read(open.text, error, sizeof error);
    open_manifest_close(&open);
    if (manifest && identity_fits(wanted, &manifest->identity) && add_assembly(context, manifest, path))
        return true;
    manifest_free(manifest);
    return false;
}

/* DIRECTORY\[CULTURE\][NAME\]NAME.dll and .manifest. */
static bool try_directory(struct actctx *context, const struct manifest_identity *wanted, const WCHAR *directory,
                          const char *culture, bool below)
{
    WCHAR path[DOS_PATH_MAX], file[DOS_PATH_MAX];
    size_t length = length_of(directory);
    if (length >= DOS_PATH_MAX)
        return false;
    memcpy(path, directory, (length + 1) * sizeof *path);
    if ((culture && !append(path, culture, L"\\")) || (below && !append(path, wanted->name, L"\\")))
        return false;
    memcpy(file, path, (length_of(path) + 1) * sizeof *path);
    if (append(file, wanted->name, L".dll") && try_manifest(context, wanted, file, 1))
        return true;
    return append(path, wanted->name, L".manifest") && try_manifest(context, wanted, path, 0);
}

static bool try_cultures(struct actctx *context, const struct manifest_identity *wanted, const WCHAR *directory)
{
    static const char any[][8] = {"en-US", "en"};
    const char *language = is_neutral(wanted->language) ? NULL : wanted->language;
    bool found = false;
    if (language && !strcmp(language, "*"))
        for (unsigned i = 0; i < ARRAYSIZE(any) && !found; i++)
            found = try_directory(context, wanted, directory, any[i], false) ||
                    try_directory(context, wanted, directory, any[i], true);
    else if (language)
        found = try_directory(context, wanted, directory, language, false) ||
                try_directory(context, wanted, directory, language, true);
    return found || try_directory(context, wanted, directory, NULL, false) ||
           try_directory(context, wanted, directory, NULL, true);
}

static bool already_there(const struct actctx *context, const struct manifest_identity *wanted)
{
    for (unsigned i = 0; i < context->count; i++)
        if (identity_fits(wanted, &context->assemblies[i].manifest->identity))
            return true;
    return false;
}

static bool brought_by_windows(const char *name)
{
    return !strncasecmp(name, "Microsoft.Windows.", 18);
}

static NTSTATUS add_dependency(const struct builder *builder, const struct manifest_dependency *dependency,
                               const WCHAR *asking)
{
    const struct manifest_identity *wanted = &dependency->identity;
    struct actctx *context = builder->context;
    char own[128];
    if (!wanted->name || already_there(context, wanted) || brought_by_windows(wanted->name) ||
        context->count >= ASSEMBLIES_MAX || try_cultures(context, wanted, context->directory) ||
        (builder->second && try_cultures(context, wanted, builder->second)) || dependency->optional)
        return STATUS_SUCCESS;
    describe(asking, own, sizeof own);
    load_set_error("%s: the assembly %s%s%s, which its manifest asks for, is not found (put %s.manifest and its DLLs "
                   "beside the program)",
                   own, wanted->name, wanted->version ? " " : "", wanted->version ? wanted->version : "", wanted->name);
    return STATUS_SXS_CANT_GEN_ACTCTX;
}

static NTSTATUS add_dependencies(const struct builder *builder)
{
    struct actctx *context = builder->context;
    for (unsigned i = 0; i < context->count; i++)
        for (unsigned j = 0; j < context->assemblies[i].manifest->dependency_count; j++) {
            const struct actctx_assembly *assembly = &context->assemblies[i];
            NTSTATUS status = add_dependency(builder, &assembly->manifest->dependencies[j], assembly->path);
            if (!NT_SUCCESS(status))
                return status;
        }
    return STATUS_SUCCESS;
}

static NTSTATUS add_root(struct actctx *context, const struct actctx_source *source)
{
    char error[128], own[128];
    struct manifest *manifest = manifest_read(source->text, error, sizeof error);
    if (!manifest) {
        describe(source->path, own, sizeof own);
        load_set_error("%s: its manifest can not be read: %s", own, error);
        return STATUS_SXS_CANT_GEN_ACTCTX;
    }
    context->directory =
        source->directory ? wide_copy(source->directory, length_of(source->directory)) : directory_of(source->path);
    if (context->directory && add_assembly(context, manifest, source->path))
        return STATUS_SUCCESS;
    manifest_free(manifest);
    return STATUS_NO_MEMORY;
}

NTSTATUS actctx_create(const struct actctx_source *source, struct actctx **result)
{
    struct actctx *context = calloc(1, sizeof *context);
    if (!context)
        return STATUS_NO_MEMORY;
    context->magic = ACTCTX_MAGIC;
    context->references = 1;
    NTSTATUS status = add_root(context, source);
    if (NT_SUCCESS(status)) {
        WCHAR *program = module_program() ? directory_of(module_program()->ldr.FullDllName.Buffer) : NULL;
        status = add_dependencies(&(struct builder){context, program});
        free(program);
    }
    if (NT_SUCCESS(status))
        *result = context;
    else
        actctx_release(context);
    return status;
}

NTSTATUS actctx_create_from_file(const WCHAR *path, unsigned resource, const WCHAR *directory, struct actctx **context)
{
    struct open_manifest open;
    if (!open_manifest(path, resource, &open))
        return resource ? STATUS_RESOURCE_TYPE_NOT_FOUND : STATUS_OBJECT_NAME_NOT_FOUND;
    NTSTATUS status = actctx_create(&(struct actctx_source){open.text, path, directory}, context);
    open_manifest_close(&open);
    return status;
}

struct actctx *actctx_from_handle(HANDLE handle)
{
    struct actctx *context = handle;
    return handle && handle != INVALID_HANDLE_VALUE && context->magic == ACTCTX_MAGIC ? context : NULL;
}

void actctx_reference(struct actctx *context)
{
    if (context)
        atomic_fetch_add(&context->references, 1);
}

void actctx_release(struct actctx *context)
{
    if (!context || atomic_fetch_sub(&context->references, 1) != 1)
        return;
    context->magic = 0;
    for (unsigned i = 0; i < context->count; i++) {
        manifest_free(context->assemblies[i].manifest);
        free(context->assemblies[i].path);
        free(context->assemblies[i].directory);
    }
    free(context->assemblies);
    free(context->directory);
    free(context);
}
