/*
 * plugin.c: winrun-prefix.so: winrun prefix list, create, show, clone, snapshot, rollback, export, import, remove.
 *
 * Layer: front end.  Opened by prefix/command.c.  A prefix is named by its directory, or by its name below
 * $XDG_DATA_HOME/winrun.  Snapshots are whole copies in NAME.snapshots beside it, so that going back is one
 * exchange of directories.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include "conf.h"
#include "prefix.h"

static const char *user; /* who runs this */

bool complain(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    fprintf(stderr, "winrun: prefix: %s\n", text);
    return false;
}

void progress_add(struct progress *progress, guint64 bytes)
{
    gint64 now = g_get_monotonic_time();
    progress->bytes += bytes;
    if (!progress->shown)
        progress->shown = now;
    if (now - progress->shown < 200000 || !isatty(STDERR_FILENO))
        return;
    g_autofree char *size = g_format_size(progress->bytes);
    fprintf(stderr, "\r\033[K%s: %" G_GUINT64_FORMAT " files, %s", progress->what, progress->files, size);
    progress->shown = now;
}

void progress_end(struct progress *progress)
{
    (void)progress;
    if (isatty(STDERR_FILENO))
        fprintf(stderr, "\r\033[K");
}

static char *data_directory(void)
{
    const char *base = getenv("XDG_DATA_HOME"), *home = getenv("HOME");
    if (base && base[0] == '/')
        return g_build_filename(base, "winrun", NULL);
    if (home && home[0] == '/')
        return g_build_filename(home, ".local/share/winrun", NULL);
    return g_strdup_printf("/tmp/winrun-%u", (unsigned)getuid());
}

static char *directory_of(const char *name)
{
    char *path;
    if (strchr(name, '/')) {
        path = g_canonicalize_filename(name, NULL);
    } else {
        g_autofree char *data = data_directory();
        path = g_build_filename(data, name, NULL);
    }
    return path;
}

static bool is_prefix(const char *path)
{
    static const char *const signs[] = {"drive_c", "registry.mdb", "prefix.conf", "program"};
    for (size_t i = 0; i < G_N_ELEMENTS(signs); i++) {
        g_autofree char *sign = g_build_filename(path, signs[i], NULL);
        if (g_file_test(sign, G_FILE_TEST_EXISTS))
            return true;
    }
    return false;
}

static bool must_be_prefix(const char *path)
{
    if (!g_file_test(path, G_FILE_TEST_IS_DIR))
        return complain("%s: there is no such prefix", path);
    return is_prefix(path) || complain("%s: is not a prefix", path);
}

static bool must_be_new(const char *path)
{
    struct stat st;
    return lstat(path, &st) != 0 || complain("%s: is there already", path);
}

bool prefix_in_use(const char *directory)
{
    g_autofree char *path = g_build_filename(directory, "registry.mdb", NULL);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return false;
    bool used = flock(fd, LOCK_EX | LOCK_NB) != 0;
    close(fd);
    return used;
}

static bool must_be_idle(const char *directory)
{
    return !prefix_in_use(directory) || complain("%s: a program is running in it", directory);
}

static char *program_of(const char *directory)
{
    g_autofree char *path = g_build_filename(directory, "program", NULL);
    char *text = NULL;
    if (g_file_get_contents(path, &text, NULL, NULL))
        return g_strchomp(text);
    return g_strdup("-");
}

static bool list(char **arguments)
{
    g_autofree char *data = data_directory();
    g_autoptr(GDir) dir = g_dir_open(data, 0, NULL);
    (void)arguments;
    for (const char *name; dir && (name = g_dir_read_name(dir));) {
        g_autofree char *path = g_build_filename(data, name, NULL);
        if (g_str_has_suffix(name, ".snapshots") || !is_prefix(path))
            continue;
        g_autofree char *size = g_format_size(tree_size(path)), *program = program_of(path);
        printf("%-40s %10s  %s\n", name, size, program);
    }
    return true;
}

static bool create(char **arguments)
{
    g_autofree char *path = directory_of(arguments[0]), *drive = g_build_filename(path, "drive_c", NULL);
    if (!must_be_new(path))
        return false;
    if (g_mkdir_with_parents(path, 0700) || g_mkdir_with_parents(drive, 0777))
        return complain("%s: can not be made: %s", path, g_strerror(errno));
    puts(path);
    return true;
}

