/*
 * search.c: from a DLL's name to a built-in module or a file.
 *
 * The order is Windows': known DLLs and api sets are always ours; then, for a name without a path, the program's
 * directory, System32 (which is the built-in modules, then the prefix's own), Windows, the current
 * directory, PATH; SetDllDirectory, AddDllDirectory and the LOAD_LIBRARY_SEARCH_ flags change it as documented.
 * A DLL that the program brings along thus wins over a built-in one of the same name, except a known one.  DLLs that
 * stand for a library of the host come last of all, because Windows has none of them.
 */
#include <stdlib.h>
#include <string.h>
#include "actctx.h"
#include "builtin.h"
#include "host.h"
#include "loader.h"
#include "ntdll/config.h"
#include "ntdll/path.h"
#include "search.h"

#define SEARCH_FLAGS                                                                                                   \
    (LOAD_LIBRARY_SEARCH_DLL_LOAD_DIR | LOAD_LIBRARY_SEARCH_APPLICATION_DIR | LOAD_LIBRARY_SEARCH_USER_DIRS |          \
     LOAD_LIBRARY_SEARCH_SYSTEM32 | LOAD_LIBRARY_SEARCH_DEFAULT_DIRS)
#define NAME_MAX_BYTES 256

static const WCHAR system_directory[] = L"C:\\Windows\\System32\\", windows_directory[] = L"C:\\Windows\\";

struct user_directory {
    struct user_directory *next;
    WCHAR path[];
};

static struct user_directory *user_directories; /* newest first */
static WCHAR *dll_directory;                    /* SetDllDirectory; NULL: default order */
static ULONG default_flags;
static bool files_only; /* for one search: built-in modules do not count */

void search_widen(const char *name, WCHAR *result, size_t count)
{
    if (path_name_to_wide(name, strlen(name), result, count) < 0)
        result[0] = 0;
}

void search_narrow(const WCHAR *name, char *result, size_t size)
{
    size_t length = 0;
    while (name[length])
        length++;
    if (path_name_to_bytes(name, length, result, size) < 0)
        result[0] = 0;
}

static size_t length_of(const WCHAR *text)
{
    size_t length = 0;
    while (text[length])
        length++;
    return length;
}

static const WCHAR *base_name(const WCHAR *path)
{
    const WCHAR *base = path;
    for (; *path; path++)
        if (*path == '\\' || *path == '/')
            base = path + 1;
    return base;
}

/* A final dot says that the name has no extension, and goes. */
bool search_add_extension(const WCHAR *name, WCHAR *result, size_t count)
{
    size_t length = length_of(name);
    if (length + 5 > count)
        return false;
    memcpy(result, name, (length + 1) * sizeof *name);
    bool dot = false;
    for (const WCHAR *p = base_name(name); *p; p++)
        dot |= *p == '.';
    if (!dot)
        memcpy(result + length, L".dll", sizeof L".dll");
    else if (result[length - 1] == '.')
        result[length - 1] = 0;
    return true;
}

void search_system_path(const WCHAR *name, WCHAR path[DOS_PATH_MAX])
{
    size_t length = ARRAYSIZE(system_directory) - 1, room = DOS_PATH_MAX - length - 1, i = 0;
    memcpy(path, system_directory, sizeof system_directory);
    for (name = base_name(name); name[i] && i < room; i++)
        path[length + i] = name[i];
    path[length + i] = 0;
}

bool search_file(const WCHAR *path, struct search_result *result)
{
    size_t length = length_of(path);
    enum path_kind kind = PATH_FILE;
    UNICODE_STRING name;
    if (length >= DOS_PATH_MAX || RtlDosPathNameToNtPathName_U_WithStatus(path, &name, NULL, NULL))
        return false;
    NTSTATUS status = path_resolve(&name, NULL, result->host_path, &kind);
    RtlFreeUnicodeString(&name);
    if (status != STATUS_SUCCESS || kind != PATH_FILE)
        return false;
    memcpy(result->dos_path, path, (length + 1) * sizeof *path);
    return true;
}

static bool try_full(const WCHAR *path, struct search_result *result)
{
    WCHAR full[DOS_PATH_MAX];
    ULONG size = RtlGetFullPathName_U(path, sizeof full, full, NULL);
    return size && size < sizeof full && search_file(full, result);
}

/* directory: `length` characters, with or without a separator at the end. */
static bool try_directory(const WCHAR *directory, size_t length, const WCHAR *name, struct search_result *result)
{
    WCHAR path[DOS_PATH_MAX];
    size_t name_length = length_of(name);
    if (!length || length + name_length + 2 > DOS_PATH_MAX)
        return false;
    memcpy(path, directory, length * sizeof *path);
    if (path[length - 1] != '\\' && path[length - 1] != '/')
        path[length++] = '\\';
    memcpy(path + length, name, (name_length + 1) * sizeof *path);
    return try_full(path, result);
}

