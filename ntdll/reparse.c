/*
 * reparse.c: symbolic links and junctions: FSCTL_GET/SET/DELETE_REPARSE_POINT.
 *
 * Layer: NT layer.  Both are symbolic links of the host.  What the host does not tell apart stands at the end of the
 * link's text, where it changes nothing for Linux: "/" of a link to a directory (which need not be there), "/." of a
 * junction.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "control.h"
#include "error.h"
#include "reparse.h"

enum link_kind reparse_kind(int directory_fd, const char *host, char text[PATH_HOST_MAX])
{
    ssize_t n = readlinkat(directory_fd, host, text, PATH_HOST_MAX - 1);
    if (n < 0)
        return LINK_NONE;
    text[n] = 0;
    if (n > 2 && !strcmp(text + n - 2, "/.")) {
        text[n - 2] = 0;
        return LINK_JUNCTION;
    }
    if (n > 1 && text[n - 1] == '/') {
        text[n - 1] = 0;
        return LINK_DIRECTORY;
    }
    return LINK_PLAIN;
}

bool reparse_is_directory(const char *host)
{
    char text[PATH_HOST_MAX];
    struct stat st;
    enum link_kind kind = reparse_kind(AT_FDCWD, host, text);
    return kind == LINK_DIRECTORY || kind == LINK_JUNCTION ||
           (kind == LINK_PLAIN && !stat(host, &st) && S_ISDIR(st.st_mode));
}

/* A link's target as Windows would write it: absolute ones through a drive, relative ones with backslashes. */
static int link_target(const char *text, WCHAR *target, bool *relative)
{
    *relative = text[0] != '/';
    if (!*relative)
        return path_from_host(text, target, PATH_HOST_MAX) ? -1 : (int)path_length(target);
    int length = path_name_to_wide(text, strlen(text), target, PATH_HOST_MAX);
    for (int i = 0; i < length; i++)
        if (target[i] == '/')
            target[i] = '\\';
    return length;
}

/* The names of a junction end in a zero each; those of a link do not. */
static void names_write(REPARSE_DATA_BUFFER *out, bool junction, bool relative, const WCHAR *target, USHORT print)
{
    char *text =
        (char *)(junction ? out->MountPointReparseBuffer.PathBuffer : out->SymbolicLinkReparseBuffer.PathBuffer);
    USHORT substitute = (USHORT)(print + (relative ? 0 : 8)), after = (USHORT)(substitute + (junction ? 2 : 0));
    /* Both kinds begin with the same four fields. */
    out->SymbolicLinkReparseBuffer.SubstituteNameLength = substitute;
    out->SymbolicLinkReparseBuffer.PrintNameOffset = after;
    out->SymbolicLinkReparseBuffer.PrintNameLength = print;
    if (!relative)
        memcpy(text, u"\\??\\", 8);
    memcpy(text + substitute - print, target, print);
    memcpy(text + after, target, print);
    if (!junction)
        out->SymbolicLinkReparseBuffer.Flags = relative ? 1 /* SYMLINK_FLAG_RELATIVE */ : 0;
}

NTSTATUS get_reparse_point(struct control *control)
{
    REPARSE_DATA_BUFFER *out = control->out;
    WCHAR target[PATH_HOST_MAX];
    char text[PATH_HOST_MAX];
    bool relative;
    if (!control->file->host)
        return STATUS_INVALID_DEVICE_REQUEST;
    enum link_kind kind = reparse_kind(AT_FDCWD, control->file->host, text);
    if (kind == LINK_NONE)
        return errno == EINVAL || errno == ENOENT ? STATUS_NOT_A_REPARSE_POINT : status_from_errno(errno);
    int length = link_target(text, target, &relative);
    if (length < 0)
        return STATUS_IO_REPARSE_DATA_INVALID;
    bool junction = kind == LINK_JUNCTION && !relative;
    ULONG head = junction ? offsetof(REPARSE_DATA_BUFFER, MountPointReparseBuffer.PathBuffer)
                          : offsetof(REPARSE_DATA_BUFFER, SymbolicLinkReparseBuffer.PathBuffer);
    USHORT print = (USHORT)(length * 2);
    ULONG size = head + print * 2 + (relative ? 0 : 8) + (junction ? 4 : 0);
    if (control->out_length < size)
        return control->out_length < 8 ? STATUS_BUFFER_TOO_SMALL : STATUS_BUFFER_OVERFLOW;
    memset(out, 0, size);
    out->ReparseTag = junction ? IO_REPARSE_TAG_MOUNT_POINT : IO_REPARSE_TAG_SYMLINK;
    out->ReparseDataLength = (USHORT)(size - 8);
    names_write(out, junction, relative, target, print);
    control->used = size;
    return STATUS_SUCCESS;
}

/* The host's text for a link to `target`: a path below a drive becomes a host path. */
static NTSTATUS link_text(const WCHAR *target, size_t length, bool relative, char text[PATH_HOST_MAX])
{
    if (!relative) {
        struct path path;
        UNICODE_STRING name = {(USHORT)(length * 2), (USHORT)(length * 2), (WCHAR *)target};
        NTSTATUS status = path_find(&name, NULL, &path);
        if (status && status != STATUS_OBJECT_NAME_NOT_FOUND && status != STATUS_OBJECT_PATH_NOT_FOUND)
            return status;
        strcpy(text, path.host);
        return STATUS_SUCCESS;
    }
    if (path_name_to_bytes(target, length, text, PATH_HOST_MAX - 2) < 0)
        return STATUS_IO_REPARSE_DATA_INVALID;
    for (char *p = text; *p; p++)
        if (*p == '\\')
            *p = '/';
    return STATUS_SUCCESS;
}

