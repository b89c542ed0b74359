/*
 * pathcch.c: paths as text: the PathCch* and PathAlloc* functions.
 *
 * Layer: kernel32.  Pure computing: no function looks at a file.  A root is "\", "C:", "C:\", "\\server\share\", or
 * one of these after the prefixes \\?\ and \\?\UNC\.
 */
#include <string.h>
#include "win.h"
#include "ntdll/nls.h"

/* The names of pathcch.h; its prototypes have `unsigned long`, which is wider here. */
#define PATHCCH_ALLOW_LONG_PATHS 0x01u
#define PATHCCH_FORCE_ENABLE_LONG_NAME_PROCESS 0x02u
#define PATHCCH_FORCE_DISABLE_LONG_NAME_PROCESS 0x04u
#define PATHCCH_DO_NOT_NORMALIZE_SEGMENTS 0x08u
#define PATHCCH_ENSURE_IS_EXTENDED_LENGTH_PATH 0x10u
#define PATHCCH_ENSURE_TRAILING_SLASH 0x20u
#define PATHCCH_ALL_FLAGS 0x3fu
#define PATHCCH_MAX_CCH 0x8000

#define E_TOO_SMALL HRESULT_FROM_WIN32(ERROR_INSUFFICIENT_BUFFER)
#define E_TOO_LONG HRESULT_FROM_WIN32(ERROR_FILENAME_EXCED_RANGE)

static bool is_drive(const WCHAR *path)
{
    WCHAR letter = path[0] | 0x20;

    return letter >= 'a' && letter <= 'z' && path[0] < 0x80 && path[1] == ':';
}

static bool prefix_matches(const WCHAR *path, const char *prefix)
{
    for (; *prefix; path++, prefix++)
        if (*path != (WCHAR)*prefix && wide_upper(*path) != (WCHAR)*prefix)
            return false;
    return true;
}

/* "\\?\Volume{00000000-0000-0000-0000-000000000000}": its length is 48. */
#define VOLUME_LENGTH 48

static bool is_volume(const WCHAR *path)
{
    static const char shape[] = "{xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx}";

    if (!prefix_matches(path, "\\\\?\\VOLUME"))
        return false;
    path += 10;
    for (int i = 0; shape[i]; i++) {
        bool hex = path[i] < 0x80 && wide_type1(path[i]) & C1_XDIGIT;

        if (shape[i] == 'x' ? !hex : path[i] != (WCHAR)shape[i])
            return false;
    }
    return true;
}

/* Length of \\?\ or \\?\UNC\, whatever follows. */
static size_t prefix_length(const WCHAR *path, bool *unc)
{
    *unc = prefix_matches(path, "\\\\?\\UNC\\");
    return *unc ? 8 : prefix_matches(path, "\\\\?\\") ? 4 : 0;
}

/* One name and the backslash behind it. */
static const WCHAR *skip_name(const WCHAR *at)
{
    while (*at && *at != '\\')
        at++;
    return *at ? at + 1 : at;
}

/* The end of the root, NULL if the path has none. */
static const WCHAR *root_end(const WCHAR *path)
{
    bool unc;
    size_t prefix = prefix_length(path, &unc);

    if (unc || (!prefix && path[0] == '\\' && path[1] == '\\'))
        return skip_name(skip_name(path + (unc ? 8 : 2)));
    if (is_volume(path))
        return path + VOLUME_LENGTH + (path[VOLUME_LENGTH] == '\\');
    if (is_drive(path + prefix))
        return path + prefix + 2 + (path[prefix + 2] == '\\');
    return !prefix && path[0] == '\\' ? path + 1 : NULL;
}

/* A terminated text of fewer than `room` units. */
static bool text_fits(const WCHAR *text, size_t room)
{
    for (size_t i = 0; i < room && i < PATHCCH_MAX_CCH; i++)
        if (!text[i])
            return true;
    return false;
}

BOOL WINAPI PathIsUNCEx(PCWSTR path, PCWSTR *server)
{
    bool unc;
    size_t prefix = prefix_length(path, &unc);
    bool found = unc || (!prefix && path[0] == '\\' && path[1] == '\\');

    if (server)
        *server = found ? path + (unc ? 8 : 2) : NULL;
    return found;
}

