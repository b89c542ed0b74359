/*
 * path.c: the one resolver: NT names to host names and back.
 *
 * \??\X:\... goes to the drive's host directory, device names to a kind.  The exact name is
 * tried first with one system call; another case is looked for only if that fails, from
 * the deepest directory that exists.  Calls Linux and dirindex.c.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config.h"
#include "dirindex.h"
#include "file.h"
#include "path.h"

/* A piece of an NT name. */
struct span {
    const WCHAR *at;
    size_t length;
};

/* True if `span` starts with the ASCII text (any case); then steps over it. */
static bool span_skip(struct span *span, const char *text)
{
    size_t i = 0;
    for (; text[i]; i++) {
        if (i == span->length)
            return false;
        WCHAR c = span->at[i];
        if (c >= 'A' && c <= 'Z')
            c += 32;
        if (c != (WCHAR)(text[i] >= 'A' && text[i] <= 'Z' ? text[i] + 32 : text[i]))
            return false;
    }
    span->at += i;
    span->length -= i;
    return true;
}

/* The same, but the text must be followed by a backslash or the end. */
static bool span_skip_component(struct span *span, const char *text)
{
    struct span rest = *span;
    if (!span_skip(&rest, text) || (rest.length && *rest.at != '\\'))
        return false;
    *span = rest;
    return true;
}

/* Host directory of a drive into path->host; sets root. */
static NTSTATUS drive_root(WCHAR letter, struct path *path)
{
    const char *prefix = path_prefix();
    size_t length = strlen(prefix);
    if (letter >= 'a')
        letter -= 32;
    path->drive = letter;
    path->host[0] = 0;
    const struct config_drive *drive = config_drive(letter);
    if (drive) {
        if (drive->removed || strlen(drive->path) >= PATH_HOST_MAX)
            return STATUS_OBJECT_PATH_NOT_FOUND;
        strcpy(path->host, drive->path);
    } else if (letter == 'C') {
        memcpy(path->host, prefix, length);
        strcpy(path->host + length, "/drive_c");
    } else if (letter != 'Z') {
        char link[PATH_HOST_MAX], name[] = "/dosdevices/x:";
        name[12] = (char)(letter + 32);
        memcpy(link, prefix, length);
        strcpy(link + length, name);
        ssize_t n = readlink(link, path->host, sizeof path->host - 1);
        if (n < 0)
            return STATUS_OBJECT_PATH_NOT_FOUND;
        while (n > 0 && path->host[n - 1] == '/')
            n--;
        path->host[n] = 0;
    }
    path->root = strlen(path->host);
    return STATUS_SUCCESS;
}

#define BIT(c) (1ull << ((c) % 64))

/* Control characters and " * / : < > ? | */
static bool char_is_forbidden(WCHAR c)
{
    static const uint64_t forbidden[] = {
        0xffffffff | BIT('"') | BIT('*') | BIT('/') | BIT(':') | BIT('<') | BIT('>') | BIT('?'), BIT('|')};
    return c < 128 && forbidden[c / 64] & BIT(c);
}

/* name:stream:$DATA, where the name of the stream or the type may be left out: cut off into path->stream. */
static NTSTATUS stream_cut(struct span *name, struct path *path)
{
    size_t colon = 0, end;
    while (colon < name->length && name->at[colon] != ':')
        colon++;
    if (colon == name->length)
        return STATUS_SUCCESS;
    for (end = colon + 1; end < name->length && name->at[end] != ':'; end++)
        if (!name->at[end] || name->at[end] == '/')
            return STATUS_OBJECT_NAME_INVALID;
    struct span type = {name->at + end, name->length - end};
    bool typed = span_skip(&type, ":$data");
    if (type.length || (!typed && (end < name->length || end == colon + 1)))
        return STATUS_OBJECT_NAME_INVALID;
    if (path_name_to_bytes(name->at + colon + 1, end - colon - 1, path->stream, sizeof path->stream - 32) < 0)
        return STATUS_OBJECT_NAME_INVALID;
    name->length = colon;
    return STATUS_SUCCESS;
}

/* One component: no forbidden character. */
static NTSTATUS component_check(const struct span *name)
{
    if (!name->length || (name->at[0] == '.' && (name->length == 1 || (name->length == 2 && name->at[1] == '.'))))
        return STATUS_OBJECT_NAME_INVALID;
    for (size_t i = 0; i < name->length; i++)
        if (char_is_forbidden(name->at[i]))
            return STATUS_OBJECT_NAME_INVALID;
    return STATUS_SUCCESS;
}

