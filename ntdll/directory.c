/*
 * directory.c: NtQueryDirectoryFile: listing a directory, with NT's patterns.
 *
 * The names are read at once when a listing starts, and sorted as NTFS has them, by their upper-case form; what is
 * known about each is asked for when it is given out.  A pattern without wildcards reads no directory at all.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dirindex.h"
#include "error.h"
#include "fileid.h"
#include "fileio.h"

struct name {
    uint32_t at;     /* in names: the upper-case form */
    uint16_t length; /* of it, in characters */
    bool dots;       /* "." and "..": before all others */
};

struct directory_scan {
    WCHAR *pattern; /* owned; NULL: everything */
    size_t pattern_length;
    char *names; /* of each: the upper-case form, then the name, zero-terminated; owned */
    size_t names_used, names_size;
    struct name *order; /* owned */
    size_t count, size, next;
    bool any; /* something was given out */
};

static WCHAR fold(WCHAR c)
{
    if (c < 0x80)
        return c >= 'a' && c <= 'z' ? c - 32 : c;
    return RtlUpcaseUnicodeChar(c);
}

/* '<': like '*', but stops at the last dot; '>': like '?', but also nothing before a dot or the end; '"': a dot or the
 * end. */
static bool name_match(const WCHAR *pattern, size_t p_left, const WCHAR *name, size_t n_left)
{
    for (; p_left; pattern++, p_left--) {
        WCHAR c = *pattern;
        if (c == '*' || c == '<') {
            size_t last_dot = n_left;
            for (size_t i = 0; c == '<' && i < n_left; i++)
                if (name[i] == '.')
                    last_dot = i;
            for (size_t skip = 0; skip <= n_left && (c == '*' || last_dot == n_left || skip <= last_dot + 1); skip++)
                if (name_match(pattern + 1, p_left - 1, name + skip, n_left - skip))
                    return true;
            return false;
        }
        if (c == '>' && (!n_left || *name == '.'))
            continue;
        if (c == '"' && !n_left)
            continue;
        if (!n_left)
            return false;
        if (c != '?' && c != '>' && fold(c == '"' ? '.' : c) != fold(*name))
            return false;
        name++;
        n_left--;
    }
    return !n_left;
}

static bool has_wildcards(const WCHAR *pattern, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (pattern[i] == '*' || pattern[i] == '?' || pattern[i] == '<' || pattern[i] == '>' || pattern[i] == '"')
            return true;
    return false;
}

static const char *name_text(const struct directory_scan *scan, const struct name *name)
{
    return scan->names + name->at + name->length * sizeof(WCHAR);
}

static bool grow(void **array, size_t *size, size_t wanted, size_t unit)
{
    if (wanted <= *size)
        return true;
    size_t more = *size * 2 > wanted ? *size * 2 : wanted < 256 ? 256 : wanted;
    void *grown = realloc(*array, more * unit);
    if (!grown)
        return false;
    *array = grown;
    *size = more;
    return true;
}

static NTSTATUS scan_keep(struct directory_scan *scan, const char *name, WCHAR *wide, int n)
{
    size_t bytes = strlen(name) + 1;
    size_t at = (scan->names_used + 1) & ~(size_t)1, key = n * sizeof(WCHAR);
    if (!grow((void **)&scan->names, &scan->names_size, at + key + bytes, 1) ||
        !grow((void **)&scan->order, &scan->size, scan->count + 1, sizeof *scan->order))
        return STATUS_NO_MEMORY;
    for (int i = 0; i < n; i++)
        wide[i] = fold(wide[i]);
    memcpy(scan->names + at, wide, key);
    memcpy(scan->names + at + key, name, bytes);
    scan->names_used = at + key + bytes;
    scan->order[scan->count++] = (struct name){(uint32_t)at, (uint16_t)n, !strcmp(name, ".") || !strcmp(name, "..")};
    return STATUS_SUCCESS;
}