HRESULT WINAPI PathCchSkipRoot(PCWSTR path, PCWSTR *end)
{
    if (!path || !*path || !end)
        return E_INVALIDARG;
    *end = root_end(path);
    return *end ? S_OK : E_INVALIDARG;
}

BOOL WINAPI PathCchIsRoot(PCWSTR path)
{
    const WCHAR *end, *name;
    bool unc;

    if (!path || !*path || !(end = root_end(path)) || *end)
        return FALSE;
    if (PathIsUNCEx(path, &name)) { /* "\\", "\\server" and "\\server\share", without a backslash at the end */
        return !*name || end[-1] != '\\';
    }
    prefix_length(path, &unc);
    return end[-1] == '\\';
}

HRESULT WINAPI PathCchAddBackslashEx(PWSTR path, SIZE_T room, PWSTR *end, SIZE_T *left)
{
    size_t length;
    bool add;

    if (!path || !room || !text_fits(path, room))
        return E_INVALIDARG;
    length = wide_length(path);
    add = length && path[length - 1] != '\\';
    if (end)
        *end = path + length;
    if (left)
        *left = room - length;
    if (!add)
        return S_FALSE;
    if (length + 1 >= room)
        return E_TOO_SMALL;
    path[length] = '\\';
    path[length + 1] = 0;
    if (end)
        *end = path + length + 1;
    if (left)
        *left = room - length - 1;
    return S_OK;
}

HRESULT WINAPI PathCchAddBackslash(PWSTR path, SIZE_T room)
{
    return PathCchAddBackslashEx(path, room, NULL, NULL);
}

HRESULT WINAPI PathCchRemoveBackslashEx(PWSTR path, SIZE_T room, PWSTR *end, SIZE_T *left)
{
    const WCHAR *root, *server;
    size_t length;
    bool remove;

    if (!path || !room || !text_fits(path, room)) {
        if (end)
            *end = NULL;
        if (left)
            *left = 0;
        return E_INVALIDARG;
    }
    length = wide_length(path);
    root = root_end(path);
    remove = length && path[length - 1] == '\\' && !(root && !*root && (!PathIsUNCEx(path, &server) || !*server));
    if (length && path[length - 1] == '\\') { /* the place of the backslash, removed or not */
        length--;
        if (remove)
            path[length] = 0;
    }
    if (end)
        *end = path + length;
    if (left)
        *left = room - length;
    return remove ? S_OK : S_FALSE;
}

HRESULT WINAPI PathCchRemoveBackslash(PWSTR path, SIZE_T room)
{
    return PathCchRemoveBackslashEx(path, room, NULL, NULL);
}

HRESULT WINAPI PathCchFindExtension(PCWSTR path, SIZE_T room, PCWSTR *extension)
{
    const WCHAR *dot = NULL, *at = path;

    if (!path || !extension)
        return E_INVALIDARG;
    *extension = NULL;
    if (!room || !text_fits(path, room))
        return E_INVALIDARG;
    for (; *at; at++) {
        if (*at == '.')
            dot = at;
        else if (*at == '\\' || *at == ' ')
            dot = NULL;
    }
    *extension = dot ? dot : at;
    return S_OK;
}

/* ".ext", "ext", "" or ".": no backslash, blank or second dot. */
static bool extension_valid(const WCHAR *extension)
{
    if (*extension == '.')
        extension++;
    for (size_t i = 0; extension[i]; i++)
        if (extension[i] == '\\' || extension[i] == ' ' || extension[i] == '.' || i >= 255)
            return false;
    return true;
}

static HRESULT extension_set(PWSTR at, SIZE_T room, PCWSTR extension)
{
    size_t length;

    if (*extension == '.')
        extension++;
    length = wide_length(extension);
    if (!length) {
        *at = 0;
        return S_OK;
    }
    if (length + 2 > room)
        return E_TOO_SMALL;
    *at = '.';
    memcpy(at + 1, extension, (length + 1) * sizeof *at);
    return S_OK;
}

