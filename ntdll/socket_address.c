/*
 * socket_address.c: addresses of Windows and of the host.
 *
 * IPv4 and IPv6 addresses have the same layout in both worlds; only the number of the IPv6 family differs.  The name of
 * a local socket (AF_UNIX) is a Windows path, in UTF-8.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "path.h"
#include "peb.h"
#include "socket_private.h"

int family_to_host(int family)
{
    switch (family) {
    case WS_AF_UNIX:
        return AF_UNIX;
    case WS_AF_INET:
        return AF_INET;
    case WS_AF_INET6:
        return AF_INET6;
    default:
        return -1;
    }
}

int family_from_host(int family)
{
    return family == AF_INET6 ? WS_AF_INET6 : family;
}

void address_release(struct host_address *host)
{
    if (host->directory)
        close(host->directory - 1);
    host->directory = 0;
}

/* A path too long for sun_path is reached through its directory, opened. */
static bool unix_short_name(struct host_address *host, const char *path)
{
    const size_t size = sizeof host->un.sun_path;
    char directory[PATH_HOST_MAX];
    const char *slash = strrchr(path, '/');
    if (!slash)
        return false;
    memcpy(directory, path, slash - path);
    directory[slash - path] = 0;
    int fd = open(directory, O_PATH | O_CLOEXEC | O_DIRECTORY);
    host->directory = fd + 1;
    return fd >= 0 && (size_t)snprintf(host->un.sun_path, size, "/proc/self/fd/%d%s", fd, slash) < size;
}

static NTSTATUS unix_to_host(const char *name, size_t length, struct host_address *host)
{
    WCHAR wide[sizeof host->un.sun_path + 1];
    UNICODE_STRING nt;
    struct path path;
    ULONG bytes = 0;
    length = strnlen(name, length);
    host->un.sun_family = AF_UNIX;
    if (!length) { /* no name: only for an unbound peer */
        host->length = sizeof host->un.sun_family;
        return STATUS_SUCCESS;
    }
    NTSTATUS status = RtlUTF8ToUnicodeN(wide, sizeof wide - 2, &bytes, name, (ULONG)length);
    if (!NT_SUCCESS(status))
        return STATUS_INVALID_PARAMETER;
    wide[bytes / 2] = 0;
    status = RtlDosPathNameToNtPathName_U_WithStatus(wide, &nt, NULL, NULL);
    if (status)
        return status;
    status = path_find(&nt, NULL, &path);
    RtlFreeUnicodeString(&nt);
    if (status && status != STATUS_OBJECT_NAME_NOT_FOUND)
        return status;
    if (path.kind != PATH_FILE)
        return STATUS_INVALID_PARAMETER;
    if (strlen(path.host) < sizeof host->un.sun_path) {
        strcpy(host->un.sun_path, path.host);
    } else if (!unix_short_name(host, path.host)) {
        address_release(host);
        return STATUS_NAME_TOO_LONG;
    }
    host->length = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(host->un.sun_path) + 1);
    return STATUS_SUCCESS;
}

NTSTATUS address_to_host(const void *address, int length, struct host_address *host)
{
    const int family_size = sizeof(USHORT);
    memset(host, 0, sizeof *host);
    if (!address || length < family_size)
        return STATUS_ACCESS_VIOLATION;
    switch (*(const USHORT *)address) {
    case WS_AF_UNIX:
        if ((size_t)length > sizeof host->un)
            length = sizeof host->un;
        return unix_to_host((const char *)address + family_size, length - family_size, host);
    case WS_AF_INET:
        host->length = sizeof host->in;
        break;
    case WS_AF_INET6:
        host->length = sizeof host->in6;
        break;
    case WS_AF_UNSPEC:
        host->length = sizeof host->any;
        break;
    default:
        return STATUS_FROM_WINSOCK(10047);
    }
    if ((socklen_t)length < host->length)
        return STATUS_ACCESS_VIOLATION;
    memcpy(host->bytes, address, host->length);
    host->any.sa_family = *(const USHORT *)address == WS_AF_INET6 ? AF_INET6 : *(const USHORT *)address;
    return STATUS_SUCCESS;
}

NTSTATUS address_from_host(const struct host_address *host, void *address, int *length)
{
    size_t size = host->any.sa_family == AF_INET    ? sizeof host->in
                  : host->any.sa_family == AF_INET6 ? sizeof host->in6
                                                    : sizeof host->any.sa_family;
    if (*length < 0 || (size_t)*length < size)
        return STATUS_ACCESS_VIOLATION;
    memcpy(address, host->bytes, size);
    *(USHORT *)address = (USHORT)family_from_host(host->any.sa_family);
    *length = (int)size;
    return STATUS_SUCCESS;
}
