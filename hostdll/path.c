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

/* bytes: in UTF-8 or the ANSI code page. */
static const char *resolve(const char *bytes, bool utf8, char host[HOST_PATH_SIZE])
{
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
