/*
 * config.c: applies prefix.conf.
 *
 * Layer: NT layer.  One failed open at start if there is no such file; else the plug-in that links glib reads it.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>
#include "config.h"
#include "loader/plugin.h"
#include "nls.h"
#include "path.h"
#include "process.h"
#include "version.h"

static const struct prefix_config *config;

/* A folder of the user that leads to a host directory, made when it is not there. */
static void make_link(const struct config_pair *link)
{
    char path[PATH_HOST_MAX];
    int length = snprintf(path, sizeof path, "%s/drive_c/Users/%s/%s", path_prefix(), path_user(), link->name);
    struct stat st;
    if (length < 0 || length >= (int)sizeof path || lstat(path, &st) == 0)
        return;
    if (!path_make_real(path, false) || symlink(link->value, path))
        warn("%s: can not be made a link to %s: %s", path, link->value, strerror(errno));
}

void config_load(void)
{
    static struct plugin plugin = {"winrun-conf.so", "winrun_conf_read"};
    char path[PATH_HOST_MAX + 16], error[512] = "winrun-conf.so can not be opened (it belongs beside winrun)";
    stpcpy(stpcpy(path, path_prefix()), "/prefix.conf");
    if (access(path, F_OK))
        return;
    config_reader *read = (config_reader *)plugin_table(&plugin);
    struct prefix_config *made = read ? read(path_prefix(), error, sizeof error) : NULL;
    if (!made)
        fatal(125, "%s: %s", path, error);
    if (made->version && !windows_version_select(made->version))
        fatal(125,
              "%s: [windows] version: \"%s\" is not one of 7, 8.1, 10, 11, server2012r2, server2016, server2019, "
              "server2022",
              path, made->version);
    if ((made->ansi && !codepage_select(made->ansi, 0)) || (made->oem && !codepage_select(0, made->oem)))
        fatal(125, "%s: [windows] codepage: there is no such code page", path);
    if (made->user)
        setenv("USER", made->user, 1);
    config = made;
    for (const struct config_pair *link = made->links; link->name; link++)
        make_link(link);
}

static WCHAR *widen(const char *text, UNICODE_STRING *string)
{
    size_t length = strlen(text), used = 0;
    WCHAR *wide = malloc((length + 1) * sizeof *wide);
    if (!wide)
        fatal(125, "prefix.conf: no memory");
    if (length)
        codepage_decode(CP_UTF8, false, text, length, wide, length, &used);
    *string = (UNICODE_STRING){(USHORT)(used * sizeof *wide), (USHORT)(used * sizeof *wide), wide};
    return wide;
}

static void set_variable(const char *name, const char *value)
{
    UNICODE_STRING wide_name, wide_value;
    WCHAR *a = widen(name, &wide_name), *b = value ? widen(value, &wide_value) : NULL;
    RtlSetEnvironmentVariable(NULL, &wide_name, value ? &wide_value : NULL);
    free(a);
    free(b);
}

/* PATH with directories before and after it. */
static void extend_path(const char *before, const char *after)
{
    UNICODE_STRING name, front = {0}, back = {0}, whole = {.MaximumLength = 0xfffe};
    RtlInitUnicodeString(&name, L"PATH");
    WCHAR *a = before ? widen(before, &front) : NULL, *b = after ? widen(after, &back) : NULL;
    WCHAR *old = malloc(whole.MaximumLength), *made = malloc(0x30000);
    size_t used = 0;
    if (old && made) {
        whole.Buffer = old;
        if (RtlQueryEnvironmentVariable_U(NULL, &name, &whole))
            whole.Length = 0;
        const UNICODE_STRING parts[] = {front, whole, back};
        for (int i = 0; i < 3; i++) {
            if (!parts[i].Length)
                continue;
            if (used)
                made[used++] = ';';
            memcpy(made + used, parts[i].Buffer, parts[i].Length);
            used += parts[i].Length / sizeof(WCHAR);
        }
        if (used < 0x7ffe) {
            UNICODE_STRING value = {(USHORT)(used * sizeof(WCHAR)), (USHORT)(used * sizeof(WCHAR)), made};
            RtlSetEnvironmentVariable(NULL, &name, &value);
        }
    }
    free(a);
    free(b);
    free(old);
    free(made);
}

void config_environment(void)
{
    if (!config)
        return;
    for (const struct config_pair *pair = config->environment; pair->name; pair++)
        set_variable(pair->name, pair->value);
    if (config->path_before || config->path_after)
        extend_path(config->path_before, config->path_after);
}

const struct config_drive *config_drive(unsigned letter)
{
    const struct config_drive *drive = config && letter >= 'A' && letter <= 'Z' ? &config->drives[letter - 'A'] : NULL;
    return drive && (drive->path || drive->removed) ? drive : NULL;
}

static size_t stem_length(const char *name)
{
    size_t length = strlen(name);
    return length > 4 && !strcasecmp(name + length - 4, ".dll") ? length - 4 : length;
}

const struct config_host_dll *config_host_dll(const char *name)
{
    size_t length = stem_length(name);
    for (const struct config_host_dll *dll = config ? config->host_dlls : NULL; dll && dll->name; dll++)
        if (!strncasecmp(dll->name, name, length) && !dll->name[length])
            return dll;
    return NULL;
}

enum config_dll_order config_dll(const char *name)
{
    size_t length = stem_length(name);
    for (const struct config_dll *dll = config ? config->dlls : NULL; dll && dll->name; dll++)
        if (!strncasecmp(dll->name, name, length) && !dll->name[length])
            return dll->order;
    return DLL_DEFAULT;
}