static char *snapshots_of(const char *directory)
{
    return g_strconcat(directory, ".snapshots", NULL);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Sorted; names begin with the time by default, so the last is the newest. */
static GPtrArray *snapshot_names(const char *directory)
{
    g_autofree char *path = snapshots_of(directory);
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    for (const char *name; dir && (name = g_dir_read_name(dir));)
        if (name[0] != '.')
            g_ptr_array_add(names, g_strdup(name));
    g_ptr_array_sort(names, by_name);
    return names;
}

static bool show_conf(const char *path)
{
    char error[512];
    g_autofree char *file = g_build_filename(path, "prefix.conf", NULL);
    if (!g_file_test(file, G_FILE_TEST_EXISTS))
        return true;
    const struct prefix_config *config = winrun_conf_read(path, error, sizeof error);
    if (!config)
        return complain("%s: %s", file, error);
    printf("windows    %s\n", config->version ? config->version : "10");
    for (int i = 0; i < 26; i++)
        if (config->drives[i].path)
            printf("drive %c:   %s%s\n", 'A' + i, config->drives[i].path,
                   config->drives[i].read_only ? " (read-only)" : "");
    return true;
}

static bool show(char **arguments)
{
    g_autofree char *path = directory_of(arguments[0]);
    if (!must_be_prefix(path))
        return false;
    g_autofree char *program = program_of(path), *size = g_format_size(tree_size(path));
    g_autofree char *registry = g_build_filename(path, "registry.mdb", NULL);
    g_autofree char *registry_size = g_format_size(tree_size(registry));
    g_autoptr(GPtrArray) names = snapshot_names(path);
    printf("directory  %s\nprogram    %s\nsize       %s\nregistry   %s\nin use     %s\n", path, program, size,
           registry_size, prefix_in_use(path) ? "yes" : "no");
    for (guint i = 0; i < names->len; i++)
        printf("snapshot   %s\n", (char *)names->pdata[i]);
    return show_conf(path);
}

/* A copy under a passing name first, so that an interrupted one is not taken for a prefix. */
static bool copy_to(const char *from, const char *to, const char *what)
{
    struct progress progress = {.what = what};
    g_autofree char *parent = g_path_get_dirname(to), *base = g_path_get_basename(to);
    g_autofree char *part = g_strdup_printf("%s/.%s.part-%d", parent, base, (int)getpid());
    if (g_mkdir_with_parents(parent, 0777))
        return complain("%s: can not be made: %s", parent, g_strerror(errno));
    bool good = prefix_copy(from, part, &progress);
    progress_end(&progress);
    if (good && (chmod(part, 0700) || rename(part, to)))
        good = complain("%s: %s", to, g_strerror(errno));
    if (!good)
        tree_remove(part);
    return good;
}

static bool clone_prefix(char **arguments)
{
    g_autofree char *from = directory_of(arguments[0]), *to = directory_of(arguments[1]);
    return must_be_prefix(from) && must_be_new(to) && copy_to(from, to, "clone");
}

static bool snapshot_name_is_good(const char *name)
{
    return (*name && *name != '.' && !strchr(name, '/')) ||
           complain("\"%s\": a snapshot's name has no slash or leading dot", name);
}

static bool snapshot(char **arguments)
{
    g_autofree char *path = directory_of(arguments[0]), *snapshots = snapshots_of(path);
    g_autoptr(GDateTime) now = g_date_time_new_now_local();
    g_autofree char *name = arguments[1] ? g_strdup(arguments[1]) : g_date_time_format(now, "%Y%m%d-%H%M%S");
    g_autofree char *target = g_build_filename(snapshots, name, NULL);
    if (!must_be_prefix(path) || !snapshot_name_is_good(name) || !must_be_new(target) ||
        !copy_to(path, target, "snapshot"))
        return false;
    puts(name);
    return true;
}

static bool rollback(char **arguments)
{
    g_autofree char *path = directory_of(arguments[0]), *snapshots = snapshots_of(path);
    g_autoptr(GPtrArray) names = snapshot_names(path);
    const char *name = arguments[1] ? arguments[1] : names->len ? names->pdata[names->len - 1] : NULL;
    if (!name)
        return complain("%s: has no snapshot", path);
    if (!snapshot_name_is_good(name))
        return false;
    g_autofree char *source = g_build_filename(snapshots, name, NULL);
    g_autofree char *fresh = g_strdup_printf("%s.new-%d", path, (int)getpid());
    return must_be_prefix(source) && must_be_prefix(path) && must_be_idle(path) && copy_to(source, fresh, "rollback") &&
           tree_replace(fresh, path);
}

static bool export(char **arguments)
{
    struct progress progress = {.what = "export"};
    g_autofree char *path = directory_of(arguments[0]);
    bool good = must_be_prefix(path) && prefix_export(path, user, arguments[1], &progress);
    progress_end(&progress);
    return good;
}

static bool import(char **arguments)
{
    struct progress progress = {.what = "import"};
    g_autofree char *path = directory_of(arguments[1]), *file = g_canonicalize_filename(arguments[0], NULL);
    bool good = must_be_new(path) && prefix_import(file, path, &progress);
    progress_end(&progress);
    return good;
}

static bool remove_prefix(char **arguments)
{
    g_autofree char *path = directory_of(arguments[0]), *snapshots = snapshots_of(path);
    return must_be_prefix(path) && must_be_idle(path) && tree_remove(path) && tree_remove(snapshots);
}

static const struct {
    const char *name, *usage;
    int least, most;
    bool (*run)(char **arguments);
} commands[] = {
    {"list", "", 0, 0, list},
    {"create", "PREFIX", 1, 1, create},
    {"show", "PREFIX", 1, 1, show},
    {"clone", "PREFIX NEW", 2, 2, clone_prefix},
    {"snapshot", "PREFIX [NAME]", 1, 2, snapshot},
    {"rollback", "PREFIX [NAME]", 1, 2, rollback},
    {"export", "PREFIX FILE", 2, 2, export},
    {"import", "FILE NEW", 2, 2, import},
    {"remove", "PREFIX", 1, 1, remove_prefix},
};

__attribute__((visibility("default"))) int winrun_prefix(char **arguments, const char *current_user)
{
    user = current_user;
    int count = 0;
    while (arguments[0] && arguments[1 + count])
        count++;
    for (size_t i = 0; i < G_N_ELEMENTS(commands); i++) {
        if (!arguments[0] || strcmp(arguments[0], commands[i].name) != 0)
            continue;
        if (count < commands[i].least || count > commands[i].most) {
            complain("usage: winrun prefix %s %s", commands[i].name, commands[i].usage);
            return 125;
        }
        bool good = commands[i].run(arguments + 1);
        return fflush(stdout) == 0 && good ? 0 : 1;
    }
    complain("usage: winrun prefix list|create|show|clone|snapshot|rollback|export|import|remove ...");
    return 125;
}
