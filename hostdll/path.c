/*
 * path.c: Windows paths for host libraries.
 */
#include <string.h>
#include "hostdll.h"
#include "ntdll/path.h"

const char *host_path_wide(const WCHAR *path, char host[HOST_PATH_SIZE])
{
    UNICODE_STRING name;
    enum path_kind kind = PATH_FILE;
    if (!path)
        return NULL;
    NTSTATUS status = RtlDosPathNameToNtPathName_U_WithStatus(path, &name, NULL, NULL);
    if (NT_SUCCESS(status)) {
        status = path_resolve(&name, NULL, host, &kind);
        RtlFreeUnicodeString(&name);
    }
    if (status != STATUS_SUCCESS && status != STATUS_OBJECT_NAME_NOT_FOUND)
        strcpy(host, "/dev/null/no-such-file");
    else if (kind == PATH_NULL)
        strcpy(host, "/dev/null");
    return host;
}

/* Libraries that open files often take URLs too: all but file: stay as they are. */
static const char *skip_scheme(const char *name, bool *is_url)
{
    size_t length = strspn(name, "abcdefghijklmnopqrstuvwxyz");
    *is_url = length > 1 && !strncmp(name + length, "://", 3);
    if (!*is_url || strncmp(name, "file:///", 8))
        return name;
    *is_url = false;
    return name[8] && name[9] == ':' ? name + 8 : name + 7;
}

/* bytes: in UTF-8 or the ANSI code page. */
static const char *resolve(const char *bytes, bool utf8, char host[HOST_PATH_SIZE])
{
    bool is_url;
    bytes = skip_scheme(bytes, &is_url);
    if (is_url)
        return bytes;
    WCHAR wide[HOST_PATH_SIZE];
    ULONG used = 0, size = (ULONG)strlen(bytes), room = sizeof wide - sizeof *wide;
    NTSTATUS status = utf8 ? RtlUTF8ToUnicodeN(wide, room, &used, bytes, size)
                           : RtlMultiByteToUnicodeN(wide, room, &used, bytes, size);
    wide[NT_SUCCESS(status) ? used / sizeof *wide : 0] = 0;
    return host_path_wide(wide, host);
}

const char *host_path(const char *path, char host[HOST_PATH_SIZE])
{
    return path ? resolve(path, false, host) : NULL;
}

const char *host_path_utf8(const char *path, char host[HOST_PATH_SIZE])
{
    return path ? resolve(path, true, host) : NULL;
}