static bool try_module_directory(const struct module *module, const WCHAR *name, struct search_result *result)
{
    const WCHAR *path = module->ldr.FullDllName.Buffer;
    return try_directory(path, (size_t)(module->ldr.BaseDllName.Buffer - path), name, result);
}

static bool try_user_directories(const WCHAR *name, struct search_result *result)
{
    for (const struct user_directory *directory = user_directories; directory; directory = directory->next)
        if (try_directory(directory->path, length_of(directory->path), name, result))
            return true;
    return false;
}

/* The built-in module of a name without a path; aliases (api sets) too. */
static const struct builtin *find_builtin(const WCHAR *name, bool *alias)
{
    char bytes[NAME_MAX_BYTES];
    search_narrow(name, bytes, sizeof bytes);
    return builtin_find(bytes, alias);
}

/* What stands for a library of the host: bound by prefix.conf, or built in. */
static bool take_host(const char *name, const struct builtin *dll, struct search_result *result)
{
    result->bound = config_host_dll(name);
    if (!result->bound && dll && dll->library && host_open(dll))
        result->builtin = dll;
    return result->bound || result->builtin;
}

static bool try_host(const WCHAR *name, struct search_result *result)
{
    char bytes[NAME_MAX_BYTES];
    search_narrow(name, bytes, sizeof bytes);
    return !files_only && take_host(bytes, builtin_find(bytes, NULL), result);
}

static bool try_builtin(const WCHAR *name, struct search_result *result)
{
    const struct builtin *dll = files_only ? NULL : find_builtin(name, NULL);
    if (dll && !dll->library)
        result->builtin = dll;
    return result->builtin;
}

static bool try_system(const WCHAR *name, struct search_result *result)
{
    return try_builtin(name, result) || try_directory(system_directory, ARRAYSIZE(system_directory) - 1, name, result);
}

static bool try_path_variable(const WCHAR *name, struct search_result *result)
{
    UNICODE_STRING variable, value = {.MaximumLength = 0xfffe};
    RtlInitUnicodeString(&variable, L"PATH");
    value.Buffer = malloc(value.MaximumLength);
    bool found = false;
    if (value.Buffer && NT_SUCCESS(RtlQueryEnvironmentVariable_U(NULL, &variable, &value))) {
        const WCHAR *p = value.Buffer, *end = p + value.Length / sizeof *p;
        while (!found && p < end) {
            const WCHAR *stop = p;
            while (stop < end && *stop != ';')
                stop++;
            found = try_directory(p, (size_t)(stop - p), name, result);
            p = stop + 1;
        }
    }
    free(value.Buffer);
    return found;
}

static bool search_by_flags(const struct load_request *request, const WCHAR *name, ULONG flags,
                            struct search_result *result)
{
    if (flags & LOAD_LIBRARY_SEARCH_DEFAULT_DIRS)
        flags |= LOAD_LIBRARY_SEARCH_APPLICATION_DIR | LOAD_LIBRARY_SEARCH_USER_DIRS | LOAD_LIBRARY_SEARCH_SYSTEM32;
    if ((flags & LOAD_LIBRARY_SEARCH_DLL_LOAD_DIR) && request->importer &&
        try_module_directory(request->importer, name, result))
        return true;
    if ((flags & LOAD_LIBRARY_SEARCH_APPLICATION_DIR) && try_module_directory(module_program(), name, result))
        return true;
    if ((flags & LOAD_LIBRARY_SEARCH_USER_DIRS) && try_user_directories(name, result))
        return true;
    return (flags & LOAD_LIBRARY_SEARCH_SYSTEM32) && (try_system(name, result) || try_host(name, result));
}

static bool search_standard(const struct load_request *request, const WCHAR *name, struct search_result *result)
{
    const struct module *first = module_program();
    if ((request->flags & LOAD_WITH_ALTERED_SEARCH_PATH) && request->importer)
        first = request->importer;
    if (first && try_module_directory(first, name, result))
        return true;
    if (dll_directory && try_directory(dll_directory, length_of(dll_directory), name, result))
        return true;
    if (try_system(name, result) || try_directory(windows_directory, ARRAYSIZE(windows_directory) - 1, name, result))
        return true;
    return (!dll_directory && try_full(name, result)) || try_path_variable(name, result) || try_host(name, result);
}

static bool is_full_path(const WCHAR *name)
{
    return name[0] == '\\' || name[0] == '/' || (name[0] && name[1] == ':');
}