/* The name if it matches the pattern. */
static NTSTATUS scan_add(struct directory_scan *scan, const char *name)
{
    WCHAR wide[512];
    int n = path_name_to_wide(name, strlen(name), wide, 512);
    if (n < 0 || (scan->pattern && !name_match(scan->pattern, scan->pattern_length, wide, n)))
        return STATUS_SUCCESS;
    return scan_keep(scan, name, wide, n);
}

static int name_compare(const void *a, const void *b, void *names)
{
    const struct name *first = a, *second = b;
    const WCHAR *x = (WCHAR *)((char *)names + first->at), *y = (WCHAR *)((char *)names + second->at);
    int least = first->length < second->length ? first->length : second->length;
    if (first->dots != second->dots)
        return first->dots ? -1 : 1;
    for (int i = 0; i < least; i++)
        if (x[i] != y[i])
            return x[i] < y[i] ? -1 : 1;
    return first->length - second->length;
}

static void scan_sort(struct directory_scan *scan)
{
    if (scan->count > 1)
        qsort_r(scan->order, scan->count, sizeof *scan->order, name_compare, scan->names);
}

static NTSTATUS scan_virtual(struct directory_scan *scan, const char *host)
{
    char name[256], path[PATH_HOST_MAX];
    struct stat st;
    NTSTATUS status = STATUS_SUCCESS;
    for (unsigned i = 0; !status && path_virtual_child(host, i, name); i++) {
        if (strlen(host) + strlen(name) + 2 > sizeof path)
            continue;
        stpcpy(stpcpy(stpcpy(path, host), "/"), name);
        if (lstat(path, &st))
            status = scan_add(scan, name);
    }
    return status;
}

/* A file that appears to be there, unless one of that name really is. */
static NTSTATUS scan_view(struct directory_scan *scan, const char *host, const char *name)
{
    char real[PATH_HOST_MAX], path[PATH_HOST_MAX];
    struct stat st;
    if (strlen(host) + strlen(name) + 2 > sizeof path)
        return STATUS_SUCCESS;
    stpcpy(stpcpy(stpcpy(path, host), "/"), name);
    return lstat(path, &st) && path_system_file(path, real) ? scan_add(scan, name) : STATUS_SUCCESS;
}

/* The programs that come with winrun, and the host's tables in drivers\\etc. */
static NTSTATUS scan_system(struct directory_scan *scan, const char *host)
{
    NTSTATUS status = STATUS_SUCCESS;
    const char *name;
    for (unsigned i = 0; !status && (name = path_etc_child(host, i)); i++)
        status = scan_view(scan, host, name);
    DIR *dir = path_is_system32(host) ? opendir(path_system_directory()) : NULL;
    for (struct dirent *entry; dir && !status && (entry = readdir(dir));)
        status = scan_view(scan, host, entry->d_name);
    if (dir)
        closedir(dir);
    return status;
}

static bool is_drive_root(const struct file *file)
{
    return !strcmp(file->host, "/") || (file->drive == 'C' && strlen(file->host) == strlen(path_prefix()) + 8);
}

#define READ_BUFFER 0x8000

/* All names of the open directory. */
static NTSTATUS scan_host(struct directory_scan *scan, int fd, bool root)
{
    char *buffer = malloc(READ_BUFFER);
    NTSTATUS status = buffer ? STATUS_SUCCESS : STATUS_NO_MEMORY;
    ssize_t n = 1;
    while (!status && (n = getdents64(fd, buffer, READ_BUFFER)) > 0)
        for (ssize_t at = 0; at < n && !status;) {
            const struct dirent64 *entry = (struct dirent64 *)(buffer + at);
            at += entry->d_reclen;
            if (!root || (strcmp(entry->d_name, ".") && strcmp(entry->d_name, "..")))
                status = scan_add(scan, entry->d_name);
        }
    if (n < 0)
        status = status_from_errno(errno);
    free(buffer);
    return status;
}

