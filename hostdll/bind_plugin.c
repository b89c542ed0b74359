/*
 * bind_plugin.c: winrun-hostdll.so: DLLs that prefix.conf binds to libraries of the host.
 *
 * Opened by loader/host_bound.c when a program loads such a DLL.  Everything is verified before anything of it can be
 * called: the signatures, the library's own name, each symbol and its version, and the types where the library has
 * debug information.
 */
#include <dlfcn.h>
#include <fcntl.h>
#include <glib.h>
#include <link.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "bind.h"
#include "bind_dwarf.h"
#include "bind_elf.h"
#include "trampoline.h"

static bool fail(char *error, size_t size, const char *format, ...) G_GNUC_PRINTF(3, 4);

static bool fail(char *error, size_t size, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_vsnprintf(error, (gulong)size, format, arguments);
    va_end(arguments);
    return false;
}

/* ---- one line: NAME[@ORDINAL]=SIGNATURE [=SYMBOL[@VERSION]] ---- */

static bool parse_name(struct bound_function *function, const char *key, char *error, size_t size)
{
    const char *at = strrchr(key, '@');
    guint64 ordinal = 0;
    if (at && at[1] && strspn(at + 1, "0123456789") == strlen(at + 1)) {
        if (!g_ascii_string_to_unsigned(at + 1, 10, 1, 0xffff, &ordinal, NULL))
            return fail(error, size, "an ordinal is a number from 1 to 65535");
        function->ordinal = (unsigned)ordinal;
    } else {
        at = NULL;
    }
    function->name = at ? g_strndup(key, (gsize)(at - key)) : g_strdup(key);
    return *function->name || fail(error, size, "a function needs a name");
}

/* What can not be handed on though it can be written. */
static bool check_types(const struct signature *signature, char *error, size_t size)
{
    const struct type *function = &signature->function;
    unsigned count = type_arguments(function);
    if (function->kind == TYPE_UNKNOWN)
        return fail(error, size, "'?' is not a type that can be converted");
    if (!layout_check(signature, function, error, size))
        return false;
    for (unsigned i = 0; function->variadic && i <= count; i++) {
        const struct type *type = type_part(signature, function, i);
        if (type->kind >= TYPE_FUNCTION || type->kind == TYPE_PATH || type->kind == TYPE_WPATH)
            return fail(error, size, "a function with '...' can have plain arguments only");
    }
    if (function->variadic && (!count || type_argument(signature, function, count - 1)->kind != TYPE_STR))
        return fail(error, size, "before '...' there has to be the format of printf's kind, a 'str'");
    return true;
}

static bool parse_function(struct bound_function *function, const struct config_pair *line,
                           const struct binding_services *services, char *error, size_t size)
{
    g_auto(GStrv) words = g_strsplit_set(line->value, " \t", -1);
    const char *signature = NULL, *target = NULL;
    char reason[SIGNATURE_ERROR_MAX] = "";
    for (int i = 0; words[i]; i++) {
        if (!*words[i])
            continue;
        if (!signature)
            signature = words[i];
        else if (!target && words[i][0] == '=' && words[i][1])
            target = words[i] + 1;
        else
            return fail(error, size, "'%s' is left over (SIGNATURE, or SIGNATURE =SYMBOL@VERSION)", words[i]);
    }
    if (!signature)
        return fail(error, size, "a signature is missing");
    if (!signature_parse(signature, &function->signature, reason))
        return fail(error, size, "%s: %s", signature, reason);
    if (!parse_name(function, line->name, error, size) || !check_types(&function->signature, reason, sizeof reason))
        return *reason ? fail(error, size, "%s: %s", signature, reason) : false;
    g_auto(GStrv) parts = g_strsplit(target ? target : function->name, target ? "@" : "\n", 2);
    function->symbol = g_strdup(parts[0]);
    function->version = parts[1] ? g_strdup(parts[1]) : NULL;
    function->binding.name = function->name;
    return shape_init(&function->binding.shape, &function->signature, &function->signature.function, services) ||
           fail(error, size, "libffi does not accept these types");
}

/* ---- the library ---- */

