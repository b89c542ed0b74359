/*
 * prefix.c: the directory that belongs to one program: where it is, and which directories of
 * its C: drive appear to exist before anything has been written.
 *
 * Nothing is created until something is written into it.  Calls Linux only.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "path.h"

static char prefix[PATH_HOST_MAX];
static char user[64];
static const char *program;

/* Below drive_c; "*" stands for the user's name. */
static const char virtual_directories[][48] = {
    "Program Files",
    "Program Files/Common Files",
    "Program Files (x86)",
    "Program Files (x86)/Common Files",
    "ProgramData",
    "Users",
    "Users/*",
    "Users/*/AppData",
    "Users/*/AppData/Local",
    "Users/*/AppData/Local/Temp",
    "Users/*/AppData/LocalLow",
    "Users/*/AppData/Roaming",
    "Users/*/Desktop",
    "Users/*/Documents",
    "Users/*/Downloads",
    "Users/Public",
    "Windows",
    "Windows/Fonts",
    "Windows/System32",
    "Windows/System32/drivers",
    "Windows/System32/drivers/etc",
    "Windows/Temp",
};

void path_set_program(const char *host_path)
{
    program = host_path;
}

void path_set_prefix(const char *host_directory)
{
    size_t length = strlen(host_directory);
    while (length > 1 && host_directory[length - 1] == '/')
        length--;
    if (length >= sizeof prefix - 256)
        length = 0;
    memcpy(prefix, host_directory, length);
    prefix[length] = 0;
}

/* NAME-HASH: the program's file name without extension, and its directory in a short hash. */
static void prefix_name(char name[96])
{
    const char *path = program ? program : "default";
    const char *slash = strrchr(path, '/');
    const char *base = slash ? slash + 1 : path;
    const char *dot = strrchr(base, '.');
    size_t length = dot && dot != base ? (size_t)(dot - base) : strlen(base);
    uint32_t hash = 2166136261u;
    for (const char *p = path; slash && p < slash; p++)
        hash = (hash ^ (unsigned char)*p) * 16777619u;
    if (length > 64)
        length = 64;
    for (size_t i = 0; i < length; i++)
        name[i] = base[i] >= 'A' && base[i] <= 'Z' ? (char)(base[i] + 32) : base[i];
    name[length++] = '-';
    for (int shift = 28; shift >= 0; shift -= 4)
        name[length++] = "0123456789abcdef"[hash >> shift & 15];
    name[length] = 0;
}

static void prefix_derive(void)
{
    const char *base = getenv("WINRUN_PREFIX"), *between = "/winrun/";
    char name[96], uid[24] = "";
    if (base && base[0] == '/') {
        path_set_prefix(base);
        return;
    }
    prefix_name(name);
    base = getenv("XDG_DATA_HOME");
    if (!base || base[0] != '/') {
        base = getenv("HOME");
        between = "/.local/share/winrun/";
    }
    if (!base || base[0] != '/') {
        unsigned id = getuid(), digits = 0, rest = id;
        do
            digits++;
        while (rest /= 10);
        for (uid[digits] = 0; digits--; id /= 10)
            uid[digits] = (char)('0' + id % 10);
        base = "/tmp/winrun-";
        between = "/";
    }
    char path[PATH_HOST_MAX];
    if (strlen(base) + strlen(uid) + strlen(between) + strlen(name) >= sizeof path - 256)
        base = "/tmp/winrun-";
    stpcpy(stpcpy(stpcpy(stpcpy(path, base), uid), between), name);
    path_set_prefix(path);
}

const char *path_prefix(void)
{
    if (!prefix[0])
        prefix_derive();
    return prefix;
}

const char *path_user(void)
{
    if (user[0])
        return user;
    const char *name = getenv("USER");
    if (!name || !name[0])
        name = getenv("LOGNAME");
    if (!name || !name[0])
        name = getuid() ? "user" : "root";
    char clean[sizeof user];
    size_t n = 0;
    for (; name[n] && n < sizeof user - 1; n++)
        clean[n] = strchr("/\\:*?\"<>|", name[n]) ? '_' : name[n];
    clean[n] = 0;
    memcpy(user, clean, n + 1);
    return user;
}

/* The part of `host` below drive_c, or NULL if it is elsewhere; "" for drive_c itself. */
static const char *below_drive_c(const char *host)
{
    const char *root = path_prefix();
    size_t length = strlen(root);
    if (strncmp(host, root, length) || strncmp(host + length, "/drive_c", 8))
        return NULL;
    host += length + 8;
    return *host == '/' ? host + 1 : *host ? NULL : host;
}

/* Writes entry i with the user's name in its place. */
static void virtual_name(unsigned i, char out[256])
{
    const char *entry = virtual_directories[i], *star = strchr(entry, '*');
    if (!star) {
        strcpy(out, entry);
        return;
    }
    memcpy(out, entry, star - entry);
    stpcpy(stpcpy(out + (star - entry), path_user()), star + 1);
}

#define VIRTUAL_COUNT (sizeof virtual_directories / sizeof *virtual_directories)

bool path_is_virtual(const char *host)
{
    const char *name = below_drive_c(host);
    char entry[256];
    if (!name)
        return false;
    if (!*name)
        return true;
    for (unsigned i = 0; i < VIRTUAL_COUNT; i++) {
        virtual_name(i, entry);
        if (!strcmp(entry, name))
            return true;
    }
    return false;
}

const char *path_virtual_child(const char *host, unsigned index, char name[256])
{
    const char *parent = below_drive_c(host);
    if (!parent)
        return NULL;
    size_t length = strlen(parent);
    for (unsigned i = 0; i < VIRTUAL_COUNT; i++) {
        virtual_name(i, name);
        const char *child = name + length;
        if (length && (strncmp(name, parent, length) || *child++ != '/'))
            continue;
        if (!strchr(child, '/') && index-- == 0) {
            memmove(name, child, strlen(child) + 1);
            return name;
        }
    }
    return NULL;
}

bool path_make_real(const char *host, bool all)
{
    char path[PATH_HOST_MAX];
    size_t length = strlen(host);
    if (!all)
        while (length && host[--length] != '/')
            ;
    if (!length || length >= sizeof path)
        return false;
    memcpy(path, host, length);
    path[length] = 0;
    if (!path_is_virtual(path))
        return false;
    for (char *p = path + 1;; p++) {
        char c = *p;
        if (c && c != '/')
            continue;
        *p = 0;
        if (mkdir(path, 0777) && errno != EEXIST)
            return false;
        if (!c)
            return true;
        *p = c;
    }
}