static NTSTATUS scan_directory(struct file *file, struct directory_scan *scan)
{
    bool root = is_drive_root(file);
    NTSTATUS status = STATUS_SUCCESS;
    if (file->fd < 0 && !root)
        status = scan_add(scan, ".") ? STATUS_NO_MEMORY : scan_add(scan, "..");
    if (file->fd >= 0 && lseek(file->fd, 0, SEEK_SET) >= 0) {
        status = scan_host(scan, file->fd, root);
    } else if (file->fd >= 0) { /* open as a path only */
        int fd = open(file->host, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (fd < 0)
            return status_from_errno(errno);
        status = scan_host(scan, fd, root);
        close(fd);
    }
    if (!status)
        status = scan_virtual(scan, file->host);
    if (!status)
        status = scan_system(scan, file->host);
    scan_sort(scan);
    return status;
}

/* The one file that a pattern without wildcards names. */
static NTSTATUS scan_single(struct file *file, struct directory_scan *scan)
{
    char path[PATH_HOST_MAX], name[256], actual[256];
    WCHAR wide[512];
    struct stat st;
    size_t length = strlen(file->host);
    if (path_name_to_bytes(scan->pattern, scan->pattern_length, name, sizeof name) < 0)
        return STATUS_SUCCESS;
    if (!strcmp(name, ".") || !strcmp(name, "..") ||
        (length + strlen(name) + 2 <= sizeof path &&
         (stpcpy(stpcpy(stpcpy(path, file->host), "/"), name), !lstat(path, &st))))
        strcpy(actual, name);
    else if (path_component(file->host, name, actual) != 1)
        return scan_directory(file, scan);
    return scan_keep(scan, actual, wide, path_name_to_wide(actual, strlen(actual), wide, 512));
}

static NTSTATUS scan_start(struct file *file, const UNICODE_STRING *pattern)
{
    struct directory_scan *scan = file->scan;
    if (!scan && !(scan = file->scan = calloc(1, sizeof *scan)))
        return STATUS_NO_MEMORY;
    scan->names_used = scan->count = scan->next = 0;
    scan->any = false;
    /* A listing that starts again keeps its pattern unless a new one is given. */
    if (pattern && pattern->Length) {
        free(scan->pattern);
        scan->pattern = malloc(pattern->Length + 2);
        if (!scan->pattern)
            return STATUS_NO_MEMORY;
        memcpy(scan->pattern, pattern->Buffer, pattern->Length);
        scan->pattern_length = pattern->Length / 2;
    }
    if (scan->pattern && !has_wildcards(scan->pattern, scan->pattern_length))
        return scan_single(file, scan);
    return scan_directory(file, scan);
}

void directory_destroy(struct file *file)
{
    free(file->scan->pattern);
    free(file->scan->names);
    free(file->scan->order);
    free(file->scan);
    file->scan = NULL;
}

/* Where each class has its variable parts; the first fields are the same in all but the names class. */
static const struct entry_class {
    UCHAR name, ea, id, id_size, tag;
} entry_classes[] = {
    [FileDirectoryInformation] = {.name = offsetof(FILE_DIRECTORY_INFORMATION, FileName)},
    [FileFullDirectoryInformation] = {.name = offsetof(FILE_FULL_DIR_INFORMATION, FileName),
                                      .ea = offsetof(FILE_FULL_DIR_INFORMATION, EaSize)},
    [FileBothDirectoryInformation] = {.name = offsetof(FILE_BOTH_DIR_INFORMATION, FileName),
                                      .ea = offsetof(FILE_BOTH_DIR_INFORMATION, EaSize)},
    [FileNamesInformation] = {.name = offsetof(FILE_NAMES_INFORMATION, FileName)},
    [FileIdBothDirectoryInformation] = {.name = offsetof(FILE_ID_BOTH_DIR_INFORMATION, FileName),
                                        .ea = offsetof(FILE_ID_BOTH_DIR_INFORMATION, EaSize),
                                        .id = offsetof(FILE_ID_BOTH_DIR_INFORMATION, FileId),
                                        .id_size = 8},
    [FileIdFullDirectoryInformation] = {.name = offsetof(FILE_ID_FULL_DIR_INFORMATION, FileName),
                                        .ea = offsetof(FILE_ID_FULL_DIR_INFORMATION, EaSize),
                                        .id = offsetof(FILE_ID_FULL_DIR_INFORMATION, FileId),
                                        .id_size = 8},
    [FileIdExtdDirectoryInformation] = {.name = offsetof(FILE_ID_EXTD_DIR_INFORMATION, FileName),
                                        .id = offsetof(FILE_ID_EXTD_DIR_INFORMATION, FileId),
                                        .id_size = 16,
                                        .tag = offsetof(FILE_ID_EXTD_DIR_INFORMATION, ReparsePointTag)},
    [FileIdExtdBothDirectoryInformation] = {.name = offsetof(FILE_ID_EXTD_BOTH_DIR_INFORMATION, FileName),
                                            .id = offsetof(FILE_ID_EXTD_BOTH_DIR_INFORMATION, FileId),
                                            .id_size = 16,
                                            .tag = offsetof(FILE_ID_EXTD_BOTH_DIR_INFORMATION, ReparsePointTag)},
};

static void entry_fill(char *out, const struct entry_class *layout, const struct file_facts *facts)
{
    FILE_DIRECTORY_INFORMATION *info = (FILE_DIRECTORY_INFORMATION *)out;
    bool regular = S_ISREG(facts->st.st_mode);
    info->CreationTime.QuadPart = facts->created;
    info->LastAccessTime.QuadPart = facts->accessed;
    info->LastWriteTime.QuadPart = facts->written;
    info->ChangeTime.QuadPart = facts->changed;
    info->EndOfFile.QuadPart = regular ? facts->st.st_size : 0;
    info->AllocationSize.QuadPart = regular ? facts->st.st_blocks * 512 : 0;
    info->FileAttributes = facts->attributes;
    /* Where extended attributes' size stands, a reparse point has its tag. */
    if (layout->ea)
        memcpy(out + layout->ea, &facts->reparse_tag, sizeof(ULONG));
    if (layout->tag)
        memcpy(out + layout->tag, &facts->reparse_tag, sizeof(ULONG));
    if (layout->id)
        memcpy(out + layout->id, &facts->st.st_ino, 8);
}

/* False: it has gone meanwhile. */
static bool entry_facts(struct file *file, const char *name, struct file_facts *facts)
{
    char path[PATH_HOST_MAX];
    if (!strcmp(name, "."))
        return !facts_of_file(file, facts);
    if (strlen(file->host) + strlen(name) + 2 > sizeof path)
        return false;
    stpcpy(stpcpy(stpcpy(path, file->host), "/"), name);
    /* Below the open directory if it is really there: what only appears to be is known by its path. */
    if (file->fd >= 0 && !facts_of_entry(file->fd, name, path, facts))
        return true;
    return !facts_of_path(AT_FDCWD, path, false, facts);
}

/* One entry at `out`; its length in *used.  STATUS_BUFFER_OVERFLOW: its name is cut; STATUS_NO_MORE_FILES: gone. */
static NTSTATUS entry_put(struct file *file, const char *name, unsigned class, char *out, ULONG room, ULONG *used)
{
    const struct entry_class *layout = &entry_classes[class];
    struct file_facts facts;
    WCHAR wide[512];
    int length = path_name_to_wide(name, strlen(name), wide, 512) * (int)sizeof *wide;
    if (room < layout->name || (room < layout->name + (ULONG)length && room < 64))
        return STATUS_INFO_LENGTH_MISMATCH;
    if (class != FileNamesInformation && !entry_facts(file, name, &facts))
        return STATUS_NO_MORE_FILES;
    memset(out, 0, layout->name);
    if (class == FileNamesInformation) {
        ((FILE_NAMES_INFORMATION *)out)->FileNameLength = length;
    } else {
        entry_fill(out, layout, &facts);
        ((FILE_DIRECTORY_INFORMATION *)out)->FileNameLength = length;
    }
    ULONG copy = (ULONG)length <= room - layout->name ? (ULONG)length : room - layout->name;
    memcpy(out + layout->name, wide, copy);
    *used = layout->name + copy;
    return copy < (ULONG)length ? STATUS_BUFFER_OVERFLOW : STATUS_SUCCESS;
}

static NTSTATUS scan_put(struct file *file, unsigned class, char *out, ULONG length, bool single, ULONG *used)
{
    struct directory_scan *scan = file->scan;
    ULONG at = 0, *link = NULL;
    *used = 0;
    while (scan->next < scan->count) {
        ULONG size = 0;
        const char *name = name_text(scan, &scan->order[scan->next]);
        NTSTATUS status =
            at >= length ? STATUS_INFO_LENGTH_MISMATCH : entry_put(file, name, class, out + at, length - at, &size);
        if (status == STATUS_NO_MORE_FILES) {
            scan->next++;
            continue;
        }
        if (status && *used)
            break;
        if (status == STATUS_INFO_LENGTH_MISMATCH)
            return STATUS_BUFFER_TOO_SMALL;
        if (link)
            *link = (ULONG)(out + at - (char *)link);
        link = (ULONG *)(out + at);
        *used = at + size;
        at = (*used + 7) & ~7u;
        scan->next++;
        if (status)
            return status;
        if (single)
            break;
    }
    if (!*used)
        return scan->any ? STATUS_NO_MORE_FILES : STATUS_NO_SUCH_FILE;
    scan->any = true;
    return STATUS_SUCCESS;
}

static NTSTATUS query_directory(struct file *file, void *out, ULONG length, unsigned class, bool single, bool restart,
                                const UNICODE_STRING *pattern, ULONG *used)
{
    if (file->kind != FILE_KIND_DIRECTORY || !file->host)
        return STATUS_INVALID_PARAMETER;
    if (class >= sizeof entry_classes / sizeof *entry_classes || !entry_classes[class].name)
        return STATUS_INVALID_INFO_CLASS;
    host_lock(&file->lock);
    bool start = !file->scan || restart;
    NTSTATUS status = start ? scan_start(file, pattern) : STATUS_SUCCESS;
    if (start && entry_classes[class].id)
        fileid_listed(file->host);
    if (!status)
        status = scan_put(file, class, out, length, single, used);
    host_unlock(&file->lock);
    return status;
}

NTSTATUS WINAPI NtQueryDirectoryFileEx(HANDLE handle, HANDLE event, PIO_APC_ROUTINE apc, PVOID context,
                                       PIO_STATUS_BLOCK io, PVOID out, ULONG length, FILE_INFORMATION_CLASS class,
                                       ULONG flags, PUNICODE_STRING pattern)
{
    struct file *file;
    struct completion completion;
    ULONG used = 0;
    NTSTATUS status = handle_lookup(handle, &type_file, FILE_LIST_DIRECTORY, (void **)&file);
    if (status)
        return status;
    status = completion_begin(&completion, file, event, apc, context, io);
    if (!status) {
        /* SL_RESTART_SCAN 1, SL_RETURN_SINGLE_ENTRY 2 */
        status = query_directory(file, out, length, class, flags & 2, flags & 1, pattern, &used);
        completion_end(&completion, status, used, true);
        if (NT_ERROR(status)) {
            io->Status = status;
            io->Information = 0;
        }
    }
    object_release(file);
    return status;
}

NTSTATUS WINAPI NtQueryDirectoryFile(HANDLE handle, HANDLE event, PIO_APC_ROUTINE apc, PVOID context,
                                     PIO_STATUS_BLOCK io, PVOID out, ULONG length, FILE_INFORMATION_CLASS class,
                                     BOOLEAN single, PUNICODE_STRING pattern, BOOLEAN restart)
{
    return NtQueryDirectoryFileEx(handle, event, apc, context, io, out, length, class,
                                  (single ? 2 : 0) | (restart ? 1 : 0), pattern);
}
