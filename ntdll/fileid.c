/*
 * fileid.c: files by their ids, and the names of a file.
 *
 * An id is the host's inode number, and the host does not lead from it to a name.  So what a program was told is
 * remembered: of single files their paths, of listings the directories.  Else the tree is searched from the nearest
 * directory upwards, up to SEARCH_MAX names.  What is found is checked against the file itself.
 */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "fileid.h"
#include "large.h"
#include "lock.h"

#define TOLD 512
#define LISTED 16
#define SEARCH_MAX 65536

static char *told[TOLD] LARGE; /* by inode; owned */
static char *listed[LISTED];   /* owned */
static unsigned listed_next;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static char **told_slot(uint64_t inode)
{
    return &told[(inode ^ inode >> 9) % TOLD];
}

void fileid_told(uint64_t inode, const char *host)
{
    host_lock(&lock);
    char **slot = told_slot(inode);
    if (host && (!*slot || strcmp(*slot, host))) {
        free(*slot);
        *slot = strdup(host);
    }
    host_unlock(&lock);
}

void fileid_listed(const char *host)
{
    unsigned i = 0;
    host_lock(&lock);
    while (i < LISTED && listed[i] && strcmp(listed[i], host))
        i++;
    if (i == LISTED || !listed[i]) {
        char **slot = &listed[listed_next++ % LISTED];
        free(*slot);
        *slot = strdup(host);
    }
    host_unlock(&lock);
}

/* A search in progress.  `names`: how many more are wanted. */
struct search {
    dev_t device;
    ino_t inode;
    size_t left, names;
    bool (*found)(struct search *, const char *directory, const char *name);
    void *context;
    char **queue; /* directories yet to be read; owned */
    size_t queued, size;
};

static bool search_over(const struct search *search)
{
    return !search->left || !search->names;
}

static void queue_add(struct search *search, const char *directory)
{
    if (search->queued == search->size) {
        size_t size = search->size ? search->size * 2 : 64;
        char **more = realloc(search->queue, size * sizeof *more);
        if (!more)
            return;
        search->queue = more;
        search->size = size;
    }
    if ((search->queue[search->queued] = strdup(directory)))
        search->queued++;
}

/* One directory's names; what lies below on the same file system is queued, but for `skip`. */
static void search_directory(struct search *search, const char *directory, const char *skip, bool deep)
{
    char path[PATH_HOST_MAX];
    struct stat st;
    size_t length = strlen(directory);
    DIR *dir = length + 258 < sizeof path ? opendir(*directory ? directory : "/") : NULL;
    stpcpy(stpcpy(path, directory), "/");
    for (struct dirent *entry; dir && !search_over(search) && (entry = readdir(dir)); search->left--) {
        bool is_directory = entry->d_type == DT_DIR || entry->d_type == DT_UNKNOWN;
        if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
            continue;
        bool is_it = entry->d_ino == search->inode;
        if (!is_it && !(deep && is_directory))
            continue;
        strcpy(path + length + 1, entry->d_name);
        if (lstat(path, &st) || st.st_dev != search->device)
            continue;
        if (is_it && st.st_ino == search->inode && search->found(search, directory, entry->d_name))
            search->names--;
        if (deep && S_ISDIR(st.st_mode) && (!skip || strcmp(path, skip)))
            queue_add(search, path);
    }
    if (dir)
        closedir(dir);
}

static void search_tree(struct search *search, const char *top, const char *skip)
{
    queue_add(search, top);
    for (size_t i = 0; i < search->queued; i++) {
        if (!search_over(search))
            search_directory(search, search->queue[i], skip, true);
        free(search->queue[i]);
    }
    search->queued = 0;
}