HRESULT WINAPI PathCchAddExtension(PWSTR path, SIZE_T room, PCWSTR extension)
{
    const WCHAR *found;
    HRESULT result;

    if (!path || !extension || !extension_valid(extension) || room > PATHCCH_MAX_CCH)
        return E_INVALIDARG;
    result = PathCchFindExtension(path, room, &found);
    if (FAILED(result) || *found)
        return FAILED(result) ? result : S_FALSE;
    return extension_set(path + (found - path), room - (size_t)(found - path), extension);
}

HRESULT WINAPI PathCchRenameExtension(PWSTR path, SIZE_T room, PCWSTR extension)
{
    const WCHAR *found;
    HRESULT result;

    if (!path || !extension || !extension_valid(extension) || room > PATHCCH_MAX_CCH)
        return E_INVALIDARG;
    result = PathCchFindExtension(path, room, &found);
    return FAILED(result) ? result : extension_set(path + (found - path), room - (size_t)(found - path), extension);
}

HRESULT WINAPI PathCchRemoveExtension(PWSTR path, SIZE_T room)
{
    const WCHAR *found;
    HRESULT result;

    if (!path || !room || room > PATHCCH_MAX_CCH)
        return E_INVALIDARG;
    result = PathCchFindExtension(path, room, &found);
    if (FAILED(result) || !*found)
        return FAILED(result) ? result : S_FALSE;
    path[found - path] = 0;
    return S_OK;
}

HRESULT WINAPI PathCchRemoveFileSpec(PWSTR path, SIZE_T room)
{
    const WCHAR *root;
    size_t length, keep;

    if (!path || !room || room > PATHCCH_MAX_CCH || !text_fits(path, room))
        return E_INVALIDARG;
    if (PathCchIsRoot(path))
        return S_FALSE;
    length = wide_length(path);
    root = root_end(path);
    keep = root ? (size_t)(root - path) : 0;
    if (root && PathIsUNCEx(path, NULL) && keep > 2 && path[keep - 1] == '\\') /* \\server\share has no backslash */
        keep--;
    for (; length > keep && path[length - 1] != '\\'; length--)
        ;
    if (length > keep && path[length - 1] == '\\')
        length--;
    if (!path[length])
        return S_FALSE;
    path[length] = 0;
    return S_OK;
}

HRESULT WINAPI PathCchStripToRoot(PWSTR path, SIZE_T room)
{
    const WCHAR *root, *server;
    size_t keep;

    if (!path || !*path || !room || room > PATHCCH_MAX_CCH)
        return E_INVALIDARG;
    root = root_end(path);
    if (!root)
        return E_INVALIDARG;
    keep = (size_t)(root - path);
    if (PathIsUNCEx(path, &server) && skip_name(server) < root && root[-1] == '\\')
        keep--;
    if (keep >= room)
        return E_INVALIDARG;
    if (!path[keep])
        return S_FALSE;
    path[keep] = 0;
    return S_OK;
}

HRESULT WINAPI PathCchStripPrefix(PWSTR path, SIZE_T room)
{
    bool unc;
    size_t prefix, length;

    if (!path || !room || room > PATHCCH_MAX_CCH)
        return E_INVALIDARG;
    prefix = prefix_length(path, &unc);
    if (!unc && !(prefix && is_drive(path + prefix)))
        return S_FALSE;
    if (!text_fits(path, room))
        return E_INVALIDARG;
    length = wide_length(path);
    if (unc) /* \\?\UNC\server becomes \\server */
        memmove(path + 2, path + 8, (length - 8 + 1) * sizeof *path);
    else
        memmove(path, path + 4, (length - 4 + 1) * sizeof *path);
    return S_OK;
}

/* What ".." can not leave: of a share only the backslashes in front, of a drive only "C:\". */
static size_t fixed_length(const WCHAR *path)
{
    const WCHAR *root = root_end(path), *server;

    if (PathIsUNCEx(path, &server))
        return (size_t)(server - path);
    return root && root[-1] == '\\' ? (size_t)(root - path) : 0;
}

/* Resolves . and .. into `out` (as large as path + 4); returns the length.  ".." behind the first name of a relative
 * path leads to the root. */
