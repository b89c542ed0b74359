/*
 * prefix.c: the directory that belongs to one program: where it is, and which directories of
 * its C: drive appear to exist before anything has been written.
 *
 * Nothing is created until something is written into it.  Calls Linux only.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include "large.h"
#include "path.h"

static char prefix[PATH_HOST_MAX] LARGE;
static char user[64];
static const char *program;
static char system_directory[PATH_HOST_MAX] LARGE;

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
    if (strstr(host_path, "/programs/") || strstr(host_path, "/system32/")) /* it may be one of them */
        path_system_directory();
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

/* For people, and for winrun prefix list. */
static void note_program(void)
{
    char path[PATH_HOST_MAX + 16];
    if (!program)
        return;
    stpcpy(stpcpy(path, path_prefix()), "/program");
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (fd < 0)
        return;
    struct iovec parts[2] = {{(char *)program, strlen(program)}, {"\n", 1}};
    if (writev(fd, parts, 2) < 0)
        unlink(path);
    close(fd);
}

bool path_prefix_make(void)
{
    char path[PATH_HOST_MAX];
    if (mkdir(path_prefix(), 0700) == 0) {
        note_program();
        return true;
    }
    if (errno == EEXIST)
        return true;
    strcpy(path, path_prefix());
    for (char *p = path + 1; *p; p++)
        if (*p == '/') {
            *p = 0;
            if (mkdir(path, 0777) && errno != EEXIST)
                return false;
            *p = '/';
        }
    bool made = mkdir(path, 0700) == 0;
    if (made)
        note_program();
    return made || errno == EEXIST;
}

const char *path_user(void)
{
    if (user[0])
        return user;
    const char *name = getenv("USER");
    if (!name || !name[0])
        name = getenv("LOGNAME");
    if (!name || !name[0])
        name = "user";
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

/* Where the programs lie: beside winrun in the build tree, in its library directory when installed. */
const char *path_system_directory(void)
{
    char path[PATH_HOST_MAX];
    if (system_directory[0])
        return system_directory;
    ssize_t n = readlink("/proc/self/exe", path, sizeof path - 64);
    path[n > 0 ? n : 0] = 0;
    char *slash = strrchr(path, '/');
    if (!slash)
        return "/nonexistent";
    strcpy(slash, "/programs");
    if (access(path, F_OK)) {
        while (slash > path && slash[-1] != '/')
            slash--;
        strcpy(slash, "lib/winrun/system32");
    }
    strcpy(system_directory, path);
    return system_directory;
}

bool path_is_system(const char *host)
{
    size_t length = strlen(system_directory); /* 0 while nobody has looked for such a program */
    return length && !strncmp(host, system_directory, length) && host[length] == '/' && !strchr(host + length + 1, '/');
}

bool path_is_system32(const char *host)
{
    const char *name = below_drive_c(host);
    return name && !strcasecmp(name, "Windows/System32");
}

/* The tables of the network's names, under Windows' and the host's. */
static const struct {
    char name[12], host[20];
} etc_files[] = {
    {"hosts", "/etc/hosts"},
    {"networks", "/etc/networks"},
    {"protocol", "/etc/protocols"},
    {"services", "/etc/services"},
};

#define ETC_COUNT (sizeof etc_files / sizeof *etc_files)

const char *path_etc_child(const char *host, unsigned index)
{
    const char *name = below_drive_c(host);
    return name && index < ETC_COUNT && !strcasecmp(name, "Windows/System32/drivers/etc") ? etc_files[index].name
                                                                                          : NULL;
}

const char *path_etc_name(const char *host)
{
    for (unsigned i = 0; i < ETC_COUNT; i++)
        if (!strcmp(host, etc_files[i].host))
            return etc_files[i].name;
    return NULL;
}

static bool etc_file(const char *name, char real[PATH_HOST_MAX])
{
    for (unsigned i = 0; i < ETC_COUNT; i++)
        if (!strcasecmp(name, etc_files[i].name)) {
            strcpy(real, etc_files[i].host);
            return !access(real, F_OK);
        }
    return false;
}

bool path_system_file(const char *host, char real[PATH_HOST_MAX])
{
    const char *name = below_drive_c(host), parent[] = "Windows/System32/", etc[] = "drivers/etc/";
    if (!name || strncasecmp(name, parent, sizeof parent - 1))
        return false;
    name += sizeof parent - 1;
    if (!strncasecmp(name, etc, sizeof etc - 1))
        return etc_file(name + sizeof etc - 1, real);
    const char *directory = path_system_directory();
    size_t length = strlen(directory);
    if (!*name || strchr(name, '/') || length + strlen(name) + 2 > PATH_HOST_MAX)
        return false;
    char *out = stpcpy(stpcpy(real, directory), "/");
    for (; *name; name++)
        *out++ = *name >= 'A' && *name <= 'Z' ? (char)(*name + 32) : *name;
    *out = 0;
    size_t total = (size_t)(out - real);
    bool program = total > 4 && (!strcmp(out - 4, ".exe") || !strcmp(out - 4, ".com") || !strcmp(out - 4, ".dll"));
    return program && !access(real, F_OK);
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

/* Whether an entry can begin with `name`, seen without writing it out: nearly all differ within a few characters. */
static bool entry_may_begin(const char *entry, const char *name, size_t length)
{
    for (size_t i = 0; i < length && entry[i] != '*'; i++)
        if (entry[i] != name[i])
            return false;
    return true;
}

bool path_is_virtual(const char *host)
{
    const char *name = below_drive_c(host);
    char entry[256];
    if (!name)
        return false;
    if (!*name)
        return true;
    size_t length = strlen(name);
    for (unsigned i = 0; i < VIRTUAL_COUNT; i++) {
        if (!entry_may_begin(virtual_directories[i], name, length))
            continue;
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
        if (!entry_may_begin(virtual_directories[i], parent, length))
            continue;
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
    path_prefix_make();
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