/* By its dynamic symbols: they are there, are functions, and have the wanted version. */
static bool verify_symbols(const struct bound_dll *dll, Elf *elf, const char *library, char *error, size_t size)
{
    struct elf_library read;
    char reason[200];
    if (!elf_library_read(elf, &read, reason, sizeof reason))
        return fail(error, size, "%s %s", library, reason);
    if (!strchr(library, '/') && read.soname && strcmp(read.soname, library))
        return fail(error, size, "%s is %s by its own name; write that", library, read.soname);
    for (unsigned i = 0; i < dll->count; i++) {
        const struct bound_function *function = &dll->functions[i];
        if (!elf_library_has(&read, function->symbol, function->version, reason, sizeof reason))
            return fail(error, size, "%s: %s %s", library, function->symbol, reason);
    }
    return dwarf_agrees(elf, dll, error, size);
}

static bool verify_file(const struct bound_dll *dll, const char *path, const char *library, char *error, size_t size)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return fail(error, size, "%s can not be read", path);
    elf_version(EV_CURRENT);
    Elf *elf = elf_begin(fd, ELF_C_READ_MMAP, NULL);
    bool good = elf ? verify_symbols(dll, elf, library, error, size) : fail(error, size, "%s is not an ELF file", path);
    elf_end(elf);
    close(fd);
    return good;
}

bool bind_verify(struct bound_dll *dll, const char *library, char *error, size_t size)
{
    struct link_map *map;
    void *handle = dlopen(library, RTLD_NOW | RTLD_LOCAL);
    if (!handle)
        return fail(error, size, "%s can not be opened: %s", library, dlerror());
    if (dlinfo(handle, RTLD_DI_LINKMAP, &map))
        return fail(error, size, "%s: %s", library, dlerror());
    if (!verify_file(dll, map->l_name, library, error, size))
        return false;
    for (unsigned i = 0; i < dll->count; i++) {
        struct bound_function *function = &dll->functions[i];
        function->binding.function =
            function->version ? dlvsym(handle, function->symbol, function->version) : dlsym(handle, function->symbol);
        if (!function->binding.function)
            return fail(error, size, "%s: %s", library, dlerror());
    }
    return true;
}

/* ---- the plug-in ---- */

static bool read_functions(struct bound_dll *dll, const struct config_host_dll *config,
                           const struct binding_services *services, char *error, size_t size)
{
    char reason[300];
    for (unsigned i = 0; i < dll->count; i++) {
        struct bound_function *function = &dll->functions[i];
        if (!parse_function(function, &config->functions[i], services, reason, sizeof reason))
            return fail(error, size, "[%s.dll] %s: %s", config->name, config->functions[i].name, reason);
        for (unsigned j = 0; j < i; j++)
            if (!strcmp(dll->functions[j].name, function->name) ||
                (function->ordinal && dll->functions[j].ordinal == function->ordinal))
                return fail(error, size, "[%s.dll] %s: it or its ordinal is there twice", config->name,
                            config->functions[i].name);
    }
    if (!bind_verify(dll, config->library, reason, sizeof reason))
        return fail(error, size, "[%s.dll] %s", config->name, reason);
    return true;
}

static struct bound_dll *make(const struct config_host_dll *config, const struct binding_services *services, int *fd,
                              char *error, size_t size)
{
    unsigned count = 0;
    while (config->functions[count].name)
        count++;
    struct bound_dll *dll = g_malloc0(sizeof *dll + count * sizeof *dll->functions);
    dll->name = config->name;
    dll->count = count;
    if (!read_functions(dll, config, services, error, size))
        return NULL;
    *fd = bind_image(dll);
    if (*fd >= 0)
        return dll;
    fail(error, size, "[%s.dll]: no memory", config->name);
    return NULL;
}

static void place(struct bound_dll *dll, void *base)
{
    for (unsigned i = 0; i < dll->count; i++)
        *(struct trampoline *)((char *)base + dll->functions[i].data) =
            (struct trampoline){(void *)bind_entry, &dll->functions[i].binding};
}

__attribute__((visibility("default"))) const struct binding_plugin winrun_hostdll_plugin = {make, place};