static size_t normalize(const WCHAR *path, WCHAR *out, DWORD flags)
{
    size_t keep = fixed_length(path), length = keep;
    const WCHAR *at = path + keep;

    memcpy(out, path, keep * sizeof *out);
    while (*at) {
        const WCHAR *next = at;
        size_t name, dots;

        while (*next && *next != '\\')
            next++;
        name = (size_t)(next - at);
        for (dots = 0; dots < name && at[dots] == '.'; dots++)
            ;
        if (dots == name && (name == 1 || name == 2)) {
            bool up = name == 2 && length > keep;

            if (up && out[length - 1] == '\\')
                length--;
            while (up && length > keep && out[length - 1] != '\\')
                length--;
            if (up && !length)
                out[length++] = '\\';
            if (!*next && length > keep && length > 1) /* no backslash is left behind by a last one */
                length--;
        } else {
            memcpy(out + length, at, name * sizeof *out);
            length += name;
            if (!(flags & PATHCCH_DO_NOT_NORMALIZE_SEGMENTS))
                while (!*next && length > keep && out[length - 1] == '.' &&
                       !(length > keep + 1 && out[length - 2] == '*'))
                    length--;
            if (*next)
                out[length++] = '\\';
        }
        at = *next ? next + 1 : next;
    }
    if (!length)
        out[length++] = '\\';
    return length;
}

static bool needs_prefix(const WCHAR *path, size_t length, DWORD flags)
{
    if (flags & PATHCCH_ENSURE_IS_EXTENDED_LENGTH_PATH)
        return true;
    return (flags & PATHCCH_ALLOW_LONG_PATHS) && length + 1 > MAX_PATH &&
           !(flags & PATHCCH_FORCE_ENABLE_LONG_NAME_PROCESS) && (is_drive(path) || PathIsUNCEx(path, NULL));
}

/* \\?\ or \\?\UNC\ in front; `path` has room for 6 more. */
static size_t prefix_add(WCHAR *path, size_t length)
{
    static const WCHAR prefix[] = u"\\\\?\\UNC\\";
    bool unc;

    if (prefix_length(path, &unc))
        return length;
    if (path[0] == '\\' && path[1] == '\\') {
        memmove(path + 8, path + 2, (length - 2 + 1) * sizeof *path);
        memcpy(path, prefix, 8 * sizeof *path);
        return length + 6;
    }
    if (!is_drive(path))
        return length;
    memmove(path + 4, path, (length + 1) * sizeof *path);
    memcpy(path, prefix, 4 * sizeof *path);
    return length + 4;
}

static bool flags_valid(DWORD flags)
{
    DWORD both = PATHCCH_FORCE_ENABLE_LONG_NAME_PROCESS | PATHCCH_FORCE_DISABLE_LONG_NAME_PROCESS;

    if ((flags & both) == both || (flags & both && !(flags & PATHCCH_ALLOW_LONG_PATHS)))
        return false;
    return !((flags & PATHCCH_ENSURE_IS_EXTENDED_LENGTH_PATH) && (flags & PATHCCH_ALLOW_LONG_PATHS));
}

HRESULT WINAPI PathAllocCanonicalize(PCWSTR path, DWORD flags, PWSTR *result)
{
    size_t length, most;
    WCHAR *out;

    if (!path || !result || !flags_valid(flags)) {
        if (result)
            *result = NULL;
        return E_INVALIDARG;
    }
    *result = NULL;
    length = wide_length(path);
    most = flags & (PATHCCH_ALLOW_LONG_PATHS | PATHCCH_ENSURE_IS_EXTENDED_LENGTH_PATH) ? PATHCCH_MAX_CCH : MAX_PATH;
    if (length + 1 > most)
        return E_TOO_LONG;
    out = LocalAlloc(LMEM_FIXED, (length + 12) * sizeof *out);
    if (!out)
        return E_OUTOFMEMORY;
    length = normalize(path, out, flags);
    if ((flags & PATHCCH_ENSURE_TRAILING_SLASH) && out[length - 1] != '\\')
        out[length++] = '\\';
    out[length] = 0;
    if (!(flags & PATHCCH_ENSURE_IS_EXTENDED_LENGTH_PATH) && length + 1 <= MAX_PATH + 4u)
        PathCchStripPrefix(out, length + 1);
    length = wide_length(out);
    if (is_drive(out) && !out[2])
        memcpy(out + 2, u"\\", 4), length++;
    if (needs_prefix(out, length, flags))
        length = prefix_add(out, length);
    if (length + 1 > most) {
        LocalFree(out);
        return E_TOO_LONG;
    }
    *result = out;
    return S_OK;
}

