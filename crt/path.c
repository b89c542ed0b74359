/*
 * path.c: taking names of files apart and putting them together: _splitpath, _makepath, _fullpath, _searchenv, _mktemp.
 *
 * Layer: crt over kernel32.  The narrow functions work on the wide ones' results.
 */
#include "crt.h"

struct part {
    const WCHAR *start;
    size_t length;
};

/* drive ("c:"), directory with its last separator, name, extension with its dot. */
static void split(const WCHAR *path, struct part parts[4])
{
    const WCHAR *directory_end, *dot = NULL, *c;
    parts[0] = (struct part){path, 0};
    if (path[0] && path[1] == ':') {
        parts[0].length = 2;
        path += 2;
    }
    directory_end = path;
    for (c = path; *c; c++) {
        if (*c == '/' || *c == '\\') {
            directory_end = c + 1;
            dot = NULL;
        } else if (*c == '.') {
            dot = c;
        }
    }
    if (!dot)
        dot = c;
    parts[1] = (struct part){path, (size_t)(directory_end - path)};
    parts[2] = (struct part){directory_end, (size_t)(dot - directory_end)};
    parts[3] = (struct part){dot, (size_t)(c - dot)};
}

enum { DRIVE_SIZE = 3, DIRECTORY_SIZE = 256, NAME_SIZE = 256, EXTENSION_SIZE = 256 };

int WINAPI _wsplitpath_s(const WCHAR *path, WCHAR *drive, size_t drive_size, WCHAR *directory, size_t directory_size,
                         WCHAR *name, size_t name_size, WCHAR *extension, size_t extension_size)
{
    struct part parts[4];
    WCHAR *out[] = {drive, directory, name, extension};
    size_t sizes[] = {drive_size, directory_size, name_size, extension_size};
    bool fits = true, valid = path != NULL;
    for (int i = 0; i < 4; i++)
        valid &= !out[i] == !sizes[i];
    if (valid) {
        split(path, parts);
        for (int i = 0; i < 4; i++)
            fits &= !out[i] || parts[i].length < sizes[i];
    }
    for (int i = 0; i < 4; i++) {
        if (!out[i] || !sizes[i])
            continue;
        size_t length = valid && fits ? parts[i].length : 0;
        if (length)
            memcpy(out[i], parts[i].start, length * sizeof(WCHAR));
        out[i][length] = 0;
    }
    if (!valid)
        return crt_invalid(CRT_EINVAL);
    return fits ? 0 : crt_set_errno(CRT_ERANGE);
}

void WINAPI _wsplitpath(const WCHAR *path, WCHAR *drive, WCHAR *directory, WCHAR *name, WCHAR *extension)
{
    _wsplitpath_s(path, drive, drive ? DRIVE_SIZE : 0, directory, directory ? DIRECTORY_SIZE : 0, name,
                  name ? NAME_SIZE : 0, extension, extension ? EXTENSION_SIZE : 0);
}

/* Lead bytes of UTF-8 and double-byte characters never look like separators' trail bytes here: split as bytes. */
int WINAPI _splitpath_s(const char *path, char *drive, size_t drive_size, char *directory, size_t directory_size,
                        char *name, size_t name_size, char *extension, size_t extension_size)
{
    char *out[] = {drive, directory, name, extension};
    size_t sizes[] = {drive_size, directory_size, name_size, extension_size};
    const char *starts[5], *directory_end, *dot = NULL, *c;
    bool fits = true, valid = path != NULL;
    for (int i = 0; i < 4; i++)
        valid &= !out[i] == !sizes[i];
    if (valid) {
        starts[0] = path;
        if (path[0] && path[1] == ':')
            path += 2;
        starts[1] = directory_end = path;
        for (c = path; *c; c++) {
            if (*c == '/' || *c == '\\') {
                directory_end = c + 1;
                dot = NULL;
            } else if (*c == '.') {
                dot = c;
            } else if (IsDBCSLeadByteEx(CP_ACP, (BYTE)*c) && c[1]) {
                c++;
            }
        }
        starts[2] = directory_end;
        starts[3] = dot ? dot : c;
        starts[4] = c;
        for (int i = 0; i < 4; i++)
            fits &= !out[i] || (size_t)(starts[i + 1] - starts[i]) < sizes[i];
    }
    for (int i = 0; i < 4; i++) {
        if (!out[i] || !sizes[i])
            continue;
        size_t length = valid && fits ? (size_t)(starts[i + 1] - starts[i]) : 0;
        if (length)
            memcpy(out[i], starts[i], length);
        out[i][length] = 0;
    }
    if (!valid)
        return crt_invalid(CRT_EINVAL);
    return fits ? 0 : crt_set_errno(CRT_ERANGE);
}

