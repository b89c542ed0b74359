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

enum path_kind {
    PATH_FILE,
    PATH_NULL,
    PATH_CONSOLE_IN,
    PATH_CONSOLE_OUT,
    PATH_CONSOLE,
    PATH_PIPE,
    PATH_MAILSLOT,
    PATH_AFD,
    PATH_VOLUME,
    PATH_OTHER_DEVICE
};

NTSTATUS path_resolve(const UNICODE_STRING *nt_name, HANDLE root, char *host, enum path_kind *kind);

/*
 * The two halves of path_resolve, for callers that open the exact name first and look for another
 * case only when that fails.  path_translate makes no system call for C: and Z:; path_fold corrects
 * the case of `name->host` in place, with path_resolve's results.
 */
struct path {
    enum path_kind kind;
    bool relative; /* a pipe's name relative to the pipe device itself */
    bool system;   /* a program that comes with winrun: read-only */
    bool trailing; /* the name ended in a backslash: it must be a directory */
    WCHAR drive;   /* 'C' ..., or 0 */
    size_t root;   /* host[0..root) is the drive's root */
    char host[PATH_HOST_MAX];
    char stream[256]; /* which of the file's streams is meant; "": its data */
};

NTSTATUS path_translate(const UNICODE_STRING *nt_name, HANDLE root, struct path *path);
NTSTATUS path_fold(struct path *path);

/*
 * The name that host directory `directory` has for `name` in any case, or for one that Windows would have made up:
 * 1 found, 0 not, negative: there is no such directory.
 */
int path_component(const char *directory, const char *name, char actual[256]);

/*
 * Programs that probe ask for many names that are not there, one after the other, and programs that write a directory
 * in another case go on to do so.  True: path_fold first, which tells both with one system call.
 */
bool path_fold_first(const struct path *path);

/* path_translate, one lstat, and path_fold if need be. */
NTSTATUS path_find(const UNICODE_STRING *nt_name, HANDLE root, struct path *path);

/* Host path to Win32 path (Z:\... or a drive of the prefix), for command lines, module names, current directory.
 * `dos` gets at most `count` WCHARs including the zero.  STATUS_BUFFER_TOO_SMALL. */
NTSTATUS path_from_host(const char *host, WCHAR *dos, size_t count);

/* A host path whose links are resolved (`real`) for what was opened as `opened`. */
void path_real(const char *opened, const char *real, char host[PATH_HOST_MAX]);

/* The same for a file that was opened on `drive` (0: not known), which may be a view of one that lies elsewhere. */
NTSTATUS path_from_file(const char *host, WCHAR drive, WCHAR *dos, size_t count);

/* The prefix directory of this process (host path, no trailing slash). Nothing is created until something is written.
 */
const char *path_prefix(void);
void path_set_prefix(const char *host_directory);
/* Makes the prefix's directory, and notes in it which program it belongs to. */
bool path_prefix_make(void);

/* The program's host path: the prefix's name derives from it unless one was set. Borrowed. */
void path_set_program(const char *host_path);

/* The user's name as Windows sees it (C:\Users\NAME). */
const char *path_user(void);

/*
 * Directories of C: that every program may expect appear to exist before they do.  path_is_virtual: is this
 * host path one of them?  path_virtual_child: its index-th child's name, or NULL.  path_make_real: makes
 * the directories above `host` (all: and host itself) as far as they are virtual; false: they are not.
 */
bool path_is_virtual(const char *host);
const char *path_virtual_child(const char *host, unsigned index, char name[256]);
bool path_make_real(const char *host, bool all);

/*
 * Programs that come with winrun appear as files of C:\Windows\System32, and the host's tables of the network's names
 * as those of drivers\etc there, read-only.  path_system_file: the host file that appears as `host`, false: none.
 * path_is_system: is this host file one of the programs?  path_is_system32: is this the directory?  path_etc_child: the
 * index-th such table in this directory, NULL: none; path_etc_name: which one is this host file, NULL: none.
 */
const char *path_etc_child(const char *host, unsigned index);
const char *path_etc_name(const char *host);
bool path_system_file(const char *host, char real[PATH_HOST_MAX]);
bool path_is_system(const char *host);
const char *path_system_directory(void);
bool path_is_system32(const char *host);

/* Windows' comparison of two names (upcase table, no locale); lengths in WCHARs. */
bool path_name_equal(const WCHAR *a, size_t a_length, const WCHAR *b, size_t b_length);

static inline size_t path_length(const WCHAR *text)
{
    size_t length = 0;
    while (text[length])
        length++;
    return length;
}

/* Bytes <-> UTF-16 without loss: WTF-8, with bytes that are not UTF-8 and characters Windows forbids in the
 * private-use range.  Return the length written (excluding the zero), or -1 if it does not fit. */
int path_name_to_wide(const char *bytes, size_t length, WCHAR *wide, size_t count);
int path_name_to_bytes(const WCHAR *wide, size_t length, char *bytes, size_t size);

#endif