/* Appends backslash-separated components to path->host. */
static NTSTATUS append_components(struct path *path, struct span rest)
{
    size_t used = strlen(path->host);
    while (rest.length) {
        if (*rest.at == '\\') {
            rest.at++;
            rest.length--;
        }
        struct span name = {rest.at, 0};
        while (name.length < rest.length && rest.at[name.length] != '\\')
            name.length++;
        rest.at += name.length;
        rest.length -= name.length;
        if (!name.length && !rest.length) {
            path->trailing = true;
            break;
        }
        NTSTATUS status = rest.length ? STATUS_SUCCESS : stream_cut(&name, path);
        if (!status && !name.length && path->stream[0] && used == path->root && path->root)
            break; /* a stream of the directory or file itself */
        if (!status)
            status = component_check(&name);
        if (status)
            return status;
        if (used + 1 >= PATH_HOST_MAX)
            return STATUS_NAME_TOO_LONG;
        path->host[used++] = '/';
        int n = path_name_to_bytes(name.at, name.length, path->host + used, PATH_HOST_MAX - used);
        if (n < 0)
            return STATUS_NAME_TOO_LONG;
        if (n > 255)
            return STATUS_OBJECT_NAME_INVALID;
        used += n;
    }
    path->host[used] = 0;
    return STATUS_SUCCESS;
}

static NTSTATUS translate_drive(WCHAR letter, struct span rest, struct path *path)
{
    path->kind = PATH_FILE;
    NTSTATUS status = drive_root(letter, path);
    if (status)
        return status;
    if (!rest.length)
        path->kind = PATH_VOLUME;
    return append_components(path, rest);
}

/* The rest of a device's name, for pipes and the like. */
static NTSTATUS translate_rest(enum path_kind kind, struct span rest, struct path *path)
{
    path->kind = kind;
    if (rest.length && *rest.at == '\\') {
        rest.at++;
        rest.length--;
    }
    return path_name_to_bytes(rest.at, rest.length, path->host, PATH_HOST_MAX) < 0 ? STATUS_NAME_TOO_LONG
                                                                                   : STATUS_SUCCESS;
}

/* \Device\HarddiskVolumeN: N is the drive's place in the alphabet. */
static NTSTATUS translate_volume(struct span rest, struct path *path)
{
    unsigned number = 0;
    while (rest.length && *rest.at >= '0' && *rest.at <= '9' && number < 100) {
        number = number * 10 + (*rest.at++ - '0');
        rest.length--;
    }
    if (number < 1 || number > 26 || (rest.length && *rest.at != '\\'))
        return STATUS_OBJECT_PATH_NOT_FOUND;
    return translate_drive((WCHAR)('A' + number - 1), rest, path);
}

static NTSTATUS translate_device(struct span rest, struct path *path)
{
    if (span_skip(&rest, "HarddiskVolume"))
        return translate_volume(rest, path);
    if (span_skip_component(&rest, "Null"))
        return translate_rest(PATH_NULL, rest, path);
    if (span_skip_component(&rest, "NamedPipe"))
        return translate_rest(PATH_PIPE, rest, path);
    if (span_skip_component(&rest, "Mailslot"))
        return translate_rest(PATH_MAILSLOT, rest, path);
    if (span_skip_component(&rest, "Afd"))
        return translate_rest(PATH_AFD, rest, path);
    if (span_skip_component(&rest, "ConDrv")) {
        bool in = span_skip_component(&rest, "\\CurrentIn") || span_skip_component(&rest, "\\Input");
        bool out = !in && (span_skip_component(&rest, "\\CurrentOut") || span_skip_component(&rest, "\\Output"));
        return translate_rest(in ? PATH_CONSOLE_IN : out ? PATH_CONSOLE_OUT : PATH_CONSOLE, rest, path);
    }
    return translate_rest(PATH_OTHER_DEVICE, rest, path);
}

/* \\server\share\...: only this machine's drive shares. */
static NTSTATUS translate_unc(struct span rest, struct path *path)
{
    span_skip(&rest, "\\");
    if (!span_skip_component(&rest, "localhost") && !span_skip_component(&rest, "127.0.0.1"))
        return STATUS_BAD_NETWORK_PATH;
    span_skip(&rest, "\\");
    if (span_skip_component(&rest, "pipe"))
        return translate_rest(PATH_PIPE, rest, path);
    if (span_skip_component(&rest, "mailslot"))
        return translate_rest(PATH_MAILSLOT, rest, path);
    if (rest.length < 2 || rest.at[1] != '$' || (rest.length > 2 && rest.at[2] != '\\'))
        return STATUS_BAD_NETWORK_NAME;
    WCHAR letter = rest.at[0] | 32;
    if (letter < 'a' || letter > 'z')
        return STATUS_BAD_NETWORK_NAME;
    return translate_drive(letter, (struct span){rest.at + 2, rest.length - 2}, path);
}