void WINAPI _splitpath(const char *path, char *drive, char *directory, char *name, char *extension)
{
    _splitpath_s(path, drive, drive ? DRIVE_SIZE : 0, directory, directory ? DIRECTORY_SIZE : 0, name,
                 name ? NAME_SIZE : 0, extension, extension ? EXTENSION_SIZE : 0);
}

/* --- _makepath
 * -------------------------------------------------------------------------------------------------------------- */

#define MAKE_PATH(unit, out, size, drive, directory, name, extension)                                                  \
    do {                                                                                                               \
        unit *at = (out), *end = (out) + (size);                                                                       \
        if ((drive) && *(drive)) {                                                                                     \
            if (end - at < 3)                                                                                          \
                goto too_small;                                                                                        \
            *at++ = *(drive);                                                                                          \
            *at++ = ':';                                                                                               \
        }                                                                                                              \
        if ((directory) && *(directory)) {                                                                             \
            const unit *from = (directory);                                                                            \
            for (; *from; *at++ = *from++)                                                                             \
                if (at + 1 >= end)                                                                                     \
                    goto too_small;                                                                                    \
            if (from[-1] != '/' && from[-1] != '\\') {                                                                 \
                if (at + 1 >= end)                                                                                     \
                    goto too_small;                                                                                    \
                *at++ = '\\';                                                                                          \
            }                                                                                                          \
        }                                                                                                              \
        for (const unit *from = (name); from && *from; *at++ = *from++)                                                \
            if (at + 1 >= end)                                                                                         \
                goto too_small;                                                                                        \
        if ((extension) && *(extension) && *(extension) != '.') {                                                      \
            if (at + 1 >= end)                                                                                         \
                goto too_small;                                                                                        \
            *at++ = '.';                                                                                               \
        }                                                                                                              \
        for (const unit *from = (extension); from && *from; *at++ = *from++)                                           \
            if (at + 1 >= end)                                                                                         \
                goto too_small;                                                                                        \
        *at = 0;                                                                                                       \
        return 0;                                                                                                      \
    too_small:                                                                                                         \
        *(out) = 0;                                                                                                    \
        return crt_invalid(CRT_ERANGE);                                                                                \
    } while (0)

int WINAPI _makepath_s(char *path, size_t size, const char *drive, const char *directory, const char *name,
                       const char *extension)
{
    CRT_REQUIRE(path && size, CRT_EINVAL);
    MAKE_PATH(char, path, size, drive, directory, name, extension);
}

int WINAPI _wmakepath_s(WCHAR *path, size_t size, const WCHAR *drive, const WCHAR *directory, const WCHAR *name,
                        const WCHAR *extension)
{
    CRT_REQUIRE(path && size, CRT_EINVAL);
    MAKE_PATH(WCHAR, path, size, drive, directory, name, extension);
}

void WINAPI _makepath(char *path, const char *drive, const char *directory, const char *name, const char *extension)
{
    _makepath_s(path, MAX_PATH, drive, directory, name, extension);
}

void WINAPI _wmakepath(WCHAR *path, const WCHAR *drive, const WCHAR *directory, const WCHAR *name,
                       const WCHAR *extension)
{
    _wmakepath_s(path, MAX_PATH, drive, directory, name, extension);
}

/* --- _fullpath
 * -------------------------------------------------------------------------------------------------------------- */

static WCHAR *full_path(const WCHAR *name)
{
    DWORD size = GetFullPathNameW(name, 0, NULL, NULL);
    WCHAR *path = size ? crt_malloc(((size_t)size + 1) * sizeof(WCHAR)) : NULL;
    if (!path || !GetFullPathNameW(name, size + 1, path, NULL)) {
        crt_fail_last();
        crt_free(path);
        return NULL;
    }
    return path;
}

WCHAR *WINAPI _wfullpath(WCHAR *buffer, const WCHAR *name, size_t size)
{
    if (!name || !*name)
        return _wgetcwd(buffer, size > INT_MAX ? INT_MAX : (int)size);
    WCHAR *path = full_path(name);
    if (!path || !buffer)
        return path;
    size_t length = crt_wide_length(path) + 1;
    if (length <= size)
        memcpy(buffer, path, length * sizeof(WCHAR));
    else
        crt_set_errno(CRT_ERANGE);
    crt_free(path);
    return length <= size ? buffer : NULL;
}

char *WINAPI _fullpath(char *buffer, const char *name, size_t size)
{
    if (!name || !*name)
        return _getcwd(buffer, size > INT_MAX ? INT_MAX : (int)size);
    WCHAR *wide = crt_wide_name(name), *wide_path = wide ? full_path(wide) : NULL;
    char *path = wide_path ? crt_narrow_name(wide_path) : NULL;
    crt_free(wide);
    crt_free(wide_path);
    if (!path || !buffer)
        return path;
    size_t length = strlen(path) + 1;
    if (length <= size)
        memcpy(buffer, path, length);
    else
        crt_set_errno(CRT_ERANGE);
    crt_free(path);
    return length <= size ? buffer : NULL;
}