/* A path into System32 means the built-in module, if there is one. */
static NTSTATUS search_full(const WCHAR *path, struct search_result *result)
{
    WCHAR full[DOS_PATH_MAX];
    ULONG size = RtlGetFullPathName_U(path, sizeof full, full, NULL);
    if (!size || size >= sizeof full)
        return STATUS_DLL_NOT_FOUND;
    UNICODE_STRING directory, system;
    RtlInitUnicodeString(&system, system_directory);
    directory.Buffer = full;
    directory.Length = directory.MaximumLength = (USHORT)((base_name(full) - full) * sizeof *full);
    if (RtlEqualUnicodeString(&directory, &system, TRUE) && try_builtin(base_name(full), result))
        return STATUS_SUCCESS;
    return search_file(full, result) ? STATUS_SUCCESS : STATUS_DLL_NOT_FOUND;
}

static NTSTATUS search_named(const struct load_request *request, const WCHAR *name, struct search_result *result)
{
    if (is_full_path(name))
        return search_full(name, result);
    if (base_name(name) == name && !files_only) {
        bool alias;
        const struct builtin *dll = find_builtin(name, &alias);
        if (dll && !dll->library && (alias || builtin_known(dll))) {
            result->builtin = dll;
            return STATUS_SUCCESS;
        }
    }
    NTSTATUS status = actctx_before_search();
    if (!NT_SUCCESS(status) || (base_name(name) == name && actctx_find_dll(request->importer, name, result)))
        return status;
    ULONG flags = request->flags & SEARCH_FLAGS ? request->flags : default_flags;
    bool found = flags & SEARCH_FLAGS && !(request->flags & LOAD_WITH_ALTERED_SEARCH_PATH)
                     ? search_by_flags(request, name, flags, result)
                     : search_standard(request, name, result);
    return found ? STATUS_SUCCESS : STATUS_DLL_NOT_FOUND;
}

static bool take_builtin(const char *name, struct search_result *result)
{
    const struct builtin *dll = builtin_find(name, NULL);
    if (dll && !dll->library)
        result->builtin = dll;
    return result->builtin || take_host(name, dll, result);
}

/* The prefix may say for a DLL which is taken: the file, the built-in module, or in which order. */
NTSTATUS search_module(const struct load_request *request, struct search_result *result)
{
    WCHAR name[DOS_PATH_MAX];
    char bytes[NAME_MAX_BYTES];
    result->builtin = NULL;
    result->bound = NULL;
    if (!search_add_extension(request->name, name, DOS_PATH_MAX))
        return STATUS_NAME_TOO_LONG;
    search_narrow(base_name(name), bytes, sizeof bytes);
    enum config_dll_order order = config_dll(bytes);
    if (order == DLL_DEFAULT)
        return search_named(request, name, result);
    if ((order == DLL_BUILTIN || order == DLL_BUILTIN_NATIVE) && take_builtin(bytes, result))
        return STATUS_SUCCESS;
    if (order == DLL_DISABLED || order == DLL_BUILTIN)
        return STATUS_DLL_NOT_FOUND;
    files_only = true;
    NTSTATUS status = search_named(request, name, result);
    files_only = false;
    if (status && order == DLL_NATIVE_BUILTIN && take_builtin(bytes, result))
        return STATUS_SUCCESS;
    return status;
}

static WCHAR *wide_copy(const WCHAR *text, size_t extra)
{
    size_t size = (length_of(text) + 1) * sizeof *text;
    char *copy = malloc(extra + size);
    if (copy)
        memcpy(copy + extra, text, size);
    return (WCHAR *)copy;
}

NTSTATUS search_set_directory(const WCHAR *path)
{
    WCHAR *copy = path ? wide_copy(path, 0) : NULL;
    if (path && !copy)
        return STATUS_NO_MEMORY;
    free(dll_directory);
    dll_directory = copy;
    return STATUS_SUCCESS;
}

const WCHAR *search_directory(void)
{
    return dll_directory;
}

NTSTATUS search_add_directory(const WCHAR *path, void **cookie)
{
    struct search_result *result = malloc(sizeof *result);
    bool exists = result && is_full_path(path) && try_full(path, result);
    free(result);
    if (!exists)
        return is_full_path(path) ? STATUS_OBJECT_NAME_NOT_FOUND : STATUS_INVALID_PARAMETER;
    struct user_directory *directory = (struct user_directory *)wide_copy(path, sizeof *directory);
    if (!directory)
        return STATUS_NO_MEMORY;
    directory->next = user_directories;
    user_directories = directory;
    *cookie = directory;
    return STATUS_SUCCESS;
}

NTSTATUS search_remove_directory(void *cookie)
{
    for (struct user_directory **link = &user_directories; *link; link = &(*link)->next)
        if (*link == cookie) {
            *link = (*link)->next;
            free(cookie);
            return STATUS_SUCCESS;
        }
    return STATUS_INVALID_PARAMETER;
}

NTSTATUS search_set_default_flags(ULONG flags)
{
    if (!flags || (flags & ~(ULONG)SEARCH_FLAGS) || (flags & LOAD_LIBRARY_SEARCH_DLL_LOAD_DIR))
        return STATUS_INVALID_PARAMETER;
    default_flags = flags;
    return STATUS_SUCCESS;
}
