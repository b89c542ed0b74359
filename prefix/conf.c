/*
 * conf.c: winrun-conf.so: reads prefix.conf, a GKeyFile, by glib.
 *
 * Opened by ntdll/config.c when a prefix has such a file, and linked into winrun-prefix.so.  Everything that is not
 * known is an error that names file, group, key, and what is allowed.
 */
#include <glib.h>
#include <stdio.h>
#include <string.h>
#include "conf.h"

#define GROUPS "[windows], [drives], [environment], [path], [dlls], [links], [host-dlls] and what it names"

struct reader {
    GKeyFile *file;
    const char *prefix;
    struct prefix_config *config;
    GArray *environment, *links, *dlls, *host_dlls;
    char *error;
    size_t size;
};

static bool fail(struct reader *r, const char *group, const char *key, const char *text)
{
    g_snprintf(r->error, r->size, "[%s] %s: %s", group, key, text);
    return false;
}

static bool read_windows(struct reader *r, const char *key, const char *value)
{
    char *end;
    guint64 number = g_ascii_strtoull(value, &end, 10);
    bool is_number = *value && !*end && number > 0 && number <= 65001;
    if (!strcmp(key, "version"))
        r->config->version = g_strdup(value);
    else if (!strcmp(key, "user"))
        r->config->user = g_strdup(value);
    else if (!strcmp(key, "ansi-codepage") && is_number)
        r->config->ansi = (unsigned)number;
    else if (!strcmp(key, "oem-codepage") && is_number)
        r->config->oem = (unsigned)number;
    else if (g_str_has_suffix(key, "-codepage"))
        return fail(r, "windows", key, "must be a code page's number, such as 1252 or 65001");
    else
        return fail(r, "windows", key, "unknown (allowed: version, user, ansi-codepage, oem-codepage)");
    if (r->config->user && (!*r->config->user || strpbrk(r->config->user, "/\\:*?\"<>|")))
        return fail(r, "windows", key, "must be a name that can stand in a path");
    return true;
}

/* D=/host/directory;read-only */
static bool read_drive(struct reader *r, const char *key, const char *value)
{
    char letter = g_ascii_toupper(key[0]);
    g_auto(GStrv) parts = g_strsplit(value, ";", -1);
    if (letter < 'A' || letter > 'Z' || key[1] || letter == 'C')
        return fail(r, "drives", key, "must be a letter from A to Z other than C (the prefix's own)");
    struct config_drive *drive = &r->config->drives[letter - 'A'];
    if (!strcmp(value, "none")) {
        drive->removed = true;
        return true;
    }
    if (!parts[0] || !*parts[0])
        return fail(r, "drives", key, "needs a host directory, or none");
    for (int i = 1; parts[i]; i++) {
        if (!strcmp(parts[i], "read-only"))
            drive->read_only = true;
        else if (*parts[i])
            return fail(r, "drives", key, "after the directory only ;read-only is allowed");
    }
    char *path = g_path_is_absolute(parts[0]) ? g_strdup(parts[0]) : g_build_filename(r->prefix, parts[0], NULL);
    for (size_t length = strlen(path); length && path[length - 1] == '/';)
        path[--length] = 0;
    drive->path = path;
    return true;
}

static bool read_environment(struct reader *r, const char *key, const char *value)
{
    struct config_pair pair = {g_strdup(key), *value ? g_strdup(value) : NULL};
    g_array_append_val(r->environment, pair);
    return true;
}

static bool read_path(struct reader *r, const char *key, const char *value)
{
    if (!strcmp(key, "before"))
        r->config->path_before = g_strdup(value);
    else if (!strcmp(key, "after"))
        r->config->path_after = g_strdup(value);
    else
        return fail(r, "path", key, "unknown (allowed: before, after)");
    return true;
}

static bool read_dll(struct reader *r, const char *key, const char *value)
{
    static const struct {
        const char *text;
        enum config_dll_order order;
    } orders[] = {{"native", DLL_NATIVE},
                  {"builtin", DLL_BUILTIN},
                  {"native,builtin", DLL_NATIVE_BUILTIN},
                  {"builtin,native", DLL_BUILTIN_NATIVE},
                  {"disabled", DLL_DISABLED}};
    for (size_t i = 0; i < G_N_ELEMENTS(orders); i++)
        if (!strcmp(value, orders[i].text)) {
            struct config_dll dll = {g_ascii_strdown(key, -1), orders[i].order};
            if (g_str_has_suffix(dll.name, ".dll"))
                ((char *)dll.name)[strlen(dll.name) - 4] = 0;
            g_array_append_val(r->dlls, dll);
            return true;
        }
    return fail(r, "dlls", key, "must be native, builtin, \"native,builtin\", \"builtin,native\" or disabled");
}

