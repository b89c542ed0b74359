/*
 * errno.c: errno, _doserrno, and the texts of errors.
 *
 * Layer: crt.  The table from Win32 errors to errno values is the one that Microsoft documents for _dosmaperr.
 */
#include "locale.h"

int *WINAPI _errno(void)
{
    return &crt_thread()->error;
}

DWORD *WINAPI __doserrno(void)
{
    return &crt_thread()->dos_error;
}

int WINAPI _set_errno(int value)
{
    crt_thread()->error = value;
    return 0;
}

int WINAPI _get_errno(int *value)
{
    CRT_REQUIRE(value, CRT_EINVAL);
    *value = crt_thread()->error;
    return 0;
}

int WINAPI _set_doserrno(DWORD value)
{
    crt_thread()->dos_error = value;
    return 0;
}

int WINAPI _get_doserrno(DWORD *value)
{
    CRT_REQUIRE(value, CRT_EINVAL);
    *value = crt_thread()->dos_error;
    return 0;
}

int crt_set_errno(int error)
{
    crt_thread()->error = error;
    return error;
}

static const struct {
    uint16_t win32;
    uint8_t error;
} error_map[] = {
    {ERROR_INVALID_FUNCTION, CRT_EINVAL},    {ERROR_FILE_NOT_FOUND, CRT_ENOENT},
    {ERROR_PATH_NOT_FOUND, CRT_ENOENT},      {ERROR_TOO_MANY_OPEN_FILES, CRT_EMFILE},
    {ERROR_ACCESS_DENIED, CRT_EACCES},       {ERROR_INVALID_HANDLE, CRT_EBADF},
    {ERROR_ARENA_TRASHED, CRT_ENOMEM},       {ERROR_NOT_ENOUGH_MEMORY, CRT_ENOMEM},
    {ERROR_INVALID_BLOCK, CRT_ENOMEM},       {ERROR_BAD_ENVIRONMENT, CRT_E2BIG},
    {ERROR_BAD_FORMAT, CRT_ENOEXEC},         {ERROR_INVALID_ACCESS, CRT_EINVAL},
    {ERROR_INVALID_DATA, CRT_EINVAL},        {ERROR_INVALID_DRIVE, CRT_ENOENT},
    {ERROR_CURRENT_DIRECTORY, CRT_EACCES},   {ERROR_NOT_SAME_DEVICE, CRT_EXDEV},
    {ERROR_NO_MORE_FILES, CRT_ENOENT},       {ERROR_LOCK_VIOLATION, CRT_EACCES},
    {ERROR_BAD_NETPATH, CRT_ENOENT},         {ERROR_NETWORK_ACCESS_DENIED, CRT_EACCES},
    {ERROR_BAD_NET_NAME, CRT_ENOENT},        {ERROR_FILE_EXISTS, CRT_EEXIST},
    {ERROR_CANNOT_MAKE, CRT_EACCES},         {ERROR_FAIL_I24, CRT_EACCES},
    {ERROR_INVALID_PARAMETER, CRT_EINVAL},   {ERROR_NO_PROC_SLOTS, CRT_EAGAIN},
    {ERROR_DRIVE_LOCKED, CRT_EACCES},        {ERROR_BROKEN_PIPE, CRT_EPIPE},
    {ERROR_DISK_FULL, CRT_ENOSPC},           {ERROR_INVALID_TARGET_HANDLE, CRT_EBADF},
    {ERROR_WAIT_NO_CHILDREN, CRT_ECHILD},    {ERROR_CHILD_NOT_COMPLETE, CRT_ECHILD},
    {ERROR_DIRECT_ACCESS_HANDLE, CRT_EBADF}, {ERROR_NEGATIVE_SEEK, CRT_EINVAL},
    {ERROR_SEEK_ON_DEVICE, CRT_EACCES},      {ERROR_DIR_NOT_EMPTY, CRT_ENOTEMPTY},
    {ERROR_NOT_LOCKED, CRT_EACCES},          {ERROR_BAD_PATHNAME, CRT_ENOENT},
    {ERROR_MAX_THRDS_REACHED, CRT_EAGAIN},   {ERROR_LOCK_FAILED, CRT_EACCES},
    {ERROR_ALREADY_EXISTS, CRT_EEXIST},      {ERROR_FILENAME_EXCED_RANGE, CRT_ENOENT},
    {ERROR_NESTING_NOT_ALLOWED, CRT_EAGAIN}, {ERROR_NO_UNICODE_TRANSLATION, CRT_EILSEQ},
    {ERROR_NOT_ENOUGH_QUOTA, CRT_ENOMEM},    {ERROR_INVALID_NAME, CRT_EINVAL},
};

