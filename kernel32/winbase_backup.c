/*
 * winbase_backup.c: BackupRead, BackupSeek, BackupWrite: a file as a series of streams.
 *
 * Layer: kernel32, over its own files.  A stream is a header (WIN32_STREAM_ID) and its data; written are the data, the
 * only kind that files here have; of what is read back, security, links and other kinds are stepped over.
 */
#include <string.h>
#include "kernel32/filename.h"

#define HEADER 20u /* WIN32_STREAM_ID up to its name */

enum direction { READING, WRITING };

struct backup {
    enum direction direction;
    BYTE header[HEADER];
    DWORD header_at;   /* bytes of it that were handed over */
    ULONGLONG data;    /* bytes of the stream's data */
    ULONGLONG data_at; /* of them handed over */
    DWORD name_left;   /* writing: bytes of the name to step over */
};

static BOOL fail(DWORD error)
{
    SetLastError(error);
    return FALSE;
}

static BOOL backup_end(LPVOID *context, LPDWORD done)
{
    RtlFreeHeap(process_heap(), 0, *context);
    *context = NULL;
    *done = 0;
    return TRUE;
}

/* The state behind *context, made by the first call. */
static struct backup *backup_state(LPVOID *context, enum direction direction)
{
    struct backup *backup = *context;

    if (backup)
        return backup->direction == direction ? backup : NULL;
    backup = RtlAllocateHeap(process_heap(), HEAP_ZERO_MEMORY, sizeof *backup);
    if (backup)
        backup->direction = direction;
    return *context = backup;
}

static void header_fill(struct backup *backup, DWORD id, ULONGLONG size)
{
    DWORD words[5] = {id, 0, (DWORD)size, (DWORD)(size >> 32), 0};

    memcpy(backup->header, words, HEADER);
    backup->header_at = 0;
    backup->data = size;
    backup->data_at = 0;
}

static DWORD least(DWORD a, ULONGLONG b)
{
    return a < b ? a : (DWORD)b;
}

BOOL WINAPI BackupRead(HANDLE file, LPBYTE buffer, DWORD size, LPDWORD done, BOOL abort, BOOL security, LPVOID *context)
{
    struct backup *backup;
    LARGE_INTEGER length;
    DWORD got = 0;

    (void)security; /* none is stored with files */
    if (!done || !context)
        return fail(ERROR_INVALID_PARAMETER);
    *done = 0;
    if (abort)
        return backup_end(context, done);
    if (!*context) {
        if (!GetFileSizeEx(file, &length))
            return FALSE;
        backup = backup_state(context, READING);
        if (!backup)
            return fail(ERROR_NOT_ENOUGH_MEMORY);
        header_fill(backup, BACKUP_DATA, (ULONGLONG)length.QuadPart);
    }
    backup = backup_state(context, READING);
    if (!backup)
        return fail(ERROR_INVALID_PARAMETER);
    if (!backup->data)
        return TRUE; /* an empty file has no stream */
    got = least(size, HEADER - backup->header_at);
    memcpy(buffer, backup->header + backup->header_at, got);
    backup->header_at += got;
    if (got < size && backup->data_at < backup->data) {
        DWORD read = 0;

        if (!ReadFile(file, buffer + got, least(size - got, backup->data - backup->data_at), &read, NULL))
            return FALSE;
        backup->data_at = read ? backup->data_at + read : backup->data; /* it was cut off meanwhile */
        got += read;
    }
    *done = got;
    return TRUE;
}

/* Within a stream's data, and not beyond it: then the last error says so, and how far it went is told. */
BOOL WINAPI BackupSeek(HANDLE file, DWORD low, DWORD high, LPDWORD moved_low, LPDWORD moved_high, LPVOID *context)
{
    struct backup *backup = context ? *context : NULL;
    ULONGLONG wanted = (ULONGLONG)high << 32 | low, moved;
    LARGE_INTEGER by;

    if (!backup || !moved_low || !moved_high)
        return fail(ERROR_INVALID_PARAMETER);
    moved = backup->header_at < HEADER ? 0 : backup->data - backup->data_at;
    if (moved > wanted)
        moved = wanted;
    by.QuadPart = (LONGLONG)moved;
    if (moved && !SetFilePointerEx(file, by, NULL, FILE_CURRENT))
        return FALSE;
    backup->data_at += moved;
    *moved_low = (DWORD)moved;
    *moved_high = (DWORD)(moved >> 32);
    return moved == wanted ? TRUE : fail(ERROR_SEEK);
}

/* A header that is complete begins a stream. */
static void stream_begin(struct backup *backup)
{
    DWORD words[5];

    memcpy(words, backup->header, HEADER);
    backup->data = words[2] | (ULONGLONG)words[3] << 32;
    backup->data_at = 0;
    backup->name_left = words[4];
}

static bool stream_is_data(const struct backup *backup)
{
    DWORD id;

    memcpy(&id, backup->header, sizeof id);
    return id == BACKUP_DATA;
}

BOOL WINAPI BackupWrite(HANDLE file, LPBYTE buffer, DWORD size, LPDWORD done, BOOL abort, BOOL security,
                        LPVOID *context)
{
    struct backup *backup;
    DWORD at = 0;

    (void)security;
    if (!done || !context)
        return fail(ERROR_INVALID_PARAMETER);
    *done = 0;
    if (abort)
        return backup_end(context, done);
    backup = backup_state(context, WRITING);
    if (!backup)
        return fail(*context ? ERROR_INVALID_PARAMETER : ERROR_NOT_ENOUGH_MEMORY);
    while (at < size) {
        DWORD some;

        if (backup->header_at < HEADER) {
            some = least(size - at, HEADER - backup->header_at);
            memcpy(backup->header + backup->header_at, buffer + at, some);
            backup->header_at += some;
            if (backup->header_at == HEADER)
                stream_begin(backup);
        } else if (backup->name_left) {
            some = least(size - at, backup->name_left);
            backup->name_left -= some;
        } else {
            some = least(size - at, backup->data - backup->data_at);
            if (some && stream_is_data(backup) && !WriteFile(file, buffer + at, some, &some, NULL))
                return FALSE;
            backup->data_at += some;
        }
        at += some;
        if (backup->header_at == HEADER && !backup->name_left && backup->data_at == backup->data)
            backup->header_at = 0;
    }
    *done = at;
    return TRUE;
}