static bool read_link(struct reader *r, const char *key, const char *value)
{
    static const char *const folders[] = {"Desktop", "Documents", "Downloads", "Music", "Pictures", "Videos"};
    for (size_t i = 0; i < G_N_ELEMENTS(folders); i++)
        if (!strcmp(key, folders[i])) {
            if (!g_path_is_absolute(value))
                return fail(r, "links", key, "must be an absolute host directory");
            struct config_pair pair = {folders[i], g_strdup(value)};
            g_array_append_val(r->links, pair);
            return true;
        }
    return fail(r, "links", key, "unknown (allowed: Desktop, Documents, Downloads, Music, Pictures, Videos)");
}

/* name.dll=libname.so.1, and a group [name.dll] with the functions; their signatures are read when the DLL is loaded.
 */
static bool read_host_dll(struct reader *r, const char *key, const char *value)
{
    g_auto(GStrv) keys = g_key_file_get_keys(r->file, key, NULL, NULL);
    if (!*value)
        return fail(r, "host-dlls", key, "needs the library's name, such as libname.so.1");
    if (!g_str_has_suffix(key, ".dll") || !keys || !keys[0])
        return fail(r, "host-dlls", key, "must be a name in .dll, and have a group of that name with its functions");
    GArray *functions = g_array_new(true, true, sizeof(struct config_pair));
    for (char **name = keys; *name; name++) {
        char *signature = g_key_file_get_string(r->file, key, *name, NULL);
        if (!signature)
            return fail(r, key, *name, "is not valid text (a backslash is written \\\\)");
        struct config_pair pair = {g_strdup(*name), signature};
        g_array_append_val(functions, pair);
    }
    struct config_host_dll dll = {g_ascii_strdown(key, (gssize)strlen(key) - 4), g_strdup(value),
                                  (struct config_pair *)(void *)g_array_free(functions, false)};
    g_array_append_val(r->host_dlls, dll);
    return true;
}

static const struct {
    const char *name;
    bool (*read)(struct reader *, const char *key, const char *value);
} groups[] = {{"windows", read_windows}, {"drives", read_drive}, {"environment", read_environment}, {"path", read_path},
              {"dlls", read_dll},        {"links", read_link},   {"host-dlls", read_host_dll}};

static bool read_group(struct reader *r, const char *group)
{
    g_auto(GStrv) keys = g_key_file_get_keys(r->file, group, NULL, NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(groups); i++) {
        if (strcmp(groups[i].name, group) != 0)
            continue;
        for (char **key = keys; key && *key; key++) {
            g_autofree char *value = g_key_file_get_string(r->file, group, *key, NULL);
            if (!value)
                return fail(r, group, *key, "is not valid text (a backslash is written \\\\)");
            if (!groups[i].read(r, *key, value))
                return false;
        }
        return true;
    }
    if (g_key_file_has_key(r->file, "host-dlls", group, NULL))
        return true;
    g_snprintf(r->error, r->size, "[%s]: unknown group (allowed: " GROUPS ")", group);
    return false;
}

static bool read_file(struct reader *r)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = g_build_filename(r->prefix, "prefix.conf", NULL);
    if (!g_key_file_load_from_file(r->file, path, G_KEY_FILE_NONE, &error)) {
        g_snprintf(r->error, r->size, "%s", error->message);
        return false;
    }
    g_auto(GStrv) names = g_key_file_get_groups(r->file, NULL);
    for (char **name = names; *name; name++)
        if (!read_group(r, *name))
            return false;
    return true;
}

__attribute__((visibility("default"))) struct prefix_config *winrun_conf_read(const char *prefix, char *error,
                                                                              size_t size)
{
    struct reader r = {g_key_file_new(),
                       prefix,
                       g_new0(struct prefix_config, 1),
                       g_array_new(true, true, sizeof(struct config_pair)),
                       g_array_new(true, true, sizeof(struct config_pair)),
                       g_array_new(true, true, sizeof(struct config_dll)),
                       g_array_new(true, true, sizeof(struct config_host_dll)),
                       error,
                       size};
    g_key_file_set_list_separator(r.file, ';');
    bool good = read_file(&r);
    g_key_file_free(r.file);
    r.config->environment = (struct config_pair *)(void *)g_array_free(r.environment, false);
    r.config->links = (struct config_pair *)(void *)g_array_free(r.links, false);
    r.config->dlls = (struct config_dll *)(void *)g_array_free(r.dlls, false);
    r.config->host_dlls = (struct config_host_dll *)(void *)g_array_free(r.host_dlls, false);
    return good ? r.config : NULL;
}