HRESULT WINAPI PathAllocCombine(PCWSTR path, PCWSTR more, DWORD flags, PWSTR *result)
{
    size_t length, more_length, at = 0;
    const WCHAR *root;
    WCHAR *joined;
    HRESULT status;

    if ((!path && !more) || !result) {
        if (result)
            *result = NULL;
        return E_INVALIDARG;
    }
    if (!path || !more)
        return PathAllocCanonicalize(path ? path : more, flags, result);
    if (is_drive(more) || (more[0] == '\\' && more[1] == '\\'))
        return PathAllocCanonicalize(more, flags, result);
    length = wide_length(path);
    more_length = wide_length(more);
    joined = LocalAlloc(LMEM_FIXED, (length + more_length + 3) * sizeof *joined);
    if (!joined) {
        *result = NULL;
        return E_OUTOFMEMORY;
    }
    root = root_end(path);
    if (*more == '\\' && root) /* from the root of the first path */
        length = (size_t)(root - path);
    else if (*more == '\\')
        more++, more_length--;
    memcpy(joined, path, length * sizeof *joined);
    at = length;
    if (*more == '\\' && (at ? joined[at - 1] == '\\' : false))
        at--;
    else if (*more && *more != '\\' && at && joined[at - 1] != '\\')
        joined[at++] = '\\';
    memcpy(joined + at, more, (more_length + 1) * sizeof *joined);
    status = PathAllocCanonicalize(joined, flags, result);
    LocalFree(joined);
    return status;
}

/* What the PathAlloc function made goes into the caller's buffer. */
static HRESULT deliver(HRESULT status, WCHAR *made, PWSTR out, SIZE_T room)
{
    if (made) {
        size_t length = wide_length(made);

        if (length + 1 > room)
            status = length + 1 > MAX_PATH ? E_TOO_LONG : E_TOO_SMALL;
        else
            memcpy(out, made, (length + 1) * sizeof *out);
        LocalFree(made);
    }
    if (FAILED(status))
        out[0] = 0;
    return status;
}

HRESULT WINAPI PathCchCanonicalizeEx(PWSTR out, SIZE_T room, PCWSTR path, DWORD flags)
{
    WCHAR *made = NULL;
    HRESULT status;

    if (!out || !room)
        return E_INVALIDARG;
    status = PathAllocCanonicalize(path, flags, &made);
    return deliver(status, made, out, room);
}

HRESULT WINAPI PathCchCanonicalize(PWSTR out, SIZE_T room, PCWSTR path)
{
    return PathCchCanonicalizeEx(out, room, path, 0);
}

HRESULT WINAPI PathCchCombineEx(PWSTR out, SIZE_T room, PCWSTR path, PCWSTR more, DWORD flags)
{
    WCHAR *made = NULL;
    HRESULT status;

    if (!out || !room || room > PATHCCH_MAX_CCH)
        return E_INVALIDARG;
    status = PathAllocCombine(path, more, flags, &made);
    return deliver(status, made, out, room);
}

HRESULT WINAPI PathCchCombine(PWSTR out, SIZE_T room, PCWSTR path, PCWSTR more)
{
    return PathCchCombineEx(out, room, path, more, 0);
}

HRESULT WINAPI PathCchAppendEx(PWSTR path, SIZE_T room, PCWSTR more, DWORD flags)
{
    WCHAR *made = NULL;
    HRESULT status;

    if (!path || !room || room > PATHCCH_MAX_CCH)
        return E_INVALIDARG;
    if (!more)
        return E_INVALIDARG;
    if (*more == '\\' && more[1] != '\\') /* appended all the same */
        more++;
    status = PathAllocCombine(path, more, flags, &made);
    return deliver(status, made, path, room);
}

HRESULT WINAPI PathCchAppend(PWSTR path, SIZE_T room, PCWSTR more)
{
    return PathCchAppendEx(path, room, more, 0);
}