/* Volume{GUID}: the drive's letter is in the last digits (see volume.c). */
static NTSTATUS translate_volume_guid(struct span rest, struct path *path)
{
    size_t close = 0;
    while (close < rest.length && rest.at[close] != '}')
        close++;
    if (close != 36 || close == rest.length)
        return STATUS_OBJECT_NAME_NOT_FOUND;
    unsigned code = 0;
    for (int i = 34; i < 36; i++)
        code = code * 16 + (rest.at[i] <= '9' ? rest.at[i] - '0' : (rest.at[i] | 32) - 'a' + 10);
    if (code < 'A' || code > 'Z')
        return STATUS_OBJECT_NAME_NOT_FOUND;
    return translate_drive((WCHAR)code, (struct span){rest.at + 37, rest.length - 37}, path);
}

static NTSTATUS translate_dos_device(struct span rest, struct path *path)
{
    WCHAR letter = rest.length ? rest.at[0] | 32 : 0;
    if (rest.length >= 2 && rest.at[1] == ':' && letter >= 'a' && letter <= 'z' &&
        (rest.length == 2 || rest.at[2] == '\\'))
        return translate_drive(letter, (struct span){rest.at + 2, rest.length - 2}, path);
    if (span_skip_component(&rest, "UNC"))
        return translate_unc(rest, path);
    if (span_skip_component(&rest, "pipe"))
        return translate_rest(PATH_PIPE, rest, path);
    if (span_skip_component(&rest, "mailslot"))
        return translate_rest(PATH_MAILSLOT, rest, path);
    if (span_skip_component(&rest, "NUL"))
        return translate_rest(PATH_NULL, rest, path);
    if (span_skip_component(&rest, "CON"))
        return translate_rest(PATH_CONSOLE, rest, path);
    if (span_skip_component(&rest, "CONIN$"))
        return translate_rest(PATH_CONSOLE_IN, rest, path);
    if (span_skip_component(&rest, "CONOUT$"))
        return translate_rest(PATH_CONSOLE_OUT, rest, path);
    if (span_skip(&rest, "Volume{"))
        return translate_volume_guid(rest, path);
    if (span_skip(&rest, "HarddiskVolume"))
        return translate_volume(rest, path);
    if (span_skip(&rest, "GLOBALROOT\\Device\\"))
        return translate_device(rest, path);
    if (span_skip_component(&rest, "GLOBAL") && span_skip(&rest, "\\"))
        return translate_dos_device(rest, path);
    return STATUS_OBJECT_NAME_NOT_FOUND;
}

static NTSTATUS translate_relative(struct span rest, HANDLE root, struct path *path)
{
    struct file *file;
    NTSTATUS status = handle_lookup(root, &type_file, 0, (void **)&file);
    if (status)
        return status;
    if (file->kind == FILE_KIND_PIPE_ROOT || file->pipe) {
        status = translate_rest(PATH_PIPE, rest, path);
        path->relative = true;
    } else if (file->kind == FILE_KIND_OTHER) {
        status = translate_rest(PATH_OTHER_DEVICE, rest, path);
    } else if (rest.length && *rest.at == '\\') {
        status = STATUS_OBJECT_PATH_SYNTAX_BAD;
    } else if (!file->host) {
        status = STATUS_OBJECT_TYPE_MISMATCH;
    } else {
        path->kind = PATH_FILE;
        path->drive = file->drive;
        strcpy(path->host, strcmp(file->host, "/") ? file->host : "");
        path->root = strlen(path->host);
        status = append_components(path, rest);
    }
    object_release(file);
    return status;
}

NTSTATUS path_translate(const UNICODE_STRING *nt_name, HANDLE root, struct path *path)
{
    struct span rest = {nt_name ? nt_name->Buffer : NULL, nt_name ? nt_name->Length / 2 : 0};
    NTSTATUS status;
    path->kind = PATH_OTHER_DEVICE;
    path->trailing = path->relative = path->system = false;
    path->drive = 0;
    path->root = 0;
    path->host[0] = path->stream[0] = 0;
    if (root)
        status = translate_relative(rest, root, path);
    else if (!rest.length || *rest.at != '\\')
        status = STATUS_OBJECT_PATH_SYNTAX_BAD;
    else if (span_skip(&rest, "\\??\\") || span_skip(&rest, "\\DosDevices\\") || span_skip(&rest, "\\GLOBAL??\\"))
        status = translate_dos_device(rest, path);
    else if (span_skip(&rest, "\\Device\\"))
        status = translate_device(rest, path);
    else if (span_skip_component(&rest, "\\SystemRoot")) {
        status = drive_root('C', path);
        strcat(path->host, "/Windows");
        path->kind = PATH_FILE;
        if (!status)
            status = append_components(path, rest);
    } else
        status = STATUS_OBJECT_PATH_NOT_FOUND;
    if (!status && (path->kind == PATH_FILE || path->kind == PATH_VOLUME) && !path->host[0])
        strcpy(path->host, "/");
    return status;
}

