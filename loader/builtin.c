/*
 * builtin.c: looking things up in the tables of the built-in modules.
 *
 * Bottom of the loader: calls nothing but pure functions of libc, allocates nothing.
 */
#include <string.h>
#include <strings.h>
#include "builtin.h"

/*
 * Windows' known DLLs: System32's copy is used whatever lies beside the program.  The list is that of
 * \KnownDlls (what the registry names and what those import); sorted.
 */
static const char known_dlls[][16] = {
    "advapi32", "bcryptprimitives", "cfgmgr32", "clbcatq",  "combase",    "comdlg32", "coml2",  "crypt32", "gdi32",
    "gdiplus",  "imagehlp",         "imm32",    "kernel32", "kernelbase", "msctf",    "msvcrt", "ntdll",   "nsi",
    "ole32",    "oleaut32",         "psapi",    "rpcrt4",   "sechost",    "setupapi", "shcore", "shell32", "shlwapi",
    "ucrtbase", "user32",           "wldap32",  "ws2_32",
};

unsigned builtin_count(void)
{
    return (unsigned)(builtin_table_end - builtin_table);
}

const struct builtin *builtin_at(unsigned index)
{
    return index < builtin_count() ? &builtin_table[index] : NULL;
}

/* Length of a DLL's name without ".dll". */
static size_t stem_length(const char *name)
{
    size_t length = strlen(name);
    return length > 4 && !strcasecmp(name + length - 4, ".dll") ? length - 4 : length;
}

static bool stem_equal(const char *a, const char *b)
{
    size_t length = stem_length(a);
    return length == stem_length(b) && !strncasecmp(a, b, length);
}

static bool alias_matches(const char *pattern, const char *name)
{
    size_t length = strlen(pattern);
    if (length && pattern[length - 1] == '*')
        return !strncasecmp(pattern, name, length - 1);
    return stem_equal(pattern, name);
}

static const struct builtin *find_exact(const char *name)
{
    for (const struct builtin *dll = builtin_table; dll < builtin_table_end; dll++)
        if (stem_equal(builtin_name(dll), name))
            return dll;
    return NULL;
}

const struct builtin *builtin_find(const char *name, bool *alias)
{
    const struct builtin *dll = find_exact(name);
    if (alias)
        *alias = !dll;
    if (dll)
        return dll;
    for (const struct builtin_alias *row = builtin_aliases; row->pattern; row++)
        if (alias_matches(builtin_strings + row->pattern, name))
            return find_exact(builtin_strings + row->target);
    return NULL;
}

bool builtin_known(const struct builtin *dll)
{
    const char *name = builtin_name(dll);
    size_t length = stem_length(name);
    for (size_t i = 0; i < sizeof known_dlls / sizeof *known_dlls; i++)
        if (!strncmp(known_dlls[i], name, length) && strnlen(known_dlls[i], sizeof *known_dlls) == length)
            return true;
    return false;
}

const struct export *builtin_export(const struct builtin *dll, const char *name)
{
    const struct export *exports = builtin_exports(dll);
    const uint16_t *hash = builtin_hash_table(dll);
    for (uint32_t slot = builtin_hash(name) & dll->hash_mask; hash[slot]; slot = (slot + 1) & dll->hash_mask) {
        const struct export *export = &exports[hash[slot] - 1];
        if (!strcmp(builtin_strings + export->name, name))
            return export;
    }
    return NULL;
}

const struct export *builtin_export_ordinal(const struct builtin *dll, unsigned ordinal)
{
    const struct export *exports = builtin_exports(dll);
    uint32_t low = 0, high = dll->export_count;
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (exports[middle].ordinal < ordinal)
            low = middle + 1;
        else
            high = middle;
    }
    return low < dll->export_count && exports[low].ordinal == ordinal ? &exports[low] : NULL;
}

const struct builtin *builtin_at_image(const void *image)
{
    for (const struct builtin *dll = builtin_table; dll < builtin_table_end; dll++)
        if (builtin_image(dll) == image)
            return dll;
    return NULL;
}