int crt_errno_from_win32(DWORD error)
{
    for (size_t i = 0; i < sizeof(error_map) / sizeof(error_map[0]); i++)
        if (error_map[i].win32 == error)
            return error_map[i].error;
    if (error >= ERROR_WRITE_PROTECT && error <= ERROR_SHARING_BUFFER_EXCEEDED)
        return CRT_EACCES;
    if (error >= ERROR_INVALID_STARTING_CODESEG && error <= ERROR_INFLOOP_IN_RELOC_CHAIN)
        return CRT_ENOEXEC;
    return CRT_EINVAL;
}

int crt_fail_win32(DWORD error)
{
    struct crt_thread *thread = crt_thread();
    thread->dos_error = error;
    thread->error = crt_errno_from_win32(error);
    return -1;
}

int crt_fail_last(void)
{
    return crt_fail_win32(teb_current()->LastErrorValue);
}

void WINAPI _dosmaperr(DWORD error)
{
    crt_fail_win32(error);
}

/* The texts of ucrtbase and msvcrt, by number; one string, so that no pointer needs relocation. */
static const char error_texts[] =
    "No error\0Operation not permitted\0No such file or directory\0No such process\0Interrupted function call\0"
    "Input/output error\0No such device or address\0Arg list too long\0Exec format error\0Bad file descriptor\0"
    "No child processes\0Resource temporarily unavailable\0Not enough space\0Permission denied\0Bad address\0"
    "Unknown error\0Resource device\0File exists\0Improper link\0No such device\0Not a directory\0Is a directory\0"
    "Invalid argument\0Too many open files in system\0Too many open files\0Inappropriate I/O control operation\0"
    "Unknown error\0File too large\0No space left on device\0Invalid seek\0Read-only file system\0Too many links\0"
    "Broken pipe\0Domain error\0Result too large\0Unknown error\0Resource deadlock avoided\0Unknown error\0"
    "Filename too long\0No locks available\0Function not implemented\0Directory not empty\0"
    "Illegal byte sequence\0Unknown error\0";

/* POSIX names that ucrtbase adds from 100 on. */
static const char error_texts_posix[] =
    "address in use\0address not available\0address family not supported\0connection already in progress\0"
    "bad message\0operation canceled\0connection aborted\0connection refused\0connection reset\0"
    "destination address required\0host unreachable\0identifier removed\0operation in progress\0"
    "already connected\0too many symbolic link levels\0message size\0network down\0network reset\0"
    "network unreachable\0no buffer space\0no message available\0no link\0no message\0no protocol option\0"
    "no stream resources\0not a stream\0not connected\0state not recoverable\0not a socket\0not supported\0"
    "operation not supported\0Unknown error\0value too large\0owner dead\0protocol error\0"
    "protocol not supported\0wrong protocol type\0stream timeout\0timed out\0text file busy\0"
    "operation would block\0";

#define ERROR_LAST 43
#define ERROR_POSIX_FIRST 100
#define ERROR_POSIX_LAST 140

static const char *text_at(const char *texts, int index)
{
    while (index-- > 0)
        texts += strlen(texts) + 1;
    return texts;
}

const char *crt_error_text(int error)
{
    if (error >= ERROR_POSIX_FIRST && error <= ERROR_POSIX_LAST && crt_ucrt_started)
        return text_at(error_texts_posix, error - ERROR_POSIX_FIRST);
    if (error < 0 || error > ERROR_LAST)
        error = ERROR_LAST;
    return text_at(error_texts, error);
}

/* _sys_errlist is an array that programs index: filled when asked for, or with msvcrt.dll, which exports the array. */
const char *crt_sys_errlist[ERROR_LAST + 1];
int crt_sys_nerr = ERROR_LAST;

void crt_fill_errlist(void)
{
    const char *text = error_texts;
    for (int i = 0; i <= ERROR_LAST; i++, text += strlen(text) + 1)
        crt_sys_errlist[i] = text;
}

const char **WINAPI __sys_errlist(void)
{
    crt_fill_errlist();
    return crt_sys_errlist;
}

int *WINAPI __sys_nerr(void)
{
    return &crt_sys_nerr;
}

#define ERROR_TEXT_SIZE 134

char *WINAPI crt_strerror(int error)
{
    char *buffer = crt_thread_buffer(BUFFER_STRERROR, ERROR_TEXT_SIZE);
    return buffer ? strcpy(buffer, crt_error_text(error)) : NULL;
}