/* What a reparse buffer says. */
struct wanted_link {
    const WCHAR *target;
    size_t count;
    bool relative, junction;
};

static NTSTATUS wanted_read(const REPARSE_DATA_BUFFER *in, ULONG length, struct wanted_link *wanted)
{
    const char *names;
    USHORT offset, bytes;
    if (length < 8 || length < (ULONG)in->ReparseDataLength + 8)
        return STATUS_IO_REPARSE_DATA_INVALID;
    wanted->junction = in->ReparseTag == IO_REPARSE_TAG_MOUNT_POINT;
    if (!wanted->junction && in->ReparseTag != IO_REPARSE_TAG_SYMLINK)
        return STATUS_IO_REPARSE_TAG_INVALID; /* the host has no place for other kinds */
    if (length < (wanted->junction ? 16u : 20u))
        return STATUS_IO_REPARSE_DATA_INVALID;
    names = (const char *)(wanted->junction ? in->MountPointReparseBuffer.PathBuffer
                                            : in->SymbolicLinkReparseBuffer.PathBuffer);
    offset = in->SymbolicLinkReparseBuffer.SubstituteNameOffset;
    bytes = in->SymbolicLinkReparseBuffer.SubstituteNameLength;
    wanted->relative = !wanted->junction && in->SymbolicLinkReparseBuffer.Flags & 1;
    if (names + offset + bytes > (const char *)in + length || !bytes)
        return STATUS_IO_REPARSE_DATA_INVALID;
    wanted->target = (const WCHAR *)(names + offset);
    wanted->count = bytes / 2;
    return STATUS_SUCCESS;
}

/* The link takes the place of what is there under another name first, so that nothing is lost if it fails. */
static NTSTATUS link_place(const char *text, const char *host, bool directory)
{
    char temporary[PATH_HOST_MAX + 32];
    snprintf(temporary, sizeof temporary, "%s.~link%d", host, (int)getpid());
    if (symlink(text, temporary))
        return status_from_errno(errno);
    if ((directory && rmdir(host)) || rename(temporary, host)) {
        int error = errno;
        unlink(temporary);
        return error == ENOTEMPTY ? STATUS_DIRECTORY_NOT_EMPTY : status_from_errno(error);
    }
    return STATUS_SUCCESS;
}

/* What stands at the end of a directory's link: a backslash of the target's own, if it has one, and the mark. */
static void mark_directory(char text[PATH_HOST_MAX], const struct wanted_link *wanted)
{
    size_t used = strlen(text);
    while (used > 1 && text[used - 1] == '/')
        used--;
    if (!used || used + 4 >= PATH_HOST_MAX)
        return;
    bool own = text[used - 1] != '/' && wanted->target[wanted->count - 1] == '\\';
    const char *mark = wanted->junction ? "/." : text[used - 1] == '/' ? "" : "/";
    snprintf(text + used, 4, "%s%s", own ? "/" : "", mark);
}

/* The file or empty directory that is open is replaced by a link of its name. */
NTSTATUS set_reparse_point(struct control *control)
{
    struct file *file = control->file;
    struct wanted_link wanted;
    char text[PATH_HOST_MAX];
    struct stat st;
    if (!file->host || file->fd < 0 || lstat(file->host, &st))
        return STATUS_INVALID_DEVICE_REQUEST;
    NTSTATUS status = wanted_read(control->in, control->in_length, &wanted);
    if (!status)
        status = link_text(wanted.target, wanted.count, wanted.relative, text);
    if (status)
        return status;
    bool directory = S_ISDIR(st.st_mode);
    if (S_ISLNK(st.st_mode)) { /* another target for a link that is one already */
        directory = reparse_is_directory(file->host);
        if (wanted.junction && !directory)
            return STATUS_NOT_A_DIRECTORY;
    } else if (wanted.junction && !directory) {
        return STATUS_NOT_A_DIRECTORY;
    } else if (!directory && st.st_size) {
        return STATUS_IO_REPARSE_DATA_INVALID;
    }
    if (directory)
        mark_directory(text, &wanted);
    return link_place(text, file->host, directory && S_ISDIR(st.st_mode));
}

/* What is left is an empty file or directory. */
NTSTATUS delete_reparse_point(struct control *control)
{
    struct file *file = control->file;
    const REPARSE_DATA_BUFFER *in = control->in;
    char text[PATH_HOST_MAX];
    if (!file->host)
        return STATUS_INVALID_DEVICE_REQUEST;
    if (control->in_length < 8 || in->ReparseDataLength)
        return STATUS_IO_REPARSE_DATA_INVALID;
    enum link_kind kind = reparse_kind(AT_FDCWD, file->host, text);
    if (kind == LINK_NONE)
        return STATUS_NOT_A_REPARSE_POINT;
    if (in->ReparseTag != (kind == LINK_JUNCTION ? IO_REPARSE_TAG_MOUNT_POINT : IO_REPARSE_TAG_SYMLINK))
        return STATUS_IO_REPARSE_TAG_MISMATCH;
    bool directory = reparse_is_directory(file->host);
    if (unlink(file->host))
        return status_from_errno(errno);
    int fd = directory ? mkdir(file->host, 0777) : open(file->host, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (fd < 0)
        return status_from_errno(errno);
    if (!directory)
        close(fd);
    return STATUS_SUCCESS;
}
