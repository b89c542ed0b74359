/*
 * archive.c: a prefix as one compressed archive, by libarchive, and back.
 *
 * Layer: front end.  Nothing in the archive depends on the machine: names are relative, links that lead out of the
 * prefix are left out, and prefix.conf gets the user's name, which paths in the registry contain.  What is imported
 * is not trusted.
 */
#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "prefix.h"

#define TOP "prefix/"

static bool write_bytes(struct archive *out, const char *name, const void *bytes, size_t size)
{
    struct archive_entry *entry = archive_entry_new();
    g_autofree char *path = g_strconcat(TOP, name, NULL);
    archive_entry_set_pathname(entry, path);
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, 0600);
    archive_entry_set_mtime(entry, time(NULL), 0);
    archive_entry_set_size(entry, (la_int64_t)size);
    bool good =
        archive_write_header(out, entry) == ARCHIVE_OK && archive_write_data(out, bytes, size) == (la_ssize_t)size;
    archive_entry_free(entry);
    return good || complain("%s: %s", name, archive_error_string(out));
}

/* prefix.conf with the user's name in it. */
static bool write_conf(struct archive *out, const char *directory, const char *user)
{
    g_autoptr(GKeyFile) conf = g_key_file_new();
    g_autofree char *path = g_build_filename(directory, "prefix.conf", NULL);
    g_key_file_load_from_file(conf, path, G_KEY_FILE_KEEP_COMMENTS, NULL);
    if (!g_key_file_has_key(conf, "windows", "user", NULL))
        g_key_file_set_string(conf, "windows", "user", user);
    gsize size;
    g_autofree char *text = g_key_file_to_data(conf, &size, NULL);
    return write_bytes(out, "prefix.conf", text, size);
}

static bool write_registry(struct archive *out, const char *path)
{
    g_autofree char *copy = g_strdup_printf("%s/winrun-export-XXXXXX", g_get_tmp_dir());
    g_autofree char *bytes = NULL;
    gsize size;
    int fd = mkstemp(copy);
    if (fd < 0)
        return complain("%s: %s", copy, g_strerror(errno));
    bool good = registry_copy(path, fd) && g_file_get_contents(copy, &bytes, &size, NULL);
    close(fd);
    unlink(copy);
    return good && write_bytes(out, "registry.mdb", bytes, size);
}

/* Where a link in `folder` (relative to the prefix) leads: a relative target inside, or NULL. */
static char *inner_target(const char *directory, const char *folder, const char *target)
{
    size_t length = strlen(directory);
    GString *made = g_string_new(NULL);
    if (target[0] == '/') {
        if (strncmp(target, directory, length) != 0 || target[length] != '/') {
            g_string_free(made, true);
            return NULL;
        }
        for (const char *p = folder; *p; p++)
            if (p == folder || p[-1] == '/')
                g_string_append(made, "../");
        g_string_append(made, target + length + 1);
        return g_string_free(made, false);
    }
    int depth = 0;
    for (const char *p = folder; *p; p++)
        depth += p == folder || p[-1] == '/';
    g_auto(GStrv) parts = g_strsplit(target, "/", -1);
    for (char **part = parts; *part && depth >= 0; part++)
        depth += !strcmp(*part, "..") ? -1 : **part && strcmp(*part, ".") != 0;
    g_string_append(made, target);
    if (depth >= 0)
        return g_string_free(made, false);
    g_string_free(made, true);
    return NULL;
}

static bool write_file(struct archive *out, struct archive_entry *entry, const char *path, struct progress *progress)
{
    char buffer[65536];
    ssize_t n = -1;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    bool good = fd >= 0 && archive_write_header(out, entry) == ARCHIVE_OK;
    while (good && (n = read(fd, buffer, sizeof buffer)) > 0) {
        good = archive_write_data(out, buffer, (size_t)n) >= 0;
        progress_add(progress, (guint64)n);
    }
    if (fd >= 0)
        close(fd);
    progress->files++;
    return (good && n == 0) || complain("%s: can not be written to the archive", path);
}

static bool write_tree(struct archive *out, const char *directory, const char *folder, struct progress *progress)
{
    g_autofree char *full = g_build_filename(directory, folder, NULL);
    g_autoptr(GDir) dir = g_dir_open(full, 0, NULL);
    bool good = dir || complain("%s: can not be read", full);
    for (const char *name; good && (name = g_dir_read_name(dir));) {
        g_autofree char *relative = *folder ? g_build_filename(folder, name, NULL) : g_strdup(name);
        g_autofree char *path = g_build_filename(directory, relative, NULL);
        g_autofree char *stored = g_strconcat(TOP, relative, NULL);
        struct stat st;
        if (lstat(path, &st) || (!*folder && (g_str_has_prefix(name, "registry.mdb") || !strcmp(name, "prefix.conf"))))
            continue;
        struct archive_entry *entry = archive_entry_new();
        archive_entry_copy_stat(entry, &st);
        archive_entry_set_uid(entry, 0);
        archive_entry_set_gid(entry, 0);
        archive_entry_set_pathname(entry, stored);
        if (S_ISDIR(st.st_mode)) {
            good = archive_write_header(out, entry) == ARCHIVE_OK && write_tree(out, directory, relative, progress);
        } else if (S_ISLNK(st.st_mode)) {
            g_autofree char *target = g_file_read_link(path, NULL);
            g_autofree char *inner = target ? inner_target(directory, folder, target) : NULL;
            if (inner)
                archive_entry_set_symlink(entry, inner);
            if (inner)
                good = archive_write_header(out, entry) == ARCHIVE_OK;
            else
                complain("%s: leads out of the prefix: left out", path);
        } else if (S_ISREG(st.st_mode)) {
            good = write_file(out, entry, path, progress);
        }
        archive_entry_free(entry);
    }
    return good;
}