/* From `directory` upwards to `root`, nearest trees first. */
static void search_upwards(struct search *search, char directory[PATH_HOST_MAX], size_t root)
{
    char skip[PATH_HOST_MAX] = "";
    for (;;) {
        search_tree(search, directory, *skip ? skip : NULL);
        size_t length = strlen(directory);
        if (search_over(search) || length <= root)
            break;
        strcpy(skip, directory);
        while (length > root && directory[length] != '/')
            length--;
        directory[length] = 0;
    }
    free(search->queue);
    search->queue = NULL;
}

static bool path_found(struct search *search, const char *directory, const char *name)
{
    char *out = search->context;
    stpcpy(stpcpy(stpcpy(out, directory), "/"), name);
    return true;
}

static bool is_on_drive(const char *host, const struct path *path)
{
    return !strncmp(host, path->host, path->root) && (host[path->root] == '/' || !host[path->root]);
}

static bool find_told(uint64_t inode, const struct path *path, char host[PATH_HOST_MAX])
{
    struct stat st;
    host_lock(&lock);
    char *const *slot = told_slot(inode);
    bool found = *slot && is_on_drive(*slot, path) && !lstat(*slot, &st) && st.st_ino == inode;
    if (found)
        strcpy(host, *slot);
    host_unlock(&lock);
    return found;
}

static void find_listed(struct search *search, const struct path *path)
{
    for (unsigned i = 0; i < LISTED && !search_over(search); i++) {
        char directory[PATH_HOST_MAX] = "";
        host_lock(&lock);
        if (listed[i] && is_on_drive(listed[i], path))
            strcpy(directory, listed[i]);
        host_unlock(&lock);
        if (*directory)
            search_directory(search, directory, NULL, false);
    }
}

/* The directory part; "" for the root. */
static void cut_name(char *path)
{
    char *slash = strrchr(path, '/');
    if (slash)
        *slash = 0;
}

/* How much of the names on an open file's drive is the drive's root. */
static NTSTATUS drive_root_length(const struct file *file, size_t *length)
{
    struct path path;
    WCHAR text[] = u"\\??\\Z:\\";
    UNICODE_STRING name = {sizeof text - 2, sizeof text, text};
    if (file->drive)
        text[4] = file->drive;
    NTSTATUS status = path_translate(&name, NULL, &path);
    *length = path.root;
    return status;
}

/* Where the volume of an open file is: the file's directory in path->host, its drive's root. */
static NTSTATUS volume_of_file(HANDLE handle, struct path *path)
{
    struct file *file;
    NTSTATUS status = handle_lookup(handle, &type_file, 0, (void **)&file);
    if (status)
        return status;
    status = file->host ? drive_root_length(file, &path->root) : STATUS_OBJECT_TYPE_MISMATCH;
    if (!status) {
        path->drive = file->drive;
        path->system = path->relative = false;
        path->stream[0] = 0;
        strcpy(path->host, file->host);
        if (file->kind != FILE_KIND_DIRECTORY)
            cut_name(path->host);
        if (!path->host[0])
            strcpy(path->host, "/");
    }
    object_release(file);
    return status;
}

/* path->host: where to begin, and then the file. */
static NTSTATUS find_id(uint64_t inode, struct path *path)
{
    char host[PATH_HOST_MAX] = "";
    struct search search = {.inode = inode, .left = SEARCH_MAX, .names = 1, .found = path_found, .context = host};
    struct stat st;
    bool found = find_told(inode, path, host);
    if (!found && !stat(path->host, &st)) {
        search.device = st.st_dev;
        if (st.st_ino == inode)
            return STATUS_SUCCESS;
        if (!strcmp(path->host, "/"))
            path->host[0] = 0;
        find_listed(&search, path);
        if (search.names)
            search_upwards(&search, path->host, path->root);
        found = !search.names;
    }
    strcpy(path->host, host);
    return found ? STATUS_SUCCESS : STATUS_INVALID_PARAMETER;
}

