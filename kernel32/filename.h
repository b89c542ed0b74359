/*
 * filename.h: names of files in the two forms that the A and W functions take.
 */
#ifndef KERNEL32_FILENAME_H
#define KERNEL32_FILENAME_H

#include "ntdll/error.h"

/*
 * A name in the code page of file functions as UTF-16; free it with filename_free.  NULL (and the last error is set)
 * if `name` is NULL or memory is short.
 */
WCHAR *filename_from_ansi(const char *name);
void filename_free(WCHAR *name);

/*
 * For A functions that return text: `length` WCHARs as ANSI into `out`, Windows' way: the length without the zero if
 * it fits, else the size needed with it.
 */
DWORD filename_to_ansi(const WCHAR *text, size_t length, char *out, DWORD size);

/* Object attributes for a Win32 path.  free with filename_close.  Sets the last error on failure. */
struct filename {
    UNICODE_STRING nt;
    OBJECT_ATTRIBUTES attributes;
};
BOOL filename_open(struct filename *filename, const WCHAR *path);
void filename_close(struct filename *filename);

/* Opens an existing file for a purpose; INVALID_HANDLE_VALUE and the last error on failure. */
HANDLE filename_open_file(const WCHAR *path, ACCESS_MASK access, ULONG options);

/* ioapi_file.c: the APC that calls a completion routine (`routine`) with an OVERLAPPED's result. */
void WINAPI completion_routine_apc(PVOID routine, PIO_STATUS_BLOCK io, ULONG reserved);

static inline HANDLE process_heap(void)
{
    return peb_current()->ProcessHeap;
}

static inline size_t text_length(const WCHAR *text)
{
    size_t length = 0;
    while (text[length])
        length++;
    return length;
}

#endif
