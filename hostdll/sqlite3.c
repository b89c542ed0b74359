/*
 * sqlite3.c: what of sqlite3.dll types alone do not tell: paths, formats, settings with "...".
 *
 * All files are opened through a VFS named "win32": the host's own, except that names are Windows'.  So ATTACH and
 * VACUUM INTO take Windows paths too.
 */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include "hostdll.h"
#include "varargs.h"

#define LIBRARY "libsqlite3.so.0"
#define SQLITE_OK 0
#define SQLITE_ERROR 1
#define SQLITE_CANTOPEN 14
#define SQLITE_MISUSE 21
#define OPEN_READWRITE_CREATE 6

/* ABI: struct sqlite3_vfs as far as it is used here, and room for what newer versions have. */
struct vfs {
    int version, file_size, path_max;
    struct vfs *next;
    const char *name;
    void *data;
    void *open, *delete, *access;
    int (*full_path)(struct vfs *vfs, const char *name, int size, char *result);
    void *more[16];
};

static struct vfs windows_vfs;
static pthread_once_t once = PTHREAD_ONCE_INIT;

/* "/C:/dir", as a URI has it, is "C:/dir". */
static int full_path(struct vfs *vfs, const char *name, int size, char *result)
{
    char host[HOST_PATH_SIZE];
    (void)vfs;
    if (name[0] == '/' && name[1] && name[2] == ':')
        name++;
    size_t length = strlen(host_path_utf8(name, host));
    if (length >= (size_t)size)
        return SQLITE_CANTOPEN;
    memcpy(result, host, length + 1);
    return SQLITE_OK;
}

static void make_vfs(void)
{
    const struct vfs *own = HOST_CALL(LIBRARY, const struct vfs *, sqlite3_vfs_find, (const char *), NULL);
    if (!own)
        return;
    size_t known = offsetof(struct vfs, more) + (own->version >= 3 ? 12 : own->version == 2 ? 9 : 8) * sizeof(void *);
    memcpy(&windows_vfs, own, known);
    windows_vfs.next = NULL;
    windows_vfs.name = "win32";
    windows_vfs.full_path = full_path;
    HOST_CALL(LIBRARY, int, sqlite3_vfs_register, (struct vfs *, int), &windows_vfs, 1);
}

int WINAPI sqlite3_open_windows(const char *name, void **database)
{
    pthread_once(&once, make_vfs);
    return HOST_CALL(LIBRARY, int, sqlite3_open, (const char *, void **), name, database);
}

int WINAPI sqlite3_open16_windows(const void *name, void **database)
{
    pthread_once(&once, make_vfs);
    return HOST_CALL(LIBRARY, int, sqlite3_open16, (const void *, void **), name, database);
}

/* Windows' other VFSes differ in locking and path length alone. */
int WINAPI sqlite3_open_v2_windows(const char *name, void **database, int flags, const char *vfs)
{
    pthread_once(&once, make_vfs);
    if (vfs && !strncmp(vfs, "win32", 5))
        vfs = "win32";
    return HOST_CALL(LIBRARY, int, sqlite3_open_v2, (const char *, void **, int, const char *), name, database, flags,
                     vfs);
}

/* ---- settings ---- */

/* Those with structures of callbacks (memory, mutexes, page cache) can not be handed on. */
int WINAPI sqlite3_config_windows(int option, ...)
{
    enum {
        SINGLETHREAD = 1,
        MULTITHREAD,
        SERIALIZED,
        MALLOC,
        GETMALLOC,
        SCRATCH,
        PAGECACHE,
        HEAP,
        MEMSTATUS,
        MUTEX,
        GETMUTEX,
        LOOKASIDE = 13,
        PCACHE,
        GETPCACHE,
        LOG,
        URI,
        PCACHE2,
        GETPCACHE2,
        COVERING_INDEX,
        SQLLOG
    };
    __builtin_ms_va_list arguments;
    __builtin_ms_va_start(arguments, option);
    const uint64_t *slots = (const uint64_t *)(void *)arguments;
    uint64_t first = slots[0], second = slots[1], third = slots[2];
    __builtin_ms_va_end(arguments);
    switch (option) {
    case MALLOC:
    case GETMALLOC:
    case MUTEX:
    case GETMUTEX:
    case PCACHE:
    case GETPCACHE:
    case PCACHE2:
    case GETPCACHE2:
    case SQLLOG:
        return SQLITE_ERROR;
    case LOG:
        first = (uint64_t)host_callback((void *)first, "void(ptr,i32,str)");
        break;
    }
    return HOST_CALL(LIBRARY, int, sqlite3_config, (int, ...), option, first, second, third);
}

int WINAPI sqlite3_db_config_windows(void *database, int option, ...)
{
    __builtin_ms_va_list arguments;
    __builtin_ms_va_start(arguments, option);
    const uint64_t *slots = (const uint64_t *)(void *)arguments;
    int result =
        HOST_CALL(LIBRARY, int, sqlite3_db_config, (void *, int, ...), database, option, slots[0], slots[1], slots[2]);
    __builtin_ms_va_end(arguments);
    return result;
}

/* ---- formats ---- */

char *WINAPI sqlite3_vmprintf_windows(const char *format, __builtin_ms_va_list arguments)
{
    struct host_va_list list = host_va_list(arguments);
    char *made, *result = HOST_CALL(LIBRARY, char *, sqlite3_vmprintf, (const char *, void *),
                                    host_format(format, &made), &list);
    free(made);
    return result;
}

char *WINAPI sqlite3_mprintf_windows(const char *format, ...)
{
    __builtin_ms_va_list arguments;
    __builtin_ms_va_start(arguments, format);
    char *result = sqlite3_vmprintf_windows(format, arguments);
    __builtin_ms_va_end(arguments);
    return result;
}

char *WINAPI sqlite3_vsnprintf_windows(int size, char *text, const char *format, __builtin_ms_va_list arguments)
{
    struct host_va_list list = host_va_list(arguments);
    char *made, *result = HOST_CALL(LIBRARY, char *, sqlite3_vsnprintf, (int, char *, const char *, void *), size, text,
                                    host_format(format, &made), &list);
    free(made);
    return result;
}

char *WINAPI sqlite3_snprintf_windows(int size, char *text, const char *format, ...)
{
    __builtin_ms_va_list arguments;
    __builtin_ms_va_start(arguments, format);
    char *result = sqlite3_vsnprintf_windows(size, text, format, arguments);
    __builtin_ms_va_end(arguments);
    return result;
}

void WINAPI sqlite3_str_vappendf_windows(void *string, const char *format, __builtin_ms_va_list arguments)
{
    struct host_va_list list = host_va_list(arguments);
    char *made;
    HOST_CALL(LIBRARY, void, sqlite3_str_vappendf, (void *, const char *, void *), string, host_format(format, &made),
              &list);
    free(made);
}

void WINAPI sqlite3_str_appendf_windows(void *string, const char *format, ...)
{
    __builtin_ms_va_list arguments;
    __builtin_ms_va_start(arguments, format);
    sqlite3_str_vappendf_windows(string, format, arguments);
    __builtin_ms_va_end(arguments);
}

void WINAPI sqlite3_log_windows(int code, const char *format, ...)
{
    __builtin_ms_va_list arguments;
    __builtin_ms_va_start(arguments, format);
    char *text = sqlite3_vmprintf_windows(format, arguments);
    __builtin_ms_va_end(arguments);
    HOST_CALL(LIBRARY, void, sqlite3_log, (int, const char *, ...), code, "%s", text ? text : "");
    HOST_CALL(LIBRARY, void, sqlite3_free, (void *), text);
}