WCHAR *WINAPI _wcserror(int error)
{
    WCHAR *buffer = crt_thread_buffer(BUFFER_WCSERROR, ERROR_TEXT_SIZE * sizeof(WCHAR));
    const char *text = crt_error_text(error);
    for (size_t i = 0; buffer; i++) {
        buffer[i] = (WCHAR)text[i];
        if (!text[i])
            break;
    }
    return buffer;
}

int WINAPI strerror_s(char *buffer, size_t size, int error)
{
    CRT_REQUIRE(buffer && size, CRT_EINVAL);
    const char *text = crt_error_text(error);
    size_t length = strnlen(text, size - 1);
    memcpy(buffer, text, length);
    buffer[length] = 0;
    return 0;
}

/* _strerror into the caller's buffer, cut to what fits. */
int WINAPI _strerror_s(char *buffer, size_t size, const char *prefix)
{
    CRT_REQUIRE(buffer && size, CRT_EINVAL);
    *buffer = 0;
    const char *parts[] = {prefix && *prefix ? prefix : "", prefix && *prefix ? ": " : "",
                           crt_error_text(crt_thread()->error), "\n"};
    size_t length = 0;
    for (int i = 0; i < 4; i++)
        for (const char *c = parts[i]; *c && length + 1 < size; c++)
            buffer[length++] = *c;
    buffer[length] = 0;
    return 0;
}

int WINAPI __wcserror_s(WCHAR *buffer, size_t size, const WCHAR *prefix)
{
    CRT_REQUIRE(buffer && size, CRT_EINVAL);
    size_t length = 0;
    for (; prefix && *prefix && length + 1 < size; prefix++)
        buffer[length++] = *prefix;
    char text[ERROR_TEXT_SIZE];
    _strerror_s(text, sizeof(text), NULL);
    for (const char *c = length ? ": " : ""; *c && length + 1 < size; c++)
        buffer[length++] = (WCHAR)*c;
    for (const char *c = text; *c && length + 1 < size; c++)
        buffer[length++] = (WCHAR)*c;
    buffer[length] = 0;
    return 0;
}

int WINAPI _wcserror_s(WCHAR *buffer, size_t size, int error)
{
    CRT_REQUIRE(buffer && size, CRT_EINVAL);
    const char *text = crt_error_text(error);
    size_t i;
    for (i = 0; text[i] && i < size - 1; i++)
        buffer[i] = (WCHAR)text[i];
    buffer[i] = 0;
    return 0;
}

/* "PREFIX: TEXT\n", at most 94 characters of prefix: the form of _strerror and __wcserror. */
char *WINAPI _strerror(const char *prefix)
{
    char *buffer = crt_thread_buffer(BUFFER_STRERROR, ERROR_TEXT_SIZE);
    if (!buffer)
        return NULL;
    size_t length = prefix ? strnlen(prefix, 94) : 0;
    if (length) {
        memcpy(buffer, prefix, length);
        memcpy(buffer + length, ": ", 2);
        length += 2;
    }
    strcpy(buffer + length, crt_error_text(crt_thread()->error));
    return strcat(buffer, "\n");
}

WCHAR *WINAPI __wcserror(const WCHAR *prefix)
{
    WCHAR *buffer = crt_thread_buffer(BUFFER_WCSERROR, ERROR_TEXT_SIZE * sizeof(WCHAR)), *end = buffer;
    if (!buffer)
        return NULL;
    for (size_t i = 0; prefix && prefix[i] && i < 94; i++)
        *end++ = prefix[i];
    if (end > buffer) {
        *end++ = ':';
        *end++ = ' ';
    }
    for (const char *text = crt_error_text(crt_thread()->error); *text; text++)
        *end++ = (WCHAR)*text;
    *end++ = '\n';
    *end = 0;
    return buffer;
}

/* perror writes to descriptor 2 itself: stderr may be closed or buffered. */
void WINAPI crt_perror(const char *prefix)
{
    if (prefix && *prefix) {
        _write(2, prefix, (unsigned)strlen(prefix));
        _write(2, ": ", 2);
    }
    const char *text = crt_error_text(crt_thread()->error);
    _write(2, text, (unsigned)strlen(text));
    _write(2, "\n", 1);
}

void WINAPI _wperror(const WCHAR *prefix)
{
    char *narrow = prefix ? crt_narrow(crt_codepage() ? crt_codepage() : CP_ACP, prefix) : NULL;
    crt_perror(narrow);
    crt_free(narrow);
}