NTSTATUS path_find(const UNICODE_STRING *nt_name, HANDLE root, struct path *path)
{
    struct stat st;
    NTSTATUS status = path_translate(nt_name, root, path);
    if (status || (path->kind != PATH_FILE && path->kind != PATH_VOLUME))
        return status;
    if (path_fold_first(path) && (status = path_fold(path)))
        return status;
    return lstat(path->host, &st) ? path_fold(path) : STATUS_SUCCESS;
}

NTSTATUS path_resolve(const UNICODE_STRING *nt_name, HANDLE root, char *host, enum path_kind *kind)
{
    struct path path;
    NTSTATUS status = path_find(nt_name, root, &path);
    *kind = path.kind;
    strcpy(host, path.host);
    return status;
}

static NTSTATUS name_in(const WCHAR *directory, const char *name, WCHAR *dos, size_t count)
{
    const size_t length = path_length(directory);
    if (count <= length)
        return STATUS_BUFFER_TOO_SMALL;
    memcpy(dos, directory, (length + 1) * sizeof *dos);
    return path_name_to_wide(name, strlen(name), dos + length, count - length) < 0 ? STATUS_BUFFER_TOO_SMALL
                                                                                   : STATUS_SUCCESS;
}

/* The configured drive whose directory is the longest above `host`: its length, 0 if there is none. */
static size_t configured_drive(const char *host, WCHAR *letter)
{
    size_t longest = 0;
    for (WCHAR c = 'A'; c <= 'Z'; c++) {
        const struct config_drive *drive = config_drive(c);
        size_t length = drive && !drive->removed ? strlen(drive->path) : 0;
        if (length > longest && !strncmp(host, drive->path, length) && (!host[length] || host[length] == '/')) {
            longest = length;
            *letter = c;
        }
    }
    return longest;
}

NTSTATUS path_from_host(const char *host, WCHAR *dos, size_t count)
{
    const char *prefix = path_prefix();
    size_t length = strlen(prefix);
    WCHAR drive = 'Z';
    if (!strncmp(host, prefix, length) && !strncmp(host + length, "/drive_c", 8) &&
        (!host[length + 8] || host[length + 8] == '/')) {
        drive = 'C';
        host += length + 8;
    } else if (path_is_system(host)) {
        return name_in(u"C:\\Windows\\system32\\", strrchr(host, '/') + 1, dos, count);
    } else {
        size_t shown = configured_drive(host, &drive);
        const struct config_drive *z = config_drive('Z');
        if (!shown && z && drive == 'Z')
            return STATUS_OBJECT_PATH_NOT_FOUND; /* Z: is not the root here */
        host += shown;
    }
    while (*host == '/')
        host++;
    if (count < 4)
        return STATUS_BUFFER_TOO_SMALL;
    dos[0] = drive;
    dos[1] = ':';
    dos[2] = '\\';
    int n = path_name_to_wide(host, strlen(host), dos + 3, count - 3);
    if (n < 0)
        return STATUS_BUFFER_TOO_SMALL;
    for (int i = 0; i < n; i++)
        if (dos[3 + i] == '/')
            dos[3 + i] = '\\';
    return STATUS_SUCCESS;
}

/* As the drive's directory is written, which may lie behind links itself. */
void path_real(const char *opened, const char *real, char host[PATH_HOST_MAX])
{
    char root[PATH_HOST_MAX], real_root[PATH_HOST_MAX];
    const char *prefix = path_prefix();
    size_t length = strlen(prefix), real_length;
    WCHAR letter;
    if (!strncmp(opened, prefix, length) && !strncmp(opened + length, "/drive_c", 8))
        length += 8;
    else
        length = configured_drive(opened, &letter);
    memcpy(root, opened, length);
    root[length] = 0;
    if (length && realpath(root, real_root) && !strncmp(real, real_root, real_length = strlen(real_root)) &&
        (!real[real_length] || real[real_length] == '/') && length + strlen(real + real_length) < PATH_HOST_MAX) {
        memcpy(host, root, length);
        strcpy(host + length, real + real_length);
    } else {
        strcpy(host, real);
    }
}

NTSTATUS path_from_file(const char *host, WCHAR drive, WCHAR *dos, size_t count)
{
    const char *name = drive == 'C' ? path_etc_name(host) : NULL;
    return name ? name_in(u"C:\\Windows\\System32\\drivers\\etc\\", name, dos, count)
                : path_from_host(host, dos, count);
}