NTSTATUS fileid_resolve(const UNICODE_STRING *name, HANDLE hint, struct path *path)
{
    const USHORT size = name && name->Length % 16 == 0 && hint ? 16 : 8; /* FILE_ID_128: its upper half is 0 */
    uint64_t id[2] = {0};
    NTSTATUS status;
    if (!name || name->Length < size || (hint && name->Length != size))
        return STATUS_INVALID_PARAMETER;
    UNICODE_STRING volume = {name->Length - size, name->Length - size, name->Buffer};
    memcpy(id, (char *)name->Buffer + volume.Length, size);
    status = hint ? volume_of_file(hint, path) : path_translate(&volume, NULL, path);
    if (!status && !hint && path->kind != PATH_FILE && path->kind != PATH_VOLUME)
        status = STATUS_OBJECT_TYPE_MISMATCH;
    if (!status && (id[1] || !id[0]))
        status = STATUS_INVALID_PARAMETER;
    path->kind = PATH_FILE;
    path->trailing = false;
    return status ? status : find_id(id[0], path);
}

/* A list of names being written. */
struct names {
    const char *own; /* is put first */
    FILE_LINKS_INFORMATION *out;
    ULONG length;
    FILE_LINK_ENTRY_INFORMATION *last; /* the entry before the next one */
};

static void name_put(struct names *names, const char *directory, const char *name)
{
    FILE_LINKS_INFORMATION *out = names->out;
    struct stat parent;
    WCHAR text[512];
    ULONG bytes = (ULONG)path_name_to_wide(name, strlen(name), text, 512) * 2;
    ULONG at = (out->BytesNeeded + 7) & ~7u, size = offsetof(FILE_LINK_ENTRY_INFORMATION, FileName) + bytes;
    if (stat(*directory ? directory : "/", &parent))
        return;
    fileid_told(parent.st_ino, *directory ? directory : "/"); /* who reads the list opens it next */
    out->BytesNeeded = at + size;
    if (at + size > names->length)
        return;
    FILE_LINK_ENTRY_INFORMATION *entry = (FILE_LINK_ENTRY_INFORMATION *)((char *)out + at);
    entry->NextEntryOffset = 0;
    entry->ParentFileId = (LONGLONG)parent.st_ino;
    entry->FileNameLength = bytes / 2;
    memcpy(entry->FileName, text, bytes);
    if (names->last)
        names->last->NextEntryOffset = (ULONG)((char *)entry - (char *)names->last);
    names->last = entry;
    out->EntriesReturned++;
}

static bool name_found(struct search *search, const char *directory, const char *name)
{
    struct names *names = search->context;
    size_t length = strlen(directory);
    if (!strncmp(names->own, directory, length) && names->own[length] == '/' && !strcmp(names->own + length + 1, name))
        return false;
    name_put(names, directory, name);
    return true;
}

NTSTATUS fileid_query_links(const struct file *file, const struct stat *st, void *out, ULONG length, ULONG *used)
{
    struct names names = {.own = file->host, .out = out, .length = length};
    struct search search = {.device = st->st_dev,
                            .inode = st->st_ino,
                            .left = SEARCH_MAX,
                            .names = st->st_nlink - 1,
                            .found = name_found,
                            .context = &names};
    char directory[PATH_HOST_MAX];
    size_t root;
    if (!file->host || !strcmp(file->host, "/"))
        return STATUS_INVALID_PARAMETER;
    names.out->BytesNeeded = offsetof(FILE_LINKS_INFORMATION, Entry);
    names.out->EntriesReturned = 0;
    strcpy(directory, file->host);
    cut_name(directory);
    name_put(&names, directory, strrchr(file->host, '/') + 1);
    if (!S_ISDIR(st->st_mode) && search.names && !drive_root_length(file, &root))
        search_upwards(&search, directory, root);
    *used = names.out->BytesNeeded < length ? names.out->BytesNeeded : length;
    return names.out->BytesNeeded > length ? STATUS_BUFFER_OVERFLOW : STATUS_SUCCESS;
}