/* --- _searchenv
 * ------------------------------------------------------------------------------------------------------------- */

int WINAPI _wsearchenv_s(const WCHAR *name, const WCHAR *variable, WCHAR *buffer, size_t size)
{
    CRT_REQUIRE(buffer && size && name && variable, CRT_EINVAL);
    *buffer = 0;
    WCHAR *list = NULL;
    if (GetFileAttributesW(name) != INVALID_FILE_ATTRIBUTES) {
        WCHAR *path = _wfullpath(buffer, name, size);
        return path ? 0 : crt_thread()->error;
    }
    DWORD length = GetEnvironmentVariableW(variable, NULL, 0);
    if (length && (list = crt_malloc((size_t)length * sizeof(WCHAR))))
        length = GetEnvironmentVariableW(variable, list, length);
    DWORD found = list && length ? SearchPathW(list, name, NULL, (DWORD)size, buffer, NULL) : 0;
    crt_free(list);
    if (!found || found >= size) {
        *buffer = 0;
        return crt_set_errno(found ? CRT_ERANGE : CRT_ENOENT);
    }
    return 0;
}

void WINAPI _wsearchenv(const WCHAR *name, const WCHAR *variable, WCHAR *buffer)
{
    _wsearchenv_s(name, variable, buffer, MAX_PATH);
}

int WINAPI _searchenv_s(const char *name, const char *variable, char *buffer, size_t size)
{
    CRT_REQUIRE(buffer && size && name && variable, CRT_EINVAL);
    *buffer = 0;
    WCHAR *wide_name = crt_wide_name(name), *wide_variable = crt_wide_name(variable);
    WCHAR *found = crt_malloc(MAX_PATH * sizeof(WCHAR));
    int error = CRT_ENOMEM;
    if (wide_name && wide_variable && found)
        error = _wsearchenv_s(wide_name, wide_variable, found, MAX_PATH);
    char *path = error ? NULL : crt_narrow_name(found);
    if (path && strlen(path) < size)
        strcpy(buffer, path);
    else if (path)
        error = crt_set_errno(CRT_ERANGE);
    crt_free(wide_name);
    crt_free(wide_variable);
    crt_free(found);
    crt_free(path);
    return error;
}

void WINAPI _searchenv(const char *name, const char *variable, char *buffer)
{
    _searchenv_s(name, variable, buffer, MAX_PATH);
}

/* --- _mktemp: "XXXXXX" at the end becomes a letter and five digits of the process id
 * ---------------------------------------- */

int WINAPI _wmktemp_s(WCHAR *pattern, size_t size)
{
    CRT_REQUIRE(pattern && size, CRT_EINVAL);
    size_t length = crt_wide_length(pattern);
    WCHAR *marks = pattern + length - 6;
    bool valid = length >= 6 && length < size;
    for (int i = 0; valid && i < 6; i++)
        valid = marks[i] == 'X';
    if (!valid) {
        *pattern = 0;
        return crt_invalid(CRT_EINVAL);
    }
    DWORD id = GetCurrentProcessId();
    for (int i = 5; i > 0; i--, id /= 10)
        marks[i] = (WCHAR)('0' + id % 10);
    for (marks[0] = 'a'; marks[0] <= 'z'; marks[0]++)
        if (GetFileAttributesW(pattern) == INVALID_FILE_ATTRIBUTES)
            return 0;
    *pattern = 0;
    return crt_set_errno(CRT_EEXIST);
}

WCHAR *WINAPI _wmktemp(WCHAR *pattern)
{
    return _wmktemp_s(pattern, SIZE_MAX) ? NULL : pattern;
}

int WINAPI _mktemp_s(char *pattern, size_t size)
{
    CRT_REQUIRE(pattern && size, CRT_EINVAL);
    size_t length = strnlen(pattern, size);
    if (length < 6 || length == size) {
        *pattern = 0;
        return crt_invalid(CRT_EINVAL);
    }
    WCHAR *wide = crt_wide_name(pattern);
    int error = wide ? _wmktemp_s(wide, SIZE_MAX) : CRT_ENOMEM;
    if (error)
        *pattern = 0;
    else
        for (size_t i = 0, tail = crt_wide_length(wide) - 6; i < 6; i++)
            pattern[length - 6 + i] = (char)wide[tail + i];
    crt_free(wide);
    return error;
}

char *WINAPI _mktemp(char *pattern)
{
    return pattern && !_mktemp_s(pattern, strlen(pattern) + 1) ? pattern : NULL;
}
