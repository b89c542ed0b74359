/*
 * path.h: from Windows names to host names.  The one resolver: every API that takes a path ends here.
 */
#ifndef NTDLL_PATH_H
#define NTDLL_PATH_H

#include "win.h"

/*
 * Resolves an NT path (\??\C:\dir\file, \Device\..., or relative to `root`) to a host path.
 *
 * The last component need not exist: then STATUS_OBJECT_NAME_NOT_FOUND is returned and `host` holds
 * the name to create it under; STATUS_OBJECT_PATH_NOT_FOUND if a directory on the way is missing;
 * STATUS_OBJECT_NAME_INVALID.  Case: the exact name is tried with one system call, then the
 * directory's folded index.  `host` (at least PATH_HOST_MAX bytes) is written as bytes, zero-terminated.
 * Devices (NUL, CON, pipe, Afd ...) return STATUS_SUCCESS with path_kind set and the rest of the name in `host`.
 */
#define PATH_HOST_MAX 4096

enum path_kind { PATH_FILE, PATH_NULL, PATH_CONSOLE_IN, PATH_CONSOLE_OUT, PATH_CONSOLE, PATH_PIPE, PATH_MAILSLOT,
                 PATH_AFD, PATH_VOLUME, PATH_OTHER_DEVICE };

NTSTATUS path_resolve(const UNICODE_STRING *nt_name, HANDLE root, char *host, enum path_kind *kind);

/* Host path to Win32 path (Z:\... or a drive of the prefix), for command lines, module names, current directory.
 * `dos` gets at most `count` WCHARs including the zero.  STATUS_BUFFER_TOO_SMALL. */
NTSTATUS path_from_host(const char *host, WCHAR *dos, size_t count);

/* The prefix directory of this process (host path, no trailing slash). Nothing is created until something is written. */
const char *path_prefix(void);
void path_set_prefix(const char *host_directory);

/* Bytes <-> UTF-16 without loss: WTF-8, with bytes that are not UTF-8 and characters Windows forbids in the
 * private-use range.  Return the length written (excluding the zero), or -1 if it does not fit. */
int path_name_to_wide(const char *bytes, size_t length, WCHAR *wide, size_t count);
int path_name_to_bytes(const WCHAR *wide, size_t length, char *bytes, size_t size);

#endif