static int choose_filter(struct archive *out, const char *file)
{
    if (g_str_has_suffix(file, ".gz") || g_str_has_suffix(file, ".tgz"))
        return archive_write_add_filter_gzip(out);
    if (g_str_has_suffix(file, ".xz"))
        return archive_write_add_filter_xz(out);
    return archive_write_add_filter_zstd(out);
}

bool prefix_export(const char *directory, const char *user, const char *file, struct progress *progress)
{
    struct archive *out = archive_write_new();
    g_autofree char *part = g_strdup_printf("%s.part-%d", file, (int)getpid());
    g_autofree char *registry = g_build_filename(directory, "registry.mdb", NULL);
    archive_write_set_format_pax_restricted(out);
    bool good = choose_filter(out, file) >= ARCHIVE_WARN && archive_write_open_filename(out, part) == ARCHIVE_OK;
    if (!good)
        complain("%s: %s", file, archive_error_string(out));
    good = good && write_conf(out, directory, user) && write_tree(out, directory, "", progress);
    if (good && access(registry, F_OK) == 0)
        good = write_registry(out, registry);
    if (archive_write_close(out) != ARCHIVE_OK && good)
        good = complain("%s: %s", file, archive_error_string(out));
    archive_write_free(out);
    if (good && rename(part, file))
        good = complain("%s: %s", file, g_strerror(errno));
    if (!good)
        unlink(part);
    return good;
}

/* Names and links must stay below the prefix, and nothing but files, directories and links is taken. */
static bool entry_is_good(struct archive_entry *entry, const char **name)
{
    const char *path = archive_entry_pathname(entry), *link = archive_entry_symlink(entry);
    mode_t type = archive_entry_filetype(entry);
    if (!path || !g_str_has_prefix(path, TOP))
        return complain("the archive is not a prefix: it has \"%s\"", path ? path : "(no name)");
    *name = path + sizeof TOP - 1;
    g_auto(GStrv) parts = g_strsplit(*name, "/", -1);
    for (char **part = parts; *part; part++)
        if (!strcmp(*part, ".."))
            return complain("the archive leads out of the prefix: it has \"%s\"", path);
    if ((*name)[0] == '/' || archive_entry_hardlink(entry) ||
        (type != AE_IFREG && type != AE_IFDIR && type != AE_IFLNK))
        return complain("the archive has what a prefix does not: \"%s\"", path);
    if (type == AE_IFLNK) {
        g_autofree char *folder = g_path_get_dirname(*name);
        g_autofree char *inner =
            link && link[0] != '/' ? inner_target("", strcmp(folder, ".") ? folder : "", link) : NULL;
        if (!inner)
            return complain("the archive leads out of the prefix: \"%s\" is a link to \"%s\"", path, link ? link : "");
    }
    return true;
}

static bool copy_entry(struct archive *in, struct archive *out, struct archive_entry *entry, struct progress *progress)
{
    const void *block;
    size_t size;
    la_int64_t offset;
    int result;
    if (archive_write_header(out, entry) < ARCHIVE_WARN)
        return complain("%s: %s", archive_entry_pathname(entry), archive_error_string(out));
    while ((result = archive_read_data_block(in, &block, &size, &offset)) == ARCHIVE_OK) {
        if (archive_write_data_block(out, block, size, offset) < ARCHIVE_WARN)
            return complain("%s: %s", archive_entry_pathname(entry), archive_error_string(out));
        progress_add(progress, size);
    }
    progress->files++;
    return (result == ARCHIVE_EOF && archive_write_finish_entry(out) >= ARCHIVE_WARN) ||
           complain("the archive is damaged: %s", archive_error_string(in));
}

/* Into the current directory. */
static bool read_entries(struct archive *in, struct progress *progress)
{
    struct archive *out = archive_write_disk_new();
    struct archive_entry *entry;
    int result;
    bool good = true;
    archive_write_disk_set_options(out, ARCHIVE_EXTRACT_TIME | ARCHIVE_EXTRACT_XATTR | ARCHIVE_EXTRACT_SECURE_NODOTDOT |
                                            ARCHIVE_EXTRACT_SECURE_SYMLINKS | ARCHIVE_EXTRACT_SECURE_NOABSOLUTEPATHS);
    while (good && (result = archive_read_next_header(in, &entry)) == ARCHIVE_OK) {
        const char *name = "";
        good = entry_is_good(entry, &name);
        if (!good || !*name)
            continue;
        g_autofree char *copy = g_strdup(name);
        archive_entry_set_pathname(entry, copy);
        good = copy_entry(in, out, entry, progress);
    }
    if (good && result != ARCHIVE_EOF)
        good = complain("the archive is damaged: %s", archive_error_string(in));
    archive_write_free(out);
    return good;
}

bool prefix_import(const char *file, const char *directory, struct progress *progress)
{
    struct archive *in = archive_read_new();
    g_autofree char *part = g_strdup_printf("%s.part-%d", directory, (int)getpid());
    g_autofree char *parent = g_path_get_dirname(directory);
    archive_read_support_filter_all(in);
    archive_read_support_format_tar(in);
    bool good =
        archive_read_open_filename(in, file, 65536) == ARCHIVE_OK || complain("%s: %s", file, archive_error_string(in));
    if (good && (g_mkdir_with_parents(parent, 0777) || mkdir(part, 0700) || chdir(part)))
        good = complain("%s: %s", part, g_strerror(errno));
    good = good && read_entries(in, progress);
    archive_read_free(in);
    if (good && rename(part, directory))
        good = complain("%s: %s", directory, g_strerror(errno));
    if (!good)
        tree_remove(part);
    return good;
}
